"""What of a record fits on its page: rows of cells with their heights, long texts cut with a mark, the rest behind.

Word and PDF draw these same rows, so that both end on the same page; Word's fonts may be a little wider, hence the
reserve.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from bri_desktop.i18n import tr
from bri_desktop.reports import fonts
from bri_desktop.reports.document import Align
from bri_desktop.reports.paper import MM, TypeStyle
from bri_desktop.reports.record_sheet import (
    FACT_WEIGHTS,
    MARGINS_MM,
    PAGE_MM,
    PICTURE_MM,
    Fact,
    Part,
    RecordSheet,
    fact_rows,
)
from bri_desktop.reports.typeset import Line, set_lines

KIND = TypeStyle("title", 20, 30, centred=True)
TITLE = TypeStyle("heading", 13, 19, centred=True)
HINT = TypeStyle("body", 9, 14, centred=True)
LABEL = TypeStyle("heading", 9.5, 13)
VALUE = TypeStyle("body", 9.5, 13)
PAD = 2.8
"""Above, below and beside the text of a cell, in points."""
WIDTH = (PAGE_MM[0] - MARGINS_MM[2] - MARGINS_MM[3]) * MM
HEIGHT = (PAGE_MM[1] - MARGINS_MM[0] - MARGINS_MM[1]) * MM
FOOT = 16.0
RESERVE = 0.96
_WHOLE = sum(FACT_WEIGHTS)
LABEL_WIDTH = FACT_WEIGHTS[0] / _WHOLE * WIDTH
INSIDE = WIDTH - LABEL_WIDTH
PHOTO = (PICTURE_MM[0] * MM, PICTURE_MM[1] * MM)
MOST_TITLE_LINES, MOST_VALUE_LINES, MOST_CELL_LINES, FEWEST_LINES, FEWEST_ROWS = 2, 3, 2, 2, 1
CUT = "…"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: ``text`` is all that it shows; ``shaded`` is one that names others."""

    text: str
    width: float
    style: TypeStyle = VALUE
    align: Align = "left"
    shaded: bool = False

    @property
    def lines(self) -> tuple[Line, ...]:
        """The text in lines of the cell's width."""
        return lines_of(self.text, self.style, self.width - 2 * PAD)


@dataclass(frozen=True, slots=True)
class Row:
    """Cells beside each other; rows ``beside_photo`` leave the room of the picture free at their right.

    Rows of one ``group`` follow one another, with its name at their left; their cells begin right of it.
    """

    cells: tuple[Cell, ...]
    beside_photo: bool = False
    group: str = ""

    @property
    def line_count(self) -> int:
        """The lines of the longest cell."""
        return max(len(cell.lines) for cell in self.cells)

    @property
    def height(self) -> float:
        """The height that the longest cell needs, in points."""
        return self.line_count * VALUE.line + 2 * PAD


@dataclass(frozen=True, slots=True)
class FittedSheet:
    """The rows of the page, and those behind it: what was cut, in full; ``note`` says that they are there."""

    sheet: RecordSheet
    title: str
    rows: tuple[Row, ...]
    behind: tuple[Row, ...]
    note: str = ""


@lru_cache(maxsize=20_000)
def lines_of(text: str, style: TypeStyle, width: float) -> tuple[Line, ...]:
    """Return a text in lines; its own line breaks are kept."""
    return tuple(
        line
        for paragraph in text.split("\n")
        for line in set_lines([paragraph], lambda part: fonts.width_of(style.role, part) * style.size, width,
                              justify=False)
    )  # fmt: skip


def cut_text(text: str, style: TypeStyle, width: float, lines: int, mark: str = CUT) -> str:
    """Return a text that takes at most so many lines: cut at its end, with ``mark``, where it is longer."""
    if len(lines_of(text, style, width)) <= lines:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        fits = len(lines_of(text[:middle].rstrip() + mark, style, width)) <= lines
        low, high = (middle, high) if fits else (low, middle - 1)
    return text[:low].rstrip() + mark


def fit_sheet(sheet: RecordSheet) -> FittedSheet:
    """Return the page of a record: everything where it fits, else the most important of each kind and the rest behind.

    Raises ``UserError`` font_missing where the shipped fonts are gone.
    """
    plan = _Plan(sheet)
    plan.fill()
    return FittedSheet(sheet, plan.title, tuple(plan.rows()), tuple(plan.behind()), plan.note)


