"""The project ledger in a real window on a real ledger: logging, finding, versions, the bin, filters, long lists."""

import csv
from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QPushButton

from bri_desktop.db.database import open_database
from bri_desktop.db.projects import ProjectStore
from bri_desktop.domain.dates import PartialDate
from bri_desktop.domain.errors import InputError
from bri_desktop.domain.money import Money
from bri_desktop.domain.project import OutcomeDraft, ProjectDraft
from bri_desktop.services.history import history_of
from bri_desktop.services.projects import (
    binned_ids,
    count_projects,
    create_project,
    find_ids,
    get_project,
    read_items,
    update_project,
)
from bri_desktop.services.reference import read_codebook
from bri_desktop.services.views import list_views
from bri_desktop.ui import dialogs
from bri_desktop.ui.projects.conditions import FieldCondition, Group, TextCondition, combined, conditions_of
from bri_desktop.ui.projects.page import ProjectsPage
from bri_desktop.ui.runner import Runner
from bri_desktop.ui.settings import Settings
from bri_desktop.ui.shared.context import RecordSet, WindowContext
from bri_desktop.ui.shared.model import WindowedModel

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
"""The platform without a screen says what lists above other windows would need."""

PRAGUE = ProjectDraft(
    title="上海市—布拉格市友好城市",
    mode="sister_city",
    pair_kind="sister",
    status="signed",
    domain="people",
    domestic_places=("cn:310000",),
    foreign_places=("gn:3067696",),
    signed=PartialDate("2017-05-17"),
    visibility="public",
)
PARK = ProjectDraft(
    title="临沂商城海外园区",
    mode="demonstration_park",
    status="active",
    domain="trade",
    domestic_places=("cn:371300",),
    signed=PartialDate("2015-04"),
    amount=Money(Decimal(18_000_000)),
    department="市商务局",
    visibility="public",
    outcomes=(OutcomeDraft(what="培训学员", quantity=Decimal(300), unit="人次", outcome_class="platform"),),
)
FORUM = ProjectDraft(title="首都市长论坛", mode="exchange_mechanism", submode="forum", status="completed",
                     signed=PartialDate("2016"), amount=Money(Decimal(200_000_000), "USD"))  # fmt: skip


@pytest.fixture
def database(tmp_path):
    made = open_database(tmp_path / "ledger.db")
    yield made
    made.close()


@pytest.fixture
def open_page(qtbot, database, tmp_path):
    """Return a function that opens the page in a window, as often as the program is started."""
    made = []

    def opened(width=1214):
        runner = Runner(database)
        with database.read() as session:
            codes = read_codebook(session)
        context = WindowContext(
            database=database,
            path=database.path,
            runner=runner,
            settings=Settings(tmp_path / "settings.ini"),
            codes=codes,
        )
        page = ProjectsPage(context)
        runner.changed.connect(page.on_changed)
        qtbot.addWidget(page)
        made.append((page, runner))
        page.resize(width, 700)
        page.show()
        page.activateWindow()
        page.activate()
        with database.read() as session:
            count = count_projects(session)
        qtbot.waitUntil(lambda: len(page.model.ids()) == count and page.count_label.text() != "", timeout=20_000)
        return page

    yield opened
    for page, runner in made:
        page.close()
        runner.close()


@pytest.fixture
def three(database):
    """Put three projects into the ledger; return their keys."""
    with database.write() as session:
        return [create_project(session, draft).key for draft in (PRAGUE, PARK, FORUM)]


def stored(database, key):
    with database.read() as session:
        return get_project(session, key)


def compose(widget, text, *stages):
    """Type by an input method: the stages of a composition, then the committed text."""
    for stage in stages:
        QApplication.sendEvent(widget, QInputMethodEvent(stage, []))
    event = QInputMethodEvent("", [])
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)


