"""Who has a ledger open: a small file beside it, so that a second window or a second machine is told, not surprised.

SQLite's own locks do not reach from one machine to another. The file names machine, process, user and since when; its
time is renewed while the window is open. One whose process is gone, or whose time stands still, is cleared away.
"""

import getpass
import json
import os
import socket
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from bri_desktop.db.database import now
from bri_desktop.system import is_running, replace

RENEWED_SECONDS = 30
STALE_SECONDS = 150


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a ledger open; ``since`` is an instant in UTC."""

    host: str
    pid: int
    user: str
    since: str

    @property
    def is_here(self) -> bool:
        """Whether it is a process of this machine."""
        return self.host == socket.gethostname()


def lock_of(ledger: Path) -> Path:
    """Return where it is noted who has a ledger open."""
    return ledger.with_name(f"{ledger.name}.lock")


def holder_of(ledger: Path) -> Holder | None:
    """Return who has the ledger open now, other than this process; a stale note is cleared away."""
    lock = lock_of(ledger)
    try:
        stored = json.loads(lock.read_text(encoding="utf-8"))
        holder = Holder(str(stored["host"]), int(stored["pid"]), str(stored["user"]), str(stored["since"]))
        age = time.time() - lock.stat().st_mtime
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        _clear(lock)
        return None
    if holder.is_here and holder.pid == os.getpid():
        return None
    if is_running(holder.pid) if holder.is_here else age < STALE_SECONDS:
        return holder
    _clear(lock)
    return None


def take(ledger: Path) -> None:
    """Note that this process has the ledger open; where nothing can be written, nobody is told."""
    lock = lock_of(ledger)
    holder = Holder(socket.gethostname(), os.getpid(), _user(), now())
    temporary = lock.with_name(f".{lock.name}.{os.getpid()}")
    with suppress(OSError):
        temporary.write_text(json.dumps(asdict(holder)), encoding="utf-8")
        replace(temporary, lock)


def renew(ledger: Path) -> None:
    """Say that the ledger is still open."""
    with suppress(OSError):
        os.utime(lock_of(ledger))


def release(ledger: Path) -> None:
    """Take the note of this process away."""
    lock = lock_of(ledger)
    with suppress(OSError, ValueError, KeyError, TypeError):
        stored = json.loads(lock.read_text(encoding="utf-8"))
        if stored["pid"] == os.getpid() and stored["host"] == socket.gethostname():
            lock.unlink()


def _clear(lock: Path) -> None:
    with suppress(OSError):
        lock.unlink()


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""
