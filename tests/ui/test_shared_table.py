"""The table of long lists: windows of rows, order, columns, copying; every model under Qt's own tester."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QMenu, QStyle, QStyleOptionViewItem

from bri_desktop.ui.settings import Settings, table_setting
from bri_desktop.ui.shared.cells import (
    ABSENT,
    CELL_ROLE,
    ID_ROLE,
    Change,
    Framed,
    Link,
    Named,
    Status,
    Toned,
    Verdict,
    status_cell,
)
from bri_desktop.ui.shared.model import WINDOW_ROWS, Column, WindowedModel, tsv
from bri_desktop.ui.shared.table import LedgerTable
from bri_desktop.ui.shared.tokens import LIGHT, Size

Strict = QAbstractItemModelTester.FailureReportingMode.Fatal

COLUMNS = [
    Column("code", "编号", lambda row: f"2017-{row:03}", 78, priority=2),
    Column("title", "项目名称", lambda row: f"项目 {row}", 214, stretch=True),
    Column("city", "外方城市", lambda row: Named("布拉格", "捷克"), 150, priority=1),
    Column("amount", "金额", lambda row: ABSENT, 80, is_right=True, priority=3),
    Column("note", "备注", lambda row: "一\t二\n三", 80, is_shown=False, is_sortable=False, priority=4),
]


class Store:
    """Rows that arrive when told to."""

    def __init__(self):
        self.asked = []
        self.waiting = []

    def fetch(self, ids, arrived):
        self.asked.append(list(ids))
        self.waiting.append((list(ids), arrived))

    def deliver(self):
        waiting, self.waiting = self.waiting, []
        for ids, arrived in waiting:
            arrived({key: key for key in ids})


@pytest.fixture
def store():
    return Store()


@pytest.fixture
def model(qapp, store):
    return WindowedModel(COLUMNS, store.fetch)


@pytest.fixture
def table(qtbot, model):
    made = LedgerTable("台账", model)
    qtbot.addWidget(made)
    made.resize(700, 29 + 20 * 28)
    made.show()
    return made


def test_model_keeps_qts_rules(qtbot, model, store):
    QAbstractItemModelTester(model, Strict)
    model.set_ids(list(range(200)))
    qtbot.wait(5)
    store.deliver()
    model.refresh()
    qtbot.wait(5)
    store.deliver()
    model.set_ids([])
    model.set_ids([7, 5], {7: 7, 5: 5})


def test_only_the_windows_in_view_are_fetched(qtbot, table, store):
    table.show_ids(list(range(100_000)))
    qtbot.waitUntil(lambda: bool(store.asked))
    store.deliver()
    table.rows.refresh()
    table.scrollTo(table.rows.index(50_000, 0))
    qtbot.waitUntil(lambda: any(50_000 in ids for ids in store.asked))
    store.deliver()
    qtbot.wait(20)
    assert sum(map(len, store.asked)) <= 5 * WINDOW_ROWS
    assert table.rows.index(50_000, 1).data() == "项目 50000"


def test_rows_appear_when_they_arrive(qtbot, model, store):
    model.set_ids([30, 10, 20])
    assert model.index(0, 1).data() is None
    qtbot.waitUntil(lambda: bool(store.waiting))
    with qtbot.waitSignal(model.dataChanged, timeout=1000) as changed:
        store.deliver()
    assert (changed.args[0].row(), changed.args[1].row()) == (0, 2)
    assert [model.index(row, 1).data() for row in range(3)] == ["项目 30", "项目 10", "项目 20"]


def test_rows_that_come_along_are_shown_at_once(model, store):
    model.set_ids([3, 1], {3: 3, 1: 1})
    assert model.index(0, 0).data() == "2017-003"
    assert store.asked == []


def test_answers_to_an_older_list_are_passed_over(qtbot, model, store):
    model.set_ids([1])
    model.index(0, 0).data()
    qtbot.waitUntil(lambda: bool(store.waiting))
    late = store.waiting[:]
    store.waiting.clear()
    model.set_ids([2])
    late[0][1]({1: 1, 2: 999})
    assert model.index(0, 0).data() is None


def test_refresh_keeps_the_old_rows_until_new_ones_come(qtbot, model, store):
    model.set_ids([1], {1: 1})
    model.refresh()
    assert model.index(0, 1).data() == "项目 1"
    qtbot.waitUntil(lambda: bool(store.waiting))
    store.waiting[0][1]({1: 42})
    assert model.index(0, 1).data() == "项目 42"


def test_row_that_is_gone_stays_empty(qtbot, model, store):
    model.set_ids([1, 2])
    model.index(0, 0).data()
    qtbot.waitUntil(lambda: bool(store.waiting))
    store.waiting[0][1]({2: 2})
    assert model.index(0, 1).data() is None
    assert model.index(1, 1).data() == "项目 2"


def test_roles_of_a_cell(model):
    model.set_ids([5], {5: 5})
    assert model.index(0, 0).data(ID_ROLE) == 5
    assert model.index(0, 2).data(CELL_ROLE) == Named("布拉格", "捷克")
    assert model.index(0, 2).data() == "布拉格 捷克"
    assert model.index(0, 1).data(CELL_ROLE) is None
    assert model.index(0, 3).data(Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight
    assert model.headerData(0, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole) == "编号"


@given(st.lists(st.text(alphabet="城市\t\r\n\"', a1", max_size=6), min_size=1, max_size=4))
def test_copied_text_has_one_cell_for_each_value(values):
    columns = [Column(str(place), "", lambda row, place=place: row[place], 80) for place in range(len(values))]
    lines = tsv([values, values], columns).split("\n")
    assert len(lines) == 2
    for line in lines:
        cells = line.split("\t")
        assert [cell.split() for cell in cells] == [value.split() for value in values]


# --- the table --------------------------------------------------------------------------------------------------------


def test_twenty_rows_of_fixed_height(qtbot, table, store):
    table.show_ids(list(range(100)))
    assert {table.rowHeight(row) for row in (0, 1, 50)} == {Size.ROW}
    assert table.rowAt(19 * 28 + 14) == 19
    assert table.rowAt(table.viewport().height() - 1) in (19, 20)


def click_header(table, section, modifier=Qt.KeyboardModifier.NoModifier):
    at = QPoint(table.header.sectionViewportPosition(section) + 20, 14)
    QTest.mouseClick(table.header.viewport(), Qt.MouseButton.LeftButton, modifier, at)


def test_click_sorts_and_shift_adds(qtbot, table):
    asked = []
    table.sort_changed.connect(asked.append)
    click_header(table, 1)
    click_header(table, 1)
    click_header(table, 0, Qt.KeyboardModifier.ShiftModifier)
    click_header(table, 1, Qt.KeyboardModifier.ShiftModifier)
    click_header(table, 2)
    assert asked == [
        [("title", True)],
        [("title", False)],
        [("title", False), ("code", True)],
        [("title", True), ("code", True)],
        [("city", True)],
    ]
    assert table.sort_order() == [("city", True)]


def test_column_that_cannot_be_sorted_by_is_left_alone(qtbot, table):
    asked = []
    table.sort_changed.connect(asked.append)
    table.set_column_shown("note", True)
    table.resize(1000, 400)
    click_header(table, 4)
    assert asked == []


def test_columns_fill_the_width_and_go_by_priority(table):
    def widths():
        return {COLUMNS[section].key: table.columnWidth(section) for section in table.shown_sections()}

    assert list(widths()) == ["code", "title", "city", "amount"]
    assert sum(widths().values()) == table.viewport().width()
    table.resize(480, 400)
    assert list(widths()) == ["code", "title", "city"]
    assert sum(widths().values()) == table.viewport().width()
    table.resize(300, 400)
    assert list(widths()) == ["title"]
    table.resize(700, 400)
    assert list(widths()) == ["code", "title", "city", "amount"]


def test_column_menu_shows_and_hides(table):
    menu = table.column_menu()
    actions = {action.text(): action for action in menu.actions() if action.text()}
    assert not actions["备注"].isChecked()
    assert not actions["项目名称"].isEnabled()
    actions["备注"].trigger()
    actions["金额"].trigger()
    shown = [COLUMNS[section].key for section in table.shown_sections()]
    assert shown == ["code", "title", "city", "note"]
    actions["恢复默认列"].trigger()
    assert [COLUMNS[section].key for section in table.shown_sections()] == ["code", "title", "city", "amount"]


def test_columns_are_remembered(qtbot, tmp_path, store):
    def build():
        made = LedgerTable("台账", WindowedModel(COLUMNS, store.fetch))
        qtbot.addWidget(made)
        made.resize(900, 400)
        made.remember_in(settings, "projects")
        made.show()
        return made

    settings = Settings(tmp_path / "window.ini")
    first = build()
    first.set_column_shown("amount", False)
    first.header.moveSection(2, 0)
    first.header.resizeSection(first.header.logicalIndex(0), 177)
    first.set_sort_order([("title", False), ("code", True)])
    qtbot.waitUntil(lambda: settings.get(table_setting("projects")) != {}, timeout=2000)
    second = build()
    assert [COLUMNS[section].key for section in second.shown_sections()] == ["city", "code", "title"]
    assert second.columnWidth(2) == 177
    assert second.sort_order() == [("title", False), ("code", True)]


def test_layout_of_another_version_is_taken_as_far_as_it_fits(table):
    widths = {"gone": 9, "code": "x", "city": 1}
    table.restore_layout({"widths": widths, "places": ["gone", 3], "sort": [["gone", True], 7]})
    assert table.sort_order() == []
    assert [COLUMNS[section].key for section in table.shown_sections()] == ["code", "title", "city", "amount"]


def test_selected_rows_are_copied_as_shown(qtbot, table, store):
    table.show_ids([5, 6, 7], {5: 5, 6: 6, 7: 7})
    table.selectRow(0)
    table.selectRow(1)
    table.selectAll()
    assert table.selected_ids() == [5, 6, 7]
    table.selectRow(2)
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "2017-007\t项目 7\t布拉格 捷克\t—"


def test_rows_out_of_view_are_fetched_to_be_copied(qtbot, table, store):
    table.show_ids(list(range(500)))
    table.selectAll()
    table.copy()
    store.deliver()
    lines = QGuiApplication.clipboard().text().split("\n")
    assert len(lines) == 500
    assert lines[499].startswith("2017-499\t项目 499")


def test_rows_open_by_double_click_and_enter(qtbot, table):
    opened = []
    table.opened.connect(opened.append)
    table.show_ids([5, 6], {5: 5, 6: 6})
    spot = table.visualRect(table.rows.index(1, 1)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot)
    QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot)
    table.select_id(5)
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert opened == [6, 5]


def test_current_record_stays_current(table):
    table.show_ids([5, 6, 7], {5: 5, 6: 6, 7: 7})
    table.select_id(6)
    table.show_ids([6, 5], {5: 5, 6: 6})
    assert table.current_id() == 6
    assert table.selected_ids() == [6]
    table.show_ids([5], {5: 5})
    assert table.current_id() is None
    assert not table.select_id(99)


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_context_menu_offers_copying(qtbot, table):
    table.show_ids([5], {5: 5})
    menus = []
    table.menu_opened.connect(menus.append)
    table.customContextMenuRequested.emit(QPoint(5, 5))
    assert isinstance(menus[0], QMenu)
    assert menus[0].actions()[0].text() == "复制"
    menus[0].close()


def test_scrolling_a_hundred_thousand_rows_stays_smooth(qtbot, table, store):
    """Not a measurement: a scroll to any place costs windows, not rows."""
    table.show_ids(list(range(100_000)))
    chosen = random.Random(7)
    for _ in range(30):
        table.scrollTo(table.rows.index(chosen.randrange(100_000), 0))
        table.viewport().repaint()
    qtbot.wait(5)
    store.deliver()
    assert sum(map(len, store.asked)) <= 64 * WINDOW_ROWS


# --- what cells look like ---------------------------------------------------------------------------------------------


def drawn(table, cell, *, right=False, selected=False, width=160):
    """Return a cell as a picture, drawn by the table's delegate."""
    model = WindowedModel([Column("x", "", lambda _row: cell, width, is_right=right)], lambda ids, arrived: None)
    model.set_ids([1], {1: 1})
    image = QImage(width, Size.ROW, QImage.Format.Format_RGB32)
    image.fill(QColor(LIGHT.surface))
    option = QStyleOptionViewItem()
    option.rect = image.rect()
    option.state = QStyle.StateFlag.State_Selected if selected else QStyle.StateFlag.State_Enabled
    painter = QPainter(image)
    table.row_delegate.paint(painter, option, model.index(0, 0))
    painter.end()
    return image


