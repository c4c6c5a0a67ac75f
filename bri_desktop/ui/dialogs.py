"""Questions and messages in windows of their own: the one seam that tests answer.

Everything goes through ``current``; a test puts its own answers there by :func:`answering`. A question names its
choices by verbs; success needs no message.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PySide6.QtWidgets import QWidget


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

    def secret(self, parent: QWidget | None, question: str) -> str | None: ...

    def open_file(self, parent: QWidget | None, title: str, filters: str, folder: Path | None) -> Path | None: ...

    def save_file(self, parent: QWidget | None, title: str, filters: str, suggestion: Path | None) -> Path | None: ...

    def folder(self, parent: QWidget | None, title: str, folder: Path | None) -> Path | None: ...


class _Current:
    """Who answers now; the platform's dialogs are loaded with the first question."""

    def __init__(self) -> None:
        self.answering: Dialogs | None = None

    @property
    def dialogs(self) -> Dialogs:
        if self.answering is None:
            from bri_desktop.ui.native_dialogs import NativeDialogs

            self.answering = NativeDialogs()
        return self.answering


current = _Current()


@contextmanager
def answering(answers: Dialogs) -> Iterator[None]:
    """Let ``answers`` take the place of the platform's dialogs for a while."""
    before, current.answering = current.answering, answers
    try:
        yield
    finally:
        current.answering = before


def ask(parent: QWidget | None, question: str, choices: Sequence[Choice], *, detail: str = "") -> str | None:
    """Return the code of the chosen answer, or ``None`` where the user turned away."""
    return current.dialogs.ask(parent, question, detail, choices)


def tell(parent: QWidget | None, message: str, *, detail: str = "") -> None:
    """Say one clear sentence: what happened and what to do."""
    current.dialogs.tell(parent, message, detail)


def ask_secret(parent: QWidget | None, question: str) -> str | None:
    """Return a password as it was typed, or ``None`` where the user turned away."""
    return current.dialogs.secret(parent, question)


def choose_open_file(parent: QWidget | None, title: str, filters: str, *, folder: Path | None = None) -> Path | None:
    """Return a file to read, or ``None``; ``filters`` as Qt writes them: ``Excel (*.xlsx *.xls);;CSV (*.csv)``."""
    return current.dialogs.open_file(parent, title, filters, folder)


def choose_save_file(
    parent: QWidget | None, title: str, filters: str, *, suggestion: Path | None = None
) -> Path | None:
    """Return a place to write to, or ``None``."""
    return current.dialogs.save_file(parent, title, filters, suggestion)


def choose_folder(parent: QWidget | None, title: str, *, folder: Path | None = None) -> Path | None:
    """Return a folder to write into, or ``None``."""
    return current.dialogs.folder(parent, title, folder)
