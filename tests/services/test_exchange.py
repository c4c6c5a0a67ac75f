"""Taking ledgers in: every row in one verdict, nothing lost, nothing overwritten, nothing twice."""

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from some_projects import add, column, item, project
from some_workbooks import HEADER, book, counts, ledger_book, table, take, told
from sqlalchemy import select

from bri_desktop.db.database import Database
from bri_desktop.db.models import ImportBatch, PendingRow, Project
from bri_desktop.domain.errors import InputError
from bri_desktop.domain.money import Money
from bri_desktop.services.history import history_of, undo_batch, undo_last
from bri_desktop.services.intake_aside import waiting_rows
from bri_desktop.services.projects import count_projects, find_ids, read_items, update_project

PARK = {"项目名称": "中白工业园", "国家": "白俄罗斯", "合作模式": "园区示范", "签署日期": "2010-10", "状态": "实施"}
FORUM = {
    "项目名称": "城市论坛",
    "中方城市": "上海",
    "国家": "日本；韩国",
    "签署日期": date(2017, 5, 17),
    "金额（万元）": 1800,
}


def drafts_of(database: Database) -> list[Any]:
    with database.read() as session:
        return [found.draft for found in read_items(session, sorted(find_ids(session)))]


def rows_in(database: Database, name: str) -> int:
    with database.read() as session:
        return int(column(session, f"SELECT count(*) FROM {name}")[0])


# -- reading -----------------------------------------------------------------------------------------------------------


def test_a_row_becomes_the_project_it_says(ledger: Database, tmp_path: Path) -> None:
    report = take(ledger, ledger_book(tmp_path / "a.xlsx", PARK, FORUM))
    assert counts(report) == {"created": 2}
    park, forum = drafts_of(ledger)
    assert (park.title, park.foreign_places, park.mode, park.status) == (
        "中白工业园",
        ("co:BY",),
        "demonstration_park",
        "active",
    )
    assert (park.signed.value, park.code, park.amount) == ("2010-10", "2010-001", None)
    assert (forum.domestic_places, forum.foreign_places) == (("cn:310000",), ("co:JP", "co:KR"))
    assert (forum.signed.value, forum.amount) == ("2017-05-17", Money(Decimal(18_000_000)))


def test_titles_sections_totals_and_notes_are_told_but_no_data(ledger: Database, tmp_path: Path) -> None:
    columns = ("序号", "项目名称", "国家", "金额（万元）", "签署日期")
    path = book(
        tmp_path / "a.xlsx",
        [
            ("国际合作项目台账",),
            columns,
            ("上海市（2项）",),
            (1, "甲项目", "日本", 100, "2017"),
            (2, "乙项目", "韩国", 200, "2018"),
            columns,
            ("佛山市（1项）",),
            (1, "丙项目", "法国", 300, "2019"),
            ("合计", None, None, 600),
            ("注：数据来源于各部门。",),
        ],
    )
    report = take(ledger, path)
    assert (counts(report), report.rows) == ({"created": 3}, 3)
    assert sorted(row.row for row in report.ignored) == [1, 2, 3, 6, 7, 9, 10]
    reasons = {row.row: row.reason for row in report.ignored}
    assert (reasons[1], reasons[2], reasons[3], reasons[9], reasons[10]) == (
        "title",
        "header",
        "section",
        "total",
        "footnote",
    )
    assert all(row.text for row in report.ignored)
    assert [draft.domestic_places for draft in drafts_of(ledger)] == [("cn:310000",), ("cn:310000",), ("cn:440600",)]


def test_a_running_number_is_no_identity(ledger: Database, tmp_path: Path) -> None:
    columns = ("序号", "项目名称", "国家", "签署日期")
    first = book(tmp_path / "a.xlsx", [columns, (1, "甲项目", "日本", "2017"), (2, "乙项目", "韩国", "2018")])
    again = book(tmp_path / "b.xlsx", [columns, (1, "乙项目", "韩国", "2018"), (2, "丙项目", "法国", "2019")])
    take(ledger, first)
    report = take(ledger, again)
    assert counts(report) == {"created": 1, "unchanged": 1}
    assert [draft.title for draft in drafts_of(ledger)] == ["甲项目", "乙项目", "丙项目"]
    assert [draft.code for draft in drafts_of(ledger)] == ["2017-001", "2018-001", "2019-001"]


