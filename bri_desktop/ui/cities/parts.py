"""Parts of the pages of this folder: sections, facts beside their names, small tables, and the list of events."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QModelIndex, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QGridLayout, QVBoxLayout, QWidget

from bri_desktop.domain.codebook import CodeBook
from bri_desktop.i18n import tr
from bri_desktop.services.city_events import KINDS, Event
from bri_desktop.services.tables_out import NativeChart
from bri_desktop.ui.cities.listing import Listing, search_text
from bri_desktop.ui.cities.words import amount_text, code_word, event_name, kind_word
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.cells import ABSENT, CELL_ROLE, ID_ROLE, Cell, Link
from bri_desktop.ui.shared.model import Column, WindowedModel
from bri_desktop.ui.shared.panels import heading
from bri_desktop.ui.shared.plot_cells import head_width
from bri_desktop.ui.shared.table import LedgerTable
from bri_desktop.ui.shared.tokens import Size, Space

R = TypeVar("R")
FACTS_A_ROW = 4
MOST_ROWS = 12
MOST_EVENTS = 300
"""A list of more would hold up the window; the ledger shows all projects."""
SCROLL_BAR = 12


@dataclass(frozen=True, slots=True)
class Figures:
    """What a part of a page counts, as a table and the native chart of it."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str | float | None]]
    chart: NativeChart


class Section(QFrame):
    """A part of a page under its heading; with ``figures`` it can be taken out alone."""

    def __init__(self, title: str, figures: Figures | None) -> None:
        super().__init__()
        self.title, self.figures = title, figures
        self.setProperty("kind", "surface")


class EventRow:
    """An event with a number of its own: ids repeat between the kinds."""

    def __init__(self, number: int, event: Event) -> None:
        self.id = number
        self.event = event


def section(title: str, *widgets: QWidget, context: str = "", figures: Figures | None = None) -> Section:
    """Return widgets under a heading."""
    made = Section(title, figures)
    column = QVBoxLayout(made)
    column.setContentsMargins(Space.PAGE, Space.SECTION, Space.PAGE, 0)
    column.setSpacing(Space.BETWEEN)
    column.addWidget(heading(title, context))
    for widget in widgets:
        column.addWidget(widget)
    return made


def beside(*widgets: QWidget, stretches: Sequence[int] = ()) -> QWidget:
    """Return widgets side by side, their tops level; one under the other where they have no room beside each other."""
    return _Beside(widgets, stretches or [1] * len(widgets))


