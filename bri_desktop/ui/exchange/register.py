"""发放与回收: the workbooks sent to departments, what came back, and what is still out."""

import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from bri_desktop import labels
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import UserError
from bri_desktop.i18n import tr
from bri_desktop.services.issue_acts import addressees, reissue, remind
from bri_desktop.services.issue_register import (
    CLOSED,
    OUT,
    OVERDUE,
    SOON,
    Register,
    RegisterEntry,
    close_issue,
    read_register,
    reopen_issue,
)
from bri_desktop.services.issuing import Issued, Order, free_name, issue
from bri_desktop.ui import dialogs
from bri_desktop.ui.exchange.issue_panel import IssuePanel, file_name
from bri_desktop.ui.exchange.lists import ListColumn, ListTable
from bri_desktop.ui.exchange.register_words import (
    ALL,
    department_cell,
    due_cell,
    returned_cell,
    state_cell,
    terms,
)
from bri_desktop.ui.exchange.rooms import Room
from bri_desktop.ui.exchange.wording import local_time
from bri_desktop.ui.runner import Job
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.cells import ABSENT
from bri_desktop.ui.shared.chips import VerdictBar
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.panels import Band, Door, EmptyState, Note, ProgressBand
from bri_desktop.ui.shared.tokens import Size, Space

KINDS = frozenset({"issued", "returned", "organisation", "view"})
WORD, EXCEL = "docx", "xlsx"
WORKBOOKS = "Excel (*.xlsx *.xlsm *.xls *.et *.ods)"


