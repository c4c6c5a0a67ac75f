"""The answer to a workbook is the workbook: every cell that bears no verdict is there as it was, byte for byte."""

import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment

from bri_desktop.excel.verdict_parts import UnusualSheetError, write_skeleton
from bri_desktop.excel.verdicts import ACCEPTED, AUTHOR, CLASH, COLOURS, REFUSED, Answer, Verdict, write_verdicts

SHEET = "xl/worksheets/sheet1.xml"
ANSWER = Answer(
    [
        Verdict("台账", "B2", ACCEPTED, "已采纳。"),
        Verdict("台账", "D2", REFUSED, "请改写。"),
        Verdict("台账", "C5", CLASH, "两边不同。"),
        Verdict("台账", "A9", REFUSED, "此行为空。"),
    ]
)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Return a workbook as Excel writes one: shared texts, a formula with its value, dates, empty and styled rows."""
    path = tmp_path / "book.xlsx"
    made = xlsxwriter.Workbook(path)
    sheet, red = made.add_worksheet("台账"), made.add_format({"font_color": "#FF0000", "num_format": "0.00"})
    sheet.write_row(0, 0, ["编号", "名称", "备注", "金额"])
    sheet.write_row(1, 0, ["001", "甲 & 乙 <丙>", "第一行\n第二行"])
    sheet.write_number(1, 3, 1.5, red)
    sheet.write_formula(2, 3, "=D2*2", red, 3.0)
    sheet.set_row(3, 40)
    sheet.write_string(4, 0, "  002 ")
    sheet.write_blank(4, 2, None, red)
    sheet.write_row(6, 0, ["003", "最后"])
    sheet.merge_range("A12:C12", "合并")
    sheet.data_validation("B2:B20", {"validate": "list", "source": ["一", "二"]})
    sheet.autofilter("A1:D7")
    made.add_worksheet("别的").write_row(0, 0, ["别的表", 7])
    made.close()
    return path


def changed(book: Path, old: str, new: str) -> Path:
    """Change the XML of the first sheet by a pattern."""
    out = book.with_name(f"changed {book.name}")
    with zipfile.ZipFile(book) as source, zipfile.ZipFile(out, "w") as target:
        for info in source.infolist():
            data = source.read(info)
            if info.filename == SHEET:
                data = re.sub(old.encode(), new.encode(), data)
            target.writestr(info, data)
    return out


def answered(book: Path, answer: Answer = ANSWER) -> Path:
    out = book.with_name("answer.xlsx")
    assert write_verdicts(book, out, answer) == len(answer.verdicts)
    return out


def cells(path: Path, *, values: bool) -> dict[tuple[str, str], tuple[object, str, str]]:
    """Return (sheet, cell) -> value, colour of the text, number format."""
    found = openpyxl.load_workbook(path, data_only=values)
    return {
        (sheet.title, cell.coordinate): (
            cell.value,
            str(cell.font.color.rgb if cell.font.color else ""),
            cell.number_format,
        )
        for sheet in found.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None and sheet.title != "回执汇总"
    }


@pytest.mark.parametrize("values", [True, False], ids=["values", "formulas"])
def test_every_cell_is_as_it_was(book: Path, values: bool) -> None:
    assert cells(answered(book), values=values) == cells(book, values=values)


def test_the_marked_cells_have_colour_and_comment(book: Path) -> None:
    sheet = openpyxl.load_workbook(answered(book))["台账"]
    for one in ANSWER.verdicts:
        cell = sheet[one.cell]
        assert (cell.fill.fgColor.rgb, cell.comment.text) == (COLOURS[one.kind], one.text)
    assert sheet["C5"].font.color.rgb == "FFFF0000" and sheet["D2"].number_format == "0.00"
    assert sheet.row_dimensions[4].height == 39.75 and "A12:C12" in [str(one) for one in sheet.merged_cells.ranges]
    assert [str(one.sqref) for one in sheet.data_validations.dataValidation] == ["B2:B20"]


def test_an_answer_is_taken_off_by_the_next_one(book: Path) -> None:
    first = answered(book)
    own = openpyxl.load_workbook(first)
    own["台账"]["B7"].comment = Comment("部门自己的批注", "张三")
    own.save(first)
    second = first.with_name("second.xlsx")
    write_verdicts(first, second, Answer([Verdict("台账", "A1", ACCEPTED, "已采纳。")]))
    back = openpyxl.load_workbook(second)
    assert back.sheetnames == ["回执汇总", "台账", "别的"]
    noted = {c.coordinate: c.comment.author for row in back["台账"].iter_rows() for c in row if c.comment}
    assert noted == {"A1": AUTHOR, "B7": "张三"}
    assert {back["台账"][one.cell].fill.fill_type for one in ANSWER.verdicts} == {None}
    assert cells(second, values=False) == cells(book, values=False)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (r'<row r="5"', '<row r="5" x14ac:dyDescent="0.25"'),
        (r'<c r="B2"', '<c r="B2" cm="1"'),
        (r'<row r="4"([^>]*)/>', r'<row r="4"\1></row>'),
        (r"</row><row", "</row>\n  <row"),
        (r'<row r="7" spans="1:4"', '<row spans="1:4" r="7"'),
    ],
    ids=["prefixed attribute", "metadata", "empty row", "line breaks", "order of attributes"],
)
def test_however_the_rows_are_written(book: Path, old: str, new: str) -> None:
    path = changed(book, old, new)
    if "x14ac" in new:
        path = changed(path, "<worksheet ", '<worksheet xmlns:x14ac="urn:x" ')
    assert cells(answered(path), values=True) == cells(book, values=True)


def test_rows_that_cannot_be_copied_are_written_anew(book: Path, tmp_path: Path) -> None:
    path = changed(book, r'<row r="\d+"', "<row")
    with pytest.raises(UnusualSheetError):
        write_skeleton(path, tmp_path / "thin.xlsx", {})
    assert cells(answered(path), values=False) == cells(book, values=False)


def test_nothing_but_the_marked_cells_is_held(book: Path, tmp_path: Path) -> None:
    thin = tmp_path / "thin.xlsx"
    write_skeleton(book, thin, {"台账": ["B2"]})
    with zipfile.ZipFile(thin) as archive:
        sheet = archive.read(SHEET)
    assert re.findall(rb'<c r="(\w+)"', sheet) == [b"B2"]
    assert openpyxl.load_workbook(io.BytesIO(thin.read_bytes())).sheetnames == ["台账", "别的"]
