"""What a workbook holds: its tables, what each column means, and the rows that are no data."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bri_desktop.db.gazetteer import load_index
from bri_desktop.domain.errors import InputError, Where
from bri_desktop.domain.folding import fold
from bri_desktop.domain.money import is_unit
from bri_desktop.domain.place import PlaceIndex
from bri_desktop.domain.vocabulary import FIELD_BY_CODE
from bri_desktop.excel.detect import MAX_HEADER_DEPTH, Block, blocks_below, data_rows, find_blocks
from bri_desktop.excel.grid import Grid
from bri_desktop.excel.own_sheets import own_sheets
from bri_desktop.services.intake_copies import Span, grouped
from bri_desktop.services.intake_guess import guessed_columns
from bri_desktop.services.intake_remarks import Remark, remarks
from bri_desktop.services.intake_row import NOTE, MappedColumn, as_text

MANY_COLUMNS = 3
LONGEST_PLACE = 16
_PLACE_ENDING = re.compile("[省市州区县盟旗]")
LEFT_OUT = "left_out"
MAPPABLE = frozenset({*FIELD_BY_CODE, "country", "continent", "currency"})
BARE_DATES = frozenset({"时间", "日期", "年份", "年度", "date", "year", "time"})
_COUNT_BEHIND = re.compile(r"[（(【\[][^）)】\]]*\d+[^）)】\]]*[）)】\]]\s*$")


@dataclass(frozen=True, slots=True)
class Ignored:
    """A non-empty row of a sheet that is no data: why, and its text."""

    sheet: str
    row: int
    reason: str
    text: str

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``--json`` prints."""
        return {"sheet": self.sheet, "row": self.row, "reason": self.reason, "text": self.text}


@dataclass(frozen=True, slots=True)
class BlockPlan:
    """A table on a sheet and what its columns are taken for; ``copies``: so many rows stand further up already.

    ``home`` is the domestic place that the titles above a list of ties name: 无锡市国际友好城市一览表.
    """

    block: Block
    columns: tuple[MappedColumn, ...]
    rows: int = 0
    copies: int = 0
    home: str | None = None

    @property
    def first_row(self) -> int:
        """The first row below the header."""
        return self.block.first_row

    @property
    def last_row(self) -> int:
        """The last row of the table."""
        return self.block.last_row

    @property
    def fields(self) -> frozenset[str]:
        """The fields that some column gives."""
        return frozenset(column.field for column in self.columns if column.field)

    @property
    def pairs_only(self) -> bool:
        """Whether the table lists pairs of cities, not projects."""
        has_home = self.home is not None or "domestic_places" in self.fields
        return "title" not in self.fields and has_home and "foreign_places" in self.fields

    @property
    def usable(self) -> bool:
        """Whether a row of the table can become a record."""
        return "title" in self.fields or self.pairs_only

    def classified(self, grid: Grid, sheet: int) -> Iterator[tuple[int, Sequence[Any], str]]:
        """Give (row number, cells, kind) of each row below the header."""
        for number, cells, kind in data_rows(grid, sheet, self.block):
            yield number, cells, "section" if kind == "data" and self._names_a_place(cells) else kind

    def _names_a_place(self, cells: Sequence[Any]) -> bool:
        """Tell whether a row is one text that is a domestic place: a heading of the rows below it, never a project."""
        filled = [cell for cell in cells if cell is not None]
        if len(filled) != 1 or not isinstance(filled[0], str) or len(self.columns) < MANY_COLUMNS:
            return False
        return self.section_place(filled[0], load_index()) is not None

    def section_place(self, text: str, places: PlaceIndex) -> str | None:
        """Return the domestic place that a section row names, without its count."""
        name = _COUNT_BEHIND.sub("", text).strip()
        name = re.sub(r"^[一二三四五六七八九十\d]+[、.．]\s*", "", name)
        match = places.resolve(name, side="domestic")
        return name if match.status == "exact" else None

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``inspect --json`` prints."""
        return {
            "header_rows": list(self.block.header_rows),
            "first_row": self.first_row,
            "last_row": self.last_row,
            "rows": self.rows,
            "columns": [
                {
                    "letter": column.letter,
                    "header": column.header,
                    "field": None if column.why == "unknown" else column.field,
                    "confidence": round(column.confidence, 2),
                    "unit": column.unit,
                }
                for column in self.columns
            ],
        }


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """A sheet with its tables; ``pair_kind`` where the sheet calls itself a list of sister cities.

    ``left_out`` are tables that a person does not take in: their rows are listed, not read.
    """

    name: str
    index: int
    blocks: tuple[BlockPlan, ...]
    ignored: tuple[Ignored, ...]
    pair_kind: str | None = None
    inner_ignored: tuple[Ignored, ...] = field(default=())
    left_out: tuple[BlockPlan, ...] = field(default=())
    remarks: tuple[Remark, ...] = field(default=())

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``inspect --json`` prints."""
        ignored = sorted((*self.ignored, *self.inner_ignored), key=lambda row: row.row)
        return {
            "name": self.name,
            "blocks": [block.to_json() for block in self.blocks],
            "ignored": [row.to_json() for row in ignored],
            "warnings": [remark.to_json() for remark in self.remarks],
        }


