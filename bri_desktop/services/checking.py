"""Looking a ledger through, with the record that each damage belongs to, and mending what can be mended.

A row that is not as it was written is taken from the newest verified copy whose row has the very digest that was
entered for it. What no copy has is written to a file of its own, so that nothing readable is lost, and stays as it is.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bri_desktop.db import digests, search
from bri_desktop.db.attachments import AttachmentFolder, folder_beside
from bri_desktop.db.backup import backup_folder, backups, shared_store
from bri_desktop.db.check import FAULTS, Damage, check_file, read_only
from bri_desktop.db.digests import Layout, digest_of, quoted
from bri_desktop.db.lost_references import let_go
from bri_desktop.db.reference import SHIPPED, complete
from bri_desktop.domain.errors import DatabaseRefusedError, InputError, Where
from bri_desktop.domain.vocabulary import ACTIVITY_KEY, AGREEMENT_KEY, ORGANISATION_KEY, PAIR_KEY, PROJECT_KEY, key_of

KEYS = {
    "project": PROJECT_KEY,
    "pair": PAIR_KEY,
    "agreement": AGREEMENT_KEY,
    "activity": ACTIVITY_KEY,
    "organisation": ORGANISATION_KEY,
}
OWNERS = (("project_id", PROJECT_KEY), ("pair_id", PAIR_KEY))
ROW_CODES = frozenset({"row_changed", "row_unreadable", "row_missing"})

Told = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Finding:
    """A damage, or an attachment that is gone or changed: the key and name of the record it belongs to, if known.

    ``mended``: ``from_copy``, ``rebuilt``, ``set_aside`` (written to the file of what could not be mended),
    ``accepted``, or ``None``.
    """

    code: str
    table: str = ""
    row: int | None = None
    key: str | None = None
    name: str | None = None
    detail: str = ""
    mended: str | None = None


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was found; ``aside`` is the file with what could not be mended, ``copy`` the copy made before mending."""

    findings: tuple[Finding, ...]
    rows: int
    aside: Path | None = None
    copy: Path | None = None

    @property
    def ok(self) -> bool:
        """Whether nothing is damaged, or all of it was mended."""
        return all(finding.mended in ("from_copy", "rebuilt", "accepted") for finding in self.findings)


def check_ledger(path: Path, told: Told | None = None) -> CheckReport:
    """Look the ledger file and its attachments through; nothing is written.

    ``DatabaseRefusedError`` where the file cannot be opened as a ledger at all.
    """
    seen = [0]

    def tell(rows: int) -> None:
        seen[0] = rows
        if told is not None:
            told(rows)

    try:
        damages = check_file(path, tell)
        with closing(read_only(path)) as connection:
            findings = [_named(connection, damage) for damage in damages]
            findings += _attachments(connection, AttachmentFolder(folder_beside(path)))
    except FAULTS as error:
        raise DatabaseRefusedError("database_damaged", where=Where(file=str(path))) from error
    return CheckReport(tuple(findings), seen[0])


def _named(connection: sqlite3.Connection, damage: Damage) -> Finding:
    key, name = None, None
    with suppress(*FAULTS):
        key, name = _record_of(connection, damage)
    return Finding(damage.code, damage.table, damage.row, key, name, damage.detail)


def _record_of(connection: sqlite3.Connection, damage: Damage) -> tuple[str | None, str | None]:
    if damage.row is None or not damage.table:
        return None, None
    if damage.table in KEYS:
        return key_of(KEYS[damage.table], damage.row), _title(connection, damage.table, damage.row)
    columns = {column[1] for column in connection.execute(f"PRAGMA table_info({quoted(damage.table)})")}
    for column, prefix in OWNERS:
        if column in columns:
            query = f"SELECT {column} FROM {quoted(damage.table)} WHERE rowid = ?"
            found = connection.execute(query, (damage.row,)).fetchone()
            if found and isinstance(found[0], int):
                return key_of(prefix, found[0]), _title(connection, column.removesuffix("_id"), found[0])
    return None, None


