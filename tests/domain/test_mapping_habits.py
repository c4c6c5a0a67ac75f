"""How a column writes what one cell leaves open: told by its other cells, asked where they are silent or disagree."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bri_desktop.domain.dates import parse_date
from bri_desktop.domain.errors import ValueProblemError
from bri_desktop.domain.habits import (
    DAY_FIRST,
    JANUARY,
    MONTH_FIRST,
    OCTOBER,
    POINT,
    THOUSANDS,
    HabitFinder,
    Habits,
    habits_of,
)
from bri_desktop.domain.money import Money, Reading, parse_money

ASKED = Reading(dots=None, needs_unit=True)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["1.234", "2.500"], None),
        (["1.234", "1.5"], POINT),
        (["1.234", "0.75万元"], POINT),
        (["1.234", "12,345"], POINT),
        (["1.234", "1234.567"], POINT),
        (["1.234", "1.234.567"], THOUSANDS),
        (["1.234", "1.234,5"], THOUSANDS),
        (["1.234", "12,5"], THOUSANDS),
        (["1.5", "1.234.567"], None),
        ([1.234, 1.5, 1800], None),
        (["约２亿美元", "若干"], None),
    ],
)
def test_the_dot_of_a_column(values: list[object], expected: str | None) -> None:
    assert habits_of(values).dots == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([2017.1], None),
        ([2017.1, 2016.05], OCTOBER),
        ([2017.1, 2016.5], None),
        ([2017.1, 2016.05, 2015.5], None),
        ([2017.1, 2016.11], None),
        ([0.05, 1.05], None),
    ],
)
def test_the_tenth_of_a_year(values: list[object], expected: str | None) -> None:
    assert habits_of(values).tenth == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["03/04/2017"], None),
        (["03/04/2017", "25/12/2016"], DAY_FIRST),
        (["03/04/2017", "12-25-2016"], MONTH_FIRST),
        (["25/12/2016", "12/25/2016"], None),
        (["31/31/2016"], None),
    ],
)
def test_the_order_of_day_and_month(values: list[object], expected: str | None) -> None:
    assert habits_of(values).order == expected


def test_a_date_is_read_as_its_column_writes() -> None:
    assert parse_date(2017.1, Habits(tenth=OCTOBER)).value == "2017-10"
    assert parse_date(2017.1, Habits(tenth=JANUARY)).value == "2017-01"
    assert parse_date("03/04/2017", Habits(order=DAY_FIRST)).value == "2017-04-03"
    assert parse_date("03/04/2017", Habits(order=MONTH_FIRST)).value == "2017-03-04"
    with pytest.raises(ValueProblemError, match="date_impossible"):
        parse_date("13/13/2017", Habits(order=DAY_FIRST))


def test_an_amount_is_read_as_its_column_writes() -> None:
    assert parse_money("1.234万元", reading=Reading(THOUSANDS)).amount == Decimal(12_340_000)
    assert parse_money("1.234,5元", reading=Reading(THOUSANDS)).amount == Decimal("1234.5")
    assert parse_money("1.234万元", reading=Reading(POINT)).amount == Decimal(12_340)
    with pytest.raises(ValueProblemError, match="money_dots") as caught:
        parse_money("1.234万元", reading=ASKED)
    assert caught.value.offers == ("1234", "1.234")
    with pytest.raises(ValueProblemError, match="money_ambiguous"):
        parse_money("1.5", reading=Reading(THOUSANDS))


@pytest.mark.parametrize("bare", ["1800", 1800, 0.5, "1,800"])
def test_a_bare_amount_is_asked_for_its_unit(bare: str | float) -> None:
    with pytest.raises(ValueProblemError, match="money_unit_needed"):
        parse_money(bare, reading=ASKED)
    assert parse_money(bare, unit="元", reading=ASKED) == parse_money(bare)
    assert parse_money(bare, currency="USD", reading=ASKED).currency == "USD"


def test_what_says_a_unit_is_not_asked() -> None:
    for said in ("1800万", "1800元", "$5", 0, "0"):
        assert parse_money(said, reading=ASKED) == parse_money(said)


@given(st.integers(1, 999), st.integers(0, 999))
def test_both_readings_of_an_open_dot_are_offered(left: int, right: int) -> None:
    text = f"{left}.{right:03d}"
    with pytest.raises(ValueProblemError) as caught:
        parse_money(text, unit="元", reading=Reading(None))
    thousands, point = caught.value.offers
    assert parse_money(text, unit="元", reading=Reading(THOUSANDS)) == Money(Decimal(thousands))
    assert parse_money(text, unit="元", reading=Reading(POINT)) == Money(Decimal(point))
    assert Decimal(thousands) == Decimal(point) * 1000


@given(st.lists(st.one_of(st.text("0123456789.,/-万元 ", max_size=12), st.floats(), st.integers(), st.none())))
def test_the_order_of_cells_does_not_count(values: list[object]) -> None:
    assert habits_of(values) == habits_of(values[::-1])


@given(st.lists(st.text("0123456789.,", max_size=8), max_size=6), st.lists(st.text("0123456789.,", max_size=8)))
def test_more_cells_never_turn_a_habit_round(first: list[str], more: list[str]) -> None:
    finder = HabitFinder()
    for value in first:
        finder.see(value)
    before = finder.habits().dots
    for value in more:
        finder.see(value)
    assert finder.habits().dots in (before, None) or before is None
