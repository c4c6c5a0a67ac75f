"""The model of long tables: all ids in memory, rows fetched by windows as they come into view.

A row that has not arrived is shown as an empty place and filled in when it comes; the view never waits.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from bri_desktop.ui.shared.cells import CELL_ROLE, ID_ROLE, Cell, CellModel

R = TypeVar("R")
Id = Hashable
Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole

WINDOW_ROWS = 64
KEPT_WINDOWS = 16
WINDOWS_AT_ONCE = 3
"""So many can be in view at the same time."""
LATE_SECONDS = 0.5
"""What has not come by then is not waited for any longer."""

_NONE = QModelIndex()
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """A column of a table: its key (stable, also the sort key), head, content and place.

    ``cell`` gives text, or a value of ``cells`` that is drawn in its own way. ``width`` in pixels. Columns of a high
    ``priority`` number go first where there is no room; 0 never goes. One column may ``stretch``; after it
    has some room, others may ``grow`` by so many pixels.
    """

    key: str
    title: str
    cell: Callable[[R], Cell | str]
    width: int
    is_right: bool = False
    is_sortable: bool = True
    is_shown: bool = True
    stretch: bool = False
    grow: int = 0
    priority: int = 0
    tooltip: Callable[[R], str] | None = None
    is_passing: bool = False
    """Shown only while the page says so, and never part of a layout."""


class WindowedModel(CellModel, Generic[R]):
    """Rows of ``columns`` for a list of ids.

    ``fetch(ids, arrived)`` reads the rows of some ids off the GUI thread and then calls ``arrived`` with a mapping
    from id to row on it; ids that are gone are left out.
    """

    reloaded = Signal()
    """The list of ids is another one."""

    def __init__(
        self,
        columns: Sequence[Column[R]],
        fetch: Callable[[Sequence[Any], Callable[[Mapping[Any, R]], None]], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._fetch = fetch
        self._ids: Sequence[Any] = ()
        self._rows: OrderedDict[int, Mapping[Any, R]] = OrderedDict()
        self._wanted: dict[int, None] = {}
        self._on_the_way: set[int] = set()
        self._generation = 0
        self._asked_at = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._ask)

    def ids(self) -> Sequence[Any]:
        """Return all ids in the order of the rows."""
        return self._ids

    def id_at(self, row: int) -> Any:
        """Return the id of a row."""
        return self._ids[row]

    def row_at(self, row: int) -> R | None:
        """Return the row, or ``None`` while it has not arrived; asks for it in that case."""
        if not 0 <= row < len(self._ids):
            return None
        window = row // WINDOW_ROWS
        rows = self._rows.get(window)
        if rows is None:
            self._want(window)
            return None
        return rows.get(self._ids[row])

    def set_ids(self, ids: Sequence[Any], rows: Mapping[Any, R] | None = None) -> None:
        """Show other records; ``rows`` may bring those of the first window along, so that they appear at once."""
        self.beginResetModel()
        self._forget()
        self._ids = ids
        if rows and all(key in rows for key in ids[:WINDOW_ROWS]):
            self._rows[0] = {key: rows[key] for key in ids[:WINDOW_ROWS]}
        self.endResetModel()
        self.reloaded.emit()

    def set_rest(self, ids: Sequence[Any]) -> None:
        """Show the whole list of which the first ids are shown already; the rows that are here stay."""
        here = len(self._ids)
        if list(ids[:here]) != list(self._ids):
            self.set_ids(ids)
        elif len(ids) > here:
            if here % WINDOW_ROWS:
                self._forget()
            self.beginInsertRows(_NONE, here, len(ids) - 1)
            self._ids = ids
            self.endInsertRows()

    def refresh(self) -> None:
        """Read the rows again that are in view, keeping the ids: something in them was written."""
        self._generation += 1
        stale = set(self._rows)
        self._on_the_way.clear()
        for window in list(stale)[:-3]:
            del self._rows[window]
        self._wanted = dict.fromkeys(self._rows)
        self._timer.start()

    def require(self, ids: Sequence[Any], then: Callable[[list[R]], object]) -> None:
        """Give ``then`` the rows of ``ids`` in their order, fetching those that are not here."""
        here = {key: row for rows in self._rows.values() for key, row in rows.items()}
        missing = [key for key in ids if key not in here]
        if not missing:
            then([here[key] for key in ids])
            return

        def arrived(rows: Mapping[Any, R]) -> None:
            together = here | dict(rows)
            then([together[key] for key in ids if key in together])

        self._fetch(missing, arrived)

    def content(self, row: int, column: int) -> tuple[Cell | str | None, bool]:
        """Return what is drawn in a cell and whether it stands at the right."""
        found, place = self.row_at(row), self.columns[column]
        return (None if found is None else place.cell(found)), place.is_right

    def rowCount(self, parent: Index = _NONE) -> int:
        """Return how many ids there are."""
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = _NONE) -> int:
        """Return how many columns there are, hidden ones counted."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        """Return the titles of the columns and their side."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == Role.DisplayRole:
            return column.title
        if role == Role.TextAlignmentRole:
            return _RIGHT if column.is_right else _LEFT
        return None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Return text, side, cell value, tooltip or id; nothing while the row has not arrived."""
        if not index.isValid() or index.row() >= len(self._ids):
            return None
        column = self.columns[index.column()]
        if role == Role.TextAlignmentRole:
            return _RIGHT if column.is_right else _LEFT
        if role == ID_ROLE:
            return self._ids[index.row()]
        if role not in (Role.DisplayRole, Role.ToolTipRole, Role.AccessibleTextRole, CELL_ROLE):
            return None
        row = self.row_at(index.row())
        if row is None:
            return None
        if role == Role.ToolTipRole:
            return column.tooltip(row) if column.tooltip else plain(column.cell(row))
        value = column.cell(row)
        if role == CELL_ROLE:
            return None if isinstance(value, str) else value
        return plain(value)

    def _forget(self) -> None:
        self._generation += 1
        self._rows.clear()
        self._wanted.clear()
        self._on_the_way.clear()

    def _want(self, window: int) -> None:
        if window not in self._on_the_way:
            self._wanted.pop(window, None)
            self._wanted[window] = None
            self._timer.start()

    def _ask(self) -> None:
        """Fetch the windows that the last drawing missed, once the ones before are here.

        What was scrolled past meanwhile is not read: reading it would keep the view from being drawn.
        """
        if self._on_the_way and time.monotonic() - self._asked_at < LATE_SECONDS:
            return
        self._asked_at = time.monotonic()
        for window in list(self._wanted)[-WINDOWS_AT_ONCE:]:
            self._on_the_way.add(window)
            first = window * WINDOW_ROWS
            self._fetch(self._ids[first : first + WINDOW_ROWS], self._receiver(window, self._generation))
        self._wanted.clear()

    def _receiver(self, window: int, generation: int) -> Callable[[Mapping[Any, R]], None]:
        def arrived(rows: Mapping[Any, R]) -> None:
            if generation == self._generation:
                self._keep(window, rows)

        return arrived

    def _keep(self, window: int, rows: Mapping[Any, R]) -> None:
        self._on_the_way.discard(window)
        if self._wanted and not self._on_the_way:
            self._timer.start()
        self._rows[window] = rows
        self._rows.move_to_end(window)
        while len(self._rows) > KEPT_WINDOWS:
            self._rows.popitem(last=False)
        first = window * WINDOW_ROWS
        last = min(first + WINDOW_ROWS, len(self._ids)) - 1
        if first <= last:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))


def plain(value: Cell | str) -> str:
    """Return what a cell says as text alone."""
    return value if isinstance(value, str) else value.plain


def tsv(rows: Iterable[R], columns: Sequence[Column[R]]) -> str:
    """Return rows as a spreadsheet takes them from the clipboard: tabs and line ends inside a cell become spaces."""
    lines = []
    for row in rows:
        texts = (plain(column.cell(row)) for column in columns)
        lines.append("\t".join(" ".join(text.split("\t")).replace("\r", " ").replace("\n", " ") for text in texts))
    return "\n".join(lines)
