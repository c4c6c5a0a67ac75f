"""Sheets that this program itself puts beside a table: they are no ledgers, and say nothing to whoever imports one.

They are known by name and content in every language, also where another program has dropped the hidden control sheet.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache

from bri_desktop.domain.folding import fold
from bri_desktop.excel.grid import Grid
from bri_desktop.excel.issued_layout import (
    CONTROL_SHEET,
    GUIDE,
    KEY,
    LISTS_SHEET,
    LONG_TEXTS,
    OUTCOMES,
    column_label,
    sheet_title,
)
from bri_desktop.i18n import LANGUAGES, speaking, tr

LISTS = "lists"
_HEAD_ROWS = 40

LongText = tuple[str, str]
"""The header of the column that a text stands in, and the whole text."""


def own_sheets(grid: Grid) -> frozenset[int]:
    """Return the sheets that hold guides, lists, marks, long texts or results by number, not a ledger."""
    return frozenset(index for index in range(len(grid.sheets)) if _is_own(grid, index))


def long_texts(grid: Grid) -> list[LongText]:
    """Return the texts that were too long for a cell, put together again."""
    found: list[LongText] = []
    for index, info in enumerate(grid.sheets):
        if info.name not in _titles()[LONG_TEXTS] or not _holds(grid, index, _long_headers()):
            continue
        for _, cells in grid.rows(index, 2):
            if len(cells) < 4 or not isinstance(cells[3], str):
                continue
            if str(cells[2]) == "1" or not found:
                found.append((str(cells[1]), cells[3]))
            else:
                found[-1] = (found[-1][0], found[-1][1] + cells[3])
    return found


def keyed_long_texts(grid: Grid) -> dict[tuple[str, str], str] | None:
    """Return (record key, folded header) -> whole text of the sheet of long texts; ``None`` where there is none."""
    found: dict[tuple[str, str], str] | None = None
    for index, info in enumerate(grid.sheets):
        if info.name not in _titles()[LONG_TEXTS] or not _holds(grid, index, _long_headers()):
            continue
        found = found or {}
        for _, cells in grid.rows(index, 2):
            key, header, _, text = [*("" if cell is None else str(cell) for cell in cells[:4]), "", "", "", ""][:4]
            spot = (key.strip().upper(), fold(header))
            found[spot] = found.get(spot, "") + text
    return found


def is_cut(text: str) -> bool:
    """Tell whether a text ends in the sentence that says it is only the beginning, in some language."""
    return text.endswith(_notes())


def whole_text(cell: str, header: str, texts: Sequence[LongText]) -> str | None:
    """Return the text of which a cell holds the beginning; ``None`` where there is none, or more than one."""
    note = next((note for note in _notes() if cell.endswith(note)), None)
    if note is None:
        return None
    start = cell.removesuffix(note)
    whole = {text for name, text in texts if fold(name) == fold(header) and text.startswith(start)}
    return whole.pop() if len(whole) == 1 else None


def is_key_header(header: str) -> bool:
    """Tell whether a header is that of the hidden column of record keys, in some language."""
    return fold(header) in _key_headers()


def _is_own(grid: Grid, index: int) -> bool:
    info = grid.sheets[index]
    if info.name in (CONTROL_SHEET, LISTS_SHEET):
        return True
    if info.name in _titles()[LISTS]:
        return not info.visible
    if info.name in _titles()[GUIDE]:
        return _holds(grid, index, _guide_headers())
    if info.name in _titles()[LONG_TEXTS]:
        return _holds(grid, index, _long_headers())
    return info.name in _titles()[OUTCOMES] and _holds(grid, index, _outcome_headers())


def _holds(grid: Grid, index: int, wanted: frozenset[frozenset[str]]) -> bool:
    """Tell whether one of the first rows of a sheet has all these texts, in some language."""
    for _, cells in grid.rows(index, 1, _HEAD_ROWS):
        texts = {fold(cell).rstrip("*").strip() for cell in cells if isinstance(cell, str)}
        if any(words <= texts for words in wanted):
            return True
    return False


def _spoken(say: Callable[[], tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    for language in LANGUAGES:
        with speaking(language):
            yield say()


@cache
def _titles() -> dict[str, frozenset[str]]:
    """Return role -> names of the sheet in every language."""
    roles = (GUIDE, OUTCOMES, LONG_TEXTS)
    spoken = list(_spoken(lambda: (*map(sheet_title, roles), tr("Lists"))))
    return {role: frozenset(names) for role, names in zip((*roles, LISTS), zip(*spoken, strict=True), strict=True)}


@cache
def _guide_headers() -> frozenset[frozenset[str]]:
    return _folded(lambda: (tr("Column"), tr("How"), tr("For example")))


@cache
def _long_headers() -> frozenset[frozenset[str]]:
    return _folded(lambda: (tr("Column"), tr("Part"), tr("Text")))


@cache
def _outcome_headers() -> frozenset[frozenset[str]]:
    return _folded(lambda: tuple(column_label(name) for name in ("outcome_class", "what", "quantity", "unit")))


@cache
def _key_headers() -> frozenset[str]:
    return frozenset(fold(header) for (header,) in _spoken(lambda: (column_label(KEY),)))


@cache
def _notes() -> tuple[str, ...]:
    spoken = _spoken(lambda: (tr("… (whole text in the sheet “{sheet}”)", sheet=sheet_title(LONG_TEXTS)),))
    return tuple(note for (note,) in spoken)


def _folded(say: Callable[[], tuple[str, ...]]) -> frozenset[frozenset[str]]:
    return frozenset(frozenset(fold(text) for text in texts) for texts in _spoken(say))
