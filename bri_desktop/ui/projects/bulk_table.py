"""What an edit of many would do, record by record: the old value, the new one, and why a record stays as it is."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QWidget

from bri_desktop import labels
from bri_desktop.domain.codebook import CodeBook
from bri_desktop.i18n import tr
from bri_desktop.services.bulk_edit import CHANGED, REFUSED, BulkLine, BulkPreview
from bri_desktop.ui.projects.history_view import words_of
from bri_desktop.ui.shared.cells import CELL_ROLE, Cell, CellModel, Change, Named, Toned, Verdict
from bri_desktop.ui.shared.table import TableBase

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole

_NONE = QModelIndex()
RECORD, VALUE, OUTCOME = range(3)
WIDTHS = (248, 288)


class BulkModel(CellModel):
    """The lines of a preview."""

    def __init__(self, codes: CodeBook, parent: QWidget) -> None:
        super().__init__(parent)
        self._codes = codes
        self._preview: BulkPreview | None = None
        self._lines: Sequence[BulkLine] = ()

    def show_preview(self, preview: BulkPreview | None) -> None:
        """Show another preview, or none."""
        self.beginResetModel()
        self._preview, self._lines = preview, preview.lines if preview else ()
        self.endResetModel()

    def rowCount(self, parent: Index = _NONE) -> int:
        """Return how many records are listed."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = _NONE) -> int:
        """Return record, value and outcome."""
        return 0 if parent.isValid() else OUTCOME + 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        """Return the titles."""
        if orientation is not Qt.Orientation.Horizontal or role != Role.DisplayRole:
            return None
        return (tr("Records"), tr("Old value → new value"), tr("What happens"))[section]

    def content(self, row: int, column: int) -> tuple[Cell | str | None, bool]:
        """Return what is drawn in a cell."""
        line = self._lines[row]
        cells = {RECORD: self._record, VALUE: self._value, OUTCOME: self._outcome}
        return cells[column](line), False

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Return the words of a cell; its tooltip is the whole of it."""
        if not index.isValid() or role not in (Role.DisplayRole, Role.ToolTipRole, CELL_ROLE):
            return None
        cell, _ = self.content(index.row(), index.column())
        if role == CELL_ROLE:
            return None if isinstance(cell, str) else cell
        return cell if isinstance(cell, str) or cell is None else cell.plain

    def _record(self, line: BulkLine) -> Cell:
        return Named(line.title, line.code)

    def _value(self, line: BulkLine) -> Cell | str:
        before = self._words(line.before)
        return Change(before, self._words(line.after)) if line.verdict == CHANGED else Toned(before)

    def _words(self, value: Any) -> str:
        assert self._preview is not None
        return words_of(self._preview.edit.field, value, self._codes, self._preview.names)

    def _outcome(self, line: BulkLine) -> Cell | str:
        if line.verdict == REFUSED:
            problem = line.problems[0]
            return Verdict(labels.sentence(problem.code, problem.values), "circle-alert", "error")
        if line.verdict != CHANGED:
            return Toned(tr("unchanged"))
        if line.along:
            return tr("also: {fields}", fields=tr(", ").join(map(labels.field_label, line.along)))
        return tr("changed")


class BulkTable(TableBase):
    """The table of a preview."""

    def __init__(self, model: BulkModel) -> None:
        super().__init__(tr("What would change"))
        self.setModel(model)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.header.setSectionsMovable(False)
        for section, width in enumerate(WIDTHS):
            self.setColumnWidth(section, width)
        self.header.setSectionResizeMode(OUTCOME, QHeaderView.ResizeMode.Stretch)
