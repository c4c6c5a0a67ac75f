"""Where the rows of a workbook come from: the fast reader, the streaming one, and a second library for each format.

Runs in the child process only. A source gives sheets one after another with the rows as the library gives them.
"""

import io
import re
import struct
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bri_desktop.domain.errors import InputError
from bri_desktop.excel import parts
from bri_desktop.excel.grid import ERROR
from bri_desktop.excel.parts import BookParts, SheetScan

_BREAK = re.compile(rb"<text:(tab|line-break)\b[^>]*/>")
_XLS_ROW, _XLS_COLUMNS, _XLS_FILTER, _XLS_END = 0x0208, 0x007D, 0x009B, 0x000A
_XLS_BEGIN = frozenset({0x0009, 0x0209, 0x0409, 0x0809})
_XLS_HIDDEN = 0x20
_NO_CELL = frozenset({0, 6})
"""The types of cells without a value, as xlrd numbers them."""
MAX_ROW = 1_048_576
SAMPLE_ROWS = 100
SAMPLE_TEXTS = 20_000

Rows = Iterable[tuple[int, list[Any]]]


@dataclass(slots=True)
class Source:
    """One sheet; ``sample`` are its first rows as a second reader sees them."""

    name: str
    visible: bool
    rows: Rows
    scan: SheetScan = field(default_factory=SheetScan)
    sample: Mapping[int, list[Any]] = field(default_factory=dict)


def calamine_sheets(
    path: Path, kind: str, scans: Mapping[str, SheetScan], samples: Mapping[str, Any]
) -> Iterator[Source]:
    """Give the sheets by the fast reader, which holds a whole sheet in memory."""
    from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    mended = _with_breaks(path) if kind == "ods" else None
    try:
        book = CalamineWorkbook.from_path(path) if mended is None else CalamineWorkbook.from_filelike(mended)
    except PasswordError as error:
        raise InputError("file_encrypted") from error
    for index, meta in enumerate(book.sheets_metadata):
        if meta.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_index(index)
        scan = scans.get(meta.name) or SheetScan()
        if not scan.merged:
            _take_merges(scan, sheet.merged_cell_ranges or [])
        lead = [None] * (sheet.start[1] if sheet.start else 0)
        rows = ((number, lead + cells) for number, cells in enumerate(sheet.iter_rows(), 1))
        visible = meta.visible == SheetVisibleEnum.Visible
        yield Source(meta.name, visible, rows, scan, samples.get(meta.name) or {})


