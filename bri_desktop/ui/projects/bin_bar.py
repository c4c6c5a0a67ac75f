"""What can be done to records of the bin, at the foot of the ledger: back into it, or gone for good."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from bri_desktop.i18n import tr
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.tokens import Space


class BinBar(QWidget):
    """The acts of the bin; ``keys`` gives the selected records, ``restore`` brings them back."""

    said = Signal(str)
    """What was removed."""

    def __init__(self, context: WindowContext, keys: Callable[[], Sequence[str]], restore: Callable[[], None]) -> None:
        super().__init__()
        self._context, self._keys = context, keys
        self.restore = buttons.button(tr("Restore"), restore, kind=buttons.SMALL_LINK)
        self.dispose = buttons.button(tr("Remove for good"), self.open_disposal, kind=buttons.SMALL_LINK)
        self.listed = buttons.button(tr("Record of removals"), self.open_list, kind=buttons.SMALL_LINK)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.BETWEEN)
        for button in (self.restore, self.dispose, self.listed):
            row.addWidget(button)
        self.show_for(is_bin=False, count=0)

    def show_for(self, *, is_bin: bool, count: int) -> None:
        """Show what is possible with ``count`` selected records."""
        self.restore.setVisible(is_bin and count > 0)
        self.dispose.setVisible(is_bin and count > 0)
        self.listed.setVisible(is_bin)

    def open_disposal(self) -> None:
        """Ask whether the selected records are to be removed for good."""
        from bri_desktop.ui.projects.disposal import DisposalDialog

        keys = list(self._keys())
        if keys:
            dialog = DisposalDialog(self._context, keys, self.window())
            dialog.said.connect(self.said)
            dialog.open()

    def open_list(self) -> None:
        """Show what was removed for good."""
        from bri_desktop.ui.projects.disposal_list import DisposalList

        DisposalList(self._context, self.window()).open()
