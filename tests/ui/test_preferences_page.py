"""Settings: what is chosen is kept and applied; the licences of what is used are named."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from small_context import World, small_world

from bri_desktop.ui.preferences import PreferencesPage
from bri_desktop.ui.preferences.page import read_licences
from bri_desktop.ui.settings import LANGUAGE, THEME, Settings
from bri_desktop.ui.shared import tokens
from bri_desktop.ui.theme import Theme

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as made:
        yield made


def test_choices_are_kept(qtbot: QtBot, world: World, tmp_path: Path) -> None:
    page = PreferencesPage(world.context)
    qtbot.addWidget(page)
    page.show()
    assert not page.restart.isVisible()
    page.language.set_value("en")
    page.language.value_changed.emit()
    assert page.restart.isVisible()
    with qtbot.waitSignal(page.theme_chosen) as chosen:
        page.theme.set_value("dark")
        page.theme.value_changed.emit()
    assert chosen.args == ["dark"]
    kept = Settings(tmp_path / "settings.ini")
    assert (kept.get(LANGUAGE), kept.get(THEME)) == ("en", "dark")


def test_colours_are_applied_at_once(qtbot: QtBot, qapp: object, world: World) -> None:
    theme = Theme(qapp, "light")
    page = PreferencesPage(world.context)
    qtbot.addWidget(page)
    page.theme.set_value("dark")
    page.theme.value_changed.emit()
    assert tokens.scheme() is tokens.Scheme.DARK
    theme.choose("light")
    theme.setParent(None)
    theme.deleteLater()


def test_an_emptied_choice_comes_back(qtbot: QtBot, world: World) -> None:
    page = PreferencesPage(world.context)
    qtbot.addWidget(page)
    page.theme.set_value(None)
    page.theme.value_changed.emit()
    assert page.theme.value() == "system"


def test_paths_and_licences_are_named(qtbot: QtBot, world: World) -> None:
    page = PreferencesPage(world.context)
    qtbot.addWidget(page)
    assert page.database_path.text() == str(world.context.path)
    said = " ".join(label.text() for label in page.findChildren(QLabel))
    assert "GeoNames" in said and "CC BY 4.0" in said and "Lucide" in said and "LGPL" in said
    assert {"pyside6-essentials", "GeoNames", "Lucide"} <= {licence.name for licence in read_licences()}
    assert len(page.licences.rows.ids()) == len(read_licences())
