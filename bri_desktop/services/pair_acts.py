"""Editing a tie by hand: kind, level, stage, end and note, with an entry in the history so that it can be undone."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bri_desktop.db.database import now
from bri_desktop.db.models import Change, Code, HistoryEntry, Pair, table_of
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.dates import PartialDate
from bri_desktop.domain.errors import InputError, StaleRecordError, Where
from bri_desktop.domain.vocabulary import PAIR_KEY, key_of

PAIR_KIND = "pair"
LISTS = {"kind": "pair_kind", "level": "level", "life": "pair_life"}


@dataclass(frozen=True, slots=True)
class PairDraft:
    """What can be written of a tie: codes of kind, level and stage, the date of its end, a note."""

    kind: str | None
    level: str | None
    life: str | None
    ended: PartialDate | None
    note: str | None


def draft_of(row: Pair) -> PairDraft:
    """Return what is stored."""
    return PairDraft(row.kind, row.level, row.life, PartialDate(row.ended) if row.ended else None, row.note)


def edit_pair(session: Session, pair: int, draft: PairDraft, seen_version: int) -> Changes:
    """Store a tie and enter what changed.

    Raises ``StaleRecordError`` for a version that is not the latest, ``InputError`` ``record_unknown``,
    ``code_unknown``, or ``pair_taken`` where the two places have a tie of that kind already.
    """
    key = key_of(PAIR_KEY, pair)
    row = session.get(Pair, pair)
    if row is None or row.deleted_at is not None:
        raise InputError("record_unknown", where=Where(key=key), key=key)
    if row.version != seen_version:
        raise StaleRecordError("record_stale", where=Where(key=key), key=key, seen=seen_version, now=row.version)
    before, after = _plain(draft_of(row)), _plain(draft)
    changed = [name for name in after if after[name] != before[name]]
    if not changed:
        return Changes()
    _check(session, row, draft)
    change = Change(at=now(), action="edit_pair")
    session.add(change)
    session.flush()
    _write(session, row, change.id, {name: (before[name], after[name]) for name in changed})
    return Changes(frozenset({PAIR_KIND, "project", "history"}), frozenset({key}))


def _check(session: Session, row: Pair, draft: PairDraft) -> None:
    for field, name in LISTS.items():
        code = getattr(draft, field)
        if code is not None and session.get(Code, (name, code)) is None:
            raise InputError("code_unknown", where=Where(key=key_of(PAIR_KEY, row.id)), value=code)
    if draft.kind is None:
        raise InputError("pair_kind_needed", where=Where(key=key_of(PAIR_KEY, row.id)))
    if _taken(session, row, draft.kind):
        raise InputError("pair_taken", where=Where(key=key_of(PAIR_KEY, row.id)))


def _taken(session: Session, row: Pair, kind: str | None) -> bool:
    """Tell whether another tie of the two places has the kind; one in the bin counts, it may come back."""
    same = (Pair.domestic_id == row.domestic_id, Pair.foreign_id == row.foreign_id, Pair.kind == kind)
    return session.scalar(select(Pair.id).where(*same, Pair.id != row.id).limit(1)) is not None


def _plain(draft: PairDraft) -> dict[str, Any]:
    plain = asdict(draft)
    plain["ended"] = draft.ended.value if draft.ended else None
    plain["note"] = (draft.note or "").strip() or None
    return plain


def _write(session: Session, row: Pair, change_id: int, fields: dict[str, tuple[Any, Any]]) -> None:
    for name, (_, value) in fields.items():
        setattr(row, name, value)
    row.version += 1
    session.flush()
    before, after = ({name: pair[side] for name, pair in fields.items()} for side in (0, 1))
    values = {"change_id": change_id, "kind": PAIR_KIND, "record_id": row.id, "action": "update"}
    session.execute(insert(table_of(HistoryEntry)), [values | {"before": before, "after": after}])


def take_back_pairs(
    session: Session, change_id: int, entries: Sequence[HistoryEntry]
) -> tuple[int, list[tuple[str, str]]]:
    """Take back edits of ties, field by field; return how many ties, and (key, field) of what was edited since."""
    done, kept = 0, []
    for entry in entries:
        row = session.get(Pair, entry.record_id)
        before, after = entry.before or {}, entry.after or {}
        back: dict[str, tuple[Any, Any]] = {}
        for name, value in after.items():
            free = name != "kind" or (row is not None and not _taken(session, row, before[name]))
            if row is not None and free and getattr(row, name) == value:
                back[name] = (value, before[name])
            else:
                kept.append((key_of(PAIR_KEY, entry.record_id), name))
        if row is not None and back:
            _write(session, row, change_id, back)
            done += 1
    return done, kept
