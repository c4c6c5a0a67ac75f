"""The table of the ledger and its like: fixed rows, columns that are chosen, moved, sorted by and remembered."""

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QItemSelectionModel, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QWidget

from bri_desktop.i18n import tr
from bri_desktop.ui.settings import Json, Settings, table_setting
from bri_desktop.ui.shared.column_menu import fill_column_menu
from bri_desktop.ui.shared.delegates import RowDelegate
from bri_desktop.ui.shared.freezing import FreezingView
from bri_desktop.ui.shared.header import NARROWEST, SortKey, TableHeader
from bri_desktop.ui.shared.model import Column, WindowedModel, tsv
from bri_desktop.ui.shared.tokens import Size

R = TypeVar("R")

STRETCHED_FIRST = 150
"""Pixels of the room left that the stretching column gets before others grow."""


class TableBase(FreezingView):
    """The looks and habits of every table, whatever its model."""

    opened = Signal(object)
    """The id of a row that was double-clicked or opened by Enter."""
    selection_changed = Signal()

    def __init__(self, name: str, *, row: int = Size.ROW, lines: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.header = TableHeader(self, lines=lines)
        self.header.keep_still(self.still_sections)
        self.setHorizontalHeader(self.header)
        self.row_delegate = RowDelegate(self, lines=lines, row=row)
        self.setItemDelegate(self.row_delegate)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(row)
        rows.setDefaultSectionSize(row)
        self.verticalScrollBar().setSingleStep(row)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus edge."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the focus edge away."""
        super().focusOutEvent(event)
        self.viewport().update()


class LedgerTable(TableBase, Generic[R]):
    """A table over a :class:`WindowedModel`: sorting is asked for, copying and columns are its own."""

    sort_changed = Signal(list)
    """The order that the user wants: a list of (column key, ascending)."""
    menu_opened = Signal(QMenu)
    """The context menu of the rows is about to be shown: add to it."""

    def __init__(
        self, name: str, model: WindowedModel[R], parent: QWidget | None = None, *, row: int = Size.ROW
    ) -> None:
        super().__init__(name, row=row, parent=parent)
        self.rows = model
        self.setModel(model)
        self._sort: list[SortKey] = []
        self._hidden_by_user = {column.key for column in model.columns if not column.is_shown}
        self._widths = {column.key: column.width for column in model.columns}
        self._passing: set[str] = set()
        self._is_fitting = False
        self._kept_id: Any = None
        self._kept_section = -1
        self._memory: tuple[Settings, str] | None = None
        self._save_timer = QTimer(self)
        self._save_timer.setSingleShot(True)
        self._save_timer.setInterval(500)
        self._save_timer.timeout.connect(self._remember)
        self.header.sort_clicked.connect(self._on_sort_clicked)
        self.header.menu_requested.connect(self._on_header_menu)
        self.header.sectionResized.connect(self._on_resized)
        self.header.sectionMoved.connect(lambda *_moved: self._save_timer.start())
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._on_row_menu)
        self.selectionModel().selectionChanged.connect(lambda *_change: self.selection_changed.emit())
        self.fit()

    # --- rows -----------------------------------------------------------------------------------------------------

    def selected_ids(self) -> list[Any]:
        """Return the ids of the selected rows, from the top."""
        selection = self.selectionModel().selection()
        ranges = [selection.at(place) for place in range(selection.count())]
        chosen = {row for part in ranges for row in range(part.top(), part.bottom() + 1)}
        return [self.rows.id_at(row) for row in sorted(chosen)]

    def selected_count(self) -> int:
        """Return how many rows are selected."""
        selection = self.selectionModel().selection()
        return sum(selection.at(place).height() for place in range(selection.count()))

    def current_id(self) -> Any:
        """Return the id of the current row, or ``None``."""
        index = self.currentIndex()
        return self.rows.id_at(index.row()) if index.isValid() else None

    def show_ids(self, ids: Sequence[Any], rows: dict[Any, R] | None = None) -> None:
        """Show other records; the current one stays current where it is still among them."""
        self._kept_id, self._kept_section = self.current_id(), self.currentIndex().column()
        self.rows.set_ids(ids, rows)
        self._select_kept()

    def show_rest(self, ids: Sequence[Any]) -> None:
        """Show the whole list of which the first ids are shown already."""
        self.rows.set_rest(ids)
        self._select_kept()

    def _select_kept(self) -> None:
        if self._kept_id is not None and self.current_id() is None and self.select_id(self._kept_id):
            self._kept_id = None

    def select_id(self, key: Any) -> bool:
        """Make the row of ``key`` current and visible; tell whether it is there."""
        if key not in self.rows.ids():
            return False
        section = self.currentIndex().column() if self.currentIndex().isValid() else self._kept_section
        if section not in self.shown_sections():
            section = self.header.logicalIndex(0)
        index = self.rows.index(self.rows.ids().index(key), section)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(index, flags)
        self.scrollTo(index)
        return True

    def copy(self) -> None:
        """Put the selected rows on the clipboard as a spreadsheet takes them, in the columns shown."""
        chosen = [self.rows.columns[section] for section in self.shown_sections()]
        ids = self.selected_ids()
        if ids:
            self.rows.require(ids, lambda rows: QGuiApplication.clipboard().setText(tsv(rows, chosen)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy, and open the current row with Enter."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.current_id())
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the row under the pointer."""
        super().mouseDoubleClickEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.button() is Qt.MouseButton.LeftButton:
            self.opened.emit(self.rows.id_at(index.row()))

    def _on_row_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = menu.addAction(tr("Copy"), self.copy)
        copy.setShortcut(QKeySequence.StandardKey.Copy)
        self.menu_opened.emit(menu)
        menu.popup(self.viewport().mapToGlobal(at))

    # --- order ----------------------------------------------------------------------------------------------------

    def sort_order(self) -> list[SortKey]:
        """Return the order shown in the head."""
        return list(self._sort)

    def set_sort_order(self, order: Sequence[SortKey]) -> None:
        """Show an order in the head; the rows are expected in it."""
        self._sort = list(order)
        sections = {column.key: section for section, column in enumerate(self.rows.columns)}
        several = len(self._sort) > 1
        self.header.set_orders(
            {
                sections[key]: (ascending, place if several else 0)
                for place, (key, ascending) in enumerate(self._sort, 1)
                if key in sections
            }
        )

    def _on_sort_clicked(self, section: int, is_added: bool) -> None:
        column = self.rows.columns[section]
        if not column.is_sortable:
            return
        before = dict(self._sort)
        ascending = not before.get(column.key, False)
        others = [(key, up) for key, up in self._sort if key != column.key] if is_added else []
        if is_added and column.key in before:
            order = [(key, ascending if key == column.key else up) for key, up in self._sort]
        else:
            order = [*others, (column.key, ascending)]
        self.set_sort_order(order)
        self._save_timer.start()
        self.sort_changed.emit(order)

    # --- columns --------------------------------------------------------------------------------------------------

    def column_menu(self, parent: QWidget | None = None, section: int = -1) -> QMenu:
        """Return a menu that freezes, shows and hides columns; ``section`` is the one it was asked for at."""
        menu = QMenu(parent or self)
        fill_column_menu(menu, self, section)
        return menu

    def is_column_shown(self, key: str) -> bool:
        """Tell whether the user wants to see a column."""
        return key not in self._hidden_by_user

    def freeze(self, count: int) -> None:
        """Let the first ``count`` columns in view stand still; columns then scroll instead of giving way."""
        super().freeze(count)
        self.fit()
        self._save_timer.start()

    def set_column_shown(self, key: str, is_shown: bool) -> None:
        """Show or hide a column."""
        if is_shown:
            self._hidden_by_user.discard(key)
        else:
            self._hidden_by_user.add(key)
        self.fit()
        self._save_timer.start()

    def set_passing_shown(self, key: str, is_shown: bool) -> None:
        """Show or hide a column that stands here only while what is shown has something to say in it."""
        self._passing = self._passing | {key} if is_shown else self._passing - {key}
        self.fit()

    def _is_shown(self, column: Column[R]) -> bool:
        return column.key in self._passing if column.is_passing else column.key not in self._hidden_by_user

    def restore_columns(self) -> None:
        """Go back to the columns, widths and places the table came with."""
        self._hidden_by_user = {column.key for column in self.rows.columns if not column.is_shown}
        self._widths = {column.key: column.width for column in self.rows.columns}
        super().freeze(0)
        for section in range(len(self.rows.columns)):
            self.header.moveSection(self.header.visualIndex(section), section)
        self.fit()
        self._save_timer.start()

    def fit(self) -> None:
        """Fill the width: columns of low priority go where there is no room, the stretching one takes what is left.

        Where columns stand still, or more were chosen than a table comes with, none goes: the table scrolls.
        """
        shown = [column for column in self.rows.columns if self._is_shown(column)]
        room = self.viewport().width()
        needed = sum(self._widths[column.key] for column in shown)
        for column in sorted(shown, key=lambda column: -column.priority):
            if needed <= room or column.priority == 0 or self._scrolls():
                break
            shown.remove(column)
            needed -= self._widths[column.key]
        extra = self._extra_widths(shown, max(0, room - needed))
        self._is_fitting = True
        for section, column in enumerate(self.rows.columns):
            self.header.setSectionHidden(section, column not in shown)
            if column in shown:
                self.header.resizeSection(section, self._widths[column.key] + extra.get(column.key, 0))
        self._is_fitting = False

    def _extra_widths(self, shown: list[Column[R]], room: int) -> dict[str, int]:
        """Share the room that is left; a column that was given a width by hand keeps it."""
        extra: dict[str, int] = {}
        left = max(0, room - STRETCHED_FIRST)
        for column in shown:
            if column.grow and self._widths[column.key] == column.width:
                extra[column.key] = min(column.grow, left)
                left -= extra[column.key]
        stretching = next((column.key for column in shown if column.stretch), None)
        return extra if stretching is None else extra | {stretching: room - sum(extra.values())}

    def _scrolls(self) -> bool:
        return self.frozen > 0 or any(
            column.key not in self._hidden_by_user
            for column in self.rows.columns
            if not column.is_shown and not column.is_passing
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fill the new width."""
        super().resizeEvent(event)
        self.fit()

    def _on_resized(self, section: int, _old: int, new: int) -> None:
        if not self._is_fitting and new > 0:
            self._widths[self.rows.columns[section].key] = max(new, NARROWEST)
            self._save_timer.start()

    def _on_header_menu(self, at: QPoint) -> None:
        menu = self.column_menu(section=self.header.section_at(self.header.mapFromGlobal(at).x()))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)

    # --- memory ---------------------------------------------------------------------------------------------------

    def remember_in(self, settings: Settings, name: str) -> None:
        """Take columns and order from ``settings`` and keep them there from now on."""
        self._memory = (settings, name)
        self.restore_layout(settings.get(table_setting(name)))

    def layout_state(self) -> dict[str, Json]:
        """Return widths, places, hidden columns and order as plain values."""
        columns = [self.rows.columns[self.header.logicalIndex(at)] for at in range(self.header.count())]
        places: list[Json] = [column.key for column in columns if not column.is_passing]
        hidden: list[Json] = [*sorted(self._hidden_by_user)]
        return {
            "widths": dict(self._widths),
            "places": places,
            "hidden": hidden,
            "sort": [[key, ascending] for key, ascending in self._sort],
            "frozen": self.frozen,
        }

    def restore_layout(self, state: dict[str, Json]) -> None:
        """Take up a state of :meth:`layout_state`; what does not fit these columns is left out."""
        keys = [column.key for column in self.rows.columns]
        widths, hidden, places, sort = (state.get(name) for name in ("widths", "hidden", "places", "sort"))
        if isinstance(widths, dict):
            found = {key: width for key, width in widths.items() if key in self._widths and isinstance(width, int)}
            self._widths |= {key: max(width, NARROWEST) for key, width in found.items()}
        if isinstance(hidden, list):
            self._hidden_by_user = {key for key in hidden if isinstance(key, str) and key in keys}
        if isinstance(places, list):
            for place, key in enumerate(key for key in places if key in keys):
                self.header.moveSection(self.header.visualIndex(keys.index(str(key))), place)
        if isinstance(sort, list):
            pairs = [entry for entry in sort if isinstance(entry, list) and len(entry) == 2 and entry[0] in keys]
            self.set_sort_order([(str(key), bool(ascending)) for key, ascending in pairs])
        frozen = state.get("frozen")
        if isinstance(frozen, int):
            super().freeze(min(frozen, len(keys)))
        self.fit()

    def _remember(self) -> None:
        if self._memory is not None:
            settings, name = self._memory
            settings.set(table_setting(name), self.layout_state())
