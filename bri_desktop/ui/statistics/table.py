"""The table whose middle column is the plot: filled is the actual share, hollow the baseline, the bar the gap."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from bri_desktop.analysis.model import StatsResult, StatsRow
from bri_desktop.charts.numbers import per_cent, short_or_over, times, whole
from bri_desktop.i18n import tr
from bri_desktop.ui.shared.cells import ABSENT, ID_ROLE, Cell, Link, Toned
from bri_desktop.ui.shared.model import Column, WindowedModel
from bri_desktop.ui.shared.plot_cells import AxisStrip, ButtonDelegate, Mark, PlotDelegate, Scale, head_width, scale_of
from bri_desktop.ui.shared.table import LedgerTable
from bri_desktop.ui.statistics.groupings import RANKED
from bri_desktop.ui.statistics.heights import row_height

PLOT, VIEW = "plot", "view"
LESS = {"ratio": 3, "weight": 1}
"""Columns that go first where there is no room: the higher, the sooner."""
WEIGHED = ("weight", "share", "gap")
"""Columns of shared-out figures: their records are opened with their weights."""


def mark_of(row: StatsRow | None) -> Mark | None:
    """Return the pair of dots of a unit, in per cent; a bar where there is no baseline."""
    if row is None or not row.is_unit or row.share is None:
        return None
    base = None if row.baseline_share is None else 100 * row.baseline_share
    return Mark(100 * row.share, base, is_short=row.gap is not None and row.gap > 0)


class StatisticsTable(LedgerTable[StatsRow]):
    """One row a unit; ``figure_opened`` gives the position of the row whose number or button was used,
    ``weight_opened`` that of one whose shared-out figure was."""

    figure_opened = Signal(int)
    weight_opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        self.scale = Scale()
        self.result: StatsResult | None = None
        model = WindowedModel(self._columns(), lambda ids, arrived: arrived({key: self._row(key) for key in ids}))
        super().__init__(tr("Figures"), model, parent)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._plot = PlotDelegate(self, lambda: self.scale, lambda position: mark_of(self._found(position)))
        self._buttons = ButtonDelegate(self)
        keys = [column.key for column in model.columns]
        self.setItemDelegateForColumn(keys.index(PLOT), self._plot)
        self.setItemDelegateForColumn(keys.index(VIEW), self._buttons)
        self.header.setSectionsMovable(False)
        self.axis = AxisStrip(self, self.header, keys.index(PLOT), lambda: self.scale)
        self._keys = keys
        self._buttons.link_clicked.connect(lambda index: self.figure_opened.emit(index.data(ID_ROLE)))
        self.clicked.connect(self._on_clicked)
        self.opened.connect(lambda position: self.figure_opened.emit(position))
        self.sort_changed.connect(lambda _order: self._fill())
        self.setMouseTracking(True)

    def _columns(self) -> list[Column[StatsRow]]:
        def column(key: str, title: str, cell: Callable[[StatsRow], Cell | str], width: int) -> Column[StatsRow]:
            priority = LESS.get(key, 0)
            return Column(
                key=key, title=title, cell=cell, width=head_width(title, width), is_right=True, priority=priority
            )

        return [
            Column(key="unit", title=tr("Unit"), cell=_unit, width=132),
            column("count", tr("Entries"), lambda row: whole(row.count), 56),
            Column(key=PLOT, title="", cell=_said, width=120, is_sortable=False, stretch=True),
            column("weight", tr("Shared out"), lambda row: whole(row.weight), 72),
            column("share", tr("Actual %"), lambda row: per_cent(row.share_shown), 64),
            column("baseline", tr("Baseline %"), _baseline, 64),
            column("ratio", tr("Times"), lambda row: times(row.ratio), 56),
            column("gap", tr("Gap"), self._gap, 84),
            Column(key=VIEW, title="", cell=_view, width=128, is_right=True, is_sortable=False, priority=2),
        ]

    def show_result(self, result: StatsResult) -> None:
        """Show the rows of a result."""
        is_same = self.result is not None and self.result.by == result.by
        at = self.verticalScrollBar().value() if is_same else 0
        self.result = result
        self.scale = scale_of(mark for row in result.rows if (mark := mark_of(row)) is not None)
        row_height(self, sum(row.is_unit or bool(row.count) for row in result.rows))
        if not is_same:
            self.set_sort_order([("count", False)] if result.by and result.by[0] in RANKED else [])
        shared = any(abs(row.weight - row.count) > 1e-9 for row in result.rows)
        self.set_column_shown("weight", shared)
        for key in ("baseline", "ratio", "gap"):
            self.set_column_shown(key, any(row.baseline_share is not None for row in result.rows))
        self._fill()
        self.axis.place()
        self.verticalScrollBar().setValue(at)

    def stats_row(self, position: int) -> StatsRow | None:
        """Return the row at a position of the result."""
        return self.result.rows[position] if self.result is not None and position < len(self.result.rows) else None

    def _found(self, position: object) -> StatsRow | None:
        return self.stats_row(position) if isinstance(position, int) else None

    def values(self) -> tuple[list[str], list[list[str | float | None]]]:
        """Return the heads and the rows in the order shown, numbers as numbers, for a workbook."""
        shown = {self._keys[section] for section in self.shown_sections()}
        kept = [(key, head(), value) for key, head, value in _VALUES if key in shown]
        rows = [self._row(position) for position in self.rows.ids()]
        return [head for _, head, _ in kept], [[value(row) for _, _, value in kept] for row in rows]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fill the new height."""
        super().resizeEvent(event)
        row_height(self, self.rows.rowCount())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show that a number can be opened."""
        super().mouseMoveEvent(event)
        index = self.indexAt(event.position().toPoint())
        hand = index.isValid() and self.rows.columns[index.column()].key in ("count", PLOT, VIEW, *WEIGHED)
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
        key = self._keys[index.column()]
        if key in ("count", PLOT):
            self.figure_opened.emit(index.data(ID_ROLE))
        elif key in WEIGHED:
            self.weight_opened.emit(index.data(ID_ROLE))


_VALUES: tuple[tuple[str, Callable[[], str], Callable[[StatsRow], str | float | None]], ...] = (
    ("unit", lambda: tr("Unit"), lambda row: row.label),
    ("count", lambda: tr("Entries"), lambda row: row.count),
    ("weight", lambda: tr("Shared out"), lambda row: row.weight),
    ("share", lambda: tr("Actual %"), lambda row: row.share_shown),
    ("baseline", lambda: tr("Baseline %"), lambda row: _percent(row.baseline_share)),
    ("ratio", lambda: tr("Times"), lambda row: row.ratio),
    ("gap", lambda: tr("Gap"), lambda row: row.gap),
)


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 4)


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
