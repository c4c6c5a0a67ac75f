"""The pages of ties, cities, parks and mechanisms in the window: opened by key, left by key, edited, taken out."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot
from small_context import TODAY, World, small_world
from sqlalchemy import select

from bri_desktop.db.models import Activity, Agreement, Pair
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.dates import PartialDate
from bri_desktop.services.city_events import Event
from bri_desktop.services.city_labels import read_labels
from bri_desktop.services.city_pages import PlacePage, TiePage
from bri_desktop.services.history import undo_last
from bri_desktop.services.mode_pages import ModePage
from bri_desktop.services.pair_life import TieRules, read_rules
from bri_desktop.services.statistics_options import read_options
from bri_desktop.ui import dialogs
from bri_desktop.ui.cities import CitiesPage
from bri_desktop.ui.cities.bar_list import BarList
from bri_desktop.ui.cities.parts import latest
from bri_desktop.ui.cities.radar import Radar
from bri_desktop.ui.cities.room import DetailRoom
from bri_desktop.ui.cities.tie_forms import LabelForm, RulesForm, TieForm, WeightsForm
from bri_desktop.ui.cities.time_line import Lane, TimeItem, TimeLine, year_position
from bri_desktop.ui.cities.words import lanes
from bri_desktop.ui.native_dialogs import NativeDialogs
from bri_desktop.ui.shared.table import LedgerTable

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as made:
        tie = {"domestic_places": ("cn:110000",), "foreign_places": ("gn:1",), "pair_kind": "sister"}
        made.add(title="结好", signed="2016-05", mode="sister_city", domain="policy", **tie)
        made.add(title="图书馆", started="2018-03-01", ended="2019", status="completed", domain="people", **tie)
        made.add(title="另一对", domestic_places=("cn:370200",), foreign_places=("gn:2",), pair_kind="friendly")
        forum = made.add(title="论坛", mode="exchange_mechanism", started="2014", foreign_places=("gn:2",))
        made.add(title="第一届", mode="exchange_mechanism", started="2015-09", parent=f"P{forum}", partners=("甲大学",))
        made.store(
            [
                Activity(pair_id=1, title="来访", kind="visit_in", date="2023-09-12", head_count=25),
                Agreement(pair_id=1, title="备忘录", kind="memorandum", signed="2021-12", expires="2026-12-30"),
            ]
        )
        made.context.open_record = made.calls.append
        yield made


@pytest.fixture
def page(qtbot: QtBot, world: World) -> CitiesPage:
    made = CitiesPage(world.context, today=TODAY)
    qtbot.addWidget(made)
    made.resize(1214, 720)
    world.context.runner.changed.connect(lambda changes, who: on_changed(world, made, changes, who))
    made.show()
    made.activate()
    qtbot.waitUntil(lambda: bool(made.places.shown()))
    return made


def on_changed(world: World, page: CitiesPage, changes: Changes, who: object) -> None:
    world.context.statistics.forget()
    page.on_changed(changes, who)


@pytest.fixture
def opened(qtbot: QtBot, page: CitiesPage) -> Callable[[str, int | str], DetailRoom]:
    def go(kind: str, key: int | str) -> DetailRoom:
        page.room.page = None
        page.open_target((kind, key))
        qtbot.waitUntil(lambda: page.room.page is not None)
        return page.room

    return go


def place_id(page: CitiesPage, name: str) -> int:
    return next(row.id for row in page.places.shown() if row.name("zh_CN") == name)


def texts(room: DetailRoom) -> str:
    return "\n".join(label.text() for label in room.area.widget().findChildren(QLabel))


def bars(room: DetailRoom, name: str) -> BarList:
    return next(found for found in room.area.widget().findChildren(BarList) if found.accessibleName() == name)


def test_enter_opens_a_tie_and_escape_goes_back_to_the_filtered_list(qtbot: QtBot, page: CitiesPage) -> None:
    page.tabs.setCurrentIndex(1)
    page.pairs.search.setText("布拉格")
    qtbot.waitUntil(lambda: len(page.pairs.shown()) == 1)
    table = page.pairs.table
    table.setFocus()
    table.selectRow(0)
    QTest.keyClick(table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(page.room.page, TiePage))
    assert page.stack.currentWidget() is page.room
    assert page.room.title_label.text() == "北京市—布拉格" and "捷克" in page.room.context_label.text()
    assert "有项目在实施" not in texts(page.room) and "2023-09-12" in texts(page.room)
    assert "活跃（登记为已签署）" in texts(page.room) and "2026-05" not in texts(page.room)
    assert "备忘录 2026-12-30" in texts(page.room)
    QTest.keyClick(page.room.back_button, Qt.Key.Key_Escape)
    assert page.stack.currentWidget() is page.tabs
    assert page.tabs.currentIndex() == 1 and page.pairs.search.text() == "布拉格"
    assert [row.id for row in page.pairs.shown()] == [1] and table.currentIndex().row() == 0


def test_the_time_line_opens_the_record(opened, world: World) -> None:
    room = opened("tie", 1)
    line = room.time_line
    assert line is not None
    found = [(item.kind, item.text) for item in line.items()]
    assert found == [
        ("agreement", "结好"),
        ("agreement", "备忘录"),
        ("activity", "来访"),
        ("project", "结好"),
        ("project", "图书馆"),
    ]
    span = line.items()[4]
    assert (span.start, span.end) == (pytest.approx(2018 + 59 / 365), 2020.0)
    QTest.mouseClick(line, Qt.MouseButton.LeftButton, pos=line.position_of(4).toPoint())
    assert world.calls == ["P2"]
    line.setFocus()
    for _ in range(2):
        QTest.keyClick(line, Qt.Key.Key_Left)
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert "25 人" in line.accessibleDescription() and world.calls == ["P2"]
    QTest.keyClick(line, Qt.Key.Key_Right)
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert world.calls == ["P2", "P1"]


def test_the_profile_names_what_is_not_known(opened) -> None:
    room = opened("tie", 1)
    assert isinstance(room.page, TiePage)
    tables = room.area.widget().findChildren(LedgerTable)
    rows = next(found.rows for found in tables if found.accessibleName() == "友好交往度")
    shown = [[rows.content(row, column)[0] for column in (0, 1, 3, 4, 5)] for row in range(5)]
    assert shown[0] == ["长度", "10.6 年", "50.0", "20", "—"]
    assert shown[3][:3] == ["热度", "互访层级 —，人次 25", "50.0"]


def test_a_tie_is_edited_and_the_edit_undone(qtbot: QtBot, opened, world: World) -> None:
    room = opened("tie", 1)
    room.edit()
    form = room.form
    assert isinstance(form, TieForm)
    form.ended.setText("2020.5")
    form.note.set_value("协议到期")
    form.save()
    qtbot.waitUntil(lambda: isinstance(room.page, TiePage) and room.page.stage == "ended")
    assert room.form is None and "终止" in texts(room) and "协议到期" in texts(room)
    with world.database.read() as session:
        row = session.get_one(Pair, 1)
        assert (row.ended, row.note, row.life) == ("2020-05", "协议到期", "signed")
    room.page = None
    world.context.runner.write(undo_last, done=lambda _undone: None)
    qtbot.waitUntil(lambda: isinstance(room.page, TiePage) and room.page.stage == "active")
    assert "协议到期" not in texts(room)


def test_an_unreadable_date_and_a_refusal_are_told_in_the_form(qtbot: QtBot, opened, world: World) -> None:
    room = opened("tie", 1)
    room.edit()
    form = room.form
    assert isinstance(form, TieForm)
    form.ended.setText("明年吧")
    form.save()
    assert form.problem.text() and room.form is form
    form.ended.setText("")
    form.kind.set_value(None)
    form.save()
    qtbot.waitUntil(lambda: "结好类别" in form.problem.text() or "结对" in form.problem.text())
    QTest.keyClick(form, Qt.Key.Key_Escape)
    assert room.form is None and isinstance(room.page, TiePage)
    with world.database.read() as session:
        assert session.scalars(select(Pair.version).where(Pair.id == 1)).one() == 1


def test_the_rule_of_the_office_makes_a_tie_dormant(qtbot: QtBot, opened, world: World) -> None:
    room = opened("tie", 1)
    room.edit_rules()
    assert isinstance(room.form, RulesForm)
    room.form.years.setValue(2)
    room.form.every_five.setChecked(True)
    room.form.save()
    qtbot.waitUntil(lambda: isinstance(room.page, TiePage) and room.page.stage == "dormant")
    assert "休眠：2023-09-12 以来" in "\n".join(note.accessibleName() for note in room.findChildren(QWidget)) + texts(
        room
    )
    assert "2031-05 满 15 周年" in texts(room)
    with world.database.read() as session:
        assert read_rules(session) == TieRules(2, True)


def test_the_weights_are_changed_from_here(qtbot: QtBot, opened, world: World) -> None:
    room = opened("tie", 1)
    room.edit_weights()
    assert isinstance(room.form, WeightsForm)
    boxes = room.form.boxes
    boxes["length"].setText("40")
    assert not room.form.save_button.isEnabled()
    boxes["warmth"].setText("0")
    room.form.save_button.click()
    qtbot.waitUntil(lambda: isinstance(room.page, TiePage) and room.page.closeness.weights["length"] == 40)
    with world.database.read() as session:
        assert read_options(session).profile["warmth"] == 0


def test_a_city_leads_to_its_partner_and_back(qtbot: QtBot, page: CitiesPage, opened, world: World) -> None:
    room = opened("place", place_id(page, "北京市"))
    assert isinstance(room.page, PlacePage) and room.title_label.text() == "北京市"
    radar = room.area.widget().findChild(Radar)
    assert radar is not None and "政策沟通 50.0 %" in radar.accessibleDescription()
    partners = bars(room, "合作方（按项目数）")
    assert [(bar.name, bar.context, bar.text) for bar in partners.bars] == [("布拉格", "捷克", "2")]
    QTest.mouseClick(partners, Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
    qtbot.waitUntil(lambda: room.title_label.text() == "布拉格")
    QTest.keyClick(room.back_button, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: room.title_label.text() == "北京市")
    years = bars(room, "按起始年份")
    years.setFocus()
    QTest.keyClick(years, Qt.Key.Key_Down)
    QTest.keyClick(years, Qt.Key.Key_Return)
    assert [(found.title, found.ids) for found in world.opened] == [("北京市 · 2018", (2,))]
    room.projects_button.click()
    assert (world.opened[-1].title, world.opened[-1].ids) == ("北京市", (1, 2))


def test_a_country_has_a_page(opened, world: World) -> None:
    room = opened("country", "CZ")
    assert room.title_label.text() == "捷克"
    assert [bar.name for bar in bars(room, "该国地点").bars] == ["布拉格"]
    assert [bar.name for bar in bars(room, "合作方（按项目数）").bars] == ["北京市"]


def test_a_place_of_which_nothing_is_known(page: CitiesPage, opened) -> None:
    room = opened("place", place_id(page, "万象市"))
    assert "尚无带日期的记录。" in texts(room) and "尚无记录。" in texts(room)
    assert room.area.widget().findChild(Radar) is None and room.projects_button.isHidden()


def test_a_page_that_is_gone_says_so(qtbot: QtBot, page: CitiesPage) -> None:
    page.open_target(("tie", 77))
    qtbot.waitUntil(lambda: page.room.problem.isVisible())
    page.room.back()
    assert page.stack.currentWidget() is page.tabs


def test_a_mechanism_is_opened_from_its_list(qtbot: QtBot, page: CitiesPage, world: World) -> None:
    page.tabs.setCurrentIndex(2)
    assert page.tabs.tabText(2) == "园区与机制 1"
    assert [(row.title, row.parts) for row in page.modes.shown()] == [("论坛", 1)]
    table = page.modes.table
    table.selectRow(0)
    QTest.keyClick(table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(page.room.page, ModePage))
    assert [bar.name for bar in bars(page.room, "成员").bars] == ["甲大学"]
    assert "最近一届" in texts(page.room) and "2015-09" in texts(page.room)
    QTest.mouseClick(bars(page.room, "成员"), Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
    assert world.opened[-1].ids == (5,)


def test_the_page_is_taken_out_as_a_picture(
    tmp_path: Path, opened, monkeypatch: pytest.MonkeyPatch, page: CitiesPage
) -> None:
    room = opened("tie", 1)
    room.taking_out.copy_picture()
    copied = QGuiApplication.clipboard().image()
    assert copied.width() == 2 * room.area.widget().width()
    path = tmp_path / "页.png"
    told: list[str] = []
    page.status_changed.connect(told.append)

    class Answers(NativeDialogs):
        def save_file(self, *_question: Any) -> Path:
            return path.with_suffix("")

    with dialogs.answering(Answers()):
        room.taking_out.save_picture("png")
    assert QImage(str(path)).size() == copied.size() and told == ["已保存：页.png"]


def test_its_records_and_years_are_taken_out_as_tables(qtbot: QtBot, tmp_path: Path, opened, page: CitiesPage) -> None:
    room = opened("tie", 1)
    room.taking_out.copy_table()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].split("\t") == ["日期", "截止", "种类", "具体类别", "名称", "数量或金额"]
    assert lines[1].split("\t")[0] == "2016-05" and len(lines) == 1 + len(room.page.events)
    target = tmp_path / "年.xlsx"

    class Answers(NativeDialogs):
        def save_file(self, *_question: Any) -> Path:
            return target

    with dialogs.answering(Answers()):
        room.taking_out.save_table(room._part("时间线"))
        qtbot.waitUntil(target.exists)
        room.taking_out.save_picture("svg", room._part("时间线"))
    rows = {row[0]: row[1:] for row in load_workbook(target).active.iter_rows(values_only=True)}
    assert rows["年份"] == ("协议", "活动", "成果", "项目")
    assert (rows["2016"], rows["2017"], rows["2021"]) == ((1, 0, 0, 1), (0, 0, 0, 0), (1, 0, 0, 0))
    with ZipFile(target) as parts:
        assert "xl/charts/chart1.xml" in parts.namelist()


@pytest.mark.parametrize(
    ("kind", "name", "parts"),
    [
        ("tie", "", ["时间线", "友好交往度", "合计"]),
        ("place", "北京市", ["五通画像", "按合作模式", "按状态", "按起始年份", "合作方（按项目数）", "时间线"]),
        ("mode", "论坛", ["成员", "时间线"]),
    ],
)
def test_every_figure_of_a_page_is_a_sheet_with_its_chart(
    qtbot: QtBot, tmp_path: Path, opened, page: CitiesPage, kind: str, name: str, parts: list[str]
) -> None:
    key = place_id(page, name) if kind == "place" else 1
    if kind == "mode":
        key = next(row.id for row in page.modes.shown() if row.title == name)
    room = opened(kind, key)
    shown = room.shown()
    assert shown is not None and [one.title.split(" · ")[-1] for one in shown.more] == parts
    target = tmp_path / "页.xlsx"

    class Answers(NativeDialogs):
        def save_file(self, *_question: Any) -> Path:
            return target

    with dialogs.answering(Answers()):
        room.taking_out.save_table()
        qtbot.waitUntil(target.exists)
    book = load_workbook(target)
    assert book.sheetnames == ["全部记录", *parts]
    assert [len(sheet._charts) for sheet in book] == [0, *(1 for _ in parts)]


def test_a_shared_domain_opens_its_projects_with_weights(page: CitiesPage, opened, world: World) -> None:
    world.add(title="两域", domain="policy", domains=("people",), domestic_places=("cn:110000",), signed="2020")
    world.context.statistics.forget()
    room = opened("place", place_id(page, "北京市"))
    policy = next(domain for domain in room.page.domains if domain.code == "policy")
    # 结好 wholly, 两域 half: 1.5 of the 3 with a domain.
    assert policy.share == 0.5 and sum(policy.weights.values()) == 1.5
    room._open_weighed("政策沟通", policy.weights)
    assert world.opened[-1].weights == policy.weights and world.opened[-1].kind == "project"


def test_a_record_of_the_tie_alone_opens_beside_its_page(qtbot: QtBot, page: CitiesPage, opened, world: World) -> None:
    room = opened("tie", 1)
    visit = next(event for event in room.page.events if event.title == "来访")
    room._open_event(visit)
    assert room.records.tabs is not None and room.records.tabs.isVisible() and not world.calls

    def current() -> str | None:
        content = room.records.tabs._tabs[2].content
        table = content.tabs["activity"].content if content else None
        row = table.grid.current_row() if table else None
        return row.stored.values["title"] if row else None

    qtbot.waitUntil(lambda: current() == "来访")
    item = next(one for one in room.time_line.items() if one.text == "备忘录")
    room._open_item(item)
    qtbot.waitUntil(lambda: room.records.tabs._tabs[0].content.grid.current_row() is not None)
    assert room.records.tabs._tabs[0].content.grid.current_row().stored.values["title"] == "备忘录"
    room.records_button.click()
    assert room.records.tabs.isHidden()
    city = opened("place", place_id(page, "布拉格"))
    city._open_event(next(event for event in city.page.events if event.title == "来访"))
    qtbot.waitUntil(lambda: isinstance(room.page, TiePage) and room.records.tabs.isVisible())
    qtbot.waitUntil(lambda: current() == "来访")
    room.back()
    qtbot.waitUntil(lambda: isinstance(room.page, PlacePage))
    assert room.records.tabs.isHidden()


def test_a_city_is_given_a_type_that_can_be_taken_back(qtbot: QtBot, page: CitiesPage, opened, world: World) -> None:
    room = opened("place", place_id(page, "北京市"))
    for code in ("economic_hub", None, "network_hub"):
        room.edit()
        assert isinstance(room.form, LabelForm)
        room.form.type.set_value(code)
        room.form.save_button.click()
        qtbot.waitUntil(lambda code=code: room.form is None and room.page.ecosystem == code)
    qtbot.waitUntil(lambda: "网络中心" in texts(room))
    with world.database.write() as session:
        undo_last(session)
        assert not read_labels(session)
        undo_last(session)
        assert list(read_labels(session).values()) == ["economic_hub"]


def test_a_list_is_taken_out_as_it_is_shown(qtbot: QtBot, page: CitiesPage) -> None:
    page.tabs.setCurrentWidget(page.pairs)
    page.lists_out[1].copy_table()
    lines = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]
    assert lines[0][:2] == ["中方城市", "外方城市"] and len(lines) == 3
    assert lines[1][0] == "北京市" and lines[1][-1] == "2"  # the number, not the words of the link


# -- the widgets themselves ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2017", (2017.0, 1.0)),
        ("2017-07", (2017.5, 1 / 12)),
        ("2017-01-01", (2017.0, 0.0)),
        ("2020-12-31", (2020 + 365 / 366, 0.0)),
        ("1900-12-31", (1900 + 364 / 365, 0.0)),
    ],
)
def test_dates_have_their_place_on_the_axis(date: str, expected: tuple[float, float]) -> None:
    assert year_position(date) == pytest.approx(expected)
    assert PartialDate(date).value == date


def test_very_many_things_become_bars_by_year(qtbot: QtBot) -> None:
    line = TimeLine("线")
    qtbot.addWidget(line)
    line.resize(800, 100)
    items = [TimeItem("project", 2000 + n % 2, None, "", "", (n,), 1.0) for n in range(301)]
    got: list[TimeItem] = []
    line.opened.connect(got.append)
    line.show_lanes([Lane("project", "项目", tuple(items), is_dense=True)], TODAY)
    assert [(item.start, item.text, len(item.ids)) for item in line.items()] == [(2000, "151", 151), (2001, "150", 150)]
    line.show()
    QTest.mouseClick(line, Qt.MouseButton.LeftButton, pos=line.position_of(1).toPoint())
    assert got[0].ids == tuple(range(1, 301, 2)) and got[0].tip == "2001 年：项目 150 项"


def test_events_of_one_kind_are_counted_by_year_where_they_are_very_many(world: World) -> None:
    events = [
        Event("activity", n, n if n % 2 else None, 1, f"活动 {n}", None, f"{2000 + n % 3}-05", None) for n in range(301)
    ]
    found = {lane.kind: lane for lane in lanes(world.context.codes, events, 2026.9)}["activity"]
    assert found.is_dense and [(item.start, item.count) for item in found.items] == [
        (2000, 101),
        (2001, 100),
        (2002, 100),
    ]
    assert found.items[0].ids == tuple(range(3, 301, 6))
    few = {lane.kind: lane for lane in lanes(world.context.codes, events[:300], 2026.9)}["activity"]
    assert not few.is_dense and len(few.items) == 300
    assert latest(events) == events[-300:] and latest(events[:300]) == events[:300]


def test_names_never_lie_over_one_another(qtbot: QtBot) -> None:
    line = TimeLine("线")
    qtbot.addWidget(line)
    line.resize(900, 100)
    items = [
        TimeItem("project", 2000 + n * 1.5, 2000 + n * 1.5 + n % 3 if n % 3 else None, f"项目名称 {n}", "", (n,))
        for n in range(8)
    ]
    line.show_lanes([Lane("project", "项目", tuple(items))], TODAY)
    rects = [placed.name for placed in line._placed]
    assert all(rect.right() < line.width() for rect in rects)
    assert not any(a.intersects(b) for n, a in enumerate(rects) for b in rects[n + 1 :])
    assert line.item_at(QPointF(rects[0].center())) == 0
