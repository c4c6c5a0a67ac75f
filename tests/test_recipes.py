"""The recipes of CONTRIBUTING work: each is followed on a copy of the program, and what it adds is used there."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bri_desktop.db.database import HEAD

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```diff\n# (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COPIED = ("bri_desktop", "migrations", "resources")
FINDING = ("bri_desktop/paths.py", "bri_desktop/domain/folding.py", "bri_desktop/excel/reader.py")
"""What looks for the rest from where it lies itself: copied always."""
WRITTEN_FOR, WRITTEN_NEXT = "0003", "0004"


@dataclass(frozen=True)
class Block:
    """One change of a file: the lines that stand there, and those that shall."""

    path: str
    before: str
    after: str

    def applied(self, text: str) -> str:
        """Return the file with the change; the lines before it must stand there exactly once."""
        found = len(re.findall(f"^{re.escape(self.before)}", text, re.MULTILINE))
        assert found == 1, f"CONTRIBUTING: the lines for {self.path} stand there {found} times:\n{self.before}"
        return f"\n{text}".replace(f"\n{self.before}", f"\n{self.after}")[1:]


def blocks(title: str) -> list[Block]:
    """Return the changes of a recipe, with the numbers of the newest migration and the next for those it speaks of."""
    part = TEXT[TEXT.index(f"\n## {title}\n") :][1:].split("\n## ")[0]
    part = part.replace(WRITTEN_NEXT, f"{int(HEAD) + 1:04d}").replace(WRITTEN_FOR, HEAD)
    found = []
    for path, lines in BLOCK.findall(part):
        rows = lines.splitlines(keepends=True)
        assert {row[0] for row in rows if row != "\n"} <= {" ", "+", "-"}, path
        before, after = ("".join(row[1:] for row in rows if row[0] in kinds) for kinds in (" -", " +"))
        found.append(Block(path, before, after))
    return found


def overlay(source: Path, target: Path, changed: set[Path]) -> None:
    """Show ``source`` in ``target`` by links; only folders on the way to a changed file, and such files, are copies."""
    if source in changed:
        target.write_bytes(source.read_bytes())
    elif source.is_dir() and any(source in path.parents for path in changed):
        target.mkdir()
        for child in source.iterdir():
            overlay(child, target / child.name, changed)
    else:
        target.symlink_to(source)


def follow(title: str, root: Path) -> Path:
    """Return a copy of the program that has what a recipe adds."""
    steps = blocks(title)
    changed = {ROOT / name for name in (*(step.path for step in steps), *FINDING)}
    for name in COPIED:
        overlay(ROOT / name, root / name, changed)
    for step in steps:
        path = root / step.path
        if step.before:
            path.write_text(step.applied(path.read_text(encoding="utf-8")), encoding="utf-8")
        else:
            assert not path.exists()
            path.write_text(step.after, encoding="utf-8")
    return root


def run(root: Path, program: str, *arguments: str) -> Any:
    """Run a program in the copy; return what it prints, read as JSON."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(root),
        "PYTHONDONTWRITEBYTECODE": "1",
        "QT_QPA_PLATFORM": "offscreen",
    }
    command = [sys.executable, "-c", PRELUDE + program, *arguments]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


PRELUDE = """
import contextlib, io, json, sys
from pathlib import Path
from bri_desktop import i18n
from bri_desktop.__main__ import main

i18n.set_language("zh_CN")

def ask(*arguments):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        assert main(["--db", "ledger.db", "--lang", "zh_CN", *arguments, "--json"]) == 0, (arguments, out.getvalue())
    return json.loads(out.getvalue())
"""