def test_an_unrelated_sheet_is_accounted_for(ledger: Database, tmp_path: Path) -> None:
    rows = [list(HEADER), ["中白工业园", None, None, "白俄罗斯"]]
    path = book(tmp_path / "a.xlsx", rows, ("通讯录", [("姓名", "电话"), ("张三", "123"), ("李四", "456")]))
    report = take(ledger, path)
    assert counts(report) == {"created": 1}
    assert sorted(row.row for row in report.ignored if row.sheet == "通讯录") == [1, 2, 3]


def test_a_file_without_any_ledger_is_said(ledger: Database, tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [("姓名", "电话"), ("张三", "123")])
    with pytest.raises(InputError) as refused:
        take(ledger, path)
    assert refused.value.code == "nothing_recognised"
    assert rows_in(ledger, "import_batch") == 0


def test_unknown_columns_are_kept_as_notes(ledger: Database, tmp_path: Path) -> None:
    path = ledger_book(
        tmp_path / "a.xlsx",
        {"项目名称": "甲", "国家": "日本", "备注": "一", "内部编目号": "X-9"},
        columns=("项目名称", "国家", "备注", "内部编目号"),
    )
    take(ledger, path)
    (draft,) = drafts_of(ledger)
    assert "一" in draft.note and "X-9" in draft.note


def test_a_currency_column_says_what_the_amounts_are(ledger: Database, tmp_path: Path) -> None:
    columns = ("项目名称", "国家", "金额", "币种")
    report = take(
        ledger,
        book(
            tmp_path / "a.xlsx",
            [columns, ("甲", "日本", 200, "USD"), ("乙", "日本", 300, "日元"), ("丙", "日本", 5, None)],
        ),
    )
    assert [draft.amount for draft in drafts_of(ledger)] == [Money(Decimal(200), "USD"), Money(Decimal(300), "JPY")]
    assert told(report) == [("C4", "amount", "money_unit_needed", "pending")]


def test_an_unknown_currency_is_asked_never_guessed(ledger: Database, tmp_path: Path) -> None:
    columns = ("项目名称", "国家", "金额", "币种")
    report = take(ledger, book(tmp_path / "a.xlsx", [columns, ("甲", "日本", 200, "贝壳"), ("乙", "日本", 1, "USD")]))
    assert counts(report) == {"created": 1, "pending": 1}
    assert [problem.code for problem in report.problems] == ["currency_unknown"]


def test_a_country_without_a_place_of_its_own_is_kept_beside_the_places(ledger: Database, tmp_path: Path) -> None:
    take(ledger, ledger_book(tmp_path / "a.xlsx", {"项目名称": "甲", "外方城市": "巴黎", "国家": "法国；德国"}))
    (draft,) = drafts_of(ledger)
    assert len(draft.foreign_places) == 2
    assert draft.foreign_places[1] == "co:DE"


# -- problems ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "cell", "field", "code", "verdict"),
    [
        ({"外方城市": "查无此城堡"}, "C2", "foreign_places", "place_unknown", "pending"),
        ({"中方城市": "朝阳"}, "B2", "domestic_places", "place_ambiguous", "pending"),
        ({"国家": "亚特兰蒂斯"}, "D2", "country", "country_unknown", "pending"),
        ({"合作模式": "神秘模式"}, "E2", "mode", "code_unknown", "pending"),
        ({"状态": "也许"}, "H2", "status", "code_unknown", "pending"),
        ({"签署日期": "去年春天"}, "F2", "signed", "date_unreadable", "refused"),
        ({"签署日期": "2017年底"}, "F2", "signed", "date_unreadable", "pending"),
        ({"签署日期": 42872}, "F2", "signed", "date_unreadable", "pending"),
        ({"签署日期": "2017-02-30"}, "F2", "signed", "date_impossible", "refused"),
        ({"签署日期": "2999"}, "F2", "signed", "date_impossible", "refused"),
        ({"签署日期": "2090"}, "F2", "signed", "date_in_future", "pending"),
        ({"签署日期": 2017.1}, "F2", "signed", "date_ambiguous", "pending"),
        ({"签署日期": "03/04/2017"}, "F2", "signed", "date_ambiguous", "pending"),
        ({"金额（万元）": "很多"}, "G2", "amount", "money_unreadable", "pending"),
        ({"金额（万元）": "约2亿美元"}, "G2", "amount", "money_unreadable", "pending"),
        ({"金额（万元）": -3}, "G2", "amount", "money_negative", "pending"),
        ({"项目名称": None}, "A2", "title", "required", "refused"),
        ({"项目名称": " \u3000 "}, "A2", "title", "required", "refused"),
        ({"签署日期": "=1/0"}, "F2", "signed", "formula_uncomputed", "pending"),
        ({"签署日期": "#REF!"}, "F2", "signed", "cell_error", "refused"),
    ],
)
def test_what_cannot_be_read_is_told_at_its_cell(
    ledger: Database, tmp_path: Path, values: dict[str, Any], cell: str, field: str, code: str, verdict: str
) -> None:
    good = {"项目名称": "旁边的好行", "国家": "韩国", "签署日期": "2016"}
    row = {"项目名称": "甲", "国家": "日本", "签署日期": "2017"} | values
    if "外方城市" in values:
        row["国家"] = "捷克"
    report = take(ledger, ledger_book(tmp_path / "a.xlsx", row, good))
    assert told(report) == [(cell, field, code, verdict)]
    assert counts(report) == {"created": 1, verdict: 1}
    assert [draft.title for draft in drafts_of(ledger)] == ["旁边的好行"]
    assert rows_in(ledger, "pending_row") == 1