def press(key, modifiers=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(QApplication.focusWidget(), key, modifiers)


def shown_titles(page):
    column = next(place for place, column in enumerate(page.model.columns) if column.key == "title")
    return [page.model.index(row, column).data() for row in range(page.model.rowCount())]


def open_record(page, qtbot, key):
    page.open_record(key)
    qtbot.waitUntil(lambda: page.panel.key == key and not page.panel.is_new, timeout=20_000)
    return page.panel


def field(page, code):
    return page.panel.form.editors[code].widget


# -- logging -------------------------------------------------------------------------------------------------------


def test_a_clerk_logs_a_project_without_a_mouse_and_finds_it_by_initials(open_page, database, qtbot):
    page = open_page()
    page.setFocus()
    press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: field(page, "title").hasFocus())
    compose(field(page, "title"), "上海市—布拉格市友好城市", "shang", "上海")
    press(Qt.Key.Key_Tab)
    for code, text, key in (("domestic_places", "sh", "cn:310000"), ("foreign_places", "布拉格", "gn:3067696")):
        places = field(page, code)
        assert places.entry.hasFocus()
        compose(places.entry, text)
        qtbot.waitUntil(lambda places=places: places._popup.isVisible(), timeout=30_000)
        offers = [offer.key for offer in places._popup.suggestions()]
        for _ in range(offers.index(key)):
            press(Qt.Key.Key_Down)
        press(Qt.Key.Key_Return)
        assert places.keys() == (key,)
        press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_1)  # 友好城市型
    press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_1)  # 友好城市
    press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_5)  # 民心相通
    press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_4)  # 签约
    press(Qt.Key.Key_Tab)
    QTest.keyClicks(QApplication.focusWidget(), "2017.5.17")
    press(Qt.Key.Key_Tab)
    compose(QApplication.focusWidget(), "1800万")
    press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=20_000)
    with database.read() as session:
        (item,) = read_items(session, find_ids(session, search="bulage"))
    assert replace(item.draft, code=None) == replace(PRAGUE, amount=Money(Decimal(18_000_000)))
    assert page.panel.unsaved_keys() == []


def test_enter_in_the_last_field_saves(open_page, database, qtbot):
    page = open_page()
    page.new_project()
    compose(field(page, "title"), "首都市长论坛")
    field(page, "department").setFocus()
    compose(field(page, "department"), "市外办")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=20_000)
    with database.read() as session:
        assert [i.draft.department for i in read_items(session, find_ids(session))] == ["市外办"]


def test_problems_stand_under_their_fields_and_keep_from_saving(open_page, qtbot):
    page = open_page()
    page.new_project()
    compose(field(page, "title"), "园区")
    form = page.panel.form
    QTest.keyClicks(field(page, "signed"), "2017.13")
    assert form.rows["signed"].problem
    assert not page.panel.save_button.isEnabled()
    field(page, "signed").clear()
    QTest.keyClicks(field(page, "signed"), "2017")
    assert form.rows["signed"].problem == ""
    compose(field(page, "amount"), "许多钱")
    assert form.rows["amount"].problem
    page.panel.save()
    assert field(page, "amount").hasFocus()
    assert page.model.rowCount() == 0


def test_a_new_foreign_place_is_made_with_its_country(open_page, database, qtbot):
    page = open_page()
    page.new_project()
    compose(field(page, "title"), "新月湾友城")
    places = field(page, "foreign_places")
    places.setFocus()
    compose(places.entry, "新月湾镇")
    qtbot.waitUntil(lambda: places._popup.isVisible(), timeout=30_000)
    assert [offer.key for offer in places._popup.suggestions()][-1] == "new:新月湾镇"
    press(Qt.Key.Key_Up)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(places._countries), timeout=20_000)
    assert page.panel.form.problems()["foreign_places"]
    compose(places.entry, "菲律宾")
    qtbot.waitUntil(lambda: places._popup.isVisible(), timeout=20_000)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(places.keys()) == 1, timeout=20_000)
    page.panel.save()
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=20_000)
    with database.read() as session:
        (item,) = read_items(session, find_ids(session, filter_text="country = PH"))
    assert (item.foreign[0].name_zh, item.foreign[0].confirmed) == ("新月湾镇", False)


