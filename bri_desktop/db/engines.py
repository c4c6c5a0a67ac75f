"""The connections behind an open ledger: their pragmas, the two engines, and what SQLite says in plain codes."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool
from sqlalchemy.util import LRUCache

from bri_desktop.db import digests, numbering
from bri_desktop.db.actor import acting
from bri_desktop.db.faults import fault_code
from bri_desktop.domain.errors import DatabaseRefusedError, Where

BUSY_MILLISECONDS = 5_000
DRIVER = "sqlite+ledger"


class LedgerDialect(SQLiteDialect_pysqlite):
    """SQLite as every engine of this process speaks it.

    Compiled statements are kept by their dialect. All of these are equal, so that what was compiled for one engine
    serves the others: those that write, those of a ledger opened later.
    """

    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self)

    def __hash__(self) -> int:
        return hash(type(self))


registry.register(DRIVER.replace("+", "."), __name__, LedgerDialect.__name__)
_compiled: LRUCache[Any, Any] = LRUCache(1_000)


class Engines:
    """One engine that reads and one that writes, on the ledger at ``path``; connections are made when needed."""

    def __init__(self, path: Path) -> None:
        self.path = path
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
        with plain_faults(self.path), Session(self._writer, expire_on_commit=False) as session, session.begin():
            numbering.realign(digests.driver_of(session))
            with acting(lambda statement: digests.driver_of(session).execute(statement)):
                yield session
                session.flush()
            digests.settle(digests.driver_of(session))
            numbering.note(digests.driver_of(session))

    def dispose(self) -> None:
        """Close every connection; the ``-wal`` file is merged into the database."""
        self._readers.dispose()
        self._writer.dispose()


def make_engine(path: Path, *, write: bool) -> Engine:
    """Return an engine on ``path`` whose connections carry this program's pragmas."""
    engine = create_engine(
        URL.create(DRIVER, database=str(path)),
        poolclass=QueuePool,
        pool_size=1 if write else 4,
        max_overflow=8,
        execution_options={"compiled_cache": _compiled},
        connect_args={"isolation_level": None, "check_same_thread": False, "timeout": BUSY_MILLISECONDS / 1000},
    )

    @event.listens_for(engine, "connect")
    def _set_pragmas(connection: sqlite3.Connection, _record: object) -> None:
        for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("PRAGMA cache_size=-32000")
        if write:
            digests.register(connection)
        else:
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
