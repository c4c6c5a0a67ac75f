"""Tables as plain text: which character set, which separator, and the cells."""

import codecs
import csv
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bri_desktop.domain.errors import InputError

_SEPARATORS = ",;\t"
_SAMPLE_LINES = 200
_BLOCK = 1024 * 1024
_QUOTED = re.compile(r'"[^"]*"')
_AS_FORMULA = re.compile(r'="([^"]*)"')
# In text nothing tells a number from a text: 2017.1 may be a 2017.10 that a spreadsheet has written without its zero.
_LOST_ZERO = re.compile(r"(?:19|20)\d\d\.1")


def read(path: Path) -> tuple[str, Iterator[tuple[int, list[Any]]]]:
    """Return the character set and the rows (number from 1, cells as text).

    UTF-8 with or without a mark, UTF-16 with one, else GB18030 (which contains GBK and GB2312).
    Raises :class:`InputError` ``file_encoding`` where it is none of these, ``file_damaged`` for a broken table.
    """
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as stream:
        lines = [line for line, _ in zip(stream, range(_SAMPLE_LINES), strict=False)]
    return encoding, _rows(path, encoding, _separator(lines))


def _encoding(path: Path) -> str:
    with path.open("rb") as stream:
        head = stream.read(4)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    else:
        candidates = ["utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8", "gb18030"]
    for candidate in candidates:
        if _decodes(path, candidate):
            return candidate
    raise InputError("file_encoding")


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as stream:
        try:
            while block := stream.read(_BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _separator(lines: list[str]) -> str:
    """Return the character that stands most evenly in the lines: the one whose usual count covers most of them."""
    best, best_score = ",", 0
    for separator in _SEPARATORS:
        counts = Counter(_QUOTED.sub("", line).count(separator) for line in lines)
        counts.pop(0, None)
        if not counts:
            continue
        usual, often = counts.most_common(1)[0]
        if (score := often * min(usual, 50)) > best_score:
            best, best_score = separator, score
    return best


def _rows(path: Path, encoding: str, separator: str) -> Iterator[tuple[int, list[Any]]]:
    csv.field_size_limit(min(sys.maxsize, 16 * 1024 * 1024))
    with path.open(encoding=encoding, newline="") as stream:
        try:
            for number, cells in enumerate(csv.reader(stream, delimiter=separator), 1):
                yield number, [_cell(cell) for cell in cells]
        except csv.Error as error:
            raise InputError("file_damaged") from error


def _cell(text: str) -> str | float:
    """Take off what protects a text from being calculated: our own apostrophe, and ``="00123"`` of others."""
    if text[:1] == "'" and text[1:2] in tuple("=+-@\t\r'"):
        return text[1:]
    if text[:2] == '="' and (match := _AS_FORMULA.fullmatch(text)) is not None:
        return match[1]
    return float(text) if _LOST_ZERO.fullmatch(text) else text
