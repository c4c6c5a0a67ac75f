"""Small tables of figures as a workbook: what a page shows, taken out of the window."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from bri_desktop.excel.figure_sheet import FigureSheet, NativeChart, write_figures
from bri_desktop.excel.writer import ExportColumn, Value, write_ledger

__all__ = ["FigureSheet", "NativeChart", "write_table"]

PLACES = 4
FIRST_WIDTH, WIDTH = 24, 12


def write_table(
    path: Path,
    title: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[str | float | None]],
    chart: NativeChart | None = None,
    more: Sequence[FigureSheet] = (),
) -> Path:
    """Write heads and rows to ``path`` (.xlsx with its chart, .csv or .ods) and return it; four decimals are kept.

    ``more`` are tables on further sheets, each with its chart; only a workbook has them.

    Raises ``InputError`` file_unwritable, file_in_use, file_type_unknown, disk_full.
    """
    kept = _rounded(rows)
    if path.suffix.lower() == ".xlsx":
        further = [FigureSheet(one.title, one.heads, _rounded(one.rows), one.chart) for one in more]
        write_figures(path, [FigureSheet(title, heads, kept, chart), *further])
        return path
    columns = [
        ExportColumn(f"column_{number}", head, WIDTH if number else FIRST_WIDTH, "money" if number else "text")
        for number, head in enumerate(heads)
    ]
    write_ledger(path, title=title, columns=columns, rows=[[_value(cell) for cell in row] for row in kept])
    return path


def _rounded(rows: Sequence[Sequence[str | float | None]]) -> list[list[str | float | None]]:
    return [[round(cell, PLACES) if isinstance(cell, float) else cell for cell in row] for row in rows]


def _value(cell: str | float | None) -> Value:
    return Decimal(str(cell)) if isinstance(cell, float) else cell
