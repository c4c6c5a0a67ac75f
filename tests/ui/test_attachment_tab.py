"""Files dropped on a record: stored, shown with a picture, opened as a read-only copy, missed when they are gone."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage, QPainter, QPdfWriter
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bri_desktop import i18n
from bri_desktop.services.attachments import attachments_of
from bri_desktop.services.history import undo_last
from bri_desktop.ui.shared import attachment_tab
from bri_desktop.ui.shared.attachment_model import AttachmentModel
from bri_desktop.ui.shared.attachment_tab import AttachmentTab
from tests.ui.small_context import World, small_world

Settle = Callable[[], None]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    i18n.set_language("zh_CN")
    with small_world(tmp_path) as made:
        made.add(title="城市合作")
        yield made


@pytest.fixture
def settle(qtbot: QtBot, world: World) -> Settle:
    return lambda: qtbot.waitUntil(world.context.runner.is_idle, timeout=20_000)


@pytest.fixture
def tab(qtbot: QtBot, world: World, settle: Settle) -> AttachmentTab:
    made = AttachmentTab(world.context)
    qtbot.addWidget(made)
    made.resize(336, 500)
    made.show()
    made.show_owner("P1")
    settle()
    return made


def drop(tab: AttachmentTab, *paths: Path) -> None:
    """Drop files as a file manager does."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(20, 20), Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(tab, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(tab, QDropEvent(QPointF(20, 20), Qt.DropAction.CopyAction, data, buttons, keys))


