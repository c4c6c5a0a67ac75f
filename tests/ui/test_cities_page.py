"""Places and ties with the number of their projects; a row opens exactly these."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from small_context import World, small_world

from bri_desktop.db.models import Project
from bri_desktop.ui.cities import CitiesPage
from bri_desktop.ui.cities.page import shown_list
from bri_desktop.ui.shared.context import RecordSet

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as made:
        tie = {"domestic_places": ("cn:110000",), "foreign_places": ("gn:1",)}
        made.add(title="一", signed="2017-01-20", pair_kind="sister", level="municipal", **tie)
        made.add(title="二", signed="2016-05", pair_kind="sister", **tie)
        made.add(title="三", domestic_places=("cn:370200",), foreign_places=("gn:2",), pair_kind="friendly")
        made.add(title="四", domestic_places=("cn:110000",), foreign_places=("gn:2", "gn:3"))
        gone = made.add(title="五", domestic_places=("cn:110000",))
        with made.database.write() as session:
            session.get_one(Project, gone).deleted_at = "2026-01-01T00:00:00Z"
        yield made


@pytest.fixture
def page(qtbot: QtBot, world: World) -> CitiesPage:
    made = CitiesPage(world.context)
    qtbot.addWidget(made)
    made.resize(1200, 700)
    made.show()
    made.activate()
    qtbot.waitUntil(lambda: bool(made.places.shown()))
    return made


def test_places_are_counted(page: CitiesPage) -> None:
    assert [(row.name("zh_CN"), row.projects) for row in page.places.shown()] == [
        ("北京市", 3),
        ("青岛市", 1),
        ("布拉格", 2),
        ("东京", 2),
        ("万象市", 1),
    ]
    assert [row.province_name("zh_CN") for row in page.places.shown()][:3] == ["北京", "山东", ""]
    assert page.tabs.tabText(0) == "城市 5" and page.tabs.tabText(1) == "结对 2"
    assert page.subtitle_label.text() == "正式友城 1 对"


def test_pairs_have_their_first_signing(page: CitiesPage) -> None:
    found = page.pairs.shown()
    assert [(row.domestic.key, row.foreign.key, row.kind, row.signed, row.projects) for row in found] == [
        ("cn:110000", "gn:1", "sister", "2016-05", 2),
        ("cn:370200", "gn:2", "friendly", None, 1),
    ]


@pytest.mark.parametrize(
    ("typed", "names"), [("布拉格", ["布拉格"]), ("bj", ["北京市"]), ("riben", ["东京"]), ("zzz", [])]
)
def test_filter_takes_names_pinyin_and_countries(qtbot: QtBot, page: CitiesPage, typed: str, names: list[str]) -> None:
    page.places.search.setText(typed)
    qtbot.waitUntil(lambda: [row.name("zh_CN") for row in page.places.shown()] == names)


def test_heads_sort(page: CitiesPage) -> None:
    page.places.table.set_sort_order([("projects", True)])
    page.places._fill()
    assert [row.projects for row in page.places.shown()] == [1, 1, 2, 2, 3]


def test_a_place_and_a_pair_open_their_projects(qtbot: QtBot, page: CitiesPage, world: World) -> None:
    for listing, tab in ((page.places, 0), (page.pairs, 1)):
        page.tabs.setCurrentIndex(tab)
        table = listing.table
        last = [column.key for column in table.rows.columns].index("projects")
        index = table.rows.index(0, last)
        before = len(world.opened)
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(index).center())
        qtbot.waitUntil(lambda before=before: len(world.opened) > before)
    assert [(found.title, found.ids) for found in world.opened] == [("北京市", (1, 2, 4)), ("北京市—布拉格", (1, 2))]


def test_the_ties_of_a_shared_out_figure_stand_with_their_weights(page: CitiesPage) -> None:
    page.show_ties(RecordSet("友城 欧洲", (2, 1), {2: 0.5, 1: 1.0}, "pair"))
    assert page.tabs.currentWidget() is page.pairs
    assert [row.id for row in page.pairs.shown()] == [2, 1]
    assert page.pairs.hits.text() == "符合 2 条，共 2 条，权重合计 1.5"
    shown = shown_list(page.pairs)
    assert shown is not None and shown.chart is not None
    at = list(shown.heads).index("权重")
    assert [row[at] for row in shown.rows] == [0.5, 1.0]
    assert shown.chart.columns == (at, list(shown.heads).index("项目")) and shown.chart.names == (0, 1)
    page.pairs.set_band.clear()
    assert [row.id for row in page.pairs.shown()] == [1, 2]
