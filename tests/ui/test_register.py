"""发放与回收 in a real window: the register, issuing to several departments, closing, reminding; and the rooms."""

import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QLabel
from small_context import TODAY, small_world

from bri_desktop.services.issue_register import read_register
from bri_desktop.services.issuing import Order, issue
from bri_desktop.services.views import View, save_view
from bri_desktop.ui import dialogs
from bri_desktop.ui.agenda.page import WorkbenchPage
from bri_desktop.ui.exchange.issue_panel import CONTACT, FOLDER, file_name
from bri_desktop.ui.exchange.merging_room import MergeRoom
from bri_desktop.ui.exchange.page import ExchangePage
from bri_desktop.ui.exchange.register import RegisterRoom
from bri_desktop.ui.exchange.rooms import Room, Rooms, RoomSpec

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


class Answers:
    """Answers of a user who chooses these paths."""

    def __init__(self, folder: Path | None = None, save: Path | None = None) -> None:
        self._folder, self._save = folder, save
        self.suggested: Path | None = None

    def ask(self, *_question: Any) -> str | None:
        raise AssertionError

    def tell(self, *_message: Any) -> None:
        raise AssertionError

    def open_file(self, *_question: Any) -> Path | None:
        raise AssertionError

    def save_file(self, _parent: Any, _title: str, _filters: str, suggestion: Path | None) -> Path | None:
        self.suggested = suggestion
        return self._save

    def folder(self, *_question: Any) -> Path | None:
        return self._folder


@pytest.fixture
def world(tmp_path):
    with small_world(tmp_path) as made:
        yield made


@pytest.fixture
def room(world, qtbot):
    made = RegisterRoom(world.context, today=TODAY)
    qtbot.addWidget(made)
    made.resize(1200, 640)
    made.show()
    made.activate()
    wait(world, qtbot)
    return made


def wait(world, qtbot):
    qtbot.waitUntil(world.context.runner.is_idle, timeout=20_000)


def send(world, department, due=None, **wanted):
    with world.database.write() as session:
        path = world.context.path.parent / f"{department}.xlsx"
        return issue(session, Order(department=department, due=due, **wanted), path)


def entries(world):
    with world.database.read() as session:
        return read_register(session, TODAY).entries


def cells(table, row):
    model = table.model()
    return [model.index(row, column).data() for column in range(model.columnCount())]


def test_an_empty_register_offers_to_issue(world, room, qtbot):
    assert room.stack.currentWidget() is room.empty
    room.empty.buttons[0].click()
    assert room.panel.isVisible()
    assert not room.panel.go.isEnabled()
    assert room.panel.go.toolTip() == "还没有选部门。"


def test_the_register_says_what_is_late_and_counts_it(world, room, qtbot):
    world.add(title="甲")
    send(world, "市商务局", "2026-11-20")
    send(world, "市教育局", "2026-12-24")
    counts = []
    room.count_changed.connect(counts.append)
    room.activate()
    wait(world, qtbot)
    QAbstractItemModelTester(room.table.model())
    assert counts == [1]
    rows = [cells(room.table, row) for row in range(2)]
    assert [(row[0], row[1], row[3], row[4], row[5], row[8]) for row in rows] == [
        ("2026-002", "市教育局", "2026-12-24", "31 天", "1", "待交回"),
        ("2026-001", "市商务局", "2026-11-20", "逾期 3 天", "1", "逾期未交"),
    ]
    assert [(button.verdict.word, button.verdict.count) for button in room.states._group.buttons()] == [
        ("全部", 2),
        ("逾期未交", 1),
        ("待交回", 1),
    ]
    next(button for button in room.states._group.buttons() if button.verdict.code == "overdue").click()
    assert room.table.model().rowCount() == 1


