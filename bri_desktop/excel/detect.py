"""Where the tables of a sheet are: header rows, the columns below them, and rows that only look like data."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from bri_desktop.domain import money
from bri_desktop.domain.folding import fold
from bri_desktop.domain.text import fold as fold_width
from bri_desktop.excel.grid import Cell, DateCell, ErrorCell, Grid, Row
from bri_desktop.excel.headers import is_header_word, map_columns
from bri_desktop.excel.merges import Merges
from bri_desktop.excel.parts import column_letter

HEAD_ROWS = 80
MAX_HEADER_DEPTH = 4
LONG_HEADER = 40
HEADER_GLIMPSE = 4
LONG_SECTION = 40

_TOTAL = re.compile(
    r"(?:[^,。;]{0,12})?(?:合计|小计|总计|共计|总和|合計|小計|總計)(?:\(.*\))?:?(?:共?\d+\S{0,2})?|(?:sub|grand)?total:?",
    re.I,
)
_FOOTNOTE = re.compile(
    r"(?:注|备注|附注|说明|数据来源|资料来源|来源|单位|note|notes|source|remarks?)\s*\d*\s*[:.]|[*※]", re.I
)
_SIGNATURE = re.compile(
    r"(?:填表|填报|制表|编制|审核|复核|校对|联系|负责|经办|报送|统计)(?:人|单位|部门|日期|时间|电话|方式)(?:签字|签名|\(.*?\))?\s*:|联系电话\s*:"
)
_COUNTED = re.compile(r".{1,30}\((?:共|计)?\d+\s*\S{0,3}\)")
_NUMBERED = re.compile(r"\(?[一二三四五六七八九十]{1,3}[)、.,．]\s*\S+")
_UNIT_LINE = re.compile(r"(?:金额)?单位\s*:\s*([^\s,;()]+)")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: ``index`` from 0, ``header`` its header rows joined by ``/``, ``group`` the upper ones."""

    index: int
    letter: str
    header: str
    group: str | None = None
    unit_hint: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """One table. Row numbers count from 1; ``last_row`` is the last row that is not empty, footnotes included.

    ``title_index`` is the column of the project's title, where there is one.
    """

    header_rows: tuple[int, ...]
    first_row: int
    last_row: int
    columns: tuple[Column, ...]
    title_index: int | None = None
    words: Mapping[int, frozenset[str]] = field(default_factory=dict, compare=False, repr=False)


def find_blocks(grid: Grid, sheet: int) -> list[Block]:
    """Return the tables of a sheet from top to bottom; none where no row looks like a header."""
    merges = Merges(grid.sheets[sheet].merged)
    head = list(islice(grid.rows(sheet), HEAD_ROWS))
    start = next((place for place, (_, cells) in enumerate(head) if _is_header(cells)), None)
    if start is None:
        start = _fallback(head)
    if start is None:
        return []
    header = _extended(head, start, merges)
    blocks = []
    for bounds in _extents(grid, sheet, merges, header):
        blocks.append(_block(grid, sheet, merges, *bounds))
    return blocks


def blocks_below(grid: Grid, sheet: int, header: tuple[int, int]) -> list[Block]:
    """Return the tables from ``header`` on, the first and last row that a person named as one."""
    merges = Merges(grid.sheets[sheet].merged)
    return [_block(grid, sheet, merges, *bounds) for bounds in _extents(grid, sheet, merges, header)]


def classify(cells: Row, block: Block, *, merged: bool = False) -> str:
    """Return ``data``, ``blank``, ``repeated_header``, ``total``, ``section`` or ``footnote``.

    A row with values in several columns is data, unless it repeats the header, or is a total of nothing but numbers.
    ``merged``: the row's one cell is merged over several columns.
    """
    filled = [(index, cell) for index, cell in enumerate(cells) if cell is not None]
    if not filled:
        return "blank"
    index, first = filled[0]
    if not isinstance(first, str):
        return "data"
    if len(filled) > 1 and _repeats(filled, block):
        return "repeated_header"
    text = fold_width(first)
    if _is_total(text, index, filled, block):
        return "total"
    if _SIGNATURE.match(text) and block.title_index not in {place for place, _ in filled[1:]}:
        return "footnote"
    if len(filled) > 1:
        return "data"
    return _single(text, index, block, merged)


def data_rows(grid: Grid, sheet: int, block: Block) -> Iterator[tuple[int, Row, str]]:
    """Yield ``(row number, cells, kind)`` of the rows below the header, with the values of merged cells filled in."""
    merges = Merges(grid.sheets[sheet].merged)
    for number, raw in grid.rows(sheet, block.first_row, block.last_row + 1):
        cells = merges.filled_down(grid, sheet, number, raw, block.first_row)
        kind = classify(cells, block, merged=merges.is_wide(number))
        yield number, merges.filled_across(number, cells) if kind == "data" else raw, kind


