"""One tie of two cities is one record: twice in a file, beside a record, or in the ledger already, it is asked."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from some_projects import add, project
from some_workbooks import book, counts, take

from bri_desktop.db.database import Database
from bri_desktop.domain.errors import InputError
from bri_desktop.services.distinct import remember_distinct
from bri_desktop.services.duplicates import find_pairs
from bri_desktop.services.intake_judge import Decision
from bri_desktop.services.intake_waiting import apply_waiting, read_waiting
from bri_desktop.services.projects import find_ids, read_items

HEADER = ["编号", "项目名称", "中方城市", "外方城市", "国家", "类别", "结好日期"]
FIRST = [None, "无锡—明石友好城市", "无锡", "明石", "日本", "友好城市", "1981"]
WUXI, AKASHI = ("cn:320200",), ("gn:1847966",)


def tie(**changed: Any) -> list[Any]:
    return [changed.get(header, value) for header, value in zip(HEADER, FIRST, strict=True)]


def pairs(database: Database) -> list[tuple[str, str]]:
    with database.read() as session:
        return [(pair.left, pair.right) for pair in find_pairs(session)]


@pytest.mark.parametrize(
    "second",
    [
        tie(项目名称="缔结友城关系"),
        tie(项目名称="缔结友城关系", 结好日期="1990-05-06"),
        tie(编号="A2"),
        tie(编号="A2", 项目名称="两市结为友好城市", 结好日期=None),
    ],
)
def test_a_tie_twice_in_a_file_is_asked(ledger: Database, tmp_path: Path, second: list[Any]) -> None:
    first = tie(编号="A1") if second[0] else tie()
    report = take(ledger, book(tmp_path / "a.xlsx", [HEADER, first, second]))
    assert counts(report) == {"created": 1, "pending": 1}
    (problem,) = report.problems
    assert (problem.code, problem.values["row"]) == ("possible_duplicate_row", 2)


def test_the_answer_that_they_are_two_is_kept(ledger: Database, tmp_path: Path) -> None:
    second = tie(项目名称="缔结友城关系", 结好日期="1990")
    other = Decision("other", than=frozenset({"台账!2"}))
    report = take(ledger, book(tmp_path / "a.xlsx", [HEADER, tie(), second]), decisions={("台账", 3): other})
    assert counts(report) == {"created": 2}
    assert pairs(ledger) == []


def test_a_tie_of_the_ledger_is_asked_whatever_it_is_called(ledger: Database, tmp_path: Path) -> None:
    (key,) = add(
        ledger,
        project(
            code="T-1",
            title="结好",
            mode="sister_city",
            pair_kind="sister",
            domestic_places=WUXI,
            foreign_places=AKASHI,
        ),
    )
    report = take(ledger, book(tmp_path / "a.xlsx", [HEADER, tie(编号="A1")]))
    assert [(problem.code, problem.values["key"]) for problem in report.problems] == [("possible_duplicate", key)]
    assert "same_tie" in {reason["code"] for reason in report.problems[0].values["reasons"]}


def test_the_duplicates_page_finds_one_tie_under_two_names_and_dates(ledger: Database) -> None:
    values: dict[str, Any] = {"mode": "sister_city", "pair_kind": "sister", "domestic_places": WUXI}
    values["foreign_places"] = AKASHI
    keys = add(
        ledger,
        project(title="无锡市与明石市结为友好城市", signed="1981-08-29", **values),
        project(title="缔结友城关系", signed="1991", **values),
        project(title="无锡与明石青少年足球交流", signed="1991", **values),
    )
    assert pairs(ledger) == [(keys[0], keys[1])]
    with ledger.write() as session:
        remember_distinct(session, [(keys[0], keys[1])])
    assert pairs(ledger) == []


def test_what_two_cities_do_is_no_second_tie(ledger: Database, tmp_path: Path) -> None:
    rows = [
        HEADER,
        tie(),
        tie(项目名称="青少年足球赛"),
        tie(项目名称="2019年友城交流"),
        tie(项目名称="缔结关系", 类别="友好交流城市"),
    ]
    assert counts(take(ledger, book(tmp_path / "a.xlsx", rows))) == {"created": 4}


def test_the_same_row_under_another_code_is_asked_once_and_not_again(ledger: Database, tmp_path: Path) -> None:
    columns = ["编号", "项目名称", "中方城市", "国家", "签署日期"]
    twins = [["A1", "能源学校", "上海", "日本", "2015-04"], ["A2", "能源学校", "上海", "日本", "2015-04"]]
    path = book(tmp_path / "a.xlsx", [columns, *twins, ["A3", "能源学校", "上海", "日本", "2015-05"]])
    report = take(ledger, path)
    assert counts(report) == {"created": 2, "pending": 1}
    assert (report.problems[0].cell, report.problems[0].code) == ("B3", "possible_duplicate_row")
    two = {("台账", 3): Decision("other", than=frozenset({"P1", "P2"}))}
    assert counts(take(ledger, path, decisions=two)) == {"created": 1, "unchanged": 2}
    assert counts(take(ledger, path)) == {"unchanged": 3}


def test_a_list_of_foreign_cities_is_of_the_city_that_its_title_names(ledger: Database, tmp_path: Path) -> None:
    rows = [
        ["江苏省无锡市国际友好城市一览表"],
        ["序号", "城市", "国别", "时间", "备注"],
        [1, "明石", "日本", "1981.4.21", None],
        [2, "新月湾镇", "菲律宾", "2017年10月", None],
    ]
    report = take(ledger, book(tmp_path / "a.xlsx", rows))
    assert counts(report) == {"created": 1, "pending": 1}
    with ledger.read() as session:
        (draft,) = [one.draft for one in read_items(session, find_ids(session))]
    assert (draft.domestic_places, draft.foreign_places, draft.pair_kind) == (WUXI, AKASHI, "sister")
    assert draft.signed is not None and draft.signed.value == "1981-04-21"
    with ledger.write() as session:
        grid, sheets, options = read_waiting(session, report.batch or 0)
        with grid:
            answered = replace(options, place_keys={("新月湾镇", "PH"): "gn:1701668"})
            assert counts(apply_waiting(session, grid, sheets, answered, report.batch or 0)) == {"created": 1}
        assert {one.draft.domestic_places for one in read_items(session, find_ids(session))} == {WUXI}


def test_without_a_city_in_its_title_such_a_list_is_no_ledger(ledger: Database, tmp_path: Path) -> None:
    path = book(
        tmp_path / "a.xlsx", [["我市友城一览表"], ["序号", "城市", "国别", "时间"], [1, "明石", "日本", "1981"]]
    )
    with pytest.raises(InputError, match="nothing_recognised"):
        take(ledger, path)
