"""What the command line says to a person: in the chosen language, in one sentence, with names for codes."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from bri_desktop.__main__ import main


@pytest.fixture
def say(ledger_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def command(*arguments: object) -> tuple[int, str]:
        capsys.readouterr()
        status = main(["--db", str(ledger_path), *map(str, arguments)])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return status, captured.out + captured.err

    return command


def book_of(path: Path, *rows: tuple[Any, ...]) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nix"], "没有命令 nix"),
        (["list", "--nix"], "没有选项 --nix"),
        (["list", "--limit", "x"], "--limit 的值不可用"),
        (["list", "--limit", "-1"], "--limit 的值不可用"),
        (["list", "--limit"], "选项 --limit 需要一个值"),
        (["undo"], "缺少 BATCH"),
        (["undo", "x"], "BATCH 的值不可用"),
        (["add"], "缺少 FIELD=VALUE..."),
        (["show", "a", "b"], "参数过多：b"),
        (["approvals"], "没有命令 approvals，是否指 approval-act / approval-open？"),
    ],
)
def test_wrong_use_is_told_in_chinese(say: Any, arguments: list[str], words: str) -> None:
    status, text = say(*arguments)
    assert status == 2 and words in text and len(text.splitlines()) == 1


def test_wrong_use_is_told_in_english(say: Any) -> None:
    assert "There is no command nix; --help" in say("--lang", "en", "nix")[1]
    assert "There is no command lst; is list meant?" in say("--lang", "en", "lst")[1]
    text = say("--lang", "en", "--help")[1]
    assert "Commands" in text and "List records." in text


def test_help_is_chinese(say: Any) -> None:
    text = say("--help")[1]
    assert "命令" in text and "列出记录。" in text and "Commands" not in text
    assert "选项" in say("list", "--help")[1]


def test_measures_are_named(say: Any) -> None:
    say("add", "title=甲", "mode=友好城市型", "signed=2016")
    text = say("stats", "--by", "mode")[1]
    assert "基尼系数" in text and "gini" not in text


MEASURES = (
    *("gini", "hhi", "theil", "dissimilarity", "lorenz", "practical_share", "coverage", "attainment", "uncertainty"),
    *("delay", "concentration", "homogeneity", "approval", "quality", "profile", "index", "yoy", "volume", "outcomes"),
    "duplication",
)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_measure_is_put_into_words(say: Any, language: str) -> None:
    say("add", "title=甲", "foreign_places=东京", "domestic_places=西安市", "status=active", "signed=2015-05")
    say("add", "title=乙", "status=failed", "signed=2015", "ended=2016-05", "nature=practical")
    every = [option for name in MEASURES for option in ("--measure", name)]
    strange = re.compile(r"[{}\[\]]|None|True|False|\bnan\b|\b[a-z]+_[a-z]+\b")
    for asked in (["--by", "continent"], ["--by", "mode,country"], ["--span", "2014-2017", "--by", "bri"], []):
        said = say("stats", *asked, *every, "--lang", language)[1]
        assert not strange.search(said), said
        if language == "zh_CN":
            assert set(re.findall("[A-Za-z]{3,}", said)) <= {"HHI"}, said


def test_the_latest_year_of_a_span_has_its_empty_units(say: Any) -> None:
    say("add", "title=甲", "foreign_places=东京", "status=active", "signed=2015-05")
    said = say("stats", "--span", "2014-2017", "--by", "continent", "--measure", "gini")[1]
    assert "  单元数：6\n  没有记录的单元：5\n" in said


def test_a_row_of_a_table_that_is_left_out_is_told_without_keys(say: Any, tmp_path: Path) -> None:
    book = book_of(tmp_path / "a.xlsx", ("国家", "数值"), ("日本", 5), ("亚特兰蒂斯", 7))
    said = say("baseline-import", book, "--name", "人口")[1].splitlines()
    assert said[1] == "  Sheet A3  亚特兰蒂斯  该名称不属于这一维度，请更正。"


def test_a_comparison_names_what_came_and_went(say: Any) -> None:
    say("add", "title=甲", "foreign_places=东京", "status=active", "signed=2015-05")
    said = say("stats", "--by", "continent", "--year", 2016, "--compare-year", 2014)[1].splitlines()
    assert "亚洲\t0\t1\t+1\tP1\t—" in said, said


def test_a_record_in_the_bin_says_so(say: Any) -> None:
    say("add", "title=甲")
    assert json.loads(say("--json", "show", "P1")[1])["deleted_at"] is None
    assert "回收站" not in say("show", "P1")[1]
    say("delete", "P1")
    assert json.loads(say("--json", "show", "P1")[1])["deleted_at"]
    assert "移入回收站" in say("show", "P1")[1]


def test_history_takes_a_code(say: Any) -> None:
    say("add", "title=甲", "code=JL-7")
    assert json.loads(say("--json", "history", "JL-7")[1]) == json.loads(say("--json", "history", "P1")[1])
    assert say("history", "nix")[0] == 2


def test_a_sub_mode_brings_its_mode(say: Any) -> None:
    say("add", "title=甲", "submode=论坛型")
    assert json.loads(say("--json", "show", "P1")[1])["mode"] == "exchange_mechanism"


def test_an_unknown_view_names_those_there_are(say: Any, ledger_path: Path, tmp_path: Path) -> None:
    from bri_desktop.db.database import Database
    from bri_desktop.services.views import View, save_view

    status, text = say("export", tmp_path / "a.xlsx", "--view", "nope")
    assert status == 2 and "还没有保存视图" in text
    database = Database(ledger_path)
    with database.write() as session:
        save_view(session, View("本年签约", "year = 2016"))
    database.close()
    status, text = say("export", tmp_path / "a.xlsx", "--view", "nope")
    assert status == 2 and "本年签约" in text and not (tmp_path / "a.xlsx").exists()


def test_a_refused_whole_does_not_read_as_if_written(say: Any, tmp_path: Path) -> None:
    path = book_of(tmp_path / "a.xlsx", ("项目名称", "国家"), ("甲", "日本"), ("乙", "亚特兰蒂斯"))
    status, text = say("import", path, "--atomic")
    assert status == 1 and text.splitlines()[0].startswith("未写入任何内容")
    report = json.loads(say("--json", "import", path, "--atomic")[1])
    assert (report["written"], report["batch"], report["created"]) == (False, None, 1)
    assert json.loads(say("--json", "list")[1])["total"] == 0
    assert json.loads(say("--json", "import", path)[1])["written"] is True


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_ties_go_out_and_come_back_unchanged(say: Any, tmp_path: Path, language: str) -> None:
    source = book_of(
        tmp_path / "in.xlsx",
        ("中方城市", "外方城市", "国家", "结好时间", "类别"),
        ("上海市", "大阪市", "日本", "1974-04-18", "友好城市"),
        ("北京市", "东京都", "日本", "1979-03", "友好城市"),
        ("青岛市", "布拉格", "捷克", "2016", "友好交流（合作）城市"),
    )
    assert json.loads(say("--json", "import", source)[1])["created"] == 3
    text = say("list", "--kind", "pair")[1]
    assert "上海市—大阪" in text and "{" not in text
    out = tmp_path / "out.xlsx"
    assert say("--lang", language, "export", out, "--kind", "pair")[0] == 0
    heads = [cell.value for cell in load_workbook(out).worksheets[0][1]]
    assert heads[0] == ("国内城市" if language == "zh_CN" else "Domestic places") and len(heads) == 7
    report = json.loads(say("--json", "import", out)[1])
    assert (report["unchanged"], report["problems"]) == (3, []), report
    other = ["--db", str(tmp_path / "other.db"), "--json"]
    assert main([*other, "import", str(out)]) == 0


def test_ties_with_titles_of_their_own_keep_them(say: Any, tmp_path: Path) -> None:
    say("add", "title=沪阪结好", "domestic_places=上海市", "foreign_places=大阪市", "pair_kind=友好城市", "signed=1974")
    out = tmp_path / "out.csv"
    assert say("export", out, "--kind", "pair")[0] == 0
    report = json.loads(say("--json", "import", out)[1])
    assert (report["rows"], report["unchanged"], report["problems"]) == (1, 1, []), report
