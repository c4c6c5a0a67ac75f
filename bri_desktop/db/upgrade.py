"""Schema upgrades by Alembic, configured in code, each upgrade in one transaction.

SQLite's default driver mode commits before DDL, so that a failed migration stays half-done; here the connection has
no implicit transactions and one ``BEGIN IMMEDIATE`` spans all steps. Foreign keys are off from before that ``BEGIN``
(a batch migration that rebuilds a parent would otherwise cascade its deletes) and checked at its end. An existing
file is upgraded as a verified copy that then takes its place; the original stays beside it.
"""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import URL, create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from bri_desktop import paths
from bri_desktop.db import digests
from bri_desktop.db.faults import fault_code
from bri_desktop.db.schema import metadata
from bri_desktop.domain.errors import DatabaseRefusedError, Where
from bri_desktop.system import replace


def scripts(folder: Path | None = None) -> ScriptDirectory:
    """Return the migrations of ``folder``, by default the program's own."""
    return ScriptDirectory(str(folder or paths.migrations()))


def upgrade_in_place(path: Path, *, folder: Path | None = None, revision: str = "head") -> None:
    """Bring the file ``path`` itself to ``revision``, wholly or not at all (``DatabaseRefusedError``)."""
    try:
        _upgrade(path, scripts(folder), revision)
    except (SQLAlchemyError, CommandError) as error:
        raise DatabaseRefusedError("upgrade_failed", where=Where(file=str(path))) from error


def _upgrade(path: Path, directory: ScriptDirectory, revision: str) -> None:
    url = URL.create("sqlite+pysqlite", database=str(path))
    engine = create_engine(url, poolclass=NullPool, connect_args={"isolation_level": None})

    @event.listens_for(engine, "connect")
    def _no_foreign_keys(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA foreign_keys=OFF")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def steps(current: Any, _context: Any) -> Any:
        return directory._upgrade_revs(revision, current)

    with (
        engine.connect() as connection,
        connection.begin(),
        EnvironmentContext(Config(), directory, fn=steps, destination_rev=revision) as environment,
    ):
        environment.configure(
            connection=connection, target_metadata=metadata, transactional_ddl=True, render_as_batch=True
        )
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        digests.take_away(driver)
        environment.run_migrations()
        if driver.execute("SELECT 1 FROM sqlite_master WHERE name = 'digest_layout'").fetchone():
            digests.lay_out(driver)
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise DatabaseRefusedError("upgrade_failed", where=Where(file=str(path)), rows=len(broken))


def upgrade_file(path: Path, then: Callable[[Path], None] = lambda _copy: None) -> Path:
    """Upgrade ``path`` by way of a verified copy; return where the original is kept.

    ``then`` is done to the copy as well before it takes its place, so that nothing of an upgrade can be missing.
    """
    copy = path.with_name(f".{path.name}.{os.getpid()}.upgrade")
    kept = path.with_name(f"{path.stem}.before-upgrade{path.suffix}")
    try:
        _copy(path, copy)
        upgrade_in_place(copy)
        then(copy)
        _verify(copy)
        _copy(path, kept)
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        replace(copy, path)
    except sqlite3.Error as error:
        raise DatabaseRefusedError(fault_code(str(error), path), where=Where(file=str(path))) from error
    except OSError as error:
        raise DatabaseRefusedError("database_unreachable", where=Where(file=str(path))) from error
    finally:
        for suffix in ("", "-wal", "-shm"):
            copy.with_name(copy.name + suffix).unlink(missing_ok=True)
    return kept


def _copy(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
    target.chmod(0o600)
    with target.open("rb") as handle:
        os.fsync(handle.fileno())


def _verify(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        (verdict,) = connection.execute("PRAGMA integrity_check").fetchone()
    if verdict != "ok":
        raise DatabaseRefusedError("database_damaged", where=Where(file=str(path)))