def _title(connection: sqlite3.Connection, table: str, row: int) -> str | None:
    column = {"project": "title", "activity": "title", "agreement": "title", "organisation": "name"}.get(table)
    if column is None:
        return None
    try:
        found = connection.execute(f"SELECT {column} FROM {table} WHERE id = ?", (row,)).fetchone()
    except FAULTS:
        return None
    return found[0] if found and isinstance(found[0], str) else None


def _attachments(connection: sqlite3.Connection, contents: AttachmentFolder) -> list[Finding]:
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'attachment'").fetchone():
        return []
    query = "SELECT id, kind, record_id, name, sha256, deleted_at FROM attachment ORDER BY id"
    found, states, named = [], {}, set()
    for row, kind, record, name, sha256, deleted in connection.execute(query).fetchall():
        named.add(sha256)
        if deleted is not None:
            continue
        if sha256 not in states:
            states[sha256] = contents.state(sha256)
        if states[sha256] != "whole":
            key = key_of(KEYS[kind], record) if kind in KEYS else None
            found.append(Finding(f"attachment_{states[sha256]}", "attachment", row, key, name))
    if contents.root.is_dir():
        stray = [sha256 for sha256, _size in contents.stored() if sha256 not in named]
        found += [Finding("attachment_stray", "attachment", name=sha256) for sha256 in stray]
    return found


# -- mending -------------------------------------------------------------------------------------------------------


def repair_ledger(path: Path, told: Told | None = None) -> CheckReport:
    """Mend what can be mended of the ledger at ``path``, which nobody else has open, after a copy of it as it is.

    ``DatabaseRefusedError``: ``database_damaged`` where its structure is broken (then :func:`~bri_desktop.services.
    restoring.salvage_ledger` makes a new one).
    """
    report = check_ledger(path, told)
    if any(finding.code in ("structure", "definitions") for finding in report.findings):
        raise DatabaseRefusedError("database_needs_salvage", where=Where(file=str(path)))
    if not report.findings:
        return report
    copy = _keep_as_it_is(path)
    aside: list[dict[str, Any]] = []
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("BEGIN IMMEDIATE")
        digests.register(connection)
        layouts = {layout.name: layout for layout in digests.layouts(connection)}
        copies = [other for other in backups(path) if other != copy]
        mended = [_mend(connection, finding, layouts, copies, aside) for finding in report.findings]
        has_lost = any(finding.code in {*ROW_CODES, "reference_lost"} for finding in mended)
        parted = _part_from_lost(connection, layouts, aside) if has_lost else set()
        connection.execute("COMMIT")
    mended = [_with_reference(finding, parted) for finding in mended]
    mended = [_mend_attachment(finding, path) for finding in mended]
    return CheckReport(tuple(mended), report.rows, _write_aside(path, aside), copy)


def _keep_as_it_is(path: Path) -> Path:
    """Copy the damaged file byte by byte: the copy that the program makes by itself must be whole."""
    instant = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    kept = path.with_name(f"{path.stem}.before-repair-{instant}{path.suffix}")
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(kept)) as target:
        source.backup(target)
    kept.chmod(0o600)
    return kept


def _mend(
    connection: sqlite3.Connection,
    finding: Finding,
    layouts: dict[str, Layout],
    copies: Sequence[Path],
    aside: list[dict[str, Any]],
) -> Finding:
    if finding.code == "search_index":
        search.begin_anew(connection)
        return replace(finding, mended="rebuilt")
    layout = layouts.get(finding.table)
    if layout is None or finding.row is None or finding.code.startswith("attachment"):
        return finding
    if finding.code == "row_unentered":
        _enter(connection, layout, finding.row)
        return replace(finding, mended="accepted")
    if finding.code not in ROW_CODES:
        return finding
    if _restore_row(connection, layout, finding.row, copies):
        return replace(finding, mended="from_copy")
    aside.append({"table": finding.table, "row": finding.row, "values": _readable(connection, layout, finding.row)})
    _enter(connection, layout, finding.row)
    return replace(finding, mended="set_aside")


