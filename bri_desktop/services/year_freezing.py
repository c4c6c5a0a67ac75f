"""Declaring a year final: everything is made on a reading session, and only kept in a short transaction.

Others go on saving meanwhile. Where one of them changed the ledger before it was kept, it is made again.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from bri_desktop.db.actor import actor
from bri_desktop.db.database import Database, now
from bri_desktop.db.models import table_of
from bri_desktop.db.year_models import FrozenRecord, FrozenYear, Restatement
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import InputError
from bri_desktop.i18n import LANGUAGES, speaking, tr
from bri_desktop.reports.document_json import to_plain
from bri_desktop.reports.figure_names import figure_labels
from bri_desktop.reports.wording import date_text
from bri_desktop.services.statistics_cache import StatisticsCache
from bri_desktop.services.year import (
    EDITIONS,
    SECTIONS,
    Cancelled,
    Draft,
    Progress,
    SummaryOptions,
    check_options,
    last_change,
    make_draft,
    printed_figures,
)
from bri_desktop.services.year_frozen import FROZEN, change_of, is_volatile, stored_draft
from bri_desktop.services.year_packing import members_of, pack, pack_members
from bri_desktop.services.year_records import KEPT_KINDS, read_kept

INSERT_AT_ONCE = 10_000
ATTEMPTS = 3
"""How often a year is made anew because the ledger was changed meanwhile."""
OVERTAKEN = "year_overtaken"

Drafts = Mapping[tuple[str, str], Draft]
Prepared_ = TypeVar("Prepared_")
Kept_ = TypeVar("Kept_")


@dataclass(frozen=True, slots=True)
class PreparedFreeze:
    """All that a frozen year keeps, made from the ledger as it was after the change ``seen``.

    ``before`` is the version of the freeze that it takes the place of, 0 for none; ``replaced`` are the figures that
    this one said otherwise.
    """

    year: int
    note: str
    seen: int
    before: int
    figures: Mapping[str, Mapping[str, Any]]
    document: str = field(repr=False)
    members: str = field(repr=False)
    records: Sequence[Mapping[str, Any]] = field(repr=False)
    replaced: Sequence[Mapping[str, Any]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class FrozenNow:
    """A year that was declared final: when, by whom, how often, why again, and its figures inside the office."""

    year: int
    frozen_at: str
    who: str | None
    version: int
    note: str | None
    figures: Mapping[str, Any]
    changes: Changes = field(default=Changes(FROZEN))


def settle(
    database: Database, prepare: Callable[[Session], Prepared_], store: Callable[[Session, Prepared_], Kept_]
) -> Kept_:
    """Prepare on a reading session and store in a transaction, again where the ledger was changed between the two.

    Raises ``InputError`` ``year_overtaken`` where that happens each time.
    """
    for attempt in range(1, ATTEMPTS + 1):
        with database.read() as session:
            prepared = prepare(session)
        try:
            with database.write() as session:
                return store(session, prepared)
        except InputError as error:
            if error.code != OVERTAKEN or attempt == ATTEMPTS:
                raise
    raise AssertionError


def check_unchanged(session: Session, year: int, seen: int) -> None:
    """Raise ``InputError`` ``year_overtaken`` where something was done to the ledger after the change ``seen``."""
    if last_change(session) != seen:
        raise InputError(OVERTAKEN, year=year)


# -- making --------------------------------------------------------------------------------------------------------


def prepare_freeze(
    session: Session,
    year: int,
    *,
    today: datetime.date | None = None,
    note: str = "",
    again: bool = False,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> PreparedFreeze:
    """Return what a freeze of a year keeps: the document in both editions and languages, the figures, the records.

    A frozen year is frozen ``again`` only with a ``note`` that says why. Raises ``InputError`` ``year_not_over``,
    ``year_frozen``, ``reason_missing`` and those of a summary.
    """
    day = today or datetime.date.today()
    before = _checked(session, year, day, note, again=again)
    seen = last_change(session)
    drafts = _drafts(session, year, day, progress, cancelled)
    members = members_of(*(_members(drafts[edition, LANGUAGES[0]]) for edition in ("internal", "submission")))
    return PreparedFreeze(
        year=year,
        note=note.strip(),
        seen=seen,
        before=before.version if before else 0,
        figures={edition: _values(drafts[edition, LANGUAGES[0]]) for edition in EDITIONS},
        document=pack({f"{edition} {spoken}": _plain(draft) for (edition, spoken), draft in drafts.items()}),
        members=pack_members(members),
        records=_records(session, year, members),
        replaced=_replaced(before, drafts) if before is not None else (),
    )


def _checked(session: Session, year: int, day: datetime.date, note: str, *, again: bool) -> FrozenYear | None:
    check_options(SummaryOptions(year), day)
    if year >= day.year:
        raise InputError("year_not_over", year=year)
    before = session.get(FrozenYear, year)
    if before is not None and not again:
        raise InputError("year_frozen", year=year, at=date_text(before.frozen_at[:10]))
    if before is not None and not note.strip():
        raise InputError("reason_missing", year=year)
    return before


def _drafts(
    session: Session, year: int, day: datetime.date, progress: Progress | None, cancelled: Cancelled | None
) -> dict[tuple[str, str], Draft]:
    """Return all sections of a year in each edition and language."""
    found: dict[tuple[str, str], Draft] = {}
    wanted = [(edition, spoken) for edition in EDITIONS for spoken in LANGUAGES]
    caches = {edition: StatisticsCache(public_only=edition != "internal") for edition in EDITIONS}
    for step, (edition, spoken) in enumerate(wanted):
        options = SummaryOptions(year, edition=edition, language=spoken, sections=SECTIONS)

        def told(done: int, total: int, base: int = step) -> None:
            if progress is not None:
                progress(base * total + done, len(wanted) * total)

        with speaking(spoken):
            found[edition, spoken] = make_draft(session, options, day, caches[edition], told, cancelled)
    return found


def _values(draft: Draft) -> dict[str, int | float | str | None]:
    return {name: figure.plain for name, figure in printed_figures(draft.sections, draft.figures).items()}


def _members(draft: Draft) -> dict[str, tuple[str, Sequence[int]]]:
    return {name: (way.kind, way.ids()) for name, way in draft.sources.items() if not is_volatile(name)}


def _plain(draft: Draft) -> dict[str, Any]:
    kept = [section for section in draft.sections if section.blocks]
    in_pictures = printed_figures(kept, draft.figures)
    return {"sections": to_plain(kept), "figures": to_plain(list(in_pictures.values()))}


def _records(session: Session, year: int, members: Mapping[str, tuple[str, Sequence[int]]]) -> list[dict[str, Any]]:
    """Return the digest and the counted values of every record that stands behind a figure."""
    wanted: dict[str, set[int]] = {kind: set() for kind in KEPT_KINDS}
    for kind, ids in members.values():
        if kind in wanted:
            wanted[kind].update(ids)
    return [
        {"year": year, "kind": kind, "record_id": kept.id, "digest": kept.digest, "values": kept.values}
        for kind, numbers in wanted.items()
        for kept in read_kept(session, kind, sorted(numbers))
    ]


def _replaced(before: FrozenYear, drafts: Drafts) -> list[dict[str, Any]]:
    """Return what an earlier freeze said otherwise, so that nothing is replaced in silence."""
    changes: list[dict[str, Any]] = []
    for edition in EDITIONS:
        draft, older = drafts[edition, LANGUAGES[0]], stored_draft(before, edition, LANGUAGES[0])
        new = printed_figures(draft.sections, draft.figures)
        old = printed_figures(older.sections, older.figures)
        labels = figure_labels(older.sections) | figure_labels(draft.sections)
        for name in dict.fromkeys((*old, *new)):
            change = change_of(labels.get(name, name), old.get(name), new.get(name))
            if change is not None:
                changes.append(change | {"figure": name, "edition": edition, "keys": []})
    return changes


# -- keeping -------------------------------------------------------------------------------------------------------


def store_freeze(session: Session, prepared: PreparedFreeze) -> FrozenNow:
    """Keep a prepared year; what it said before is kept as a restatement.

    Raises ``InputError`` ``year_overtaken`` where the ledger, or the freeze, is no longer what it was made from.
    """
    check_unchanged(session, prepared.year, prepared.seen)
    before = session.get(FrozenYear, prepared.year)
    if (before.version if before else 0) != prepared.before:
        raise InputError(OVERTAKEN, year=prepared.year)
    if before is not None:
        words = tr("Declared final again (version {version}): {note}", version=before.version + 1, note=prepared.note)
        restated = Restatement(year=prepared.year, at=now(), who=actor(), note=words, changes=list(prepared.replaced))
        session.add(restated)
        session.flush()
    row = _enter(session, before or FrozenYear(year=prepared.year), prepared)
    _enter_records(session, prepared)
    return FrozenNow(row.year, row.frozen_at, row.who, row.version, row.note, row.figures["internal"])


def _enter(session: Session, row: FrozenYear, prepared: PreparedFreeze) -> FrozenYear:
    row.frozen_at, row.change_id = now(), prepared.seen
    row.who, row.note, row.version = actor(), prepared.note or None, prepared.before + 1
    row.figures = {edition: dict(values) for edition, values in prepared.figures.items()}
    latest = session.scalar(select(func.max(Restatement.id)).where(Restatement.year == prepared.year)) or 0
    row.options = {"sections": list(SECTIONS), "notes": latest}
    row.document, row.members = prepared.document, prepared.members
    session.add(row)
    session.flush()
    return row


def _enter_records(session: Session, prepared: PreparedFreeze) -> None:
    session.execute(delete(FrozenRecord).where(FrozenRecord.year == prepared.year))
    rows = list(prepared.records)
    for first in range(0, len(rows), INSERT_AT_ONCE):
        session.execute(insert(table_of(FrozenRecord)), rows[first : first + INSERT_AT_ONCE])


def freeze(
    database: Database,
    year: int,
    *,
    today: datetime.date | None = None,
    note: str = "",
    again: bool = False,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> FrozenNow:
    """Declare the figures of a year final. Raises what :func:`prepare_freeze` and :func:`settle` raise."""
    return settle(
        database,
        lambda session: prepare_freeze(
            session, year, today=today, note=note, again=again, progress=progress, cancelled=cancelled
        ),
        store_freeze,
    )