def test_a_row_kept_aside_is_kept_once(ledger: Database, tmp_path: Path) -> None:
    path = ledger_book(tmp_path / "a.xlsx", {"项目名称": "甲", "状态": "也许"})
    take(ledger, path)
    report = take(ledger, path)
    assert counts(report) == {"pending": 1}
    assert rows_in(ledger, "pending_row") == 1


def test_new_places_are_made_only_when_that_is_accepted(ledger: Database, tmp_path: Path) -> None:
    path = ledger_book(
        tmp_path / "a.xlsx",
        {"项目名称": "甲", "外方城市": "新城堡", "国家": "捷克"},
        {"项目名称": "乙", "外方城市": "新城堡", "国家": "捷克"},
    )
    assert counts(take(ledger, path)) == {"pending": 2}
    assert counts(take(ledger, path, dry=True, new_places="accept")) == {"created": 2}
    assert rows_in(ledger, "place") == 0
    assert counts(take(ledger, path, new_places="accept")) == {"created": 2}
    with ledger.read() as session:
        rows = session.connection().exec_driver_sql("SELECT name_zh, country, confirmed FROM place").fetchall()
    assert [tuple(row) for row in rows] == [("新城堡", "CZ", 0)]
    assert counts(take(ledger, path, new_places="ask")) == {"unchanged": 2}


# -- twice -------------------------------------------------------------------------------------------------------------


def test_the_same_file_again_changes_nothing(ledger: Database, tmp_path: Path) -> None:
    path = ledger_book(tmp_path / "a.xlsx", PARK, FORUM, {"项目名称": "甲", "备注": "多行\n说明"})
    take(ledger, path)
    versions = column_of(ledger, "SELECT version FROM project ORDER BY id")
    report = take(ledger, path)
    assert counts(report) == {"unchanged": 3}
    assert column_of(ledger, "SELECT version FROM project ORDER BY id") == versions


def column_of(database: Database, query: str) -> list[Any]:
    with database.read() as session:
        return column(session, query)


def test_spellings_of_one_organisation_are_no_change(ledger: Database, tmp_path: Path) -> None:
    columns = ("项目名称", "国家", "责任部门", "合作单位")
    path = book(
        tmp_path / "a.xlsx",
        [
            columns,
            ("甲", "日本", "市 外办", "ＡＢＣ 公司；某大学"),
            ("乙", "日本", "市外办", "ABC公司；某 大学"),
        ],
    )
    take(ledger, path)
    assert counts(take(ledger, path)) == {"unchanged": 2}
    assert rows_in(ledger, "organisation") == 3


def test_an_order_of_places_is_no_change(ledger: Database, tmp_path: Path) -> None:
    take(ledger, ledger_book(tmp_path / "a.xlsx", {"项目名称": "甲", "国家": "日本；韩国", "签署日期": "2017"}))
    other = ledger_book(tmp_path / "b.xlsx", {"项目名称": "甲", "国家": "韩国、日本", "签署日期": "2017"})
    assert counts(take(ledger, other)) == {"unchanged": 1}


