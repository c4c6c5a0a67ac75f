"""Fields, filter box and chips: Chinese through an input method, written forms, keys, and what screen readers hear."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics, QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from bri_desktop.domain.dates import PartialDate, parse_date
from bri_desktop.domain.money import Money, format_money, parse_money
from bri_desktop.ui.shared import buttons, panels, tokens
from bri_desktop.ui.shared.chip_fields import Picked, PlaceEdit, TagsEdit
from bri_desktop.ui.shared.chips import ChipBar, Condition, Term, VerdictBar
from bri_desktop.ui.shared.date_edit import DateEdit
from bri_desktop.ui.shared.fields import CodeCombo, LabeledField, LineEdit, MoneyEdit, TextArea
from bri_desktop.ui.shared.flow import FlowBox
from bri_desktop.ui.shared.paint import font
from bri_desktop.ui.shared.search_box import DELAY_MILLISECONDS, SearchBox
from bri_desktop.ui.theme import Theme

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
"""The platform without a screen says what windows of one fixed size and lists above others would need."""

PLACES = {
    "布拉格": ("gn:3067696", "布拉格", "Praha · 捷克"),
    "布拉迪斯拉发": ("gn:3060972", "布拉迪斯拉发", "Bratislava · 斯洛伐克"),
    "布达佩斯": ("gn:3054643", "布达佩斯", "Budapest · 匈牙利"),
}


def complete(text):
    return [triple for name, triple in PLACES.items() if name.startswith(text) or text.lower() in triple[2].lower()]


def compose(widget, *stages, commit):
    """Type by an input method: the stages of a composition, then the committed text."""
    for stage in stages:
        QApplication.sendEvent(widget, QInputMethodEvent(stage, []))
    event = QInputMethodEvent("", [])
    event.setCommitString(commit)
    QApplication.sendEvent(widget, event)


@pytest.fixture
def show(qtbot):
    """Show a widget in a window that has the focus; return it."""
    windows = []

    def shown(widget, width=320):
        window = QWidget()
        column = QVBoxLayout(window)
        column.addWidget(widget)
        column.addStretch(1)
        window.resize(width, 300)
        window.show()
        window.activateWindow()
        windows.append(window)
        qtbot.addWidget(window)
        widget.setFocus()
        qtbot.waitUntil(window.isActiveWindow)
        return widget

    yield shown
    windows.clear()


@pytest.fixture
def counted():
    """Count how often a signal came."""

    def count(signal):
        calls = []
        signal.connect(lambda *arguments: calls.append(arguments))
        return calls

    return count


# --- filter box -------------------------------------------------------------------------------------------------------


def test_composition_does_not_search_and_its_end_does(qtbot, show, counted):
    box = show(SearchBox("名称、拼音、首字母", "Ctrl+F"))
    searched = counted(box.searched)
    for stage in ("b", "bu", "bul", "布拉"):
        QApplication.sendEvent(box, QInputMethodEvent(stage, []))
        qtbot.wait(DELAY_MILLISECONDS + 15)
    assert searched == []
    compose(box, commit="布拉格")
    qtbot.waitUntil(lambda: bool(searched))
    assert searched == [("布拉格",)]


def test_selection_that_a_composition_replaces_does_not_search(qtbot, show, counted):
    box = show(SearchBox("名称"))
    box.set_text_silently("上海")
    box.selectAll()
    searched = counted(box.searched)
    QApplication.sendEvent(box, QInputMethodEvent("b", []))
    assert box.text() == ""
    qtbot.wait(DELAY_MILLISECONDS + 15)
    assert searched == []
    compose(box, commit="布")
    qtbot.waitUntil(lambda: searched == [("布",)])


def test_composition_that_is_given_up_searches_for_what_is_left(qtbot, show, counted):
    box = show(SearchBox("名称"))
    box.set_text_silently("上海")
    box.selectAll()
    searched = counted(box.searched)
    compose(box, "b", commit="")
    qtbot.waitUntil(lambda: searched == [("",)])


def test_typing_is_gathered(qtbot, show, counted):
    box = show(SearchBox("名称"))
    searched = counted(box.searched)
    for letter in "praha":
        QTest.keyClick(box, letter)
    qtbot.waitUntil(lambda: bool(searched))
    assert searched[-1] == ("praha",)
    assert len(searched) <= 2


def test_keys_of_the_filter_box(qtbot, show, counted):
    box = show(SearchBox("名称"))
    searched, left = counted(box.searched), counted(box.left_downwards)
    box.setText("a")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert searched == [("a",)]
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert len(left) == 1
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert searched == [("a",), ("",)]
    assert box.text() == ""


# --- chips ------------------------------------------------------------------------------------------------------------

START = Condition("start", "起始", "2010—2017")
STATUS = Condition("status", "状态", "不含中止")


def test_chips_can_be_removed_by_click_and_key(qtbot, show, counted):
    bar = show(ChipBar(), width=600)
    removed = counted(bar.removed)
    bar.set_conditions([START, STATUS])
    QApplication.processEvents()
    bar.chips()[0].close_button.click()
    QTest.keyClick(bar.chips()[1], Qt.Key.Key_Delete)
    assert removed == [("start",), ("status",)]
    assert bar.chips()[0].accessibleName() == "起始 2010—2017"
    assert bar.chips()[0].close_button.accessibleName() == "移除 起始 2010—2017"


def test_chips_that_stay_are_not_built_anew(show):
    bar = show(ChipBar(), width=600)
    bar.set_conditions([START, STATUS])
    kept = bar.chips()[1]
    bar.set_conditions([STATUS, Condition("mode", "模式", "签约型")])
    assert bar.chips()[0] is kept
    assert [condition.key for condition in bar.conditions()] == ["status", "mode"]


def test_clearing_is_offered_only_where_there_is_something(show, counted):
    bar = show(ChipBar(), width=600)
    assert not bar.clear_button.isVisible()
    bar.set_conditions([START])
    assert bar.clear_button.isVisible()
    cleared, added = counted(bar.cleared), counted(bar.add_requested)
    bar.clear_button.click()
    bar.add_button.click()
    assert len(cleared) == len(added) == 1


def test_chip_opens_on_click_and_enter(show, counted):
    bar = show(ChipBar(), width=600)
    bar.set_conditions([START])
    opened = counted(bar.opened)
    QTest.mouseClick(bar.chips()[0], Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(12, 12))
    QTest.keyClick(bar.chips()[0], Qt.Key.Key_Return)
    assert opened == [("start",), ("start",)]


WHOLE = Term("all", "全部", 48)
PARTS = [Term("new", "新增", 9), Term("update", "更新", 14), Term("same", "未变", 25)]


def test_verdicts_read_as_an_equation_and_filter(show, counted):
    bar = show(VerdictBar(), width=700)
    chosen = counted(bar.chosen)
    bar.set_verdicts(WHOLE, PARTS)
    assert [w.text() if isinstance(w, QLabel) else w.accessibleName() for w in bar.widgets()] == [
        "全部 48", "=", "新增 9", "+", "更新 14", "+", "未变 25",
    ]  # fmt: skip
    assert bar.current() == "all"
    bar.widgets()[4].click()
    assert chosen == [("update",)]
    bar.set_verdicts(WHOLE, PARTS)
    assert bar.current() == "update"
    bar.set_verdicts(WHOLE, PARTS[:1])
    assert bar.current() == "all"


def test_flow_breaks_lines_inside_the_width(show):
    box = FlowBox(spacing=8)
    for _ in range(3):
        part = QWidget()
        part.setFixedSize(100, 20)
        box.add(part)
    show(box, width=250)
    box.resize(220, 100)
    assert box.heightForWidth(316) == 20
    assert box.heightForWidth(315) == 44
    assert box.heightForWidth(207) == 68
    rectangles = [part.geometry() for part in box.widgets()]
    assert rectangles == [QRect(0, 28, 100, 20), QRect(108, 28, 100, 20), QRect(0, 52, 100, 20)]


# --- fields -----------------------------------------------------------------------------------------------------------


def date_edit():
    return DateEdit(parse_date, lambda error: f"wrong: {error.code}")


def money_edit():
    return MoneyEdit(parse_money, lambda value: format_money(value, "zh_CN"), lambda error: f"wrong: {error.code}")


@pytest.mark.parametrize(
    ("written", "shown"),
    [("2017.5.17", "2017-05-17"), ("2017年5月", "2017-05"), ("20170517", "2017-05-17"), ("2017", "2017")],
)
def test_dates_in_any_written_form(show, written, shown):
    edit = show(date_edit())
    edit.setText(written)
    assert edit.parsed() == PartialDate(shown)
    assert edit.text() == written
    edit.editingFinished.emit()
    assert edit.text() == shown


def test_date_problem_is_told_while_typing_and_goes(show, counted):
    edit = show(date_edit())
    problems = counted(edit.problem_changed)
    edit.setText("2017-02-30")
    assert edit.parsed() is None
    edit.editingFinished.emit()
    assert edit.text() == "2017-02-30"
    edit.setText("2017-02-28")
    edit.setText("")
    assert problems == [("wrong: date_impossible",), ("",)]
    assert edit.parsed() is None


def test_readings_of_an_ambiguous_date_are_offered(show, counted):
    edit = show(date_edit())
    offered = counted(edit.offered)
    edit.setText("03/04/2017")
    assert offered == [(["2017-04-03", "2017-03-04"],)]
    edit.choose("2017-04-03")
    assert edit.parsed() == PartialDate("2017-04-03")
    assert edit.problem == ""


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_calendar_takes_a_day(show):
    edit = show(date_edit())
    edit.setText("2016-04")
    QTest.keyClick(edit, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    month = edit._calendar.children()[-1]
    assert (month.selectedDate().year(), month.selectedDate().month()) == (2016, 4)
    month.clicked.emit(month.selectedDate().addDays(16))
    assert edit.parsed() == PartialDate("2016-04-17")


def test_money_with_its_unit(show):
    edit = show(money_edit())
    compose(edit, "1800 wan", commit="1800万")
    assert edit.parsed() == Money(parse_money("18000000").amount)
    edit.editingFinished.emit()
    assert edit.text() == "1,800 万元"
    edit.setText("很多")
    assert edit.problem == "wrong: money_unreadable"


def test_composing_text_counts_once(show, counted):
    for edit in (LineEdit(), TextArea()):
        show(edit)
        changes = counted(edit.value_changed)
        compose(edit, "b", "bu", "布拉", commit="布拉格")
        assert edit.value() == "布拉格"
        assert len(changes) == 1
        edit.set_value("上海")
        assert len(changes) == 1
        edit.set_value(None)
        assert edit.value() is None


def test_text_area_grows_with_its_text(show):
    area = show(TextArea(lines=2, most_lines=4))
    before = area.height()
    area.set_value("\n".join("一二三四"))
    after = area.height()
    area.set_value("\n".join("一二三四五六七八"))
    assert before < after == area.height()


MODES = [("sister_city", "友好城市型"), ("park", "园区示范型"), ("mechanism", "交流机制型")]


def test_number_keys_choose_codes(show, counted):
    combo = show(CodeCombo(MODES))
    assert combo.value() is None
    changes = counted(combo.value_changed)
    QTest.keyClick(combo, Qt.Key.Key_2)
    assert combo.value() == "park"
    QTest.keyClick(combo, Qt.Key.Key_9)
    assert combo.value() == "park"
    QTest.keyClick(combo, Qt.Key.Key_3, Qt.KeyboardModifier.KeypadModifier)
    assert combo.value() == "mechanism"
    QTest.keyClick(combo, Qt.Key.Key_Delete)
    assert combo.value() is None
    assert len(changes) == 3


def test_digits_with_alt_are_shortcuts_not_codes(show):
    combo = show(CodeCombo(MODES))
    QApplication.sendEvent(combo, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier, "2"))
    assert combo.value() is None


def test_code_of_the_office_is_kept(show, counted):
    combo = show(CodeCombo(MODES))
    changes = counted(combo.value_changed)
    combo.set_value("own")
    assert combo.value() == "own"
    combo.set_choices(MODES)
    assert combo.value() == "own"
    assert changes == []
    combo.set_value(None)
    assert combo.value() is None


def test_problem_stands_under_the_field_and_is_spoken(show):
    edit = date_edit()
    field = show(LabeledField("协议到期", edit, required=True, hint="可填到年、月、日"))
    assert field.label.buddy() is edit
    assert edit.accessibleName() == "协议到期 必填"
    assert edit.accessibleDescription() == "可填到年、月、日"
    low = field.sizeHint().height()
    field.set_problem("早于签署日期 2016-04。")
    assert field.problem == "早于签署日期 2016-04。"
    assert edit.accessibleDescription() == "早于签署日期 2016-04。"
    assert edit.property("invalid") is True
    assert field.sizeHint().height() > low
    field.set_problem(None)
    assert field.problem == ""
    assert edit.property("invalid") is False
    assert edit.accessibleDescription() == "可填到年、月、日"


def test_field_keeps_its_height_with_focus_and_problem(qapp, show):
    Theme(qapp, "light")
    field = show(LabeledField("名称", LineEdit()))
    QApplication.processEvents()
    heights = {field.editor.height()}
    field.set_problem("此项未填。")
    QApplication.processEvents()
    heights.add(field.editor.height())
    field.editor.clearFocus()
    QApplication.processEvents()
    heights.add(field.editor.height())
    assert heights == {tokens.Size.CONTROL}


# --- places and tags --------------------------------------------------------------------------------------------------


def place_edit(**options):
    return PlaceEdit(complete, "城市名、拼音、英文", **options)


def test_place_is_completed_after_the_composition(show, counted):
    edit = show(place_edit())
    changes = counted(edit.value_changed)
    QApplication.sendEvent(edit.entry, QInputMethodEvent("bu la", []))
    assert not edit._popup.isVisible()
    compose(edit.entry, commit="布拉")
    assert [found.name for found in edit._popup.suggestions()] == ["布拉格", "布拉迪斯拉发"]
    QTest.keyClick(edit.entry, Qt.Key.Key_Down)
    QTest.keyClick(edit.entry, Qt.Key.Key_Return)
    assert edit.keys() == ("gn:3060972",)
    assert edit.unresolved() == ""
    assert len(changes) == 1
    assert not edit._popup.isVisible()


def test_place_by_english_and_tab(show):
    edit = show(place_edit())
    for letter in "prah":
        QTest.keyClick(edit.entry, letter)
    QTest.keyClick(edit.entry, Qt.Key.Key_Tab)
    assert edit.picked() == [Picked(*PLACES["布拉格"])]


def test_unknown_place_stays_as_typed(show):
    edit = show(place_edit())
    compose(edit.entry, commit="巴拉湾")
    edit.entry.clearFocus()
    assert edit.unresolved() == "巴拉湾"
    assert edit.keys() == ()


def test_backspace_takes_the_last_place_and_a_place_comes_once(show, counted):
    edit = show(place_edit())
    changes = counted(edit.value_changed)
    edit.set_picked([Picked(*PLACES["布拉格"]), Picked(*PLACES["布达佩斯"])])
    assert changes == []
    edit.pick(Picked(*PLACES["布拉格"]))
    assert len(edit.keys()) == 2
    QTest.keyClick(edit.entry, Qt.Key.Key_Backspace)
    assert edit.keys() == ("gn:3067696",)
    edit.chips()[0].close_button.click()
    assert edit.keys() == ()
    assert len(changes) == 2


def test_field_of_one_place_replaces_it(show):
    edit = show(place_edit(most=1))
    edit.set_picked([Picked(*PLACES["布拉格"])])
    compose(edit.entry, commit="布达")
    QTest.keyClick(edit.entry, Qt.Key.Key_Return)
    assert edit.keys() == ("gn:3054643",)


def test_escape_closes_the_list_only(show):
    edit = show(place_edit())
    compose(edit.entry, commit="布")
    assert edit._popup.isVisible()
    QTest.keyClick(edit.entry, Qt.Key.Key_Escape)
    assert not edit._popup.isVisible()
    assert edit.unresolved() == "布"


def test_suggestions_keep_qts_rules(show):
    edit = show(place_edit())
    QAbstractItemModelTester(edit._popup._model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    compose(edit.entry, commit="布")
    edit.entry.clear()


def test_tags_end_with_comma_enter_or_leaving(show, counted):
    edit = show(TagsEdit())
    changes = counted(edit.value_changed)
    compose(edit.entry, commit="港口，物流、")
    compose(edit.entry, commit="医疗")
    QTest.keyClick(edit.entry, Qt.Key.Key_Return)
    compose(edit.entry, commit="港口")
    QTest.keyClick(edit.entry, Qt.Key.Key_Return)
    compose(edit.entry, commit="教育")
    edit.entry.clearFocus()
    assert edit.value() == ("港口", "物流", "医疗", "教育")
    assert len(changes) == 4
    edit.set_value(["一"])
    assert edit.value() == ("一",)
    assert len(changes) == 4


def test_tags_used_before_are_suggested(show):
    edit = show(TagsEdit(suggest=lambda text: [word for word in ("港口", "港澳") if word.startswith(text)]))
    compose(edit.entry, commit="港")
    assert [found.name for found in edit._popup.suggestions()] == ["港口", "港澳"]
    QTest.keyClick(edit.entry, Qt.Key.Key_Down)
    QTest.keyClick(edit.entry, Qt.Key.Key_Return)
    assert edit.value() == ("港口",)


def test_name_of_a_field_reaches_its_typing_place(show):
    edit = place_edit()
    field = show(LabeledField("外方城市", edit, required=True))
    assert edit.entry.accessibleName() == "外方城市 必填"
    field.set_problem("请选择地名。")
    assert edit.entry.accessibleDescription() == "请选择地名。"


# --- panels -----------------------------------------------------------------------------------------------------------


def test_note_offers_links(show, counted):
    note = show(panels.Note("已有相近记录：", "warning"))
    clicked = counted(note.link_clicked)
    note.set_links([("a", "2016-016 北京—明斯克友城协议"), ("b", "标为不同项目")])
    note._links[1].click()
    assert clicked == [("b",)]
    note.set_links([])
    assert note._links == []


def test_long_work_says_what_and_how_many(show, counted):
    band = show(panels.ProgressBand())
    cancelled = counted(band.cancelled)
    assert not band.isVisible()
    band.start("正在导入《文旅交流台账》")
    band.report(12_000, 48_000)
    assert band._numbers.text() == "12,000／48,000，已用 0 秒"
    band.cancel_button.click()
    assert len(cancelled) == 1
    assert not band.cancel_button.isEnabled()
    band.finish()
    assert not band.isVisible()


def test_doors_of_an_empty_page(show):
    opened = []
    doors = [
        panels.Door("导入台账", "download", "xlsx、ods、csv", lambda: opened.append("import")),
        panels.Door("新建项目", "plus", "逐项登记", lambda: opened.append("new")),
    ]
    empty = show(panels.EmptyState("台账还没有记录。", doors))
    assert [button.property("kind") for button in empty.buttons] == [buttons.PRIMARY, buttons.OUTLINED]
    for button in empty.buttons:
        button.click()
    assert opened == ["import", "new"]


def test_digits_have_one_width(qapp):
    styles = (tokens.BODY, tokens.BODY_BOLD, tokens.SMALL, tokens.SMALL_BOLD, tokens.FINDING, tokens.AXIS)
    for style in styles:
        measure = QFontMetrics(font(style))
        assert len({measure.horizontalAdvance(digit) for digit in "0123456789"}) == 1


def test_every_control_has_a_name(show):
    fields = [LabeledField("名称", editor) for editor in (LineEdit(), TextArea(), CodeCombo(MODES), date_edit())]
    assert [field.editor.accessibleName() for field in fields] == ["名称"] * 4
    assert SearchBox("名称、拼音").accessibleName() == "名称、拼音"
    assert ChipBar().accessibleName() == "筛选条件"
    assert buttons.icon_button("x", "关闭").accessibleName() == "关闭"
