"""A list of the page: filter box, table sorted by its heads, and the line with the number of hits."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Generic, Protocol, TypeVar

from PySide6.QtCore import QModelIndex, QTimer, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from bri_desktop.domain.folding import fold
from bri_desktop.domain.pinyin import search_keys
from bri_desktop.i18n import tr
from bri_desktop.ui.settings import Settings
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.cells import CELL_ROLE, ID_ROLE, Link
from bri_desktop.ui.shared.context import RecordSet
from bri_desktop.ui.shared.model import Column, WindowedModel
from bri_desktop.ui.shared.panels import Band, footer
from bri_desktop.ui.shared.record_weights import WEIGHT, RecordSetBand, has_weights, only, weight_column, with_weights
from bri_desktop.ui.shared.search_box import SearchBox
from bri_desktop.ui.shared.table import LedgerTable


class HasId(Protocol):
    """A row with the id of its record."""

    @property
    def id(self) -> int: ...


TURN_SECONDS = 0.008

R = TypeVar("R", bound=HasId)
SortValue = Callable[[R], int | str]


def search_text(*names: str) -> str:
    """Return what a typed word is looked for in: names folded, as pinyin and as initials."""
    return " ".join(part.replace(" ", "") for name in names if name for part in (fold(name), *search_keys(name)))


class Listing(QFrame, Generic[R]):
    """Rows in memory; ``opened`` gives the row of a double click or Enter, ``linked`` the one whose link was used.

    ``foot`` says what a double click opens.
    """

    opened = Signal(object)
    linked = Signal(object)

    def __init__(
        self,
        name: str,
        hint: str,
        columns: Sequence[Column[R]],
        words: Callable[[R], str],
        sort_values: Mapping[str, SortValue[R]],
        foot: str = "",
    ) -> None:
        super().__init__()
        self.setProperty("kind", "surface")
        self._words, self._sort_values = words, sort_values
        self._all: dict[int, R] = {}
        self._texts: dict[int, str] = {}
        self._unread: list[R] = []
        self._reading = QTimer(self)
        self._reading.timeout.connect(self._read_words)
        self.set_band = RecordSetBand()
        self.set_band.cleared.connect(self._fill)
        columns = [*columns, weight_column(lambda: self.set_band.records)]
        model = WindowedModel(columns, lambda ids, arrived: arrived({key: self._all[key] for key in ids}))
        self.table: LedgerTable[R] = LedgerTable(name, model)
        self.search = SearchBox(hint)
        self.hits = buttons.label("", "hint")
        self._band = band = Band()
        band.add(self.search)
        band.add_stretch()
        line = footer()
        line.add(self.hits)
        line.add_stretch()
        line.add(buttons.label(foot or tr("Double click or Enter opens the records"), "hint"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(band)
        column.addWidget(self.set_band)
        column.addWidget(self.table, 1)
        column.addWidget(line)
        self.search.searched.connect(lambda _text: self._fill())
        self.search.left_downwards.connect(self.table.setFocus)
        self.table.sort_changed.connect(lambda _order: self._fill())
        self.table.opened.connect(lambda key: self.opened.emit(self._all[key]))
        self.table.clicked.connect(self._on_clicked)

    def add_action(self, widget: QWidget) -> None:
        """Add a button at the right end over the table."""
        self._band.add(widget)

    def remember_in(self, settings: Settings, name: str) -> None:
        """Keep columns and order in the settings."""
        self.table.remember_in(settings, name)

    def show_records(self, records: RecordSet) -> None:
        """Show exactly the rows of a figure, in its order; as soon as they are here."""
        self.search.set_text_silently("")
        self.table.set_sort_order([])
        self.set_band.show_records(records)
        self._fill()

    def show_rows(self, rows: Sequence[R]) -> None:
        """Show other rows; their order is that without a sort."""
        self._all = {row.id: row for row in rows}
        self._texts = {}
        self._unread = list(reversed(rows))
        self._fill()
        self._reading.start()

    def _read_words(self) -> None:
        """Work out what is searched, a few milliseconds a turn: of a hundred thousand rows it takes seconds."""
        end = time.monotonic() + TURN_SECONDS
        while self._unread and time.monotonic() < end:
            row = self._unread.pop()
            self._texts[row.id] = self._words(row)
        if self._unread:
            return
        self._reading.stop()
        if self.search.text().strip():
            self._fill()

    def shown(self) -> list[R]:
        """Return the rows in view, in order."""
        return [self._all[key] for key in self.table.rows.ids()]

    def weights(self) -> Mapping[int, float] | None:
        """Return what each row counts for, where those of a shared-out figure are shown."""
        return None if self.set_band.records is None else self.set_band.records.weights

    def _fill(self) -> None:
        words = [fold(word) for word in self.search.text().split()]
        ids = [key for key in self._all if not words or all(word in self._texts.get(key, "") for word in words)]
        order, records = self.table.sort_order(), self.set_band.records
        for key, ascending in reversed(order):
            value = self._sort_values[key]
            ids.sort(key=lambda row_id: value(self._all[row_id]), reverse=not ascending)
        ids = only(records, ids, is_sorted=bool(order))
        self.table.set_passing_shown(WEIGHT, has_weights(records))
        self.table.show_ids(ids, self._all)
        total = len(self._all)
        shown = tr("{count} in all", count=f"{total:,}")
        if words or records is not None:
            shown = tr("{found} of {count}", found=f"{len(ids):,}", count=f"{total:,}")
        self.hits.setText(with_weights(shown, records))

    def _on_clicked(self, index: QModelIndex) -> None:
        if isinstance(index.data(CELL_ROLE), Link):
            self.linked.emit(self._all[index.data(ID_ROLE)])
