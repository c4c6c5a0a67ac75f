"""Opening a ledger file: pragmas, the version gate before the first write, creation and upgrade.

Reads and writes have engines of their own: readers go on beside the one writer (WAL), a read connection cannot
write (``query_only``), and a write takes its lock at once (``BEGIN IMMEDIATE``) instead of failing half-way.
Alembic is imported only where a file has to be created or upgraded.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, text
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool, QueuePool

from bri_desktop.db.faults import fault_code
from bri_desktop.domain.errors import DatabaseRefusedError, InputError, Where

HEAD = "0002"
"""The schema this program reads and writes; a test holds it against the migrations."""

OWN_TABLES = frozenset({"alembic_version", "meta", "project"})
"""What every ledger has had from its first schema on."""

BUSY_MILLISECONDS = 5_000


def now() -> str:
    """Return this instant in UTC as it is stored."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


class Database:
    """An open ledger file at this program's schema."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        self.read_only = read_only
        self._readers = make_engine(path, write=False)
        self._writer = make_engine(path, write=True)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Give a session that sees one consistent state and cannot write."""
        with plain_faults(self.path), Session(self._readers, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Give a session in one transaction: committed at the end, rolled back on any exception."""
        if self.read_only:
            raise DatabaseRefusedError("database_read_only", where=Where(file=str(self.path)))
        with plain_faults(self.path), Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    def watch(self) -> "Watch":
        """Return a look-out for commits, of this program and of others."""
        return Watch(self.path)

    def close(self) -> None:
        """Close every connection; the ``-wal`` file is merged into the database."""
        self._readers.dispose()
        self._writer.dispose()


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


def make_engine(path: Path, *, write: bool) -> Engine:
    """Return an engine on ``path`` whose connections carry this program's pragmas."""
    engine = create_engine(
        URL.create("sqlite+pysqlite", database=str(path)),
        poolclass=QueuePool,
        pool_size=1 if write else 4,
        max_overflow=8,
        connect_args={"isolation_level": None, "check_same_thread": False, "timeout": BUSY_MILLISECONDS / 1000},
    )

    @event.listens_for(engine, "connect")
    def _set_pragmas(connection: sqlite3.Connection, _record: object) -> None:
        for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("PRAGMA cache_size=-32000")
        if not write:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


@contextmanager
def plain_faults(path: Path) -> Iterator[None]:
    """Turn what SQLite says of the file (locked, full, damaged) into one clear error."""
    try:
        yield
    except OperationalError as error:
        raise DatabaseRefusedError(fault_code(str(error.orig), path), where=Where(file=str(path))) from error
    except DatabaseError as error:
        if error.orig is not None and type(error.orig) is sqlite3.DatabaseError:
            raise DatabaseRefusedError("database_damaged", where=Where(file=str(path))) from error
        raise


def open_database(path: Path, *, create: bool = True) -> Database:
    """Open ``path``, creating it where it is missing and upgrading it where it is older.

    ``DatabaseRefusedError`` where the file is newer, damaged, locked or no ledger; then nothing was changed.
    """
    if not path.exists():
        if not create:
            raise InputError("database_missing", where=Where(file=str(path)))
        create_database(path)
    elif (version := schema_version(path)) is None:
        create_database(path)
    elif version != HEAD:
        _require_older(path, version)
        from bri_desktop.db.upgrade import upgrade_file

        upgrade_file(path)
        _renew_reference(path)
    return Database(path, read_only=not os.access(path, os.W_OK))


def _renew_reference(path: Path) -> None:
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
    engine = create_engine(URL.create("sqlite+pysqlite", database=str(path)), poolclass=NullPool)
    with plain_faults(path), engine.connect() as connection:
        tables = set(connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type='table'").scalars())
        if tables and not tables >= OWN_TABLES:
            raise DatabaseRefusedError("database_not_ledger", where=where)
        if tables:
            version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            if not version:
                raise DatabaseRefusedError("database_damaged", where=where)
            return str(version)
    return None


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
        temporary.replace(path)
    finally:
        for suffix in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                temporary.with_name(temporary.name + suffix).unlink()
