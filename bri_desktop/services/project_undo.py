"""Taking back what an act did to many projects: fields to what they were, records into the bin and out of it.

Projects are read and written in chunks; what was edited since is left alone and told as (key, field), where no field
is named the record as a whole.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from bri_desktop.db.database import now
from bri_desktop.db.models import HistoryEntry
from bri_desktop.db.projects import CHUNK, ProjectStore, StoredProject, holder_of_code
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.domain.record import apply_plain, to_plain

if TYPE_CHECKING:
    from bri_desktop.services.history import Journal

Kept = list[tuple[str, str | None]]


def take_back_updates(session: Session, journal: "Journal", entries: Sequence[HistoryEntry]) -> tuple[int, Kept]:
    """Set the fields of ``entries`` back, given newest first; return how many records, and the fields left alone."""
    work = _FieldsBack(session, journal)
    for chunk in _chunks(entries):
        work.take(chunk)
    return work.restored, work.kept


def move_back(session: Session, journal: "Journal", entries: Sequence[HistoryEntry]) -> tuple[int, Kept]:
    """Take deleted records out of the bin and put restored ones in; return how many, and those left because their
    code is another one's by now."""
    store = ProjectStore(session)
    moved, kept = 0, Kept()
    for chunk in _chunks([entry for entry in entries if entry.action in ("delete", "restore")]):
        there = store.read([entry.record_id for entry in chunk])
        found = [(stored, entry.action == "restore") for entry in chunk if (stored := there.get(entry.record_id))]
        going = [stored for stored, is_going in found if is_going and not stored.deleted]
        store.set_many_deleted(going, now())
        coming: list[StoredProject] = []
        codes: set[str] = set()
        for stored, is_going in found:
            if is_going or not stored.deleted:
                continue
            code = stored.draft.code
            if code and (code in codes or holder_of_code(session, code, stored.id) is not None):
                kept.append((stored.key, "code"))
            else:
                coming.append(stored)
                codes.update([code] if code else [])
        store.set_many_deleted(coming, None)
        journal.moved([stored.id for stored in going], "delete")
        journal.moved([stored.id for stored in coming], "restore")
        moved += len(going) + len(coming)
    return moved, kept


def _chunks(entries: Sequence[HistoryEntry]) -> list[list[HistoryEntry]]:
    """Return the entries in chunks, in each of which a record stands once."""
    chunks: list[list[HistoryEntry]] = [[]]
    seen: set[int] = set()
    for entry in entries:
        if entry.record_id in seen or len(chunks[-1]) == CHUNK:
            chunks.append([])
            seen.clear()
        seen.add(entry.record_id)
        chunks[-1].append(entry)
    return chunks


class _FieldsBack:
    """Sets fields of projects back."""

    def __init__(self, session: Session, journal: "Journal") -> None:
        self.session = session
        self.journal = journal
        self.store = ProjectStore(session)
        self.restored = 0
        self.kept: Kept = []
        self._waiting: list[tuple[StoredProject, ProjectDraft]] = []
        self._differences: list[tuple[int, dict[str, tuple[Any, Any]]]] = []

    def take(self, entries: Sequence[HistoryEntry]) -> None:
        """Set back what ``entries`` say of different records."""
        there = self.store.read([entry.record_id for entry in entries])
        for entry in entries:
            stored = there.get(entry.record_id)
            if stored is not None:
                self._set_back(stored, entry.before or {}, entry.after or {})
        self._write()

    def _set_back(self, stored: StoredProject, before: dict[str, Any], after: dict[str, Any]) -> None:
        back: dict[str, Any] = {}
        for field, value in after.items():
            is_ours = to_plain(field, getattr(stored.draft, field)) == value
            if is_ours and (field != "code" or self._is_free(before[field], stored.id)):
                back[field] = before[field]
            else:
                self.kept.append((stored.key, field))
        if back:
            self._waiting.append((stored, apply_plain(stored.draft, back)))
            self._differences.append((stored.id, {field: (after[field], value) for field, value in back.items()}))
            self.restored += 1

    def _is_free(self, code: str | None, own_id: int) -> bool:
        """Tell whether a code can be had again; the records before have theirs back by then."""
        self._write()
        return holder_of_code(self.session, code, own_id) is None

    def _write(self) -> None:
        self.store.update_many(self._waiting, taking_back=True)
        self.journal.updated_many(self._differences)
        self._waiting, self._differences = [], []
