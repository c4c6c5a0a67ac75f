"""What hangs on a record in the window: a line adds, cells and fields are edited, what is wrong stays as typed."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from bri_desktop import i18n
from bri_desktop.domain.record_kinds import KINDS
from bri_desktop.services.hanging import add_record, edit_record, rows_of
from bri_desktop.services.history import undo_last
from bri_desktop.services.projects import edit_fields, get_project
from bri_desktop.services.record_store import StoredRecord
from bri_desktop.ui.projects.panel import RecordPanel
from bri_desktop.ui.shared.fields import CodeCombo, TextArea
from bri_desktop.ui.shared.record_model import RecordModel
from bri_desktop.ui.shared.record_table import RecordTable
from bri_desktop.ui.shared.record_tabs import HangingTabs, KindsTab, LazyTab
from tests.ui.small_context import World, small_world

Settle = Callable[[], None]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    i18n.set_language("zh_CN")
    with small_world(tmp_path) as made:
        yield made


@pytest.fixture
def settle(qtbot: QtBot, world: World) -> Settle:
    def wait() -> None:
        for _ in range(3):
            qtbot.waitUntil(world.context.runner.is_idle, timeout=10_000)
            qtbot.wait(1)

    return wait


@pytest.fixture
def table(qtbot: QtBot, world: World, settle: Settle) -> Callable[[str], RecordTable]:
    world.add(title="城市合作")

    def make(kind: str) -> RecordTable:
        made = RecordTable(world.context, kind)
        qtbot.addWidget(made)
        made.resize(336, 600)
        made.show()
        made.show_owner("P1")
        settle()
        return made

    return make


def stored(world: World, kind: str) -> list[StoredRecord]:
    with world.database.read() as session:
        return rows_of(session, kind, "P1")


def type_line(table: RecordTable, text: str, settle: Settle) -> None:
    table.quick.line.setText(text)
    table.quick.line.value_changed.emit()
    table.quick.line.returnPressed.emit()
    settle()


LINES: dict[str, tuple[str, dict[str, Any]]] = {
    "agreement": (
        "2017.5.17 备忘录 旅游合作备忘录",
        {"signed": "2017-05-17", "kind": "memorandum", "title": "旅游合作备忘录"},
    ),
    "activity": (
        "2018年3月 出访 市长率团访问 12人",
        {"date": "2018-03", "kind": "visit_out", "title": "市长率团访问", "head_count": 12},
    ),
    "outcome": ("培训学员 3万人次", {"what": "培训学员", "quantity": "30000", "unit": "人次"}),
    "indicator": ("货运量 0 120 2025", {"name": "货运量", "baseline": "0", "target": "120", "due": "2025"}),
    "risk": ("2019.4 对方机构改组", {"date": "2019-04", "what": "对方机构改组"}),
    "contact": ("张三 021-60000000", {"name": "张三", "phone": "021-60000000"}),
    "follow_up": ("2030.1.15 回复来函", {"due": "2030-01-15", "what": "回复来函"}),
}


@pytest.mark.parametrize("kind", LINES)
def test_a_line_and_enter_log_a_record_of_every_kind(
    kind: str, world: World, table: Callable[[str], RecordTable], settle: Settle
) -> None:
    shown = table(kind)
    text, expected = LINES[kind]
    type_line(shown, text, settle)
    (row,) = stored(world, kind)
    assert {code: value for code, value in row.values.items() if value is not None} == expected
    assert shown.quick.line.text() == "" and shown.grid.selected_ids() == [row.id]
    assert shown.form.values() == row.values


def test_a_line_that_cannot_be_stored_stays_with_its_reason(
    world: World, table: Callable[[str], RecordTable], settle: Settle
) -> None:
    shown = table("agreement")
    type_line(shown, "字" * 10_000, settle)
    assert stored(world, "agreement") == []
    assert shown.quick.problem.text() == "共 10000 字，过长；请缩减到 500 字以内。"
    assert len(shown.quick.line.text()) == 10_000
    type_line(shown, "2018 2017 备忘录", settle)
    assert stored(world, "agreement") == []
    assert "签署日期" in shown.quick.problem.text() and shown.quick.line.text() == "2018 2017 备忘录"


def edit(table: RecordTable, field: str, text: str) -> None:
    section = table.kind.codes.index(field)
    index = table.model.index(0, section)
    table.grid.setCurrentIndex(index)
    table.grid.edit(index)
    editor = table.grid.indexWidget(index)
    assert isinstance(editor, QLineEdit)
    editor.setText(text)
    table.grid.commitData(editor)
    table.grid.closeEditor(editor, table.grid.itemDelegate().EndEditHint.NoHint)


def test_a_cell_is_edited_in_place_and_what_contradicts_stays_as_typed(
    qtbot: QtBot, world: World, table: Callable[[str], RecordTable], settle: Settle
) -> None:
    shown = table("agreement")
    type_line(shown, "2017.5.17 备忘录 旅游合作备忘录", settle)
    shown.resize(900, 600)
    edit(shown, "expires", "2022年5月")
    settle()
    assert stored(world, "agreement")[0].values["expires"] == "2022-05"
    edit(shown, "expires", "2016")
    settle()
    assert stored(world, "agreement")[0].values["expires"] == "2022-05"
    at = shown.model.index(0, shown.kind.codes.index("expires"))
    assert at.data() == "2016" and shown.model.problem_at(at) == shown.problem.text()
    assert shown.problem.text().startswith("此日期早于“签署日期”2017-05-17") or "2017-05-17" in shown.problem.text()
    edit(shown, "expires", "后年")
    settle()
    assert at.data() == "后年" and stored(world, "agreement")[0].values["expires"] == "2022-05"
    edit(shown, "expires", "2027")
    settle()
    assert stored(world, "agreement")[0].values["expires"] == "2027" and shown.problem.isHidden()


def test_a_field_below_is_stored_when_it_is_left_and_says_what_is_wrong(
    world: World, table: Callable[[str], RecordTable], settle: Settle
) -> None:
    shown = table("activity")
    type_line(shown, "2018-06-01 论坛", settle)
    ended, summary = shown.form.editors["ended"], shown.form.editors["summary"]
    assert isinstance(ended, QLineEdit) and isinstance(summary, TextArea)
    ended.setText("2018-05-31")
    ended.editingFinished.emit()
    settle()
    assert "2018-06-01" in shown.form.rows["ended"].problem and ended.text() == "2018-05-31"
    assert stored(world, "activity")[0].values["ended"] is None
    ended.setText("2018-06-03")
    ended.editingFinished.emit()
    settle()
    assert shown.form.rows["ended"].problem == ""
    summary.setPlainText("来宾三百人")
    shown.form.commit()
    settle()
    row = stored(world, "activity")[0]
    assert (row.values["ended"], row.values["summary"]) == ("2018-06-03", "来宾三百人")
    level = shown.form.editors["level"]
    assert isinstance(level, CodeCombo)
    level.set_value("municipal")
    level.value_changed.emit()
    settle()
    assert stored(world, "activity")[0].values["level"] == "municipal"


def test_an_amount_without_currency_is_asked_about(
    world: World, table: Callable[[str], RecordTable], settle: Settle
) -> None:
    shown = table("outcome")
    type_line(shown, "贷款 2亿美元", settle)
    amount = shown.form.editors["amount"]
    assert isinstance(amount, QLineEdit) and amount.text() == "2 亿美元"
    amount.setText("1800")
    amount.editingFinished.emit()
    settle()
    assert shown.form.rows["amount"].problem != "" and amount.text() == "1800"
    assert stored(world, "outcome")[0].values["amount"] == {"amount": "200000000", "currency": "USD"}


def test_what_was_changed_elsewhere_is_told_and_read_again(
    world: World, table: Callable[[str], RecordTable], settle: Settle
) -> None:
    shown = table("risk")
    type_line(shown, "汇率", settle)
    with world.database.write() as session:
        edit_record(session, "risk", 1, {"answer": "套期保值"}, seen_version=1)
    shown.edit(1, {"answer": "改用人民币"})
    settle()
    settle()
    assert stored(world, "risk")[0].values["answer"] == "套期保值"
    at = shown.model.index(0, shown.kind.codes.index("answer"))
    assert at.data() == "改用人民币" and "R1" in shown.model.problem_at(at)


def test_delete_and_undo_follow_in_the_table(
    qtbot: QtBot, world: World, table: Callable[[str], RecordTable], settle: Settle
) -> None:
    shown = table("follow_up")
    for text in ("甲", "乙", "丙"):
        type_line(shown, text, settle)
    flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
    shown.grid.selectionModel().select(shown.model.index(1, 0), flags)
    qtbot.keyClick(shown.grid, Qt.Key.Key_Delete)
    settle()
    assert [row.stored.values["what"] for row in shown.model.rows()] == ["甲", "丙"]
    world.context.runner.write(undo_last, done=lambda _undone: None)
    settle()
    settle()
    assert [row.stored.values["what"] for row in shown.model.rows()] == ["甲", "乙", "丙"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_model_keeps_the_rules_of_models(kind: str, world: World, qtbot: QtBot) -> None:
    from bri_desktop.services.record_list import list_ids, read_rows

    world.add(title="甲")
    main = KINDS[kind].main
    with world.database.write() as session:
        for name in ("一", "二"):
            add_record(session, kind, "P1" if KINDS[kind].owners else None, {main: name})
    with world.database.read() as session:
        rows = read_rows(session, kind, list_ids(session, kind))
    model = RecordModel(KINDS[kind], world.context.codes)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show_rows(rows)
    model.setData(model.index(0, 0), "三")
    model.tell(rows[0].id, {main: "不行"}, {main: "三"})
    model.show_rows(rows[1:])
    model.show_rows([])
    del tester


def test_tabs_are_built_when_they_are_looked_at(qtbot: QtBot, world: World, settle: Settle) -> None:
    world.add(
        title="友城", mode="sister_city", pair_kind="sister", domestic_places=("cn:110000",), foreign_places=("gn:1",)
    )
    with world.database.write() as session:
        add_record(session, "agreement", "T1", {"title": "协议书", "signed": "1999"})
        add_record(session, "follow_up", "T1", {"what": "复函"})
    tabs = HangingTabs(world.context)
    qtbot.addWidget(tabs)
    tabs.show_owner("T1")
    tabs.resize(400, 600)
    tabs.show()
    settle()
    pages = [tabs.widget(place) for place in range(tabs.count())]
    assert [page.content is not None for page in pages if isinstance(page, LazyTab)] == [True] + [False] * 4
    first = pages[0]
    assert isinstance(first, LazyTab) and isinstance(first.content, RecordTable)
    assert [row.stored.values["title"] for row in first.content.model.rows()] == ["协议书"]
    tabs.setCurrentIndex(2)
    settle()
    third = pages[2]
    assert isinstance(third, LazyTab) and isinstance(third.content, KindsTab)
    third.content.show_kind(1)
    settle()
    assert third.content.buttons.button(1).text() == "待办 1"
    tabs.show_owner("P1")
    settle()
    assert third.content.buttons.button(1).text() == "待办"


def test_an_earlier_state_comes_back_from_the_history(qtbot: QtBot, world: World, settle: Settle) -> None:
    world.add(title="甲")
    with world.database.write() as session:
        edit_fields(session, ["P1"], {"title": "乙"})
        add_record(session, "risk", "P1", {"what": "汇率"})
        edit_record(session, "risk", 1, {"what": "利率"}, seen_version=1)
    panel = RecordPanel(world.context)
    qtbot.addWidget(panel)
    panel.show()
    panel.open("P1")
    settle()
    panel.tabs.setCurrentIndex(panel.tabs.count() - 1)
    links = [link for link in panel.history.findChildren(QPushButton) if link.text() == "恢复到此时的状态"]
    assert len(links) == 2 and any("利率 R1" in line for line in panel.history.lines)
    links[0].click()
    settle()
    assert stored(world, "risk")[0].values["what"] == "汇率"
    links = [link for link in panel.history.findChildren(QPushButton) if link.text() == "恢复到此时的状态"]
    links[-1].click()
    settle()
    with world.database.read() as session:
        assert get_project(session, "P1").draft.title == "甲"
