"""What goes with the user through the day beside the pages: the icon and the note of what is due, the help menu, and
the four steps for those who open the program the first time."""

import datetime
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QWidget

from bri_desktop.i18n import tr
from bri_desktop.ui.main_window import MainWindow
from bri_desktop.ui.settings import STEPS_SEEN
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.tray import Tray

if TYPE_CHECKING:
    from bri_desktop.ui.first_steps import FirstSteps, Step

LOOK_MILLISECONDS = 30 * 60 * 1000
"""How often it is looked what is due: a new day begins while the window is open."""
KEYS_PAGE = "keys"
OWN_KEYS = {"Ctrl+N": ("projects", "approvals"), "Ctrl+Z": ("projects", "cities", "approvals")}
"""Key -> the pages that answer it themselves."""


class Day:
    """One per window."""

    def __init__(self, context: WindowContext, window: MainWindow, open_handbook: Callable[[str], None]) -> None:
        self._context, self._window, self._open_handbook = context, window, open_handbook
        self.steps: FirstSteps | None = None
        self.menu: QMenu | None = None
        self.tray = Tray(window, context.settings)
        self.tray.quit_wanted.connect(window.close)
        self.tray.new_wanted.connect(lambda: context.new_project())
        context.settings_changed = self.follow
        window.help_menu_requested.connect(self.show_help_menu)
        self._add_keys()
        clock = QTimer(window)
        clock.timeout.connect(self.look)
        clock.start(LOOK_MILLISECONDS)

    def _add_keys(self) -> None:
        """Let Ctrl+N and Ctrl+Z work where the page in view has none of its own: all but the ledger."""
        calls: dict[str, Callable[[], object]] = {
            "Ctrl+N": lambda: self._context.new_project(),
            "Ctrl+Z": lambda: self._context.undo(),
        }
        for keys, call in calls.items():
            shortcut = QShortcut(QKeySequence(keys), self._window)
            shortcut.activated.connect(call)
            self._window.page_shown.connect(partial(self._share, shortcut, OWN_KEYS[keys]))

    @staticmethod
    def _share(shortcut: QShortcut, others: Sequence[str], page: str) -> None:
        shortcut.setEnabled(page not in others)

    def follow(self) -> None:
        """The settings were changed: show or take away the icon."""
        self.tray.follow()
        self.look()

    def look(self) -> None:
        """Read what is due, where it would be shown."""
        if self.tray.wants_due():
            today = datetime.date.today()
            tell = partial(self.tray.tell, today=today)
            self._context.runner.read(_days_left, today, done=tell, replaces="day.due")

    def greet(self) -> None:
        """Tell what is due; show the four steps to those who have not seen them."""
        self.look()
        if not self._context.settings.get(STEPS_SEEN):
            self.begin_steps()

    def begin_steps(self) -> None:
        """Show the four steps from the first one on."""
        from bri_desktop.ui.first_steps import FirstSteps

        if self.steps is None:
            self.steps = FirstSteps(self._window, _steps(self._window))
            self.steps.ended.connect(self._on_steps_ended)
        self.steps.begin()

    def _on_steps_ended(self) -> None:
        self.steps = None
        self._context.settings.set(STEPS_SEEN, True)
        self._context.settings.save()

    def show_help_menu(self) -> None:
        """Open the help menu beside its line in the navigation."""
        menu = self.help_menu()
        foot = self._window.navigation.foot
        menu.popup(foot.mapToGlobal(QPoint(foot.width(), 0)))

    def help_menu(self) -> QMenu:
        """Return the help menu, made anew."""
        if self.menu is not None:
            self.menu.deleteLater()
        self.menu = QMenu(tr("Help"), self._window)
        acts: tuple[tuple[str, Callable[[], object]], ...] = (
            (f"{tr('Handbook')}\tF1", lambda: self._open_handbook(self._window.current_code())),
            (tr("Commands and keys"), lambda: self._open_handbook(KEYS_PAGE)),
            (tr("Four steps through the program"), self.begin_steps),
            (f"{tr('Find a command')}\tCtrl+K", self._window.palette_requested.emit),
            (tr("About"), self._show_about),
        )
        for text, call in acts:
            self.menu.addAction(text).triggered.connect(lambda _checked=False, call=call: call())
        return self.menu

    def _show_about(self) -> None:
        from bri_desktop.ui.preferences import PreferencesPage

        self._window.show_page("preferences")
        page = self._window.page("preferences")
        assert isinstance(page, PreferencesPage)
        page.tabs.setCurrentWidget(page.about)

    def close(self) -> None:
        """Take the icon away."""
        self.tray.close()


def _days_left(session: Any, today: datetime.date) -> list[int | None]:
    from bri_desktop.services.due import due_items

    return [item.days for item in due_items(session, today)]


def _steps(window: MainWindow) -> "list[Step]":
    from bri_desktop.ui.first_steps import Step

    return [
        Step(
            "projects",
            partial(_search_box, window),
            tr("Find any record"),
            tr("Type a few characters: 布拉格, blg or Prague. The list follows as you type; Ctrl+F comes back here."),
        ),
        Step(
            "agenda",
            partial(_new_project, window),
            tr("Log a project"),
            tr("Ctrl+N begins a project, Tab goes to the next field, Ctrl+S saves, Ctrl+Z takes back."),
        ),
        Step(
            "exchange",
            partial(_drop_area, window),
            tr("Take in a ledger"),
            tr("Drop the Excel file of a department here, in whatever layout. Nothing is written before you agree."),
        ),
        Step(
            "diagnosis",
            partial(_complaints, window),
            tr("See what is out of balance"),
            tr("Eight questions, each answered in one sentence. A click on a number shows the records behind it."),
        ),
    ]


def _search_box(window: MainWindow) -> QWidget:
    from bri_desktop.ui.projects.page import ProjectsPage

    page = window.page("projects")
    assert isinstance(page, ProjectsPage)
    box = page.filters.search_box
    return box if box.isVisible() else page.title_label


def _new_project(window: MainWindow) -> QWidget:
    from bri_desktop.ui.agenda.page import WorkbenchPage

    page = window.page("agenda")
    assert isinstance(page, WorkbenchPage)
    return page.new_button


def _drop_area(window: MainWindow) -> QWidget:
    from bri_desktop.ui.exchange.page import ExchangePage

    page = window.page("exchange")
    assert isinstance(page, ExchangePage)
    return page.home.drop


def _complaints(window: MainWindow) -> QWidget:
    from bri_desktop.ui.diagnosis.page import DiagnosisPage

    page = window.page("diagnosis")
    assert isinstance(page, DiagnosisPage)
    return page.complaints