def _single(text: str, index: int, block: Block, merged: bool) -> str:
    """Judge a row with one text only."""
    if _FOOTNOTE.match(text):
        return "footnote"
    if len(block.columns) < 3:
        return "data"
    leading = [column.index for column in block.columns[:2]]
    marked = merged or _COUNTED.fullmatch(text) is not None or _NUMBERED.fullmatch(text) is not None
    if index > leading[-1] and not merged:
        return "data"
    if index == block.title_index and not marked:
        return "data"
    return "section" if len(text) <= LONG_SECTION else "footnote"


def _is_total(text: str, index: int, filled: Sequence[tuple[int, Cell]], block: Block) -> bool:
    """A total stands in the leading columns, has numbers only, and no title beside it."""
    if not _TOTAL.fullmatch(text.replace(" ", "")) or index > block.columns[0].index + 2:
        return False
    return all(
        isinstance(cell, int | float | ErrorCell) or (isinstance(cell, str) and _counts(cell, text))
        for place, cell in filled[1:]
        if place != block.title_index or isinstance(cell, str)
    )


def _counts(cell: str, first: str) -> bool:
    text = fold_width(cell)
    return text == first or re.fullmatch(r"[-+]?[\d.,]+\s*\S{0,3}|/|-+", text) is not None


def _repeats(filled: Sequence[tuple[int, Cell]], block: Block) -> bool:
    headers = block.words
    first = filled[:HEADER_GLIMPSE]
    if not any(isinstance(cell, str) and fold(cell) in headers.get(index, ()) for index, cell in first):
        return False
    same = sum(
        isinstance(cell, str) and len(cell) <= LONG_HEADER and fold(cell) in headers.get(index, ())
        for index, cell in filled
    )
    return same >= 2 and same * 2 > len(filled)


def _is_header(cells: Row, *, strict: bool = False) -> bool:
    """Tell whether a row is made of known headers: most of its cells, or, ``strict``, three at least."""
    filled = [cell for cell in cells if cell is not None]
    texts = [cell for cell in filled if isinstance(cell, str) and len(cell) <= LONG_HEADER]
    if len(texts) < 2 or len(texts) < len(filled):
        return False
    known = sum(map(is_header_word, texts))
    if strict:
        return known >= 3 and known * 10 >= len(filled) * 6
    return known >= 2 and (known * 3 >= len(filled) or known >= 4)


def _fallback(head: Sequence[tuple[int, Row]]) -> int | None:
    """Take the first row of several different short texts, where no header is known."""
    for place, (_, cells) in enumerate(head):
        filled = [cell for cell in cells if cell is not None]
        texts = {cell for cell in filled if isinstance(cell, str) and len(cell) <= LONG_HEADER}
        if len(texts) >= 2 and len(texts) == len(filled) and not any(map(_signs, texts)):
            return place
    return None


def _signs(text: str) -> bool:
    folded = fold_width(text)
    return _SIGNATURE.match(folded) is not None or _FOOTNOTE.match(folded) is not None


def _extended(rows: Sequence[tuple[int, Row]], place: int, merges: Merges) -> tuple[int, int]:
    """Return first and last row number of the header around the row at ``place``."""
    top = bottom = rows[place][0]
    cells = dict(rows)
    above = cells.get(top - 1, ())
    while top > 1 and bottom - top < MAX_HEADER_DEPTH and _is_group(above, cells[top], top - 1, merges):
        top -= 1
        above = cells.get(top - 1, ())
    while bottom - top < MAX_HEADER_DEPTH:
        reach = merges.reach(top, bottom)
        if bottom < reach <= top + MAX_HEADER_DEPTH:
            bottom = reach
        elif _is_sub_header(cells.get(bottom + 1, ()), cells.get(bottom, ())):
            bottom += 1
        else:
            break
    return top, bottom


def _is_group(above: Row, below: Row, number: int, merges: Merges) -> bool:
    """Tell whether ``above`` names groups of the columns of the header ``below``: several short texts, gaps between."""
    texts = [cell for cell in above if cell is not None]
    if not texts or not all(isinstance(cell, str) and len(cell) <= LONG_HEADER for cell in texts):
        return False
    if any(isinstance(cell, str) and _signs(cell) for cell in texts):
        return False
    groups = merges.wide_count(number)
    if len(texts) == 1:
        return groups == 1 and merges.width(number) * 2 <= len(below)
    return bool(groups) or len(texts) < sum(cell is not None for cell in below)


def _is_sub_header(cells: Row, above: Row) -> bool:
    """Tell whether ``cells`` gives names below groups: short known texts, one at least below an empty cell."""
    filled = [(index, cell) for index, cell in enumerate(cells) if cell is not None]
    if len(filled) < 2 or not all(isinstance(cell, str) and len(cell) <= LONG_HEADER for _, cell in filled):
        return False
    gaps = sum(index >= len(above) or above[index] is None for index, _ in filled)
    known = sum(isinstance(cell, str) and (is_header_word(cell) or money.is_unit(cell)) for _, cell in filled)
    return gaps >= 1 and known * 2 >= len(filled)


