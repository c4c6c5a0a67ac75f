"""Figures of small ledgers against values worked out by hand, and the sums that must agree in any ledger."""

import datetime
import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_ledger import P, ledger

from bri_desktop import i18n
from bri_desktop.analysis.dimensions import CODED, DIMENSIONS
from bri_desktop.analysis.model import BaselineTable, StatsData, StatsRequest, StatsResult
from bri_desktop.analysis.statistics import compute
from bri_desktop.domain.errors import InputError

TODAY = datetime.date(2026, 11, 23)
THREE_CITIES = P(start="2015", foreign=("paris", "berlin", "tokyo"))


def figures(data: StatsData, *by: str, **options: Any) -> StatsResult:
    return compute(StatsRequest(TODAY, year=options.pop("year", 2017), by=by, **options), data)


def weights(result: StatsResult) -> dict[Any, float]:
    return {row.key: row.weight for row in result.rows if row.weight}


def counts(result: StatsResult) -> dict[Any, int]:
    return {row.key: row.count for row in result.rows if row.count}


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("country", {"FR": 1 / 3, "DE": 1 / 3, "JP": 1 / 3}),
        ("continent", {"europe": 2 / 3, "asia": 1 / 3}),
        ("continent5", {"europe": 2 / 3, "asia": 1 / 3}),
        ("subregion", {"western_europe": 2 / 3, "eastern_asia": 1 / 3}),
        ("income", {"H": 1}),
        ("bri", {"no": 1}),
        ("corridor", {"nelb": 1 / 3, "none": 2 / 3}),
        ("foreign_city", {"paris": 1 / 3, "berlin": 1 / 3, "tokyo": 1 / 3}),
    ],
)
def test_three_cities_weigh_the_same_in_every_table(by: str, expected: dict[str, float]) -> None:
    assert weights(figures(ledger([THREE_CITIES]), by)) == pytest.approx(expected)


def test_two_cities_of_one_country_share_its_weight() -> None:
    data = ledger([P(start="2015", foreign=("paris", "lyon", "tokyo"))])
    assert weights(figures(data, "country")) == pytest.approx({"FR": 0.5, "JP": 0.5})
    assert weights(figures(data, "foreign_city")) == pytest.approx({"paris": 0.25, "lyon": 0.25, "tokyo": 0.5})
    crossed = figures(data, "country", "foreign_city")
    assert {row.keys: row.weight for row in crossed.rows} == pytest.approx(
        {("FR", "paris"): 0.25, ("FR", "lyon"): 0.25, ("JP", "tokyo"): 0.5}
    )


def test_closed_dimensions_have_their_zeros() -> None:
    data = ledger([THREE_CITIES])
    sizes = {"country": 196, "continent": 6, "continent5": 5, "income": 4, "bri": 2, "corridor": 7, "subregion": 22}
    sizes |= {"province": 31, "mode": 3, "domain": 5, "sdg": 17, "status": 9, "nature": 2}
    for by, size in sizes.items():
        result = figures(data, by)
        assert sum(row.is_unit for row in result.rows) == size == result.n, by
        assert result.rows[-1].key is None
    assert figures(data, "country", regions_of_china=True).n == 199
    assert figures(data, "province", regions_of_china=True).n == 34


def test_regions_of_china_are_outside_unless_asked_for() -> None:
    data = ledger([P(start="2015", foreign=("hong_kong",)), P(start="2015", foreign=("hong_kong", "tokyo"))])
    result = figures(data, "country")
    assert (result.total, result.outside) == (2, 1)
    assert weights(result) == {"JP": 1}
    asked = figures(data, "country", regions_of_china=True)
    assert asked.outside == 0
    assert weights(asked) == {"JP": 0.5, "HK": 1.5}
    assert [row.key for row in asked.rows[-4:]][-1] is None
    assert result.members.outside() == ((101, 1.0),)


