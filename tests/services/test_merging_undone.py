"""Workbooks that come back once more after their merge was undone, or over themselves: nothing is lost in silence."""

import datetime
from pathlib import Path

import pytest
from some_projects import add, project
from some_returned import OUTCOMES, Edited, headers, issued, merged, planned

from bri_desktop.db.database import Database
from bri_desktop.domain.errors import InputError
from bri_desktop.excel.issued_layout import FIRST_DATA_ROW
from bri_desktop.services.distinct import remember_distinct
from bri_desktop.services.duplicates import find_pairs
from bri_desktop.services.history import undo_batch
from bri_desktop.services.issue_register import MERGED, RETURNED, read_register
from bri_desktop.services.merging_answer import write_answer
from bri_desktop.services.projects import delete_projects, find_ids, today


@pytest.fixture
def returned(ledger: Database, tmp_path: Path) -> tuple[Database, Path]:
    """Return a ledger of one project and its workbook with a second project and an outcome written into it."""
    add(ledger, project("港口合作", code="1"))
    book = Edited(issued(ledger, tmp_path / "issued.xlsx"))
    book.add(项目名称="部门新项目", 状态="实施")
    sheet = book.book[OUTCOMES]
    columns = headers(sheet)
    sheet.cell(FIRST_DATA_ROW, columns["项目编号"]).value = "1"
    sheet.cell(FIRST_DATA_ROW, columns["成果内容"]).value = "培训学员"
    return ledger, book.saved()


def titles(database: Database) -> list[str]:
    """Return what the new project's title finds."""
    with database.read() as session:
        return [str(number) for number in find_ids(session, filter_text="title = 部门新项目")]


def state(database: Database) -> str:
    """Return the state of the only workbook in the register."""
    with database.read() as session:
        (entry,) = read_register(session, datetime.date.fromisoformat(today().value)).entries
    return entry.state


def test_after_an_undo_the_same_file_brings_its_new_rows_again(returned: tuple[Database, Path]) -> None:
    database, path = returned
    first = merged(database, path)
    assert (first.created_count, first.rows_touched, len(titles(database))) == (1, 1, 1)
    assert first.batch is not None
    with database.write() as session:
        undo_batch(session, first.batch)
    assert titles(database) == []
    again = merged(database, path)
    assert (again.created_count, again.rows_touched, len(titles(database))) == (1, 1, 1)
    third = merged(database, path)
    assert (third.created_count, third.rows_touched, third.batch, len(titles(database))) == (0, 0, None, 1)


def test_a_new_row_whose_record_was_deleted_here_is_told(returned: tuple[Database, Path]) -> None:
    database, path = returned
    first = merged(database, path)
    (key,) = first.created.values()
    with database.write() as session:
        delete_projects(session, [key])
    again = merged(database, path)
    assert again.created_count == 0
    assert [(problem.code, problem.cell[:1], problem.values) for problem in again.problems] == [
        ("record_in_bin", "C", {"key": key})
    ]


def test_a_workbook_whose_merge_was_undone_is_no_longer_merged(returned: tuple[Database, Path]) -> None:
    database, path = returned
    first = merged(database, path)
    assert state(database) == MERGED
    assert first.batch is not None
    with database.write() as session:
        undo_batch(session, first.batch)
    assert state(database) == RETURNED
    merged(database, path)
    assert state(database) == MERGED


def test_an_answer_never_takes_the_place_of_the_file_it_answers(returned: tuple[Database, Path]) -> None:
    database, path = returned
    before = path.read_bytes()
    link = path.with_name("same.xlsx")
    link.symlink_to(path)
    plan = planned(database, path)
    for out in (path, path.parent / ".." / path.parent.name / path.name, link):
        with database.read() as session, pytest.raises(InputError) as caught:
            write_answer(session, plan, path, out)
        assert caught.value.code == "answer_over_itself"
    assert path.read_bytes() == before


def test_a_record_is_not_different_from_itself(ledger: Database) -> None:
    (key,) = add(ledger, project("港口合作"))
    with ledger.write() as session, pytest.raises(InputError) as caught:
        remember_distinct(session, [(key, key)])
    assert caught.value.code == "distinct_itself"
    with ledger.read() as session:
        assert find_pairs(session) == []
