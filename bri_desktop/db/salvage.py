"""A ledger out of one that SQLite can no longer read through: every row that can still be read, with an account.

The rows go into a new file of the same schema. What is lost is looked for in the verified copies: a row there whose
digest is the one that was entered for the lost row is that row as it was.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bri_desktop.db import digests, numbering, search
from bri_desktop.db.check import FAULTS, read_only, read_rows
from bri_desktop.db.digests import Layout, digest_of, quoted

FURTHEST = 1 << 22
"""Row numbers up to which is looked where neither the rows' order nor their digests can be read."""

Told = Callable[[int], None]
_Rows = dict[int, tuple[object, ...]]


@dataclass(slots=True)
class Account:
    """What became of the rows of a table: read and as they were, read but changed, taken from a copy, lost.

    ``is_sure`` tells whether it could be read how many rows there were.
    """

    table: str
    saved: int = 0
    changed: list[int] = field(default_factory=list)
    from_copy: list[int] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)
    is_sure: bool = True


def salvage(damaged: Path, target: Path, copies: Sequence[Path] = (), told: Told | None = None) -> list[Account]:
    """Write what can be saved of ``damaged`` to the new file ``target`` and return the account of each table.

    ``copies`` are verified ones, the best first. ``sqlite3.DatabaseError`` where not even one table can be read.
    """
    from bri_desktop.db.upgrade import upgrade_in_place

    upgrade_in_place(target)
    with closing(read_only(damaged)) as source, closing(sqlite3.connect(target, isolation_level=None)) as new:
        new.execute("PRAGMA foreign_keys=OFF")
        new.execute("BEGIN IMMEDIATE")
        layouts = digests.layouts(new)
        digests.take_away(new)
        accounts = []
        for layout in layouts:
            accounts.append(_save_table(source, new, layout, copies))
            if told is not None:
                told(sum(account.saved for account in accounts))
        if not any(account.saved or account.from_copy for account in accounts):
            raise sqlite3.DatabaseError("no table of this file can be read")
        _finish(new, source)
        new.execute("COMMIT")
    return accounts


def _finish(new: sqlite3.Connection, source: sqlite3.Connection) -> None:
    search.begin_anew(new)
    with suppress(*FAULTS):
        for name, number in source.execute("SELECT name, seq FROM sqlite_sequence").fetchall():
            new.execute("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", (number, name))
    digests.lay_out(new)


def _save_table(source: sqlite3.Connection, new: sqlite3.Connection, layout: Layout, copies: Sequence[Path]) -> Account:
    account = Account(layout.name)
    entered, account.is_sure = _entered(source, layout.name)
    there = _layout_there(source, layout)
    found: _Rows = {}
    if there is not None:
        for row, values in _rows(source, there, entered):
            if values is not None:
                found[row] = values
        if not numbering.has_own_numbers(source, there):
            entered = numbering.numbered_now(entered, {row: digest_of(values) for row, values in found.items()})
    for row, values in found.items():
        if row in entered and entered[row] != digest_of(values):
            account.changed.append(row)
    wanted = {row: digest for row, digest in entered.items() if row not in found or row in account.changed}
    for row, values in _from_copies(copies, layout, wanted):
        found[row] = values
        account.from_copy.append(row)
    account.changed = [row for row in account.changed if row not in set(account.from_copy)]
    refused = set(_insert(new, layout, there, found, set(account.from_copy)))
    account.lost = sorted({row for row in entered if row not in found} | refused)
    account.saved = len(found) - len(refused) - len(account.from_copy)
    return account


def _entered(source: sqlite3.Connection, name: str) -> tuple[dict[int, int], bool]:
    """Return the digests entered for the rows of a table, as far as they can be read, and whether that is all."""
    entered: dict[int, int] = {}
    query = (
        "SELECT row_id, digest FROM row_digest JOIN digest_layout USING (table_id) WHERE digest_layout.name = ? "
        "ORDER BY row_id"
    )
    try:
        for row, digest in source.execute(query, (name,)):
            entered[row] = digest
    except FAULTS:
        return entered, False
    return entered, True


def _layout_there(source: sqlite3.Connection, layout: Layout) -> Layout | None:
    """Return the columns of a table that both files have, ``None`` where its definition cannot be read."""
    try:
        columns = {column[1] for column in source.execute(f"PRAGMA table_info({quoted(layout.name)})")}
    except FAULTS:
        return None
    common = tuple(name for name in layout.columns if name in columns)
    return Layout(layout.id, layout.name, common) if common else None


def _rows(
    source: sqlite3.Connection, layout: Layout, entered: dict[int, int]
) -> Iterator[tuple[int, tuple[object, ...] | None]]:
    """Yield the rows that can be read, from both ends where the middle cannot be."""
    came: set[int] = set()
    for row, values in read_rows(source, layout, entered):
        came.add(row)
        yield row, values
    if not entered:
        columns = ", ".join(quoted(name) for name in layout.columns)
        query = f"SELECT rowid, {columns} FROM {quoted(layout.name)} ORDER BY rowid DESC LIMIT {FURTHEST}"
        with suppress(*FAULTS):
            for row, *values in source.execute(query):
                if row in came:
                    return
                came.add(row)
                yield row, tuple(values)


def _from_copies(
    copies: Sequence[Path], layout: Layout, wanted: dict[int, int]
) -> Iterator[tuple[int, tuple[object, ...]]]:
    """Yield the rows that a copy still has with the very digest that was entered for them."""
    for copy in copies:
        if not wanted:
            return
        with suppress(*FAULTS), closing(read_only(copy)) as connection:
            columns = ", ".join(quoted(name) for name in layout.columns)
            query = f"SELECT {columns} FROM {quoted(layout.name)} WHERE rowid = ?"
            for row, digest in list(wanted.items()):
                values = connection.execute(query, (row,)).fetchone()
                if values is not None and digest_of(values) == digest:
                    del wanted[row]
                    yield row, tuple(values)


def _insert(
    new: sqlite3.Connection, layout: Layout, there: Layout | None, found: _Rows, whole: set[int]
) -> Iterator[int]:
    """Write the rows and yield the numbers of those that the new file refuses."""
    if layout.name in digests.OWN:
        return
    new.execute(f"DELETE FROM {quoted(layout.name)}")
    for row in sorted(found):
        columns = layout.columns if row in whole or there is None else there.columns
        names, marks = ", ".join(quoted(name) for name in columns), ", ".join("?" * (len(columns) + 1))
        values = [_writable(value) for value in found[row]]
        try:
            new.execute(f"INSERT INTO {quoted(layout.name)} (rowid, {names}) VALUES ({marks})", (row, *values))
        except (sqlite3.IntegrityError, sqlite3.DataError, OverflowError):
            yield row


def _writable(value: object) -> object:
    """Return a text that is no longer UTF-8 with the bytes in question replaced."""
    return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace") if isinstance(value, str) else value
