"""Lines of a Chinese paragraph: nothing is lost, and no line begins or ends with a sign that must not."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bri_desktop.reports.document import Figure
from bri_desktop.reports.typeset import NEVER_FIRST, NEVER_LAST, Line, set_lines

CHARACTERS = "国城合作项目，。、；“”（）《》12345%.abcde "


def measure(text: str) -> float:
    """Ten a Han character, five any other."""
    return sum(10.0 if ord(char) >= 0x2E80 or char in "“”" else 5.0 for char in text)


def text_of(line: Line) -> str:
    return "".join(span.text for span in line.spans)


def lines_of(text: str, width: float = 100, **options) -> list[str]:
    return [text_of(line) for line in set_lines([text], measure, width, **options)]


@given(st.text(CHARACTERS, max_size=200), st.integers(60, 300))
def test_no_character_is_lost_or_made(text: str, width: int) -> None:
    set_text = "".join(lines_of(text, width))
    assert set_text.replace(" ", "") == text.replace(" ", "")


@given(st.text("国城合作，。、；（《a1 ", min_size=1, max_size=200), st.integers(80, 300))
def test_no_line_begins_with_a_closing_sign(text: str, width: int) -> None:
    plain = text.replace("，，", "，")
    lines = lines_of(plain, width)
    for before, line in pairwise(lines):
        runs_of_signs = sum(char in NEVER_FIRST for char in before[-3:]) + (line[:1] in NEVER_FIRST)
        assert line[:1] not in NEVER_FIRST or runs_of_signs > 1 or len(before) <= 9


@given(st.text("国城合作，（《", min_size=1, max_size=120), st.integers(80, 300))
def test_lines_keep_within_their_column(text: str, width: int) -> None:
    for line in set_lines([text], measure, width):
        assert line.width <= width + 0.01 or len(text_of(line)) > width // 10


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("国" * 21, ["国" * 10, "国" * 10, "国"]),
        ("国国国国国国国国国国，国", ["国国国国国国国国国", "国，国"]),
        ("国国国国国国国国国（国", ["国国国国国国国国国", "（国"]),
        ("国国国国国国国国国12345", ["国国国国国国国国国", "12345"]),
        ("国国国国国国国国国41.8%，国", ["国国国国国国国国国", "41.8%，国"]),
        ("the words of a manager stay", ["the words of a", "manager stay"]),
        ("in the people-to-people bonds", ["in the people-to-", "people bonds"]),
        ("begun on the 2017-05-17 here", ["begun on the", "2017-05-17 here"]),
    ],
)
def test_lines_break_where_they_may(text: str, expected: list[str]) -> None:
    assert lines_of(text, 100) == expected


def test_the_first_line_is_indented_and_full_lines_reach_both_edges() -> None:
    first, second, last = set_lines(["国城，12合作" * 4 + "国"], measure, 105, indent=20)
    assert first.spans[0].x == 20
    assert first.width == pytest.approx(105)
    assert second.width == pytest.approx(105)
    assert last.width < 105


def test_a_grid_gives_each_character_one_cell() -> None:
    lines = set_lines(["国" * 60], measure, 28 * 9.5, cell=9.5)
    assert [len(text_of(line)) for line in lines] == [28, 28, 4]
    assert lines[0].spans[0].gap == pytest.approx(-0.5)


def test_a_word_longer_than_the_line_is_parted() -> None:
    assert lines_of("a" * 50, 100) == ["a" * 20, "a" * 20, "a" * 10]


def test_figures_keep_their_names() -> None:
    runs = ["项目", Figure("n", 12, "12"), "项，", Figure("s", 0.5, "50.0%")]
    (line,) = set_lines(runs, measure, 300)
    assert [(span.text, span.name) for span in line.spans if span.name] == [("12", "n"), ("50.0%", "s")]


def test_forbidden_signs_are_known() -> None:
    assert set("，。、；：？！）》”") <= NEVER_FIRST
    assert set("（《“") <= NEVER_LAST
