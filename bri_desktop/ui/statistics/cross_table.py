"""Two dimensions as a heat map that is a table: darker is more, the number in every cell, a click its records."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from bri_desktop.charts.cross import Grid, Head
from bri_desktop.charts.numbers import whole
from bri_desktop.i18n import tr
from bri_desktop.ui.shared import paint
from bri_desktop.ui.shared.table import TableBase
from bri_desktop.ui.shared.tokens import BODY, BODY_BOLD, SMALL, SMALL_BOLD, Space

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
NAMES = 148
NARROWEST, WIDEST = 52, 112
WIDEST_FILLED = 160
LIGHTEST = 0.10
DARK = 0.55
"""From here on the number stands in the surface's colour."""
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class GridModel(QAbstractTableModel):
    """Names at the left, cells, totals at the right; totals of the columns in the last row."""

    def __init__(self) -> None:
        super().__init__()
        self.grid = Grid((), (), ())
        self.order: list[int] = []

    @property
    def has_totals(self) -> bool:
        """Whether rows have totals: over years they have none."""
        return bool(self.grid.rows) and self.grid.rows[0].total is not None

    def show(self, grid: Grid) -> None:
        """Show another table in its own order."""
        self.beginResetModel()
        self.grid, self.order = grid, list(range(len(grid.rows)))
        self.endResetModel()

    def sort_by(self, section: int, *, ascending: bool) -> None:
        """Order the units by a column; the rest and what has no value stay last."""
        self.beginResetModel()
        self.order.sort(key=lambda row: self._value(row, section), reverse=not ascending)
        self.order.sort(key=lambda row: not self.grid.rows[row].is_unit)
        self.endResetModel()

    def _value(self, row: int, section: int) -> tuple[int, str]:
        if section == 0:
            return (0, self.grid.rows[row].label)
        if section > len(self.grid.columns):
            return (self.grid.rows[row].total or 0, "")
        return (self.grid.cells[row][section - 1].count, "")

    def rowCount(self, parent: Index | None = None) -> int:
        """Return the rows with the one of totals."""
        return 0 if (parent is not None and parent.isValid()) or not self.grid.rows else len(self.order) + 1

    def columnCount(self, parent: Index | None = None) -> int:
        """Return the columns with names and totals."""
        return 1 + len(self.grid.columns) + self.has_totals

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> object:
        """Return the head of a column; its whole name as tooltip."""
        if orientation is Qt.Orientation.Vertical:
            return None
        if role in (Role.DisplayRole, Role.ToolTipRole):
            return self.head_text(section)
        return _RIGHT if role == Role.TextAlignmentRole and section else None

    def head_text(self, section: int) -> str:
        """Return the name of a column."""
        if section == 0:
            return ""
        return self.grid.columns[section - 1].label if section <= len(self.grid.columns) else tr("Total")

    def cell_at(self, index: Index) -> tuple[int, int] | None:
        """Return row and column of the grid behind a cell that has a number of its own."""
        row, column = index.row(), index.column() - 1
        inside = row < len(self.order) and 0 <= column < len(self.grid.columns)
        return (self.order[row], column) if inside else None

    def number(self, index: Index) -> int | None:
        """Return the number in a cell; ``None`` where there is none."""
        place = self.cell_at(index)
        if place is not None:
            return self.grid.cells[place[0]][place[1]].count
        if index.row() < len(self.order):
            return self.grid.rows[self.order[index.row()]].total if index.column() else None
        if index.column() > len(self.grid.columns):
            return self.grid.total
        return self.grid.columns[index.column() - 1].total if index.column() else None

    def name(self, row: int) -> str:
        """Return the name of a row."""
        return self.grid.rows[self.order[row]].label if row < len(self.order) else tr("Total")

    def is_unit(self, index: Index) -> bool:
        """Whether a cell is one unit's by one unit's, and so takes part in the shading."""
        place = self.cell_at(index)
        return place is not None and self.grid.rows[place[0]].is_unit and self.grid.columns[place[1]].is_unit

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        """Return the text of a cell; as tooltip and for screen readers with its row and column."""
        if not index.isValid() or role not in (Role.DisplayRole, Role.ToolTipRole, Role.AccessibleTextRole):
            return None
        if index.column() == 0:
            return self.name(index.row())
        number = self.number(index)
        text = "" if number is None else whole(number)
        if role == Role.DisplayRole or self.cell_at(index) is None:
            return text
        return f"{self.name(index.row())} · {self.head_text(index.column())} {text}"


