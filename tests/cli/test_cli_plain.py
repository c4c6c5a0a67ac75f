"""What a terminal shows of commands: help of every command in Chinese, and lists of words on one line."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
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


def test_what_was_written_is_told_in_one_line(say: Any, tmp_path: Path) -> None:
    say("add", "title=甲")
    assert say("export", tmp_path / "out.csv") == "已写出 1 行、36 列。\n"


def test_records_stay_one_a_line(say: Any, tmp_path: Path) -> None:
    say("add", "title=甲")
    assert say("issue", tmp_path / "a.xlsx", "--department", "商务局").startswith("已发放，编号 ")
    say("issue", tmp_path / "b.xlsx", "--department", "文旅局", "--due", "2020-01-05")
    head, late, out = say("issued").splitlines()
    assert head == "已发放工作簿 2 份：逾期未交 1、待交回 1"
    assert "文旅局  1 行" in late and "期限 2020-01-05" in late and "逾期未交  逾期 " in late
    assert "商务局  1 行" in out and out.endswith("待交回")


STRUCTURE = re.compile(r"[{}\[\]']|None|True|False|\b[a-z]+_[a-z]+\b")
"""What a result looks like that nobody put into words."""


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_result_is_put_into_words(language: str, say: Any, tmp_path: Path) -> None:
    """One ledger through the commands: no braces, no names of the program's own, no Chinese labels in English."""
    say("add", "title=Sister schools", "mode=sister_city", "domestic_places=西安市", "foreign_places=东京")
    say("add", "title=Sister schools again", "status=active", "signed=2015-05", "amount=1800万元")
    sent, answer = tmp_path / "a.xlsx", tmp_path / "answer.xlsx"
    commands: list[tuple[object, ...]] = [
        ("issue", sent, "--department", "Trade"),
        ("issued",),
        ("merge", sent),
        ("merge", sent, "--dry-run"),
        ("annotate", sent, answer),
        ("remind", tmp_path / "r.docx"),
        ("duplicates", "--min-score", "1"),
        ("distinct", "P1", "P2"),
        ("edit", "P1", "note=x"),
        ("history", "P1"),
        ("list",),
        ("show", "P2"),
        ("delete", "P2"),
        ("profiles",),
        ("place-rules",),
        ("baselines",),
        ("weights",),
        ("measure-template", "rates", tmp_path / "m.xlsx"),
        ("pending",),
        ("export", tmp_path / "e.csv"),
        ("init",),
    ]
    for command in commands:
        text = say("--lang", language, *command)
        assert text.strip(), command
        if command != ("weights",):  # the codes of the parts are what --set takes
            assert not STRUCTURE.search(text.replace(str(tmp_path), "")), (command, text)
        if language == "en" and command[0] not in ("list", "show", "history", "edit"):
            assert not re.search("[一-鿿]", text.replace(str(tmp_path), "")), (command, text)


def test_a_merge_says_what_was_taken_and_what_is_open(say: Any, tmp_path: Path) -> None:
    say("add", "title=甲", "status=signed", "note=原来")
    say("add", "title=乙", "note=要清空")
    sent = tmp_path / "a.xlsx"
    say("issue", sent, "--department", "商务局")
    book = openpyxl.load_workbook(sent)
    sheet = book["项目"]
    columns = {str(cell.value).rstrip(" *"): cell.column for cell in sheet[4] if cell.value}
    rows = {sheet.cell(row, columns["项目名称"]).value: row for row in (5, 6)}
    sheet.cell(rows["甲"], columns["状态"]).value = "实施中"
    sheet.cell(rows["甲"], columns["备注"]).value = "部门写的"
    sheet.cell(rows["乙"], columns["备注"]).value = None
    sheet.cell(rows["乙"], columns["签署日期"]).value = "很久以前"
    book.save(sent)
    say("edit", "P1", "note=外办写的")
    lines = say("merge", sent).splitlines()
    assert lines[1] == "采用 1 条记录的 1 处值，新增 0 条"
    assert "两边都改过、待定：1 处" in lines and "部门已清空、保留现值：1 处" in lines and "未采用：1 处" in lines
    assert any("备注：发出时 原来，现在 外办写的，交回 部门写的" in line for line in lines)
    assert lines[-1].startswith("批次 ")
    assert say("undo", "1") == "已撤销，恢复 1 条记录。\n"


