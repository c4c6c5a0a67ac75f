"""The rows of one kind that hang on a record, edited in place: what cannot be stored stays as it was typed."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, Qt, Signal

from bri_desktop.domain.codebook import CodeBook
from bri_desktop.domain.errors import ValueProblemError
from bri_desktop.domain.record_kinds import RecordKind
from bri_desktop.domain.record_written import read_value
from bri_desktop.services.record_list import RecordRow
from bri_desktop.ui.shared.cells import ABSENT, CELL_ROLE, ID_ROLE, Cell, CellModel, Framed
from bri_desktop.ui.shared.model import Index, plain
from bri_desktop.ui.shared.record_words import RIGHT, explain_value, label_of, text_of

Role = Qt.ItemDataRole
_NONE = QModelIndex()
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class RecordModel(CellModel):
    """Shows ``RecordRow`` of one kind; a written value that can be read is wished to be stored."""

    edit_wanted = Signal(int, dict)
    """The id of a record, and field -> plain value of what was typed in it."""
    problem_changed = Signal()
    """Something is wrong with a typed value, or is not any more."""

    def __init__(self, kind: RecordKind, codes: CodeBook, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self._codes = codes
        self._rows: list[RecordRow] = []
        self._typed: dict[tuple[int, str], tuple[str, str]] = {}

    def rows(self) -> list[RecordRow]:
        """Return the rows in their order."""
        return list(self._rows)

    def show_rows(self, rows: Sequence[RecordRow], *, keep: bool = True) -> None:
        """Show other rows; what is typed and not stored yet stays where its record is still here."""
        self.beginResetModel()
        self._rows = list(rows)
        here = {row.id for row in rows}
        self._typed = {at: typed for at, typed in self._typed.items() if keep and at[0] in here}
        self.endResetModel()
        self.problem_changed.emit()

    def row_of(self, number: int) -> int:
        """Return the place of a record, -1 where it is not here."""
        return next((place for place, row in enumerate(self._rows) if row.id == number), -1)

    def tell(self, number: int, problems: Mapping[str, str], typed: Mapping[str, Any]) -> None:
        """Say what is wrong with fields of a record that was not stored; what was typed stays."""
        for code in {*problems, *typed}:
            field = self.kind.field(code)
            text = self._typed.get((number, code), ("", ""))[0] or self._shown(number, code, typed.get(code), field)
            sentence = problems.get(code) or next(iter(problems.values()), "")
            self._typed[number, code] = (text, sentence)
        self._changed(number)

    def _shown(self, number: int, code: str, value: Any, field: Any) -> str:
        from bri_desktop.domain.record_written import show_value
        from bri_desktop.i18n import language

        if value is not None:
            return show_value(field, value, self._codes, language())
        place = self.row_of(number)
        return text_of(self._rows[place], field, self._codes) if place >= 0 else ""

    def settle(self, number: int) -> None:
        """Forget what was typed in a record: it is stored."""
        self._typed = {at: typed for at, typed in self._typed.items() if at[0] != number}
        self._changed(number)

    def problem_at(self, index: Index) -> str:
        """Return what is wrong in a cell, else in its row."""
        if not index.isValid() or index.row() >= len(self._rows):
            return ""
        number = self._rows[index.row()].id
        own = self._typed.get((number, self.kind.fields[index.column()].code))
        if own:
            return own[1]
        return next((sentence for at, (_, sentence) in self._typed.items() if at[0] == number), "")

    def typed_in(self, number: int) -> dict[str, Any]:
        """Return the readable values that were typed in a record and are not stored."""
        found: dict[str, Any] = {}
        for (record, code), (text, _) in self._typed.items():
            if record == number:
                try:
                    found[code] = read_value(self.kind.field(code), text, self._codes)
                except ValueProblemError:
                    continue
        return found

    def _changed(self, number: int) -> None:
        place = self.row_of(number)
        if place >= 0:
            self.dataChanged.emit(self.index(place, 0), self.index(place, self.columnCount() - 1))
        self.problem_changed.emit()

    # -- what Qt asks ------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = _NONE) -> int:
        """Return how many records there are."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NONE) -> int:
        """Return how many fields the kind has."""
        return 0 if parent.isValid() else len(self.kind.fields)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        """Return the names of the fields and their side."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.kind.fields):
            return None
        field = self.kind.fields[section]
        if role == Role.DisplayRole:
            return label_of(self.kind, field.code)
        return (_RIGHT if field.kind in RIGHT else _LEFT) if role == Role.TextAlignmentRole else None

    def content(self, row: int, column: int) -> tuple[Cell | str | None, bool]:
        """Return what is drawn in a cell and whether it stands at the right."""
        record, field = self._rows[row], self.kind.fields[column]
        typed = self._typed.get((record.id, field.code))
        is_right = field.kind in RIGHT
        if typed:
            return Framed(typed[0] or ABSENT, "error"), is_right
        return text_of(record, field, self._codes) or ABSENT, is_right

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Return text, cell, side, what is wrong as tooltip, or what an editor begins with."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        cell, is_right = self.content(index.row(), index.column())
        if role == Role.TextAlignmentRole:
            return _RIGHT if is_right else _LEFT
        if role == ID_ROLE:
            return self._rows[index.row()].id
        if role == CELL_ROLE:
            return None if isinstance(cell, str) else cell
        if role == Role.EditRole:
            text = plain(cell) if cell is not None else ""
            return "" if text == ABSENT else text
        if role == Role.ToolTipRole:
            return self.problem_at(index) or (plain(cell) if cell is not None else "")
        if role in (Role.DisplayRole, Role.AccessibleTextRole):
            return plain(cell) if cell is not None else ""
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let every cell be edited."""
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable if index.isValid() else super().flags(index)

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        """Read what was typed in a cell: wish it to be stored, or say why it cannot be read."""
        if role != Role.EditRole or not index.isValid():
            return False
        record, field = self._rows[index.row()], self.kind.fields[index.column()]
        text = str(value)
        before = self._typed.pop((record.id, field.code), None)
        if before is None and text.strip() == text_of(record, field, self._codes):
            return True
        try:
            read = read_value(field, text, self._codes)
        except ValueProblemError as error:
            self._typed[record.id, field.code] = (text, explain_value(error))
            self._changed(record.id)
            return True
        self._changed(record.id)
        self.edit_wanted.emit(record.id, {**self.typed_in(record.id), field.code: read})
        return True
