"""An approval by keys alone: each stop of Tab, what a key does there, and where one is after each act."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from bri_desktop import i18n
from bri_desktop.services.approvals import Case, get_case, list_cases, open_case
from bri_desktop.services.history import undo_last
from bri_desktop.ui.approval.page import ApprovalPage
from tests.ui.small_context import World, small_world

Settle = Callable[[], None]
Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
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
        for _ in range(3):
            qtbot.waitUntil(world.context.runner.is_idle, timeout=20_000)
            qtbot.wait(1)

    return wait


@pytest.fixture
def page(qtbot: QtBot, world: World, settle: Settle) -> ApprovalPage:
    made = ApprovalPage(world.context)
    world.context.runner.changed.connect(made.on_changed)
    world.context.undo = made.undo_button.click
    qtbot.addWidget(made)
    made.resize(1214, 680)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.activate()
    settle()
    made.setFocus()
    return made


def focus() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None, "nothing has the focus"
    return found


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(focus(), key, modifiers)


def commit(text: str) -> None:
    """Type as an input method does."""
    event = QInputMethodEvent("", [])
    event.setCommitString(text)
    QApplication.sendEvent(focus(), event)


def entered(page: ApprovalPage, world: World, settle: Settle) -> None:
    """Begin an approval and enter it from the board."""
    with world.database.write() as session:
        open_case(session, "T1", opened="2024-03-01")
    page.reload()
    settle()
    page.board.setFocus()
    press(Key.Key_Return)
    settle()


def begin(page: ApprovalPage, qtbot: QtBot, settle: Settle) -> None:
    """Begin the approval of the tie, from Ctrl+N to the first act."""
    press(Key.Key_N, CTRL)
    settle()
    owner = page.new_panel.owner
    assert focus() is owner.entry
    commit("布拉格")
    settle()
    qtbot.waitUntil(lambda: owner._popup.isVisible(), timeout=20_000)
    offers = [offer.key for offer in owner._popup.suggestions()]
    for _ in range(offers.index("T1")):
        press(Key.Key_Down)
    press(Key.Key_Return)
    assert owner.keys() == ("T1",)
    for stop in (page.new_panel.procedure, page.new_panel.date):
        press(Key.Key_Tab)
        assert focus() is stop
    press(Key.Key_A, CTRL)
    QTest.keyClicks(focus(), "2024.3.1")
    press(Key.Key_Tab)
    assert focus() is page.new_panel.begin_button
    press(Key.Key_Space)
    settle()
    assert focus() is page.view.date


def act(page: ApprovalPage, what: str, day: str, settle: Settle, reason: str = "") -> None:
    """Write day and reason and do an act, from the date to the act by Tab and Space."""
    view = page.view
    assert focus() is view.date
    press(Key.Key_A, CTRL)
    QTest.keyClicks(focus(), day)
    press(Key.Key_Tab)
    assert focus() is view.who
    press(Key.Key_Tab)
    assert focus() is view.reason
    if reason:
        commit(reason)
    for passed in list(view.act_buttons)[: list(view.act_buttons).index(what) + 1]:
        press(Key.Key_Tab)
        assert focus() is view.act_buttons[passed]
    press(Key.Key_Space)
    settle()


def case(world: World) -> Case:
    with world.database.read() as session:
        return get_case(session, 1)


def count(world: World) -> int:
    with world.database.read() as session:
        return len(list_cases(session))


def test_a_case_is_walked_by_keys_alone_through_one_return_and_on(
    qtbot: QtBot, world: World, page: ApprovalPage, settle: Settle
) -> None:
    begin(page, qtbot, settle)
    act(page, "submit", "2024-03-05", settle)
    act(page, "return", "2024-03-11", settle)
    assert page.view.rows["reason"].problem == "此项未填，请填写。"
    assert focus() is page.view.reason and page.view.date.text() == "2024-03-11"
    commit("缺对方简介")
    for _ in range(2):
        press(Key.Key_Tab)
    assert focus() is page.view.act_buttons["return"]
    press(Key.Key_Space)
    settle()
    assert (case(world).standing.returned, case(world).step_name) == (1, "意向书")
    act(page, "submit", "2024-03-01", settle)
    assert "2024-03-11" in page.view.rows["date"].problem and focus() is page.view.date
    act(page, "submit", "2024-03-12", settle)
    act(page, "decide", "2024-03-20", settle)
    assert case(world).step_name == "市外办" and case(world).standing.returned == 1


def test_undo_by_key_takes_the_act_back_from_where_it_leaves_the_clerk(
    world: World, page: ApprovalPage, settle: Settle
) -> None:
    entered(page, world, settle)
    world.context.undo = lambda: world.calls.append("undo")
    act(page, "submit", "2024-03-01", settle)
    press(Key.Key_Z, CTRL)
    assert world.calls == ["undo"]
    QTest.keyClicks(focus(), "1")
    press(Key.Key_Z, CTRL)
    assert world.calls == ["undo"], "what is typed is taken back first"


def test_after_no_text_comes_what_destroys(world: World, page: ApprovalPage, settle: Settle) -> None:
    entered(page, world, settle)
    view = page.view
    for _ in range(2):
        press(Key.Key_Tab)
    assert focus() is view.reason
    stops = []
    while focus() is not view.delete_button:
        press(Key.Key_Tab)
        stops.append(focus())
        assert len(stops) < 9
    assert stops == [*view.act_buttons.values(), view.withdraw_button, view.delete_button]
    press(Key.Key_Backtab)
    press(Key.Key_Space)
    settle()
    assert page.view.case is not None and page.view.case.result == "withdrawn"
    assert focus() is view.tabBar(), "not on what deletes"


def test_a_case_deleted_by_key_comes_back_by_key(
    qtbot: QtBot, world: World, page: ApprovalPage, settle: Settle
) -> None:
    entered(page, world, settle)
    world.context.undo = lambda: world.context.runner.write(undo_last, done=lambda _undone: None)
    page.view.delete_button.setFocus()
    with qtbot.waitSignal(page.status_changed) as said:
        press(Key.Key_Space)
    settle()
    assert "Ctrl+Z" in said.args[0] and count(world) == 0
    press(Key.Key_Z, CTRL)
    settle()
    assert count(world) == 1 and page.left.currentWidget() is page.board


def test_the_board_is_entered_and_left_by_keys(world: World, page: ApprovalPage, settle: Settle) -> None:
    entered(page, world, settle)
    press(Key.Key_Escape)
    assert page.side.isHidden()
    card = page.board.lists[0]
    assert focus() is card
    press(Key.Key_Return)
    settle()
    assert not page.side.isHidden() and focus() is page.view.date
