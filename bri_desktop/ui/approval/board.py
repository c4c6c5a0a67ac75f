"""The board: one column a step, a card a case; the longest waiting on top, what was returned marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QItemSelectionModel, QModelIndex, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QListView,
    QScrollArea,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from bri_desktop.i18n import tr
from bri_desktop.services.approval_procedures import Procedure
from bri_desktop.services.approvals import Case
from bri_desktop.ui.shared import buttons, paint
from bri_desktop.ui.shared.approval_words import OLD_DAYS, days_text, state_cell
from bri_desktop.ui.shared.delegates import Index, rect_and_selection
from bri_desktop.ui.shared.tokens import SMALL, SMALL_BOLD, Size, Space, colours

CARD = 86
COLUMN = 122
_NONE = QModelIndex()


@dataclass(frozen=True, slots=True)
class Lane:
    """A column of the board: the step's name and its cases."""

    name: str
    cases: tuple[Case, ...]


def lanes_of(procedure: Procedure, cases: Sequence[Case]) -> list[Lane]:
    """Return the columns of a procedure: its steps, those that running cases still have, and what is closed."""
    mine = [case for case in cases if case.procedure == procedure.name]
    running = [case for case in mine if case.closed is None]
    names = [name for name, _ in procedure.steps]
    names += [name for name in dict.fromkeys(case.step_name for case in running) if name not in names]
    lanes = [Lane(name, tuple(case for case in running if case.step_name == name)) for name in names]
    return [*lanes, Lane(tr("Finished cases"), tuple(case for case in mine if case.closed is not None))]


