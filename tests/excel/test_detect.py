"""Finding tables on a sheet: headers of several rows, totals and sections beside the data, and no data row lost."""

from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bri_desktop.excel.detect import Block, Column, classify, data_rows, find_blocks
from bri_desktop.excel.grid import Grid
from bri_desktop.excel.headers import map_columns
from bri_desktop.excel.reader import read

HEADER = ["项目名称", "中方城市", "外方城市", "国别", "合作领域", "签署日期"]


def opened(path: Path, rows: list[list[object]], merged: tuple[str, ...] = ()) -> Grid:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for area in merged:
        book.active.merge_cells(area)
    book.save(path)
    return read(path)


def block_of(*headers: str, title: int | None = None) -> Block:
    columns = tuple(Column(index, chr(65 + index), header) for index, header in enumerate(headers))
    words = {column.index: frozenset([column.header]) for column in columns}
    return Block((1,), 2, 9, columns, title, words)


def test_office_table_with_everything(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["连云港市友好城市一览表"],
        ["单位：万元"],
        ["序号", "项目名称", "中方", None, "外方", None, "结好时间", "投资额"],
        [None, None, "省份", "城市", "国家", "城市"],
        ["亚洲（2项）"],
        [1, "甲项目", "江苏", "连云港", "日本", "堺市", "1983-12-03", 100],
        [2, "乙项目", None, None, "韩国", "木浦", "1997", 200],
        ["小计", None, None, None, None, None, None, 300],
        ["序号", "项目名称"],
        ["欧洲（1项）"],
        [3, "丙项目", "江苏", "连云港", "德国", "曼海姆", 2004, "2亿美元"],
        ["合计", 3],
        ["注：数据截至2020年"],
        ["填表人：张三", None, "审核人：李四"],
        [],
        ["二、在谈项目"],
        ["项目名称", "地区", "国别", "合作领域", "备注", "启动时间", "外方城市"],
        ["丁", "上海", "捷克", "贸易", "无", "2017年", "布拉格"],
    ]
    areas = ("A1:G1", "A3:A4", "B3:B4", "G3:G4", "H3:H4", "C3:D3", "E3:F3", "A5:H5", "C6:C7", "D6:D7")
    with opened(tmp_path / "a.xlsx", rows, areas) as grid:
        first, second = find_blocks(grid, 0)
        assert (first.header_rows, first.first_row, first.last_row) == ((3, 4), 5, 14)
        assert [column.header for column in first.columns] == [
            "序号", "项目名称", "中方/省份", "中方/城市", "外方/国家", "外方/城市", "结好时间", "投资额",
        ]  # fmt: skip
        matches = map_columns(first.columns, {})
        assert [match.field for match in matches] == [
            "code", "title", None, "domestic_places", "country", "foreign_places", "signed", "amount",
        ]  # fmt: skip
        assert matches[-1].unit == "万元"
        assert (second.header_rows, second.first_row, second.last_row) == ((17,), 18, 18)
        found = list(data_rows(grid, 0, first))
        assert [(number, kind) for number, _, kind in found] == [
            (5, "section"), (6, "data"), (7, "data"), (8, "total"), (9, "repeated_header"), (10, "section"),
            (11, "data"), (12, "total"), (13, "footnote"), (14, "footnote"),
        ]  # fmt: skip
        assert found[2][1] == (2, "乙项目", "江苏", "连云港", "韩国", "木浦", "1997", 200)


def test_rows_at_the_top_that_are_no_header(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["某市国际合作项目统计表"],
        ["填报单位：外办", None, None, "填报日期：2020年1月"],
        [],
        HEADER,
        ["甲", "上海", "布拉格", "捷克", "贸易", "2017"],
    ]
    with opened(tmp_path / "a.xlsx", rows) as grid:
        (block,) = find_blocks(grid, 0)
    assert (block.header_rows, block.first_row, block.last_row, block.title_index) == ((4,), 5, 5, 0)


def test_table_that_starts_in_the_middle(tmp_path: Path) -> None:
    rows: list[list[object]] = [[], [None, None, *HEADER], [None, None, "甲", "上海", "布拉格", "捷克", "贸易", "2017"]]
    with opened(tmp_path / "a.xlsx", rows) as grid:
        (block,) = find_blocks(grid, 0)
    assert [column.letter for column in block.columns] == list("CDEFGH")
    assert block.title_index == 2


def test_column_without_a_header_is_kept_where_it_has_values(tmp_path: Path) -> None:
    rows: list[list[object]] = [HEADER, ["甲", "上海", "布拉格", "捷克", "贸易", "2017", None, "手写的一句"]]
    with opened(tmp_path / "a.xlsx", rows) as grid:
        (block,) = find_blocks(grid, 0)
    assert [column.header for column in block.columns] == [*HEADER, ""]
    assert block.columns[-1].letter == "H"


def test_unknown_headers_still_make_a_table(tmp_path: Path) -> None:
    with opened(tmp_path / "a.xlsx", [["标题"], ["Alpha", "Beta", "Gamma"], ["x", 1, 2]]) as grid:
        (block,) = find_blocks(grid, 0)
    assert (block.header_rows, block.last_row) == ((2,), 3)