def test_a_similar_record_is_shown_as_a_link(open_page, three, qtbot):
    page = open_page()
    page.new_project()
    compose(field(page, "title"), FORUM.title)
    qtbot.waitUntil(lambda: not page.panel.similar.isHidden(), timeout=20_000)
    page.panel.similar.link_clicked.emit(three[2])
    qtbot.waitUntil(lambda: page.panel.key == three[2], timeout=20_000)
    assert page.panel.unsaved_keys() == ["new"]


# -- editing -------------------------------------------------------------------------------------------------------


def test_an_edit_is_stored_and_told_in_the_history(open_page, database, three, qtbot):
    page = open_page()
    panel = open_record(page, qtbot, three[1])
    assert not panel.form.is_changed()
    panel.form.show_value("status", "completed", {})
    panel.form.show_value("domestic_places", ("cn:110000",), {})
    panel.save()
    qtbot.waitUntil(lambda: stored(database, three[1]).stored.version == 2, timeout=20_000)
    assert stored(database, three[1]).draft == replace(
        PARK, code="2015-001", status="completed", domestic_places=("cn:110000",)
    )
    qtbot.waitUntil(lambda: "状态：实施 → 完成" in panel.history.lines, timeout=20_000)
    assert "国内城市：临沂市 → 北京市" in panel.history.lines


def test_versions_in_conflict_are_settled_field_by_field(open_page, database, three, qtbot):
    page = open_page()
    panel = open_record(page, qtbot, three[1])
    item = stored(database, three[1])
    with database.write() as session:
        theirs = replace(item.draft, status="suspended", level="municipal", note="对方备注")
        update_project(session, three[1], theirs, seen_version=1)
    panel.form.show_value("status", "completed", {})
    panel.form.show_value("note", "我的备注", {})
    panel.save()
    qtbot.waitUntil(lambda: panel.conflicts.open_fields() == ["status", "note"], timeout=20_000)
    assert panel.form.draft().level == "municipal"
    assert not panel.save_button.isEnabled()
    assert stored(database, three[1]).stored.version == 2
    by_name = {button.accessibleName(): button for button in panel.conflicts.findChildren(QPushButton)}
    by_name["保留我的 状态"].click()
    by_name["采用对方的 备注"].click()
    assert panel.conflicts.open_fields() == []
    panel.save()
    qtbot.waitUntil(lambda: stored(database, three[1]).stored.version == 3, timeout=20_000)
    draft = stored(database, three[1]).draft
    assert (draft.status, draft.level, draft.note) == ("completed", "municipal", "对方备注")


def test_outcomes_keep_what_their_text_does_not_say(open_page, database, three, qtbot):
    page = open_page()
    panel = open_record(page, qtbot, three[1])
    editor = panel.form.editors["outcomes"]
    assert editor.value() == PARK.outcomes
    editor.widget.setPlainText("培训学员 400人次")
    assert editor.value() == (replace(PARK.outcomes[0], quantity=Decimal(400)),)


def test_typing_survives_the_end_of_the_program(open_page, three, qtbot):
    page = open_page()
    page.new_project()
    compose(field(page, "title"), "未保存的项目")
    QTest.keyClicks(field(page, "signed"), "2017.1x")
    qtbot.waitUntil(lambda: page.panel.unsaved_keys() == ["new"], timeout=10_000)
    again = open_page()
    qtbot.waitUntil(lambda: again.panel.form.editors["title"].value() == "未保存的项目", timeout=20_000)
    assert again.panel.form.editors["signed"].raw() == "2017.1x"
    assert not again.panel.restored.isHidden()
    again.panel.revert()
    assert again.panel.unsaved_keys() == []


def test_unsaved_text_meets_a_newer_version(open_page, database, three, qtbot):
    page = open_page()
    panel = open_record(page, qtbot, three[2])
    panel.form.show_value("note", "我的备注", {})
    panel.keep_unsaved()
    page.close_panel()
    with database.write() as session:
        update_project(session, three[2], replace(stored(database, three[2]).draft, note="对方备注"), seen_version=1)
    again = open_page()
    qtbot.waitUntil(lambda: again.panel.conflicts.open_fields() == ["note"], timeout=20_000)


