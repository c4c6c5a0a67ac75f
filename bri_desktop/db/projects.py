"""Projects to and from rows: one path for a form's single project and for an import's hundred thousand.

``ProjectStore`` turns drafts into rows of every table that a project is spread over and writes them in bulk; names
and keys are resolved once per store. It keeps no history and decides nothing: that is the services' work.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from sqlalchemy import CursorResult, Select, bindparam, func, select
from sqlalchemy.orm import Session

from bri_desktop.db import search
from bri_desktop.db.bulk import insert_rows
from bri_desktop.db.database import now
from bri_desktop.db.models import (
    Base,
    Organisation,
    Outcome,
    Pair,
    Place,
    Project,
    ProjectCode,
    ProjectPartner,
    ProjectPlace,
    ProjectSearch,
    ProjectTag,
    Tag,
    table_of,
)
from bri_desktop.db.pairs import PairStore
from bri_desktop.db.places import PlaceStore
from bri_desktop.db.rewriting import LINKED, Rewrite, rewrite, set_deleted
from bri_desktop.db.stored import (
    CODE_LISTS,
    DATES,
    PLAIN,
    SIDES,
    TEXTS,
    Links,
    gather_links,
    stored_project,
)
from bri_desktop.db.stored import StoredProject as StoredProject
from bri_desktop.domain.folding import fold
from bri_desktop.domain.pinyin import search_keys
from bri_desktop.domain.project import OutcomeDraft, ProjectDraft
from bri_desktop.domain.vocabulary import PROJECT_KEY, key_of, number_of

LINKS: tuple[type[Base], ...] = tuple(LINKED)
CHUNK = 500

DEPARTMENT, LEAD = table_of(Organisation).alias("d"), table_of(Organisation).alias("l")
IDS: Any = bindparam("ids", expanding=True)


def _of(table: type[Base], query: Select[Any]) -> Select[Any]:
    columns = table_of(table).c
    return query.where(columns.project_id.in_(IDS)).order_by(columns.position)


PROJECTS = (
    select(table_of(Project), DEPARTMENT.c.name.label("department"), LEAD.c.name.label("lead"), Pair.kind)
    .outerjoin(DEPARTMENT, DEPARTMENT.c.id == Project.department_id)
    .outerjoin(LEAD, LEAD.c.id == Project.lead_id)
    .outerjoin(Pair, Pair.id == Project.pair_id)
    .where(Project.id.in_(IDS))
)
PLACES_OF = _of(ProjectPlace, select(ProjectPlace.project_id, ProjectPlace.side, Place.key).join(Place))
CODES_OF = _of(ProjectCode, select(ProjectCode.project_id, ProjectCode.list, ProjectCode.code))
PARTNERS_OF = _of(ProjectPartner, select(ProjectPartner.project_id, Organisation.name).join(Organisation))
TAGS_OF = _of(ProjectTag, select(ProjectTag.project_id, Tag.name).join(Tag))
OUTCOMES_OF = _of(Outcome, select(table_of(Outcome)))
"""What a window of the table reads, built once: making statements takes longer than running them."""

Rows = dict[type[Base], list[dict[str, Any]]]


def fingerprint(draft: ProjectDraft) -> int:
    """Return 64 bits that projects of the same folded title and the same places share."""
    return _fingerprint(draft.title or "", draft.domestic_places, draft.foreign_places)


@lru_cache(maxsize=5_000)
def _fingerprint(title: str, domestic: tuple[str, ...], foreign: tuple[str, ...]) -> int:
    parts = (fold(title), *sorted(domestic), "|", *sorted(foreign))
    return int.from_bytes(blake2b("\x1f".join(parts).encode(), digest_size=8).digest(), "big", signed=True)


class ProjectStore:
    """Reads and writes projects within one session."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.places = PlaceStore(session)
        self.pairs = PairStore(session, self.places)
        self._organisations: dict[str, int] = {}
        self._names: dict[str, str] = {}
        self._tags: dict[str, int] = {}
        self._next_id: int | None = None
        self._last_organisation: int | None = None
        self._new_organisations: list[dict[str, Any]] = []
        self._read_all_names = False

    # -- writing -----------------------------------------------------------------------------------------------

    def insert(self, drafts: Sequence[ProjectDraft], *, batch_id: int | None = None) -> list[int]:
        """Write new projects; return their ids in the same order."""
        first = self._reserve(len(drafts))
        ids = list(range(first, first + len(drafts)))
        rows: Rows = defaultdict(list)
        instant = now()
        for project_id, draft in zip(ids, drafts, strict=True):
            row = self.project_row(draft)
            row |= {"id": project_id, "version": 1, "batch_id": batch_id, "created_at": instant, "updated_at": instant}
            rows[Project].append(row)
            for table in LINKS:
                rows[table].extend(self.link_rows(table, project_id, draft))
            rows[ProjectSearch].append({"project_id": project_id, "text": self.search_text(draft)})
        self.write_organisations()
        for table, values in rows.items():
            insert_rows(self.session, table, values)
        search.take_up(self.session, rows[ProjectSearch])
        for project_id, draft in zip(ids, drafts, strict=True):
            if draft.pair_kind:
                self.pairs.join(project_id, draft, batch_id)
        return ids

    def update(self, project_id: int, draft: ProjectDraft, *, version: int, taking_back: bool = False) -> None:
        """Replace the fields of one project by those of ``draft`` and give it ``version``.

        A change of status is dated, unless an earlier change is being taken back.
        """
        rewrite(self, [Rewrite(project_id, version, draft)], taking_back=taking_back)

    def update_many(self, changes: Sequence[tuple[StoredProject, ProjectDraft]], *, taking_back: bool = False) -> None:
        """Replace the fields of projects, each as it was read in this transaction and at most once, as :meth:`update`
        would one after the other; each gets its next version."""
        rewrites = [Rewrite(stored.id, stored.version + 1, draft, stored.draft) for stored, draft in changes]
        rewrite(self, rewrites, taking_back=taking_back)

    def set_deleted(self, project_id: int, deleted_at: str | None, *, version: int) -> None:
        """Put a project into the bin, or take it out again with ``None``; its pair and agreements go with it."""
        set_deleted(self, [(project_id, version)], deleted_at)

    def set_many_deleted(self, stored: Sequence[StoredProject], deleted_at: str | None) -> None:
        """Do what :meth:`set_deleted` does to projects as they were read; each gets its next version."""
        set_deleted(self, [(one.id, one.version + 1) for one in stored], deleted_at)

    def _reserve(self, count: int) -> int:
        if self._next_id is None:
            self._next_id = highest_id(self.session, Project) + 1
        first = self._next_id
        self._next_id += count
        return first

    def project_row(self, draft: ProjectDraft) -> dict[str, Any]:
        """Return the columns of a project's own row that follow from its fields."""
        row: dict[str, Any] = {name: getattr(draft, name) for name in (*PLAIN, *TEXTS)}
        row |= {name: date.value if (date := getattr(draft, name)) else None for name in DATES}
        row["title"] = draft.title or ""
        row["visibility"] = draft.visibility or "public"
        row["amount"] = draft.amount.amount if draft.amount else None
        row["currency"] = draft.amount.currency if draft.amount else None
        row["department_id"] = self.organisation_id(draft.department)
        row["lead_id"] = self.organisation_id(draft.lead)
        row["parent_id"] = number_of(PROJECT_KEY, draft.parent) if draft.parent else None
        row["start"] = row["signed"] or row["started"]
        row["fingerprint"] = fingerprint(draft)
        return row

    def link_rows(self, table: type[Base], project_id: int, draft: ProjectDraft) -> Iterable[dict[str, Any]]:
        """Return the rows of one of the tables that hold the several-valued fields."""
        return LINK_ROWS[table](self, project_id, draft)

    def _place_rows(self, project_id: int, draft: ProjectDraft) -> Iterable[dict[str, Any]]:
        for side, field in SIDES.items():
            for position, key in enumerate(dict.fromkeys(getattr(draft, field))):
                place_id = self.places.id_of(key)
                yield {"project_id": project_id, "side": side, "place_id": place_id, "position": position}

    def _code_rows(self, project_id: int, draft: ProjectDraft) -> Iterable[dict[str, Any]]:
        for name, field in CODE_LISTS.items():
            for position, code in enumerate(dict.fromkeys(getattr(draft, field))):
                yield {"project_id": project_id, "list": name, "code": code, "position": position}

    def _partner_rows(self, project_id: int, draft: ProjectDraft) -> Iterable[dict[str, Any]]:
        for position, own in enumerate(dict.fromkeys(self.organisation_id(name) for name in draft.partners)):
            yield {"project_id": project_id, "organisation_id": own, "position": position}

    def _tag_rows(self, project_id: int, draft: ProjectDraft) -> Iterable[dict[str, Any]]:
        for position, own in enumerate(dict.fromkeys(self._tag_id(name) for name in draft.tags)):
            yield {"project_id": project_id, "tag_id": own, "position": position}

    def _outcome_rows(self, project_id: int, draft: ProjectDraft) -> Iterable[dict[str, Any]]:
        return (_outcome_row(project_id, position, outcome) for position, outcome in enumerate(draft.outcomes))

    def search_text(self, draft: ProjectDraft) -> str:
        """Return the folded words of a project with the pinyin of its title and places."""
        words = [draft.title, draft.title_en, draft.code, draft.department, draft.lead, *draft.partners, *draft.tags]
        words += [draft.summary, draft.results, draft.source, draft.note]
        parts = [fold(word) for word in words if word]
        parts.extend(search_keys(draft.title or ""))
        for key in (*draft.domestic_places, *draft.foreign_places):
            parts.append(self.places.search_text(key))
        return " ".join(part for part in parts if part)

    def index_again(self, ids: Sequence[int]) -> None:
        """Let projects be found by the names that what they point at has now."""
        for stored in self.read(ids).values():
            search.replace(self.session, stored.id, self.search_text(stored.draft))

    def canonical(self, draft: ProjectDraft) -> ProjectDraft:
        """Return ``draft`` as it would be read back: organisations by the name they already have, keys as they are."""
        self._read_names()
        parent = number_of(PROJECT_KEY, draft.parent) if draft.parent else None
        read: dict[str, Any] = {
            "department": self._known_name(draft.department),
            "lead": self._known_name(draft.lead),
            "partners": tuple(dict.fromkeys(self._known_name(name) or name for name in draft.partners)),
            "visibility": draft.visibility or "public",
            "parent": draft.parent if parent is None else key_of(PROJECT_KEY, parent),
        }
        other = {name: value for name, value in read.items() if value != getattr(draft, name)}
        return replace(draft, **other) if other else draft

    def _known_name(self, name: str | None) -> str | None:
        return self._names.get(fold(name) or name, name) if name else name

    # -- what a project points at ------------------------------------------------------------------------------

    def organisation_id(self, name: str | None) -> int | None:
        """Return the id of the organisation of that name, made where it is new."""
        if not name:
            return None
        self._read_names()
        folded = fold(name) or name
        if folded not in self._organisations:
            if self._last_organisation is None:
                self._last_organisation = highest_id(self.session, Organisation)
            self._last_organisation += 1
            self._organisations[folded] = self._last_organisation
            self._names[folded] = name
            row = {"id": self._last_organisation, "name": name, "folded": folded, "version": 1}
            self._new_organisations.append(row)
        return self._organisations[folded]

    def write_organisations(self) -> None:
        """Write the new names at once, before the rows that point at them."""
        if self._new_organisations:
            insert_rows(self.session, Organisation, self._new_organisations)
            self._new_organisations = []

    def _tag_id(self, name: str) -> int:
        self._read_names()
        if name not in self._tags:
            tag = Tag(name=name)
            self.session.add(tag)
            self.session.flush()
            self._tags[name] = tag.id
        return self._tags[name]

    def _read_names(self) -> None:
        if not self._read_all_names:
            for folded, number, name in self.session.execute(
                select(Organisation.folded, Organisation.id, Organisation.name)
            ):
                self._organisations[folded], self._names[folded] = number, name
            self._tags = dict(self.session.execute(select(Tag.name, Tag.id)).tuples().all())
            self._read_all_names = True

    # -- reading -----------------------------------------------------------------------------------------------

    def read(self, ids: Sequence[int]) -> dict[int, StoredProject]:
        """Return the projects of ``ids`` that exist, in that order, whether in the bin or not."""
        found: dict[int, StoredProject] = {}
        for start in range(0, len(ids), CHUNK):
            found.update(self._read_chunk(ids[start : start + CHUNK]))
        return {project_id: found[project_id] for project_id in ids if project_id in found}

    def _read_chunk(self, ids: Sequence[int]) -> Iterable[tuple[int, StoredProject]]:
        rows = self._run(PROJECTS, ids).mappings().all()
        links = self._links(ids)
        for row in rows:
            yield row["id"], stored_project(row, links[row["id"]])

    def _links(self, ids: Sequence[int]) -> Links:
        places, codes, partners, tags = (
            self._run(query, ids).all() for query in (PLACES_OF, CODES_OF, PARTNERS_OF, TAGS_OF)
        )
        return gather_links(places, codes, partners, tags, self._run(OUTCOMES_OF, ids).mappings().all())

    def _run(self, query: Select[Any], ids: Sequence[int]) -> CursorResult[Any]:
        return self.session.connection().execute(query, {"ids": ids})


