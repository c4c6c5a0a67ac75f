"""Issued workbooks as files: what stands where, what survives a re-save, and that no user's text is ever a formula."""

import errno
import os
import shutil
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bri_desktop.domain.errors import InputError
from bri_desktop.domain.issued import row_digest
from bri_desktop.excel import issued_layout as layout
from bri_desktop.excel.issued_cells import (
    Entry,
    Words,
    currency_entries,
    outcome_rows,
    parse_lists,
    project_cells,
    same_cell,
)
from bri_desktop.excel.template import IssuedRecord, Written, write_issued
from bri_desktop.excel.template_guide import Facts, guide_lines

FACTS = Facts("2026-003", "市商务局", "2026-11-23", "2026-12-15", contact="张三 0898-65301234")
MODES = {
    code: Entry(code, label) for code, label in (("sister_city", "友好城市型"), ("exchange_mechanism", "交流机制型"))
}
SUBMODES = {"forum": Entry("forum", "论坛型", "exchange_mechanism"), "own1": Entry("own1", "=本办自定", "sister_city")}
WORDS = Words(
    {
        "mode": MODES,
        "submode": SUBMODES,
        "domain": {"policy": Entry("policy", "政策沟通"), "trade": Entry("trade", "贸易畅通")},
        "outcome_class": {"x": Entry("x", "投资类")},
        "currency": currency_entries(),
        "country": {"CZ": Entry("CZ", "捷克"), "JP": Entry("JP", "日本")},
        "place.domestic": {"cn:1": Entry("cn:1", "海口市")},
        "place.foreign": {"gn:1": Entry("gn:1", "布拉格", "CZ"), "co:JP": Entry("co:JP", "日本", "JP")},
        "parent": {"P7": Entry("P7", "2016-001")},
    }
)
EVERY = tuple(name for _, names in layout.GROUPS for name in names)
FULL: dict[str, Any] = {
    "code": "007",
    "title": "=1+1",
    "mode": "exchange_mechanism",
    "submode": "forum",
    "domain": "trade",
    "domains": ["policy", "trade"],
    "domestic_places": ["cn:1"],
    "foreign_places": ["gn:1", "co:JP"],
    "department": "市商务局",
    "partners": ["甲公司", "乙公司"],
    "signed": "2017-05",
    "planned_start": "2017",
    "started": "2017-05-17",
    "amount": {"amount": "18000000.5", "currency": "USD"},
    "summary": "第一行\n第二行 😀",
    "source": "123456789012345678",
    "note": "_x000D_ 保留",
    "parent": "P7",
    "outcomes": [
        {
            "outcome_class": "x",
            "what": "培训学员",
            "quantity": "30000",
            "unit": "人次",
            "amount": None,
            "date": "2018",
            "evidence": None,
        }
    ],
}
BARE: dict[str, Any] = {"code": "008", "title": "第二个"}


def values_of(given_values: dict[str, Any]) -> dict[str, Any]:
    return {name: given_values.get(name) for name in EVERY}


def write(path: Path, *records: dict[str, Any], words: Words = WORDS, facts: Facts = FACTS) -> Written:
    made = [IssuedRecord(f"P{number}", values_of(one)) for number, one in enumerate(records, 1)]
    return write_issued(path, facts=facts, fields=EVERY, words=words, records=made, language="zh_CN")


@pytest.fixture
def book(tmp_path: Path) -> Any:
    write(tmp_path / "issued.xlsx", FULL, BARE)
    return openpyxl.load_workbook(tmp_path / "issued.xlsx")


def control_of(book: Any) -> layout.Control:
    control = layout.parse_control(book[layout.CONTROL_SHEET].iter_rows(values_only=True))
    assert control is not None
    return control


def cells_by_field(book: Any, role: str, row: int) -> dict[str, Any]:
    table = control_of(book).table(role)
    assert table is not None
    return {column.field: book[table.title][f"{column.letter}{row}"].value for column in table.columns}


