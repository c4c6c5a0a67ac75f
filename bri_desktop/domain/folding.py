"""Folding of names and search text: what a reader takes for the same word becomes the same string.

The table of simplified characters is read from the shipped resources once, at its first use: the one input of an
otherwise pure layer, because 4,000 characters of generated data do not belong into a source file. The folder is
found here and not by ``paths``, which this layer does not import.
"""

import csv
import sys
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

_LETTERS = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i", "ħ": "h"}
"""Latin letters without a decomposition, as people write them without the mark."""

_DROPPED = frozenset("PZC")
"""Unicode categories that carry no letter: punctuation, separators, controls (by their first letter)."""

_DROPPED_SYMBOLS = "~|`^´˙˜¨°"

_ASCII = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "abcdefghijklmnopqrstuvwxyz",
    "".join(chr(code) for code in range(128) if unicodedata.category(chr(code))[0] in _DROPPED) + "~|`^",
)


def resource(name: str) -> Path:
    """Return the path of a shipped table, in a checkout or an installed copy."""
    package = Path(__file__).resolve().parents[1]
    folder = package / "resources"
    return (folder if folder.is_dir() else package.parent / "resources") / name


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """Return ``text`` for comparison: half-width, simplified, lower case, without marks, spaces and punctuation.

    ``fold(fold(text)) == fold(text)``. Symbols of quantity (``+``, ``¥``, ``№``) stay.
    """
    if text.isascii():
        return text.translate(_ASCII)
    table = _table()
    folded = unicodedata.normalize("NFKC", text).translate(table)
    while not unicodedata.is_normalized("NFKC", folded):  # dropping a mark may have brought two jamo together
        folded = unicodedata.normalize("NFKC", folded).translate(table)
    return folded


@cache
def _table() -> dict[int, str | None]:
    """Return code point -> what it folds to, ``None`` for nothing."""
    table: dict[int, str | None] = {}
    for code in (*range(0x3100), *range(0xA640, 0xABC0), *range(0xFB00, 0x10000), *range(0xE0000, 0xE0200)):
        char = chr(code)
        folded = _fold_character(char)
        if folded != char:
            table[code] = folded
    with resource("t2s.csv").open(encoding="utf-8", newline="") as file:
        for traditional, simplified in list(csv.reader(file))[1:]:
            table[ord(traditional)] = simplified
    return table


def _fold_character(char: str) -> str | None:
    category = unicodedata.category(char)
    if category[0] in _DROPPED or char in _DROPPED_SYMBOLS or 0x300 <= ord(char) < 0x370:
        return None
    lower = char.lower() if len(char.lower()) == 1 else char
    if lower in _LETTERS:
        return _LETTERS[lower]
    base = unicodedata.normalize("NFD", char)[0]
    if base.isascii() and base.isalpha():
        return base.lower()
    return sys.intern(lower)
