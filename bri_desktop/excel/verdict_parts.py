"""A workbook without the rows that nobody looks at, and these rows again in the copy that was made of it.

What marks cells holds a whole workbook in memory. It is given one of nothing but the cells that get a mark; every other
cell is copied from the file as it stands, with its value, its formula and what that came to.
"""

import re
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import ParseError

from bri_desktop.excel import parts
from bri_desktop.excel.parts import column_number

Cells = Mapping[int, frozenset[bytes]]
"""Row number -> addresses of cells."""

BLOCK = 1 << 20
_OPEN = re.compile(rb"<sheetData\s*(/?)>")
_CLOSE = b"</sheetData>"
_ROW = re.compile(rb"<row\b[^>]*?(?:/>|>.*?</row>)", re.DOTALL)
_ROW_TAG = re.compile(rb'<row\b[^>]*?\sr="(\d+)"[^>]*>')
_CELL = re.compile(rb"<c\b[^>]*?(?:/>|>.*?</c>)", re.DOTALL)
_ADDRESS = re.compile(rb'<c\b[^>]*?\sr="([A-Z]+)(\d+)"')
_STYLE = re.compile(rb'(<c\b[^>]*?)\ss="(\d+)"')
_FOREIGN = re.compile(rb'\s(?!xml:)[\w.-]+:[\w.-]+="[^"]*"')
_METADATA = re.compile(rb'(<c\b[^>]*?)\s[cv]m="\d+"')
_PREFIXED = re.compile(rb"<[\w.-]+:")
_COMMENTED = re.compile(rb'<comment\b[^>]*?\sref="([A-Z]+)(\d+)"')
_TEXTS, _TEXTS_PART = "sharedstrings.xml", "xl/sharedStrings.xml"
_LISTS: Mapping[str, tuple[bytes, bytes]] = {
    "[Content_Types].xml": (
        b"</Types>",
        b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        b'spreadsheetml.sharedStrings+xml"/>',
    ),
    "xl/_rels/workbook.xml.rels": (
        b"</Relationships>",
        b'<Relationship Id="texts" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        b'sharedStrings" Target="/xl/sharedStrings.xml"/>',
    ),
}
_NO_TEXTS = b'<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'


class UnusualSheetError(Exception):
    """The rows of a sheet are written in a way that they cannot be copied as they stand."""


def cells_by_row(addresses: Iterable[str]) -> Cells:
    """Return addresses as A12 by their row."""
    rows: dict[int, set[bytes]] = {}
    for address in addresses:
        letters = address.rstrip("0123456789")
        rows.setdefault(int(address[len(letters) :]), set()).add(address.encode())
    return {row: frozenset(cells) for row, cells in rows.items()}


def write_skeleton(book: Path, out: Path, kept: Mapping[str, Iterable[str]]) -> dict[str, Cells]:
    """Write ``book`` to ``out`` with nothing in its sheets but the cells of ``kept`` (by sheet) and those that bear a
    comment, without their values; return them by sheet. Raises :class:`UnusualSheetError`."""
    with zipfile.ZipFile(book) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        sheets = _sheets(source)
        named = {part: name for name, part in sheets.items()}
        chosen = {name: _with_comments(source, part, kept.get(name, ())) for name, part in sheets.items()}
        for info in source.infolist():
            if info.filename in named:
                with target.open(info.filename, "w", force_zip64=True) as stream:
                    _write_thin(source, info.filename, chosen[named[info.filename]], stream)
            elif info.filename.lower().endswith(_TEXTS):
                target.writestr(info.filename, _NO_TEXTS)
            elif not info.is_dir():
                target.writestr(info.filename, source.read(info))
    return chosen


def write_filled(
    book: Path, marked: Path, stream: IO[bytes], chosen: Mapping[str, Cells], own: Collection[str]
) -> None:
    """Write the marked skeleton with all rows of ``book`` in their places, the cells of ``chosen`` as they look there;
    the sheets of ``own`` are whole. Raises :class:`UnusualSheetError`."""
    with (
        zipfile.ZipFile(book) as source,
        zipfile.ZipFile(marked) as copy,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target,
    ):
        known = _sheets(source)
        named = {part: name for name, part in _sheets(copy).items() if name in known and name not in own}
        texts = next((name for name in source.namelist() if name.lower().endswith(_TEXTS)), None)
        for info in copy.infolist():
            if info.filename in named:
                name = named[info.filename]
                with target.open(info.filename, "w", force_zip64=True) as part:
                    _write_full(source, known[name], copy.read(info), chosen[name], part)
            elif not info.filename.lower().endswith(_TEXTS):
                data = copy.read(info)
                target.writestr(info.filename, data if texts is None else _with_texts(info.filename, data))
        if texts is not None:
            with source.open(texts) as rows, target.open(_TEXTS_PART, "w", force_zip64=True) as part:
                while block := rows.read(BLOCK):
                    part.write(block)


def _with_texts(name: str, data: bytes) -> bytes:
    """Return a part that lists others with the shared texts among them: the copy has none of its own."""
    end, line = _LISTS.get(name, (b"", b""))
    return data.replace(end, line + end, 1) if end and _TEXTS_PART.encode() not in data else data


def _sheets(archive: zipfile.ZipFile) -> Mapping[str, str]:
    try:
        return parts.book_parts(archive).sheets
    except ParseError as error:
        raise UnusualSheetError from error


