"""All fields of one record below or beside its table: each is stored when it is left, what is wrong stands under it."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QFrame, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from bri_desktop.domain.codebook import CodeBook
from bri_desktop.domain.dates import PartialDate, parse_date
from bri_desktop.domain.record_kinds import RecordField, RecordKind
from bri_desktop.domain.record_written import read_value, show_value
from bri_desktop.i18n import language
from bri_desktop.services.record_list import RecordRow
from bri_desktop.ui.shared.date_edit import DateEdit
from bri_desktop.ui.shared.fields import CodeCombo, LabeledField, LineEdit, ParsedEdit, TextArea
from bri_desktop.ui.shared.record_words import explain_value, label_of, text_of
from bri_desktop.ui.shared.tokens import Size, Space

Editor = CodeCombo | LineEdit | TextArea
PARSED = ("count", "number", "money", "periods")


class RecordForm(QScrollArea):
    """The fields of one record of a kind; ``edit_wanted`` gives those that differ from what is stored."""

    edit_wanted = Signal(int, dict)

    def __init__(self, kind: RecordKind, codes: CodeBook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind, self._codes = kind, codes
        self._row: RecordRow | None = None
        self.editors: dict[str, Editor] = {}
        self.rows: dict[str, LabeledField] = {}
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        content = QWidget()
        content.setProperty("kind", "surface")
        self.column = QVBoxLayout(content)
        self.column.setContentsMargins(Space.PAGE, Space.SECTION, Space.PAGE, Space.SECTION)
        self.column.setSpacing(Space.BETWEEN)
        for field in kind.fields:
            self._add(field)
        self.column.addStretch(1)
        self.setWidget(content)

    def _add(self, field: RecordField) -> None:
        editor = self._editor(field)
        width = Size.LABEL if language() == "zh_CN" else 2 * Size.LABEL
        row = LabeledField(label_of(self.kind, field.code), editor, required=field.required, label_width=width)
        self.editors[field.code], self.rows[field.code] = editor, row
        self.column.addWidget(row)
        if isinstance(editor, CodeCombo):
            editor.value_changed.connect(self.commit)
        elif isinstance(editor, QLineEdit):
            editor.editingFinished.connect(self.commit)
        editor.installEventFilter(self)

    def _editor(self, field: RecordField) -> Editor:
        if field.kind == "date":
            return DateEdit(parse_date, explain_value)
        if field.kind == "code":
            choices = [(one.code, one.label(language())) for one in self._codes.codes(field.list or "")]
            return CodeCombo(choices)
        if field.kind in PARSED:
            return ParsedEdit(
                partial(read_value, field, codes=self._codes),
                partial(show_value, field, codes=self._codes, language=language()),
                explain_value,
            )
        return TextArea(lines=2) if field.kind == "long" else LineEdit()

    def set_known_names(self, names: Sequence[str]) -> None:
        """Offer organisations where one is asked for."""
        for field in self.kind.fields:
            editor = self.editors[field.code]
            if field.kind == "organisation" and isinstance(editor, LineEdit):
                completer = QCompleter(list(names), editor)
                completer.setFilterMode(Qt.MatchFlag.MatchContains)
                editor.setCompleter(completer)

    # -- values ------------------------------------------------------------------------------------------------

    @property
    def shown_id(self) -> int | None:
        """The id of the record shown."""
        return None if self._row is None else self._row.id

    def show_row(self, row: RecordRow | None) -> None:
        """Show a record; of the one shown already only what is not being typed is shown anew."""
        is_same = self._row is not None and row is not None and row.id == self._row.id
        kept = set(self._unstored()) if is_same else set()
        self._row = row
        self.setEnabled(row is not None)
        for field in self.kind.fields:
            if field.code not in kept:
                self._show(field, row)
                self.rows[field.code].set_problem(None)
        self._tell_unreadable()

    def _show(self, field: RecordField, row: RecordRow | None) -> None:
        editor = self.editors[field.code]
        value = None if row is None else row.stored.values.get(field.code)
        if isinstance(editor, DateEdit):
            editor.set_parsed(PartialDate(value) if value else None)
        elif isinstance(editor, ParsedEdit):
            editor.set_parsed(value)
        elif isinstance(editor, CodeCombo):
            editor.set_value(value)
        else:
            editor.set_value(None if row is None else text_of(row, field, self._codes))

    def values(self) -> dict[str, Any]:
        """Return field -> plain value of what can be read."""
        return {field.code: self._value(field) for field in self.kind.fields if not self._problem(field)}

    def _value(self, field: RecordField) -> Any:
        editor = self.editors[field.code]
        if isinstance(editor, DateEdit):
            parsed = editor.parsed()
            return parsed.value if parsed else None
        if isinstance(editor, ParsedEdit):
            return editor.parsed()
        return editor.value()

    def _problem(self, field: RecordField) -> str:
        editor = self.editors[field.code]
        return editor.problem if isinstance(editor, ParsedEdit) else ""

    def _stored(self, field: RecordField) -> Any:
        if self._row is None:
            return None
        if field.kind in ("text", "long", "organisation", "country"):
            return text_of(self._row, field, self._codes) or None
        return self._row.stored.values.get(field.code)

    def _unstored(self) -> dict[str, Any]:
        """Return what differs from what is stored; an unreadable value as ``None``."""
        return {
            field.code: None if self._problem(field) else self._value(field)
            for field in self.kind.fields
            if self._problem(field) or self._value(field) != self._stored(field)
        }

    def is_changed(self) -> bool:
        """Tell whether something typed is not stored."""
        return self._row is not None and bool(self._unstored())

    def commit(self) -> None:
        """Wish everything readable that differs to be stored."""
        self._tell_unreadable()
        if self._row is None:
            return
        changed = {code: value for code, value in self._unstored().items() if not self._problem(self.kind.field(code))}
        if changed:
            self.edit_wanted.emit(self._row.id, changed)

    def tell(self, problems: Mapping[str, str]) -> None:
        """Say under the fields what is wrong; what is typed stays."""
        for code, row in self.rows.items():
            row.set_problem(problems.get(code) or self._problem(self.kind.field(code)) or None)

    def _tell_unreadable(self) -> None:
        for field in self.kind.fields:
            problem = self._problem(field)
            if problem:
                self.rows[field.code].set_problem(problem)

    def focus_first(self) -> None:
        """Begin with the first field."""
        self.editors[self.kind.fields[0].code].setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Store a text when it is left; Enter goes to the next field; a field with the focus is scrolled to."""
        if isinstance(watched, QWidget) and event.type() == QEvent.Type.FocusIn:
            self.ensureWidgetVisible(watched, 0, Space.PAGE)
        if isinstance(watched, TextArea) and event.type() == QEvent.Type.FocusOut:
            self.commit()
        if _is_enter(event) and isinstance(watched, QLineEdit) and not _completes(watched):
            self.focusNextChild()
            return True
        return super().eventFilter(watched, event)


def _is_enter(event: QEvent) -> bool:
    if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
        return False
    return event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def _completes(field: QLineEdit) -> bool:
    completer = field.completer()
    return completer is not None and completer.popup().isVisible()
