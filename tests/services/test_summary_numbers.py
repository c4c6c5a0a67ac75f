"""Every number that stands in the Word, PDF and Excel of a summary is read out of the file and is what ``stats --json``
says.

The generated ten thousand projects take some time: they come with ``script/office``.
"""

import json
import os
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pypdfium2
import pytest
from docx import Document
from docx.oxml.ns import qn
from sqlalchemy import text as sql
from stats_oracle import oracle
from summary_sql import by_sql
from ten_thousand import generate

from bri_desktop.__main__ import main
from bri_desktop.db.database import Database, open_database
from bri_desktop.reports.document import Figure, SummaryDocument, Table
from bri_desktop.reports.pdf import print_pdf
from bri_desktop.services.sample import load_sample
from bri_desktop.services.year import SECTIONS, SummaryOptions, summary_document

WHOLE = bool(os.environ.get("BRI_TEST_OFFICE"))
YEAR, SPAN = 2017, 3 if WHOLE else 1
LEDGERS = ["sample", *(["ten thousand"] if WHOLE else [])]
NOT_COUNTED = re.compile(r"problem_\w+|quality_late_\w+|\w+_others(_\w+)?")
"""Figures that no statistics command prints: the rest of a table, workbooks that are out, and the numbers of the
sentences of ``diagnose``, which are held against those sentences."""
FALLING_DUE = (
    "INSERT INTO agreement (pair_id, title, signed, expires, version) VALUES (1, '计划', '2013-02', '2018-02-28', 1)",
    "INSERT INTO agreement (pair_id, title, signed, expires, version) VALUES (2, '三年计划', '2014-06', '2017-06', 1)",
    "INSERT INTO agreement (pair_id, title, signed, version) VALUES (6, '结好协议书', '2008-05-12', 1)",
    "INSERT INTO agreement (pair_id, title, signed, version) VALUES (7, '结好协议书', '1997-05-12', 1)",
    "INSERT INTO activity (pair_id, title, date, version) VALUES (7, '互访', '2015-03-01', 1)",
    "INSERT INTO follow_up (pair_id, what, due, version) VALUES (1, '回访', '2018-09-01', 1)",
    "INSERT INTO follow_up (pair_id, what, due, done, version) VALUES (1, '已办', '2018-09-02', '2018-01-05', 1)",
    "INSERT INTO exchange_rate (currency, year, rate) VALUES ('USD', 2017, '6.7518'), ('EUR', 2017, '7.6303')",
    "UPDATE project SET planned_start = '2018-06' WHERE status = 'intent'",
    "UPDATE project SET planned_end = '2018-12-31' WHERE start < '2018' AND status = 'active'",
    "UPDATE place SET lon = NULL WHERE name_zh = '布拉格'",
)
"""What the sample lacks, so that each kind of figure is there."""


class Written:
    """A ledger with its summary in each kind of file, and what the commands say of it."""

    def __init__(self, path: Path, database: Database) -> None:
        self.path, self.folder = path, path.parent
        self.diagnosed: dict[str, Any] = {}
        with database.read() as session:
            options = SummaryOptions(YEAR, language="zh_CN", sections=SECTIONS, span=SPAN)
            self.document: SummaryDocument = summary_document(session, options)

    def file(self, ending: str) -> Path:
        return self.folder / f"summary.{ending}"


@pytest.fixture(scope="module", params=LEDGERS)
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Written]:
    path = tmp_path_factory.mktemp("numbers") / "ledger.db"
    database = open_database(path)
    if request.param == "sample":
        load_sample(database)
        with database.write() as session:
            for statement in FALLING_DUE:
                session.execute(sql(statement))
    else:
        generate(database)
    yield Written(path, database)
    database.close()


@pytest.fixture
def run(written: Written, capsys: pytest.CaptureFixture[str]):
    """Return a function that runs a command on the ledger and returns its JSON."""

    def command(*arguments: object) -> dict[str, Any]:
        capsys.readouterr()
        status = main(["--db", str(written.path), "--json", *map(str, arguments)])
        captured = capsys.readouterr()
        assert status == 0, captured.err
        return json.loads(captured.out)

    return command


def by_name(document: SummaryDocument) -> dict[str, Figure]:
    return dict(document.figures)


def bookmarked(path: Path) -> dict[str, str]:
    """Return bookmark -> the text between its ends."""
    found: dict[str, str] = {}
    opened: dict[str, str] = {}
    for element in Document(str(path)).element.body.iter():
        if element.tag == qn("w:bookmarkStart"):
            opened[element.get(qn("w:id"))] = element.get(qn("w:name"))
        elif element.tag == qn("w:bookmarkEnd"):
            opened.pop(element.get(qn("w:id")), None)
        elif element.tag == qn("w:t"):
            for name in opened.values():
                found[name] = found.get(name, "") + (element.text or "")
    return found


