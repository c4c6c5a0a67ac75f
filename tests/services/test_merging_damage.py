"""Damaged workbooks: every kind of damage is told before anything is written, honest ones raise no alarm."""

import random
from pathlib import Path
from typing import Any

import pytest
from some_projects import add, item, project
from some_returned import Edited, issued, kinds, merged, planned, verdicts

from bri_desktop.db.database import Database, create_database
from bri_desktop.db.exchange_models import IssuedWorkbook
from bri_desktop.excel.issued_layout import CONTROL_SHEET, HEADER_ROW, LISTS_SHEET
from bri_desktop.services.merging_plan import MergePlan
from bri_desktop.services.projects import delete_projects
from bri_desktop.services.records import list_records

CITIES = ("cn:310000", "cn:440600", "cn:440100", "cn:110000", "cn:320100")
COUNTRIES = ("co:JP", "co:KR", "co:FR", "co:BY", "co:KZ")
STATUS = ("idea", "signed", "active", "completed")
ROWS = 24


def drafts() -> list[Any]:
    """Return projects as a ledger has them, in no order but that of their dates."""
    chance = random.Random(7)
    years = sorted(chance.randint(1990, 2018) for _ in range(ROWS))
    return [
        project(
            f"{chance.choice('江海山河')}{chance.choice('东西南北')}合作项目{chance.randint(100, 999)}",
            code=f"W-{number:03d}",
            signed=f"{year}-{chance.randint(1, 12):02d}",
            status=chance.choice(STATUS),
            amount=f"{chance.randint(1, 900) * 10} CNY" if chance.random() < 0.7 else None,
            domestic_places=(chance.choice(CITIES),),
            foreign_places=(chance.choice(COUNTRIES),),
            lead=f"单位{chance.randint(1, 6)}",
        )
        for number, year in enumerate(years, 1)
    ]


@pytest.fixture
def sent(ledger: Database, tmp_path: Path) -> tuple[Database, Path, list[str]]:
    """Return a ledger of 24 projects, its issued workbook and their keys."""
    keys = add(ledger, *drafts())
    return ledger, issued(ledger, tmp_path / "issued.xlsx"), keys


Sent = tuple[Database, Path, list[str]]


def key_of_title(database: Database, title: str) -> str:
    """Return the key of the project with that title."""
    with database.read() as session:
        return str(list_records(session, "project", search=title)["items"][0]["key"])


def damaged(sent: Sent, book: Edited) -> MergePlan:
    """Return the plan; without acceptance nothing is written, and each kind has its sentence."""
    database, _, keys = sent
    file = book.saved()
    plan = planned(database, file)
    report = merged(database, file, prefer="theirs")
    assert (report.stopped, report.batch, report.written, report.needs_attention) == (True, None, False, True)
    assert {item(database, key).stored.version for key in keys} == {1}
    for one in plan.damage:
        assert one.message
        assert not one.message.startswith("damage_")
        assert "{" not in one.message
    return plan


@pytest.mark.parametrize("header", ["项目名称", "签署日期", "状态", "金额", "外方城市", "国家（地区）"])
def test_a_column_sorted_alone(sent: Sent, header: str) -> None:
    book = Edited(sent[1])
    values = book.column(header)
    if len(set(values)) == 1:
        return
    book.set_column(header, sorted(values, key=lambda value: (value is None, str(value))))
    plan = damaged(sent, book)
    (one,) = plan.damage
    assert (one.kind, one.sheet) == ("column_sorted", "项目")
    assert header in one.message


def test_a_shifted_paste(sent: Sent) -> None:
    book = Edited(sent[1])
    values = book.column("项目名称")
    book.set_column("项目名称", [*values[:5], *values[4:19], *values[20:]])
    plan = damaged(sent, book)
    (one,) = plan.damage
    assert (one.kind, one.where) == ("block_shifted", "C10:C24")


def test_a_row_copied_with_its_key(sent: Sent) -> None:
    database, _, keys = sent
    book = Edited(sent[1])
    last = max(row[0].row for row in book.sheet.iter_rows(min_row=5) if row[0].value)
    for column in range(1, book.sheet.max_column + 1):
        book.sheet.cell(last + 1, column).value = book.sheet.cell(8, column).value
    book.sheet.cell(last + 1, book.columns["项目名称"]).value = "照着填的新项目"
    book.sheet.cell(last + 1, book.columns["编号"]).value = None
    book.sheet.cell(last + 1, book.columns["签署日期"]).value = "2018-05"
    plan = damaged(sent, book)
    assert kinds(plan) == ["keys_copied"]
    assert plan.damage[0].where == f"8、{last + 1}"
    report = merged(database, book.saved(), accept_damage=True)
    assert (report.created_count, report.rows_touched) == (1, 0)
    assert {item(database, key).stored.version for key in keys} == {1}


