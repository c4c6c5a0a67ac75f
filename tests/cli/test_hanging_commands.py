"""What hangs on records from the command line: logged, changed, listed, written out, taken in; approvals, files."""

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bri_desktop.__main__ import main


@pytest.fixture
def call(ledger_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Return a function that runs a command with ``--json`` and gives status and the object printed."""

    def _call(*words: object) -> tuple[int, dict[str, Any]]:
        capsys.readouterr()
        status = main(["--db", str(ledger_path), "--json", *map(str, words)])
        return status, json.loads(capsys.readouterr().out)

    return _call


def test_a_record_is_logged_changed_deleted_and_has_its_history(call: Any) -> None:
    call("add", "title=甲项目", "code=A-1")
    status, made = call("add", "--kind", "risk", "--to", "A-1", "what=汇率波动", "cause=内部：经费", "date=2020年5月")
    assert (status, made) == (0, {"key": "R1", "version": 1, "problems": []})
    assert call("edit", "R1", "answer=套期保值")[1]["version"] == 2
    status, shown = call("show", "R1")
    expected = {"key": "R1", "project": "P1", "cause": "int_funding", "date": "2020-05", "answer": "套期保值"}
    assert status == 0 and expected.items() <= shown.items()
    listed = call("list", "--kind", "risk", "--search", "汇率")[1]
    assert (listed["total"], listed["items"][0]["key"]) == (1, "R1")
    assert call("list", "--kind", "risk", "--filter", "code = A-2")[1]["total"] == 0
    assert [entry["action"] for entry in call("history", "R1")[1]["entries"]] == ["update", "create"]
    assert call("delete", "R1")[0] == 0 and call("list", "--kind", "risk")[1]["total"] == 0
    assert [entry["key"] for entry in call("history", "P1")[1]["entries"]] == ["R1", "R1", "R1", "P1"]


def test_a_reason_given_stands_in_the_history(
    call: Any, ledger_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call("add", "title=甲项目", "code=A-1")
    call("add", "--kind", "risk", "--to", "A-1", "what=汇率波动")
    assert call("edit", "R1", "answer=套期保值", "--why", "部门来函更正")[0] == 0
    assert call("edit", "A-1", "department=商务局", "--why", "机构改革")[0] == 0
    assert call("delete", "R1", "--why", "重复登记")[0] == 0
    assert call("delete", "A-1")[0] == 0
    entries = call("history", "P1")[1]["entries"]
    assert [(entry["key"], entry["why"]) for entry in entries] == [
        ("P1", None), ("R1", "重复登记"), ("P1", "机构改革"), ("R1", "部门来函更正"), ("R1", None), ("P1", None),
    ]  # fmt: skip
    (tmp_path / "a.csv").write_text("编号,项目名称\nB-1,乙项目\n", encoding="utf-8")
    batch = call("import", tmp_path / "a.csv")[1]["batch"]
    assert call("undo", batch, "--why", "导错了文件")[0] == 0
    assert "导错了文件" in [entry["why"] for entry in call("history", "P2")[1]["entries"]]
    capsys.readouterr()
    assert main(["--db", str(ledger_path), "history", "P1"]) == 0
    assert "机构改革" in capsys.readouterr().out


def test_wrong_values_are_told_by_field_and_nothing_is_stored(call: Any) -> None:
    call("add", "title=甲项目")
    status, told = call("add", "--kind", "agreement", "--to", "P1", "title=备忘录", "signed=大概去年", "kind=口头")
    assert status == 2
    assert {(one["field"], one["code"]) for one in told["problems"]} == {
        ("signed", "date_unreadable"), ("kind", "code_unknown"),
    }  # fmt: skip
    assert call("add", "--kind", "agreement", "--to", "没有", "title=备忘录")[1]["error"]["code"] == "owner_unknown"
    assert call("add", "--kind", "agreement", "--to", "P1", "colour=red")[1]["error"]["code"] == "field_unknown"
    assert call("list", "--kind", "agreement")[1]["total"] == 0


def test_a_sheet_goes_out_and_comes_in_and_is_undone(call: Any, tmp_path: Path) -> None:
    call("add", "title=甲项目")
    call("add", "--kind", "activity", "--to", "P1", "title=论坛", "date=2018-03", "head_count=50")
    path = tmp_path / "活动.xlsx"
    status, out = call("export", path, "--kind", "activity")
    assert (status, out["rows"]) == (0, 1) and out["columns"][:5] == [
        "key",
        "owner_key",
        "owner_code",
        "owner",
        "title",
    ]
    assert call("import", path, "--kind", "activity")[1]["unchanged"] == 1
    book = openpyxl.load_workbook(path)
    book.worksheets[0].append([None, "P1", None, None, "展会", "2019-05"])
    book.worksheets[0].append([None, "P7", None, None, "错的"])
    book.save(path)
    status, plan = call("import", path, "--kind", "activity", "--dry-run")
    assert (status, plan["created"], plan["refused"], plan["batch"]) == (1, 1, 1, None)
    status, done = call("import", path, "--kind", "activity")
    assert (status, done["rows"], done["created"], done["problems"][0]["cell"]) == (1, 3, 1, "B4")
    assert call("list", "--kind", "activity")[1]["total"] == 2
    assert call("undo", done["batch"])[1]["restored"] == 1
    assert call("list", "--kind", "activity")[1]["total"] == 1
    assert call("import", path, "--kind", "nothing")[1]["error"]["code"] == "option_unknown"


def test_an_approval_is_led_with_one_return(call: Any) -> None:
    call("add", "title=甲项目")
    assert [one["name"] for one in call("procedures")[1]["procedures"]] == ["友好城市审批"]
    assert call("approval-open", "P1", "--date", "2024-03-01")[1]["step"] == "意向书"
    call("approval-act", "S1", "submit", "--date", "2024-03-01")
    assert call("approval-act", "S1", "return", "--date", "2024-03-04")[0] == 2
    back = call("approval-act", "S1", "return", "--date", "2024-03-04", "--reason", "缺章", "--by", "李四")[1]
    assert (back["state"], back["returned"], back["steps"][0]["events"][1]["who"]) == ("returned", 1, "李四")
    assert call("approval-act", "S1", "decide")[1]["error"]["code"] == "approval_act_closed"
    items = call("list", "--kind", "approval")[1]["items"]
    assert [(one["key"], one["project"], one["state"]) for one in items] == [("S1", "P1", "returned")]


def test_files_are_attached_listed_verified_and_saved(call: Any, tmp_path: Path) -> None:
    call("add", "title=甲项目")
    (tmp_path / "名单.txt").write_text("张三", encoding="utf-8")
    status, done = call("attach", "P1", tmp_path / "名单.txt", tmp_path / "没有.txt")
    assert (status, done["keys"], [one["file"] for one in done["problems"]]) == (1, ["X1"], ["没有.txt"])
    listed = call("attachments", "P1", "--verify")[1]
    assert (listed["items"][0]["name"], listed["items"][0]["state"], listed["damage"]) == ("名单.txt", "whole", [])
    assert call("list", "--kind", "attachment")[1]["items"][0]["owner"] == "P1"
    (tmp_path / "out").mkdir()
    assert call("attachment-save", "X1", tmp_path / "out")[1]["size"] == 6
    assert (tmp_path / "out" / "名单.txt").read_text(encoding="utf-8") == "张三"
    sha256 = listed["items"][0]["sha256"]
    (tmp_path / "ledger.attachments" / sha256[:2] / sha256[2:]).unlink()
    status, listed = call("attachments", "--verify")
    assert (status, [one["code"] for one in listed["damage"]]) == (1, ["missing"])
    assert call("attachment-save", "X1", tmp_path / "neu.txt")[1]["error"]["code"] == "attachment_missing"
    assert call("attach", "P9", tmp_path / "名单.txt")[1]["error"]["code"] == "record_unknown"


def test_record_sheets_are_written_to_one_file_or_into_a_folder(call: Any, tmp_path: Path) -> None:
    call("add", "title=甲项目", "code=A-1")
    status, done = call("record-sheet", "A-1", "--out", tmp_path / "甲.docx", "--from", "某市外办")
    assert (status, done) == (0, {"files": [str(tmp_path / "甲.docx")], "records": 1})
    status, done = call("record-sheet", "P1", "--out", tmp_path / "cards", "--as", "pdf")
    assert done["files"] == [str(tmp_path / "cards" / "项目卡 甲项目.pdf")]
    assert call("record-sheet", "P1", "--out", tmp_path / "甲.xlsx")[1]["error"]["code"] == "record_sheet_type"
    assert call("record-sheet", "P2", "--out", tmp_path / "乙.pdf")[1]["error"]["code"] == "record_unknown"
