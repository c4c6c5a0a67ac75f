"""A list of completions under a line edit that never takes the focus, so that an input method goes on undisturbed."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from bri_desktop.ui.shared import paint
from bri_desktop.ui.shared.delegates import Index, rect_and_selection
from bri_desktop.ui.shared.tokens import BODY, SMALL, Size, Space, colours

_NONE = QModelIndex()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One completion: key, name, and the context that tells it from others of its name."""

    key: str
    name: str
    context: str


class _Suggestions(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.suggestions: Sequence[Suggestion] = ()

    def show(self, suggestions: Sequence[Suggestion]) -> None:
        self.beginResetModel()
        self.suggestions = suggestions
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NONE) -> int:
        return 0 if parent.isValid() else len(self.suggestions)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole) or not index.isValid():
            return None
        found = self.suggestions[index.row()]
        return f"{found.name} {found.context}".strip()


class _SuggestionDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, Size.CONTROL)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        c = colours()
        rect, is_selected = rect_and_selection(option)
        model = index.model()
        if not isinstance(model, _Suggestions):
            return
        found = model.suggestions[index.row()]
        painter.save()
        painter.fillRect(rect, paint.qcolor(c.selection if is_selected else c.surface))
        inner = rect.adjusted(Space.BETWEEN, 0, -Space.BETWEEN, 0)
        used = paint.draw_text(painter, inner, found.name, BODY, paint.qcolor(c.text))
        inner.setLeft(inner.left() + used + Space.INSIDE + 2)
        paint.draw_text(painter, inner, found.context, SMALL, paint.qcolor(c.secondary))
        painter.restore()


class CompletionPopup(QFrame):
    """Shows suggestions below its field; the field passes the keys on by :meth:`handle_key`."""

    chosen = Signal(Suggestion)

    def __init__(self, field: QWidget) -> None:
        super().__init__(field, Qt.WindowType.ToolTip | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._field = field
        self._model = _Suggestions(self)
        self.list = QListView()
        self.list.setProperty("kind", "popup")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setModel(self._model)
        self.list.setItemDelegate(_SuggestionDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setMinimumSize(1, 1)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.clicked.connect(lambda index: self._choose(index.row()))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)

    def suggestions(self) -> Sequence[Suggestion]:
        """Return what is offered."""
        return self._model.suggestions

    def show_suggestions(self, suggestions: Sequence[Suggestion], *, preselect: bool = True) -> None:
        """Offer these, the first one chosen by Enter where ``preselect``; none hides the list."""
        self._model.show(suggestions)
        if not suggestions:
            self.hide()
            return
        self.list.setCurrentIndex(self._model.index(0 if preselect else -1))
        rows = min(len(suggestions), Size.POPUP_ROWS)
        self.resize(max(self._field.width(), Size.FILTER), rows * Size.CONTROL + 2)
        self.move(self._field.mapToGlobal(QPoint(0, self._field.height() + 2)))
        self.show()

    def handle_key(self, event: QKeyEvent) -> bool:
        """Move, choose or close by key; tell whether the key was for the list."""
        if not self.isVisible():
            return False
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step is not None:
            row = (self.list.currentIndex().row() + step) % len(self.suggestions())
            self.list.setCurrentIndex(self._model.index(row))
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab) and self.list.currentIndex().isValid():
            self._choose(self.list.currentIndex().row())
            return event.key() != Qt.Key.Key_Tab
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            return True
        return False

    def _choose(self, row: int) -> None:
        suggestion = self.suggestions()[row]
        self.hide()
        self.chosen.emit(suggestion)
