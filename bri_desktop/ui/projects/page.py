"""The page of the project ledger: table, conditions, counts, and the record beside it."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from bri_desktop import labels
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import UserError
from bri_desktop.domain.money import Money
from bri_desktop.domain.vocabulary import PROJECT_KEY, key_of, number_of
from bri_desktop.i18n import tr
from bri_desktop.services.project_items import ProjectItem, Saved
from bri_desktop.services.view_items import View
from bri_desktop.ui.projects.acts import LedgerActs
from bri_desktop.ui.projects.beside import RecordBeside
from bri_desktop.ui.projects.columns import ledger_columns
from bri_desktop.ui.projects.empties import nothing_found, nothing_yet
from bri_desktop.ui.projects.filter_bar import FilterBar
from bri_desktop.ui.projects.hands import Hands
from bri_desktop.ui.projects.kinds import KindSwitch
from bri_desktop.ui.projects.reading import LedgerReading
from bri_desktop.ui.projects.rows import NEWEST_FIRST, Counted, Found, Wanted, items_by_id, sums_text
from bri_desktop.ui.projects.unsaved import UnsavedStore
from bri_desktop.ui.projects.weights import WEIGHT, has_weights, weight_column, with_weights
from bri_desktop.ui.shared import buttons, panels
from bri_desktop.ui.shared.context import RecordSet, WindowContext
from bri_desktop.ui.shared.model import WindowedModel
from bri_desktop.ui.shared.page import Page
from bri_desktop.ui.shared.panels import EmptyState
from bri_desktop.ui.shared.table import LedgerTable

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
        self.columns_button: QPushButton = buttons.button(tr("Columns"), self._show_columns, icon="columns-3")
        self.filters = FilterBar(context, self.columns_button)
        self.acts = LedgerActs(context, self)
        self._make_body()
        self._make_head()
        self._connect()
        self._add_shortcuts()
        self.hands = Hands(context, self)

    # -- making ------------------------------------------------------------------------------------------------

    def _make_table(self) -> None:
        columns = [*ledger_columns(self._context.codes), weight_column(lambda: self.filters.records)]
        self.model: WindowedModel[ProjectItem] = WindowedModel(columns, self._fetch, self)
        self.table: LedgerTable[ProjectItem] = LedgerTable(tr("Projects"), self.model)
        self.table.set_sort_order(NEWEST_FIRST)
        self.table.remember_in(self._context.settings, NAME)

    def _make_body(self) -> None:
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.footer = panels.footer()
        self.count_label = buttons.label()
        self.selection_label = buttons.label("", "hint")
        self.sum_label = buttons.label("", "hint")
        self.restore_button = buttons.button(tr("Restore"), self._restore, kind=buttons.SMALL_LINK)
        self.footer.add(self.count_label)
        self.footer.add(self.selection_label)
        self.footer.add(self.restore_button)
        self.footer.add_stretch()
        self.footer.add(self.sum_label)
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
        self._reading.summed.connect(self._on_sums)
        self._reading.failed.connect(self._on_not_found)
        self.filters.changed.connect(self._on_filter)
        self.filters.view_chosen.connect(self._on_view)
        self.filters.view_wanted.connect(self._save_view)
        self.filters.search_box.left_downwards.connect(self._to_table)
        self.table.sort_changed.connect(self._on_sorted)
        self.table.opened.connect(self._on_opened)
        self.table.selection_changed.connect(self._show_selection)
        self.table.menu_opened.connect(self._fill_row_menu)
        self.acts.said.connect(self.status_changed)
        self.beside.closed.connect(self.close_panel)
        self.beside.saved.connect(self._on_saved)
        self.beside.record_requested.connect(self.open_record)

    def _add_shortcuts(self) -> None:
        calls: dict[str, Callable[[], object]] = {
            "Ctrl+N": self.new_project,
            "Ctrl+F": self._to_filter,
            "Ctrl+Shift+E": self.export,
            "Ctrl+D": self.duplicate,
            "Ctrl+Z": self.acts.undo,
        }
        for keys, call in calls.items():
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
            shortcut.activated.connect(call)
        delete = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.table)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self.delete)

    # -- what other pages ask ----------------------------------------------------------------------------------

    def show_records(self, records: RecordSet) -> None:
        """Show exactly the records of a figure or message, in their order."""
        self._is_sorted_by_user = False
        self.kinds.choose("project")
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

    def activate(self) -> None:
        """Read what is out of date; the first time, bring back what was typed before the program ended."""
        if self._is_stale:
            self.reload()
        if not self._has_begun:
            self._has_begun = True
            self.filters.read_views()
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
        return self._reading.is_whole

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
        if is_new:
            self.table.scrollToTop()
        self.table.set_passing_shown(WEIGHT, has_weights(self.filters.records))
        self.table.show_ids(found.ids, dict(found.first))
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
        if counted.ids is not None:
            self.table.show_rest(counted.ids)
        self._select_wanted()
        self._show_counts()
        if self._exports_when_whole:
            self.export()

    def _select_wanted(self) -> None:
        if self._wanted_key is not None:
            is_there = self.table.select_id(number_of(PROJECT_KEY, self._wanted_key))
            if is_there or self._reading.is_whole:
                self._wanted_key = None

    def _on_not_found(self, error: UserError) -> None:
        self.status_changed.emit(labels.error_sentence(error))

    def _fetch(self, ids: Sequence[Any], arrived: Callable[[Mapping[Any, ProjectItem]], None]) -> None:
        self._context.runner.read(items_by_id, list(ids), done=arrived, initiator=self)

    def _show_counts(self) -> None:
        count = len(self.model.ids())
        if self.filters.is_bin:
            text = tr("{count} in the bin", count=f"{count:,}")
        else:
            text = tr("{count} of {total} projects", count=f"{count:,}", total=f"{self._total or 0:,}")
        self.count_label.setText(with_weights(text, self.filters.records))
        self.export_button.setEnabled(count > 0)

    def _on_sums(self, amounts: list[Money]) -> None:
        text = sums_text(amounts)
        self.sum_label.setText(tr("Amounts {sums} (by currency, not converted)", sums=text) if text else "")

    def _show_selection(self) -> None:
        count = self.table.selected_count()
        self.selection_label.setText(tr("{count} selected", count=f"{count:,}") if count else "")
        self.restore_button.setVisible(self.filters.is_bin and count > 0)

    # -- filters, order, views ---------------------------------------------------------------------------------

    def _on_filter(self) -> None:
        self.reload()
        name = self.filters.view_name
        self.status_changed.emit(tr("View: {name}", name=name) if name else "")

    def _on_sorted(self, _order: object) -> None:
        self._is_sorted_by_user = True
        self.reload()

    def _on_view(self, view: View) -> None:
        keys = [column.key for column in self.model.columns]
        state: dict[str, Any] = {}
        if view.columns:
            state["hidden"] = [key for key in keys if key not in view.columns]
            state["places"] = [*view.columns, *state["hidden"]]
        if view.sort:
            state["sort"] = [[field, not descending] for field, descending in view.sort]
        self.table.restore_layout(state)

    def _save_view(self, name: str) -> None:
        state = self.table.layout_state()
        hidden, places = state["hidden"], state["places"]
        columns: list[str] = []
        if isinstance(hidden, list) and isinstance(places, list):
            columns = [str(key) for key in places if key not in hidden]
        sort = tuple((key, not ascending) for key, ascending in self.table.sort_order())
        self.filters.save_view(View(name, self.filters.filter_text, tuple(columns), sort))
        self.status_changed.emit(tr("View: {name}", name=name))

    def _show_columns(self) -> None:
        menu = self.table.column_menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.columns_button.mapToGlobal(self.columns_button.rect().bottomLeft()))

    def _to_filter(self) -> None:
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
        self._exports_when_whole = not self._reading.is_whole
        if self._reading.is_whole and self.model.ids():
            self.acts.export(list(self.model.ids()), self.filters.view_name)

    def _restore(self) -> None:
        self.acts.restore(self.selected_keys())

    def _fill_row_menu(self, menu: QMenu) -> None:
        if self.filters.is_bin:
            menu.addAction(tr("Restore"), self._restore)
            return
        menu.addAction(tr("Copy as a new project"), self.duplicate)
        menu.addAction(tr("Put into the bin"), self.delete)

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
