"""The sketch map on the page of cities: a click opens the records, and what is taken out can be opened again."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from small_context import World, small_world
from sqlalchemy import update

from bri_desktop.charts.geography import great_circle
from bri_desktop.db.models import Place
from bri_desktop.domain.changes import Changes
from bri_desktop.ui import dialogs
from bri_desktop.ui.cities import CitiesPage
from bri_desktop.ui.native_dialogs import NativeDialogs
from bri_desktop.ui.shared import paint
from bri_desktop.ui.shared.tokens import colours

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

WHERE = {"cn:110000": (116.41, 39.9), "gn:1": (14.42, 50.09), "gn:2": (139.69, 35.69), "gn:3": (102.6, 17.97)}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as made:
        with made.database.write() as session:
            for key, (lon, lat) in WHERE.items():
                session.execute(update(Place).where(Place.key == key).values(lon=lon, lat=lat))
        beijing = {"domestic_places": ("cn:110000",)}
        made.add(title="一", signed="1996", pair_kind="sister", foreign_places=("gn:1",), **beijing)
        made.add(title="二", foreign_places=("gn:1",), **beijing)
        made.add(title="三", pair_kind="friendly", foreign_places=("gn:2",), **beijing)
        made.add(title="四", domestic_places=("cn:370200",), foreign_places=("gn:3",))
        yield made


@pytest.fixture
def page(qtbot: QtBot, world: World) -> CitiesPage:
    made = CitiesPage(world.context)
    qtbot.addWidget(made)
    made.resize(1214, 700)
    made.show()
    made.activate()
    made.tabs.setCurrentWidget(made.map_view)
    qtbot.waitUntil(lambda: bool(made.places.shown()))
    return made


def at(page: CitiesPage, name: str) -> QPoint:
    key = next(row.id for row in page.places.shown() if row.name("zh_CN") == name)
    return page.map_view.map.position_of(key).toPoint()


def click(page: CitiesPage, where: QPoint) -> None:
    QTest.mouseClick(page.map_view.map, Qt.MouseButton.LeftButton, pos=where)


def test_a_city_opens_its_projects(qtbot: QtBot, page: CitiesPage, world: World) -> None:
    click(page, at(page, "布拉格"))
    qtbot.waitUntil(lambda: bool(world.opened))
    assert world.opened[0].title == "布拉格" and len(world.opened[0].ids) == 2


def test_a_map_without_a_place_says_what_is_missing(qtbot: QtBot, tmp_path: Path) -> None:
    with small_world(tmp_path) as world:
        page = CitiesPage(world.context)
        qtbot.addWidget(page)
        page.show()
        page.activate()
        page.tabs.setCurrentWidget(page.map_view)
        said = page.map_view.nothing
        qtbot.waitUntil(said.isVisible)
        assert said.text_label.text() == "暂无可标的地点：请登记项目及其城市。"


def test_a_map_with_places_needs_no_sentence(page: CitiesPage) -> None:
    assert not page.map_view.nothing.isVisible()


def test_a_line_opens_the_projects_of_the_tie(qtbot: QtBot, page: CitiesPage, world: World) -> None:
    (way,) = great_circle(WHERE["cn:110000"], WHERE["gn:1"])
    view = page.map_view.map._view(page.map_view.map.rect())
    click(page, view.map(QPointF(*way[len(way) // 2])).toPoint())
    qtbot.waitUntil(lambda: bool(world.opened))
    assert world.opened[0].title == "北京市—布拉格"


def test_a_drag_moves_the_map_and_opens_nothing(page: CitiesPage, world: World) -> None:
    shown = page.map_view.map
    shown.zoom_by(4)
    before, middle = at(page, "北京市"), shown.rect().center()
    QTest.mousePress(shown, Qt.MouseButton.LeftButton, pos=middle)
    for far in (20, 40):
        QTest.mouseMove(shown, middle + QPoint(far, 0))
    QTest.mouseRelease(shown, Qt.MouseButton.LeftButton, pos=middle + QPoint(40, 0))
    assert at(page, "北京市").x() - before.x() in range(38, 43)
    assert world.opened == []


def test_zooming_keeps_what_is_under_the_pointer(page: CitiesPage) -> None:
    shown, held = page.map_view.map, at(page, "北京市")
    shown.zoom_by(5, QPointF(held))
    assert (at(page, "北京市") - held).manhattanLength() <= 2
    shown.show_all()
    assert (at(page, "北京市") - held).manhattanLength() <= 2


def test_the_keyboard_goes_from_city_to_city(qtbot: QtBot, page: CitiesPage, world: World) -> None:
    page.map_view.map.setFocus()
    QTest.keyClick(page.map_view.map, Qt.Key.Key_Tab)
    QTest.keyClick(page.map_view.map, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(world.opened))
    assert world.opened[0].title == "北京市" and len(world.opened[0].ids) == 3


def test_only_formal_ties_are_drawn_where_asked(page: CitiesPage) -> None:
    for code, count in (("all", 2), ("sister", 1), ("none", 0)):
        page.map_view.line_choice.choose(code)
        assert len(page.map_view.map._lines) == count


def test_places_without_coordinates_are_told(page: CitiesPage) -> None:
    assert page.map_view.missing_button.text() == "1 个地点没有坐标"


def test_drawing_leaves_the_colours_of_the_window_alone(page: CitiesPage) -> None:
    page.map_view.map.grab()
    assert paint.qcolor(colours().series_1).alphaF() == 1.0


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_a_saved_map_can_be_opened_and_says_that_it_is_a_sketch(page: CitiesPage, tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"图.{kind}"
    page.map_view.save(path)
    if kind == "png":
        assert QImage(str(path)).width() == 3200
    else:
        written = "".join(node.text or "" for node in ElementTree.parse(path).iter() if node.tag.endswith("text"))
        assert "示意图" in written and "南海诸岛" in written


def test_the_places_are_taken_out_as_a_workbook_with_its_chart(qtbot: QtBot, page: CitiesPage, tmp_path: Path) -> None:
    target = tmp_path / "图.xlsx"

    class Answers(NativeDialogs):
        def save_file(self, *_question: Any) -> Path:
            return target

    with dialogs.answering(Answers()):
        page.map_view.save_table()
        qtbot.waitUntil(target.exists)
    rows = {row[0]: row for row in load_workbook(target).active.iter_rows(values_only=True)}
    assert rows["布拉格"][:6] == ("布拉格", "捷克", 14.42, 50.09, 2, 1)
    with ZipFile(target) as parts:
        assert "xl/charts/chart1.xml" in parts.namelist()


def test_colours_tell_a_measure_when_asked(qtbot: QtBot, page: CitiesPage, world: World) -> None:
    """Beijing: 1 practical of 2 classified; Vientiane: none classified, so without a fill; Prague: its one."""
    beijing = {"domestic_places": ("cn:110000",)}
    world.add(title="五", nature="practical", foreign_places=("gn:1",), **beijing)
    world.add(title="六", nature="exchange", foreign_places=("gn:2",), **beijing)
    page.on_changed(Changes(frozenset({"project"})), None)
    qtbot.waitUntil(lambda: any(place.practical for place in page.map_view._data.places))
    view = page.map_view
    view.shade_choice.choose("practical")
    shades = {point.name: point.shade for point in view.map._points}
    assert shades == {"北京市": 0.5, "布拉格": 1.0, "东京": 0.0, "万象市": None}
    assert "未归类" in view.legend.text()
    assert any("务实占 50.0%" in point.tip for point in view.map._points)
    view.line_choice.choose("none")
    image = view.map.grab().toImage()
    spot = at(page, "布拉格")
    assert image.pixelColor(spot * image.devicePixelRatio()).name().upper() == colours().series_1.upper()
