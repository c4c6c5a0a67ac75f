"""What later corrections made of a frozen year: which figures are others now, by which records, who, when."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bri_desktop.db.actor import actor
from bri_desktop.db.database import Database, now
from bri_desktop.db.models import Change, HistoryEntry
from bri_desktop.db.year_models import FrozenRecord, FrozenYear, Restatement
from bri_desktop.i18n import language, tr
from bri_desktop.reports.document import Edition
from bri_desktop.reports.figure_names import figure_labels
from bri_desktop.reports.wording import ABSENT, date_text
from bri_desktop.services.statistics_cache import StatisticsCache
from bri_desktop.services.year import (
    SECTIONS,
    Cancelled,
    Draft,
    Progress,
    SummaryOptions,
    fitting_cache,
    kept_draft,
    last_change,
    printed_figures,
)
from bri_desktop.services.year_book import FROZEN_NAME, Source
from bri_desktop.services.year_freezing import check_unchanged, settle
from bri_desktop.services.year_frozen import (
    changes_kept,
    get_frozen,
    is_volatile,
    restated_line,
    same_value,
    stored_draft,
)
from bri_desktop.services.year_packing import unpack_members
from bri_desktop.services.year_records import KEPT_KINDS, digests_of, key_of_kind

SHOWN_KEYS = 10


@dataclass(frozen=True, slots=True)
class Restated:
    """One figure of a frozen year that is another now, and the records that made it so.

    ``frozen`` and ``now`` are ``None`` for a figure that was not there, or is not any more.
    """

    figure: str
    label: str
    frozen: int | float | str | None
    now: int | float | str | None
    frozen_shown: str
    now_shown: str
    keys: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``restate --json`` prints."""
        names = ("figure", "label", "frozen", "now", "frozen_shown", "now_shown")
        return {name: getattr(self, name) for name in names} | {"keys": list(self.keys)}


