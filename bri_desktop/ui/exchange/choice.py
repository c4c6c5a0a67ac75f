"""What a person decides on the tables of a file before the preview: pure, no widgets."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bri_desktop.domain.vocabulary import FIELDS
from bri_desktop.i18n import tr
from bri_desktop.services.intake_columns import is_bare_amount
from bri_desktop.services.intake_row import NOTE, SECOND_AMOUNT, MappedColumn
from bri_desktop.services.intake_sheets import BlockPlan, SheetPlan
from bri_desktop.services.intake_wizard import Book, cell_text

EXTRA_FIELDS = ("country", "continent", "currency")
MAPPABLE_FIELDS = (*(field.code for field in FIELDS if field.code not in (NOTE, "parent")), *EXTRA_FIELDS)
SAMPLES = 3
SAMPLE_ROWS = 60
DISPLACED = "displaced"
"""Why a column waits: its field was given to another one."""
WAITING = frozenset({DISPLACED, SECOND_AMOUNT})


@dataclass(slots=True)
class TableChoice:
    """One table of the file: taken in or not, with its columns as they are mapped now."""

    sheet: SheetPlan
    block: BlockPlan
    taken: bool
    decided: bool = True
    """Whether a table that repeats rows was ticked or left out by a person."""

    @property
    def needs_kind(self) -> bool:
        """Whether the table lists ties without saying of what kind."""
        return self.block.pairs_only and "pair_kind" not in self.block.fields


def choices_of(sheets: Sequence[SheetPlan]) -> list[TableChoice]:
    """Return every table of the file; those whose rows can become records are taken at first."""
    return [
        TableChoice(sheet, block, block.usable, decided=not block.copies) for sheet in sheets for block in sheet.blocks
    ]


def mapped(block: BlockPlan, index: int, field: str | None) -> BlockPlan:
    """Return the table with column ``index`` (from 0) taken for ``field``; one that had it waits for another answer."""
    columns = []
    for column in block.columns:
        if column.index == index:
            unit = column.unit if field == "amount" else None
            columns.append(replace(column, field=field, unit=unit, why="chosen", confidence=1.0))
        elif field not in (None, NOTE) and column.field == field:
            columns.append(replace(column, field=NOTE, why=DISPLACED, confidence=0.0))
        else:
            columns.append(column)
    return replace(block, columns=tuple(columns))


def taken_sheets(choices: Sequence[TableChoice], kind: str | None) -> tuple[SheetPlan, ...]:
    """Return the sheets with the tables taken; ``kind`` is the kind of tie where a table does not say it."""
    found: dict[int, SheetPlan] = {}
    for choice in choices:
        sheet = found.get(choice.sheet.index) or replace(choice.sheet, blocks=(), pair_kind=kind)
        if choice.taken and choice.block.usable:
            sheet = replace(sheet, blocks=(*sheet.blocks, choice.block))
        else:
            sheet = replace(sheet, left_out=(*sheet.left_out, choice.block))
        found[choice.sheet.index] = sheet
    return tuple(sheet for sheet in found.values() if sheet.blocks)


def with_unit(block: BlockPlan, index: int, unit: str | None) -> BlockPlan:
    """Return the table with the unit of column ``index``."""
    columns = (
        replace(column, unit=unit, unit_said=True) if column.index == index else column for column in block.columns
    )
    return replace(block, columns=tuple(columns))


def lacks_unit(book: Book, choice: TableChoice, column: MappedColumn) -> bool:
    """Tell whether the first rows have a bare amount in a column that says no unit."""
    if column.field != "amount" or column.unit:
        return False
    currency = next((other.index for other in choice.block.columns if other.field == "currency"), None)
    last = min(choice.block.last_row, choice.block.first_row + SAMPLE_ROWS)
    rows = book.rows(choice.sheet.index, choice.block.first_row, last + 1).values()
    return any(is_bare_amount(cells, column.index, currency) for cells in rows)


def samples(book: Book, choice: TableChoice) -> dict[int, str]:
    """Return column index -> some different values of the first rows, in one line."""
    values: dict[int, list[str]] = {column.index: [] for column in choice.block.columns}
    first = choice.block.first_row
    last = min(choice.block.last_row, first + SAMPLE_ROWS)
    for cells in book.rows(choice.sheet.index, first, last + 1).values():
        for index, listed in values.items():
            text = cell_text(cells[index]) if index < len(cells) else ""
            if text and text not in listed and len(listed) < SAMPLES:
                listed.append(text)
    return {index: " · ".join(listed) for index, listed in values.items()}


def why_not(book: Book | None, choices: Sequence[TableChoice], *, kind_missing: bool) -> str:
    """Return why the rows cannot be looked at yet, ``""`` where they can."""
    taken = [choice for choice in choices if choice.taken]
    if not taken:
        return tr("Tick the tables to take in.")
    if any(not choice.block.usable for choice in taken):
        return tr("A ticked table has no column for the title; choose one, or take the tick away.")
    if any(not choice.decided for choice in choices):
        return tr("Say what becomes of the rows that stand twice.")
    for choice in taken:
        for column in choice.block.columns:
            if column.why in WAITING:
                return tr("Say what column {letter} “{header}” is.", letter=column.letter, header=column.header)
            if book is not None and lacks_unit(book, choice, column):
                return tr("Say the unit of column {letter} “{header}”.", letter=column.letter, header=column.header)
    return tr("Say of what kind the ties are.") if kind_missing else ""
