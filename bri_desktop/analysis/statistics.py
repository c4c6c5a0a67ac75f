"""Statistics of the ledger: what was counted, by what, against what. One function from a request to a result."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from bri_desktop.analysis import measures, rules
from bri_desktop.analysis.baselines import check_baseline, default_baseline
from bri_desktop.analysis.counting import (
    StockEquation,
    Timeline,
    has_status,
    leaves,
    status_at,
    stock_equation,
    timeline,
)
from bri_desktop.analysis.dimensions import Scope, dimension, scope_of
from bri_desktop.analysis.further import FURTHER, Asked, Extras, further
from bri_desktop.analysis.model import (
    COUNTS,
    BoolArray,
    Members,
    StatsData,
    StatsRequest,
    StatsResult,
    StatsRow,
    TableMembers,
    YearPoint,
)
from bri_desktop.analysis.row_measures import ROW_MEASURES, with_measures
from bri_desktop.analysis.tables import Table, one_dimension, two_dimensions
from bri_desktop.analysis.units import REGIONS_OF_CHINA
from bri_desktop.domain.errors import InputError
from bri_desktop.domain.vocabulary import ALIVE, ENDED

UNIT_MEASURES = ("gini", "hhi", "theil", "dissimilarity", "lorenz")
OTHER_MEASURES = ("practical_share", "coverage", "yoy")
MEASURES = (*UNIT_MEASURES, *OTHER_MEASURES, *FURTHER)
DEFAULT_MEASURES = ("gini", "hhi", "theil", "dissimilarity", "practical_share", "coverage")
LONGEST_SPAN = 200


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """The entries of one request: their lives, those that count, and those with their umbrella projects."""

    data: StatsData
    request: StatsRequest
    lives: Timeline
    counted: BoolArray
    with_parents: BoolArray
    extras: Extras

    def mask(self, year: int | None) -> BoolArray:
        """Return what is counted in ``year``; ``None`` is today (stock), the whole pipeline, or this year."""
        count, this_year = self.request.count, self.request.today.year if year is None else year
        if count == "stock":
            return self.lives.stock_on(self.request.today) if year is None else self.lives.stock(year)
        if count == "pipeline":
            return self.lives.pipeline if year is None else self.lives.planned(year)
        rule = {"flow": self.lives.flow, "ended": self.lives.ended, "active": self.lives.active}[count]
        return rule(this_year)


def compute(
    request: StatsRequest, data: StatsData, selected: BoolArray | None = None, extras: Extras | None = None
) -> StatsResult:
    """Count what the request asks for, over the ``selected`` entries (all of them by default).

    ``extras`` are what the measures of ``FURTHER`` read beside the columns.
    Raises ``InputError`` for a count, dimension, measure, baseline or span that there is not.
    """
    check(request, data)
    lives = _timeline(data)
    with_parents = np.ones(len(data.projects), np.bool_) if selected is None else selected
    counted = leaves(data.projects.parent, with_parents)
    frame = Frame(data, request, lives, counted, with_parents, extras or Extras())
    return _over_years(frame, request.span) if request.span else _at_one_date(frame)


def check(request: StatsRequest, data: StatsData) -> None:
    """Raise ``InputError`` for a request that cannot be answered."""
    if request.count not in COUNTS:
        raise InputError("option_unknown", value=request.count, known=", ".join(COUNTS))
    if len(request.by) > 2:
        raise InputError("dimensions_too_many", dimensions=", ".join(request.by))
    if len(set(request.by)) < len(request.by):
        raise InputError("dimension_twice", dimension=request.by[0])
    for measure in request.measures:
        if measure not in MEASURES:
            raise InputError("option_unknown", value=measure, known=", ".join(MEASURES))
    if request.span and not request.span[0] <= request.span[1] <= request.span[0] + LONGEST_SPAN:
        raise InputError("span_unusable", first=request.span[0], last=request.span[1])
    for code in request.by:
        dimension(code, data, scope_of(request, None))
    if request.baseline and len(request.by) == 1:
        check_baseline(request.baseline, request.by[0], data)


def _timeline(data: StatsData) -> Timeline:
    if "timeline" not in data.cache:
        data.cache["timeline"] = timeline(data.projects, data.codes["status"])
    found: Timeline = data.cache["timeline"]
    return found


def _scope(frame: Frame, year: int | None) -> Scope:
    one = len(frame.request.by) == 1
    return scope_of(frame.request, year, partners_only=one and frame.request.baseline == "bri")


def _table(frame: Frame, year: int | None, mask: BoolArray, prefix: tuple[str, ...] = ()) -> Table | None:
    """Return the rows of the dimensions asked for; ``None`` without any."""
    scope = _scope(frame, year)
    tables = [dimension(code, frame.data, scope) for code in frame.request.by]
    if len(tables) == 1:
        baseline = frame.request.baseline or default_baseline(tables[0].code)
        return one_dimension(tables[0], frame.data, mask, baseline, prefix)
    return two_dimensions(tables[0], tables[1], frame.data, mask, prefix) if tables else None


def _at_one_date(frame: Frame) -> StatsResult:
    request, year = frame.request, frame.request.year
    mask = frame.mask(year) & frame.counted
    table = _table(frame, year, mask)
    figures = _measures(frame, year, mask, table) | further(request.measures, _asked(frame, mask))
    table = _own_measures(frame, year, mask, table)
    if "yoy" in request.measures:
        last = request.today.year if year is None else year
        before = int(np.count_nonzero(frame.mask(last - 1) & frame.counted))
        figures["yoy"] = asdict(measures.growth(before, int(np.count_nonzero(mask))))
    return _result(frame, mask, year, [table] if table else [], figures)


def _over_years(frame: Frame, span: tuple[int, int]) -> StatsResult:
    years = range(span[0], span[1] + 1)
    masks = {year: frame.mask(year) & frame.counted for year in years}
    tables: list[Table] = []
    series: list[YearPoint] = []
    for year, mask in masks.items():
        table = _table(frame, year, mask, (str(year),))
        tables += [table] if table else []
        series.append(_point(frame, year, mask, table))
    last = masks[span[1]]
    whole = last if frame.request.count == "stock" else np.logical_or.reduce(list(masks.values()))
    figures = dict(series[-1].measures)
    if whole is not last:
        figures = _measures(frame, span[1], whole, _table(frame, span[1], whole))
    figures |= further(frame.request.measures, _asked(frame, whole))
    if not frame.request.measures or "yoy" in frame.request.measures:
        figures["yoy"] = asdict(measures.growth(series[0].total, series[-1].total, span[1] - span[0]))
    result = _result(frame, whole, span[1], tables, figures)
    parents = _span_with_parents(frame, years) if whole is not last else result.with_parents
    result = replace(result, year=None, span=span, series=tuple(series), with_parents=parents)
    return result if tables else _years_as_rows(result, masks)


def _span_with_parents(frame: Frame, years: range) -> int:
    """Return how many entries, umbrella projects with them, are counted in any of the years."""
    return int(np.count_nonzero(np.logical_or.reduce([frame.mask(year) for year in years]) & frame.with_parents))


def _asked(frame: Frame, mask: BoolArray) -> Asked:
    return Asked(frame.request, frame.data, frame.extras, frame.lives, frame.with_parents, frame.counted, mask)


def _own_measures(frame: Frame, year: int | None, mask: BoolArray, table: Table | None) -> Table | None:
    """Return the table with the measures of its rows, where they are asked for by name."""
    wanted = [name for name in frame.request.measures if name in ROW_MEASURES]
    if table is None or len(frame.request.by) != 1 or not wanted:
        return table
    units = dimension(frame.request.by[0], frame.data, _scope(frame, year))
    return replace(table, rows=with_measures(table.rows, units, wanted, _asked(frame, mask)))


def _point(frame: Frame, year: int, mask: BoolArray, table: Table | None) -> YearPoint:
    equation: StockEquation = stock_equation(frame.lives, year, frame.counted)
    return YearPoint(
        year=year,
        total=int(np.count_nonzero(mask)),
        stock=equation.closing,
        flow=equation.flow,
        ended=equation.ended,
        ended_unknown=equation.ended_unknown,
        n=table.n if table else None,
        measures=_measures(frame, year, mask, table),
        with_parents=int(np.count_nonzero(frame.mask(year) & frame.with_parents)),
    )


def _years_as_rows(result: StatsResult, masks: Mapping[int, BoolArray]) -> StatsResult:
    """Return the result with one row a year: counts of one thing at several dates, so without shares."""
    rows = tuple(
        StatsRow((str(p.year),), (str(p.year),), p.total, float(p.total), measures=p.measures) for p in result.series
    )
    everyone = np.arange(len(result.members.ids), dtype=np.int32)
    one, first = np.ones(everyone.size), np.zeros(everyone.size, np.int32)
    slots = np.zeros(1, np.int32)
    tables = tuple(TableMembers(i, mask, everyone, first, one, slots) for i, mask in enumerate(masks.values()))
    return replace(result, rows=rows, members=replace(result.members, tables=tables))


def _result(
    frame: Frame, mask: BoolArray, year: int | None, tables: list[Table], figures: dict[str, Any]
) -> StatsResult:
    """Put a result together; over several years the figures outside and of the baseline are those of the last."""
    request, lives, last = frame.request, frame.lives, tables[-1] if tables else None
    groups = {
        "total": mask,
        "undated": lives.undated & frame.counted,
        "pipeline": lives.pipeline & frame.counted,
        "ended_unknown": lives.ended_unknown & frame.counted,
    }
    sizes = {name: int(np.count_nonzero(group)) for name, group in groups.items()}
    baseline = last.baseline if last else None
    return StatsResult(
        count=request.count,
        year=year,
        span=None,
        today=request.today,
        by=request.by,
        rule=rules.sentence(request, baseline.name if baseline else None),
        total=sizes["total"],
        with_parents=int(np.count_nonzero(frame.mask(year) & frame.with_parents)),
        undated=sizes["undated"],
        pipeline=sizes["pipeline"],
        ended_unknown=sizes["ended_unknown"],
        outside=last.outside if last else 0.0,
        baseline=baseline.name if baseline else None,
        baseline_year=baseline.year if baseline else None,
        n=last.n if last else None,
        rows=tuple(row for table in tables for row in table.rows),
        measures=figures,
        notes=rules.notes(request, _history_from(frame.data)),
        records=request.records,
        kind=request.kind,
        hmt=int(np.count_nonzero(_with_regions(frame.data) & mask)),
        members=Members(frame.data.projects.id, groups, _members(tables)),
    )


def _history_from(data: StatsData) -> int | None:
    """Return the year of the first dated change of status."""
    dates = data.projects.changes.date
    return int(dates[dates > 0].min()) // 10000 if (dates > 0).any() else None


def _with_regions(data: StatsData) -> BoolArray:
    """Return which entries have a counterpart in Hong Kong, Macao or Taiwan of China."""
    if "regions" not in data.cache:
        ours = np.array([place.country in REGIONS_OF_CHINA for place in data.places] or [False], np.bool_)
        found = np.zeros(len(data.projects), np.bool_)
        found[data.foreign.project[ours[data.foreign.target]]] = True
        data.cache["regions"] = found
    kept: BoolArray = data.cache["regions"]
    return kept


def _members(tables: list[Table]) -> tuple[TableMembers, ...]:
    placed, first = [], 0
    for table in tables:
        placed.append(replace(table.members, first_row=first))
        first += len(table.rows)
    return tuple(placed)


def _measures(frame: Frame, year: int | None, mask: BoolArray, table: Table | None) -> dict[str, Any]:
    wanted = frame.request.measures or DEFAULT_MEASURES
    figures: dict[str, Any] = {}
    if table is not None and table.baseline is not None:
        figures |= unit_measures(table, wanted)
    if "practical_share" in wanted:
        figures["practical_share"] = practical_share(frame.data, mask)
    if "coverage" in wanted:
        figures["coverage"] = coverage(frame.data, mask, _scope(frame, year).day)
    return figures


def unit_measures(table: Table, wanted: tuple[str, ...]) -> dict[str, Any]:
    """Return the measures of imbalance over the units of a table that has a baseline."""
    amounts, figures = table.amounts, dict[str, Any]()
    if "gini" in wanted:
        figures |= {"gini": measures.gini(amounts), "gini_normalised": measures.gini_normalised(amounts)}
    if "hhi" in wanted:
        figures |= {"hhi": measures.hhi(amounts), "n_eff": measures.n_eff(amounts)}
    if "theil" in wanted:
        split = measures.theil(amounts, table.groups)
        parts = asdict(split) if split else {"total": None, "between": None, "within": None}
        figures |= {"theil": parts["total"], "theil_between": parts["between"], "theil_within": parts["within"]}
    if "dissimilarity" in wanted and table.baseline is not None:
        figures["dissimilarity"] = measures.dissimilarity(amounts, table.baseline.shares)
    if "lorenz" in wanted:
        points = measures.lorenz(amounts)
        figures["lorenz"] = None if points is None else [list(point) for point in points]
    return figures


def practical_share(data: StatsData, mask: BoolArray) -> dict[str, Any]:
    """Return practical ÷ (exchange + practical) with its 95 % Wilson interval, and the number unclassified."""
    codes = [ref.code for ref in data.codes["nature"]]
    sizes = np.bincount(data.projects.nature[mask] + 1, minlength=len(codes) + 1).tolist()
    named = dict(zip(codes, sizes[1:], strict=True))
    practical, exchange = named.get("practical", 0), named.get("exchange", 0)
    rate = measures.wilson(practical, practical + exchange)
    return asdict(rate) | {"unclassified": sum(sizes) - practical - exchange}


def coverage(data: StatsData, mask: BoolArray, day: int) -> float | None:
    """Return the share of projects in implementation or later that have a quantified outcome; ``None`` of none."""
    later = has_status(status_at(data.projects, day), data.codes["status"], (*ALIVE[1:], *ENDED)) & mask
    n = int(np.count_nonzero(later))
    return int(np.count_nonzero(later & data.projects.has_outcome)) / n if n else None
