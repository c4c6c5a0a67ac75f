"""What the forms of the pages of this folder share: a band over the page with its foot."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from bri_desktop import labels
from bri_desktop.domain.errors import UserError
from bri_desktop.i18n import tr
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.tokens import Space


class Form(QFrame):
    """A band over the page: fields, a sentence for what is wrong, 保存 and 取消; Esc closes it."""

    saved = Signal(object)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "surface-band")
        self.problem = buttons.label("", "problem", wrap=True)
        self.save_button = buttons.button(tr("Save"), self.save, kind=buttons.PRIMARY)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(Space.PAGE, Space.SECTION, Space.PAGE, Space.SECTION)
        self.column.setSpacing(Space.BETWEEN)

    def finish(self) -> None:
        """Add the foot."""
        foot = QHBoxLayout()
        foot.setSpacing(Space.BETWEEN)
        foot.addWidget(self.save_button)
        foot.addWidget(buttons.button(tr("Cancel"), self.closed.emit))
        foot.addWidget(self.problem, 1)
        self.column.addLayout(foot)

    def save(self) -> None:
        """Give what is written, where it can be read."""

    def tell(self, error: UserError) -> None:
        """Say why nothing was stored."""
        self.problem.setText(labels.error_sentence(error))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Save with Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.save()
        else:
            super().keyPressEvent(event)
