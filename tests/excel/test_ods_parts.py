"""What the fast reader leaves out of an OpenDocument sheet, and the second look at its first rows."""

import zipfile
from pathlib import Path

import pytest

from bri_desktop.domain.errors import InputError
from bri_desktop.excel import ods_parts
from bri_desktop.excel.grid import DateCell, ErrorCell
from bri_desktop.excel.reader import read

SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)


def ods(path: Path, table: str) -> Path:
    content = (
        f"<office:document-content {SPACES}><office:body><office:spreadsheet>"
        f'<table:table table:name="台账">{table}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest:manifest xmlns:manifest='urn:m'/>")
        archive.writestr("content.xml", content)
    return path


def cell(text: str = "", **attributes: str) -> str:
    given = " ".join(f'{name.replace("__", ":").replace("_", "-")}="{value}"' for name, value in attributes.items())
    kind = 'office:value-type="string"' if text and "office__value_type" not in attributes else ""
    return f"<table:table-cell {kind} {given}>{f'<text:p>{text}</text:p>' if text else ''}</table:table-cell>"


def row(*cells: str, more: str = "") -> str:
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


def test_hidden_rows_and_columns_are_said(tmp_path: Path) -> None:
    table = (
        '<table:table-column/><table:table-column table:visibility="collapse" table:number-columns-repeated="2"/>'
        + row(cell("项目名称"), cell("国家"), cell("备注"))
        + row(cell("甲"), cell("日本"), more='table:visibility="filter" table:number-rows-repeated="3"')
        + row(cell("乙"), more='table:visibility="collapse"')
        + row(cell(), more='table:visibility="collapse" table:number-rows-repeated="1000"')
    )
    with read(ods(tmp_path / "a.ods", table)) as grid:
        (sheet,) = grid.sheets
        assert (sheet.hidden_rows, sheet.hidden_columns, sheet.filtered) == (4, ("B", "C"), True)
        assert [number for number, _ in grid.rows(0)] == [1, 2, 3, 4, 5]


def test_merged_cells_and_formulas_without_a_value_are_found(tmp_path: Path) -> None:
    table = (
        row(cell("项目名称"), cell("国家"), cell("金额"))
        + row(cell("甲"), cell("日本", table__number_rows_spanned="2"), cell(table__formula="of:=[.A1]*2"))
        + row(cell("乙"), "<table:covered-table-cell/>", cell("7", office__value_type="float", office__value="7"))
    )
    with read(ods(tmp_path / "a.ods", table)) as grid:
        assert grid.sheets[0].merged == ((2, 2, 3, 2),)
        assert grid.row(0, 2) == ("甲", "日本", ErrorCell("formula"))
        assert grid.row(0, 3) == ("乙", None, 7)


def test_both_readers_see_the_first_rows_alike(tmp_path: Path) -> None:
    note = "<office:annotation><text:p>批注</text:p></office:annotation>"
    table = row(
        cell("17", office__value_type="date", office__date_value="2017-05-17"),
        cell("12,5", office__value_type="float", office__value="12.5"),
        cell("是", office__value_type="boolean", office__boolean_value="true"),
        cell("9:30", office__value_type="time", office__time_value="PT255H10M10S"),
        '<table:table-cell office:value-type="string"><text:p>两<text:s text:c="2"/>行</text:p>'
        "<text:p>到<text:tab/>底</text:p></table:table-cell>",
        f'<table:table-cell office:value-type="string">{note}<text:p>甲</text:p></table:table-cell>',
        cell("丙", table__number_columns_repeated="3"),
    )
    with read(ods(tmp_path / "a.ods", table)) as grid:
        cells = grid.row(0, 1)
    assert cells[:3] == (DateCell("2017-05-17"), 12.5, True)
    assert cells[4:] == ("两  行\n到\t底", "甲", "丙", "丙", "丙")
    assert not any(isinstance(one, ErrorCell) for one in cells)


def test_a_cell_that_is_read_in_two_ways_is_a_problem_of_that_cell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = row(cell("甲"), cell("一", office__value_type="string", office__string_value="二"))
    with zipfile.ZipFile(ods(tmp_path / "a.ods", table)) as archive:
        (sheet,) = ods_parts.scan_book(archive).values()
    assert sheet.sample == {1: ["甲", "二"]}


def test_a_large_file_without_marks_is_not_gone_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ods_parts, "SMALL", 10)
    for visibility, found in (("", {}), ('table:visibility="collapse"', {"台账": 1})):
        with zipfile.ZipFile(ods(tmp_path / "a.ods", row(cell("甲"), more=visibility))) as archive:
            assert {name: one.scan.hidden_rows for name, one in ods_parts.scan_book(archive).items()} == found


@pytest.mark.parametrize("small", [8 * 2**20, 10])
def test_a_file_that_ends_within_a_sheet_is_damaged_and_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: int
) -> None:
    monkeypatch.setattr(ods_parts, "SMALL", small)
    path = ods(tmp_path / "a.ods", row(cell("甲")) + "</table:table><table:table table:name='二'>" + row(cell("乙")))
    cut = tmp_path / "cut.ods"
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(cut, "w") as other:
        for name in archive.namelist():
            data = archive.read(name)
            other.writestr(name, data[: data.rindex(b"</table:table>")] if name == "content.xml" else data)
    assert [sheet.name for sheet in read(path).sheets] == ["台账", "二"]
    with pytest.raises(InputError) as refused, zipfile.ZipFile(cut) as archive:
        ods_parts.scan_book(archive)
    assert refused.value.code == "file_damaged"
    with pytest.raises(InputError) as refused:
        read(cut, seconds=5)
    assert refused.value.code == "file_damaged"
