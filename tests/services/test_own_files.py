"""What this program wrote itself comes back without a question: its lists, guides and marks are no ledger."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from some_projects import add, item, project
from some_workbooks import book, counts, take

from bri_desktop import i18n
from bri_desktop.db.database import Database
from bri_desktop.domain.project import OutcomeDraft
from bri_desktop.excel.issued_layout import CONTROL_SHEET, LISTS_SHEET
from bri_desktop.excel.reader import read
from bri_desktop.services.intake_sheets import recognise
from bri_desktop.services.issuing import Order, issue
from bri_desktop.services.ledger_out import export_projects
from bri_desktop.services.projects import edit_fields

LONG = "长" * 40_000 + "完"
LANGUAGES = ["zh_CN", "en"]


@pytest.fixture
def keys(ledger: Database) -> list[str]:
    """Make four projects: one of a text that fills more than a cell, one of a result that nobody counted."""
    forum = OutcomeDraft(what="论坛，两地轮流举办")
    return add(
        ledger,
        project(title="第一所学校", summary=LONG),
        project(title="第二所学校", outcomes=(forum,)),
        project(title="第三所学校", note=LONG.replace("长", "远")),
        project(title="第四所学校", domestic_places=("cn:310000",)),
    )


def seen(path: Path) -> list[tuple[str, int]]:
    with read(path) as grid:
        return [(sheet.name, len(sheet.blocks)) for sheet in recognise(grid)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_export_is_one_table_and_nothing_is_said_of_its_lists(
    ledger: Database, keys: list[str], tmp_path: Path, language: str
) -> None:
    path = tmp_path / "a.xlsx"
    with i18n.speaking(language), ledger.read() as session:
        export_projects(session, path)
    assert len(load_workbook(path).sheetnames) == 3
    assert [tables for _, tables in seen(path)] == [1]
    report = take(ledger, path)
    assert counts(report) == {"unchanged": 4}
    assert report.remarks == [] and {row.reason for row in report.ignored} == {"header"}


def test_a_long_text_comes_back_whole_though_the_rows_were_sorted(
    ledger: Database, keys: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "a.xlsx"
    with ledger.read() as session:
        export_projects(session, path)
    with ledger.write() as session:
        edit_fields(session, [keys[0]], {"summary": None, "note": "乙"})
    workbook = load_workbook(path)
    sheet = workbook.worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    for number, row in enumerate(reversed(rows), 2):
        for place, value in enumerate(row, 1):
            sheet.cell(number, place).value = value
    workbook.save(path)
    assert counts(take(ledger, path)) == {"unchanged": 3, "updated": 1}
    assert (item(ledger, keys[0]).draft.summary, item(ledger, keys[0]).draft.note) == (LONG, "乙")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kept", [True, False])
def test_an_issued_workbook_taken_in_as_a_ledger_is_its_projects_alone(
    ledger: Database, keys: list[str], tmp_path: Path, language: str, kept: bool
) -> None:
    path = tmp_path / "a.xlsx"
    with i18n.speaking(language), ledger.write() as session:
        issue(session, Order(department="商务局"), path)
    if not kept:  # as programs do that save no hidden sheets
        workbook = load_workbook(path)
        for name in (CONTROL_SHEET, LISTS_SHEET):
            del workbook[name]
        workbook.save(path)
    assert [tables for _, tables in seen(path)] == [1]
    assert counts(take(ledger, path)) == {"unchanged": 4}


def test_a_ledger_that_is_only_called_like_one_of_ours_is_read(ledger: Database, tmp_path: Path) -> None:
    rows: list[list[Any]] = [["项目名称", "国家", "签署日期"], ["能源学校", "日本", "2015"]]
    path = book(tmp_path / "a.xlsx", [["说明"]], ("成果", rows), ("选项", rows[:1]), ("填表说明", rows[:1]))
    assert counts(take(ledger, path)) == {"created": 1}
    assert {name for name, _ in seen(path)} == {"台账", "成果", "选项", "填表说明"}
