"""A short ranked list with bars: name, context, bar, figure; a row opens what stands behind it."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from bri_desktop.ui.shared import paint
from bri_desktop.ui.shared.tokens import BODY, SMALL, Space

ROW = 24
BAR = 10


@dataclass(frozen=True, slots=True)
class Bar:
    """A row: ``value`` is its length (``None``: no bar), ``text`` what is written at the right, ``key`` what it opens.

    ``mark`` is a hollow dot on the bar's scale (an average). A row with an empty key opens nothing.
    """

    name: str
    text: str
    value: float | None = None
    context: str = ""
    key: str = ""
    mark: float | None = None
    ids: tuple[int, ...] = ()


class BarList(QWidget):
    """Rows in a fixed order; Up and Down choose, Enter or a click gives the row as ``opened``."""

    opened = Signal(object)

    def __init__(
        self, name: str, bars: Sequence[Bar], *, name_part: float = 0.4, text_width: int = 0, most: float | None = None
    ) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.bars = tuple(bars)
        self._name_part = name_part
        advances = [paint.metrics(BODY).horizontalAdvance(bar.text) for bar in self.bars]
        self._text_width = max([text_width, *advances]) + Space.INSIDE
        marks = [mark for bar in self.bars for mark in (bar.value, bar.mark) if mark is not None]
        self._most = most or max(marks, default=0.0) or 1.0
        self._has_bars = bool(marks)
        self._chosen = -1
        self.setMouseTracking(True)
        self.setFixedHeight(ROW * len(self.bars))
        self.setMinimumWidth(220)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if any(map(self._opens, self.bars)) else Qt.FocusPolicy.NoFocus)
        self.setAccessibleDescription("; ".join(f"{bar.name} {bar.text}" for bar in self.bars))

    def sizeHint(self) -> QSize:
        """Return the height of all rows."""
        return QSize(300, ROW * len(self.bars))

    @staticmethod
    def _opens(bar: Bar) -> bool:
        return bool(bar.key or bar.ids)

    def row_rect(self, number: int) -> QRect:
        """Return where a row is drawn."""
        return QRect(0, number * ROW, self.width(), ROW)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw all rows."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, bar in enumerate(self.bars):
            self._draw(painter, self.row_rect(number), bar, is_chosen=number == self._chosen and self.hasFocus())

    def _draw(self, painter: QPainter, rect: QRect, bar: Bar, *, is_chosen: bool) -> None:
        if is_chosen:
            painter.fillRect(rect, paint.role("selection"))
        room = rect.width() - self._text_width - Space.SECTION
        names = round(room * self._name_part) if self._has_bars else room
        name = QRect(rect.left() + Space.INSIDE, rect.top(), names - Space.BETWEEN, ROW)
        used = paint.draw_text(painter, name, bar.name, BODY, paint.role("accent" if self._opens(bar) else "text"))
        if bar.context:
            rest = name.adjusted(used + Space.BETWEEN, 0, 0, 0)
            paint.draw_text(painter, rest, bar.context, SMALL, paint.role("secondary"))
        left, width = rect.left() + names + Space.INSIDE, room - names - Space.INSIDE
        middle = rect.center().y() + 1
        if bar.value and width > 0:
            painter.fillRect(
                QRect(left, middle - BAR // 2, max(1, round(width * bar.value / self._most)), BAR),
                paint.role("series_1"),
            )
        if bar.mark is not None and width > 0:
            x = left + round(width * bar.mark / self._most)
            painter.setPen(paint.role("baseline"))
            painter.setBrush(paint.role("surface"))
            painter.drawEllipse(QPoint(x, middle), 4, 4)
        text = QRect(rect.right() - self._text_width - Space.INSIDE, rect.top(), self._text_width, ROW)
        paint.draw_text(painter, text, bar.text, BODY, paint.role("text"), Qt.AlignmentFlag.AlignRight)

    def _at(self, y: float) -> Bar | None:
        number = int(y // ROW)
        return self.bars[number] if 0 <= number < len(self.bars) else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show what can be opened; the whole name where it was cut."""
        bar = self._at(event.position().y())
        is_link = bar is not None and self._opens(bar)
        self.setCursor(Qt.CursorShape.PointingHandCursor if is_link else Qt.CursorShape.ArrowCursor)
        self.setToolTip(f"{bar.name} {bar.context}".strip() if bar else "")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open the row under the pointer."""
        bar = self._at(event.position().y())
        if bar is not None and self._opens(bar) and event.button() is Qt.MouseButton.LeftButton:
            self.opened.emit(bar)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose a row, or open the one that is chosen."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        if step:
            self._chosen = max(0, min(len(self.bars) - 1, self._chosen + step))
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._chosen >= 0:
            if self._opens(self.bars[self._chosen]):
                self.opened.emit(self.bars[self._chosen])
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show which row is chosen."""
        super().focusInEvent(event)
        self._chosen = max(self._chosen, 0)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the choice away from view."""
        super().focusOutEvent(event)
        self.update()
