"""Drawing of table rows: selection over the whole row, one line below, and a painter for each kind of cell."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from bri_desktop.ui.shared import icons, paint
from bri_desktop.ui.shared.cells import (
    ABSENT,
    CELL_ROLE,
    Cell,
    CellModel,
    Change,
    Framed,
    Heading,
    Link,
    Named,
    Status,
    Toned,
    Verdict,
)
from bri_desktop.ui.shared.paint import qcolor
from bri_desktop.ui.shared.tokens import BODY, BODY_BOLD, SMALL, Colours, Size, Space, colours

Index = QModelIndex | QPersistentModelIndex
Align = Qt.AlignmentFlag


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a cell is drawn: inside its paddings, with the alignment that the model gives."""

    rect: QRect
    align: Align
    colours: Colours

    @property
    def is_right(self) -> bool:
        """Numbers and dates of a deadline stand at the right."""
        return self.align is Align.AlignRight

    def shifted(self, left: int) -> QRect:
        """Return what is right of ``left`` pixels."""
        return self.rect.adjusted(left, 0, 0, 0)

    def place(self, width: int) -> QRect:
        """Return a rectangle of ``width`` (or all there is) at the side that the alignment names."""
        width = min(width, self.rect.width())
        left = self.rect.right() + 1 - width if self.is_right else self.rect.left()
        return QRect(left, self.rect.top(), width, self.rect.height())


class RowDelegate(QStyledItemDelegate):
    """Draws every cell of a table; ``lines`` adds the vertical lines of intake and merge."""

    link_clicked = Signal(QModelIndex)

    def __init__(self, view: QAbstractItemView, *, lines: bool = False, row: int = Size.ROW) -> None:
        super().__init__(view)
        self._view = view
        self._lines = lines
        self._row = row

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the width of the content with its paddings, and the fixed height."""
        text = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        extra = Size.ICON + Space.BETWEEN if isinstance(index.data(CELL_ROLE), Status | Verdict) else 0
        return QSize(paint.metrics(BODY).horizontalAdvance(text) + extra + 2 * Space.BETWEEN, self._row)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw background, lines, content and focus edge."""
        c = colours()
        rect, is_selected = rect_and_selection(option)
        self._draw_background(painter, rect, c, is_selected=is_selected, row=index.row())
        content, is_right = _content(index)
        side = Align.AlignRight if is_right else Align.AlignLeft
        spot = Spot(rect.adjusted(Space.BETWEEN, 0, -Space.BETWEEN, -1), side, c)
        if isinstance(content, str):
            _draw_plain(painter, spot, content)
        elif content is not None:
            _PAINTERS[type(content)](painter, spot, content)

    def _draw_background(self, painter: QPainter, rect: QRect, c: Colours, *, is_selected: bool, row: int) -> None:
        if is_selected:
            painter.fillRect(rect, qcolor(c.selection))
        paint.draw_rule(painter, rect, qcolor(c.line))
        if self._lines:
            painter.fillRect(QRect(rect.right(), rect.top(), 1, rect.height()), qcolor(c.line))
        if rect.left() <= 0 and self._view.hasFocus() and self._view.currentIndex().row() == row:
            painter.fillRect(QRect(rect.left(), rect.top(), Size.FOCUS, rect.height()), qcolor(c.accent))

    def editorEvent(self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index) -> bool:
        """Follow a link that is clicked."""
        is_click = event.type() == QEvent.Type.MouseButtonRelease and isinstance(event, QMouseEvent)
        if is_click and isinstance(index.data(CELL_ROLE), Link):
            self.link_clicked.emit(index)
            return True
        return super().editorEvent(event, model, option, index)


def _content(index: Index) -> tuple[Cell | str | None, bool]:
    """Return what an index holds and whether it stands at the right; a model that can say so at once is asked once."""
    model = index.model()
    if isinstance(model, CellModel):
        return model.content(index.row(), index.column())
    cell = index.data(CELL_ROLE)
    align = index.data(Qt.ItemDataRole.TextAlignmentRole)
    text = cell if cell is not None else index.data(Qt.ItemDataRole.DisplayRole)
    return text if text is None or type(text) in _PAINTERS else str(text), bool(align and align & Align.AlignRight)


def rect_and_selection(option: Any) -> tuple[QRect, bool]:
    """Return where an item is drawn and whether it is selected; the stubs leave out these fields of an option."""
    return option.rect, bool(option.state & QStyle.StateFlag.State_Selected)


def _draw_plain(painter: QPainter, spot: Spot, text: str) -> None:
    colour = spot.colours.hint if text == ABSENT else spot.colours.text
    paint.draw_text(painter, spot.rect, text, BODY, qcolor(colour), spot.align)


