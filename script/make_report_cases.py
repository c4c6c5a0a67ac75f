#!/usr/bin/env python3
"""Turn the hand-extracted cases of the report (CSV) into the kind of ledger an office sends in (XLSX).

The CSV holds clean values; the workbook holds them the way people type them: a title, a two-row header with merged
groups, a band for each city, dates in many forms, a sum and a footnote. The forms are chosen by fixed rules, so the
same CSV always gives the same bytes. The rules are described in ``docs/report-cases.md``.
"""

import argparse
import csv
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from itertools import groupby
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

SAMPLES = Path(__file__).resolve().parents[1] / "resources" / "samples"
SHEET = "合作项目台账"
TITLE = "“一带一路”城市国际合作项目台账（《报告》所载案例）"
FOOTNOTE = (
    "数据来源：《报告》第一章至第五章。"
    "注：空格为《报告》未载明；金额单位为万元人民币，外币照原文填写；“约、近、余、多”等未计入数量。"
)
HEADER_ROWS = 3
STAMP = datetime(2024, 1, 1, tzinfo=UTC)

# Group over columns; an empty group is a column whose heading spans both header rows.
COLUMNS: tuple[tuple[str, str, float], ...] = (
    ("", "序号", 6),
    ("", "项目名称", 34),
    ("", "中方城市", 14),
    ("外方", "外方城市", 18),
    ("外方", "国家", 14),
    ("分类", "合作模式", 10),
    ("分类", "机制类型", 9),
    ("分类", "合作性质", 10),
    ("分类", "合作领域", 10),
    ("分类", "其他领域", 10),
    ("分类", "层级", 8),
    ("分类", "结好类别", 10),
    ("时间", "签署日期", 13),
    ("时间", "开始日期", 13),
    ("时间", "结束日期", 13),
    ("主体", "中方单位", 24),
    ("主体", "合作单位", 28),
    ("投入与成果", "金额（万元）", 13),
    ("投入与成果", "成果数量", 34),
    ("投入与成果", "主要成果", 40),
    ("", "状态", 8),
    ("", "来源", 34),
)
AMOUNT_COLUMN = 18
DATE_HEADINGS = ("签署日期", "开始日期", "结束日期")
CENTRED = {
    "序号", "合作模式", "机制类型", "合作性质", "合作领域", "其他领域", "层级", "结好类别", "状态", *DATE_HEADINGS,
}  # fmt: skip

# Cells with the faults of real life: a line break after the given text, and digits in full width.
LINE_BREAKS = {
    ("喀喇昆仑公路升级改造二期（塔科特至哈维连段）", "项目名称"): "二期",
    ("中捷中医中心", "主要成果"): "揭牌，",
    ("卡西姆港燃煤电站", "主要成果"): "发电，",
}
FULL_WIDTH = {
    ("国际科技合作产学研合作专项", "开始日期"),
    ("佛山新城绿色建筑", "成果数量"),
    ("“天津生态城”绿色学校试点", "成果数量"),
}
_TO_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")

THIN = Side(style="thin", color="FF9AA5B1")
GRID = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
HEAD_FILL = PatternFill("solid", fgColor="FFDCE6F1")
BAND_FILL = PatternFill("solid", fgColor="FFF2F2F2")

Cell = str | int | float | date | None


@dataclass
class DateForms:
    """Gives each date the next of the written forms of its precision, in turn."""

    seen: dict[int, int] = field(default_factory=dict)

    def write(self, iso: str) -> Cell:
        """Return ``iso`` (``2017``, ``2017-05`` or ``2017-05-17``) as one of the forms; '' gives ``None``."""
        if not iso:
            return None
        parts = [int(part) for part in iso.split("-")]
        turn = self.seen.get(len(parts), 0)
        self.seen[len(parts)] = turn + 1
        forms = _date_forms(*parts)
        return forms[turn % len(forms)]


def _date_forms(year: int, month: int = 0, day: int = 0) -> list[Cell]:
    if not month:
        return [year, f"{year}年", str(year)]
    if not day:
        return [f"{year}年{month}月", f"{year}-{month:02}", f"{year}.{month:02}", f"{year}/{month}"]
    dot, cjk = f"{year}.{month}.{day}", f"{year}年{month}月{day}日"
    return [dot, date(year, month, day), cjk, f"{year}-{month:02}-{day:02}", f"{year}/{month}/{day}"]


def amount_cell(record: dict[str, str]) -> Cell:
    """Return renminbi as a number of 万元 and any other currency as the words of the report."""
    if not record["金额"]:
        return None
    if record["币种"] != "CNY":
        return record["金额写法"]
    value = Decimal(record["金额"]) / 10_000
    return int(value) if value == value.to_integral_value() else float(value)


def row_values(number: int, record: dict[str, str], dates: DateForms) -> list[Cell]:
    """Return the cells of a project in the order of ``COLUMNS``."""
    values: list[Cell] = []
    for _, heading, _ in COLUMNS:
        value: Cell
        if heading == "序号":
            value = number
        elif heading == "金额（万元）":
            value = amount_cell(record)
        elif heading in DATE_HEADINGS:
            value = dates.write(record[heading])
        else:
            value = record[heading] or None
        values.append(_as_typed(value, record["项目名称"], heading))
    return values


