"""A ledger from a backup or out of a damaged file: into a new file first, compared, then put in the place of the other.

What was there is kept under a name of its own, with the files that SQLite had beside it.
"""

import errno
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bri_desktop.db import digests
from bri_desktop.db.attachments import AttachmentFolder, folder_beside
from bri_desktop.db.backup import attachments_in, backups, shared_store
from bri_desktop.db.check import FAULTS, check_file, read_only
from bri_desktop.db.database import HEAD, open_database, schema_version
from bri_desktop.db.package import ENDING, unpack
from bri_desktop.db.salvage import Account, salvage
from bri_desktop.db.sealed import is_sealed
from bri_desktop.domain.errors import DatabaseRefusedError, InputError, Where
from bri_desktop.services.checking import KEYS

__all__ = [
    "Account",
    "Difference",
    "Restored",
    "differences",
    "discard",
    "prepare",
    "put_in_place",
    "restore",
    "salvage_ledger",
]

SHOWN = 500
"""So many records of a difference are named."""

Told = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Difference:
    """What restoring would do to one kind of record: keys that come back, go, or become as they were."""

    kind: str
    back: int
    gone: int
    changed: int
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Restored:
    """``kept`` is what was in the place before, ``lacking`` how many attachments the backup did not have."""

    path: Path
    kept: Path | None
    lacking: int


def prepare(source: Path, ledger: Path, secret: str | None = None) -> Path:
    """Write the ledger of a backup to a new file beside ``ledger``, checked and at this program's schema.

    ``source`` is a package or an automatic copy. Raises ``InputError`` (``package_damaged``, ``password_needed``,
    ``password_wrong``, ``file_unreadable``) and ``DatabaseRefusedError`` (``database_newer``, ``database_damaged``).
    """
    new = ledger.with_name(f".{ledger.stem}.{os.getpid()}.restoring{ledger.suffix}")
    discard(new)
    try:
        if source.suffix == ENDING or _is_package(source):
            unpack(source, new, secret)
        else:
            _copy_plain(source, new)
        if schema_version(new) != HEAD:
            open_database(new).close()
    except OSError as error:
        discard(new)
        raise InputError("file_unwritable", where=Where(file=str(new))) from error
    except (InputError, DatabaseRefusedError):
        discard(new)
        raise
    return new


def _is_package(source: Path) -> bool:
    try:
        with source.open("rb") as handle:
            return handle.read(4) == b"PK\x03\x04" or is_sealed(source)
    except OSError as error:
        raise InputError("file_unreadable", where=Where(file=str(source))) from error


def _copy_plain(source: Path, new: Path) -> None:
    where = Where(file=str(source))
    schema_version(source)
    try:
        with closing(read_only(source)) as old, closing(sqlite3.connect(new)) as target:
            old.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
        new.chmod(0o600)
        damaged = check_file(new)
    except FAULTS as error:
        raise DatabaseRefusedError("database_damaged", where=where) from error
    if damaged:
        raise DatabaseRefusedError("database_damaged", where=where)
    contents, store = AttachmentFolder(folder_beside(new)), shared_store(source.parent)
    for sha256 in attachments_in(new):
        if store.state(sha256) == "whole":
            contents.put(store.path_of(sha256))


