"""The map as a widget: cities as points, ties as great circles; zoom, pan, hover, open.

They stand on a sketch of land and sea, in which no boundary is drawn, or on the office's standard map picture with
its approval number (审图号). The wheel and the keys + − zoom, dragging and the arrows move, 0 shows the whole; Tab goes
from city to city and Enter opens one. The same drawing goes to the screen, a picture, a drawing file and the printer.
"""

import math
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from bri_desktop.charts.geography import ISLANDS, PictureSheet, Sheet, SketchSheet, great_circle, land
from bri_desktop.i18n import language, tr
from bri_desktop.ui.shared import paint
from bri_desktop.ui.shared.map_parts import BasePicture, MapLine, MapPoint, draw_spot, meets, mixed, pieces, spots
from bri_desktop.ui.shared.tokens import SMALL, SMALL_BOLD, Colours, Scheme, Space, colours

CLOSEST = 24.0
"""How many times larger than the whole the map can be."""
STEP = 1.5
REACH = 4
"""Pixels around a point or a line that still take a click."""
SMALLEST, LARGEST = 3.0, 13.0
"""Radii of points in pixels; the area of a point grows with its value."""
KEY_STEP = 60


class WorldMap(QWidget):
    """Shows points and lines on the sheet; emits what was clicked by its key."""

    point_opened = Signal(int)
    line_opened = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._points: tuple[MapPoint, ...] = ()
        self._lines: tuple[MapLine, ...] = ()
        self._paths: list[QPainterPath] = []
        self._sheet: Sheet = SketchSheet()
        self._base: BasePicture | None = None
        self._drawn: tuple[object, QPixmap] | None = None
        self._zoom = 1.0
        self._centre = self._middle()
        self._chosen: int | None = None
        self._grabbed: QPointF | None = None
        self._has_moved = False
        self._land = QPainterPath()
        for ring in land():
            self._land.addPolygon(QPolygonF([QPointF(x, y) for x, y in ring]))
        self._land.setFillRule(Qt.FillRule.OddEvenFill)

    def show_base(self, base: BasePicture | None) -> None:
        """Draw on a standard map picture, or with ``None`` on the sketch; the whole of it is shown."""
        self._base = base
        self._sheet = PictureSheet(base.reference) if base is not None else SketchSheet()
        self._drawn = None
        self._paths = [self._path(line) for line in self._lines]
        self.show_all()

    def outside(self) -> int:
        """Return how many points lie outside the picture."""
        if self._base is None:
            return 0
        return sum(not self._base.reference.holds(point.lon, point.lat) for point in self._points)

    def show_map(self, points: Sequence[MapPoint], lines: Sequence[MapLine]) -> None:
        """Show other points and lines; the view stays where it is."""
        self._points = tuple(sorted(points, key=lambda point: -point.value))
        self._lines = tuple(lines)
        self._paths = [self._path(line) for line in lines]
        self._chosen = None
        self.setAccessibleDescription("; ".join(point.tip for point in self._points[:30]))
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of a map that can be read."""
        return QSize(900, 460)

    # -- the view ----------------------------------------------------------------------------------------------

    def show_all(self) -> None:
        """Show the whole sheet."""
        self._zoom = 1.0
        self._centre = self._middle()
        self.update()

    def _middle(self) -> QPointF:
        width, height = self._sheet.size
        return QPointF(width / 2, height / 2)

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom, keeping what is under ``at`` (by default the middle) in its place."""
        held = at or QPointF(self.rect().center())
        before = self._view(self.rect()).inverted()[0].map(held)
        self._zoom = max(1.0, min(CLOSEST, self._zoom * factor))
        after = self._view(self.rect()).inverted()[0].map(held)
        self._centre += before - after
        self._keep_inside()

    def _view(self, rect: QRect) -> QTransform:
        """Return the way from the sheet to ``rect``."""
        width, height = self._sheet.size
        scale = min(rect.width() / width, rect.height() / height) * self._zoom
        middle = QPointF(rect.center())
        view = QTransform.fromTranslate(middle.x(), middle.y())
        view.scale(scale, scale)
        return view.translate(-self._centre.x(), -self._centre.y())

    def _keep_inside(self) -> None:
        width, height = self._sheet.size
        side, upright = width / (2 * self._zoom), height / (2 * self._zoom)
        x = min(max(self._centre.x(), side), width - side)
        y = min(max(self._centre.y(), upright), height - upright)
        self._centre = QPointF(x, y)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the sheet in view."""
        super().resizeEvent(event)
        self._keep_inside()

    # -- drawing -----------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the map."""
        painter = QPainter(self)
        self.draw(painter, self.rect())
        if self.hasFocus() and self._chosen is None:
            painter.setPen(QPen(paint.qcolor(colours().accent), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def draw(self, painter: QPainter, rect: QRect) -> None:
        """Draw the present view into ``rect`` of any painter."""
        painter.save()
        painter.setClipRect(rect)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        view = self._view(rect)
        painter.fillRect(rect, paint.qcolor(self._colours().surface))
        if self._base is not None:
            self._draw_base(painter, view, self._base)
        else:
            land_colour = paint.qcolor(self._colours().grid)
            painter.setPen(QPen(land_colour, 0.6))
            painter.setBrush(land_colour)
            painter.drawPath(view.map(self._land))
        self._draw_lines(painter, view)
        self._draw_points(painter, view)
        self._draw_names(painter, view, rect)
        self._draw_mark(painter, rect)
        painter.restore()

    def _colours(self) -> Colours:
        """Return the colours: a picture of a map is light, whatever the window is."""
        return colours(Scheme.LIGHT) if self._base is not None else colours()

    def _draw_base(self, painter: QPainter, view: QTransform, base: BasePicture) -> None:
        """Draw the picture; on the screen it is kept as it was last drawn: scaling a large one takes long."""
        place = view.mapRect(QRectF(0, 0, *self._sheet.size))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if painter.device() is not self:
            painter.drawImage(place, base.picture)
            return
        sharpness = self.devicePixelRatioF()
        key = (place.x(), place.y(), place.width(), self.width(), self.height(), sharpness)
        if self._drawn is None or self._drawn[0] != key:
            drawn = QPixmap(self.size() * sharpness)
            drawn.setDevicePixelRatio(sharpness)
            drawn.fill(paint.qcolor(self._colours().surface))
            inner = QPainter(drawn)
            inner.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            inner.drawImage(place, base.picture)
            inner.end()
            self._drawn = (key, drawn)
        painter.drawPixmap(0, 0, self._drawn[1])

    def _is_on_sheet(self, point: MapPoint) -> bool:
        return self._base is None or self._base.reference.holds(point.lon, point.lat)

    def _draw_lines(self, painter: QPainter, view: QTransform) -> None:
        c = self._colours()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._base is not None:
            painter.setClipRect(view.mapRect(QRectF(0, 0, *self._sheet.size)), Qt.ClipOperation.IntersectClip)
        for line, path in zip(self._lines, self._paths, strict=True):
            colour = QColor(paint.qcolor(c.series_1 if line.is_strong else c.baseline))
            colour.setAlphaF(0.55 if line.is_strong else 0.45)
            style = Qt.PenStyle.SolidLine if line.is_strong else Qt.PenStyle.DashLine
            painter.setPen(QPen(colour, 1.2 if line.is_strong else 1.0, style))
            painter.drawPath(view.map(path))

    def _draw_points(self, painter: QPainter, view: QTransform) -> None:
        c = self._colours()
        for number, point in enumerate(self._points):
            if not self._is_on_sheet(point):
                continue
            at, radius = self._at(point, view), self._radius(point)
            colour = self._fill(point)
            edge = QPen(paint.qcolor(c.hint if point.is_shaded else c.surface), 1)
            if number == self._chosen:
                edge = QPen(paint.qcolor(c.text), 2)
            painter.setPen(edge)
            painter.setBrush(colour)
            if point.is_home:
                painter.drawRect(QRectF(at.x() - radius, at.y() - radius, 2 * radius, 2 * radius))
            else:
                painter.drawEllipse(at, radius, radius)

    def _fill(self, point: MapPoint) -> QColor:
        """Return the colour of a city: home or abroad, else the measure from pale to full."""
        c = self._colours()
        if not point.is_shaded:
            return QColor(paint.qcolor(c.series_2 if point.is_home else c.series_1))
        if point.shade is None:
            return QColor(paint.qcolor(c.surface))
        return mixed(paint.qcolor(c.tint), paint.qcolor(c.series_1), point.shade)

    def _draw_names(self, painter: QPainter, view: QTransform, rect: QRect) -> None:
        """Name the islands first, then as many cities as find room, the largest first."""
        c = self._colours()
        shown = [point for point in self._points if self._is_on_sheet(point)]
        points, names = [self._box(point, view) for point in shown], [QRectF(self._mark_box(rect))]
        for island in ISLANDS if self._base is None else ():
            at = view.map(QPointF(*self._sheet.place(island.lon, island.lat)))
            names.append(draw_spot(painter, at, island.zh if language() == "zh_CN" else island.en, c))
        for point in shown:
            at, radius = self._at(point, view), self._radius(point)
            if not QRectF(rect).contains(at):
                continue
            others = [other for other in points if not other.contains(at)]
            inside = (spot for spot in spots(point.name, at, radius) if QRectF(rect).contains(spot))
            free = next((spot for spot in inside if not meets(spot, others) and not meets(spot, names)), None)
            if free is not None:
                names.append(free)
                paint.draw_text(painter, free.toRect(), point.name, SMALL, paint.qcolor(c.text))

    def mark_text(self) -> str:
        """Return what stands at the foot of the map: that it is a sketch, or the approval number of the picture."""
        if self._base is None:
            return tr("Sketch map, no boundaries drawn. Land: Natural Earth.")
        return tr("Standard map, approval number {number}; points and lines are added.", number=self._base.number)

    def _draw_mark(self, painter: QPainter, rect: QRect) -> None:
        box = self._mark_box(rect)
        if self._base is not None:
            painter.fillRect(box, paint.qcolor(self._colours().surface))
        text = box.adjusted(Space.INSIDE, 0, 0, 0)
        paint.draw_text(painter, text, self.mark_text(), SMALL_BOLD, paint.qcolor(self._colours().hint))

    def _mark_box(self, rect: QRect) -> QRect:
        """Return where the words at the foot stand: no name of a city comes there."""
        width = paint.metrics(SMALL_BOLD).horizontalAdvance(self.mark_text()) + 3 * Space.INSIDE
        left = rect.left() + Space.SECTION - Space.INSIDE
        return QRect(left, rect.bottom() - 24, min(width, rect.width() - 2 * Space.SECTION), 18)

    def _path(self, line: MapLine) -> QPainterPath:
        path = QPainterPath()
        for piece in great_circle(line.start, line.end, sheet=self._sheet):
            path.moveTo(*piece[0])
            for x, y in piece[1:]:
                path.lineTo(x, y)
        return path

    def _radius(self, point: MapPoint) -> float:
        most = self._points[0].value if self._points else 0
        share = point.value / most if most > 0 else 0.0
        return SMALLEST + (LARGEST - SMALLEST) * math.sqrt(share)

    def _at(self, point: MapPoint, view: QTransform) -> QPointF:
        return view.map(QPointF(*self._sheet.place(point.lon, point.lat)))

    def _box(self, point: MapPoint, view: QTransform) -> QRectF:
        at, radius = self._at(point, view), self._radius(point)
        return QRectF(at.x() - radius, at.y() - radius, 2 * radius, 2 * radius)

    # -- what is under the pointer -----------------------------------------------------------------------------

    def point_at(self, at: QPointF) -> MapPoint | None:
        """Return the city under a position; the smallest where several lie over one another."""
        view = self._view(self.rect())
        shown = (point for point in reversed(self._points) if self._is_on_sheet(point))
        near = ((p, (self._at(p, view) - at).manhattanLength()) for p in shown)
        return next((point for point, far in near if far <= self._radius(point) + REACH), None)

    def position_of(self, key: int) -> QPointF:
        """Return where the city of that key is drawn."""
        point = next(point for point in self._points if point.key == key)
        return self._at(point, self._view(self.rect()))

    def line_at(self, at: QPointF) -> MapLine | None:
        """Return the tie under a position."""
        view = self._view(self.rect())
        reach = QRectF(at.x() - REACH, at.y() - REACH, 2 * REACH, 2 * REACH)
        for line, path in zip(self._lines, self._paths, strict=True):
            if any(reach.intersects(piece) for piece in pieces(view.map(path))):
                return line
        return None

    def event(self, event: QEvent) -> bool:
        """Say what is under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            at = QPointF(event.pos())
            found = self.point_at(at) or self.line_at(at)
            QToolTip.showText(event.globalPos(), found.tip if found else "", self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the map."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._grabbed, self._has_moved = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the map, or point at what can be opened."""
        if self._grabbed is None:
            found = self.point_at(event.position()) or self.line_at(event.position())
            self.setCursor(Qt.CursorShape.PointingHandCursor if found else Qt.CursorShape.ArrowCursor)
            return
        moved = event.position() - self._grabbed
        if self._has_moved or moved.manhattanLength() > 2 * REACH:
            self._has_moved = True
            self._grabbed = event.position()
            self._move_by(-moved)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open what was clicked, unless the map was dragged."""
        if self._grabbed is not None and not self._has_moved:
            self._open_at(event.position())
        self._grabbed = None

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the pointer."""
        self.zoom_by(1.0015 ** event.angleDelta().y(), event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Zoom, move, or open the chosen city."""
        moves = {
            Qt.Key.Key_Left: QPointF(-KEY_STEP, 0),
            Qt.Key.Key_Right: QPointF(KEY_STEP, 0),
            Qt.Key.Key_Up: QPointF(0, -KEY_STEP),
            Qt.Key.Key_Down: QPointF(0, KEY_STEP),
        }
        key = Qt.Key(event.key())
        if key in moves:
            self._move_by(moves[key])
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_by(STEP)
        elif key == Qt.Key.Key_Minus:
            self.zoom_by(1 / STEP)
        elif key == Qt.Key.Key_0:
            self.show_all()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._chosen is not None:
            self.point_opened.emit(self._points[self._chosen].key)
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, is_forward: bool) -> bool:
        """Go to the next city; behind the last one, to the next control."""
        step = 1 if is_forward else -1
        following = (-1 if is_forward else len(self._points)) if self._chosen is None else self._chosen
        following += step
        if 0 <= following < len(self._points):
            self._chosen = following
            point = self._points[following]
            QToolTip.showText(self.mapToGlobal(self.position_of(point.key).toPoint()), point.tip, self)
            self.update()
            return True
        self._chosen = None
        self.update()
        return super().focusNextPrevChild(is_forward)

    def _move_by(self, pixels: QPointF) -> None:
        scale = self._view(self.rect()).m11()
        self._centre += QPointF(pixels.x() / scale, pixels.y() / scale)
        self._keep_inside()

    def _open_at(self, at: QPointF) -> None:
        point = self.point_at(at)
        if point is not None:
            self.point_opened.emit(point.key)
        elif (line := self.line_at(at)) is not None:
            self.line_opened.emit(line.key)
