"""Tables and weights taken back: the state before is there again, and what was changed since stays."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import select, update

from bri_desktop.analysis.portfolio import Thresholds
from bri_desktop.db.database import Database
from bri_desktop.db.measure_models import BaselineTable, BaselineValue, CountryTier, ExchangeRate, IndexValue
from bri_desktop.db.models import Change, HistoryEntry
from bri_desktop.domain.errors import InputError
from bri_desktop.services.history import undo_last
from bri_desktop.services.measure_registry import (
    TableInfo,
    delete_table,
    import_table,
    last_act,
    list_tables,
    set_thresholds,
    set_weights,
    undo_last_act,
)
from bri_desktop.services.pair_life import TieRules, read_rules, save_rules
from bri_desktop.services.statistics_options import read_options

Row = Sequence[Any]
POPULATION = (("国家", "数值", "年份"), ("日本", 12600, 2020), ("法国", 4200, 2020))


class Office:
    """A ledger and what is brought to it."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database, self.folder = database, folder

    def bring(self, kind: str, *rows: Row, **options: Any) -> Any:
        path, workbook = self.folder / "table.xlsx", Workbook()
        assert workbook.active is not None
        for row in rows:
            workbook.active.append(row)
        workbook.save(path)
        with self.database.write() as session:
            return import_table(session, kind, path, **options)

    def undo(self) -> Any:
        with self.database.write() as session:
            return undo_last_act(session)

    def rows(self, model: Any) -> list[dict[str, Any]]:
        with self.database.read() as session:
            columns = model.__table__.c
            return [dict(row) for row in session.execute(select(*columns).order_by(*columns)).mappings()]


@pytest.fixture
def office(ledger: Database, tmp_path: Path) -> Office:
    return Office(ledger, tmp_path)


def values(office: Office) -> dict[str, float]:
    return {row["key"]: row["value"] for row in office.rows(BaselineValue)}


def test_a_baseline_comes_goes_and_comes_again(office: Office) -> None:
    office.bring("baseline", *POPULATION, name="人口")
    before = office.rows(BaselineTable)
    office.bring("baseline", ("国家", "数值"), ("日本", 1), ("德国", 8300), name="人口", year=2021)
    assert values(office) == {"JP": 1, "DE": 8300}
    assert office.undo().restored == 4  # the table and three countries
    assert values(office) == {"JP": 12600, "FR": 4200}
    assert office.rows(BaselineTable) == before
    office.undo()
    assert not office.rows(BaselineTable) and not office.rows(BaselineValue)
    with pytest.raises(InputError, match="nothing_to_undo"):
        office.undo()


def test_a_deleted_baseline_comes_back_under_its_number(office: Office) -> None:
    office.bring("baseline", *POPULATION, name="人口")
    stored = office.rows(BaselineTable), office.rows(BaselineValue)
    with office.database.write() as session:
        delete_table(session, TableInfo("baseline", "人口", "country", 2020, None, 2))
        found = last_act(session)
    assert found is not None and (found.action, found.table, found.name) == ("delete_table", "baseline", "人口")
    assert not office.rows(BaselineTable)
    office.undo()
    assert (office.rows(BaselineTable), office.rows(BaselineValue)) == stored


def test_a_value_that_was_changed_since_stays_and_is_told(office: Office) -> None:
    office.bring("rates", ("币种", "汇率", "年份"), ("USD", 6.5, 2020), ("EUR", 7.8, 2020))
    office.bring("rates", ("币种", "汇率", "年份"), ("USD", 6.9, 2020), ("EUR", 7.9, 2020), ("GBP", 9, 2020))
    with office.database.write() as session:
        session.execute(update(ExchangeRate).where(ExchangeRate.currency == "EUR").values(rate="8"))
    undone = office.undo()
    assert [(kept.key, kept.field) for kept in undone.kept] == [("EUR 2020", "rate")]
    assert {row["currency"]: row["rate"] for row in office.rows(ExchangeRate)} == {"USD": "6.5", "EUR": "8"}


def test_tiers_of_a_year_come_back(office: Office) -> None:
    office.bring("tiers", ("国家", "等级", "年份"), ("日本", "高", 2018), ("法国", "一般", 2018))
    stored = office.rows(CountryTier)
    office.bring("tiers", ("国家", "等级"), ("德国", "高"), year=2018)
    assert [row["country"] for row in office.rows(CountryTier)] == ["DE"]
    office.undo()
    assert office.rows(CountryTier) == stored
    with office.database.write() as session:
        delete_table(session, next(table for table in list_tables(session) if table.kind == "tiers"))
    office.undo()
    assert office.rows(CountryTier) == stored