def picture(path: Path) -> Path:
    image = QImage(400, 200, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    assert image.save(str(path))
    return path


def pdf(path: Path) -> Path:
    writer = QPdfWriter(str(path))
    painter = QPainter(writer)
    painter.fillRect(0, 0, writer.width(), writer.height(), Qt.GlobalColor.blue)
    painter.end()
    return path


def test_a_folder_dropped_is_stored_and_shown_with_pictures(tab: AttachmentTab, settle: Settle, tmp_path: Path) -> None:
    inside = tmp_path / "来访"
    inside.mkdir()
    picture(inside / "合影.png")
    pdf(inside / "协议.pdf")
    (inside / "说明.txt").write_text("说明", encoding="utf-8")
    (inside / "坏的.pdf").write_bytes(b"%PDF-1.7 broken")
    drop(tab, inside)
    settle()
    settle()
    settle()
    rows = {row.name: row for row in tab.model.rows}
    assert sorted(rows) == sorted(["合影.png", "协议.pdf", "说明.txt", "坏的.pdf"])
    assert {row.folder for row in rows.values()} == {"来访"}
    photo, page = (tab.model.pictures[rows[name].sha256] for name in ("合影.png", "协议.pdf"))
    assert (photo.width(), photo.height()) == (88, 44)
    assert photo.pixelColor(10, 10).name() == "#ff0000" and max(page.width(), page.height()) in (87, 88, 89)
    assert page.pixelColor(page.width() // 2, page.height() // 2).name() == "#0000ff"
    assert all(tab.model.pictures[rows[name].sha256].isNull() for name in ("说明.txt", "坏的.pdf"))
    assert not tab.grab().isNull()


def test_a_file_is_opened_as_a_read_only_copy_and_a_program_never(
    tab: AttachmentTab, settle: Settle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []
    monkeypatch.setattr(attachment_tab, "open_file", opened.append)
    (tmp_path / "名单.txt").write_text("张三", encoding="utf-8")
    (tmp_path / "装.exe").write_bytes(b"MZ")
    tab.add([tmp_path / "名单.txt", tmp_path / "装.exe"])
    settle()
    settle()
    names = [row.name for row in tab.model.rows]
    tab.list.setCurrentIndex(tab.model.index(names.index("名单.txt")))
    tab.open_current()
    settle()
    assert [path.name for path in opened] == ["名单.txt"]
    assert opened[0].read_text(encoding="utf-8") == "张三" and not opened[0].stat().st_mode & 0o222
    tab.open_current()
    settle()
    assert len(opened) == 2
    tab.list.setCurrentIndex(tab.model.index(names.index("装.exe")))
    tab.open_current()
    settle()
    assert len(opened) == 2 and "另存副本" in tab.problem.text_label.text()


def test_a_file_removed_from_disk_is_reported_beside_it(
    tab: AttachmentTab, settle: Settle, tmp_path: Path, world: World
) -> None:
    (tmp_path / "a.txt").write_text("a")
    tab.add([tmp_path / "a.txt", tmp_path / "没有.txt"])
    settle()
    settle()
    assert "没有.txt" in tab.problem.text_label.text()
    (row,) = tab.model.rows
    tab.folder.path_of(row.sha256).unlink()
    tab.reload()
    settle()
    assert [one.state for one in tab.model.rows] == ["missing"]
    assert tab.state.isVisible() and "磁盘上已找不到" in tab.state.text()
    tab.open_current()
    settle()
    settle()
    assert "磁盘上已找不到" in tab.problem.text_label.text()
    tab.add([tmp_path / "a.txt"])
    settle()
    settle()
    settle()
    assert [one.state for one in tab.model.rows] == ["whole"] and tab.state.isHidden()
    with world.database.read() as session:
        assert len(attachments_of(session, tab.folder, "P1")) == 1


def test_a_file_that_cannot_be_read_is_told_and_the_others_stay(
    tab: AttachmentTab, settle: Settle, tmp_path: Path
) -> None:
    (tmp_path / "好.txt").write_text("a")
    for name in ("要换.txt", "要锁.txt"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    (tmp_path / "回环.txt").symlink_to(tmp_path / "回环.txt")
    tab.add([tmp_path / name for name in ("好.txt", "要换.txt", "要锁.txt", "回环.txt")])
    settle()
    settle()
    assert "回环.txt" in tab.problem.text_label.text() and "读" in tab.problem.text_label.text()
    assert len(tab.model.rows) == 3
    rows = {row.name: row for row in tab.model.rows}
    changed, locked = (tab.folder.path_of(rows[name].sha256) for name in ("要换.txt", "要锁.txt"))
    for path in (changed, locked):
        path.chmod(0o600)
        path.unlink()
    changed.write_text("别的内容", encoding="utf-8")
    locked.symlink_to(locked)
    tab.reload()
    settle()
    states = {row.name: row.state for row in tab.model.rows}
    assert states == {"好.txt": "whole", "要换.txt": "changed", "要锁.txt": "unreadable"}
    names = [row.name for row in tab.model.rows]
    for name, words in {"要换.txt": "内容", "要锁.txt": "读"}.items():
        tab.list.setCurrentIndex(tab.model.index(names.index(name)))
        assert tab.state.isVisible() and words in tab.state.text()
        tab.open_current()
        settle()
        settle()
        assert name in tab.problem.text_label.text() and words in tab.problem.text_label.text()


def test_a_file_taken_off_comes_back_by_undoing(
    qtbot: QtBot, tab: AttachmentTab, settle: Settle, tmp_path: Path, world: World
) -> None:
    (tmp_path / "a.txt").write_text("a")
    tab.add([tmp_path / "a.txt"])
    settle()
    settle()
    qtbot.keyClick(tab.list, Qt.Key.Key_Delete)
    settle()
    settle()
    assert tab.model.rows == []
    world.context.runner.write(undo_last, done=lambda _undone: None)
    settle()
    settle()
    assert [row.name for row in tab.model.rows] == ["a.txt"]


def test_the_model_keeps_the_rules_of_models(tab: AttachmentTab, settle: Settle, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    tab.add([tmp_path / "a.txt"])
    settle()
    settle()
    model = AttachmentModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show_rows(tab.model.rows)
    model.show_pictures({tab.model.rows[0].sha256: QImage()})
    model.show_rows([])
    del tester
