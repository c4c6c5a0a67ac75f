"""One record of any kind by its key, with fields as written text: what the command line logs, changes and deletes."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from bri_desktop.domain.errors import FieldProblem, InputError, ValueProblemError, Where
from bri_desktop.domain.record_kinds import KINDS
from bri_desktop.domain.record_written import read_value
from bri_desktop.domain.vocabulary import number_of
from bri_desktop.services.hanging import (
    InvalidRecordError,
    SavedRecord,
    add_record,
    delete_records,
    edit_record,
    kind_of,
)
from bri_desktop.services.history import Journal
from bri_desktop.services.record_owners import OwnerFinder
from bri_desktop.services.record_store import STORES
from bri_desktop.services.record_undo import move_record
from bri_desktop.services.reference import read_codebook


def kind_of_key(session: Session, key: str) -> tuple[str, int] | None:
    """Return (kind, number) of a record that is neither project, tie nor place; ``None`` for another key."""
    for kind, store in STORES.items():
        number = number_of(store.prefix, key)
        if number is not None and store.read(session, number) is not None:
            return kind, number
    return None


def read_assignments(session: Session, kind: str, texts: Sequence[str]) -> dict[str, Any]:
    """Return field -> plain value of ``FIELD=VALUE`` words; ``InvalidRecordError`` names what cannot be read."""
    described, codes = kind_of(kind), read_codebook(session)
    values: dict[str, Any] = {}
    problems = []
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise InputError("assignment_unreadable", text=text)
        name = "outcome_class" if kind == "outcome" and name == "class" else name
        if name not in described.codes:
            raise InputError("field_unknown", field=name)
        try:
            values[name] = read_value(described.field(name), value, codes)
        except ValueProblemError as error:
            problems.append(FieldProblem(name, error.code, {"value": value, **error.values}))
    if problems:
        raise InvalidRecordError(problems)
    return values


def add_written(session: Session, kind: str, owner: str | None, texts: Sequence[str]) -> SavedRecord:
    """Log a record of a kind for the project, tie or organisation that ``owner`` names."""
    described = kind_of(kind)
    key = None
    if described.owners:
        try:
            key = OwnerFinder(session, described.owners).find(owner or "")
        except ValueProblemError as error:
            raise InputError(error.code, value=owner or "", count=error.values.get("count", 0)) from error
    return add_record(session, kind, key, read_assignments(session, kind, texts))


def edit_written(session: Session, key: str, texts: Sequence[str]) -> SavedRecord | None:
    """Change fields of a record; ``None`` where the key is not that of a kind with fields."""
    found = kind_of_key(session, key)
    if found is None or found[0] not in KINDS:
        return None
    kind, number = found
    stored = STORES[kind].read(session, number)
    version = stored.version if stored else 0
    return edit_record(session, kind, number, read_assignments(session, kind, texts), seen_version=version)


def delete_by_key(session: Session, key: str) -> tuple[str, int] | None:
    """Put a record into the bin; return its key and version, ``None`` where it is a project, tie or place."""
    return _move(session, key, is_binned=True)


def restore_by_key(session: Session, key: str) -> tuple[str, int] | None:
    """Take a record out of the bin; return its key and version, ``None`` where it is a project, tie or place."""
    return _move(session, key, is_binned=False)


def _move(session: Session, key: str, *, is_binned: bool) -> tuple[str, int] | None:
    found = kind_of_key(session, key)
    if found is None:
        return None
    kind, number = found
    store = STORES[kind]
    if is_binned and kind in KINDS:
        delete_records(session, kind, [number])
    else:
        stored = store.read(session, number)
        if stored is not None and (stored.deleted_at is None) == is_binned:
            action = "delete_record" if is_binned else "restore_record"
            move_record(session, Journal(session, action, kind=kind), store, stored, is_binned=is_binned)
    now = store.read(session, number)
    if now is None:
        raise InputError("record_unknown", where=Where(key=key), key=key)
    return now.key, now.version
