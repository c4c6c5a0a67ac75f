"""The pictures of the summary: every kind, whatever the values, with its numbers in it and fine enough for paper."""

import io
import re

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from bri_desktop.analysis.chart import Chart, Series
from bri_desktop.reports import fonts
from bri_desktop.reports.board import Board, between, fitted, width_of
from bri_desktop.reports.drawing import MOST_ROWS, draw_chart, written
from bri_desktop.reports.pages import picture_png

WIDTH = 442.0
KINDS = ["columns", "bars", "lines", "paired", "heat"]
VALUES = st.one_of(st.none(), st.integers(0, 10**6).map(float), st.floats(0, 1e6, allow_nan=False))


def texts_of(board: Board) -> str:
    buffer = io.BytesIO()
    fonts.face_of("sans")
    canvas = Canvas(buffer, pagesize=(board.width, board.height), initialFontName=fonts.SANS)
    board.put(canvas, 0, 0)
    canvas.showPage()
    canvas.save()
    document = pypdfium2.PdfDocument(buffer.getvalue())
    found = document[0].get_textpage().get_text_range()
    document.close()
    return re.sub(r"\s", "", found)


@given(st.sampled_from(KINDS), st.lists(VALUES, max_size=30), st.booleans(), st.booleans())
def test_any_values_can_be_drawn(kind: str, values: list[float | None], percent: bool, two: bool) -> None:
    series = [Series("甲", tuple(values)), *([Series("乙", tuple(values), baseline=True)] if two else [])]
    labels = tuple(f"第{number}项" for number in range(len(values)))
    board = draw_chart(Chart(kind, labels, tuple(series), "项", 1, percent, 0), WIDTH)
    assert board.width == WIDTH
    assert 20 <= board.height <= 640
    texts_of(board)


@pytest.mark.parametrize("kind", KINDS)
def test_the_numbers_stand_in_the_picture(kind: str) -> None:
    series = (Series("项目", (12.0, 7.0, 1234.0)), Series("上年", (11.0, 5.0, 998.0), baseline=True))
    found = texts_of(draw_chart(Chart(kind, ("捷克", "德国", "埃及"), series, "项"), WIDTH))
    last = ["1,234", "998"] if kind == "lines" else ["12", "7", "1,234"]
    for text in ["捷克", "德国", "埃及", *last]:
        assert text in found


def test_no_more_rows_are_drawn_than_a_page_holds() -> None:
    labels = tuple(f"国家{number:02}" for number in range(60))
    found = texts_of(draw_chart(Chart("bars", labels, (Series("项目", tuple(map(float, range(60)))),)), WIDTH))
    assert f"国家{MOST_ROWS - 1:02}" in found
    assert f"国家{MOST_ROWS:02}" not in found


def test_what_is_undefined_is_a_dash_and_no_zero() -> None:
    chart = Chart("columns", ("2016", "2017"), (Series("项目", (None, 3.0)),))
    assert written(chart, None) == "—"
    assert "—" in texts_of(draw_chart(chart, WIDTH))


def test_shares_are_written_in_per_cent() -> None:
    chart = Chart(
        "paired", ("欧洲",), (Series("实际", (0.418,)), Series("基准", (0.2,), baseline=True)), decimals=1, percent=True
    )
    found = texts_of(draw_chart(chart, WIDTH))
    assert "41.8%" in found
    assert "20.0%" in found


def test_a_picture_for_word_has_200_dots_an_inch() -> None:
    board = draw_chart(Chart("columns", ("2017",), (Series("项目", (3.0,)),)), WIDTH)
    with Image.open(io.BytesIO(picture_png(board))) as image:
        assert image.width == pytest.approx(WIDTH / 72 * 200, abs=1)
        assert image.info["dpi"][0] == pytest.approx(200, abs=0.1)


def test_long_names_are_cut_to_fit() -> None:
    cut = fitted("非常长的名字" * 20, 100)
    assert cut.endswith("…")
    assert width_of(cut) <= 100
    assert fitted("短", 100) == "短"


def test_colours_between_two() -> None:
    assert between("#000000", "#FFFFFF", 0.0) == "#000000"
    assert between("#000000", "#FFFFFF", 1.0) == "#FFFFFF"
    assert between("#204060", "#406080", 0.5) == "#305070"
