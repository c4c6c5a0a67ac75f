"""What is wrong in the form of a project is told beside its field, and the rest of the form stays as typed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select

from bri_desktop import i18n
from bri_desktop.db.models import Place
from bri_desktop.services.projects import find_ids, read_items
from bri_desktop.ui.projects.page import ProjectsPage
from tests.ui.small_context import World, small_world


def focus() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None, "nothing has the focus"
    return found


@dataclass
class Form:
    """The page with a new record whose title, department and note are typed."""

    page: ProjectsPage
    world: World
    settle: Callable[[], None]

    def field(self, code: str) -> QWidget:
        return self.page.panel.form.editors[code].widget

    def text(self, code: str) -> str:
        widget = self.field(code)
        assert isinstance(widget, QLineEdit)
        return widget.text()

    def type(self, code: str, text: str) -> None:
        """Commit text into a field as an input method does."""
        self.field(code).setFocus()
        event = QInputMethodEvent("", [])
        event.setCommitString(text)
        QApplication.sendEvent(focus(), event)

    def problem(self, code: str) -> str:
        return self.page.panel.form.rows[code].problem

    def problems(self) -> set[str]:
        return {code for code, row in self.page.panel.form.rows.items() if row.problem}

    def is_kept(self) -> bool:
        """Tell whether the rest of the form is as typed, and nothing was stored."""
        draft = self.page.panel.form.draft()
        with self.world.database.read() as session:
            return (draft.department, draft.note, find_ids(session)) == ("市外办", "备注", [1])


@pytest.fixture
def form(qtbot: QtBot, tmp_path: Path) -> Iterator[Form]:
    i18n.set_language("zh_CN")
    with small_world(tmp_path) as world:
        world.add(title="先有", code="A-1")
        page = ProjectsPage(world.context)
        world.context.runner.changed.connect(page.on_changed)
        qtbot.addWidget(page)
        page.resize(1214, 680)
        page.show()
        page.activateWindow()
        page.activate()

        def settle() -> None:
            for _ in range(2):
                qtbot.waitUntil(world.context.runner.is_idle, timeout=20_000)
                qtbot.wait(1)

        settle()
        page.new_project()
        settle()
        page.panel.form.set_more(True)
        made = Form(page, world, settle)
        for code, text in {"title": "论坛", "department": "市外办", "note": "备注"}.items():
            made.type(code, text)
        yield made


def test_dates_that_contradict_and_an_unreadable_one(form: Form) -> None:
    form.type("signed", "2020-06-01")
    form.type("started", "2021-02")
    form.type("ended", "2019")
    assert form.problems() == {"ended"}
    assert "2021-02" in form.problem("ended") or "2020-06-01" in form.problem("ended")
    form.type("planned_start", "2025")
    form.type("planned_end", "2024-12")
    assert "2025" in form.problem("planned_end")
    form.page.panel.save()
    form.settle()
    assert form.problems() == {"ended", "planned_end"} and form.is_kept()
    assert form.text("ended") == "2019"


def test_an_amount_whose_currency_is_not_known(form: Form) -> None:
    form.type("amount", "300万贝里")
    assert form.problems() == {"amount"} and form.problem("amount")
    form.page.panel.save()
    form.settle()
    assert form.is_kept() and form.text("amount") == "300万贝里"


def test_an_amount_that_names_no_currency_is_told_and_accepted_by_tab(form: Form) -> None:
    row = form.page.panel.form.rows["amount"]
    form.type("amount", "1800万")
    assert row.note.startswith("未写币种，按人民币计") and row.problem == ""
    assert form.field("amount").accessibleDescription() == row.note
    QTest.keyClick(focus(), Qt.Key.Key_Tab)
    assert form.text("amount") == "1,800 万元" and row.note
    form.field("amount").setFocus()
    assert isinstance(form.field("amount"), QLineEdit)
    QTest.keyClick(form.field("amount"), Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    form.type("amount", "180万美元")
    assert row.note == "" and row.problem == ""
    QTest.keyClick(form.field("amount"), Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    form.type("amount", "180万贝里")
    assert row.note == "" and row.problem


def test_a_code_that_another_record_has(form: Form) -> None:
    form.type("code", "A-1")
    form.page.panel.save()
    form.settle()
    assert form.problem("code") == "编号已被记录 P1 使用，请换一个。"
    assert form.problems() == {"code"} and form.is_kept()
    form.field("code").setFocus()
    QTest.keyClicks(form.field("code"), "0")
    assert form.problems() == set()
    form.page.panel.save()
    form.settle()
    with form.world.database.read() as session:
        assert [item.draft.code for item in read_items(session, [2])] == ["A-10"]


def test_ten_thousand_characters_pasted_into_a_title(form: Form) -> None:
    form.field("title").setFocus()
    QApplication.clipboard().setText("字" * 10_000)
    QTest.keyClick(form.field("title"), Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(form.field("title"), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert form.problem("title") == "共 10000 字，过长；请缩减到 500 字以内。"
    form.page.panel.save()
    form.settle()
    assert form.is_kept() and form.page.panel.form.draft().title == "字" * 10_000


@pytest.mark.parametrize(
    ("key", "typed"), [(Qt.Key.Key_Tab, "布拉格"), (Qt.Key.Key_Return, "布拉格"), (Qt.Key.Key_Return, "bulage")]
)
def test_a_city_of_the_wrong_country_becomes_no_new_city(form: Form, key: Qt.Key, typed: str) -> None:
    form.type("domestic_places", typed)
    form.settle()
    QTest.keyClick(focus(), key)
    form.settle()
    form.field("note").setFocus()
    assert "布拉格" in form.problem("domestic_places") and "捷克" in form.problem("domestic_places")
    assert form.page.panel.form.draft().domestic_places == ()
    with form.world.database.read() as session:
        assert session.scalar(select(func.count()).where(Place.name_zh == "布拉格")) == 1
    form.page.panel.save()
    form.settle()
    assert form.problems() == {"domestic_places"} and form.is_kept()


def test_tab_goes_from_the_title_over_every_field_to_the_buttons(form: Form) -> None:
    panel = form.page.panel
    form.field("title").setFocus()
    stops = []
    while focus() is not panel.save_button:
        stops.append(focus())
        QTest.keyClick(focus(), Qt.Key.Key_Tab)
        assert len(stops) < 60, stops
    visible = [stop for stop in panel.form.stops() if stop.isVisible()]
    assert len(visible) > 30 and stops == [*visible, panel.revert_button]
