"""Reading workbooks: true addresses, nothing blank that was not blank, and no file that takes the program down."""

import datetime as dt
import io
import struct
import sys
import tempfile
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from bri_desktop.domain.errors import InputError
from bri_desktop.excel.grid import DateCell, ErrorCell, Grid
from bri_desktop.excel.preflight import Kind, identify
from bri_desktop.excel.reader import read


def cells(grid: Grid, sheet: int = 0) -> dict[int, tuple[object, ...]]:
    return dict(grid.rows(sheet))


def changed(source: Path, target: Path, part: str, old: bytes, new: bytes) -> Path:
    """Copy a workbook with some bytes of one part replaced."""
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for info in archive.infolist():
            data = archive.read(info)
            if info.filename == part:
                assert old in data
                data = data.replace(old, new)
            out.writestr(info.filename, data)
    return target


def saved(path: Path, rows: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_addresses_and_types(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["B3"] = "文字"
    sheet["C3"] = " \u3000"
    sheet["D3"] = 5.0
    sheet["E3"] = 2.5
    sheet["F3"] = True
    sheet["B5"] = dt.date(2017, 5, 17)
    sheet["C5"] = dt.datetime(2017, 5, 17, 8, 30)
    sheet["H5"] = "甲_x000D_\n乙"
    sheet.merge_cells("B6:C7")
    sheet.row_dimensions[3].hidden = True
    book.create_sheet("藏").sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    with read(tmp_path / "a.xlsx") as grid:
        assert cells(grid) == {
            3: (None, "文字", None, 5, 2.5, True),
            5: (
                None,
                DateCell("2017-05-17"),
                DateCell("2017-05-17T08:30:00"),
                None,
                None,
                None,
                None,
                grid.row(0, 5)[7],
            ),
        }
        assert isinstance(grid.row(0, 3)[3], int)
        assert "甲" in str(grid.row(0, 5)[7])
        info = grid.sheets[0]
        assert (info.rows, info.columns, info.merged, info.hidden_rows) == (5, 8, ((6, 2, 7, 3),), 1)
        assert [sheet.visible for sheet in grid.sheets] == [True, False]


def test_errors_and_uncalculated_formulas_are_never_blank(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["名称", "=1+1", "#REF!", "尾"])
    sheet.append(["=SUM(A1:A9)"])
    book.save(tmp_path / "a.xlsx")
    with read(tmp_path / "a.xlsx") as grid:
        assert cells(grid) == {
            1: ("名称", ErrorCell("formula"), ErrorCell("#REF!"), "尾"),
            2: (ErrorCell("formula"),),
        }
        assert grid.sheets[0].errors == (("B1", "formula"), ("C1", "#REF!"), ("A2", "formula"))


def test_error_texts_of_formats_without_error_cells(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("名称,值\n甲,#REF!\n乙,#1\n丙,Err:502\n", encoding="utf-8")
    with read(tmp_path / "a.csv") as grid:
        assert [row[1] for _, row in grid.rows(0)] == ["值", ErrorCell("#REF!"), "#1", ErrorCell("Err:502")]
        assert grid.sheets[0].errors == (("B2", "#REF!"), ("B4", "Err:502"))


def biff2(records: list[tuple[int, bytes]]) -> bytes:
    """Return a workbook as the first Excel wrote them: bare records of number, length and data."""
    return b"".join(struct.pack("<HH", number, len(data)) + data for number, data in records)


def test_old_workbook_without_a_container(tmp_path: Path) -> None:
    attributes = b"\x00\x00\x00"
    records = [
        (0x0009, struct.pack("<HH", 2, 0x0010)),
        (0x0042, struct.pack("<H", 936)),
        (0x0004, struct.pack("<HH", 0, 0) + attributes + b"\x04" + "城市".encode("gbk")),
        (0x0005, struct.pack("<HH", 0, 1) + attributes + b"\x17\x01"),
        (0x0003, struct.pack("<HH", 1, 1) + attributes + struct.pack("<d", 12.5)),
        (0x000A, b""),
    ]
    (tmp_path / "a.xls").write_bytes(biff2(records))
    with read(tmp_path / "a.xls") as grid:
        assert cells(grid) == {1: ("城市", ErrorCell("#REF!")), 2: (None, 12.5)}
        assert grid.sheets[0].errors == (("B1", "#REF!"),)


def test_calculated_formulas_have_their_value(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = book.add_worksheet()
    sheet.write_formula(0, 0, "=1+1", None, 2)
    sheet.write_formula(0, 1, '="甲"', None, "甲")
    sheet.write_formula(0, 2, '=""', None, "空")
    sheet.write(0, 3, "尾")
    book.close()
    path = changed(
        tmp_path / "a.xlsx", tmp_path / "b.xlsx", "xl/worksheets/sheet1.xml", "<v>空</v>".encode(), b"<v></v>"
    )
    with read(path) as grid:
        assert cells(grid) == {1: (2, "甲", None, "尾")}


def test_wrong_dimension_is_not_believed(tmp_path: Path) -> None:
    source = saved(tmp_path / "a.xlsx", [["甲", 1], ["乙", 2], ["丙", 3]])
    for text in (b"A1", b"A1:XFD1048576"):
        path = changed(source, tmp_path / "b.xlsx", "xl/worksheets/sheet1.xml", b'ref="A1:B3"', b'ref="%s"' % text)
        with read(path) as grid:
            assert cells(grid) == {1: ("甲", 1), 2: ("乙", 2), 3: ("丙", 3)}


def test_stray_cell_is_clipped_and_listed(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "甲"
    book.active["XFD1048576"] = "远"
    book.active["XFD1"] = "右"
    book.save(tmp_path / "a.xlsx")
    with read(tmp_path / "a.xlsx") as grid:
        assert cells(grid) == {1: ("甲",)}
        assert grid.sheets[0].clipped == ("XFD1", "XFD1048576")


def test_row_number_beyond_every_sheet(tmp_path: Path) -> None:
    source = saved(tmp_path / "a.xlsx", [["甲"], ["乙"]])
    with zipfile.ZipFile(source) as archive:
        assert b'<row r="2"' in archive.read("xl/worksheets/sheet1.xml")
    far = changed(source, tmp_path / "b.xlsx", "xl/worksheets/sheet1.xml", b'<row r="2"', b'<row r="%s"' % (b"9" * 40))
    broken = changed(far, tmp_path / "c.xlsx", "xl/worksheets/sheet1.xml", b'r="A1"', b'r="=1"')
    with pytest.raises(InputError) as caught:
        read(broken, seconds=20)
    assert caught.value.code == "file_damaged"


def test_huge_merge_is_only_listed(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = book.add_worksheet()
    sheet.write(0, 0, "甲")
    sheet.merge_range(1, 0, 199_999, 25, "乙")
    book.close()
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml")
    rows = xml[xml.index(b'<row r="2"') : xml.index(b"</sheetData>")]
    small = changed(path, tmp_path / "b.xlsx", "xl/worksheets/sheet1.xml", rows, b"")
    with read(small) as grid:
        assert cells(grid) == {1: ("甲",)}
        assert grid.sheets[0].merged == ((2, 1, 200_000, 26),)


def test_numbers_of_more_than_fifteen_digits_are_named(tmp_path: Path) -> None:
    source = saved(
        tmp_path / "a.xlsx", [["证号", 123456789012345678], ["文", "123456789012345678"], ["短", 123456789012345]]
    )
    with read(source) as grid:
        assert grid.sheets[0].long_digits == ("B1",)
        assert grid.row(0, 2) == ("文", "123456789012345678")


def test_chinese_built_in_date_format(tmp_path: Path) -> None:
    source = saved(tmp_path / "a.xlsx", [[42872]])
    book = openpyxl.load_workbook(source)
    book.active["A1"].number_format = "yyyy-mm-dd"
    book.save(source)
    with zipfile.ZipFile(source) as archive:
        styles = archive.read("xl/styles.xml")
    number = b'numFmtId="164"' if b'numFmtId="164"' in styles else b'numFmtId="14"'
    path = changed(source, tmp_path / "b.xlsx", "xl/styles.xml", number, b'numFmtId="31"')
    with read(path) as grid:
        assert grid.row(0, 1) == (DateCell("2017-05-17"),)


def test_windows_of_a_longer_sheet(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx", {"constant_memory": True})
    sheet = book.add_worksheet()
    for row in range(0, 6000, 2):
        sheet.write_row(row, 0, [row + 1, f"第{row + 1}行"])
    book.close()
    seen: list[tuple[int, int]] = []
    with read(tmp_path / "a.xlsx", progress=lambda done, total: seen.append((done, total))) as grid:
        assert [number for number, _ in grid.rows(0, 1999, 2006)] == [1999, 2001, 2003, 2005]
        assert grid.row(0, 5999) == (5999, "第5999行")
        assert grid.row(0, 2000) == ()
        assert sum(1 for _ in grid.rows(0)) == 3000
    assert seen == [(5000, 5999)]
    assert not grid.spool.exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_csv_character_sets(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "台账.csv"
    path.write_bytes('项目名称,备注\r\n中欧班列,"甲,乙\n丙"\r\n\r\n\'=1+1,="007"\r\n'.encode(encoding))
    with read(path) as grid:
        assert (grid.kind, grid.sheets[0].name) == ("csv", "台账")
        assert cells(grid) == {1: ("项目名称", "备注"), 2: ("中欧班列", "甲,乙\n丙"), 4: ("=1+1", "007")}


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_separators(tmp_path: Path, separator: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f'名称{separator}值\n"a;b,c"{separator}1\n乙{separator}2\n', encoding="utf-8")
    with read(path) as grid:
        assert cells(grid) == {1: ("名称", "值"), 2: ("a;b,c", "1"), 3: ("乙", "2")}


def test_csv_month_that_may_have_lost_its_zero_is_a_number(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("2017.1,2017.10,2017.01\n", encoding="utf-8")
    with read(path) as grid:
        assert grid.row(0, 1) == (2017.1, "2017.10", "2017.01")


def test_csv_that_is_no_text_of_a_known_kind(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n\xff\xff\xff,\x80\n")
    with pytest.raises(InputError) as caught:
        read(path)
    assert caught.value.code == "file_encoding"


WHAT_IT_REALLY_IS = {
    "pdf": b"%PDF-1.7\n",
    "image": b"\x89PNG\r\n\x1a\n",
    "html": b"<html><table><tr><td>1</td></tr></table></html>",
    "rtf": b"{\\rtf1 x}",
    "xml": b"<?xml version='1.0'?><Workbook/>",
    "binary": b"\x01\x02\x03\x00\x05",
    "gzip": b"\x1f\x8b\x08\x00",
    "database": b"SQLite format 3\x00",
}


@pytest.mark.parametrize("found", WHAT_IT_REALLY_IS)
def test_other_files_are_called_what_they_are(tmp_path: Path, found: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(WHAT_IT_REALLY_IS[found])
    with pytest.raises(InputError) as caught:
        read(path)
    assert (caught.value.code, caught.value.values, caught.value.where.file) == (
        "file_not_workbook",
        {"found": found},
        "a.xlsx",
    )


def archive_of(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in parts.items():
            out.writestr(name, data)
    return path


TYPES = b'<Types><Override ContentType="application/vnd.openxmlformats-officedocument.%s.main+xml"/></Types>'


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"a.txt": b"x"}, "file_not_workbook"),
        ({"[Content_Types].xml": TYPES % b"wordprocessingml.document"}, "file_not_workbook"),
        ({"[Content_Types].xml": TYPES % b"spreadsheetml.sheet", "../evil.xml": b"<a/>"}, "file_bad_parts"),
        ({"[Content_Types].xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]>" + TYPES % b"spreadsheetml.sheet"}, "file_dtd"),
        ({"[Content_Types].xml": b"<!-- <a --><!DOCTYPE a>" + TYPES % b"spreadsheetml.sheet"}, "file_dtd"),
        ({"[Content_Types].xml": TYPES % b"spreadsheetml.sheet", "xl/b.xml": b"0" * 40_000_000}, "file_too_large"),
        ({"[Content_Types].xml": TYPES % b"spreadsheetml.sheet"}, "file_damaged"),
    ],
)
def test_unsafe_archives_are_refused(tmp_path: Path, parts: dict[str, bytes], code: str) -> None:
    path = archive_of(tmp_path / "a.xlsx", parts)
    with pytest.raises(InputError) as caught:
        read(path)
    assert caught.value.code == code


def test_missing_and_empty_files(tmp_path: Path) -> None:
    (tmp_path / "empty.xlsx").write_bytes(b"")
    (tmp_path / "blank.csv").write_bytes(b"\xef\xbb\xbf\r\n \r\n")
    for name, code in (("none.xlsx", "file_missing"), ("empty.xlsx", "file_empty"), ("blank.csv", "file_empty")):
        with pytest.raises(InputError) as caught:
            read(tmp_path / name)
        assert caught.value.code == code
    with pytest.raises(InputError) as caught:
        read(tmp_path)
    assert caught.value.code == "file_unreadable"


def test_kind_is_told_by_content(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx", [["甲"]])
    assert identify(path.rename(tmp_path / "a.csv")) == Kind.XLSX
    (tmp_path / "b.xlsx").write_text("名称,值\n", encoding="utf-8")
    assert identify(tmp_path / "b.xlsx") == Kind.CSV


CHILDREN = {
    "import os; os.abort()": "file_damaged",
    "import sys; sys.exit(3)": "file_damaged",
    "import sys; sys.stderr.write('memory allocation of 99 bytes failed'); os.abort()": "file_too_large",
    "import time; time.sleep(60)": "file_timeout",
}


@pytest.mark.parametrize("program", CHILDREN)
def test_death_of_the_child_is_one_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    path = saved(tmp_path / "a.xlsx", [["甲"]])
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(InputError) as caught:
        read(path, seconds=1, command=(sys.executable, "-c", program))
    assert (caught.value.code, caught.value.where.file) == (CHILDREN[program], "a.xlsx")
    assert list(tmp_path.glob("bri-desktop-*.rows")) == []


def test_reading_can_be_cancelled(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx", [["甲"]])
    with pytest.raises(InputError, match="cancelled"):
        read(path, cancelled=lambda: True)


def test_memory_cap_holds(tmp_path: Path) -> None:
    rows = [[f"文字{row}-{column}" * 20 for column in range(30)] for row in range(3000)]
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    with pytest.raises(InputError) as caught:
        read(tmp_path / "a.xlsx", memory_mb=72)
    assert caught.value.code == "file_too_large"


values = st.one_of(
    st.none(),
    st.integers(-(10**9), 10**9),
    st.text(alphabet="甲乙丙abc&<>\"' \n", min_size=1, max_size=6).filter(str.strip),
    st.booleans(),
)


@settings(max_examples=15)
@given(st.lists(st.lists(values, max_size=6), min_size=1, max_size=8))
def test_what_openpyxl_wrote_is_read(tmp_path_factory: pytest.TempPathFactory, rows: list[list[object]]) -> None:
    path = saved(tmp_path_factory.mktemp("book") / "a.xlsx", rows)
    expected = {}
    for number, row in enumerate(rows, 1):
        while row and row[-1] is None:
            row.pop()
        if row:
            expected[number] = tuple(row)
    with read(path) as grid:
        assert cells(grid) == expected


@settings(max_examples=200)
@given(
    st.binary(max_size=60),
    st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x09\x08\x10\x00"]),
)
def test_any_bytes_are_a_kind_or_a_refusal(tmp_path_factory: pytest.TempPathFactory, data: bytes, start: bytes) -> None:
    path = tmp_path_factory.mktemp("bytes") / "a.xls"
    path.write_bytes(start + data)
    try:
        assert identify(path) in set(Kind)
    except InputError as refusal:
        assert refusal.code.startswith("file_")


def test_broken_archives_are_damaged(tmp_path: Path) -> None:
    whole = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["甲"] * 50)
    book.save(whole)
    data = whole.getvalue()
    for cut in (30, len(data) // 2, len(data) - 30):
        (tmp_path / "a.xlsx").write_bytes(data[:cut])
        with pytest.raises(InputError) as caught:
            read(tmp_path / "a.xlsx")
        assert caught.value.code == "file_damaged"
