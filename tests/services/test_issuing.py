"""Sending workbooks: what goes, what is kept of it, under which number; and the register of what is out."""

import datetime
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from some_projects import add, drafts, item, project
from sqlalchemy import func, select, update

from bri_desktop.db.database import Database
from bri_desktop.db.exchange_models import IssuedRow, IssuedWorkbook, ReturnedWorkbook
from bri_desktop.db.models import Code, Organisation
from bri_desktop.domain.errors import InputError
from bri_desktop.domain.issued import row_digest
from bri_desktop.domain.project import OutcomeDraft, ProjectDraft
from bri_desktop.domain.record import from_plain
from bri_desktop.excel import issued_layout as layout
from bri_desktop.excel.issued_cells import parse_lists, project_cells, same_cell
from bri_desktop.i18n import set_language
from bri_desktop.services.due import due_items
from bri_desktop.services.issue_acts import addressees, count_rows, order_of, reissue, remind
from bri_desktop.services.issue_register import close_issue, outstanding, read_register, reopen_issue
from bri_desktop.services.issuing import (
    Issued,
    Order,
    issue,
    issue_apart,
    next_number,
    prepare_apart,
    register_issue,
)
from bri_desktop.services.office import Office, save_office

TODAY = datetime.date.today()
YEAR = TODAY.year


def send(database: Database, path: Path, department: str = "市商务局", **wanted: Any) -> Issued:
    with database.write() as session:
        return issue(session, Order(department=department, **wanted), path)


def rows_of(path: Path, role: str = "project") -> list[dict[str, Any]]:
    """Return the issued rows of a workbook by field, as openpyxl reads them."""
    book = openpyxl.load_workbook(path)
    control = layout.parse_control(book[layout.CONTROL_SHEET].iter_rows(values_only=True))
    assert control is not None
    table = control.table(role)
    assert table is not None
    found = book[table.title].iter_rows(min_row=5, max_row=4 + table.rows, values_only=True)
    return [dict(zip([column.field for column in table.columns], row, strict=False)) for row in found]


def day(offset: int) -> str:
    return (TODAY + datetime.timedelta(offset)).isoformat()


def test_without_a_filter_every_public_project_goes(ledger: Database, tmp_path: Path) -> None:
    keys = add(ledger, project("甲"), project("乙", department="市教育局"), project("丙", visibility="internal"))
    made = send(ledger, tmp_path / "a.xlsx", due=day(30))
    assert (made.number, made.rows, made.outcomes) == (f"{YEAR}-001", 2, 0)
    assert made.to_json() == {"issue": f"{YEAR}-001", "rows": 2}
    assert {row["key"] for row in rows_of(tmp_path / "a.xlsx")} == set(keys[:2])


def test_internal_projects_go_only_where_they_are_asked_for(ledger: Database, tmp_path: Path) -> None:
    place = ("cn:440600",)
    add(ledger, project("甲"), project("丙", visibility="internal", domestic_places=place))
    send(ledger, tmp_path / "a.xlsx")
    send(ledger, tmp_path / "b.xlsx", include_internal=True)
    assert {row["title"] for row in rows_of(tmp_path / "b.xlsx")} == {"甲", "丙"}
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist()).decode(errors="replace")
    assert "丙" not in everything and "佛山" not in everything


def test_the_filter_chooses_and_the_department_is_the_addressee_alone(ledger: Database, tmp_path: Path) -> None:
    add(ledger, project("甲", status="active"), project("乙", status="completed", department="市商务局"))
    made = send(ledger, tmp_path / "a.xlsx", "全新的局", filter_text="status = active")
    assert made.rows == 1
    assert [row["title"] for row in rows_of(tmp_path / "a.xlsx")] == ["甲"]
    with ledger.read() as session:
        names = set(session.scalars(select(Organisation.name)))
        assert names == {"全新的局", "市商务局"}


def test_a_department_is_made_once_however_it_is_written(ledger: Database, tmp_path: Path) -> None:
    send(ledger, tmp_path / "a.xlsx", "市商务局")
    send(ledger, tmp_path / "b.xlsx", " 市商务局 ")
    with ledger.read() as session:
        assert session.scalar(select(func.count()).select_from(Organisation)) == 1


