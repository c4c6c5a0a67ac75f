"""The procedures as lists of steps: renamed, moved, added, made optional; running cases keep the steps they have."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from bri_desktop import labels
from bri_desktop.domain.errors import UserError
from bri_desktop.i18n import tr
from bri_desktop.services.approval_procedures import Procedure, delete_procedure, procedures, save_procedure
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.fields import LabeledField, LineEdit
from bri_desktop.ui.shared.panels import SidePanel
from bri_desktop.ui.shared.record_words import label_of, problem_sentences, problems_in
from bri_desktop.ui.shared.tokens import Space


class StepRow(QWidget):
    """One step: its name, whether it may be skipped, and the acts on its place."""

    changed = Signal()
    moved = Signal(int)
    removed = Signal()

    def __init__(self, name: str, optional: bool) -> None:
        super().__init__()
        self.name = LineEdit(tr("Name of the step"))
        self.name.setAccessibleName(tr("Name of the step"))
        self.name.set_value(name)
        self.optional = QCheckBox(tr("optional"))
        self.optional.setChecked(optional)
        up = buttons.icon_button("arrow-up", tr("Move up"), lambda: self.moved.emit(-1))
        down = buttons.icon_button("arrow-down", tr("Move down"), lambda: self.moved.emit(1))
        remove = buttons.icon_button("x", tr("Remove step"), self.removed.emit)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.INSIDE)
        row.addWidget(self.name, 1)
        for widget in (self.optional, up, down, remove):
            row.addWidget(widget)
        self.name.value_changed.connect(self.changed)
        self.optional.toggled.connect(lambda _on: self.changed.emit())


class ProcedurePanel(SidePanel):
    """Edits one procedure after the other."""

    said = Signal(str)

    def __init__(self, context: WindowContext) -> None:
        super().__init__(tr("Approval procedures"))
        self._context = context
        self._several: list[Procedure] = []
        self._current: Procedure | None = None
        self.chooser = QComboBox()
        self.chooser.setAccessibleName(labels.field_label("approval.procedure"))
        self.chooser.activated.connect(self._on_chosen)
        self.name = LineEdit()
        self.name_row = LabeledField(label_of("approval_procedure", "name"), self.name, required=True)
        self.problem = buttons.label("", "problem", wrap=True)
        self.hint = buttons.label("", "hint", wrap=True)
        self.rows: list[StepRow] = []
        self._steps = QVBoxLayout()
        self._steps.setSpacing(Space.INSIDE)
        self.add_button = buttons.button(tr("Add step"), lambda: self.add_step(), icon="plus", kind=buttons.LINK)
        self._lay_out()
        self.delete_button = buttons.button(tr("Delete"), self.delete, kind=buttons.LINK)
        self.save_button = buttons.button(tr("Save"), self.save, kind=buttons.PRIMARY)
        self.bar.add(self.delete_button)
        self.bar.add_stretch()
        self.bar.add(buttons.button(tr("New procedure"), self.new))
        self.bar.add(self.save_button)
        self.name.value_changed.connect(self._show_state)

    def _lay_out(self) -> None:
        content = QWidget()
        content.setProperty("kind", "surface")
        column = QVBoxLayout(content)
        column.setContentsMargins(Space.PAGE, Space.SECTION, Space.PAGE, Space.PAGE)
        column.setSpacing(Space.BETWEEN)
        for widget in (self.chooser, self.name_row, self.hint):
            column.addWidget(widget)
        column.addLayout(self._steps)
        column.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.problem)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(content)
        self.body.addWidget(area, 1)

    def read(self) -> None:
        """Read the procedures again."""
        self._context.runner.read(procedures, done=self._show, initiator=self, replaces=(id(self), "procedures"))

    def _show(self, several: list[Procedure]) -> None:
        self._several = several
        name = self._current.name if self._current else None
        self.chooser.clear()
        self.chooser.addItems([one.name for one in several])
        place = next((at for at, one in enumerate(several) if one.name == name), 0)
        self.chooser.setCurrentIndex(place)
        self.chooser.setVisible(len(several) > 1)
        self.show_procedure(several[place])

    def _on_chosen(self, place: int) -> None:
        self.show_procedure(self._several[place])

    def show_procedure(self, procedure: Procedure) -> None:
        """Show one procedure."""
        self._current = procedure
        self.name.set_value(procedure.name)
        self._show_steps(procedure.steps)
        self.hint.setText(tr("{count} cases; those running keep their steps.", count=procedure.cases))
        self.hint.setVisible(bool(procedure.cases))
        self.delete_button.setVisible(bool(procedure.id) and len(self._several) > 1)
        self._tell({})
        self._show_state()

    def new(self) -> None:
        """Begin a procedure of two steps."""
        self.show_procedure(Procedure(0, "", (("", False), ("", False)), 0))
        self.name.setFocus()

    def _show_steps(self, steps: Sequence[tuple[str, bool]]) -> None:
        while self.rows:
            self._drop(self.rows[0])
        for name, optional in steps:
            self.add_step(name, optional=optional, focus=False)

    def add_step(self, name: str = "", *, optional: bool = False, focus: bool = True) -> None:
        """Add a step at the end."""
        row = StepRow(name, optional)
        row.changed.connect(self._show_state)
        row.moved.connect(lambda by, row=row: self._move(row, by))
        row.removed.connect(lambda row=row: self._remove(row))
        self.rows.append(row)
        self._steps.addWidget(row)
        if focus:
            row.name.setFocus()
            self._show_state()

    def _move(self, row: StepRow, by: int) -> None:
        place = self.rows.index(row)
        target = min(max(place + by, 0), len(self.rows) - 1)
        self.rows.insert(target, self.rows.pop(place))
        self._steps.removeWidget(row)
        self._steps.insertWidget(target, row)
        self._show_state()

    def _remove(self, row: StepRow) -> None:
        self._drop(row)
        self._show_state()

    def _drop(self, row: StepRow) -> None:
        self.rows.remove(row)
        self._steps.removeWidget(row)
        row.hide()
        row.deleteLater()

    def steps(self) -> list[tuple[str, bool]]:
        """Return the steps as they are written."""
        return [(row.name.value() or "", row.optional.isChecked()) for row in self.rows]

    def is_changed(self) -> bool:
        """Tell whether something is not stored."""
        current = self._current
        return current is not None and (self.name.value() or "", tuple(self.steps())) != (current.name, current.steps)

    def _show_state(self) -> None:
        self.save_button.setEnabled(self.is_changed())

    def save(self) -> None:
        """Store the procedure; what is wrong is said below."""
        current = self._current
        if current is None:
            return
        name, steps = self.name.value() or "", self.steps()
        self._context.runner.write(
            lambda session: save_procedure(session, current.id, name, steps, seen_version=current.version),
            done=lambda _changes: self._on_saved(name), failed=self._on_refused, initiator=self,
        )  # fmt: skip

    def _on_saved(self, name: str) -> None:
        self._current = Procedure(0, name, (), 0)
        self.said.emit(tr("Saved."))
        self.read()

    def _on_refused(self, error: UserError) -> None:
        sentences = problem_sentences(problems_in(error))
        self._tell(sentences)
        if not sentences:
            self.problem.setText(labels.error_sentence(error))

    def _tell(self, sentences: dict[str, str]) -> None:
        self.name_row.set_problem(sentences.get("name"))
        self.problem.setText(sentences.get("steps", ""))

    def delete(self) -> None:
        """Put the procedure into the bin; Ctrl+Z takes it back."""
        current = self._current
        if current is not None and current.id:
            text = tr("{count} put into the bin. Ctrl+Z takes it back.", count=1)
            self._context.runner.write(
                delete_procedure, current.id, done=lambda _changes: self._on_deleted(text), failed=self._on_refused,
                initiator=self,
            )  # fmt: skip

    def _on_deleted(self, text: str) -> None:
        self._current = None
        self.said.emit(text)
        self.read()
