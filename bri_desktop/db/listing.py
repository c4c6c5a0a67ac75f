"""The rows of the ledger's table as ids in order: the first screen of them quickly, all of them, and their sums.

The first screen has two ways. Where many projects pass, it is full after a look at the newest few; else what passes
is looked up in indexes. Both give the beginning of the same list.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, Subquery, and_, func, select, tuple_
from sqlalchemy.orm import Session

from bri_desktop.db.models import Code, Organisation, Place, Project, ProjectPlace
from bri_desktop.db.queries import CODE_FIELDS, DATE_FIELDS, ORGANISATIONS, TEXT_FIELDS, Condition, condition
from bri_desktop.db.search import few_holding, found_by_index, found_by_reading, search_words
from bri_desktop.domain.errors import InputError
from bri_desktop.domain.filter import All, Filter

NEWEST_FIRST = (("start", True),)
NEWEST = 1_000
"""How many projects the first look takes in."""
FEW = 500


@dataclass(frozen=True, slots=True)
class Listing:
    """What is listed: projects that pass a filter and hold every searched word; ``sort`` as (field, descending)."""

    wanted: Filter = field(default_factory=All)
    search: str = ""
    sort: Sequence[tuple[str, bool]] = ()


def all_ids(session: Session, listing: Listing) -> list[int]:
    """Return the ids of everything listed, in order."""
    return _collected(session, _ordered(select(Project.id).where(_passes(session, listing)), listing.sort))


def first_ids(session: Session, listing: Listing, count: int) -> list[int]:
    """Return the first ``count`` ids of what is listed."""
    is_narrowed = bool(listing.search) or listing.wanted != All()
    if is_narrowed and tuple(listing.sort or NEWEST_FIRST) == NEWEST_FIRST:
        found = _among_newest(session, listing, count)
        if len(found) == count:
            return found
    query = _ordered(select(Project.id).where(_passes(session, listing)), listing.sort).limit(count)
    return list(session.connection().execute(query).scalars())


def _among_newest(session: Session, listing: Listing, count: int) -> list[int]:
    """Return the first ids that pass among the newest projects, whose texts are read one by one."""
    newest = select(Project.start, Project.id).where(Project.deleted_at.is_(None))
    edge = session.connection().execute(_ordered(newest, ()).offset(NEWEST).limit(1)).first()
    words = [found_by_reading(word) for word in search_words(listing.search)]
    query = select(Project.id).where(Project.deleted_at.is_(None), condition(listing.wanted), *words)
    if edge is not None and edge.start is not None:
        query = query.where(tuple_(Project.start, Project.id) > tuple_(edge.start, edge.id))
    return list(session.connection().execute(_ordered(query, ()).limit(count)).scalars())


def count_listed(session: Session, listing: Listing) -> int:
    """Return how many projects are listed."""
    query = select(func.count()).select_from(Project).where(_passes(session, listing))
    return session.connection().execute(query).scalar_one()


def sums(session: Session, listing: Listing) -> dict[str, Decimal]:
    """Return currency -> exact sum of the amounts of everything listed."""
    return _summed(session, _passes(session, listing))


def sums_of(session: Session, ids: Sequence[int]) -> dict[str, Decimal]:
    """Return currency -> exact sum of the amounts of ``ids``."""
    return _summed(session, Project.id.in_(spread(ids)))


def _summed(session: Session, passes: Condition) -> dict[str, Decimal]:
    query = select(Project.currency, func.sum(Project.amount)).where(passes, Project.amount.is_not(None))
    rows = session.connection().execute(query.group_by(Project.currency))
    return {row.currency: row[1] for row in rows}


def _passes(session: Session, listing: Listing) -> Condition:
    """Return the condition on projects; where few may hold the words, it names them."""
    words, passes = search_words(listing.search), condition(listing.wanted)
    few = few_holding(session, words, FEW) if words and min(map(len, words)) > 1 else None
    if few is None:
        return and_(Project.deleted_at.is_(None), passes, found_by_index(words))
    return and_(kept_among(few), passes, *map(found_by_reading, words))


def kept_among(ids: Any) -> Condition:
    """Return the condition on a project to be one of ``ids`` (numbers or a query) and not in the bin.

    The bin is not looked up by its index: SQLite, which takes it for the narrower choice, would read every project.
    """
    return and_(Project.id.in_(ids), func.coalesce(Project.deleted_at, "") == "")


def _ordered(query: Select[Any], sort: Sequence[tuple[str, bool]]) -> Select[Any]:
    for name, descending in sort or NEWEST_FIRST:
        column = sort_column(name)
        query = query.order_by((column.desc() if descending else column.asc()).nulls_last())
    return query.order_by(Project.id.desc())


def sort_column(name: str) -> Any:
    """Return the column or scalar query that a table column is sorted by."""
    if name in ("domestic_places", "foreign_places"):
        side = name.removesuffix("_places")
        return (
            select(func.coalesce(Place.pinyin, Place.name_en))
            .join(ProjectPlace, ProjectPlace.place_id == Place.id)
            .where(ProjectPlace.project_id == Project.id, ProjectPlace.side == side, ProjectPlace.position == 0)
            .scalar_subquery()
        )
    if name in CODE_FIELDS and name != "visibility":
        return select(Code.position).where(Code.list == name, Code.code == getattr(Project, name)).scalar_subquery()
    if name in ORGANISATIONS:
        return select(Organisation.name).where(Organisation.id == ORGANISATIONS[name]).scalar_subquery()
    if name == "key":
        return Project.id
    if name in (*DATE_FIELDS, *TEXT_FIELDS, "amount", "visibility", "version"):
        return getattr(Project, name)
    raise InputError("sort_unknown_field", field=name)


# -- SQLite's own: a list as one value, which takes a tenth of the time of a row for each id ---------------------------


def _collected(session: Session, query: Select[tuple[int]]) -> list[int]:
    listed: Subquery = query.subquery()
    text = session.scalar(select(func.json_group_array(listed.c.id)))
    return list(json.loads(text or "[]"))


def spread(ids: Sequence[int]) -> Select[Any]:
    """Return a query whose rows are ``ids``."""
    return select(func.json_each(json.dumps(list(ids))).table_valued("value").c.value)