def test_what_has_no_value_is_outside_the_share() -> None:
    data = ledger([P(start="2015", mode="sister_city"), P(start="2015"), P(start="2015", mode="demonstration_park")])
    result = figures(data, "mode")
    assert [(row.key, row.count, row.share) for row in result.rows] == [
        ("sister_city", 1, 0.5),
        ("demonstration_park", 1, 0.5),
        ("exchange_mechanism", 0, 0.0),
        (None, 1, None),
    ]
    assert result.rows[-1].label == "未归类"
    assert figures(data, "country").rows[-1].label == "未填"


def test_whole_counts_are_distinct_projects() -> None:
    data = ledger([P(start="2015", domains=("trade", "people")), P(start="2016", domains=("people", "people"))])
    result = figures(data, "domain")
    assert counts(result) == {"trade": 1, "people": 2}
    assert weights(result) == {"trade": 0.5, "people": 1.5}
    assert result.total == 2


def test_domestic_places_roll_up() -> None:
    data = ledger(
        [
            P(start="2015", domestic=("cn:310115", "cn:320583")),
            P(start="2015", domestic=("cn:320500",)),
            P(start="2015", domestic=("cn:310000", "cn:310115")),
            P(start="2015", domestic=("cn:320000",)),
        ]
    )
    assert weights(figures(data, "province")) == {"310000": 1.5, "320000": 2.5}
    prefectures = figures(data, "prefecture")
    assert weights(prefectures) == {"310000": 1.5, "320500": 1.5, None: 1}
    assert counts(prefectures) == {"310000": 2, "320500": 2, None: 1}
    assert weights(figures(data, "city"))["cn:310115"] == 1


def test_corridors_explicit_before_node_before_member() -> None:
    data = ledger(
        [
            P(start="2015", foreign=("tokyo",), corridors=(3,)),
            P(start="2015", foreign=("almaty",)),
            P(start="2015", foreign=("yangon",)),
            P(start="2015", corridors=(0, 1)),
            P(start="2015", foreign=("nairobi",)),
        ]
    )
    # Almaty is a node of one corridor, though Kazakhstan is a member of two; Yangon is a node of two.
    expected = {"cpec": 1, "ccwaec": 1.5, "bcim": 0.5, "cicpec": 0.5, "cmrec": 0.5, "none": 1}
    assert weights(figures(data, "corridor")) == pytest.approx(expected)


def test_partners_of_the_year() -> None:
    data = ledger([P(start="2015", foreign=("rome", "paris"))])
    for year, expected in ((2018, {"no": 1}), (2019, {"yes": 0.5, "no": 0.5}), (2024, {"no": 1})):
        assert weights(figures(data, "bri", year=year)) == expected
    result = figures(data, "country", year=2023, baseline="bri")
    assert (result.n, result.outside) == (152, 0.5)
    assert result.members.outside() == ((101, 0.5),)


def test_records_of_units_that_a_baseline_does_not_know_are_outside() -> None:
    data = ledger(
        [P(start="2015", foreign=("rome", "paris")), P(start="2015", foreign=("hong_kong",)), P(start="2015")]
    )
    known = BaselineTable("trade", "country", {"FR": 3.0, "JP": 1.0}, 2015)
    data = replace(data, baselines={"trade": known}, cache={})
    result = figures(data, "country", baseline="trade")
    # Half of the first project is Italy's, which the table does not have; the third one has no country at all.
    assert weights(result) == {"FR": 0.5, None: 1}
    assert (result.total, result.outside) == (3, 1.5)
    assert result.members.outside() == ((101, 0.5), (102, 1.0))


def test_income_group_of_the_year_and_after_the_last() -> None:
    data = ledger([P(start="2009", foreign=("nairobi",))])
    assert weights(figures(data, "income", year=2012)) == {"L": 1}
    assert weights(figures(data, "income", year=2016)) == {"LM": 1}
    assert figures(data, "income", year=2016).notes == ()
    late = figures(data, "income", year=2030)
    assert weights(late) == {"LM": 1}
    assert "2021" in late.notes[0]


