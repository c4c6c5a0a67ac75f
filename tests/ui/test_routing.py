"""A workbook that this program issued is led to the merging, from wherever it is dropped; the import stays a choice."""

import shutil

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from small_context import TODAY, small_world

from bri_desktop.services.issuing import Order, issue
from bri_desktop.ui import dialogs
from bri_desktop.ui.exchange.merging_room import MergeRoom
from bri_desktop.ui.exchange.page import ExchangePage
from bri_desktop.ui.exchange.register import RegisterRoom

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


class Chooses:
    """A user who chooses one file."""

    def __init__(self, path):
        self._path = path

    def open_file(self, *_question):
        return self._path


@pytest.fixture
def world(tmp_path):
    with small_world(tmp_path) as made:
        made.add(title="城市论坛")
        yield made


@pytest.fixture
def page(world, qtbot):
    made = ExchangePage(world.context)
    qtbot.addWidget(made)
    made.resize(1214, 700)
    made.show()
    made.activate()
    yield made
    made.may_leave()


@pytest.fixture
def sent(world, tmp_path):
    """An issued workbook under another name, as a department sends it back."""
    path = tmp_path / "发出.xlsx"
    with world.database.write() as session:
        issue(session, Order(department="商务局"), path)
    return shutil.copyfile(path, tmp_path / "商务局交回.xlsx")


def link(qtbot, note, text):
    found = [one for one in note.findChildren(QPushButton) if one.text() == text]
    qtbot.mouseClick(found[0], Qt.MouseButton.LeftButton)


def dropped(qtbot, page, *paths):
    page.import_files([str(path) for path in paths])
    qtbot.waitUntil(lambda: page.home.issued.isVisibleTo(page), timeout=30_000)


def merging(qtbot, page, name):
    room = page.rooms.current
    assert isinstance(room, MergeRoom)
    qtbot.waitUntil(lambda: room.file_label.text() == name, timeout=30_000)


def test_an_issued_workbook_is_recognised_by_its_marks_and_merged(qtbot, page, sent):
    dropped(qtbot, page, sent)
    assert page.home.issued.text_label.text() == (
        f"商务局交回.xlsx 是本系统发出的工作簿（{TODAY.year}-001），交回后应逐格合并。"
    )
    link(qtbot, page.home.issued, "去交回合并")
    merging(qtbot, page, "商务局交回.xlsx")


def test_it_can_be_imported_all_the_same(qtbot, page, sent):
    dropped(qtbot, page, sent)
    link(qtbot, page.home.issued, "仍按台账导入")
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.recognised, timeout=30_000)
    assert not page.home.issued.isVisibleTo(page)


def test_the_next_of_several_files_follows(qtbot, page, sent, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["项目名称", "国内城市", "外方城市"])
    book.active.append(["论坛", "北京", "布拉格"])
    book.save(tmp_path / "台账.xlsx")
    dropped(qtbot, page, sent, tmp_path / "台账.xlsx")
    link(qtbot, page.home.issued, "继续导入 台账.xlsx")
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.recognised, timeout=30_000)
    assert page._lease.book.name == "台账.xlsx"


def test_the_register_opens_the_file_that_came_back(qtbot, page, sent, world):
    room = page.rooms.show_room("issuing")
    assert isinstance(room, RegisterRoom)
    qtbot.waitUntil(lambda: len(room.table.rows.rows) == 1, timeout=30_000)
    assert room.merge_button.isEnabled()
    with dialogs.answering(Chooses(sent)):
        qtbot.mouseClick(room.merge_button, Qt.MouseButton.LeftButton)
    merging(qtbot, page, "商务局交回.xlsx")
    qtbot.waitUntil(world.context.runner.is_idle, timeout=30_000)
