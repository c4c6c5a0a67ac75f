"""Rows that another program numbered anew: their digests are found again under the numbers they have now.

A table whose key is not one whole number has rows that SQLite numbers for itself. A program that writes the file anew
(a dump that is read back, some ways of compacting) may give them other numbers; none of them is damaged by that. The
counter of SQLite's that moves with each such rewriting is kept, so that a write finds the numbers right.
"""

import sqlite3
from collections.abc import Mapping

from bri_desktop.db import digests
from bri_desktop.db.digests import Layout, quoted

COUNTER = 1
"""Under which row of the digests of definitions SQLite's counter stands."""


def has_own_numbers(connection: sqlite3.Connection, layout: Layout) -> bool:
    """Tell whether the key of a table is the number of its row, which no program changes."""
    keys = [column for column in connection.execute(f"PRAGMA table_info({quoted(layout.name)})") if column[5]]
    return len(keys) == 1 and str(keys[0][2]).upper() == "INTEGER"


def numbered_now(entered: Mapping[int, int], rows: Mapping[int, int]) -> dict[int, int]:
    """Return the entered digests by the numbers that ``rows`` (number -> digest) have now.

    A digest of no row keeps its number; where another row has that now, it goes to the row in question in the order
    of the rows, which rewriting keeps, else below zero.
    """
    found = {row: digest for row, digest in entered.items() if rows.get(row) == digest}
    if len(found) == len(entered):
        return found
    homeless: dict[int, list[int]] = {}
    for row, digest in entered.items():
        if row not in found:
            homeless.setdefault(digest, []).append(row)
    for row, digest in rows.items():
        if row not in found and homeless.get(digest):
            homeless[digest].pop()
            found[row] = digest
    left = sorted((row, digest) for digest, of in homeless.items() for row in of)
    return _with_homeless(found, left, sorted(row for row in rows if row not in found))


def _with_homeless(found: dict[int, int], left: list[tuple[int, int]], without: list[int]) -> dict[int, int]:
    """Add the digests that no row has; ``without`` are the rows that have none."""
    displaced = []
    for row, digest in left:
        if row in found:
            displaced.append(digest)
        else:
            found[row] = digest
    free = [row for row in without if row not in found]
    below = min(0, *found) if found else 0
    for number, digest in enumerate(displaced):
        below -= number >= len(free)
        found[free[number] if number < len(free) else below] = digest
    return found


def realign(connection: sqlite3.Connection) -> None:
    """Enter the digests under the numbers of now where another program wrote the file anew; before a write."""
    counter = _counter(connection)
    if _noted(connection) == counter:
        return
    for layout in digests.layouts(connection):
        if not has_own_numbers(connection, layout) and not _is_aligned(connection, layout):
            _realign_table(connection, layout)
    note(connection)


def note(connection: sqlite3.Connection) -> None:
    """Keep SQLite's counter as it is at the end of a write of ours."""
    counter = _counter(connection)
    if _noted(connection) != counter:
        values = (digests.SCHEMA, COUNTER, counter)
        connection.execute("INSERT OR REPLACE INTO row_digest VALUES (?, ?, ?)", values)


def _counter(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA schema_version").fetchone()[0])


def _noted(connection: sqlite3.Connection) -> int | None:
    query = "SELECT digest FROM row_digest WHERE table_id = ? AND row_id = ?"
    found = connection.execute(query, (digests.SCHEMA, COUNTER)).fetchone()
    return None if found is None else int(found[0])


def _is_aligned(connection: sqlite3.Connection, layout: Layout) -> bool:
    """Compare how many rows there are and the sum of their numbers with those of the digests."""
    table = quoted(layout.name)
    there = connection.execute(f"SELECT count(*), coalesce(sum(rowid), 0) FROM {table}").fetchone()
    entered = "SELECT count(*), coalesce(sum(row_id), 0) FROM row_digest WHERE table_id = ?"
    return bool(there == connection.execute(entered, (layout.id,)).fetchone())


def _realign_table(connection: sqlite3.Connection, layout: Layout) -> None:
    query = "SELECT row_id, digest FROM row_digest WHERE table_id = ?"
    entered = dict(connection.execute(query, (layout.id,)).fetchall())
    rows = dict(connection.execute(f"SELECT rowid, {layout.call()} FROM {quoted(layout.name)}").fetchall())
    found = numbered_now(entered, rows)
    if found == entered:
        return
    connection.execute("DELETE FROM row_digest WHERE table_id = ?", (layout.id,))
    values = [(layout.id, row, digest) for row, digest in found.items()]
    connection.executemany("INSERT INTO row_digest VALUES (?, ?, ?)", values)
    waiting = "SELECT count(*) FROM row_touched WHERE table_id = ?"
    (touched,) = connection.execute(waiting, (layout.id,)).fetchone()
    gap = connection.execute("SELECT 1 FROM digest_gap WHERE table_id = ?", (layout.id,)).fetchone()
    if touched or gap:
        # Rows that waited for a digest have other numbers, too: those without one are they.
        without = [(layout.id, row) for row in rows if row not in found]
        connection.execute("DELETE FROM row_touched WHERE table_id = ?", (layout.id,))
        connection.execute("DELETE FROM digest_gap WHERE table_id = ?", (layout.id,))
        connection.executemany("INSERT OR IGNORE INTO row_touched VALUES (?, ?)", without)
