"""Ctrl+K: one box that finds records, pages and commands."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from bri_desktop.domain.folding import fold
from bri_desktop.i18n import language, tr
from bri_desktop.services.project_items import ProjectItem
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.tokens import Size, Space

SHOWN = 12
WIDTH = 560
TOP_SHARE = 6

Command = tuple[str, Callable[[], None]]


class Palette(QDialog):
    """A list under a line: commands and pages at once, records as soon as they are found."""

    def __init__(self, context: WindowContext, commands: Sequence[Command], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context = context
        self._commands = commands
        self._actions: list[Callable[[], None]] = []
        self.line = QLineEdit()
        self.line.setPlaceholderText(tr("Find a record, city, page or command"))
        self.line.setAccessibleName(self.line.placeholderText())
        self.line.installEventFilter(self)
        self.line.textChanged.connect(self._on_typed)
        self.list = QListWidget()
        self.list.setAccessibleName(self.line.placeholderText())
        self.list.itemActivated.connect(self._on_chosen)
        self.list.itemClicked.connect(self._on_chosen)
        self._nothing = QLabel(tr("Nothing found"))
        self._nothing.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(*(Space.SECTION,) * 4)
        for widget in (self.line, self.list, self._nothing):
            column.addWidget(widget)
        self.resize(WIDTH, WIDTH * 3 // 4)
        corner = parent.mapToGlobal(parent.rect().topLeft())
        self.move(corner.x() + (parent.width() - WIDTH) // 2, corner.y() + parent.height() // TOP_SHARE)
        self._fill("", [])
        self.setFocusProxy(self.line)

    def showEvent(self, event: QShowEvent) -> None:
        """Take what is typed from the first key on."""
        super().showEvent(event)
        self.line.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrow keys and Enter work on the list while the line has the focus."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None and self.list.count():
                self.list.setCurrentRow((self.list.currentRow() + step) % self.list.count())
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.list.currentItem():
                self._on_chosen(self.list.currentItem())
                return True
        return super().eventFilter(watched, event)

    def _on_typed(self, text: str) -> None:
        self._fill(text, [])
        if text.strip():
            self._context.runner.read(
                _find, text, done=lambda found: self._fill(text, found), initiator=self, replaces="palette", stops=True
            )

    def _fill(self, text: str, records: Sequence[tuple[str, str]]) -> None:
        wanted = fold(text)
        self.list.clear()
        self._actions = []
        for label, action in self._commands:
            if wanted in fold(label):
                self._add(label, action)
        for key, label in records:
            self._add(label, partial(self._context.open_record, key))
        self._nothing.setVisible(not self._actions)
        self.list.setCurrentRow(0)

    def _add(self, label: str, action: Callable[[], None]) -> None:
        item = QListWidgetItem(label)
        item.setSizeHint(QSize(0, Size.ROW))
        self.list.addItem(item)
        self._actions.append(action)

    def _on_chosen(self, item: QListWidgetItem) -> None:
        action = self._actions[self.list.row(item)]
        self.close()
        action()


def _find(session: Any, text: str) -> list[tuple[str, str]]:
    """Return key and line of the first records that hold every word."""
    from bri_desktop.services.projects import find_ids, read_items

    items = read_items(session, find_ids(session, search=text, limit=SHOWN))
    return [(item.key, "  ".join((item.draft.code or "", item.draft.title or "", *_names(item)))) for item in items]


def _names(item: ProjectItem) -> list[str]:
    return [place.name(language()) for place in (*item.domestic, *item.foreign)][:2]
