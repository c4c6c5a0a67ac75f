"""Verified copies of the ledger: before an act that touches many records, and by the clock."""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy.orm import Session

from bri_desktop.db.backup import Copy, back_up, copies, look_through
from bri_desktop.db.package import Packed, pack

__all__ = [
    "Copy",
    "Packed",
    "back_up_before",
    "back_up_changed",
    "back_up_now",
    "check_copies",
    "copies",
    "known_copies",
    "look_through",
    "pack",
]


def back_up_before(session: Session, act: str) -> Path | None:
    """Copy the ledger of ``session`` as it was before its transaction; return the copy, ``None`` of an empty one.

    ``DatabaseRefusedError`` where no whole copy can be made: then the act does not begin.
    """
    name = session.get_bind().engine.url.database
    return back_up(Path(name), f"before-{act}") if name else None


def known_copies(path: Path, second: Path | None = None) -> list[Copy]:
    """Return the copies beside a ledger and at its second place, the newest first."""
    found = copies(path) + (copies(path, second) if second is not None and second.is_dir() else [])
    return sorted(found, key=lambda copy: copy.at, reverse=True)


def check_copies(path: Path, second: Path | None, told: Callable[[int, int], None]) -> int:
    """Compare each row and attachment of every copy with its digest; return how many are damaged."""
    found = known_copies(path, second)
    damaged = 0
    for number, copy in enumerate(found, 1):
        damaged += look_through(copy) == "damaged"
        told(number, len(found))
    return damaged


def back_up_changed(path: Path, why: str, second: Path | None = None) -> Copy | None:
    """Make a copy where the ledger was changed since the last one; return the newest one there is then.

    The second place may be a stick that is not plugged in: then only the copy beside the ledger is made.
    """
    found = copies(path)
    if not found or _changed_at(path) > found[0].at.timestamp():
        back_up(path, why)
        found = copies(path)
        if second is not None and second.is_dir():
            back_up(path, why, second=second)
    return found[0] if found else None


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
