"""Dated changes of a project's status, kept as its status is edited: past years count with the status of then.

A change holds from the day it speaks of: an end from the end date, a begin from the start, anything else from the day
it is entered. Earlier dated changes are never moved; a second change on one day replaces the first.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from bri_desktop.db.models import Code, ProjectStatus, table_of
from bri_desktop.domain.codebook import OWN
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.domain.vocabulary import ENDED, PIPELINE

BEGUN = ("signed", "active")
"""What a project is from its start on; a suspension begins some other day."""
CHUNK = 500

Parents = Mapping[str, str | None]
"""Status of the office's own -> the built-in one above it."""


@dataclass(frozen=True, slots=True)
class Before:
    """What a project was before it is written: its status, its start, the instant it was entered."""

    status: str | None
    start: str | None
    created_at: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A project that is written: what it was, and what it is from now on."""

    project_id: int
    before: Before
    draft: ProjectDraft


@dataclass(slots=True)
class _Dated:
    """A dated change; ``id`` is 0 until it is stored."""

    status: str
    date: str
    id: int = 0


def follow_statuses(session: Session, turns: Sequence[Turn]) -> None:
    """Enter the change of each project from its status before to that of its draft; none where they are the same."""
    turns = [turn for turn in turns if turn.draft.status != turn.before.status]
    parents = _parents(session) if turns else {}

    def followed(turn: Turn, changes: list[_Dated]) -> list[_Dated]:
        return _followed(turn, changes, parents)

    _rewrite(session, turns, followed)


def take_back_statuses(session: Session, turns: Sequence[Turn]) -> None:
    """Remove each change into the status before, which an undo takes back, so that the draft's holds as it did."""
    _rewrite(session, [turn for turn in turns if turn.draft.status != turn.before.status], _taken_back)


def _followed(turn: Turn, changes: list[_Dated], parents: Parents) -> list[_Dated]:
    old, status = turn.before, turn.draft.status
    if status is None:
        return []
    since = _effective(_counted_as(parents, old.status), _counted_as(parents, status), turn.draft)
    if not changes and old.status is not None:
        first = _known_since(replace(old, status=_counted_as(parents, old.status)))
        if first < since:
            changes.append(_Dated(old.status, first))
    if changes and changes[-1].date >= since:
        changes[-1].status = status
    else:
        changes.append(_Dated(status, since))
    return changes[:1] + [after for before, after in pairwise(changes) if before.status != after.status]


def _taken_back(turn: Turn, changes: list[_Dated]) -> list[_Dated]:
    wrong, right = turn.before.status, turn.draft.status
    if not changes or right is None or changes[-1].status != wrong:
        return changes
    if len(changes) > 1 and changes[-2].status == right:
        return changes[:-1]
    changes[-1].status = right
    return changes


def _rewrite(session: Session, turns: Sequence[Turn], change: Callable[[Turn, list[_Dated]], list[_Dated]]) -> None:
    """Write what ``change`` makes of the dated changes of each project, given by date."""
    table, connection = table_of(ProjectStatus), session.connection()
    for start in range(0, len(turns), CHUNK):
        chunk = turns[start : start + CHUNK]
        there = _changes(session, [turn.project_id for turn in chunk])
        gone: list[int] = []
        turned: list[dict[str, Any]] = []
        made: list[dict[str, Any]] = []
        for turn in chunk:
            before = there.get(turn.project_id, [])
            was = {one.id: one.status for one in before}
            after = change(turn, list(before))
            gone += was.keys() - {one.id for one in after}
            turned += [{"own": one.id, "to": one.status} for one in after if one.id and was[one.id] != one.status]
            own = {"project_id": turn.project_id}
            made += [own | {"status": one.status, "date": one.date} for one in after if not one.id]
        if gone:
            connection.execute(delete(table).where(table.c.id.in_(gone)))
        if turned:
            turn_to = update(table).where(table.c.id == bindparam("own")).values(status=bindparam("to"))
            connection.execute(turn_to, turned)
        if made:
            connection.execute(insert(table), made)


def _changes(session: Session, ids: Sequence[int]) -> dict[int, list[_Dated]]:
    columns = table_of(ProjectStatus).c
    query = select(columns.project_id, columns.status, columns.date, columns.id).where(columns.project_id.in_(ids))
    found: dict[int, list[_Dated]] = {}
    for project_id, *values in session.connection().execute(query.order_by(columns.date, columns.id)):
        found.setdefault(project_id, []).append(_Dated(*values))
    return found


def _parents(session: Session) -> Parents:
    own = select(Code.code, Code.parent).where(Code.list == "status", Code.code.startswith(OWN, autoescape=True))
    return dict(session.execute(own).tuples().all())


def _counted_as(parents: Parents, status: str | None) -> str | None:
    """Return the built-in status whose rules hold for a status: an own one has it as its parent."""
    return parents.get(status) if status is not None and status.startswith(OWN) else status


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