def _extents(
    grid: Grid, sheet: int, merges: Merges, header: tuple[int, int]
) -> Iterator[tuple[tuple[int, int], int, frozenset[int]]]:
    """Yield header, last row and the columns in use of each table, in one pass over the sheet."""
    last, used = header[1], set[int]()
    lone: int | None = None
    recent: list[tuple[int, Row]] = []
    words = _words(grid, sheet, header)
    for number, cells in grid.rows(sheet, header[1] + 1):
        recent = [*recent[-MAX_HEADER_DEPTH:], (number, cells)]
        if number > header[1] and _may_be_header(cells, words) and _starts_table(cells, words):
            below = list(grid.rows(sheet, number + 1, number + 1 + MAX_HEADER_DEPTH))
            rows = [*recent, *below]
            following = _extended(rows, len(recent) - 1, merges)
            end = last if lone is None else lone
            yield header, min(end, following[0] - 1), frozenset(used)
            header, used, lone = following, set(), None
            last, words = header[1], _words(grid, sheet, header)
            continue
        if number <= header[1]:
            continue
        if sum(cell is not None for cell in cells) > 1:
            lone = None
        elif lone is None and number > last + 1:
            # A single text below a gap may be the title of the next table.
            lone = last
        last = number
        if not used.issuperset(range(len(cells))):
            used.update(index for index, cell in enumerate(cells) if cell is not None)
    yield header, last, frozenset(used)


def _words(grid: Grid, sheet: int, header: tuple[int, int]) -> frozenset[str]:
    rows = grid.rows(sheet, header[0], header[1] + 1)
    return frozenset(fold(cell) for _, cells in rows for cell in cells if isinstance(cell, str))


def _may_be_header(cells: Row, words: frozenset[str]) -> bool:
    """Sort out nearly every data row by its first two texts."""
    texts = [cell for cell in cells if cell is not None][:2]
    return len(texts) == 2 and all(
        isinstance(cell, str) and len(cell) <= LONG_HEADER and (is_header_word(cell) or fold(cell) in words)
        for cell in texts
    )


def _starts_table(cells: Row, words: frozenset[str]) -> bool:
    """Tell a second table from a header that is only repeated (as on every printed page)."""
    if not _is_header(cells, strict=True):
        return False
    return not {fold(cell) for cell in cells if isinstance(cell, str)} <= words


def _block(grid: Grid, sheet: int, merges: Merges, header: tuple[int, int], last: int, used: frozenset[int]) -> Block:
    rows = dict(grid.rows(sheet, header[0], header[1] + 1))
    numbers = tuple(range(header[0], header[1] + 1))
    width = max([len(cells) for cells in rows.values()] + [index + 1 for index in used])
    lines = [_spread(rows.get(number, ()), number, width, merges, rows.get(number + 1, ())) for number in numbers]
    hint = _unit_above(grid, sheet, header[0])
    columns = []
    for index in range(width):
        path = _path([line[index] for line in lines])
        if path or index in used:
            group = "/".join(path[:-1]) or None
            columns.append(Column(index, column_letter(index + 1), "/".join(path), group, hint))
    matches = map_columns(columns, {})
    title = next((column.index for column, match in zip(columns, matches, strict=True) if match.field == "title"), None)
    words = {column.index: frozenset(map(fold, column.header.split("/"))) for column in columns}
    return Block(numbers, header[1] + 1, max(last, header[1]), tuple(columns), title, words)


def _path(parts: Sequence[str]) -> list[str]:
    path: list[str] = []
    for part in parts:
        if part and (not path or path[-1] != part):
            path.append(part)
    return path


def _spread(cells: Row, number: int, width: int, merges: Merges, below: Row) -> list[str]:
    """Return the texts of a header row, those of groups repeated over the columns they stand above."""
    texts = [_header_text(cells[index]) if index < len(cells) else "" for index in range(width)]
    for index in range(1, width):
        if texts[index] or not texts[index - 1]:
            continue
        named = index < len(below) and below[index] is not None and below[index - 1] is not None
        if merges.covers(number, index + 1) or (named and not merges.covers(number, index)):
            texts[index] = texts[index - 1]
    return texts


def _header_text(cell: Cell) -> str:
    if cell is None or isinstance(cell, ErrorCell):
        return ""
    return " ".join((cell.iso if isinstance(cell, DateCell) else str(cell)).split())


def _unit_above(grid: Grid, sheet: int, top: int) -> str | None:
    """Return the unit of a line such as 单位：万元 above the header."""
    for _, cells in grid.rows(sheet, max(1, top - MAX_HEADER_DEPTH), top):
        for cell in cells:
            if isinstance(cell, str) and (match := _UNIT_LINE.search(fold_width(cell))) and money.is_unit(match[1]):
                return match[1]
    return None