def test_a_blank_never_overwrites(ledger: Database, tmp_path: Path) -> None:
    take(ledger, ledger_book(tmp_path / "a.xlsx", FORUM | {"备注": "重要", "状态": "实施"}))
    before = drafts_of(ledger)
    blank = {
        "项目名称": "城市论坛",
        "中方城市": "上海",
        "国家": "日本；韩国",
        "签署日期": None,
        "备注": " ",
        "状态": "\u3000",
    }
    assert counts(take(ledger, ledger_book(tmp_path / "b.xlsx", blank))) == {"unchanged": 1}
    assert drafts_of(ledger) == before


def test_an_update_changes_only_what_is_said(ledger: Database, tmp_path: Path) -> None:
    columns = ("项目编号", *HEADER)
    take(ledger, ledger_book(tmp_path / "a.xlsx", FORUM | {"项目编号": "WB-1", "备注": "重要"}, columns=columns))
    (before,) = drafts_of(ledger)
    change = {"项目编号": "WB-1", "项目名称": "城市论坛（新名）", "状态": "完成"}
    report = take(ledger, ledger_book(tmp_path / "b.xlsx", change, columns=columns))
    assert counts(report) == {"updated": 1}
    (after,) = drafts_of(ledger)
    assert after == replace(before, title="城市论坛（新名）", status="completed")


def test_repeated_rows_are_duplicates_and_different_ones_are_asked(ledger: Database, tmp_path: Path) -> None:
    rows = [PARK, PARK, PARK | {"状态": "完成"}, {"项目名称": "另一项", "国家": "日本"}]
    report = take(ledger, ledger_book(tmp_path / "a.xlsx", *rows))
    assert counts(report) == {"created": 2, "duplicates": 1, "pending": 1}
    assert [(o.number, o.same_as_row) for o in report.outcomes if o.verdict == "duplicates"] == [(3, 2)]
    assert told(report) == [("A4", "title", "possible_duplicate_row", "pending")]


@pytest.mark.parametrize("update_by", ["code", "title"])
def test_the_last_duplicate_never_wins_in_silence(ledger: Database, tmp_path: Path, update_by: str) -> None:
    (key,) = add(ledger, project("城市论坛", code="WB-1", foreign_places=("co:JP",)))
    columns = ("项目编号", *HEADER)
    rows = [
        {"项目编号": "WB-1", "项目名称": "城市论坛", "国家": "日本", "状态": "实施"},
        {"项目编号": None, "项目名称": "城市论坛", "国家": "日本", "状态": "完成"},
    ]
    report = take(ledger, ledger_book(tmp_path / "a.xlsx", *rows, columns=columns), update_by=update_by)
    assert counts(report) == {"updated": 1, "pending": 1}
    assert item(ledger, key).draft.status == "active"


def test_one_title_in_two_countries_is_no_one_record(ledger: Database, tmp_path: Path) -> None:
    add(ledger, project("友好城市", foreign_places=("co:JP",)))
    rows = [
        {"项目名称": "友好城市", "国家": "日本", "状态": "实施"},
        {"项目名称": "友好城市", "国家": "韩国", "状态": "完成"},
    ]
    report = take(ledger, ledger_book(tmp_path / "a.xlsx", *rows), update_by="title")
    assert counts(report) == {"updated": 1, "pending": 1}
    assert counts(take(ledger, ledger_book(tmp_path / "b.xlsx", *rows))) == {"unchanged": 1, "created": 1}


def test_two_records_that_fit_equally_are_asked(ledger: Database, tmp_path: Path) -> None:
    add(ledger, project("城市论坛", foreign_places=("co:JP",)), project("城市论坛", foreign_places=("co:JP",)))
    report = take(ledger, ledger_book(tmp_path / "a.xlsx", {"项目名称": "城市论坛", "国家": "日本", "状态": "实施"}))
    assert counts(report) == {"pending": 1}
    assert [problem.code for problem in report.problems] == ["possible_duplicate"]


def test_the_same_event_in_another_year_is_another_project(ledger: Database, tmp_path: Path) -> None:
    rows = [{"项目名称": "城市论坛", "国家": "日本", "签署日期": year} for year in ("2016", "2017", "2017-05")]
    report = take(ledger, ledger_book(tmp_path / "a.xlsx", *rows))
    assert counts(report) == {"created": 2, "pending": 1}


