"""Writing the cells of a workbook to disk, a thousand rows at a time, and judging which of them belong to the table."""

import marshal
import struct
from collections import deque
from collections.abc import Iterable, Mapping
from pathlib import Path

from bri_desktop.excel.grid import CHUNK_ROWS, ERROR, LONG_NUMBER, Index
from bri_desktop.excel.parts import MAX_LISTED, column_letter

MAX_COLUMNS = 1024
MAX_GAP = 50_000

Packed = str | int | float | bool | tuple[str, str] | None


class SpoolWriter:
    """Writes the rows of one sheet after another; see :class:`grid.Grid` for the reader.

    A cell right of column 1,024 or more than 50,000 empty rows below the last row is clipped and listed: a table of
    an office never reaches there, a stray keystroke does.
    """

    def __init__(self, path: Path) -> None:
        self._stream = path.open("wb")
        self.begin({})

    def begin(self, errors: Mapping[int, Mapping[int, str]]) -> None:
        """Start a sheet; ``errors`` are its error cells by row and column, both from 1."""
        self._errors = dict(errors)
        self._error_rows = deque(sorted(errors))
        self._first_rows: list[int] = []
        self._offsets: list[int] = []
        self._chunk: list[tuple[int, tuple[Packed, ...]]] = []
        self._has_objects = False
        self.last_row = 0
        self.columns = 0
        self.clipped: list[str] = []
        self.long_digits: list[str] = []
        self.errors: list[tuple[str, str]] = []
        self.errors_clipped = 0

    def add(self, number: int, cells: list[Packed], *, has_objects: bool) -> None:
        """Add one row, whose cells start at column A; an empty one is left out. Rows come in order."""
        self._add_error_rows(number)
        if number in self._errors:
            has_objects = self._overlay(number, cells)
        self._append(number, cells, has_objects)

    def end(self) -> Index:
        """Finish the sheet and return where its chunks are."""
        self._add_error_rows(None)
        self._flush()
        return Index(self._first_rows, self._offsets)

    def close(self) -> None:
        """Close the file."""
        self._stream.close()

    def _add_error_rows(self, before: int | None) -> None:
        """Add the rows of nothing but error cells, which the reader leaves out."""
        while self._error_rows and (before is None or self._error_rows[0] <= before):
            number = self._error_rows.popleft()
            if number != before:
                cells: list[Packed] = []
                self._append(number, cells, self._overlay(number, cells))

    def _append(self, number: int, cells: list[Packed], has_objects: bool) -> None:
        while cells and cells[-1] is None:
            cells.pop()
        if not cells:
            return
        if number - self.last_row > MAX_GAP and self.last_row:
            self._clip(number, enumerate(cells, 1))
            return
        if len(cells) > MAX_COLUMNS:
            self._clip(number, enumerate(cells[MAX_COLUMNS:], MAX_COLUMNS + 1))
            self._append(number, cells[:MAX_COLUMNS], has_objects)
            return
        if has_objects:
            self._note_objects(number, cells)
        self._chunk.append((number, tuple(cells)))
        self._has_objects = self._has_objects or has_objects
        self.last_row, self.columns = number, max(self.columns, len(cells))
        if len(self._chunk) == CHUNK_ROWS:
            self._flush()

    def _note_objects(self, number: int, cells: list[Packed]) -> None:
        """List the error cells and the numbers of too many digits of a row."""
        for column, cell in enumerate(cells, 1):
            if not isinstance(cell, tuple):
                continue
            address = f"{column_letter(column)}{number}"
            if cell[0] == LONG_NUMBER and len(self.long_digits) < MAX_LISTED:
                self.long_digits.append(address)
            elif cell[0] == ERROR and len(self.errors) < MAX_LISTED:
                self.errors.append((address, cell[1]))
            elif cell[0] == ERROR:
                self.errors_clipped += 1

    def _overlay(self, number: int, cells: list[Packed]) -> bool:
        """Put the error cells of a row where the reader has left them empty."""
        for column, text in self._errors[number].items():
            cells.extend([None] * (column - len(cells)))
            cells[column - 1] = (ERROR, text)
        return True

    def _clip(self, number: int, cells: Iterable[tuple[int, Packed]]) -> None:
        for column, value in cells:
            if value is not None and len(self.clipped) < MAX_LISTED:
                self.clipped.append(f"{column_letter(column)}{number}")

    def _flush(self) -> None:
        if not self._chunk:
            return
        # Version 2 writes no references: twice as fast, and the rows share nothing worth a reference.
        data = marshal.dumps((self._chunk, self._has_objects), 2)
        self._first_rows.append(self._chunk[0][0])
        self._offsets.append(self._stream.tell())
        self._stream.write(struct.pack("<Q", len(data)))
        self._stream.write(data)
        self._chunk, self._has_objects = [], False
