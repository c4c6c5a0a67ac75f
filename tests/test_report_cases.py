"""The sample ledger made from the report: its values are valid, told by the report, and the workbook holds them all."""

import csv
import os
import re
import subprocess
import sys
import zipfile
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from itertools import groupby
from pathlib import Path

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "resources" / "samples"
WORKBOOK = SAMPLES / "report_cases.xlsx"
REFERENCE = ROOT / "resources" / "reference"
SCRIPT = ROOT / "script" / "make_report_cases.py"

OUTCOME = re.compile(r"[^\s；]+ (?P<number>\d+(?:\.\d+)?[万亿]?)(?P<unit>[^\d\s；]+)")
AMOUNT = re.compile(r"(?P<number>\d+(?:\.\d+)?)(?P<scale>[万亿])(?P<unit>元|美元)")
SOURCE = re.compile(r"《报告》第[一二三四五]章[一二三四五六（）专题栏—\d]*，第\d+(?:—\d+)?行")
DATES = ("签署日期", "开始日期", "结束日期")
NOT_AS_WRITTEN = {"序号", "金额（万元）", *DATES}


@cache
def records() -> list[dict[str, str]]:
    with (SAMPLES / "report_cases.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def reference(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def names_of(kind: str) -> set[str]:
    return {row["name_zh"] for row in reference("codes.csv") if row["kind"] == kind}


def rows() -> list[list[object]]:
    sheet = CalamineWorkbook.from_path(WORKBOOK).get_sheet_by_name("合作项目台账")
    return [list(row) for row in sheet.to_python(skip_empty_area=False)]


def headings() -> list[str]:
    groups, names = rows()[1:3]
    return [str(name or group) for group, name in zip(groups, names, strict=True)]


def project_rows() -> list[dict[str, object]]:
    return [dict(zip(headings(), row, strict=True)) for row in rows()[3:] if isinstance(row[0], float)]


def as_clean(value: object) -> str:
    """Undo what a typist does: line breaks and digits of full width."""
    digits = str.maketrans("０１２３４５６７８９", "0123456789")
    return str(value).replace("\n", "").translate(digits)


def as_iso(value: object) -> str:
    """Read any written form of the workbook's dates, with nothing of the program's own parser."""
    if value in ("", None):
        return ""
    if isinstance(value, date):
        return value.isoformat()[:10]
    text = str(int(value)) if isinstance(value, float) else as_clean(value)
    parts = re.findall(r"\d+", text)
    return "-".join(part.zfill(2) for part in parts)


def test_there_are_enough_projects_with_different_names() -> None:
    titles = Counter(record["项目名称"] for record in records())
    assert len(records()) == 166
    assert max(titles.values()) == 1


def test_codes_are_those_of_the_reference_lists() -> None:
    modes = {row["name_zh"].removesuffix("型") for row in reference("cooperation_modes.csv") if not row["parent"]}
    submodes = {row["name_zh"] for row in reference("cooperation_modes.csv") if row["parent"]}
    domains = {row["name_zh"] for row in reference("domains.csv")}
    allowed = {
        "合作模式": modes | {""},
        "机制类型": submodes | {""},
        "合作性质": names_of("nature"),
        "合作领域": domains,
        "其他领域": domains | {""},
        "层级": names_of("level"),
        "结好类别": {"友好城市", "友好意向", "基层友好", ""},
        "状态": names_of("status") | {""},
        "币种": {"", "CNY", "USD"},
    }
    for record in records():
        for heading, values in allowed.items():
            assert record[heading] in values, (record["项目名称"], heading)
        assert record["其他领域"] != record["合作领域"]
        assert not record["机制类型"] or record["合作模式"] == "交流机制"


def test_every_row_names_its_place_in_the_report_and_quotes_it() -> None:
    for record in records():
        assert record["quote"], record["项目名称"]
        assert all(SOURCE.fullmatch(part) for part in record["来源"].split("；")), record["来源"]


def test_outcomes_are_written_in_one_form_with_numbers_of_the_quote() -> None:
    for record in records():
        for part in filter(None, record["成果数量"].split("；")):
            match = OUTCOME.fullmatch(part)
            assert match, (record["项目名称"], part)
            quote = re.sub("[余多]", "", record["quote"])
            assert match["number"] in quote and match["unit"] in quote, (record["项目名称"], part)


def test_amounts_are_the_written_amounts_of_the_quote() -> None:
    with_amount = [record for record in records() if record["金额"]]
    for record in with_amount:
        match = AMOUNT.fullmatch(record["金额写法"])
        assert match and record["金额写法"] in record["quote"]
        scale = {"万": 10**4, "亿": 10**8}[match["scale"]]
        assert Decimal(record["金额"]) == Decimal(match["number"]) * scale
        assert record["币种"] == {"元": "CNY", "美元": "USD"}[match["unit"]]
    assert len(with_amount) == 6
    assert all(not record["金额写法"] and not record["币种"] for record in records() if not record["金额"])


def test_dates_are_in_the_quote() -> None:
    for record in records():
        for heading in DATES:
            year, *rest = record[heading].split("-")
            assert year in record["quote"]
            for number, unit in zip(rest, "月日", strict=False):
                found = re.search(rf"(?<!\d){int(number)}(?:{unit}|，)", record["quote"])
                assert found, (record["项目名称"], record[heading])


def test_organisations_and_other_numbers_are_in_the_quote() -> None:
    for record in records():
        for name in filter(None, f"{record['中方单位']}；{record['合作单位']}".split("；")):
            assert name in record["quote"], (record["项目名称"], name)
        for number in re.findall(r"\d+(?:\.\d+)?", record["主要成果"]):
            assert number in record["quote"], (record["项目名称"], number)


def test_foreign_places_are_in_the_quote() -> None:
    for record in records():
        for place in filter(None, record["外方城市"].split("、")):
            assert place.removesuffix("市") in record["quote"], (record["项目名称"], place)


def test_workbook_has_the_counted_rows() -> None:
    sizes = [(key, len(list(group))) for key, group in groupby(records(), key=lambda record: record["分组"])]
    first_cells = [row[0] for row in rows()]
    bands = [cell for cell in first_cells[3:] if isinstance(cell, str) and cell.endswith("项）")]
    assert len(rows()) == 1 + 2 + 12 + 166 + 1 + 1 == 183
    assert bands == [f"{name}（{size}项）" for name, size in sizes]
    assert [int(cell) for cell in first_cells if isinstance(cell, float)] == list(range(1, 167))
    assert first_cells[181] == "合计" and rows()[181][2] == "166项"
    assert str(first_cells[182]).startswith("数据来源：")


def test_docs_state_the_same_counts() -> None:
    text = (ROOT / "docs" / "report-cases.md").read_text(encoding="utf-8")
    assert "166 projects" in text and "183 rows" in text


def test_headings_are_known_to_the_field_list() -> None:
    seen = {name for row in reference("fields.csv") for name in (row["name_zh"], *row["headers_seen_zh"].split(";"))}
    assert {re.sub("（万元）", "", heading) for heading in headings()} <= seen
    assert len(set(headings())) == 22


def test_every_cell_of_the_workbook_is_the_value_of_the_csv() -> None:
    for record, row in zip(records(), project_rows(), strict=True):
        for heading in set(headings()) - NOT_AS_WRITTEN:
            assert as_clean(row[heading]) == record[heading], (record["项目名称"], heading)
        for heading in DATES:
            assert as_iso(row[heading]) == record[heading], (record["项目名称"], heading)


def test_amount_column_is_in_ten_thousand_yuan_or_in_words() -> None:
    cells = {str(row["项目名称"]): row["金额（万元）"] for row in project_rows() if row["金额（万元）"] != ""}
    assert cells == {
        "布里亚特共和国招商引资推介会": 2_310_000.0,
        "国际科技合作产学研合作专项": 1400.0,
        "从钛铁矿中高效提取钛新工艺技术引进": 565.0,
        "海盐县“零碳屋”（能源学校）": 1800.0,
        "琼菲企业合作项目": "2亿美元",
        "中国工商银行收购南非标准银行股份": "55亿美元",
    }
    assert rows()[181][17] == 2_313_765.0


def test_all_written_forms_of_dates_occur() -> None:
    cells = [row[heading] for row in project_rows() for heading in DATES if row[heading] != ""]
    texts = [cell for cell in cells if isinstance(cell, str)]
    assert sum(isinstance(cell, date | datetime) for cell in cells) == 2
    assert any(isinstance(cell, float) for cell in cells)
    for form in ("2017.5.17", "2017年7月21日", "2017-07-21", "2017/6/25", "2015年4月", "2015-11", "2014.07", "2016/9"):
        assert form in texts
    assert {"2017年", "2013", "２００９"} <= set(texts)


def test_faults_of_real_life_are_where_the_docs_say() -> None:
    cells = [str(value) for row in project_rows() for value in row.values()]
    assert sum("\n" in cell for cell in cells) == 3
    assert sum(bool(re.search("[０-９]", cell)) for cell in cells) == 3


def test_layout_reads_well() -> None:
    sheet = load_workbook(WORKBOOK).active
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert sheet.freeze_panes == "C4"
    assert {"A1:V1", "A2:A3", "D2:E2", "F2:L2", "M2:O2", "P2:Q2", "R2:T2"} <= merged
    assert len(merged) == 1 + 5 + 5 + 12 + 2
    assert sheet["A2"].font.bold and sheet["B6"].alignment.wrap_text and sheet["B6"].border.left.style == "thin"
    assert all(sheet.column_dimensions[letter].width >= 6 for letter in "ABCDEFGHIJKLMNOPQRSTUV")


@pytest.mark.parametrize("seed", ["0", "1"])
def test_script_gives_the_stored_workbook_again(tmp_path: Path, seed: str) -> None:
    target = tmp_path / "again.xlsx"
    environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": "Asia/Shanghai"}
    environment.pop("OPENPYXL_LXML", None)  # set by the package where a test before has loaded it
    subprocess.run([sys.executable, str(SCRIPT), "--target", str(target)], check=True, env=environment)
    with zipfile.ZipFile(target) as made, zipfile.ZipFile(WORKBOOK) as stored:
        assert made.namelist() == stored.namelist()
        for name in stored.namelist():
            assert made.read(name) == stored.read(name), name