def test_only_the_named_fields_go_with_code_and_title(ledger: Database, tmp_path: Path) -> None:
    add(ledger, project("甲", note="密", status="active"))
    send(ledger, tmp_path / "a.xlsx", fields=("status", "amount"))
    assert list(rows_of(tmp_path / "a.xlsx")[0]) == ["key", "code", "title", "status", "amount", "currency"]
    with ledger.read() as session:
        (row,) = session.scalars(select(IssuedRow))
        assert set(row.values) == {"code", "title", "status", "amount"}


def test_numbers_run_within_a_year_and_are_never_given_twice(ledger: Database, tmp_path: Path) -> None:
    assert [send(ledger, tmp_path / f"{n}.xlsx").number for n in range(2)] == [f"{YEAR}-001", f"{YEAR}-002"]
    with ledger.write() as session:
        session.execute(update(IssuedWorkbook).values(number=f"{YEAR - 1}-041").where(IssuedWorkbook.id == 1))
        close_issue(session, f"{YEAR}-002")
        assert next_number(session) == f"{YEAR}-003"
        session.execute(update(IssuedWorkbook).values(number=f"{YEAR}-999").where(IssuedWorkbook.id == 1))
        assert next_number(session) == f"{YEAR}-1000"


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"department": "  "}, "department_needed"),
        ({"due": "明天"}, "due_unreadable"),
        ({"due": "2026-12"}, "due_unreadable"),
        ({"fields": ("nothing",)}, "field_unknown"),
        ({"filter_text": "status ="}, "filter_unreadable"),
    ],
)
def test_what_cannot_be_issued_leaves_no_trace(
    ledger: Database, tmp_path: Path, wanted: dict[str, Any], code: str
) -> None:
    with pytest.raises(InputError, match=code):
        send(ledger, tmp_path / "a.xlsx", **wanted)
    assert not (tmp_path / "a.xlsx").exists()
    assert register(ledger).entries == ()


def test_another_kind_of_file_is_refused(ledger: Database, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="issue_needs_xlsx"):
        send(ledger, tmp_path / "a.xls")


def test_where_the_file_cannot_be_written_nothing_is_registered(ledger: Database, tmp_path: Path) -> None:
    add(ledger, project("甲"))
    (tmp_path / ".~lock.a.xlsx#").write_text("")
    (tmp_path / "a.xlsx").write_bytes(b"old")
    with pytest.raises(InputError, match="file_in_use"):
        send(ledger, tmp_path / "a.xlsx", "新部门")
    with ledger.read() as session:
        for table in (IssuedWorkbook, IssuedRow, Organisation):
            assert session.scalar(select(func.count()).select_from(table)) == 0
    assert (tmp_path / "a.xlsx").read_bytes() == b"old"


def test_it_can_be_cancelled_and_says_how_far_it_is(ledger: Database, tmp_path: Path) -> None:
    add(ledger, project("甲"))
    order = Order(department="局")
    with pytest.raises(InputError, match="cancelled"), ledger.write() as session:
        issue(session, order, tmp_path / "a.xlsx", cancelled=lambda: True)
    assert not (tmp_path / "a.xlsx").exists()
    told: list[tuple[int, int]] = []
    with ledger.write() as session:
        issue(session, order, tmp_path / "a.xlsx", progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 1)]


def test_own_codes_of_the_office_are_offered(ledger: Database, tmp_path: Path) -> None:
    with ledger.write() as session:
        session.add(Code(list="status", code="own", position=99, name_zh="本办状态", name_en="Own", builtin=False))
    add(ledger, project("甲", status="own"))
    send(ledger, tmp_path / "a.xlsx")
    assert rows_of(tmp_path / "a.xlsx")[0]["status"] == "本办状态"
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    words = parse_lists(book[layout.LISTS_SHEET].iter_rows(values_only=True))
    assert words.label("status", "own") == "本办状态"


def test_a_project_of_a_country_alone_shows_it_in_the_column_of_countries(ledger: Database, tmp_path: Path) -> None:
    add(ledger, project("甲", foreign_places=("co:JP", "cn:810000")))
    send(ledger, tmp_path / "a.xlsx")
    (row,) = rows_of(tmp_path / "a.xlsx")
    assert row["country"] == "日本；中国香港"
    assert "日本" not in (row["foreign_places"] or "")


