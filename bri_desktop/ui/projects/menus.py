"""The menus of the ledger's table: what can be done to its rows, and which columns it shows."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from bri_desktop.i18n import tr

if TYPE_CHECKING:
    from bri_desktop.ui.projects.page import ProjectsPage


def fill_row_menu(page: "ProjectsPage", menu: QMenu) -> None:
    """Put the acts on the selected records into the menu of a row."""
    if page.filters.is_bin:
        menu.addAction(tr("Restore"), page.restore)
        menu.addAction(tr("Remove for good"), page.bin_bar.open_disposal)
        return
    menu.addAction(tr("Copy as a new project"), page.duplicate)
    menu.addAction(tr("Put into the bin"), page.delete)


def open_column_menu(page: "ProjectsPage") -> None:
    """Open the list of columns under its button."""
    menu = page.table.column_menu(page)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.popup(page.columns_button.mapToGlobal(page.columns_button.rect().bottomLeft()))
