"""The steps before the preview in a real window: columns, units, fields dragged, values and places decided once."""

import openpyxl
import pytest
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QAbstractItemModelTester

from bri_desktop.services.profiles import get_profile, list_profiles
from bri_desktop.services.projects import find_ids, read_items
from bri_desktop.services.reference import read_codebook
from bri_desktop.ui import dialogs
from bri_desktop.ui.exchange.mapping_decisions import LEFT
from bri_desktop.ui.exchange.mapping_header import HeaderDialog
from bri_desktop.ui.exchange.mapping_table import FIELD, MIME, UNIT, Chosen
from bri_desktop.ui.exchange.page import ExchangePage
from bri_desktop.ui.native_dialogs import NativeDialogs
from bri_desktop.ui.runner import Runner
from bri_desktop.ui.settings import Settings
from bri_desktop.ui.shared.cells import CELL_ROLE
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.theme import Theme

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

HEADER = ["项目名称", "国内城市", "国别", "外方城市", "合作领域", "签署日期", "投资额", "状态"]
ROWS = [
    ["中医中心", "上海", "捷克", "布拉格", "经贸类", "2015-04-11", "1800万元", "实施中"],
    ["航线", "Suzhou", "菲律宾", "马尼拉", "经贸类", 2017.1, "2亿元", "推进较快"],
    ["商城", "海口市", "菲律宾", "新月湾镇", "设施联通", 2016.1, None, "实施中"],
]


def workbook(path, rows=ROWS, header=HEADER, again=False):
    book = openpyxl.Workbook()
    book.active.title = "台账"
    for row in [header, *rows, *([header, *rows] if again else [])]:
        book.active.append(row)
    book.save(path)
    return path


@pytest.fixture
def page(qtbot, qapp, ledger, tmp_path):
    theme = Theme(qapp, "light")
    runner = Runner(ledger)
    with ledger.read() as session:
        codes = read_codebook(session)
    context = WindowContext(ledger, ledger.path, runner, Settings(tmp_path / "window.ini"), codes)
    made = ExchangePage(context)
    runner.changed.connect(made.on_changed)
    qtbot.addWidget(made)
    made.resize(1214, 700)
    made.show()
    qtbot.waitExposed(made)
    yield made
    with dialogs.answering(Leave()):
        made.may_leave()
    runner.close()
    theme.deleteLater()


class Leave(NativeDialogs):
    def ask(self, parent, question, detail, choices):
        return choices[0].code


def opened(qtbot, page, path):
    page.start_import(str(path))
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.recognised and page._work.job is None, timeout=20_000)
    return page.recognised


def to_values(qtbot, page):
    qtbot.mouseClick(page.recognised.next_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.values, timeout=20_000)
    return page.values


def to_preview(qtbot, page):
    qtbot.mouseClick(page.values.next_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.preview, timeout=20_000)
    return page.preview


def shown(step, row, column):
    return step.columns.rows.index(row, column).data()


