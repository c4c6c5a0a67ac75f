"""The whole ledger as compact columns for the statistics: a few wide reads, no objects per project."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from bri_desktop.analysis.model import (
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
    pack_date,
)
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
from bri_desktop.db.reference import read_table

COLUMN_CODES = ("status", "nature", "mode", "submode", "domain", "level")
DATES = ("start", "ended", "planned_start", "planned_end")


def read_statistics(session: Session, ids: Sequence[int] | None = None) -> StatsData:
    """Return the columns of all projects, or of those of ``ids``."""
    return _Reader(session, ids).data()


class _Reader:
    def __init__(self, session: Session, ids: Sequence[int] | None) -> None:
        self.session = session
        self.codes = self._codes()
        self.position = {name: {ref.code: n for n, ref in enumerate(refs)} for name, refs in self.codes.items()}
        self.organisations = session.execute(
            select(Organisation.id, Organisation.name, Organisation.kind).order_by(Organisation.id)
        ).all()
        self.organisation_ids = column([row[0] for row in self.organisations])
        self.rows = self._project_rows(ids)
        self.ids = column([row[0] for row in self.rows])

    def data(self) -> StatsData:
        places = self.session.scalars(select(Place).order_by(Place.id)).all()
        place_ids = column([place.id for place in places])
        outcomes = select(Outcome.project_id, Outcome.outcome_class).where(
            Outcome.quantity.is_not(None) | Outcome.amount.is_not(None)
        )
        actors = [(row[0], row[12]) for row in self.rows if row[12] is not None]
        partners = [*self._all(select(ProjectPartner.project_id, ProjectPartner.organisation_id)), *actors]
        return StatsData(
            projects=self._projects(),
            countries=self._countries(),
            provinces=_provinces(),
            places=tuple(map(_place, places)),
            codes=self.codes,
            corridor_refs=_corridors(),
            organisations=tuple(OrganisationRef(f"O{row[0]}", row[1], row[2]) for row in self.organisations),
            foreign=self._place_links("foreign", place_ids),
            domestic=self._place_links("domestic", place_ids),
            domains=self._code_links("domain"),
            fields=self._code_links("field"),
            sdg=self._code_links("sdg"),
            corridors=self._code_links("corridor"),
            actors=self._links(partners, self.organisation_ids),
            outcomes=self._coded(self._all(outcomes), "outcome_class"),
        )

    def _all(self, query: Any) -> list[Any]:
        return list(self.session.execute(query).all())

    def _project_rows(self, ids: Sequence[int] | None) -> list[Any]:
        columns = [getattr(Project, name) for name in (*COLUMN_CODES, *DATES)]
        query = (
            select(Project.id, *columns, Project.department_id, Project.lead_id, Project.parent_id, Pair.kind)
            .outerjoin(Pair, Pair.id == Project.pair_id)
            .where(Project.deleted_at.is_(None))
            .order_by(Project.id)
        )
        rows = self._all(query)
        if ids is None:
            return rows
        wanted = set(ids)
        return [row for row in rows if row[0] in wanted]

    def _projects(self) -> ProjectColumns:
        codes = {
            name: column([self.position[name].get(row[1 + n], -1) for row in self.rows])
            for n, name in enumerate(COLUMN_CODES)
        }
        dates = {name: column([pack_date(row[7 + n]) for row in self.rows]) for n, name in enumerate(DATES)}
        kinds = self.position["pair_kind"]
        quantified = column(
            [row[0] for row in self._all(select(Outcome.project_id).where(Outcome.quantity.is_not(None)))]
        )
        return ProjectColumns(
            id=self.ids,
            **codes,
            **dates,
            parent=index_of(self.ids, column([row[13] or 0 for row in self.rows])),
            pair_kind=column([kinds.get(row[14], -1) for row in self.rows]),
            department=index_of(self.organisation_ids, column([row[11] or 0 for row in self.rows])),
            has_outcome=np.isin(self.ids, quantified),
            changes=self._changes(),
        )

    def _changes(self) -> StatusChanges:
        rows = self._all(select(ProjectStatus.project_id, ProjectStatus.status, ProjectStatus.date))
        project = index_of(self.ids, column([row[0] for row in rows]))
        status = column([self.position["status"].get(row[1], -1) for row in rows])
        date = column([pack_date(row[2]) for row in rows])
        known = (project >= 0) & (status >= 0)
        return StatusChanges(project[known], status[known], date[known])

    def _place_links(self, side: str, place_ids: IntArray) -> Links:
        query = select(ProjectPlace.project_id, ProjectPlace.place_id).where(ProjectPlace.side == side)
        return self._links(self._all(query), place_ids)

    def _code_links(self, name: str) -> Links:
        query = select(ProjectCode.project_id, ProjectCode.code).where(ProjectCode.list == name)
        listed = "corridor" if name == "corridor" else name
        return self._coded(self._all(query), listed)

    def _coded(self, rows: Sequence[Any], name: str) -> Links:
        known = self.position.get(name, {})
        project = index_of(self.ids, column([row[0] for row in rows]))
        target = column([known.get(row[1], -1) for row in rows])
        kept = project >= 0
        return Links(project[kept], target[kept])

    def _links(self, rows: Sequence[Any], targets: IntArray) -> Links:
        project = index_of(self.ids, column([row[0] for row in rows]))
        target = index_of(targets, column([row[1] for row in rows]))
        kept = (project >= 0) & (target >= 0)
        return Links(project[kept], target[kept])

    def _codes(self) -> dict[str, tuple[CodeRef, ...]]:
        found: dict[str, list[CodeRef]] = {}
        query = select(Code.list, Code.code, Code.name_zh, Code.name_en).order_by(Code.list, Code.position, Code.code)
        for name, code, zh, en in self._all(query):
            found.setdefault(name, []).append(CodeRef(code, zh, en))
        return {name: tuple(refs) for name, refs in found.items()}

    def _countries(self) -> tuple[CountryRef, ...]:
        income = {row.pop("iso2"): row for row in read_table("income_groups")}
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
            )
            for row in self.session.scalars(select(Country).order_by(Country.iso2))
        )


def column(values: Sequence[int]) -> IntArray:
    """Return a column of 32-bit integers."""
    return np.array(values, dtype=np.int32)


def index_of(ids: IntArray, wanted: IntArray) -> IntArray:
    """Return the position of each of ``wanted`` in the ascending ``ids``, -1 where it is not there."""
    if not len(ids):
        return np.full(len(wanted), -1, np.int32)
    found = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    return np.where(ids[found] == wanted, found, -1).astype(np.int32)


def _place(place: Place) -> PlaceRef:
    return PlaceRef(
        key=place.key,
        zh=place.name_zh or place.name_en or place.key,
        en=place.name_en or place.name_zh or place.key,
        country=place.country,
        level=place.level,
        province=place.province,
        prefecture=place.prefecture,
    )


def _provinces() -> tuple[CodeRef, ...]:
    return tuple(CodeRef(row["adcode"], row["short_zh"], row["name_en"]) for row in read_table("provinces"))


def _corridors() -> tuple[CorridorRef, ...]:
    return tuple(
        CorridorRef(
            row["code"],
            row["name_zh"],
            row["name_en"],
            tuple(filter(None, (row["foreign_iso2"] + ";" + row["also_in_text_iso2"]).split(";"))),
            tuple(row["node_cities_zh"].split(";")),
        )
        for row in read_table("corridors")
    )
