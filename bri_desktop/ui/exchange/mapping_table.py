"""The columns of a table with what each is taken for: chosen from a list, or dropped on from the fields beside."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import QByteArray, QMimeData, QModelIndex, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QListWidget, QListWidgetItem, QStyleOptionViewItem, QWidget

from bri_desktop.domain.habits import JANUARY, OCTOBER, POINT, THOUSANDS, Habits
from bri_desktop.i18n import tr
from bri_desktop.labels import field_label
from bri_desktop.services.intake_columns import UNITS
from bri_desktop.services.intake_row import NOTE, MappedColumn
from bri_desktop.ui.exchange.choice import MAPPABLE_FIELDS, WAITING
from bri_desktop.ui.exchange.combo import Combo
from bri_desktop.ui.exchange.lists import ListColumn, ListTable
from bri_desktop.ui.exchange.wording import why_word
from bri_desktop.ui.shared import icons, paint
from bri_desktop.ui.shared.cells import CELL_ROLE, Cell, Framed, Toned
from bri_desktop.ui.shared.delegates import Index, RowDelegate, rect_and_selection
from bri_desktop.ui.shared.tokens import BODY, Size, Space, colours

R = TypeVar("R")

LETTER, HEADER, SAMPLE, FIELD, UNIT, WHY = range(6)
LEFT_OUT = ""
ROW = 32
MIME = "application/x-ledger-field"
DOUBTFUL = frozenset({"unknown", "values", "duplicate_header", *WAITING})


@dataclass(frozen=True, slots=True)
class Chosen(Framed):
    """What was chosen, drawn as a control; ``severity`` ``error`` where a choice is needed, ``""`` where it is made."""

    severity: str = ""
    role: str = "text"


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """A column of the file with its samples; ``lacks_unit``: it has amounts without any unit."""

    column: MappedColumn
    samples: str
    lacks_unit: bool = False

    @property
    def waits(self) -> bool:
        """Whether a person has to say what the column is."""
        return self.column.why in WAITING or self.lacks_unit


def field_word(field: str | None) -> str:
    """Return what is done with a column."""
    if field is None:
        return tr("leave out")
    return tr("keep as a note") if field == NOTE else field_label(field)


def habit_words(habits: Habits) -> str:
    """Return how the column writes what could be read in two ways."""
    words = {
        POINT: lambda: tr("1.234 is a decimal"),
        THOUSANDS: lambda: tr("1.234 is 1,234"),
        JANUARY: lambda: tr("2017.1 is January"),
        OCTOBER: lambda: tr("2017.1 is October"),
        "day_first": lambda: tr("day before month"),
        "month_first": lambda: tr("month before day"),
    }
    return tr(", ").join(words[one]() for one in (habits.dots, habits.tenth, habits.order) if one)


def _field_cell(row: ColumnRow) -> Cell | str:
    column = row.column
    if column.why in WAITING:
        return Chosen(tr("Please choose"), "warning")
    return Chosen(field_word(column.field), role="secondary" if column.field in (None, NOTE) else "text")


def _unit_cell(row: ColumnRow) -> Cell | str:
    column = row.column
    if column.field != "amount":
        return Toned(habit_words(column.habits), "hint")
    if row.lacks_unit:
        return Chosen(tr("Please choose"), "warning")
    return Chosen(column.unit or tr("in the cells"), role="text" if column.unit else "secondary")


def _why_cell(row: ColumnRow) -> Cell | str:
    word = why_word(row.column.why, row.column.confidence)
    return Toned(word, "warning" if row.column.why in DOUBTFUL else "secondary")


def _columns() -> Sequence[ListColumn[ColumnRow]]:
    return [
        ListColumn(tr("Column"), lambda row: row.column.letter, 48),
        ListColumn(tr("Header"), lambda row: row.column.header or Toned(tr("no header"), "hint"), 150),
        ListColumn(tr("Samples"), lambda row: Toned(row.samples), 160, stretch=True),
        ListColumn(tr("Taken for"), _field_cell, 144),
        ListColumn(tr("Unit of money"), _unit_cell, 100),
        ListColumn(tr("Why"), _why_cell, 168),
    ]


LEAST_TEXT = 140
"""Width that samples keep in a narrow window."""


class _ChoiceDelegate(RowDelegate):
    """Draws choices as controls with a chevron."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a choice, or what every table draws."""
        cell = index.data(CELL_ROLE)
        if not isinstance(cell, Chosen):
            super().paint(painter, option, index)
            return
        c = colours()
        rect, is_selected = rect_and_selection(option)
        self._draw_background(painter, rect, c, is_selected=is_selected, row=index.row())
        box = rect.adjusted(Space.INSIDE, 3, -Space.INSIDE, -4)
        fill, edge = ("warning_tint", "warning") if cell.severity else ("surface", "button_edge")
        paint.draw_box(painter, box, fill=paint.role(fill), edge=paint.role(edge))
        inner = box.adjusted(Space.BETWEEN, 0, -Size.SMALL_ICON - Space.BETWEEN, 0)
        paint.draw_text(painter, inner, cell.text, BODY, paint.role(cell.role))
        left, top = box.right() - Size.SMALL_ICON - Space.INSIDE, box.center().y() - Size.SMALL_ICON // 2 + 1
        icons.paint_icon(painter, "chevron-down", "secondary", left, top, Size.SMALL_ICON)


