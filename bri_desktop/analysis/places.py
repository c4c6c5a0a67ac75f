"""Foreign and domestic places as bases of statistics: which are taken in, and to which unit each belongs."""

from collections.abc import Sequence

import numpy as np

from bri_desktop.analysis import units
from bri_desktop.analysis.model import BoolArray, CodeRef, CountryRef, IntArray, PlaceRef, StatsData, ints
from bri_desktop.analysis.spread import NO_VALUE, OUTSIDE, Base, Spread, distinct, equal_base, expand, with_rest

INCOME_YEARS = (2008, 2021)


def income_year(year: int) -> int:
    """Return the year whose income groups serve for ``year``: the nearest of those known."""
    return min(max(year, INCOME_YEARS[0]), INCOME_YEARS[1])


def is_partner(country: CountryRef, year: int) -> bool:
    """Return whether a Belt-and-Road document was in force in ``year``, the year of its end included."""
    if country.bri_from is None or country.bri_from > year:
        return False
    return country.bri_until is None or year <= country.bri_until


def tier_of(country: CountryRef, year: int) -> str:
    """Return the tier of ``year``: the latest one published by then, else the first one there is; ``""`` of none."""
    if not country.tiers:
        return ""
    known = [published for published in country.tiers if published <= year]
    return country.tiers[max(known) if known else min(country.tiers)]


def countries_taken(data: StatsData, regions_of_china: bool, partners_in: int | None = None) -> BoolArray:
    """Return which of ``data.countries`` are units: all but China and its regions (these when asked for)."""

    def taken(country: CountryRef) -> bool:
        if country.iso2 == "CN" or (country.region_of == "CN" and not regions_of_china):
            return False
        return partners_in is None or is_partner(country, partners_in)

    return np.array([taken(country) for country in data.countries], dtype=np.bool_)


def country_of_place(data: StatsData) -> IntArray:
    """Return the index of each place's country; ``NO_VALUE`` for one that is not in the table."""
    position = {country.iso2: index for index, country in enumerate(data.countries)}
    return np.array([position.get(place.country, NO_VALUE) for place in data.places], dtype=np.int32)


def by_place(data: StatsData, of_country: IntArray) -> IntArray:
    """Return a column over countries as one over places."""
    country = country_of_place(data)
    return np.where(country >= 0, of_country[country], NO_VALUE).astype(np.int32)


