"""A ledger out of one that SQLite can no longer read through: every row that can still be read, with an account.

The rows go into a new file of the same schema. What SQLite does not reach is looked for in the pages of the file, and
what is lost there in the verified copies: a row whose digest is the one that was entered for the lost row is that row
as it was.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bri_desktop.db import digests, lost_references, numbering, page_rescue, reference, search
from bri_desktop.db.check import FAULTS, read_only, read_rows
from bri_desktop.db.digests import Layout, digest_of, quoted

FURTHEST = 1 << 22
"""Row numbers up to which is looked where neither the rows' order nor their digests can be read."""

Told = Callable[[int], None]
_Rows = dict[int, tuple[object, ...]]


@dataclass(slots=True)
class Account:
    """What became of the rows of a table: read and as they were, read but changed, taken from a copy, lost.

    ``unlinked`` are as they were but for a reference to a row that is lost, which they no longer name. ``is_sure``
    tells whether it could be read how many rows there were.
    """

    table: str
    saved: int = 0
    changed: list[int] = field(default_factory=list)
    from_copy: list[int] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)
    unlinked: list[int] = field(default_factory=list)
    is_sure: bool = True


def salvage(damaged: Path, target: Path, copies: Sequence[Path] = (), told: Told | None = None) -> list[Account]:
    """Write what can be saved of ``damaged`` to the new file ``target`` and return the account of each table.

    ``copies`` are verified ones, the best first. ``sqlite3.DatabaseError`` where not even one table can be read.
    """
    from bri_desktop.db.upgrade import upgrade_in_place

    upgrade_in_place(target)
    with closing(sqlite3.connect(target, isolation_level=None)) as new, ExitStack() as closed:
        new.execute("PRAGMA foreign_keys=OFF")
        new.execute("BEGIN IMMEDIATE")
        layouts = digests.layouts(new)
        digests.take_away(new)
        broken = _Broken(damaged, layouts, new, closed)
        accounts = []
        for layout in layouts:
            accounts.append(_save_table(broken, new, layout, copies))
            if told is not None:
                told(sum(account.saved for account in accounts))
        if not any(
            account.saved or account.from_copy for account in accounts if account.table not in reference.SHIPPED
        ):
            raise sqlite3.DatabaseError("no table of this file can be read")
        _let_go(new, {account.table: account for account in accounts})
        _finish(new, broken.source)
        new.execute("COMMIT")
    return accounts


class _Broken:
    """The broken file: ``source`` is as SQLite reads it, or what its pages hold where SQLite reads nothing at all."""

    def __init__(self, path: Path, layouts: Sequence[Layout], like: sqlite3.Connection, closed: ExitStack) -> None:
        self._path, self._layouts, self._like, self._closed = path, layouts, like, closed
        self._gathered: tuple[sqlite3.Connection, bool] | None = None
        self.source = closed.enter_context(closing(read_only(path)))
        self._is_unread = False
        try:
            self.source.execute("SELECT name FROM sqlite_master").fetchall()
        except FAULTS:
            self._is_unread, self.source = True, self.pages()[0]

    def entered(self, layout: Layout) -> tuple[dict[int, int], bool]:
        """Return the digests entered for the rows of a table, and whether that is all of them."""
        entered, is_sure = _entered(self.source, layout.name)
        if is_sure and not self._is_unread:
            return entered, True
        pages, is_whole = self.pages()
        return _entered(pages, layout.name)[0] | entered, is_whole

    def pages(self) -> tuple[sqlite3.Connection, bool]:
        """Return what the pages hold, and whether all digests are there; gone through when it is first asked for."""
        if self._gathered is None:
            self._gathered = page_rescue.gathered(self._path, self._layouts, self._like)
            self._closed.callback(self._gathered[0].close)
        return self._gathered


def _let_go(new: sqlite3.Connection, accounts: dict[str, Account]) -> None:
    """Part what was saved from what is lost: a row that cannot be without it is lost, too."""
    for row in lost_references.let_go(new):
        account = accounts[row.table]
        if not row.is_gone:
            account.unlinked = sorted({*account.unlinked, row.row})
            continue
        account.saved -= row.row not in account.from_copy
        for kind in (account.from_copy, account.changed, account.unlinked):
            kind[:] = (other for other in kind if other != row.row)
        account.lost.append(row.row)


def _finish(new: sqlite3.Connection, source: sqlite3.Connection) -> None:
    search.begin_anew(new)
    with suppress(*FAULTS):
        for name, number in source.execute("SELECT name, seq FROM sqlite_sequence").fetchall():
            new.execute("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", (number, name))
    digests.lay_out(new)


def _save_table(broken: _Broken, new: sqlite3.Connection, layout: Layout, copies: Sequence[Path]) -> Account:
    account = Account(layout.name)
    entered, account.is_sure = broken.entered(layout)
    there, found, entered = _found(broken, layout, entered, account.is_sure)
    for row, values in found.items():
        if row in entered and entered[row] != digest_of(values):
            account.changed.append(row)
    wanted = {row: digest for row, digest in entered.items() if row not in found or row in account.changed}
    if wanted and there is not None:
        with suppress(*FAULTS):
            found.update(_matching(broken.pages()[0], there, wanted))
    for row, values in _from_copies(copies, layout, wanted):
        found[row] = values
        account.from_copy.append(row)
    account.changed = [row for row in account.changed if row in wanted]
    refused = set(_insert(new, layout, there, found, set(account.from_copy)))
    lost = {row for row in entered if row not in found} | refused
    shipped = _shipped_again(new, layout, {row: entered[row] for row in lost if row in entered})
    account.lost = sorted(lost - shipped)
    account.saved = len(found) - len(refused) - len(account.from_copy) + len(shipped)
    return account


def _shipped_again(new: sqlite3.Connection, layout: Layout, lost: dict[int, int]) -> set[int]:
    """Add the built-in codes and countries that are not there, and return which of the lost rows these are."""
    if layout.name not in reference.SHIPPED:
        return set()
    reference.complete(new, layout.name)
    columns = ", ".join(quoted(name) for name in layout.columns)
    there = {digest_of(values) for values in new.execute(f"SELECT {columns} FROM {layout.name}")}
    return {row for row, digest in lost.items() if digest in there}


def _found(
    broken: _Broken, layout: Layout, entered: dict[int, int], is_sure: bool
) -> tuple[Layout | None, _Rows, dict[int, int]]:
    """Return the columns and rows of a table that can be read, and the digests by the numbers the rows have now."""
    found: _Rows = {}
    there = _layout_there(broken.source, layout)
    if there is None:
        there = _layout_there(broken.pages()[0], layout)
    else:
        found = {row: values for row, values in _rows(broken.source, there, entered) if values is not None}
        if not numbering.has_own_numbers(broken.source, there):
            entered = numbering.numbered_now(entered, {row: digest_of(values) for row, values in found.items()})
    if there is not None and not is_sure:
        for row, values in read_rows(broken.pages()[0], there, {}):
            if values is not None:
                found.setdefault(row, values)
    return there, found, entered


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
            yield from _matching(connection, layout, wanted)


def _matching(
    connection: sqlite3.Connection, layout: Layout, wanted: dict[int, int]
) -> Iterator[tuple[int, tuple[object, ...]]]:
    """Yield the ``wanted`` rows (number -> digest) that are there as they were, and take them out of ``wanted``."""
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
