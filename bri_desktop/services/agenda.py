"""What the first page says: what is due, this year against last year to the same day, and the latest imports.

The counting rules are those of the statistics; every figure carries the ids of the projects behind it.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from bri_desktop.analysis.counting import Timeline, flow_to_day, leaves, timeline
from bri_desktop.analysis.model import BoolArray, StatsData
from bri_desktop.db.models import Activity, Agreement, ImportBatch, Pair, PendingRow, Project
from bri_desktop.i18n import language
from bri_desktop.services.cities import pair_signings, read_pairs
from bri_desktop.services.issue_register import outstanding
from bri_desktop.services.mode_due import due_editions
from bri_desktop.services.pair_life import last_day, years_before
from bri_desktop.services.record_due import due_approvals, due_follow_ups
from bri_desktop.services.statistics_cache import StatisticsCache

EXPIRY_DAYS = 90
"""An agreement is due so many days before it expires, and as long after as :data:`OVERDUE_DAYS`."""
OVERDUE_DAYS = 365
ANNIVERSARY_DAYS = 180
WORKBOOK_DAYS = 14
ANNIVERSARY_STEP = 10
"""Every tenth year: the rules ask for restraint."""
IMPORTS_SHOWN = 8
IDS_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that waits: ``kind`` is ``pending``, ``approval``, ``follow_up``, ``expiring``, ``anniversary``,
    ``edition`` or ``outstanding``; ``key`` the record that it is about, where it is one.

    ``number`` is rows (pending, outstanding) or years (anniversary); ``due`` an ISO date of reduced precision;
    ``days`` from today, negative when overdue, ``None`` where the day is not known.
    """

    kind: str
    title: str
    context: str = ""
    number: int = 0
    due: str | None = None
    days: int | None = None
    project_ids: tuple[int, ...] = ()
    key: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of this year against last year; ``practical`` is in per cent, the others are counts."""

    code: str
    now: float | None
    before: float | None
    now_ids: tuple[int, ...] = ()
    before_ids: tuple[int, ...] = ()

    @property
    def difference(self) -> float | None:
        """This year less last year; ``None`` where one of them is undefined."""
        return None if self.now is None or self.before is None else self.now - self.before


Points = tuple[tuple[float, int], ...]
"""(months since 1 January, projects started by then)."""


@dataclass(frozen=True, slots=True)
class Cumulative:
    """New projects of both years as they added up; last year has all twelve months, ``same_day`` is its mark.

    ``unplaced`` and ``unplaced_before`` are ids of projects whose start is not known well enough to be compared.
    """

    now: Points
    before: Points
    same_day: tuple[float, int]
    unplaced: tuple[int, ...]
    unplaced_before: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RecentImport:
    """A file that was taken in; ``waiting`` rows of it are not settled."""

    batch: int
    file_name: str
    at: str
    counts: Mapping[str, int]
    waiting: int
    undone: bool


@dataclass(frozen=True, slots=True)
class Agenda:
    """The first page; ``is_empty`` says that the ledger has neither projects nor imports."""

    today: datetime.date
    same_day: datetime.date
    is_empty: bool
    due: tuple[Due, ...]
    figures: tuple[Figure, ...]
    cumulative: Cumulative
    imports: tuple[RecentImport, ...]


def agenda(session: Session, today: datetime.date, *, cache: StatisticsCache | None = None) -> Agenda:
    """Return the first page as of ``today``."""
    data = (cache or StatisticsCache()).data(session)
    imports = recent_imports(session)
    before = same_day_last_year(today)
    started = _Started(data, today, before)
    return Agenda(
        today=today,
        same_day=before,
        is_empty=not len(data.projects) and not imports,
        due=due_items(session, today),
        figures=(
            started.figure(),
            _signings(session, today, before),
            _new_pairs(session, today, before),
            _activities(session, today, before),
            *started.stock_figures(),
        ),
        cumulative=started.cumulative(),
        imports=imports,
    )


def same_day_last_year(day: datetime.date) -> datetime.date:
    """Return the same day a year earlier; 29 February gives 28 February."""
    return years_before(day, 1)


def due_items(session: Session, today: datetime.date) -> tuple[Due, ...]:
    """Return what waits: rows to decide, open approvals, follow-ups, agreements that expire, anniversaries, editions
    of mechanisms, workbooks that are out; soonest first in each kind."""
    return (
        *_pending(session, today),
        *(Due("approval", *found) for found in due_approvals(session, today)),
        *(Due("follow_up", *found) for found in due_follow_ups(session, today)),
        *_expiring(session, today),
        *_anniversaries(session, today),
        *(Due("edition", *found) for found in due_editions(session, today)),
        *_outstanding(session, today),
    )


def recent_imports(session: Session) -> tuple[RecentImport, ...]:
    """Return the latest imports, latest first."""
    waiting = _waiting(session)
    batches = session.scalars(select(ImportBatch).order_by(ImportBatch.id.desc()).limit(IMPORTS_SHOWN))
    return tuple(
        RecentImport(
            batch.id, batch.file_name, batch.at, batch.counts, waiting.get(batch.id, 0), batch.undone_at is not None
        )
        for batch in batches
    )


# -- due -------------------------------------------------------------------------------------------------------


def _waiting(session: Session) -> dict[int, int]:
    query = (
        select(PendingRow.batch_id, func.count()).where(PendingRow.settled_how.is_(None)).group_by(PendingRow.batch_id)
    )
    return dict(session.execute(query).tuples().all())


def _pending(session: Session, today: datetime.date) -> list[Due]:
    waiting = _waiting(session)
    batches = session.scalars(select(ImportBatch).where(ImportBatch.id.in_(waiting)).order_by(ImportBatch.id))
    return [
        Due("pending", batch.file_name, batch.sheets or "", waiting[batch.id], today.isoformat(), 0)
        for batch in batches
    ]


def _expiring(session: Session, today: datetime.date) -> list[Due]:
    first = (today - datetime.timedelta(OVERDUE_DAYS)).isoformat()
    last = (today + datetime.timedelta(EXPIRY_DAYS)).isoformat()
    query = (
        select(Agreement, Project.title)
        .outerjoin(Project, Project.id == Agreement.project_id)
        .where(Agreement.deleted_at.is_(None), Agreement.ended.is_(None))
        .where(Agreement.expires >= first[:7], Agreement.expires <= last)
        .order_by(Agreement.expires, Agreement.id)
    )
    rows = session.execute(query).all()
    pairs = _pair_names(session, {row[0].pair_id for row in rows})
    found = []
    for agreement, project_title in rows:
        name, country = pairs.get(agreement.pair_id, ("", ""))
        days = days_to(agreement.expires, today)
        title = agreement.title or project_title or name
        context = f"{name} {country}".strip() if name and name != title else country
        ids = _ids_behind(session, agreement.project_id, agreement.pair_id)
        found.append(Due("expiring", title, context, 0, agreement.expires, days, ids))
    return found


def days_to(date: str, today: datetime.date) -> int | None:
    """Return the days from ``today`` to an ISO date; of a month to its end; ``None`` for a year."""
    return None if len(date) == 4 else (last_day(date) - today).days


def _anniversaries(session: Session, today: datetime.date) -> list[Due]:
    found = []
    signed = pair_signings(session)
    coming = {pair: next_anniversary(date, today) for pair, date in signed.items()}
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
            ids = _ids_behind(session, None, pair)
            context = "" if name.endswith(country) else country
            found.append(Due("anniversary", name, context, years, due, days_to(due, today), ids))
    return sorted(found, key=lambda item: (item.due or "", item.title))


def next_anniversary(signed: str, today: datetime.date) -> tuple[str, int] | None:
    """Return (date, years) of a tenth-year anniversary within the coming 180 days; a date known to the year counts
    through that year."""
    year = int(signed[:4])
    for candidate in (today.year, today.year + 1):
        years = candidate - year
        if years < ANNIVERSARY_STEP or years % ANNIVERSARY_STEP:
            continue
        due = f"{candidate}{signed[4:]}"
        if due.endswith("-02-29"):
            due = f"{candidate}-02-28"
        days = days_to(due, today)
        if (days is None and candidate == today.year) or (days is not None and 0 <= days <= ANNIVERSARY_DAYS):
            return due, years
    return None


def _outstanding(session: Session, today: datetime.date) -> list[Due]:
    """Return the issued workbooks that are due soon or late."""
    return [
        Due("outstanding", entry.department, entry.number, entry.rows, entry.due, entry.days)
        for entry in outstanding(session, today)
        if entry.days is not None and entry.days <= WORKBOOK_DAYS
    ]


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
    if project is not None:
        return (project,)
    query = select(Project.id).where(Project.pair_id == pair, Project.deleted_at.is_(None)).order_by(Project.id)
    return tuple(session.scalars(query))


# -- this year against last year -------------------------------------------------------------------------------


class _Started:
    """What comes from the columns of the statistics: starts of both years, and the stock of both days."""

    def __init__(self, data: StatsData, today: datetime.date, before: datetime.date) -> None:
        self.data, self.today, self.before = data, today, before
        self.lives: Timeline = timeline(data.projects, data.codes["status"])
        self.counted = leaves(data.projects.parent, np.ones(len(data.projects), np.bool_))

    def ids(self, mask: BoolArray) -> tuple[int, ...]:
        return tuple(self.data.projects.id[mask & self.counted].tolist())

    def figure(self) -> Figure:
        now, before = (self.ids(flow_to_day(self.data.projects, self.lives, day)[0]) for day in self.days)
        return Figure("projects", len(now), len(before), now, before)

    @property
    def days(self) -> tuple[datetime.date, datetime.date]:
        return self.today, self.before

    def stock_figures(self) -> tuple[Figure, Figure]:
        """Return projects with a quantified result and the share of practical cooperation, of the stock of each day."""
        stocks = [self.lives.stock_on(day) for day in self.days]
        now, before = (self.ids(stock & self.data.projects.has_outcome) for stock in stocks)
        codes = [ref.code for ref in self.data.codes["nature"]]
        natures = [self._natures(stock, codes) for stock in stocks]
        (share, ids), (share_before, ids_before) = natures
        return Figure("outcomes", len(now), len(before), now, before), Figure(
            "practical", share, share_before, ids, ids_before
        )

    def _natures(self, stock: BoolArray, codes: Sequence[str]) -> tuple[float | None, tuple[int, ...]]:
        nature = self.data.projects.nature
        practical = self.ids(stock & (nature == codes.index("practical")))
        exchange = self.ids(stock & (nature == codes.index("exchange")))
        both = len(practical) + len(exchange)
        return (100 * len(practical) / both if both else None), practical

    def cumulative(self) -> Cumulative:
        month = self.today.month - 1
        place = month + self.today.day / last_day(self.today.isoformat()[:7]).day
        (now, unplaced), (before, unplaced_before) = (
            flow_to_day(self.data.projects, self.lives, day) for day in self.days
        )
        return Cumulative(
            now=(*self._months(self.today.year, month), (place, len(self.ids(now)))),
            before=self._months(self.before.year, 12),
            same_day=(place, len(self.ids(before))),
            unplaced=self.ids(unplaced),
            unplaced_before=self.ids(unplaced_before),
        )

    def _months(self, year: int, months: int) -> Points:
        start = self.data.projects.start
        month = start // 100 % 100
        flow = self.lives.flow(year) & self.counted & (month > 0)
        return tuple((float(m), int(np.count_nonzero(flow & (month <= m)))) for m in range(months + 1))


def _between(day: datetime.date) -> tuple[str, str]:
    """Return the first and last ISO text of dates from 1 January to ``day``; a month alone must have passed."""
    return f"{day.year}-01", day.isoformat()


def _in_span(date: str, day: datetime.date) -> bool:
    first, last = _between(day)
    return first <= date <= last and (len(date) > 7 or date < last[:7])


def _signings(session: Session, today: datetime.date, before: datetime.date) -> Figure:
    """Count agreements by signing; a project's own date counts where it has no agreement."""
    agreements = select(Agreement.signed, Agreement.project_id, Agreement.pair_id).where(Agreement.deleted_at.is_(None))
    covered = select(Agreement.project_id).where(Agreement.deleted_at.is_(None), Agreement.project_id.is_not(None))
    alone = select(Project.signed, Project.id, Project.pair_id).where(
        Project.deleted_at.is_(None), Project.id.not_in(covered)
    )
    return _dated(session, "agreements", [agreements, alone], today, before)


