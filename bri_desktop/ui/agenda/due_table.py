"""The list of what is due: groups named by what settles them, which can be folded."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyleOptionViewItem, QWidget

from bri_desktop.i18n import tr
from bri_desktop.labels import field_label
from bri_desktop.services.due import Due
from bri_desktop.ui.shared import icons, paint
from bri_desktop.ui.shared.approval_words import days_text
from bri_desktop.ui.shared.cells import ABSENT, CELL_ROLE, ID_ROLE, Cell, Link, Named, Toned
from bri_desktop.ui.shared.delegates import Index, RowDelegate
from bri_desktop.ui.shared.model import Column, WindowedModel
from bri_desktop.ui.shared.table import LedgerTable
from bri_desktop.ui.shared.tokens import BODY, BODY_BOLD, Size, Space

KINDS = ("pending", "approval", "follow_up", "visit", "expiring", "anniversary", "edition", "outstanding", "gap")
INDENT = 28


@dataclass(frozen=True, slots=True)
class Group:
    """The head of a group."""

    kind: str
    title: str
    size: int


Row = Group | Due


def group_title(kind: str) -> str:
    """Return what settles the items of a kind."""
    titles = {
        "pending": tr("Settled by a decision"),
        "approval": tr("Settled by an approval"),
        "follow_up": tr("Settled when it is done"),
        "visit": tr("Settled when the visit is over"),
        "expiring": tr("Settled by renewal or termination"),
        "anniversary": tr("Settled by an activity"),
        "edition": tr("Settled by the next edition"),
        "outstanding": tr("Settled when the workbook comes back"),
        "gap": tr("Settled when my records are complete"),
    }
    return titles[kind]


def what(item: Due) -> str:
    """Return the item in one phrase."""
    if item.kind == "pending":
        return tr("{count} rows to decide", count=item.number)
    if item.kind == "anniversary":
        return tr("{pair}: {years} years", pair=item.title, years=item.number)
    if item.kind == "edition" and item.number:
        return tr("{mechanism}: edition {number}", mechanism=item.title, number=item.number)
    if item.kind == "outstanding":
        return tr("{department}: workbook {number}", department=item.title, number=item.context)
    if item.kind == "gap":
        return tr("No entry: {field}", field=field_label(item.title))
    return item.title


def context(item: Due) -> str:
    """Return where the item comes from."""
    if item.kind in ("outstanding", "gap"):
        return tr("{count} projects", count=f"{item.number:,}")
    if item.kind == "approval":
        step, _, state = item.context.partition("\t")
        return f"{step} {_STATES[state]()}" if state in _STATES else step
    return item.title if item.kind == "pending" else item.context


def due_date(item: Due, year: int) -> str:
    """Return the date, without the year where it is ``year`` and the day is known."""
    if item.due is None:
        return ABSENT
    return item.due[5:] if len(item.due) == 10 and item.due.startswith(f"{year}-") else item.due


_STATES: Mapping[str, Callable[[], str]] = {
    "waiting": lambda: tr("To submit"),
    "submitted": lambda: tr("Awaiting decision"),
    "returned": lambda: tr("To submit again"),
}


def remaining(item: Due) -> Cell | str:
    """Return the days left, of an approval those it has waited; red and bold when overdue."""
    if item.kind == "approval":
        text = tr("{age} so far", age=days_text(item.number, is_working=item.is_working))
        return Toned(text, "error", bold=True) if item.is_late else text
    if item.days is None:
        return ABSENT
    if item.days < 0:
        return Toned(tr("{days} days overdue", days=-item.days), "error", bold=True)
    return tr("today") if item.days == 0 else tr("{days} days", days=f"{item.days:,}")


def action(kind: str) -> str:
    """Return the verb that leads to the work."""
    verbs = {
        "pending": tr("Decide"),
        "approval": tr("Handle"),
        "follow_up": tr("Done"),
        "visit": tr("Prepare"),
        "expiring": tr("Renew or end"),
        "anniversary": tr("Log an activity"),
        "edition": tr("Log an edition"),
        "outstanding": tr("Remind"),
        "gap": tr("Complete"),
    }
    return verbs[kind]


class GroupDelegate(RowDelegate):
    """Draws the heads of groups over the whole width, the rest as in every table."""

    def __init__(self, view: QAbstractItemView, is_open: Callable[[str], bool]) -> None:
        super().__init__(view)
        self._is_open = is_open

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        kind, cell = index.data(ID_ROLE), index.data(CELL_ROLE)
        if kind not in KINDS or not isinstance(cell, Named):
            super().paint(painter, option, index)
            return
        rect: QRect = getattr(option, "rect")  # noqa: B009 - the stubs leave out the fields of style options
        painter.save()
        painter.fillRect(rect, paint.role("window"))
        paint.draw_rule(painter, rect, paint.role("line"))
        arrow = "chevron-down" if self._is_open(kind) else "chevron-right"
        top = rect.center().y() - Size.SMALL_ICON // 2 + 1
        icons.paint_icon(painter, arrow, "secondary", rect.left() + Space.BETWEEN, top, Size.SMALL_ICON)
        inner = rect.adjusted(INDENT + Space.BETWEEN, 0, 0, 0)
        used = paint.draw_text(painter, inner, cell.name, BODY_BOLD, paint.role("text"))
        rest = inner.adjusted(used + Space.BETWEEN, 0, 0, 0)
        paint.draw_text(painter, rest, cell.context, BODY, paint.role("secondary"))
        painter.restore()


class _DueModel(WindowedModel[Row]):
    """The head of the first column counts the items."""

    what = ""

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the title of a column."""
        if role == Qt.ItemDataRole.DisplayRole and section == 1 and self.what:
            return self.what
        return super().headerData(section, orientation, role)


