"""How numbers are written and placed in charts: separators, one decimal of a per cent, a dash for what is absent."""

import math
from collections.abc import Sequence
from itertools import pairwise

from bri_desktop.i18n import tr

ABSENT = "—"


def whole(value: float) -> str:
    """Return a count: 1,234; fractions keep one decimal."""
    return f"{round(value):,}" if abs(value - round(value)) < 0.05 else f"{value:,.1f}"


def per_cent(value: float | None) -> str:
    """Return a shown share of 0–100 with one decimal, without its sign."""
    return ABSENT if value is None else f"{value:.1f}"


def times(value: float | None) -> str:
    """Return a ratio with two decimals."""
    return ABSENT if value is None else f"{value:.2f}"


def is_level(gap: float | None, total: float) -> bool:
    """Return whether a gap is shown as none at all."""
    return gap is None or abs(gap) < (0.5 if total >= 100 else 0.05)


def short_or_over(gap: float | None, total: float) -> str:
    """Return the gap to parity in words; below a hundred in all with one decimal."""
    if gap is None:
        return ABSENT
    if is_level(gap, total):
        return tr("level")
    amount = f"{abs(gap):,.0f}" if total >= 100 else f"{abs(gap):,.1f}"
    return tr("{amount} short", amount=amount) if gap > 0 else tr("{amount} over", amount=amount)


def plain(value: float) -> str:
    """Return a figure of a trend: whole numbers as counts, others with three decimals."""
    return whole(value) if float(value).is_integer() else f"{value:.3f}"


def spread_out(wished: Sequence[float], step: float, lowest: float) -> list[float]:
    """Return positions near the wished ones, ``step`` apart and not under ``lowest`` (pixels from the top)."""
    order = sorted(range(len(wished)), key=lambda index: wished[index])
    placed = list(wished)
    for before, index in pairwise(order):
        placed[index] = max(placed[index], placed[before] + step)
    limit = lowest
    for index in reversed(order):
        placed[index] = min(placed[index], limit)
        limit = placed[index] - step
    return placed


def nice_ticks(largest: float) -> list[float]:
    """Return three to six round values from zero to at least ``largest``."""
    if largest <= 0:
        return [0.0, 1.0]
    power = 10.0 ** math.floor(math.log10(largest))
    step = next(factor * power for factor in (0.2, 0.25, 0.5, 1.0, 2.0, 2.5) if largest / (factor * power) <= 5)
    if float(largest).is_integer():
        step = max(1.0, float(round(step)))
    return [round(index * step, 10) for index in range(math.ceil(round(largest / step, 9)) + 1)]
