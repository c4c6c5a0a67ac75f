"""Records that look alike and were said to be different: remembered, listed, and taken back."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bri_desktop.db.database import now
from bri_desktop.db.exchange_models import DistinctPair
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import InputError
from bri_desktop.domain.vocabulary import PROJECT_KEY, key_of, number_of

KIND = "project"
DISTINCT = Changes(frozenset({"distinct"}))
"""What a decision touches: no record, but the list of pairs."""


@dataclass(frozen=True, slots=True)
class ToldApart:
    """Two records said to be different, by their keys, and when (UTC)."""

    left: str
    right: str
    at: str


def remember_distinct(session: Session, pairs: Iterable[tuple[str, str]]) -> Changes:
    """Remember that the records of each pair of keys are different; ``distinct_itself`` where both are one."""
    for left, right in {_ordered(first, second) for first, second in pairs}:
        if left == right:
            raise InputError("distinct_itself", key=key_of(PROJECT_KEY, left))
        if session.get(DistinctPair, (KIND, left, right)) is None:
            session.add(DistinctPair(kind=KIND, left_id=left, right_id=right, decided_at=now()))
    session.flush()
    return DISTINCT


def forget_distinct(session: Session, pairs: Iterable[tuple[str, str]]) -> Changes:
    """Take decisions back: the pairs may be shown and asked again."""
    for left, right in {_ordered(first, second) for first, second in pairs}:
        session.execute(
            delete(DistinctPair).where(
                DistinctPair.kind == KIND, DistinctPair.left_id == left, DistinctPair.right_id == right
            )
        )
    return DISTINCT


def distinct_ids(session: Session) -> set[tuple[int, int]]:
    """Return (smaller id, larger id) of every pair said to be different."""
    query = select(DistinctPair.left_id, DistinctPair.right_id).where(DistinctPair.kind == KIND)
    return {(left, right) for left, right in session.execute(query)}


def told_apart(session: Session) -> list[ToldApart]:
    """Return the decisions, latest first."""
    rows = session.scalars(
        select(DistinctPair)
        .where(DistinctPair.kind == KIND)
        .order_by(DistinctPair.decided_at.desc(), DistinctPair.left_id)
    )
    return [
        ToldApart(key_of(PROJECT_KEY, row.left_id), key_of(PROJECT_KEY, row.right_id), row.decided_at) for row in rows
    ]


def _ordered(first: str, second: str) -> tuple[int, int]:
    left, right = number_of(PROJECT_KEY, first), number_of(PROJECT_KEY, second)
    if left is None or right is None:
        raise ValueError(f"not keys of projects: {first}, {second}")
    return min(left, right), max(left, right)
