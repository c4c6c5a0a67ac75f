"""Writing an issued workbook: guide, tables with drop-downs and checks, and the hidden sheets it is known again by.

XlsxWriter in its constant-memory mode: a row is on the disk before the next one is made, so that 100,000 rows need no
more memory than ten. The control sheet grows beside the tables.
"""

import errno
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from bri_desktop.domain.errors import InputError
from bri_desktop.domain.issued import row_digest
from bri_desktop.excel.issued_cells import Cell, Words, long_texts, outcome_rows, project_cells
from bri_desktop.excel.issued_layout import (
    CONTROL_SHEET,
    FIRST_DATA_ROW,
    GROUP_ROW,
    GUIDE,
    HEADER_ROW,
    ISSUE_NAME,
    ISSUE_PROPERTY,
    LISTS_SHEET,
    LONG_TEXTS,
    NOTE_ROW,
    OUTCOMES,
    PROJECTS,
    SPARE_ROWS,
    TITLE_ROW,
    Column,
    Control,
    Sent,
    Table,
    control_head,
    control_row,
    group_label,
    outcome_columns,
    project_columns,
    sheet_title,
)
from bri_desktop.excel.sheet_text import FORMULA_STARTS, MAX_CELL, shortened
from bri_desktop.excel.template_checks import Lists, check_of, write_lists
from bri_desktop.excel.template_guide import Facts, draw_guide
from bri_desktop.excel.template_text import FONT, write_text
from bri_desktop.excel.writer import replace_file
from bri_desktop.i18n import tr

MOST_ROWS = 1_048_576 - FIRST_DATA_ROW - SPARE_ROWS
_PROGRESS_EVERY = 200
_WRAPPED = frozenset({"title", "title_en", "summary", "results", "note", "what"})
_AMOUNT, _NUMBER = "#,##0.00##", "#,##0.####"


@dataclass(frozen=True, slots=True)
class IssuedRecord:
    """A record as it is sent: its key, its values as plain values, outcomes among them, and the digest of these."""

    key: str
    values: Mapping[str, Any]
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """What a written workbook holds."""

    rows: int
    outcomes: int


def write_issued(
    path: Path,
    *,
    facts: Facts,
    fields: Iterable[str],
    words: Words,
    records: Iterable[IssuedRecord],
    language: str,
    progress: Callable[[int], None] | None = None,
) -> Written:
    """Write an issued workbook of ``fields`` to ``path``; the old file stays where anything fails.

    ``progress`` gets the records done and may raise to stop. Raises :class:`InputError`: ``file_unwritable``,
    ``file_in_use`` (``beside`` names a free file), ``disk_full``, ``file_too_many_rows``.
    """
    control = Control(facts.issue, department=facts.department, due=facts.due, issued_at=facts.issued_at)
    with replace_file(path) as (stream, temporary), tempfile.TemporaryDirectory() as folder:
        book = _Book(stream, folder, replace(control, language=language), tuple(fields), words)
        try:
            written = book.fill(facts, records, progress)
        finally:
            book.close()
        stream.flush()
        _verify(temporary, written)
    return written