def test_several_departments_get_a_file_each(world, room, qtbot, tmp_path):
    world.add(title="甲", department="市商务局")
    world.add(title="乙", department="市教育局")
    world.add(title="丙", department="市教育局")
    out = tmp_path / "发放"
    out.mkdir()
    room.activate()
    wait(world, qtbot)
    room.start()
    panel = room.panel
    with dialogs.answering(Answers(folder=out)):
        panel.choose_folder()
    for row in range(panel.departments.count()):
        panel.departments.item(row).setCheckState(Qt.CheckState.Checked)
    panel.add_department(" 园区管委会 ")
    panel.scope.setCurrentIndex(panel.scope.findData("own"))
    panel.scope.activated.emit(panel.scope.currentIndex())
    panel.contact.set_value("张三 65301234")
    wait(world, qtbot)
    assert panel.count.text() == "合计 3 个项目"
    assert panel.go.text() == "发放 3 份"
    panel.go.click()
    qtbot.waitUntil(lambda: len(entries(world)) == 3 and room._job is None, timeout=20_000)
    wait(world, qtbot)
    assert {(one.department, one.rows, one.due) for one in entries(world)} == {
        ("市商务局", 1, "2026-12-07"),
        ("市教育局", 2, "2026-12-07"),
        ("园区管委会", 0, "2026-12-07"),
    }
    assert sorted(path.name for path in out.iterdir()) == sorted(
        file_name(name, TODAY) for name in ("市商务局", "市教育局", "园区管委会")
    )
    assert room.note.text_label.text().startswith("已发放 3 份，共 3 个项目：")
    assert not room.panel.isVisible()
    assert world.context.settings.get(CONTACT) == "张三 65301234"
    assert world.context.settings.get(FOLDER) == str(out)


def test_a_saved_view_and_chosen_fields_make_the_workbook(world, room, qtbot):
    world.add(title="甲", status="active")
    world.add(title="乙", status="completed")
    with world.database.write() as session:
        save_view(session, View("在建", "status = active"))
    room.activate()
    wait(world, qtbot)
    room.start()
    panel = room.panel
    panel.add_department("市商务局")
    panel.scope.setCurrentIndex(panel.scope.findText("视图：在建"))
    panel.fields.set_fields(("status",))
    panel.due.choose("")
    panel.go.click()
    qtbot.waitUntil(lambda: len(entries(world)) == 1 and room._job is None, timeout=20_000)
    (made,) = entries(world)
    assert (made.filter, made.fields, made.rows, made.due) == ("status = active", ("code", "title", "status"), 1, None)


def test_what_is_wrong_is_said_beside_its_field(world, room, qtbot):
    room.start()
    panel = room.panel
    panel.add_department("市商务局")
    panel.scope.setCurrentIndex(panel.scope.findData("written"))
    panel.scope.activated.emit(panel.scope.currentIndex())
    panel.filter.setText("status =")
    panel.filter.value_changed.emit()
    assert panel.filter_field.problem and not panel.go.isEnabled()
    panel.filter.setText("status = active")
    panel.filter.value_changed.emit()
    assert not panel.filter_field.problem and panel.go.isEnabled()
    panel.due.choose("2026-12")
    assert panel.due_field.problem == "请写明到日。"
    assert not panel.go.isEnabled()
    wait(world, qtbot)


def test_a_file_that_cannot_be_written_is_said_and_nothing_registered(world, room, qtbot, tmp_path):
    room.start()
    room.panel.add_department("市商务局")
    name = file_name("市商务局", TODAY)
    (tmp_path / f".~lock.{name}#").write_text("")
    (tmp_path / name).mkdir()
    (tmp_path / f".~lock.{Path(name).stem} (2).xlsx#").write_text("")
    world.context.settings.set(FOLDER, str(tmp_path))
    room.panel.go.click()
    qtbot.waitUntil(lambda: room._job is None, timeout=20_000)
    wait(world, qtbot)
    # Beside the name that is taken the free one is used.
    assert [one.file_name for one in entries(world)] == [f"{Path(name).stem} (2).xlsx"]


def test_issuing_again_begins_with_the_same_order_and_closes_the_old_one(world, room, qtbot):
    world.add(title="甲", status="active")
    send(world, "市商务局", "2026-11-20", filter_text="status = active", fields=("status",))
    room.activate()
    wait(world, qtbot)
    room.again_button.click()
    panel = room.panel
    assert panel.title_label.text() == "重新发放，代替 2026-001"
    assert panel.chosen_departments() == ["市商务局"]
    panel.go.click()
    qtbot.waitUntil(lambda: len(entries(world)) == 2 and room._job is None, timeout=20_000)
    new, old = entries(world)
    assert (new.filter, new.fields, old.state, old.note) == (old.filter, old.fields, "closed", new.number)
    wait(world, qtbot)


def test_a_workbook_can_be_expected_no_longer_and_again(world, room, qtbot):
    send(world, "市商务局", "2026-11-20")
    room.activate()
    wait(world, qtbot)
    assert room.close_button.text() == "不再等待"
    room.close_button.click()
    wait(world, qtbot)
    assert entries(world)[0].state == "closed"
    qtbot.waitUntil(lambda: room.close_button.text() == "恢复等待")
    room.close_button.click()
    wait(world, qtbot)
    assert entries(world)[0].state == "overdue"


