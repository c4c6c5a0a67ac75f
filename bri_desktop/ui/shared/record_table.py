"""One kind of records that hang on a project or tie: a line that adds, a table edited in place, the fields below.

Everything is stored at once, and Ctrl+Z takes it back; what cannot be stored stays as typed with its reason.
"""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QSplitter, QVBoxLayout, QWidget

from bri_desktop import labels
from bri_desktop.domain.codebook import CodeBook
from bri_desktop.domain.errors import UserError, ValueProblemError
from bri_desktop.domain.record_kinds import KINDS, OUTCOME, RecordKind
from bri_desktop.domain.record_written import read_line
from bri_desktop.i18n import tr
from bri_desktop.services.hanging import SavedRecord, add_record, delete_records, edit_record, rows_of
from bri_desktop.services.record_list import RecordRow, read_rows
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.fields import LineEdit
from bri_desktop.ui.shared.record_form import RecordForm
from bri_desktop.ui.shared.record_grid import RecordGrid
from bri_desktop.ui.shared.record_model import RecordModel
from bri_desktop.ui.shared.record_words import (
    empty_hint,
    explain_value,
    line_of,
    problem_sentences,
    problems_in,
    quick_hint,
)
from bri_desktop.ui.shared.tokens import Size, Space

ROWS_SHOWN = 4
"""So many rows stay in view above the fields."""
NEWEST = -1
"""The record that was added last: results get new numbers with every change of their project."""


class QuickLine(QWidget):
    """The line that logs a record with one Enter, and below it what it was understood as."""

    added = Signal(dict)

    def __init__(self, kind: RecordKind, codes: CodeBook) -> None:
        super().__init__()
        self._kind, self._codes = kind, codes
        self.line = LineEdit(quick_hint(kind))
        self.line.setAccessibleName(quick_hint(kind))
        self.line.setMaxLength(20_000)
        self.understood = buttons.label("", "hint", wrap=True)
        self.problem = buttons.label("", "problem", wrap=True)
        self.understood.hide()
        self.problem.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.PAGE, Space.BETWEEN, Space.PAGE, Space.BETWEEN)
        column.setSpacing(Space.INSIDE)
        for widget in (self.line, self.understood, self.problem):
            column.addWidget(widget)
        self.line.value_changed.connect(self._on_typed)
        self.line.returnPressed.connect(self._on_enter)

    def _read(self) -> dict[str, Any] | None:
        try:
            return read_line(self._kind, self.line.text(), self._codes)
        except ValueProblemError as error:
            self.tell(explain_value(error))
            return None

    def _on_typed(self) -> None:
        self.tell("")
        text = self.line.text().strip()
        values = self._quietly() if text else {}
        understood = line_of(self._kind, values, self._codes)
        self.understood.setText(understood[:300])
        self.understood.setVisible(bool(understood))
        _keep_whole(self.understood)

    def _quietly(self) -> dict[str, Any]:
        try:
            return read_line(self._kind, self.line.text(), self._codes)
        except ValueProblemError:
            return {}

    def _on_enter(self) -> None:
        values = self._read() if self.line.text().strip() and not self.line.is_composing else None
        if values:
            self.added.emit(values)

    def tell(self, problem: str) -> None:
        """Say what is wrong with the line, or that nothing is."""
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        _keep_whole(self.problem)
        self.line.setAccessibleDescription(problem)

    def done(self) -> None:
        """Begin the next one."""
        self.line.clear()
        self.understood.hide()
        self.tell("")


def _keep_whole(label: QLabel) -> None:
    """Let a label of several lines not be squeezed by what is below it."""
    height = label.heightForWidth(max(label.width(), Size.RECORD_PANEL - 3 * Space.PAGE)) if label.text() else 0
    label.setMinimumHeight(max(height, 0))