def _part_from_lost(
    connection: sqlite3.Connection, layouts: dict[str, Layout], aside: list[dict[str, Any]]
) -> set[tuple[str, int | None]]:
    """Set aside what named rows that are gone for good, built-in ones made again; return (table, row) of each."""
    for table in SHIPPED:
        complete(connection, table)
    parted: set[tuple[str, int | None]] = set()
    for row in let_go(connection):
        if (row.table, row.row) not in parted:
            values = {name: _plain(value) for name, value in row.values.items()}
            aside.append({"table": row.table, "row": row.row, "values": values})
        parted.add((row.table, row.row))
        if row.table in layouts:
            _enter(connection, layouts[row.table], row.row)
    return parted


def _with_reference(finding: Finding, parted: set[tuple[str, int | None]]) -> Finding:
    """A reference that holds again points at a row that came back from a copy or with the program."""
    if finding.code != "reference_lost":
        return finding
    return replace(finding, mended="set_aside" if (finding.table, finding.row) in parted else "from_copy")


def _enter(connection: sqlite3.Connection, layout: Layout, row: int) -> None:
    """Enter the digest of a row as it is now; of one that is gone, take the digest away."""
    table = quoted(layout.name)
    connection.execute("DELETE FROM row_digest WHERE table_id = ? AND row_id = ?", (layout.id, row))
    connection.execute(
        f"INSERT INTO row_digest SELECT {layout.id}, rowid, {layout.call()} FROM {table} WHERE rowid = ?", (row,)
    )


def _restore_row(connection: sqlite3.Connection, layout: Layout, row: int, copies: Sequence[Path]) -> bool:
    query = "SELECT digest FROM row_digest WHERE table_id = ? AND row_id = ?"
    wanted = connection.execute(query, (layout.id, row)).fetchone()
    if wanted is None:
        return False
    names = ", ".join(quoted(name) for name in layout.columns)
    for copy in copies:
        try:
            with closing(read_only(copy)) as other:
                select = f"SELECT {names} FROM {quoted(layout.name)} WHERE rowid = ?"
                values = other.execute(select, (row,)).fetchone()
        except FAULTS:
            continue
        if values is not None and digest_of(values) == wanted[0]:
            marks = ", ".join("?" * (len(values) + 1))
            table = quoted(layout.name)
            connection.execute(f"DELETE FROM {table} WHERE rowid = ?", (row,))
            connection.execute(f"INSERT INTO {table} (rowid, {names}) VALUES ({marks})", (row, *values))
            _enter(connection, layout, row)
            connection.execute("DELETE FROM row_touched WHERE table_id = ? AND row_id = ?", (layout.id, row))
            return True
    return False


def _readable(connection: sqlite3.Connection, layout: Layout, row: int) -> dict[str, Any]:
    """Return the values of a row that can still be read, column by column."""
    values: dict[str, Any] = {}
    for name in layout.columns:
        try:
            query = f"SELECT {quoted(name)} FROM {quoted(layout.name)} WHERE rowid = ?"
            found = connection.execute(query, (row,)).fetchone()
        except FAULTS:
            continue
        if found is not None:
            values[name] = _plain(found[0])
    return values


def _plain(value: object) -> str | int | float | None:
    return value if isinstance(value, str | int | float | None) else repr(value)


def _write_aside(path: Path, aside: Iterable[dict[str, Any]]) -> Path | None:
    rows = list(aside)
    if not rows:
        return None
    instant = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    file = path.with_name(f"{path.stem}.set-aside-{instant}.json")
    file.touch(mode=0o600)
    file.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8", errors="backslashreplace")
    return file


def _mend_attachment(finding: Finding, path: Path) -> Finding:
    """Take the content of an attachment from the store that the copies share."""
    if finding.code not in ("attachment_missing", "attachment_changed") or finding.row is None:
        return finding
    with closing(read_only(path)) as connection:
        (sha256,) = connection.execute("SELECT sha256 FROM attachment WHERE id = ?", (finding.row,)).fetchone()
    store, contents = shared_store(backup_folder(path)), AttachmentFolder(folder_beside(path))
    if store.state(sha256) != "whole":
        return finding
    try:
        contents.put(store.path_of(sha256))
    except InputError:
        return finding
    return replace(finding, mended="from_copy")
