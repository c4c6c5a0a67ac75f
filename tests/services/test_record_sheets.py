"""Sheets of what hangs on records: out and in again changes nothing; every row has its verdict, none is lost."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bri_desktop import i18n
from bri_desktop.db.database import Database
from bri_desktop.domain.errors import InputError
from bri_desktop.domain.record_kinds import KINDS
from bri_desktop.excel.reader import read
from bri_desktop.services.exchange import file_digest
from bri_desktop.services.hanging import add_record, rows_of
from bri_desktop.services.history import undo_batch
from bri_desktop.services.record_list import list_ids, read_rows
from bri_desktop.services.record_sheets import SheetReport, import_sheet, plan_sheet
from bri_desktop.services.record_sheets_out import export_kind
from tests.services.some_projects import add, project
from tests.services.test_hanging import SAMPLES, SISTER


def book(path: Path, *rows: tuple[Any, ...]) -> Path:
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.worksheets[0].append(row)
    workbook.save(path)
    return path


def take_in(ledger: Database, path: Path, kind: str, *, atomic: bool = False) -> SheetReport:
    with read(path) as grid:
        with ledger.read() as session:
            planned = plan_sheet(session, grid, kind)
        with ledger.write() as session:
            done = import_sheet(session, grid, kind, sha256=file_digest(path), atomic=atomic)
    if not atomic:
        assert [row.verdict for row in planned.rows] == [row.verdict for row in done.rows]
    return done


def told(report: SheetReport) -> list[tuple[str, str]]:
    return [(one["cell"], one["code"]) for row in report.rows for one in row.problems]


@pytest.mark.parametrize(
    ("kind", "language", "ending"),
    [
        *((kind, "zh_CN", ".xlsx") for kind in SAMPLES),
        ("agreement", "en", ".csv"), ("outcome", "en", ".ods"), ("indicator", "zh_CN", ".csv"),
    ],
)  # fmt: skip
def test_a_sheet_that_is_taken_in_again_changes_nothing(
    ledger: Database, tmp_path: Path, kind: str, language: str, ending: str
) -> None:
    i18n.set_language(language)
    (key,) = add(ledger, project(code="A-1"))
    with ledger.write() as session:
        add_record(session, kind, key if KINDS[kind].owners else None, SAMPLES[kind])
    path = tmp_path / f"out{ending}"
    with ledger.read() as session:
        before = [row.stored for row in read_rows(session, kind, list_ids(session, kind))]
        export_kind(session, path, kind)
    report = take_in(ledger, path, kind)
    assert [row.verdict for row in report.rows] == ["unchanged"] * len(before), told(report)
    assert report.batch is None
    with ledger.read() as session:
        assert [row.stored for row in read_rows(session, kind, list_ids(session, kind))] == before
    i18n.set_language("zh_CN")


def test_every_row_has_its_verdict_and_one_undo_takes_all_back(ledger: Database, tmp_path: Path) -> None:
    add(ledger, project("甲项目", code="A-1"), project("重名"), project("重名"))
    add(ledger, project("友城", **SISTER))
    with ledger.write() as session:
        add_record(session, "agreement", "P1", {"title": "旧协议", "signed": "2015"})
    path = book(
        tmp_path / "协议台账.xlsx",
        ("2024年协议台账",),
        ("记录号", "项目名称", "协议名称", "种类", "签署日期", "到期日期"),
        (None, "A-1", "备忘录一", "备忘录", "2017.5.17", "2022年5月"),
        (None, "甲项目", "备忘录一", "备忘录", "2017-05-17", "2022-05"),
        ("A1", None, "旧协议", None, "2016", None),
        ("A1", None, None, "框架协议", None, None),
        (None, "上海市—新加坡", "友城协议书", "友好城市协议书", "1999", None),
        (None, "重名", "说不清", None, None, None),
        (None, "没有的项目", "说不清", None, None, None),
        (None, None, "没有主人", None, None, None),
        (None, "甲项目", "日期反了", None, "2018", "2017"),
        (None, "甲项目", "不知何种", "口头约定", "大概去年", None),
        ("A99", "甲项目", "没有的记录", None, None, None),
        ("合计", None, None, None, None, None),
    )
    report = take_in(ledger, path, "agreement")
    assert [row.verdict for row in report.rows] == [
        "created", "duplicates", "updated", "updated", "created",
        "refused", "refused", "refused", "refused", "refused", "refused",
    ]  # fmt: skip
    assert told(report) == [
        ("B8", "owner_ambiguous"), ("B9", "owner_unknown"), ("C10", "owner_missing"), ("F11", "before_start"),
        ("D12", "code_unknown"), ("E12", "date_unreadable"), ("A13", "record_unknown"),
    ]  # fmt: skip
    json = report.to_json()
    assert (
        json["rows"] == 11 == sum(json[name] for name in ("created", "updated", "unchanged", "duplicates", "refused"))
    )
    with ledger.read() as session:
        mine = {row.values["title"]: row.values for row in rows_of(session, "agreement", "P1")}
        ties = [row.values["title"] for row in rows_of(session, "agreement", "T1")]
    assert (mine["旧协议"]["signed"], mine["旧协议"]["kind"], mine["备忘录一"]["expires"]) == (
        "2016", "framework", "2022-05",
    )  # fmt: skip
    assert ties == ["友城协议书"]
    again = take_in(ledger, path, "agreement")
    assert again.counts == {"created": 0, "updated": 0, "unchanged": 4, "duplicates": 1, "refused": 6}
    assert report.batch is not None
    with ledger.write() as session:
        undo_batch(session, report.batch)
    with ledger.read() as session:
        (row,) = rows_of(session, "agreement", "P1")
    assert (row.values["title"], row.values["signed"], row.values["kind"]) == ("旧协议", "2015", None)


def test_results_come_in_and_one_undo_takes_them_back(ledger: Database, tmp_path: Path) -> None:
    add(ledger, project("甲项目"))
    path = book(
        tmp_path / "成果.xlsx",
        ("项目", "成果", "数量", "单位", "金额", "币种"),
        ("甲项目", "培训学员", 30000, "人次", None, None),
        ("甲项目", "贷款", None, None, 2.5, "亿美元"),
        ("甲项目", "贷款", None, None, 250000000, "USD"),
        ("甲项目", "捐款", None, None, 1800, None),
    )
    report = take_in(ledger, path, "outcome")
    assert [row.verdict for row in report.rows] == ["created", "refused", "created", "refused"]
    assert [cell for cell, _ in told(report)] == ["E3", "E5"]
    with ledger.read() as session:
        assert [row.values["what"] for row in rows_of(session, "outcome", "P1")] == ["培训学员", "贷款"]
    assert report.batch is not None
    with ledger.write() as session:
        undo_batch(session, report.batch)
    with ledger.read() as session:
        assert rows_of(session, "outcome", "P1") == []


def test_atomic_writes_nothing_where_a_row_is_refused(ledger: Database, tmp_path: Path) -> None:
    add(ledger, project("甲项目"))
    path = book(tmp_path / "a.xlsx", ("项目", "风险或障碍"), ("甲项目", "汇率"), ("乙项目", "汇率"))
    report = take_in(ledger, path, "risk", atomic=True)
    assert report.batch is None and report.counts["refused"] == 1
    with ledger.read() as session:
        assert rows_of(session, "risk", "P1") == []


def test_a_copied_row_with_another_owner_and_a_sheet_of_something_else_are_refused(
    ledger: Database, tmp_path: Path
) -> None:
    add(ledger, project("甲项目"), project("乙项目"))
    with ledger.write() as session:
        add_record(session, "risk", "P1", {"what": "汇率"})
    path = book(tmp_path / "a.xlsx", ("记录号", "所属记录号", "风险或障碍"), ("R1", "P2", "汇率变动"))
    assert told(take_in(ledger, path, "risk")) == [("B2", "owner_other")]
    other = book(tmp_path / "b.xlsx", ("国家", "人口"), ("日本", 1))
    with read(other) as grid, ledger.read() as session, pytest.raises(InputError, match="record_headers_missing"):
        plan_sheet(session, grid, "risk")


def test_contacts_leave_without_telephone_and_mail_where_that_is_wished(ledger: Database, tmp_path: Path) -> None:
    add(ledger, project("甲项目"))
    with ledger.write() as session:
        add_record(session, "contact", "P1", {"name": "张三", "phone": "123456", "email": "a@b.cn"})
    with ledger.read() as session:
        export_kind(session, tmp_path / "a.csv", "contact", with_personal=False)
    text = (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    assert "张三" in text and "123456" not in text and "a@b.cn" not in text
