"""How a department lays out its ledger, remembered: its headers, units, habits of writing and values.

A profile is applied by itself to a later file whose headers fit, and says so; to a file that does not fit it is never
applied. What a file has beyond its profile is told and mapped as without one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bri_desktop.db.database import now
from bri_desktop.db.exchange_models import ImportProfile
from bri_desktop.db.models import Organisation
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import InputError
from bri_desktop.domain.folding import fold
from bri_desktop.domain.habits import READINGS, Habits
from bri_desktop.services.intake_row import NOTE, UNSETTLED, MappedColumn
from bri_desktop.services.intake_sheets import BlockPlan, SheetPlan

FITS_FROM = 0.75
"""Share of the headers of file or profile, whichever has more, that both must have."""

WHY = "profile"
DECIDED = frozenset({WHY, "chosen"})
"""Why a column is what it is, where a person decided it now or earlier."""

PROFILES = frozenset({"profile"})
_KEPT_OPTIONS = ("pair_kind", "update_by", "new_places")


@dataclass(frozen=True, slots=True)
class ProfileColumn:
    """What is done with a header: ``field`` is a field, ``note`` or ``None`` (left out).

    Where nobody decided it, ``field`` is only what the column was taken for then: a later file is looked at afresh.
    """

    header: str
    field: str | None
    unit: str | None = None
    habits: Habits = UNSETTLED
    decided: bool = True

    def to_json(self) -> dict[str, Any]:
        """Return the object that is stored and that ``--json`` prints."""
        habits = {name: getattr(self.habits, name) for name in READINGS if getattr(self.habits, name)}
        return {"header": self.header, "field": self.field, "unit": self.unit, "decided": self.decided, **habits}


@dataclass(frozen=True, slots=True)
class Profile:
    """A remembered layout: columns by folded header, ``values`` as (field, written value) -> code."""

    name: str
    columns: Mapping[str, ProfileColumn]
    values: Mapping[tuple[str, str], str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    department: str | None = None
    updated_at: str = ""
    used_at: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``profile-show --json`` prints."""
        values = [{"field": name, "value": text, "code": code} for (name, text), code in self.values.items()]
        return self.summary() | {
            "columns": [column.to_json() for column in self.columns.values()],
            "values": values,
            "options": dict(self.options),
        }

    def summary(self) -> dict[str, Any]:
        """Return the object that ``profiles --json`` lists; columns and values are counted."""
        return {
            "name": self.name,
            "department": self.department,
            "columns": len(self.columns),
            "values": len(self.values),
            "updated_at": self.updated_at,
            "used_at": self.used_at,
        }


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a profile fits a table: ``score`` 0–1, headers it misses, headers that it does not know."""

    profile: Profile
    sheet: str
    first_row: int
    score: float
    missing: tuple[str, ...] = ()
    new: tuple[str, ...] = ()

    @property
    def fits(self) -> bool:
        """Whether the profile may be applied."""
        return self.score >= FITS_FROM

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``import --json`` lists."""
        return {
            "name": self.profile.name,
            "sheet": self.sheet,
            "score": round(self.score, 2),
            "missing": list(self.missing),
            "new": list(self.new),
        }


# -- stored profiles -----------------------------------------------------------------------------------------------


def list_profiles(session: Session) -> list[Profile]:
    """Return every profile by name."""
    query = select(ImportProfile, Organisation.name).outerjoin(ImportProfile.department).order_by(ImportProfile.name)
    return [_profile(row, department) for row, department in session.execute(query).tuples()]


def get_profile(session: Session, name: str) -> Profile:
    """Return a profile; raise ``InputError`` ``profile_unknown``."""
    row = _row(session, name)
    return _profile(row, row.department.name if row.department else None)


def save_profile(session: Session, profile: Profile, *, merge: bool = True) -> Changes:
    """Keep a profile under its name; ``merge``: what an older one of the name knows beyond it stays."""
    name = profile.name.strip()
    if not name:
        raise InputError("profile_nameless")
    row = session.scalar(select(ImportProfile).where(ImportProfile.name == name))
    if row is None:
        row = ImportProfile(name=name, columns={}, values={}, options={})
        session.add(row)
    elif merge:
        before = _profile(row, None)
        columns = {
            **before.columns,
            **{key: _kept(before.columns.get(key), one) for key, one in profile.columns.items()},
        }
        profile = replace(profile, columns=columns, values={**before.values, **profile.values})
    row.columns = {key: column.to_json() for key, column in profile.columns.items()}
    row.values = _nested(profile.values)
    row.options = {key: value for key, value in profile.options.items() if value}
    if profile.department or not merge:  # a file that names no department leaves the profile's own
        row.department_id = _department(session, profile.department)
    row.updated_at = now()
    session.flush()
    return Changes(PROFILES)