def test_sheets_are_those_of_the_layout_and_only_the_last_two_are_hidden(book: Any) -> None:
    states = {sheet.title: sheet.sheet_state for sheet in book}
    assert states == {
        "填表说明": "visible",
        "项目": "visible",
        "成果": "visible",
        "_bri_lists": "hidden",
        "_bri_issue": "hidden",
    }
    assert not any(sheet.protection.sheet for sheet in book)


def test_each_field_stands_in_its_column_as_a_department_reads_it(book: Any) -> None:
    assert {name: value for name, value in cells_by_field(book, "project", 5).items() if value is not None} == {
        "key": "P1",
        "code": "007",
        "title": "=1+1",
        "mode": "交流机制型",
        "submode": "论坛型",
        "domain": "贸易畅通",
        "domains": "政策沟通；贸易畅通",
        "domestic_places": "海口市",
        "foreign_places": "布拉格",
        "country": "捷克；日本",
        "department": "市商务局",
        "partners": "甲公司；乙公司",
        "signed": "2017-05",
        "planned_start": "2017",
        "started": "2017-05-17",
        "amount": 18000000.5,
        "currency": "美元",
        "summary": "第一行\n第二行 😀",
        "source": "123456789012345678",
        "note": "_x005F_x000D_ 保留",  # openpyxl shows the escape; the reader of this program takes it off
        "parent": "2016-001",
    }


def test_an_outcome_is_keyed_to_its_project(book: Any) -> None:
    row = cells_by_field(book, "outcome", 5)
    assert (row["key"], row["project"], row["title"]) == ("P1.1", "007", "=1+1")
    assert (row["outcome_class"], row["what"], row["quantity"], row["unit"]) == ("投资类", "培训学员", 30000, "人次")
    assert row["date"] == "2018"
    assert book["成果"]["A6"].value is None


def test_the_key_column_is_hidden_and_lies_in_the_sorted_area(book: Any) -> None:
    sheet = book["项目"]
    assert sheet.column_dimensions["A"].hidden
    last = layout.FIRST_DATA_ROW + 2 + layout.SPARE_ROWS - 1
    assert sheet.auto_filter.ref == f"A4:{sheet.cell(4, sheet.max_column).column_letter}{last}"
    assert sheet.freeze_panes == "D5"


def test_the_control_sheet_names_rows_columns_and_digests(book: Any) -> None:
    control = control_of(book)
    assert (control.issue, control.department, control.due, control.language) == (
        "2026-003",
        "市商务局",
        "2026-12-15",
        "zh_CN",
    )
    assert set(control.rows) == {"P1", "P2", "P1.1"}
    assert control.rows["P2"] == layout.Sent(row_digest(values_of(BARE)), 6)
    assert control.rows["P1.1"].digest == row_digest(FULL["outcomes"][0])
    projects = control.table("project")
    assert projects is not None and projects.rows == 2
    columns = {column.field: column for column in projects.columns}
    assert columns["code"].read_only and not columns["title"].read_only
    assert columns["title"].required and columns["title"].header == "项目名称 *"
    assert (columns["country"].part_of, columns["currency"].part_of) == ("foreign_places", "amount")


def test_the_number_stands_in_a_property_and_a_name_too(book: Any) -> None:
    assert book.custom_doc_props[layout.ISSUE_PROPERTY].value == "2026-003"
    assert book.defined_names[layout.ISSUE_NAME].attr_text == '"2026-003"'


def test_texts_are_texts_in_text_columns(book: Any) -> None:
    sheet = book["项目"]
    title, source = sheet["C5"], sheet[f"{letter_of(book, 'source')}5"]
    assert (title.data_type, title.quotePrefix, title.number_format) == ("s", True, "@")
    assert (source.data_type, source.number_format) == ("s", "@")
    # Empty cells below take the format of their column.
    assert sheet.column_dimensions[letter_of(book, "source")].number_format == "@"


