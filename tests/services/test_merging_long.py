"""Texts longer than a cell in a workbook that comes back: their beginning never takes the place of the whole."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from some_projects import add, item, project
from some_returned import Edited, issued, merged, planned
from some_workbooks import take

from bri_desktop.db.database import Database
from bri_desktop.excel.issued_layout import CONTROL_SHEET
from bri_desktop.services.ledger_out import export_projects

WHOLE = "长" * 40_000 + "完"
SHEET = "长文本"
Sent = tuple[Database, Edited, str]


@pytest.fixture
def sent(ledger: Database, tmp_path: Path) -> Sent:
    """Return a ledger with one long note, its issued workbook open for editing, and its key."""
    keys = add(ledger, project("超长", note=WHOLE), project("别的"))
    return ledger, Edited(issued(ledger, tmp_path / "issued.xlsx")), keys[0]


def note_of(database: Database, key: str) -> str:
    return str(item(database, key).draft.note)


def cut(back: Edited) -> str:
    return str(back.sheet.cell(back.row("超长"), back.columns["备注"]).value)


def test_the_sheet_of_long_texts_that_was_deleted_is_damage(sent: Sent) -> None:
    database, back, key = sent
    del back.book[SHEET]
    path = back.saved()
    assert [(one.kind, one.values["sheet"]) for one in planned(database, path).damage] == [("sheet_missing", SHEET)]
    merged(database, path, prefer="theirs", accept_damage=True)
    assert note_of(database, key) == WHOLE


@pytest.mark.parametrize("with_sheet", [True, False])
@pytest.mark.parametrize(
    "edit",
    [lambda text: "改" + text[1:], lambda text: text[5_000:], lambda text: text.partition("……")[0][:20_000]],
    ids=["one character", "much deleted", "much and the last sentence deleted"],
)
def test_what_is_left_of_a_long_text_is_refused(sent: Sent, edit: Any, with_sheet: bool) -> None:
    database, back, key = sent
    back.put("超长", 备注=edit(cut(back)))
    if not with_sheet:
        del back.book[SHEET]
    path = back.saved()
    assert [(cell.field, cell.reason) for cell in planned(database, path).cells] == [("note", "text_was_shortened")]
    merged(database, path, prefer="theirs", accept_damage=True)
    assert note_of(database, key) == WHOLE


def test_another_text_in_the_place_of_a_long_one_is_taken(sent: Sent) -> None:
    database, back, key = sent
    back.put("超长", 备注="已结束")
    merged(database, back.saved())
    assert note_of(database, key) == "已结束"


@pytest.mark.parametrize(
    "whole", [WHOLE[:-1] + "续", "新" + WHOLE, WHOLE[:32_600], "短"], ids=lambda text: str(len(text))
)
def test_what_was_changed_on_the_sheet_of_long_texts_is_taken(sent: Sent, whole: str) -> None:
    database, back, key = sent
    sheet = back.book[SHEET]
    sheet.cell(2, 4).value, sheet.cell(3, 4).value = whole[:32_767], whole[32_767:] or None
    path = back.saved()
    plan = planned(database, path)
    assert [(cell.field, cell.reason) for cell in plan.cells] == [("note", None)] and not plan.damage
    merged(database, path)
    assert note_of(database, key) == whole
    assert merged(database, path).rows_touched == 0


@pytest.mark.parametrize("with_sheet", [True, False])
def test_a_workbook_without_marks_never_takes_the_beginning_for_the_whole(sent: Sent, with_sheet: bool) -> None:
    database, back, key = sent
    del back.book[CONTROL_SHEET]
    if not with_sheet:
        del back.book[SHEET]
    path = back.saved()
    merged(database, path, prefer="theirs", accept_damage=True)
    assert note_of(database, key) == WHOLE
    assert [problem.code for problem in planned(database, path).problems] == ["text_was_shortened"]


def test_an_import_keeps_a_row_aside_whose_text_is_only_a_beginning(ledger: Database, tmp_path: Path) -> None:
    keys = add(ledger, project("超长", note=WHOLE))
    path = tmp_path / "ledger.xlsx"
    with ledger.read() as session:
        export_projects(session, path)
    book = load_workbook(path)
    del book[SHEET]
    book.save(path)
    report = take(ledger, path)
    assert [problem.code for problem in report.problems] == ["text_was_shortened"]
    assert note_of(ledger, keys[0]) == WHOLE
