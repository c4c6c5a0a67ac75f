"""Copies of the ledger by the clock: soon after the start and after every half hour in which something changed."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from bri_desktop.domain.errors import UserError
from bri_desktop.labels import error_sentence
from bri_desktop.ui.runner import Runner
from bri_desktop.ui.settings import SECOND_PLACE, Settings

if TYPE_CHECKING:
    from bri_desktop.services.safekeeping import Copy

FIRST_MILLISECONDS = 20_000
INTERVAL_MILLISECONDS = 30 * 60 * 1000


class Keeper(QObject):
    """Makes the copies; ``kept`` says when the newest one was made (``""`` for none), ``failed`` why none could be."""

    kept = Signal(str)
    failed = Signal(str)

    def __init__(self, path: Path, runner: Runner, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path, self._runner, self._settings = path, runner, settings
        self._clock = QTimer(self)
        self._clock.timeout.connect(lambda: self.keep("interval"))
        self._clock.start(INTERVAL_MILLISECONDS)
        QTimer.singleShot(FIRST_MILLISECONDS, self, lambda: self.keep("start"))

    def keep(self, why: str) -> None:
        """Make a copy where something changed since the last one."""
        place = self._settings.get(SECOND_PLACE)
        second = Path(place) if place else None
        self._runner.compute(_keep, self._path, why, second, done=self._on_kept, failed=self._on_failed, initiator=self)

    def stop(self) -> None:
        """Make no more copies."""
        self._clock.stop()

    def _on_kept(self, copy: "Copy | None") -> None:
        self.kept.emit(_time_of(copy.at) if copy is not None else "")

    def _on_failed(self, error: UserError) -> None:
        self.failed.emit(error_sentence(error))


def _time_of(at: datetime) -> str:
    local, now = at.astimezone(), datetime.now().astimezone()
    return local.strftime("%H:%M" if local.date() == now.date() else "%Y-%m-%d %H:%M")


def _keep(path: Path, why: str, second: Path | None) -> "Copy | None":
    from bri_desktop.services.safekeeping import back_up_changed

    return back_up_changed(path, why, second)
