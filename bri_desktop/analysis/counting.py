"""What counts where, at a date: the table of counting rules, as masks over the entries.

An entry stands from its start until its end. Pipeline entries (idea, intent, in approval) have no start, whatever
was planned; an ended one without an end date stands until its dated status change, else it is *ended, date unknown*:
it entered in the year of its start and is in no stock. An entry without a status is alive until its end date.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bri_desktop.analysis.model import BoolArray, CodeRef, IntArray, ProjectColumns
from bri_desktop.domain.vocabulary import ALIVE, ENDED, PIPELINE

NEVER = np.int32(99_999_999)
NO_YEAR = 9999


def pack_day(day: datetime.date) -> int:
    """Return a day as a packed date."""
    return day.year * 10000 + day.month * 100 + day.day


def year_of(packed: IntArray) -> IntArray:
    """Return the calendar years of packed dates; 0 for no date."""
    return packed // np.int32(10000)


def has_status(status: IntArray, codes: Sequence[CodeRef], wanted: Sequence[str]) -> BoolArray:
    """Return which entries of a status column have, or count as, one of the ``wanted`` codes."""
    table = np.array([(code.counts_as or code.code) in wanted for code in codes] + [False], dtype=np.bool_)
    return table[status]


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """The life of every entry: packed start and end (``NEVER`` where there is none), and what is left out of years.

    ``start`` and ``end`` are those of the stock: an *ended, date unknown* entry never starts there, but has its year
    in ``flow_year``. An end before the start counts at the start, so that the stock equation holds.
    """

    start: IntArray
    end: IntArray
    flow_year: IntArray
    start_year: IntArray
    end_year: IntArray
    pipeline: BoolArray
    undated: BoolArray
    ended_unknown: BoolArray
    planned_year: IntArray

    def stock(self, year: int) -> BoolArray:
        """Return what started on or before 31 December of ``year`` and had not ended by then."""
        return np.logical_and(self.start_year <= year, self.end_year > year)

    def stock_on(self, day: datetime.date) -> BoolArray:
        """Return what started on or before ``day`` and has not ended on or before it; a date known to the month or
        year is taken at its earliest."""
        packed = pack_day(day)
        return np.logical_and(self.start <= packed, self.end > packed)

    def flow(self, year: int) -> BoolArray:
        """Return what started in ``year``."""
        return np.asarray(self.flow_year == year, np.bool_)

    def ended(self, year: int) -> BoolArray:
        """Return what ended in ``year``."""
        return np.asarray(self.end_year == year, np.bool_)

    def active(self, year: int) -> BoolArray:
        """Return what was alive at any time in ``year``."""
        return np.logical_and(self.start_year <= year, self.end_year >= year)

    def planned(self, year: int) -> BoolArray:
        """Return the pipeline whose planned start lies in ``year``."""
        return np.asarray(self.pipeline & (self.planned_year == year), np.bool_)

    def unknown_end(self, year: int) -> BoolArray:
        """Return what started in ``year`` and ended nobody knows when."""
        return np.asarray(self.ended_unknown & (self.flow_year == year), np.bool_)


def timeline(projects: ProjectColumns, statuses: Sequence[CodeRef]) -> Timeline:
    """Return the lives of the entries by their present status, dates and dated changes of status."""
    pipeline = has_status(projects.status, statuses, PIPELINE)
    over = has_status(projects.status, statuses, ENDED)
    alive = has_status(projects.status, statuses, ALIVE)
    dated = (projects.start > 0) & ~pipeline
    given = np.where(projects.ended > 0, projects.ended, np.where(over, _change_to_end(projects, statuses), 0))
    end = np.where((given > 0) & ~alive, np.maximum(given, projects.start), NEVER).astype(np.int32)
    unknown = dated & over & (given == 0)
    in_stock = dated & ~unknown
    end[~in_stock] = NEVER
    start = np.where(in_stock, projects.start, NEVER).astype(np.int32)
    return Timeline(
        start=start,
        end=end,
        flow_year=np.where(dated, year_of(projects.start), NO_YEAR).astype(np.int32),
        start_year=year_of(start),
        end_year=year_of(end),
        pipeline=pipeline,
        undated=~pipeline & (projects.start <= 0),
        ended_unknown=unknown,
        planned_year=year_of(projects.planned_start),
    )


def _change_to_end(projects: ProjectColumns, statuses: Sequence[CodeRef]) -> IntArray:
    """Return per entry the packed date of its last change into an ended status; 0 where the history has none."""
    changes = projects.changes
    over = has_status(changes.status, statuses, ENDED)
    last_other = np.zeros(len(projects), np.int32)
    np.maximum.at(last_other, changes.project[~over], changes.date[~over])
    final = over & (changes.date >= last_other[changes.project])
    first = np.full(len(projects), NEVER, np.int32)
    np.minimum.at(first, changes.project[final], changes.date[final])
    return np.where(first == NEVER, 0, first).astype(np.int32)


def status_at(projects: ProjectColumns, packed_day: int) -> IntArray:
    """Return the status of then: the last dated change on or before the day; the present one where none is known."""
    changes = projects.changes
    known = np.flatnonzero(changes.date <= packed_day)
    if not known.size:
        return projects.status
    order = known[np.argsort(changes.date[known], kind="stable")]
    status = projects.status.copy()
    status[changes.project[order]] = changes.status[order]
    return status


def year_end(year: int) -> int:
    """Return 31 December as a packed date."""
    return year * 10000 + 1231


def leaves(parent: IntArray, selected: BoolArray) -> BoolArray:
    """Return the selected entries that count: all but the parents of which a descendant is selected."""
    children = np.flatnonzero(parent >= 0)
    if not children.size:
        return selected
    above = parent[children]
    covered = np.zeros(len(parent), np.bool_)
    while True:
        grown = covered.copy()
        grown[above[selected[children] | covered[children]]] = True
        if bool((grown == covered).all()):
            return selected & ~covered
        covered = grown


@dataclass(frozen=True, slots=True)
class StockEquation:
    """opening + flow − ended − ended_unknown = closing; ``ended_unknown`` entered in the year and is in no stock."""

    year: int
    opening: int
    flow: int
    ended: int
    ended_unknown: int
    closing: int


def stock_equation(lives: Timeline, year: int, counted: BoolArray) -> StockEquation:
    """Return the stock equation of ``year`` over the ``counted`` entries."""

    def size(mask: npt.NDArray[Any]) -> int:
        return int(np.count_nonzero(mask & counted))

    return StockEquation(
        year=year,
        opening=size(lives.stock(year - 1)),
        flow=size(lives.flow(year)),
        ended=size(lives.ended(year)),
        ended_unknown=size(lives.unknown_end(year)),
        closing=size(lives.stock(year)),
    )


def flow_to_day(projects: ProjectColumns, lives: Timeline, day: datetime.date) -> tuple[BoolArray, BoolArray]:
    """Return what started from 1 January to ``day``, and what cannot be compared: its start is not known to the day.

    A start known to the month is compared where the whole month lies on one side of ``day``.
    """
    this_year = lives.flow(day.year)
    start = projects.start
    by_day = start % 100 > 0
    month = start // 100 % 100
    by_month = ~by_day & (month > 0) & (month != day.month)
    before = np.where(by_day, start <= pack_day(day), month < day.month)
    comparable = by_day | by_month
    return this_year & comparable & before, this_year & ~comparable
