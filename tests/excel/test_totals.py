"""Declared totals are held against the rows that they are about."""

from pathlib import Path

import openpyxl
import pytest

from bri_desktop.excel.detect import data_rows, find_blocks
from bri_desktop.excel.reader import read
from bri_desktop.excel.totals import Difference, differences

HEADER = ["序号", "项目名称", "中方城市", "外方城市", "投资额（万元）"]


def found(path: Path, rows: list[list[object]]) -> list[Difference]:
    book = openpyxl.Workbook()
    for row in (HEADER, *rows):
        book.active.append(row)
    book.save(path)
    with read(path) as grid:
        (block,) = find_blocks(grid, 0)
        marks = [
            (number, kind, " ".join(str(cell) for cell in cells if cell is not None))
            for number, cells, kind in data_rows(grid, 0, block)
            if kind in ("total", "section")
        ]
        return list(differences(grid, 0, block, marks))


def projects(count: int, amount: object = 10) -> list[list[object]]:
    return [[number, f"项目{number}", "西安", "布拉格", amount] for number in range(1, count + 1)]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([*projects(28), ["合计", 28, None, None, 280]], []),
        ([*projects(28), ["合计", 27, None, None, 280]], [("B30", "27", "28", True)]),
        ([*projects(28), ["合计：27项"]], [("A30", "27", "28", True)]),
        ([*projects(28), ["合计", None, None, None, 281.5]], [("E30", "281.5", "280", False)]),
        ([*projects(3, "1,000.5"), ["合计", None, None, None, "3,001.5"]], []),
        ([*projects(3, "约1亿"), ["合计", None, None, None, 12.5]], []),
        ([*projects(3, "约1亿"), ["合计", None, None, None, 970]], []),
        ([*projects(3, "约1亿"), ["合计", None, None, None, 1]], []),
        ([*projects(2, 120), *projects(1, "2亿美元"), ["合计", None, None, None, 970]], []),
        ([*projects(1, "2亿美元"), *projects(2, 120), ["合计", None, None, None, 970]], []),
        ([*projects(3, 0.1), ["合计", None, None, None, 0.3]], []),
        (
            [*projects(2), ["小计", 2, None, None, 20], *projects(1), ["小计", 2, None, None, 10]],
            [("B6", "2", "1", True)],
        ),
        ([*projects(2), ["小计", 2], *projects(1), ["小计", 1], ["合计", 3, None, None, 30]], []),
        ([["北京市（2所）"], *projects(2), ["上海市（3所）"], *projects(1)], [("A5", "3", "1", True)]),
    ],
)
def test_differences(tmp_path: Path, rows: list[list[object]], expected: list[tuple[str, str, str, bool]]) -> None:
    assert found(tmp_path / "a.xlsx", rows) == [Difference(*line) for line in expected]
