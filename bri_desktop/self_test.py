"""Whether an installed copy works: every part that packaging can break is used once, on a ledger of the test's own.

It opens a ledger, upgrades one of the first version, takes in the sample (the workbook is read in a child process),
draws a page off screen, writes Word, PDF and Excel and reads them again, looks the ledger through and leaves. All of it
happens in a temporary folder; the user's ledger, settings and folders are not touched.
"""

import logging
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bri_desktop.db.database import HEAD, Database, create_database, open_database, schema_version
from bri_desktop.domain.errors import UserError
from bri_desktop.labels import error_sentence

if TYPE_CHECKING:
    from bri_desktop.reports.document import SummaryDocument

YEAR = 2017
"""The year of most cases of the sample."""
PAGE = "statistics"
SIZE = 1366, 768
COLOURS_AT_LEAST = 12
"""A page with text, lines and bars has more colours than that; one without anything drawn has fewer."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing tried: whether it went well, in how many seconds, and what was found or what went wrong."""

    name: str
    ok: bool
    seconds: float
    detail: str

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``--json`` prints."""
        return asdict(self)


class SelfTestError(Exception):
    """Something came out other than it must; the message says what was wanted and what came."""


def run_self_test(language: str) -> list[Step]:
    """Try every part and return what came of each; a step that fails does not keep the others from being tried."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    with tempfile.TemporaryDirectory(prefix="bri-self-test-", ignore_cleanup_errors=True) as folder:
        trial = _Trial(Path(folder), language)
        steps = [_tried(name, step) for name, step in trial.steps()]
        steps.append(_tried("leave", trial.leave))
    return steps


def _tried(name: str, step: Callable[[], str]) -> Step:
    begin = time.perf_counter()
    try:
        detail, ok = step(), True
    except UserError as error:
        detail, ok = error_sentence(error), False
    except Exception as error:
        log.error("self-test: %s", name, exc_info=error)
        detail, ok = f"{type(error).__name__}: {error}", False
    return Step(name, ok, round(time.perf_counter() - begin, 2), detail)


def _require(is_right: bool, what: str) -> None:
    if not is_right:
        raise SelfTestError(what)


class _Trial:
    def __init__(self, folder: Path, language: str) -> None:
        self.folder = folder
        self.language = language
        self.ledger = folder / "ledger.db"
        self._database: Database | None = None
        self._summary: SummaryDocument | None = None

    def steps(self) -> list[tuple[str, Callable[[], str]]]:
        return [
            ("open", self._open),
            ("upgrade", self._upgrade),
            ("sample", self._sample),
            ("page", self._page),
            ("word", self._word),
            ("pdf", self._pdf),
            ("excel", self._excel),
            ("check", self._check),
        ]

    @property
    def database(self) -> Database:
        if self._database is None:
            self._database = open_database(self.ledger)
        return self._database

    def _open(self) -> str:
        create_database(self.ledger)
        _require(schema_version(self.ledger) == HEAD, f"{schema_version(self.ledger)} != {HEAD}")
        return HEAD

    def _upgrade(self) -> str:
        from bri_desktop.services.old_ledger import PROJECTS, make_old_ledger, stored_projects

        old = self.folder / "old.db"
        make_old_ledger(old)
        before = schema_version(old)
        upgraded = open_database(old)
        stored = stored_projects(upgraded)
        upgraded.close()
        _require(schema_version(old) == HEAD, f"{schema_version(old)} != {HEAD}")
        _require(stored == PROJECTS, f"{stored} != {PROJECTS}")
        return f"{before} → {HEAD}"

    def _sample(self) -> str:
        from bri_desktop.services.old_ledger import stored_projects
        from bri_desktop.services.sample import load_sample

        load_sample(self.database)
        stored = stored_projects(self.database)
        _require(stored > 0, "0")
        return str(stored)

    def _page(self) -> str:
        from bri_desktop.app import Program, make_application, wait_until
        from bri_desktop.ui.settings import Settings

        application, theme = make_application(self.language, "light")
        program = Program(application, open_database(self.ledger), Settings(self.folder / "self-test.ini"), theme)
        try:
            program.window.resize(*SIZE)
            program.window.show_page(PAGE)
            program.window.show()
            page = program.window.page(PAGE)
            wait_until(lambda: page.is_filled() and program.runner.is_idle())
            colours = _colours(program.window.grab().toImage())
        finally:
            program.close()
        _require(colours >= COLOURS_AT_LEAST, f"{colours} < {COLOURS_AT_LEAST}")
        return "{} x {}".format(*SIZE)

    def _document(self) -> "SummaryDocument":
        from bri_desktop.services.year import SummaryOptions, summary_document

        if self._summary is None:
            with self.database.read() as session:
                self._summary = summary_document(session, SummaryOptions(YEAR, language=self.language))
        return self._summary

    def _written(self, ending: str) -> Path:
        from bri_desktop.services.year_out import write_document

        path = self.folder / f"summary{ending}"
        write_document(self._document(), path)
        return path

    def _word(self) -> str:
        from docx import Document

        path = self._written(".docx")
        with path.open("rb") as handle:
            read = Document(handle)
        text = "\n".join(paragraph.text for paragraph in read.paragraphs)
        _require(self._document().title in text, self._document().title)
        _require(bool(read.inline_shapes), "0 pictures")
        return _size(path)

    def _pdf(self) -> str:
        from pypdfium2 import PdfDocument

        path = self._written(".pdf")
        read = PdfDocument(path)
        try:
            text = "".join(read[number].get_textpage().get_text_range() for number in range(len(read)))
            pages = len(read)
        finally:
            read.close()
        title = self._document().title
        _require("".join(title.split()) in "".join(text.split()), title)
        return f"{pages} p., {_size(path)}"

    def _excel(self) -> str:
        from bri_desktop.excel.reader import read
        from bri_desktop.services.ledger_out import export_projects
        from bri_desktop.services.old_ledger import stored_projects

        summary, ledger = self._written(".xlsx"), self.folder / "export.xlsx"
        with self.database.read() as session:
            rows = export_projects(session, ledger)["rows"]
        stored = stored_projects(self.database)
        _require(rows == stored, f"{rows} != {stored}")
        for book in (summary, ledger):
            with read(book) as grid:
                _require(any(sheet.rows for sheet in grid.sheets), book.name)
        return f"{_size(summary)}, {_size(ledger)}"

    def _check(self) -> str:
        from bri_desktop.services.checking import check_ledger

        report = check_ledger(self.ledger)
        _require(report.ok, ", ".join(finding.code for finding in report.findings))
        return str(report.rows)

    def leave(self) -> str:
        """Close the ledger: it is one whole file again, and nobody holds it."""
        if self._database is not None:
            self._database.close()
        left = [path.name for path in self.folder.glob("*.db-*")] + [path.name for path in self.folder.glob("*.lock")]
        _require(not left, ", ".join(left))
        return ""


def _colours(image: Any) -> int:
    """Return how many colours a grid of points of a picture has."""
    across, down = range(0, image.width(), 3), range(0, image.height(), 3)
    return len({image.pixel(x, y) for y in down for x in across})


def _size(path: Path) -> str:
    return f"{path.stat().st_size / 1024:.0f} kB"
