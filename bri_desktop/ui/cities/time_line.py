"""The time line of what is between two places: a lane for each kind, points and spans, each kind with its own sign.

Lanes with few things write their names beside them; lanes with very many draw one bar a year. Tab reaches the
picture, the arrows go from thing to thing, Enter or a click opens what stands there.
"""

import datetime
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from bri_desktop.i18n import tr
from bri_desktop.ui.shared import paint
from bri_desktop.ui.shared.tokens import AXIS, SMALL, SMALL_BOLD, Size, Space

ROW = 22
ROWS = 6
"""Rows of a lane; what finds no room there makes it a lane of bars by year."""
NAMED = 24
"""Up to so many things, their names stand beside them."""
NAME_ROOM = 180
SIGN = 9
LABELS = 104
AXIS_HEIGHT = 22
BAR_LANE = 44
ROLES = {"agreement": "series_2", "activity": "series_3", "outcome": "series_4", "project": "series_1"}


@dataclass(frozen=True, slots=True)
class TimeItem:
    """A thing on the line: years as fractions (2017.5); ``end`` is ``None`` for a point, and ``width`` is how far its
    date may lie after ``start`` (a year for 2017). ``ids`` are the projects that it opens, ``count`` how many it stands
    for, ``record`` (tie, kind, number) the record that belongs to a tie alone."""

    kind: str
    start: float
    end: float | None
    text: str
    tip: str
    ids: tuple[int, ...]
    width: float = 0.0
    is_open: bool = False
    count: int = 1
    record: tuple[int, str, int] | None = None


@dataclass(frozen=True, slots=True)
class Lane:
    """The things of one kind, under the word for it; those of a ``is_dense`` one are drawn as bars by year."""

    kind: str
    title: str
    items: tuple[TimeItem, ...]
    is_dense: bool = False


@dataclass(slots=True)
class _Placed:
    """Where an item is drawn, and the lane's own top."""

    item: TimeItem
    box: QRectF
    name: QRect = field(default_factory=QRect)


def year_position(date: str) -> tuple[float, float]:
    """Return (years as a fraction, width in years) of an ISO date of reduced precision."""
    parts = [int(part) for part in date.split("-")]
    if len(parts) == 1:
        return float(parts[0]), 1.0
    if len(parts) == 2:
        return parts[0] + (parts[1] - 1) / 12, 1 / 12
    day = datetime.date(*parts)
    length = 366 if day.year % 4 == 0 and (day.year % 100 or day.year % 400 == 0) else 365
    return day.year + (day.timetuple().tm_yday - 1) / length, 0.0