def test_one_click_writes_the_reminder_list_as_word_and_excel(world, room, qtbot, tmp_path):
    """No dialog: the answers of a user would fail the test. A second click overwrites nothing."""
    send(world, "市商务局", "2026-11-20")
    out = tmp_path / "发放"
    out.mkdir()
    world.context.settings.set(FOLDER, str(out))
    room.activate()
    wait(world, qtbot)
    with dialogs.answering(Answers()):
        room.remind_button.click()
        wait(world, qtbot)
        room.remind_button.click()
        wait(world, qtbot)
    names = sorted(path.name for path in out.iterdir())
    assert names == [f"催报单 2026-11-23{copy}.{kind}" for copy in (" (2)", "") for kind in ("docx", "xlsx")]
    assert openpyxl.load_workbook(out / "催报单 2026-11-23.xlsx").worksheets[0]["B2"].value == "市商务局"
    assert "列出未交回的工作簿 1 份" in room.note.text_label.text()
    assert [link.text() for link in room.note._links] == ["打开 Word 催报单", "打开 Excel 催报单"]


def test_nobody_to_remind_is_said_at_the_button(world, room, qtbot):
    assert not room.remind_button.isEnabled()
    assert room.remind_button.toolTip() == "没有未交回的工作簿。"


def test_twelve_departments_in_one_go_with_one_that_has_nothing(world, room, qtbot, tmp_path):
    names = [f"第{number}局" for number in range(12)]
    for name in names[:11]:
        world.add(title=f"{name}的项目", department=name)
    out = tmp_path / "发放"
    out.mkdir()
    world.context.settings.set(FOLDER, str(out))
    room.activate()
    wait(world, qtbot)
    room.start()
    for name in names:
        room.panel.add_department(name)
    room.panel.scope.setCurrentIndex(room.panel.scope.findData("own"))
    room.panel.go.click()
    qtbot.waitUntil(lambda: not room.panel.isVisible(), timeout=60_000)
    wait(world, qtbot)
    empty = next(entry for entry in entries(world) if entry.department == "第11局")
    assert len(entries(world)) == len(list(out.iterdir())) == 12
    assert room.note.text_label.text().endswith(f"；其中没有项目、发的是空表：{empty.number}。")
    assert not room.error.isVisible()


def test_a_folder_that_goes_away_stops_nothing_half_way(world, room, qtbot, tmp_path):
    """Every department is either registered with its file, or named in one sentence with the reason."""
    world.add(title="甲")
    out, moved = tmp_path / "发放", tmp_path / "移走"
    out.mkdir()
    world.context.settings.set(FOLDER, str(out))
    room.activate()
    wait(world, qtbot)
    room.start()
    names = [f"第{number}局" for number in range(12)]
    for name in names:
        room.panel.add_department(name)
    room.panel.go.click()
    qtbot.waitUntil(lambda: bool(room._made), timeout=20_000)
    out.rename(moved)
    qtbot.waitUntil(lambda: room._job is None, timeout=60_000)
    wait(world, qtbot)
    registered = {entry.department for entry in entries(world)}
    said = room.error.text_label.text()
    assert "没有文件夹" in said
    assert 1 <= len(registered) == len([path for path in moved.iterdir() if not path.name.startswith(".")])
    assert all((name in registered) != (name in said) for name in names)


def test_a_return_that_waits_is_told_with_its_damage_and_can_be_gone_on_with(world, room, qtbot, tmp_path):
    for number in range(1, 13):
        world.add(title=f"合作项目 {number}", note=f"备注 {number}")
    send(world, "市商务局", "2026-11-20")
    book = openpyxl.load_workbook(tmp_path / "市商务局.xlsx")
    sheet = book["项目"]
    column = next(cell.column for cell in sheet[4] if cell.value == "备注")
    for row in range(12):
        sheet.cell(5 + row, column).value = f"备注 {(row + 4) % 12 + 1}"
    back = tmp_path / "交回.xlsx"
    book.save(back)
    merging = MergeRoom(world.context)
    qtbot.addWidget(merging)
    merging.open(back)
    wait(world, qtbot)
    room.activate()
    wait(world, qtbot)
    (entry,) = entries(world)
    assert (entry.state, entry.damage, entry.merged_at, entry.is_outstanding) == ("returned", 1, None, False)
    assert cells(room.table, 0)[8] == "交回待处理·有损坏"
    assert room.merge_button.text() == "继续处理交回的文件"
    handed = []
    room.hand_over_wanted.connect(lambda code, path: handed.append((code, path)))
    room.merge_button.click()
    assert handed == [("merging", back)]
    merging.damage.leave_out()
    merging.merge()
    wait(world, qtbot)
    (entry,) = entries(world)
    assert (entry.state, entry.damage, entry.returned) == ("merged", 0, 1)