def colours_of(image):
    return {image.pixelColor(x, y).name().upper() for x in range(image.width()) for y in range(image.height())}


@pytest.mark.parametrize(
    ("cell", "role"),
    [
        ("布拉格", "text"),
        (Toned("逾期 3 天", "error", bold=True), "error"),
        (Named("布拉格", "捷克"), "secondary"),
        (Link("去合并"), "accent"),
        (Change("1800 万", "1,800 万元"), "series_1"),
        (Framed("2017.10"), "warning"),
        (Framed("#REF!", "error"), "error"),
        (Status("已完成", "full", "series_3"), "series_3"),
        (Verdict("拒绝", "x", "error", bold=True), "error"),
    ],
)
def test_cells_are_drawn_in_their_colour(table, cell, role):
    found = colours_of(drawn(table, cell))
    assert LIGHT.surface in found
    assert LIGHT.line in found
    assert getattr(LIGHT, role) in found
    assert LIGHT.selection in colours_of(drawn(table, cell, selected=True))


def ink(image):
    """Return first and last column of pixels that is neither ground nor line."""
    empty = {LIGHT.surface, LIGHT.line}
    columns = [
        x
        for x in range(image.width())
        if any(image.pixelColor(x, y).name().upper() not in empty for y in range(image.height()))
    ]
    return columns[0], columns[-1]


