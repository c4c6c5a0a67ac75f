"""Makes the summary and its pages beside the window; what is asked for later takes the place of what was before."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from bri_desktop import labels
from bri_desktop.domain.errors import UserError
from bri_desktop.i18n import tr
from bri_desktop.services import summary_pages as service
from bri_desktop.ui.runner import Job
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.panels import ProgressBand

if TYPE_CHECKING:
    from bri_desktop.services.summary_pages import Printed

BAR_DELAY = 300
"""Milliseconds before a bar is shown, so that short work does not flash."""


class Maker(QObject):
    """One summary at a time."""

    made = Signal(object, object)
    """The desk (``Desk``) and its pages (``Printed``)."""
    failed = Signal(str)
    """The sentence that says why there is none."""

    def __init__(
        self, context: WindowContext, bar: ProgressBand, is_bar_taken: Callable[[], bool], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._context, self._bar, self._is_bar_taken = context, bar, is_bar_taken
        self._job: Job | None = None
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(BAR_DELAY)
        self._slow.timeout.connect(self._show_bar)

    def make(self, options: service.SummaryOptions, today: date) -> None:
        """Make a summary; ``made`` or ``failed`` follows unless another one is asked for before."""
        self.cancel()
        job = self._job = Job(self)
        job.progressed.connect(self._on_progress)
        self._slow.start()
        self._context.runner.read(
            service.read_desk,
            options,
            today,
            self._context.statistics,
            job.report,
            job.is_cancelled,
            done=partial(self._on_desk, job),
            failed=partial(self._on_failed, job),
            initiator=self,
        )

    def cancel(self) -> None:
        """Stop what is being made."""
        if self._job is not None:
            self._job.cancel()
            self._finish()

    def _show_bar(self) -> None:
        if not self._is_bar_taken():
            self._bar.start(tr("Making the summary…"))

    def _on_progress(self, done: int, total: int) -> None:
        if self._job is not None and self._bar.isVisible() and not self._is_bar_taken():
            self._bar.report(done, total)

    def _finish(self) -> None:
        self._job = None
        self._slow.stop()
        if not self._is_bar_taken():
            self._bar.finish()

    def _on_failed(self, job: Job, error: UserError) -> None:
        if job is self._job:
            self._finish()
            self.failed.emit(labels.error_sentence(error))

    def _on_desk(self, job: Job, desk: service.Desk) -> None:
        if job is self._job:
            self._context.runner.compute(
                service.print_pages,
                desk.document,
                job.is_cancelled,
                done=partial(self._on_printed, job, desk),
                failed=partial(self._on_failed, job),
                initiator=self,
                job=job,
            )

    def _on_printed(self, job: Job, desk: service.Desk, printed: "Printed") -> None:
        if job is self._job:
            self._finish()
            self.made.emit(desk, printed)