class ChoosingTable(ListTable[R]):
    """A table some of whose cells are choices; a click or Enter opens them."""

    def __init__(self, name: str, columns: Sequence[ListColumn[R]]) -> None:
        super().__init__(name, columns, row=ROW)
        self.setItemDelegate(_ChoiceDelegate(self, row=ROW))
        self._box: Combo | None = None
        self._running = [(place, column.width) for place, column in enumerate(columns) if column.stretch]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give running texts what is over; in a narrow window they keep a readable width, and the table scrolls."""
        super().resizeEvent(event)
        others = set(range(self.rows.columnCount())) - {place for place, _ in self._running}
        room = self.viewport().width() - sum(self.columnWidth(place) for place in others)
        mode = QHeaderView.ResizeMode.Stretch
        if room < sum(min(width, LEAST_TEXT) for _, width in self._running):
            mode = QHeaderView.ResizeMode.Interactive
        for place, width in self._running:
            if self.header.sectionResizeMode(place) != mode:
                self.header.setSectionResizeMode(place, mode)
                self.setColumnWidth(place, min(width, LEAST_TEXT))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open the choice that is clicked."""
        super().mouseReleaseEvent(event)
        if event.button() is Qt.MouseButton.LeftButton:
            self.choose(self.indexAt(event.position().toPoint()))

    def choose(self, index: QModelIndex) -> None:
        """Open the choice of a cell that is one."""

    def open_choice(self, box: Combo, rect: QRect, chosen: Callable[[str], object]) -> None:
        """Show the list of a choice over its cell; ``chosen`` gets the data of the entry taken."""
        self._close()
        self._box = box
        box.setParent(self.viewport())
        box.setGeometry(rect.adjusted(Space.INSIDE, 1, -Space.INSIDE, -2))
        box.activated.connect(lambda _row: self._take(chosen))
        box.popup_closed.connect(lambda: QTimer.singleShot(0, box, lambda: self._close(box)))
        box.show()
        box.setFocus()
        box.showPopup()

    def _take(self, chosen: Callable[[str], object]) -> None:
        if self._box is not None:
            answer = str(self._box.currentData())
            self._close()
            chosen(answer)

    def _close(self, only: Combo | None = None) -> None:
        if self._box is not None and only in (None, self._box):
            self._box.hide()
            self._box.deleteLater()
            self._box = None
            self.setFocus()


