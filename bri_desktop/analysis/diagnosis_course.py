"""Panels about how cooperation runs: its ends and delays, approvals, practical work, and the records themselves."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from bri_desktop.analysis.diagnosis import (
    ENOUGH,
    LEVERS,
    RECENT_YEARS,
    Finding,
    Grounds,
    Lever,
    Panel,
    TrendPoint,
    shown_rate,
    size,
    too_few,
)
from bri_desktop.analysis.dimensions import dimension
from bri_desktop.analysis.further import own_approval
from bri_desktop.analysis.measures import wilson
from bri_desktop.analysis.model import BoolArray, StatsData
from bri_desktop.analysis.quality import FIELDS, DepartmentQuality, Quality, quality
from bri_desktop.analysis.spread import RESERVED
from bri_desktop.analysis.statistics import practical_share
from bri_desktop.analysis.tables import tally
from bri_desktop.analysis.uncertainty import Uncertainty, delay, uncertainty
from bri_desktop.analysis.units import name_of
from bri_desktop.i18n import tr

MANY_EXCHANGES = 3
"""From so many exchanges on, a city without any practical project is named."""


def _uncertainty(grounds: Grounds, first: int, last: int) -> Uncertainty:
    asked = grounds.asked
    return uncertainty(asked.data, asked.extras.facts, asked.lives, asked.counted, (first, last), grounds.today)


def uncertain(grounds: Grounds) -> Panel:
    """Return 不确定性: how projects of the last five years ended and kept their plans, and why not."""
    asked, span = grounds.asked, (grounds.year - RECENT_YEARS + 1, grounds.year)
    found = _uncertainty(grounds, *span)
    late = delay(asked.data, asked.lives, asked.counted, span, grounds.today)
    looked_at = found.masks["ended"] | found.masks["planned"]
    n, broken = size(looked_at), size(found.masks["terminated"] | found.masks["failed"])
    slow = size(found.masks["late"] | found.masks["overdue"])
    values: dict[str, Any] = {"first": span[0], "last": span[1], "ended": found.ended, "broken": broken}
    values |= {"planned": found.planned, "slow": slow, "slow_share": wilson(slow, found.planned).value}
    values |= {"median": late.median, "named": found.external.n, "external": found.external.value}
    rate = shown_rate(wilson(broken, found.ended))
    figures: dict[str, Any] = found.to_json() | {"delay": late.to_json(), "broken": asdict(wilson(broken, found.ended))}
    return Panel(
        code="uncertainty",
        year=grounds.year,
        n=n,
        finding=Finding("uncertainty", values | rate) if n >= ENOUGH else too_few("uncertainty", n, "ended"),
        figures=figures,
        trend_figure="broken",
        trend=_broken_trend(grounds),
        levers=(*_troubled(grounds, found, "mode"), *_troubled(grounds, found, "country")),
        records={name: grounds.ids(mask) for name, mask in found.masks.items()},
        picture={"ends": _rates(found.ends), "plans": _rates(found.plans), "causes": dict(found.causes)},
    )


def _rates(rates: Any) -> dict[str, Any]:
    return {name: asdict(rate) for name, rate in rates.items()}


def _broken_trend(grounds: Grounds) -> tuple[TrendPoint, ...]:
    """Return the share terminated or failed of what ended in each year; ``None`` below eight."""
    points = []
    for year in grounds.years():
        found = _uncertainty(grounds, year, year)
        broken = size(found.masks["terminated"] | found.masks["failed"])
        value = broken / found.ended if found.ended >= ENOUGH else None
        points.append(TrendPoint(year, value, found.ended))
    return tuple(points)


def _troubled(grounds: Grounds, found: Uncertainty, by: str) -> list[Lever]:
    """Return the modes or countries with most troubled projects."""
    table = dimension(by, grounds.asked.data, grounds.asked.scope)
    counts = tally(table.cells, found.masks["troubled"], len(table.units) + RESERVED)[0][RESERVED:]
    order = np.argsort(-counts, kind="stable")[: LEVERS // 2].tolist()
    cells, levers = table.cells, []
    for unit in order:
        if counts[unit]:
            inside = cells.project[(cells.slot == unit + RESERVED) & found.masks["troubled"][cells.project]]
            ids = tuple(grounds.asked.data.projects.id[inside].tolist())
            levers.append(Lever(by, table.units[unit].code, name_of(table.units[unit]), float(counts[unit]), ids))
    return levers


def approvals(grounds: Grounds) -> Panel:
    """Return 审批过于繁琐: days by step, returns, the slowest step."""
    asked = replace(grounds.asked, request=replace(grounds.asked.request, year=None, span=(0, grounds.year)))
    found = own_approval(asked)
    n = found.finished_cases
    worst = next((s for s in found.steps if (s.procedure, s.step) == found.bottleneck), None)
    values: dict[str, Any] = {"year": grounds.year, "cases": n, "median": found.median_total, "p90": found.p90_total}
    values |= {"unit": found.unit, "returned": found.returned}
    values |= {"step": worst.step if worst else "", "step_share": worst.share if worst else None}
    values |= {"step_cases": worst.finished if worst else 0}
    ordered = sorted((step for step in found.steps if step.share), key=lambda step: -(step.share or 0.0))
    return Panel(
        code="approval",
        year=grounds.year,
        n=n,
        finding=Finding("approval", values) if n >= ENOUGH else too_few("approval", n, "case"),
        figures=found.to_json(),
        trend_figure="median_total",
        trend=_approval_trend(grounds),
        levers=tuple(
            Lever("step", f"{step.procedure} {step.step}", step.step, step.share or 0.0, step.case_ids)
            for step in ordered[:LEVERS]
        ),
        records={f"{step.procedure} {step.step}": step.case_ids for step in found.steps},
        record_kind="approval",
        picture={"steps": [step.to_json() for step in found.steps], "unit": found.unit},
    )


def _approval_trend(grounds: Grounds) -> tuple[TrendPoint, ...]:
    points = []
    for year in grounds.years():
        asked = replace(grounds.asked, request=replace(grounds.asked.request, year=None, span=(year, year)))
        found = own_approval(asked)
        value = found.median_total if found.finished_cases >= ENOUGH else None
        points.append(TrendPoint(year, value, found.finished_cases))
    return tuple(points)


def practical(grounds: Grounds) -> Panel:
    """Return 重交流、轻务实: the practical share, over projects and over activities, and the cities without any."""
    asked = grounds.asked
    figures = practical_share(asked.data, asked.mask)
    n, rate = int(figures["n"]), wilson(round((figures["value"] or 0.0) * figures["n"]), figures["n"])
    activities = practical_share(grounds.activities, grounds.chosen_activities)
    masks = {name: _nature(asked.data, asked.mask, name) for name in ("practical", "exchange")}
    cities = _by_unit(grounds, "city", masks)
    without = [row for row in cities if row["exchange"] >= MANY_EXCHANGES and not row["practical"]]
    verdict = "practical_open"
    if rate.high is not None and rate.high < 0.5:
        verdict = "practical_few"
    elif rate.low is not None and rate.low > 0.5:
        verdict = "practical_many"
    values = {"year": grounds.year, "unclassified": figures["unclassified"], "cities": len(without)}
    levers = [Lever("city", row["key"], row["label"], float(row["exchange"]), row["ids"]) for row in without]
    rows, modes = (_without_ids(found) for found in (cities, _by_unit(grounds, "mode", masks)))
    return Panel(
        code="exchange_over_practical",
        year=grounds.year,
        n=n,
        finding=Finding(verdict, values | shown_rate(rate))
        if n >= ENOUGH
        else too_few("exchange_over_practical", n, "classified"),
        figures={"practical_share": figures, "activities": activities, "cities": rows, "modes": modes},
        trend_figure="practical_share",
        trend=_practical_trend(grounds),
        levers=tuple(levers[:LEVERS]),
        records={name: grounds.ids(mask) for name, mask in masks.items()}
        | {"unclassified": grounds.ids(asked.mask & ~masks["practical"] & ~masks["exchange"])}
        | {row["key"]: row["classified"] for row in cities},
        picture={"cities": rows[:LEVERS], "modes": modes},
    )


def _without_ids(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name not in ("ids", "classified")} for row in rows]


def _nature(data: StatsData, mask: BoolArray, code: str) -> BoolArray:
    codes = [ref.code for ref in data.codes["nature"]]
    return np.asarray(mask & (data.projects.nature == codes.index(code)), np.bool_)


def _by_unit(grounds: Grounds, by: str, masks: dict[str, BoolArray]) -> list[dict[str, Any]]:
    """Return exchange and practical projects of each unit that has any, most exchanges first."""
    table = dimension(by, grounds.asked.data, grounds.asked.scope)
    slots = len(table.units) + RESERVED
    counts = {name: tally(table.cells, mask, slots)[0][RESERVED:].tolist() for name, mask in masks.items()}
    cells, rows = table.cells, []
    for unit, ref in enumerate(table.units):
        exchange, real = counts["exchange"][unit], counts["practical"][unit]
        if not exchange + real:
            continue
        own = cells.project[cells.slot == unit + RESERVED]
        number = grounds.asked.data.projects.id
        ids = tuple(number[own[masks["exchange"][own]]].tolist())
        classified = tuple(number[own[masks["exchange"][own] | masks["practical"][own]]].tolist())
        rate = asdict(wilson(real, exchange + real))
        rows.append(
            {"key": ref.code, "label": name_of(ref), "exchange": exchange, "practical": real}
            | rate
            | {"ids": ids, "classified": classified}
        )
    return sorted(rows, key=lambda row: (-row["exchange"], row["key"]))


def _practical_trend(grounds: Grounds) -> tuple[TrendPoint, ...]:
    points = []
    for year in grounds.years():
        found = practical_share(grounds.asked.data, grounds.asked.lives.stock(year) & grounds.asked.counted)
        points.append(TrendPoint(year, found["value"] if found["n"] >= ENOUGH else None, found["n"]))
    return tuple(points)


def records(grounds: Grounds) -> Panel:
    """Return 信息统计困难: how complete the records are, and which departments and fields to chase."""
    asked = grounds.asked
    found = quality(asked.data, asked.extras.facts, asked.selected, grounds.today, tr("No department named"))
    field = max(FIELDS, key=lambda name: found.missing[name])
    chased = [row for row in found.departments if sum(row.missing.values())]
    named = [row for row in chased if row.key is not None]
    worst = max(named, key=lambda row: sum(row.missing.values()), default=None)
    values: dict[str, Any] = {"total": found.records, "completeness": found.completeness, "field": field}
    values |= {"missing": found.missing[field], "department": worst.label if worst else ""}
    values |= {"department_missing": sum(worst.missing.values()) if worst else 0}
    values |= {"duplicates": found.duplicates, "pending": found.pending, "outstanding": found.outstanding}
    whole = not any(found.missing.values())
    sentence = Finding("records_whole" if whole else "records", values)
    return Panel(
        code="statistics_missing",
        year=grounds.year,
        n=found.records,
        finding=sentence if found.records >= ENOUGH else too_few("statistics_missing", found.records, "project"),
        figures=found.to_json(),
        trend_figure="records",
        trend=_flow_trend(grounds),
        levers=(*_chase_departments(grounds, found, chased), *_chase_fields(grounds, found)),
        records={name: grounds.ids(mask) for name, mask in found.masks.items()},
        picture={"fields": dict(found.fields), "departments": [asdict(row) for row in found.departments[:LEVERS]]},
    )


def _chase_departments(grounds: Grounds, found: Quality, chased: Sequence[DepartmentQuality]) -> list[Lever]:
    order = sorted(chased, key=lambda row: -sum(row.missing.values()))[: LEVERS // 2]
    data = grounds.asked.data
    positions = {organisation.key: place for place, organisation in enumerate(data.organisations)}
    empty = np.logical_or.reduce([found.masks[f"no_{name}"] for name in FIELDS])
    return [
        Lever(
            "department",
            row.key or "",
            row.label,
            float(sum(row.missing.values())),
            grounds.ids(empty & (data.projects.department == (positions[row.key] if row.key else -1))),
        )
        for row in order
    ]


def _chase_fields(grounds: Grounds, found: Quality) -> list[Lever]:
    order = sorted((name for name in FIELDS if found.missing[name]), key=lambda name: -found.missing[name])
    return [
        Lever("field", name, name, float(found.missing[name]), grounds.ids(found.masks[f"no_{name}"]))
        for name in order[: LEVERS // 2]
    ]


def _flow_trend(grounds: Grounds) -> tuple[TrendPoint, ...]:
    """Return how many records of each year of begin there are: their quality itself has no history."""
    asked = grounds.asked
    sizes = [(year, size(asked.lives.flow(year) & asked.counted)) for year in grounds.years()]
    return tuple(TrendPoint(year, float(n), n) for year, n in sizes)
