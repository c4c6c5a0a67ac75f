"""The commands of issued workbooks, as a script uses them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bri_desktop.__main__ import main

Run = Callable[..., tuple[int, Any]]


@pytest.fixture
def run(ledger_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs one command and returns (exit status, JSON)."""

    def command(*arguments: object) -> tuple[int, Any]:
        capsys.readouterr()
        status = main(["--db", str(ledger_path), "--json", *map(str, arguments)])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return status, json.loads(captured.out)

    return command


def test_issue_writes_registers_and_says_the_number_and_the_rows(run: Run, tmp_path: Path) -> None:
    for title, status in (("甲", "实施"), ("乙", "完成")):
        run("add", f"title={title}", f"status={status}")
    out = tmp_path / "out.xlsx"
    status, made = run("issue", out, "--department", "市商务局", "--due", "2030年1月5日", "--filter", "status = active",
                       "--fields", "status, note")  # fmt: skip
    assert (status, set(made), made["rows"]) == (0, {"issue", "rows"}, 1)
    assert [cell.value for cell in openpyxl.load_workbook(out)["项目"][5]][2:] == ["甲", "实施", None]
    status, register = run("issued")
    assert (status, register["total"], register["out"]) == (0, 1, 1)
    (item,) = register["items"]
    assert (item["number"], item["department"], item["due"]) == (made["issue"], "市商务局", "2030-01-05")
    assert item["fields"] == ["code", "title", "status", "note"]


def test_remind_writes_the_list(run: Run, tmp_path: Path) -> None:
    run("issue", tmp_path / "out.xlsx", "--department", "市商务局")
    assert run("remind", tmp_path / "催报单.docx", "--from", "市外办") == (0, {"rows": 1})
    assert run("remind", tmp_path / "催报单.xlsx") == (0, {"rows": 1})
    assert (tmp_path / "催报单.docx").stat().st_size > 1_000


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("issue", "a.xlsx", "--department", " "), "department_needed"),
        (("issue", "a.xls", "--department", "局"), "issue_needs_xlsx"),
        (("issue", "a.xlsx", "--department", "局", "--due", "2026"), "due_unreadable"),
        (("issue", "a.xlsx", "--department", "局", "--fields", "x"), "field_unknown"),
        (("issue", "a.xlsx"), "usage"),
        (("remind", "a.pdf"), "reminder_file_type"),
    ],
)
def test_wrong_use_changes_nothing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], code: str
) -> None:
    monkeypatch.chdir(tmp_path)
    before = {path.name for path in tmp_path.iterdir()}
    status, said = run(*arguments)
    assert (status, said["error"]["code"]) == (2, code)
    assert {path.name for path in tmp_path.iterdir() if not path.name.startswith("ledger.db")} == {
        name for name in before if not name.startswith("ledger.db")
    }
