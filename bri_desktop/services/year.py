"""The yearly summary of a ledger: which sections, in which edition and language, as one value for every outlet."""

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bri_desktop.db.models import Change
from bri_desktop.db.year_models import FrozenYear
from bri_desktop.domain.errors import InputError, UserError
from bri_desktop.i18n import LANGUAGES, language, speaking, tr
from bri_desktop.reports.document import (
    Edition,
    Figure,
    Layout,
    Paragraph,
    Picture,
    Section,
    SummaryDocument,
    Table,
)
from bri_desktop.reports.numbering import Group, annex_lines, number
from bri_desktop.reports.wording import date_text
from bri_desktop.services.office import read_office
from bri_desktop.services.sample_mark import is_sample
from bri_desktop.services.statistics_cache import StatisticsCache
from bri_desktop.services.year_annexes import ended_projects, new_projects, outcomes, rules, sources
from bri_desktop.services.year_book import Book, Source
from bri_desktop.services.year_comparison import comparison
from bri_desktop.services.year_map import MAP, with_files, world_map
from bri_desktop.services.year_map import title as map_title
from bri_desktop.services.year_outlook import outlook
from bri_desktop.services.year_overview import COURSE_YEARS, first_year, overview
from bri_desktop.services.year_packing import read_frozen
from bri_desktop.services.year_problems import problems
from bri_desktop.services.year_quality import quality
from bri_desktop.services.year_results import approval, results
from bri_desktop.services.year_rules import section_rule
from bri_desktop.services.year_spread import spread, spreads
from bri_desktop.services.year_ties import ties

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]

EDITIONS: tuple[Edition, ...] = ("submission", "internal")
LAYOUTS: tuple[Layout, ...] = ("official", "plain")
SPANS = (1, 3, 5)
SPREAD = ("mode", "domain", "city", "continent", "corridor", "sdg")
TEXT = ("overview", "comparison", *SPREAD, MAP, "results", "ties", "approval", "problems", "quality", "outlook")
ANNEXES = ("new_projects", "ended_projects", "outcomes", "rules", "sources")
SECTIONS = (*TEXT, *ANNEXES)
INSIDE = frozenset({"problems", "quality"})
"""Sections that a submitted summary has only where they are chosen."""
EARLIEST = 1949
DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class SummaryOptions:
    """What is asked for. ``sections`` in their order, empty: those of the edition; ``span`` years are compared.

    ``language`` ``None`` is the one spoken; ``office`` signs the document.
    """

    year: int
    edition: Edition = "internal"
    language: str | None = None
    layout: Layout = "official"
    sections: tuple[str, ...] = ()
    span: int = 1
    office: str = ""
    title: str = ""

    @property
    def years(self) -> tuple[int, ...]:
        """The years compared, that of the summary last."""
        return tuple(range(self.year - self.span + 1, self.year + 1))

    @property
    def chosen(self) -> tuple[str, ...]:
        """The sections in their order."""
        if self.sections:
            return self.sections
        return tuple(code for code in SECTIONS if self.edition == "internal" or code not in INSIDE)


@dataclass(frozen=True, slots=True)
class Draft:
    """Sections without numbers, with the figures that stand in them and the way to the records of each."""

    sections: tuple[Section, ...]
    figures: Mapping[str, Figure]
    sources: Mapping[str, Source] = field(default_factory=dict)


def check_options(options: SummaryOptions, today: datetime.date) -> None:
    """Raise ``InputError`` for a year, edition, language, layout, span or section that there is not."""
    if not EARLIEST <= options.year <= today.year:
        raise InputError("year_out_of_range", year=options.year, first=EARLIEST, last=today.year)
    wanted: tuple[tuple[object, tuple[Any, ...]], ...] = (
        (options.edition, EDITIONS),
        (options.language or language(), LANGUAGES),
        (options.layout, LAYOUTS),
        (options.span, SPANS),
        *((code, SECTIONS) for code in options.sections),
    )
    for value, known in wanted:
        if value not in known:
            raise InputError("option_unknown", value=value, known=", ".join(map(str, known)))
    for code in options.sections:
        if options.sections.count(code) > 1:
            raise InputError("section_twice", section=section_title(code))


