"""交回合并 in a real window: a workbook that was sent, filled in and sent back is reviewed and merged cell by cell."""

from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from small_context import World, small_world
from sqlalchemy import select

from bri_desktop.db.models import Project
from bri_desktop.services.history import undo_last
from bri_desktop.services.issuing import Order, issue
from bri_desktop.services.merging_show import CELL, HEAD
from bri_desktop.services.projects import edit_fields
from bri_desktop.ui import dialogs
from bri_desktop.ui.exchange.merging_room import MergeRoom
from bri_desktop.ui.native_dialogs import NativeDialogs

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
HEAD_ROW = 4


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as made:
        for number in range(1, 13):
            made.add(title=f"合作项目 {number}", status="signed", note=f"备注 {number}", signed=f"20{number:02d}-05")
        yield made


@pytest.fixture
def sent(world: World, tmp_path: Path) -> Path:
    """A workbook with all twelve projects."""
    path = tmp_path / "发出.xlsx"
    with world.database.write() as session:
        issue(session, Order(department="市商务局"), path)
    return path


@pytest.fixture
def come_back(sent: Path, tmp_path: Path) -> Callable[[dict[tuple[int, str], object]], Path]:
    """Return a function that writes cells (row of data from 1, head) and saves the workbook as the department's."""

    def written(cells: dict[tuple[int, str], object]) -> Path:
        book = openpyxl.load_workbook(sent)
        sheet = book["项目"]
        columns = heads(sheet)
        for (row, head), value in cells.items():
            sheet.cell(HEAD_ROW + row, columns[head]).value = value
        path = tmp_path / "交回.xlsx"
        book.save(path)
        return path

    return written


def heads(sheet: Worksheet) -> dict[str, int]:
    return {str(cell.value).rstrip(" *"): cell.column for cell in sheet[HEAD_ROW] if cell.value}


@pytest.fixture
def room(qtbot: QtBot, world: World) -> MergeRoom:
    made = MergeRoom(world.context)
    qtbot.addWidget(made)
    made.resize(1214, 690)
    made.show()
    return made


def opened(qtbot: QtBot, room: MergeRoom, path: Path) -> None:
    room.open(path)
    qtbot.waitUntil(lambda: room.stack.currentIndex() == 1, timeout=30_000)


def project(world: World, title: str) -> Project:
    with world.database.read() as session:
        return session.scalars(select(Project).where(Project.title == title)).one()


def edit(world: World, title: str, **values: object) -> None:
    key = f"P{project(world, title).id}"
    with world.database.write() as session:
        edit_fields(session, [key], values)


def merged(qtbot: QtBot, room: MergeRoom) -> None:
    room.merge()
    qtbot.waitUntil(lambda: room.message.isVisible(), timeout=30_000)


def lines(room: MergeRoom) -> list[tuple[str, str, str]]:
    """Return (field, now, came back) of the values shown."""
    return [(line.name, line.current, line.returned) for line in room.table.rows.rows if line.kind == CELL]


def test_one_sided_changes_are_taken_and_a_clash_is_asked(qtbot: QtBot, room, world: World, come_back) -> None:
    path = come_back({(1, "备注"): "部门补充", (2, "备注"): "部门改的"})
    rows = openpyxl.load_workbook(path)["项目"]
    disputed = str(rows.cell(HEAD_ROW + 2, heads(rows)["项目名称"]).value)
    taken = str(rows.cell(HEAD_ROW + 1, heads(rows)["项目名称"]).value)
    edit(world, disputed, note="我们改的")
    opened(qtbot, room, path)
    assert sorted(lines(room)) == sorted(
        [("备注", project(world, taken).note, "部门补充"), ("备注", "我们改的", "部门改的")]
    )
    assert len(room.open_lines()) == 1
    merged(qtbot, room)
    assert project(world, taken).note == "部门补充"
    assert project(world, disputed).note == "我们改的"
    assert "1 处待定" in room.message.text_label.text()


