"""The command line as a script uses it: one JSON object, the right exit status, never a traceback."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from bri_desktop.__main__ import main
from bri_desktop.db.database import HEAD

Run = Callable[..., tuple[int, Any]]


@pytest.fixture
def run(ledger_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs one command on an empty ledger and returns (exit status, JSON)."""

    def command(*arguments: object) -> tuple[int, Any]:
        capsys.readouterr()
        status = main(["--db", str(ledger_path), "--json", *map(str, arguments)])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        assert captured.out.count("\n") == 1
        return status, json.loads(captured.out)

    return command


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.xlsx"
    book = Workbook()
    for row in (
        ("项目名称", "国家", "签署日期", "状态"),
        ("甲", "日本", "2017", "实施"),
        ("乙", "韩国", "2018-05", "签约"),
    ):
        book.active.append(row)
    book.save(path)
    return path


# -- options and statuses ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", [True, False])
def test_options_stand_before_or_after_the_command(
    ledger_path: Path, capsys: pytest.CaptureFixture[str], before: bool
) -> None:
    options = [f"--db=sqlite:///{ledger_path}", "--lang", "en", "--json"]
    arguments = [*options, "list"] if before else ["list", *options]
    assert main(arguments) == 0
    assert json.loads(capsys.readouterr().out) == {"total": 0, "items": []}


def test_init_says_what_it_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "new.db"
    assert main(["init", "--db", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"db": str(path), "schema": HEAD}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["nix"], "usage"),
        (["list", "--nix"], "usage"),
        (["list", "--limit", "x"], "usage"),
        (["list", "--limit", "-1"], "usage"),
        (["undo"], "usage"),
        (["undo", "x"], "usage"),
        (["show"], "usage"),
        (["--lang", "de", "list"], "usage"),
        (["list", "--db"], "usage"),
        (["show", "P1"], "record_unknown"),
        (["history", "P1"], "record_unknown"),
        (["show", "P99999999999999999999999"], "record_unknown"),
        (["show", "T99999999999999999999999"], "record_unknown"),
        (["edit", "P1", "title=x"], "record_unknown"),
        (["delete", "P1"], "record_unknown"),
        (["undo", "7"], "batch_unknown"),
        (["undo", "99999999999999999999999"], "batch_unknown"),
        (["list", "--kind", "nix"], "option_unknown"),
        (["list", "--filter", "nix = 1"], "filter_unknown_field"),
        (["list", "--filter", "mode ="], "filter_unreadable"),
        (["list", "--filter", "signed > x"], "filter_date"),
        (["list", "--filter", "amount > x"], "filter_number"),
        (["list", "--kind", "pair", "--filter", "("], "filter_unreadable"),
        (["add", "title"], "assignment_unreadable"),
        (["add", "nix=1"], "field_unknown"),
        (["add", "title="], "project_invalid"),
        (["add", "title=x", "signed=morgen"], "project_invalid"),
        (["import", "none.xlsx"], "file_missing"),
        (["import", "none.xlsx", "--update-by", "x"], "option_unknown"),
        (["import", "none.xlsx", "--pair-kind", "x"], "option_unknown"),
        (["inspect", "none.xlsx"], "file_missing"),
        (["stats", "--count", "x"], "option_unknown"),
        (["stats", "--span", "x"], "option_unknown"),
        (["stats", "--span", "2018-2010"], "option_unknown"),
        (["export", "out.doc"], "file_type_unknown"),
        (["export", "out.xlsx", "--view", "nix"], "view_none"),
        (["--db", "postgresql://host/x", "list"], "usage"),
    ],
)
def test_wrong_use_is_status_2_and_one_object(run: Run, arguments: list[str], code: str) -> None:
    status, result = run(*arguments)
    assert (status, result["error"]["code"]) == (2, code)
    assert result["error"]["message"] and set(result["error"]) == {"code", "message", "where"}


@pytest.mark.parametrize("content", [b"no ledger", b"SQLite format 3\x00" + b"\x00" * 84])
def test_a_refused_database_is_status_3(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes) -> None:
    path = tmp_path / "x.db"
    path.write_bytes(content)
    assert main(["list", "--db", str(path), "--json"]) == 3
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["code"] in ("database_not_ledger", "database_damaged")
    assert error["where"] == {"file": str(path)}
    assert path.read_bytes() == content


