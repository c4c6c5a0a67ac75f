"""The head of a table: small bold titles, the sort order drawn with an arrow, a menu for the columns."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHeaderView, QWidget

from bri_desktop.ui.shared import icons, paint
from bri_desktop.ui.shared.paint import qcolor
from bri_desktop.ui.shared.tokens import SMALL, SMALL_BOLD, Size, Space, colours

SortKey = tuple[str, bool]
"""Key of a column, and whether it ascends."""

_ARROW = Size.SMALL_ICON

NARROWEST = 32
"""A column is never narrower."""


class TableHeader(QHeaderView):
    """A horizontal head; a click sorts by a column alone, a click with Shift adds it to the order."""

    sort_clicked = Signal(int, bool)
    """Section, and whether it is added to the columns sorted by already."""
    menu_requested = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None, *, lines: bool = False) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._lines = lines
        self._orders: dict[int, tuple[bool, int]] = {}
        self._pressed_at: QPoint | None = None
        self._still: Callable[[], dict[int, int]] = dict
        self._sizes_still = False
        self.setSectionsMovable(True)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(NARROWEST)
        self.setFixedHeight(Size.TABLE_HEADER + 1)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(lambda at: self.menu_requested.emit(self.mapToGlobal(at)))

    def set_orders(self, orders: dict[int, tuple[bool, int]]) -> None:
        """Show the order: section -> (ascending, place in the order or 0 where it is the only one)."""
        self._orders = orders
        self.viewport().update()

    def sizeHint(self) -> QSize:
        """Return the fixed height."""
        return QSize(0, Size.TABLE_HEADER + 1)

    def keep_still(self, sections: Callable[[], dict[int, int]]) -> None:
        """Take which sections stand still, each with its left edge, while the rest scrolls."""
        self._still = sections

    def section_at(self, x: int) -> int:
        """Return the section seen at ``x``, -1 beside all."""
        return self.logicalIndexAt(x - self.offset() if self._is_still(x) else x)

    def _is_still(self, x: int) -> bool:
        return any(left <= x < left + self.sectionSize(section) for section, left in self._still().items())

    @contextmanager
    def _seen(self, event: QMouseEvent) -> Iterator[None]:
        """Let Qt find the section that is seen under the pointer: as if nothing were scrolled where it stands still."""
        before = self.offset()
        if not before or not (self._sizes_still or self._is_still(int(event.position().x()))):
            yield
            return
        self.viewport().setUpdatesEnabled(False)
        self.setOffset(0)
        try:
            yield
        finally:
            self.setOffset(before)
            self.viewport().setUpdatesEnabled(True)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where a click may begin."""
        self._pressed_at = event.position().toPoint()
        is_resize = self.cursor().shape() == Qt.CursorShape.SplitHCursor
        self._sizes_still = is_resize and self._is_still(self._pressed_at.x())
        with self._seen(event):
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move and resize what is seen under the pointer."""
        with self._seen(event):
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Take press and release at one place as a click, not the end of a move or a resize."""
        at = event.position().toPoint()
        pressed, self._pressed_at = self._pressed_at, None
        is_resize = self.cursor().shape() == Qt.CursorShape.SplitHCursor
        with self._seen(event):
            super().mouseReleaseEvent(event)
        self._sizes_still = False
        if pressed is None or is_resize or event.button() is not Qt.MouseButton.LeftButton:
            return
        section = self.section_at(at.x())
        if (at - pressed).manhattanLength() < QApplication.startDragDistance() and section >= 0:
            self.sort_clicked.emit(section, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Draw the title, darker and with an arrow where the table is sorted by it."""
        c = colours()
        painter.save()
        painter.fillRect(rect, qcolor(c.header))
        paint.draw_rule(painter, rect, qcolor(c.button_edge))
        if self._lines:
            painter.fillRect(QRect(rect.right(), rect.top(), 1, rect.height()), qcolor(c.line))
        order = self._orders.get(section)
        self._draw_title(painter, rect.adjusted(Space.BETWEEN, 0, -Space.BETWEEN, -1), section, order)
        painter.restore()

    def _draw_title(self, painter: QPainter, rect: QRect, section: int, order: tuple[bool, int] | None) -> None:
        c = colours()
        title = str(self.model().headerData(section, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole) or "")
        align = self.model().headerData(section, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
        colour = qcolor(c.text if order else c.secondary)
        room = rect.adjusted(0, 0, -(_ARROW + 2) if order else 0, 0)
        is_right = bool(align is not None and align & Qt.AlignmentFlag.AlignRight)
        side = Qt.AlignmentFlag.AlignRight if is_right else Qt.AlignmentFlag.AlignLeft
        used = paint.draw_text(painter, room, title, SMALL_BOLD, colour, side)
        if order is None:
            return
        ascending, place = order
        left = room.right() + 3 if is_right else room.left() + used + 2
        top = rect.center().y() - _ARROW // 2 + 1
        icons.paint_icon(painter, "arrow-up" if ascending else "arrow-down", "text", left, top, _ARROW)
        if place:
            paint.draw_text(painter, QRect(left + _ARROW, rect.top(), _ARROW, rect.height()), str(place), SMALL, colour)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill what is right of the last column like the rest, and draw what stands still over what scrolls."""
        painter = QPainter(self.viewport())
        area = self.viewport().rect()
        painter.fillRect(area, paint.role("header"))
        paint.draw_rule(painter, area, paint.role("button_edge"))
        painter.end()
        super().paintEvent(event)
        still = self._still()
        if still:
            painter = QPainter(self.viewport())
            for section, left in still.items() if self.offset() else ():
                self.paintSection(painter, QRect(left, 0, self.sectionSize(section), self.height()), section)
            edge = max(left + self.sectionSize(section) for section, left in still.items())
            painter.fillRect(QRect(edge - 1, 0, 1, self.height()), paint.role("button_edge"))
            painter.end()
