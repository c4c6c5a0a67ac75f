"""From records of any kind to the projects that they are about: what a figure opens in the ledger."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from bri_desktop.db.measure_models import ApprovalCase
from bri_desktop.db.models import Activity, Agreement, Outcome, Project
from bri_desktop.db.record_models import FollowUp

AT_ONCE = 10_000
"""So many ids go into one query: a statement takes only so many values."""
BELONGING: Mapping[str, Any] = {
    "agreement": Agreement,
    "activity": Activity,
    "outcome": Outcome,
    "approval": ApprovalCase,
    "follow_up": FollowUp,
}


def project_ids(session: Session, kind: str, ids: Sequence[int]) -> tuple[int, ...]:
    """Return the projects of ``ids``, in order: of projects themselves, of a ``pair``, of an ``approval`` case, or of
    an ``agreement``, ``activity``, ``outcome`` or ``follow_up``; what belongs to a tie alone gives the projects of that
    tie. Nothing for what is about no project."""
    if kind == "project":
        return tuple(ids)
    if kind != "pair" and kind not in BELONGING:
        return ()
    found: set[int] = set()
    for first in range(0, len(ids), AT_ONCE):
        found.update(session.scalars(_query(kind, ids[first : first + AT_ONCE])))
    return tuple(sorted(found))


def _query(kind: str, ids: Sequence[int]) -> Select[tuple[int]]:
    wanted = select(Project.id).where(Project.deleted_at.is_(None))
    if kind == "pair":
        return wanted.where(Project.pair_id.in_(ids))
    table = BELONGING[kind]
    named = Project.id.in_(select(table.project_id).where(table.id.in_(ids)))
    if not hasattr(table, "pair_id"):
        return wanted.where(named)
    alone = select(table.pair_id).where(table.id.in_(ids))
    if kind != "approval":
        alone = alone.where(table.project_id.is_(None))
    return wanted.where(or_(named, Project.pair_id.in_(alone)))
