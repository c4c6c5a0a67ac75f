"""New versions of many projects in a few statements: the rows, derived columns, ties, dated statuses and searched texts
that writing them one after the other would leave.

What a project was before is read once a chunk. Only a project whose tie of two cities or whose agreements are touched
is taken by itself, in the order given: what becomes of a tie depends on the projects written before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Update, bindparam, case, delete, func, select, update
from sqlalchemy.orm import Session

from bri_desktop.db import search
from bri_desktop.db.bulk import insert_rows
from bri_desktop.db.database import now
from bri_desktop.db.models import (
    Agreement,
    Base,
    Outcome,
    Pair,
    Project,
    ProjectCode,
    ProjectPartner,
    ProjectPlace,
    ProjectTag,
    table_of,
)
from bri_desktop.db.statuses import Before, Turn, follow_statuses, take_back_statuses
from bri_desktop.domain.project import ProjectDraft

if TYPE_CHECKING:
    from bri_desktop.db.projects import ProjectStore

CHUNK = 500
LINKED: Mapping[type[Base], tuple[str, ...]] = {
    ProjectPlace: ("domestic_places", "foreign_places"),
    ProjectCode: ("domains", "fields", "sdg", "corridors"),
    ProjectPartner: ("partners",),
    ProjectTag: ("tags",),
    Outcome: ("outcomes",),
}
"""The tables with the several-valued fields, and which of them each holds."""

_TIE = ("pair_kind", "domestic_places", "foreign_places")
_PROJECT, _PAIR, _PAPER = table_of(Project), table_of(Pair), table_of(Agreement)
_OLD = (
    select(
        _PROJECT.c.id,
        _PROJECT.c.signed,
        _PROJECT.c.pair_id,
        _PROJECT.c.status,
        _PROJECT.c.start,
        _PROJECT.c.created_at,
        _PAIR.c.deleted_at.label("pair_binned"),
    )
    .outerjoin(_PAIR, _PAIR.c.id == _PROJECT.c.pair_id)
    .where(_PROJECT.c.id.in_(bindparam("ids", expanding=True)))
)
_PAPERS = (
    select(
        _PAPER.c.project_id,
        func.count(case((_PAPER.c.deleted_at.is_(None), 1))).label("standing"),
        func.min(case((_PAPER.c.deleted_at.is_(None), _PAPER.c.signed))).label("earliest"),
    )
    .where(_PAPER.c.project_id.in_(bindparam("ids", expanding=True)))
    .group_by(_PAPER.c.project_id)
)


@dataclass(frozen=True, slots=True)
class Rewrite:
    """What a project becomes. ``before`` is what it was in the transaction so far, ``None`` where that was not read:
    then every row that hangs on it is written anew."""

    id: int
    version: int
    draft: ProjectDraft
    before: ProjectDraft | None = None


@dataclass(frozen=True, slots=True)
class _Old:
    """What the database holds of a project: its row, and its agreements as a whole."""

    row: Any
    has_papers: bool
    standing: int
    earliest: str | None


def rewrite(store: "ProjectStore", rewrites: Sequence[Rewrite], *, taking_back: bool = False) -> None:
    """Write new versions; a project stands among them at most once."""
    for start in range(0, len(rewrites), CHUNK):
        _Chunk(store, rewrites[start : start + CHUNK], taking_back).write()


def set_deleted(store: "ProjectStore", projects: Sequence[tuple[int, int]], deleted_at: str | None) -> None:
    """Put projects, given as (id, new version), into the bin or out of it; their agreements and ties go along."""
    session, instant = store.session, now()
    session.flush()
    ties: dict[int, None] = {}
    for start in range(0, len(projects), CHUNK):
        chunk = projects[start : start + CHUNK]
        ids = [number for number, _ in chunk]
        rows = [{"own": number, "to": version} for number, version in chunk]
        moved: dict[str, Any] = {"deleted_at": deleted_at, "version": bindparam("to"), "updated_at": instant}
        session.connection().execute(update(_PROJECT).where(_PROJECT.c.id == bindparam("own")).values(moved), rows)
        session.execute(update(_PAPER).where(_PAPER.c.project_id.in_(ids)).values(deleted_at=deleted_at))
        query = select(_PROJECT.c.pair_id).where(_PROJECT.c.id.in_(ids), _PROJECT.c.pair_id.is_not(None))
        ties |= dict.fromkeys(session.scalars(query))
        _forget(session, ids)
    for tie in ties:
        store.pairs.settle(tie)


class _Chunk:
    """Some projects that are written together."""

    def __init__(self, store: "ProjectStore", rewrites: Sequence[Rewrite], taking_back: bool) -> None:
        self.store = store
        self.session = store.session
        self.rewrites = rewrites
        self.taking_back = taking_back
        self.ids = [one.id for one in rewrites]
        self.old = _read_old(self.session, self.ids)

    def write(self) -> None:
        """Write rows, links, texts, dated statuses and ties."""
        self.session.flush()
        self._write_rows()
        self._write_links()
        search.replace_many(self.session, {one.id: self.store.search_text(one.draft) for one in self.rewrites})
        turns = [Turn(one.id, _before(self.old[one.id]), one.draft) for one in self.rewrites]
        (take_back_statuses if self.taking_back else follow_statuses)(self.session, turns)
        for one in self.rewrites:
            if not self._is_steady(one):
                self._write_tie(one)
        _forget(self.session, self.ids)

    def _write_rows(self) -> None:
        instant = now()
        rows = []
        for one in self.rewrites:
            row = self.store.project_row(one.draft)
            if self._is_steady(one):
                row["start"] = self.old[one.id].earliest or row["start"]
            rows.append(row | {"own_id": one.id, "version": one.version, "updated_at": instant})
        self.store.write_organisations()
        self.session.connection().execute(_update_of(tuple(sorted(rows[0]))), rows)

    def _write_links(self) -> None:
        made: dict[type[Base], list[dict[str, Any]]] = {}
        for table in LINKED:
            changed = [one for one in self.rewrites if _differs(one, LINKED[table])]
            made[table] = [row for one in changed for row in self.store.link_rows(table, one.id, one.draft)]
            if changed:
                own = table_of(table).c.project_id.in_([one.id for one in changed])
                self.session.execute(delete(table_of(table)).where(own))
        self.store.write_organisations()
        for table, rows in made.items():
            insert_rows(self.session, table, rows)

    def _is_steady(self, one: Rewrite) -> bool:
        """Tell whether neither the tie nor an agreement of a project is touched."""
        old, draft = self.old[one.id], one.draft
        signed = draft.signed.value if draft.signed else None
        if signed != old.row.signed and (old.has_papers or draft.pair_kind):
            return False
        if not draft.pair_kind and old.row.pair_id is None:
            return True
        has_its_paper = signed is None or old.standing > 0
        return has_its_paper and old.row.pair_binned is None and _is_tied(one, old)

    def _write_tie(self, one: Rewrite) -> None:
        old, draft, pairs = self.old[one.id].row, one.draft, self.store.pairs
        self.session.execute(update(_PROJECT).where(_PROJECT.c.id == one.id).values(pair_id=None))
        if draft.pair_kind:
            pairs.join(one.id, draft, None)
        pairs.follow(one.id, old.pair_id)
        pairs.follow_signing(one.id, draft.signed.value if draft.signed else None, old.signed)


def _read_old(session: Session, ids: Sequence[int]) -> dict[int, _Old]:
    connection = session.connection()
    papers = {row.project_id: row for row in connection.execute(_PAPERS, {"ids": ids})}
    found: dict[int, _Old] = {}
    for row in connection.execute(_OLD, {"ids": ids}):
        own = papers.get(row.id)
        found[row.id] = _Old(row, own is not None, own.standing if own else 0, own.earliest if own else None)
    return found


def _before(old: _Old) -> Before:
    return Before(old.row.status, old.row.start, old.row.created_at)


def _differs(one: Rewrite, names: Sequence[str]) -> bool:
    return one.before is None or any(getattr(one.before, name) != getattr(one.draft, name) for name in names)


def _is_tied(one: Rewrite, old: _Old) -> bool:
    """Tell whether a project has the tie that its draft means, and had it before."""
    return old.row.pair_id is not None and bool(one.draft.pair_kind) and not _differs(one, _TIE)


def _forget(session: Session, ids: Sequence[int]) -> None:
    """Let objects of these projects that the session holds be read again."""
    for number in ids:
        project = session.identity_map.get(session.identity_key(Project, number))
        if project is not None:
            session.expire(project)


def _update_of(names: tuple[str, ...]) -> Update:
    values: dict[str, Any] = {name: bindparam(name) for name in names if name != "own_id"}
    return update(_PROJECT).where(_PROJECT.c.id == bindparam("own_id")).values(values)
