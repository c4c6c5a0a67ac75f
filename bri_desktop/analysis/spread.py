"""How an entry spreads over the units of a dimension: weights that add up to one for each entry.

A *base* is what an entry is divided into once, at the finest level (its foreign places, its domestic places, its
domains …). The dimensions of one base share its rows, called atoms, so that they add up alike in every table and can
be crossed exactly. Unit positions: -1 has no value, -2 is outside the units.
"""

from dataclasses import dataclass

import numpy as np

from bri_desktop.analysis.model import FloatArray, IntArray

NO_VALUE = -1
OUTSIDE = -2
RESERVED = 2


@dataclass(frozen=True, slots=True, eq=False)
class Base:
    """The atoms of all entries, ordered by entry: the entry, the target (a place …) or -1 / -2, and the weight."""

    name: str
    project: IntArray
    target: IntArray
    weight: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """The weight that each entry gives to each unit; ``atom`` numbers the rows of ``base`` in ascending order."""

    base: str
    atom: IntArray
    project: IntArray
    unit: IntArray
    weight: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Distinct (entry, cell) with weight: ``slot`` is the position among the cells + 2, 0 outside, 1 no value.

    ``whole`` says that every weight is 1, ``aligned`` that row i belongs to entry i: both save passes.
    """

    project: IntArray
    slot: IntArray
    weight: FloatArray
    whole: bool
    aligned: bool


def single(name: str, unit: IntArray) -> Spread:
    """Return the spread of a column with one value an entry."""
    everyone = np.arange(len(unit), dtype=np.int32)
    return Spread(name, everyone, everyone, unit, np.ones(len(unit)))


def equal_base(name: str, entries: int, project: IntArray, target: IntArray, *, missing: int = NO_VALUE) -> Base:
    """Return a base that gives 1/k to each of an entry's k distinct targets (-1 is none); without any, ``missing``
    has it all."""
    known = target >= 0
    project, target = project[known], target[known]
    targets = int(target.max(initial=0)) + 1
    project, target = distinct(project, target, targets)
    return with_rest(name, entries, project, target, 1.0 / _times(entries, project)[project], missing)


def distinct(project: IntArray, target: IntArray, targets: int) -> tuple[IntArray, IntArray]:
    """Return the distinct (entry, target), ordered; ``targets`` is more than any target."""
    size = max(targets, 1)
    key = np.sort(project.astype(np.int64) * size + target, kind="stable")
    key = key[np.flatnonzero(np.diff(key, prepend=-1))]
    return (key // size).astype(np.int32), (key % size).astype(np.int32)


def with_rest(name: str, entries: int, project: IntArray, target: IntArray, weight: FloatArray, missing: int) -> Base:
    """Return a base in which every entry without an atom gets one of weight 1 and target ``missing``."""
    rest = np.flatnonzero(_times(entries, project) == 0).astype(np.int32)
    whole = np.concatenate((project, rest))
    order = np.argsort(whole, kind="stable")
    targets = np.concatenate((target, np.full(rest.size, missing, np.int32)))
    weights = np.concatenate((weight, np.ones(rest.size)))
    return Base(name, whole[order], targets[order], weights[order])


def _times(entries: int, project: IntArray) -> FloatArray:
    return np.bincount(project, minlength=entries).astype(np.float64)


def map_base(base: Base, units: IntArray) -> Spread:
    """Return the spread in which each atom goes to one unit: ``units`` is indexed by target, reserved targets stay."""
    table = np.concatenate((units, np.array([OUTSIDE, NO_VALUE], np.int32)))
    unit = table[base.target]
    atoms = np.arange(len(base.project), dtype=np.int32)
    return Spread(base.name, atoms, base.project, unit, base.weight)


def expand(starts: IntArray, sizes: IntArray) -> tuple[IntArray, IntArray]:
    """Return (row, position) of ragged lists: row i repeats ``sizes[i]`` times with starts[i], starts[i] + 1, …"""
    row = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    before = np.cumsum(sizes) - sizes
    return row, (np.arange(len(row)) - before[row] + starts[row]).astype(np.int32)


def join(left: Spread, right: Spread) -> tuple[IntArray, IntArray, IntArray, FloatArray]:
    """Return (entry, left unit, right unit, weight) of two dimensions.

    Dimensions of one base meet at its atoms; of two bases, each atom of one meets each of the other of its entry.
    """
    same = left.base == right.base
    left_key, right_key = (left.atom, right.atom) if same else (left.project, right.project)
    size = int(max(left_key.max(initial=-1), right_key.max(initial=-1))) + 1
    times = np.bincount(right_key, minlength=size)
    first = np.cumsum(times) - times
    row, other = expand(first[left_key].astype(np.int32), times[left_key].astype(np.int32))
    weight = left.weight[row] * right.weight[other]
    if same:
        atoms = np.bincount(left.atom, weights=left.weight, minlength=size)
        weight = weight / atoms[left.atom[row]]
    return left.project[row], left.unit[row], right.unit[other], weight


def cells(project: IntArray, slot: IntArray, weight: FloatArray, entries: int, slots: int) -> Cells:
    """Return the distinct (entry, slot) with their summed weights, ordered by entry."""
    if len(project) == entries and bool((project == np.arange(entries)).all()):
        return Cells(project, slot, weight, bool((weight == 1.0).all()), aligned=True)
    combined = project.astype(np.int64) * slots + slot
    # Entries come in order, so that a stable sort has little left to do (np.unique sorts from scratch).
    order = np.argsort(combined, kind="stable")
    sorted_keys = combined[order]
    first = np.flatnonzero(np.diff(sorted_keys, prepend=-1))
    key = sorted_keys[first]
    total = np.add.reduceat(weight[order], first) if first.size else np.zeros(0)
    return Cells((key // slots).astype(np.int32), (key % slots).astype(np.int32), snap(total), False, aligned=False)


def snap(weight: FloatArray) -> FloatArray:
    """Return weights with those that differ from an integer by rounding only made integers: three thirds are one."""
    nearest = np.round(weight)
    return np.where(np.abs(weight - nearest) < 1e-9, nearest, weight)
