"""Possible duplicates: asked on import and answered, found in the ledger, merged in one act and taken back by one."""

from pathlib import Path

import pytest
from some_projects import add, item, project
from some_workbooks import counts, ledger_book, take, told
from sqlalchemy import select

from bri_desktop.db.database import Database
from bri_desktop.db.measure_models import Risk
from bri_desktop.db.models import Activity, Agreement
from bri_desktop.domain.errors import InputError, UserError
from bri_desktop.domain.vocabulary import PROJECT_KEY, number_of
from bri_desktop.services.distinct import forget_distinct, remember_distinct, told_apart
from bri_desktop.services.duplicates import MergeWish, find_pairs, merge_records, read_choices, side_by_side
from bri_desktop.services.history import history_of, undo_change, undo_last
from bri_desktop.services.intake_judge import Decision
from bri_desktop.services.projects import count_projects, delete_projects, edit_fields

SHANGHAI, PARIS, JAPAN = ("cn:310000",), ("gn:2988507",), ("co:JP",)
ENERGY = {"title": "上海与日本能源学校", "domestic_places": SHANGHAI, "foreign_places": JAPAN, "signed": "2015-04"}
ROW = {"项目名称": "能源学校项目", "中方城市": "上海", "国家": "日本", "签署日期": "2015-04-11"}


def pairs(database: Database) -> list[tuple[str, str]]:
    with database.read() as session:
        return [(pair.left, pair.right) for pair in find_pairs(session)]


def test_a_likely_duplicate_is_asked_with_its_reasons(ledger: Database, tmp_path: Path) -> None:
    (key,) = add(ledger, project(**ENERGY))
    report = take(ledger, ledger_book(tmp_path / "a.xlsx", ROW))
    assert told(report) == [("A2", "title", "possible_duplicate", "pending")]
    values = report.problems[0].values
    assert values["key"] == key and values["score"] >= 85
    assert [reason["code"] for reason in values["reasons"]] == ["titles_alike", "same_places", "same_month"]
    with ledger.read() as session:
        assert count_projects(session) == 1


def test_two_likely_rows_of_one_file_are_asked(ledger: Database, tmp_path: Path) -> None:
    second = ROW | {"项目名称": "上海与日本能源学校合作"}
    report = take(ledger, ledger_book(tmp_path / "a.xlsx", ROW, second))
    assert counts(report) == {"created": 1, "pending": 1}
    assert told(report) == [("A3", "title", "possible_duplicate_row", "pending")]
    assert (report.problems[0].values["sheet"], report.problems[0].values["row"]) == ("台账", 2)


@pytest.mark.parametrize("other", ["能源学校第二期", "2016年能源学校", "港口学校", "能源学校参观团接待工作安排"])
def test_what_is_only_named_alike_is_taken_in(ledger: Database, tmp_path: Path, other: str) -> None:
    add(ledger, project(**ENERGY))
    assert counts(take(ledger, ledger_book(tmp_path / "a.xlsx", ROW | {"项目名称": other}))) == {"created": 1}


def test_the_same_updates_that_record(ledger: Database, tmp_path: Path) -> None:
    (key,) = add(ledger, project(**ENERGY))
    path = ledger_book(tmp_path / "a.xlsx", ROW)
    report = take(ledger, path, decisions={("台账", 2): Decision("same", key=key)})
    assert counts(report) == {"updated": 1}
    assert item(ledger, key).draft.title == "能源学校项目"
    assert item(ledger, key).draft.signed.value == "2015-04-11"
    assert counts(take(ledger, path)) == {"unchanged": 1}


def test_another_is_made_and_remembered_as_different(ledger: Database, tmp_path: Path) -> None:
    (key,) = add(ledger, project(**ENERGY))
    path = ledger_book(tmp_path / "a.xlsx", ROW)
    report = take(ledger, path, decisions={("台账", 2): Decision("other", than=frozenset({key}))})
    assert counts(report) == {"created": 1}
    with ledger.read() as session:
        assert [(pair.left, pair.right) for pair in told_apart(session)] == [(key, "P2")]
    assert pairs(ledger) == []
    assert counts(take(ledger, path)) == {"unchanged": 1}


def test_another_than_one_is_not_another_than_all(ledger: Database, tmp_path: Path) -> None:
    first, second = add(ledger, project(**ENERGY), project(**ENERGY | {"title": "能源学校合作"}))
    only = {("台账", 2): Decision("other", than=frozenset({first}))}
    report = take(ledger, ledger_book(tmp_path / "a.xlsx", ROW), decisions=only)
    assert counts(report) == {"pending": 1}
    assert report.problems[0].values["key"] == second


