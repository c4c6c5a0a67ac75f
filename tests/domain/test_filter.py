"""The filter language: what is written is what is meant, and what is not understood is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bri_desktop.domain.errors import InputError
from bri_desktop.domain.filter import NAMES, All, AnyOf, Comparison, Filter, Not, parse_filter, quoted


def is_(field: str, value: str, operator: str = "=") -> Comparison:
    return Comparison(field, operator, (value,))


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("", All()),
        ("  \n ", All()),
        ("mode = sister_city", is_("mode", "sister_city")),
        ("mode=sister_city", is_("mode", "sister_city")),
        ("mode = 友好城市", is_("mode", "友好城市")),
        ("title ~ 港", is_("title", "港", "~")),
        ('title = "a b"', is_("title", "a b")),
        ('title = "and"', is_("title", "and")),
        ('title = "他说""好"""', is_("title", '他说"好"')),
        ('title = ""', is_("title", "")),
        ("title = or", is_("title", "or")),
        ("signed >= 2010", is_("signed", "2010", ">=")),
        ("signed>=2010", is_("signed", "2010", ">=")),
        ("country in (JP, KR)", Comparison("country", "in", ("JP", "KR"))),
        ("country IN (JP)", Comparison("country", "in", ("JP",))),
        ("note is empty", Comparison("note", "empty", ())),
        ("not note is empty", Not(Comparison("note", "empty", ()))),
        ("not not key = P1", Not(Not(is_("key", "P1")))),
        ("key = P1 and key = P2 or key = P3", AnyOf((All((is_("key", "P1"), is_("key", "P2"))), is_("key", "P3")))),
        ("key = P1 and (key = P2 or key = P3)", All((is_("key", "P1"), AnyOf((is_("key", "P2"), is_("key", "P3")))))),
        ("not(key = P1)", Not(is_("key", "P1"))),
        ("amount > 1800万", is_("amount", "1800万", ">")),
        ("signed = 2017-05-17", is_("signed", "2017-05-17")),
        ("title != x", is_("title", "x", "!=")),
    ],
)
def test_meaning(text: str, meaning: Filter) -> None:
    assert parse_filter(text) == meaning


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("mode", 5),
        ("mode =", 7),
        ("= x", 1),
        ("mode = a b", 10),
        ("mode = a and", 13),
        ("(mode = a", 10),
        ("mode = a)", 9),
        ('title = "open', 9),
        ("country in JP", 12),
        ("country in ()", 13),
        ("mode == a", 7),
    ],
)
def test_the_fault_is_shown_where_it_is(text: str, column: int) -> None:
    with pytest.raises(InputError) as fault:
        parse_filter(text)
    assert (fault.value.code, fault.value.values["column"]) == ("filter_unreadable", column)


@pytest.mark.parametrize("text", ["nix = 1", "key = P1 and nix in (a)", "nix is empty"])
def test_an_unknown_field_is_named(text: str) -> None:
    with pytest.raises(InputError) as fault:
        parse_filter(text)
    assert (fault.value.code, fault.value.values) == ("filter_unknown_field", {"field": "nix"})


@given(st.sampled_from(sorted(NAMES)), st.text(min_size=1))
def test_any_value_can_be_asked_for(field: str, value: str) -> None:
    assert parse_filter(f"{field} = {quoted(value)}") == is_(field, value)
    assert parse_filter(f"{field} in ({quoted(value)},{quoted(value)})") == Comparison(field, "in", (value, value))


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        parse_filter(text)
    except InputError as fault:
        assert fault.code in ("filter_unreadable", "filter_unknown_field")


def test_a_deep_filter_is_read() -> None:
    parse_filter("(" * 200 + "key = P1" + ")" * 200)
    parse_filter(" or ".join(f"key = P{n}" for n in range(3000)))