def test_the_umbrella_project_is_named_by_its_code(ledger: Database, tmp_path: Path) -> None:
    add(ledger, project("总项目", code="2010-001"), project("子项目", parent="P1"))
    send(ledger, tmp_path / "a.xlsx", fields=("parent",))
    assert {row["title"]: row["parent"] for row in rows_of(tmp_path / "a.xlsx")} == {
        "总项目": None,
        "子项目": "2010-001",
    }


def test_the_guide_names_the_office_that_issued_the_workbook(ledger: Database, tmp_path: Path) -> None:
    add(ledger, project("甲"))
    with ledger.write() as session:
        save_office(session, Office("无锡市外办"))
    send(ledger, tmp_path / "a.xlsx", contact="王芳 0510-1234")
    guide = openpyxl.load_workbook(tmp_path / "a.xlsx")["填表说明"]
    cells = [str(cell) for row in guide.iter_rows(values_only=True) for cell in row if cell]
    assert any("无锡市外办  王芳 0510-1234" in cell for cell in cells)


def test_an_english_office_gets_english_words(ledger: Database, tmp_path: Path) -> None:
    add(ledger, project("甲", status="signed", amount="5 USD"))
    set_language("en")
    send(ledger, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames[:3] == ["How to fill in", "Projects", "Results by number"]
    (row,) = rows_of(tmp_path / "a.xlsx")
    assert (row["status"], row["currency"]) == ("Signed", "USD")


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(several=st.lists(drafts(), min_size=1, max_size=4))
def test_every_value_sent_is_kept_and_the_cells_are_those_of_it(
    ledger: Database, tmp_path: Path, several: list[ProjectDraft]
) -> None:
    path = tmp_path / "a.xlsx"
    path.unlink(missing_ok=True)
    keys = add(ledger, *several)
    every = tuple(name for _, names in layout.GROUPS for name in names)
    made = send(ledger, path, fields=every, include_internal=True)
    book = openpyxl.load_workbook(path)
    control = layout.parse_control(book[layout.CONTROL_SHEET].iter_rows(values_only=True))
    words = parse_lists(book[layout.LISTS_SHEET].iter_rows(values_only=True))
    assert control is not None
    table = control.table("project")
    assert table is not None
    with ledger.read() as session:
        workbook = session.scalar(select(IssuedWorkbook).where(IssuedWorkbook.number == made.number))
        assert workbook is not None
        sent = {
            f"P{row.record_id}": row
            for row in session.scalars(select(IssuedRow).where(IssuedRow.workbook_id == workbook.id))
        }
        assert workbook.rows == len(sent) == made.rows
    assert set(keys) <= set(sent)
    for key, row in sent.items():
        stored = item(ledger, key)
        assert row.version == stored.stored.version
        for name in every:
            assert from_plain(name, row.values[name]) == getattr(stored.draft, name)
        assert control.rows[key].digest == row.digest == row_digest(row.values)
        found = next(book[table.title].iter_rows(min_row=control.rows[key].row, max_row=control.rows[key].row))
        cells = project_cells(table.columns, key, row.values, words)
        for cell, column in zip(cells, table.columns, strict=True):
            assert same_cell(cell, _unescaped(found[column.index].value)), column.field


def _unescaped(value: Any) -> Any:
    """Undo the escape of a literal _x000D_, which openpyxl leaves."""
    return value.replace("_x005F_", "_") if isinstance(value, str) else value


def test_outcomes_go_to_their_own_sheet(ledger: Database, tmp_path: Path) -> None:
    add(ledger, project("甲", outcomes=(OutcomeDraft(what="培训"), OutcomeDraft(what="签约"))), project("乙"))
    made = send(ledger, tmp_path / "a.xlsx")
    assert (made.rows, made.outcomes) == (2, 2)
    rows = rows_of(tmp_path / "a.xlsx", "outcome")
    assert [(row["key"], row["title"], row["what"]) for row in rows] == [("P1.1", "甲", "培训"), ("P1.2", "甲", "签约")]


# -- the register --------------------------------------------------------------------------------------------------


def register(database: Database) -> Any:
    with database.read() as session:
        return read_register(session, TODAY)


def come_back(database: Database, workbook: int, received: str, merged: str | None = None) -> None:
    with database.write() as session:
        session.add(
            ReturnedWorkbook(
                workbook_id=workbook,
                file_name="back.xlsx",
                sha256=received.ljust(64, "0"),
                received_at=received,
                merged_at=merged,
                counts={},
                decisions={},
            )
        )


@pytest.fixture
def six(ledger: Database, tmp_path: Path) -> Database:
    """Return a ledger with a workbook in each state: overdue, due soon, out, returned, merged, closed."""
    for number, due in enumerate((day(-3), day(7), day(8), day(-1), day(-1), None)):
        send(ledger, tmp_path / f"{number}.xlsx", f"第{number}局", due=due)
    come_back(ledger, 4, "2026-11-01T00:00:00Z")
    come_back(ledger, 5, "2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z")
    come_back(ledger, 5, "2026-11-03T00:00:00Z", "2026-11-04T00:00:00Z")
    with ledger.write() as session:
        close_issue(session, f"{YEAR}-006", "已改用新表")
    return ledger


def test_each_workbook_has_the_state_of_what_happened_to_it(six: Database) -> None:
    found = register(six)
    states = [entry.state for entry in reversed(found.entries)]
    assert states == ["overdue", "due_soon", "out", "returned", "merged", "closed"]
    assert [found.count(state) for state in states] == [1] * 6
    merged = found.entries[1]
    assert (merged.returned, merged.returned_at, merged.merged_at) == (
        2,
        "2026-11-03T00:00:00Z",
        "2026-11-04T00:00:00Z",
    )
    assert found.entries[0].note == "已改用新表"
    assert [entry.days for entry in reversed(found.entries)] == [-3, 7, 8, -1, -1, None]


def test_what_is_outstanding_comes_longest_overdue_first(six: Database, tmp_path: Path) -> None:
    send(six, tmp_path / "x.xlsx", "无期限局")
    with six.read() as session:
        assert [entry.department for entry in outstanding(session, TODAY)] == ["第0局", "第1局", "第2局", "无期限局"]


def test_a_closed_workbook_can_be_expected_again(six: Database) -> None:
    with six.write() as session:
        reopen_issue(session, f"{YEAR}-006")
    assert register(six).entries[0].state == "out"
    with pytest.raises(InputError, match="issue_unknown"), six.write() as session:
        close_issue(session, "1999-001")


def test_issuing_again_takes_the_place_of_the_earlier_one(ledger: Database, tmp_path: Path) -> None:
    add(ledger, project("甲", status="active"), project("乙"))
    send(ledger, tmp_path / "a.xlsx", filter_text="status = active", fields=("status",))
    (entry,) = register(ledger).entries
    with ledger.write() as session:
        made = reissue(session, entry.number, order_of(entry), tmp_path / "b.xlsx")
    assert (made.number, made.rows) == (f"{YEAR}-002", 1)
    new, old = register(ledger).entries
    assert (old.state, old.note) == ("closed", new.number)
    assert (new.filter, new.fields) == (old.filter, old.fields)


def test_those_issued_to_come_first_among_the_departments(ledger: Database, tmp_path: Path) -> None:
    add(ledger, project("甲", department="市教育局"), project("乙", department="市商务局"))
    send(ledger, tmp_path / "a.xlsx", "园区管委会")
    with ledger.read() as session:
        assert addressees(session).departments[0] == "园区管委会"
        assert set(addressees(session).departments) == {"园区管委会", "市教育局", "市商务局"}
        orders = [Order(department="", filter_text=text) for text in ("", "department = 市教育局")]
        assert count_rows(session, orders) == [2, 1]


def test_the_first_page_says_what_is_late_or_due_soon(six: Database) -> None:
    with six.read() as session:
        found = [one for one in due_items(session, TODAY) if one.kind == "outstanding"]
    assert [(one.title, one.context, one.days) for one in found] == [
        ("第0局", f"{YEAR}-001", -3),
        ("第1局", f"{YEAR}-002", 7),
        ("第2局", f"{YEAR}-003", 8),
    ]


# -- the list of whom to remind ------------------------------------------------------------------------------------


def test_the_word_list_names_each_department_with_its_days(six: Database, tmp_path: Path) -> None:
    path = tmp_path / "催报单.docx"
    with six.read() as session:
        assert remind(session, path, TODAY, sender="海口市外事办公室") == 3
    document = Document(str(path))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[0] == "关于催报国际城市合作项目填报表的通知"
    today = f"{TODAY.year}年{TODAY.month}月{TODAY.day}日"
    assert any(f"截至{today}，尚有 3 个部门的 3 份填报表未交回，其中 1 份已逾期" in text for text in texts)
    assert texts[-2:] == ["海口市外事办公室", today]
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert rows == [
        ["序号", "部门", "发放编号", "交回期限", "逾期天数", "项目数"],
        ["1", "第0局", f"{YEAR}-001", day(-3), "3", "0"],
        ["2", "第1局", f"{YEAR}-002", day(7), "—", "0"],
        ["3", "第2局", f"{YEAR}-003", day(8), "—", "0"],
    ]
    fonts = {run._element.rPr.rFonts.get(qn("w:eastAsia")) for one in document.paragraphs for run in one.runs}
    assert fonts == {"方正小标宋简体", "仿宋"}


def test_the_excel_list_has_the_same_rows(six: Database, tmp_path: Path) -> None:
    with six.read() as session:
        remind(session, tmp_path / "a.xlsx", TODAY)
    rows = list(openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0].iter_rows(values_only=True))
    assert rows[0] == ("发放编号", "部门", "发放日期", "交回期限", "逾期天数", "项目数")
    assert [(row[0], row[1], row[4], row[5]) for row in rows[1:]] == [
        (f"{YEAR}-001", "第0局", 3, 0),
        (f"{YEAR}-002", "第1局", None, 0),
        (f"{YEAR}-003", "第2局", None, 0),
    ]


