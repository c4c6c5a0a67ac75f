"""What hangs on projects and ties: written by the rules, taken back field by field, kept in the history."""

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bri_desktop.db.database import Database
from bri_desktop.db.models import Agreement, Pair, Project
from bri_desktop.domain.errors import InputError, StaleRecordError
from bri_desktop.domain.record_kinds import KINDS
from bri_desktop.services.earlier import restore_state
from bri_desktop.services.hanging import (
    InvalidRecordError,
    add_record,
    delete_records,
    edit_record,
    restore_records,
    rows_of,
)
from bri_desktop.services.history import history_of, last_undoable, undo_change, undo_last
from bri_desktop.services.projects import edit_fields, find_ids
from bri_desktop.services.record_list import list_ids, read_rows
from bri_desktop.services.record_store import StoredRecord
from tests.services.some_projects import add, item, project

SISTER = {
    "mode": "sister_city",
    "pair_kind": "sister",
    "domestic_places": ("cn:310000",),
    "foreign_places": ("co:SG",),
}

SAMPLES = {
    "agreement": {"title": "旅游合作备忘录", "kind": "memorandum", "signed": "2017-05-17", "expires": "2022-05"},
    "activity": {
        "title": "市长率团出访",
        "kind": "visit_out",
        "date": "2018-03",
        "head_count": 12,
        "level": "municipal",
    },
    "outcome": {"what": "培训学员", "quantity": "30000", "unit": "人次"},
    "indicator": {"name": "货运量", "unit": "万吨", "baseline": "0", "target": "120.5", "actuals": {"2017": "30"}},
    "risk": {"what": "对方换届", "cause": "ext_politics", "date": "2019"},
    "contact": {"name": "张三", "phone": "+86 21 6000 0000", "organisation": "上海市外办"},
    "follow_up": {"what": "回复来函", "due": "2030-01-02"},
    "organisation": {"name": "中远海运", "kind": "enterprise", "country": "中国"},
}


def owner_of(kind: str, key: str) -> str | None:
    return key if KINDS[kind].owners else None


def values_of(row: StoredRecord) -> dict[str, object]:
    return {code: value for code, value in row.values.items() if value is not None}


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_record_is_logged_changed_deleted_and_each_taken_back(ledger: Database, kind: str) -> None:
    (key,) = add(ledger, project())
    owner, main = owner_of(kind, key), KINDS[kind].main
    expected = SAMPLES[kind] | ({"country": "CN"} if kind == "organisation" else {})

    def rows() -> list[StoredRecord]:
        with ledger.read() as session:
            if owner is None:
                return [row.stored for row in read_rows(session, kind, list_ids(session, kind))]
            return rows_of(session, kind, owner)

    with ledger.write() as session:
        add_record(session, kind, owner, SAMPLES[kind])
    (row,) = rows()
    assert values_of(row) == expected
    with ledger.write() as session:
        edit_record(session, kind, row.id, {main: "改过的名称"}, seen_version=row.version)
    (row,) = rows()
    assert values_of(row) == expected | {main: "改过的名称"}
    with ledger.write() as session:
        delete_records(session, kind, [row.id])
    assert rows() == []
    for wanted in (expected | {main: "改过的名称"}, expected):
        with ledger.write() as session:
            undo_last(session)
        (row,) = rows()
        assert values_of(row) == wanted
    with ledger.write() as session:
        undo_last(session)
    assert rows() == []


def test_a_signed_agreement_dates_the_project_and_undoing_dates_it_back(ledger: Database) -> None:
    (key,) = add(ledger, project(started="2018"))

    def start() -> str | None:
        with ledger.read() as session:
            return session.scalar(select(Project.start))

    assert start() == "2018"
    with ledger.write() as session:
        add_record(session, "agreement", key, {"title": "框架协议", "signed": "2016-04"})
    assert start() == "2016-04"
    with ledger.read() as session:
        assert find_ids(session, filter_text="start = 2016-04") == [1]
        (row,) = rows_of(session, "agreement", key)
    with ledger.write() as session:
        edit_record(session, "agreement", row.id, {"signed": "2017-01-02"}, seen_version=1)
    assert start() == "2017-01-02"
    with ledger.write() as session:
        delete_records(session, "agreement", [row.id])
    assert start() == "2018"
    with ledger.write() as session:
        restore_records(session, "agreement", [row.id])
    assert start() == "2017-01-02"
    for wanted in ("2018", "2017-01-02", "2016-04", "2018"):
        with ledger.write() as session:
            undo_last(session)
        assert start() == wanted


