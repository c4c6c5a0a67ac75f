"""The table over a grouped model: heads that fold by mouse and keys, copied and passed over as they should be."""

from collections.abc import Sequence
from typing import Any, TypeVar

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QMenu, QStyleOptionViewItem, QWidget

from bri_desktop.i18n import tr
from bri_desktop.ui.shared import icons, paint
from bri_desktop.ui.shared.delegates import Index, RowDelegate, rect_and_selection
from bri_desktop.ui.shared.grouped_model import GroupedModel, GroupHead, without_heads
from bri_desktop.ui.shared.model import tsv
from bri_desktop.ui.shared.paint import qcolor
from bri_desktop.ui.shared.table import LedgerTable
from bri_desktop.ui.shared.tokens import BODY, BODY_BOLD, Size, Space, colours

R = TypeVar("R")
CHEVRON = Size.SMALL_ICON + Space.BETWEEN
FOLD_KEYS = (Qt.Key.Key_Left, Qt.Key.Key_Minus)
UNFOLD_KEYS = (Qt.Key.Key_Right, Qt.Key.Key_Plus)
TURN_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class GroupedTable(LedgerTable[R]):
    """A ledger's table whose rows may stand in groups.

    On a head ← and → fold and unfold it, with Shift all of them; Enter and Space turn it.
    """

    def __init__(self, name: str, model: GroupedModel[R], parent: QWidget | None = None) -> None:
        super().__init__(name, model, parent)
        self.grouped = model

    # --- rows -----------------------------------------------------------------------------------------------------

    def current_head(self) -> GroupHead | None:
        """Return the head that is current, if one is."""
        index = self.currentIndex()
        return self.grouped.head_at(index.row()) if index.isValid() else None

    def current_id(self) -> Any:
        """Return the id of the current record, or ``None``."""
        return None if self.current_head() is not None else super().current_id()

    def selected_ids(self) -> list[Any]:
        """Return the ids of the selected records; a head alone stands for nothing."""
        return without_heads(super().selected_ids())

    def selected_count(self) -> int:
        """Return how many records are selected."""
        selection = self.selectionModel().selection()
        ranges = [selection.at(place) for place in range(selection.count())]
        return super().selected_count() - sum(self.grouped.heads_among(part.top(), part.bottom()) for part in ranges)

    def select_id(self, key: Any) -> bool:
        """Make the row of ``key`` current and visible, out of a group that is folded too."""
        if self.grouped.heads and key not in self.rows.ids():
            self.grouped.unfold_for(key)
        return super().select_id(key)

    def show_ids(self, ids: Sequence[Any], rows: dict[Any, R] | None = None) -> None:
        """Show other records, without groups."""
        self.grouped.heads = ()
        super().show_ids(ids, rows)

    def show_groups(self, heads: Sequence[GroupHead], *, is_new: bool) -> None:
        """Show records in groups; the current one stays current."""
        kept = self.current_id()
        self.grouped.show_groups(heads, is_new=is_new)
        if kept is not None and kept in self.rows.ids():
            super().select_id(kept)

    def fold(self, heads: Sequence[GroupHead], *, away: bool) -> None:
        """Fold groups away or show them; the head that is current, or that of the current record, stays in view."""
        index = self.currentIndex()
        at = index.row() if index.isValid() else -1
        while at > 0 and self.grouped.head_at(at) is None:
            at -= 1
        current = self.grouped.head_at(at)
        self.grouped.fold(heads, away=away)
        if current is not None:
            super().select_id(current)

    def copy(self) -> None:
        """Put the selected rows on the clipboard, each under its group's head where that is selected too."""
        ids = LedgerTable.selected_ids(self)
        chosen = [self.rows.columns[section] for section in self.shown_sections()]
        records = without_heads(ids)
        if len(records) == len(ids):
            super().copy()
            return

        def put(rows: list[R]) -> None:
            texts = {key: tsv([row], chosen) for key, row in zip(records, rows, strict=True)}
            lines = [key.plain if isinstance(key, GroupHead) else texts[key] for key in ids]
            QGuiApplication.clipboard().setText("\n".join(lines))

        self.rows.require(records, put)

    # --- keys and mouse -------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Fold and unfold by key on a head."""
        head = self.current_head()
        if head is None:
            super().keyPressEvent(event)
            return
        key = event.key()
        several = self.grouped.heads if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else (head,)
        if key in FOLD_KEYS:
            self.fold(several, away=True)
        elif key in UNFOLD_KEYS:
            self.fold(several, away=False)
        elif key in TURN_KEYS:
            self.fold((head,), away=not self.grouped.is_folded(head))
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Turn a group whose chevron is pressed."""
        super().mousePressEvent(event)
        at = event.position().toPoint()
        head = self.grouped.head_at(self.rowAt(at.y()))
        if head is not None and event.button() is Qt.MouseButton.LeftButton and at.x() - self.row_left() < CHEVRON * 2:
            self.fold((head,), away=not self.grouped.is_folded(head))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Turn the group whose head is under the pointer, or open the record."""
        head = self.grouped.head_at(self.rowAt(event.position().toPoint().y()))
        if head is None:
            super().mouseDoubleClickEvent(event)
        else:
            self.fold((head,), away=not self.grouped.is_folded(head))

    def fill_group_menu(self, menu: QMenu) -> None:
        """Add what can be done to groups."""
        heads = self.grouped.heads
        menu.addAction(f"{tr('Fold all groups')}\tShift+←", lambda: self.fold(heads, away=True)).setEnabled(bool(heads))
        menu.addAction(f"{tr('Unfold all groups')}\tShift+→", lambda: self.fold(heads, away=False)).setEnabled(
            bool(heads)
        )

    def row_left(self) -> int:
        """Return where the rows begin in the viewport; heads stand still with the columns that do."""
        if self.frozen:
            return 0
        return self.columnViewportPosition(self.shown_sections()[0]) if self.shown_sections() else 0


