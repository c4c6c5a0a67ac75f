"""Small tables of values as an office brings them: which column is what, and the written values with their cells."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from bri_desktop.domain.errors import InputError, ValueProblemError, Where
from bri_desktop.domain.folding import fold
from bri_desktop.domain.written import parse_number
from bri_desktop.excel.grid import Cell, ErrorCell, Grid
from bri_desktop.excel.parts import column_letter
from bri_desktop.labels import sentence

HEAD_ROWS = 20
TOTALS = frozenset(map(fold, ("合计", "总计", "小计", "全球", "世界", "total", "sum", "world")))
HEADERS: Mapping[str, tuple[str, ...]] = {
    "unit": (
        "国家",
        "国家/地区",
        "国家（地区）",
        "国别",
        "地区",
        "名称",
        "单位",
        "单元",
        "代码",
        "iso2",
        "key",
        "name",
        "country",
    ),
    "value": ("数值", "值", "人口", "贸易额", "进出口额", "金额", "population", "trade", "value"),
    "year": ("年份", "年度", "年", "year"),
    "source": ("来源", "数据来源", "source"),
    "city": ("城市", "城市名称", "city"),
    "country": ("国家", "国家/地区", "国家（地区）", "国别", "country"),
    "dimension": ("维度", "一级指标", "dimension"),
    "criterion": ("指标", "二级指标", "指标名称", "indicator", "criterion"),
    "direction": ("方向", "direction"),
    "tier": ("等级", "级别", "资金融通等级", "tier"),
    "currency": ("币种", "货币", "currency"),
    "rate": ("汇率", "折合人民币", "rate"),
}


@dataclass(frozen=True, slots=True)
class Written:
    """One row: field -> (cell, written value); a field that is empty is missing."""

    sheet: str
    row: int
    values: Mapping[str, tuple[str, Any]]

    def text(self, field: str) -> str:
        """Return the text of a field, ``""`` where it is empty."""
        value = self.values.get(field, ("", ""))[1]
        return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()

    def cell(self, field: str) -> str:
        """Return the cell of a field; that of the row's first value where it is empty."""
        return self.values[field][0] if field in self.values else next(iter(self.values.values()))[0]


@dataclass(frozen=True, slots=True)
class TableProblem:
    """A value that was left out, and why."""

    sheet: str
    cell: str
    value: str
    code: str

    def to_json(self) -> dict[str, str]:
        """Return the object that ``--json`` prints."""
        plain = {"sheet": self.sheet, "cell": self.cell, "value": self.value}
        return plain | {"code": self.code, "message": sentence(self.code)}


def read_rows(grid: Grid, required: Sequence[str], optional: Sequence[str] = ()) -> list[Written]:
    """Return the rows of the first sheet with a header row that has every ``required`` field.

    Raises ``InputError`` ``table_headers_missing`` where no sheet has one; total rows and empty ones are left out.
    """
    for number, sheet in enumerate(grid.sheets):
        found = _header(grid, number, required, optional)
        if found is not None:
            head, columns = found
            return list(_rows(grid, number, sheet.name, head, columns))
    wanted = "、".join(HEADERS[field][0] for field in required)
    raise InputError("table_headers_missing", where=Where(file=grid.path.name), headers=wanted)


def _header(
    grid: Grid, sheet: int, required: Sequence[str], optional: Sequence[str]
) -> tuple[int, dict[str, int]] | None:
    for row, cells in islice(grid.rows(sheet), HEAD_ROWS):
        columns = _columns(cells, (*required, *optional))
        if all(field in columns for field in required):
            return row, columns
    return None


def _columns(cells: Sequence[Cell], fields: Sequence[str]) -> dict[str, int]:
    """Return field -> column of one row; a header may carry a unit in brackets: 人口（万人）."""
    columns: dict[str, int] = {}
    for index, cell in enumerate(cells):
        if not isinstance(cell, str):
            continue
        names = {fold(cell), fold(cell.replace("(", "（").partition("（")[0])}
        for field in fields:
            if field not in columns and names & set(map(fold, HEADERS[field])):
                columns[field] = index
                break
    return columns


def _rows(grid: Grid, sheet: int, name: str, head: int, columns: Mapping[str, int]) -> Iterator[Written]:
    for row, cells in grid.rows(sheet, head + 1):
        values = {
            field: (f"{column_letter(index + 1)}{row}", cells[index])
            for field, index in columns.items()
            if index < len(cells) and cells[index] is not None and str(cells[index]).strip()
        }
        first = next(iter(cells), None)
        if values and not (isinstance(first, str) and fold(first) in TOTALS):
            yield Written(name, row, values)


def number(written: Written, field: str) -> float:
    """Return a number of 0 or more; ``ValueProblemError`` for anything else, also for a cell that is empty."""
    if field not in written.values:
        raise ValueProblemError("required", "")
    value = written.values[field][1]
    if isinstance(value, ErrorCell):
        raise ValueProblemError("cell_error", value)
    if not isinstance(value, str | int | float):
        raise ValueProblemError("number_unreadable", value)
    return float(parse_number(value))


def year_of(written: Written, default: int | None) -> int:
    """Return the year that a row names, else ``default``; ``ValueProblemError`` without either."""
    text = written.text("year").removesuffix("年")
    if not text and default is not None:
        return default
    if not (text.isdigit() and 1900 <= int(text) <= 2200):
        raise ValueProblemError("year_unreadable", text)
    return int(text)


def problem(written: Written, field: str, code: str) -> TableProblem:
    """Return what is wrong with one field of a row."""
    return TableProblem(written.sheet, written.cell(field), written.text(field), code)