class _Book:
    """One workbook while it is written."""

    def __init__(self, stream: IO[bytes], folder: str, control: Control, fields: tuple[str, ...], words: Words) -> None:
        options = {"constant_memory": True, "tmpdir": folder, "strings_to_formulas": False, "strings_to_urls": False}
        self.book = xlsxwriter.Workbook(stream, options)
        self.book.use_zip64()
        self.control = control
        self.words = words
        self.styles = _Styles(self.book)
        self.guide = self.book.add_worksheet(sheet_title(GUIDE))
        self.projects = _TableSheet(self, PROJECTS, project_columns(fields))
        self.outcomes = _TableSheet(self, OUTCOMES, outcome_columns()) if "outcomes" in fields else None
        self.long: Any = None
        self.long_rows = 0
        lists = self.book.add_worksheet(LISTS_SHEET)
        self.lists = write_lists(self.book, lists, words)
        self.marks = self.book.add_worksheet(CONTROL_SHEET)
        self.mark_rows = 0
        for sheet in (lists, self.marks):
            sheet.hide()

    def fill(self, facts: Facts, records: Iterable[IssuedRecord], progress: Callable[[int], None] | None) -> Written:
        for sheet in self.tables:
            sheet.head(self.control)
        for record in records:
            self._record(record)
            if progress is not None and self.projects.rows % _PROGRESS_EVERY == 0:
                progress(self.projects.rows)
        for sheet in self.tables:
            sheet.finish(self.lists)
        tables = tuple(sheet.table() for sheet in self.tables)
        for line in control_head(replace(self.control, tables=tables)):
            self._mark(line)
        draw_guide(self.book, self.guide, replace(facts, rows=self.projects.rows, has_outcomes=len(tables) > 1))
        self.book.set_custom_property(ISSUE_PROPERTY, self.control.issue, "text")
        self.book.define_name(ISSUE_NAME, f'="{self.control.issue}"')
        return Written(self.projects.rows, self.outcomes.rows if self.outcomes else 0)

    @property
    def tables(self) -> list["_TableSheet"]:
        return [sheet for sheet in (self.projects, self.outcomes) if sheet is not None]

    def close(self) -> None:
        try:
            self.book.close()
        except FileCreateError as error:
            raise OSError(errno.EIO, "incomplete") from error

    def _record(self, record: IssuedRecord) -> None:
        cells = project_cells(self.projects.columns, record.key, record.values, self.words)
        self._row(self.projects, record.key, record.digest or row_digest(record.values), cells)
        for text in long_texts(self.projects.columns, record.key, record.values):
            self._long(*text)
        if self.outcomes is not None:
            for key, values, own in outcome_rows(self.outcomes.columns, record.key, record.values, self.words):
                self._row(self.outcomes, key, row_digest(values), own)

    def _row(self, sheet: "_TableSheet", key: str, digest: str, cells: Iterable[Cell]) -> None:
        row = sheet.add(cells)
        self._mark(control_row(key, Sent(digest, row)))

    def _mark(self, line: Iterable[str]) -> None:
        for place, text in enumerate(line):
            write_text(self.marks, self.mark_rows, place, text)
        self.mark_rows += 1

    def _long(self, key: str, header: str, text: str) -> None:
        if self.long is None:
            self.long = self.book.add_worksheet(sheet_title(LONG_TEXTS))
            for place, title in enumerate((tr("Record"), tr("Column"), tr("Part"), tr("Text"))):
                write_text(self.long, 0, place, title, self.styles.get(bold=True))
        part, rest = 1, text
        while rest:
            piece = shortened(rest, MAX_CELL)
            self.long_rows += 1
            for place, value in enumerate((key, header, str(part), piece)):
                write_text(self.long, self.long_rows, place, value)
            rest, part = rest[len(piece) :], part + 1


