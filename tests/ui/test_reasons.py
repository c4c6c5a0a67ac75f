"""Why a change was made: typed with it or left out, kept with the act, shown for the record and for one field."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog
from small_context import World, small_world

from bri_desktop.services.history import history_of, undo_last
from bri_desktop.services.projects import delete_projects
from bri_desktop.services.reasons import LONGEST, with_reason
from bri_desktop.ui.projects.bulk_dialog import BulkDialog
from bri_desktop.ui.projects.page import ProjectsPage

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def world(qapp, tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as made:
        made.add(title="甲", status="signed")
        made.add(title="乙", status="signed")
        yield made


@pytest.fixture
def page(qtbot, world):
    made = ProjectsPage(world.context)
    qtbot.addWidget(made)
    world.context.runner.changed.connect(made.on_changed)
    made.resize(1214, 700)
    made.show()
    made.activateWindow()
    made.activate()
    qtbot.waitUntil(lambda: made.model.rowCount() == 2, timeout=20_000)
    return made


def entries(world, key="P1"):
    with world.database.read() as session:
        return [(entry["act"], entry["why"]) for entry in history_of(session, key)]


def test_a_reason_belongs_to_one_act(world):
    with world.database.write() as session:
        with_reason(delete_projects, "  重复\n登记 ")(session, ["P1"])
    with world.database.write() as session:
        with_reason(undo_last, "")(session)
    with world.database.write() as session:
        with_reason(delete_projects, "长" * (LONGEST + 9))(session, ["P1"])
    assert [why for _, why in entries(world)] == ["长" * LONGEST, None, "重复 登记", None]


def test_a_saved_change_says_why_for_the_record_and_the_field(page, world, qtbot):
    page.open_record("P1")
    panel = page.panel
    qtbot.waitUntil(lambda: panel.key == "P1", timeout=20_000)
    assert not panel.reason.isVisible()
    panel.form.editors["title"].widget.setFocus()
    QTest.keyClicks(panel.form.editors["title"].widget, " A")
    panel.form.editors["status"].widget.set_value("active")
    panel.form._on_edited("status")
    assert panel.reason.isVisible()
    panel.reason.line.setText("按批文更正")
    panel.reason.line.setFocus()
    QTest.keyClick(panel.reason.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "原因：按批文更正" in panel.history.lines, timeout=20_000)
    assert panel.reason.line.text() == "" and not panel.reason.isVisible()
    panel.tabs.setCurrentWidget(panel.history)
    assert panel.history.field.codes() == ["", "title", "status"]
    panel.history.field.choose("status")
    assert [line.split("  ")[0][:4] for line in panel.history.lines][1:] == ["状态：签", "原因：按"]
    panel.open_new()
    QTest.keyClicks(panel.form.editors["title"].widget, "New")
    assert not panel.reason.isVisible(), "a new record needs no reason"


def test_many_changes_and_their_undo_say_why(page, world, qtbot):
    page.table.selectAll()
    page.hands.edit_many()
    dialog = page.hands.dialog
    assert isinstance(dialog, BulkDialog)
    dialog.editor.widget.set_value("suspended")
    dialog.reason.line.setText("年度清理")
    dialog._ask_soon()
    qtbot.waitUntil(dialog.apply_button.isEnabled, timeout=20_000)
    with qtbot.waitSignal(dialog.said):
        dialog.apply()
    qtbot.waitUntil(lambda: entries(world)[0][1] == "年度清理", timeout=20_000)

    def answer():
        asked = QApplication.activeModalWidget()
        assert isinstance(asked, QInputDialog)
        asked.setTextValue("范围选错")
        asked.accept()

    QTimer.singleShot(0, answer)
    with qtbot.waitSignal(page.acts.said):
        page.acts.undo_because()
    assert entries(world, "P2")[0] == ("undo", "范围选错")
