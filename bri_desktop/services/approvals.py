"""Approvals of ties and projects: procedures that the office edits, cases with their steps, and what is done in each.

Durations are measured by ``analysis.approval`` over the same rows. Every act is one transaction with its entry in
the history, so that Ctrl+Z takes it back.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bri_desktop.analysis.days import working_days
from bri_desktop.db.measure_models import ApprovalCase, ApprovalProcedure
from bri_desktop.db.models import Country, Pair, Place, Project, ProjectPlace
from bri_desktop.domain.approval import (
    WITHDRAWN,
    Standing,
    Step,
    acted,
    acts_open,
    problems_of_act,
    standing,
)
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import FieldProblem, InputError, StaleRecordError, Where
from bri_desktop.domain.vocabulary import PAIR_KEY, PROJECT_KEY, key_of, number_of
from bri_desktop.i18n import tr
from bri_desktop.services.approval_procedures import procedure_for
from bri_desktop.services.approval_store import KIND, PREFIX, read_steps
from bri_desktop.services.hanging import InvalidRecordError
from bri_desktop.services.history import Journal
from bri_desktop.services.pair_life import last_day
from bri_desktop.services.projects import today as this_day
from bri_desktop.services.record_list import pair_name
from bri_desktop.services.record_store import STORES, StoredRecord
from bri_desktop.services.record_undo import move_record

TOUCHED = frozenset({"approval", "history"})
NO_RELATIONS = "no"
FORMAL = ("sister", "intent", None)
"""Kinds of ties that need diplomatic relations, or are on the way to one that does."""


@dataclass(frozen=True, slots=True)
class Case:
    """An approval with what it is of, where it stands, and its age in days (working days where ``is_working``)."""

    id: int
    key: str
    version: int
    title: str
    owner_key: str
    owner_name: str
    procedure: str
    steps: tuple[Step, ...]
    opened: str | None
    closed: str | None
    result: str | None
    note: str | None
    standing: Standing
    age: int | None
    age_of_step: int | None
    is_working: bool
    warning: str | None

    @property
    def acts(self) -> tuple[str, ...]:
        """What may be done now."""
        return acts_open(self.steps, is_closed=self.closed is not None)

    @property
    def step_name(self) -> str:
        """The step in question; empty when all are done."""
        return "" if self.standing.step is None else str(self.steps[self.standing.step]["name"])

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``--json`` prints."""
        names = ("key", "title", "procedure", "opened", "closed", "result", "note", "version", "age", "warning")
        plain: dict[str, Any] = {name: getattr(self, name) for name in names}
        is_tie = self.owner_key.startswith(PAIR_KEY)
        owner = {"project": None if is_tie else self.owner_key, "pair": self.owner_key if is_tie else None}
        state = {"step": self.step_name or None, "state": self.standing.state, "returned": self.standing.returned}
        return plain | owner | state | {"acts": list(self.acts), "steps": list(self.steps)}


# -- cases -------------------------------------------------------------------------------------------------------


def open_case(
    session: Session,
    owner: str,
    *,
    procedure: str | None = None,
    title: str | None = None,
    opened: str | None = None,
    journal: Journal | None = None,
) -> Case:
    """Begin the approval of a project or a tie, given by its key, by a procedure (the first where none is named).

    ``InputError``: ``record_unknown``, ``option_unknown`` for a procedure, ``approval_open`` where one is open.
    """
    wanted = _owner_columns(session, owner)
    open_ones = select(ApprovalCase.id).where(ApprovalCase.deleted_at.is_(None), ApprovalCase.closed.is_(None))
    for name, number in wanted.items():
        open_ones = open_ones.where(getattr(ApprovalCase, name) == number)
    if (there := session.scalar(open_ones)) is not None:
        raise InputError("approval_open", where=Where(key=owner), key=key_of(PREFIX, there))
    opened = opened or this_day().value
    if opened > this_day().value:
        raise InvalidRecordError([FieldProblem("opened", "later_than_today", {"date": opened})])
    journal = journal or Journal(session, "open_approval", kind=KIND)
    chosen = procedure_for(session, procedure, journal)
    steps = [{"name": name, "optional": optional, "events": []} for name, optional in chosen.steps]
    values = {"title": title, "procedure_id": chosen.id, "opened": opened, "steps": steps}
    number = STORES[KIND].insert(session, wanted, values, journal.batch_id)
    journal.created([number], KIND)
    return get_case(session, number)