class _Styles:
    """Formats of one workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def get(self, **wanted: Any) -> Any:
        key = tuple(sorted(wanted.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(FONT | wanted)
        return self._made[key]

    def cell(self, column: Column, *, grey: bool = False, quoted: bool = False) -> Any:
        wanted: dict[str, Any] = {"valign": "top", "num_format": "@"}
        if column.kind in ("money", "number") and not quoted:
            wanted["num_format"] = _AMOUNT if column.kind == "money" else _NUMBER
        if column.field in _WRAPPED:
            wanted["text_wrap"] = True
        if quoted:
            wanted["quote_prefix"] = True
        if grey:
            wanted |= {"bg_color": "#EEF1F4", "font_color": "#566070", "border": 1, "border_color": "#DEE2E7"}
        return self.get(**wanted)


class _TableSheet:
    """One table while it is written: heads first, then row by row, then what needs to know the last row."""

    def __init__(self, book: _Book, role: str, columns: tuple[Column, ...]) -> None:
        self.book, self.role, self.columns = book, role, columns
        self.sheet = book.book.add_worksheet(sheet_title(role))
        self.rows = 0
        styles = book.styles
        self._plain = [styles.cell(column, grey=column.read_only) for column in columns]
        self._quoted = [styles.cell(column, grey=column.read_only, quoted=True) for column in columns]

    def table(self) -> Table:
        return Table(self.role, sheet_title(self.role), self.columns, self.rows)

    def head(self, control: Control) -> None:
        """Write what stands above the data, and the formats of the columns."""
        styles, sheet = self.book.styles, self.sheet
        for column in self.columns:
            sheet.set_column(column.index, column.index, column.width, styles.cell(column))
        sheet.set_column(0, 0, self.columns[0].width, styles.cell(self.columns[0]), {"hidden": True})
        title = tr("{department}: {sheet} (issue {issue})", department=control.department, sheet=sheet_title(self.role),
                   issue=control.issue)  # fmt: skip
        due = tr(", to be returned by {due}", due=control.due) if control.due else ""
        big = styles.get(bold=True, font_size=14, valign="vcenter")
        sheet.set_row(TITLE_ROW - 1, 26)
        write_text(sheet, TITLE_ROW - 1, 1, title + due, big)
        write_text(sheet, NOTE_ROW - 1, 1, _note(), styles.get(font_color="#B3261E", valign="vcenter"))
        self._groups()
        sheet.set_row(HEADER_ROW - 1, 32)
        for column in self.columns:
            write_text(sheet, HEADER_ROW - 1, column.index, column.header, self._head_style(column))
        sheet.freeze_panes(HEADER_ROW, 3)

    def _groups(self) -> None:
        style = self.book.styles.get(bold=True, align="center", bg_color="#D9E3EE", border=1, border_color="#BFC6CF")
        start = 1
        while start < len(self.columns):
            group, end = self.columns[start].group, start
            while end + 1 < len(self.columns) and self.columns[end + 1].group == group:
                end += 1
            if end > start:
                self.sheet.merge_range(GROUP_ROW - 1, start, GROUP_ROW - 1, end, group_label(group), style)
            else:
                write_text(self.sheet, GROUP_ROW - 1, start, group_label(group), style)
            start = end + 1

    def _head_style(self, column: Column) -> Any:
        colours = {"bg_color": "#E6EDF5"}
        if column.required:
            colours = {"bg_color": "#1D5C9E", "font_color": "#FFFFFF"}
        elif column.read_only:
            colours = {"bg_color": "#DEE2E7", "font_color": "#566070"}
        return self.book.styles.get(
            bold=True, text_wrap=True, valign="vcenter", num_format="@", border=1, border_color="#BFC6CF", **colours
        )

    def add(self, cells: Iterable[Cell]) -> int:
        """Write the next row and return its number from 1."""
        if self.rows >= MOST_ROWS:
            raise InputError("file_too_many_rows")
        row = FIRST_DATA_ROW - 1 + self.rows
        for place, cell in enumerate(cells):
            if cell is None or cell == "":
                if self.columns[place].read_only:
                    self.sheet.write_blank(row, place, None, self._plain[place])
            elif isinstance(cell, Decimal):
                self.sheet.write_number(row, place, cell, self._plain[place])
            else:
                style = self._quoted if cell[0] in FORMULA_STARTS else self._plain
                write_text(self.sheet, row, place, cell, style[place])
        self.rows += 1
        return row + 1

    def finish(self, lists: Lists) -> None:
        """Set filter, checks and printing, which reach over the prepared empty rows."""
        sheet = self.sheet
        first, last, width = FIRST_DATA_ROW - 1, FIRST_DATA_ROW + self.rows + SPARE_ROWS - 2, len(self.columns) - 1
        sheet.autofilter(HEADER_ROW - 1, 0, last, width)
        by_field = {column.field: column for column in self.columns}
        for column in self.columns:
            check = check_of(column, FIRST_DATA_ROW, lists, by_field)
            if check is not None:
                sheet.data_validation(first, column.index, last, column.index, check)
        self._mark_missing(first, last)
        corner = f"A{FIRST_DATA_ROW}:{self.columns[-1].letter}{last + 1}"
        sheet.ignore_errors({"number_stored_as_text": corner, "two_digit_text_year": corner})
        sheet.set_landscape()
        sheet.hide_gridlines(0)
        sheet.set_paper(8)
        sheet.repeat_rows(GROUP_ROW - 1, HEADER_ROW - 1)
        sheet.set_footer(f"&L{self.book.control.issue}&R&P / &N")

    def _mark_missing(self, first: int, last: int) -> None:
        """Colour a required cell that is empty in a row where something stands."""
        row, end = first + 1, self.columns[-1].letter
        style = self.book.styles.get(bg_color="#FCEBE9")
        for column in self.columns:
            if column.required and not column.read_only:
                formula = f'=AND(${column.letter}{row}="",COUNTA($A{row}:${end}{row})>0)'
                options = {"type": "formula", "criteria": formula, "format": style}
                self.sheet.conditional_format(first, column.index, last, column.index, options)


def _note() -> str:
    return tr(
        "Columns with * must be filled in, grey ones stay as they are. Dates: 2017-05-17, 2017-05 or 2017. "
        "New projects go below the last row. Nothing classified may be entered."
    )


def _verify(path: Path, written: Written) -> None:
    """Read every part of the file back and count the rows of the table; ``BadZipFile`` or ``OSError`` else."""
    with zipfile.ZipFile(path) as archive:
        if archive.testzip() is not None:
            raise zipfile.BadZipFile(path.name)
        rows, rest = 0, b""
        with archive.open("xl/worksheets/sheet2.xml") as stream:
            while block := stream.read(1 << 20):
                block = rest + block
                rows += block.count(b"<row r=") - rest.count(b"<row r=")
                rest = block[-6:]
    if rows != FIRST_DATA_ROW - 1 + written.rows:
        raise OSError(errno.EIO, "incomplete")
