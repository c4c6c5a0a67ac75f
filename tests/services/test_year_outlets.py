"""What Word, PDF and Excel say of a real ledger is what the document says, and that is what ``stats`` counts."""

import datetime
import re
from pathlib import Path
from typing import Any

import openpyxl
import pypdfium2
import pytest
from docx import Document
from ten_thousand import generate

from bri_desktop.db.database import Database, open_database
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
FEWER = 1_500
"""Enough for annexes that are cut; ten thousand are read by ``script/office``."""


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.fixture(scope="module", params=["sample", "generated"])
def ledger(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    made = open_database(tmp_path_factory.mktemp("year") / "ledger.db")
    if request.param == "sample":
        load_sample(made)
    else:
        generate(made, FEWER)
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
