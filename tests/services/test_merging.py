"""Issued workbooks that come back, merged cell by cell: issue, edit, plan, apply, undo, against a real ledger."""

import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from some_projects import add, drafts, item, project
from some_returned import OUTCOMES, Edited, edited, issued, kinds, merged, planned, verdicts

from bri_desktop.db.database import Database
from bri_desktop.domain.dates import PartialDate
from bri_desktop.domain.money import Money
from bri_desktop.domain.project import OutcomeDraft
from bri_desktop.domain.record import apply_plain
from bri_desktop.services.history import history_of, undo_batch
from bri_desktop.services.merging_apply import apply_merge, preview_merge
from bri_desktop.services.merging_plan import MergeDecisions
from bri_desktop.services.projects import create_project, delete_projects, edit_fields, update_project
from bri_desktop.services.sample import load_sample

AWKWARD = (
    project("上海—横滨经贸交流", code="007", signed="2010", amount="1800.5 USD", domestic_places=("cn:310000",)),
    project("=1+1", code="123456789012345678", summary="第一行\n第二行", started="2017-05", foreign_places=("co:JP",)),
    project("园区 🏭 合作", code="000", note="x" * 32_767, ended="2018-03-09", amount="0.0001 CNY"),
    project("机制", code="-5", partners=("甲, 乙公司", "丙"), tags=("重点", "a/b"), foreign_places=("co:KR", "co:JP")),
    project("超长", note="长" * 40_000, domain="trade", domains=("people",), mode="sister_city"),
    project(
        "成果多",
        outcomes=(
            OutcomeDraft(what="培训学员", quantity=Decimal(30_000), unit="人次"),
            OutcomeDraft(
                outcome_class="funds", what="贷款", amount=Money(Decimal(2), "USD"), date=PartialDate("2016-02")
            ),
        ),
    ),
)


@pytest.fixture
def six(ledger: Database, tmp_path: Path) -> tuple[Database, Path, list[str]]:
    """Return a ledger with six awkward projects, its issued workbook and their keys."""
    keys = add(ledger, *AWKWARD)
    return ledger, issued(ledger, tmp_path / "issued.xlsx"), keys


Six = tuple[Database, Path, list[str]]


def change(database: Database, key: str, **values: Any) -> None:
    """Change fields of a record on our side, given as plain values."""
    with database.write() as session:
        edit_fields(session, [key], values)


# -- identity -----------------------------------------------------------------------------------------------------


def test_an_untouched_workbook_changes_nothing(six: Six) -> None:
    database, path, _ = six
    plan = planned(database, path)
    assert (plan.rows, plan.missing, plan.damage, plan.problems) == ((), (), (), ())
    assert plan.counts["rows"] == plan.counts["row_matched"] == 6
    assert plan.counts["cells"] == plan.counts["cell_unchanged"] > 6 * 25
    report = merged(database, path)
    assert (report.batch, report.rows_touched, report.cells_merged, report.created_count) == (None, 0, 0, 0)


def test_a_workbook_saved_again_by_another_library_changes_nothing(six: Six) -> None:
    database, path, _ = six
    plan = planned(database, Edited(path).saved())
    assert verdicts(plan) == {}
    assert plan.damage == plan.problems == ()


def test_the_sample_ledger_comes_back_as_it_went(ledger: Database, tmp_path: Path) -> None:
    load_sample(ledger)
    path = issued(ledger, tmp_path / "issued.xlsx")
    plan = planned(ledger, Edited(path).saved())
    assert (plan.counts["rows"], plan.counts["outcome_rows"]) == (166, 100)
    assert verdicts(plan) == {}
    assert plan.damage == plan.problems == plan.missing == ()


@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(drafts(), min_size=12, max_size=12))
def test_any_values_come_back_as_they_went(empty_ledger: Path, tmp_path: Path, several: list[Any]) -> None:
    file = tmp_path / f"{len(list(tmp_path.iterdir()))}.db"
    shutil.copyfile(empty_ledger, file)
    database = Database(file)
    add(database, *(replace(draft, code=None) for draft in several))
    plan = planned(database, issued(database, tmp_path / "issued.xlsx"))
    database.close()
    assert (verdicts(plan), plan.damage, plan.problems, plan.missing) == ({}, (), (), ())


# -- verdicts -----------------------------------------------------------------------------------------------------


