"""What waits on the first page, soonest first in each kind, as far ahead as the office's own rules say."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bri_desktop.db.models import Activity, Agreement, ImportBatch, Pair, PendingRow, Project
from bri_desktop.domain.vocabulary import PAIR_KEY, PROJECT_KEY, key_of
from bri_desktop.i18n import language
from bri_desktop.services.cities import pair_project_ids, pair_signings, read_pairs
from bri_desktop.services.issue_register import outstanding
from bri_desktop.services.mode_due import due_editions
from bri_desktop.services.office import Reminders, read_reminders
from bri_desktop.services.pair_life import last_day, read_rules
from bri_desktop.services.record_due import due_approvals, due_follow_ups

OVERDUE_DAYS = 365
"""An agreement is due until so long after it has expired."""
VISITS = ("visit_out", "visit_in")


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that waits: ``kind`` is ``pending``, ``approval``, ``follow_up``, ``visit``, ``expiring``,
    ``anniversary``, ``edition``, ``outstanding`` or ``gap``; ``key`` the case of an approval, ``owner`` the project or
    tie it is of, ``record`` the number of the agreement, activity or follow-up itself, 0 for none.

    ``number`` is rows (pending, outstanding), years (anniversary), days that the step is open (approval) or projects
    (gap); ``due`` an ISO date of reduced precision; ``days`` from today, negative when overdue, ``None`` where the day
    is not known; ``is_working`` says that ``number`` is in working days, ``is_late`` what is told in red.
    """

    kind: str
    title: str
    context: str = ""
    number: int = 0
    due: str | None = None
    days: int | None = None
    project_ids: tuple[int, ...] = ()
    key: str = ""
    owner: str = ""
    record: int = 0
    is_working: bool = False
    is_late: bool = False


def due_items(session: Session, today: datetime.date) -> tuple[Due, ...]:
    """Return what waits: rows to decide, open approvals, follow-ups, visits, agreements that expire, anniversaries,
    editions of mechanisms, workbooks that are out; soonest first in each kind."""
    rules = read_reminders(session)
    return (
        *_pending(session, today),
        *_approvals(session, today, rules),
        *(_follow_ups(session, today, rules) if rules.follow_up_days else ()),
        *(_visits(session, today, rules) if rules.visit_days else ()),
        *(_expiring(session, today, rules) if rules.expiring_days else ()),
        *(_anniversaries(session, today, rules) if rules.anniversary_days else ()),
        *(Due("edition", *one, owner=key_of(PROJECT_KEY, one.projects[0])) for one in due_editions(session, today)),
        *(_outstanding(session, today, rules) if rules.workbook_days else ()),
    )


def waiting_rows(session: Session) -> dict[int, int]:
    """Return import -> how many of its rows are not settled."""
    query = (
        select(PendingRow.batch_id, func.count()).where(PendingRow.settled_how.is_(None)).group_by(PendingRow.batch_id)
    )
    return dict(session.execute(query).tuples().all())


def days_to(date: str, today: datetime.date) -> int | None:
    """Return the days from ``today`` to an ISO date; of a month to its end; ``None`` for a year."""
    return None if len(date) == 4 else (last_day(date) - today).days


