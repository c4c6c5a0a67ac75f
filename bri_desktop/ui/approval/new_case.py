"""A new approval: of which project or tie, by which procedure, from which day."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from bri_desktop import labels
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.dates import PartialDate, parse_date
from bri_desktop.domain.errors import UserError
from bri_desktop.i18n import tr
from bri_desktop.services.approval_procedures import procedures
from bri_desktop.services.approvals import TOUCHED, open_case
from bri_desktop.services.record_owners import suggest_owners
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.chip_fields import PlaceEdit
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.date_edit import DateEdit
from bri_desktop.ui.shared.fields import LabeledField
from bri_desktop.ui.shared.panels import SidePanel
from bri_desktop.ui.shared.record_words import explain_value, label_of, problem_sentences, problems_in
from bri_desktop.ui.shared.tokens import Space


class OwnerEdit(PlaceEdit):
    """One project or tie, found while its name is typed."""

    def __init__(self, context: WindowContext) -> None:
        self._context = context
        self._found: Sequence[tuple[str, str, str]] = ()
        self._for = ""
        super().__init__(self._complete, tr("Title, code or the two cities"), most=1)

    def _complete(self, text: str) -> Sequence[tuple[str, str, str]]:
        if text != self._for:
            self._context.runner.read(
                lambda session: (text, suggest_owners(session, text)), done=self._on_found, initiator=self,
                replaces=(id(self), "owners"),
            )  # fmt: skip
        return self._found

    def _on_found(self, found: tuple[str, list[tuple[str, str, str]]]) -> None:
        self._for, self._found = found
        if self.unresolved() == self._for:
            self._on_typed()


class NewCasePanel(SidePanel):
    """Begins an approval; ``opened`` gives the id of the case."""

    opened = Signal(int)

    def __init__(self, context: WindowContext) -> None:
        super().__init__(tr("New approval"))
        self._context = context
        self.owner = OwnerEdit(context)
        self.procedure = QComboBox()
        self.date = DateEdit(parse_date, explain_value)
        self.rows = {
            "owner": LabeledField(tr("Approval of"), self.owner, required=True),
            "procedure": LabeledField(label_of("approval", "procedure"), self.procedure),
            "opened": LabeledField(label_of("approval", "opened"), self.date),
        }
        self.problem = buttons.label("", "problem", wrap=True)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(Space.PAGE, Space.SECTION, Space.PAGE, Space.PAGE)
        column.setSpacing(Space.BETWEEN)
        for row in self.rows.values():
            column.addWidget(row)
        column.addWidget(self.problem)
        column.addStretch(1)
        self.body.addWidget(content, 1)
        self.begin_button = buttons.button(tr("Begin approval"), self.begin, kind=buttons.PRIMARY)
        self.bar.add_stretch()
        self.bar.add(self.begin_button)

    def start(self) -> None:
        """Begin with empty fields and the procedures of now."""
        self.owner.set_picked([])
        self.date.set_parsed(PartialDate(date.today().isoformat()))
        self._tell({})
        self._context.runner.read(procedures, done=self._take, initiator=self)
        self.owner.setFocus()

    def _take(self, several: Any) -> None:
        chosen = self.procedure.currentText()
        self.procedure.clear()
        self.procedure.addItems([one.name for one in several])
        self.procedure.setCurrentIndex(max(self.procedure.findText(chosen), 0))

    def begin(self) -> None:
        """Store the case, or say under the fields what is wrong."""
        keys, parsed = self.owner.keys(), self.date.parsed()
        if not keys:
            self._tell({"owner": labels.sentence("required")})
            return
        if self.date.problem:
            self._tell({"opened": self.date.problem})
            return
        name, opened = self.procedure.currentText() or None, parsed.value if parsed else None

        def store(session: Any) -> _Opened:
            return _Opened(open_case(session, keys[0], procedure=name, opened=opened).id)

        self._context.runner.write(
            store, done=lambda done: self.opened.emit(done.id), failed=self._on_refused, initiator=self
        )

    def _on_refused(self, error: UserError) -> None:
        sentences = problem_sentences(problems_in(error))
        self._tell(sentences)
        if not sentences:
            self.problem.setText(labels.error_sentence(error))

    def _tell(self, sentences: dict[str, str]) -> None:
        self.problem.setText("")
        for code, row in self.rows.items():
            row.set_problem(sentences.get(code))


class _Opened:
    """The case that was begun, as a write returns it."""

    changes = Changes(TOUCHED)

    def __init__(self, number: int) -> None:
        self.id = number