def test_keys_take_a_side_and_go_on(qtbot: QtBot, room, world: World, come_back) -> None:
    path = come_back({(1, "备注"): "甲", (2, "备注"): "乙"})
    for number in range(1, 13):
        edit(world, f"合作项目 {number}", note="我们改的")
    opened(qtbot, room, path)
    first = next(row for row, line in enumerate(room.table.rows.rows) if line.kind == CELL)
    room.table.selectRow(first)
    QTest.keyClick(room.table, Qt.Key.Key_2)
    QTest.keyClick(room.table, Qt.Key.Key_1)
    assert room.open_lines() == []
    merged(qtbot, room)
    with world.database.read() as session:
        assert set(session.scalars(select(Project.note))) == {"甲", "我们改的"}


def test_a_cleared_cell_is_asked_and_cleared_only_when_chosen(qtbot: QtBot, room, world: World, come_back) -> None:
    opened(qtbot, room, come_back({(1, "备注"): None}))
    (line,) = room.open_lines()
    room.table.choose([line], "theirs")
    merged(qtbot, room)
    with world.database.read() as session:
        assert session.scalars(select(Project.note)).all().count(None) == 1
    with world.database.write() as session:
        undo_last(session)
    with world.database.read() as session:
        assert session.scalars(select(Project.note)).all().count(None) == 0


def test_damage_is_told_first_and_stops_the_merge(qtbot: QtBot, room, world: World, come_back) -> None:
    """The column of notes was sorted alone: the values are all there, but beside other projects."""
    shifted = {(row, "备注"): f"备注 {(row + 4) % 12 + 1}" for row in range(1, 13)}
    opened(qtbot, room, come_back(shifted))
    assert room.damage.isVisible() and "备注" in room.damage.first.text()
    assert not room.merge_button.isEnabled() and room.reason.isVisible()
    room.damage.accept_button.click()
    assert room.merge_button.isEnabled() and not room.reason.isVisible()


def test_a_damaged_column_can_be_left_out_while_the_rest_is_merged(qtbot: QtBot, room, world: World, come_back) -> None:
    """The notes were sorted alone and one status was changed: the notes stay, the status is taken."""
    shifted: dict[tuple[int, str], object] = {(row, "备注"): f"备注 {(row + 4) % 12 + 1}" for row in range(1, 13)}
    opened(qtbot, room, come_back({**shifted, (2, "状态"): "实施中"}))
    room.damage.look_button.click()
    assert {line.name for line in room.table.rows.rows if line.kind == CELL} == {"备注"}
    room.damage.leave_out_button.click()
    merged(qtbot, room)
    with world.database.read() as session:
        rows = session.execute(select(Project.title, Project.note, Project.status)).all()
    assert {(title.split()[-1], note.split()[-1]) for title, note, _ in rows} == {
        (str(n), str(n)) for n in range(1, 13)
    }
    assert [status for *_, status in rows].count("active") == 1


def type_other(qtbot: QtBot, room, text: str) -> None:
    """Open the row by its key, write, press Enter, and wait for the answer."""
    QTest.keyClick(room.table, Qt.Key.Key_3)
    editor = room.table.editor
    editor.edit.setText(text)
    before = editor.hint.text()
    QTest.keyClick(editor.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: room.table.editor is not editor or editor.hint.text() != before, timeout=10_000)


def test_a_third_value_is_checked_like_the_form_and_written(qtbot: QtBot, room, world: World, come_back) -> None:
    path = come_back({(1, "签署日期"): "2011-08"})
    title = str(openpyxl.load_workbook(path)["项目"].cell(HEAD_ROW + 1, 3).value)
    edit(world, title, signed="2012-09")
    opened(qtbot, room, path)
    room.table.selectRow(1)
    type_other(qtbot, room, "很久以前")
    assert "日期" in room.table.editor.hint.text()
    assert room.table.choice_of(room.open_lines()[0]) is None
    QTest.keyClick(room.table.editor.edit, Qt.Key.Key_Escape)
    assert room.table.editor is None and len(room.open_lines()) == 1
    type_other(qtbot, room, "2013年10月")
    assert room.open_lines() == []
    assert room.table.model().index(2, 2).data() == "另填：2013-10"
    assert room.table.columnSpan(2, 2) == 3
    merged(qtbot, room)
    assert project(world, title).signed == "2013-10"


