"""Pictures of maps placed by control points: against maps drawn by formula, and points that settle nothing."""

import math
from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bri_desktop.analysis.georeference import FITTED, MERCATOR, PLATE_CARREE, ControlPoint, fit, of_extent
from bri_desktop.domain.errors import InputError

WIDTH, HEIGHT = 2000, 1000
BEIJING, LIMA, LONDON = (116.4, 39.9), (-77.0, -12.0), (-0.1, 51.5)


def plate(lon: float, lat: float, middle: float = 150.0) -> tuple[float, float]:
    """The world on 2000 × 1000 pixels, cut 180° from its middle meridian."""
    return ((lon - middle + 180) % 360) / 360 * WIDTH, (90 - lat) / 180 * HEIGHT


def mercator(lon: float, lat: float) -> tuple[float, float]:
    """Web maps: 85.0511° fill the square."""
    y = math.log(math.tan(math.pi / 4 + math.radians(lat) / 2))
    return (lon + 180) / 360 * 1000, (1 - y / math.pi) / 2 * 1000


def polyconic(lon: float, lat: float) -> tuple[float, float]:
    """Curved parallels: the further from the middle meridian, the higher a point stands."""
    side = (lon - 150 + 180) % 360 - 180
    return 1000 + side * (5 - 0.004 * abs(lat)), 500 - lat * 5 - 0.002 * side * side * lat / 90


def points(draw: Callable[[float, float], tuple[float, float]], *places: tuple[float, float]) -> list[ControlPoint]:
    return [ControlPoint(*draw(*place), *place) for place in places]


def test_two_points_settle_a_plate_carree_map_cut_in_the_atlantic() -> None:
    found = fit(points(plate, BEIJING, LIMA), PLATE_CARREE, WIDTH, HEIGHT)
    for place in (BEIJING, LIMA, LONDON, (179.9, 0.0), (-179.9, -40.0), (-29.9, 10.0)):
        assert found.place(*place) == pytest.approx(plate(*place), abs=0.01)
        assert found.holds(*place)
    assert found.error == pytest.approx(0, abs=1e-6)


def test_mercator_by_three_points() -> None:
    found = fit(points(mercator, BEIJING, LIMA, LONDON), MERCATOR, 1000, 1000)
    assert found.place(37.6, 55.75) == pytest.approx(mercator(37.6, 55.75), abs=0.01)


def test_a_map_of_another_kind_is_fitted() -> None:
    spread = [(lon, lat) for lon in (-20.0, 60.0, 116.0, 170.0, -110.0, -60.0) for lat in (-40.0, 10.0, 60.0)]
    found = fit(points(polyconic, *spread), FITTED, WIDTH, HEIGHT)
    assert found.error < 0.01 * WIDTH
    x, y = found.place(*BEIJING)
    assert math.dist((x, y), polyconic(*BEIJING)) < 0.01 * WIDTH


def test_an_extent_is_a_plate_carree_map() -> None:
    whole = of_extent(-180, 180, -90, 90, WIDTH, HEIGHT)
    assert whole.place(0, 0) == (1000, 500) and whole.place(-180, 90) == (0, 0)
    asia = of_extent(60, 150, 0, 60, 900, 600)
    assert asia.place(*BEIJING) == pytest.approx((564, 201)) and not asia.holds(*LONDON)
    pacific = of_extent(-30, -30 + 360, -60, 80, 3600, 1400)  # cut at 30° W
    assert pacific.place(*LIMA) == pytest.approx(((360 - 77 + 30) * 10, 920))
    over = of_extent(100, -100, -50, 50, 1600, 1000)
    assert over.place(-170, 0) == (900, 500)


@pytest.mark.parametrize(
    ("given_points", "projection", "code"),
    [
        ([ControlPoint(1, 1, 10, 10)], PLATE_CARREE, "map_points_few"),
        ([ControlPoint(x, x, x, x) for x in range(5)], FITTED, "map_points_few"),
        ([ControlPoint(1, 1, 10, 10), ControlPoint(9, 1, 50, 10)], PLATE_CARREE, "map_points_close"),
        ([ControlPoint(1, 1, 10, 10), ControlPoint(1, 9, 10, -20)], MERCATOR, "map_points_close"),
        ([ControlPoint(1, 1, 10, -20), ControlPoint(9, 9, 50, 10)], PLATE_CARREE, "map_points_wrong"),  # upside down
        ([ControlPoint(1, 1, 10, 95), ControlPoint(9, 9, 50, 10)], PLATE_CARREE, "map_point_nowhere"),
        (
            [ControlPoint(0, 0, 0, 50), ControlPoint(50, 50, 50, 0), ControlPoint(100, 0, 10, 10)],
            PLATE_CARREE,
            "map_points_wrong",
        ),
    ],
)
def test_points_that_settle_nothing_are_refused(given_points: list[ControlPoint], projection: str, code: str) -> None:
    with pytest.raises(InputError, match=code):
        fit(given_points, projection, 100, 100)


@pytest.mark.parametrize("extent", [(0, 0, 0, 10), (0, 10, 20, 10), (0, 10, -95, 10)])
def test_an_extent_that_is_none(extent: tuple[float, float, float, float]) -> None:
    with pytest.raises(InputError, match="map_extent_wrong"):
        of_extent(*extent, 100, 100)


@given(
    st.floats(-180, 180), st.tuples(st.floats(-179, 179), st.floats(-80, 80)),
    st.tuples(st.floats(-179, 179), st.floats(-80, 80)), st.tuples(st.floats(-179, 179), st.floats(-80, 80)),
)  # fmt: skip
def test_three_points_place_a_fourth_wherever_the_map_is_cut(
    middle: float, first: tuple[float, float], second: tuple[float, float], wanted: tuple[float, float]
) -> None:
    drawn = [plate(*place, middle) for place in (first, second, wanted)]
    assume(abs(first[1] - second[1]) > 2 and abs(drawn[0][0] - drawn[1][0]) > 20)
    assume(all(20 < x < WIDTH - 20 for x, _ in drawn))
    third = (middle + 3 if middle < 170 else middle - 3, 5.0)
    given_points = [ControlPoint(*plate(*place, middle), *place) for place in (first, second, third)]
    assume(abs(given_points[2].x - given_points[0].x) > 20 and abs(given_points[2].x - given_points[1].x) > 20)
    found = fit(given_points, PLATE_CARREE, WIDTH, HEIGHT)
    assert found.place(*wanted) == pytest.approx(drawn[2], abs=0.5)
