"""The backups page: copies with their verdict, one file with a password, restoring after a look at what changes."""

import shutil
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from small_context import World, small_world

from bri_desktop.db.backup import copies
from bri_desktop.db.package import pack, unpack
from bri_desktop.services.projects import edit_fields
from bri_desktop.services.safekeeping import back_up_changed
from bri_desktop.ui import dialogs
from bri_desktop.ui.dialogs import Choice
from bri_desktop.ui.keeper import Keeper
from bri_desktop.ui.native_dialogs import NativeDialogs
from bri_desktop.ui.preferences.backup_words import age_text
from bri_desktop.ui.preferences.backups import BackupsPanel
from bri_desktop.ui.preferences.recovery import key_sheet

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as made:
        made.add(title="港口合作")
        yield made


@pytest.fixture
def panel(qtbot: QtBot, world: World) -> BackupsPanel:
    made = BackupsPanel(world.context)
    qtbot.addWidget(made)
    made.resize(1200, 700)
    made.show()
    return made


class Answers(NativeDialogs):
    """Answers with a file, and with one of the choices; keeps what was asked."""

    def __init__(self, file: Path | None = None, code: str | None = None) -> None:
        super().__init__()
        self.file, self.code = file, code
        self.asked: list[str] = []
        self.secrets: list[str] = []

    def ask(self, parent: QWidget | None, question: str, detail: str, choices: Sequence[Choice]) -> str | None:
        self.asked.append(detail)
        return self.code

    def secret(self, parent: QWidget | None, question: str) -> str | None:
        self.asked.append(question)
        return self.secrets.pop(0) if self.secrets else None

    def save_file(self, parent: QWidget | None, title: str, filters: str, suggestion: Path | None) -> Path | None:
        return self.file

    def open_file(self, parent: QWidget | None, title: str, filters: str, folder: Path | None) -> Path | None:
        return self.file

    def folder(self, parent: QWidget | None, title: str, folder: Path | None) -> Path | None:
        return self.file


def cells(panel: BackupsPanel, row: int) -> list[str]:
    model = panel.table.model()
    return [str(model.index(row, column).data()) for column in range(model.columnCount())]


def test_a_copy_is_made_and_shown_with_its_verdict(qtbot: QtBot, panel: BackupsPanel) -> None:
    panel.back_up()
    qtbot.waitUntil(lambda: panel.table.model().rowCount() == 1, timeout=20_000)
    _made, age, why, projects, _size, place, verdict = cells(panel, 0)
    assert (age, why, projects, place, verdict) == ("0 分钟", "手动", "1", "台账旁", "完好（逐条核对）")
    assert panel.result.text() == "已备份并校验。"


def test_one_file_under_a_password_shows_the_key_to_print(qtbot: QtBot, panel: BackupsPanel, tmp_path: Path) -> None:
    panel.password.setText("外办")
    with dialogs.answering(Answers(tmp_path / "全部.bribackup")):
        panel.pack()
    qtbot.waitUntil(lambda: "恢复密钥" in panel.result.text(), timeout=20_000)
    key = panel.result.text().rpartition("：")[2]
    unpack(tmp_path / "全部.bribackup", tmp_path / "back.db", key)
    assert panel.password.text() == ""
    assert panel.print_button.isVisible()
    printed = key_sheet("全部.bribackup", key, datetime(2026, 11, 23, 9, 30)).toPlainText()
    assert printed.splitlines()[:4] == ["恢复密钥", "备份文件：全部.bribackup", "制作时间：2026-11-23 09:30", key]


def test_restoring_says_what_changes_and_asks(qtbot: QtBot, panel: BackupsPanel, world: World, tmp_path: Path) -> None:
    with dialogs.answering(Answers(tmp_path / "全部.bribackup")):
        panel.pack()
    qtbot.waitUntil(lambda: (tmp_path / "全部.bribackup").exists() and world.context.runner.is_idle(), timeout=20_000)
    with world.database.write() as session:
        edit_fields(session, ["P1"], {"title": "港口合作二期"})
    world.add(title="新项目")
    replaced: list[Path] = []
    world.context.replace_ledger = replaced.append
    answers = Answers(tmp_path / "全部.bribackup", "restore")
    with dialogs.answering(answers):
        panel.restore_file()
        qtbot.waitUntil(lambda: bool(replaced), timeout=20_000)
    assert answers.asked == ["项目：恢复 0 条，移除 1 条，还原改动 1 条（P1、P2）"]
    (new,) = replaced
    assert new.parent == tmp_path


def test_turning_away_leaves_no_file(qtbot: QtBot, panel: BackupsPanel, world: World, tmp_path: Path) -> None:
    panel.back_up()
    qtbot.waitUntil(lambda: panel.table.model().rowCount() == 1, timeout=20_000)
    panel.table.selectRow(0)
    answers = Answers(code="leave")
    with dialogs.answering(answers):
        panel.restore_selected()
        qtbot.waitUntil(lambda: bool(answers.asked) and world.context.runner.is_idle(), timeout=20_000)
    assert answers.asked == ["与当前台账没有差别。"]
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_wrong_file_is_said_in_one_sentence(qtbot: QtBot, panel: BackupsPanel, tmp_path: Path) -> None:
    (tmp_path / "x.bribackup").write_bytes(b"PK\x03\x04")
    with dialogs.answering(Answers(tmp_path / "x.bribackup", "restore")):
        panel.restore_file()
        qtbot.waitUntil(lambda: panel.result.text() != "", timeout=20_000)
    assert panel.result.text() == "x.bribackup：该备份已损坏或不是本程序的备份，未作任何改动。"


