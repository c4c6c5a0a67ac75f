"""The ledger's table and the record beside it: the panel is built when it is first wanted, and keeps its width."""

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from bri_desktop.ui.settings import Json, splitter_setting
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.tokens import Size

if TYPE_CHECKING:
    from bri_desktop.ui.projects.panel import RecordPanel

ROWS_A_STEP = 4
"""Rows of the form that are built in one turn of the event loop."""
STEP_MILLISECONDS = 20


class RecordBeside(QSplitter):
    """``left`` with the record's panel at its right; in a narrow window the panel takes its place."""

    closed = Signal()
    saved = Signal(object, bool)
    """``Saved`` and whether the record is new."""
    record_requested = Signal(str)
    sheet_wanted = Signal()

    def __init__(self, context: WindowContext, left: QWidget, name: str) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._context, self._left = context, left
        self._setting = splitter_setting(name)
        self.setHandleWidth(Size.LINE)
        self.setChildrenCollapsible(False)
        self.addWidget(left)
        self.setStretchFactor(0, 1)
        self.splitterMoved.connect(lambda *_moved: self._remember_sizes())

    @cached_property
    def panel(self) -> "RecordPanel":
        """The record's panel, built when it is first wanted: a start does without it."""
        from bri_desktop.ui.projects.panel import RecordPanel

        panel = RecordPanel(self._context, self)
        panel.hide()
        panel.closed.connect(self.closed)
        panel.saved.connect(self.saved)
        panel.record_requested.connect(self.record_requested)
        panel.sheet_wanted.connect(self.sheet_wanted)
        self.addWidget(panel)
        self.setStretchFactor(1, 0)
        return panel

    def build_ahead(self) -> None:
        """Build the panel in short steps while nothing else is done, so that the first record does not wait for it."""
        if "panel" not in vars(self):
            self.panel.hide()
        elif self.panel.build_ahead(ROWS_A_STEP):
            return
        QTimer.singleShot(STEP_MILLISECONDS, self, self.build_ahead)

    def has_panel(self) -> bool:
        """Tell whether the panel was built."""
        return "panel" in vars(self)

    def shows_panel(self) -> bool:
        """Tell whether a record is shown."""
        return self.has_panel() and not self.panel.isHidden()

    def show_panel(self) -> "RecordPanel":
        """Show the panel at its former width and return it."""
        if self.panel.isHidden():
            self.panel.show()
            sizes = self._context.settings.get(self._setting)
            width = sizes[0] if sizes and isinstance(sizes[0], int) else Size.RECORD_PANEL
            self.setSizes([max(self.width() - width, 1), width])
        self._arrange()
        return self.panel

    def hide_panel(self) -> None:
        """Close the panel; what is typed is kept."""
        if self.has_panel():
            self.panel.keep_unsaved()
            self.panel.hide()
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit table and panel into the new width."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        is_narrow = self.width() < Size.NARROW_WINDOW - Size.NAVIGATION
        self._left.setVisible(not is_narrow or not self.shows_panel())

    def _remember_sizes(self) -> None:
        if self._left.isVisible() and self.shows_panel():
            sizes: list[Json] = [self.panel.width()]
            self._context.settings.set(self._setting, sizes)
