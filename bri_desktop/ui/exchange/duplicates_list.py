"""The lists of the duplicates room: pairs that may be one, and pairs that were said to be different."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from bri_desktop.i18n import tr
from bri_desktop.labels import reason_text
from bri_desktop.services.distinct import ToldApart
from bri_desktop.services.duplicates import PairFound
from bri_desktop.ui.exchange.lists import ListColumn, ListTable
from bri_desktop.ui.exchange.wording import local_time
from bri_desktop.ui.shared.cells import Cell, Named, Toned

SURE = 90


class PairTable(ListTable[PairFound]):
    """The pairs, best first; the keys M, D and L act on those selected."""

    key_given = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        columns = [
            ListColumn[PairFound](tr("Alike"), _score_cell, 64, is_right=True),
            ListColumn[PairFound](tr("One record"), lambda pair: Named(pair.left_title, pair.left), 200, stretch=True),
            ListColumn[PairFound](
                tr("Other record"), lambda pair: Named(pair.right_title, pair.right), 200, stretch=True
            ),
            ListColumn[PairFound](tr("Why"), _reasons_text, 360),
        ]
        super().__init__(tr("Pairs of records that may be one"), columns, parent=parent)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Act on the selected pairs."""
        if event.modifiers() == Qt.KeyboardModifier.NoModifier and event.text().upper() in ("M", "D", "L"):
            self.key_given.emit(event.text().upper())
            return
        super().keyPressEvent(event)


def _score_cell(pair: PairFound) -> Cell | str:
    score = f"{pair.likeness.score} %"
    return Toned(score, "text", bold=True) if pair.likeness.score >= SURE else score


def _reasons_text(pair: PairFound) -> str:
    reasons = [reason_text(reason.code, reason.values) for reason in pair.likeness.reasons]
    return tr(", ").join(reasons)


def apart_table() -> ListTable[ToldApart]:
    """Return the list of decisions."""
    columns = [
        ListColumn[ToldApart](tr("One record"), lambda one: one.left, 160),
        ListColumn[ToldApart](tr("Other record"), lambda one: one.right, 160),
        ListColumn[ToldApart](tr("Decided"), lambda one: local_time(one.at), 160, stretch=True),
    ]
    made = ListTable(tr("Records said to be different"), columns)
    made.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    return made
