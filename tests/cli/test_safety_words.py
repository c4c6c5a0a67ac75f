"""What the commands on backups, checking and removing say to a person, in Chinese and in English."""

from pathlib import Path
from typing import Any

import pytest

from bri_desktop import cli_forms, i18n
from bri_desktop.__main__ import main


@pytest.fixture
def say(ledger_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def command(*arguments: object) -> str:
        capsys.readouterr()
        main(["--db", str(ledger_path), *map(str, arguments)])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return captured.out + captured.err

    return command


def test_a_ledger_is_copied_checked_and_restored_in_words(say: Any, tmp_path: Path) -> None:
    say("add", "title=论坛")
    kept = say("backup")
    assert kept.startswith("台账已备份：") and "项目 1 个" in kept and "手动" in kept
    assert say("backups").startswith("备份 1 份\n")
    assert "未发现损坏" in say("check")
    packed = tmp_path / "全部.bribackup"
    assert "项目 1 项，附件 0 个" in say("backup", packed)
    say("add", "title=展览")
    words = say("restore", packed, "--dry-run")
    assert words.startswith("未写入") and "项目：" in words and "P2" in words
    assert "恢复前的台账保留为" in say("restore", packed)


def test_what_was_removed_for_good_is_told(say: Any) -> None:
    say("add", "title=论坛")
    say("delete", "P1")
    assert say("dispose", "P1", "--why", "重复").startswith("已永久删除：记录 1 条")
    listed = say("disposals")
    assert listed.startswith("已永久删除 1 条\nP1  ") and "重复" in listed
    assert say("--lang", "en", "disposals").startswith("1 records removed for good\nP1  ")


def test_findings_and_what_was_saved_are_told() -> None:
    i18n.set_language("en")
    finding = {"message": "P1 can no longer be read.", "mended": "from_copy"}
    check = {"rows": 9, "problems": [finding], "copy": "a.db", "set_aside": None}
    assert cli_forms.FORMS["check"](check).splitlines() == [
        "9 entries checked, 1 findings",
        "  P1 can no longer be read.  [mended from a backup]",
        "A copy was made before: a.db",
    ]
    table = {"table": "project", "saved": 8, "from_copy": 1, "changed": 0, "lost": 2, "unlinked": [], "is_sure": False}
    assert cli_forms.FORMS["salvage"]({"kept": "old.db", "tables": [table]}).splitlines()[1] == (
        "  Projects: 8 saved, 1 from a backup, 0 changed, 2 lost (how many are lost is not sure)"
    )
