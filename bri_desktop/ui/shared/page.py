"""The base of every page: its head with title, actions and the common search field, and what the window asks of it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from bri_desktop.domain.changes import Changes
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.search_box import SearchButton
from bri_desktop.ui.shared.tokens import Size, Space


class Page(QWidget):
    """A page of the window. A subclass fills ``body`` and answers :meth:`activate` and :meth:`on_changed`."""

    palette_requested = Signal()
    """The search field of the head was used (Ctrl+K)."""
    records_requested = Signal(str)
    """The records of this filter text are to be shown in the ledger."""
    page_requested = Signal(str)
    """Another page is to be shown, by its code."""
    status_changed = Signal(str)
    """What the status bar says of this page (视图：报告案例)."""
    count_changed = Signal(int)
    """The number beside the page in the navigation; 0 shows none."""

    def __init__(
        self, title: str, subtitle: str = "", parent: QWidget | None = None, *, searchable: bool = True
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        self.title_label = buttons.label(title, "title")
        self.subtitle_label = buttons.label(subtitle, "subtitle")
        self.search_button = SearchButton()
        self.search_button.clicked.connect(self.palette_requested)
        if not searchable:
            self.search_button.hide()
        self._actions = QHBoxLayout()
        self._actions.setSpacing(Space.BETWEEN)
        self._beside_title = QHBoxLayout()
        self._beside_title.setSpacing(Space.BETWEEN)
        surface = QFrame()
        surface.setProperty("kind", "surface")
        self.body = QVBoxLayout(surface)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head())
        column.addWidget(surface, 1)

    def _head(self) -> QFrame:
        head = QFrame()
        head.setProperty("kind", "band")
        head.setFixedHeight(Size.TITLE_ROW)
        row = QHBoxLayout(head)
        row.setContentsMargins(Space.PAGE, 0, Space.PAGE, 0)
        row.setSpacing(Space.PAGE)
        row.addWidget(self.title_label)
        row.addWidget(self.subtitle_label)
        row.addLayout(self._beside_title)
        row.addStretch(1)
        right = QHBoxLayout()
        right.setSpacing(Space.BETWEEN)
        right.addWidget(self.search_button)
        right.addLayout(self._actions)
        row.addLayout(right)
        row.setAlignment(right, Qt.AlignmentFlag.AlignVCenter)
        return head

    def set_subtitle(self, text: str) -> None:
        """Say what stands in grey after the title."""
        self.subtitle_label.setText(text)

    def add_action(self, widget: QWidget) -> None:
        """Add a button at the right end of the head; at most one of them is filled."""
        self._actions.addWidget(widget)

    def add_beside_title(self, widget: QWidget) -> None:
        """Add a control right after the title (year, baseline)."""
        self._beside_title.addWidget(widget)

    def build_ahead(self) -> None:
        """Nobody waits: build in steps what would take long when it is first wanted."""

    def activate(self) -> None:
        """The page is shown: read what is out of date."""

    def on_changed(self, changes: Changes, initiator: object) -> None:
        """Something was written, by whom ``initiator`` tells: read again what depends on it."""

    def open_records(self, filter_text: str) -> None:
        """Show the records of a filter, on the page that has records."""

    def is_filled(self) -> bool:
        """Tell whether the page shows what it has read."""
        return True

    def may_leave(self) -> bool:
        """Tell whether the window may close: ``False`` where typed work would be lost and the user stays."""
        return True
