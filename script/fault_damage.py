"""Damaged bytes of a ledger and upgrades that fail: what the check notices, what salvaging saves, what is left."""

import random
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

from fault_acts import OLD_SCHEMA, ledger
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from bri_desktop.db.check import FAULTS, check_file, read_only
from bri_desktop.db.database import HEAD, create_database, open_database
from bri_desktop.db.digests import OWN
from bri_desktop.db.salvage import salvage
from bri_desktop.domain.errors import UserError
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.services.projects import create_project
from bri_desktop.services.search_index import fill_search_index

PAGE = 4096


def big_ledger(folder: Path, projects: int) -> Path:
    """Make a ledger of ``projects`` projects whose digests are all entered."""
    create_database(ledger(folder))
    database = open_database(ledger(folder))
    with database.write() as session:
        for number in range(projects):
            places = {"domestic_places": ("cn:310000",), "foreign_places": ("co:JP",)}
            create_project(session, ProjectDraft(title=f"第{number}个合作项目", note="说明" * 20, **places))
    while True:
        with database.write() as session:
            if not fill_search_index(session).is_left:
                break
    database.close()
    with closing(sqlite3.connect(ledger(folder))) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return ledger(folder)


def everything(path: Path) -> object:
    """Return a digest of every value of a file that can be read, by table."""
    with closing(read_only(path)) as connection:
        try:
            query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search_index%'"
            names = [name for (name,) in connection.execute(query)]
        except FAULTS as error:
            return str(error)
        return {name: values_of(connection, name) for name in names}


def values_of(connection: sqlite3.Connection, table: str) -> int:
    """Return a digest of every value of a table, or of how reading it fails."""
    try:
        return hash(tuple(connection.execute(f'SELECT * FROM "{table}"')))
    except FAULTS as error:
        return hash(str(error))