def test_a_copy_has_everything_but_the_code(open_page, database, three, qtbot):
    page = open_page()
    page.table.select_id(int(three[0][1:]))
    page.duplicate()
    qtbot.waitUntil(lambda: page.panel.key == f"copy:{three[0]}", timeout=20_000)
    compose(field(page, "note"), "第二次")
    page.panel.save()
    qtbot.waitUntil(lambda: page.model.rowCount() == 4, timeout=20_000)
    with database.read() as session:
        (copy,) = read_items(session, find_ids(session, filter_text="note = 第二次"))
    assert copy.draft == replace(PRAGUE, code="2017-002", note="第二次")


# -- the bin, undo, copying, export --------------------------------------------------------------------------------


def test_delete_and_undo(open_page, database, three, qtbot):
    page = open_page()
    page.table.select_id(int(three[0][1:]))
    page.table.setFocus()
    press(Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: page.model.rowCount() == 2, timeout=20_000)
    press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.model.rowCount() == 3, timeout=20_000)
    with database.read() as session:
        assert binned_ids(session) == []
        assert [entry["action"] for entry in history_of(session, three[0])] == ["restore", "delete", "create"]


def test_the_bin_gives_back(open_page, three, qtbot):
    page = open_page()
    page.table.select_id(int(three[0][1:]))
    page.delete()
    qtbot.waitUntil(lambda: page.model.rowCount() == 2, timeout=20_000)
    page.filters.show_bin()
    qtbot.waitUntil(lambda: page.count_label.text() == "回收站 1 项", timeout=20_000)
    page.table.selectAll()
    page.bin_bar.restore.click()
    qtbot.waitUntil(lambda: page.model.rowCount() == 0, timeout=20_000)
    page.filters.clear()
    qtbot.waitUntil(lambda: page.model.rowCount() == 3, timeout=20_000)


def test_rows_are_copied_as_a_spreadsheet_takes_them(open_page, three, qtbot):
    page = open_page()
    page.table.select_id(int(three[0][1:]))
    page.table.setFocus()
    press(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    expected = ["2017-001", PRAGUE.title, "上海市", "布拉格 捷克", "友好城市型", "民心相通", "2017-05-17", "—", "签约"]
    assert QGuiApplication.clipboard().text().split("\t") == expected


class SaveTo:
    """Answers the question for a file."""

    def __init__(self, path):
        self.path = path

    def save_file(self, *_question):
        return self.path


def test_the_view_is_exported_in_its_order(open_page, three, tmp_path, qtbot):
    page = open_page()
    page.show_filter("amount > 0")
    qtbot.waitUntil(lambda: page.model.rowCount() == 2, timeout=20_000)
    with dialogs.answering(SaveTo(tmp_path / "out.csv")), qtbot.waitSignal(page.acts.said, timeout=30_000):
        page.export()
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["项目名称"] for row in rows] == [FORUM.title, PARK.title]


def test_a_place_typed_faster_than_it_is_read_is_taken_when_it_is_there(open_page, qtbot):
    page = open_page()
    page.new_project()
    places = field(page, "domestic_places")
    places.setFocus()
    QTest.keyClicks(places.entry, "shanghai")
    QTest.keyClick(places.entry, Qt.Key.Key_Return)
    assert places.keys() == ()
    qtbot.waitUntil(lambda: places.keys() == ("cn:310000",), timeout=30_000)
    assert places.unresolved() == ""


# -- finding -------------------------------------------------------------------------------------------------------


