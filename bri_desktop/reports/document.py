"""The yearly summary as a value: numbered headings, paragraphs, tables and pictures whose numbers are named figures.

The page, Word, PDF and Excel all render this one value, so that they cannot disagree; nothing is counted or worded
after it was made. A name of a figure is what a bookmark in the Word file is called.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from bri_desktop.analysis.chart import Chart

Edition = Literal["submission", "internal"]
Layout = Literal["official", "plain"]
Align = Literal["left", "right", "center"]
ParagraphKind = Literal["text", "own", "note"]
Value = int | float | Decimal | str | None

PRINTED_ROWS = 300
"""So many rows of an annex stand in Word and PDF; the workbook has all of them."""
NAME_LENGTH = 36
"""A bookmark of Word has at most 40 characters; four are left for a second place of the same figure (``__2``)."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that can be traced: ``name`` (ASCII letters, digits, underscores), its value and how it is printed.

    ``value`` is raw (a share 0–1, an amount as ``Decimal``, ``None`` where undefined); ``shown`` is all that a reader
    sees (``41.8%``, ``—``), ``unit`` is already in ``shown`` or in the head of the column; ``rule`` says how it is
    counted.
    """

    name: str
    value: Value
    shown: str
    unit: str = ""
    rule: str = ""

    @property
    def plain(self) -> int | float | str | None:
        """The value as JSON has it: an amount as its decimal text."""
        return str(self.value) if isinstance(self.value, Decimal) else self.value


Run = str | Figure
Runs = tuple[Run, ...]


def text_of(runs: Runs) -> str:
    """Return what a reader sees of some runs."""
    return "".join(run if isinstance(run, str) else run.shown for run in runs)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1–4; ``number`` is 一、 （一） 1. （1） and is printed before ``text`` without a space."""

    level: int
    text: str
    number: str = ""

    @property
    def full(self) -> str:
        """The heading as printed."""
        return f"{self.number}{self.text}"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: ``text`` composed from the figures, ``own`` written by the manager, ``note`` small print."""

    runs: Runs
    kind: ParagraphKind = "text"

    @property
    def text(self) -> str:
        """What a reader sees."""
        return text_of(self.runs)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: ``width`` is a weight beside the others', ``unit`` stands in the head in brackets."""

    title: str
    align: Align = "left"
    unit: str = ""
    width: float = 1.0

    @property
    def head(self) -> str:
        """The head as printed, with the unit."""
        if not self.unit:
            return self.title
        return f"{self.title} ({self.unit})" if (self.title + self.unit).isascii() else f"{self.title}（{self.unit}）"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption: ``name`` is ASCII and stable, ``label`` is 表1 (continuous over the document).

    ``rows`` are all rows; where ``limit`` is given, Word and PDF print the first ``limit`` of them and then
    ``cut_note``; the workbook has all. With ``total`` the last row sums up and is printed whatever the limit.
    ``wide`` tables may lie across the page. ``note`` (may be empty) stands under the table.
    """

    name: str
    label: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Runs, ...], ...]
    total: bool = False
    note: str = ""
    limit: int | None = None
    cut_note: str = ""
    wide: bool = False

    @property
    def printed(self) -> tuple[tuple[Runs, ...], ...]:
        """The rows that stand on paper."""
        if self.limit is None or len(self.rows) <= self.limit:
            return self.rows
        return self.rows[: self.limit]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with its caption under it: ``label`` is 图1; ``table`` names the table that holds the same numbers."""

    name: str
    label: str
    caption: str
    chart: Chart
    note: str = ""
    table: str | None = None


Block = Heading | Paragraph | Table | Picture


@dataclass(frozen=True, slots=True)
class Section:
    """A part that can be chosen and moved. An annex starts on a page of its own under ``label`` (附件1).

    ``title`` is without number; ``blocks`` begin with its heading (an annex has none: print ``label`` and ``title``).
    ``own`` says that the manager's words stand in it, ``changed`` names figures that they spoke of and that are
    others now.
    """

    code: str
    title: str
    blocks: tuple[Block, ...]
    annex: bool = False
    label: str = ""
    own: bool = False
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SummaryDocument:
    """A whole summary. ``date`` is written out (2018年1月15日), ``figures`` holds every figure printed, by name.

    ``years`` are those compared, the year of the report last. ``mark`` is printed at the head of each page where the
    ledger holds sample records. ``changed`` names figures that differ from those frozen. ``annex_lines`` name the
    annexes at the end of the text; in Chinese all but the first begin under the name of the first one.
    """

    year: int
    years: tuple[int, ...]
    edition: Edition
    language: str
    layout: Layout
    title: str
    office: str
    date: str
    sections: tuple[Section, ...]
    figures: Mapping[str, Figure]
    mark: str = ""
    frozen: bool = False
    changed: frozenset[str] = field(default_factory=frozenset)
    annex_lines: tuple[str, ...] = ()

    def blocks(self) -> Iterator[tuple[Section, Block]]:
        """Return every block with its section, in the order of print."""
        for section in self.sections:
            for block in section.blocks:
                yield section, block

    def tables(self) -> tuple[Table, ...]:
        """Return the tables in the order of their numbers."""
        return tuple(block for _, block in self.blocks() if isinstance(block, Table))

    def pictures(self) -> tuple[Picture, ...]:
        """Return the pictures in the order of their numbers."""
        return tuple(block for _, block in self.blocks() if isinstance(block, Picture))

    def values(self) -> dict[str, int | float | str | None]:
        """Return name -> value as ``report --json`` prints it."""
        return {name: figure.plain for name, figure in self.figures.items()}