class _Plan:
    """How many lines of each text and how many rows of each list stand on the page."""

    def __init__(self, sheet: RecordSheet) -> None:
        self.sheet = sheet
        self.title = cut_text(sheet.title, TITLE, WIDTH, MOST_TITLE_LINES)
        self.facts = list(_facts(sheet))
        self.texts = (*sheet.texts, *sheet.below)
        self.needed = [len(lines_of(text.text, VALUE, INSIDE - 2 * PAD)) for text in self.texts]
        self.lines = [min(needed, FEWEST_LINES) for needed in self.needed]
        self.counts = [min(len(part.rows), FEWEST_ROWS) for part in sheet.parts]
        subtitle = HINT.line if sheet.subtitle else HINT.line / 2
        title = len(lines_of(self.title, TITLE, WIDTH)) * TITLE.line
        self.room = RESERVE * (HEIGHT - FOOT - HINT.line) - KIND.line - title - subtitle

    def fill(self) -> None:
        """Give the room that is left to the texts and lists, a line and a row at a time."""
        for place in reversed(range(len(self.counts))):
            if self._height() <= self.room:
                break
            self.counts[place] = 0
        most = [(self.lines, place, needed) for place, needed in enumerate(self.needed)]
        most += [(self.counts, place, len(part.rows)) for place, part in enumerate(self.sheet.parts)]
        growing = [one for one in most if one[0][one[1]] < one[2]]
        while growing:
            growing = [one for one in growing if self._grown(*one)]

    @property
    def note(self) -> str:
        """What is said under the table: that there is more behind; empty where there is not."""
        return tr("What is cut (…) or counted as 1 / 3 stands in full overleaf.") if any(self.behind()) else ""

    def _grown(self, amounts: list[int], place: int, most: int) -> bool:
        """Give one more line or row to a place; tell whether it wants and may get still more."""
        amounts[place] += 1
        if self._height() > self.room:
            amounts[place] -= 1
            return False
        return amounts[place] < most

    def _height(self) -> float:
        facts = [row for row, _ in self.facts]
        beside = sum(row.height for row in facts if row.beside_photo)
        spare = max(PHOTO[1] - beside, 0.0) if self.sheet.photo else 0.0
        lists = sum(
            sum(row.height for row in _part_rows(part, count))
            for part, count in zip(self.sheet.parts, self.counts, strict=True)
        )
        texts = sum(lines * VALUE.line + 2 * PAD for lines in self.lines)
        return sum(row.height for row in facts) + spare + texts + lists

    def rows(self) -> Iterator[Row]:
        """Yield the rows of the page."""
        for row, _ in self.facts:
            yield row
        shown = [
            _text_row(text.label, cut_text(text.text, VALUE, INSIDE - 2 * PAD, lines))
            for text, lines in zip(self.texts, self.lines, strict=True)
        ]
        yield from shown[: len(self.sheet.texts)]
        for part, count in zip(self.sheet.parts, self.counts, strict=True):
            yield from _part_rows(part, count)
        yield from shown[len(self.sheet.texts) :]

    def behind(self) -> Iterator[Row]:
        """Yield in full whatever was cut."""
        for _, cut in self.facts:
            for fact in cut:
                yield _text_row(fact.label, fact.text)
        for text, needed, lines in zip(self.texts, self.needed, self.lines, strict=True):
            if lines < needed:
                yield _text_row(text.label, text.text)
        for part, count in zip(self.sheet.parts, self.counts, strict=True):
            if count < len(part.rows) or any(_is_cut(part, row) for row in part.rows):
                yield from _part_rows(part, len(part.rows), whole=True)


def _facts(sheet: RecordSheet) -> Iterator[tuple[Row, list[Fact]]]:
    """Yield the rows of the facts with the facts cut in each; beside a picture stands one fact a row."""
    facts, used = list(sheet.facts), 0.0
    while sheet.photo and facts and used < PHOTO[1]:
        row, cut = _fact_row((facts.pop(0),), WIDTH - PHOTO[0], alone=True)
        used += row.height
        yield replace(row, beside_photo=True), cut
    for several in fact_rows(facts):
        yield _fact_row(several, WIDTH, alone=len(several) == 1)


def _fact_row(facts: tuple[Fact, ...], width: float, *, alone: bool) -> tuple[Row, list[Fact]]:
    value_width = width - LABEL_WIDTH if alone else width / 2 - LABEL_WIDTH
    cells: list[Cell] = []
    cut: list[Fact] = []
    for fact in facts:
        text = cut_text(fact.text, VALUE, value_width - 2 * PAD, MOST_VALUE_LINES)
        if text != fact.text:
            cut.append(fact)
        cells += [_label(fact.label), Cell(text, value_width)]
    return Row(tuple(cells)), cut


def _label(text: str) -> Cell:
    return Cell(text, LABEL_WIDTH, LABEL, "center", shaded=True)


def _text_row(label: str, text: str) -> Row:
    return Row((Cell(text, INSIDE),), group=label)


def _part_rows(part: Part, count: int, *, whole: bool = False) -> list[Row]:
    """Return the heads of a list and its first ``count`` rows, in full where they are ``whole``."""
    total = len(part.rows)
    group = part.title if count == total else f"{part.title}\n{count} / {total}"
    if not count:
        return [Row((Cell(tr("{count} in all, see overleaf", count=total), INSIDE),), group=part.title)]
    weights = sum(column.weight for column in part.columns)
    heads = [Cell(one.title, one.weight / weights * INSIDE, LABEL, "center", shaded=True) for one in part.columns]
    rows = [Row(tuple(heads), group=group)]
    for row in part.rows[:count]:
        cells = tuple(_list_cell(part, row, place, whole=whole) for place in range(len(row)))
        rows.append(Row(cells, group=group))
    return rows


def _list_cell(part: Part, row: tuple[str, ...], place: int, *, whole: bool) -> Cell:
    column = part.columns[place]
    width = column.weight / sum(one.weight for one in part.columns) * INSIDE
    text = row[place] if whole else cut_text(row[place], VALUE, width - 2 * PAD, MOST_CELL_LINES)
    return Cell(text, width, align=column.align)


def _is_cut(part: Part, row: tuple[str, ...]) -> bool:
    return any(_list_cell(part, row, place, whole=False).text != row[place] for place in range(len(row)))
