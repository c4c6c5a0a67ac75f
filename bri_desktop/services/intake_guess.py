"""What each column of a table is taken for, by its header and a sample of its values."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bri_desktop.domain.folding import fold
from bri_desktop.excel.detect import Block, Column, data_rows
from bri_desktop.excel.grid import Grid
from bri_desktop.excel.headers import map_columns, match_header
from bri_desktop.excel.own_sheets import is_key_header
from bri_desktop.services.intake_row import NOTE, SECOND_AMOUNT, MappedColumn, as_text

SAMPLE_ROWS = 200
RUNNING_NUMBER = frozenset({"序号", "序", "no", "number", "#", "行号"})
_RECORD_KEY = re.compile(r"[A-Z]\d{1,18}(?:\.\d+)?")


def guessed_columns(grid: Grid, index: int, block: Block) -> tuple[MappedColumn, ...]:
    """Return the columns of a table of sheet ``index`` with their fields, confidence and why."""
    samples = _samples(grid, index, block)
    matches = map_columns(block.columns, samples)
    return tuple(_mapped(column, match, samples) for column, match in zip(block.columns, matches, strict=True))


def _samples(grid: Grid, index: int, block: Block) -> dict[int, list[Any]]:
    samples: dict[int, list[Any]] = {column.index: [] for column in block.columns}
    last = min(block.last_row, block.first_row + SAMPLE_ROWS)
    for number, cells, kind in data_rows(grid, index, block):
        if number > last:
            break
        if kind != "data":
            continue
        for place, values in samples.items():
            if place < len(cells) and cells[place] is not None:
                values.append(cells[place])
    return samples


def _mapped(column: Column, match: Any, samples: Mapping[int, list[Any]]) -> MappedColumn:
    """Make the column's plan: a header that nobody knows is kept as a note, a running row number is left out."""
    found = match.field
    why = match.why
    if found == "code" and _is_running_number(column.header, samples[column.index]):
        return MappedColumn(column.index, column.letter, column.header, None, None, "row_number", match.confidence)
    if found is None and _is_record_key(column.header, samples[column.index]):
        return MappedColumn(column.index, column.letter, column.header, None, None, "record_key", 1.0)
    if fold(column.header.rpartition("/")[2]) in ("币种", "货币", "currency"):
        found, why = "currency", "name"
    if found is None and why == "duplicate_header" and _holds_amounts(column, samples[column.index]):
        unit = match.unit or column.unit_hint
        return MappedColumn(column.index, column.letter, column.header, NOTE, unit, SECOND_AMOUNT, 0.0)
    if found is None:
        return MappedColumn(column.index, column.letter, column.header, NOTE, None, "unknown", 0.0)
    return MappedColumn(column.index, column.letter, column.header, found, match.unit, why, match.confidence)


def _holds_amounts(column: Column, values: Sequence[Any]) -> bool:
    return match_header(column.header, values, group=column.group).field == "amount"


def _is_running_number(header: str, values: Sequence[Any]) -> bool:
    if fold(header.rpartition("/")[2]) in RUNNING_NUMBER:
        return True
    numbers = [int(value) if isinstance(value, int | float) or as_text(value).isdigit() else None for value in values]
    return len(numbers) > 1 and numbers == list(range(1, len(numbers) + 1))


def _is_record_key(header: str, values: Sequence[Any]) -> bool:
    """Tell whether a column is the hidden one of an issued workbook, whose keys say nothing beside the codes."""
    return is_key_header(header.rpartition("/")[2]) and all(_RECORD_KEY.fullmatch(as_text(value)) for value in values)