def letter_of(book: Any, name: str) -> str:
    table = control_of(book).table("project")
    assert table is not None
    return next(column.letter for column in table.columns if column.field == name)


def checks(book: Any) -> dict[str, Any]:
    by_letter = {}
    for check in book["项目"].data_validations.dataValidation:
        by_letter["".join(filter(str.isalpha, str(check.sqref).split(":")[0]))] = check
    return by_letter


def test_drop_downs_hold_the_code_lists_and_places_only_warn(book: Any) -> None:
    found = checks(book)
    mode = found[letter_of(book, "mode")]
    assert [row[0].value for row in range_of(book, mode.formula1)] == ["友好城市型", "交流机制型"]
    assert (mode.type, mode.errorStyle or "stop") == ("list", "stop")
    assert found[letter_of(book, "foreign_places")].errorStyle == "warning"
    assert not found[letter_of(book, "domains")].showErrorMessage
    assert "2017-05" in found[letter_of(book, "signed")].error
    assert found[letter_of(book, "amount")].type == "decimal"


def range_of(book: Any, formula: str) -> Any:
    return book[layout.LISTS_SHEET][formula.partition("!")[2].replace("$", "")]


def test_the_sub_modes_of_a_mode_stand_together(book: Any) -> None:
    names = {name: defined.attr_text for name, defined in book.defined_names.items()}
    labels = [row[0].value for row in range_of(book, names["bri_submodes"])]
    modes = [row[0].value for row in range_of(book, names["bri_modes"])]
    starts = [row[0].value for row in range_of(book, names["bri_first"])]
    counts = [row[0].value for row in range_of(book, names["bri_count"])]
    offered = {
        mode: labels[start - 1 : start - 1 + count] for mode, start, count in zip(modes, starts, counts, strict=True)
    }
    assert offered == {"友好城市型": ["=本办自定"], "交流机制型": ["论坛型"]}


def test_a_mode_without_sub_modes_is_led_to_an_empty_cell(tmp_path: Path) -> None:
    words = Words({"mode": MODES, "submode": {"forum": SUBMODES["forum"]}})
    write(tmp_path / "a.xlsx", BARE, words=words)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert [row[0].value for row in range_of(book, book.defined_names["bri_first"].attr_text)] == [0, 1]
    assert book[layout.LISTS_SHEET]["I1"].value is None


def test_the_lists_come_back_as_they_went(book: Any) -> None:
    read = parse_lists(book[layout.LISTS_SHEET].iter_rows(values_only=True))
    assert {name: dict(entries) for name, entries in read.lists.items()} == {
        name: dict(entries) for name, entries in WORDS.lists.items()
    }


def test_the_guide_says_who_when_and_what_not_to_do(book: Any) -> None:
    text = "\n".join(str(cell) for row in book["填表说明"].iter_rows(values_only=True) for cell in row if cell)
    for word in ("2026-003", "市商务局", "2026-12-15", "张三 0898-65301234", "涉密信息不得录入", "项目 2 个"):
        assert word in text


def test_the_guide_leaves_out_outcomes_where_none_are_asked_for(tmp_path: Path) -> None:
    write_issued(tmp_path / "a.xlsx", facts=FACTS, fields=("status",), words=WORDS, records=[], language="zh_CN")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["填表说明", "项目", "_bri_lists", "_bri_issue"]
    assert "成果" not in "".join(str(cell) for row in book["填表说明"].iter_rows(values_only=True) for cell in row)
    assert [cell.value for cell in book["项目"][4]] == ["记录号", "编号", "项目名称 *", "状态"]


def test_every_line_of_the_guide_is_chinese() -> None:
    latin = [text for _, texts in guide_lines(FACTS) for text in texts if len(text) > 20 and text.isascii()]
    assert latin == []


