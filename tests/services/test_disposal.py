"""What was removed for good is in no file any more, and what still holds it is named."""

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bri_desktop.__main__ import main
from bri_desktop.db.attachments import AttachmentFolder, folder_beside
from bri_desktop.db.backup import back_up
from bri_desktop.db.check import check_file
from bri_desktop.db.database import Database, open_database
from bri_desktop.db.models import Activity, Agreement, ImportBatch, PendingRow
from bri_desktop.db.year_models import FrozenRecord
from bri_desktop.domain.errors import InputError
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.services.attachments import add_attachments, store_files
from bri_desktop.services.disposal import clear_traces, dispose_for_good, dispose_projects, look_ahead
from bri_desktop.services.issuing import Order, issue
from bri_desktop.services.projects import create_project, delete_projects, edit_fields, find_ids

SECRET = "绝不可留的名称"
NOTE = "绝不可留的备注"


@pytest.fixture
def filled(ledger: Database, tmp_path: Path) -> Database:
    """Return a ledger with the words in every place that can hold them."""
    with ledger.write() as session:
        create_project(session, ProjectDraft(title="别的项目"))
        create_project(session, ProjectDraft(title="旧名", tags=("标签",), domestic_places=("cn:310000",)))
    with ledger.write() as session:
        edit_fields(session, ["P2"], {"title": SECRET, "note": NOTE})
    with ledger.write() as session:
        session.add(Agreement(project_id=2, title=SECRET))
        session.add(Activity(project_id=2, title=SECRET))
    with ledger.write() as session:
        issue(session, Order(department="商务局"), tmp_path / "发放.xlsx")
    (tmp_path / "发放.xlsx").unlink()
    return ledger


def holding(folder: Path, words: str) -> list[str]:
    """Return the files under a folder that hold the words, as text or in JSON."""
    forms = [words.encode(), json.dumps(words)[1:-1].encode()]
    found = []
    for file in folder.rglob("*"):
        if file.is_file() and any(form in file.read_bytes() for form in forms):
            found.append(file.name)
    return sorted(found)


def test_no_file_of_the_ledger_holds_it_any_more(filled: Database, tmp_path: Path) -> None:
    with filled.write() as session:
        delete_projects(session, ["P2"])
    assert holding(tmp_path, SECRET) != []
    with filled.write() as session:
        disposed = dispose_projects(session, ["P2"], "依申请删除")
    filled.close()
    clear_traces(filled.path, disposed.contents)
    assert holding(tmp_path, SECRET) == []
    assert holding(tmp_path, NOTE) == []
    assert check_file(filled.path) == []
    reopened = open_database(filled.path)
    with reopened.read() as session:
        assert find_ids(session) == [1]
    reopened.close()


def test_its_attachment_goes_unless_another_record_has_the_same_content(filled: Database, tmp_path: Path) -> None:
    for name, content in (("甲.txt", b"only here"), ("乙.txt", b"in both")):
        (tmp_path / name).write_bytes(content)
    for key, names in (("P2", ("甲.txt", "乙.txt")), ("P1", ("乙.txt",))):
        folder = AttachmentFolder(folder_beside(filled.path))
        contents, _refused = store_files(folder, [tmp_path / name for name in names])
        with filled.write() as session:
            add_attachments(session, key, contents)
    with filled.write() as session:
        delete_projects(session, ["P2"])
    with filled.write() as session:
        disposed = dispose_projects(session, ["P2"], "依申请删除")
    assert len(disposed.contents) == 1
    filled.close()
    clear_traces(filled.path, disposed.contents)
    left = [file.read_bytes() for file in (tmp_path / "ledger.attachments").rglob("*") if file.is_file()]
    assert left == [b"in both"]
    assert check_file(filled.path) == []


def test_frozen_years_and_older_copies_that_hold_it_are_named(filled: Database) -> None:
    with filled.write() as session:
        session.add(FrozenRecord(year=2025, kind="project", record_id=2, digest="d" * 32, values={}))
    copy = back_up(filled.path, "interval")
    with filled.write() as session:
        delete_projects(session, ["P2"])
        disposed = dispose_projects(session, ["P2"], "依申请删除")
    assert disposed.held.frozen_years == (2025,)
    ((path, until),) = disposed.held.copies
    assert path == copy
    assert until == datetime.now(UTC).date() + timedelta(days=400)


