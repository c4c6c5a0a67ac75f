"""Saved views of the ledger, and the values its conditions are chosen from."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bri_desktop.db.models import Organisation, Place, Project, ProjectPlace, SavedView
from bri_desktop.domain.changes import Changes
from bri_desktop.services.view_items import FilterChoice as FilterChoice
from bri_desktop.services.view_items import View as View

VIEWS = frozenset({"view"})


def list_views(session: Session) -> list[View]:
    """Return the saved views by name."""
    return [_view(row) for row in session.scalars(select(SavedView).order_by(SavedView.name))]


def _view(row: SavedView) -> View:
    """Return a stored view; grouping and frozen columns stand behind the columns, as an object."""
    columns = tuple(column for column in row.columns if isinstance(column, str))
    more: Mapping[str, Any] = next((one for one in row.columns if isinstance(one, dict)), {})
    sort = tuple((field, bool(down)) for field, down in row.sort)
    return View(row.name, row.filter, columns, sort, str(more.get("group", "")), int(more.get("frozen", 0)))


def save_view(session: Session, view: View) -> Changes:
    """Store a view; one of the same name is replaced."""
    row = session.scalar(select(SavedView).where(SavedView.name == view.name))
    if row is None:
        row = SavedView(name=view.name)
        session.add(row)
    more = [{"group": view.group, "frozen": view.frozen}] if view.group or view.frozen else []
    row.filter, row.columns, row.sort = view.filter, [*view.columns, *more], [list(pair) for pair in view.sort]
    session.flush()
    return Changes(VIEWS)


def delete_view(session: Session, name: str) -> Changes:
    """Forget a view; one that is gone already is no fault."""
    row = session.scalar(select(SavedView).where(SavedView.name == name))
    if row is not None:
        session.delete(row)
        session.flush()
    return Changes(VIEWS)


def filter_choices(session: Session, field: str) -> list[FilterChoice]:
    """Return what occurs in the ledger for ``city``, ``foreign_city``, ``department`` or ``year``, most used first.

    Years come latest first; any other field gives nothing.
    """
    if field in ("city", "foreign_city"):
        return _places(session, "domestic" if field == "city" else "foreign")
    if field == "department":
        return _departments(session)
    return _years(session) if field == "year" else []


def _places(session: Session, side: str) -> list[FilterChoice]:
    uses = func.count()
    rows = session.execute(
        select(Place.key, Place.name_zh, Place.name_en, uses)
        .join(ProjectPlace, ProjectPlace.place_id == Place.id)
        .join(Project, Project.id == ProjectPlace.project_id)
        .where(ProjectPlace.side == side, Project.deleted_at.is_(None))
        .group_by(Place.id)
        .order_by(uses.desc(), Place.pinyin)
    )
    return [FilterChoice(key, zh or "", en or "", count) for key, zh, en, count in rows]


def _departments(session: Session) -> list[FilterChoice]:
    uses = func.count()
    rows = session.execute(
        select(Organisation.name, Organisation.name_en, uses)
        .join(Project, Project.department_id == Organisation.id)
        .where(Project.deleted_at.is_(None))
        .group_by(Organisation.id)
        .order_by(uses.desc(), Organisation.name)
    )
    return [FilterChoice(name, name, en or "", count) for name, en, count in rows]


def _years(session: Session) -> list[FilterChoice]:
    year = func.substr(Project.start, 1, 4)
    rows: Sequence[tuple[str, int]] = (
        session.execute(
            select(year, func.count())
            .where(Project.start.is_not(None), Project.deleted_at.is_(None))
            .group_by(year)
            .order_by(year.desc())
        )
        .tuples()
        .all()
    )
    return [FilterChoice(value, value, value, count) for value, count in rows]


def organisation_names(session: Session) -> list[str]:
    """Return the names of all departments and actors, for the completion of a form."""
    return list(
        session.scalars(select(Organisation.name).where(Organisation.deleted_at.is_(None)).order_by(Organisation.name))
    )