def test_values_of_the_index_with_their_criteria(office: Office) -> None:
    head = ("城市", "维度", "指标", "数值", "年份")
    office.bring("index", head, ("北京", "商业活动", "资金流量", 5, 2020), ("上海", "商业活动", "资金流量", 7, 2020))
    with office.database.read() as session:
        assert [item.code for item in read_options(session).criteria] == ["资金流量"]
    office.undo()
    assert not office.rows(IndexValue)
    with office.database.read() as session:
        assert not read_options(session).criteria


def test_weights_come_back_one_group_at_a_time(office: Office) -> None:
    profile = {"length": 40.0, "breadth": 15.0, "depth": 15.0, "warmth": 15.0, "frequency": 15.0}
    with office.database.write() as session:
        before = read_options(session)
        set_weights(session, "profile", profile)
        wanted = dict(before.index["development"])
        first, second = list(wanted)[:2]
        wanted[first], wanted[second] = wanted[first] - 1, wanted[second] + 1
        set_weights(session, "development", wanted)
    office.undo()
    with office.database.read() as session:
        now = read_options(session)
        assert now.index == before.index and now.profile == profile
    office.undo()
    with office.database.read() as session:
        assert read_options(session) == before


def test_an_act_that_changes_nothing_leaves_no_trace(office: Office) -> None:
    office.bring("rates", ("币种", "汇率", "年份"), ("USD", 6.5, 2020))
    office.bring("rates", ("币种", "汇率", "年份"), ("USD", 6.5, 2020))
    with office.database.write() as session:
        save_rules(session, TieRules())
        assert len(session.scalars(select(Change)).all()) == 1
        assert len(session.scalars(select(HistoryEntry)).all()) == 1


def test_the_rules_of_ties_come_back(office: Office) -> None:
    with office.database.write() as session:
        save_rules(session, TieRules(3, True))
        save_rules(session, TieRules(4, True))
    with office.database.write() as session:
        undo_last(session)
        assert read_rules(session) == TieRules(3, True)
        undo_last(session)
        assert read_rules(session) == TieRules()


@pytest.mark.parametrize(
    ("rows", "asked", "year", "left_out"),
    [
        (POPULATION, None, 2020, 0),  # the column says it
        (POPULATION, 2020, 2020, 0),
        ((("国家", "数值", "年份"), ("日本", 1, 2019), ("法国", 2, 2020), ("德国", 3, None)), 2020, 2020, 1),
        ((("国家", "数值"), ("日本", 1)), None, None, 0),
        ((("国家", "数值", "年份"), ("日本", 1, "二〇"), ("法国", 2, "2020年")), None, 2020, 1),
    ],
)
def test_a_baseline_is_of_the_year_that_its_column_says(
    office: Office, rows: Sequence[Row], asked: int | None, year: int | None, left_out: int
) -> None:
    report = office.bring("baseline", *rows, name="人口", year=asked)
    assert office.rows(BaselineTable)[0]["year"] == year
    assert len(report.problems) == left_out


@pytest.mark.parametrize(
    ("asked", "code"),
    [(None, "baseline_years_several"), (2021, "baseline_year_absent")],
)
def test_a_baseline_of_several_years_or_another_one_is_refused(office: Office, asked: int | None, code: str) -> None:
    rows = (("国家", "数值", "年份"), ("日本", 1, 2019), ("法国", 2, 2020))
    with pytest.raises(InputError, match=code):
        office.bring("baseline", *rows, name="人口", year=asked)
    assert not office.rows(BaselineTable)


def test_every_kind_of_act_can_be_found(office: Office) -> None:
    office.bring("tiers", ("国家", "等级", "年份"), ("日本", "高", 2018))
    with office.database.write() as session:
        assert (last_act(session) or pytest.fail("none")).table == "tiers"
        set_weights(session, "profile", dict(read_options(session).profile) | {"length": 10.0, "breadth": 30.0})
        assert (last_act(session) or pytest.fail("none")).table == "weights"


def test_thresholds_are_set_refused_and_taken_back(office: Office) -> None:
    with office.database.write() as session:
        set_thresholds(session, {"concentrated": 3.5})
        assert read_options(session).thresholds == Thresholds(3.5, 0.75)
        for wrong, code in (({"dispersed": 0.0}, "threshold_unusable"), ({"other": 1.0}, "option_unknown")):
            with pytest.raises(InputError, match=code):
                set_thresholds(session, wrong)
    office.undo()
    with office.database.read() as session:
        assert read_options(session).thresholds == Thresholds()
