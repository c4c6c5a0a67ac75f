"""The sketch map of the ledger: cities by their projects or ties, ties as lines, and what has no coordinates."""

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QRect, QSize, Signal
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from bri_desktop.i18n import language, tr
from bri_desktop.services.map_data import MapData, MapPlace, MapTie
from bri_desktop.ui import dialogs
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.choice_button import ChoiceButton
from bri_desktop.ui.shared.tokens import Size, Space
from bri_desktop.ui.shared.world_map import STEP, MapLine, MapPoint, WorldMap

PICTURE = QSize(1600, 790)
"""The size of a saved picture, in pixels of one."""
SHARPNESS = 2
ZOOM_WIDTH = 40


class MapView(QWidget):
    """Shows a :class:`MapData`; a place or a tie that is clicked is emitted."""

    place_opened = Signal(object)
    tie_opened = Signal(object)
    missing_wanted = Signal()
    saved = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data = MapData((), (), ())
        self.size_choice = ChoiceButton(tr("Points by"))
        self.size_choice.set_choices([("projects", tr("Projects")), ("ties", tr("Ties"))], "projects")
        self.line_choice = ChoiceButton(tr("Lines"))
        self.line_choice.set_choices(
            [("all", tr("All ties")), ("sister", tr("Formal sister cities only")), ("none", tr("None"))], "all"
        )
        self.missing_button = buttons.button("", self.missing_wanted.emit, kind=buttons.SMALL_LINK)
        self.map = WorldMap(tr("Map of cities and ties"))
        self.map.point_opened.connect(self._on_point)
        self.map.line_opened.connect(self._on_line)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar())
        column.addWidget(self.map, 1)

    def _bar(self) -> QWidget:
        bar = QWidget()
        bar.setFixedHeight(Size.FILTER_ROW)
        row = QHBoxLayout(bar)
        row.setContentsMargins(Space.PAGE, 0, Space.PAGE, 0)
        row.setSpacing(Space.BETWEEN)
        for choice in (self.size_choice, self.line_choice):
            row.addWidget(choice)
            choice.chosen.connect(lambda _code: self._redraw())
        legend = buttons.label(tr("■ at home   ● abroad   — formal   - - other"), "hint")
        legend.setMinimumWidth(0)
        row.addWidget(legend)
        row.addStretch(1)
        row.addWidget(self.missing_button)
        for text, name, act in (
            ("＋", tr("Zoom in"), partial(self.map.zoom_by, STEP)),
            ("－", tr("Zoom out"), partial(self.map.zoom_by, 1 / STEP)),
        ):
            zoom = buttons.button(text, act)
            zoom.setToolTip(name)
            zoom.setAccessibleName(name)
            zoom.setFixedWidth(ZOOM_WIDTH)
            row.addWidget(zoom)
        row.addWidget(buttons.button(tr("Whole map"), self.map.show_all))
        menu = QMenu(self)
        menu.addAction(tr("Copy picture"), self.copy)
        menu.addAction(tr("Picture as PNG…"), partial(self._save, "png"))
        menu.addAction(tr("Picture as SVG…"), partial(self._save, "svg"))
        row.addWidget(buttons.menu_button(tr("Export"), menu, icon="upload"))
        return bar

    def show_data(self, data: MapData) -> None:
        """Show other places and ties."""
        self._data = data
        self.missing_button.setVisible(bool(data.missing))
        self.missing_button.setText(tr("{count} places without coordinates", count=len(data.missing)))
        self._redraw()

    def _redraw(self) -> None:
        by_ties, lines = self.size_choice.code() == "ties", self.line_choice.code()
        shown = [tie for tie in self._data.ties if lines == "all" or (lines == "sister" and tie.is_sister)]
        points = [self._point(place, by_ties=by_ties) for place in self._data.places]
        self.map.show_map([point for point in points if point.value], [self._line(tie) for tie in shown])

    def _point(self, found: MapPlace, *, by_ties: bool) -> MapPoint:
        place = found.place
        name = place.name(language())
        country = "" if place.is_domestic else f"（{place.country_name(language())}）"
        counts = tr("{projects} projects, {ties} ties", projects=place.projects, ties=found.ties)
        value = found.ties if by_ties else place.projects
        return MapPoint(place.id, found.lon, found.lat, name, value, f"{name}{country} {counts}", place.is_domestic)

    def _line(self, tie: MapTie) -> MapLine:
        start, end = tie.start, tie.end
        names = "—".join(place.place.name(language()) for place in (start, end))
        since = tie.pair.signed
        tip = tr("{names}, since {date}", names=names, date=since) if since else names
        return MapLine(tie.pair.id, (start.lon, start.lat), (end.lon, end.lat), tip, tie.is_sister)

    def _on_point(self, key: int) -> None:
        self.place_opened.emit(next(found.place for found in self._data.places if found.place.id == key))

    def _on_line(self, key: int) -> None:
        self.tie_opened.emit(next(tie.pair for tie in self._data.ties if tie.pair.id == key))

    # -- taking out --------------------------------------------------------------------------------------------

    def picture(self) -> QImage:
        """Return the present view as a picture."""
        image = QImage(PICTURE * SHARPNESS, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(SHARPNESS)
        painter = QPainter(image)
        self.map.draw(painter, QRect(0, 0, PICTURE.width(), PICTURE.height()))
        painter.end()
        return image

    def copy(self) -> None:
        """Put the present view on the clipboard."""
        QGuiApplication.clipboard().setImage(self.picture())

    def save(self, path: Path) -> None:
        """Write the present view to a ``.png`` or ``.svg`` file."""
        if path.suffix.lower() == ".svg":
            self._draw_svg(path)
        else:
            self.picture().save(str(path))
        self.saved.emit(path.name)

    def _draw_svg(self, path: Path) -> None:
        generator = QSvgGenerator()
        generator.setFileName(str(path))
        generator.setSize(PICTURE)
        generator.setViewBox(QRect(0, 0, PICTURE.width(), PICTURE.height()))
        generator.setTitle(tr("Map of cities and ties"))
        painter: Any = QPainter(generator)
        self.map.draw(painter, QRect(0, 0, PICTURE.width(), PICTURE.height()))
        painter.end()

    def _save(self, kind: str) -> None:
        suggestion = Path(f"{tr('Map of cities and ties')}.{kind}")
        path = dialogs.choose_save_file(self, tr("Save"), f"{kind.upper()} (*.{kind})", suggestion=suggestion)
        if path is not None:
            self.save(path if path.suffix.lower() == f".{kind}" else path.with_name(f"{path.name}.{kind}"))
