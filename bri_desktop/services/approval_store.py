"""Approval cases to and from rows: a case with its steps and what happened in each is one record to the history."""

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bri_desktop.db.measure_models import ApprovalCase, ApprovalEvent, ApprovalStep
from bri_desktop.domain.record_kinds import Plain, RecordField
from bri_desktop.services.record_store import RowStore, register

KIND, PREFIX = "approval", "S"
FIELDS = (
    RecordField("title"),
    RecordField("procedure_id", "count"),
    RecordField("opened", "date"),
    RecordField("closed", "date"),
    RecordField("result"),
    RecordField("note", "long"),
    RecordField("steps", "steps"),
)


class ApprovalStore(RowStore):
    """``steps`` is a list of {name, optional, events: [{kind, date, who, reason}]}."""

    def plain(self, session: Session, row: Any, field: RecordField) -> Any:
        """Return the plain value of one field."""
        return read_steps(session, row.id) if field.code == "steps" else super().plain(session, row, field)

    def columns_of(self, session: Session, values: Plain) -> dict[str, Any]:
        """Return the columns of the case itself."""
        return super().columns_of(session, {code: value for code, value in values.items() if code != "steps"})

    def finish(self, session: Session, number: int, values: Plain) -> None:
        """Write the steps and their events."""
        if "steps" in values:
            write_steps(session, number, values["steps"] or [])


def read_steps(session: Session, case: int) -> list[dict[str, Any]]:
    """Return the steps of a case in their order."""
    steps = session.scalars(select(ApprovalStep).where(ApprovalStep.case_id == case).order_by(ApprovalStep.position))
    found: dict[int, dict[str, Any]] = {
        step.id: {"name": step.name, "optional": bool(step.optional), "events": []} for step in steps
    }
    events = select(ApprovalEvent).where(ApprovalEvent.step_id.in_(found)).order_by(ApprovalEvent.position)
    for event in session.scalars(events):
        values = {"kind": event.kind, "date": event.date, "who": event.who, "reason": event.reason}
        found[event.step_id]["events"].append(values)
    return list(found.values())


def write_steps(session: Session, case: int, steps: list[dict[str, Any]]) -> None:
    """Put steps and events in the place of those that are there; rows that stay keep their numbers."""
    mine = list(
        session.scalars(select(ApprovalStep).where(ApprovalStep.case_id == case).order_by(ApprovalStep.position))
    )
    for position, step in enumerate(steps):
        if position == len(mine):
            mine.append(ApprovalStep(case_id=case, position=position, name=step["name"]))
            session.add(mine[-1])
        values = {"position": position, "name": step["name"], "optional": bool(step.get("optional"))}
        for name, value in values.items():
            setattr(mine[position], name, value)
        session.flush()
        session.execute(delete(ApprovalEvent).where(ApprovalEvent.step_id == mine[position].id))
        session.add_all(
            ApprovalEvent(step_id=mine[position].id, position=place, **event)
            for place, event in enumerate(step.get("events", ()))
        )
    for gone in mine[len(steps) :]:
        session.execute(delete(ApprovalEvent).where(ApprovalEvent.step_id == gone.id))
        session.delete(gone)
    session.flush()


register(ApprovalStore(KIND, ApprovalCase, PREFIX, FIELDS))
