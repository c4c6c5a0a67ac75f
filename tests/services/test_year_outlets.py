"""What Word, PDF and Excel say of a real ledger is what the document says, and that is what ``stats`` counts."""

import datetime
import random
import re
from pathlib import Path
from typing import Any

import openpyxl
import pypdfium2
import pytest
from docx import Document
from sqlalchemy import insert

from bri_desktop.db.database import Database, open_database
from bri_desktop.db.models import Place, Project, ProjectPlace
from bri_desktop.reports.document import Figure, Heading, Paragraph, Picture, SummaryDocument, Table, text_of
from bri_desktop.reports.marked import read_figures
from bri_desktop.reports.pdf import print_pdf
from bri_desktop.reports.word import write_word
from bri_desktop.reports.year_cells import figure_cell
from bri_desktop.reports.year_workbook import write_workbook
from bri_desktop.services.sample import load_sample
from bri_desktop.services.statistics import make_request, statistics
from bri_desktop.services.year import SECTIONS, SummaryOptions, summary_document

TODAY = datetime.date(2026, 11, 23)
YEAR = 2017
NOW = "2026-11-23T00:00:00+00:00"
PROJECTS = 10_000
MODES = ("sister_city", "demonstration_park", "exchange_mechanism", None)
DOMAINS = ("policy", "facilities", "trade", "finance", "people", None)
STATUSES = ("active", "active", "completed", "signed", "intent", "terminated")


HOME = (
    ("cn:310000", "上海市", "CN", "310000"),
    ("cn:440600", "佛山市", "CN", "440000"),
    ("cn:320200", "无锡市", "CN", "320000"),
)
AWAY = (
    ("gn:1", "布拉格", "CZ", None),
    ("gn:2", "巴黎", "FR", None),
    ("gn:3", "万象市", "LA", None),
    ("gn:4", "阿拉木图", "KZ", None),
    ("gn:5", "内罗毕", "KE", None),
    ("gn:6", "利马", "PE", None),
    ("gn:7", "奥克兰", "NZ", None),
)


def _places(session: Any, wanted: Any) -> list[int]:
    """Store places and return their numbers."""
    made = [
        Place(key=key, level="prefecture", country=country, name_zh=name, province=province, confirmed=True)
        for key, name, country, province in wanted
    ]
    session.add_all(made)
    session.flush()
    return [place.id for place in made]


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def generate(ledger: Database) -> None:
    """Store ten thousand projects over twelve years with places, a third of them without a date."""
    chance = random.Random(9704)
    with ledger.write() as session:
        home, away = _places(session, HOME), _places(session, AWAY)
        rows: list[dict[str, Any]] = []
        places: list[dict[str, Any]] = []
        for number in range(1, PROJECTS + 1):
            signed = f"{chance.randint(2008, 2019)}-{chance.randint(1, 12):02}" if number % 3 else None
            status = chance.choice(STATUSES)
            ended = f"{chance.randint(2017, 2019)}-06" if status in ("completed", "terminated") and number % 2 else None
            row = {"id": number, "title": f"合作项目{number}", "status": status, "signed": signed, "start": signed}
            row |= {"ended": ended, "mode": chance.choice(MODES), "domain": chance.choice(DOMAINS)}
            row |= {"visibility": "public", "created_at": NOW, "updated_at": NOW, "version": 1, "fingerprint": 0}
            rows.append(row)
            for side, ids in (("domestic", home), ("foreign", away)):
                place = chance.choice(ids)
                places.append({"project_id": number, "side": side, "place_id": place, "position": 0})
        session.execute(insert(Project), rows)
        session.execute(insert(ProjectPlace), places)


