"""Panels about how cooperation spreads: over regions, over levels of development, over the home cities."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from bri_desktop.analysis import measures
from bri_desktop.analysis.diagnosis import (
    ENOUGH,
    LEVERS,
    Finding,
    Grounds,
    Lever,
    Panel,
    TrendPoint,
    shown_rate,
    too_few,
)
from bri_desktop.analysis.further import own_indexes
from bri_desktop.analysis.model import BoolArray, StatsData, StatsRequest, StatsResult, StatsRow
from bri_desktop.analysis.portfolio import concentration, duplications, homogeneity
from bri_desktop.analysis.statistics import compute

PAIR_SHOWN = 20


def _counted(grounds: Grounds) -> tuple[StatsData, BoolArray, str]:
    """Return what is counted: the official ties where there are enough, else the projects."""
    request = replace(grounds.asked.request, kind="pair")
    ties = compute(request, grounds.pairs, grounds.official)
    if ties.total >= ENOUGH:
        return grounds.pairs, grounds.official, "pair"
    return grounds.asked.data, grounds.asked.selected, "project"


def _request(grounds: Grounds, by: str, kind: str) -> StatsRequest:
    return StatsRequest(grounds.today, year=grounds.year, by=(by,), kind=kind)


def region(grounds: Grounds) -> Panel:
    """Return 区域性分布不均: continents against the number of their countries, concentration over countries."""
    data, selected, kind = _counted(grounds)
    result = compute(_request(grounds, "continent", kind), data, selected)
    countries = compute(_request(grounds, "country", kind), data, selected)
    subregions = compute(_request(grounds, "subregion", kind), data, selected)
    corridors = compute(_request(grounds, "corridor", kind), data, selected)
    rows = _units(result)
    n, shared = _inside(result), _shared(result)
    figures: dict[str, Any] = {"counted": kind, "total": result.total, "outside": result.outside}
    figures |= {"continents": _table(rows), "subregions": _table(_units(subregions))}
    figures |= {"corridors": _table(_units(corridors)), "dissimilarity": result.measures["dissimilarity"]}
    figures |= {name: countries.measures[name] for name in ("gini", "gini_normalised", "hhi", "n_eff", "theil")}
    figures |= {name: countries.measures[name] for name in ("theil_between", "theil_within")}
    return Panel(
        code="imbalance_region",
        year=grounds.year,
        n=n,
        finding=_leaning("imbalance_region", "region", grounds.year, kind, n, rows),
        figures=figures,
        trend_figure="dissimilarity",
        trend=_trend(grounds, data, selected, "continent", kind),
        levers=_missing(rows, result, "continent"),
        records={name: tuple(weights) for name, weights in shared.items()},
        weights=shared,
        record_kind=kind,
        picture={"rows": _table(rows), "countries": _table(_largest(countries))},
    )


def _units(result: StatsResult) -> list[StatsRow]:
    return [row for row in result.rows if row.is_unit]


def _inside(result: StatsResult) -> int:
    """Return how many distinct records have a unit."""
    return result.distinct(_units(result))


def _table(rows: Sequence[StatsRow]) -> list[dict[str, Any]]:
    return [row.to_json() for row in rows]


def _largest(result: StatsResult) -> list[StatsRow]:
    return sorted((row for row in _units(result) if row.count), key=lambda row: -row.weight)[:PAIR_SHOWN]


def _shared(result: StatsResult) -> dict[str, dict[int, float]]:
    """Return unit -> the records behind it with their weights, and ``none`` for those without one."""
    return {row.key or "none": dict(result.members.of(position)) for position, row in enumerate(result.rows)}


def _trend(grounds: Grounds, data: StatsData, selected: BoolArray, by: str, kind: str) -> tuple[TrendPoint, ...]:
    """Return the dissimilarity of each year; ``None`` below eight records."""
    years = grounds.years()
    request = StatsRequest(grounds.today, span=(years[0], years[-1]), by=(by,), kind=kind, measures=("dissimilarity",))
    points = compute(request, data, selected).series
    return tuple(
        TrendPoint(p.year, p.measures.get("dissimilarity") if p.total >= ENOUGH else None, p.total) for p in points
    )


def _missing(rows: Sequence[StatsRow], result: StatsResult, kind: str) -> tuple[Lever, ...]:
    """Return the units with fewer than parity, by how many are missing."""
    lacking = [row for row in rows if row.gap is not None and row.gap > 0]
    lacking.sort(key=lambda row: -(row.gap or 0.0))
    return tuple(
        Lever(kind, row.key or "", row.label, row.gap or 0.0, tuple(i for i, _ in result.records_of(*row.keys)))
        for row in lacking[:LEVERS]
    )


def _leaning(panel: str, code: str, year: int, kind: str, n: int, rows: Sequence[StatsRow]) -> Finding:
    """Say which unit has most against its baseline, and which lacks most, where the interval allows it."""
    if n < ENOUGH:
        return too_few(panel, n, kind)
    rates = {row.key: measures.wilson(round(row.weight), n) for row in rows}
    above = [r for r in rows if r.share and r.baseline_share and (rates[r.key].low or 0) > r.baseline_share]
    lacking = max(rows, key=lambda row: row.gap or 0.0)
    values: dict[str, Any] = {"year": year, "kind": kind, "total": n}
    if not above:
        return Finding(f"{code}_even", values)
    most = max(above, key=lambda row: (row.share or 0.0) - (row.baseline_share or 0.0))
    rate = shown_rate(rates[most.key])
    values |= {"most": most.label, "baseline": most.baseline_share, "least": lacking.label, "gap": lacking.gap or 0.0}
    return Finding(f"{code}_uneven", values | rate | {"share": most.share})


def level(grounds: Grounds) -> Panel:
    """Return 发展水平差异较大: income groups against their countries, and the city index of both sides."""
    data, selected, kind = _counted(grounds)
    result = compute(_request(grounds, "income", kind), data, selected)
    rows, n, shared = _units(result), _inside(result), _shared(result)
    indexes = own_indexes(grounds.asked)
    figures: dict[str, Any] = {
        "counted": kind,
        "income": _table(rows),
        "dissimilarity": result.measures["dissimilarity"],
    }
    for name, found in indexes.items():
        figures[name] = None
        if found is not None:
            sides = {"domestic": asdict(found.domestic), "foreign": asdict(found.foreign)}
            figures[name] = {"year": found.year} | sides | {"difference": asdict(found.difference)}
    return Panel(
        code="imbalance_level",
        year=grounds.year,
        n=n,
        finding=_leaning("imbalance_level", "level", grounds.year, kind, n, rows),
        figures=figures,
        trend_figure="dissimilarity",
        trend=_trend(grounds, data, selected, "income", kind),
        levers=_missing(rows, result, "income"),
        records={name: tuple(weights) for name, weights in shared.items()},
        weights=shared,
        record_kind=kind,
        picture={"rows": _table(rows)},
    )


def unsystematic(grounds: Grounds) -> Panel:
    """Return 不系统: how many effective partner countries each home city has, and what comes of its projects."""
    asked = grounds.asked
    found = concentration(asked.data, asked.mask, asked.scope, asked.extras.thresholds)
    judged = [city for city in found.cities if city.with_country >= ENOUGH]
    within = np.zeros(len(asked.mask), np.bool_)
    for city in judged:
        within |= found.masks[city.key]
    n = int(np.count_nonzero(within))
    flagged = [city for city in judged if city.flag]
    figures: dict[str, Any] = {"judged": len(judged), "cities": [asdict(city) for city in found.cities]}
    figures |= {flag: len(found.flagged(flag)) for flag in ("concentrated", "dispersed")}
    figures |= {"thresholds": asdict(found.thresholds)}
    figures["median_countries"] = measures.percentile([city.countries or 0.0 for city in judged], 50)
    figures["median_outcomes"] = measures.percentile([city.outcomes_per_project or 0.0 for city in judged], 50)
    values = {name: figures[name] for name in ("judged", "concentrated", "dispersed", "median_countries")}
    finding = Finding("unsystematic", values | {"year": grounds.year, "median_outcomes": figures["median_outcomes"]})
    order = sorted(flagged, key=lambda city: -city.projects)
    return Panel(
        code="unsystematic",
        year=grounds.year,
        n=n,
        finding=finding if n >= ENOUGH else too_few("unsystematic", n, "city"),
        figures=figures,
        trend_figure="median_countries",
        trend=_portfolio_trend(grounds),
        levers=tuple(
            Lever(city.flag or "", city.key, city.label, city.countries or 0.0, grounds.ids(found.masks[city.key]))
            for city in order[:LEVERS]
        ),
        records={city.key: grounds.ids(found.masks[city.key]) for city in found.cities},
        picture={"cities": [asdict(city) for city in judged]},
    )


def _portfolio_trend(grounds: Grounds) -> tuple[TrendPoint, ...]:
    """Return the median number of effective partner countries of the cities with enough projects, by year."""
    asked, points = grounds.asked, []
    for year in grounds.years():
        mask = asked.lives.stock(year) & asked.counted
        cities = concentration(asked.data, mask, asked.scope, asked.extras.thresholds).cities
        judged = [city for city in cities if city.with_country >= ENOUGH]
        value = measures.percentile([city.countries or 0.0 for city in judged], 50)
        points.append(TrendPoint(year, value, sum(city.projects for city in judged)))
    return tuple(points)


def homogeneous(grounds: Grounds) -> Panel:
    """Return 同质化: how alike the home cities are (of one city, its departments), and where they double each other."""
    asked = grounds.asked
    found = homogeneity(asked.data, asked.mask, asked.scope)
    if len(found.keys) < 2:
        found = homogeneity(asked.data, asked.mask, asked.scope, by="department")
    doubles = duplications(asked.data, asked.mask, asked.scope)
    several = len(found.keys) > 1
    within = np.zeros(len(asked.mask), np.bool_)
    for key in found.keys if several else ():
        within |= found.masks[key]
    n = int(np.count_nonzero(within))
    closest = found.pairs[0] if found.pairs else None
    figures: dict[str, Any] = found.to_json() | {"duplications": len(doubles)}
    figures["doubled_projects"] = len({id_ for item in doubles for id_ in item.ids})
    values: dict[str, Any] = {"year": grounds.year, "by": found.by, "compared": len(found.keys), "mean": found.mean}
    if closest:
        values |= {"left": closest.labels[0], "right": closest.labels[1], "cosine": closest.cosine}
    values |= {"duplications": len(doubles)}
    levers = [
        Lever(
            "alike",
            f"{pair.left} {pair.right}",
            " — ".join(pair.labels),
            pair.cosine,
            grounds.ids(found.masks[pair.left] | found.masks[pair.right]),
        )
        for pair in found.pairs[: LEVERS // 2]
    ]
    levers += [
        Lever(
            "duplication",
            f"{item.city} {item.domain}",
            f"{item.city_label} · {item.domain_label}",
            len(item.ids),
            item.ids,
        )
        for item in doubles[: LEVERS // 2]
    ]
    return Panel(
        code="homogeneous",
        year=grounds.year,
        n=n,
        finding=Finding("homogeneous", values) if n >= ENOUGH else too_few("homogeneous", n, "compared"),
        figures=figures,
        trend_figure="mean",
        trend=_likeness_trend(grounds, found.by),
        levers=tuple(levers),
        records={key: grounds.ids(found.masks[key]) for key in found.keys},
        picture={"labels": list(found.labels), "matrix": figures["matrix"]},
    )


def _likeness_trend(grounds: Grounds, by: str) -> tuple[TrendPoint, ...]:
    asked, points = grounds.asked, []
    for year in grounds.years():
        mask = asked.lives.stock(year) & asked.counted
        found = homogeneity(asked.data, mask, asked.scope, by=by)
        points.append(TrendPoint(year, found.mean, len(found.keys)))
    return tuple(points)