def change_profile(session: Session, name: str, profile: Profile) -> Changes:
    """Put an edited profile in the place of the one called ``name``, which may have another name now."""
    if profile.name != name:
        rename_profile(session, name, profile.name)
    return save_profile(session, profile, merge=False)


def rename_profile(session: Session, name: str, new_name: str) -> Changes:
    """Give a profile another name; raise ``profile_exists`` or ``profile_nameless``."""
    row, wanted = _row(session, name), new_name.strip()
    if not wanted:
        raise InputError("profile_nameless")
    if wanted != name and session.scalar(select(ImportProfile.id).where(ImportProfile.name == wanted)):
        raise InputError("profile_exists", name=wanted)
    row.name, row.updated_at = wanted, now()
    session.flush()
    return Changes(PROFILES)


def delete_profile(session: Session, name: str) -> Changes:
    """Forget a profile; records that came in by it stay as they are."""
    row = _row(session, name)
    session.execute(delete(ImportProfile).where(ImportProfile.id == row.id))
    return Changes(PROFILES)


def mark_used(session: Session, names: Iterable[str]) -> None:
    """Note that an import was written by these profiles."""
    for row in session.scalars(select(ImportProfile).where(ImportProfile.name.in_(list(names)))):
        row.used_at = now()


def _row(session: Session, name: str) -> ImportProfile:
    row = session.scalar(select(ImportProfile).where(ImportProfile.name == name))
    if row is None:
        raise InputError("profile_unknown", name=name)
    return row


def _department(session: Session, name: str | None) -> int | None:
    """Return the organisation of that name; raise ``InputError`` ``department_unknown``."""
    if not name or not fold(name):
        return None
    found = session.scalar(select(Organisation.id).where(Organisation.folded == fold(name)))
    if found is None:
        raise InputError("department_unknown", name=name)
    return found


def _profile(row: ImportProfile, department: str | None) -> Profile:
    columns = {key: _column(stored) for key, stored in row.columns.items()}
    values = {(name, text): code for name, texts in row.values.items() for text, code in texts.items()}
    return Profile(row.name, columns, values, dict(row.options), department, row.updated_at, row.used_at)


def _column(stored: Mapping[str, Any]) -> ProfileColumn:
    habits = Habits(**{name: stored.get(name) for name in READINGS})
    return ProfileColumn(stored["header"], stored["field"], stored["unit"], habits, stored.get("decided", True))


def _kept(before: ProfileColumn | None, now: ProfileColumn) -> ProfileColumn:
    """Return what is remembered of a header that is learnt again: a decision is not forgotten for a guess."""
    return before if before is not None and before.decided and not now.decided else now


def _nested(values: Mapping[tuple[str, str], str]) -> dict[str, dict[str, str]]:
    nested: dict[str, dict[str, str]] = {}
    for (name, text), code in values.items():
        nested.setdefault(name, {})[text] = code
    return nested


# -- learning and applying -----------------------------------------------------------------------------------------


def header_keys(columns: Sequence[MappedColumn]) -> list[str]:
    """Return what each column is known by: its folded header path, numbered where the same one comes again."""
    seen: dict[str, int] = {}
    keys = []
    for column in columns:
        key = fold(column.header)
        seen[key] = seen.get(key, 0) + 1
        keys.append(key if seen[key] == 1 else f"{key}#{seen[key]}")
    return keys


def learn(
    name: str,
    sheets: Sequence[SheetPlan],
    *,
    code_values: Mapping[tuple[str, str], str] | None = None,
    options: Mapping[str, str | None] | None = None,
    department: str | None = None,
) -> Profile:
    """Return the profile that makes the next file of this layout come in as these sheets were."""
    columns: dict[str, ProfileColumn] = {}
    for block in (block for sheet in sheets for block in sheet.blocks):
        for key, column in zip(header_keys(block.columns), block.columns, strict=True):
            if key:
                unit = column.unit if column.unit_said else None
                decided = column.why in DECIDED
                columns.setdefault(key, ProfileColumn(column.header, column.field, unit, column.habits, decided))
    kept = {key: value for key, value in (options or {}).items() if value and key in _KEPT_OPTIONS}
    return Profile(name, columns, dict(code_values or {}), kept, department)