def test_ties_are_listed_with_the_names_of_the_language(say: Any) -> None:
    say("add", "title=友城", "mode=sister_city", "pair_kind=sister", "domestic_places=西安市", "foreign_places=东京都")
    assert "西安市—东京  友好城市" in say("list", "--kind", "pair")
    english = say("--lang", "en", "list", "--kind", "pair")
    assert "Xi" in english and "Tokyo" in english and not re.search("[一-鿿]", english)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["stats", "--year", "0"], "年份 0 不可能，请填 1900 至 2100 之间的年份。"),
        (["stats", "--year", "99999"], "年份 99999 不可能，请填 1900 至 2100 之间的年份。"),
        (["stats", "--span", "1-2017"], "年份 1 不可能，请填 1900 至 2100 之间的年份。"),
        (["diagnose", "--year", "3000"], "年份 3000 不可能，请填 1900 至 2100 之间的年份。"),
        (["stats", "--span", "2017-2010"], "2017"),
        (["stats", "--by", "mode", "--baseline", "bri"], "基准 当年共建“一带一路”国家 不适用于维度 合作模式。"),
        (["stats", "--kind", "pair", "--measure", "quality"], "指标 数据质量 只适用于项目。"),
        (["export", "{gone}/a.xlsx"], "没有文件夹"),
        (["issue", "{gone}/a.xlsx", "--department", "商务局"], "没有文件夹"),
        (["remind", "{gone}/a.docx"], "没有文件夹"),
    ],
)
def test_what_is_not_possible_is_one_sentence(
    arguments: list[str], sentence: str, ledger_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [word.replace("{gone}", str(tmp_path / "没有")) for word in arguments]
    assert main(["--db", str(ledger_path), *words]) == 2
    said = capsys.readouterr()
    assert said.out == "" and sentence in said.err and said.err.count("\n") == 1
    assert not (tmp_path / "没有").exists()


def test_a_ledger_is_not_made_in_a_folder_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--db", str(tmp_path / "没有" / "a.db"), "init"]) == 2
    assert "没有文件夹" in capsys.readouterr().err and not (tmp_path / "没有").exists()


def test_a_full_output_is_told_as_one(ledger_path: Path) -> None:
    command = [sys.executable, "-m", "bri_desktop", "--db", str(ledger_path), "list"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (3, "磁盘已满，结果没有完整输出；台账不受影响。\n")


def test_a_reader_that_leaves_early_is_no_failure(say: Any, ledger_path: Path) -> None:
    say("add", "title=甲")
    command = [sys.executable, "-m", "bri_desktop", "--db", str(ledger_path), "list"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None and running.stderr is not None
        running.stdout.close()
        assert (running.stderr.read(), running.wait()) == (b"", 0)


def test_an_import_tells_hidden_rows_and_those_that_no_table_holds(say: Any, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet, other = book.active, book.create_sheet("友城")
    assert sheet is not None
    for line in (["项目名称", "国家", "签署日期"], ["甲", "日本", "2017-05"], ["乙", "韩国", "2018"]):
        sheet.append(line)
    sheet.row_dimensions[3].hidden = True
    for line in (["结好城市", "国家", "结好时间"], ["大阪", "日本", "1990"], ["釜山", "韩国", "1991"]):
        other.append(line)
    book.save(tmp_path / "book.xlsx")
    lines = say("import", tmp_path / "book.xlsx").splitlines()
    assert lines[:4] == [
        "2 行 = 新增 2 + 更新 0 + 未变 0 + 重复 0 + 拒绝 0 + 待定 0",
        "另有 2 行不是数据（标题、表头、分节、合计、脚注）",
        "有 2 行未识别为表：友城。请用 --map 指定各列，或在窗口中对列。",
        "文件中隐藏了 1 行，仍照常读取。",
    ]