def summary_document(
    session: Session,
    options: SummaryOptions,
    *,
    today: datetime.date | None = None,
    cache: StatisticsCache | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> SummaryDocument:
    """Return the summary. A frozen year keeps the figures that were declared final, with a note on what changed.

    ``cache`` is used where it holds the records of the edition. Raises ``InputError``: ``year_without_data`` and
    those of :func:`check_options`; ``UserError`` ``cancelled``.
    """
    from bri_desktop.services.year_frozen import frozen_draft
    from bri_desktop.services.year_prose import with_prose

    day = today or datetime.date.today()
    check_options(options, day)
    with speaking(options.language or language()):
        kept = fitting_cache(options.edition, cache)
        frozen = frozen_draft(session, options, day, kept)
        draft = frozen.draft if frozen else kept_draft(session, options, day, kept, progress, cancelled)
        placed = with_files(session, draft.sections, internal=options.edition == "internal")
        sections = with_prose(session, options, placed)
        numbered = number(sections, groups())
        return SummaryDocument(
            year=options.year,
            years=options.years,
            edition=options.edition,
            language=language(),
            layout=options.layout,
            title=options.title or title_of(options),
            office=options.office or read_office(session).name,
            date=date_text(day.isoformat()),
            sections=numbered,
            figures=printed_figures(numbered, draft.figures),
            mark=tr("Sample data, not for official statistics") if is_sample(session) else "",
            frozen=frozen is not None,
            changed=frozen.changed if frozen else frozenset(),
            annex_lines=annex_lines(numbered),
        )


def fitting_cache(edition: str, cache: StatisticsCache | None) -> StatisticsCache:
    """Return the cache where it holds the records of the edition, else a new one."""
    public_only = edition != "internal"
    return cache if cache is not None and cache.public_only == public_only else StatisticsCache(public_only=public_only)


def title_of(options: SummaryOptions) -> str:
    """Return the title of a summary."""
    if options.span > 1:
        return tr("City cooperation abroad in {first}–{last}", first=options.years[0], last=options.year)
    return tr("Summary of city cooperation abroad in {year}", year=options.year)


def groups() -> tuple[Group, ...]:
    """Return which sections stand under one heading."""
    return (Group("spread", tr("Layout of cooperation"), frozenset((*SPREAD, MAP))),)


def make_book(session: Session, options: SummaryOptions, today: datetime.date, cache: StatisticsCache) -> Book:
    """Return the workshop of a summary; ``InputError`` ``year_without_data`` where the ledger has nothing of it."""
    book = Book(session, options.year, today, cache, internal=options.edition == "internal")
    # Of the year itself only where years are compared: its own figures are those of the ledger.
    of_others = set(range(options.year - COURSE_YEARS + 1, options.year))
    compared = set(options.years) if options.span > 1 else set()
    book.frozen = read_frozen(session, sorted(of_others | compared), options.edition)
    counted = [book.ask(count, kind=kind).total for kind in ("project", "pair") for count in ("stock", "flow", "ended")]
    if not any(counted):
        first = first_year(book)
        if first is None:
            raise InputError("ledger_without_years")
        if first > options.year:
            raise InputError("year_before_data", year=options.year, first=first)
        raise InputError("year_without_data", year=options.year)
    return book


def kept_draft(
    session: Session,
    options: SummaryOptions,
    today: datetime.date,
    cache: StatisticsCache,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Draft:
    """Return the draft that the cache keeps for these options, made now where there is none yet."""
    frozen = tuple(session.execute(select(FrozenYear.year, FrozenYear.version).order_by(FrozenYear.year)).tuples())
    key = (DRAFT, options.year, options.edition, language(), today, options.chosen, options.span, frozen)
    made: Draft = cache.once(key, lambda: make_draft(session, options, today, cache, progress, cancelled))
    return made


def drafts_kept(cache: StatisticsCache, year: int, edition: str) -> list[Draft]:
    """Return the drafts of a year that the cache keeps in the language spoken."""
    wanted = (DRAFT, year, edition, language())
    return [made for key, made in cache.kept.items() if isinstance(key, tuple) and key[:4] == wanted]


def make_draft(
    session: Session,
    options: SummaryOptions,
    today: datetime.date,
    cache: StatisticsCache,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Draft:
    """Return the chosen sections as the ledger stands now."""
    book = make_book(session, options, today, cache)
    done: dict[str, Section] = {}
    # The annex of rules speaks of every table, so it is made last, wherever it stands.
    order = sorted(options.chosen, key=lambda code: code == "rules")
    for step, code in enumerate(order):
        if cancelled is not None and cancelled():
            raise UserError("cancelled")
        if progress is not None:
            progress(step, len(order))
        done[code] = _make(book, code, options)
    if progress is not None:
        progress(len(order), len(order))
    sections = tuple(done[code] for code in options.chosen)
    return Draft(sections, book.figures, book.sources)


def _make(book: Book, code: str, options: SummaryOptions) -> Section:
    book.rule = section_rule(code)
    if code in SPREAD:
        return spread(book, next(part for part in spreads() if part.code == code))
    if code == "comparison":
        return comparison(book, options.years)
    return _BUILDERS[code](book)


_BUILDERS: Mapping[str, Callable[[Book], Section]] = {
    "overview": overview,
    MAP: world_map,
    "results": results,
    "ties": ties,
    "approval": approval,
    "problems": problems,
    "quality": quality,
    "outlook": outlook,
    "new_projects": new_projects,
    "ended_projects": ended_projects,
    "outcomes": outcomes,
    "rules": rules,
    "sources": sources,
}


def section_title(code: str) -> str:
    """Return the name of a section, as a list of them shows it."""
    titles = {
        "overview": tr("Overview"),
        "comparison": tr("Comparison of years"),
        **{part.code: part.title for part in spreads()},
        MAP: map_title(),
        "results": tr("Results of cooperation"),
        "ties": tr("Sister cities and friendly exchange"),
        "approval": tr("How approvals went"),
        "problems": tr("Problems found"),
        "quality": tr("Quality of the records"),
        "outlook": tr("What falls due next year"),
        "new_projects": tr("List of projects begun"),
        "ended_projects": tr("List of projects ended"),
        "outcomes": tr("List of outcomes"),
        "rules": tr("Counting rules"),
        "sources": tr("Sources and rates"),
    }
    return titles[code]


def figures_of(sections: Sequence[Section]) -> Iterator[Figure | str]:
    """Return the figures of texts and tables, and the names of those of pictures, in the order of print."""
    for section in sections:
        for block in section.blocks:
            if isinstance(block, Paragraph):
                yield from (run for run in block.runs if isinstance(run, Figure))
            elif isinstance(block, Table):
                yield from (run for row in block.rows for cell in row for run in cell if isinstance(run, Figure))
            elif isinstance(block, Picture):
                yield from (name for series in block.chart.series for name in series.figures if name)


def printed_figures(sections: Sequence[Section], known: Mapping[str, Figure]) -> dict[str, Figure]:
    """Return name -> figure of everything that is printed."""
    found: dict[str, Figure] = {}
    for one in figures_of(sections):
        figure = known[one] if isinstance(one, str) else one
        found.setdefault(figure.name, figure)
    return found


def report_json(document: SummaryDocument) -> dict[str, Any]:
    """Return what ``report --json`` prints of a document."""
    return {
        "year": document.year,
        "years": list(document.years),
        "edition": document.edition,
        "language": document.language,
        "title": document.title,
        "frozen": document.frozen,
        "changed": sorted(document.changed),
        "sections": [
            {"code": section.code, "title": section.title, "annex": section.annex, "own": section.own}
            | {"changed": list(section.changed)}
            for section in document.sections
        ],
        "tables": len(document.tables()),
        "pictures": len(document.pictures()),
        "figures": document.values(),
    }


def last_change(session: Session) -> int:
    """Return the number of the latest act, 0 of none: tells whether a document still holds."""
    return session.scalar(select(func.max(Change.id))) or 0