@dataclass(frozen=True, slots=True)
class Correction:
    """What was done to a record after the year was frozen: its key, when, by whom, which act, fields before, after."""

    key: str
    at: str
    who: str | None
    act: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``restate --json`` prints."""
        names = ("key", "at", "who", "act", "before", "after")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a frozen year stands: figures that changed, corrections of their records, and the note in words."""

    year: int
    frozen_at: str
    version: int
    changes: tuple[Restated, ...]
    corrections: tuple[Correction, ...]
    note: str

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``restate --json`` prints."""
        plain = {"year": self.year, "frozen_at": self.frozen_at, "version": self.version, "note": self.note}
        plain |= {"changes": [one.to_json() for one in self.changes]}
        return plain | {"corrections": [one.to_json() for one in self.corrections]}


def standing(
    session: Session,
    year: int,
    *,
    edition: str = "internal",
    today: datetime.date | None = None,
    cache: StatisticsCache | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Standing:
    """Return how a frozen year stands against the ledger of today. Raises ``InputError`` ``year_not_frozen``."""
    row = get_frozen(session, year)
    own: Edition = "internal" if edition == "internal" else "submission"
    options = SummaryOptions(year, edition=own, language=language(), sections=SECTIONS)
    day = today or datetime.date.today()
    draft = kept_draft(session, options, day, fitting_cache(own, cache), progress, cancelled)
    then = stored_draft(row, own, language())
    changes, touched = _changes(session, row, then, draft, own)
    corrections = _corrections(session, row, touched)
    note = _note(row, changes, corrections, len(touched))
    return Standing(year, row.frozen_at, row.version, tuple(changes), corrections, note)


@dataclass(frozen=True, slots=True)
class PreparedNote:
    """How a frozen year stands, from the ledger as it was after the change ``seen``, and what the note would keep."""

    standing: Standing
    seen: int
    changes: tuple[Mapping[str, Any], ...]


def prepare_note(
    session: Session,
    year: int,
    *,
    today: datetime.date | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> PreparedNote:
    """Return how a frozen year stands, with what changed in the submitted edition, whose own annex can then say so."""
    seen = last_change(session)
    found = standing(session, year, today=today, progress=progress, cancelled=cancelled)
    outside = standing(session, year, edition="submission", today=today, cancelled=cancelled)
    plain: list[Mapping[str, Any]] = []
    for edition, stands in (("internal", found), ("submission", outside)):
        plain += [change.to_json() | {"edition": edition} for change in stands.changes]
    return PreparedNote(found, seen, tuple(plain))


def store_note(session: Session, prepared: PreparedNote) -> Standing:
    """Keep the note where something changed since the last one. ``InputError`` ``year_overtaken``."""
    year = prepared.standing.year
    check_unchanged(session, year, prepared.seen)
    row, told = get_frozen(session, year), ("edition", "figure", "now")
    last = [one for edition in ("internal", "submission") for one in changes_kept(session, row, edition)]
    if [[one[part] for part in told] for one in prepared.changes] != [[one[part] for part in told] for one in last]:
        note = Restatement(year=year, at=now(), who=actor(), note=prepared.standing.note)
        note.changes = [dict(one) for one in prepared.changes]
        session.add(note)
        session.flush()
    return prepared.standing


def restate(database: Database, year: int, *, today: datetime.date | None = None) -> Standing:
    """Return how a frozen year stands, and keep the note where something changed since the last one."""
    return settle(database, lambda session: prepare_note(session, year, today=today), store_note)


Records = set[tuple[str, int]]


def _changes(
    session: Session, row: FrozenYear, then: Draft, draft: Draft, edition: Edition
) -> tuple[list[Restated], Records]:
    """Return the figures that are others now, and all records behind them that made it so."""
    before = printed_figures(then.sections, then.figures)
    after = printed_figures(draft.sections, draft.figures)
    labels = figure_labels(then.sections) | figure_labels(draft.sections)
    find, moved = unpack_members(row.members, edition), _moved(session, row.year)
    found, touched = [], Records()
    for name in dict.fromkeys((*before, *after)):
        # What is not printed any more (a rate where nothing changed) still has its value.
        old, new = before.get(name), after.get(name) or draft.figures.get(name)
        is_of_other_year = name.endswith(FROZEN_NAME)
        if is_of_other_year or is_volatile(name) or same_value(old and old.plain, new and new.plain):
            continue
        records = _between(find(name), draft.sources.get(name), moved)
        touched |= records
        found.append(
            Restated(
                figure=name,
                label=labels.get(name, name),
                frozen=old.plain if old else None,
                now=new.plain if new else None,
                frozen_shown=old.shown if old else ABSENT,
                now_shown=new.shown if new else ABSENT,
                keys=tuple(key_of_kind(kind, id_) for kind, id_ in sorted(records)),
            )
        )
    return found, touched


def _between(then: tuple[str, tuple[int, ...]], source: Source | None, moved: Records) -> Records:
    """Return the records that came or went, and of those that stayed the ones whose counted values changed."""
    kind, old = then
    kind = kind or (source.kind if source else "")
    new = set(source.ids()) if source else set[int]()
    came_or_went = {(kind, id_) for id_ in set(old) ^ new}
    return came_or_went | {one for one in moved if one[0] == kind and one[1] in new}


def _moved(session: Session, year: int) -> Records:
    """Return the kept records whose counted values are others now, or that are gone."""
    moved = Records()
    for kind in KEPT_KINDS:
        query = select(FrozenRecord.record_id, FrozenRecord.digest)
        kept = dict(session.execute(query.where(FrozenRecord.year == year, FrozenRecord.kind == kind)).tuples().all())
        current = digests_of(session, kind, sorted(kept))
        moved |= {(kind, id_) for id_, digest in kept.items() if current.get(id_) != digest}
    return moved


def _corrections(session: Session, row: FrozenYear, records: Records) -> tuple[Correction, ...]:
    """Return what was done since the freeze to the records, oldest first."""
    if not records:
        return ()
    query = (
        select(HistoryEntry, Change)
        .join(Change, Change.id == HistoryEntry.change_id)
        .where(Change.id > (row.change_id or 0))
        .order_by(HistoryEntry.id)
    )
    return tuple(
        Correction(
            key_of_kind(entry.kind, entry.record_id), change.at, change.who, entry.action, entry.before, entry.after
        )
        for entry, change in session.execute(query)
        if (entry.kind, entry.record_id) in records
    )


def _note(row: FrozenYear, changes: Sequence[Restated], corrections: Sequence[Correction], records: int) -> str:
    """Return the note in words: a line for each figure, then who corrected what and when."""
    if not changes:
        return tr("No figure of {year} has changed since it was declared final.", year=row.year)
    lines = [restated_line(one.label, one.to_json()) for one in changes]
    acts = list(dict.fromkeys((one.key, one.at[:10], one.who or ABSENT) for one in corrections))
    shown = [tr("{key} ({date}, {who})", key=key, date=date_text(at), who=who) for key, at, who in acts[:SHOWN_KEYS]]
    if shown:
        lines.append(tr("By corrections of {n} records: {records}.", n=records, records=tr(", ").join(shown)))
    return "\n".join(lines)
