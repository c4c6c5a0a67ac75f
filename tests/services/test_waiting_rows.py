"""Rows that an import kept aside are decided later, without their file: nothing lost, counts right, one act of undo."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from some_workbooks import HEADER, book, counts, ledger_book, take
from sqlalchemy import select

from bri_desktop.db.database import Database
from bri_desktop.db.models import Change, ImportBatch, PendingRow
from bri_desktop.domain.errors import InputError
from bri_desktop.excel.grid import DateCell, ErrorCell
from bri_desktop.excel.kept_grid import kept_grid
from bri_desktop.services.history import undo_batch, undo_last
from bri_desktop.services.intake_aside import waiting_rows
from bri_desktop.services.intake_kept import cells_json, cells_of
from bri_desktop.services.intake_report import ImportReport
from bri_desktop.services.intake_waiting import apply_waiting, dismiss_rows, list_waiting, plan_waiting, read_waiting
from bri_desktop.services.projects import count_projects, find_ids, read_items

GOOD = {"项目名称": "城市论坛", "中方城市": "上海", "外方城市": "布拉格", "签署日期": date(2017, 5, 17)}
NOWHERE = {
    "项目名称": "新月湾友城",
    "中方城市": "海口市",
    "国家": "菲律宾",
    "外方城市": "新月湾镇",
    "签署日期": date(2018, 3, 2),
}
ODD_MODE = {
    "项目名称": "能源合作",
    "中方城市": "上海",
    "外方城市": "布拉格",
    "合作模式": "奇怪型",
    "金额（万元）": 12.5,
}
NEW_BAY = "new:PH:新月湾镇"


def decide(database: Database, batch: int, *, ids: tuple[int, ...] = (), **answers: Any) -> ImportReport:
    """Answer some questions of an import's waiting rows and take in what is then clear."""
    with database.write() as session:
        grid, sheets, options = read_waiting(session, batch, ids)
        with grid:
            return apply_waiting(session, grid, sheets, replace(options, **answers), batch)


def batch_counts(database: Database, number: int) -> dict[str, int]:
    with database.read() as session:
        found = session.get_one(ImportBatch, number).counts
        return {name: count for name, count in found.items() if count}


def settled(database: Database) -> list[tuple[int, str | None, bool]]:
    with database.read() as session:
        rows = session.scalars(select(PendingRow).order_by(PendingRow.id))
        return [(row.row, row.settled_how, row.settled_at is not None) for row in rows]


def titles(database: Database) -> list[str | None]:
    with database.read() as session:
        return [item.draft.title for item in read_items(session, sorted(find_ids(session)))]


@pytest.fixture
def batch(ledger: Database, tmp_path: Path) -> int:
    """One row taken in, two kept aside: an unknown city, an unknown mode."""
    report = take(ledger, ledger_book(tmp_path / "台账.xlsx", GOOD, NOWHERE, ODD_MODE))
    assert counts(report) == {"created": 1, "pending": 2}
    assert report.batch is not None
    return report.batch


def test_what_is_answered_is_taken_in_and_the_rest_waits_on(ledger: Database, batch: int) -> None:
    report = decide(ledger, batch, place_keys={("新月湾镇", "PH"): NEW_BAY})
    assert counts(report) == {"created": 1, "pending": 1}
    assert titles(ledger) == ["城市论坛", "新月湾友城"]
    assert settled(ledger) == [(3, "imported", True), (4, None, False)]
    assert batch_counts(ledger, batch) == {"created": 2, "pending": 1}
    with ledger.read() as session:
        _, second = read_items(session, sorted(find_ids(session)))
        assert second.draft.signed is not None and second.draft.signed.value == "2018-03-02"
        assert waiting_rows(session) == 1


def test_deciding_is_one_act_and_undoing_it_lets_the_rows_wait_again(ledger: Database, batch: int) -> None:
    decide(ledger, batch, code_values={("mode", "奇怪型"): "demonstration_park"})
    assert titles(ledger) == ["城市论坛", "能源合作"]
    with ledger.write() as session:
        undone = undo_last(session)
    assert (undone.action, undone.restored) == ("settle", 1)
    assert titles(ledger) == ["城市论坛"]
    assert settled(ledger) == [(3, None, False), (4, None, False)]
    assert batch_counts(ledger, batch) == {"created": 1, "pending": 2}
    with ledger.read() as session:
        assert session.get_one(ImportBatch, batch).undone_at is None


def test_undoing_the_import_takes_the_rows_decided_later_with_it(ledger: Database, batch: int) -> None:
    decide(ledger, batch, code_values={("mode", "奇怪型"): "demonstration_park"})
    with ledger.write() as session:
        assert undo_batch(session, batch).restored == 2
    assert titles(ledger) == []
    assert {how for _, how, _ in settled(ledger)} == {"undone"}


def test_nothing_answered_is_no_act(ledger: Database, batch: int) -> None:
    with ledger.read() as session:
        acts = session.scalars(select(Change.id)).all()
    report = decide(ledger, batch)
    assert not report.written and counts(report) == {"pending": 2}
    with ledger.read() as session:
        assert session.scalars(select(Change.id)).all() == acts


def test_a_row_left_out_is_settled_and_counted_apart(ledger: Database, batch: int) -> None:
    decide(ledger, batch, left_out=frozenset({("台账", 3)}))
    assert settled(ledger) == [(3, "dismissed", True), (4, None, False)]
    assert batch_counts(ledger, batch) == {"created": 1, "pending": 1}
    with ledger.read() as session:
        marks = [(one["row"], one["reason"]) for one in session.get_one(ImportBatch, batch).ignored]
    assert marks == [(1, "header"), (3, "row_left_out")]


