"""What is said of a file beside its rows: in what the importer sees and in the account of an import."""

from pathlib import Path

import openpyxl
from some_workbooks import take

from bri_desktop.db.database import Database
from bri_desktop.excel.reader import read
from bri_desktop.services.intake_sheets import recognise

HEADER = ["项目名称", "中方城市", "外方城市", "国家", "投资额（万元）", "备注"]


def odd_book(path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(HEADER)
    for number in range(1, 5):
        sheet.append([f"项目{number}", "西安", "布拉格", "捷克", 100, 123456789012345678 if number == 2 else None])
    sheet.append(["合计", None, None, None, 500])
    sheet.merge_cells("B3:B4")
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["D"].hidden = True
    sheet["XFA2"] = "远"
    sheet.auto_filter.ref = "A1:F5"
    sheet.auto_filter.add_filter_column(0, ["项目1"])
    hidden = book.create_sheet("旧表")
    hidden.append(["记录"])
    hidden.sheet_state = "hidden"
    book.save(path)
    return path


def test_every_remark_on_a_sheet(tmp_path: Path) -> None:
    with read(odd_book(tmp_path / "a.xlsx")) as grid:
        first, second = (plan.to_json()["warnings"] for plan in recognise(grid))
    assert [(one["code"], one["cell"], one["message"]) for one in first] == [
        ("rows_filtered", None, "文件中保存的筛选隐藏了 1 行，仍照常读取。"),
        ("columns_hidden", None, "隐藏的列仍照常读取：D。"),
        ("cells_clipped", "XFA2", "远离表格的单元格未读取：XFA2。"),
        ("digits_lost", "F3", "表格软件的数字只保留 15 位；请核对以下单元格，长号码请改为文本：F3。"),
        ("merged_filled", "B3", "合并单元格的内容按其覆盖的每一行计：B3:B4。"),
        ("total_differs", "E6", "此处合计为 500，各行相加为 400，请核对。"),
    ]
    assert [(one["sheet"], one["code"]) for one in second] == [("旧表", "sheet_hidden")]


def test_an_import_says_the_same(ledger: Database, tmp_path: Path) -> None:
    report = take(ledger, odd_book(tmp_path / "a.xlsx"), dry=True)
    assert [one["code"] for one in report.to_json()["warnings"]] == [
        *("rows_filtered", "columns_hidden", "cells_clipped", "digits_lost", "merged_filled", "total_differs"),
        "sheet_hidden",
    ]


def test_a_plain_sheet_has_none(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    book.active.append(["项目1", "西安", "布拉格", "捷克", 100, None])
    book.active.append(["合计", 1, None, None, 100])
    book.save(tmp_path / "a.xlsx")
    with read(tmp_path / "a.xlsx") as grid:
        assert recognise(grid)[0].remarks == ()


def test_a_title_that_counts_other_rows_than_there_are(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["无锡市国际友好城市一览表（27对）"])
    sheet.append(["城市", "国别", "结好时间"])
    for name in ("明石", "相模原"):
        sheet.append([name, "日本", "1981"])
    book.save(tmp_path / "a.xlsx")
    with read(tmp_path / "a.xlsx") as grid:
        (plan,) = recognise(grid)
    said = [(one["cell"], one["message"]) for one in plan.to_json()["warnings"]]
    assert said == [("A1", "此处写明 27 条，实有 2 条，请核对。")]
    sheet["A1"] = "无锡市国际友好城市一览表（共2对）"
    book.save(tmp_path / "a.xlsx")
    with read(tmp_path / "a.xlsx") as grid:
        assert recognise(grid)[0].remarks == ()
