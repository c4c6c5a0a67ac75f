"""关于: what the program is, whose work and data are in it and of when, and the fonts of official documents here."""

import csv
from dataclasses import dataclass

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from bri_desktop import __version__, paths
from bri_desktop.i18n import language, tr
from bri_desktop.services.office_fonts import FontOfOffice, office_fonts
from bri_desktop.ui.shared import buttons, panels
from bri_desktop.ui.shared.cells import Toned
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.model import Column, WindowedModel
from bri_desktop.ui.shared.table import LedgerTable
from bri_desktop.ui.shared.tokens import Space

WIDTH = 400
SHARE_OF_DATA, SHARE_OF_LICENCES = 12, 8


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


@dataclass(frozen=True, slots=True)
class DataSource:
    """A kind of data that comes with the program: from whom, of when, under which licence; in the user's language."""

    what: str
    source: str
    as_of: str
    licence: str


def read_sources() -> list[DataSource]:
    """Return the shipped data with their sources and dates."""
    end = "zh" if language() == "zh_CN" else "en"
    with (paths.resources() / "data_sources.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    terms = {"public domain": tr("public domain"), "facts": tr("facts")}
    return [
        DataSource(
            row[f"what_{end}"], row[f"source_{end}"], row[f"as_of_{end}"], terms.get(row["licence"], row["licence"])
        )
        for row in rows
    ]


class AboutPanel(QFrame):
    """The last tab of the settings."""

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "surface")
        self.context = context
        self.sources = _source_table()
        self.licences = _licence_table()
        self.fonts = buttons.label("", wrap=True)
        left = QVBoxLayout()
        left.setContentsMargins(Space.PAGE, Space.PAGE, Space.PAGE, Space.PAGE)
        left.setSpacing(Space.SECTION)
        left.addWidget(buttons.label(tr("About"), "section"))
        for text in about_lines():
            left.addWidget(buttons.label(text, wrap=True))
        left.addWidget(panels.rule())
        left.addWidget(buttons.label(tr("Fonts of official documents"), "section"))
        left.addWidget(self.fonts)
        hint = tr("Word names the fonts; PDF embeds those of this computer, else stand-ins of the same look.")
        left.addWidget(buttons.label(hint, "hint", wrap=True))
        left.addStretch(1)
        column = QWidget()
        column.setMaximumWidth(WIDTH)
        column.setLayout(left)
        right = QFrame()
        right.setProperty("kind", "side")
        beside = QVBoxLayout(right)
        beside.setContentsMargins(1, Space.PAGE, 0, 0)
        beside.setSpacing(Space.BETWEEN)
        for text, table, share in (
            (tr("Data that comes with the program"), self.sources, SHARE_OF_DATA),
            (tr("Licences of what is used"), self.licences, SHARE_OF_LICENCES),
        ):
            title = buttons.label(text, "section")
            title.setContentsMargins(Space.BETWEEN, 0, 0, 0)
            beside.addWidget(title)
            beside.addWidget(table, share)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(column, 1)
        row.addWidget(right, 1)

    def activate(self) -> None:
        """Look for the fonts the first time; that loads what writes the PDF, so it is done beside the window."""
        if not self.fonts.text():
            self.context.runner.compute(office_fonts, done=self._show_fonts, initiator=self)

    def _show_fonts(self, found: tuple[FontOfOffice, ...]) -> None:
        words = (tr("installed"), tr("not installed"))
        self.fonts.setText("\n".join(f"{font.name}{tr(': ')}{words[not font.is_installed]}" for font in found))


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


def _source_table() -> LedgerTable[DataSource]:
    found = dict(enumerate(read_sources()))
    columns: list[Column[DataSource]] = [
        Column(key="what", title=tr("Data"), cell=lambda row: row.what, width=144, is_sortable=False),
        Column(
            key="source", title=tr("Source"), cell=lambda row: row.source, width=220, is_sortable=False, stretch=True
        ),
        Column(key="as_of", title=tr("As of"), cell=lambda row: row.as_of, width=144, is_sortable=False),
        Column(
            key="licence",
            title=tr("Licence"),
            cell=lambda row: Toned(row.licence, "secondary"),
            width=112,
            is_sortable=False,
        ),
    ]
    model = WindowedModel(columns, lambda ids, arrived: arrived({key: found[key] for key in ids}))
    made: LedgerTable[DataSource] = LedgerTable(tr("Data that comes with the program"), model)
    made.show_ids(list(found), found)
    return made


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