def foreign_base(data: StatsData, regions_of_china: bool) -> Base:
    """Return the foreign places of each entry: 1/m to each of its m countries, shared equally by its places there.

    The block 中国香港、中国澳门、中国台湾 (and China) is left out before the weights are given; an entry that has
    nothing else lies outside.
    """
    entries, nations = len(data.projects), len(data.countries)
    country_of = country_of_place(data)
    abroad = np.append(countries_taken(data, regions_of_china), True)[country_of]
    project, place = distinct(data.foreign.project, data.foreign.target, len(data.places))
    within = abroad[place]
    only_outside = np.zeros(entries, np.bool_)
    only_outside[project] = True
    project, place = project[within], place[within]
    only_outside[project] = False
    pair = project.astype(np.int64) * (nations + 1) + country_of[place] + 1
    seen, inverse, times = np.unique(pair, return_inverse=True, return_counts=True)
    nations_of = np.bincount((seen // (nations + 1)).astype(np.int32), minlength=entries)
    weight = 1.0 / (nations_of[project] * times[inverse])
    base = with_rest("foreign", entries, project, place, weight, NO_VALUE)
    target = np.where((base.target == NO_VALUE) & only_outside[base.project], OUTSIDE, base.target)
    return Base(base.name, base.project, target.astype(np.int32), base.weight)


def only_taken(data: StatsData, base: Base, taken: BoolArray) -> Base:
    """Return the base in which places of countries that are not ``taken`` keep their weight, but lie outside."""
    country_of = np.append(country_of_place(data), [NO_VALUE, NO_VALUE])
    counted = np.append(taken, True)[country_of[base.target]]
    return Base(base.name, base.project, np.where(counted, base.target, OUTSIDE).astype(np.int32), base.weight)


def country_base(taken: BoolArray) -> Base:
    """Return the countries themselves as entries, one atom each; those not ``taken`` lie outside."""
    index = np.arange(len(taken), dtype=np.int32)
    return Base("countries", index, np.where(taken, index, OUTSIDE).astype(np.int32), np.ones(len(taken)))


def country_units(code: str, data: StatsData, year: int, taken: BoolArray) -> tuple[Sequence[CodeRef], IntArray]:
    """Return the units of a dimension of countries, and the unit of each country (``NO_VALUE`` for none)."""
    if code == "country":
        chosen = np.flatnonzero(taken)
        unit_of = np.full(len(taken), NO_VALUE, np.int32)
        unit_of[chosen] = np.arange(chosen.size)
        refs = (data.countries[index] for index in chosen.tolist())
        return [CodeRef(country.iso2, country.zh, country.en) for country in refs], unit_of
    known = _known_units(code, data)
    names = {name: index for index, unit in enumerate(known) for name in (unit.code, unit.zh, unit.en)}
    written = [names.get(_value(code, country, year), NO_VALUE) for country in data.countries]
    return known, np.array(written, dtype=np.int32)


def _known_units(code: str, data: StatsData) -> Sequence[CodeRef]:
    fixed = {"subregion": units.SUBREGIONS, "continent5": units.CONTINENTS_5, "bri": units.YES_NO}
    return fixed[code] if code in fixed else data.codes["finance_tier" if code == "tier" else code]


def _value(code: str, country: CountryRef, year: int) -> str:
    if code == "bri":
        return "yes" if is_partner(country, year) else "no"
    if code == "income":
        return country.income.get(income_year(year), "")
    if code == "tier":
        return tier_of(country, year)
    return {"subregion": country.subregion, "continent": country.continent, "continent5": country.continent5_zh}[code]


def continents_of_units(data: StatsData, unit_of: IntArray, size: int) -> IntArray:
    """Return the number of each unit's continent: of a subregion, that of most of its countries."""
    names = sorted({country.continent for country in data.countries})
    votes = np.zeros((size, len(names)), np.int32)
    for country, unit in zip(data.countries, unit_of.tolist(), strict=True):
        if unit >= 0:
            votes[unit, names.index(country.continent)] += 1
    return ints(votes.argmax(axis=1))


def over_corridors(data: StatsData, base: Base) -> Spread:
    """Return the spread over corridors: explicit ones share the entry; else each place goes to the corridors it is a
    node of, else to those its country is a member of (1/c to each), else to none."""
    none = len(data.corridor_refs)
    lists = [*(_corridors_of_place(data, place) or [none] for place in data.places), [OUTSIDE], [NO_VALUE]]
    flat, starts, sizes = _ragged(lists)
    stated = equal_base("corridor", len(data.projects), data.corridors.project, data.corridors.target)
    stated_size = np.bincount(stated.project[stated.target >= 0], minlength=len(data.projects))
    stated_start = np.searchsorted(stated.project, np.arange(len(data.projects))) + len(flat)
    explicit = (stated_size[base.project] > 0) & (base.target != OUTSIDE)
    start = np.where(explicit, stated_start[base.project], starts[base.target])
    size = np.where(explicit, stated_size[base.project], sizes[base.target])
    row, position = expand(start.astype(np.int32), size.astype(np.int32))
    unit = np.concatenate((flat, stated.target)).astype(np.int32)[position]
    return Spread(base.name, row, base.project[row], unit, base.weight[row] / size[row])


def countries_over_corridors(data: StatsData, base: Base) -> Spread:
    """Return the spread of the countries themselves over the corridors they are members of."""
    none = len(data.corridor_refs)
    lists = [*(_corridors_of_country(data, country.iso2) or [none] for country in data.countries), [OUTSIDE]]
    flat, starts, sizes = _ragged([*lists, [NO_VALUE]])
    row, position = expand(starts[base.target], sizes[base.target])
    return Spread(base.name, row, base.project[row], flat[position], base.weight[row] / sizes[base.target[row]])


def _ragged(lists: Sequence[Sequence[int]]) -> tuple[IntArray, IntArray, IntArray]:
    sizes = np.array([len(items) for items in lists], dtype=np.int32)
    flat = np.array([item for items in lists for item in items], dtype=np.int32)
    return flat, (np.cumsum(sizes) - sizes).astype(np.int32), sizes


def _corridors_of_place(data: StatsData, place: PlaceRef) -> list[int]:
    names = {place.zh, place.zh.removesuffix("市")} - {""}
    nodes = [index for index, ref in enumerate(data.corridor_refs) if names & set(ref.nodes)]
    return nodes or _corridors_of_country(data, place.country)


def _corridors_of_country(data: StatsData, iso2: str) -> list[int]:
    return [index for index, ref in enumerate(data.corridor_refs) if iso2 in ref.members]


def domestic_base(data: StatsData, regions_of_china: bool) -> Base:
    """Return the domestic places of each entry, 1/m to each; the three regions lie outside unless asked for."""
    allowed = np.array([regions_of_china or not _in_region(place) for place in data.places] or [True], np.bool_)
    project, place = distinct(data.domestic.project, data.domestic.target, len(data.places))
    within = allowed[place]
    only_outside = np.zeros(len(data.projects), np.bool_)
    only_outside[project] = True
    only_outside[project[within]] = False
    base = equal_base("domestic", len(data.projects), project[within], place[within])
    target = np.where((base.target == NO_VALUE) & only_outside[base.project], OUTSIDE, base.target)
    return Base(base.name, base.project, target.astype(np.int32), base.weight)


def _in_region(place: PlaceRef) -> bool:
    return place.country in units.REGIONS_OF_CHINA or _adcode(place.province) in units.REGION_PROVINCES


def _adcode(key: str | None) -> str:
    """Return the administrative code of a key, which may carry its source (``cn:310000``)."""
    return (key or "").removeprefix("cn:")


def _province(place: PlaceRef) -> str:
    own = _adcode(place.province) or (_adcode(place.key) if place.level == "province" else "")
    regions = {"TW": "710000", "HK": "810000", "MO": "820000"}
    return own or regions.get(place.country, "")


def domestic_units(code: str, data: StatsData, regions_of_china: bool) -> tuple[Sequence[CodeRef], IntArray]:
    """Return the units of ``province``, ``prefecture`` or ``city`` and the unit of each place."""
    if code == "city":
        known = [CodeRef(place.key, place.zh, place.en) for place in data.places]
        return known, np.arange(len(known), dtype=np.int32)
    if code == "province":
        known = [ref for ref in data.provinces if regions_of_china or ref.code not in units.REGION_PROVINCES]
        keys = [_province(place) for place in data.places]
    else:
        keys = [_prefecture(place) for place in data.places]
        known = _prefectures(data, keys)
    position = {ref.code: index for index, ref in enumerate(known)}
    return known, np.array([position.get(key, NO_VALUE) for key in keys], dtype=np.int32)


def _prefecture(place: PlaceRef) -> str:
    """Return the prefecture of a domestic place; the four municipalities are their own."""
    province = _province(place)
    if province in units.MUNICIPALITIES or (province in units.REGION_PROVINCES):
        return province
    return _adcode(place.prefecture) or (_adcode(place.key) if province and place.level == "prefecture" else "")


def _prefectures(data: StatsData, keys: Sequence[str]) -> list[CodeRef]:
    named = {ref.code: ref for ref in data.provinces}
    named |= {_adcode(place.key): CodeRef(_adcode(place.key), place.zh, place.en) for place in data.places}
    return [named.get(key, CodeRef(key, key, key)) for key in sorted({key for key in keys if key})]
