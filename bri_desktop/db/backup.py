"""Verified copies of a ledger beside it, made before what touches many records at once.

A copy is written under another name, opened, checked and compared with its original before it takes its own name: a
disk that ran full leaves no copy that only looks like one. The newest few are kept.
"""

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bri_desktop.db.faults import fault_code
from bri_desktop.domain.errors import DatabaseRefusedError, Where

KEPT = 12
COUNTED = ("project", "pair", "place", "organisation", "agreement", "history_entry", "import_batch")
"""Tables whose sizes a copy must have too."""


def backup_folder(path: Path) -> Path:
    """Return where the copies of a ledger are."""
    return path.with_name(f"{path.stem}.backups")


def back_up(path: Path, act: str) -> Path | None:
    """Copy the ledger at ``path`` as it is committed, named after the ``act`` that follows, and return the copy.

    ``None`` where it holds no project yet. ``DatabaseRefusedError`` where no whole copy can be made: disk full,
    folder not writable, ledger damaged.
    """
    folder = backup_folder(path)
    try:
        with closing(sqlite3.connect(path)) as source:
            if not source.execute("SELECT EXISTS (SELECT 1 FROM project)").fetchone()[0]:
                return None
            folder.mkdir(mode=0o700, exist_ok=True)
            kept = _copied(source, folder, path, act)
    except sqlite3.Error as error:
        raise DatabaseRefusedError(fault_code(str(error), path), where=Where(file=str(path))) from error
    except OSError as error:
        raise DatabaseRefusedError("backup_failed", where=Where(file=str(folder))) from error
    _thin(folder, path)
    return kept


def _copied(source: sqlite3.Connection, folder: Path, path: Path, act: str) -> Path:
    instant = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")[:-3]
    kept = folder / f"{path.stem}.{instant}Z.before-{act}{path.suffix}"
    temporary = folder / f".{kept.name}.part"
    try:
        temporary.touch(mode=0o600)
        with closing(sqlite3.connect(temporary)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            _verify(source, copy, path)
        with temporary.open("rb") as handle:
            os.fsync(handle.fileno())
        temporary.replace(kept)
    finally:
        temporary.unlink(missing_ok=True)
    return kept


def _verify(source: sqlite3.Connection, copy: sqlite3.Connection, path: Path) -> None:
    (verdict,) = copy.execute("PRAGMA quick_check").fetchone()
    if verdict != "ok" or _sizes(source) != _sizes(copy):
        raise DatabaseRefusedError("database_damaged", where=Where(file=str(path)))


def _sizes(connection: sqlite3.Connection) -> list[int]:
    return [connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in COUNTED]


def backups(path: Path) -> list[Path]:
    """Return the copies of a ledger, the newest first."""
    found = backup_folder(path).glob(f"{path.stem}.*.before-*{path.suffix}")
    return sorted((file for file in found if not file.name.startswith(".")), reverse=True)


def _thin(folder: Path, path: Path) -> None:
    for old in backups(path)[KEPT:]:
        old.unlink(missing_ok=True)
    for part in folder.glob(".*.part"):
        part.unlink(missing_ok=True)