class TimeLine(QWidget):
    """Lanes over one axis of years; ``opened`` gives the item that was clicked or entered."""

    opened = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._lanes: tuple[Lane, ...] = ()
        self._placed: list[_Placed] = []
        self._tops: list[tuple[Lane, int, int]] = []
        self._span = (0.0, 1.0)
        self._today = 0.0
        self._chosen = -1

    def show_lanes(self, lanes: Sequence[Lane], today: datetime.date) -> None:
        """Show other lanes; those without anything are left out."""
        self._lanes = tuple(lane for lane in lanes if lane.items)
        self._today = year_position(today.isoformat())[0]
        everything = [item for lane in self._lanes for item in lane.items]
        first = math.floor(min((item.start for item in everything), default=self._today))
        last = max((max(item.start + item.width, item.end or 0.0) for item in everything), default=0.0)
        self._span = (float(first), float(max(math.ceil(last), math.floor(self._today) + 1, first + 2)))
        self._chosen = -1
        self.setAccessibleDescription("; ".join(item.tip for item in everything[:60]))
        self._lay_out()

    def items(self) -> list[TimeItem]:
        """Return what is drawn, lane by lane; a lane of bars has one item a year."""
        return [placed.item for placed in self._placed]

    def position_of(self, place: int) -> QPointF:
        """Return where the item at ``place`` of :meth:`items` is drawn."""
        return self._placed[place].box.center()

    def sizeHint(self) -> QSize:
        """Return a width that reads well and the height of all lanes."""
        return QSize(800, self._height())

    # -- laying out ------------------------------------------------------------------------------------------------

    def _height(self) -> int:
        return (self._tops[-1][1] + self._tops[-1][2] if self._tops else 0) + AXIS_HEIGHT

    def _x(self, year: float) -> float:
        first, last = self._span
        return LABELS + (year - first) / (last - first) * (self.width() - LABELS - Space.PAGE)

    def _lay_out(self) -> None:
        self._placed, self._tops = [], []
        top = Space.INSIDE
        for lane in self._lanes:
            placed, height = self._lane(lane, top)
            self._placed += placed
            self._tops.append((lane, top, height))
            top += height + Space.INSIDE
        self.setFixedHeight(self._height())
        self.update()

    def _lane(self, lane: Lane, top: int) -> tuple[list[_Placed], int]:
        for is_named in (True, False):
            if lane.is_dense or (is_named and len(lane.items) > NAMED):
                continue
            placed, rows = self._packed(lane, top, is_named=is_named)
            if rows <= ROWS:
                return placed, rows * ROW
        return self._by_year(lane, top), BAR_LANE

    def _packed(self, lane: Lane, top: int, *, is_named: bool) -> tuple[list[_Placed], int]:
        """Return the items in as few rows as they need, and how many those are."""
        free: list[float] = []
        placed = []
        for item in sorted(lane.items, key=lambda item: (item.start, item.end or 0.0)):
            box, edges = self._extent(item)
            room = paint.metrics(SMALL).horizontalAdvance(item.text) + 1
            wanted = min(NAME_ROOM, room) if is_named else 0
            start, reach = edges[0], edges[1] + (Space.INSIDE + wanted + Space.BETWEEN if is_named else 3)
            name_left = edges[1] + Space.INSIDE
            before = edges[0] - wanted - Space.INSIDE
            if is_named and reach > self.width() - Space.INSIDE and before > LABELS:
                start, reach, name_left = before, edges[1] + Space.INSIDE, before
            elif is_named and self.width() - name_left < wanted and box.width() > wanted + 2 * SIGN:
                reach, name_left = edges[1] + Space.INSIDE, box.left() + SIGN + Space.INSIDE
            row = next((n for n, edge in enumerate(free) if edge <= start), len(free))
            free[row : row + 1] = [reach]
            box.moveTop(top + row * ROW + ROW / 2 - SIGN / 2)
            width = min(wanted, self.width() - round(name_left))
            name = QRect(round(name_left), top + row * ROW, width, ROW) if is_named else QRect()
            placed.append(_Placed(item, box, name))
        return placed, len(free)

    def _extent(self, item: TimeItem) -> tuple[QRectF, tuple[float, float]]:
        """Return the sign and span of an item, and the edges within which its date lies."""
        left = self._x(item.start + (item.width / 2 if item.end is None else 0.0))
        right = self._x(item.end) if item.end is not None else left
        box = QRectF(left - SIGN / 2, 0, max(right, left + SIGN / 2) - left + SIGN / 2, SIGN)
        last = self._x(item.start + item.width) if item.end is None else box.right()
        return box, (min(box.left(), self._x(item.start)), max(box.right(), last))

    def _by_year(self, lane: Lane, top: int) -> list[_Placed]:
        """Return a bar for each year in which something began."""
        years: dict[int, list[TimeItem]] = {}
        for item in lane.items:
            years.setdefault(math.floor(item.start), []).append(item)
        counts = {year: sum(item.count for item in found) for year, found in years.items()}
        placed = []
        for year, found in sorted(years.items()):
            ids = tuple(sorted({number for item in found for number in item.ids}))
            tip = tr("{year}: {count} × {kind}", year=year, count=f"{counts[year]:,}", kind=lane.title)
            height = max(2.0, (BAR_LANE - Space.BETWEEN) * counts[year] / max(counts.values()))
            left, right = self._x(year) + 1, max(self._x(year + 1) - 1, self._x(year) + 3)
            box = QRectF(left, top + BAR_LANE - height, right - left, height)
            bar = TimeItem(lane.kind, float(year), None, str(counts[year]), tip, ids, 1.0, count=counts[year])
            placed.append(_Placed(bar, box))
        return placed

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out for the new width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._lay_out()

    # -- drawing ---------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw axis, lanes and items."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_axis(painter)
        for lane, top, height in self._tops:
            self._draw_lane_name(painter, lane, top)
            painter.fillRect(QRect(0, top + height + 1, self.width(), 1), paint.role("grid"))
        for number, placed in enumerate(self._placed):
            self._draw_item(painter, placed)
            if number == self._chosen and self.hasFocus():
                painter.setPen(QPen(paint.role("accent"), Size.FOCUS))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(placed.box.adjusted(-4, -4, 4, 4))

    def _ticks(self) -> Iterator[int]:
        first, last = (round(edge) for edge in self._span)
        room = max(1, (self.width() - LABELS) // 56)
        step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 1000) if (last - first) / step <= room)
        yield from range(-(-first // step) * step, last + 1, step)

    def _draw_axis(self, painter: QPainter) -> None:
        bottom = self.height() - AXIS_HEIGHT
        for year in self._ticks():
            x = round(self._x(year))
            painter.fillRect(QRect(x, 0, 1, bottom), paint.role("grid"))
            box = QRect(x - 28, bottom + 3, 56, 16)
            paint.draw_text(painter, box, str(year), AXIS, paint.role("hint"), Qt.AlignmentFlag.AlignHCenter)
        painter.setPen(QPen(paint.role("button_edge"), 1))
        painter.drawLine(QPointF(LABELS, bottom + 0.5), QPointF(self.width() - Space.PAGE, bottom + 0.5))
        painter.setPen(QPen(paint.role("baseline"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(self._x(self._today), 0), QPointF(self._x(self._today), bottom))

    def _draw_lane_name(self, painter: QPainter, lane: Lane, top: int) -> None:
        sign = QRectF(Space.INSIDE, top + ROW / 2 - SIGN / 2, SIGN, SIGN)
        self._draw_sign(painter, lane.kind, sign)
        room = QRect(Space.INSIDE + SIGN + 6, top, LABELS - SIGN - Space.SECTION, ROW)
        paint.draw_text(painter, room, lane.title, SMALL_BOLD, paint.role("text"))

    def _draw_item(self, painter: QPainter, placed: _Placed) -> None:
        item, colour = placed.item, paint.role(ROLES[placed.item.kind])
        if placed.box.height() != SIGN:
            painter.fillRect(placed.box, colour)
            return
        middle = placed.box.center().y()
        if item.end is not None:
            painter.setPen(QPen(colour, 4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
            painter.drawLine(QPointF(placed.box.left() + SIGN / 2, middle), QPointF(placed.box.right(), middle))
            if item.is_open:
                painter.setPen(QPen(colour, 2))
                painter.drawPolyline(_arrow(QPointF(placed.box.right() + 3, middle)))
        elif item.width > 0:
            painter.setPen(QPen(colour, 1, Qt.PenStyle.DotLine))
            ends = (self._x(item.start), self._x(item.start + item.width))
            painter.drawLine(QPointF(ends[0], middle), QPointF(ends[1], middle))
        sign = QRectF(placed.box.left(), placed.box.top(), SIGN, SIGN)
        self._draw_sign(painter, item.kind, sign)
        if item.end is not None and not placed.name.isEmpty():
            painter.fillRect(placed.name.adjusted(-2, 2, 2, -2), paint.role("surface"))
        paint.draw_text(painter, placed.name, item.text, SMALL, paint.role("text"))

    def _draw_sign(self, painter: QPainter, kind: str, box: QRectF) -> None:
        colour = paint.role(ROLES[kind])
        painter.setPen(QPen(colour, 1.5))
        painter.setBrush(colour if kind in ("agreement", "outcome") else paint.role("surface"))
        middle, half = box.center(), SIGN / 2
        if kind == "agreement":
            painter.drawRect(box.adjusted(1, 1, -1, -1))
        elif kind == "activity":
            painter.drawEllipse(middle, half - 1, half - 1)
        elif kind == "outcome":
            corners = [QPointF(0, -half), QPointF(half, 0), QPointF(0, half), QPointF(-half, 0)]
            painter.drawPolygon(QPolygonF([middle + corner for corner in corners]))
        else:
            corners = [QPointF(-half + 1, -half + 1), QPointF(half, 0), QPointF(-half + 1, half - 1)]
            painter.drawPolygon(QPolygonF([middle + corner for corner in corners]))

    # -- mouse and keys --------------------------------------------------------------------------------------------

    def item_at(self, at: QPointF) -> int:
        """Return the place of the item under a position, or -1."""
        for number, placed in reversed(list(enumerate(self._placed))):
            if placed.box.adjusted(-3, -4, 3, 4).contains(at) or QRectF(placed.name).contains(at):
                return number
        return -1

    def event(self, event: QEvent) -> bool:
        """Say what is under the pointer."""
        if isinstance(event, QHelpEvent):
            hit = self.item_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), self._placed[hit].item.tip if hit >= 0 else "", self)
            return True
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show what can be opened."""
        hit = self.item_at(event.position())
        is_link = hit >= 0 and (bool(self._placed[hit].item.ids) or self._placed[hit].item.record is not None)
        self.setCursor(Qt.CursorShape.PointingHandCursor if is_link else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open what is under the pointer."""
        hit = self.item_at(event.position())
        if hit >= 0 and event.button() is Qt.MouseButton.LeftButton:
            self._chosen = hit
            self.opened.emit(self._placed[hit].item)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the next thing, or open the one that is chosen."""
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}.get(
            Qt.Key(event.key()), 0
        )
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            super().keyPressEvent(event)
        elif step and self._placed:
            self._chosen = max(0, min(len(self._placed) - 1, self._chosen + step))
            self.setAccessibleDescription(self._placed[self._chosen].item.tip)
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._chosen >= 0:
            self.opened.emit(self._placed[self._chosen].item)
        else:
            super().keyPressEvent(event)


def _arrow(tip: QPointF) -> QPolygonF:
    return QPolygonF([tip + QPointF(-3, -4), tip, tip + QPointF(-3, 4)])
