"""Opening a ledger that is damaged, newer, read-only, in a bad place or open elsewhere: never an empty one instead."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QInputDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from bri_desktop.db import lock
from bri_desktop.db.backup import back_up
from bri_desktop.db.database import Database, open_database
from bri_desktop.db.package import pack
from bri_desktop.db.whereabouts import synced_by, system_of
from bri_desktop.domain.errors import DatabaseRefusedError, UserError
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.opening import Opened, _rescue, open_ledger
from bri_desktop.services.projects import create_project
from bri_desktop.ui import dialogs
from bri_desktop.ui.dialogs import Choice
from bri_desktop.ui.native_dialogs import NativeDialogs
from bri_desktop.ui.settings import Settings
from bri_desktop.ui.single import FirstWindow, call_first


class Answers(NativeDialogs):
    """Gives one answer after the other; keeps what was asked."""

    def __init__(self, *codes: str) -> None:
        super().__init__()
        self.codes = list(codes)
        self.asked: list[tuple[str, list[str]]] = []
        self.told: list[str] = []
        self.secrets: list[str] = []
        self.file: Path | None = None

    def ask(self, parent: QWidget | None, question: str, detail: str, choices: Sequence[Choice]) -> str | None:
        self.asked.append((question, [choice.code for choice in choices]))
        return self.codes.pop(0) if self.codes else None

    def tell(self, parent: QWidget | None, message: str, detail: str) -> None:
        self.told.append(detail)

    def secret(self, parent: QWidget | None, question: str) -> str | None:
        return self.secrets.pop(0) if self.secrets else None

    def open_file(self, parent: QWidget | None, title: str, filters: str, folder: Path | None) -> Path | None:
        return self.file


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "settings.ini")


@pytest.fixture
def filled(ledger: Database) -> Path:
    with ledger.write() as session:
        create_project(session, ProjectDraft(title="港口合作"))
    ledger.close()
    return ledger.path


def titles(opened: Opened) -> list[str]:
    with opened.database.read() as session:
        from sqlalchemy import text

        return list(session.scalars(text("SELECT title FROM project ORDER BY id")))


def close(opened: Opened | None) -> None:
    assert opened is not None
    opened.database.close()
    opened.close_beside()


def ruin(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    path.write_bytes(b"SQLite format 3\x00" + os.urandom(20_000))


def test_a_damaged_ledger_is_replaced_by_the_backup_chosen_and_kept(filled: Path, settings: Settings) -> None:
    back_up(filled, "start")
    ruin(filled)
    ruined = filled.read_bytes()
    answers = Answers("0")
    with dialogs.answering(answers):
        opened = open_ledger(filled, settings)
    assert opened is not None
    assert titles(opened) == ["港口合作"]
    close(opened)
    assert answers.asked[0][1] == ["0", "file", "salvage", "leave"]
    (kept,) = filled.parent.glob("ledger.before-restore-*.db")
    assert kept.read_bytes() == ruined


@pytest.mark.parametrize("is_cut", [True, False])
def test_a_ledger_that_is_gone_or_cut_to_nothing_is_not_begun_anew_unasked(
    filled: Path, settings: Settings, is_cut: bool
) -> None:
    back_up(filled, "start")
    filled.write_bytes(b"") if is_cut else filled.unlink()
    answers = Answers("0")
    with dialogs.answering(answers):
        opened = open_ledger(filled, settings)
    assert opened is not None
    assert titles(opened) == ["港口合作"]
    close(opened)
    assert len(answers.asked) == 1


def test_turning_away_from_a_damaged_ledger_leaves_it_as_it_is(filled: Path, settings: Settings) -> None:
    ruin(filled)
    ruined = filled.read_bytes()
    with dialogs.answering(Answers("leave")):
        assert open_ledger(filled, settings) is None
    assert filled.read_bytes() == ruined


def test_saving_what_can_be_read_says_what_was_saved_and_what_was_not(filled: Path, settings: Settings) -> None:
    with closing(sqlite3.connect(filled)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'agreement'").fetchone()
        (top,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_sequence'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    data = bytearray(filled.read_bytes())
    for number in (page, top):
        data[(number - 1) * size : number * size] = os.urandom(size)
    filled.write_bytes(data)
    answers = Answers("salvage")
    with dialogs.answering(answers):
        opened = _rescue(filled, DatabaseRefusedError("database_damaged"), settings)
    assert opened is not None
    assert titles(opened) == ["港口合作"]
    close(opened)
    (told,) = answers.told
    assert told.splitlines()[0].startswith("共保存 ")
    assert told.splitlines()[1:] == ["没有丢失。"]


def test_a_backup_under_a_password_can_be_restored_where_the_ledger_is_ruined(filled: Path, settings: Settings) -> None:
    packed = pack(filled, filled.with_name("全部.bribackup"), password="外办")
    ruin(filled)
    answers = Answers("file")
    answers.file, answers.secrets = packed.path, ["不对", str(packed.recovery_key)]
    with dialogs.answering(answers):
        opened = open_ledger(filled, settings)
    assert opened is not None
    assert titles(opened) == ["港口合作"]
    close(opened)


def test_what_cannot_be_salvaged_is_said_and_asked_again(filled: Path, settings: Settings) -> None:
    ruin(filled)
    answers = Answers("salvage", "leave")
    with dialogs.answering(answers):
        assert open_ledger(filled, settings) is None
    assert len(answers.asked) == 2


def test_a_newer_ledger_opens_read_only_with_one_sentence(filled: Path, settings: Settings) -> None:
    with closing(sqlite3.connect(filled)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    before = filled.read_bytes()
    opened = open_ledger(filled, settings)
    assert opened is not None
    assert opened.note.startswith("只读：")
    assert titles(opened) == ["港口合作"]
    with pytest.raises(UserError) as caught, opened.database.write():
        pass
    assert caught.value.code == "database_read_only"
    close(opened)
    assert filled.read_bytes() == before


def other_process() -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, text=True)


def test_a_ledger_open_on_another_machine_opens_read_only_and_says_who(filled: Path, settings: Settings) -> None:
    held = {"host": "wb-pc-03", "pid": 1, "user": "李敏", "since": "2026-11-23T08:00:00Z"}
    lock.lock_of(filled).write_text(json.dumps(held), encoding="utf-8")
    opened = open_ledger(filled, settings)
    assert opened is not None
    assert opened.note == "只读：李敏 自 2026-11-23T08:00:00Z 起在 wb-pc-03 上打开着该台账。"
    assert opened.database.read_only
    close(opened)
    assert lock.lock_of(filled).exists()


def test_a_note_that_nobody_renews_is_cleared(filled: Path, settings: Settings) -> None:
    held = {"host": "wb-pc-03", "pid": 1, "user": "李敏", "since": "2026-11-22T08:00:00Z"}
    lock.lock_of(filled).write_text(json.dumps(held), encoding="utf-8")
    old = time.time() - lock.STALE_SECONDS - 1
    os.utime(lock.lock_of(filled), (old, old))
    opened = open_ledger(filled, settings)
    assert opened is not None
    assert not opened.database.read_only
    close(opened)
    assert not lock.lock_of(filled).exists()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"host": 3}'])
def test_a_note_that_cannot_be_read_is_no_lock(filled: Path, settings: Settings, text: str) -> None:
    lock.lock_of(filled).write_text(text, encoding="utf-8")
    opened = open_ledger(filled, settings)
    assert opened is not None
    assert not opened.database.read_only
    close(opened)


def test_the_note_of_a_process_that_ended_is_cleared_and_of_one_that_runs_is_not(
    filled: Path, settings: Settings
) -> None:
    running = other_process()
    lock.take(filled)
    note = json.loads(lock.lock_of(filled).read_text(encoding="utf-8")) | {"pid": running.pid}
    lock.lock_of(filled).write_text(json.dumps(note), encoding="utf-8")
    holder = lock.holder_of(filled)
    assert holder is not None
    assert holder.is_here
    running.communicate("\n")
    assert lock.holder_of(filled) is None
    assert not lock.lock_of(filled).exists()


def test_a_second_start_calls_the_first_window_to_the_front(qtbot: QtBot, filled: Path) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.showMinimized()
    first = FirstWindow(filled, window)
    assert first.is_listening
    code = "import sys; from pathlib import Path; from PySide6.QtCore import QCoreApplication; "
    code += "app = QCoreApplication([]); from bri_desktop.ui.single import call_first; "
    code += "raise SystemExit(0 if call_first(Path(sys.argv[1])) else 1)"
    second = subprocess.Popen([sys.executable, "-c", code, str(filled)])
    qtbot.waitUntil(lambda: second.poll() is not None, timeout=60_000)
    assert second.returncode == 0
    qtbot.waitUntil(lambda: not window.isMinimized(), timeout=5_000)
    first.close()
    assert not call_first(filled)


def test_a_folder_that_cannot_be_written_opens_as_a_copy(
    filled: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a CD: the log beside the file cannot be made. Root may write anywhere, so the opening itself says it."""
    from bri_desktop import opening
    from bri_desktop.domain.errors import DatabaseRefusedError

    real: Callable[..., Database] = open_database

    def refusing(path: Path, *, create: bool = True) -> Database:
        if path == filled:
            raise DatabaseRefusedError("database_unreachable")
        return real(path, create=create)

    monkeypatch.setattr(opening, "open_database", refusing)
    opened = open_ledger(filled, settings)
    assert opened is not None
    assert "副本" in opened.note
    assert titles(opened) == ["港口合作"]
    copy = opened.database.path
    close(opened)
    assert not copy.exists()


