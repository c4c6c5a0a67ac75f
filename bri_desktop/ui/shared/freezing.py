"""Columns that stay while the rest of a table scrolls sideways, drawn by the table itself.

A second table laid over the first, as Qt's example has it, needs its own selection anchor, heights, drops and editors
kept in step. Here there is one table: it draws the first columns once more at the left and says of every point and
cell where it is seen, so that keys, selection, tooltips and editors know of no other.
"""

from typing import Any

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem, QTableView, QWidget

from bri_desktop.ui.shared import paint
from bri_desktop.ui.shared.delegates import Index
from bri_desktop.ui.shared.header import TableHeader

LEFT_TO_SCROLL = 0.4
"""So much of the width is left to the columns that scroll; what does not fit beside it is not kept still."""


class FreezingView(QTableView):
    """A table of which the first columns in view can stand still."""

    header: TableHeader

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frozen = 0
        self.horizontalScrollBar().valueChanged.connect(lambda _to: self._on_sideways())

    @property
    def frozen(self) -> int:
        """How many columns the user wants to stand still."""
        return self._frozen

    def freeze(self, count: int) -> None:
        """Let the first ``count`` columns in view stand still."""
        self._frozen = max(count, 0)
        self.horizontalScrollBar().setValue(0)
        self.viewport().update()
        self.header.viewport().update()

    def shown_sections(self) -> list[int]:
        """Return the sections in view, from the left."""
        sections = (self.header.logicalIndex(place) for place in range(self.header.count()))
        return [section for section in sections if not self.header.isSectionHidden(section)]

    def still_sections(self) -> dict[int, int]:
        """Return the sections that stand still, each with its left edge; as many as leave room to the others."""
        still: dict[int, int] = {}
        left, room = 0, int(self.viewport().width() * (1 - LEFT_TO_SCROLL))
        for section in self.shown_sections()[: self._frozen] if self._frozen else ():
            if left + self.header.sectionSize(section) > room:
                break
            still[section] = left
            left += self.header.sectionSize(section)
        return still

    def still_width(self) -> int:
        """Return how wide the columns are that stand still."""
        still = self.still_sections()
        last = next(reversed(still), None)
        return 0 if last is None else still[last] + self.header.sectionSize(last)

    def _on_sideways(self) -> None:
        """Draw anew what does not move with the rest."""
        if self._frozen:
            self.viewport().update()
            self.header.viewport().update()

    # --- where things are seen ------------------------------------------------------------------------------------

    def section_at(self, x: int) -> int:
        """Return the section seen at ``x`` of the viewport, -1 beside all."""
        for section, left in self.still_sections().items():
            if left <= x < left + self.header.sectionSize(section):
                return section
        return self.columnAt(x)

    def indexAt(self, pos: QPoint) -> Any:
        """Return the cell seen at a point."""
        if not self._frozen:
            return super().indexAt(pos)
        return self.model().index(self.rowAt(pos.y()), self.section_at(pos.x()))

    def visualRect(self, index: Index) -> QRect:
        """Return where a cell is seen."""
        rect = super().visualRect(index)
        left = self.still_sections().get(index.column()) if self._frozen else None
        if left is not None:
            rect.moveLeft(left)
        return rect

    def scrollTo(self, index: Index, hint: Any = QAbstractItemView.ScrollHint.EnsureVisible) -> None:
        """Bring a cell into view, out from under the columns that stand still."""
        if not self._frozen:
            super().scrollTo(index, hint)
            return
        bar = self.horizontalScrollBar()
        before = bar.value()
        super().scrollTo(index, hint)
        if index.column() in self.still_sections():
            bar.setValue(before)
            return
        covered = self.still_width() - super().visualRect(index).left()
        if covered > 0:
            bar.setValue(bar.value() - covered)

    # --- drawing --------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the table, and over it the columns that stand still."""
        super().paintEvent(event)
        still = self.still_sections() if self._frozen else {}
        if not still:
            return
        painter = QPainter(self.viewport())
        painter.setClipRegion(event.region())
        width = self.still_width()
        if self.horizontalScrollBar().value():
            self._draw_still(painter, still, event.rect())
        height = self.viewport().height()
        painter.fillRect(QRect(width - 1, 0, 1, height), paint.role("button_edge"))
        painter.end()

    def _draw_still(self, painter: QPainter, still: dict[int, int], dirty: QRect) -> None:
        painter.fillRect(QRect(0, 0, self.still_width(), self.viewport().height()), self.palette().base())
        first = max(self.rowAt(max(dirty.top(), 0)), 0)
        bottom = self.rowAt(dirty.bottom())
        last = self.model().rowCount() - 1 if bottom < 0 else bottom
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        plain = _state(option)
        for row in range(first, last + 1):
            for section in still:
                index = self.model().index(row, section)
                rect = QRect(still[section], self.rowViewportPosition(row), self.columnWidth(section),
                             self.rowHeight(row))  # fmt: skip
                _put(option, rect, plain | self._state_of(index))
                self.itemDelegateForIndex(index).paint(painter, option, index)

    def _state_of(self, index: Any) -> QStyle.StateFlag:
        state = QStyle.StateFlag.State_None
        if self.selectionModel().isSelected(index):
            state |= QStyle.StateFlag.State_Selected
        if self.hasFocus() and index == self.currentIndex():
            state |= QStyle.StateFlag.State_HasFocus
        return state


def _state(option: Any) -> Any:
    return option.state


def _put(option: Any, rect: QRect, state: Any) -> None:
    """Set what the stubs leave out of the fields of a style option."""
    option.rect, option.state = rect, state
