"""Possible duplicates in real windows: answered in a preview, compared, merged and parted in their room."""

import openpyxl
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QPushButton
from small_context import small_world

from bri_desktop.domain.project import ProjectDraft
from bri_desktop.services.distinct import told_apart
from bri_desktop.services.history import undo_last
from bri_desktop.services.projects import count_projects, create_project, get_project
from bri_desktop.ui.exchange.duplicates import DuplicatesRoom
from bri_desktop.ui.exchange.page import ExchangePage
from bri_desktop.ui.theme import Theme

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
PLACES = {"domestic_places": ("cn:110000",), "foreign_places": ("gn:2",)}
HEADER = ["项目名称", "国内城市", "国别", "外方城市", "签署日期"]


@pytest.fixture
def world(qapp, tmp_path):
    theme = Theme(qapp, "light")
    with small_world(tmp_path) as made:
        yield made
    theme.deleteLater()


def shown(qtbot, widget):
    qtbot.addWidget(widget)
    widget.resize(1214, 700)
    widget.show()
    qtbot.waitExposed(widget)
    widget.activate()
    return widget


def alive(world):
    with world.database.read() as session:
        return count_projects(session)


def draft(world, key):
    with world.database.read() as session:
        return get_project(session, key).draft


@pytest.fixture
def room(qtbot, world):
    world.add(title="能源学校", signed="2015-04", note="甲", **PLACES)
    world.add(title="能源学校项目", signed="2015-04-11", summary="概况", note="乙", **PLACES)
    world.add(title="港口论坛", signed="2016", **PLACES)
    world.add(title="港口论坛活动", signed="2016", **PLACES)
    made = shown(qtbot, DuplicatesRoom(world.context))
    qtbot.waitUntil(lambda: made._job is None and made.pairs.rows.rowCount() == 2)
    qtbot.waitUntil(lambda: made.compare.rows.rowCount() > 0)
    QAbstractItemModelTester(made.pairs.rows, QAbstractItemModelTester.FailureReportingMode.Fatal)
    return made


def row_of(room, field):
    return next(n for n, row in enumerate(room.compare.rows.rows) if row.field == field)


def test_fields_are_chosen_and_the_pair_is_merged_by_key(qtbot, world, room):
    chosen = room.pairs.selected()[0]
    assert (chosen.left, chosen.right) == ("P1", "P2")
    room.compare.setCurrentIndex(room.compare.rows.index(row_of(room, "note"), 0))
    qtbot.keyClick(room.compare, Qt.Key.Key_3)
    at = room.compare.visualRect(room.compare.rows.index(row_of(room, "signed"), 2)).center()
    qtbot.mouseClick(room.compare.viewport(), Qt.MouseButton.LeftButton, pos=at)
    room.pairs.selectRow(0)
    qtbot.keyClick(room.pairs, Qt.Key.Key_M)
    qtbot.waitUntil(lambda: room.pairs.rows.rowCount() == 1)
    merged = draft(world, "P1")
    assert (merged.title, merged.signed.value, merged.note, merged.summary) == (
        "能源学校",
        "2015-04-11",
        "甲\n乙",
        "概况",
    )
    assert alive(world) == 3
    with world.database.write() as session:
        undo_last(session)
    assert alive(world) == 4


def test_the_other_record_can_be_the_kept_one(qtbot, world, room):
    qtbot.mouseClick(room.swap_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: room._compared is not None and room._compared.left.key == "P2")
    qtbot.mouseClick(room.merge_act, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: room.pairs.rows.rowCount() == 1)
    assert draft(world, "P2").title == "能源学校项目"
    with world.database.read() as session:
        assert get_project(session, "P1").stored.deleted


