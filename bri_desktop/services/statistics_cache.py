"""The columns that the statistics read, kept until something changes; what reads them is loaded when first asked."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bri_desktop.analysis.model import BoolArray, StatsData
    from bri_desktop.domain.changes import Changes
    from bri_desktop.services.visibility import Hidden

FILTERS_KEPT = 32
MOST_RENEWED = 200
"""So many projects are read again alone; of more, all are."""
BEFORE = "before"


@dataclass(frozen=True, slots=True)
class Before:
    """The columns and reference before ``numbers`` were written; ``None`` once these have been read again."""

    data: "StatsData | None"
    reference: Any
    numbers: frozenset[int]


@dataclass(slots=True)
class StatisticsCache:
    """What was last read of the ledger; dropped when a ``Changes`` says that it no longer holds.

    The columns are those of all projects: a filter is a mask over them, so that a changed one costs one query.
    ``public_only`` leaves internal records out, as if the ledger had none.
    """

    kept: dict[Any, Any] = field(default_factory=dict)
    public_only: bool = False

    def data(self, session: "Session") -> "StatsData":
        """Return the columns of all projects."""
        from bri_desktop.services.columns import read_projects
        from bri_desktop.services.columns_renewed import renewed

        def read() -> "StatsData":
            kept, reference = self.kept, self.reference(session)
            before: Before | None = kept.pop(BEFORE, None)
            if before is not None and before.data is not None:
                again = renewed(
                    session, before.data, before.reference, reference, before.numbers, public_only=self.public_only
                )
                if again is not None:
                    kept[BEFORE] = Before(None, None, before.numbers)
                    return again
            return read_projects(session, reference, public_only=self.public_only)

        found: StatsData = self.once("data", read)
        return found

    def hidden(self, session: "Session") -> "Hidden":
        """Return the records that are left out."""
        from bri_desktop.services.visibility import NOTHING, read_hidden

        found: Hidden = self.once("hidden", lambda: read_hidden(session) if self.public_only else NOTHING)
        return found

    def reference(self, session: "Session") -> Any:
        """Return the reference tables."""
        from bri_desktop.services.columns import read_reference
        from bri_desktop.services.columns_renewed import still_holds

        def read() -> Any:
            before: Before | None = self.kept.get(BEFORE)
            if before is not None and before.reference is not None and still_holds(session, before.reference):
                return before.reference
            return read_reference(session)

        return self.once("reference", read)

    def selected(self, session: "Session", filter_text: str = "") -> "BoolArray | None":
        """Return which projects pass the filter; ``None`` for all of them."""
        if not filter_text.strip():
            return None
        import numpy as np
        from sqlalchemy import select

        from bri_desktop.db.compact import int_columns
        from bri_desktop.db.models import Project
        from bri_desktop.db.queries import condition
        from bri_desktop.services.filters import read_filter

        ids = self.data(session).projects.id

        def read() -> "BoolArray":
            query = select(Project.id).where(Project.deleted_at.is_(None), condition(read_filter(session, filter_text)))
            return np.isin(ids, int_columns(session, query)[0])

        found: BoolArray = self.once(("filter", filter_text), read)
        return found

    def once(self, key: Any, read: Callable[[], Any]) -> Any:
        """Return what is kept under ``key``, read now where it is not there yet."""
        kept = self.kept
        if key not in kept:
            filters = [other for other in kept if isinstance(other, tuple) and other[0] == "filter"]
            if len(filters) >= FILTERS_KEPT:
                del kept[filters[0]]
            kept[key] = read()
        return kept[key]

    def forget(self, changes: "Changes | None" = None) -> None:
        """Drop everything that was read; a read that is still under way keeps its columns to itself.

        Where ``changes`` name the few projects that were written, the columns of the others are taken over. All that
        were written since the last whole read are read again each time, so that none is missed by an early reader.
        """
        gone, self.kept = self.kept, {}
        earlier: Before = gone.get(BEFORE) or Before(None, None, frozenset())
        written = _written(changes)
        numbers = written | earlier.numbers
        data, reference = gone.get("data", earlier.data), gone.get("reference", earlier.reference)
        if written and data is not None and len(numbers) <= MOST_RENEWED:
            self.kept[BEFORE] = Before(data, reference, numbers)


def _written(changes: "Changes | None") -> frozenset[int]:
    """Return the projects that changes name; none where they may touch more than the columns of these."""
    from bri_desktop.domain.vocabulary import PROJECT_KEY, number_of
    from bri_desktop.services.history import TOUCHED

    if changes is None or changes.kinds != TOUCHED:
        return frozenset()
    numbers = [number_of(PROJECT_KEY, key) for key in changes.keys]
    return frozenset() if None in numbers else frozenset(number for number in numbers if number is not None)
