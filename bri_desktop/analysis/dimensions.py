"""The dimensions that statistics can be broken down by: their units, and how each entry spreads over them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bri_desktop.analysis import places, units
from bri_desktop.analysis.counting import pack_day, status_at, year_end, year_of
from bri_desktop.analysis.model import CodeRef, IntArray, Links, StatsData, StatsRequest
from bri_desktop.analysis.spread import RESERVED, Base, Cells, Spread, cells, equal_base, map_base, single
from bri_desktop.domain.errors import InputError

FOREIGN = ("country", "subregion", "continent", "continent5", "income", "bri", "tier", "corridor")
DOMESTIC = ("province", "prefecture", "city")
CODED = ("mode", "submode", "domain", "field", "sdg", "status", "nature", "level", "pair_kind")
OPEN = ("foreign_city", "prefecture", "city", "department", "actor", "outcome_class", "year")
DIMENSIONS = (*FOREIGN, "foreign_city", *DOMESTIC, *CODED, "department", "actor", "outcome_class", "year")


@dataclass(frozen=True, slots=True)
class Scope:
    """What a dimension depends on besides the columns: the year, the day of the status, which countries are taken.

    ``partners_only`` leaves countries without a Belt-and-Road document in that year outside.
    """

    year: int
    day: int
    regions_of_china: bool = False
    partners_only: bool = False


def scope_of(request: StatsRequest, year: int | None, *, partners_only: bool = False) -> Scope:
    """Return the scope of one table: 31 December of ``year``, or today."""
    day = pack_day(request.today) if year is None else year_end(year)
    return Scope(request.today.year if year is None else year, day, request.regions_of_china, partners_only)


@dataclass(frozen=True, slots=True, eq=False)
class Dimension:
    """Units in order with the spread of every entry over them; ``closed``: units without entries are rows too.

    ``countries`` spreads the countries themselves over the units (baselines), ``groups`` numbers each unit's
    continent; both only where they exist.
    """

    code: str
    units: tuple[CodeRef, ...]
    closed: bool
    spread: Spread
    cells: Cells
    countries: Spread | None = None
    groups: IntArray | None = None


def dimension(code: str, data: StatsData, scope: Scope) -> Dimension:
    """Return a dimension by its code, from the cache where it is known; ``InputError`` for one there is not."""
    if code not in DIMENSIONS:
        raise InputError("option_unknown", value=code, known=", ".join(DIMENSIONS))
    key = ("dimension", code, _relevant(code, data, scope))
    if key not in data.cache:
        data.cache[key] = _build(code, data, scope)
    found: Dimension = data.cache[key]
    return found


def _relevant(code: str, data: StatsData, scope: Scope) -> tuple[object, ...]:
    """Return the part of the scope on which the dimension depends."""
    if code in FOREIGN or code == "foreign_city":
        by_year = scope.partners_only or code in ("income", "bri", "tier")
        return (scope.year if by_year else None, scope.regions_of_china, scope.partners_only)
    if code in DOMESTIC:
        return (scope.regions_of_china,)
    return (scope.day,) if code == "status" and data.projects.changes.project.size else ()


def _build(code: str, data: StatsData, scope: Scope) -> Dimension:
    countries: Spread | None = None
    groups: IntArray | None = None
    if code in FOREIGN or code == "foreign_city":
        known, spread, countries, groups = _foreign(code, data, scope)
    elif code in DOMESTIC:
        known, spread = _domestic(code, data, scope)
    else:
        known, spread = _BUILDERS.get(code, _column)(code, data, scope)
    counted = cells(spread.project, spread.unit + RESERVED, spread.weight, len(data.projects), len(known) + RESERVED)
    return Dimension(code, tuple(known), code not in OPEN, spread, counted, countries, groups)


def _foreign(
    code: str, data: StatsData, scope: Scope
) -> tuple[Sequence[CodeRef], Spread, Spread | None, IntArray | None]:
    taken = places.countries_taken(data, scope.regions_of_china, scope.year if scope.partners_only else None)
    base = _kept_base(data, "foreign", scope.regions_of_china, places.foreign_base)
    if scope.partners_only:
        base = places.only_taken(data, base, taken)
    known: Sequence[CodeRef]
    if code == "foreign_city":
        known = [CodeRef(place.key, place.zh, place.en) for place in data.places]
        return known, map_base(base, np.arange(len(known), dtype=np.int32)), None, None
    everyone = places.country_base(taken)
    if code == "corridor":
        known = [*(CodeRef(ref.code, ref.zh, ref.en) for ref in data.corridor_refs), units.NO_CORRIDOR]
        return known, places.over_corridors(data, base), places.countries_over_corridors(data, everyone), None
    known, unit_of = places.country_units(code, data, scope.year, taken)
    groups = places.continents_of_units(data, unit_of, len(known)) if code in ("country", "subregion") else None
    if code == "continent":
        groups = np.arange(len(known), dtype=np.int32)
    return known, map_base(base, places.by_place(data, unit_of)), map_base(everyone, unit_of), groups


def _kept_base(data: StatsData, name: str, regions_of_china: bool, build: Callable[[StatsData, bool], Base]) -> Base:
    """Return a base of places, worked out once for all the dimensions that share it."""
    key = ("base", name, regions_of_china)
    if key not in data.cache:
        data.cache[key] = build(data, regions_of_china)
    found: Base = data.cache[key]
    return found


def _domestic(code: str, data: StatsData, scope: Scope) -> tuple[Sequence[CodeRef], Spread]:
    base = _kept_base(data, "domestic", scope.regions_of_china, places.domestic_base)
    known, unit_of = places.domestic_units(code, data, scope.regions_of_china)
    return known, map_base(base, unit_of)


def _column(code: str, data: StatsData, scope: Scope) -> tuple[Sequence[CodeRef], Spread]:
    column: IntArray = getattr(data.projects, code)
    return data.codes.get(code, ()), single(code, column)


def _status(code: str, data: StatsData, scope: Scope) -> tuple[Sequence[CodeRef], Spread]:
    return data.codes.get(code, ()), single(code, status_at(data.projects, scope.day))


def _department(code: str, data: StatsData, scope: Scope) -> tuple[Sequence[CodeRef], Spread]:
    known = [CodeRef(organisation.key, organisation.name, "") for organisation in data.organisations]
    return known, single(code, data.projects.department)


def _year(code: str, data: StatsData, scope: Scope) -> tuple[Sequence[CodeRef], Spread]:
    years = year_of(data.projects.start)
    present = np.unique(years[years > 0])
    unit = np.where(years > 0, np.searchsorted(present, years), -1).astype(np.int32)
    return [CodeRef(str(year), str(year), str(year)) for year in present.tolist()], single(code, unit)


def _domain(code: str, data: StatsData, scope: Scope) -> tuple[Sequence[CodeRef], Spread]:
    primary = np.flatnonzero(data.projects.domain >= 0).astype(np.int32)
    project = np.concatenate((primary, data.domains.project))
    target = np.concatenate((data.projects.domain[primary], data.domains.target))
    return data.codes.get(code, ()), _several(code, data, Links(project, target))


def _field(code: str, data: StatsData, scope: Scope) -> tuple[Sequence[CodeRef], Spread]:
    return data.codes.get(code, ()), _several(code, data, data.fields)


def _sdg(code: str, data: StatsData, scope: Scope) -> tuple[Sequence[CodeRef], Spread]:
    goals = [int(ref.code.partition(".")[0]) - 1 for ref in data.codes.get(code, units.GOALS)]
    goal = np.array([*goals, -1], np.int32)[data.sdg.target]
    return units.GOALS, _several(code, data, Links(data.sdg.project, goal))


def _outcome_class(code: str, data: StatsData, scope: Scope) -> tuple[Sequence[CodeRef], Spread]:
    return data.codes.get(code, ()), _several(code, data, data.outcomes)


def _actor(code: str, data: StatsData, scope: Scope) -> tuple[Sequence[CodeRef], Spread]:
    known = data.codes.get(code, ())
    position = {ref.code: place for place, ref in enumerate(known)}
    kinds = np.array([position.get(ref.kind or "", -1) for ref in data.organisations] or [-1], np.int32)
    kind = kinds[data.actors.target]
    return known, _several(code, data, Links(data.actors.project, kind))


def _several(code: str, data: StatsData, links: Links) -> Spread:
    base: Base = equal_base(code, len(data.projects), links.project, links.target)
    return map_base(base, np.arange(int(base.target.max(initial=0)) + 1, dtype=np.int32))


_BUILDERS: dict[str, Callable[[str, StatsData, Scope], tuple[Sequence[CodeRef], Spread]]] = {
    "status": _status,
    "department": _department,
    "year": _year,
    "domain": _domain,
    "field": _field,
    "sdg": _sdg,
    "outcome_class": _outcome_class,
    "actor": _actor,
}
