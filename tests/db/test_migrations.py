"""The schema: what the migrations make is what the models say, and no upgrade loses or half-does anything."""

import hashlib
import shutil
import sqlite3
import textwrap
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from bri_desktop.db import search, upgrade
from bri_desktop.db.database import HEAD, Database, open_database, schema_version
from bri_desktop.db.schema import metadata
from bri_desktop.domain.errors import DatabaseRefusedError, UserError
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.services.projects import create_project, find_ids, read_items

FIXTURES = Path(__file__).parents[1] / "fixtures"
OLDEST = FIXTURES / "schema-0001.sql"
LANDED = sorted(FIXTURES.glob("schema-*.sql"))

Step = Callable[[str, str], Path]


@pytest.fixture
def migrations(tmp_path: Path) -> Step:
    """Return a function that adds a step (its name, the body of its ``upgrade``) to a folder of migrations."""
    folder = tmp_path / "steps"
    (folder / "versions").mkdir(parents=True)
    names: list[str] = []

    def add(name: str, body: str) -> Path:
        above = repr(names[-1]) if names else "None"
        names.append(name)
        text = f"import sqlalchemy as sa\nfrom alembic import op\n\nrevision = {name!r}\ndown_revision = {above}\n\n\n"
        text += "def upgrade():\n" + textwrap.indent(textwrap.dedent(body).strip(), "    ") + "\n"
        (folder / "versions" / f"{name}.py").write_text(text, encoding="utf-8")
        return folder

    return add


