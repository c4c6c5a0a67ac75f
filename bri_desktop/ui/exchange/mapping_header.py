"""A sheet as it stands in the file, to point at its header rows where they were recognised wrongly."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractItemView, QDialog, QVBoxLayout, QWidget

from bri_desktop.i18n import tr
from bri_desktop.services.intake_sheets import SheetPlan
from bri_desktop.services.intake_wizard import Book, cell_text
from bri_desktop.ui.exchange.lists import ListColumn, ListTable
from bri_desktop.ui.shared import buttons, panels
from bri_desktop.ui.shared.cells import Cell, Toned
from bri_desktop.ui.shared.tokens import Size, Space

DIALOG = (960, 520)
SHOWN_ROWS = 60
SHOWN_COLUMNS = 16
MOST_HEADERS = 5
CELL_WIDTH = 112


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row of the sheet; ``is_header``: it is taken for one."""

    number: int
    texts: tuple[str, ...]
    is_header: bool


class HeaderDialog(QDialog):
    """Shows the first rows; the selected ones become the header."""

    chosen = Signal(int, int)

    def __init__(self, book: Book, plan: SheetPlan, headers: Sequence[int], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Header of sheet “{sheet}”", sheet=plan.name))
        self.resize(*DIALOG)
        first = max(1, (headers[0] if headers else 1) - SHOWN_ROWS // 2)
        found = book.rows(plan.index, first, first + SHOWN_ROWS)
        width = min(SHOWN_COLUMNS, max((len(cells) for cells in found.values()), default=1))
        self.table = _sheet_table(width)
        rows = []
        for number, cells in found.items():
            texts = tuple(cell_text(cell) for cell in cells[:width])
            rows.append(SheetRow(number, texts, number in headers))
        self.table.show_rows(rows)
        self.sentence = buttons.label()
        self.use_button = buttons.button("", self._on_use, kind=buttons.PRIMARY)
        bar = panels.action_bar()
        bar.add(self.sentence, 1)
        bar.add(buttons.button(tr("Cancel"), self.reject))
        bar.add(self.use_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.table, 1)
        column.addWidget(bar)
        self.table.selection_changed.connect(self._say)
        for place, row in enumerate(rows):
            if row.is_header:
                self.table.selectionModel().select(
                    self.table.rows.index(place, 0),
                    self.table.selectionModel().SelectionFlag.Select | self.table.selectionModel().SelectionFlag.Rows,
                )
        self._say()

    def span(self) -> tuple[int, int] | None:
        """Return the first and last selected row of the file; ``None`` where they cannot be a header."""
        numbers = [row.number for row in self.table.selected()]
        if not numbers or numbers[-1] - numbers[0] + 1 > MOST_HEADERS:
            return None
        return numbers[0], numbers[-1]

    def _say(self) -> None:
        span = self.span()
        self.use_button.setEnabled(span is not None)
        self.use_button.setText(tr("Use as header"))
        if span is None:
            self.sentence.setText(tr("Select the header rows, at most {count}.", count=MOST_HEADERS))
        elif span[0] == span[1]:
            self.sentence.setText(tr("Row {row} becomes the header; the data follows it.", row=span[0]))
        else:
            self.sentence.setText(
                tr("Rows {first}–{last} become the header; the data begins in row {next}.",
                   first=span[0], last=span[1], next=span[1] + 1)
            )  # fmt: skip

    def _on_use(self) -> None:
        span = self.span()
        if span is not None:
            self.accept()
            self.chosen.emit(*span)


def _sheet_table(width: int) -> ListTable[SheetRow]:
    columns = [ListColumn[SheetRow](tr("Row"), lambda row: Toned(str(row.number)), 56, is_right=True)]
    columns += [_cell_column(place) for place in range(width)]
    made = ListTable(tr("Rows of the sheet"), columns, row=Size.ROW_INTAKE)
    made.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
    made.setContentsMargins(Space.BETWEEN, 0, 0, 0)
    return made


def _cell_column(place: int) -> ListColumn[SheetRow]:
    def cell(row: SheetRow) -> Cell | str:
        text = row.texts[place] if place < len(row.texts) else ""
        return Toned(text, "text", bold=True) if row.is_header else text

    return ListColumn(_letter(place), cell, CELL_WIDTH)


def _letter(place: int) -> str:
    return chr(ord("A") + place)
