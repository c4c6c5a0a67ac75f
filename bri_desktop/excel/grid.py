"""The cells of a workbook as they stand in the file, kept on disk so that no process holds them all."""

import bisect
import marshal
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path
from types import TracebackType
from typing import cast

CHUNK_ROWS = 1000
DATE, ERROR, LONG_NUMBER = "d", "e", "n"


@dataclass(frozen=True, slots=True)
class DateCell:
    """A cell that the workbook itself shows as a date, as ISO text (``2017-05-17`` or with a time)."""

    iso: str


@dataclass(frozen=True, slots=True)
class ErrorCell:
    """A cell without a usable value: ``#REF!``, or ``formula`` where a formula was never calculated."""

    text: str


Cell = None | str | int | float | bool | DateCell | ErrorCell
Row = tuple[Cell, ...]
NOT_CALCULATED = "formula"
DISAGREEMENT = " ≠ "
"""Between the two readings in the text of an :class:`ErrorCell` that two readers did not agree on."""


@dataclass(frozen=True, slots=True)
class SheetInfo:
    """What is known of a sheet: ``merged`` are (first row, first column, last row, last column), all from 1.

    ``clipped`` names the cells that lie too far away to be part of the table, ``long_digits`` cells whose number has
    more than 15 digits, of which a spreadsheet keeps only 15. ``merged_clipped`` counts merges that were not kept.
    ``hidden_columns`` are letters of columns with cells; ``filtered``: a saved filter hides rows.
    """

    name: str
    visible: bool = True
    rows: int = 0
    columns: int = 0
    merged: tuple[tuple[int, int, int, int], ...] = ()
    merged_clipped: int = 0
    hidden_rows: int = 0
    hidden_columns: tuple[str, ...] = ()
    filtered: bool = False
    errors: tuple[tuple[str, str], ...] = ()
    errors_clipped: int = 0
    clipped: tuple[str, ...] = ()
    long_digits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Index:
    """Where the chunks of one sheet start in the spool: first row number and byte offset of each."""

    first_rows: Sequence[int] = ()
    offsets: Sequence[int] = ()


@dataclass(slots=True)
class Grid:
    """An opened workbook. Rows and columns count from 1; ``close`` (or ``with``) removes the temporary file."""

    path: Path
    kind: str
    sheets: list[SheetInfo]
    spool: Path
    indexes: list[Index]
    encoding: str | None = None
    _file: BufferedReader | None = field(default=None, repr=False)

    def rows(self, sheet: int, start: int = 1, stop: int | None = None) -> Iterator[tuple[int, Row]]:
        """Yield ``(row number, cells)`` of the rows from ``start`` to ``stop`` (left out) that are not empty.

        Cells start at column A; empty cells at the end are left out.
        """
        index = self.indexes[sheet]
        chunk = max(0, bisect.bisect_right(index.first_rows, start) - 1)
        for number in range(chunk, len(index.offsets)):
            if stop is not None and index.first_rows[number] >= stop:
                return
            for row_number, cells in self._chunk(index.offsets[number]):
                if stop is not None and row_number >= stop:
                    return
                if row_number >= start:
                    yield row_number, cells

    def row(self, sheet: int, number: int) -> Row:
        """Return the cells of one row; ``()`` where it is empty."""
        for _, cells in self.rows(sheet, number, number + 1):
            return cells
        return ()

    def close(self) -> None:
        """Remove the temporary file; afterwards no row can be read."""
        if self._file is not None:
            self._file.close()
            self._file = None
        self.spool.unlink(missing_ok=True)

    def __enter__(self) -> "Grid":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _chunk(self, offset: int) -> list[tuple[int, Row]]:
        if self._file is None:
            self._file = self.spool.open("rb")
        self._file.seek(offset)
        (length,) = struct.unpack("<Q", self._file.read(8))
        packed, has_objects = marshal.loads(self._file.read(length))  # our own child wrote it a moment ago
        if not has_objects:
            return cast("list[tuple[int, Row]]", packed)
        return [(number, tuple(map(_unpack, cells))) for number, cells in packed]


def _unpack(cell: str | int | float | bool | tuple[str, str] | None) -> Cell:
    if isinstance(cell, tuple):
        if cell[0] == LONG_NUMBER:
            return float(cell[1])
        return DateCell(cell[1]) if cell[0] == DATE else ErrorCell(cell[1])
    return cell
