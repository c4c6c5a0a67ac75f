"""The profiles of parks and mechanisms: read, saved with history, taken back, kept when two records become one."""

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from bri_desktop.db.models import Base, HistoryEntry, Organisation, Project, table_of
from bri_desktop.db.record_models import MechanismProfile, ParkProfile
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.dates import PartialDate
from bri_desktop.domain.errors import FieldProblem, InputError, StaleRecordError, UserError, Where
from bri_desktop.domain.mode_profile import PROFILE_KINDS, PROFILES, empty, profile_problems
from bri_desktop.domain.money import Money
from bri_desktop.domain.record import decimal_text, money_from_plain, money_to_plain
from bri_desktop.domain.record_kinds import Plain, RecordField, RecordKind
from bri_desktop.domain.record_written import differences
from bri_desktop.domain.vocabulary import PROJECT_KEY, key_of
from bri_desktop.services.history import Journal
from bri_desktop.services.record_store import organisation_id

MODELS: Mapping[str, type[Base]] = {"park_profile": ParkProfile, "mechanism_profile": MechanismProfile}
PROFILE = frozenset({"profile"})
SAVE = "edit_profile"
"""What the history calls it."""


class InvalidProfileError(UserError):
    """A profile breaks rules; ``problems`` are those of its fields."""

    def __init__(self, kind: RecordKind, problems: Sequence[FieldProblem]) -> None:
        first = problems[0]
        super().__init__(first.code, where=Where(field=f"{kind.code}.{first.field}"), **dict(first.values))
        self.problems = tuple(problems)


def kind_of(session: Session, project: int) -> RecordKind:
    """Return which profile a project has; ``InputError``: ``record_unknown``, ``profile_of_no_mode``."""
    row = session.execute(select(Project.mode, Project.deleted_at).where(Project.id == project)).first()
    key = key_of(PROJECT_KEY, project)
    if row is None or row.deleted_at is not None:
        raise InputError("record_unknown", where=Where(key=key), key=key)
    if row.mode not in PROFILES:
        raise InputError("profile_of_no_mode", where=Where(key=key), key=key)
    return PROFILES[row.mode]


def read_profile(session: Session, kind: RecordKind, project: int) -> Plain:
    """Return the profile of a project, every field ``None`` where there is none."""
    return read_profiles(session, kind, [project]).get(project) or empty(kind)


def read_profiles(session: Session, kind: RecordKind, projects: Sequence[int] | None = None) -> dict[int, Plain]:
    """Return project -> profile, of all projects that have one or of those asked for."""
    table = table_of(MODELS[kind.code])
    query = select(table)
    if projects is not None:
        query = query.where(table.c.project_id.in_(projects))
    rows = [dict(row) for row in session.execute(query).mappings()]
    wanted = {row[column] for row in rows for column in row if column.endswith("_id") and column != "project_id"}
    found = select(Organisation.id, Organisation.name).where(Organisation.id.in_(wanted))
    names: dict[int, str] = dict(session.execute(found).tuples().all()) if wanted else {}
    return {row["project_id"]: {f.code: _plain(f, row, names) for f in kind.fields} for row in rows}


def _plain(field: RecordField, row: Mapping[str, Any], names: Mapping[int, str]) -> Any:
    if field.kind == "organisation":
        return names.get(row[f"{field.code}_id"])
    value = row[field.code]
    if field.kind == "money":
        currency = row[f"{field.code}_currency"]
        return None if value is None else money_to_plain(Money(value, currency) if currency else Money(value))
    return decimal_text(value) if isinstance(value, Decimal) else value


def save_profile(
    session: Session, project: int, values: Mapping[str, Any], seen: Mapping[str, Any], *, today: datetime.date
) -> Changes:
    """Store the profile of a project; ``seen`` is what the form began with.

    Raises ``InvalidProfileError`` for values that break a rule, ``StaleRecordError`` where somebody else has changed
    one of the fields since, and what :func:`kind_of` raises.
    """
    kind = kind_of(session, project)
    key = key_of(PROJECT_KEY, project)
    stored = read_profile(session, kind, project)
    new = {code: _trimmed(values.get(code)) for code in kind.codes}
    mine = differences(seen, new)
    if any(stored[code] != seen.get(code) for code in mine):
        raise StaleRecordError("record_stale", where=Where(key=key), key=key)
    problems = profile_problems(kind, stored | {c: new[c] for c in mine}, today=PartialDate(today.isoformat()))
    if problems:
        raise InvalidProfileError(kind, problems)
    if not store_profile(session, kind, {project: new}, {project: mine}):
        return Changes()
    return Changes(PROFILE | {"history", "organisation"}, frozenset({key}))


