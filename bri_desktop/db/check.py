"""Looking a ledger file through: what SQLite sees of damage, and what only the digests of the rows tell.

Nothing is written. A row that cannot be read does not end the search: the next ones are asked for by their numbers.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bri_desktop.db import digests, numbering
from bri_desktop.db.digests import Layout, digest_of, quoted

MOST_LINES = 200
"""So many lines of SQLite's own check are reported; a file in ruins has one for each page."""

FAULTS = (sqlite3.DatabaseError, UnicodeDecodeError)
"""What reading a damaged file raises; SQLite's own words can be damaged, too."""

Told = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Damage:
    """Something that is not as it was written.

    ``code``: ``structure`` (SQLite's words in ``detail``), ``definitions`` (of tables), ``row_changed``,
    ``row_unreadable``, ``row_missing``, ``row_unentered`` (no digest: written past the program and its triggers),
    ``reference_lost`` (points at a row that is not there), ``search_index``. ``row`` is SQLite's number of the row.
    """

    code: str
    table: str = ""
    row: int | None = None
    detail: str = ""


def read_only(path: Path) -> sqlite3.Connection:
    """Open a file so that nothing of it changes; texts that are no longer UTF-8 are still read."""
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
    connection.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
    return connection


def check_file(path: Path, told: Told | None = None) -> list[Damage]:
    """Return everything that is damaged in the ledger at ``path``; ``told`` gets the number of rows looked at.

    Raises ``sqlite3.DatabaseError`` for a file that cannot be opened at all.
    """
    with closing(read_only(path)) as connection:
        connection.execute("BEGIN")
        found = list(_structure(connection))
        found += _definitions(connection)
        found += _rows(connection, told)
        found += _references(connection)
    return [*found, *_search_index(path)]


def _structure(connection: sqlite3.Connection) -> Iterator[Damage]:
    try:
        for (line,) in connection.execute(f"PRAGMA integrity_check({MOST_LINES})"):
            if line != "ok":
                yield Damage("structure", detail=line)
    except FAULTS as error:
        yield Damage("structure", detail=str(error))


def _definitions(connection: sqlite3.Connection) -> Iterator[Damage]:
    query = "SELECT digest FROM row_digest WHERE table_id = ? AND row_id = 0"
    try:
        if digests.is_older(connection):
            return
        stored = connection.execute(query, (digests.SCHEMA,)).fetchone()
        (stamp,) = connection.execute("SELECT version_num FROM alembic_version").fetchone() or ("",)
        is_other = stored is not None and stored[0] != digests.schema_digest(connection)
        if is_other or str(stamp) < digests.FIRST_SCHEMA:
            yield Damage("definitions")
    except FAULTS as error:
        yield Damage("definitions", detail=str(error))


def _rows(connection: sqlite3.Connection, told: Told | None) -> Iterator[Damage]:
    try:
        layouts = digests.layouts(connection)
    except (*FAULTS, ValueError) as error:
        yield Damage("row_unreadable", "digest_layout", detail=str(error))
        return
    done = 0
    for layout in layouts:
        damaged, count = check_table(connection, layout)
        done += count
        if told is not None:
            told(done)
        yield from damaged


def check_table(connection: sqlite3.Connection, layout: Layout) -> tuple[list[Damage], int]:
    """Return what is damaged in a table, and how many rows were read of it."""
    try:
        expected = _expected(connection, layout)
        waiting = _waiting(connection, layout)
    except FAULTS as error:
        return [Damage("row_unreadable", "row_digest", detail=str(error))], 0
    rows = {
        row: None if values is None else digest_of(values) for row, values in read_rows(connection, layout, expected)
    }
    if not numbering.has_own_numbers(connection, layout):
        expected, waiting = _renumbered(expected, rows, waiting)
    found: list[Damage] = []
    for row, digest in rows.items():
        entered = expected.pop(row, None)
        if digest is None:
            found.append(Damage("row_unreadable", layout.name, row))
        elif waiting(row):
            continue
        elif entered is None:
            found.append(Damage("row_unentered", layout.name, row))
        elif entered != digest:
            found.append(Damage("row_changed", layout.name, row))
    found += [Damage("row_missing", layout.name, row) for row in expected if not waiting(row)]
    return found, len(rows)


def _renumbered(
    expected: dict[int, int], rows: dict[int, int | None], waiting: Callable[[int], bool]
) -> tuple[dict[int, int], Callable[[int], bool]]:
    """Return what is expected by the numbers of now, and which rows wait, should another program have changed them."""
    now = numbering.numbered_now(expected, {row: digest for row, digest in rows.items() if digest is not None})
    if now == expected or not any(waiting(row) for row in (*rows, *expected)):
        return now, waiting
    # Of those that waited under their old numbers none can be told from one that was not written by the program.
    return now, lambda row: row not in rows or row not in now


def _expected(connection: sqlite3.Connection, layout: Layout) -> dict[int, int]:
    query = "SELECT row_id, digest FROM row_digest WHERE table_id = ? ORDER BY row_id"
    return dict(connection.execute(query, (layout.id,)))


def _waiting(connection: sqlite3.Connection, layout: Layout) -> Callable[[int], bool]:
    """Return whether a row still waits for its digest."""
    query = "SELECT row_id FROM row_touched WHERE table_id = ?"
    touched = {row for (row,) in connection.execute(query, (layout.id,))}
    gap = connection.execute("SELECT first_id FROM digest_gap WHERE table_id = ?", (layout.id,)).fetchone()
    return lambda row: row in touched or (gap is not None and row >= gap[0])


def read_rows(
    connection: sqlite3.Connection, layout: Layout, known: dict[int, int]
) -> Iterator[tuple[int, tuple[object, ...] | None]]:
    """Return (number, values) of each row; ``None`` for one of the ``known`` rows that cannot be read.

    Where reading on fails, the known rows that have not come yet are asked for one by one.
    """
    left = list(known)
    columns = ", ".join(quoted(name) for name in layout.columns)
    query = f"SELECT rowid, {columns} FROM {quoted(layout.name)}"
    last = None
    try:
        for row, *values in connection.execute(f"{query} ORDER BY rowid"):
            last = row
            yield row, tuple(values)
        return
    except FAULTS:
        pass
    for row in left:
        if last is None or row > last:
            yield from _one_row(connection, query, row)


def _one_row(connection: sqlite3.Connection, query: str, row: int) -> Iterator[tuple[int, tuple[object, ...] | None]]:
    try:
        found = connection.execute(f"{query} WHERE rowid = ?", (row,)).fetchone()
    except FAULTS:
        yield row, None
        return
    if found is not None:
        yield row, tuple(found[1:])


def _references(connection: sqlite3.Connection) -> Iterator[Damage]:
    try:
        for table, row, parent, _number in connection.execute("PRAGMA foreign_key_check"):
            yield Damage("reference_lost", table, row, parent)
    except FAULTS as error:
        yield Damage("structure", detail=str(error))


def _search_index(path: Path) -> list[Damage]:
    """Ask the search index about itself. The question is put as a write, which is taken back; else in a copy."""
    name = digests.SEARCH_INDEX
    question = f"INSERT INTO {name} ({name}) VALUES ('integrity-check')"
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (name,)).fetchone():
                return []
            try:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute(question)
                connection.execute("ROLLBACK")
            except sqlite3.OperationalError:
                _ask_copy(path, question)
    except FAULTS as error:
        return [Damage("search_index", detail=str(error))]
    return []


def _ask_copy(path: Path, question: str) -> None:
    with closing(read_only(path)) as source, closing(sqlite3.connect(":memory:")) as copy:
        source.backup(copy)
        copy.execute(question)
