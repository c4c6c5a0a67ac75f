"""Whether the totals that a table declares are those of its rows: a declared 27 over 28 rows is worth a warning."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from bri_desktop.domain.text import fold as fold_width
from bri_desktop.excel.detect import Block, data_rows
from bri_desktop.excel.grid import Cell, Grid
from bri_desktop.excel.parts import column_letter

_SUBTOTAL = re.compile(r"小计|小計|sub", re.I)
_SECTION_COUNT = re.compile(r"\((?:共|计)?(\d{1,7})\s*\D{0,3}\)\s*$")
_COUNT_WORD = re.compile(r"(?:共|计|合计|总计|小计)?:?\s*(\d{1,7})\s*(?:个|项|所|对|家|条|件|场|次)")
_TITLE_COUNT = re.compile(
    r"[(\[【]\s*(?:共|计|总计|合计)?\s*(\d{1,7})\s*(?:个|项|所|对|家|条|件|场|次)[^)\]】]{0,4}[)\]】]"
)
_AMOUNT = re.compile(r"\s*[约近超逾¥￥$€]*\s*\d")
"""A text that begins as an amount does: ``2亿美元``, ``约1亿``."""
_TOLERANCE = Decimal("0.005")
MOST_COLUMNS = 200

Mark = tuple[int, str, str]
"""Row number, kind (``total`` or ``section``) and text of a row that is no data."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A declared figure that the rows do not give; ``is_count`` where it counts rows, else it is a sum."""

    cell: str
    declared: str
    found: str
    is_count: bool


class _Scope:
    """The data rows that a total is about: their number, and by column their sum where all cells are numbers."""

    def __init__(self) -> None:
        self.rows = 0
        self.sums: dict[int, Decimal | int] = {}
        self.texts: set[int] = set()

    def add(self, cells: Sequence[Cell]) -> None:
        """Take in a data row."""
        self.rows += 1
        for index, cell in enumerate(cells[:MOST_COLUMNS]):
            if cell is None or (index in self.texts and index in self.sums):
                continue
            number = cell if type(cell) is int else _number(cell)
            if number is None:
                self.texts.add(index)
                if isinstance(cell, str) and _AMOUNT.match(cell):
                    self.sums.setdefault(index, 0)
            else:
                self.sums[index] = self.sums.get(index, 0) + number

    def join(self, other: "_Scope") -> None:
        """Take in the rows of another scope."""
        self.rows += other.rows
        self.texts |= other.texts
        for index, number in other.sums.items():
            self.sums[index] = self.sums.get(index, 0) + number

    def sum(self, index: int) -> Decimal | None:
        """Return the sum of a column of numbers; ``None`` where a cell is no number, or none is filled."""
        return None if index in self.texts or index not in self.sums else Decimal(self.sums[index])

    def is_mixed(self, index: int) -> bool:
        """Tell whether a column holds numbers beside texts, such as ``2亿美元``: what it sums to is not known."""
        return index in self.texts and index in self.sums


class _Count:
    """A section that says how many rows stand below it."""

    def __init__(self, number: int, text: str) -> None:
        found = _SECTION_COUNT.search(fold_width(text))
        self.cell = f"A{number}"
        self.declared = found[1] if found is not None else None
        self.rows = 0

    def difference(self) -> Iterator[Difference]:
        """Yield what differs once the section is over."""
        if self.declared is not None and int(self.declared) != self.rows:
            yield Difference(self.cell, self.declared, str(self.rows), True)


def differences(grid: Grid, sheet: int, block: Block, marks: Sequence[Mark]) -> Iterator[Difference]:
    """Yield the totals and counted sections of a table that do not agree with the rows that they are about."""
    inside = {row: (kind, text) for row, kind, text in marks if block.first_row <= row <= block.last_row}
    if not inside:
        return
    whole, part, section = _Scope(), _Scope(), _Count(0, "")
    for number, cells, kind in data_rows(grid, sheet, block):
        mark, text = inside.get(number, (kind, ""))
        if mark == "data":
            part.add(cells)
            section.rows += 1
        elif mark == "section":
            yield from section.difference()
            section = _Count(number, text)
            whole.join(part)
            part = _Scope()
        elif mark == "total":
            is_part = _SUBTOTAL.search(text) is not None
            if not is_part:
                whole.join(part)
                part = _Scope()
            yield from _total(number, cells, part if is_part else whole)
            if is_part:
                whole.join(part)
                part = _Scope()
    yield from section.difference()


def title_differences(grid: Grid, sheet: int, blocks: Sequence[Block], marks: Sequence[Mark]) -> Iterator[Difference]:
    """Yield the titles that count rows, 一览表（27对）, where neither the next table nor all tables have so many."""
    for row, kind, text in marks:
        counted = _TITLE_COUNT.search(fold_width(text)) if kind == "title" else None
        below = [block for block in blocks if block.first_row > row]
        if counted is None or not below:
            continue
        inside = {number: mark for number, mark, _ in marks}
        rows = [
            sum(inside.get(number, made) == "data" for number, _, made in data_rows(grid, sheet, block))
            for block in below
        ]
        if int(counted[1]) not in (rows[0], sum(rows)):
            yield Difference(f"A{row}", counted[1], str(rows[0]), True)


def _number(value: Cell) -> Decimal | None:
    """Return a plain number, also one written as text with commas between thousands."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return Decimal(repr(value))
    if not isinstance(value, str) or not re.fullmatch(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?", value.strip()):
        return None
    try:
        return Decimal(value.strip().replace(",", ""))
    except InvalidOperation:
        return None


def _total(number: int, cells: Sequence[Cell], scope: _Scope) -> Iterator[Difference]:
    filled = [(index, cell) for index, cell in enumerate(cells) if cell is not None]
    for place, (index, cell) in enumerate(filled):
        address = f"{column_letter(index + 1)}{number}"
        declared = _number(cell)
        if place and declared is not None:
            yield from _figure(address, declared, scope, index)
            continue
        counted = _COUNT_WORD.search(fold_width(cell)) if isinstance(cell, str) else None
        if counted is not None and int(counted[1]) != scope.rows:
            yield Difference(address, counted[1], str(scope.rows), True)


def _figure(address: str, declared: Decimal, scope: _Scope, index: int) -> Iterator[Difference]:
    """Compare a number with the sum of its column, or with the number of rows below a column of texts."""
    if declared == scope.rows:
        return
    found = scope.sum(index)
    if found is not None:
        if abs(found - declared) > _TOLERANCE:
            yield Difference(address, _plain(declared), _plain(found), False)
    elif not scope.is_mixed(index) and _may_count(declared, scope.rows):
        yield Difference(address, _plain(declared), str(scope.rows), True)


def _may_count(declared: Decimal, rows: int) -> bool:
    """Tell whether a number below texts is meant to count them: far more than there are is a sum in other words."""
    return declared == declared.to_integral_value() and declared <= 2 * rows


def _plain(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
