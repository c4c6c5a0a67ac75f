"""The blocks of the summary as slabs of paper: how high each is, what it must stay with, and how it is drawn.

A slab is drawn at its upper left corner in points from the lower left corner of the page, as PDF counts.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from reportlab.lib.colors import HexColor

from bri_desktop.reports import fonts
from bri_desktop.reports.document import Align, Heading, Paragraph, Picture, Run, Runs, Table, text_of
from bri_desktop.reports.drawing import draw_chart
from bri_desktop.reports.paper import BETWEEN, INK, Paper, TypeStyle
from bri_desktop.reports.typeset import Line, set_lines

CELL_PAD = 3.5
SLACK = 2.0
"""Room for the fonts of another machine, which may be a little wider."""
MOST_OF_WIDTH = 0.25
"""No single word claims more of the width of a table than this."""
SMALL_CELLS = 9.0
"""Size of the type of a lying table that is short of room."""
FAIR = (0.75, 0.65, 0.55)
"""So much of the width of its weight a running text gets at least; less where a table is short of room."""
AIR = 0.25
"""What Word puts between a Han character and a digit or letter, in parts of the size."""
RULE = 0.5
_WORDS = re.compile(r"(?:[^\s\-\u2e80-\uffff]|-(?![A-Za-z])|(?<![A-Za-z])-)+-?|[\u2e80-\uffff]")
"""What is never parted: a Han character, a date, a word up to its hyphen."""
_MIXED = re.compile(r"(?<=[0-9A-Za-z])(?=[\u2e80-\uffff])|(?<=[\u2e80-\uffff])(?=[0-9A-Za-z])")
OUTER_RULE = 1.0
FAUX_BOLD = 0.028
"""Width of the stroke that makes a stand-in bolder, in parts of its size."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure stands: page from 0, and its box in points from the page's upper left corner."""

    name: str
    page: int
    x: float
    y: float
    width: float
    height: float


@dataclass(slots=True)
class Pen:
    """A PDF canvas that notes where the figures went."""

    canvas: Any
    page_height: float
    page: int = 0
    places: list[Place] = field(default_factory=list)

    def line(self, line: Line, style: TypeStyle, x: float, baseline: float, *, colour: str = INK.text) -> None:
        """Write a set line whose left edge is ``x``."""
        for span in line.spans:
            if span.name is not None:
                self._note(span.name, x + span.x, baseline, span.width, style.size)
            self._span(span.text, span.gap, style, x + span.x, baseline, colour)

    def _span(self, text: str, gap: float, style: TypeStyle, x: float, baseline: float, colour: str) -> None:
        is_bold = style.bold or (style.role == "title" and not fonts.face_of("title").is_own)
        writing = self.canvas.beginText(x, baseline)
        writing.setFillColor(HexColor(colour))
        writing.setCharSpace(gap)
        if is_bold:
            writing.setTextRenderMode(2)
            self.canvas.setLineWidth(FAUX_BOLD * style.size)
            self.canvas.setStrokeColor(HexColor(colour))
        for piece in fonts.pieces_of(style.role, text):
            writing.setFont(piece.font, style.size)
            writing.textOut(piece.text)
        if is_bold:
            writing.setTextRenderMode(0)
        writing.setCharSpace(0)
        self.canvas.drawText(writing)

    def _note(self, name: str, x: float, baseline: float, width: float, size: float) -> None:
        top = self.page_height - baseline - size
        self.places.append(Place(name, self.page, x, top, width, size * 1.25))

    def rule(self, x: float, y: float, end: float, *, colour: str = INK.text, width: float = RULE) -> None:
        """Draw a level line."""
        self.canvas.setStrokeColor(HexColor(colour))
        self.canvas.setLineWidth(width)
        self.canvas.line(x, y, end, y)


Draw = Callable[[Pen, float, float], None]
"""Draws a slab: pen, left edge, upper edge."""


@dataclass(frozen=True, slots=True)
class Slab:
    """A strip of the page. ``holds``: stays with the next one; ``head`` is drawn again over it on a new page."""

    height: float
    draw: Draw
    holds: bool = False
    head: "Slab | None" = None
    outline: tuple[str, int] | None = None
    """What the outline calls this place, and how deep."""
    is_gap: bool = False


def gap(height: float) -> Slab:
    """Return an empty strip, left out where a page begins or ends."""
    return Slab(height, lambda _pen, _x, _y: None, is_gap=True)


def text_slabs(
    runs: Sequence[Run],
    style: TypeStyle,
    paper: Paper,
    *,
    cell: float = 0.0,
    justify: bool = True,
    holds: bool = False,
    align: Align = "left",
    outline: tuple[str, int] | None = None,
) -> Iterator[Slab]:
    """Yield a paragraph as one slab a line. ``holds`` keeps all of them with what follows."""
    width = paper.text_width
    measure = _measure(style)
    indent = style.indent * (cell or style.size)
    lines = set_lines(runs, measure, width, indent=indent, cell=cell, justify=justify and align == "left")
    for number, line in enumerate(lines):
        shift = {"left": 0.0, "center": (width - line.width) / 2, "right": width - line.width}[align]
        named = outline if number == 0 else None
        yield Slab(style.line, _line_draw(line, style, shift), holds=holds, outline=named)


