"""What the pages of one tie, one city and one country show: everything between the places, and figures of it.

The counting rules are those of the statistics: umbrella projects are left out where their parts are counted.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bri_desktop.analysis.city_index import INDEXES, CityScore, city_index
from bri_desktop.analysis.counting import leaves
from bri_desktop.analysis.dimensions import Dimension, dimension, scope_of
from bri_desktop.analysis.model import BoolArray, StatsData, StatsRequest
from bri_desktop.analysis.profile import Friendship, PairProfile, Sensitivity, friendship
from bri_desktop.analysis.spread import Spread
from bri_desktop.db.listing import kept_among
from bri_desktop.db.models import Country, Pair, Place, Project, ProjectPlace
from bri_desktop.domain.errors import InputError, Where
from bri_desktop.domain.money import Money
from bri_desktop.domain.vocabulary import PAIR_KEY, key_of
from bri_desktop.services.cities import CHINA, PairRow, PlaceRow, read_pairs, read_places
from bri_desktop.services.city_events import (
    TIE_ITSELF,
    Event,
    Ids,
    count_by_kind,
    expiring,
    movements,
    read_events,
    total_money,
)
from bri_desktop.services.city_labels import read_labels
from bri_desktop.services.measure_tables import read_index_tables
from bri_desktop.services.pair_life import Anniversary, TieRules, next_anniversary, read_rules, stage
from bri_desktop.services.statistics import facts_of
from bri_desktop.services.statistics_cache import StatisticsCache
from bri_desktop.services.statistics_options import read_options

GROUPINGS = ("mode", "domain", "status", "year")


@dataclass(frozen=True, slots=True)
class Closeness:
    """The 友好交往度 of a tie among the ``compared`` ones; ``sensitivity`` says how far their order moves."""

    profile: PairProfile
    compared: int
    ranked: int
    weights: Mapping[str, float]
    sensitivity: tuple[Sensitivity, ...]


@dataclass(frozen=True, slots=True)
class TiePage:
    """One tie: ``stage`` by the rule, ``last`` the latest date that moved it, everything between the two places.

    ``is_running``: a project of it goes on, so that ``last`` is today.
    """

    pair: PairRow
    note: str
    version: int
    rules: TieRules
    stage: str | None
    last: str | None
    is_running: bool
    anniversary: Anniversary | None
    expiring: tuple[Event, ...]
    events: tuple[Event, ...]
    counts: Mapping[str, int]
    money: tuple[Money, ...]
    outcome_money: tuple[Money, ...]
    closeness: Closeness


@dataclass(frozen=True, slots=True)
class Counted:
    """A unit with the ids of the projects that count for it; ``key`` a code, a year, or a place's record number."""

    key: str
    names: tuple[str, str]
    ids: tuple[int, ...]
    context: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class DomainShare:
    """A domain: share 0–1 of the place's projects (by weight), that of the whole office, and the projects by weight."""

    code: str
    names: tuple[str, str]
    share: float | None
    average: float | None
    weights: Mapping[int, float]

    @property
    def ids(self) -> tuple[int, ...]:
        """The projects."""
        return tuple(self.weights)


@dataclass(frozen=True, slots=True)
class Score:
    """An index of the place in the latest year that has values: score, and how many cities are ranked."""

    index: str
    year: int
    score: CityScore
    ranked: int


@dataclass(frozen=True, slots=True)
class PlacePage:
    """A city, or a country (``place`` is ``None``), with all its projects; names are (Chinese, English).

    ``ecosystem`` is the type that the office has given it.
    """

    place: PlaceRow | None
    names: tuple[str, str]
    country: str
    country_names: tuple[str, str]
    projects: tuple[int, ...]
    counted: int
    groups: Mapping[str, tuple[Counted, ...]]
    partners: tuple[Counted, ...]
    cities: tuple[Counted, ...]
    domains: tuple[DomainShare, ...]
    ties: tuple[PairRow, ...]
    scores: tuple[Score, ...]
    events: tuple[Event, ...]
    counts: Mapping[str, int]
    money: tuple[Money, ...]
    ecosystem: str | None


# -- ties --------------------------------------------------------------------------------------------------------