def test_the_same_row_twice_makes_no_second_record(sent: Sent) -> None:
    book = Edited(sent[1])
    last = max(row[0].row for row in book.sheet.iter_rows(min_row=5) if row[0].value)
    for column in range(1, book.sheet.max_column + 1):
        book.sheet.cell(last + 1, column).value = book.sheet.cell(8, column).value
    plan = damaged(sent, book)
    assert [row.kind for row in plan.rows] == ["duplicate"]
    report = merged(sent[0], book.saved(), accept_damage=True)
    assert (report.created_count, report.rows_touched) == (0, 0)


def test_keys_that_are_lost_are_found_again(sent: Sent) -> None:
    database, _, keys = sent
    book = Edited(sent[1])
    title = book.column("项目名称")[2]
    book.put(title, 状态="完成", 牵头主体="新单位")
    book.sheet.delete_cols(1)
    plan = damaged(sent, book)
    assert set(kinds(plan)) == {"keys_lost", "columns_missing"}
    assert plan.missing == ()
    assert set(verdicts(plan).values()) <= {"theirs"}
    merged(database, book.saved(), accept_damage=True)
    assert item(database, key_of_title(database, title)).draft.lead == "新单位"
    assert sum(item(database, key).stored.version for key in keys) == ROWS + 1


def test_rows_sorted_without_their_keys_are_found_again(sent: Sent) -> None:
    book = Edited(sent[1])
    column = [row[0].value for row in book.sheet.iter_rows(min_row=5, max_row=4 + ROWS)]
    book.reorder(lambda rows: sorted(rows, key=lambda row: str(row[2])))
    for row, key in enumerate(column, 5):
        book.sheet.cell(row, 1).value = key
    plan = damaged(sent, book)
    assert kinds(plan) == ["keys_moved"]
    assert verdicts(plan) == {}
    assert (plan.missing, plan.added()) == ((), [])


def test_changed_headers_and_moved_columns_are_mapped_and_told(sent: Sent) -> None:
    book = Edited(sent[1])
    title = book.column("项目名称")[0]
    book.put(title, 牵头主体="新单位")
    book.sheet.cell(HEADER_ROW, book.columns["牵头主体"]).value = "由谁牵头"
    book.sheet.cell(HEADER_ROW, book.columns["备注"] + 3).value = "我们加的列"
    plan = damaged(sent, book)
    assert kinds(plan) == ["headers_changed"]
    assert "牵头主体" in plan.damage[0].message
    assert verdicts(plan) == {(title, "lead"): "theirs"}
    assert [problem.code for problem in plan.problems] == ["columns_added"]


def test_moved_columns_are_found_by_their_headers(sent: Sent) -> None:
    book = Edited(sent[1])
    one, other = book.columns["牵头主体"], book.columns["来源"]
    for row in range(HEADER_ROW, HEADER_ROW + ROWS + 1):
        left, right = book.sheet.cell(row, one), book.sheet.cell(row, other)
        left.value, right.value = right.value, left.value
    plan = damaged(sent, book)
    assert kinds(plan) == ["columns_moved"]
    assert verdicts(plan) == {}


def test_a_deleted_column_clears_nothing(sent: Sent) -> None:
    book = Edited(sent[1])
    book.sheet.delete_cols(book.columns["状态"])
    plan = damaged(sent, book)
    assert kinds(plan) == ["columns_missing"]
    assert verdicts(plan) == {}


def test_changed_lists_are_told(sent: Sent) -> None:
    book = Edited(sent[1])
    lists = book.book[LISTS_SHEET]
    for row in lists.iter_rows():
        if row[0].value == "status" and row[1].value == "active":
            row[2].value = "正在推进"
    plan = damaged(sent, book)
    assert kinds(plan) == ["lists_changed"]
    assert "状态" in plan.damage[0].message
    assert verdicts(plan) == {}


