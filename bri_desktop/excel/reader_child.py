"""The process that opens a workbook: what crashes, hangs or grows here takes nothing else with it.

Reads one job as JSON from standard input; writes progress and one result as JSON lines to standard output. An exception
that is not the file's own refusal ends the process, and the parent decides what that means.
"""

import contextlib
import json
import sys
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from bri_desktop.domain.errors import InputError
from bri_desktop.excel import binary_parts, csv_text, ods_parts, parts, sources
from bri_desktop.excel.grid import DATE, DISAGREEMENT, ERROR, LONG_NUMBER, SheetInfo
from bri_desktop.excel.parts import BookParts, SheetScan, column_letter
from bri_desktop.excel.sources import Source
from bri_desktop.excel.spool import Packed, SpoolWriter

MAX_AREA_HELD = 3_800_000
MAX_TEXTS_HELD = 96 * 2**20
_REPORT_EVERY = 5000
_SMALL_AREA = 2_000_000
_FIFTEEN_DIGITS = 10**15
# What error cells look like where a file keeps only their text (csv, ods).
_ERROR_TEXTS = frozenset(
    ["#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA"]
    + [f"Err:{number}" for number in range(501, 541)]
)


def main() -> int:
    """Run the job; exit status 0 with a result or a refusal on standard output.

    What a library prints goes to the standard error: among the messages nobody could read it.
    """
    job = json.load(sys.stdin)
    _limit(job["memory_mb"], job["seconds"])
    with contextlib.redirect_stdout(sys.stderr):
        _emit(_answer(job))
    return 0


def _answer(job: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"result": _run(job)}
    except InputError as refusal:
        return {"error": refusal.code, "values": refusal.values}
    except MemoryError:
        return {"error": "file_too_large", "values": {}}


def _emit(message: dict[str, Any]) -> None:
    assert sys.__stdout__ is not None
    sys.__stdout__.write(json.dumps(message) + "\n")
    sys.__stdout__.flush()


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
        return {"encoding": encoding, **_spool(job, [Source(path.stem, True, rows)])}
    if job.get("task") == "facts":
        return {"facts": _packed_facts(sources.xls_facts(path))}
    if kind in ("xlsx", "xlsm"):
        return _run_xlsx(job, path)
    if kind == "xls" and job["second"]:
        return _spool(job, sources.xlrd_sheets(path))
    if kind == "ods":
        with zipfile.ZipFile(path) as archive:
            sheets = ods_parts.scan_book(archive)
        samples = {name: one.sample for name, one in sheets.items()}
        return _spool(
            job, sources.calamine_sheets(path, kind, {name: one.scan for name, one in sheets.items()}, samples)
        )
    scans = _binary_scans(path) if kind == "xlsb" else _known_scans(job)
    known = {name: _unpacked(found["sample"]) for name, found in job.get("facts", {}).items()}
    return _spool(job, sources.calamine_sheets(path, kind, scans, known))


def _run_xlsx(job: dict[str, Any], path: Path) -> dict[str, Any]:
    book, scans = _scan(path)
    rows = sum(scan.last_row for scan in scans.values())
    if job["second"]:
        # The second library takes a workbook of the Strict kind for an empty one.
        again = sources.streamed_sheets if book.is_strict else sources.openpyxl_sheets
        return _with_rows(_spool(job, again(path, scans), rows), scans)
    if _is_large(path, book, scans.values()):
        return _spool(job, sources.streamed_sheets(path, scans), rows)
    return _spool(job, sources.calamine_sheets(path, job["kind"], scans, sources.xlsx_samples(path, book)), rows)


def _with_rows(result: dict[str, Any], scans: Mapping[str, SheetScan]) -> dict[str, Any]:
    """Raise ``ValueError`` where a sheet came out empty although cells stand in it."""
    for info in result["sheets"]:
        scan = scans.get(info["name"])
        if scan is not None and scan.values and not info["rows"] and not info["clipped"]:
            raise ValueError(info["name"])
    return result


def _scan(path: Path) -> tuple[BookParts, dict[str, SheetScan]]:
    """Return the parts and what the raw sheets say by name; nothing where they are not XML."""
    with zipfile.ZipFile(path) as archive:
        try:
            book = parts.book_parts(archive)
        except ParseError:
            return BookParts(), {}
        return book, {name: parts.scan(archive, part) for name, part in book.sheets.items()}