def _with_comments(archive: zipfile.ZipFile, part: str, addresses: Iterable[str]) -> Cells:
    """Return the cells of a sheet that are wanted, and those with a comment."""
    folder, _, name = part.rpartition("/")
    found = set(addresses)
    rels = f"{folder}/_rels/{name}.rels"
    if rels in archive.namelist():
        for target in re.findall(rb'Target="([^"]*comments[^"]*\.xml)"', archive.read(rels)):
            file = target.decode().rpartition("/")[2]
            for known in archive.namelist():
                if known.rpartition("/")[2] == file:
                    found |= {(a + b).decode() for a, b in _COMMENTED.findall(archive.read(known))}
    return cells_by_row(found)


# -- taking the rows out -----------------------------------------------------------------------------------------


def _write_thin(archive: zipfile.ZipFile, part: str, kept: Cells, out: IO[bytes]) -> None:
    for kind, piece in _pieces(archive, part):
        if kind != "row":
            out.write(piece)
            continue
        number = _number(piece)
        if number in kept:
            cells = [_bare(cell) for cell in _CELL.findall(piece) if _name(cell) in kept[number]]
            out.write(b'<row r="%d">%s</row>' % (number, b"".join(cells)))


def _pieces(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[str, bytes]]:
    """Give what stands before the rows, each row, and what stands after them."""
    with archive.open(part) as stream:
        buffer = b""
        while (start := _OPEN.search(buffer)) is None:
            block = stream.read(BLOCK)
            if not block:
                raise UnusualSheetError
            buffer += block
        if start[1]:
            yield "head", buffer[: start.start()] + b"<sheetData>"
            yield "tail", _CLOSE + buffer[start.end() :] + stream.read()
            return
        yield "head", buffer[: start.end()]
        buffer = buffer[start.end() :]
        while True:
            end = 0
            for row in _ROW.finditer(buffer):
                if buffer[end : row.start()].strip():
                    break
                yield "row", row[0]
                end = row.end()
            buffer = buffer[end:]
            rest = buffer.lstrip()
            if rest.startswith(_CLOSE):
                yield "tail", rest + stream.read()
                return
            block = stream.read(BLOCK)
            if not block:
                raise UnusualSheetError
            buffer += block


def _number(row: bytes) -> int:
    found = _ROW_TAG.match(row)
    if found is None:
        raise UnusualSheetError
    return int(found[1])


def _name(cell: bytes) -> bytes:
    found = _ADDRESS.match(cell)
    if found is None:
        raise UnusualSheetError
    return found[1] + found[2]


def _bare(cell: bytes) -> bytes:
    style = _STYLE.match(cell)
    return b'<c r="%s" s="%s"/>' % (_name(cell), style[2] if style else b"0")


# -- putting them back -------------------------------------------------------------------------------------------


def _write_full(archive: zipfile.ZipFile, part: str, marked: bytes, chosen: Cells, out: IO[bytes]) -> None:
    start = _OPEN.search(marked)
    if start is None:
        raise UnusualSheetError
    end = start.end() if start[1] else marked.index(_CLOSE) + len(_CLOSE)
    styles = _styles(marked[start.start() : end], chosen)
    out.write(marked[: start.start()] + b"<sheetData>")
    waiting = sorted(styles)
    for kind, row in _pieces(archive, part):
        if kind != "row":
            continue
        number = _number(row)
        while waiting and waiting[0] < number:
            out.write(_restyled(b'<row r="%d"></row>' % waiting[0], styles[waiting.pop(0)]))
        row = _plain(row)
        if waiting and waiting[0] == number:
            row = _restyled(row, styles[waiting.pop(0)])
        out.write(row)
    for number in waiting:
        out.write(_restyled(b'<row r="%d"></row>' % number, styles[number]))
    out.write(_CLOSE + marked[end:])


def _styles(data: bytes, chosen: Cells) -> dict[int, dict[bytes, bytes | None]]:
    """Return row -> address -> number of the style that the chosen cells have got; ``None``: nothing is left of it."""
    found: dict[int, dict[bytes, bytes | None]] = {row: dict.fromkeys(cells) for row, cells in chosen.items()}
    for row in _ROW.findall(data):
        number = _number(row)
        for cell in _CELL.findall(row) if number in chosen else ():
            style, name = _STYLE.match(cell), _name(cell)
            if name in chosen[number]:
                found[number][name] = style[2] if style else b"0"
    return found


def _plain(row: bytes) -> bytes:
    """Return a row without what belongs to parts of the file that are no longer there."""
    tag = row[: row.index(b">") + 1]
    if b":" in tag:
        row = _FOREIGN.sub(b"", tag) + row[len(tag) :]
    if b' cm="' in row or b' vm="' in row:
        row = _METADATA.sub(rb"\1", _METADATA.sub(rb"\1", row))
    if b"extLst" in row and _PREFIXED.search(row):
        raise UnusualSheetError
    return row


def _restyled(row: bytes, styles: Mapping[bytes, bytes | None]) -> bytes:
    """Return a row whose cells have other styles; one that is not there yet is put in its place."""
    if row.endswith(b"/>") and not row.endswith(b"</row>"):
        row = row[:-2].rstrip() + b"></row>"
    tag = row[: row.index(b">") + 1]
    cells = {_name(cell): cell for cell in _CELL.findall(row)}
    for name, style in styles.items():
        if style is None and name not in cells:
            continue
        own = b' s="%s"' % (style or b"0")
        cell = cells.get(name, b'<c r="%s"/>' % name)
        cell = _STYLE.sub(rb"\1", cell, count=1)
        address = b' r="%s"' % name
        cells[name] = cell.replace(address, address + own, 1)
    order = sorted(cells, key=lambda name: column_number(name.rstrip(b"0123456789")))
    return tag + b"".join(cells[name] for name in order) + b"</row>"
