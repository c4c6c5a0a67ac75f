"""Prose from figures: right for none, one, ties and a decline, and never a superlative without its number."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bri_desktop import i18n
from bri_desktop.reports.document import Figure, Section, Table
from bri_desktop.reports.document_json import from_plain, to_plain
from bri_desktop.reports.numbering import chinese_number, number
from bri_desktop.reports.wording import (
    Growth,
    Ranked,
    amount,
    date_text,
    growth,
    ranking,
    runs_of,
    signed,
    tight,
)

COUNTS = st.lists(st.integers(0, 6), max_size=9)


def figure(name: str, value: int | float | None, shown: str | None = None) -> Figure:
    return Figure(name, value, str(value) if shown is None else shown)


def said(text: str, *figures: Figure) -> str:
    """Return a text with its placeholders filled in."""
    known = {one.name: one for one in figures}
    return "".join(run if isinstance(run, str) else run.shown for run in runs_of(text, known))


def ranked(counts: list[int]) -> tuple[str, list[Ranked]]:
    units = [Ranked(f"单位{n}", figure(f"n{n}", count)) for n, count in enumerate(counts)]
    return said(ranking(units), *(unit.count for unit in units)), units


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ([], ""),
        ([0, 0], ""),
        ([4], "均为单位0（4项）"),
        ([0, 4], "均为单位1（4项）"),
        ([3, 3], "单位0和单位1（各3项）并列"),
        ([3, 5], "依次为单位1（5项）、单位0（3项）"),
        ([3, 5, 3], "依次为单位1（5项）、单位0和单位2（各3项）"),
        ([9, 5, 3, 1], "居前三位的是单位0（9项）、单位1（5项）、单位2（3项）"),
        ([9, 5, 3, 3, 1], "居前四位的是单位0（9项）、单位1（5项）、单位2和单位3（各3项）"),
        ([9, 1, 1, 1, 1, 1], "居首位的是单位0（9项）"),
        ([2] * 7, "7个类别数量相同，各2项"),
        ([2] * 6 + [1], "并列首位的有6个，各2项"),
    ],
)
def test_rankings(counts: list[int], words: str) -> None:
    assert ranked(counts)[0] == words


@given(COUNTS)
def test_a_ranking_names_the_largest_and_only_with_their_numbers(counts: list[int]) -> None:
    text, units = ranked(counts)
    largest = max(counts, default=0)
    assert bool(text) == (largest > 0)
    named = [unit for unit in units if unit.label in text]
    alone = [unit for unit in named if counts.count(unit.size) == 1]
    assert all(f"{unit.label}（{unit.count.shown}项）" in text for unit in alone)
    assert all(f"（各{unit.size}项）" in text for unit in named if unit not in alone)
    if named:
        least = min(unit.size for unit in named)
        assert {unit.label for unit in named} == {unit.label for unit in units if unit.size >= least}
        tied = len({unit.size for unit in named}) < len(named)
        assert tied == ("（各" in text)
    assert len(named) <= 5


def test_level_units_whose_shares_differ() -> None:
    counts = [figure("a", 8), figure("b", 8)]
    shares = [Figure("sa", 0.1724, "17.2%"), Figure("sb", 0.1712, "17.1%")]
    units = [Ranked(name, *both) for name, *both in zip(("甲", "乙"), counts, shares, strict=True)]
    assert said(ranking(units), *counts, *shares) == "甲和乙（各8项，分别占17.2%、17.1%）并列"
    same = [Ranked(name, count, shares[0]) for name, count in zip(("甲", "乙"), counts, strict=True)]
    with i18n.speaking("en"):
        assert said(ranking(same), *counts, *shares) == "甲 and 乙 (8 each, 17.2% each) are level"


def compared(now: int, before: int | None, thing: str = "project") -> str:
    first = figure("now", now)
    if before is None:
        return said(growth(Growth(first, None), thing), first)
    change = figure("difference", now - before, str(abs(now - before)))
    rate = (now - before) / before if before else None
    shown = "—" if rate is None else f"{abs(rate) * 100:.1f}%"
    last = figure("before", before)
    of_rate = Figure("rate", rate, shown)
    return said(growth(Growth(first, last, change, of_rate), thing), first, last, change, of_rate)


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (12, 8, "比上年（8项）增加4项，增长50.0%"),
        (6, 8, "比上年（8项）减少2项，下降25.0%"),
        (0, 8, "比上年（8项）减少8项，下降100.0%"),
        (8, 8, "与上年持平"),
        (0, 0, "上年同为0"),
        (3, 0, "比上年增加3项（上年为0）"),
        (3, None, "台账没有上年记录，不作同比"),
    ],
)
def test_year_on_year(now: int, before: int | None, words: str) -> None:
    assert compared(now, before) == words


@given(st.integers(0, 10**6), st.none() | st.integers(0, 10**6), st.sampled_from(["project", "tie"]))
def test_growth_never_contradicts_its_numbers(now: int, before: int | None, thing: str) -> None:
    text = compared(now, before, thing)
    assert ("增加" in text or "增长" in text) == (before is not None and now > before)
    assert ("减少" in text or "下降" in text) == (before is not None and now < before)
    assert "nan" not in text and "inf" not in text and "None" not in text and "-" not in text


@given(st.integers(0, 10**6), st.none() | st.integers(0, 10**6))
def test_growth_in_english(now: int, before: int | None) -> None:
    with i18n.speaking("en"):
        text = compared(now, before)
    assert text and not re.search(r"[一-鿿]", text)
    assert ("up" in text.split()) == (before not in (None, 0) and now > (before or 0))


@pytest.mark.parametrize(
    ("value", "currency", "words"),
    [
        ("125000000", "CNY", "1.25亿元"),
        ("8600000", "USD", "860万美元"),
        ("9999.5", "CNY", "9999.5元"),
        ("10000", "CNY", "1万元"),
        ("0", "CNY", "0元"),
        ("123456789", "EUR", "1.23亿欧元"),
        ("5000", "XYZ", "5000XYZ"),
    ],
)
def test_amounts(value: str, currency: str, words: str) -> None:
    assert amount(Decimal(value), currency) == words


def test_amounts_dates_and_signs() -> None:
    assert amount(None, "CNY") == "—"
    assert [date_text(one) for one in ("2017-05-03", "2017-05", "2017", None)] == [
        "2017年5月3日",
        "2017年5月",
        "2017年",
        "—",
    ]
    assert [signed(value) for value in (3, -3, 0, None)] == ["+3", "−3", "0", "—"]
    assert signed(-0.04, 1) == "0.0"
    with i18n.speaking("en"):
        assert amount(Decimal("1250000.5"), "USD") == "1,250,000.50 USD"
        assert date_text("2017-05-03") == "2017-05-03"


def test_no_blanks_between_chinese_and_figures() -> None:
    assert tight("2017 年末 27 个项目中，欧洲占 63.0%（95% 区间 44.2%～78.5%）") == (
        "2017年末27个项目中，欧洲占63.0%（95%区间44.2%～78.5%）"
    )


def test_chinese_numerals() -> None:
    assert [chinese_number(n) for n in (1, 9, 10, 11, 19, 20, 23, 99)] == [
        "一", "九", "十", "十一", "十九", "二十", "二十三", "九十九",
    ]  # fmt: skip


def test_what_is_kept_comes_back() -> None:
    sample = Figure("amount", Decimal("12.50"), "12.5", "元")
    kept = Section("a", "标题", (Table("t", "", "表", (), (((sample, "字"),),), total=True),), annex=True)
    assert from_plain(to_plain(kept)) == kept
    assert number([Section("empty", "空", ())]) == ()
