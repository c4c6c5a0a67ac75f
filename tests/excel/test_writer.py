"""Written ledgers: text stays text, numbers stay exact, and the old file is there until the new one is whole."""

import os
import stat
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from odf.opendocument import load
from odf.table import TableCell, TableRow
from odf.teletype import extractText

from bri_desktop.domain.errors import InputError
from bri_desktop.excel.reader import read
from bri_desktop.excel.sheet_text import clean
from bri_desktop.excel.writer import ExportColumn, free_name, write_ledger
from bri_desktop.excel.xlsx_book import sheet_name

COLUMNS = [
    ExportColumn("title", "项目名称", 30),
    ExportColumn("status", "状态", 10, "list", ("实施", "完成")),
    ExportColumn("signed", "签署日期", 12, "date"),
    ExportColumn("amount", "金额", 14, "money"),
    ExportColumn("count", "数量", 8, "int"),
]
ROWS = [
    ["中欧班列", "实施", "2017-05", Decimal("18000000.5"), 3],
    ["=1+1", None, "2017", Decimal("123456789012345.1234"), None],
    ["+甲", "-乙", "@丙", None, None],
    ['a<b>&"c" _x000D_ ', "两\r\n行", None, Decimal("0.0001"), 0],
]


@pytest.mark.parametrize("suffix", ["xlsx", "csv", "ods"])
def test_our_own_reader_reads_it_back(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"台账.{suffix}"
    assert write_ledger(path, title="项目/台账", columns=COLUMNS, rows=iter(ROWS)) == 4
    with read(path) as grid:
        rows = dict(grid.rows(0))
    number = str if suffix == "csv" else float
    assert rows[1] == ("项目名称", "状态", "签署日期", "金额", "数量")
    assert rows[2] == ("中欧班列", "实施", "2017-05", number("18000000.5"), "3" if suffix == "csv" else 3)
    assert rows[3] == ("=1+1", None, "2017", "123456789012345.1234")
    assert rows[4] == ("+甲", "-乙", "@丙")
    assert (rows[5][0], rows[5][1], float(rows[5][3])) == ('a<b>&"c" _x000D_ ', "两\n行", 0.0001)
    assert [name.name for name in tmp_path.iterdir()] == [path.name]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_workbook_as_another_library_sees_it(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_ledger(path, title="项目台账", columns=COLUMNS, rows=ROWS)
    book = openpyxl.load_workbook(path)
    sheet = book["项目台账"]
    assert book.sheetnames == ["项目台账", "选项"]
    assert book["选项"].sheet_state == "hidden"
    assert [cell.value for cell in book["选项"]["A"]] == ["实施", "完成"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.max_row) == ("A2", "A1:E5", 5)
    (rule,) = sheet.data_validations.dataValidation
    assert (rule.formula1, str(rule.sqref)) == ("'选项'!$A$1:$A$2", "B2:B505")
    assert (sheet["A3"].value, sheet["A3"].data_type, sheet["A3"].quotePrefix) == ("=1+1", "s", True)
    assert (sheet["D2"].value, sheet["D2"].number_format) == (18000000.5, "#,##0.####")
    assert sheet["C2"].number_format == "@"
    assert sheet["A1"].font.bold
    assert sheet.column_dimensions["A"].width > 29


def test_opendocument_as_another_library_sees_it(tmp_path: Path) -> None:
    path = tmp_path / "a.ods"
    write_ledger(path, title="台账", columns=COLUMNS, rows=ROWS)
    rows = load(path).spreadsheet.getElementsByType(TableRow)
    texts = [[extractText(cell) for cell in row.getElementsByType(TableCell)] for row in rows]
    assert texts[1] == ["中欧班列", "实施", "2017-05", "18000000.5", "3"]
    assert texts[2][0] == "=1+1"


def test_csv_for_spreadsheets(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_ledger(path, title="", columns=COLUMNS[:2], rows=[["=1+1", "'=x"], ["-5", '甲,"乙"']])
    assert path.read_bytes().decode("utf-8") == '\ufeff项目名称,状态\r\n\'=1+1,\'\'=x\r\n\'-5,"甲,""乙"""\r\n'


def test_long_text_is_kept_whole_in_a_sheet_of_its_own(tmp_path: Path) -> None:
    text = "长" * 40_000 + "𠮷" * 20_000
    path = tmp_path / "a.xlsx"
    write_ledger(path, title="台账", columns=COLUMNS[:1], rows=[["短"], [text]])
    book = openpyxl.load_workbook(path)
    assert book["台账"]["A3"].value.endswith("……（全文见工作表“长文本”）")
    assert len(book["台账"]["A3"].value.encode("utf-16-le")) // 2 <= 32_767
    parts = list(book["长文本"].iter_rows(min_row=2, values_only=True))
    assert "".join(part[3] for part in parts) == text
    assert {(part[0], part[1]) for part in parts} == {(3, "项目名称")}


def test_not_a_number_never_reaches_a_number_cell(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_ledger(path, title="台账", columns=COLUMNS[3:], rows=[[float("nan"), float("inf")], [1e300, 10**20]])
    sheet = openpyxl.load_workbook(path)["台账"]
    assert all(cell.data_type != "n" or cell.value is None for row in sheet.iter_rows(min_row=2) for cell in row)


def _failing() -> Iterator[list[str]]:
    yield ["甲"]
    raise InputError("made_up")


def test_old_file_stays_when_writing_fails(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")
    with pytest.raises(InputError, match="made_up"):
        write_ledger(path, title="台账", columns=COLUMNS[:1], rows=_failing())
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("a.xlsx", b"old")]


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "folder.xlsx").mkdir()
    missing, folder = tmp_path / "missing" / "a.xlsx", tmp_path / "folder.xlsx"
    for path, code in ((missing, "folder_missing"), (folder, "file_unwritable")):
        with pytest.raises(InputError) as caught:
            write_ledger(path, title="台账", columns=COLUMNS[:1], rows=[["甲"]])
        assert (caught.value.code, caught.value.where.file) == (code, path.name)
    with pytest.raises(InputError, match="file_type_unknown"):
        write_ledger(tmp_path / "a.doc", title="台账", columns=COLUMNS, rows=[])
    assert [file.name for file in tmp_path.iterdir()] == ["folder.xlsx"]


def test_full_disk_is_said(tmp_path: Path) -> None:
    path = Path("/dev/full")
    with pytest.raises(OSError) as caught, path.open("wb") as stream:
        stream.write(b"x")
    assert caught.value.errno == 28

    def rows() -> Iterator[list[str]]:
        yield ["甲"]
        raise OSError(caught.value.errno, os.strerror(28))

    with pytest.raises(InputError, match="disk_full"):
        write_ledger(tmp_path / "a.xlsx", title="台账", columns=COLUMNS[:1], rows=rows())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("lock", ["~$台账.xlsx", ".~lock.台账.xlsx#"])
def test_file_that_is_open_elsewhere(tmp_path: Path, lock: str) -> None:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(b"old")
    (tmp_path / lock).write_bytes(b"")
    with pytest.raises(InputError) as caught:
        write_ledger(path, title="台账", columns=COLUMNS[:1], rows=[["甲"]])
    assert (caught.value.code, caught.value.values) == ("file_in_use", {"beside": "台账 (2).xlsx"})
    assert free_name(path).name == "台账 (2).xlsx"


def test_progress_and_many_rows(tmp_path: Path) -> None:
    for suffix in ("xlsx", "csv", "ods"):
        seen: list[int] = []
        rows = ([f"项目{number}"] for number in range(1200))
        path = tmp_path / f"a.{suffix}"
        assert write_ledger(path, title="台账", columns=COLUMNS[:1], rows=rows, progress=seen.append) == 1200
        assert len(seen) == 2
        with read(path) as grid:
            assert grid.row(0, 1201) == ("项目1199",)


def test_empty_ledger(tmp_path: Path) -> None:
    for suffix in ("xlsx", "csv", "ods"):
        assert write_ledger(tmp_path / f"a.{suffix}", title="", columns=COLUMNS, rows=[]) == 0
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames[0] == "Sheet1"


def test_parts_are_those_of_a_plain_workbook(tmp_path: Path) -> None:
    write_ledger(tmp_path / "a.xlsx", title="台账", columns=COLUMNS, rows=ROWS)
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert archive.testzip() is None
        xml = archive.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in xml
    assert xml.count(b"<row ") == 5


@pytest.mark.parametrize(("title", "name"), [("a/b:c", "a b c"), ("", "Sheet1"), ("'x'", "x"), ("长" * 40, "长" * 31)])
def test_sheet_name(title: str, name: str) -> None:
    assert sheet_name(title) == name


texts = st.text(max_size=12)


@settings(max_examples=25)
@given(st.lists(st.lists(texts, min_size=2, max_size=2), min_size=1, max_size=6), st.sampled_from(["xlsx", "csv"]))
def test_any_text_comes_back_cleaned(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], suffix: str
) -> None:
    path = tmp_path_factory.mktemp("book") / f"a.{suffix}"
    write_ledger(path, title="台账", columns=COLUMNS[:2], rows=rows)
    if suffix == "csv":
        with read(path) as grid:
            found = {(number, place): cell for number, row in grid.rows(0) for place, cell in enumerate(row)}
    else:
        sheet = openpyxl.load_workbook(path)["台账"]
        found = {(row[0].row, place): cell.value for row in sheet.iter_rows() for place, cell in enumerate(row)}
    for number, row in enumerate(rows, 2):
        for place, text in enumerate(row):
            expected = clean(text)
            cell = found.get((number, place))
            if cell is None:
                assert not expected.strip()
            else:
                assert str(cell) == expected
