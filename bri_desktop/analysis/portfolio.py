"""How each domestic city spreads its cooperation (不系统), and how alike the cities are (同质化)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from bri_desktop.analysis.days import earliest, ordinals
from bri_desktop.analysis.dimensions import Dimension, Scope, dimension
from bri_desktop.analysis.measures import n_eff
from bri_desktop.analysis.model import BoolArray, FloatArray, IntArray, StatsData
from bri_desktop.analysis.spread import RESERVED, Spread, join
from bri_desktop.analysis.units import name_of
from bri_desktop.i18n import language

FEWEST = 8
"""Below so many projects nothing is said of a city."""
PAIRS_SHOWN = 20
WINDOW_DAYS = 730
DUPLICATIONS = "duplications"
"""What the last answer is kept as."""

Longs = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Of the user: over-concentrated at or below so many effective partner countries; over-dispersed at or above so
    many effective partner countries a project."""

    concentrated: float = 2.0
    dispersed: float = 0.75


@dataclass(frozen=True, slots=True)
class CityPortfolio:
    """A domestic city: distinct projects, those of them with a partner country, effective numbers of partner countries,
    domains and modes, recorded outcomes a project, effective countries a project with one; ``flag`` is
    ``concentrated``, ``dispersed`` or ``None`` (also below 8 projects with a country)."""

    key: str
    label: str
    projects: int
    with_country: int
    countries: float | None
    domains: float | None
    modes: float | None
    outcomes_per_project: float | None
    countries_per_project: float | None
    flag: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Concentration:
    """All cities, most projects first, with the thresholds that the flags go by."""

    thresholds: Thresholds
    cities: tuple[CityPortfolio, ...]
    judged: int
    masks: Mapping[str, BoolArray] = field(repr=False)

    def flagged(self, flag: str) -> tuple[CityPortfolio, ...]:
        """Return the cities with that flag."""
        return tuple(city for city in self.cities if city.flag == flag)

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``stats`` prints."""
        counts = {flag: len(self.flagged(flag)) for flag in ("concentrated", "dispersed")}
        plain: dict[str, Any] = {"thresholds": asdict(self.thresholds), "judged": self.judged, **counts}
        return plain | {"cities": [asdict(city) for city in self.cities]}


def concentration(
    data: StatsData, mask: BoolArray, scope: Scope, thresholds: Thresholds | None = None, *, by: str = "prefecture"
) -> Concentration:
    """Return N_eff over partner countries, domains and modes of each unit of ``by``, by fractional weights.

    A project of several cities, countries or domains is one in all, as in every table.
    """
    limits = thresholds or Thresholds()
    cities = dimension(by, data, scope)
    members = _members(cities, mask)
    tables = {code: cross_weights(cities, dimension(code, data, scope), mask) for code in ("country", "domain", "mode")}
    outcomes = np.bincount(data.outcomes.project, minlength=len(data.projects))
    sizes = [int(np.count_nonzero(member)) for member in members.values()]
    abroad = _has_unit(dimension("country", data, scope), len(mask))
    found = []
    for (unit, member), size in zip(members.items(), sizes, strict=True):
        spread = {code: n_eff(table[unit]) for code, table in tables.items()}
        countries, known = spread["country"], int(np.count_nonzero(member & abroad))
        found.append(
            CityPortfolio(
                key=cities.units[unit].code,
                label=name_of(cities.units[unit]),
                projects=size,
                with_country=known,
                countries=countries,
                domains=spread["domain"],
                modes=spread["mode"],
                outcomes_per_project=float(outcomes[member].sum()) / size,
                countries_per_project=None if countries is None else countries / known,
                flag=_flag(countries, known, limits),
            )
        )
    found.sort(key=lambda city: (-city.projects, city.key))
    masks = {cities.units[unit].code: member for unit, member in members.items()}
    return Concentration(limits, tuple(found), sum(city.with_country >= FEWEST for city in found), masks)


def _flag(countries: float | None, projects: int, limits: Thresholds) -> str | None:
    if countries is None or projects < FEWEST:
        return None
    if countries <= limits.concentrated:
        return "concentrated"
    return "dispersed" if countries / projects >= limits.dispersed else None


def _has_unit(table: Dimension, entries: int) -> BoolArray:
    """Return which entries have any unit of a dimension."""
    found = np.zeros(entries, np.bool_)
    found[table.cells.project[table.cells.slot >= RESERVED]] = True
    return found


def _members(cities: Dimension, mask: BoolArray) -> dict[int, BoolArray]:
    """Return unit -> which counted entries have it, of the units that have any."""
    cells = cities.cells
    chosen = mask[cells.project] & (cells.slot >= RESERVED)
    unit, project = cells.slot[chosen] - RESERVED, cells.project[chosen]
    order = np.argsort(unit, kind="stable")
    unit, project = unit[order], project[order]
    found = {}
    for part in np.split(np.arange(unit.size), np.flatnonzero(np.diff(unit)) + 1):
        if part.size:
            member = np.zeros(len(mask), np.bool_)
            member[project[part]] = True
            found[int(unit[part[0]])] = member
    return found


def cross_weights(left: Dimension, right: Dimension, mask: BoolArray) -> FloatArray:
    """Return the weights of left units × right units over the counted entries."""
    _, one, other, weight = join(_within(left.spread, mask), _within(right.spread, mask))
    known = (one >= 0) & (other >= 0)
    slot = one[known].astype(np.int64) * len(right.units) + other[known]
    table = np.bincount(slot, weights=weight[known], minlength=len(left.units) * len(right.units))
    return table.reshape(len(left.units), len(right.units)).astype(np.float64)


def _within(spread: Spread, mask: BoolArray) -> Spread:
    """Return the rows of a spread that belong to counted entries and to a unit."""
    kept = mask[spread.project] & (spread.unit >= 0)
    return Spread(spread.base, spread.atom[kept], spread.project[kept], spread.unit[kept], spread.weight[kept])


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two units and the cosine of their vectors, 0–1."""

    left: str
    right: str
    labels: tuple[str, str]
    cosine: float