def test_actor_outcome_sdg_department_and_year() -> None:
    data = ledger(
        [
            P(start="2015-03", actors=(0, 1, 2), outcomes=("investment", "document"), sdg=(11, 9), department=0),
            P(start="2016", actors=(2,), outcomes=("investment",)),
        ]
    )
    assert weights(figures(data, "actor")) == {"government": 0.5, "university": 0.5, None: 1}
    assert counts(figures(data, "outcome_class")) == {"document": 1, "investment": 2}
    assert [row.key for row in figures(data, "outcome_class").rows] == ["investment", "document", None]
    assert weights(figures(data, "sdg")) == {"9": 0.5, "11": 0.5, None: 1}
    assert counts(figures(data, "department")) == {"O1": 1, None: 1}
    assert [row.key for row in figures(data, "year").rows] == ["2015", "2016", None]


def test_ten_countries_with_one_project_each() -> None:
    codes = ["FR", "DE", "JP", "KZ", "IT", "MM", "KE", "US", "BR", "AU"]
    places = ledger([]).places
    extra = tuple(type(places[0])(iso2, iso2, iso2, iso2, "country") for iso2 in codes)
    links = type(ledger([]).foreign)(np.arange(10, dtype=np.int32), np.arange(10, dtype=np.int32))
    result = figures(ledger([P(start="2015") for _ in codes], places=extra, foreign=links), "country")
    assert result.measures["gini"] == pytest.approx(0.949, abs=0.0005)
    assert result.measures["n_eff"] == pytest.approx(10)
    assert result.measures["theil"] == pytest.approx(math.log(19.6))
    split = result.measures["theil_between"] + result.measures["theil_within"]
    assert split == pytest.approx(result.measures["theil"], abs=1e-12)


def test_continents_against_the_number_of_their_countries() -> None:
    data = ledger([P(start="2015", foreign=("paris",)) for _ in range(3)] + [P(start="2015", foreign=("nairobi",))])
    result = figures(data, "continent")
    rows = {row.key: row for row in result.rows}
    assert (result.baseline, result.n) == ("countries", 6)
    assert rows["europe"].baseline_share == pytest.approx(45 / 196)
    assert rows["europe"].ratio == pytest.approx(0.75 / (45 / 196))
    assert rows["africa"].gap == pytest.approx(54 / 196 * 4 - 1)
    assert sum(row.gap or 0 for row in result.rows) == pytest.approx(0)
    assert (rows["europe"].share_shown, rows["africa"].share_shown) == (75.0, 25.0)
    assert result.measures["dissimilarity"] == pytest.approx(0.75 - 45 / 196)
    assert figures(data, "continent", baseline="equal").rows[0].baseline_share == pytest.approx(1 / 6)


def test_a_baseline_of_the_user() -> None:
    own = BaselineTable("people", "continent", {"asia": 3, "europe": 1}, 2020)
    data = ledger([P(start="2015", foreign=("paris", "nairobi"))], baselines={"people": own})
    result = figures(data, "continent", baseline="people")
    assert (result.n, result.outside, result.baseline_year) == (2, 0.5, 2020)
    assert [(row.key, row.baseline_share) for row in result.rows] == [("asia", 0.75), ("europe", 0.25), (None, None)]


def test_practical_share_and_coverage() -> None:
    data = ledger(
        [
            P("active", "2015", nature="practical", outcomes=("investment",)),
            P("active", "2015", nature="exchange"),
            P("signed", "2015", nature="exchange", outcomes=("investment",)),
            P("suspended", "2015"),
        ]
    )
    found = figures(data).measures
    assert found["practical_share"]["value"] == pytest.approx(1 / 3)
    assert (found["practical_share"]["n"], found["practical_share"]["unclassified"]) == (3, 1)
    assert found["coverage"] == pytest.approx(1 / 3)
    assert figures(ledger([])).measures["coverage"] is None


