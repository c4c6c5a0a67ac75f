"""A standard map picture under the points: loaded, placed by clicks, drawn with its number, and taken away again."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from small_context import World, small_world
from sqlalchemy import update

from bri_desktop.db.models import Place
from bri_desktop.domain.changes import Changes
from bri_desktop.services.base_map import picture_path, read_base_map
from bri_desktop.services.history import undo_last
from bri_desktop.ui import dialogs
from bri_desktop.ui.cities import CitiesPage
from bri_desktop.ui.cities.base_map_form import read_degrees
from bri_desktop.ui.native_dialogs import NativeDialogs
from bri_desktop.ui.shared import tokens

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

WHERE = {"cn:110000": (116.41, 39.9), "gn:1": (14.42, 50.09), "gn:2": (139.69, 35.69)}
SEA = QColor("#3366aa")
NUMBER = "GS(2023)2767号"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as made:
        with made.database.write() as session:
            for key, (lon, lat) in WHERE.items():
                session.execute(update(Place).where(Place.key == key).values(lon=lon, lat=lat))
        made.add(title="一", pair_kind="sister", domestic_places=("cn:110000",), foreign_places=("gn:1",))
        made.add(title="二", domestic_places=("cn:110000",), foreign_places=("gn:2",))
        yield made


@pytest.fixture
def page(qtbot: QtBot, world: World) -> CitiesPage:
    made = CitiesPage(world.context)
    qtbot.addWidget(made)
    made.resize(1214, 700)

    def on_changed(changes: Changes, who: object) -> None:
        made.on_changed(changes, who)

    world.context.runner.changed.connect(on_changed)
    made.show()
    made.activate()
    made.tabs.setCurrentWidget(made.map_view)
    qtbot.waitUntil(lambda: bool(made.places.shown()))
    return made


def picture(folder: Path, ending: str = "png") -> Path:
    """The world from 30° W on, 720 × 360: two pixels a degree."""
    image = QImage(720, 360, QImage.Format.Format_RGB32)
    image.fill(SEA)
    painter = QPainter(image)
    painter.fillRect(QRect(100, 60, 300, 100), QColor("#ddddcc"))
    painter.end()
    path = folder / f"世界地图.{ending}"
    assert image.save(str(path))
    return path


class Answers(NativeDialogs):
    def __init__(self, path: Path) -> None:
        self.path, self.told = path, list[str]()

    def open_file(self, *_question: Any) -> Path:
        return self.path

    def tell(self, _parent: Any, message: str, _detail: str) -> None:
        self.told.append(message)


def click(page: CitiesPage, x: float, y: float) -> None:
    form = page.map_view.form
    assert form is not None
    QTest.mouseClick(form.picture, Qt.MouseButton.LeftButton, pos=form.picture.position_of(x, y).toPoint())


def pixel(page: CitiesPage, x: int, y: int) -> str:
    return page.map_view.map.grab().toImage().pixelColor(x, y).name()


def place_by_points(qtbot: QtBot, page: CitiesPage, path: Path) -> None:
    with dialogs.answering(Answers(path)):
        page.map_view.load_base()
        qtbot.waitUntil(lambda: page.map_view.form is not None)
    form = page.map_view.form
    assert form is not None and not form.save_button.isEnabled()
    qtbot.waitUntil(lambda: form.picture.width() > 500)
    click(page, 2 * (116.41 + 30), 2 * (90 - 39.9))
    click(page, 2 * (360 - 77 + 30), 2 * (90 + 12))
    form._rows[0].edit.setText("北京市")
    form._rows[1].edit.setText("77W, 12S")
    assert "平均偏差 0.0 像素" in form.hint.text()
    form.number.setText("审图号：GS（2023）2767号")
    form.save_button.click()
    qtbot.waitUntil(lambda: page.map_view.base is not None and page.map_view.map._base is not None, timeout=10_000)


@pytest.mark.parametrize("ending", ["png", "jpg"])
def test_a_picture_is_placed_by_two_clicks_and_stays(
    qtbot: QtBot, page: CitiesPage, world: World, tmp_path: Path, ending: str
) -> None:
    assert "示意图" in page.map_view.map.mark_text()
    place_by_points(qtbot, page, picture(tmp_path, ending))
    base = page.map_view.base
    assert base is not None and base.number == NUMBER
    assert NUMBER in page.map_view.map.mark_text() and "示意图" not in page.map_view.map.mark_text()
    x, y = base.reference().place(*WHERE["gn:1"])
    assert (x, y) == pytest.approx((2 * (14.42 + 30), 2 * (90 - 50.09)), abs=1.5)
    with world.database.read() as session:
        stored = read_base_map(session)
    assert stored == base and picture_path(world.context.path, base).is_file()
    # the sea of the picture, not of the sketch, lies under the points; a new page draws it too
    assert QColor(pixel(page, 607, 400)).blue() > QColor(pixel(page, 607, 400)).red()
    other = CitiesPage(world.context)
    qtbot.addWidget(other)
    other.show()
    other.activate()
    qtbot.waitUntil(lambda: other.map_view.map._base is not None)


def test_it_is_taken_away_and_back(qtbot: QtBot, page: CitiesPage, world: World, tmp_path: Path) -> None:
    place_by_points(qtbot, page, picture(tmp_path))
    page.map_view.remove_action.trigger()
    qtbot.waitUntil(lambda: page.map_view.map._base is None)
    assert "示意图" in page.map_view.map.mark_text() and not page.map_view.remove_action.isEnabled()
    with world.database.write() as session:
        undo_last(session)
    page.on_changed(Changes(), None)
    qtbot.waitUntil(lambda: page.map_view.map._base is not None)


def test_an_extent_and_what_lies_outside(qtbot: QtBot, page: CitiesPage, tmp_path: Path) -> None:
    with dialogs.answering(Answers(picture(tmp_path))):
        page.map_view.load_base()
        qtbot.waitUntil(lambda: page.map_view.form is not None)
    form = page.map_view.form
    assert form is not None
    form.way.choose("extent")
    for side, text in (("west", "60"), ("east", "150"), ("south", "60"), ("north", "0")):
        form.sides[side].setText(text)
    form.number.setText(NUMBER)
    assert "南小于北" in form.problem.text() and not form.save_button.isEnabled()
    form.sides["south"].setText("0")
    form.sides["north"].setText("60")
    form.number.setText("2767")
    form.save_button.click()
    assert "审图号" in form.problem.text()
    form.number.setText(NUMBER)
    form.save_button.click()
    qtbot.waitUntil(lambda: page.map_view.map._base is not None, timeout=10_000)
    assert page.map_view.map.outside() == 1 and "1 处在底图范围外" in page.map_view.missing_button.text()
    assert page.map_view.map.point_at(page.map_view.map.position_of(place_id(page, "布拉格"))) is None


def place_id(page: CitiesPage, name: str) -> int:
    return next(row.id for row in page.places.shown() if row.name("zh_CN") == name)


@pytest.mark.parametrize("content", [b"", b"not a picture", b"%PDF-1.7 ...", b"\x89PNG\r\n\x1a\n broken"])
def test_a_bad_picture_gives_one_sentence(qtbot: QtBot, page: CitiesPage, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "地图.png"
    path.write_bytes(content)
    answers = Answers(path)
    with dialogs.answering(answers):
        page.map_view.load_base()
        qtbot.waitUntil(lambda: bool(answers.told))
    assert len(answers.told) == 1 and answers.told[0].endswith("。") and page.map_view.form is None


def test_a_picture_that_is_gone_leaves_the_sketch(qtbot: QtBot, page: CitiesPage, world: World, tmp_path: Path) -> None:
    place_by_points(qtbot, page, picture(tmp_path))
    base = page.map_view.base
    assert base is not None
    picture_path(world.context.path, base).unlink()
    other = CitiesPage(world.context)
    qtbot.addWidget(other)
    other.show()
    other.activate()
    qtbot.waitUntil(lambda: not other.map_view.problem.isHidden())
    assert other.map_view.map._base is None and "底图图片" in other.map_view.problem.text_label.text()


def test_the_picture_stays_light_in_the_dark_and_is_taken_out_with_its_number(
    qtbot: QtBot, page: CitiesPage, tmp_path: Path
) -> None:
    place_by_points(qtbot, page, picture(tmp_path))
    before = tokens.scheme()
    tokens.activate(tokens.Scheme.DARK)
    try:
        image = page.map_view.picture()
        page.map_view.save(tmp_path / "图.svg")
    finally:
        tokens.activate(before)
    assert image.pixelColor(1600, 1400).blue() > 120
    text = (tmp_path / "图.svg").read_text(encoding="utf-8")
    assert "<image" in text and tokens.scheme() == before


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("116.4, 39.9", (116.4, 39.9)),
        ("116.4E 39.9N", (116.4, 39.9)),
        ("77W，12S", (-77.0, -12.0)),
        ("-77；-12", (-77.0, -12.0)),
        ("116.4东, 39.9北", (116.4, 39.9)),
        ("北京市", (1.0, 2.0)),
        ("北京", None),
        ("116.4", None),
        ("", None),
    ],
)
def test_written_places(text: str, expected: tuple[float, float] | None) -> None:
    assert read_degrees(text, {"北京市": (1.0, 2.0)}) == expected
