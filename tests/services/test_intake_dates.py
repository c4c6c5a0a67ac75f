"""Dates of a ledger that are none, lie ahead or contradict each other: the row waits or comes in, nothing is lost."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from some_workbooks import book, counts, take, told

from bri_desktop.db.database import Database
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.services.history import undo_last
from bri_desktop.services.intake_waiting import apply_waiting, read_waiting
from bri_desktop.services.projects import edit_fields, find_ids, read_items

HEADER = ["编号", "项目名称", "国家", "签署日期", "结束日期", "计划结束", "备注"]


def row(**cells: Any) -> list[Any]:
    values = {"项目名称": "能源学校", "国家": "日本", "签署日期": "2015"} | cells
    return [values.get(name) for name in HEADER]


def drafts(database: Database) -> list[ProjectDraft]:
    with database.read() as session:
        return [one.draft for one in read_items(session, sorted(find_ids(session)))]


@pytest.mark.parametrize("word", ["待定", "未定", "长期", "至今", "（长期）", "Ongoing", "TBD"])
def test_a_word_that_says_there_is_no_date_is_kept_as_a_note(ledger: Database, tmp_path: Path, word: str) -> None:
    path = book(tmp_path / "a.xlsx", [HEADER, row(结束日期=word, 备注="甲")])
    assert counts(take(ledger, path)) == {"created": 1}
    (draft,) = drafts(ledger)
    assert (draft.ended, draft.note) == (None, f"甲\n结束日期：{word}")
    assert counts(take(ledger, path)) == {"unchanged": 1}


def test_such_words_in_every_row_are_kept_in_every_row(ledger: Database, tmp_path: Path) -> None:
    rows = [row(项目名称=f"第{number}所学校", 结束日期="长期", 计划结束="待定") for number in range(3)]
    assert counts(take(ledger, book(tmp_path / "a.xlsx", [HEADER, *rows]))) == {"created": 3}
    assert {draft.note for draft in drafts(ledger)} == {"结束日期：长期\n计划结束：待定"}


def test_what_a_ledger_says_beside_its_note_column_replaces_no_note(ledger: Database, tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [HEADER, row(编号="A1", 结束日期="长期")])
    take(ledger, book(tmp_path / "b.xlsx", [HEADER, row(编号="A1")]))
    with ledger.write() as session:
        edit_fields(session, ["P1"], {"note": "本市重点"})
    assert counts(take(ledger, path)) == {"updated": 1}
    assert drafts(ledger)[0].note == "本市重点\n结束日期：长期"
    assert counts(take(ledger, path, dry=True)) == {"unchanged": 1}
    with ledger.write() as session:
        undo_last(session)
    assert drafts(ledger)[0].note == "本市重点"


@pytest.mark.parametrize("mark", ["/", "—", "--", "-", "／"])
def test_a_stroke_in_a_cell_is_a_blank(ledger: Database, tmp_path: Path, mark: str) -> None:
    report = take(ledger, book(tmp_path / "a.xlsx", [HEADER, row(结束日期=mark, 计划结束=mark, 备注=mark)]))
    assert counts(report) == {"created": 1}
    assert (drafts(ledger)[0].ended, drafts(ledger)[0].note) == (None, None)
    assert counts(take(ledger, book(tmp_path / "b.xlsx", [HEADER, row(项目名称=mark)]))) == {"refused": 1}


@pytest.mark.parametrize(
    ("cells", "where", "code"),
    [
        ({"结束日期": "2090-12"}, "E2", "date_in_future"),
        ({"结束日期": "2013"}, "E2", "before_start"),
        ({"结束日期": "2016年底"}, "E2", "date_unreadable"),
    ],
)
def test_a_doubtful_date_waits_with_its_cell(
    ledger: Database, tmp_path: Path, cells: dict[str, str], where: str, code: str
) -> None:
    report = take(ledger, book(tmp_path / "a.xlsx", [HEADER, row(**cells)]))
    assert told(report) == [(where, "ended", code, "pending")]
    with ledger.write() as session:
        grid, sheets, options = read_waiting(session, report.batch or 0)
        with grid:
            settled = apply_waiting(
                session, grid, sheets, _with_value(options, ("台账", 2, 4), "2016-12"), report.batch or 0
            )
    assert counts(settled) == {"created": 1}
    assert [(one.ended.value if one.ended else None) for one in drafts(ledger)] == ["2016-12"]


def _with_value(options: Any, spot: tuple[str, int, int], value: str) -> Any:
    return replace(options, values={spot: value})


def test_an_update_with_a_doubtful_date_waits_too(ledger: Database, tmp_path: Path) -> None:
    take(ledger, book(tmp_path / "a.xlsx", [HEADER, row(编号="A1")]))
    report = take(ledger, book(tmp_path / "b.xlsx", [["编号", "项目名称", "结束日期"], ["A1", "能源学校", "2013"]]))
    assert told(report) == [("C2", "ended", "before_start", "pending")]


def test_the_cell_of_a_possible_duplicate_is_its_title(ledger: Database, tmp_path: Path) -> None:
    rows = [row(签署日期="2015-04"), row(项目名称="能源学校项目", 签署日期="2015-04")]
    report = take(ledger, book(tmp_path / "a.xlsx", [HEADER, *rows]))
    assert told(report) == [("B3", "title", "possible_duplicate_row", "pending")]


@pytest.mark.parametrize("word", ["待定", "面议", "保密", "TBD"])
def test_an_amount_that_nobody_knows_yet_is_kept_as_a_note(ledger: Database, tmp_path: Path, word: str) -> None:
    rows = [["项目名称", "国家", "总投资（万元）"], ["甲", "日本", word], ["乙", "韩国", 12]]
    assert counts(take(ledger, book(tmp_path / "a.xlsx", rows))) == {"created": 2}
    assert [(one.amount is None, one.note) for one in drafts(ledger)] == [
        (True, f"总投资（万元）：{word}"),
        (False, None),
    ]
