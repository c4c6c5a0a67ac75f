"""The columns after a few projects were written: these are read again, the others are taken over as they were.

An edit would else cost the reading of the whole ledger before the next figure.
"""

from collections.abc import Collection
from dataclasses import fields, replace
from typing import Any

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bri_desktop.analysis.model import BoolArray, IntArray, Links, ProjectColumns, StatsData, StatusChanges
from bri_desktop.db.models import Organisation, Place, Project
from bri_desktop.services.columns import Reference, index_of, kinds_of, read_some

LINKS = ("foreign", "domestic", "domains", "fields", "sdg", "corridors", "actors", "outcomes")
OWN = ("parent", "pair_kind", "changes")
"""Columns that are not simply put together."""


def renewed(
    session: Session,
    before: StatsData,
    old: Reference,
    reference: Reference,
    numbers: Collection[int],
    *,
    public_only: bool = False,
) -> StatsData | None:
    """Return the columns with the projects ``numbers`` as they are now; ``None`` where all have to be read.

    ``before`` was made with the ``old`` reference; places and organisations may have been added since, nothing else.
    """
    if not _extends(old, reference):
        return None
    again = _with_parts(session, before.projects.id, numbers)
    fresh, parents = read_some(session, reference, again, public_only=public_only)
    joint = _Joint(before.projects, fresh.projects, np.array(again, np.int32))
    projects = joint.projects(parents)
    projects = replace(projects, pair_kind=kinds_of(session, reference, projects.pair))
    links = {name: joint.links(getattr(before, name), getattr(fresh, name)) for name in LINKS}
    return reference.data(projects, **links)


def still_holds(session: Session, reference: Reference) -> bool:
    """Tell whether ``reference`` holds after projects were written: no place and no organisation was added since."""
    known = ((Place, reference.place_ids), (Organisation, reference.organisation_ids))
    return all(
        session.execute(select(func.count(), func.coalesce(func.max(table.id), 0))).one()
        == (len(ids), int(ids[-1]) if len(ids) else 0)
        for table, ids in known
    )


def _extends(old: Reference, new: Reference) -> bool:
    """Tell whether what had a position still has it."""
    return (
        old.codes == new.codes
        and old.corridors == new.corridors
        and np.array_equal(old.place_ids, new.place_ids[: len(old.place_ids)])
        and np.array_equal(old.organisation_ids, new.organisation_ids[: len(old.organisation_ids)])
    )


def _with_parts(session: Session, known: IntArray, numbers: Collection[int]) -> list[int]:
    """Return the projects to read: also the parts of one that was not there, which knew no umbrella project then."""
    wanted = set(numbers)
    added = wanted - set(known[np.isin(known, np.array(sorted(numbers), np.int32))].tolist())
    parts = session.scalars(select(Project.id).where(Project.parent_id.in_(added))) if added else ()
    return sorted(wanted | set(parts))


class _Joint:
    """Two sets of projects as one, in order of their ids: the old ones but those read again, and these."""

    def __init__(self, old: ProjectColumns, fresh: ProjectColumns, again: IntArray) -> None:
        self.old, self.fresh = old, fresh
        self.kept: BoolArray = ~np.isin(old.id, again)
        ids = np.concatenate((old.id[self.kept], fresh.id))
        self.order = np.argsort(ids, kind="stable")
        self.ids: IntArray = ids[self.order]
        self.place_of_old = np.where(self.kept, index_of(self.ids, old.id), -1)
        self.place_of_fresh = index_of(self.ids, fresh.id)

    def column(self, old: Any, fresh: Any) -> Any:
        """Return a column of both."""
        return np.concatenate((old[self.kept], fresh))[self.order]

    def projects(self, parents: IntArray) -> ProjectColumns:
        """Return the columns; ``parents`` are the ids of the umbrella projects of those read again."""
        names = [field.name for field in fields(ProjectColumns) if field.name not in OWN]
        joined = {name: self.column(getattr(self.old, name), getattr(self.fresh, name)) for name in names}
        above = np.where(self.old.parent >= 0, np.append(self.old.id, 0)[self.old.parent], 0)
        joined["parent"] = index_of(self.ids, self.column(above, parents))
        old, fresh = self.old.changes, self.fresh.changes
        project, kept = self._moved(old.project)
        joined["changes"] = StatusChanges(
            np.concatenate((project, self.place_of_fresh[fresh.project])).astype(np.int32),
            np.concatenate((old.status[kept], fresh.status)),
            np.concatenate((old.date[kept], fresh.date)),
        )
        return ProjectColumns(**joined, pair_kind=np.full(len(self.ids), -1, np.int32))

    def links(self, old: Links, fresh: Links) -> Links:
        """Return the links of both."""
        project, kept = self._moved(old.project)
        return Links(
            np.concatenate((project, self.place_of_fresh[fresh.project])).astype(np.int32),
            np.concatenate((old.target[kept], fresh.target)),
        )

    def _moved(self, project: IntArray) -> tuple[IntArray, BoolArray]:
        """Return the new positions of what belongs to old projects that are kept, and which those are."""
        places = self.place_of_old[project]
        kept = np.asarray(places >= 0, np.bool_)
        return places[kept], kept
