"""Copies of a ledger that the program makes by itself: beside it, and at a second place where one is chosen.

A copy is written under another name, opened, checked and compared with its original before it takes its own name: a
disk that ran full leaves no copy that only looks like one. Its attachments go to one store that all copies share, each
content once. What was found when it was checked stands in a small file beside it; without that file a copy does not
count.
"""

import json
import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bri_desktop.db.attachments import AttachmentFolder, folder_beside
from bri_desktop.db.check import check_file, read_only
from bri_desktop.db.faults import fault_code
from bri_desktop.domain.errors import DatabaseRefusedError, InputError, Where
from bri_desktop.domain.retention import to_thin
from bri_desktop.system import replace

INSTANT = "%Y%m%dT%H%M%S%f"
COUNTED = ("project", "pair", "place", "organisation", "agreement", "history_entry", "import_batch")
"""Tables whose sizes a copy must have too."""
LOOKED_THROUGH = 32 << 20
"""Bytes up to which every row of a copy is compared with its digest at once; larger ones in an idle moment."""


@dataclass(frozen=True, slots=True)
class Copy:
    """An automatic copy: why it was made, what it holds, how it was checked.

    ``verdict``: ``whole`` (each row compared with its digest, each attachment with its own), ``checked`` (opened, its
    structure and sizes compared; the rest waits), ``damaged``, ``lacking`` (an attachment was missing already).
    """

    path: Path
    at: datetime
    why: str
    size: int
    counts: dict[str, int]
    verdict: str
    lacking: int = 0


def backup_folder(path: Path, second: Path | None = None) -> Path:
    """Return where the copies of a ledger are, beside it or in a ``second`` place."""
    return (second or path.parent) / f"{path.stem}.backups"


def back_up(path: Path, why: str, *, second: Path | None = None) -> Path | None:
    """Copy the ledger at ``path`` as it is committed, named after ``why`` (``before-import``), and return the copy.

    ``None`` where it holds no project yet. ``DatabaseRefusedError`` where no whole copy can be made: disk full,
    folder not writable, ledger damaged.
    """
    folder = backup_folder(path, second)
    try:
        with closing(sqlite3.connect(path)) as source:
            if not source.execute("SELECT EXISTS (SELECT 1 FROM project)").fetchone()[0]:
                return None
            folder.mkdir(mode=0o700, exist_ok=True)
            kept = _copied(source, folder, path, why)
    except sqlite3.Error as error:
        raise DatabaseRefusedError(fault_code(str(error), path), where=Where(file=str(path))) from error
    except OSError as error:
        raise DatabaseRefusedError("backup_failed", where=Where(file=str(folder))) from error
    thin(path, second)
    return kept