def next_anniversary(signed: str, today: datetime.date, *, step: int = 10, ahead: int = 180) -> tuple[str, int] | None:
    """Return (date, years) of an anniversary, every ``step`` years, within the days ``ahead``; a date known to the
    year counts through that year."""
    year = int(signed[:4])
    for candidate in range(today.year, today.year + ahead // 365 + 2):
        years = candidate - year
        if years < step or years % step:
            continue
        due = f"{candidate}{signed[4:]}"
        if due.endswith("-02-29"):
            due = f"{candidate}-02-28"
        days = days_to(due, today)
        if (days is None and candidate == today.year) or (days is not None and 0 <= days <= ahead):
            return due, years
    return None


def _pending(session: Session, today: datetime.date) -> list[Due]:
    waiting = waiting_rows(session)
    batches = session.scalars(select(ImportBatch).where(ImportBatch.id.in_(waiting)).order_by(ImportBatch.id))
    return [
        Due("pending", batch.file_name, batch.sheets or "", waiting[batch.id], today.isoformat(), 0, record=batch.id)
        for batch in batches
    ]


def _approvals(session: Session, today: datetime.date, rules: Reminders) -> list[Due]:
    found = due_approvals(session, today)
    return [Due("approval", *one, is_late=one.number >= rules.approval_days) for one in found]


def _follow_ups(session: Session, today: datetime.date, rules: Reminders) -> list[Due]:
    return [
        Due("follow_up", *one, is_late=one.days is not None and one.days < 0)
        for one in due_follow_ups(session, today, rules.follow_up_days)
    ]


def _visits(session: Session, today: datetime.date, rules: Reminders) -> list[Due]:
    """Return the visits that are planned and not over; what is known to the month counts until its end."""
    last = (today + datetime.timedelta(rules.visit_days)).isoformat()
    over = func.coalesce(Activity.ended, Activity.date)
    begun = over >= func.substr(today.isoformat(), 1, func.length(over))
    query = (
        select(Activity, Project.title)
        .outerjoin(Project, Project.id == Activity.project_id)
        .outerjoin(Pair, Pair.id == Activity.pair_id)
        .where(Activity.deleted_at.is_(None), Activity.kind.in_(VISITS), Activity.date <= last, begun)
        .where(or_(Project.id.is_(None), Project.deleted_at.is_(None)))
        .where(or_(Pair.id.is_(None), Pair.deleted_at.is_(None)))
        .order_by(Activity.date, Activity.id)
    )
    rows = [row for row in session.execute(query).tuples() if row[0].date and len(row[0].date) > 4]
    names = _pair_names(session, {activity.pair_id for activity, _title in rows})
    found = []
    for activity, project_title in rows:
        name, country = names.get(activity.pair_id, ("", ""))
        context = project_title or f"{name} {country}".strip()
        date = activity.date or ""
        begins = days_to(date, today) if len(date) < len("2026-11-23") or date >= today.isoformat() else 0
        found.append(
            Due(
                "visit", activity.title, context, 0, date, begins,
                _ids_behind(session, activity.project_id, activity.pair_id),
                owner=_owner(activity.project_id, activity.pair_id), record=activity.id,
            )
        )  # fmt: skip
    return found


def _expiring(session: Session, today: datetime.date, rules: Reminders) -> list[Due]:
    first = (today - datetime.timedelta(OVERDUE_DAYS)).isoformat()
    last = (today + datetime.timedelta(rules.expiring_days)).isoformat()
    query = (
        select(Agreement, Project.title)
        .outerjoin(Project, Project.id == Agreement.project_id)
        .where(Agreement.deleted_at.is_(None), Agreement.ended.is_(None))
        .where(Agreement.expires >= first[:7], Agreement.expires <= last)
        .order_by(Agreement.expires, Agreement.id)
    )
    rows = session.execute(query).tuples().all()
    pairs = _pair_names(session, {agreement.pair_id for agreement, _title in rows})
    found = []
    for agreement, project_title in rows:
        name, country = pairs.get(agreement.pair_id, ("", ""))
        days = days_to(agreement.expires or "", today)
        title = agreement.title or project_title or name
        context = f"{name} {country}".strip() if name and name != title else country
        found.append(
            Due(
                "expiring", title, context, 0, agreement.expires, days,
                _ids_behind(session, agreement.project_id, agreement.pair_id),
                owner=_owner(agreement.project_id, agreement.pair_id), record=agreement.id,
                is_late=days is not None and days < 0,
            )
        )  # fmt: skip
    return found


def _anniversaries(session: Session, today: datetime.date, rules: Reminders) -> list[Due]:
    found = []
    step, ahead = read_rules(session).step, rules.anniversary_days
    signed = pair_signings(session)
    coming = {pair: next_anniversary(date, today, step=step, ahead=ahead) for pair, date in signed.items()}
    wanted = {pair for pair, hit in coming.items() if hit is not None}
    alive = select(Pair.id).where(Pair.deleted_at.is_(None), Pair.ended.is_(None))
    alive = alive.where(or_(Pair.life.is_(None), Pair.life.not_in(("intent", "ended"))))
    wanted &= set(session.scalars(alive))
    names = _pair_names(session, wanted)
    for pair in wanted:
        hit = coming[pair]
        if hit is not None:
            due, years = hit
            name, country = names[pair]
            ids = pair_project_ids(session, pair)
            context = "" if name.endswith(country) else country
            owner = key_of(PAIR_KEY, pair)
            found.append(Due("anniversary", name, context, years, due, days_to(due, today), ids, owner=owner))
    return sorted(found, key=lambda item: (item.due or "", item.title))


def _outstanding(session: Session, today: datetime.date, rules: Reminders) -> list[Due]:
    """Return the issued workbooks that are due soon or late."""
    return [
        Due(
            "outstanding", entry.department, entry.number, entry.rows, entry.due, entry.days, is_late=entry.days < 0
        )
        for entry in outstanding(session, today)
        if entry.days is not None and entry.days <= rules.workbook_days
    ]  # fmt: skip


def _owner(project: int | None, pair: int | None) -> str:
    if project is not None:
        return key_of(PROJECT_KEY, project)
    return "" if pair is None else key_of(PAIR_KEY, pair)


def _pair_names(session: Session, pairs: Iterable[int | None]) -> dict[int | None, tuple[str, str]]:
    """Return pair id -> (both places, country) in the chosen language."""
    wanted = {pair for pair in pairs if pair is not None}
    if not wanted:
        return {}
    code = language()
    return {
        row.id: (f"{row.domestic.name(code)}—{row.foreign.name(code)}", row.foreign.country_name(code))
        for row in read_pairs(session)
        if row.id in wanted
    }


def _ids_behind(session: Session, project: int | None, pair: int | None) -> tuple[int, ...]:
    return (project,) if project is not None else pair_project_ids(session, pair or 0)
