"""Which projects can be alike at all: a project is compared with few of a hundred thousand."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from bri_desktop.domain.match import (
    MOST_RAISED,
    NEAR_MONTHS,
    TITLES_FROM,
    Block,
    Likeness,
    Tie,
    Traits,
    judged,
    title_likeness,
)


@dataclass(slots=True)
class _Bucket:
    """The projects of one block and year; ``cores`` stand beside them for the quick look."""

    cores: list[str] = field(default_factory=list)
    held: list[tuple[int, Traits]] = field(default_factory=list)


class Lookalikes:
    """Projects by what a lookalike must share: province and country, or the whole core; its numbers; a near year.

    So a project is compared with the few that can be it, however many there are. Ties of two cities are also found by
    what they are: their dates may be years apart.
    """

    def __init__(self) -> None:
        self._blocks: dict[Block, dict[str | None, _Bucket]] = defaultdict(dict)
        self._ties: dict[Tie, list[tuple[int, Traits]]] = defaultdict(list)

    def add(self, number: int, traits: Traits) -> None:
        """Hold a project under a number of the caller's."""
        for block in traits.blocks:
            bucket = self._blocks[block].setdefault(traits.year, _Bucket())
            bucket.cores.append(traits.core)
            bucket.held.append((number, traits))
        if traits.tie is not None:
            self._ties[traits.tie].append((number, traits))

    def near(self, traits: Traits, least: int) -> list[tuple[int, Likeness]]:
        """Return (number, likeness) of those held that reach ``least``, the best first."""
        found: dict[int, Likeness] = {}
        for block in traits.blocks:
            years = self._blocks.get(block)
            for bucket in _buckets(years, traits) if years else ():
                self._compare(bucket, traits, least, found)
        return _sorted(found | dict(self.same_ties(traits, least)))

    def same_ties(self, traits: Traits, least: int) -> list[tuple[int, Likeness]]:
        """Return (number, likeness) of those that are the same tie of two cities, the best first."""
        if traits.tie is None:
            return []
        held = self._ties.get(traits.tie, ())
        verdicts = ((number, judged(other, traits, title_likeness(other, traits))) for number, other in held)
        return _sorted({number: verdict for number, verdict in verdicts if verdict.score >= least})

    def _compare(self, bucket: _Bucket, traits: Traits, least: int, found: dict[int, Likeness]) -> None:
        close = process.extract(
            traits.core, bucket.cores, scorer=fuzz.ratio, processor=None, score_cutoff=TITLES_FROM, limit=None
        )
        for _, _, place in close:
            number, other = bucket.held[place]
            title = 0 if number in found else title_likeness(other, traits)
            if title + MOST_RAISED >= least:
                verdict = judged(other, traits, title)
                if verdict.score >= least:
                    found[number] = verdict


def _sorted(found: dict[int, Likeness]) -> list[tuple[int, Likeness]]:
    return sorted(found.items(), key=lambda pair: (-pair[1].score, pair[0]))


def _buckets(years: dict[str | None, _Bucket], traits: Traits) -> Iterator[_Bucket]:
    """Yield the buckets whose year can be that of ``traits``: also the next one at the turn of a year."""
    if traits.year is None:
        yield from years.values()
        return
    wanted: list[str | None] = [None, traits.year]
    start = traits.start or ""
    if len(start) > 4 and start[:4] == traits.year:
        if int(start[5:7]) <= NEAR_MONTHS:
            wanted.append(str(int(traits.year) - 1))
        if int(start[5:7]) > 12 - NEAR_MONTHS:
            wanted.append(str(int(traits.year) + 1))
    yield from (years[year] for year in wanted if year in years)
