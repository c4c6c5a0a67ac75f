"""From a mask of counted entries and one or two dimensions to rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bri_desktop.analysis import measures
from bri_desktop.analysis.baselines import Baseline, baseline_of
from bri_desktop.analysis.dimensions import CODED, Dimension
from bri_desktop.analysis.model import (
    BoolArray,
    CodeRef,
    FloatArray,
    IntArray,
    StatsData,
    StatsRow,
    TableMembers,
)
from bri_desktop.analysis.spread import RESERVED, Cells, cells, join, snap
from bri_desktop.analysis.units import name_of
from bri_desktop.i18n import tr


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Rows of one date: ``outside`` is the weight outside the units, ``amounts`` the weights inside the baseline."""

    rows: tuple[StatsRow, ...]
    outside: float
    members: TableMembers
    amounts: FloatArray
    baseline: Baseline | None = None
    groups: IntArray | None = None

    @property
    def n(self) -> int | None:
        """The number of units of the measures."""
        return None if self.baseline is None else int(self.baseline.inside.sum())


def tally(counted: Cells, mask: BoolArray, slots: int) -> tuple[IntArray, FloatArray]:
    """Return the distinct entries and the weight of each slot, over the entries in ``mask``."""
    chosen = mask if counted.aligned else mask[counted.project]
    slot = counted.slot[chosen]
    count = np.bincount(slot, minlength=slots)
    if counted.whole:
        return count.astype(np.int32), count.astype(np.float64)
    weight = np.bincount(slot, weights=counted.weight[chosen], minlength=slots).astype(np.float64)
    return count.astype(np.int32), snap(weight)


def no_value_label(code: str) -> str:
    """Return the name of the row of what has no value: code lists say that it is not classified."""
    return tr("Not classified") if code in CODED else tr("Not filled in")


def one_dimension(table: Dimension, data: StatsData, mask: BoolArray, baseline: str, prefix: Sequence[str]) -> Table:
    """Return the rows of one dimension against a baseline; ``prefix`` are keys (a year) put before each row's own."""
    count, weight = tally(table.cells, mask, len(table.units) + RESERVED)
    base = baseline_of(baseline, table, data, weight[RESERVED:])
    inside = np.flatnonzero(base.inside).astype(np.int32)
    amounts = weight[RESERVED:][inside]
    order = inside if table.closed else inside[_largest_first(count[RESERVED:][inside], table, inside)]
    rows = _rows(table, prefix, order, count, weight, base)
    left_out = float(weight[0] + weight[RESERVED:][~base.inside].sum())
    slot_row = np.full(len(table.units) + RESERVED, -1, np.int32)
    slot_row[order + RESERVED] = np.arange(order.size)
    slot_row[1] = order.size
    members = TableMembers(0, mask, table.cells.project, table.cells.slot, table.cells.weight, slot_row)
    groups = None if table.groups is None else table.groups[inside]
    inner = Baseline(base.name, base.shares[inside], np.ones(inside.size, np.bool_), base.year)
    return Table((*rows, _no_value(table, prefix, count, weight)), left_out, members, amounts, inner, groups)


def _largest_first(count: IntArray, table: Dimension, inside: IntArray) -> IntArray:
    if table.code == "year":
        return np.arange(inside.size, dtype=np.int32)
    return np.argsort(-count, kind="stable").astype(np.int32)


def _rows(
    table: Dimension, prefix: Sequence[str], order: IntArray, count: IntArray, weight: FloatArray, base: Baseline
) -> list[StatsRow]:
    amounts = weight[RESERVED:][order]
    total = float(amounts.sum())
    shown = measures.shown_shares(amounts)
    expected = base.shares[order].tolist()
    places = (order + RESERVED).tolist()
    counts = count[places].tolist()
    rows = []
    for position, (unit, amount) in enumerate(zip(order.tolist(), amounts.tolist(), strict=True)):
        ref = table.units[unit]
        share = amount / total if total > 0 else None
        rows.append(
            StatsRow(
                keys=(*prefix, ref.code),
                labels=(*prefix, name_of(ref)),
                count=counts[position],
                weight=amount,
                share=share,
                share_shown=shown[position],
                baseline_share=expected[position],
                ratio=measures.representation_ratio(share, expected[position]),
                gap=expected[position] * total - amount if total > 0 else None,
            )
        )
    return rows


