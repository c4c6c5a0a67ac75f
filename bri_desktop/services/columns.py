"""The whole ledger as compact columns for the statistics: a few wide reads, no objects per project."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from bri_desktop.analysis.model import (
    BaselineTable,
    CodeRef,
    CorridorRef,
    CountryRef,
    IntArray,
    Links,
    OrganisationRef,
    PlaceRef,
    ProjectColumns,
    StatsData,
    StatusChanges,
    ints,
    pack_date,
)
from bri_desktop.db.compact import Columns, int_columns, read_columns
from bri_desktop.db.measure_models import BaselineTable as StoredBaseline
from bri_desktop.db.measure_models import BaselineValue, CountryTier
from bri_desktop.db.models import (
    Code,
    Country,
    Organisation,
    Outcome,
    Pair,
    Place,
    Project,
    ProjectCode,
    ProjectPartner,
    ProjectPlace,
    ProjectStatus,
)
from bri_desktop.db.place_labels import gazetteer_names
from bri_desktop.db.reference import province_names, read_table
from bri_desktop.services.visibility import PUBLIC

COLUMN_CODES = ("status", "nature", "mode", "submode", "domain", "level")
DATES = ("start", "ended", "planned_start", "planned_end")
LISTED = ("status", "nature", "mode", "domain", "level", "start", "department_id", "pair_id")
UNLISTED = ("submode", "ended", "planned_start", "planned_end", "lead_id", "parent_id")


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """What does not depend on what is counted: countries, places, code lists, organisations, baselines.

    ``place_ids`` are those of the first ``places``; the others only have names to give.
    """

    countries: tuple[CountryRef, ...]
    provinces: tuple[CodeRef, ...]
    places: tuple[PlaceRef, ...]
    place_ids: IntArray
    codes: dict[str, tuple[CodeRef, ...]]
    corridors: tuple[CorridorRef, ...]
    organisations: tuple[OrganisationRef, ...]
    organisation_ids: IntArray
    baselines: dict[str, BaselineTable]

    def positions(self, name: str) -> dict[str | None, int]:
        """Return code -> position in its list; what is not there has none."""
        return {ref.code: position for position, ref in enumerate(self.codes.get(name, ()))}

    def empty(self) -> StatsData:
        """Return the reference without any entry."""
        none = np.empty(0, np.int32)
        names = (*COLUMN_CODES, *DATES, "id", "parent", "pair_kind", "department", "pair")
        columns: dict[str, Any] = dict.fromkeys(names, none)
        return self.data(ProjectColumns(**columns, has_outcome=np.empty(0, np.bool_)))

    def data(self, projects: ProjectColumns, **links: Links) -> StatsData:
        """Return the columns of these entries with the reference."""
        return StatsData(
            projects=projects,
            countries=self.countries,
            provinces=self.provinces,
            places=self.places,
            codes=self.codes,
            corridor_refs=self.corridors,
            organisations=self.organisations,
            baselines=self.baselines,
            **_as_fields(links),
        )


def _as_fields(links: dict[str, Links]) -> dict[str, Any]:
    return dict(links)


def read_statistics(session: Session) -> StatsData:
    """Return the columns of all projects that are not in the bin."""
    return read_projects(session, read_reference(session))


def read_projects(session: Session, reference: Reference, *, public_only: bool = False) -> StatsData:
    """Return the columns of the projects, in order of their ids; ``public_only`` leaves internal ones out.

    What the index of the ledger holds is read from it alone; the rest in one pass over the wide rows, in their order.
    """
    reader = _reader(session, reference, None, public_only=public_only)
    return reference.data(reader.projects(), **reader.links())


def read_some(
    session: Session, reference: Reference, ids: Sequence[int], *, public_only: bool = False
) -> tuple[StatsData, IntArray]:
    """Return the columns of those of ``ids`` that are not in the bin, and the ids of their umbrella projects."""
    reader = _reader(session, reference, ids, public_only=public_only)
    return reference.data(reader.projects(), **reader.links()), reader.numbers("parent_id")


def _reader(session: Session, reference: Reference, only: Sequence[int] | None, *, public_only: bool) -> "_Reader":
    query = select(Project.id, *(getattr(Project, name) for name in LISTED)).where(Project.deleted_at.is_(None))
    if public_only:
        query = query.where(Project.visibility == PUBLIC)
    listed = read_columns(session, _of(query, Project.id, only))
    wide = select(Project.id, *(getattr(Project, name) for name in UNLISTED))
    others = read_columns(session, _of(wide, Project.id, only))
    order = np.argsort(listed.numbers("id"), kind="stable").astype(np.int32)
    ids = listed.numbers("id")[order]
    return _Reader(session, reference, ids, (listed, order), (others, index_of(others.numbers("id"), ids)), only)


def _of(query: Select[Any], owner: Any, only: Sequence[int] | None) -> Select[Any]:
    """Return a query of what belongs to some projects, or to all."""
    return query if only is None else query.where(owner.in_(only))


Part = tuple[Columns, IntArray]
"""Columns and the places in them of the projects, in order of their ids."""


class _Reader:
    """Makes columns of what belongs to the projects of ``ids``; ``only`` are those that were asked for, or all."""

    def __init__(
        self,
        session: Session,
        reference: Reference,
        ids: IntArray,
        listed: Part,
        others: Part,
        only: Sequence[int] | None = None,
    ) -> None:
        self.session, self.reference, self.ids, self.only = session, reference, ids, only
        self.parts = {**dict.fromkeys(LISTED, listed), **dict.fromkeys(UNLISTED, others)}

    def projects(self) -> ProjectColumns:
        reference = self.reference
        codes = {name: self._own(name, reference.positions(name)) for name in COLUMN_CODES}
        dates = {name: self._dates(name) for name in DATES}
        quantified = select(Outcome.project_id).where(Outcome.quantity.is_not(None))
        quantified = _of(quantified, Outcome.project_id, self.only)
        pairs = self.numbers("pair_id")
        return ProjectColumns(
            id=self.ids,
            **codes,
            **dates,
            parent=index_of(self.ids, self.numbers("parent_id")),
            pair_kind=kinds_of(self.session, reference, pairs),
            department=index_of(reference.organisation_ids, self.numbers("department_id")),
            has_outcome=np.isin(self.ids, int_columns(self.session, quantified)[0]),
            changes=self._changes(),
            pair=pairs,
        )

    def numbers(self, name: str) -> IntArray:
        """Return a column of whole numbers of the projects."""
        columns, places = self.parts[name]
        return ints(columns.numbers(name)[places])

    def _own(self, name: str, positions: Mapping[str | None, int]) -> IntArray:
        columns, places = self.parts[name]
        return ints(coded(columns.words(name), positions)[places])

    def _dates(self, name: str) -> IntArray:
        columns, places = self.parts[name]
        return ints(packed(columns.words(name))[places])

    def links(self) -> dict[str, Links]:
        lead = self.numbers("lead_id")
        with_lead = np.flatnonzero(lead).astype(np.int32)
        partners = self._links(
            select(ProjectPartner.project_id, ProjectPartner.organisation_id),
            ProjectPartner.project_id,
            self.reference.organisation_ids,
        )
        leads = index_of(self.reference.organisation_ids, lead[with_lead])
        recorded = Outcome.quantity.is_not(None) | Outcome.amount.is_not(None)
        return {
            "foreign": self._places("foreign"),
            "domestic": self._places("domestic"),
            **{target: self._codes(name) for name, target in _CODE_LINKS.items()},
            "actors": Links(np.concatenate((partners.project, with_lead)), np.concatenate((partners.target, leads))),
            "outcomes": self._coded(Outcome.project_id, Outcome.outcome_class, "outcome_class", recorded),
        }

    def _changes(self) -> StatusChanges:
        query = select(ProjectStatus.project_id, ProjectStatus.status, ProjectStatus.date)
        found = read_columns(self.session, _of(query, ProjectStatus.project_id, self.only))
        project = index_of(self.ids, found.numbers("project_id"))
        status = coded(found.words("status"), self.reference.positions("status"))
        known = (project >= 0) & (status >= 0)
        return StatusChanges(project[known], status[known], packed(found.words("date"))[known])

    def _places(self, side: str) -> Links:
        query = select(ProjectPlace.project_id, ProjectPlace.place_id).where(ProjectPlace.side == side)
        return self._links(query, ProjectPlace.project_id, self.reference.place_ids)

    def _links(self, query: Select[Any], owner: Any, targets: IntArray) -> Links:
        left, right = int_columns(self.session, _of(query, owner, self.only))
        project, target = index_of(self.ids, left), index_of(targets, right)
        kept = (project >= 0) & (target >= 0)
        return Links(project[kept], target[kept])

    def _codes(self, name: str) -> Links:
        return self._coded(ProjectCode.project_id, ProjectCode.code, name, ProjectCode.list == name)

    def _coded(self, owner: Any, code: Any, name: str, condition: ColumnElement[bool]) -> Links:
        query = select(owner.label("owner"), code.label("code")).where(condition)
        found = read_columns(self.session, _of(query, owner, self.only))
        project = index_of(self.ids, found.numbers("owner"))
        target = coded(found.words("code"), self.reference.positions(name))
        kept = project >= 0
        return Links(project[kept], target[kept])


def kinds_of(session: Session, reference: Reference, pairs: IntArray) -> IntArray:
    """Return the kind of the tie of each project, given the record numbers of the ties."""
    found = read_columns(session, select(Pair.id, Pair.kind).order_by(Pair.id))
    kinds = coded(found.words("kind"), reference.positions("pair_kind"))
    return np.append(kinds, np.int32(-1))[index_of(found.numbers("id"), pairs)]


_CODE_LINKS = {"domain": "domains", "field": "fields", "sdg": "sdg", "corridor": "corridors"}


def read_reference(session: Session) -> Reference:
    """Return the reference tables and the tables brought by the office."""
    places = session.execute(
        select(
            Place.id,
            Place.key,
            Place.name_zh,
            Place.name_en,
            Place.country,
            Place.level,
            Place.province,
            Place.prefecture,
        ).order_by(Place.id)
    ).all()
    organisations = session.execute(
        select(Organisation.id, Organisation.name, Organisation.kind).order_by(Organisation.id)
    ).all()
    return Reference(
        countries=_countries(session),
        provinces=tuple(CodeRef(adcode, *names) for adcode, names in province_names().items()),
        places=(*map(_place, places), *_prefectures(places)),
        place_ids=column([row[0] for row in places]),
        codes=(codes := _codes(session)),
        corridors=_corridors(codes["corridor"]),
        organisations=tuple(OrganisationRef(f"O{row[0]}", row[1], row[2]) for row in organisations),
        organisation_ids=column([row[0] for row in organisations]),
        baselines=read_baselines(session),
    )


def read_baselines(session: Session) -> dict[str, BaselineTable]:
    """Return the tables brought by the office, by name."""
    values: dict[int, dict[str, float]] = {}
    for owner, key, value in session.execute(
        select(BaselineValue.baseline_id, BaselineValue.key, BaselineValue.value).order_by(BaselineValue.key)
    ):
        values.setdefault(owner, {})[key] = value
    return {
        row.name: BaselineTable(row.name, row.dimension, values.get(row.id, {}), row.year)
        for row in session.scalars(select(StoredBaseline).order_by(StoredBaseline.name))
    }


def column(values: Sequence[Any]) -> IntArray:
    """Return a column of 32-bit integers."""
    return np.array(values, dtype=np.int32)


def known_ids(values: Sequence[int | None]) -> IntArray:
    """Return a column of record numbers; 0 for none."""
    return np.fromiter((value or 0 for value in values), dtype=np.int32, count=len(values))


def coded(values: Sequence[Any], positions: Mapping[Any, int]) -> IntArray:
    """Return the position of each value, -1 for one that has none."""
    known = {value: positions.get(value, -1) for value in set(values)}
    return np.fromiter(map(known.__getitem__, values), dtype=np.int32, count=len(values))


def packed(texts: Sequence[str | None]) -> IntArray:
    """Return ISO texts of dates as packed integers; none, or an empty text, is 0."""
    known = {text: pack_date(text) for text in set(texts)}
    return np.fromiter(map(known.__getitem__, texts), dtype=np.int32, count=len(texts))


def index_of(ids: IntArray, wanted: IntArray) -> IntArray:
    """Return the position of each of ``wanted`` in the ascending ``ids``, -1 where it is not there."""
    if not len(ids):
        return np.full(len(wanted), -1, np.int32)
    found = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    return np.where(ids[found] == wanted, found, -1).astype(np.int32)


def _place(row: Any) -> PlaceRef:
    zh, en = row.name_zh or row.name_en or row.key, row.name_en or row.name_zh or row.key
    return PlaceRef(row.key, zh, en, row.country, row.level, row.province, row.prefecture)


def _prefectures(places: Sequence[Any]) -> list[PlaceRef]:
    """Return the prefectures that places count for and that are no place of the ledger themselves.

    They come after those that records are linked to.
    """
    named = {row.key for row in places}
    wanted = {f"cn:{row.prefecture.removeprefix('cn:')}" for row in places if row.prefecture}
    return [
        PlaceRef(key, zh or en, en or zh, country, level)
        for key, level, country, zh, en in gazetteer_names(frozenset(wanted - named))
    ]


def _codes(session: Session) -> dict[str, tuple[CodeRef, ...]]:
    found: dict[str, list[CodeRef]] = {}
    columns = (Code.list, Code.code, Code.name_zh, Code.name_en, Code.parent)
    for name, code, zh, en, parent in session.execute(select(*columns).order_by(Code.list, Code.position, Code.code)):
        found.setdefault(name, []).append(CodeRef(code, zh, en, parent if name == "status" else None))
    return {name: tuple(refs) for name, refs in found.items()}


def _countries(session: Session) -> tuple[CountryRef, ...]:
    income = {row.pop("iso2"): row for row in read_table("income_groups")}
    tiers: dict[str, dict[int, str]] = {}
    for tier in session.scalars(select(CountryTier)):
        tiers.setdefault(tier.country, {})[tier.year] = tier.tier
    return tuple(
        CountryRef(
            iso2=row.iso2,
            zh=row.name_zh,
            en=row.name_en,
            continent=row.continent,
            continent5_zh=row.continent5_zh,
            subregion=row.subregion,
            region_of=row.region_of,
            bri_from=row.bri_from,
            bri_until=row.bri_until,
            income={int(k[3:]): v for k, v in income.get(row.iso2, {}).items() if k.startswith("gni") and v},
            tiers=tiers.get(row.iso2, {}),
        )
        for row in session.scalars(select(Country).order_by(Country.iso2))
    )


def _corridors(known: Sequence[CodeRef]) -> tuple[CorridorRef, ...]:
    """Return the corridors in the order of their codes; one of the office's own has what it is said to have alone."""
    rows = {row["code"]: row for row in read_table("corridors")}

    def parts(code: str, *columns: str) -> tuple[str, ...]:
        found = (part for column in columns for part in rows.get(code, {}).get(column, "").split(";"))
        return tuple(filter(None, found))

    return tuple(
        CorridorRef(
            ref.code,
            ref.zh,
            ref.en,
            parts(ref.code, "foreign_iso2", "also_in_text_iso2"),
            parts(ref.code, "node_cities_zh"),
        )
        for ref in known
    )