class _Beside(QWidget):
    def __init__(self, widgets: Sequence[QWidget], stretches: Sequence[int]) -> None:
        super().__init__()
        self._widgets = tuple(widgets)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.setSizeConstraint(QBoxLayout.SizeConstraint.SetNoConstraint)
        for widget, stretch in zip(widgets, stretches, strict=True):
            self._row.addWidget(widget, stretch, Qt.AlignmentFlag.AlignTop)

    def minimumSizeHint(self) -> QSize:
        """Return the width of the widest alone."""
        return QSize(max(self._least()), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stack them in a narrow window."""
        super().resizeEvent(event)
        has_room = sum(self._least()) <= self.width()
        direction = QBoxLayout.Direction.LeftToRight if has_room else QBoxLayout.Direction.TopToBottom
        if direction != self._row.direction():
            self._row.setDirection(direction)
            self.updateGeometry()

    def _least(self) -> list[int]:
        return [widget.minimumSizeHint().width() for widget in self._widgets]


def stacked(widgets: Sequence[QWidget]) -> QWidget:
    """Return widgets one under the other."""
    made = QWidget()
    inner = QVBoxLayout(made)
    inner.setContentsMargins(0, 0, 0, 0)
    inner.setSpacing(0)
    for widget in widgets:
        inner.addWidget(widget)
    inner.addStretch(1)
    return made


def facts(pairs: Sequence[tuple[str, str | QWidget]]) -> QWidget:
    """Return names in grey over their values, several in a row."""
    made = QFrame()
    made.setProperty("kind", "surface")
    grid = QGridLayout(made)
    grid.setContentsMargins(Space.PAGE, Space.SECTION, Space.PAGE, Space.INSIDE)
    grid.setHorizontalSpacing(Space.PAGE)
    grid.setVerticalSpacing(0)
    for number, (name, value) in enumerate(pairs):
        row, column = divmod(number, FACTS_A_ROW)
        shown = value if isinstance(value, QWidget) else _value(value)
        shown.setAccessibleDescription(name)
        grid.addWidget(buttons.label(name, "hint"), 3 * row, column)
        grid.addWidget(shown, 3 * row + 1, column, Qt.AlignmentFlag.AlignTop)
        grid.setRowMinimumHeight(3 * row + 2, Space.BETWEEN)
    for column in range(FACTS_A_ROW):
        grid.setColumnStretch(column, 1)
    return made


def _value(text: str) -> QWidget:
    made = buttons.label(text or ABSENT, "strong", wrap=True)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def small_table(
    name: str, columns: Sequence[Column[R]], rows: Sequence[R], opened: Callable[[R], object] | None = None
) -> LedgerTable[R]:
    """Return a table as high as its rows, at most ``MOST_ROWS``; Enter, double click or a link opens a row."""
    held = dict(enumerate(rows))
    model = WindowedModel(columns, lambda ids, arrived: arrived({key: held[key] for key in ids}))
    table: LedgerTable[R] = LedgerTable(name, model)
    table.header.setSectionsMovable(False)
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.show_ids(list(held), held)
    table.setMinimumWidth(sum(column.width for column in columns if not column.priority) + SCROLL_BAR)
    shown = min(len(held), MOST_ROWS)
    if len(held) <= MOST_ROWS:
        table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.setFixedHeight(Size.TABLE_HEADER + shown * Size.ROW + 2)
    if opened is not None:
        table.opened.connect(lambda key: opened(held[key]))
        table.clicked.connect(lambda index: _on_link(index, held, opened))
    return table


def _on_link(index: QModelIndex, held: dict[int, R], opened: Callable[[R], object]) -> None:
    if isinstance(index.data(CELL_ROLE), Link):
        opened(held[index.data(ID_ROLE)])


def column(
    key: str,
    title: str,
    cell: Callable[[Any], Cell | str],
    width: int,
    *,
    is_right: bool = False,
    stretch: bool = False,
    priority: int = 0,
    is_sortable: bool = False,
) -> Column[Any]:
    """Return a column; those of small tables are not sorted."""
    return Column(
        key=key,
        title=title,
        cell=cell,
        width=head_width(title, width),
        is_right=is_right,
        is_sortable=is_sortable,
        stretch=stretch,
        priority=priority,
    )


def latest(events: Sequence[Event]) -> Sequence[Event]:
    """Return the events that a list shows: all, or of very many the latest dated ones."""
    if len(events) <= MOST_EVENTS:
        return events
    dated = [event for event in events if event.start]
    return dated[-MOST_EVENTS:]


def event_list(codes: CodeBook, events: Sequence[Event], opened: Callable[[Event], object]) -> QWidget:
    """Return the events, at most the latest ``MOST_EVENTS``, as a list that can be filtered and sorted."""
    rows = [EventRow(number, event) for number, event in enumerate(latest(events), 1)]
    columns: list[Column[EventRow]] = [
        column("date", tr("Date"), lambda row: row.event.start or ABSENT, 92, is_sortable=True),
        column("end", tr("Until"), lambda row: row.event.end or ABSENT, 92, priority=2, is_sortable=True),
        column("kind", tr("Kind"), lambda row: kind_word(row.event.kind), 84, is_sortable=True),
        column(
            "what", tr("What"), lambda row: code_word(codes, row.event) or ABSENT, 170, priority=3, is_sortable=True
        ),
        column("title", tr("Name"), lambda row: event_name(codes, row.event), 260, stretch=True, is_sortable=True),
        column(
            "amount", tr("Quantity or amount"), lambda row: amount_text(row.event), 150, is_right=True, is_sortable=True
        ),
    ]
    listing = Listing(
        tr("Records"),
        tr("Filter: name, kind, date"),
        columns,
        lambda row: search_text(
            event_name(codes, row.event), kind_word(row.event.kind), code_word(codes, row.event), row.event.start or ""
        ),
        {
            "date": lambda row: row.event.start or "",
            "end": lambda row: row.event.end or "",
            "kind": lambda row: KINDS.index(row.event.kind),
            "what": lambda row: search_text(code_word(codes, row.event)),
            "title": lambda row: search_text(event_name(codes, row.event)),
            "amount": _amount_order,
        },
    )
    listing.show_rows(rows)
    listing.opened.connect(lambda row: opened(row.event))
    shown = min(max(len(rows), 3), MOST_ROWS)
    listing.setFixedHeight(Size.FILTER_ROW + Size.TABLE_HEADER + shown * Size.ROW + Size.FOOTER + SCROLL_BAR)
    return listing


def _amount_order(row: EventRow) -> int:
    money = row.event.money
    return int(money.amount * 10_000) if money is not None else -1
