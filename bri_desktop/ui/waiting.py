"""Long work before there is a window: done in a thread of its own, while a small window says what is going on."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QLabel, QProgressBar, QVBoxLayout, QWidget

from bri_desktop.i18n import tr
from bri_desktop.ui.collector import Collector

if TYPE_CHECKING:
    from collections.abc import Iterator

T = TypeVar("T")
Told = Callable[[int], None]
SHOWN_AFTER_SECONDS = 0.4
"""What is done sooner shows nothing."""
LOOKED_AFTER_MILLISECONDS = 100
WIDTH = 360


def wait_for(message: str, work: Callable[[Told], T]) -> T:
    """Return what ``work`` returns, or raise what it raises; it tells how many entries it has looked through.

    ``work`` runs in another thread and must not touch the window. It cannot be broken off.
    """
    seen = [0]

    def told(count: int) -> None:
        seen[0] = count

    with ThreadPoolExecutor(1) as worker, _collecting():
        future = worker.submit(work, told)
        try:
            return future.result(SHOWN_AFTER_SECONDS)
        except TimeoutError:
            if future.done():
                raise
        window = _Waiting(message, future, seen)
        window.exec()
        return future.result()


@contextmanager
def _collecting() -> "Iterator[None]":
    collector = Collector()
    try:
        yield
    finally:
        collector.stop()
        collector.deleteLater()


class _Waiting(QDialog):
    """Says what is done and how far it is; goes when it is done, and not before."""

    def __init__(self, message: str, future: "Future[T]", seen: list[int], parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.CustomizeWindowHint | Qt.WindowType.WindowTitleHint)
        self._future, self._seen = future, seen
        self.setWindowTitle(tr("City cooperation ledger"))
        self.setMinimumWidth(WIDTH)
        layout = QVBoxLayout(self)
        said = QLabel(message)
        said.setWordWrap(True)
        layout.addWidget(said)
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setAccessibleName(message)
        layout.addWidget(bar)
        self._count = QLabel(" ")
        layout.addWidget(self._count)
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._look)
        self._clock.start(LOOKED_AFTER_MILLISECONDS)

    def reject(self) -> None:
        """Stay: the work goes on."""

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stay until the work is done."""
        event.setAccepted(self._future.done())

    def _look(self) -> None:
        if self._future.done():
            self._clock.stop()
            self.accept()
        elif self._seen[0]:
            self._count.setText(tr("{count} entries so far", count=f"{self._seen[0]:,}"))
