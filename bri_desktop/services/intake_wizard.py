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

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bri_desktop.db.database import now
from bri_desktop.db.models import ImportBatch, PendingRow
from bri_desktop.db.places import index_for
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.place import PlaceIndex
from bri_desktop.excel.grid import Grid
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
from bri_desktop.services.intake_row import as_text
from bri_desktop.services.intake_sheets import SheetPlan, recognise
from bri_desktop.services.projects import country_names

Cancelled = Callable[[], bool]
Cells = Sequence[Any]

MOST_WAITING = 500
DISMISSED = "dismissed"


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
    cells = sorted(row.cells.items(), key=lambda item: int(item[0]))
    problems = tuple((str(problem["cell"]), str(problem["message"])) for problem in row.problems)
    return WaitingRow(row.id, file_name, row.sheet, row.row, " ".join(text for _, text in cells), problems)


def dismiss_rows(session: Session, ids: Sequence[int]) -> Changes:
    """Settle rows that wait without taking them in."""
    session.execute(
        update(PendingRow)
        .where(PendingRow.id.in_(ids), PendingRow.settled_how.is_(None))
        .values(settled_how=DISMISSED, settled_at=now())
    )
    return Changes(frozenset({"batch"}))


class Book:
    """An opened file: its sheets as they were recognised, the words for places, and an earlier import of it."""

    def __init__(
        self,
        grid: Grid,
        sheets: Sequence[SheetPlan],
        *,
        sha256: str,
        places: PlaceIndex,
        countries: Mapping[str, tuple[str, str]],
        earlier: PastImport | None = None,
    ) -> None:
        self.grid = grid
        self.sheets = tuple(sheets)
        self.sha256 = sha256
        self.places = places
        self.countries = countries
        self.earlier = earlier
        self._screen = Grid(grid.path, grid.kind, grid.sheets, grid.spool, grid.indexes, grid.encoding)
        weakref.finalize(self, _remove, grid.spool)

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.grid.path.name

    def rows(self, sheet: int, start: int, stop: int) -> dict[int, Cells]:
        """Return row number -> cells of the rows from ``start`` to ``stop`` (left out), for the screen."""
        return dict(self._screen.rows(sheet, start, stop))

    def close(self) -> None:
        """Remove the temporary file; nothing may be planning."""
        with suppress(PermissionError):  # some systems keep a file that the other handle has open
            self.grid.close()
        self._screen.close()


def _remove(spool: Path) -> None:
    with suppress(OSError):
        spool.unlink(missing_ok=True)


def open_book(database: Sessions, path: Path, progress: Progress, cancelled: Cancelled) -> Book:
    """Read a file and recognise its tables; ``UserError`` as the reader raises it."""
    grid = read(path, progress=progress, cancelled=cancelled)
    try:
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
            )
    except BaseException:
        grid.close()
        raise


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
    with database.read() as session:
        return plan_import(session, book.grid, sheets, options, progress=progress, cancelled=cancelled)


def apply_book(
    session: Session,
    book: Book,
    sheets: Sequence[SheetPlan],
    options: ImportOptions,
    progress: Progress,
    cancelled: Cancelled,
) -> ImportReport:
    """Write the rows within the caller's transaction."""
    return apply_import(session, book.grid, sheets, options, sha256=book.sha256, progress=progress, cancelled=cancelled)


def cell_text(value: Any) -> str:
    """Return a cell of the grid as the preview shows it."""
    return as_text(value).strip()
