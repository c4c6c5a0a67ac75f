"""The frame of the ledger's current cell, the one that F2 edits: apart from the editor, which a start does without."""

from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from bri_desktop.ui.shared import paint
from bri_desktop.ui.shared.cells import ID_ROLE
from bri_desktop.ui.shared.delegates import Index, rect_and_selection
from bri_desktop.ui.shared.grouped_model import GroupHead
from bri_desktop.ui.shared.grouped_table import GroupedDelegate


class CellDelegate(GroupedDelegate):
    """Draws rows as everywhere, and a frame around the current cell while the table has the focus."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the cell, and its frame where it is the current one."""
        super().paint(painter, option, index)
        if isinstance(index.data(ID_ROLE), GroupHead):
            return
        state = getattr(option, "state")  # noqa: B009 - the stubs leave out the fields of style options
        if state & QStyle.StateFlag.State_HasFocus:
            rect, _ = rect_and_selection(option)
            paint.draw_box(painter, rect.adjusted(0, 0, 0, -1), fill=None, edge=paint.role("accent"))
