"""The head of a table: small bold titles, the sort order drawn with an arrow, a menu for the columns."""

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

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where a click may begin."""
        self._pressed_at = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Take press and release at one place as a click, not the end of a move or a resize."""
        at = event.position().toPoint()
        pressed, self._pressed_at = self._pressed_at, None
        is_resize = self.cursor().shape() == Qt.CursorShape.SplitHCursor
        super().mouseReleaseEvent(event)
        if pressed is None or is_resize or event.button() is not Qt.MouseButton.LeftButton:
            return
        if (at - pressed).manhattanLength() < QApplication.startDragDistance() and self.logicalIndexAt(at) >= 0:
            is_added = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.sort_clicked.emit(self.logicalIndexAt(at), is_added)

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
        """Fill what is right of the last column like the rest."""
        painter = QPainter(self.viewport())
        area = self.viewport().rect()
        painter.fillRect(area, paint.role("header"))
        paint.draw_rule(painter, area, paint.role("button_edge"))
        painter.end()
        super().paintEvent(event)
