"""Against what a distribution is held: equal units, numbers of countries, partner countries, a table of the user."""

from dataclasses import dataclass

import numpy as np

from bri_desktop.analysis.dimensions import FOREIGN, Dimension
from bri_desktop.analysis.measures import Amounts
from bri_desktop.analysis.model import BoolArray, FloatArray, StatsData
from bri_desktop.analysis.names import dimension_name
from bri_desktop.analysis.rules import baseline_name
from bri_desktop.domain.errors import InputError

BUILT_IN = ("equal", "countries", "bri")


@dataclass(frozen=True, slots=True, eq=False)
class Baseline:
    """Shares of the units in their order, adding up to 1 over those that are ``inside``; ``year`` of a user's table."""

    name: str
    shares: FloatArray
    inside: BoolArray
    year: int | None = None


def default_baseline(code: str) -> str:
    """Return the baseline of a dimension when none is asked for."""
    return "countries" if code in FOREIGN and code != "country" else "equal"


def check_baseline(name: str, code: str, data: StatsData) -> None:
    """Raise ``InputError`` for a baseline that there is not, or not for this dimension."""
    if name in BUILT_IN:
        if name != "equal" and code not in FOREIGN:
            raise InputError("baseline_not_for_dimension", baseline=baseline_name(name), dimension=dimension_name(code))
    elif name not in data.baselines:
        raise InputError("option_unknown", value=name, known=", ".join((*BUILT_IN, *data.baselines)))
    elif data.baselines[name].dimension != code:
        raise InputError("baseline_not_for_dimension", baseline=baseline_name(name), dimension=dimension_name(code))


def baseline_of(name: str, table: Dimension, data: StatsData, amounts: FloatArray) -> Baseline:
    """Return the baseline over the units of ``table``; open dimensions have the units that hold something."""
    inside = np.ones(len(table.units), np.bool_) if table.closed else np.asarray(amounts > 0, np.bool_)
    if name in data.baselines:
        own = data.baselines[name]
        values = np.array([own.values.get(unit.code, -1.0) for unit in table.units])
        return Baseline(name, _scaled(np.maximum(values, 0.0)), values >= 0, own.year)
    if name == "equal" or table.countries is None:
        return Baseline(name, _scaled(inside.astype(np.float64)), inside)
    units = table.countries
    within = units.unit >= 0
    sizes = np.bincount(units.unit[within], weights=units.weight[within], minlength=len(table.units)).astype(np.float64)
    return Baseline(name, _scaled(sizes), inside)


def _scaled(values: Amounts) -> FloatArray:
    array = np.asarray(values, dtype=np.float64)
    total = float(array.sum()) if array.size else 0.0
    return array / total if total > 0 else np.zeros(array.size)