def test_dismissed_rows_wait_again_when_that_is_undone(ledger: Database, batch: int) -> None:
    with ledger.write() as session:
        dismiss_rows(session, list(session.scalars(select(PendingRow.id))))
    assert batch_counts(ledger, batch) == {"created": 1}
    with ledger.write() as session:
        undo_last(session)
    assert batch_counts(ledger, batch) == {"created": 1, "pending": 2}
    assert [how for _, how, _ in settled(ledger)] == [None, None]


def test_rows_are_compared_with_what_their_own_import_made(ledger: Database, tmp_path: Path) -> None:
    """The same project once without a question and once with an unknown status: asked, never made twice."""
    odd = GOOD | {"状态": "说不清"}
    report = take(ledger, ledger_book(tmp_path / "a.xlsx", GOOD, odd))
    assert counts(report) == {"created": 1, "pending": 1} and report.batch
    done = decide(ledger, report.batch, code_values={("status", "说不清"): "active"})
    assert counts(done) == {"updated": 1}
    assert titles(ledger) == ["城市论坛"]


def test_sections_and_units_hold_for_rows_decided_later(ledger: Database, tmp_path: Path) -> None:
    columns = ("项目名称", "国家", "外方城市", "合作模式", "金额（万元）")
    path = book(
        tmp_path / "a.xlsx",
        [
            columns,
            ("苏州市",),
            ("园区", "捷克", "布拉格", "奇怪型", 30),
            ("上海市",),
            ("论坛", "捷克", "布拉格", "奇怪型", 8),
        ],
    )
    report = take(ledger, path)
    assert counts(report) == {"pending": 2} and report.batch
    path.unlink()
    done = decide(ledger, report.batch, code_values={("mode", "奇怪型"): "demonstration_park"})
    assert counts(done) == {"created": 2}
    with ledger.read() as session:
        drafts = [item.draft for item in read_items(session, sorted(find_ids(session)))]
    assert [draft.domestic_places for draft in drafts] == [("cn:320500",), ("cn:310000",)]
    assert [int(draft.amount.amount) for draft in drafts if draft.amount] == [300_000, 80_000]


def test_rows_somebody_settled_meanwhile_are_passed_over(ledger: Database, batch: int) -> None:
    with ledger.read() as session:
        grid, sheets, options = read_waiting(session, batch)
        first = session.scalars(select(PendingRow.id).where(PendingRow.row == 3)).one()
    with ledger.write() as session:
        dismiss_rows(session, [first])
    options = replace(options, code_values={("mode", "奇怪型"): "demonstration_park"})
    with grid, ledger.write() as session:
        report = apply_waiting(session, grid, sheets, options, batch)
    assert counts(report) == {"created": 1}
    assert settled(ledger) == [(3, "dismissed", True), (4, "imported", True)]


def test_planning_writes_nothing_and_chosen_rows_alone_are_read(ledger: Database, batch: int) -> None:
    with ledger.read() as session:
        last = session.scalars(select(PendingRow.id).where(PendingRow.row == 4)).one()
        grid, sheets, options = read_waiting(session, batch, [last])
        with grid:
            report = plan_waiting(session, grid, sheets, options)
    assert [(one.number, one.verdict) for one in report.outcomes] == [(4, "pending")]
    assert report.outcomes[0].problems[0].cell == "E4"
    assert not report.written


def test_an_import_without_layout_says_to_open_the_file_again(ledger: Database, tmp_path: Path) -> None:
    path = ledger_book(tmp_path / "旧.xlsx", NOWHERE)
    old = take(ledger, path).batch
    assert old is not None
    with ledger.write() as session:
        session.get_one(ImportBatch, old).layout = None
    with ledger.read() as session, pytest.raises(InputError) as refusal:
        read_waiting(session, old)
    assert (refusal.value.code, refusal.value.values["file"]) == ("layout_not_kept", "旧.xlsx")
    again = take(ledger, path).batch
    assert again is not None
    done = decide(ledger, again, place_keys={("新月湾镇", "PH"): NEW_BAY})
    assert counts(done) == {"created": 1}
    with ledger.read() as session:
        assert waiting_rows(session) == 0 and count_projects(session) == 1


def test_rows_that_wait_are_listed_with_their_cells(ledger: Database, batch: int) -> None:
    with ledger.read() as session:
        listed = list_waiting(session, batch)
        with pytest.raises(InputError):
            list_waiting(session, batch + 7)
    assert listed["total"] == 2
    first = listed["items"][0]
    assert (first["file"], first["sheet"], first["row"]) == ("台账.xlsx", "台账", 3)
    assert first["cells"] == {"0": "新月湾友城", "1": "海口市", "2": "新月湾镇", "3": "菲律宾", "5": "2018-03-02"}
    assert [problem["code"] for problem in first["problems"]] == ["place_unknown"]
    assert HEADER[2] == "外方城市" and first["problems"][0]["cell"] == "C3"
    json.dumps(listed, ensure_ascii=False)


CELLS = st.one_of(
    st.none(),
    st.text(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates().map(lambda day: DateCell(day.isoformat())),
    st.sampled_from(["#REF!", "formula"]).map(ErrorCell),
)


@given(st.lists(CELLS, max_size=12))
def test_cells_come_back_as_they_were(cells: list[Any]) -> None:
    while cells and cells[-1] is None:
        cells.pop()
    back = cells_of(json.loads(json.dumps(cells_json(cells))))
    assert [(type(cell), cell) for cell in back] == [(type(cell), cell) for cell in cells]


def test_kept_rows_far_apart_are_all_there() -> None:
    rows = [(3, ("a", DateCell("2017-05-17"))), (900_000, (None, ErrorCell("#REF!"), 2.5))]
    with kept_grid("x.xlsx", [("台账", rows)]) as grid:
        assert list(grid.rows(0)) == rows
