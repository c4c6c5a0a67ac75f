"""The rooms of 数据交换 under a strip of tabs: each is made when it is first shown and knows nothing of the others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from bri_desktop.domain.changes import Changes
from bri_desktop.i18n import tr
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.panels import Band
from bri_desktop.ui.shared.tokens import Size, Space


class Room(QWidget):
    """The base of a room; a subclass takes ``(context, parent=None)`` and answers what it needs of these calls."""

    count_changed = Signal(int)
    """How many things wait in the room; its tab and the page's place in the navigation show it."""
    strip_wanted = Signal(bool)
    """Whether the strip of tabs is to be seen: not while a step of some work has the whole page."""
    hand_over_wanted = Signal(str, object)
    """A file (``Path``) is for another room, named by its code."""

    def activate(self) -> None:
        """The room is shown: read what is out of date."""

    def on_changed(self, changes: Changes, initiator: object) -> None:
        """Something was written: read again what depends on it."""

    def may_leave(self) -> bool:
        """Tell whether the window may close."""
        return True

    def open(self, path: Path) -> None:
        """Take a file that another room or the import hands over."""


@dataclass(frozen=True, slots=True)
class RoomSpec:
    """A room as the page names it: its code, its title in the chosen language, and what makes it."""

    code: str
    title: Callable[[], str]
    make: Callable[[WindowContext], Room]


class Rooms(QWidget):
    """The strip and the room that is shown. The first room is the page's own and is always there."""

    count_changed = Signal(int)
    """How many things wait in all rooms."""

    def __init__(self, context: WindowContext, title: str, first: QWidget, specs: Sequence[RoomSpec]) -> None:
        super().__init__()
        self._context = context
        self._specs = tuple(specs)
        self._titles = [title, *(spec.title() for spec in specs)]
        self._counts = [0] * len(self._titles)
        self._made: dict[int, Room] = {}
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setAccessibleName(tr("Rooms of the data exchange"))
        for text in self._titles:
            self.tabs.addTab(text)
        self.strip = Band("surface-band", Size.NAVIGATION_ROW, Space.BETWEEN + 2)
        self.strip.add(self.tabs)
        self.strip.add_stretch()
        self.stack = QStackedWidget()
        self.stack.addWidget(first)
        for _spec in specs:
            self.stack.addWidget(QWidget())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.strip)
        column.addWidget(self.stack, 1)
        self.tabs.currentChanged.connect(self._on_chosen)

    @property
    def current(self) -> Room | None:
        """The room that is shown, ``None`` for the first one."""
        return self._made.get(self.stack.currentIndex())

    def show_room(self, code: str = "") -> Room | None:
        """Show a room by its code, the first one for ``""``."""
        codes = ["", *(spec.code for spec in self._specs)]
        self.tabs.setCurrentIndex(codes.index(code))
        return self.current

    def hand_over(self, code: str, path: Path) -> None:
        """Show a room and give it a file."""
        room = self.show_room(code)
        if room is not None:
            room.open(path)

    def show_count(self, place: int, count: int) -> None:
        """Show how many things wait in a room."""
        self._counts[place] = count
        self.tabs.setTabText(place, f"{self._titles[place]}  {count:,}" if count else self._titles[place])
        self.count_changed.emit(sum(self._counts))

    def activate(self) -> None:
        """Let the room that is shown read what is out of date."""
        if self.current is not None:
            self.current.activate()

    def on_changed(self, changes: Changes, initiator: object) -> None:
        """Tell every room that was made."""
        for room in self._made.values():
            room.on_changed(changes, initiator)

    def may_leave(self) -> bool:
        """Ask every room that was made."""
        return all(room.may_leave() for room in self._made.values())

    def _on_chosen(self, place: int) -> None:
        if place and place not in self._made:
            self._make(place)
        self.stack.setCurrentIndex(place)
        self.activate()

    def _make(self, place: int) -> None:
        room = self._specs[place - 1].make(self._context)
        room.count_changed.connect(lambda count: self.show_count(place, count))
        room.strip_wanted.connect(self.strip.setVisible)
        room.hand_over_wanted.connect(self.hand_over)
        self._made[place] = room
        empty = self.stack.widget(place)
        self.stack.insertWidget(place, room)
        self.stack.removeWidget(empty)
        empty.deleteLater()


def work_area(work: QWidget, progress: QWidget) -> QWidget:
    """Return a room's content with the bar of long work at its foot."""
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(work, 1)
    column.addWidget(progress)
    return made