@pytest.fixture(scope="module", params=["sample", "generated"])
def ledger(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    made = open_database(tmp_path_factory.mktemp("year") / "ledger.db")
    if request.param == "sample":
        load_sample(made)
    else:
        generate(made)
    yield made
    made.close()


@pytest.fixture(scope="module")
def document(ledger: Database) -> SummaryDocument:
    options = SummaryOptions(
        YEAR, edition="internal", language="zh_CN", sections=SECTIONS, span=3, office="某市外事办公室"
    )
    with ledger.read() as session:
        return summary_document(session, options, today=TODAY)


def printed_runs(document: SummaryDocument) -> dict[str, str]:
    """Return the figures of text and tables as they are printed."""
    runs: list[Any] = [run for _, b in document.blocks() if isinstance(b, Paragraph) for run in b.runs]
    runs += [run for table in document.tables() for row in table.printed for cell in row for run in cell]
    return {run.name: run.shown for run in runs if isinstance(run, Figure)}


def test_the_document_counts_what_the_statistics_count(ledger: Database, document: SummaryDocument) -> None:
    with ledger.read() as session:
        for name, count in (("stock", "stock"), ("flow", "flow")):
            result = statistics(session, make_request(year=YEAR, count=count, by="mode", today=TODAY))
            assert document.figures[name].value == result.total


def test_word_says_every_figure_of_the_document(document: SummaryDocument, tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    write_word(document, path)
    assert read_figures(path) == printed_runs(document)
    word = Document(str(path))
    shown = [paragraph.text for paragraph in word.paragraphs]
    for _, block in document.blocks():
        match block:
            case Heading():
                assert block.full in shown
            case Paragraph():
                assert block.text in shown
            case Table() | Picture():
                assert f"{block.label}　{block.caption}" in shown
    for made, table in zip(word.tables, document.tables(), strict=True):
        cells = [[cell.text for cell in row.cells] for row in made.rows][1:]
        assert cells == [[text_of(cell) for cell in row] for row in table.printed]
    whole = "\n".join([*shown, *(cell.text for made in word.tables for row in made.rows for cell in row.cells)])
    assert not re.search(r"\bnan\b|None|inf\b", whole)


def test_pdf_says_every_figure_and_text_of_the_document(document: SummaryDocument) -> None:
    printed = print_pdf(document)
    assert {place.name for place in printed.places} == set(printed_runs(document))
    pdf = pypdfium2.PdfDocument(printed.data)
    pages = [pdf[number].get_textpage().get_text_range() for number in range(len(pdf))]
    pdf.close()
    assert all(len(bare(page)) > 25 for page in pages)
    mark = bare(document.mark)
    whole = (
        bare("".join(re.sub(r"— \d+ —", "", page) for page in pages)).replace(mark, "")
        if mark
        else bare("".join(re.sub(r"— \d+ —", "", page) for page in pages))
    )
    for _, block in document.blocks():
        if isinstance(block, Paragraph):
            assert bare(block.text) in whole
        elif isinstance(block, Table):
            assert bare(f"{block.label}{block.caption}") in whole
            assert all(bare(text_of(cell)) in whole for row in block.printed for cell in row)


def test_excel_says_every_figure_of_every_table(document: SummaryDocument, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_workbook(document, path)
    book = openpyxl.load_workbook(path)
    captions = {
        str(row[0].value): (sheet, row[0].row) for sheet in book for row in sheet.iter_rows(max_col=1) if row[0].value
    }
    for table in document.tables():
        sheet, top = captions[f"{table.label}　{table.caption}"]
        for number, row in enumerate(table.rows, top + 2):
            for column, runs in enumerate(row, 1):
                found = sheet.cell(number, column).value
                if len(runs) == 1 and isinstance(runs[0], Figure):
                    wanted = figure_cell(runs[0]).value
                    assert found == (pytest.approx(wanted) if isinstance(wanted, float) else wanted), (
                        table.label,
                        runs,
                    )
                else:
                    assert ("" if found is None else str(found)) == text_of(runs)


def test_captions_are_numbered_without_a_gap(document: SummaryDocument) -> None:
    assert [table.label for table in document.tables()] == [f"表{n}" for n in range(1, len(document.tables()) + 1)]
    assert [one.label for one in document.pictures()] == [f"图{n}" for n in range(1, len(document.pictures()) + 1)]


def test_no_section_is_empty_and_no_english_stands_in_it(document: SummaryDocument) -> None:
    for section in document.sections:
        assert section.blocks
        for block in section.blocks:
            if isinstance(block, Paragraph):
                assert not re.search(r"[a-z]{3}", block.text), block.text


def test_pictures_say_what_the_figures_say(document: SummaryDocument) -> None:
    for picture in document.pictures():
        for series in picture.chart.series:
            for value, name in zip(series.values, series.figures, strict=False):
                if name is not None:
                    figure = document.figures[name].value
                    assert (value is None) == (figure is None)
                    assert value is None or value == pytest.approx(float(figure))
