"""Approvals: a case goes through its steps, is returned and goes on; each act is undone; durations are measured."""

import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bri_desktop.analysis.model import StatsRequest
from bri_desktop.db.database import Database
from bri_desktop.domain.approval import ACTS, acted, acts_open, standing
from bri_desktop.domain.errors import InputError, StaleRecordError
from bri_desktop.services.approval_procedures import delete_procedure, procedures, save_procedure
from bri_desktop.services.approvals import Case, act, delete_case, get_case, list_cases, open_case, withdraw
from bri_desktop.services.hanging import InvalidRecordError
from bri_desktop.services.history import history_of, undo_last
from bri_desktop.services.statistics import statistics, to_json
from tests.services.some_projects import add, project

SISTER = {
    "mode": "sister_city",
    "pair_kind": "intent",
    "domestic_places": ("cn:310000",),
    "foreign_places": ("co:SG",),
}
NAMES = ["意向书", "市外办", "市政府", "市人大常委会", "省外办", "全国友协批复", "签署", "报备"]


def case(ledger: Database, number: int = 1) -> Case:
    with ledger.read() as session:
        return get_case(session, number)


def do(ledger: Database, what: str, date: str, reason: str | None = None) -> None:
    with ledger.write() as session:
        act(session, 1, what, date=date, reason=reason)


def begin(ledger: Database, owner: str = "T1") -> None:
    add(ledger, project("友城", **SISTER))
    with ledger.write() as session:
        open_case(session, owner, opened="2024-03-01")


def test_a_case_goes_through_every_step_with_one_return_and_one_skipped(ledger: Database) -> None:
    begin(ledger)
    assert [step["name"] for step in case(ledger).steps] == NAMES
    assert (case(ledger).step_name, case(ledger).acts) == ("意向书", ("submit",))
    do(ledger, "submit", "2024-03-01")
    assert case(ledger).acts == ("decide", "return", "refuse")
    do(ledger, "decide", "2024-03-05")
    do(ledger, "submit", "2024-03-06")
    do(ledger, "return", "2024-03-11", "缺对方简介")
    assert (case(ledger).standing.state, case(ledger).standing.returned) == ("returned", 1)
    assert (case(ledger).step_name, case(ledger).acts) == ("市外办", ("submit",))
    do(ledger, "submit", "2024-03-12")
    do(ledger, "decide", "2024-03-20")
    do(ledger, "submit", "2024-03-21")
    do(ledger, "decide", "2024-04-02")
    assert case(ledger).acts == ("submit", "skip")
    do(ledger, "skip", "2024-04-02")
    for day in (8, 10, 12, 16):
        do(ledger, "submit", f"2024-04-{day:02d}")
        do(ledger, "decide", f"2024-04-{day:02d}")
    done = case(ledger)
    assert (done.closed, done.result, done.acts, done.step_name) == ("2024-04-16", "approved", (), "")
    with ledger.read() as session:
        request = StatsRequest(today=datetime.date(2024, 12, 31), year=2024, measures=("approval",))
        figures = to_json(statistics(session, request))["measures"]["approval"]
    by_step = {step["step"]: step for step in figures["steps"]}
    assert (figures["cases"], figures["finished_cases"], figures["returned"]) == (1, 1, 1)
    assert "市人大常委会" not in by_step
    # 6 to 20 March 2024: the working days 7, 8, 11–15, 18–20.
    assert (by_step["市外办"]["median"], by_step["市外办"]["returned"]) == (10.0, 1)


def test_every_act_is_undone_and_the_history_of_the_tie_has_it(ledger: Database) -> None:
    begin(ledger)
    do(ledger, "submit", "2024-03-01")
    do(ledger, "return", "2024-03-04", "格式不符")
    with ledger.write() as session:
        undo_last(session)
    assert case(ledger).standing.state == "submitted"
    with ledger.write() as session:
        undo_last(session)
    assert (case(ledger).standing.state, case(ledger).standing.since) == ("waiting", None)
    with ledger.read() as session:
        acts = [(entry["act"], entry["key"], entry["action"]) for entry in history_of(session, "T1")]
    assert acts == [
        ("undo", "S1", "update"), ("undo", "S1", "update"), ("approval_return", "S1", "update"),
        ("approval_submit", "S1", "update"), ("open_approval", "S1", "create"),
    ]  # fmt: skip
    with ledger.write() as session:
        undo_last(session)
    with ledger.read() as session:
        assert list_cases(session) == []


@pytest.mark.parametrize(
    ("what", "date", "reason", "wrong"),
    [
        ("return", "2024-03-04", "", {("reason", "required")}),
        ("decide", None, None, {("date", "required")}),
        ("decide", "2024-02-28", None, {("date", "before_last_event")}),
        ("decide", "2999-01-01", None, {("date", "later_than_today")}),
        ("return", "2024-03-04", "字" * 10_000, {("reason", "text_too_long")}),
    ],
)
def test_what_is_wrong_with_an_act_is_told_by_field(
    ledger: Database, what: str, date: str | None, reason: str | None, wrong: set[tuple[str, str]]
) -> None:
    begin(ledger)
    do(ledger, "submit", "2024-03-01")
    with ledger.write() as session, pytest.raises(InvalidRecordError) as caught:
        act(session, 1, what, date=date, reason=reason)
    assert {(one.field, one.code) for one in caught.value.problems} == wrong


