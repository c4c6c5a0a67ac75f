"""The page of figures over six projects, each number counted by hand; every figure opens exactly its records."""

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from small_context import TODAY, World, small_world

from bri_desktop.domain.changes import Changes
from bri_desktop.ui import dialogs
from bri_desktop.ui.shared.plot_cells import scale_of
from bri_desktop.ui.statistics import StatisticsPage
from bri_desktop.ui.statistics.groupings import GROUPINGS
from bri_desktop.ui.statistics.table import mark_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as made:
        made.add(title="一", mode="sister_city", signed="2017-05-02", foreign_places=("gn:1",))
        made.add(title="二", mode="sister_city", signed="2018-05-02", foreign_places=("gn:2",))
        made.add(title="三", mode="demonstration_park", signed="2026-01-02", foreign_places=("gn:1", "gn:2"))
        made.add(title="四", signed="2026-02-02")
        made.add(title="五", mode="sister_city")
        made.add(title="六", mode="exchange_mechanism", status="intent")
        yield made


@pytest.fixture
def page(qtbot: QtBot, world: World) -> StatisticsPage:
    made = StatisticsPage(world.context, today=TODAY)
    qtbot.addWidget(made)
    made.resize(1200, 700)
    made.show()
    made.activate()
    return made


def choose(qtbot: QtBot, page: StatisticsPage, grouping: str) -> None:
    page.groupings.choose(grouping)
    qtbot.waitUntil(lambda: page.asked is not None and page.asked.request.by == (grouping,))


def cells(page: StatisticsPage, row: int) -> dict[str, str]:
    model = page.figures.table.rows
    return {
        column.key: str(model.data(model.index(row, section), Qt.ItemDataRole.DisplayRole))
        for section, column in enumerate(model.columns)
    }


def test_modes_are_counted_by_hand(qtbot: QtBot, page: StatisticsPage) -> None:
    choose(qtbot, page, "mode")
    assert page.answer is not None
    result = page.answer.result
    # 一 二 三 四 are in the stock; 四 has no mode; 五 has no date; 六 is pipeline.
    assert [(row.key, row.count, row.share_shown) for row in result.rows] == [
        ("sister_city", 2, 66.7),
        ("demonstration_park", 1, 33.3),
        ("exchange_mechanism", 0, 0.0),
        (None, 1, None),
    ]
    first = cells(page, 0)
    assert (first["count"], first["share"], first["baseline"], first["ratio"]) == ("2", "66.7", "33.3", "2.00")
    assert first["gap"] == "多 1.0" and first["view"] == "查看 2 条记录"
    assert page.figures.totals.buttons["total"].text() == "合计 4"
    assert page.figures.totals.buttons["listed"].text() == "= 列入 3"
    assert page.figures.totals.buttons["blank"].text() == "+ 未填 1"
    assert page.figures.totals.buttons["undated"].text() == "未定日期 1"
    assert page.figures.totals.buttons["pipeline"].text() == "储备 1"


def test_a_narrow_window_has_room_for_every_choice(qtbot: QtBot, page: StatisticsPage) -> None:
    choose(qtbot, page, "mode")
    controls = [*page.controls.widgets_of_head(), *page.controls.widgets_of_band()]
    for width in (786, 1200):
        page.resize(width, 552)
        qtbot.waitUntil(lambda: (not page.choices.isAncestorOf(page.controls.year)) == (page.width() > 1000))
        shown = [control for control in controls if control.isVisible()]
        assert len(shown) == 8 and page.tabs.isVisible()

        def apart(shown: list[QWidget] = shown) -> bool:
            areas = [QRect(one.mapTo(page, QPoint()), one.size()) for one in (*shown, page.tabs)]
            whole = all(one.width() >= one.sizeHint().width() for one in shown)
            return whole and not any(one.intersects(other) for one, other in combinations(areas, 2))

        qtbot.waitUntil(apart)


def test_every_figure_opens_exactly_its_records(qtbot: QtBot, page: StatisticsPage, world: World) -> None:
    choose(qtbot, page, "mode")
    table = page.figures.table
    keys = [column.key for column in table.rows.columns]
    for key in ("count", "view"):
        world.opened.clear()
        index = table.rows.index(0, keys.index(key))
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(index).center())
        assert [found.ids for found in world.opened] == [(1, 2)]
    for part, ids in {
        "total": (1, 2, 3, 4),
        "listed": (1, 2, 3),
        "blank": (4,),
        "undated": (5,),
        "pipeline": (6,),
    }.items():
        world.opened.clear()
        page.figures.totals.buttons[part].click()
        assert [found.ids for found in world.opened] == [ids]


