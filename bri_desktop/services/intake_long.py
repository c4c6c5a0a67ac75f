"""Texts that our own export had to cut: a file that comes back gives them whole, not as the cell shows them."""

from collections.abc import Sequence
from dataclasses import replace

from bri_desktop.excel.grid import Grid
from bri_desktop.excel.own_sheets import long_texts, whole_text
from bri_desktop.services.intake_report import ImportOptions
from bri_desktop.services.intake_sheets import SheetPlan


def with_long_texts(grid: Grid, sheets: Sequence[SheetPlan], options: ImportOptions) -> ImportOptions:
    """Return the options with the whole texts as written values; what a person wrote there counts."""
    texts = long_texts(grid)
    if not texts:
        return options
    headers = {header for header, _ in texts}
    found: dict[tuple[str, int, int], str] = {}
    for sheet in sheets:
        for block in sheet.blocks:
            cut = [(one.index, _header(one.header)) for one in block.columns if _header(one.header) in headers]
            for number, cells in grid.rows(sheet.index, block.first_row, block.last_row + 1):
                for place, header in cut:
                    cell = cells[place] if place < len(cells) else None
                    whole = whole_text(cell, header, texts) if isinstance(cell, str) else None
                    if whole is not None:
                        found[(sheet.name, number, place)] = whole
    return replace(options, values={**found, **options.values})


def _header(path: str) -> str:
    return path.rpartition("/")[2]
