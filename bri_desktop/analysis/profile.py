"""Profiles: how close a pair of cities is (友好交往度), and how a city's or country's cooperation spreads over the
five domains."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from bri_desktop.analysis.city_index import check_weights, scaled
from bri_desktop.analysis.counting import pack_day
from bri_desktop.analysis.days import DAYS_A_YEAR, earliest, ordinals
from bri_desktop.analysis.dimensions import Dimension
from bri_desktop.analysis.facts import ActivityFact, Facts, PairFact
from bri_desktop.analysis.model import BoolArray, FloatArray, StatsData, ints
from bri_desktop.analysis.units import name_of
from bri_desktop.i18n import language

PARTS = ("length", "breadth", "depth", "warmth", "frequency")
EQUAL_WEIGHTS: Mapping[str, float] = dict.fromkeys(PARTS, 20.0)
RECENT_YEARS = 5
SHIFT = 0.2
VISITS = ("visit_out", "visit_in")
LEVELS = {"national": 5.0, "provincial": 4.0, "municipal": 3.0, "county": 2.0, "enterprise": 1.0}
"""How high a visit is: by the level of its project, else of the pair."""


@dataclass(frozen=True, slots=True)
class Raw:
    """What the parts are made from; ``None`` is not known.

    ``length`` years since the first signing; ``breadth`` distinct domains of its projects; ``practical`` share 0–1 of
    the classified ones; ``outcomes`` recorded; ``visit_level`` mean 1–5; ``visitors`` heads; ``frequency`` activities
    a year over the last five years.
    """

    length: float | None
    breadth: int
    practical: float | None
    outcomes: int
    visit_level: float | None
    visitors: int | None
    frequency: float


@dataclass(frozen=True, slots=True)
class PairProfile:
    """A pair: parts 0–100 over the pairs compared (missing ones left out), score 0–100, coverage in per cent, rank,
    and by how many places the rank moves at most when one weight moves by 20 %."""

    id: int
    domestic: str
    foreign: str
    raw: Raw
    parts: Mapping[str, float]
    score: float | None
    coverage: float
    rank: int | None
    moves: int = 0


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """The order when one weight moves by 20 % up and down: the most places a pair moves, and the mean."""

    part: str
    most: int
    mean: float


@dataclass(frozen=True, slots=True)
class Friendship:
    """The pairs compared, closest first."""

    weights: Mapping[str, float]
    pairs: tuple[PairProfile, ...]
    sensitivity: tuple[Sensitivity, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``stats`` prints."""
        plain = {"weights": dict(self.weights), "pairs": [asdict(pair) for pair in self.pairs]}
        return plain | {"sensitivity": [asdict(item) for item in self.sensitivity]}


def friendship(
    data: StatsData,
    facts: Facts,
    selected: BoolArray,
    today: datetime.date,
    weights: Mapping[str, float] | None = None,
    *,
    pairs: Sequence[PairFact] | None = None,
) -> Friendship:
    """Return the profiles of ``pairs`` (the official ones by default) on ``today``.

    Each part is scaled 0–100 by (x − min) / (max − min) over the pairs compared, 50 where all are equal; depth is
    the mean of practical share and outcomes, warmth of level and head count of visits. ``InputError`` for weights
    that do not add up to 100.
    """
    given = dict(EQUAL_WEIGHTS if weights is None else weights)
    check_weights(given, "profile")
    compared = [pair for pair in facts.pairs if pair.official] if pairs is None else list(pairs)
    raw = _raw(data, facts, selected, today, compared)
    parts = _scaled_parts(raw)
    scores = [_score(part, given) for part in parts]
    ranks = _ranks(scores)
    shifts = _shifted(parts, given, ranks)
    names = 1 if language() == "zh_CN" else 2
    profiles = [
        PairProfile(
            pair.id,
            pair.domestic[names],
            pair.foreign[names],
            raw[n],
            parts[n],
            scores[n],
            sum(given[name] for name in parts[n]),
            ranks[n],
            max((moves[n] for _, moves in shifts), default=0),
        )
        for n, pair in enumerate(compared)
    ]
    profiles.sort(key=lambda profile: (profile.rank is None, profile.rank or 0, profile.id))
    return Friendship(given, tuple(profiles), _sensitivity(shifts))


def _raw(
    data: StatsData, facts: Facts, selected: BoolArray, today: datetime.date, pairs: Sequence[PairFact]
) -> list[Raw]:
    projects: dict[int, list[int]] = {}
    if data.projects.pair.size:
        for index in np.flatnonzero(selected & (data.projects.pair > 0)).tolist():
            projects.setdefault(int(data.projects.pair[index]), []).append(index)
    activities: dict[int, list[ActivityFact]] = {}
    for activity in facts.activities:
        owner = activity.pair or (int(data.projects.pair[activity.project]) if activity.project >= 0 else 0)
        if owner and activity.date <= pack_day(today):
            activities.setdefault(owner, []).append(activity)
    outcomes = np.bincount(data.outcomes.project, minlength=len(data.projects))
    domains = _domains_of(data)
    return [
        _raw_of(data, pair, projects.get(pair.id, []), activities.get(pair.id, []), outcomes, domains, today)
        for pair in pairs
    ]


def _domains_of(data: StatsData) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for project, domain in zip(data.domains.project.tolist(), data.domains.target.tolist(), strict=True):
        found.setdefault(project, set()).add(domain)
    return found


