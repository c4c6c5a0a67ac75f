"""The commands of the yearly summary: report, freeze, restate, show-figure, report-templates, as JSON and in words."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from bri_desktop.__main__ import main
from bri_desktop.db.database import Database
from bri_desktop.services.sample import load_sample

Run = Callable[..., tuple[int, Any]]


@pytest.fixture
def run(ledger: Database, ledger_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs one command on the sample and returns (exit status, JSON)."""
    load_sample(ledger)

    def command(*arguments: object) -> tuple[int, Any]:
        capsys.readouterr()
        status = main(["--db", str(ledger_path), "--json", *map(str, arguments)])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return status, json.loads(captured.out or captured.err, parse_constant=lambda text: pytest.fail(text))

    return command


def test_report_then_open_a_bookmark(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "总结.docx"
    status, value = run("report", "--year", 2017, path, "--sections", "overview,mode,new_projects", "--no-pictures")
    assert status == 0 and value["file"] == str(path) and value["kept"] is None
    assert [section["code"] for section in value["sections"]] == ["overview", "mode", "new_projects"]
    _, stats = run("stats", "--year", 2017)
    assert value["figures"]["stock"] == stats["total"]
    names = {
        mark.get("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}name")
        for mark in Document(str(path)).element.iter(
            "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}bookmarkStart"
        )
    }
    assert {"stock", "flow", "mode_sister_city"} <= names
    # Without a year the summary written last is meant.
    status, shown = run("show-figure", "mode_sister_city")
    _, ledger = run("stats", "--year", 2017, "--by", "mode", "--records")
    row = next(row for row in ledger["rows"] if row["key"] == "sister_city")
    assert (status, shown["year"], shown["value"]) == (0, 2017, row["count"])
    assert set(shown["keys"]) == set(row["records"])


def test_freeze_restate_and_the_frozen_report(run: Run, tmp_path: Path) -> None:
    status, frozen = run("freeze", "--year", 2017)
    assert (status, frozen["version"], frozen["figures"]["flow"]) == (0, 1, 11)
    status, nothing = run("restate", "--year", 2017)
    assert (status, nothing["changes"]) == (0, [])
    _, shown = run("show-figure", "flow", "--year", 2017)
    key = shown["keys"][0]
    run("edit", key, "signed=2012-05-01", "started=2012-05-01")
    status, dry = run("restate", "--year", 2017, "--dry-run")
    assert status == 1 and key in dry["changes"][0]["keys"]
    assert {"figure", "frozen", "now", "keys"} <= dry["changes"][0].keys()
    status, kept = run("restate", "--year", 2017)
    assert kept == dry
    status, value = run("report", "--year", 2017, tmp_path / "a.pdf", "--sections", "overview", "--no-pictures")
    assert value["frozen"] and value["figures"]["flow"] == 11 and "flow" in value["changed"]
    assert value["sections"][-1]["title"] == "重述说明"
    assert run("freeze", "--year", 2017)[0] == 2
    assert run("freeze", "--year", 2017, "--again")[0] == 2
    status, again = run("freeze", "--year", 2017, "--again", "--note", "更正")
    assert (status, again["version"], again["figures"]["flow"]) == (0, 2, 10)


def test_templates(run: Run, tmp_path: Path) -> None:
    arguments = ("--sections", "ties,overview", "--edition", "submission", "--layout", "plain")
    status, value = run("report-templates", "--save", "上报", *arguments)
    assert status == 0 and [one["name"] for one in value["templates"]] == ["上报"]
    _, report = run("report", "--year", 2017, tmp_path / "a.xlsx", "--template", "上报")
    assert [section["code"] for section in report["sections"]] == ["ties", "overview"]
    assert report["edition"] == "submission"
    assert run("report-templates", "--delete", "上报")[1] == {"templates": []}
    assert run("report-templates", "--delete", "上报")[0] == 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("report", "--year", "2017", "x.odt"), "summary_file_type"),
        (("report", "--year", "1800", "x.docx"), "year_out_of_range"),
        (("report", "--year", "1990", "x.docx"), "year_before_data"),
        (("report", "--year", "2017", "x.docx", "--sections", "nothing"), "option_unknown"),
        (("report", "--year", "2017", "x.docx", "--edition", "other"), "option_unknown"),
        (("report", "--year", "2017", "x.docx", "--language", "fr"), "option_unknown"),
        (("report", "--year", "2017", "no/such/folder/x.docx", "--no-pictures"), "folder_missing"),
        (("restate", "--year", "2016"), "year_not_frozen"),
        (("show-figure", "unheard_of", "--year", "2017"), "figure_unknown"),
        (("show-figure", "stock", "--edition", "other"), "option_unknown"),
        (("freeze", "--year", "2999"), "year_out_of_range"),
    ],
)
def test_wrong_use_is_one_sentence(run: Run, arguments: tuple[str, ...], code: str) -> None:
    status, value = run(*arguments)
    assert (status, value["error"]["code"]) == (2, code)
    assert "\n" not in value["error"]["message"]


def test_ctrl_c_is_one_sentence_and_no_success(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The framework of commands turns the key into a status that nobody looked at: the command said it was done."""

    def pressed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bri_desktop.services.year.summary_document", pressed)
    path = tmp_path / "总结.pdf"
    status, value = run("report", path, "--year", 2017)
    assert status == 2 and value["error"]["message"] == "已取消，未写入任何数据。"
    assert list(tmp_path.glob("*.pdf")) == []
