"""What is decided once for a whole column: its habits of writing, and the answers a person gave on it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bri_desktop.domain.errors import ValueProblemError
from bri_desktop.domain.habits import READINGS, HabitFinder, Habits
from bri_desktop.domain.money import Reading, parse_money
from bri_desktop.domain.vocabulary import FIELD_BY_CODE
from bri_desktop.excel.grid import DateCell, ErrorCell, Grid
from bri_desktop.services.intake_row import MappedColumn, as_number, as_text
from bri_desktop.services.intake_sheets import BlockPlan

UNIT, FIELD = "unit", "field"
ColumnKey = tuple[str, int, int]
"""Sheet, first row of the table, index of the column."""
ColumnAnswers = Mapping[tuple[ColumnKey, str], str]
"""(column, what is decided: ``unit``, ``field`` or one of ``habits.READINGS``) -> the answer."""

HABITUAL = frozenset({"money", "date"})
UNITS = ("元", "万元", "亿元", "美元", "万美元", "亿美元")
"""Units that are offered where a column says none."""


def settled(grid: Grid, sheet: str, index: int, block: BlockPlan, answers: ColumnAnswers) -> BlockPlan:
    """Return the block with the habits of its columns, found in all their cells, and the answers laid over them."""
    block = answered_block(sheet, block, answers)
    found = found_habits(grid, index, block, block.columns)
    return replace(block, columns=tuple(_with_habits(column, found.get(column.index)) for column in block.columns))


def answered_block(sheet: str, block: BlockPlan, answers: ColumnAnswers) -> BlockPlan:
    """Return the block with the answers that were given on its columns."""
    own: dict[int, dict[str, str]] = {}
    for (key, kind), answer in answers.items():
        if key[:2] == (sheet, block.first_row):
            own.setdefault(key[2], {})[kind] = answer
    return replace(block, columns=tuple(_answered(column, own.get(column.index, {})) for column in block.columns))


def found_habits(grid: Grid, index: int, block: BlockPlan, columns: Iterable[MappedColumn]) -> dict[int, Habits]:
    """Return column index -> habits of the columns of money and dates, from every row of the table."""
    finders = {column.index: HabitFinder() for column in columns if _is_habitual(column)}
    if not finders:
        return {}
    pairs = list(finders.items())
    for _, cells in grid.rows(index, block.first_row, block.last_row + 1):
        width = len(cells)
        for place, finder in pairs:
            if place < width and type(cells[place]) in (str, float):
                finder.see(cells[place])
    return {place: finder.habits() for place, finder in pairs}


def _is_habitual(column: MappedColumn) -> bool:
    known = FIELD_BY_CODE.get(column.field or "")
    return known is not None and known.kind in HABITUAL


def _answered(column: MappedColumn, answers: Mapping[str, str]) -> MappedColumn:
    if FIELD in answers:
        column = replace(column, field=answers[FIELD] or None, why="chosen", confidence=1.0)
    if UNIT in answers:
        column = replace(column, unit=answers[UNIT], unit_said=True)
    said = {name: answers[name] for name in READINGS if name in answers}
    return replace(column, habits=replace(column.habits, **said)) if said else column


def _with_habits(column: MappedColumn, found: Habits | None) -> MappedColumn:
    """Lay what a person or a profile said over what the cells say."""
    if found is None:
        return column
    merged = {name: getattr(column.habits, name) or getattr(found, name) for name in READINGS}
    return replace(column, habits=Habits(**merged))


def is_bare_amount(cells: Sequence[Any], index: int, currency: int | None) -> bool:
    """Tell whether a row has an amount at ``index`` without any unit; ``currency`` is the column of currencies."""
    value = cells[index] if index < len(cells) else None
    said = as_text(cells[currency]) if currency is not None and currency < len(cells) else ""
    if value is None or isinstance(value, ErrorCell | DateCell):
        return False
    try:
        parse_money(as_number(value), currency=said, reading=Reading(needs_unit=True))
    except ValueProblemError as problem:
        return problem.code == "money_unit_needed"
    return False
