"""Merged cells of a sheet: which cells they cover, and the values that fill them."""

from collections import defaultdict
from collections.abc import Sequence

from bri_desktop.excel.grid import Cell, Grid, Row
from bri_desktop.excel.parts import column_letter

MAX_FILLED_ROWS = 10_000
_BUCKET = 256

Area = tuple[int, int, int, int]


class Merges:
    """Looks up merged areas (first row, first column, last row, last column, from 1) by row."""

    def __init__(self, areas: Sequence[Area]) -> None:
        self._buckets: dict[int, list[Area]] = defaultdict(list)
        self._values: dict[Area, Cell] = {}
        for area in areas:
            # A longer area is a stroke over the whole sheet, never a value that so many rows share.
            last = min(area[2], area[0] + MAX_FILLED_ROWS)
            for bucket in range(area[0] // _BUCKET, last // _BUCKET + 1):
                self._buckets[bucket].append((area[0], area[1], last, area[3]))

    def at(self, row: int) -> list[Area]:
        """Return the areas that cover some cell of a row."""
        if not self._buckets:
            return []
        return [area for area in self._buckets.get(row // _BUCKET, ()) if area[0] <= row <= area[2]]

    def covers(self, row: int, column: int) -> bool:
        """Tell whether a cell is part of an area but not its first column."""
        return any(area[1] < column <= area[3] for area in self.at(row))

    def reach(self, top: int, bottom: int) -> int:
        """Return the last row of the areas that start between two rows."""
        areas = [area for row in range(top, bottom + 1) for area in self.at(row) if top <= area[0] <= bottom]
        return max([bottom, *(area[2] for area in areas)])

    def wide_count(self, row: int) -> int:
        """Return how many areas of a row span several columns."""
        return sum(area[3] > area[1] for area in self.at(row))

    def width(self, row: int) -> int:
        """Return the columns of the widest area of a row."""
        return max((area[3] - area[1] + 1 for area in self.at(row)), default=1)

    def is_wide(self, row: int) -> bool:
        """Tell whether an area of this row alone spans three columns or more."""
        return any(area[0] == area[2] and area[3] - area[1] >= 2 for area in self.at(row))

    def filling(self, row: int, column: int, first_row: int) -> Area | None:
        """Return the area whose value fills a data cell that is not its first one; not one above ``first_row``."""
        for area in self.at(row):
            if first_row <= area[0] and area[1] <= column <= area[3] and (row, column) != area[:2]:
                return area
        return None

    def filled_down(self, grid: Grid, sheet: int, number: int, cells: Row, first_row: int) -> Row:
        """Return the cells with the values of areas that began in an earlier row, not above ``first_row``."""
        areas = [area for area in self.at(number) if first_row <= area[0] < number]
        if not areas:
            return cells
        filled = list(cells)
        for area in areas:
            value = self._value(grid, sheet, area)
            for column in range(area[1], area[3] + 1):
                _put(filled, column, value)
        return tuple(filled)

    def filled_across(self, number: int, cells: Row) -> Row:
        """Return the cells with the values of areas that begin in this row and span several columns."""
        areas = [area for area in self.at(number) if area[0] == number and area[3] > area[1] and area[1] <= len(cells)]
        if not areas:
            return cells
        filled = list(cells)
        for area in areas:
            for column in range(area[1] + 1, area[3] + 1):
                _put(filled, column, cells[area[1] - 1])
        return tuple(filled)

    def _value(self, grid: Grid, sheet: int, area: Area) -> Cell:
        if area not in self._values:
            cells = grid.row(sheet, area[0])
            self._values[area] = cells[area[1] - 1] if area[1] <= len(cells) else None
        return self._values[area]


def area_text(area: Area) -> str:
    """Return an area as a spreadsheet writes it: B3:B7."""
    top, left, bottom, right = area
    return f"{column_letter(left)}{top}:{column_letter(right)}{bottom}"


def _put(cells: list[Cell], column: int, value: Cell) -> None:
    """Set a cell where there is none; a value that stands there is never replaced."""
    cells.extend([None] * (column - len(cells)))
    if cells[column - 1] is None:
        cells[column - 1] = value
