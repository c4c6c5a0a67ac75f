"""The page of the project ledger: table, conditions, counts, and the record beside it."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QPushButton, QStackedWidget, QVBoxLayout, QWidget

from bri_desktop import labels
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import UserError
from bri_desktop.domain.vocabulary import PROJECT_KEY, key_of, number_of
from bri_desktop.i18n import tr
from bri_desktop.services.project_items import ProjectItem, Saved
from bri_desktop.services.view_items import View
from bri_desktop.ui.projects.acts import LedgerActs
from bri_desktop.ui.projects.beside import RecordBeside
from bri_desktop.ui.projects.columns import ledger_columns
from bri_desktop.ui.projects.empties import nothing_found, nothing_yet
from bri_desktop.ui.projects.filter_bar import FilterBar
from bri_desktop.ui.projects.foot import LedgerFoot
from bri_desktop.ui.projects.grouping import Grouping
from bri_desktop.ui.projects.hands import Hands
from bri_desktop.ui.projects.keys import add_shortcuts
from bri_desktop.ui.projects.kinds import KindSwitch
from bri_desktop.ui.projects.menus import fill_row_menu, open_column_menu
from bri_desktop.ui.projects.reading import LedgerReading
from bri_desktop.ui.projects.rows import NEWEST_FIRST, Counted, Found, Wanted, items_by_id
from bri_desktop.ui.projects.unsaved import UnsavedStore
from bri_desktop.ui.projects.view_layout import layout_of, view_of
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.context import RecordSet, WindowContext
from bri_desktop.ui.shared.grouped_model import GroupedModel, GroupHead
from bri_desktop.ui.shared.grouped_table import GroupedTable
from bri_desktop.ui.shared.page import Page
from bri_desktop.ui.shared.panels import EmptyState
from bri_desktop.ui.shared.record_weights import WEIGHT, has_weights, weight_column

if TYPE_CHECKING:
    from bri_desktop.ui.projects.panel import RecordPanel

NAME = "projects"
KINDS = frozenset({"project", "pair", "place", "organisation", "batch"})


class ProjectsPage(Page):
    """Shows projects, finds them, and logs new ones."""

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(tr("Project ledger"), parent=parent)
        self._context = context
        self._is_stale = True
        self._is_sorted_by_user = False
        self._total: int | None = None
        self._wanted_key: str | None = None
        self._reading = LedgerReading(context.runner, context.path, self)
        self._exports_when_whole = False
        self._has_begun = False
        self._make_table()
        self.columns_button: QPushButton = buttons.button(
            tr("Columns"), partial(open_column_menu, self), icon="columns-3"
        )
        self.grouping = Grouping(context, self.table.fill_group_menu, self)
        self.filters = FilterBar(context, self.grouping.button, self.columns_button)
        self.acts = LedgerActs(context, self)
        self._make_body()
        self._make_head()
        self._connect()
        add_shortcuts(self)
        self.hands = Hands(context, self)

    # -- making ------------------------------------------------------------------------------------------------

    def _make_table(self) -> None:
        columns = [*ledger_columns(self._context.codes), weight_column(lambda: self.filters.records)]
        self.model: GroupedModel[ProjectItem] = GroupedModel(columns, self._fetch, self)
        self.table: GroupedTable[ProjectItem] = GroupedTable(tr("Projects"), self.model)
        self.table.set_sort_order(NEWEST_FIRST)
        self.table.remember_in(self._context.settings, NAME)

    def _make_body(self) -> None:
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.foot = LedgerFoot(self._context, self.selected_keys, self.restore)
        self.footer, self.bin_bar, self.count_label = self.foot.band, self.foot.bin_bar, self.foot.count_label
        self.left = QWidget()
        column = QVBoxLayout(self.left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.filters)
        column.addWidget(self.stack, 1)
        column.addWidget(self.footer)
        column.addWidget(self.acts.progress)
        self.beside = RecordBeside(self._context, self.left, NAME)
        self.body.addWidget(self.beside, 1)

    @cached_property
    def empty(self) -> EmptyState:
        """What an empty ledger shows."""
        made = nothing_yet(self._context, self.new_project)
        self.stack.addWidget(made)
        return made

    @cached_property
    def nothing(self) -> EmptyState:
        """What is shown where no record fits."""
        made = nothing_found(self.filters.clear)
        self.stack.addWidget(made)
        return made

    def _make_head(self) -> None:
        self.undo_button = buttons.button(tr("Undo"), self.acts.undo, icon="undo-2")
        self.undo_button.setToolTip(f"{tr('Undo')}  Ctrl+Z")
        self.export_button = buttons.button(tr("Export"), self.export, icon="upload")
        self.new_button = buttons.button(tr("New project"), self.new_project, icon="plus", kind=buttons.PRIMARY)
        self.new_button.setToolTip(f"{tr('New project')}  Ctrl+N")
        for button in (self.undo_button, self.export_button, self.new_button):
            self.add_action(button)
        self.kinds = KindSwitch(self, self._context, self.beside, [self.export_button, self.new_button])

    def _connect(self) -> None:
        self._reading.found.connect(self._on_found)
        self._reading.counted.connect(self._on_counted)
        self._reading.summed.connect(self.foot.show_sums)
        self._reading.failed.connect(self._on_not_found)
        self.grouping.changed.connect(self._on_grouping)
        self.grouping.grouped.connect(self._on_grouped)
        self.grouping.failed.connect(self._on_not_found)
        self.filters.changed.connect(self._on_filter)
        self.filters.view_chosen.connect(self._on_view)
        self.filters.view_wanted.connect(self._save_view)
        self.filters.search_box.left_downwards.connect(self._to_table)
        self.table.sort_changed.connect(self._on_sorted)
        self.table.opened.connect(self._on_opened)
        self.table.selection_changed.connect(self._show_selection)
        self.table.menu_opened.connect(partial(fill_row_menu, self))
        self.acts.said.connect(self.status_changed)
        self.filters.said.connect(self.status_changed)
        self.bin_bar.said.connect(self.status_changed)
        self.beside.closed.connect(self.close_panel)
        self.beside.saved.connect(self._on_saved)
        self.beside.record_requested.connect(self.open_record)

    # -- what other pages ask ----------------------------------------------------------------------------------

    def show_records(self, records: RecordSet) -> None:
        """Show exactly the records of a figure or message, in their order; those of another kind in its own room."""
        self.kinds.choose(records.kind)
        if records.kind != "project":
            self.kinds.room(records.kind).show_records(records)
            return
        self._is_sorted_by_user = False
        self.filters.show_records(records)

    def show_filter(self, text: str) -> None:
        """Show what a filter text finds; one that cannot be read is explained in the status bar."""
        try:
            self.filters.show_filter(text)
        except UserError as error:
            self.status_changed.emit(labels.error_sentence(error))

    def open_records(self, filter_text: str) -> None:
        """Show the records of a filter."""
        self.show_filter(filter_text)

    def open_record(self, key: str) -> None:
        """Show one record in the panel, and select it where the table has it."""
        self.kinds.choose("project")
        number = number_of(PROJECT_KEY, key)
        if number is not None and not self.table.select_id(number):
            self._wanted_key = key
        self.beside.show_panel().open(key)

    def new_project(self) -> None:
        """Begin a new record."""
        self.kinds.choose("project")
        self.beside.show_panel().open_new()

    def build_ahead(self) -> None:
        self.beside.build_ahead()

    def activate(self) -> None:
        """Read what is out of date; the first time, bring back what was typed before the program ended."""
        if self._is_stale:
            self.reload()
        if not self._has_begun:
            self._has_begun = True
            self.filters.views.read()
            self._bring_back()

    def on_changed(self, changes: Changes, initiator: object) -> None:
        """Read again what was written, at once where the page is in view."""
        if not changes.kinds & KINDS:
            return
        self._is_stale = True
        if self.isVisible():
            self.reload()
            if self.beside.has_panel():
                self.panel.refresh()

    def is_filled(self) -> bool:
        """Tell whether rows, or the word that there are none, are shown."""
        return self.stack.currentWidget() is not self.table or self.model.rowCount() > 0

    def is_whole(self) -> bool:
        """Tell whether the table knows all that is found, not only its first rows."""
        return self._reading.is_whole and not self.grouping.is_pending

    def may_leave(self) -> bool:
        """Leave at any time: what is typed is kept and comes back."""
        if self.beside.has_panel():
            self.panel.keep_unsaved()
        return True

    def _bring_back(self) -> None:
        keys = UnsavedStore(self._context.settings, str(self._context.path)).keys()
        if not keys:
            return
        if number_of(PROJECT_KEY, keys[-1]) is not None:
            self.open_record(keys[-1])
        else:
            self.beside.show_panel().open_new(key=keys[-1])

    # -- reading -----------------------------------------------------------------------------------------------

    def wanted(self) -> Wanted:
        """Return what the table is to show."""
        records = self.filters.records
        is_given_order = records is not None and not self._is_sorted_by_user
        sort = () if is_given_order else tuple(self.table.sort_order())
        only = None if records is None else records.ids
        return Wanted(self.filters.filter_text, self.filters.search, sort, only, self.filters.is_bin)

    def reload(self) -> None:
        """Read again what the table shows."""
        self._is_stale = False
        self._reading.read(self.wanted())

    def _on_found(self, found: Found, is_new: bool) -> None:
        self.grouping.drop()
        if is_new:
            self.table.scrollToTop()
        self.table.set_passing_shown(WEIGHT, has_weights(self.filters.records))
        if not self.grouping.by:
            self.table.show_ids(found.ids, dict(found.first))
        elif found.is_all:
            self.grouping.read(found.ids)
        is_empty = not found.ids and not self.filters.is_narrowed
        self.stack.setCurrentWidget(self.empty if is_empty else self.table if found.ids else self.nothing)
        self._show_selection()
        self._select_wanted()
        if found.is_all and not self.filters.is_narrowed:
            self._total = len(found.ids)
        if found.is_all and self._total is not None:
            self._show_counts()

    def _on_counted(self, counted: Counted) -> None:
        self._total = counted.total
        if counted.ids is not None and self.grouping.by:
            self.grouping.read(counted.ids)
        elif counted.ids is not None:
            self.table.show_rest(counted.ids)
        self._on_whole()

    def _on_whole(self) -> None:
        self._select_wanted()
        self._show_counts()
        if self._exports_when_whole and self.is_whole():
            self.export()

    def _on_grouping(self) -> None:
        """Group the rows that are known otherwise; those still to come are grouped when they are there."""
        if not self.grouping.by:
            self.grouping.drop()
            self.table.show_ids(list(self.model.records()))
        elif self._reading.is_whole:
            self.grouping.read(self.model.records())

    def _on_grouped(self, heads: list[GroupHead], is_new: bool) -> None:
        self.table.show_groups(heads, is_new=is_new)
        self._on_whole()

    def _select_wanted(self) -> None:
        if self._wanted_key is not None:
            is_there = self.table.select_id(number_of(PROJECT_KEY, self._wanted_key))
            if is_there or self.is_whole():
                self._wanted_key = None

    def _on_not_found(self, error: UserError) -> None:
        self.status_changed.emit(labels.error_sentence(error))

    def _fetch(self, ids: Sequence[Any], arrived: Callable[[Mapping[Any, ProjectItem]], None]) -> None:
        self._context.runner.read(items_by_id, list(ids), done=arrived, initiator=self)

    def _show_counts(self) -> None:
        count = len(self.model.records())
        self.foot.show_counts(count, self._total or 0, self.filters.records, is_bin=self.filters.is_bin)
        self.export_button.setEnabled(count > 0)

    def _show_selection(self) -> None:
        self.foot.show_selection(self.table.selected_count(), is_bin=self.filters.is_bin)

    # -- filters, order, views ---------------------------------------------------------------------------------

    def _on_filter(self) -> None:
        self.reload()
        name = self.filters.view_name
        self.status_changed.emit(tr("View: {name}", name=name) if name else "")

    def _on_sorted(self, _order: object) -> None:
        self._is_sorted_by_user = True
        self.reload()

    def _on_view(self, view: View) -> None:
        self.grouping.set(view.group)
        self.table.restore_layout(layout_of(view, [column.key for column in self.model.columns]))

    def _save_view(self, name: str) -> None:
        state, order = self.table.layout_state(), self.table.sort_order()
        self.filters.save_view(view_of(name, self.filters.filter_text, state, order, self.grouping.by))
        self.status_changed.emit(tr("View: {name}", name=name))

    def to_filter(self) -> None:
        """Go to the search box."""
        self.left.show()
        self.filters.search_box.setFocus()
        self.filters.search_box.selectAll()

    def _to_table(self) -> None:
        self.table.setFocus()
        if not self.table.currentIndex().isValid() and self.model.ids():
            self.table.select_id(self.model.id_at(0))

    # -- acts --------------------------------------------------------------------------------------------------

    def selected_keys(self) -> list[str]:
        """Return the keys of the selected records."""
        return [key_of(PROJECT_KEY, project_id) for project_id in self.table.selected_ids()]

    def delete(self) -> None:
        """Put the selected records into the bin; Ctrl+Z takes it back."""
        keys = self.selected_keys()
        if keys and not self.filters.is_bin:
            self.acts.delete(keys)
            if self.beside.has_panel() and self.panel.key in keys:
                self.close_panel()

    def duplicate(self) -> None:
        """Begin a new record with the fields of the current one."""
        project_id = self.table.current_id()
        if self.beside.shows_panel() and not self.panel.is_new:
            self.panel.duplicate()
        elif project_id is not None:
            self.beside.show_panel().duplicate_of(key_of(PROJECT_KEY, project_id))

    def export(self) -> None:
        """Write what the table shows to a file, once all of it is known."""
        self._exports_when_whole = not self.is_whole()
        if self.is_whole() and self.model.records():
            self.acts.export(list(self.model.records()), self.filters.view_name)

    def restore(self) -> None:
        """Take the selected records out of the bin."""
        self.acts.restore(self.selected_keys())

    # -- the panel ---------------------------------------------------------------------------------------------

    @property
    def panel(self) -> "RecordPanel":
        """The record's panel, built when it is first wanted."""
        return self.beside.panel

    def _on_opened(self, project_id: object) -> None:
        if isinstance(project_id, int):
            self.beside.show_panel().open(key_of(PROJECT_KEY, project_id))

    def _on_saved(self, saved: Saved, is_new: bool) -> None:
        self._wanted_key = saved.key
        text = tr("Logged. Ctrl+N for the next one, Ctrl+Z takes it back.") if is_new else tr("Saved.")
        self.status_changed.emit(text)

    def close_panel(self) -> None:
        """Close the panel; the table has the focus again."""
        self.beside.hide_panel()
        self.table.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        """Leave the rest unread; it is asked for again when the page comes back."""
        self._is_stale = self._reading.pause() or self._is_stale
        super().hideEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close the panel with Esc."""
        if event.key() == Qt.Key.Key_Escape and self.beside.shows_panel():
            self.close_panel()
        else:
            super().keyPressEvent(event)
