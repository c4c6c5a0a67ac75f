"""Rows kept aside and the layout of their file as JSON and back, so that they can be decided without the file.

The layout holds each table with what its columns were taken for and their settled habits, the section headings above
its rows, and the answers that were given on the file; the rows hold their cells with their types.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bri_desktop.domain.habits import Habits
from bri_desktop.domain.place import PlaceIndex
from bri_desktop.excel.detect import Block
from bri_desktop.excel.grid import Cell, DateCell, ErrorCell, Grid
from bri_desktop.services.intake_report import ImportOptions
from bri_desktop.services.intake_row import MappedColumn, PlaceFacts
from bri_desktop.services.intake_sheets import BlockPlan, SheetPlan

DATE, ERROR = "date", "error"
Spot = tuple[str, int]
Sections = Mapping[str, Sequence[tuple[int, str]]]
"""Sheet -> (row, text) of the headings inside its tables."""


@dataclass(frozen=True, slots=True)
class KeptBlock(BlockPlan):
    """A table of which some rows are kept: each of them is data; ``sections`` are the headings above them."""

    sections: tuple[tuple[int, str], ...] = ()

    def classified(self, grid: Grid, sheet: int) -> Iterator[tuple[int, Sequence[Any], str]]:
        """Give (row number, cells, kind) of each kept row, and of the heading that holds for it."""
        waiting = list(self.sections)
        for number, cells in grid.rows(sheet, self.first_row, self.last_row + 1):
            above = [waiting.pop(0) for _ in range(sum(row < number for row, _ in waiting))]
            for row, text in above[-1:]:
                yield row, (text,), "section"
            yield number, cells, "data"

    def section_place(self, text: str, places: PlaceIndex) -> str | None:
        """Return the place as it was understood when the file was open."""
        return text or None


def layout_json(sheets: Sequence[tuple[SheetPlan, Sequence[BlockPlan]]], sections: Sections,
                options: ImportOptions, waiting: frozenset[Spot]) -> dict[str, Any]:  # fmt: skip
    """Return what has to be known to read the ``waiting`` rows again; the blocks are those with settled columns."""
    return {
        "sheets": [
            {
                "name": sheet.name,
                "pair_kind": sheet.pair_kind,
                "blocks": [_block_json(block, sections.get(sheet.name, ())) for block in blocks],
            }
            for sheet, blocks in sheets
        ],
        "options": {
            "update_by": options.update_by,
            "new_places": options.new_places,
            "pair_kind": options.pair_kind,
            "values": [[*spot, value] for spot, value in options.values.items() if spot[:2] in waiting],
            "place_keys": [[*asked, key] for asked, key in options.place_keys.items()],
            "code_values": [[*asked, code] for asked, code in options.code_values.items()],
            "new_place_facts": [[key, one.level, one.parent] for key, one in options.new_place_facts.items()],
        },
    }


def _block_json(block: BlockPlan, sections: Sequence[tuple[int, str]]) -> dict[str, Any]:
    return {
        "first_row": block.first_row,
        "last_row": block.last_row,
        "header_rows": list(block.block.header_rows),
        "columns": [asdict(column) for column in block.columns],
        "home": block.home,
        "sections": [[row, text] for row, text in sections if block.first_row <= row <= block.last_row],
    }


def sheets_of(layout: Mapping[str, Any]) -> list[SheetPlan]:
    """Return the sheets of a layout, numbered in its order."""
    return [
        SheetPlan(one["name"], index, tuple(map(_block, one["blocks"])), (), one["pair_kind"])
        for index, one in enumerate(layout["sheets"])
    ]


def _block(one: Mapping[str, Any]) -> KeptBlock:
    columns = tuple(MappedColumn(**{**column, "habits": Habits(**column["habits"])}) for column in one["columns"])
    block = Block(tuple(one["header_rows"]), one["first_row"], one["last_row"], ())
    sections = tuple((row, text) for row, text in one["sections"])
    return KeptBlock(block, columns, home=one.get("home"), sections=sections)


def options_of(layout: Mapping[str, Any]) -> ImportOptions:
    """Return the answers that were given on the file."""
    said = layout["options"]
    return ImportOptions(
        update_by=said["update_by"],
        new_places=said["new_places"],
        pair_kind=said["pair_kind"],
        values={(sheet, row, column): value for sheet, row, column, value in said["values"]},
        place_keys={(text, country): key for text, country, key in said["place_keys"]},
        code_values={(name, text): code for name, text, code in said["code_values"]},
        new_place_facts={key: PlaceFacts(level, parent) for key, level, parent in said["new_place_facts"]},
    )


def cells_json(cells: Sequence[Cell]) -> dict[str, Any]:
    """Return column index -> cell of the cells that hold something: text, number, truth, ``date`` or ``error``."""
    return {str(index): _cell_json(cell) for index, cell in enumerate(cells) if cell is not None}


def _cell_json(cell: Cell) -> Any:
    if isinstance(cell, DateCell):
        return {DATE: cell.iso}
    return {ERROR: cell.text} if isinstance(cell, ErrorCell) else cell


def cells_of(kept: Mapping[str, Any]) -> tuple[Cell, ...]:
    """Return the cells of a kept row from column A on."""
    found = {int(index): _cell(value) for index, value in kept.items()}
    return tuple(found.get(index) for index in range(max(found, default=-1) + 1))


def _cell(value: Any) -> Cell:
    if isinstance(value, dict):
        return DateCell(value[DATE]) if DATE in value else ErrorCell(str(value.get(ERROR, "")))
    plain: Cell = value
    return plain