def _measure(style: TypeStyle) -> Callable[[str], float]:
    return lambda text: fonts.width_of(style.role, text) * style.size


def _line_draw(line: Line, style: TypeStyle, shift: float = 0.0) -> Draw:
    # The middle of a Han character stands in the middle of its line.
    drop = style.line / 2 + 0.38 * style.size
    return lambda pen, x, y: pen.line(line, style, x + shift, y - drop)


def heading_slabs(heading: Heading, paper: Paper, *, cell: float) -> Iterator[Slab]:
    """Yield a heading, kept with what follows it."""
    style = paper.headings[heading.level - 1]
    # Without a grid the text is English, which has no indents.
    style = style if cell else replace(style, indent=0)
    cell = cell if style.size == paper.body.size else 0.0
    outline = (heading.full, heading.level - 1)
    yield from text_slabs([heading.full], style, paper, cell=cell, justify=False, holds=True, outline=outline)


def paragraph_slabs(paragraph: Paragraph, paper: Paper, *, cell: float, justify: bool) -> Iterator[Slab]:
    """Yield a paragraph of body text, or a note in small print; Chinese has an indent, English room after it."""
    if paragraph.kind == "note":
        yield from text_slabs(paragraph.runs, paper.note, paper, justify=justify)
        return
    body = paper.body if justify else replace(paper.body, indent=0)
    yield from text_slabs(paragraph.runs, body, paper, cell=cell, justify=justify)
    if not justify:
        yield gap(BETWEEN * body.line)


def picture_slabs(picture: Picture, paper: Paper, *, justify: bool) -> Iterator[Slab]:
    """Yield a picture with its caption under it, on one page."""
    board = draw_chart(picture.chart, paper.text_width)
    yield gap(6)
    yield Slab(board.height + 4, lambda pen, x, y: board.put(pen.canvas, x, y - board.height), holds=True)
    yield from text_slabs([f"{picture.label}　{picture.caption}"], paper.caption, paper, align="center")
    if picture.note:
        yield from text_slabs([picture.note], paper.note, paper, justify=justify)
    yield gap(6)


# --- tables -------------------------------------------------------------------------------------------------------


def table_slabs(table: Table, paper: Paper, *, justify: bool) -> Iterator[Slab]:
    """Yield caption, head, rows and notes of a table; the head stands again at the top of each page."""
    yield from text_slabs([f"{table.label}　{table.caption}"], paper.caption, paper, align="center", holds=True)
    paper = fitted(table, paper)
    widths = column_widths(table, paper)
    head = _row_slab([(column.head,) for column in table.columns], table, widths, paper.head, edges=(True, True))
    yield Slab(head.height, head.draw, holds=True)
    rows = table.printed
    notes = [note for note in (table.cut_note if len(rows) < len(table.rows) else "", table.note) if note]
    for number, row in enumerate(rows):
        is_last = number == len(rows) - 1
        style = paper.head if table.total and is_last and rows[-1] is table.rows[-1] else paper.cells
        slab = _row_slab(row, table, widths, style, edges=(False, is_last))
        holds = bool(notes) if is_last else number in (0, len(rows) - 2)
        yield Slab(slab.height, slab.draw, holds=holds, head=head)
    for note in notes:
        yield from text_slabs([note], paper.note, paper, justify=justify)
    yield gap(8)


def fitted(table: Table, paper: Paper) -> Paper:
    """Return the paper for a table: with smaller type where a lying one has too little room for its words."""
    if not table.wide or _room(table, paper) >= 0.0:
        return paper
    ratio = SMALL_CELLS / paper.cells.size
    if ratio >= 1.0:
        return paper
    head, cells = (replace(one, size=SMALL_CELLS, line=one.line * ratio) for one in (paper.head, paper.cells))
    return replace(paper, head=head, cells=cells)


def _room(table: Table, paper: Paper) -> float:
    """Return what is left of the width when each column has its longest word and a running text a fair part."""
    return paper.text_width - sum(_least_widths(table, paper, whole_heads=False, fair=FAIR[0]))


def column_widths(table: Table, paper: Paper) -> list[float]:
    """Return the widths of the columns in points: by their weights, but none narrower than its longest word.

    A lying table gives what it has over to the columns whose texts need it to stand in fewer lines.
    """
    width = paper.text_width
    wished = _wished(table, paper)
    least = _fitting(table, paper)
    if sum(least) > width:
        return [one * width / sum(least) for one in least]
    missing = sum(max(low - wish, 0.0) for wish, low in zip(wished, least, strict=True))
    if table.wide and missing:
        return _by_need(table, paper, least, wished)
    spare = sum(max(wish - low, 0.0) for wish, low in zip(wished, least, strict=True))
    given = missing / spare if spare else 0.0
    return [low if low >= wish else wish - given * (wish - low) for wish, low in zip(wished, least, strict=True)]


