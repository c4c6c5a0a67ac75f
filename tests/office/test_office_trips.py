"""Round trips through LibreOffice: nothing that we wrote is another thing after it was opened and saved there."""

import importlib
import subprocess
from pathlib import Path
from types import ModuleType

import openpyxl
import pytest

from bri_desktop.db.database import Database
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.excel.reader import read
from bri_desktop.services.exchange import file_digest
from bri_desktop.services.issuing import Order, issue
from bri_desktop.services.merging import plan_merge
from bri_desktop.services.merging_answer import write_answer
from bri_desktop.services.projects import create_project

SCRIPTS = Path(__file__).resolve().parents[2] / "script"
HEADER_ROW, FIRST_ROW = 4, 5


@pytest.fixture
def trips(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The kept script, which measures the same trips at any size."""
    monkeypatch.syspath_prepend(str(SCRIPTS))
    return importlib.import_module("office_trips")


@pytest.mark.parametrize("trip", ["ledger", "cells", "issued"])
def test_nothing_changes(trip: str, trips: ModuleType, tmp_path: Path) -> None:
    assert list(trips.TRIPS[trip](tmp_path, 100_000 if trip == "cells" else 200)) == []


def test_what_a_department_fills_in_is_all_that_comes_back(trips: ModuleType, tmp_path: Path, ledger: Database) -> None:
    """Issued, filled in, saved by LibreOffice, answered, saved by it again: one value, one verdict, then nothing."""
    with ledger.write() as session:
        for number in range(20):
            create_project(session, ProjectDraft(title=f"合作项目 {number}", note=f"备注 {number}"))
        issue(session, Order(department="商务局"), tmp_path / "issued.xlsx")
    book = openpyxl.load_workbook(tmp_path / "issued.xlsx")
    sheet = book["项目"]
    columns = {str(cell.value).rstrip(" *"): cell.column for cell in sheet[HEADER_ROW] if cell.value}
    sheet.cell(FIRST_ROW, columns["备注"]).value = "部门补充"
    sheet.cell(FIRST_ROW + 1, columns["签署日期"]).value = "不详"
    book.save(tmp_path / "filled.xlsx")
    back = trips.resaved(tmp_path / "filled.xlsx", tmp_path / "back", "xlsx")
    assert _verdicts(ledger, back) == [("note", "theirs"), ("signed", "invalid")]
    with read(back) as grid, ledger.read() as session:
        plan = plan_merge(session, grid, sha256=file_digest(back))
        assert plan.damage == ()
        assert write_answer(session, plan, back, tmp_path / "answer.xlsx") == 2
    again = trips.resaved(tmp_path / "answer.xlsx", tmp_path / "again", "xlsx")
    assert _verdicts(ledger, again) == [("note", "theirs"), ("signed", "invalid")]


def _verdicts(ledger: Database, path: Path) -> list[tuple[str, str]]:
    with read(path) as grid, ledger.read() as session:
        plan = plan_merge(session, grid, sha256=file_digest(path))
    return sorted((cell.field, cell.verdict.value) for cell in plan.cells)


def test_the_guide_takes_two_pages(tmp_path: Path, ledger: Database) -> None:
    with ledger.write() as session:
        create_project(session, ProjectDraft(title="合作项目"))
        issue(session, Order(department="商务局"), tmp_path / "issued.xlsx")
    book = openpyxl.load_workbook(tmp_path / "issued.xlsx")
    for name in ("项目", "成果"):
        del book[name]
    book.save(tmp_path / "guide.xlsx")
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path / 'profile'}", "--headless", "--convert-to", "pdf"]
    made = [*command, "--outdir", str(tmp_path), str(tmp_path / "guide.xlsx")]
    subprocess.run(made, check=True, capture_output=True, timeout=300)
    assert (tmp_path / "guide.pdf").read_bytes().count(b"/Type/Page/") == 2
