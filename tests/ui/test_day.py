"""What goes with the user through the day: the four steps, the help menu, its keys, the icon where there is none."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bri_desktop.app import Program
from bri_desktop.db.database import open_database
from bri_desktop.services.office import save_setting
from bri_desktop.ui.first_steps import free_place
from bri_desktop.ui.projects.page import ProjectsPage
from bri_desktop.ui.settings import NOTIFY, STEPS_SEEN, TRAY, Settings
from bri_desktop.ui.theme import Theme
from bri_desktop.ui.tray import due_text

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
SIZES = ((1366, 736), (960, 600), (683, 384))


@pytest.fixture
def program(qapp: QApplication, ledger_path: Path, tmp_path: Path) -> Iterator[Program]:
    theme = Theme(qapp, "light")
    made = Program(qapp, open_database(ledger_path), Settings(tmp_path / "settings.ini"), theme)
    made.window.setWindowState(Qt.WindowState.WindowNoState)
    made.window.show()
    yield made
    made.close()
    theme.setParent(None)
    theme.deleteLater()


def test_the_four_steps_cover_nothing_go_by_key_and_are_seen_once(qtbot: QtBot, program: Program) -> None:
    for size in SIZES[:2]:
        program.window.resize(*size)
        program.day.begin_steps()
        steps = program.day.steps
        assert steps is not None
        for place in range(4):
            steps.show_step(place)
            qtbot.waitUntil(program.runner.is_idle, timeout=60_000)
            qtbot.wait(60)
            assert not steps.geometry().intersects(steps.target_rect()), (size, place)
            assert program.window.rect().contains(steps.geometry()), (size, place)
    steps.end()
    program.settings.forget(STEPS_SEEN)
    program.day.greet()
    steps = program.day.steps
    assert steps is not None and steps.count.text() == "1 / 4"
    assert program.window.current_code() == "projects" and not steps.isModal()
    qtbot.keyClick(steps.next_button, Qt.Key.Key_Space)
    assert (steps.place, program.window.current_code()) == (1, "agenda")
    qtbot.keyClick(steps, Qt.Key.Key_Left)
    assert steps.place == 0
    qtbot.keyClick(steps, Qt.Key.Key_Escape)
    assert program.day.steps is None and program.settings.get(STEPS_SEEN)
    program.day.greet()
    assert program.day.steps is None
    [again] = [action for action in program.day.help_menu().actions() if action.text() == "四步认识程序"]
    again.trigger()
    assert program.day.steps is not None


@pytest.mark.parametrize("window", SIZES)
def test_a_card_finds_room_wherever_the_target_is(window: tuple[int, int]) -> None:
    inside, card = QRect(0, 0, *window), QRect(0, 0, 320, 130)
    for x in range(0, window[0] - 40, 97):
        for y in range(0, window[1] - 28, 53):
            target = QRect(x, y, 40, 28)
            found = QRect(free_place(target, card, inside), card.size())
            assert inside.contains(found) and not found.intersects(target), target


def test_the_help_menu_no_tray_and_a_new_project_at_home(qtbot: QtBot, program: Program) -> None:
    texts = [action.text() for action in program.day.help_menu().actions()]
    assert texts == ["手册\tF1", "命令与按键", "四步认识程序", "查找命令\tCtrl+K", "关于"]
    with qtbot.waitSignal(program.window.help_menu_requested):
        program.window.navigation.chosen.emit("help")
    menu = program.day.menu
    assert menu is not None
    menu.actions()[1].trigger()
    assert program._handbook is not None and program._handbook.text.toPlainText().startswith("命令与按键")
    menu.actions()[4].trigger()
    assert program.window.current_code() == "preferences"
    menu.close()
    for setting in (TRAY, NOTIFY):
        program.settings.set(setting, True)
    program.context.settings_changed()
    assert program.day.tray.icon is None and not program.day.tray.wants_due()
    program.window.show_page("agenda")
    program.window.activateWindow()
    with program.database.write() as session:
        save_setting(session, "home_city", "青岛")
    qtbot.keyClick(program.window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    page = program.window.page("projects")
    assert isinstance(page, ProjectsPage) and program.window.current_code() == "projects"
    qtbot.waitUntil(lambda: page.panel.form.draft().domestic_places == ("cn:370200",), timeout=60_000)
    assert not page.panel.form.is_changed()


def test_what_is_due_in_one_line() -> None:
    assert due_text([-3, -1, 0, 7, 8, None]) == "逾期 2 件、今天 1 件、7 天内 1 件"
    assert due_text([None, 30]) == ""


def test_the_size_of_letters_holds_from_the_next_start_on(tmp_path: Path) -> None:
    code = (
        "import sys, os; from pathlib import Path; from bri_desktop import start;"
        "start._scale(150); from PySide6.QtWidgets import QApplication, QWidget;"
        "a = QApplication([]); w = QWidget(); w.resize(10, 10); w.show(); print(w.devicePixelRatioF())"
    )
    env = {name: value for name, value in os.environ.items() if name != "QT_SCALE_FACTOR"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "1.5"
