"""A column of a table that is a plot: its scale, the marks of its cells, the ticks over it, and buttons beside it."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QWidget

from bri_desktop.ui.shared import paint
from bri_desktop.ui.shared.cells import ID_ROLE
from bri_desktop.ui.shared.delegates import Index, RowDelegate
from bri_desktop.ui.shared.header import TableHeader
from bri_desktop.ui.shared.table import LedgerTable
from bri_desktop.ui.shared.tokens import AXIS, SMALL, SMALL_BOLD, Size, Space

SORT_ARROW = 18
"""Room for the arrow of the sort order."""
_STEPS = (0.1, 0.2, 0.25, 0.5)


@dataclass(frozen=True, slots=True)
class Scale:
    """The axis of the plot: from 0 to ``top`` in steps; ``suffix`` stands at its end."""

    top: float = 100.0
    step: float = 20.0
    suffix: str = "%"

    def x(self, rect: QRect, value: float) -> float:
        """Return where a value lies in a cell."""
        left, right = rect.left() + Space.PAGE, rect.right() - Space.PAGE
        return left + (right - left) * value / self.top

    def ticks(self) -> list[float]:
        """Return the values that are written at the axis."""
        return [number * self.step for number in range(round(self.top / self.step) + 1)]


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands in a cell, in the units of the scale.

    A ``base`` is a hollow dot joined to the filled one of the value; without one the value is a bar from zero.
    ``low`` and ``high`` are the ends of an interval. ``is_short`` takes the second colour.
    """

    value: float
    base: float | None = None
    low: float | None = None
    high: float | None = None
    is_short: bool = False

    def reach(self) -> float:
        """Return the largest value that has to find room."""
        return max(number for number in (self.value, self.base, self.high, 0.0) if number is not None)


def scale_of(marks: Iterable[Mark], *, suffix: str = "%") -> Scale:
    """Return the axis that holds all marks in at most six steps."""
    largest = max((mark.reach() for mark in marks), default=0.0)
    power = 10 ** math.floor(math.log10(largest)) if largest > 0 else 10.0
    sizes = [size * power for size in (*_STEPS, 1, 2, 5, 10)]
    if suffix == "%":
        sizes = [1, 2, 5, 10, 20]
    step = next((size for size in sizes if round(largest / size, 6) <= 6), sizes[-1])
    return Scale(max(step, math.ceil(round(largest / step, 6)) * step), step, suffix)


class PlotDelegate(RowDelegate):
    """Draws the mark of a row over the grid of the scale."""

    def __init__(
        self, view: LedgerTable[Any], scale: Callable[[], Scale], mark: Callable[[object], Mark | None]
    ) -> None:
        super().__init__(view)
        self._scale, self._mark = scale, mark

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        rect, scale = _ground(painter, option), self._scale()
        painter.save()
        for tick in scale.ticks():
            painter.fillRect(QRect(round(scale.x(rect, tick)), rect.top(), 1, rect.height()), paint.role("grid"))
        paint.draw_rule(painter, rect, paint.role("line"))
        mark = self._mark(index.data(ID_ROLE))
        if mark is not None:
            draw_mark(painter, rect, mark, scale)
        painter.restore()


