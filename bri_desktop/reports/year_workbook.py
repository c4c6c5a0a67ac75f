"""The tables of the yearly summary as a workbook: one sheet a section, real tables with all rows, native charts."""

import io
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from bri_desktop.excel.sheet_text import clean, shortened, units
from bri_desktop.excel.writer import replace_archive
from bri_desktop.i18n import speaking, tr
from bri_desktop.reports.document import Block, Heading, Paragraph, Picture, Section, SummaryDocument, Table
from bri_desktop.reports.year_cells import Cell, cell_of
from bri_desktop.reports.year_charts import (
    CHART_ROWS,
    CHART_WIDTH,
    Ground,
    add_chart,
    add_image,
    heat_range,
    number_pattern,
)

Progress = Callable[[int, int], None]
"""Told how many sections of how many are done; it raises to stop the work."""

A4 = 9
LONGEST_NAME = 31
WIDEST, NARROWEST = 44, 9
PIXELS = 7
"""Width of a character of a column."""
COLUMN_EDGE = 5
PAGE_PIXELS, PAGE_ROWS = 480, 46
"""What an upright A4 page holds between its margins, with room for the wider fonts of another machine."""
TEXT_COLUMNS = 8
TEXT_CHARACTERS = 84
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write_workbook(document: SummaryDocument, path: Path, progress: Progress | None = None) -> None:
    """Write the workbook to ``path``; where it fails or is stopped, nothing remains and an old file is as it was.

    Raises ``InputError`` file_unwritable, file_in_use, disk_full; what ``progress`` raises.
    """
    # Packed in memory: on a full disk an archive that is written piece by piece cannot even be closed.
    with speaking(document.language):
        packed = _packed(document, progress)
    with replace_archive(path) as stream:
        stream.write(packed.getbuffer())


def _packed(document: SummaryDocument, progress: Progress | None) -> io.BytesIO:
    packed = io.BytesIO()
    book = xlsxwriter.Workbook(packed, OPTIONS)
    book.set_properties({"title": clean(document.title), "author": clean(document.office)})
    names: set[str] = set()
    sections = [section for section in document.sections if section.blocks]
    for number, section in enumerate(sections, 1):
        _SheetWriter(book, document, section, _sheet_name(section, names)).write()
        if progress is not None:
            progress(number, len(sections))
    if not sections:
        book.add_worksheet(str(document.year)).write_string(0, 0, clean(document.title))
    book.close()
    return packed


def _sheet_name(section: Section, taken: set[str]) -> str:
    full = _FORBIDDEN.sub(" ", clean(f"{section.label} {section.title}")).strip(" '") or section.code
    name, number = shortened(full, LONGEST_NAME), 2
    while name.casefold() in taken:
        name, number = f"{shortened(full, LONGEST_NAME - 4)} ({number})", number + 1
    taken.add(name.casefold())
    return name


