"""What the import pages show, as values: imports so far, rows kept aside, and an opened file that can be planned.

A :class:`Book` owns the temporary grid of its file. Planning reads the grid on a worker while the preview reads rows
for the screen, so that the two have file handles of their own.
"""

import weakref
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bri_desktop.collection import collect_again, few_pauses
from bri_desktop.db.models import ImportBatch, PendingRow
from bri_desktop.db.places import index_for
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.place import PlaceIndex
from bri_desktop.excel.grid import Grid
from bri_desktop.excel.issued_mark import issue_number
from bri_desktop.excel.merges import Merges, area_text
from bri_desktop.excel.reader import read
from bri_desktop.services.exchange import (
    VERDICTS,
    ImportOptions,
    ImportReport,
    Progress,
    Sessions,
    apply_import,
    batches,
    file_digest,
    plan_import,
)
from bri_desktop.services.intake_profile import keep_profile, learnt
from bri_desktop.services.intake_row import as_text
from bri_desktop.services.intake_sheets import SheetPlan, recognise, with_header
from bri_desktop.services.intake_waiting import apply_waiting, plan_waiting, read_waiting, texts_by_column
from bri_desktop.services.profiles import PROFILES, Fit, Profile, fit, list_profiles, with_profiles
from bri_desktop.services.projects import country_names

Cancelled = Callable[[], bool]
Cells = Sequence[Any]

MOST_WAITING = 500


