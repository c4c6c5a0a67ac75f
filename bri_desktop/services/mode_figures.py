"""The figures that only parks and only mechanisms have: density of a park, the rhythm of a mechanism's editions.

A figure is ``None`` where something that it needs is not entered; it is never a zero that nobody wrote.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from bri_desktop.domain.money import Money
from bri_desktop.domain.record import money_from_plain

MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class ParkFigures:
    """``built`` is the share 0–1 of the area that is built; investment, tenants and jobs are a square kilometre.

    They are of the built area where it is entered, else of the whole (``of_built``).
    """

    built: float | None
    investment: Money | None
    tenants: float | None
    jobs: float | None
    of_built: bool


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The editions of a mechanism against its interval in months.

    ``on_time`` of ``intervals`` between dated editions were no longer than the interval. ``next_date`` is what is
    entered, else (``is_computed``) the last edition and one interval; ``number`` that of the next edition.
    """

    on_time: int
    intervals: int
    next_date: str | None
    is_computed: bool
    number: int | None


def park_figures(profile: Mapping[str, Any]) -> ParkFigures:
    """Return the figures of a park's profile (plain values)."""
    area, built = (_decimal(profile[code]) for code in ("area", "built_area"))
    ground = built or area
    investment = money_from_plain(profile["investment"])
    return ParkFigures(
        built=float(built / area) if built is not None and area else None,
        investment=_per(investment, ground),
        tenants=_density(profile["tenants"], ground),
        jobs=_density(profile["jobs"], ground),
        of_built=built is not None,
    )


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _per(money: Money | None, ground: Decimal | None) -> Money | None:
    if money is None or not ground:
        return None
    return Money((money.amount / ground).quantize(Decimal("0.01")), money.currency)


def _density(count: int | None, ground: Decimal | None) -> float | None:
    return None if count is None or not ground else float(count / ground)


def rhythm(profile: Mapping[str, Any], editions: Sequence[str]) -> Rhythm:
    """Return how the dated editions (ISO dates, ascending) keep to the interval of a mechanism's profile."""
    interval: int | None = profile["interval_months"]
    between = [months_between(earlier, later) for earlier, later in pairwise(editions)]
    on_time = sum(months <= interval for months in between) if interval else 0
    last = editions[-1] if editions else None
    entered = profile["next_edition"]
    if entered is not None and last is not None and entered <= last:
        entered = None
    computed = months_later(last, interval) if last is not None and interval else None
    number = profile["latest_edition"]
    return Rhythm(
        on_time=on_time,
        intervals=len(between) if interval else 0,
        next_date=entered or computed,
        is_computed=entered is None and computed is not None,
        number=None if number is None else number + 1,
    )


def months_between(earlier: str, later: str) -> int:
    """Return the months from one ISO date to a later one; whole years where one of them is only a year."""
    years = int(later[:4]) - int(earlier[:4])
    if len(earlier) == 4 or len(later) == 4:
        return years * MONTHS_A_YEAR
    return years * MONTHS_A_YEAR + int(later[5:7]) - int(earlier[5:7])


def months_later(date: str, months: int) -> str:
    """Return the month so long after an ISO date; of a year alone the year."""
    if len(date) == 4:
        return str(int(date) + -(-months // MONTHS_A_YEAR))
    count = int(date[:4]) * MONTHS_A_YEAR + int(date[5:7]) - 1 + months
    return f"{count // MONTHS_A_YEAR:04d}-{count % MONTHS_A_YEAR + 1:02d}"


def days_to(date: str, today: datetime.date) -> int | None:
    """Return the days from today to the last day that an ISO date can mean; ``None`` for a year."""
    from bri_desktop.services.pair_life import last_day

    return None if len(date) == 4 else (last_day(date) - today).days
