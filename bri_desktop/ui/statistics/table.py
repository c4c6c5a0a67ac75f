"""The table whose middle column is the plot: filled is the actual share, hollow the baseline, the bar the gap."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem, QWidget

from bri_desktop.analysis.model import StatsResult, StatsRow
from bri_desktop.charts.numbers import per_cent, short_or_over, times, whole
from bri_desktop.i18n import tr
from bri_desktop.ui.shared import paint
from bri_desktop.ui.shared.cells import ABSENT, ID_ROLE, Cell, Link, Toned
from bri_desktop.ui.shared.delegates import Index, RowDelegate
from bri_desktop.ui.shared.header import TableHeader
from bri_desktop.ui.shared.model import Column, WindowedModel, tsv
from bri_desktop.ui.shared.table import LedgerTable
from bri_desktop.ui.shared.tokens import AXIS, SMALL, SMALL_BOLD, Size, Space
from bri_desktop.ui.statistics.groupings import RANKED

SHORT_LIST = 10
"""Up to so many rows are as high as the plot likes them."""
PLOT, VIEW = "plot", "view"
ARROW = 18
"""Room for the arrow of the sort order."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The axis of the plot: per cent from 0 to ``top`` in steps."""

    top: float = 100.0
    step: float = 20.0

    def x(self, rect: QRect, per_cent: float) -> float:
        """Return where a value lies in a cell."""
        left, right = rect.left() + Space.PAGE, rect.right() - Space.PAGE
        return left + (right - left) * per_cent / self.top

    def ticks(self) -> list[float]:
        """Return the values that are written at the axis."""
        return [number * self.step for number in range(round(self.top / self.step) + 1)]


def scale_of(rows: Sequence[StatsRow]) -> Scale:
    """Return the axis that holds all shares."""
    largest = max((100 * max(row.share or 0.0, row.baseline_share or 0.0) for row in rows), default=0.0)
    step = next((step for step in (1, 2, 5, 10) if largest / step <= 6), 20)
    return Scale(max(step, math.ceil(round(largest / step, 6)) * step), step)


class PlotDelegate(RowDelegate):
    """Draws the pair of dots of a row over the grid."""

    def __init__(self, view: "StatisticsTable") -> None:
        super().__init__(view)
        self._table = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        rect: QRect = getattr(option, "rect")  # noqa: B009 - the stubs leave out the fields of style options
        state: QStyle.StateFlag = getattr(option, "state")  # noqa: B009
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.fillRect(rect, paint.role("selection" if chosen else "surface"))
        painter.save()
        for tick in self._table.scale.ticks():
            x = round(self._table.scale.x(rect, tick))
            painter.fillRect(QRect(x, rect.top(), 1, rect.height()), paint.role("grid"))
        paint.draw_rule(painter, rect, paint.role("line"))
        row = self._table.stats_row(index.data(ID_ROLE))
        if row is not None and row.is_unit and row.share is not None:
            draw_pair(painter, rect, row, self._table.scale)
        painter.restore()


def draw_pair(painter: QPainter, rect: QRect, row: StatsRow, scale: Scale) -> None:
    """Draw bar, filled and hollow dot; without a baseline a bar from zero."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colour = paint.role("series_2" if row.gap is not None and row.gap > 0 else "series_1")
    middle = rect.center().y() + 0.5
    actual = QPointF(scale.x(rect, 100 * (row.share or 0.0)), middle)
    if row.baseline_share is None:
        painter.fillRect(QRectF(scale.x(rect, 0), middle - 5, actual.x() - scale.x(rect, 0), 10), colour)
        return
    base = QPointF(scale.x(rect, 100 * row.baseline_share), middle)
    painter.setPen(QPen(colour, 2))
    painter.drawLine(base, actual)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(actual, 5, 5)
    painter.setPen(QPen(paint.role("baseline"), 1.5))
    painter.setBrush(paint.role("surface"))
    painter.drawEllipse(base, 4, 4)


class ButtonDelegate(RowDelegate):
    """Draws the link of a row as a small button."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        rect: QRect = getattr(option, "rect")  # noqa: B009 - the stubs leave out the fields of style options
        state: QStyle.StateFlag = getattr(option, "state")  # noqa: B009
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.fillRect(rect, paint.role("selection" if chosen else "surface"))
        paint.draw_rule(painter, rect, paint.role("line"))
        text = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        if not text:
            return
        width = paint.metrics(SMALL).horizontalAdvance(text) + 2 * Space.BETWEEN
        height = min(Size.SMALL_CONTROL, rect.height() - Space.INSIDE)
        left, top = rect.right() - Space.BETWEEN - width, rect.center().y() - height // 2
        box = QRect(left, top, width, height)
        painter.save()
        paint.draw_box(painter, box, fill=paint.role("surface"), edge=paint.role("button_edge"))
        paint.draw_text(painter, box, text, SMALL, paint.role("text"), Qt.AlignmentFlag.AlignHCenter)
        painter.restore()


