"""The window with pages of its own: navigation, lazy pages, status, theme, settings."""

import re

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QColor, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox

from bri_desktop import paths
from bri_desktop.domain.changes import Changes
from bri_desktop.ui import dialogs
from bri_desktop.ui.dialogs import Choice
from bri_desktop.ui.main_window import MainWindow, PageSpec
from bri_desktop.ui.native_dialogs import NativeDialogs
from bri_desktop.ui.settings import GEOMETRY, PAGE, THEME, Settings, splitter_setting, table_setting
from bri_desktop.ui.shared import buttons, icons, tokens
from bri_desktop.ui.shared.page import Page
from bri_desktop.ui.style_sheet import style_sheet
from bri_desktop.ui.theme import Theme, install_translation


class Sample(Page):
    def __init__(self, title, log, *, stays=False):
        super().__init__(title)
        self._log = log
        self._stays = stays
        log.append(("built", title))
        self.add_action(buttons.button("导入", icon="download"))

    def activate(self):
        self._log.append(("shown", self.accessibleName()))

    def on_changed(self, changes, initiator):
        self._log.append(("changed", self.accessibleName(), changes, initiator))

    def open_records(self, filter_text):
        self._log.append(("records", filter_text))

    def may_leave(self):
        return not self._stays


@pytest.fixture
def log():
    return []


@pytest.fixture
def settings(tmp_path):
    return Settings(tmp_path / "window.ini")


@pytest.fixture
def theme(qapp):
    made = Theme(qapp, "light")
    yield made
    made.choose("light")


def specs(log):
    return [
        PageSpec("agenda", "工作台", "layout-dashboard", lambda: Sample("工作台", log)),
        PageSpec("projects", "项目台账", "table", lambda: Sample("项目台账", log)),
        PageSpec("approval", "审批", "stamp", lambda: Sample("审批", log), ready=False),
        PageSpec("settings", "设置", "settings", lambda: Sample("设置", log), at_foot=True),
    ]


@pytest.fixture
def window(qtbot, theme, settings, log):
    made = MainWindow("城市国际合作台账", specs(log), settings)
    qtbot.addWidget(made)
    made.show()
    return made


def test_only_ready_pages_are_in_the_navigation(window):
    lists = (window.navigation.pages, window.navigation.foot)
    titles = [[part.model().index(row, 0).data() for row in range(part.model().rowCount())] for part in lists]
    assert titles == [["工作台", "项目台账"], ["帮助", "设置"]]
    assert window.codes() == ["agenda", "projects", "settings"]


def test_pages_are_built_when_first_shown(window, log):
    assert log == []
    window.show_page("projects")
    window.show_page("agenda")
    window.show_page("projects")
    assert log == [
        ("built", "项目台账"),
        ("shown", "项目台账"),
        ("built", "工作台"),
        ("shown", "工作台"),
        ("shown", "项目台账"),
    ]
    assert window.current_code() == "projects"


def test_page_that_is_not_there_is_passed_over(window, log):
    window.show_page("agenda")
    window.show_page("approval")
    assert window.current_code() == "agenda"


