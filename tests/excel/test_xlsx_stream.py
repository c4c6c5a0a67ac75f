"""The streaming reader sees in every cell what openpyxl and the fast reader see."""

import datetime as dt
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from bri_desktop.excel import parts, reader_child, sources, xlsx_stream
from bri_desktop.excel.grid import ERROR, DateCell, ErrorCell
from bri_desktop.excel.reader import read

FORMATS = ["General", "0.00", '0.00"万元"', "yyyy-mm-dd", 'yyyy"年"m"月"d"日"', "[$-804]yyyy/m/d", "@", "#,##0"]


def streamed(path: Path) -> dict[int, list[Any]]:
    """Return the rows of the last sheet that are not empty."""
    found: dict[int, list[Any]] = {}
    for source in sources.streamed_sheets(path, {}):
        found = {number: cells for number, cells in source.rows if any(cell is not None for cell in cells)}
    return found


def numbers() -> st.SearchStrategy[Any]:
    return st.one_of(st.integers(-(10**9), 10**9), st.floats(-1e9, 1e9, allow_nan=False))


cells = st.one_of(
    st.none(),
    numbers(),
    st.booleans(),
    st.text(alphabet="甲乙丙abc&<>\"'_x000D \n\t", min_size=1, max_size=12),
    st.dates(dt.date(1900, 3, 1), dt.date(2100, 1, 1)),
    st.datetimes(dt.datetime(1900, 3, 1), dt.datetime(2100, 1, 1)).map(lambda moment: moment.replace(microsecond=0)),
)


@settings(max_examples=60)
@given(
    st.lists(st.lists(st.tuples(cells, st.sampled_from(FORMATS)), max_size=6), min_size=1, max_size=8), st.booleans()
)
def test_same_as_openpyxl(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[tuple[Any, str]]], of_1904: bool
) -> None:
    path = tmp_path_factory.mktemp("book") / "a.xlsx"
    book = openpyxl.Workbook()
    if of_1904:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        rows = [[cell for cell in row if not (isinstance(cell[0], dt.date) and cell[0].year < 1905)] for row in rows]
    for number, row in enumerate(rows, 1):
        for column, (value, shape) in enumerate(row, 1):
            if isinstance(value, str) and value.startswith("="):
                continue
            cell = book.active.cell(number, column, value)
            if not isinstance(value, dt.date):
                cell.number_format = shape if not isinstance(value, int | float) or "y" not in shape else "General"
    book.save(path)
    found = streamed(path)
    sheet = openpyxl.load_workbook(path).active
    for row in sheet.iter_rows():
        for cell in row:
            line = found.get(cell.row, [])
            ours = line[cell.column - 1] if cell.column <= len(line) else None
            assert ours == cell.value, cell.coordinate


@settings(max_examples=40)
@given(st.lists(st.lists(cells, max_size=6), min_size=1, max_size=8))
def test_same_as_the_fast_reader(tmp_path_factory: pytest.TempPathFactory, rows: list[list[Any]]) -> None:
    path = tmp_path_factory.mktemp("book") / "a.xlsx"
    book = xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd hh:mm:ss"})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(number, column, value)
            else:
                sheet.write(number, column, value)
    book.close()
    with read(path) as grid:
        assert grid.sheets[0].errors == ()
        fast = dict(grid.rows(0))
    packed = {
        number: [reader_child._CONVERT[type(cell)](cell) for cell in row] for number, row in streamed(path).items()
    }
    ours = {number: _trimmed(row) for number, row in packed.items() if _trimmed(row)}
    assert ours == {number: [_packed(cell) for cell in row] for number, row in fast.items()}


def _trimmed(row: list[Any]) -> list[Any]:
    while row and row[-1] is None:
        row.pop()
    return row


def _packed(cell: Any) -> Any:
    return ("d", cell.iso) if isinstance(cell, DateCell) else cell


def written(path: Path, sheet: str, *, texts: str = "", styles: str = "") -> Path:
    """Make a workbook of raw XML."""
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    kinds = {"worksheet": "worksheets/sheet1.xml", "sharedStrings": "sharedStrings.xml", "styles": "styles.xml"}
    rels = "".join(
        f'<Relationship Id="r{n}" Type="{relation}/{k}" Target="{t}"/>' for n, (k, t) in enumerate(kinds.items())
    )
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "[Content_Types].xml", f'<Types><Override PartName="/xl/workbook.xml" ContentType="{types}"/></Types>'
        )
        archive.writestr(
            "_rels/.rels", f'<R><Relationship Id="r" Type="{relation}/officeDocument" Target="xl/workbook.xml"/></R>'
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns:r="{relation}"><sheets><sheet name="表" r:id="r0"/></sheets></workbook>',
        )
        archive.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{rels}</Relationships>")
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        archive.writestr("xl/sharedStrings.xml", f"<sst>{texts}</sst>")
        archive.writestr("xl/styles.xml", f"<styleSheet>{styles}</styleSheet>")
    return path