def test_span_without_dimension_has_years_as_rows() -> None:
    data = ledger([P(start="2014"), P("completed", "2014", "2015-06"), P(start="2016"), P("idea", planned="2016")])
    result = compute(StatsRequest(TODAY, span=(2014, 2016)), data)
    assert [(row.key, row.count) for row in result.rows] == [("2014", 2), ("2015", 1), ("2016", 2)]
    assert (result.total, result.pipeline, result.year) == (2, 1, None)
    assert result.measures["yoy"] == {"absolute": 0, "relative": 0, "cagr": 0}
    assert [(p.flow, p.ended, p.stock) for p in result.series] == [(2, 0, 2), (0, 1, 1), (1, 0, 2)]
    assert result.records_of("2016") == ((101, 1.0), (103, 1.0))
    flow = compute(StatsRequest(TODAY, count="flow", span=(2014, 2016)), data)
    assert flow.total == 3


def test_span_with_a_dimension() -> None:
    data = ledger([P(start="2014", foreign=("paris",)), P(start="2015", foreign=("tokyo",))])
    result = compute(StatsRequest(TODAY, span=(2014, 2015), by=("continent",)), data)
    assert [(row.keys, row.count) for row in result.rows if row.count] == [
        (("2014", "europe"), 1),
        (("2015", "asia"), 1),
        (("2015", "europe"), 1),
    ]
    assert result.series[0].measures["gini"] == pytest.approx(5 / 6)
    assert result.records_of("2015", "asia") == ((102, 1.0),)


def test_today_counts_what_is_alive_today() -> None:
    data = ledger([P(start="2026-12-01"), P("completed", "2020", "2026-11-30"), P("completed", "2020", "2026-11-01")])
    assert figures(data, year=None).total == 1
    assert figures(data, year=2026).total == 1
    assert figures(data, year=None).to_json()["year"] is None


def test_umbrella_projects() -> None:
    data = ledger([P(start="2015"), P(start="2015", parent=0), P(start="2015", parent=0)])
    result = figures(data)
    assert (result.total, result.with_parents) == (2, 3)
    only_parent = compute(StatsRequest(TODAY, year=2017), data, np.array([True, False, False]))
    assert only_parent.total == 1


def test_status_table_uses_the_status_of_then() -> None:
    data = ledger([P("completed", "2014", "2018", changes=[("signed", "2014"), ("active", "2016")])])
    assert counts(figures(data, "status", year=2015)) == {"signed": 1}
    assert counts(figures(data, "status", year=2017)) == {"active": 1}


def test_json_has_the_keys_that_scripts_rely_on() -> None:
    data = ledger([P(start="2015", foreign=("tokyo",)), P("intent"), P("active")])
    result = figures(data, "continent", records=True).to_json(lambda number: f"P{number}")
    assert json.loads(json.dumps(result)) == result
    assert result["count"] == "stock"
    assert (result["year"], result["total"], result["undated"], result["pipeline"]) == (2017, 1, 1, 1)
    assert (result["outside"], result["baseline"], result["n"]) == (0, "countries", 6)
    first = result["rows"][0]
    assert {name: first[name] for name in ("key", "label", "count", "weight", "share", "share_shown", "records")} == {
        "key": "asia",
        "label": "亚洲",
        "count": 1,
        "weight": 1.0,
        "share": 1.0,
        "share_shown": 100.0,
        "records": ["P101"],
    }
    assert {"ratio", "gap"} < set(first)
    assert result["rows"][-1] == {"key": None, "label": "未填", "count": 0, "weight": 0.0, "records": []}
    assert "2017 年末存量" in result["rule"]
    assert result["rule"].endswith("。")
    crossed = figures(data, "continent", "mode").to_json()
    assert {"keys", "labels", "count"} < set(crossed["rows"][0])