def test_one_sided_changes_merge_and_both_sides_stay(six: Six) -> None:
    database, path, keys = six
    change(database, keys[0], lead="外办")
    back = edited(path, {"上海—横滨经贸交流": {"签署日期": "2011年5月", "状态": "已签署"}})
    plan = planned(database, back)
    assert verdicts(plan) == {
        ("上海—横滨经贸交流", "signed"): "theirs",
        ("上海—横滨经贸交流", "status"): "theirs",
        ("上海—横滨经贸交流", "lead"): "ours",
    }
    report = merged(database, back)
    assert (report.rows_touched, report.cells_merged, report.needs_attention) == (1, 2, False)
    draft = item(database, keys[0]).draft
    assert (draft.signed, draft.status, draft.lead) == (PartialDate("2011-05"), "signed", "外办")
    assert draft.amount == Money(Decimal("1800.5"), "USD")


def test_the_same_file_again_changes_nothing(six: Six) -> None:
    database, path, keys = six
    back = Edited(path)
    back.put("机制", 状态="实施中", 金额=12.5, 币种="欧元")
    back.add(项目名称="新的合作", 国内城市="上海")
    file = back.saved()
    first = merged(database, file)
    assert (first.rows_touched, first.cells_merged, first.created_count) == (1, 2, 1)
    version = item(database, keys[3]).stored.version
    second = merged(database, file)
    assert (second.batch, second.rows_touched, second.cells_merged, second.created_count) == (None, 0, 0, 0)
    assert item(database, keys[3]).stored.version == version
    with database.read() as session:
        from bri_desktop.db.exchange_models import ReturnedWorkbook

        rows = session.query(ReturnedWorkbook).all()
        assert [(row.batch_id, row.workbook_id) for row in rows] == [(first.batch, 1)]


def test_both_sides_equal_merge(six: Six) -> None:
    database, path, keys = six
    change(database, keys[3], status="active")
    plan = planned(database, edited(path, {"机制": {"状态": "实施中"}}))
    assert verdicts(plan) == {("机制", "status"): "equal"}
    assert not plan.of()


def test_a_clash_asks_and_names_who_changed_ours(six: Six) -> None:
    database, path, keys = six
    change(database, keys[3], status="active")
    back = edited(path, {"机制": {"状态": "已签署"}})
    (cell,) = planned(database, back).cells
    assert (cell.verdict.value, cell.issued, cell.current, cell.returned) == ("clash", None, "active", "signed")
    assert cell.ours is not None and cell.ours.act == "edit"
    report = merged(database, back)
    assert [one.to_json()["key"] for one in report.conflicts] == [keys[3]]
    assert (report.rows_touched, report.needs_attention, item(database, keys[3]).draft.status) == (0, True, "active")


@pytest.mark.parametrize(("prefer", "status"), [("ours", "active"), ("theirs", "signed")])
def test_a_preference_settles_clashes(six: Six, prefer: str, status: str) -> None:
    database, path, keys = six
    change(database, keys[3], status="active")
    report = merged(database, edited(path, {"机制": {"状态": "已签署"}}), prefer=prefer)
    assert (report.conflicts, report.needs_attention) == ([], False)
    assert item(database, keys[3]).draft.status == status


def test_a_cleared_cell_is_asked_whatever_is_preferred(six: Six) -> None:
    database, path, keys = six
    back = edited(path, {"园区 🏭 合作": {"结束日期": None}})
    report = merged(database, back, prefer="theirs")
    assert [(cell.key, cell.field, cell.issued) for cell in report.cleared] == [(keys[2], "ended", "2018-03-09")]
    assert item(database, keys[2]).draft.ended == PartialDate("2018-03-09")
    report = merged(database, back, cells={(keys[2], "ended"): "theirs"})
    assert (report.cleared, item(database, keys[2]).draft.ended) == ([], None)


def test_the_clear_mark_clears(six: Six) -> None:
    database, path, keys = six
    merged(database, edited(path, {"园区 🏭 合作": {"结束日期": "〔清空〕"}}))
    assert item(database, keys[2]).draft.ended is None


def test_an_untouched_blank_does_not_overwrite_what_came_since(six: Six) -> None:
    database, path, keys = six
    change(database, keys[5], status="active", summary="新写的")
    plan = planned(database, path)
    assert set(verdicts(plan).values()) == {"ours"}
    assert merged(database, path).rows_touched == 0