def test_an_input_method_filters_only_after_its_commit(open_page, three, qtbot):
    page = open_page()
    box = page.filters.search_box
    box.setFocus()
    QApplication.sendEvent(box, QInputMethodEvent("lin", []))
    QApplication.sendEvent(box, QInputMethodEvent("临沂", []))
    QTest.qWait(120)
    assert page.model.rowCount() == 3
    compose(box, "临沂")
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=20_000)
    assert page.count_label.text() == "筛得 1 项，共 3 项"
    assert shown_titles(page) == [PARK.title]


def test_chips_combine_and_each_is_removed(open_page, three, qtbot):
    page = open_page()
    page.show_filter("year >= 2015 and year <= 2016 and status in (active, completed)")
    qtbot.waitUntil(lambda: page.model.rowCount() == 2, timeout=20_000)
    assert [(c.field, c.value) for c in page.filters.chips.conditions()] == [
        ("年份", "2015—2016"),
        ("状态", "实施、完成"),
    ]
    popup = page.filters.popup
    page.filters.add_condition()
    popup.field_box.set_value("mode")
    popup._on_field()
    compose(popup.narrow_box, "园区")
    press_in = popup.value_list.currentItem().text()
    popup._apply()
    assert press_in == "园区示范型"
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=20_000)
    assert page.filters.filter_text.endswith("mode = demonstration_park")
    page.filters.chips.chips()[2].close_button.click()
    qtbot.waitUntil(lambda: page.model.rowCount() == 2, timeout=20_000)
    page.filters.clear()
    qtbot.waitUntil(lambda: page.model.rowCount() == 3, timeout=20_000)


def test_a_chip_names_the_city_of_a_filter_from_elsewhere(open_page, three, qtbot):
    page = open_page()
    page.show_filter('city = "cn:371300"')
    qtbot.waitUntil(lambda: [c.value for c in page.filters.chips.conditions()] == ["临沂市"], timeout=20_000)
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=20_000)


def test_the_records_of_a_figure_are_exactly_shown(open_page, three, qtbot):
    page = open_page()
    ids = (int(three[2][1:]), int(three[0][1:]))
    page.show_records(RecordSet("2017 年新增", ids))
    qtbot.waitUntil(lambda: tuple(page.model.ids()) == ids, timeout=20_000)
    assert [c.value for c in page.filters.chips.conditions()] == ["2017 年新增"]
    assert page.count_label.text() == "筛得 2 项，共 3 项"
    page.filters.chips.chips()[0].close_button.click()
    qtbot.waitUntil(lambda: page.model.rowCount() == 3, timeout=20_000)


def test_weights_of_a_shared_out_figure_stand_beside_their_records(open_page, three, qtbot):
    page = open_page()
    ids = (int(three[2][1:]), int(three[0][1:]))
    page.show_records(RecordSet("亚洲 折算", ids, {ids[0]: 1.0, ids[1]: 1 / 3}))
    qtbot.waitUntil(lambda: tuple(page.model.ids()) == ids, timeout=20_000)
    keys = [column.key for column in page.model.columns]
    section = keys.index("weight")
    assert not page.table.header.isSectionHidden(section)
    qtbot.waitUntil(lambda: page.model.index(1, section).data() == "1/3", timeout=20_000)
    assert page.count_label.text() == "筛得 2 项，共 3 项，权重合计 1.3333"
    assert "weight" not in page.table.layout_state()["places"]
    page.filters.chips.chips()[0].close_button.click()
    qtbot.waitUntil(lambda: page.model.rowCount() == 3, timeout=20_000)
    assert page.table.header.isSectionHidden(section)
    page.show_records(RecordSet("各计一项", ids, {ids[0]: 1.0, ids[1]: 1.0}))
    qtbot.waitUntil(lambda: page.model.rowCount() == 2, timeout=20_000)
    assert page.table.header.isSectionHidden(section)


def test_sums_are_exact_and_by_currency(open_page, three, qtbot):
    page = open_page()
    qtbot.waitUntil(lambda: bool(page.foot.sum_label.text()), timeout=20_000)
    assert page.foot.sum_label.text() == "金额合计 1,800 万元；2 亿美元（分币种，不折算）"


