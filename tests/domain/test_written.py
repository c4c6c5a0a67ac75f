"""Lists, numbers and results in one cell: nothing is lost between the separators."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bri_desktop.domain.errors import ValueProblemError
from bri_desktop.domain.money import Money
from bri_desktop.domain.project import OutcomeDraft
from bri_desktop.domain.text import fold
from bri_desktop.domain.written import format_outcomes, parse_number, parse_outcomes, split_values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("布拉格、上海；东京;X,Y，Z", ["布拉格", "上海", "东京", "X", "Y", "Z"]),
        ("RW; AO; NA", ["RW", "AO", "NA"]),
        ("捷克/波兰", ["捷克", "波兰"]),
        ("东京（含武藏野、三鹰）、大阪", ["东京（含武藏野、三鹰）", "大阪"]),
        ("《甲、乙协议》；丙", ["《甲、乙协议》", "丙"]),
        ("甲\n乙_x000D_\n丙\r\n丁", ["甲", "乙", "丙", "丁"]),
        ("1,234人", ["1,234人"]),
        ("甲（乙、丙", ["甲（乙", "丙"]),
        ("、；", []),
        ("  \u3000", []),
    ],
)
def test_split_values(text: str, values: list[str]) -> None:
    assert split_values(text) == values


@given(st.text(alphabet="甲乙丙a1（）()《》、；;，,/\n ", max_size=30))
def test_splitting_loses_only_separators_and_spaces(text: str) -> None:
    kept = "".join(split_values(text))
    dropped = [character for character in text if character not in "、；;，,/\n "]
    assert [character for character in kept if character not in "、；;，,/\n "] == dropped
    assert all(value.strip() for value in split_values(text))


@pytest.mark.parametrize(
    ("value", "expected"),
    [("1,234", "1234"), ("3万", "30000"), ("１２．５", "12.5"), (5, "5"), (2.5, "2.5"), ("-3", "-3")],
)
def test_parse_number(value: str | float, expected: str) -> None:
    assert parse_number(value) == Decimal(expected)


@pytest.mark.parametrize(
    ("value", "code"), [("几个", "number_unreadable"), ("1.2.3", "number_ambiguous"), (True, "number_unreadable")]
)
def test_number_problem(value: str | bool, code: str) -> None:
    with pytest.raises(ValueProblemError, match=code):
        parse_number(value)


def test_outcomes() -> None:
    assert parse_outcomes("培训学员 3万人次；签约项目65个；贷款 2亿美元；设备1,234台") == (
        OutcomeDraft(what="培训学员", quantity=Decimal(30000), unit="人次"),
        OutcomeDraft(what="签约项目", quantity=Decimal(65), unit="个"),
        OutcomeDraft(what="贷款", amount=Money(Decimal(200000000), "USD")),
        OutcomeDraft(what="设备", quantity=Decimal(1234), unit="台"),
    )
    assert parse_outcomes("培训 300人，签约65项") == (
        OutcomeDraft(what="培训", quantity=Decimal(300), unit="人"),
        OutcomeDraft(what="签约", quantity=Decimal(65), unit="项"),
    )
    assert parse_outcomes("") == ()


@pytest.mark.parametrize(
    ("text", "offers"),
    [
        ("带动就业2万余个", ("带动就业2万个",)),
        ("培训约300人", ("培训300人",)),
        ("签约65个项目", ("签约项目 65个",)),
        ("65", ()),
        ("效果良好", ()),
    ],
)
def test_unreadable_outcome(text: str, offers: tuple[str, ...]) -> None:
    with pytest.raises(ValueProblemError) as caught:
        parse_outcomes(text)
    assert (caught.value.code, caught.value.offers) == ("outcome_unreadable", offers)
    for offer in offers:
        assert parse_outcomes(offer)


counted = st.builds(
    OutcomeDraft,
    what=st.sampled_from(["培训学员", "签约项目", "合作协议"]),
    quantity=st.decimals(0, 10**9, places=2).map(lambda number: number.normalize()),
    unit=st.sampled_from(["人次", "个", "项", "公里"]),
)
paid = st.builds(
    OutcomeDraft,
    what=st.sampled_from(["贷款", "贸易额"]),
    amount=st.builds(Money, st.integers(1, 10**14).map(Decimal), st.sampled_from(["CNY", "USD"])),
)


@given(st.lists(st.one_of(counted, paid), max_size=5))
def test_outcomes_are_read_back(outcomes: list[OutcomeDraft]) -> None:
    assert parse_outcomes(format_outcomes(outcomes)) == tuple(outcomes)


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
