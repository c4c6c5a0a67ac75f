"""Then and now in one row a unit: hollow is then, filled is now, and the records that came and went are one click."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from bri_desktop.charts.numbers import whole
from bri_desktop.i18n import tr
from bri_desktop.label_measures import signed
from bri_desktop.services.statistics_compare import Comparison, RowChange
from bri_desktop.ui.shared.cells import ABSENT, ID_ROLE, Cell, Link, Toned
from bri_desktop.ui.shared.model import Column, WindowedModel
from bri_desktop.ui.shared.plot_cells import AxisStrip, ButtonDelegate, Mark, PlotDelegate, Scale, head_width, scale_of
from bri_desktop.ui.shared.table import LedgerTable
from bri_desktop.ui.statistics.heights import row_height

PLOT, CAME, WENT, STAYED = "plot", "came", "went", "stayed"
PARTS = (CAME, WENT, STAYED)
TOTAL = -1
"""The position of the row of the total."""


def label_of(change: RowChange) -> str:
    """Return the name of a row."""
    return " · ".join(change.labels) if change.keys else tr("Total")


class ChangeTable(LedgerTable[RowChange]):
    """One row a unit that has or had entries; ``part_opened`` gives the row, and which records are wanted."""

    part_opened = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        self.scale = Scale()
        self.comparison: Comparison | None = None
        model = WindowedModel(_columns(), lambda ids, arrived: arrived({key: self.change(key) for key in ids}))
        super().__init__(tr("Then and now"), model, parent)
        self._keys = [column.key for column in model.columns]
        self._plot = PlotDelegate(self, lambda: self.scale, self._mark)
        self._buttons = ButtonDelegate(self)
        self.setItemDelegateForColumn(self._keys.index(PLOT), self._plot)
        for part in PARTS:
            self.setItemDelegateForColumn(self._keys.index(part), self._buttons)
        self.header.setSectionsMovable(False)
        self.axis = AxisStrip(self, self.header, self._keys.index(PLOT), lambda: self.scale)
        self._buttons.link_clicked.connect(self._on_link)
        self.clicked.connect(self._on_clicked)
        self.opened.connect(self._on_opened)
        self.sort_changed.connect(lambda _order: self._fill())

    def show_comparison(self, comparison: Comparison) -> None:
        """Show another comparison; order and place stay."""
        at = self.verticalScrollBar().value()
        self.comparison = comparison
        marks = [mark for change in comparison.rows if (mark := _mark_of(change)) is not None]
        self.scale = scale_of(marks, suffix="")
        shown = sum(bool(change.then or change.now) for change in comparison.rows) + 1
        row_height(self, shown)
        self.set_column_shown(STAYED, any(change.stayed for change in comparison.rows))
        self._fill()
        self.axis.place()
        self.verticalScrollBar().setValue(at)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fill the new height."""
        super().resizeEvent(event)
        row_height(self, self.rows.rowCount())

    def change(self, position: int) -> RowChange:
        """Return the row at a position of the comparison; that of the total at :data:`TOTAL`."""
        assert self.comparison is not None
        return self.comparison.total if position == TOTAL else self.comparison.rows[position]

    def values(self) -> tuple[list[str], list[list[str | float | None]]]:
        """Return heads and rows in the order shown, numbers as numbers."""
        heads = [tr("Unit"), tr("Then"), tr("Now"), tr("Difference"), tr("Came"), tr("Went")]
        rows: list[list[str | float | None]] = []
        for position in self.rows.ids():
            change = self.change(position)
            figures = (change.then, change.now, change.difference, len(change.came), len(change.went))
            rows.append([label_of(change), *figures])
        return heads, rows

    def _mark(self, position: object) -> Mark | None:
        return _mark_of(self.change(position)) if isinstance(position, int) and position != TOTAL else None

    def _fill(self) -> None:
        if self.comparison is None:
            return
        rows = self.comparison.rows
        positions = [position for position, change in enumerate(rows) if change.then or change.now]
        for key, ascending in reversed(self.sort_order()):
            value = _SORT_VALUES[key]
            positions.sort(key=lambda position: value(rows[position]), reverse=not ascending)
        positions = [*positions, TOTAL] if positions else []
        self.show_ids(positions, {position: self.change(position) for position in positions})

    def _on_link(self, index: QModelIndex) -> None:
        self.part_opened.emit(self.change(index.data(ID_ROLE)), self._keys[index.column()])

    def _on_clicked(self, index: QModelIndex) -> None:
        key = self._keys[index.column()]
        if key in ("then", "now"):
            self.part_opened.emit(self.change(index.data(ID_ROLE)), key)

    def _on_opened(self, position: int) -> None:
        self.part_opened.emit(self.change(position), "now")


def _mark_of(change: RowChange) -> Mark | None:
    if not (change.then or change.now) or None in change.keys:
        return None
    return Mark(float(change.now), float(change.then), is_short=change.now < change.then)


def _columns() -> list[Column[RowChange]]:
    def column(key: str, title: str, cell: Callable[[RowChange], Cell | str], width: int) -> Column[RowChange]:
        return Column(key=key, title=title, cell=cell, width=head_width(title, width), is_right=True)

    def button(key: str, title: str, cell: Callable[[RowChange], Cell | str]) -> Column[RowChange]:
        return Column(key=key, title=title, cell=cell, width=112, is_right=True)

    return [
        Column(key="unit", title=tr("Unit"), cell=_unit, width=148),
        column("then", tr("Then"), lambda change: whole(change.then), 64),
        Column(key=PLOT, title="", cell=lambda _change: "", width=200, is_sortable=False, stretch=True),
        column("now", tr("Now"), lambda change: whole(change.now), 64),
        column("difference", tr("Difference"), _difference, 72),
        button(CAME, tr("Came"), lambda change: _link(tr("came in {n}", n=f"{len(change.came):,}"), change.came)),
        button(WENT, tr("Went"), lambda change: _link(tr("went out {n}", n=f"{len(change.went):,}"), change.went)),
        button(
            STAYED,
            tr("Shared otherwise"),
            lambda change: _link(tr("weight changed {n}", n=f"{len(change.stayed):,}"), change.stayed),
        ),
    ]


def _unit(change: RowChange) -> Cell | str:
    if not change.keys:
        return Toned(label_of(change), "text", bold=True)
    return Toned(label_of(change), "secondary") if None in change.keys else label_of(change)


def _difference(change: RowChange) -> Cell | str:
    if not change.difference:
        return ABSENT if not (change.came or change.went) else "0"
    role = "series_1" if change.difference > 0 else "series_2"
    return Toned(signed(change.difference), role, bold=True)


def _link(text: str, ids: tuple[int, ...]) -> Cell | str:
    return Link(text) if ids else ""


_SORT_VALUES: dict[str, Callable[[RowChange], float | str]] = {
    "unit": label_of,
    "then": lambda change: change.then,
    "now": lambda change: change.now,
    "difference": lambda change: change.difference,
    CAME: lambda change: len(change.came),
    WENT: lambda change: len(change.went),
    STAYED: lambda change: len(change.stayed),
}
