"""The manager's own words in a summary, and the templates that choose its sections.

What is written for a section stays, however often the summary is made anew. The numbers in it are held against the
figures of the section at the time, so that the page can say which of them are others now.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bri_desktop.db.database import now
from bri_desktop.db.year_models import SummaryProse, SummaryTemplate
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import InputError, StaleRecordError
from bri_desktop.i18n import language
from bri_desktop.reports.document import Edition, Figure, Paragraph, Section
from bri_desktop.services.year import LAYOUTS, SECTIONS, SPANS, SummaryOptions, figures_of

BEFORE, AFTER, INSTEAD = "before", "after", "instead"
PLACES = (BEFORE, AFTER, INSTEAD)
"""Where own words stand: before the composed text, after it, or in its place; tables and pictures always stay."""
SUMMARY = frozenset({"summary"})
LONGEST_TEXT = 20_000
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Prose:
    """Own words for a section; ``figures`` name -> [value, as printed] of those they speak of."""

    section: str
    text: str
    place: str
    figures: Mapping[str, Any]
    version: int
    updated_at: str


@dataclass(frozen=True, slots=True)
class Template:
    """A choice of sections under a name; ``options`` as :class:`SummaryOptions` has them, without the year."""

    name: str
    edition: str
    layout: str
    sections: tuple[str, ...]
    span: int
    office: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``report-templates --json`` prints."""
        names = ("name", "edition", "layout", "span", "office")
        return {name: getattr(self, name) for name in names} | {"sections": list(self.sections)}


# -- own words -----------------------------------------------------------------------------------------------------


def read_prose(session: Session, options: SummaryOptions) -> dict[str, Prose]:
    """Return section -> own words of the summary's year, edition and language."""
    query = select(SummaryProse).where(*_of(options))
    return {
        row.section: Prose(row.section, row.text, row.place, row.figures, row.version, row.updated_at)
        for row in session.scalars(query)
    }


def _of(options: SummaryOptions) -> tuple[Any, ...]:
    return (
        SummaryProse.year == options.year,
        SummaryProse.edition == options.edition,
        SummaryProse.language == (options.language or language()),
    )


def save_prose(
    session: Session,
    options: SummaryOptions,
    section: str,
    text: str,
    *,
    place: str = AFTER,
    figures: Mapping[str, Figure] | None = None,
    version: int | None = None,
) -> Changes:
    """Store own words for a section; empty text takes them away.

    ``figures`` are those of the section as it is printed now; the ones whose number stands in the text are kept with
    it. Raises ``InputError`` ``option_unknown``, ``text_too_long``; ``StaleRecordError`` where ``version`` is not the
    stored one.
    """
    for value, known in ((section, SECTIONS), (place, PLACES)):
        if value not in known:
            raise InputError("option_unknown", value=value, known=", ".join(known))
    if len(text) > LONGEST_TEXT:
        raise InputError("text_too_long", count=len(text), most=LONGEST_TEXT)
    row = session.scalar(select(SummaryProse).where(*_of(options), SummaryProse.section == section))
    if version is not None and version != (row.version if row else 0):
        raise StaleRecordError("summary_prose_stale")
    if not text.strip():
        if row is not None:
            session.delete(row)
            session.flush()
        return Changes(SUMMARY)
    if row is None:
        row = SummaryProse(year=options.year, edition=options.edition, section=section, version=0)
        row.language = options.language or language()
        session.add(row)
    row.text, row.place = text.strip(), place
    row.figures = spoken_of(text, figures or {})
    row.version = (row.version or 0) + 1
    row.updated_at = now()
    session.flush()
    return Changes(SUMMARY)


def spoken_of(text: str, figures: Mapping[str, Figure]) -> dict[str, Any]:
    """Return name -> [value, as printed] of the figures whose number stands in the text by itself."""
    return {
        name: [figure.plain, figure.shown]
        for name, figure in figures.items()
        if figure.value is not None and stands_in(figure.shown, text)
    }


