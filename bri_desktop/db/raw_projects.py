"""Projects for an export as they stand in the tables: as values they would be put together to be taken apart again."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, Select, bindparam, select, type_coerce
from sqlalchemy.orm import Session

from bri_desktop.db.models import (
    Organisation,
    Outcome,
    Pair,
    Place,
    Project,
    ProjectCode,
    ProjectPartner,
    ProjectPlace,
    ProjectTag,
    Tag,
    table_of,
)
from bri_desktop.db.places import stored_place
from bri_desktop.db.stored import StoredPlace

SINGLE = (
    *("code", "title", "title_en", "mode", "submode", "nature", "status", "domain", "level", "policy_step"),
    *("signed", "planned_start", "planned_end", "started", "ended", "currency"),
    *("summary", "results", "source", "visibility", "note", "parent_id"),
)
"""Columns of the project's own row that are read as they are."""
COLUMNS = ("id", *SINGLE, "amount", "department", "lead", "pair_kind")
AT = {name: place for place, name in enumerate(COLUMNS)}
"""Where a column stands in a raw project's ``row``."""

_PROJECT = table_of(Project).c
_DEPARTMENT, _LEAD = table_of(Organisation).alias("d"), table_of(Organisation).alias("l")
_IDS: Any = bindparam("ids", expanding=True)
_ROWS = (
    select(
        _PROJECT.id,
        *(_PROJECT[name] for name in SINGLE),
        type_coerce(_PROJECT.amount, Integer),
        _DEPARTMENT.c.name,
        _LEAD.c.name,
        Pair.kind,
    )
    .outerjoin(_DEPARTMENT, _DEPARTMENT.c.id == _PROJECT.department_id)
    .outerjoin(_LEAD, _LEAD.c.id == _PROJECT.lead_id)
    .outerjoin(Pair, Pair.id == _PROJECT.pair_id)
    .where(_PROJECT.id.in_(_IDS))
)


def _of(model: Any, *columns: Any) -> Select[Any]:
    own = table_of(model).c
    return select(own.project_id, *columns).where(own.project_id.in_(_IDS)).order_by(own.position)


_PLACES = _of(ProjectPlace, ProjectPlace.side, ProjectPlace.place_id)
_CODES = _of(ProjectCode, ProjectCode.list, ProjectCode.code)
_PARTNERS = _of(ProjectPartner, Organisation.name).join(Organisation)
_TAGS = _of(ProjectTag, Tag.name).join(Tag)
_OUTCOMES = _of(Outcome, Outcome.what, Outcome.quantity, Outcome.unit, Outcome.amount, Outcome.currency)

Lists = Mapping[str, Sequence[Any]]
NOTHING: Lists = {}


@dataclass(frozen=True, slots=True)
class RawProject:
    """``row`` holds :data:`COLUMNS`, amounts in ten-thousandths; ``lists`` what it has several of, in its order:
    ``domestic`` and ``foreign`` ids of places, codes by their list, ``partners``, ``tags``, and ``outcomes`` as (what,
    quantity, unit, amount, currency)."""

    row: Sequence[Any]
    lists: Lists


def read_raw(session: Session, ids: Sequence[int]) -> Iterator[RawProject]:
    """Give the projects of ``ids`` that exist, in that order."""
    connection, wanted = session.connection(), {"ids": list(ids)}

    def run(query: Select[Any]) -> Sequence[Any]:
        return connection.execute(query, wanted).all()  # row by row takes three times as long

    rows = {row[0]: row for row in run(_ROWS)}
    lists: dict[int, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for query in (_PLACES, _CODES):
        for project_id, name, value in run(query):
            lists[project_id][name].append(value)
    for field, query in (("partners", _PARTNERS), ("tags", _TAGS)):
        for project_id, name in run(query):
            lists[project_id][field].append(name)
    for project_id, *outcome in run(_OUTCOMES):
        lists[project_id]["outcomes"].append(tuple(outcome))
    return (RawProject(rows[one], lists.get(one, NOTHING)) for one in ids if one in rows)


def read_places_by_id(session: Session, ids: Sequence[int]) -> dict[int, StoredPlace]:
    """Return the places of ``ids``."""
    query = select(Place).where(Place.id.in_(_IDS))
    return {row.id: stored_place(row) for row in session.scalars(query, {"ids": list(ids)})}