@pytest.mark.parametrize(("why", "code"), [("", "reason_needed"), ("依申请", "not_in_bin")])
def test_nothing_goes_without_a_reason_or_past_the_bin(filled: Database, why: str, code: str) -> None:
    with pytest.raises(InputError) as caught, filled.write() as session:
        dispose_projects(session, ["P2"], why)
    assert caught.value.code == code


def test_the_command_keeps_a_list_without_the_content(
    filled: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with filled.write() as session:
        delete_projects(session, ["P2"])
    filled.close()
    options = ["--db", str(filled.path), "--json"]
    assert main(["dispose", "P2", "--why", "依申请删除", *options]) == 0
    capsys.readouterr()
    assert main(["disposals", *options]) == 0
    (item,) = json.loads(capsys.readouterr().out)["items"]
    assert (item["key"], item["why"], item["attachments"]) == ("P2", "依申请删除", 0)
    assert holding(tmp_path, SECRET) == []


def test_accounts_of_files_lose_its_texts_and_open_rows_are_named(filled: Database, tmp_path: Path) -> None:
    problem = {"sheet": "项目", "cell": "B2", "field": "title", "value": SECRET, "code": "date_ahead"}
    batch = ImportBatch(
        file_name="商务局.xlsx", sha256="0" * 64, at="2026-11-23T08:00:00Z", counts={}, problems=[problem]
    )
    batch.ignored = [{"sheet": "项目", "row": 9, "reason": "row_left_out", "text": f"合计 {SECRET} 共3项"}]
    row = {"batch_id": 1, "sheet": "项目", "row": 2, "digest": "d" * 32, "problems": [problem]}
    settled = {"settled_at": "2026-11-23T08:00:00Z", "settled_how": "imported"}
    with filled.write() as session:
        session.add(batch)
        session.flush()
        session.add(PendingRow(**row, cells={"A": "3", "B": SECRET}, **settled))
        session.add(PendingRow(**row | {"problems": []}, cells={"A": "4", "B": SECRET}))
        delete_projects(session, ["P2"])
        ahead = look_ahead(session, ["P2"])
    assert (ahead.records, ahead.held.waiting) == ((("P2", SECRET),), 1)
    assert dict(ahead.hanging) == {"agreement": 1, "activity": 1}
    with filled.write() as session:
        dispose_projects(session, ["P2"], "依申请删除")
        session.delete(session.get_one(PendingRow, 2))
    filled.close()
    clear_traces(filled.path)
    assert holding(tmp_path, SECRET) == []
    assert holding(tmp_path, "标签") == []
    with sqlite3.connect(filled.path) as connection:
        assert connection.execute("SELECT cells FROM pending_row").fetchall() == [('{"A": "3", "B": ""}',)]
    connection.close()


def test_it_goes_from_a_ledger_that_a_window_has_open(filled: Database, tmp_path: Path) -> None:
    with filled.write() as session:
        delete_projects(session, ["P2"])
    with filled.read() as session:
        assert find_ids(session) == [1]
    watching = filled.watch()
    with filled.write() as session:
        disposed = dispose_for_good(session, ["P2"], "依申请删除")
    assert disposed.is_cleared
    assert holding(tmp_path, SECRET) == []
    assert check_file(filled.path) == []
    watching.close()


def test_a_reader_that_holds_the_log_is_told_and_the_record_is_gone(
    filled: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bri_desktop.services.disposal.WAIT_SECONDS", 0.05)
    with filled.write() as session:
        delete_projects(session, ["P2"])
    other = sqlite3.connect(filled.path, isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM project").fetchone()
    with filled.write() as session:
        disposed = dispose_for_good(session, ["P2"], "依申请删除")
    assert not disposed.is_cleared
    other.close()
    clear_traces(filled.path)
    assert holding(tmp_path, SECRET) == []


def test_former_ledgers_and_copies_at_the_second_place_are_named(filled: Database, tmp_path: Path) -> None:
    second = tmp_path / "U盘"
    second.mkdir()
    back_up(filled.path, "interval", second=second)
    former = filled.path.with_name("ledger.before-upgrade.db")
    with sqlite3.connect(filled.path) as connection:
        connection.execute("VACUUM INTO ?", (str(former),))
    connection.close()
    with filled.write() as session:
        delete_projects(session, ["P2"])
        held = look_ahead(session, ["P2"], second).held
    assert held.kept == (former,)
    assert [path.parent.parent for path, _until in held.copies] == [second]
    assert held.until == datetime.now(UTC).date() + timedelta(days=400)