def test_a_department_typed_through_an_input_method_is_added_on_enter(world, room, qtbot):
    room.start()
    other = room.panel.other
    composing = QInputMethodEvent("shang", [])
    QApplication.sendEvent(other, composing)
    qtbot.keyClick(other, Qt.Key.Key_Return)
    assert room.panel.chosen_departments() == []
    done = QInputMethodEvent()
    done.setCommitString("市商务局")
    QApplication.sendEvent(other, done)
    qtbot.keyClick(other, Qt.Key.Key_Return)
    assert room.panel.chosen_departments() == ["市商务局"]
    assert other.text() == ""
    wait(world, qtbot)


def test_always_sent_fields_cannot_be_taken_away(room):
    room.panel.fields.set_fields(())
    assert room.panel.fields.fields() == ("code", "title")


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("市商务局", "填报表_市商务局_20261123.xlsx"),
        ("a/b:*", "填报表_a b_20261123.xlsx"),
        ("...", "填报表___20261123.xlsx"),
    ],
)
def test_names_of_files_hold_nothing_a_system_refuses(name, wanted):
    assert file_name(name, datetime.date(2026, 11, 23)) == wanted


# -- rooms ---------------------------------------------------------------------------------------------------------


class _Counting(Room):
    def __init__(self, context, parent=None):
        super().__init__(parent)
        self.told = []

    def activate(self):
        self.told.append("activate")

    def on_changed(self, changes, initiator):
        self.told.append("changed")

    def may_leave(self):
        return False


def test_a_room_is_made_when_it_is_first_shown(world, qtbot):
    made = []

    def make(context):
        made.append(_Counting(context))
        return made[-1]

    rooms = Rooms(world.context, "甲", QLabel("first"), [RoomSpec("b", lambda: "乙", make)])
    qtbot.addWidget(rooms)
    assert (rooms.current, made, rooms.may_leave()) == (None, [], True)
    room = rooms.show_room("b")
    assert made == [room] and rooms.stack.currentWidget() is room
    rooms.show_room()
    rooms.show_room("b")
    assert len(made) == 1 and room.told == ["activate", "activate"]
    rooms.on_changed(None, None)
    assert room.told[-1] == "changed" and not rooms.may_leave()
    totals = []
    rooms.count_changed.connect(totals.append)
    room.count_changed.emit(3)
    rooms.show_count(0, 2)
    assert totals == [3, 5] and [rooms.tabs.tabText(place) for place in (0, 1)] == ["甲  2", "乙  3"]
    room.strip_wanted.emit(False)
    assert rooms.strip.isHidden()


def test_the_page_of_exchange_has_the_register_beside_the_import(world, qtbot):
    page = ExchangePage(world.context)
    qtbot.addWidget(page)
    page.show()
    page.activate()
    wait(world, qtbot)
    assert page.rooms.stack.currentIndex() == 0 and page.rooms.strip.isVisible()
    assert isinstance(page.rooms.show_room("issuing"), RegisterRoom)
    wait(world, qtbot)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_the_first_page_writes_the_list_of_whom_to_remind_for_an_overdue_workbook(world, qtbot):
    world.add(title="甲")
    send(world, "市商务局", "2026-11-20")
    world.context.show_register = lambda: world.calls.append("register")
    page = WorkbenchPage(world.context, today=TODAY)
    qtbot.addWidget(page)
    page.resize(1100, 600)
    page.show()
    page.activate()
    wait(world, qtbot)
    model = page.due.rows
    shown = [model.index(1, column).data() for column in (0, 1, 2, 3, 4)]
    assert "市商务局　工作簿 2026-001" in shown and "逾期 3 天" in shown
    spot = page.due.visualRect(model.index(1, model.columnCount() - 1)).center()
    qtbot.mouseClick(page.due.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    qtbot.waitUntil(page.reminding.isVisible, timeout=20_000)
    folder = world.context.path.parent
    assert {path.suffix for path in folder.glob("催报单 2026-11-23.*")} == {".docx", ".xlsx"}
    assert "市商务局" in "".join(part.text for part in Document(folder / "催报单 2026-11-23.docx").tables[0]._cells)
    assert "1 份" in page.reminding.note.text_label.text()
    page.reminding.note.link_clicked.emit("register")
    assert world.calls == ["register"] and not page.reminding.isVisible()