def recognise(grid: Grid, names: Sequence[str] = (), *, counted: bool = True) -> list[SheetPlan]:
    """Return what each sheet holds; ``InputError`` ``sheet_unknown`` for a name that the workbook has not.

    Sheets that this program puts beside its tables are passed over unless they are named.
    ``counted`` also reads every row, to say how many are data and which inside a table are not.
    """
    known = [sheet.name for sheet in grid.sheets]
    for name in names:
        if name not in known:
            raise InputError("sheet_unknown", where=Where(file=grid.path.name), sheet=name)
    own = frozenset() if names else own_sheets(grid)
    plans = [
        _sheet(grid, index) for index, name in enumerate(known) if index not in own and (not names or name in names)
    ]
    return [_counted(grid, plan) for plan in plans] if counted else plans


def chosen_sheets(
    grid: Grid, *, names: Sequence[str] = (), mapped: Sequence[str] = (), units: Sequence[str] = ()
) -> list[SheetPlan]:
    """Return the sheets to take in, with the columns of ``FIELD=HEADER`` and the units of ``FIELD=UNIT`` words.

    At least one table has to be usable. Raises ``InputError`` for words that fit no field, column or unit.
    """
    return checked(grid, recognise(grid, names, counted=False), mapped=mapped, units=units)


def checked(
    grid: Grid, found: Sequence[SheetPlan], *, mapped: Sequence[str] = (), units: Sequence[str] = ()
) -> list[SheetPlan]:
    """Return recognised sheets as :func:`chosen_sheets` does."""
    sheets = usable(grid, [with_units(_remapped(sheet, mapped), units) for sheet in found])
    if not any(sheet.blocks for sheet in sheets):
        raise InputError("nothing_recognised", where=Where(file=grid.path.name))
    return sheets


def usable(grid: Grid, sheets: Sequence[SheetPlan]) -> list[SheetPlan]:
    """Return the sheets with those tables alone whose rows can become records; other rows are listed as ignored."""
    found = []
    for sheet in sheets:
        lost = tuple(
            Ignored(sheet.name, number, "unrecognised", row_text(cells))
            for block in sheet.blocks
            if not block.usable
            for number, cells in grid.rows(sheet.index, block.first_row, block.last_row + 1)
        )
        blocks = tuple(block for block in sheet.blocks if block.usable)
        found.append(replace(sheet, blocks=blocks, ignored=(*sheet.ignored, *lost)))
    return found


def rows_left_out(grid: Grid, sheet: SheetPlan, block: BlockPlan) -> Iterator[Ignored]:
    """Give the rows of a table that is not taken in."""
    for number, cells in grid.rows(sheet.index, block.first_row, block.last_row + 1):
        yield Ignored(sheet.name, number, LEFT_OUT, row_text(cells))