def test_click_and_keys_choose_a_page(window, qtbot):
    window.show_page("agenda")
    part = window.navigation.pages
    place = part.visualRect(part.model().index(1, 0)).center()
    QTest.mouseClick(part.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert window.current_code() == "projects"
    part.setFocus()
    QTest.keyClick(part, Qt.Key.Key_Up)
    QTest.keyClick(part, Qt.Key.Key_Return)
    assert window.current_code() == "agenda"
    foot = window.navigation.foot
    QTest.mouseClick(
        foot.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        foot.visualRect(foot.model().index(1, 0)).center(),
    )
    assert window.current_code() == "settings"
    assert not part.selectionModel().hasSelection()


def test_counts_stand_in_the_navigation_and_are_spoken(window):
    window.navigation.set_count("projects", 1234)
    index = window.navigation.pages.model().index(1, 0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "项目台账 1,234"
    window.navigation.set_count("projects", 0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "项目台账"


def test_page_counts_reach_the_navigation(window):
    window.page("agenda").count_changed.emit(17)
    index = window.navigation.pages.model().index(0, 0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "工作台 17"


def test_changes_go_to_the_pages_that_were_built(window, log):
    window.show_page("projects")
    log.clear()
    changes = Changes(frozenset({"project"}))
    window.on_changed(changes, window)
    assert log == [("changed", "项目台账", changes, window)]
    assert re.fullmatch(r"已保存 \d\d:\d\d", window.status.saved.text())


def test_records_of_a_figure_open_in_the_ledger(window, log):
    window.show_page("agenda")
    window.page("agenda").records_requested.emit("year = 2025")
    assert window.current_code() == "projects"
    assert log[-1] == ("records", "year = 2025")


def test_ctrl_k_and_the_search_field_ask_for_the_palette(window, qtbot):
    window.show_page("agenda")
    with qtbot.waitSignal(window.palette_requested, timeout=1000):
        window.page("agenda").search_button.click()
    window.activateWindow()
    with qtbot.waitSignal(window.palette_requested, timeout=1000):
        QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    with qtbot.waitSignal(window.help_requested, timeout=1000) as asked:
        QTest.keyClick(window, Qt.Key.Key_F1)
    assert asked.args == ["agenda"]


def test_status_bar_says_what_is_so(window):
    status = window.status
    assert status.sample.isHidden()
    status.set_sample(True)
    status.set_records(12345)
    status.set_writing(2)
    status.set_backup("")
    assert not status.sample.isHidden()
    assert status.records.text() == "在册项目 12,345 项"
    assert status.writing.text() == "正在保存 2 处改动……"
    assert status.backup.text() == "尚无备份"
    status.set_writing(0)
    assert status.writing.isHidden()


def test_words_of_a_page_follow_the_page(window):
    window.show_page("projects")
    window.page("projects").status_changed.emit("视图：报告案例")
    assert window.status.page.text() == "视图：报告案例"
    window.show_page("agenda")
    assert window.status.page.isHidden()
    window.show_page("projects")
    assert window.status.page.text() == "视图：报告案例"


def test_size_and_page_are_remembered(qtbot, window, settings, log):
    window.show_page("projects")
    window.setWindowState(Qt.WindowState.WindowNoState)
    window.resize(1100, 650)  # wider than the screen that tests have, which is 800 by 800
    window.close()
    again = MainWindow("城市国际合作台账", specs(log), settings)
    qtbot.addWidget(again)
    again.show_first_page()
    assert again.current_code() == "projects"
    assert (again.width(), again.height()) == (tokens.Size.MINIMUM_WINDOW[0], 650)


def test_window_stays_open_for_work_that_is_kept(qtbot, theme, settings, log):
    spec = PageSpec("projects", "项目台账", "table", lambda: Sample("项目台账", log, stays=True))
    window = MainWindow("台账", [spec], settings)
    qtbot.addWidget(window)
    window.show_page("projects")
    window.show()
    assert not window.close()
    assert window.isVisible()
    window.page("projects")._stays = False
    assert window.close()


def test_first_page_where_none_is_remembered(window):
    window.show_first_page()
    assert window.current_code() == "agenda"


# --- settings ---------------------------------------------------------------------------------------------------------


def test_settings_come_back_with_their_type(tmp_path):
    path = tmp_path / "a" / "window.ini"
    first = Settings(path)
    first.set(THEME, "dark")
    first.set(table_setting("项目台账"), {"widths": {"title": 214}, "hidden": ["名称"]})
    first.set(splitter_setting("record"), [878, 336])
    first.save()
    again = Settings(path)
    assert again.get(THEME) == "dark"
    assert again.get(table_setting("项目台账")) == {"widths": {"title": 214}, "hidden": ["名称"]}
    assert again.get(splitter_setting("record")) == [878, 336]
    again.forget(THEME)
    assert again.get(THEME) == "system"


@pytest.mark.parametrize("stored", ["", "purple", '"purple"', "12", "{", "null", "[1"])
def test_unreadable_settings_are_the_default(tmp_path, stored):
    path = tmp_path / "window.ini"
    path.write_text(f"[window]\ntheme={stored}\ngeometry={stored}\n", encoding="utf-8")
    settings = Settings(path)
    assert settings.get(THEME) == "system"
    assert settings.get(PAGE) == ""


def test_damaged_geometry_does_not_stop_the_window(qtbot, theme, settings, log):
    settings.set(GEOMETRY, "bm90IGEgZ2VvbWV0cnk=")
    window = MainWindow("台账", specs(log), settings)
    qtbot.addWidget(window)
    assert window.width() >= tokens.Size.MINIMUM_WINDOW[0]


# --- look -------------------------------------------------------------------------------------------------------------


def _luminance(value):
    colour = QColor(value)
    parts = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.getRgbF()[:3]]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(first, second):
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_the_guidelines_say():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", list(tokens.Scheme))
def test_text_is_readable_and_field_edges_visible(scheme):
    c = tokens.colours(scheme)
    for role in (
        "text",
        "secondary",
        "hint",
        "accent",
        "error",
        "warning",
        "success",
        "series_1",
        "series_2",
        "series_3",
        "series_4",
    ):
        assert contrast(getattr(c, role), c.surface) >= 4.5, role
    for ground in (c.window, c.header, c.tint, c.selection):
        assert contrast(c.text, ground) >= 7
        assert contrast(c.secondary, ground) >= 4.5
    assert contrast(c.on_accent, c.accent) >= 4.5
    assert contrast(c.field_edge, c.surface) >= 3
    assert contrast(c.error, c.error_tint) >= 4.5
    assert contrast(c.warning, c.warning_tint) >= 4.5


def test_style_sheet_has_every_value_filled_in():
    for scheme in tokens.Scheme:
        sheet = style_sheet(tokens.colours(scheme))
        assert "$" not in sheet
        assert sheet.count("{") == sheet.count("}")


def test_only_the_tokens_hold_colours():
    package = paths.resources().parent / "bri_desktop" / "ui"
    hexadecimal = re.compile(r"#[0-9A-Fa-f]{6}\b|#[0-9A-Fa-f]{3}\b")
    found = [
        path.name
        for path in package.rglob("*.py")
        if path.name != "tokens.py" and hexadecimal.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_theme_changes_palette_and_icons(qtbot, theme, window):
    window.show_page("agenda")
    action = next(
        part for part in window.page("agenda").findChildren(type(buttons.button("x"))) if part.text() == "导入"
    )
    light = action.icon().pixmap(20, 16).toImage()
    with qtbot.waitSignal(theme.changed, timeout=1000):
        theme.choose("dark")
    dark = action.icon().pixmap(20, 16).toImage()
    assert light != dark
    assert QApplication.palette().color(QPalette.ColorRole.Base) == QColor(tokens.DARK.surface)
    assert window.grab().toImage().pixelColor(QPoint(4, 4)) == QColor(tokens.DARK.window)
    with pytest.raises(ValueError, match="purple"):
        theme.choose("purple")


def test_icons_are_sharp_at_every_scale(qapp):
    for scale in (1.0, 1.25, 1.5, 2.0):
        drawn = icons.pixmap("plus", tokens.LIGHT.text, 16, scale)
        assert drawn.width() == round(16 * scale)
        assert drawn.devicePixelRatio() == scale
        assert drawn.toImage().pixelColor(drawn.width() // 2, drawn.height() // 2).alpha() > 100


ICON_CALLS = r"(?:set_icon\([^,]+,|icon=|icon_button\(|icon_label\(|paint_icon\(painter,)"


def test_every_icon_named_in_the_program_is_shipped():
    shipped = {path.stem for path in (paths.resources() / "icons").glob("*.svg")}
    package = paths.resources().parent / "bri_desktop"
    for path in package.rglob("*.py"):
        named = re.findall(ICON_CALLS + r'\s*"([a-z0-9-]+)"', path.read_text(encoding="utf-8"))
        assert set(named) <= shipped, path.name
    assert (paths.resources() / "icons" / "LICENSE").read_text(encoding="utf-8").startswith("ISC License")


def test_qt_speaks_chinese(qapp):
    remove = install_translation(qapp, "zh_CN")
    try:
        box = QMessageBox(QMessageBox.Icon.NoIcon, "", "", QMessageBox.StandardButton.Cancel)
        assert box.button(QMessageBox.StandardButton.Cancel).text().replace("&", "") == "取消"
    finally:
        remove()


# --- dialogs ----------------------------------------------------------------------------------------------------------


BOXES = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
"""The platform without a screen says that it cannot fix the size of a message box."""


@BOXES
def test_question_names_its_choices_by_verbs(qtbot):
    answers = []

    def press():
        box = QApplication.activeModalWidget()
        answers.append([button.text() for button in box.buttons()])
        next(button for button in box.buttons() if button.text() == "不保存").click()

    QTimer.singleShot(50, press)
    chosen = dialogs.ask(
        None, "草稿要保存吗？", [Choice("save", "保存"), Choice("drop", "不保存", is_destructive=True)]
    )
    assert chosen == "drop"
    assert set(answers[0]) == {"保存", "不保存", "取消"}


@BOXES
def test_turning_away_answers_nothing(qtbot):
    QTimer.singleShot(50, lambda: QTest.keyClick(QApplication.activeModalWidget(), Qt.Key.Key_Escape))
    assert dialogs.ask(None, "替换吗？", [Choice("replace", "替换")]) is None


@BOXES
def test_message_does_not_stop_the_program(qtbot):
    native = NativeDialogs()
    native.tell(None, "文件正在被占用。", "请关闭后再试。")
    box = next(widget for widget in QApplication.topLevelWidgets() if isinstance(widget, QMessageBox))
    assert box.text() == "文件正在被占用。"
    box.close()
    assert native._open == set()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
