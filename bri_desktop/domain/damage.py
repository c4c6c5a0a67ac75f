"""Signs that a workbook was damaged rather than filled in: found by comparing whole columns, told before any merge.

Values are compared as tokens (anything hashable that is equal where two cells say the same). How unlikely an honest
hand is to have made what is seen is counted in bits, so that a column of a few words that anybody may have typed
raises no alarm while three exchanged amounts do.
"""

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

FEWEST_CHANGED = 3
PERMUTATION_BITS = 16.0
GROUPED_BITS = 12.0
SHIFT_BITS = 12.0
RARE_BITS = 7.0
"""What a value that occurs once in a column of free text says at least, however short the column."""

STRAY_BITS = 6.0
MOST_STRAY = 0.2
TWO_VALUES_SHARE = 0.2
"""Share of its rows from which on a column that exchanged only two values counts: a nearly constant one never does."""

RARE_PLACES = 8
DETACHED_SHARE = 0.5


@dataclass(frozen=True)
class ColumnPair:
    """A column as it was issued and as it came back, in the order of the returned rows.

    ``closed`` where a code list limits what honest hands write.
    """

    field: str
    issued: Sequence[Hashable]
    returned: Sequence[Hashable]
    closed: bool = False

    @cached_property
    def changed(self) -> tuple[int, ...]:
        """The places whose value is another one."""
        pairs = zip(self.issued, self.returned, strict=True)
        return tuple(place for place, (before, after) in enumerate(pairs) if before != after)

    @cached_property
    def counts(self) -> Counter[Hashable]:
        """How often each value was issued."""
        return Counter(self.issued)

    def bits(self, token: Hashable) -> float:
        """Return how surprising it is that a hand wrote just this issued value."""
        count = self.counts[token]
        seen = math.log2(len(self.issued) / count)
        return max(seen, RARE_BITS) if count == 1 and not self.closed else seen


@dataclass(frozen=True, slots=True)
class ColumnDamage:
    """``kind`` is ``column_sorted`` or ``block_shifted``; ``first`` and ``last`` are places in the returned order.

    ``by`` says how many rows a block was shifted, downwards where it is positive.
    """

    kind: str
    fields: tuple[str, ...]
    first: int
    last: int
    count: int
    by: int = 0


@dataclass(slots=True)
class _Run:
    """Places one after another that hold what stood ``by`` rows above."""

    first: int
    last: int
    bits: float = 0.0
    tokens: set[Hashable] = field(default_factory=set)
    count: int = 0


def find_column_damage(columns: Sequence[ColumnPair], positions: Sequence[int]) -> list[ColumnDamage]:
    """Return the columns that were sorted or shifted against their rows.

    ``positions`` are the issued positions of the rows, in the returned order: rows that moved as a whole are no
    damage. Columns that suffered the same are told as one.
    """
    in_order = _mostly_rising(positions)
    found: list[ColumnDamage] = []
    for column in columns:
        if len(column.changed) < FEWEST_CHANGED:
            continue
        damage = _sorted(column, in_order, stray=0) or _shifted(column) or _sorted(column, in_order, stray=MOST_STRAY)
        if damage is not None:
            found.append(damage)
    return _joined(found)


def _mostly_rising(positions: Sequence[int]) -> bool:
    falls = sum(second < first for first, second in itertools.pairwise(positions))
    return falls <= len(positions) // 20


def _joined(found: Sequence[ColumnDamage]) -> list[ColumnDamage]:
    """Tell columns of one kind, shift and place as one."""
    groups: dict[tuple[str, int], list[ColumnDamage]] = defaultdict(list)
    for damage in found:
        groups[damage.kind, damage.by].append(damage)
    return [
        ColumnDamage(
            kind,
            tuple(name for damage in group for name in damage.fields),
            min(damage.first for damage in group),
            max(damage.last for damage in group),
            max(damage.count for damage in group),
            by,
        )
        for (kind, by), group in groups.items()
    ]


# -- a column sorted alone -------------------------------------------------------------------------------------


def _sorted(column: ColumnPair, in_order: bool, *, stray: float) -> ColumnDamage | None:
    """Tell whether the changed cells hold one another's values: ``stray`` is the share of those that need not."""
    places = column.changed
    before, after = (Counter(side[place] for place in places) for side in (column.issued, column.returned))
    exchanged = before & after
    strays = len(places) - exchanged.total()
    if strays > stray * len(places) or len(exchanged) < FEWEST_CHANGED - 1:
        return None
    if len(exchanged) < FEWEST_CHANGED and len(places) < TWO_VALUES_SHARE * len(column.issued):
        return None
    surprise = sum(column.bits(token) * count for token, count in exchanged.items()) - STRAY_BITS * strays
    ways = _arrangements(exchanged)
    grouped = in_order and not strays and _is_grouped(column.returned[places[0] : places[-1] + 1])
    if surprise - ways < PERMUTATION_BITS and not (grouped and surprise >= GROUPED_BITS):
        return None
    return ColumnDamage("column_sorted", (column.field,), places[0], places[-1], len(places))


