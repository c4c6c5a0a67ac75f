"""The page of approvals: a board by step and a table of the same cases, and at the right the case in hand."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QPushButton, QSplitter, QStackedWidget, QWidget

from bri_desktop import labels
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import UserError
from bri_desktop.domain.vocabulary import PAIR_KEY
from bri_desktop.i18n import tr
from bri_desktop.services.approval_procedures import Procedure, procedures
from bri_desktop.services.approvals import Case, list_cases
from bri_desktop.ui.approval.board import Board, lanes_of
from bri_desktop.ui.approval.new_case import NewCasePanel
from bri_desktop.ui.approval.procedures import ProcedurePanel
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.approval_case import CaseView
from bri_desktop.ui.shared.approval_words import age_cell, days_text, state_cell, state_text
from bri_desktop.ui.shared.cells import ABSENT, Named
from bri_desktop.ui.shared.choice_button import ChoiceButton
from bri_desktop.ui.shared.context import RecordSet, WindowContext
from bri_desktop.ui.shared.model import Column, WindowedModel
from bri_desktop.ui.shared.page import Page
from bri_desktop.ui.shared.panels import Door, EmptyState, SidePanel
from bri_desktop.ui.shared.table import LedgerTable
from bri_desktop.ui.shared.tokens import Size

BOARD, TABLE = "board", "table"
KINDS = frozenset({"approval", "project", "pair", "history"})


class ApprovalPage(Page):
    """Shows every approval that is under way or closed."""

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(tr("Approvals"), parent=parent)
        self._context = context
        self._is_stale = True
        self._cases: dict[int, Case] = {}
        self._procedures: list[Procedure] = []
        self._wanted: int | None = None
        self.board = Board()
        self._make_table()
        self._make_panels()
        self._make_body()
        self._make_head()
        self._connect()

    # -- making ------------------------------------------------------------------------------------------------

    def _make_table(self) -> None:
        def column(key: str, cell: Any, width: int, **more: Any) -> Column[Case]:
            return Column(key, labels.field_label(f"approval.{key}"), cell, width, **more)

        columns: list[Column[Case]] = [
            column("title", lambda case: Named(case.title, case.key), 260, stretch=True),
            column("step", lambda case: case.step_name or ABSENT, 120),
            Column("state", tr("Where it stands"), state_cell, 104),
            column("age", age_cell, 108, is_right=True),
            Column("returned", tr("Times sent back"), _returned, 72, is_right=True),
            column("opened", lambda case: case.opened or ABSENT, 96, is_right=True, priority=1),
            column("closed", lambda case: case.closed or ABSENT, 96, is_right=True, priority=2),
            Column(
                "total", tr("Days in all"), lambda case: days_text(case.age, is_working=case.is_working), 108,
                is_right=True, priority=3,
            ),
            column("procedure", lambda case: case.procedure, 120, priority=4),
        ]  # fmt: skip
        self.model: WindowedModel[Case] = WindowedModel(columns, self._fetch, self)
        self.table: LedgerTable[Case] = LedgerTable(tr("Approvals"), self.model)
        self.table.remember_in(self._context.settings, "approvals")

    def _fetch(self, ids: Sequence[Any], arrived: Any) -> None:
        arrived({key: self._cases[key] for key in ids if key in self._cases})

    def _make_panels(self) -> None:
        self.view = CaseView(self._context, with_owner=True)
        self.case_panel = SidePanel("")
        self.case_panel.body.addWidget(self.view, 1)
        self.case_panel.bar.hide()
        self.procedure_panel = ProcedurePanel(self._context)
        self.new_panel = NewCasePanel(self._context)
        self.side = QStackedWidget()
        for panel in (self.case_panel, self.procedure_panel, self.new_panel):
            self.side.addWidget(panel)
            panel.closed.connect(self.close_panel)
        self.side.hide()

    def _make_body(self) -> None:
        self.empty = EmptyState(
            tr("No approval was begun yet. Ties and projects go through the steps of a procedure here."),
            [Door(tr("New approval"), "plus", tr("Of a project or a tie"), self.new_case)],
        )
        self.left = QStackedWidget()
        for widget in (self.board, self.table, self.empty):
            self.left.addWidget(widget)
        self.parts = QSplitter(Qt.Orientation.Horizontal)
        self.parts.setHandleWidth(Size.LINE)
        self.parts.setChildrenCollapsible(False)
        self.parts.addWidget(self.left)
        self.parts.addWidget(self.side)
        self.parts.setStretchFactor(0, 1)
        self.body.addWidget(self.parts, 1)

    def _make_head(self) -> None:
        self.procedure = ChoiceButton(tr("Procedure"))
        self.procedure.chosen.connect(lambda _code: self._show_cases())
        self.add_beside_title(self.procedure)
        self.views = QButtonGroup(self)
        self.view_buttons: dict[str, QPushButton] = {}
        for code, text in ((BOARD, tr("Board")), (TABLE, tr("As a table"))):
            button = buttons.button(text, partial(self.show_view, code), kind=buttons.SMALL)
            button.setCheckable(True)
            self.views.addButton(button)
            self.view_buttons[code] = button
            self.add_beside_title(button)
        self.view_buttons[BOARD].setChecked(True)
        self.undo_button = buttons.button(tr("Undo"), lambda: self._context.undo(), icon="undo-2")
        self.steps_button = buttons.button(tr("Edit procedures"), self.edit_procedures, icon="settings")
        self.new_button = buttons.button(tr("New approval"), self.new_case, icon="plus", kind=buttons.PRIMARY)
        for button in (self.undo_button, self.steps_button, self.new_button):
            self.add_action(button)

    def _connect(self) -> None:
        self.board.chosen.connect(self.open_case)
        self.board.entered.connect(self._on_opened)
        self.table.opened.connect(self._on_opened)
        self.table.selection_changed.connect(self._on_selected)
        self.table.sort_changed.connect(lambda _order: self._show_cases())
        self.view.said.connect(self.status_changed)
        self.view.owner_opened.connect(self._open_owner)
        self.procedure_panel.said.connect(self.status_changed)
        self.new_panel.opened.connect(self._on_begun)
        undo = QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), self)
        undo.activated.connect(lambda: self._context.undo())
        new = QShortcut(QKeySequence(QKeySequence.StandardKey.New), self)
        new.activated.connect(self.new_case)

    # -- what the window asks ----------------------------------------------------------------------------------

    def activate(self) -> None:
        """Read what is out of date."""
        if self._is_stale:
            self.reload()

    def on_changed(self, changes: Changes, initiator: object) -> None:
        """Read again what was written."""
        if changes.kinds & KINDS:
            self._is_stale = True
            if self.isVisible():
                self.reload()

    def reload(self) -> None:
        """Read the cases and procedures."""
        self._is_stale = False

        def read(session: Any) -> tuple[list[Procedure], list[Case]]:
            return procedures(session), list_cases(session)

        self._context.runner.read(
            read, done=self._show, failed=self._say, initiator=self, replaces=(id(self), "approvals")
        )

    def _say(self, error: UserError) -> None:
        self.status_changed.emit(labels.error_sentence(error))

    # -- showing -----------------------------------------------------------------------------------------------

    def _show(self, found: tuple[list[Procedure], list[Case]]) -> None:
        self._procedures, cases = found
        self._cases = {case.id: case for case in cases}
        names = [one.name for one in self._procedures]
        names += [name for name in dict.fromkeys(case.procedure for case in cases) if name not in names]
        chosen = self.procedure.code()
        self.procedure.set_choices([(name, name) for name in names], chosen if chosen in names else names[0])
        self.procedure.setVisible(len(names) > 1)
        waiting = [case for case in cases if case.closed is None]
        self.count_changed.emit(len(waiting))
        self.set_subtitle(tr("{count} under way", count=len(waiting)) if cases else "")
        self._show_cases()

    def shown(self) -> list[Case]:
        """Return the cases of the chosen procedure, in the order of the table."""
        cases = [case for case in self._cases.values() if case.procedure == self.procedure.code()]
        for key, ascending in reversed(self.table.sort_order()):
            cases.sort(key=lambda case: (_sort_value(case, key) is None, _sort_value(case, key)), reverse=not ascending)
        return cases

    def _show_cases(self) -> None:
        cases = self.shown()
        known = next((one for one in self._procedures if one.name == self.procedure.code()), None)
        current = self.view.case.id if self.view.case and not self.side.isHidden() else None
        self.board.show_lanes(lanes_of(known or Procedure(0, self.procedure.code(), (), 0), cases), current)
        self.table.show_ids([case.id for case in cases], {case.id: case for case in cases})
        is_board = self.view_buttons[BOARD].isChecked()
        self.left.setCurrentWidget(self.board if is_board else self.table)
        if not self._cases:
            self.left.setCurrentWidget(self.empty)
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            self.open_case(wanted)
        elif current is not None and current in self._cases:
            self.view.show_case(self._cases[current])
        elif current is not None:
            self.close_panel()

    def show_view(self, code: str) -> None:
        """Show the board or the table."""
        self.view_buttons[code].setChecked(True)
        self._show_cases()

    def open_case(self, number: int) -> None:
        """Show one case at the right; one that is not read yet is shown when it comes."""
        case = self._cases.get(number)
        if case is None:
            self._wanted = number
            self.reload()
            return
        if case.procedure != self.procedure.code():
            self.procedure.choose(case.procedure)
        self.case_panel.set_title(case.title)
        self.view.show_case(case)
        self._show_panel(self.case_panel)
        self.board.select(number)

    def _show_panel(self, panel: QWidget) -> None:
        self.side.setCurrentWidget(panel)
        if self.side.isHidden():
            self.side.show()
            self.parts.setSizes([max(self.width() - Size.RECORD_PANEL, 1), Size.RECORD_PANEL])

    def close_panel(self) -> None:
        """Close what is at the right."""
        self.side.hide()
        self.left.currentWidget().setFocus()

    def edit_procedures(self) -> None:
        """Show the step lists."""
        self._show_panel(self.procedure_panel)
        self.procedure_panel.read()

    def new_case(self) -> None:
        """Begin an approval."""
        self._show_panel(self.new_panel)
        self.new_panel.start()

    def _on_begun(self, number: int) -> None:
        self.view.takes_focus = True
        self._wanted = number
        self.status_changed.emit(tr("Approval begun. Ctrl+Z takes it back."))
        self.reload()

    def _on_opened(self, number: object) -> None:
        if isinstance(number, int):
            self.open_case(number)
            self.view.go_on()

    def _on_selected(self) -> None:
        number = self.table.current_id()
        if self.left.currentWidget() is self.table and number is not None and not self.side.isHidden():
            self.open_case(number)

    def _open_owner(self, key: str) -> None:
        if key.startswith(PAIR_KEY):
            from bri_desktop.services.cities import pair_project_ids

            number, title = int(key[1:]), self.case_panel.title_label.text()
            self._context.runner.read(
                pair_project_ids, number, initiator=self,
                done=lambda ids: self._context.open_records(RecordSet(title, ids)),
            )  # fmt: skip
        else:
            self._context.open_record(key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close the panel with Esc."""
        if event.key() == Qt.Key.Key_Escape and not self.side.isHidden():
            self.close_panel()
        else:
            super().keyPressEvent(event)


def _sort_value(case: Case, key: str) -> Any:
    values = {
        "title": case.title,
        "step": case.standing.step if case.standing.step is not None else len(case.steps),
        "state": state_text(case),
        "age": case.age_of_step,
        "returned": case.standing.returned,
        "total": case.age,
        "procedure": case.procedure,
    }
    return values.get(key, getattr(case, key, None))


def _returned(case: Case) -> str:
    return str(case.standing.returned) if case.standing.returned else ABSENT
