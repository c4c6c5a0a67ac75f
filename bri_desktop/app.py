"""The composition root: opens the ledger, makes the worker and the window, and joins what must not know each other."""

import logging
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication

from bri_desktop import paths
from bri_desktop.day import KEYS_PAGE, Day
from bri_desktop.db.database import Database
from bri_desktop.domain.changes import CODE_KIND, Changes
from bri_desktop.domain.codebook import CodeBook
from bri_desktop.domain.vocabulary import PROJECT_KEY
from bri_desktop.i18n import tr
from bri_desktop.services.deferred import count_projects, fill_search_index, is_sample, read_codebook, undo_last
from bri_desktop.services.first_look import first_codebook
from bri_desktop.ui import dialogs
from bri_desktop.ui.keeper import Keeper
from bri_desktop.ui.lent_font import lend_font
from bri_desktop.ui.main_window import MainWindow, PageSpec
from bri_desktop.ui.runner import Runner
from bri_desktop.ui.settings import Settings
from bri_desktop.ui.shared.context import RecordSet, WindowContext
from bri_desktop.ui.shared.page import Page
from bri_desktop.ui.theme import Theme, install_translation

LOOK_ELSEWHERE_MILLISECONDS = 2_000
LISTEN_MILLISECONDS = 1_000
REMEMBER_MILLISECONDS = 1_500
AHEAD_MILLISECONDS = 1_000

if TYPE_CHECKING:
    from bri_desktop.services.history import Undone
    from bri_desktop.services.search_index import Filled
    from bri_desktop.ui.handbook import Handbook

log = logging.getLogger(__name__)