def _arrangements(tokens: Mapping[Hashable, int]) -> float:
    """Return the logarithm of the number of orders that these values can stand in."""
    total = sum(tokens.values())
    return (math.lgamma(total + 1) - sum(math.lgamma(count + 1) for count in tokens.values())) / math.log(2)


def _is_grouped(values: Sequence[Hashable]) -> bool:
    """Tell whether equal values stand together, as after sorting."""
    runs = sum(first != second for first, second in itertools.pairwise(values)) + 1
    return runs == len(set(values))


# -- a shifted block -------------------------------------------------------------------------------------------


def _shifted(column: ColumnPair) -> ColumnDamage | None:
    best: _Run | None = None
    best_shift = 0
    for shift in _likely_shifts(column):
        for run in _runs(column, shift):
            if best is None or run.bits > best.bits:
                best, best_shift = run, shift
    needed = SHIFT_BITS + math.log2(len(column.issued))
    if best is None or best.bits < needed or len(best.tokens) < FEWEST_CHANGED:
        return None
    return ColumnDamage("block_shifted", (column.field,), best.first, best.last, best.count, best_shift)


def _likely_shifts(column: ColumnPair) -> list[int]:
    """Return the distances over which most values moved, judged by values that stand in few places."""
    places: dict[Hashable, list[int]] = defaultdict(list)
    for place, token in enumerate(column.issued):
        if token is not None and column.counts[token] <= max(RARE_PLACES, len(column.issued) // 4):
            places[token].append(place)
    votes: Counter[int] = Counter()
    for place in column.changed:
        for source in places.get(column.returned[place], ())[:RARE_PLACES]:
            votes[place - source] += 1
    return [shift for shift, count in votes.most_common(4) if count >= FEWEST_CHANGED - 1 and shift]


def _runs(column: ColumnPair, shift: int) -> list[_Run]:
    """Return the runs of places that hold what was issued ``shift`` places above; equal neighbours interrupt none."""
    runs: list[_Run] = []
    run: _Run | None = None
    issued, returned = column.issued, column.returned
    for place in range(max(0, shift), len(issued) + min(0, shift)):
        if returned[place] != issued[place - shift]:
            run = None
            continue
        if returned[place] == issued[place]:
            continue
        if run is None:
            run = _Run(place, place)
            runs.append(run)
        run.last = place
        run.bits += column.bits(returned[place])
        run.tokens.add(returned[place])
        run.count += 1
    return runs


# -- keys --------------------------------------------------------------------------------------------------------


def repeated_keys(keys: Sequence[str | None]) -> dict[str, list[int]]:
    """Return key -> places of each key that stands in more than one row."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, key in enumerate(keys):
        if key is not None:
            places[key].append(place)
    return {key: found for key, found in places.items() if len(found) > 1}


def agreement(issued: Sequence[Hashable], returned: Sequence[Hashable]) -> int:
    """Return how many filled values two rows share."""
    return sum(before == after and before is not None for before, after in zip(issued, returned, strict=True))


def keys_detached(issued: Sequence[Hashable], returned: Sequence[Hashable]) -> bool:
    """Tell whether rows moved while their keys stayed: the changed rows are whole other rows.

    Both give one token a row, of all its values together, in the returned order.
    """
    changed = [place for place, (before, after) in enumerate(zip(issued, returned, strict=True)) if before != after]
    known = Counter(issued)
    moved = sum(known[returned[place]] == 1 for place in changed)
    return moved >= FEWEST_CHANGED and moved >= DETACHED_SHARE * len(changed)


def match_lost(
    lost: Mapping[str, Sequence[Hashable]], rows: Sequence[Sequence[Hashable]], names: Sequence[Hashable]
) -> dict[int, str]:
    """Return place of a row without key -> the key that it lost, judged by what the row says.

    ``lost`` is key -> issued values of the rows that nobody returned, ``rows`` are the values of those without a
    key, ``names`` the titles of ``rows``. Equal rows come first; then a row of the same title that nothing else has.
    """
    found: dict[int, str] = {}
    by_content: dict[tuple[Hashable, ...], list[str]] = defaultdict(list)
    for key, values in lost.items():
        by_content[tuple(values)].append(key)
    for place, values in enumerate(rows):
        if same := by_content.get(tuple(values)):
            found[place] = same.pop(0)
    taken = set(found.values())
    by_name: dict[Hashable, list[str]] = defaultdict(list)
    for key, values in lost.items():
        if key not in taken and values and values[0] is not None:
            by_name[values[0]].append(key)
    for place, values in enumerate(rows):
        keys = [key for key in by_name.get(names[place], ()) if key not in taken]
        if place in found or not keys:
            continue
        best = max(keys, key=lambda key: agreement(lost[key], values))
        found[place] = best
        taken.add(best)
    return found
