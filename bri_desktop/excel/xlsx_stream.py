"""An xlsx sheet read row by row in little memory, whatever its size.

The fast reader builds the whole area of a sheet (about 100 bytes a cell), and openpyxl takes ten times as long; no
kept-up library streams. So a sheet of millions of cells is read here, with expat; the same code gives the second
opinion on a sample of the rows of smaller ones.
"""

import re
import tempfile
import zipfile
from array import array
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, time, timedelta
from html import unescape
from typing import IO, Any
from xml.parsers import expat

from openpyxl.styles.numbers import is_date_format, is_timedelta_format

from bri_desktop.excel.grid import ERROR, NOT_CALCULATED
from bri_desktop.excel.parts import BookParts, column_number, tree

BLOCK = 256 * 1024
CACHED_TEXTS = 100_000
CACHED_DATES = 20_000
MAX_ROW, MAX_COLUMN = 1_048_576, 16_384

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_DATE_FORMATS = frozenset([*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)])
_DURATION_FORMATS = frozenset([46])
_EPOCH_1904, _EPOCH_EARLY, _EPOCH = datetime(1904, 1, 1), datetime(1899, 12, 31), datetime(1899, 12, 30)
_DAY_SECONDS = 86_400
_LAST_SERIAL = 2_958_466
_DAYS_TO_1904 = 1462
NUMBER, DATE, DURATION = range(3)


class SharedTexts:
    """The texts that cells refer to by number, kept on disk; the latest ones are remembered."""

    def __init__(self, stream: IO[bytes] | None, *, stop: int | None = None) -> None:
        """Read the part to its end, or up to text number ``stop``."""
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as this object; see close
        self._ends = array("Q", [0])
        self._known: dict[int, str] = {}
        if stream is not None:
            self._load(stream, stop)

    def close(self) -> None:
        """Remove the texts."""
        self._file.close()

    def __getitem__(self, number: int) -> str:
        """Return a text; ``IndexError`` where the file has none of this number."""
        if (known := self._known.get(number)) is not None:
            return known
        if not 0 <= number < len(self._ends) - 1:
            raise IndexError(number)
        start, end = self._ends[number], self._ends[number + 1]
        self._file.seek(start)
        text = self._file.read(end - start).decode("utf-8", "surrogatepass")
        if len(self._known) >= CACHED_TEXTS:
            self._known.clear()
        self._known[number] = text
        return text

    def _load(self, stream: IO[bytes], stop: int | None) -> None:
        parser = _TextParser()
        while (block := stream.read(BLOCK)) or not parser.ended:
            parser.feed(block)
            for text in parser.texts:
                self._ends.append(self._ends[-1] + self._file.write(text.encode("utf-8", "surrogatepass")))
            parser.texts.clear()
            if stop is not None and len(self._ends) > stop + 1:
                return


class _TextParser:
    """Collects the texts of the part of shared strings, without phonetic readings."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.ended = False
        self._pieces: list[str] = []
        self._skipped = 0
        self._is_text = False
        self._parser = _parser(self._start, self._end, self._data)

    def feed(self, block: bytes) -> None:
        """Take the next bytes; no bytes end the part."""
        self.ended = not block
        self._parser.Parse(block, self.ended)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "si":
            self._pieces = []
        elif local == "rPh":
            self._skipped += 1
        elif local == "t":
            self._is_text = not self._skipped

    def _end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        if local == "si":
            self.texts.append(plain("".join(self._pieces)))
        elif local == "rPh":
            self._skipped -= 1
        elif local == "t":
            self._is_text = False

    def _data(self, data: str) -> None:
        if self._is_text:
            self._pieces.append(data)


def _parser(
    start: Callable[[str, dict[str, str]], None], end: Callable[[str], None], data: Callable[[str], None]
) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = data
    return parser


def plain(text: str) -> str:
    """Return a text with ``_x000D_`` and its like as the characters that they stand for."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def style_kinds(archive: zipfile.ZipFile, part: str | None) -> list[int]:
    """Return what the cells of each style hold: ``NUMBER``, ``DATE`` or ``DURATION``."""
    if part is None:
        return []
    formats: dict[int, str] = {}
    kinds: list[int] = []
    for element in tree(archive, part):
        local = element.tag.rpartition("}")[2]
        if local == "numFmts":
            formats = {
                int(child.attrib["numFmtId"]): unescape(child.attrib.get("formatCode", ""))
                for child in element
                if child.attrib.get("numFmtId", "").isdigit()
            }
        elif local == "cellXfs":
            kinds = [_kind_of(child.attrib.get("numFmtId", "0"), formats) for child in element]
    return kinds


