"""Columns that stand still while the rest scrolls: drawn, clicked, reached by key, edited, remembered."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from bri_desktop.ui.settings import Settings, table_setting
from bri_desktop.ui.shared.model import Column, WindowedModel
from bri_desktop.ui.shared.table import LedgerTable

KEYS = ("code", "title", "city", "mode", "domain", "amount", "note")
COLUMNS = [Column(key, f"栏 {key}", lambda row, key=key: f"{key} {row}", 140) for key in KEYS]


@pytest.fixture
def build(qtbot):
    def made(settings=None):
        model = WindowedModel(COLUMNS, lambda ids, arrived: arrived({key: key for key in ids}))
        table = LedgerTable("台账", model)
        qtbot.addWidget(table)
        table.resize(600, 400)
        if settings is not None:
            table.remember_in(settings, "projects")
        model.set_ids(list(range(200)))
        table.show()
        table.activateWindow()
        return table

    return made


@pytest.fixture
def table(build, qtbot):
    made = build()
    made.freeze(2)
    qtbot.waitUntil(lambda: made.rows.row_at(0) is not None)
    return made


def to_the_right(table):
    bar = table.horizontalScrollBar()
    bar.setValue(bar.maximum())
    assert bar.value() > 280


def left_part(widget, width=280):
    return widget.grab(widget.rect().adjusted(0, 0, width - widget.width(), 0)).toImage()


def test_frozen_columns_look_the_same_however_far_the_rest_is_scrolled(table, qtbot):
    cells, heads = left_part(table.viewport()), left_part(table.header.viewport())
    to_the_right(table)
    assert left_part(table.viewport()) == cells and left_part(table.header.viewport()) == heads
    table.verticalScrollBar().setValue(280)
    assert left_part(table.viewport()) != cells
    table.freeze(0)
    to_the_right(table)
    assert left_part(table.header.viewport()) != heads


def test_clicks_menus_and_rectangles_know_what_is_seen(table):
    to_the_right(table)
    assert table.indexAt(QPoint(20, 40)).column() == 0 and table.indexAt(QPoint(200, 40)).column() == 1
    assert table.indexAt(QPoint(570, 40)).column() == 6
    assert not table.indexAt(QPoint(20, 39_000)).isValid()
    assert table.visualRect(table.rows.index(1, 1)).left() == 140
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(200, 40))
    assert (table.currentIndex().row(), table.currentIndex().column()) == (1, 1)
    assert table.selected_ids() == [1]
    QTest.mouseClick(
        table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, QPoint(570, 28 * 4 + 9)
    )
    assert table.selected_ids() == [1, 2, 3, 4]


def test_keys_bring_a_column_out_from_under_the_frozen_ones(table):
    table.setFocus()
    table.setCurrentIndex(table.rows.index(0, 6))
    for column in (5, 4, 3, 2):
        QTest.keyClick(table, Qt.Key.Key_Left)
        assert table.currentIndex().column() == column
        assert table.visualRect(table.currentIndex()).left() >= 280
    assert table.horizontalScrollBar().value() == 0
    to_the_right(table)
    before = table.horizontalScrollBar().value()
    table.setCurrentIndex(table.rows.index(150, 0))
    assert table.horizontalScrollBar().value() == before
    assert table.viewport().rect().contains(table.visualRect(table.currentIndex()))


def test_heads_sort_and_size_what_is_seen(table, qtbot):
    to_the_right(table)
    head = table.header.viewport()
    asked = []
    table.sort_changed.connect(asked.append)
    QTest.mouseClick(head, Qt.MouseButton.LeftButton, pos=QPoint(200, 10))
    assert asked == [[("title", True)]]
    edge = QPoint(139, 10)
    QTest.mouseMove(head, edge)
    QTest.mousePress(head, Qt.MouseButton.LeftButton, pos=edge)
    QTest.mouseMove(head, QPoint(119, 10))
    QTest.mouseRelease(head, Qt.MouseButton.LeftButton, pos=QPoint(119, 10))
    assert table.columnWidth(0) == 120 and [table.columnWidth(section) for section in (1, 2, 6)] == [140] * 3
    assert len(asked) == 1


def test_menus_freeze_and_what_is_frozen_comes_back(build, tmp_path, qtbot):
    settings = Settings(tmp_path / "window.ini")
    table = build(settings)
    menu = table.column_menu(section=2)
    actions = {action.text(): action for action in menu.actions()}
    actions["冻结至“栏 city”列"].trigger()
    assert table.frozen == 3 and list(table.still_sections()) == [0, 1], "room is left to what scrolls"
    qtbot.waitUntil(lambda: settings.get(table_setting("projects")) != {}, timeout=2000)
    again = build(settings)
    assert again.frozen == 3
    again.resize(1000, 400)
    assert list(again.still_sections()) == [0, 1, 2]
    menu = again.column_menu()
    numbers = {action.text(): action for action in menu.findChild(QMenu).actions()}
    assert numbers["前 3 列（至“栏 city”）"].isChecked()
    numbers["不冻结"].trigger()
    assert again.frozen == 0 and again.still_width() == 0
    again.freeze(1)
    again.header.moveSection(5, 0)
    assert list(again.still_sections()) == [5], "the first column in view, whichever it is"
    again.restore_columns()
    assert again.frozen == 0