class CardModel(QAbstractListModel):
    """The cases of one column."""

    def __init__(self, cases: Sequence[Case], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.cases = list(cases)

    def rowCount(self, parent: QModelIndex | Any = _NONE) -> int:
        """Return how many cases there are."""
        return 0 if parent.isValid() else len(self.cases)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        """Return title, state and age in words."""
        if not index.isValid() or index.row() >= len(self.cases):
            return None
        case = self.cases[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return case.title
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{case.title}\n{state_cell(case).text}  {self.age(index.row())}".rstrip()
        return None

    def age(self, row: int) -> str:
        """Return how long the step of a card is open, in the unit that the record and the table name."""
        case = self.cases[row]
        return "" if case.age_of_step is None else days_text(case.age_of_step, is_working=case.is_working)


class CardDelegate(QStyledItemDelegate):
    """Draws a card: title in up to two lines, state with its dot, below it how long the step is open."""

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return the height of a card with the space below it."""
        return QSize(0, CARD + Space.BETWEEN)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one card."""
        model = index.model()
        if not isinstance(model, CardModel):
            return
        case, c = model.cases[index.row()], colours()
        rect, is_selected = rect_and_selection(option)
        is_current = self._view.hasFocus() and self._view.currentIndex() == index
        card = rect.adjusted(0, 0, -1, -Space.BETWEEN - 1)
        painter.save()
        edge = c.accent if is_current or is_selected else c.line
        paint.draw_box(painter, card, fill=paint.qcolor(c.tint if is_selected else c.surface), edge=paint.qcolor(edge))
        inner = card.adjusted(Space.BETWEEN, Space.INSIDE + 2, -Space.BETWEEN, 0)
        first, second = _two_lines(case.title, inner.width())
        line = QRect(inner.left(), inner.top(), inner.width(), 18)
        paint.draw_text(painter, line, first, SMALL_BOLD, paint.qcolor(c.text))
        paint.draw_text(painter, line.translated(0, 18), second, SMALL_BOLD, paint.qcolor(c.text))
        self._draw_foot(painter, line.translated(0, 38), case)
        self._draw_age(painter, line.translated(0, 55), model.age(index.row()), case)
        painter.restore()

    def _draw_foot(self, painter: QPainter, rect: QRect, case: Case) -> None:
        c, state = colours(), state_cell(case)
        centre = rect.center()
        centre.setX(rect.left() + Size.DOT // 2)
        paint.draw_dot(painter, centre.toPointF(), state.shape, paint.role(state.role))
        room = rect.adjusted(Size.DOT + Space.INSIDE + 2, 0, 0, 0)
        paint.draw_text(painter, room, state.text, SMALL, paint.qcolor(c.secondary))

    def _draw_age(self, painter: QPainter, rect: QRect, age: str, case: Case) -> None:
        is_old = case.age_of_step is not None and case.age_of_step >= OLD_DAYS
        colour = paint.qcolor(colours().error if is_old else colours().secondary)
        paint.draw_text(painter, rect, age, SMALL_BOLD if is_old else SMALL, colour)


def _two_lines(text: str, width: int) -> tuple[str, str]:
    """Break a title where the first line is full; the second is elided by whoever draws it."""
    metrics = paint.metrics(SMALL_BOLD)
    if metrics.horizontalAdvance(text) <= width:
        return text, ""
    at = len(text)
    while at > 1 and metrics.horizontalAdvance(text[:at]) > width:
        at -= 1
    if " " in text[:at] and text[at : at + 1].isascii() and text[at - 1].isascii():
        at = text[:at].rindex(" ") + 1
    return text[:at].rstrip(), text[at:]


class CardList(QListView):
    """The cards of one column; Left and Right go to the neighbouring columns, Enter opens."""

    chosen = Signal(int)
    entered = Signal(int)
    stepped = Signal(int)

    def __init__(self, lane: Lane) -> None:
        super().__init__()
        self.lane = lane
        self.setAccessibleName(lane.name)
        self.setModel(CardModel(lane.cases, self))
        self.setItemDelegate(CardDelegate(self))
        self.setUniformItemSizes(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if lane.cases else Qt.FocusPolicy.NoFocus)
        self.setStyleSheet("QListView { background: transparent; }")
        self.clicked.connect(self._on_chosen)
        self.activated.connect(self._on_chosen)

    def _on_chosen(self, index: QModelIndex) -> None:
        self.chosen.emit(self.lane.cases[index.row()].id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the column sideways."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        step = steps.get(Qt.Key(event.key()))
        if step is not None:
            self.stepped.emit(step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.entered.emit(self.lane.cases[self.currentIndex().row()].id)
        else:
            super().keyPressEvent(event)

    def select(self, number: int) -> bool:
        """Mark a case; tell whether it is in this column."""
        place = next((at for at, case in enumerate(self.lane.cases) if case.id == number), -1)
        if place >= 0:
            self.setCurrentIndex(self.model().index(place, 0))
        else:
            self.clearSelection()
        return place >= 0


class Board(QScrollArea):
    """All columns side by side; ``chosen`` gives the id of a case, ``entered`` that of one to be gone on with."""

    chosen = Signal(int)
    entered = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.lists: list[CardList] = []

    def show_lanes(self, lanes: Sequence[Lane], current: int | None) -> None:
        """Show columns; the case ``current`` is marked."""
        had_focus = any(cards.hasFocus() for cards in self.lists)
        content = QWidget()
        content.setProperty("kind", "surface")
        row = QHBoxLayout(content)
        row.setContentsMargins(Space.SECTION, Space.BETWEEN, Space.SECTION, Space.BETWEEN)
        row.setSpacing(Space.BETWEEN)
        self.lists = []
        for lane in lanes:
            row.addWidget(self._column(lane), 1)
        self.setWidget(content)
        first = next((cards for cards in self.lists if cards.lane.cases), None)
        if first is not None:
            self._take_proxy(first)
        if current is not None:
            self.select(current)
        if had_focus:
            self.setFocus()

    def _take_proxy(self, cards: CardList) -> None:
        """Let one column have the focus that the board is given; its first card is the current one then."""
        self.setFocusProxy(cards)
        if not cards.currentIndex().isValid():
            no_update = QItemSelectionModel.SelectionFlag.NoUpdate
            cards.selectionModel().setCurrentIndex(cards.model().index(0, 0), no_update)

    def _column(self, lane: Lane) -> QWidget:
        made = QFrame()
        made.setProperty("kind", "header-band")
        made.setMinimumWidth(COLUMN)
        cards = CardList(lane)
        cards.chosen.connect(self._on_chosen)
        cards.entered.connect(self.entered)
        cards.stepped.connect(lambda step, cards=cards: self._step(cards, step))
        self.lists.append(cards)
        head = QHBoxLayout()
        head.setContentsMargins(Space.INSIDE, 0, Space.INSIDE, 0)
        head.addWidget(buttons.label(lane.name, "strong"), 1)
        count = buttons.label(str(len(lane.cases)) if lane.cases else "", "hint")
        head.addWidget(count)
        column = QVBoxLayout(made)
        column.setContentsMargins(Space.INSIDE, Space.BETWEEN, Space.INSIDE, 0)
        column.setSpacing(Space.BETWEEN)
        column.addLayout(head)
        column.addWidget(cards, 1)
        return made

    def _on_chosen(self, number: int) -> None:
        self.select(number)
        self.chosen.emit(number)

    def select(self, number: int) -> None:
        """Mark one case."""
        for cards in self.lists:
            if cards.select(number):
                self._take_proxy(cards)

    def _step(self, cards: CardList, step: int) -> None:
        """Go to the next column that has cards."""
        place = self.lists.index(cards) + step
        while 0 <= place < len(self.lists) and not self.lists[place].lane.cases:
            place += step
        if 0 <= place < len(self.lists):
            target = self.lists[place]
            target.setFocus()
            if not target.currentIndex().isValid():
                target.setCurrentIndex(target.model().index(0, 0))
            self.ensureWidgetVisible(target)
