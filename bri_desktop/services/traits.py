"""What of the records and rows of a ledger likeness compares, read in bulk: a hundred thousand in a few seconds."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from bri_desktop.db.models import Organisation, Pair, Place, Project, ProjectPartner, ProjectPlace
from bri_desktop.domain.dates import PartialDate
from bri_desktop.domain.errors import InputError
from bri_desktop.domain.folding import fold
from bri_desktop.domain.match import Setting, Traits, Whereabouts, setting_of, traits_of
from bri_desktop.domain.money import Money
from bri_desktop.domain.place import PlaceIndex, forms_of
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.services.intake_place import NEW_PLACE

READ_AT_ONCE = 5_000
MOST_NAMES = 12

Cancelled = Callable[[], bool]
Progress = Callable[[int, int], None]


class Atlas:
    """Where the places of drafts lie and how they are written, each looked up once."""

    def __init__(self, index: PlaceIndex) -> None:
        self._index = index
        self._known: dict[str, Whereabouts | None] = {}
        self._settings: dict[tuple[tuple[str, ...], tuple[str, ...]], Setting] = {}

    def traits(self, draft: ProjectDraft) -> Traits:
        """Return what is compared of a draft."""
        places = (draft.domestic_places, draft.foreign_places)
        if places not in self._settings:
            domestic, foreign = ({key: self._place(key) for key in keys} for keys in places)
            self._settings[places] = setting_of(domestic, foreign)
        return traits_of(draft, self._settings[places])

    def _place(self, key: str) -> Whereabouts | None:
        if key not in self._known:
            self._known[key] = self._look_up(key)
        return self._known[key]

    def _look_up(self, key: str) -> Whereabouts | None:
        if key.startswith(NEW_PLACE):
            country, _, name = key.removeprefix(NEW_PLACE).partition(":")
            return Whereabouts(key, country, "", (fold(name),))
        entry = self._index.get(key)
        if entry is None:
            return None
        full, short = entry.forms or forms_of(entry)
        names = dict.fromkeys(name for name in (*full, *short) if len(name) > (3 if name.isascii() else 1))
        land = self._index.get(f"co:{entry.country}")
        if land is not None and land.name_zh:
            names[fold(land.name_zh)] = None
        province = self._index.province_of(key) if entry.country == "CN" else None
        return Whereabouts(key, entry.country, (province or "")[3:5], tuple(names)[:MOST_NAMES])


def read_traits(
    session: Session,
    atlas: Atlas,
    *,
    but_not_of: int | None = None,
    since: int = 0,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Iterator[tuple[int, Traits]]:
    """Yield (id, traits) of every project that is not in the bin.

    Those of batch ``but_not_of`` with an id above ``since`` are left out.
    ``InputError`` ``cancelled`` where ``cancelled`` says so.
    """
    own: ColumnElement[bool] = true()
    if but_not_of is not None:
        own = or_(Project.batch_id.is_(None), Project.batch_id != but_not_of, Project.id <= since)
    ids = list(session.scalars(select(Project.id).where(Project.deleted_at.is_(None), own).order_by(Project.id)))
    for start in range(0, len(ids), READ_AT_ONCE):
        if cancelled is not None and cancelled():
            raise InputError("cancelled")
        for number, draft in _drafts(session, ids[start], ids[min(start + READ_AT_ONCE, len(ids)) - 1], own):
            yield number, atlas.traits(draft)
        if progress is not None:
            progress(min(start + READ_AT_ONCE, len(ids)), len(ids))


def _drafts(session: Session, first: int, last: int, own: ColumnElement[bool]) -> Iterator[tuple[int, ProjectDraft]]:
    """Yield the projects of a range of ids with the fields that are compared."""
    columns = (
        Project.id,
        Project.title,
        Project.signed,
        Project.started,
        Project.amount,
        Project.currency,
        Project.mode,
    )
    rows = session.execute(
        select(*columns, Pair.kind)
        .outerjoin(Pair, Pair.id == Project.pair_id)
        .where(Project.id.between(first, last), Project.deleted_at.is_(None), own)
        .order_by(Project.id)
    )
    places = _grouped(
        session,
        select(ProjectPlace.project_id, ProjectPlace.side, Place.key)
        .join(Place)
        .where(ProjectPlace.project_id.between(first, last)),
    )
    partners = _grouped(
        session,
        select(ProjectPartner.project_id, ProjectPartner.project_id, Organisation.name)
        .join(Organisation)
        .where(ProjectPartner.project_id.between(first, last)),
    )
    for number, title, signed, started, amount, currency, mode, kind in rows:
        yield (
            number,
            ProjectDraft(
                title=title,
                mode=mode,
                pair_kind=kind,
                signed=PartialDate(signed) if signed else None,
                started=PartialDate(started) if started else None,
                amount=None if amount is None else Money(amount, currency or "CNY"),
                domestic_places=tuple(places.get((number, "domestic"), ())),
                foreign_places=tuple(places.get((number, "foreign"), ())),
                partners=tuple(partners.get((number, number), ())),
            ),
        )


def _grouped(session: Session, query: Any) -> dict[tuple[int, Any], list[str]]:
    found: dict[tuple[int, Any], list[str]] = defaultdict(list)
    rows: Sequence[Any] = session.execute(query).all()
    for number, part, value in rows:
        found[(number, part)].append(value)
    return found
