"""A digest of every row, so that damage that SQLite does not see is found and the row named.

SQLite's own check sees whether its trees hold together; of single flipped bits that change a value it misses most.
Triggers of the file note each row that a write touches, whoever writes; the program enters the digests of those rows
before it commits (:func:`settle`). They are plain SQL, so that another program can still write to the file: its rows
are taken up with the next write. A long import begins with :func:`put_off`: its new rows are noted as a gap, which
:func:`settle` covers in idle moments.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from sqlalchemy.orm import Session

OWN = frozenset({"row_digest", "row_touched", "digest_layout", "digest_gap"})
DERIVED = frozenset({"search_gap", "alembic_version"})
"""Tables that are made again from others, or hold a single stamp that opening the file checks."""
SEARCH_INDEX = "search_index"
FIRST_SCHEMA = "0003"
"""The schema from which on rows have digests."""
AT_ONCE = 2_000
"""So many rows are covered with the write that touched them; more wait for an idle moment."""

SCHEMA = 0
"""The number under which the digest of the definitions stands."""

_FUNCTION = "digest_of_row"
_PREFIX = "digest_of_"


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns of the table ``name`` its digests are made of."""

    id: int
    name: str
    columns: tuple[str, ...]

    def call(self) -> str:
        """Return the SQL call for the digest of a row."""
        return f"{_FUNCTION}({', '.join(quoted(name) for name in self.columns)})"


def quoted(name: str) -> str:
    """Return a name of the schema as SQL."""
    return '"' + name.replace('"', '""') + '"'


def digest_of(values: Sequence[object]) -> int:
    """Return the digest of the values of a row, a signed integer of 64 bits: the same on every machine."""
    written = repr(tuple(values)).encode("utf-8", "backslashreplace")
    return int.from_bytes(blake2b(written, digest_size=8).digest(), "big", signed=True)


def register(connection: sqlite3.Connection) -> None:
    """Teach a connection the function that the digests are made with."""
    connection.create_function(_FUNCTION, -1, lambda *values: digest_of(values), deterministic=True)


# -- laying out ----------------------------------------------------------------------------------------------------


def lay_out(connection: sqlite3.Connection) -> None:
    """Enter every table with its columns as they are now, and the digest of every row: after a creation or upgrade.

    In the transaction of the caller; what was entered before is replaced.
    """
    register(connection)
    take_away(connection)
    for table in OWN:
        connection.execute(f"DELETE FROM {table}")
    for layout in _present(connection):
        written = json.dumps(layout.columns)
        connection.execute("INSERT INTO digest_layout VALUES (?, ?, ?)", (layout.id, layout.name, written))
        connection.execute(
            f"INSERT INTO row_digest SELECT {layout.id}, rowid, {layout.call()} FROM {quoted(layout.name)}"
        )
        for trigger in _triggers(layout):
            connection.execute(trigger)
    connection.execute("INSERT INTO row_digest VALUES (?, 0, ?)", (SCHEMA, schema_digest(connection)))


def schema_digest(connection: sqlite3.Connection) -> int:
    """Return the digest of the definitions of all tables, indexes and triggers, and of what the digests cover."""
    definitions = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"
    covered = "SELECT table_id, name, columns FROM digest_layout ORDER BY table_id"
    return digest_of([*connection.execute(definitions), *connection.execute(covered)])


def take_away(connection: sqlite3.Connection) -> None:
    """Drop the triggers, so that an upgrade can rebuild tables."""
    found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name").fetchall()
    for (name,) in found:
        if name.startswith(_PREFIX):
            connection.execute(f"DROP TRIGGER {quoted(name)}")


def _present(connection: sqlite3.Connection) -> Iterator[Layout]:
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    number = 0
    for (name,) in tables:
        if name.startswith(("sqlite_", SEARCH_INDEX)) or name in OWN | DERIVED:
            continue
        number += 1
        columns = connection.execute(f"PRAGMA table_info({quoted(name)})").fetchall()
        yield Layout(number, name, tuple(column[1] for column in columns))


def _triggers(layout: Layout) -> Iterator[str]:
    name, table, number = f"{_PREFIX}{layout.name}", quoted(layout.name), layout.id
    forget = f"DELETE FROM row_digest WHERE table_id = {number} AND row_id = old.rowid"
    touch = f"INSERT OR IGNORE INTO row_touched VALUES ({number}, new.rowid)"
    yield (
        f"CREATE TRIGGER {name}_insert AFTER INSERT ON {table} "
        f"WHEN NOT EXISTS (SELECT 1 FROM digest_gap WHERE table_id = {number}) BEGIN {touch}; END"
    )
    moved = f"{forget} AND old.rowid <> new.rowid"
    yield f"CREATE TRIGGER {name}_update AFTER UPDATE ON {table} BEGIN {touch}; {moved}; END"
    yield f"CREATE TRIGGER {name}_delete AFTER DELETE ON {table} BEGIN {forget}; END"


def layouts(connection: sqlite3.Connection) -> list[Layout]:
    """Return the tables under digest; none in a file whose schema has no digests."""
    if not _is_kept(connection):
        return []
    rows = connection.execute("SELECT table_id, name, columns FROM digest_layout ORDER BY table_id").fetchall()
    return [Layout(number, name, tuple(json.loads(columns))) for number, name, columns in rows]


