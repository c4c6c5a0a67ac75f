"""How long approvals take, by steps whose days are counted by hand."""

import datetime

from bri_desktop.analysis.approval import approval
from bri_desktop.analysis.facts import StepFact

UNTIL = datetime.date(2019, 12, 31)


def step(case: int, position: int, name: str, *events: tuple[str, int], closed: bool = False) -> StepFact:
    return StepFact(case, f"案{case}", -1, 0, "友城", position, name, events, closed)


CASES = [
    # Monday 3 June 2019 to Wednesday 5 June: 2 working days; then to Thursday 13 June with the Dragon Boat Festival on
    # Friday 7 June and a weekend: 5 working days.
    step(1, 1, "市外办", ("submitted", 20190603), ("decided", 20190605)),
    step(1, 2, "省外办", ("submitted", 20190605), ("returned", 20190606), ("decided", 20190613)),
    # Monday 14 October to Friday 18 October: 4; the second step waits since then.
    step(2, 1, "市外办", ("submitted", 20191014), ("decided", 20191018)),
    step(2, 2, "省外办", ("submitted", 20191018)),
    step(3, 1, "市外办"),
]


def test_days_returns_and_the_bottleneck_by_hand() -> None:
    found = approval(CASES, first=None, until=UNTIL)
    assert (found.unit, found.years_missing) == ("working_days", ())
    first, second = found.steps
    assert (first.step, first.cases, first.finished, first.median, first.open) == ("市外办", 2, 2, 3.0, 0)
    assert first.p90 == 3.8
    assert (second.cases, second.finished, second.median, second.open, second.returned) == (2, 1, 5.0, 1, 1)
    assert second.oldest_age == 52.0  # 9 working days of October, 21 of November, 22 of December
    assert (first.share, second.share) == (6 / 11, 5 / 11)
    assert found.bottleneck == ("友城", "市外办")
    assert (found.cases, found.finished_cases, found.median_total) == (2, 1, 7.0)
    assert found.returned == 1


def test_a_step_still_to_come_keeps_the_case_open() -> None:
    found = approval(CASES, first=None, until=datetime.date(2019, 10, 18))
    assert found.finished_cases == 1  # case 2 has only its first step behind it
    early = approval(CASES, first=None, until=datetime.date(2019, 6, 5))
    assert (early.finished_cases, early.steps[1].open, early.returned) == (0, 1, 0)
    later = approval(CASES, first=datetime.date(2019, 7, 1), until=UNTIL)
    assert (later.finished_cases, later.steps[0].finished, later.steps[1].open) == (0, 1, 1)


def test_years_without_a_calendar_are_counted_in_calendar_days() -> None:
    found = approval([step(1, 1, "甲", ("submitted", 20000101), ("decided", 20000111))], first=None, until=UNTIL)
    assert (found.unit, found.years_missing, found.steps[0].median) == ("calendar_days", (2000,), 10.0)


def test_dates_without_a_day_are_told_apart() -> None:
    facts = [step(1, 1, "甲", ("submitted", 20190000), ("decided", 20190605)), step(2, 1, "甲", ("submitted", 0))]
    found = approval(facts, first=None, until=UNTIL)
    assert (found.steps[0].finished, found.steps[0].undated, found.steps[0].share) == (0, 2, None)
    assert found.bottleneck is None


def test_no_case_is_nothing() -> None:
    found = approval([], first=None, until=UNTIL).to_json()
    assert found["median_total"] is None and found["steps"] == [] and found["bottleneck"] is None
