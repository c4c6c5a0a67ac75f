"""Pictures of small ledgers: what is drawn, that nothing is cut, that every figure can be opened."""

import datetime
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.image import imread
from matplotlib.text import Text
from small_ledger import P, ledger

from bri_desktop import i18n
from bri_desktop.analysis.model import StatsData, StatsRequest, StatsResult
from bri_desktop.analysis.statistics import compute
from bri_desktop.charts import bars, dots, heat, lorenz, trends
from bri_desktop.charts.canvas import ChartTheme, Heading, Size, families, gid_of, keys_of, save, wrap
from bri_desktop.charts.numbers import per_cent, plain, short_or_over, times, whole
from bri_desktop.domain.errors import InputError, UserError

THEME = ChartTheme(
    surface="white",
    text="black",
    secondary="dimgray",
    hint="gray",
    line="lightgray",
    grid="whitesmoke",
    baseline="slategray",
    tint="aliceblue",
    series=("blue", "chocolate", "green", "olive"),
    fonts=("Not installed", "Noto Sans CJK SC"),
)
HEADING = Heading("欧洲占 75.0%，非洲缺项", "截至 2017 年末存量，不含港澳台。" * 8, "示例数据")
Draw = Callable[[StatsResult, ChartTheme, Size | None], Figure]


def data() -> StatsData:
    return ledger(
        [
            P(start="2014-03", foreign=("paris",), domains=("trade",), domestic=("cn:310000",)),
            P(start="2015", foreign=("berlin", "lyon"), domains=("people", "trade")),
            P(start="2016", foreign=("nairobi",), domains=("policy",), domestic=("cn:320500",)),
            P(start="2016", domains=("policy",)),
        ]
    )


def result(*by: str, **options: Any) -> StatsResult:
    return compute(StatsRequest(datetime.date(2026, 11, 23), by=by, **options), data())


def ranking() -> Figure:
    return bars.ranking(result("continent", year=2017), THEME, heading=HEADING)


def paired() -> Figure:
    return dots.paired_dots(result("continent", year=2017), THEME, heading=HEADING)


def years() -> Figure:
    return trends.trend(result(span=(2014, 2026)), THEME, heading=HEADING)


def measure() -> Figure:
    return trends.trend(result("continent", span=(2014, 2026)), THEME, measure="gini")


def units() -> Figure:
    return trends.trend_by_unit(result("continent", span=(2014, 2026)), THEME, heading=HEADING)


def curve() -> Figure:
    return lorenz.lorenz(result("country", year=2017), THEME, heading=HEADING)


def heat_of_two() -> Figure:
    return heat.heat_map(result("continent", "domain", year=2017), THEME, heading=HEADING)


ALL = (ranking, paired, years, measure, units, curve, heat_of_two)


def texts(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.findobj(Text) if text.get_text() and text.get_visible()]


def gids(figure: Figure) -> set[str]:
    return {str(artist.get_gid()) for artist in figure.findobj() if artist.get_gid() and artist.pickable()}


@pytest.mark.parametrize("draw", ALL)
@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_no_text_is_cut(draw: Callable[[], Figure], language: str) -> None:
    i18n.set_language(language)
    figure = draw()
    figure.canvas.draw()
    for text in figure.findobj(Text):
        if text.get_text() and text.get_visible():
            box = text.get_window_extent()
            assert box.x0 >= 0, text.get_text()
            assert box.y0 >= 0, text.get_text()
            assert box.x1 <= figure.bbox.width + 0.5, text.get_text()
            assert box.y1 <= figure.bbox.height + 0.5, text.get_text()


@pytest.mark.parametrize("draw", ALL)
def test_no_two_texts_lie_over_each_other(draw: Callable[[], Figure]) -> None:
    figure = draw()
    figure.canvas.draw()
    boxes = [
        (t.get_text(), t.get_window_extent().padded(-2))
        for t in figure.findobj(Text)
        if t.get_text() and t.get_visible()
    ]
    clashes = [
        (one, other)
        for place, (one, box) in enumerate(boxes)
        for other, second in boxes[place + 1 :]
        if box.overlaps(second)
    ]
    assert clashes == []


