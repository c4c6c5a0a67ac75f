"""A file that another program wrote anew is not damaged, however it numbers the rows; damage in it is still found."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bri_desktop.db.check import Damage, check_file
from bri_desktop.db.database import Database, open_database
from bri_desktop.db.numbering import numbered_now
from bri_desktop.db.salvage import salvage
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.services.projects import create_project, edit_fields

CITIES = ("cn:310000", "cn:110000")


def numbers(path: Path, table: str) -> list[int]:
    with closing(sqlite3.connect(path)) as connection:
        return [row for (row,) in connection.execute(f"SELECT rowid FROM {table} ORDER BY rowid")]


@pytest.fixture
def renumbered(ledger: Database, tmp_path: Path) -> Path:
    """Return a ledger whose places of projects have gaps between their numbers closed by another program."""
    with ledger.write() as session:
        for number in range(3):
            create_project(session, ProjectDraft(title=f"项目{number}", domestic_places=CITIES))
    with ledger.write() as session:
        edit_fields(session, ["P1"], {"domestic_places": ["cn:110000"]})
    ledger.close()
    before = numbers(ledger.path, "project_place")
    with closing(sqlite3.connect(ledger.path)) as connection:
        # The same as reading a dump back: the rows come in the order of their numbers and are counted from one.
        connection.execute("PRAGMA recursive_triggers=OFF")
        connection.execute("CREATE TEMP TABLE kept AS SELECT * FROM row_digest")
        rows = connection.execute("SELECT * FROM project_place ORDER BY rowid").fetchall()
        connection.execute("DELETE FROM project_place")
        connection.executemany(f"INSERT INTO project_place VALUES ({', '.join('?' * len(rows[0]))})", rows)
        connection.execute("DELETE FROM row_digest")
        connection.execute("INSERT INTO row_digest SELECT * FROM kept")
        connection.execute("DELETE FROM row_touched")
        connection.commit()
        connection.execute("VACUUM")
    assert numbers(ledger.path, "project_place") != before
    return ledger.path


def test_rows_with_new_numbers_are_no_damage(renumbered: Path) -> None:
    assert check_file(renumbered) == []


def test_what_is_written_afterwards_is_no_damage_either(renumbered: Path) -> None:
    database = open_database(renumbered)
    with database.write() as session:
        edit_fields(session, ["P2"], {"domestic_places": ["cn:310000"]})
    with database.write() as session:
        create_project(session, ProjectDraft(title="后来的项目", domestic_places=CITIES))
    database.close()
    assert check_file(renumbered) == []


def test_a_value_that_changed_on_the_disk_is_still_found(renumbered: Path) -> None:
    with closing(sqlite3.connect(renumbered)) as connection:
        connection.execute("UPDATE project_place SET side = 'foreign' WHERE rowid = 2")
        connection.execute("DELETE FROM row_touched")
        connection.commit()
    assert [(damage.code, damage.table) for damage in check_file(renumbered)] == [("row_changed", "project_place")]


def test_salvaging_gives_a_true_account_of_them(renumbered: Path, tmp_path: Path) -> None:
    accounts = {account.table: account for account in salvage(renumbered, tmp_path / "new.db")}
    assert (accounts["project_place"].saved, accounts["project_place"].changed, accounts["project_place"].lost) == (
        5, [], [],
    )  # fmt: skip
    assert check_file(tmp_path / "new.db") == []


@given(
    st.dictionaries(st.integers(1, 30), st.integers(0, 9), max_size=12),
    st.dictionaries(st.integers(1, 30), st.integers(0, 9), max_size=12),
)
def test_no_digest_is_lost_or_made_up(entered: dict[int, int], rows: dict[int, int]) -> None:
    found = numbered_now(entered, rows)
    assert sorted(found.values()) == sorted(entered.values())
    unmatched = [row for row, digest in rows.items() if found.get(row) != digest]
    there, wanted = list(rows.values()), list(entered.values())
    common = sum(min(there.count(digest), wanted.count(digest)) for digest in set(there))
    assert len(rows) - len(unmatched) == common


def test_a_lost_row_below_zero_is_named_as_missing(renumbered: Path) -> None:
    assert numbered_now({1: 7, 2: 8, 3: 9}, {1: 8, 2: 9}) == {1: 8, 2: 9, -1: 7}
    with closing(sqlite3.connect(renumbered)) as connection:
        connection.execute("DROP TRIGGER digest_of_project_place_delete")
        connection.execute("DELETE FROM project_place WHERE rowid = 1")
        connection.commit()
    codes = {damage.code for damage in check_file(renumbered) if damage.table == "project_place"}
    assert codes == {"row_missing"}
    assert Damage("definitions") in check_file(renumbered)