def test_a_value_that_cannot_be_read_can_be_typed_anew(qtbot: QtBot, room, world: World, come_back) -> None:
    path = come_back({(1, "签署日期"): "不详"})
    title = str(openpyxl.load_workbook(path)["项目"].cell(HEAD_ROW + 1, 3).value)
    opened(qtbot, room, path)
    room.table.selectRow(1)
    type_other(qtbot, room, "2014")
    merged(qtbot, room)
    assert project(world, title).signed == "2014"
    assert "待定" not in room.message.text_label.text()


def test_taking_a_side_again_forgets_the_third_value(qtbot: QtBot, room, world: World, come_back) -> None:
    opened(qtbot, room, come_back({(1, "备注"): "甲"}))
    room.table.selectRow(1)
    type_other(qtbot, room, "丙")
    assert room.table.model().rowCount() == 3
    room.table.selectRow(1)
    QTest.keyClick(room.table, Qt.Key.Key_1)
    assert room.table.model().rowCount() == 2
    merged(qtbot, room)
    with world.database.read() as session:
        assert not {"甲", "丙"} & set(session.scalars(select(Project.note)))


def test_a_click_on_a_circle_chooses(qtbot: QtBot, room, world: World, come_back) -> None:
    opened(qtbot, room, come_back({(1, "备注"): "甲"}))
    table = room.table
    rect = table.visualRect(table.model().index(1, 4))
    spots = table.row_delegate._look(table.model().index(1, 4)).spots(rect)
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=spots[0].center())
    assert table.choices[table.line_at(1).id] == "ours"
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=spots[2].center())
    assert table.editor is not None


def test_untouched_comes_to_nothing(qtbot: QtBot, room, come_back) -> None:
    opened(qtbot, room, come_back({}))
    assert room.table.rows.rows == ()
    assert room.message.isVisible()


def test_heads_span_and_the_filter_keeps_them_over_their_lines(qtbot: QtBot, room, world: World, come_back) -> None:
    path = come_back({(1, "备注"): "甲", (3, "签署日期"): "不知道"})
    opened(qtbot, room, path)
    room.account.widgets()
    kinds = [line.kind for line in room.table.rows.rows]
    assert kinds == [HEAD, CELL, HEAD, CELL]
    assert room.table.columnSpan(0, 0) == room.table.rows.columnCount()


def test_the_answer_is_written_where_asked(qtbot: QtBot, room, world: World, come_back, tmp_path: Path) -> None:
    opened(qtbot, room, come_back({(3, "签署日期"): "不知道"}))
    target = tmp_path / "回执.xlsx"

    class Answers(NativeDialogs):
        def save_file(self, *_question: object) -> Path:
            return target

    with dialogs.answering(Answers()):
        room.answer()
        qtbot.waitUntil(target.exists, timeout=30_000)
        qtbot.waitUntil(lambda: room.message.isVisible(), timeout=30_000)
    sheet = openpyxl.load_workbook(target)["项目"]
    cell = sheet.cell(HEAD_ROW + 3, heads(sheet)["签署日期"])
    assert cell.comment is not None and "日期" in cell.comment.text


def test_a_file_that_is_no_workbook_gets_one_sentence(qtbot: QtBot, room, tmp_path: Path) -> None:
    path = tmp_path / "信.xlsx"
    path.write_bytes(b"not a workbook at all")
    room.open(path)
    qtbot.waitUntil(lambda: room.error.isVisible(), timeout=30_000)
    assert room.error.text_label.text().count("。") >= 1
