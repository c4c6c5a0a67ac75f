"""What an import and a merge ask of the ledger again and again is answered by an index, not by all its projects."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from some_projects import add, project
from some_returned import edited, issued, merged
from some_workbooks import book, counts, take
from sqlalchemy import Engine, event

from bri_desktop.db.database import Database

WALKS = "ix_project_listing (deleted_at=?)"
"""How SQLite says that it goes through every living project."""


@contextmanager
def asked() -> Iterator[list[tuple[str, Any]]]:
    """Note every look-up of projects with a list of values."""
    found: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        if statement.lstrip().startswith("SELECT") and "FROM project \n" in statement and " IN (" in statement:
            found.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    yield found
    event.remove(Engine, "before_cursor_execute", note)


def ways(database: Database, statements: list[tuple[str, Any]]) -> list[str]:
    """Return how SQLite answers each of the statements."""
    with database.read() as session:
        connection = session.connection()
        return [
            str(row[3])
            for text, values in statements
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)
        ]


def test_an_import_looks_its_rows_up_by_index(ledger: Database, tmp_path: Path) -> None:
    path = book(tmp_path / "book.xlsx", [["项目编号", "项目名称"], ["A-1", "甲"], ["A-2", "乙"], [None, "丙"]])
    with asked() as statements:
        assert counts(take(ledger, path)) == {"created": 3}
    found = ways(ledger, statements)
    assert found and not [way for way in found if WALKS in way]


@pytest.mark.parametrize("note", ["改", None])
def test_a_merge_looks_its_rows_up_by_index(ledger: Database, tmp_path: Path, note: str | None) -> None:
    add(ledger, project("甲", note="旧"), project("乙"))
    path = edited(issued(ledger, tmp_path / "issued.xlsx"), {"甲": {"备注": note}})
    with asked() as statements:
        merged(ledger, path)
    assert not [way for way in ways(ledger, statements) if WALKS in way]
