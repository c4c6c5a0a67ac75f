"""What is asked before a table is brought in: its kind, and of a baseline its name, its rows, year and source."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QFormLayout, QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from bri_desktop.analysis.names import dimension_name
from bri_desktop.i18n import language, tr
from bri_desktop.services.measure_registry import KINDS
from bri_desktop.services.measure_sheets import HEADERS
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.choice_button import ChoiceButton
from bri_desktop.ui.shared.tokens import Size, Space

WIDTH = 340
OF_BASELINES = ("country", "continent", "subregion", "income", "province", "prefecture", "domain", "mode")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "baseline": ("unit", "value"),
    "tiers": ("country", "tier"),
    "rates": ("currency", "rate"),
    "index": ("city", "dimension", "criterion", "value"),
}
"""The columns that a table cannot do without."""
EARLIEST, LATEST = 1900, 2200


@dataclass(frozen=True, slots=True)
class Wanted:
    """A table to bring in; ``year`` and ``source`` of rows that name none."""

    kind: str
    name: str
    dimension: str
    year: int | None
    source: str | None


class ImportForm(QFrame):
    """The form; ``wanted`` gives what it says, ``None`` where something is missing that has to be there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "side")
        self.setMinimumWidth(WIDTH)
        self.kind = ChoiceButton(tr("Kind"))
        self.kind.set_choices([(code, kind_name(code)) for code in KINDS], KINDS[0])
        self.name = QLineEdit()
        self.name.setPlaceholderText(tr("such as Population 2024"))
        self.dimension = ChoiceButton(tr("By"))
        self.dimension.set_choices([(code, dimension_name(code)) for code in OF_BASELINES], OF_BASELINES[0])
        self.year = QLineEdit()
        self.year.setValidator(QIntValidator(EARLIEST, LATEST, self))
        self.year.setPlaceholderText(tr("of rows that name none"))
        self.source = QLineEdit()
        self.hint = buttons.label("", "hint", wrap=True)
        self.problem = buttons.label("", "problem", wrap=True)
        self.problem.hide()
        self.import_button = buttons.button(tr("Choose a file…"), icon="upload", kind=buttons.PRIMARY)
        self.template_button = buttons.button(tr("Template…"), icon="download")
        self._make_body()
        self.kind.chosen.connect(lambda _code: self._on_kind())
        self._on_kind()

    def wanted(self) -> Wanted | None:
        """Return what the form says; say what is missing else."""
        kind, name, year = self.kind.code(), self.name.text().strip(), self.year.text().strip()
        said = ""
        if kind == "baseline" and not name:
            said = tr("Give the table a name.")
        elif year and not self.year.hasAcceptableInput():
            said = tr("Write the year with four digits.")
        self.problem.setText(said)
        self.problem.setVisible(bool(said))
        if said:
            return None
        return Wanted(
            kind, name, self.dimension.code(), int(year) if year else None, self.source.text().strip() or None
        )

    def _make_body(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.PAGE, Space.SECTION, Space.PAGE, Space.SECTION)
        column.setSpacing(Space.BETWEEN)
        column.addWidget(buttons.label(tr("Bring a table"), "section"))
        column.addWidget(self.kind)
        column.addWidget(self.hint)
        form = QFormLayout()
        form.setHorizontalSpacing(Space.BETWEEN)
        form.setVerticalSpacing(Space.BETWEEN)
        self._labels: dict[QWidget, QLabel] = {}
        for text, field in (
            (tr("Name"), self.name),
            (tr("Of what"), self.dimension),
            (tr("Year"), self.year),
            (tr("Source"), self.source),
        ):
            label = buttons.label(text, "label")
            label.setMinimumWidth(Size.LABEL - Space.PAGE)
            label.setBuddy(field)
            self._labels[field] = label
            form.addRow(label, field)
        column.addLayout(form)
        column.addWidget(self.problem)
        column.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(Space.BETWEEN)
        row.addWidget(self.template_button)
        row.addStretch(1)
        row.addWidget(self.import_button)
        column.addLayout(row)

    def _on_kind(self) -> None:
        is_baseline = self.kind.code() == "baseline"
        for field in (self.name, self.dimension):
            field.setVisible(is_baseline)
            self._labels[field].setVisible(is_baseline)
        self.problem.hide()
        self.hint.setText(_hint(self.kind.code()))


def kind_name(code: str) -> str:
    """Return the name of a kind of table."""
    names: Mapping[str, str] = {
        "baseline": tr("Baseline"),
        "tiers": tr("Financial integration"),
        "rates": tr("Exchange rates"),
        "index": tr("City values"),
    }
    return names[code]


def _hint(code: str) -> str:
    hints: Mapping[str, str] = {
        "baseline": tr("what shares are held against, such as population or trade."),
        "tiers": tr("one of the four tiers for each country and year."),
        "rates": tr("yuan for one unit of a currency in a year."),
        "index": tr("a row for each value of a city."),
    }
    place = 0 if language() == "zh_CN" else -1
    heads = tr(", ").join(HEADERS[field][place] for field in COLUMNS[code])
    return tr("Columns {heads}: {what}", heads=heads, what=hints[code])
