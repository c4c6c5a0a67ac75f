"""Removing a record for good: from the tables, the history, what was issued, the attachments and the free pages.

The bin keeps everything; this is the other thing, for what must no longer be kept. What cannot be reached from here is
named: frozen years that counted the record, and older copies with the day by which the program thins them.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Table, delete, select, text, update
from sqlalchemy.orm import Session

from bri_desktop.db import digests, search
from bri_desktop.db.actor import actor
from bri_desktop.db.attachments import AttachmentFolder, folder_beside
from bri_desktop.db.backup import copies
from bri_desktop.db.check import FAULTS, read_only
from bri_desktop.db.database import now
from bri_desktop.db.exchange_models import IssuedRow
from bri_desktop.db.models import Base, HistoryEntry, Project, table_of
from bri_desktop.db.record_models import Attachment, Disposal
from bri_desktop.db.year_models import FrozenRecord
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import DatabaseRefusedError, InputError, Where
from bri_desktop.domain.retention import gone_by
from bri_desktop.domain.vocabulary import PROJECT_KEY, number_of
from bri_desktop.services.history import TOUCHED
from bri_desktop.services.links import links_to_projects, points_at

KIND = "project"


@dataclass(frozen=True, slots=True)
class StillHeld:
    """What still has a removed record: frozen years, and copies with the day by which their age removes them."""

    frozen_years: tuple[int, ...]
    copies: tuple[tuple[Path, date], ...]


@dataclass(frozen=True, slots=True)
class Disposed:
    """How many records, rows and attachments were removed, and contents that nothing speaks of any more."""

    records: int
    rows: int
    contents: tuple[str, ...]
    held: StillHeld
    changes: Changes


def dispose_projects(session: Session, keys: Sequence[str], why: str) -> Disposed:
    """Remove projects for good within the caller's transaction; undo cannot bring them back.

    ``InputError`` ``record_unknown``, ``reason_needed``. Only what is in the bin is removed: ``not_in_bin``.
    """
    if not why.strip():
        raise InputError("reason_needed", where=Where(field="why"))
    ids = [_in_bin(session, key) for key in keys]
    session.execute(text("PRAGMA secure_delete=ON"))
    held = _held(session, ids)
    contents = _contents(session, ids)
    rows = 0
    for project in ids:
        removed, attached = _remove(session, project)
        rows += removed
        years = [year for (year,) in _frozen(session, [project])]
        session.add(
            Disposal(
                at=now(), who=actor(), why=why.strip(), kind=KIND, record_id=project, rows=removed,
                attachments=attached, frozen_years=years,
            )
        )  # fmt: skip
    # A removed text leaves its pairs in the pages of an index that is only corrected.
    search.begin_anew(digests.driver_of(session))
    left = set(session.scalars(select(Attachment.sha256).where(Attachment.sha256.in_(contents))))
    gone = tuple(sha256 for sha256 in contents if sha256 not in left)
    return Disposed(len(ids), rows, gone, held, Changes(TOUCHED | {"attachment"}))


def _in_bin(session: Session, key: str) -> int:
    number = number_of(PROJECT_KEY, key)
    project = session.get(Project, number) if number is not None else None
    if project is None:
        raise InputError("record_unknown", where=Where(key=key), key=key)
    if project.deleted_at is None:
        raise InputError("not_in_bin", where=Where(key=key), key=key)
    return project.id


def _remove(session: Session, project: int) -> tuple[int, int]:
    """Remove a project with all that hangs on it; return (rows, attachments)."""
    session.execute(update(Project).where(Project.parent_id == project).values(parent_id=None))
    rows = attached = 0
    for table, column in reversed(links_to_projects()):
        if table is table_of(Project):
            continue
        ids = list(session.scalars(select(table.c.id).where(points_at(table, column, project))))
        attached += len(ids) if table is table_of(Attachment) else 0
        rows += _remove_rows(session, table, ids)
    rows += _forget(session, KIND, [project])
    session.execute(delete(IssuedRow).where(IssuedRow.kind == KIND, IssuedRow.record_id == project))
    for table in Base.metadata.tables.values():
        own = table.c.get("project_id")
        if own is not None and own.primary_key:
            session.execute(delete(table).where(own == project))
    session.execute(delete(table_of(Project)).where(table_of(Project).c.id == project))
    return rows + 1, attached


def _remove_rows(session: Session, table: Table, ids: Sequence[int]) -> int:
    if not ids:
        return 0
    for child in Base.metadata.tables.values():
        for column in child.c:
            if any(key.column.table is table for key in column.foreign_keys) and column.nullable:
                session.execute(update(child).where(column.in_(ids)).values({column.name: None}))
    session.execute(delete(table).where(table.c.id.in_(ids)))
    return len(ids) + _forget(session, table.name, ids)


def _forget(session: Session, kind: str, ids: Sequence[int]) -> int:
    found = list(
        session.scalars(select(HistoryEntry.id).where(HistoryEntry.kind == kind, HistoryEntry.record_id.in_(ids)))
    )
    session.execute(delete(HistoryEntry).where(HistoryEntry.id.in_(found)))
    return len(found)


def _contents(session: Session, ids: Sequence[int]) -> list[str]:
    query = select(Attachment.sha256).where(Attachment.kind == KIND, Attachment.record_id.in_(ids)).distinct()
    return list(session.scalars(query))


def _frozen(session: Session, ids: Sequence[int]) -> Iterable[Any]:
    query = select(FrozenRecord.year).where(FrozenRecord.kind == KIND, FrozenRecord.record_id.in_(ids)).distinct()
    return session.execute(query.order_by(FrozenRecord.year)).all()


def _held(session: Session, ids: Sequence[int]) -> StillHeld:
    name = session.get_bind().engine.url.database
    found = copies(Path(name)) if name else []
    holding = [(copy.path, gone_by(copy.at).date()) for copy in found if _holds(copy.path, ids)]
    return StillHeld(tuple(year for (year,) in _frozen(session, ids)), tuple(holding))


def _holds(copy: Path, ids: Sequence[int]) -> bool:
    try:
        with closing(read_only(copy)) as connection:
            query = "SELECT EXISTS (SELECT 1 FROM project WHERE id IN (SELECT value FROM json_each(?)))"
            return bool(connection.execute(query, (json.dumps(list(ids)),)).fetchone()[0])
    except FAULTS:
        return True


def clear_traces(path: Path, contents: Sequence[str] = ()) -> None:
    """Remove the contents nothing speaks of any more, and rewrite the file without free pages and without its log.

    After the transaction of :func:`dispose_projects`, with nobody else writing. ``DatabaseRefusedError``
    ``database_locked`` where somebody is.
    """
    folder = AttachmentFolder(folder_beside(path))
    for sha256 in contents:
        file = folder.path_of(sha256)
        if file.exists():
            file.chmod(0o600)
            file.unlink()
    try:
        with closing(sqlite3.connect(path, isolation_level=None, timeout=5.0)) as connection:
            connection.execute("PRAGMA secure_delete=ON")
            connection.execute("BEGIN IMMEDIATE")
            _forget_row_numbers(connection)
            connection.execute("COMMIT")
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            digests.register(connection)
            connection.execute("BEGIN IMMEDIATE")
            while digests.settle(connection, gaps=True):
                pass
            connection.execute("COMMIT")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.OperationalError as error:
        raise DatabaseRefusedError("database_locked", where=Where(file=str(path))) from error


def _forget_row_numbers(connection: sqlite3.Connection) -> None:
    """Note all rows as lacking a digest: rewriting may number those anew that have no number of their own."""
    for layout in digests.layouts(connection):
        connection.execute("DELETE FROM row_digest WHERE table_id = ?", (layout.id,))
        connection.execute("INSERT OR REPLACE INTO digest_gap VALUES (?, 0)", (layout.id,))


def disposals(session: Session) -> list[dict[str, Any]]:
    """Return what was removed for good, the latest first; of a record only its number is left."""
    rows = session.scalars(select(Disposal).order_by(Disposal.id.desc())).all()
    return [
        {
            "key": f"{PROJECT_KEY}{row.record_id}",
            "at": row.at,
            "who": row.who,
            "why": row.why,
            "rows": row.rows,
            "attachments": row.attachments,
            "frozen_years": row.frozen_years,
        }
        for row in rows
    ]
