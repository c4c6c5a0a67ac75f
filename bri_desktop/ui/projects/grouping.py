"""The button that groups the ledger's rows, and the groups as heads of the table."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from bri_desktop.domain.money import format_money
from bri_desktop.i18n import language, tr
from bri_desktop.services.deferred import group_projects
from bri_desktop.ui.projects.conditions import condition_label
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.grouped_model import GroupHead

if TYPE_CHECKING:
    from bri_desktop.services.project_groups import ProjectGroup

CHOICES = (
    *("city", "foreign_city", "country", "mode", "domain", "status", "nature", "level", "year", "department"),
    "lead",
)
"""What rows can be grouped by, in the order of the menu."""


class Grouping(QObject):
    """What the rows are grouped by; ``read`` brings the groups of some records."""

    changed = Signal()
    """The rows are to be grouped by something else."""
    grouped = Signal(list, bool)
    """The heads of the groups that were asked for, and whether they are of another kind than those before."""
    failed = Signal(object)

    def __init__(self, context: WindowContext, fill_more: Callable[[QMenu], None], parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._fill_more = fill_more
        self.by = self._shown = ""
        self.is_pending = False
        self.menu = QMenu(parent)
        self.menu.aboutToShow.connect(self._fill)
        self.button = buttons.menu_button(tr("Group rows"), self.menu, icon="rows-3")

    def _fill(self) -> None:
        self.menu.clear()
        several = QActionGroup(self.menu)
        for code in ("", *CHOICES):
            action = self.menu.addAction(condition_label(code) if code else tr("No groups"))
            action.setCheckable(True)
            action.setChecked(code == self.by)
            several.addAction(action)
            action.triggered.connect(lambda _checked=False, code=code: self.choose(code))
        self.menu.addSeparator()
        self._fill_more(self.menu)

    def choose(self, by: str) -> None:
        """Group the rows by a field, or (empty) not at all."""
        if by != self.by:
            self.set(by)
            self.changed.emit()

    def set(self, by: str) -> None:
        """Take what the rows that are read next are grouped by."""
        self.by = by if by in CHOICES else ""
        self.button.setText(tr("By {field}", field=condition_label(self.by)) if self.by else tr("Group rows"))

    def read(self, ids: Sequence[int]) -> None:
        """Ask for the groups of some records."""
        self.is_pending = True
        self._context.runner.read(
            group_projects, list(ids), self.by, done=self._on_read, failed=self.failed.emit, initiator=self,
            replaces="projects.groups", stops=True,
        )  # fmt: skip

    def drop(self) -> None:
        """Forget a wish that was overtaken."""
        self.is_pending = False
        self._context.runner.drop("projects.groups")

    def _on_read(self, groups: "list[ProjectGroup]") -> None:
        self.is_pending = False
        is_new, self._shown = self.by != self._shown, self.by
        self.grouped.emit([_head(group) for group in groups], is_new)


def _head(group: "ProjectGroup") -> GroupHead:
    name = group.names[language() == "en"] or tr("not filled in")
    sums = "；".join(format_money(money, language()) for money in group.sums)
    count = tr("{count} records", count=f"{len(group.ids):,}")
    return GroupHead(group.key, name, f"{count}   {sums}" if sums else count, group.ids)
