"""Tables of figures as a workbook with native charts, that a spreadsheet can go on with: what a page shows."""

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
LONGEST_NAME = 31
FORBIDDEN = "[]:*?/\\'"
"""What no name of a sheet can hold."""


@dataclass(frozen=True, slots=True)
class NativeChart:
    """Which columns of the table (from 0) the chart shows against the first one; bars for units, a line for years.

    ``most`` is how many of the first rows it shows: a list may have thousands. ``names`` are the first and the last
    column of the names.
    """

    columns: tuple[int, ...]
    kind: str = "bar"
    most: int | None = None
    names: tuple[int, int] = (0, 0)


Cell = str | float | None


@dataclass(frozen=True, slots=True)
class FigureSheet:
    """One table under its title, with its chart, on a sheet of its own."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    chart: NativeChart | None = None


def sheet_name() -> str:
    """Return the name of the one sheet, in the chosen language."""
    return tr("Figures")


def write_figures(path: Path, sheets: Sequence[FigureSheet]) -> None:
    """Write each sheet with its title, a real table, and the chart beside it.

    Raises ``InputError`` file_unwritable, file_in_use, disk_full.
    """
    with replace_file(path) as (stream, _temporary):
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}
        book = xlsxwriter.Workbook(stream, options)
        large = book.add_format({"bold": True, "font_size": 14})
        names = [sheet_name()] if len(sheets) == 1 else _names([sheet.title for sheet in sheets])
        for name, content in zip(names, sheets, strict=True):
            _write_sheet(book, book.add_worksheet(name), content, large)
        book.close()


def _names(titles: Sequence[str]) -> list[str]:
    """Return names of sheets: what a title ends with, short enough, none twice."""
    found: list[str] = []
    for title in titles:
        kept = "".join(" " if sign in FORBIDDEN else sign for sign in clean(title).split(" · ")[-1])
        short = name = kept.strip()[:LONGEST_NAME] or sheet_name()
        number = 2
        while name.casefold() in (other.casefold() for other in found):
            name, number = f"{short[: LONGEST_NAME - 4]} {number}", number + 1
        found.append(name)
    return found


def _write_sheet(
    book: xlsxwriter.Workbook,
    sheet: xlsxwriter.worksheet.Worksheet,
    content: FigureSheet,
    large: xlsxwriter.format.Format,
) -> None:
    sheet.write_string(0, 0, clean(content.title), large)
    _write_table(sheet, content.heads, content.rows)
    if content.chart is not None and content.rows:
        sheet.insert_chart(HEAD_ROW, len(content.heads) + 1, _chart(book, sheet.get_name(), content, content.chart))
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD_ROW)


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


def _chart(book: xlsxwriter.Workbook, name: str, content: FigureSheet, chart: NativeChart) -> xlsxwriter.chart.Chart:
    made = book.add_chart({"type": chart.kind})
    rows = min(len(content.rows), chart.most or len(content.rows))
    first, last = HEAD_ROW + 1, HEAD_ROW + rows
    for column in chart.columns:
        made.add_series(
            {
                "name": clean(content.heads[column]),
                "categories": [name, first, chart.names[0], last, chart.names[1]],
                "values": [name, first, column, last, column],
            }
        )
    title = clean(content.title)
    if rows < len(content.rows):
        title = tr("{title} (the first {n} rows)", title=title, n=rows)
    made.set_title({"name": title, "name_font": {"size": 12}})
    made.set_legend({"position": "bottom"} if len(chart.columns) > 1 else {"none": True})
    if chart.kind == "bar":
        made.set_y_axis({"reverse": True})
        made.set_size({"width": CHART_WIDTH, "height": 140 + BAR_HEIGHT * len(chart.columns) * rows})
    else:
        made.set_size({"width": CHART_WIDTH, "height": 320})
    return made
