"""The search index behind long imports and upgrades: they leave it to the window, which fills it between other work."""

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from bri_desktop.db.search import fill
from bri_desktop.domain.changes import Changes


@dataclass(frozen=True, slots=True)
class Filled:
    """Whether texts are left to be indexed; no record changes by it."""

    is_left: bool
    changes: Changes = field(default_factory=Changes)


def fill_search_index(session: Session) -> Filled:
    """Index the next few hundred texts, in about the time that saving a record takes."""
    return Filled(fill(session))
