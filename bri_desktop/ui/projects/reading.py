"""How the ledger's table is read: the first rows at once, the rest and the sums while they are being looked at."""

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from bri_desktop.ui.projects.rows import Counted, Found, Wanted, count, find, find_at_start, find_first, is_plain, sums
from bri_desktop.ui.runner import Runner

REST_MILLISECONDS = 40
"""The first rows are drawn, and perhaps the next key pressed, before the rest is read."""
ROWS, REST, SUMS = "projects.rows", "projects.rest", "projects.sums"


class LedgerReading(QObject):
    """Reads what is wanted, in three steps; a later wish makes the steps of an earlier one void."""

    found = Signal(object, bool)
    """``Found``, and whether something else is shown than before."""
    counted = Signal(object)
    """``Counted``: from now on all ids are known."""
    summed = Signal(object)
    failed = Signal(object)

    def __init__(self, runner: Runner, path: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._runner = runner
        self._path = path
        self._wanted: Wanted | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST_MILLISECONDS)
        self._timer.timeout.connect(self._read_rest)
        self.is_whole = True

    def read(self, wanted: Wanted) -> None:
        """Read the first rows of something else, or all of the same again, so that the table stays where it is."""
        self._timer.stop()
        for overtaken in (REST, SUMS):
            self._runner.drop(overtaken)
        is_start = self._wanted is None and is_plain(wanted)
        is_new, self._wanted = wanted != self._wanted, wanted
        if is_start:
            done = partial(self._on_start, wanted)
            self._runner.compute(
                find_at_start, self._path, done=done, failed=self.failed.emit, initiator=self, goes_first=True
            )
            return
        self._runner.read(
            find_first if is_new else find, wanted, done=self._on_new if is_new else self._on_same,
            failed=self.failed.emit, initiator=self, replaces=ROWS, stops=True,
        )  # fmt: skip

    def pause(self) -> bool:
        """Leave the rest unread where it is not asked for yet; tell whether it was left."""
        is_left = self._timer.isActive()
        self._timer.stop()
        return is_left

    def _on_start(self, wanted: Wanted, found: Found) -> None:
        if wanted is self._wanted:
            self._on_new(found)

    def _on_new(self, found: Found) -> None:
        self._take(found, is_new=True)

    def _on_same(self, found: Found) -> None:
        self._take(found, is_new=False)

    def _take(self, found: Found, *, is_new: bool) -> None:
        self.is_whole = found.is_all
        self.found.emit(found, is_new)
        self._timer.start()

    def _read_rest(self) -> None:
        self._read(count, self._wanted, self.is_whole, done=self._on_counted, replaces=REST)

    def _on_counted(self, counted: Counted) -> None:
        self.is_whole = True
        self.counted.emit(counted)
        self._read(sums, self._wanted, done=self.summed.emit, replaces=SUMS)

    def _read(self, *work: Any, **how: Any) -> None:
        self._runner.read(*work, failed=self.failed.emit, initiator=self, stops=True, **how)
