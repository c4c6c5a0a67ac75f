"""The eight complaints of the report as panels: a finding, its figures, their course over the years, the records
behind them, and what would change it most."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bri_desktop.analysis.further import Asked
from bri_desktop.analysis.measures import Rate
from bri_desktop.analysis.model import BoolArray, StatsData

CODES = (
    "imbalance_region",
    "imbalance_level",
    "uncertainty",
    "unsystematic",
    "homogeneous",
    "approval",
    "exchange_over_practical",
    "statistics_missing",
)
ENOUGH = 8
"""Below so many records a panel says that there are too few, and nothing else."""
SMALL = 30
"""Below so many records a finding names the interval of its share."""
TREND_YEARS = 15
RECENT_YEARS = 5
LEVERS = 10

Ids = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence as a code and the values it is made from; ``findings`` words it."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One year of the figure that a panel follows; ``n`` records stand behind it."""

    year: int
    value: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Lever:
    """Something whose change would change the figure most: ``kind`` says what ``key`` is and what ``value`` counts.

    ``continent``: pairs or projects missing; ``income``: the same by group; ``mode`` and ``country``: troubled
    projects; ``city``: exchanges without a practical project; ``concentrated`` and ``dispersed``: effective partner
    countries of a city; ``alike``: cosine of two cities or departments; ``duplication``: projects; ``step``: share of
    the time; ``department`` and ``field``: empty cells.
    """

    kind: str
    key: str
    label: str
    value: float
    ids: Ids = ()


@dataclass(frozen=True, slots=True)
class Panel:
    """One complaint answered. ``records`` name of a figure -> record numbers, of the kind ``record_kind``.

    ``weights`` name of a figure that shares records out -> record number -> what it counts for there.
    ``picture`` is what the panel draws, as plain values: rows of a table, a matrix, steps.
    """

    code: str
    year: int
    n: int
    finding: Finding
    figures: Mapping[str, Any]
    trend_figure: str
    trend: tuple[TrendPoint, ...] = ()
    levers: tuple[Lever, ...] = ()
    records: Mapping[str, Ids] = field(default_factory=dict)
    record_kind: str = "project"
    weights: Mapping[str, Mapping[int, float]] = field(default_factory=dict)
    picture: Mapping[str, Any] = field(default_factory=dict)

    @property
    def enough(self) -> bool:
        """Whether there are records enough to say anything."""
        return self.n >= ENOUGH


@dataclass(frozen=True, slots=True, eq=False)
class Grounds:
    """What the panels are made from: the projects, and the official ties and the activities as entries."""

    year: int
    today: datetime.date
    asked: Asked
    pairs: StatsData
    official: BoolArray
    activities: StatsData
    chosen_activities: BoolArray

    def years(self) -> range:
        """The years of a trend: the last fifteen, from the first start on."""
        started = self.asked.data.projects.start
        known = started[started > 0] // 10000
        first = max(self.year - TREND_YEARS + 1, int(known.min()) if known.size else self.year)
        return range(min(first, self.year), self.year + 1)

    def ids(self, mask: BoolArray) -> Ids:
        """Return the record numbers of projects."""
        return tuple(self.asked.data.projects.id[mask].tolist())


def too_few(code: str, n: int, what: str) -> Finding:
    """Return the finding of a panel with fewer than eight records."""
    return Finding("too_few", {"n": n, "what": what, "panel": code})


def shown_rate(rate: Rate) -> dict[str, Any]:
    """Return a rate for a sentence; ``small`` where its interval has to be named."""
    return {"share": rate.value, "low": rate.low, "high": rate.high, "n": rate.n, "small": rate.n < SMALL}


def size(mask: BoolArray) -> int:
    """Return how many entries a mask holds."""
    return int(np.count_nonzero(mask))


def diagnose(grounds: Grounds) -> tuple[Panel, ...]:
    """Return the eight panels in the order of ``CODES``."""
    from bri_desktop.analysis import diagnosis_course as course
    from bri_desktop.analysis import diagnosis_spread as spread

    return (
        spread.region(grounds),
        spread.level(grounds),
        course.uncertain(grounds),
        spread.unsystematic(grounds),
        spread.homogeneous(grounds),
        course.approvals(grounds),
        course.practical(grounds),
        course.records(grounds),
    )
