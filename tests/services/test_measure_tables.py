"""Values brought by Excel, through the command line: what is stored, what is told, and bad input in one sentence."""

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


@pytest.fixture
def run(ledger: Database, ledger_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs one command and returns (exit status, JSON)."""

    def command(*arguments: object) -> tuple[int, Any]:
        capsys.readouterr()
        status = main(["--db", str(ledger_path), "--json", *map(str, arguments)])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        value = json.loads(captured.out, parse_constant=lambda text: pytest.fail(f"{text} in the JSON"))
        return status, value

    return command


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes rows into a workbook."""

    def write(*rows: Row) -> Path:
        path, workbook = tmp_path / "table.xlsx", Workbook()
        assert workbook.active is not None
        for row in rows:
            workbook.active.append(row)
        workbook.save(path)
        return path

    return write


@pytest.fixture
def three(ledger: Database) -> Database:
    """Return a ledger with two projects in Japan and one in France."""
    add(
        ledger,
        project("甲", status="active", signed="2015", foreign_places=("co:JP",), nature="practical"),
        project("乙", status="active", signed="2016", foreign_places=("co:JP",), nature="exchange"),
        project("丙", status="active", signed="2017", foreign_places=("co:FR",)),
    )
    return ledger


POPULATION = (
    ("人口表", None),
    ("国家", "人口（万人）", "来源"),
    ("日本", 12600, "世界银行"),
    ("法国", 4200, None),
    ("合计", 16800, None),
)


def test_a_baseline_is_compared_with(run: Run, three: Database, book: Callable[..., Path]) -> None:
    status, report = run("baseline-import", book(*POPULATION), "--name", "人口", "--year", 2017)
    assert (status, report["rows"], report["stored"], report["problems"]) == (0, 2, 2, [])
    _, figures = run("stats", "--year", 2017, "--by", "country", "--baseline", "人口")
    assert (figures["baseline"], figures["baseline_year"], figures["n"]) == ("人口", 2017, 2)
    rows = {row["key"]: row for row in figures["rows"]}
    assert rows["JP"]["baseline_share"] == pytest.approx(0.75)
    assert rows["JP"]["gap"] == pytest.approx(0.25)  # 0.75 of 3 less 2
    assert figures["measures"]["dissimilarity"] == pytest.approx(0.75 - 2 / 3)
    _, listed = run("baselines")
    assert listed["baselines"][-1] == {
        "name": "人口",
        "dimension": "country",
        "year": 2017,
        "units": 2,
        "source": "世界银行",
    }
    _, listed = run("baselines", "--delete", "人口")
    assert [item["name"] for item in listed["baselines"]] == ["equal", "countries", "bri"]


def test_what_is_wrong_with_rows_is_told_and_the_rest_is_stored(
    run: Run, three: Database, book: Callable[..., Path]
) -> None:
    rows = (
        ("国家", "数值"),
        ("日本", 10),
        ("乌有国", 5),
        ("法国", "很多"),
        ("日本", 11),
        ("德国", -1),
        ("意大利", None),
    )
    status, report = run("baseline-import", book(*rows), "--name", "贸易", "--year", 2017)
    assert status == 1
    assert (report["rows"], report["stored"]) == (6, 1)
    found = [(item["cell"], item["code"]) for item in report["problems"]]
    assert found == [
        ("A3", "unit_unknown"),
        ("B4", "number_unreadable"),
        ("B5", "value_twice"),
        ("B6", "value_negative"),
        ("A7", "required"),
    ]
    assert all(item["message"].endswith("。") for item in report["problems"])
    status, figures = run("stats", "--year", 2017, "--by", "country", "--baseline", "贸易")
    assert (status, figures["n"], figures["outside"], figures["total"]) == (0, 1, 1, 3)  # France lies outside


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ((("国家", "数值"), ("日本", 0), ("法国", 0)), "baseline_zero_sum"),
        ((("国家", "数值"), ("乌有国", 5)), "baseline_zero_sum"),
        ((("国家", "备注"), ("日本", "x")), "table_headers_missing"),
    ],
)
def test_an_unusable_baseline_changes_nothing(
    run: Run, book: Callable[..., Path], rows: Sequence[Row], code: str
) -> None:
    status, value = run("baseline-import", book(*rows), "--name", "人口", "--year", 2017)
    assert (status, value["error"]["code"]) == (2, code)
    assert len(run("baselines")[1]["baselines"]) == 3


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--name", "equal"), "baseline_name_taken"),
        (("--name", "人口", "--dimension", "planet"), "option_unknown"),
    ],
)
def test_names_of_baselines(run: Run, book: Callable[..., Path], options: tuple[str, ...], code: str) -> None:
    status, value = run("baseline-import", book(*POPULATION), *options)
    assert (status, value["error"]["code"]) == (2, code)