@dataclass(frozen=True, slots=True, eq=False)
class Homogeneity:
    """Cosine of the fractional (country × domain) vectors of every two units with at least 8 projects.

    ``matrix`` is for the heat map, in the order of ``keys``; ``mean`` over the pairs, ``None`` without any.
    """

    by: str
    keys: tuple[str, ...]
    labels: tuple[str, ...]
    matrix: FloatArray = field(repr=False)
    pairs: tuple[Likeness, ...]
    mean: float | None
    masks: Mapping[str, BoolArray] = field(repr=False)

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``stats`` prints; ``closest`` are the most alike, at most twenty."""
        closest = [{"keys": [p.left, p.right], "labels": list(p.labels), "cosine": p.cosine} for p in self.pairs]
        matrix = [[round(float(value), 6) for value in row] for row in self.matrix]
        plain = {"by": self.by, "n": len(self.keys), "mean": self.mean, "closest": closest[:PAIRS_SHOWN]}
        return plain | {"keys": list(self.keys), "labels": list(self.labels), "matrix": matrix}


def homogeneity(data: StatsData, mask: BoolArray, scope: Scope, *, by: str = "prefecture") -> Homogeneity:
    """Return how alike the units of ``by`` are; of those with at least 8 projects that have a country and a domain."""
    units = dimension(by, data, scope)
    known = mask & _has_unit(dimension("country", data, scope), len(mask))
    known &= _has_unit(dimension("domain", data, scope), len(mask))
    members = {unit: member for unit, member in _members(units, known).items() if np.count_nonzero(member) >= FEWEST}
    vectors = _vectors(units, data, scope, mask, np.array(sorted(members), np.int32))
    length = np.sqrt((vectors * vectors).sum(axis=1))
    kept = [position for position, size in enumerate(length.tolist()) if size > 0]
    unit = vectors[kept] / length[kept, None] if kept else vectors[:0]
    matrix = np.clip(unit @ unit.T, 0.0, 1.0)
    refs = [units.units[sorted(members)[position]] for position in kept]
    pairs = [
        Likeness(refs[i].code, refs[j].code, (name_of(refs[i]), name_of(refs[j])), float(matrix[i, j]))
        for i in range(len(refs))
        for j in range(i + 1, len(refs))
    ]
    pairs.sort(key=lambda pair: (-round(pair.cosine, 12), pair.left, pair.right))
    mean = float(np.mean([pair.cosine for pair in pairs])) if pairs else None
    masks = {units.units[unit].code: member for unit, member in members.items()}
    labels = tuple(name_of(ref) for ref in refs)
    return Homogeneity(by, tuple(ref.code for ref in refs), labels, matrix, tuple(pairs), mean, masks)


def _vectors(units: Dimension, data: StatsData, scope: Scope, mask: BoolArray, wanted: IntArray) -> FloatArray:
    """Return one row a wanted unit: weights over country × domain."""
    countries, domains = dimension("country", data, scope), dimension("domain", data, scope)
    chosen = _within(units.spread, mask)
    kept = np.isin(chosen.unit, wanted)
    chosen = Spread(chosen.base, chosen.atom[kept], chosen.project[kept], chosen.unit[kept], chosen.weight[kept])
    project, unit, country, weight = join(chosen, _within(countries.spread, mask))
    rows = np.arange(len(project), dtype=np.int32)
    both = Spread("unit × country", rows, project, rows, weight)
    _, row, domain, weight = join(both, _within(domains.spread, mask))
    wide = len(countries.units) * len(domains.units)
    place = np.searchsorted(wanted, unit[row]).astype(np.int64)
    slot = place * wide + country[row].astype(np.int64) * len(domains.units) + domain
    table = np.bincount(slot, weights=weight, minlength=wanted.size * wide).astype(np.float64)
    return table.reshape(wanted.size, wide)


@dataclass(frozen=True, slots=True)
class Duplication:
    """One foreign city served in one domain by several domestic departments or cities within two years."""

    city: str
    city_label: str
    domain: str
    domain_label: str
    departments: tuple[str, ...]
    cities: tuple[str, ...]
    first: int
    last: int
    ids: tuple[int, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``stats`` prints."""
        names = ("city", "city_label", "domain", "domain_label", "first", "last")
        plain: dict[str, Any] = {name: getattr(self, name) for name in names}
        return plain | {name: list(getattr(self, name)) for name in ("departments", "cities", "ids")}


