"""What the page asks for and what it gets: one value each, made off the window's thread."""

from dataclasses import dataclass, replace
from typing import Any

from bri_desktop.analysis.model import StatsRequest, StatsResult
from bri_desktop.analysis.statistics import MEASURES
from bri_desktop.charts.cross import Grid, grid_of
from bri_desktop.services.measure_registry import list_tables
from bri_desktop.services.statistics import statistics
from bri_desktop.services.statistics_cache import StatisticsCache
from bri_desktop.services.statistics_compare import Comparison, compare
from bri_desktop.services.views import list_views

YEARS_BACK = 11
OF_PROJECTS = ("practical_share", "coverage", "yoy")
"""The further measures that other entries than projects have too."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the controls say; at most one of ``compare_year`` and ``compare_view`` is given."""

    request: StatsRequest
    filter_text: str = ""
    pair_kind: str | None = None
    compare_year: int | None = None
    compare_view: str | None = None
    top: int = 15

    @property
    def last_year(self) -> int:
        """The year of the figures, the last one of a span."""
        return (self.request.span or (0, self.request.year or self.request.today.year))[1]

    @property
    def is_compared(self) -> bool:
        """Whether an earlier year or another view stands beside."""
        return self.compare_year is not None or self.compare_view is not None

    def over_years(self) -> "Asked":
        """Return the same over the years that end with the one asked for, or over the span."""
        span = self.request.span or (self.last_year - YEARS_BACK, self.last_year)
        return replace(self, request=replace(self.request, year=None, span=span, by=(), baseline=None))

    def of_year(self, year: int) -> "Asked":
        """Return the total of one year."""
        return replace(self, request=replace(self.request, year=year, span=None, by=(), baseline=None))

    def with_all_measures(self) -> "Asked":
        """Return the same with every measure that entries of this kind have."""
        further = MEASURES if self.request.kind == "project" else (*MEASURES[:4], *OF_PROJECTS)
        return replace(self, request=replace(self.request, by=self.request.by[:1], measures=further))

    def of_index(self) -> "Asked":
        """Return the city index of the year asked for."""
        request = replace(self.request, by=(), baseline=None, measures=("index",), kind="project", count="stock")
        return replace(self, request=request, filter_text="")


@dataclass(frozen=True, slots=True)
class Answer:
    """The figures asked for and those of the years before; a cross-table and a comparison where they are wanted."""

    result: StatsResult
    years: StatsResult
    grid: Grid | None = None
    comparison: Comparison | None = None


@dataclass(frozen=True, slots=True)
class Offers:
    """What there is to choose from besides the code lists: (baseline, dimension, year) and names of saved views."""

    baselines: tuple[tuple[str, str, int | None], ...] = ()
    views: tuple[str, ...] = ()


def read_total(session: Any, asked: Asked, cache: StatisticsCache) -> StatsResult:
    """Compute one table, on a reader."""
    return statistics(session, asked.request, filter_text=asked.filter_text, pair_kind=asked.pair_kind, cache=cache)


def read_answer(session: Any, asked: Asked, cache: StatisticsCache) -> Answer:
    """Compute everything that the page shows at once, on a reader."""
    comparison = None
    if asked.is_compared:
        comparison = compare(
            session,
            asked.request,
            year=asked.compare_year,
            view=asked.compare_view,
            filter_text=asked.filter_text,
            pair_kind=asked.pair_kind,
            cache=cache,
        )
    result = comparison.now if comparison else read_total(session, asked, cache)
    two = comparison is None and (len(asked.request.by) == 2 or asked.request.span is not None)
    grid = grid_of(result, asked.top) if two else None
    return Answer(result, read_total(session, asked.over_years(), cache), grid, comparison)


def read_offers(session: Any) -> Offers:
    """Return the baselines that the office has brought and its saved views."""
    own = [table for table in list_tables(session) if table.kind == "baseline"]
    return Offers(
        tuple((table.name, table.dimension or "", table.year) for table in own),
        tuple(view.name for view in list_views(session)),
    )
