"""What a removed record leaves in tables that are not its own: accounts of imports and returns, settled rows, tags.

Those rows stay, because they tell what became of a file; only the texts of the record are taken out of them.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bri_desktop.db.exchange_models import DistinctPair, ReturnedWorkbook
from bri_desktop.db.models import HistoryEntry, ImportBatch, PendingRow, Project, ProjectTag, Tag

TEXTS = ("title", "title_en", "code", "summary", "results", "source", "note")
"""The fields of a project in which the office writes freely."""
SHORTEST, LONG = 2, 6
"""A text of fewer characters tells nothing; one of that many is looked for inside others, too."""

_COLUMNS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (ImportBatch, ("ignored", "problems")),
    (PendingRow, ("cells", "problems")),
    (ReturnedWorkbook, ("counts", "decisions")),
)


def texts_of(session: Session, projects: Sequence[int]) -> frozenset[str]:
    """Return the texts that the projects have and had, as far as the history goes."""
    columns = [getattr(Project, name) for name in TEXTS]
    found = [value for row in session.execute(select(*columns).where(Project.id.in_(projects))) for value in row]
    entries = select(HistoryEntry.before, HistoryEntry.after).where(
        HistoryEntry.kind == "project", HistoryEntry.record_id.in_(projects)
    )
    for sides in session.execute(entries):
        found += [side.get(name) for side in sides if side for name in TEXTS]
    return frozenset(text.strip() for text in found if isinstance(text, str) and len(text.strip()) >= SHORTEST)


def take_out(session: Session, texts: frozenset[str]) -> int:
    """Take the texts out of what is kept of files; return how many rows held one. Rows that still wait stay."""
    taken = 0
    for model, names in _COLUMNS:
        for row in _holding(session, model, names, texts):
            for name in names:
                setattr(row, name, without(getattr(row, name), texts))
            taken += 1
    session.flush()
    return taken


def waiting_with(session: Session, texts: frozenset[str]) -> int:
    """Return how many rows kept aside still wait for a decision and hold one of the texts."""
    waiting = session.scalars(select(PendingRow.cells).where(PendingRow.settled_at.is_(None)))
    return sum(_holds(cells, texts) for cells in waiting)


def _holding(session: Session, model: Any, names: Sequence[str], texts: frozenset[str]) -> Iterator[Any]:
    query = select(model.id, *(getattr(model, name) for name in names))
    if model is PendingRow:
        query = query.where(PendingRow.settled_at.is_not(None))
    for number, *values in session.execute(query).all():
        if any(_holds(value, texts) for value in values):
            yield session.get_one(model, number)


def _holds(value: Any, texts: frozenset[str]) -> bool:
    return json.dumps(without(value, texts)) != json.dumps(value)


def without(value: Any, texts: frozenset[str]) -> Any:
    """Return a JSON value in which each text that is one of ``texts``, or holds a long one, is empty."""
    if isinstance(value, str):
        return "" if value.strip() in texts or any(text in value for text in texts if len(text) >= LONG) else value
    if isinstance(value, list):
        return [without(one, texts) for one in value]
    if isinstance(value, dict):
        return {name: without(one, texts) for name, one in value.items()}
    return value


def drop_unused(session: Session, kind: str, ids: Iterable[int]) -> None:
    """Remove tags that no record has any more, and what was decided about likenesses of the records."""
    session.execute(delete(Tag).where(Tag.id.not_in(select(ProjectTag.tag_id))))
    for number in ids:
        pair = (DistinctPair.left_id == number) | (DistinctPair.right_id == number)
        session.execute(delete(DistinctPair).where(DistinctPair.kind == kind, pair))
