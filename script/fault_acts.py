"""What a user does, as it is interrupted: what each act starts from, what it does, and what may be left of it."""

import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import openpyxl

from bri_desktop.db.attachments import AttachmentFolder, folder_beside
from bri_desktop.db.backup import back_up, copies
from bri_desktop.db.check import check_file
from bri_desktop.db.database import create_database, open_database
from bri_desktop.db.package import pack, unpack
from bri_desktop.db.record_models import Attachment
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.excel.reader import read
from bri_desktop.services.disposal import dispose_for_good
from bri_desktop.services.exchange import ImportOptions, import_grid
from bri_desktop.services.history import undo_last
from bri_desktop.services.intake_sheets import chosen_sheets
from bri_desktop.services.issuing import Order, issue
from bri_desktop.services.ledger_out import export_projects
from bri_desktop.services.merging import plan_merge
from bri_desktop.services.merging_apply import apply_merge
from bri_desktop.services.merging_plan import MergeDecisions
from bri_desktop.services.projects import create_project, delete_projects, edit_fields
from bri_desktop.services.restoring import prepare, put_in_place
from bri_desktop.services.search_index import fill_search_index

ROOT = Path(__file__).resolve().parents[1]
OLD_SCHEMA = ROOT / "tests" / "fixtures" / "schema-0001.sql"
ROWS, CHANGED, EDITS = 40, 12, 4

Acknowledge = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Act:
    """Something a user does: what it starts from, what it does, and what is wrong with what is left of it."""

    name: str
    prepare: Callable[[Path], None]
    run: Callable[[Path, Acknowledge], None]
    wrong: Callable[[Path, list[str]], Iterable[str]]


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


def prepare_dispose(folder: Path) -> None:
    prepare_attached(folder)
    database = open_database(ledger(folder))
    with database.write() as session:
        delete_projects(session, ["P1"])
    database.close()


def run_dispose(folder: Path, acknowledge: Acknowledge) -> None:
    database = open_database(ledger(folder))
    with database.write() as session:
        disposed = dispose_for_good(session, ["P1"], "依申请")
    acknowledge("cleared" if disposed.is_cleared else "removed")
    database.close()


def wrong_dispose(folder: Path, acknowledged: list[str]) -> Iterable[str]:
    with closing(sqlite3.connect(ledger(folder))) as connection:
        (there,) = connection.execute("SELECT count(*) FROM project WHERE id = 1").fetchone()
        (entered,) = connection.execute("SELECT count(*) FROM disposal").fetchone()
    if there == entered:
        yield "a record is gone and not listed, or listed and there"
    if acknowledged and there:
        yield "a removal that was acknowledged did not happen"
    if titles(folder) != OLD[1:]:
        yield "another record is gone"


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
    Act("dispose", prepare_dispose, run_dispose, wrong_dispose),
)
