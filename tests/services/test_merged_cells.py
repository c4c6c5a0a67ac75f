"""Merged data cells: the value fills the rows it covers, and each cell that was filled says so."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from some_workbooks import book, take

from bri_desktop.db.database import Database
from bri_desktop.excel.merges import MAX_FILLED_ROWS, Merges
from bri_desktop.services.intake_report import ImportReport
from bri_desktop.services.intake_wizard import open_book

HEADER = ["项目名称", "中方城市", "国家", "状态"]


@pytest.fixture
def merged(tmp_path: Path) -> Path:
    rows = [HEADER, ["甲", "上海", "日本", "也许"], ["乙", None, None, None], ["丙", None, "韩国", "实施"]]
    path = book(tmp_path / "a.xlsx", [["台账"], *rows])
    workbook = load_workbook(path)
    sheet = workbook.active
    for area in ("B3:B5", "C3:C4", "D3:D4"):
        sheet.merge_cells(area)
    workbook.save(path)
    return path


def problems(report: ImportReport) -> dict[str, str | None]:
    told = report.to_json()["problems"]
    return {problem["cell"]: problem.get("merged") for problem in told}


def test_a_problem_of_a_filled_cell_names_the_merged_ones(ledger: Database, merged: Path) -> None:
    report = take(ledger, merged)
    assert problems(report) == {"D3": None, "D4": "D3:D4"}
    message = {problem["cell"]: problem["message"] for problem in report.to_json()["problems"]}
    assert message["D4"].endswith("（由合并单元格 D3:D4 填入）") and "合并" not in message["D3"]


def test_the_book_tells_what_fills_a_blank_cell(ledger: Database, merged: Path) -> None:
    opened = open_book(ledger, merged, lambda _done, _all: None, lambda: False)
    try:
        assert opened.filling(0, 5, 1, 3) == ("上海", "B3:B5")
        assert opened.filling(0, 4, 2, 3) == ("日本", "C3:C4")
        assert opened.filling(0, 3, 1, 3) is None
        assert opened.filling(0, 5, 2, 3) is None
    finally:
        opened.close()


def test_what_was_merged_above_the_table_fills_no_row() -> None:
    assert Merges([(1, 1, 200_000, 26)]).filling(9, 3, 3) is None
    assert Merges([(3, 1, 200_000, 26)]).filling(9, 3, 3) is not None
    assert Merges([(3, 1, 200_000, 26)]).filling(3 + MAX_FILLED_ROWS + 1, 3, 3) is None
