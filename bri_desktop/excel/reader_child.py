"""The process that opens a workbook: what crashes, hangs or grows here takes nothing else with it.

Reads one job as JSON from standard input; writes progress and one result as JSON lines to standard output. An exception
that is not the file's own refusal ends the process, and the parent decides what that means.
"""

import json
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from bri_desktop.domain.errors import InputError
from bri_desktop.excel import csv_text, parts
from bri_desktop.excel.grid import DATE, ERROR, LONG_NUMBER, SheetInfo
from bri_desktop.excel.parts import SheetScan
from bri_desktop.excel.spool import Packed, SpoolWriter

_CELL_BYTES = 32
_REPORT_EVERY = 5000
_SMALL_AREA = 2_000_000
_FIFTEEN_DIGITS = 10**15
# What error cells look like where a file keeps only their text (csv, ods).
_ERROR_TEXTS = frozenset(
    ["#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA"]
    + [f"Err:{number}" for number in range(501, 541)]
)

Raw = tuple[str, bool, Iterable[tuple[int, list[Any]]], SheetScan | None]


def main() -> int:
    """Run the job; exit status 0 with a result or a refusal on standard output."""
    job = json.load(sys.stdin)
    _limit(job["memory_mb"], job["seconds"])
    try:
        _emit({"result": _run(job)})
    except InputError as refusal:
        _emit({"error": refusal.code, "values": refusal.values})
    except MemoryError:
        _emit({"error": "file_too_large", "values": {}})
    return 0


