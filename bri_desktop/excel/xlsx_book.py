"""A ledger as an xlsx workbook: XlsxWriter makes everything but the rows, the rows are written as they come.

XlsxWriter alone needs three quarters of the time that openpyxl does. Here it lays out a workbook without data rows;
the sheet's XML is then copied with the rows put in, which needs neither memory for them nor a call a cell.
"""

import re
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import xlsxwriter

from bri_desktop.excel.parts import column_letter
from bri_desktop.excel.sheet_text import (
    FORMULA_STARTS,
    MAX_CELL,
    ExportColumn,
    Value,
    clean,
    number_text,
    shortened,
    units,
)
from bri_desktop.i18n import tr

MAX_ROWS = 1_048_575
_ROWS_AT_ONCE = 500
_SPARE_ROWS = 500
_BLOCK = 1024 * 1024
_PROBE_ROW = 2
_SHORT, _KEPT_TEXTS = 40, 20_000

_STYLES: dict[str, dict[str, Any]] = {
    "text": {"num_format": "@", "valign": "top"},
    "quoted": {"num_format": "@", "valign": "top", "quote_prefix": True},
    "number": {"num_format": "#,##0.####", "valign": "top"},
    "int": {"num_format": "0", "valign": "top"},
}
_SHEET_END = b"</sheetData>"
_PROBE = re.compile(rb'<c r="([A-Z]+)2" s="(\d+)"/>')
_PROBE_XML = re.compile(rb'<row r="2".*?</row>', re.DOTALL)
_SPECIAL = re.compile("[&<>]|_x[0-9A-Fa-f]{4}_")
_FORBIDDEN_IN_NAME = re.compile(r"[\[\]:*?/\\]")

LongText = tuple[int, str, str]


def write(
    target: IO[bytes],
    title: str,
    columns: Sequence[ExportColumn],
    rows: Iterable[Sequence[Value]],
    progress: Callable[[int], None] | None,
) -> int:
    """Write the workbook to an open file and return the number of rows; ``ValueError`` where a sheet is full."""
    styles = _styles(_skeleton(title, columns, 0, []))
    with tempfile.TemporaryFile() as body:
        count, long_texts = _write_rows(body, columns, rows, styles, progress)
        body.seek(0)
        _assemble(target, _skeleton(title, columns, count, long_texts), body)
    return count


def sheet_name(title: str) -> str:
    """Return a title as a sheet may be called: 31 characters, none of ``[]:*?/\\``."""
    return _FORBIDDEN_IN_NAME.sub(" ", clean(title)).strip(" '")[:31] or "Sheet1"


