"""The city index and the profiles, worked out by hand."""

import datetime
import json
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_ledger import P, ledger

from bri_desktop.analysis.city_index import City, Criterion, Dimension, check_weights, city_index, scaled
from bri_desktop.analysis.facts import ActivityFact, Facts, IndicatorFact, PairFact
from bri_desktop.analysis.model import StatsRequest, pack_date
from bri_desktop.analysis.profile import PARTS, friendship
from bri_desktop.analysis.statistics import MEASURES, compute
from bri_desktop.analysis.targets import attainments
from bri_desktop.domain.errors import InputError

TODAY = datetime.date(2020, 6, 30)
DIMENSIONS = (Dimension("a", "甲", "A", 60), Dimension("b", "乙", "B", 40))
CRITERIA = (
    Criterion("a1", "development", "a"),
    Criterion("a2", "development", "a", True),
    Criterion("b1", "development", "b"),
)
CITIES = tuple(City(key, key, key < "m") for key in ("beijing", "chengdu", "osaka", "paris"))


def index(values: dict[str, dict[str, float]], **options: Any) -> Any:
    return city_index(
        "development", 2019, cities=CITIES, dimensions=DIMENSIONS, criteria=CRITERIA, values=values, **options
    )


def test_scores_coverage_and_ranks_by_hand() -> None:
    found = index(
        {
            "a1": {"beijing": 10, "chengdu": 0, "osaka": 5},
            "a2": {"beijing": 2, "osaka": 4},  # lower is better: Beijing 100, Osaka 0
            "b1": {"beijing": 7, "chengdu": 7, "paris": 7},  # all equal: 50
        }
    )
    scores = {city.key: (city.value, city.coverage, city.rank) for city in found.cities}
    assert scores["beijing"] == (pytest.approx(0.6 * 100 + 0.4 * 50), 100, 1)
    assert scores["osaka"] == (pytest.approx(25), 60, 2)  # a missing dimension leaves its weight to the others
    assert scores["chengdu"] == (pytest.approx(20), 70, 3)
    assert scores["paris"] == (50, 40, None)  # scored, not ranked
    assert (found.domestic.n, found.domestic.median, found.foreign.median) == (2, pytest.approx(50), pytest.approx(25))
    assert found.difference.median == pytest.approx(25)


def test_the_scale_is_over_all_cities_not_over_those_shown() -> None:
    values = {"a1": {"beijing": 10, "chengdu": 0, "osaka": 5}, "b1": {"osaka": 1, "beijing": 0}}
    found = index(values, shown=frozenset({"osaka"}))
    assert [(city.key, city.value) for city in found.cities] == [("osaka", pytest.approx(0.6 * 50 + 0.4 * 100))]


def test_no_values_give_no_cities() -> None:
    found = index({})
    assert found.cities == () and found.domestic.median is None and found.difference.median is None


@pytest.mark.parametrize("weights", [{"a": 60, "b": 30}, {"a": 110, "b": -10}, {}])
def test_weights_must_add_up(weights: dict[str, float]) -> None:
    with pytest.raises(InputError, match="weights_wrong"):
        check_weights(weights, "development")


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.floats(-1e6, 1e6), min_size=2))
def test_the_scale_is_that_of_numpy(values: dict[str, float]) -> None:
    array = np.array(list(values.values()))
    found = np.array(list(scaled(values).values()))
    if array.max() == array.min():
        assert (found == 50).all()
    else:
        assert found == pytest.approx((array - array.min()) / np.ptp(array) * 100)
        assert np.array(list(scaled(values, lower_is_better=True).values())) == pytest.approx(100 - found)


# -- friendship ----------------------------------------------------------------------------------------------------


def pair(number: int, signed: str | None, **others: Any) -> PairFact:
    home, abroad = ("cn:310000", "上海", "Shanghai"), ("tokyo", "东京", "Tokyo")
    return PairFact(number, home, abroad, "sister", others.get("level"), others.get("life"), pack_date(signed), 0)