def test_a_column_without_a_unit_stops_until_it_is_said(qtbot, page, tmp_path):
    rows = [[*ROWS[0][:6], 1800, "实施中"]]
    step = opened(qtbot, page, workbook(tmp_path / "a.xlsx", rows))
    QAbstractItemModelTester(step.columns.rows, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert not step.next_button.isEnabled() and "G 列“投资额”的单位" in step.sentence.text()
    assert shown(step, 6, UNIT) == "请选择"
    step.columns.choose(step.columns.rows.index(6, UNIT))
    box = step.columns._box
    box.setCurrentIndex(box.findData("万元"))
    box.activated.emit(box.currentIndex())
    assert shown(step, 6, UNIT) == "万元" and step.next_button.isEnabled()
    assert step.remember.wanted == "a"


def test_two_columns_for_one_field_are_told_at_once(qtbot, page, tmp_path):
    step = opened(qtbot, page, workbook(tmp_path / "a.xlsx"))
    step.set_field(3, "domestic_places")
    assert shown(step, 1, FIELD) == "请选择" and "B 列“国内城市”" in step.sentence.text()
    assert not step.next_button.isEnabled()
    step.set_field(1, "note")
    assert step.next_button.isEnabled() and shown(step, 1, FIELD) == "作为备注保留"


def test_a_second_amount_waits_for_its_answer(qtbot, page, tmp_path):
    header = [*HEADER, "合同金额（万美元）"]
    rows = [[*row, 5] for row in ROWS]
    step = opened(qtbot, page, workbook(tmp_path / "a.xlsx", rows, header))
    assert shown(step, 8, FIELD) == "请选择" and not step.next_button.isEnabled()
    step.set_field(8, None)
    assert step.next_button.isEnabled() and shown(step, 8, FIELD) == "不导入"


def test_a_field_is_dropped_onto_its_column(qtbot, page, tmp_path):
    step = opened(qtbot, page, workbook(tmp_path / "a.xlsx"))
    data = QMimeData()
    data.setData(MIME, b"results")
    place = QPointF(step.columns.visualRect(step.columns.rows.index(7, FIELD)).center())
    button, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    step.columns.dropEvent(QDropEvent(place, Qt.DropAction.CopyAction, data, button, keys, QEvent.Type.Drop))
    assert step.current().block.columns[7].field == "results"
    assert step.fields.mimeData([step.fields.item(1)]).data(MIME) == b"code"


def test_keys_choose_and_leave_out(qtbot, page, tmp_path):
    step = opened(qtbot, page, workbook(tmp_path / "a.xlsx"))
    step.columns.selectRow(7)
    qtbot.keyClick(step.columns, Qt.Key.Key_Delete)
    assert step.current().block.columns[7].field is None
    qtbot.keyClick(step.columns, Qt.Key.Key_Return)
    assert step.columns._box is not None
    step.columns._box.hidePopup()
    qtbot.waitUntil(lambda: step.columns._box is None)
    assert isinstance(step.columns.rows.index(7, FIELD).data(CELL_ROLE), Chosen)


def test_rows_pasted_twice_are_asked(qtbot, page, tmp_path):
    step = opened(qtbot, page, workbook(tmp_path / "a.xlsx", again=True))
    assert step.copy_band.isVisible() and "第 6–8 行：有 3 行" in step.copy_label.text()
    assert not step.next_button.isEnabled()
    step.decide_copy(taken=False)
    assert step.next_button.isEnabled() and step.next_button.text() == "预览 3 行"
    values = to_values(qtbot, page)
    values.leave_rest()
    shown_step = to_preview(qtbot, page)
    assert shown_step.plan.report.rows == 3
    reasons = {row.row: row.reason for row in shown_step.plan.report.ignored}
    assert reasons == {1: "header", 5: "repeated_header", 6: "left_out", 7: "left_out", 8: "left_out"}


def test_another_row_can_be_the_header(qtbot, page, tmp_path):
    rows = [["北京", "日本", "甲"], ["项目名称", "国内城市", "备注"], ["中医中心", "上海", "张三"]]
    step = opened(qtbot, page, workbook(tmp_path / "a.xlsx", rows, ["事项", "国别", "说明"]))
    step.correct_header()
    dialog = step.findChild(HeaderDialog)
    place = next(n for n, row in enumerate(dialog.table.rows.rows) if row.texts[0] == "项目名称")
    dialog.table.selectRow(place)
    assert "第 3 行作为表头" in dialog.sentence.text()
    qtbot.mouseClick(dialog.use_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: any(choice.block.block.header_rows == (3,) for choice in step.choices), timeout=20_000)
    assert page.stack.currentWidget() is step


def decision(values, text):
    return next(n for n, one in enumerate(values.decisions) if one.text == text)


def offer(values, text):
    return next(row[1] for row in values.offers.rows.rows if row[1].text == text)


def test_every_unknown_value_is_decided_once_and_remembered(qtbot, page, ledger, tmp_path):
    path = workbook(tmp_path / "商务局.xlsx")
    step = opened(qtbot, page, path)
    assert step.remember.wanted is None
    values = to_values(qtbot, page)
    asked = {(one.kind, one.text): one.rows for one in values.decisions}
    assert asked == {
        ("column", "F 签署日期"): 2,
        ("code", "经贸类"): 2,
        ("code", "推进较快"): 1,
        ("place", "Suzhou"): 1,
        ("place", "新月湾镇"): 1,
    }
    assert not values.next_button.isEnabled()
    values.table.selectRow(decision(values, "经贸类"))
    first = values.offers.rows.rows[0][1]
    assert (first.text, first.context) == ("贸易畅通", "相近")
    qtbot.keyClick(values, Qt.Key.Key_1)
    assert values.answers[values.decisions[decision(values, "经贸类")].key].text == "trade"
    values.table.selectRow(decision(values, "F 签署日期"))
    values.answer(offer(values, "10 月（2017.1 即 2017-10）").answer)
    values.table.selectRow(decision(values, "Suzhou"))
    assert offer(values, "苏州市").context == "江苏省 · 同名 · 人口 672 万 · 地级"
    values.answer(offer(values, "宿州市").answer)
    values.table.selectRow(decision(values, "新月湾镇"))
    form = values.new_place
    form.level.setCurrentIndex(form.level.findData("township"))
    qtbot.mouseClick(form.make_button, Qt.MouseButton.LeftButton)
    values.table.selectRow(decision(values, "推进较快"))
    qtbot.mouseClick(values.leave_button, Qt.MouseButton.LeftButton)
    assert values.facts.text() == "已定 4 · 暂挂 1 · 未答 0"
    preview = to_preview(qtbot, page)
    assert {name: count for name, count in preview.plan.report.counts.items() if count} == {"created": 2, "pending": 1}
    page.apply()
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.done, timeout=20_000)
    with ledger.read() as session:
        drafts = {item.draft.title: item for item in read_items(session, find_ids(session))}
        profile = get_profile(session, "商务局")
    assert drafts["中医中心"].draft.domain == "trade"
    assert drafts["商城"].draft.signed.value == "2016-10"
    (place,) = drafts["商城"].foreign
    assert (place.name("zh_CN"), place.level, place.confirmed) == ("新月湾镇", "township", True)
    assert profile.values == {("domain", "经贸类"): "trade"}
    assert profile.columns["签署日期"].habits.tenth == "october"

    page.leave()
    step = opened(qtbot, page, workbook(tmp_path / "next.xlsx", ROWS[:1]))
    assert step.profiles.isVisible() and step.profiles.text.text() == "已套用方案 商务局"
    step.use_profile("")
    assert step.profiles.text.text() == "未套用方案"
    step.use_profile("商务局")
    qtbot.mouseClick(step.next_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.preview, timeout=20_000)
    assert page.preview.plan.report.counts["unchanged"] == 1