class MappingTable(ChoosingTable[ColumnRow]):
    """One row a column of the file; Enter or a click opens the choice, Delete leaves the column out."""

    field_chosen = Signal(int, str)
    """Index of the column in the file, and the field (``note``; ``""`` leaves it out)."""
    unit_chosen = Signal(int, str)

    def __init__(self) -> None:
        super().__init__(tr("Columns of the table"), _columns())
        self.setAcceptDrops(True)
        self.setDropIndicatorShown(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose or leave out by key."""
        row = self.selected()
        if row and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            place = UNIT if row[0].lacks_unit and row[0].column.why not in WAITING else FIELD
            self.choose(self.rows.index(self.currentIndex().row(), place))
        elif row and event.key() == Qt.Key.Key_Delete:
            self.field_chosen.emit(row[0].column.index, LEFT_OUT)
        else:
            super().keyPressEvent(event)

    def choose(self, index: QModelIndex) -> None:
        """Open the list of fields or units over a cell."""
        if not index.isValid() or not isinstance(index.data(CELL_ROLE), Chosen):
            return
        column = self.rows.rows[index.row()].column
        if index.column() == FIELD:
            used = {row.column.field: row.column.letter for row in self.rows.rows}
            box = field_box(tr("Field of column {letter}", letter=column.letter), column.field, used)
            self.open_choice(box, self.visualRect(index), lambda text: self.field_chosen.emit(column.index, text))
        else:
            box = unit_box(tr("Unit of column {letter}", letter=column.letter), column.unit)
            self.open_choice(box, self.visualRect(index), lambda text: self.unit_chosen.emit(column.index, text))

    # --- dropping a field -------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a field."""
        if event.mimeData().hasFormat(MIME):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Mark the column below."""
        if event.mimeData().hasFormat(MIME) and self.indexAt(event.position().toPoint()).isValid():
            self.selectRow(self.indexAt(event.position().toPoint()).row())
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the column for the field."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.mimeData().hasFormat(MIME):
            event.acceptProposedAction()
            field = bytes(event.mimeData().data(MIME).data()).decode()
            self.field_chosen.emit(self.rows.rows[index.row()].column.index, field)


def field_box(name: str, field: str | None, used: dict[str | None, str] | None = None) -> Combo:
    """Return the choice of what a column is; fields in use name their column."""
    box = Combo(name)
    box.addItem(tr("leave out"), LEFT_OUT)
    box.addItem(tr("keep as a note"), NOTE)
    for code in MAPPABLE_FIELDS:
        letter = (used or {}).get(code)
        text = field_label(code)
        if letter and code != field:
            text = tr("{field} (column {letter})", field=text, letter=letter)
        box.addItem(text, code)
    box.setCurrentIndex(max(0, box.findData(field or LEFT_OUT)))
    return box


def unit_box(name: str, unit: str | None) -> Combo:
    """Return the choice of a unit of money."""
    box = Combo(name)
    for word in dict.fromkeys([*([unit] if unit else []), *UNITS]):
        box.addItem(word, word)
    box.setCurrentIndex(max(0, box.findData(unit)))
    return box


class FieldList(QListWidget):
    """The fields, to be dragged onto a column; those in use name theirs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Fields"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setDragEnabled(True)
        self.setDragDropMode(QListWidget.DragDropMode.DragOnly)
        for code in (NOTE, *MAPPABLE_FIELDS):
            item = QListWidgetItem(field_word(code))
            item.setData(Qt.ItemDataRole.UserRole, code)
            self.addItem(item)

    def show_used(self, used: dict[str | None, str]) -> None:
        """Write the letter of its column behind each field in use, greyed."""
        for place in range(1, self.count()):
            item = self.item(place)
            code = item.data(Qt.ItemDataRole.UserRole)
            letter = used.get(code)
            item.setText(f"{field_label(code)}  {letter}" if letter else field_label(code))
            item.setForeground(paint.role("hint" if letter else "text"))

    def mimeData(self, items: Sequence[QListWidgetItem]) -> QMimeData:
        """Give the field that is dragged."""
        data = QMimeData()
        if items:
            data.setData(MIME, QByteArray(str(items[0].data(Qt.ItemDataRole.UserRole)).encode()))
        return data
