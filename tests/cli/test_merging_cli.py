"""``issue``, ``merge`` and ``annotate`` as a script uses them: one JSON object, an exit status, nothing half done."""

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bri_desktop.__main__ import main

MERGE_KEYS = {
    "issue",
    "batch",
    "rows",
    "rows_touched",
    "cells_merged",
    "cleared",
    "conflicts",
    "missing",
    "damage",
    "created",
    "problems",
}


@pytest.fixture
def call(ledger_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Return a function that runs a command with ``--json`` and gives status and object."""

    def _call(*words: object) -> tuple[int, Any]:
        capsys.readouterr()
        status = main(["--db", str(ledger_path), "--json", *map(str, words)])
        return status, json.loads(capsys.readouterr().out)

    return _call


def edit(source: Path, target: Path, **cells: Any) -> Path:
    """Save the workbook with cells of the sheet of projects changed."""
    book = openpyxl.load_workbook(source)
    for cell, value in cells.items():
        book["项目"][cell].value = value
    book.save(target)
    return target


def letter(path: Path, header: str) -> str:
    """Return the column with that header."""
    row = openpyxl.load_workbook(path)["项目"][4]
    return next(str(cell.column_letter) for cell in row if str(cell.value).rstrip(" *") == header)


def test_a_round_trip(call: Any, tmp_path: Path) -> None:
    sent, back = tmp_path / "sent.xlsx", tmp_path / "back.xlsx"
    key = call("add", "title=甲项目", "status=签约", "ended=2009", "lead=外办")[1]["key"]
    status, issued = call("issue", sent, "--department", "商务局", "--due", "2030-01-31")
    assert (status, issued["rows"]) == (0, 1)

    status, merged = call("merge", sent)
    assert (status, set(merged)) == (0, MERGE_KEYS)
    assert merged == {
        **{name: [] for name in MERGE_KEYS},
        "issue": issued["issue"],
        "batch": None,
        "rows": 1,
        "rows_touched": 0,
        "cells_merged": 0,
        "created": 0,
    }

    call("edit", key, "lead=商会")
    cells = {"状态": "实施", "结束日期": None, "牵头主体": "商务局", "签署日期": "某日"}
    edit(sent, back, **{f"{letter(sent, name)}5": value for name, value in cells.items()})
    status, planned = call("merge", back, "--dry-run")
    assert (status, planned["batch"], planned["cells_merged"]) == (1, None, 1)
    assert call("show", key)[1]["status"] == "signed"

    status, merged = call("merge", back)
    assert (status, merged["rows_touched"], merged["cells_merged"]) == (1, 1, 1)
    (conflict,) = merged["conflicts"]
    assert {"key", "field", "issued", "current", "returned", "cell"} <= set(conflict)
    assert [conflict[name] for name in ("key", "field", "issued", "current", "returned", "cell")] == [
        key,
        "lead",
        "外办",
        "商会",
        "商务局",
        f"{letter(sent, '牵头主体')}5",
    ]
    assert [one["field"] for one in merged["cleared"]] == ["ended"]
    assert [(one["code"], one["cell"]) for one in merged["problems"]] == [
        ("date_unreadable", f"{letter(sent, '签署日期')}5")
    ]
    assert call("show", key)[1]["status"] == "active"

    status, answer = call("annotate", back, tmp_path / "answer.xlsx")
    assert (status, answer) == (0, {"cells": 4})
    assert call("merge", tmp_path / "answer.xlsx")[1]["rows_touched"] == 0

    status, again = call("merge", back, "--prefer", "theirs")
    assert (status, again["conflicts"], again["rows_touched"]) == (1, [], 1)
    status, undone = call("undo", again["batch"])
    assert (status, undone["restored"]) == (0, 1)
    assert call("show", key)[1]["lead"] == "商会"
    assert call("undo", merged["batch"])[1] == {"restored": 1, "kept": []}
    assert call("show", key)[1]["status"] == "signed"


def test_damage_stops_until_it_is_accepted(call: Any, tmp_path: Path) -> None:
    sent, back = tmp_path / "sent.xlsx", tmp_path / "back.xlsx"
    key = call("add", "title=甲项目")[1]["key"]
    call("issue", sent, "--department", "商务局")
    edit(sent, back, **{f"{letter(sent, '状态')}5": "实施", f"{letter(sent, '牵头主体')}4": "谁牵头"})
    for words in (("merge", back), ("merge", back, "--prefer", "theirs"), ("merge", back, "--dry-run")):
        status, stopped = call(*words)
        assert (status, stopped["batch"], stopped["rows_touched"]) == (1, None, 0)
        (damage,) = stopped["damage"]
        assert set(damage) == {"kind", "sheet", "where", "message"}
        assert (damage["kind"], damage["sheet"]) == ("headers_changed", "项目")
    assert call("show", key)[1]["status"] is None
    status, merged = call("merge", back, "--accept-damage")
    assert (status, merged["rows_touched"], len(merged["damage"])) == (0, 1, 1)


def test_wrong_use_is_one_sentence(call: Any, tmp_path: Path) -> None:
    call("add", "title=甲项目")
    status, fault = call("merge", tmp_path / "nothing.xlsx")
    assert (status, fault["error"]["code"]) == (2, "file_missing")
    (tmp_path / "text.xlsx").write_text("no workbook", encoding="utf-8")
    status, fault = call("merge", tmp_path / "text.xlsx")
    assert (status, fault["error"]["code"] != "unexpected") == (2, True)
    call("issue", tmp_path / "sent.xlsx", "--department", "商务局")
    status, fault = call("merge", tmp_path / "sent.xlsx", "--prefer", "nobody")
    assert (status, fault["error"]["code"]) == (2, "option_unknown")
    status, fault = call("annotate", tmp_path / "sent.xlsx", tmp_path / "out.csv")
    assert (status, fault["error"]["code"]) == (2, "answer_needs_xlsx")
