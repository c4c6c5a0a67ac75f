"""Figures taken out of a page: a real table and a native chart that a spreadsheet can go on with."""

from pathlib import Path

import openpyxl

from bri_desktop.excel.figure_sheet import FigureSheet, NativeChart, write_figures


def test_figures_come_with_a_table_and_a_native_chart(tmp_path: Path) -> None:
    path = tmp_path / "各洲.xlsx"
    rows = [["欧洲", 54, 45.0, 17.1], ["非洲", 12, 10.0, 34.2], ["=1+1", None, None, None]]
    write_figures(path, [FigureSheet("各洲存量", ["洲", "对数", "实际 %", "基准 %"], rows, NativeChart((2, 3)))])
    sheet = openpyxl.load_workbook(path).active
    assert [cell.value for cell in sheet[4]] == ["欧洲", 54, 45, 17.1]
    assert (sheet["A6"].value, sheet["A6"].data_type) == ("=1+1", "s")
    (table,) = sheet.tables.values()
    assert table.ref == "A3:D6"
    (chart,) = sheet._charts
    assert [series.val.numRef.f for series in chart.series] == ["统计表!$C$4:$C$6", "统计表!$D$4:$D$6"]
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")


def test_figures_without_rows_have_no_chart(tmp_path: Path) -> None:
    path = tmp_path / "空.xlsx"
    write_figures(path, [FigureSheet("空", ["洲", "洲"], [], NativeChart((1,)))])
    assert openpyxl.load_workbook(path).active._charts == []


def test_further_tables_stand_on_sheets_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "布拉格.xlsx"
    years = FigureSheet("布拉格 · 按开始年份", ["年份", "项目"], [["2017", 2], ["2018", 1]], NativeChart((1,), "line"))
    ties = FigureSheet(
        "布拉格 · 结好", ["中方", "外方", "项目"], [["北京", "布拉格", 3]] * 40, NativeChart((2,), most=30)
    )
    write_figures(path, [FigureSheet("布拉格 · 全部记录", ["日期", "名称"], [["2017", "一"]]), years, ties, ties])
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["全部记录", "按开始年份", "结好", "结好 2"]
    assert [len(sheet._charts) for sheet in book] == [0, 1, 1, 1]
    (chart,) = book["结好"]._charts
    assert chart.series[0].val.numRef.f == "结好!$C$4:$C$33"