@pytest.mark.parametrize("update_by", ["code", "title"])
def test_no_import_gives_two_projects_one_code(ledger: Database, tmp_path: Path, update_by: str) -> None:
    add(ledger, project("旧项目", code="WB-1"))
    columns = ("项目编号", *HEADER)
    rows = [
        {"项目编号": None, "项目名称": "甲", "国家": "日本", "签署日期": "2017"},
        {"项目编号": "2017-001", "项目名称": "乙", "国家": "日本", "签署日期": "2017"},
        {"项目编号": "WB-1", "项目名称": "丙", "国家": "韩国"},
    ]
    take(ledger, ledger_book(tmp_path / "a.xlsx", *rows, columns=columns), update_by=update_by)
    codes = column_of(ledger, "SELECT code FROM project WHERE deleted_at IS NULL")
    assert [code for code, number in Counter(codes).items() if number > 1] == []


def test_a_code_given_out_a_thousand_rows_ago_is_not_taken_again(ledger: Database, tmp_path: Path) -> None:
    columns = ("项目编号", "项目名称", "国家", "签署日期")
    rows = [(None, f"第{n}项", "日本", "2017") for n in range(1001)] + [("2017-005", "带编号", "日本", "2017")]
    report = take(ledger, book(tmp_path / "a.xlsx", [columns, *rows]))
    codes = column_of(ledger, "SELECT code FROM project WHERE deleted_at IS NULL")
    assert [code for code, number in Counter(codes).items() if number > 1] == []
    assert report.rows == 1002


# -- pairs -------------------------------------------------------------------------------------------------------------

PAIRS = [
    ("中方城市", "外方城市", "国家", "结好日期"),
    ("上海", "大阪", "日本", "1974-04-18"),
    ("佛山", "伊丹", "日本", "1985"),
]


def test_a_ledger_of_pairs_needs_its_kind(ledger: Database, tmp_path: Path) -> None:
    report = take(ledger, book(tmp_path / "名单.xlsx", PAIRS))
    assert counts(report) == {"pending": 2}
    assert {problem.code for problem in report.problems} == {"pair_kind_needed"}
    report = take(ledger, book(tmp_path / "名单.xlsx", PAIRS), pair_kind="friendly")
    assert counts(report) == {"created": 2}
    assert column_of(ledger, "SELECT kind FROM pair") == ["friendly", "friendly"]


def test_a_ledger_that_calls_itself_sister_cities_is_one(ledger: Database, tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [("上海市国际友好城市一览表",), *PAIRS])
    assert counts(take(ledger, path)) == {"created": 2}
    assert column_of(ledger, "SELECT kind FROM pair") == ["sister", "sister"]
    assert [draft.title for draft in drafts_of(ledger)] == ["上海市—大阪友好城市", "佛山市—伊丹友好城市"]
    assert counts(take(ledger, path)) == {"unchanged": 2}


# -- writing -----------------------------------------------------------------------------------------------------------


def test_planning_writes_nothing(ledger: Database, tmp_path: Path) -> None:
    path = ledger_book(tmp_path / "a.xlsx", PARK, FORUM, {"项目名称": "甲", "状态": "也许"})
    planned = take(ledger, path, dry=True)
    for name in ("project", "import_batch", "pending_row", "place", "organisation", "change", "history_entry"):
        assert rows_in(ledger, name) == 0, name
    written = take(ledger, path)
    assert counts(planned) == counts(written) == {"created": 2, "pending": 1}
    assert (planned.batch, planned.written, written.batch, written.written) == (None, False, 1, True)


def test_atomic_writes_all_or_nothing(ledger: Database, tmp_path: Path) -> None:
    report = take(ledger, ledger_book(tmp_path / "a.xlsx", PARK, {"项目名称": "甲", "状态": "也许"}), atomic=True)
    assert (counts(report), report.batch, report.needs_attention) == ({"created": 1, "pending": 1}, None, True)
    for name in ("project", "import_batch", "pending_row"):
        assert rows_in(ledger, name) == 0
    report = take(ledger, ledger_book(tmp_path / "b.xlsx", PARK, FORUM), atomic=True)
    assert (counts(report), report.batch) == ({"created": 2}, 1)


