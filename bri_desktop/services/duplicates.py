"""Pairs of records that may be one: finding them, showing them side by side, and making one record of two.

A merge is one act. The kept record takes the chosen fields and everything that hangs on the other one; the other goes
to the bin, and one undo restores both.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any, Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bri_desktop.db.database import now
from bri_desktop.db.models import Project
from bri_desktop.db.places import index_for
from bri_desktop.db.projects import ProjectStore, StoredProject
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import InputError, Where
from bri_desktop.domain.lookalikes import Lookalikes
from bri_desktop.domain.match import POSSIBLE, Likeness, likeness
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.domain.record import FIELD_CODES, differences
from bri_desktop.domain.vocabulary import FIELD_BY_CODE, PROJECT_KEY, key_of, number_of
from bri_desktop.services.distinct import ToldApart, distinct_ids, told_apart
from bri_desktop.services.history import TOUCHED, Journal
from bri_desktop.services.links import enter_merge, links_to_projects, move_links, points_at
from bri_desktop.services.projects import ProjectItem, check, read_items
from bri_desktop.services.traits import Atlas, Cancelled, Progress, read_traits

LEFT, RIGHT, BOTH = "left", "right", "both"
SEVERAL = frozenset(code for code in FIELD_CODES if FIELD_BY_CODE[code].kind in ("codes", "places", "texts"))
SEVERAL |= {"partners", "outcomes"}
"""The fields of which both sides can be kept."""
JOINED_TEXTS = frozenset({"summary", "results", "source", "note"})


class Reads(Protocol):
    """What a search needs of the database."""

    def read(self) -> AbstractContextManager[Session]:
        """Give a session that reads."""


@dataclass(frozen=True, slots=True)
class PairFound:
    """Two records that may be one, the older one first, with titles for the list."""

    left: str
    right: str
    likeness: Likeness
    left_title: str
    right_title: str

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``duplicates --json`` prints."""
        reasons = [reason.to_json() for reason in self.likeness.reasons]
        titles = {"left_title": self.left_title, "right_title": self.right_title}
        return {"left": self.left, "right": self.right, "score": self.likeness.score, "reasons": reasons, **titles}


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Two records with what differs, and how much hangs on each: table name -> number of rows."""

    left: ProjectItem
    right: ProjectItem
    likeness: Likeness
    differing: tuple[str, ...]
    left_links: Mapping[str, int]
    right_links: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Merged:
    """The kept record after a merge, how many rows moved to it, and what to read again."""

    key: str
    version: int
    moved: int
    changes: Changes


@dataclass(frozen=True, slots=True)
class MergeWish:
    """One merge to do: ``choices`` is field -> left (the kept record), right (the other) or both."""

    keep: str
    other: str
    choices: Mapping[str, str]


# -- finding ---------------------------------------------------------------------------------------------------------


def find_pairs(
    session: Session,
    *,
    least: int = POSSIBLE,
    limit: int | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> list[PairFound]:
    """Return the pairs that reach ``least``, best first; those said to be different and umbrellas left out.

    ``InputError`` ``cancelled`` where ``cancelled`` says so.
    """
    held, apart = Lookalikes(), distinct_ids(session) | _umbrellas(session)
    found: list[tuple[int, int, Likeness]] = []
    atlas = Atlas(index_for(session))
    for number, traits in read_traits(session, atlas, progress=progress, cancelled=cancelled):
        for earlier, judged in held.near(traits, least):
            if (earlier, number) not in apart:
                found.append((earlier, number, judged))
        held.add(number, traits)
    found.sort(key=lambda pair: (-pair[2].score, pair[0], pair[1]))
    return _titled(session, found[:limit])


def search_pairs(
    database: Reads, least: int, progress: Progress, cancelled: Cancelled
) -> tuple[list[PairFound], list[ToldApart]]:
    """Return the pairs and what was said to be different; for a worker."""
    with database.read() as session:
        return find_pairs(session, least=least, progress=progress, cancelled=cancelled), told_apart(session)


def _umbrellas(session: Session) -> set[tuple[int, int]]:
    """Return (smaller id, larger id) of projects of which one lies under the other."""
    rows = session.execute(select(Project.id, Project.parent_id).where(Project.parent_id.is_not(None)))
    return {(min(own, parent), max(own, parent)) for own, parent in rows}


def _titled(session: Session, found: Sequence[tuple[int, int, Likeness]]) -> list[PairFound]:
    ids = sorted({number for left, right, _ in found for number in (left, right)})
    titles: dict[int, str] = {}
    for start in range(0, len(ids), 500):
        rows = session.execute(select(Project.id, Project.title).where(Project.id.in_(ids[start : start + 500])))
        titles.update(rows.tuples().all())
    return [
        PairFound(key_of(PROJECT_KEY, left), key_of(PROJECT_KEY, right), judged, titles[left], titles[right])
        for left, right, judged in found
    ]


def side_by_side(session: Session, left: str, right: str) -> SideBySide:
    """Return two records with their differences; ``InputError`` ``record_unknown`` where one is gone."""
    ids = [_alive(session, key) for key in (left, right)]
    first, second = read_items(session, ids)
    atlas = Atlas(index_for(session))
    return SideBySide(
        first,
        second,
        likeness(atlas.traits(first.draft), atlas.traits(second.draft)),
        tuple(code for code in FIELD_CODES if getattr(first.draft, code) != getattr(second.draft, code)),
        _counted(session, ids[0]),
        _counted(session, ids[1]),
    )


def _counted(session: Session, project: int) -> dict[str, int]:
    counts = {}
    for table, column in links_to_projects():
        query = select(func.count()).select_from(table).where(points_at(table, column, project))
        if count := session.scalar(query.where(table.c.deleted_at.is_(None)) if "deleted_at" in table.c else query):
            counts[table.name] = count
    return counts


def _alive(session: Session, key: str) -> int:
    number = number_of(PROJECT_KEY, key)
    row = session.get(Project, number) if number is not None else None
    if row is None or row.deleted_at is not None:
        raise InputError("record_unknown", where=Where(key=key), key=key)
    return row.id


# -- merging ---------------------------------------------------------------------------------------------------------


def usual_choice(field: str, kept: Any, other: Any) -> str:
    """Return what a merge takes of a field where nobody chose: what there is, the kept record's where both have it."""
    if field in SEVERAL:
        return BOTH
    return LEFT if kept or not other else RIGHT