def test_several_countries_are_shared_and_reconcile(qtbot: QtBot, page: StatisticsPage, world: World) -> None:
    choose(qtbot, page, "continent")
    assert page.answer is not None
    rows = {row.key: row for row in page.answer.result.rows}
    # 一 Europe, 二 Asia, 三 half and half, 四 nowhere.
    assert (rows["asia"].count, rows["asia"].weight) == (2, 1.5)
    assert (rows["europe"].count, rows["europe"].weight) == (2, 1.5)
    assert page.figures.totals.buttons["listed"].text() == "= 列入 3"
    assert page.figures.finding.text().startswith("亚洲 2 项，占 50.0%（共 4 项）")
    assert "weight" in [page.figures.table.rows.columns[section].key for section in page.figures.table.shown_sections()]


def test_a_year_of_the_trend_opens_its_stock(qtbot: QtBot, page: StatisticsPage, world: World) -> None:
    choose(qtbot, page, "mode")
    assert page.answer is not None
    assert [(point.year, point.total) for point in page.answer.years.series][-10:-7] == [
        (2017, 1),
        (2018, 2),
        (2019, 2),
    ]
    position = [point.year for point in page.answer.years.series].index(2018)
    at = page.figures.below.trend.position_of(0, position).toPoint()
    qtbot.mouseClick(page.figures.below.trend, Qt.MouseButton.LeftButton, pos=at)
    qtbot.waitUntil(lambda: bool(world.opened))
    assert world.opened[0].ids == (1, 2)


def test_flow_of_a_year_and_filter(qtbot: QtBot, page: StatisticsPage) -> None:
    choose(qtbot, page, "mode")
    page.controls.count.choose("flow")
    page.controls.year.choose("2026")
    qtbot.waitUntil(
        lambda: page.answer is not None and page.answer.result.count == "flow" and page.answer.result.year == 2026
    )
    assert page.answer is not None and page.answer.result.total == 2
    page.filter_box.setText("三")
    qtbot.waitUntil(lambda: page.answer is not None and page.answer.result.total == 1)


def test_a_wrong_filter_says_so_and_keeps_the_figures(qtbot: QtBot, page: StatisticsPage) -> None:
    choose(qtbot, page, "mode")
    page.filter_box.setText("nonsense = 1")
    qtbot.waitUntil(page.problem.isVisible)
    assert "nonsense" in page.problem.text_label.text()
    assert page.figures.totals.buttons["total"].text() == "合计 4"


def test_a_change_is_counted(qtbot: QtBot, page: StatisticsPage, world: World) -> None:
    choose(qtbot, page, "mode")
    world.add(title="七", mode="sister_city", signed="2020")
    world.context.statistics.forget()
    page.on_changed(Changes(frozenset({"project"})), None)
    qtbot.waitUntil(lambda: page.figures.totals.buttons["total"].text() == "合计 5")


def test_every_grouping_is_shown(qtbot: QtBot, page: StatisticsPage) -> None:
    for code in GROUPINGS:
        choose(qtbot, page, code)
        assert page.answer is not None and page.answer.result.total == 4
        page.grab()


def test_table_is_copied_and_saved(
    qtbot: QtBot, page: StatisticsPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(qtbot, page, "mode")
    page.copy_table()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].split("\t")[:2] == ["单元", "项数"]
    assert lines[1].split("\t")[:3] == ["友好城市型", "2", "66.7"]
    monkeypatch.setattr(dialogs, "choose_save_file", lambda *_args, **_more: tmp_path / "figures.xlsx")
    with qtbot.waitSignal(page.status_changed):
        page.save_table()
    sheet = load_workbook(tmp_path / "figures.xlsx").worksheets[0]
    values = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert any(row[:2] == ["友好城市型", 2] for row in values)


def test_picture_is_copied_and_saved(
    qtbot: QtBot, page: StatisticsPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(qtbot, page, "mode")
    QGuiApplication.clipboard().clear()
    page.copy_picture()
    qtbot.waitUntil(lambda: not QGuiApplication.clipboard().image().isNull(), timeout=30_000)
    for kind, magic in {"png": b"\x89PNG", "svg": b"<?xml"}.items():
        target = tmp_path / f"figures.{kind}"
        monkeypatch.setattr(dialogs, "choose_save_file", lambda *_args, target=target, **_more: target)
        with qtbot.waitSignal(page.status_changed, timeout=30_000):
            page.save_picture(kind)
        assert target.read_bytes().startswith(magic)


def test_an_empty_ledger_has_no_figures(qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    with small_world(folder) as empty:
        page = StatisticsPage(empty.context, today=TODAY)
        qtbot.addWidget(page)
        page.show()
        page.activate()
        qtbot.waitUntil(lambda: page.answer is not None)
        assert page.figures.finding.text() == "此口径下没有项目。"
        for code in GROUPINGS:
            choose(qtbot, page, code)
        qtbot.mouseClick(page.figures.table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
        assert empty.opened == [] and page.figures.table.rows.rowCount(QModelIndex()) == 0


def test_axis_holds_all_shares(qtbot: QtBot, page: StatisticsPage) -> None:
    choose(qtbot, page, "mode")
    assert page.answer is not None
    scale = scale_of(mark for row in page.answer.result.rows if (mark := mark_of(row)))
    assert (scale.top, scale.step) == (80, 20)
    assert scale_of([]).top > 0
