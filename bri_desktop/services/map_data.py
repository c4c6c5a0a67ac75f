"""What the sketch map shows: places with their coordinates, and ties as lines between them."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bri_desktop.db.models import Place, Project, ProjectPlace
from bri_desktop.services.cities import PairRow, PlaceRow, read_pairs, read_places

SISTER = "sister"


@dataclass(frozen=True, slots=True)
class MapPlace:
    """A place at its coordinates (degrees); ``ties`` are those that stand, of any kind.

    ``practical`` and ``exchange`` count its projects by nature; those of no nature are in neither.
    """

    place: PlaceRow
    lon: float
    lat: float
    ties: int
    practical: int = 0
    exchange: int = 0

    @property
    def practical_share(self) -> float | None:
        """Practical projects among those of a nature, 0–1; ``None`` where none has one."""
        classified = self.practical + self.exchange
        return self.practical / classified if classified else None


@dataclass(frozen=True, slots=True)
class MapTie:
    """A tie that stands, between two places on the map."""

    pair: PairRow
    start: MapPlace
    end: MapPlace

    @property
    def is_sister(self) -> bool:
        """Whether it is of the first kind: the approved sister cities."""
        return self.pair.kind == SISTER


@dataclass(frozen=True, slots=True)
class MapData:
    """The places and ties that have coordinates, and the places that have none."""

    places: tuple[MapPlace, ...]
    ties: tuple[MapTie, ...]
    missing: tuple[PlaceRow, ...]


def read_map(session: Session) -> MapData:
    """Return the map of the ledger; places that nothing speaks of any more are left out."""
    found = {row.id: (row.lon, row.lat) for row in session.execute(select(Place.id, Place.lon, Place.lat))}
    pairs = [pair for pair in read_pairs(session) if pair.ended is None]
    natures = _natures(session)
    ties = Counter(place.id for pair in pairs for place in (pair.domestic, pair.foreign))
    places = [place for place in read_places(session) if place.projects or ties[place.id]]
    on_map = {
        place.id: MapPlace(
            place, lon, lat, ties[place.id], natures[place.id, "practical"], natures[place.id, "exchange"]
        )
        for place in places
        for lon, lat in (found[place.id],)
        if lon is not None and lat is not None
    }
    lines = (
        MapTie(pair, on_map[pair.domestic.id], on_map[pair.foreign.id])
        for pair in pairs
        if pair.domestic.id in on_map and pair.foreign.id in on_map
    )
    missing = tuple(place for place in places if place.id not in on_map)
    return MapData(tuple(on_map.values()), tuple(lines), missing)


def _natures(session: Session) -> Counter[tuple[int, str]]:
    """Return how many projects of each nature a place has, as (place, nature)."""
    query = (
        select(ProjectPlace.place_id, Project.nature, func.count(Project.id.distinct()))
        .join(Project, Project.id == ProjectPlace.project_id)
        .where(Project.deleted_at.is_(None), Project.nature.is_not(None))
        .group_by(ProjectPlace.place_id, Project.nature)
    )
    return Counter({(place, nature or ""): count for place, nature, count in session.execute(query).tuples()})