def discard(new: Path) -> None:
    """Remove a prepared file with what is beside it."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        new.with_name(new.name + suffix).unlink(missing_ok=True)
    shutil.rmtree(folder_beside(new), ignore_errors=True)
    for kept in new.parent.glob(f"{new.stem}.before-upgrade*"):
        kept.unlink(missing_ok=True)


def differences(ledger: Path, new: Path) -> list[Difference]:
    """Return what would change if ``new`` took the place of ``ledger``, by the digests of the rows."""
    with closing(read_only(new)) as connection:
        connection.execute("ATTACH DATABASE ? AS now", (str(ledger),))
        found = []
        for kind, prefix in KEYS.items():
            rows = list(_differing(connection, kind))
            if rows:
                back, gone, changed = (sum(how == one for _row, how in rows) for one in ("back", "gone", "changed"))
                keys = tuple(f"{prefix}{row}" for row, _how in rows[:SHOWN])
                found.append(Difference(kind, back, gone, changed, keys))
        return found


def _differing(connection: sqlite3.Connection, table: str) -> list[tuple[int, str]]:
    """Return (row, ``back``, ``gone`` or ``changed``); a row in the bin counts as there is none."""
    old, new = _living(connection, "now", table), _living(connection, "main", table)
    rows = [(row, "back" if row not in old else "changed") for row in new if old.get(row) != new[row]]
    return sorted([*rows, *((row, "gone") for row in old if row not in new)])


def _living(connection: sqlite3.Connection, schema: str, table: str) -> dict[int, int]:
    query = (
        f"SELECT r.id, d.digest FROM {schema}.{table} AS r JOIN {schema}.digest_layout AS l ON l.name = ? "
        f"JOIN {schema}.row_digest AS d ON d.table_id = l.table_id AND d.row_id = r.id WHERE r.deleted_at IS NULL"
    )
    return dict(connection.execute(query, (table,)).fetchall())


def put_in_place(new: Path, ledger: Path) -> Restored:
    """Let ``new`` become ``ledger``, which nobody has open; what was there is kept under another name.

    The name of the ledger never points at nothing: the old file gets a second name, then one act replaces the first.
    ``DatabaseRefusedError`` ``database_locked`` where another program still has it open, ``InputError``
    ``file_unwritable`` or ``disk_full`` where the disk refuses; then the old ledger is in its place.
    """
    try:
        return _exchanged(new, ledger)
    except OSError as error:
        code = "disk_full" if error.errno == errno.ENOSPC else "file_unwritable"
        raise InputError(code, where=Where(file=str(ledger))) from error


def _exchanged(new: Path, ledger: Path) -> Restored:
    contents = AttachmentFolder(folder_beside(ledger))
    source = AttachmentFolder(folder_beside(new))
    for sha256, _size in list(source.stored()) if source.root.is_dir() else []:
        if contents.state(sha256) != "whole":
            contents.put(source.path_of(sha256))
    kept = _keep_old(ledger)
    new.replace(ledger)
    discard(new)
    lacking = sum(not contents.path_of(sha256).exists() for sha256 in attachments_in(ledger))
    return Restored(ledger, kept, lacking)


def _keep_old(ledger: Path) -> Path | None:
    """Give the old ledger a second name, with all that its log holds."""
    if not ledger.exists():
        return None
    instant = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    kept = ledger.with_name(f"{ledger.stem}.before-restore-{instant}{ledger.suffix}")
    logs = [ledger.with_name(ledger.name + suffix) for suffix in ("-wal", "-shm")]
    if not _log_taken_up(ledger):
        for log in logs:
            if log.exists():
                _second_name(log, kept.with_name(kept.name + log.name.removeprefix(ledger.name)))
    _second_name(ledger, kept)
    for log in logs:
        log.unlink(missing_ok=True)
    return kept


def _log_taken_up(ledger: Path) -> bool:
    """Write what the log holds into the file; ``False`` where the file is too damaged for it."""
    try:
        with closing(sqlite3.connect(ledger, timeout=1.0)) as connection:
            busy, _pages, _done = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except FAULTS:
        return False
    if busy:
        raise DatabaseRefusedError("database_locked", where=Where(file=str(ledger)))
    return True


def _second_name(file: Path, other: Path) -> None:
    """Make ``other`` the same file; a copy of it where the file system knows no second names."""
    other.unlink(missing_ok=True)
    try:
        other.hardlink_to(file)
    except OSError:
        shutil.copyfile(file, other)
        other.chmod(0o600)


def restore(source: Path, ledger: Path, secret: str | None = None) -> tuple[Restored, list[Difference]]:
    """Put the ledger of a backup in the place of ``ledger``; return what changed by it.

    The ledger must not be open. A ledger that can still be read is copied first.
    """
    new = prepare(source, ledger, secret)
    try:
        changed = differences(ledger, new) if ledger.exists() and _has_digests(ledger) else []
        return put_in_place(new, ledger), changed
    finally:
        discard(new)


def _has_digests(ledger: Path) -> bool:
    try:
        with closing(read_only(ledger)) as connection:
            return bool(digests.layouts(connection))
    except FAULTS:
        return False


def salvage_ledger(ledger: Path, told: Told | None = None) -> tuple[Restored, list[Account]]:
    """Make a new ledger of what can be read of a damaged one and put it in its place; the damaged one is kept.

    ``DatabaseRefusedError`` ``nothing_to_salvage`` where no table can be read: then only a backup helps.
    """
    new = ledger.with_name(f".{ledger.stem}.{os.getpid()}.salvaged{ledger.suffix}")
    discard(new)
    try:
        accounts = salvage(ledger, new, backups(ledger), told)
        new.chmod(0o600)
        return put_in_place(new, ledger), accounts
    except sqlite3.DatabaseError as error:
        raise DatabaseRefusedError("nothing_to_salvage", where=Where(file=str(ledger))) from error
    finally:
        discard(new)
