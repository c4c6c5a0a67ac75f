"""The sections of the summary: ticked ones are printed, in the order into which they are dragged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QStyledItemDelegate, QStyleOptionViewItem

from bri_desktop.i18n import tr
from bri_desktop.ui.shared import icons, paint
from bri_desktop.ui.shared.delegates import Index, rect_and_selection
from bri_desktop.ui.shared.tokens import BODY, BODY_BOLD, SMALL, Size, Space

CODE = Qt.ItemDataRole.UserRole
STATE = Qt.ItemDataRole.UserRole + 1
BOX = 13
TEXT_LEFT = Space.PAGE + BOX + Space.BETWEEN


@dataclass(frozen=True, slots=True)
class SectionState:
    """What is said of a section: how many of its figures changed, whether the manager's words stand in it, and
    whether the ledger has nothing for it, so that it is left out."""

    changed: int = 0
    own: bool = False
    empty: bool = False

    @property
    def text(self) -> str:
        """The state in words."""
        if self.empty:
            return tr("nothing in it")
        if self.changed:
            return tr("{count} changed", count=self.changed)
        return tr("own words") if self.own else tr("automatic")

    @property
    def brief(self) -> str:
        """The state in a word beside the icon; nothing of what is as ever."""
        if self.empty:
            return self.text
        return str(self.changed) if self.changed else ""

    @property
    def icon(self) -> str:
        """The icon beside the words, "" for none."""
        return "triangle-alert" if self.changed else "pencil" if self.own else ""


class SectionDelegate(QStyledItemDelegate):
    """Draws a section: tick, name, state at the right."""

    is_brief = False

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return the height of a line."""
        return QSize(0, Size.NAVIGATION_ROW - Space.INSIDE)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the line."""
        rect, is_chosen = rect_and_selection(option)
        is_ticked = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked.value
        painter.save()
        painter.fillRect(rect, paint.role("surface" if is_chosen else "window"))
        if is_chosen:
            painter.fillRect(rect.left(), rect.top(), Size.EDGE, rect.height(), paint.role("accent"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, paint.role("line"))
        self._tick(painter, rect, is_ticked)
        state: SectionState | None = index.data(STATE)
        used = self._state(painter, rect, state) if is_ticked and state is not None else 0
        room = rect.adjusted(TEXT_LEFT, 0, -Space.SECTION - used - Space.BETWEEN, 0)
        name = "accent" if is_chosen else "text" if is_ticked else "secondary"
        paint.draw_text(painter, room, index.data(), BODY_BOLD if is_chosen else BODY, paint.role(name))
        painter.restore()

    def _tick(self, painter: QPainter, rect: QRect, is_ticked: bool) -> None:
        box = QRect(rect.left() + Space.PAGE, rect.top() + (rect.height() - BOX) // 2, BOX, BOX)
        colour = paint.role("accent" if is_ticked else "surface")
        paint.draw_box(painter, box, fill=colour, edge=paint.role("accent" if is_ticked else "field_edge"))
        if is_ticked:
            icons.paint_icon(painter, "check", "on_accent", box.left() + 1, box.top() + 1, BOX - 2)

    def _state(self, painter: QPainter, rect: QRect, state: SectionState) -> int:
        colour = paint.role("warning" if state.changed else "secondary")
        room = rect.adjusted(TEXT_LEFT, 0, -Space.SECTION, 0)
        text = state.brief if self.is_brief else state.text
        used = paint.draw_text(painter, room, text, SMALL, colour, Qt.AlignmentFlag.AlignRight)
        if not state.icon:
            return used
        left = rect.right() - Space.SECTION - used - Space.INSIDE - Size.SMALL_ICON
        top = rect.top() + (rect.height() - Size.SMALL_ICON) // 2
        role = "warning" if state.changed else "secondary"
        icons.paint_icon(painter, state.icon, role, left, top, Size.SMALL_ICON)
        return used + Space.INSIDE + Size.SMALL_ICON


class SectionList(QListWidget):
    """The sections; ``chosen`` gives the one to look at, ``rearranged`` says that others are to be printed."""

    chosen = Signal(str)
    rearranged = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("navigation")
        self.setAccessibleName(tr("Sections"))
        self._delegate = SectionDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setToolTip(tr("Tick what is printed; drag, or Alt with an arrow, to change the order"))
        self._is_filling = False
        self.itemChanged.connect(self._on_item_changed)
        self.currentItemChanged.connect(lambda item, _before: self._on_current(item))
        for moved in (self.model().rowsMoved, self.model().rowsRemoved):
            moved.connect(lambda *_rows: self._tell())

    def set_sections(self, sections: Sequence[tuple[str, str]], ticked: Sequence[str]) -> None:
        """Show sections (code, name): those ``ticked`` first, in their order, then the rest."""
        names = dict(sections)
        order = [*ticked, *(code for code, _ in sections if code not in ticked)]
        self._is_filling = True
        current = self.code()
        self.clear()
        for code in order:
            item = QListWidgetItem(names[code])
            item.setData(CODE, code)
            item.setFlags(
                Qt.ItemFlag.ItemIsEnabled
                | Qt.ItemFlag.ItemIsSelectable
                | Qt.ItemFlag.ItemIsUserCheckable
                | Qt.ItemFlag.ItemIsDragEnabled
            )
            item.setCheckState(Qt.CheckState.Checked if code in ticked else Qt.CheckState.Unchecked)
            self.addItem(item)
        self.setCurrentRow(max(order.index(current) if current in order else 0, 0))
        self._is_filling = False

    def set_brief(self, is_brief: bool) -> None:
        """Say of the sections only what is out of the ordinary, and that in a word, where there is little room."""
        self._delegate.is_brief = is_brief
        self.viewport().update()

    def set_states(self, states: Mapping[str, SectionState]) -> None:
        """Say of each section how it stands; nothing of one that is not in ``states``."""
        self._is_filling = True
        for row in range(self.count()):
            item = self.item(row)
            state = states.get(item.data(CODE))
            item.setData(STATE, state)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{item.text()} {state.text if state else ''}".strip())
        self._is_filling = False
        self.viewport().update()

    def code(self) -> str:
        """Return the section looked at, "" for none."""
        item = self.currentItem()
        return "" if item is None else str(item.data(CODE))

    def title_of(self, code: str) -> str:
        """Return the name of a section."""
        return next((self.item(row).text() for row in range(self.count()) if self.item(row).data(CODE) == code), "")

    def ticked(self) -> tuple[str, ...]:
        """Return the sections to print, in their order."""
        items = (self.item(row) for row in range(self.count()))
        return tuple(str(item.data(CODE)) for item in items if item.checkState() == Qt.CheckState.Checked)

    def move_current(self, step: int) -> None:
        """Move the chosen section up or down."""
        row = self.currentRow()
        if 0 <= row + step < self.count():
            self._is_filling = True
            item = self.takeItem(row)
            self.insertItem(row + step, item)
            self.setCurrentItem(item)
            self._is_filling = False
            self.rearranged.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move a section by Alt with an arrow."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if step and event.modifiers() == Qt.KeyboardModifier.AltModifier:
            self.move_current(step)
        else:
            super().keyPressEvent(event)

    def _on_item_changed(self, _item: QListWidgetItem) -> None:
        self._tell()

    def _on_current(self, item: QListWidgetItem | None) -> None:
        if item is not None and not self._is_filling:
            self.chosen.emit(str(item.data(CODE)))

    def _tell(self) -> None:
        if not self._is_filling:
            self.rearranged.emit()