def owners(path: Path) -> dict[int, str]:
    """Return to which table or index each page belongs; free pages, and those of the search index, to none."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT pageno, name FROM dbstat WHERE name NOT LIKE 'search_index%'")
        return dict(rows.fetchall())


def rows_of(path: Path, table: str) -> dict[int, object] | None:
    """Return the rows of a table by number, ``None`` where it cannot be read through."""
    try:
        with closing(read_only(path)) as connection:
            return {row: values for row, *values in connection.execute(f'SELECT rowid, * FROM "{table}"')}
    except FAULTS:
        return None


def flip(path: Path, flips: int, work: Path, seed: int) -> Counter[str]:
    """Flip one bit after the other in copies of a ledger; count those that changed a value, and what was said of them.

    ``row named``: the very row is among the damages. ``noticed``: the damage is told, but not of a single row (a page
    that no longer reads, a definition, a digest).
    """
    good, owned, chance = everything(path), owners(path), random.Random(seed)
    tally: Counter[str] = Counter()
    copy = work / "flipped.db"
    shutil.copyfile(path, copy)
    size = path.stat().st_size
    for _ in range(flips):
        place, bit = chance.randrange(size), chance.randrange(8)
        _turn(copy, place, bit)
        tally["flips"] += 1
        table = owned.get(place // PAGE + 1)
        is_everywhere = place < PAGE or table is None
        changed = everything(copy) != good if is_everywhere else _differs(copy, str(table), good)
        if changed:
            tally["changed a value"] += 1
            tally[_said_of(copy, path, table)] += 1
        _turn(copy, place, bit)
        for suffix in ("-wal", "-shm"):
            copy.with_name(copy.name + suffix).unlink(missing_ok=True)
    return tally


def _differs(copy: Path, table: str, good: object) -> bool:
    """Tell whether a table reads otherwise; what belongs to an index is read from no table."""
    if not isinstance(good, dict) or table not in good:
        return False
    with closing(read_only(copy)) as connection:
        try:
            return bool(values_of(connection, table) != good[table])
        except FAULTS:
            return True


def _said_of(copy: Path, path: Path, table: str | None) -> str:
    try:
        damages = check_file(copy)
    except FAULTS:
        return "noticed"
    if not damages:
        return "MISSED"
    named = {damage.row for damage in damages if damage.table == table and damage.row is not None}
    before, now = (None, None) if table is None or table in OWN else (rows_of(path, table), rows_of(copy, table))
    if before is None or now is None:
        return "noticed"
    other = {row for row in before.keys() | now.keys() if before.get(row) != now.get(row)}
    return "row named" if other and other <= named else "noticed"


def _turn(path: Path, place: int, bit: int) -> None:
    with path.open("r+b") as handle:
        handle.seek(place)
        byte = handle.read(1)[0]
        handle.seek(place)
        handle.write(bytes([byte ^ 1 << bit]))


def break_pages(path: Path, files: int, work: Path, seed: int) -> Counter[str]:
    """Overwrite pages in copies of a ledger, salvage them and hold the account against what was there.

    Every fifth is cut besides, and another fifth has lost its first page: nothing in those can be read by SQLite.
    """
    chance, data = random.Random(seed), path.read_bytes()
    tally: Counter[str] = Counter()
    with closing(sqlite3.connect(path)) as connection:
        before = dict(connection.execute("SELECT id, title FROM project").fetchall())
    for number in range(files):
        broken, new = work / "broken.db", work / f"salvaged-{number}.db"
        changed = bytearray(data)
        for _ in range(chance.choice((1, 3, 10))):
            start = chance.randrange(len(data) // 4096) * 4096
            changed[start : start + 4096] = chance.randbytes(4096)
        if number % 5 == 0:
            del changed[chance.randrange(len(data) // 10, len(data)) :]
        elif number % 5 == 1:
            changed[:4096] = bytes(4096)
        broken.write_bytes(changed)
        tally["files"] += 1
        tally["rows there were"] += len(before)
        try:
            account = next(one for one in salvage(broken, new) if one.table == "project")
        except sqlite3.DatabaseError:
            tally["nothing readable: a backup is offered"] += 1
            continue
        with closing(sqlite3.connect(new)) as connection:
            after = dict(connection.execute("SELECT id, title FROM project").fetchall())
        is_true = all(before.get(row) == title for row, title in after.items() if row not in account.changed)
        is_true = is_true and (not account.is_sure or set(before) - set(after) <= set(account.lost))
        tally["true account" if is_true else "FALSE ACCOUNT"] += 1
        tally["rows saved"] += len(after)
        tally["rows told as lost"] += len(account.lost)
        tally["files whose number of rows is not sure"] += not account.is_sure
        new.unlink()
    return tally


# -- upgrades that fail at a statement -----------------------------------------------------------------------------


def fail_statements(most: int, work: Path) -> Counter[str]:
    """Let each upgrade of each landed schema fail at one statement after the other; the old file must stay whole."""
    tally: Counter[str] = Counter()
    for fixture in sorted(OLD_SCHEMA.parent.glob("schema-*.sql")):
        if fixture.stem.removeprefix("schema-") == HEAD:
            continue
        count = _upgrade_failing_at(fixture, work, 0, tally)
        step = max(1, count // most)
        for at in range(1, count + 1, step):
            _upgrade_failing_at(fixture, work, at, tally)
        tally[f"statements of {fixture.stem}"] = count
    return tally


def _upgrade_failing_at(fixture: Path, work: Path, at: int, tally: Counter[str]) -> int:
    folder = work / "upgrade"
    folder.mkdir()
    with closing(sqlite3.connect(ledger(folder))) as connection:
        connection.executescript(fixture.read_text(encoding="utf-8"))
    before, seen = everything(ledger(folder)), [0]

    def fail(*_arguments: object) -> None:
        seen[0] += 1
        if seen[0] == at:
            raise OperationalError("", {}, sqlite3.OperationalError("disk I/O error"))

    event.listen(Engine, "before_cursor_execute", fail)
    try:
        open_database(ledger(folder)).close()
        tally["done"] += 1
    except UserError:
        tally["refused"] += 1
        if everything(ledger(folder)) != before:
            tally["CHANGED"] += 1
    except OperationalError:
        tally["NO CLEAR SENTENCE"] += 1
    finally:
        event.remove(Engine, "before_cursor_execute", fail)
    try:
        open_database(ledger(folder)).close()
    except UserError:
        tally["STUCK"] += 1
    shutil.rmtree(folder)
    return seen[0]
