"""The same figures by scipy and pandas, on random data."""

import datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats as scipy_stats
from scipy.spatial.distance import cityblock
from small_ledger import PLACE, PLACES, P, ledger

from bri_desktop.analysis import measures
from bri_desktop.analysis.model import StatsRequest
from bri_desktop.analysis.statistics import compute

TODAY = datetime.date(2026, 11, 23)
AMOUNTS = st.lists(st.integers(0, 1000).map(float), min_size=2, max_size=40).filter(any)


@given(AMOUNTS)
def test_gini_is_half_the_relative_mean_difference(amounts: list[float]) -> None:
    x = np.array(amounts)
    assert measures.gini(amounts) == pytest.approx(np.abs(x[:, None] - x).mean() / (2 * x.mean()))


@given(AMOUNTS)
def test_theil_is_the_divergence_from_equal_shares(amounts: list[float]) -> None:
    found = measures.theil(amounts)
    assert found is not None
    equal = np.ones(len(amounts))
    assert found.total == pytest.approx(float(scipy_stats.entropy(amounts, equal)), abs=1e-12)


@given(AMOUNTS, st.data())
def test_theil_splits_exactly(amounts: list[float], data: st.DataObject) -> None:
    groups = data.draw(st.lists(st.integers(0, 3), min_size=len(amounts), max_size=len(amounts)))
    found = measures.theil(amounts, groups)
    assert found is not None and found.between is not None and found.within is not None
    assert found.between + found.within == pytest.approx(found.total, abs=1e-12)
    frame = pd.DataFrame({"x": amounts, "g": groups})
    sums, sizes = frame.groupby("g").x.sum(), frame.groupby("g").x.size()
    assert found.between == pytest.approx(float(scipy_stats.entropy(sums, sizes)), abs=1e-12)


@given(AMOUNTS, st.data())
def test_dissimilarity_is_half_a_city_block(amounts: list[float], data: st.DataObject) -> None:
    other = data.draw(st.lists(st.integers(1, 9), min_size=len(amounts), max_size=len(amounts)))
    s, b = np.array(amounts) / sum(amounts), np.array(other) / sum(other)
    assert measures.dissimilarity(amounts, [float(value) for value in other]) == pytest.approx(cityblock(s, b) / 2)


FOREIGN = st.sampled_from([place.key for place in PLACES if place.country not in ("CN", "HK")])


@st.composite
def projects(draw: st.DrawFn) -> list[P]:
    one = st.builds(
        P,
        status=st.sampled_from(["active", "completed", "idea", "suspended"]),
        start=st.sampled_from([None, "2012", "2015-05", "2017-05-17", "2019"]),
        ended=st.sampled_from([None, "2016", "2018-03"]),
        foreign=st.lists(FOREIGN, max_size=3, unique=True).map(tuple),
        nature=st.sampled_from([None, "exchange", "practical"]),
        mode=st.sampled_from([None, "sister_city"]),
    )
    return draw(st.lists(one, max_size=25))


def frame_of(several: list[P], year: int) -> pd.DataFrame:
    """Return a row for each distinct country of each project in the stock of ``year``."""
    rows: list[dict[str, Any]] = []
    for number, p in enumerate(several):
        start = int(p.start[:4]) if p.start else 9999
        over = p.status == "completed"
        end = int(p.ended[:4]) if over and p.ended else 9999
        if over and p.ended and p.start:
            end = max(end, start)
        if p.status == "idea" or start > year or end <= year or (over and not p.ended):
            continue
        countries = {PLACES[PLACE[key]].country for key in p.foreign}
        rows += [{"project": number, "country": c, "w": 1 / len(countries), "nature": p.nature} for c in countries]
        rows += [] if countries else [{"project": number, "country": None, "w": 1.0, "nature": p.nature}]
    return pd.DataFrame(rows, columns=["project", "country", "w", "nature"])


@given(projects(), st.sampled_from([2014, 2016, 2018, 2020]))
def test_counts_weights_and_shares_as_in_pandas(several: list[P], year: int) -> None:
    result = compute(StatsRequest(TODAY, year=year, by=("country",)), ledger(several))
    frame = frame_of(several, year)
    assert result.total == frame.project.nunique()
    known = frame.dropna(subset=["country"]).groupby("country")
    counts, weights = known.project.nunique().to_dict(), known.w.sum().to_dict()
    assert {row.key: row.count for row in result.rows if row.is_unit and row.count} == counts
    assert {row.key: row.weight for row in result.rows if row.is_unit and row.weight} == pytest.approx(weights)
    natures = frame.drop_duplicates("project").nature.value_counts()
    share = result.measures["practical_share"]
    assert share["n"] == natures.get("practical", 0) + natures.get("exchange", 0)
    assert share["value"] == (natures.get("practical", 0) / share["n"] if share["n"] else None)


@given(projects())
def test_a_span_has_the_share_of_every_year(several: list[P]) -> None:
    data = ledger(several)
    result = compute(StatsRequest(TODAY, span=(2011, 2019), count="flow"), data)
    for point, row in zip(result.series, result.rows, strict=True):
        alone = compute(StatsRequest(TODAY, year=point.year, count="flow"), data)
        assert point.measures["practical_share"] == alone.measures["practical_share"] == row.measures["practical_share"]
        assert (point.total, point.with_parents) == (alone.total, alone.with_parents)
    assert result.total == sum(point.total for point in result.series)
    assert result.with_parents == sum(point.with_parents for point in result.series)
    assert result.measures["practical_share"]["n"] == sum(p.measures["practical_share"]["n"] for p in result.series)


def test_a_past_status_says_from_when_it_is_known() -> None:
    request = StatsRequest(TODAY, year=2017, by=("status",))
    assert compute(request, ledger([P(start="2015")])).notes[0].startswith("状态变更均未记日期")
    dated = ledger([P(start="2015", changes=(("signed", "2016-05"), ("active", "2018")))])
    assert "自 2016 年起" in compute(request, dated).notes[0]
    assert compute(StatsRequest(TODAY, year=2017, by=("mode",)), dated).notes == ()