def _activities(session: Session, today: datetime.date, before: datetime.date) -> Figure:
    query = select(Activity.date, Activity.project_id, Activity.pair_id).where(Activity.deleted_at.is_(None))
    return _dated(session, "activities", [query], today, before)


def _dated(
    session: Session, code: str, queries: Sequence[Select[Any]], today: datetime.date, before: datetime.date
) -> Figure:
    rows = [row for query in queries for row in session.execute(query)]
    halves = []
    for day in (today, before):
        hits = [(project, pair) for date, project, pair in rows if date and _in_span(date, day)]
        halves.append((len(hits), _projects_behind(session, hits)))
    return Figure(code, halves[0][0], halves[1][0], halves[0][1], halves[1][1])


def _projects_behind(session: Session, hits: Sequence[tuple[int | None, int | None]]) -> tuple[int, ...]:
    own = {project for project, _ in hits if project is not None}
    pairs = sorted({pair for project, pair in hits if project is None and pair is not None})
    for start in range(0, len(pairs), IDS_AT_ONCE):
        chunk = pairs[start : start + IDS_AT_ONCE]
        own.update(session.scalars(select(Project.id).where(Project.pair_id.in_(chunk), Project.deleted_at.is_(None))))
    return tuple(sorted(own))


def _new_pairs(session: Session, today: datetime.date, before: datetime.date) -> Figure:
    """Count formal sister-city pairs by their first signing."""
    signed = pair_signings(session)
    formal = set(session.scalars(select(Pair.id).where(Pair.kind == "sister", Pair.deleted_at.is_(None))))
    halves = []
    for day in (today, before):
        hits = [pair for pair in formal if pair in signed and _in_span(signed[pair], day)]
        halves.append((len(hits), _projects_behind(session, [(None, pair) for pair in hits])))
    return Figure("pairs", halves[0][0], halves[1][0], halves[0][1], halves[1][1])
