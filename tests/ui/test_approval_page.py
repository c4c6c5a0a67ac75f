"""The page of approvals: begun, sent back once and led to its end by its buttons; board, table and procedures."""

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from bri_desktop import i18n
from bri_desktop.services.approval_procedures import procedures
from bri_desktop.services.approvals import Case, get_case, list_cases, open_case
from bri_desktop.services.due import due_items
from bri_desktop.services.history import undo_last
from bri_desktop.ui.agenda.due_table import remaining
from bri_desktop.ui.approval.board import COLUMN, CardModel
from bri_desktop.ui.approval.page import ApprovalPage
from bri_desktop.ui.shared import paint
from bri_desktop.ui.shared.approval_tab import ApprovalTab
from bri_desktop.ui.shared.approval_words import days_text
from bri_desktop.ui.shared.chip_fields import Picked
from bri_desktop.ui.shared.tokens import SMALL_BOLD, Space
from tests.ui.small_context import World, small_world

Settle = Callable[[], None]
TIE = {
    "title": "北京与布拉格",
    "mode": "sister_city",
    "pair_kind": "intent",
    "domestic_places": ("cn:110000",),
    "foreign_places": ("gn:1",),
}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    i18n.set_language("zh_CN")
    with small_world(tmp_path) as made:
        made.add(**TIE)
        yield made


@pytest.fixture
def settle(qtbot: QtBot, world: World) -> Settle:
    def wait() -> None:
        for _ in range(4):
            qtbot.waitUntil(world.context.runner.is_idle, timeout=20_000)
            qtbot.wait(1)

    return wait


@pytest.fixture
def page(qtbot: QtBot, world: World, settle: Settle) -> ApprovalPage:
    made = ApprovalPage(world.context)
    world.context.runner.changed.connect(made.on_changed)
    qtbot.addWidget(made)
    made.resize(1214, 680)
    made.show()
    made.activate()
    settle()
    return made


def case(world: World, number: int = 1) -> Case:
    with world.database.read() as session:
        return get_case(session, number)


def lanes(page: ApprovalPage) -> dict[str, list[str]]:
    return {cards.lane.name: [one.title for one in cards.lane.cases] for cards in page.board.lists if cards.lane.cases}


def do(page: ApprovalPage, what: str, day: str, settle: Settle, reason: str = "") -> None:
    page.view.date.setText(day)
    page.view.reason.setPlainText(reason)
    page.view.act_buttons[what].click()
    settle()


def test_a_case_is_walked_from_its_begin_through_one_return_to_its_end(
    qtbot: QtBot, world: World, page: ApprovalPage, settle: Settle
) -> None:
    assert page.left.currentWidget() is page.empty
    page.new_case()
    settle()
    page.new_panel.begin()
    assert page.new_panel.rows["owner"].problem == "此项未填，请填写。"
    page.new_panel.owner.pick(Picked("T1", "北京市—布拉格"))
    page.new_panel.date.setText("2024.3.1")
    qtbot.mouseClick(page.new_panel.begin_button, Qt.MouseButton.LeftButton)
    settle()
    assert lanes(page) == {"意向书": ["北京市—布拉格"]} and page.view.case is not None
    do(page, "submit", "2024-03-01", settle)
    do(page, "decide", "2024-03-04", settle)
    do(page, "submit", "2024-03-05", settle)
    do(page, "return", "2024-03-11", settle)
    assert page.view.rows["reason"].problem == "此项未填，请填写。"
    assert page.view.date.text() == "2024-03-11" and case(world).standing.state == "submitted"
    do(page, "return", "2024-03-11", settle, "缺对方简介")
    assert lanes(page) == {"市外办": ["北京市—布拉格"]} and case(world).standing.returned == 1
    do(page, "submit", "2024-03-01", settle)
    assert "2024-03-11" in page.view.rows["date"].problem
    do(page, "submit", "2024年3月12日", settle)
    do(page, "decide", "2024-03-20", settle)
    do(page, "submit", "2024-03-21", settle)
    do(page, "decide", "2024-03-22", settle)
    do(page, "skip", "2024-03-22", settle)
    for day in (1, 3, 5, 7):
        do(page, "submit", f"2024-04-0{day}", settle)
        do(page, "decide", f"2024-04-0{day + 1}", settle)
    assert (case(world).result, case(world).closed) == ("approved", "2024-04-08")
    assert lanes(page) == {"已办结": ["北京市—布拉格"]} and page.view.act_buttons == {}
    world.context.runner.write(undo_last, done=lambda _undone: None)
    settle()
    assert lanes(page) == {"报备": ["北京市—布拉格"]} and list(page.view.act_buttons) == ["decide", "return", "refuse"]


