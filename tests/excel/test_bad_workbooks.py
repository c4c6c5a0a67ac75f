"""Workbooks made to break a reader, each made here: one clear refusal, or the right cells, and never much memory."""

import datetime as dt
import resource
import struct
import sys
import warnings
import zipfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from bri_desktop.domain.errors import InputError
from bri_desktop.excel.grid import DateCell, ErrorCell
from bri_desktop.excel.reader import read

SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FREE, LAST = 0xFFFFFFFF, 0xFFFFFFFE


def made(path: Path, *rows: list[object]) -> Path:
    book = openpyxl.Workbook()
    for row in rows or (["项目名称", "国家"], ["能源学校", "日本"]):
        book.active.append(row)
    book.save(path)
    return path


def with_part(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """Rewrite a workbook with one part changed."""
    with zipfile.ZipFile(path) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    parts[part] = change(parts.get(part, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in parts.items():
            out.writestr(name, data)
    return path


def compound(path: Path, streams: dict[str, bytes], *, looped: bool = False) -> Path:
    """Make a compound file of sectors of 512 bytes; ``looped``: the chain of its directory has no end."""
    sectors, table, entries = [b""], [0xFFFFFFFD], [("Root Entry", 5, LAST, 0)]
    for name, data in streams.items():
        first = len(sectors)
        for start in range(0, len(data), 512):
            sectors.append(data[start : start + 512].ljust(512, b"\0"))
            table.append(len(sectors))
        table[-1] = LAST
        entries.append((name, 2, first, len(data)))
    directory = len(sectors)
    packed = b"".join(_entry(*entry, child=1 if place == 0 else FREE) for place, entry in enumerate(entries))
    sectors.append(packed.ljust(512, b"\0"))
    table.append(directory if looped else LAST)
    sectors[0] = struct.pack(f"<{len(table)}I", *table).ljust(512, b"\xff")
    head = OLE + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, directory, 0, 4096, LAST, 0, LAST, 0) + struct.pack("<I", 0)
    path.write_bytes(head.ljust(512, b"\xff") + b"".join(sectors))
    return path


def _entry(name: str, kind: int, first: int, size: int, *, child: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    head = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, FREE, FREE, child)
    return head + bytes(36) + struct.pack("<IQ", first, size)


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read(path, seconds=60)
    return caught.value.code


def all_cells(path: Path) -> dict[int, tuple[object, ...]]:
    with read(path, seconds=60) as grid:
        return dict(grid.rows(0))


# -- refused -----------------------------------------------------------------------------------------------------------


def test_a_bomb_of_texts_and_one_of_cells_are_refused_before_they_are_opened(tmp_path: Path) -> None:
    texts = with_part(made(tmp_path / "a.xlsx"), STRINGS, lambda xml: xml + b"<si><t>" + b"A" * 60_000_000)
    cells = with_part(made(tmp_path / "b.xlsx"), SHEET, lambda xml: xml + b'<c r="A1"><v>1</v></c>' * 3_000_000)
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    assert (refusal(texts), refusal(cells)) == ("file_too_large", "file_too_large")
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime == before


def test_an_expanding_entity_is_refused_in_every_part(tmp_path: Path) -> None:
    names = ["a", *(f"b{number}" for number in range(9))]
    lines = "".join(f'<!ENTITY {two} "{f"&{one};" * 10}">' for one, two in pairwise(names))
    head = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">{lines}]>'.encode()
    for number, part in enumerate((STRINGS, SHEET, "xl/styles.xml", "docProps/core.xml", "xl/_rels/workbook.xml.rels")):
        path = with_part(made(tmp_path / f"{number}.xlsx"), part, lambda xml: head + xml.partition(b"?>")[2])
        assert refusal(path) == "file_dtd"


def test_a_library_that_prints_about_the_file_is_not_taken_at_its_word(tmp_path: Path) -> None:
    path = with_part(made(tmp_path / "a.xlsx"), "_rels/.rels", lambda _xml: b"")
    style = b'<cellStyle name="Normal" xfId="'
    with_part(path, "xl/styles.xml", lambda xml: xml.replace(style + b"0", style + b"99"))
    assert refusal(path) == "file_damaged"


def test_a_part_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = made(tmp_path / "a.xlsx")
    with zipfile.ZipFile(path, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr(SHEET, "<worksheet/>")
    assert refusal(path) == "file_bad_parts"
    path = made(tmp_path / "b.xlsx")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(SHEET.upper(), "<worksheet/>")
    assert refusal(path) == "file_bad_parts"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_file_cut_short_is_damaged(tmp_path: Path, share: float) -> None:
    data = made(tmp_path / "a.xlsx", *(["项目", number] for number in range(500))).read_bytes()
    (tmp_path / "b.xlsx").write_bytes(data[: int(len(data) * share)])
    assert refusal(tmp_path / "b.xlsx") == "file_damaged"


def test_a_password_is_said_whatever_the_format(tmp_path: Path) -> None:
    package = compound(tmp_path / "a.xlsx", {"EncryptedPackage": bytes(5000), "EncryptionInfo": bytes(5000)})
    assert refusal(package) == "file_encrypted"
    start = struct.pack("<HHHHHHI", 0x0809, 16, 0x0600, 5, 0, 0, 0) + bytes(4)
    locked = start + struct.pack("<HHHHH", 0x002F, 6, 1, 1, 1) + bytes(4096)
    assert refusal(compound(tmp_path / "b.xls", {"Workbook": locked})) == "file_encrypted"
    manifest = "<manifest:manifest xmlns:manifest='m'><manifest:encryption-data/></manifest:manifest>"
    with zipfile.ZipFile(tmp_path / "c.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<x/>")
        archive.writestr("META-INF/manifest.xml", manifest)
    assert refusal(tmp_path / "c.ods") == "file_encrypted"
    data = bytearray(made(tmp_path / "d.xlsx").read_bytes())
    place = data.index(b"PK\x01\x02")
    data[place + 8] |= 1
    (tmp_path / "d.xlsx").write_bytes(data)
    assert refusal(tmp_path / "d.xlsx") == "file_encrypted"


def test_a_chain_without_an_end_is_a_refusal(tmp_path: Path) -> None:
    assert refusal(compound(tmp_path / "a.xls", {"Workbook": bytes(5000)}, looped=True)) == "file_damaged"


def test_a_web_page_and_a_text_under_a_wrong_name_are_said_to_be_that(tmp_path: Path) -> None:
    for name in ("a.xls", "a.xlsx", "a.csv"):
        (tmp_path / name).write_text("\ufeff<html><table><tr><td>项目名称</td></tr></table>", encoding="utf-8")
        assert refusal(tmp_path / name) == "file_not_workbook"
    for name in ("b.xls", "b.xlsx", "b.et"):
        (tmp_path / name).write_text("项目名称,国家\r\n能源学校,日本\r\n", encoding="gbk")
        assert all_cells(tmp_path / name)[2] == ("能源学校", "日本")


def test_no_sheet_at_all_is_said(tmp_path: Path) -> None:
    path = with_part(
        made(tmp_path / "a.xlsx"),
        "xl/workbook.xml",
        lambda xml: xml[: xml.index(b"<sheets>")] + b"<sheets/>" + xml[xml.index(b"</sheets>") + 9 :],
    )
    assert refusal(path) == "file_no_sheets"


# -- read --------------------------------------------------------------------------------------------------------------


def test_a_row_of_every_column_is_read_as_far_as_a_table_reaches(tmp_path: Path) -> None:
    wide = [f"列{number}" for number in range(16_384)]
    path = made(tmp_path / "a.xlsx", wide, ["能源学校", "日本"])
    with read(path) as grid:
        assert dict(grid.rows(0)) == {1: tuple(wide[:1024]), 2: ("能源学校", "日本")}
        assert grid.sheets[0].clipped[0] == "AMK1"


def test_a_merge_over_the_whole_sheet_is_never_filled_in(tmp_path: Path) -> None:
    merge = b'</sheetData><mergeCells count="1"><mergeCell ref="A1:Z200000"/></mergeCells>'
    path = with_part(made(tmp_path / "a.xlsx"), SHEET, lambda xml: xml.replace(b"</sheetData>", merge))
    with read(path) as grid:
        assert dict(grid.rows(0)) == {1: ("项目名称", "国家"), 2: ("能源学校", "日本")}
        assert grid.sheets[0].merged == ((1, 1, 200_000, 26),)


def test_the_strict_kind_is_read(tmp_path: Path) -> None:
    path = made(tmp_path / "a.xlsx", ["项目名称", "签署日期"], ["能源学校", 42872])
    for part in (SHEET, "xl/workbook.xml", "xl/styles.xml"):
        with_part(path, part, lambda xml: xml.replace(MAIN.encode(), STRICT.encode()))
    with_part(
        path,
        "xl/_rels/workbook.xml.rels",
        lambda xml: xml.replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        ),
    )
    assert all_cells(path) == {1: ("项目名称", "签署日期"), 2: ("能源学校", 42872)}
    with_part(path, STRINGS, lambda _xml: b"")  # which the first reader does not forgive
    assert all_cells(path) == {1: ("项目名称", "签署日期"), 2: ("能源学校", 42872)}


def test_dates_counted_from_1904(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append(["签署日期", dt.date(2017, 5, 17)])
    book.save(tmp_path / "a.xlsx")
    assert all_cells(tmp_path / "a.xlsx") == {1: ("签署日期", DateCell("2017-05-17"))}


def test_errors_and_formulas_without_a_value_are_no_blanks(tmp_path: Path) -> None:
    path = made(tmp_path / "a.xlsx", ["=1+1", "#N/A", "甲"])
    with_part(path, SHEET, lambda xml: xml.replace(b"</row>", b'<c r="E1" t="e"><v>#DIV/0!</v></c></row>'))
    assert all_cells(path)[1] == (ErrorCell("formula"), ErrorCell("#N/A"), "甲", None, ErrorCell("#DIV/0!"))


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8", "utf-8-sig", "utf-16"])
def test_texts_of_every_character_set(tmp_path: Path, encoding: str) -> None:
    rare = "𠮷" if encoding != "gbk" else "龘"
    (tmp_path / "a.csv").write_text(f"项目名称\t国家\r\n“{rare}”\t日本\r\n", encoding=encoding)
    assert all_cells(tmp_path / "a.csv")[2] == (f"“{rare}”", "日本")


def test_this_program_stays_small_meanwhile(tmp_path: Path) -> None:
    path = with_part(made(tmp_path / "a.xlsx"), STRINGS, lambda xml: xml + b"A" * 60_000_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    refusal(path)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 100 * (1024 if sys.platform != "darwin" else 1024 * 1024)