def _as_typed(value: Cell, title: str, heading: str) -> Cell:
    after = LINE_BREAKS.get((title, heading))
    if after:
        return str(value).replace(after, after + "\n", 1)
    if (title, heading) in FULL_WIDTH:
        return str(value).translate(_TO_FULL_WIDTH)
    return value


def build(records: list[dict[str, str]]) -> Workbook:
    """Return the whole ledger; records of one section follow each other."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = SHEET
    _write_head(sheet)
    row, number, dates = HEADER_ROWS, 0, DateForms()
    for section, members in groupby(records, key=lambda record: record["分组"]):
        group = list(members)
        row += 1
        _write_band(sheet, row, f"{section}（{len(group)}项）")
        for record in group:
            row, number = row + 1, number + 1
            _write_row(sheet, row, row_values(number, record, dates))
    _write_foot(sheet, row + 1, records)
    _set_up_page(sheet)
    book.properties.creator = "bri-desktop"
    book.properties.created = STAMP.replace(tzinfo=None)
    return book


def _write_head(sheet: Worksheet) -> None:
    last = len(COLUMNS)
    sheet.cell(1, 1, TITLE).font = Font(bold=True, size=16)
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=last)
    sheet.row_dimensions[1].height = 34
    for index, (group, heading, width) in enumerate(COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = width
        sheet.cell(3 if group else 2, index, heading)
    for group, start, end in _header_groups():
        if group:
            sheet.cell(2, start, group)
        sheet.merge_cells(start_row=2, start_column=start, end_row=2 if group else 3, end_column=end)
    centre = Alignment(horizontal="center", vertical="center", wrap_text=True)
    sheet.cell(1, 1).alignment = centre
    for row in (2, 3):
        for column in range(1, last + 1):
            cell = sheet.cell(row, column)
            cell.font, cell.fill, cell.border, cell.alignment = Font(bold=True), HEAD_FILL, GRID, centre


def _header_groups() -> Iterator[tuple[str, int, int]]:
    """Yield group, first and last column; ungrouped columns one by one."""
    for key, members in groupby(enumerate(COLUMNS, start=1), key=lambda item: item[1][0] or str(item[0])):
        numbers = [index for index, _ in members]
        yield ("" if key.isdigit() else key), numbers[0], numbers[-1]


def _write_band(sheet: Worksheet, row: int, text: str) -> None:
    sheet.cell(row, 1, text)
    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(COLUMNS))
    for column in range(1, len(COLUMNS) + 1):
        cell = sheet.cell(row, column)
        cell.font, cell.fill, cell.border = Font(bold=True), BAND_FILL, GRID
    sheet.cell(row, 1).alignment = Alignment(vertical="center")


def _write_row(sheet: Worksheet, row: int, values: list[Cell]) -> None:
    for column, (value, (_, heading, _)) in enumerate(zip(values, COLUMNS, strict=True), start=1):
        cell = sheet.cell(row, column, value)
        horizontal = "center" if heading in CENTRED else None
        cell.border = GRID
        cell.alignment = Alignment(horizontal=horizontal, vertical="center", wrap_text=True)
        if isinstance(value, date):
            cell.number_format = "yyyy/m/d"
        elif column == AMOUNT_COLUMN and isinstance(value, int | float):
            cell.number_format = "#,##0.####" if isinstance(value, float) else "#,##0"


def _write_foot(sheet: Worksheet, row: int, records: list[dict[str, str]]) -> None:
    amounts = [value for value in map(amount_cell, records) if isinstance(value, int | float)]
    sheet.cell(row, 1, "合计")
    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=2)
    sheet.cell(row, 3, f"{len(records)}项")
    sheet.cell(row, AMOUNT_COLUMN, sum(amounts)).number_format = "#,##0"
    for column in range(1, len(COLUMNS) + 1):
        cell = sheet.cell(row, column)
        cell.font, cell.fill, cell.border = Font(bold=True), HEAD_FILL, GRID
    sheet.cell(row + 1, 1, FOOTNOTE).alignment = Alignment(vertical="center", wrap_text=True)
    sheet.merge_cells(start_row=row + 1, start_column=1, end_row=row + 1, end_column=len(COLUMNS))
    sheet.row_dimensions[row + 1].height = 30


def _set_up_page(sheet: Worksheet) -> None:
    sheet.freeze_panes = "C4"
    sheet.print_title_rows = f"1:{HEADER_ROWS}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A3
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def save(book: Workbook, target: Path) -> None:
    """Write the workbook with fixed times, which a plain save would take from the clock."""
    raw = BytesIO()
    book.save(raw)
    stamp = STAMP.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, data)
            info = zipfile.ZipInfo(name, STAMP.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(info, data)


def main() -> None:
    """Read the CSV and write the workbook; both paths can be given."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--source", type=Path, default=SAMPLES / "report_cases.csv")
    parser.add_argument("--target", type=Path, default=SAMPLES / "report_cases.xlsx")
    arguments = parser.parse_args()
    with arguments.source.open(encoding="utf-8", newline="") as stream:
        records = list(csv.DictReader(stream))
    save(build(records), arguments.target)
    print(f"{arguments.target}: {len(records)} projects")


if __name__ == "__main__":
    main()