def _owner_columns(session: Session, owner: str) -> dict[str, int]:
    for prefix, model, name in ((PROJECT_KEY, Project, "project_id"), (PAIR_KEY, Pair, "pair_id")):
        number = number_of(prefix, owner)
        if number is not None and session.get(model, number) is not None:
            return {name: number}
    raise InputError("record_unknown", where=Where(key=owner), key=owner)


def act(
    session: Session,
    number: int,
    what: str,
    *,
    date: str | None,
    who: str | None = None,
    reason: str | None = None,
    seen_version: int | None = None,
) -> Changes:
    """Submit, return, decide, refuse or skip the step in question; the last decision closes the case.

    Raises ``InputError`` ``approval_act_closed`` where this cannot be done now, ``InvalidRecordError`` for its date
    and reason, ``StaleRecordError``.
    """
    stored = _case(session, number, seen_version)
    steps = stored.values["steps"]
    if what not in acts_open(steps, is_closed=stored.values["closed"] is not None):
        raise InputError("approval_act_closed", where=Where(key=stored.key), act=what)
    problems = problems_of_act(steps, what, {"date": date, "reason": reason}, today=this_day())
    if problems:
        raise InvalidRecordError(problems)
    after, result = acted(steps, what, date=date, who=_text(who), reason=_text(reason))
    changed = {"steps": after} | ({"closed": date, "result": result} if result else {})
    return _write(session, stored, changed, f"approval_{what}")


def withdraw(session: Session, number: int, *, date: str, seen_version: int | None = None) -> Changes:
    """Close a case that is not pursued any more."""
    stored = _case(session, number, seen_version)
    if stored.values["closed"] is not None:
        raise InputError("approval_act_closed", where=Where(key=stored.key), act=WITHDRAWN)
    return _write(session, stored, {"closed": date, "result": WITHDRAWN}, "approval_withdraw")


def edit_case(session: Session, number: int, values: Mapping[str, Any], *, seen_version: int) -> Changes:
    """Give a case another title, note or date of opening."""
    stored = _case(session, number, seen_version)
    return _write(session, stored, {code: _text(values[code]) for code in values}, "edit_record")


def delete_case(session: Session, number: int) -> Changes:
    """Put a case into the bin."""
    stored = _case(session, number, None)
    if stored.deleted_at is None:
        move_record(session, Journal(session, "delete_record", kind=KIND), STORES[KIND], stored, is_binned=True)
    return Changes(TOUCHED)


def _case(session: Session, number: int, seen_version: int | None) -> StoredRecord:
    stored = STORES[KIND].read(session, number)
    key = key_of(PREFIX, number)
    if stored is None:
        raise InputError("record_unknown", where=Where(key=key), key=key)
    if seen_version is not None and stored.version != seen_version:
        raise StaleRecordError("record_stale", where=Where(key=key), key=key, seen=seen_version, now=stored.version)
    return stored


def _write(session: Session, stored: StoredRecord, values: Mapping[str, Any], action: str) -> Changes:
    changed = {code: (stored.values[code], value) for code, value in values.items() if stored.values[code] != value}
    if changed:
        STORES[KIND].write(session, stored.id, {code: pair[1] for code, pair in changed.items()})
        Journal(session, action, kind=KIND).updated(stored.id, changed)
    return Changes(TOUCHED)


def _text(value: str | None) -> str | None:
    return (value or "").strip() or None


# -- reading -----------------------------------------------------------------------------------------------------


