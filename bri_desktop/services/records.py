"""Records of every kind as JSON objects: what ``list`` and ``show`` print."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bri_desktop.db.models import Activity, Agreement, Base, Organisation, Outcome, Pair, Place, Project
from bri_desktop.domain.errors import InputError, Where
from bri_desktop.domain.folding import fold
from bri_desktop.domain.vocabulary import (
    ACTIVITY_KEY,
    AGREEMENT_KEY,
    ORGANISATION_KEY,
    PAIR_KEY,
    PROJECT_KEY,
    key_of,
    number_of,
)
from bri_desktop.services.mode_profile_sheets import SHEETS, list_profiles, profile_json
from bri_desktop.services.projects import find_ids, get_project, read_items
from bri_desktop.services.record_json import LISTS, list_hanging, show_hanging


def list_records(
    session: Session, kind: str, *, filter_text: str = "", search: str = "", limit: int | None = None
) -> dict[str, Any]:
    """Return ``total`` and the ``items`` of one kind; only projects take a filter."""
    if kind == "project":
        ids = find_ids(session, filter_text=filter_text, search=search)
        return {"total": len(ids), "items": [item.to_json() for item in read_items(session, ids[:limit])]}
    if kind in SHEETS:
        profiles = list_profiles(session, kind, find_ids(session, filter_text=filter_text))
        return _page(profiles, search, limit)
    if kind in LISTS:
        projects = find_ids(session, filter_text=filter_text) if filter_text.strip() else None
        return _page(list_hanging(session, kind, projects), search, limit)
    if kind not in TABLES:
        raise InputError("option_unknown", value=kind, known=", ".join(("project", *SHEETS, *TABLES, *LISTS)))
    if filter_text.strip():
        return _of_projects(session, kind, filter_text, search, limit)
    table, to_json, _ = TABLES[kind]
    rows = session.scalars(select(table).where(*_alive(table)).order_by(table.__table__.c.id)).all()
    return _page([to_json(row) for row in rows], search, limit)


def _of_projects(session: Session, kind: str, filter_text: str, search: str, limit: int | None) -> dict[str, Any]:
    """List the records that belong to the projects which pass the filter."""
    ids = set(find_ids(session, filter_text=filter_text))
    table, to_json, projects_of = TABLES[kind]
    rows = session.scalars(select(table).where(*_alive(table)).order_by(table.__table__.c.id)).all()
    return _page([to_json(row) for row in rows if projects_of(session, row) & ids], search, limit)


def _page(items: list[dict[str, Any]], search: str, limit: int | None) -> dict[str, Any]:
    wanted = fold(search)
    found = [item for item in items if wanted in fold(" ".join(str(value) for value in item.values()))]
    return {"total": len(found), "items": found[:limit]}


def show_record(session: Session, key: str) -> dict[str, Any]:
    """Return one record of any kind by its key; ``deleted_at`` is the instant it went into the bin, else ``None``."""
    for prefix, kind in (
        (PAIR_KEY, "pair"),
        (AGREEMENT_KEY, "agreement"),
        (ACTIVITY_KEY, "activity"),
        (ORGANISATION_KEY, "organisation"),
    ):
        number = number_of(prefix, key)
        table, to_json, _ = TABLES[kind]
        row: Any = session.get(table, number) if number is not None else None
        if row is not None:
            return to_json(row) | {"deleted_at": row.deleted_at}
    if (hung := show_hanging(session, key)) is not None:
        return hung
    place = session.scalar(select(Place).where(Place.key == key))
    if place is not None:
        return place_json(place) | {"deleted_at": place.deleted_at}
    if number_of(PROJECT_KEY, key) is None and not session.scalar(select(func.count()).where(Project.code == key)):
        raise InputError("record_unknown", where=Where(key=key), key=key)
    item = get_project(session, key)
    deleted_at = session.scalar(select(Project.deleted_at).where(Project.id == item.id))
    return item.to_json() | profile_json(session, item.draft.mode, item.id) | {"deleted_at": deleted_at}


def pair_json(pair: Pair) -> dict[str, Any]:
    """Return a pair with its two places."""
    return {
        "key": key_of(PAIR_KEY, pair.id),
        "domestic": _end(pair.domestic),
        "foreign": _end(pair.foreign),
        "country": pair.foreign.country,
        "kind": pair.kind,
        "level": pair.level,
        "life": pair.life,
        "ended": pair.ended,
        "note": pair.note,
        "version": pair.version,
    }


def _end(place: Place) -> dict[str, Any]:
    return {"key": place.key, "name": place.name_zh or place.name_en}


def place_json(place: Place) -> dict[str, Any]:
    """Return a place of the ledger."""
    names = ("key", "level", "country", "name_zh", "name_en", "name_local", "province", "prefecture", "lat", "lon")
    return {name: getattr(place, name) for name in names} | {
        "name": place.name_zh or place.name_en,
        "confirmed": place.confirmed,
        "version": place.version,
    }


def organisation_json(organisation: Organisation) -> dict[str, Any]:
    """Return an organisation."""
    return {
        "key": key_of(ORGANISATION_KEY, organisation.id),
        "name": organisation.name,
        "name_en": organisation.name_en,
        "kind": organisation.kind,
        "version": organisation.version,
    }


def agreement_json(agreement: Agreement) -> dict[str, Any]:
    """Return an agreement."""
    names = ("kind", "title", "signed", "expires", "ended", "place", "signatories", "version")
    return {
        "key": key_of(AGREEMENT_KEY, agreement.id),
        "project": key_of(PROJECT_KEY, agreement.project_id) if agreement.project_id else None,
        "pair": key_of(PAIR_KEY, agreement.pair_id) if agreement.pair_id else None,
        **{name: getattr(agreement, name) for name in names},
    }


def activity_json(activity: Activity) -> dict[str, Any]:
    """Return an activity."""
    names = ("kind", "title", "date", "ended", "place", "head_count", "summary", "version")
    return {
        "key": key_of(ACTIVITY_KEY, activity.id),
        "project": key_of(PROJECT_KEY, activity.project_id) if activity.project_id else None,
        "pair": key_of(PAIR_KEY, activity.pair_id) if activity.pair_id else None,
        **{name: getattr(activity, name) for name in names},
    }


def outcome_json(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome with its project."""
    return {
        "key": f"{key_of(PROJECT_KEY, outcome.project_id)}.{outcome.position + 1}",
        "project": key_of(PROJECT_KEY, outcome.project_id),
        "class": outcome.outcome_class,
        "what": outcome.what,
        "quantity": None if outcome.quantity is None else format(outcome.quantity, "f"),
        "unit": outcome.unit,
        "amount": None
        if outcome.amount is None
        else {"amount": format(outcome.amount, "f"), "currency": outcome.currency},
        "date": outcome.date,
    }


