"""A small ledger whose yearly figures can be worked out by hand, and short ways to its summary."""

import datetime
import re
from collections.abc import Iterator
from typing import Any

from some_projects import add, project

from bri_desktop.db.database import Database
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.reports.document import Heading, Paragraph, SummaryDocument, Table, text_of
from bri_desktop.services.year import SummaryOptions, summary_document

TODAY = datetime.date(2018, 3, 1)
YEAR = 2017
SHANGHAI, FOSHAN = ("cn:310000",), ("cn:440600",)


def small() -> list[ProjectDraft]:
    """Return nine projects: at the end of 2017 six stand (2016: four), three began in 2017 (2016: two), one ended.

    Begun 2015: 甲, 乙. 2016: 丙, 丁. 2017: 戊, 己, 庚. Ended in 2017: 乙. 辛 is an intent, 壬 has no date.
    """
    trade: dict[str, Any] = {"status": "active", "domain": "trade", "mode": "demonstration_park", "nature": "practical"}
    people: dict[str, Any] = {
        "status": "active",
        "domain": "people",
        "mode": "exchange_mechanism",
        "nature": "exchange",
    }
    return [
        project("甲园区", signed="2015-03-02", domestic_places=SHANGHAI, foreign_places=("co:KZ",), **trade),
        project(
            "乙论坛",
            signed="2015-05",
            ended="2017-06-30",
            domestic_places=SHANGHAI,
            foreign_places=("co:FR",),
            **people | {"status": "completed"},
        ),
        project("丙园区", signed="2016-01-10", domestic_places=FOSHAN, foreign_places=("co:KZ",), **trade),
        project("丁论坛", signed="2016-08", domestic_places=SHANGHAI, foreign_places=("co:FR", "co:JP"), **people),
        project("戊园区", signed="2017-02-01", domestic_places=FOSHAN, foreign_places=("co:KE",), **trade),
        project("己论坛", signed="2017-04-01", domestic_places=SHANGHAI, foreign_places=("co:FR",), **people),
        project("庚论坛", signed="2017-09", domestic_places=SHANGHAI, foreign_places=("co:DE",), **people),
        project("辛意向", planned_start="2018-05", domestic_places=SHANGHAI, **people | {"status": "intent"}),
        project("壬项目", domestic_places=SHANGHAI, **trade),
    ]


def fill(ledger: Database, *drafts: ProjectDraft) -> list[str]:
    """Store the small ledger, or other projects."""
    return add(ledger, *(drafts or small()))


def summary(ledger: Database, year: int = YEAR, **options: Any) -> SummaryDocument:
    """Return the summary of a year as of ``TODAY``."""
    today = options.pop("today", TODAY)
    with ledger.read() as session:
        return summary_document(session, SummaryOptions(year, **options), today=today)


def texts(document: SummaryDocument) -> Iterator[str]:
    """Return everything that a reader sees."""
    yield from (document.title, document.office, document.date, document.mark)
    for section, block in document.blocks():
        yield from (section.title, section.label)
        if isinstance(block, Heading):
            yield block.full
        elif isinstance(block, Paragraph):
            yield block.text
        elif isinstance(block, Table):
            yield from (block.label, block.caption, block.note, block.cut_note)
            yield from (column.head for column in block.columns)
            yield from (text_of(cell) for row in block.rows for cell in row)
        else:
            yield from (block.label, block.caption, block.note, block.chart.unit, *block.chart.labels)
            yield from (series.name for series in block.chart.series)


def prose(document: SummaryDocument, code: str) -> str:
    """Return the text of a section."""
    section = next(one for one in document.sections if one.code == code)
    return "".join(block.text for block in section.blocks if isinstance(block, Paragraph) and block.kind != "note")


def table(document: SummaryDocument, name: str) -> Table:
    """Return a table by its name."""
    return next(one for one in document.tables() if one.name == name)


def line(document: SummaryDocument, name: str, first: str) -> list[str]:
    """Return the row of a table that begins with a text."""
    return next([text_of(cell) for cell in row] for row in table(document, name).rows if text_of(row[0]) == first)


LATIN = re.compile(r"[A-Za-z]{2,}")