def test_unreadable_values_are_refused_with_a_reason(six: Six) -> None:
    database, path, keys = six
    back = edited(path, {"机制": {"签署日期": "去年", "状态": "快了", "金额": "若干"}})
    plan = planned(database, back)
    assert {cell.field: (cell.verdict.value, cell.reason) for cell in plan.cells} == {
        "signed": ("invalid", "date_unreadable"),
        "status": ("invalid", "code_unknown"),
        "amount": ("invalid", "money_unreadable"),
    }
    assert all(cell.message for cell in plan.cells)
    assert "签约" in next(cell.offers for cell in plan.cells if cell.field == "status")
    report = merged(database, back)
    assert (report.needs_attention, report.rows_touched) == (True, 0)
    assert item(database, keys[3]).stored.version == 1


def test_a_change_that_breaks_a_rule_is_refused(six: Six) -> None:
    database, path, keys = six
    back = edited(path, {"园区 🏭 合作": {"开始日期": "2019", "状态": "已完成"}})
    plan = planned(database, back)
    assert verdicts(plan) == {("园区 🏭 合作", "started"): "invalid", ("园区 🏭 合作", "status"): "theirs"}
    merged(database, back)
    assert (item(database, keys[2]).draft.started, item(database, keys[2]).draft.status) == (None, "completed")


def test_a_changed_read_only_cell_is_reported(six: Six) -> None:
    database, path, _ = six
    plan = planned(database, edited(path, {"机制": {"编号": "X-1"}}))
    assert [(cell.field, cell.verdict.value) for cell in plan.cells] == [("code", "read_only")]
    assert [problem.code for problem in plan.problems] == ["cell_read_only"]


def test_money_is_one_value_with_its_currency(six: Six) -> None:
    database, path, keys = six
    merged(database, edited(path, {"上海—横滨经贸交流": {"币种": "欧元"}}))
    assert item(database, keys[0]).draft.amount == Money(Decimal("1800.5"), "EUR")


def test_a_currency_that_was_deleted_stays_what_it_was(six: Six) -> None:
    database, path, _ = six
    plan = planned(database, edited(path, {"上海—横滨经贸交流": {"币种": None}}))
    assert verdicts(plan) == {}


def test_an_emptied_city_beside_its_country_is_asked(ledger: Database, tmp_path: Path) -> None:
    add(ledger, project("横滨", foreign_places=("gn:1848354",)))
    path = issued(ledger, tmp_path / "issued.xlsx")
    plan = planned(ledger, edited(path, {"横滨": {"外方城市": None}}))
    assert verdicts(plan) == {("横滨", "foreign_places"): "cleared"}


def test_a_shortened_text_is_not_taken_for_the_whole(six: Six) -> None:
    database, path, _ = six
    back = Edited(path)
    whole = str(back.sheet.cell(back.row("超长"), back.columns["备注"]).value)
    back.put("超长", 备注="改" + whole[1:])
    plan = planned(database, back.saved())
    assert [(cell.field, cell.reason) for cell in plan.cells] == [("note", "text_was_shortened")]


# -- rows ---------------------------------------------------------------------------------------------------------


def test_rows_may_move_be_added_and_go_missing(six: Six) -> None:
    database, path, keys = six
    back = Edited(path)
    back.put("机制", 状态="实施中")
    back.reorder(lambda rows: list(reversed(rows)))
    back.sheet.delete_rows(back.row("=1+1"))
    back.add(项目名称="新的合作", 国内城市="上海", **{"国家（地区）": "日本"}, 签署日期="2018-01")
    plan = planned(database, back.saved())
    assert kinds(plan) == []
    assert verdicts(plan) == {("机制", "status"): "theirs"}
    assert [(row.key, row.emptied) for row in plan.missing] == [(keys[1], False)]
    (new,) = plan.added()
    assert new.draft is not None and new.draft.foreign_places == ("co:JP",)
    report = merged(database, back.path.with_name("returned.xlsx"))
    assert (report.created_count, report.rows_touched, report.deleted) == (1, 1, [])
    assert not item(database, keys[1]).stored.deleted


def test_a_missing_record_is_deleted_only_when_it_was_said(six: Six) -> None:
    database, path, keys = six
    back = Edited(path)
    back.sheet.delete_rows(back.row("=1+1"))
    report = merged(database, back.saved(), delete=frozenset({keys[1]}))
    assert report.deleted == [keys[1]]
    assert item(database, keys[1]).stored.deleted


def test_a_row_emptied_whole_is_missing(six: Six) -> None:
    database, path, keys = six
    back = Edited(path)
    row = back.row("机制")
    for column in range(2, back.sheet.max_column + 1):
        back.sheet.cell(row, column).value = None
    plan = planned(database, back.saved())
    assert [(one.key, one.emptied) for one in plan.missing] == [(keys[3], True)]
    assert list(plan.cells) == []


