"""A project as a plain record, its rules, and the code lists: equal values are equal texts, every label is read."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bri_desktop.db.reference import builtin_codes
from bri_desktop.domain.codebook import SUFFIXES, SYNONYMS, CodeBook, CodeLabel
from bri_desktop.domain.dates import PartialDate
from bri_desktop.domain.money import Money
from bri_desktop.domain.project import OutcomeDraft, ProjectDraft
from bri_desktop.domain.record import FIELD_CODES, apply_plain, differences, from_plain, to_plain
from bri_desktop.domain.validation import precedes, validate
from bri_desktop.domain.vocabulary import FIELD_BY_CODE, key_of, number_of
from bri_desktop.domain.written import format_outcomes, parse_outcomes

ROWS = list(builtin_codes())
BOOK = CodeBook(CodeLabel(row["list"], row["code"], row["name_zh"], row["name_en"], row["parent"]) for row in ROWS)
TODAY = PartialDate("2020-06-15")
FULL = ProjectDraft(
    title="甲",
    signed=PartialDate("2017-05"),
    amount=Money(Decimal("1.50"), "USD"),
    tags=("a",),
    sdg=("9",),
    outcomes=(OutcomeDraft(what="x", quantity=Decimal("2.50"), amount=Money(Decimal(3)), date=PartialDate("2017")),),
)


def test_fields_of_a_draft_are_those_of_the_vocabulary() -> None:
    assert set(FIELD_CODES) == set(FIELD_BY_CODE)


@pytest.mark.parametrize("field", FIELD_CODES)
@pytest.mark.parametrize("draft", [FULL, ProjectDraft()])
def test_plain_values_survive_json(field: str, draft: ProjectDraft) -> None:
    value = getattr(draft, field)
    assert from_plain(field, json.loads(json.dumps(to_plain(field, value)))) == value


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15), st.integers(0, 6))
def test_equal_amounts_are_equal_texts(value: Decimal, zeros: int) -> None:
    padded = value + Decimal(0).scaleb(-zeros)
    if padded == value:
        first, second = (to_plain("amount", Money(number)) for number in (value, padded))
        assert first == second
        assert "E" not in first["amount"]


def test_differences_are_what_changed_and_can_be_put_back() -> None:
    changed = replace(FULL, title="乙", signed=None, tags=())
    found = differences(FULL, changed)
    assert found == {"title": ("甲", "乙"), "signed": ("2017-05", None), "tags": (["a"], [])}
    assert apply_plain(changed, {field: before for field, (before, _) in found.items()}) == FULL
    assert differences(FULL, replace(FULL, amount=Money(Decimal("1.5"), "USD"))) == {}


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"title": "甲"}, {}),
        ({"title": " \u3000"}, {"title": "required"}),
        ({}, {"title": "required"}),
        ({"title": "字" * 500, "title_en": "x" * 501}, {"title_en": "text_too_long"}),
        ({"title": f" {'字' * 501} "}, {"title": "text_too_long"}),
        ({"title": "甲", "started": "2017-05", "ended": "2017"}, {}),
        ({"title": "甲", "started": "2017-05-02", "ended": "2017-05-01"}, {"ended": "before_start"}),
        ({"title": "甲", "planned_start": "2031", "planned_end": "2030-12"}, {"planned_end": "before_start"}),
        ({"title": "甲", "signed": "2020"}, {}),
        ({"title": "甲", "signed": "2020-06"}, {}),
        ({"title": "甲", "signed": "2020-06-15"}, {}),
        ({"title": "甲", "signed": "2020-06-16"}, {"signed": "date_in_future"}),
        ({"title": "甲", "started": "2021"}, {"started": "date_in_future"}),
        ({"title": "甲", "planned_start": "2090"}, {}),
        ({"title": "甲", "domain": "trade", "domains": ("trade",)}, {"domains": "same_as_primary"}),
        ({"title": "甲", "pair_kind": "sister"}, {"pair_kind": "pair_needs_two_places"}),
        ({"title": "甲", "pair_kind": "sister", "domestic_places": ("a",), "foreign_places": ("b",)}, {}),
    ],
)
def test_rules(values: dict[str, object], found: dict[str, str]) -> None:
    dated = {
        name: PartialDate(str(value)) if FIELD_BY_CODE[name].kind == "date" else value for name, value in values.items()
    }
    assert {problem.field: problem.code for problem in validate(ProjectDraft(**dated), today=TODAY)} == found


@pytest.mark.parametrize(
    ("first", "second", "sure"),
    [("2016", "2017", True), ("2017", "2017-05", False), ("2017-05", "2017", False), ("2017-04", "2017-05-01", True)],
)
def test_a_date_is_before_another_only_where_that_is_sure(first: str, second: str, sure: bool) -> None:
    assert precedes(PartialDate(first), PartialDate(second)) is sure


@pytest.mark.parametrize("name", ["code", "name_zh", "name_en"])
def test_every_code_is_found_by_its_names(name: str) -> None:
    assert [(row["list"], row[name]) for row in ROWS if BOOK.find(row["list"], row[name]) != row["code"]] == []


def test_every_synonym_means_a_code_that_exists() -> None:
    for name, words in SYNONYMS.items():
        known = {code.code for code in BOOK.codes(name)}
        assert set(words.values()) <= known, name
        assert {word: BOOK.find(name, word) for word in words} == dict(words)


@pytest.mark.parametrize("text", ["", " ", "也许", *SUFFIXES, "0", "\x00", "签约 实施"])
def test_what_no_list_has_is_not_found(text: str) -> None:
    for name in ("mode", "status", "nature", "level", "domain", "pair_kind"):
        assert BOOK.find(name, text) is None


def test_an_unknown_code_is_shown_as_it_is() -> None:
    assert (BOOK.label("mode", "own", "zh_CN"), BOOK.label("mode", None, "zh_CN"), BOOK.codes("nix")) == ("own", "", ())


@given(st.integers(0, 10**18 - 1))
def test_keys_and_numbers(number: int) -> None:
    assert number_of("P", key_of("P", number)) == number


@pytest.mark.parametrize("key", ["", "P", "T1", "P-1", "P1.0", "P 1", "P٣", "P" + "9" * 19])
def test_what_is_no_key(key: str) -> None:
    assert number_of("P", key) is None


@pytest.mark.parametrize(
    ("text", "quantity", "unit"),
    [
        ("发电 9000000000千瓦时", 9 * 10**9, "千瓦时"),
        ("发电 90亿千瓦时", 9 * 10**9, "千瓦时"),
        ("里程 12千米", 12, "千米"),
        ("货物 3千克", 3, "千克"),
        ("学员 3千人次", 3000, "人次"),
        ("装机 5万千瓦", 50000, "千瓦"),
        ("产量 3万吨", 30000, "吨"),
        ("提高 5百分点", 5, "百分点"),
        ("学员 5百人", 500, "人"),
    ],
)
def test_a_unit_that_begins_like_a_multiplier_stays_whole(text: str, quantity: int, unit: str) -> None:
    (outcome,) = parse_outcomes(text)
    assert (outcome.quantity, outcome.unit) == (quantity, unit)
    assert parse_outcomes(format_outcomes([outcome])) == (outcome,)
