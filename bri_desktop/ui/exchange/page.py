"""数据交换: from a chosen file to records, with nothing written before the preview was seen."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QTimer
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from bri_desktop import labels
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import UserError
from bri_desktop.i18n import tr
from bri_desktop.services.exchange import ImportOptions, ImportReport
from bri_desktop.services.history import Undone, undo_batch
from bri_desktop.services.intake_sheets import SheetPlan
from bri_desktop.services.intake_wizard import (
    Book,
    ImportsSoFar,
    apply_book,
    dismiss_rows,
    imports_so_far,
    open_book,
)
from bri_desktop.ui import dialogs
from bri_desktop.ui.dialogs import Choice
from bri_desktop.ui.exchange.done import DoneStep
from bri_desktop.ui.exchange.home import HomeStep
from bri_desktop.ui.exchange.lease import Lease
from bri_desktop.ui.exchange.plan import Plan, make_plan
from bri_desktop.ui.exchange.preview import PreviewStep
from bri_desktop.ui.exchange.recognised import RecognisedStep
from bri_desktop.ui.exchange.wording import Names
from bri_desktop.ui.runner import Job
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.page import Page
from bri_desktop.ui.shared.panels import ProgressBand

BAR_DELAY = 300
"""Milliseconds before a bar is shown, so that short work does not flash."""
KINDS = frozenset({"project", "batch"})


class ExchangePage(Page):
    """The wizard of an import and the list of imports so far."""

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(tr("Data exchange"), parent=parent)
        self._context = context
        self._lease: Lease | None = None
        self._job: Job | None = None
        self._what = ""
        self._writing = False
        self._sheets: tuple[SheetPlan, ...] = ()
        self._following: list[str] = []
        self.setAcceptDrops(True)
        self.home = HomeStep()
        self.recognised = RecognisedStep()
        self.preview = PreviewStep()
        self.done = DoneStep()
        self.stack = QStackedWidget()
        for step in (self.home, self.recognised, self.preview, self.done):
            self.stack.addWidget(step)
        self.progress = ProgressBand()
        self.body.addWidget(self.stack, 1)
        self.body.addWidget(self.progress)
        self._bar_timer = QTimer(self)
        self._bar_timer.setSingleShot(True)
        self._bar_timer.setInterval(BAR_DELAY)
        self._bar_timer.timeout.connect(self._show_bar)
        self._connect()

    def _connect(self) -> None:
        context = self._context
        self.progress.cancelled.connect(self._on_cancel)
        self.home.file_wanted.connect(self.choose_file)
        self.home.records_wanted.connect(self._on_records)
        self.home.undo_wanted.connect(lambda past: self.undo_import(past.batch, past.file_name))
        self.home.dismiss_wanted.connect(self._on_dismiss)
        self.home.record_wanted.connect(lambda key: context.open_record(key))
        self.recognised.next_wanted.connect(self._on_columns_confirmed)
        self.recognised.cancel_wanted.connect(self.leave)
        self.preview.options_changed.connect(self._plan)
        self.preview.back_wanted.connect(lambda: self._show(self.recognised))
        self.preview.cancel_wanted.connect(self.leave)
        self.preview.import_wanted.connect(self.apply)
        self.preview.record_wanted.connect(lambda key: context.open_record(key))
        self.done.records_wanted.connect(self._on_records)
        self.done.undo_wanted.connect(lambda batch: self.undo_import(batch, ""))
        self.done.back_wanted.connect(self.leave)
        self.done.next_wanted.connect(self._on_next)

    # --- the page in its window -------------------------------------------------------------------------------------

    def activate(self) -> None:
        """Read the imports again."""
        self._context.runner.read(
            imports_so_far, done=self._on_state, failed=self._on_failed, initiator=self, replaces=(id(self), "imports")
        )

    def on_changed(self, changes: Changes, initiator: object) -> None:
        """Read the imports again where records or imports changed."""
        if changes.kinds & KINDS:
            self.activate()

    def may_leave(self) -> bool:
        """Ask before a preview with answers is thrown away; then remove the temporary file."""
        if not self._may_drop_work():
            return False
        if not self._writing:
            self._close_book()
        return True

    def start_import(self, path: str) -> None:
        """Read ``path`` and show what is recognised; an import that was under way is left."""
        if self._writing or not self._may_drop_work():
            return
        self._close_book()
        self.home.show_error("")
        self.home.show_undone("", None)
        self._show(self.home)
        job = self._begin(tr("Reading {file}", file=Path(path).name), at_once=True)
        self._context.runner.compute(
            open_book,
            self._context.database,
            Path(path),
            job.report,
            job.is_cancelled,
            done=lambda book: self._on_opened(job, book),
            failed=lambda error: self._on_not_opened(job, error),
            initiator=self,
            job=job,
        )

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

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if _files_of(event.mimeData()):
            event.acceptProposedAction()
            self.home.drop.set_hovered(True)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        """Take the mark away."""
        self.home.drop.set_hovered(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Begin with the files dropped."""
        self.home.drop.set_hovered(False)
        event.acceptProposedAction()
        self.import_files(_files_of(event.mimeData()))

    # --- reading ----------------------------------------------------------------------------------------------------

    def _on_opened(self, job: Job, book: Book) -> None:
        if job is not self._job:
            book.close()
            return
        self._finish()
        if not any(sheet.blocks for sheet in book.sheets):
            book.close()
            self.home.show_error(f"{book.name}{tr(': ')}{labels.sentence('nothing_recognised')}")
            return
        self._lease = Lease(book)
        self.recognised.open(book, self._names(book))
        self._show(self.recognised)

    def _on_not_opened(self, job: Job, error: UserError) -> None:
        if job is self._job:
            self._finish()
            self.home.show_error(labels.error_sentence(error))

    def _names(self, book: Book) -> Names:
        return Names(self._context.codes, book.places, book.countries)

    # --- planning ---------------------------------------------------------------------------------------------------

    def _on_columns_confirmed(self) -> None:
        if self._lease is not None:
            self._sheets, options = self.recognised.result()
            book = self._lease.book
            self.preview.open(book, self._names(book))
            self._plan(options)

    def _plan(self, options: ImportOptions) -> None:
        lease = self._lease
        if lease is None:
            return
        self.preview.set_busy(True)
        job = self._begin(tr("Checking the rows of {file}", file=lease.book.name))
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
        if job is self._job:
            self._finish()
            self.preview.show_plan(plan)
            self._show(self.preview)

    def _on_not_planned(self, job: Job, lease: Lease, error: UserError) -> None:
        lease.end()
        if job is not self._job:
            return
        self._finish()
        if self.preview.plan is None:
            self.recognised.sentence.setText(labels.error_sentence(error))
        else:
            self.preview.take_back(labels.error_sentence(error))

    # --- writing ----------------------------------------------------------------------------------------------------

    def apply(self) -> None:
        """Write exactly what the preview shows."""
        plan, lease = self.preview.plan, self._lease
        if plan is None or lease is None or self._job is not None:
            return
        self.preview.setEnabled(False)
        job = self._begin(tr("Writing {file}", file=lease.book.name), at_once=True)
        self._writing = True
        lease.begin()
        self._context.runner.write(
            apply_book,
            lease.book,
            plan.sheets,
            plan.options,
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
        self.done.show_report(report, Path(self._following[0]).name if self._following else "")
        self._show(self.done)
        self.activate()

    def _on_not_applied(self, lease: Lease, error: UserError) -> None:
        lease.end()
        self._end_writing()
        self.preview.say(labels.error_sentence(error))

    def _end_writing(self) -> None:
        self._writing = False
        self.preview.setEnabled(True)
        self._finish()

    def _on_next(self) -> None:
        self.import_files(self._following)

    # --- imports so far ---------------------------------------------------------------------------------------------

    def undo_import(self, batch: int, file_name: str) -> None:
        """Take an import back; what was kept is shown with the list."""
        self._context.runner.write(
            undo_batch,
            batch,
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
        self.count_changed.emit(state.waiting_count)

    def _on_failed(self, error: UserError) -> None:
        self.home.show_error(labels.error_sentence(error))
        self._show(self.home)

    def _on_records(self, batch: int) -> None:
        self._context.open_filter(f"batch = {batch}")

    # --- steps ------------------------------------------------------------------------------------------------------

    def _show(self, step: QWidget) -> None:
        self.stack.setCurrentWidget(step)
        words = {
            self.recognised: lambda: tr("What was recognised"),
            self.preview: lambda: tr("Preview"),
            self.done: lambda: tr("Imported"),
        }
        self.set_subtitle(words[step]() if step in words else "")

    def _begin(self, what: str, *, at_once: bool = False) -> Job:
        """Start a piece of work in the place of the one before; its bar follows soon."""
        if self._job is not None:
            self._job.cancel()
        self._job = job = Job(self)
        job.progressed.connect(self.progress.report)
        self._what = what
        self.home.drop.choose_button.setEnabled(False)
        self.recognised.setEnabled(False)
        if at_once:
            self._show_bar()
        else:
            self._bar_timer.start()
        return job

    def _show_bar(self) -> None:
        self._bar_timer.stop()
        if self._job is not None:
            self.progress.start(self._what)

    def _finish(self) -> None:
        if self._job is not None:
            self._job.progressed.disconnect(self.progress.report)
            self._job.deleteLater()
        self._job = None
        self._bar_timer.stop()
        self.progress.finish()
        self.home.drop.choose_button.setEnabled(True)
        self.recognised.setEnabled(True)

    def _on_cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _may_drop_work(self) -> bool:
        if self.stack.currentWidget() is not self.preview or not self.preview.has_answers:
            return True
        question = tr("Leave this import? Nothing was written, and your answers are dropped.")
        return dialogs.ask(self, question, [Choice("leave", tr("Leave import"), is_destructive=True)]) == "leave"

    def _close_book(self) -> None:
        if self._job is not None and not self._writing:
            self._job.cancel()
            self._finish()
        if self._lease is not None:
            self.preview.close_book()
            self.recognised.close_book()
            self._lease.close()
            self._lease = None


def _files_of(data: QMimeData) -> list[str]:
    return [url.toLocalFile() for url in data.urls() if url.isLocalFile() and Path(url.toLocalFile()).is_file()]
