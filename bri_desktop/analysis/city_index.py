"""The development and the potential index of cities, from criteria that the office brings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bri_desktop.analysis.measures import percentile
from bri_desktop.domain.errors import InputError

INDEXES = ("development", "potential")
ENOUGH = 60.0
"""Coverage, in per cent, below which a city is scored but not ranked."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension of an index and its weight in per cent."""

    code: str
    zh: str
    en: str
    weight: float


@dataclass(frozen=True, slots=True)
class Criterion:
    """What is measured: ``lower_is_better`` turns its scale round."""

    code: str
    index: str
    dimension: str
    lower_is_better: bool = False


@dataclass(frozen=True, slots=True)
class City:
    """A city with values; ``domestic`` says which side it stands on."""

    key: str
    label: str
    domestic: bool


@dataclass(frozen=True, slots=True)
class CityScore:
    """A city's index 0–100 (``None`` without any criterion), coverage in per cent, rank (``None``: below 60 %),
    and the score of each dimension that has a criterion."""

    key: str
    label: str
    domestic: bool
    value: float | None
    coverage: float
    rank: int | None
    dimensions: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Quartiles:
    """Of the ranked cities of one side: how many, lower quartile, median, upper quartile."""

    n: int
    q1: float | None
    median: float | None
    q3: float | None


@dataclass(frozen=True, slots=True)
class CityIndex:
    """One index of one year: cities by rank, then those scored only; ``difference`` = domestic − foreign median."""

    index: str
    year: int
    weights: Mapping[str, float]
    cities: tuple[CityScore, ...]
    domestic: Quartiles
    foreign: Quartiles
    difference: Quartiles

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``stats`` prints."""
        plain = asdict(self)
        plain["weights"] = dict(self.weights)
        return plain


def check_weights(weights: Mapping[str, float], what: str) -> None:
    """Raise ``InputError`` ``weights_wrong`` unless the weights are 0 or more and add up to 100."""
    total = sum(weights.values())
    if any(weight < 0 for weight in weights.values()) or abs(total - 100) > 1e-6:
        raise InputError("weights_wrong", what=what, total=f"{total:g}")


def scaled(values: Mapping[str, float], *, lower_is_better: bool = False) -> dict[str, float]:
    """Return the values scaled 0–100, (x − min) / (max − min); 50 for all where they are equal."""
    if not values:
        return {}
    low, high = min(values.values()), max(values.values())
    if low == high:
        return dict.fromkeys(values, 50.0)
    up = {key: 100 * (value - low) / (high - low) for key, value in values.items()}
    return {key: 100 - value for key, value in up.items()} if lower_is_better else up


def city_index(
    index: str,
    year: int,
    *,
    cities: Iterable[City],
    dimensions: Sequence[Dimension],
    criteria: Sequence[Criterion],
    values: Mapping[str, Mapping[str, float]],
    shown: frozenset[str] | None = None,
) -> CityIndex:
    """Return one index of ``year``; ``values`` is criterion -> city key -> value of that year.

    A dimension is the mean of its criteria, each scaled over **all** cities with a value; a criterion that is missing
    leaves the mean, a missing dimension leaves its weight to the others. Coverage is the weight of the criteria
    present, each with an equal part of its dimension's. ``shown`` keeps these cities and ranks them among themselves.
    """
    weights = {dimension.code: dimension.weight for dimension in dimensions}
    check_weights(weights, index)
    own = [criterion for criterion in criteria if criterion.index == index and criterion.dimension in weights]
    scores = {c.code: scaled(values.get(c.code, {}), lower_is_better=c.lower_is_better) for c in own}
    sizes = {code: sum(c.dimension == code for c in own) for code in weights}
    found = [_score(city, own, scores, weights, sizes) for city in cities if shown is None or city.key in shown]
    found = _ranked([score for score in found if score.coverage > 0])
    sides = [
        [s.value for s in found if s.rank and s.domestic is side and s.value is not None] for side in (True, False)
    ]
    domestic, foreign = (_quartiles(side) for side in sides)
    difference = Quartiles(
        domestic.n + foreign.n,
        _minus(domestic.q1, foreign.q1),
        _minus(domestic.median, foreign.median),
        _minus(domestic.q3, foreign.q3),
    )
    return CityIndex(index, year, weights, tuple(found), domestic, foreign, difference)


def _score(
    city: City,
    criteria: Sequence[Criterion],
    scores: Mapping[str, Mapping[str, float]],
    weights: Mapping[str, float],
    sizes: Mapping[str, int],
) -> CityScore:
    present: dict[str, list[float]] = {}
    for criterion in criteria:
        if city.key in scores[criterion.code]:
            present.setdefault(criterion.dimension, []).append(scores[criterion.code][city.key])
    means = {code: sum(found) / len(found) for code, found in present.items()}
    weight = sum(weights[code] for code in means)
    coverage = sum(weights[code] * len(found) / sizes[code] for code, found in present.items())
    value = sum(weights[code] * mean for code, mean in means.items()) / weight if weight > 0 else None
    return CityScore(city.key, city.label, city.domestic, value, coverage, None, means)


def _ranked(scores: list[CityScore]) -> list[CityScore]:
    """Return the scores best first with ranks (equal values share one); those with too little coverage last."""
    best = sorted(scores, key=lambda s: (s.coverage < ENOUGH or s.value is None, -(s.value or 0.0), s.key))
    ranked: list[CityScore] = []
    for position, score in enumerate(best, start=1):
        rank: int | None = position
        if score.value is None or score.coverage < ENOUGH:
            rank = None
        elif ranked and ranked[-1].value == score.value:
            rank = ranked[-1].rank
        ranked.append(
            CityScore(score.key, score.label, score.domestic, score.value, score.coverage, rank, score.dimensions)
        )
    return ranked


def _quartiles(values: Sequence[float]) -> Quartiles:
    return Quartiles(len(values), *(percentile(values, p) for p in (25, 50, 75)))


def _minus(left: float | None, right: float | None) -> float | None:
    return None if left is None or right is None else left - right
