"""Ctrl+Z in a field where nothing was typed: it takes back the last act, which the field would swallow else."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget


class UndoKey(QObject):
    """Leaves Ctrl+Z in ``fields`` to the window as long as there is no typing to take back."""

    def __init__(self, owner: QWidget, fields: Sequence[QLineEdit | QPlainTextEdit]) -> None:
        super().__init__(owner)
        for field in fields:
            field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep a field without typing from claiming the key."""
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        if not event.matches(QKeySequence.StandardKey.Undo) or _has_typing(watched):
            return False
        event.ignore()
        return True


def _has_typing(field: QObject) -> bool:
    if isinstance(field, QPlainTextEdit):
        return field.document().isUndoAvailable()
    return isinstance(field, QLineEdit) and field.isUndoAvailable()