def test_a_saved_view_comes_back_with_filter_columns_and_order(open_page, database, three, qtbot):
    page = open_page()
    page.show_filter("signed >= 2016")
    page.table.set_column_shown("amount", False)
    page.table.set_sort_order([("signed", True)])
    page._save_view("2016 年以来")

    def views():
        with database.read() as session:
            return list_views(session)

    qtbot.waitUntil(lambda: [view.name for view in views()] == ["2016 年以来"], timeout=20_000)
    (view,) = views()
    assert (view.filter, view.sort, "amount" in view.columns) == ("signed >= 2016", (("signed", False),), False)
    page.table.restore_columns()
    page.filters.clear()
    page.filters.choose_view(view)
    qtbot.waitUntil(lambda: shown_titles(page) == [FORUM.title, PRAGUE.title], timeout=20_000)


def test_an_unreadable_filter_is_explained(open_page, three, qtbot):
    page = open_page()
    with qtbot.waitSignal(page.status_changed) as said:
        page.show_filter("mode ==")
    assert "筛选" in said.args[0]
    assert page.model.rowCount() == 3


A_OR_TEXT = Group((FieldCondition("mode", "in", ("a",)), TextCondition("mode = b and year = 2010")))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mode = sister_city", [FieldCondition("mode", "in", ("sister_city",))]),
        ("year >= 2010 and year <= 2017", [FieldCondition("year", "range", ("2010", "2017"))]),
        ("not status = failed", [FieldCondition("status", "in", ("failed",), negated=True)]),
        ("status != failed", [FieldCondition("status", "in", ("failed",), negated=True)]),
        ("amount is empty", [FieldCondition("amount", "empty", ())]),
        ("mode = a or (mode = b and year = 2010)", [A_OR_TEXT]),
        ("", []),
    ],
)
def test_filter_text_and_chips_say_the_same(text, expected):
    conditions = conditions_of(text)
    assert conditions == expected
    assert conditions_of(combined(conditions)) == expected


def test_an_unknown_field_is_refused():
    with pytest.raises(InputError) as refused:
        conditions_of("colour = red")
    assert refused.value.code == "filter_unknown_field"


# -- long lists and narrow windows ---------------------------------------------------------------------------------


def test_ten_thousand_rows_are_read_by_windows(open_page, database, qtbot):
    drafts = [ProjectDraft(code=f"N-{n:05d}", title=f"项目 {n}") for n in range(10_000)]
    with database.write() as session:
        ProjectStore(session).insert(drafts)
    page = open_page()
    assert page.model.rowCount() == 10_000
    page.table.scrollToBottom()
    qtbot.waitUntil(lambda: page.model.row_at(9_999) is not None, timeout=20_000)
    assert page.model.row_at(9_999).draft.title == "项目 0"
    assert len(page.model._rows) <= 5


def test_the_model_of_ten_thousand_rows_keeps_the_rules_of_qt(open_page, database, three, qtbot):
    page = open_page()
    item = stored(database, three[0])
    model = WindowedModel(page.model.columns[:2], lambda ids, arrived: arrived(dict.fromkeys(ids, item)))
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_ids(range(10_000))
    assert model.index(9_999, 1).data() is None
    qtbot.waitUntil(lambda: model.index(9_999, 1).data() == PRAGUE.title, timeout=30_000)
    tester.deleteLater()


def test_in_a_narrow_window_the_record_takes_the_place_of_the_table(open_page, three, qtbot):
    page = open_page(width=960)
    open_record(page, qtbot, three[0])
    assert (page.left.isVisible(), page.panel.isVisible()) == (False, True)
    page.panel.setFocus()
    field(page, "title").setFocus()
    press(Qt.Key.Key_Escape)
    assert (page.left.isVisible(), page.panel.isVisible()) == (True, False)


def test_an_empty_ledger_shows_its_doors(open_page):
    page = open_page()
    assert page.stack.currentWidget() is page.empty
    assert [button.text() for button in page.empty.buttons] == ["新建项目", "导入台账", "载入示例"]