def test_friendship_by_hand() -> None:
    data = ledger(
        [
            P(
                start="2015",
                pair=1,
                domains=("trade", "people"),
                nature="practical",
                outcomes=("initiative", "initiative"),
            ),
            P(start="2015", pair=1, domains=("trade",), nature="exchange"),
            P(start="2015", pair=2, domains=("people",), nature="exchange"),
        ]
    )
    activities = (
        ActivityFact(1, -1, 1, "visit_out", 20190101, 10),
        ActivityFact(2, 0, 0, "meeting", 20190101, None),  # of the first pair, by its project
        ActivityFact(3, -1, 2, "visit_in", 20120101, 30),  # more than five years ago
    )
    facts = Facts(
        pairs=(pair(1, "2000-06-30", level="provincial"), pair(2, "2010-06-30", level="municipal")),
        activities=activities,
    )
    found = friendship(data, facts, np.ones(3, np.bool_), TODAY)
    first, second = found.pairs
    assert (first.raw.length, first.raw.breadth, first.raw.practical) == (pytest.approx(20, abs=0.01), 2, 0.5)
    assert (first.raw.visit_level, first.raw.visitors, first.raw.frequency) == (4.0, 10, 0.4)
    assert (second.raw.frequency, second.raw.visitors) == (0.0, 30)
    assert first.parts == {"length": 100, "breadth": 100, "depth": 100, "warmth": 50, "frequency": 100}
    assert second.parts == {"length": 0, "breadth": 0, "depth": 0, "warmth": 50, "frequency": 0}
    assert (first.score, second.score, first.rank, second.rank) == (90, 10, 1, 2)
    assert all(item.most == 0 for item in found.sensitivity)


def test_a_missing_part_leaves_its_weight_to_the_others() -> None:
    facts = Facts(pairs=(pair(1, "2000"), pair(2, "2010")))
    found = friendship(ledger([]), facts, np.ones(0, np.bool_), TODAY)
    assert found.pairs[0].coverage == 80  # nothing is known of visits
    assert found.pairs[0].parts == {"length": 100, "breadth": 50, "depth": 50, "frequency": 50}
    assert found.pairs[0].score == 62.5


def test_the_order_moves_when_a_weight_moves() -> None:
    # Length 100 against breadth 100, weights 50.5 and 49.5: a fifth less of the first turns the order round.
    data = ledger([P(start="2015", pair=2, domains=("trade",))])
    facts = Facts(pairs=(pair(1, "2000"), pair(2, "2010")))
    weights = dict.fromkeys(PARTS, 0.0) | {"length": 50.5, "breadth": 49.5}
    found = friendship(data, facts, np.ones(1, np.bool_), TODAY, weights)
    assert [item.id for item in found.pairs] == [1, 2]
    assert {item.part: item.most for item in found.sensitivity}["length"] == 1
    assert found.pairs[0].moves == 1
    with pytest.raises(InputError, match="weights_wrong"):
        friendship(data, facts, np.ones(1, np.bool_), TODAY, weights | {"length": 1.0})


def test_only_official_ties_are_compared() -> None:
    facts = Facts(pairs=(pair(1, None), pair(2, "2000", life="ended")))
    assert friendship(ledger([]), facts, np.ones(0, np.bool_), TODAY).pairs == ()


# -- targets -------------------------------------------------------------------------------------------------------


def test_energy_use_is_half_way() -> None:
    energy = IndicatorFact(
        1, 0, "能耗", "吨", Decimal(100), Decimal(80), ((20180000, Decimal(95)), (20190000, Decimal(90)))
    )
    flat = IndicatorFact(2, 0, "能耗", "吨", Decimal(5), Decimal(5), ((20190000, Decimal(5)),))
    other = IndicatorFact(3, 0, "能耗", "度", None, Decimal(5), ((20190000, Decimal(5)),))
    first, second = attainments([energy, flat, other], TODAY)
    assert (first.unit, second.unit) == ("吨", "度")
    assert (second.n, second.median, second.undefined) == (0, None, 1)
    assert (first.n, first.median, first.undefined, first.reached) == (1, 0.5, 1, 0)
    (earlier, _) = attainments([energy, other], datetime.date(2018, 12, 31))
    assert earlier.median == 0.25


def test_every_measure_has_a_json_without_any_record() -> None:
    for data in (ledger([]), ledger([P()])):
        result = compute(StatsRequest(TODAY, year=2019, by=("country",), measures=MEASURES), data)
        text = json.dumps(result.to_json(), allow_nan=False)
        assert "NaN" not in text
        assert set(MEASURES) - {"gini", "hhi", "theil"} <= set(result.measures) | {"n_eff"}
