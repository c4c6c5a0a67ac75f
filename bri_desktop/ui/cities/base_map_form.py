"""The form of a standard map picture: its approval number and what places it, checked by lines drawn over it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QCompleter, QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from bri_desktop import labels
from bri_desktop.analysis.georeference import FEWEST, FITTED, MERCATOR, PLATE_CARREE, ControlPoint, Georeference
from bri_desktop.domain.errors import InputError, UserError
from bri_desktop.i18n import tr
from bri_desktop.services.base_map import EXTENT, BaseMap, approval_number, referenced
from bri_desktop.ui.cities.base_picture import PointPicture
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.choice_button import ChoiceButton
from bri_desktop.ui.shared.fields import LabeledField, LineEdit
from bri_desktop.ui.shared.tokens import Size, Space

WIDTH = 344
NUMBER = r"[+-]?\d+(?:\.\d+)?"
_DEGREES = re.compile(rf"({NUMBER})\s*°?\s*([EWew东西]?)\s*[,，;；\s]\s*({NUMBER})\s*°?\s*([NSns南北]?)")
SIDES = ("west", "east", "south", "north")
WEST, SOUTH = frozenset("Ww西"), frozenset("Ss南")


def read_degrees(text: str, places: Mapping[str, tuple[float, float]]) -> tuple[float, float] | None:
    """Return longitude and latitude of ``116.4, 39.9`` or of a place of that name; ``None`` for anything else."""
    written = text.strip()
    if written in places:
        return places[written]
    match = _DEGREES.fullmatch(written)
    if match is None:
        return None
    lon, lat = float(match[1]), float(match[3])
    return (-lon if match[2] in WEST and match[2] else lon, -lat if match[4] in SOUTH and match[4] else lat)


@dataclass(slots=True)
class _Row:
    x: float
    y: float
    line: QWidget
    number: QLabel
    edit: LineEdit


class BaseMapForm(QFrame):
    """Picture at the left, what places it at the right; ``saved`` gives a :class:`BaseMap` without its content."""

    saved = Signal(object)
    closed = Signal()

    def __init__(self, path: Path, picture: QImage, size: QSize, places: Mapping[str, tuple[float, float]]) -> None:
        super().__init__()
        self.setProperty("kind", "surface")
        self.path, self._size, self._places = path, size, places
        self._rows: list[_Row] = []
        self.picture = PointPicture(picture, size, tr("Base map"))
        self.picture.clicked.connect(self.add_point)
        self.number = LineEdit(tr("such as GS(2023)2767号"))
        self.way = ChoiceButton(tr("Placed by"))
        self.way.set_choices(
            [
                (PLATE_CARREE, tr("Points, plate carrée")),
                (MERCATOR, tr("Points, Mercator")),
                (FITTED, tr("Points, other projection")),
                (EXTENT, tr("Extent, plate carrée")),
            ],
            PLATE_CARREE,
        )
        self.sides = {side: LineEdit() for side in SIDES}
        self.hint = buttons.label("", "hint", wrap=True)
        self.problem = buttons.label("", "problem", wrap=True)
        self.save_button = buttons.button(tr("Use as base"), self.save, kind=buttons.PRIMARY)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.PAGE, Space.SECTION, 0, Space.SECTION)
        row.setSpacing(Space.PAGE)
        row.addWidget(self.picture, 1)
        row.addWidget(self._side())
        self.way.chosen.connect(lambda _code: self._judge())
        self.number.textChanged.connect(lambda _text: self._judge())
        for edit in self.sides.values():
            edit.textChanged.connect(lambda _text: self._judge())
        self._judge()

    def _side(self) -> QWidget:
        side = QFrame()
        side.setFixedWidth(WIDTH)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, Space.PAGE, 0)
        column.setSpacing(Space.BETWEEN)
        column.addWidget(buttons.label(tr("Standard map as base"), "section"))
        column.addWidget(LabeledField(tr("Approval No."), self.number, required=True, label_width=96))
        column.addWidget(self.way)
        self._extent = QWidget()
        grid = QGridLayout(self._extent)
        grid.setContentsMargins(0, 0, 0, 0)
        names = {"west": tr("West °"), "east": tr("East °"), "south": tr("South °"), "north": tr("North °")}
        for place, (name, edit) in enumerate(self.sides.items()):
            grid.addWidget(LabeledField(names[name], edit, label_width=48), *divmod(place, 2))
        column.addWidget(self._extent)
        self._list = QVBoxLayout()
        self._list.setSpacing(Space.INSIDE)
        held = QFrame()
        held.setProperty("kind", "surface")
        inner = QVBoxLayout(held)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addLayout(self._list)
        inner.addStretch(1)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(held)
        column.addWidget(self.hint)
        column.addWidget(self._area, 1)
        column.addStretch(0)
        column.addWidget(self.problem)
        foot = QHBoxLayout()
        foot.addWidget(self.save_button)
        foot.addWidget(buttons.button(tr("Cancel"), self.closed.emit))
        foot.addStretch(1)
        column.addLayout(foot)
        return side

    # -- points ----------------------------------------------------------------------------------------------------

    def add_point(self, x: float, y: float) -> None:
        """Take a pixel as a control point; its place is typed beside it."""
        if self.way.code() == EXTENT:
            return
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.BETWEEN)
        number = buttons.label("", "strong")
        number.setFixedWidth(Size.ICON)
        edit = LineEdit(tr("longitude, latitude, or a city"))
        completer = QCompleter(sorted(self._places), edit)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        edit.setCompleter(completer)
        made = _Row(x, y, line, number, edit)
        remove = buttons.icon_button("x", tr("Remove"), lambda: self._remove(made), size=Size.SMALL_ICON)
        row.addWidget(number)
        row.addWidget(edit, 1)
        row.addWidget(remove)
        self._rows.append(made)
        self._list.addWidget(line)
        edit.textChanged.connect(lambda _text: self._judge())
        edit.setFocus()
        self._judge()

    def _remove(self, row: _Row) -> None:
        self._rows.remove(row)
        row.line.hide()
        row.line.deleteLater()
        self._judge()

    def points(self) -> tuple[ControlPoint, ...]:
        """Return the control points whose place is written."""
        read = [(row, read_degrees(row.edit.text(), self._places)) for row in self._rows]
        return tuple(ControlPoint(row.x, row.y, *found) for row, found in read if found is not None)

    def extent(self) -> tuple[float, float, float, float] | None:
        """Return west, east, south and north; ``None`` where one of them is not written."""
        texts = [self.sides[side].text().strip() for side in SIDES]
        if not all(re.fullmatch(NUMBER, text) for text in texts):
            return None
        west, east, south, north = map(float, texts)
        return west, east, south, north

    # -- judging ---------------------------------------------------------------------------------------------------

    def base(self) -> BaseMap:
        """Return what is written; raise ``InputError`` where it places nothing or has no number."""
        base = BaseMap(
            sha256="",
            name=self.path.name,
            width=self._size.width(),
            height=self._size.height(),
            number=approval_number(self.number.text()),
            projection=self.way.code(),
            points=self.points() if self.way.code() != EXTENT else (),
            extent=self.extent() if self.way.code() == EXTENT else None,
        )
        base.reference()
        return base

    def _judge(self) -> None:
        """Draw how the picture lies by what is written, and say what is missing."""
        way = self.way.code()
        is_extent = way == EXTENT
        self._extent.setVisible(is_extent)
        self._area.setVisible(not is_extent)
        for place, row in enumerate(self._rows, 1):
            row.number.setText(str(place))
        reference: Georeference | None = None
        said = ""
        try:
            reference = referenced(way, self.points(), self.extent(), self._size.width(), self._size.height())
        except InputError as error:
            said = labels.error_sentence(error)
        shown = [] if is_extent else [(row.x, row.y) for row in self._rows]
        self.picture.show_points(shown, reference)
        self.hint.setText(self._hint(way, reference))
        self.problem.setText(said if self._rows or is_extent else "")
        self.save_button.setEnabled(reference is not None and bool(self.number.text().strip()))

    def _hint(self, way: str, reference: Georeference | None) -> str:
        if reference is not None and way != EXTENT:
            return tr("Points are off by {error} pixels on average; the dotted lines are every 30°.",
                      error=f"{reference.error:.1f}")  # fmt: skip
        if way == EXTENT:
            return tr("The edges of the map in degrees, west and south negative; the dotted lines are every 30°.")
        return tr(
            "Click at least {count} points far apart on the picture and write where each is: cities, or corners of the "
            "grid of the map.",
            count=FEWEST[way],
        )

    def save(self) -> None:
        """Give the base map, where it can be placed."""
        try:
            self.saved.emit(self.base())
        except InputError as error:
            self.tell(error)

    def tell(self, error: UserError) -> None:
        """Say why nothing was stored."""
        self.problem.setText(labels.error_sentence(error))