LINK_ROWS: Mapping[type[Base], Callable[[ProjectStore, int, ProjectDraft], Iterable[dict[str, Any]]]] = {
    ProjectPlace: ProjectStore._place_rows,
    ProjectCode: ProjectStore._code_rows,
    ProjectPartner: ProjectStore._partner_rows,
    ProjectTag: ProjectStore._tag_rows,
    Outcome: ProjectStore._outcome_rows,
}


def holder_of_code(session: Session, code: str | None, own_id: int | None = None) -> int | None:
    """Return the id of another living project with that code, or ``None``."""
    if not code:
        return None
    query = select(Project.id).where(Project.code == code, Project.deleted_at.is_(None), Project.id != (own_id or 0))
    return session.scalar(query.limit(1))


def highest_id(session: Session, table: type[Base]) -> int:
    """Return the highest id that ``table`` ever gave out (ids of deleted rows are not used again)."""
    name = table.__tablename__
    highest = session.scalar(select(func.max(table.__table__.c.id))) or 0
    sequence = session.connection().exec_driver_sql("SELECT seq FROM sqlite_sequence WHERE name = ?", (name,)).scalar()
    return max(int(highest), int(sequence or 0))


def _outcome_row(project_id: int, position: int, outcome: OutcomeDraft) -> dict[str, Any]:
    return {
        "project_id": project_id,
        "position": position,
        "outcome_class": outcome.outcome_class,
        "what": outcome.what,
        "quantity": outcome.quantity,
        "unit": outcome.unit,
        "amount": outcome.amount.amount if outcome.amount else None,
        "currency": outcome.amount.currency if outcome.amount else None,
        "date": outcome.date.value if outcome.date else None,
        "evidence": outcome.evidence,
    }
