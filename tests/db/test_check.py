"""Damage is noticed where SQLite sees none, and the row named; what the program writes is never called damaged."""

import random
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from whole_files import everything

from bri_desktop.db import digests
from bri_desktop.db.check import FAULTS, Damage, check_file
from bri_desktop.db.database import Database, open_database
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.services.history import undo_last
from bri_desktop.services.projects import create_project, delete_projects, edit_fields
from bri_desktop.services.sample import load_sample
from bri_desktop.services.search_index import fill_search_index


def add(ledger: Database, title: str, **fields: Any) -> str:
    with ledger.write() as session:
        return create_project(session, ProjectDraft(title=title, **fields)).key


def execute(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def changed_on_disk(path: Path, old: str, new: str) -> None:
    """Change a text past SQLite, as a failing disk does."""
    before, after = old.encode(), new.encode()
    assert len(before) == len(after)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = path.read_bytes()
    assert before in data
    path.write_bytes(data.replace(before, after))


def row_ids(path: Path, table: str) -> list[int]:
    with closing(sqlite3.connect(path)) as connection:
        return [row for (row,) in connection.execute(f"SELECT rowid FROM {table} ORDER BY rowid")]


def test_what_the_program_writes_is_never_damage(ledger: Database) -> None:
    first = add(ledger, "港口合作", domestic_places=("cn:310000",), foreign_places=("co:JP",), note="一行\n两行 😀")
    second = add(ledger, "友好交流", status="active")
    with ledger.write() as session:
        edit_fields(session, [first, second], {"status": "signed", "signed": None})
    with ledger.write() as session:
        delete_projects(session, [second])
    with ledger.write() as session:
        undo_last(session)
    assert check_file(ledger.path) == []


def test_a_value_changed_on_the_disk_is_found_where_sqlite_finds_nothing(ledger: Database) -> None:
    add(ledger, "港口合作", note="金额一千万")
    add(ledger, "友好交流")
    ledger.close()
    changed_on_disk(ledger.path, "金额一千万", "金额九千万")
    with closing(sqlite3.connect(ledger.path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    found = check_file(ledger.path)
    assert Damage("row_changed", "project", 1) in found
    assert {(damage.code, damage.row) for damage in found} == {("row_changed", 1)}


def test_a_row_that_vanished_is_named(ledger: Database) -> None:
    """Taken out with its triggers off, as damage would: a deletion through SQL is noticed by them."""
    add(ledger, "港口合作")
    add(ledger, "友好交流")
    ledger.close()
    with closing(sqlite3.connect(ledger.path)) as connection:
        (trigger,) = connection.execute(
            "SELECT sql FROM sqlite_master WHERE name = 'digest_of_project_status_delete'"
        ).fetchone()
        connection.execute("DROP TRIGGER digest_of_project_status_delete")
        connection.execute("INSERT INTO project_status (project_id, status, date) VALUES (1, 'signed', '2017')")
        connection.commit()
    reopened = open_database(ledger.path)
    with reopened.write() as session:
        session.execute(text("UPDATE meta SET value = value"))
    reopened.close()
    execute(ledger.path, "DELETE FROM project_status", trigger)
    assert check_file(ledger.path) == [Damage("row_missing", "project_status", 1)]


def test_rows_of_another_program_are_taken_up_with_the_next_write(ledger: Database) -> None:
    add(ledger, "港口合作")
    ledger.close()
    execute(ledger.path, "UPDATE project SET note = '由其他程序写入' WHERE id = 1")
    assert check_file(ledger.path) == []
    reopened = open_database(ledger.path)
    add(reopened, "友好交流")
    reopened.close()
    changed_on_disk(ledger.path, "由其他程序写入", "由其他程序写八")
    assert [damage.row for damage in check_file(ledger.path) if damage.table == "project"] == [1]


def test_a_column_renamed_by_damage_is_noticed(ledger: Database) -> None:
    ledger.close()
    changed_on_disk(ledger.path, '"settled_at", "settled_how"', '"settled_at", "settled_hew"')
    assert Damage("definitions") in check_file(ledger.path)


def test_a_stamp_of_a_schema_before_its_tables_is_noticed(ledger: Database) -> None:
    ledger.close()
    execute(ledger.path, "UPDATE alembic_version SET version_num = '0002'")
    assert check_file(ledger.path) == [Damage("definitions")]


def test_a_damaged_search_index_is_noticed(ledger: Database) -> None:
    add(ledger, "港口合作")
    ledger.close()
    execute(ledger.path, "UPDATE search_index_data SET block = zeroblob(40) WHERE id > 10")
    assert [damage.code for damage in check_file(ledger.path)] == ["search_index"]


def test_a_lost_reference_is_named(ledger: Database) -> None:
    add(ledger, "港口合作", domestic_places=("cn:310000",))
    ledger.close()
    execute(ledger.path, "PRAGMA foreign_keys=OFF", "DELETE FROM place")
    assert [(d.code, d.table, d.detail) for d in check_file(ledger.path)] == [
        ("reference_lost", "project_place", "place")
    ]


def test_an_import_leaves_digests_to_idle_moments_and_they_come(ledger: Database, monkeypatch: Any) -> None:
    monkeypatch.setattr(digests, "AT_ONCE", 50)
    monkeypatch.setattr(digests.settle, "__defaults__", (50,))
    load_sample(ledger)
    with closing(sqlite3.connect(ledger.path)) as connection:
        assert connection.execute("SELECT count(*) FROM digest_gap").fetchone()[0] > 0
    assert check_file(ledger.path) == []
    for _ in range(1000):
        with ledger.write() as session:
            if not fill_search_index(session).is_left:
                break
    ids = row_ids(ledger.path, "project")
    ledger.close()
    with closing(sqlite3.connect(ledger.path)) as connection:
        assert connection.execute("SELECT count(*) FROM digest_gap").fetchone()[0] == 0
        (covered,) = connection.execute(
            "SELECT count(*) FROM row_digest JOIN digest_layout USING (table_id) WHERE name = 'project'"
        ).fetchone()
    assert covered == len(ids) == 166
    assert check_file(ledger.path) == []


@pytest.mark.parametrize("seed", range(4))
def test_no_flipped_bit_that_changes_a_value_goes_unnoticed(ledger: Database, tmp_path: Path, seed: int) -> None:
    for number in range(20):
        add(
            ledger, f"第{number}个合作项目", domestic_places=("cn:310000",), foreign_places=("co:JP",), note="说明" * 40
        )
    ledger.close()
    with closing(sqlite3.connect(ledger.path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data, good, chance = ledger.path.read_bytes(), everything(ledger.path), random.Random(seed)
    flipped, changed = tmp_path / "flipped.db", 0
    for _ in range(40):
        place, bit = chance.randrange(len(data)), chance.randrange(8)
        flipped.write_bytes(data[:place] + bytes([data[place] ^ 1 << bit]) + data[place + 1 :])
        if everything(flipped) == good:
            continue
        changed += 1
        try:
            assert check_file(flipped), (place, bit)
        except FAULTS:
            continue
    assert changed > 0
