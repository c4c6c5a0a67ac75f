"""What is decided once for a column or table: units, second amounts, habits, headers pointed at, pasted blocks."""

from decimal import Decimal
from pathlib import Path

import pytest
from some_workbooks import book, counts, ledger_book, take, told

from bri_desktop.db.database import Database
from bri_desktop.domain.errors import InputError
from bri_desktop.domain.money import Money
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.excel.reader import read
from bri_desktop.services.exchange import ImportOptions, plan_import
from bri_desktop.services.intake_row import PlaceFacts
from bri_desktop.services.intake_sheets import chosen_sheets, recognise, with_header
from bri_desktop.services.projects import find_ids, read_items


def drafts_of(ledger: Database) -> list[ProjectDraft]:
    """Return every project by its id."""
    with ledger.read() as session:
        return [item.draft for item in read_items(session, sorted(find_ids(session)))]


COLUMNS = ("项目名称", "国家", "金额", "签署日期")


def test_a_column_without_a_unit_is_asked_and_answered_once(ledger: Database, tmp_path: Path) -> None:
    path = book(
        tmp_path / "a.xlsx",
        [COLUMNS, ("甲", "日本", 1800, None), ("乙", "日本", "2亿美元", None), ("丙", "日本", 5, None)],
    )
    report = take(ledger, path, dry=True)
    assert told(report) == [
        ("C2", "amount", "money_unit_needed", "pending"),
        ("C4", "amount", "money_unit_needed", "pending"),
    ]
    assert counts(report) == {"created": 1, "pending": 2}
    answered = take(ledger, path, columns={(("台账", 2, 2), "unit"): "万元"})
    assert counts(answered) == {"created": 3}
    assert [draft.amount for draft in drafts_of(ledger)] == [
        Money(Decimal(18_000_000)),
        Money(Decimal(200_000_000), "USD"),
        Money(Decimal(50_000)),
    ]


def test_the_unit_can_be_given_beforehand(ledger: Database, tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [COLUMNS, ("甲", "日本", 1800, None)])
    with read(path) as grid, ledger.read() as session:
        sheets = chosen_sheets(grid, units=["amount=万美元"])
        assert counts(plan_import(session, grid, sheets, ImportOptions())) == {"created": 1}
        with pytest.raises(InputError, match="money_unit_unknown"):
            chosen_sheets(grid, units=["amount=人"])
        with pytest.raises(InputError, match="field_without_unit"):
            chosen_sheets(grid, units=["title=万元"])
        with pytest.raises(InputError, match="assignment_unreadable"):
            chosen_sheets(grid, units=["万元"])


def test_a_second_column_of_amounts_is_never_a_note_in_silence(ledger: Database, tmp_path: Path) -> None:
    rows = [
        ("项目名称", "国家", "投资额（万元）", "合同金额（万美元）"),
        ("甲", "日本", 10, 20),
        ("乙", "日本", 5, None),
    ]
    path = book(tmp_path / "a.xlsx", rows)
    report = take(ledger, path, dry=True)
    assert told(report) == [("D2", "amount", "second_amount", "pending")]
    kept = take(ledger, path, mapped=["note=合同金额（万美元）"])
    assert counts(kept) == {"created": 2}
    first = drafts_of(ledger)[0]
    assert first.amount == Money(Decimal(100_000)) and "20" in (first.note or "")


def test_the_second_column_can_be_the_amount(ledger: Database, tmp_path: Path) -> None:
    rows = [("项目名称", "国家", "投资额（万元）", "合同金额（万美元）"), ("甲", "日本", 10, 20)]
    said = {(("台账", 2, 3), "field"): "amount", (("台账", 2, 2), "field"): "note"}
    take(ledger, book(tmp_path / "a.xlsx", rows), columns=said)
    assert drafts_of(ledger)[0].amount == Money(Decimal(200_000), "USD")


def test_dots_and_tenths_are_decided_by_the_column(ledger: Database, tmp_path: Path) -> None:
    header = ("项目名称", "国家", "金额（元）", "签署日期")
    told_by_others = [("甲", "日本", "1.234", 2017.1), ("乙", "日本", "1.234.567", 2016.05)]
    take(ledger, book(tmp_path / "a.xlsx", [header, *told_by_others]))
    first = drafts_of(ledger)[0]
    assert first.amount == Money(Decimal(1234)) and first.signed is not None and first.signed.value == "2017-10"


