"""The return workbook: the department's own file with a verdict on each cell, that reads like the file itself."""

import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from some_projects import add, item, project
from some_returned import PROJECTS, Edited, issued, kinds, merged, planned, verdicts

from bri_desktop.db.database import Database
from bri_desktop.domain.errors import InputError
from bri_desktop.excel.verdicts import ASKED, AUTHOR, CLASH, COLOURS, REFUSED
from bri_desktop.services.merging_answer import write_answer
from bri_desktop.services.projects import edit_fields

SUMMARY = "回执汇总"


@pytest.fixture
def returned(ledger: Database, tmp_path: Path) -> tuple[Database, Path, list[str]]:
    """Return a ledger, a workbook that came back with one cell of every verdict, and the keys."""
    keys = add(
        ledger,
        project("甲项目", status="signed", signed="2001-02", amount="100 CNY", domestic_places=("cn:310000",)),
        project("乙项目", status="signed", signed="2003"),
        project("丙项目", ended="2009-09-09", lead="外办"),
    )
    path = issued(ledger, tmp_path / "issued.xlsx")
    with ledger.write() as session:
        edit_fields(session, [keys[1]], {"status": "active"})
    book = Edited(path)
    book.put("甲项目", 状态="完成", 签署日期="很久以前", 编号="改号")
    book.put("乙项目", 状态="中止")
    book.put("丙项目", 结束日期=None, 牵头主体="  外办 ")
    book.add(项目名称="丁项目", 状态="进行到一半")
    book.add(项目名称="戊项目", 签署日期="2018-01-01")
    return ledger, book.saved(), keys


Returned = tuple[Database, Path, list[str]]


def answered(database: Database, book: Path, name: str = "answer.xlsx") -> tuple[int, Path]:
    """Write the answer; return its number of cells and its path."""
    out = book.with_name(name)
    plan = planned(database, book)
    with database.read() as session:
        return write_answer(session, plan, book, out), out


def marks(path: Path) -> dict[str, tuple[str, str]]:
    """Return cell -> (colour, comment) of the table of projects."""
    sheet = openpyxl.load_workbook(path)[PROJECTS]
    return {
        cell.coordinate: (cell.fill.fgColor.rgb, cell.comment.text)
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment is not None and cell.comment.author == AUTHOR
    }


def test_every_changed_cell_bears_its_verdict(returned: Returned) -> None:
    database, book, _ = returned
    count, out = answered(database, book)
    found = marks(out)
    opened = Edited(book)

    def at(title: str, header: str) -> str:
        return f"{openpyxl.utils.get_column_letter(opened.columns[header])}{opened.row(title)}"

    colours = {cell: {v: k for k, v in COLOURS.items()}[colour] for cell, (colour, _) in found.items()}
    assert colours == {
        at("甲项目", "状态"): "accepted",
        at("甲项目", "签署日期"): "refused",
        at("甲项目", "编号"): "refused",
        at("乙项目", "状态"): "clash",
        at("丙项目", "结束日期"): "asked",
        at("丁项目", "状态"): "refused",
        at("戊项目", "项目名称"): "accepted",
    }
    assert count == len(found) == 7
    assert "2017-05-17" in found[at("甲项目", "签署日期")][1]
    assert "现为 实施，下发时为 签约" in found[at("乙项目", "状态")][1]
    assert "〔清空〕" in found[at("丙项目", "结束日期")][1]
    assert "签约" in found[at("丁项目", "状态")][1]


def test_the_summary_lists_what_waits(returned: Returned) -> None:
    database, book, _ = returned
    _, out = answered(database, book)
    workbook = openpyxl.load_workbook(out)
    assert workbook.sheetnames[0] == SUMMARY
    rows = [[cell for cell in row if cell is not None] for row in workbook[SUMMARY].iter_rows(values_only=True)]
    assert "商务局" in rows[0][0]
    assert rows[1:5] == [["已采纳", "2"], ["未采纳", "3"], ["双方不一致", "1"], ["待确认", "1"]]
    listed = rows[next(n for n, row in enumerate(rows) if row[:2] == ["工作表", "单元格"]) + 1 :]
    assert len(listed) == 5
    assert all(row[0] == PROJECTS for row in listed)


def test_the_answer_reads_like_the_workbook_itself(returned: Returned) -> None:
    database, book, _ = returned
    _, out = answered(database, book)
    one, other = planned(database, book), planned(database, out)
    assert list(one.cells) == list(other.cells)
    assert (one.rows, one.problems, one.damage, one.missing) == (
        other.rows,
        other.problems,
        other.damage,
        other.missing,
    )


