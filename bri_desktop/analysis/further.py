"""The measures that read more than the columns: each asked for by its name, each a plain object for the JSON."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np

from bri_desktop.analysis.approval import Approval, approval
from bri_desktop.analysis.city_index import INDEXES, City, CityIndex, Criterion, Dimension, city_index
from bri_desktop.analysis.counting import Timeline, leaves, stock_equation, timeline
from bri_desktop.analysis.dimensions import DOMESTIC, FOREIGN, Scope, dimension, scope_of
from bri_desktop.analysis.facts import Facts
from bri_desktop.analysis.model import BoolArray, StatsData, StatsRequest
from bri_desktop.analysis.outcomes import converted, outcome_totals
from bri_desktop.analysis.portfolio import Thresholds, concentration, cross_weights, duplications, homogeneity
from bri_desktop.analysis.profile import EQUAL_WEIGHTS, Friendship, domain_profiles, friendship
from bri_desktop.analysis.quality import quality
from bri_desktop.analysis.targets import attainments
from bri_desktop.analysis.uncertainty import delay, uncertainty
from bri_desktop.i18n import tr

FURTHER = (
    "attainment",
    "uncertainty",
    "delay",
    "concentration",
    "homogeneity",
    "duplication",
    "approval",
    "quality",
    "profile",
    "index",
    "outcomes",
    "volume",
)
YUAN = "CNY"


@dataclass(frozen=True, slots=True, eq=False)
class IndexTables:
    """What the city index is made from: ``values`` year -> criterion -> city key -> value."""

    dimensions: Mapping[str, Sequence[Dimension]] = field(default_factory=dict)
    criteria: tuple[Criterion, ...] = ()
    cities: tuple[City, ...] = ()
    values: Mapping[int, Mapping[str, Mapping[str, float]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Extras:
    """Beside the columns: facts, the user's thresholds and weights, the city index, the entries of other kinds."""

    facts: Facts = field(default_factory=Facts)
    thresholds: Thresholds = field(default_factory=Thresholds)
    profile_weights: Mapping[str, float] = field(default_factory=lambda: dict(EQUAL_WEIGHTS))
    index: IndexTables = field(default_factory=IndexTables)
    kinds: Mapping[str, tuple[StatsData, BoolArray | None]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """One request with its entries: ``counted`` leaves that pass the filter, ``mask`` those of the date or span."""

    request: StatsRequest
    data: StatsData
    extras: Extras
    lives: Timeline
    selected: BoolArray
    counted: BoolArray
    mask: BoolArray

    @property
    def span(self) -> tuple[int, int]:
        """The years asked for; (0, this year) for everything up to today."""
        year, today = self.request.year, self.request.today.year
        return self.request.span or ((year, year) if year is not None else (0, today))

    @property
    def until(self) -> datetime.date:
        """The last day that is looked at: the end of the span, at most today."""
        return min(self.request.today, datetime.date(max(self.span[1], 1), 12, 31))

    @property
    def first(self) -> datetime.date | None:
        """The first day that is looked at; ``None`` for no limit."""
        return datetime.date(self.span[0], 1, 1) if self.span[0] else None

    @property
    def scope(self) -> Scope:
        """The scope of the dimensions."""
        last = self.request.span[1] if self.request.span else self.request.year
        return scope_of(self.request, last)


def further(wanted: Sequence[str], asked: Asked) -> dict[str, Any]:
    """Return measure -> plain object, of those wanted that are among ``FURTHER``."""
    return {name: _MEASURES[name](asked) for name in wanted if name in _MEASURES}


def _attainment(asked: Asked) -> Any:
    own = [indicator for indicator in asked.extras.facts.indicators if asked.selected[indicator.project]]
    return {"indicators": [group.to_json() for group in attainments(own, asked.until)]}


def _uncertainty(asked: Asked) -> Any:
    facts = asked.extras.facts
    return uncertainty(asked.data, facts, asked.lives, asked.counted, asked.span, asked.request.today).to_json()


def _delay(asked: Asked) -> Any:
    return delay(asked.data, asked.lives, asked.counted, asked.span, asked.request.today).to_json()


def _unit(asked: Asked, allowed: Sequence[str], default: str) -> str:
    by = asked.request.by
    return by[0] if by and by[0] in allowed else default


def _concentration(asked: Asked) -> Any:
    by = _unit(asked, (*DOMESTIC, "department"), "prefecture")
    found = concentration(asked.data, asked.mask, asked.scope, asked.extras.thresholds, by=by)
    return {"by": by} | found.to_json()


def _homogeneity(asked: Asked) -> Any:
    by = _unit(asked, (*DOMESTIC, "department", "submode"), "prefecture")
    return homogeneity(asked.data, asked.mask, asked.scope, by=by).to_json()


def _duplication(asked: Asked) -> Any:
    found = duplications(asked.data, asked.counted, asked.scope)
    return {"n": len(found), "found": [item.to_json() for item in found]}


def own_approval(asked: Asked) -> Approval:
    """Return the approvals of the projects that pass the filter, and of the ties they belong to."""
    pairs = set(asked.data.projects.pair[asked.selected].tolist()) if asked.data.projects.pair.size else set()
    everyone = bool(asked.selected.all())
    own = [
        step
        for step in asked.extras.facts.steps
        if everyone or (step.project >= 0 and asked.selected[step.project]) or (step.pair and step.pair in pairs)
    ]
    return approval(own, first=asked.first, until=asked.until)


def _approval(asked: Asked) -> Any:
    return own_approval(asked).to_json()


def _quality(asked: Asked) -> Any:
    words = tr("No department named")
    return quality(asked.data, asked.extras.facts, asked.selected, asked.request.today, words).to_json()


def own_friendship(asked: Asked) -> Friendship:
    """Return the profiles of the official ties; under a filter, of those that its projects belong to."""
    pairs = [pair for pair in asked.extras.facts.pairs if pair.official]
    if not asked.selected.all():
        within = set(asked.data.projects.pair[asked.selected].tolist())
        pairs = [pair for pair in pairs if pair.id in within]
    weights = asked.extras.profile_weights
    return friendship(asked.data, asked.extras.facts, asked.selected, asked.until, weights, pairs=pairs)


def _profile(asked: Asked) -> Any:
    by = _unit(asked, (*FOREIGN, "foreign_city", *DOMESTIC), "country")
    units, domains = dimension(by, asked.data, asked.scope), dimension("domain", asked.data, asked.scope)
    table = cross_weights(units, domains, asked.mask)
    rows = domain_profiles(units, domains, table, tr("All projects"))
    return {"friendship": own_friendship(asked).to_json(), "domains": {"by": by, "rows": [asdict(r) for r in rows]}}


def own_indexes(asked: Asked) -> dict[str, CityIndex | None]:
    """Return both indexes of the latest year up to the one asked for that has values; ``None`` without any."""
    tables = asked.extras.index
    years = [year for year in tables.values if year <= asked.span[1]]
    if not years:
        return dict.fromkeys(INDEXES)
    year = max(years)
    return {
        name: city_index(
            name,
            year,
            cities=tables.cities,
            dimensions=tables.dimensions.get(name, ()),
            criteria=tables.criteria,
            values=tables.values[year],
        )
        for name in INDEXES
    }


def _index(asked: Asked) -> Any:
    return {name: found.to_json() if found else None for name, found in own_indexes(asked).items()}


def _outcomes(asked: Asked) -> Any:
    own = [fact for fact in asked.extras.facts.outcomes if asked.mask[fact.project]]
    year = asked.span[1]
    totals = outcome_totals(fact.entry for fact in own)
    rates = {code: rate for (code, of_year), rate in asked.extras.facts.rates.items() if of_year == year}
    amounts: dict[str, Decimal] = {}
    for total in totals:
        for code, amount in total.amounts:
            amounts[code] = amounts.get(code, Decimal(0)) + amount
    money = converted(sorted(amounts.items()), rates, YUAN, year)
    return {
        "totals": [_total(total) for total in totals],
        "converted": {
            "total": _plain(money.total),
            "currency": YUAN,
            "year": year,
            "rates": {code: _plain(rates[code]) for code in sorted(amounts) if code in rates},
            "without_rate": [{"currency": code, "amount": _plain(amount)} for code, amount in money.without_rate],
        },
    }


def _total(total: Any) -> dict[str, Any]:
    plain = {"class": total.outcome_class, "unit": total.unit, "count": total.count}
    plain |= {"quantity": _plain(total.quantity), "without_quantity": total.without_quantity}
    return plain | {"amounts": {code: _plain(amount) for code, amount in total.amounts}}


def _plain(number: Decimal | None) -> str | None:
    """Return an exact number as text, as amounts are written in every JSON."""
    if number is None:
        return None
    text = f"{number.normalize():f}"
    return "0" if text == "-0" else text


def _volume(asked: Asked) -> Any:
    """Return stock, flow and ended of each kind in the last year asked for, and the pipeline."""
    year, found = asked.span[1], {}
    for kind, (data, selected) in asked.extras.kinds.items():
        everyone = np.ones(len(data.projects), np.bool_) if selected is None else selected
        counted = leaves(data.projects.parent, everyone)
        lives = timeline(data.projects, data.codes["status"])
        equation = asdict(stock_equation(lives, year, counted))
        sizes = {"pipeline": lives.pipeline, "undated": lives.undated}
        found[kind] = equation | {name: int(np.count_nonzero(mask & counted)) for name, mask in sizes.items()}
    return found


_MEASURES: Mapping[str, Callable[[Asked], Any]] = {
    "attainment": _attainment,
    "uncertainty": _uncertainty,
    "delay": _delay,
    "concentration": _concentration,
    "homogeneity": _homogeneity,
    "duplication": _duplication,
    "approval": _approval,
    "quality": _quality,
    "profile": _profile,
    "index": _index,
    "outcomes": _outcomes,
    "volume": _volume,
}