class RegisterRoom(Room):
    """The register, and at its right the panel that issues."""

    def __init__(
        self, context: WindowContext, parent: QWidget | None = None, *, today: datetime.date | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._today = today or datetime.date.today()
        self._register = Register(())
        self._waiting: list[Order] = []
        self._made: list[Issued] = []
        self._job: Job | None = None
        self.table = _table()
        self.table.selection_changed.connect(self._say_buttons)
        self.states = VerdictBar()
        self.states.chosen.connect(lambda _code: self._show_rows())
        self.note = Note("", "info")
        self.note.link_clicked.connect(lambda _code: self.open_folder())
        self.error = Note("", "error")
        self.empty = EmptyState(
            tr("No workbook was issued yet."),
            [Door(tr("Issue workbooks"), "upload", tr("A table for each department, to fill in"), self.start)],
        )
        self.panel = IssuePanel(context, today=self._today)
        self.panel.wanted.connect(self._on_wanted)
        self.panel.closed.connect(self.panel.hide)
        self.progress = ProgressBand()
        self.progress.cancelled.connect(self._on_cancel)
        self.issue_button = buttons.button(tr("Issue…"), self.start, icon="upload", kind=buttons.PRIMARY)
        self.remind_menu = QMenu()
        self.remind_menu.addAction(tr("As a Word document"), lambda: self.write_reminders(WORD))
        self.remind_menu.addAction(tr("As an Excel table"), lambda: self.write_reminders(EXCEL))
        self.remind_button = buttons.menu_button(tr("Reminder list"), self.remind_menu, icon="file-text")
        self.folder_button = buttons.button(tr("Open folder"), self.open_folder, kind=buttons.SMALL)
        self.merge_button = buttons.button(tr("Merge a file that came back…"), self._on_merge, kind=buttons.SMALL)
        self.again_button = buttons.button(tr("Issue again…"), self._on_again, kind=buttons.SMALL)
        self.close_button = buttons.button("", self._on_close, kind=buttons.SMALL)
        for widget in (self.note, self.error, self.panel):
            widget.hide()
        self._fill()

    def _fill(self) -> None:
        head = Band("surface-band", Size.FILTER_ROW, Space.PAGE)
        head.add(self.states, 1)
        for widget in (self.remind_button, self.issue_button):
            head.add(widget)
        acts = Band("action-bar", Size.ACTION_BAR, Space.PAGE)
        self.selected = buttons.label("", "hint")
        acts.add(self.selected)
        acts.add_stretch()
        for widget in (self.merge_button, self.folder_button, self.again_button, self.close_button):
            acts.add(widget)
        self._notes = QWidget()
        notes = QVBoxLayout(self._notes)
        notes.setContentsMargins(Space.PAGE, Space.BETWEEN, Space.PAGE, Space.BETWEEN)
        notes.addWidget(self.note)
        notes.addWidget(self.error)
        self._notes.hide()
        full = QWidget()
        column = QVBoxLayout(full)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self.table, 1)
        column.addWidget(acts)
        self.stack = QStackedWidget()
        self.stack.addWidget(full)
        self.stack.addWidget(self.empty)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self._notes)
        left.addWidget(self.stack, 1)
        left.addWidget(self.progress)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(left, 1)
        row.addWidget(self.panel)

    # -- the register ----------------------------------------------------------------------------------------------

    def activate(self) -> None:
        """Read the register and what can be issued."""
        read = self._context.runner.read
        read(read_register, self._today, done=self._show, failed=self._fail, initiator=self,
             replaces=(id(self), "register"))  # fmt: skip
        read(addressees, done=self.panel.set_choices, failed=self._fail, initiator=self, replaces=(id(self), "whom"))

    def on_changed(self, changes: Changes, initiator: object) -> None:
        """Read again where workbooks went out or came back."""
        if changes.kinds & KINDS:
            self.activate()

    def may_leave(self) -> bool:
        """Stop issuing; what was written is registered, the rest is not begun."""
        self._on_cancel()
        return True

    def _show(self, register: Register) -> None:
        self._register = register
        whole, parts = terms(register)
        self.states.set_verdicts(whole, parts)
        self.stack.setCurrentIndex(0 if register.entries else 1)
        self.remind_button.setEnabled(register.count(OVERDUE, SOON, OUT) > 0)
        self._show_rows()
        self.count_changed.emit(register.count(OVERDUE, SOON))

    def _show_rows(self) -> None:
        state = self.states.current()
        chosen = {entry.number for entry in self.table.selected()}
        entries = [entry for entry in self._register.entries if state in (None, ALL, entry.state)]
        self.table.show_rows(entries)
        row = next((place for place, entry in enumerate(entries) if entry.number in chosen), 0)
        if entries:
            self.table.selectRow(row)
        self._say_buttons()

    def _say_buttons(self) -> None:
        entry = next(iter(self.table.selected()), None)
        is_closed = entry is not None and entry.state == CLOSED
        self.selected.setText(entry.file_name if entry else "")
        self.close_button.setText(tr("Expect it again") if is_closed else tr("Expect it no longer"))
        for button in (self.merge_button, self.again_button, self.close_button):
            button.setEnabled(entry is not None)

    def _on_merge(self) -> None:
        for entry in self.table.selected():
            title = tr("Choose the file that {department} sent back", department=entry.department)
            path = dialogs.choose_open_file(self, title, WORKBOOKS)
            if path is not None:
                self.hand_over_wanted.emit("merging", path)

    def _on_close(self) -> None:
        for entry in self.table.selected():
            act = reopen_issue if entry.state == CLOSED else close_issue
            self._context.runner.write(act, entry.number, done=lambda _changes: self.activate(), failed=self._fail,
                                       initiator=self)  # fmt: skip

    # -- issuing ---------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Open the panel for a new go."""
        self.panel.start()
        self.panel.show()
        self.panel.departments.setFocus()

    def _on_again(self) -> None:
        for entry in self.table.selected():
            self.panel.start(entry)
            self.panel.show()
            self.panel.due.setFocus()

    def _on_wanted(self, orders: list[Order]) -> None:
        if self._job is None:
            self._waiting, self._made = list(orders), []
            self._say("", None)
            self._next()

    def _next(self) -> None:
        """Issue the next of the orders; each is a transaction and a file of its own."""
        if not self._waiting:
            self._finish()
            return
        order = self._waiting.pop(0)
        path = free_name(self.panel.target_folder() / file_name(order.department, self._today))
        self._job = job = Job(self)
        job.progressed.connect(self.progress.report)
        self.progress.start(tr("Issuing to {department}", department=order.department))
        self.panel.setEnabled(False)
        number = self.panel.replaces
        act = partial(reissue, number=number) if number else issue
        work = partial(act, order=order, path=path, progress=job.report, cancelled=job.is_cancelled)
        self._context.runner.write(work, done=self._on_issued, failed=self._on_not_issued, initiator=self, job=job)

    def _on_issued(self, made: Issued) -> None:
        self._made.append(made)
        self._next()

    def _on_not_issued(self, error: UserError) -> None:
        self._waiting.clear()
        self._finish()
        self._fail(error)

    def _finish(self) -> None:
        self._job = None
        self.progress.finish()
        self.panel.setEnabled(True)
        if self._made:
            self.panel.hide()
            self._say(_issued_sentence(self._made), None)
        self.activate()

    def _on_cancel(self) -> None:
        self._waiting.clear()
        if self._job is not None:
            self._job.cancel()

    # -- reminders and files ---------------------------------------------------------------------------------------

    def write_reminders(self, suffix: str) -> None:
        """Write the list of whom to remind where the user says, and open it."""
        filters = tr("Word document (*.docx)") if suffix == WORD else tr("Excel workbook (*.xlsx)")
        name = tr("Reminder list {day}", day=self._today.isoformat()) + f".{suffix}"
        path = dialogs.choose_save_file(self, tr("Save the reminder list"), filters,
                                        suggestion=self.panel.target_folder() / name)  # fmt: skip
        if path is not None:
            work = partial(remind, path=path.with_suffix(f".{suffix}"), today=self._today)
            self._context.runner.read(work, done=lambda count: self._on_reminded(path.name, count),
                                      failed=self._fail, initiator=self)  # fmt: skip

    def _on_reminded(self, name: str, count: int) -> None:
        self._say(tr("{file} lists {count} workbooks that are out.", file=name, count=count), None)

    def open_folder(self) -> None:
        """Show the folder of the issued workbooks in the file manager."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.panel.target_folder())))

    def _say(self, text: str, error: str | None) -> None:
        self.note.set_text(text)
        self.note.set_links([("folder", tr("Open folder"))] if text else [])
        self.note.setVisible(bool(text))
        self.error.set_text(error or "")
        self.error.setVisible(bool(error))
        self._notes.setVisible(bool(text or error))

    def _fail(self, error: UserError) -> None:
        self._say(_issued_sentence(self._made) if self._made else "", labels.error_sentence(error))


def _issued_sentence(made: list[Issued]) -> str:
    files = tr(", ").join(f"{one.number} {Path(one.file_name).stem}" for one in made[:4])
    more = "…" if len(made) > 4 else ""
    rows = f"{sum(one.rows for one in made):,}"
    return tr("{count} workbooks issued with {rows} rows: {files}", count=len(made), rows=rows, files=files + more)


def _table() -> ListTable[RegisterEntry]:
    columns = [
        ListColumn[RegisterEntry](tr("Issue number"), lambda one: one.number, 84),
        ListColumn[RegisterEntry](tr("Department"), department_cell, 160, stretch=True),
        ListColumn[RegisterEntry](tr("Issued on"), lambda one: local_time(one.issued_at)[:10], 96),
        ListColumn[RegisterEntry](tr("Due on"), lambda one: one.due or ABSENT, 96, is_right=True),
        ListColumn[RegisterEntry](tr("Time left"), due_cell, 112, is_right=True),
        ListColumn[RegisterEntry](tr("Rows sent"), lambda one: f"{one.rows:,}", 72, is_right=True),
        ListColumn[RegisterEntry](tr("Returned"), returned_cell, 104),
        ListColumn[RegisterEntry](tr("Status"), state_cell, 128),
    ]
    made = ListTable(tr("Issued workbooks"), columns)
    made.setTextElideMode(Qt.TextElideMode.ElideRight)
    return made