def _kind_of(number: str, formats: dict[int, str]) -> int:
    code = int(number) if number.isdigit() else 0
    written = formats.get(code)
    if written is None:
        return DATE if code in _DATE_FORMATS else DURATION if code in _DURATION_FORMATS else NUMBER
    if is_timedelta_format(written):
        return DURATION
    return DATE if is_date_format(written) else NUMBER


def moment(serial: float, *, of_1904: bool) -> datetime | time | float:
    """Return the date, date with time or time of day that a serial number stands for, to the millisecond."""
    if not 0 <= serial < _LAST_SERIAL - _DAYS_TO_1904 * of_1904:
        return serial
    milliseconds = round(serial * _DAY_SECONDS * 1000)
    if serial < 1:
        return (datetime(2000, 1, 1) + timedelta(milliseconds=milliseconds)).time()
    # The 29th of February 1900, which spreadsheets know, never was.
    epoch = _EPOCH_1904 if of_1904 else _EPOCH_EARLY if serial < 60 else _EPOCH
    return epoch + timedelta(milliseconds=milliseconds)


class _SheetParser:
    """Collects the rows of a sheet from its XML."""

    def __init__(self, texts: Sequence[str] | SharedTexts, kinds: Sequence[int], of_1904: bool) -> None:
        self.rows: list[tuple[int, list[Any]]] = []
        self._texts = texts
        self._dates = frozenset(str(place) for place, kind in enumerate(kinds) if kind != NUMBER)
        self._kinds = dict(zip(map(str, range(len(kinds))), kinds, strict=True))
        self._of_1904 = of_1904
        self._moments: dict[tuple[str, str], Any] = {}
        self._columns: dict[str, int] = {}
        self._names: dict[str, str] = {}
        self._number = 0
        self._cells: list[Any] = []
        self._column = 0
        self._type: str | None = None
        self._style: str | None = None
        self._value = ""
        self._has_value = self._has_formula = self._collects = False
        self._skipped = 0
        self._parser = _parser(self._start, self._end, self._data)

    def feed(self, block: bytes) -> None:
        """Take the next bytes; no bytes end the part. ``expat.ExpatError`` where they are not XML."""
        self._parser.Parse(block, not block)

    def _local(self, name: str) -> str:
        local = self._names[name] = name.rpartition(":")[2]
        return local

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = self._names.get(name) or self._local(name)
        if local == "c":
            self._begin_cell(attributes.get("r"))
            self._type = attributes.get("t")
            self._style = attributes.get("s")
            self._value = ""
            self._has_value = self._has_formula = False
        elif local == "v":
            self._collects = self._has_value = True
        elif local == "t":
            self._collects = not self._skipped
        elif local == "f":
            self._has_formula = True
        elif local == "row":
            self._begin_row(attributes.get("r"))
        elif local == "rPh":
            self._skipped += 1

    def _data(self, data: str) -> None:
        if self._collects:
            self._value += data

    def _end(self, name: str) -> None:
        local = self._names[name]
        if local == "c":
            self._place(self._cell())
        elif local in ("v", "t"):
            self._collects = False
        elif local == "row":
            if self._cells:
                self.rows.append((self._number, self._cells))
        elif local == "rPh":
            self._skipped -= 1

    def _begin_row(self, reference: str | None) -> None:
        number = int(reference) if reference else self._number + 1
        if not self._number < number <= MAX_ROW:
            raise ValueError(f"row {number} after {self._number}")
        self._number, self._cells, self._column = number, [], 0

    def _begin_cell(self, reference: str | None) -> None:
        if reference is None:
            self._column += 1
            return
        letters = reference.rstrip("0123456789")
        column = self._columns.get(letters)
        if column is None:
            column = self._columns[letters] = column_number(letters)
        self._column = column

    def _place(self, value: Any) -> None:
        cells, gap = self._cells, self._column - 1 - len(self._cells)
        if value is None or not 0 < self._column <= MAX_COLUMN:
            return
        if gap:
            if gap < 0:
                cells[self._column - 1] = value
                return
            cells.extend([None] * gap)
        cells.append(value)

    def _cell(self) -> Any:
        text, kind = self._value, self._type
        if kind == "s":
            return self._texts[int(text)] if text.strip() else None
        if self._has_formula and not text and not (self._has_value and kind == "str"):
            return (ERROR, NOT_CALCULATED)
        if kind is None or kind == "n":
            return self._numeric(text) if text else None
        if kind == "e":
            return (ERROR, text or "#ERROR")
        if kind == "b":
            return text.strip() in ("1", "true")
        if kind == "d":
            return _iso(text)
        return plain(text)

    def _numeric(self, text: str) -> Any:
        if self._style in self._dates:
            found = self._moments.get((text, self._style or ""))
            if found is None:
                if len(self._moments) >= CACHED_DATES:
                    self._moments.clear()
                found = self._moments[text, self._style or ""] = self._moment(float(text))
            return found
        return float(text)

    def _moment(self, serial: float) -> Any:
        if self._kinds[self._style or ""] == DURATION:
            return timedelta(days=serial) if abs(serial) < _LAST_SERIAL else serial
        return moment(serial, of_1904=self._of_1904)


