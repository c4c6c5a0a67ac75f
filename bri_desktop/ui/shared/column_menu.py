"""The menu of a table's columns: which stand still, which are shown, and the way back."""

from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from bri_desktop.i18n import tr

if TYPE_CHECKING:
    from bri_desktop.ui.shared.table import LedgerTable

MOST_BY_NUMBER = 4
"""So many columns can be frozen by their number; more by the head of the last one."""


def fill_column_menu(menu: QMenu, table: "LedgerTable[Any]", section: int) -> None:
    """Add what can be done to the columns of a table; ``section`` is the one the menu was opened at, or -1."""
    shown = table.shown_sections()
    if section in shown:
        title = table.rows.columns[section].title
        menu.addAction(
            tr("Freeze up to “{column}”", column=title), lambda: table.freeze(shown.index(section) + 1)
        ).setEnabled(table.frozen != shown.index(section) + 1)
        menu.addAction(tr("Unfreeze columns"), lambda: table.freeze(0)).setEnabled(table.frozen > 0)
    else:
        numbers = QMenu(tr("Freeze columns"), menu)
        menu.addMenu(numbers)
        _add_numbers(numbers, table, shown)
    menu.addSeparator()
    for column in (column for column in table.rows.columns if not column.is_passing):
        action = menu.addAction(column.title)
        action.setCheckable(True)
        action.setChecked(table.is_column_shown(column.key))
        action.setEnabled(column.priority > 0 or not action.isChecked())
        action.toggled.connect(lambda on, key=column.key: table.set_column_shown(key, on))
    menu.addSeparator()
    menu.addAction(tr("Restore columns"), table.restore_columns)


def _add_numbers(menu: QMenu, table: "LedgerTable[Any]", shown: list[int]) -> None:
    several = QActionGroup(menu)
    for count in range(min(MOST_BY_NUMBER, len(shown) - 1) + 1):
        title = table.rows.columns[shown[count - 1]].title
        text = tr("First {count}, up to “{column}”", count=count, column=title) if count else tr("No frozen columns")
        action = menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(table.frozen == count)
        several.addAction(action)
        action.triggered.connect(lambda _checked=False, count=count: table.freeze(count))
