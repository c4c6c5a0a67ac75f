"""Likeness on made pairs whose answer is known: the thresholds hold what the module says of them."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bri_desktop.domain.dates import PartialDate
from bri_desktop.domain.lookalikes import Lookalikes
from bri_desktop.domain.match import (
    POSSIBLE,
    PROBABLE,
    Traits,
    Whereabouts,
    likeness,
    setting_of,
    title_likeness,
    traits_of,
)
from bri_desktop.domain.money import Money
from bri_desktop.domain.project import ProjectDraft

PLACES = {
    "上海": Whereabouts("cn:310000", "CN", "31", ("上海市", "上海")),
    "海口": Whereabouts("cn:460100", "CN", "46", ("海口市", "海口")),
    "海南": Whereabouts("cn:460000", "CN", "46", ("海南省", "海南")),
    "布拉格": Whereabouts("gn:1", "CZ", "", ("布拉格", "捷克")),
    "马尼拉": Whereabouts("gn:2", "PH", "", ("马尼拉", "菲律宾")),
    "东京": Whereabouts("gn:3", "JP", "", ("东京", "日本")),
    "大阪": Whereabouts("gn:4", "JP", "", ("大阪", "日本")),
    "日本": Whereabouts("co:JP", "JP", "", ("日本",)),
}


def traits(title: str, here: str = "上海", there: str = "布拉格", date: str = "", **values: Any) -> Traits:
    """Return the traits of a project; places by name, several parted by a space."""
    domestic, foreign = [PLACES[name] for name in here.split()], [PLACES[name] for name in there.split()]
    draft = ProjectDraft(
        title=title,
        domestic_places=tuple(place.key for place in domestic),
        foreign_places=tuple(place.key for place in foreign),
        signed=PartialDate(date) if date else None,
        **values,
    )
    return traits_of(draft, setting_of({p.key: p for p in domestic}, {p.key: p for p in foreign}))


ONE = [
    (traits("上海市与布拉格能源合作项目"), traits("上海—布拉格能源项目")),
    (traits("上海和布拉格能源合作"), traits("上海与布拉格能源")),
    (traits("“零碳屋”（能源学校）"), traits("能源学校“零碳屋”")),
    (traits("中捷中醫中心"), traits("中捷中医中心项目")),
    (traits("中捷中医中心", date="2015-04"), traits("中捷中医药中心", date="2015-04-11")),
    (traits("ＡＢＢ机器人合作项目"), traits("abb机器人")),
    (traits("中白工业园第三期"), traits("中白工业园三期工程")),
    (traits("中白工业园Ⅲ期"), traits("中白工业园第3期")),
    (traits("首届中捷青年论坛"), traits("中捷青年论坛", date="2016-05")),
    (traits("2016年中捷青年论坛"), traits("中捷青年论坛", date="2016-05")),
    (traits("第二十三届中捷论坛"), traits("第23届中捷论坛")),
    (traits("上海—东京友好城市", there="东京"), traits("上海市与东京友好城市", there="东京", date="1988")),
    (traits("青年友好交流营", there="日本"), traits("青年友好交流营", there="东京")),
    (traits("海洋经济合作区", here="海南"), traits("海洋经济合作区", here="海口")),
    (traits("旅游推介会", date="2016-12-28"), traits("旅游推介会", date="2016-12")),
    (traits("直飞航线开通", "海口", "马尼拉", "2017-07"), traits("开通直飞航线", "海口", "马尼拉", "2017-07-19")),
]
"""Pairs that are one project in two writings."""

OTHERS = [
    (traits("中白工业园第三期"), traits("中白工业园第2期")),
    (traits("中白工业园三期"), traits("中白工业园")),
    (traits("2016年中捷青年论坛"), traits("2017年中捷青年论坛")),
    (traits("中捷青年论坛", date="2016-05"), traits("中捷青年论坛", date="2017-05")),
    (traits("2016年中捷青年论坛"), traits("中捷青年论坛", date="2017-05")),
    (traits("第十二届中捷论坛"), traits("第十三届中捷论坛")),
    (traits("上海市与布拉格能源合作项目"), traits("上海市与布拉格港口合作项目")),
    (traits("上海—东京友好城市", there="东京"), traits("上海—大阪友好城市", there="大阪")),
    (traits("春季旅游推介会"), traits("秋季旅游推介会")),
    (traits("进口商品展销会"), traits("出口商品展销会")),
    (traits("中白工业园"), traits("中白工业园招商推介会")),
    (traits("中捷中医中心"), traits("中捷中医中心", "海口")),
    (traits("标准厂房A区"), traits("标准厂房B区")),
    (traits("智慧城市建设"), traits("海绵城市建设")),
    (traits("职业教育交流"), traits("职业足球交流")),
]
"""Pairs of different projects with like titles."""


@pytest.mark.parametrize(("left", "right"), ONE)
def test_two_writings_of_one_project_are_a_pair(left: Traits, right: Traits) -> None:
    assert likeness(left, right).score >= POSSIBLE


def test_nearly_all_of_them_are_asked_when_they_come_in() -> None:
    asked = [likeness(left, right).score >= PROBABLE for left, right in ONE]
    assert sum(asked) >= 0.9 * len(asked)


@pytest.mark.parametrize(("left", "right"), OTHERS)
def test_different_projects_are_never_called_the_same(left: Traits, right: Traits) -> None:
    assert likeness(left, right).score < PROBABLE


@pytest.mark.parametrize(("left", "right"), [*ONE, *OTHERS])
def test_likeness_has_no_direction(left: Traits, right: Traits) -> None:
    assert likeness(left, right).score == likeness(right, left).score


@pytest.mark.parametrize(("left", "right"), ONE)
def test_what_is_alike_is_among_the_candidates(left: Traits, right: Traits) -> None:
    held = Lookalikes()
    held.add(7, left)
    assert [number for number, _ in held.near(right, POSSIBLE)] == [7]


def reasons(left: Traits, right: Traits) -> dict[str, bool]:
    """Return code -> whether it speaks against."""
    return {reason.code: reason.against for reason in likeness(left, right).reasons}


def test_the_reasons_say_what_agrees_and_what_does_not() -> None:
    left = traits("能源学校", date="2015-04-11", amount=Money(Decimal(18), "CNY"), partners=("捷克中心",), mode="park")
    right = traits(
        "能源学校", date="2015-04", amount=Money(Decimal(20), "CNY"), partners=("捷克中心",), mode="sister_city"
    )
    assert reasons(left, right) == {
        "same_title": False,
        "same_places": False,
        "same_month": False,
        "shared_partner": False,
        "other_amount": True,
        "other_mode": True,
    }
    assert reasons(traits("论坛", date="2016"), traits("论坛", date="2018")) == {
        "same_title": False,
        "same_places": False,
        "other_year": True,
    }


def test_numbers_are_read_as_people_write_them() -> None:
    assert traits("第二十三届中捷论坛").numbers == ("23",)
    assert traits("中捷论坛第一百零二期").numbers == ("102",)
    assert traits("首届中捷论坛").numbers == traits("中捷论坛").numbers == ()
    assert traits("2016年5月中捷论坛").years == {"2016"}
    assert traits("中国—中东欧16+1论坛").numbers == ("16",)


def test_the_turn_of_a_year_is_no_year_between() -> None:
    near = likeness(traits("旅游推介会", date="2016-12-30"), traits("旅游推介会", date="2017-01-02"))
    assert near.score >= POSSIBLE
    held = Lookalikes()
    held.add(1, traits("旅游推介会", date="2016-12-30"))
    assert [number for number, _ in held.near(traits("旅游推介会", date="2017-01-02"), POSSIBLE)] == [1]


TITLES = st.text("上海能源学校零碳屋第一二三四十期届年2017—与和（）", min_size=1, max_size=14)


@given(TITLES, TITLES)
def test_any_two_titles_are_compared(first: str, second: str) -> None:
    left, right = traits(first), traits(second)
    found = likeness(left, right)
    assert 0 <= found.score <= 100
    assert found.score == likeness(right, left).score
    assert title_likeness(left, left) == 100


@given(st.lists(TITLES, max_size=8))
def test_candidates_are_those_that_reach_the_score(titles: list[str]) -> None:
    """The blocks leave out only what differs in its numbers, which no score allows anyway."""
    held, all_traits = Lookalikes(), [traits(title) for title in titles]
    wanted = traits("上海与布拉格能源学校")
    for number, one in enumerate(all_traits):
        held.add(number, one)
    expected = {n for n, one in enumerate(all_traits) if likeness(one, wanted).score >= POSSIBLE}
    assert {number for number, _ in held.near(wanted, POSSIBLE)} == expected


@pytest.mark.parametrize(("title", "is_known_anywhere"), [("能源学校", True), ("零碳屋", False)])
def test_a_name_of_four_characters_is_looked_for_wherever_the_project_is(title: str, is_known_anywhere: bool) -> None:
    here, elsewhere = traits(title), traits(title, "海口", "东京")
    shared = set(here.blocks) & set(elsewhere.blocks)
    assert bool(shared) is is_known_anywhere
