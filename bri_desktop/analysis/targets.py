"""How far targets are reached: aggregated only over indicators that mean the same."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bri_desktop.analysis.counting import pack_day
from bri_desktop.analysis.facts import IndicatorFact
from bri_desktop.analysis.measures import attainment, percentile


@dataclass(frozen=True, slots=True)
class TargetGroup:
    """Indicators of one name and unit: those with an attainment, its median, lowest and highest (1 = reached), how
    many have reached it, and how many cannot be told (no value yet, or target = baseline)."""

    name: str
    unit: str | None
    n: int
    median: float | None
    lowest: float | None
    highest: float | None
    reached: int
    undefined: int
    values: tuple[tuple[int, float], ...]

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``stats`` prints."""
        names = ("name", "unit", "n", "median", "lowest", "highest", "reached", "undefined")
        return {name: getattr(self, name) for name in names}


def attainments(indicators: Iterable[IndicatorFact], until: datetime.date) -> tuple[TargetGroup, ...]:
    """Return the attainment by indicator (same name and unit), of the latest value on or before ``until``.

    Without a baseline, a target or a value nothing can be told. ``values`` are (indicator, attainment).
    """
    groups: dict[tuple[str, str], list[tuple[IndicatorFact, float | None]]] = {}
    for indicator in indicators:
        key = (indicator.name.strip(), (indicator.unit or "").strip())
        groups.setdefault(key, []).append((indicator, _attained(indicator, pack_day(until))))
    return tuple(_group(key, found) for key, found in sorted(groups.items()))


def _attained(indicator: IndicatorFact, until: int) -> float | None:
    known = [(period, actual) for period, actual in indicator.values if period <= until]
    if not known or indicator.target is None or indicator.baseline is None:
        return None
    return attainment(float(indicator.baseline), float(indicator.target), float(max(known)[1]))


def _group(key: tuple[str, str], found: list[tuple[IndicatorFact, float | None]]) -> TargetGroup:
    values = tuple((indicator.id, value) for indicator, value in found if value is not None)
    plain = [value for _, value in values]
    return TargetGroup(
        name=key[0],
        unit=key[1] or None,
        n=len(plain),
        median=percentile(plain, 50),
        lowest=min(plain, default=None),
        highest=max(plain, default=None),
        reached=sum(value >= 1 for value in plain),
        undefined=len(found) - len(plain),
        values=values,
    )
