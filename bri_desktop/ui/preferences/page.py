"""Language and colours, where the ledger lies, whose work is in the program, and the code lists of the office."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QApplication,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from bri_desktop import __version__, paths
from bri_desktop.domain.changes import Changes
from bri_desktop.i18n import language, tr
from bri_desktop.ui.preferences.backups import BackupsPanel
from bri_desktop.ui.preferences.codes import CodesPanel
from bri_desktop.ui.settings import LANGUAGE, THEME, Setting
from bri_desktop.ui.shared import buttons, panels
from bri_desktop.ui.shared.cells import Toned
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.fields import CodeCombo
from bri_desktop.ui.shared.model import Column, WindowedModel
from bri_desktop.ui.shared.page import Page
from bri_desktop.ui.shared.table import LedgerTable
from bri_desktop.ui.shared.tokens import Space
from bri_desktop.ui.theme import Theme

LABEL_WIDTH = 96
FIELD_WIDTH = 240
FORM_WIDTH = 560


@dataclass(frozen=True, slots=True)
class Licence:
    """One work that the program builds on."""

    name: str
    licence: str
    purpose: str


def read_licences() -> list[Licence]:
    """Return the shipped list of works and licences."""
    with (paths.resources() / "licences.csv").open(encoding="utf-8", newline="") as handle:
        return [Licence(row["name"], row["licence"], row["for"]) for row in csv.DictReader(handle)]


class PreferencesPage(Page):
    """设置."""

    theme_chosen = Signal(str)
    """``system``, ``light`` or ``dark`` was chosen; it is applied already where the window has a theme."""

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(tr("Settings"), "", parent, searchable=False)
        self.context = context
        self.language = self._combo(
            tr("Language"), (("zh_CN", "简体中文"), ("en", "English")), context.settings.get(LANGUAGE)
        )
        self.theme = self._combo(
            tr("Colours"),
            (("system", tr("as the system")), ("light", tr("light")), ("dark", tr("dark"))),
            context.settings.get(THEME),
        )
        self.restart = buttons.label(tr("The language changes at the next start."), "hint")
        self.restart.setVisible(context.settings.get(LANGUAGE) != language())
        self.language.value_changed.connect(self._on_language)
        self.theme.value_changed.connect(self._on_theme)
        self.licences = _licence_table()
        self.codes = CodesPanel(context)
        self.backups = BackupsPanel(context)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName(tr("Settings"))
        self.tabs.addTab(self._content(), tr("General"))
        self.tabs.addTab(self.codes, tr("Code lists"))
        self.tabs.addTab(self.backups, tr("Backups and checks"))
        self.tabs.currentChanged.connect(lambda _tab: self.activate())
        self.body.addWidget(self.tabs, 1)

    def activate(self) -> None:
        """Read the code lists or the backups where they are in view."""
        if self.tabs.currentWidget() is self.codes:
            self.codes.activate()
        elif self.tabs.currentWidget() is self.backups:
            self.backups.activate()

    def on_changed(self, changes: Changes, initiator: object) -> None:
        """Read the code lists again."""
        self.codes.on_changed(changes)

    def _combo(self, name: str, choices: Sequence[tuple[str, str]], chosen: str) -> CodeCombo:
        made = CodeCombo(choices)
        made.setAccessibleName(name)
        made.setFixedWidth(FIELD_WIDTH)
        made.set_value(chosen)
        return made

    def _content(self) -> QWidget:
        made = QFrame()
        made.setProperty("kind", "surface")
        left = QVBoxLayout()
        left.setContentsMargins(Space.PAGE, Space.PAGE, Space.PAGE, Space.PAGE)
        left.setSpacing(Space.SECTION)
        left.addWidget(buttons.label(tr("Window"), "section"))
        left.addLayout(_form(((tr("Language"), self.language), (tr("Colours"), self.theme), ("", self.restart))))
        left.addWidget(panels.rule())
        left.addWidget(buttons.label(tr("Ledger"), "section"))
        left.addLayout(self._ledger())
        left.addWidget(panels.rule())
        left.addWidget(buttons.label(tr("About"), "section"))
        for text in about_lines():
            left.addWidget(buttons.label(text, wrap=True))
        left.addStretch(1)
        column = QWidget()
        column.setFixedWidth(FORM_WIDTH)
        column.setLayout(left)
        right = QFrame()
        right.setProperty("kind", "side")
        beside = QVBoxLayout(right)
        beside.setContentsMargins(1, Space.PAGE, 0, 0)
        beside.setSpacing(Space.BETWEEN)
        title = buttons.label(tr("Licences of what is used"), "section")
        title.setContentsMargins(Space.BETWEEN, 0, 0, 0)
        beside.addWidget(title)
        beside.addWidget(self.licences, 1)
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(column)
        row.addWidget(right, 1)
        return made

    def _ledger(self) -> QFormLayout:
        self.database_path = _path_label(str(self.context.path))
        self.folder_path = _path_label(str(paths.data_folder()))
        form = _form(((tr("Ledger file"), self.database_path), (tr("Data folder"), self.folder_path)))
        opening = QHBoxLayout()
        opening.addWidget(buttons.button(tr("Open the folder"), self._open_folder, icon="folder-open"))
        opening.addStretch(1)
        form.addRow("", opening)
        notice = tr("Classified information must not be entered. The ledger stays on this computer; nothing is sent.")
        form.addRow("", buttons.label(notice, "hint", wrap=True))
        return form

    def _on_language(self) -> None:
        choice = self.language.value()
        if choice is None:
            self.language.set_value(self.context.settings.get(LANGUAGE))
            return
        self._keep(LANGUAGE, choice)
        self.restart.setVisible(choice != language())

    def _on_theme(self) -> None:
        choice = self.theme.value()
        if choice is None:
            self.theme.set_value(self.context.settings.get(THEME))
            return
        self._keep(THEME, choice)
        application = QApplication.instance()
        themes: list[Theme] = list(application.findChildren(Theme)) if application is not None else []
        for theme in themes:
            theme.choose(choice)
        self.theme_chosen.emit(choice)

    def _keep(self, setting: Setting[str], value: str) -> None:
        self.context.settings.set(setting, value)
        self.context.settings.save()

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.context.path.parent)))


def about_lines() -> tuple[str, ...]:
    """Return what the program is and whose work is in it."""
    return (
        tr("Ledger of international city cooperation, version {version}", version=__version__),
        tr("Free software under the LGPL, version 3 or later; without any warranty."),
        tr("Names of places: GeoNames (geonames.org), CC BY 4.0, selected and completed."),
        tr("Land of the sketch map: Natural Earth, public domain."),
        tr("Icons: Lucide, ISC; some from Feather, MIT."),
        tr("Window: Qt for Python (PySide6), used under the LGPL, version 3."),
    )


def _path_label(path: str) -> QLabel:
    made = buttons.label(path, wrap=True)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def _form(rows: Sequence[tuple[str, QWidget]]) -> QFormLayout:
    form = QFormLayout()
    form.setHorizontalSpacing(Space.SECTION)
    form.setVerticalSpacing(Space.BETWEEN)
    for text, field in rows:
        label = buttons.label(text, "label")
        label.setFixedWidth(LABEL_WIDTH)
        label.setBuddy(field)
        form.addRow(label, field)
    return form


def _licence_table() -> LedgerTable[Licence]:
    found = dict(enumerate(read_licences()))
    columns: list[Column[Licence]] = [
        Column(key="name", title=tr("Component"), cell=lambda row: row.name, width=150, is_sortable=False),
        Column(
            key="licence", title=tr("Licence"), cell=lambda row: row.licence, width=200, is_sortable=False, stretch=True
        ),
        Column(
            key="for",
            title=tr("Used for"),
            cell=lambda row: Toned(row.purpose, "secondary"),
            width=200,
            is_sortable=False,
            is_shown=language() == "en",
        ),
    ]
    model = WindowedModel(columns, lambda ids, arrived: arrived({key: found[key] for key in ids}))
    made: LedgerTable[Licence] = LedgerTable(tr("Licences of what is used"), model)
    made.show_ids(list(found), found)
    return made
