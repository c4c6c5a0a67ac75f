"""Workbooks of the binary kind: error cells and hidden rows that the fast reader leaves out."""

import io
import struct
import zipfile
from pathlib import Path

from bri_desktop.excel.binary_parts import records
from bri_desktop.excel.grid import ErrorCell
from bri_desktop.excel.reader import read

RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def record(kind: int, data: bytes = b"") -> bytes:
    head = bytes((kind,)) if kind < 0x80 else bytes((kind & 0x7F | 0x80, kind >> 7))
    length = len(data)
    return head + (bytes((length,)) if length < 0x80 else bytes((length & 0x7F | 0x80, length >> 7))) + data


def text(value: str) -> bytes:
    return struct.pack("<I", len(value)) + value.encode("utf-16-le")


def row(number: int, *, hidden: bool = False) -> bytes:
    return record(0, struct.pack("<IIHBBBI", number, 0, 300, 0, 0x10 * hidden, 0, 0))


def cell(column: int, kind: int, value: bytes) -> bytes:
    return record(kind, struct.pack("<II", column, 0) + value)


def binary_book(path: Path, sheet: bytes) -> Path:
    kind = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
    types = f'<Types><Default Extension="bin" ContentType="{kind}"/></Types>'
    rels = '<Relationships><Relationship Id="{0}" Type="{1}/{2}" Target="{3}"/></Relationships>'
    bundle = record(156, struct.pack("<II", 0, 1) + text("rId1") + text("台账"))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr("_rels/.rels", rels.format("rId1", RELATION, "officeDocument", "xl/workbook.bin"))
        archive.writestr("xl/workbook.bin", record(131) + record(143) + bundle + record(144) + record(132))
        archive.writestr(
            "xl/_rels/workbook.bin.rels", rels.format("rId1", RELATION, "worksheet", "worksheets/sheet1.bin")
        )
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
    return path


def test_error_cells_are_never_blank(tmp_path: Path) -> None:
    rows = [
        row(0) + cell(0, 6, text("项目名称")) + cell(1, 6, text("金额")),
        row(1, hidden=True) + cell(0, 6, text("甲")) + cell(1, 3, b"\x17"),
        row(2) + cell(0, 6, text("乙")) + cell(1, 5, struct.pack("<d", 12.5)) + cell(2, 11, b"\x2a\0\0"),
    ]
    dimension = record(148, struct.pack("<IIII", 0, 2, 0, 2))
    sheet = record(129) + dimension + record(145) + b"".join(rows) + record(146) + record(130)
    with read(binary_book(tmp_path / "a.xlsb", sheet)) as grid:
        assert dict(grid.rows(0)) == {
            1: ("项目名称", "金额"),
            2: ("甲", ErrorCell("#REF!")),
            3: ("乙", 12.5, ErrorCell("#N/A")),
        }
        assert grid.sheets[0].hidden_rows == 1
        assert grid.sheets[0].errors == (("B2", "#REF!"), ("C3", "#N/A"))


def test_records_across_blocks_and_cut_short() -> None:
    data = b"".join(record(156, bytes(200)) for _ in range(2000))
    assert [(kind, len(found)) for kind, found in records(io.BytesIO(data))] == [(156, 200)] * 2000
    assert [kind for kind, _ in records(io.BytesIO(record(3, b"12345")[:-2]))] == [3]


def test_hidden_columns_and_filters_are_said(tmp_path: Path) -> None:
    columns = record(390) + record(60, struct.pack("<IIIIH", 1, 2, 2304, 0, 1)) + record(391)
    rows = row(0) + b"".join(cell(place, 6, text(word)) for place, word in enumerate(("甲", "乙", "丙", "丁")))
    rows += row(1, hidden=True) + cell(0, 6, text("一"))
    dimension = record(148, struct.pack("<IIII", 0, 1, 0, 3))
    filtered = record(161, bytes(16)) + record(163, bytes(8)) + record(164) + record(162)
    sheet = record(129) + dimension + columns + record(145) + rows + record(146) + filtered + record(130)
    with read(binary_book(tmp_path / "a.xlsb", sheet)) as grid:
        (info,) = grid.sheets
        assert (info.hidden_columns, info.hidden_rows, info.filtered) == (("B", "C"), 1, True)
