"""Where a longitude and latitude lie on a picture of a map, from control points whose place on it is known.

Cylindrical maps (plate carrée, Mercator) need two points that share neither meridian nor parallel: x grows with the
longitude, y with the latitude as the projection stretches it; more points are fitted by least squares. Any other map
of the world is fitted by a polynomial of the second degree, which needs six points spread over the picture.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bri_desktop.domain.errors import InputError

PLATE_CARREE, MERCATOR, FITTED = "plate_carree", "mercator", "fitted"
PROJECTIONS = (PLATE_CARREE, MERCATOR, FITTED)
FEWEST: Mapping[str, int] = {PLATE_CARREE: 2, MERCATOR: 2, FITTED: 6}
MOST_OFF = 0.03
"""Control points may lie so far from where the fit puts them, as a share of the picture's width (root mean square)."""
MERCATOR_END = 85.0
SMALLEST_STEP = 1e-9
SMALLEST_SPREAD = 1.0
"""Degrees that control points must lie apart in each direction."""


@dataclass(frozen=True, slots=True)
class ControlPoint:
    """A point of the picture in pixels from its upper left corner, and its longitude and latitude in degrees."""

    x: float
    y: float
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Georeference:
    """The fit: ``west`` is the longitude at which the picture is cut, ``error`` the root mean square in pixels."""

    projection: str
    width: int
    height: int
    west: float
    across: tuple[float, ...]
    down: tuple[float, ...]
    error: float

    def place(self, lon: float, lat: float) -> tuple[float, float]:
        """Return the pixel of a point; it may lie outside the picture."""
        terms_x, terms_y = _terms(self.projection, self.west + (lon - self.west) % 360.0, lat)
        x = sum(a * b for a, b in zip(self.across, terms_x, strict=True))
        y = sum(a * b for a, b in zip(self.down, terms_y, strict=True))
        return x, y

    def holds(self, lon: float, lat: float) -> bool:
        """Tell whether a point lies on the picture."""
        x, y = self.place(lon, lat)
        return 0 <= x <= self.width and 0 <= y <= self.height


def _terms(projection: str, lon: float, lat: float) -> tuple[tuple[float, ...], tuple[float, ...]]:
    if projection == FITTED:
        u, v = lon / 180.0, lat / 90.0
        both = (1.0, u, v, u * u, u * v, v * v)
        return both, both
    return (1.0, lon), (1.0, lat if projection == PLATE_CARREE else _mercator(lat))


def _mercator(lat: float) -> float:
    """Mercator's y in degrees of longitude at the equator."""
    held = max(-MERCATOR_END, min(MERCATOR_END, lat))
    return math.degrees(math.log(math.tan(math.pi / 4 + math.radians(held) / 2)))


def of_extent(west: float, east: float, south: float, north: float, width: int, height: int) -> Georeference:
    """Return a plate carrée map of that extent; an ``east`` that is not above ``west`` goes over 180°.

    Raises ``InputError`` ``map_extent_wrong``.
    """
    if not (-180 <= west <= 360 and -180 <= east <= 360 and -90 <= south < north <= 90) or west == east:
        raise InputError("map_extent_wrong")
    across, down = width / ((east - west) % 360.0 or 360.0), height / (north - south)
    return Georeference(PLATE_CARREE, width, height, west, (-west * across, across), (north * down, -down), 0.0)


def fit(points: Sequence[ControlPoint], projection: str, width: int, height: int) -> Georeference:
    """Return the fit with the smallest error over all meridians at which the picture may be cut.

    Raises ``InputError``: ``map_points_few``, ``map_points_close`` (not spread in both directions),
    ``map_points_wrong`` (they contradict one another, or the map is not upright).
    """
    if len(points) < FEWEST[projection]:
        raise InputError("map_points_few", needed=FEWEST[projection], given=len(points))
    for point in points:
        if not (-180 <= point.lon <= 360 and -90 <= point.lat <= 90):
            raise InputError("map_point_nowhere", lon=f"{point.lon:g}", lat=f"{point.lat:g}")
    if _spread([p.lat for p in points]) < SMALLEST_SPREAD or _spread([p.lon for p in points]) < SMALLEST_SPREAD:
        raise InputError("map_points_close")
    found = [one for lons in _countings(points) if (one := _fit(points, lons, projection, width, height)) is not None]
    best = min(found, key=lambda one: one.error, default=None)
    if best is None or best.error > MOST_OFF * width:
        raise InputError("map_points_wrong")
    return best


def _spread(values: Sequence[float]) -> float:
    return max(values) - min(values)


def _countings(points: Sequence[ControlPoint]) -> list[list[float]]:
    """Return the longitudes of the points as written, and counted eastwards from each of them."""
    written = [point.lon for point in points]
    return [written, *([west + (lon - west) % 360.0 for lon in written] for west in sorted(set(written)))]


def _fit(
    points: Sequence[ControlPoint], lons: Sequence[float], projection: str, width: int, height: int
) -> Georeference | None:
    """Return the least squares of one counting; ``None`` for a map that is not upright or points that do not settle
    it."""
    terms = [_terms(projection, lon, point.lat) for lon, point in zip(lons, points, strict=True)]
    sides: list[Any] = []
    for number, wanted in ((0, [p.x for p in points]), (1, [p.y for p in points])):
        matrix = np.array([pair[number] for pair in terms])
        solved, _rest, rank, _values = np.linalg.lstsq(matrix, np.array(wanted), rcond=None)
        if rank < matrix.shape[1]:
            return None
        sides.append((tuple(float(value) for value in solved), matrix @ solved - np.array(wanted)))
    (across, off_x), (down, off_y) = sides
    error = float(np.sqrt(np.mean(off_x**2 + off_y**2)))
    if across[1] <= 0 or down[-1 if projection != FITTED else 2] >= 0:
        return None
    # Cut where the picture begins, as far as every point keeps the longitude that it was counted with.
    left = (min(lons) + max(lons)) / 2 - 180.0 if projection == FITTED else -across[0] / across[1]
    west = max(min(left, min(lons)), max(lons) - 360.0 + SMALLEST_STEP)
    return Georeference(projection, width, height, west, across, down, error)
