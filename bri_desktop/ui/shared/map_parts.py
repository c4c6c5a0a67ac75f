"""What a map shows and what is drawn under it, and where the names of its points find room."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath

from bri_desktop.analysis.georeference import Georeference
from bri_desktop.ui.shared import paint
from bri_desktop.ui.shared.tokens import AXIS, SMALL, Colours


@dataclass(frozen=True, slots=True)
class MapPoint:
    """A city: ``value`` sizes it; home cities are squares, others circles, so that colour alone tells nothing.

    ``shade`` (0–1, pale to full) is a measure; ``None`` where it is not defined for this city, without a fill then.
    ``is_shaded`` says whether colours tell a measure at all, or home from abroad.
    """

    key: int
    lon: float
    lat: float
    name: str
    value: float
    tip: str
    is_home: bool
    shade: float | None = None
    is_shaded: bool = False


@dataclass(frozen=True, slots=True)
class MapLine:
    """A tie between two (longitude, latitude) points; a weak one is dashed."""

    key: int
    start: tuple[float, float]
    end: tuple[float, float]
    tip: str
    is_strong: bool


@dataclass(frozen=True, slots=True)
class BasePicture:
    """A standard map picture with its place on the earth and its approval number."""

    picture: QImage
    reference: Georeference
    number: str


def pieces(path: QPainterPath) -> Iterator[QRectF]:
    """Yield the boxes of a path's steps: short ones, so that a box is as good as its line."""
    for polygon in path.toSubpathPolygons():
        for start, end in pairwise(polygon.toList()):
            yield QRectF(start, end).normalized().adjusted(-0.5, -0.5, 0.5, 0.5)


def text_box(text: str, left_middle: QPointF) -> QRectF:
    """Return the box of a text that begins at the middle of its left edge."""
    width = paint.metrics(SMALL).horizontalAdvance(text) + 4
    return QRectF(left_middle.x(), left_middle.y() - 9, width, 18)


def spots(text: str, at: QPointF, radius: float) -> Iterator[QRectF]:
    """Yield where the name of a point may stand: right, left, below, above."""
    box = text_box(text, at + QPointF(radius + 3, 0))
    yield box
    yield box.translated(-(box.width() + 2 * radius + 4), 0)
    yield box.translated(-(box.width() / 2 + radius), radius + 10)
    yield box.translated(-(box.width() / 2 + radius), -(radius + 10))


def meets(box: QRectF, others: Sequence[QRectF]) -> bool:
    """Tell whether a box overlaps another one."""
    return any(box.intersects(other) for other in others)


def mixed(pale: QColor, full: QColor, share: float) -> QColor:
    """Return the colour that lies so far (0–1) between two."""
    parts = ((pale.redF(), full.redF()), (pale.greenF(), full.greenF()), (pale.blueF(), full.blueF()))
    return QColor.fromRgbF(*(low + (high - low) * share for low, high in parts))


def draw_spot(painter: QPainter, at: QPointF, name: str, colours: Colours) -> QRectF:
    """Draw a small dot with its name in grey, and return where the name stands."""
    box = text_box(name, at + QPointF(4, 0))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(paint.qcolor(colours.hint))
    painter.drawEllipse(at, 1.5, 1.5)
    paint.draw_text(painter, box.toRect(), name, AXIS, paint.qcolor(colours.hint))
    return box
