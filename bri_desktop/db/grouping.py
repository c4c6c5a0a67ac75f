"""Projects by what a table groups them by: the value of each project, and exact sums, in a few queries for all."""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bri_desktop.db.listing import spread
from bri_desktop.db.models import Place, Project, ProjectPlace
from bri_desktop.db.queries import ORGANISATIONS
from bri_desktop.domain.errors import InputError

CODED = ("mode", "domain", "status", "nature", "level", "visibility")
PLACED = {"city": "domestic", "foreign_city": "foreign", "country": "foreign"}

Value = str | int | None


def group_values(session: Session, ids: Sequence[int], by: str) -> dict[int, Value]:
    """Return id -> what a project is grouped by: a code, a year, the record number of a place or organisation.

    Of several places the first counts, so that each project stands in one group. ``InputError`` ``option_unknown``.
    """
    column = _column(by)
    query = select(Project.id, column.label("value")).where(Project.id.in_(spread(ids))).subquery()
    row = session.execute(select(func.json_group_array(query.c.id), func.json_group_array(query.c.value))).one()
    return dict(zip(json.loads(row[0]), json.loads(row[1]), strict=True))


def group_sums(session: Session, ids: Sequence[int], by: str) -> dict[Value, dict[str, Decimal]]:
    """Return value -> currency -> exact sum of the amounts of the projects of that group."""
    column = _column(by)
    query = (
        select(column.label("value"), Project.currency, func.sum(Project.amount))
        .where(Project.id.in_(spread(ids)), Project.amount.is_not(None))
        .group_by("value", Project.currency)
    )
    found: dict[Value, dict[str, Decimal]] = {}
    for value, currency, amount in session.execute(query):
        found.setdefault(value, {})[currency] = amount
    return found


def _column(by: str) -> Any:
    if by in CODED:
        return getattr(Project, by)
    if by in ORGANISATIONS:
        return ORGANISATIONS[by]
    if by == "year":
        return func.substr(Project.start, 1, 4)
    if by not in PLACED:
        raise InputError("option_unknown", value=by, known=", ".join((*CODED, *ORGANISATIONS, "year", *PLACED)))
    wanted = Place.country if by == "country" else Place.id
    return (
        select(wanted)
        .join(ProjectPlace, ProjectPlace.place_id == Place.id)
        .where(ProjectPlace.project_id == Project.id, ProjectPlace.side == PLACED[by], ProjectPlace.position == 0)
        .scalar_subquery()
    )
