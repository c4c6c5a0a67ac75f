"""The three-way merge of values: by hand for each verdict, by hypothesis for its laws."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bri_desktop.domain.merge import UNKNOWN, Verdict, align, compare, decide, is_empty, merged, same

VALUES = st.none() | st.sampled_from(["", " ", "甲", "乙", "丙", "甲 ", "a\r\nb", "a\nb"])
FIELDS = ("title", "summary", "note", "status")
RECORDS = st.fixed_dictionaries(dict.fromkeys(FIELDS, VALUES))
MIRROR = {
    Verdict.THEIRS: {Verdict.OURS},
    Verdict.OURS: {Verdict.THEIRS, Verdict.CLEARED},
    Verdict.CLEARED: {Verdict.OURS, Verdict.CLASH},
    Verdict.CLASH: {Verdict.CLASH, Verdict.CLEARED},
    Verdict.UNCHANGED: {Verdict.UNCHANGED},
    Verdict.EQUAL: {Verdict.EQUAL},
}


@pytest.mark.parametrize(
    ("issued", "current", "returned", "verdict"),
    [
        ("甲", "甲", "甲", Verdict.UNCHANGED),
        (None, None, None, Verdict.UNCHANGED),
        (None, None, " ", Verdict.UNCHANGED),
        ("甲", "甲", "乙", Verdict.THEIRS),
        (None, None, "乙", Verdict.THEIRS),
        ("甲", "乙", "甲", Verdict.OURS),
        (None, "乙", None, Verdict.OURS),
        ("甲", None, "甲", Verdict.OURS),
        ("甲", "乙", "乙", Verdict.EQUAL),
        ("甲", None, None, Verdict.EQUAL),
        ("甲", "乙", "丙", Verdict.CLASH),
        (None, "乙", "丙", Verdict.CLASH),
        ("甲", None, "丙", Verdict.CLASH),
        ("甲", "甲", None, Verdict.CLEARED),
        ("甲", "乙", "  ", Verdict.CLEARED),
        (UNKNOWN, "甲", "甲", Verdict.UNCHANGED),
        (UNKNOWN, None, "甲", Verdict.THEIRS),
        (UNKNOWN, "甲", None, Verdict.OURS),
        (UNKNOWN, "甲", "乙", Verdict.CLASH),
    ],
)
def test_verdicts(issued: Any, current: Any, returned: Any, verdict: Verdict) -> None:
    assert decide("note", issued, current, returned) is verdict


@pytest.mark.parametrize("returned", ["乙", None])
def test_a_read_only_field_takes_nothing(returned: Any) -> None:
    assert decide("code", "甲", "甲", returned, read_only=True) is Verdict.READ_ONLY
    assert decide("code", "甲", "甲", "甲", read_only=True) is Verdict.UNCHANGED


def test_sets_are_the_same_in_any_order_and_texts_in_any_line_ends() -> None:
    assert same("partners", ["甲", "乙"], ["乙", "甲"])
    assert not same("partners", ["甲", "甲"], ["甲"])
    assert same("note", "a\r\nb ", "a\nb")
    assert same("tags", [], None)
    assert not same("amount", {"amount": "1", "currency": "CNY"}, {"amount": "1", "currency": "USD"})


def test_a_field_that_was_not_issued_is_unknown_by_itself() -> None:
    cells = compare({"title": "甲"}, {"title": "甲", "note": "乙"}, {"title": "丙", "note": "丁"})
    assert (cells["title"].verdict, cells["note"].verdict) == (Verdict.THEIRS, Verdict.CLASH)


@given(RECORDS)
def test_merging_with_itself_changes_nothing(record: dict[str, Any]) -> None:
    cells = compare(record, record, record)
    assert {cell.verdict for cell in cells.values()} == {Verdict.UNCHANGED}
    assert merged(record, cells) == record


@given(RECORDS, RECORDS)
def test_one_sided_changes_merge(issued: dict[str, Any], other: dict[str, Any]) -> None:
    mine = merged(other, compare(issued, other, issued))
    assert mine == other
    theirs = merged(issued, compare(issued, issued, other))
    for name in FIELDS:
        expected = issued[name] if is_empty(other[name]) else other[name]
        assert same(name, theirs[name], expected)


@given(RECORDS, RECORDS, RECORDS)
def test_the_two_sides_are_treated_alike(issued: Any, current: Any, returned: Any) -> None:
    there, back = compare(issued, current, returned), compare(issued, returned, current)
    for name in FIELDS:
        assert back[name].verdict in MIRROR[there[name].verdict]


@given(RECORDS, RECORDS, RECORDS)
def test_merging_twice_changes_nothing(issued: Any, current: Any, returned: Any) -> None:
    once = merged(current, compare(issued, current, returned))
    again = compare(issued, once, returned)
    assert merged(once, again) == once
    assert Verdict.THEIRS not in {cell.verdict for cell in again.values()}


@given(RECORDS, RECORDS)
def test_an_untouched_blank_stays_a_blank(issued: Any, current: Any) -> None:
    blanks = {name: None for name in FIELDS if is_empty(issued[name])}
    result = merged(current, compare(issued, current, blanks))
    assert result == current


@given(RECORDS, RECORDS, RECORDS)
def test_nothing_is_cleared_or_overwritten_unasked(issued: Any, current: Any, returned: Any) -> None:
    result = merged(current, compare(issued, current, returned))
    for name in FIELDS:
        if not is_empty(current[name]):
            assert not is_empty(result[name])
        if not same(name, current[name], issued[name]):
            assert result[name] == current[name]


# -- parts of a list ----------------------------------------------------------------------------------------------

A, B, C = ({"what": what, "outcome_class": None, "quantity": "1"} for what in "甲乙丙")


@pytest.mark.parametrize(
    ("issued", "current", "places"),
    [
        ([A, B], [A, B], [0, 1]),
        ([A, B], [C, A, B], [1, 2]),
        ([A, B], [B], [None, 0]),
        ([A, B], [{**B, "quantity": "2"}, A], [1, 0]),
        ([A], [{**A, "what": "丁"}], [0]),
        ([A, A], [A, A], [0, 1]),
        ([A, B], [], [None, None]),
        ([], [A], []),
    ],
)
def test_align(issued: Any, current: Any, places: list[int | None]) -> None:
    assert align(issued, current) == places


@given(st.lists(st.sampled_from([A, B, C]), max_size=6), st.lists(st.sampled_from([A, B, C]), max_size=6))
def test_align_gives_no_place_twice(issued: Any, current: Any) -> None:
    places = [place for place in align(issued, current) if place is not None]
    assert len(set(places)) == len(places)
    assert all(place < len(current) for place in places)
