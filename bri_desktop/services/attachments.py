"""Files of records: added, taken away and brought back like every record; their content is kept and looked after."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bri_desktop.db.attachments import AttachmentFolder, Content, files_of, folder_beside, is_program, safe_name
from bri_desktop.db.models import Organisation, Pair, Project
from bri_desktop.db.record_models import Attachment
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import InputError, StaleRecordError, UserError, Where
from bri_desktop.domain.vocabulary import ORGANISATION_KEY, PAIR_KEY, PROJECT_KEY, key_of, number_of
from bri_desktop.services.history import Journal
from bri_desktop.services.record_store import ATTACHMENT_PREFIX, PREFIXES, STORES
from bri_desktop.services.record_undo import keeps, move_record

__all__ = [
    "AddedFiles",
    "AttachmentFolder",
    "AttachmentRow",
    "Content",
    "Damage",
    "add_attachments",
    "attachment_by_key",
    "attachments_of",
    "folder_beside",
    "is_program",
    "owner_of",
    "remove_attachments",
    "rename_attachment",
    "save_copy",
    "store_files",
    "verify_attachments",
]

KIND = "attachment"
TOUCHED = Changes(frozenset({KIND, "history"}))
OWNERS: dict[str, tuple[str, Any]] = {
    "project": (PROJECT_KEY, Project),
    "pair": (PAIR_KEY, Pair),
    "organisation": (ORGANISATION_KEY, Organisation),
}


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """A file of a record; ``state`` is ``whole``, ``missing``, ``changed`` or ``unreadable``."""

    id: int
    key: str
    owner: str
    name: str
    folder: str | None
    note: str | None
    sha256: str
    size: int
    added_at: str
    version: int
    state: str

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``--json`` prints."""
        names = ("key", "owner", "name", "folder", "note", "sha256", "size", "added_at", "version", "state")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class AddedFiles:
    """What adding files did: how many are new, how many the record had already."""

    added: tuple[str, ...]
    already: int
    changes: Changes = TOUCHED


@dataclass(frozen=True, slots=True)
class Damage:
    """A file whose content is not what was stored: ``code`` is ``missing``, ``changed`` or ``unreadable``."""

    key: str
    owner: str
    name: str
    code: str

    def to_json(self) -> dict[str, str]:
        """Return the object that ``--json`` prints."""
        return {"key": self.key, "owner": self.owner, "name": self.name, "code": self.code}


