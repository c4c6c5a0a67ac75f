"""The pages of ties, places, parks and mechanisms: every figure worked out by hand on a ledger of a few projects."""

import datetime
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from some_projects import project
from sqlalchemy import select

from bri_desktop.analysis.city_index import Criterion
from bri_desktop.db.database import Database
from bri_desktop.db.measure_models import IndexValue
from bri_desktop.db.models import Activity, Agreement, Change, HistoryEntry, Outcome, Pair, Place, Project
from bri_desktop.domain.dates import PartialDate
from bri_desktop.domain.errors import InputError, StaleRecordError
from bri_desktop.domain.money import Money
from bri_desktop.services.cities import read_pairs
from bri_desktop.services.city_pages import read_country, read_place, read_tie
from bri_desktop.services.history import undo_last
from bri_desktop.services.mode_pages import read_mode, read_modes
from bri_desktop.services.pair_acts import PairDraft, edit_pair
from bri_desktop.services.pair_life import TieRules, last_day, next_anniversary, read_rules, save_rules, stage
from bri_desktop.services.projects import create_project
from bri_desktop.services.reference import read_codebook
from bri_desktop.services.statistics_options import read_options, save_options

TODAY = datetime.date(2026, 11, 23)
PLACES = (
    ("cn:110000", "北京市", "Beijing", "CN", "110000"),
    ("cn:370200", "青岛市", "Qingdao", "CN", "370000"),
    ("gn:1", "布拉格", "Prague", "CZ", None),
    ("gn:2", "东京", "Tokyo", "JP", None),
)
BEIJING_PRAGUE = {"domestic_places": ("cn:110000",), "foreign_places": ("gn:1",), "pair_kind": "sister"}
QINGDAO_TOKYO = {"domestic_places": ("cn:370200",), "foreign_places": ("gn:2",), "pair_kind": "sister"}


