"""Verified copies of the ledger: before an act that touches many records, and by the clock; the room they need."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from glob import escape
from pathlib import Path

from sqlalchemy.orm import Session

from bri_desktop.db.backup import Copy, back_up, copies, look_through
from bri_desktop.db.check import FAULTS, check_file, read_only
from bri_desktop.db.package import Packed, pack

__all__ = [
    "Copy",
    "Packed",
    "Room",
    "back_up_before",
    "back_up_changed",
    "back_up_now",
    "check_copies",
    "copies",
    "known_copies",
    "look_through",
    "pack",
    "put_aside",
    "room_of",
]

LEAST_ROOM = 64 << 20
"""Bytes below which a disk is called nearly full, however small the ledger is."""
KEPT = "kept"
"""The verdict of a former ledger that was put aside as it was."""
_PUT_ASIDE = ("before-upgrade", "before-restore", "before-repair")


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes left where the ledger lies, and those that a copy of it and its log may take."""

    free: int
    wanted: int

    @property
    def is_low(self) -> bool:
        """Whether the next copy may find no room."""
        return self.free < self.wanted


def room_of(path: Path) -> Room:
    """Return how much room is left for the ledger at ``path``; where the system does not say, enough."""
    try:
        size, free = path.stat().st_size, shutil.disk_usage(path.parent).free
    except OSError:
        return Room(LEAST_ROOM, 0)
    return Room(free, max(LEAST_ROOM, 2 * size))


def back_up_before(session: Session, act: str) -> Path | None:
    """Copy the ledger of ``session`` as it was before its transaction; return the copy, ``None`` of an empty one.

    ``DatabaseRefusedError`` where no whole copy can be made: then the act does not begin.
    """
    name = session.get_bind().engine.url.database
    return back_up(Path(name), f"before-{act}") if name else None


def known_copies(path: Path, second: Path | None = None) -> list[Copy]:
    """Return the copies beside a ledger, at its second place, and the former ledgers put aside, the newest first."""
    found = copies(path) + (copies(path, second) if second is not None and second.is_dir() else [])
    return sorted([*found, *put_aside(path)], key=lambda copy: copy.at, reverse=True)


def put_aside(path: Path) -> list[Copy]:
    """Return the ledgers that an upgrade, a restoring or a mending put aside as they were."""
    found = []
    for why in _PUT_ASIDE:
        for file in path.parent.glob(f"{escape(path.stem)}.{why}*{path.suffix}"):
            state = file.stat()
            at = datetime.fromtimestamp(state.st_mtime, UTC)
            found.append(Copy(file, at, why, state.st_size, _projects_in(file), KEPT))
    return found


def _projects_in(file: Path) -> dict[str, int]:
    try:
        with closing(read_only(file)) as connection:
            return {"project": connection.execute("SELECT count(*) FROM project").fetchone()[0]}
    except FAULTS:
        return {}


def check_copies(path: Path, second: Path | None, told: Callable[[int, int], None]) -> int:
    """Compare each row and attachment of every copy with its digest; return how many are damaged."""
    found = known_copies(path, second)
    damaged = 0
    for number, copy in enumerate(found, 1):
        damaged += _is_damaged(copy.path) if copy.verdict == KEPT else look_through(copy) == "damaged"
        told(number, len(found))
    return damaged


def _is_damaged(file: Path) -> bool:
    try:
        return bool(check_file(file))
    except (sqlite3.DatabaseError, UnicodeDecodeError, OSError):
        return True


def back_up_changed(path: Path, why: str, second: Path | None = None) -> Copy | None:
    """Make a copy where the ledger was changed since the last one; return the newest one there is then.

    The second place may be a stick that is not plugged in: then only the copy beside the ledger is made.
    """
    for place in (None, second):
        if place is None or place.is_dir():
            newest = copies(path, place)[:1]
            if not newest or _changed_at(path) > newest[0].at.timestamp():
                back_up(path, why, second=place)
    return next(iter(copies(path)), None)


def _changed_at(path: Path) -> float:
    """Return when the ledger or its log was last written."""
    files = [path, path.with_name(path.name + "-wal")]
    return max((file.stat().st_mtime for file in files if file.exists()), default=0.0)


def back_up_now(path: Path, why: str, second: Path | None = None) -> Path | None:
    """Make a copy, at the second place too where one is chosen; return the one beside the ledger."""
    kept = back_up(path, why)
    if second is not None:
        back_up(path, why, second=second)
    return kept