def with_header(grid: Grid, plan: SheetPlan, first: int, last: int) -> SheetPlan:
    """Return the sheet read again with rows ``first`` to ``last`` as the header of a table, as a person says.

    Tables above them stay, cut off there. Raises ``InputError`` ``header_unusable`` for empty rows or too many.
    """
    if not 0 < first <= last < first + MAX_HEADER_DEPTH or not any(grid.row(plan.index, first)):
        raise InputError("header_unusable", where=Where(sheet=plan.name), row=first)
    above = [
        replace(block.block, last_row=min(block.last_row, first - 1))
        for block in plan.blocks
        if block.first_row < first
    ]
    return _counted(grid, _planned(grid, plan.index, [*above, *blocks_below(grid, plan.index, (first, last))]))


def _sheet(grid: Grid, index: int) -> SheetPlan:
    return _planned(grid, index, find_blocks(grid, index))


def _planned(grid: Grid, index: int, found: Sequence[Block]) -> SheetPlan:
    name = grid.sheets[index].name
    blocks = tuple(_block(grid, index, block) for block in found)
    outer = tuple(_outer(grid, index, blocks))
    blocks = tuple(_with_signing(_with_home(block, outer)) for block in blocks)
    titles = " ".join([name, *(row.text for row in outer if row.reason == "title")])
    headers = " ".join(column.header for block in blocks if block.pairs_only for column in block.columns)
    return SheetPlan(name, index, blocks, outer, _kind_said(f"{titles} {headers}"))


def _outer(grid: Grid, index: int, blocks: Sequence[BlockPlan]) -> Iterator[Ignored]:
    """Give the rows outside the tables: titles above each, headers, and what stands below the last."""
    name = grid.sheets[index].name
    start = 1
    for block in blocks:
        headers = block.block.header_rows
        for number, cells in grid.rows(index, start, block.first_row):
            yield Ignored(name, number, "header" if number in headers else "title", row_text(cells))
        start = block.last_row + 1
    for number, cells in grid.rows(index, start):
        yield Ignored(name, number, "footnote" if blocks else "unrecognised", row_text(cells))


def _counted(grid: Grid, plan: SheetPlan) -> SheetPlan:
    """Count the rows; a table that holds the same rows again below a repeated header is parted there."""
    inner: list[Ignored] = []
    parted: list[Ignored] = []
    blocks: list[BlockPlan] = []
    seen: set[int] = set()
    for block in plan.blocks:
        spans = [Span(block.first_row)]
        for number, cells, kind in block.classified(grid, plan.index):
            if kind == "data":
                spans[-1].count(hash(cells), seen)
            elif kind != "blank":
                inner.append(Ignored(plan.name, number, kind, row_text(cells)))
            if kind == "repeated_header":
                spans.append(Span(number + 1))
        made = _parted(block, spans)
        blocks += made
        heads = {one.first_row - 1 for one in made[1:]}
        parted += [row for row in inner if row.row in heads]
    left = tuple(row for row in inner if row not in parted)
    plan = replace(plan, blocks=tuple(blocks), ignored=(*plan.ignored, *parted), inner_ignored=left)
    return replace(plan, remarks=remarks_on(grid, plan, [*plan.ignored, *left]))


def remarks_on(grid: Grid, plan: SheetPlan, ignored: Sequence[Ignored]) -> tuple[Remark, ...]:
    """Return what has to be said of a sheet; ``ignored`` has the rows inside its tables that are no data."""
    marks = [(row.row, row.reason, row.text) for row in ignored if row.sheet == plan.name]
    return remarks(grid, plan.index, [block.block for block in plan.blocks], marks)


def _parted(block: BlockPlan, spans: Sequence[Span]) -> list[BlockPlan]:
    """Part a table where its rows come again."""
    groups = grouped(spans)
    made = []
    for place, group in enumerate(groups):
        last = groups[place + 1][0].first_row - 2 if place + 1 < len(groups) else block.last_row
        first = group[0].first_row
        own = replace(block.block, first_row=first, last_row=last)
        own = replace(own, header_rows=(first - 1,)) if place else own
        copies = group[0].copies if group[0].is_copy else 0
        made.append(replace(block, block=own, rows=sum(span.rows for span in group), copies=copies))
    return made


