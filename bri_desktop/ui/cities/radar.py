"""A radar of a few shares: the place filled, the average of the office dashed; its table stands beside it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from bri_desktop.ui.shared import paint
from bri_desktop.ui.shared.line_chart import nice_top
from bri_desktop.ui.shared.tokens import AXIS, SMALL, SMALL_BOLD, Space

MOST_SIDE = 150
EDGE_ROOM = 30
LEGEND_LINE = 22
LEAST_RADIUS = 64
LEAST = 3
"""Axes below which there is no area to see."""


@dataclass(frozen=True, slots=True)
class Spoke:
    """One axis: its word, the value of the place and of the average in per cent; ``None`` counts as no value."""

    text: str
    value: float | None
    average: float | None


class Radar(QWidget):
    """Draws the spokes from the top clockwise; every number is also in the accessible description."""

    def __init__(self, name: str, own: str, average: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._legend = (own, average)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(232)
        self._spokes: tuple[Spoke, ...] = ()
        self._side = 0

    def show_spokes(self, spokes: Sequence[Spoke]) -> None:
        """Show other values."""
        self._spokes = tuple(spokes)
        words = (paint.metrics(SMALL_BOLD).horizontalAdvance(spoke.text) for spoke in self._spokes)
        self._side = min(MOST_SIDE, max(words, default=0) + Space.BETWEEN)
        self.setMinimumWidth(2 * (self._side + LEAST_RADIUS))
        said = (f"{s.text} {_said(s.value)} / {_said(s.average)}" for s in self._spokes)
        self.setAccessibleDescription("; ".join(said))
        self.update()

    def sizeHint(self) -> QSize:
        """Return a size in which the words have room."""
        return QSize(380, 232)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw rings, axes and both outlines."""
        if len(self._spokes) < LEAST:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        values = [value for spoke in self._spokes for value in (spoke.value, spoke.average) if value is not None]
        top, step = nice_top(max(values, default=0.0))
        self._draw_rings(painter, top, step)
        average = QPolygonF([self._place(n, spoke.average or 0.0, top) for n, spoke in enumerate(self._spokes)])
        own = QPolygonF([self._place(n, spoke.value or 0.0, top) for n, spoke in enumerate(self._spokes)])
        colour = paint.role("series_1")
        painter.setOpacity(0.18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawPolygon(own)
        painter.setOpacity(1.0)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(paint.role("baseline"), 1.5, Qt.PenStyle.DashLine))
        painter.drawPolygon(average)
        painter.setPen(QPen(colour, 2))
        painter.drawPolygon(own)
        painter.setBrush(colour)
        for corner in own.toList():
            painter.drawEllipse(corner, 2.5, 2.5)
        self._draw_words(painter, top)
        self._draw_legend(painter)

    def _draw_legend(self, painter: QPainter) -> None:
        lines = (QPen(paint.role("series_1"), 2), QPen(paint.role("baseline"), 1.5, Qt.PenStyle.DashLine))
        for number, (pen, word) in enumerate(zip(lines, self._legend, strict=True)):
            top = number * SMALL.line
            painter.setPen(pen)
            painter.drawLine(QPointF(0, top + 9.5), QPointF(LEGEND_LINE, top + 9.5))
            room = QRect(LEGEND_LINE + Space.BETWEEN, top, MOST_SIDE, SMALL.line)
            paint.draw_text(painter, room, word, SMALL, paint.role("secondary"))

    def _middle(self) -> tuple[QPointF, float]:
        radius = min(self.width() / 2 - self._side, self.height() / 2 - EDGE_ROOM)
        return QPointF(self.width() / 2, self.height() / 2 + Space.INSIDE), max(radius, 20.0)

    def _place(self, number: int, value: float, top: float) -> QPointF:
        centre, radius = self._middle()
        angle = 2 * math.pi * number / len(self._spokes) - math.pi / 2
        reach = radius * value / top
        return centre + QPointF(reach * math.cos(angle), reach * math.sin(angle))

    def _draw_rings(self, painter: QPainter, top: float, step: float) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(paint.role("grid"), 1))
        rings = round(top / step)
        for ring in range(1, rings + 1):
            corners = [self._place(n, ring * step, top) for n in range(len(self._spokes))]
            painter.drawPolygon(QPolygonF(corners))
        for number in range(len(self._spokes)):
            painter.drawLine(self._middle()[0], self._place(number, top, top))
        for ring in range(1, rings + 1):
            at = self._place(0, ring * step, top)
            box = QRect(round(at.x()) - 40, round(at.y()) - 8, 36, 16)
            suffix = "%" if ring == rings else ""
            text = f"{ring * step:g}{suffix}"
            paint.draw_text(painter, box, text, AXIS, paint.role("hint"), Qt.AlignmentFlag.AlignRight)

    def _draw_words(self, painter: QPainter, top: float) -> None:
        centre, _radius = self._middle()
        for number, spoke in enumerate(self._spokes):
            at = self._place(number, top, top)
            style = SMALL_BOLD if spoke.value else SMALL
            across = at.x() - centre.x()
            width = 2 * self._side
            if abs(across) < 4:
                box, align = (
                    QRect(round(at.x()) - width // 2, round(at.y()) - 24, width, 18),
                    Qt.AlignmentFlag.AlignHCenter,
                )
            elif at.y() > centre.y():
                left = round(at.x()) - width // 2 + (24 if across > 0 else -24)
                box, align = QRect(left, round(at.y()) + 2, width, 18), Qt.AlignmentFlag.AlignHCenter
            elif across > 0:
                box, align = QRect(round(at.x()) + 6, round(at.y()) - 9, self._side, 18), Qt.AlignmentFlag.AlignLeft
            else:
                box = QRect(round(at.x()) - 6 - self._side, round(at.y()) - 9, self._side, 18)
                align = Qt.AlignmentFlag.AlignRight
            paint.draw_text(painter, box, spoke.text, style, paint.role("text"), align)


def _said(value: float | None) -> str:
    return "—" if value is None else f"{value:.1f} %"