def test_a_baseline_of_another_dimension(run: Run, three: Database, book: Callable[..., Path]) -> None:
    rows = (("名称", "数值"), ("亚洲", 3), ("欧洲", 1))
    assert run("baseline-import", book(*rows), "--name", "洲", "--dimension", "continent")[0] == 0
    _, figures = run("stats", "--year", 2017, "--by", "continent", "--baseline", "洲")
    assert {row["key"]: row.get("baseline_share") for row in figures["rows"]} == {
        "asia": 0.75,
        "europe": 0.25,
        None: None,
    }
    status, value = run("stats", "--by", "country", "--baseline", "洲")
    assert (status, value["error"]["code"]) == (2, "baseline_not_for_dimension")
    status, value = run("stats", "--by", "country", "--baseline", "没有")
    assert (status, value["error"]["code"]) == (2, "option_unknown")


def test_provinces_by_their_usual_names(run: Run, book: Callable[..., Path]) -> None:
    rows = (("名称", "数值"), ("江苏", 3), ("浙江省", 1), ("110000", 2))
    status, report = run("baseline-import", book(*rows), "--name", "省", "--dimension", "province")
    assert (status, report["stored"], report["problems"]) == (0, 3, [])


# -- the city index ------------------------------------------------------------------------------------------------

INDEX = (
    ("城市", "国家", "维度", "指标", "方向", "年份", "数值"),
    ("上海", None, "商业活动", "市场活力", None, 2019, 10),
    ("东京", "日本", "商业活动", "市场活力", None, 2019, 20),
    ("上海", None, "人力资本", "辍学率", "越低越好", 2019, 1),
    ("东京", "日本", "人力资本", "辍学率", "越低越好", 2019, 3),
    ("乌有城", None, "人力资本", "辍学率", None, 2019, 3),
    ("上海", None, "天气", "晴天", None, 2019, 3),
    ("上海", None, "科技创新", "专利", None, "去年", 3),
)


def test_the_city_index_by_hand(run: Run, book: Callable[..., Path]) -> None:
    status, report = run("index-import", book(*INDEX))
    assert (status, report["stored"], report["years"]) == (1, 4, [2019])
    assert [item["code"] for item in report["problems"]] == ["place_unknown", "dimension_unknown", "year_unreadable"]
    _, figures = run("stats", "--measure", "index")
    found = figures["measures"]["index"]["development"]
    # Business 30 and human capital 30 of 100 are there: 60 %, just enough to be ranked. Each city is best in one.
    assert [(c["label"], c["value"], c["coverage"], c["rank"]) for c in found["cities"]] == [
        ("上海市", 50, 60, 1),
        ("东京", 50, 60, 1),
    ]
    assert found["difference"]["median"] == 0
    status, shown = run("weights", "development", "--set", "business_activity=40", "--set", "human_capital=20")
    assert (status, shown["development"]["business_activity"]) == (0, 40)
    _, figures = run("stats", "--measure", "index")
    found = figures["measures"]["index"]["development"]
    assert {c["label"]: round(c["value"], 2) for c in found["cities"]} == {"东京": 66.67, "上海市": 33.33}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("development", "--set", "business_activity=50"), "weights_wrong"),
        (("profile", "--set", "length=30"), "weights_wrong"),
        (("profile", "--set", "height=30"), "option_unknown"),
        (("nothing", "--set", "length=30"), "option_unknown"),
        (("profile", "--set", "length=many"), "usage"),
        (("--set", "length=20"), "usage"),
    ],
)
def test_weights_that_do_not_add_up_are_refused(run: Run, arguments: tuple[str, ...], code: str) -> None:
    status, value = run("weights", *arguments)
    assert (status, value["error"]["code"]) == (2, code)
    assert run("weights", "profile")[1] == {
        "profile": {"length": 20, "breadth": 20, "depth": 20, "warmth": 20, "frequency": 20}
    }