def store_files(
    folder: AttachmentFolder,
    several: Sequence[Path],
    *,
    progress: Callable[[int, int], object] | None = None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> tuple[list[Content], list[UserError]]:
    """Store the contents of files and folders; return them, and what could not be read of the rest.

    ``progress`` gets (files done, files). A full disk and a wish to stop end it by ``UserError``.
    """
    files = list(files_of(list(several)))
    stored, refused = list[Content](), list[UserError]()
    for number, (path, inside) in enumerate(files):
        if is_cancelled():
            raise UserError("cancelled")
        try:
            stored.append(folder.put(path, folder=inside))
        except InputError as error:
            if error.code != "attachment_unreadable":
                raise
            refused.append(error)
        if progress is not None:
            progress(number + 1, len(files))
    return stored, refused


def owner_of(session: Session, key: str) -> tuple[str, int]:
    """Return (kind, number) of a record that may have files; ``InputError`` ``record_unknown`` for another key."""
    for kind, (prefix, model) in OWNERS.items():
        number = number_of(prefix, key)
        if number is not None and session.get(model, number) is not None:
            return kind, number
    for kind, prefix in PREFIXES.items():
        number = number_of(prefix, key)
        if number is not None and kind != KIND and keeps(kind) and STORES[kind].read(session, number) is not None:
            return kind, number
    raise InputError("record_unknown", where=Where(key=key), key=key)


def add_attachments(session: Session, owner: str, contents: Sequence[Content]) -> AddedFiles:
    """Hang stored contents on a record in one act; the same content under the same name is there once."""
    kind, number = owner_of(session, owner)
    here = select(Attachment.sha256, Attachment.name).where(
        Attachment.kind == kind, Attachment.record_id == number, Attachment.deleted_at.is_(None)
    )
    known = set(session.execute(here).tuples())
    new: dict[tuple[str, str], Content] = {}
    for content in contents:
        if (content.sha256, content.name) not in known:
            new.setdefault((content.sha256, content.name), content)
    if not new:
        return AddedFiles((), len(contents), Changes())
    journal, store = Journal(session, "attach", kind=KIND), STORES[KIND]
    ids = [
        store.insert(session, {}, {"kind": kind, "record_id": number, **_values(content)}, None)
        for content in new.values()
    ]
    journal.created(ids)
    return AddedFiles(tuple(key_of(ATTACHMENT_PREFIX, one) for one in ids), len(contents) - len(new))


def _values(content: Content) -> dict[str, Any]:
    return {"name": content.name, "folder": content.folder, "sha256": content.sha256, "size": content.size}


def attachments_of(session: Session, folder: AttachmentFolder, owner: str) -> list[AttachmentRow]:
    """Return the files of a record by folder and name, looked at by name and size alone."""
    kind, number = owner_of(session, owner)
    query = (
        select(Attachment)
        .where(Attachment.kind == kind, Attachment.record_id == number, Attachment.deleted_at.is_(None))
        .order_by(func.coalesce(Attachment.folder, ""), Attachment.name, Attachment.id)
    )
    return [row_of(row, folder.glance(row.sha256, row.size)) for row in session.scalars(query)]


def attachment_by_key(session: Session, folder: AttachmentFolder, key: str) -> AttachmentRow:
    """Return one file by its key; ``InputError`` ``record_unknown``."""
    number = number_of(ATTACHMENT_PREFIX, key)
    row = None if number is None else session.get(Attachment, number)
    if row is None or row.deleted_at is not None:
        raise InputError("record_unknown", where=Where(key=key), key=key)
    return row_of(row, folder.glance(row.sha256, row.size))


def row_of(row: Attachment, state: str) -> AttachmentRow:
    """Return a stored file as lists show it."""
    owner = owner_key(row)
    key = key_of(ATTACHMENT_PREFIX, row.id)
    return AttachmentRow(
        row.id, key, owner, row.name, row.folder, row.note, row.sha256, row.size, row.added_at, row.version, state
    )


def owner_key(row: Attachment) -> str:
    """Return the key of the record that a file hangs on."""
    prefixes = {kind: prefix for kind, (prefix, _) in OWNERS.items()} | PREFIXES
    return key_of(prefixes.get(row.kind, ""), row.record_id)


def rename_attachment(session: Session, number: int, *, name: str, note: str | None, seen_version: int) -> Changes:
    """Give a file another name or note; its content stays."""
    stored = STORES[KIND].read(session, number)
    if stored is None:
        key = key_of(ATTACHMENT_PREFIX, number)
        raise InputError("record_unknown", where=Where(key=key), key=key)
    if stored.version != seen_version:
        values = {"key": stored.key, "seen": seen_version, "now": stored.version}
        raise StaleRecordError("record_stale", where=Where(key=stored.key), **values)
    wanted = {"name": safe_name(name), "note": (note or "").strip() or None}
    changed = {field: (stored.values[field], value) for field, value in wanted.items() if stored.values[field] != value}
    if not changed:
        return Changes()
    STORES[KIND].write(session, number, {field: pair[1] for field, pair in changed.items()})
    Journal(session, "edit_record", kind=KIND).updated(number, changed)
    return TOUCHED


def remove_attachments(session: Session, ids: Sequence[int]) -> Changes:
    """Take files off their record in one act; their content is kept, so that undoing brings them back."""
    journal, store = Journal(session, "detach", kind=KIND), STORES[KIND]
    for number in ids:
        stored = store.read(session, number)
        if stored is not None and stored.deleted_at is None:
            move_record(session, journal, store, stored, is_binned=True)
    return TOUCHED


def save_copy(folder: AttachmentFolder, row: AttachmentRow, target: Path) -> Path:
    """Write a read-only copy of a file under its own name into a folder, or to a file; return where.

    Raises ``InputError`` ``attachment_missing``, ``attachment_changed``, ``attachment_unreadable``,
    ``file_unwritable``.
    """
    path = target / safe_name(row.name) if target.is_dir() else target
    folder.copy_out(row.sha256, path)
    return path


def verify_attachments(
    session: Session, folder: AttachmentFolder, *, progress: Callable[[int, int], object] | None = None
) -> list[Damage]:
    """Read every content that a record has, the bin counted, and return what is missing, changed or unreadable."""
    rows = session.scalars(select(Attachment).order_by(Attachment.id)).all()
    states: dict[str, str] = {}
    found = []
    for number, row in enumerate(rows):
        if row.sha256 not in states:
            states[row.sha256] = folder.state(row.sha256)
        if states[row.sha256] != "whole":
            key = key_of(ATTACHMENT_PREFIX, row.id)
            found.append(Damage(key, owner_key(row), row.name, states[row.sha256]))
        if progress is not None:
            progress(number + 1, len(rows))
    return found
