"""How long approvals take (审批): cases, days, returns and open cases by procedure and step, and the bottleneck."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bri_desktop.analysis.days import day_of, working_days, working_years
from bri_desktop.analysis.facts import StepFact
from bri_desktop.analysis.measures import percentile

WORKING, CALENDAR = "working_days", "calendar_days"


@dataclass(frozen=True, slots=True)
class StepFigures:
    """One step: ``median`` and ``p90`` of its finished passages, in the unit of the whole; ``age`` of open ones.

    ``share`` is the part of all finished time that passed in this step, 0–1; ``undated`` passages lack a day.
    """

    procedure: str
    step: str
    cases: int
    finished: int
    median: float | None
    p90: float | None
    open: int
    median_age: float | None
    oldest_age: float | None
    returned: int
    share: float | None
    undated: int
    case_ids: tuple[int, ...] = ()
    open_ids: tuple[int, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``stats`` prints."""
        names = ("procedure", "step", "cases", "finished", "median", "p90", "open", "median_age", "oldest_age")
        return {name: getattr(self, name) for name in (*names, "returned", "share", "undated")}


@dataclass(frozen=True, slots=True)
class Approval:
    """Days by step; ``unit`` is Chinese working days where the calendar has every year, else calendar days, because
    of ``years_missing``. ``bottleneck`` (procedure, step) has the largest share of the finished time."""

    unit: str
    years_missing: tuple[int, ...]
    cases: int
    finished_cases: int
    median_total: float | None
    p90_total: float | None
    returned: int
    steps: tuple[StepFigures, ...]
    bottleneck: tuple[str, str] | None
    totals: tuple[tuple[int, float], ...] = field(default=(), repr=False)

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``stats`` prints."""
        names = ("unit", "cases", "finished_cases", "median_total", "p90_total", "returned")
        plain: dict[str, Any] = {name: getattr(self, name) for name in names}
        bottleneck = dict(zip(("procedure", "step"), self.bottleneck, strict=True)) if self.bottleneck else None
        plain |= {"years_missing": list(self.years_missing), "bottleneck": bottleneck}
        return plain | {"steps": [step.to_json() for step in self.steps]}


@dataclass(slots=True)
class _Passage:
    """One step of one case up to a day: first submission, last decision, returns."""

    fact: StepFact
    submitted: datetime.date | None
    decided: datetime.date | None
    returned: int
    undated: bool


def approval(steps: Sequence[StepFact], *, first: datetime.date | None, until: datetime.date) -> Approval:
    """Return the figures of the steps decided from ``first`` to ``until``, and of those open at the end of ``until``.

    A step lasts from its first submission to its last decision. Events after ``until`` are not known yet.
    """
    known = [passage for step in steps if (passage := _passage(step, until)) is not None]
    begun = {(passage.fact.case, passage.fact.position) for passage in known}
    waiting = {step.case for step in steps if not step.closed and (step.case, step.position) not in begun}
    unit, missing = _unit(known, until)
    passages = [p for p in known if p.decided is None or first is None or p.decided >= first]
    rows = [_step(group, unit, until) for group in _grouped(passages)]
    time = sum(total for _, total in rows)
    figures = tuple(
        StepFigures(**found, share=total / time if time > 0 else None) for found, total in rows if found["cases"]
    )
    timed = [step for step in figures if step.share]
    worst = max(timed, key=lambda step: step.share or 0.0) if timed else None
    whole = _totals([passage for passage in known if passage.fact.case not in waiting], unit)
    totals = tuple((case, days) for case, days, end in whole if first is None or end >= first)
    values = [days for _, days in totals]
    return Approval(
        unit=unit,
        years_missing=missing,
        cases=len({passage.fact.case for passage in passages}),
        finished_cases=len(totals),
        median_total=percentile(values, 50),
        p90_total=percentile(values, 90),
        returned=sum(passage.returned for passage in passages),
        steps=figures,
        bottleneck=(worst.procedure, worst.step) if worst else None,
        totals=totals,
    )


def _passage(fact: StepFact, until: datetime.date) -> _Passage | None:
    """Return what is known of a step by ``until``; ``None`` where it has not begun, or was skipped."""
    submitted = decided = None
    returned, undated, begun = 0, False, False
    for kind, packed in fact.events:
        day = day_of(packed)
        if packed // 10000 > until.year or (day is not None and day > until):
            continue
        if kind == "skipped":
            return None
        begun = True
        if kind == "returned":
            returned += 1
        elif day is None:
            undated = True
        elif kind == "submitted":
            submitted = submitted or day
        elif kind in ("decided", "refused"):
            decided = day
    return _Passage(fact, submitted, decided, returned, undated) if begun else None


def _days(first: datetime.date, last: datetime.date, unit: str) -> int:
    known = working_days(first, last) if unit == WORKING else None
    return (last - first).days if known is None else known


def _unit(passages: Iterable[_Passage], until: datetime.date) -> tuple[str, tuple[int, ...]]:
    """Return working days if the calendar has every year of every passage, else calendar days and the years."""
    years: set[int] = set()
    for passage in passages:
        if passage.submitted:
            years.update(range(passage.submitted.year, (passage.decided or until).year + 1))
    first, last = working_years()
    missing = tuple(sorted(year for year in years if not first <= year <= last))
    return (CALENDAR if missing else WORKING), missing


def _grouped(passages: Iterable[_Passage]) -> list[list[_Passage]]:
    """Return the passages by procedure and step, in the order of the procedure."""
    groups: dict[tuple[str, str], list[_Passage]] = {}
    for passage in passages:
        groups.setdefault((passage.fact.procedure, passage.fact.name), []).append(passage)
    return sorted(groups.values(), key=lambda group: (group[0].fact.procedure, min(p.fact.position for p in group)))


def _step(group: list[_Passage], unit: str, until: datetime.date) -> tuple[dict[str, Any], float]:
    finished = [p for p in group if p.submitted and p.decided and p.decided >= p.submitted]
    is_open = [p for p in group if p.submitted and p.decided is None and not p.undated and not p.fact.closed]
    days = [float(_days(p.submitted, p.decided, unit)) for p in finished if p.submitted and p.decided]
    ages = [float(_days(p.submitted, until, unit)) for p in is_open if p.submitted]
    return {
        "procedure": group[0].fact.procedure,
        "step": group[0].fact.name,
        "cases": len({p.fact.case for p in group}),
        "finished": len(finished),
        "median": percentile(days, 50),
        "p90": percentile(days, 90),
        "open": len(is_open),
        "median_age": percentile(ages, 50),
        "oldest_age": max(ages, default=None),
        "returned": sum(p.returned for p in group),
        "undated": len(group) - len(finished) - len(is_open),
        "case_ids": tuple(dict.fromkeys(p.fact.case for p in group)),
        "open_ids": tuple(dict.fromkeys(p.fact.case for p in is_open)),
    }, sum(days)


def _totals(passages: Iterable[_Passage], unit: str) -> tuple[tuple[int, float, datetime.date], ...]:
    """Return (case, days from its first submission to its last decision, that day) where every step is decided."""
    cases: dict[int, list[_Passage]] = {}
    for passage in passages:
        cases.setdefault(passage.fact.case, []).append(passage)
    found = []
    for case, several in cases.items():
        first = min((p.submitted for p in several if p.submitted), default=None)
        last = max((p.decided for p in several if p.decided), default=None)
        done = all(p.decided is not None or p.fact.closed for p in several)
        if done and first is not None and last is not None and last >= first:
            found.append((case, float(_days(first, last, unit)), last))
    return tuple(found)
