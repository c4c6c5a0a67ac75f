"""The ledger page of one kind of records: found and ordered in a table, edited at the right, exported and taken in."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QItemSelection, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QMenu, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from bri_desktop import labels
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import UserError
from bri_desktop.domain.record_kinds import KINDS
from bri_desktop.i18n import language, tr
from bri_desktop.services.hanging import SavedRecord, add_record, delete_records, edit_record, restore_records
from bri_desktop.services.record_list import RecordRow, list_ids, read_rows
from bri_desktop.ui import dialogs
from bri_desktop.ui.shared import buttons, panels
from bri_desktop.ui.shared.choice_button import ChoiceButton
from bri_desktop.ui.shared.context import RecordSet, WindowContext
from bri_desktop.ui.shared.kind_export import choose_export
from bri_desktop.ui.shared.kind_import import ImportPanel
from bri_desktop.ui.shared.model import WindowedModel
from bri_desktop.ui.shared.panels import Band, EmptyState, SidePanel
from bri_desktop.ui.shared.record_form import RecordForm
from bri_desktop.ui.shared.record_table import QuickLine
from bri_desktop.ui.shared.record_weights import WEIGHT, RecordSetBand, has_weights, only, weight_column, with_weights
from bri_desktop.ui.shared.record_words import kind_columns, label_of, problem_sentences, problems_in, text_of
from bri_desktop.ui.shared.search_box import SearchBox
from bri_desktop.ui.shared.table import LedgerTable
from bri_desktop.ui.shared.tokens import Size

ALL = ""
BOOKS = "Excel (*.xlsx *.xls *.et *.csv *.ods)"
FIRST_YEARS = 12


class KindRoom(QWidget):
    """Everything of one kind that the ledger holds."""

    said = Signal(str)

    def __init__(self, context: WindowContext, kind: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self.kind = context, KINDS[kind]
        self._rows: dict[int, RecordRow] = {}
        self._total = 0
        self._wanted: int | None = None
        self.set_band = RecordSetBand()
        columns = [*kind_columns(kind, context.codes), weight_column(lambda: self.set_band.records)]
        self.model: WindowedModel[RecordRow] = WindowedModel(columns, self._fetch, self)
        self.table: LedgerTable[RecordRow] = LedgerTable(labels.record_kind_label(kind), self.model)
        self.table.remember_in(context.settings, f"kind.{kind}")
        self._make_filters()
        self._make_panel()
        self._lay_out()
        self._connect()

    def _make_filters(self) -> None:
        self.band = Band()
        self.search = SearchBox(tr("Search in {kind}", kind=labels.record_kind_label(self.kind.code)))
        self.search.setFixedWidth(Size.FILTER)
        self.band.add(self.search)
        self.choices: dict[str, ChoiceButton] = {}
        for field in self.kind.fields:
            if field.kind == "code":
                button = ChoiceButton(label_of(self.kind, field.code))
                codes = [(one.code, one.label(language())) for one in self._context.codes.codes(field.list or "")]
                button.set_choices([(ALL, tr("all")), *codes], ALL)
                button.chosen.connect(lambda _code: self.reload())
                self.choices[field.code] = button
                self.band.add(button)
        self.year = ChoiceButton(tr("Year"))
        this = date.today().year
        years = [(str(year), str(year)) for year in range(this + 1, this - FIRST_YEARS, -1)]
        self.year.set_choices([(ALL, tr("all")), *years, ("before", tr("earlier"))], ALL)
        self.year.chosen.connect(lambda _code: self.reload())
        self.year.setVisible(self.kind.newest_by is not None)
        self.bin = QCheckBox(tr("Bin"))
        self.bin.toggled.connect(lambda _on: self.reload())
        self.bin.setVisible(self.kind.code != "outcome")
        self.import_button = buttons.button(tr("Import"), self.choose_import, icon="download")
        self.export_button = buttons.button(tr("Export"), self.choose_export, icon="upload")
        for widget in (self.year, self.bin):
            self.band.add(widget)
        self.band.add_stretch()
        self.band.add(self.import_button)
        self.band.add(self.export_button)

    def _make_panel(self) -> None:
        self.form = RecordForm(self.kind, self._context.codes)
        self.panel = SidePanel("")
        self.owner_button = buttons.button("", self._open_owner, kind=buttons.SMALL_LINK)
        self.panel.facts.addWidget(self.owner_button, 1)
        self.panel.body.addWidget(self.form, 1)
        self.problem = buttons.label("", "problem", wrap=True)
        self.delete_button = buttons.button(tr("Delete"), self.delete, icon="trash-2", kind=buttons.LINK)
        self.panel.bar.add(self.delete_button)
        self.panel.bar.add(self.problem)
        self.panel.bar.add_stretch()
        self.import_panel = ImportPanel(self._context, self.kind.code)
        self.side = QStackedWidget()
        self.side.addWidget(self.panel)
        self.side.addWidget(self.import_panel)
        self.side.hide()

    def _lay_out(self) -> None:
        self.quick = QuickLine(self.kind, self._context.codes)
        self.quick.setVisible(not self.kind.owners)
        self.nothing = EmptyState(tr("No record fits; those of a project or tie are added in its own tabs."))
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.nothing)
        self.footer = panels.footer()
        self.count = buttons.label()
        self.selection = buttons.label("", "hint")
        self.restore_button = buttons.button(tr("Restore"), self.restore, kind=buttons.SMALL_LINK)
        for widget in (self.count, self.selection, self.restore_button):
            self.footer.add(widget)
        self.footer.add_stretch()
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.band)
        column.addWidget(self.set_band)
        column.addWidget(self.quick)
        column.addWidget(self.stack, 1)
        column.addWidget(self.footer)
        self.parts = QSplitter(Qt.Orientation.Horizontal)
        self.parts.setHandleWidth(Size.LINE)
        self.parts.setChildrenCollapsible(False)
        self.parts.addWidget(left)
        self.parts.addWidget(self.side)
        self.parts.setStretchFactor(0, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.parts)

    def _connect(self) -> None:
        self.search.searched.connect(lambda _text: self.reload())
        self.set_band.cleared.connect(self.reload)
        self.search.left_downwards.connect(self.table.setFocus)
        self.table.sort_changed.connect(lambda _order: self.reload())
        self.table.opened.connect(self._on_opened)
        self.table.selection_changed.connect(self._on_selected)
        self.table.menu_opened.connect(self._fill_menu)
        self.form.edit_wanted.connect(self.edit)
        self.quick.added.connect(self.add)
        for panel in (self.panel, self.import_panel):
            panel.closed.connect(self.close_panel)
        self.import_panel.done.connect(self._on_imported)
        for keys, call in ((Qt.Key.Key_Delete, self.delete), (Qt.Key.Key_F2, self.edit_current)):
            shortcut = QShortcut(QKeySequence(keys), self.table)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(call)

    # -- reading -----------------------------------------------------------------------------------------------

    def show_records(self, records: RecordSet) -> None:
        """Show exactly the records of a figure, in their order; no other condition is left."""
        self.search.set_text_silently("")
        for button in (*self.choices.values(), self.year):
            button.choose(ALL)
        self.bin.setChecked(False)
        self.table.set_sort_order([])
        self.set_band.show_records(records)
        self.reload()

    def reload(self) -> None:
        """Read what fits the conditions."""
        order = self.table.sort_order()
        codes = {name: button.code() for name, button in self.choices.items() if button.code()}
        year = self.year.code()
        first = str(date.today().year - FIRST_YEARS)
        years = ("0000", first) if year == "before" else (year, year) if year else None
        kind, wanted = self.kind.code, self.search.text()
        is_bin, sort = self.bin.isChecked(), order[0] if order else None
        records = self.set_band.records

        def read(session: Any) -> tuple[list[int], dict[int, RecordRow], int]:
            ids = list_ids(session, kind, search=wanted, codes=codes, years=years, sort=sort, is_bin=is_bin)
            ids = only(records, ids, is_sorted=sort is not None)
            first_rows = {row.id: row for row in read_rows(session, kind, ids[:64])}
            return ids, first_rows, len(list_ids(session, kind, is_bin=is_bin))

        self._context.runner.read(
            read, done=self._show, failed=self._say_error, initiator=self, replaces=(id(self), "rows")
        )

    def _fetch(self, ids: Sequence[Any], arrived: Callable[[Mapping[Any, RecordRow]], None]) -> None:
        kind = self.kind.code

        def read(session: Any) -> dict[int, RecordRow]:
            return {row.id: row for row in read_rows(session, kind, ids)}

        self._context.runner.read(read, done=arrived, initiator=self)

    def _show(self, found: tuple[list[int], dict[int, RecordRow], int]) -> None:
        ids, rows, self._total = found
        self._rows = rows
        self.table.set_passing_shown(WEIGHT, has_weights(self.set_band.records))
        self.table.show_ids(ids, rows)
        self.stack.setCurrentWidget(self.table if ids else self.nothing)
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            if self.table.select_id(wanted):
                self._on_opened(wanted)
        counted = tr("{count} of {total} records", count=f"{len(ids):,}", total=f"{self._total:,}")
        self.count.setText(with_weights(counted, self.set_band.records))
        self.export_button.setEnabled(bool(ids))
        self._show_selection()
        self._refresh_form()

    def _refresh_form(self) -> None:
        number = self.form.shown_id
        if number is None or self.side.isHidden():
            return
        if number in self.model.ids():
            self.model.require([number], self._show_rows)
        else:
            self.close_panel()

    def _show_selection(self) -> None:
        count = len(self.table.selected_ids())
        self.selection.setText(tr("{count} selected", count=f"{count:,}") if count else "")
        self.restore_button.setVisible(self.bin.isChecked() and count > 0)

    def _say_error(self, error: UserError) -> None:
        self.said.emit(labels.error_sentence(error))

    def on_changed(self, changes: Changes, initiator: object) -> None:
        """Read again what was written."""
        if changes.kinds & {self.kind.code, "history", "project", "pair"} and self.isVisible():
            self.reload()

    # -- the record at the right -------------------------------------------------------------------------------

    def _on_opened(self, number: object) -> None:
        if isinstance(number, int):
            self._show_panel(self.panel)
            self.model.require([number], self._show_rows)

    def _on_selected(self, _change: QItemSelection | None = None) -> None:
        self._show_selection()
        number = self.table.current_id()
        if number is not None and not self.side.isHidden() and self.side.currentWidget() is self.panel:
            self._on_opened(number)

    def _show_rows(self, rows: Sequence[RecordRow]) -> None:
        for row in rows:
            self._show_row(row)

    def _show_row(self, row: RecordRow) -> None:
        self.form.show_row(row)
        self.problem.setText("")
        self.panel.set_title(text_of(row, self.kind.field(self.kind.main), self._context.codes) or row.stored.key)
        self.owner_button.setText(row.owner_name)
        self.owner_button.setVisible(bool(row.owner_key))
        self._owner = row.owner_key or ""

    _owner = ""

    def _open_owner(self) -> None:
        if self._owner.startswith("P"):
            self._context.open_record(self._owner)

    def _show_panel(self, panel: QWidget) -> None:
        self.side.setCurrentWidget(panel)
        if self.side.isHidden():
            self.side.show()
            self.parts.setSizes([max(self.width() - Size.RECORD_PANEL, 1), Size.RECORD_PANEL])

    def close_panel(self) -> None:
        """Close what is at the right; the table has the focus again."""
        self.form.commit()
        self.side.hide()
        self.table.setFocus()

    def edit_current(self) -> None:
        """Go to the fields of the current record."""
        self._on_opened(self.table.current_id())
        self.form.focus_first()

    # -- writing -----------------------------------------------------------------------------------------------

    def edit(self, number: int, values: dict[str, Any]) -> None:
        """Store other values of some fields."""
        kind = self.kind.code

        def store(session: Any, version: int) -> SavedRecord:
            return edit_record(session, kind, number, values, seen_version=version)

        def seen(rows: list[RecordRow]) -> None:
            for row in rows:
                self._context.runner.write(
                    store, row.stored.version, done=lambda _saved: self._on_edited(), failed=self._on_refused,
                    initiator=self,
                )  # fmt: skip

        self.model.require([number], seen)

    def _on_edited(self) -> None:
        self.form.tell({})
        self.problem.setText("")
        self.reload()

    def _on_refused(self, error: UserError) -> None:
        sentences = problem_sentences(problems_in(error))
        self.form.tell(sentences)
        if not sentences:
            self.problem.setText(labels.error_sentence(error))
            self.reload()

    def add(self, values: dict[str, Any]) -> None:
        """Store a new record of a kind that hangs on nothing."""
        kind = self.kind.code
        self._context.runner.write(
            lambda session: add_record(session, kind, None, values), done=self._on_added, failed=self._on_not_added,
            initiator=self,
        )  # fmt: skip

    def _on_added(self, saved: SavedRecord) -> None:
        self._wanted = saved.id
        self.quick.done()
        self.reload()
        self.said.emit(tr("Added. Ctrl+Z takes it back."))

    def _on_not_added(self, error: UserError) -> None:
        sentences = problem_sentences(problems_in(error))
        self.quick.tell(next(iter(sentences.values()), "") or labels.error_sentence(error))

    def delete(self) -> None:
        """Put the selected records into the bin; Ctrl+Z takes it back."""
        ids = self.table.selected_ids()
        if ids and not self.bin.isChecked():
            self._move(delete_records, ids, tr("{count} put into the bin. Ctrl+Z takes it back.", count=len(ids)))

    def restore(self) -> None:
        """Take the selected records out of the bin."""
        ids = self.table.selected_ids()
        if ids:
            self._move(restore_records, ids, tr("{count} taken out of the bin.", count=len(ids)))

    def _move(self, work: Callable[..., Changes], ids: list[int], text: str) -> None:
        def done(_changes: Changes) -> None:
            self.said.emit(text)
            self.reload()

        self._context.runner.write(
            lambda session: work(session, self.kind.code, ids), done=done, failed=self._say_error, initiator=self
        )

    def _fill_menu(self, menu: QMenu) -> None:
        if self.bin.isChecked():
            menu.addAction(tr("Restore"), self.restore)
        else:
            menu.addAction(tr("Edit fields"), self.edit_current)
            menu.addAction(tr("Put into the bin"), self.delete)

    # -- sheets ------------------------------------------------------------------------------------------------

    def choose_export(self) -> None:
        """Ask for a file and write what the table shows."""
        choose_export(self._context, self, self.kind.code, list(self.model.ids()), self.said.emit, self._say_error)

    def choose_import(self) -> None:
        """Ask for a file and show what would become of its rows."""
        path = dialogs.choose_open_file(self, tr("Import"), BOOKS)
        if path is not None:
            self._show_panel(self.import_panel)
            self.import_panel.look(path)

    def _on_imported(self, text: str) -> None:
        self.said.emit(text)
        self.reload()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close the panel with Esc."""
        if event.key() == Qt.Key.Key_Escape and not self.side.isHidden():
            self.close_panel()
        else:
            super().keyPressEvent(event)
