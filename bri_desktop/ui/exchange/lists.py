"""A short table of frozen rows that are all in memory: imports so far, rows that wait, rows left out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QWidget

from bri_desktop.ui.shared import paint
from bri_desktop.ui.shared.cells import CELL_ROLE, Cell
from bri_desktop.ui.shared.table import TableBase
from bri_desktop.ui.shared.tokens import SMALL_BOLD, Size, Space

R = TypeVar("R")
Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole

_NONE = QModelIndex()
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class ListColumn(Generic[R]):
    """A column: its title, what it shows of a row, its width in pixels."""

    title: str
    cell: Callable[[R], Cell | str]
    width: int
    is_right: bool = False
    stretch: bool = False


class ListModel(QAbstractTableModel, Generic[R]):
    """The rows and columns."""

    def __init__(self, columns: Sequence[ListColumn[R]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.rows: tuple[R, ...] = ()

    def set_rows(self, rows: Sequence[R]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = _NONE) -> int:
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _NONE) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        """Return the titles."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == Role.TextAlignmentRole:
            return _RIGHT if column.is_right else _LEFT
        return column.title if role == Role.DisplayRole else None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Return the content of a cell; its tooltip is the whole of it."""
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        column = self.columns[index.column()]
        if role == Role.TextAlignmentRole:
            return _RIGHT if column.is_right else _LEFT
        if role not in (Role.DisplayRole, Role.ToolTipRole, CELL_ROLE):
            return None
        cell = column.cell(self.rows[index.row()])
        if role == CELL_ROLE:
            return None if isinstance(cell, str) else cell
        return cell if isinstance(cell, str) else cell.plain


class ListTable(TableBase, Generic[R]):
    """The view, with one row selected at a time unless told otherwise."""

    def __init__(
        self, name: str, columns: Sequence[ListColumn[R]], *, row: int = Size.ROW, parent: QWidget | None = None
    ) -> None:
        super().__init__(name, row=row, parent=parent)
        self.rows = ListModel(columns, self)
        self.setModel(self.rows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.header.setSectionsMovable(False)
        for place, column in enumerate(columns):
            head = paint.metrics(SMALL_BOLD).horizontalAdvance(column.title) + 2 * Space.BETWEEN + 2
            self.setColumnWidth(place, max(column.width, head))
            if column.stretch:
                self.header.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)
        self.selectionModel().selectionChanged.connect(lambda *_change: self.selection_changed.emit())

    def show_rows(self, rows: Sequence[R]) -> None:
        """Show other rows."""
        self.rows.set_rows(rows)
        self.selection_changed.emit()

    def selected(self) -> list[R]:
        """Return the selected rows from the top."""
        return [self.rows.rows[index.row()] for index in sorted(self.selectionModel().selectedRows(), key=_row_of)]


def _row_of(index: QModelIndex) -> int:
    return index.row()
