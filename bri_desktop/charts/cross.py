"""A cross-table cut to the largest units, the rest gathered as 其他: what the window and the picture both show.

It draws nothing and needs no chart library, so that the window has it at once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bri_desktop.analysis.model import IntArray, Members, StatsResult, StatsRow
from bri_desktop.i18n import tr

REST = "\x00rest"
"""The key of the units that are not shown by themselves; no unit has it."""
EVERY = 1_000_000
Key = str | None


@dataclass(frozen=True, slots=True)
class Head:
    """A row or a column: its key and label, and the distinct number of entries in it (``None``: not meant)."""

    key: Key
    label: str
    total: int | None = None

    @property
    def is_unit(self) -> bool:
        """Whether this is one unit, neither the rest nor what has no value."""
        return self.key is not None and self.key != REST


@dataclass(frozen=True, slots=True)
class GridCell:
    """Distinct entries, their weight, and the rows of the result that were put together here."""

    count: int = 0
    weight: float = 0.0
    positions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows × columns; ``cells`` has a tuple for each row; ``total`` is the distinct number of all cells together.

    ``by_year``: the columns are the years of a span, which have no total together.
    """

    rows: tuple[Head, ...]
    columns: tuple[Head, ...]
    cells: tuple[tuple[GridCell, ...], ...]
    by_year: bool = False
    total: int | None = None

    def highest(self) -> int:
        """Return the largest number that is one unit's by one unit's; it is the darkest."""
        found = [
            cell.count
            for head, cells in zip(self.rows, self.cells, strict=True)
            for other, cell in zip(self.columns, cells, strict=True)
            if head.is_unit and other.is_unit
        ]
        return max(found, default=0)

    def members(self, result: StatsResult, rows: Iterable[int], columns: Iterable[int]) -> dict[int, float]:
        """Return record id -> weight behind the cells of some rows and columns together."""
        wanted = [(row, column) for row in rows for column in columns]
        return weights_of(result.members, [at for row, column in wanted for at in self.cells[row][column].positions])


def grid_of(result: StatsResult, top: int, across: int | None = None) -> Grid:
    """Return the table of two dimensions, or of one over the years of a span, with the ``top`` largest of each.

    ``across`` is the number of columns (default ``top``); years are all shown. Entries of 其他 are counted once.
    """
    by_year = result.span is not None
    keys = [_of(row, by_year=by_year) for row in result.rows]
    downs = _heads(result.rows, [key[0] for key in keys], top)
    acrosses = _heads(result.rows, [key[1] for key in keys], EVERY if by_year else across or top)
    places = _places(keys, downs), _places(keys, acrosses, second=True)
    nowhere = (places[0] < 0) | (places[1] < 0)
    cell_of_row = np.where(nowhere, -1, places[0] * len(acrosses) + places[1]).astype(np.int32)
    sizes = distinct_counts(result, cell_of_row, len(downs) * len(acrosses))
    totals = [None] * len(downs) if by_year else distinct_counts(result, places[0], len(downs))
    below = [point.total for point in result.series] if by_year else distinct_counts(result, places[1], len(acrosses))
    positions: list[list[int]] = [[] for _ in range(len(downs) * len(acrosses))]
    weights = [0.0] * len(positions)
    for position, (cell, row) in enumerate(zip(cell_of_row.tolist(), result.rows, strict=True)):
        if cell >= 0:
            positions[cell].append(position)
            weights[cell] += row.weight
    wide = len(acrosses)
    cells = [
        tuple(GridCell(sizes[at], weights[at], tuple(positions[at])) for at in range(down * wide, (down + 1) * wide))
        for down in range(len(downs))
    ]
    rows = tuple(Head(key, label, total) for (key, label), total in zip(downs, totals, strict=True))
    columns = tuple(Head(key, label, total) for (key, label), total in zip(acrosses, below, strict=True))
    everything = np.where(cell_of_row < 0, -1, 0).astype(np.int32)
    total = None if by_year else sum(distinct_counts(result, everything, 1))
    return Grid(rows, columns, tuple(cells), by_year, total)


def distinct_counts(result: StatsResult, group_of_row: IntArray, groups: int) -> list[int]:
    """Return how many different entries each group of rows has; ``group_of_row`` is the place of each row's group.

    A group of one row has that row's number; only where several come together are the entries looked at.
    """
    counts = np.fromiter((row.count for row in result.rows), np.int64, len(result.rows))
    filled = (counts > 0) & (group_of_row >= 0)
    sizes = np.bincount(group_of_row[filled], weights=counts[filled], minlength=groups).astype(np.int64)
    several = np.bincount(group_of_row[filled], minlength=groups) > 1
    if not several.any():
        return [int(size) for size in sizes]
    number = np.cumsum(several) - 1
    wanted = np.where(filled & several[group_of_row], number[group_of_row], -1)
    seen = np.zeros((int(several.sum()), len(result.members.ids)), np.bool_)
    for table in result.members.tables:
        known = table.slot_row >= 0
        group_of_slot = np.full(table.slot_row.size, -1, np.int64)
        group_of_slot[known] = wanted[table.slot_row[known] + table.first_row]
        group = group_of_slot[table.slot]
        kept = (group >= 0) & table.mask[table.project]
        seen[group[kept], table.project[kept]] = True
    sizes[several] = np.count_nonzero(seen, axis=1)
    return [int(size) for size in sizes]


def weights_of(members: Members, positions: Sequence[int]) -> dict[int, float]:
    """Return record id -> weight of the entries behind several rows of a result together."""
    weights = np.zeros(len(members.ids))
    for table in members.tables:
        wanted = np.isin(table.slot_row + table.first_row, positions) & (table.slot_row >= 0)
        kept = wanted[table.slot] & table.mask[table.project]
        weights += np.bincount(table.project[kept], weights=table.weight[kept], minlength=weights.size)
    found = np.flatnonzero(weights > 0)
    return dict(zip(members.ids[found].tolist(), weights[found].tolist(), strict=True))


def _of(row: StatsRow, *, by_year: bool) -> tuple[tuple[Key, str], tuple[Key, str]]:
    """Return (key, label) of the row and of the column that a figure stands in."""
    named = list(zip(row.keys[-2:], row.labels[-2:], strict=True))
    return (named[1], named[0]) if by_year else (named[0], named[1])


def _heads(rows: Sequence[StatsRow], named: Sequence[tuple[Key, str]], top: int) -> list[tuple[Key, str]]:
    """Return the units in their order, cut to the largest; then the rest; then what has no value."""
    totals: dict[tuple[Key, str], int] = {}
    for row, unit in zip(rows, named, strict=True):
        totals[unit] = totals.get(unit, 0) + row.count
    units = [unit for unit in totals if unit[0] is not None]
    if len(units) > top:
        kept = sorted((unit for unit in units if totals[unit]), key=lambda unit: -totals[unit])[:top]
        rest = sum(1 for unit in units if totals[unit]) - len(kept)
        units = [*kept, (REST, tr("Others ({n})", n=rest))] if rest else kept
    return [*units, *(unit for unit, total in totals.items() if unit[0] is None and total)]


def _places(
    keys: Sequence[tuple[tuple[Key, str], tuple[Key, str]]], heads: Sequence[tuple[Key, str]], *, second: bool = False
) -> IntArray:
    """Return the place of each row among ``heads``: that of the rest, or -1, where it is not there itself."""
    place: Mapping[Key, int] = {key: number for number, (key, _) in enumerate(heads)}
    rest = place.get(REST, -1)
    found = [place.get(key[second][0], rest) for key in keys]
    return np.array(found, np.int32).reshape(len(found))
