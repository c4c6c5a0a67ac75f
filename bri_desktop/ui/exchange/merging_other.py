"""另填: the row under a value in which another one is typed, with what is wrong with it beside the field."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from bri_desktop.i18n import tr
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.fields import LineEdit
from bri_desktop.ui.shared.tokens import Size, Space

WIDTH = 260


class _Edit(LineEdit):
    """A line that Enter confirms and Esc leaves, unless an input method is composing."""

    confirmed = Signal(str)
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Confirm or leave."""
        if self.is_composing or event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            self.confirmed.emit(self.text())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begin with the whole text selected."""
        super().focusInEvent(event)
        self.selectAll()


class OtherRow(QWidget):
    """The field, with its hint or the reason why a value is refused."""

    confirmed = Signal(str)
    left = Signal()

    def __init__(self, field: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.edit = _Edit()
        self.edit.setAccessibleName(tr("Another value for {field}", field=field))
        self.edit.set_value(text)
        self.edit.setFixedSize(WIDTH, Size.CONTROL)
        self.edit.confirmed.connect(self.confirmed)
        self.edit.left.connect(self.left)
        self.hint = buttons.label("", "hint")
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.BETWEEN, 1, Space.BETWEEN, 2)
        row.setSpacing(Space.BETWEEN)
        for widget in (buttons.label(tr("other"), "label"), self.edit, self.hint):
            row.addWidget(widget)
        row.addStretch(1)
        self.setFocusProxy(self.edit)
        self.say("")
        QTimer.singleShot(0, self.edit, self.edit.setFocus)

    def say(self, problem: str) -> None:
        """Say why the text is no value; ``""`` says how to confirm."""
        self.hint.setText(problem or tr("Enter confirms, Esc leaves"))
        self.hint.setToolTip(problem)
        self.hint.setProperty("kind", "problem" if problem else "hint")
        self.edit.setAccessibleDescription(problem)
        buttons.restyle(self.hint)
