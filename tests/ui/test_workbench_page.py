"""The first page: items due, this year against last year counted by hand, doors of an empty ledger."""

import datetime
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from small_context import TODAY, World, small_world

from bri_desktop.db.models import Activity, Agreement, ImportBatch, PendingRow
from bri_desktop.domain.project import OutcomeDraft
from bri_desktop.services.agenda import recent_records, same_day_last_year
from bri_desktop.services.due import Due, days_to, due_items, next_anniversary
from bri_desktop.services.hanging import add_record
from bri_desktop.services.history import undo_last
from bri_desktop.services.projects import delete_projects, edit_fields
from bri_desktop.ui.agenda import WorkbenchPage
from bri_desktop.ui.agenda.due_table import Group, action

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as made:
        yield made


def fill(world: World) -> None:
    counted = (OutcomeDraft(what="培训", quantity=Decimal(3), unit="人"),)
    pair = {"domestic_places": ("cn:110000",), "pair_kind": "sister"}
    world.add(title="一", signed="2017-01-20", nature="practical", foreign_places=("gn:1",), outcomes=counted, **pair)
    world.add(title="二", signed="2025-03-01", nature="exchange", foreign_places=("gn:2",), **pair)
    world.add(title="三", signed="2025-12-01", nature="exchange")
    world.add(title="四", signed="2026-11-23", nature="practical", foreign_places=("gn:3",), **pair)
    world.add(title="五", signed="2026")
    batch = ImportBatch(
        file_name="台账.xlsx", sha256="0" * 64, sheets="项目", at="2026-11-20T08:00:00Z", counts={"created": 4}
    )
    batch.ignored, batch.problems = [], []
    world.store([batch])
    rows = [PendingRow(batch_id=1, sheet="项目", row=n, digest=str(n), cells={}, problems=[]) for n in (5, 6)]
    rows[1].settled_how = "refused"
    world.store(
        [
            *rows,
            Agreement(project_id=2, title="《备忘录》", signed="2025-03-01", expires="2027-01-15"),
            Agreement(project_id=3, title="《旧协议》", signed="2025-12-01", expires="2026-11-20"),
            Agreement(project_id=3, title="《远期》", signed="2025-12-01", expires="2027-06-01"),
            Activity(project_id=1, title="来访", date="2026-03-01"),
            Activity(project_id=1, title="来访", date="2025-12-30"),
        ]
    )


def shown(qtbot: QtBot, world: World) -> WorkbenchPage:
    page = WorkbenchPage(world.context, today=TODAY)
    qtbot.addWidget(page)
    page.resize(1200, 700)
    page.show()
    page.activate()
    qtbot.waitUntil(lambda: page.agenda is not None)
    return page


def test_empty_ledger_has_three_doors_and_the_notice(qtbot: QtBot, world: World) -> None:
    page = shown(qtbot, world)
    assert page.stack.currentWidget() is page.doors
    assert [door.text() for door in page.doors.buttons] == ["导入台账", "新建项目", "载入示例"]
    for door in page.doors.buttons:
        door.click()
    assert world.calls == ["import_files", "new_project", "load_sample"]
    assert page.notice.isVisible()
    page._on_notice_read()
    assert not WorkbenchPage(world.context, today=TODAY).notice.isVisibleTo(page)


def test_due_items_are_grouped_soonest_first(qtbot: QtBot, world: World) -> None:
    fill(world)
    page = shown(qtbot, world)
    rows = [row for row in page.due.due_rows() if row.kind != "gap"]
    assert [row.kind if isinstance(row, Group) else (row.title, row.due, row.days) for row in rows] == [
        "pending",
        ("台账.xlsx", "2026-11-23", 0),
        "expiring",
        ("《旧协议》", "2026-11-20", -3),
        ("《备忘录》", "2027-01-15", 53),
        "anniversary",
        ("北京市—布拉格", "2027-01-20", 58),
    ]
    assert isinstance(rows[-1], Due) and rows[-1].number == 10
    qtbot.waitUntil(lambda: bool(page.gaps))
    with qtbot.waitSignal(page.count_changed) as counted:
        page._is_stale = True
        page.activate()
    assert counted.args == [4 + len(page.gaps)]


def test_links_lead_to_the_records(qtbot: QtBot, world: World) -> None:
    fill(world)
    page = shown(qtbot, world)
    for row in (1, 3, 6):
        index = page.due.rows.index(row, 5)
        qtbot.mouseClick(page.due.viewport(), Qt.MouseButton.LeftButton, pos=page.due.visualRect(index).center())
    assert world.calls == ["exchange", ("P3", "agreement", 5), ("T1", "activity", 0)]


def test_what_my_records_lack_opens_them(qtbot: QtBot, world: World) -> None:
    fill(world)
    page = shown(qtbot, world)
    qtbot.waitUntil(lambda: bool(page.gaps))
    found = {gap.title: gap.project_ids for gap in page.gaps}
    assert found["domestic_places"] == (3, 5) and found["outcomes"] == (2, 3, 4, 5)
    assert "start" not in found and "status" not in found
    page.settle(next(gap for gap in page.gaps if gap.title == "domestic_places"))
    assert [(one.title, one.ids) for one in world.opened] == [("未填：国内城市", (3, 5))]


