"""The one piece of long work of the import at a time: its job, its bar, and the steps that wait for it."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from bri_desktop.ui.runner import Job
from bri_desktop.ui.shared.panels import ProgressBand

BAR_DELAY = 300
"""Milliseconds before a bar is shown, so that short work does not flash."""


class Work(QObject):
    """Starts jobs in the place of the one before; ``waiting`` widgets are disabled while one runs."""

    def __init__(self, bar: ProgressBand, waiting: Sequence[QWidget], parent: QObject) -> None:
        super().__init__(parent)
        self._bar = bar
        self._waiting = tuple(waiting)
        self._what = ""
        self.job: Job | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(BAR_DELAY)
        self._timer.timeout.connect(self._show_bar)
        bar.cancelled.connect(self.cancel)

    def begin(self, what: str, *, at_once: bool = False) -> Job:
        """Start a piece of work; its bar follows soon."""
        if self.job is not None:
            self.job.cancel()
        self.job = job = Job(self)
        job.progressed.connect(self._bar.report)
        self._what = what
        for widget in self._waiting:
            widget.setEnabled(False)
        if at_once:
            self._show_bar()
        else:
            self._timer.start()
        return job

    def finish(self) -> None:
        """The work has ended: take its bar away and let the steps go on."""
        if self.job is not None:
            self.job.progressed.disconnect(self._bar.report)
            self.job.deleteLater()
        self.job = None
        self._timer.stop()
        self._bar.finish()
        for widget in self._waiting:
            widget.setEnabled(True)

    def cancel(self) -> None:
        """Ask the work to stop."""
        if self.job is not None:
            self.job.cancel()

    def _show_bar(self) -> None:
        self._timer.stop()
        if self.job is not None:
            self._bar.start(self._what)
