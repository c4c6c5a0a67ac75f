"""What hangs on a tie, beside its page: agreements, approvals, activities, risks and files, to be read and written."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSplitter, QWidget

from bri_desktop.domain.vocabulary import PAIR_KEY, key_of
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.record_tabs import HangingTabs
from bri_desktop.ui.shared.tokens import Size

WIDTH = 400


class TieRecords(QSplitter):
    """A page with the records of its tie at the right, where they are wanted."""

    said = Signal(str)

    def __init__(self, context: WindowContext, page: QWidget, go_to_tie: Callable[[int], object]) -> None:
        super().__init__()
        self._context, self._go_to_tie = context, go_to_tie
        self._pair: int | None = None
        self._wanted: tuple[int, str, int] | None = None
        self.tabs: HangingTabs | None = None
        self.setHandleWidth(Size.LINE)
        self.setChildrenCollapsible(False)
        self.addWidget(page)

    def show_pair(self, pair: int | None) -> None:
        """Show the records of another tie; ``None``: the page is of something else."""
        self._pair = pair
        self._pass_on()
        if pair is not None and self._wanted is not None and self._wanted[0] == pair:
            wanted, self._wanted = self._wanted, None
            self.open(*wanted)

    def toggle(self) -> None:
        """Show the records, or put them away."""
        if self.tabs is None:
            self.tabs = HangingTabs(self._context)
            self.tabs.said.connect(self.said)
            self.tabs.setMinimumWidth(WIDTH)
            self.addWidget(self.tabs)
            self.setStretchFactor(0, 1)
        else:
            self.tabs.setVisible(self.tabs.isHidden())
        self._pass_on()

    def open(self, pair: int, kind: str, number: int) -> None:
        """Show one record of a tie; the page of that tie comes first where another page is in view."""
        if pair != self._pair:
            self._wanted = (pair, kind, number)
            self._go_to_tie(pair)
            return
        if self.tabs is None or self.tabs.isHidden():
            self.toggle()
        if self.tabs is not None:
            self.tabs.show_record(kind, number)

    def _pass_on(self) -> None:
        if self.tabs is None:
            return
        if self._pair is None:
            self.tabs.hide()
        self.tabs.show_owner("" if self._pair is None else key_of(PAIR_KEY, self._pair))