def test_the_agreement_of_a_tie_keeps_it_alive(ledger: Database) -> None:
    add(ledger, project(**SISTER))
    with ledger.write() as session:
        add_record(session, "agreement", "T1", {"title": "友城协议书", "signed": "1988"})
    with ledger.read() as session:
        assert [row.values["title"] for row in rows_of(session, "agreement", "T1")] == ["友城协议书"]
        assert session.get_one(Pair, 1).deleted_at is None
        assert [(e["key"], e["action"]) for e in history_of(session, "T1")] == [("A1", "create")]


@pytest.mark.parametrize(
    ("kind", "values", "wrong"),
    [
        ("agreement", {"title": "备忘录", "signed": "2018", "expires": "2017-12"}, {("expires", "before_start")}),
        ("agreement", {"title": "备忘录", "signed": "2999"}, {("signed", "later_than_today")}),
        ("agreement", {}, {("title", "required")}),
        ("activity", {"title": "字" * 10_000}, {("title", "text_too_long")}),
        ("activity", {"date": "2018"}, {("title", "required")}),
        ("activity", {"title": "论坛", "date": "2018-06", "ended": "2018-05-31"}, {("ended", "before_start")}),
        ("risk", {"what": "延期", "date": "2019", "settled": "2018"}, {("settled", "before_start")}),
        ("organisation", {"name": "某公司", "country": "火星"}, {("country", "country_unknown")}),
    ],
)
def test_what_contradicts_itself_is_told_by_field_and_nothing_is_stored(
    ledger: Database, kind: str, values: dict[str, str], wrong: set[tuple[str, str]]
) -> None:
    (key,) = add(ledger, project())
    with ledger.write() as session, pytest.raises(InvalidRecordError) as caught:
        add_record(session, kind, owner_of(kind, key), values)
    assert {(problem.field, problem.code) for problem in caught.value.problems} == wrong
    with ledger.read() as session:
        assert [entry["key"] for entry in history_of(session, key)] == ["P1"]


def test_of_two_who_change_a_record_the_second_is_told(ledger: Database) -> None:
    (key,) = add(ledger, project())
    with ledger.write() as session:
        add_record(session, "risk", key, {"what": "汇率"})
    with ledger.write() as session:
        edit_record(session, "risk", 1, {"answer": "套期保值"}, seen_version=1)
    with ledger.write() as session, pytest.raises(StaleRecordError):
        edit_record(session, "risk", 1, {"answer": "改用人民币"}, seen_version=1)
    with ledger.read() as session:
        (row,) = rows_of(session, "risk", key)
    assert (row.values["answer"], row.version) == ("套期保值", 2)


def test_undoing_an_older_act_keeps_what_was_edited_since(ledger: Database) -> None:
    (key,) = add(ledger, project())
    with ledger.write() as session:
        add_record(session, "activity", key, {"title": "展会", "place": "釜山"})
    with ledger.write() as session:
        edit_record(session, "activity", 1, {"place": "首尔", "head_count": 5}, seen_version=1)
        act = last_undoable(session)
    with ledger.write() as session:
        edit_record(session, "activity", 1, {"place": "仁川"}, seen_version=2)
    assert act is not None
    with ledger.write() as session:
        undone = undo_change(session, act[0])
    assert [(kept.key, kept.field) for kept in undone.kept] == [("V1", "place")]
    with ledger.read() as session:
        (row,) = rows_of(session, "activity", key)
    assert (row.values["place"], row.values["head_count"]) == ("仁川", None)


