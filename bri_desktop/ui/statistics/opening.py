"""Figures opened in the ledger: exactly their records, the shared-out ones with their weights in the title."""

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtWidgets import QWidget

from bri_desktop.i18n import tr
from bri_desktop.services.record_links import project_ids
from bri_desktop.ui.shared.context import RecordSet, WindowContext
from bri_desktop.ui.statistics.words import kind_name, weights_text


class Opener:
    """Opens entries of any kind as the projects that they are about."""

    def __init__(self, context: WindowContext, page: QWidget, said: Callable[[str], object]) -> None:
        self._context, self._page, self._said = context, page, said

    def open(self, title: str, kind: str, ids: Iterable[int], weights: Mapping[int, float] | None = None) -> None:
        """Show the records of ``ids``; nothing of none. Projects have their ``weights`` in a column of their own."""
        wanted = tuple(ids)
        if not wanted:
            return
        if kind == "project":
            self._context.open_records(RecordSet(title, wanted, weights))
            return

        def found(projects: tuple[int, ...]) -> None:
            if projects:
                self._context.open_records(RecordSet(title, projects))
            else:
                self._said(tr("No project belongs to these: {what}.", what=kind_name(kind)))

        self._context.runner.read(project_ids, kind, wanted, done=found, initiator=self._page)

    def open_weighed(self, title: str, kind: str, weights: Mapping[int, float]) -> None:
        """Show records by weight, the heaviest first, with what their weights add up to."""
        ordered = sorted(weights, key=lambda id_: (-weights[id_], id_))
        said = weights_text(weights.values())
        self.open(f"{title} · {said}" if said else title, kind, ordered, weights)