def test_the_batch_keeps_the_account(ledger: Database, tmp_path: Path) -> None:
    path = ledger_book(tmp_path / "某局.xlsx", PARK, {"项目名称": "甲", "状态": "也许"})
    report = take(ledger, path)
    with ledger.read() as session:
        batch = session.get_one(ImportBatch, report.batch)
        (kept,) = session.scalars(select(PendingRow))
    assert (batch.file_name, batch.counts["created"], batch.counts["pending"], len(batch.sha256)) == (
        "某局.xlsx",
        1,
        1,
        64,
    )
    assert [problem["cell"] for problem in batch.problems] == ["H3"]
    assert (kept.row, kept.cells["0"], kept.problems[0]["code"]) == (3, "甲", "code_unknown")


def test_undo_of_an_import_keeps_later_edits_and_lists_them(ledger: Database, tmp_path: Path) -> None:
    (old,) = add(ledger, project("中白工业园", foreign_places=("co:BY",), signed="2010-10", note="旧"))
    report = take(
        ledger, ledger_book(tmp_path / "a.xlsx", PARK | {"备注": "新"}, FORUM, {"项目名称": "甲", "国家": "法国"})
    )
    assert counts(report) == {"created": 2, "updated": 1}
    for key, values in ((old, {"status": "completed"}), ("P2", {"note": "后来改的"})):
        stored = item(ledger, key).stored
        with ledger.write() as session:
            update_project(session, key, replace(stored.draft, **values), seen_version=stored.version)
    with ledger.write() as session:
        undone = undo_batch(session, report.batch or 0)
    assert undone.restored == 2
    assert sorted((kept.key, kept.field) for kept in undone.kept) == [("P1", "status"), ("P2", None)]
    draft = item(ledger, old).draft
    assert (draft.note, draft.status, draft.mode) == ("旧", "completed", None)
    with ledger.read() as session:
        assert count_projects(session) == 2
        assert session.get_one(Project, 3).deleted_at is not None
    with pytest.raises(InputError) as again, ledger.write() as session:
        undo_batch(session, report.batch or 0)
    assert again.value.code == "batch_undone"


def test_undoing_an_import_gives_the_ledger_as_it_was(ledger: Database, tmp_path: Path) -> None:
    add(ledger, project("中白工业园", foreign_places=("co:BY",), signed="2010-10"), project("不相干"))
    before = drafts_of(ledger)
    pairs = book(tmp_path / "pairs.xlsx", PAIRS)
    first = take(ledger, ledger_book(tmp_path / "a.xlsx", PARK, FORUM))
    second = take(ledger, pairs, pair_kind="sister")
    for batch in (second.batch, first.batch):
        with ledger.write() as session:
            assert undo_batch(session, batch or 0).kept == ()
    assert drafts_of(ledger) == before
    assert column_of(ledger, "SELECT count(*) FROM pair WHERE deleted_at IS NULL") == [0]
    assert column_of(ledger, "SELECT count(*) FROM agreement WHERE deleted_at IS NULL") == [0]
    assert counts(take(ledger, pairs, pair_kind="sister")) == {"created": 2}
    assert column_of(ledger, "SELECT count(*) FROM pair WHERE deleted_at IS NULL") == [2]


def test_an_import_is_one_act_of_the_history(ledger: Database, tmp_path: Path) -> None:
    take(ledger, ledger_book(tmp_path / "a.xlsx", PARK, FORUM))
    with ledger.read() as session:
        (entry,) = history_of(session, "P1")
        assert (entry["act"], entry["batch"]) == ("import", 1)
    with ledger.write() as session:
        assert undo_last(session).restored == 2


def test_stopping_half_way_leaves_nothing(ledger: Database, tmp_path: Path) -> None:
    from bri_desktop.excel.reader import read
    from bri_desktop.services.exchange import ImportOptions, import_grid
    from bri_desktop.services.intake_sheets import chosen_sheets

    path = book(tmp_path / "a.xlsx", [("项目名称", "国家"), *((f"第{n}项", "日本") for n in range(1500))])
    calls = iter([False, True, True])
    with read(path) as grid, pytest.raises(InputError) as stopped:
        import_grid(ledger, grid, chosen_sheets(grid), ImportOptions(), sha256="0" * 64, cancelled=lambda: next(calls))
    assert stopped.value.code == "cancelled"
    assert (rows_in(ledger, "project"), rows_in(ledger, "import_batch")) == (0, 0)