class AxisStrip(QWidget):
    """The ticks of the plot, over its place in the table's head."""

    def __init__(self, table: "StatisticsTable", header: TableHeader, section: int) -> None:
        super().__init__(header.viewport())
        self._table, self._header, self._section = table, header, section
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        header.sectionResized.connect(lambda *_change: self.place())
        header.sectionMoved.connect(lambda *_change: self.place())
        header.geometriesChanged.connect(self.place)
        table.horizontalScrollBar().valueChanged.connect(lambda _value: self.place())

    def place(self) -> None:
        """Follow the column."""
        header = self._header
        left = header.sectionViewportPosition(self._section)
        self.setGeometry(left, 0, header.sectionSize(self._section), header.height())
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Write the ticks."""
        painter = QPainter(self)
        scale = self._table.scale
        for tick in scale.ticks():
            x = round(scale.x(self.rect(), tick))
            text = f"{tick:g}%" if tick == scale.top else f"{tick:g}"
            box = QRect(x - 24, 0, 48, self.height() - 1)
            paint.draw_text(painter, box, text, AXIS, paint.role("secondary"), Qt.AlignmentFlag.AlignHCenter)


class Legend(QWidget):
    """What the two dots mean."""

    def __init__(self) -> None:
        super().__init__()
        self._words = (tr("Actual share"), tr("Baseline share"))
        self.setAccessibleName(" / ".join(self._words))
        widths = [paint.metrics(SMALL).horizontalAdvance(word) for word in self._words]
        self.setFixedSize(sum(widths) + 2 * (Size.ICON + Space.PAGE), SMALL.line + 2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw both dots, each with its word."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x, middle = Space.BETWEEN, self.height() / 2
        for word, is_filled in zip(self._words, (True, False), strict=True):
            painter.setPen(QPen(paint.role("text" if is_filled else "baseline"), 1.5))
            painter.setBrush(paint.role("text" if is_filled else "surface"))
            painter.drawEllipse(QPointF(x, middle), 4, 4)
            rest = QRect(x + Space.SECTION, 0, self.width(), self.height())
            x += Space.SECTION + paint.draw_text(painter, rest, word, SMALL, paint.role("secondary")) + Space.PAGE


class StatisticsTable(LedgerTable[StatsRow]):
    """One row a unit; ``figure_opened`` gives the position of the row whose number or button was used."""

    figure_opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        self.scale = Scale()
        self.result: StatsResult | None = None
        model = WindowedModel(self._columns(), lambda ids, arrived: arrived({key: self._row(key) for key in ids}))
        super().__init__(tr("Figures"), model, parent)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._plot, self._buttons = PlotDelegate(self), ButtonDelegate(self)
        keys = [column.key for column in model.columns]
        self.setItemDelegateForColumn(keys.index(PLOT), self._plot)
        self.setItemDelegateForColumn(keys.index(VIEW), self._buttons)
        self.header.setSectionsMovable(False)
        self.axis = AxisStrip(self, self.header, keys.index(PLOT))
        self._count_section = keys.index("count")
        self._buttons.link_clicked.connect(lambda index: self.figure_opened.emit(index.data(ID_ROLE)))
        self.clicked.connect(self._on_clicked)
        self.opened.connect(lambda position: self.figure_opened.emit(position))
        self.sort_changed.connect(lambda _order: self._fill())
        self.setMouseTracking(True)

    def _columns(self) -> list[Column[StatsRow]]:
        def column(key: str, title: str, cell: Callable[[StatsRow], Cell | str], width: int) -> Column[StatsRow]:
            needed = paint.metrics(SMALL_BOLD).horizontalAdvance(title) + 2 * Space.BETWEEN + ARROW
            return Column(key=key, title=title, cell=cell, width=max(width, needed), is_right=True)

        return [
            Column(key="unit", title=tr("Unit"), cell=_unit, width=132),
            column("count", tr("Entries"), lambda row: whole(row.count), 56),
            Column(key=PLOT, title="", cell=_said, width=200, is_sortable=False, stretch=True),
            column("weight", tr("Shared out"), lambda row: whole(row.weight), 72),
            column("share", tr("Actual %"), lambda row: per_cent(row.share_shown), 64),
            column("baseline", tr("Baseline %"), _baseline, 64),
            column("ratio", tr("Times"), lambda row: times(row.ratio), 56),
            column("gap", tr("Gap"), self._gap, 84),
            Column(key=VIEW, title="", cell=_view, width=128, is_right=True, is_sortable=False),
        ]

    def show_result(self, result: StatsResult) -> None:
        """Show the rows of a result."""
        is_same = self.result is not None and self.result.by == result.by
        self.result = result
        self.scale = scale_of(result.rows)
        height = Size.ROW_PLOT if len(result.rows) <= SHORT_LIST else Size.ROW
        self.verticalHeader().setMinimumSectionSize(height)
        self.verticalHeader().setDefaultSectionSize(height)
        if not is_same:
            self.set_sort_order([("count", False)] if result.by and result.by[0] in RANKED else [])
        shared = any(abs(row.weight - row.count) > 1e-9 for row in result.rows)
        self.set_column_shown("weight", shared)
        for key in ("baseline", "ratio", "gap"):
            self.set_column_shown(key, any(row.baseline_share is not None for row in result.rows))
        self._fill()
        self.axis.place()

    def stats_row(self, position: int) -> StatsRow | None:
        """Return the row at a position of the result."""
        return self.result.rows[position] if self.result is not None and position < len(self.result.rows) else None

    def text(self) -> str:
        """Return the whole table as a spreadsheet takes it: heads, rows in the order shown."""
        columns = [self.rows.columns[section] for section in self.shown_sections()]
        kept = [column for column in columns if column.key not in (PLOT, VIEW)]
        head = "\t".join(column.title for column in kept)
        return f"{head}\n{tsv([self._row(position) for position in self.rows.ids()], kept)}\n"

    def values(self) -> tuple[list[str], list[list[str | float | None]]]:
        """Return the heads and the rows in the order shown, numbers as numbers, for a workbook."""
        heads = [tr("Unit"), tr("Entries"), tr("Shared out"), tr("Actual %"), tr("Baseline %"), tr("Times"), tr("Gap")]
        rows = [self._row(position) for position in self.rows.ids()]
        return heads, [
            [
                row.label,
                row.count,
                row.weight,
                row.share_shown,
                None if row.baseline_share is None else round(100 * row.baseline_share, 4),
                row.ratio,
                row.gap,
            ]
            for row in rows
        ]

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show that a number can be opened."""
        super().mouseMoveEvent(event)
        index = self.indexAt(event.position().toPoint())
        hand = index.isValid() and self.rows.columns[index.column()].key in ("count", PLOT, VIEW)
        self.setCursor(Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor)

    def _row(self, position: int) -> StatsRow:
        assert self.result is not None
        return self.result.rows[position]

    def _gap(self, row: StatsRow) -> Cell | str:
        if row.gap is None or self.result is None:
            return ABSENT
        total = sum(other.weight for other in self.result.rows if other.is_unit)
        return Toned(short_or_over(row.gap, total), "series_2" if row.gap > 0 else "series_1", bold=True)

    def _fill(self) -> None:
        if self.result is None:
            return
        rows = self.result.rows
        positions = [position for position, row in enumerate(rows) if row.is_unit]
        for key, ascending in reversed(self.sort_order()):
            value = _SORT_VALUES[key]
            positions.sort(key=lambda position: value(rows[position]), reverse=not ascending)
        positions += [position for position, row in enumerate(rows) if not row.is_unit and row.count]
        self.show_ids(positions, dict(enumerate(rows)))

    def _on_clicked(self, index: QModelIndex) -> None:
        if index.column() in (self._count_section, self._count_section + 1):
            self.figure_opened.emit(index.data(ID_ROLE))


_SORT_VALUES: dict[str, Callable[[StatsRow], float | str]] = {
    "unit": lambda row: row.label,
    "count": lambda row: row.count,
    "weight": lambda row: row.weight,
    "share": lambda row: row.share or 0.0,
    "baseline": lambda row: row.baseline_share or 0.0,
    "ratio": lambda row: row.ratio or 0.0,
    "gap": lambda row: row.gap or 0.0,
}


def _unit(row: StatsRow) -> Cell | str:
    return row.label if row.is_unit else Toned(row.label, "secondary")


def _said(row: StatsRow) -> Cell | str:
    return f"{per_cent(row.share_shown)}% / {_baseline(row)}%" if row.is_unit else ""


def _baseline(row: StatsRow) -> str:
    return ABSENT if row.baseline_share is None else per_cent(100 * row.baseline_share)


def _view(row: StatsRow) -> Cell | str:
    return Link(tr("View {count} records", count=f"{row.count:,}")) if row.count else ""
