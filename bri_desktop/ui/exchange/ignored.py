"""Rows of a file that are no data: counted by reason, and listed."""

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from bri_desktop.i18n import tr
from bri_desktop.services.intake_sheets import Ignored
from bri_desktop.ui.exchange.lists import ListColumn, ListTable
from bri_desktop.ui.exchange.wording import reason_word
from bri_desktop.ui.shared.tokens import Size, Space

DIALOG = (720, 400)


def ignored_sentence(ignored: Sequence[Ignored]) -> str:
    """Return how many rows are left out, by reason."""
    counts = Counter(reason_word(row.reason) for row in ignored)
    parts = tr(", ").join(f"{word} {count:,}" for word, count in counts.items())
    return tr("Not data: {parts}", parts=parts) if parts else ""


def ignored_table(*, with_sheet: bool = True) -> ListTable[Ignored]:
    """Return an empty table for such rows."""
    columns = [
        ListColumn[Ignored](tr("Sheet"), lambda row: row.sheet, 120),
        ListColumn[Ignored](tr("Row"), lambda row: str(row.row), 64, is_right=True),
        ListColumn[Ignored](tr("Reason"), lambda row: reason_word(row.reason), 96),
        ListColumn[Ignored](tr("Content"), lambda row: row.text, 320, stretch=True),
    ]
    return ListTable(tr("Rows that are no data"), columns if with_sheet else columns[1:], row=Size.ROW_INTAKE)


class IgnoredDialog(QDialog):
    """Lists the rows left out."""

    def __init__(self, ignored: Sequence[Ignored], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Rows that are no data"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*DIALOG)
        self.table = ignored_table()
        self.table.show_rows(ignored)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.INSIDE, Space.INSIDE, Space.INSIDE, Space.INSIDE)
        column.addWidget(self.table)
