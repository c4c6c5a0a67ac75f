"""Which records are internal, and so stand in no document that leaves the office, nor in any figure of one."""

from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bri_desktop.db.models import Project

PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Hidden:
    """Record numbers of internal projects, and of the ties of which every project is internal."""

    projects: frozenset[int] = field(default_factory=frozenset)
    pairs: frozenset[int] = field(default_factory=frozenset)

    def shows(self, project: int | None, pair: int | None) -> bool:
        """Tell whether something that belongs to a project, or to a tie, may be seen."""
        return project not in self.projects if project is not None else pair not in self.pairs


NOTHING = Hidden()


def read_hidden(session: Session) -> Hidden:
    """Return what is internal. A tie without any project is public: it has no visibility of its own."""
    inside = Project.visibility != PUBLIC
    projects = session.scalars(select(Project.id).where(inside))
    shown = func.sum(Project.visibility == PUBLIC)
    pairs = session.scalars(
        select(Project.pair_id)
        .where(Project.pair_id.is_not(None), Project.deleted_at.is_(None))
        .group_by(Project.pair_id)
        .having(shown == 0)
    )
    return Hidden(frozenset(projects), frozenset(pair for pair in pairs if pair is not None))
