"""Written amounts: exact to the last digit, in the currency that was meant, or a problem."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bri_desktop.domain.errors import ValueProblemError
from bri_desktop.domain.money import CURRENCIES, Money, format_money, parse_currency, parse_money, parse_unit

READ = {
    "1800万元": ("18000000", "CNY"),
    "1800万元人民币": ("18000000", "CNY"),
    "人民币1800万元": ("18000000", "CNY"),
    "1800（万元）": ("18000000", "CNY"),
    "2亿美元": ("200000000", "USD"),
    "1.8亿": ("180000000", "CNY"),
    "1亿2000万元": ("120000000", "CNY"),
    "1千亿美元": ("100000000000", "USD"),
    "27.2 万亿元": ("27200000000000", "CNY"),
    "1,234": ("1234", "CNY"),
    "１，２３４．５元": ("1234.5", "CNY"),
    "￥1,234.5": ("1234.5", "CNY"),
    "$5": ("5", "USD"),
    "US$ 2 million": ("2000000", "USD"),
    "EUR 3.5bn": ("3500000000", "EUR"),
    "300欧元": ("300", "EUR"),
    "5 日元": ("5", "JPY"),
    "20万港币": ("200000", "HKD"),
    "0": ("0", "CNY"),
    "0.0001": ("0.0001", "CNY"),
}

REFUSED = {
    "约2亿美元": ("money_unreadable", ("2亿美元",)),
    "200多亿美元": ("money_unreadable", ("200亿美元",)),
    "2万余元": ("money_unreadable", ("2万元",)),
    "3亿元以上": ("money_unreadable", ("3亿元",)),
    "460亿美元至500亿美元": ("money_unreadable", ("460亿美元", "500亿美元")),
    "20-30亿元": ("money_unreadable", ()),
    "若干": ("money_unreadable", ()),
    "": ("money_unreadable", ()),
    "2000万1亿": ("money_unreadable", ()),
    "1.234,5": ("money_ambiguous", ("1234.5", "1.2345")),
    "1.234.567": ("money_ambiguous", ("1234567",)),
    "1,5": ("money_ambiguous", ("1.5", "15")),
    "-5": ("money_negative", ()),
    "1.23456": ("money_too_precise", ("1.2346元",)),
    "900000000000001": ("money_too_large", ()),
    "9" * 70: ("money_unreadable", ()),
}


@pytest.mark.parametrize("written", READ)
def test_written_amount_is_exact(written: str) -> None:
    amount, currency = READ[written]
    assert parse_money(written) == Money(Decimal(amount), currency)


@pytest.mark.parametrize("written", REFUSED)
def test_doubtful_amount_is_refused_with_offers(written: str) -> None:
    with pytest.raises(ValueProblemError) as caught:
        parse_money(written)
    assert (caught.value.code, caught.value.offers[:2]) == REFUSED[written]


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        ("1800", "万元", Money(Decimal(18000000))),
        (1800.5, "万美元", Money(Decimal(18005000), "USD")),
        (231.18, "亿元", Money(Decimal(23118000000))),
        ("2亿美元", "万元", Money(Decimal(200000000), "USD")),
        ("2亿", "万美元", Money(Decimal(200000000), "USD")),
        ("1800美元", "万元", Money(Decimal(1800), "USD")),
        (3, "USD million", Money(Decimal(3000000), "USD")),
    ],
)
def test_unit_of_the_header_counts_for_bare_numbers(value: str | float, unit: str, expected: Money) -> None:
    assert parse_money(value, unit=unit) == expected


def test_sign_without_unit_below_a_unit_is_asked() -> None:
    with pytest.raises(ValueProblemError) as caught:
        parse_money("￥1800", unit="万元")
    assert (caught.value.code, caught.value.offers) == ("money_ambiguous", ("1800万元", "1800元"))


def test_currency_column() -> None:
    assert parse_money(5, unit="万元", currency="美元") == Money(Decimal(50000), "USD")
    assert parse_money("5万", currency="eur").currency == "EUR"
    with pytest.raises(ValueProblemError, match="money_ambiguous"):
        parse_money("2亿美元", currency="CNY")
    with pytest.raises(ValueProblemError, match="money_ambiguous"):
        parse_money(5, unit="万美元", currency="CNY")
    with pytest.raises(ValueProblemError, match="currency_unknown"):
        parse_money(5, currency="贝壳")
    with pytest.raises(ValueProblemError, match="money_unit_unknown"):
        parse_money(5, unit="人")


def test_float_cells() -> None:
    assert parse_money(0.1 + 0.2).amount == Decimal("0.3")
    assert parse_money(1e14).amount == Decimal(10**14)
    for value in (float("nan"), float("inf"), True):
        with pytest.raises(ValueProblemError, match="money_unreadable"):
            parse_money(value)


def test_decimals_count_after_the_unit() -> None:
    assert parse_money("1.23456万元").amount == Decimal("12345.6")
    with pytest.raises(ValueProblemError, match="money_too_precise"):
        parse_money("1.2300000000000000000000000000000000001万元")


@pytest.mark.parametrize(
    ("amount", "chinese", "english"),
    [
        ("18000000", "1,800 万元", "CNY 18,000,000"),
        ("200000000", "2 亿元", "CNY 200,000,000"),
        ("23118000000", "231.18 亿元", "CNY 23,118,000,000"),
        ("123456789", "123,456,789 元", "CNY 123,456,789"),
        ("12345", "12,345 元", "CNY 12,345"),
        ("0.5", "0.5 元", "CNY 0.5"),
    ],
)
def test_format(amount: str, chinese: str, english: str) -> None:
    assert format_money(Money(Decimal(amount)), "zh_CN") == chinese
    assert format_money(Money(Decimal(amount)), "en") == english


def test_every_name_of_a_currency_is_read() -> None:
    for code, names in CURRENCIES.items():
        assert {parse_currency(name) for name in names} == {code}
        assert parse_unit(f"万{names[0]}").currency == code


amounts = st.decimals(0, 9 * 10**14, places=4).map(lambda amount: amount.normalize())


@given(amounts, st.sampled_from(sorted(CURRENCIES)), st.sampled_from(["zh_CN", "en"]))
def test_what_is_written_is_read_back(amount: Decimal, currency: str, language: str) -> None:
    assert parse_money(format_money(Money(amount, currency), language)) == Money(amount, currency)


@given(
    st.text(alphabet="0123456789.,+-()（）约余万亿元美$￥ 千百", max_size=16), st.sampled_from([None, "万元", "亿美元"])
)
def test_any_text_is_an_amount_or_a_problem_whose_offers_are_read(text: str, unit: str | None) -> None:
    try:
        value = parse_money(text, unit=unit)
    except ValueProblemError as problem:
        for offer in problem.offers:
            try:
                parse_money(offer)
            except ValueProblemError as again:
                assert again.code != problem.code or again.code == "money_unreadable", (text, offer)
    else:
        assert 0 <= value.amount <= 9 * 10**14


def test_what_is_offered_for_a_dot_without_digits_after_it_can_be_read() -> None:
    with pytest.raises(ValueProblemError) as caught:
        parse_money("3.￥", unit="万元")
    assert caught.value.offers == ("3万元", "3元")
    assert [parse_money(offer).amount for offer in caught.value.offers] == [30_000, 3]


def test_a_long_run_of_digits_that_is_no_amount_is_refused_at_once() -> None:
    """Tried in every way of splitting, these forty digits would take longer than anybody waits."""
    with pytest.raises(ValueProblemError) as caught:
        parse_money("1," + "9" * 40 + "期,南宁,岘港", unit="万元")
    assert caught.value.code == "money_unreadable"


@pytest.mark.parametrize(("written", "amount"), [("3个亿", 300_000_000), ("1.5个亿", 150_000_000)])
def test_a_counted_hundred_million_is_one(written: str, amount: int) -> None:
    assert parse_money(written) == Money(Decimal(amount), "CNY")


def test_about_three_hundred_million_is_offered_as_such_and_not_as_three() -> None:
    with pytest.raises(ValueProblemError) as caught:
        parse_money("约3个亿")
    assert caught.value.offers == ("3亿",)