def read_tie(session: Session, pair: int, today: datetime.date, cache: StatisticsCache | None = None) -> TiePage:
    """Return the page of a tie; ``InputError`` ``record_unknown`` for one that is not there any more."""
    row = next((found for found in read_pairs(session) if found.id == pair), None)
    if row is None:
        raise InputError("record_unknown", where=Where(key=key_of(PAIR_KEY, pair)), key=key_of(PAIR_KEY, pair))
    stored = session.get_one(Pair, pair)
    rules = read_rules(session)
    projects = select(Project.id).where(Project.pair_id == pair, Project.deleted_at.is_(None))
    events = read_events(session, projects, select(Pair.id).where(Pair.id == pair))
    moves = movements(events, today)
    begun = [date for date in moves if date <= today.isoformat()[: len(date)]]
    now_at = stage(row.life, row.ended, row.signed, moves, today, rules.dormant_years)
    is_standing = now_at not in ("intent", "ended")
    return TiePage(
        pair=row,
        note=stored.note or "",
        version=stored.version,
        rules=rules,
        stage=now_at,
        last=max(begun, default=None),
        is_running=any(event.is_running and event.code != TIE_ITSELF for event in events),
        anniversary=next_anniversary(row.signed, today, rules.step) if is_standing else None,
        expiring=expiring(events, today) if is_standing else (),
        events=events,
        counts=count_by_kind(events),
        money=total_money(events),
        outcome_money=total_money(events, "outcome"),
        closeness=read_closeness(session, pair, today, cache or StatisticsCache()),
    )


def read_closeness(session: Session, pair: int, today: datetime.date, cache: StatisticsCache) -> Closeness:
    """Return how close a tie is among the official ones; one that is not official is compared with them."""
    data, facts = cache.data(session), facts_of(session, cache)
    compared = [fact for fact in facts.pairs if fact.official or fact.id == pair]
    everything = np.ones(len(data.projects), np.bool_)
    found: Friendship = friendship(data, facts, everything, today, read_options(session).profile, pairs=compared)
    own = next(profile for profile in found.pairs if profile.id == pair)
    ranked = sum(profile.rank is not None for profile in found.pairs)
    return Closeness(own, len(found.pairs), ranked, found.weights, found.sensitivity)


# -- cities and countries ----------------------------------------------------------------------------------------


def read_place(session: Session, place: int, today: datetime.date, cache: StatisticsCache | None = None) -> PlacePage:
    """Return the page of a city; ``InputError`` ``place_unknown_key`` for one that is not there any more."""
    row = next((found for found in read_places(session) if found.id == place), None)
    if row is None:
        raise InputError("place_unknown_key", place=place)
    projects = _projects_of(ProjectPlace.place_id == place)
    pairs = select(Pair.id).where(Pair.deleted_at.is_(None), or_(Pair.domestic_id == place, Pair.foreign_id == place))
    ties = tuple(pair for pair in read_pairs(session) if place in (pair.domestic.id, pair.foreign.id))
    return _page(session, cache or StatisticsCache(), today, row, row.country, row.countries, projects, pairs, ties)


def read_country(
    session: Session, country: str, today: datetime.date, cache: StatisticsCache | None = None
) -> PlacePage:
    """Return the page of a country by its ISO code; ``InputError`` ``place_unknown_key`` for one there is not."""
    row = session.get(Country, country)
    if row is None:
        raise InputError("place_unknown_key", place=country)
    inside = select(Place.id).where(Place.country == country)
    pairs = select(Pair.id).where(
        Pair.deleted_at.is_(None), or_(Pair.domestic_id.in_(inside), Pair.foreign_id.in_(inside))
    )
    ties = tuple(pair for pair in read_pairs(session) if country in (pair.domestic.country, pair.foreign.country))
    names = (row.name_zh, row.name_en)
    projects = _projects_of(ProjectPlace.place_id.in_(inside))
    return _page(session, cache or StatisticsCache(), today, None, country, names, projects, pairs, ties)


def _projects_of(condition: Any) -> Ids:
    """Return the query of the projects, not in the bin, of which a place meets the condition."""
    mine = select(ProjectPlace.project_id).where(condition)
    return select(Project.id).where(kept_among(mine))


def _page(
    session: Session,
    cache: StatisticsCache,
    today: datetime.date,
    place: PlaceRow | None,
    country: str,
    country_names: tuple[str, str],
    projects: Ids,
    pairs: Ids,
    ties: tuple[PairRow, ...],
) -> PlacePage:
    data = cache.data(session)
    events = read_events(session, projects, pairs)
    ids = tuple(sorted(event.id for event in events if event.kind == "project"))
    counted = leaves(data.projects.parent, np.isin(data.projects.id, np.array(ids, np.int32)))
    scope = scope_of(StatsRequest(today, regions_of_china=True), None)
    units = {name: dimension(name, data, scope) for name in GROUPINGS}
    places = _Places(session, cache, data, counted)
    return PlacePage(
        place=place,
        names=place.names if place else country_names,
        country=country,
        country_names=country_names,
        projects=ids,
        counted=int(np.count_nonzero(counted)),
        groups={name: _grouped(units[name], data, counted) for name in GROUPINGS},
        partners=places.ranked(is_domestic=country != CHINA, without=place.id if place else None),
        cities=places.ranked(is_domestic=country == CHINA, within=country) if place is None else (),
        domains=_domain_shares(units["domain"], data, counted),
        ties=ties,
        scores=_scores(session, place.key, today) if place else (),
        events=events,
        counts=count_by_kind(events),
        money=total_money(events),
        ecosystem=read_labels(session).get(place.key) if place else None,
    )