def _wished(table: Table, paper: Paper) -> list[float]:
    """Return the widths by the weights alone."""
    whole = sum(column.width for column in table.columns)
    return [paper.text_width * column.width / whole for column in table.columns]


def _fitting(table: Table, paper: Paper) -> list[float]:
    """Return the least widths that fit: heads in one line and room for running text are given up before a word is."""
    shares = FAIR if table.wide else ()
    attempts = [(True, shares[0] if shares else 0.0), *((False, fair) for fair in (*shares, 0.0))]
    least = [] if table.wide else _in_one_line(table, paper)
    if least and sum(least) <= paper.text_width:
        return least
    for whole_heads, fair in attempts:
        least = _least_widths(table, paper, whole_heads=whole_heads, fair=fair)
        if sum(least) <= paper.text_width:
            break
    return least


def _in_one_line(table: Table, paper: Paper) -> list[float]:
    """Return the widths in which no text of the table turns; one that takes half of the width is no name any more."""
    least = [
        max(_least(table, place, paper, whole_heads=True), _natural(table, place, paper))
        for place in range(len(table.columns))
    ]
    return least if max(least) <= paper.text_width / 2 else []


def _by_need(table: Table, paper: Paper, least: Sequence[float], wished: Sequence[float]) -> list[float]:
    """Share out what the longest words leave: by weight to texts that lack it to stand in a line, then to all."""
    width = paper.text_width
    widths = list(least)
    over = width - sum(least)
    lacking = [max(min(_natural(table, place, paper), width / 2) - low, 0.0) for place, low in enumerate(least)]
    # Who lacks least for its weight is served first, so that no text turns for its last character.
    order = sorted(range(len(least)), key=lambda place: lacking[place] / wished[place])
    for number, place in enumerate(order):
        share = over * wished[place] / sum(wished[other] for other in order[number:])
        given = min(lacking[place], share)
        widths[place] += given
        over -= given
    return [one + over * wish / sum(wished) for one, wish in zip(widths, wished, strict=True)]


def _natural(table: Table, place: int, paper: Paper) -> float:
    """Return the width in which every text of a column stands in one line."""
    texts = {text_of(row[place]) for row in table.printed}
    wide = (fonts.width_of(paper.cells.role, text) + AIR * len(_MIXED.findall(text)) for text in texts)
    return max(wide, default=0.0) * paper.cells.size + 2 * CELL_PAD + SLACK


def _least_widths(table: Table, paper: Paper, *, whole_heads: bool, fair: float) -> list[float]:
    most = MOST_OF_WIDTH * paper.text_width
    found = []
    for place in range(len(table.columns)):
        low = _least(table, place, paper, whole_heads)
        if fair:
            # Dates and numbers stand in one line.
            natural = _natural(table, place, paper)
            share = fair * _wished(table, paper)[place]
            low = max(low, min(natural, share) if table.columns[place].align == "left" else natural)
        found.append(min(low, most))
    return found


def _least(table: Table, place: int, paper: Paper, whole_heads: bool) -> float:
    """Return the width that a column needs for its longest word, or for its head in one line."""
    words = {word for row in table.printed for word in _WORDS.findall(text_of(row[place]))}
    longest = max((fonts.width_of(paper.cells.role, word) * paper.cells.size for word in words), default=0.0)
    title = table.columns[place].head
    heads = [title] if whole_heads else _WORDS.findall(title)
    head = max((fonts.width_of(paper.head.role, word) * paper.head.size for word in heads), default=0.0)
    return max(longest, head) + 2 * CELL_PAD + SLACK


def _row_slab(
    cells: Sequence[Runs], table: Table, widths: Sequence[float], style: TypeStyle, *, edges: tuple[bool, bool]
) -> Slab:
    measure = _measure(style)
    is_head = edges[0]
    set_cells = [
        set_lines(runs, measure, width - 2 * CELL_PAD, justify=False) for runs, width in zip(cells, widths, strict=True)
    ]
    height = max(len(lines) for lines in set_cells) * style.line + 2 * CELL_PAD

    def draw(pen: Pen, x: float, y: float) -> None:
        left = x
        for lines, width, column in zip(set_cells, widths, table.columns, strict=True):
            align: Align = "center" if is_head else column.align
            top = y - (height - len(lines) * style.line) / 2
            for number, line in enumerate(lines):
                room = width - 2 * CELL_PAD - line.width
                shift = CELL_PAD + {"left": 0.0, "center": room / 2, "right": room}[align]
                _line_draw(line, style, shift)(pen, left, top - number * style.line)
            left += width
        if is_head:
            pen.rule(x, y, left, width=OUTER_RULE)
        pen.rule(x, y - height, left, width=OUTER_RULE if edges[1] and not is_head else RULE)

    return Slab(height, draw)
