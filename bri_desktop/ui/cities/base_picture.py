"""Reading map pictures off the window's thread, and a picture that takes control points by clicks."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageReader, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from bri_desktop.analysis.georeference import Georeference
from bri_desktop.domain.errors import InputError, Where
from bri_desktop.services.base_map import BaseMap, picture_path
from bri_desktop.ui.shared import paint
from bri_desktop.ui.shared.map_parts import BasePicture
from bri_desktop.ui.shared.tokens import SMALL_BOLD, Scheme, colours

FORMATS = ("png", "jpeg", "jpg")
SMALLEST = QSize(200, 100)
WIDEST = 4096
"""Wider pictures are drawn from a copy of this width."""
MERIDIANS, PARALLELS = range(-180, 181, 30), range(-60, 61, 30)
STEP = 5


def read_picture(path: Path, name: str = "") -> tuple[QImage, QSize]:
    """Return a picture, at most 4,096 pixels wide, and its true size; for a worker.

    Raises ``InputError`` ``map_picture_unusable`` for what is no PNG or JPG, or is too small to place anything on.
    """
    reader = QImageReader(str(path))
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    kind = bytes(reader.format().data()).decode("ascii", "replace") if reader.canRead() else ""
    image = reader.read() if kind in FORMATS else QImage()
    size = image.size()
    if image.isNull() or size.width() < SMALLEST.width() or size.height() < SMALLEST.height():
        raise InputError("map_picture_unusable", where=Where(file=name or path.name))
    if size.width() > WIDEST:
        image = image.scaledToWidth(WIDEST, Qt.TransformationMode.SmoothTransformation)
    return image.convertToFormat(QImage.Format.Format_RGB32), size


def load_base(ledger: Path, base: BaseMap) -> BasePicture:
    """Return the base map of a ledger as it is drawn; for a worker."""
    image, _size = read_picture(picture_path(ledger, base), base.name)
    return BasePicture(image, base.reference(), base.number)


class PointPicture(QWidget):
    """The picture with its control points and, once it is placed, the meridians and parallels over it."""

    clicked = Signal(float, float)
    """A pixel of the picture."""

    def __init__(self, picture: QImage, size: QSize, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(400, 240)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._picture, self._size = picture, size
        self._points: tuple[tuple[float, float], ...] = ()
        self._reference: Georeference | None = None

    def show_points(self, points: Sequence[tuple[float, float]], reference: Georeference | None) -> None:
        """Show other points, and how the picture lies by them."""
        self._points, self._reference = tuple(points), reference
        self.update()

    def _place(self) -> QRectF:
        shown = self._size.scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        left, top = (self.width() - shown.width()) / 2, (self.height() - shown.height()) / 2
        return QRectF(left, top, shown.width(), shown.height())

    def position_of(self, x: float, y: float) -> QPointF:
        """Return where a pixel of the picture is drawn."""
        place = self._place()
        across, down = place.width() / self._size.width(), place.height() / self._size.height()
        return QPointF(place.x() + x * across, place.y() + y * down)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take a point."""
        place, at = self._place(), event.position()
        if event.button() == Qt.MouseButton.LeftButton and place.contains(at):
            x = (at.x() - place.x()) * self._size.width() / place.width()
            y = (at.y() - place.y()) * self._size.height() / place.height()
            self.clicked.emit(round(x, 1), round(y, 1))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw picture, lines and points; a picture of a map is light, whatever the window is."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), paint.role("window"))
        painter.drawImage(self._place(), self._picture)
        light = colours(Scheme.LIGHT)
        painter.setPen(QPen(paint.qcolor(light.series_2), 1, Qt.PenStyle.DotLine))
        if self._reference is not None:
            self._draw_grid(painter, self._reference)
        for number, (x, y) in enumerate(self._points, 1):
            at = self.position_of(x, y)
            painter.setPen(QPen(paint.qcolor(light.error), 2))
            painter.drawLine(at - QPointF(7, 0), at + QPointF(7, 0))
            painter.drawLine(at - QPointF(0, 7), at + QPointF(0, 7))
            box = QRectF(at.x() + 5, at.y() - 20, 24, 18).toRect()
            paint.draw_text(painter, box, str(number), SMALL_BOLD, paint.qcolor(light.error))
        painter.end()

    def _draw_grid(self, painter: QPainter, reference: Georeference) -> None:
        lines = [[(float(lon), float(lat)) for lat in range(-80, 81, STEP)] for lon in MERIDIANS]
        lines += [[(float(lon), float(lat)) for lon in range(-180, 181, STEP)] for lat in PARALLELS]
        half = reference.width / 2
        for line in lines:
            before: tuple[float, float] | None = None
            for lon, lat in line:
                here = reference.place(lon, lat) if reference.holds(lon, lat) else None
                if here is not None and before is not None and abs(here[0] - before[0]) < half:
                    painter.drawLine(self.position_of(*before), self.position_of(*here))
                before = here
