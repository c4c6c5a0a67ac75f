"""A small table of figures as a workbook: what a page shows, taken out of the window."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from bri_desktop.excel.figure_sheet import NativeChart, write_figures
from bri_desktop.excel.writer import ExportColumn, Value, write_ledger

__all__ = ["NativeChart", "write_table"]

PLACES = 4
FIRST_WIDTH, WIDTH = 24, 12


def write_table(
    path: Path,
    title: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[str | float | None]],
    chart: NativeChart | None = None,
) -> Path:
    """Write heads and rows to ``path`` (.xlsx with its chart, .csv or .ods) and return it; four decimals are kept.

    Raises ``InputError`` file_unwritable, file_in_use, file_type_unknown, disk_full.
    """
    kept = [[round(cell, PLACES) if isinstance(cell, float) else cell for cell in row] for row in rows]
    if path.suffix.lower() == ".xlsx":
        write_figures(path, title, heads, kept, chart)
        return path
    columns = [
        ExportColumn(f"column_{number}", head, WIDTH if number else FIRST_WIDTH, "money" if number else "text")
        for number, head in enumerate(heads)
    ]
    write_ledger(path, title=title, columns=columns, rows=[[_value(cell) for cell in row] for row in kept])
    return path


def _value(cell: str | float | None) -> Value:
    return Decimal(str(cell)) if isinstance(cell, float) else cell
