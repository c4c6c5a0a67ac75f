"""Rows kept aside are decided on the page, by the same question cards; the list, the account and undo follow."""

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from small_context import small_world

from bri_desktop.db.models import ImportBatch
from bri_desktop.services.history import undo_last
from bri_desktop.services.projects import count_projects
from bri_desktop.ui.exchange.page import ExchangePage

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

HEADER = ["项目名称", "国内城市", "国别", "外方城市", "合作模式", "签署日期", "状态"]
ROWS = [
    ["中捷中医中心", "北京", "捷克", "布拉格", "园区示范", "2015-04-11", "实施中"],
    ["青岛园区", "青岛", "日本", "东京", "奇怪型", "2016-04-11", "实施中"],
    ["青岛论坛", "青岛", "日本", "东京", "奇怪型", "2019-08-11", "说不清"],
]


@pytest.fixture
def world(tmp_path):
    with small_world(tmp_path) as made:
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


def take(qtbot, page, path):
    book = openpyxl.Workbook()
    for row in [HEADER, *ROWS]:
        book.active.append(row)
    book.save(path)
    page.start_import(str(path))
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.recognised, timeout=30_000)
    qtbot.waitUntil(page.recognised.next_button.isEnabled)
    qtbot.mouseClick(page.recognised.next_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.values, timeout=30_000)
    page.values.leave_rest()
    qtbot.mouseClick(page.values.next_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.preview, timeout=30_000)
    page.apply()
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.done, timeout=30_000)
    page.leave()
    qtbot.waitUntil(lambda: len(page.home.waiting.rows.rows) == 2, timeout=30_000)


def answer(qtbot, page, word):
    card = page.preview.problems.cards[0]
    found = next(one for one in card.buttons.findChildren(QPushButton) if one.text().startswith(word))
    qtbot.mouseClick(found, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page._work.job is None, timeout=30_000)


def open_questions(qtbot, page):
    qtbot.mouseClick(page.home.decide_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.preview, timeout=30_000)


def test_the_questions_of_waiting_rows_are_answered_and_taken_in(qtbot, page, world, tmp_path):
    path = tmp_path / "台账.xlsx"
    take(qtbot, page, path)
    path.unlink()
    assert page.home.decide_button.text() == "处理该文件的待定行…"
    open_questions(qtbot, page)
    assert [card.question.problem.code for card in page.preview.problems.cards] == ["code_unknown"] * 2
    assert (page.preview.import_button.text(), page.preview.import_button.isEnabled()) == ("办结 0 行", False)
    assert not page.preview.back_button.isVisibleTo(page)
    answer(qtbot, page, "园区示范")
    assert page.preview.import_button.text() == "办结 1 行"
    assert "1 行继续待定" in page.preview.sentence.text()
    qtbot.mouseClick(page.preview.import_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.done, timeout=30_000)
    with world.database.read() as session:
        assert count_projects(session) == 2
        assert session.get_one(ImportBatch, 1).counts["pending"] == 1
    qtbot.mouseClick(page.done.undo_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.home.undone.isVisibleTo(page), timeout=30_000)
    qtbot.waitUntil(lambda: len(page.home.waiting.rows.rows) == 2, timeout=30_000)
    with world.database.read() as session:
        assert count_projects(session) == 1


def test_several_rows_chosen_are_decided_alone_and_undo_is_an_act(qtbot, page, world, tmp_path):
    take(qtbot, page, tmp_path / "台账.xlsx")
    page.home.waiting.selectAll()
    assert page.home.decide_button.text() == "处理这 2 行…"
    open_questions(qtbot, page)
    answer(qtbot, page, "园区示范")
    page.apply()
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.done, timeout=30_000)
    with world.database.write() as session:
        assert undo_last(session).action == "settle"
    page.leave()
    qtbot.waitUntil(lambda: len(page.home.waiting.rows.rows) == 2, timeout=30_000)


def test_rows_of_an_older_import_say_to_open_the_file_again(qtbot, page, world, tmp_path):
    take(qtbot, page, tmp_path / "台账.xlsx")
    with world.database.write() as session:
        session.get_one(ImportBatch, 1).layout = None
    qtbot.mouseClick(page.home.decide_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.home.error.isVisibleTo(page), timeout=30_000)
    assert page.home.error.text_label.text() == (
        "台账.xlsx 是旧版本导入的，未保存列的对应关系；请重新打开该文件导入一次，再处理待定行。"
    )
