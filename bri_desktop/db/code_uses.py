"""Where codes are used: the one map from a code list to the columns that hold its codes, counted and moved by it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from bri_desktop.db.measure_models import Risk
from bri_desktop.db.models import Activity, Agreement, Base, Organisation, Outcome, Pair, Project, ProjectCode
from bri_desktop.db.models import ProjectStatus as Dated


@dataclass(frozen=True, slots=True)
class Use:
    """A column that holds codes of a list; ``field`` is the project's field behind it where it belongs to projects.

    ``owner`` is the column of the project's id in rows that are part of one.
    """

    column: InstrumentedAttribute[Any]
    field: str | None = None
    owner: InstrumentedAttribute[Any] | None = None
    only: ColumnElement[bool] | None = None

    @property
    def table(self) -> type[Base]:
        """The model of the column."""
        model: type[Base] = self.column.parent.class_
        return model

    @property
    def condition(self) -> ColumnElement[bool]:
        """What holds for the rows of this use."""
        return true() if self.only is None else self.only


def _several(name: str, field: str) -> Use:
    return Use(ProjectCode.code, field, ProjectCode.project_id, ProjectCode.list == name)


USES: Mapping[str, tuple[Use, ...]] = {
    "mode": (Use(Project.mode, "mode"),),
    "submode": (Use(Project.submode, "submode"),),
    "nature": (Use(Project.nature, "nature"),),
    "status": (Use(Project.status, "status"), Use(Dated.status, None, Dated.project_id)),
    "domain": (Use(Project.domain, "domain"), _several("domain", "domains")),
    "field": (_several("field", "fields"),),
    "corridor": (_several("corridor", "corridors"),),
    "sdg": (_several("sdg", "sdg"),),
    "level": (Use(Project.level, "level"), Use(Pair.level)),
    "policy_step": (Use(Project.policy_step, "policy_step"),),
    "visibility": (Use(Project.visibility, "visibility"),),
    "outcome_class": (Use(Outcome.outcome_class, "outcomes", Outcome.project_id),),
    "pair_kind": (Use(Pair.kind),),
    "pair_life": (Use(Pair.life),),
    "agreement_kind": (Use(Agreement.kind),),
    "activity_kind": (Use(Activity.kind),),
    "actor": (Use(Organisation.kind),),
    "cause": (Use(Risk.cause),),
}


def count_uses(session: Session, name: str) -> tuple[Counter[str], Counter[str]]:
    """Return code -> records in the ledger, and code -> further rows: in the bin, and dated changes of the past."""
    live: Counter[str] = Counter()
    other: Counter[str] = Counter()
    for use in USES.get(name, ()):
        rows: Sequence[Any] = session.execute(_grouped(use)).all()
        is_past = use.table is Dated
        for code, is_binned, count in rows:
            (other if is_binned or is_past else live)[code] += count
    return live, other


def _grouped(use: Use) -> Select[Any]:
    binned = (Project if use.owner is not None else use.table).__table__.c.deleted_at.is_not(None)
    record = use.owner if use.owner is not None else use.table.__table__.c.id
    query = select(use.column, binned, func.count(func.distinct(record))).select_from(use.table)
    if use.owner is not None:
        query = query.join(Project, Project.id == use.owner)
    return query.where(use.column.is_not(None), use.condition).group_by(use.column, binned)


def projects_using(session: Session, name: str, code: str) -> list[int]:
    """Return the ids of the projects, those in the bin too, one of whose fields holds the code."""
    found: set[int] = set()
    for use in USES.get(name, ()):
        if use.field is not None:
            owner = Project.id if use.owner is None else use.owner
            found.update(session.scalars(select(owner).where(use.column == code, use.condition)))
    return sorted(found)


def rows_using(session: Session, name: str, code: str) -> Iterator[tuple[Use, list[int]]]:
    """Yield the rows outside the fields of projects that hold the code: (use, ids)."""
    for use in USES.get(name, ()):
        if use.field is None:
            ids = select(use.table.__table__.c.id).where(use.column == code, use.condition)
            found = list(session.scalars(ids))
            if found:
                yield use, found


def is_used(session: Session, name: str, code: str) -> bool:
    """Tell whether any row holds the code."""
    return bool(projects_using(session, name, code)) or any(True for _ in rows_using(session, name, code))
