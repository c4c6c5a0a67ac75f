"""The frozen year: figures declared final with the records behind them, and what later corrections made of them.

A frozen year keeps its very document, so that its text never changes under the reader; corrections of its records are
allowed, and :func:`restate` says which figures they moved, by which records, who made them and when.
"""

import base64
import datetime
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from bri_desktop.db.actor import actor
from bri_desktop.db.database import now
from bri_desktop.db.models import table_of
from bri_desktop.db.year_models import FrozenRecord, FrozenYear, Restatement
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import InputError
from bri_desktop.i18n import LANGUAGES, language, speaking, tr
from bri_desktop.reports.document import Figure, Paragraph, Section
from bri_desktop.reports.document_json import from_plain, to_plain
from bri_desktop.reports.figure_names import figure_labels
from bri_desktop.reports.wording import ABSENT, date_text
from bri_desktop.services.statistics_cache import StatisticsCache
from bri_desktop.services.year import (
    EDITIONS,
    SECTIONS,
    Cancelled,
    Draft,
    Progress,
    SummaryOptions,
    check_options,
    kept_draft,
    last_change,
    make_draft,
    printed_figures,
)
from bri_desktop.services.year_records import KEPT_KINDS, read_kept

FROZEN = frozenset({"frozen_year", "summary"})
NEAR = 1e-9
SHOWN_KEYS = 10
INSERT_AT_ONCE = 10_000
NOT_KEPT = frozenset({"comparison"})
"""Sections that are made anew each time: they speak of other years too."""


@dataclass(frozen=True, slots=True)
class FrozenDraft:
    """A frozen document with the note on what has changed; ``changed`` names the figures that are others now."""

    draft: Draft
    changed: frozenset[str]


# -- packing -------------------------------------------------------------------------------------------------------


def pack(value: Any) -> str:
    """Return plain JSON, packed as text."""
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return base64.b85encode(zlib.compress(written, 6)).decode()


def unpack(text: str) -> Any:
    """Return what :func:`pack` was given."""
    return json.loads(zlib.decompress(base64.b85decode(text)))


def pack_members(members: Mapping[str, tuple[str, Sequence[int]]]) -> str:
    """Return figure -> (kind, record numbers) as text: the differences of sorted numbers, which pack small."""
    places: dict[str, list[Any]] = {}
    parts, at = [], 0
    for name, (kind, ids) in members.items():
        numbers = np.unique(np.fromiter(ids, np.int64, len(ids)))
        parts.append(np.diff(numbers, prepend=0).astype(np.int32))
        places[name] = [kind, at, numbers.size]
        at += numbers.size
    whole = np.concatenate(parts) if parts else np.empty(0, np.int32)
    body = base64.b85encode(zlib.compress(whole.astype("<i4").tobytes(), 6)).decode()
    return pack({"places": places, "body": body})


def unpack_members(text: str) -> Callable[[str], tuple[str, tuple[int, ...]]]:
    """Return a look-up of the kind and record numbers behind a figure; ``("", ())`` for one that has none."""
    stored = unpack(text)
    whole = np.frombuffer(zlib.decompress(base64.b85decode(stored["body"])), "<i4")

    def find(name: str) -> tuple[str, tuple[int, ...]]:
        if name not in stored["places"]:
            return "", ()
        kind, at, size = stored["places"][name]
        return kind, tuple(np.cumsum(whole[at : at + size], dtype=np.int64).tolist())

    return find


# -- freezing ------------------------------------------------------------------------------------------------------


