"""The one window: navigation, the page in view, status bar. Pages are given to it; it knows none of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QWidget

from bri_desktop.domain.changes import Changes
from bri_desktop.i18n import tr
from bri_desktop.ui.navigation import Entry, Navigation
from bri_desktop.ui.settings import GEOMETRY, PAGE, Settings
from bri_desktop.ui.shared import icons
from bri_desktop.ui.shared.page import Page
from bri_desktop.ui.shared.tokens import Size
from bri_desktop.ui.status_bar import StatusBar

HELP = "help"
"""The line of the navigation that is no page: it opens the help menu."""


@dataclass(frozen=True, slots=True)
class PageSpec:
    """A page that the window can show; only those that are ``ready`` appear. ``at_foot`` for help and settings."""

    code: str
    title: str
    icon: str
    factory: Callable[[], Page]
    ready: bool = True
    at_foot: bool = False
    note: str = ""


class MainWindow(QMainWindow):
    """Builds a page when it is first shown, and passes every change on to those that were built."""

    palette_requested = Signal()
    """Ctrl+K: the box that finds records, pages and commands is wanted."""
    help_menu_requested = Signal()
    """The line of help in the navigation was chosen."""
    help_requested = Signal(str)
    """F1 on the page of this code."""
    page_shown = Signal(str)
    closed = Signal()

    def __init__(self, title: str, pages: Sequence[PageSpec], settings: Settings) -> None:
        super().__init__()
        self._specs = {spec.code: spec for spec in pages if spec.ready}
        self._pages: dict[str, Page] = {}
        self._texts: dict[str, str] = {}
        self._settings = settings
        self._current = ""
        self.setWindowTitle(title)
        self.setWindowIcon(icons.app_icon())
        self.setMinimumSize(*Size.MINIMUM_WINDOW)
        foot = [Entry(HELP, tr("Help"), "circle-question-mark", "F1"), *self._entries(at_foot=True)]
        self.navigation = Navigation(self._entries(at_foot=False), foot)
        self.navigation.chosen.connect(self._on_chosen)
        self.status = StatusBar()
        self.setStatusBar(self.status)
        self._stack = QStackedWidget()
        centre = QWidget()
        row = QHBoxLayout(centre)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.navigation)
        row.addWidget(self._stack, 1)
        self.setCentralWidget(centre)
        self._add_shortcuts()
        self._restore()

    def _entries(self, *, at_foot: bool) -> list[Entry]:
        specs = (spec for spec in self._specs.values() if spec.at_foot is at_foot)
        return [Entry(spec.code, spec.title, spec.icon, spec.note) for spec in specs]

    def _add_shortcuts(self) -> None:
        QShortcut(QKeySequence("Ctrl+K"), self).activated.connect(self.palette_requested)
        QShortcut(QKeySequence("F1"), self).activated.connect(lambda: self.help_requested.emit(self._current))
        for number, spec in enumerate(list(self._specs.values())[:9], 1):
            shortcut = QShortcut(QKeySequence(f"Alt+{number}"), self)
            shortcut.activated.connect(lambda code=spec.code: self.show_page(code))

    def codes(self) -> list[str]:
        """Return the codes of the pages that can be shown."""
        return list(self._specs)

    def title_of(self, code: str) -> str:
        """Return the title of a page as the navigation has it."""
        return self._specs[code].title

    def current_code(self) -> str:
        """Return the code of the page in view."""
        return self._current

    def page(self, code: str) -> Page:
        """Return a page, building it where it was never shown."""
        if code not in self._pages:
            made = self._specs[code].factory()
            made.palette_requested.connect(self.palette_requested)
            made.records_requested.connect(self.show_records)
            made.page_requested.connect(self.show_page)
            made.status_changed.connect(lambda text: self._on_status(code, text))
            made.count_changed.connect(lambda count: self.navigation.set_count(code, count))
            self._pages[code] = made
            self._stack.addWidget(made)
        return self._pages[code]

    def show_page(self, code: str) -> None:
        """Bring a page into view and let it read what is out of date; an unknown code is passed over."""
        if code not in self._specs:
            return
        page = self.page(code)
        self._current = code
        self._stack.setCurrentWidget(page)
        self.navigation.show_chosen(code)
        self.status.set_page_text(self._texts.get(code, ""))
        page.activate()
        self.page_shown.emit(code)

    def show_records(self, filter_text: str, code: str = "projects") -> None:
        """Show the records of a filter on the page of records."""
        if code in self._specs:
            self.show_page(code)
            self.page(code).open_records(filter_text)

    def on_changed(self, changes: Changes, initiator: object) -> None:
        """Pass on what was written, to every page that was built."""
        self.status.set_saved(datetime.now().strftime("%H:%M"))
        for page in self._pages.values():
            page.on_changed(changes, initiator)

    def close_pages(self) -> None:
        """Give up all pages, so that they are built anew (another language, another ledger)."""
        for page in self._pages.values():
            self._stack.removeWidget(page)
            page.deleteLater()
        self._pages.clear()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close unless a page has work that the user stays for; remember size, place and page."""
        if not all(page.may_leave() for page in self._pages.values()):
            event.ignore()
            return
        self._settings.set(GEOMETRY, bytes(self.saveGeometry().toBase64().data()).decode("ascii"))
        self._settings.set(PAGE, self._current)
        self._settings.save()
        super().closeEvent(event)
        self.closed.emit()

    def show_first_page(self) -> None:
        """Show the page that was in view last time, else the first."""
        remembered = self._settings.get(PAGE)
        first = next(iter(self._specs), "")
        self.show_page(remembered if remembered in self._specs else first)

    def _restore(self) -> None:
        geometry = self._settings.get(GEOMETRY)
        if not geometry or not self.restoreGeometry(QByteArray.fromBase64(geometry.encode("ascii"))):
            self.resize(*Size.WINDOW)
            screen = self.screen().availableGeometry().size()
            if screen.width() <= Size.WINDOW[0] or screen.height() <= Size.WINDOW[1]:
                self.setWindowState(Qt.WindowState.WindowMaximized)

    def _on_chosen(self, code: str) -> None:
        if code == HELP:
            self.navigation.show_chosen(self._current)
            self.help_menu_requested.emit()
        else:
            self.show_page(code)

    def _on_status(self, code: str, text: str) -> None:
        self._texts[code] = text
        if code == self._current:
            self.status.set_page_text(text)
