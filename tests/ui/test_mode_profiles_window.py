"""Profiles of parks and mechanisms in the window: typed, shown with what follows from them, taken back, by Excel."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from small_context import TODAY, World, small_world

from bri_desktop.domain.changes import Changes
from bri_desktop.domain.mode_profile import MECHANISM_PROFILE, PARK_PROFILE
from bri_desktop.services.history import undo_last
from bri_desktop.services.mode_pages import ModePage
from bri_desktop.services.mode_profiles import read_profile, save_profile
from bri_desktop.ui import dialogs
from bri_desktop.ui.cities import CitiesPage
from bri_desktop.ui.cities.profile_form import ProfileForm
from bri_desktop.ui.native_dialogs import NativeDialogs
from bri_desktop.ui.shared.fields import LineEdit

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as made:
        made.add(title="罗勇工业园", code="Y-1", mode="demonstration_park", foreign_places=("gn:3",))
        forum = made.add(title="论坛", mode="exchange_mechanism", started="2014", foreign_places=("gn:2",))
        for title, date in (("第一届", "2022-09"), ("第二届", "2024-09"), ("第三届", "2026-10")):
            made.add(title=title, mode="exchange_mechanism", started=date, parent=f"P{forum}")
        made.context.open_record = made.calls.append
        yield made


@pytest.fixture
def page(qtbot: QtBot, world: World) -> CitiesPage:
    made = CitiesPage(world.context, today=TODAY)
    qtbot.addWidget(made)
    made.resize(1214, 720)

    def on_changed(changes: Changes, who: object) -> None:
        world.context.statistics.forget()
        made.on_changed(changes, who)

    world.context.runner.changed.connect(on_changed)
    made.show()
    made.activate()
    qtbot.waitUntil(lambda: bool(made.modes.shown()))
    return made


def form_of(qtbot: QtBot, page: CitiesPage, project: int) -> ProfileForm:
    page.open_target(("mode", project))
    qtbot.waitUntil(lambda: isinstance(page.room.page, ModePage) and page.room.page.row.id == project)
    page.room.edit()
    assert isinstance(page.room.form, ProfileForm)
    return page.room.form


def write(form: ProfileForm, **texts: str) -> None:
    for code, text in texts.items():
        editor = form.fields[code].editor
        assert isinstance(editor, LineEdit)
        editor.setText(text)


def texts(page: CitiesPage) -> str:
    return "\n".join(label.text() for label in page.room.area.widget().findChildren(QLabel))


def test_a_park_is_described_and_its_figures_follow(qtbot: QtBot, page: CitiesPage, world: World) -> None:
    form = form_of(qtbot, page, 1)
    write(
        form, operator="泰中罗勇公司", area="12", built_area="8", tenants="180", investment="43亿美元", as_of="2025.12"
    )
    QTest.keyClick(form.fields["area"].editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.room.form is None)
    qtbot.waitUntil(lambda: "泰中罗勇公司" in texts(page))
    shown = texts(page)
    assert "12 平方公里 · 建成 67%" in shown and "180 · 每平方公里 22.5" in shown
    assert "43 亿美元 · 每平方公里 53,750 万美元" in shown
    qtbot.waitUntil(lambda: [row.profile["as_of"] for row in page.modes.shown() if row.id == 1] == ["2025-12"])
    with world.database.write() as session:
        undo_last(session)
    page.on_changed(Changes(), None)
    qtbot.waitUntil(lambda: "泰中罗勇公司" not in texts(page))


def test_a_mechanism_keeps_to_its_interval_or_not(qtbot: QtBot, page: CitiesPage) -> None:
    form = form_of(qtbot, page, 2)
    write(form, secretariat="贸促会", members="24", interval_months="24", latest_edition="3")
    form.save_button.click()
    qtbot.waitUntil(lambda: page.room.form is None)
    qtbot.waitUntil(lambda: "贸促会" in texts(page))
    shown = texts(page)
    assert "每 24 个月 · 2 次间隔中 1 次如期" in shown and "2028-10 · 按间隔推算" in shown


def test_what_cannot_be_read_or_breaks_a_rule_is_told_at_its_field(
    qtbot: QtBot, page: CitiesPage, world: World
) -> None:
    form = form_of(qtbot, page, 1)
    write(form, tenants="很多", area="5", built_area="6", investment="100")
    form.save_button.click()
    assert form.fields["tenants"].problem and form.fields["investment"].problem
    write(form, tenants="", investment="")
    form.save_button.click()
    qtbot.waitUntil(lambda: "建成面积大于规划面积" in form.fields["built_area"].problem)
    assert page.room.form is form
    with world.database.read() as session:
        assert read_profile(session, PARK_PROFILE, 1)["area"] is None


def test_what_somebody_else_wrote_meanwhile_is_not_overwritten(qtbot: QtBot, page: CitiesPage, world: World) -> None:
    form = form_of(qtbot, page, 2)
    with world.database.write() as session:
        seen = read_profile(session, MECHANISM_PROFILE, 2)
        save_profile(session, 2, {"members": 7}, seen, today=TODAY)
    write(form, members="8")
    form.save_button.click()
    qtbot.waitUntil(lambda: bool(form.problem.text()))
    with world.database.read() as session:
        assert read_profile(session, MECHANISM_PROFILE, 2)["members"] == 7


class Answers(NativeDialogs):
    def __init__(self, path: Path) -> None:
        self.path, self.told = path, list[str]()

    def save_file(self, *_question: Any) -> Path:
        return self.path

    def open_file(self, *_question: Any) -> Path:
        return self.path

    def tell(self, _parent: Any, message: str, _detail: str) -> None:
        self.told.append(message)


def test_the_sheet_is_written_and_taken_in(qtbot: QtBot, page: CitiesPage, tmp_path: Path, world: World) -> None:
    said: list[str] = []
    page.status_changed.connect(said.append)
    answers = Answers(tmp_path / "园区")
    with dialogs.answering(answers):
        page.mode_acts.write("park")
        qtbot.waitUntil(lambda: said == ["已保存：园区.xlsx"])
        workbook = Workbook()
        assert workbook.active is not None
        for row in (("编号", "入驻企业", "就业人数"), ("Y-1", 180, "很多"), ("Y-9", 3, 3)):
            workbook.active.append(row)
        answers.path = tmp_path / "填报.xlsx"
        workbook.save(answers.path)
        page.mode_acts.bring("park")
        qtbot.waitUntil(lambda: bool(answers.told))
    assert said[-1] == "2 条中更新 1 条。"
    assert answers.told[0].splitlines()[2].startswith("C2 “很多”：")
    assert answers.told[0].splitlines()[3].startswith("A3 “Y-9”：")
    with world.database.read() as session:
        assert read_profile(session, PARK_PROFILE, 1)["tenants"] == 180