def test_many_are_parted_at_once_and_the_decision_is_taken_back(qtbot, world, room):
    room.pairs.selectAll()
    assert "2" in room.distinct_act.text()
    qtbot.keyClick(room.pairs, Qt.Key.Key_D)
    qtbot.waitUntil(lambda: room.stack.currentWidget() is room.empty)
    with world.database.read() as session:
        assert len(told_apart(session)) == 2
    qtbot.waitUntil(room.apart_button.isVisible)
    qtbot.mouseClick(room.apart_button, Qt.MouseButton.LeftButton)
    room.apart.selectRow(0)
    qtbot.mouseClick(room.revoke_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: room._job is None and room.pairs.rows.rowCount() == 1)


def test_what_is_put_off_comes_back(qtbot, world, room):
    qtbot.keyClick(room.pairs, Qt.Key.Key_L)
    assert room.pairs.rows.rowCount() == 1
    qtbot.mouseClick(room.later_button, Qt.MouseButton.LeftButton)
    assert room.pairs.rows.rowCount() == 2


# -- in a preview ----------------------------------------------------------------------------------------------------


@pytest.fixture
def page(qtbot, world, tmp_path):
    with world.database.write() as session:
        for title in ("能源学校", "港口论坛", "中医中心"):
            create_project(
                session, ProjectDraft(title=title, domestic_places=("cn:110000",), foreign_places=("co:JP",))
            )
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    for title in ("能源学校项目", "港口论坛合作", "中医中心工程", "新线路开通"):
        book.active.append([title, "北京", "日本", None, "2015-04"])
    book.save(tmp_path / "a.xlsx")
    made = shown(qtbot, ExchangePage(world.context))
    made.start_import(str(tmp_path / "a.xlsx"))
    qtbot.waitUntil(lambda: made.stack.currentWidget() is made.recognised, timeout=20_000)
    qtbot.waitUntil(made.recognised.next_button.isEnabled)
    qtbot.mouseClick(made.recognised.next_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: made.stack.currentWidget() is made.preview, timeout=20_000)
    yield made
    made.preview._before.clear()
    made.may_leave()


def counts(page):
    return {name: count for name, count in page.preview.plan.report.counts.items() if count}


def press(qtbot, card, text):
    found = [one for one in card.findChildren(QPushButton) if one.text().startswith(text)]
    assert found, [one.text() for one in card.findChildren(QPushButton)]
    qtbot.mouseClick(found[0], Qt.MouseButton.LeftButton)


def test_questions_of_likeness_are_answered_one_by_one_and_many_at_once(qtbot, world, page):
    assert counts(page) == {"pending": 3, "created": 1}
    problems = page.preview.problems
    assert len(problems.many.chosen()) == 3
    press(qtbot, problems.cards[0], "同一项：更新 P1")
    qtbot.waitUntil(lambda: counts(page) == {"pending": 2, "created": 1, "updated": 1}, timeout=20_000)
    problems.many.menu.actions()[2].trigger()
    qtbot.waitUntil(lambda: counts(page) == {"created": 3, "updated": 1}, timeout=20_000)
    qtbot.waitUntil(page.preview.import_button.isEnabled)
    page.apply()
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.done, timeout=20_000)
    assert alive(world) == 6 and draft(world, "P1").title == "能源学校项目"
    with world.database.read() as session:
        assert len(told_apart(session)) == 2


def test_a_row_is_left_out_by_its_tick_and_the_counts_add_up(qtbot, page):
    table = page.preview.table
    place = table.rows.position_of(5)
    y = table.head.sectionViewportPosition(place) + 10
    qtbot.mouseClick(table.head.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(10, y))
    assert not table.rows.is_taken(place)
    qtbot.waitUntil(lambda: counts(page) == {"pending": 3, "left_out": 1}, timeout=20_000)
    terms = {
        term.verdict.code: term.verdict.count for term in page.preview.verdicts.widgets() if hasattr(term, "verdict")
    }
    assert terms["all"] == 4 == terms["pending"] + terms["left_out"]
    table.selectRow(table.rows.position_of(5))
    qtbot.keyClick(table, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: counts(page) == {"pending": 3, "created": 1}, timeout=20_000)