class _SheetWriter:
    """Writes a section: its tables and pictures one under the other; where it has none, its text."""

    def __init__(self, book: Any, document: SummaryDocument, section: Section, name: str) -> None:
        self.book = book
        self.document = document
        self.section = section
        self.ground = Ground(book, book.add_worksheet(name), name)
        self.sheet = self.ground.sheet
        self.row = 0
        self.last_column = 0
        self.pixels = 0
        self.tables: list[int] = []
        self.parts: list[tuple[int, int]] = []
        """First row and row after the last of what should stand on one page."""
        self.formats: dict[tuple[str, str, bool], Any] = {}

    def write(self) -> None:
        """Write the sheet and set it up for paper."""
        title = f"{self.section.label} {self.section.title}".strip()
        self._line(title, {"bold": True, "font_size": 14})
        if self.document.mark:
            self._line(self.document.mark, {"font_size": 9})
        self.row += 1
        blocks = self.section.blocks
        shown: Sequence[Block] = [block for block in blocks if isinstance(block, Table | Picture)] or blocks
        for block in shown:
            top = self.row
            self._block(block)
            self.parts.append((top, self.row))
        self._set_widths()
        self._set_paper()

    def _block(self, block: Block) -> None:
        match block:
            case Table():
                self._line(f"{block.label}　{block.caption}", {"bold": True})
                self._table(block)
            case Picture():
                self._line(f"{block.label}　{block.caption}", {"bold": True})
                self._picture(block)
            case Heading():
                self._line(block.full, {"bold": True})
            case Paragraph():
                self._text(block.text)

    def _line(self, text: str, style: dict[str, Any]) -> None:
        self.sheet.write_string(self.row, 0, clean(text), self.book.add_format(style))
        self.row += 1

    def _text(self, text: str) -> None:
        """Write a paragraph over several columns, as high as its lines need."""
        shown = clean(text)
        wide = sum(2 if ord(char) > 0x2E7F else 1 for char in shown)
        lines = max(1, -(-wide // TEXT_CHARACTERS))
        wrapped = self.book.add_format({"text_wrap": True, "valign": "top"})
        self.sheet.merge_range(self.row, 0, self.row, TEXT_COLUMNS - 1, shown, wrapped)
        self.sheet.set_row(self.row, 16 * lines)
        self.row += 1
        self.last_column = max(self.last_column, TEXT_COLUMNS - 1)

    def _table(self, table: Table) -> None:
        heads = list(_distinct([clean(column.head) for column in table.columns]))
        aligns = [column.align for column in table.columns]
        top = self.row
        self.tables.append(top)
        rows = [[cell_of(runs, align) for runs, align in zip(row, aligns, strict=True)] for row in table.rows]
        body = rows[:-1] if table.total and len(rows) > 1 else rows
        self.ground.write_table(top, heads, body, self._format, aligns)
        for number, row in enumerate(table.rows):
            self.ground.note(top + 1 + number, row)
        self.row = top + 1 + max(1, len(body))
        if len(body) < len(rows):
            self.ground.write_row(self.row, rows[-1], self._format, aligns, bold=True)
            self.row += 1
        self.last_column = max(self.last_column, len(heads) - 1)
        if table.note:
            self._line(table.note, {"font_size": 9})
        self.row += 1

    def _picture(self, picture: Picture) -> None:
        if picture.chart.kind == "heat":
            heads = [tr("Group"), *picture.chart.labels]
            rows = [[Cell(one.name), *map(Cell, one.values)] for one in picture.chart.series]
            top = self._data(heads, rows, picture)
            heat_range(self.ground, top, len(rows), len(heads))
        elif picture.chart.kind == "map":
            heads = [tr("City"), *(one.name for one in picture.chart.series)]
            sizes = picture.chart.series[0].values
            rows = [[Cell(label), Cell(size)] for label, size in zip(picture.chart.labels, sizes, strict=True)]
            self._data(heads, rows, picture)
            self.parts.append((self.row, self.row + CHART_ROWS))
            self.row += add_image(self.ground, self.row, picture)
        else:
            place = self.ground.found(picture.chart)
            if place is None:
                heads = [_head_of_labels(picture), *(one.name or picture.chart.unit for one in picture.chart.series)]
                values = [one.values for one in picture.chart.series]
                rows = [
                    [Cell(label), *(Cell(column[number]) for column in values)]
                    for number, label in enumerate(picture.chart.labels)
                ]
                place = self.ground.data_place(self._data(heads, rows, picture), picture.chart)
            add_chart(self.ground, self.row, picture, place)
            self.row += CHART_ROWS
        if picture.note:
            self._line(picture.note, {"font_size": 9})
        self.row += 1

    def _data(self, heads: Sequence[str], rows: Sequence[Sequence[Cell]], picture: Picture) -> int:
        """Write the numbers of a picture as a table and return its first row."""
        chart = picture.chart
        pattern = number_pattern(chart)
        cells = [[row[0], *(Cell(cell.value, pattern) for cell in row[1:])] for row in rows]
        top = self.row
        self.ground.write_table(top, list(_distinct([clean(head) for head in heads])), cells, self._format, [])
        self.last_column = max(self.last_column, len(heads) - 1)
        self.row += len(rows) + 2
        return top

    def _format(self, pattern: str, align: str, bold: bool) -> Any:
        key = (pattern, align, bold)
        if key not in self.formats:
            style: dict[str, Any] = {"bold": bold, "valign": "top", "text_wrap": align == "left"}
            if pattern:
                style["num_format"] = pattern
            if align:
                style["align"] = align
            self.formats[key] = self.book.add_format(style)
        return self.formats[key]

    def _set_widths(self) -> None:
        """Make columns as wide as what stands in them, and print as many as the widest chart covers."""
        pixels = column = 0
        while column <= self.last_column or pixels < CHART_WIDTH + PIXELS:
            width = min(max(self.ground.widths.get(column, 0) + 2, NARROWEST), WIDEST)
            self.sheet.set_column(column, column, width)
            pixels += width * PIXELS
            column += 1
        self.last_column = column - 1
        self.pixels = pixels + COLUMN_EDGE * column

    def _set_paper(self) -> None:
        self.sheet.set_paper(A4)
        if any(isinstance(block, Picture) for block in self.section.blocks):
            self._set_pages()
        else:
            self.sheet.set_landscape()
            self.sheet.fit_to_pages(1, 0)
        self.sheet.print_area(0, 0, max(self.row - 1, 0), self.last_column)
        self.sheet.set_footer("&C&P / &N")
        if len(self.tables) == 1 and not any(isinstance(block, Picture) for block in self.section.blocks):
            self.sheet.repeat_rows(self.tables[0])
            self.sheet.freeze_panes(self.tables[0] + 1, 0)

    def _set_pages(self) -> None:
        """Set upright pages that part no chart: a sheet that is only fitted to the width would ignore the breaks."""
        scale = min(1.0, PAGE_PIXELS / self.pixels)
        breaks = page_breaks(sorted(self.parts), int(PAGE_ROWS / scale))
        self.sheet.set_portrait()
        if breaks:
            self.sheet.set_print_scale(max(10, int(100 * scale)))
            self.sheet.set_h_pagebreaks(breaks)
        else:
            self.sheet.fit_to_pages(1, 1)


def page_breaks(parts: Sequence[tuple[int, int]], rows: int) -> list[int]:
    """Return the rows that begin a page of ``rows`` rows, so that none of the ``parts`` (first, after last) is parted.

    The first part, and one that is longer than a page, begin where they stand and go on over pages.
    """
    found: list[int] = []
    page = 0
    first = parts[0][0] if parts else 0
    for top, after in parts:
        page += (top - page) // rows * rows
        if after - page > rows and top > max(page, first) and after - top <= rows:
            found.append(top)
            page = top
    return found


def _head_of_labels(picture: Picture) -> str:
    """Return the head of the column that names what the marks of a picture are of."""
    is_years = all(label.isdigit() for label in picture.chart.labels)
    return tr("Year") if is_years else tr("Group")


def _distinct(heads: Sequence[str]) -> Iterator[str]:
    """Yield heads that differ: a table of a spreadsheet refuses two of one name, and an empty one."""
    found: set[str] = set()
    for head in heads:
        name, number = head or "—", 2
        while name.casefold() in found:
            name, number = f"{head} {number}", number + 1
        found.add(name.casefold())
        yield shortened(name, 255) if units(name) > 255 else name
