"""What hangs on records as people write it: one value, periods, a line a record; each form that is no such value."""

from typing import Any

import pytest

from bri_desktop.db.reference import builtin_codes
from bri_desktop.domain.codebook import CodeBook, CodeLabel
from bri_desktop.domain.errors import ValueProblemError
from bri_desktop.domain.record_kinds import ACTIVITY, AGREEMENT, CONTACT, INDICATOR, OUTCOME, RISK, RecordKind
from bri_desktop.domain.record_written import differences, read_line, read_periods, read_value, show_value

BOOK = CodeBook(
    CodeLabel(row["list"], row["code"], row["name_zh"], row["name_en"], row["parent"]) for row in builtin_codes()
)


def field(kind: RecordKind, code: str) -> Any:
    return next(one for one in kind.fields if one.code == code)


@pytest.mark.parametrize(
    ("kind", "line", "found"),
    [
        (ACTIVITY, "2017.5.17 来访 代表团 12人",
         {"date": "2017-05-17", "kind": "visit_in", "head_count": 12, "title": "代表团"}),
        (ACTIVITY, "12人次 展会推介", {"head_count": 12, "kind": "fair"}),
        (ACTIVITY, "第12届论坛", {"title": "第12届论坛"}),
        (AGREEMENT, "经贸 合作 2017-05 2022-05", {"title": "经贸 合作", "signed": "2017-05", "expires": "2022-05"}),
        (RISK, "汇率波动 2018", {"what": "汇率波动", "date": "2018"}),
        (CONTACT, "王芳 处长 021-62561000", {"name": "王芳 处长", "phone": "021-62561000"}),
        (CONTACT, "王芳 6256", {"name": "王芳 6256"}),
        (INDICATOR, "培训 30 45", {"name": "培训", "baseline": "30", "target": "45"}),
        (INDICATOR, "", {}),
    ],
)  # fmt: skip
def test_a_line_is_taken_apart_by_the_form_of_its_words(kind: RecordKind, line: str, found: dict[str, Any]) -> None:
    assert read_line(kind, line, BOOK) == found


def test_a_line_of_an_outcome_holds_exactly_one() -> None:
    assert read_line(OUTCOME, "培训学员 300人次", BOOK)["quantity"] == "300"
    with pytest.raises(ValueProblemError, match="outcome_one_a_line"):
        read_line(OUTCOME, " ", BOOK)


@pytest.mark.parametrize(
    ("code", "kind", "text", "value"),
    [
        ("head_count", ACTIVITY, "1,200", 1200),
        ("head_count", ACTIVITY, "１２名", 12),
        ("head_count", ACTIVITY, "0", 0),
        ("head_count", ACTIVITY, "  ", None),
        ("kind", ACTIVITY, "出访", "visit_out"),
        ("amount", OUTCOME, "2亿美元", {"amount": "200000000", "currency": "USD"}),
        ("quantity", OUTCOME, "2.50", "2.5"),
        ("actuals", INDICATOR, "2017: 30；2018年：45", {"2017": "30", "2018": "45"}),
    ],
)
def test_a_written_value_is_read(code: str, kind: RecordKind, text: str, value: Any) -> None:
    assert read_value(field(kind, code), text, BOOK) == value


@pytest.mark.parametrize(
    ("code", "kind", "text", "problem"),
    [
        ("head_count", ACTIVITY, "1.5", "count_unreadable"),
        ("head_count", ACTIVITY, "-1", "count_unreadable"),
        ("kind", ACTIVITY, "野餐", "code_unknown"),
        ("actuals", INDICATOR, "2017", "periods_unreadable"),
        ("actuals", INDICATOR, "2017: 30；2017年 31", "period_twice"),
    ],
)
def test_what_is_no_such_value_is_said(code: str, kind: RecordKind, text: str, problem: str) -> None:
    with pytest.raises(ValueProblemError) as caught:
        read_value(field(kind, code), text, BOOK)
    assert caught.value.code == problem


def test_a_text_may_be_as_long_as_its_field_and_no_longer() -> None:
    title = field(ACTIVITY, "title")
    assert read_value(title, "长" * title.longest, BOOK) == "长" * title.longest
    with pytest.raises(ValueProblemError) as caught:
        read_value(title, "长" * (title.longest + 1), BOOK)
    assert (caught.value.code, caught.value.values["count"]) == ("text_too_long", title.longest + 1)


@pytest.mark.parametrize(
    ("code", "kind", "value", "text"),
    [
        ("head_count", ACTIVITY, 1200, "1,200"),
        ("kind", ACTIVITY, "visit_out", "出访"),
        ("title", ACTIVITY, None, ""),
        ("actuals", INDICATOR, {"2018": "45", "2017": "30"}, "2017: 30；2018: 45"),
    ],
)
def test_a_value_is_shown_as_it_is_read(code: str, kind: RecordKind, value: Any, text: str) -> None:
    assert show_value(field(kind, code), value, BOOK, "zh_CN") == text
    assert read_value(field(kind, code), text, BOOK) == value


def test_periods_may_be_parted_by_lines_and_commas_of_the_language() -> None:
    assert read_periods("2017=30\n2018 45、2019：50") == {"2017": "30", "2018": "45", "2019": "50"}


def test_only_what_differs_is_a_difference() -> None:
    assert differences({"a": 1, "b": 2}, {"a": 1, "b": 3, "c": None}) == {"b": (2, 3)}
