"""A file taken in by what is remembered of its layout: the steps of the command line and of the window in one place."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from bri_desktop.domain.errors import InputError, Where
from bri_desktop.excel.grid import Grid
from bri_desktop.excel.issued_mark import issue_number
from bri_desktop.services.exchange import ImportOptions, ImportReport, Sessions, import_grid, plan_import
from bri_desktop.services.intake_columns import answered_block
from bri_desktop.services.intake_sheets import SheetPlan, checked, recognise
from bri_desktop.services.profiles import (
    Fit,
    Profile,
    chosen_profile,
    learn,
    list_profiles,
    mark_used,
    save_profile,
    values_of,
    with_profiles,
)


@dataclass(frozen=True, slots=True)
class KnownSheets:
    """The sheets of a file with the profiles that were applied to them."""

    sheets: tuple[SheetPlan, ...]
    fits: tuple[Fit, ...] = ()

    def options(self, given: ImportOptions) -> ImportOptions:
        """Return ``given`` with what the profiles know beside it; what was given counts."""
        kind = next((one.profile.options.get("pair_kind") for one in self.fits), None)
        values = {**values_of(self.fits), **given.code_values}
        return replace(given, code_values=values, pair_kind=given.pair_kind or kind)


@dataclass(slots=True)
class ImportByProfile:
    """The account of an import, the profiles it went by, and the one that was kept of it."""

    report: ImportReport
    fits: tuple[Fit, ...] = ()
    remembered: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``import --json`` prints."""
        profiles = [one.to_json() for one in self.fits]
        return self.report.to_json() | {"profiles": profiles, "remembered": self.remembered}


def refuse_issued(grid: Grid) -> None:
    """Raise ``InputError`` ``issued_workbook`` for a workbook that this program issued: it is merged."""
    issue = issue_number(grid)
    if issue is not None:
        raise InputError("issued_workbook", where=Where(file=grid.path.name), issue=issue)


def sheets_by_profile(
    database: Sessions,
    grid: Grid,
    *,
    names: Sequence[str] = (),
    mapped: Sequence[str] = (),
    units: Sequence[str] = (),
    profile: str | None = None,
    plain: bool = False,
) -> KnownSheets:
    """Return the sheets to take in by the named profile, else by those that fit, unless ``plain``.

    ``mapped`` and ``units`` are laid over. Raises as :func:`chosen_sheets`, and ``profile_does_not_fit``.
    """
    found: Sequence[SheetPlan] = recognise(grid, names, counted=False)
    fits: tuple[Fit, ...] = ()
    with database.read() as session:
        if profile is not None:
            found, fits = chosen_profile(session, found, profile)
        elif not plain:
            found, fits = with_profiles(found, list_profiles(session))
    return KnownSheets(tuple(checked(grid, found, mapped=mapped, units=units)), fits)


def import_by_profile(
    database: Sessions,
    grid: Grid,
    known: KnownSheets,
    options: ImportOptions,
    *,
    sha256: str,
    dry_run: bool = False,
    remember: str | None = None,
) -> ImportByProfile:
    """Plan or write the sheets; ``remember`` keeps their layout as a profile once they were written."""
    chosen = known.options(options)
    if dry_run:
        with database.read() as session:
            return ImportByProfile(plan_import(session, grid, known.sheets, chosen), known.fits)
    report = import_grid(database, grid, known.sheets, chosen, sha256=sha256)
    if not report.written:
        return ImportByProfile(report, known.fits)
    with database.write() as session:
        kept = None if remember is None else learnt(remember, known.sheets, chosen)
        keep_profile(session, kept, [one.profile.name for one in known.fits])
    return ImportByProfile(report, known.fits, remember)


def learnt(name: str, sheets: Sequence[SheetPlan], options: ImportOptions, department: str | None = None) -> Profile:
    """Return the profile of these sheets, the answers on their columns and values among it."""
    settled = [
        replace(sheet, blocks=tuple(answered_block(sheet.name, block, options.columns) for block in sheet.blocks))
        for sheet in sheets
    ]
    kept = {"pair_kind": options.pair_kind or next((sheet.pair_kind for sheet in sheets if sheet.pair_kind), None)}
    return learn(name, settled, code_values=options.code_values, options=kept, department=department)


def keep_profile(session: Session, profile: Profile | None, used: Sequence[str]) -> None:
    """Note the use of profiles and keep a learnt one, within the caller's transaction."""
    mark_used(session, used)
    if profile is not None:
        save_profile(session, profile)
