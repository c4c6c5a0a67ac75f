"""What the first page says: what is due, this year against last year to the same day, and the latest imports.

The counting rules are those of the statistics; every figure carries the ids of the projects behind it.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bri_desktop.analysis.counting import Timeline, flow_to_day, leaves, timeline
from bri_desktop.analysis.model import BoolArray, StatsData
from bri_desktop.db.listing import kept_among
from bri_desktop.db.models import Activity, Agreement, Change, HistoryEntry, ImportBatch, Pair, Project
from bri_desktop.domain.vocabulary import PROJECT_KEY, key_of
from bri_desktop.services.cities import pair_signings
from bri_desktop.services.due import Due, due_items, waiting_rows
from bri_desktop.services.history import KIND
from bri_desktop.services.pair_life import last_day, years_before
from bri_desktop.services.statistics_cache import StatisticsCache

IMPORTS_SHOWN = 8
RECORDS_SHOWN = 5
ENTRIES_LOOKED_AT = 200
"""So many entries of the history are looked through for the latest records."""
IDS_AT_ONCE = 5_000


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
class RecentRecord:
    """A project that was touched lately: its key, its title, when (an instant)."""

    key: str
    title: str
    at: str


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
    records: tuple[RecentRecord, ...] = ()


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
        records=recent_records(session),
    )


def same_day_last_year(day: datetime.date) -> datetime.date:
    """Return the same day a year earlier; 29 February gives 28 February."""
    return years_before(day, 1)


def recent_records(session: Session) -> tuple[RecentRecord, ...]:
    """Return the projects that were logged or changed last, the latest first; the bin left out."""
    latest = (
        select(HistoryEntry.record_id, Change.at)
        .join(Change, Change.id == HistoryEntry.change_id)
        .where(HistoryEntry.kind == KIND)
        .order_by(HistoryEntry.id.desc())
        .limit(ENTRIES_LOOKED_AT)
    )
    seen: dict[int, str] = {}
    for record, at in session.execute(latest).tuples():
        seen.setdefault(record, at)
    alive = select(Project.id, Project.title).where(kept_among(seen))
    titles = dict(session.execute(alive).tuples().all())
    found = (RecentRecord(key_of(PROJECT_KEY, one), titles[one] or "", at) for one, at in seen.items() if one in titles)
    return tuple(islice(found, RECORDS_SHOWN))


def recent_imports(session: Session) -> tuple[RecentImport, ...]:
    """Return the latest imports, latest first."""
    waiting = waiting_rows(session)
    batches = session.scalars(select(ImportBatch).order_by(ImportBatch.id.desc()).limit(IMPORTS_SHOWN))
    return tuple(
        RecentImport(
            batch.id, batch.file_name, batch.at, batch.counts, waiting.get(batch.id, 0), batch.undone_at is not None
        )
        for batch in batches
    )


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
