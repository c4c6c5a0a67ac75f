"""Copies of the ledger by the clock: soon after the start and after every half hour in which something changed.

Each minute it looks how much room is left where the ledger lies: what is said after a save failed comes too late.
"""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from bri_desktop.domain.errors import UserError
from bri_desktop.i18n import tr
from bri_desktop.labels import error_sentence
from bri_desktop.ui.runner import Runner
from bri_desktop.ui.settings import SECOND_PLACE, Settings

if TYPE_CHECKING:
    from bri_desktop.services.safekeeping import Copy, Room

FIRST_MILLISECONDS = 20_000
INTERVAL_MILLISECONDS = 30 * 60 * 1000
ROOM_MILLISECONDS = 60_000
MEGABYTE = 1 << 20


class Keeper(QObject):
    """Makes the copies; ``kept`` says when the newest one was made (``""`` for none), ``failed`` why none could be.

    ``room_seen`` warns of a disk that is nearly full (``""``: there is room).
    """

    kept = Signal(str)
    failed = Signal(str)
    room_seen = Signal(str)

    def __init__(self, path: Path, runner: Runner, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path, self._runner, self._settings = path, runner, settings
        self._clock = QTimer(self)
        self._clock.timeout.connect(lambda: self.keep("interval"))
        self._clock.start(INTERVAL_MILLISECONDS)
        self._rooms = QTimer(self)
        self._rooms.timeout.connect(self.look_for_room)
        self._rooms.start(ROOM_MILLISECONDS)
        QTimer.singleShot(FIRST_MILLISECONDS, self, self._begin)

    def _begin(self) -> None:
        self.look_for_room()
        self.keep("start")

    def look_for_room(self) -> None:
        """Look how much room is left; a network drive may take its time to answer."""
        self._runner.compute(_room, self._path, done=self._on_room, initiator=self)

    def _on_room(self, room: "Room") -> None:
        free = f"{room.free / MEGABYTE:,.0f}"
        warning = tr(
            "The disk is nearly full: {free} MB left. Please make room, or entries cannot be saved.", free=free
        )
        self.room_seen.emit(warning if room.is_low else "")

    def keep(self, why: str) -> None:
        """Make a copy where something changed since the last one."""
        place = self._settings.get(SECOND_PLACE)
        second = Path(place) if place else None
        self._runner.compute(_keep, self._path, why, second, done=self._on_kept, failed=self._on_failed, initiator=self)

    def stop(self) -> None:
        """Make no more copies."""
        self._clock.stop()
        self._rooms.stop()

    def _on_kept(self, copy: "Copy | None") -> None:
        self.kept.emit(_time_of(copy.at) if copy is not None else "")

    def _on_failed(self, error: UserError) -> None:
        self.failed.emit(error_sentence(error))


def _time_of(at: datetime) -> str:
    local, now = at.astimezone(), datetime.now().astimezone()
    return local.strftime("%H:%M" if local.date() == now.date() else "%Y-%m-%d %H:%M")


def _room(path: Path) -> "Room":
    from bri_desktop.services.safekeeping import room_of

    return room_of(path)


def _keep(path: Path, why: str, second: Path | None) -> "Copy | None":
    from bri_desktop.services.safekeeping import back_up_changed

    return back_up_changed(path, why, second)
