"""Profiles, units and remembered place names on the command line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from bri_desktop.__main__ import main

Run = Callable[..., tuple[int, Any]]


@pytest.fixture
def run(ledger_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*arguments: object) -> tuple[int, Any]:
        capsys.readouterr()
        status = main(["--db", str(ledger_path), "--json", *map(str, arguments)])
        return status, json.loads(capsys.readouterr().out)

    return command


def workbook(path: Path, *rows: tuple[object, ...]) -> Path:
    book = Workbook()
    for row in (("项目名称", "国家", "外方城市", "大类", "投资额"), *rows):
        book.active.append(row)
    book.save(path)
    return path


def test_a_layout_is_kept_read_applied_and_forgotten(run: Run, tmp_path: Path) -> None:
    first = workbook(tmp_path / "first.xlsx", ("甲", "日本", None, "贸易畅通", 1800))
    status, found = run("import", first, "--map", "domain=大类")
    assert status == 1 and found["problems"][0]["code"] == "money_unit_needed"
    given = ("--map", "domain=大类", "--unit", "amount=万元", "--remember", "商务局台账")
    status, found = run("import", first, *given)
    assert (status, found["created"], found["remembered"]) == (0, 1, "商务局台账")
    status, found = run("profiles")
    assert [(one["name"], one["columns"]) for one in found["profiles"]] == [("商务局台账", 5)]
    status, found = run("profile-show", "商务局台账")
    amount = next(column for column in found["columns"] if column["header"] == "投资额")
    assert (amount["field"], amount["unit"]) == ("amount", "万元")

    second = workbook(tmp_path / "next.xlsx", ("乙", "韩国", None, "民心相通", 12))
    status, found = run("import", second, "--dry-run")
    assert status == 0 and found["created"] == 1
    assert [(one["name"], one["score"]) for one in found["profiles"]] == [("商务局台账", 1.0)]
    assert run("import", second, "--dry-run", "--plain")[0] == 1
    assert run("import", second, "--dry-run", "--profile", "没有")[1]["error"]["code"] == "profile_unknown"
    assert run("profile-rename", "商务局台账", "商务局")[1]["name"] == "商务局"
    assert run("profile-delete", "商务局") == (0, {"deleted": "商务局"})
    assert run("profiles")[1] == {"profiles": []}
    assert run("profile-show", "商务局")[0] == 2


def test_a_remembered_name_is_listed_and_taken_back(run: Run, tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", ("甲", "菲律宾", "新月湾镇", None, None))
    assert run("import", path, "--new-places", "accept")[0] == 0
    status, found = run("place-rules")
    (rule,) = found["rules"]
    assert (status, rule["text"], rule["country"], rule["name"]) == (0, "新月湾镇", "PH", "新月湾镇")
    assert run("place-rule-delete", rule["rule"]) == (0, {"deleted": rule["rule"]})
    status, found = run("place-rule-delete", rule["rule"])
    assert (status, found["error"]["code"]) == (2, "rule_unknown")


@pytest.mark.parametrize(("unit", "code"), [("amount=人", "money_unit_unknown"), ("title=元", "field_without_unit")])
def test_a_wrong_unit_is_refused_in_one_sentence(run: Run, tmp_path: Path, unit: str, code: str) -> None:
    path = workbook(tmp_path / "a.xlsx", ("甲", "日本", None, None, 5))
    status, found = run("import", path, "--unit", unit)
    assert (status, found["error"]["code"]) == (2, code)
    assert "_" not in found["error"]["message"]