@pytest.mark.parametrize("cell", ["12", Toned("12"), Change("1", "2"), Framed("12")])
def test_numbers_stand_at_the_right(table, cell):
    first, last = ink(drawn(table, cell, right=True))
    assert first > 80
    assert 146 <= last <= 158


def test_models_of_any_kind_are_drawn_alike(table):
    def picture(index):
        image = QImage(160, Size.ROW, QImage.Format.Format_RGB32)
        image.fill(QColor(LIGHT.surface))
        option = QStyleOptionViewItem()
        option.rect = image.rect()
        painter = QPainter(image)
        table.row_delegate.paint(painter, option, index)
        painter.end()
        return image

    for cell in ("布拉格", Named("布拉格", "捷克"), Framed("2017.10")):
        item = QStandardItem(cell if isinstance(cell, str) else "")
        if not isinstance(cell, str):
            item.setData(cell, CELL_ROLE)
        item.setTextAlignment(Qt.AlignmentFlag.AlignRight)
        plain = QStandardItemModel()
        plain.appendRow(item)
        model = WindowedModel([Column("x", "", lambda _row, cell=cell: cell, 160, is_right=True)], lambda *_: None)
        model.set_ids([1], {1: 1})
        assert picture(plain.index(0, 0)) == picture(model.index(0, 0))