def test_visits_and_follow_ups_wait_until_they_are_over(qtbot: QtBot, world: World) -> None:
    fill(world)
    with world.database.write() as session:
        for title, kind, begin, end in (
            ("下周来访", "visit_in", "2026-12-01", None),
            ("正在出访", "visit_out", "2026-11-20", "2026-11-25"),
            ("已结束", "visit_out", "2026-11-01", "2026-11-22"),
            ("明年", "visit_out", "2027-05-01", None),
            ("当月", "visit_in", "2026-11", None),
            ("会议", "meeting", "2026-12-01", None),
        ):
            add_record(session, "activity", "P1", {"title": title, "kind": kind, "date": begin, "ended": end})
        add_record(session, "follow_up", "P1", {"what": "寄送感谢信", "due": "2026-11-20"})
    page = shown(qtbot, world)
    assert page.agenda is not None
    visits = [(item.title, item.due, item.days) for item in page.agenda.due if item.kind == "visit"]
    assert visits == [("当月", "2026-11", 7), ("正在出访", "2026-11-20", 0), ("下周来访", "2026-12-01", 8)]
    waiting = next(item for item in page.agenda.due if item.kind == "follow_up")
    assert (waiting.owner, waiting.is_late, action(waiting.kind)) == ("P1", True, "办结")
    world.context.runner.changed.connect(page.on_changed)
    page.settle(waiting)
    qtbot.waitUntil(lambda: page.agenda is not None and all(item.kind != "follow_up" for item in page.agenda.due))
    with world.database.write() as session:
        undo_last(session)
        assert any(item.kind == "follow_up" for item in due_items(session, TODAY))


def test_the_key_of_the_act_and_of_the_place(qtbot: QtBot, world: World) -> None:
    fill(world)
    page = shown(qtbot, world)
    page.due.setCurrentIndex(page.due.rows.index(3, 0))
    qtbot.keyClick(page.due, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert world.calls == [("P3", "agreement", 5)]


def test_the_latest_records_are_a_click_away(qtbot: QtBot, world: World) -> None:
    fill(world)
    page = shown(qtbot, world)
    assert page.agenda is not None
    assert [row.title for row in page.agenda.records] == ["五", "四", "三", "二", "一"]
    with world.database.write() as session:
        edit_fields(session, ["P2"], {"title": "二改"})
        delete_projects(session, ["P5"])
    with world.database.read() as session:
        assert [row.title for row in recent_records(session)] == ["二改", "四", "三", "一"]
    page.panel.records.row_delegate.link_clicked.emit(page.panel.records.rows.index(0, 0))
    assert world.calls == ["P5"]


def test_a_group_folds(qtbot: QtBot, world: World) -> None:
    fill(world)
    page = shown(qtbot, world)
    before = len(page.due.due_rows())
    index = page.due.rows.index(2, 0)
    qtbot.mouseClick(page.due.viewport(), Qt.MouseButton.LeftButton, pos=page.due.visualRect(index).center())
    assert len(page.due.due_rows()) == before - 2


def test_this_year_against_last_year_to_the_same_day(qtbot: QtBot, world: World) -> None:
    fill(world)
    page = shown(qtbot, world)
    assert page.agenda is not None
    figures = {figure.code: figure for figure in page.agenda.figures}
    # 三 started after 23 November 2025; the day of 五 is not known.
    assert (figures["projects"].now_ids, figures["projects"].before_ids) == ((4,), (2,))
    assert (figures["pairs"].now, figures["pairs"].before) == (1, 1)
    assert (figures["activities"].now, figures["activities"].before) == (1, 0)
    assert (figures["outcomes"].now_ids, figures["outcomes"].before_ids) == ((1,), (1,))
    # Stock 2026: 一 四 practical, 二 三 exchange; stock 2025: 一 practical, 二 exchange.
    assert (figures["practical"].now, figures["practical"].before) == (50.0, 50.0)
    # 2026: the agreement of 四 (with its pair); 2025: the two papers of 二.
    assert (figures["agreements"].now, figures["agreements"].before) == (1, 2)
    assert page.agenda.cumulative.unplaced == (5,)
    assert page.agenda.cumulative.now[-1][1] == 1 and page.agenda.cumulative.before[-1][1] == 2
    assert page.agenda.cumulative.same_day[1] == 1


def test_a_figure_opens_its_projects(qtbot: QtBot, world: World) -> None:
    fill(world)
    page = shown(qtbot, world)
    table = page.panel.table
    for column in (1, 2, 3):
        index = table.rows.index(0, column)
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(index).center())
    assert [(found.title, found.ids) for found in world.opened] == [("新增项目 2026", (4,)), ("新增项目 2025", (2,))]


def test_dates_of_reduced_precision() -> None:
    assert days_to("2026-12-01", TODAY) == 8
    assert days_to("2026-11", TODAY) == 7
    assert days_to("2026", TODAY) is None
    assert next_anniversary("2016-12-01", TODAY) == ("2026-12-01", 10)
    assert next_anniversary("2016-11-22", TODAY) is None
    assert next_anniversary("2007-05", TODAY) is None
    assert next_anniversary("2007-04", TODAY) == ("2027-04", 20)
    assert next_anniversary("2006", TODAY) == ("2026", 20)
    assert next_anniversary("1996-02-29", datetime.date(2026, 1, 1)) == ("2026-02-28", 30)
    assert next_anniversary("2021-12-01", TODAY) is None
    assert next_anniversary("2021-12-01", TODAY, step=5) == ("2026-12-01", 5)
    assert next_anniversary("2016-12-01", TODAY, ahead=7) is None
    assert same_day_last_year(datetime.date(2024, 2, 29)) == datetime.date(2023, 2, 28)
