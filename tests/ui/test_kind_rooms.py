"""The ledger page of a kind of record: found, edited, deleted and brought back, written out and taken in."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from bri_desktop import i18n
from bri_desktop.domain.record_kinds import KINDS
from bri_desktop.services.hanging import add_record
from bri_desktop.ui import dialogs
from bri_desktop.ui.projects.page import ProjectsPage
from bri_desktop.ui.shared.context import RecordSet
from bri_desktop.ui.shared.kind_room import KindRoom
from tests.ui.small_context import World, small_world

Settle = Callable[[], None]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    i18n.set_language("zh_CN")
    with small_world(tmp_path) as made:
        made.add(title="港口合作", code="A-1")
        made.add(title="教育合作")
        with made.database.write() as session:
            for key, title, kind, signed in (
                ("P1", "框架协议一", "framework", "2015"),
                ("P1", "备忘录一", "memorandum", "2017-05"),
                ("P2", "备忘录二", "memorandum", "2019"),
            ):
                add_record(session, "agreement", key, {"title": title, "kind": kind, "signed": signed})
        yield made


@pytest.fixture
def settle(qtbot: QtBot, world: World) -> Settle:
    def wait() -> None:
        for _ in range(4):
            qtbot.waitUntil(world.context.runner.is_idle, timeout=20_000)
            qtbot.wait(1)

    return wait


@pytest.fixture
def room(qtbot: QtBot, world: World, settle: Settle) -> KindRoom:
    made = KindRoom(world.context, "agreement")
    world.context.runner.changed.connect(made.on_changed)
    qtbot.addWidget(made)
    made.resize(1100, 600)
    made.show()
    made.reload()
    settle()
    return made


class Files:
    """Answers every question for a file by the same one."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def open_file(self, *_asked: Any) -> Path:
        return self.path

    def save_file(self, *_asked: Any) -> Path:
        return self.path

    def folder(self, *_asked: Any) -> None:
        return None

    def ask(self, *_asked: Any) -> None:
        return None

    def tell(self, *_asked: Any) -> None:
        raise AssertionError(_asked)


def titles(room: KindRoom) -> list[str]:
    return [str(room.model.index(row, 0).data()) for row in range(room.model.rowCount())]


def test_words_codes_years_and_order_find_records(room: KindRoom, settle: Settle) -> None:
    assert titles(room) == ["备忘录二", "备忘录一", "框架协议一"]
    room.search.setText("港口")
    settle()
    assert titles(room) == ["备忘录一", "框架协议一"]
    room.choices["kind"].choose("framework")
    settle()
    assert titles(room) == ["框架协议一"]
    room.choices["kind"].choose("")
    room.search.setText("")
    room.year.choose("2017")
    settle()
    assert titles(room) == ["备忘录一"] and room.count.text() == "1 条，共 3 条"
    room.year.choose("")
    room.table.set_sort_order([("owner", True)])
    room.table.sort_changed.emit([("owner", True)])
    settle()
    assert titles(room)[-1] == "框架协议一" or titles(room)[0] == "备忘录二"


def test_a_record_is_edited_at_the_right_and_what_is_wrong_stays(room: KindRoom, settle: Settle) -> None:
    room.table.opened.emit(room.model.id_at(1))
    settle()
    expires = room.form.editors["expires"]
    assert isinstance(expires, QLineEdit) and room.panel.title_label.text() == "备忘录一"
    expires.setText("2016")
    expires.editingFinished.emit()
    settle()
    assert "2017-05" in room.form.rows["expires"].problem and expires.text() == "2016"
    expires.setText("2027年")
    expires.editingFinished.emit()
    settle()
    assert room.form.rows["expires"].problem == ""
    assert room.model.index(1, room.kind.codes.index("expires") + 1).data() == "2027"


def test_deleted_records_lie_in_the_bin_and_come_back(qtbot: QtBot, room: KindRoom, settle: Settle) -> None:
    room.table.select_id(room.model.id_at(0))
    room.delete()
    settle()
    assert titles(room) == ["备忘录一", "框架协议一"]
    room.bin.setChecked(True)
    settle()
    assert titles(room) == ["备忘录二"]
    room.table.select_id(room.model.id_at(0))
    room.restore()
    settle()
    room.bin.setChecked(False)
    settle()
    assert len(titles(room)) == 3


