"""The tabs of a project's panel: its form, what hangs on it, and its history; all but the form are built when seen."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QTabWidget, QWidget

from bri_desktop.i18n import language, tr
from bri_desktop.ui.projects.history_view import HistoryView
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.record_tabs import LazyTab, hanging_tabs
from bri_desktop.ui.shared.tokens import Space


class RecordTabs(QTabWidget):
    """基本信息 · 协议 · 审批 · 活动 · 成果 · 风险 · 附件 · 历史."""

    said = Signal(str)

    def __init__(self, context: WindowContext, form: QWidget, history: HistoryView) -> None:
        super().__init__()
        self.setStyleSheet(
            f"QTabWidget::tab-bar {{ left: {Space.SECTION - 2}px; }} QTabBar::tab {{ margin: 0 {Space.INSIDE + 1}px; }}"
        )
        self.setUsesScrollButtons(language() != "zh_CN")
        self.tabBar().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.addTab(form, tr("Basic facts"))
        self.hanging: list[LazyTab] = []
        for title, tab in hanging_tabs(context, self.said.emit, of_tie=False):
            self.hanging.append(tab)
            self.addTab(tab, title)
        self.addTab(history, tr("History"))
        self._owner = ""

    def show_owner(self, key: str) -> None:
        """Show what hangs on a project; ``""``, a project that is not stored yet, has the form alone."""
        if key != self._owner:
            self.setCurrentIndex(0)
        self._owner = key
        for place in range(1, self.count()):
            self.setTabVisible(place, bool(key))
        for tab in self.hanging:
            tab.show_owner(key)