def store_profile(
    session: Session,
    kind: RecordKind,
    profiles: Mapping[int, Mapping[str, Any]],
    changed: Mapping[int, Mapping[str, tuple[Any, Any]]],
) -> int:
    """Write changed fields of several profiles as one act; return how many were touched."""
    touched = [project for project in profiles if changed.get(project)]
    if not touched:
        return 0
    journal = Journal(session, SAVE, kind=kind.code)
    for project in touched:
        _write(session, kind, project, {code: new for code, (_, new) in changed[project].items()})
        stored = read_profile(session, kind, project)
        journal.updated(project, {code: (old, stored[code]) for code, (old, _) in changed[project].items()})
    return len(touched)


def _trimmed(value: Any) -> Any:
    return value.strip() or None if isinstance(value, str) else value


def _write(session: Session, kind: RecordKind, project: int, values: Mapping[str, Any]) -> None:
    """Give some fields of a profile other values; a profile of nothing is no row."""
    table = table_of(MODELS[kind.code])
    whole = {**read_profile(session, kind, project), **values}
    session.execute(delete(table).where(table.c.project_id == project))
    if any(value is not None for value in whole.values()):
        row = {"project_id": project, **_columns(session, kind, whole)}
        session.execute(insert(table), [row])


def _columns(session: Session, kind: RecordKind, values: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in kind.fields:
        value = values[field.code]
        if field.kind == "organisation":
            found[f"{field.code}_id"] = organisation_id(session, value)
        elif field.kind == "money":
            money = money_from_plain(value)
            found[field.code] = None if money is None else money.amount
            found[f"{field.code}_currency"] = None if money is None else money.currency
        else:
            found[field.code] = Decimal(value) if field.kind == "number" and value is not None else value
    return found


def take_back_profile(
    session: Session, change_id: int, entry: HistoryEntry
) -> tuple[int, list[tuple[str, str | None]]]:
    """Take back one entry field by field; return how many profiles went back and (key, field) of what stays."""
    kind = PROFILE_KINDS[entry.kind]
    before, after = entry.before or {}, entry.after or {}
    stored = read_profile(session, kind, entry.record_id)
    back = {code: before[code] for code, value in after.items() if stored[code] == value}
    kept: list[tuple[str, str | None]] = [
        (key_of(PROJECT_KEY, entry.record_id), code) for code in after if code not in back
    ]
    if not back:
        return 0, kept
    _write(session, kind, entry.record_id, back)
    enter_profile(session, change_id, kind, entry.record_id, {code: (after[code], old) for code, old in back.items()})
    return 1, kept


def enter_profile(
    session: Session, change_id: int, kind: RecordKind, project: int, changed: Mapping[str, tuple[Any, Any]]
) -> None:
    """Enter fields of a profile that an act changed."""
    values = {"change_id": change_id, "kind": kind.code, "record_id": project, "action": "update"}
    sides = ({code: pair[side] for code, pair in changed.items()} for side in (0, 1))
    before, after = sides
    session.execute(insert(table_of(HistoryEntry)), [values | {"before": before, "after": after}])


def merge_profiles(session: Session, change_id: int, old: int, new: int) -> int:
    """Let the kept project ``new`` have what only the profile of ``old`` says; return how many profiles changed.

    The row of ``old`` stays with it, so that it is whole when the merge is taken back.
    """
    moved = 0
    for kind in PROFILE_KINDS.values():
        found = read_profiles(session, kind, [old, new])
        if old not in found:
            continue
        mine = found.get(new) or empty(kind)
        filled = {c: (None, value) for c, value in found[old].items() if value is not None and mine[c] is None}
        if filled:
            _write(session, kind, new, {code: value for code, (_, value) in filled.items()})
            enter_profile(session, change_id, kind, new, filled)
            moved += 1
    return moved