def test_a_workbook_of_another_ledger(sent: Sent, tmp_path: Path) -> None:
    create_database(tmp_path / "other.db")
    other = Database(tmp_path / "other.db")
    add(other, project("别处的项目", signed="2001"), project("同一个项目", domestic_places=("cn:310000",)))
    foreign = issued(other, tmp_path / "foreign.xlsx")
    other.close()
    (own,) = add(sent[0], project("同一个项目", domestic_places=("cn:310000",), status="active"))
    book = Edited(foreign)
    book.put("同一个项目", 备注="写的")
    plan = planned(sent[0], book.saved())
    assert (kinds(plan), plan.issue) == (["foreign_issue"], None)
    assert [(row.kind, row.key) for row in plan.rows] == [("added", None), ("matched", own)]
    report = merged(sent[0], book.saved(), accept_damage=True)
    assert (report.created_count, report.rows_touched) == (1, 1)
    assert item(sent[0], own).draft.note == "写的"


def test_an_older_issue_of_the_same_rows(sent: Sent, tmp_path: Path) -> None:
    database, path, _ = sent
    issued(database, tmp_path / "newer.xlsx")
    plan = damaged(sent, Edited(path))
    assert kinds(plan) == ["older_issue"]
    assert "24" in plan.damage[0].message
    assert kinds(planned(database, tmp_path / "newer.xlsx")) == []
    issued(database, tmp_path / "elsewhere.xlsx", department="教育局")
    assert kinds(planned(database, tmp_path / "newer.xlsx")) == []


@pytest.mark.parametrize("also_lists", [False, True])
def test_a_workbook_that_lost_its_hidden_sheets_is_an_ordinary_ledger(sent: Sent, also_lists: bool) -> None:
    database = sent[0]
    book = Edited(sent[1])
    del book.book[CONTROL_SHEET]
    if also_lists:
        del book.book[LISTS_SHEET]
    titles = book.column("项目名称")
    book.put(titles[0], 备注="新备注")
    book.put(titles[1], 牵头主体="别的单位")
    book.put(titles[2], 签署日期=None)
    plan = damaged(sent, book)
    assert (kinds(plan), plan.issue) == (["marks_lost"], None)
    assert verdicts(plan) == {(titles[0], "note"): "theirs", (titles[1], "lead"): "clash"}
    report = merged(database, book.saved(), accept_damage=True)
    assert (report.created_count, report.rows_touched, len(report.conflicts)) == (0, 1, 1)
    assert item(database, key_of_title(database, titles[0])).draft.note == "新备注"
    assert item(database, key_of_title(database, titles[2])).draft.signed is not None


def test_accepted_damage_is_kept_with_the_workbook(sent: Sent) -> None:
    database, path, _ = sent
    book = Edited(path)
    book.set_column("状态", sorted(book.column("状态")))
    report = merged(database, book.saved(), accept_damage=True)
    assert report.rows_touched > 4
    with database.read() as session:
        from bri_desktop.db.exchange_models import ReturnedWorkbook

        (row,) = session.query(ReturnedWorkbook).all()
        assert row.decisions["accept_damage"] == ["column_sorted"]
        assert row.counts["rows_touched"] == report.rows_touched


@pytest.mark.parametrize("seed", range(4))
def test_honest_returns_raise_no_alarm(sent: Sent, seed: int) -> None:
    database, path, keys = sent
    chance = random.Random(seed)
    book = Edited(path)
    titles = book.column("项目名称")
    words = ["构想", "签约", "实施", "完成", "中止"]
    for title in chance.sample(titles, 15):
        book.put(
            title,
            状态=chance.choice(words),
            备注=chance.choice(["已核", "待核"]),
            牵头主体=f"单位{chance.randint(1, 6)}",
            结束日期=str(chance.randint(2018, 2019)),
        )
    for number in range(3):
        book.add(项目名称=f"新项目{seed}{number}", 签署日期="2018")
    book.reorder(lambda rows: sorted(rows, key=lambda row: str(row[chance.randint(2, 3)])))
    with database.write() as session:
        delete_projects(session, [keys[0]])
    plan = planned(database, book.saved())
    assert kinds(plan) == []
    assert len(plan.added()) == 3


def test_the_register_knows_the_issue(sent: Sent) -> None:
    database, path, _ = sent
    with database.read() as session:
        number = session.query(IssuedWorkbook.number).scalar()
    plan = planned(database, path)
    assert (plan.issue, plan.department) == (number, "商务局")
