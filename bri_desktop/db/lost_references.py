"""References to rows that are gone: a record that points at nothing stops whatever reads it through."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from bri_desktop.db.digests import quoted


@dataclass(frozen=True, slots=True)
class LetGo:
    """What became of a row: it no longer names the lost one (``is_gone`` false), or it said nothing else and is gone.

    ``values`` are those it had before, by column.
    """

    table: str
    row: int
    is_gone: bool
    values: dict[str, object]


def let_go(connection: sqlite3.Connection) -> Iterator[LetGo]:
    """Empty each reference to a row that is not there, and remove rows that cannot be without it, and what names those.

    In the transaction of the caller, with foreign keys off.
    """
    while lost := connection.execute("PRAGMA foreign_key_check").fetchall():
        for table, row, _parent, number in lost:
            cursor = connection.execute(f"SELECT * FROM {quoted(table)} WHERE rowid = ?", (row,))
            values = cursor.fetchone()
            if values is None:
                continue
            named = dict(zip((column[0] for column in cursor.description), values, strict=True))
            columns = _columns_of(connection, table, number)
            is_gone = _is_needed(connection, table, columns)
            if is_gone:
                connection.execute(f"DELETE FROM {quoted(table)} WHERE rowid = ?", (row,))
            else:
                emptied = ", ".join(f"{quoted(name)} = NULL" for name in columns)
                connection.execute(f"UPDATE {quoted(table)} SET {emptied} WHERE rowid = ?", (row,))
            yield LetGo(table, row, is_gone, named)


def _columns_of(connection: sqlite3.Connection, table: str, number: int) -> list[str]:
    keys = connection.execute(f"PRAGMA foreign_key_list({quoted(table)})").fetchall()
    return [key[3] for key in keys if key[0] == number]


def _is_needed(connection: sqlite3.Connection, table: str, columns: list[str]) -> bool:
    found = connection.execute(f"PRAGMA table_info({quoted(table)})").fetchall()
    return any(column[1] in columns and (column[3] or column[5]) for column in found)
