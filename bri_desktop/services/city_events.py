"""All that happened between places over time: agreements, activities, outcomes and projects as one list."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from bri_desktop.db.listing import kept_among
from bri_desktop.db.models import Activity, Agreement, Outcome, Project
from bri_desktop.domain.money import Money

KINDS = ("agreement", "activity", "outcome", "project")
TIE_ITSELF = "sister_city"
RUNNING = "active"
EXPIRY_DAYS = 90

Ids = Select[tuple[int]]


@dataclass(frozen=True, slots=True)
class Event:
    """Something with a time: ``kind`` is agreement, activity, outcome or project.

    ``code`` is of the list agreement_kind, activity_kind, outcome_class or mode. ``start`` and ``end`` are ISO dates
    of reduced precision; an agreement ends when it was ended, else when it expires. ``is_open``: it was not ended.
    ``project`` is the record number of the project that it belongs to, of a project its own.
    """

    kind: str
    id: int
    project: int | None
    pair: int | None
    title: str
    code: str | None
    start: str | None
    end: str | None
    is_open: bool = True
    status: str | None = None
    parent: int | None = None
    money: Money | None = None
    quantity: Decimal | None = None
    unit: str | None = None
    heads: int | None = None

    @property
    def is_running(self) -> bool:
        """Whether it is a project that goes on."""
        return self.kind == "project" and self.status == RUNNING and self.end is None and self.start is not None


def read_events(session: Session, projects: Ids, pairs: Ids | None = None) -> tuple[Event, ...]:
    """Return what belongs to the projects or directly to the ties, by date; undated ones last."""
    found = [
        *_agreements(session, projects, pairs),
        *_activities(session, projects, pairs),
        *_outcomes(session, projects),
        *_projects(session, projects),
    ]
    return tuple(sorted(found, key=lambda event: (event.start is None, event.start or "", KINDS.index(event.kind))))


def _owned(table: Any, projects: Ids, pairs: Ids | None) -> Any:
    """Return the condition that a record belongs to one of the projects, or to a tie and to no project."""
    own = table.project_id.in_(projects)
    return own if pairs is None else or_(own, and_(table.project_id.is_(None), table.pair_id.in_(pairs)))


def _agreements(session: Session, projects: Ids, pairs: Ids | None) -> Iterable[Event]:
    query = (
        select(Agreement, Project.title)
        .outerjoin(Project, Project.id == Agreement.project_id)
        .where(Agreement.deleted_at.is_(None), _owned(Agreement, projects, pairs))
    )
    for row, title in session.execute(query):
        yield Event(
            kind="agreement",
            id=row.id,
            project=row.project_id,
            pair=row.pair_id,
            title=row.title or title or "",
            code=row.kind,
            start=row.signed,
            end=row.ended or row.expires,
            is_open=row.ended is None,
        )


def _activities(session: Session, projects: Ids, pairs: Ids | None) -> Iterable[Event]:
    query = select(Activity).where(Activity.deleted_at.is_(None), _owned(Activity, projects, pairs))
    for row in session.scalars(query):
        yield Event(
            kind="activity",
            id=row.id,
            project=row.project_id,
            pair=row.pair_id,
            title=row.title,
            code=row.kind,
            start=row.date,
            end=row.ended,
            heads=row.head_count,
        )


def _outcomes(session: Session, projects: Ids) -> Iterable[Event]:
    query = select(Outcome, Project.title).join(Project, Project.id == Outcome.project_id)
    for row, title in session.execute(query.where(Outcome.project_id.in_(projects))):
        yield Event(
            kind="outcome",
            id=row.id,
            project=row.project_id,
            pair=None,
            title=row.what or title,
            code=row.outcome_class,
            start=row.date,
            end=None,
            money=_money(row.amount, row.currency),
            quantity=row.quantity,
            unit=row.unit,
        )


def _projects(session: Session, projects: Ids) -> Iterable[Event]:
    names = ("id", "title", "mode", "start", "ended", "status", "parent_id", "amount", "currency", "pair_id")
    columns: list[Any] = [getattr(Project, name) for name in names]
    for row in session.execute(select(*columns).where(kept_among(projects))):
        yield Event(
            kind="project",
            id=row.id,
            project=row.id,
            pair=row.pair_id,
            title=row.title,
            code=row.mode,
            start=row.start,
            end=row.ended,
            is_open=row.ended is None,
            status=row.status,
            parent=row.parent_id,
            money=_money(row.amount, row.currency),
        )


def _money(amount: Decimal | None, currency: str | None) -> Money | None:
    return None if amount is None else Money(amount, currency) if currency else Money(amount)


def count_by_kind(events: Iterable[Event]) -> dict[str, int]:
    """Return how many there are of each kind."""
    found = dict.fromkeys(KINDS, 0)
    for event in events:
        found[event.kind] += 1
    return found


def total_money(events: Sequence[Event], kind: str = "project") -> tuple[Money, ...]:
    """Return the sums of one kind, a currency each, largest first.

    An umbrella project is left out where a project under it is in the list: its amount is that of its parts.
    """
    above = {event.parent for event in events if event.kind == "project"}
    sums: dict[str, Decimal] = {}
    for event in events:
        if event.kind == kind and event.money and not (kind == "project" and event.id in above):
            sums[event.money.currency] = sums.get(event.money.currency, Decimal(0)) + event.money.amount
    return tuple(Money(amount, code) for code, amount in sorted(sums.items(), key=lambda item: (-item[1], item[0])))


def movements(events: Iterable[Event], today: datetime.date) -> tuple[str, ...]:
    """Return the dates that move a tie: starts and ends, and today for a project that runs.

    The record of the tie itself (mode ``sister_city``) runs as long as the tie and moves it only when it begins.
    An agreement moves it by its signing, not by running out.
    """
    found: list[str] = []
    for event in events:
        if event.start:
            found.append(event.start)
        if event.is_running and event.code != TIE_ITSELF:
            found.append(today.isoformat())
        elif event.end and event.kind in ("activity", "project"):
            found.append(event.end)
    return tuple(found)


def expiring(events: Iterable[Event], today: datetime.date, days: int = EXPIRY_DAYS) -> tuple[Event, ...]:
    """Return the agreements that were not ended and run out within so many days, or have run out; soonest first."""
    limit = (today + datetime.timedelta(days)).isoformat()
    found = [event for event in events if event.kind == "agreement" and event.is_open and event.end]
    return tuple(sorted((e for e in found if e.end and e.end <= limit[: len(e.end)]), key=lambda e: e.end or ""))