def stands_in(shown: str, text: str) -> bool:
    """Tell whether a printed number stands in a text and is not part of a longer one."""
    return re.search(rf"(?<![\d.,]){re.escape(shown)}(?!\d|[.,]\d|%)", text) is not None


def with_prose(session: Session, options: SummaryOptions, sections: Sequence[Section]) -> tuple[Section, ...]:
    """Return the sections with the manager's own words in them; ``changed`` names figures that are others now."""
    own = read_prose(session, options)
    return tuple(_worded(section, own[section.code]) if section.code in own else section for section in sections)


def _worded(section: Section, prose: Prose) -> Section:
    words = tuple(Paragraph((line.strip(),), "own") for line in prose.text.splitlines() if line.strip())
    composed = section.blocks
    if prose.place == INSTEAD:
        composed = tuple(block for block in composed if not (isinstance(block, Paragraph) and block.kind == "text"))
    text_ends = next((n for n, block in enumerate(composed) if not isinstance(block, Paragraph)), len(composed))
    at = text_ends if prose.place == AFTER else 0
    blocks = (*composed[:at], *words, *composed[at:])
    return replace(section, blocks=blocks, own=True, changed=changed_figures(section, prose))


def changed_figures(section: Section, prose: Prose) -> tuple[str, ...]:
    """Return the figures that own words spoke of and that are printed otherwise now, or not at all."""
    current = {figure.name: figure.shown for figure in figures_of([section]) if isinstance(figure, Figure)}
    return tuple(name for name, (_, shown) in prose.figures.items() if current.get(name) != shown)


# -- templates -----------------------------------------------------------------------------------------------------


def list_templates(session: Session) -> tuple[Template, ...]:
    """Return the templates by name."""
    rows = session.scalars(select(SummaryTemplate).order_by(SummaryTemplate.name))
    return tuple(_template(row) for row in rows)


def _template(row: SummaryTemplate) -> Template:
    stored = row.options
    return Template(
        row.name,
        stored["edition"],
        stored["layout"],
        tuple(code for code in stored["sections"] if code in SECTIONS),
        stored["span"],
        stored.get("office", ""),
    )


def get_template(session: Session, name: str) -> Template:
    """Return a template by its name; ``InputError`` ``option_unknown`` for one there is not."""
    found = {one.name: one for one in list_templates(session)}
    if name not in found:
        raise InputError("option_unknown", value=name, known="、".join(found) or "—")
    return found[name]


def save_template(session: Session, name: str, options: SummaryOptions) -> Changes:
    """Store the choice of sections under a name, in place of what it was before.

    Raises ``InputError`` ``code_name_needed``, ``text_too_long``.
    """
    wanted = " ".join(name.split())
    if not wanted:
        raise InputError("code_name_needed")
    if len(wanted) > LONGEST_NAME:
        raise InputError("text_too_long", count=len(wanted), most=LONGEST_NAME)
    row = session.scalar(select(SummaryTemplate).where(SummaryTemplate.name == wanted))
    if row is None:
        row = SummaryTemplate(name=wanted)
        session.add(row)
    row.options = {
        "edition": options.edition,
        "layout": options.layout,
        "sections": list(options.chosen),
        "span": options.span,
        "office": options.office,
    }
    row.updated_at = now()
    session.flush()
    return Changes(SUMMARY)


def delete_template(session: Session, name: str) -> Changes:
    """Forget a template; ``InputError`` ``option_unknown`` for one there is not."""
    get_template(session, name)
    row = session.scalar(select(SummaryTemplate).where(SummaryTemplate.name == name))
    session.delete(row)
    session.flush()
    return Changes(SUMMARY)


def apply_template(options: SummaryOptions, template: Template) -> SummaryOptions:
    """Return the options with the sections, edition, layout and span of a template."""
    edition: Edition = "internal" if template.edition == "internal" else "submission"
    layout = next((one for one in LAYOUTS if one == template.layout), options.layout)
    span = template.span if template.span in SPANS else 1
    office = options.office or template.office
    return replace(options, edition=edition, layout=layout, sections=template.sections, span=span, office=office)
