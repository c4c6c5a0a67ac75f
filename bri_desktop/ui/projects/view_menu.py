"""The saved views of the ledger: chosen, saved and deleted, with how many records each finds, shared as a file."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from bri_desktop.domain.errors import UserError
from bri_desktop.i18n import tr
from bri_desktop.labels import error_sentence
from bri_desktop.services.deferred import count_views, delete_view, export_views, import_views, list_views, save_view
from bri_desktop.services.view_items import TakenViews, View
from bri_desktop.ui import dialogs
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.context import WindowContext

FILTERS = "JSON (*.json)"


class ViewMenu(QObject):
    """The button of the views with its menu."""

    chosen = Signal(object)
    bin_wanted = Signal()
    view_wanted = Signal(str)
    """The present view is to be saved under this name."""
    changed = Signal(str)
    """The views are others now; the name of one that was deleted, or nothing."""
    said = Signal(str)

    def __init__(self, context: WindowContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._window = context, parent
        self._views: list[View] = []
        self._actions: dict[str, QAction] = {}
        self.menu = QMenu(parent)
        self.menu.aboutToShow.connect(self._fill)
        self.button = buttons.menu_button(tr("Views"), self.menu, icon="bookmark")

    def all(self) -> list[View]:
        """Return the saved views as they were last read."""
        return list(self._views)

    def read(self) -> None:
        """Read the saved views again."""
        self._context.runner.read(list_views, done=self._keep, initiator=self, replaces="projects.views")

    def _keep(self, views: list[View]) -> None:
        self._views = views

    def _fill(self) -> None:
        self.menu.clear()
        self._actions = {}
        for view in self._views:
            action = self.menu.addAction(_shown(view.name))
            action.triggered.connect(lambda _checked=False, view=view: self.chosen.emit(view))
            self._actions[view.name] = action
        if self._views:
            self._context.runner.read(
                count_views, done=self._show_counts, initiator=self, replaces="projects.view_counts"
            )
            self.menu.addSeparator()
        self.menu.addAction(tr("Save this view…"), self._ask_name)
        delete = self.menu.addMenu(tr("Delete view"))
        for view in self._views:
            action = delete.addAction(_shown(view.name))
            action.triggered.connect(lambda _checked=False, name=view.name: self.delete(name))
        delete.setEnabled(bool(self._views))
        self.menu.addSeparator()
        self.menu.addAction(tr("Views to a file…"), self.export).setEnabled(bool(self._views))
        self.menu.addAction(tr("Views from a file…"), self.take)
        self.menu.addSeparator()
        self.menu.addAction(tr("Bin"), self.bin_wanted.emit)

    def _show_counts(self, counts: Mapping[str, int | None]) -> None:
        """Put behind each view how many records it finds; one that cannot be read has none."""
        for name, action in self._actions.items():
            count = counts.get(name)
            if count is not None:
                action.setText(f"{_shown(name)}\t{count:,}")

    def _ask_name(self) -> None:
        name, accepted = QInputDialog.getText(self._window, tr("Save this view…"), tr("Name of the view"))
        if accepted and name.strip():
            self.view_wanted.emit(name.strip())

    def save(self, view: View) -> None:
        """Store a view."""
        self._context.runner.write(save_view, view, done=lambda _done: self._on_changed(), initiator=self)

    def delete(self, name: str) -> None:
        """Forget a view."""
        self._context.runner.write(delete_view, name, done=lambda _done: self._on_changed(name), initiator=self)

    def _on_changed(self, deleted: str = "") -> None:
        self.changed.emit(deleted)
        self.read()

    # -- sharing -----------------------------------------------------------------------------------------------

    def export(self) -> None:
        """Ask for a file and write all views to it."""
        suggestion = Path.home() / f"{tr('Views of the ledger')}.json"
        path = dialogs.choose_save_file(self._window, tr("Views to a file…"), FILTERS, suggestion=suggestion)
        if path is None:
            return
        path = path if path.suffix else path.with_suffix(".json")
        self._context.runner.read(
            export_views, path, done=lambda count: self._say_written(count, path), failed=self._tell, initiator=self
        )

    def _say_written(self, count: int, path: Path) -> None:
        self.said.emit(tr("{count} views written to {file}", count=count, file=path.name))

    def take(self) -> None:
        """Ask for a file of views and add them; a view of the same name that says something else stays."""
        path = dialogs.choose_open_file(self._window, tr("Views from a file…"), FILTERS)
        if path is not None:
            self._context.runner.write(import_views, path, done=self._on_taken, failed=self._tell, initiator=self)

    def _on_taken(self, taken: TakenViews) -> None:
        text = tr("{count} views taken in.", count=len(taken.added))
        if taken.renamed:
            pairs = "、".join(f"{name} → {new}" for name, new in taken.renamed)
            text += " " + tr("Another view has the same name, so these were renamed: {pairs}", pairs=pairs)
        self.said.emit(text)
        self._on_changed()

    def _tell(self, error: UserError) -> None:
        self.said.emit(error_sentence(error))


def _shown(name: str) -> str:
    return name.replace("&", "&&")