def test_the_table_shows_the_same_cases_and_sorts_them(world: World, page: ApprovalPage, settle: Settle) -> None:
    world.add(title="另一项目")
    with world.database.write() as session:
        open_case(session, "T1", opened="2024-05-01")
        open_case(session, "P2", opened="2024-03-01")
    page.reload()
    settle()
    page.show_view("table")
    assert [page.model.id_at(row) for row in range(page.model.rowCount())] == [2, 1]
    page.table.set_sort_order([("opened", False)])
    page.table.sort_changed.emit([("opened", False)])
    assert [page.model.id_at(row) for row in range(page.model.rowCount())] == [1, 2]
    page.table.opened.emit(2)
    settle()
    assert page.view.case is not None and page.view.case.owner_key == "P2"
    assert page.subtitle_label.text() == "在办 2 件"


def test_steps_are_edited_and_what_is_wrong_is_said(world: World, page: ApprovalPage, settle: Settle) -> None:
    page.edit_procedures()
    settle()
    panel = page.procedure_panel
    assert [row.name.text() for row in panel.rows][:2] == ["意向书", "市外办"]
    panel.rows[0].moved.emit(1)
    panel.rows[7].removed.emit()
    panel.add_step("市外办")
    panel.save()
    settle()
    assert "重复" in panel.problem.text()
    panel.rows[-1].name.set_value("归档")
    panel.save()
    settle()
    with world.database.read() as session:
        (stored,) = procedures(session)
    names = [name for name, _ in stored.steps]
    assert names == ["市外办", "意向书", "市政府", "市人大常委会", "省外办", "全国友协批复", "签署", "归档"]
    assert not panel.is_changed()


def test_an_approval_is_begun_from_the_tab_of_its_record(qtbot: QtBot, world: World, settle: Settle) -> None:
    tab = ApprovalTab(world.context)
    qtbot.addWidget(tab)
    tab.resize(336, 600)
    tab.show()
    tab.show_owner("T1")
    settle()
    qtbot.mouseClick(tab.begin_button, Qt.MouseButton.LeftButton)
    settle()
    assert tab.view.case is not None and tab.view.case.owner_key == "T1" and tab.start.isHidden()
    tab.view.act_buttons["submit"].click()
    settle()
    assert tab.view.case.standing.state == "submitted"
    tab.view.withdraw()
    settle()
    assert tab.view.case.result == "withdrawn" and tab.start.isVisible()


def test_a_formal_tie_without_relations_is_warned_in_words(qtbot: QtBot, world: World, settle: Settle) -> None:
    from bri_desktop.db.models import Place

    with world.database.write() as session:
        session.get_one(Place, 3).country = "VA"
    with world.database.write() as session:
        open_case(session, "T1")
    tab = ApprovalTab(world.context)
    qtbot.addWidget(tab)
    tab.resize(336, 600)
    tab.show()
    tab.show_owner("T1")
    settle()
    assert "梵蒂冈" in tab.view.warning.text_label.text() and tab.view.warning.isVisible()


def test_the_cards_keep_the_rules_of_models(world: World) -> None:
    with world.database.write() as session:
        open_case(session, "T1")
    with world.database.read() as session:
        cases = list_cases(session)
    tester = QAbstractItemModelTester(CardModel(cases), QAbstractItemModelTester.FailureReportingMode.Fatal)
    del tester


def test_the_days_of_a_case_have_one_unit_on_card_table_and_record(
    world: World, page: ApprovalPage, settle: Settle
) -> None:
    with world.database.write() as session:
        open_case(session, "T1", opened="2024-03-01")
    page.reload()
    settle()
    cards = next(one for one in page.board.lists if one.lane.cases)
    model = cards.model()
    assert isinstance(model, CardModel)
    told = days_text(case(world).age_of_step, is_working=case(world).is_working)
    assert case(world).is_working and told.endswith(" 个工作日")
    assert model.age(0) == told and told in model.index(0).data(Qt.ItemDataRole.ToolTipRole)
    column = next(one for one in page.model.columns if one.key == "age")
    assert getattr(column.cell(case(world)), "text", None) == told
    with world.database.read() as session:
        (due,) = [one for one in due_items(session, datetime.date.today()) if one.kind == "approval"]
    assert getattr(remaining(due), "text", None) == f"已 {told}"


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_days_fit_on_the_narrowest_card(qtbot: QtBot, language: str) -> None:
    i18n.set_language(language)
    room = COLUMN - 2 * Space.BETWEEN
    assert paint.metrics(SMALL_BOLD).horizontalAdvance(days_text(677, is_working=True)) <= room