def list_cases(
    session: Session,
    *,
    owner: str | None = None,
    today: datetime.date | None = None,
    is_open: bool | None = None,
    ids: Sequence[int] | None = None,
) -> list[Case]:
    """Return the cases that are not in the bin, nor what they are of: open ones first, the longest waiting first."""
    query = select(ApprovalCase).where(ApprovalCase.deleted_at.is_(None))
    if owner is not None:
        for name, number in _owner_columns(session, owner).items():
            query = query.where(getattr(ApprovalCase, name) == number)
    if is_open is not None:
        query = query.where(ApprovalCase.closed.is_(None) if is_open else ApprovalCase.closed.is_not(None))
    if ids is not None:
        query = query.where(ApprovalCase.id.in_(ids))
    names = dict(session.execute(select(ApprovalProcedure.id, ApprovalProcedure.name)).tuples().all())
    day = today or datetime.date.today()
    found = [_read(session, row, names, day) for row in session.scalars(query)]
    alive = [case for case in found if case is not None]
    return sorted(
        alive, key=lambda case: (case.closed is not None, -(case.age_of_step or 0), -(case.age or 0), case.id)
    )


def get_case(session: Session, number: int) -> Case:
    """Return one case; ``InputError`` ``record_unknown``."""
    found = list_cases(session, ids=[number])
    if not found:
        key = key_of(PREFIX, number)
        raise InputError("record_unknown", where=Where(key=key), key=key)
    return found[0]


def _read(session: Session, row: ApprovalCase, names: Mapping[int, str], today: datetime.date) -> Case | None:
    owner = _owner(session, row)
    if owner is None:
        return None
    steps = tuple(read_steps(session, row.id))
    now = standing(steps)
    end = last_day(row.closed) if row.closed else today
    age, is_working = _days(row.opened, end)
    age_of_step, _ = _days(now.since or row.opened, end)
    return Case(
        id=row.id,
        key=key_of(PREFIX, row.id),
        version=row.version,
        title=row.title or owner[1],
        owner_key=owner[0],
        owner_name=owner[1],
        procedure=names.get(row.procedure_id or 0) or tr("No procedure"),
        steps=steps,
        opened=row.opened,
        closed=row.closed,
        result=row.result,
        note=row.note,
        standing=now,
        age=age,
        age_of_step=age_of_step if row.closed is None else None,
        is_working=is_working,
        warning=relations_warning(session, row.project_id, row.pair_id),
    )


def _owner(session: Session, row: ApprovalCase) -> tuple[str, str] | None:
    """Return (key, name) of what a case is of; ``None`` where that is in the bin."""
    if row.project_id is not None:
        project = session.get(Project, row.project_id)
        if project is None or project.deleted_at is not None:
            return None
        return key_of(PROJECT_KEY, project.id), project.title
    pair = session.get(Pair, row.pair_id) if row.pair_id is not None else None
    if pair is None or pair.deleted_at is not None:
        return None
    return key_of(PAIR_KEY, pair.id), pair_name(pair)


def _days(first: str | None, last: datetime.date) -> tuple[int | None, bool]:
    """Return days between two dates, working days by the Chinese calendar where it has the years."""
    if first is None or len(first) < 10:
        return None, False
    start = datetime.date.fromisoformat(first)
    working = working_days(start, last) if start <= last else None
    return (max((last - start).days, 0), False) if working is None else (working, True)


def relations_warning(session: Session, project: int | None, pair: int | None) -> str | None:
    """Return the ISO code of a country without diplomatic relations that a formal tie would be with, or ``None``."""
    if pair is None and project is not None:
        pair = session.scalar(select(Project.pair_id).where(Project.id == project))
    query = select(Country.iso2).where(Country.diplomatic_relations == NO_RELATIONS)
    if pair is not None:
        kind = session.scalar(select(Pair.kind).where(Pair.id == pair))
        place = select(Place.country).join(Pair, Pair.foreign_id == Place.id).where(Pair.id == pair)
        return session.scalar(query.where(Country.iso2.in_(place))) if kind in FORMAL else None
    is_tie = session.scalar(select(Project.id).where(Project.id == project, Project.mode == "sister_city"))
    if is_tie is None:
        return None
    place = select(Place.country).join(ProjectPlace, ProjectPlace.place_id == Place.id)
    place = place.where(ProjectPlace.project_id == project, ProjectPlace.side == "foreign")
    return session.scalar(query.where(Country.iso2.in_(place)).limit(1))