def test_the_same_row_is_a_duplicate_whichever_stands(ledger: Database, tmp_path: Path) -> None:
    second = ROW | {"项目名称": "上海与日本能源学校合作"}
    path = ledger_book(tmp_path / "a.xlsx", ROW, second)
    later = {("台账", 3): Decision("same_row", spot=("台账", 2))}
    assert counts(take(ledger, path, dry=True, decisions=later)) == {"created": 1, "duplicates": 1}
    instead = {("台账", 2): Decision("same_row", spot=("台账", 3))}
    report = take(ledger, path, decisions=instead)
    assert counts(report) == {"created": 1, "duplicates": 1}
    assert item(ledger, "P1").draft.title == "上海与日本能源学校合作"


def test_two_rows_said_to_be_different_are_both_made(ledger: Database, tmp_path: Path) -> None:
    second = ROW | {"项目名称": "上海与日本能源学校合作"}
    path = ledger_book(tmp_path / "a.xlsx", ROW, second)
    apart = {("台账", 3): Decision("other", than=frozenset({"台账!2"}))}
    assert counts(take(ledger, path, decisions=apart)) == {"created": 2}
    assert pairs(ledger) == []
    assert counts(take(ledger, path)) == {"unchanged": 2}


def test_a_code_that_is_taken_is_left_off_when_that_is_said(ledger: Database, tmp_path: Path) -> None:
    (key,) = add(ledger, project("港口", code="A-1", domestic_places=SHANGHAI))
    columns = ("项目编号", "项目名称", "中方城市")
    path = ledger_book(
        tmp_path / "a.xlsx", {"项目编号": "A-1", "项目名称": "大学", "中方城市": "上海"}, columns=columns
    )
    assert told(take(ledger, path, dry=True, update_by="title")) == [("A2", "title", "code_taken", "pending")]
    apart = {("台账", 2): Decision("other", than=frozenset({key}))}
    report = take(ledger, path, update_by="title", decisions=apart)
    assert counts(report) == {"created": 1}
    assert item(ledger, "P2").draft.code not in (None, "A-1")


def test_a_row_left_out_is_no_row_of_the_sum_and_settles_its_waiting_one(ledger: Database, tmp_path: Path) -> None:
    add(ledger, project(**ENERGY))
    path = ledger_book(tmp_path / "a.xlsx", ROW, ROW | {"项目名称": "港口"})
    assert counts(take(ledger, path)) == {"created": 1, "pending": 1}
    report = take(ledger, path, left_out=frozenset({("台账", 2)}))
    assert counts(report) == {"unchanged": 1} and report.rows == 1
    assert [(one.row, one.reason) for one in report.ignored if one.reason == "row_left_out"] == [(2, "row_left_out")]
    with ledger.read() as session:
        settled = session.connection().exec_driver_sql("SELECT settled_how FROM pending_row").scalars().all()
    assert settled == ["dismissed"]


# -- pairs of the ledger -----------------------------------------------------------------------------------------------


def test_pairs_are_found_until_they_are_said_to_be_different(ledger: Database) -> None:
    first, second, _ = add(
        ledger,
        project(**ENERGY),
        project(**ENERGY | {"title": "能源学校项目"}),
        project(**ENERGY | {"title": "能源学校第二期"}),
    )
    assert pairs(ledger) == [(first, second)]
    with ledger.write() as session:
        remember_distinct(session, [(second, first)])
    assert pairs(ledger) == []
    with ledger.write() as session:
        forget_distinct(session, [(first, second)])
    assert pairs(ledger) == [(first, second)]
    with ledger.write() as session:
        delete_projects(session, [second])
    assert pairs(ledger) == []


def test_a_search_can_be_stopped(ledger: Database) -> None:
    add(ledger, project(**ENERGY))
    with ledger.read() as session, pytest.raises(InputError) as stopped:
        find_pairs(session, cancelled=lambda: True)
    assert stopped.value.code == "cancelled"


def test_an_umbrella_is_no_duplicate_of_what_lies_under_it(ledger: Database) -> None:
    (key,) = add(ledger, project(**ENERGY))
    add(ledger, project(**ENERGY | {"title": "能源学校项目"}, parent=key))
    assert pairs(ledger) == []


def two_records(ledger: Database) -> tuple[str, str, str]:
    """Store two records of one project with all that can hang on one, and a project under the second."""
    left, right = add(
        ledger,
        project(**ENERGY, amount="18 CNY", tags=("能源",), status="active", note="甲", code="A-1"),
        project(
            **ENERGY | {"title": "能源学校项目", "foreign_places": (*JAPAN, "co:KR")},
            amount="20 CNY",
            tags=("学校", "能源"),
            summary="概况",
            note="乙",
            code="A-2",
        ),
    )
    (child,) = add(ledger, project("分项", parent=right))
    number = number_of(PROJECT_KEY, right)
    with ledger.write() as session:
        session.add_all(
            [
                Agreement(project_id=number, title="协议", signed="2015-05", kind="memorandum"),
                Activity(project_id=number, title="互访", date="2016"),
                Risk(project_id=number, cause="other", date="2016", what="汇率"),
            ]
        )
    return left, right, child