class RecordTable(QWidget):
    """The records of one kind that one project, tie or organisation has."""

    count_changed = Signal(int)
    said = Signal(str)
    """What was done and how it is taken back."""

    def __init__(self, context: WindowContext, kind: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self.kind = context, KINDS[kind]
        self._owner = ""
        self._wanted: int | None = None
        codes = context.codes
        self.model = RecordModel(self.kind, codes, self)
        self.grid = RecordGrid(labels.record_kind_label(kind), self.model, codes)
        self.quick = QuickLine(self.kind, codes)
        self.form = RecordForm(self.kind, codes)
        self.problem = buttons.label("", "problem", wrap=True)
        self.problem.setContentsMargins(Space.PAGE, Space.INSIDE, Space.PAGE, Space.INSIDE)
        self.problem.hide()
        self.empty = buttons.label(empty_hint(self.kind), "hint", wrap=True)
        self.empty.setContentsMargins(Space.PAGE, Space.INSIDE, Space.PAGE, Space.INSIDE)
        self.delete_button = buttons.button(tr("Delete"), self.delete, icon="trash-2", kind=buttons.SMALL_LINK)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        top = QWidget()
        above = QVBoxLayout(top)
        above.setContentsMargins(0, 0, 0, 0)
        above.setSpacing(0)
        for widget in (self.quick, self.empty, self.grid, self.problem):
            above.addWidget(widget, 1 if widget is self.grid else 0)
        above.addStretch(0)
        self.form.column.insertWidget(self.form.column.count() - 1, self.delete_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.parts = QSplitter(Qt.Orientation.Vertical)
        self.parts.setHandleWidth(Size.LINE)
        self.parts.setChildrenCollapsible(False)
        self.parts.addWidget(top)
        self.parts.addWidget(self.form)
        self.parts.setStretchFactor(0, 1)
        self.parts.setStretchFactor(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.parts)

    def _connect(self) -> None:
        self.quick.added.connect(self.add)
        self.model.edit_wanted.connect(self.edit)
        self.form.edit_wanted.connect(self.edit)
        self.grid.delete_wanted.connect(self.delete)
        self.grid.selectionModel().currentChanged.connect(lambda *_change: self._show_current())
        self.model.problem_changed.connect(self._show_problem)
        self._context.runner.changed.connect(self._on_changed)

    # -- reading -----------------------------------------------------------------------------------------------

    @property
    def owner(self) -> str:
        """The key of what the records hang on."""
        return self._owner

    def show_owner(self, key: str) -> None:
        """Show the records of a project, tie or organisation; ``""`` shows none."""
        is_other, self._owner = key != self._owner, key
        if is_other:
            self.form.commit()
            self.quick.done()
            self._show([], keep=False)
        self.reload()

    def show_record(self, _kind: str, number: int) -> None:
        """Make a record current as soon as it is read."""
        self._wanted = number
        self.reload()

    def reload(self) -> None:
        """Read the records again."""
        if not self._owner:
            return
        kind, owner = self.kind.code, self._owner

        def read(session: Any) -> tuple[str, list[RecordRow]]:
            ids = [row.id for row in rows_of(session, kind, owner)]
            return owner, read_rows(session, kind, ids)

        self._context.runner.read(
            read, done=self._on_read, failed=self._on_gone, initiator=self, replaces=(id(self), "rows")
        )

    def _on_read(self, found: tuple[str, list[RecordRow]]) -> None:
        if found[0] == self._owner:
            self._show(found[1])

    def _on_gone(self, _error: UserError) -> None:
        self._show([], keep=False)

    def _show(self, rows: list[RecordRow], *, keep: bool = True) -> None:
        current = self.grid.current_row()
        place = self.grid.currentIndex().row()
        self.model.show_rows(rows, keep=keep)
        wanted = self._wanted if self._wanted is not None else current.id if current else None
        if wanted == NEWEST and rows:
            wanted = max(row.id for row in rows)
        if (wanted is None or not self.grid.select_id(wanted)) and rows:
            self.grid.select_id(rows[min(max(place, 0), len(rows) - 1)].id)
        self._wanted = None
        self.empty.setVisible(not rows)
        self.grid.setVisible(bool(rows))
        self.form.setVisible(bool(rows))
        self.grid.setMinimumHeight(Size.TABLE_HEADER + min(max(len(rows), 2), ROWS_SHOWN) * Size.ROW + 2)
        self.grid.fit()
        self._show_current()
        self.count_changed.emit(len(rows))

    def _show_current(self) -> None:
        self.form.show_row(self.grid.current_row())
        self._show_problem()

    def _show_problem(self) -> None:
        problem = self.model.problem_at(self.grid.currentIndex())
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem) and not self.grid.isHidden())
        _keep_whole(self.problem)

    def _on_changed(self, changes: Any, _initiator: object) -> None:
        if changes.kinds & {self.kind.code, "history"} and self._owner and self.isVisible():
            self.reload()

    def is_changed(self) -> bool:
        """Tell whether something typed is not stored."""
        return self.form.is_changed() or bool(self.quick.line.text().strip())

    # -- writing -----------------------------------------------------------------------------------------------

    def add(self, values: Mapping[str, Any]) -> None:
        """Store a new record."""
        kind, owner = self.kind.code, self._owner

        def store(session: Any) -> SavedRecord:
            return add_record(session, kind, owner or None, values)

        self._context.runner.write(store, done=self._on_added, failed=self._on_not_added, initiator=self)

    def _on_added(self, saved: SavedRecord) -> None:
        self._wanted = saved.id if self.kind is not OUTCOME else NEWEST
        self.quick.done()
        self.reload()
        self.said.emit(tr("Added. Ctrl+Z takes it back."))

    def _on_not_added(self, error: UserError) -> None:
        sentences = problem_sentences(problems_in(error))
        self.quick.tell(next(iter(sentences.values()), "") or labels.error_sentence(error))

    def edit(self, number: int, values: dict[str, Any]) -> None:
        """Store other values of some fields of a record."""
        place = self.model.row_of(number)
        if place < 0:
            return
        kind, version = self.kind.code, self.model.rows()[place].stored.version

        def store(session: Any) -> SavedRecord:
            return edit_record(session, kind, number, values, seen_version=version)

        self._context.runner.write(
            store,
            done=lambda _saved: self._on_edited(number),
            failed=lambda error: self._on_refused(number, values, error),
            initiator=self,
        )

    def _on_edited(self, number: int) -> None:
        self.model.settle(number)
        self.form.tell({})
        self.reload()

    def _on_refused(self, number: int, values: dict[str, Any], error: UserError) -> None:
        sentences = problem_sentences(problems_in(error)) or dict.fromkeys(values, labels.error_sentence(error))
        self.model.tell(number, sentences, values)
        if self.form.shown_id == number:
            self.form.tell(sentences)
        if not problems_in(error):
            self.reload()

    def delete(self) -> None:
        """Put the selected records into the bin; Ctrl+Z takes it back."""
        ids = self.grid.selected_ids()
        if not ids:
            return
        kind = self.kind.code
        text = tr("{count} put into the bin. Ctrl+Z takes it back.", count=len(ids))
        self._context.runner.write(
            lambda session: delete_records(session, kind, ids),
            done=lambda _changes: self._on_deleted(text),
            failed=lambda error: self.said.emit(labels.error_sentence(error)),
            initiator=self,
        )

    def _on_deleted(self, text: str) -> None:
        self.said.emit(text)
        self.reload()