def duplications(data: StatsData, mask: BoolArray, scope: Scope) -> tuple[Duplication, ...]:
    """Return where different departments or domestic cities began projects with one foreign city in one domain
    within two years of each other; undated projects are not compared. Most projects first.

    The last answer is kept with the columns: page, measures and diagnosis ask for the same one.
    """
    asked = (mask.tobytes(), scope, language())
    before, found = data.cache.get(DUPLICATIONS, (None, ()))
    if before != asked:
        found = _duplications(data, mask, scope)
        data.cache[DUPLICATIONS] = (asked, found)
    kept: tuple[Duplication, ...] = found
    return kept


def _duplications(data: StatsData, mask: BoolArray, scope: Scope) -> tuple[Duplication, ...]:
    dated = mask & (data.projects.start > 0)
    abroad, domains = dimension("foreign_city", data, scope), dimension("domain", data, scope)
    project, city, domain, _ = join(_within(abroad.spread, dated), _within(domains.spread, dated))
    if not project.size:
        return ()
    group = city.astype(np.int64) * max(len(domains.units), 1) + domain
    day = ordinals(earliest(data.projects.start))[project]
    home = _first_unit(dimension("prefecture", data, scope), len(mask))
    flagged = _differing(group, day, data.projects.department[project]) | _differing(group, day, home[project])
    rows = np.flatnonzero(flagged)
    rows = rows[np.argsort(group[rows], kind="stable")]
    keys, firsts = np.unique(group[rows], return_index=True)
    found = (
        [
            _duplication(data, scope, abroad, domains, key, np.unique(project[own]), home)
            for key, own in zip(keys.tolist(), np.split(rows, firsts[1:]), strict=True)
        ]
        if keys.size
        else []
    )
    return tuple(sorted(found, key=lambda item: (-len(item.ids), item.city, item.domain)))


def _first_unit(table: Dimension, entries: int) -> IntArray:
    """Return the first unit of each entry, -1 for none."""
    found = np.full(entries, -1, np.int32)
    known = np.flatnonzero(table.spread.unit >= 0)[::-1]
    found[table.spread.project[known]] = table.spread.unit[known]
    return found


def _differing(group: Longs, day: Longs, owner: IntArray) -> BoolArray:
    """Return which rows have another owner in their group within the window; an unknown owner differs from none."""
    known = np.flatnonzero(owner >= 0)
    result = np.zeros(len(owner), np.bool_)
    if not known.size:
        return result
    day = day[known] - int(day[known].min()) + WINDOW_DAYS
    wide = int(day.max()) + 2 * WINDOW_DAYS
    of_group = np.unique(group[known], return_inverse=True)[1].astype(np.int64)
    of_owner = of_group * (int(owner.max()) + 1) + owner[known]
    result[known] = _neighbours(of_group, day, wide) > _neighbours(of_owner, day, wide)
    return result


def _neighbours(group: Longs, day: Longs, wide: int) -> Longs:
    """Return how many rows of the same group lie within the window of each row, itself included."""
    key = group * wide + day
    ordered = np.sort(key)
    last = np.searchsorted(ordered, key + WINDOW_DAYS, side="right")
    return np.asarray(last - np.searchsorted(ordered, key - WINDOW_DAYS, side="left"))


def _duplication(
    data: StatsData, scope: Scope, abroad: Dimension, domains: Dimension, key: int, projects: IntArray, home: IntArray
) -> Duplication:
    city, domain = divmod(key, max(len(domains.units), 1))
    departments = sorted({index for index in data.projects.department[projects].tolist() if index >= 0})
    towns = dimension("prefecture", data, scope).units
    cities = sorted({index for index in home[projects].tolist() if index >= 0})
    starts = data.projects.start[projects]
    return Duplication(
        city=abroad.units[city].code,
        city_label=name_of(abroad.units[city]),
        domain=domains.units[domain].code,
        domain_label=name_of(domains.units[domain]),
        departments=tuple(data.organisations[index].name for index in departments),
        cities=tuple(name_of(towns[index]) for index in cities),
        first=int(starts.min()) // 10000,
        last=int(starts.max()) // 10000,
        ids=tuple(data.projects.id[projects].tolist()),
    )