def test_sheets_without_a_table(tmp_path: Path) -> None:
    for rows in ([], [["只有一句话"]], [[1, 2, 3], [4, 5, 6]]):
        with opened(tmp_path / "a.xlsx", rows) as grid:
            assert find_blocks(grid, 0) == []


def test_groups_without_merged_cells(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "项目名称,中方,,外方,,备注\n,城市,单位,城市,国家,\n甲,上海,某局,布拉格,捷克,无\n", encoding="gbk"
    )
    with read(tmp_path / "a.csv") as grid:
        (block,) = find_blocks(grid, 0)
    assert block.header_rows == (1, 2)
    assert [column.header for column in block.columns] == [
        "项目名称",
        "中方/城市",
        "中方/单位",
        "外方/城市",
        "外方/国家",
        "备注",
    ]
    assert [match.field for match in map_columns(block.columns, {})] == [
        "title", "domestic_places", "lead", "foreign_places", "country", "note",
    ]  # fmt: skip


def test_header_printed_on_every_page_starts_no_new_table(tmp_path: Path) -> None:
    row = ["甲", "上海", "布拉格", "捷克", "贸易", "2017"]
    with opened(tmp_path / "a.xlsx", [HEADER, row, HEADER, row]) as grid:
        (block,) = find_blocks(grid, 0)
        assert [kind for _, _, kind in data_rows(grid, 0, block)] == ["data", "repeated_header", "data"]


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ((), "blank"),
        ((None, None), "blank"),
        (("合计",), "total"),
        (("合 计", None, 12), "total"),
        ((None, "总计：", "12项"), "total"),
        (("北京市小计", 3), "total"),
        (("Total", 3), "total"),
        (("合计", "乙项目", "上海"), "data"),
        (("合计划项目",), "section"),
        (("北京市（23项）",), "section"),
        (("一、亚洲",), "section"),
        (("北京市",), "section"),
        ((None, "北京市（23项）"), "section"),
        ((None, "北京—布拉格直航"), "data"),
        ((None, None, "上海"), "data"),
        (("注：含意向",), "footnote"),
        (("数据来源：年报",), "footnote"),
        (("*不含港澳台",), "footnote"),
        (("填表人：张三", None, "电话：1"), "footnote"),
        (("说明会", "说明会议项目", "上海"), "data"),
        ((5,), "data"),
        (("编号", "项目名称"), "repeated_header"),
        (("编号", "甲项目"), "data"),
    ],
)
def test_classify(cells: tuple[object, ...], kind: str) -> None:
    assert classify(cells, block_of("编号", "项目名称", "中方城市", "外方城市", title=1)) == kind


def test_title_in_the_first_column_alone_is_data_unless_marked() -> None:
    block = block_of("项目名称", "中方城市", "外方城市", title=0)
    assert classify(("中欧班列",), block) == "data"
    assert classify(("北京市（23项）",), block) == "section"
    assert classify(("亚洲",), block, merged=True) == "section"


words = st.text(alphabet="甲乙丙合计总小注：（）12项一、市城市项目名称", min_size=1, max_size=6).filter(str.strip)


@given(st.lists(words, min_size=4, max_size=4))
def test_a_full_row_is_data_or_repeats_the_header(cells: list[str]) -> None:
    block = block_of("编号", "项目名称", "中方城市", "外方城市", title=1)
    headers = {"编号", "项目名称", "中方城市", "外方城市"}
    kind = classify(tuple(cells), block)
    if not headers & {cell.strip("：（）、") for cell in cells}:
        if cells[0].startswith("注"):
            assert kind in ("data", "footnote")
        else:
            assert kind in ("data", "total")
        if kind == "total":
            assert "计" in cells[0] and all("计" in cell or cell[0] in "12" for cell in cells[1:])
        if kind == "footnote":
            assert len([cell for cell in cells if cell]) == 1


titles = st.text(alphabet="甲乙丙丁戊己合作项目", min_size=2, max_size=8)


@settings(max_examples=15)
@given(
    st.lists(st.tuples(titles, st.integers(0, 3)), min_size=1, max_size=12),
    st.lists(st.sampled_from(["section", "total", "header", "blank"]), max_size=6),
)
def test_every_row_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, data: list[tuple[str, int]], others: list[str]
) -> None:
    extra = {
        "section": ["亚洲（3项）"],
        "total": ["合计", None, None, None, None, None, 7],
        "header": ["序号", *HEADER],
        "blank": [],
    }
    rows: list[list[object]] = [["序号", *HEADER]]
    expected = []
    for place, (title, kind) in enumerate(data):
        rows.append(
            [place + 1, title, "上海", "布拉格" if kind else None, "捷克", "贸易" if kind > 1 else None, "2017"]
        )
        expected.append("data")
        if place < len(others):
            rows.append(extra[others[place]])
            if others[place] != "blank":
                expected.append("repeated_header" if others[place] == "header" else others[place])
    with opened(tmp_path_factory.mktemp("book") / "a.xlsx", rows) as grid:
        (block,) = find_blocks(grid, 0)
        assert [kind for _, _, kind in data_rows(grid, 0, block)] == expected
