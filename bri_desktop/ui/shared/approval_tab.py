"""The approvals of one project or tie: begun by a procedure, then led through its steps."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QStackedWidget, QVBoxLayout, QWidget

from bri_desktop import labels
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import UserError
from bri_desktop.i18n import tr
from bri_desktop.services.approval_procedures import Procedure, procedures
from bri_desktop.services.approvals import TOUCHED, Case, list_cases, open_case
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.approval_case import CaseView
from bri_desktop.ui.shared.approval_words import state_text
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.tokens import Space


class ApprovalTab(QWidget):
    """Shows the approvals of the record whose key :meth:`show_owner` gets."""

    said = Signal(str)
    count_changed = Signal(int)

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._owner = ""
        self._cases: list[Case] = []
        self._wanted: int | None = None
        self.view = CaseView(context, with_owner=False)
        self.view.said.connect(self.said)
        self.chooser = QComboBox()
        self.chooser.setAccessibleName(labels.record_kind_label("approval"))
        self.chooser.activated.connect(lambda place: self.view.show_case(self._cases[place]))
        self.procedure = QComboBox()
        self.procedure.setAccessibleName(labels.field_label("approval.procedure"))
        self.begin_button = buttons.button(tr("Begin approval"), self.begin, icon="stamp", kind=buttons.PRIMARY)
        self.hint = buttons.label(tr("No approval is open for this record."), "hint", wrap=True)
        self.problem = buttons.label("", "problem", wrap=True)
        self.start = QWidget()
        start = QVBoxLayout(self.start)
        start.setContentsMargins(Space.PAGE, Space.SECTION, Space.PAGE, Space.BETWEEN)
        start.setSpacing(Space.BETWEEN)
        for widget in (self.hint, self.procedure, self.begin_button, self.problem):
            start.addWidget(widget)
        self.body = QStackedWidget()
        self.body.addWidget(QWidget())
        self.body.addWidget(self.view)
        top = QVBoxLayout()
        top.setContentsMargins(Space.PAGE, Space.BETWEEN, Space.PAGE, 0)
        top.addWidget(self.chooser)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.start)
        column.addWidget(self.body, 1)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        context.runner.changed.connect(self._on_changed)

    def show_owner(self, key: str) -> None:
        """Show the approvals of a project or tie; ``""`` shows none."""
        if key != self._owner:
            self._owner, self._wanted = key, None
            self._show(([], []))
        self.reload()

    def reload(self) -> None:
        """Read them again."""
        if not self._owner:
            return
        owner = self._owner

        def read(session: Any) -> tuple[list[Case], list[Procedure]]:
            return list_cases(session, owner=owner), procedures(session)

        self._context.runner.read(
            read, done=self._show, failed=lambda _error: self._show(([], [])), initiator=self,
            replaces=(id(self), "cases"),
        )  # fmt: skip

    def _show(self, found: tuple[list[Case], list[Procedure]]) -> None:
        self._cases, several = found
        current = self._wanted or (self.view.case.id if self.view.case else None)
        self._wanted = None
        self.chooser.clear()
        for case in self._cases:
            self.chooser.addItem(f"{case.procedure} {case.opened or ''} {state_text(case)}")
        self.chooser.setVisible(len(self._cases) > 1)
        place = next((place for place, case in enumerate(self._cases) if case.id == current), 0)
        if self._cases:
            self.chooser.setCurrentIndex(place)
            self.view.show_case(self._cases[place])
        self.body.setCurrentIndex(1 if self._cases else 0)
        self.start.setVisible(bool(self._owner) and all(case.closed is not None for case in self._cases))
        chosen = self.procedure.currentText()
        self.procedure.clear()
        self.procedure.addItems([procedure.name for procedure in several])
        self.procedure.setCurrentIndex(max(self.procedure.findText(chosen), 0))
        self.procedure.setVisible(len(several) > 1)
        self.count_changed.emit(len(self._cases))

    def begin(self) -> None:
        """Begin an approval by the chosen procedure."""
        owner, name = self._owner, self.procedure.currentText() or None
        self.problem.setText("")

        def store(session: Any) -> "_Opened":
            return _Opened(open_case(session, owner, procedure=name))

        self._context.runner.write(store, done=self._on_begun, failed=self._on_refused, initiator=self)

    def _on_begun(self, opened: "_Opened") -> None:
        self._wanted = opened.case.id
        self.reload()
        self.said.emit(tr("Approval begun. Ctrl+Z takes it back."))

    def _on_refused(self, error: UserError) -> None:
        self.problem.setText(labels.error_sentence(error))
        self.reload()

    def _on_changed(self, changes: Changes, _initiator: object) -> None:
        if changes.kinds & {"approval"} and self.isVisible():
            self.reload()


class _Opened:
    """A case that was begun, as a write returns it."""

    changes = Changes(TOUCHED)

    def __init__(self, case: Case) -> None:
        self.case = case
