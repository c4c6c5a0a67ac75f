"""Whether a workbook was issued by this program: told by its hidden control sheet, before anything else is read."""

from collections.abc import Iterator

from bri_desktop.excel.grid import Grid, Row
from bri_desktop.excel.issued_layout import CONTROL_SHEET, parse_control

ROW = "row"


def issue_number(grid: Grid) -> str | None:
    """Return the issue number of a workbook, ``None`` for one that bears no marks of this program."""
    place = next((index for index, sheet in enumerate(grid.sheets) if sheet.name == CONTROL_SHEET), None)
    control = None if place is None else parse_control(_head(grid, place))
    return None if control is None else control.issue


def _head(grid: Grid, sheet: int) -> Iterator[Row]:
    """Give the lines but those of the rows, of which there may be many."""
    return (cells for _, cells in grid.rows(sheet) if cells[0] != ROW)
