"""Kills the program, and lets its disk fail, at each point at which an act changes a file; looks at what is left.

Run by ``script/faults``, which preloads ``faults_shim.c``. Each case is a fork with a ledger of its own: it says over a
pipe what was acknowledged to the user, then the kill or the error comes. Another fork opens what is left, as the
program would at its next start, and compares.
"""

import argparse
import ctypes
import errno
import json
import os
import random
import shutil
import sqlite3
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from bri_desktop.db.attachments import AttachmentFolder, folder_beside
from bri_desktop.db.backup import back_up, copies
from bri_desktop.db.check import FAULTS, check_file, read_only
from bri_desktop.db.database import HEAD, create_database, open_database
from bri_desktop.db.package import pack, unpack
from bri_desktop.db.record_models import Attachment
from bri_desktop.db.salvage import salvage
from bri_desktop.domain.errors import UserError
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.excel.reader import read
from bri_desktop.services.exchange import ImportOptions, import_grid
from bri_desktop.services.history import undo_last
from bri_desktop.services.intake_sheets import chosen_sheets
from bri_desktop.services.issuing import Order, issue
from bri_desktop.services.ledger_out import export_projects
from bri_desktop.services.merging import plan_merge
from bri_desktop.services.merging_apply import apply_merge
from bri_desktop.services.merging_plan import MergeDecisions
from bri_desktop.services.projects import create_project, edit_fields
from bri_desktop.services.restoring import prepare, put_in_place
from bri_desktop.services.search_index import fill_search_index

ROOT = Path(__file__).resolve().parents[1]
OLD_SCHEMA = ROOT / "tests" / "fixtures" / "schema-0001.sql"
ROWS, CHANGED, EDITS = 40, 12, 4
REOPEN_SECONDS = 5.0
KILLS = {1: "killed before", 2: "killed half-way"}
ERRORS = {errno.ENOSPC: "disk full", errno.EIO: "I/O error"}

Acknowledge = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Act:
    """Something a user does: what it starts from, what it does, and what is wrong with what is left of it."""

    name: str
    prepare: Callable[[Path], None]
    run: Callable[[Path, Acknowledge], None]
    wrong: Callable[[Path, list[str]], Iterable[str]]


@dataclass(slots=True)
class Tally:
    """The cases of one act."""

    points: int = 0
    cases: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    failures: list[str] = field(default_factory=list)


def ledger(folder: Path) -> Path:
    """Return the ledger of a case."""
    return folder / "ledger.db"


def titles(folder: Path) -> list[str]:
    """Return the titles of the projects that are not in the bin."""
    with closing(sqlite3.connect(ledger(folder))) as connection:
        rows = connection.execute("SELECT title FROM project WHERE deleted_at IS NULL ORDER BY id")
        return [title for (title,) in rows]


def new_ledger(folder: Path, count: int = 3) -> None:
    """Make a ledger of ``count`` projects."""
    create_database(ledger(folder))
    database = open_database(ledger(folder))
    for number in range(count):
        with database.write() as session:
            create_project(session, ProjectDraft(title=f"原有{number}", domestic_places=("cn:310000",)))
    database.close()


def book(folder: Path) -> Path:
    """Write a ledger of ``ROWS`` rows to be imported."""
    workbook = openpyxl.Workbook()
    workbook.active.append(["项目名称", "中方城市", "国家", "合作内容"])
    for number in range(ROWS):
        workbook.active.append([f"新项目{number}", "上海市", "日本", "说明" * 20])
    workbook.save(folder / "新.xlsx")
    return folder / "新.xlsx"


def all_or_none(folder: Path, acknowledged: list[str], before: list[str], after: list[str]) -> Iterable[str]:
    """An act is there wholly or not at all, and wholly once it was acknowledged."""
    found = titles(folder)
    if found not in (before, after):
        yield f"half of it is there: {len(found)} titles"
    if acknowledged and found != after:
        yield "what was acknowledged is not there"


OLD = [f"原有{number}" for number in range(3)]
IMPORTED = OLD + [f"新项目{number}" for number in range(ROWS)]


# -- the acts ------------------------------------------------------------------------------------------------------


def run_edit(folder: Path, acknowledge: Acknowledge) -> None:
    database = open_database(ledger(folder))
    for number in range(EDITS):
        with database.write() as session:
            edit_fields(session, ["P1"], {"title": f"第{number}稿", "note": f"第{number}稿"})
        acknowledge(str(number))
    database.close()


