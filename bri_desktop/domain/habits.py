"""How a column writes what can be read in two ways: decided by its other cells, once for the whole column.

Three things are open in a single cell: the dot of 1.234 (a point, or between thousands), the number 2017.1 (January,
or October without its last zero), and 03/04/2017 (day or month first). A cell that can be read in one way only says
how its column is written; where no cell says it, or two disagree, the column is asked about.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from bri_desktop.domain.text import squeeze

POINT, THOUSANDS = "point", "thousands"
JANUARY, OCTOBER = "january", "october"
DAY_FIRST, MONTH_FIRST = "day_first", "month_first"

READINGS: dict[str, tuple[str, str]] = {
    "dots": (POINT, THOUSANDS),
    "tenth": (JANUARY, OCTOBER),
    "order": (DAY_FIRST, MONTH_FIRST),
}
"""What is open -> its two readings."""

OPEN_DOT = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}")
"""A number whose dot can be either."""

_NUMBERS = re.compile(r"\d[\d.,]*")
_POINT = re.compile(
    r"(?:0|\d{4,})\.\d+|\d+\.(?:\d{1,2}|\d{4,})|\d{1,3}(?:,\d{3})+(?:\.\d+)?"  # 0.5, 1234.567, 1.5, 1,234.5
)
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?|\d{1,3}(?:\.\d{3})+,\d+|\d+,(?:\d{1,2}|\d{4,})")
_THREE_PARTS = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./]\d{4}")


@dataclass(frozen=True, slots=True)
class Habits:
    """The readings of a column, ``None`` where they are open; values of :data:`READINGS`."""

    dots: str | None = None
    tenth: str | None = None
    order: str | None = None


@dataclass(slots=True)
class HabitFinder:
    """Sees the values of one column, then tells its habits."""

    said: set[str] = field(default_factory=set)
    _seen: set[str] = field(default_factory=set)

    def see(self, value: object) -> None:
        """Take note of a cell; anything but text and fractions says nothing."""
        if isinstance(value, float):
            self.said.update(_months(value))
        elif isinstance(value, str) and value not in self._seen:
            if len(self._seen) < 10_000:
                self._seen.add(value)
            text = squeeze(value)
            self.said.update(_dots(text))
            self.said.update(_order(text))

    def habits(self) -> Habits:
        """Return what the cells say; two that disagree say nothing."""
        return Habits(**{name: self._one(readings) for name, readings in READINGS.items()})

    def _one(self, readings: tuple[str, str]) -> str | None:
        found = [reading for reading in readings if reading in self.said]
        return found[0] if len(found) == 1 else None


def habits_of(values: Iterable[object]) -> Habits:
    """Return the habits of a column of these values."""
    finder = HabitFinder()
    for value in values:
        finder.see(value)
    return finder.habits()


def _dots(text: str) -> Iterable[str]:
    for number in _NUMBERS.findall(text):
        if _THOUSANDS.fullmatch(number):
            yield THOUSANDS
        elif _POINT.fullmatch(number):
            yield POINT


def _months(value: float) -> Iterable[str]:
    """A month below ten with its zero (2017.05) tells that 2017.1 has lost one: it is October.

    2017.2 tells that no zeros are written, so that 2017.1 may be either: the two habits are named together.
    """
    whole, _, decimals = repr(value).partition(".")
    if len(whole) != 4 or not decimals.isdigit() or len(decimals) > 2 or whole[:2] not in ("19", "20"):
        return ()
    if len(decimals) == 2 and decimals[0] == "0":
        return (OCTOBER,)
    return (JANUARY, OCTOBER) if len(decimals) == 1 and decimals != "1" and decimals != "0" else ()


def _order(text: str) -> Iterable[str]:
    match = _THREE_PARTS.fullmatch(text)
    if match is None:
        return ()
    first, second = int(match[1]), int(match[2])
    if first > 12 >= second:
        return (DAY_FIRST,)
    return (MONTH_FIRST,) if second > 12 >= first else ()
