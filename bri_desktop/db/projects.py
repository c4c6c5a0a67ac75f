"""Projects to and from rows: one path for a form's single project and for an import's hundred thousand.

``ProjectStore`` turns drafts into rows of every table that a project is spread over and writes them in bulk; names
and keys are resolved once per store. It keeps no history and decides nothing: that is the services' work.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

from sqlalchemy import CursorResult, Row, Select, bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from bri_desktop.db import search
from bri_desktop.db.database import now
from bri_desktop.db.models import (
    Agreement,
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
from bri_desktop.db.statuses import Before, follow_status, take_back_status
from bri_desktop.domain.dates import PartialDate
from bri_desktop.domain.folding import fold
from bri_desktop.domain.money import Money
from bri_desktop.domain.pinyin import search_keys
from bri_desktop.domain.project import OutcomeDraft, ProjectDraft
from bri_desktop.domain.vocabulary import PROJECT_KEY, key_of, number_of

SIDES = {"domestic": "domestic_places", "foreign": "foreign_places"}
CODE_LISTS = {"domain": "domains", "field": "fields", "sdg": "sdg", "corridor": "corridors"}
PLAIN = ("code", "title_en", "mode", "submode", "nature", "status", "domain", "level", "policy_step")
TEXTS = ("summary", "results", "source", "note")
DATES = ("signed", "planned_start", "planned_end", "started", "ended")
LINKS: tuple[type[Base], ...] = (ProjectPlace, ProjectCode, ProjectPartner, ProjectTag, Outcome)
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


@dataclass(frozen=True, slots=True)
class StoredProject:
    """A project as it is in the database; ``draft`` holds its fields."""

    id: int
    version: int
    draft: ProjectDraft
    deleted: bool
    batch_id: int | None

    @property
    def key(self) -> str:
        """The key that other records and the command line use."""
        return key_of(PROJECT_KEY, self.id)


def fingerprint(draft: ProjectDraft) -> int:
    """Return 64 bits that projects of the same folded title and the same places share."""
    parts = (fold(draft.title or ""), *sorted(draft.domestic_places), "|", *sorted(draft.foreign_places))
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
            row = self._project_row(draft)
            row |= {"id": project_id, "version": 1, "batch_id": batch_id, "created_at": instant, "updated_at": instant}
            rows[Project].append(row)
            self._link_rows(rows, project_id, draft)
            rows[ProjectSearch].append({"project_id": project_id, "text": self.search_text(draft)})
        self._write_organisations()
        for table, values in rows.items():
            self.session.execute(insert(table_of(table)), values)
        search.take_up(self.session, rows[ProjectSearch])
        for project_id, draft in zip(ids, drafts, strict=True):
            if draft.pair_kind:
                self.pairs.join(project_id, draft, batch_id)
        return ids

    def update(self, project_id: int, draft: ProjectDraft, *, version: int, taking_back: bool = False) -> None:
        """Replace the fields of one project by those of ``draft`` and give it ``version``.

        A change of status is dated, unless an earlier change is being taken back.
        """
        columns = (Project.signed, Project.pair_id, Project.status, Project.start, Project.created_at)
        old = self.session.execute(select(*columns).where(Project.id == project_id)).one()
        row = self._project_row(draft) | {"version": version, "updated_at": now(), "pair_id": None}
        self._write_organisations()
        self.session.execute(update(Project).where(Project.id == project_id).values(**row))
        for table in LINKS:
            self.session.execute(delete(table).where(table.__table__.c.project_id == project_id))
        rows: Rows = defaultdict(list)
        self._link_rows(rows, project_id, draft)
        self._write_organisations()
        for linked, values in rows.items():
            self.session.execute(insert(table_of(linked)), values)
        search.replace(self.session, project_id, self.search_text(draft))
        if draft.pair_kind:
            self.pairs.join(project_id, draft, None)
        if taking_back:
            take_back_status(self.session, project_id, old.status, draft.status)
        else:
            follow_status(self.session, project_id, Before(old.status, old.start, old.created_at), draft)
        self.pairs.follow(project_id, old.pair_id)
        self.pairs.follow_signing(project_id, draft.signed.value if draft.signed else None, old.signed)

    def set_deleted(self, project_id: int, deleted_at: str | None, *, version: int) -> None:
        """Put a project into the bin, or take it out again with ``None``; its pair and agreements go with it."""
        values = {"deleted_at": deleted_at, "version": version, "updated_at": now()}
        self.session.execute(update(Project).where(Project.id == project_id).values(**values))
        self.session.execute(update(Agreement).where(Agreement.project_id == project_id).values(deleted_at=deleted_at))
        pair_id = self.session.scalar(select(Project.pair_id).where(Project.id == project_id))
        if pair_id is not None:
            self.pairs.settle(pair_id)

    def _reserve(self, count: int) -> int:
        if self._next_id is None:
            self._next_id = highest_id(self.session, Project) + 1
        first = self._next_id
        self._next_id += count
        return first

    def _project_row(self, draft: ProjectDraft) -> dict[str, Any]:
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

    def _link_rows(self, rows: Rows, project_id: int, draft: ProjectDraft) -> None:
        for side, field in SIDES.items():
            rows[ProjectPlace].extend(
                {"project_id": project_id, "side": side, "place_id": self.places.id_of(key), "position": position}
                for position, key in enumerate(dict.fromkeys(getattr(draft, field)))
            )
        for name, field in CODE_LISTS.items():
            rows[ProjectCode].extend(
                {"project_id": project_id, "list": name, "code": code, "position": position}
                for position, code in enumerate(dict.fromkeys(getattr(draft, field)))
            )
        partners = dict.fromkeys(self.organisation_id(name) for name in draft.partners)
        rows[ProjectPartner].extend(
            {"project_id": project_id, "organisation_id": organisation, "position": position}
            for position, organisation in enumerate(partners)
        )
        tags = dict.fromkeys(self._tag_id(name) for name in draft.tags)
        rows[ProjectTag].extend(
            {"project_id": project_id, "tag_id": tag, "position": position} for position, tag in enumerate(tags)
        )
        rows[Outcome].extend(_outcome_row(project_id, n, outcome) for n, outcome in enumerate(draft.outcomes))
        for table in [table for table, values in rows.items() if not values]:
            del rows[table]

    def search_text(self, draft: ProjectDraft) -> str:
        """Return the folded words of a project with the pinyin of its title and places."""
        words = [draft.title, draft.title_en, draft.code, draft.department, draft.lead, *draft.partners, *draft.tags]
        words += [draft.summary, draft.results, draft.source, draft.note]
        parts = [fold(word) for word in words if word]
        parts.extend(search_keys(draft.title or ""))
        for key in (*draft.domestic_places, *draft.foreign_places):
            parts.append(self.places.search_text(key))
        return " ".join(part for part in parts if part)

    def canonical(self, draft: ProjectDraft) -> ProjectDraft:
        """Return ``draft`` as it would be read back: organisations by the name they already have, keys as they are."""
        self._read_names()
        parent = number_of(PROJECT_KEY, draft.parent) if draft.parent else None
        return replace(
            draft,
            department=self._known_name(draft.department),
            lead=self._known_name(draft.lead),
            partners=tuple(dict.fromkeys(self._known_name(name) or name for name in draft.partners)),
            visibility=draft.visibility or "public",
            parent=draft.parent if parent is None else key_of(PROJECT_KEY, parent),
        )

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

    def _write_organisations(self) -> None:
        """Write the new names at once, before the rows that point at them."""
        if self._new_organisations:
            self.session.execute(insert(table_of(Organisation)), self._new_organisations)
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
        rows = self._run(PROJECTS, ids).mappings()
        links = self._links(ids)
        for row in rows:
            yield row["id"], _stored(row, links[row["id"]])

    def _links(self, ids: Sequence[int]) -> dict[int, dict[str, list[Any]]]:
        links: dict[int, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
        for project_id, side, key in self._run(PLACES_OF, ids):
            links[project_id][SIDES[side]].append(key)
        for project_id, name, code in self._run(CODES_OF, ids):
            links[project_id][CODE_LISTS[name]].append(code)
        for project_id, partner in self._run(PARTNERS_OF, ids):
            links[project_id]["partners"].append(partner)
        for project_id, tag in self._run(TAGS_OF, ids):
            links[project_id]["tags"].append(tag)
        for outcome in self._run(OUTCOMES_OF, ids):
            links[outcome.project_id]["outcomes"].append(_outcome_draft(outcome))
        return links

    def _run(self, query: Select[Any], ids: Sequence[int]) -> CursorResult[Any]:
        return self.session.connection().execute(query, {"ids": ids})


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


def _stored(row: Mapping[Any, Any], links: Mapping[str, list[Any]]) -> StoredProject:
    values: dict[str, Any] = {name: row[name] for name in (*PLAIN, *TEXTS)}
    values |= {name: PartialDate(row[name]) if row[name] else None for name in DATES}
    values |= {name: tuple(items) for name, items in links.items()}
    draft = ProjectDraft(
        title=row["title"],
        department=row["department"],
        lead=row["lead"],
        amount=None if row["amount"] is None else Money(row["amount"], row["currency"]),
        visibility=row["visibility"],
        pair_kind=row["kind"],
        parent=key_of(PROJECT_KEY, row["parent_id"]) if row["parent_id"] else None,
        **values,
    )
    return StoredProject(row["id"], row["version"], draft, row["deleted_at"] is not None, row["batch_id"])


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


def _outcome_draft(outcome: Row[Any]) -> OutcomeDraft:
    return OutcomeDraft(
        outcome_class=outcome.outcome_class,
        what=outcome.what,
        quantity=outcome.quantity,
        unit=outcome.unit,
        amount=None if outcome.amount is None else Money(outcome.amount, outcome.currency or "CNY"),
        date=PartialDate(outcome.date) if outcome.date else None,
        evidence=outcome.evidence,
    )