def _alive(table: Any) -> list[Any]:
    if table is Outcome:
        return [Outcome.project_id.in_(select(Project.id).where(Project.deleted_at.is_(None)))]
    return [table.deleted_at.is_(None)]


def _own(_session: Session, row: Any) -> set[int]:
    return {row.project_id} if row.project_id else set()


def _of_pair(session: Session, row: Pair) -> set[int]:
    return set(session.scalars(select(Project.id).where(Project.pair_id == row.id)))


def _of_place(session: Session, row: Place) -> set[int]:
    from bri_desktop.db.models import ProjectPlace

    return set(session.scalars(select(ProjectPlace.project_id).where(ProjectPlace.place_id == row.id)))


def _of_organisation(session: Session, row: Organisation) -> set[int]:
    return set(
        session.scalars(select(Project.id).where(or_(Project.department_id == row.id, Project.lead_id == row.id)))
    )


Row = tuple[type[Base], Callable[[Any], dict[str, Any]], Callable[[Session, Any], set[int]]]
TABLES: Mapping[str, Row] = {
    "pair": (Pair, pair_json, _of_pair),
    "place": (Place, place_json, _of_place),
    "organisation": (Organisation, organisation_json, _of_organisation),
    "agreement": (Agreement, agreement_json, _own),
    "activity": (Activity, activity_json, _own),
    "outcome": (Outcome, outcome_json, _own),
}
