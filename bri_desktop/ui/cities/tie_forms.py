"""The forms of a tie's page: its own fields, the rule by which ties are dormant, the weights of the profile."""

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSpinBox

from bri_desktop import labels
from bri_desktop.domain.codebook import CodeBook
from bri_desktop.domain.dates import PartialDate, parse_date
from bri_desktop.domain.errors import ValueProblemError
from bri_desktop.i18n import language, tr
from bri_desktop.services.city_pages import TiePage
from bri_desktop.services.measure_registry import WeightGroup
from bri_desktop.services.pair_acts import LISTS, PairDraft
from bri_desktop.services.pair_life import MOST_YEARS, TieRules
from bri_desktop.ui.cities.forms import Form
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.date_edit import DateEdit
from bri_desktop.ui.shared.fields import CodeCombo, LabeledField, LineEdit
from bri_desktop.ui.shared.tokens import Size, Space
from bri_desktop.ui.shared.weights import WeightEditor

FIELD_WIDTH = 300


class TieForm(Form):
    """Kind, level, stage, end and note of a tie; ``saved`` gives a :class:`PairDraft`."""

    def __init__(self, page: TiePage, codes: CodeBook) -> None:
        super().__init__()
        self.version = page.version
        row = page.pair
        self.kind, self.level, self.life = (_combo(codes, LISTS[name]) for name in ("kind", "level", "life"))
        self.kind.set_value(row.kind)
        self.level.set_value(row.level)
        self.life.set_value(row.life)
        self.life.set_placeholder(tr("by the rule"))
        self.ended = DateEdit(parse_date, _explain, tr("Such as 2017.5.17, 2017-05"))
        self.ended.set_parsed(PartialDate(row.ended) if row.ended else None)
        self.note = LineEdit()
        self.note.set_value(page.note)
        fields = (
            (LabeledField(tr("Kind of tie"), self.kind, required=True), LabeledField(tr("Level"), self.level)),
            (LabeledField(tr("Stage"), self.life), LabeledField(tr("Ended"), self.ended)),
        )
        for pair in fields:
            line = QHBoxLayout()
            line.setSpacing(Space.PAGE)
            for field in pair:
                field.setFixedWidth(FIELD_WIDTH)
                line.addWidget(field)
            line.addStretch(1)
            self.column.addLayout(line)
        note = LabeledField(tr("Note"), self.note)
        note.setFixedWidth(2 * FIELD_WIDTH + Space.PAGE)
        self.column.addWidget(note)
        hint = tr("A stage that is entered here is kept beside the one by the rule; intent and ended always hold.")
        self.column.addWidget(buttons.label(hint, "hint", wrap=True))
        self.finish()

    def save(self) -> None:
        """Give the draft; an unreadable date is told instead."""
        if self.ended.problem:
            self.problem.setText(self.ended.problem)
            return
        self.saved.emit(
            PairDraft(
                kind=self.kind.value(),
                level=self.level.value(),
                life=self.life.value(),
                ended=self.ended.parsed(),
                note=self.note.value(),
            )
        )


class LabelForm(Form):
    """The ecosystem type of a city; ``saved`` gives its code, ``None`` for none."""

    def __init__(self, code: str | None, codes: CodeBook) -> None:
        super().__init__()
        self.type = _combo(codes, "ecosystem")
        self.type.set_value(code)
        self.type.set_placeholder(tr("none"))
        field = LabeledField(tr("Ecosystem type"), self.type)
        field.setFixedWidth(FIELD_WIDTH)
        self.column.addWidget(field)
        text = tr("The office's own judgement beside the city index; it is not computed. Delete empties the field.")
        self.column.addWidget(buttons.label(text, "hint", wrap=True))
        self.finish()

    def save(self) -> None:
        """Give the code."""
        self.saved.emit(self.type.value())


class RulesForm(Form):
    """The rules of all ties; ``saved`` gives :class:`TieRules`."""

    def __init__(self, rules: TieRules) -> None:
        super().__init__()
        self.years = QSpinBox()
        self.years.setRange(1, MOST_YEARS)
        self.years.setValue(rules.dormant_years)
        self.years.setFixedSize(88, Size.CONTROL)
        self.years.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.years.setAccessibleName(tr("Years without anything until a tie is dormant"))
        self.every_five = QCheckBox(tr("Anniversaries every five years too, not every ten only"))
        self.every_five.setChecked(rules.every_five)
        line = QHBoxLayout()
        line.setSpacing(Space.BETWEEN)
        line.addWidget(buttons.label(tr("Years without anything until a tie is dormant")))
        line.addWidget(self.years)
        line.addSpacing(Space.PAGE)
        line.addWidget(self.every_five)
        line.addStretch(1)
        self.column.addLayout(line)
        text = tr(
            "What counts: the dates of agreements, activities, outcomes and projects, and a project that goes on; the "
            "record of the tie itself only when it begins. The rule holds for all ties."
        )
        self.column.addWidget(buttons.label(text, "hint", wrap=True))
        self.finish()

    def save(self) -> None:
        """Give the rules."""
        self.saved.emit(TieRules(self.years.value(), self.every_five.isChecked()))


class WeightsForm(Form):
    """The weights of the profile; ``saved`` gives part -> per cent once they add up to 100."""

    def __init__(self, group: WeightGroup) -> None:
        super().__init__()
        self.editor = WeightEditor(group, in_row=True)
        self.boxes = self.editor.boxes
        self.column.addWidget(self.editor)
        text = tr("The weights hold for all ties, also on the page of statistics; together they are 100%.")
        self.column.addWidget(buttons.label(text, "hint", wrap=True))
        self.editor.judged.connect(self._on_judged)
        self.finish()
        self._on_judged()

    def set_defaults(self) -> None:
        """Write the weights that the profile comes with; they are stored with 保存."""
        self.editor.set_defaults()

    def _on_judged(self) -> None:
        self.save_button.setEnabled(self.editor.may_be_stored())
        self.problem.setText(self.editor.problem())

    def save(self) -> None:
        """Give the weights, where they may be stored."""
        if self.save_button.isEnabled():
            self.saved.emit(self.editor.weights())


def _combo(codes: CodeBook, name: str) -> CodeCombo:
    return CodeCombo([(entry.code, entry.label(language())) for entry in codes.codes(name)])


def _explain(error: ValueProblemError) -> str:
    return labels.sentence(error.code, error.values)
