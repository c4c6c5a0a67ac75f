"""Settings: what is chosen is kept and applied; the licences of what is used are named."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot
from small_context import World, small_world

from bri_desktop.services.history import undo_last
from bri_desktop.services.office import LedgerSettings, Reminders, read_settings
from bri_desktop.ui import dialogs
from bri_desktop.ui.preferences import PreferencesPage
from bri_desktop.ui.preferences.about import read_licences
from bri_desktop.ui.settings import FONT, LANGUAGE, NOTIFY, SCALE, THEME, TRAY, Settings
from bri_desktop.ui.shared import paint, tokens
from bri_desktop.ui.shared.fields import CodeCombo
from bri_desktop.ui.theme import Theme

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as made:
        yield made


def choose(combo: CodeCombo, value: str | None) -> None:
    combo.set_value(value)
    combo.value_changed.emit()


def opened(qtbot: QtBot, world: World) -> PreferencesPage:
    page = PreferencesPage(world.context)
    qtbot.addWidget(page)
    page.resize(1200, 720)
    world.context.runner.changed.connect(page.on_changed)
    page.show()
    page.activate()
    qtbot.waitUntil(world.context.runner.is_idle)
    return page


def in_ledger(world: World) -> LedgerSettings:
    with world.database.read() as session:
        return read_settings(session)


def test_choices_are_kept(qtbot: QtBot, world: World, tmp_path: Path) -> None:
    page = PreferencesPage(world.context)
    qtbot.addWidget(page)
    page.show()
    general = page.general
    assert not general.restart.isVisible()
    choose(general.language, "en")
    assert general.restart.isVisible() and general.restart.text() == "语言在下次启动时更换。"
    with qtbot.waitSignal(general.theme_chosen) as chosen:
        choose(general.theme, "dark")
    assert chosen.args == ["dark"]
    kept = Settings(tmp_path / "settings.ini")
    assert (kept.get(LANGUAGE), kept.get(THEME)) == ("en", "dark")
    general.rows["theme"].default_button.click()
    assert (general.theme.value(), world.context.settings.get(THEME)) == ("system", "system")
    assert not general.rows["theme"].default_button.isVisible() and general.rows["language"].default_button.isVisible()


def test_colours_are_applied_at_once(qtbot: QtBot, qapp: object, world: World) -> None:
    theme = Theme(qapp, "light")
    page = PreferencesPage(world.context)
    qtbot.addWidget(page)
    choose(page.general.theme, "dark")
    assert tokens.scheme() is tokens.Scheme.DARK
    theme.choose("light")
    theme.setParent(None)
    theme.deleteLater()


def test_an_emptied_choice_comes_back(qtbot: QtBot, world: World) -> None:
    page = PreferencesPage(world.context)
    qtbot.addWidget(page)
    choose(page.general.theme, None)
    assert page.general.theme.value() == "system"


def test_paths_and_licences_are_named(qtbot: QtBot, world: World) -> None:
    page = PreferencesPage(world.context)
    qtbot.addWidget(page)
    assert page.general.database_path.text() == str(world.context.path)
    said = " ".join(label.text() for label in page.findChildren(QLabel))
    assert "GeoNames" in said and "CC BY 4.0" in said and "Lucide" in said and "LGPL" in said
    assert {"pyside6-essentials", "GeoNames", "Lucide"} <= {licence.name for licence in read_licences()}
    assert len(page.about.licences.rows.ids()) == len(read_licences())


def test_the_office_is_written_into_the_ledger_and_shown_as_the_history_will(qtbot: QtBot, world: World) -> None:
    page = opened(qtbot, world)
    row = page.general.rows["name"]
    page.general.office.set_value(" 某市外办 ")
    page.general.office.editingFinished.emit()
    qtbot.waitUntil(lambda: in_ledger(world).office.name == "某市外办")
    qtbot.waitUntil(lambda: page.general.rows["own_name"].note.text().endswith("（某市外办）"))
    assert row.default_button.isVisible() and row.default_button.text() == "清空"
    page.general.office.set_value("办" * 61)
    page.general.office.editingFinished.emit()
    qtbot.waitUntil(lambda: "61" in row.problem)
    assert page.general.office.text() == "办" * 61 and in_ledger(world).office.name == "某市外办"
    row.default_button.click()
    qtbot.waitUntil(lambda: in_ledger(world).office.name == "")
    qtbot.waitUntil(lambda: not row.problem)


def test_the_home_city_is_completed_while_it_is_typed(qtbot: QtBot, world: World) -> None:
    page = opened(qtbot, world)
    city = page.general.city
    city.entry.setFocus()
    qtbot.keyClicks(city.entry, "qingdao")
    qtbot.waitUntil(lambda: city._popup.isVisible())
    qtbot.keyClick(city.entry, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: in_ledger(world).office.home_city == "cn:370200")
    qtbot.waitUntil(lambda: [place.name for place in city.picked()] == ["青岛市"])


def test_rules_are_stored_as_entered_and_go_back_one_by_one_or_all(qtbot: QtBot, world: World) -> None:
    page = opened(qtbot, world)
    page.tabs.setCurrentWidget(page.rules)
    rules = page.rules
    rules.boxes["visit_days"].setValue(45)
    rules.boxes["dispersed"].setValue(0.5)
    rules.every_five.click()
    qtbot.waitUntil(lambda: in_ledger(world).ties.every_five and in_ledger(world).thresholds["dispersed"] == 0.5)
    qtbot.waitUntil(lambda: rules.rows["visit_days"].default_button.isVisible())
    rules.rows["visit_days"].default_button.click()
    qtbot.waitUntil(lambda: in_ledger(world).reminders == Reminders())
    with dialogs.answering(Answering("restore")):
        page.restore_defaults()
    qtbot.waitUntil(lambda: not in_ledger(world).ties.every_five)
    assert in_ledger(world).thresholds["dispersed"] == 0.75
    with world.database.write() as session:
        undo_last(session)
    assert (in_ledger(world).ties.every_five, in_ledger(world).thresholds["dispersed"]) == (True, 0.5)


def test_all_defaults_ask_first_and_leave_the_office(qtbot: QtBot, world: World) -> None:
    page = opened(qtbot, world)
    for setting, value in ((FONT, "X"), (SCALE, 125), (TRAY, True), (NOTIFY, True)):
        world.context.settings.set(setting, value)
    page.general.office.set_value("某市外办")
    page.general.office.editingFinished.emit()
    qtbot.waitUntil(lambda: in_ledger(world).office.name == "某市外办")
    with dialogs.answering(Answering(None)):
        page.restore_defaults()
    assert world.context.settings.get(SCALE) == 125
    with dialogs.answering(Answering("restore")):
        page.restore_defaults()
    qtbot.waitUntil(world.context.runner.is_idle)
    assert [world.context.settings.get(one) for one in (FONT, SCALE, TRAY, NOTIFY)] == ["", 100, False, False]
    assert in_ledger(world).office.name == "某市外办"


def test_a_system_without_a_tray_says_so(qtbot: QtBot, world: World) -> None:
    page = opened(qtbot, world)
    assert not page.general.tray.isEnabled() and not page.general.notify.isEnabled()
    assert page.general.rows["tray"].note.text() == "本机没有系统托盘，通知和图标无法使用。"


def test_another_font_is_used_at_once(qtbot: QtBot, qapp: QApplication, world: World) -> None:
    theme = Theme(qapp, "light")
    page = opened(qtbot, world)
    choose(page.general.font_choice, "Noto Serif CJK SC")
    assert paint.font(tokens.BODY).families()[0] == qapp.font().families()[0] == "Noto Serif CJK SC"
    page.general.rows["font"].default_button.click()
    assert paint.font(tokens.BODY).families() == list(tokens.FONT_FAMILIES)
    theme.setParent(None)
    theme.deleteLater()


def test_the_fonts_of_documents_are_named(qtbot: QtBot, world: World) -> None:
    page = opened(qtbot, world)
    page.tabs.setCurrentWidget(page.about)
    qtbot.waitUntil(lambda: "仿宋" in page.about.fonts.text(), timeout=20_000)
    assert page.about.fonts.text().count("安装") == 4


class Answering:
    """Answers every question with one code."""

    def __init__(self, code: str | None) -> None:
        self.code = code

    def ask(self, *_question: object) -> str | None:
        return self.code