# -- tiers and rates -----------------------------------------------------------------------------------------------


def test_tiers_are_a_dimension(run: Run, three: Database, book: Callable[..., Path]) -> None:
    rows = (("国家", "等级"), ("日本", "高"), ("法国", "较差"), ("德国", "很好"))
    status, report = run("tiers-import", book(*rows), "--year", 2018)
    assert (status, report["stored"]) == (1, 2)
    assert [(item["cell"], item["code"]) for item in report["problems"]] == [("B4", "code_unknown")]
    _, figures = run("stats", "--year", 2019, "--by", "tier")
    assert {row["key"]: row["count"] for row in figures["rows"]} == {
        "high": 2,
        "upper": 0,
        "medium": 0,
        "low": 1,
        None: 0,
    }
    assert [row.get("baseline_share") for row in figures["rows"]] == [0.5, 0, 0, 0.5, None]


def test_money_takes_the_rate_of_its_year(run: Run, ledger: Database, book: Callable[..., Path]) -> None:
    from decimal import Decimal

    from bri_desktop.domain.money import Money
    from bri_desktop.domain.project import OutcomeDraft

    outcomes = tuple(
        OutcomeDraft(what="投资", amount=Money(Decimal(n), code)) for n, code in ((100, "CNY"), (10, "USD"), (5, "EUR"))
    )
    add(ledger, project("甲", status="active", signed="2015", outcomes=outcomes))
    rows = (("币种", "汇率"), ("美元", 6.5), ("EUR", 0), ("贝壳", 1))
    status, report = run("rates-import", book(*rows), "--year", 2017)
    assert (status, report["stored"]) == (1, 1)
    assert [item["code"] for item in report["problems"]] == ["rate_not_positive", "currency_unknown"]
    _, figures = run("stats", "--year", 2017, "--measure", "outcomes")
    money = figures["measures"]["outcomes"]["converted"]
    assert (money["total"], money["currency"], money["year"], money["rates"]) == ("165", "CNY", 2017, {"USD": "6.5"})
    assert money["without_rate"] == [{"currency": "EUR", "amount": "5"}]  # the rest is still shown
    _, figures = run("stats", "--year", 2018, "--measure", "outcomes")
    assert figures["measures"]["outcomes"]["converted"]["total"] == "100"


@pytest.mark.parametrize("command", ["index-import", "tiers-import", "rates-import"])
def test_a_table_of_nothing_is_refused(run: Run, book: Callable[..., Path], command: str) -> None:
    heads = {"index-import": INDEX[0], "tiers-import": ("国家", "等级"), "rates-import": ("币种", "汇率")}
    for rows, code in (((heads[command],), "table_nothing_usable"), ((("甲", "乙"),), "table_headers_missing")):
        status, value = run(command, book(*rows))
        assert (status, value["error"]["code"]) == (2, code)


@pytest.mark.parametrize("table", ["baseline", "index", "tiers", "rates"])
def test_templates_can_be_taken_in(run: Run, tmp_path: Path, table: str) -> None:
    out = tmp_path / "template.xlsx"
    status, value = run("measure-template", table, out)
    assert status == 0
    sheet = load_workbook(out).worksheets[0]
    head = next(row for row in sheet.iter_rows() if any(cell.value in ("国家", "城市", "币种") for cell in row))
    columns = {cell.value: cell.column for cell in head}
    values = {"城市": "上海", "国家": "日本", "币种": "美元", "等级": "高", "数值": 3, "汇率": 7, "年份": 2017}
    row = head[0].row + 1
    assert value["rows"] >= 0
    for name, number in columns.items():
        if name in values and sheet.cell(row, number).value is None:
            sheet.cell(row, number, values[name])
    if table == "index":
        sheet.cell(row, columns["国家"]).value = "中国"
    sheet.parent.save(out)
    options = ("--name", "人口") if table == "baseline" else ()
    status, report = run(f"{table}-import", out, *options)
    assert report["stored"] == 1
    assert status == (0 if table == "rates" else 1)


def test_an_unknown_template(run: Run, tmp_path: Path) -> None:
    status, value = run("measure-template", "weather", tmp_path / "x.xlsx")
    assert (status, value["error"]["code"]) == (2, "option_unknown")
