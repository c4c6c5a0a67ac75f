"""A streaming pass over the parts of an xlsx workbook, for what the fast reader leaves out.

python-calamine gives an empty text for an error cell and for a formula that was never calculated, builds a dense area
between the outermost cells, and knows nothing of hidden rows. This pass finds all that in the raw bytes, with a
bounded window and no document tree.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from posixpath import dirname, join, normpath
from xml.etree import ElementTree

from bri_desktop.excel.grid import NOT_CALCULATED
from bri_desktop.excel.preflight import MAX_SMALL_PART, names

WINDOW = 1024 * 1024
MAX_WINDOW = 16 * 1024 * 1024
MAX_FOUND = 200_000
MAX_LISTED = 200
MAX_MERGED = 10_000

_STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
_LOCAL = re.compile(r"\{.*\}")
_REF = re.compile(rb"""\br=["']([A-Z]{1,3})(\d{1,7})["']""")
_TYPE = re.compile(rb"""\bt=["'](\w+)["']""")
_HIDDEN = re.compile(rb"""\bhidden=["'](?:1|true)["']""")
_NUMBER = re.compile(rb"""\br=["'](\d{1,7})["']""")
_VALUE = re.compile(rb"v(?:\s[^>]*)?>([^<]*)<")
_COLUMNS = re.compile(rb"<(?:\w+:)?col\b([^>]*)>")
_SPAN = re.compile(rb"""\b(min|max)=["'](\d{1,5})["']""")
_MERGE = re.compile(rb"""mergeCell [^>]*?\bref=["']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})["']""")
_SHEET_ROOT = re.compile(rb"<(?:(\w+):)?(?:worksheet|dialogsheet|xm:macrosheet|macrosheet)\b")


@dataclass(slots=True)
class SheetScan:
    """What stands in the XML of one sheet: ``errors`` by row number and column number, both from 1.

    ``values`` counts the cells that hold something, as far as their elements tell.
    """

    errors: dict[int, dict[int, str]] = field(default_factory=dict)
    errors_clipped: int = 0
    found: int = 0
    cells: int = 0
    values: int = 0
    last_row: int = 0
    last_column: int = 0
    hidden_rows: int = 0
    hidden_columns: list[int] = field(default_factory=list)
    filtered: bool = False
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    merged_clipped: int = 0


@dataclass(frozen=True, slots=True)
class _Patterns:
    cell: bytes
    value: bytes
    inline: bytes
    formula_start: bytes
    row_start: bytes
    row_end: bytes
    error: re.Pattern[bytes]
    formula: re.Pattern[bytes]
    row: re.Pattern[bytes]


@dataclass(frozen=True, slots=True)
class BookParts:
    """Names of parts in the archive: ``sheets`` by sheet name, the shared texts and styles where there are any."""

    sheets: Mapping[str, str] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    of_1904: bool = False
    is_strict: bool = False
    texts: str | None = None
    styles: str | None = None


def column_number(letters: bytes | str) -> int:
    """Return 1 for A, 27 for AA."""
    number = 0
    for letter in letters if isinstance(letters, bytes) else letters.encode():
        number = number * 26 + letter - 64
    return number


def column_letter(number: int) -> str:
    """Return A for 1, AA for 27."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def book_parts(archive: zipfile.ZipFile) -> BookParts:
    """Return which parts of the archive are what, as far as the workbook part tells."""
    known = names(archive)
    book = book_part(archive, known)
    targets = relations(archive, known, book)
    if book not in known:
        return BookParts()
    sheets, hidden, of_1904 = {}, set(), False
    for element in tree(archive, known[book]).iter():
        local = _local(element.tag)
        if local == "workbookPr":
            of_1904 = element.attrib.get("date1904", "").lower() in ("1", "true", "on")
        if local != "sheet":
            continue
        identifier = next((value for key, value in element.attrib.items() if key.endswith("}id")), "")
        _, target = targets.get(identifier, ("", ""))
        name = element.attrib.get("name", "")
        if target in known:
            sheets[name] = known[target]
        if element.attrib.get("state", "visible") != "visible":
            hidden.add(name)
    is_strict = _STRICT in archive.read(known[book])[:4096]
    by_kind = {kind: known.get(target) for kind, target in targets.values()}
    return BookParts(sheets, frozenset(hidden), of_1904, is_strict, by_kind.get("sharedStrings"), by_kind.get("styles"))


def scan(archive: zipfile.ZipFile, part: str) -> SheetScan:
    """Read through one sheet and return what stands there."""
    found = SheetScan()
    patterns: _Patterns | None = None
    for window in _windows(archive, part):
        if patterns is None:
            root = _SHEET_ROOT.search(window)
            prefix = root[1] + b":" if root is not None and root[1] else b""
            patterns = _patterns(prefix)
        _look(window, patterns, found)
    return found


def _local(tag: str) -> str:
    return _LOCAL.sub("", tag)


def tree(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    """Return the root of a small part; ``zipfile.BadZipFile`` where it is too large for one."""
    if archive.getinfo(name).file_size > MAX_SMALL_PART:
        raise zipfile.BadZipFile(name)
    return ElementTree.fromstring(archive.read(name))


def book_part(archive: zipfile.ZipFile, known: dict[str, str]) -> str:
    """Return the folded name of the workbook part; ``known`` are the folded names of all parts."""
    if "_rels/.rels" in known:
        for element in tree(archive, known["_rels/.rels"]).iter():
            if element.attrib.get("Type", "").endswith("/officeDocument"):
                return normpath(element.attrib.get("Target", "").replace("\\", "/").lstrip("/")).lower()
    return "xl/workbook.xml"


def relations(archive: zipfile.ZipFile, known: dict[str, str], book: str) -> dict[str, tuple[str, str]]:
    """Return identifier -> kind of relation and folded name of the part."""
    folder, _, file = book.rpartition("/")
    name = known.get(f"{folder}/_rels/{file}.rels".lstrip("/"))
    if name is None:
        return {}
    found = {}
    for element in tree(archive, name).iter():
        target = element.attrib.get("Target", "").replace("\\", "/")
        full = target.lstrip("/") if target.startswith("/") else join(dirname(book), target)
        kind = element.attrib.get("Type", "").rpartition("/")[2]
        found[element.attrib.get("Id", "")] = (kind, normpath(full).lower())
    return found


def _windows(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """Yield the bytes of a part in pieces that end at the end of a row, where rows are of a sane size."""
    with archive.open(part) as stream:
        rest = b""
        while chunk := stream.read(WINDOW):
            rest += chunk
            cut = rest.rfind(b"row>") + 4
            if cut < 4 and len(rest) > MAX_WINDOW:
                cut = len(rest)
            if cut >= 4:
                yield rest[:cut]
                rest = rest[cut:]
        yield rest


def _patterns(prefix: bytes) -> _Patterns:
    open_, close = b"<" + prefix, b"</" + prefix
    value = open_ + rb"v(?:\s[^>]*)?"
    no_value = rb"(?P<blank>" + value + rb"(?:/>|>" + close + rb"v>))?"
    cell = open_ + rb"c\b(?P<attributes>[^>]*)>"
    formula = rb"\s*" + open_ + rb"f\b(?:[^>]*/>|[^>]*>[^<]*" + close + rb"f>)\s*"
    return _Patterns(
        cell=open_ + b"c ",
        value=close + b"v>",
        inline=close + b"is>",
        formula_start=open_ + b"f",
        row_start=open_ + b"row ",
        row_end=close + b"row>",
        error=re.compile(
            open_ + rb"""c\b(?P<attributes>[^>]*\bt=["']e["'][^>]*)>(?P<body>.*?)""" + close + rb"c>", re.S
        ),
        formula=re.compile(cell + formula + no_value + rb"\s*" + close + rb"c>"),
        row=re.compile(open_ + rb"row\b([^>]*)>"),
    )


def _look(window: bytes, patterns: _Patterns, found: SheetScan) -> None:
    found.cells += window.count(patterns.cell)
    found.values += window.count(patterns.value) + window.count(patterns.inline)
    if b't="e"' in window or b"t='e'" in window:
        for match in patterns.error.finditer(window):
            value = _VALUE.search(match["body"])
            text = unescape(value[1].decode("utf-8", "replace")) if value is not None else ""
            _note(found, match["attributes"], text or "#ERROR")
    if patterns.formula_start in window:
        for match in patterns.formula.finditer(window):
            kind = _TYPE.search(match["attributes"])
            if not (match["blank"] and kind is not None and kind[1] == b"str"):
                _note(found, match["attributes"], NOT_CALCULATED)
    if b"filterColumn" in window:
        found.filtered = True
    if b"mergeCell " in window:
        _merges(window, found)
    _measure(window, patterns, found)


def _measure(window: bytes, patterns: _Patterns, found: SheetScan) -> None:
    """Note how far the cells reach: the last cell of every row, the number of the last row."""
    if b"hidden=" in window:
        found.hidden_columns += _hidden_columns(window)
        found.hidden_rows += sum(1 for match in patterns.row.finditer(window) if _HIDDEN.search(match[1]))
    begin, end = 0, window.find(patterns.row_end)
    while end >= 0:
        # Only within its own row: where rows are empty a look further back would read the whole window again and again.
        last_cell = window.rfind(patterns.cell, begin, end)
        reference = _REF.search(window, last_cell, end) if last_cell >= 0 else None
        if reference is not None:
            found.last_column = max(found.last_column, column_number(reference[1]))
        begin, end = end, window.find(patterns.row_end, end + 1)
    last = _NUMBER.search(window, max(window.rfind(patterns.row_start), 0))
    if last is not None:
        found.last_row = max(found.last_row, int(last[1]))


def _hidden_columns(window: bytes) -> Iterator[int]:
    for match in _COLUMNS.finditer(window):
        if _HIDDEN.search(match[1]):
            span = {name: int(number) for name, number in _SPAN.findall(match[1])}
            first = span.get(b"min", 0)
            yield from range(first, min(span.get(b"max", first), first + MAX_LISTED) + 1)


def _merges(window: bytes, found: SheetScan) -> None:
    for match in _MERGE.finditer(window):
        if len(found.merged) >= MAX_MERGED:
            found.merged_clipped += 1
        else:
            first, last = column_number(match[1]), column_number(match[3])
            found.merged.append((int(match[2]), first, int(match[4]), last))


def _note(found: SheetScan, attributes: bytes, text: str) -> None:
    """Keep one error cell; past the limit they are only counted."""
    reference = _REF.search(attributes)
    if reference is None or found.found >= MAX_FOUND:
        found.errors_clipped += 1
        return
    found.found += 1
    found.errors.setdefault(int(reference[2]), {})[column_number(reference[1])] = text
