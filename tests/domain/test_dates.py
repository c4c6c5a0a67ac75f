"""Written dates: every form that a ledger is known to hold, and none of them guessed."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bri_desktop.domain.dates import PartialDate, format_date, parse_date
from bri_desktop.domain.errors import ValueProblemError

READ = {
    "2017年5月17日": "2017-05-17",
    "2017-05": "2017-05",
    "2017": "2017",
    "2017年": "2017",
    "2017年度": "2017",
    "2017.5.17": "2017-05-17",
    "2017/5/17": "2017-05-17",
    "2017/5/17 0:00:00": "2017-05-17",
    "2017-05-17T00:00:00": "2017-05-17",
    "2014-02-14T08:27:48.765Z": "2014-02-14",
    "2001年 5 月11日": "2001-05-11",
    "1979.03.14": "1979-03-14",
    "20170517": "2017-05-17",
    "201705": "2017-05",
    "2017.10": "2017-10",
    "2017.1": "2017-01",
    "2017年5月份": "2017-05",
    "二〇一七年五月": "2017-05",
    "二○一七年十二月三十一日": "2017-12-31",
    "二零一七年十月二十日": "2017-10-20",
    "２０１７年　５月": "2017-05",
    "2017年5月17日（星期三）": "2017-05-17",
    "2017年_x000D_\n5月": "2017-05",
    "2017—05—17": "2017-05-17",
    "17 May 2017": "2017-05-17",
    "May 17, 2017": "2017-05-17",
    "17th Sept 2017": "2017-09-17",
    "May 2017": "2017-05",
    "25/04/2017": "2017-04-25",
    "04/25/2017": "2017-04-25",
    "05/05/2017": "2017-05-05",
    "05/2017": "2017-05",
    "2000-02-29": "2000-02-29",
}

REFUSED = {
    "2017年底": ("date_unreadable", ("2017",)),
    "约2017年": ("date_unreadable", ("2017",)),
    "2017年5月上旬": ("date_unreadable", ("2017-05",)),
    "2017年5月至2018年6月": ("date_unreadable", ("2017-05", "2018-06")),
    "2017-2019": ("date_unreadable", ("2017", "2019")),
    "待定": ("date_unreadable", ()),
    "": ("date_unreadable", ()),
    "平成29年5月": ("date_unreadable", ()),
    "03/04/2017": ("date_ambiguous", ("2017-04-03", "2017-03-04")),
    "99年5月": ("date_ambiguous", ("1999-05", "2099-05")),
    "2017-02-30": ("date_impossible", ()),
    "2001-02-29": ("date_impossible", ()),
    "2017年13月": ("date_impossible", ()),
    "3017": ("date_impossible", ()),
    "31/31/2017": ("date_impossible", ()),
}


@pytest.mark.parametrize("written", READ)
def test_written_form_is_read_with_its_precision(written: str) -> None:
    assert parse_date(written) == PartialDate(READ[written])


@pytest.mark.parametrize("written", REFUSED)
def test_doubtful_form_is_refused_with_offers(written: str) -> None:
    with pytest.raises(ValueProblemError) as caught:
        parse_date(written)
    assert (caught.value.code, caught.value.offers) == REFUSED[written]


def test_number_cell_that_lost_its_zero_is_asked() -> None:
    with pytest.raises(ValueProblemError) as caught:
        parse_date(2017.1)
    assert (caught.value.code, caught.value.offers) == ("date_ambiguous", ("2017-01", "2017-10"))


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (2017, "2017"),
        (2017.0, "2017"),
        (2017.05, "2017-05"),
        (2017.12, "2017-12"),
        (2017.2, "2017-02"),
        (20170517, "2017-05-17"),
    ],
)
def test_number_cell_is_read(number: float, expected: str) -> None:
    assert parse_date(number).value == expected


@pytest.mark.parametrize("number", [True, -5, 0, 2017.123, float("nan"), float("inf"), 10**18])
def test_other_numbers_are_refused(number: float) -> None:
    with pytest.raises(ValueProblemError):
        parse_date(number)


def test_serial_day_is_only_offered() -> None:
    with pytest.raises(ValueProblemError) as caught:
        parse_date(42872)
    assert caught.value.offers == ("2017-05-17",)


def test_python_dates() -> None:
    assert parse_date(dt.date(2017, 5, 17)).value == "2017-05-17"
    assert parse_date(dt.datetime(2017, 5, 17, 14, 30)).value == "2017-05-17"


def test_format() -> None:
    assert [format_date(PartialDate(text), "zh_CN") for text in ("2017", "2017-05", "2017-05-17")] == [
        "2017年",
        "2017年5月",
        "2017年5月17日",
    ]
    assert [format_date(PartialDate(text), "en") for text in ("2017", "2017-05", "2017-05-17")] == [
        "2017",
        "May 2017",
        "17 May 2017",
    ]


partial_dates = st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)).flatmap(
    lambda day: st.sampled_from([4, 7, 10]).map(lambda length: PartialDate(day.isoformat()[:length]))
)


@given(partial_dates, st.sampled_from(["zh_CN", "en"]))
def test_what_is_written_is_read_back(value: PartialDate, language: str) -> None:
    assert parse_date(format_date(value, language)) == value
    assert parse_date(value.value) == value


@given(st.text(alphabet="0123456789年月日-./ 约底至TMay一〇十，", max_size=20))
def test_any_text_is_a_date_or_a_problem_whose_offers_are_dates(text: str) -> None:
    try:
        value = parse_date(text)
    except ValueProblemError as problem:
        for offer in problem.offers:
            assert parse_date(offer).value == offer
    else:
        assert len(value.value) in (4, 7, 10)
        assert 1900 <= value.year <= 2100


@pytest.mark.parametrize("text", ["十十年", "二〇一七年十十月", "十二十年三月"])
def test_numerals_that_are_no_number_are_no_date(text: str) -> None:
    with pytest.raises(ValueProblemError):
        parse_date(text)
