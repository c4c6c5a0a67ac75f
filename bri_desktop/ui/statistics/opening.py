"""Figures opened as lists: exactly their records, each in the list of its kind, the shared-out ones with weights."""

from collections.abc import Callable, Iterable, Mapping

from bri_desktop.ui.shared.context import RecordSet
from bri_desktop.ui.statistics.words import weights_text


class Opener:
    """Opens entries of any kind; ``open_records`` is the window's way to a list."""

    def __init__(self, open_records: Callable[[RecordSet], None]) -> None:
        self._open_records = open_records

    def open(self, title: str, kind: str, ids: Iterable[int], weights: Mapping[int, float] | None = None) -> None:
        """Show the records of ``ids``; nothing of none. Their ``weights`` stand in a column of their own."""
        wanted = tuple(ids)
        if wanted:
            self._open_records(RecordSet(title, wanted, weights, kind))

    def open_weighed(self, title: str, kind: str, weights: Mapping[int, float]) -> None:
        """Show records by weight, the heaviest first, with what their weights add up to."""
        ordered = sorted(weights, key=lambda id_: (-weights[id_], id_))
        said = weights_text(weights.values())
        self.open(f"{title} · {said}" if said else title, kind, ordered, weights)
