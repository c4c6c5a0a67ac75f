"""The switch of the ledger page from projects to any other kind of record; each is built when it is first chosen."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QPushButton, QWidget

from bri_desktop.domain.changes import Changes
from bri_desktop.domain.record_kinds import KINDS
from bri_desktop.i18n import tr
from bri_desktop.labels import record_kind_label
from bri_desktop.ui.shared.choice_button import ChoiceButton
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.page import Page

if TYPE_CHECKING:
    from bri_desktop.ui.shared.kind_room import KindRoom

PROJECT = "project"
ROOMY = 1_000
"""Width of the page from which the name stands beside the kind."""


class KindSwitch(QObject):
    """A choice beside the title of ``page``: ``projects`` is its usual content, ``own`` its buttons for that."""

    def __init__(self, page: Page, context: WindowContext, projects: QWidget, own: list[QPushButton]) -> None:
        super().__init__(page)
        self._page, self._context, self._projects, self._own = page, context, projects, own
        self._rooms: dict[str, KindRoom] = {}
        self._kind = PROJECT
        self.choice = ChoiceButton(tr("Kind of record"))
        names = [(PROJECT, record_kind_label(PROJECT)), *((kind, record_kind_label(kind)) for kind in KINDS)]
        self.choice.set_choices(names, PROJECT)
        self.choice.chosen.connect(self._show)
        page.add_beside_title(self.choice)
        page.installEventFilter(self)
        context.runner.changed.connect(self._on_changed)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave the buttons of a narrow page their room."""
        if event.type() == QEvent.Type.Resize and watched is self._page:
            self.choice.set_brief(self._page.width() < ROOMY)
        return False

    @property
    def kind(self) -> str:
        """The kind in view."""
        return self._kind

    def choose(self, kind: str) -> None:
        """Show another kind."""
        self.choice.choose(kind)

    def room(self, kind: str) -> "KindRoom":
        """Return the page of a kind, built where it was never shown."""
        if kind not in self._rooms:
            from bri_desktop.ui.shared.kind_room import KindRoom

            made = KindRoom(self._context, kind)
            made.said.connect(self._page.status_changed)
            made.hide()
            self._page.body.addWidget(made, 1)
            self._rooms[kind] = made
        return self._rooms[kind]

    def _show(self, kind: str) -> None:
        self._kind = kind
        self._projects.setVisible(kind == PROJECT)
        for button in self._own:
            button.setVisible(kind == PROJECT)
        for name, room in self._rooms.items():
            room.setVisible(name == kind)
        if kind != PROJECT:
            room = self.room(kind)
            room.show()
            room.reload()

    def _on_changed(self, changes: Changes, initiator: object) -> None:
        if self._kind in self._rooms:
            self._rooms[self._kind].on_changed(changes, initiator)
