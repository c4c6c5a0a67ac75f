"""What was changed, by which act, and how it is taken back: field by field, keeping what was edited since."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from bri_desktop.db.bulk import insert_rows
from bri_desktop.db.database import now
from bri_desktop.db.models import Agreement, Change, HistoryEntry, ImportBatch, Pair, PendingRow, Project
from bri_desktop.db.places import drop_unused_places
from bri_desktop.db.projects import CHUNK
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import InputError
from bri_desktop.domain.vocabulary import LONGEST_NUMBER, PROJECT_KEY, key_of
from bri_desktop.services.code_labels import CODE_KIND
from bri_desktop.services.pair_acts import PAIR_KIND, take_back_pairs
from bri_desktop.services.waiting_acts import SETTLE, WAITING_KIND, reopen_rows

KIND = "project"
HANGING = frozenset(
    {"agreement", "activity", "outcome", "indicator", "risk", "contact", "follow_up", "approval", "attachment"}
)
TOUCHED = frozenset({"project", "pair", "place", "organisation", "history"}) | HANGING

TOUCHED_BESIDE = frozenset(
    {"batch", CODE_KIND, "profile", "measure_table", "measure_options", "tie_rules", "base_map", "office"}
)
"""What an undo can touch besides: it tells every page to read again."""


class Journal:
    """One act of the user; every record it touches is entered here. ``kind`` is that of projects unless named."""

    def __init__(
        self,
        session: Session,
        action: str,
        *,
        batch_id: int | None = None,
        undoes_id: int | None = None,
        kind: str = KIND,
    ) -> None:
        self.session = session
        self.kind = kind
        self.batch_id = batch_id
        change = Change(at=now(), action=action, batch_id=batch_id, undoes_id=undoes_id)
        session.add(change)
        session.flush()
        self.change_id = change.id

    def created(self, ids: Iterable[int], kind: str | None = None) -> None:
        """Enter new records."""
        self._enter([self._row(record, "create", None, None, kind) for record in ids])

    def updated(self, record: int, differences: Mapping[str, tuple[Any, Any]], kind: str | None = None) -> None:
        """Enter fields that changed as field -> (before, after)."""
        self.updated_many([(record, differences)], kind)

    def updated_many(
        self, changed: Iterable[tuple[int, Mapping[str, tuple[Any, Any]]]], kind: str | None = None
    ) -> None:
        """Enter what :meth:`updated` enters, for several records."""
        rows = []
        for record, differences in changed:
            before = {field: pair[0] for field, pair in differences.items()}
            after = {field: pair[1] for field, pair in differences.items()}
            rows.append(self._row(record, "update", before, after, kind))
        self._enter(rows)

    def moved(self, ids: Iterable[int], action: str, kind: str | None = None) -> None:
        """Enter records put into the bin (``delete``) or taken out again (``restore``)."""
        self._enter([self._row(record, action, None, None, kind) for record in ids])

    def _row(self, record: int, action: str, before: object, after: object, kind: str | None) -> dict[str, Any]:
        return {
            "change_id": self.change_id,
            "kind": kind or self.kind,
            "record_id": record,
            "action": action,
            "before": before,
            "after": after,
        }

    def _enter(self, rows: list[dict[str, Any]]) -> None:
        insert_rows(self.session, HistoryEntry, rows)


@dataclass(frozen=True, slots=True)
class Kept:
    """What an undo left alone because it was edited since: a field of a record, or the whole record."""

    key: str
    field: str | None

    def to_json(self) -> dict[str, str | None]:
        """Return the object that ``--json`` prints."""
        return {"key": self.key, "field": self.field}


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo did: records restored and what was kept."""

    action: str
    restored: int
    kept: tuple[Kept, ...]
    changes: Changes

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``--json`` prints."""
        return {"restored": self.restored, "kept": [kept.to_json() for kept in self.kept]}


def last_undoable(session: Session) -> tuple[int, str] | None:
    """Return (id, action) of the latest act that can be taken back."""
    row = session.execute(
        select(Change.id, Change.action)
        .where(Change.undone_by_id.is_(None), Change.action != "undo")
        .order_by(Change.id.desc())
        .limit(1)
    ).first()
    return (row.id, row.action) if row else None


def undo_last(session: Session) -> Undone:
    """Take back the latest act that was not taken back yet."""
    found = last_undoable(session)
    if found is None:
        raise InputError("nothing_to_undo")
    return undo_change(session, found[0])


def undo_batch(session: Session, batch_id: int) -> Undone:
    """Take back an import: what it made goes to the bin, what it changed goes back, later edits stay."""
    batch = session.get(ImportBatch, batch_id) if len(str(batch_id)) <= LONGEST_NUMBER else None
    if batch is None:
        raise InputError("batch_unknown", batch=batch_id)
    if batch.undone_at:
        raise InputError("batch_undone", batch=batch_id, at=batch.undone_at)
    standing = (Change.batch_id == batch_id, Change.undone_by_id.is_(None))
    acts = session.scalars(select(Change.id).where(*standing).order_by(Change.id.desc())).all()
    if not acts:
        raise InputError("batch_unknown", batch=batch_id)
    done = [undo_change(session, act) for act in acts]
    kept = tuple(one for undone in done for one in undone.kept)
    return replace(done[-1], restored=sum(undone.restored for undone in done), kept=kept)


def undo_change(session: Session, change_id: int) -> Undone:
    """Take back one act."""
    # Undoing is what needs every table: a start does without them.
    from bri_desktop.services.code_history import take_back
    from bri_desktop.services.links import LINK, move_links_back
    from bri_desktop.services.project_undo import move_back, take_back_updates
    from bri_desktop.services.record_undo import keeps, take_back_records
    from bri_desktop.services.row_history import ROW_KINDS, take_back_rows

    change = session.get_one(Change, change_id)
    entries = session.scalars(
        select(HistoryEntry).where(HistoryEntry.change_id == change_id).order_by(HistoryEntry.id.desc())
    ).all()
    journal = Journal(session, "undo", undoes_id=change_id)
    restored_codes, kept_codes = take_back(session, journal.change_id, [e for e in entries if e.kind == CODE_KIND])
    restored_pairs, kept_pairs = take_back_pairs(
        session, journal.change_id, [e for e in entries if e.kind == PAIR_KIND]
    )
    restored_rows, kept_rows = take_back_rows(session, journal.change_id, [e for e in entries if e.kind in ROW_KINDS])
    hanging = [e for e in entries if keeps(e.kind) and e.action != LINK]
    restored_records, kept_records = take_back_records(session, journal, hanging)
    kept = [Kept(code, None) for code in kept_codes]
    kept += [Kept(key, field) for key, field in (*kept_pairs, *kept_rows, *kept_records)]
    reopen_rows(session, [e for e in entries if e.kind == WAITING_KIND])
    own = {CODE_KIND, PAIR_KIND, WAITING_KIND, *ROW_KINDS}
    entries = [e for e in entries if e.kind not in own and (e.action == LINK or not keeps(e.kind))]
    restored = restored_codes + restored_pairs + restored_rows + restored_records
    restored += _uncreate(session, journal, [e for e in entries if e.action == "create"], kept)
    move_links_back(session, journal.change_id, entries)
    # A merged record may have taken over the other one's code: it gives that back before the other one returns.
    updated, kept_fields = take_back_updates(session, journal, [e for e in entries if e.action == "update"])
    moved, kept_codes_taken = move_back(session, journal, entries)
    kept += [Kept(key, field) for key, field in (*kept_fields, *kept_codes_taken)]
    restored += updated + moved
    change.undone_by_id = journal.change_id
    if change.batch_id is not None and change.action != SETTLE:
        _close_batch(session, change.batch_id)
    session.flush()
    return Undone(change.action, restored, tuple(kept), Changes(TOUCHED | TOUCHED_BESIDE))


def _uncreate(session: Session, journal: Journal, entries: Sequence[HistoryEntry], kept: list[Kept]) -> int:
    gone: list[int] = []
    for start in range(0, len(entries), CHUNK):
        ids = [entry.record_id for entry in entries[start : start + CHUNK]]
        rows = session.execute(
            select(Project.id, Project.version, Project.deleted_at).where(Project.id.in_(ids)).order_by(Project.id)
        )
        for row in rows:
            if row.deleted_at is not None:
                continue
            if row.version == 1 or not edited_since(session, KIND, row.id, entries[0].change_id):
                gone.append(row.id)
            else:
                kept.append(Kept(key_of(PROJECT_KEY, row.id), None))
    _bin_many(session, gone)
    journal.moved(gone, "delete")
    return len(gone)


def edited_since(session: Session, kind: str, record: int, change_id: int) -> bool:
    """Tell whether a record was touched after a change by an act that still stands."""
    standing = (Change.id > change_id, Change.action != "undo", Change.undone_by_id.is_(None))
    query = select(HistoryEntry.id).join(Change, Change.id == HistoryEntry.change_id).where(*standing)
    query = query.where(HistoryEntry.kind == kind, HistoryEntry.record_id == record).limit(1)
    return session.scalar(query) is not None


def _bin_many(session: Session, ids: Sequence[int]) -> None:
    instant = now()
    pairs: set[int] = set()
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        where = Project.id.in_(chunk)
        session.execute(update(Project).where(where).values(deleted_at=instant, version=Project.version + 1))
        session.execute(update(Agreement).where(Agreement.project_id.in_(chunk)).values(deleted_at=instant))
        pairs.update(p for p in session.scalars(select(Project.pair_id).where(where).distinct()) if p is not None)
    alive = select(Project.pair_id).where(Project.deleted_at.is_(None), Project.pair_id.is_not(None))
    for pair in pairs:
        session.execute(update(Pair).where(Pair.id == pair, Pair.id.not_in(alive)).values(deleted_at=instant))


def _close_batch(session: Session, batch_id: int) -> None:
    instant = now()
    session.execute(update(ImportBatch).where(ImportBatch.id == batch_id).values(undone_at=instant))
    open_rows = (PendingRow.batch_id == batch_id, PendingRow.settled_at.is_(None))
    drop_unused_places(session)
    session.execute(update(PendingRow).where(*open_rows).values(settled_at=instant, settled_how="undone"))


def history_of(session: Session, key: str) -> list[dict[str, Any]]:
    """Return the entries of one project, of those merged into it and of what hangs on them, or of a tie, or of one
    record of another kind; newest first, as JSON objects. ``kind``, ``key`` and ``title`` say which record an entry is
    of."""
    from bri_desktop.services.links import LINK
    from bri_desktop.services.record_undo import kinds_of_key

    rows = session.execute(
        select(HistoryEntry, Change)
        .join(Change, Change.id == HistoryEntry.change_id)
        .where(or_(*kinds_of_key(session, key)), HistoryEntry.action != LINK)
        .order_by(HistoryEntry.id.desc())
    )
    titles: dict[tuple[str, int], str | None] = {}
    return [_entry_json(session, entry, change, titles) for entry, change in rows]


def _entry_json(
    session: Session, entry: HistoryEntry, change: Change, titles: dict[tuple[str, int], str | None]
) -> dict[str, Any]:
    from bri_desktop.services.record_undo import key_of_entry, title_of

    if (entry.kind, entry.record_id) not in titles:
        titles[entry.kind, entry.record_id] = title_of(session, entry.kind, entry.record_id)

    return {
        "at": change.at,
        "change": change.id,
        "act": change.action,
        "who": change.who,
        "why": change.why,
        "batch": change.batch_id,
        "kind": entry.kind,
        "key": key_of_entry(entry),
        "title": titles[entry.kind, entry.record_id],
        "action": entry.action,
        "before": entry.before,
        "after": entry.after,
        "undone": change.undone_by_id is not None,
    }
