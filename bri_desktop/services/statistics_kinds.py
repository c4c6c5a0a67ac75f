"""Ties, agreements, activities and outcomes as entries of the statistics: the same tables, other things counted.

A tie has its own places; an agreement, an activity or an outcome has those of its project, else of its tie, and the
codes of its project.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from bri_desktop.analysis.model import BoolArray, IntArray, Links, ProjectColumns, StatsData
from bri_desktop.analysis.spread import expand
from bri_desktop.db.compact import read_columns
from bri_desktop.db.models import Activity, Agreement, Outcome, Pair
from bri_desktop.domain.vocabulary import ACTIVITY_KEY, AGREEMENT_KEY, PAIR_KEY, PROJECT_KEY
from bri_desktop.services.cities import pair_signings
from bri_desktop.services.columns import Reference, coded, column, index_of, packed
from bri_desktop.services.visibility import NOTHING, Hidden

KINDS = ("project", "pair", "agreement", "activity", "outcome")
KEYS = {"project": PROJECT_KEY, "pair": PAIR_KEY, "agreement": AGREEMENT_KEY, "activity": ACTIVITY_KEY, "outcome": "R"}
PAIR_KINDS = ("sister", "friendly", "intent", "grassroots")


@dataclass(frozen=True, slots=True, eq=False)
class Entries:
    """Entries of one kind: their columns, the position of the project (-1: none) and the tie of each."""

    data: StatsData
    project: IntArray
    pair: IntArray

    def selected(self, projects: StatsData, passing: BoolArray | None) -> BoolArray | None:
        """Return the entries of the projects that pass a filter, and of the ties that such a project belongs to."""
        if passing is None:
            return None
        ties = projects.projects.pair[passing & (projects.projects.pair > 0)]
        own = np.append(passing, False)[self.project]
        return np.asarray(own | ((self.project < 0) & np.isin(self.pair, ties)), np.bool_)


def read_entries(
    session: Session, kind: str, reference: Reference, projects: StatsData, hidden: Hidden = NOTHING
) -> Entries:
    """Return the entries of ``kind``, of which there are ``KINDS``; those of ``hidden`` records are left out."""
    if kind == "pair":
        return _pairs(session, reference, projects, hidden)
    if kind == "project":
        everyone = np.arange(len(projects.projects), dtype=np.int32)
        return Entries(projects, everyone, projects.projects.pair)
    return _Derived(session, reference, projects, hidden).entries(kind)


def _pairs(session: Session, reference: Reference, projects: StatsData, hidden: Hidden) -> Entries:
    query = (
        select(Pair.id, Pair.domestic_id, Pair.foreign_id, Pair.kind, Pair.level, Pair.life, Pair.ended)
        .where(Pair.deleted_at.is_(None))
        .order_by(Pair.id)
    )
    rows = [row for row in session.execute(query) if row.id not in hidden.pairs]
    signed = pair_signings(session)
    ids = column([row.id for row in rows])
    everyone = np.arange(len(rows), dtype=np.int32)
    statuses = [_status(row) for row in rows]
    owner = index_of(ids, projects.projects.pair) if len(rows) else np.full(len(projects.projects), -1, np.int32)
    columns = _columns(
        ids,
        status=coded(statuses, reference.positions("status")),
        start=packed([signed.get(row.id) for row in rows]),
        ended=packed([row.ended for row in rows]),
        mode=np.full(len(rows), reference.positions("mode").get("sister_city", -1), np.int32),
        level=coded([row.level for row in rows], reference.positions("level")),
        pair_kind=coded([row.kind for row in rows], reference.positions("pair_kind")),
        has_outcome=_any_of(owner, projects.projects.has_outcome, len(rows)),
    )
    sides = {
        "foreign": Links(everyone, index_of(reference.place_ids, column([row.foreign_id for row in rows]))),
        "domestic": Links(everyone, index_of(reference.place_ids, column([row.domestic_id for row in rows]))),
    }
    primary = np.flatnonzero((owner >= 0) & (projects.projects.domain >= 0))
    several = owner[projects.domains.project] >= 0
    domains = Links(
        np.concatenate((owner[primary], owner[projects.domains.project[several]])).astype(np.int32),
        np.concatenate((projects.projects.domain[primary], projects.domains.target[several])).astype(np.int32),
    )
    return Entries(reference.data(columns, **sides, domains=domains), np.full(len(rows), -1, np.int32), ids)


def _status(row: Any) -> str:
    """Return how a tie stands: an intent is not signed yet, an ended one is over, anything else is alive."""
    if row.life == "ended" or row.ended:
        return "terminated"
    return "intent" if row.life == "intent" else "active"


def _any_of(owner: IntArray, flag: BoolArray, size: int) -> BoolArray:
    found = np.zeros(size, np.bool_)
    found[owner[(owner >= 0) & flag]] = True
    return found


def _columns(ids: IntArray, **known: Any) -> ProjectColumns:
    """Return columns in which what is not given is unknown."""
    nothing, never = np.full(len(ids), -1, np.int32), np.zeros(len(ids), np.int32)
    codes = ("status", "parent", "nature", "mode", "submode", "domain", "level", "pair_kind", "department")
    values: dict[str, Any] = dict.fromkeys(codes, nothing)
    values |= dict.fromkeys(("start", "ended", "planned_start", "planned_end", "pair"), never)
    return ProjectColumns(**(values | {"id": ids, "has_outcome": np.zeros(len(ids), np.bool_)} | known))


class _Derived:
    """Agreements, activities and outcomes, with what they take from their project or tie."""

    def __init__(self, session: Session, reference: Reference, projects: StatsData, hidden: Hidden) -> None:
        self.session, self.reference, self.projects = session, reference, projects
        self.hidden = np.array(sorted(hidden.pairs), np.int32)

    def entries(self, kind: str) -> Entries:
        ids, owners, ties, start, ended, status = self._rows(kind)
        project = index_of(self.projects.projects.id, owners)
        kept = (project >= 0) | ((owners == 0) & (ties > 0) & ~np.isin(ties, self.hidden))
        project, ties, ids = project[kept], ties[kept], ids[kept]
        known = {
            name: np.append(getattr(self.projects.projects, name), -1)[project].astype(np.int32)
            for name in ("nature", "mode", "submode", "domain", "level", "pair_kind", "department")
        }
        positions = self.reference.positions("status")
        columns = _columns(
            ids,
            **known,
            pair=ties,
            start=packed(start)[kept],
            ended=packed(ended)[kept],
            status=coded(status, positions)[kept],
            has_outcome=np.append(self.projects.projects.has_outcome, False)[project],
        )
        links = {name: self._inherited(getattr(self.projects, name), project) for name in _INHERITED}
        if kind == "outcome":
            classes = read_columns(self.session, select(Outcome.outcome_class).order_by(Outcome.id))
            own = coded(classes.words("outcome_class"), self.reference.positions("outcome_class"))[kept]
            links["outcomes"] = Links(np.arange(len(ids), dtype=np.int32), own)
        links |= self._of_ties(links, project, ties)
        return Entries(self.reference.data(columns, **links), project, ties)

    def _rows(self, kind: str) -> tuple[IntArray, IntArray, IntArray, Sequence[Any], Sequence[Any], Sequence[str]]:
        """Return number, project, tie, start, end and status of each record."""
        if kind == "outcome":
            query = select(Outcome.id, Outcome.project_id, Outcome.date).order_by(Outcome.id)
            found = read_columns(self.session, query)
            ids = found.numbers("id")
            never = ("",) * len(ids)
            none = np.zeros(len(ids), np.int32)
            return ids, found.numbers("project_id"), none, found.words("date"), never, ("active",) * len(ids)
        table: Any = Agreement if kind == "agreement" else Activity
        begin, end = (Agreement.signed, Agreement.expires) if kind == "agreement" else (Activity.date, Activity.ended)
        own = (begin.label("begin"), end.label("end"), table.ended.label("over"))
        query = select(table.id, table.project_id, table.pair_id, *own)
        found = read_columns(self.session, query.where(table.deleted_at.is_(None)).order_by(table.id))
        numbers = found.numbers("id"), found.numbers("project_id"), found.numbers("pair_id")
        start, ended = found.words("begin"), found.words("end")
        if kind == "activity":
            last = [end or begin for begin, end in zip(start, ended, strict=True)]
            return *numbers, start, last, ("completed",) * len(start)
        last = [given or expires for given, expires in zip(found.words("over"), ended, strict=True)]
        return *numbers, start, last, ["completed" if end else "active" for end in last]

    def _inherited(self, links: Links, project: IntArray) -> Links:
        """Return the links of each entry's project."""
        order = np.argsort(links.project, kind="stable")
        sizes = np.bincount(links.project, minlength=len(self.projects.projects))
        first = np.cumsum(sizes) - sizes
        with_project = np.flatnonzero(project >= 0).astype(np.int32)
        owner = project[with_project]
        row, position = expand(first[owner].astype(np.int32), sizes[owner].astype(np.int32))
        return Links(with_project[row], links.target[order][position])

    def _of_ties(self, links: dict[str, Links], project: IntArray, ties: IntArray) -> dict[str, Links]:
        """Return the places with those of the tie where an entry has no project."""
        alone = np.flatnonzero((project < 0) & (ties > 0)).astype(np.int32)
        places = {row.id: row for row in self.session.execute(select(Pair.id, Pair.domestic_id, Pair.foreign_id))}
        found = {}
        for side, name in (("domestic", "domestic_id"), ("foreign", "foreign_id")):
            wanted = [getattr(places[tie], name) if tie in places else 0 for tie in ties[alone].tolist()]
            target = index_of(self.reference.place_ids, column(wanted))
            known = target >= 0
            both = (links[side].project, alone[known]), (links[side].target, target[known])
            found[side] = Links(*(np.concatenate(part).astype(np.int32) for part in both))
        return found


_INHERITED = ("foreign", "domestic", "domains", "fields", "sdg", "corridors", "actors")


def pair_mask(data: StatsData, wanted: str) -> BoolArray:
    """Return the ties of one kind; ``all`` gives every tie."""
    if wanted == "all":
        return np.ones(len(data.projects), np.bool_)
    codes = [ref.code for ref in data.codes["pair_kind"]]
    return np.asarray(data.projects.pair_kind == codes.index(wanted), np.bool_)