@pytest.mark.parametrize(
    ("folder", "program"),
    [
        ("OneDrive - 市外办", "OneDrive"),
        ("坚果云", "坚果云"),
        ("Dropbox", "Dropbox"),
        ("百度网盘", "百度网盘"),
        ("WPS云盘", "WPS 云盘"),
        ("云南省外办", None),
        ("dropboxes", None),
    ],
)
def test_synchronised_folders_are_known_by_name(tmp_path: Path, folder: str, program: str | None) -> None:
    assert synced_by(tmp_path / folder / "台账" / "ledger.db") == program


def test_the_deepest_mount_tells_the_file_system() -> None:
    mounts = [
        "/dev/sda1 / ext4 rw 0 0",
        "//server/share /mnt/共享 cifs rw 0 0",
        "server:/x /mnt/net\\040drive nfs4 rw 0 0",
    ]
    assert system_of(Path("/data/ledger.db"), mounts) == "ext4"
    assert system_of(Path("/mnt/共享/ledger.db"), mounts) == "cifs"
    assert system_of(Path("/mnt/net drive/台账/ledger.db"), mounts) == "nfs4"
    assert system_of(Path("/mnt/共享2/ledger.db"), mounts) == "ext4"


def test_a_synchronised_place_is_warned_of_once_and_the_ledger_moves_if_wanted(
    filled: Path, settings: Settings, tmp_path: Path
) -> None:
    from bri_desktop import paths

    cloud = tmp_path / "坚果云" / "ledger.db"
    cloud.parent.mkdir()
    cloud.write_bytes(filled.read_bytes())
    answers = Answers("stay")
    with dialogs.answering(answers):
        for _ in range(2):
            opened = open_ledger(cloud, settings)
            close(opened)
    assert len(answers.asked) == 1
    other = Settings(tmp_path / "other.ini")
    local = paths.data_folder() / "ledger.db"
    local.unlink(missing_ok=True)
    with dialogs.answering(Answers("local")):
        opened = open_ledger(cloud, other)
    assert opened is not None
    assert opened.database.path == local
    assert titles(opened) == ["港口合作"]
    close(opened)
    local.unlink()


def test_the_question_for_a_password_hides_it_and_takes_what_is_typed(qtbot: QtBot) -> None:
    shown: list[QLineEdit.EchoMode] = []

    def type_it() -> None:
        (dialog,) = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, QInputDialog)]
        shown.append(dialog.textEchoMode())
        dialog.setTextValue("ABCDE")
        dialog.accept()

    QTimer.singleShot(50, type_it)
    assert NativeDialogs().secret(None, "该备份设有密码") == "ABCDE"
    assert shown == [QLineEdit.EchoMode.Password]