def _binary_scans(path: Path) -> dict[str, SheetScan]:
    with zipfile.ZipFile(path) as archive:
        return binary_parts.scan_book(archive)


def _known_scans(job: dict[str, Any]) -> dict[str, SheetScan]:
    """Return what an earlier run has found, by sheet name."""
    scans = {name: SheetScan() for name in job.get("facts", {})}
    for name, found in job.get("facts", {}).items():
        scans[name].hidden_rows, scans[name].hidden_columns, scans[name].filtered = found["hidden"]
        for row, column, text in found["errors"]:
            scans[name].errors.setdefault(row, {})[column] = text
    return scans


def _unpacked(rows: list[Any]) -> dict[int, list[Any]]:
    """Return sample rows as they were before they went through JSON."""
    return {number: [tuple(cell) if isinstance(cell, list) else cell for cell in cells] for number, cells in rows}


def _packed_facts(facts: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    for found in facts.values():
        found["sample"] = [
            (number, [_CONVERT[type(cell)](cell) for cell in cells]) for number, cells in found["sample"]
        ]
    return facts


def _is_large(path: Path, book: BookParts, scans: Iterable[SheetScan]) -> bool:
    """Tell whether the fast reader, which holds the area between the outermost cells, would need too much memory."""
    if book.texts is not None:
        with zipfile.ZipFile(path) as archive:
            if archive.getinfo(book.texts).file_size > MAX_TEXTS_HELD:
                return True
    for scan in scans:
        area = scan.last_row * scan.last_column
        if area > MAX_AREA_HELD or (area > _SMALL_AREA and area > 20 * scan.cells):
            return True
    return False


def _spool(job: dict[str, Any], sheets: Iterable[Source], total: int = 0) -> dict[str, Any]:
    writer = SpoolWriter(Path(job["spool"]))
    infos, indexes, done = [], [], 0
    for sheet in sheets:
        writer.begin(sheet.scan.errors)
        sample = {number: [_CONVERT[type(value)](value) for value in cells] for number, cells in sheet.sample.items()}
        for number, cells in sheet.rows:
            packed = [_CONVERT[type(value)](value) for value in cells]
            if sample and (other := sample.pop(number, None)) is not None:
                packed = _agreed(cells, packed, other)
            writer.add(number, packed, has_objects=tuple in map(type, packed))
            done += 1
            if done % _REPORT_EVERY == 0:
                _emit({"progress": [done, max(done, total)]})
        index = writer.end()
        infos.append(asdict(_info(sheet, writer)))
        indexes.append([list(index.first_rows), list(index.offsets)])
    writer.close()
    if not infos:
        raise InputError("file_no_sheets")
    return {"sheets": infos, "indexes": indexes}


def _agreed(cells: list[Any], packed: list[Packed], other: list[Packed]) -> list[Packed]:
    """Return a row as both readers see it; a cell that they see differently is an error that shows both readings."""
    width = max(len(packed), len(other))
    both = zip(*(row + [None] * (width - len(row)) for row in (cells, packed, other)), strict=True)
    # A time without a day has no kind of cell of its own: each reader shows it in its own way.
    return [
        one if one == two or two == ods_parts.NOT_COMPARED or isinstance(raw, timedelta | time) else _settled(one, two)
        for raw, one, two in both
    ]


def _settled(one: Packed, two: Packed) -> Packed:
    if one is None and isinstance(two, tuple) and two[0] == ERROR:
        return two
    return (ERROR, DISAGREEMENT.join(map(_shown, (one, two))))


def _shown(cell: Packed) -> str:
    return "" if cell is None else cell[1] if isinstance(cell, tuple) else str(cell)


def _info(sheet: Source, writer: SpoolWriter) -> SheetInfo:
    scan = sheet.scan
    return SheetInfo(
        name=sheet.name,
        visible=sheet.visible,
        rows=writer.last_row,
        columns=writer.columns,
        merged=tuple(scan.merged),
        merged_clipped=scan.merged_clipped,
        hidden_rows=scan.hidden_rows,
        hidden_columns=tuple(column_letter(number) for number in scan.hidden_columns if number <= writer.columns),
        filtered=scan.filtered,
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


if __name__ == "__main__":
    sys.exit(main())
