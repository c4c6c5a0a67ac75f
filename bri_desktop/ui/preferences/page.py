"""Settings: what an office and its user choose, each with a way back to its default."""

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QTabWidget, QWidget

from bri_desktop.domain.changes import Changes
from bri_desktop.i18n import language, tr
from bri_desktop.services.office import LedgerSettings, read_settings
from bri_desktop.services.places import PlaceChoice, named_places
from bri_desktop.ui import dialogs
from bri_desktop.ui.dialogs import Choice
from bri_desktop.ui.preferences.about import AboutPanel
from bri_desktop.ui.preferences.backups import BackupsPanel
from bri_desktop.ui.preferences.codes import CodesPanel
from bri_desktop.ui.preferences.general import GeneralPanel
from bri_desktop.ui.preferences.rules import RulesPanel
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.page import Page

KINDS = frozenset({"office", "tie_rules", "measure_options"})

Found = tuple[LedgerSettings, list[PlaceChoice]]


class PreferencesPage(Page):
    """设置."""

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(tr("Settings"), "", parent, searchable=False)
        self.context = context
        self._is_stale = True
        self.general = GeneralPanel(context)
        self.rules = RulesPanel(context)
        self.codes = CodesPanel(context)
        self.backups = BackupsPanel(context)
        self.about = AboutPanel(context)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName(tr("Settings"))
        self.tabs.addTab(self.general, tr("General"))
        self.tabs.addTab(self.rules, tr("Reminders and rules"))
        self.tabs.addTab(self.codes, tr("Code lists"))
        self.tabs.addTab(self.backups, tr("Backups and checks"))
        self.tabs.addTab(self.about, tr("About"))
        self.tabs.currentChanged.connect(lambda _tab: self.activate())
        self.defaults_button = buttons.button(tr("All defaults"), self.restore_defaults, icon="rotate-ccw")
        self.add_action(self.defaults_button)
        self.body.addWidget(self.tabs, 1)

    def activate(self) -> None:
        """Read what is out of date in the tab that is in view."""
        shown = self.tabs.currentWidget()
        self.defaults_button.setVisible(shown in (self.general, self.rules))
        if shown is self.codes:
            self.codes.activate()
        elif shown is self.backups:
            self.backups.activate()
        elif shown is self.about:
            self.about.activate()
        elif self._is_stale:
            self._read()

    def offer_backup(self, file: Path) -> None:
        """Show the backups and offer to restore from ``file``."""
        self.tabs.setCurrentWidget(self.backups)
        self.backups.offer(file)

    def on_changed(self, changes: Changes, initiator: object) -> None:
        """Read again what was changed."""
        self.codes.on_changed(changes)
        if changes.kinds & KINDS or not changes.kinds:
            self._is_stale = True
            if self.isVisible():
                self._read()

    def restore_defaults(self) -> None:
        """Set everything back but the names of office and user and the city, once the user has said so."""
        question = tr("Set the window, reminders and rules back to their defaults?")
        detail = tr("The names of office and user, the home city and the second backup place stay.")
        choice = dialogs.ask(self, question, [Choice("restore", tr("Set back"))], detail=detail)
        if choice == "restore":
            self.general.restore_defaults()
            self.rules.restore_defaults()

    def _read(self) -> None:
        self._is_stale = False
        self.context.runner.read(read, done=self._show, initiator=self, replaces=(id(self), "settings"))

    def _show(self, found: Found) -> None:
        settings, city = found
        self.general.show_ledger(settings, city)
        self.rules.show_ledger(settings)


def read(session: Any) -> Found:
    """Return what is set in the ledger, and the home city by name."""
    found = read_settings(session)
    wanted = [found.office.home_city] if found.office.home_city else []
    return found, named_places(session, wanted, language())