def row_text(cells: Sequence[Any]) -> str:
    """Return the text of a row's cells in a line."""
    return " ".join(as_text(cell) for cell in cells if cell is not None)


def _kind_said(text: str) -> str | None:
    return "sister" if "友城" in text or "友好城市" in text else None


def _block(grid: Grid, index: int, block: Block) -> BlockPlan:
    return BlockPlan(block, guessed_columns(grid, index, block))


def _with_home(block: BlockPlan, outer: Sequence[Ignored]) -> BlockPlan:
    """Give a list of foreign cities the domestic place with which the nearest title above it begins."""
    if block.fields & {"title", "domestic_places"}:
        return block
    above = [row.text for row in outer if row.reason == "title" and row.row < block.first_row]
    home = next((place for text in reversed(above) if (place := _place_ahead(text)) is not None), None)
    return replace(block, home=home)


def _place_ahead(text: str) -> str | None:
    index = load_index()
    names = [text[: match.end()] for match in _PLACE_ENDING.finditer(text[:LONGEST_PLACE])]
    return next((name for name in reversed(names) if index.resolve(name, side="domestic").status == "exact"), None)


def _with_signing(plan: BlockPlan) -> BlockPlan:
    """Take the bare date column of a list of ties for the day of signing; of projects it could be any date."""
    if not plan.pairs_only or plan.fields & {"signed", "started"}:
        return plan
    bare = [column.header for column in plan.columns if fold(column.header.rpartition("/")[2]) in BARE_DATES]
    return with_field(plan, "signed", bare[0], why="part", confidence=0.8) if len(bare) == 1 else plan


def with_units(sheet: SheetPlan, units: Sequence[str]) -> SheetPlan:
    """Return the sheet with the unit of each ``FIELD=UNIT`` word on the column of that field."""
    for text in units:
        name, equals, unit = text.partition("=")
        if not equals:
            raise InputError("assignment_unreadable", text=text)
        if name not in FIELD_BY_CODE or FIELD_BY_CODE[name].kind != "money":
            raise InputError("field_without_unit", field=name)
        if not is_unit(unit):
            raise InputError("money_unit_unknown", value=unit)
        sheet = replace(sheet, blocks=tuple(_with_unit(block, name, unit) for block in sheet.blocks))
    return sheet


def _with_unit(block: BlockPlan, name: str, unit: str) -> BlockPlan:
    columns = (
        replace(column, unit=unit, unit_said=True) if column.field == name else column for column in block.columns
    )
    return replace(block, columns=tuple(columns))


def _remapped(sheet: SheetPlan, mapped: Sequence[str]) -> SheetPlan:
    for text in mapped:
        name, equals, header = text.partition("=")
        if not equals:
            raise InputError("assignment_unreadable", text=text)
        if name not in MAPPABLE:
            raise InputError("field_unknown", field=name)
        if not any(_is_header(column, header) for block in sheet.blocks for column in block.columns):
            raise InputError("header_unknown", where=Where(sheet=sheet.name), header=header)
        sheet = replace(sheet, blocks=tuple(with_field(block, name, header) for block in sheet.blocks))
    return sheet


def with_field(
    block: BlockPlan, name: str | None, header: str, *, why: str = "chosen", confidence: float = 1.0
) -> BlockPlan:
    """Return the block with the column ``header`` taken for the field ``name``; no other column keeps that field."""
    columns = []
    for column in block.columns:
        if _is_header(column, header):
            columns.append(replace(column, field=name, why=why, confidence=confidence))
        elif name not in (None, NOTE) and column.field == name:
            columns.append(replace(column, field=NOTE, why="unknown", confidence=0.0))
        else:
            columns.append(column)
    return replace(block, columns=tuple(columns))


def _is_header(column: MappedColumn, header: str) -> bool:
    wanted = fold(header)
    return wanted in (fold(column.header), fold(column.header.rpartition("/")[2])) or header == column.letter
