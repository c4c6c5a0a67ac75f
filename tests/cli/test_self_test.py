"""The self-test: every step goes well on a whole copy, a broken part is named, and nothing of the user's is touched."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from bri_desktop import paths
from bri_desktop.__main__ import main
from bri_desktop.cli_self_test import FORMS
from bri_desktop.self_test import SelfTestError, _tried, run_self_test

ROOT = Path(__file__).resolve().parents[2]


def test_every_part_works_and_the_users_folder_is_not_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], qapp: object
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert main(["self-test", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["ok"] is True
    assert [(step["name"], step["ok"]) for step in found["steps"]] == [
        (name, True) for name in ("open", "upgrade", "sample", "page", "word", "pdf", "excel", "check", "leave")
    ]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.expects_log("self-test: upgrade")
def test_a_part_that_is_missing_is_named_and_the_others_are_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "resources" / "locale", tmp_path / "locale")
    monkeypatch.setattr(paths, "resources", lambda: tmp_path)
    monkeypatch.setattr("bri_desktop.self_test._Trial.steps", _first_steps)
    steps = {step.name: step for step in run_self_test("zh_CN")}
    assert not steps["upgrade"].ok
    assert steps["upgrade"].detail.startswith("FileNotFoundError")
    assert steps["leave"].ok


def _first_steps(trial: Any) -> list[tuple[str, Any]]:
    """Only what is quick: the whole is tried above."""
    return [("upgrade", trial._upgrade)]


@pytest.mark.expects_log("self-test: pdf")
def test_a_result_other_than_wanted_fails_its_step() -> None:
    def step() -> str:
        raise SelfTestError("2 != 3")

    tried = _tried("pdf", step)
    assert (tried.ok, tried.detail) == (False, "SelfTestError: 2 != 3")


def test_the_lines_say_what_is_wrong() -> None:
    steps = [
        {"name": "open", "ok": True, "seconds": 0.5, "detail": "0003"},
        {"name": "pdf", "ok": False, "seconds": 1.0, "detail": "ImportError: x"},
    ]
    lines = FORMS["self-test"]({"ok": False, "steps": steps}).splitlines()
    assert lines == [
        "正常  新建并打开台账  0.5 s  0003",
        "失败  写出并读回 PDF  1.0 s  ImportError: x",
        "有 1 项不正常，请重新安装本程序。",
    ]


def test_the_old_ledger_that_is_shipped_is_that_of_the_migrations_tests() -> None:
    shipped = (paths.resources() / "samples" / "schema-0001.sql").read_bytes()
    assert shipped == (ROOT / "tests" / "fixtures" / "schema-0001.sql").read_bytes()
