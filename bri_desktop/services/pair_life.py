"""How a tie lives: its stage by a rule that the office sets, its next anniversary, and what moved it.

A tie is looked at through the dates of what is between the two places. A year counts to its end, so that a tie is
never called dormant because a date is not known to the day.
"""

import datetime
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import pairwise

from sqlalchemy.orm import Session

from bri_desktop.db.models import Meta
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import InputError
from bri_desktop.services.row_history import enter_setting, noted

META = "ties"
RULES = frozenset({"tie_rules"})
MOST_YEARS = 50
FIVE, TEN = 5, 10


@dataclass(frozen=True, slots=True)
class TieRules:
    """``dormant_years`` without agreement, activity, outcome or project make a tie dormant; ``every_five``: the fifth
    years between the tenth ones are anniversaries too."""

    dormant_years: int = 5
    every_five: bool = False

    @property
    def step(self) -> int:
        """The years from one anniversary to the next."""
        return FIVE if self.every_five else TEN


@dataclass(frozen=True, slots=True)
class Anniversary:
    """The next one: its date (ISO, as precise as the signing), the years, days from today (``None``: a year only)."""

    date: str
    years: int
    days: int | None


def read_rules(session: Session) -> TieRules:
    """Return the rules of the ledger; the defaults where none are set."""
    row = session.get(Meta, META)
    return TieRules(**json.loads(row.value)) if row else TieRules()


def save_rules(session: Session, rules: TieRules) -> Changes:
    """Store the rules, so that it can be taken back; ``InputError`` ``dormant_years_wrong`` for years that are not 1
    to 50."""
    if not 1 <= rules.dormant_years <= MOST_YEARS:
        raise InputError("dormant_years_wrong", most=MOST_YEARS)
    with noted(session, "set_tie_rules") as change:
        before = asdict(read_rules(session))
        row = session.get(Meta, META)
        if row is None:
            row = Meta(name=META)
            session.add(row)
        row.value = json.dumps(asdict(rules))
        session.flush()
        enter_setting(session, change, META, before, asdict(rules))
    return Changes(RULES)


def last_day(date: str) -> datetime.date:
    """Return the last day that an ISO date of reduced precision can mean."""
    parts = [int(part) for part in date.split("-")]
    if len(parts) == 3:
        return datetime.date(*parts)
    year, month = parts[0], parts[1] if len(parts) == 2 else 12
    return datetime.date(year + month // 12, month % 12 + 1, 1) - datetime.timedelta(1)


def years_before(day: datetime.date, years: int) -> datetime.date:
    """Return the same day so many years earlier; 29 February gives 28 February."""
    leap = day.month == 2 and day.day == 29
    return day.replace(year=day.year - years, day=28 if leap else day.day)


def stage(
    recorded: str | None,
    ended: str | None,
    signed: str | None,
    moves: Iterable[str],
    today: datetime.date,
    years: int,
) -> str | None:
    """Return the stage of a tie: ``intent``, ``signed``, ``active``, ``dormant``, ``revived`` or ``ended``.

    ``moves`` are the dates of everything between the two places, the signing among them or not. Later dates than
    today are plans and move nothing. Revived is a tie that moves again after so many ``years`` of silence. Where no
    date is known the ``recorded`` stage stands.
    """
    if recorded == "ended" or ended:
        return "ended"
    days = sorted(min(day, today) for day in _days(moves, today))
    first = min(_days([signed], today), default=None) if signed else None
    if first is None and (recorded == "intent" or not days):
        return recorded
    since = years_before(today, years)
    everything = sorted([*days, *([first] if first else [])])
    if everything[-1] < since:
        return "dormant"
    if any(years_before(later, years) > before for before, later in pairwise(everything)):
        return "revived"
    return "active" if any(first is None or day > first for day in days) else "signed"


def _days(dates: Iterable[str], today: datetime.date) -> list[datetime.date]:
    """Return the last days of the dates that have begun."""
    return [last_day(date) for date in dates if date <= today.isoformat()[: len(date)]]


def next_anniversary(signed: str | None, today: datetime.date, step: int) -> Anniversary | None:
    """Return the next anniversary from ``today`` on, every ``step`` years; ``None`` for a tie that is not signed."""
    if signed is None:
        return None
    year = int(signed[:4])
    years = max(step, (today.year - year + step - 1) // step * step)
    for candidate in (years, years + step):
        date = f"{year + candidate}{signed[4:]}"
        if date.endswith("-02-29"):
            date = f"{year + candidate}-02-28"
        if date >= today.isoformat()[: len(date)]:
            days = (last_day(date) - today).days if len(date) == 10 else None
            return Anniversary(date, candidate, days)
    return None
