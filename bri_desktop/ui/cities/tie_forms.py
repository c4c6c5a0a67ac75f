"""The forms of a tie's page: its own fields, the rule by which ties are dormant, the weights of the profile."""

from collections.abc import Mapping

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QDoubleValidator, QKeyEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QSpinBox, QVBoxLayout

from bri_desktop import labels
from bri_desktop.analysis.profile import EQUAL_WEIGHTS, PARTS
from bri_desktop.domain.codebook import CodeBook
from bri_desktop.domain.dates import PartialDate, parse_date
from bri_desktop.domain.errors import UserError, ValueProblemError
from bri_desktop.i18n import language, tr
from bri_desktop.services.city_pages import TiePage
from bri_desktop.services.pair_acts import LISTS, PairDraft
from bri_desktop.services.pair_life import MOST_YEARS, TieRules
from bri_desktop.ui.cities.words import part_name
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.date_edit import DateEdit
from bri_desktop.ui.shared.fields import CodeCombo, LabeledField, LineEdit
from bri_desktop.ui.shared.tokens import Size, Space

FIELD_WIDTH = 300
WEIGHT_WIDTH = 64
WHOLE, CLOSE = 100.0, 0.005


class Form(QFrame):
    """A band over the page: fields, a sentence for what is wrong, 保存 and 取消; Esc closes it."""

    saved = Signal(object)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "surface-band")
        self.problem = buttons.label("", "problem", wrap=True)
        self.save_button = buttons.button(tr("Save"), self.save, kind=buttons.PRIMARY)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(Space.PAGE, Space.SECTION, Space.PAGE, Space.SECTION)
        self.column.setSpacing(Space.BETWEEN)

    def finish(self) -> None:
        """Add the foot."""
        foot = QHBoxLayout()
        foot.setSpacing(Space.BETWEEN)
        foot.addWidget(self.save_button)
        foot.addWidget(buttons.button(tr("Cancel"), self.closed.emit))
        foot.addWidget(self.problem, 1)
        self.column.addLayout(foot)

    def save(self) -> None:
        """Give what is written, where it can be read."""

    def tell(self, error: UserError) -> None:
        """Say why nothing was stored."""
        self.problem.setText(labels.error_sentence(error))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Save with Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.save()
        else:
            super().keyPressEvent(event)


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

    def __init__(self, weights: Mapping[str, float]) -> None:
        super().__init__()
        self._stored = dict(weights)
        self.boxes: dict[str, LineEdit] = {}
        allowed = QDoubleValidator(0.0, WHOLE, 2, self)
        allowed.setLocale(QLocale.c())
        line = QHBoxLayout()
        line.setSpacing(Space.BETWEEN)
        for part in PARTS:
            box = LineEdit()
            box.setValidator(allowed)
            box.setText(f"{weights[part]:g}")
            box.setFixedWidth(WEIGHT_WIDTH)
            box.setAlignment(Qt.AlignmentFlag.AlignRight)
            box.setAccessibleName(f"{part_name(part)} %")
            box.textChanged.connect(lambda _text: self._judge())
            self.boxes[part] = box
            line.addWidget(buttons.label(part_name(part)))
            line.addWidget(box)
            line.addWidget(buttons.label("%", "hint"))
            line.addSpacing(Space.SECTION)
        line.addWidget(buttons.button(tr("Defaults"), self.set_defaults, kind=buttons.SMALL))
        line.addStretch(1)
        self.column.addLayout(line)
        text = tr("The weights hold for all ties, also on the page of statistics; together they are 100%.")
        self.column.addWidget(buttons.label(text, "hint", wrap=True))
        self.finish()
        self._judge()

    def weights(self) -> dict[str, float]:
        """Return what is written; nothing counts as zero."""
        return {part: float(box.text()) if box.hasAcceptableInput() else 0.0 for part, box in self.boxes.items()}

    def set_defaults(self) -> None:
        """Write the weights that the profile comes with; they are stored with 保存."""
        for part, box in self.boxes.items():
            box.setText(f"{EQUAL_WEIGHTS[part]:g}")

    def _judge(self) -> None:
        total = sum(self.weights().values())
        is_whole = abs(total - WHOLE) < CLOSE
        is_other = any(abs(self._stored[part] - value) > CLOSE for part, value in self.weights().items())
        self.save_button.setEnabled(is_whole and is_other)
        self.problem.setText("" if is_whole else tr("Together {total}%, must be 100%", total=f"{total:g}"))

    def save(self) -> None:
        """Give the weights, where they may be stored."""
        if self.save_button.isEnabled():
            self.saved.emit(self.weights())


def _combo(codes: CodeBook, name: str) -> CodeCombo:
    return CodeCombo([(entry.code, entry.label(language())) for entry in codes.codes(name)])


def _explain(error: ValueProblemError) -> str:
    return labels.sentence(error.code, error.values)
