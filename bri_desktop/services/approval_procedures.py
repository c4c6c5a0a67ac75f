"""The procedures of approvals: lists of steps under a name, which every office edits to its own path."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bri_desktop.db.measure_models import ApprovalCase, ApprovalProcedure
from bri_desktop.domain.approval import problems_of_steps
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import FieldProblem, InputError, StaleRecordError
from bri_desktop.domain.vocabulary import key_of
from bri_desktop.services.hanging import InvalidRecordError
from bri_desktop.services.history import Journal
from bri_desktop.services.record_store import PROCEDURE_PREFIX, STORES, StoredRecord
from bri_desktop.services.record_undo import move_record

PROCEDURE = "approval_procedure"
DEFAULT_NAME = "友好城市审批"
DEFAULT_STEPS: tuple[tuple[str, bool], ...] = (
    ("意向书", False),
    ("市外办", False),
    ("市政府", False),
    ("市人大常委会", True),
    ("省外办", False),
    ("全国友协批复", False),
    ("签署", False),
    ("报备", False),
)
TOUCHED = frozenset({"approval", "history"})


@dataclass(frozen=True, slots=True)
class Procedure:
    """A list of steps under a name; ``steps`` holds (name, may be skipped). ``id`` 0: the one built in, not stored."""

    id: int
    name: str
    steps: tuple[tuple[str, bool], ...]
    version: int
    cases: int = 0

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``--json`` prints."""
        steps = [{"name": name, "optional": optional} for name, optional in self.steps]
        return {"key": key_of(PROCEDURE_PREFIX, self.id) if self.id else None, "name": self.name, "steps": steps}


def procedures(session: Session) -> list[Procedure]:
    """Return the procedures in their order; the one built in where the office has none of its own."""
    rows = session.scalars(
        select(ApprovalProcedure).where(ApprovalProcedure.deleted_at.is_(None)).order_by(ApprovalProcedure.id)
    )
    used = list(session.scalars(select(ApprovalCase.procedure_id).where(ApprovalCase.deleted_at.is_(None))))
    found = [Procedure(row.id, row.name, _pairs(row.steps), row.version, used.count(row.id)) for row in rows]
    return found or [Procedure(0, DEFAULT_NAME, DEFAULT_STEPS, 0)]


def _pairs(steps: Sequence[Any]) -> tuple[tuple[str, bool], ...]:
    """Return stored steps; a bare name is a step that may not be skipped."""
    return tuple(
        (str(step["name"]), bool(step.get("optional"))) if isinstance(step, Mapping) else (str(step), False)
        for step in steps
    )


def save_procedure(
    session: Session, number: int, name: str, steps: Sequence[tuple[str, bool]], *, seen_version: int
) -> Changes:
    """Store a procedure, a new one or the one built in under ``number`` 0; cases that run keep their own steps.

    Raises ``InvalidRecordError``: a name or step missing, twice or too long; ``StaleRecordError``.
    """
    stored_steps = _stored_steps(steps)
    plain: dict[str, Any] = {"name": name.strip(), "steps": stored_steps}
    same = select(ApprovalProcedure.id).where(ApprovalProcedure.name == plain["name"], ApprovalProcedure.id != number)
    problems = list(problems_of_steps(stored_steps))
    if not plain["name"]:
        problems.append(FieldProblem("name", "required"))
    elif session.scalar(same) is not None:
        problems.append(FieldProblem("name", "name_taken", {"name": plain["name"]}))
    if problems:
        raise InvalidRecordError(problems)
    store, journal = STORES[PROCEDURE], Journal(session, "edit_procedure", kind=PROCEDURE)
    if not number:
        journal.created([store.insert(session, {}, plain, None)])
        return Changes(TOUCHED)
    stored = _procedure(session, number)
    if stored.version != seen_version:
        raise StaleRecordError("record_stale", key=plain["name"], seen=seen_version, now=stored.version)
    changed = {code: (stored.values[code], value) for code, value in plain.items() if stored.values[code] != value}
    if changed:
        store.write(session, number, plain)
        journal.updated(number, changed)
    return Changes(TOUCHED)


def _stored_steps(steps: Sequence[tuple[str, bool]]) -> list[dict[str, Any]]:
    return [{"name": name.strip(), "optional": optional} for name, optional in steps]


def delete_procedure(session: Session, number: int) -> Changes:
    """Put a procedure into the bin; its cases go on by the steps they have."""
    move_record(
        session,
        Journal(session, "edit_procedure", kind=PROCEDURE),
        STORES[PROCEDURE],
        _procedure(session, number),
        is_binned=True,
    )
    return Changes(TOUCHED)


def _procedure(session: Session, number: int) -> StoredRecord:
    stored = STORES[PROCEDURE].read(session, number)
    if stored is None:
        raise InputError("record_unknown", key=key_of(PROCEDURE_PREFIX, number))
    return stored


def procedure_for(session: Session, wanted: str | None, journal: Journal) -> Procedure:
    """Return the procedure of that name, the first where none is named, stored where it was only built in."""
    known = procedures(session)
    found = known[0] if wanted is None else next((one for one in known if one.name == wanted), None)
    if found is None:
        raise InputError("option_unknown", value=wanted, known="、".join(one.name for one in known))
    if found.id:
        return found
    plain = {"name": found.name, "steps": _stored_steps(found.steps)}
    number = STORES[PROCEDURE].insert(session, {}, plain, None)
    journal.created([number], PROCEDURE)
    return Procedure(number, found.name, found.steps, 1)
