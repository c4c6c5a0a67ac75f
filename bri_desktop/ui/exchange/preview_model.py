"""The rows of one table of the file with their verdicts; cells are read from the file by windows."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from bri_desktop.domain.vocabulary import FIELD_BY_CODE
from bri_desktop.i18n import tr
from bri_desktop.labels import field_label, sentence
from bri_desktop.services.intake_judge import LEFT_OUT, RowOutcome
from bri_desktop.services.intake_row import NOTE, REFUSED, MappedColumn
from bri_desktop.services.intake_wizard import Book, Cells, cell_text
from bri_desktop.ui.exchange.plan import FileTable
from bri_desktop.ui.exchange.wording import Names, verdict_cell
from bri_desktop.ui.shared.cells import CELL_ROLE, Cell, Change, Framed, Named, Toned

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole

WINDOW_ROWS = 1_000
KEPT_WINDOWS = 8
ALSO = {"mode": ("submode",), "domain": ("domains",), "country": ("foreign_places",)}
"""Fields that a column of another field changes where they have no column of their own."""

GREY = frozenset({"unchanged", "duplicates", LEFT_OUT})
"""Verdicts of rows that bring nothing."""

_NONE = QModelIndex()
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class CellWindow:
    """The cells of a file by row, read a thousand rows at a time."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._windows: OrderedDict[tuple[int, int], Mapping[int, Cells]] = OrderedDict()

    def cells(self, sheet: int, row: int) -> Cells:
        """Return the cells of a row, ``()`` where it is empty."""
        key = (sheet, row // WINDOW_ROWS)
        if key not in self._windows:
            first = key[1] * WINDOW_ROWS
            self._windows[key] = self._book.rows(sheet, max(first, 1), first + WINDOW_ROWS)
            if len(self._windows) > KEPT_WINDOWS:
                self._windows.popitem(last=False)
        self._windows.move_to_end(key)
        return self._windows[key].get(row, ())

    def text(self, sheet: int, row: int, column: int) -> str:
        """Return the text of one cell; empty is ``""``."""
        cells = self.cells(sheet, row)
        return cell_text(cells[column]) if column < len(cells) else ""

    def filling(self, sheet: int, row: int, column: int, first_row: int) -> tuple[str, str] | None:
        """Return the text that fills a blank cell from merged cells, and which these are."""
        found = self._book.filling(sheet, row, column, first_row)
        return None if found is None else (cell_text(found[0]), found[1])


class PreviewModel(QAbstractTableModel):
    """Columns as in the file; the vertical head holds row number and verdict."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._names: Names | None = None
        self._text: Callable[[int, int, int], str] = lambda _sheet, _row, _column: ""
        self._filling: Callable[[int, int, int, int], tuple[str, str] | None] = lambda *_where: None
        self._table: FileTable | None = None
        self._rows: Sequence[RowOutcome] = ()
        self._answers: Mapping[tuple[str, int, int], Any] = {}
        self._left_out: frozenset[tuple[str, int]] = frozenset()

    @property
    def columns(self) -> tuple[MappedColumn, ...]:
        """The columns of the table shown."""
        return self._table.block.columns if self._table else ()

    def show(
        self,
        table: FileTable | None,
        rows: Sequence[RowOutcome],
        *,
        cells: CellWindow,
        names: Names,
        answers: Mapping[tuple[str, int, int], Any],
    ) -> None:
        """Show some rows of a table; ``answers`` are values written instead of the file's."""
        self.beginResetModel()
        self._table, self._rows, self._names, self._answers = table, rows, names, answers
        self._text, self._filling = cells.text, cells.filling
        self.endResetModel()

    def clear(self) -> None:
        """Show nothing, and let the file go."""
        self.beginResetModel()
        self._table, self._rows, self._text = None, (), lambda _sheet, _row, _column: ""
        self._filling = lambda *_where: None
        self.endResetModel()

    def outcome_at(self, row: int) -> RowOutcome | None:
        """Return what becomes of a row of the view."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def position_of(self, number: int) -> int | None:
        """Return the row of the view that shows row ``number`` of the file."""
        return next((place for place, outcome in enumerate(self._rows) if outcome.number == number), None)

    def is_taken(self, row: int) -> bool:
        """Tell whether a row of the view is ticked: not left out."""
        outcome = self.outcome_at(row)
        return outcome is not None and (outcome.sheet, outcome.number) not in self._left_out

    def set_left_out(self, spots: frozenset[tuple[str, int]]) -> None:
        """Show which rows are left out, before the plan that follows says so."""
        self._left_out = spots
        if self._rows:
            self.headerDataChanged.emit(Qt.Orientation.Vertical, 0, len(self._rows) - 1)

    def all_left_out(self) -> bool:
        """Tell whether every row that is shown is left out, and there are some."""
        if not self._rows or not self._left_out:
            return False
        return all((outcome.sheet, outcome.number) in self._left_out for outcome in self._rows)

    def shown_spots(self) -> list[tuple[str, int]]:
        """Return the rows that are shown."""
        return [(outcome.sheet, outcome.number) for outcome in self._rows]

    def rowCount(self, parent: Index = _NONE) -> int:
        """Return how many rows are shown."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NONE) -> int:
        """Return how many columns the table has."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        """Return letter and header of a column; row number and verdict of a row."""
        if orientation is Qt.Orientation.Horizontal:
            return self._column_head(section, role)
        outcome = self.outcome_at(section)
        if outcome is None:
            return None
        if role == Role.DisplayRole:
            return f"{outcome.number} {verdict_cell(outcome.verdict).text}"
        if role == Role.ToolTipRole:
            return self._account(outcome)
        return verdict_cell(outcome.verdict) if role == CELL_ROLE else None

    def _column_head(self, section: int, role: int) -> Any:
        if not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == Role.DisplayRole:
            return f"{column.letter}\n{column.header}"
        if role == Role.ToolTipRole:
            meaning = field_label(column.field) if column.field else tr("left out")
            return f"{column.letter} {column.header} → {meaning}"
        return self._side(column) if role == Role.TextAlignmentRole else None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Return the text of a cell, its side, and the way it is drawn."""
        outcome = self.outcome_at(index.row())
        if outcome is None or not 0 <= index.column() < len(self.columns):
            return None
        column = self.columns[index.column()]
        if role == Role.TextAlignmentRole:
            return self._side(column)
        if role not in (Role.DisplayRole, Role.ToolTipRole, CELL_ROLE):
            return None
        cell = self._cell(outcome, column)
        if role == CELL_ROLE:
            return None if isinstance(cell, str) else cell
        if role == Role.ToolTipRole:
            return self._tip(outcome, column, cell)
        return cell if isinstance(cell, str) else cell.plain

    def shown_text(self, row: int, column: int) -> str:
        """Return the text of a cell as it is shown."""
        outcome = self.outcome_at(row)
        if outcome is None:
            return ""
        cell = self._cell(outcome, self.columns[column])
        return cell if isinstance(cell, str) else cell.plain

    def _side(self, column: MappedColumn) -> Qt.AlignmentFlag:
        known = FIELD_BY_CODE.get(column.field or "")
        return _RIGHT if known is not None and known.kind == "money" else _LEFT

    def _cell(self, outcome: RowOutcome, column: MappedColumn) -> Cell | str:
        text = self._written(outcome, column)
        filled = None if text else self._filled(outcome, column)
        text = filled[0] if filled else text
        problem = next((p for p in outcome.problems if p.field == column.field), None)
        if problem is not None:
            return Framed(text or tr("blank"), "error" if problem.verdict == REFUSED else "warning")
        change = self._change(outcome, column)
        if change is not None:
            return change
        if not text:
            return Toned(tr("blank"), "hint")
        if column.field == NOTE and text not in str(outcome.changed.get(NOTE, (text,))[0] or ""):
            return Toned(text, "series_1", bold=True)
        if outcome.verdict in GREY or column.field is None:
            return Toned(text, "hint")
        return Named(text, tr("merged")) if filled else text

    def _filled(self, outcome: RowOutcome, column: MappedColumn) -> tuple[str, str] | None:
        """Return what merged cells put into a blank cell, and which these are."""
        if self._table is None:
            return None
        table = self._table
        return self._filling(table.sheet.index, outcome.number, column.index, table.block.first_row)

    def _written(self, outcome: RowOutcome, column: MappedColumn) -> str:
        answer = self._answers.get((outcome.sheet, outcome.number, column.index))
        if answer is not None:
            return cell_text(answer)
        return self._text(self._table.sheet.index, outcome.number, column.index) if self._table else ""

    def _change(self, outcome: RowOutcome, column: MappedColumn) -> Change | None:
        if not outcome.changed or column.field is None or self._names is None or column.field == NOTE:
            return None
        own = {other.field for other in self.columns}
        for name in (column.field, *(also for also in ALSO.get(column.field, ()) if also not in own)):
            if name in outcome.changed:
                old, new = outcome.changed[name]
                return Change(self._names.value(name, old) or tr("blank"), self._names.value(name, new) or tr("blank"))
        return None

    def _tip(self, outcome: RowOutcome, column: MappedColumn, cell: Cell | str) -> str:
        said = [sentence(p.code, p.values) for p in outcome.problems if p.field == column.field]
        filled = None if self._written(outcome, column) else self._filled(outcome, column)
        said += [sentence("filled_from", {"cells": filled[1]})] if filled else []
        return "\n".join([cell if isinstance(cell, str) else cell.plain, *said])

    def _account(self, outcome: RowOutcome) -> str:
        """Return everything that becomes of a row, also what no column shows."""
        lines = [f"{outcome.number} {verdict_cell(outcome.verdict).text}"]
        if outcome.same_as_row is not None:
            lines.append(tr("Same as row {row}", row=outcome.same_as_row))
        for name, (old, new) in outcome.changed.items():
            if self._names is not None:
                before, after = self._names.value(name, old), self._names.value(name, new)
                lines.append(f"{field_label(name)}: {before or tr('blank')} → {after or tr('blank')}")
        lines += [f"{field_label(p.field)}: {sentence(p.code, p.values)}" for p in outcome.problems]
        return "\n".join(lines)
