"""The columns that the statistics read, kept until something changes; what reads them is loaded when first asked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from bri_desktop.services.projects import find_ids

if TYPE_CHECKING:
    from bri_desktop.analysis.model import StatsData


@dataclass(slots=True)
class StatisticsCache:
    """The columns last read, by filter; dropped when projects change."""

    kept: "dict[str, StatsData]" = field(default_factory=dict)

    def data(self, session: Session, filter_text: str = "") -> "StatsData":
        """Return the columns of the projects that pass the filter."""
        from bri_desktop.services.columns import read_statistics

        kept = self.kept
        if filter_text not in kept:
            ids: Sequence[int] | None = find_ids(session, filter_text=filter_text) if filter_text.strip() else None
            kept[filter_text] = read_statistics(session, ids)
        return kept[filter_text]

    def forget(self) -> None:
        """Drop everything that was read; a read that is still under way keeps its columns to itself."""
        self.kept = {}
