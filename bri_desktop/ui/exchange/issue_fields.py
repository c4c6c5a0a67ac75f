"""Which fields a workbook is to have: groups that can be ticked as a whole, and the fields in them."""

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem

from bri_desktop.i18n import tr
from bri_desktop.labels import field_label
from bri_desktop.services.issuing import ALWAYS, default_fields, field_groups

_CODE = Qt.ItemDataRole.UserRole
_TICKABLE = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable


class FieldTree(QTreeWidget):
    """The fields by group; code and title are always sent and cannot be taken away."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "popup")
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setAccessibleName(tr("Fields"))
        for label, names in field_groups():
            head = QTreeWidgetItem(self, [label])
            head.setFlags(_TICKABLE | Qt.ItemFlag.ItemIsAutoTristate)
            for name in names:
                self._add(head, name)
        self.set_fields(default_fields())
        self.itemChanged.connect(lambda _item, _column: self.changed.emit())

    @staticmethod
    def _add(head: QTreeWidgetItem, name: str) -> None:
        item = QTreeWidgetItem(head, [field_label(name)])
        item.setData(0, _CODE, name)
        if name in ALWAYS:
            item.setText(0, tr("{field} (always)", field=field_label(name)))
            item.setFlags(Qt.ItemFlag.ItemIsUserCheckable)
        else:
            item.setFlags(_TICKABLE)

    def _items(self) -> Iterable[QTreeWidgetItem]:
        for place in range(self.topLevelItemCount()):
            head = self.topLevelItem(place)
            if head is not None:
                for row in range(head.childCount()):
                    yield head.child(row)

    def fields(self) -> tuple[str, ...]:
        """Return the ticked fields in the order of the columns."""
        return tuple(item.data(0, _CODE) for item in self._items() if item.checkState(0) is Qt.CheckState.Checked)

    def set_fields(self, fields: Iterable[str]) -> None:
        """Tick these fields, and those that are always sent."""
        wanted = {*fields, *ALWAYS}
        for item in self._items():
            ticked = item.data(0, _CODE) in wanted
            item.setCheckState(0, Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
