"""Every control that the Tab key reaches has a name that a screen reader says; every key stands in the handbook."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QShortcut
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from bri_desktop import i18n
from bri_desktop.app import Program
from bri_desktop.db.database import open_database
from bri_desktop.services.sample import load_sample
from bri_desktop.ui.handbook import read_pages
from bri_desktop.ui.settings import Settings
from bri_desktop.ui.theme import Theme

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def program(qapp: QApplication, ledger_path: Path, tmp_path: Path) -> Iterator[Program]:
    theme = Theme(qapp, "light")
    made = Program(qapp, open_database(ledger_path), Settings(tmp_path / "settings.ini"), theme)
    load_sample(made.database)
    made.window.show()
    yield made
    made.close()
    theme.setParent(None)
    theme.deleteLater()


def spoken_name(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return (interface.text(QAccessible.Text.Name) if interface else "").strip()


def test_every_control_in_view_has_a_name(qtbot: QtBot, program: Program) -> None:
    nameless = []
    for code in program.window.codes():
        program.window.show_page(code)
        qtbot.waitUntil(program.runner.is_idle, timeout=60_000)
        for widget in program.window.page(code).findChildren(QWidget):
            is_reached = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.isVisible()
            if is_reached and not spoken_name(widget) and not widget.objectName().startswith("qt_"):
                nameless.append((code, type(widget).__name__, type(widget.parent()).__name__))
    assert nameless == []
    check_keys(program)


def check_keys(program: Program) -> None:
    """Every command of the menu and every key of the window, now that all pages are built, is in the handbook."""
    program.context.new_project()
    shortcuts = sorted({shortcut.key().toString() for shortcut in program.window.findChildren(QShortcut)})
    titles = {program.window.title_of(code) for code in program.window.codes()}
    assert len(shortcuts) > 20
    for language in i18n.LANGUAGES:
        keys = read_pages(language)["keys"]
        assert [key for key in shortcuts if key not in keys] == []
        i18n.set_language(language)
        assert [name for name, _call in program.commands() if name not in titles and name not in keys] == []
    assert [title for title in titles if title not in read_pages("zh_CN")["keys"]] == []


def test_the_tab_key_comes_round_through_more_than_the_navigation(qtbot: QtBot, program: Program) -> None:
    program.window.show_page("projects")
    qtbot.waitUntil(program.runner.is_idle, timeout=60_000)
    first = program.window.focusWidget() or program.window.navigation
    seen, widget = [first], first.nextInFocusChain()
    while widget is not first and len(seen) < 5_000:
        seen.append(widget)
        widget = widget.nextInFocusChain()
    assert widget is first
    page = program.window.page("projects")
    assert any(page.isAncestorOf(one) and one.focusPolicy() & Qt.FocusPolicy.TabFocus for one in seen)
