"""The measures of imbalance and change, one function each.

Units are given by their amounts ``x_i >= 0``, zeros included; shares are ``s_i = x_i / sum(x)``. What is undefined
is ``None``, never 0, NaN or infinity. All are free of units unless said.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Z_95 = 1.959963984540054
Amounts = Sequence[float] | npt.NDArray[np.float64]


def _shares(amounts: Amounts) -> npt.NDArray[np.float64] | None:
    x = np.asarray(amounts, dtype=np.float64)
    total = float(x.sum()) if x.size else 0.0
    return x / total if total > 0 else None


def gini(amounts: Amounts) -> float | None:
    """Return Σ (2i − n − 1) x_(i) / (n Σx), x ascending: 0 (equal) … (n−1)/n (all in one). Gini 1912.

    ``None`` where nothing is counted.
    """
    s = _shares(amounts)
    if s is None:
        return None
    n = s.size
    rank = 2.0 * np.arange(1, n + 1) - n - 1
    return max(0.0, float(rank @ np.sort(s)) / n)


def gini_normalised(amounts: Amounts) -> float | None:
    """Return Gini × n / (n − 1): 0 … 1 whatever the number of units; ``None`` for one unit."""
    value, n = gini(amounts), len(amounts)
    return None if value is None or n < 2 else min(1.0, value * n / (n - 1))


def hhi(amounts: Amounts) -> float | None:
    """Return the Herfindahl–Hirschman index Σ s_i²: 1/n … 1."""
    s = _shares(amounts)
    return None if s is None else float(s @ s)


def n_eff(amounts: Amounts) -> float | None:
    """Return the effective number of units 1 / Σ s_i²: 1 … n (Laakso and Taagepera 1979)."""
    value = hhi(amounts)
    return None if value is None else 1.0 / value


@dataclass(frozen=True, slots=True)
class Theil:
    """Theil's T and its exact split by groups; the split is ``None`` where no groups are given."""

    total: float
    between: float | None
    within: float | None


def theil(amounts: Amounts, groups: Sequence[int] | npt.NDArray[np.int32] | None = None) -> Theil | None:
    """Return T = Σ s_i ln(n s_i), 0 … ln n (nats; Theil 1967), with 0·ln 0 = 0.

    ``groups`` numbers each unit's group from 0: between = Σ_g S_g ln(S_g n / n_g), within = Σ_g S_g T_g, and
    between + within = T.
    """
    s = _shares(amounts)
    if s is None:
        return None
    total = _entropy(s, np.full(s.size, 1.0 / s.size))
    if groups is None:
        return Theil(total, None, None)
    index = np.asarray(groups, dtype=np.intp)
    share = np.bincount(index, weights=s).astype(np.float64)
    size = np.bincount(index).astype(np.float64)
    between = _entropy(share, size / s.size)
    within = _entropy(s, (share / np.maximum(size, 1.0))[index])
    return Theil(total, between, within)


def _entropy(shares: npt.NDArray[np.float64], against: npt.NDArray[np.float64]) -> float:
    positive = shares > 0
    s = shares[positive]
    return max(0.0, float(s @ np.log(s / against[positive])))


def lorenz(amounts: Amounts) -> tuple[tuple[float, float], ...] | None:
    """Return the points (share of units, share of the amount) from (0, 0) to (1, 1), smallest first. Lorenz 1905."""
    s = _shares(amounts)
    if s is None:
        return None
    heights = np.concatenate(([0.0], np.cumsum(np.sort(s))))
    heights[-1] = 1.0
    return tuple((i / s.size, min(1.0, float(y))) for i, y in enumerate(heights))


def representation_ratio(share: float | None, baseline: float | None) -> float | None:
    """Return s_i / b_i: 1 is parity, 0 … ; ``None`` for a baseline of zero."""
    return None if share is None or not baseline else share / baseline


def gaps(amounts: Amounts, baseline: Amounts) -> tuple[float, ...] | None:
    """Return b_i·N − x_i in the unit of the amounts, N = Σx: missing (+), excess (−); they sum to 0.

    ``baseline`` holds shares that add up to 1. ``None`` where nothing is counted.
    """
    x, b = np.asarray(amounts, dtype=np.float64), _shares(baseline)
    if b is None or _shares(x) is None:
        return None
    return tuple((b * x.sum() - x).tolist())


def dissimilarity(amounts: Amounts, baseline: Amounts) -> float | None:
    """Return ½ Σ |s_i − b_i|, the share that would have to move: 0 … 1 (Duncan and Duncan 1955)."""
    s, b = _shares(amounts), _shares(baseline)
    return None if s is None or b is None else float(np.abs(s - b).sum() / 2)


@dataclass(frozen=True, slots=True)
class Rate:
    """A proportion of ``n`` with its 95 % Wilson interval, all 0–1; ``None`` for n = 0."""

    value: float | None
    low: float | None
    high: float | None
    n: int


def wilson(hits: int, n: int) -> Rate:
    """Return hits / n with its 95 % interval (Wilson 1927): (p + z²/2n ± z√(p(1−p)/n + z²/4n²)) / (1 + z²/n)."""
    if n <= 0:
        return Rate(None, None, None, 0)
    p, z2 = hits / n, Z_95 * Z_95
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z_95 * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return Rate(p, max(0.0, middle - half) if hits else 0.0, min(1.0, middle + half) if hits < n else 1.0, n)


def shown_shares(amounts: Amounts) -> tuple[float | None, ...]:
    """Return the shares in per cent with one decimal by largest remainder: they add up to 100.0.

    Ties go to the larger amount, then to the earlier row. All ``None`` where nothing is counted.
    """
    s = _shares(amounts)
    if s is None:
        return (None,) * len(amounts)
    # Twelve decimals: a tie must not be decided by the last bit of a float.
    exact = np.round(s * 1000.0, 9)
    floor = np.floor(exact)
    missing = round(1000 - float(floor.sum()))
    order = np.lexsort((np.arange(s.size), -np.asarray(amounts, dtype=np.float64), -np.round(exact - floor, 9)))
    floor[order[:missing]] += 1
    return tuple(round(int(tenths) / 10, 1) for tenths in floor)


@dataclass(frozen=True, slots=True)
class Change:
    """From one figure to another: difference, relative difference and compound annual growth (0.05 is +5 %)."""

    absolute: float
    relative: float | None
    cagr: float | None


def growth(first: float, last: float, years: int = 1) -> Change:
    """Return last − first, that ÷ first, and (last / first)^(1/years) − 1; the last two ``None`` for a zero base."""
    if first <= 0:
        return Change(last - first, None, None)
    cagr = (last / first) ** (1 / years) - 1 if years > 0 and last >= 0 else None
    return Change(last - first, (last - first) / first, cagr)


def percentile(values: Amounts, p: float) -> float | None:
    """Return the p-th percentile (p 0 … 100) by linear interpolation; ``None`` of nothing."""
    x = np.asarray(values, dtype=np.float64)
    return float(np.percentile(x, p)) if x.size else None


def attainment(baseline: float, target: float, actual: float) -> float | None:
    """Return (actual − baseline) / (target − baseline), 1 = reached; ``None`` where target = baseline."""
    return None if target == baseline else (actual - baseline) / (target - baseline)