def _copied(source: sqlite3.Connection, folder: Path, path: Path, why: str) -> Path:
    instant = datetime.now(UTC).strftime(INSTANT)[:-3]
    kept = folder / f"{path.stem}.{instant}Z.{why}{path.suffix}"
    temporary = folder / f".{kept.name}.part"
    try:
        temporary.touch(mode=0o600)
        with closing(sqlite3.connect(temporary)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            _verify(source, copy, path)
        lacking = _share_attachments(temporary, folder_beside(path), folder)
        verdict = _look_through(temporary, path) if temporary.stat().st_size <= LOOKED_THROUGH else "checked"
        _bring_to_disk(temporary)
        replace(temporary, kept)
        _note(kept, "lacking" if lacking else verdict, lacking)
    finally:
        temporary.unlink(missing_ok=True)
    return kept


def _look_through(copy: Path, path: Path) -> str:
    if check_file(copy):
        raise DatabaseRefusedError("database_damaged", where=Where(file=str(path)))
    return "whole"


def _verify(source: sqlite3.Connection, copy: sqlite3.Connection, path: Path) -> None:
    (verdict,) = copy.execute("PRAGMA quick_check").fetchone()
    if verdict != "ok" or counts_of(source) != counts_of(copy):
        raise DatabaseRefusedError("database_damaged", where=Where(file=str(path)))


def counts_of(connection: sqlite3.Connection) -> dict[str, int]:
    """Return how many rows the main tables of a ledger hold."""
    return {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in COUNTED}


def attachments_in(path: Path) -> list[str]:
    """Return the digests of the contents that a ledger file speaks of, each once."""
    with closing(read_only(path)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'attachment'").fetchone():
            return []
        return [row[0] for row in connection.execute("SELECT DISTINCT sha256 FROM attachment ORDER BY sha256")]


def shared_store(folder: Path) -> AttachmentFolder:
    """Return the store of contents that the copies in ``folder`` share."""
    return AttachmentFolder(folder / "attachments")


def _share_attachments(copy: Path, contents: Path, folder: Path) -> int:
    """Put the contents that a copy speaks of into the shared store; return how many were missing or damaged."""
    source, store = AttachmentFolder(contents), shared_store(folder)
    lacking = 0
    for sha256 in attachments_in(copy):
        if store.path_of(sha256).exists():
            continue
        try:
            if store.put(source.path_of(sha256)).sha256 != sha256:
                lacking += 1
        except InputError as error:
            if error.code != "attachment_unreadable":
                raise DatabaseRefusedError("backup_failed", where=Where(file=str(folder))) from error
            lacking += 1
    return lacking


# -- what there is -------------------------------------------------------------------------------------------------


def _note_of(copy: Path) -> Path:
    return copy.with_name(f"{copy.name}.json")


def _note(copy: Path, verdict: str, lacking: int) -> None:
    with closing(read_only(copy)) as connection:
        counts = counts_of(connection)
    written = {"verdict": verdict, "lacking": lacking, "counts": counts, "size": copy.stat().st_size}
    note = _note_of(copy)
    temporary = note.with_name(f".{note.name}.part")
    temporary.write_text(json.dumps(written), encoding="utf-8")
    temporary.chmod(0o600)
    _bring_to_disk(temporary)
    replace(temporary, note)


def _bring_to_disk(path: Path) -> None:
    with path.open("rb+") as handle:
        os.fsync(handle.fileno())


def backups(path: Path, second: Path | None = None) -> list[Path]:
    """Return the copies of a ledger that count, the newest first."""
    return [copy.path for copy in copies(path, second)]


def copies(path: Path, second: Path | None = None) -> list[Copy]:
    """Return the copies of a ledger with what is known of each, the newest first."""
    folder = backup_folder(path, second)
    found = [_read_copy(file, path) for file in folder.glob(f"{path.stem}.*Z.*{path.suffix}")]
    return sorted((copy for copy in found if copy is not None), key=lambda copy: copy.at, reverse=True)


def _read_copy(file: Path, path: Path) -> Copy | None:
    instant, _, why = file.name[len(path.stem) + 1 : -len(path.suffix) or None].partition("Z.")
    try:
        at = datetime.strptime(instant + "000", INSTANT).replace(tzinfo=UTC)
        note: dict[str, Any] = json.loads(_note_of(file).read_text(encoding="utf-8"))
        size = file.stat().st_size
    except (ValueError, OSError):
        return None
    verdict = str(note.get("verdict")) if note.get("size") == size else "damaged"
    return Copy(file, at, why, size, dict(note.get("counts") or {}), verdict, int(note.get("lacking") or 0))


def look_through(copy: Copy) -> str:
    """Compare each row and each attachment of a copy with its digest, note the verdict and return it."""
    store = shared_store(copy.path.parent)
    try:
        damaged = bool(check_file(copy.path))
        lacking = sum(store.state(sha256) != "whole" for sha256 in attachments_in(copy.path))
    except (sqlite3.DatabaseError, UnicodeDecodeError, OSError):
        return "damaged"
    verdict = "damaged" if damaged else "lacking" if lacking else "whole"
    if not damaged:
        _note(copy.path, verdict, lacking)
    return verdict


def thin(path: Path, second: Path | None = None) -> list[Path]:
    """Remove the copies that age has made superfluous, and half-made ones; return those removed."""
    folder = backup_folder(path, second)
    named = {copy.at: copy.path for copy in copies(path, second)}
    old = [named[instant] for instant in to_thin(named, datetime.now(UTC))]
    for copy in old:
        for file in (copy, _note_of(copy)):
            file.unlink(missing_ok=True)
    for part in folder.glob(".*.part"):
        with suppress(OSError):
            part.unlink(missing_ok=True)
    if old:
        _drop_contents(folder, [copy.path for copy in copies(path, second)])
    return old


def _drop_contents(folder: Path, left: Sequence[Path]) -> None:
    """Remove contents from the shared store that no copy speaks of any more."""
    store = shared_store(folder)
    needed = {sha256 for copy in left for sha256 in attachments_in(copy)}
    for sha256, _size in list(store.stored()):
        if sha256 not in needed:
            store.path_of(sha256).unlink(missing_ok=True)
