"""What an import can begin with: a file, or rows that an earlier import kept aside; each is read on a worker."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from bri_desktop import labels
from bri_desktop.domain.errors import UserError
from bri_desktop.i18n import tr
from bri_desktop.services.intake_wizard import Book, open_book, open_waiting
from bri_desktop.ui.exchange.work import Work
from bri_desktop.ui.runner import Job
from bri_desktop.ui.shared.context import WindowContext


class OpeningFlow(QObject):
    """Asks the worker and tells what came of it. A workbook that this program issued is kept until somebody says
    what it is: :meth:`take_as_ledger`, or :meth:`let_go`."""

    opened = Signal(object)
    """A book to be shown; of rows kept aside it names their import."""
    issued = Signal(object, str)
    """Path and issue number of a workbook that this program issued."""
    failed = Signal(str)

    def __init__(self, context: WindowContext, work: Work, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._work = work
        self._held: Book | None = None

    def file(self, path: str) -> None:
        """Read a file."""
        self.let_go()
        job = self._work.begin(tr("Reading {file}", file=Path(path).name), at_once=True)
        work = partial(open_book, self._context.database, Path(path), job.report, job.is_cancelled)
        self._start(job, work, path)

    def waiting(self, batch: int, ids: Sequence[int], file_name: str) -> None:
        """Read rows that an import kept aside, those of ``ids`` or all."""
        self.let_go()
        job = self._work.begin(tr("Reading the rows of {file} kept aside", file=file_name))
        self._start(job, partial(open_waiting, self._context.database, batch, tuple(ids)), "")

    def _start(self, job: Job, work: "partial[Book]", path: str) -> None:
        self._context.runner.compute(
            work,
            done=lambda book: self._on_opened(job, book, path),
            failed=lambda error: self._on_failed(job, error),
            initiator=self,
            job=job,
        )

    def take_as_ledger(self) -> None:
        """Go on with a workbook that this program issued as with any ledger."""
        book, self._held = self._held, None
        if book is not None:
            self._show(book)

    def let_go(self) -> None:
        """Give up a workbook of which nobody has said what it is."""
        if self._held is not None:
            self._held.close()
            self._held = None

    def _on_opened(self, job: Job, book: Book, path: str) -> None:
        if job is not self._work.job:
            book.close()
            return
        self._work.finish()
        if book.issue is None:
            self._show(book)
        else:
            self._held = book
            self.issued.emit(Path(path), book.issue)

    def _show(self, book: Book) -> None:
        if any(sheet.blocks for sheet in book.sheets):
            self.opened.emit(book)
        else:
            book.close()
            self.failed.emit(f"{book.name}{tr(': ')}{labels.sentence('nothing_recognised')}")

    def _on_failed(self, job: Job, error: UserError) -> None:
        if job is self._work.job:
            self._work.finish()
            self.failed.emit(labels.error_sentence(error))
