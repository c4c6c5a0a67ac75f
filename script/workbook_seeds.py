"""Realistic workbooks of five kinds, as bytes: what mutations start from, and what tests of old formats read."""

import datetime as dt
import io
import struct
from collections.abc import Callable, Sequence
from typing import Any

import openpyxl

from bri_desktop.excel import ods_book
from bri_desktop.excel.sheet_text import ExportColumn

HEADERS = [
    "序号",
    "项目名称",
    "中方城市",
    "外方城市",
    "国家",
    "合作领域",
    "合作性质",
    "签署日期",
    "投资额（万元）",
    "主要成果",
]
PLACES = (
    ("西安", "江布尔", "哈萨克斯坦"),
    ("广州", "法兰克福", "德国"),
    ("南宁", "岘港", "越南"),
    ("义乌", "马德里", "西班牙"),
)
SUBJECTS = (("中欧班列", "设施联通", "务实"), ("友城青年交流营", "民心相通", "交流"), ("产业园区", "贸易畅通", "务实"))

Rows = Sequence[Sequence[Any]]


def rows_of_projects(first: int, last: int) -> list[list[Any]]:
    """Return data rows as a department writes them: numbers, texts, dates in four written forms, gaps."""
    rows: list[list[Any]] = []
    for number in range(first, last + 1):
        ours, theirs, country = PLACES[number % len(PLACES)]
        subject, domain, nature = SUBJECTS[number % len(SUBJECTS)]
        signed = (dt.date(2017, 5, 1 + number % 28), "2017年5月", "2016.03.14", None)[number % 4]
        amount = (1800, "2亿美元", 35.5, None, "1,200")[number % 5]
        title = f"{ours}—{theirs}{subject}第{number}期"
        rows.append([number, title, ours, theirs, country, domain, nature, signed, amount, f"培训 {number}人次"])
    return rows


def one_table() -> bytes:
    """Return a ledger with a title, a unit line, sections, merged cells, totals, a formula and a footnote."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["一带一路国际合作项目台账"])
    sheet.append(["单位：万元"])
    sheet.append(HEADERS)
    sheet.append(["西安市（20项）"])
    for row in rows_of_projects(1, 20):
        sheet.append(row)
    sheet.append(["小计", 20, None, None, None, None, None, None, "=SUM(I5:I24)"])
    for row in rows_of_projects(21, 40):
        sheet.append(row)
    sheet.append(["合计", 40])
    sheet.append(["注：数据来源于各部门报送。"])
    for area in ("A1:J1", "A4:J4", "F6:F8"):
        sheet.merge_cells(area)
    sheet.row_dimensions[9].hidden = True
    return _bytes_of(book.save)


def two_tables() -> bytes:
    """Return a workbook of two sheets, the first with two tables below each other under headers of two rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["一、已签约项目"])
    _grouped(sheet, rows_of_projects(1, 12))
    sheet.append([])
    sheet.append(["二、友好城市"])
    sheet.append(["中方城市", "外方城市", "国家", "结好时间", "备注"])
    for ours, theirs, country in PLACES:
        sheet.append([ours, theirs, country, dt.date(1997, 6, 3), "#N/A"])
    second = book.create_sheet("隐藏")
    second.sheet_state = "hidden"
    second.append(HEADERS)
    for row in rows_of_projects(50, 60):
        second.append(row)
    return _bytes_of(book.save)


def _grouped(sheet: Any, rows: Rows) -> None:
    top = sheet.max_row + 1
    sheet.append(["序号", "项目名称", "中方", None, "外方", None, "签署日期"])
    sheet.append([None, None, "城市", "单位", "城市", "国家", None])
    for first, last in (("A", "A"), ("B", "B"), ("G", "G")):
        sheet.merge_cells(f"{first}{top}:{last}{top + 1}")
    sheet.merge_cells(f"C{top}:D{top}")
    sheet.merge_cells(f"E{top}:F{top}")
    for number, title, ours, theirs, country, _domain, _nature, signed, *_rest in rows:
        sheet.append([number, title, ours, f"{ours}市商务局", theirs, country, signed])


def gbk_text() -> bytes:
    """Return a csv in GBK as an older office program saves it."""
    lines = [HEADERS, *rows_of_projects(1, 30)]
    return "\r\n".join(",".join(_quoted(cell) for cell in line) for line in lines).encode("gbk") + b"\r\n"


def _quoted(cell: Any) -> str:
    text = "" if cell is None else str(cell)
    return f'"{text}"' if "," in text else text


