"""The copy before an import or a merge: whole, verified, the newest few kept, and no act without it."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest
from some_projects import add, item

from bri_desktop.__main__ import main
from bri_desktop.db.backup import back_up, backup_folder, backups, thin
from bri_desktop.db.database import Database, open_database
from bri_desktop.domain.errors import DatabaseRefusedError
from bri_desktop.domain.project import ProjectDraft


def titles(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [row[0] for row in connection.execute("SELECT title FROM project ORDER BY id")]


def ledger_of(path: Path, *rows: str) -> Path:
    book = openpyxl.Workbook()
    for row in (["项目名称", "中方城市"], *([title, "上海市"] for title in rows)):
        book.active.append(row)
    book.save(path)
    return path


def test_an_import_is_preceded_by_a_copy_of_the_ledger(ledger: Database, tmp_path: Path) -> None:
    add(ledger, ProjectDraft(title="原有项目"))
    book = ledger_of(tmp_path / "新.xlsx", "新项目")
    assert main(["import", str(book), "--db", str(ledger.path)]) == 0
    (copy,) = backups(ledger.path)
    assert copy.name.endswith(".before-import.db")
    assert titles(copy) == ["原有项目"]
    assert titles(ledger.path) == ["原有项目", "新项目"]


def test_a_copy_opens_as_a_ledger_of_its_own(ledger: Database, tmp_path: Path) -> None:
    """It is one whole file, readable by its owner only, also while rows are still in the log of the original."""
    (key,) = add(ledger, ProjectDraft(title="港口合作", note="在日志里"))
    copy = back_up(ledger.path, "test")
    assert copy is not None
    assert copy.stat().st_mode & 0o777 == 0o600
    other = tmp_path / "其他电脑"
    other.mkdir()
    moved = copy.rename(other / "ledger.db")
    database = open_database(moved)
    assert item(database, key).draft.note == "在日志里"
    database.close()


def test_an_empty_ledger_needs_no_copy(ledger: Database) -> None:
    assert back_up(ledger.path, "import") is None
    assert not backup_folder(ledger.path).exists()


def test_copies_are_thinned_with_age_and_the_newest_stay(ledger: Database) -> None:
    """Of fourteen copies of one hour of an old day the oldest stays beside the twelve newest of all."""
    add(ledger, ProjectDraft(title="港口合作"))
    first = back_up(ledger.path, "import")
    assert first is not None
    for minute in range(14):
        old = first.with_name(first.name.replace(first.name.split(".")[1], f"20260901T10{minute:02d}00000Z"))
        shutil.copyfile(first, old)
        shutil.copyfile(f"{first}.json", f"{old}.json")
    thin(ledger.path)
    left = [copy.name.split(".")[1] for copy in backups(ledger.path)]
    assert left[0] == first.name.split(".")[1]
    assert left[1:] == [f"20260901T10{minute:02d}00000Z" for minute in range(13, 2, -1)] + ["20260901T100000000Z"]
    assert not (first.parent / f"{first.name.replace(left[0], '20260901T100100000Z')}.json").exists()


def test_a_copy_that_was_left_half_written_is_not_one(ledger: Database) -> None:
    add(ledger, ProjectDraft(title="港口合作"))
    back_up(ledger.path, "import")
    half = backup_folder(ledger.path) / ".ledger.20260101T000000000Z.before-import.db.part"
    half.write_bytes(b"half")
    assert len(backups(ledger.path)) == 1
    back_up(ledger.path, "import")
    assert not half.exists()


def test_without_a_copy_nothing_is_imported(
    ledger: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(ledger, ProjectDraft(title="原有项目"))
    backup_folder(ledger.path).write_text("a file stands where the folder should be")
    book = ledger_of(tmp_path / "新.xlsx", "新项目")
    assert main(["import", str(book), "--db", str(ledger.path)]) == 3
    assert capsys.readouterr().err.count("备份") == 1
    assert titles(ledger.path) == ["原有项目"]


def test_a_full_disk_leaves_no_copy_behind(ledger: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    add(ledger, ProjectDraft(title="港口合作"))

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DatabaseRefusedError) as refused:
        back_up(ledger.path, "import")
    monkeypatch.undo()
    assert refused.value.code == "backup_failed"
    assert list(backup_folder(ledger.path).iterdir()) == []
