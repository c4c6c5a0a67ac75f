"""The tabs of a project's panel: its form, what hangs on it, and its history; all but the form are built when seen."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QTabWidget, QWidget

from bri_desktop.i18n import language, tr
from bri_desktop.ui.projects.history_view import HistoryView
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.record_tabs import TAB_OF, LazyTab, hanging_tabs
from bri_desktop.ui.shared.tokens import BODY, SMALL, Space


class RecordTabs(QTabWidget):
    """基本信息 · 协议 · 审批 · 活动 · 成果 · 风险 · 附件 · 历史."""

    said = Signal(str)

    def __init__(self, context: WindowContext, form: QWidget, history: HistoryView) -> None:
        super().__init__()
        self.setStyleSheet(_style())
        self.setUsesScrollButtons(False)
        self.tabBar().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.addTab(form, tr("Facts"))
        self.hanging: list[LazyTab] = []
        for title, tab in hanging_tabs(context, self.said.emit, of_tie=False):
            self.hanging.append(tab)
            self.addTab(tab, title)
        self.addTab(history, tr("History"))
        self._owner = ""
        self._wanted: tuple[str, str, int] | None = None

    def show_owner(self, key: str) -> None:
        """Show what hangs on a project; ``""``, a project that is not stored yet, has the form alone."""
        if key != self._owner:
            self.setCurrentIndex(0)
        self._owner = key
        for place in range(1, self.count()):
            self.setTabVisible(place, bool(key))
        for tab in self.hanging:
            tab.show_owner(key)
        if self._wanted is not None and self._wanted[0] == key:
            wanted, self._wanted = self._wanted, None
            self.show_record(*wanted)

    def show_record(self, owner: str, kind: str, number: int) -> None:
        """Bring a record of a project into view, 0 for the table of its kind; that project may still be read."""
        if owner != self._owner:
            self._wanted = (owner, kind, number)
            return
        self.setCurrentIndex(1 + TAB_OF[kind])
        self.hanging[TAB_OF[kind]].show_record(kind, number)


def _style() -> str:
    """Return the distances of the tabs; English words need small letters to stand beside one another."""
    if language() == "zh_CN":
        left, between, size = Space.SECTION - 2, Space.INSIDE + 1, BODY.px
    else:
        left, between, size = Space.INSIDE, Space.INSIDE // 2, SMALL.px
    tabs = f"QTabBar::tab {{ margin: 0 {between}px; font-size: {size}px; }}"
    return f"QTabWidget::tab-bar {{ left: {left}px; }} {tabs}"


def single_timer(owner: QWidget, milliseconds: int, call: Callable[[], None]) -> QTimer:
    """Return a timer that calls once, when it was not started again meanwhile."""
    made = QTimer(owner)
    made.setSingleShot(True)
    made.setInterval(milliseconds)
    made.timeout.connect(call)
    return made
