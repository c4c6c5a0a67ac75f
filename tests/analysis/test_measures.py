"""Each measure against values worked out by hand, and the identities that hold for any amounts."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bri_desktop.analysis import measures

amounts = st.lists(st.floats(0, 1e6, allow_subnormal=False).map(lambda x: round(x, 3)), min_size=1, max_size=40)
counts = st.lists(st.integers(0, 5000), min_size=1, max_size=60)


def test_all_in_one_of_four() -> None:
    x = [0, 0, 0, 10]
    assert measures.gini(x) == 0.75
    assert measures.gini_normalised(x) == 1
    assert measures.hhi(x) == 1
    assert measures.n_eff(x) == 1
    split = measures.theil(x)
    assert split is not None
    assert split.total == pytest.approx(math.log(4))


def test_equal_amounts() -> None:
    x = [3, 3, 3, 3]
    assert measures.gini(x) == 0
    assert measures.hhi(x) == 0.25
    assert measures.n_eff(x) == 4
    assert measures.lorenz(x) == ((0, 0), (0.25, 0.25), (0.5, 0.5), (0.75, 0.75), (1, 1))


def test_gini_of_ten_countries_with_one_project_each() -> None:
    assert measures.gini([1] * 10 + [0] * 186) == pytest.approx(186 / 196)
    assert round(186 / 196, 3) == 0.949


def test_gini_by_the_formula() -> None:
    # 1, 2, 3: ((-2)·1 + 0·2 + 2·3) / (3·6) = 4/18
    assert measures.gini([3, 1, 2]) == pytest.approx(4 / 18)


@pytest.mark.parametrize("nothing", [[], [0.0], [0.0, 0.0, 0.0]])
def test_nothing_counted_is_undefined(nothing: list[float]) -> None:
    assert measures.gini(nothing) is None
    assert measures.gini_normalised(nothing) is None
    assert measures.hhi(nothing) is None
    assert measures.n_eff(nothing) is None
    assert measures.theil(nothing, [0] * len(nothing)) is None
    assert measures.lorenz(nothing) is None
    assert measures.gaps(nothing, [1.0] * len(nothing)) is None
    assert measures.dissimilarity(nothing, [1.0] * len(nothing)) is None
    assert measures.shown_shares(nothing) == (None,) * len(nothing)


def test_one_unit_has_no_normalised_gini() -> None:
    assert measures.gini([5]) == 0
    assert measures.gini_normalised([5]) is None


def test_theil_splits_by_hand() -> None:
    # Two groups of two: shares ½, ¼ | ¼, 0.
    split = measures.theil([2, 1, 1, 0], [0, 0, 1, 1])
    assert split is not None
    between = 0.75 * math.log(0.75 / 0.5) + 0.25 * math.log(0.25 / 0.5)
    first = 2 / 3 * math.log(2 * 2 / 3) + 1 / 3 * math.log(2 / 3)
    within = 0.75 * first + 0.25 * math.log(2)
    assert split.between == pytest.approx(between)
    assert split.within == pytest.approx(within)
    assert split.total == pytest.approx(0.5 * math.log(2))


@given(st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 5)), min_size=1, max_size=60))
def test_theil_splits_exactly(units: list[tuple[int, int]]) -> None:
    x, groups = [a for a, _ in units], [g for _, g in units]
    split = measures.theil(x, groups)
    if sum(x) == 0:
        assert split is None
        return
    assert split is not None
    assert split.between is not None
    assert split.within is not None
    assert split.between + split.within == pytest.approx(split.total, abs=1e-12)
    assert 0 <= split.total <= math.log(len(x)) + 1e-12


@given(amounts)
def test_ranges(x: list[float]) -> None:
    if sum(x) == 0:
        return
    n = len(x)
    gini, hhi, effective = measures.gini(x), measures.hhi(x), measures.n_eff(x)
    assert gini is not None
    assert hhi is not None
    assert effective is not None
    assert 0 <= gini <= (n - 1) / n + 1e-9
    assert 1 / n - 1e-9 <= hhi <= 1 + 1e-9
    assert 1 - 1e-9 <= effective <= n + 1e-6


@given(amounts)
def test_gini_is_twice_the_area_over_the_lorenz_curve(x: list[float]) -> None:
    points = measures.lorenz(x)
    if points is None:
        return
    area = sum((b[0] - a[0]) * (a[1] + b[1]) / 2 for a, b in pairwise(points))
    assert measures.gini(x) == pytest.approx(1 - 2 * area, abs=1e-9)


@given(st.lists(st.tuples(st.integers(0, 1000), st.integers(1, 100)), min_size=1, max_size=40))
def test_gaps_sum_to_nothing(units: list[tuple[int, int]]) -> None:
    gaps = measures.gaps([x for x, _ in units], [b for _, b in units])
    if gaps is not None:
        assert sum(gaps) == pytest.approx(0, abs=1e-7)


def test_gaps_and_dissimilarity_by_hand() -> None:
    # 8 and 2 against one half each: 3 missing in the second; 30 % would have to move.
    assert measures.gaps([8, 2], [0.5, 0.5]) == (-3, 3)
    assert measures.dissimilarity([8, 2], [0.5, 0.5]) == pytest.approx(0.3)
    assert measures.representation_ratio(0.8, 0.5) == pytest.approx(1.6)
    assert measures.representation_ratio(0.8, 0.0) is None
    assert measures.representation_ratio(None, 0.5) is None


def test_shown_shares() -> None:
    assert measures.shown_shares([1, 1, 1]) == (33.4, 33.3, 33.3)
    assert measures.shown_shares([10, 12, 22, 19]) == (15.9, 19.0, 34.9, 30.2)
    assert measures.shown_shares([29.0, 36.0]) == (44.6, 55.4)


@given(counts)
def test_shown_shares_add_up(x: list[int]) -> None:
    shown = measures.shown_shares(x)
    if sum(x):
        assert sum(round(value * 10) for value in shown if value is not None) == 1000
        assert all(abs((value or 0) - 100 * part / sum(x)) < 0.1 for value, part in zip(shown, x, strict=True))


def test_wilson_by_hand() -> None:
    # 9 of 41 (mock of the diagnosis): 22.0 %, 12.0–36.7 %.
    rate = measures.wilson(9, 41)
    assert (round(rate.value or 0, 3), round(rate.low or 0, 3), round(rate.high or 0, 3)) == (0.220, 0.120, 0.367)
    assert measures.wilson(0, 0) == measures.Rate(None, None, None, 0)
    assert measures.wilson(0, 10).low == 0
    assert measures.wilson(10, 10).high == 1


def test_growth() -> None:
    assert measures.growth(100, 121, 2) == measures.Change(21, 0.21, pytest.approx(0.1))
    assert measures.growth(0, 5, 3) == measures.Change(5, None, None)
    assert measures.growth(4, 4, 0).cagr is None


def test_percentiles_interpolate() -> None:
    assert measures.percentile([10, 20, 30, 40], 50) == 25
    assert measures.percentile([10, 20, 30, 40], 90) == pytest.approx(37)
    assert measures.percentile([], 50) is None


def test_attainment() -> None:
    assert measures.attainment(100, 80, 90) == 0.5
    assert measures.attainment(80, 80, 90) is None