class HeatDelegate(QStyledItemDelegate):
    """Fills cells by their number and writes it."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        rect: QRect = getattr(option, "rect")  # noqa: B009 - the stubs leave out the fields of style options
        model = index.model()
        assert isinstance(model, GridModel)
        is_total = index.row() >= len(model.order) or index.column() > len(model.grid.columns)
        painter.save()
        paint.draw_rule(painter, rect, paint.role("line"))
        if index.column() == 0:
            self._name(painter, rect, model, index, is_total=is_total)
        else:
            self._number(painter, rect, model, index, is_total=is_total)
        painter.restore()

    def _name(self, painter: QPainter, rect: QRect, model: GridModel, index: Index, *, is_total: bool) -> None:
        head: Head | None = None if is_total else model.grid.rows[model.order[index.row()]]
        role = "text" if head is None or head.is_unit else "secondary"
        inner = rect.adjusted(Space.BETWEEN, 0, -Space.INSIDE, 0)
        paint.draw_text(painter, inner, model.name(index.row()), BODY_BOLD if is_total else BODY, paint.role(role))

    def _number(self, painter: QPainter, rect: QRect, model: GridModel, index: Index, *, is_total: bool) -> None:
        number, ink = model.number(index), "text"
        if number is None:
            return
        if not is_total and number:
            part = number / (model.grid.highest() or 1) if model.is_unit(index) else 0.0
            fill = QColor(paint.role("series_1" if model.is_unit(index) else "grid"))
            fill.setAlphaF(LIGHTEST + (1 - LIGHTEST) * min(1.0, part) if model.is_unit(index) else 1.0)
            painter.fillRect(rect.adjusted(1, 1, -1, -1), fill)
            ink = "on_accent" if part > DARK else "text"
        if not number:
            ink = "hint"
        inner = rect.adjusted(Space.INSIDE, 0, -Space.BETWEEN, 0)
        style = BODY_BOLD if is_total else SMALL
        paint.draw_text(painter, inner, whole(number), style, paint.role(ink), Qt.AlignmentFlag.AlignRight)


class CrossTable(TableBase):
    """The table; ``cell_opened`` gives row and column of the grid, ``line_opened`` those of a total (-1: all)."""

    cell_opened = Signal(int, int)
    line_opened = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Cross-table"), parent=parent)
        self.grid_model = GridModel()
        self.setModel(self.grid_model)
        self._delegate = HeatDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.header.setSectionsMovable(False)
        self._sorted: tuple[int, bool] | None = None
        self.header.sort_clicked.connect(lambda section, _added: self._on_sort(section))
        self.clicked.connect(self._open)
        self.activated.connect(self._open)

    def show_grid(self, grid: Grid) -> None:
        """Show another table; the order chosen stays where the columns are the same."""
        same = [head.key for head in grid.columns] == [head.key for head in self.grid_model.grid.columns]
        at = self.verticalScrollBar().value()
        self.grid_model.show(grid)
        if not same:
            self._sorted = None
        if self._sorted is not None:
            self.grid_model.sort_by(self._sorted[0], ascending=self._sorted[1])
        self.header.set_orders({} if self._sorted is None else {self._sorted[0]: (self._sorted[1], 0)})
        self._fit()
        if same:
            self.verticalScrollBar().setValue(at)

    def values(self) -> tuple[list[str], list[list[str | float | None]]]:
        """Return the heads and the rows in the order shown, numbers as numbers."""
        model = self.grid_model
        heads = [tr("Unit"), *(model.head_text(section) for section in range(1, model.columnCount()))]
        rows: list[list[str | float | None]] = []
        for row in range(model.rowCount()):
            numbers = [model.number(model.index(row, column)) for column in range(1, model.columnCount())]
            rows.append([model.name(row), *numbers])
        return heads, rows

    def _fit(self) -> None:
        """Share the width among the columns; names of columns are cut only where all of them find no room."""
        model, measure = self.grid_model, paint.metrics(SMALL_BOLD)
        widths = [
            max(NARROWEST, min(WIDEST, measure.horizontalAdvance(model.head_text(section)) + 2 * Space.BETWEEN))
            for section in range(1, model.columnCount())
        ]
        room = self.viewport().width() - NAMES
        if widths and sum(widths) > room > NARROWEST * len(widths):
            widths = [min(width, max(NARROWEST, room // len(widths))) for width in widths]
        elif widths and sum(widths) < room:
            widths = [min(WIDEST_FILLED, width + (room - sum(widths)) // len(widths)) for width in widths]
        self.header.resizeSection(0, NAMES)
        for section, width in enumerate(widths, 1):
            self.header.resizeSection(section, width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share out the new width."""
        super().resizeEvent(event)
        self._fit()

    def _on_sort(self, section: int) -> None:
        ascending = self._sorted == (section, False) or (self._sorted is None and section == 0)
        self._sorted = (section, ascending)
        self.grid_model.sort_by(section, ascending=ascending)
        self.header.set_orders({section: (ascending, 0)})

    def _open(self, index: QModelIndex) -> None:
        place = self.grid_model.cell_at(index)
        if not self.grid_model.number(index):
            return
        if place is not None:
            self.cell_opened.emit(*place)
        elif index.row() < len(self.grid_model.order):
            self.line_opened.emit(self.grid_model.order[index.row()], -1)
        elif index.column() <= len(self.grid_model.grid.columns):
            self.line_opened.emit(-1, index.column() - 1)
