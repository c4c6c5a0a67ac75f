"""The navigation at the left: pages with their counts, help and settings at the foot."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from bri_desktop.i18n import tr
from bri_desktop.ui.shared import icons, paint
from bri_desktop.ui.shared.delegates import Index, rect_and_selection
from bri_desktop.ui.shared.paint import qcolor
from bri_desktop.ui.shared.tokens import BODY, BODY_BOLD, Size, Space, colours

_NONE = QModelIndex()
_ICON_LEFT = Space.PAGE
_WIDE_COUNT = "888"
_TEXT_LEFT = Space.PAGE + Size.ICON + Space.SECTION


@dataclass(slots=True)
class Entry:
    """A line of the navigation; ``note`` stands at its right (a count, a key)."""

    code: str
    title: str
    icon: str
    note: str = ""


class EntryModel(QAbstractListModel):
    """The lines of one of the two lists."""

    def __init__(self, entries: Sequence[Entry], parent: QWidget) -> None:
        super().__init__(parent)
        self.entries = list(entries)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NONE) -> int:
        """Return how many lines there are."""
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        """Return the title; for screen readers with its count."""
        if not index.isValid():
            return None
        entry = self.entries[index.row()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{entry.title} {entry.note}".strip()
        return entry.title if role == Qt.ItemDataRole.DisplayRole else None

    def set_note(self, code: str, note: str) -> None:
        """Change what stands at the right of a line."""
        for row, entry in enumerate(self.entries):
            if entry.code == code and entry.note != note:
                entry.note = note
                self.dataChanged.emit(self.index(row), self.index(row))

    def row_of(self, code: str) -> int:
        """Return the row of a page, -1 where it is not here."""
        return next((row for row, entry in enumerate(self.entries) if entry.code == code), -1)


class EntryDelegate(QStyledItemDelegate):
    """Draws a line: icon, title, count; the chosen one tinted, bold and with an accent edge."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height of a line."""
        return QSize(0, Size.NAVIGATION_ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the line."""
        c = colours()
        model, view = index.model(), self.parent()
        if not isinstance(model, EntryModel) or not isinstance(view, QListView):
            return
        entry = model.entries[index.row()]
        rect, is_chosen = rect_and_selection(option)
        painter.save()
        if is_chosen:
            painter.fillRect(rect, qcolor(c.tint))
            painter.fillRect(QRect(rect.left(), rect.top(), Size.EDGE, rect.height()), qcolor(c.accent))
        if isinstance(view, EntryList) and view.shows_focus and view.currentIndex() == index:
            paint.draw_box(painter, rect.adjusted(Size.EDGE + 1, 1, -1, -1), fill=None, edge=qcolor(c.accent))
        top = rect.top() + (rect.height() - Size.ICON) // 2
        icons.paint_icon(painter, entry.icon, "accent" if is_chosen else "secondary", rect.left() + _ICON_LEFT, top)
        note_rect = rect.adjusted(0, 0, -Space.SECTION, 0)
        used = paint.draw_text(painter, note_rect, entry.note, BODY, qcolor(c.secondary), Qt.AlignmentFlag.AlignRight)
        room = rect.adjusted(_TEXT_LEFT, 0, -Space.SECTION - used, 0)
        style = BODY_BOLD if is_chosen else BODY
        paint.draw_text(painter, room, entry.title, style, qcolor(c.accent if is_chosen else c.text))
        painter.restore()


class EntryList(QListView):
    """One of the two lists."""

    chosen = Signal(str)

    def __init__(self, name: str, entries: Sequence[Entry]) -> None:
        super().__init__()
        self.shows_focus = False
        self.setObjectName("navigation")
        self.setAccessibleName(name)
        self.entry_model = EntryModel(entries, self)
        self.setModel(self.entry_model)
        self.setItemDelegate(EntryDelegate(self))
        self.setUniformItemSizes(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.clicked.connect(self._on_chosen)
        self.activated.connect(self._on_chosen)

    def show_chosen(self, code: str) -> None:
        """Mark a page as the one shown; an unknown code marks none."""
        row = self.entry_model.row_of(code)
        if row < 0:
            self.clearSelection()
            return
        flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.selectionModel().setCurrentIndex(self.entry_model.index(row), flag)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus edge to those who came by key."""
        super().focusInEvent(event)
        self.shows_focus = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the focus edge away."""
        super().focusOutEvent(event)
        self.shows_focus = False
        self.viewport().update()

    def _on_chosen(self, index: QModelIndex) -> None:
        self.chosen.emit(self.entry_model.entries[index.row()].code)


def _width_of(entries: Sequence[Entry]) -> int:
    """Return the width in pixels at which the widest title stands, bold, beside a count of three digits."""
    title = max((paint.metrics(BODY_BOLD).horizontalAdvance(entry.title) for entry in entries), default=0)
    return _TEXT_LEFT + title + Space.INSIDE + paint.metrics(BODY).horizontalAdvance(_WIDE_COUNT) + Space.SECTION


class Navigation(QFrame):
    """Both lists; emits the code of the page that is chosen by click or Enter."""

    chosen = Signal(str)

    def __init__(self, pages: Sequence[Entry], foot: Sequence[Entry]) -> None:
        super().__init__()
        self.setObjectName("navigation_frame")
        self.setFixedWidth(max(Size.NAVIGATION, _width_of([*pages, *foot])))
        self.pages = EntryList(tr("Pages"), pages)
        self.foot = EntryList(tr("Help and settings"), foot)
        self.foot.setFixedHeight(Size.NAVIGATION_ROW * len(foot))
        self.foot.setVisible(bool(foot))
        for part in (self.pages, self.foot):
            part.chosen.connect(self.chosen)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, Space.BETWEEN, 0, Space.BETWEEN)
        column.setSpacing(0)
        column.addWidget(self.pages, 1)
        column.addWidget(self.foot)

    def show_chosen(self, code: str) -> None:
        """Mark the page that is shown."""
        self.pages.show_chosen(code)
        self.foot.show_chosen(code)

    def set_count(self, code: str, count: int) -> None:
        """Show a number beside a page; 0 shows none."""
        self.pages.entry_model.set_note(code, f"{count:,}" if count else "")