def test_english_labels() -> None:
    i18n.set_language("en")
    result = figures(ledger([P(start="2015")]), "continent")
    assert result.rows[0].label == "Asia"
    assert result.rows[-1].label == "Not filled in"
    assert result.rule.startswith("Stock at 31 December 2017")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"count": "stocks"}, "option_unknown"),
        ({"by": ("colour",)}, "option_unknown"),
        ({"by": ("mode", "mode")}, "dimension_twice"),
        ({"by": ("mode", "nature", "status")}, "dimensions_too_many"),
        ({"measures": ("beauty",)}, "option_unknown"),
        ({"span": (2017, 2014)}, "span_unusable"),
        ({"by": ("mode",), "baseline": "bri"}, "baseline_not_for_dimension"),
        ({"by": ("mode",), "baseline": "gold"}, "option_unknown"),
    ],
)
def test_what_cannot_be_answered_is_refused(options: dict[str, Any], code: str) -> None:
    with pytest.raises(InputError) as refused:
        compute(StatsRequest(TODAY, **options), ledger([P(start="2015")]))
    assert refused.value.code == code


foreign = st.lists(st.sampled_from(["paris", "lyon", "berlin", "tokyo", "almaty", "rome", "hong_kong"]), max_size=4)
domestic = st.lists(st.sampled_from(["cn:310000", "cn:310115", "cn:320000", "cn:320500", "cn:320583"]), max_size=3)
entries = st.builds(
    P,
    status=st.sampled_from(["active", "signed", "suspended"]),
    start=st.sampled_from(["2014", "2016-03", "2017-05-17"]),
    foreign=foreign,
    domestic=domestic,
    mode=st.sampled_from([None, "sister_city", "demonstration_park"]),
    domains=st.lists(st.sampled_from(["trade", "people", "policy"]), max_size=3),
    corridors=st.lists(st.integers(0, 5), max_size=2),
    actors=st.lists(st.integers(0, 2), max_size=3),
    outcomes=st.lists(st.sampled_from(["investment", "document"]), max_size=2),
)


@given(st.lists(entries, max_size=12), st.sampled_from(DIMENSIONS))
def test_every_table_reconciles_with_the_total(projects: list[P], by: str) -> None:
    result = figures(ledger(projects), by)
    assert sum(row.weight for row in result.rows) + result.outside == pytest.approx(result.total)
    shares = [row.share for row in result.rows if row.share is not None]
    assert not shares or sum(shares) == pytest.approx(1)
    for row in result.rows:
        records = result.records_of(*row.keys)
        assert len(records) == row.count
        assert sum(weight for _, weight in records) == pytest.approx(row.weight)


@given(st.lists(entries, max_size=10), st.sampled_from(DIMENSIONS), st.sampled_from(DIMENSIONS))
def test_cross_tables_have_the_margins_of_the_single_ones(projects: list[P], one: str, other: str) -> None:
    if one == other:
        return
    data = ledger(projects)
    crossed = figures(data, one, other)
    margin: dict[Any, float] = {}
    for row in crossed.rows:
        margin[row.keys[0]] = margin.get(row.keys[0], 0) + row.weight
        assert len(crossed.records_of(*row.keys)) == row.count
    assert sum(margin.values()) + crossed.outside == pytest.approx(crossed.total)
    if crossed.outside == 0:
        expected = weights(figures(data, one))
        assert {key: weight for key, weight in margin.items() if weight} == pytest.approx(expected)


@given(st.lists(entries, min_size=1, max_size=12))
def test_theil_of_countries_splits_exactly(projects: list[P]) -> None:
    found = figures(ledger(projects), "country").measures
    if found["theil"] is not None:
        assert found["theil_between"] + found["theil_within"] == pytest.approx(found["theil"], abs=1e-9)


def test_code_lists_say_not_classified() -> None:
    assert {figures(ledger([]), by).rows[-1].label for by in CODED} == {"未归类"}
