"""Logging, changing, deleting and reading what hangs on projects and ties: one way for every kind.

Each act is one transaction with a check of every rule, of the version that was seen, and an entry in the history.
The results of a project are fields of it: they are written through the project, so that its form, an import and an
issued workbook know the same ones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bri_desktop.db.listing import kept_among
from bri_desktop.db.models import Country, Organisation, Outcome, Pair, Project, table_of
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import FieldProblem, InputError, StaleRecordError, UserError, Where
from bri_desktop.domain.folding import fold
from bri_desktop.domain.record import outcome_from_plain, outcome_to_plain
from bri_desktop.domain.record_kinds import KINDS, OUTCOME, Plain, RecordKind, plain_of, problems_of
from bri_desktop.domain.record_written import differences
from bri_desktop.domain.vocabulary import ORGANISATION_KEY, PAIR_KEY, PROJECT_KEY, key_of, number_of
from bri_desktop.services.history import Journal
from bri_desktop.services.projects import get_project, today, update_project
from bri_desktop.services.record_store import PREFIXES, STORES, StoredRecord, projects_of_organisation
from bri_desktop.services.record_undo import move_record

OWNERS = {"project": (PROJECT_KEY, Project), "pair": (PAIR_KEY, Pair), "organisation": (ORGANISATION_KEY, Organisation)}


class InvalidRecordError(UserError):
    """Values that break rules; ``problems`` names the fields."""

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        super().__init__("record_invalid", count=len(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class SavedRecord:
    """What a write left: the record's key, id and version, and what to read again."""

    key: str
    id: int
    version: int
    changes: Changes


def kind_of(code: str) -> RecordKind:
    """Return a kind by its name; ``InputError`` ``option_unknown`` for another."""
    if code not in KINDS:
        raise InputError("option_unknown", value=code, known=", ".join(KINDS))
    return KINDS[code]


def rows_of(session: Session, kind: str, owner: str) -> list[StoredRecord]:
    """Return what hangs on a project, a tie or an organisation, given by its key; the newest first."""
    wanted = owner_columns(session, kind_of(kind), owner)
    if kind == OUTCOME.code:
        return outcomes_of(session, wanted["project_id"])
    store = STORES[kind]
    table = table_of(store.model)
    where = [table.c[name] == number for name, number in wanted.items()]
    query = select(store.model).where(*where, table.c.deleted_at.is_(None)).order_by(*_order(kind, table))
    return [store.stored(session, row) for row in session.scalars(query)]


def _order(kind: str, table: Any) -> list[ColumnElement[Any]]:
    newest = KINDS[kind].newest_by
    return [*([table.c[newest].desc().nulls_first()] if newest else []), table.c.id]


def outcomes_of(session: Session, project: int) -> list[StoredRecord]:
    """Return the results of a project in their order; each has the version of the project."""
    version = session.scalar(select(Project.version).where(Project.id == project)) or 0
    rows = session.execute(
        select(Outcome.id).where(Outcome.project_id == project).order_by(Outcome.position, Outcome.id)
    )
    draft = get_project(session, key_of(PROJECT_KEY, project)).draft
    owner = {"project_id": project}
    return [
        StoredRecord(OUTCOME.code, number, version, outcome_to_plain(outcome), None, owner)
        for (number,), outcome in zip(rows, draft.outcomes, strict=True)
    ]


def owner_columns(session: Session, kind: RecordKind, owner: str | None) -> dict[str, int]:
    """Return the column that points at an owner, and its id; ``InputError`` where it is none of that kind."""
    if not kind.owners:
        return {}
    for name in kind.owners:
        prefix, model = OWNERS[name]
        number = number_of(prefix, owner or "")
        if number is not None and session.get(model, number) is not None:
            return {f"{name}_id": number}
    raise InputError("record_unknown", where=Where(key=owner), key=owner or "")


def read_record(session: Session, kind: str, number: int) -> StoredRecord:
    """Return one record; ``InputError`` ``record_unknown`` where there is none."""
    if kind == OUTCOME.code:
        project = session.scalar(select(Outcome.project_id).where(Outcome.id == number))
        found = [row for row in outcomes_of(session, project) if row.id == number] if project is not None else []
        stored = found[0] if found else None
    else:
        stored = STORES[kind].read(session, number)
    if stored is None:
        key = key_of(PREFIXES.get(kind, ""), number)
        raise InputError("record_unknown", where=Where(key=key), key=key)
    return stored


def add_record(
    session: Session, kind: str, owner: str | None, values: Mapping[str, Any], *, journal: Journal | None = None
) -> SavedRecord:
    """Store a new record of plain ``values``; ``InvalidRecordError`` where a rule is broken.

    An act of several records gives its own ``journal``.
    """
    described = kind_of(kind)
    wanted = owner_columns(session, described, owner)
    plain = checked(session, described, values, None)
    if kind == OUTCOME.code:
        return _write_outcomes(session, wanted["project_id"], lambda several: [*several, plain], None, journal)
    journal = journal or Journal(session, "add_record", kind=kind)
    number = STORES[kind].insert(session, wanted, plain, journal.batch_id)
    journal.created([number], kind)
    return _saved(session, kind, number)


