"""Rows kept aside that were settled by hand: entered in the history so that undoing lets them wait again."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from bri_desktop.db.database import now
from bri_desktop.db.models import HistoryEntry, ImportBatch, PendingRow, table_of

WAITING_KIND = "waiting_row"
SETTLE = "settle"
"""The act of the history by which rows kept aside are settled after their import."""

IGNORED = "ignored"
"""What a row becomes in the account of its import that is settled without being taken in."""


def settle_rows(session: Session, change_id: int, rows: Sequence[tuple[PendingRow, str, str]]) -> None:
    """Settle (row, how, what it becomes in its import's account) and enter it; ``how`` is imported or dismissed."""
    instant = now()
    for row, how, verdict in rows:
        row.settled_how, row.settled_at = how, instant
        _move(session.get_one(ImportBatch, row.batch_id), row, "pending", verdict)
    entries = [
        {
            "change_id": change_id,
            "kind": WAITING_KIND,
            "record_id": row.id,
            "action": SETTLE,
            "before": None,
            "after": {"how": how, "verdict": verdict},
        }
        for row, how, verdict in rows
    ]
    if entries:
        session.execute(insert(table_of(HistoryEntry)), entries)
    session.flush()


def reopen_rows(session: Session, entries: Sequence[HistoryEntry]) -> None:
    """Let the rows of these entries wait again, unless something else settled them since."""
    for entry in entries:
        row = session.get(PendingRow, entry.record_id)
        after: Mapping[str, Any] = entry.after or {}
        if row is None or row.settled_how != after.get("how"):
            continue
        row.settled_how = row.settled_at = None
        _move(session.get_one(ImportBatch, row.batch_id), row, str(after["verdict"]), "pending")
    session.flush()


def _move(batch: ImportBatch, row: PendingRow, before: str, after: str) -> None:
    """Count a row of an import elsewhere, so that its account still adds up."""
    counts = dict(batch.counts)
    for verdict, step in ((before, -1), (after, 1)):
        if verdict != IGNORED:
            counts[verdict] = max(int(counts.get(verdict, 0)) + step, 0)
    batch.counts = counts
    if IGNORED not in (before, after):
        return
    own = {"sheet": row.sheet, "row": row.row, "reason": "row_left_out"}
    others = [one for one in batch.ignored if {name: one.get(name) for name in own} != own]
    text = " ".join(str(cell) for cell in row.cells.values() if not isinstance(cell, dict))
    batch.ignored = [*others, {**own, "text": text}] if after == IGNORED else others
