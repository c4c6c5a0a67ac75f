"""The platform's own dialogs: apart from the seam, because Qt takes its time to load them."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QInputDialog, QLineEdit, QMessageBox, QWidget

from bri_desktop.i18n import tr
from bri_desktop.ui.dialogs import Choice


class NativeDialogs:
    """The platform's dialogs."""

    def __init__(self) -> None:
        self._open: set[QMessageBox] = set()

    def ask(self, parent: QWidget | None, question: str, detail: str, choices: Sequence[Choice]) -> str | None:
        """Show the question until it is answered; Esc and the close button give ``None``."""
        box = _box(parent, QMessageBox.Icon.Question, question, detail)
        buttons = [(box.addButton(choice.text, _button_role(choice)), choice.code) for choice in choices]
        box.addButton(tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        box.exec()
        clicked = box.clickedButton()
        return next((code for button, code in buttons if button is clicked), None)

    def tell(self, parent: QWidget | None, message: str, detail: str) -> None:
        """Show the message and go on."""
        box = _box(parent, QMessageBox.Icon.Warning, message, detail)
        box.addButton(tr("Close"), QMessageBox.ButtonRole.AcceptRole)
        # A box without a parent lives only as long as it is held.
        self._open.add(box)
        box.finished.connect(lambda _result: self._let_go(box))
        box.open()

    def _let_go(self, box: QMessageBox) -> None:
        self._open.discard(box)
        box.deleteLater()

    def secret(self, parent: QWidget | None, question: str) -> str | None:
        """Let a password be typed without showing it."""
        dialog = QInputDialog(parent or QApplication.activeWindow())
        dialog.setWindowTitle(QApplication.applicationDisplayName())
        dialog.setLabelText(question)
        dialog.setTextEchoMode(QLineEdit.EchoMode.Password)
        is_given = dialog.exec() == QDialog.DialogCode.Accepted
        return dialog.textValue() if is_given and dialog.textValue() else None

    def open_file(self, parent: QWidget | None, title: str, filters: str, folder: Path | None) -> Path | None:
        """Let a file be chosen that exists."""
        chosen, _ = QFileDialog.getOpenFileName(parent, title, str(folder or ""), filters)
        return Path(chosen) if chosen else None

    def save_file(self, parent: QWidget | None, title: str, filters: str, suggestion: Path | None) -> Path | None:
        """Let a place be chosen; the platform asks before a file there is replaced."""
        chosen, _ = QFileDialog.getSaveFileName(parent, title, str(suggestion or ""), filters)
        return Path(chosen) if chosen else None

    def folder(self, parent: QWidget | None, title: str, folder: Path | None) -> Path | None:
        """Let a folder be chosen."""
        chosen = QFileDialog.getExistingDirectory(parent, title, str(folder or ""))
        return Path(chosen) if chosen else None


def _box(parent: QWidget | None, icon: QMessageBox.Icon, message: str, detail: str) -> QMessageBox:
    box = QMessageBox(parent or QApplication.activeWindow())
    box.setIcon(icon)
    box.setWindowTitle(QApplication.applicationDisplayName())
    box.setText(message)
    box.setInformativeText(detail)
    box.setTextFormat(Qt.TextFormat.PlainText)
    return box


def _button_role(choice: Choice) -> QMessageBox.ButtonRole:
    return QMessageBox.ButtonRole.DestructiveRole if choice.is_destructive else QMessageBox.ButtonRole.AcceptRole
