"""Rows from the clipboard: whether the first of them names columns, by the words that an import knows."""

from collections.abc import Sequence

from bri_desktop.domain.folding import fold
from bri_desktop.excel.headers import is_header_word

SEVERAL = 3
"""So many names of columns are no chance, however many other cells there are."""


def is_head(row: Sequence[str], titles: Sequence[str] = ()) -> bool:
    """Tell whether a row names columns: half of its cells do, or several, and none stands twice.

    ``titles`` are further names of columns, such as those of the table that was copied.
    """
    known = {fold(title) for title in titles}
    cells = [fold(cell) for cell in row if cell.strip()]
    named = sum(cell in known or is_header_word(cell) for cell in cells)
    return named > 0 and (2 * named >= len(cells) or named >= SEVERAL) and len(set(cells)) == len(cells)
