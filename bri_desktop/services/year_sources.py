"""The records behind figures that no table of the statistics lists: outcomes, approvals, cells that are empty.

A way to records is read when the figure is opened, long after the session is gone: what it needs is kept as numbers.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from sqlalchemy import select

from bri_desktop.analysis.approval import Approval
from bri_desktop.analysis.further import own_approval
from bri_desktop.analysis.model import BoolArray, IntArray
from bri_desktop.analysis.quality import FIELDS, expected, quality
from bri_desktop.db.compact import read_columns
from bri_desktop.db.exchange_models import IssuedWorkbook
from bri_desktop.db.models import Outcome
from bri_desktop.services.diagnosis import read_grounds
from bri_desktop.services.statistics import facts_of
from bri_desktop.services.year_book import Book, Source

OUTCOME, APPROVAL, PROJECT, PENDING, WORKBOOK = "outcome", "approval", "project", "pending_row", "issued_workbook"


# -- outcomes ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class OutcomeColumns:
    """The outcomes of the projects on the books at year end: number, class, unit and currency of each ("" for none)."""

    id: IntArray
    outcome_class: np.ndarray
    unit: np.ndarray
    currency: np.ndarray

    def behind(
        self, *, outcome_class: str | None = None, unit: str | None = None, currency: str | None = None
    ) -> Source:
        """Return the way to the outcomes with these values; ``None`` means any, "" those without one."""
        return Source(OUTCOME, partial(self._ids, outcome_class, unit, currency))

    def with_money(self) -> Source:
        """Return the way to the outcomes with an amount."""
        return Source(OUTCOME, lambda: self.id[self.currency != ""].tolist())

    def _ids(self, outcome_class: str | None, unit: str | None, currency: str | None) -> list[int]:
        mask = np.ones(len(self.id), np.bool_)
        for column, wanted in ((self.outcome_class, outcome_class), (self.unit, unit), (self.currency, currency)):
            if wanted is not None:
                mask &= column == wanted
        found: list[int] = self.id[mask].tolist()
        return found


def stock_outcomes(book: Book) -> OutcomeColumns:
    """Return the outcomes of the projects on the books at the end of the year, read once."""
    found: OutcomeColumns = book.cache.once(("outcome columns", book.year, book.today), lambda: _read_outcomes(book))
    return found


def _read_outcomes(book: Book) -> OutcomeColumns:
    currency = (Outcome.currency, Outcome.amount.is_not(None).label("paid"))
    query = select(Outcome.id, Outcome.project_id, Outcome.outcome_class, Outcome.unit, *currency)
    read = read_columns(book.session, query.order_by(Outcome.id))
    standing = np.array(book.ask().members.group("total"), np.int64)
    own = np.isin(read.numbers("project_id"), standing)
    words = {name: np.array(read.words(name), dtype=object) for name in ("outcome_class", "unit", "currency")}
    paid = np.where(read.numbers("paid") > 0, np.where(words["currency"] == "", "CNY", words["currency"]), "")
    return OutcomeColumns(read.numbers("id")[own], words["outcome_class"][own], words["unit"][own], paid[own])


# -- approvals -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ApprovalCases:
    """The cases behind the approvals of the year: of all, of those finished, and of each step."""

    found: Approval

    def all(self) -> Source:
        """Return the way to every case in hand."""
        ids = sorted({id_ for step in self.found.steps for id_ in step.case_ids})
        return Source(APPROVAL, lambda: ids)

    def finished(self) -> Source:
        """Return the way to the cases that were finished."""
        ids = sorted({case for case, _ in self.found.totals})
        return Source(APPROVAL, lambda: ids)

    def of_step(self, position: int) -> Source:
        """Return the way to the cases that passed a step, or stand in it."""
        ids = sorted(set(self.found.steps[position].case_ids))
        return Source(APPROVAL, lambda: ids)

    def open_in(self, position: int) -> Source:
        """Return the way to the cases that stand in a step."""
        ids = sorted(set(self.found.steps[position].open_ids))
        return Source(APPROVAL, lambda: ids)


def approval_cases(book: Book) -> ApprovalCases:
    """Return the cases behind the approvals of the year."""
    return ApprovalCases(_approvals(book, book.year))


def cases_of_year(book: Book, year: int) -> Source:
    """Return the way to the cases finished in a year."""
    return ApprovalCases(_approvals(book, year)).finished()


def _approvals(book: Book, year: int) -> Approval:
    grounds = read_grounds(book.session, year, "", book.today, book.cache)
    return own_approval(replace(grounds.asked, request=replace(grounds.asked.request, year=year, span=None)))


# -- the state of the records ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class RecordState:
    """The projects by what they lack: ``masks`` as the analysis has them, ``wanted`` field -> those expected."""

    id: IntArray
    masks: Mapping[str, BoolArray]
    wanted: Mapping[str, BoolArray]

    def _way(self, mask: BoolArray) -> Source:
        return Source(PROJECT, lambda: self.id[mask].tolist())

    def everything(self) -> Source:
        """Return the way to all projects."""
        return Source(PROJECT, lambda: self.id.tolist())

    def lacking(self, field: str) -> Source:
        """Return the way to the projects that lack a field."""
        return self._way(self.masks[f"no_{field}"])

    def filled(self, field: str) -> Source:
        """Return the way to the projects that have a field that is expected of them."""
        return self._way(np.asarray(self.wanted[field] & ~self.masks[f"no_{field}"], np.bool_))

    def named(self, name: str) -> Source:
        """Return the way to those ``untouched`` or ``duplicates``."""
        return self._way(self.masks[name])


def record_state(book: Book) -> RecordState:
    """Return the projects of today by what they lack, read once."""

    def read() -> RecordState:
        data, facts = book.cache.data(book.session), facts_of(book.session, book.cache)
        everyone = np.ones(len(data.projects), np.bool_)
        found = quality(data, facts, everyone, book.today, "")
        return RecordState(data.projects.id, found.masks, expected(data, everyone))

    state: RecordState = book.cache.once(("record state", book.today), read)
    return state


def is_field(name: str) -> bool:
    """Tell whether a name is that of a field whose cells are counted."""
    return name in FIELDS


def waiting_rows(book: Book) -> Source:
    """Return the way to the rows of files that wait for a decision."""
    ids = [row.id for row in facts_of(book.session, book.cache).care.aside if row.verdict == "pending"]
    return Source(PENDING, lambda: ids)


def workbooks(book: Book, numbers: Iterable[str]) -> Source:
    """Return the way to issued workbooks by their numbers."""
    query = select(IssuedWorkbook.id).where(IssuedWorkbook.number.in_(list(numbers))).order_by(IssuedWorkbook.id)
    ids = list(book.session.scalars(query))
    return Source(WORKBOOK, lambda: ids)


# -- years -----------------------------------------------------------------------------------------------------------


def trend_source(book: Book, trend: str, kind: str, year: int) -> Source:
    """Return the way to the records that a complaint is followed by in one year.

    ``kind`` is what the complaint counts: projects, ties, approvals.
    """
    ways: Mapping[str, Callable[[], Source]] = {
        "broken": lambda: _total(book, "ended", "project", year),
        "records": lambda: _total(book, "flow", "project", year),
        "median_total": lambda: cases_of_year(book, year),
    }
    return ways.get(trend, lambda: _total(book, "stock", kind, year))()


def _total(book: Book, count: str, kind: str, year: int) -> Source:
    result = book.ask(count, year=year, kind=kind)
    members = result.members
    return Source(result.kind, lambda: members.group("total"))