@pytest.mark.parametrize("draw", ALL)
def test_the_font_has_chinese(draw: Callable[[], Figure]) -> None:
    """A missing glyph is a warning, and a warning fails the test."""
    figure = draw()
    figure.canvas.draw()
    written = [text for text in figure.findobj(Text) if text.get_text() and text.get_visible()]
    assert {text.get_fontfamily()[0] for text in written} == {"Noto Sans CJK SC"}


def test_bars_open_their_rows() -> None:
    figure = ranking()
    drawn = {patch.get_gid(): patch.get_width() for patch in figure.axes[0].patches}
    assert drawn["europe"] == 2
    assert drawn["africa"] == 1
    assert drawn["oceania"] == 0
    assert {"europe", "africa", "asia", ""} <= gids(figure) | {""}
    # What has no value is a number, not a bar.
    assert drawn[""] == 0
    assert {"欧洲", "66.7%", "未填"} <= set(texts(figure))


def test_the_rest_of_a_ranking_is_counted_once() -> None:
    figure = bars.ranking(result("country", year=2017), THEME, top=1)
    shown = texts(figure)
    assert "其他（2）" in shown
    rest = [row for row in result("country", year=2017).rows if row.key in ("FR", "KE")]
    assert result("country", year=2017).distinct(rest) == 3


def test_paired_dots_say_what_is_missing() -> None:
    figure = paired()
    # Of 3: Europe 2 against 45/196 × 3 = 0.69, Africa 1 against 0.83, Asia none against 46/196 × 3 = 0.70.
    assert {"多 1.3", "多 0.2", "缺 0.7", "2.90", "66.7", "23.0"} <= set(texts(figure))
    assert {"europe", "africa", "asia", "oceania"} <= gids(figure)
    dots_drawn = [line for line in figure.axes[0].lines if line.get_gid() == "europe"]
    assert dots_drawn[0].get_xdata()[0] == pytest.approx(200 / 3)


def test_trend_points_carry_their_year() -> None:
    figure = years()
    assert {str(year) for year in range(2014, 2027)} <= gids(figure)
    assert figure.axes[0].get_ylim()[0] == 0
    assert {"1", "4", "2014", "2026"} <= set(texts(figure))


def test_trend_by_unit_names_its_lines() -> None:
    figure = units()
    assert {"欧洲 2", "非洲 1"} <= set(texts(figure))
    assert "2026/europe" in gids(figure)


def test_lorenz_ends_in_the_corner() -> None:
    line = next(line for line in curve().axes[0].lines if line.get_gid() == "lorenz")
    assert (line.get_xdata()[0], line.get_ydata()[0]) == (0, 0)
    assert (line.get_xdata()[-1], line.get_ydata()[-1]) == (100, 100)
    assert len(line.get_xdata()) == 197


def test_heat_cells_open_their_records() -> None:
    figure = heat_of_two()
    assert "europe/trade" in gids(figure)
    assert keys_of("europe/") == ("europe", None)
    assert "asia/trade" not in gids(figure)


@pytest.mark.parametrize("by", [("continent",), ("country",), ("continent", "domain"), ()])
def test_an_empty_ledger_is_drawn_too(by: tuple[str, ...]) -> None:
    nothing = compute(StatsRequest(datetime.date(2026, 11, 23), year=2017, by=by), ledger([]))
    drawings: list[Callable[..., Figure]] = [bars.ranking, dots.paired_dots, trends.trend, trends.trend_by_unit]
    drawings += [heat.heat_map] if len(by) == 2 else [lorenz.lorenz]
    for draw in drawings:
        draw(nothing, THEME).canvas.draw()


