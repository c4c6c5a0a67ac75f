"""The code lists in the settings: added by keyboard, used in the form at once, given back by undo."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from small_context import World, small_world

from bri_desktop.app import Program
from bri_desktop.db.database import open_database
from bri_desktop.domain.changes import Changes
from bri_desktop.services.code_lists import add_code
from bri_desktop.services.reference import read_codebook
from bri_desktop.ui.preferences.codes import CodesPanel
from bri_desktop.ui.preferences.page import PreferencesPage
from bri_desktop.ui.projects.history_view import change_lines
from bri_desktop.ui.projects.page import ProjectsPage
from bri_desktop.ui.settings import Settings
from bri_desktop.ui.theme import Theme

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as made:
        yield made


@pytest.fixture
def panel(qtbot: QtBot, world: World) -> CodesPanel:
    page = PreferencesPage(world.context)
    qtbot.addWidget(page)
    page.resize(1200, 700)
    page.show()
    world.context.runner.changed.connect(page.on_changed)
    page.tabs.setCurrentWidget(page.codes)
    qtbot.waitUntil(lambda: len(page.codes.table.rows.ids()) == 3)
    return page.codes


def names(panel: CodesPanel) -> list[str]:
    return [row.name_zh for row in panel._lists[panel._name]]


def test_a_code_is_added_renamed_moved_and_deleted_by_the_keyboard(qtbot: QtBot, panel: CodesPanel) -> None:
    for name in ("县域结对型", "人文交流型"):
        panel.table.setFocus()
        qtbot.keyClick(panel.table, Qt.Key.Key_Insert)
        assert panel.form.isVisible() and panel.form.zh_edit.hasFocus()
        panel.form.zh_edit.setText(name)
        qtbot.keyClick(panel.form.zh_edit, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda name=name: name in names(panel))
        assert not panel.form.isVisible()
    assert names(panel)[3:] == ["县域结对型", "人文交流型"]
    qtbot.waitUntil(lambda: panel.table.selected_ids() == ["own_2"])
    qtbot.keyClick(panel.table, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: names(panel)[3:] == ["人文交流型", "县域结对型"])
    qtbot.keyClick(panel.table, Qt.Key.Key_F2)
    assert panel.form.zh_edit.text() == "人文交流型"
    panel.form.zh_edit.setText("民间交流型")
    qtbot.keyClick(panel.form.zh_edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "民间交流型" in names(panel))
    qtbot.keyClick(panel.table, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: names(panel)[3:] == ["县域结对型"])


def test_what_is_wrong_is_said_in_the_form(qtbot: QtBot, panel: CodesPanel) -> None:
    panel.add_button.click()
    panel.form.zh_edit.setText("友好城市型")
    panel.form.save_button.click()
    qtbot.waitUntil(lambda: "友好城市型" in panel.form.problem_label.text())
    assert panel.form.isVisible()
    qtbot.keyClick(panel.form.zh_edit, Qt.Key.Key_Escape)
    assert not panel.form.isVisible()
    panel.table.select_id("sister_city")
    assert not panel.rename_button.isEnabled() and not panel.delete_button.isEnabled()
    assert panel.hint.text()
    qtbot.keyClick(panel.table, Qt.Key.Key_Delete)
    assert not panel.form.isVisible()


def test_a_used_code_asks_which_code_its_records_get(qtbot: QtBot, world: World, panel: CodesPanel) -> None:
    with world.database.write() as session:
        own = add_code(session, "mode", "县域结对型").code
    world.add(mode=own)
    with world.database.read() as session:
        world.context.codes.become(read_codebook(session))
    panel.on_changed(Changes())
    qtbot.waitUntil(lambda: "县域结对型" in names(panel))
    panel.table.select_id(own)
    panel.delete_button.click()
    assert panel.form.isVisible() and not panel.form.zh_edit.isVisible()
    panel.form.save_button.click()
    qtbot.waitUntil(lambda: panel.form.problem_label.isVisible())
    panel.form.choice.set_value("exchange_mechanism")
    panel.form.save_button.click()
    qtbot.waitUntil(lambda: "县域结对型" not in names(panel))


def test_the_whole_window_has_a_new_code_at_once(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> None:
    theme = Theme(qapp, "light")
    program = Program(qapp, open_database(tmp_path / "l.db"), Settings(tmp_path / "s.ini"), theme)
    window, runner = program.window, program.runner
    window.show()
    window.show_page("projects")
    page = window.page("projects")
    assert isinstance(page, ProjectsPage)
    page.new_project()
    qtbot.waitUntil(runner.is_idle)
    runner.write(partial(add_code, name="mode", name_zh="县域结对型"), done=lambda _saved: None)
    qtbot.waitUntil(lambda: program.context.codes.find("mode", "县域结对型") == "own_1")
    runner.write(partial(add_code, name="submode", name_zh="结对子", parent="own_1"), done=lambda _saved: None)
    qtbot.waitUntil(lambda: program.context.codes.find("submode", "结对子") == "own_2")
    qtbot.waitUntil(runner.is_idle)
    window.show_page("preferences")
    window.show_page("projects")
    form = page.panel.form
    combo = form.editors["mode"].widget
    qtbot.keyClick(combo, Qt.Key.Key_4)
    assert form.editors["mode"].value() == "own_1"
    assert form.rows["submode"].isVisibleTo(form)
    entry = {"before": {"mode": "sister_city"}, "after": {"mode": "own_1"}}
    assert "县域结对型" in change_lines(entry, program.context.codes, {})[0]
    program.context.undo()
    qtbot.waitUntil(lambda: program.context.codes.find("submode", "结对子") is None)
    qtbot.waitUntil(runner.is_idle)
    program.close()
    theme.setParent(None)
    theme.deleteLater()
