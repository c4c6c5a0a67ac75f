"""How home cities spread their cooperation and how alike they are, against small ledgers and against scipy."""

import datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import cosine
from small_ledger import P, ledger

from bri_desktop.analysis.dimensions import scope_of
from bri_desktop.analysis.model import StatsData, StatsRequest
from bri_desktop.analysis.portfolio import Thresholds, concentration, duplications, homogeneity

TODAY = datetime.date(2020, 6, 30)
SCOPE = scope_of(StatsRequest(TODAY), 2019)
SUZHOU, SHANGHAI = "cn:320500", "cn:310000"


def everyone(data: StatsData) -> Any:
    return np.ones(len(data.projects), np.bool_)


def of(city: str, *abroad: str, domain: str = "trade", **others: Any) -> P:
    return P(start="2015", domestic=(city,), foreign=abroad, domains=(domain,), **others)


def test_effective_numbers_by_hand() -> None:
    # Suzhou: 4 projects with Japan, 4 with France: 2 countries. Kunshan counts for Suzhou.
    projects = [of(SUZHOU, "tokyo") for _ in range(4)]
    projects += [of("cn:320583", "paris", domain="people") for _ in range(4)]
    projects += [of(SHANGHAI, city) for city in ("paris", "tokyo")]
    data = ledger(projects)
    found = concentration(data, everyone(data), SCOPE)
    suzhou, shanghai = found.cities
    assert (suzhou.key, suzhou.label, suzhou.projects, suzhou.countries, suzhou.domains) == (
        "320500",
        "苏州市",
        8,
        2,
        2,
    )
    assert (suzhou.flag, suzhou.countries_per_project, suzhou.modes) == ("concentrated", 0.25, None)
    assert (shanghai.projects, shanghai.countries, shanghai.flag) == (2, 2.0, None)  # below 8: no flag
    assert (found.judged, len(found.flagged("concentrated"))) == (1, 1)


def test_thresholds_are_those_of_the_user() -> None:
    abroad = ("paris", "berlin", "tokyo", "almaty", "rome", "yangon", "nairobi", "paris")
    data = ledger([of(SUZHOU, city) for city in abroad])
    # Shares 2/8 and six times 1/8: 1 / (4/64 + 6/64) = 6.4 effective countries, 0.8 a project.
    city = concentration(data, everyone(data), SCOPE).cities[0]
    assert (city.countries, city.countries_per_project, city.flag) == (
        pytest.approx(6.4),
        pytest.approx(0.8),
        "dispersed",
    )
    assert concentration(data, everyone(data), SCOPE, Thresholds(dispersed=0.9)).cities[0].flag is None
    assert concentration(data, everyone(data), SCOPE, Thresholds(concentrated=7)).cities[0].flag == "concentrated"


def test_projects_without_a_country_judge_nobody() -> None:
    data = ledger([of(SUZHOU, "tokyo")] + [of(SUZHOU) for _ in range(9)])
    city = concentration(data, everyone(data), SCOPE).cities[0]
    assert (city.projects, city.with_country, city.countries, city.flag) == (10, 1, 1.0, None)


def test_likeness_by_hand() -> None:
    # Suzhou: 8 x Japan/trade. Shanghai: 4 x Japan/trade, 4 x Japan/people: cosine 8*4 / (8 * sqrt(32)) = 0.7071.
    projects = [of(SUZHOU, "tokyo") for _ in range(8)] + [of(SHANGHAI, "tokyo") for _ in range(4)]
    projects += [of(SHANGHAI, "tokyo", domain="people") for _ in range(4)]
    data = ledger(projects)
    found = homogeneity(data, everyone(data), SCOPE)
    assert found.keys == ("310000", "320500")
    assert found.pairs[0].cosine == pytest.approx(0.5**0.5)
    assert found.mean == pytest.approx(0.5**0.5)
    assert np.diag(found.matrix) == pytest.approx([1, 1])
    few = homogeneity(ledger(projects[1:]), everyone(ledger(projects[1:])), SCOPE)
    assert (few.keys, few.mean, few.pairs) == (("310000",), None, ())


PLACES = st.sampled_from(["paris", "berlin", "tokyo", "almaty", "rome", "nairobi"])
DOMAINS = st.sampled_from(["policy", "facilities", "trade", "finance", "people"])


@given(
    st.lists(st.tuples(PLACES, DOMAINS), min_size=8, max_size=20),
    st.lists(st.tuples(PLACES, DOMAINS), min_size=8, max_size=20),
)
def test_cosine_as_in_scipy(left: list[tuple[str, str]], right: list[tuple[str, str]]) -> None:
    projects = [of(SUZHOU, place, domain=domain) for place, domain in left]
    projects += [of(SHANGHAI, place, domain=domain) for place, domain in right]
    data = ledger(projects)
    # Paris, Berlin … lie in different countries, so that a city is a country here.
    cells = sorted({*left, *right})
    vectors = [[side.count(cell) for cell in cells] for side in (left, right)]
    assert homogeneity(data, everyone(data), SCOPE).pairs[0].cosine == pytest.approx(1 - cosine(*vectors))


def test_possible_duplications_by_hand() -> None:
    projects = [
        of(SUZHOU, "tokyo", department=0),
        P(start="2016-12-31", domestic=(SHANGHAI,), foreign=("tokyo",), domains=("trade",), department=0),
        P(start="2019", domestic=(SUZHOU,), foreign=("tokyo",), domains=("trade",), department=1),  # two years later
        P(start="2015", domestic=(SHANGHAI,), foreign=("tokyo",), domains=("people",), department=1),  # another domain
        P(start="2015", domestic=(SHANGHAI,), foreign=("paris",), domains=("trade",), department=1),  # another city
        P(domestic=(SHANGHAI,), foreign=("tokyo",), domains=("trade",), department=1),  # undated
        of(SUZHOU, "tokyo", department=None),  # an unknown department differs from none, but the city does
    ]
    data = ledger(projects)
    (found,) = duplications(data, everyone(data), SCOPE)
    assert (found.city, found.domain, found.first, found.last) == ("tokyo", "trade", 2015, 2016)
    assert found.ids == (101, 102, 107)
    assert found.cities == ("上海市", "苏州市")
    assert duplications(data, np.zeros(len(projects), np.bool_), SCOPE) == ()


@given(
    st.lists(
        st.tuples(
            st.integers(2010, 2016),
            st.integers(0, 1),
            st.sampled_from([SUZHOU, SHANGHAI]),
            st.sampled_from(["tokyo", "paris"]),
        ),
        max_size=12,
    )
)
def test_duplications_as_every_two_compared(rows: list[tuple[int, int, str, str]]) -> None:
    data = ledger(
        [P(start=str(y), domestic=(h,), foreign=(a,), domains=("trade",), department=d) for y, d, h, a in rows]
    )
    expected = set()
    for i, (year, department, home, abroad) in enumerate(rows):
        for other_year, other_department, other_home, other in rows:
            days = abs((datetime.date(year, 1, 1) - datetime.date(other_year, 1, 1)).days)
            if abroad == other and days <= 730 and (department != other_department or home != other_home):
                expected.add(101 + i)
    assert {id_ for item in duplications(data, everyone(data), SCOPE) for id_ in item.ids} == expected
