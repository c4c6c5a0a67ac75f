"""Restoring puts a backup in the place of the ledger, keeps what was there, says what changes; mending uses copies."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bri_desktop.__main__ import main
from bri_desktop.db.attachments import AttachmentFolder, folder_beside
from bri_desktop.db.backup import back_up, backup_folder, copies, look_through
from bri_desktop.db.check import check_file
from bri_desktop.db.database import Database, open_database
from bri_desktop.db.package import pack
from bri_desktop.db.record_models import Attachment
from bri_desktop.domain.errors import InputError, UserError
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.services.checking import check_ledger, repair_ledger
from bri_desktop.services.projects import create_project, delete_projects, edit_fields
from bri_desktop.services.restoring import differences, discard, prepare, put_in_place, restore


def add(ledger: Database, *names: str) -> None:
    with ledger.write() as session:
        for name in names:
            create_project(session, ProjectDraft(title=name))


def titles(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT title FROM project WHERE deleted_at IS NULL ORDER BY id")
        return [title for (title,) in rows]


def attach(ledger: Database, folder: Path, content: bytes) -> Path:
    source = folder / "扫描件.pdf"
    source.write_bytes(content)
    stored = AttachmentFolder(folder_beside(ledger.path)).put(source)
    with ledger.write() as session:
        row = Attachment(kind="project", record_id=1, name=stored.name, sha256=stored.sha256, size=stored.size)
        row.added_at = "2026-11-23T08:00:00Z"
        session.add(row)
    return AttachmentFolder(folder_beside(ledger.path)).path_of(stored.sha256)


def changed_on_disk(path: Path, old: str, new: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = path.read_bytes()
    assert data.count(old.encode()) > 0
    path.write_bytes(data.replace(old.encode(), new.encode()))


@pytest.fixture
def edited(ledger: Database, tmp_path: Path) -> tuple[Path, Path]:
    """Return (ledger, package): the ledger was changed since: one title, one deleted, one new."""
    add(ledger, "港口合作", "友好交流", "产业园区")
    packed = pack(ledger.path, tmp_path / "全部.bribackup")
    with ledger.write() as session:
        edit_fields(session, ["P1"], {"title": "港口合作二期"})
    with ledger.write() as session:
        delete_projects(session, ["P2"])
    add(ledger, "新项目")
    ledger.close()
    return ledger.path, packed.path


def test_what_restoring_would_change_is_said_before(edited: tuple[Path, Path]) -> None:
    path, packed = edited
    new = prepare(packed, path)
    (difference,) = differences(path, new)
    assert (difference.kind, difference.back, difference.gone, difference.changed) == ("project", 1, 1, 1)
    assert difference.keys == ("P1", "P2", "P4")
    discard(new)
    assert titles(path) == ["港口合作二期", "产业园区", "新项目"]


def test_the_backup_takes_the_place_and_what_was_there_is_kept(edited: tuple[Path, Path]) -> None:
    path, packed = edited
    restored, _changed = restore(packed, path)
    assert titles(path) == ["港口合作", "友好交流", "产业园区"]
    assert restored.kept is not None
    assert titles(restored.kept) == ["港口合作二期", "产业园区", "新项目"]
    assert check_file(path) == []
    assert [file.name for file in path.parent.iterdir() if file.name.startswith(".")] == []
    database = open_database(path)
    add(database, "恢复之后")
    database.close()


def test_rows_still_in_the_log_of_the_old_ledger_do_not_come_into_the_new(ledger: Database, tmp_path: Path) -> None:
    """A ``-wal`` beside a restored file would be played into it."""
    add(ledger, "港口合作")
    packed = pack(ledger.path, tmp_path / "全部.bribackup").path
    add(ledger, "只在日志里")
    log = ledger.path.with_name(ledger.path.name + "-wal")
    kept_log = log.read_bytes()
    ledger.close()
    log.write_bytes(kept_log)
    restore(packed, ledger.path)
    assert titles(ledger.path) == ["港口合作"]


def test_an_automatic_copy_is_restored_with_its_attachments(ledger: Database, tmp_path: Path) -> None:
    add(ledger, "港口合作")
    content = attach(ledger, tmp_path, b"scan" * 1000)
    copy = back_up(ledger.path, "before-import")
    assert copy is not None
    again = back_up(ledger.path, "interval")
    assert again is not None
    stored = [file for file in (backup_folder(ledger.path) / "attachments").rglob("*") if file.is_file()]
    assert len(stored) == 1, "the same content once for all copies"
    ledger.close()
    content.chmod(0o600)
    content.unlink()
    restored, _changed = restore(copy, ledger.path)
    assert restored.lacking == 0
    assert content.read_bytes() == b"scan" * 1000


def test_every_copy_restores_to_equal_content(ledger: Database, tmp_path: Path) -> None:
    for number in range(3):
        add(ledger, f"项目{number}")
        back_up(ledger.path, "interval")
    ledger.close()
    found = copies(ledger.path)
    assert [look_through(copy) for copy in found] == ["whole"] * 3
    for count, copy in zip((3, 2, 1), found, strict=True):
        restore(copy.path, ledger.path)
        assert titles(ledger.path) == [f"项目{number}" for number in range(count)]


def test_a_copy_that_was_cut_does_not_count(ledger: Database) -> None:
    add(ledger, "港口合作")
    copy = back_up(ledger.path, "interval")
    assert copy is not None
    copy.write_bytes(copy.read_bytes()[:-4096])
    assert [found.verdict for found in copies(ledger.path)] == ["damaged"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "database_damaged"),
        (b"PK\x03\x04 no archive", "package_damaged"),
        ("不是数据库".encode(), "database_not_ledger"),
        (b"SQLite format 3\x00" + bytes(500), "database_damaged"),
    ],
)
def test_what_is_no_backup_changes_nothing(
    edited: tuple[Path, Path], tmp_path: Path, content: bytes, code: str
) -> None:
    path, _packed = edited
    wrong = tmp_path / "wrong.bin"
    wrong.write_bytes(content)
    before = titles(path)
    with pytest.raises(UserError) as caught:
        restore(wrong, path)
    assert caught.value.code == code
    assert titles(path) == before
    assert [file.name for file in path.parent.iterdir() if file.name.startswith(".")] == []


def test_mending_takes_the_row_from_the_copy_that_has_it_as_it_was(ledger: Database) -> None:
    add(ledger, "港口合作", "友好交流")
    back_up(ledger.path, "interval")
    ledger.close()
    changed_on_disk(ledger.path, "友好交流", "友坏交流")
    report = check_ledger(ledger.path)
    assert {(finding.code, finding.key) for finding in report.findings if finding.table == "project"} == {
        ("row_changed", "P2")
    }
    mended = repair_ledger(ledger.path)
    assert mended.ok
    assert {finding.mended for finding in mended.findings} == {"from_copy"}
    assert titles(ledger.path) == ["港口合作", "友好交流"]
    assert check_ledger(ledger.path).findings == ()


def test_what_no_copy_has_is_set_aside_and_stays(ledger: Database) -> None:
    add(ledger, "港口合作", "友好交流")
    ledger.close()
    changed_on_disk(ledger.path, "友好交流", "友坏交流")
    mended = repair_ledger(ledger.path)
    assert not mended.ok
    assert mended.aside is not None
    written = json.loads(mended.aside.read_text(encoding="utf-8"))
    assert [row["values"]["title"] for row in written if row["table"] == "project"] == ["友坏交流"]
    assert titles(ledger.path) == ["港口合作", "友坏交流"]
    assert check_ledger(ledger.path).findings == ()


def lose(path: Path, table: str, condition: str) -> None:
    """Take rows away as damage does: nothing notes that they were removed."""
    trigger = f"digest_of_{table}_delete"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        (sql,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (trigger,)).fetchone()
        connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute(f"DELETE FROM {table} WHERE {condition}")
        connection.execute(sql)


@pytest.mark.parametrize("has_copy", [True, False])
def test_what_names_a_lost_row_gets_it_back_or_is_set_aside(ledger: Database, has_copy: bool) -> None:
    with ledger.write() as session:
        create_project(session, ProjectDraft(title="港口合作", foreign_places=("co:JP",)))
    if has_copy:
        back_up(ledger.path, "interval")
    ledger.close()
    lose(ledger.path, "place", "1")
    lose(ledger.path, "country", "iso2 = 'JP'")
    mended = repair_ledger(ledger.path)
    (reference,) = [finding for finding in mended.findings if finding.table == "project_place"]
    assert (reference.code, reference.mended) == ("reference_lost", "from_copy" if has_copy else "set_aside")
    assert check_ledger(ledger.path).findings == ()
    with closing(sqlite3.connect(ledger.path)) as connection:
        assert connection.execute("SELECT count(*) FROM country WHERE iso2 = 'JP'").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM project_place").fetchone() == (int(has_copy),)
    assert titles(ledger.path) == ["港口合作"]
    if not has_copy:
        assert mended.aside is not None
        written = json.loads(mended.aside.read_text(encoding="utf-8"))
        assert [row["values"]["project_id"] for row in written if row["table"] == "project_place"] == [1]


def test_a_lost_attachment_comes_back_from_the_copies(ledger: Database, tmp_path: Path) -> None:
    add(ledger, "港口合作")
    content = attach(ledger, tmp_path, b"scan")
    back_up(ledger.path, "interval")
    ledger.close()
    content.chmod(0o600)
    content.write_bytes(b"scam")
    assert [(f.code, f.key, f.name) for f in check_ledger(ledger.path).findings] == [
        ("attachment_changed", "P1", "扫描件.pdf")
    ]
    assert repair_ledger(ledger.path).ok
    assert content.read_bytes() == b"scan"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    status = main([*arguments, "--json"])
    return status, json.loads(capsys.readouterr().out)


def test_the_commands_say_what_they_found(ledger: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add(ledger, "港口合作")
    ledger.close()
    options = ("--db", str(ledger.path))
    assert run(capsys, "check", *options) == (
        0,
        {
            "ok": True,
            "rows": run(capsys, "check", *options)[1]["rows"],
            "problems": [],
            "set_aside": None,
            "copy": None,
        },
    )
    status, made = run(capsys, "backup", *options)
    assert (status, made["verdict"], made["counts"]["project"]) == (0, "whole", 1)
    secret = tmp_path / "密码.txt"
    secret.write_text("外办\n", encoding="utf-8")
    out = str(tmp_path / "全部 100%.bribackup")
    status, packed = run(capsys, "backup", out, "--password-file", str(secret), *options)
    assert (status, packed["ok"], len(packed["recovery_key"])) == (0, True, 47)
    changed_on_disk(ledger.path, "港口合作", "港口坏作")
    status, found = run(capsys, "check", *options)
    assert (status, found["ok"]) == (1, False)
    assert "P1《港口坏作》" in found["problems"][0]["message"]
    assert run(capsys, "restore", out, *options)[1]["error"]["code"] == "password_needed"
    status, restored = run(capsys, "restore", out, "--password-file", str(secret), *options)
    assert (status, restored["ok"], restored["written"]) == (0, True, True)
    assert titles(ledger.path) == ["港口合作"]
    assert run(capsys, "check", *options)[0] == 0


def test_a_broken_ledger_is_salvaged_on_request(ledger: Database, capsys: pytest.CaptureFixture[str]) -> None:
    add(ledger, *(f"第{number}个合作项目" for number in range(200)))
    ledger.close()
    with closing(sqlite3.connect(ledger.path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(ledger.path.read_bytes())
    start = data.index("第100个合作项目".encode()) // 4096 * 4096
    data[start : start + 4096] = bytes(4096)
    ledger.path.write_bytes(data)
    options = ("--db", str(ledger.path))
    status, found = run(capsys, "check", *options)
    assert status == 1
    assert "structure" in {problem["code"] for problem in found["problems"]}
    status, refused = run(capsys, "check", "--repair", *options)
    assert (status, refused["error"]["code"]) == (3, "database_needs_salvage")
    status, saved = run(capsys, "salvage", *options)
    (projects,) = [table for table in saved["tables"] if table["table"] == "project"]
    assert status == 1
    assert 101 in projects["lost"]
    assert projects["saved"] + len(projects["lost"]) == 200
    assert len(titles(ledger.path)) == projects["saved"]
    assert Path(saved["kept"]).read_bytes() == bytes(data)


@pytest.mark.parametrize("schema", ["0001", "0002"])
def test_a_ledger_that_an_upgrade_put_aside_can_be_restored(ledger: Database, tmp_path: Path, schema: str) -> None:
    ledger.close()
    older = tmp_path / "ledger.before-upgrade.db"
    dump = Path(__file__).parents[1] / "fixtures" / f"schema-{schema}.sql"
    with closing(sqlite3.connect(older)) as connection:
        connection.executescript(dump.read_text(encoding="utf-8"))
        wanted = connection.execute("SELECT id, title FROM project ORDER BY id").fetchall()
    assert check_file(older) == []
    restored, _changed = restore(older, ledger.path)
    with closing(sqlite3.connect(restored.path)) as connection:
        assert connection.execute("SELECT id, title FROM project ORDER BY id").fetchall() == wanted != []
    assert check_file(restored.path) == []
    assert older.exists()


def test_a_place_that_cannot_take_the_restored_ledger_is_said_and_the_old_one_stays(
    ledger: Database, tmp_path: Path
) -> None:
    ledger.close()
    before = ledger.path.read_bytes()
    with pytest.raises(InputError) as caught:
        put_in_place(tmp_path / "nothing.db", ledger.path)
    assert caught.value.code == "file_unwritable"
    assert ledger.path.read_bytes() == before