def test_the_check_says_how_much_it_looked_at(qtbot: QtBot, panel: BackupsPanel) -> None:
    panel.check()
    qtbot.waitUntil(lambda: "未发现损坏" in panel.result.text(), timeout=20_000)


def test_copies_by_the_clock_come_only_after_changes(qtbot: QtBot, world: World, tmp_path: Path) -> None:
    second = tmp_path / "U盘"
    second.mkdir()
    panel = BackupsPanel(world.context)
    qtbot.addWidget(panel)
    with dialogs.answering(Answers(second)):
        panel.choose_second()
    keeper = Keeper(world.context.path, world.context.runner, world.context.settings)
    for _ in range(2):
        with qtbot.waitSignal(keeper.kept, timeout=20_000):
            keeper.keep("interval")
    assert len(copies(world.context.path)) == 1
    assert len(copies(world.context.path, second)) == 1
    world.add(title="新项目")
    with qtbot.waitSignal(keeper.kept, timeout=20_000) as said:
        keeper.keep("interval")
    assert len(copies(world.context.path)) == 2
    assert len(said.args[0]) == 5
    keeper.stop()
    keeper.deleteLater()


@pytest.mark.parametrize(
    ("ago", "text"),
    [
        (timedelta(seconds=59), "0 分钟"),
        (timedelta(minutes=59, seconds=59), "59 分钟"),
        (timedelta(hours=1), "1 小时"),
        (timedelta(hours=23, minutes=59), "23 小时"),
        (timedelta(days=1), "1 天"),
        (timedelta(days=400), "400 天"),
    ],
)
def test_the_age_is_told_in_the_largest_unit(ago: timedelta, text: str) -> None:
    now = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    assert age_text(now - ago, now) == text


def test_former_ledgers_that_were_put_aside_are_listed_and_can_be_restored(
    qtbot: QtBot, panel: BackupsPanel, world: World
) -> None:
    path = world.context.path
    world.database.close()
    for name in ("ledger.before-upgrade.db", "ledger.before-restore-20261123T080000Z.db"):
        shutil.copyfile(path, path.with_name(name))
    panel.activate()
    qtbot.waitUntil(lambda: panel.table.model().rowCount() == 2, timeout=20_000)
    shown = {(row[2], row[3], row[5], row[6]) for row in (cells(panel, 0), cells(panel, 1))}
    assert shown == {("程序升级前", "1", "台账旁", "原样保留"), ("恢复前", "1", "台账旁", "原样保留")}
    panel.check_copies()
    qtbot.waitUntil(lambda: panel.result.text() == "全部备份完好。", timeout=20_000)
    panel.table.selectRow(0)
    answers = Answers(code="leave")
    with dialogs.answering(answers):
        panel.restore_selected()
        qtbot.waitUntil(lambda: bool(answers.asked) and world.context.runner.is_idle(), timeout=20_000)
    assert answers.asked == ["与当前台账没有差别。"]


def test_a_second_place_that_was_away_gets_its_copy_when_it_is_back(world: World, tmp_path: Path) -> None:
    second = tmp_path / "U盘"
    back_up_changed(world.context.path, "interval", second)
    second.mkdir()
    back_up_changed(world.context.path, "interval", second)
    assert (len(copies(world.context.path)), len(copies(world.context.path, second))) == (1, 1)


def test_a_disk_that_is_nearly_full_is_said_before_a_save_fails(
    qtbot: QtBot, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper = Keeper(world.context.path, world.context.runner, world.context.settings)
    with qtbot.waitSignal(keeper.room_seen, timeout=20_000) as said:
        keeper.look_for_room()
    assert said.args == [""]
    monkeypatch.setattr("bri_desktop.services.safekeeping.LEAST_ROOM", 1 << 60)
    with qtbot.waitSignal(keeper.room_seen, timeout=20_000) as said:
        keeper.look_for_room()
    assert said.args[0].startswith("磁盘空间不足，仅剩 ")
    keeper.stop()
    keeper.deleteLater()


def test_a_backup_under_a_password_asks_for_it_until_it_fits(
    qtbot: QtBot, panel: BackupsPanel, world: World, tmp_path: Path
) -> None:
    pack(world.context.path, tmp_path / "全部.bribackup", password="外办")
    answers = Answers(tmp_path / "全部.bribackup", "leave")
    answers.secrets = ["不对", "外办"]
    with dialogs.answering(answers):
        panel.restore_file()
        qtbot.waitUntil(lambda: "与当前台账没有差别。" in answers.asked, timeout=20_000)
        qtbot.waitUntil(world.context.runner.is_idle, timeout=20_000)
    assert [question.partition("：")[2] for question in answers.asked[:2]] == [
        "该备份设有密码，请输入密码或恢复密钥。",
        "密码与恢复密钥均不符，请核对后重试。",
    ]
