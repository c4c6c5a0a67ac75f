"""Taking back what was done to the records that hang on others, and finding the history of any record by its key."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bri_desktop.db.database import now
from bri_desktop.db.models import HistoryEntry, Pair, Project, table_of
from bri_desktop.db.record_models import Attachment
from bri_desktop.domain.errors import InputError, Where
from bri_desktop.domain.record_kinds import KINDS
from bri_desktop.domain.vocabulary import PAIR_KEY, PROJECT_KEY, key_of, number_of
from bri_desktop.services.history import KIND, Journal, edited_since
from bri_desktop.services.pair_acts import PAIR_KIND
from bri_desktop.services.record_store import PREFIXES, STORES, RowStore, StoredRecord

Kept = list[tuple[str, str | None]]


def _stores() -> dict[str, RowStore]:
    """Return every kind with a store; approvals register theirs when they are imported."""
    from bri_desktop.services import approval_store

    assert approval_store.KIND in STORES
    return STORES


def keeps(kind: str) -> bool:
    """Tell whether the history keeps records of that kind by a store."""
    return kind in _stores()


def take_back_records(session: Session, journal: Journal, entries: Sequence[HistoryEntry]) -> tuple[int, Kept]:
    """Take entries back, given newest first; return how many records, and (key, field) of what was changed since."""
    done, kept = 0, Kept()
    for entry in entries:
        store = _stores()[entry.kind]
        stored = store.read(session, entry.record_id)
        if stored is None:
            continue
        if entry.action == "update":
            done += _put_back(session, journal, store, stored, entry, kept)
        elif entry.action == "create":
            done += _uncreate(session, journal, store, stored, entry, kept)
        elif entry.action in ("delete", "restore") and (stored.deleted_at is None) == (entry.action == "restore"):
            done += move_record(session, journal, store, stored, is_binned=entry.action == "restore")
    return done, kept


def _uncreate(
    session: Session, journal: Journal, store: RowStore, stored: StoredRecord, entry: HistoryEntry, kept: Kept
) -> int:
    if stored.deleted_at is not None:
        return 0
    if edited_since(session, entry.kind, stored.id, entry.change_id):
        kept.append((stored.key, None))
        return 0
    return move_record(session, journal, store, stored, is_binned=True)


def _put_back(
    session: Session, journal: Journal, store: RowStore, stored: StoredRecord, entry: HistoryEntry, kept: Kept
) -> int:
    before, after = entry.before or {}, entry.after or {}
    back: dict[str, Any] = {}
    for field, value in after.items():
        if stored.values.get(field) == value:
            back[field] = before.get(field)
        else:
            kept.append((stored.key, field))
    if back:
        store.write(session, stored.id, back)
        journal.updated(stored.id, {field: (after[field], value) for field, value in back.items()}, entry.kind)
    return bool(back)


def move_record(session: Session, journal: Journal, store: RowStore, stored: StoredRecord, *, is_binned: bool) -> int:
    """Put a record into the bin or take it out, and enter it."""
    store.move(session, stored.id, now() if is_binned else None)
    journal.moved([stored.id], "delete" if is_binned else "restore", store.kind)
    return 1


def title_of(session: Session, kind: str, number: int) -> str | None:
    """Return the name of a record that hangs on another; ``None`` for projects, ties, and where it has none."""
    store = _stores().get(kind)
    stored = None if store is None else store.read(session, number)
    if stored is None:
        return None
    name = KINDS[kind].main if kind in KINDS else "title" if kind == "approval" else "name"
    value = stored.values.get(name)
    return None if value is None else f"{value} {stored.key}"


def key_of_entry(entry: HistoryEntry) -> str:
    """Return the key of the record that an entry is of."""
    prefix = {KIND: PROJECT_KEY, PAIR_KIND: PAIR_KEY, **PREFIXES}.get(entry.kind)
    return key_of(prefix, entry.record_id) if prefix else f"{entry.kind} {entry.record_id}"


def kinds_of_key(session: Session, key: str) -> list[ColumnElement[bool]]:
    """Return the conditions for the entries of a record and, of a project or tie, of what hangs on it.

    ``InputError`` ``record_unknown`` where there is no such record.
    """
    from bri_desktop.services.links import merged_into

    number = number_of(PROJECT_KEY, key)
    if number is not None and session.get(Project, number) is not None:
        projects = merged_into(session, number)
        return [_entries(KIND, projects), *_of_profiles(projects), *_hanging(session, "project", projects)]
    number = number_of(PAIR_KEY, key)
    if number is not None and session.get(Pair, number) is not None:
        return [_entries(PAIR_KIND, [number]), *_hanging(session, "pair", [number])]
    for kind, store in _stores().items():
        number = number_of(store.prefix, key)
        if number is not None and store.read(session, number) is not None:
            return [_entries(kind, [number]), *_attached(session, kind, [number])]
    raise InputError("record_unknown", where=Where(key=key), key=key)


def _entries(kind: str, ids: Sequence[int]) -> ColumnElement[bool]:
    return (HistoryEntry.kind == kind) & HistoryEntry.record_id.in_(ids)


def _of_profiles(projects: Sequence[int]) -> list[ColumnElement[bool]]:
    from bri_desktop.services.row_history import OF_PROJECTS

    return [_entries(kind, projects) for kind in OF_PROJECTS]


def _hanging(session: Session, owner: str, ids: Sequence[int]) -> list[ColumnElement[bool]]:
    """Return the conditions for the records that these projects or ties own."""
    found = _attached(session, owner, ids)
    for kind, store in _stores().items():
        table = table_of(store.model)
        column = table.c.get(f"{owner}_id")
        if column is None or kind == "organisation":
            continue
        own = list(session.scalars(select(table.c.id).where(column.in_(ids))))
        if own:
            found += [_entries(kind, own), *_attached(session, kind, own)]
    return found


def _attached(session: Session, kind: str, ids: Sequence[int]) -> list[ColumnElement[bool]]:
    query = select(Attachment.id).where(Attachment.kind == kind, Attachment.record_id.in_(ids))
    own = list(session.scalars(query))
    return [_entries("attachment", own)] if own else []