# -- options -----------------------------------------------------------------------------------------------------------


def test_a_column_can_be_named_by_hand(ledger: Database, tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [("项目名称", "国家", "其他说法"), ("甲", "日本", "2017年5月")])
    take(ledger, path, mapped=["signed=其他说法"])
    assert [draft.signed.value for draft in drafts_of(ledger)] == ["2017-05"]


@pytest.mark.parametrize(
    ("mapped", "sheets", "code"),
    [
        (["signed"], [], "assignment_unreadable"),
        (["nix=国家"], [], "field_unknown"),
        (["signed=没有这列"], [], "header_unknown"),
        ([], ["没有这页"], "sheet_unknown"),
    ],
)
def test_wrong_choices_are_said(
    ledger: Database, tmp_path: Path, mapped: list[str], sheets: list[str], code: str
) -> None:
    path = book(tmp_path / "a.xlsx", [("项目名称", "国家"), ("甲", "日本")])
    with pytest.raises(InputError) as wrong:
        take(ledger, path, mapped=mapped, sheets=sheets)
    assert wrong.value.code == code


def test_a_table_in_gbk_is_read(ledger: Database, tmp_path: Path) -> None:
    path = table(
        tmp_path / "a.csv",
        [["项目名称", "国家", "签署日期", "金额（万元）"], ["中白工业园", "白俄罗斯", "2010年10月", "1,800"]],
    )
    assert counts(take(ledger, path)) == {"created": 1}
    (draft,) = drafts_of(ledger)
    assert (draft.title, draft.foreign_places, draft.signed.value, draft.amount) == (
        "中白工业园",
        ("co:BY",),
        "2010-10",
        Money(Decimal(18_000_000)),
    )


# -- the account adds up -----------------------------------------------------------------------------------------------

