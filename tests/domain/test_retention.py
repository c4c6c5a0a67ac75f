"""Which copies stay as they grow old: counted by hand, and what must hold for any of them."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bri_desktop.domain.retention import NEWEST, gone_by, to_thin

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
INSTANTS = st.lists(st.integers(0, 3_000_000).map(lambda minutes: NOW - timedelta(minutes=minutes)), max_size=200)


def test_a_copy_every_half_hour_for_two_years_leaves_a_few_dozen() -> None:
    """By the calendar: 13 half hours; 42 hours of three days; 13 days; the 8 weeks from 21 September; 12 months."""
    made = [NOW - timedelta(minutes=30 * step) for step in range(2 * 365 * 48)]
    kept = sorted(set(made) - set(to_thin(made, NOW)), reverse=True)
    within = [sum(low < NOW - at <= high for at in kept) for low, high in SPANS]
    assert within == [13, 42, 13, 8, 12]
    assert NOW - kept[-1] <= timedelta(days=400)


SPANS = [
    (timedelta(-1), timedelta(hours=6)),
    (timedelta(hours=6), timedelta(days=2)),
    (timedelta(days=2), timedelta(weeks=2)),
    (timedelta(weeks=2), timedelta(weeks=9)),
    (timedelta(weeks=9), timedelta(days=400)),
]


@given(INSTANTS)
def test_the_newest_stay_and_thinning_again_removes_nothing(made: list[datetime]) -> None:
    gone = to_thin(made, NOW)
    left = sorted(set(made) - set(gone))
    assert set(sorted(set(made))[-NEWEST:]) <= set(left)
    assert to_thin(left, NOW) == []


@given(INSTANTS)
def test_no_age_is_without_a_copy_that_had_one(made: list[datetime]) -> None:
    """Of every month of the last year in which a copy was made, one of that month or an earlier day stays."""
    left = set(made) - set(to_thin(made, NOW))
    recent = [at for at in made if NOW - at <= timedelta(days=400)]
    for at in recent:
        assert any((other.year, other.month) == (at.year, at.month) for other in left)


def test_until_when_a_copy_may_stay() -> None:
    assert gone_by(datetime(2026, 1, 1, tzinfo=UTC)) == datetime(2027, 2, 5, tzinfo=UTC)
