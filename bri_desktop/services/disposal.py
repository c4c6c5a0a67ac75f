"""Removing a record for good: from the tables, the history, what was issued, the attachments and the free pages.

The bin keeps everything; this is the other thing, for what must no longer be kept. What cannot be reached from here is
named: frozen years that counted the record, and older copies with the day by which the program thins them.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from glob import escape
from pathlib import Path
from typing import Any

from sqlalchemy import Table, delete, func, select, text, update
from sqlalchemy.orm import Session

from bri_desktop.db import digests, search
from bri_desktop.db.actor import actor
from bri_desktop.db.attachments import AttachmentFolder, folder_beside
from bri_desktop.db.backup import copies
from bri_desktop.db.check import FAULTS, read_only
from bri_desktop.db.database import now
from bri_desktop.db.exchange_models import IssuedRow
from bri_desktop.db.faults import driver_faults, fault_code
from bri_desktop.db.models import Base, HistoryEntry, Project, table_of
from bri_desktop.db.record_models import Attachment, Disposal
from bri_desktop.db.year_models import FrozenRecord
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import DatabaseRefusedError, InputError, Where
from bri_desktop.domain.retention import gone_by
from bri_desktop.domain.vocabulary import PROJECT_KEY, number_of
from bri_desktop.services.disposal_traces import drop_unused, take_out, texts_of, waiting_with
from bri_desktop.services.history import TOUCHED, TOUCHED_BESIDE
from bri_desktop.services.links import links_to_projects, points_at

KIND = "project"
WAIT_SECONDS = 10.0
KEPT_FILES = ("before-upgrade", "before-restore-*", "before-repair-*")
"""Ledgers that the program put aside beside this one; only the office removes them."""


@dataclass(frozen=True, slots=True)
class StillHeld:
    """What still has a removed record: frozen years, and copies with the day by which their age removes them.

    ``kept`` are former ledgers that the program put aside, ``waiting`` rows of files that wait for a decision.
    """

    frozen_years: tuple[int, ...]
    copies: tuple[tuple[Path, date], ...]
    kept: tuple[Path, ...] = ()
    waiting: int = 0

    @property
    def until(self) -> date | None:
        """The day by which the last copy is thinned."""
        return max((day for _path, day in self.copies), default=None)


@dataclass(frozen=True, slots=True)
class Ahead:
    """What removing would take: (key, title) of the records, how many rows of each table hang on them."""

    records: tuple[tuple[str, str], ...]
    hanging: tuple[tuple[str, int], ...]
    held: StillHeld


@dataclass(frozen=True, slots=True)
class Disposed:
    """How many records, rows and attachments were removed, and contents that nothing speaks of any more."""

    records: int
    rows: int
    contents: tuple[str, ...]
    held: StillHeld
    changes: Changes
    is_cleared: bool = False


def look_ahead(session: Session, keys: Sequence[str], second: Path | None = None) -> Ahead:
    """Return what removing projects would take and what would hold them still; ``second`` as for the copies.

    Raises as :func:`dispose_projects`.
    """
    ids = [_in_bin(session, key) for key in keys]
    titles = session.execute(select(Project.id, Project.title).where(Project.id.in_(ids)).order_by(Project.id))
    records = tuple((f"{PROJECT_KEY}{number}", title) for number, title in titles)
    counts = []
    for table, column in links_to_projects():
        found = sum(
            session.scalar(select(func.count()).select_from(table).where(points_at(table, column, project))) or 0
            for project in ids
        )
        if found and table is not table_of(Project):
            counts.append((table.name, found))
    return Ahead(records, tuple(counts), _held(session, ids, texts_of(session, ids), second))


def dispose_for_good(session: Session, keys: Sequence[str], why: str, second: Path | None = None) -> Disposed:
    """Remove projects for good and rewrite the file, between whose transactions the session's one is committed.

    Where another program holds the file, ``is_cleared`` is false: the records are gone, the free pages are not.
    """
    disposed = dispose_projects(session, keys, why, second)
    session.flush()
    path = Path(session.get_bind().engine.url.database or "")
    driver = digests.driver_of(session)
    digests.settle(driver)
    with driver_faults(path):
        driver.execute("COMMIT")
        try:
            clear_traces(path, disposed.contents)
        except DatabaseRefusedError:
            return disposed
        finally:
            # Whoever gave the session ends a transaction after this.
            driver.execute("BEGIN IMMEDIATE")
    return replace(disposed, is_cleared=True)


def dispose_projects(session: Session, keys: Sequence[str], why: str, second: Path | None = None) -> Disposed:
    """Remove projects for good within the caller's transaction; undo cannot bring them back.

    ``InputError`` ``record_unknown``, ``reason_needed``. Only what is in the bin is removed: ``not_in_bin``.
    """
    if not why.strip():
        raise InputError("reason_needed", where=Where(field="why"))
    ids = [_in_bin(session, key) for key in keys]
    session.execute(text("PRAGMA secure_delete=ON"))
    texts = texts_of(session, ids)
    held = _held(session, ids, texts, second)
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
    rows += take_out(session, texts)
    drop_unused(session, KIND, ids)
    # A removed text leaves its pairs in the pages of an index that is only corrected.
    search.begin_anew(digests.driver_of(session))
    left = set(session.scalars(select(Attachment.sha256).where(Attachment.sha256.in_(contents))))
    gone = tuple(sha256 for sha256 in contents if sha256 not in left)
    return Disposed(len(ids), rows, gone, held, Changes(TOUCHED | TOUCHED_BESIDE))


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
    session.execute(delete(IssuedRow).where(IssuedRow.kind == kind, IssuedRow.record_id.in_(ids)))
    return len(found)


def _contents(session: Session, ids: Sequence[int]) -> list[str]:
    query = select(Attachment.sha256).where(Attachment.kind == KIND, Attachment.record_id.in_(ids)).distinct()
    return list(session.scalars(query))


def _frozen(session: Session, ids: Sequence[int]) -> Iterable[Any]:
    query = select(FrozenRecord.year).where(FrozenRecord.kind == KIND, FrozenRecord.record_id.in_(ids)).distinct()
    return session.execute(query.order_by(FrozenRecord.year)).all()


def _held(session: Session, ids: Sequence[int], texts: frozenset[str], second: Path | None) -> StillHeld:
    name = session.get_bind().engine.url.database
    path = Path(name) if name else None
    found = [] if path is None else copies(path) + (copies(path, second) if second and second.is_dir() else [])
    holding = tuple((copy.path, gone_by(copy.at).date()) for copy in found if _holds(copy.path, ids))
    kept = () if path is None else tuple(file for file in _put_aside(path) if _holds(file, ids))
    years = tuple(year for (year,) in _frozen(session, ids))
    return StillHeld(years, holding, kept, waiting_with(session, texts))


def _put_aside(path: Path) -> Iterator[Path]:
    for pattern in KEPT_FILES:
        yield from sorted(path.parent.glob(f"{escape(path.stem)}.{pattern}{path.suffix}"))


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
        with closing(sqlite3.connect(path, isolation_level=None, timeout=WAIT_SECONDS)) as connection:
            connection.execute("PRAGMA secure_delete=ON")
            connection.execute("BEGIN IMMEDIATE")
            _forget_row_numbers(connection)
            connection.execute("COMMIT")
            connection.execute("VACUUM")
            _empty_log(connection)
            digests.register(connection)
            connection.execute("BEGIN IMMEDIATE")
            while digests.settle(connection, gaps=True):
                pass
            connection.execute("COMMIT")
            _empty_log(connection)
    except sqlite3.OperationalError as error:
        raise DatabaseRefusedError(fault_code(str(error), path), where=Where(file=str(path))) from error


def _empty_log(connection: sqlite3.Connection) -> None:
    """Take the log up into the file; one that a reader still needs says so by its result, not by an error."""
    (busy, _pages, _done) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise sqlite3.OperationalError("database is locked")


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