def edit_record(
    session: Session,
    kind: str,
    number: int,
    values: Mapping[str, Any],
    *,
    seen_version: int,
    journal: Journal | None = None,
) -> SavedRecord:
    """Give some fields other plain values.

    Raises ``StaleRecordError`` where the record was changed after ``seen_version``, ``InvalidRecordError`` where the
    whole would break a rule: nothing is written then.
    """
    stored, described = read_record(session, kind, number), kind_of(kind)
    if stored.version != seen_version:
        key = _owner_key(stored) if kind == OUTCOME.code else stored.key
        raise StaleRecordError("record_stale", where=Where(key=key), key=key, seen=seen_version, now=stored.version)
    plain = checked(session, described, stored.values | dict(values), number)
    changed = differences(stored.values, plain)
    if not changed:
        return _saved(session, kind, number) if kind != OUTCOME.code else _outcome_saved(session, stored)
    if kind == OUTCOME.code:
        place = [row.id for row in outcomes_of(session, _project(stored))].index(number)
        return _write_outcomes(
            session, _project(stored), lambda several: [*several[:place], plain, *several[place + 1 :]], seen_version
        )
    STORES[kind].write(session, number, {code: plain[code] for code in changed})
    (journal or Journal(session, "edit_record", kind=kind)).updated(number, changed, kind)
    return _saved(session, kind, number)


def delete_records(session: Session, kind: str, ids: Sequence[int]) -> Changes:
    """Put records into the bin in one act; results leave their project, and come back by undoing."""
    if kind == OUTCOME.code:
        return _drop_outcomes(session, ids)
    journal = Journal(session, "delete_record", kind=kind)
    for number in ids:
        stored = read_record(session, kind, number)
        if kind == "organisation":
            _refuse_used(session, stored)
        if stored.deleted_at is None:
            move_record(session, journal, STORES[kind], stored, is_binned=True)
    return changes_of(kind)


def restore_records(session: Session, kind: str, ids: Sequence[int]) -> Changes:
    """Take records out of the bin in one act."""
    journal = Journal(session, "restore_record", kind=kind)
    for number in ids:
        stored = read_record(session, kind, number)
        if stored.deleted_at is not None:
            move_record(session, journal, STORES[kind], stored, is_binned=False)
    return changes_of(kind)


def _refuse_used(session: Session, stored: StoredRecord) -> None:
    used = projects_of_organisation(session, stored.id)
    alive = session.scalars(select(Project.id).where(kept_among(used[:10_000]))).all()
    if alive:
        name = stored.values["name"]
        raise InputError("organisation_used", where=Where(key=stored.key), name=name, count=len(alive))


def changes_of(kind: str) -> Changes:
    """Return what a write of that kind touches: agreements date projects and ties, organisations name them."""
    more = {"agreement": {"project", "pair"}, "outcome": {"project"}, "organisation": {"project"}, "activity": {"pair"}}
    return Changes(frozenset({kind, "history", *more.get(kind, ())}))


# -- checks ------------------------------------------------------------------------------------------------------


def checked(session: Session, kind: RecordKind, values: Mapping[str, Any], own: int | None) -> Plain:
    """Return every field in its normal form; ``InvalidRecordError`` where a rule is broken."""
    unknown = set(values) - set(kind.codes)
    if unknown:
        raise InputError("field_unknown", field=sorted(unknown)[0])
    plain = plain_of(kind, values)
    problems = [*problems_of(kind, plain, today=today())]
    for field in kind.fields:
        if field.kind == "country" and plain[field.code]:
            code = country_code(session, plain[field.code])
            if code is None:
                problems.append(FieldProblem(field.code, "country_unknown", {"value": plain[field.code]}))
            plain[field.code] = code
    if kind.code == "organisation" and plain["name"] and _name_taken(session, plain["name"], own):
        problems.append(FieldProblem("name", "name_taken", {"name": plain["name"]}))
    if problems:
        raise InvalidRecordError(problems)
    return plain


def country_code(session: Session, text: str) -> str | None:
    """Return the ISO code that a written country means, or ``None``."""
    rows = session.execute(select(Country.iso2, Country.name_zh, Country.name_en)).tuples()
    wanted = fold(text)
    return next((iso2 for iso2, *names in rows if wanted in (fold(iso2), *map(fold, names))), None)


def _name_taken(session: Session, name: str, own: int | None) -> bool:
    query = select(Organisation.id).where(Organisation.folded == (fold(name) or name), Organisation.id != (own or 0))
    return session.scalar(query) is not None


# -- results of a project ----------------------------------------------------------------------------------------


def _write_outcomes(
    session: Session, project: int, change: Any, seen_version: int | None, journal: Journal | None = None
) -> SavedRecord:
    item = get_project(session, key_of(PROJECT_KEY, project))
    before = [outcome_to_plain(outcome) for outcome in item.draft.outcomes]
    outcomes = tuple(outcome_from_plain(plain) for plain in change(before))
    version = item.stored.version if seen_version is None else seen_version
    draft = replace(item.draft, outcomes=outcomes)
    saved = update_project(session, item.key, draft, seen_version=version, journal=journal)
    return SavedRecord(item.key, project, saved.version, saved.changes | changes_of(OUTCOME.code))


def _outcome_saved(session: Session, stored: StoredRecord) -> SavedRecord:
    return SavedRecord(_owner_key(stored), _project(stored), stored.version, Changes())


def _drop_outcomes(session: Session, ids: Sequence[int]) -> Changes:
    projects = set(session.scalars(select(Outcome.project_id).where(Outcome.id.in_(ids))))
    for project in projects:
        kept = [row.values for row in outcomes_of(session, project) if row.id not in ids]
        _write_outcomes(session, project, lambda _before, kept=kept: kept, None)
    return changes_of(OUTCOME.code)


def _project(stored: StoredRecord) -> int:
    return int(stored.owner["project_id"] or 0)


def _owner_key(stored: StoredRecord) -> str:
    return key_of(PROJECT_KEY, _project(stored))


def _saved(session: Session, kind: str, number: int) -> SavedRecord:
    stored = read_record(session, kind, number)
    return SavedRecord(stored.key, number, stored.version, changes_of(kind))