def wrong_edit(folder: Path, acknowledged: list[str]) -> Iterable[str]:
    with closing(sqlite3.connect(ledger(folder))) as connection:
        title, note = connection.execute("SELECT title, coalesce(note, title) FROM project WHERE id = 1").fetchone()
    done = int(title[1:-1]) if title != "原有0" else -1
    if title != note:
        yield f"half an edit: {title} {note}"
    if acknowledged and done < int(acknowledged[-1]):
        yield f"edit {acknowledged[-1]} was acknowledged and is lost"


def prepare_import(folder: Path) -> None:
    new_ledger(folder)
    book(folder)


def run_import(folder: Path, acknowledge: Acknowledge) -> None:
    database = open_database(ledger(folder))
    with read(folder / "新.xlsx") as grid:
        import_grid(database, grid, chosen_sheets(grid), ImportOptions(new_places="accept"), sha256="0" * 64)
    acknowledge("import")
    for _ in range(20):
        with database.write() as session:
            if not fill_search_index(session).is_left:
                break
    database.close()


def prepare_imported(folder: Path) -> None:
    prepare_import(folder)
    run_import(folder, lambda _word: None)


def run_undo(folder: Path, acknowledge: Acknowledge) -> None:
    database = open_database(ledger(folder))
    with database.write() as session:
        undo_last(session)
    acknowledge("undo")
    database.close()


def prepare_merge(folder: Path) -> None:
    new_ledger(folder, CHANGED)
    database = open_database(ledger(folder))
    with database.write() as session:
        issue(session, Order(department="商务局"), folder / "发放.xlsx")
    database.close()
    workbook = openpyxl.load_workbook(folder / "发放.xlsx")
    for row in workbook["项目"].iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and cell.value.startswith("原有"):
                cell.value = cell.value.replace("原有", "交回")
    workbook.save(folder / "交回.xlsx")


def run_merge(folder: Path, acknowledge: Acknowledge) -> None:
    database = open_database(ledger(folder))
    with read(folder / "交回.xlsx") as grid:
        with database.read() as session:
            plan = plan_merge(session, grid, sha256="0" * 64)
        with database.write() as session:
            apply_merge(session, plan, MergeDecisions())
    acknowledge("merge")
    database.close()


def wrong_merge(folder: Path, acknowledged: list[str]) -> Iterable[str]:
    before, after = ([f"{word}{number}" for number in range(CHANGED)] for word in ("原有", "交回"))
    return all_or_none(folder, acknowledged, before, after)


def prepare_migrate(folder: Path) -> None:
    with closing(sqlite3.connect(ledger(folder))) as connection:
        connection.executescript(OLD_SCHEMA.read_text(encoding="utf-8"))


def run_migrate(folder: Path, acknowledge: Acknowledge) -> None:
    open_database(ledger(folder)).close()
    acknowledge("migrate")


def wrong_migrate(folder: Path, _acknowledged: list[str]) -> Iterable[str]:
    with tempfile.TemporaryDirectory() as other:
        prepare_migrate(Path(other))
        if titles(folder) != titles(Path(other)):
            yield "an upgrade changed the titles"


def run_back_up(folder: Path, acknowledge: Acknowledge) -> None:
    if back_up(ledger(folder), "interval") is not None:
        acknowledge("backup")


def wrong_back_up(folder: Path, acknowledged: list[str]) -> Iterable[str]:
    found = copies(ledger(folder))
    if acknowledged and not found:
        yield "the copy that was acknowledged is not there"
    for copy in found:
        if copy.verdict != "whole" or check_file(copy.path):
            yield f"a copy that counts is {copy.verdict}"
    yield from all_or_none(folder, [], IMPORTED, IMPORTED)


def run_pack(folder: Path, acknowledge: Acknowledge) -> None:
    pack(ledger(folder), folder / "全部.bribackup", password="密码")
    acknowledge("pack")


def prepare_pack(folder: Path) -> None:
    prepare_attached(folder)
    pack(ledger(folder), folder / "全部.bribackup", password="密码")


def wrong_pack(folder: Path, _acknowledged: list[str]) -> Iterable[str]:
    with tempfile.TemporaryDirectory() as other:
        unpack(folder / "全部.bribackup", Path(other, "ledger.db"), "密码")
        if titles(Path(other)) != OLD:
            yield "the package holds something else"


def prepare_restore(folder: Path) -> None:
    new_ledger(folder)
    pack(ledger(folder), folder / "全部.bribackup")
    book(folder)
    run_import(folder, lambda _word: None)


