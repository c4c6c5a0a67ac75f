"""An issued workbook that came back, in whatever program it was saved: its marks, its tables, which column is what.

Columns are found by their header at the letter where they were written, else by the header anywhere, else by the
place between columns that are known; what had to be searched for is told as damage of the layout.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bri_desktop.domain.folding import fold
from bri_desktop.excel.grid import Cell, Grid
from bri_desktop.excel.issued_cells import Words, parse_lists
from bri_desktop.excel.issued_layout import (
    CONTROL_SHEET,
    KEY,
    LISTS_SHEET,
    PROJECTS,
    Column,
    Control,
    Table,
    parse_control,
)
from bri_desktop.excel.merges import Merges
from bri_desktop.excel.parts import column_letter

HEADER_SEARCH_ROWS = 40
HEADERS_FROM = 0.5
"""Share of the issued headers that a row has to hold to be taken for the header row."""


@dataclass(frozen=True, slots=True)
class LayoutDamage:
    """``kind``: ``sheet_missing``, ``headers_changed``, ``columns_moved``, ``columns_missing`` or ``columns_added``.

    ``columns`` are the headers as issued (of an added one, as found), ``cells`` the header cells found.
    """

    kind: str
    sheet: str
    columns: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table sheet as it came back; ``places`` are the columns of ``table`` in the sheet, from 0."""

    table: Table
    sheet: int
    name: str
    header_row: int
    places: tuple[int | None, ...]

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns as they were issued."""
        return self.table.columns

    @property
    def key_column(self) -> int | None:
        """The number of the column of keys in :attr:`columns`, ``None`` where it was deleted."""
        found = next((number for number, column in enumerate(self.columns) if column.field == KEY), None)
        return found if found is not None and self.places[found] is not None else None

    def has(self, number: int) -> bool:
        """Tell whether the column came back."""
        return self.places[number] is not None

    def address(self, number: int, row: int) -> str:
        """Return the cell of an issued column in a row of the returned sheet."""
        place = self.places[number]
        return f"{column_letter((place or 0) + 1)}{row}"

    def rows(self, grid: Grid) -> Iterator[tuple[int, list[Cell]]]:
        """Give (row number, one cell an issued column) of each row below the header that is not empty."""
        merges = Merges(grid.sheets[self.sheet].merged)
        first = self.header_row + 1
        for number, cells in grid.rows(self.sheet, first):
            filled = merges.filled_down(grid, self.sheet, number, cells, first)
            row = [filled[place] if place is not None and place < len(filled) else None for place in self.places]
            if any(cell is not None and cell != "" for cell in row):
                yield number, row


@dataclass(frozen=True, slots=True)
class ReturnedBook:
    """What a returned workbook says of itself, its tables by role, and what of its layout was changed."""

    control: Control
    words: Words
    tables: Mapping[str, FoundTable]
    damage: tuple[LayoutDamage, ...]

    @property
    def projects(self) -> FoundTable | None:
        """The table of projects."""
        return self.tables.get(PROJECTS)


def read_returned(grid: Grid) -> ReturnedBook | None:
    """Return the marks and tables of a returned workbook, ``None`` where it is no issued one any more."""
    control_sheet = _sheet(grid, CONTROL_SHEET)
    control = None if control_sheet is None else parse_control(row for _, row in grid.rows(control_sheet))
    if control is None:
        return None
    lists = _sheet(grid, LISTS_SHEET)
    words = Words() if lists is None else parse_lists(row for _, row in grid.rows(lists))
    tables: dict[str, FoundTable] = {}
    damage: list[LayoutDamage] = []
    for table in control.tables:
        found, problems = _find_table(grid, table, {other.sheet for other in tables.values()})
        damage += problems
        if found is not None:
            tables[table.role] = found
    return ReturnedBook(control, words, tables, tuple(damage))


def _sheet(grid: Grid, name: str) -> int | None:
    return next((index for index, sheet in enumerate(grid.sheets) if sheet.name == name), None)


def _find_table(grid: Grid, table: Table, taken: set[int]) -> tuple[FoundTable | None, list[LayoutDamage]]:
    """Find the sheet by its name, else by its headers."""
    wanted = [fold(column.header) for column in table.columns]
    named = _sheet(grid, table.title)
    free = [n for n, sheet in enumerate(grid.sheets) if n not in taken and sheet.visible and n != named]
    best: tuple[int, int, int] | None = None
    for index in ([named] if named is not None else []) + free:
        header_row, hits = _header_row(grid, index, table, wanted)
        if best is None or hits > best[2]:
            best = (index, header_row, hits)
        if index == named and hits >= HEADERS_FROM * len(wanted):
            break
    if best is None or best[2] < HEADERS_FROM * len(wanted):
        if named is None or not grid.row(named, table.header_row):
            return None, [LayoutDamage("sheet_missing", table.title)]
        best = (named, table.header_row, 0)
    index, header_row, _ = best
    headers = [("" if cell is None else str(cell)) for cell in grid.row(index, header_row)]
    return _mapped(table, index, grid.sheets[index].name, header_row, headers)


def _header_row(grid: Grid, index: int, table: Table, wanted: Sequence[str]) -> tuple[int, int]:
    """Return the row that holds most of the headers, and how many; the issued one where others are no better."""
    best, most = table.header_row, 0
    for number, cells in grid.rows(index, 1, HEADER_SEARCH_ROWS):
        present = {fold(cell) for cell in cells if isinstance(cell, str)}
        hits = sum(header in present for header in wanted)
        if hits > most or (hits == most and number == table.header_row):
            best, most = number, hits
    return best, most


def _mapped(
    table: Table, index: int, name: str, header_row: int, headers: Sequence[str]
) -> tuple[FoundTable, list[LayoutDamage]]:
    folded = [fold(header) for header in headers]
    places: list[int | None] = [None] * len(table.columns)
    free = dict.fromkeys(range(len(headers)))
    moved: list[int] = []
    for at_home in (True, False):
        for number, column in enumerate(table.columns):
            if places[number] is not None:
                continue
            wanted = fold(column.header)
            candidates = [column.index] if at_home else list(free)
            place = next((p for p in candidates if p in free and p < len(folded) and folded[p] == wanted), None)
            if place is not None:
                places[number] = place
                del free[place]
                if not at_home:
                    moved.append(number)
    renamed = _renamed(table, places, free, headers)
    return (
        FoundTable(table, index, name, header_row, tuple(places)),
        _told(table, name, header_row, headers, places, free, moved, renamed),
    )


def _renamed(table: Table, places: list[int | None], free: dict[int, None], headers: Sequence[str]) -> list[int]:
    """Take a column with another header for the issued one that stood between the same neighbours."""
    renamed: list[int] = []
    for number, place in enumerate(places):
        if place is not None:
            continue
        left = places[number - 1] if number else -1
        expected = None if left is None else left + 1
        at_home = table.columns[number].index
        right = next((p for p in places[number + 1 : number + 2] if p is not None), None)
        fits = expected is not None and expected in free and (right is None or right == expected + 1)
        if not fits and at_home in free and not any(p is not None and p > at_home for p in places[:number]):
            expected, fits = at_home, right is None or right > at_home
        if fits and expected is not None and (expected < len(headers)):
            places[number] = expected
            del free[expected]
            renamed.append(number)
    return renamed


def _told(
    table: Table,
    name: str,
    header_row: int,
    headers: Sequence[str],
    places: Sequence[int | None],
    free: Mapping[int, None],
    moved: Sequence[int],
    renamed: Sequence[int],
) -> list[LayoutDamage]:
    told: list[LayoutDamage] = []

    def tell(kind: str, numbers: Sequence[int]) -> None:
        if numbers:
            names = tuple(table.columns[number].header for number in numbers)
            cells = (f"{column_letter(place + 1)}{header_row}" for n in numbers if (place := places[n]) is not None)
            told.append(LayoutDamage(kind, name, names, tuple(cells)))

    found = [place for place in places if place is not None]
    if found != sorted(found):
        tell("columns_moved", moved)
    tell("headers_changed", renamed)
    tell("columns_missing", [number for number, place in enumerate(places) if place is None])
    added = [place for place in free if headers[place].strip()]
    if added:
        cells = tuple(f"{column_letter(place + 1)}{header_row}" for place in added)
        told.append(LayoutDamage("columns_added", name, tuple(headers[place].strip() for place in added), cells))
    return told
