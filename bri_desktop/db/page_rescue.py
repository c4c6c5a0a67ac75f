"""The rows of a ledger whose pages no longer hang together, gathered into a ledger that SQLite can read.

A row whose page hangs on the first page of its table belongs to that table. For all other pages the digests decide: a
row there is one of a table if it has the number and the very digest that were entered for a row of it. So nothing is
taken from a page that was given back long ago, and no row into a wrong table.
"""

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

from bri_desktop.db.digests import OWN, Layout, digest_of, quoted
from bri_desktop.db.pages import INDEX_LEAF, INDEX_NODE, TABLE_LEAF, TABLE_NODE, PageFile, Record, Value

DEFINITIONS = 1
"""The first page of the table of all tables."""
LEAST_DIGEST = 1 << 40
"""Entries of three whole numbers of which the last is smaller are of another index; of digests, one in 8 million."""
_DIGESTS, _LAYOUTS, _SEQUENCE = "row_digest", "digest_layout", "sqlite_sequence"
_TREE = {TABLE_NODE: TABLE_LEAF, INDEX_NODE: INDEX_LEAF}


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of the broken file: its first page (``None``: lost with its definition) and what its columns are."""

    name: str
    first_page: int | None
    columns: tuple[str, ...]
    number_column: int | None
    real: frozenset[int]
    added: tuple[Value, ...]

    def whole(self, record: Record) -> tuple[Value, ...] | None:
        """Return the values as SQLite gives them, ``None`` for a record that cannot be of this table."""
        if len(record.values) > len(self.columns):
            return None
        values = [*record.values, *self.added[len(record.values) :]]
        if self.number_column is not None:
            if values[self.number_column] is not None:
                return None
            values[self.number_column] = record.row
        for place in self.real:
            value = values[place]
            values[place] = float(value) if isinstance(value, int) else value
        return tuple(values)


def gathered(damaged: Path, layouts: Sequence[Layout], like: sqlite3.Connection) -> tuple[sqlite3.Connection, bool]:
    """Return what the pages of ``damaged`` hold as a ledger in a temporary file, and whether all digests were reached.

    It has the tables of ``layouts``, those of the digests and that of the numbers given, without rules. ``like`` is a
    ledger of the schema of now, whose definitions stand in where those of the file are lost.
    """
    found = sqlite3.connect("", isolation_level=None)
    found.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
    with PageFile(damaged) as pages:
        rescue = _Rescue(pages, found, _wanted_tables(pages, layouts, like))
        found.execute("BEGIN")
        rescue.take_reached()
        rescue.take_layouts(layouts)
        is_whole = rescue.take_digests()
        rescue.take_strays()
        found.execute("COMMIT")
    return found, is_whole


class _Rescue:
    """One gathering: ``reached`` are the pages that hang on a table."""

    def __init__(self, pages: PageFile, found: sqlite3.Connection, tables: Mapping[str, _Table]) -> None:
        self._pages, self._found, self._tables = pages, found, tables
        self._reached: set[int] = set()
        for table in tables.values():
            _create(found, table)

    def take_reached(self) -> None:
        """Take the rows of every table with numbers as far as its tree holds."""
        for table in self._tables.values():
            if table.first_page is not None and table.name != _DIGESTS:
                for record in self._tree(table.first_page, TABLE_NODE):
                    self._keep(table, record)

    def take_layouts(self, layouts: Sequence[Layout]) -> None:
        """Take the numbers that tables have in the digests from ``layouts`` where those of the file are lost."""
        if not self._found.execute(f"SELECT 1 FROM {_LAYOUTS}").fetchone():
            rows = [(layout.id, layout.name, json.dumps(layout.columns)) for layout in layouts]
            self._found.executemany(f"INSERT INTO {_LAYOUTS} VALUES (?, ?, ?)", rows)

    def take_digests(self) -> bool:
        """Take the digests, from pages that nothing points at where its tree is broken; tell whether it holds."""
        page = self._tables[_DIGESTS].first_page
        is_whole = page is not None and self._is_whole(page, INDEX_NODE)
        if page is not None:
            self._enter(self._tree(page, INDEX_NODE))
        for left in () if is_whole else self._left(INDEX_LEAF, INDEX_NODE):
            self._enter(self._pages.records(left))
        return is_whole

    def take_strays(self) -> None:
        """Take rows of pages that hang on no table, each of which has the digest that was entered for it."""
        missing = self._missing()
        for page in self._left(TABLE_LEAF) if missing else ():
            for record in self._pages.records(page):
                for table, digest in missing.get(record.row or 0, ()):
                    values = table.whole(record)
                    if values is not None and digest_of(values) == digest:
                        self._keep(table, record)

    def _missing(self) -> dict[int, list[tuple[_Table, int]]]:
        missing: dict[int, list[tuple[_Table, int]]] = {}
        for number, name in self._found.execute(f"SELECT table_id, name FROM {_LAYOUTS}").fetchall():
            table = self._tables.get(name)
            if table is None:
                continue
            query = (
                f"SELECT row_id, digest FROM {_DIGESTS} WHERE table_id = ? "
                f"AND row_id NOT IN (SELECT rowid FROM {quoted(name)})"
            )
            for row, digest in self._found.execute(query, (number,)):
                missing.setdefault(row, []).append((table, digest))
        return missing

    def _keep(self, table: _Table, record: Record) -> None:
        values = table.whole(record)
        if values is None or record.row is None:
            return
        names = ", ".join(quoted(name) for name in table.columns)
        marks = ", ".join("CAST(? AS TEXT)" if _is_broken(value) else "?" for value in values)
        written = [value.encode("utf-8", "surrogateescape") if _is_broken(value) else value for value in values]
        self._found.execute(
            f"INSERT OR IGNORE INTO {quoted(table.name)} (rowid, {names}) VALUES (?, {marks})", (record.row, *written)
        )

    def _enter(self, records: Iterable[Record]) -> None:
        entries = [record.values for record in records if _is_digest(record.values)]
        self._found.executemany(f"INSERT OR IGNORE INTO {_DIGESTS} VALUES (?, ?, ?)", entries)

    def _tree(self, page: int, node: int) -> Iterator[Record]:
        for number in _pages_below(self._pages, page, node, self._reached):
            yield from self._pages.records(number)

    def _is_whole(self, page: int, node: int) -> bool:
        """Tell whether every page below is there and of its kind."""
        passed: set[int] = set()
        ours = (node, _TREE[node])
        waiting = [page]
        while waiting:
            number = waiting.pop()
            kind = self._pages.kind(number)
            if kind not in ours or number in passed:
                return False
            passed.add(number)
            waiting += self._pages.children(number) if kind == node else []
        return True

    def _left(self, *kinds: int) -> Iterator[int]:
        for number in range(1, self._pages.count + 1):
            if number not in self._reached and self._pages.kind(number) in kinds:
                yield number


def _pages_below(pages: PageFile, page: int, node: int, reached: set[int]) -> Iterator[int]:
    """Yield the pages of a tree and add them to ``reached``; a page that is not of its kind ends its branch."""
    waiting = [page]
    while waiting:
        number = waiting.pop()
        kind = pages.kind(number)
        if number in reached or kind not in (node, _TREE[node]):
            continue
        reached.add(number)
        yield number
        waiting += reversed(pages.children(number)) if kind == node else []


def _is_digest(values: tuple[Value, ...]) -> bool:
    return (
        len(values) == 3 and all(isinstance(value, int) for value in values) and abs(int(values[2] or 0)) > LEAST_DIGEST
    )


def _is_broken(value: Value) -> TypeGuard[str]:
    """Tell whether a text is no longer UTF-8; it is kept as the bytes that are there."""
    return isinstance(value, str) and any("\ud800" <= sign <= "\udfff" for sign in value)


# -- definitions ---------------------------------------------------------------------------------------------------


def _wanted_tables(pages: PageFile, layouts: Iterable[Layout], like: sqlite3.Connection) -> dict[str, _Table]:
    definitions = _definitions(pages)
    tables = {}
    for name in [*(layout.name for layout in layouts), *sorted(OWN), _SEQUENCE]:
        page, sql = definitions.get(name, (None, ""))
        tables[name] = _table(name, page, sql or _definition_of(like, name))
    return tables


def _definitions(pages: PageFile) -> dict[str, tuple[int, str]]:
    """Return the first page and the definition of each table, the one entered last where there are several."""
    reached: set[int] = set()
    records = [
        record for number in _pages_below(pages, DEFINITIONS, TABLE_NODE, reached) for record in pages.records(number)
    ]
    if not records:
        left = (number for number in range(1, pages.count + 1) if pages.kind(number) == TABLE_LEAF)
        records = [record for number in left for record in pages.records(number)]
    found = [record for record in records if _is_definition(record.values)]
    return {
        str(record.values[1]): (int(str(record.values[3])), str(record.values[4]))
        for record in sorted(found, key=lambda record: record.row or 0)
    }


def _is_definition(values: tuple[Value, ...]) -> bool:
    return (
        len(values) == 5
        and values[0] == "table"
        and isinstance(values[3], int)
        and str(values[4]).upper().startswith("CREATE TABLE")
    )


def _definition_of(like: sqlite3.Connection, name: str) -> str:
    (sql,) = like.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (name,)).fetchone()
    return str(sql)


def _table(name: str, page: int | None, sql: str) -> _Table:
    """Return what SQLite makes of a definition."""
    if name == _SEQUENCE:
        return _Table(name, page, ("name", "seq"), None, frozenset(), (None, None))
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(sql)
        columns = connection.execute(f"PRAGMA table_info({quoted(name)})").fetchall()
        added = [
            connection.execute(f"SELECT {column[4]}").fetchone()[0] if column[4] is not None else None
            for column in columns
        ]
    keys = [place for place, column in enumerate(columns) if column[5]]
    is_number = len(keys) == 1 and str(columns[keys[0]][2]).upper() == "INTEGER"
    real = frozenset(place for place, column in enumerate(columns) if re.search("REAL|FLOA|DOUB", column[2].upper()))
    names = tuple(column[1] for column in columns)
    return _Table(name, page, names, keys[0] if is_number else None, real, tuple(added))


def _create(found: sqlite3.Connection, table: _Table) -> None:
    """Create a table without any rule, so that what was there can be written whatever it is."""
    if table.name == _SEQUENCE:
        found.execute("CREATE TABLE numbered (id INTEGER PRIMARY KEY AUTOINCREMENT)")
        return
    columns = [
        f"{quoted(name)} INTEGER PRIMARY KEY" if place == table.number_column else quoted(name)
        for place, name in enumerate(table.columns)
    ]
    rule = ", PRIMARY KEY (table_id, row_id)" if table.name == _DIGESTS else ""
    found.execute(f"CREATE TABLE {quoted(table.name)} ({', '.join(columns)}{rule})")
