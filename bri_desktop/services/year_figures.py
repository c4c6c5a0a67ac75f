"""A figure of a summary opened: its value, what it is, and the records behind it."""

import datetime
import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bri_desktop.db.year_models import FrozenYear
from bri_desktop.domain.errors import InputError
from bri_desktop.i18n import language
from bri_desktop.reports.document import Edition, Figure
from bri_desktop.reports.figure_names import figure_labels
from bri_desktop.services.statistics_cache import StatisticsCache
from bri_desktop.services.year import (
    SECTIONS,
    SPANS,
    Draft,
    SummaryOptions,
    check_options,
    drafts_kept,
    fitting_cache,
    kept_draft,
)
from bri_desktop.services.year import printed_figures as printed
from bri_desktop.services.year_frozen import stored_draft
from bri_desktop.services.year_packing import unpack_members
from bri_desktop.services.year_records import key_of_kind

_PLACE = re.compile(r"__\d+$")


@dataclass(frozen=True, slots=True)
class Opened:
    """A figure with the records behind it. ``frozen`` is its value when the year was declared final, if it was, and
    ``frozen_ids`` the records that stood behind it then, in the edition that was asked for.

    ``kind`` and ``ids`` name the records; a figure that is a rate of something else has none of its own.
    """

    figure: Figure
    year: int
    label: str
    kind: str
    ids: tuple[int, ...]
    is_frozen: bool = False
    frozen: int | float | str | None = None
    frozen_ids: tuple[int, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the records."""
        return tuple(key_of_kind(self.kind, id_) for id_ in self.ids)

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``show-figure --json`` prints."""
        plain = {"figure": self.figure.name, "year": self.year, "label": self.label}
        plain |= {"value": self.figure.plain, "shown": self.figure.shown, "keys": list(self.keys)}
        plain |= {"kind": self.kind, "rule": self.figure.rule}
        if not self.is_frozen:
            return plain
        then = [key_of_kind(self.kind, id_) for id_ in self.frozen_ids]
        return plain | {"frozen": self.frozen, "frozen_keys": then}


def open_figure(
    session: Session,
    bookmark: str,
    year: int,
    *,
    edition: str = "internal",
    today: datetime.date | None = None,
    cache: StatisticsCache | None = None,
) -> Opened:
    """Return the figure that a bookmark of a year's summary names, as the ledger stands now.

    Raises ``InputError`` ``figure_unknown`` for a name that no figure of the year has.
    """
    name, day = _PLACE.sub("", bookmark.strip()).lower(), today or datetime.date.today()
    own: Edition = "internal" if edition == "internal" else "submission"
    options = SummaryOptions(year, edition=own, language=language(), sections=SECTIONS, span=SPANS[-1])
    check_options(options, day)
    kept = fitting_cache(own, cache)
    draft = next((one for one in drafts_kept(kept, year, own) if _holds(one, name)), None)
    draft = draft or kept_draft(session, options, day, kept)
    row = session.get(FrozenYear, year)
    then = stored_draft(row, own, language()) if row is not None else None
    before = printed(then.sections, then.figures).get(name) if then else None
    figure = printed(draft.sections, draft.figures).get(name) or before
    if figure is None:
        raise InputError("figure_unknown", figure=bookmark, year=year)
    kept_kind, kept_ids = unpack_members(row.members, own)(name) if row is not None else ("", ())
    kind, ids = _behind(draft, name) or (kept_kind, kept_ids)
    sections = (*draft.sections, *(then.sections if then else ()))
    return Opened(
        figure=figure,
        year=year,
        label=figure_labels(sections).get(name, name),
        kind=kind,
        ids=ids,
        is_frozen=before is not None,
        frozen=before.plain if before else None,
        frozen_ids=kept_ids if before else (),
    )


def _holds(draft: Draft, name: str) -> bool:
    return name in printed(draft.sections, draft.figures)


def _behind(draft: Draft, name: str) -> tuple[str, tuple[int, ...]] | None:
    source = draft.sources.get(name)
    return (source.kind, tuple(sorted(set(source.ids())))) if source is not None else None