def test_a_new_row_that_is_a_known_record_makes_no_second_one(six: Six) -> None:
    database, path, _ = six
    with database.write() as session:
        other = create_project(session, project("后来登记", domestic_places=("cn:310000",), status="active"))
    back = Edited(path)
    back.add(项目名称="后来登记", 国内城市="上海", 状态="已签署", 备注="他们的")
    plan = planned(database, back.saved())
    (row,) = plan.rows
    assert (row.kind, row.key, row.by) == ("matched", other.key, "content")
    assert verdicts(plan) == {("后来登记", "status"): "clash", ("后来登记", "note"): "theirs"}


def test_a_refused_new_row_is_told(six: Six) -> None:
    database, path, _ = six
    back = Edited(path)
    row = back.add(国内城市="上海", 签署日期="不详")
    plan = planned(database, back.saved())
    assert {(problem.field, problem.code) for problem in plan.problems} == {
        ("title", "required"),
        ("signed", "date_unreadable"),
    }
    assert {int(problem.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) for problem in plan.problems} == {row}


def test_a_row_of_a_deleted_record_is_told_and_not_revived(six: Six) -> None:
    database, path, keys = six
    with database.write() as session:
        delete_projects(session, [keys[3]])
    assert planned(database, path).problems == ()
    report = merged(database, edited(path, {"机制": {"状态": "实施中"}}))
    assert [problem.code for problem in report.problems] == ["record_in_bin"]
    assert item(database, keys[3]).stored.deleted


# -- outcomes -----------------------------------------------------------------------------------------------------


def outcome_sheet(path: Path) -> tuple[Edited, Any, dict[str, int]]:
    """Return the workbook, its sheet of outcomes and the columns of that."""
    from some_returned import headers

    back = Edited(path)
    sheet = back.book[OUTCOMES]
    return back, sheet, headers(sheet)


def test_outcomes_merge_by_their_place(six: Six) -> None:
    database, path, keys = six
    back, sheet, columns = outcome_sheet(path)
    sheet.cell(5, columns["数量"]).value = 31_000
    sheet.cell(6, columns["日期"]).value = "2016年3月"
    sheet.cell(7, columns["项目编号"]).value = "007"
    sheet.cell(7, columns["成果内容"]).value = "论坛"
    sheet.cell(7, columns["数量"]).value = 2
    sheet.cell(7, columns["单位"]).value = "场"
    plan = planned(database, back.saved())
    assert [(cell.field, cell.verdict.value, cell.returned) for cell in plan.cells] == [
        ("outcomes.1.quantity", "theirs", "31000"),
        ("outcomes.2.date", "theirs", "2016-03"),
    ]
    report = merged(database, back.path.with_name("returned.xlsx"))
    assert report.rows_touched == 2
    first, second = item(database, keys[5]).draft.outcomes
    assert (first.quantity, first.unit, second.date) == (Decimal(31_000), "人次", PartialDate("2016-03"))
    assert item(database, keys[0]).draft.outcomes == (OutcomeDraft(what="论坛", quantity=Decimal(2), unit="场"),)
    again = merged(database, back.path.with_name("returned.xlsx"))
    assert (again.rows_touched, again.batch) == (0, None)


def test_an_outcome_that_moved_on_our_side_is_found(six: Six) -> None:
    database, path, keys = six
    draft = item(database, keys[5]).draft
    with database.write() as session:
        turned = replace(draft, outcomes=(OutcomeDraft(what="新"), *draft.outcomes))
        update_project(session, keys[5], turned, seen_version=1)
    back, sheet, columns = outcome_sheet(path)
    sheet.cell(5, columns["数量"]).value = 31_000
    merged(database, back.saved())
    assert [one.quantity for one in item(database, keys[5]).draft.outcomes] == [None, Decimal(31_000), None]


def test_an_outcome_that_was_deleted_here_and_changed_there_is_a_clash(six: Six) -> None:
    database, path, keys = six
    draft = item(database, keys[5]).draft
    with database.write() as session:
        update_project(session, keys[5], replace(draft, outcomes=draft.outcomes[1:]), seen_version=1)
    back, sheet, columns = outcome_sheet(path)
    sheet.cell(5, columns["数量"]).value = 31_000
    assert {cell.verdict.value for cell in planned(database, back.saved()).cells} == {"clash"}