def _skeleton(title: str, columns: Sequence[ExportColumn], count: int, long_texts: Sequence[LongText]) -> BytesIO:
    """Return the workbook without its data rows; row 2 holds one empty cell of each style."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(sheet_name(title))
    head = book.add_format(
        {"bold": True, "bg_color": "#E6EDF5", "bottom": 1, "text_wrap": True, "valign": "vcenter", "num_format": "@"}
    )
    for place, style in enumerate(_STYLES.values()):
        sheet.write_blank(_PROBE_ROW - 1, place, None, book.add_format(style))
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, clean(column.header), head)
    sheet.freeze_panes(1, 0)
    if columns:
        sheet.autofilter(0, 0, max(count, 1), len(columns) - 1)
    _add_choices(book, sheet, columns, count)
    _add_long_texts(book, long_texts)
    book.close()
    return stream


def _add_choices(book: Any, sheet: Any, columns: Sequence[ExportColumn], count: int) -> None:
    """Put drop-downs on the columns that have choices; another value is warned of, not refused."""
    chosen = [(place, column) for place, column in enumerate(columns) if column.choices]
    if not chosen:
        return
    name = sheet_name(tr("Lists"))
    lists = book.add_worksheet(name)
    lists.hide()
    for place, (target, column) in enumerate(chosen):
        for row, choice in enumerate(column.choices):
            lists.write_string(row, place, clean(choice))
        letter = column_letter(place + 1)
        source = f"='{name}'!${letter}$1:${letter}${len(column.choices)}"
        options = {"validate": "list", "source": source, "error_type": "warning", "ignore_blank": True}
        sheet.data_validation(1, target, min(count + _SPARE_ROWS, MAX_ROWS), target, options)


def _add_long_texts(book: Any, long_texts: Sequence[LongText]) -> None:
    if not long_texts:
        return
    sheet = book.add_worksheet(sheet_name(tr("Long texts")))
    for place, header in enumerate((tr("Row"), tr("Column"), tr("Part"), tr("Text"))):
        sheet.write_string(0, place, header)
    line = 1
    for row, header, text in long_texts:
        rest, part = text, 1
        while rest:
            piece = shortened(rest, MAX_CELL)
            sheet.write_number(line, 0, row)
            sheet.write_string(line, 1, clean(header))
            sheet.write_number(line, 2, part)
            sheet.write_string(line, 3, piece)
            rest, part, line = rest[len(piece) :], part + 1, line + 1


def _styles(skeleton: BytesIO) -> dict[str, str]:
    """Return style name -> its number in the workbook, read from the cells of row 2."""
    with zipfile.ZipFile(skeleton) as archive:
        probes = {letter.decode(): number.decode() for letter, number in _PROBE.findall(archive.read(_sheet_part()))}
    return {name: probes[column_letter(place + 1)] for place, name in enumerate(_STYLES)}


def _sheet_part() -> str:
    return "xl/worksheets/sheet1.xml"


def _write_rows(
    body: IO[bytes],
    columns: Sequence[ExportColumn],
    rows: Iterable[Sequence[Value]],
    styles: dict[str, str],
    progress: Callable[[int], None] | None,
) -> tuple[int, list[LongText]]:
    writer = _RowWriter(columns, styles)
    pieces: list[str] = []
    number = 1
    for number, row in enumerate(rows, 2):
        if number > MAX_ROWS + 1:
            raise ValueError(number)
        pieces.append(writer.row(number, row))
        if number % _ROWS_AT_ONCE == 0:
            body.write("".join(pieces).encode())
            pieces.clear()
            if progress is not None:
                progress(number - 1)
    body.write("".join(pieces).encode())
    return number - 1, writer.long_texts


class _RowWriter:
    """Makes the XML of rows; what is the same in every cell of a column is put together once."""

    def __init__(self, columns: Sequence[ExportColumn], styles: dict[str, str]) -> None:
        self.long_texts: list[LongText] = []
        self._known: dict[str, str] = {}
        self._columns = columns
        self._starts = [f'<c r="{column_letter(place + 1)}' for place in range(len(columns))]
        self._text = f'" s="{styles["text"]}" t="inlineStr"><is><t>'
        self._kept = f'" s="{styles["text"]}" t="inlineStr"><is><t xml:space="preserve">'
        self._quoted = f'" s="{styles["quoted"]}" t="inlineStr"><is><t xml:space="preserve">'
        self._numbers = [f'" s="{styles["int" if column.kind == "int" else "number"]}"><v>' for column in columns]

    def row(self, number: int, values: Sequence[Value]) -> str:
        """Return one ``row`` element."""
        cells = [f'<row r="{number}">']
        known, starts = self._known.get, self._starts
        for place, value in enumerate(values):
            if value is None or value == "":
                continue
            if not isinstance(value, str):
                cells.append(self._number(place, number, value))
                continue
            rest = known(value)
            if rest is None:
                rest = self._string(place, number, value)
            cells.append(f"{starts[place]}{number}{rest}")
        cells.append("</row>")
        return "".join(cells)

    def _string(self, place: int, number: int, value: str) -> str:
        """Return what follows the address of a text cell; short texts stand in many cells, and are kept."""
        is_printable = value.isprintable()
        text = value if is_printable else clean(value)
        if len(text) * 2 > MAX_CELL and units(text) > MAX_CELL:
            text = self._long(place, number, text)
        if text[:1] in FORMULA_STARTS and text:
            middle = self._quoted
        elif (is_printable or text.isprintable()) and text[:1] != " " and text[-1:] != " ":
            middle = self._text
        else:
            middle = self._kept
        if _SPECIAL.search(text):
            text = _escaped(text)
        rest = f"{middle}{text}</t></is></c>"
        if len(value) <= _SHORT and len(self._known) < _KEPT_TEXTS:
            self._known[value] = rest
        return rest

    def _number(self, place: int, number: int, value: int | float | Decimal) -> str:
        text = number_text(value)
        if text is None:
            text = format(value, "f") if value == value else ""
            return f"{self._starts[place]}{number}{self._string(place, number, text)}"
        return f"{self._starts[place]}{number}{self._numbers[place]}{text}</v></c>"

    def _long(self, place: int, number: int, value: str) -> str:
        """Keep the whole text for its own sheet and say so in the cell."""
        self.long_texts.append((number, self._columns[place].header, value))
        note = tr("… (whole text in the sheet “{sheet}”)", sheet=sheet_name(tr("Long texts")))
        return shortened(value, MAX_CELL - units(note)) + note


def _escaped(text: str) -> str:
    # A literal _x000D_ would be read back as a control character.
    text = re.sub("_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _assemble(target: IO[bytes], skeleton: BytesIO, body: IO[bytes]) -> None:
    """Copy the skeleton part by part and put the rows at the end of the first sheet's data."""
    with (
        zipfile.ZipFile(skeleton) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as out,
    ):
        for info in source.infolist():
            data = source.read(info)
            if info.filename != _sheet_part():
                out.writestr(info.filename, data)
                continue
            data = _PROBE_XML.sub(b"", data)
            before, end, after = data.partition(_SHEET_END)
            with out.open(info.filename, "w", force_zip64=True) as sheet:
                sheet.write(re.sub(rb"<dimension [^>]*/>", b"", before))
                while block := body.read(_BLOCK):
                    sheet.write(block)
                sheet.write(end + after)


def row_count(path: Path) -> int:
    """Return how many data rows the written workbook holds; ``zipfile.BadZipFile`` where it cannot be read."""
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            if info.filename != _sheet_part():
                archive.read(info)
        rows, rest = 0, b""
        with archive.open(_sheet_part()) as stream:
            while block := stream.read(_BLOCK):
                block = rest + block
                rows += block.count(b"<row r=") - rest.count(b"<row r=")
                rest = block[-6:]
    return rows - 1
