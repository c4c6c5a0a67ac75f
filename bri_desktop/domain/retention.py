"""Which of many copies are kept as they grow old: all of the last hours, then one a day, a week, a month."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

NEWEST = 12
"""So many are kept however old they are."""
ALL_WITHIN = timedelta(hours=6)

_Period = Callable[[datetime], object]
SPANS: tuple[tuple[timedelta, _Period], ...] = (
    (timedelta(days=2), lambda at: (at.date(), at.hour)),
    (timedelta(weeks=2), lambda at: at.date()),
    (timedelta(weeks=9), lambda at: at.isocalendar()[:2]),
    (timedelta(days=400), lambda at: (at.year, at.month)),
)
"""Up to which age, and what shares one place: an hour, a day, a week, a month. Older ones go."""


def to_thin(instants: Iterable[datetime], now: datetime) -> list[datetime]:
    """Return which of the copies made at ``instants`` are no longer needed, the oldest first.

    Of several in one hour, day, week or month the oldest stays, so that it can grow into the next span.
    """
    ordered = sorted(set(instants))
    kept = set(ordered[-NEWEST:])
    places: set[tuple[timedelta, object]] = set()
    for instant in ordered:
        if now - instant <= ALL_WITHIN:
            kept.add(instant)
            continue
        for span, period in SPANS:
            if now - instant <= span:
                if (span, period(instant)) not in places:
                    places.add((span, period(instant)))
                    kept.add(instant)
                break
    return [instant for instant in ordered if instant not in kept]


def gone_by(instant: datetime) -> datetime:
    """Return the latest instant until which a copy made at ``instant`` may be kept by its age."""
    return instant + SPANS[-1][0]
