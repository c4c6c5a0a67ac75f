"""A grid made of rows that were kept from an earlier file, so that they are read like the file's own."""

import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from bri_desktop.excel.grid import DATE, ERROR, Cell, DateCell, ErrorCell, Grid, Row, SheetInfo
from bri_desktop.excel.spool import Packed, SpoolWriter

KIND = "kept"


def kept_grid(file_name: str, sheets: Sequence[tuple[str, Iterable[tuple[int, Row]]]]) -> Grid:
    """Return a grid of (sheet name, its rows by number, in order); the caller closes it."""
    handle, name = tempfile.mkstemp(prefix="bri-desktop-", suffix=".rows")
    os.close(handle)
    spool = Path(name)
    writer = SpoolWriter(spool)
    infos, indexes = [], []
    for title, rows in sheets:
        writer.begin({})
        for number, cells in rows:
            writer.last_row = 0  # rows that wait may lie far apart
            writer.add(number, [_packed(cell) for cell in cells], has_objects=True)
        indexes.append(writer.end())
        infos.append(SheetInfo(title, rows=writer.last_row, columns=writer.columns))
    writer.close()
    return Grid(Path(file_name), KIND, infos, spool, indexes)


def _packed(cell: Cell) -> Packed:
    if isinstance(cell, DateCell):
        return (DATE, cell.iso)
    return (ERROR, cell.text) if isinstance(cell, ErrorCell) else cell