class GroupedDelegate(RowDelegate):
    """Draws rows as everywhere, and the head of a group over the whole row."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a cell; of a head its part of the row."""
        table = self._view
        head = table.grouped.head_at(index.row()) if isinstance(table, GroupedTable) else None
        if head is None or not isinstance(table, GroupedTable):
            super().paint(painter, option, index)
            return
        rect, is_selected = rect_and_selection(option)
        c = colours()
        painter.save()
        painter.setClipRect(rect)
        painter.fillRect(rect, qcolor(c.selection if is_selected else c.header))
        paint.draw_rule(painter, rect, qcolor(c.line))
        row = QRect(table.row_left(), rect.top(), table.viewport().width() - max(table.row_left(), 0), rect.height())
        self._draw_head(painter, row, head, is_folded=table.grouped.is_folded(head))
        is_current = table.hasFocus() and table.currentIndex().row() == index.row()
        if is_current:
            painter.fillRect(QRect(row.left(), row.top(), Size.FOCUS, row.height()), qcolor(c.accent))
        painter.restore()

    def _draw_head(self, painter: QPainter, row: QRect, head: GroupHead, *, is_folded: bool) -> None:
        c = colours()
        name = "chevron-right" if is_folded else "chevron-down"
        top = row.top() + (row.height() - Size.SMALL_ICON) // 2
        icons.paint_icon(painter, name, "secondary", row.left() + Space.BETWEEN, top, Size.SMALL_ICON)
        rest = row.adjusted(CHEVRON + Space.BETWEEN, 0, -Space.BETWEEN, -1)
        used = paint.draw_text(painter, rest, head.title, BODY_BOLD, qcolor(c.text))
        paint.draw_text(painter, rest.adjusted(used + Space.SECTION, 0, 0, 0), head.detail, BODY, qcolor(c.secondary))