def test_an_open_dot_is_asked_for_the_column(ledger: Database, tmp_path: Path) -> None:
    header = ("项目名称", "国家", "金额（元）", "签署日期")
    path = book(tmp_path / "a.xlsx", [header, ("甲", "日本", "1.234", 2017.1)])
    assert [problem[2] for problem in told(take(ledger, path, dry=True))] == ["money_dots", "date_ambiguous"]
    said = {(("台账", 2, 2), "dots"): "point", (("台账", 2, 3), "tenth"): "january"}
    assert counts(take(ledger, path, columns=said)) == {"created": 1}
    assert drafts_of(ledger)[0].amount == Money(Decimal("1.234"))


def test_a_value_written_by_a_person_is_not_asked_again(ledger: Database, tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [("项目名称", "国家", "金额（元）"), ("甲", "日本", "1.234")])
    assert counts(take(ledger, path, values={("台账", 2, 2): "1.235"})) == {"created": 1}


def test_a_header_can_be_pointed_at(tmp_path: Path) -> None:
    rows = [("北京", "日本", "甲"), ("合作事项", "地点", "谁"), ("中医中心", "上海", "张三"), ("航线", "海口", "李四")]
    with read(book(tmp_path / "a.xlsx", rows)) as grid:
        (plan,) = recognise(grid)
        found = with_header(grid, plan, 2, 2)
        assert [block.block.header_rows for block in found.blocks][-1] == (2,)
        assert [column.header for column in found.blocks[-1].columns] == ["合作事项", "地点", "谁"]
        assert found.blocks[-1].rows == 2
        for first, last in ((9, 9), (2, 1), (1, 8)):
            with pytest.raises(InputError, match="header_unusable"):
                with_header(grid, plan, first, last)


def test_a_table_above_a_header_pointed_at_stays(tmp_path: Path) -> None:
    header = ("项目名称", "国家", "状态")
    rows = [header, ("甲", "日本", "意向"), ("说明", "国别", "阶段"), ("乙", "日本", "意向")]
    with read(book(tmp_path / "a.xlsx", rows)) as grid:
        (plan,) = recognise(grid)
        found = with_header(grid, plan, 3, 3)
        assert [(block.block.header_rows, block.first_row, block.last_row) for block in found.blocks] == [
            ((1,), 2, 2),
            ((3,), 4, 4),
        ]


ROWS = [("甲", "日本", "意向"), ("乙", "韩国", "实施"), ("丙", "泰国", "完成")]


def test_a_block_pasted_twice_is_shown_apart(ledger: Database, tmp_path: Path) -> None:
    header = ("项目名称", "国家", "状态")
    path = book(tmp_path / "a.xlsx", [header, *ROWS, header, *ROWS])
    with read(path) as grid:
        (plan,) = recognise(grid)
        assert [(block.first_row, block.last_row, block.rows, block.copies) for block in plan.blocks] == [
            (2, 4, 3, 0),
            (6, 8, 3, 3),
        ]
        assert [(row.row, row.reason) for row in plan.ignored] == [(1, "header"), (5, "repeated_header")]
    assert counts(take(ledger, path)) == {"created": 3, "duplicates": 3}


def test_a_header_on_every_printed_page_parts_nothing(tmp_path: Path) -> None:
    header = ("项目名称", "国家", "状态")
    with read(book(tmp_path / "a.xlsx", [header, *ROWS, header, ("丁", "越南", "意向")])) as grid:
        (plan,) = recognise(grid)
        assert [(block.rows, block.copies) for block in plan.blocks] == [(4, 0)]
        assert [row.reason for row in plan.inner_ignored] == ["repeated_header"]


def test_a_written_country_is_decided_once(ledger: Database, tmp_path: Path) -> None:
    path = ledger_book(tmp_path / "a.xlsx", {"项目名称": "甲", "国家": "柬浦寨"}, {"项目名称": "乙", "国家": "柬浦寨"})
    assert [problem[2] for problem in told(take(ledger, path, dry=True))] == ["country_unknown"] * 2
    assert counts(take(ledger, path, code_values={("country", "柬浦寨"): "KH"})) == {"created": 2}
    assert drafts_of(ledger)[0].foreign_places == ("co:KH",)


def test_a_confirmed_new_place_has_what_was_said_of_it(ledger: Database, tmp_path: Path) -> None:
    from bri_desktop.db.models import Place

    path = ledger_book(tmp_path / "a.xlsx", {"项目名称": "甲", "国家": "菲律宾", "外方城市": "新月湾镇"})
    key = "new:PH:新月湾镇"
    facts = {key: PlaceFacts("township", "co:PH")}
    report = take(ledger, path, place_keys={("新月湾镇", "PH"): key}, new_place_facts=facts)
    assert counts(report) == {"created": 1}
    with ledger.read() as session:
        (place,) = session.query(Place).filter(Place.key.startswith("own:"))
        assert (place.level, place.parent_key, place.country, place.confirmed) == ("township", "co:PH", "PH", True)
