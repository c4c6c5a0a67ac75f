"""Questions and messages in windows of their own: the one seam that tests answer.

Everything goes through ``current``; a test puts its own answers there by :func:`answering`. A question names its
choices by verbs; success needs no message.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QWidget

from bri_desktop.i18n import tr


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer: what the caller gets, and the verb on its button."""

    code: str
    text: str
    is_destructive: bool = False


class Dialogs(Protocol):
    """What can be asked of the user outside the page."""

    def ask(self, parent: QWidget | None, question: str, detail: str, choices: Sequence[Choice]) -> str | None: ...

    def tell(self, parent: QWidget | None, message: str, detail: str) -> None: ...

    def open_file(self, parent: QWidget | None, title: str, filters: str, folder: Path | None) -> Path | None: ...

    def save_file(self, parent: QWidget | None, title: str, filters: str, suggestion: Path | None) -> Path | None: ...


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

    def open_file(self, parent: QWidget | None, title: str, filters: str, folder: Path | None) -> Path | None:
        """Let a file be chosen that exists."""
        chosen, _ = QFileDialog.getOpenFileName(parent, title, str(folder or ""), filters)
        return Path(chosen) if chosen else None

    def save_file(self, parent: QWidget | None, title: str, filters: str, suggestion: Path | None) -> Path | None:
        """Let a place be chosen; the platform asks before a file there is replaced."""
        chosen, _ = QFileDialog.getSaveFileName(parent, title, str(suggestion or ""), filters)
        return Path(chosen) if chosen else None


@dataclass(slots=True)
class _Current:
    dialogs: Dialogs


current = _Current(NativeDialogs())


@contextmanager
def answering(answers: Dialogs) -> Iterator[None]:
    """Let ``answers`` take the place of the platform's dialogs for a while."""
    before, current.dialogs = current.dialogs, answers
    try:
        yield
    finally:
        current.dialogs = before


def ask(parent: QWidget | None, question: str, choices: Sequence[Choice], *, detail: str = "") -> str | None:
    """Return the code of the chosen answer, or ``None`` where the user turned away."""
    return current.dialogs.ask(parent, question, detail, choices)


def tell(parent: QWidget | None, message: str, *, detail: str = "") -> None:
    """Say one clear sentence: what happened and what to do."""
    current.dialogs.tell(parent, message, detail)


def choose_open_file(parent: QWidget | None, title: str, filters: str, *, folder: Path | None = None) -> Path | None:
    """Return a file to read, or ``None``; ``filters`` as Qt writes them: ``Excel (*.xlsx *.xls);;CSV (*.csv)``."""
    return current.dialogs.open_file(parent, title, filters, folder)


def choose_save_file(
    parent: QWidget | None, title: str, filters: str, *, suggestion: Path | None = None
) -> Path | None:
    """Return a place to write to, or ``None``."""
    return current.dialogs.save_file(parent, title, filters, suggestion)


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
