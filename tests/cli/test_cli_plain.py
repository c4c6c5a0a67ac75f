"""What a terminal shows of commands: help of every command in Chinese, and lists of words on one line."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bri_desktop.__main__ import main
from bri_desktop.commands import app


@pytest.fixture
def say(ledger_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def command(*arguments: object) -> str:
        capsys.readouterr()
        main(["--db", str(ledger_path), *map(str, arguments)])
        return capsys.readouterr().out

    return command


def test_the_help_of_every_command_is_chinese(say: Any) -> None:
    say("--help")
    helps = {command.name or str(command.callback): command.help or "" for command in app.registered_commands}
    assert [name for name, text in helps.items() if not re.search("[一-鿿]", text)] == []


def test_a_list_of_words_is_one_line(say: Any, tmp_path: Path) -> None:
    say("add", "title=甲")
    lines = say("export", tmp_path / "out.csv").splitlines()
    assert lines[0].endswith("1") and lines[1].startswith("columns: code, title, ") and len(lines) == 2


def test_records_stay_one_a_line(say: Any, tmp_path: Path) -> None:
    say("add", "title=甲")
    say("issue", tmp_path / "a.xlsx", "--department", "商务局")
    say("issue", tmp_path / "b.xlsx", "--department", "文旅局")
    listed = [line for line in say("issued").splitlines() if line.startswith("  number ")]
    assert [("文旅局" in line, "商务局" in line) for line in listed] == [(True, False), (False, True)]


def test_a_reader_that_leaves_early_is_no_failure(say: Any, ledger_path: Path) -> None:
    say("add", "title=甲")
    command = [sys.executable, "-m", "bri_desktop", "--db", str(ledger_path), "list"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None and running.stderr is not None
        running.stdout.close()
        assert (running.stderr.read(), running.wait()) == (b"", 0)
