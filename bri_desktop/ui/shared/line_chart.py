"""A small line chart drawn by the window itself: few lines, labelled at their ends, from zero.

Pages show it beside their tables; it needs no chart library, so that a page is there at once.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from bri_desktop.ui.shared import paint
from bri_desktop.ui.shared.tokens import AXIS, SMALL, SMALL_BOLD, Space

Align = Qt.AlignmentFlag

TICKS = 4
REACH = 8
"""Pixels within which a click takes a point."""
_LEFT, _BOTTOM, _TOP, _RIGHT = 40, 20, 10, 44


@dataclass(frozen=True, slots=True)
class Line:
    """Points in the order of x; ``role`` of the colours; ``label`` at its end; ``is_filled`` shades what is below.

    From ``dashed_from`` on (an x) the line is dashed; ``mark`` is a point with a hollow dot.
    """

    points: tuple[tuple[float, float], ...]
    role: str = "series_1"
    label: str = ""
    is_thick: bool = True
    is_filled: bool = False
    dashed_from: float | None = None
    mark: tuple[float, float] | None = None
    has_end: bool = True
    start_label: str = ""


@dataclass(frozen=True, slots=True)
class Axes:
    """The plot's ranges and ticks; ``today`` is the x of a dashed vertical line."""

    x: tuple[float, float]
    x_ticks: tuple[tuple[float, str], ...]
    y_top: float | None = None
    is_whole: bool = False
    y_suffix: str = ""
    today: float | None = None


def nice_top(highest: float, *, is_whole: bool = False) -> tuple[float, float]:
    """Return (top, step) of an axis from zero that holds ``highest`` with at most :data:`TICKS` + 1 steps."""
    if highest <= 0:
        return (1.0, 1.0) if is_whole else (1.0, 0.5)
    raw = highest / TICKS
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= raw * 0.999)
    step = max(1.0, math.ceil(step)) if is_whole else step
    return step * math.ceil(round(highest / step, 9)), step