def _draw_toned(painter: QPainter, spot: Spot, cell: Toned) -> None:
    style = BODY_BOLD if cell.bold else BODY
    paint.draw_text(painter, spot.rect, cell.text, style, _role(spot, cell.role), spot.align)


def _draw_link(painter: QPainter, spot: Spot, cell: Link) -> None:
    paint.draw_text(painter, spot.rect, cell.text, BODY, qcolor(spot.colours.accent), spot.align)


def _draw_named(painter: QPainter, spot: Spot, cell: Named) -> None:
    used = paint.draw_text(painter, spot.rect, cell.name, BODY, qcolor(spot.colours.text))
    if cell.context:
        rest = spot.shifted(used + Space.INSIDE - 1)
        paint.draw_text(painter, rest, cell.context, SMALL, qcolor(spot.colours.secondary))


def _draw_heading(painter: QPainter, spot: Spot, cell: Heading) -> None:
    painter.fillRect(spot.rect.adjusted(-Space.BETWEEN, 0, Space.BETWEEN, 0), qcolor(spot.colours.header))
    used = paint.draw_text(painter, spot.rect, cell.name, BODY_BOLD, qcolor(spot.colours.text))
    rest = spot.shifted(used + Space.SECTION)
    paint.draw_text(painter, rest, cell.context, SMALL, qcolor(spot.colours.secondary))


def _draw_status(painter: QPainter, spot: Spot, cell: Status) -> None:
    centre = QPointF(spot.rect.left() + Size.DOT / 2 + 0.5, spot.rect.center().y() + 0.5)
    paint.draw_dot(painter, centre, cell.shape, _role(spot, cell.role))
    paint.draw_text(painter, spot.shifted(Size.ICON), cell.text, BODY, qcolor(spot.colours.text))


def _draw_verdict(painter: QPainter, spot: Spot, cell: Verdict) -> None:
    top = spot.rect.center().y() - Size.SMALL_ICON // 2 + 1
    icons.paint_icon(painter, cell.icon, cell.role, spot.rect.left(), top, Size.SMALL_ICON)
    style = BODY_BOLD if cell.bold else BODY
    paint.draw_text(
        painter, spot.shifted(Size.SMALL_ICON + Space.BETWEEN - 2), cell.text, style, _role(spot, cell.role)
    )


def _draw_change(painter: QPainter, spot: Spot, cell: Change) -> None:
    arrow_width = paint.metrics(BODY).horizontalAdvance("→") + 2 * Space.INSIDE
    new_width = paint.metrics(BODY_BOLD).horizontalAdvance(cell.new)
    # Where room is short the old value gives way, but not all of it.
    old_room = max(spot.rect.width() - arrow_width - new_width, spot.rect.width() // 3)
    old_width = min(paint.metrics(BODY).horizontalAdvance(cell.old), old_room)
    rect = spot.place(old_width + arrow_width + new_width)
    grey = qcolor(spot.colours.secondary)
    old, arrow = QRect(rect), QRect(rect)
    old.setWidth(old_width)
    arrow.setLeft(rect.left() + old_width)
    arrow.setWidth(arrow_width)
    used = paint.draw_text(painter, old, cell.old, BODY, grey)
    painter.drawLine(old.left(), old.center().y() + 1, old.left() + used, old.center().y() + 1)
    paint.draw_text(painter, arrow, "→", BODY, grey, Align.AlignHCenter)
    rect.setLeft(rect.left() + old_width + arrow_width)
    paint.draw_text(painter, rect, cell.new, BODY_BOLD, qcolor(spot.colours.series_1))


def _draw_framed(painter: QPainter, spot: Spot, cell: Framed) -> None:
    inner = Space.INSIDE + 1
    width = paint.metrics(BODY).horizontalAdvance(cell.text) + 2 * inner
    rect = Spot(spot.rect.adjusted(-inner, 3, inner, -2), spot.align, spot.colours).place(width)
    tint = getattr(spot.colours, f"{cell.severity}_tint")
    paint.draw_box(painter, rect, fill=qcolor(tint), edge=_role(spot, cell.severity))
    paint.draw_text(painter, rect.adjusted(inner, 0, -inner + 1, 0), cell.text, BODY, qcolor(spot.colours.text))


def _role(spot: Spot, role: str) -> QColor:
    return qcolor(getattr(spot.colours, role))


_PAINTERS: dict[type, Callable[[QPainter, Spot, Any], None]] = {
    Toned: _draw_toned,
    Link: _draw_link,
    Named: _draw_named,
    Heading: _draw_heading,
    Status: _draw_status,
    Verdict: _draw_verdict,
    Change: _draw_change,
    Framed: _draw_framed,
}