class Program:
    """A window on one ledger, with everything behind it; ``close`` gives all of it back."""

    def __init__(self, application: QApplication, database: Database, settings: Settings, theme: Theme) -> None:
        self.application = application
        self.database = database
        self.settings = settings
        self.theme = theme
        self.runner = Runner(database)
        codes = first_codebook(database.path)
        self.context = WindowContext(database, database.path, self.runner, settings, codes)
        self.window = MainWindow(tr("City cooperation ledger"), self._pages(), settings)
        theme.dress(self.window)
        self._version = database.watch()
        self._seen = self._version()
        self._may_lack_index = True
        self.new_ledger: Path | None = None
        self.other_ledger: Path | None = None
        self._handbook: Handbook | None = None
        self.day = Day(self.context, self.window, self._open_handbook)
        self.keeper = Keeper(database.path, self.runner, settings, self.window)
        self._join()
        QTimer.singleShot(0, self.window, self._begin)

    def _pages(self) -> list[PageSpec]:
        return [
            PageSpec("agenda", tr("Workbench"), "layout-dashboard", self._workbench),
            PageSpec("projects", tr("Project ledger"), "table", self._projects),
            PageSpec("cities", tr("Cities and ties"), "map-pin", self._cities),
            PageSpec("approvals", tr("Approvals"), "stamp", self._approvals),
            PageSpec("exchange", tr("Data exchange"), "arrow-left-right", self._exchange),
            PageSpec("statistics", tr("Statistics"), "chart-column", self._statistics),
            PageSpec("diagnosis", tr("Diagnosis"), "scale", self._diagnosis),
            PageSpec("year", tr("Yearly report"), "file-text", self._year),
            PageSpec("preferences", tr("Settings"), "settings", self._preferences, at_foot=True),
        ]

    def _workbench(self) -> Page:
        from bri_desktop.ui.agenda.page import WorkbenchPage

        return WorkbenchPage(self.context)

    def _projects(self) -> Page:
        from bri_desktop.ui.projects.page import ProjectsPage

        return ProjectsPage(self.context)

    def _cities(self) -> Page:
        from bri_desktop.ui.cities.page import CitiesPage

        return CitiesPage(self.context)

    def _approvals(self) -> Page:
        from bri_desktop.ui.approval.page import ApprovalPage

        return ApprovalPage(self.context)

    def _exchange(self) -> Page:
        from bri_desktop.ui.exchange.page import ExchangePage

        return ExchangePage(self.context)

    def _statistics(self) -> Page:
        from bri_desktop.ui.statistics.page import StatisticsPage

        return StatisticsPage(self.context)

    def _diagnosis(self) -> Page:
        from bri_desktop.ui.diagnosis.page import DiagnosisPage

        return DiagnosisPage(self.context)

    def _year(self) -> Page:
        from bri_desktop.ui.year.page import SummaryPage

        return SummaryPage(self.context)

    def _preferences(self) -> Page:
        from bri_desktop.ui.preferences.page import PreferencesPage

        return PreferencesPage(self.context)

    def _join(self) -> None:
        context, window = self.context, self.window
        context.show_page = window.show_page
        context.open_records = self._open_records
        context.open_filter = window.show_records
        context.open_record = self._open_record
        context.open_approval = self._open_approval
        context.open_item = self._open_item
        context.new_project = self._new_project
        context.import_files = self._import_files
        context.show_register = self._show_register
        context.load_sample = self._load_sample
        context.undo = self._undo
        context.replace_ledger = self._replace_ledger
        context.choose_ledger = self._choose_ledger
        QShortcut(QKeySequence("Ctrl+O"), window).activated.connect(self._choose_ledger)
        QTimer.singleShot(LISTEN_MILLISECONDS, window, self._listen)
        self.keeper.kept.connect(window.status.set_backup)
        self.keeper.failed.connect(window.status.set_page_text)
        self.keeper.room_seen.connect(window.status.set_room)
        self.runner.changed.connect(self._on_changed)
        self.runner.writing.connect(window.status.set_writing)
        window.palette_requested.connect(self._open_palette)
        window.help_requested.connect(self._open_handbook)
        self._clock = QTimer(window)
        self._clock.timeout.connect(self._look_elsewhere)
        self._clock.start(LOOK_ELSEWHERE_MILLISECONDS)

    def _open_records(self, records: RecordSet) -> None:
        from bri_desktop.ui.cities.page import CitiesPage
        from bri_desktop.ui.projects.page import ProjectsPage

        if records.kind == "pair":
            self.window.show_page("cities")
            cities = self.window.page("cities")
            assert isinstance(cities, CitiesPage)
            cities.show_ties(records)
            return
        self.window.show_page("projects")
        page = self.window.page("projects")
        assert isinstance(page, ProjectsPage)
        page.show_records(records)

    def _open_record(self, key: str) -> None:
        from bri_desktop.ui.projects.page import ProjectsPage

        self.window.show_page("projects")
        page = self.window.page("projects")
        assert isinstance(page, ProjectsPage)
        page.open_record(key)

    def _open_item(self, owner: str, kind: str, number: int) -> None:
        """Open a record that hangs on a project (``P3``) or a tie (``T12``); 0 for the table of its kind."""
        from bri_desktop.ui.cities.page import CitiesPage
        from bri_desktop.ui.projects.page import ProjectsPage

        code = "projects" if owner.startswith(PROJECT_KEY) else "cities"
        self.window.show_page(code)
        page = self.window.page(code)
        if isinstance(page, ProjectsPage):
            page.open_record(owner)
            page.panel.tabs.show_record(owner, kind, number)
        elif isinstance(page, CitiesPage):
            page.open_tie_record(int(owner[1:]), kind, number)

    def _open_approval(self, key: str) -> None:
        from bri_desktop.ui.approval.page import ApprovalPage

        self.window.show_page("approvals")
        page = self.window.page("approvals")
        assert isinstance(page, ApprovalPage)
        page.open_case(int(key[1:]))

    def _new_project(self) -> None:
        from bri_desktop.ui.projects.page import ProjectsPage

        self.window.show_page("projects")
        page = self.window.page("projects")
        assert isinstance(page, ProjectsPage)
        page.new_project()

    def _show_register(self) -> None:
        from bri_desktop.ui.exchange.page import ExchangePage

        self.window.show_page("exchange")
        page = self.window.page("exchange")
        assert isinstance(page, ExchangePage)
        page.rooms.show_room("issuing")

    def _import_files(self, files: Sequence[str]) -> None:
        from bri_desktop.ui.exchange.page import ExchangePage

        self.window.show_page("exchange")
        page = self.window.page("exchange")
        assert isinstance(page, ExchangePage)
        page.import_files(files)

    def _load_sample(self) -> None:
        from bri_desktop.services.sample import load_sample

        self.runner.compute(load_sample, self.database, done=lambda report: self._on_changed(report.changes, None))

    def _listen(self) -> None:
        """Let later starts on this ledger call this window, and say that the ledger is open."""
        from bri_desktop.db import lock
        from bri_desktop.ui.single import FirstWindow

        if self.database.read_only:
            return
        FirstWindow(self.database.path, self.window)
        renewal = QTimer(self.window)
        renewal.timeout.connect(partial(lock.renew, self.database.path))
        renewal.start(lock.RENEWED_SECONDS * 1000)

    def _replace_ledger(self, new: Path) -> None:
        """Close this window; its ledger gives way to ``new``, and a window on that one opens."""
        self.new_ledger = new
        self.window.close()
        self.application.quit()

    def _choose_ledger(self) -> None:
        """Offer the ledgers opened lately, a file, a new one."""
        from bri_desktop.ui.ledgers import LedgersDialog
        from bri_desktop.ui.recent import recent_ledgers

        LedgersDialog(self.context.path, recent_ledgers(), self._open_other, self.window).open()

    def _open_other(self, ledger: Path) -> None:
        """Close this window, unless there is work in it that the user stays for; one on ``ledger`` opens."""
        if self.window.close():
            self.other_ledger = ledger
            self.application.quit()

    def remember(self, ledger: Path) -> None:
        """Put the ledger among those opened lately, once the window is at rest."""
        from bri_desktop.ui.recent import remember_ledger

        QTimer.singleShot(REMEMBER_MILLISECONDS, self.window, partial(remember_ledger, ledger))

    def offer_backup(self, file: Path) -> None:
        """Show the backups and offer to restore from ``file``, which was opened with the program."""
        from bri_desktop.ui.preferences.page import PreferencesPage

        self.window.show_page("preferences")
        page = self.window.page("preferences")
        assert isinstance(page, PreferencesPage)
        page.offer_backup(file)

    def _undo(self) -> None:
        self.runner.write(undo_last, done=self._on_undone, initiator=None)

    def _on_undone(self, undone: "Undone") -> None:
        if undone.kept:
            dialogs.tell(self.window, tr("{count} values were edited since and stay.", count=len(undone.kept)))

    def _open_handbook(self, code: str) -> None:
        from bri_desktop.ui.handbook import Handbook

        if self._handbook is None:
            self._handbook = Handbook(self.window)
        self._handbook.show_page(code)

    def commands(self) -> list[tuple[str, Callable[[], None]]]:
        """Return the commands and pages that Ctrl+K offers: name and call."""
        commands: list[tuple[str, Callable[[], None]]] = [
            (tr("New project"), self._new_project),
            (tr("Import a ledger"), partial(self._import_files, ())),
            (tr("Undo"), self._undo),
            (tr("Open a ledger"), self._choose_ledger),
            (tr("Handbook"), partial(self._open_handbook, self.window.current_code())),
            (tr("Commands and keys"), partial(self._open_handbook, KEYS_PAGE)),
            (tr("Four steps through the program"), self.day.begin_steps),
        ]
        pages = [(self.window.title_of(code), partial(self.window.show_page, code)) for code in self.window.codes()]
        return commands + pages

    def _open_palette(self) -> None:
        from bri_desktop.ui.palette import Palette

        Palette(self.context, self.commands(), self.window).open()

    def _on_changed(self, changes: Changes, initiator: object) -> None:
        self._seen = self._version()
        if not changes.kinds:
            return
        self._may_lack_index = True
        if CODE_KIND in changes.kinds:
            self.runner.read(read_codebook, done=partial(self._take_codes, changes, initiator))
        else:
            self._pass_on(changes, initiator)

    def _take_codes(self, changes: Changes, initiator: object, codes: CodeBook) -> None:
        """Give every page the code lists of now before it reads its records again."""
        self.context.codes.become(codes)
        self._pass_on(changes, initiator)

    def _pass_on(self, changes: Changes, initiator: object) -> None:
        self.context.statistics.forget(changes)
        self.window.on_changed(changes, initiator)
        self._refresh_status()

    def _look_elsewhere(self) -> None:
        """Read again where another program has written to the ledger; else index what an import left."""
        if self._version() != self._seen:
            self._on_changed(_everything(), None)
        elif self._may_lack_index and self.runner.is_idle():
            self._may_lack_index = False
            self.runner.write(fill_search_index, done=self._on_indexed, is_counted=False)

    def _on_indexed(self, filled: "Filled") -> None:
        if filled.is_left:
            self.runner.write(fill_search_index, done=self._on_indexed, is_counted=False)

    def refresh(self) -> None:
        """Read everything again."""
        self._on_changed(_everything(), None)

    def _begin(self) -> None:
        """Read what stands in the status bar, then load what later clicks need: after the first rows."""
        from bri_desktop.ui.ahead import load_ahead

        self._refresh_status()
        self.runner.read(lambda _session: None, done=lambda _: self.runner.compute(load_ahead, done=self._on_loaded))

    def _on_loaded(self, _none: None) -> None:
        """Build what takes longest ahead: the page of the exchange, and the record panel once the ledger is shown."""
        QTimer.singleShot(AHEAD_MILLISECONDS, self.window, lambda: self.window.page("exchange"))
        self.window.page_shown.connect(self._build_ahead)
        self._build_ahead(self.window.current_code())

    def _build_ahead(self, code: str) -> None:
        if code == "projects":
            self.window.page_shown.disconnect(self._build_ahead)
            self.window.page(code).build_ahead()

    def _refresh_status(self) -> None:
        self.runner.read(count_projects, done=self.window.status.set_records, replaces="status count")
        self.runner.read(is_sample, done=self.window.status.set_sample, replaces="status sample")

    def close(self) -> None:
        """Finish what is being written and give everything back."""
        self._clock.stop()
        self.keeper.stop()
        self.day.close()
        self.runner.close()
        self.window.close_pages()
        self.window.deleteLater()
        self._version.close()
        self.database.close()


def _everything() -> Changes:
    from bri_desktop.services.history import TOUCHED, TOUCHED_BESIDE

    return Changes(TOUCHED | TOUCHED_BESIDE)


def make_application(language: str, theme: str) -> tuple[QApplication, Theme]:
    """Return the one application, in that language and theme."""
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    application.setApplicationName(paths.APP_NAME)
    lend_font()
    install_translation(application, language)
    return application, Theme(application, theme)


def wait_until(ready: Callable[[], bool], seconds: float = 30.0) -> None:
    """Let the window live until ``ready``."""
    loop = QEventLoop()
    clock = QTimer()
    end = time.monotonic() + seconds
    clock.timeout.connect(lambda: loop.quit() if ready() or time.monotonic() > end else None)
    clock.start(1)
    loop.exec()
    clock.stop()