def test_long_text_is_cut_inside_its_cell(table):
    for cell in ("名" * 60, Named("名" * 60, "国"), Toned("名" * 60), Change("旧" * 30, "新" * 30), Framed("名" * 60)):
        assert ink(drawn(table, cell))[1] <= 157


def test_statuses_differ_by_shape_alone(table):
    codes = ("idea", "intent", "approval", "signed", "active", "suspended", "completed", "terminated")
    shapes = [status_cell(code, "").shape for code in codes]
    assert len(set(shapes)) == len(codes)
    pictures = []
    for shape in shapes:
        image = drawn(table, Status("", shape, "text"))
        pictures.append(bytes(image.constBits()))
    assert len(set(pictures)) == len(codes)


def test_link_is_followed_by_a_click(qtbot, store):
    model = WindowedModel([Column("do", "操作", lambda _row: Link("去合并"), 200)], store.fetch)
    table = LedgerTable("待办", model)
    qtbot.addWidget(table)
    table.show_ids([9], {9: 9})
    table.show()
    spot = table.visualRect(model.index(0, 0)).center()
    with qtbot.waitSignal(table.row_delegate.link_clicked, timeout=1000) as clicked:
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot)
    assert clicked.args[0].data(ID_ROLE) == 9


def test_a_second_city_is_read_in_full_where_there_is_room_for_it_and_the_title(qtbot, store):
    """Of what is left the title gets 150 pixels first, then the cities their 60, then the title the rest."""
    columns = [COLUMNS[1], Column("city", "外方城市", lambda row: "布拉格、华沙", 140, grow=60, priority=1)]
    table = LedgerTable("台账", WindowedModel(columns, store.fetch))
    qtbot.addWidget(table)

    def widths(room):
        table.resize(room + table.width() - table.viewport().width(), 300)
        return table.columnWidth(0), table.columnWidth(1)

    table.show()
    assert widths(214 + 140 + 100) == (314, 140)
    assert widths(214 + 140 + 180) == (364, 170)
    assert widths(214 + 140 + 400) == (554, 200)
    table.header.resizeSection(1, 100)
    assert widths(214 + 100 + 400) == (614, 100)