def test_what_stands_in_the_raw_parts(tmp_path: Path) -> None:
    texts = (
        "<si><t>甲</t></si><si><r><t>乙</t></r><r><t xml:space='preserve'> 丙</t></r><rPh><t>yi</t></rPh></si>"
        "<si><t>a_x000D_b_x005F_x000D_</t></si><si/>"
    )
    sheet = (
        '<x:worksheet xmlns:x="u"><x:dimension ref="A1"/><x:sheetData>'
        '<x:row><x:c t="s"><x:v>1</x:v></x:c><x:c><x:v>2.50</x:v></x:c></x:row>'
        '<x:row r="5"><x:c r="C5" t="s"><x:v>2</x:v></x:c>'
        '<x:c r="B5" t="inlineStr"><x:is><x:t><![CDATA[<丁>]]></x:t><x:rPh><x:t>q</x:t></x:rPh></x:is></x:c>'
        '<x:c r="D5" t="e"><x:v>#N/A</x:v></x:c><x:c r="E5"><x:f>1+1</x:f></x:c>'
        '<x:c r="F5" t="str"><x:f>x</x:f><x:v></x:v></x:c><x:c r="G5" t="s"/><x:c r="H5" t="b"><x:v>1</x:v></x:c>'
        '<x:c r="I5" t="d"><x:v>2017-05-17T00:00:00</x:v></x:c><x:c r="J5" s="1"><x:v>42872</x:v></x:c>'
        '<x:c r="K5" s="2"><x:v>42872</x:v></x:c><x:c r="L5" s="3"><x:v>1.5</x:v></x:c></x:row>'
        "</x:sheetData></x:worksheet>"
    )
    styles = (
        '<numFmts><numFmt numFmtId="170" formatCode="0.00&quot;dmy&quot;"/></numFmts>'
        '<cellXfs><xf/><xf numFmtId="57"/><xf numFmtId="170"/><xf numFmtId="46"/></cellXfs>'
    )
    path = written(tmp_path / "a.xlsx", sheet, texts=texts, styles=styles)
    assert streamed(path) == {
        1: ["乙 丙", 2.5],
        5: [
            None, "<丁>", "a\rb_x000D_", (ERROR, "#N/A"), (ERROR, "formula"), "", None, True,
            dt.datetime(2017, 5, 17), dt.datetime(2017, 5, 17), 42872.0, dt.timedelta(days=1.5),
        ],
    }  # fmt: skip


def test_rows_that_go_back_are_left_to_the_other_reader(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx", '<w><sheetData><row r="5"/><row r="4"/></sheetData></w>')
    with pytest.raises(ValueError, match="row 4"):
        streamed(path)


def test_texts_and_styles_that_are_not_there(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx", '<w><row><c t="s"><v>7</v></c></row></w>', texts="<si><t>甲</t></si>")
    with pytest.raises(IndexError):
        streamed(path)


@pytest.mark.parametrize("serial", [1, 59.25, 61, 42872, 42872.354166667, 2_956_000.5])
def test_moments_as_openpyxl_has_them(serial: float) -> None:
    from openpyxl.utils.datetime import CALENDAR_MAC_1904, from_excel

    for of_1904 in (False, True):
        expected = from_excel(serial, CALENDAR_MAC_1904) if of_1904 else from_excel(serial)
        if isinstance(expected, dt.datetime):
            found: object = xlsx_stream.moment(serial, of_1904=of_1904)
            assert isinstance(found, dt.datetime)
            assert abs(found - expected) < dt.timedelta(milliseconds=2)


def test_times_of_day_and_what_is_no_moment() -> None:
    assert xlsx_stream.moment(0.5, of_1904=False) == dt.time(12)
    for serial in (-1.0, 2_958_466.0):
        assert xlsx_stream.moment(serial, of_1904=False) == serial
    assert xlsx_stream.moment(2_958_000.0, of_1904=True) == 2_958_000.0


def test_a_large_sheet_is_streamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("台账")
    for row in range(3000):
        sheet.write_row(row, 0, [f"项目{row}", row, row / 4])
    book.close()
    with zipfile.ZipFile(path) as archive:
        found = parts.book_parts(archive)
    scan = parts.SheetScan(cells=9000, last_row=3000, last_column=3)
    assert not reader_child._is_large(path, found, [scan])
    monkeypatch.setattr(reader_child, "MAX_AREA_HELD", 8999)
    assert reader_child._is_large(path, found, [scan])
    monkeypatch.setattr(reader_child, "MAX_AREA_HELD", 9000)
    monkeypatch.setattr(reader_child, "MAX_TEXTS_HELD", 100)
    assert reader_child._is_large(path, found, [])
    lines = streamed(path)
    assert (len(lines), lines[1], lines[3000]) == (3000, ["项目0", 0.0, 0.0], ["项目2999", 2999.0, 749.75])


def test_readers_that_disagree_leave_a_problem(tmp_path: Path) -> None:
    job = {"spool": str(tmp_path / "spool")}
    rows: Iterator[tuple[int, list[Any]]] = iter([(1, ["甲", 1.0, "", dt.timedelta(1)]), (2, ["乙"])])
    source = sources.Source("表", True, rows, sample={1: ["甲", 2.0, (ERROR, "#N/A"), dt.datetime(1900, 1, 1), 5]})
    result = reader_child._spool(job, [source])
    assert result["sheets"][0]["errors"] == (("B1", "1 ≠ 2"), ("C1", "#N/A"), ("E1", " ≠ 5"))
    assert ErrorCell("1 ≠ 2").text.partition(" ≠ ")[2] == "2"
