"""What a command prints with ``--json`` has the keys that ``docs/file-formats.md`` names, and no others."""

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bri_desktop.__main__ import main

PAGE = (Path(__file__).parents[2] / "docs" / "file-formats.md").read_text(encoding="utf-8")
SECTION = PAGE[PAGE.index("## JSON of the commands") :].split("\n## ")[0]
ROW = re.compile(r"^\| `([\w -]+)` \| (.+?) \|$", re.MULTILINE)
LEDGER = """项目名称,中方城市,外方城市,国家,签署日期
港口合作,无锡市,汉堡,德国,2017-05-17
图书馆结对,上海市,布拉格,捷克,2017-02
"""

COMMANDS: dict[str, tuple[str, ...]] = {
    "init": (),
    "inspect": ("book.csv",),
    "import": ("book.csv",),
    "add": ("title=青年交流", "domestic_places=上海市", "signed=2016"),
    "edit": ("P1", "note=改"),
    "list": ("--limit", "1"),
    "show": ("P1",),
    "history": ("P1",),
    "pending": (),
    "issue": ("issued.xlsx", "--department", "市商务局"),
    "issued": (),
    "merge": ("issued.xlsx",),
    "annotate": ("issued.xlsx", "answer.xlsx"),
    "export": ("out.csv",),
    "stats": ("--year", "2017", "--by", "continent"),
    "diagnose": ("--year", "2017"),
    "report": ("--year", "2017", "out.xlsx"),
    "freeze": ("--year", "2017"),
    "restate": ("--year", "2017"),
    "show-figure": ("stock", "--year", "2017"),
    "codes": ("--list", "nature"),
    "duplicates": (),
    "backup": (),
    "backup FILE": ("own.bribackup",),
    "backups": (),
    "check": (),
    "delete": ("P2",),
    "undo": ("1",),
    "measure-template": ("rates", "rates.xlsx"),
    "baseline-import": ("population.csv", "--name", "人口", "--year", "2017"),
    "index-import": ("index.csv",),
    "tiers-import": ("tiers.csv",),
    "rates-import": ("rates.csv",),
    "tables": (),
    "baselines": (),
    "weights": ("profile",),
    "procedures": (),
    "approval-open": ("P3",),
    "approval-act": ("S1", "submit"),
    "attach": ("P3", "book.csv"),
    "attachments": (),
    "attachment-save": ("X1", "copy.csv"),
    "code-add": ("nature", "示范"),
    "code-rename": ("nature", "own_1", "示范类"),
    "code-move": ("nature", "own_1", "1"),
    "code-delete": ("nature", "own_1"),
    "distinct": ("P1", "P3"),
    "merge-records": ("P1", "P3"),
    "remind": ("due.xlsx",),
    "record-sheet": ("P1", "--out", "card.docx"),
    "settings": (),
    "report-templates": ("--save", "简表"),
    "profiles": (),
    "place-rules": (),
    "dispose": ("P2", "--why", "重复"),
    "disposals": (),
    "restore": ("own.bribackup", "--dry-run"),
    "salvage": (),
}
TABLES = {
    "population": "国家,数值\n德国,83\n",
    "index": "城市,国家,维度,指标,年份,数值\n汉堡,德国,商业活动,市场活力,2017,60\n",
    "tiers": "国家,等级,年份\n德国,高,2017\n",
    "rates": "币种,汇率,年份\n美元,6.75,2017\n",
}


def keys_of(value: Any) -> str:
    """Return the keys of an object as the page writes them: ``a b c[]: {d e}``; of a list those of its first entry."""
    parts = []
    for key, part in value.items():
        first = part[0] if isinstance(part, list) and part else None
        inner = f": {{{' '.join(first)}}}" if isinstance(first, dict) else ""
        parts.append(f"{key}[]{inner}" if isinstance(part, list) else key)
    return " ".join(parts)


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Run every command once, one after the other, on one ledger."""
    folder = tmp_path_factory.mktemp("json")
    for name, lines in {"book": LEDGER, **TABLES}.items():
        (folder / f"{name}.csv").write_text(lines, encoding="utf-8")
    found = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name, arguments in COMMANDS.items():
            found[name] = _answer(patch, name.split()[0], *arguments)
    yield found


def _answer(patch: pytest.MonkeyPatch, *command: str) -> str:
    out = io.StringIO()
    patch.setattr("sys.stdout", out)
    status = main(["--db", "ledger.db", *command, "--json"])
    assert status in (0, 1), (command, out.getvalue())
    return keys_of(json.loads(out.getvalue()))


def test_every_command_of_the_page_prints_its_keys(answers: dict[str, str]) -> None:
    told = {name: keys.replace("`", "") for name, keys in ROW.findall(SECTION)}
    assert told == answers


def test_failure_prints_one_object(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--db", str(tmp_path / "none.db"), "show", "P1", "--json"]) in (2, 3)
    error = json.loads(capsys.readouterr().out)["error"]
    assert list(error) == ["code", "message", "where"]
    assert "`error`: `code message where`" in SECTION
