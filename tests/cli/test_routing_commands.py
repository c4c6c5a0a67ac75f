"""``import`` of an issued workbook names ``merge``; ``pending`` lists what waits."""

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bri_desktop.__main__ import main


@pytest.fixture
def call(ledger_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Return a function that runs a command with ``--json`` and gives status and what was printed."""

    def _call(*words: object) -> tuple[int, str, str]:
        capsys.readouterr()
        status = main(["--db", str(ledger_path), "--json", *map(str, words)])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return _call


def test_an_issued_workbook_is_not_imported_unless_that_is_said(call: Any, tmp_path: Path) -> None:
    path = tmp_path / "商务局.xlsx"
    call("add", "title=甲项目", "status=签约")
    assert call("issue", path, "--department", "商务局")[0] == 0
    status, out, err = call("import", path)
    assert status == 2
    assert "merge" in out + err and "--as-ledger" in out + err
    _, out, _ = call("import", path, "--as-ledger", "--dry-run", "--sheet", "项目")
    assert json.loads(out)["rows"] == 1


def test_rows_that_wait_are_listed(call: Any, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["项目名称", "合作模式"])
    book.active.append(["园区", "奇怪型"])
    book.save(tmp_path / "台账.xlsx")
    assert call("import", tmp_path / "台账.xlsx")[0] == 1
    status, out, _ = call("pending")
    listed = json.loads(out)
    assert (status, listed["total"]) == (0, 1)
    item = listed["items"][0]
    assert (item["file"], item["row"], item["cells"]) == ("台账.xlsx", 2, {"0": "园区", "1": "奇怪型"})
    assert {"id", "sheet", "problems"} <= item.keys()
    assert json.loads(call("pending", "--batch", "1")[1])["total"] == 1
    assert call("pending", "--batch", "9")[0] == 2