def _emit(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def _limit(memory_mb: int, seconds: float) -> None:
    """Cap address space and processor time where the system can."""
    if sys.platform == "win32":
        return
    import resource

    for kind, amount in ((resource.RLIMIT_AS, memory_mb * 2**20), (resource.RLIMIT_CPU, int(seconds) + 5)):
        _, hard = resource.getrlimit(kind)
        amount = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
        resource.setrlimit(kind, (amount, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _run(job: dict[str, Any]) -> dict[str, Any]:
    path, kind = Path(job["path"]), job["kind"]
    if kind == "csv":
        encoding, rows = csv_text.read(path)
        return {"encoding": encoding, **_spool(job, [(path.stem, True, rows, None)])}
    if job.get("task") == "errors":
        return {"errors": _xlrd_errors(path)}
    scans, sizes = _scan(path) if kind in ("xlsx", "xlsm") else (_known(job), 0)
    if job["second"] or _streams(scans.values(), job["memory_mb"]):
        sheets = _xlrd_sheets(path) if kind == "xls" else _openpyxl_sheets(path, scans)
    else:
        sheets = _calamine_sheets(path, scans, kind)
    return _spool(job, sheets, sizes)


def _scan(path: Path) -> tuple[dict[str, SheetScan], int]:
    """Return what the raw parts say by sheet name, and the number of rows in all; nothing where they are not XML."""
    with zipfile.ZipFile(path) as archive:
        try:
            named = parts.sheet_parts(archive)
        except ParseError:
            return {}, 0
        scans = {name: parts.scan(archive, part) for name, part in named.items()}
    return scans, sum(scan.last_row for scan in scans.values())


def _known(job: dict[str, Any]) -> dict[str, SheetScan]:
    """Return the error cells that an earlier run has found, by sheet name."""
    scans = {name: SheetScan() for name in job.get("errors", {})}
    for name, cells in job.get("errors", {}).items():
        for row, column, text in cells:
            scans[name].errors.setdefault(row, {})[column] = text
    return scans


def _streams(scans: Iterable[SheetScan], memory_mb: int) -> bool:
    """Tell whether the dense area of the fast reader would be too large or nearly empty."""
    for scan in scans:
        area = scan.last_row * scan.last_column
        if area * _CELL_BYTES * 2 > memory_mb * 2**20 or (area > _SMALL_AREA and area > 20 * scan.cells):
            return True
    return False


def _spool(job: dict[str, Any], sheets: Iterable[Raw], total: int = 0) -> dict[str, Any]:
    writer = SpoolWriter(Path(job["spool"]))
    infos, indexes, done = [], [], 0
    for name, visible, rows, scan in sheets:
        scan = scan or SheetScan()
        writer.begin(scan.errors)
        for number, cells in rows:
            packed = [_CONVERT[type(value)](value) for value in cells]
            writer.add(number, packed, has_objects=tuple in map(type, packed))
            done += 1
            if done % _REPORT_EVERY == 0:
                _emit({"progress": [done, max(done, total)]})
        index = writer.end()
        infos.append(asdict(_info(name, visible, writer, scan)))
        indexes.append([list(index.first_rows), list(index.offsets)])
    writer.close()
    if not infos:
        raise InputError("file_no_sheets")
    return {"sheets": infos, "indexes": indexes}


def _info(name: str, visible: bool, writer: SpoolWriter, scan: SheetScan) -> SheetInfo:
    return SheetInfo(
        name=name,
        visible=visible,
        rows=writer.last_row,
        columns=writer.columns,
        merged=tuple(scan.merged),
        merged_clipped=scan.merged_clipped,
        hidden_rows=scan.hidden_rows,
        errors=tuple(writer.errors),
        errors_clipped=scan.errors_clipped + writer.errors_clipped,
        clipped=tuple(writer.clipped),
        long_digits=tuple(writer.long_digits),
    )


def _text(value: str) -> Packed:
    if value in _ERROR_TEXTS:
        return (ERROR, value)
    return value if value and not value.isspace() else None


def _integer(value: int) -> Packed:
    return value if abs(value) < _FIFTEEN_DIGITS else (LONG_NUMBER, repr(float(value)))


def _float(value: float) -> Packed:
    if abs(value) >= _FIFTEEN_DIGITS:
        return (LONG_NUMBER, repr(value))
    return int(value) if value.is_integer() else value


def _moment(value: datetime) -> Packed:
    midnight = not (value.hour or value.minute or value.second or value.microsecond)
    return (DATE, value.date().isoformat() if midnight else value.isoformat())


def _day(value: date) -> Packed:
    return (DATE, value.isoformat())


class _Converters(dict[type, Callable[[Any], Packed]]):
    """Types that no reader is known to give are kept as their text."""

    def __missing__(self, key: type) -> Callable[[Any], Packed]:
        return str


_CONVERT = _Converters(
    {
        str: _text,
        int: _integer,
        float: _float,
        bool: bool,
        datetime: _moment,
        date: _day,
        type(None): lambda value: None,
        tuple: tuple,
    }
)


def _calamine_sheets(path: Path, scans: dict[str, SheetScan], kind: str) -> Iterator[Raw]:
    from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_path(path)
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
        yield meta.name, meta.visible == SheetVisibleEnum.Visible, rows, scan


def _take_merges(scan: SheetScan, ranges: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    for (top, left), (bottom, right) in ranges[: parts.MAX_MERGED]:
        scan.merged.append((top + 1, left + 1, bottom + 1, right + 1))
    scan.merged_clipped += max(0, len(ranges) - parts.MAX_MERGED)


def _openpyxl_sheets(path: Path, scans: dict[str, SheetScan]) -> Iterator[Raw]:
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    for sheet in book.worksheets:
        sheet.reset_dimensions()
        rows = ((number, list(cells)) for number, cells in enumerate(sheet.iter_rows(values_only=True), 1))
        yield sheet.title, sheet.sheet_state == "visible", rows, scans.get(sheet.title)
    book.close()


def _xlrd_sheets(path: Path) -> Iterator[Raw]:
    import xlrd

    try:
        book = xlrd.open_workbook(path, logfile=sys.stderr, on_demand=True)
    except xlrd.XLRDError as error:
        code = "file_encrypted" if "encrypted" in str(error) else "file_damaged"
        raise InputError(code) from error
    for index in range(book.nsheets):
        sheet = book.sheet_by_index(index)
        scan = SheetScan(merged=[(top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells])
        rows = ((row + 1, [_xlrd_cell(cell, book.datemode) for cell in sheet.row(row)]) for row in range(sheet.nrows))
        yield sheet.name, sheet.visibility == 0, rows, scan
        book.unload_sheet(index)


def _xlrd_errors(path: Path) -> dict[str, list[tuple[int, int, str]]]:
    """Return the error cells of an old workbook, which the fast reader shows as empty: row, column, text."""
    import xlrd

    book = xlrd.open_workbook(path, logfile=sys.stderr, on_demand=True)
    found: dict[str, list[tuple[int, int, str]]] = {}
    for index in range(book.nsheets):
        sheet = book.sheet_by_index(index)
        found[sheet.name] = [
            (row + 1, column + 1, xlrd.error_text_from_code.get(sheet.cell_value(row, column), "#ERROR"))
            for row in range(sheet.nrows)
            for column, kind in enumerate(sheet.row_types(row))
            if kind == xlrd.XL_CELL_ERROR
        ][: parts.MAX_FOUND]
        book.unload_sheet(index)
    return found


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


if __name__ == "__main__":
    sys.exit(main())
