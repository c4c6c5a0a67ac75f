"""The sketch map of the ledger: cities by their projects or ties, ties as lines, and what has no coordinates."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QRect, QSize, Signal
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QMenu, QStackedWidget, QVBoxLayout, QWidget

from bri_desktop.domain.errors import UserError
from bri_desktop.i18n import language, tr
from bri_desktop.labels import error_sentence
from bri_desktop.services.base_map import BaseMap, read_base_map, remove_base_map, save_base_map, store_picture
from bri_desktop.services.map_data import MapData, MapPlace, MapTie
from bri_desktop.services.tables_out import NativeChart, write_table
from bri_desktop.ui import dialogs
from bri_desktop.ui.cities.base_map_form import BaseMapForm
from bri_desktop.ui.cities.base_picture import load_base, read_picture
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.choice_button import ChoiceButton
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.flow import FlowBox
from bri_desktop.ui.shared.map_parts import BasePicture, MapLine, MapPoint
from bri_desktop.ui.shared.panels import Band, Note
from bri_desktop.ui.shared.printing import on_paper, print_picture
from bri_desktop.ui.shared.tokens import Space
from bri_desktop.ui.shared.world_map import STEP, WorldMap

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
    base_shown = Signal(bool)
    """Whether a standard map picture lies under the points."""

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.base: BaseMap | None = None
        self.form: BaseMapForm | None = None
        self._data = MapData((), (), ())
        self.size_choice = ChoiceButton(tr("Points by"))
        self.size_choice.set_choices([("projects", tr("Projects")), ("ties", tr("Ties"))], "projects")
        self.shade_choice = ChoiceButton(tr("Colour by"))
        self.shade_choice.set_choices(
            [
                ("side", tr("Home or abroad")),
                ("practical", tr("Practical share")),
                ("projects", tr("Projects")),
                ("ties", tr("Ties")),
            ],
            "side",
        )
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
        self.problem = Note("", "error")
        self.problem.hide()
        self.nothing = Note()
        self.nothing.hide()
        self.stack = QStackedWidget()
        shown = QWidget()
        inner = QVBoxLayout(shown)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addWidget(self._bar())
        inner.addWidget(self.problem)
        inner.addWidget(self.nothing)
        inner.addWidget(self.map, 1)
        self.stack.addWidget(shown)
        column.addWidget(self.stack, 1)

    def _bar(self) -> QWidget:
        bar = Band(margin=Space.PAGE)
        bar.row.setSpacing(0)
        choices, acts = FlowBox(), FlowBox()
        self.legend = buttons.label("", "hint")
        for widget in (self.size_choice, self.shade_choice, self.line_choice, self.legend):
            choices.add(widget)
        for choice in (self.size_choice, self.shade_choice, self.line_choice):
            choice.chosen.connect(lambda _code: self._redraw())
        bar.add(choices)
        bar.add_stretch()
        bar.add(acts)
        acts.add(self.missing_button)
        for text, name, act in (
            ("＋", tr("Zoom in"), partial(self.map.zoom_by, STEP)),
            ("－", tr("Zoom out"), partial(self.map.zoom_by, 1 / STEP)),
        ):
            zoom = buttons.button(text, act)
            zoom.setToolTip(name)
            zoom.setAccessibleName(name)
            zoom.setFixedWidth(ZOOM_WIDTH)
            acts.add(zoom)
        acts.add(buttons.button(tr("Whole map"), self.map.show_all))
        below = QMenu(self)
        below.addAction(tr("Standard map picture…"), self.load_base)
        self.remove_action = below.addAction(tr("Back to the sketch"), self.remove_base)
        self.remove_action.setEnabled(False)
        acts.add(buttons.menu_button(tr("Base map"), below))
        menu = QMenu(self)
        menu.addAction(tr("Copy picture"), self.copy)
        menu.addAction(tr("Table as Excel…"), self.save_table)
        menu.addAction(tr("Picture as PNG…"), partial(self._save, "png"))
        menu.addAction(tr("Picture as SVG…"), partial(self._save, "svg"))
        menu.addAction(tr("Print"), self.print)
        acts.add(buttons.menu_button(tr("Export"), menu, icon="upload"))
        return bar

    def show_data(self, data: MapData) -> None:
        """Show other places and ties."""
        self._data = data
        self._redraw()

    def _say_missing(self) -> None:
        missing, outside = len(self._data.missing), self.map.outside()
        parts = [tr("{count} places without coordinates", count=missing)] if missing else []
        parts += [tr("{count} outside the base map", count=outside)] if outside else []
        self.missing_button.setVisible(bool(parts))
        self.missing_button.setEnabled(bool(missing))
        self.missing_button.setText(tr(", ").join(parts))

    # -- the base ----------------------------------------------------------------------------------------------

    def read_base(self) -> None:
        """Read which picture lies under the points, and draw on it."""
        self.context.runner.read(read_base_map, done=self._on_base, initiator=self, replaces=(id(self), "base"))

    def _on_base(self, base: BaseMap | None) -> None:
        if base == self.base:
            return
        self.base = base
        self.problem.hide()
        self.remove_action.setEnabled(base is not None)
        if base is None:
            self._show_base(None)
        else:
            self.context.runner.compute(
                load_base, self.context.path, base, done=self._show_base, failed=self._on_failed, initiator=self
            )

    def _show_base(self, picture: BasePicture | None) -> None:
        self.map.show_base(picture)
        self.base_shown.emit(picture is not None)
        self._say_missing()

    def _on_failed(self, error: UserError) -> None:
        self._show_base(None)
        self.problem.set_text(error_sentence(error))
        self.problem.show()

    def load_base(self) -> None:
        """Ask for a standard map picture and open the form that places it."""
        path = dialogs.choose_open_file(self, tr("Standard map picture…"), "PNG, JPG (*.png *.jpg *.jpeg)")
        if path is not None:
            self.context.runner.compute(
                read_picture, path, done=partial(self._open_form, path), failed=self._on_unusable, initiator=self
            )

    def _on_unusable(self, error: UserError) -> None:
        dialogs.tell(self, error_sentence(error))

    def _open_form(self, path: Path, read: tuple[QImage, QSize]) -> None:
        known = {name: (place.lon, place.lat) for place in self._data.places for name in place.place.names if name}
        self.form = BaseMapForm(path, *read, known)
        self.form.closed.connect(self.close_form)
        self.form.saved.connect(self._keep)
        self.stack.addWidget(self.form)
        self.stack.setCurrentWidget(self.form)
        self.form.number.setFocus()

    def close_form(self) -> None:
        """Take the form away and show the map."""
        if self.form is not None:
            self.stack.removeWidget(self.form)
            self.form.deleteLater()
            self.form = None

    def _keep(self, base: BaseMap) -> None:
        assert self.form is not None
        failed = self.form.tell
        self.context.runner.compute(
            store_picture,
            self.context.path,
            self.form.path,
            done=lambda content: self.context.runner.write(
                save_base_map,
                replace(base, sha256=content.sha256),
                content,
                done=lambda _changes: self._on_kept(),
                failed=failed,
                initiator=self,
            ),
            failed=failed,
            initiator=self,
        )

    def _on_kept(self) -> None:
        self.close_form()
        self.read_base()

    def remove_base(self) -> None:
        """Draw the sketch again."""
        self.context.runner.write(remove_base_map, done=lambda _changes: self.read_base(), initiator=self)

    def _redraw(self) -> None:
        by_ties, lines = self.size_choice.code() == "ties", self.line_choice.code()
        shown = [tie for tie in self._data.ties if lines == "all" or (lines == "sister" and tie.is_sister)]
        measure = self.shade_choice.code()
        shades = shades_of(self._data.places, measure)
        points = [
            replace(self._point(place, by_ties=by_ties), shade=shade, is_shaded=measure != "side")
            for place, shade in zip(self._data.places, shades, strict=True)
        ]
        self.legend.setText(legend_of(measure))
        self.legend.setToolTip(tr("Empty: none of its projects is classified") if measure == "practical" else "")
        drawn = [point for point in points if point.value]
        self.map.show_map(drawn, [self._line(tie) for tie in shown])
        self.nothing.set_text(self._nothing_text(by_ties=by_ties))
        self.nothing.setVisible(not drawn)
        self._say_missing()

    def _nothing_text(self, *, by_ties: bool) -> str:
        if self._data.missing:
            return tr("No place to draw: none of them has coordinates.")
        if by_ties:
            return tr("No place to draw: no tie is on record.")
        return tr("No place to draw: log projects with their cities.")

    def _point(self, found: MapPlace, *, by_ties: bool) -> MapPoint:
        place = found.place
        name = place.name(language())
        country = "" if place.is_domestic else f"（{place.country_name(language())}）"
        counts = tr("{projects} projects, {ties} ties", projects=place.projects, ties=found.ties)
        if found.practical_share is not None:
            counts += tr(", practical {share} %", share=f"{100 * found.practical_share:.1f}")
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

    def save_table(self) -> None:
        """Ask for a place and write the places on the map there, with a chart of them."""
        places = sorted(self._data.places, key=lambda found: (-found.place.projects, found.place.id))
        name, code = tr("Map of cities and ties"), language()
        path = dialogs.choose_save_file(self, tr("Save"), "XLSX (*.xlsx)", suggestion=Path(f"{name}.xlsx"))
        if path is None:
            return
        heads = [tr("City"), tr("Country or region"), tr("Longitude"), tr("Latitude"), tr("Projects"), tr("Ties")]
        rows: list[list[str | float | None]] = [
            [found.place.name(code), found.place.country_name(code), found.lon, found.lat,
             float(found.place.projects), float(found.ties)]
            for found in places
        ]  # fmt: skip
        self.context.runner.compute(
            write_table,
            path if path.suffix.lower() == ".xlsx" else path.with_name(f"{path.name}.xlsx"),
            name,
            heads,
            rows,
            NativeChart((4, 5)),
            done=lambda written: self.saved.emit(written.name),
            failed=self._on_unusable,
            initiator=self,
        )

    def print(self) -> None:
        """Print the present view on one sheet."""
        pictures: list[QImage] = []
        on_paper(lambda: pictures.append(self.picture()))
        print_picture(self, pictures[0], tr("Map of cities and ties"))

    def copy(self) -> None:
        """Put the present view on the clipboard."""
        QGuiApplication.clipboard().setImage(self.picture())

    def save(self, path: Path) -> None:
        """Write the present view to a ``.png`` or ``.svg`` file."""
        on_paper(lambda: self._draw_svg(path) if path.suffix.lower() == ".svg" else self._draw_png(path))
        self.saved.emit(path.name)

    def _draw_png(self, path: Path) -> None:
        self.picture().save(str(path))

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


def shades_of(places: Sequence[MapPlace], measure: str) -> list[float | None]:
    """Return the measure of each place from 0 to 1; counts by their root over the largest, a share as it is."""
    if measure == "practical":
        return [place.practical_share for place in places]
    counts = [place.ties if measure == "ties" else place.place.projects for place in places]
    most = max(counts, default=0)
    return [(count / most) ** 0.5 if most else None for count in counts]


def legend_of(measure: str) -> str:
    """Return what the signs and colours of the map mean."""
    if measure == "side":
        return tr("■ at home   ● abroad   — formal   - - other")
    if measure == "practical":
        return tr("■ at home   ● abroad   0 % pale, 100 % full")
    return tr("■ at home   ● abroad   pale few, full many")
