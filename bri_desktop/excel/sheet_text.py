"""What may stand in a written cell: text stays text, numbers keep every digit, nothing is calculated."""

import re
from dataclasses import dataclass
from decimal import Decimal

MAX_CELL = 32_767
MAX_DIGITS = 15
FORMULA_STARTS = frozenset("=+-@\t\r")

_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

Value = str | int | float | Decimal | None


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """A column of a written table; ``kind`` is text, date, money, int or list, ``choices`` its drop-down."""

    field: str
    header: str
    width: int
    kind: str = "text"
    choices: tuple[str, ...] = ()


def clean(text: str) -> str:
    """Return ``text`` with plain line ends and without the characters that no workbook may hold."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNWANTED.sub("", text)


def number_text(value: int | float | Decimal) -> str | None:
    """Return a number as it may be written into a number cell, ``None`` where it would lose digits."""
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite() or len(number.as_tuple().digits) > MAX_DIGITS or abs(number.adjusted()) > MAX_DIGITS:
        return None
    return format(number, "f")


def units(text: str) -> int:
    """Return the length of a text as spreadsheets count it: in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def shortened(text: str, length: int) -> str:
    """Return the beginning of a text, at most ``length`` UTF-16 units long."""
    return text.encode("utf-16-le", "surrogatepass")[: length * 2].decode("utf-16-le", "ignore")
