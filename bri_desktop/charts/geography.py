"""The geometry of the sketch map: land, the way between two cities, longitudes and latitudes on a flat sheet.

The sheet is Miller's cylindrical projection cut through the Atlantic, so that China and both its oceans lie whole on
it. There are no boundaries in the data, and none is drawn.
"""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from bri_desktop import paths
from bri_desktop.analysis.georeference import Georeference

CENTRE = 150.0
"""The meridian in the middle of the sheet, in degrees east."""

NORTH, SOUTH = 83.0, -58.0
"""Latitudes of the sheet's edges: Antarctica is left out."""

ARC_STEPS = 48

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Named:
    """A name that stands on the sheet whatever the data: longitude, latitude, Chinese and English."""

    lon: float
    lat: float
    zh: str
    en: str


ISLANDS = (
    Named(114.0, 12.5, "南海诸岛", "Nanhai Zhudao"),
    Named(123.5, 25.7, "钓鱼岛", "Diaoyu Dao"),
)
"""Named as places, as every map of the world that shows China has to."""


def sheet_x(lon: float) -> float:
    """Return the x of a longitude (degrees) on the sheet: 0 at its left edge, 360 at its right one."""
    return (lon - CENTRE + 180.0) % 360.0


def sheet_y(lat: float) -> float:
    """Return the y of a latitude on the sheet, downwards, in the units of :func:`sheet_x`."""
    return _miller(NORTH) - _miller(max(min(lat, NORTH), SOUTH - 30))


def sheet_size() -> Point:
    """Return width and height of the sheet."""
    return 360.0, sheet_y(SOUTH)


def _miller(lat: float) -> float:
    """Miller (1942), in degrees of longitude at the equator."""
    return math.degrees(1.25 * math.log(math.tan(math.pi / 4 + 0.4 * math.radians(lat))))


@cache
def land() -> tuple[tuple[Point, ...], ...]:
    """Return the rings of land on the sheet; one that the cut meridian parts comes twice, a sheet's width apart."""
    rings: list[tuple[Point, ...]] = []
    for ring in json.loads((paths.resources() / "land.json").read_text(encoding="utf-8")):
        if max(lat for _, lat in ring) < SOUTH:
            continue
        flat = [(lon - CENTRE + 180.0, sheet_y(lat)) for lon, lat in _unbroken(ring)]
        for shift in (-360.0, 0.0, 360.0):
            moved = tuple((x + shift, y) for x, y in flat)
            if min(x for x, _ in moved) < 360.0 and max(x for x, _ in moved) > 0.0:
                rings.append(moved)
    return tuple(rings)


def _unbroken(ring: list[Point]) -> Iterator[Point]:
    """Yield a ring whose longitudes go on over 180° instead of springing to -180°."""
    turns, last = 0.0, ring[0][0]
    for lon, lat in ring:
        if abs(lon - last) > 180.0:
            turns += 360.0 if lon < last else -360.0
        last = lon
        yield lon + turns, lat


class Sheet(Protocol):
    """What points and lines are drawn on."""

    @property
    def size(self) -> Point:
        """Width and height."""

    def place(self, lon: float, lat: float) -> Point:
        """Return the place of a longitude and latitude (degrees)."""


class SketchSheet:
    """The sheet of the sketch map."""

    def __init__(self) -> None:
        self.size = sheet_size()

    def place(self, lon: float, lat: float) -> Point:
        """Return the place of a longitude and latitude."""
        return sheet_x(lon), sheet_y(lat)


@dataclass(frozen=True, slots=True)
class PictureSheet:
    """A picture of a map that is placed on the earth; its places are pixels."""

    reference: Georeference

    @property
    def size(self) -> Point:
        """Width and height of the picture."""
        return float(self.reference.width), float(self.reference.height)

    def place(self, lon: float, lat: float) -> Point:
        """Return the pixel of a longitude and latitude."""
        return self.reference.place(lon, lat)


def great_circle(start: Point, end: Point, steps: int = ARC_STEPS, sheet: Sheet | None = None) -> list[list[Point]]:
    """Return the shortest way between two (longitude, latitude) points as lines on the sheet, cut at its edge."""
    on = sheet or SketchSheet()
    half = on.size[0] / 2
    lines: list[list[Point]] = [[]]
    for lon, lat in _way(start, end, steps):
        here = on.place(lon, lat)
        if lines[-1] and abs(here[0] - lines[-1][-1][0]) > half:
            lines.append([])
        lines[-1].append(here)
    return [line for line in lines if len(line) > 1]


def _way(start: Point, end: Point, steps: int) -> list[Point]:
    (lon1, lat1), (lon2, lat2) = (tuple(map(math.radians, point)) for point in (start, end))
    first, second = _vector(lon1, lat1), _vector(lon2, lat2)
    angle = math.acos(max(-1.0, min(1.0, sum(a * b for a, b in zip(first, second, strict=True)))))
    if math.sin(angle) < 1e-9:
        return [start, end]
    points = []
    for step in range(steps + 1):
        share = step / steps
        back, forth = (math.sin((1 - share) * angle), math.sin(share * angle))
        x, y, z = ((back * a + forth * b) / math.sin(angle) for a, b in zip(first, second, strict=True))
        points.append((math.degrees(math.atan2(y, x)), math.degrees(math.atan2(z, math.hypot(x, y)))))
    return points


def _vector(lon: float, lat: float) -> tuple[float, float, float]:
    return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)
