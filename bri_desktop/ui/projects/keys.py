"""The keys of the ledger page that hold wherever the focus is on it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut

if TYPE_CHECKING:
    from bri_desktop.ui.projects.page import ProjectsPage


def add_shortcuts(page: "ProjectsPage") -> None:
    """Give a page its keys; Del belongs to the table alone."""
    calls: dict[str, Callable[[], object]] = {
        "Ctrl+N": page.new_project,
        "Ctrl+F": page.to_filter,
        "Ctrl+Shift+E": page.export,
        "Ctrl+D": page.duplicate,
        "Ctrl+Z": page.acts.undo,
        "Ctrl+Alt+Z": page.acts.undo_because,
    }
    for keys, call in calls.items():
        shortcut = QShortcut(QKeySequence(keys), page)
        shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
        shortcut.activated.connect(call)
    delete = QShortcut(QKeySequence(Qt.Key.Key_Delete), page.table)
    delete.setContext(Qt.ShortcutContext.WidgetShortcut)
    delete.activated.connect(page.delete)
