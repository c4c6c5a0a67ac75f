"""Three days of a user in the real window: a project is logged, a ledger taken in, a figure's records opened."""

from collections import Counter
from csv import DictReader

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from bri_desktop import paths
from bri_desktop.app import Program
from bri_desktop.db.database import open_database
from bri_desktop.services.sample import load_sample
from bri_desktop.ui.settings import Settings
from bri_desktop.ui.theme import Theme

CONTROL = Qt.KeyboardModifier.ControlModifier
SECONDS_20 = 20_000


@pytest.fixture
def start(qtbot, qapp, tmp_path):
    """Return a function that starts the program on one ledger, as often as it was closed."""
    running = []
    theme = Theme(qapp, "light")

    def started():
        program = Program(qapp, open_database(tmp_path / "ledger.db"), Settings(tmp_path / "window.ini"), theme)
        running.append(program)
        program.window.resize(1366, 768)
        program.window.show()
        program.window.show_first_page()
        qtbot.waitUntil(program.runner.is_idle, timeout=SECONDS_20)
        return program

    def stopped():
        program = running.pop()
        assert program.window.close()
        program.close()

    started.stop = stopped
    yield started
    while running:
        stopped()
    theme.deleteLater()


def commit(widget, text):
    """Give ``widget`` a text as an input method does: composed first, then committed."""
    QApplication.sendEvent(widget, QInputMethodEvent("pinyin", []))
    event = QInputMethodEvent("", [])
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)


def press(key, modifiers=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(QApplication.focusWidget(), key, modifiers)


def sample_rows():
    with (paths.resources() / "samples" / "report_cases.csv").open(encoding="utf-8", newline="") as handle:
        return list(DictReader(handle))


def test_a_project_is_logged_and_found_again_after_a_restart(start, qtbot):
    program = start()
    program.context.new_project()
    page = program.window.page("projects")
    title = page.panel.form.editors["title"].widget
    program.window.activateWindow()
    qtbot.waitUntil(title.hasFocus, timeout=SECONDS_20)
    commit(title, "海口—马尼拉直飞航线")
    signed = page.panel.form.editors["signed"].widget
    signed.setFocus()
    commit(QApplication.focusWidget(), "2017年7月")
    press(Qt.Key.Key_S, CONTROL)
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=SECONDS_20)
    start.stop()

    program = start()
    program.window.show_page("projects")
    page = program.window.page("projects")
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=SECONDS_20)
    box = page.filters.search_box
    box.setFocus()
    commit(box, "马尼拉")
    qtbot.waitUntil(lambda: page.count_label.text() == "筛得 1 项，共 1 项", timeout=SECONDS_20)
    box.clear()
    commit(box, "没有的")
    qtbot.waitUntil(lambda: page.count_label.text() == "筛得 0 项，共 1 项", timeout=SECONDS_20)


def test_the_sample_ledger_is_taken_in_by_the_page_of_exchange(start, qtbot):
    program = start()
    program.context.import_files([str(paths.resources() / "samples" / "report_cases.xlsx")])
    page = program.window.page("exchange")
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.recognised, timeout=SECONDS_20)
    qtbot.waitUntil(page.recognised.next_button.isEnabled, timeout=SECONDS_20)
    page.recognised.next_button.click()
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.preview, timeout=SECONDS_20)
    assert page.preview.import_button.text() == "导入 166 行"
    page.preview.import_button.click()
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.done, timeout=SECONDS_20)
    assert page.done.sum.text() == "166 = 新增 166"
    program.window.show_page("projects")
    ledger = program.window.page("projects")
    qtbot.waitUntil(lambda: ledger.model.rowCount() == len(sample_rows()), timeout=SECONDS_20)


def test_a_figure_opens_its_records(start, qtbot):
    program = start()
    load_sample(program.database)
    program.refresh()
    program.window.show_page("statistics")
    page = program.window.page("statistics")
    page.groupings.choose("domain")
    qtbot.waitUntil(
        lambda: page.answer is not None and page.answer.result.by == ("domain",) and program.runner.is_idle(),
        timeout=SECONDS_20,
    )
    people = next(place for place, row in enumerate(page.answer.result.rows) if row.key == "people")
    count = page.answer.result.rows[people].count
    # Of the sample's people-to-people cases only those can be in the stock that have a date and are not over.
    written = Counter(
        bool(row["签署日期"] or row["开始日期"])
        for row in sample_rows()
        if "民心相通" in (row["合作领域"], *row["其他领域"].split("；"))
        and row["状态"] not in ("意向", "构想", "审批", "完成", "终止", "失败")
    )
    assert count == written[True]
    page.figures.table.figure_opened.emit(people)
    ledger = program.window.page("projects")
    qtbot.waitUntil(lambda: ledger.model.rowCount() == count, timeout=SECONDS_20)
    assert program.window.current_code() == "projects"
