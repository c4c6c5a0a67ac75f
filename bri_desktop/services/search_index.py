"""What long imports and upgrades leave to idle moments: the search index, the digests of new rows."""

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from bri_desktop.db import digests
from bri_desktop.db.search import fill
from bri_desktop.domain.changes import Changes


@dataclass(frozen=True, slots=True)
class Filled:
    """Whether anything is left to be indexed; no record changes by it."""

    is_left: bool
    changes: Changes = field(default_factory=Changes)


def fill_search_index(session: Session) -> Filled:
    """Index the next few hundred texts, then rows, in about the time that saving a record takes."""
    return Filled(fill(session) or digests.settle(digests.driver_of(session), gaps=True))