STARTS = ("=", "+", "-", "@", "\t=", "\r=", "'=", '="', "=cmd|' /C calc'!A0", '=HYPERLINK("http://x","y")')


def test_a_thousand_injections_stay_texts(tmp_path: Path) -> None:
    evil = [f"{start}{number}+SUM(A1:A9)" for number in range(100) for start in STARTS]
    fields = ("title", "summary", "source", "department", "note")
    records = [dict(BARE) | dict.fromkeys(fields, text) | {"partners": [text]} for text in evil]
    lists = {"mode": {str(n): Entry(str(n), text) for n, text in enumerate(evil)}, "submode": SUBMODES}
    lists |= {"place.domestic": {f"own:{n}": Entry(f"own:{n}", text) for n, text in enumerate(evil)}}
    path = tmp_path / "evil.xlsx"
    write(path, *records, words=Words(lists), facts=Facts("2026-001", evil[0], "2026-11-23", contact=evil[1]))
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml")}
    assert not any("<f>" in text or "<f " in text for name, text in parts.items() if "/worksheets/" in name)
    for text in parts.values():
        for formula in ("formula1", "formula", "definedName"):
            for piece in text.split(f"<{formula}")[1:]:
                assert "SUM(" not in piece.split(f"</{formula}")[0]
    sheet = openpyxl.load_workbook(path)["项目"]
    assert {cell.data_type for row in sheet.iter_rows(min_row=5) for cell in row if cell.value is not None} == {"s"}


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")), min_size=1, max_size=30)


@given(text=TEXTS, amount=st.decimals(0, 10**14, places=4), key=st.integers(1, 10**9))
def test_what_is_written_is_told_untouched_by_the_same_rule(text: str, amount: Decimal, key: int) -> None:
    columns = layout.project_columns(EVERY)
    values = values_of({"title": text, "note": text, "amount": {"amount": format(amount, "f"), "currency": "CNY"}})
    cells = project_cells(columns, f"P{key}", values, WORDS)
    for cell in cells:
        read: Any = float(cell) if isinstance(cell, Decimal) else cell
        assert same_cell(cell, read)
    at = {column.field: cell for column, cell in zip(columns, cells, strict=True)}
    assert not same_cell(at["title"], f"{text}x")
    assert not same_cell(at["amount"], float(amount) + 1)


def test_a_long_number_that_lost_digits_is_no_longer_the_same() -> None:
    assert same_cell("123456789012345678", "123456789012345678")
    assert not same_cell("123456789012345678", 123456789012345680.0)
    assert same_cell(None, "") and same_cell(None, None) and not same_cell("a", None)


def test_a_text_over_the_length_of_a_cell_goes_whole_to_its_own_sheet(tmp_path: Path) -> None:
    long = "长" * 40_000
    write(tmp_path / "a.xlsx", BARE | {"summary": long})
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    rows = list(book["长文本"].iter_rows(min_row=2, values_only=True))
    assert "".join(row[3] for row in rows) == long
    assert {(row[0], row[1]) for row in rows} == {("P1", "概况")}
    cell = cells_by_field(book, "project", 5)["summary"]
    assert len(cell) == 32_767 and cell.endswith("（全文见工作表“长文本”）")


def test_keys_of_outcomes_are_read_back() -> None:
    assert layout.outcome_key("P12", 0) == "P12.1"
    assert layout.parse_outcome_key("P12.1") == ("P12", 0)
    for text in ("P12", "P12.", "P12.0", "x.1", "P12.１", "P12.1.1"):
        assert layout.parse_outcome_key(text) is None


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [("layout", "2"), ("issue", "2026-003")],
        [("layout", "1"), ("issue", "x")],
        [("layout", "1"), ("issue", "2026-003"), ("row", "P1", "d", "five")],
        [("layout", "1"), ("issue", "2026-003"), ("column", "project", "A1")],
    ],
)
def test_a_damaged_control_sheet_is_none(lines: list[tuple[object, ...]]) -> None:
    assert layout.parse_control(lines) is None


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")

    def records() -> Any:
        yield IssuedRecord("P1", values_of(BARE))
        raise InputError("cancelled")

    with pytest.raises(InputError, match="cancelled"):
        write_issued(path, facts=FACTS, fields=EVERY, words=WORDS, records=records(), language="zh_CN")
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["a.xlsx"]