class DueTable(LedgerTable[Row]):
    """The list; ``chosen`` gives the item that a double click or Enter opens, ``settled`` the one whose link or
    Ctrl+Enter asks for the act that settles it."""

    chosen = Signal(object)
    settled = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        self._items: dict[str, Row] = {}
        self._due: tuple[Due, ...] = ()
        self._folded: set[str] = set()
        self._year = 0
        columns: list[Column[Row]] = [
            Column(key="fold", title="", cell=_head, width=INDENT, is_sortable=False),
            Column(key="what", title="", cell=_what, width=216, is_sortable=False, stretch=True),
            Column(key="context", title="", cell=_context, width=260, is_sortable=False, priority=2),
            Column(key="due", title=tr("Due date"), cell=self._due_cell, width=84, is_right=True, is_sortable=False),
            Column(
                key="left", title=tr("Days left"), cell=_left, width=150, is_right=True, is_sortable=False, priority=1
            ),
            Column(key="action", title=tr("Action"), cell=_action, width=100, is_right=True, is_sortable=False),
        ]
        model = _DueModel(columns, lambda ids, arrived: arrived({key: self._items[key] for key in ids}))
        super().__init__(tr("Due"), model, parent)
        self._model = model
        self.header.setMinimumSectionSize(INDENT)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.fit()
        delegate = GroupDelegate(self, lambda kind: kind not in self._folded)
        self.setItemDelegate(delegate)
        self.row_delegate = delegate
        delegate.link_clicked.connect(self._on_link)
        self.opened.connect(self._on_opened)
        self.header.setSectionsMovable(False)

    def show_due(self, due: Sequence[Due], year: int) -> None:
        """Show other items; dates of ``year`` go without it."""
        self._due = tuple(due)
        self._year = year
        self._model.what = tr("{count} due, by what settles it", count=len(self._due))
        self._fill()

    def due_rows(self) -> list[Row]:
        """Return the rows in view, heads of groups among them."""
        return [self._items[key] for key in self.rows.ids()]

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Fold or unfold a group by a click on its head."""
        super().mouseReleaseEvent(event)
        self._fold_at(self.indexAt(event.position().toPoint()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Fold with Space, settle with Ctrl+Enter."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Space:
            self._fold_at(self.currentIndex())
        elif is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._on_link(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _due_cell(self, row: Row) -> Cell | str:
        return "" if isinstance(row, Group) else due_date(row, self._year)

    def _fill(self) -> None:
        self._items = {}
        heads = []
        for kind in KINDS:
            items = [item for item in self._due if item.kind == kind]
            if not items:
                continue
            heads.append(len(self._items))
            self._items[kind] = Group(kind, group_title(kind), len(items))
            if kind not in self._folded:
                self._items |= {f"{kind} {number}": item for number, item in enumerate(items)}
        self.clearSpans()
        self.show_ids(list(self._items), self._items)
        for row in heads:
            self.setSpan(row, 0, 1, len(self.rows.columns))

    def _fold_at(self, index: QModelIndex) -> None:
        item = self._items.get(str(index.data(ID_ROLE))) if index.isValid() else None
        if isinstance(item, Group):
            self._folded ^= {item.kind}
            self._fill()

    def _on_link(self, index: QModelIndex) -> None:
        item = self._items.get(str(index.data(ID_ROLE))) if index.isValid() else None
        if isinstance(item, Due):
            self.settled.emit(item)

    def _on_opened(self, key: str) -> None:
        item = self._items.get(key)
        if isinstance(item, Due):
            self.chosen.emit(item)


def _head(row: Row) -> Cell | str:
    return Named(row.title, str(row.size)) if isinstance(row, Group) else ""


def _what(row: Row) -> Cell | str:
    return "" if isinstance(row, Group) else what(row)


def _context(row: Row) -> Cell | str:
    return "" if isinstance(row, Group) else Toned(context(row), "secondary")


def _left(row: Row) -> Cell | str:
    return "" if isinstance(row, Group) else remaining(row)


def _action(row: Row) -> Cell | str:
    return "" if isinstance(row, Group) else Link(action(row.kind))