def number_in(text: str) -> Decimal | None:
    """Return the number that is printed, in the unit of its value; ``None`` for a dash."""
    if text == "—":
        return None
    match = re.match(r"([+−]?)([\d,]+(?:\.\d+)?)(%|亿|万)?", text)
    assert match is not None, text
    scale = {"%": Decimal("0.01"), "万": Decimal(10**4), "亿": Decimal(10**8), None: Decimal(1)}[match[3]]
    return Decimal(match[2].replace(",", "")) * scale * (-1 if match[1] == "−" else 1)


def says(text: str, value: Any) -> bool:
    """Tell whether what is printed is this value, rounded as it is printed; growth is worded, so without its sign."""
    printed = number_in(text)
    if printed is None or value is None:
        return printed is None and value is None
    match = re.match(r"[+−]?[\d,]+(?:\.(\d+))?(%|亿|万)?", text)
    assert match is not None
    scale = {"%": Decimal("0.01"), "万": Decimal(10**4), "亿": Decimal(10**8), None: Decimal(1)}[match[2]]
    unit = Decimal(1).scaleb(-len(match[1] or "")) * scale
    exact = Decimal(str(value))
    return min(abs(printed - exact), abs(abs(printed) - abs(exact))) < unit


def test_every_number_of_the_files_is_that_of_the_commands(written: Written, run) -> None:
    for ending in ("docx", "pdf", "xlsx"):
        run("report", "--year", YEAR, written.file(ending), "--compare", SPAN, "--sections", ",".join(SECTIONS))
    diagnosed = run("diagnose", "--year", YEAR)
    stats = cache(lambda *arguments: run("stats", *arguments))
    of_file = by_sql(written.path, stats, YEAR)
    expected = oracle(stats, diagnosed, YEAR, SPAN) | of_file
    sentences = "".join(panel["sentence"].replace(" ", "") for panel in diagnosed["panels"])
    figures = by_name(written.document)

    if "rate_usd" in of_file:
        assert all(figures[name].value for name in of_file)
    unknown = [name for name in figures if name not in expected and not NOT_COUNTED.fullmatch(name)]
    assert unknown == []
    assert len([name for name in figures if name in expected]) > 0.85 * len(figures)

    in_word = bookmarked(written.file("docx"))
    in_pdf = boxed(written)
    assert set(in_pdf) == {name.split("__")[0] for name in in_word}
    for source in (in_word, in_pdf):
        for mark, text in source.items():
            name = mark.split("__")[0]
            if name in expected:
                assert says(text, expected[name]), (name, text, expected[name])
            elif name.startswith("problem_"):
                assert text in sentences, (name, text)
            else:
                assert text == figures[name].shown, (name, text)
    in_excel = list(celled(written))
    assert len(in_excel) > 200
    for name, value in in_excel:
        if name in expected and isinstance(value, int | float):
            scale = 1 if abs(value - float(expected[name])) < 1e-6 else 0
            assert scale or value == pytest.approx(float(expected[name]), abs=0.051), (name, value, expected[name])
        elif name in expected:
            assert says(str(value), expected[name]), (name, value, expected[name])
    for picture in written.document.pictures():
        for series in picture.chart.series:
            for value, name in zip(series.values, series.figures, strict=False):
                if name in expected:
                    assert (value is None) == (expected[name] is None)
                    assert value is None or value == pytest.approx(float(expected[name])), name


def boxed(written: Written) -> dict[str, str]:
    """Return figure -> the text that a PDF reader finds where the figure stands."""
    printed = print_pdf(written.document)
    pdf, on_disk = pypdfium2.PdfDocument(printed.data), pypdfium2.PdfDocument(written.file("pdf"))
    found: dict[str, str] = {}
    for number in range(len(on_disk)):
        page, disk = pdf[number].get_textpage(), on_disk[number].get_textpage()
        assert page.get_text_range() == disk.get_text_range()
        height = printed.sizes[number][1]
        for place in (one for one in printed.places if one.page == number):
            top = height - place.y
            text = disk.get_text_bounded(place.x + 1, top - place.height, place.x + place.width - 1, top)
            found[place.name] = re.sub(r"\s", "", text)
    pdf.close()
    on_disk.close()
    return found


def celled(written: Written) -> Iterator[tuple[str, Any]]:
    """Yield each figure of a table with what its cell in the workbook holds."""
    book = openpyxl.load_workbook(written.file("xlsx"))
    captions = {
        str(row[0].value): (sheet, row[0].row) for sheet in book for row in sheet.iter_rows(max_col=1) if row[0].value
    }
    for table in written.document.tables():
        assert isinstance(table, Table)
        sheet, top = captions[f"{table.label}　{table.caption}"]
        for number, row in enumerate(table.rows, top + 2):
            for column, runs in enumerate(row, 1):
                if len(runs) == 1 and isinstance(runs[0], Figure):
                    yield runs[0].name, sheet.cell(number, column).value
