"""Which editions of mechanisms are coming or late: what the first page reminds of."""

import datetime
from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from bri_desktop.db.models import Activity, Project
from bri_desktop.domain.mode_profile import MECHANISM, MECHANISM_PROFILE
from bri_desktop.services.mode_figures import days_to, rhythm
from bri_desktop.services.mode_profiles import read_profiles

OVER = ("completed", "terminated", "failed", "suspended")
DAYS_BEFORE, DAYS_AFTER = 90, 365


class DueEdition(NamedTuple):
    """The next edition of a mechanism: ``date`` as precise as it is known, ``days`` from today (``None``: a year
    only), ``number`` of the edition, 0 where no edition is counted."""

    title: str
    secretariat: str
    number: int
    date: str
    days: int | None
    projects: tuple[int, ...]


def due_editions(session: Session, today: datetime.date) -> tuple[DueEdition, ...]:
    """Return the editions that come within 90 days or have been late for up to a year, soonest first."""
    profiles = read_profiles(session, MECHANISM_PROFILE)
    if not profiles:
        return ()
    columns = (Project.id, Project.title, Project.status)
    query = select(*columns).where(Project.id.in_(profiles), Project.mode == MECHANISM, Project.ended.is_(None))
    held = _held(session, profiles, today)
    found = []
    for project, title, status in session.execute(query.where(Project.deleted_at.is_(None))).tuples():
        coming = rhythm(profiles[project], held.get(project, []))
        if status in OVER or coming.next_date is None or not _is_due(coming.next_date, today):
            continue
        secretariat = profiles[project]["secretariat"] or ""
        days = days_to(coming.next_date, today)
        found.append(DueEdition(title, secretariat, coming.number or 0, coming.next_date, days, (project,)))
    return tuple(sorted(found, key=lambda item: (item.date, item.projects)))


def _held(session: Session, projects: Iterable[int], today: datetime.date) -> dict[int, list[str]]:
    """Return the dates of the editions that were held: projects under a mechanism and its own activities."""
    under = select(Project.parent_id, Project.start).where(Project.parent_id.in_(projects), Project.start.is_not(None))
    own = select(Activity.project_id, Activity.date).where(
        Activity.project_id.in_(projects), Activity.date.is_not(None), Activity.deleted_at.is_(None)
    )
    found: dict[int, list[str]] = {}
    for query in (under.where(Project.deleted_at.is_(None)), own):
        for project, date in session.execute(query):
            if date <= today.isoformat():
                found.setdefault(project, []).append(date)
    return {project: sorted(dates) for project, dates in found.items()}


def _is_due(date: str, today: datetime.date) -> bool:
    days = days_to(date, today)
    if days is None:
        return int(date) in (today.year, today.year - 1)
    return -DAYS_AFTER <= days <= DAYS_BEFORE
