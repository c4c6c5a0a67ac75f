"""The pictures of the summary: every kind, whatever the values, with its numbers in it and fine enough for paper."""

import io
import re
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from bri_desktop.analysis.chart import Chart, MapArc, MapBase, MapGround, Series
from bri_desktop.analysis.georeference import of_extent
from bri_desktop.domain.errors import InputError
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


def test_a_line_alone_has_every_number_at_its_dot() -> None:
    chart = Chart("lines", tuple("1234"), (Series("占比", (0.889, None, 0.25, 0.686)),), "", 1, percent=True)
    found = texts_of(draw_chart(chart, WIDTH))
    for text in ("88.9%", "25.0%", "68.6%"):
        assert text in found


def grey_of(board: Board) -> Image.Image:
    return Image.open(io.BytesIO(picture_png(board))).convert("L")


def test_two_series_differ_in_grey_print() -> None:
    series = (Series("新增", (5.0,)), Series("年末", (5.0,)))
    image = grey_of(draw_chart(Chart("columns", ("2017",), series), WIDTH))
    # The two columns stand side by side over the only label, 36 points wide each.
    middle, low = image.width // 2 + 25, image.height - 120
    assert abs(image.getpixel((middle - 50, low)) - image.getpixel((middle + 50, low))) > 60


PLACES = ((121.5, 31.2), (14.4, 50.1), (116.4, 39.9))


def map_of(base: MapBase | None = None) -> Chart:
    arcs = (MapArc(PLACES[0], PLACES[1], strong=True), MapArc(PLACES[2], PLACES[1]))
    ground = MapGround(PLACES, (True, False, True), arcs, base)
    return Chart("map", ("上海市", "布拉格", "北京市"), (Series("项目", (8.0, 3.0, 1.0)),), ground=ground)


def test_the_sketch_map_names_places_and_islands_and_says_what_it_is() -> None:
    found = texts_of(draw_chart(map_of(), WIDTH))
    for text in ("上海市", "布拉格", "北京市", "南海诸岛", "钓鱼岛", "示意图"):
        assert text in found


def test_a_standard_map_lies_under_the_points(tmp_path: Path) -> None:
    file = tmp_path / "map.png"
    Image.new("RGB", (800, 400), "#FFEE99").save(file)
    base = MapBase("0" * 64, "标准地图.png", "GS(2023)2767号", of_extent(-180, 180, -90, 90, 800, 400), str(file))
    board = draw_chart(map_of(base), WIDTH)
    found = texts_of(board)
    assert "GS(2023)2767号" in found and "上海市" in found
    assert "示意图" not in found and "南海诸岛" not in found
    image = Image.open(io.BytesIO(picture_png(board))).convert("RGB")
    # 20° W, 60° S: nothing but the picture. Shanghai: a point of ours.
    scale = image.width / 800
    assert image.getpixel((round(356 * scale), round(333 * scale))) == (0xFF, 0xEE, 0x99)
    x, y = base.reference.place(*PLACES[0])
    assert image.getpixel((round(x * scale), round(y * scale)))[2] < 0x60


def test_a_standard_map_that_is_gone_is_one_sentence(tmp_path: Path) -> None:
    base = MapBase("0" * 64, "图.png", "GS(2023)2767号", of_extent(-180, 180, -90, 90, 800, 400), str(tmp_path / "x"))
    with pytest.raises(InputError) as caught:
        draw_chart(map_of(base), WIDTH)
    assert caught.value.code == "map_picture_missing"


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
