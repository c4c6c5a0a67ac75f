"""While 30,000 rows are taken in, the ledger is filtered by typing and a project is saved; then one undo."""

import pytest
import xlsxwriter
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from bri_desktop.app import Program
from bri_desktop.db.database import open_database
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.services.projects import count_projects, create_project
from bri_desktop.ui.settings import Settings
from bri_desktop.ui.theme import Theme

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

ROWS = 30_000
MINUTES_2 = 120_000


def commit(widget, text):
    event = QInputMethodEvent("", [])
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)


@pytest.fixture
def program(qtbot, qapp, tmp_path):
    database = open_database(tmp_path / "ledger.db")
    with database.write() as session:
        create_project(session, ProjectDraft(title="马尼拉航线", status="active"))
    theme = Theme(qapp, "light")
    made = Program(qapp, database, Settings(tmp_path / "window.ini"), theme)
    made.window.resize(1366, 768)
    made.window.show()
    made.window.show_first_page()
    qtbot.waitUntil(made.runner.is_idle, timeout=MINUTES_2)
    yield made
    made.window.close()
    made.close()
    theme.deleteLater()


@pytest.fixture
def big(tmp_path):
    path = tmp_path / "大台账.xlsx"
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("台账")
        sheet.write_row(0, 0, ["编号", "项目名称", "签署日期", "状态"])
        for number in range(ROWS):
            sheet.write_row(number + 1, 0, [f"T-{number:05}", f"第{number}号论坛", "2019-08-11", "实施中"])
    return path


def test_filtering_and_saving_go_on_during_an_import(program, qtbot, big):
    program.context.import_files([str(big)])
    exchange = program.window.page("exchange")
    qtbot.waitUntil(lambda: exchange.stack.currentWidget() is exchange.recognised, timeout=MINUTES_2)
    qtbot.waitUntil(exchange.recognised.next_button.isEnabled, timeout=MINUTES_2)
    exchange.recognised.next_button.click()
    qtbot.waitUntil(lambda: exchange.stack.currentWidget() is exchange.preview, timeout=MINUTES_2)
    exchange.preview.import_button.click()

    program.window.show_page("projects")
    page = program.window.page("projects")
    box = page.filters.search_box
    box.setFocus()
    commit(box, "马尼拉")
    qtbot.waitUntil(lambda: page.count_label.text().startswith("筛得 1 项"), timeout=MINUTES_2)
    assert exchange._writing, "the import ended before the filter answered"

    program.context.new_project()
    title = page.panel.form.editors["title"].widget
    program.window.activateWindow()
    qtbot.waitUntil(title.hasFocus, timeout=MINUTES_2)
    commit(title, "写入期间登记的项目")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: exchange.stack.currentWidget() is exchange.done, timeout=MINUTES_2)

    def count():
        with program.database.read() as session:
            return count_projects(session)

    qtbot.waitUntil(lambda: count() == ROWS + 2, timeout=MINUTES_2)
