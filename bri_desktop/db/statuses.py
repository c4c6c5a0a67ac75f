"""Dated changes of a project's status, kept as its status is edited: past years count with the status of then.

A change holds from the day it speaks of: an end from the end date, a begin from the start, anything else from the day
it is entered. Earlier dated changes are never moved; a second change on one day replaces the first.
"""

from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bri_desktop.db.models import Code, ProjectStatus
from bri_desktop.domain.codebook import OWN
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.domain.vocabulary import ENDED, PIPELINE

BEGUN = ("signed", "active")
"""What a project is from its start on; a suspension begins some other day."""


@dataclass(frozen=True, slots=True)
class Before:
    """What a project was before it is written: its status, its start, the instant it was entered."""

    status: str | None
    start: str | None
    created_at: str


def follow_status(session: Session, project_id: int, old: Before, draft: ProjectDraft) -> None:
    """Enter the change from the status of ``old`` to that of ``draft``; nothing where they are the same."""
    if draft.status == old.status:
        return
    if draft.status is None:
        session.execute(delete(ProjectStatus).where(ProjectStatus.project_id == project_id))
        return
    changes = _changes(session, project_id)
    since = _effective(_counted_as(session, old.status), _counted_as(session, draft.status), draft)
    if not changes and old.status is not None:
        first = _known_since(replace(old, status=_counted_as(session, old.status)))
        if first < since:
            changes.append(_enter(session, project_id, old.status, first))
    if changes and changes[-1].date >= since:
        changes[-1].status = draft.status
    else:
        _enter(session, project_id, draft.status, since)
    _drop_repeated(session, _changes(session, project_id))


def take_back_status(session: Session, project_id: int, wrong: str | None, right: str | None) -> None:
    """Remove the change into ``wrong``, which an undo takes back, so that ``right`` holds as before."""
    changes = _changes(session, project_id)
    if not changes or right is None or changes[-1].status != wrong:
        return
    last = changes.pop()
    if changes and changes[-1].status == right:
        session.delete(last)
    else:
        last.status = right
    session.flush()


def _changes(session: Session, project_id: int) -> list[ProjectStatus]:
    query = select(ProjectStatus).where(ProjectStatus.project_id == project_id)
    return list(session.scalars(query.order_by(ProjectStatus.date, ProjectStatus.id)))


def _enter(session: Session, project_id: int, status: str, since: str) -> ProjectStatus:
    change = ProjectStatus(project_id=project_id, status=status, date=since)
    session.add(change)
    session.flush()
    return change


def _drop_repeated(session: Session, changes: list[ProjectStatus]) -> None:
    for before, after in pairwise(changes):
        if before.status == after.status:
            session.delete(after)
    session.flush()


def _counted_as(session: Session, status: str | None) -> str | None:
    """Return the built-in status whose rules hold for a status: an own one has it as its parent."""
    if status is None or not status.startswith(OWN):
        return status
    return session.scalar(select(Code.parent).where(Code.list == "status", Code.code == status))


def _effective(old: str | None, status: str | None, draft: ProjectDraft) -> str:
    """Return the date, known to the day, month or year, from which the status of ``draft`` holds."""
    today = date.today().isoformat()
    spoken = None
    if status in ENDED:
        spoken = draft.ended
    elif status in BEGUN and (old is None or old in PIPELINE):
        spoken = draft.signed or draft.started
    return min(spoken.value, today) if spoken else today


def _known_since(old: Before) -> str:
    if old.status in PIPELINE or old.start is None:
        return old.created_at[:10]
    return old.start