def run_restore(folder: Path, acknowledge: Acknowledge) -> None:
    put_in_place(prepare(folder / "全部.bribackup", ledger(folder)), ledger(folder))
    acknowledge("restore")


def wrong_restore(folder: Path, acknowledged: list[str]) -> Iterable[str]:
    yield from all_or_none(folder, acknowledged, IMPORTED, OLD)
    if acknowledged:
        kept = sorted(folder.glob("ledger.before-restore-*.db"))
        if len(kept) != 1:
            yield "what was there before was not kept"


def prepare_attached(folder: Path) -> None:
    new_ledger(folder)
    (folder / "扫描.pdf").write_bytes(b"%PDF-1.7" + bytes(range(256)) * 300)
    run_attach(folder, lambda _word: None)
    (folder / "照片.jpg").write_bytes(bytes(range(255, -1, -1)) * 300)


def run_attach(folder: Path, acknowledge: Acknowledge) -> None:
    name = "照片.jpg" if (folder / "照片.jpg").exists() else "扫描.pdf"
    content = AttachmentFolder(folder_beside(ledger(folder))).put(folder / name)
    database = open_database(ledger(folder))
    with database.write() as session:
        row = Attachment(kind="project", record_id=1, name=name, sha256=content.sha256, size=content.size)
        row.added_at = "2026-11-23T08:00:00Z"
        session.add(row)
    acknowledge("attach")
    database.close()


def wrong_attach(folder: Path, acknowledged: list[str]) -> Iterable[str]:
    contents = AttachmentFolder(folder_beside(ledger(folder)))
    with closing(sqlite3.connect(ledger(folder))) as connection:
        rows = connection.execute("SELECT name, sha256 FROM attachment").fetchall()
    if len(rows) < 1 + len(acknowledged):
        yield "an attachment that was acknowledged is not there"
    for name, sha256 in rows:
        if contents.state(sha256) != "whole":
            yield f"the content of {name} is {contents.state(sha256)}"


def prepare_export(folder: Path) -> None:
    prepare_imported(folder)
    run_export(folder, lambda _word: None)


def run_export(folder: Path, acknowledge: Acknowledge) -> None:
    database = open_database(ledger(folder))
    with database.read() as session:
        export_projects(session, folder / "台账.xlsx")
    acknowledge("export")
    database.close()


def wrong_export(folder: Path, _acknowledged: list[str]) -> Iterable[str]:
    with zipfile.ZipFile(folder / "台账.xlsx") as archive:
        if archive.testzip() is not None:
            yield "the exported file is damaged"
    yield from all_or_none(folder, [], IMPORTED, IMPORTED)


ACTS = (
    Act("edit", new_ledger, run_edit, wrong_edit),
    Act("import", prepare_import, run_import, lambda folder, said: all_or_none(folder, said, OLD, IMPORTED)),
    Act("undo", prepare_imported, run_undo, lambda folder, said: all_or_none(folder, said, IMPORTED, OLD)),
    Act("merge", prepare_merge, run_merge, wrong_merge),
    Act("migrate", prepare_migrate, run_migrate, wrong_migrate),
    Act("backup", prepare_imported, run_back_up, wrong_back_up),
    Act("package", prepare_pack, run_pack, wrong_pack),
    Act("restore", prepare_restore, run_restore, wrong_restore),
    Act("attach", prepare_attached, run_attach, wrong_attach),
    Act("export", prepare_export, run_export, wrong_export),
)


# -- one case ------------------------------------------------------------------------------------------------------


