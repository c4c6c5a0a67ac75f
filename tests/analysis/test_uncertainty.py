"""How projects end and keep their plans: a ledger small enough to be counted by hand, and the library of others."""

import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats as scipy_stats
from small_ledger import P, code, ledger

from bri_desktop.analysis.counting import leaves, timeline
from bri_desktop.analysis.days import day_of, earliest, latest, ordinals, working_days
from bri_desktop.analysis.facts import Facts
from bri_desktop.analysis.measures import percentile, wilson
from bri_desktop.analysis.model import Links, StatsData, StatsRequest, ints, pack_date
from bri_desktop.analysis.statistics import compute
from bri_desktop.analysis.uncertainty import Delay, Uncertainty, delay, uncertainty

TODAY = datetime.date(2020, 6, 30)
SPAN = (2015, 2019)


def planned(status: str, end: str, actual: str | None = None) -> P:
    return P(status=status, start="2014", planned_end=end, ended=actual, foreign=("tokyo",), mode="sister_city")


LIVES = [
    planned("completed", "2017-12-31", "2017-12-31"),  # on time, 0 days
    planned("completed", "2017-06-30", "2017-07-10"),  # late by 10 days
    planned("completed", "2017", "2017-05-01"),  # by the end of 2017: 244 days early
    planned("completed", "2018-05-17", "2018"),  # nobody can tell
    planned("failed", "2019-01-01", "2016-03-01"),  # broken off, and ended in the span
    planned("terminated", "2025", "2019-02-02"),  # ended in the span, planned end is not in it
    planned("active", "2019-06-30"),  # overdue, 366 days (2020 has a 29 February)
    planned("suspended", "2018"),
    planned("idea", "2017"),  # never begun
    planned("completed", "2014-12-31", "2014-12-30"),  # before the span
]


def both(data: StatsData, facts: Facts | None = None) -> tuple[Uncertainty, Delay]:
    lives = timeline(data.projects, data.codes["status"])
    counted = leaves(data.projects.parent, np.ones(len(data.projects), np.bool_))
    return uncertainty(data, facts or Facts(), lives, counted, SPAN, TODAY), delay(data, lives, counted, SPAN, TODAY)


def test_ends_and_plans_by_hand() -> None:
    found, days = both(ledger(LIVES))
    assert found.ended == 6  # rows 0-5
    assert {name: round((rate.value or 0) * rate.n) for name, rate in found.ends.items()} == {
        "completed": 4,
        "terminated": 1,
        "failed": 1,
    }
    assert found.planned == 6
    assert {name: round((rate.value or 0) * rate.n) for name, rate in found.plans.items()} == {
        "on_time": 2,
        "late": 1,
        "broken_off": 1,
        "overdue": 1,
        "suspended": 1,
    }
    assert (found.cannot_tell, found.not_due, found.troubled) == (1, 0, 5)
    assert sorted(value for _, value in days.days) == [-244, 0, 10, 366]
    assert (days.n, days.inexact, days.median) == (4, 1, 5.0)
    assert days.p90 == pytest.approx(10 + 0.7 * 356)  # position 2.7 between the third and the fourth


def test_causes_are_external_or_internal() -> None:
    causes = Links(
        ints([4, 4, 6, 0]), ints([code("cause", c) for c in ("ext_law", "int_staff", "int_staff", "ext_law")])
    )
    found, _ = both(ledger(LIVES), Facts(causes=causes))
    assert found.causes == {"ext_law": 1, "int_staff": 2}  # the first project kept its plan: its cause is not counted
    assert (found.external.value, found.external.n) == (0.5, 2)
    assert found.internal.value == 1.0


def test_nothing_is_null_never_zero() -> None:
    found, days = both(ledger([]))
    assert all(rate.value is None for rate in (*found.ends.values(), *found.plans.values(), found.external))
    assert days.to_json() == {"n": 0, "median": None, "p90": None, "inexact": 0, "unit": "days"}


def test_every_row_has_its_own() -> None:
    request = StatsRequest(
        TODAY, span=None, year=2019, by=("mode",), measures=("uncertainty", "delay", "practical_share")
    )
    result = compute(request, ledger(LIVES))
    row = next(row for row in result.rows if row.key == "sister_city")
    assert row.measures["uncertainty"]["ended"] == 1
    assert row.measures["uncertainty"]["overdue"]["value"] == pytest.approx(0.5)
    assert row.measures["delay"] == {"n": 1, "median": 366.0, "p90": 366.0}
    assert row.measures["practical_share"] == {"value": None, "low": None, "high": None, "n": 0, "unclassified": 2}


@given(st.integers(1, 400), st.data())
def test_wilson_as_in_scipy(n: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, n))
    theirs = scipy_stats.binomtest(hits, n).proportion_ci(0.95, method="wilson")
    ours = wilson(hits, n)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60), st.sampled_from([0, 25, 50, 90, 100]))
def test_percentiles_as_in_numpy_and_scipy(values: list[float], p: int) -> None:
    assert percentile(values, p) == pytest.approx(float(np.percentile(values, p)))
    assert percentile(values, p) == pytest.approx(float(scipy_stats.scoreatpercentile(values, p)), abs=1e-6)


DAYS = st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 12, 31))


@given(DAYS)
def test_packed_days_are_those_of_the_calendar(day: datetime.date) -> None:
    packed = ints([pack_date(day.isoformat())])
    assert ordinals(packed)[0] == (day - datetime.date(1970, 1, 1)).days
    assert day_of(int(packed[0])) == day
    month = ints([pack_date(day.isoformat()[:7])])
    assert day_of(int(earliest(month)[0])) == day.replace(day=1)
    last = day_of(int(latest(month)[0]))
    assert last is not None and last.month == day.month and (last + datetime.timedelta(1)).day == 1


def test_working_days_know_the_holidays() -> None:
    # 30 September 2019 is a Monday; 1-7 October are free, Saturday 12 October is worked.
    assert working_days(datetime.date(2019, 9, 30), datetime.date(2019, 10, 12)) == 5
    assert working_days(datetime.date(2019, 10, 1), datetime.date(2019, 10, 7)) == 0
    assert working_days(datetime.date(2019, 9, 30), datetime.date(2019, 9, 30)) == 0
    assert working_days(datetime.date(1999, 1, 1), datetime.date(2019, 1, 1)) is None
    assert working_days(datetime.date(2019, 1, 1), datetime.date(2199, 1, 1)) is None
