"""What the measures read beside the columns: ties, activities, approvals, causes, indicators, outcomes, care."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

import numpy as np
from sqlalchemy import Text, cast, func, select
from sqlalchemy.orm import Session

from bri_desktop.analysis.facts import (
    ActivityFact,
    AsideFact,
    Care,
    Facts,
    IndicatorFact,
    IssuedFact,
    OutcomeFact,
    PairFact,
    StepFact,
)
from bri_desktop.analysis.model import IntArray, Links, StatsData, ints, pack_date
from bri_desktop.analysis.outcomes import OutcomeEntry
from bri_desktop.db.compact import read_columns
from bri_desktop.db.exchange_models import DistinctPair, IssuedWorkbook, ReturnedWorkbook
from bri_desktop.db.measure_models import (
    ApprovalCase,
    ApprovalEvent,
    ApprovalProcedure,
    ApprovalStep,
    ExchangeRate,
    Indicator,
    IndicatorValue,
    Risk,
)
from bri_desktop.db.models import Activity, ImportBatch, Outcome, Pair, PendingRow, Place, Project
from bri_desktop.db.scaled import from_scaled
from bri_desktop.i18n import tr
from bri_desktop.services.cities import pair_signings
from bri_desktop.services.columns import column, index_of, packed
from bri_desktop.services.visibility import NOTHING, Hidden

BLANKS = "".join(map(chr, (*range(9, 14), 32, 0x85, 0xA0, 0x3000)))
"""What does not count as a source."""


def read_facts(session: Session, data: StatsData, hidden: Hidden = NOTHING) -> Facts:
    """Return the facts beside the columns of all projects, but their outcomes, which are as many as the projects.

    Those of ``hidden`` records are left out.
    """
    index = _Index(data)
    return Facts(
        pairs=tuple(pair for pair in read_pair_facts(session) if pair.id not in hidden.pairs),
        activities=_activities(session, index, hidden),
        steps=_steps(session, index, hidden),
        indicators=_indicators(session, index),
        causes=_causes(session, data, index),
        care=_care(session, data),
        rates=read_rates(session),
    )


def read_rates(session: Session) -> dict[tuple[str, int], Decimal]:
    """Return (currency, year) -> yuan for one unit."""
    return {(row.currency, row.year): Decimal(row.rate) for row in session.scalars(select(ExchangeRate))}


class _Index:
    """Record number of a project -> its position in the columns; -1 for none, also for one in the bin."""

    def __init__(self, data: StatsData) -> None:
        self._ids = data.projects.id

    def __call__(self, project: int | None) -> int:
        return -1 if project is None else int(index_of(self._ids, column([project]))[0])


def read_pair_facts(session: Session) -> tuple[PairFact, ...]:
    """Return the ties that are not in the bin, with their first signing."""
    signed = pair_signings(session)
    names = {
        row.id: (row.key, row.name_zh or row.name_en or row.key, row.name_en or row.name_zh or row.key)
        for row in session.execute(select(Place.id, Place.key, Place.name_zh, Place.name_en))
    }
    query = select(Pair).where(Pair.deleted_at.is_(None)).order_by(Pair.id)
    return tuple(
        PairFact(
            id=pair.id,
            domestic=names[pair.domestic_id],
            foreign=names[pair.foreign_id],
            kind=pair.kind,
            level=pair.level,
            life=pair.life,
            signed=pack_date(signed.get(pair.id)),
            ended=pack_date(pair.ended),
        )
        for pair in session.scalars(query)
    )


def _activities(session: Session, index: _Index, hidden: Hidden) -> tuple[ActivityFact, ...]:
    query = select(Activity).where(Activity.deleted_at.is_(None)).order_by(Activity.id)
    return tuple(
        ActivityFact(row.id, index(row.project_id), row.pair_id or 0, row.kind, pack_date(row.date), row.head_count)
        for row in session.scalars(query)
        if hidden.shows(row.project_id, row.pair_id)
    )


def _steps(session: Session, index: _Index, hidden: Hidden) -> tuple[StepFact, ...]:
    events: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for step, kind, date in session.execute(
        select(ApprovalEvent.step_id, ApprovalEvent.kind, ApprovalEvent.date).order_by(
            ApprovalEvent.step_id, ApprovalEvent.position
        )
    ):
        events[step].append((kind, pack_date(date)))
    query = (
        select(ApprovalStep, ApprovalCase, ApprovalProcedure.name)
        .join(ApprovalCase, ApprovalCase.id == ApprovalStep.case_id)
        .outerjoin(ApprovalProcedure, ApprovalProcedure.id == ApprovalCase.procedure_id)
        .where(ApprovalCase.deleted_at.is_(None))
        .order_by(ApprovalCase.id, ApprovalStep.position)
    )
    return tuple(
        StepFact(
            case=case.id,
            case_title=case.title or "",
            project=index(case.project_id),
            pair=case.pair_id or 0,
            procedure=procedure or tr("No procedure"),
            position=step.position,
            name=step.name,
            events=tuple(events[step.id]),
            closed=case.closed is not None,
        )
        for step, case, procedure in session.execute(query)
        if hidden.shows(case.project_id, case.pair_id)
    )


def _indicators(session: Session, index: _Index) -> tuple[IndicatorFact, ...]:
    values: dict[int, list[tuple[int, Decimal]]] = defaultdict(list)
    for value in session.scalars(select(IndicatorValue).order_by(IndicatorValue.period)):
        values[value.indicator_id].append((pack_date(value.period), value.actual))
    rows = session.scalars(select(Indicator).where(Indicator.deleted_at.is_(None)).order_by(Indicator.id))
    found = [
        IndicatorFact(
            row.id, index(row.project_id), row.name, row.unit, row.baseline, row.target, tuple(values[row.id])
        )
        for row in rows
    ]
    return tuple(fact for fact in found if fact.project >= 0)


def read_outcomes(session: Session, data: StatsData) -> tuple[OutcomeFact, ...]:
    """Return the outcomes of all projects, with their quantities and amounts."""
    words = ("outcome_class", "unit", "quantity", "amount", "currency")
    numbers = (cast(Outcome.quantity, Text).label("quantity"), cast(Outcome.amount, Text).label("amount"))
    own = (Outcome.project_id, Outcome.date, Outcome.outcome_class, Outcome.unit, Outcome.currency)
    found = read_columns(session, select(*own, *numbers).order_by(Outcome.id))
    rows = list(zip(*(found.words(name) for name in words), strict=True))
    entries = {row: _outcome_entry(*row) for row in set(rows)}
    places = index_of(data.projects.id, found.numbers("project_id")).tolist()
    dates = packed(found.words("date")).tolist()
    return tuple(
        OutcomeFact(place, date, entries[row])
        for place, date, row in zip(places, dates, rows, strict=True)
        if place >= 0
    )


def _outcome_entry(outcome_class: str, unit: str, quantity: str, amount: str, currency: str) -> OutcomeEntry:
    counted, paid = (from_scaled(int(text)) if text else None for text in (quantity, amount))
    return OutcomeEntry(outcome_class or None, unit or None, counted, paid, currency or None)


def _causes(session: Session, data: StatsData, index: _Index) -> Links:
    """Return the causes of projects; those of a tie are the causes of its projects."""
    codes = {ref.code: position for position, ref in enumerate(data.codes.get("cause", ()))}
    by_pair: dict[int, list[int]] = defaultdict(list)
    for place, pair in enumerate(data.projects.pair.tolist()):
        if pair:
            by_pair[pair].append(place)
    found: list[tuple[int, int]] = []
    for risk in session.scalars(select(Risk).where(Risk.deleted_at.is_(None), Risk.cause.is_not(None))):
        places = [index(risk.project_id)] if risk.project_id is not None else by_pair.get(risk.pair_id or 0, [])
        found += [(place, codes[risk.cause]) for place in places if place >= 0 and risk.cause in codes]
    return Links(ints([place for place, _ in found]), ints([cause for _, cause in found]))


def _care(session: Session, data: StatsData) -> Care:
    found = read_columns(
        session,
        select(
            Project.id,
            (func.trim(func.coalesce(Project.source, ""), BLANKS) != "").label("source"),
            Project.amount.is_not(None).label("amount"),
            func.substr(Project.updated_at, 1, 10).label("touched"),
            Project.fingerprint,
        ),
    )
    places = index_of(found.numbers("id"), data.projects.id)
    return Care(
        filled=_filled(data, {name: found.numbers(name)[places] for name in ("source", "amount")}),
        touched=packed(found.words("touched"))[places],
        twins=_twins(session, data, found.long_numbers("fingerprint")[places]),
        issued=_issued(session, data),
        aside=_aside(session),
    )


def _filled(data: StatsData, own: dict[str, IntArray]) -> dict[str, IntArray]:
    projects, entries = data.projects, len(data.projects)

    def linked(links: Links) -> IntArray:
        return (np.bincount(links.project, minlength=entries) > 0).astype(np.int32)

    filled = {
        name: (getattr(projects, name) >= 0).astype(np.int32)
        for name in ("mode", "nature", "status", "domain", "level", "department")
    }
    filled |= {"domestic_places": linked(data.domestic), "foreign_places": linked(data.foreign)}
    filled |= {"start": (projects.start > 0).astype(np.int32), "outcomes": projects.has_outcome.astype(np.int32)}
    return filled | own


def _twins(session: Session, data: StatsData, digests: Any) -> tuple[tuple[int, ...], ...]:
    """Return groups of positions with one fingerprint, but those of which every two were decided to be different."""
    values, inverse, times = np.unique(digests, return_inverse=True, return_counts=True)
    several = np.flatnonzero((times > 1) & (values != 0))
    if not several.size:
        return ()
    decided = {
        (row.left_id, row.right_id)
        for row in session.scalars(select(DistinctPair).where(DistinctPair.kind == "project"))
    }
    places = np.flatnonzero(np.isin(inverse, several))
    groups: dict[int, list[int]] = defaultdict(list)
    for place in places.tolist():
        groups[int(inverse[place])].append(place)
    ids = data.projects.id.tolist()

    def is_open(group: list[int]) -> bool:
        numbers = sorted(ids[place] for place in group)
        if len(numbers) * (len(numbers) - 1) // 2 > len(decided):
            return True
        return any((a, b) not in decided for n, a in enumerate(numbers) for b in numbers[n + 1 :])

    return tuple(tuple(group) for group in groups.values() if is_open(group))


def _issued(session: Session, data: StatsData) -> tuple[IssuedFact, ...]:
    departments = {organisation.key: place for place, organisation in enumerate(data.organisations)}
    returned = set(session.scalars(select(ReturnedWorkbook.workbook_id).distinct()))
    rows = session.scalars(select(IssuedWorkbook).order_by(IssuedWorkbook.id))
    return tuple(
        IssuedFact(
            id=row.id,
            number=row.number,
            department=departments.get(f"O{row.department_id}", -1),
            due=pack_date(row.due),
            returned=row.id in returned or row.closed_at is not None,
        )
        for row in rows
    )


def _aside(session: Session) -> tuple[AsideFact, ...]:
    how = func.coalesce(PendingRow.settled_how, "pending")
    rows = session.execute(
        select(PendingRow.id, ImportBatch.file_name, PendingRow.sheet, PendingRow.row, how)
        .join(ImportBatch, ImportBatch.id == PendingRow.batch_id)
        .where(how.in_(("pending", "refused")), ImportBatch.undone_at.is_(None))
        .order_by(PendingRow.id)
    )
    return tuple(AsideFact(*row) for row in rows)
