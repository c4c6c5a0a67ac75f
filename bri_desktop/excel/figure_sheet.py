"""A table of figures as a workbook with a native chart, that a spreadsheet can go on with: what a page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter

from bri_desktop.excel.sheet_text import clean
from bri_desktop.excel.writer import replace_file
from bri_desktop.i18n import tr

FIRST_WIDTH, WIDTH = 26, 13
HEAD_ROW = 2
CHART_WIDTH = 560
BAR_HEIGHT = 26
A4 = 9


@dataclass(frozen=True, slots=True)
class NativeChart:
    """Which columns of the table (from 0) the chart shows against the first one; bars for units, a line for years."""

    columns: tuple[int, ...]
    kind: str = "bar"


Cell = str | float | None


def sheet_name() -> str:
    """Return the name of the one sheet, in the chosen language."""
    return tr("Figures")


def write_figures(
    path: Path, title: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]], chart: NativeChart | None = None
) -> None:
    """Write one sheet with the title, a real table of ``heads`` and ``rows``, and the chart beside it.

    Raises ``InputError`` file_unwritable, file_in_use, disk_full.
    """
    with replace_file(path) as (stream, _temporary):
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}
        book = xlsxwriter.Workbook(stream, options)
        sheet = book.add_worksheet(sheet_name())
        sheet.write_string(0, 0, clean(title), book.add_format({"bold": True, "font_size": 14}))
        _write_table(sheet, heads, rows)
        if chart is not None and rows:
            sheet.insert_chart(HEAD_ROW, len(heads) + 1, _chart(book, chart, title, heads, len(rows)))
        sheet.set_paper(A4)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEAD_ROW)
        book.close()


def _write_table(sheet: xlsxwriter.worksheet.Worksheet, heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    sheet.set_column(0, 0, FIRST_WIDTH)
    sheet.set_column(1, max(1, len(heads) - 1), WIDTH)
    for column, head in enumerate(heads):
        sheet.write_string(HEAD_ROW, column, clean(head))
    for number, row in enumerate(rows, HEAD_ROW + 1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(number, column, clean(value))
            elif value is not None:
                sheet.write_number(number, column, value)
    last = HEAD_ROW + max(1, len(rows))
    columns = [{"header": clean(head)} for head in _distinct(heads)]
    sheet.add_table(HEAD_ROW, 0, last, len(heads) - 1, {"columns": columns, "style": "Table Style Light 9"})
    sheet.freeze_panes(HEAD_ROW + 1, 1)


def _distinct(heads: Sequence[str]) -> list[str]:
    """Return heads that differ: a table of a spreadsheet refuses two of one name."""
    found: list[str] = []
    for head in heads:
        name, number = head, 2
        while name in found:
            name, number = f"{head} {number}", number + 1
        found.append(name)
    return found


def _chart(
    book: xlsxwriter.Workbook, chart: NativeChart, title: str, heads: Sequence[str], rows: int
) -> xlsxwriter.chart.Chart:
    made = book.add_chart({"type": chart.kind})
    first, last = HEAD_ROW + 1, HEAD_ROW + rows
    for column in chart.columns:
        made.add_series(
            {
                "name": heads[column],
                "categories": [sheet_name(), first, 0, last, 0],
                "values": [sheet_name(), first, column, last, column],
            }
        )
    made.set_title({"name": title, "name_font": {"size": 12}})
    made.set_legend({"position": "bottom"} if len(chart.columns) > 1 else {"none": True})
    if chart.kind == "bar":
        made.set_y_axis({"reverse": True})
        made.set_size({"width": CHART_WIDTH, "height": 140 + BAR_HEIGHT * len(chart.columns) * rows})
    else:
        made.set_size({"width": CHART_WIDTH, "height": 320})
    return made