def test_corrected_and_sent_back_it_merges(returned: Returned) -> None:
    database, book, keys = returned
    merged(database, book)
    _, out = answered(database, book)
    fixed = Edited(out)
    fixed.put("甲项目", 签署日期="2001-03", 编号=fixed.book[PROJECTS].cell(6, 2).value and "2001-001")
    fixed.put("丙项目", 结束日期="〔清空〕")
    fixed.put("丁项目", 状态="实施")
    again = fixed.saved("fixed.xlsx")
    report = merged(database, again, prefer="ours")
    assert kinds(report.plan) == []
    draft = item(database, keys[0]).draft
    assert draft.signed is not None
    assert (draft.signed.value, item(database, keys[2]).draft.ended, report.created_count) == ("2001-03", None, 1)
    assert merged(database, again, prefer="ours").rows_touched == 0


def test_an_answer_to_an_answer_drops_old_verdicts(returned: Returned) -> None:
    database, book, _ = returned
    _, out = answered(database, book)
    fixed = Edited(out)
    fixed.put("甲项目", 签署日期="2001-03")
    count, second = answered(database, fixed.saved("fixed.xlsx"), "second.xlsx")
    assert count == len(marks(second)) == 7
    colours = [colour for colour, _ in marks(second).values()]
    assert (colours.count(COLOURS[REFUSED]), colours.count(COLOURS[CLASH]), colours.count(COLOURS[ASKED])) == (2, 1, 1)
    assert openpyxl.load_workbook(second).sheetnames.count(SUMMARY) == 1


def test_an_untouched_workbook_has_no_verdicts(ledger: Database, tmp_path: Path) -> None:
    add(ledger, project("甲项目"))
    count, out = answered(ledger, issued(ledger, tmp_path / "issued.xlsx"))
    assert (count, marks(out), verdicts(planned(ledger, out))) == (0, {}, {})


def test_text_that_looks_like_a_formula_stays_text(ledger: Database, tmp_path: Path) -> None:
    add(ledger, project("=HYPERLINK(1)", signed="2001"), project("+1", note="@SUM(A1)"))
    book = Edited(issued(ledger, tmp_path / "issued.xlsx"))
    book.put("=HYPERLINK(1)", 签署日期="=不知道")
    sheet = book.book[PROJECTS]
    for row in sheet.iter_rows(min_row=5, max_row=6):
        for cell in row:
            cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
    _, out = answered(ledger, book.saved())
    with zipfile.ZipFile(out) as archive:
        formulas = [
            name for name in archive.namelist() if "sheet" in name and b"HYPERLINK(1)</f>" in archive.read(name)
        ]
    assert formulas == []


@pytest.mark.parametrize(("name", "code"), [("answer.xls", "answer_needs_xlsx"), ("answer.csv", "answer_needs_xlsx")])
def test_an_answer_is_an_xlsx(returned: Returned, name: str, code: str) -> None:
    database, book, _ = returned
    with pytest.raises(InputError) as refused:
        answered(database, book, name)
    assert refused.value.code == code
    assert not book.with_name(name).exists()


def test_a_workbook_that_cannot_be_opened_is_one_sentence(returned: Returned, tmp_path: Path) -> None:
    database, book, _ = returned
    plan = planned(database, book)
    broken = tmp_path / "broken.xlsx"
    with zipfile.ZipFile(book) as source, zipfile.ZipFile(broken, "w") as target:
        for name in source.namelist():
            data: Any = source.read(name)
            target.writestr(name, data.replace(b"<styleSheet", b"<styleShee", 1) if name == "xl/styles.xml" else data)
    with database.read() as session, pytest.raises(InputError) as refused:
        write_answer(session, plan, broken, tmp_path / "out.xlsx")
    assert refused.value.code == "answer_unopenable"
    assert not (tmp_path / "out.xlsx").exists()


def test_a_vast_merged_area_is_not_opened(returned: Returned, tmp_path: Path) -> None:
    database, book, _ = returned
    back = Edited(book)
    back.book["填表说明"].merged_cells.add("H200:I150000")  # without the cells that it covers
    with pytest.raises(InputError) as refused:
        answered(database, back.saved("merged.xlsx"))
    assert refused.value.code == "answer_unopenable"