def freeze(
    session: Session,
    year: int,
    *,
    today: datetime.date | None = None,
    note: str = "",
    again: bool = False,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> tuple[FrozenYear, Changes]:
    """Declare the figures of a year final: keep them, the document in both editions and languages, and the records.

    A frozen year is frozen ``again`` only with a ``note`` that says why; what it said before is kept as a
    restatement. Raises ``InputError`` ``year_not_over``, ``year_frozen``, ``reason_missing`` and those of a summary.
    """
    day = today or datetime.date.today()
    check_options(SummaryOptions(year), day)
    if year >= day.year:
        raise InputError("year_not_over", year=year)
    before = session.get(FrozenYear, year)
    if before is not None and not again:
        raise InputError("year_frozen", year=year, at=date_text(before.frozen_at[:10]))
    if before is not None and not note.strip():
        raise InputError("reason_missing", year=year)
    drafts = _drafts(session, year, day, progress, cancelled)
    main = drafts["internal", LANGUAGES[0]]
    members = {name: (source.kind, source.ids()) for name, source in main.sources.items()}
    if before is not None:
        _keep_older(session, before, drafts, note)
    row = _store(session, year, note, before.version + 1 if before else 1, drafts, members)
    _store_records(session, year, members)
    return row, Changes(FROZEN)


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


def _store(
    session: Session,
    year: int,
    note: str,
    version: int,
    drafts: Mapping[tuple[str, str], Draft],
    members: Mapping[str, tuple[str, Sequence[int]]],
) -> FrozenYear:
    row = session.get(FrozenYear, year) or FrozenYear(year=year)
    row.frozen_at, row.change_id = now(), last_change(session)
    row.who, row.note, row.version = actor(), note.strip() or None, version
    row.figures = {edition: _values(drafts[edition, LANGUAGES[0]]) for edition in EDITIONS}
    latest = session.scalar(select(func.max(Restatement.id)).where(Restatement.year == year)) or 0
    row.options = {"sections": list(SECTIONS), "notes": latest}
    row.document = pack({f"{edition} {spoken}": _plain(draft) for (edition, spoken), draft in drafts.items()})
    row.members = pack_members(members)
    session.add(row)
    session.flush()
    return row


def _values(draft: Draft) -> dict[str, int | float | str | None]:
    return {name: figure.plain for name, figure in printed_figures(draft.sections, draft.figures).items()}


def _plain(draft: Draft) -> dict[str, Any]:
    kept = [section for section in draft.sections if section.blocks]
    in_pictures = printed_figures(kept, draft.figures)
    return {"sections": to_plain(kept), "figures": to_plain(list(in_pictures.values()))}


def _store_records(session: Session, year: int, members: Mapping[str, tuple[str, Sequence[int]]]) -> None:
    """Keep the digest and the counted values of every record that stands behind a figure."""
    wanted: dict[str, set[int]] = {kind: set() for kind in KEPT_KINDS}
    for kind, ids in members.values():
        if kind in wanted:
            wanted[kind].update(ids)
    session.execute(delete(FrozenRecord).where(FrozenRecord.year == year))
    rows: list[dict[str, Any]] = []
    for kind, numbers in wanted.items():
        for kept in read_kept(session, kind, sorted(numbers)):
            rows.append(
                {"year": year, "kind": kind, "record_id": kept.id, "digest": kept.digest, "values": kept.values}
            )
    for first in range(0, len(rows), INSERT_AT_ONCE):
        session.execute(insert(table_of(FrozenRecord)), rows[first : first + INSERT_AT_ONCE])


def _keep_older(session: Session, before: FrozenYear, drafts: Mapping[tuple[str, str], Draft], note: str) -> None:
    """Keep what an earlier freeze said as a restatement, so that nothing is replaced in silence."""
    changes: list[Any] = []
    for edition in EDITIONS:
        draft, older = drafts[edition, LANGUAGES[0]], stored_draft(before, edition, LANGUAGES[0])
        new = printed_figures(draft.sections, draft.figures)
        old = printed_figures(older.sections, older.figures)
        labels = figure_labels(older.sections) | figure_labels(draft.sections)
        for name in dict.fromkeys((*old, *new)):
            change = change_of(labels.get(name, name), old.get(name), new.get(name))
            if change is not None:
                changes.append(change | {"figure": name, "edition": edition, "keys": []})
    words = tr("Declared final again (version {version}): {note}", version=before.version + 1, note=note)
    session.add(Restatement(year=before.year, at=now(), who=actor(), note=words, changes=changes))
    session.flush()


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


def frozen_with(session: Session, kind: str, number: int) -> tuple[int, ...]:
    """Return the frozen years whose figures a record stands behind: what a correction of it would restate."""
    query = select(FrozenRecord.year).where(FrozenRecord.kind == kind, FrozenRecord.record_id == number)
    return tuple(session.scalars(query.order_by(FrozenRecord.year)))


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


def same_value(then: Any, today: Any) -> bool:
    """Tell whether two plain values of a figure are the same; rates may differ by a rounding."""
    if isinstance(then, int | float) and isinstance(today, int | float):
        return abs(then - today) <= NEAR
    return bool(then == today)
