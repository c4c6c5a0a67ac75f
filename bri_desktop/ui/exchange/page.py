"""数据交换: from a chosen file to records, with nothing written before the preview was seen."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QStackedWidget, QWidget

from bri_desktop import labels
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import UserError
from bri_desktop.i18n import tr
from bri_desktop.services.exchange import ImportOptions, ImportReport
from bri_desktop.services.history import Undone, undo_batch, undo_change
from bri_desktop.services.intake_sheets import SheetPlan
from bri_desktop.services.intake_waiting import dismiss_rows
from bri_desktop.services.intake_wizard import Book, ImportsSoFar, WaitingRow, apply_book, imports_so_far
from bri_desktop.ui import dialogs
from bri_desktop.ui.dialogs import Choice
from bri_desktop.ui.exchange.done import DoneStep
from bri_desktop.ui.exchange.dropping import DropPage
from bri_desktop.ui.exchange.duplicates import DuplicatesRoom
from bri_desktop.ui.exchange.home import AS_LEDGER, MERGE, HomeStep
from bri_desktop.ui.exchange.lease import Lease
from bri_desktop.ui.exchange.mapping_decisions import Decision
from bri_desktop.ui.exchange.mapping_flow import MappingFlow
from bri_desktop.ui.exchange.mapping_values import ValuesStep
from bri_desktop.ui.exchange.merging_room import MergeRoom
from bri_desktop.ui.exchange.opening import OpeningFlow
from bri_desktop.ui.exchange.plan import Plan, make_plan
from bri_desktop.ui.exchange.preview import PreviewStep
from bri_desktop.ui.exchange.profiles_room import ProfilesRoom
from bri_desktop.ui.exchange.profiles_rules import RulesRoom
from bri_desktop.ui.exchange.recognised import RecognisedStep
from bri_desktop.ui.exchange.register import RegisterRoom
from bri_desktop.ui.exchange.rooms import Rooms, RoomSpec, work_area
from bri_desktop.ui.exchange.wording import Names
from bri_desktop.ui.exchange.work import Work
from bri_desktop.ui.runner import Job
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.panels import ProgressBand

KINDS = frozenset({"project", "batch"})
ROOMS: tuple[RoomSpec, ...] = (
    RoomSpec("issuing", lambda: tr("Issue and collect"), RegisterRoom),
    RoomSpec("merging", lambda: tr("Merge what came back"), MergeRoom),
    RoomSpec("duplicates", lambda: tr("Duplicates"), DuplicatesRoom),
    RoomSpec("profiles", lambda: tr("Import profiles"), ProfilesRoom),
    RoomSpec("place-rules", lambda: tr("Place names"), RulesRoom),
)
"""The rooms beside the import, in the order of their tabs; each is one line."""


class ExchangePage(DropPage):
    """The wizard of an import and the list of imports so far; beside it the other rooms."""

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(tr("Data exchange"), parent=parent)
        self._context = context
        self._lease: Lease | None = None
        self._writing = False
        self._open_plan: Plan | None = None
        self._sheets: tuple[SheetPlan, ...] = ()
        self._following: list[str] = []
        self.setAcceptDrops(True)
        self.home = HomeStep()
        self.recognised = RecognisedStep()
        self.values = ValuesStep(context)
        self.preview = PreviewStep()
        self.done = DoneStep()
        self.stack = QStackedWidget()
        for step in (self.home, self.recognised, self.values, self.preview, self.done):
            self.stack.addWidget(step)
        self.progress = ProgressBand()
        self.rooms = Rooms(context, tr("Import ledgers"), work_area(self.stack, self.progress), ROOMS)
        self.body.addWidget(self.rooms, 1)
        waiting = (self.home.drop.choose_button, self.recognised, self.values)
        self._work = Work(self.progress, waiting, self)
        self._flow = MappingFlow(context, self._work, self)
        self._opening = OpeningFlow(context, self._work, self)
        self._connect()

    def _connect(self) -> None:
        context = self._context
        self.rooms.count_changed.connect(self.count_changed)
        self.home.file_wanted.connect(self.choose_file)
        self.home.records_wanted.connect(lambda batch: context.open_filter(f"batch = {batch}"))
        self.home.undo_wanted.connect(lambda past: self.undo_import(past.batch, past.file_name))
        self.home.dismiss_wanted.connect(self._on_dismiss)
        self.home.decide_wanted.connect(self.decide_waiting)
        self.home.issued_answered.connect(self._on_issued_answered)
        self._opening.opened.connect(self._on_opened)
        self._opening.issued.connect(self._on_issued)
        self._opening.failed.connect(self.home.show_error)
        self.home.record_wanted.connect(lambda key: context.open_record(key))
        self.recognised.next_wanted.connect(self._on_columns_confirmed)
        self.recognised.cancel_wanted.connect(self.leave)
        self.recognised.header_wanted.connect(self._on_header)
        self._flow.found.connect(self._on_decisions)
        self._flow.reread.connect(self.recognised.replace_sheet)
        self._flow.failed.connect(lambda error: self.recognised.sentence.setText(labels.error_sentence(error)))
        self.values.next_wanted.connect(self._on_values_decided)
        self.values.back_wanted.connect(lambda: self._show(self.recognised))
        self.values.cancel_wanted.connect(self.leave)
        self.preview.options_changed.connect(self._plan)
        self.preview.back_wanted.connect(lambda: self._show(self.recognised))
        self.preview.cancel_wanted.connect(self.leave)
        self.preview.import_wanted.connect(self.apply)
        self.preview.record_wanted.connect(lambda key: context.open_record(key))
        self.done.records_wanted.connect(lambda batch: context.open_filter(f"batch = {batch}"))
        self.done.undo_wanted.connect(lambda report: self.undo_import(report.batch, "", report.change))
        self.done.back_wanted.connect(self.leave)
        self.done.next_wanted.connect(self._on_next)

    # --- the page in its window -------------------------------------------------------------------------------------

    def activate(self) -> None:
        """Read the imports again, and what the room that is shown needs."""
        self.rooms.activate()
        self._read_imports()

    def on_changed(self, changes: Changes, initiator: object) -> None:
        """Read the imports again where records or imports changed."""
        self.rooms.on_changed(changes, initiator)
        if changes.kinds & KINDS:
            self._read_imports()

    def _read_imports(self) -> None:
        self._context.runner.read(
            imports_so_far, done=self._on_state, failed=self._on_failed, initiator=self, replaces=(id(self), "imports")
        )

    def may_leave(self) -> bool:
        """Ask before a preview with answers is thrown away; then remove the temporary file."""
        if not self._may_drop_work() or not self.rooms.may_leave():
            return False
        if not self._writing:
            self._close_book()
        return True

    def start_import(self, path: str) -> None:
        """Read ``path`` and show what is recognised; an import that was under way is left."""
        if self._begin_anew():
            self._opening.file(path)

    def decide_waiting(self, rows: Sequence[WaitingRow]) -> None:
        """Open the questions of rows kept aside by one import; of a single row those of all its import's."""
        if rows and self._begin_anew():
            self._following = []
            ids = [row.id for row in rows] if len(rows) > 1 else []
            self._opening.waiting(rows[0].batch, ids, rows[0].file_name)

    def _begin_anew(self) -> bool:
        if self._writing or not self._may_drop_work():
            return False
        self._close_book()
        self.home.clear_notes()
        self._show(self.home)
        return True

    def import_files(self, paths: Sequence[str]) -> None:
        """Take in several files one after the other."""
        if paths:
            self._following = list(paths[1:])
            self.start_import(paths[0])

    def choose_file(self) -> None:
        """Let a file be chosen and begin with it."""
        filters = tr("Ledgers (*.xlsx *.xlsm *.csv *.ods);;All files (*)")
        path = dialogs.choose_open_file(self, tr("Choose a ledger"), filters)
        if path is not None:
            self.start_import(str(path))

    def leave(self) -> None:
        """Go back to the list of imports; nothing was written."""
        if self._may_drop_work():
            self._close_book()
            self._show(self.home)
            self.activate()

    def files_hovered(self, hovered: bool) -> None:
        """Mark the place to drop files."""
        self.home.drop.set_hovered(hovered)

    # --- reading ----------------------------------------------------------------------------------------------------

    def _on_opened(self, book: Book) -> None:
        self._lease = Lease(book)
        if book.batch is not None:
            self._sheets = book.sheets
            self.preview.open(book, self._names(book))
            self._plan(book.options)
            return
        self.recognised.open(book, self._names(book))
        self._show(self.recognised)

    def _on_issued(self, path: Path, issue: str) -> None:
        self.home.show_issued(path, issue, self._next_name())

    def _next_name(self) -> str:
        return Path(self._following[0]).name if self._following else ""

    def _on_issued_answered(self, answer: str, path: Path) -> None:
        if answer == AS_LEDGER:
            self._opening.take_as_ledger()
            return
        self._opening.let_go()
        self.rooms.hand_over("merging", path) if answer == MERGE else self._on_next()

    def _names(self, book: Book) -> Names:
        return Names(self._context.codes, book.places, book.countries)

    # --- planning ---------------------------------------------------------------------------------------------------

    def _on_columns_confirmed(self) -> None:
        if self._lease is not None:
            self._sheets, options = self.recognised.result()
            self._open_plan = None
            book = self._lease.book
            self.preview.open(book, self._names(book))
            self._plan(options)

    def _on_values_decided(self) -> None:
        plan = self._open_plan
        if plan is None:
            return
        if not self.values.has_answers:
            self._show_preview(plan)
            return
        self.recognised.remember.wish()
        self._plan(self.values.options(plan.options))

    def _plan(self, options: ImportOptions) -> None:
        lease = self._lease
        if lease is None:
            return
        self.preview.set_busy(True)
        job = self._work.begin(tr("Checking the rows of {file}", file=lease.book.name))
        lease.begin()
        self._context.runner.compute(
            make_plan,
            self._context.database,
            lease.book,
            self._sheets,
            options,
            job.report,
            job.is_cancelled,
            done=lambda plan: self._on_planned(job, lease, plan),
            failed=lambda error: self._on_not_planned(job, lease, error),
            initiator=self,
            job=job,
        )

    def _on_planned(self, job: Job, lease: Lease, plan: Plan) -> None:
        lease.end()
        if job is not self._work.job:
            return
        self._work.finish()
        if self._open_plan is None and self.preview.plan is None and lease.book.batch is None:
            self._open_plan = plan
            self._flow.look(plan, self._names(lease.book))
        else:
            self._show_preview(plan)

    def _on_decisions(self, plan: Plan, found: list[Decision], names: Names) -> None:
        if found:
            self.values.show_decisions(found, names)
            self._show(self.values)
        else:
            self._show_preview(plan)

    def _show_preview(self, plan: Plan) -> None:
        self.preview.show_plan(plan)
        self._show(self.preview)

    def _on_header(self, sheet: int, first: int, last: int) -> None:
        if self._lease is not None:
            self._flow.read_again(self._lease, sheet, first, last)

    def _on_not_planned(self, job: Job, lease: Lease, error: UserError) -> None:
        lease.end()
        if job is not self._work.job:
            return
        self._work.finish()
        say = self.home.show_error if lease.book.batch is not None else self.recognised.sentence.setText
        say = say if self.preview.plan is None else self.preview.take_back
        say(labels.error_sentence(error))

    # --- writing ----------------------------------------------------------------------------------------------------

    def apply(self) -> None:
        """Write exactly what the preview shows."""
        plan, lease = self.preview.plan, self._lease
        if plan is None or lease is None or self._work.job is not None:
            return
        self.preview.setEnabled(False)
        job = self._work.begin(tr("Writing {file}", file=lease.book.name), at_once=True)
        self._writing = True
        lease.begin()
        self._context.runner.write(
            apply_book,
            lease.book,
            plan.sheets,
            plan.options,
            self.recognised.remember.wanted,
            job.report,
            job.is_cancelled,
            done=lambda report: self._on_applied(lease, report),
            failed=lambda error: self._on_not_applied(lease, error),
            initiator=self,
            job=job,
        )

    def _on_applied(self, lease: Lease, report: ImportReport) -> None:
        lease.end()
        self._end_writing()
        self._close_book()
        self.done.show_report(report, self._next_name())
        self._show(self.done)
        self.activate()

    def _on_not_applied(self, lease: Lease, error: UserError) -> None:
        lease.end()
        self._end_writing()
        self.preview.say(labels.error_sentence(error))

    def _end_writing(self) -> None:
        self._writing = False
        self.preview.setEnabled(True)
        self._work.finish()

    def _on_next(self) -> None:
        self.import_files(self._following)

    # --- imports so far ---------------------------------------------------------------------------------------------

    def undo_import(self, batch: int, file_name: str, change: int | None = None) -> None:
        """Take an import back, or one act that decided its rows; what was kept is shown with the list."""
        self._context.runner.write(
            undo_batch if change is None else undo_change,
            batch if change is None else change,
            done=lambda undone: self._on_undone(file_name, undone),
            failed=self._on_failed,
            initiator=self,
        )

    def _on_undone(self, file_name: str, undone: Undone) -> None:
        self.home.show_undone(file_name, undone)
        self._show(self.home)
        self.activate()

    def _on_dismiss(self, ids: list[int]) -> None:
        self._context.runner.write(
            dismiss_rows, ids, done=lambda _changes: self.activate(), failed=self._on_failed, initiator=self
        )

    def _on_state(self, state: ImportsSoFar) -> None:
        self.home.show_state(state)
        self.rooms.show_count(0, state.waiting_count)

    def _on_failed(self, error: UserError) -> None:
        self.home.show_error(labels.error_sentence(error))
        self._show(self.home)

    # --- steps ------------------------------------------------------------------------------------------------------

    def _show(self, step: QWidget) -> None:
        self.stack.setCurrentWidget(step)
        self.rooms.show_room()
        self.rooms.strip.setVisible(step is self.home)
        words = {
            self.recognised: lambda: tr("What was recognised"),
            self.values: lambda: tr("Values and places"),
            self.preview: lambda: tr("Preview"),
            self.done: lambda: tr("Imported"),
        }
        self.set_subtitle(words[step]() if step in words else "")

    def _may_drop_work(self) -> bool:
        step = self.stack.currentWidget()
        answered = step in (self.preview, self.values) and self.values.has_answers
        if not answered and not (step is self.preview and self.preview.has_answers):
            return True
        question = tr("Leave this import? Nothing was written, and your answers are dropped.")
        return dialogs.ask(self, question, [Choice("leave", tr("Leave import"), is_destructive=True)]) == "leave"

    def _close_book(self) -> None:
        if self._work.job is not None and not self._writing:
            self._work.job.cancel()
            self._work.finish()
        self._opening.let_go()
        if self._lease is not None:
            self.preview.close_book()
            self.values.forget()
            self._open_plan = None
            self.recognised.close_book()
            self._lease.close()
            self._lease = None
