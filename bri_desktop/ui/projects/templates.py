"""Templates at the button of a new project: to begin from one, to keep one, to rename and delete them."""

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QInputDialog, QListWidget, QListWidgetItem, QMenu, QVBoxLayout, QWidget

from bri_desktop import labels
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import UserError
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.i18n import language, tr
from bri_desktop.services.projects import get_project
from bri_desktop.services.record_templates import (
    Begun,
    Template,
    begin_from,
    delete_template,
    list_templates,
    rename_template,
    save_template,
)
from bri_desktop.ui.shared import buttons, panels
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.tokens import Size, Space

if TYPE_CHECKING:
    from bri_desktop.ui.projects.page import ProjectsPage

DIALOG = (420, 360)
NUMBER = Qt.ItemDataRole.UserRole


def ask_name(parent: QWidget, title: str, name: str) -> str | None:
    """Ask for the name of a template; ``None`` where the user turned away."""
    typed, accepted = QInputDialog.getText(parent, title, tr("Name of the template"), text=name)
    return typed if accepted else None


class TemplateActs:
    """What the menu of templates does on the ledger page."""

    def __init__(self, context: WindowContext, page: "ProjectsPage") -> None:
        self._context = context
        self._page = page
        self.dialog: TemplatesDialog | None = None

    def open_menu(self, menu: QMenu) -> None:
        """Fill ``menu`` with the templates as they are now, and show it."""
        self._context.runner.read(
            list_templates, done=partial(self._fill, menu), failed=self._tell, initiator=self._page
        )

    def _fill(self, menu: QMenu, templates: list[Template]) -> None:
        menu.clear()
        for template in templates:
            menu.addAction(template.name.replace("&", "&&"), partial(self.begin, template.id))
        if not templates:
            menu.addAction(tr("No template yet")).setEnabled(False)
        menu.addSeparator()
        save = menu.addAction(tr("Save the record as a template…"), self.save)
        save.setEnabled(self._page.table.current_id() is not None or self._page.beside.shows_panel())
        manage = menu.addAction(tr("Manage templates…"), self.manage)
        manage.setEnabled(bool(templates))
        parent = menu.parentWidget()
        if parent is not None:
            menu.popup(parent.mapToGlobal(parent.rect().bottomLeft()))

    def begin(self, number: int) -> None:
        """Begin a new project from a template."""
        self._context.runner.read(
            begin_from, number, language(), done=self._on_begun, failed=self._tell, initiator=self._page
        )

    def _on_begun(self, begun: Begun) -> None:
        self._page.kinds.choose("project")
        panel = self._page.beside.show_panel()
        panel.open_new(begun.draft, begun.names, key=f"template:{begun.template.id}")

    def save(self) -> None:
        """Keep the record in the panel as it is typed, or else the current one, under a name."""
        beside = self._page.beside
        if beside.shows_panel():
            self._save_as(beside.panel.form.draft())
            return
        keys = self._page.selected_keys()
        if keys:
            self._context.runner.read(
                get_project, keys[0], done=lambda item: self._save_as(item.draft), failed=self._tell,
                initiator=self._page,
            )  # fmt: skip

    def _save_as(self, draft: ProjectDraft) -> None:
        name = ask_name(self._page, tr("Save as a template"), draft.title or "")
        if name is None:
            return

        def done(_changes: Changes) -> None:
            self._page.status_changed.emit(tr("Template “{name}” is kept.", name=name.strip()))

        self._context.runner.write(save_template, name, draft, done=done, failed=self._tell, initiator=self._page)

    def manage(self) -> None:
        """Show the templates to rename and delete them."""
        self.dialog = TemplatesDialog(self._context, self._page)
        self.dialog.open()

    def _tell(self, error: UserError) -> None:
        self._page.status_changed.emit(labels.error_sentence(error))


class TemplatesDialog(QDialog):
    """Lists the templates; each can be renamed and deleted."""

    listed = Signal()

    def __init__(self, context: WindowContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self.setWindowTitle(tr("Templates"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*DIALOG)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Templates"))
        self.list.setProperty("kind", "popup")
        self.problem = buttons.label("", "problem", wrap=True)
        self.rename_button = buttons.button(tr("Rename"), self.rename, icon="pencil")
        self.delete_button = buttons.button(tr("Delete"), self.delete, icon="trash-2")
        self.close_button = buttons.button(tr("Close"), self.accept)
        bar = panels.action_bar()
        bar.add(self.rename_button)
        bar.add(self.delete_button)
        bar.add_stretch()
        bar.add(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.list, 1)
        self.problem.setContentsMargins(Space.PAGE, Space.INSIDE, Space.PAGE, Space.INSIDE)
        self.problem.hide()
        column.addWidget(self.problem)
        column.addWidget(bar)
        self.list.currentItemChanged.connect(lambda *_change: self._show_state())
        self.list.itemDoubleClicked.connect(lambda _item: self.rename())
        self.reload()

    def reload(self) -> None:
        """Read the templates again."""
        self._context.runner.read(list_templates, done=self._show, initiator=self)

    def _show(self, templates: list[Template]) -> None:
        place = max(self.list.currentRow(), 0)
        self.list.clear()
        for template in templates:
            item = QListWidgetItem(template.name)
            item.setData(NUMBER, template.id)
            item.setSizeHint(QSize(0, Size.ROW))
            self.list.addItem(item)
        self.list.setCurrentRow(min(place, len(templates) - 1))
        self._show_state()
        self.listed.emit()

    def _show_state(self) -> None:
        for button in (self.rename_button, self.delete_button):
            button.setEnabled(self.list.currentItem() is not None)

    def rename(self) -> None:
        """Give the chosen template another name."""
        item = self.list.currentItem()
        name = None if item is None else ask_name(self, tr("Rename"), item.text())
        if name is not None:
            self._write(rename_template, item.data(NUMBER), name)

    def delete(self) -> None:
        """Forget the chosen template; the records made from it stay."""
        item = self.list.currentItem()
        if item is not None:
            self._write(delete_template, item.data(NUMBER))

    def _write(self, work: Any, *args: Any) -> None:
        self.problem.hide()
        self._context.runner.write(work, *args, done=lambda _changes: self.reload(), failed=self._tell, initiator=self)

    def _tell(self, error: UserError) -> None:
        self.problem.setText(labels.error_sentence(error))
        self.problem.show()
