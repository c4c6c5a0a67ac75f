"""The workbook of the summary: real tables with all rows, numbers as numbers, native charts, sheets set for paper."""

import re
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from some_summary import chinese_summary

from bri_desktop.domain.errors import UserError
from bri_desktop.reports.document import Figure, SummaryDocument, text_of
from bri_desktop.reports.year_cells import Cell, cell_of, figure_cell
from bri_desktop.reports.year_workbook import page_breaks, write_workbook


@pytest.fixture(scope="module")
def summary() -> SummaryDocument:
    return chinese_summary(rows=400)


@pytest.fixture(scope="module")
def path(summary: SummaryDocument, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("book") / "总结.xlsx"
    write_workbook(summary, made)
    return made


@pytest.fixture(scope="module")
def book(path: Path):
    return openpyxl.load_workbook(path)


def test_each_section_has_a_sheet(book) -> None:
    assert book.sheetnames == ["总体情况", "合作区域", "合作模式", "附件1 2017年新增项目一览"]


def test_tables_are_real_and_hold_every_row(book, summary: SummaryDocument) -> None:
    annex = book["附件1 2017年新增项目一览"]
    (table,) = annex.tables.values()
    first, last = (int(re.sub(r"\D", "", part)) for part in table.ref.split(":"))
    assert last - first == 400
    assert [column.name for column in table.tableColumns] == [column.head for column in summary.tables()[1].columns]


def test_every_cell_is_the_figure_or_the_text(book, summary: SummaryDocument) -> None:
    for table, sheet in zip(summary.tables(), (book["合作区域"], book["附件1 2017年新增项目一览"]), strict=True):
        top = next(row for row in range(1, 30) if sheet.cell(row, 1).value == table.columns[0].head)
        for number, row in enumerate(table.rows, top + 1):
            for column, runs in enumerate(row, 1):
                found = sheet.cell(number, column).value
                if len(runs) == 1 and isinstance(runs[0], Figure):
                    assert found == pytest.approx(float(runs[0].value), rel=1e-12), runs
                else:
                    assert str(found) == text_of(runs)


def test_the_total_stands_under_its_table(book) -> None:
    sheet = book["合作区域"]
    table = next(iter(sheet.tables.values()))
    last = int(re.sub(r"\D", "", table.ref.split(":")[1]))
    assert [sheet.cell(last + 1, column).value for column in (1, 2)] == ["合计", 35]


def test_shares_are_shown_as_they_are_printed(book) -> None:
    sheet = book["合作区域"]
    row = next(row for row in range(1, 30) if sheet.cell(row, 1).value == "捷克")
    assert sheet.cell(row, 3).number_format == "0.0%"
    assert sheet.cell(row, 4).number_format == "#,##0.00"


def test_charts_are_native_and_read_cells(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        charts = [archive.read(name).decode() for name in archive.namelist() if "/charts/chart" in name]
    assert len(charts) == 4
    countries = next(chart for chart in charts if "国别分布" in chart)
    assert "'合作区域'!$B$" in countries or "合作区域!$B$" in countries


def test_sheets_are_set_for_paper(book) -> None:
    for sheet in book:
        drawn = bool(sheet._charts or sheet._images)
        assert sheet.page_setup.paperSize == 9
        assert sheet.page_setup.orientation == ("portrait" if drawn else "landscape")
        if not drawn:
            assert sheet.page_setup.fitToHeight == 0
        # A sheet on several pages that is fitted to the width would lose its breaks.
        assert bool(sheet.sheet_properties.pageSetUpPr.fitToPage) != bool(sheet.row_breaks.brk)
        assert sheet.print_area
    assert book["附件1 2017年新增项目一览"].print_title_rows


def test_a_section_of_text_alone_has_its_text(summary: SummaryDocument, tmp_path: Path) -> None:
    only = replace(summary.sections[3], blocks=summary.sections[3].blocks[:1], title="统计口径")
    write_workbook(replace(summary, sections=(only,)), tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert "按起始日期排列。" in [cell.value for (cell,) in sheet.iter_rows(max_col=1)]


def test_names_of_sheets_fit_and_differ(summary: SummaryDocument, tmp_path: Path) -> None:
    long = replace(summary.sections[0], title="一/二:三*四?五[六]七\\八" * 4)
    write_workbook(replace(summary, sections=(long, replace(long, code="other"))), tmp_path / "a.xlsx")
    names = openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames
    assert len(names) == len(set(names)) == 2
    assert all(len(name) <= 31 for name in names)


def test_a_summary_without_sections_is_a_workbook_still(summary: SummaryDocument, tmp_path: Path) -> None:
    write_workbook(replace(summary, sections=()), tmp_path / "a.xlsx")
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]["A1"].value == summary.title


@pytest.mark.parametrize(
    ("figure", "cell"),
    [
        (Figure("a", 1168, "1,168"), Cell(1168.0, "#,##0")),
        (Figure("a", 0.418, "41.8%"), Cell(0.418, "0.0%")),
        (Figure("a", 12 / 35, "34.3%"), Cell(12 / 35, "0.0%")),
        (Figure("a", Decimal("18000.50"), "18,000.50"), Cell(18000.5, "#,##0.00")),
        (Figure("a", Decimal("180000000"), "18,000"), Cell(18000.0, "#,##0")),
        (Figure("a", None, "—"), Cell("—")),
        (Figure("a", "捷克", "捷克"), Cell("捷克")),
        (Figure("a", -3, "−3"), Cell(-3.0, "0")),
        (Figure("a", 3, "+3"), Cell(3.0, "+0;−0;0")),
        (Figure("a", 2, "2项"), Cell("2项")),
        (Figure("a", float("nan"), "—"), Cell("—")),
    ],
)
def test_a_figure_becomes_a_cell(figure: Figure, cell: Cell) -> None:
    assert figure_cell(figure) == cell


def test_serial_numbers_are_numbers_and_codes_are_not() -> None:
    assert cell_of(("12",), "center") == Cell(12.0, "0")
    assert cell_of(("012",), "center") == Cell("012")
    assert cell_of(("12",), "left") == Cell("12")


@given(st.decimals(-(10**12), 10**12, places=2))
def test_amounts_keep_their_cents(amount: Decimal) -> None:
    cell = figure_cell(Figure("a", amount, f"{amount:,.2f}".replace("-", "−")))
    assert isinstance(cell.value, float)
    assert round(Decimal(repr(cell.value)), 2) == amount


def test_a_stopped_run_leaves_nothing(summary: SummaryDocument, tmp_path: Path) -> None:
    def stop(_done: int, _total: int) -> None:
        raise UserError("cancelled")

    with pytest.raises(UserError, match="cancelled"):
        write_workbook(summary, tmp_path / "a.xlsx", progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_pages_begin_where_no_chart_is_parted() -> None:
    assert page_breaks([(3, 20), (20, 45)], 46) == []
    assert page_breaks([(3, 20), (20, 50), (50, 70)], 46) == [20, 50]
    assert page_breaks([], 46) == []
    assert page_breaks([(3, 50), (50, 90)], 46) == []
    assert page_breaks([(3, 94), (94, 130)], 46) == []
    assert page_breaks([(3, 80), (80, 97)], 46) == [80]