def is_older(connection: sqlite3.Connection) -> bool:
    """Tell whether a ledger is of a schema that had no digests yet."""
    (stamp,) = connection.execute("SELECT version_num FROM alembic_version").fetchone() or (FIRST_SCHEMA,)
    return str(stamp) < FIRST_SCHEMA and not _is_kept(connection)


def _is_kept(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'digest_layout'").fetchone() is not None


# -- keeping -------------------------------------------------------------------------------------------------------


def put_off(session: Session) -> None:
    """Leave the digests of rows that are inserted from here on to idle moments, if they become many."""
    connection = driver_of(session)
    for layout in layouts(connection):
        (last,) = connection.execute(f"SELECT coalesce(max(rowid), 0) FROM {quoted(layout.name)}").fetchone()
        connection.execute("INSERT OR IGNORE INTO digest_gap VALUES (?, ?)", (layout.id, last + 1))


def settle(connection: sqlite3.Connection, at_once: int = AT_ONCE, *, gaps: bool = False) -> bool:
    """Enter the digests of rows touched since the last call; return whether any are left.

    With more than ``at_once`` of them nothing is entered unless ``gaps``, the call of an idle moment: then about
    ``at_once`` rows are covered, those of gaps last.
    """
    touched = connection.execute("SELECT table_id, row_id FROM row_touched LIMIT ?", (at_once + 1,)).fetchall()
    if len(touched) > at_once and not gaps:
        return True
    _cover(connection, touched[:at_once])
    if len(touched) > at_once:
        return True
    if gaps:
        return _fill_gaps(connection, at_once)
    if _gap_size(connection, at_once) > at_once:
        return True
    while _fill_gaps(connection, at_once):
        pass
    return False


def _gap_size(connection: sqlite3.Connection, enough: int) -> int:
    """Return how many rows the gaps hold at most; counting stops where it is more than ``enough``."""
    gaps = connection.execute("SELECT table_id, first_id FROM digest_gap").fetchall()
    named = {layout.id: layout for layout in layouts(connection)} if gaps else {}
    size = 0
    for number, first in gaps:
        if number in named and size <= enough:
            query = f"SELECT coalesce(max(rowid), 0) - ? + 1 FROM {quoted(named[number].name)}"
            size += max(0, connection.execute(query, (first,)).fetchone()[0])
    return size


def _cover(connection: sqlite3.Connection, touched: Sequence[tuple[int, int]]) -> None:
    if not touched:
        return
    named = {layout.id: layout for layout in layouts(connection)}
    rows: dict[int, list[tuple[int]]] = {}
    for number, row in touched:
        rows.setdefault(number, []).append((row,))
    for number, ids in rows.items():
        if layout := named.get(number):
            connection.executemany(
                f"INSERT OR REPLACE INTO row_digest SELECT {number}, rowid, {layout.call()} "
                f"FROM {quoted(layout.name)} WHERE rowid = ?",
                ids,
            )
        connection.executemany(f"DELETE FROM row_touched WHERE table_id = {number} AND row_id = ?", ids)


def _fill_gaps(connection: sqlite3.Connection, at_once: int) -> bool:
    gaps = connection.execute("SELECT table_id, first_id FROM digest_gap ORDER BY table_id").fetchall()
    named = {layout.id: layout for layout in layouts(connection)}
    for number, first in gaps:
        last = _fill_table(connection, named[number], first, at_once) if number in named else None
        if last is not None:
            connection.execute("UPDATE digest_gap SET first_id = ? WHERE table_id = ?", (last + 1, number))
            return True
        if number in named:
            _fill_lost(connection, named[number])
        connection.execute("DELETE FROM digest_gap WHERE table_id = ?", (number,))
    return False


def _fill_lost(connection: sqlite3.Connection, layout: Layout) -> None:
    """Cover rows below a gap that took the number of one deleted since: SQLite gives those of some tables again."""
    table, covered = quoted(layout.name), f"FROM row_digest WHERE table_id = {layout.id}"
    (differ,) = connection.execute(f"SELECT (SELECT count(*) FROM {table}) <> (SELECT count(*) {covered})").fetchone()
    if differ:
        connection.execute(
            f"INSERT OR REPLACE INTO row_digest SELECT {layout.id}, rowid, {layout.call()} FROM {table} "
            f"WHERE rowid NOT IN (SELECT row_id {covered})"
        )


def _fill_table(connection: sqlite3.Connection, layout: Layout, first: int, at_once: int) -> int | None:
    """Cover the next rows from ``first`` on; return the last of them, ``None`` where there are no more."""
    table = quoted(layout.name)
    window = f"SELECT rowid FROM {table} WHERE rowid >= ? ORDER BY rowid LIMIT ?"
    (last,) = connection.execute(f"SELECT max(rowid) FROM ({window})", (first, at_once)).fetchone()
    if last is not None:
        connection.execute(
            f"INSERT OR REPLACE INTO row_digest SELECT {layout.id}, rowid, {layout.call()} FROM {table} "
            "WHERE rowid BETWEEN ? AND ?",
            (first, last),
        )
    return None if last is None else int(last)


def driver_of(session: Session) -> sqlite3.Connection:
    """Return SQLite's own connection of a session, in the session's transaction."""
    connection = session.connection().connection.driver_connection
    assert isinstance(connection, sqlite3.Connection)
    return connection
