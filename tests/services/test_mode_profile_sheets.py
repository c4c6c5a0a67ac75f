"""The sheet of parks and of mechanisms, through the command line: written, filled in, taken in, and bad input told."""

import datetime
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from some_projects import add, project

from bri_desktop.__main__ import main
from bri_desktop.db.database import Database

Run = Callable[..., tuple[int, Any]]
Row = Sequence[Any]
PARK = {"mode": "demonstration_park", "status": "active"}


@pytest.fixture
def run(ledger: Database, ledger_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs one command and returns (exit status, JSON)."""
    add(
        ledger,
        project("罗勇工业园", code="Y-1", **PARK),
        project("中白工业园", **PARK),
        project("中白工业园", code="Y-3", **PARK),
        project("经贸论坛", mode="exchange_mechanism", status="active"),
    )

    def command(*arguments: object) -> tuple[int, Any]:
        capsys.readouterr()
        status = main(["--db", str(ledger_path), "--json", *map(str, arguments)])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return status, json.loads(captured.out)

    return command


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., Path]:
    def write(*rows: Row) -> Path:
        path, workbook = tmp_path / "sheet.xlsx", Workbook()
        assert workbook.active is not None
        for row in rows:
            workbook.active.append(row)
        workbook.save(path)
        return path

    return write


def parks(run: Run) -> dict[str, Any]:
    return {item["key"]: item for item in run("list", "--kind", "park")[1]["items"]}


def test_the_sheet_goes_out_and_comes_back(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "parks.xlsx"
    status, written = run("export", out, "--kind", "park")
    assert (status, written["rows"], written["columns"][:4]) == (0, 3, ["key", "code", "title", "operator"])
    workbook = load_workbook(out)
    sheet = workbook.worksheets[0]
    head = next(row for row in range(1, 6) if sheet.cell(row, 1).value == "标识")
    heads = {sheet.cell(head, column).value: column for column in range(1, sheet.max_column + 1)}
    for label, value in (
        ("运营主体", "泰中罗勇工业园开发公司"),
        ("规划面积（平方公里）", 12),
        ("建成面积（平方公里）", "800公顷"),
        ("入驻企业（家）", 180),
        ("累计投资", "43亿美元"),
        ("数据截至", datetime.date(2025, 12, 31)),
    ):
        sheet.cell(head + 1, heads[label], value)
    workbook.save(out)
    status, report = run("mode-import", out, "--kind", "park")
    assert (status, report["rows"], report["stored"], report["problems"]) == (0, 3, 1, [])
    found = parks(run)["P1"]
    assert (found["operator"], found["area"], found["built_area"], found["tenants"]) == (
        "泰中罗勇工业园开发公司", "12", "8", 180)  # fmt: skip
    assert found["investment"] == {"amount": "4300000000", "currency": "USD"} and found["as_of"] == "2025-12-31"
    assert run("show", "P1")[1]["profile"]["tenants"] == 180
    run("export", out, "--kind", "park")
    status, report = run("mode-import", out, "--kind", "park")
    assert (status, report["stored"], report["problems"]) == (0, 0, [])  # the same again changes nothing


def test_an_empty_cell_changes_nothing(run: Run, book: Callable[..., Path]) -> None:
    run("mode-import", book(("编号", "入驻企业", "就业人数"), ("Y-1", 5, 7)), "--kind", "park")
    run("mode-import", book(("编号", "入驻企业", "就业人数"), ("Y-1", None, 8)), "--kind", "park")
    found = parks(run)["P1"]
    assert (found["tenants"], found["jobs"]) == (5, 8)


@pytest.mark.parametrize(
    ("head", "cell", "area"),
    [
        ("规划面积", 12, "12"),
        ("规划面积（平方公里）", "1.5", "1.5"),
        ("规划面积（公顷）", 150, "1.5"),
        ("规划面积（亩）", 1500, "1"),
        ("规划面积(平方米)", 2500000, "2.5"),
        ("规划面积", "3000亩", "2"),
        ("规划面积", "1.2 km²", "1.2"),
    ],
)
def test_units_of_areas(run: Run, book: Callable[..., Path], head: str, cell: Any, area: str) -> None:
    status, _ = run("mode-import", book(("编号", head), ("Y-1", cell)), "--kind", "park")
    assert (status, parks(run)["P1"]["area"]) == (0, area)


def test_what_is_wrong_is_told_with_its_cell_and_the_rest_counts(run: Run, book: Callable[..., Path]) -> None:
    rows = (
        ("名称", "规划面积（英亩）", "建成面积", "入驻企业", "累计投资", "数据截至"),
        ("罗勇工业园", 10, 8, "很多", 1000, "2099年"),
        ("中白工业园", None, None, 3, None, None),
        ("乌有园", None, None, 4, None, None),
        ("罗勇工业园", None, None, 9, None, None),
        ("合计", None, None, 16, None, None),
    )
    status, report = run("mode-import", book(*rows), "--kind", "park")
    assert (status, report["rows"], report["stored"]) == (1, 4, 1)
    assert [(item["cell"], item["code"]) for item in report["problems"]] == [
        ("B2", "area_unit_unknown"),
        ("D2", "number_unreadable"),
        ("E2", "money_unit_needed"),
        ("F2", "as_of_in_future"),
        ("A3", "record_ambiguous"),
        ("A4", "record_not_there"),
        ("A5", "value_twice"),
    ]
    assert all(item["message"].endswith("。") for item in report["problems"])
    found = parks(run)["P1"]
    assert (found["built_area"], found["area"], found["tenants"]) == ("8", None, None)


def test_mechanisms_have_a_sheet_of_their_own(run: Run, book: Callable[..., Path]) -> None:
    rows = (
        ("标识", "秘书处", "成员数", "举办间隔（月）", "最近届次", "下届时间"),
        ("P4", "贸促会", 24, 24, 3, "2027.5"),
    )
    status, report = run("mode-import", book(*rows), "--kind", "mechanism")
    assert (status, report["stored"]) == (0, 1)
    (found,) = run("list", "--kind", "mechanism")[1]["items"]
    assert (found["secretariat"], found["members"], found["interval_months"], found["next_edition"]) == (
        "贸促会", 24, 24, "2027-05")  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "kind", "code"),
    [
        ((("名称", "备注"), ("罗勇工业园", "x")), "park", "table_headers_missing"),
        ((("编号", "入驻企业"), ("Y-1", 1)), "town", "option_unknown"),
    ],
)
def test_bad_use_in_one_sentence(
    run: Run, book: Callable[..., Path], rows: Sequence[Row], kind: str, code: str
) -> None:
    status, value = run("mode-import", book(*rows), "--kind", kind)
    assert (status, value["error"]["code"]) == (2, code)


def test_a_filter_lists_some(run: Run, tmp_path: Path) -> None:
    assert run("list", "--kind", "park", "--filter", "title ~ 罗勇")[1]["total"] == 1
    assert run("list", "--kind", "park", "--search", "中白")[1]["total"] == 2
    assert run("export", tmp_path / "p.csv", "--kind", "park", "--filter", "title ~ 罗勇")[1]["rows"] == 1


def test_tables_can_be_taken_back_from_the_command_line(run: Run, book: Callable[..., Path]) -> None:
    run("rates-import", book(("币种", "汇率", "年份"), ("USD", 6.5, 2020)))
    assert [table["kind"] for table in run("tables")[1]["tables"]] == ["rates"]
    assert run("tables", "--undo") == (0, {"tables": []})
    status, value = run("tables", "--undo")
    assert (status, value["error"]["code"]) == (2, "nothing_to_undo")
