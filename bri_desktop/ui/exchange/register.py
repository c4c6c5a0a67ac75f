"""发放与回收: the workbooks sent to departments, what came back, and what is still out."""

import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from bri_desktop import labels
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import UserError
from bri_desktop.i18n import tr
from bri_desktop.services.issue_acts import addressees, remind_in
from bri_desktop.services.issue_register import (
    CLOSED,
    OUT,
    OVERDUE,
    RETURNED,
    SOON,
    Register,
    RegisterEntry,
    close_issue,
    read_register,
    reopen_issue,
)
from bri_desktop.services.issuing import (
    NUMBER_TAKEN,
    Issued,
    Order,
    PreparedIssue,
    free_name,
    prepare_apart,
    register_issue,
)
from bri_desktop.ui import dialogs
from bri_desktop.ui.exchange.issue_panel import IssuePanel, file_name
from bri_desktop.ui.exchange.lists import ListColumn, ListTable
from bri_desktop.ui.exchange.register_words import (
    ALL,
    department_cell,
    due_cell,
    due_width,
    failed_sentence,
    issued_sentence,
    merged_cell,
    returned_cell,
    returned_width,
    state_cell,
    state_width,
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
ROWS_COLUMN, MERGED_COLUMN = 5, 7
"""The columns that give way while the panel is open."""
FOLDER_LINK = "folder"
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
        self._order: Order | None = None
        self._prepared: PreparedIssue | None = None
        self._folder = context.path.parent
        self._failed: list[tuple[str, str]] = []
        self._job: Job | None = None
        self.table = _table()
        self.table.selection_changed.connect(self._say_buttons)
        self.table.doubleClicked.connect(lambda _index: self._on_resume())
        self.states = VerdictBar()
        self.states.chosen.connect(lambda _code: self._show_rows())
        self.note = Note("", "info")
        self.note.link_clicked.connect(self._on_link)
        self.error = Note("", "error")
        self.empty = EmptyState(
            tr("No workbook was issued yet."),
            [Door(tr("Issue workbooks"), "upload", tr("A table for each department, to fill in"), self.start)],
        )
        self.panel = IssuePanel(context, today=self._today)
        self.panel.wanted.connect(self._on_wanted)
        self.panel.closed.connect(lambda: self._show_panel(shown=False))
        self.progress = ProgressBand()
        self.progress.cancelled.connect(self._on_cancel)
        self.issue_button = buttons.button(tr("Issue…"), self.start, icon="upload", kind=buttons.PRIMARY)
        self.remind_button = buttons.button(tr("Reminder list"), self.write_reminders, icon="file-text")
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
        is_out = register.count(OVERDUE, SOON, OUT) > 0
        self.remind_button.setEnabled(is_out)
        said = tr("Writes whom to remind as Word and Excel into the folder of the issued workbooks")
        self.remind_button.setToolTip(said if is_out else tr("Every workbook has come back."))
        self._show_rows()
        self.count_changed.emit(register.count(OVERDUE, SOON, RETURNED))

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
        self.merge_button.setText(
            tr("Go on with what came back") if entry and _waits(entry) else tr("Merge a file that came back…")
        )
        for button in (self.merge_button, self.again_button, self.close_button):
            button.setEnabled(entry is not None)

    def _on_resume(self) -> None:
        """Open the file that waits to be merged; what is merged already is left alone."""
        for entry in self.table.selected():
            if _waits(entry):
                self.hand_over_wanted.emit("merging", Path(entry.returned_file or ""))

    def _on_merge(self) -> None:
        for entry in self.table.selected():
            if _waits(entry):
                self._on_resume()
                return
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
        self._show_panel(shown=True)
        self.panel.departments.setFocus()

    def _show_panel(self, *, shown: bool) -> None:
        self.panel.setVisible(shown)
        for column in (ROWS_COLUMN, MERGED_COLUMN):
            self.table.setColumnHidden(column, shown)

    def _on_again(self) -> None:
        for entry in self.table.selected():
            self.panel.start(entry)
            self._show_panel(shown=True)
            self.panel.due.setFocus()

    def _on_wanted(self, orders: list[Order]) -> None:
        if self._job is None:
            self._waiting, self._made, self._failed = list(orders), [], []
            self._folder = self.panel.target_folder()
            self._say("", None)
            self._next()

    def _next(self) -> None:
        """Issue the next of the orders; each is a transaction and a file of its own."""
        if not self._waiting:
            self._finish()
            return
        self._order = order = self._waiting.pop(0)
        path = free_name(self._folder / file_name(order.department, self._today))
        self._job = job = Job(self)
        job.progressed.connect(self.progress.report)
        self.progress.start(tr("Issuing to {department}", department=order.department))
        self.panel.setEnabled(False)
        self._context.runner.compute(
            partial(
                prepare_apart,
                self._context.database,
                order,
                path,
                replaces=self.panel.replaces or None,
                progress=job.report,
                cancelled=job.is_cancelled,
            ),
            done=self._on_prepared,
            failed=self._on_not_issued,
            initiator=self,
            job=job,
        )

    def _on_prepared(self, prepared: PreparedIssue) -> None:
        """Register what was written; only this keeps other writes waiting."""
        self._prepared = prepared
        self._context.runner.write(
            register_issue, prepared, done=self._on_issued, failed=self._on_not_registered, initiator=self
        )

    def _on_issued(self, made: Issued) -> None:
        self._let_go(is_registered=True)
        self._made.append(made)
        self._next()

    def _on_not_registered(self, error: UserError) -> None:
        """Take the file away again; where its number was taken meanwhile it is written once more."""
        self._let_go(is_registered=False)
        if error.code == NUMBER_TAKEN and self._order is not None:
            self._waiting.insert(0, self._order)
            self._next()
        else:
            self._on_not_issued(error)

    def _let_go(self, *, is_registered: bool) -> None:
        if self._prepared is not None:
            self._prepared.end(is_registered=is_registered)
        self._prepared = None

    def _on_not_issued(self, error: UserError) -> None:
        """Keep what went wrong and go on with the next department; after a cancel nothing is left to go on with."""
        department = self._order.department if self._order else ""
        self._failed.append((department, labels.sentence(error.code, error.values)))
        self._next()

    def _finish(self) -> None:
        self._job = None
        self.progress.finish()
        self.panel.setEnabled(True)
        if self._made and not self._failed:
            self._show_panel(shown=False)
        self._say(issued_sentence(self._made) if self._made else "", failed_sentence(self._failed))
        self.activate()

    def _on_cancel(self) -> None:
        cancelled = labels.sentence("cancelled")
        self._failed += [(order.department, cancelled) for order in self._waiting]
        self._waiting.clear()
        if self._job is not None:
            self._job.cancel()

    # -- reminders and files ---------------------------------------------------------------------------------------

    def write_reminders(self) -> None:
        """Write the list of whom to remind as Word and Excel beside the issued workbooks, and offer to open it."""
        name = tr("Reminder list {day}", day=self._today.isoformat())
        work = partial(remind_in, folder=self.panel.target_folder(), name=name, today=self._today)
        self._context.runner.read(work, done=self._on_reminded, failed=self._fail, initiator=self)

    def _on_reminded(self, written: tuple[int, tuple[Path, ...]]) -> None:
        count, paths = written
        names = tr(", ").join(path.name for path in paths)
        self._say(tr("{files}: {count} workbooks that are out.", files=names, count=count), None)
        words = {".docx": tr("Open the Word document"), ".xlsx": tr("Open the Excel table")}
        self.note.set_links([(str(path), words[path.suffix]) for path in paths])

    def _on_link(self, code: str) -> None:
        if code == FOLDER_LINK:
            self.open_folder()
        else:
            QDesktopServices.openUrl(QUrl.fromLocalFile(code))

    def open_folder(self) -> None:
        """Show the folder of the issued workbooks in the file manager."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.panel.target_folder())))

    def _say(self, text: str, error: str | None) -> None:
        self.note.set_text(text)
        self.note.set_links([(FOLDER_LINK, tr("Open folder"))] if text else [])
        self.note.setVisible(bool(text))
        self.error.set_text(error or "")
        self.error.setVisible(bool(error))
        self._notes.setVisible(bool(text or error))

    def _fail(self, error: UserError) -> None:
        self._say("", labels.error_sentence(error))


def _waits(entry: RegisterEntry) -> bool:
    return entry.state == RETURNED and entry.returned_file is not None


def _table() -> ListTable[RegisterEntry]:
    columns = [
        ListColumn[RegisterEntry](tr("Issue number"), lambda one: one.number, 80),
        ListColumn[RegisterEntry](tr("Department"), department_cell, 160, stretch=True),
        ListColumn[RegisterEntry](tr("Issued on"), lambda one: local_time(one.issued_at)[:10], 92),
        ListColumn[RegisterEntry](tr("Due on"), lambda one: one.due or ABSENT, 92, is_right=True),
        ListColumn[RegisterEntry](tr("Time left"), due_cell, due_width(), is_right=True),
        ListColumn[RegisterEntry](tr("Rows sent"), lambda one: f"{one.rows:,}", 64, is_right=True),
        ListColumn[RegisterEntry](tr("Returned"), returned_cell, returned_width()),
        ListColumn[RegisterEntry](tr("Merged"), merged_cell, 92),
        ListColumn[RegisterEntry](tr("Status"), state_cell, state_width()),
    ]
    made = ListTable(tr("Issued workbooks"), columns)
    made.setTextElideMode(Qt.TextElideMode.ElideRight)
    return made