def test_a_missing_outcome_is_never_deleted(six: Six) -> None:
    database, path, keys = six
    back, sheet, _ = outcome_sheet(path)
    sheet.delete_rows(5)
    plan = planned(database, back.saved())
    assert [row.key for row in plan.missing] == [f"{keys[5]}.1"]
    assert merged(database, back.path.with_name("returned.xlsx")).rows_touched == 0


def test_an_outcome_of_a_project_new_in_the_same_workbook(six: Six) -> None:
    database, path, _ = six
    back, sheet, columns = outcome_sheet(path)
    back.add(项目名称="全新项目")
    sheet.cell(7, columns["项目名称"]).value = "全新项目"
    sheet.cell(7, columns["成果内容"]).value = "签约"
    sheet.cell(8, columns["项目名称"]).value = "没有这个项目"
    sheet.cell(8, columns["成果内容"]).value = "签约"
    report = merged(database, back.saved())
    assert [problem.code for problem in report.problems] == ["outcome_project_unknown"]
    (key,) = report.created.values()
    assert item(database, key).draft.outcomes == (OutcomeDraft(what="签约"),)


# -- applying and undoing -----------------------------------------------------------------------------------------


def test_undo_takes_the_merge_back_field_by_field(six: Six) -> None:
    database, path, keys = six
    back = Edited(path)
    back.put("机制", 状态="实施中", 层级="市级")
    back.add(项目名称="新的合作")
    report = merged(database, back.saved())
    change(database, keys[3], status="completed")
    assert report.batch is not None
    with database.write() as session:
        undone = undo_batch(session, report.batch)
    assert [(kept.key, kept.field) for kept in undone.kept] == [(keys[3], "status")]
    draft = item(database, keys[3]).draft
    assert (draft.status, draft.level) == ("completed", None)
    with database.read() as session:
        acts = [entry["act"] for entry in history_of(session, keys[3])]
    assert acts == ["undo", "edit", "return", "add"]


def test_what_changed_after_the_plan_is_not_overwritten(six: Six) -> None:
    database, path, keys = six
    plan = planned(database, edited(path, {"机制": {"状态": "已签署", "层级": "市级"}}))
    change(database, keys[3], status="active")
    with database.write() as session:
        report = apply_merge(session, plan, MergeDecisions())
    assert [cell.field for cell in report.conflicts] == ["status"]
    draft = item(database, keys[3]).draft
    assert (draft.status, draft.level) == ("active", "municipal")


def test_a_preview_tells_what_is_written(six: Six) -> None:
    database, path, _ = six
    back = Edited(path)
    back.put("机制", 状态="实施中", 层级="市级")
    back.add(项目名称="新的合作")
    plan = planned(database, back.saved())
    shown = preview_merge(plan, MergeDecisions())
    with database.write() as session:
        done = apply_merge(session, plan, MergeDecisions())
    names = ("rows_touched", "cells_merged", "created_count")
    assert [getattr(shown, name) for name in names] == [getattr(done, name) for name in names] == [1, 2, 1]
    assert (shown.batch, shown.written, done.written) == (None, False, True)


def test_counts_add_up(six: Six) -> None:
    database, path, keys = six
    change(database, keys[0], lead="外办")
    back = Edited(path)
    back.put("机制", 状态="实施中", 签署日期="?")
    back.put("园区 🏭 合作", 结束日期=None)
    back.add(项目名称="新的合作")
    back.add(国内城市="上海")
    counts = planned(database, back.saved()).counts
    assert counts["cells"] == sum(count for name, count in counts.items() if name.startswith("cell_"))
    assert counts["rows"] == sum(count for name, count in counts.items() if name.startswith("row_"))
    assert (counts["row_added"], counts["row_refused"], counts["rows"]) == (1, 1, 8)
    assert counts["cell_theirs"] == counts["cell_invalid"] == counts["cell_cleared"] == counts["cell_ours"] == 1


def test_plain_values_come_back_as_they_are(six: Six) -> None:
    database, path, keys = six
    back = Edited(path)
    for title in ("上海—横滨经贸交流", "机制"):
        back.put(title, 合作主体="丁公司；戊大学", 标签="标签一；标签二")
    merged(database, back.saved())
    wanted = {"partners": ["丁公司", "戊大学"], "tags": ["标签一", "标签二"]}
    for key, old in ((keys[0], AWKWARD[0]), (keys[3], AWKWARD[3])):
        draft = item(database, key).draft
        assert (draft.partners, draft.tags) == (apply_plain(old, wanted).partners, apply_plain(old, wanted).tags)