def _no_value(table: Dimension, prefix: Sequence[str], count: IntArray, weight: FloatArray) -> StatsRow:
    return StatsRow((*prefix, None), (*prefix, no_value_label(table.code)), int(count[1]), float(weight[1]))


def crossed(left: Dimension, right: Dimension, data: StatsData) -> Cells:
    """Return the cells of two dimensions: slot = left slot × (right slots) + right slot, reserved slots included."""
    key = ("cross", left, right)
    if key not in data.cache:
        project, one, other, weight = join(left.spread, right.spread)
        wide = len(right.units) + RESERVED
        slot = ((one + RESERVED) * wide + other + RESERVED).astype(np.int32)
        slots = (len(left.units) + RESERVED) * wide
        data.cache[key] = cells(project, slot, weight, len(data.projects), slots)
    found: Cells = data.cache[key]
    return found


def two_dimensions(left: Dimension, right: Dimension, data: StatsData, mask: BoolArray, prefix: Sequence[str]) -> Table:
    """Return the cross-table of two dimensions; of two closed ones every cell is a row, zeros included."""
    counted = crossed(left, right, data)
    high, wide = len(left.units) + RESERVED, len(right.units) + RESERVED
    count, weight = tally(counted, mask, high * wide)
    one, other = np.divmod(np.arange(high * wide, dtype=np.int32), np.int32(wide))
    wanted = count > 0
    if left.closed and right.closed:
        wanted |= (one >= RESERVED) & (other >= RESERVED)
    order = np.flatnonzero(wanted & (one > 0) & (other > 0)).astype(np.int32)
    # What has no value in a dimension comes after its units.
    order = order[np.lexsort((_last(other[order]), _last(one[order])))]
    rows = _cross_rows(left, right, order, count, weight, prefix)
    left_out = float(weight[(one == 0) | (other == 0)].sum())
    slot_row = np.full(high * wide, -1, np.int32)
    slot_row[order] = np.arange(order.size)
    members = TableMembers(0, mask, counted.project, counted.slot, counted.weight, slot_row)
    return Table(tuple(rows), left_out, members, weight[order])


def _last(slot: IntArray) -> IntArray:
    return np.where(slot == 1, np.iinfo(np.int32).max, slot).astype(np.int32)


def _cross_rows(
    left: Dimension, right: Dimension, order: IntArray, count: IntArray, weight: FloatArray, prefix: Sequence[str]
) -> list[StatsRow]:
    one, other = (part.tolist() for part in np.divmod(order, len(right.units) + RESERVED))
    valued = np.array([a >= RESERVED and b >= RESERVED for a, b in zip(one, other, strict=True)], np.bool_)
    total = float(weight[order][valued].sum()) if order.size else 0.0
    shown = iter(measures.shown_shares(weight[order][valued]) if order.size else ())
    rows = []
    for slot, a, b, full in zip(order.tolist(), one, other, valued.tolist(), strict=True):
        (key, label), (other_key, other_label) = _named(left, a), _named(right, b)
        amount = float(weight[slot])
        share = amount / total if full and total > 0 else None
        rows.append(
            StatsRow(
                keys=(*prefix, key, other_key),
                labels=(*prefix, label, other_label),
                count=int(count[slot]),
                weight=amount,
                share=share,
                share_shown=next(shown) if full else None,
            )
        )
    return rows


def _named(table: Dimension, slot: int) -> tuple[str | None, str]:
    if slot < RESERVED:
        return None, no_value_label(table.code)
    ref: CodeRef = table.units[slot - RESERVED]
    return ref.code, name_of(ref)