def _grouped(units: Dimension, data: StatsData, counted: BoolArray) -> tuple[Counted, ...]:
    """Return the units that have projects; years from the first, others in the order of their list."""
    spread = units.spread
    kept = counted[spread.project]
    found = []
    for position, unit in enumerate(units.units):
        mine = np.unique(spread.project[kept & (spread.unit == position)])
        if mine.size:
            found.append(Counted(unit.code, (unit.zh, unit.en), tuple(data.projects.id[mine].tolist())))
    return tuple(sorted(found, key=lambda item: item.key)) if units.code == "year" else tuple(found)


def _domain_shares(units: Dimension, data: StatsData, counted: BoolArray) -> tuple[DomainShare, ...]:
    """Return each domain's share of the classified weight, of the place and of everything that is counted."""
    spread = units.spread
    everyone = leaves(data.projects.parent, np.ones(len(data.projects), np.bool_))
    known = spread.unit >= 0
    own, all_of_it = (
        np.bincount(spread.unit[kept], weights=spread.weight[kept], minlength=len(units.units))
        for kept in (known & counted[spread.project], known & everyone[spread.project])
    )
    return tuple(
        DomainShare(
            unit.code,
            (unit.zh, unit.en),
            float(own[position] / own.sum()) if own.sum() else None,
            float(all_of_it[position] / all_of_it.sum()) if all_of_it.sum() else None,
            _weights(spread, data, counted, position),
        )
        for position, unit in enumerate(units.units)
    )


def _weights(spread: Spread, data: StatsData, counted: BoolArray, unit: int) -> dict[int, float]:
    """Return the projects of a unit with what each counts for there."""
    mine = counted[spread.project] & (spread.unit == unit)
    ids = data.projects.id[spread.project[mine]].tolist()
    found: dict[int, float] = {}
    for number, weight in sorted(zip(ids, spread.weight[mine].tolist(), strict=True)):
        found[number] = found.get(number, 0.0) + weight
    return found


class _Places:
    """The places of the counted projects, by the number of projects that they share with the page's place."""

    def __init__(self, session: Session, cache: StatisticsCache, data: StatsData, counted: BoolArray) -> None:
        self._rows = {row.id: row for row in read_places(session)}
        self._ids = cache.reference(session).place_ids
        self._data, self._counted = data, counted

    def ranked(
        self, *, is_domestic: bool, without: int | None = None, within: str | None = None
    ) -> tuple[Counted, ...]:
        """Return the places of one side with their projects, most first."""
        links = self._data.domestic if is_domestic else self._data.foreign
        kept = self._counted[links.project] & (links.target >= 0)
        shared: dict[int, set[int]] = {}
        for project, target in zip(links.project[kept].tolist(), links.target[kept].tolist(), strict=True):
            shared.setdefault(int(self._ids[target]), set()).add(int(self._data.projects.id[project]))
        found = [
            Counted(str(key), row.names, tuple(sorted(ids)), ("", "") if row.is_domestic else row.countries)
            for key, ids in shared.items()
            if key != without and (row := self._rows.get(key)) and within in (None, row.country)
        ]
        return tuple(sorted(found, key=lambda item: (-len(item.ids), int(item.key))))


def _scores(session: Session, key: str, today: datetime.date) -> tuple[Score, ...]:
    """Return both indexes of the place, of the latest year up to today that has values."""
    tables = read_index_tables(session, read_options(session))
    years = [year for year in tables.values if year <= today.year]
    if not years:
        return ()
    found = []
    for name in INDEXES:
        index = city_index(
            name,
            max(years),
            cities=tables.cities,
            dimensions=tables.dimensions.get(name, ()),
            criteria=tables.criteria,
            values=tables.values[max(years)],
        )
        ranked = sum(score.rank is not None for score in index.cities)
        found += [Score(name, max(years), score, ranked) for score in index.cities if score.key == key]
    return tuple(found)
