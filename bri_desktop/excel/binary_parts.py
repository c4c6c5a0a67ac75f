"""What the fast reader leaves out of an xlsb sheet: its error cells, hidden rows and columns, from the binary records.

The values have no second reader: none that is maintained knows the styles by which a number is a date.
"""

import zipfile
from collections.abc import Iterator
from typing import IO

from bri_desktop.excel.parts import MAX_FOUND, MAX_LISTED, SheetScan, book_part, relations
from bri_desktop.excel.preflight import names

_BLOCK = 64 * 1024
_ROW, _ERROR, _FORMULA_ERROR, _SHEET, _COLUMNS, _FILTER = 0, 3, 11, 156, 60, 163
_HIDDEN, _HIDDEN_COLUMN = 0x10, 0x01
# What a row record holds before its flags: number, style, height; and a record of columns: first, last, width, style.
_FLAGS, _COLUMN_FLAGS = 11, 16
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


def scan_book(archive: zipfile.ZipFile) -> dict[str, SheetScan]:
    """Return sheet name -> what stands in its records."""
    known = names(archive)
    book = book_part(archive, known)
    targets = relations(archive, known, book)
    scans = {}
    with archive.open(known[book]) as stream:
        sheets = [_bundle(data) for kind, data in records(stream) if kind == _SHEET]
    for identifier, name in sheets:
        _, target = targets.get(identifier, ("", ""))
        if target in known:
            with archive.open(known[target]) as stream:
                scans[name] = _scan(stream)
    return scans


def _bundle(data: bytes) -> tuple[str, str]:
    """Return identifier and name of a sheet: two texts behind its state and number."""
    first, place = _text(data, 8)
    return first, _text(data, place)[0]


def _text(data: bytes, place: int) -> tuple[str, int]:
    end = place + 4 + 2 * int.from_bytes(data[place : place + 4], "little")
    return data[place + 4 : end].decode("utf-16-le", "replace"), end


def _scan(stream: IO[bytes]) -> SheetScan:
    found, row = SheetScan(), 0
    for kind, data in records(stream):
        if kind == _ROW and len(data) > _FLAGS:
            row = int.from_bytes(data[:4], "little") + 1
            found.last_row = max(found.last_row, row)
            found.hidden_rows += bool(data[_FLAGS] & _HIDDEN)
        elif kind == _COLUMNS and len(data) > _COLUMN_FLAGS and data[_COLUMN_FLAGS] & _HIDDEN_COLUMN:
            first, last = (int.from_bytes(data[place : place + 4], "little") + 1 for place in (0, 4))
            found.hidden_columns += range(first, min(last, first + MAX_LISTED) + 1)
        elif kind == _FILTER:
            found.filtered = True
        elif kind in (_ERROR, _FORMULA_ERROR) and len(data) > 8:
            if found.found >= MAX_FOUND:
                found.errors_clipped += 1
                continue
            found.found += 1
            column = int.from_bytes(data[:4], "little") + 1
            found.errors.setdefault(row, {})[column] = _ERRORS.get(data[8], "#ERROR")
    return found


def records(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield kind and data of each record: both numbers are written seven bits a byte, the lowest first."""
    data, place = b"", 0
    while True:
        if len(data) - place < _BLOCK:
            data, place = data[place:] + stream.read(_BLOCK), 0
        if place >= len(data):
            return
        kind, place = _number(data, place, 2)
        length, place = _number(data, place, 4)
        while len(data) - place < length and (more := stream.read(_BLOCK)):
            data, place = data[place:] + more, 0
        yield kind, data[place : place + length]
        place += length


def _number(data: bytes, place: int, most: int) -> tuple[int, int]:
    number = 0
    for shift in range(most):
        if place >= len(data):
            break
        byte = data[place]
        place += 1
        number |= (byte & 0x7F) << (7 * shift)
        if byte < 0x80:
            break
    return number, place