def _raw_of(
    data: StatsData,
    pair: PairFact,
    projects: Sequence[int],
    activities: Sequence[ActivityFact],
    outcomes: Any,
    further: Mapping[int, set[int]],
    today: datetime.date,
) -> Raw:
    domains = {int(data.projects.domain[n]) for n in projects}.union(*(further.get(n, set()) for n in projects)) - {-1}
    natures = [data.codes["nature"][n].code for n in data.projects.nature[projects].tolist() if n >= 0]
    classified = [nature for nature in natures if nature in ("practical", "exchange")]
    visits = [activity for activity in activities if activity.kind in VISITS]
    levels = [level for visit in visits if (level := _level(data, pair, visit)) is not None]
    heads = [visit.head_count for visit in visits if visit.head_count is not None]
    since = pack_day(today) - 10000 * RECENT_YEARS
    return Raw(
        length=_years(pair.signed, today),
        breadth=len(domains),
        practical=classified.count("practical") / len(classified) if classified else None,
        outcomes=int(sum(outcomes[n] for n in projects)),
        visit_level=sum(levels) / len(levels) if levels else None,
        visitors=sum(heads) if heads else None,
        frequency=sum(activity.date > since for activity in activities) / RECENT_YEARS,
    )


def _level(data: StatsData, pair: PairFact, visit: ActivityFact) -> float | None:
    position = int(data.projects.level[visit.project]) if visit.project >= 0 else -1
    code = data.codes["level"][position].code if position >= 0 else pair.level
    return LEVELS.get(code or "")


def _years(signed: int, today: datetime.date) -> float | None:
    if not signed:
        return None
    days = ordinals(ints([pack_day(today)])) - ordinals(earliest(ints([signed])))
    return max(0.0, float(days[0]) / DAYS_A_YEAR)


def _scaled_parts(raw: Sequence[Raw]) -> list[dict[str, float]]:
    """Return the parts 0–100 of each pair; a part of which nothing is known is left out."""
    columns = {
        name: scaled({str(n): float(value) for n, row in enumerate(raw) if (value := getattr(row, name)) is not None})
        for name in ("length", "breadth", "practical", "outcomes", "visit_level", "visitors", "frequency")
    }
    made_of = {"depth": ("practical", "outcomes"), "warmth": ("visit_level", "visitors")}
    found: list[dict[str, float]] = []
    for n in range(len(raw)):
        parts = {}
        for part in PARTS:
            known = [columns[name][str(n)] for name in made_of.get(part, (part,)) if str(n) in columns[name]]
            if known:
                parts[part] = sum(known) / len(known)
        found.append(parts)
    return found


def _score(parts: Mapping[str, float], weights: Mapping[str, float]) -> float | None:
    weight = sum(weights[name] for name in parts)
    return sum(weights[name] * value for name, value in parts.items()) / weight if weight > 0 else None


def _ranks(scores: Sequence[float | None]) -> list[int | None]:
    """Return the place of each score, 1 is the highest; equal scores share a place."""
    known = [round(score, 9) for score in scores if score is not None]
    return [None if score is None else 1 + sum(other > round(score, 9) for other in known) for score in scores]


def _shifted(
    parts: Sequence[Mapping[str, float]], weights: Mapping[str, float], ranks: Sequence[int | None]
) -> list[tuple[str, list[int]]]:
    """Return (part, places moved by each pair) for each weight 20 % up and 20 % down, the others in proportion."""
    found = []
    for part in PARTS:
        for factor in (1 + SHIFT, 1 - SHIFT):
            moved = {**weights, part: weights[part] * factor}
            places = _ranks([_score(own, moved) for own in parts])
            found.append((part, [abs((a or 0) - (b or 0)) for a, b in zip(places, ranks, strict=True)]))
    return found


def _sensitivity(shifts: Sequence[tuple[str, list[int]]]) -> tuple[Sensitivity, ...]:
    found = []
    for part in PARTS:
        moves = [move for name, several in shifts if name == part for move in several]
        if moves:
            found.append(Sensitivity(part, max(moves), sum(moves) / len(moves)))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class DomainProfile:
    """The share of each domain 0–1 in what one unit does, by weight; ``n`` is that weight."""

    key: str | None
    label: str
    n: float
    shares: Mapping[str, float]
    against: Mapping[str, float]


def domain_profiles(
    units: Dimension, domains: Dimension, table: FloatArray, everyone: str
) -> tuple[DomainProfile, ...]:
    """Return the domain profile of every unit that has any, largest first, against the office's own average.

    ``table`` holds weights of units × domains, without what has no domain. The first row is the average.
    """
    total = float(table.sum())
    average = (
        {ref.code: float(part) / total for ref, part in zip(domains.units, table.sum(axis=0), strict=True)}
        if total
        else {}
    )
    rows = []
    for unit, row in zip(units.units, table, strict=True):
        n = float(row.sum())
        if n > 0:
            shares = {ref.code: float(part) / n for ref, part in zip(domains.units, row, strict=True)}
            against = {code: share - average[code] for code, share in shares.items()}
            rows.append(DomainProfile(unit.code, name_of(unit), n, shares, against))
    rows.sort(key=lambda row: (-row.n, row.key or ""))
    if not rows:
        return ()
    return (DomainProfile(None, everyone, total, average, dict.fromkeys(average, 0.0)), *rows)
