"""A cell of the summary's tables as a workbook holds it: a number with its format where it is one, else its text."""

import re
from dataclasses import dataclass
from decimal import Decimal

from bri_desktop.excel.sheet_text import number_text
from bri_desktop.reports.document import Figure, Runs, text_of

_NUMBER = re.compile(r"([+−-]?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?(%?)")
_COUNT = re.compile(r"0|[1-9]\d{0,5}")


@dataclass(frozen=True, slots=True)
class Cell:
    """What is written: a number or a text, and the number's format."""

    value: str | float | None
    pattern: str = ""


def cell_of(runs: Runs, align: str) -> Cell:
    """Return the cell of some runs: a lone figure as its value, a serial number as a number, all else as text."""
    if len(runs) == 1 and isinstance(runs[0], Figure):
        return figure_cell(runs[0])
    text = text_of(runs)
    if align != "left" and _COUNT.fullmatch(text):
        return Cell(float(text), "0")
    return Cell(text)


def figure_cell(figure: Figure) -> Cell:
    """Return a figure with all its digits and in the form in which it is printed.

    Where what is printed is in another unit than the value, the printed number is taken: the head names its unit.
    """
    match = _NUMBER.fullmatch(figure.shown)
    if match is None or isinstance(figure.value, str) or figure.value is None:
        return Cell(figure.shown)
    sign, whole, decimals, percent = match.groups()
    printed = Decimal(f"{whole.replace(',', '')}.{decimals or '0'}") * (-1 if sign in ("−", "-") else 1)
    value = figure.value if isinstance(figure.value, Decimal) else Decimal(repr(figure.value))
    places = len(decimals or "")
    scaled = value * 100 if percent else value
    # As printed, or off by less than one unit of its last digit, whichever way it was rounded.
    is_same = value.is_finite() and abs(scaled - printed) < Decimal(1).scaleb(-places)
    exact = value if is_same else printed / 100 if percent else printed
    if number_text(exact) is None and not isinstance(figure.value, float):
        return Cell(figure.shown)
    return Cell(float(exact), _pattern(places, grouped="," in whole, percent=bool(percent), signed=sign == "+"))


def _pattern(places: int, *, grouped: bool, percent: bool, signed: bool) -> str:
    form = ("#,##0" if grouped else "0") + ("." + "0" * places if places else "") + ("%" if percent else "")
    return f"+{form};−{form};{form}" if signed else form