CELLS = {
    "项目名称": st.sampled_from(["甲", "乙", "丙项目", "合计", "小计", "注：说明", "上海市（3项）", None, " "]),
    "中方城市": st.sampled_from(["上海", "佛山市", "朝阳", "查无此城", None]),
    "国家": st.sampled_from(["日本", "韩国；日本", "亚特兰蒂斯", None]),
    "签署日期": st.sampled_from(["2017", "2017-05", date(2017, 5, 17), 2017.1, "择日", 2016, None]),
    "金额（万元）": st.sampled_from([100, "2亿美元", "很多", 0.5, None]),
    "状态": st.sampled_from(["实施", "也许", None]),
}


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(st.fixed_dictionaries(CELLS), min_size=1, max_size=12))
def test_every_row_is_in_one_account(ledger: Database, tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    path = ledger_book(tmp_path / "random.xlsx", {"项目名称": "第一项", "国家": "法国"}, *rows, columns=tuple(CELLS))
    sheet = load_workbook(path).active
    filled = {
        cell.row for line in sheet.iter_rows() for cell in line if cell.value is not None and str(cell.value).strip()
    }
    report = take(ledger, path, dry=True)
    decided = [outcome.number for outcome in report.outcomes]
    ignored = [row.row for row in report.ignored]
    assert sorted(decided + ignored) == sorted(filled)
    assert report.rows == len(decided)
    assert {outcome.number for outcome in report.outcomes if outcome.verdict in ("refused", "pending")} == {
        int(problem.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) for problem in report.problems
    }
    take(ledger, path)
    again = take(ledger, path)
    assert again.counts["created"] == again.counts["updated"] == 0
    with ledger.write() as session:
        undo_last(session)


# -- umbrella projects and rows that waited ----------------------------------------------------------------------------


def test_an_umbrella_project_is_found_by_its_code_or_asked_for(ledger: Database, tmp_path: Path) -> None:
    head = ["项目编号", "项目名称", "中方城市", "所属项目"]
    take(ledger, book(tmp_path / "a.xlsx", [head, ["U-1", "伞形项目", "海口市", None]]))
    rows = [head, ["C-1", "子项目一", "海口市", "U-1"], ["C-2", "子项目二", "海口市", "U-9"]]
    report = take(ledger, book(tmp_path / "b.xlsx", rows))
    assert (report.counts["created"], report.counts["pending"]) == (1, 1)
    assert [(problem.cell, problem.code) for problem in report.problems] == [("D3", "record_unknown")]
    with ledger.read() as session:
        items = {item.draft.code: item for item in read_items(session, find_ids(session))}
    assert items["C-1"].draft.parent == items["U-1"].key


def test_a_waiting_row_is_settled_when_it_is_taken_in(ledger: Database, tmp_path: Path) -> None:
    rows = [["项目名称", "中方城市", "合作模式"], ["甲项目", "海口市", "没有的模式"]]
    path = book(tmp_path / "a.xlsx", rows)
    take(ledger, path)
    with ledger.read() as session:
        assert waiting_rows(session) == 1
    take(ledger, path)
    with ledger.read() as session:
        assert waiting_rows(session) == 1
    report = take(ledger, path, code_values={("mode", "没有的模式"): "sister_city"})
    assert report.counts["created"] == 1
    with ledger.read() as session:
        assert waiting_rows(session) == 0


# -- lists of ties ----------------------------------------------------------------------------------------------------

TIES = ["中方", "外方", "国家", "时间"]


def test_a_bare_list_of_ties_is_signed_at_its_dates(ledger: Database, tmp_path: Path) -> None:
    rows = [["我市友城一览表"], TIES, ["青岛", "慕尼黑", "德国", "2010-05"], ["成都", "大阪", "日本", 2012]]
    report = take(ledger, book(tmp_path / "a.xlsx", rows))
    assert counts(report) == {"created": 2}
    assert sorted(draft.signed.value for draft in drafts_of(ledger)) == ["2010-05", "2012"]
    assert {draft.pair_kind for draft in drafts_of(ledger)} == {"sister"}
    assert rows_in(ledger, "pair") == 2 and rows_in(ledger, "agreement") == 2


def test_another_date_of_the_same_tie_is_asked_not_made_a_second_one(ledger: Database, tmp_path: Path) -> None:
    take(ledger, book(tmp_path / "a.xlsx", [["友城"], TIES, ["成都", "大阪", "日本", 2012]]))
    changed = [["友城"], TIES, ["成都", "大阪", "日本", 2013]]
    report = take(ledger, book(tmp_path / "b.xlsx", changed))
    assert [(problem.code, problem.values["key"]) for problem in report.problems] == [("possible_duplicate", "P1")]
    within = [["友城"], TIES, ["青岛", "慕尼黑", "德国", 2010], ["青岛", "慕尼黑", "德国", 2011]]
    report = take(ledger, book(tmp_path / "c.xlsx", within))
    assert counts(report) == {"created": 1, "pending": 1}


def test_a_tie_without_a_foreign_city_waits_and_a_city_state_is_one(ledger: Database, tmp_path: Path) -> None:
    rows = [["友城"], TIES, ["青岛", None, "法国", 2000], ["青岛", "新加坡", "新加坡", 2001]]
    report = take(ledger, book(tmp_path / "a.xlsx", rows))
    assert counts(report) == {"created": 1, "pending": 1}
    assert {problem.code for problem in report.problems} == {"pair_needs_two_places"}


def test_a_plain_row_with_a_city_heads_the_rows_below_it(ledger: Database, tmp_path: Path) -> None:
    head = ["项目名称", "城市", "外方城市", "国家", "启动时间"]
    first, below = ["甲合作", "海口市", "马尼拉", "菲律宾", "2017"], ["丙合作", None, "东京", "日本", "2016"]
    rows = [head, first, ["成都市"], below]
    report = take(ledger, book(tmp_path / "a.xlsx", rows))
    assert counts(report) == {"created": 2}
    assert [(row.row, row.reason) for row in report.ignored if row.reason == "section"] == [(3, "section")]
    assert {draft.title: draft.domestic_places for draft in drafts_of(ledger)}["丙合作"] == ("cn:510100",)


def test_an_undone_import_takes_its_unconfirmed_places_with_it(ledger: Database, tmp_path: Path) -> None:
    head = ["项目名称", "中方城市", "外方城市", "国家"]
    path = book(tmp_path / "a.xlsx", [head, ["甲合作", "海口市", "无名城", "法国"]])
    assert counts(take(ledger, path, new_places="accept")) == {"created": 1}
    with ledger.write() as session:
        undo_batch(session, 1)
    assert counts(take(ledger, path)) == {"pending": 1}