def fit(profile: Profile, sheet: str, block: BlockPlan) -> Fit:
    """Return how well a profile fits a table; without the columns that make its records it does not fit at all."""
    keys = dict(zip(header_keys(block.columns), block.columns, strict=True))
    both = profile.columns.keys() & keys.keys()
    missing = tuple(column.header for key, column in profile.columns.items() if key not in keys)
    new = tuple(column.header for key, column in keys.items() if key and key not in profile.columns)
    score = len(both) / max(len(profile.columns), sum(map(bool, keys))) if both else 0.0
    found = {_field(profile.columns[key], keys[key]) for key in both}
    if not ("title" in found or {"domestic_places", "foreign_places"} <= found):
        score = 0.0
    return Fit(profile, sheet, block.first_row, score, missing, new)


def _field(known: ProfileColumn, column: MappedColumn) -> str | None:
    return known.field if known.decided else column.field


def best_fit(profiles: Sequence[Profile], sheet: str, block: BlockPlan) -> Fit | None:
    """Return the profile that fits a table best, of equals the one used last; ``None`` where none fits."""
    fits = [found for found in (fit(profile, sheet, block) for profile in profiles) if found.fits]
    return max(fits, key=lambda found: (found.score, found.profile.used_at or found.profile.updated_at), default=None)


def applied(block: BlockPlan, profile: Profile) -> BlockPlan:
    """Return the table with its columns as the profile decides them; another column keeps its guess if it is free."""
    keys = header_keys(block.columns)
    decided = {key: column for key, column in profile.columns.items() if column.decided}
    taken = {decided[key].field for key in keys if key in decided} - {None, NOTE}
    columns = []
    for key, column in zip(keys, block.columns, strict=True):
        known = profile.columns.get(key)
        if known is not None:
            said = known.unit is not None
            column = replace(column, unit=known.unit or column.unit, unit_said=said, habits=known.habits)
        if known is not None and known.decided:
            columns.append(replace(column, field=known.field, why=WHY, confidence=1.0))
        elif column.field in taken:
            columns.append(replace(column, field=NOTE, why="duplicate_header", confidence=0.0))
        else:
            columns.append(column)
    return replace(block, columns=tuple(columns))


def with_profiles(
    sheets: Sequence[SheetPlan], profiles: Sequence[Profile]
) -> tuple[tuple[SheetPlan, ...], tuple[Fit, ...]]:
    """Return the sheets with the profile that fits each table best, and which ones these were."""
    fits: list[Fit] = []
    found: list[SheetPlan] = []
    for sheet in sheets:
        blocks = []
        for block in sheet.blocks:
            chosen = best_fit(profiles, sheet.name, block)
            if chosen is not None:
                fits.append(chosen)
                block = applied(block, chosen.profile)
            blocks.append(block)
        found.append(replace(sheet, blocks=tuple(blocks)))
    return tuple(found), tuple(fits)


def chosen_profile(
    session: Session, sheets: Sequence[SheetPlan], name: str
) -> tuple[tuple[SheetPlan, ...], tuple[Fit, ...]]:
    """Apply the profile ``name``; raise ``profile_unknown``, or ``profile_does_not_fit`` where no table fits it."""
    profile = get_profile(session, name)
    found, fits = with_profiles(sheets, [profile])
    if not fits:
        tries = [fit(profile, sheet.name, block) for sheet in sheets for block in sheet.blocks]
        nearest = max(tries, key=lambda one: one.score, default=None)
        missing = nearest.missing if nearest else [column.header for column in profile.columns.values()]
        raise InputError("profile_does_not_fit", name=name, missing="、".join(missing) or "—")
    return found, fits


def values_of(fits: Sequence[Fit]) -> dict[tuple[str, str], str]:
    """Return (field, written value) -> code of all applied profiles."""
    return {key: code for one in fits for key, code in one.profile.values.items()}
