"""What a clerk does to many records or by the keyboard: each act is loaded when it is first wanted."""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QWidget

from bri_desktop import labels
from bri_desktop.domain.errors import UserError
from bri_desktop.i18n import tr
from bri_desktop.services.deferred import redo_last
from bri_desktop.ui.projects.cell_frame import CellDelegate
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.record_sheets import SheetActs

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

    from bri_desktop.services.history import Undone
    from bri_desktop.services.project_items import ProjectItem
    from bri_desktop.ui.projects.bulk_dialog import BulkDialog
    from bri_desktop.ui.projects.cell_edit import CellEditor
    from bri_desktop.ui.projects.page import ProjectsPage
    from bri_desktop.ui.projects.templates import TemplateActs
    from bri_desktop.ui.shared.grouped_model import GroupHead

WHOLE_MILLISECONDS = 50
"""How often it is looked whether the rest of the list has come, where an act is on all of it."""


class Hands(QObject):
    """The acts of the hand on the ledger page: bulk edit, edit in place, paste, templates, print, redo."""

    def __init__(self, context: WindowContext, page: "ProjectsPage") -> None:
        super().__init__(page)
        self._context, self._page = context, page
        self.dialog: BulkDialog | None = None
        self.bulk_button = buttons.button(tr("Edit many"), self.edit_many, kind=buttons.SMALL_LINK)
        self.bulk_button.setToolTip(f"{tr('Edit many')}  Ctrl+E")
        self.bulk_button.hide()
        page.footer.row.insertWidget(page.footer.row.indexOf(page.bin_bar), self.bulk_button)
        self.template_button = buttons.icon_button("chevron-down", tr("New from a template"), self._open_templates)
        page.add_action(self.template_button)
        self.menu = QMenu(self.template_button)
        self.sheets = SheetActs(context, page, page.acts.progress)
        self.sheets.said.connect(page.status_changed)
        page.beside.sheet_wanted.connect(self.write_sheet)
        page.table.row_delegate = CellDelegate(page.table)
        page.table.setItemDelegate(page.table.row_delegate)
        page.kinds.choice.chosen.connect(lambda kind: self.template_button.setVisible(kind == "project"))
        page.table.selection_changed.connect(self._show_selection)
        page.table.menu_opened.connect(self._fill_row_menu)
        self._add_shortcuts()

    def _add_shortcuts(self) -> None:
        calls = {"Ctrl+E": self.edit_many, "Ctrl+P": self.print_table, "Ctrl+Y": self.redo, "Ctrl+Shift+Z": self.redo}
        calls |= {"Ctrl+Shift+P": self.write_sheets}
        for keys, call in calls.items():
            self._shortcut(keys, self._page, Qt.ShortcutContext.WindowShortcut).activated.connect(call)
        for keys, on_table in {"F2": self.edit_cell, "Ctrl+V": self.paste}.items():
            self._shortcut(keys, self._page.table, Qt.ShortcutContext.WidgetShortcut).activated.connect(on_table)

    def _shortcut(self, keys: str, owner: QWidget, context: Qt.ShortcutContext) -> QShortcut:
        made = QShortcut(QKeySequence(keys), owner)
        made.setContext(context)
        return made

    def _show_selection(self) -> None:
        self.bulk_button.setVisible(self._page.table.selected_count() > 1 and not self._page.filters.is_bin)

    def _fill_row_menu(self, menu: QMenu) -> None:
        if self._page.filters.is_bin:
            return
        menu.addSeparator()
        self.sheets.fill(menu, self._page.selected_keys)
        for text, call, keys in (
            (tr("Edit the cell"), self.edit_cell, "F2"),
            (tr("Edit many…"), self.edit_many, "Ctrl+E"),
            (tr("Save the record as a template…"), lambda: self.templates.save(), ""),
            (tr("Paste rows"), self.paste, "Ctrl+V"),
            (tr("Print…"), self.print_table, "Ctrl+P"),
        ):
            menu.addAction(text, call).setShortcut(QKeySequence(keys))

    # -- many and one ------------------------------------------------------------------------------------------

    def edit_many(self) -> None:
        """Edit one field of the selected records, or of all that the table shows."""
        from bri_desktop.ui.projects.bulk_dialog import BulkDialog

        page = self._page
        if page.kinds.kind != "project" or page.filters.is_bin or not page.model.records():
            return
        if not page.is_whole():
            QTimer.singleShot(WHOLE_MILLISECONDS, self, self.edit_many)
            return
        self.dialog = BulkDialog(self._context, page.table.selected_ids(), list(page.model.records()), page)
        self.dialog.said.connect(page.status_changed)
        self.dialog.open()

    def edit_cell(self) -> None:
        """Edit the current cell in place."""
        if not self._page.filters.is_bin:
            self.cells.open()

    @cached_property
    def cells(self) -> "CellEditor":
        """The editor of cells, built when it is first wanted."""
        from bri_desktop.ui.projects.cell_edit import CellEditor

        made = CellEditor(self._context, self._page.table)
        made.said.connect(self._page.status_changed)
        return made

    def write_sheets(self) -> None:
        """Write the pages of the selected records, or of the one in the panel, as Word or PDF."""
        page = self._page
        keys = page.selected_keys()
        if page.beside.shows_panel() and len(keys) < 2:
            self.write_sheet()
        elif page.kinds.kind == "project" and not page.filters.is_bin:
            self.sheets.write(keys)

    def write_sheet(self) -> None:
        """Write the page of the record in the panel as Word or PDF."""
        panel = self._page.panel
        if not panel.is_new:
            self.sheets.write([panel.key], f"{tr('Project card')} {panel.title_label.text()}")

    # -- pasting, templates, paper, redo -----------------------------------------------------------------------

    def paste(self) -> None:
        """Take rows from the clipboard to the import: its preview says what becomes of each."""
        from bri_desktop.ui.projects.pasting import block_of, headed, write_block

        block = block_of(QGuiApplication.clipboard().text())
        if len(block) < 1 or (len(block) == 1 and len(block[0]) == 1):
            self._say(tr("The clipboard holds no rows of a table."))
            return
        table = self._page.table
        titles = [table.rows.columns[section].title for section in table.shown_sections()]
        rows = headed(block, titles, self._page)
        if rows is None:
            return
        if len(rows) < 2:
            self._say(tr("The clipboard holds column names but no rows."))
            return
        self._context.import_files([str(write_block(rows))])

    @cached_property
    def templates(self) -> "TemplateActs":
        """The acts on templates, built when they are first wanted."""
        from bri_desktop.ui.projects.templates import TemplateActs

        return TemplateActs(self._context, self._page)

    def _open_templates(self) -> None:
        self.templates.open_menu(self.menu)

    def print_table(self) -> None:
        """Print the selected rows where there are several, else all that the table shows."""
        from bri_desktop.ui.projects.table_print import MOST, ask_printer

        page = self._page
        if not page.is_whole():
            QTimer.singleShot(WHOLE_MILLISECONDS, self, self.print_table)
            return
        selected = page.table.selected_ids()
        heads = () if len(selected) > 1 else page.model.heads
        ids = selected if len(selected) > 1 else list(page.model.records())
        if page.kinds.kind != "project" or not ids:
            return
        if len(ids) > MOST:
            self._say(tr("More than {most} records: please narrow the list or select some.", most=f"{MOST:,}"))
            return
        printer = ask_printer(page, len(page.table.shown_sections()))
        if printer is not None:
            page.model.require(ids, lambda rows: self._print(printer, rows, heads))

    def _print(self, printer: "QPrinter", rows: "list[ProjectItem]", heads: "Sequence[GroupHead]") -> None:
        from bri_desktop.ui.projects.table_print import print_table

        table = self._page.table
        columns = [table.rows.columns[section] for section in table.shown_sections()]
        title = self._page.filters.view_name or tr("Project ledger")
        self._context.runner.compute(
            print_table, printer, rows, columns, title, heads,
            done=lambda count: self._say(tr("{count} records sent to the printer.", count=f"{count:,}")),
            failed=self._tell, initiator=self,
        )  # fmt: skip

    def redo(self) -> None:
        """Do again what was taken back last."""
        self._context.runner.write(redo_last, done=self._on_redone, failed=self._tell, initiator=self)

    def _on_redone(self, redone: "Undone") -> None:
        self._say(tr("Done again: {count} records. Ctrl+Z takes it back.", count=f"{redone.restored:,}"))

    def _tell(self, error: UserError) -> None:
        self._say(labels.error_sentence(error))

    def _say(self, text: str) -> None:
        self._page.status_changed.emit(text)