def test_a_list_of_none_says_so_and_another_kind_of_file_is_refused(ledger: Database, tmp_path: Path) -> None:
    with ledger.read() as session:
        assert remind(session, tmp_path / "a.docx", TODAY) == 0
        with pytest.raises(InputError, match="reminder_file_type"):
            remind(session, tmp_path / "a.pdf", TODAY)
    document = Document(str(tmp_path / "a.docx"))
    assert any("已全部交回" in paragraph.text for paragraph in document.paragraphs)
    assert document.tables == []


def test_others_write_while_a_workbook_is_written(ledger: Database, tmp_path: Path) -> None:
    add(ledger, project("甲"))
    saved: list[list[str]] = []
    made = issue_apart(
        ledger,
        Order(department="局"),
        tmp_path / "a.xlsx",
        progress=lambda *_: saved.append(add(ledger, project("乙"))),
    )
    assert (made.number, made.rows, len(saved)) == (f"{YEAR}-001", 1, 1)
    assert [row["title"] for row in rows_of(tmp_path / "a.xlsx")] == ["甲"]
    with ledger.read() as session:
        assert session.scalars(select(IssuedRow.values)).one()["title"] == "甲"
    assert list(tmp_path.glob(".*")) == []


def test_a_number_that_was_taken_meanwhile_is_not_given_twice(ledger: Database, tmp_path: Path) -> None:
    add(ledger, project("甲"))
    others: list[Issued] = []

    def meanwhile(_done: int, _total: int) -> None:
        if not others:
            others.append(send(ledger, tmp_path / "b.xlsx", "另一局"))

    made = issue_apart(ledger, Order(department="局"), tmp_path / "a.xlsx", progress=meanwhile)
    assert (others[0].number, made.number) == (f"{YEAR}-001", f"{YEAR}-002")
    assert [entry.number for entry in register(ledger).entries] == [f"{YEAR}-002", f"{YEAR}-001"]


@pytest.mark.parametrize("old", [b"old", None])
def test_a_registration_that_fails_gives_the_place_back(ledger: Database, tmp_path: Path, old: bytes | None) -> None:
    add(ledger, project("甲"))
    path = tmp_path / "a.xlsx"
    if old is not None:
        path.write_bytes(old)
    prepared = prepare_apart(ledger, Order(department="新部门"), path)
    with pytest.raises(ZeroDivisionError), prepared, ledger.write() as session:
        register_issue(session, prepared)
        assert path.stat().st_size > 1_000
        raise ZeroDivisionError  # as a commit that fails
    assert (path.read_bytes() if path.exists() else None) == old
    with ledger.read() as session:
        for table in (IssuedWorkbook, IssuedRow, Organisation):
            assert session.scalar(select(func.count()).select_from(table)) == 0
    assert list(tmp_path.glob(".bri*")) == []