def open_document() -> bytes:
    """Return an OpenDocument spreadsheet."""
    stream = io.BytesIO()
    columns = [ExportColumn(header, header, 14) for header in HEADERS]
    rows = [
        [cell.isoformat() if isinstance(cell, dt.date) else cell for cell in row] for row in rows_of_projects(1, 30)
    ]
    ods_book.write(stream, "台账", columns, rows, None)
    return stream.getvalue()


def old_workbook() -> bytes:
    """Return an xls of Excel 97 with texts, numbers, dates, a truth value and an error cell."""
    cells = [_old_cell(0, column, header) for column, header in enumerate(HEADERS)]
    for number, row in enumerate(rows_of_projects(1, 30), 1):
        cells += [_old_cell(number, column, cell) for column, cell in enumerate(row) if cell is not None]
    cells += [_record(0x0205, struct.pack("<HHHBB", 31, 1, 0, 0x17, 1)), _old_cell(31, 0, True)]
    return old_file({"台账": cells})


def old_file(sheets: dict[str, list[bytes]]) -> bytes:
    """Return a compound file around a BIFF8 stream; each sheet is a list of cell records."""
    formats = [_record(0x00E0, struct.pack("<HHHBBBBIIH", 0, number, 0, 0, 0, 0, 0, 0, 0, 0)) for number in (0, 14)]
    start = [_beginning(0x0005), _record(0x0042, b"\xb0\x04"), _record(0x0022, b"\0\0"), *formats]
    bodies = [b"".join([_beginning(0x0010), *cells, _record(0x000A, b"")]) for cells in sheets.values()]
    names = [bytes((len(name), 1)) + name.encode("utf-16-le") for name in sheets]
    offset = len(b"".join(start)) + sum(4 + 6 + len(name) for name in names) + 4
    entries = []
    for name, body in zip(names, bodies, strict=True):
        entries.append(_record(0x0085, struct.pack("<IBB", offset, 0, 0) + name))
        offset += len(body)
    return _compound(b"".join([*start, *entries, _record(0x000A, b""), *bodies]))


def _record(number: int, data: bytes) -> bytes:
    return struct.pack("<HH", number, len(data)) + data


def _beginning(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))


def _old_cell(row: int, column: int, value: Any) -> bytes:
    if isinstance(value, bool):
        return _record(0x0205, struct.pack("<HHHBB", row, column, 0, int(value), 0))
    if isinstance(value, dt.date):
        serial = (value - dt.date(1899, 12, 30)).days
        return _record(0x0203, struct.pack("<HHHd", row, column, 1, serial))
    if isinstance(value, int | float):
        return _record(0x0203, struct.pack("<HHHd", row, column, 0, value))
    text = str(value)
    return _record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + text.encode("utf-16-le"))


def _compound(stream: bytes) -> bytes:
    """Wrap one stream named Workbook: header, table of sectors, directory, data."""
    sector = 512
    stream = stream.ljust(4096, b"\0")
    stream += b"\0" * (-len(stream) % sector)
    count = len(stream) // sector
    tables = (count + 2 + sector // 4 - 1) // (sector // 4) + 1
    data_start = tables + 1
    chain = [0xFFFFFFFD] * tables + [0xFFFFFFFE] + [data_start + place + 1 for place in range(count - 1)] + [0xFFFFFFFE]
    chain += [0xFFFFFFFF] * (tables * sector // 4 - len(chain))
    lists = list(range(tables)) + [0xFFFFFFFF] * (109 - tables)
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 10
    )
    header += struct.pack("<IIIIIIIII", tables, tables, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)[:36]
    header = header[:76].ljust(76, b"\0") + struct.pack("<109I", *lists)
    directory = _entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + _entry("Workbook", 2, 0xFFFFFFFF, data_start, len(stream))
    directory += _entry("", 0, 0xFFFFFFFF, 0, 0) * 2
    return header + struct.pack(f"<{len(chain)}I", *chain) + directory + stream


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    raw = name.encode("utf-16-le") + (b"\0\0" if name else b"")
    links = struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child)
    return (
        raw.ljust(64, b"\0")
        + struct.pack("<HBB", len(raw), kind, 1)
        + links
        + b"\0" * 36
        + struct.pack("<IQ", start, size)
    )


def _bytes_of(save: Callable[[io.BytesIO], None]) -> bytes:
    stream = io.BytesIO()
    save(stream)
    return stream.getvalue()


SEEDS: dict[str, Callable[[], bytes]] = {
    "one table.xlsx": one_table,
    "two tables.xlsx": two_tables,
    "gbk.csv": gbk_text,
    "old.xls": old_workbook,
    "open document.ods": open_document,
}
