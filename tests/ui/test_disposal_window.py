"""Removing for good from the bin of the ledger: what is shown before, the word that is typed, what is left after."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from small_context import World, small_world

from bri_desktop.db.attachments import AttachmentFolder, folder_beside
from bri_desktop.db.backup import back_up
from bri_desktop.db.models import Agreement
from bri_desktop.db.year_models import FrozenRecord
from bri_desktop.services.attachments import add_attachments, store_files
from bri_desktop.services.disposal import disposals
from bri_desktop.services.projects import delete_projects, edit_fields
from bri_desktop.ui.projects.disposal import DisposalDialog
from bri_desktop.ui.projects.disposal_list import DisposalList
from bri_desktop.ui.projects.page import ProjectsPage

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

SECRET = "绝不可留的名称"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as made:
        made.add(title="别的项目")
        made.add(title="旧名")
        with made.database.write() as session:
            edit_fields(session, ["P2"], {"title": SECRET})
            session.add(Agreement(project_id=2, title=SECRET))
            session.add(FrozenRecord(year=2025, kind="project", record_id=2, digest="d" * 32, values={}))
        (tmp_path / "扫描.txt").write_text(SECRET, encoding="utf-8")
        contents, _refused = store_files(AttachmentFolder(folder_beside(made.database.path)), [tmp_path / "扫描.txt"])
        (tmp_path / "扫描.txt").unlink()
        with made.database.write() as session:
            add_attachments(session, "P2", contents)
        back_up(made.database.path, "interval")
        with made.database.write() as session:
            delete_projects(session, ["P2"])
        yield made


@pytest.fixture
def page(qtbot: QtBot, world: World) -> ProjectsPage:
    made = ProjectsPage(world.context)
    world.context.runner.changed.connect(made.on_changed)
    qtbot.addWidget(made)
    made.resize(1214, 700)
    made.show()
    made.activate()
    made.filters.show_bin()
    qtbot.waitUntil(lambda: list(made.model.ids()) == [2], timeout=10_000)
    made.table.selectRow(0)
    return made


def dialog_of(page: ProjectsPage, qtbot: QtBot) -> DisposalDialog:
    page.bin_bar.dispose.click()
    (made,) = page.window().findChildren(DisposalDialog)
    qtbot.waitUntil(lambda: made.goes.text() != "", timeout=10_000)
    return made


def test_it_says_what_goes_and_what_stays_and_waits_for_the_word(qtbot: QtBot, page: ProjectsPage) -> None:
    dialog = dialog_of(page, qtbot)
    until = datetime.now(UTC).date() + timedelta(days=400)
    assert dialog.records.text() == f"P2《{SECRET}》"
    assert dialog.goes.text() == "协议 1、附件 1、修改历史及发放时的数值"
    assert dialog.stays.text().splitlines() == [
        "冻结年度：2025，其数字不变。",
        f"备份：1 份，最迟于 {until} 前清除。",
        "台账以外的文件：已发放、已导出的工作簿和整体备份。",
    ]
    assert not dialog.dispose_button.isEnabled()
    qtbot.keyClicks(dialog.typed, "p2")
    assert not dialog.dispose_button.isEnabled()
    qtbot.keyClicks(dialog.why, "on request")
    assert dialog.dispose_button.isEnabled()
    dialog.cancel_button.click()


def test_nothing_of_it_is_left_in_the_files_of_the_ledger(
    qtbot: QtBot, page: ProjectsPage, world: World, tmp_path: Path
) -> None:
    said: list[str] = []
    page.status_changed.connect(said.append)
    dialog = dialog_of(page, qtbot)
    qtbot.keyClicks(dialog.typed, "P2")
    qtbot.keyClicks(dialog.why, "on request")
    dialog.dispose_button.click()
    qtbot.waitUntil(lambda: any("已永久删除 1 个项目" in text for text in said), timeout=20_000)
    qtbot.waitUntil(lambda: list(page.model.ids()) == [] and world.context.runner.is_idle(), timeout=10_000)
    own = [file for file in tmp_path.rglob("*") if file.is_file() and "ledger.backups" not in file.parts]
    assert [file.name for file in own if SECRET.encode() in file.read_bytes()] == []
    assert {file.name for file in own} >= {"ledger.db", "ledger.db-wal"}
    with world.database.read() as session:
        (row,) = disposals(session)
    assert (row["key"], row["why"], row["attachments"], row["frozen_years"]) == ("P2", "on request", 1, [2025])


def test_the_record_of_removals_is_shown_and_the_file_rewritten_again(
    qtbot: QtBot, page: ProjectsPage, world: World
) -> None:
    page.bin_bar.listed.click()
    (listed,) = page.window().findChildren(DisposalList)
    qtbot.waitUntil(lambda: listed.count.text() == "已永久删除 0 条", timeout=10_000)
    listed.rewrite_button.click()
    qtbot.waitUntil(lambda: listed.count.text() == "文件已重新整理。", timeout=20_000)
    listed.accept()
