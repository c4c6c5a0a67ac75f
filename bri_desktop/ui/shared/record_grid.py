"""The table of records that is edited in place: F2 or a double click, codes by number, everything else as written."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QStyleOptionViewItem, QWidget

from bri_desktop.domain.codebook import CodeBook
from bri_desktop.domain.record_kinds import RecordKind
from bri_desktop.i18n import language
from bri_desktop.services.record_list import RecordRow
from bri_desktop.ui.shared.delegates import Index, RowDelegate
from bri_desktop.ui.shared.fields import CodeCombo, LineEdit
from bri_desktop.ui.shared.record_model import RecordModel
from bri_desktop.ui.shared.table import TableBase

NARROWEST = 40


class RecordDelegate(RowDelegate):
    """Edits a cell in place: codes by number, everything else as it is written."""

    def __init__(self, view: QAbstractItemView, kind: RecordKind, codes: CodeBook) -> None:
        super().__init__(view)
        self._kind, self._codes = kind, codes

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        """Return the editor of a cell."""
        field = self._kind.fields[index.column()]
        name = str(index.model().headerData(index.column(), Qt.Orientation.Horizontal))
        editor: CodeCombo | LineEdit
        if field.kind == "code":
            editor = CodeCombo(
                [(one.code, one.label(language())) for one in self._codes.codes(field.list or "")], parent
            )
            editor.value_changed.connect(lambda: self._on_chosen(editor))
        else:
            editor = LineEdit(parent=parent)
        editor.setAccessibleName(name)
        return editor

    def _on_chosen(self, editor: QWidget) -> None:
        self.commitData.emit(editor)
        self.closeEditor.emit(editor)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Show in the editor what the cell holds."""
        text = str(index.data(Qt.ItemDataRole.EditRole) or "")
        if isinstance(editor, CodeCombo):
            editor.set_value(self._codes.named(self._kind.fields[index.column()].list or "", text))
        elif isinstance(editor, LineEdit):
            editor.setText(text)
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: Any, index: Index) -> None:
        """Give the model what was typed or chosen."""
        if isinstance(editor, CodeCombo):
            model.setData(index, editor.currentText() if editor.value() else "", Qt.ItemDataRole.EditRole)
        elif isinstance(editor, LineEdit):
            model.setData(index, editor.text(), Qt.ItemDataRole.EditRole)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: Index) -> None:
        """Fill the cell."""
        editor.setGeometry(getattr(option, "rect"))  # noqa: B009 - the stubs leave out the fields of style options


class RecordGrid(TableBase):
    """The table itself: F2 or a double click edits, Delete removes, Ctrl+C copies."""

    delete_wanted = Signal()

    def __init__(self, name: str, model: RecordModel, codes: CodeBook, parent: QWidget | None = None) -> None:
        super().__init__(name, parent=parent)
        self.records = model
        self.setModel(model)
        self.setItemDelegate(RecordDelegate(self, model.kind, codes))
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.EditKeyPressed | triggers.DoubleClicked)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.header.setSectionsMovable(False)
        self.selectionModel().selectionChanged.connect(lambda *_change: self.selection_changed.emit())

    def selected_ids(self) -> list[int]:
        """Return the ids of the selected records, from the top."""
        rows = self.records.rows()
        places = sorted({index.row() for index in self.selectionModel().selectedRows()})
        return [rows[place].id for place in places if place < len(rows)]

    def current_row(self) -> RecordRow | None:
        """Return the current record."""
        place = self.currentIndex().row()
        rows = self.records.rows()
        return rows[place] if 0 <= place < len(rows) else None

    def select_id(self, number: int) -> bool:
        """Make a record current; tell whether it is there."""
        place = self.records.row_of(number)
        if place >= 0:
            self.setCurrentIndex(self.records.index(place, max(self.currentIndex().column(), 0)))
        return place >= 0

    def fit(self) -> None:
        """Fill the width: fields of low importance go where there is no room, the first takes what is left."""
        fields = self.records.kind.fields
        room, shown = self.viewport().width(), list(fields)
        for field in sorted(fields, key=lambda field: -field.priority):
            if sum(one.width for one in shown) <= room or field.priority == 0:
                break
            shown.remove(field)
        rest = max(room - sum(field.width for field in shown[1:]), 2 * NARROWEST)
        for section, field in enumerate(fields):
            self.header.setSectionHidden(section, field not in shown)
            if field in shown:
                self.header.resizeSection(section, rest if section == 0 else field.width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fill the new width."""
        super().resizeEvent(event)
        self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy and delete by key; Enter edits."""
        if event.matches(QKeySequence.StandardKey.Copy):
            rows = [self.records.rows()[index.row()] for index in self.selectionModel().selectedRows()]
            places = range(self.records.columnCount())
            lines = ["\t".join(str(self.records.index(self.records.row_of(row.id), at).data() or "") for at in places)
                     for row in rows]  # fmt: skip
            QGuiApplication.clipboard().setText("\n".join(lines))
        elif event.key() == Qt.Key.Key_Delete:
            self.delete_wanted.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.edit(self.currentIndex())
        else:
            super().keyPressEvent(event)
