"""What figures can be grouped by, in the words of the office, as a list at the left of the page."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QAbstractListModel, QModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from bri_desktop.i18n import tr
from bri_desktop.ui.shared import paint
from bri_desktop.ui.shared.delegates import Index
from bri_desktop.ui.shared.tokens import BODY, BODY_BOLD, SMALL_BOLD, Size, Space

WIDTH = 176

HEADS: Mapping[str, Callable[[], str]] = {
    "cooperation": lambda: tr("Cooperation"),
    "foreign": lambda: tr("Foreign side"),
    "domestic": lambda: tr("Chinese side"),
    "work": lambda: tr("Actors and results"),
}

GROUPINGS: Mapping[str, tuple[str, Callable[[], str]]] = {
    "mode": ("cooperation", lambda: tr("Mode")),
    "submode": ("cooperation", lambda: tr("Sub-mode")),
    "domain": ("cooperation", lambda: tr("Domain")),
    "nature": ("cooperation", lambda: tr("Nature")),
    "status": ("cooperation", lambda: tr("Status")),
    "level": ("cooperation", lambda: tr("Level")),
    "pair_kind": ("cooperation", lambda: tr("Kind of tie")),
    "field": ("cooperation", lambda: tr("Sustainability fields")),
    "sdg": ("cooperation", lambda: tr("Development goals")),
    "year": ("cooperation", lambda: tr("Year of start")),
    "continent": ("foreign", lambda: tr("Continent")),
    "continent5": ("foreign", lambda: tr("Continent (five)")),
    "subregion": ("foreign", lambda: tr("Subregion")),
    "country": ("foreign", lambda: tr("Country")),
    "foreign_city": ("foreign", lambda: tr("Foreign city")),
    "income": ("foreign", lambda: tr("Income group")),
    "bri": ("foreign", lambda: tr("Belt and Road partner")),
    "tier": ("foreign", lambda: tr("Financial integration")),
    "corridor": ("foreign", lambda: tr("Corridors")),
    "province": ("domestic", lambda: tr("Province")),
    "prefecture": ("domestic", lambda: tr("Prefecture")),
    "city": ("domestic", lambda: tr("City")),
    "department": ("work", lambda: tr("Responsible department")),
    "actor": ("work", lambda: tr("Kind of actor")),
    "outcome_class": ("work", lambda: tr("Class of result")),
}
"""Dimension -> its head and its name."""

AGAINST_COUNTRIES = ("continent", "continent5", "subregion", "income", "bri", "tier", "corridor")
FOREIGN = ("country", *AGAINST_COUNTRIES)
RANKED = ("country", "subregion", "province", "submode", "field")
"""Closed lists so long that the largest come first."""


def grouping_name(code: str) -> str:
    """Return the name of a dimension."""
    return GROUPINGS[code][1]()


def baselines(code: str) -> tuple[str, ...]:
    """Return the baselines that a dimension can be held against, its default first."""
    if code in AGAINST_COUNTRIES:
        return ("countries", "equal") if code == "bri" else ("countries", "bri", "equal")
    return ("equal", "bri") if code == "country" else ("equal",)


class _Model(QAbstractListModel):
    """Heads and groupings; heads cannot be chosen."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.codes: list[str] = []
        for head in HEADS:
            self.codes += [head, *(code for code, (under, _) in GROUPINGS.items() if under == head)]

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many lines there are."""
        return 0 if parent is not None and parent.isValid() else len(self.codes)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the name of a line."""
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole) or not index.isValid():
            return None
        code = self.codes[index.row()]
        return HEADS[code]() if code in HEADS else grouping_name(code)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return what can be done with a line."""
        if not index.isValid() or self.codes[index.row()] in HEADS:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class _Delegate(QStyledItemDelegate):
    """Draws heads small and grey, the chosen grouping with the accent edge."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return a fixed height."""
        is_head = not index.flags() & Qt.ItemFlag.ItemIsSelectable
        return QSize(WIDTH // 2, Size.ROW + (Space.INSIDE if is_head and index.row() else 0))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one line."""
        rect: QRect = getattr(option, "rect")  # noqa: B009 - the stubs leave out the fields of style options
        state: QStyle.StateFlag = getattr(option, "state")  # noqa: B009
        text = str(index.data(Qt.ItemDataRole.DisplayRole))
        painter.save()
        if not index.flags() & Qt.ItemFlag.ItemIsSelectable:
            low = rect.adjusted(Space.PAGE, rect.height() - Size.ROW, 0, 0)
            paint.draw_text(painter, low, text, SMALL_BOLD, paint.role("secondary"))
        else:
            chosen = bool(state & QStyle.StateFlag.State_Selected)
            if chosen:
                painter.fillRect(rect, paint.role("surface"))
                painter.fillRect(QRect(rect.left(), rect.top(), Size.EDGE, rect.height()), paint.role("accent"))
            inner = rect.adjusted(Space.PAGE + Space.BETWEEN, 0, -Space.INSIDE, 0)
            style, role = (BODY_BOLD, "accent") if chosen else (BODY, "text")
            paint.draw_text(painter, inner, text, style, paint.role(role))
        painter.restore()


class GroupingList(QListView):
    """The list; ``chosen`` gives the dimension."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("navigation")
        self.setAccessibleName(tr("Grouped by"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._model = _Model(self)
        self.setModel(self._model)
        self.setItemDelegate(_Delegate(self))
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.selectionModel().currentChanged.connect(self._on_current)

    def choose(self, code: str) -> None:
        """Make a dimension the chosen one."""
        self.setCurrentIndex(self._model.index(self._model.codes.index(code)))

    def code(self) -> str:
        """Return the chosen dimension."""
        return self._model.codes[self.currentIndex().row()]

    def _on_current(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid():
            self.chosen.emit(self._model.codes[now.row()])
