"""Which approvals and follow-ups wait: what the first page reminds of, with the act that settles each."""

import datetime
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bri_desktop.db.models import Pair, Project
from bri_desktop.db.record_models import FollowUp
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.record_kinds import FOLLOW_UP
from bri_desktop.domain.vocabulary import PAIR_KEY, PROJECT_KEY, key_of, number_of
from bri_desktop.services.approvals import list_cases
from bri_desktop.services.cities import pair_project_ids
from bri_desktop.services.pair_life import last_day
from bri_desktop.services.record_list import pair_name


class DueRecord(NamedTuple):
    """What waits: for an approval ``number`` is how many days its step is open and ``due`` empty; for a follow-up
    ``due`` is its day and ``days`` how many are left. ``key`` is the case of an approval, ``owner`` the project or tie,
    ``record`` the number of the follow-up; ``is_working`` says that ``number`` is in working days."""

    title: str
    context: str
    number: int
    due: str | None
    days: int | None
    projects: tuple[int, ...]
    key: str
    owner: str = ""
    record: int = 0
    is_working: bool = False


def due_approvals(session: Session, today: datetime.date) -> list[DueRecord]:
    """Return the open approvals, the longest waiting first; the state of the step is a code after its name."""
    found = []
    for case in list_cases(session, today=today, is_open=True):
        number = number_of(PROJECT_KEY, case.owner_key)
        projects = (number,) if number is not None else pair_project_ids(session, int(case.owner_key[1:]))
        context = f"{case.step_name}\t{case.standing.state}"
        age, owner = case.age_of_step or 0, case.owner_key
        found.append(DueRecord(case.title, context, age, None, None, projects, case.key, owner, 0, case.is_working))
    return found


def finish_follow_up(session: Session, number: int, today: datetime.date) -> Changes:
    """Enter a follow-up as done on ``today``, as an act that can be taken back; raise as ``edit_record`` does."""
    from bri_desktop.services.hanging import edit_record, read_record

    seen = read_record(session, FOLLOW_UP.code, number).version
    return edit_record(session, FOLLOW_UP.code, number, {"done": today.isoformat()}, seen_version=seen).changes


def due_follow_ups(session: Session, today: datetime.date, ahead: int) -> list[DueRecord]:
    """Return what is to be done within the days ``ahead`` or late, the soonest first; what has no day is not due."""
    last = (today + datetime.timedelta(ahead)).isoformat()
    query = (
        select(FollowUp, Project.title, Project.id)
        .outerjoin(Project, Project.id == FollowUp.project_id)
        .where(FollowUp.deleted_at.is_(None), FollowUp.done.is_(None), FollowUp.due <= last)
        .where(or_(FollowUp.project_id.is_(None), Project.deleted_at.is_(None)))
        .order_by(FollowUp.due, FollowUp.id)
    )
    found = []
    for row, title, project in session.execute(query).tuples().all():
        pair = session.get(Pair, row.pair_id) if row.pair_id is not None else None
        if row.project_id is None and (pair is None or pair.deleted_at is not None):
            continue
        projects = (project,) if row.project_id is not None else pair_project_ids(session, row.pair_id or 0)
        days = (last_day(row.due) - today).days if row.due and len(row.due) > 4 else None
        name = pair_name(pair) if row.project_id is None and pair is not None else title
        owner = key_of(PAIR_KEY, row.pair_id or 0) if row.project_id is None else key_of(PROJECT_KEY, row.project_id)
        found.append(DueRecord(row.what, name or "", 0, row.due, days, projects, "", owner, row.id))
    return found