def read_choices(texts: Sequence[str]) -> dict[str, str]:
    """Return field -> choice of texts such as ``amount=right``; ``InputError`` for anything else."""
    choices: dict[str, str] = {}
    for text in texts:
        field, _, choice = text.partition("=")
        if field not in FIELD_BY_CODE or choice not in (LEFT, RIGHT, BOTH):
            raise InputError("merge_unreadable", text=text)
        choices[field] = choice
    return choices


def merged_draft(kept: ProjectDraft, other: ProjectDraft, choices: Mapping[str, str]) -> ProjectDraft:
    """Return the kept record with each field as chosen, or as usual."""
    values: dict[str, Any] = {}
    for field in FIELD_CODES:
        mine, theirs = getattr(kept, field), getattr(other, field)
        chosen = choices.get(field) or usual_choice(field, mine, theirs)
        if chosen == BOTH:
            values[field] = _both(field, mine, theirs)
        else:
            values[field] = mine if chosen == LEFT else theirs
    draft = replace(kept, **values)
    return replace(draft, domains=tuple(code for code in draft.domains if code != draft.domain))


def _both(field: str, mine: Any, theirs: Any) -> Any:
    if field in SEVERAL:
        return tuple(dict.fromkeys((*mine, *theirs)))
    if field not in JOINED_TEXTS:
        raise InputError("merge_choice", field=field, choice=BOTH)
    return "\n".join(dict.fromkeys(text for text in (mine, theirs) if text)) or None


def merge_records(session: Session, wishes: Sequence[MergeWish]) -> Merged:
    """Merge pairs in one act, in their order; a record that an earlier merge took in stands for what took it.

    ``InputError`` where a record is gone or is to be merged with itself, ``InvalidProjectError`` where the merged
    record breaks a rule; nothing is written then.
    """
    journal, taken_by = Journal(session, "merge"), dict[str, str]()
    moved, key, version, keys = 0, "", 0, set[str]()
    for wish in wishes:
        keep, other = _standing(wish.keep, taken_by), _standing(wish.other, taken_by)
        if keep == other:
            if taken_by:
                continue
            raise InputError("merge_itself", key=keep)
        count, version = _merge(session, journal, keep, other, wish.choices)
        taken_by[other] = keep
        moved, key = moved + count, keep
        keys |= {keep, other}
    return Merged(key, version, moved, Changes(TOUCHED | {"distinct"}, frozenset(keys)))


def _standing(key: str, taken_by: Mapping[str, str]) -> str:
    while key in taken_by:
        key = taken_by[key]
    return key


def _merge(session: Session, journal: Journal, keep: str, other: str, choices: Mapping[str, str]) -> tuple[int, int]:
    kept_id, other_id = _alive(session, keep), _alive(session, other)
    store = ProjectStore(session)
    both: dict[int, StoredProject] = store.read([kept_id, other_id])
    kept, gone = both[kept_id], both[other_id]
    draft = _without_itself(merged_draft(kept.draft, gone.draft, choices), keep, other)
    agreed = draft.status == gone.draft.status
    moved = move_links(session, journal.change_id, other_id, kept_id, with_statuses=agreed)
    moved += _move_children(session, store, journal, other, keep)
    store.set_deleted(other_id, now(), version=gone.version + 1)
    journal.moved([other_id], "delete")
    check(session, draft, kept_id)
    draft = store.canonical(draft)
    changed = differences(kept.draft, draft)
    version = kept.version + 1
    store.update(kept_id, draft, version=version)
    if changed:
        journal.updated(kept_id, changed)
    enter_merge(session, journal.change_id, kept_id, other_id)
    return moved, version


def _move_children(session: Session, store: ProjectStore, journal: Journal, old: str, new: str) -> int:
    """Put the projects under ``old`` under ``new``; the kept record itself is not among them."""
    query = select(Project.id).where(Project.parent_id == number_of(PROJECT_KEY, old))
    children = store.read([n for n in session.scalars(query) if n != number_of(PROJECT_KEY, new)])
    for child in children.values():
        store.update(child.id, replace(child.draft, parent=new), version=child.version + 1)
        journal.updated(child.id, {"parent": (old, new)})
    return len(children)


def _without_itself(draft: ProjectDraft, keep: str, other: str) -> ProjectDraft:
    """A record that was above the other one is not above itself."""
    return replace(draft, parent=None) if draft.parent in (keep, other) else draft