class Ledger:
    """A ledger with four places."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.write() as session:
            for key, zh, en, country, province in PLACES:
                place = Place(key=key, level="prefecture", country=country, name_zh=zh, name_en=en, province=province)
                place.confirmed = True
                session.add(place)

    def add(self, title: str, **values: Any) -> int:
        with self.database.write() as session:
            return create_project(session, project(title, **({"status": "active"} | values))).id

    def store(self, *rows: Any) -> None:
        with self.database.write() as session:
            session.add_all(rows)

    def place(self, key: str) -> int:
        with self.database.read() as session:
            return session.scalars(select(Place.id).where(Place.key == key)).one()


@pytest.fixture
def world(ledger: Database) -> Ledger:
    return Ledger(ledger)


# -- the life of a tie ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("recorded", "ended", "signed", "moves", "expected"),
    [
        ("signed", None, "2024-05", ["2024-05"], "signed"),  # nothing but the signing, less than five years ago
        ("signed", None, "2019-05", ["2019-05"], "dormant"),
        ("signed", None, "2019-05", ["2019-05", "2022-01-01"], "active"),
        ("signed", None, "2010", ["2010", "2022"], "revived"),  # twelve years of silence, then something
        ("signed", None, "2010", ["2010", "2014", "2018", "2022"], "active"),  # never five years
        ("signed", None, "2016", ["2021"], "active"),  # 2021 lasts to its end, which is less than five years ago
        ("signed", None, "2016", ["2021-11-22"], "dormant"),  # five years and a day
        ("signed", None, "2016", ["2021-11-23"], "active"),
        ("signed", None, "2016", ["2027-01-01"], "dormant"),  # a plan moves nothing
        ("intent", None, None, ["2025"], "intent"),
        ("intent", None, "2025", ["2025"], "signed"),  # it was signed after all
        (None, None, None, ["2025"], "active"),
        (None, None, None, [], None),
        ("active", "2020", "2010", ["2026"], "ended"),
        ("ended", None, "2010", ["2026"], "ended"),
    ],
)
def test_stage_of_a_tie(
    recorded: str | None, ended: str | None, signed: str | None, moves: list[str], expected: str | None
) -> None:
    assert stage(recorded, ended, signed, moves, TODAY, 5) == expected


def test_the_rule_counts_in_years_of_the_calendar() -> None:
    leap = datetime.date(2028, 2, 29)
    assert stage("signed", None, "2010", ["2027-02-28"], leap, 1) == "revived"
    assert stage("signed", None, "2010", ["2027-02-27"], leap, 1) == "dormant"
    assert [last_day(date).isoformat() for date in ("2026", "2026-12", "2028-02", "2026-05-01")] == [
        "2026-12-31",
        "2026-12-31",
        "2028-02-29",
        "2026-05-01",
    ]


@pytest.mark.parametrize(
    ("signed", "step", "expected"),
    [
        ("2016-11-23", 10, ("2026-11-23", 10, 0)),
        ("2016-11-22", 10, ("2036-11-22", 20, 3652)),
        ("2016-12-03", 10, ("2026-12-03", 10, 10)),
        ("2016", 10, ("2026", 10, None)),
        ("2021-12", 5, ("2026-12", 5, None)),
        ("2021-12", 10, ("2031-12", 10, None)),
        ("2026-10", 10, ("2036-10", 10, None)),
        ("2008-02-29", 10, ("2028-02-28", 20, 462)),
        ("2030", 10, ("2040", 10, None)),
    ],
)
def test_next_anniversary(signed: str, step: int, expected: tuple[str, int, int | None]) -> None:
    found = next_anniversary(signed, TODAY, step)
    assert found is not None and (found.date, found.years, found.days) == expected


def test_rules_are_kept_in_the_ledger(world: Ledger) -> None:
    with world.database.write() as session:
        assert read_rules(session) == TieRules(5, False)
        save_rules(session, TieRules(3, True))
    with world.database.write() as session:
        assert read_rules(session) == TieRules(3, True)
        with pytest.raises(InputError, match="dormant_years_wrong"):
            save_rules(session, TieRules(0))


# -- a tie -----------------------------------------------------------------------------------------------------------


def test_everything_between_two_places(world: Ledger) -> None:
    tie = world.add("结好", mode="sister_city", signed="2016-05", **BEIJING_PRAGUE)
    umbrella = world.add("总项目", started="2017", amount="900", status="completed", **BEIJING_PRAGUE)
    part = world.add("分项目", started="2018", ended="2022-03", amount="500 USD", parent=f"P{umbrella}",
                      status="completed", **BEIJING_PRAGUE)  # fmt: skip
    other = world.add("另一对", started="2026", amount="7", **QINGDAO_TOKYO)
    world.store(
        Activity(pair_id=1, title="来访", kind="visit_in", date="2019-09", head_count=25),
        Activity(project_id=other, title="别处", date="2026"),
        Activity(pair_id=1, title="删去", date="2026", deleted_at="2026-01-01T00:00:00Z"),
        Agreement(pair_id=1, title="备忘录", signed="2020", expires="2027-02-21"),
        Agreement(pair_id=1, title="还早", signed="2021", expires="2027-02-22"),
        Agreement(pair_id=1, title="已终止", signed="2011", expires="2016", ended="2015"),
        Outcome(project_id=part, what="出口", amount=Decimal(30), currency="CNY", date="2021"),
        Outcome(project_id=part, what="培训", quantity=Decimal(12), unit="人"),
    )
    with world.database.read() as session:
        page = read_tie(session, 1, TODAY)
    assert dict(page.counts) == {"agreement": 4, "activity": 1, "outcome": 2, "project": 3}
    assert [(event.kind, event.title) for event in page.events] == [
        ("agreement", "已终止"),
        ("agreement", "结好"),
        ("project", "结好"),
        ("project", "总项目"),
        ("project", "分项目"),
        ("activity", "来访"),
        ("agreement", "备忘录"),
        ("agreement", "还早"),
        ("outcome", "出口"),
        ("outcome", "培训"),
    ]
    assert [event.title for event in page.expiring] == ["备忘录"]  # 90 days from 2026-11-23 end on 2027-02-21
    assert page.money == (Money(Decimal(500), "USD"),)  # the umbrella's own 900 are left out
    assert page.outcome_money == (Money(Decimal(30), "CNY"),)
    assert (page.pair.signed, page.last, page.stage) == ("2011", "2022-03", "active")
    assert page.anniversary is not None and page.anniversary.date == "2031"
    assert tie == 1 and not page.is_running


def test_a_running_project_keeps_a_tie_awake_but_its_own_record_does_not(world: Ledger) -> None:
    world.add("结好", mode="sister_city", signed="2010", **BEIJING_PRAGUE)
    with world.database.read() as session:
        page = read_tie(session, 1, TODAY)
        assert (page.stage, page.last, page.is_running) == ("dormant", "2010", False)
    world.add("实验室", mode="exchange_mechanism", started="2012", **BEIJING_PRAGUE)
    with world.database.read() as session:
        page = read_tie(session, 1, TODAY)
    assert (page.stage, page.last, page.is_running) == ("revived", "2026-11-23", True)


def test_a_tie_that_is_gone_is_told(world: Ledger) -> None:
    with world.database.read() as session, pytest.raises(InputError, match="record_unknown"):
        read_tie(session, 9, TODAY)


def two_ties(world: Ledger) -> None:
    world.add("甲", signed="2006-11-23", domain="policy", nature="practical", **BEIJING_PRAGUE)
    world.add("乙", signed="2016-11-23", domain="policy", nature="exchange", domains=("people",), **QINGDAO_TOKYO)


def test_closeness_among_the_formal_ties(world: Ledger) -> None:
    """Length 100/0, breadth 0/100, depth (100 + 50) / 2 and (0 + 50) / 2, frequency 50 each, warmth not known."""
    two_ties(world)
    with world.database.read() as session:
        first, second = (read_tie(session, pair, TODAY).closeness for pair in (1, 2))
    parts = {"length": 100.0, "breadth": 0.0, "depth": 75.0, "frequency": 50.0}
    assert dict(first.profile.parts) == pytest.approx(parts)
    assert first.profile.score == pytest.approx(56.25) and second.profile.score == pytest.approx(43.75)
    assert (first.profile.rank, second.profile.rank, first.compared, first.ranked) == (1, 2, 2, 2)
    assert [item.most for item in first.sensitivity] == [0, 0, 0, 0, 0]


def test_other_weights_give_another_order(world: Ledger) -> None:
    """With breadth at 28 A has (18 × 225) / 82 = 49.4 and B (28 × 100 + 18 × 75) / 82 = 50.6: B is first; with
    breadth 20 % lower A is (18 × 225) / 76.4 = 53.0 and B (22.4 × 100 + 18 × 75) / 76.4 = 47.0: they change places."""
    two_ties(world)
    weights = {"length": 18.0, "breadth": 28.0, "depth": 18.0, "warmth": 18.0, "frequency": 18.0}
    with world.database.write() as session:
        save_options(session, replace(read_options(session), profile=weights))
    with world.database.read() as session:
        found = read_tie(session, 1, TODAY).closeness
    assert found.profile.rank == 2 and found.profile.score == pytest.approx(18 * 225 / 82)
    assert {item.part: item.most for item in found.sensitivity}["breadth"] == 1
    assert found.profile.moves == 1


def test_a_tie_that_is_not_formal_is_compared_with_the_formal_ones(world: Ledger) -> None:
    two_ties(world)
    world.add("丙", domestic_places=("cn:110000",), foreign_places=("gn:2",), pair_kind="friendly")
    with world.database.read() as session:
        friendly = next(pair.id for pair in read_pairs(session) if pair.kind == "friendly")
        found, formal = (read_tie(session, pair, TODAY).closeness for pair in (friendly, 1))
    assert (found.compared, formal.compared) == (3, 2)
    assert "length" not in found.profile.parts


# -- places ----------------------------------------------------------------------------------------------------------


def test_the_five_domains_of_a_city_beside_the_office(world: Ledger) -> None:
    """Beijing: policy 1 + ½ of 2 projects, people ½; the office: policy 1½ of 3, trade 1, people ½."""
    world.add("一", domain="policy", started="2017", mode="exchange_mechanism", **BEIJING_PRAGUE)
    world.add("二", domain="policy", domains=("people",), started="2018-03", **BEIJING_PRAGUE)
    world.add("三", domain="trade", **QINGDAO_TOKYO)
    with world.database.read() as session:
        page = read_place(session, world.place("cn:110000"), TODAY)
    shares = {item.code: (item.share, item.average) for item in page.domains}
    assert shares["policy"] == pytest.approx((0.75, 0.5))
    assert shares["people"] == pytest.approx((0.25, 1 / 6))
    assert shares["trade"] == pytest.approx((0.0, 1 / 3))
    assert {item.code: item.ids for item in page.domains if item.ids} == {"policy": (1, 2), "people": (2,)}
    assert [(item.key, item.ids) for item in page.groups["year"]] == [("2017", (1,)), ("2018", (2,))]
    assert [(item.key, item.ids) for item in page.groups["mode"]] == [("exchange_mechanism", (1,))]
    assert [(item.names[0], item.ids) for item in page.partners] == [("布拉格", (1, 2))]
    assert [tie.foreign.key for tie in page.ties] == ["gn:1"]
    assert (page.counted, page.projects, page.scores) == (2, (1, 2), ())


def test_an_umbrella_is_not_counted_beside_its_parts(world: Ledger) -> None:
    top = world.add("总", domain="trade", amount="10", **BEIJING_PRAGUE)
    world.add("分", domain="policy", amount="4", parent=f"P{top}", **BEIJING_PRAGUE)
    with world.database.read() as session:
        page = read_place(session, world.place("gn:1"), TODAY)
    assert (page.counted, page.projects) == (1, (1, 2))
    assert [(item.code, item.share) for item in page.domains if item.share] == [("policy", 1.0)]
    assert page.money == (Money(Decimal(4), "CNY"),)


def test_a_country_takes_all_its_places(world: Ledger) -> None:
    world.add("一", **BEIJING_PRAGUE)
    world.add("二", **QINGDAO_TOKYO)
    with world.database.read() as session:
        page = read_country(session, "CZ", TODAY)
        with pytest.raises(InputError, match="place_unknown_key"):
            read_country(session, "XX", TODAY)
    assert (page.names, page.place, page.projects) == (("捷克", "Czechia"), None, (1,))
    assert [(item.names[0], item.ids) for item in page.cities] == [("布拉格", (1,))]
    assert [(item.names[0], item.ids) for item in page.partners] == [("北京市", (1,))]
    assert len(page.ties) == 1


def test_a_place_without_projects_has_no_figures(world: Ledger) -> None:
    with world.database.read() as session:
        page = read_place(session, world.place("gn:2"), TODAY)
        with pytest.raises(InputError, match="place_unknown_key"):
            read_place(session, 99, TODAY)
    assert (page.counted, page.events, page.partners, page.ties, page.money) == (0, (), (), (), ())
    assert {item.share for item in page.domains} == {None}


def test_index_scores_are_those_of_the_latest_year(world: Ledger) -> None:
    criterion = Criterion("gdp", "potential", "economics")
    with world.database.write() as session:
        save_options(session, replace(read_options(session), criteria=(criterion,)))
        for year, key, value in ((2019, "gn:1", 1.0), (2020, "gn:1", 30.0), (2020, "gn:2", 10.0), (2030, "gn:1", 0.0)):
            session.add(IndexValue(place_key=key, criterion="gdp", year=year, value=value))
    with world.database.read() as session:
        page = read_place(session, world.place("gn:1"), TODAY)
    assert [(s.index, s.year, s.score.value, s.score.coverage, s.score.rank) for s in page.scores] == [
        ("potential", 2020, 100.0, 25.0, None)
    ]


# -- parks and mechanisms --------------------------------------------------------------------------------------------


def test_a_mechanism_has_editions_members_and_amounts_by_year(world: Ledger) -> None:
    """From 30 September 2015 to 31 October 2017 are 762 days: 381 from one edition to the next, 12.52 months."""
    top = world.add("论坛", mode="exchange_mechanism", submode="forum", started="2014", amount="99",
                     partners=("秘书处",), foreign_places=("gn:1",))  # fmt: skip
    for date, amount, partners in (("2015-09", "5", "甲"), ("2016-09", "6", "甲"), ("2017-10", "7", "乙")):
        world.add(f"{date} 届", mode="exchange_mechanism", started=date, amount=amount, parent=f"P{top}",
                   partners=(partners,), foreign_places=("gn:2",))  # fmt: skip
    world.add("另一个", mode="demonstration_park", status="idea")
    world.store(Activity(project_id=2, title="开幕", date="2015-09-02", head_count=40))
    with world.database.read() as session:
        page = read_mode(session, top, TODAY)
        rows = read_modes(session)
    assert [(row.title, row.parts, row.partners) for row in rows] == [("另一个", 0, 0), ("论坛", 3, 1)]
    assert [event.title for event in page.editions] == ["2015-09 届", "2016-09 届", "2017-10 届"]
    assert [(member.name, member.ids, member.since) for member in page.members] == [
        ("甲", (2, 3), "2015-09"),
        ("秘书处", (1,), "2014"),
        ("乙", (4,), "2017-10"),
    ]
    assert [code for code, _, _ in page.countries] == ["CZ", "JP"]
    assert [(year.year, year.sums[0].amount, year.ids) for year in page.years] == [
        (2015, Decimal(5), (2,)),
        (2016, Decimal(6), (3,)),
        (2017, Decimal(7), (4,)),
    ]
    assert page.money == (Money(Decimal(18), "CNY"),) and page.row.money == Money(Decimal(99), "CNY")
    assert (page.heads, page.last_edition, dict(page.counts)["project"]) == (40, "2017-10", 3)
    assert page.months_between == pytest.approx(381 / 30.4375)


def test_a_park_without_anything_is_shown_all_the_same(world: Ledger) -> None:
    number = world.add("园区", mode="demonstration_park", status="idea")
    with world.database.read() as session:
        page = read_mode(session, number, TODAY)
        with pytest.raises(InputError, match="record_unknown"):
            read_mode(session, 77, TODAY)
    assert (page.editions, page.members, page.years, page.heads, page.months_between) == ((), (), (), None, None)
    assert page.projects == (number,)


# -- editing a tie ---------------------------------------------------------------------------------------------------


def draft(**values: Any) -> PairDraft:
    given: dict[str, Any] = {"kind": "sister", "level": None, "life": "signed", "ended": None, "note": None}
    return PairDraft(**(given | values))


def stored(world: Ledger, pair: int = 1) -> tuple[Any, ...]:
    with world.database.read() as session:
        row = session.get_one(Pair, pair)
        return row.kind, row.level, row.life, row.ended, row.note, row.version


def test_an_edited_tie_is_in_the_history_and_can_be_undone(world: Ledger) -> None:
    world.add("结好", signed="2010", **BEIJING_PRAGUE)
    before = stored(world)
    with world.database.write() as session:
        changes = edit_pair(session, 1, draft(life="ended", ended=PartialDate("2020-05"), note=" 到期 "), 1)
    assert changes.keys == {"T1"} and "pair" in changes.kinds
    assert stored(world) == ("sister", None, "ended", "2020-05", "到期", 2)
    with world.database.read() as session:
        entry = session.scalars(select(HistoryEntry).where(HistoryEntry.kind == "pair")).one()
        assert entry.before == {"life": "signed", "ended": None, "note": None}
        assert entry.after == {"life": "ended", "ended": "2020-05", "note": "到期"}
    with world.database.write() as session:
        undone = undo_last(session)
    assert (undone.action, undone.restored, undone.kept) == ("edit_pair", 1, ())
    assert stored(world)[:5] == before[:5]
    with world.database.read() as session:
        assert session.scalars(select(Project.deleted_at)).all() == [None]


def test_undo_keeps_what_was_edited_since(world: Ledger) -> None:
    world.add("结好", signed="2010", **BEIJING_PRAGUE)
    with world.database.write() as session:
        edit_pair(session, 1, draft(level="municipal", note="一"), 1)
    with world.database.write() as session:
        row = session.get_one(Pair, 1)
        row.note = "别人改的"
    with world.database.write() as session:
        undone = undo_last(session)
    assert [kept.to_json() for kept in undone.kept] == [{"key": "T1", "field": "note"}]
    assert stored(world)[:5] == ("sister", None, "signed", None, "别人改的")


def test_what_is_not_possible_changes_nothing(world: Ledger) -> None:
    world.add("结好", signed="2010", **BEIJING_PRAGUE)
    world.add("友好", **(BEIJING_PRAGUE | {"pair_kind": "friendly"}))
    before = stored(world)
    for code, error, given, version in (
        ("record_stale", StaleRecordError, draft(note="x"), 7),
        ("pair_taken", InputError, draft(kind="friendly"), 1),
        ("pair_kind_needed", InputError, draft(kind=None), 1),
        ("code_unknown", InputError, draft(level="galactic"), 1),
    ):
        with pytest.raises(error, match=code), world.database.write() as session:
            edit_pair(session, 1, given, version)
    with world.database.write() as session:
        assert not edit_pair(session, 1, draft(), 1).kinds
        with pytest.raises(InputError, match="record_unknown"):
            edit_pair(session, 9, draft(), 1)
    assert stored(world) == before
    with world.database.read() as session:
        assert session.scalars(select(Change).where(Change.action == "edit_pair")).all() == []
        assert read_codebook(session).label("pair_life", "dormant", "zh_CN") == "休眠"