def in_fork(work: Callable[[Callable[[object], None]], None]) -> tuple[int, list[Any]]:
    """Run ``work`` in a fork; return its wait status and what it said over the pipe."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            work(lambda value: _say(writing, value))
        except UserError as error:
            _say(writing, {"refused": error.code})
        finally:
            kind, error, _trace = sys.exc_info()
            if kind is not None:
                _say(writing, {"unexpected": f"{kind.__name__}: {error}"[:300]})
            os._exit(kind is not None)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as lines:
        said = [json.loads(line) for line in lines if line.endswith("\n")]
    return os.waitpid(child, 0)[1], said


def _say(pipe: int, value: object) -> None:
    os.write(pipe, (json.dumps(value) + "\n").encode())


def arm(folder: Path, at: int, kind: int) -> None:
    """Let the ``at``-th change of a file under ``folder`` from here on fail or kill; ``-1`` only counts."""
    ctypes.CDLL(None).faults_arm(str(folder).encode(), ctypes.c_long(at), kind)


def count_points(act: Act, template: Path, folder: Path) -> int:
    """Return at how many points the act changes a file."""
    shutil.copytree(template, folder)

    def work(say: Callable[[object], None]) -> None:
        arm(folder, -1, 0)
        act.run(folder, lambda _word: None)
        counting = ctypes.CDLL(None).faults_count
        counting.restype = ctypes.c_long
        say({"points": counting()})

    _status, said = in_fork(work)
    shutil.rmtree(folder)
    if not said or "points" not in said[-1]:
        raise SystemExit(f"{act.name} does not work undisturbed: {said}")
    return int(said[-1]["points"])


def run_case(act: Act, template: Path, folder: Path, at: int, kind: int, tally: Tally) -> None:
    """Run an act with one fault and note what is wrong afterwards."""
    shutil.copytree(template, folder)

    def work(say: Callable[[object], None]) -> None:
        arm(folder, at, kind)
        act.run(folder, say)

    _status, said = in_fork(work)
    acknowledged = [word for word in said if isinstance(word, str)]
    for word in said:
        if isinstance(word, dict) and "unexpected" in word:
            tally.failures.append(f"{act.name} {kind}@{at}: no clear sentence: {word['unexpected']}")
    _status, found = in_fork(lambda say: look(act, folder, acknowledged, say))
    report = found[-1] if found else {"wrong": ["what is left could not be looked at"], "seconds": 0.0}
    if "unexpected" in report or "refused" in report:
        report = {"wrong": [str(report)], "seconds": 0.0}
    tally.cases += 1
    tally.slowest = max(tally.slowest, report["seconds"])
    tally.outcomes["done" if acknowledged else "refused" if said else "cut off"] += 1
    tally.failures += [f"{act.name} {kind}@{at}: {line}" for line in report["wrong"]]
    shutil.rmtree(folder)


def look(act: Act, folder: Path, acknowledged: list[str], say: Callable[[object], None]) -> None:
    """Open what is left as the next start does, and compare."""
    begin = time.monotonic()
    database = open_database(ledger(folder))
    with database.read() as session:
        session.connection()
    seconds = time.monotonic() - begin
    with database.write() as session:
        edit_fields(session, ["P2"], {"source": "下次启动"})
    database.close()
    wrong = [f"damaged: {damage}" for damage in check_file(ledger(folder))[:3]]
    wrong += list(act.wrong(folder, acknowledged))
    if seconds > REOPEN_SECONDS:
        wrong.append(f"opening took {seconds:.1f} s")
    say({"wrong": wrong, "seconds": seconds})


def inject(acts: Iterable[Act], kinds: dict[int, str], wanted: int, work: Path, seed: int) -> dict[str, Tally]:
    """Spread ``wanted`` faults over all points of all acts and return what became of them."""
    templates, points, tallies = {}, [], {}
    for act in acts:
        template = work / f"template-{act.name}"
        template.mkdir(exist_ok=True)
        if not ledger(template).exists():
            act.prepare(template)
        count = count_points(act, template, work / "case")
        templates[act.name], tallies[act.name] = template, Tally(points=count)
        points += [(act, at, kind) for at in range(1, count + 1) for kind in kinds]
    chance = random.Random(seed)
    cases = (points * (wanted // len(points) + 1)) if wanted > len(points) else points
    for act, at, kind in sorted(chance.sample(cases, min(wanted, len(cases))), key=lambda case: case[0].name):
        run_case(act, templates[act.name], work / "case", at, kind, tallies[act.name])
    return tallies


# -- flipped bits and broken pages ---------------------------------------------------------------------------------


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
    found = {}
    with closing(read_only(path)) as connection:
        try:
            query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search_index%'"
            names = [name for (name,) in connection.execute(query)]
        except FAULTS as error:
            return str(error)
        for name in names:
            try:
                found[name] = hash(tuple(connection.execute(f'SELECT * FROM "{name}"')))
            except FAULTS as error:
                found[name] = hash(str(error))
    return found


def flip(path: Path, flips: int, work: Path, seed: int) -> Counter[str]:
    """Flip one bit after the other in copies of a ledger; count those that changed a value and those noticed."""
    good, chance, tally = everything(path), random.Random(seed), Counter[str]()
    copy = work / "flipped.db"
    shutil.copyfile(path, copy)
    size = path.stat().st_size
    for _ in range(flips):
        place, bit = chance.randrange(size), chance.randrange(8)
        _turn(copy, place, bit)
        tally["flips"] += 1
        if everything(copy) != good:
            tally["changed a value"] += 1
            try:
                noticed = bool(check_file(copy))
            except FAULTS:
                noticed = True
            tally["noticed" if noticed else "MISSED"] += 1
        _turn(copy, place, bit)
        for suffix in ("-wal", "-shm"):
            copy.with_name(copy.name + suffix).unlink(missing_ok=True)
    return tally


def _turn(path: Path, place: int, bit: int) -> None:
    with path.open("r+b") as handle:
        handle.seek(place)
        byte = handle.read(1)[0]
        handle.seek(place)
        handle.write(bytes([byte ^ 1 << bit]))


def break_pages(path: Path, files: int, work: Path, seed: int) -> Counter[str]:
    """Overwrite pages in copies of a ledger, salvage them and hold the account against what was there."""
    chance, tally, data = random.Random(seed), Counter[str](), path.read_bytes()
    with closing(sqlite3.connect(path)) as connection:
        before = dict(connection.execute("SELECT id, title FROM project").fetchall())
    for number in range(files):
        broken, new = work / "broken.db", work / f"salvaged-{number}.db"
        changed = bytearray(data)
        for _ in range(chance.choice((1, 3, 10))):
            start = chance.randrange(len(data) // 4096) * 4096
            changed[start : start + 4096] = chance.randbytes(4096)
        broken.write_bytes(changed)
        tally["files"] += 1
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
        new.unlink()
    return tally


# -- upgrades that fail at a statement -----------------------------------------------------------------------------


def fail_statements(most: int, work: Path) -> Counter[str]:
    """Let each upgrade of each landed schema fail at one statement after the other; the old file must stay whole."""
    tally = Counter[str]()
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


# -- the table -----------------------------------------------------------------------------------------------------


def print_tallies(title: str, tallies: dict[str, Tally]) -> int:
    """Print what became of the cases; return how many failed."""
    print(f"\n{title}\n{'act':10} {'points':>7} {'cases':>7} {'done':>6} {'refused':>8} {'cut off':>8} "
          f"{'wrong':>6} {'slowest opening':>16}")  # fmt: skip
    for name, tally in tallies.items():
        outcomes = tally.outcomes
        print(
            f"{name:10} {tally.points:7} {tally.cases:7} {outcomes['done']:6} {outcomes['refused']:8} "
            f"{outcomes['cut off']:8} {len(tally.failures):6} {tally.slowest:14.2f} s"
        )
    failures = [line for tally in tallies.values() for line in tally.failures]
    for line in failures[:40]:
        print("  " + line)
    print(f"cases {sum(tally.cases for tally in tallies.values())}, wrong {len(failures)}", flush=True)
    return len(failures)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--errors", type=int, default=200)
    parser.add_argument("--flips", type=int, default=1000)
    parser.add_argument("--broken", type=int, default=100)
    parser.add_argument("--projects", type=int, default=10_000, help="size of the ledger whose bits are flipped")
    parser.add_argument("--statements", type=int, default=1000, help="of each upgrade, at most")
    parser.add_argument("--only", action="append", choices=[act.name for act in ACTS])
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    acts = [act for act in ACTS if not options.only or act.name in options.only]
    failed = 0
    with tempfile.TemporaryDirectory(prefix="bri-faults-") as folder:
        work = Path(folder)
        if options.kills:
            failed += print_tallies("kill -9", inject(acts, KILLS, options.kills, work, options.seed))
        if options.errors:
            failed += print_tallies("full disk, I/O errors", inject(acts, ERRORS, options.errors, work, options.seed))
        if options.flips or options.broken:
            path = big_ledger(work, options.projects)
            flips, broken = flip(path, options.flips, work, options.seed), Counter[str]()
            print(f"\nflipped bits in {options.projects} projects: {dict(flips)}", flush=True)
            broken = break_pages(path, options.broken, work, options.seed)
            print(f"broken pages: {dict(broken)}")
            failed += flips["MISSED"] + broken["FALSE ACCOUNT"]
        if options.statements:
            upgrades = fail_statements(options.statements, work)
            print(f"upgrades that fail at a statement: {dict(upgrades)}")
            failed += upgrades["CHANGED"] + upgrades["STUCK"] + upgrades["NO CLEAR SENTENCE"]
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
