"""The form of a park's or a mechanism's profile: every field in its written form, what is wrong under it."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QGridLayout

from bri_desktop import labels
from bri_desktop.domain.codebook import CodeBook
from bri_desktop.domain.dates import PartialDate, parse_date
from bri_desktop.domain.errors import UserError, ValueProblemError
from bri_desktop.domain.record_kinds import RecordField, RecordKind
from bri_desktop.domain.record_written import read_value, show_value
from bri_desktop.i18n import language, tr
from bri_desktop.services.mode_profiles import InvalidProfileError
from bri_desktop.ui.cities.forms import Form
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.date_edit import DateEdit
from bri_desktop.ui.shared.fields import LabeledField, LineEdit, ParsedEdit
from bri_desktop.ui.shared.tokens import Space

COLUMNS = 3
LABEL_WIDTH = {"zh_CN": 152, "en": 136}
PLAIN = ("text", "long", "organisation")


class ProfileForm(Form):
    """The fields of a profile; ``saved`` gives plain values, ``seen`` are those that it began with."""

    def __init__(self, kind: RecordKind, seen: Mapping[str, Any], codes: CodeBook) -> None:
        super().__init__()
        self.kind, self.seen, self._codes = kind, dict(seen), codes
        self.fields: dict[str, LabeledField] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.PAGE)
        grid.setVerticalSpacing(Space.BETWEEN)
        for number, field in enumerate(kind.fields):
            row, column = divmod(number, COLUMNS)
            made = self._field(field)
            self.fields[field.code] = made
            grid.addWidget(made, row, column)
        for column in range(COLUMNS):
            grid.setColumnStretch(column, 1)
        self.column.addLayout(grid)
        self.column.addWidget(buttons.label(_hint(kind), "hint", wrap=True))
        self.finish()

    def _field(self, field: RecordField) -> LabeledField:
        editor = self._editor(field)
        label = labels.field_label(f"{self.kind.code}.{field.code}")
        made = LabeledField(label, editor, label_width=LABEL_WIDTH.get(language(), 132))
        if isinstance(editor, ParsedEdit):
            editor.problem_changed.connect(made.set_problem)
        return made

    def _editor(self, field: RecordField) -> LineEdit:
        value = self.seen[field.code]
        if field.kind in PLAIN:
            line = LineEdit()
            line.set_value(value)
            return line
        if field.kind == "date":
            date = DateEdit(parse_date, _explain, tr("Such as 2017.5.17, 2017-05"))
            date.set_parsed(PartialDate(value) if value else None)
            return date

        def read(text: str) -> Any:
            return read_value(field, text, self._codes)

        def show(plain: Any) -> str:
            return show_value(field, plain, self._codes, language())

        number: ParsedEdit[Any] = ParsedEdit(read, show, _explain, _example(field))
        number.set_parsed(value)
        return number

    def value(self, code: str) -> Any:
        """Return the plain value of a field; ``None`` where it is empty or cannot be read."""
        editor = self.fields[code].editor
        if isinstance(editor, ParsedEdit):
            parsed = editor.parsed()
            return parsed.value if isinstance(parsed, PartialDate) else parsed
        assert isinstance(editor, LineEdit)
        return editor.value()

    def save(self) -> None:
        """Give the values; what cannot be read is told instead."""
        for field in self.fields.values():
            if isinstance(field.editor, ParsedEdit):
                field.set_problem(field.editor.problem)
        wrong = [field for field in self.fields.values() if field.problem]
        if wrong:
            wrong[0].editor.setFocus()
            return
        self.saved.emit({code: self.value(code) for code in self.fields})

    def tell(self, error: UserError) -> None:
        """Say what is wrong, at its field where it has one."""
        if not isinstance(error, InvalidProfileError):
            super().tell(error)
            return
        for problem in error.problems:
            self.fields[problem.field].set_problem(labels.sentence(problem.code, problem.values))
        self.fields[error.problems[0].field].editor.setFocus()


def _hint(kind: RecordKind) -> str:
    if kind.code == "park_profile":
        return tr("Figures a km² are of the built area where it is entered, else of the planned one.")
    return tr("Without a date, the next edition is due one interval after the last one; it is on the first page then.")


def _example(field: RecordField) -> str:
    return tr("such as 1.2亿美元") if field.kind == "money" else ""


def _explain(error: ValueProblemError) -> str:
    return labels.sentence(error.code, error.values)