@dataclass(frozen=True, slots=True)
class PastImport:
    """An import as the list of imports shows it; times are UTC, ``counts`` by verdict."""

    batch: int
    file_name: str
    sheets: str
    at: str
    counts: Mapping[str, int]
    undone_at: str | None


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A row kept aside: where it stood, its cells in one line, and (cell, sentence) of each problem."""

    id: int
    batch: int
    file_name: str
    sheet: str
    row: int
    text: str
    problems: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ImportsSoFar:
    """The first view: imports, latest first, the first rows that wait, and how many wait in all."""

    imports: tuple[PastImport, ...]
    waiting: tuple[WaitingRow, ...]
    waiting_count: int


def imports_so_far(session: Session) -> ImportsSoFar:
    """Return what was taken in and what still waits."""
    found = batches(session)
    names = {batch.id: batch.file_name for batch in found}
    rows = session.scalars(
        select(PendingRow).where(PendingRow.settled_how.is_(None)).order_by(PendingRow.batch_id, PendingRow.id)
    ).all()
    waiting = tuple(_waiting(row, names.get(row.batch_id, "")) for row in rows[:MOST_WAITING])
    return ImportsSoFar(tuple(map(_past, found)), waiting, len(rows))


def _past(batch: ImportBatch) -> PastImport:
    counts = {verdict: int(batch.counts.get(verdict, 0)) for verdict in VERDICTS}
    return PastImport(batch.id, batch.file_name, batch.sheets or "", batch.at, counts, batch.undone_at)


def _waiting(row: PendingRow, file_name: str) -> WaitingRow:
    problems = tuple((str(problem["cell"]), str(problem["message"])) for problem in row.problems)
    text = " ".join(texts_by_column(row.cells).values())
    return WaitingRow(row.id, row.batch_id, file_name, row.sheet, row.row, text, problems)


class Book:
    """An opened file: its sheets as they were recognised, the words for places, and an earlier import of it.

    ``issue`` is the number under which this program issued the file, if it did. Of rows kept aside ``batch`` is the
    import that they wait for, and ``options`` the answers that were given on its file.
    """

    def __init__(
        self,
        grid: Grid,
        sheets: Sequence[SheetPlan],
        *,
        sha256: str,
        places: PlaceIndex,
        countries: Mapping[str, tuple[str, str]],
        earlier: PastImport | None = None,
        profiles: Sequence[Profile] = (),
        issue: str | None = None,
        batch: int | None = None,
        options: ImportOptions | None = None,
    ) -> None:
        self.issue, self.batch, self.options = issue, batch, options or ImportOptions()
        self.grid = grid
        self.plain_sheets = tuple(sheets)
        self.profiles = tuple(profiles)
        self.sheets, self.fits = with_profiles(self.plain_sheets, self.profiles)
        self.sha256 = sha256
        self.places = places
        self.countries = countries
        self.earlier = earlier
        self._merged: dict[int, Merges] = {}
        self._screen = Grid(grid.path, grid.kind, grid.sheets, grid.spool, grid.indexes, grid.encoding)
        weakref.finalize(self, _remove, grid.spool)

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.grid.path.name

    def replace_sheet(self, plan: SheetPlan) -> None:
        """Take a sheet that was read again in the place of the one before."""
        self.plain_sheets = tuple(plan if one.index == plan.index else one for one in self.plain_sheets)
        self.sheets, self.fits = with_profiles(self.plain_sheets, self.profiles)

    def use_profile(self, name: str | None) -> None:
        """Read the columns by the profile ``name`` alone, by none for ``None``."""
        chosen = [profile for profile in self.profiles if profile.name == name]
        self.sheets, self.fits = with_profiles(self.plain_sheets, chosen)

    def fitting(self) -> list[Fit]:
        """Return the profiles that fit some table, the best first, each once."""
        blocks = [(sheet.name, block) for sheet in self.plain_sheets for block in sheet.blocks]
        fits = [fit(profile, name, block) for profile in self.profiles for name, block in blocks]
        fits.sort(key=lambda one: -one.score)
        return list({one.profile.name: one for one in reversed(fits) if one.fits}.values())[::-1]

    def rows(self, sheet: int, start: int, stop: int) -> dict[int, Cells]:
        """Return row number -> cells of the rows from ``start`` to ``stop`` (left out), for the screen."""
        return dict(self._screen.rows(sheet, start, stop))

    def filling(self, sheet: int, row: int, column: int, first_row: int) -> tuple[Any, str] | None:
        """Return the value that fills a blank cell (``column`` from 0) from merged cells, and which these are."""
        area = self._merges(sheet).filling(row, column + 1, first_row)
        if area is None:
            return None
        cells = self._screen.row(sheet, area[0])
        value = cells[area[1] - 1] if area[1] <= len(cells) else None
        return None if value is None else (value, area_text(area))

    def _merges(self, sheet: int) -> Merges:
        if sheet not in self._merged:
            self._merged[sheet] = Merges(self.grid.sheets[sheet].merged)
        return self._merged[sheet]

    def close(self) -> None:
        """Remove the temporary file; nothing may be planning."""
        with suppress(PermissionError):  # some systems keep a file that the other handle has open
            self.grid.close()
        self._screen.close()
        collect_again()


def _remove(spool: Path) -> None:
    with suppress(OSError):
        spool.unlink(missing_ok=True)


def open_book(database: Sessions, path: Path, progress: Progress, cancelled: Cancelled) -> Book:
    """Read a file and recognise its tables; ``UserError`` as the reader raises it."""
    grid = read(path, progress=progress, cancelled=cancelled)
    try:
        with few_pauses(keeps=True):
            sheets = recognise(grid)
        sha256 = file_digest(path)
        with database.read() as session:
            return Book(
                grid,
                sheets,
                sha256=sha256,
                places=index_for(session),
                countries=country_names(session),
                earlier=_earlier(session, sha256),
                profiles=list_profiles(session),
                issue=issue_number(grid),
            )
    except BaseException:
        grid.close()
        raise


def open_waiting(database: Sessions, batch: int, ids: Sequence[int]) -> Book:
    """Return the rows kept aside by an import as a book of their own; ``InputError`` as :func:`read_waiting`."""
    with database.read() as session:
        grid, sheets, options = read_waiting(session, batch, ids)
        places, countries = index_for(session), country_names(session)
        return Book(grid, sheets, sha256="", places=places, countries=countries, batch=batch, options=options)


def _earlier(session: Session, sha256: str) -> PastImport | None:
    found = session.scalars(
        select(ImportBatch)
        .where(ImportBatch.sha256 == sha256, ImportBatch.undone_at.is_(None))
        .order_by(ImportBatch.id.desc())
        .limit(1)
    ).first()
    return _past(found) if found else None


def plan_book(
    database: Sessions,
    book: Book,
    sheets: Sequence[SheetPlan],
    options: ImportOptions,
    progress: Progress,
    cancelled: Cancelled,
) -> ImportReport:
    """Return what would become of every row of the chosen sheets."""
    with few_pauses(keeps=True), database.read() as session:
        if book.batch is not None:
            return plan_waiting(session, book.grid, sheets, options, progress, cancelled)
        return plan_import(session, book.grid, sheets, options, progress=progress, cancelled=cancelled)


def apply_book(
    session: Session,
    book: Book,
    sheets: Sequence[SheetPlan],
    options: ImportOptions,
    remember: str | None,
    progress: Progress,
    cancelled: Cancelled,
) -> ImportReport:
    """Write the rows within the caller's transaction; ``remember`` keeps the layout as a profile of that name."""
    if book.batch is not None:
        return apply_waiting(session, book.grid, sheets, options, book.batch, progress, cancelled)
    with few_pauses():
        report = apply_import(
            session, book.grid, sheets, options, sha256=book.sha256, progress=progress, cancelled=cancelled
        )
    kept = learnt(remember, sheets, options) if remember else None
    keep_profile(session, kept, [one.profile.name for one in book.fits])
    report.changes = Changes(report.changes.kinds | PROFILES)
    return report


def reheaded(book: Book, sheet: int, first: int, last: int) -> SheetPlan:
    """Return a sheet of the file read again with rows ``first`` to ``last`` as a header."""
    plan = next(plan for plan in book.plain_sheets if plan.index == sheet)
    return with_header(book.grid, plan, first, last)


def cell_text(value: Any) -> str:
    """Return a cell of the grid as the preview shows it."""
    return as_text(value).strip()