def hanging(ledger: Database, key: str) -> tuple[int, int, int]:
    number = number_of(PROJECT_KEY, key)
    with ledger.read() as session:
        return tuple(
            len(session.scalars(select(table.id).where(table.project_id == number)).all())
            for table in (Agreement, Activity, Risk)
        )


def state(ledger: Database, *keys: str) -> list[object]:
    return [(item(ledger, key).draft, item(ledger, key).stored.deleted, hanging(ledger, key)) for key in keys]


def test_a_merge_takes_the_chosen_fields_and_all_that_hangs(ledger: Database) -> None:
    left, right, child = two_records(ledger)
    before = state(ledger, left, right, child)
    with ledger.write() as session:
        merged = merge_records(session, [MergeWish(left, right, {"amount": "right", "note": "both"})])
    draft = item(ledger, left).draft
    assert (draft.title, draft.code, draft.status) == ("上海与日本能源学校", "A-1", "active")
    assert (draft.amount.amount, draft.summary, draft.note) == (20, "概况", "甲\n乙")
    assert (draft.tags, draft.foreign_places) == (("能源", "学校"), ("co:JP", "co:KR"))
    assert item(ledger, right).stored.deleted
    assert item(ledger, child).draft.parent == left
    assert hanging(ledger, left) == (1, 1, 1) and merged.moved == 4
    with ledger.read() as session:
        acts = [(entry["act"], entry["action"]) for entry in history_of(session, left)]
    assert acts == [("merge", "merge"), ("merge", "update"), ("merge", "delete"), ("add", "create"), ("add", "create")]
    with ledger.write() as session:
        undone = undo_last(session)
    assert undone.kept == ()
    assert state(ledger, left, right, child) == before


def test_a_code_taken_over_goes_back_with_the_undo(ledger: Database) -> None:
    left, right, child = two_records(ledger)
    before = state(ledger, left, right, child)
    with ledger.write() as session:
        merge_records(session, [MergeWish(left, right, {"code": "right"})])
    assert item(ledger, left).draft.code == "A-2"
    with ledger.write() as session:
        assert undo_last(session).kept == ()
    assert state(ledger, left, right, child) == before


def test_what_was_edited_after_a_merge_stays_when_it_is_undone(ledger: Database) -> None:
    left, right, _ = two_records(ledger)
    with ledger.write() as session:
        merge_records(session, [MergeWish(left, right, {"amount": "right"})])
    with ledger.write() as session:
        edit_fields(session, [left], {"summary": "新"})
    with ledger.write() as session:
        number = session.connection().exec_driver_sql("SELECT id FROM change WHERE action = 'merge'").scalar()
        undone = undo_change(session, number)
    assert [(kept.key, kept.field) for kept in undone.kept] == [(left, "summary")]
    assert item(ledger, left).draft.summary == "新" and item(ledger, left).draft.amount.amount == 18
    assert not item(ledger, right).stored.deleted


def test_many_are_merged_in_one_act_along_a_chain(ledger: Database) -> None:
    keys = add(ledger, *(project(**ENERGY | {"note": note}) for note in "甲乙丙"))
    wishes = [MergeWish(keys[1], keys[2], {}), MergeWish(keys[0], keys[1], {}), MergeWish(keys[0], keys[2], {})]
    with ledger.write() as session:
        merge_records(session, wishes)
    assert [item(ledger, key).stored.deleted for key in keys] == [False, True, True]
    with ledger.write() as session:
        undo_last(session)
    assert [item(ledger, key).stored.deleted for key in keys] == [False, False, False]


def test_a_merge_that_breaks_a_rule_writes_nothing(ledger: Database) -> None:
    left, right = add(
        ledger, project(**ENERGY, ended="2016"), project(**ENERGY | {"title": "能源学校项目", "signed": "2018"})
    )
    before = state(ledger, left, right)
    with pytest.raises(UserError), ledger.write() as session:
        merge_records(session, [MergeWish(left, right, {"signed": "right"})])
    with pytest.raises(UserError), ledger.write() as session:
        merge_records(session, [MergeWish(left, left, {})])
    with pytest.raises(UserError), ledger.write() as session:
        merge_records(session, [MergeWish(left, "P99", {})])
    with pytest.raises(UserError), ledger.write() as session:
        merge_records(session, [MergeWish(left, right, {"amount": "both"})])
    assert state(ledger, left, right) == before


def test_side_by_side_names_what_differs(ledger: Database) -> None:
    left, right, _ = two_records(ledger)
    with ledger.read() as session:
        found = side_by_side(session, left, right)
    assert set(found.differing) == {"title", "code", "foreign_places", "amount", "tags", "status", "summary", "note"}
    assert found.right_links == {"agreement": 1, "activity": 1, "risk": 1} and not found.left_links


def test_choices_are_read_or_refused() -> None:
    assert read_choices(["amount=right", "tags=both"]) == {"amount": "right", "tags": "both"}
    for text in ("amount", "amount=middle", "colour=left"):
        with pytest.raises(InputError):
            read_choices([text])
