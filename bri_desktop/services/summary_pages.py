"""What the window needs of a summary: the document, its pages as they will print, and how a frozen year stands.

The writers of files are loaded when the first page is drawn.
"""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bri_desktop.db.models import Project
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import InputError, UserError
from bri_desktop.reports.document import Figure, Picture, SummaryDocument, Table
from bri_desktop.services.statistics_cache import StatisticsCache
from bri_desktop.services.year import SummaryOptions, figures_of, summary_document
from bri_desktop.services.year_figures import Opened, open_figure
from bri_desktop.services.year_freezing import (
    ATTEMPTS,
    OVERTAKEN,
    FrozenNow,
    PreparedFreeze,
    prepare_freeze,
    store_freeze,
)
from bri_desktop.services.year_frozen import FROZEN, frozen_years
from bri_desktop.services.year_out import Written, last_year_written, note_written, place_for, write_document
from bri_desktop.services.year_prose import Prose, Template, list_templates, read_prose
from bri_desktop.services.year_restated import PreparedNote, Standing, prepare_note, standing, store_note

if TYPE_CHECKING:
    from bri_desktop.reports.pages import PageImage
    from bri_desktop.reports.pdf import Printed
    from bri_desktop.reports.pdf_blocks import Place

__all__ = [
    "ATTEMPTS",
    "OVERTAKEN",
    "Desk",
    "Figure",
    "Opened",
    "PageImage",
    "Place",
    "Printed",
    "Prose",
    "Standing",
    "SummaryDocument",
    "SummaryOptions",
    "Template",
    "Written",
]
"""Values that the window shows besides what is defined here."""

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Desk:
    """All that the page shows besides the paper: own words by section, templates, frozen years (year -> day)."""

    document: SummaryDocument
    prose: Mapping[str, Prose]
    templates: tuple[Template, ...]
    frozen: Mapping[int, str]


def default_year(session: Session, today: datetime.date) -> int:
    """Return the year to begin with: that of the last summary written, else the last whole year with projects."""
    written = last_year_written(session)
    if written is not None:
        return written
    newest = session.scalar(select(func.max(Project.start)).where(Project.start < str(today.year)))
    return int(newest[:4]) if newest else today.year - 1


def read_desk(
    session: Session,
    options: SummaryOptions,
    today: datetime.date,
    cache: StatisticsCache,
    progress: Progress,
    cancelled: Cancelled,
) -> Desk:
    """Return the summary with what belongs to it; errors as :func:`summary_document` raises them."""
    document = summary_document(session, options, today=today, cache=cache, progress=progress, cancelled=cancelled)
    frozen = {row.year: row.frozen_at[:10] for row in frozen_years(session)}
    return Desk(document, read_prose(session, options), list_templates(session), frozen)


def read_figure(
    session: Session, name: str, year: int, edition: str, today: datetime.date, cache: StatisticsCache
) -> Opened:
    """Return a figure with the records behind it; errors as :func:`open_figure` raises them."""
    return open_figure(session, name, year, edition=edition, today=today, cache=cache)


def read_standing(
    session: Session, year: int, edition: str, today: datetime.date, cache: StatisticsCache
) -> Standing | None:
    """Return how a year stands against what was frozen; ``None`` where it is not frozen."""
    try:
        return standing(session, year, edition=edition, today=today, cache=cache)
    except InputError as error:
        if error.code == "year_not_frozen":
            return None
        raise


def print_pages(document: SummaryDocument, cancelled: Cancelled) -> "Printed":
    """Return the pages as they will print; ``UserError`` ``cancelled``."""
    from bri_desktop.reports.pdf import print_pdf

    return print_pdf(document, progress=stopping(cancelled))


def draw_page(data: bytes, page: int, scale: float) -> "PageImage":
    """Return a page as pixels, ``scale`` pixels a point."""
    from bri_desktop.reports import pages

    return pages.draw_page(data, page, scale)


def stopping(cancelled: Cancelled, progress: Progress | None = None) -> Progress:
    """Return a progress that raises ``UserError`` ``cancelled`` where the work was asked to stop."""

    def told(done: int, total: int) -> None:
        if cancelled():
            raise UserError("cancelled")
        if progress is not None:
            progress(done, total)

    return told


def read_place(session: Session, document: SummaryDocument, wished: Path) -> Written:
    """Return where a summary is to be written, so that no file that somebody edited is replaced."""
    return place_for(session, document, wished)


def write_file(document: SummaryDocument, path: Path, progress: Progress, cancelled: Cancelled) -> Path:
    """Write a summary; where it fails or is stopped nothing of it remains. ``UserError`` ``cancelled``."""
    write_document(document, path, progress=stopping(cancelled, progress))
    return path


def note_file(session: Session, document: SummaryDocument, path: Path) -> Changes:
    """Remember a summary that was written."""
    return note_written(session, document, path)


def prepare_year(
    session: Session, year: int, note: str, again: bool, progress: Progress, cancelled: Cancelled
) -> PreparedFreeze:
    """Return what declaring a year final keeps; errors as :func:`prepare_freeze` raises them."""
    return prepare_freeze(session, year, note=note, again=again, progress=progress, cancelled=cancelled)


def freeze_year(session: Session, prepared: PreparedFreeze) -> FrozenNow:
    """Declare a year final; ``InputError`` ``year_overtaken`` where the ledger was changed since it was prepared."""
    return store_freeze(session, prepared)


@dataclass(frozen=True, slots=True)
class RestatedYear:
    """A frozen year with the note that was kept on it."""

    standing: Standing
    changes: Changes


def prepare_restated(session: Session, year: int, progress: Progress, cancelled: Cancelled) -> PreparedNote:
    """Return what a note on a frozen year says."""
    return prepare_note(session, year, progress=progress, cancelled=cancelled)


def restate_year(session: Session, prepared: PreparedNote) -> RestatedYear:
    """Keep a note on what has changed since a year was declared final; ``InputError`` ``year_overtaken``."""
    return RestatedYear(store_note(session, prepared), Changes(FROZEN))


def figures_by_section(document: SummaryDocument) -> dict[str, dict[str, Figure]]:
    """Return section -> the figures printed in it, by name."""
    found: dict[str, dict[str, Figure]] = {}
    for section in document.sections:
        runs = found[section.code] = {}
        for one in figures_of([section]):
            figure = document.figures[one] if isinstance(one, str) else one
            runs.setdefault(figure.name, figure)
    return found


def figures_in_words(document: SummaryDocument, code: str) -> dict[str, Figure]:
    """Return the figures of a section's texts and tables, by name: those that own words can speak of."""
    own = [section for section in document.sections if section.code == code]
    return {one.name: one for one in figures_of(own) if isinstance(one, Figure)}


def note_under(document: SummaryDocument, name: str) -> str:
    """Return what stands under the table or picture in which a figure is printed, "" for none."""
    for _, block in document.blocks():
        if isinstance(block, Table):
            runs: Any = (run for row in block.rows for cell in row for run in cell)
            if block.note and any(isinstance(run, Figure) and run.name == name for run in runs):
                return f"{block.label}　{block.note}"
        elif isinstance(block, Picture) and block.note and any(name in one.figures for one in block.chart.series):
            return f"{block.label}　{block.note}"
    return ""
