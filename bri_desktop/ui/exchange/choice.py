"""What a person decides on the tables of a file before the preview: pure, no widgets."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bri_desktop.domain.vocabulary import FIELDS
from bri_desktop.services.intake_row import NOTE
from bri_desktop.services.intake_sheets import BlockPlan, SheetPlan
from bri_desktop.services.intake_wizard import Book, cell_text

EXTRA_FIELDS = ("country", "continent", "currency")
MAPPABLE_FIELDS = (*(field.code for field in FIELDS if field.code not in (NOTE, "parent")), *EXTRA_FIELDS)
SAMPLES = 3
SAMPLE_ROWS = 60


@dataclass(slots=True)
class TableChoice:
    """One table of the file: taken in or not, with its columns as they are mapped now."""

    sheet: SheetPlan
    block: BlockPlan
    taken: bool

    @property
    def needs_kind(self) -> bool:
        """Whether the table lists ties without saying of what kind."""
        return self.block.pairs_only and "pair_kind" not in self.block.fields


def choices_of(sheets: Sequence[SheetPlan]) -> list[TableChoice]:
    """Return every table of the file; those whose rows can become records are taken at first."""
    return [TableChoice(sheet, block, block.usable) for sheet in sheets for block in sheet.blocks]


def mapped(block: BlockPlan, index: int, field: str | None) -> BlockPlan:
    """Return the table with column ``index`` (from 0) taken for ``field``; no other column keeps that field."""
    columns = []
    for column in block.columns:
        if column.index == index:
            columns.append(replace(column, field=field, why="chosen", confidence=1.0))
        elif field not in (None, NOTE) and column.field == field:
            columns.append(replace(column, field=NOTE, why="unknown", confidence=0.0))
        else:
            columns.append(column)
    return replace(block, columns=tuple(columns))


def taken_sheets(choices: Sequence[TableChoice], kind: str | None) -> tuple[SheetPlan, ...]:
    """Return the sheets with the tables taken; ``kind`` is the kind of tie where a table does not say it."""
    found: dict[int, SheetPlan] = {}
    for choice in choices:
        if not choice.taken or not choice.block.usable:
            continue
        sheet = found.get(choice.sheet.index) or replace(choice.sheet, blocks=(), pair_kind=kind)
        found[choice.sheet.index] = replace(sheet, blocks=(*sheet.blocks, choice.block))
    return tuple(found.values())


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
