"""The frozen year: figures declared final with the records behind them, and what later corrections made of them.

A frozen year keeps its very document, so that its text never changes under the reader; corrections of its records are
allowed, and :func:`restate` says which figures they moved, by which records, who made them and when.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bri_desktop.db.year_models import FrozenYear, Restatement
from bri_desktop.domain.errors import InputError
from bri_desktop.i18n import LANGUAGES, language, tr
from bri_desktop.reports.document import Figure, Paragraph, Section
from bri_desktop.reports.document_json import from_plain
from bri_desktop.reports.figure_names import figure_labels
from bri_desktop.reports.wording import ABSENT, date_text
from bri_desktop.services.statistics_cache import StatisticsCache
from bri_desktop.services.year import Draft, SummaryOptions, kept_draft
from bri_desktop.services.year_packing import unpack

FROZEN = frozenset({"frozen_year", "summary"})
NEAR = 1e-9
NOT_KEPT = frozenset({"comparison"})
"""Sections that are made anew each time: they speak of other years too."""


@dataclass(frozen=True, slots=True)
class FrozenDraft:
    """A frozen document with the note on what has changed; ``changed`` names the figures that are others now."""

    draft: Draft
    changed: frozenset[str]


# -- reading -------------------------------------------------------------------------------------------------------


def frozen_years(session: Session) -> tuple[FrozenYear, ...]:
    """Return the frozen years, latest first."""
    return tuple(session.scalars(select(FrozenYear).order_by(FrozenYear.year.desc())))


def restatements(session: Session, year: int) -> tuple[Restatement, ...]:
    """Return the notes on a frozen year, oldest first."""
    return tuple(session.scalars(select(Restatement).where(Restatement.year == year).order_by(Restatement.id)))


def get_frozen(session: Session, year: int) -> FrozenYear:
    """Return a frozen year; ``InputError`` ``year_not_frozen`` for one that is not."""
    row = session.get(FrozenYear, year)
    if row is None:
        raise InputError("year_not_frozen", year=year)
    return row


def stored_draft(row: FrozenYear, edition: str, spoken: str) -> Draft:
    """Return the document of a frozen year."""
    plain = unpack(row.document)[f"{edition} {spoken}"]
    figures: tuple[Figure, ...] = from_plain(plain["figures"])
    sections: tuple[Section, ...] = from_plain(plain["sections"])
    return Draft(sections, {figure.name: figure for figure in figures})


def frozen_draft(
    session: Session, options: SummaryOptions, today: datetime.date, cache: StatisticsCache
) -> FrozenDraft | None:
    """Return the frozen document with the sections that were chosen; ``None`` for a year that is not frozen.

    The notes that were stored on the year follow as an annex.
    """
    row = session.get(FrozenYear, options.year)
    if row is None:
        return None
    kept = stored_draft(row, options.edition, options.language or language())
    known = {section.code: section for section in kept.sections}
    figures = dict(kept.figures)
    fresh: dict[str, Section] = {}
    anew = tuple(code for code in options.chosen if code in NOT_KEPT)
    if anew and options.span > 1:
        made = kept_draft(session, replace(options, sections=anew), today, cache)
        fresh = {section.code: section for section in made.sections}
        figures = {**made.figures, **figures}
    sections = [{**known, **fresh}[code] for code in options.chosen if code in {**known, **fresh}]
    changed = changes_kept(session, row, options.edition)
    annex = _notes(row, restatements(session, options.year), options.edition, figure_labels(kept.sections))
    return FrozenDraft(Draft((*sections, annex), figures), frozenset(one["figure"] for one in changed))


def changes_kept(session: Session, row: FrozenYear, edition: str) -> list[dict[str, Any]]:
    """Return the changes of an edition as the last note since the freeze has them; nothing without one."""
    since = [note for note in restatements(session, row.year) if note.id > row.options["notes"]]
    return [change for note in since[-1:] for change in note.changes if change["edition"] == edition]


def _notes(row: FrozenYear, notes: Sequence[Restatement], edition: str, labels: Mapping[str, str]) -> Section:
    """Return the annex of what was restated; without blocks where nothing was.

    The submitted edition has only the changes of its own figures, and names no record.
    """
    whole = edition == "internal" and language() == LANGUAGES[0]
    lines: list[str] = []
    for note in notes:
        if whole:
            lines += (note.note or "").splitlines()
            continue
        own = [change for change in note.changes if change["edition"] == edition]
        lines += [restated_line(labels.get(one["figure"], one["label"]), one) for one in own]
    if not lines:
        return Section("restatements", tr("Restatements"), (), annex=True)
    head = tr("The figures of {year} were declared final on {date}.", year=row.year, date=date_text(row.frozen_at[:10]))
    return Section("restatements", tr("Restatements"), tuple(Paragraph((line,)) for line in (head, *lines)), annex=True)


def restated_line(label: str, change: Mapping[str, Any]) -> str:
    """Return the sentence on one figure that is another now."""
    then, today = change["frozen_shown"], change["now_shown"]
    return tr("{figure}: {frozen} when declared final, {now} now.", figure=label, frozen=then, now=today)


def change_of(label: str, old: Figure | None, new: Figure | None) -> dict[str, Any] | None:
    """Return what was frozen and what is now of one figure, raw and as printed; ``None`` where they are the same."""
    then, today = old.plain if old else None, new.plain if new else None
    if same_value(then, today):
        return None
    shown = {"frozen_shown": old.shown if old else ABSENT, "now_shown": new.shown if new else ABSENT}
    return {"label": label, "frozen": then, "now": today} | shown


def is_volatile(name: str) -> bool:
    """Tell whether a figure is of today whatever the year: the state of the records, and what was not returned."""
    return name.startswith(("quality_", "problem_statistics_missing", "trend_statistics_missing"))


def same_value(then: Any, today: Any) -> bool:
    """Tell whether two plain values of a figure are the same; rates may differ by a rounding."""
    if isinstance(then, int | float) and isinstance(today, int | float):
        return abs(then - today) <= NEAR
    return bool(then == today)
