"""The map of the summary: cities as points and ties as great circles, on a sketch of land and sea in which no boundary
is drawn, or on the standard map picture that the office has loaded.

It says in itself what it is drawn on, so that it still does when it is copied out of the document.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageOps

from bri_desktop.analysis.chart import Chart, MapBase, MapGround
from bri_desktop.charts.geography import ISLANDS, PictureSheet, Point, Sheet, SketchSheet, great_circle, land
from bri_desktop.domain.errors import InputError
from bri_desktop.i18n import language, tr
from bri_desktop.reports.board import Board, width_of
from bri_desktop.reports.paper import DOTS_PER_INCH, INK

NAME, MARK = 8.0, 8.0
SMALLEST, LARGEST = 1.6, 6.0
"""Radii of points; the area of a point grows with its value."""
LAND, HOME, ABROAD, LINE = INK.line, INK.series[1], INK.series[0], INK.baseline
MOST_NAMES = 24
TALLEST = 1.1
"""A picture that is higher than so many times its width is drawn narrower."""

Box = tuple[float, float, float, float]
"""Left, lower, right, upper edge."""


def draw_map(chart: Chart, width: float) -> Board:
    """Return a map, ``width`` points wide.

    Raises ``InputError`` ``map_picture_missing`` where the standard map picture is gone.
    """
    ground = chart.ground
    assert ground is not None
    sheet: Sheet = PictureSheet(ground.base.reference) if ground.base is not None else SketchSheet()
    across, down = sheet.size
    scale = min(width / across, TALLEST * width / down)
    board = Board(width, scale * down + MARK + 8)
    inner = Board(width, board.height)
    frame = _Frame(sheet, scale, (width - scale * across) / 2, board.height)
    if ground.base is not None:
        inner.image(frame.left, MARK + 8, scale * across, scale * down, _pixels(ground.base, scale * across))
    else:
        inner.area([[frame.at(x, y) for x, y in ring] for ring in land()], LAND)
    _arcs(inner, ground, frame)
    _points(inner, chart, ground, frame)
    board.within(frame.left, MARK + 8, scale * across, scale * down, inner)
    board.text(frame.left, MARK / 2, mark_text(ground.base), size=MARK, colour=INK.secondary)
    return board


def mark_text(base: MapBase | None) -> str:
    """Return what stands at the foot of a map: that it is a sketch, or the approval number of the picture."""
    if base is None:
        return tr("Sketch map, no boundaries drawn. Land: Natural Earth.")
    return tr("Standard map, approval number {number}; points and lines are added.", number=base.number)


class _Frame:
    """The way from the sheet (downwards from its upper left corner) to points of the board (upwards)."""

    def __init__(self, sheet: Sheet, scale: float, left: float, top: float) -> None:
        self.sheet, self.scale, self.left, self.top = sheet, scale, left, top

    def at(self, x: float, y: float) -> Point:
        return self.left + self.scale * x, self.top - self.scale * y

    def place(self, lon: float, lat: float) -> Point:
        return self.at(*self.sheet.place(lon, lat))


def _pixels(base: MapBase, width: float) -> Image.Image:
    return _scaled(base.file, base.name, max(1, round(width * DOTS_PER_INCH / 72)))


@lru_cache(maxsize=2)
def _scaled(file: str, name: str, wide: int) -> Image.Image:
    """Return the picture with as many pixels as are printed, upright as it was placed."""
    try:
        with Image.open(Path(file)) as opened:
            image = ImageOps.exif_transpose(opened).convert("RGB")
    except OSError as error:
        raise InputError("map_picture_missing", name=name) from error
    if image.width <= wide:
        return image
    return image.resize((wide, max(1, round(image.height * wide / image.width))), Image.Resampling.LANCZOS)


def _arcs(board: Board, ground: MapGround, frame: _Frame) -> None:
    # Those that are not approved first, so that the approved ones lie over them.
    for arc in sorted(ground.arcs, key=lambda one: one.strong):
        for piece in great_circle(arc.start, arc.end, sheet=frame.sheet):
            points = [frame.at(x, y) for x, y in piece]
            board.path(points, ABROAD if arc.strong else LINE, 0.7, dashes=() if arc.strong else (3, 2))


def _points(board: Board, chart: Chart, ground: MapGround, frame: _Frame) -> None:
    values = [value or 0.0 for value in chart.series[0].values]
    most = max(values, default=0.0) or 1.0
    marks: list[Box] = []
    order = sorted(range(len(values)), key=lambda number: -values[number])
    for number in order:
        x, y = frame.place(*ground.places[number])
        radius = SMALLEST + (LARGEST - SMALLEST) * math.sqrt(values[number] / most)
        marks.append((x - radius, y - radius, x + radius, y + radius))
        if ground.homes[number]:
            board.box(x - radius, y - radius, 2 * radius, 2 * radius, fill=HOME, edge=INK.paper)
        else:
            board.dot(x, y, radius, fill=ABROAD, edge=INK.paper, width=0.5)
    names = [] if ground.base is not None else _islands(board, frame, marks)
    _names(board, [chart.labels[number] for number in order], marks, names, frame)


def _islands(board: Board, frame: _Frame, marks: Sequence[Box]) -> list[Box]:
    """Name the islands, as every map of the world that shows China has to; return where their names stand."""
    taken = []
    for island in ISLANDS:
        x, y = frame.place(island.lon, island.lat)
        name = island.zh if language() == "zh_CN" else island.en
        board.dot(x, y, 0.8, fill=INK.secondary, edge=INK.secondary, width=0.2)
        long, half = width_of(name, NAME - 1), NAME / 2
        spots: tuple[Box, ...] = (
            (x + 3, y - half, x + 3 + long, y + half),
            (x - 3 - long, y - half, x - 3, y + half),
            (x + 3, y - 3 * half, x + 3 + long, y - half),
        )
        spot = next((one for one in spots if not any(_meet(one, mark) for mark in marks)), spots[-1])
        board.text(spot[0], (spot[1] + spot[3]) / 2, name, size=NAME - 1, colour=INK.secondary)
        taken.append(spot)
    return taken


def _names(board: Board, labels: Sequence[str], marks: Sequence[Box], taken: list[Box], frame: _Frame) -> None:
    """Name as many places as find room, the largest first."""
    across, down = (side * frame.scale for side in frame.sheet.size)
    bounds = (frame.left, frame.top - down, frame.left + across, frame.top)
    named = 0
    for label, mark in zip(labels, marks, strict=True):
        long, half, middle = width_of(label, NAME), NAME / 2, (mark[1] + mark[3]) / 2
        spots: tuple[Box, ...] = (
            (mark[2] + 1, middle - half, mark[2] + 1 + long, middle + half),
            (mark[0] - 1 - long, middle - half, mark[0] - 1, middle + half),
        )
        others = [box for box in marks if box != mark]
        free = next((s for s in spots if _inside(s, bounds) and not any(_meet(s, o) for o in (*others, *taken))), None)
        if free is not None:
            board.text(free[0], middle, label, size=NAME)
            taken.append(free)
            named += 1
        if named == MOST_NAMES:
            return


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _inside(one: Box, bounds: Box) -> bool:
    return bounds[0] <= one[0] and one[2] <= bounds[2] and bounds[1] <= one[1] and one[3] <= bounds[3]