def _with_breaks(path: Path) -> io.BytesIO | None:
    """Return an OpenDocument file with its tabs and line breaks as characters, which the fast reader else drops."""
    with zipfile.ZipFile(path) as archive:
        content = archive.read("content.xml")
        if _BREAK.search(content) is None:
            return None
        mended = io.BytesIO()
        with zipfile.ZipFile(mended, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
            for info in archive.infolist():
                if info.filename == "content.xml":
                    out.writestr(info.filename, _BREAK.sub(lambda m: b"&#9;" if m[1] == b"tab" else b"&#10;", content))
                elif not info.is_dir():
                    out.writestr(info.filename, archive.read(info))
    mended.seek(0)
    return mended


def _take_merges(scan: SheetScan, ranges: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    for (top, left), (bottom, right) in ranges[: parts.MAX_MERGED]:
        scan.merged.append((top + 1, left + 1, bottom + 1, right + 1))
    scan.merged_clipped += max(0, len(ranges) - parts.MAX_MERGED)


def streamed_sheets(path: Path, scans: Mapping[str, SheetScan]) -> Iterator[Source]:
    """Give the sheets of an xlsx row by row, in little memory."""
    from bri_desktop.excel import xlsx_stream

    with zipfile.ZipFile(path) as archive:
        book = parts.book_parts(archive)
        kinds = xlsx_stream.style_kinds(archive, book.styles)
        with closing(xlsx_stream.SharedTexts(archive.open(book.texts) if book.texts else None)) as texts:
            for name, part in book.sheets.items():
                rows = xlsx_stream.read_rows(archive, part, texts, kinds, of_1904=book.of_1904)
                yield Source(name, name not in book.hidden, rows, scans.get(name) or SheetScan())


def xlsx_samples(path: Path, book: BookParts) -> dict[str, dict[int, list[Any]]]:
    """Return the first rows of each sheet by the streaming reader, by sheet name; those that it could read."""
    from xml.parsers.expat import ExpatError

    from bri_desktop.excel import xlsx_stream

    samples: dict[str, dict[int, list[Any]]] = {}
    with zipfile.ZipFile(path) as archive:
        for name, part in book.sheets.items():
            try:
                found = xlsx_stream.first_rows(archive, book, part, SAMPLE_ROWS, most_texts=SAMPLE_TEXTS)
            except (ExpatError, ValueError, IndexError):
                continue
            samples[name] = found or {}
    return samples


def openpyxl_sheets(path: Path, scans: Mapping[str, SheetScan]) -> Iterator[Source]:
    """Give the sheets of an xlsx by the second library."""
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    for sheet in book.worksheets:
        sheet.reset_dimensions()
        yield Source(
            sheet.title, sheet.sheet_state == "visible", _numbered(sheet), scans.get(sheet.title) or SheetScan()
        )
    book.close()


def _numbered(sheet: Any) -> Iterator[tuple[int, list[Any]]]:
    """Number the rows; ``ValueError`` past the last row of a sheet, where the library would make up rows for ever."""
    for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
        if number > MAX_ROW:
            raise ValueError(number)
        yield number, list(cells)


def xlrd_sheets(path: Path) -> Iterator[Source]:
    """Give the sheets of an xls by the second library."""
    import xlrd

    try:
        book = xlrd.open_workbook(path, logfile=sys.stderr, on_demand=True)
    except xlrd.XLRDError as error:
        code = "file_encrypted" if "encrypted" in str(error) else "file_damaged"
        raise InputError(code) from error
    for index in range(book.nsheets):
        sheet = book.sheet_by_index(index)
        scan = SheetScan(merged=[(top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells])
        rows = ((row + 1, _xlrd_row(sheet, row, book.datemode)) for row in range(sheet.nrows))
        yield Source(sheet.name, sheet.visibility == 0, rows, scan)
        book.unload_sheet(index)


def xls_facts(path: Path) -> dict[str, dict[str, Any]]:
    """Return by sheet what the fast reader leaves out of an xls, and its first rows for comparison.

    ``errors``: row, column, text of the error cells; ``hidden``: how many rows are hidden, the numbers of the hidden
    columns, whether a filter hides rows; ``sample``: rows by number.
    """
    import xlrd

    book = xlrd.open_workbook(path, logfile=sys.stderr, on_demand=True, formatting_info=False)
    found: dict[str, dict[str, Any]] = {}
    for index in range(book.nsheets):
        sheet = book.sheet_by_index(index)
        errors = [
            (row + 1, column + 1, xlrd.error_text_from_code.get(sheet.cell_value(row, column), "#ERROR"))
            for row in range(sheet.nrows)
            for column, kind in enumerate(sheet.row_types(row))
            if kind == xlrd.XL_CELL_ERROR
        ][: parts.MAX_FOUND]
        sample = [(row + 1, _xlrd_row(sheet, row, book.datemode)) for row in range(min(sheet.nrows, SAMPLE_ROWS))]
        filled = {row for row in range(sheet.nrows) if any(kind not in _NO_CELL for kind in sheet.row_types(row))}
        found[sheet.name] = {"errors": errors, "hidden": _xls_hidden(book, index, filled), "sample": sample}
        book.unload_sheet(index)
    return found


def _xls_hidden(book: Any, index: int, filled: Set[int]) -> tuple[int, list[int], bool]:
    """Read the records of rows and columns, which the library skips unless it keeps every style in memory."""
    data, place = book.mem, book._sh_abs_posn[index]
    rows, columns, filtered, depth = 0, list[int](), False, 0
    while place + 4 <= len(data):
        kind, length = struct.unpack_from("<HH", data, place)
        body = bytes(data[place + 4 : place + 4 + length])
        place += 4 + length
        depth += (kind in _XLS_BEGIN) - (kind == _XLS_END)
        if depth <= 0:
            break
        if depth > 1:
            continue
        filtered |= kind == _XLS_FILTER
        if kind == _XLS_ROW and length >= 14:
            rows += bool(body[12] & _XLS_HIDDEN) and int.from_bytes(body[:2], "little") in filled
        elif kind == _XLS_COLUMNS and length >= 10 and body[8] & 1:
            first, last = struct.unpack_from("<HH", body)
            columns += range(first + 1, min(last, first + parts.MAX_LISTED) + 2)
    return rows, columns, filtered


def _xlrd_row(sheet: Any, row: int, datemode: int) -> list[Any]:
    return [_xlrd_cell(cell, datemode) for cell in sheet.row(row)]


def _xlrd_cell(cell: Any, datemode: int) -> Any:
    import xlrd

    if cell.ctype == xlrd.XL_CELL_ERROR:
        return (ERROR, xlrd.error_text_from_code.get(cell.value, "#ERROR"))
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return xlrd.xldate_as_datetime(cell.value, datemode)
        except (ValueError, OverflowError):
            return cell.value
    return None if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK) else cell.value