def test_a_value_becomes_a_code_of_the_offices_own(qtbot, page, ledger, tmp_path):
    opened(qtbot, page, workbook(tmp_path / "a.xlsx", [[*ROWS[0][:7], "实施中"]]))
    values = to_values(qtbot, page)
    values.table.selectRow(decision(values, "经贸类"))
    qtbot.mouseClick(values.own_code.add_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(values.answers) == 1)
    (answer,) = values.answers.values()
    with ledger.read() as session:
        assert read_codebook(session).label("domain", answer.text, "zh_CN") == "经贸类"


def test_a_country_is_looked_for_in_the_whole_list(qtbot, page, tmp_path):
    opened(
        qtbot, page, workbook(tmp_path / "a.xlsx", [["航线", "上海", "柬浦寨", None, "设施联通", "2017", None, "意向"]])
    )
    values = to_values(qtbot, page)
    assert [one.kind for one in values.decisions] == ["country"]
    assert offer(values, "柬埔寨").answer.text == "KH"
    values.filter.setText("捷克")
    values._show_offers()
    values.answer(offer(values, "捷克").answer)
    assert values.table.rows.rows[0].word == "捷克"


def test_answers_of_this_step_are_not_dropped_unasked(qtbot, page, tmp_path):
    opened(qtbot, page, workbook(tmp_path / "a.xlsx"))
    values = to_values(qtbot, page)

    class Stay(NativeDialogs):
        def ask(self, parent, question, detail, choices):
            return None

    values.answer(values.decisions[0].offers[0].answer)
    with dialogs.answering(Stay()):
        page.leave()
    assert page.stack.currentWidget() is values
    values.answers = dict.fromkeys(values.answers, LEFT)
    page.leave()
    assert page.stack.currentWidget() is page.home


def test_the_room_shows_changes_and_forgets_profiles(qtbot, page, ledger, tmp_path):
    step = opened(qtbot, page, workbook(tmp_path / "a.xlsx", [[*ROWS[0][:4], "设施联通", *ROWS[0][5:]]]))
    step.remember.name.setText("文旅局台账")
    step.remember.check.setChecked(True)
    qtbot.mouseClick(step.next_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.preview, timeout=20_000)
    page.apply()
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.done, timeout=20_000)
    page.leave()
    room = page.rooms.show_room("profiles")
    qtbot.waitUntil(lambda: room.table.rows.rowCount() == 1)
    assert room.columns.rows.rowCount() == 8 and room.name.text() == "文旅局台账"
    room.columns.field_chosen.emit(7, "")
    qtbot.waitUntil(lambda: profile_in(ledger).columns["状态"].field is None)
    qtbot.waitUntil(lambda: room.table.rows.rows[0].columns["状态"].field is None)
    room.name.setText("文旅局")
    room.name.textEdited.emit("文旅局")
    qtbot.mouseClick(room.save_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: profile_in(ledger).name == "文旅局")
    qtbot.waitUntil(lambda: room.table.rows.rows[0].name == "文旅局")
    with dialogs.answering(Leave()):
        qtbot.mouseClick(room.delete_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: room.table.rows.rowCount() == 0)
    assert profile_in(ledger) is None


def profile_in(ledger):
    with ledger.read() as session:
        return next(iter(list_profiles(session)), None)


def test_a_remembered_place_name_is_taken_back_in_its_room(qtbot, page, ledger, tmp_path):
    opened(
        qtbot, page, workbook(tmp_path / "a.xlsx", [["航线", "Suzhou", "菲律宾", "马尼拉", None, "2017", None, "意向"]])
    )
    values = to_values(qtbot, page)
    values.answer(offer(values, "宿州市").answer)
    to_preview(qtbot, page)
    page.apply()
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.done, timeout=20_000)
    room = page.rooms.show_room("place-rules")
    qtbot.waitUntil(lambda: room.table.rows.rowCount() == 1)
    assert [room.table.rows.index(0, column).data() for column in (0, 2)] == ["suzhou", "宿州市 安徽省"]
    room.table.selectRow(0)
    qtbot.mouseClick(room.take_back_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: room.table.rows.rowCount() == 0 and room.empty.isVisible())