def test_pictures_are_saved(tmp_path: Path) -> None:
    figure = bars.ranking(result("continent", year=2017), THEME, Size(640, 300, 2))
    save(figure, tmp_path / "bars.png")
    save(figure, tmp_path / "bars.svg")
    assert imread(tmp_path / "bars.png").shape[:2] == (600, 1280)
    ids = {element.get("id") for element in ElementTree.parse(tmp_path / "bars.svg").iter()}
    assert {"europe", "africa"} <= ids
    first = (tmp_path / "bars.svg").read_bytes()
    save(bars.ranking(result("continent", year=2017), THEME, Size(640, 300, 2)), tmp_path / "again.svg")
    assert (tmp_path / "again.svg").read_bytes() == first


def test_other_endings_and_places_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        save(ranking(), tmp_path / "bars.bmp")
    assert refused.value.code == "option_unknown"
    with pytest.raises(UserError) as failed:
        save(ranking(), tmp_path / "nowhere" / "bars.png")
    assert failed.value.code == "file_unwritable"


def test_numbers() -> None:
    assert (whole(1234), whole(2.5), whole(2.0)) == ("1,234", "2.5", "2")
    assert (per_cent(None), per_cent(5.0), times(None), times(2.634)) == ("—", "5.0", "—", "2.63")
    assert (short_or_over(29.2, 120), short_or_over(-33.4, 120), short_or_over(0.3, 120)) == ("缺 29", "多 33", "持平")
    assert (short_or_over(0.3, 12), short_or_over(None, 12)) == ("缺 0.3", "—")
    assert (plain(1200), plain(0.3589)) == ("1,200", "0.359")


def test_text_breaks_between_han_characters_and_words() -> None:
    fonts = ("Noto Sans CJK SC",)
    assert wrap("未归类的项目", 30, 12, fonts) == ["未归", "类的", "项目"]
    assert wrap("Not filled in", 60, 12, fonts) == ["Not filled", "in"]
    assert "".join(wrap("截至 2026-11-23 存量", 60, 12, fonts)).replace(" ", "") == "截至2026-11-23存量"


@given(st.floats(0.001, 1e7))
def test_ticks_reach_the_largest(largest: float) -> None:
    ticks = trends.nice_ticks(largest)
    assert ticks[0] == 0
    assert ticks[-1] >= largest * 0.999999
    assert 2 <= len(ticks) <= 7


@given(st.integers(1950, 2030), st.integers(0, 90), st.floats(100, 2000))
def test_years_under_the_axis_have_room(first: int, length: int, width: float) -> None:
    shown = trends.year_ticks(list(range(first, first + length + 1)), width)
    assert shown[-1] == first + length
    assert shown == sorted(set(shown))
    gaps = [(b - a) * width / max(length, 1) for a, b in pairwise(shown)]
    assert all(gap >= 40 for gap in gaps)


@given(st.lists(st.floats(0, 190), max_size=8))
def test_labels_at_line_ends_keep_apart(wished: list[float]) -> None:
    placed = sorted(trends.spread_out(wished, 18, 200))
    assert all(b - a >= 18 - 1e-6 for a, b in pairwise(placed))
    assert all(y <= 200 for y in placed)


@given(st.lists(st.one_of(st.none(), st.sampled_from(["asia", "gn:12", "cn:310000", "2017"])), min_size=1, max_size=3))
def test_keys_survive_the_name_of_an_artist(keys: list[str | None]) -> None:
    assert keys_of(gid_of(keys)) == tuple(keys)


@pytest.fixture(autouse=True)
def nothing_left_open() -> Iterator[None]:
    """Charts never register with pyplot: figures vanish with their last reference."""
    yield
    assert "matplotlib.pyplot" not in sys.modules


def test_the_programs_own_font_stands_in_where_none_of_the_wished_is_here() -> None:
    assert families(replace(THEME, fonts=("No Such Font",))) == ["Noto Sans SC", "DejaVu Sans"]
