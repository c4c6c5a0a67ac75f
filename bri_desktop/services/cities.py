"""Places and pairs of the ledger with the number of their projects: what the page of cities lists."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bri_desktop.db.models import Agreement, Country, Pair, Place, Project, ProjectPlace
from bri_desktop.db.reference import province_names

CHINA = "CN"


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place that projects or pairs name; names are (Chinese, English), the other one where one is missing.

    ``province`` is empty outside the mainland; ``projects`` counts those not in the bin, on either side.
    """

    id: int
    key: str
    names: tuple[str, str]
    level: str
    country: str
    countries: tuple[str, str]
    provinces: tuple[str, str]
    confirmed: bool
    projects: int

    @property
    def is_domestic(self) -> bool:
        """Whether the place lies in a province of China's mainland."""
        return self.country == CHINA

    def name(self, language: str) -> str:
        """The name in that language."""
        return self.names[language == "en"]

    def country_name(self, language: str) -> str:
        """The name of the country or region in that language."""
        return self.countries[language == "en"]

    def province_name(self, language: str) -> str:
        """The name of the province in that language; empty abroad."""
        return self.provinces[language == "en"]


@dataclass(frozen=True, slots=True)
class PairRow:
    """A tie: its places, codes of kind, level and life, first signing and end (ISO, reduced precision), projects."""

    id: int
    domestic: PlaceRow
    foreign: PlaceRow
    kind: str | None
    level: str | None
    life: str | None
    signed: str | None
    ended: str | None
    projects: int


def read_places(session: Session) -> tuple[PlaceRow, ...]:
    """Return the places of the ledger: domestic ones first, most projects first."""
    rows = _places(session).values()
    return tuple(sorted(rows, key=lambda row: (not row.is_domestic, -row.projects, row.id)))


def read_pairs(session: Session) -> tuple[PairRow, ...]:
    """Return the pairs of the ledger, the longest standing first; undated ones last."""
    places, signed = _places(session), pair_signings(session)
    counts = _pair_counts(session)
    rows = [
        PairRow(
            pair.id,
            places[pair.domestic_id],
            places[pair.foreign_id],
            pair.kind,
            pair.level,
            pair.life,
            signed.get(pair.id),
            pair.ended,
            counts.get(pair.id, 0),
        )
        for pair in session.scalars(select(Pair).where(Pair.deleted_at.is_(None)))
    ]
    return tuple(sorted(rows, key=lambda row: (row.signed is None, row.signed or "", row.id)))


def place_project_ids(session: Session, place: int) -> tuple[int, ...]:
    """Return the ids of the projects that name the place, on either side."""
    query = (
        select(Project.id)
        .join(ProjectPlace, ProjectPlace.project_id == Project.id)
        .where(ProjectPlace.place_id == place, Project.deleted_at.is_(None))
    )
    return tuple(session.scalars(query.distinct().order_by(Project.id)))


def pair_project_ids(session: Session, pair: int) -> tuple[int, ...]:
    """Return the ids of the projects of the pair."""
    query = select(Project.id).where(Project.pair_id == pair, Project.deleted_at.is_(None)).order_by(Project.id)
    return tuple(session.scalars(query))


def pair_signings(session: Session) -> dict[int, str]:
    """Return pair id -> the earliest date on which an agreement of it, or a project of it, was signed."""
    owner = func.coalesce(Agreement.pair_id, Project.pair_id)
    agreements = (
        select(owner, func.min(Agreement.signed))
        .outerjoin(Project, Project.id == Agreement.project_id)
        .where(Agreement.deleted_at.is_(None), Agreement.signed.is_not(None), owner.is_not(None))
        .group_by(owner)
    )
    projects = (
        select(Project.pair_id, func.min(Project.signed))
        .where(Project.deleted_at.is_(None), Project.signed.is_not(None), Project.pair_id.is_not(None))
        .group_by(Project.pair_id)
    )
    found: dict[int, str] = {}
    for pair, signed in [*session.execute(agreements), *session.execute(projects)]:
        found[pair] = min(found.get(pair, signed), signed)
    return found


def _places(session: Session) -> dict[int, PlaceRow]:
    countries = {row.iso2: (row.name_zh, row.name_en) for row in session.scalars(select(Country))}
    provinces = province_names()
    counts = _place_counts(session)
    return {
        place.id: PlaceRow(
            id=place.id,
            key=place.key,
            names=_names(place),
            level=place.level,
            country=place.country,
            countries=countries[place.country],
            provinces=provinces.get(place.province or "", ("", "")),
            confirmed=place.confirmed,
            projects=counts.get(place.id, 0),
        )
        for place in session.scalars(select(Place).where(Place.deleted_at.is_(None)))
    }


def _names(place: Place) -> tuple[str, str]:
    zh, en = place.name_zh or place.name_en, place.name_en or place.name_zh
    return zh or place.key, en or place.key


def _place_counts(session: Session) -> dict[int, int]:
    query = (
        select(ProjectPlace.place_id, func.count(Project.id.distinct()))
        .join(Project, Project.id == ProjectPlace.project_id)
        .where(Project.deleted_at.is_(None))
        .group_by(ProjectPlace.place_id)
    )
    return dict(session.execute(query).tuples().all())


def _pair_counts(session: Session) -> dict[int | None, int]:
    query = select(Project.pair_id, func.count()).where(Project.deleted_at.is_(None)).group_by(Project.pair_id)
    return dict(session.execute(query).tuples().all())