def test_a_file_that_is_open_elsewhere_is_refused_with_a_free_name(tmp_path: Path) -> None:
    path = tmp_path / "issued.xlsx"
    path.write_bytes(b"old")
    (tmp_path / ".~lock.issued.xlsx#").write_text("")
    with pytest.raises(InputError) as caught:
        write(path, BARE)
    assert (caught.value.code, caught.value.values["beside"]) == ("file_in_use", "issued (2).xlsx")


@pytest.mark.parametrize("code", [errno.ENOSPC])
def test_a_full_disk_is_said(tmp_path: Path, code: int) -> None:
    def records() -> Any:
        yield IssuedRecord("P1", values_of(BARE))
        raise OSError(code, "full")

    with pytest.raises(InputError, match="disk_full"):
        write_issued(tmp_path / "a.xlsx", facts=FACTS, fields=EVERY, words=WORDS, records=records(), language="zh_CN")
    assert list(tmp_path.iterdir()) == []


if shutil.which("soffice"):

    def test_everything_survives_a_re_save_by_libreoffice(tmp_path: Path) -> None:
        source = tmp_path / "issued.xlsx"
        write(source, FULL, BARE)
        before = openpyxl.load_workbook(source)
        (tmp_path / "out").mkdir()
        command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to"]
        command += ["xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "out"), str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        after = openpyxl.load_workbook(tmp_path / "out" / "issued.xlsx")
        assert control_of(after) == control_of(before)
        assert after.custom_doc_props[layout.ISSUE_PROPERTY].value == "2026-003"
        assert after.defined_names[layout.ISSUE_NAME].attr_text == '"2026-003"'
        assert after["项目"].column_dimensions["A"].hidden
        assert set(checks(after)) == set(checks(before))
        columns = layout.project_columns(EVERY)
        for row, one in ((5, FULL), (6, BARE)):
            written = project_cells(columns, f"P{row - 4}", values_of(one), WORDS)
            found = [after["项目"][f"{column.letter}{row}"].value for column in columns]
            read = [str(cell).replace("_x005F_", "_") if isinstance(cell, str) else cell for cell in found]
            assert [same_cell(cell, back) for cell, back in zip(written, read, strict=True)] == [True] * len(columns)
        ((_, _, cells),) = outcome_rows(layout.outcome_columns(), "P1", values_of(FULL), WORDS)
        assert all(same_cell(cell, back.value) for cell, back in zip(cells, after["成果"][5], strict=False))


def test_two_thousand_rows_take_no_more_memory_than_a_few(tmp_path: Path) -> None:
    script = (
        "import sys, resource\n"
        "from pathlib import Path\n"
        "from test_template import BARE, FULL, EVERY, FACTS, WORDS, values_of\n"
        "from bri_desktop.excel.template import IssuedRecord, write_issued\n"
        "def peak(count, path):\n"
        "    records = (IssuedRecord(f'P{n}', values_of(FULL)) for n in range(1, count + 1))\n"
        "    write_issued(path, facts=FACTS, fields=EVERY, words=WORDS, records=records, language='zh_CN')\n"
        "    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024\n"
        "folder = Path(sys.argv[1])\n"
        "few = peak(10, folder / 'a.xlsx')\n"
        "print(peak(2_000, folder / 'b.xlsx') - few)\n"
    )
    here = Path(__file__).resolve()
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(here.parent), str(here.parents[2])])}
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], check=True, capture_output=True, text=True, env=environment
    )
    assert float(done.stdout) < 20
