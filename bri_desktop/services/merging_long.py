"""Texts that are longer than a cell, in a workbook that came back: a cell shows only their beginning.

What came back on the sheet of long texts is the text; what stands in the cell is never taken for it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bri_desktop.domain.folding import fold
from bri_desktop.excel.grid import Grid
from bri_desktop.excel.issued_book import FoundTable, ReturnedBook
from bri_desktop.excel.issued_layout import LONG_TEXTS, sheet_title
from bri_desktop.excel.own_sheets import is_cut, keyed_long_texts
from bri_desktop.excel.sheet_text import MAX_CELL, clean, units
from bri_desktop.i18n import speaking
from bri_desktop.services.merging_plan import Damage

SAME_START = 100
"""Characters that a text has in common with the sent one where it is taken for a part of it."""


@dataclass(slots=True)
class LongTexts:
    """The sheet of long texts of a returned workbook: (record key, folded header) -> text; ``keys`` have some."""

    texts: Mapping[tuple[str, str], str] = field(default_factory=dict)
    keys: frozenset[str] = frozenset()

    def put(
        self, table: FoundTable, key: str, sent: Mapping[str, Any], written: list[Any], cells: list[Any]
    ) -> set[int]:
        """Put the whole texts of a record, as sent and as they came back, in the place of their cut beginnings.

        Returns the numbers of the columns whose text is another one. A cell that was changed itself stays.
        """
        changed: set[int] = set()
        for n, column in enumerate(table.columns):
            returned = self.texts.get((key, fold(column.header)))
            whole = sent.get(column.field)
            if returned is None or not isinstance(whole, str) or not _is_left_alone(written[n], cells[n]):
                continue
            if clean(returned).strip() != clean(whole).strip():
                written[n], cells[n] = clean(whole), clean(returned)
                changed.add(n)
        return changed


def _is_left_alone(written: Any, cell: Any) -> bool:
    return isinstance(written, str) and isinstance(cell, str) and is_cut(written) and is_cut(clean(cell).strip())


def returned_long_texts(grid: Grid) -> LongTexts:
    """Return what the sheet of long texts holds; nothing where there is none."""
    texts = keyed_long_texts(grid) or {}
    return LongTexts(texts, frozenset(key for key, _ in texts))


def is_part_of(issued: Any, value: str) -> bool:
    """Tell whether a text is what is left of a longer one that no cell could hold."""
    return isinstance(issued, str) and units(issued) > MAX_CELL and value[:SAME_START] == issued[:SAME_START]


def lost_long_texts(grid: Grid, book: ReturnedBook, sent: Sequence[Mapping[str, Any]]) -> Iterator[Damage]:
    """Tell that the sheet of long texts is gone; ``sent`` are the values of the records that may have some."""
    table = book.projects
    if table is None or keyed_long_texts(grid) is not None:
        return
    fields = [column.field for column in table.columns]
    if any(isinstance(text := values.get(name), str) and units(text) > MAX_CELL for values in sent for name in fields):
        with speaking(book.control.language):
            title = sheet_title(LONG_TEXTS)
        yield Damage("sheet_missing", title, "", {"sheet": title})