FIELD = """
from bri_desktop.ui.projects import form
code, header, word, other, condition = sys.argv[1:6]
ask("init")
key = ask("add", "title=港口合作", "domestic_places=无锡市", f"{code}={word}")["key"]
Path("theirs.csv").write_text(f"项目名称,中方城市,{header}\\n图书馆结对,上海市,{other}\\n", encoding="utf-8")
imported = ask("import", "theirs.csv")
ask("export", "out.csv")
ask("edit", key, f"{code}={other}")
ask("issue", "issued.xlsx", "--department", "商务局", "--filter", "title ~ 港口")
import csv, openpyxl
with open("out.csv", encoding="utf-8-sig", newline="") as file:
    exported = {row["项目名称"]: row for row in csv.DictReader(file)}
book = openpyxl.load_workbook("issued.xlsx", read_only=True)["项目"]
headers, values = book.iter_rows(min_row=4, max_row=5, values_only=True)
lists = {one["list"]: one["codes"] for one in ask("codes")["lists"]}
newest = ask("history", key)["entries"][0]
print(json.dumps({
    "created": imported["created"],
    "exported": {title: row.get(sys.argv[6]) for title, row in exported.items()},
    "filtered": ask("list", "--filter", condition)["total"],
    "history": [newest["before"], newest["after"]],
    "sent": dict(zip(headers, values)).get(sys.argv[6]),
    "form": code in (*form.FIRST, *form.MORE),
    "codes": [[row["code"], row["used"]] for row in lists.get(code, ())],
}))
"""
MEASURE = """
from bri_desktop.db.database import open_database
from bri_desktop.services.statistics import make_request, statistics
from bri_desktop.label_measures import measure_lines
ask("init")
for title, signed in (("甲", "2010-05"), ("乙", "2014"), ("丙", "2015-01-01"), ("丁", None), ("戊", "2019")):
    ask("add", f"title={title}", "domestic_places=无锡市", "status=active", *([f"signed={signed}"] if signed else []))
ledger = open_database(Path("ledger.db"))
with ledger.read() as session:
    result = statistics(session, make_request(year=2017, measures=["age"]))
ledger.close()
print(json.dumps({
    "answer": ask("stats", "--year", "2017", "--measure", "age")["measures"],
    "lines": [[line.group, line.name, line.text, line.rule] for line in measure_lines(result, str)],
}))
"""


def test_a_recipe_that_is_out_of_date_says_where() -> None:
    block = Block("a.py", "one\n", "one\ntwo\n")
    assert block.applied("zero\none\nthree\n") == "zero\none\ntwo\nthree\n"
    for text in ("zero\n", "one\none\n", "someone\n"):
        with pytest.raises(AssertionError, match=r"CONTRIBUTING: the lines for a\.py stand there"):
            block.applied(text)


@pytest.mark.parametrize(
    ("recipe", "arguments", "values", "codes"),
    [
        (
            "Add a field to a project",
            ("approval_number", "批复文号", "外发〔2017〕3号", "外发〔2018〕9号", "approval_number ~ 2018", "批准文号"),
            {"before": "外发〔2017〕3号", "after": "外发〔2018〕9号", "shown": ("外发〔2017〕3号", "外发〔2018〕9号")},
            [],
        ),
        (
            "Add a code list",
            ("funding", "资金渠道", "budget", "企业自筹", "funding = company", "资金来源"),
            {"before": "budget", "after": "company", "shown": ("财政资金", "企业自筹")},
            [["budget", 0], ["company", 2], ["loan", 0]],
        ),
    ],
)
def test_field_of_a_recipe_is_typed_imported_exported_issued_and_kept(
    tmp_path: Path, recipe: str, arguments: Sequence[str], values: Mapping[str, Any], codes: Sequence[Any]
) -> None:
    first, second = values["shown"]
    assert run(follow(recipe, tmp_path), FIELD, *arguments) == {
        "created": 1,
        "exported": {"港口合作": first, "图书馆结对": second},
        "filtered": 2,
        "history": [{arguments[0]: values["before"]}, {arguments[0]: values["after"]}],
        "sent": second,
        "form": True,
        "codes": codes,
    }


def test_measure_of_a_recipe_is_answered_and_shown(tmp_path: Path) -> None:
    """In 2017 those of 2010, 2014 and 2015 go on: 7, 3 and 2 years."""
    assert run(follow("Add a measure", tmp_path), MEASURE) == {
        "answer": {"age": {"median": 3.0, "n": 3}},
        "lines": [["项目存续时间", "中位年数", "3.0", "统计年份 − 起始年份；n = 3"]],
    }
