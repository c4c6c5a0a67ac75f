"""How sure cooperation is (不确定性): how projects end, whether they keep their planned end, and why not."""

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from bri_desktop.analysis.counting import NEVER, Timeline, has_status, pack_day
from bri_desktop.analysis.days import earliest, known_to_day, latest, ordinals
from bri_desktop.analysis.facts import Facts
from bri_desktop.analysis.measures import Rate, percentile, wilson
from bri_desktop.analysis.model import BoolArray, IntArray, StatsData
from bri_desktop.domain.vocabulary import ENDED

EXTERNAL, INTERNAL = "ext_", "int_"
PLANNED = ("on_time", "late", "broken_off", "overdue", "suspended")
Span = tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Uncertainty:
    """Rates 0–1 with their 95 % Wilson intervals over the years of ``span``.

    ``ends``: of the projects that ended in the span, completed, terminated, failed. ``plans``: of those whose planned
    end lies in the span and that were begun, on time (completed by then), late (completed after it), broken off
    (terminated or failed), overdue (open after it), suspended; those not due yet, and those whose dates do not tell
    (an end known to the year only), stand apart. ``causes``: code -> troubled projects that name it; of those that
    name any, the share with an external and with an internal cause. ``masks`` are the entries behind each figure.
    """

    span: Span
    ended: int
    ends: Mapping[str, Rate]
    ended_unknown: int
    planned: int
    plans: Mapping[str, Rate]
    not_due: int
    cannot_tell: int
    troubled: int
    causes: Mapping[str, int]
    external: Rate
    internal: Rate
    masks: Mapping[str, BoolArray] = field(repr=False)

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``stats`` prints."""
        plain: dict[str, Any] = {"from": self.span[0] or None, "to": self.span[1], "ended": self.ended}
        plain |= {name: asdict(rate) for name, rate in self.ends.items()}
        plain |= {"ended_unknown": self.ended_unknown, "planned": self.planned}
        plain |= {name: asdict(rate) for name, rate in self.plans.items()}
        plain |= {"not_due": self.not_due, "cannot_tell": self.cannot_tell, "troubled": self.troubled}
        plain |= {"causes": dict(self.causes), "external": asdict(self.external), "internal": asdict(self.internal)}
        return plain


def uncertainty(
    data: StatsData, facts: Facts, lives: Timeline, counted: BoolArray, span: Span, today: datetime.date
) -> Uncertainty:
    """Return how the ``counted`` projects ended and kept their plans in the years of ``span``."""
    ends = _ends(data, lives, counted, span)
    plans = planned_ends(data, lives, counted, span, today)
    ended, planned = ends.pop("ended"), plans["planned"]
    trouble = ends["terminated"] | ends["failed"]
    for name in ("late", "broken_off", "overdue", "suspended"):
        trouble = trouble | plans[name]
    causes, named = _causes(data, facts, trouble)
    sizes = {name: int(np.count_nonzero(mask)) for name, mask in (ends | plans).items()}
    n = int(np.count_nonzero(ended))
    return Uncertainty(
        span=span,
        ended=n,
        ends={name: wilson(sizes[name], n) for name in ENDED},
        ended_unknown=int(np.count_nonzero(lives.ended_unknown & counted & _within(lives.flow_year, span))),
        planned=sizes["planned"],
        plans={name: wilson(sizes[name], sizes["planned"]) for name in PLANNED},
        not_due=sizes["not_due"],
        cannot_tell=sizes["cannot_tell"],
        troubled=int(np.count_nonzero(trouble)),
        causes=causes,
        external=_share(named, EXTERNAL),
        internal=_share(named, INTERNAL),
        masks={"ended": ended, "planned": planned, "troubled": trouble, **ends, **plans},
    )


def _within(years: IntArray, span: Span) -> BoolArray:
    return np.asarray((years >= span[0]) & (years <= span[1]), np.bool_)


def _ends(data: StatsData, lives: Timeline, counted: BoolArray, span: Span) -> dict[str, BoolArray]:
    ended = _within(lives.end_year, span) & counted & (lives.end != NEVER)
    codes = data.codes["status"]
    found = {name: ended & has_status(data.projects.status, codes, (name,)) for name in ENDED}
    return found | {"ended": ended}


def planned_ends(
    data: StatsData, lives: Timeline, counted: BoolArray, span: Span, today: datetime.date
) -> dict[str, BoolArray]:
    """Return which begun projects with a planned end in ``span`` kept it: masks ``on_time`` …, ``not_due``, and
    ``planned``, those of which it can be told.

    A planned end known to the month or year is its last day; an actual one that may lie on either side of it tells
    nothing.
    """
    projects, codes = data.projects, data.codes["status"]
    begun = counted & ~lives.pipeline & (projects.start > 0)
    due = latest(projects.planned_end)
    base = begun & _within(projects.planned_end // 10000, span) & (projects.planned_end > 0)
    over = has_status(projects.status, codes, ENDED)
    broken = base & has_status(projects.status, codes, ("terminated", "failed"))
    end = np.where(lives.end == NEVER, 0, lives.end).astype(np.int32)
    finished = base & over & ~broken
    on_time = finished & (end > 0) & (latest(end) <= due)
    late = finished & (end > 0) & (earliest(end) > due)
    suspended = base & has_status(projects.status, codes, ("suspended",))
    ends_otherwise = base & ~over & ~suspended & (end > 0)
    is_open = base & ~over & ~suspended & (end == 0)
    overdue = is_open & (due < pack_day(today))
    found = {"on_time": on_time, "late": late, "broken_off": broken, "overdue": overdue, "suspended": suspended}
    planned = on_time | late | broken | overdue | suspended
    cannot_tell = (finished & ~on_time & ~late) | ends_otherwise
    return found | {"not_due": is_open & ~overdue, "cannot_tell": cannot_tell, "planned": planned}


def _causes(data: StatsData, facts: Facts, trouble: BoolArray) -> tuple[dict[str, int], list[set[str]]]:
    """Return how many troubled projects name each cause, and the causes of each project that names any."""
    refs = data.codes.get("cause", ())
    named: dict[int, set[str]] = {}
    for project, cause in zip(facts.causes.project.tolist(), facts.causes.target.tolist(), strict=True):
        if cause >= 0 and trouble[project]:
            named.setdefault(project, set()).add(refs[cause].code)
    counts = {ref.code: sum(ref.code in causes for causes in named.values()) for ref in refs}
    return {code: size for code, size in counts.items() if size}, list(named.values())


def _share(named: list[set[str]], prefix: str) -> Rate:
    return wilson(sum(any(code.startswith(prefix) for code in causes) for causes in named), len(named))


@dataclass(frozen=True, slots=True, eq=False)
class Delay:
    """Actual end (of open projects: today) − planned end in days; negative is early. ``None`` of none.

    ``inexact`` projects have an actual end that is not known to the day, and are left out.
    """

    n: int
    median: float | None
    p90: float | None
    inexact: int
    days: tuple[tuple[int, int], ...] = field(repr=False)

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``stats`` prints."""
        return {"n": self.n, "median": self.median, "p90": self.p90, "inexact": self.inexact, "unit": "days"}


def delay(data: StatsData, lives: Timeline, counted: BoolArray, span: Span, today: datetime.date) -> Delay:
    """Return the delays of the projects whose planned end lies in ``span``: completed ones, and open ones that are
    due. A planned end known to the month or year is its last day. Percentiles by linear interpolation."""
    kept = planned_ends(data, lives, counted, span, today)
    completed = kept["on_time"] | kept["late"] | (kept["cannot_tell"] & (lives.end != NEVER))
    actual = np.where(completed, lives.end, pack_day(today)).astype(np.int32)
    exact = (completed & known_to_day(actual)) | kept["overdue"]
    chosen = np.flatnonzero(exact)
    days = ordinals(actual[chosen]) - ordinals(latest(data.projects.planned_end)[chosen])
    ids = data.projects.id[chosen].tolist()
    inexact = int(np.count_nonzero(completed & ~known_to_day(actual)))
    values = days.astype(np.float64)
    found = tuple(zip(ids, days.tolist(), strict=True))
    return Delay(chosen.size, percentile(values, 50), percentile(values, 90), inexact, found)
