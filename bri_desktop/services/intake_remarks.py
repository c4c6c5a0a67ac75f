"""What has to be said of a sheet although every row of it was read: hidden rows, totals that differ, clipped cells."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bri_desktop.excel.detect import Block
from bri_desktop.excel.grid import Grid, SheetInfo
from bri_desktop.excel.merges import area_text
from bri_desktop.excel.totals import Mark, differences, title_differences
from bri_desktop.labels import sentence

NAMED = 8


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about a sheet, or about one cell or area of it, that changes no row: a code and its values."""

    sheet: str
    cell: str | None
    code: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``inspect`` and ``import`` print among ``warnings``."""
        return {
            "sheet": self.sheet,
            "cell": self.cell,
            "code": self.code,
            "message": sentence(self.code, self.values),
        }


def remarks(grid: Grid, sheet: int, blocks: Sequence[Block], marks: Sequence[Mark]) -> tuple[Remark, ...]:
    """Return the remarks on a sheet; ``marks`` are its rows that are titles, totals or sections."""
    info = grid.sheets[sheet]
    counted = (*_titles(grid, sheet, blocks, marks), *_totals(grid, sheet, blocks, marks))
    return (*_hidden(info), *_cells(info, blocks), *counted)


def _hidden(info: SheetInfo) -> Iterator[Remark]:
    if not info.visible and info.rows:
        yield Remark(info.name, None, "sheet_hidden")
    if info.filtered and info.hidden_rows:
        yield Remark(info.name, None, "rows_filtered", {"count": info.hidden_rows})
    elif info.hidden_rows:
        yield Remark(info.name, None, "rows_hidden", {"count": info.hidden_rows})
    if info.hidden_columns:
        yield Remark(info.name, None, "columns_hidden", {"columns": _listed(info.hidden_columns)})


def _cells(info: SheetInfo, blocks: Sequence[Block]) -> Iterator[Remark]:
    if info.clipped:
        yield Remark(info.name, info.clipped[0], "cells_clipped", {"cells": _listed(info.clipped)})
    if info.long_digits:
        yield Remark(info.name, info.long_digits[0], "digits_lost", {"cells": _listed(info.long_digits)})
    if info.errors_clipped:
        yield Remark(info.name, None, "errors_not_listed", {"count": info.errors_clipped})
    filled = [
        area_text(area)
        for area in info.merged
        if area[2] > area[0] and any(block.first_row <= area[2] and area[0] <= block.last_row for block in blocks)
    ]
    if filled:
        yield Remark(info.name, filled[0].partition(":")[0], "merged_filled", {"cells": _listed(filled)})


def _totals(grid: Grid, sheet: int, blocks: Sequence[Block], marks: Sequence[Mark]) -> Iterator[Remark]:
    name = grid.sheets[sheet].name
    for block in blocks:
        for found in differences(grid, sheet, block, marks):
            code = "count_differs" if found.is_count else "total_differs"
            yield Remark(name, found.cell, code, {"declared": found.declared, "found": found.found})


def _titles(grid: Grid, sheet: int, blocks: Sequence[Block], marks: Sequence[Mark]) -> Iterator[Remark]:
    for found in title_differences(grid, sheet, blocks, marks):
        values = {"declared": found.declared, "found": found.found}
        yield Remark(grid.sheets[sheet].name, found.cell, "count_differs", values)


def _listed(cells: Sequence[str]) -> str:
    more = " …" if len(cells) > NAMED else ""
    return "、".join(cells[:NAMED]) + more