def test_what_is_shown_is_written_out_and_taken_in_with_its_verdicts(
    room: KindRoom, settle: Settle, tmp_path: Path
) -> None:
    path = tmp_path / "协议.xlsx"
    with dialogs.answering(Files(path)):
        room.choose_export()
        settle()
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    assert heads[:6] == ["记录号", "所属记录号", "所属编号", "归属", "协议名称", "协议种类"] and sheet.max_row == 4
    sheet.cell(2, heads.index("到期日期") + 1).value = "2030"
    sheet.append([None, None, "A-1", None, "新协议"])
    sheet.append([None, "P9", None, None, "错的"])
    book.save(path)
    with dialogs.answering(Files(path)):
        room.choose_import()
        settle()
    assert room.import_panel.equation.text() == "5 行 = 新增 1 + 更新 1 + 未变 2 + 拒绝 1"
    assert room.import_panel.write_button.text() == "导入 2 行"
    room.import_panel.write_button.click()
    settle()
    assert len(titles(room)) == 4 and "新协议" in titles(room)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_page_and_its_model_keeps_the_rules(
    qtbot: QtBot, world: World, settle: Settle, kind: str
) -> None:
    with world.database.write() as session:
        add_record(session, kind, "P1" if KINDS[kind].owners else None, {KINDS[kind].main: "名称"})
    made = KindRoom(world.context, kind)
    qtbot.addWidget(made)
    tester = QAbstractItemModelTester(made.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    made.resize(1100, 600)
    made.show()
    made.reload()
    settle()
    assert "名称" in titles(made)
    del tester


def test_the_ledger_page_switches_to_a_kind_and_back(qtbot: QtBot, world: World, settle: Settle) -> None:
    page = ProjectsPage(world.context)
    qtbot.addWidget(page)
    page.resize(1200, 700)
    page.show()
    page.activate()
    settle()
    page.kinds.choose("agreement")
    settle()
    room = page.kinds.room("agreement")
    assert room.isVisible() and page.beside.isHidden() and page.new_button.isHidden() and len(titles(room)) == 3
    page.open_record("P1")
    settle()
    assert room.isHidden() and page.beside.isVisible() and page.kinds.kind == "project"
    assert qtbot.keyClick(page, Qt.Key.Key_Escape) is None


def test_the_records_of_a_shared_out_figure_stand_with_their_weights(room: KindRoom, settle: Settle) -> None:
    room.search.setText("一")
    room.show_records(RecordSet("亚洲", (3, 1), {3: 1.0, 1: 1 / 3}, "agreement"))
    settle()
    keys = [column.key for column in room.model.columns]
    section = keys.index("weight")
    assert list(room.model.ids()) == [3, 1] and room.search.text() == ""
    assert [room.model.index(row, section).data() for row in range(2)] == ["1", "1/3"]
    assert not room.table.header.isSectionHidden(section)
    assert room.count.text() == "2 条，共 3 条，权重合计 1.3333" and room.set_band.title.text() == "亚洲"
    room.search.setText("备忘录")
    settle()
    room.search.searched.emit("备忘录")
    settle()
    assert list(room.model.ids()) == [3]
    room.set_band.clear()
    settle()
    assert sorted(room.model.ids()) == [2, 3] and room.table.header.isSectionHidden(section)


def test_a_figure_opens_the_room_of_its_kind(qtbot: QtBot, world: World, settle: Settle) -> None:
    page = ProjectsPage(world.context)
    qtbot.addWidget(page)
    page.show()
    page.show_records(RecordSet("协议 亚洲", (2,), None, "agreement"))
    settle()
    assert page.kinds.kind == "agreement" and list(page.kinds.room("agreement").model.ids()) == [2]
    page.show_records(RecordSet("项目 亚洲", (1,)))
    settle()
    assert page.kinds.kind == "project" and list(page.model.ids()) == [1]
