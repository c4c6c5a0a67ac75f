"""Opening a ledger file: pragmas, the version gate before the first write, creation and upgrade.

Reads and writes have engines of their own: readers go on beside the one writer (WAL), a read connection cannot
write (``query_only``), and a write takes its lock at once (``BEGIN IMMEDIATE``) instead of failing half-way.
SQLAlchemy is imported with the first session (a start shows its first rows before that), Alembic only where a file
has to be created or upgraded.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from bri_desktop.db.faults import driver_faults, fault_code
from bri_desktop.domain.errors import DatabaseRefusedError, InputError, Where
from bri_desktop.system import replace

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bri_desktop.db.engines import Engines

HEAD = "0003"
"""The schema this program reads and writes; a test holds it against the migrations."""

OWN_TABLES = frozenset({"alembic_version", "meta", "project"})
"""What every ledger has had from its first schema on."""

STEPS_BETWEEN_LOOKS = 200_000
"""Steps of SQLite's machine, a few milliseconds, after which a query looks whether it is still wanted."""


def now() -> str:
    """Return this instant in UTC as it is stored."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


class Database:
    """An open ledger file at this program's schema."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        self.read_only = read_only
        self._lock = Lock()
        self._engines: Engines | None = None

    def _opened(self) -> "Engines":
        """Return the engines; one thread at a time, so that what they load is loaded once and whole."""
        with self._lock:
            if self._engines is None:
                from bri_desktop.db.engines import Engines

                self._engines = Engines(self.path)
            return self._engines

    @contextmanager
    def read(self) -> "Iterator[Session]":
        """Give a session that sees one consistent state and cannot write."""
        with self._opened().read() as session:
            yield session

    @contextmanager
    def write(self) -> "Iterator[Session]":
        """Give a session in one transaction: committed at the end, rolled back on any exception."""
        if self.read_only:
            raise DatabaseRefusedError("database_read_only", where=Where(file=str(self.path)))
        with self._opened().write() as session:
            yield session

    @contextmanager
    def stopping(self, session: "Session", is_void: Callable[[], bool]) -> Iterator[None]:
        """Break the queries of ``session`` off as soon as ``is_void``, while this lasts."""
        from bri_desktop.db.digests import driver_of

        connection = driver_of(session)
        connection.set_progress_handler(is_void, STEPS_BETWEEN_LOOKS)
        try:
            yield
        finally:
            connection.set_progress_handler(None, 0)

    def watch(self) -> "Watch":
        """Return a look-out for commits, of this program and of others."""
        return Watch(self.path)

    def close(self) -> None:
        """Close every connection; the ``-wal`` file is merged into the database."""
        if self._engines is not None:
            self._engines.dispose()


class Watch:
    """Called, gives a number that differs after any commit to the file since the last call; never waits."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)

    def __call__(self) -> int:
        (version,) = self._connection.execute("PRAGMA data_version").fetchone()
        return int(version)

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()


def open_database(path: Path, *, create: bool = True) -> Database:
    """Open ``path``, creating it where it is missing and upgrading it where it is older.

    ``DatabaseRefusedError`` where the file is newer, damaged, locked or no ledger; then nothing was changed.
    """
    if not path.exists():
        if not create:
            raise InputError("database_missing", where=Where(file=str(path)))
        create_database(path)
    elif (version := schema_version(path)) is None:
        if any(path.parent.glob(f"{path.stem}.backups/*{path.suffix}")):
            raise DatabaseRefusedError("database_damaged", where=Where(file=str(path)))
        create_database(path)
    elif version != HEAD:
        _require_older(path, version)
        from bri_desktop.db.upgrade import upgrade_file

        upgrade_file(path, renew_reference)
    return Database(path, read_only=not os.access(path, os.W_OK))


def renew_reference(path: Path) -> None:
    """Bring the built-in code lists of a ledger to those this program ships."""
    from bri_desktop.db.reference import renew_codes

    database = Database(path)
    try:
        with database.write() as session:
            renew_codes(session)
    finally:
        database.close()


def schema_version(path: Path) -> str | None:
    """Return the schema that ``path`` is stamped with; ``None`` for an empty database file."""
    where = Where(file=str(path))
    if path.is_dir():
        raise DatabaseRefusedError("database_unreachable", where=where)
    try:
        with path.open("rb") as handle:
            start = handle.read(16)
    except OSError as error:
        raise DatabaseRefusedError("database_unreachable", where=where) from error
    if start and start != b"SQLite format 3\x00":
        raise DatabaseRefusedError("database_not_ledger", where=where)
    with driver_faults(path), closing(sqlite3.connect(path)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")}
        if tables and not tables >= OWN_TABLES:
            raise DatabaseRefusedError("database_not_ledger", where=where)
        if not tables:
            return None
        (version,) = connection.execute("SELECT version_num FROM alembic_version").fetchone() or (None,)
    if not version:
        raise DatabaseRefusedError("database_damaged", where=where)
    return str(version)


def _require_older(path: Path, version: str) -> None:
    if version > HEAD:
        raise DatabaseRefusedError("database_newer", where=Where(file=str(path)), schema=version, known=HEAD)


def create_database(path: Path) -> None:
    """Make a ledger at the newest schema with the reference data, whole or not at all."""
    from bri_desktop.db.reference import load_reference
    from bri_desktop.db.upgrade import upgrade_in_place

    folder = path.parent
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary.touch(mode=0o600)
    except OSError as error:
        raise DatabaseRefusedError("database_unreachable", where=Where(file=str(path))) from error
    try:
        upgrade_in_place(temporary)
        database = Database(temporary)
        with database.write() as session:
            load_reference(session, created=now())
        database.close()
        replace(temporary, path)
    except (DatabaseRefusedError, OSError) as error:
        code = fault_code(str(error.__cause__ or error), path)
        wanted = code if code == "disk_full" else "database_unreachable"
        raise DatabaseRefusedError(wanted, where=Where(file=str(path))) from error
    finally:
        for suffix in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                temporary.with_name(temporary.name + suffix).unlink()