def test_an_act_out_of_turn_and_a_stale_one_are_refused(ledger: Database) -> None:
    begin(ledger)
    with ledger.write() as session, pytest.raises(InputError, match="approval_act_closed"):
        act(session, 1, "decide", date="2024-03-02")
    seen = case(ledger).version
    do(ledger, "submit", "2024-03-01")
    with ledger.write() as session, pytest.raises(StaleRecordError):
        act(session, 1, "decide", date="2024-03-02", seen_version=seen)
    with ledger.write() as session, pytest.raises(InputError, match="approval_open"):
        open_case(session, "T1")
    do(ledger, "refuse", "2024-03-03", "不予批准")
    assert (case(ledger).result, case(ledger).acts) == ("refused", ())
    with ledger.write() as session:
        open_case(session, "T1")
        withdraw(session, 2, date="2024-05-01")
    assert case(ledger, 2).result == "withdrawn"
    with ledger.write() as session:
        delete_case(session, 2)
    with ledger.read() as session:
        assert [one.id for one in list_cases(session)] == [1]


def test_the_age_of_an_open_case_counts_working_days_from_the_last_event(ledger: Database) -> None:
    begin(ledger)
    do(ledger, "submit", "2024-03-04")
    with ledger.read() as session:
        (found,) = list_cases(session, today=datetime.date(2024, 3, 15))
    # 4 March (Monday) to 15 March: 5–8 and 11–15; from 1 March (Friday) two more days lie between.
    assert (found.age_of_step, found.age, found.is_working) == (9, 10, True)


def test_a_formal_tie_without_diplomatic_relations_is_warned(ledger: Database) -> None:
    places = {"domestic_places": ("cn:310000",), "mode": "sister_city"}
    add(
        ledger,
        project("甲", pair_kind="intent", foreign_places=("co:VA",), **places),
        project("乙", pair_kind="grassroots", foreign_places=("co:VA",), **places),
        project("丙", pair_kind="intent", foreign_places=("co:SG",), **places),
    )
    with ledger.write() as session:
        warned = [open_case(session, owner).warning for owner in ("T1", "T2", "T3", "P1")]
    assert warned == ["VA", None, None, "VA"]


def test_a_procedure_is_edited_and_running_cases_keep_their_steps(ledger: Database) -> None:
    begin(ledger)
    with ledger.read() as session:
        (found,) = procedures(session)
    assert (found.id, found.cases, found.steps[3]) == (1, 1, ("市人大常委会", True))
    with ledger.write() as session:
        save_procedure(session, 1, "友城审批", [("立项", False), ("签署", False)], seen_version=1)
        save_procedure(session, 0, "一般项目", [("处室", False), ("分管领导", True)], seen_version=0)
        open_case(session, "P1", procedure="一般项目")
    assert len(case(ledger).steps) == 8 and case(ledger).procedure == "友城审批"
    assert [step["name"] for step in case(ledger, 2).steps] == ["处室", "分管领导"]
    with ledger.write() as session, pytest.raises(InvalidRecordError) as caught:
        save_procedure(session, 1, "一般项目", [("甲", False), ("甲", False)], seen_version=2)
    assert {one.code for one in caught.value.problems} == {"step_twice", "name_taken"}
    with ledger.write() as session:
        delete_procedure(session, 1)
    with ledger.read() as session:
        assert [one.name for one in procedures(session)] == ["一般项目"]
    for names in (["友城审批", "一般项目"],):
        with ledger.write() as session:
            undo_last(session)
        with ledger.read() as session:
            assert [one.name for one in procedures(session)] == names


@given(st.lists(st.sampled_from(ACTS), max_size=30), st.lists(st.booleans(), min_size=1, max_size=5))
def test_a_case_never_goes_back_behind_a_decided_step(acts: list[str], optional: list[bool]) -> None:
    steps = [{"name": str(n), "optional": may, "events": []} for n, may in enumerate(optional)]
    reached = 0
    for what in acts:
        if what not in acts_open(steps, is_closed=False):
            continue
        steps, result = acted(steps, what, date="2024-01-01", who=None, reason=None)
        now = standing(steps)
        place = len(steps) if now.step is None else now.step
        assert reached <= place <= reached + 1
        assert (result is None) == (now.state != "done")
        reached = place


def test_a_case_lives_in_a_file_that_is_opened_again(ledger_path: Path) -> None:
    database = Database(ledger_path)
    begin(database)
    do(database, "submit", "2024-03-01")
    database.close()
    again = Database(ledger_path)
    assert case(again).standing.state == "submitted"
    again.close()
