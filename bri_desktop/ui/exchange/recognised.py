"""What was recognised in a file: its tables, what each column is taken for, and the rows that are no data."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QListWidget,
    QListWidgetItem,
    QRadioButton,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from bri_desktop.i18n import tr
from bri_desktop.labels import field_label
from bri_desktop.services.exchange import ImportOptions
from bri_desktop.services.intake_row import NOTE, MappedColumn
from bri_desktop.services.intake_sheets import SheetPlan
from bri_desktop.services.intake_wizard import Book
from bri_desktop.ui.exchange.choice import MAPPABLE_FIELDS, TableChoice, choices_of, mapped, samples, taken_sheets
from bri_desktop.ui.exchange.combo import Combo
from bri_desktop.ui.exchange.ignored import ignored_sentence, ignored_table
from bri_desktop.ui.exchange.wording import Names, why_word
from bri_desktop.ui.shared import buttons, panels
from bri_desktop.ui.shared.cells import CELL_ROLE, Toned
from bri_desktop.ui.shared.delegates import RowDelegate
from bri_desktop.ui.shared.header import TableHeader
from bri_desktop.ui.shared.panels import Band
from bri_desktop.ui.shared.tokens import Size, Space

LETTER, HEADER, SAMPLE, FIELD, WHY = range(5)
LEFT_OUT = ""
ROW = 32
DOUBTFUL = frozenset({"unknown", "values", "duplicate_header"})


class RecognisedStep(QWidget):
    """Lets tables and columns be confirmed; :meth:`result` gives what the preview is made of."""

    next_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._book: Book | None = None
        self._names: Names | None = None
        self.choices: list[TableChoice] = []
        self._filling = False
        self._make_widgets()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._file_band())
        column.addWidget(self.kind_band)
        column.addWidget(self._middle(), 1)
        column.addWidget(self._bar())

    def _make_widgets(self) -> None:
        self.file_label = buttons.label("", "strong")
        self.facts = buttons.label("", "label")
        self.tables = QListWidget()
        self.tables.setAccessibleName(tr("Tables of the file"))
        self.tables.currentRowChanged.connect(lambda _row: self._show_table())
        self.tables.itemChanged.connect(self._on_checked)
        self.columns = _columns_table()
        self.ignored = ignored_table(with_sheet=False)
        self.ignored_title = buttons.label("", "section")
        self.kind_band = Band("surface-band", Size.FILTER_ROW, Space.PAGE)
        self.kind_group = QButtonGroup(self)
        self.kind_group.idClicked.connect(lambda _id: self._say())
        self.update_by = Combo(tr("Known records are found"))
        self.update_by.addItem(tr("by code"), "code")
        self.update_by.addItem(tr("by title"), "title")
        self.accept_places = QCheckBox(tr("Create unknown places without asking"))
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

    def _middle(self) -> QSplitter:
        below = QWidget()
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        band = Band("surface-band", Size.NAVIGATION_ROW, Space.PAGE)
        band.add(self.ignored_title)
        column.addWidget(band)
        column.addWidget(self.ignored)
        right = QSplitter(Qt.Orientation.Vertical)
        right.addWidget(self.columns)
        right.addWidget(below)
        right.setSizes([3_000, 1_000])
        right.setChildrenCollapsible(False)
        whole = QSplitter(Qt.Orientation.Horizontal)
        side = QFrame()
        side.setProperty("kind", "surface")
        side.setMinimumWidth(Size.SIDE_LIST - 40)
        row = QVBoxLayout(side)
        row.setContentsMargins(Space.BETWEEN, Space.BETWEEN, Space.BETWEEN, 0)
        row.addWidget(self.tables)
        whole.addWidget(side)
        whole.addWidget(right)
        whole.setStretchFactor(1, 1)
        whole.setChildrenCollapsible(False)
        return whole

    def _bar(self) -> Band:
        bar = panels.action_bar()
        bar.add(self.sentence, 1)
        bar.add(buttons.button(tr("Cancel"), self.cancel_wanted.emit))
        bar.add(self.next_button)
        return bar

    # --- a file -----------------------------------------------------------------------------------------------------

    def open(self, book: Book, names: Names) -> None:
        """Show what was recognised."""
        self._book, self._names = book, names
        self.choices = choices_of(book.sheets)
        self.file_label.setText(book.name)
        self._show_kinds()
        self._filling = True
        self.tables.clear()
        for choice in self.choices:
            self.tables.addItem(self._item(choice))
        for sheet in book.sheets:
            if not sheet.blocks:
                self.tables.addItem(self._empty_item(sheet))
        self._filling = False
        taken = next((n for n, choice in enumerate(self.choices) if choice.taken), 0)
        self.tables.setCurrentRow(taken)
        self._say()

    def close_book(self) -> None:
        """Let the file go."""
        self._book = self._names = None

    def result(self) -> tuple[tuple[SheetPlan, ...], ImportOptions]:
        """Return the tables to take in and the options so far."""
        options = ImportOptions(
            update_by=str(self.update_by.currentData()),
            new_places="accept" if self.accept_places.isChecked() else "ask",
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
            self._show_columns(choice)
            self._say()

    def current(self) -> TableChoice | None:
        """Return the table that is shown."""
        row = self.tables.currentRow()
        return self.choices[row] if 0 <= row < len(self.choices) else None

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
        item.setFlags(Qt.ItemFlag.NoItemFlags)
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
            self._say()

    # --- a table ----------------------------------------------------------------------------------------------------

    def _show_table(self) -> None:
        choice = self.current()
        if choice is None or self._filling:
            return
        self._show_columns(choice)
        rows = [*choice.sheet.ignored, *choice.sheet.inner_ignored]
        rows.sort(key=lambda row: row.row)
        self.ignored_title.setText(ignored_sentence(rows) or tr("Every row is data"))
        self.ignored.show_rows(rows)

    def _show_columns(self, choice: TableChoice) -> None:
        found = samples(self._book, choice) if self._book else {}
        self.columns.clearContents()
        self.columns.setRowCount(len(choice.block.columns))
        for row, column in enumerate(choice.block.columns):
            why = why_word(column.why, column.confidence)
            for place, text in (
                (LETTER, column.letter),
                (HEADER, column.header),
                (SAMPLE, found.get(column.index, "")),
                (WHY, why),
            ):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                if place == WHY and column.why in DOUBTFUL:
                    item.setData(CELL_ROLE, Toned(text, "warning"))
                elif place == SAMPLE:
                    item.setData(CELL_ROLE, Toned(text))
                self.columns.setItem(row, place, item)
            self.columns.setCellWidget(row, FIELD, self._field_box(column))

    def _field_box(self, column: MappedColumn) -> QWidget:
        box = Combo(tr("Field of column {letter}", letter=column.letter))
        box.addItem(tr("leave out"), LEFT_OUT)
        box.addItem(tr("keep as a note"), NOTE)
        for name in MAPPABLE_FIELDS:
            box.addItem(field_label(name), name)
        box.setCurrentIndex(max(0, box.findData(column.field or LEFT_OUT)))
        box.activated.connect(lambda _row: self.set_field(column.index, str(box.currentData()) or None))
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(Space.INSIDE, 1, Space.INSIDE, 1)
        row.addWidget(box)
        return holder

    def _say(self) -> None:
        taken = [choice for choice in self.choices if choice.taken]
        usable = [choice for choice in taken if choice.block.usable]
        rows = sum(choice.block.rows for choice in usable)
        needs_kind = any(choice.needs_kind for choice in usable)
        self.kind_band.setVisible(needs_kind)
        self.facts.setText(tr("{tables} tables, {rows} rows", tables=len(self.choices), rows=f"{rows:,}"))
        self.next_button.setText(tr("Preview {count} rows", count=f"{rows:,}"))
        reason = ""
        if not taken:
            reason = tr("Tick the tables to take in.")
        elif len(usable) < len(taken):
            reason = tr("A ticked table has no column for the title; choose one, or take the tick away.")
        elif needs_kind and self._kind() is None:
            reason = tr("Say of what kind the ties are.")
        self.next_button.setEnabled(not reason)
        self.sentence.setText(reason or tr("Nothing is written yet."))


def _columns_table() -> QTableWidget:
    table = QTableWidget(0, 5)
    table.setAccessibleName(tr("Columns of the table"))
    header = TableHeader(table)
    header.setSectionsMovable(False)
    table.setHorizontalHeader(header)
    table.setItemDelegate(RowDelegate(table, row=ROW))
    table.setHorizontalHeaderLabels([tr("Column"), tr("Header"), tr("Samples"), tr("Taken for"), tr("Why")])
    header.setSectionResizeMode(SAMPLE, QHeaderView.ResizeMode.Stretch)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(ROW)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
    table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    for column, width in ((LETTER, 64), (HEADER, 180), (FIELD, 176), (WHY, 216)):
        table.setColumnWidth(column, width)
    return table