def draw_mark(painter: QPainter, rect: QRect, mark: Mark, scale: Scale) -> None:
    """Draw bar, filled and hollow dot; without a base a bar from zero, with its interval."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colour = paint.role("series_2" if mark.is_short else "series_1")
    middle = rect.center().y() + 0.5
    actual = QPointF(scale.x(rect, mark.value), middle)
    if mark.base is None:
        painter.fillRect(QRectF(scale.x(rect, 0), middle - 5, actual.x() - scale.x(rect, 0), 10), colour)
        if mark.low is not None and mark.high is not None:
            painter.setPen(QPen(paint.role("text"), 1.5))
            ends = [QPointF(scale.x(rect, value), middle) for value in (mark.low, mark.high)]
            painter.drawLine(*ends)
            for end in ends:
                painter.drawLine(end - QPointF(0, 4), end + QPointF(0, 4))
        return
    base = QPointF(scale.x(rect, mark.base), middle)
    painter.setPen(QPen(colour, 2))
    painter.drawLine(base, actual)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(actual, 5, 5)
    painter.setPen(QPen(paint.role("baseline"), 1.5))
    painter.setBrush(paint.role("surface"))
    painter.drawEllipse(base, 4, 4)


class ButtonDelegate(RowDelegate):
    """Draws the link of a row as a small button."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        rect = _ground(painter, option)
        paint.draw_rule(painter, rect, paint.role("line"))
        text = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        if not text:
            return
        width = paint.metrics(SMALL).horizontalAdvance(text) + 2 * Space.BETWEEN
        height = min(Size.SMALL_CONTROL, rect.height() - Space.INSIDE)
        left, top = rect.right() - Space.BETWEEN - width, rect.center().y() - height // 2
        box = QRect(left, top, width, height)
        painter.save()
        paint.draw_box(painter, box, fill=paint.role("surface"), edge=paint.role("button_edge"))
        paint.draw_text(painter, box, text, SMALL, paint.role("text"), Qt.AlignmentFlag.AlignHCenter)
        painter.restore()


def _ground(painter: QPainter, option: QStyleOptionViewItem) -> QRect:
    rect: QRect = getattr(option, "rect")  # noqa: B009 - the stubs leave out the fields of style options
    state: QStyle.StateFlag = getattr(option, "state")  # noqa: B009
    chosen = bool(state & QStyle.StateFlag.State_Selected)
    painter.fillRect(rect, paint.role("selection" if chosen else "surface"))
    return rect


class AxisStrip(QWidget):
    """The ticks of the plot, over its place in the table's head."""

    def __init__(self, table: LedgerTable[Any], header: TableHeader, section: int, scale: Callable[[], Scale]) -> None:
        super().__init__(header.viewport())
        self._header, self._section, self._scale = header, section, scale
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        header.sectionResized.connect(lambda *_change: self.place())
        header.sectionMoved.connect(lambda *_change: self.place())
        header.geometriesChanged.connect(self.place)
        table.horizontalScrollBar().valueChanged.connect(lambda _value: self.place())

    def place(self) -> None:
        """Follow the column."""
        header = self._header
        left = header.sectionViewportPosition(self._section)
        self.setGeometry(left, 0, header.sectionSize(self._section), header.height())
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Write the ticks."""
        painter = QPainter(self)
        scale = self._scale()
        for tick in scale.ticks():
            x = round(scale.x(self.rect(), tick))
            text = f"{tick:g}{scale.suffix}" if math.isclose(tick, scale.top) else f"{tick:g}"
            box = QRect(x - 24, 0, 48, self.height() - 1)
            paint.draw_text(painter, box, text, AXIS, paint.role("secondary"), Qt.AlignmentFlag.AlignHCenter)


class Legend(QWidget):
    """What the two dots mean."""

    def __init__(self, filled: str, hollow: str) -> None:
        super().__init__()
        self._words = (filled, hollow)
        self.setAccessibleName(" / ".join(self._words))
        widths = [paint.metrics(SMALL).horizontalAdvance(word) for word in self._words]
        self.setFixedSize(sum(widths) + 2 * (Size.ICON + Space.PAGE), SMALL.line + 2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw both dots, each with its word."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x, middle = Space.BETWEEN, self.height() / 2
        for word, is_filled in zip(self._words, (True, False), strict=True):
            painter.setPen(QPen(paint.role("text" if is_filled else "baseline"), 1.5))
            painter.setBrush(paint.role("text" if is_filled else "surface"))
            painter.drawEllipse(QPointF(x, middle), 4, 4)
            rest = QRect(x + Space.SECTION, 0, self.width(), self.height())
            x += Space.SECTION + paint.draw_text(painter, rest, word, SMALL, paint.role("secondary")) + Space.PAGE


def head_width(title: str, width: int) -> int:
    """Return a column's width that holds its title and the arrow of the sort order."""
    return max(width, paint.metrics(SMALL_BOLD).horizontalAdvance(title) + 2 * Space.BETWEEN + SORT_ARROW)
