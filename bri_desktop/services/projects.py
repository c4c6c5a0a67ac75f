"""Logging, changing and finding projects: what the form, the table and the command line do."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bri_desktop.db.database import now
from bri_desktop.db.listing import Listing, all_ids, first_ids, sums, sums_of
from bri_desktop.db.models import Country, Project
from bri_desktop.db.places import read_places
from bri_desktop.db.projects import CHUNK, ProjectStore, fingerprint, holder_of_code
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.dates import PartialDate
from bri_desktop.domain.errors import FieldProblem, InputError, StaleRecordError, UserError, Where
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.domain.record import apply_plain, differences
from bri_desktop.domain.validation import validate
from bri_desktop.domain.vocabulary import PROJECT_KEY, key_of, number_of
from bri_desktop.services.codes import CodeSeries
from bri_desktop.services.filters import read_filter
from bri_desktop.services.history import KIND, TOUCHED, Journal
from bri_desktop.services.project_items import ProjectItem as ProjectItem
from bri_desktop.services.project_items import Saved as Saved
from bri_desktop.services.project_items import date_json as date_json
from bri_desktop.services.project_items import with_places
from bri_desktop.services.reference import mode_of

PAGE = 200
ALONE = frozenset({"code", "parent"})
"""Fields in which a project depends on the others: these are written before the next project is checked."""


class InvalidProjectError(UserError):
    """A draft that breaks rules; ``problems`` names the fields."""

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        super().__init__("project_invalid", count=len(problems))
        self.problems = tuple(problems)


def today() -> PartialDate:
    """Return this day."""
    return PartialDate(date.today().isoformat())


def find_ids(
    session: Session,
    *,
    filter_text: str = "",
    search: str = "",
    sort: Sequence[tuple[str, bool]] = (),
    limit: int | None = None,
) -> list[int]:
    """Return the ids of the projects that pass the filter text and hold every searched word, in order.

    ``sort`` holds (field, descending) pairs, newest first where it is empty; ``limit`` asks for the first few alone,
    which is quicker.
    """
    listing = Listing(read_filter(session, filter_text), search, sort)
    return all_ids(session, listing) if limit is None else first_ids(session, listing, limit)


def read_items(session: Session, ids: Sequence[int]) -> list[ProjectItem]:
    """Return the projects of ``ids``, in that order, with their places."""
    stored = ProjectStore(session).read(ids)
    keys = [key for s in stored.values() for key in (*s.draft.domestic_places, *s.draft.foreign_places)]
    places = read_places(session, keys)
    countries = country_names(session, {place.country for place in places.values()})
    return [with_places(project, places, countries) for project in stored.values()]


def country_names(session: Session, only: Collection[str] | None = None) -> dict[str, tuple[str, str]]:
    """Return ISO code -> (Chinese, English) name, of all countries or of some."""
    query = select(Country.iso2, Country.name_zh, Country.name_en)
    if only is not None:
        query = query.where(Country.iso2.in_(only))
    return {row.iso2: (row.name_zh, row.name_en) for row in session.connection().execute(query)}


def count_projects(session: Session) -> int:
    """Return how many projects are in the ledger, the bin left out."""
    return session.scalar(select(func.count()).select_from(Project).where(Project.deleted_at.is_(None))) or 0


def get_project(session: Session, key: str) -> ProjectItem:
    """Return one project by its key, or by its code where no key fits; ``InputError`` where there is none."""
    return read_items(session, [_require(session, key)])[0]


def _require(session: Session, key: str) -> int:
    number = number_of(PROJECT_KEY, key)
    if number is not None and session.get(Project, number) is not None:
        return number
    coded = session.scalars(select(Project.id).where(Project.code == key, Project.deleted_at.is_(None))).all()
    if len(coded) == 1:
        return coded[0]
    raise InputError("record_unknown", where=Where(key=key), key=key)


def _require_all(session: Session, keys: Sequence[str]) -> list[int]:
    """Return the ids of projects by their keys or codes, each once."""
    numbers = [number for key in keys if (number := number_of(PROJECT_KEY, key)) is not None]
    known: set[int] = set()
    for start in range(0, len(numbers), CHUNK):
        known.update(session.scalars(select(Project.id).where(Project.id.in_(numbers[start : start + CHUNK]))))
    ids = {key: number for key in keys if (number := number_of(PROJECT_KEY, key)) in known}
    return list(dict.fromkeys(ids[key] if key in ids else _require(session, key) for key in keys))


def create_project(session: Session, draft: ProjectDraft) -> Saved:
    """Store a new project; ``InvalidProjectError`` where the draft breaks a rule."""
    if not draft.code:
        draft = replace(draft, code=CodeSeries(session).next_for(draft))
    if draft.submode and not draft.mode:
        draft = replace(draft, mode=mode_of(session, draft.submode))
    check(session, draft, None)
    store = ProjectStore(session)
    (project_id,) = store.insert([draft])
    Journal(session, "add").created([project_id])
    return _saved(project_id, 1)


def update_project(
    session: Session, key: str, draft: ProjectDraft, *, seen_version: int, journal: Journal | None = None
) -> Saved:
    """Replace a project's fields; ``StaleRecordError`` where it was changed after ``seen_version`` was read.

    An act of several records gives its own ``journal``.
    """
    project_id = _require(session, key)
    store = ProjectStore(session)
    stored = store.read([project_id])[project_id]
    if stored.version != seen_version:
        raise StaleRecordError("record_stale", where=Where(key=key), key=key, seen=seen_version, now=stored.version)
    check(session, draft, project_id)
    draft = store.canonical(draft)
    changed = differences(stored.draft, draft)
    if not changed:
        return _saved(project_id, stored.version)
    store.update(project_id, draft, version=stored.version + 1)
    (journal or Journal(session, "edit")).updated(project_id, changed, KIND)
    return _saved(project_id, stored.version + 1)


def edit_fields(session: Session, keys: Sequence[str], values: Mapping[str, Any]) -> Changes:
    """Set some fields, given as plain values, on several projects in one act."""
    store, journal = ProjectStore(session), Journal(session, "edit")
    ids = _require_all(session, keys)
    at_once = 1 if ALONE & values.keys() else CHUNK
    for start in range(0, len(ids), at_once):
        edited = []
        for stored in store.read(ids[start : start + at_once]).values():
            draft = store.canonical(apply_plain(stored.draft, values))
            check(session, draft, stored.id)
            if draft != stored.draft:
                edited.append((stored, draft))
        store.update_many(edited)
        journal.updated_many((stored.id, differences(stored.draft, draft)) for stored, draft in edited)
    return Changes(TOUCHED, frozenset(keys))


def delete_projects(session: Session, keys: Sequence[str]) -> Changes:
    """Put projects into the bin in one act."""
    store, journal = ProjectStore(session), Journal(session, "delete")
    going = [stored for stored in store.read(_require_all(session, keys)).values() if not stored.deleted]
    store.set_many_deleted(going, now())
    journal.moved([stored.id for stored in going], "delete")
    return Changes(TOUCHED, frozenset(keys))


def restore_projects(session: Session, keys: Sequence[str]) -> Changes:
    """Take projects out of the bin in one act."""
    store, journal = ProjectStore(session), Journal(session, "restore")
    coming = [stored for stored in store.read(_require_all(session, keys)).values() if stored.deleted]
    holders: dict[str, int] = {}
    for stored in coming:
        code = stored.draft.code
        taken = holder_of_code(session, code, stored.id) or holders.get(code or "")
        if taken is not None:
            raise InputError("code_taken", where=Where(key=stored.key), key=key_of(PROJECT_KEY, taken))
        if code:
            holders[code] = stored.id
    store.set_many_deleted(coming, None)
    journal.moved([stored.id for stored in coming], "restore")
    return Changes(TOUCHED, frozenset(keys))


def binned_ids(session: Session) -> list[int]:
    """Return the ids in the bin, latest first."""
    return list(
        session.scalars(select(Project.id).where(Project.deleted_at.is_not(None)).order_by(Project.deleted_at.desc()))
    )


def check(session: Session, draft: ProjectDraft, own_id: int | None) -> None:
    """Raise ``InvalidProjectError`` where a draft breaks a rule of its own or one against the others."""
    problems = list(validate(draft, today=today()))
    if (taken := holder_of_code(session, draft.code, own_id)) is not None:
        problems.append(FieldProblem("code", "code_taken", {"key": key_of(PROJECT_KEY, taken)}))
    if draft.parent:
        problems.extend(_parent_problems(session, draft.parent, own_id))
    if problems:
        raise InvalidProjectError(problems)


def _parent_problems(session: Session, parent: str, own_id: int | None) -> list[FieldProblem]:
    number = number_of(PROJECT_KEY, parent)
    if number is None or session.get(Project, number) is None:
        return [FieldProblem("parent", "record_unknown", {"key": parent})]
    seen: set[int] = set()
    while number is not None and number not in seen:
        if number == own_id:
            return [FieldProblem("parent", "parent_circle", {"key": parent})]
        seen.add(number)
        number = session.scalar(select(Project.parent_id).where(Project.id == number))
    return []


def similar_projects(session: Session, draft: ProjectDraft, *, own_key: str | None = None) -> list[ProjectItem]:
    """Return projects of the same title and places: what the form shows while a new one is typed."""
    if not draft.title:
        return []
    query = select(Project.id).where(Project.fingerprint == fingerprint(draft), Project.deleted_at.is_(None)).limit(5)
    return [item for item in read_items(session, list(session.scalars(query))) if item.key != own_key]


def amount_totals(session: Session, ids: Sequence[int]) -> dict[str, Decimal]:
    """Return currency -> exact sum of the amounts of ``ids``."""
    return sums_of(session, ids)


def found_totals(session: Session, *, filter_text: str = "", search: str = "") -> dict[str, Decimal]:
    """Return currency -> exact sum of the amounts of what :func:`find_ids` finds."""
    return sums(session, Listing(read_filter(session, filter_text), search))


def _saved(project_id: int, version: int) -> Saved:
    key = key_of(PROJECT_KEY, project_id)
    return Saved(key, project_id, version, Changes(TOUCHED, frozenset({key})))
