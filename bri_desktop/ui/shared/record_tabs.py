"""The tabs of what hangs on a project or a tie, each built when it is first looked at.

Both the panel of a project and the page of a tie show them: ``HangingTabs`` takes the key of either.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from bri_desktop.i18n import tr
from bri_desktop.labels import record_kind_label
from bri_desktop.services.hanging import rows_of
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.tokens import Space


class LazyTab(QWidget):
    """A tab that builds its content when it comes into view, and reads only then."""

    def __init__(self, make: Callable[[], QWidget]) -> None:
        super().__init__()
        self._make = make
        self._owner = ""
        self._shown = ""
        self._record: tuple[str, int] | None = None
        self.content: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def show_owner(self, key: str) -> None:
        """Show what hangs on a project or tie, now or when the tab is looked at."""
        self._owner = key
        if self.isVisible() or not key:
            self._pass_on()

    def show_record(self, kind: str, number: int) -> None:
        """Make a record current, now or when the tab is looked at."""
        self._record = (kind, number)
        if self.content is not None and self.isVisible():
            self._pass_on()

    def showEvent(self, event: QShowEvent) -> None:
        """Build the content the first time, and read what is out of date."""
        super().showEvent(event)
        if self.content is None:
            self.content = self._make()
            self._column.addWidget(self.content)
        self._pass_on()

    def _pass_on(self) -> None:
        shows = getattr(self.content, "show_owner", None)
        if shows is not None:
            shows(self._owner)
        wanted, to_record = self._record, getattr(self.content, "show_record", None)
        if wanted is not None and to_record is not None:
            self._record = None
            to_record(*wanted)


class KindsTab(QWidget):
    """Several kinds of records under one tab: a row of buttons with their numbers, and the table of the chosen one."""

    said = Signal(str)

    def __init__(self, context: WindowContext, kinds: Sequence[str]) -> None:
        super().__init__()
        self._context, self._kinds = context, tuple(kinds)
        self._owner = ""
        self.stack = QStackedWidget()
        self.buttons = QButtonGroup(self)
        self.tabs: dict[str, LazyTab] = {}
        row = QHBoxLayout()
        row.setContentsMargins(Space.PAGE, Space.BETWEEN, Space.PAGE, 0)
        row.setSpacing(Space.INSIDE)
        for place, kind in enumerate(self._kinds):
            button = QPushButton(record_kind_label(kind))
            button.setProperty("kind", "small")
            button.setCheckable(True)
            button.setAutoDefault(False)
            self.buttons.addButton(button, place)
            row.addWidget(button)
            self.tabs[kind] = LazyTab(partial(self._table, kind))
            self.stack.addWidget(self.tabs[kind])
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.stack, 1)
        self.buttons.idClicked.connect(self.show_kind)
        self.show_kind(0)

    def _table(self, kind: str) -> QWidget:
        from bri_desktop.ui.shared.record_table import RecordTable

        table = RecordTable(self._context, kind)
        table.said.connect(self.said)
        table.count_changed.connect(lambda count: self._show_count(kind, count))
        return table

    def _show_count(self, kind: str, count: int) -> None:
        text = record_kind_label(kind)
        self.buttons.button(self._kinds.index(kind)).setText(f"{text} {count}" if count else text)

    def show_kind(self, place: int) -> None:
        """Bring one kind into view."""
        self.buttons.button(place).setChecked(True)
        self.stack.setCurrentIndex(place)

    def show_record(self, kind: str, number: int) -> None:
        """Make a record of one of the kinds current."""
        self.show_kind(self._kinds.index(kind))
        self.tabs[kind].show_record(kind, number)

    def show_owner(self, key: str) -> None:
        """Show what hangs on a project or tie."""
        if key != self._owner:
            for kind in self._kinds:
                self._show_count(kind, 0)
        self._owner = key
        for tab in self.tabs.values():
            tab.show_owner(key)
        if key:
            kinds = self._kinds

            def count(session: Any) -> dict[str, int]:
                return {kind: len(rows_of(session, kind, key)) for kind in kinds}

            self._context.runner.read(count, done=self._show_counts, initiator=self, replaces=(id(self), "counts"))

    def _show_counts(self, counts: dict[str, int]) -> None:
        for kind, count in counts.items():
            self._show_count(kind, count)


def _single(context: WindowContext, kind: str, said: Callable[[str], object]) -> QWidget:
    from bri_desktop.ui.shared.record_table import RecordTable

    table = RecordTable(context, kind)
    table.said.connect(said)
    return table


def _several(context: WindowContext, kinds: Sequence[str], said: Callable[[str], object]) -> QWidget:
    tab = KindsTab(context, kinds)
    tab.said.connect(said)
    return tab


def _approvals(context: WindowContext, said: Callable[[str], object]) -> QWidget:
    from bri_desktop.ui.shared.approval_tab import ApprovalTab

    tab = ApprovalTab(context)
    tab.said.connect(said)
    return tab


def _attachments(context: WindowContext, said: Callable[[str], object]) -> QWidget:
    from bri_desktop.ui.shared.attachment_tab import AttachmentTab

    tab = AttachmentTab(context)
    tab.said.connect(said)
    return tab


Said = Callable[[str], object]
TAB_OF = {"agreement": 0, "approval": 1, "activity": 2, "follow_up": 2, "contact": 2}


def hanging_tabs(context: WindowContext, said: Said, *, of_tie: bool) -> list[tuple[str, LazyTab]]:
    """Return (title, tab) of what hangs on a project, or on a tie, which has no results of its own."""
    made: list[tuple[str, Callable[[], QWidget]]] = [
        (tr("Papers"), lambda: _single(context, "agreement", said)),
        (tr("Consents"), lambda: _approvals(context, said)),
        (tr("Events"), lambda: _several(context, ("activity", "follow_up", "contact"), said)),
    ]
    if not of_tie:
        made.append((tr("Results"), lambda: _several(context, ("outcome", "indicator"), said)))
    made.append((tr("Risks"), lambda: _single(context, "risk", said)))
    made.append((tr("Files"), lambda: _attachments(context, said)))
    return [(title, LazyTab(make)) for title, make in made]


class HangingTabs(QTabWidget):
    """The tabs alone, for the page of a tie (``T12``) or of a project (``P3``): give the key to :meth:`show_owner`."""

    said = Signal(str)

    def __init__(self, context: WindowContext, parent: QWidget | None = None, *, of_tie: bool = True) -> None:
        super().__init__(parent)
        self.setUsesScrollButtons(False)
        self.setStyleSheet(f"QTabWidget::tab-bar {{ left: {Space.SECTION - 2}px; }}")
        self.tabBar().setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._tabs: list[LazyTab] = []
        for title, tab in hanging_tabs(context, self.said.emit, of_tie=of_tie):
            self._tabs.append(tab)
            self.addTab(tab, title)
        undo = QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), self)
        undo.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        undo.activated.connect(lambda: context.undo())

    def show_owner(self, key: str) -> None:
        """Show what hangs on that record; ``""`` shows nothing."""
        for tab in self._tabs:
            tab.show_owner(key)

    def show_record(self, kind: str, number: int) -> None:
        """Bring an ``agreement`` or ``activity`` into view."""
        self.setCurrentIndex(TAB_OF[kind])
        self._tabs[TAB_OF[kind]].show_record(kind, number)
