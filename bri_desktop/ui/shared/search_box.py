"""The filter box of a table: says what is typed at once, but never in the middle of an input-method composition."""

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from bri_desktop.i18n import tr
from bri_desktop.ui.shared import buttons, icons, paint
from bri_desktop.ui.shared.tokens import BODY, SMALL, Size, Space, colours

DELAY_MILLISECONDS = 0
"""Changes of one event count once; a later key overtakes the search of an earlier one."""

_ICON_LEFT = Space.SECTION - 2
_TEXT_LEFT = Size.ICON + Space.BETWEEN


class ComposingLineEdit(QLineEdit):
    """A line edit that knows whether an input method is composing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_composing = False
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Keep the composition noted until the text has changed, so that its end counts once."""
        self.is_composing = self.is_composing or bool(event.preeditString())
        super().inputMethodEvent(event)
        if self.is_composing and not event.preeditString():
            self.is_composing = False
            self.composition_ended()

    def composition_ended(self) -> None:
        """Do what waited for the end of the composition."""


class SearchBox(ComposingLineEdit):
    """Emits ``searched`` with the text, shortly after the last change; Esc clears, Down leaves to the table."""

    searched = Signal(str)
    left_downwards = Signal()

    def __init__(self, placeholder: str, shortcut: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shortcut = shortcut
        self._said = ""
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setFixedHeight(Size.CONTROL)
        self.setTextMargins(_TEXT_LEFT, 0, Size.ICON, 0)
        self._clear = buttons.icon_button("x", tr("Clear"), self._on_clear, size=Size.CLOSE_ICON)
        self._clear.setParent(self)
        self._clear.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._clear.setCursor(Qt.CursorShape.ArrowCursor)
        self._clear.hide()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MILLISECONDS)
        self._timer.timeout.connect(self._say)
        self.textChanged.connect(self._on_text_changed)

    def set_text_silently(self, text: str) -> None:
        """Show ``text`` as if it had been searched for already."""
        self._said = text
        self.setText(text)
        self._timer.stop()

    def composition_ended(self) -> None:
        """Search for what was composed."""
        self._timer.start()

    def sizeHint(self) -> QSize:
        """Return the usual width of a filter box."""
        return QSize(Size.FILTER, Size.CONTROL)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Clear with Esc, search at once with Enter, go to the table with Down."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self._on_clear()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._say()
        elif event.key() == Qt.Key.Key_Down:
            self.left_downwards.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Add the icon, and the key cap while the box is empty."""
        super().paintEvent(event)
        painter = QPainter(self)
        icons.paint_icon(painter, "search", "hint", _ICON_LEFT, (self.height() - Size.ICON) // 2)
        if self._shortcut and not self.text() and not self.hasFocus():
            draw_shortcut(painter, self.rect(), self._shortcut)

    def _on_text_changed(self, text: str) -> None:
        self._clear.setVisible(bool(text))
        self._clear.move(self.width() - self._clear.width() - 3, (self.height() - self._clear.height()) // 2)
        if not self.is_composing:
            self._timer.start()

    def _on_clear(self) -> None:
        self.clear()
        self._say()

    def _say(self) -> None:
        self._timer.stop()
        if self.text() != self._said:
            self._said = self.text()
            self.searched.emit(self._said)


class SearchButton(QPushButton):
    """What looks like a search field in the head of each page and opens the box of Ctrl+K."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._placeholder = tr("Find records, cities, pages, commands")
        self.setProperty("kind", "search")
        self.setAccessibleName(self._placeholder)
        self.setAccessibleDescription("Ctrl+K")
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setToolTip(f"{self._placeholder}  Ctrl+K")
        self.setFixedHeight(Size.CONTROL)
        self.setMinimumWidth(Size.CONTROL + Space.BETWEEN)
        self.setMaximumWidth(Size.SEARCH)

    def sizeHint(self) -> QSize:
        """Return the size of the field where there is room; in a narrow head it gives way to the buttons."""
        return QSize(Size.SEARCH, Size.CONTROL)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a field with icon, hint and key cap, as far as there is room."""
        c = colours()
        painter = QPainter(self)
        edge = c.accent if self.hasFocus() else c.field_edge
        paint.draw_box(painter, self.rect(), fill=paint.qcolor(c.surface), edge=paint.qcolor(edge))
        icons.paint_icon(painter, "search", "hint", _ICON_LEFT - 2, (self.height() - Size.ICON) // 2)
        left = _ICON_LEFT + Size.ICON + Space.BETWEEN - 2
        if self.width() < Size.SEARCH // 2:
            return
        cap = draw_shortcut(painter, self.rect(), "Ctrl+K")
        rest = QRect(left, 0, cap.left() - left - Space.INSIDE, self.height())
        paint.draw_text(painter, rest, self._placeholder, BODY, paint.qcolor(c.hint))


def draw_shortcut(painter: QPainter, field: QRect, shortcut: str) -> QRect:
    """Draw a key cap at the right end of a field; return its rectangle."""
    width = paint.metrics(SMALL).horizontalAdvance(shortcut) + Space.BETWEEN + 1
    height = Size.FIELD_CHIP - 2
    cap = QRect(field.right() - width - 3, (field.height() - height) // 2, width, height)
    paint.draw_key(painter, cap, shortcut)
    return cap