def test_an_organisation_in_use_is_not_deleted_and_its_new_name_finds_its_projects(ledger: Database) -> None:
    add(ledger, project(department="商务局"))
    with ledger.write() as session, pytest.raises(InputError) as caught:
        delete_records(session, "organisation", [1])
    assert (caught.value.code, caught.value.values["count"]) == ("organisation_used", 1)
    with ledger.write() as session:
        edit_record(session, "organisation", 1, {"name": "市商务委员会"}, seen_version=1)
    with ledger.read() as session:
        assert find_ids(session, search="商务委员会") == [1]
    assert item(ledger, "P1").draft.department == "市商务委员会"
    with ledger.write() as session:
        undo_last(session)
    with ledger.read() as session:
        assert (find_ids(session, search="商务委员会"), find_ids(session, search="商务局")) == ([], [1])


def test_the_results_of_a_project_are_its_own_field(ledger: Database) -> None:
    (key,) = add(ledger, project())
    with ledger.write() as session:
        add_record(session, "outcome", key, {"what": "贷款", "amount": {"amount": "200000000", "currency": "USD"}})
        add_record(session, "outcome", key, SAMPLES["outcome"])
    stored = item(ledger, key)
    assert [outcome.what for outcome in stored.draft.outcomes] == ["贷款", "培训学员"]
    with ledger.read() as session:
        entry = history_of(session, key)[0]
    assert (entry["kind"], [*entry["after"]]) == ("project", ["outcomes"])


DATES = st.none() | st.sampled_from(["1999", "2001-02", "2001-02-03", "2010-12", "2015"])


@settings(max_examples=25)
@given(st.lists(st.tuples(st.sampled_from(["add", "edit", "delete", "undo"]), DATES), max_size=8))
def test_the_start_is_always_the_earliest_signing(empty_ledger: Path, acts: list[tuple[str, str | None]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.db"
        shutil.copyfile(empty_ledger, path)
        database = Database(path)
        _walk(database, acts)
        database.close()


def _walk(database: Database, acts: list[tuple[str, str | None]]) -> None:
    (key,) = add(database, project(started="2005"))
    for act, date in acts:
        with database.write() as session:
            rows = rows_of(session, "agreement", key)
            if act == "add" or (not rows and act != "undo"):
                add_record(session, "agreement", key, {"title": "协议", "signed": date})
            elif act == "edit":
                edit_record(session, "agreement", rows[0].id, {"signed": date}, seen_version=rows[0].version)
            elif act == "delete":
                delete_records(session, "agreement", [rows[0].id])
            elif len(rows) > 0:
                undo_last(session)
    with database.read() as session:
        if session.scalar(select(Project.deleted_at)) is None:
            alive = [d for d in session.scalars(select(Agreement.signed).where(Agreement.deleted_at.is_(None))) if d]
            assert session.scalar(select(Project.start)) == min(alive, default="2005")


def test_an_earlier_state_comes_back_as_one_act_that_is_undone(ledger: Database) -> None:
    (key,) = add(ledger, project("甲", summary="一"))
    with ledger.write() as session:
        edit_fields(session, [key], {"summary": "二", "title": "乙"})
    with ledger.write() as session:
        edit_fields(session, [key], {"summary": "三", "source": "来函"})
        add_record(session, "risk", key, {"what": "汇率"})
    with ledger.write() as session:
        edit_record(session, "risk", 1, {"what": "利率", "answer": "观望"}, seen_version=1)
    with ledger.read() as session:
        acts = {(one["kind"], one["action"]): one["change"] for one in reversed(history_of(session, key))}
        first = next(
            one["change"] for one in history_of(session, key) if one["action"] == "create" and one["key"] == key
        )
    with ledger.write() as session:
        restore_state(session, key, first)
        restore_state(session, "R1", acts["risk", "create"])
    draft = item(ledger, key).draft
    assert (draft.title, draft.summary, draft.source) == ("甲", "一", None)
    with ledger.read() as session:
        (row,) = rows_of(session, "risk", key)
        assert (row.values["what"], row.values["answer"]) == ("汇率", None)
    for _ in range(2):
        with ledger.write() as session:
            undo_last(session)
    draft = item(ledger, key).draft
    assert (draft.title, draft.summary, draft.source) == ("乙", "三", "来函")
