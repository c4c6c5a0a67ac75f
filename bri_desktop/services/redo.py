"""Doing again what was taken back, as long as nothing else was done since."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session, aliased

from bri_desktop.db.models import Change, HistoryEntry, ImportBatch, PendingRow
from bri_desktop.domain.errors import InputError
from bri_desktop.services.history import Undone, undo_change
from bri_desktop.services.waiting_acts import WAITING_KIND

UNDO = "undo"


def redo_last(session: Session) -> Undone:
    """Do again the act that was taken back last; it can be taken back once more.

    ``InputError`` ``nothing_to_redo``, or ``redo_settles`` where rows kept aside would have to be settled again.
    """
    undoing = _last_undoing(session)
    if undoing is None or undoing.undoes_id is None:
        raise InputError("nothing_to_redo")
    act = session.get_one(Change, undoing.undoes_id)
    waiting = select(HistoryEntry.id).where(HistoryEntry.change_id == act.id, HistoryEntry.kind == WAITING_KIND)
    if session.scalar(waiting.limit(1)) is not None:
        raise InputError("redo_settles")
    done = undo_change(session, undoing.id)
    act.undone_by_id = None
    if act.batch_id is not None:
        _reopen_batch(session, act.batch_id)
    session.flush()
    return done


def _last_undoing(session: Session) -> Change | None:
    """Return the latest taking back that stands, of an act, with no new act after it."""
    target = aliased(Change)
    query = (
        select(Change)
        .join(target, target.id == Change.undoes_id)
        .where(Change.action == UNDO, Change.undone_by_id.is_(None), target.action != UNDO)
        .order_by(Change.id.desc())
        .limit(1)
    )
    found = session.scalar(query)
    if found is None:
        return None
    newer = select(Change.id).where(Change.id > found.id, Change.action != UNDO).limit(1)
    return None if session.scalar(newer) is not None else found


def _reopen_batch(session: Session, batch_id: int) -> None:
    """Let an import stand again, and the rows wait again that its undoing had closed."""
    session.execute(update(ImportBatch).where(ImportBatch.id == batch_id).values(undone_at=None))
    closed = (PendingRow.batch_id == batch_id, PendingRow.settled_how == "undone")
    session.execute(update(PendingRow).where(*closed).values(settled_at=None, settled_how=None))
