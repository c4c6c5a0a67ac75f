"""Search over place names: what a typed prefix may become, and which names are like a written one."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from bri_desktop.domain.pinyin import search_keys
from bri_desktop.domain.place_names import PlaceEntry

NEAR_SCORE = 75.0
SAME_SOUND_SCORE = 90.0
_DIGITS = 7
_SUFFIX_SYLLABLES = ("", "shi", "xian", "qu", "sheng", "zhou", "fu", "gang")
_USUAL_POPULATION = {"province": 2_000_000, "park": 100_000, "port": 100_000}
_CHINESE_POPULATION = {"province": 10**9, "prefecture": 1_500_000, "county": 200_000}
"""Weights that stand in for a population that the source does not give; only for the order of offers."""

Accept = Callable[[PlaceEntry], bool]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that a written name may mean: ``score`` 0–100, ``reason`` a code.

    ``same_name``, ``same_sound``, ``similar``, ``other_country``.
    """

    key: str
    score: float
    reason: str


def weight(entry: PlaceEntry) -> int:
    """Return how early a place is offered: its population, or what is usual for its level."""
    usual = _USUAL_POPULATION.get(entry.level, 0)
    if entry.country == "CN":
        usual = max(usual, _CHINESE_POPULATION.get(entry.level, 0))
    return max(entry.population, usual)


class PlaceSearch:
    """Sorted words of all names; built at the first search, not at the start of the program."""

    def __init__(self, entries: Sequence[PlaceEntry], forms: Callable[[PlaceEntry], Sequence[Sequence[str]]]) -> None:
        self._entries = sorted(entries, key=weight, reverse=True)
        self._forms = forms
        self._orders: dict[str, list[int]] = {}

    @cached_property
    def _lines(self) -> list[str]:
        """Return each word with the rank of its place behind it, in order; strings sort faster than pairs."""
        lines: list[str] = []
        for rank, entry in enumerate(self._entries):
            tail = f"\0{rank:0{_DIGITS}}"
            lines += [word + tail for words in self._forms(entry) for word in words]
            lines += [word + tail for word in entry.pinyin.split()]
        lines.sort()
        return lines

    @cached_property
    def _words(self) -> tuple[list[str], list[int]]:
        """Return the words of the names without their readings, and beside each the rank of its place."""
        found: list[str] = []
        ranks: list[int] = []
        for rank, entry in enumerate(self._entries):
            for words in self._forms(entry):
                found += words
                ranks += [rank] * len(words)
        return found, ranks

    @cached_property
    def _sounds(self) -> dict[str, list[PlaceEntry]]:
        sounds: dict[str, list[PlaceEntry]] = {}
        for entry in self._entries:
            if entry.pinyin:
                sounds.setdefault(entry.pinyin.split()[0], []).append(entry)
        return sounds

    def complete(self, prefix: str, accept: Accept, limit: int) -> list[PlaceEntry]:
        """Return at most ``limit`` places with a word that starts with the folded ``prefix``.

        Those whose word is the prefix itself come first, then the most populous.
        """
        found: dict[str, PlaceEntry] = {}
        for rank in self._order(prefix):
            entry = self._entries[rank]
            if accept(entry):
                found.setdefault(entry.key, entry)
                if len(found) == limit:
                    break
        return list(found.values())

    def _order(self, prefix: str) -> list[int]:
        """Return the ranks to offer; kept for one or two characters, which thousands of words start with."""
        order = self._orders.get(prefix)
        if order is None:
            lines = self._lines
            start = bisect_left(lines, prefix)
            end = bisect_left(lines, prefix + "\U0010ffff", lo=start)
            whole = bisect_left(lines, prefix + "\1", lo=start, hi=end)
            order = [*self._ranks(start, whole), *self._ranks(start, end)]
            if len(prefix) <= 2:
                self._orders[prefix] = order
        return order

    def _ranks(self, start: int, end: int) -> list[int]:
        return sorted({int(line[-_DIGITS:]) for line in self._lines[start:end]})

    def near(self, folded: str, accept: Accept, limit: int) -> list[Candidate]:
        """Return places whose name sounds the same or is spelt nearly so, the likeliest first."""
        from rapidfuzz import fuzz, process  # a start, which looks nothing up, does without it

        sounding = filter(accept, self._same_sound(folded))
        found = [Candidate(entry.key, SAME_SOUND_SCORE, "same_sound") for entry in sounding]
        words, ranks = self._words
        for word, score, position in process.extract(
            folded, words, scorer=fuzz.ratio, score_cutoff=NEAR_SCORE, limit=limit * 20
        ):
            entry = self._entries[ranks[position]]
            if accept(entry):
                found.append(Candidate(entry.key, 99.0 if word == folded else round(score, 1), "similar"))
        best: dict[str, Candidate] = {}
        for candidate in sorted(found, key=lambda candidate: -candidate.score):
            best.setdefault(candidate.key, candidate)
        return list(best.values())[:limit]

    def _same_sound(self, folded: str) -> list[PlaceEntry]:
        sound = search_keys(folded)[0]
        if sound == folded or len(folded) < 2:
            return []
        return [entry for suffix in _SUFFIX_SYLLABLES for entry in self._sounds.get(sound + suffix, ())]