class LineChart(QWidget):
    """Lines over one pair of axes; a click on a point emits ``picked`` with line and point."""

    picked = Signal(int, int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self._lines: tuple[Line, ...] = ()
        self._axes = Axes((0.0, 1.0), ())
        self._is_pickable = False

    def show_lines(self, lines: Sequence[Line], axes: Axes, *, is_pickable: bool = False) -> None:
        """Show other lines; every number is also in the accessible description."""
        self._lines, self._axes, self._is_pickable = tuple(lines), axes, is_pickable
        said = ("; ".join(f"{x:g} {y:g}" for x, y in line.points) for line in self._lines)
        self.setAccessibleDescription(" | ".join(said))
        self.update()

    def sizeHint(self) -> QSize:
        """Return a size that reads well in a side panel."""
        return QSize(344, 132)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw grid, lines and labels."""
        painter = QPainter(self)
        self.draw(painter, self.rect())

    def draw(self, painter: QPainter, rect: QRect) -> None:
        """Draw the chart into any painter."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_axes(painter, rect)
        for line in self._lines:
            self._draw_line(painter, rect, line)
        self._draw_labels(painter, rect)
        painter.restore()

    def point_at(self, at: QPointF) -> tuple[int, int] | None:
        """Return (line, point) under a position, or ``None``."""
        found: tuple[float, tuple[int, int]] | None = None
        for number, line in enumerate(self._lines):
            for place, (x, y) in enumerate(line.points):
                distance = (self._place(self.rect(), x, y) - at).manhattanLength()
                if distance <= REACH and (found is None or distance < found[0]):
                    found = (distance, (number, place))
        return found[1] if found else None

    def position_of(self, line: int, point: int) -> QPointF:
        """Return where a point is drawn."""
        return self._place(self.rect(), *self._lines[line].points[point])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show that a point can be opened."""
        hit = self.point_at(event.position()) if self._is_pickable else None
        self.setCursor(Qt.CursorShape.PointingHandCursor if hit else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open the point under the pointer."""
        hit = self.point_at(event.position()) if self._is_pickable else None
        if hit is not None and event.button() is Qt.MouseButton.LeftButton:
            self.picked.emit(*hit)

    def _scale(self) -> tuple[float, float]:
        if self._axes.y_top is not None:
            return self._axes.y_top, self._axes.y_top / 2
        highest = max((y for line in self._lines for _, y in line.points), default=0.0)
        return nice_top(highest, is_whole=self._axes.is_whole)

    def _plot(self, rect: QRect) -> QRectF:
        return QRectF(rect).adjusted(_LEFT, _TOP, -_RIGHT, -_BOTTOM)

    def _place(self, rect: QRect, x: float, y: float) -> QPointF:
        plot, (first, last) = self._plot(rect), self._axes.x
        across = (x - first) / (last - first) if last > first else 0.5
        return QPointF(plot.left() + across * plot.width(), plot.bottom() - y / self._scale()[0] * plot.height())

    def _draw_axes(self, painter: QPainter, rect: QRect) -> None:
        plot, (top, step) = self._plot(rect), self._scale()
        grey = paint.role("hint")
        for number in range(round(top / step) + 1):
            y = self._place(rect, self._axes.x[0], number * step).y()
            painter.setPen(QPen(paint.role("grid" if number else "button_edge"), 1))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            text = f"{number * step:,g}{self._axes.y_suffix if number * step == top else ''}"
            left = QRect(rect.left(), round(y) - 8, _LEFT - Space.BETWEEN, 16)
            paint.draw_text(painter, left, text, AXIS, grey, Align.AlignRight)
        free = math.inf
        for x, text in reversed(self._axes.x_ticks):
            middle, half = self._place(rect, x, 0).x(), paint.metrics(AXIS).horizontalAdvance(text) / 2 + Space.INSIDE
            if middle + half <= free:
                free = middle - half
                below = QRect(round(middle) - 28, round(plot.bottom()) + 3, 56, 16)
                paint.draw_text(painter, below, text, AXIS, grey, Align.AlignHCenter)
        if self._axes.today is not None:
            x = self._place(rect, self._axes.today, 0).x()
            painter.setPen(QPen(paint.role("button_edge"), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))

    def _draw_line(self, painter: QPainter, rect: QRect, line: Line) -> None:
        if not line.points:
            return
        colour = paint.role(line.role)
        limit = math.inf if line.dashed_from is None else line.dashed_from
        solid = [self._place(rect, x, y) for x, y in line.points if x <= limit]
        rest = [self._place(rect, x, y) for x, y in line.points if x > limit]
        if line.is_filled:
            shade = paint.qcolor(colour.name())
            area = QPolygonF([*solid, QPointF(solid[-1].x(), self._place(rect, 0, 0).y()), solid[0]])
            painter.setOpacity(0.12)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(shade)
            painter.drawPolygon(area)
            painter.setOpacity(1.0)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, 2.0 if line.is_thick else 1.5))
        painter.drawPolyline(QPolygonF(solid))
        if rest and solid:
            painter.setPen(QPen(colour, 1.5, Qt.PenStyle.DashLine))
            painter.drawPolyline(QPolygonF([solid[-1], *rest]))
        if line.has_end and limit == math.inf:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawEllipse(solid[-1], 3.5, 3.5)
        if line.start_label:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawEllipse(solid[0], 3, 3)
        if line.mark is not None:
            painter.setPen(QPen(colour, 1.5))
            painter.setBrush(paint.role("surface"))
            painter.drawEllipse(self._place(rect, *line.mark), 3, 3)

    def _draw_labels(self, painter: QPainter, rect: QRect) -> None:
        """Write each label beside its end, the labels apart from each other."""
        for line in self._lines:
            if line.start_label and line.points:
                first = self._place(rect, *line.points[0])
                rises = len(line.points) > 1 and line.points[1][1] > line.points[0][1]
                above = not rises or self._plot(rect).bottom() - first.y() < 2 * SMALL.line
                above = above and first.y() - rect.top() >= 24
                box = QRect(round(first.x()) - 3, round(first.y()) + (-24 if above else 4), 80, 18)
                paint.draw_text(painter, box, line.start_label, SMALL, paint.role("text"))
        named = [line for line in self._lines if line.label and line.points]
        ends = [(self._place(rect, *line.points[-1]).y(), number) for number, line in enumerate(named)]
        free = math.inf
        for y, number in sorted(ends, reverse=True):
            line = named[number]
            y = min(y, free - SMALL.line + 2)
            free = y
            left = round(self._place(rect, *line.points[-1]).x()) + Space.BETWEEN
            box = QRect(left, round(y) - 9, rect.right() - left + 1, 18)
            style = SMALL_BOLD if line.is_thick else SMALL
            paint.draw_text(painter, box, line.label, style, paint.role(line.role))