def test_without_json_the_fault_is_one_sentence_on_stderr(
    ledger_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--lang", "en", "show", "P9", "--db", str(ledger_path)]) == 2
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "There is no record P9.\n")


def test_help_is_no_fault(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    assert "import" in capsys.readouterr().out
    assert main(["import", "--help"]) == 0


def test_a_process_of_its_own_prints_only_the_object(ledger_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bri_desktop", "list", "--json", "--db", str(ledger_path)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"PYTHONPATH": str(Path(__file__).parents[2])},
        check=True,
    )
    assert (json.loads(done.stdout), done.stderr) == ({"total": 0, "items": []}, "")


# -- records -----------------------------------------------------------------------------------------------------------


def test_one_record_from_its_making_to_the_bin(run: Run) -> None:
    status, made = run(
        "add", "title=中白工业园", "country=白俄罗斯", "signed=2010年10月", "amount=55亿美元", "mode=园区示范"
    )
    assert (status, made) == (0, {"key": "P1", "version": 1, "problems": []})
    _, shown = run("show", "P1")
    assert (shown["code"], shown["mode"], shown["amount"]) == (
        "2010-001",
        "demonstration_park",
        {"amount": "5500000000", "currency": "USD"},
    )
    assert shown["foreign_places"] == [{"key": "co:BY", "name": "白俄罗斯", "level": "country", "country": "BY"}]
    assert run("edit", "2010-001", "status=实施", "amount=")[1] == {"key": "P1", "version": 2, "problems": []}
    _, shown = run("show", "P1")
    assert (shown["status"], shown["amount"], shown["version"]) == ("active", None, 2)
    assert [entry["action"] for entry in run("history", "P1")[1]["entries"]] == ["update", "create"]
    assert run("list", "--search", "zbgyy")[1]["total"] == 1
    assert run("delete", "P1")[0] == 0
    assert run("list")[1]["total"] == 0


def test_a_refused_field_is_named(run: Run) -> None:
    status, result = run("add", "title=x", "status=vielleicht", "signed=2017-02-30")
    assert status == 2
    assert {p["field"]: p["code"] for p in result["problems"]} == {
        "status": "code_unknown",
        "signed": "date_impossible",
    }
    assert run("list")[1]["total"] == 0


# -- import ------------------------------------------------------------------------------------------------------------


def test_import_undo_and_again(run: Run, small: Path) -> None:
    status, planned = run("import", small, "--dry-run")
    assert (status, planned["batch"], planned["rows"], planned["created"]) == (0, None, 2, 2)
    status, first = run("import", small)
    assert (status, first["batch"], first["created"], first["problems"]) == (0, 1, 2, [])
    assert run("import", small)[1]["unchanged"] == 2
    run("edit", "P2", "note=später")
    assert run("undo", 1) == (0, {"restored": 1, "kept": [{"key": "P2", "field": None}]})
    assert run("undo", 1)[1]["error"]["code"] == "batch_undone"


def test_a_row_that_waits_is_status_1_and_atomic_writes_nothing(run: Run, small: Path, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    book = load_workbook(small)
    book.active["D3"] = "也许"
    path = tmp_path / "doubtful.xlsx"
    book.save(path)
    status, report = run("import", path, "--atomic")
    assert (status, report["batch"], report["pending"]) == (1, None, 1)
    assert run("list")[1]["total"] == 0
    status, report = run("import", path)
    assert (status, report["created"], report["pending"]) == (1, 1, 1)
    (problem,) = report["problems"]
    assert problem == {
        "sheet": "Sheet",
        "cell": "D3",
        "field": "status",
        "value": "也许",
        "code": "code_unknown",
        "message": problem["message"],
        "verdict": "pending",
    }


def test_inspect_says_what_is_seen_and_writes_nothing(run: Run, small: Path) -> None:
    _, seen = run("inspect", small)
    (block,) = seen["sheets"][0]["blocks"]
    assert (block["header_rows"], block["first_row"], block["last_row"], block["rows"]) == ([1], 2, 3, 2)
    assert [(c["letter"], c["header"], c["field"]) for c in block["columns"]] == [
        ("A", "项目名称", "title"),
        ("B", "国家", "country"),
        ("C", "签署日期", "signed"),
        ("D", "状态", "status"),
    ]
    assert run("list")[1]["total"] == 0


@pytest.mark.parametrize("kind", ["xlsx", "csv", "ods"])
def test_export_can_be_taken_in_again(run: Run, small: Path, tmp_path: Path, kind: str) -> None:
    run("import", small)
    path = tmp_path / f"out.{kind}"
    status, written = run("export", path, "--filter", "signed >= 2018")
    assert (status, written["rows"]) == (0, 1)
    assert {"title", "country", "currency", "signed"} <= set(written["columns"])
    again = run("import", path, "--dry-run")[1]
    assert (again["unchanged"], again["rows"]) == (1, 1)


# -- the report's own cases --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int, Any]:
    """Return the sample ledger, the exit status of ``demo`` and what it printed."""
    import contextlib
    import io

    path = tmp_path_factory.mktemp("demo") / "demo.db"
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        status = main(["demo", "--json", "--db", str(path)])
    return path, status, json.loads(out.getvalue())


def test_demo_accounts_for_every_row_of_its_workbook(demo: tuple[Path, int, Any]) -> None:
    _, status, report = demo
    assert len(report["ignored"]) == 17
    assert (
        report["rows"]
        == 166
        == sum(report[v] for v in ("created", "updated", "unchanged", "duplicates", "refused", "pending"))
    )
    assert (report["refused"], report["duplicates"], report["updated"]) == (0, 0, 0)
    rows = {row["row"] for row in report["ignored"]}
    assert {1, 2, 3, 182, 183} <= rows
    assert status == (1 if report["pending"] else 0)


def test_every_case_of_the_report_is_taken_in(demo: tuple[Path, int, Any]) -> None:
    _, status, report = demo
    assert [(p["cell"], p["value"], p["code"]) for p in report["problems"]] == []
    assert (status, report["created"]) == (0, 166)


def test_demo_refuses_a_ledger_with_records(demo: tuple[Path, int, Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--json", "--db", str(demo[0])]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "database_not_empty"


def test_the_sample_again_is_unchanged(demo: tuple[Path, int, Any], capsys: pytest.CaptureFixture[str]) -> None:
    sample = Path(__file__).parents[2] / "resources" / "samples" / "report_cases.xlsx"
    main(["import", str(sample), "--dry-run", "--json", "--db", str(demo[0])])
    report = json.loads(capsys.readouterr().out)
    assert (report["created"], report["updated"], report["unchanged"]) == (0, 0, demo[2]["created"])


def test_the_sample_written_and_read_again_is_unchanged(
    demo: tuple[Path, int, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "sample.xlsx"
    assert main(["export", str(out), "--json", "--db", str(demo[0])]) == 0
    main(["import", str(out), "--dry-run", "--json", "--db", str(demo[0])])
    report = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [(p["cell"], p["value"], p["code"]) for p in report["problems"]] == []
    assert (report["created"], report["updated"], report["unchanged"]) == (0, 0, demo[2]["created"])


def test_statistics_of_the_sample_reconcile(demo: tuple[Path, int, Any], capsys: pytest.CaptureFixture[str]) -> None:
    main(["stats", "--year", "2017", "--by", "continent", "--records", "--json", "--db", str(demo[0])])
    result = json.loads(capsys.readouterr().out)
    assert {"asia", "europe", "africa", "north_america", "south_america", "oceania", None} == {
        row["key"] for row in result["rows"]
    }
    for row in result["rows"]:
        assert row["count"] == len(set(row["records"]))
    known = {key for row in result["rows"] for key in row["records"]}
    assert len(known) == result["total"] - result["outside"]
    assert round(sum(row["share_shown"] for row in result["rows"] if row["key"]), 1) == 100.0


def test_a_command_leaves_the_ledger_as_one_whole_file(tmp_path: Path) -> None:
    """Whoever copies only the file has everything: nothing stays behind in a log beside it."""
    path = tmp_path / "office.db"
    assert main(["add", "title=港口合作", "--db", str(path)]) == 0
    assert main(["list", "--db", str(path)]) == 0
    assert [file.name for file in tmp_path.iterdir()] == ["office.db"]
