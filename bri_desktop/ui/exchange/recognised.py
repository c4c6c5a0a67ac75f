"""What was recognised in a file, to be confirmed: its tables, what each column is, and the rows that are no data."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFrame,
    QListWidget,
    QListWidgetItem,
    QRadioButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from bri_desktop.i18n import tr
from bri_desktop.services.exchange import ImportOptions
from bri_desktop.services.intake_sheets import SheetPlan
from bri_desktop.services.intake_wizard import Book
from bri_desktop.services.profiles import values_of
from bri_desktop.ui.exchange.choice import (
    TableChoice,
    choices_of,
    lacks_unit,
    mapped,
    samples,
    taken_sheets,
    why_not,
    with_unit,
)
from bri_desktop.ui.exchange.combo import Combo
from bri_desktop.ui.exchange.ignored import ignored_sentence, ignored_table
from bri_desktop.ui.exchange.mapping_header import HeaderDialog
from bri_desktop.ui.exchange.mapping_profile import ProfileBand, RememberBox
from bri_desktop.ui.exchange.mapping_table import ColumnRow, FieldList, MappingTable
from bri_desktop.ui.exchange.remarks import RemarksNote
from bri_desktop.ui.exchange.wording import Names
from bri_desktop.ui.shared import buttons, panels
from bri_desktop.ui.shared.panels import Band
from bri_desktop.ui.shared.tokens import Size, Space

FIELDS_WIDTH = 168
TABLES_WIDTH = 168


class RecognisedStep(QWidget):
    """Lets tables and columns be confirmed; :meth:`result` gives what the preview is made of."""

    next_wanted = Signal()
    cancel_wanted = Signal()
    header_wanted = Signal(int, int, int)
    """A sheet, and the first and last row that are its header."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._book: Book | None = None
        self._names: Names | None = None
        self.choices: list[TableChoice] = []
        self._sheets: list[SheetPlan] = []
        self._filling = False
        self._make_widgets()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for band in (self._file_band(), self.profiles, self.kind_band, self.copy_band, self.remarks):
            column.addWidget(band)
        column.addWidget(self._middle(), 1)
        column.addWidget(self._bar())

    def _make_widgets(self) -> None:
        self.file_label = buttons.label("", "strong")
        self.facts = buttons.label("", "label")
        self.tables = QListWidget()
        self.tables.setAccessibleName(tr("Tables of the file"))
        self.tables.currentRowChanged.connect(lambda _row: self._show_table())
        self.tables.itemChanged.connect(self._on_checked)
        self.columns = MappingTable()
        self.columns.field_chosen.connect(lambda index, field: self.set_field(index, field or None))
        self.columns.unit_chosen.connect(self.set_unit)
        self.fields = FieldList()
        self.ignored = ignored_table(with_sheet=False)
        self.ignored_title = buttons.label("", "section")
        self.columns_title = buttons.label("", "section")
        self.header_button = buttons.button(tr("Correct the header"), self.correct_header, kind=buttons.SMALL_LINK)
        self.kind_band = Band("surface-band", Size.FILTER_ROW, Space.PAGE)
        self.kind_group = QButtonGroup(self)
        self.kind_group.idClicked.connect(lambda _id: self._say())
        self.profiles = ProfileBand()
        self.profiles.chosen.connect(self.use_profile)
        self.copy_label = buttons.label("", "strong")
        self.copy_band = self._copy_band()
        self.remarks = RemarksNote()
        self.update_by = Combo(tr("Known records are found"))
        self.update_by.addItem(tr("by code"), "code")
        self.update_by.addItem(tr("by title"), "title")
        self.accept_places = QCheckBox(tr("Create unknown places without asking"))
        self.remember = RememberBox()
        self.sentence = buttons.label()
        self.next_button = buttons.button("", self.next_wanted.emit, kind=buttons.PRIMARY)

    def _file_band(self) -> Band:
        band = Band("surface-band", Size.FILTER_ROW, Space.PAGE)
        band.add(panels.icon_label("file-spreadsheet"))
        band.add(self.file_label)
        band.add(self.facts)
        band.add_stretch()
        band.add(self.accept_places)
        band.add(buttons.label(tr("Known records are found"), "label"))
        band.add(self.update_by)
        return band

    def _copy_band(self) -> Band:
        band = Band("surface-band", Size.FILTER_ROW, Space.PAGE)
        band.add(panels.icon_label("triangle-alert", "warning"))
        band.add(self.copy_label)
        band.add(buttons.button(tr("Leave it out"), lambda: self.decide_copy(taken=False), kind=buttons.SMALL))
        band.add(
            buttons.button(tr("Check its rows all the same"), lambda: self.decide_copy(taken=True), kind=buttons.SMALL)
        )
        band.add_stretch()
        return band

    def _middle(self) -> QSplitter:
        right = QSplitter(Qt.Orientation.Vertical)
        right.addWidget(_titled([self.columns_title, self.header_button], self.columns))
        right.addWidget(_titled([self.ignored_title], self.ignored))
        right.setSizes([3_000, 1_000])
        whole = QSplitter(Qt.Orientation.Horizontal)
        whole.addWidget(_side(self.tables, TABLES_WIDTH))
        whole.addWidget(right)
        whole.addWidget(_side(self.fields, FIELDS_WIDTH, tr("Drag a field onto its column")))
        whole.setStretchFactor(1, 1)
        whole.setSizes([TABLES_WIDTH, 10_000, FIELDS_WIDTH])
        for splitter in (right, whole):
            splitter.setChildrenCollapsible(False)
        return whole

    def _bar(self) -> Band:
        bar = panels.action_bar()
        bar.add(self.sentence, 1)
        bar.add(self.remember)
        bar.add(buttons.button(tr("Cancel"), self.cancel_wanted.emit))
        bar.add(self.next_button)
        return bar

    # --- a file -----------------------------------------------------------------------------------------------------

    def open(self, book: Book, names: Names) -> None:
        """Show what was recognised."""
        self._book, self._names = book, names
        self.file_label.setText(book.name)
        self.remember.suggest(book.fits[0].profile.name if book.fits else Path(book.name).stem)
        self._show_book()

    def replace_sheet(self, plan: SheetPlan) -> None:
        """Show a sheet that was read again with another header."""
        if self._book is not None:
            self._book.replace_sheet(plan)
            self._show_book(plan.index)

    def use_profile(self, name: str) -> None:
        """Read the columns by another profile, by none for ``""``."""
        if self._book is not None:
            self._book.use_profile(name or None)
            self._show_book()

    def close_book(self) -> None:
        """Let the file go."""
        self._book = self._names = None

    def _show_book(self, sheet: int | None = None) -> None:
        book = self._book
        if book is None:
            return
        self.choices = choices_of(book.sheets)
        self.profiles.show_fits(book.fits, book.fitting())
        self._show_kinds()
        self._filling = True
        self.tables.clear()
        for choice in self.choices:
            self.tables.addItem(self._item(choice))
        self._sheets = [plan for plan in book.sheets if not plan.blocks]
        for plan in self._sheets:
            self.tables.addItem(self._empty_item(plan))
        self._filling = False
        wanted = (n for n, choice in enumerate(self.choices) if choice.taken and sheet in (None, choice.sheet.index))
        self.tables.setCurrentRow(next(wanted, 0))
        self._say()

    def result(self) -> tuple[tuple[SheetPlan, ...], ImportOptions]:
        """Return the tables to take in and the options so far."""
        fits = self._book.fits if self._book else ()
        options = ImportOptions(
            update_by=str(self.update_by.currentData()),
            new_places="accept" if self.accept_places.isChecked() else "ask",
            code_values=values_of(fits),
        )
        return taken_sheets(self.choices, self._kind()), options

    def choose_kind(self, code: str) -> None:
        """Answer of what kind the ties of the file are."""
        for control in self.kind_group.buttons():
            if control.property("code") == code:
                control.setChecked(True)
        self._say()

    def set_field(self, index: int, field: str | None) -> None:
        """Take column ``index`` of the table shown for ``field``."""
        choice = self.current()
        if choice is not None:
            choice.block = mapped(choice.block, index, field)
            self._changed(choice)

    def set_unit(self, index: int, unit: str) -> None:
        """Say the unit of column ``index`` of the table shown."""
        choice = self.current()
        if choice is not None:
            choice.block = with_unit(choice.block, index, unit or None)
            self._changed(choice)

    def decide_copy(self, *, taken: bool) -> None:
        """Say whether the table that repeats rows is taken in."""
        place = next((n for n, choice in enumerate(self.choices) if not choice.decided), None)
        if place is not None:
            self.choices[place].decided = True
            state = Qt.CheckState.Checked if taken else Qt.CheckState.Unchecked
            self.tables.item(place).setCheckState(state)
            self.choices[place].taken = taken
            self._say()

    def current(self) -> TableChoice | None:
        """Return the table that is shown."""
        row = self.tables.currentRow()
        return self.choices[row] if 0 <= row < len(self.choices) else None

    def correct_header(self) -> None:
        """Let the header rows of the sheet be pointed at."""
        choice, row = self.current(), self.tables.currentRow() - len(self.choices)
        plan = choice.sheet if choice else (self._sheets[row] if 0 <= row < len(self._sheets) else None)
        if self._book is None or plan is None:
            return
        block = choice.block.block if choice else None
        dialog = HeaderDialog(self._book, plan, block.header_rows if block else (), self)
        dialog.chosen.connect(lambda first, last: self.header_wanted.emit(plan.index, first, last))
        dialog.open()

    def _changed(self, choice: TableChoice) -> None:
        self.remember.wish()
        self._show_columns(choice)
        self._say()

    def _item(self, choice: TableChoice) -> QListWidgetItem:
        name = choice.sheet.name
        if len(choice.sheet.blocks) > 1:
            name = tr("{sheet}, from row {row}", sheet=name, row=choice.block.first_row)
        item = QListWidgetItem(tr("{sheet}: {count} rows", sheet=name, count=f"{choice.block.rows:,}"))
        item.setSizeHint(QSize(0, Size.ROW))
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Checked if choice.taken else Qt.CheckState.Unchecked)
        return item

    def _empty_item(self, sheet: SheetPlan) -> QListWidgetItem:
        item = QListWidgetItem(tr("{sheet}: no table", sheet=sheet.name))
        item.setSizeHint(QSize(0, Size.ROW))
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        return item

    def _show_kinds(self) -> None:
        for control in self.kind_group.buttons():
            self.kind_group.removeButton(control)
        while self.kind_band.row.count():
            taken = self.kind_band.row.takeAt(0)
            widget = taken.widget() if taken else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        said = {choice.sheet.pair_kind for choice in self.choices if choice.needs_kind}
        said |= {one.profile.options.get("pair_kind") for one in (self._book.fits if self._book else ())} - {None}
        said -= {None} if len(said) > 1 else set()
        self.kind_band.add(buttons.label(tr("Of what kind are the ties of this file?"), "strong"))
        for label in self._names.codes.codes("pair_kind") if self._names else ():
            control = QRadioButton(self._names.code("pair_kind", label.code) if self._names else label.code)
            control.setProperty("code", label.code)
            control.setChecked(said == {label.code})
            self.kind_group.addButton(control)
            self.kind_band.add(control)
        self.kind_band.add_stretch()

    def _kind(self) -> str | None:
        checked = self.kind_group.checkedButton()
        return str(checked.property("code")) if checked else None

    def _on_checked(self, item: QListWidgetItem) -> None:
        row = self.tables.row(item)
        if not self._filling and 0 <= row < len(self.choices):
            self.choices[row].taken = item.checkState() is Qt.CheckState.Checked
            self.choices[row].decided = True
            self._say()

    # --- a table ----------------------------------------------------------------------------------------------------

    def _show_table(self) -> None:
        if self._filling:
            return
        choice = self.current()
        row = self.tables.currentRow() - len(self.choices)
        plan = choice.sheet if choice else (self._sheets[row] if 0 <= row < len(self._sheets) else None)
        if plan is None:
            return
        self.remarks.show_remarks(plan.remarks)
        self._show_columns(choice)
        rows = sorted((*plan.ignored, *plan.inner_ignored), key=lambda one: one.row)
        self.ignored_title.setText(ignored_sentence(rows) or tr("Every row is data"))
        self.ignored.show_rows(rows)

    def _show_columns(self, choice: TableChoice | None) -> None:
        if choice is None or self._book is None:
            self.columns.show_rows([])
            self.columns_title.setText(tr("No table was recognised on this sheet"))
            return
        found = samples(self._book, choice)
        selected = self.columns.currentIndex().row()
        columns = choice.block.columns
        self.columns.show_rows(
            [ColumnRow(one, found.get(one.index, ""), lacks_unit(self._book, choice, one)) for one in columns]
        )
        if selected >= 0:
            self.columns.selectRow(selected)
        self.fields.show_used({one.field: one.letter for one in columns})
        rows = "–".join(
            dict.fromkeys(
                str(row) for row in (*choice.block.block.header_rows[:1], *choice.block.block.header_rows[-1:])
            )
        )
        self.columns_title.setText(tr("Columns: {count}; header in row {rows}", count=len(columns), rows=rows))

    def _say(self) -> None:
        taken = [choice for choice in self.choices if choice.taken]
        usable = [choice for choice in taken if choice.block.usable]
        rows = sum(choice.block.rows for choice in usable)
        needs_kind = any(choice.needs_kind for choice in usable)
        copy = next((choice for choice in self.choices if not choice.decided), None)
        self.kind_band.setVisible(needs_kind)
        self.copy_band.setVisible(copy is not None)
        if copy is not None:
            self.copy_label.setText(
                tr(
                    "{sheet}, rows {first}–{last}: {count} rows stand further up already. What about them?",
                    sheet=copy.sheet.name,
                    first=copy.block.first_row,
                    last=copy.block.last_row,
                    count=copy.block.copies,
                )
            )
        self.facts.setText(tr("Tables: {tables}; rows: {rows}", tables=len(self.choices), rows=f"{rows:,}"))
        self.next_button.setText(tr("Preview {count} rows", count=f"{rows:,}"))
        reason = why_not(self._book, self.choices, kind_missing=needs_kind and self._kind() is None)
        self.next_button.setEnabled(not reason)
        self.sentence.setText(reason or tr("Nothing is written yet."))


def _titled(head: Sequence[QWidget], table: QWidget) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    band = Band("surface-band", Size.NAVIGATION_ROW, Space.PAGE)
    for widget in head:
        band.add(widget)
    band.add_stretch()
    column.addWidget(band)
    column.addWidget(table, 1)
    return made


def _side(inside: QWidget, width: int, hint: str = "") -> QFrame:
    side = QFrame()
    side.setProperty("kind", "surface")
    side.setMinimumWidth(width)
    column = QVBoxLayout(side)
    column.setContentsMargins(Space.BETWEEN, Space.BETWEEN, Space.BETWEEN, 0)
    if hint:
        column.addWidget(buttons.label(hint, "hint", wrap=True))
    column.addWidget(inside)
    return side