def rows(path: Path, query: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def execute(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
            connection.commit()


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


PARENT_AND_CHILD = """
    op.create_table("parent", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("old", sa.Text()))
    op.create_table(
        "child",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("parent_id", sa.Integer(), sa.ForeignKey("parent.id", ondelete="CASCADE"), nullable=False),
    )
"""


def test_head_is_the_newest_migration() -> None:
    assert upgrade.scripts().get_current_head() == HEAD


def is_modelled(name: str | None, kind: str, _parents: object) -> bool:
    """Leave out the search index, which is SQLite's own kind of table and made by the migration alone."""
    return kind != "table" or name not in search.TABLES


def test_a_new_file_is_what_the_models_say(ledger_path: Path) -> None:
    engine = create_engine(f"sqlite+pysqlite:///{ledger_path}", poolclass=NullPool)
    with engine.connect() as connection:
        opts = {"compare_type": True, "render_as_batch": True, "include_name": is_modelled}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, metadata) == []
    assert schema_version(ledger_path) == HEAD


def test_every_constraint_has_the_name_of_the_convention(ledger_path: Path) -> None:
    """A batch migration can only speak of a constraint by its name."""
    for name, sql in rows(ledger_path, "SELECT name, sql FROM sqlite_master WHERE type='table' AND sql NOT NULL"):
        if name.startswith(("sqlite_", "alembic_")):
            continue
        for kind, prefix in (("PRIMARY KEY", "pk"), ("FOREIGN KEY", "fk"), ("UNIQUE", "uq"), ("CHECK", "ck")):
            for position in [n for n in range(len(sql)) if sql.startswith(f"{kind} (", n)]:
                before = sql[:position].rstrip().rpartition("CONSTRAINT ")[2]
                assert before.startswith(f"{prefix}_{name}"), f"{kind} of {name} is called {before[:60]}"
    indexes = rows(ledger_path, "SELECT name, tbl_name FROM sqlite_master WHERE type='index' AND sql NOT NULL")
    assert [pair for pair in indexes if not pair[0].startswith(f"ix_{pair[1]}_")] == []


def test_row_numbers_of_records_are_never_used_again(ledger_path: Path) -> None:
    without = {
        name
        for name, sql in rows(ledger_path, "SELECT name, sql FROM sqlite_master WHERE type='table'")
        if "AUTOINCREMENT" not in sql
    }
    assert not without & {"project", "pair", "place", "organisation", "agreement", "activity", "import_batch", "change"}


def test_a_migration_that_fails_half_way_leaves_nothing(migrations: Step, tmp_path: Path) -> None:
    path = tmp_path / "half.db"
    folder = migrations("a1", 'op.create_table("thing", sa.Column("id", sa.Integer(), primary_key=True))')
    upgrade.upgrade_in_place(path, folder=folder)
    migrations(
        "a2",
        """
        op.add_column("thing", sa.Column("extra", sa.Text()))
        op.execute("INSERT INTO thing (id, extra) VALUES (1, 'x')")
        op.execute("INSERT INTO nowhere VALUES (1)")
    """,
    )
    before = rows(path, "SELECT sql FROM sqlite_master ORDER BY name")
    with pytest.raises(UserError) as refused:
        upgrade.upgrade_in_place(path, folder=folder)
    assert refused.value.code == "upgrade_failed"
    assert rows(path, "SELECT sql FROM sqlite_master ORDER BY name") == before
    assert rows(path, "SELECT * FROM thing") == []
    assert schema_version_of(path) == "a1"
    step = folder / "versions" / "a2.py"
    step.write_text(step.read_text(encoding="utf-8").replace("nowhere VALUES (1)", "thing (id) VALUES (2)"), "utf-8")
    upgrade.upgrade_in_place(path, folder=folder)
    assert rows(path, "SELECT id, extra FROM thing ORDER BY id") == [(1, "x"), (2, None)]


def schema_version_of(path: Path) -> str:
    ((version,),) = rows(path, "SELECT version_num FROM alembic_version")
    return str(version)


def test_all_steps_of_an_upgrade_are_one_transaction(migrations: Step, tmp_path: Path) -> None:
    path = tmp_path / "steps.db"
    migrations("b1", 'op.create_table("first", sa.Column("id", sa.Integer(), primary_key=True))')
    folder = migrations("b2", 'op.execute("nonsense")')
    with pytest.raises(UserError):
        upgrade.upgrade_in_place(path, folder=folder)
    assert rows(path, "SELECT name FROM sqlite_master") == []


def test_rebuilding_a_parent_keeps_its_children(migrations: Step, tmp_path: Path) -> None:
    path = tmp_path / "family.db"
    folder = migrations("c1", PARENT_AND_CHILD)
    upgrade.upgrade_in_place(path, folder=folder)
    execute(path, "INSERT INTO parent VALUES (1, 'x'), (2, 'y')", "INSERT INTO child VALUES (10, 1), (11, 2), (12, 2)")
    migrations(
        "c2",
        """
        with op.batch_alter_table("parent") as batch:
            batch.drop_column("old")
    """,
    )
    upgrade.upgrade_in_place(path, folder=folder)
    assert rows(path, "SELECT * FROM parent ORDER BY id") == [(1,), (2,)]
    assert rows(path, "SELECT * FROM child ORDER BY id") == [(10, 1), (11, 2), (12, 2)]


def test_an_upgrade_that_orphans_rows_is_taken_back(migrations: Step, tmp_path: Path) -> None:
    path = tmp_path / "orphans.db"
    folder = migrations("d1", PARENT_AND_CHILD)
    upgrade.upgrade_in_place(path, folder=folder)
    execute(path, "INSERT INTO parent VALUES (1, 'x')", "INSERT INTO child VALUES (10, 1)")
    migrations("d2", 'op.execute("DELETE FROM parent")')
    with pytest.raises(DatabaseRefusedError) as refused:
        upgrade.upgrade_in_place(path, folder=folder)
    assert refused.value.code == "upgrade_failed"
    assert rows(path, "SELECT count(*) FROM parent") == [(1,)]
    assert schema_version_of(path) == "d1"


def test_a_newer_ledger_is_refused_before_any_write(ledger_path: Path) -> None:
    execute(ledger_path, "UPDATE alembic_version SET version_num = '9001'", "PRAGMA wal_checkpoint(TRUNCATE)")
    before = digest(ledger_path)
    with pytest.raises(DatabaseRefusedError) as refused:
        open_database(ledger_path)
    assert refused.value.code == "database_newer"
    assert refused.value.values["schema"] == "9001"
    assert digest(ledger_path) == before


@pytest.mark.parametrize("stamp", ["0000", "0001a", "zz", "", "1"])
def test_a_stamp_that_no_version_wrote_is_refused(ledger_path: Path, stamp: str) -> None:
    execute(ledger_path, f"UPDATE alembic_version SET version_num = '{stamp}'", "PRAGMA wal_checkpoint(TRUNCATE)")
    before = digest(ledger_path)
    with pytest.raises(DatabaseRefusedError):
        open_database(ledger_path)
    assert digest(ledger_path) == before
    assert [file.name for file in ledger_path.parent.iterdir() if "upgrade" in file.name] == []


def test_a_ledger_that_lost_its_stamp_is_refused(ledger_path: Path) -> None:
    execute(ledger_path, "DELETE FROM alembic_version", "PRAGMA wal_checkpoint(TRUNCATE)")
    before = digest(ledger_path)
    with pytest.raises(DatabaseRefusedError):
        open_database(ledger_path)
    assert digest(ledger_path) == before


def load(dump: Path, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(dump.read_text(encoding="utf-8"))


def load_oldest(path: Path) -> None:
    load(OLDEST, path)


def test_the_first_schema_opens_and_keeps_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    load_oldest(path)
    database = open_database(path)
    database.close()
    assert schema_version(path) == HEAD
    assert rows(path, "SELECT id, title, amount, signed FROM project ORDER BY id") == [
        (1, "上海—大阪友好城市", None, "1974-04-18"),
        (2, "中白工业园", 55_000_000_000_000, "2010-10"),
    ]
    assert rows(path, "SELECT project_id, side, position FROM project_place ORDER BY 1, 2 DESC") == [
        (1, "foreign", 0),
        (1, "domestic", 0),
        (2, "foreign", 0),
    ]
    assert rows(path, "SELECT before, after FROM history_entry WHERE action = 'update'") == [
        ('{"status": "signed"}', '{"status": "active"}')
    ]


@pytest.mark.parametrize("dump", LANDED, ids=lambda dump: dump.stem)
def test_the_dump_of_a_landed_schema_is_its_migration(dump: Path, tmp_path: Path) -> None:
    dumped, made = tmp_path / "dumped.db", tmp_path / "made.db"
    load(dump, dumped)
    upgrade.upgrade_in_place(made, revision=dump.stem.removeprefix("schema-"))
    query = "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
    assert rows(dumped, query) == rows(made, query)


def test_every_migration_has_its_dump() -> None:
    steps = {script.revision for script in upgrade.scripts().walk_revisions()}
    assert {dump.stem.removeprefix("schema-") for dump in LANDED} == steps


@pytest.mark.parametrize("dump", LANDED, ids=lambda dump: dump.stem)
def test_a_ledger_of_a_landed_schema_can_be_searched_and_written(dump: Path, tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    load(dump, path)
    database = open_database(path)
    with database.write() as session:
        assert [item.draft.title for item in read_items(session, [2])] == ["中白工业园"]
        create_project(session, ProjectDraft(title="港口合作"))
    with database.read() as session:
        assert len(find_ids(session, search="合作")) == 1
        assert sorted(find_ids(session)) == [1, 2, 3]
    database.close()


def test_the_upgrade_finds_what_was_there_before(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    load(FIXTURES / "schema-0002.sql", path)
    database = open_database(path)
    with database.read() as session:
        assert find_ids(session, search="工业园") == [2]
        assert find_ids(session, search="baieluosi") == [2]
    database.close()


def test_the_second_schema_keeps_what_was_sent_and_brought(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    load(FIXTURES / "schema-0002.sql", path)
    open_database(path).close()
    assert rows(path, "SELECT number, rows FROM issued_workbook") == [("2026-001", 2)]
    assert rows(path, "SELECT actual FROM indicator_value") == [(405_000,)]
    assert rows(path, "SELECT name_zh FROM code WHERE builtin = 0") == [("数字经济",)]
    assert [status for (status,) in rows(path, "SELECT status FROM project_status ORDER BY id")] == ["signed", "active"]


@pytest.fixture
def next_version(migrations: Step, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the program one schema younger than the ledger; return the folder of its migrations."""
    folder = tmp_path / "next"
    shutil.copytree(upgrade.paths.migrations(), folder)
    text = "import sqlalchemy as sa\nfrom alembic import op\nrevision = '9999'\n"
    text += f"down_revision = {HEAD!r}\n\n\ndef upgrade():\n"
    text += (
        "    with op.batch_alter_table('project') as batch:\n        batch.add_column(sa.Column('later', sa.Text()))\n"
    )
    (folder / "versions" / "9999.py").write_text(text, encoding="utf-8")
    monkeypatch.setattr(upgrade.paths, "migrations", lambda: folder)
    monkeypatch.setattr("bri_desktop.db.database.HEAD", "9999")
    return folder


def test_an_older_ledger_is_upgraded_and_its_original_kept(next_version: Path, tmp_path: Path) -> None:
    path = tmp_path / "office.db"
    load_oldest(path)
    original = rows(path, "SELECT * FROM project ORDER BY id")
    children = rows(path, "SELECT * FROM project_place ORDER BY 1, 2")
    open_database(path).close()
    assert schema_version(path) == "9999"
    assert [row[: len(original[0])] for row in rows(path, "SELECT * FROM project ORDER BY id")] == original
    assert rows(path, "SELECT * FROM project_place ORDER BY 1, 2") == children
    kept = tmp_path / "office.before-upgrade.db"
    assert schema_version(kept) == "0001"
    assert rows(kept, "SELECT * FROM project ORDER BY id") == original


def test_rows_still_in_the_write_ahead_log_survive_an_upgrade(
    ledger_path: Path, monkeypatch: pytest.MonkeyPatch, next_version: Path
) -> None:
    writer = sqlite3.connect(ledger_path)
    writer.execute("PRAGMA journal_mode=WAL")
    writer.execute("PRAGMA wal_autocheckpoint=0")
    writer.execute("INSERT INTO meta VALUES ('late', 'committed in the log')")
    writer.commit()
    copy = ledger_path.with_name("killed.db")
    shutil.copyfile(ledger_path, copy)
    shutil.copyfile(f"{ledger_path}-wal", f"{copy}-wal")
    writer.close()
    open_database(copy).close()
    assert rows(copy, "SELECT value FROM meta WHERE name = 'late'") == [("committed in the log",)]


def test_a_failed_upgrade_leaves_the_file_as_it_was(next_version: Path, tmp_path: Path) -> None:
    step = next_version / "versions" / "9999.py"
    step.write_text(step.read_text(encoding="utf-8") + "    op.execute('INSERT INTO nowhere VALUES (1)')\n", "utf-8")
    path = tmp_path / "office.db"
    load_oldest(path)
    before = digest(path)
    with pytest.raises(DatabaseRefusedError) as refused:
        open_database(path)
    assert refused.value.code == "upgrade_failed"
    assert digest(path) == before
    assert sorted(file.name for file in tmp_path.iterdir() if file.is_file()) == ["office.db"]


def test_a_damaged_ledger_is_not_upgraded(next_version: Path, tmp_path: Path) -> None:
    path = tmp_path / "office.db"
    load_oldest(path)
    data = bytearray(path.read_bytes())
    data[len(data) // 2 :] = b"\xa5" * (len(data) - len(data) // 2)
    path.write_bytes(data)
    with pytest.raises(DatabaseRefusedError) as refused:
        open_database(path)
    assert refused.value.code in {"database_damaged", "upgrade_failed"}
    assert path.read_bytes() == bytes(data)


def test_the_upgraded_file_works(next_version: Path, tmp_path: Path) -> None:
    path = tmp_path / "office.db"
    load_oldest(path)
    database: Database = open_database(path)
    with database.write() as session:
        session.connection().exec_driver_sql("UPDATE project SET later = 'now'")
    with database.read() as session:
        assert session.connection().exec_driver_sql("PRAGMA foreign_key_check").fetchall() == []
    database.close()
