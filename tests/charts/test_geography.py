"""The sheet of the sketch map: what lies where, which way a line goes, and that no boundary is on it."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bri_desktop.charts import geography
from bri_desktop.charts.geography import great_circle, land, sheet_size, sheet_x, sheet_y

BEIJING, SYDNEY, LIMA, LISBON = (116.4, 39.9), (151.2, -33.9), (-77.0, -12.0), (-9.1, 38.7)


def on_sheet(point: tuple[float, float]) -> tuple[float, float]:
    return sheet_x(point[0]), sheet_y(point[1])


def is_land(point: tuple[float, float]) -> bool:
    """Count how often a ray to the right crosses the shores."""
    x, y = on_sheet(point)
    crossings = 0
    for ring in land():
        for (x1, y1), (x2, y2) in itertools.pairwise(ring):
            if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                crossings += 1
    return crossings % 2 == 1


@pytest.mark.parametrize(
    "city", [BEIJING, SYDNEY, (-75.5, -12.0), (37.6, 55.7), (-100.0, 40.0), (179.0, 67.5), (20, 5)]
)
def test_land_is_where_land_is(city: tuple[float, float]) -> None:
    assert is_land(city)


@pytest.mark.parametrize(
    "sea", [(-30.5, 30.0), (180.0, 0.0), (-140.0, 20.0), (80.0, -20.0), (160.0, 50.0), (-170.0, 60.0)]
)
def test_sea_is_where_sea_is(sea: tuple[float, float]) -> None:
    assert not is_land(sea)


def test_no_shore_runs_across_the_sheet() -> None:
    """A ring that springs from one edge to the other would draw a line through every country on its way."""
    longest = max(abs(b[0] - a[0]) for ring in land() for a, b in itertools.pairwise(ring))
    assert longest < 30


def test_china_stands_left_of_the_pacific_and_whole() -> None:
    width, height = sheet_size()
    west, east = sheet_x(73.5), sheet_x(135.1)
    assert 0 < west < east < sheet_x(LIMA[0]) < width
    assert all(0 < sheet_y(lat) < height for lat in (3.9, 53.6))


def test_the_islands_are_named() -> None:
    assert [island.zh for island in geography.ISLANDS] == ["南海诸岛", "钓鱼岛"]


def test_a_line_from_beijing_to_lisbon_goes_north_of_both() -> None:
    (line,) = great_circle(BEIJING, LISBON)
    assert min(y for _, y in line) < min(sheet_y(BEIJING[1]), sheet_y(LISBON[1]))
    assert line[0] == pytest.approx(on_sheet(BEIJING)) and line[-1] == pytest.approx(on_sheet(LISBON))


def test_a_line_over_the_cut_meridian_is_parted_at_the_edges() -> None:
    first, second = great_circle(LISBON, LIMA)
    assert first[-1][0] < 20 and second[0][0] > 340


def test_places_on_opposite_sides_and_the_same_place_make_no_error() -> None:
    assert great_circle((0.0, 0.0), (180.0, 0.0))
    assert great_circle(BEIJING, BEIJING)


@given(st.tuples(st.floats(-180, 180), st.floats(-80, 80)), st.tuples(st.floats(-180, 180), st.floats(-80, 80)))
def test_every_line_stays_on_the_sheet(start: tuple[float, float], end: tuple[float, float]) -> None:
    for line in great_circle(start, end):
        assert all(0 <= x <= 360 and math.isfinite(y) for x, y in line)
        assert all(abs(b[0] - a[0]) <= 180 for a, b in itertools.pairwise(line))