def _iso(text: str) -> Any:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return text


def read_rows(
    archive: zipfile.ZipFile, part: str, texts: Sequence[str] | SharedTexts, kinds: Sequence[int], *, of_1904: bool
) -> Iterator[tuple[int, list[Any]]]:
    """Yield row number and cells from column A of the rows that hold something, in the order of the file.

    ``expat.ExpatError``, ``ValueError`` and ``IndexError`` where the sheet is not what it has to be.
    """
    parser = _SheetParser(texts, kinds, of_1904)
    with archive.open(part) as stream:
        while block := stream.read(BLOCK):
            parser.feed(block)
            yield from parser.rows
            parser.rows.clear()
        parser.feed(b"")
        yield from parser.rows


def first_rows(
    archive: zipfile.ZipFile, book: BookParts, part: str, count: int, *, most_texts: int
) -> dict[int, list[Any]] | None:
    """Return the first rows of a sheet; ``None`` where their texts lie too far back to be read quickly."""
    wanted = _Numbers()
    rows = read_rows(archive, part, wanted, style_kinds(archive, book.styles), of_1904=book.of_1904)
    head = {number: cells for (number, cells), _ in zip(rows, range(count), strict=False)}
    if wanted.highest >= most_texts:
        return None
    if wanted.highest < 0 or book.texts is None:
        return head
    with archive.open(book.texts) as stream:
        texts = SharedTexts(stream, stop=wanted.highest + 1)
    for cells in head.values():
        cells[:] = [texts[cell] if isinstance(cell, _Reference) else cell for cell in cells]
    texts.close()
    return head


class _Reference(int):
    """The number of a shared text that is looked up later."""


class _Numbers(Sequence[Any]):
    """Stands in for the shared texts and notes which are asked for."""

    def __init__(self) -> None:
        self.highest = -1

    def __getitem__(self, number: Any) -> Any:
        self.highest = max(self.highest, number)
        return _Reference(number)

    def __len__(self) -> int:
        return self.highest + 1
