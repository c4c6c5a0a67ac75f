"""Files of records: stored once under their digest, verified, missed when they are gone, and never run."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bri_desktop.db.attachments import AttachmentFolder, folder_beside, is_program, safe_name
from bri_desktop.db.database import Database
from bri_desktop.domain.errors import InputError
from bri_desktop.services.attachments import (
    AttachmentRow,
    add_attachments,
    attachments_of,
    remove_attachments,
    rename_attachment,
    save_copy,
    store_files,
    verify_attachments,
)
from bri_desktop.services.duplicates import MergeWish, merge_records
from bri_desktop.services.history import history_of, undo_last
from tests.services.some_projects import add, project


@pytest.fixture
def folder(ledger_path: Path) -> AttachmentFolder:
    return AttachmentFolder(folder_beside(ledger_path))


def hang(ledger: Database, folder: AttachmentFolder, key: str, *paths: Path) -> None:
    stored, refused = store_files(folder, paths)
    assert refused == []
    with ledger.write() as session:
        add_attachments(session, key, stored)


def files(ledger: Database, folder: AttachmentFolder, key: str) -> list[AttachmentRow]:
    with ledger.read() as session:
        return attachments_of(session, folder, key)


def test_a_file_lies_under_its_digest_once_and_comes_out_read_only(
    ledger: Database, folder: AttachmentFolder, tmp_path: Path
) -> None:
    (key,) = add(ledger, project())
    (tmp_path / "协议.pdf").write_bytes(b"%PDF-1.7 abc")
    (tmp_path / "copy.pdf").write_bytes(b"%PDF-1.7 abc")
    hang(ledger, folder, key, tmp_path / "协议.pdf", tmp_path / "copy.pdf")
    digest = hashlib.sha256(b"%PDF-1.7 abc").hexdigest()
    assert folder.root == tmp_path / "ledger.attachments"
    lying = [path for path in folder.root.rglob("*") if path.is_file()]
    assert lying == [folder.root / digest[:2] / digest[2:]] and lying[0].read_bytes() == b"%PDF-1.7 abc"
    rows = files(ledger, folder, key)
    assert [(row.name, row.size, row.state, row.owner) for row in rows] == [
        ("copy.pdf", 12, "whole", "P1"),
        ("协议.pdf", 12, "whole", "P1"),
    ]
    target = save_copy(folder, rows[1], tmp_path)
    assert target.read_bytes() == b"%PDF-1.7 abc" and not target.stat().st_mode & 0o222


def test_a_folder_comes_with_its_paths_without_what_systems_leave(
    ledger: Database, folder: AttachmentFolder, tmp_path: Path
) -> None:
    (key,) = add(ledger, project())
    inside = tmp_path / "来访" / "照片"
    inside.mkdir(parents=True)
    (inside / "1.jpg").write_bytes(b"1")
    (inside / "Thumbs.db").write_bytes(b"2")
    (tmp_path / "来访" / "~$名单.docx").write_bytes(b"3")
    (tmp_path / "来访" / "名单.docx").write_bytes(b"4")
    hang(ledger, folder, key, tmp_path / "来访")
    assert [(row.folder, row.name) for row in files(ledger, folder, key)] == [
        ("来访", "名单.docx"),
        ("来访/照片", "1.jpg"),
    ]


def test_the_same_file_is_not_hung_twice_and_taking_off_is_undone(
    ledger: Database, folder: AttachmentFolder, tmp_path: Path
) -> None:
    (key,) = add(ledger, project())
    (tmp_path / "a.txt").write_text("a")
    hang(ledger, folder, key, tmp_path / "a.txt")
    hang(ledger, folder, key, tmp_path / "a.txt")
    (row,) = files(ledger, folder, key)
    with ledger.write() as session:
        rename_attachment(session, row.id, name="../b:.txt", note=" 终稿 ", seen_version=1)
    (row,) = files(ledger, folder, key)
    assert (row.name, row.note) == ("_b_.txt", "终稿")
    with ledger.write() as session:
        remove_attachments(session, [row.id])
    assert files(ledger, folder, key) == [] and folder.state(row.sha256) == "whole"
    with ledger.write() as session:
        undo_last(session)
    assert [one.name for one in files(ledger, folder, key)] == ["_b_.txt"]
    with ledger.read() as session:
        assert [(e["key"], e["action"]) for e in history_of(session, key)] == [
            ("X1", "restore"), ("X1", "delete"), ("X1", "update"), ("X1", "create"), ("P1", "create"),
        ]  # fmt: skip


def test_what_vanished_or_was_changed_is_reported_and_dropping_it_again_heals(
    ledger: Database, folder: AttachmentFolder, tmp_path: Path
) -> None:
    (key,) = add(ledger, project())
    for name in ("gone", "changed", "cut", "fine"):
        (tmp_path / f"{name}.txt").write_text(name)
        hang(ledger, folder, key, tmp_path / f"{name}.txt")
    by_name = {row.name: row for row in files(ledger, folder, key)}
    folder.path_of(by_name["gone.txt"].sha256).unlink()
    for name, text in (("changed", "Changed"), ("cut", "c")):
        path = folder.path_of(by_name[f"{name}.txt"].sha256)
        path.chmod(0o600)
        path.write_text(text)
    with ledger.read() as session:
        damage = [(one.key, one.owner, one.name, one.code) for one in verify_attachments(session, folder)]
    assert damage == [
        ("X1", "P1", "gone.txt", "missing"),
        ("X2", "P1", "changed.txt", "changed"),
        ("X3", "P1", "cut.txt", "changed"),
    ]
    assert {row.name: row.state for row in files(ledger, folder, key)} == {
        "gone.txt": "missing", "changed.txt": "whole", "cut.txt": "changed", "fine.txt": "whole",
    }  # fmt: skip
    for name, code in (("gone.txt", "attachment_missing"), ("changed.txt", "attachment_changed")):
        with pytest.raises(InputError, match=code):
            save_copy(folder, by_name[name], tmp_path)
    hang(ledger, folder, key, *(tmp_path / f"{name}.txt" for name in ("gone", "changed", "cut")))
    with ledger.read() as session:
        assert verify_attachments(session, folder) == []


def test_what_cannot_be_read_is_told_and_the_rest_comes_in(
    ledger: Database, folder: AttachmentFolder, tmp_path: Path
) -> None:
    (key,) = add(ledger, project())
    (tmp_path / "ok.txt").write_text("ok")
    stored, refused = store_files(folder, [tmp_path / "nothing.txt", tmp_path / "ok.txt"])
    assert [content.name for content in stored] == ["ok.txt"]
    assert [(error.code, error.where.file) for error in refused] == [("attachment_unreadable", "nothing.txt")]
    assert not list(folder.root.glob(".*.part"))
    with ledger.write() as session, pytest.raises(InputError, match="record_unknown"):
        add_attachments(session, "P99", stored)
    assert files(ledger, folder, key) == []


def test_the_files_of_a_duplicate_follow_the_record_that_stays(
    ledger: Database, folder: AttachmentFolder, tmp_path: Path
) -> None:
    left, right = add(ledger, project("甲"), project("乙"))
    (tmp_path / "a.txt").write_text("a")
    hang(ledger, folder, right, tmp_path / "a.txt")
    with ledger.write() as session:
        merge_records(session, [MergeWish(left, right, {})])
    assert [row.name for row in files(ledger, folder, left)] == ["a.txt"]
    with ledger.write() as session:
        undo_last(session)
    assert (files(ledger, folder, left), [row.name for row in files(ledger, folder, right)]) == ([], ["a.txt"])


@given(st.text(max_size=300))
def test_every_name_is_made_harmless(name: str) -> None:
    safe = safe_name(name)
    assert safe and "/" not in safe and "\\" not in safe and safe not in (".", "..")
    assert len(safe.encode()) <= 200 and safe_name(safe) == safe


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("发票\u202efdp.exe", "发票fdp.exe"),
        ("CON.txt", "_CON.txt"),
        ("名单. . ", "名单"),
        ("", "_"),
    ],
)
def test_names_that_would_lead_elsewhere(name: str, expected: str) -> None:
    assert safe_name(name) == expected


def test_what_a_system_would_run_is_known_by_its_ending() -> None:
    assert [is_program(name) for name in ("a.EXE", "a.pdf.lnk", "a.exe.", "照片.jpg", "名单.docx")] == [
        True, True, True, False, False,
    ]  # fmt: skip
