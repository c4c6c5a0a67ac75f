"""Conditions as removable chips, and verdict counts that are a filter and read as an equation."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from bri_desktop.i18n import tr
from bri_desktop.ui.shared import buttons, icons, paint
from bri_desktop.ui.shared.flow import FlowBox
from bri_desktop.ui.shared.paint import qcolor
from bri_desktop.ui.shared.tokens import BODY, BODY_BOLD, Size, Space, colours


@dataclass(frozen=True, slots=True)
class Condition:
    """A chip: its key, the field in grey (may be empty), the value, and context in grey after it.

    ``can_turn``: it can be made to say what it leaves out.
    """

    key: str
    field: str
    value: str
    context: str = ""
    can_turn: bool = False


@dataclass(frozen=True, slots=True)
class Joint:
    """What stands between chips: a word (且, 或) that can be turned, or a bracket of a group (``key`` empty)."""

    key: str
    text: str
    tip: str = ""
    place: int = 0


class JointButton(QPushButton):
    """A word between two chips; Enter, Space or a click turns it."""

    def __init__(self, joint: Joint, parent: QWidget | None = None) -> None:
        super().__init__(joint.text, parent)
        self.item = joint
        self.setProperty("kind", "link-small")
        self.setToolTip(joint.tip)
        self.setAccessibleName(joint.text)
        self.setAccessibleDescription(joint.tip)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn with Enter as with Space."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class Bracket(QLabel):
    """A bracket of a group."""

    def __init__(self, joint: Joint) -> None:
        super().__init__(joint.text)
        self.item = joint
        self.setProperty("kind", "label")


class Chip(QFrame):
    """One condition with a button that removes it; Delete and Backspace remove it too, ``!`` turns it round."""

    removed = Signal(str)
    opened = Signal(str)
    """The chip was clicked: its condition is to be changed."""
    turned = Signal(str)
    """What the chip leaves out is wanted instead."""

    def __init__(
        self,
        condition: Condition,
        *,
        height: int = Size.CHIP,
        can_turn: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.condition = condition
        self._can_turn = can_turn
        self.setProperty("kind", "chip")
        self.setFixedHeight(height)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        spoken = " ".join(part for part in (condition.field, condition.value, condition.context) if part)
        self.setAccessibleName(spoken)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.BETWEEN - 1, 0, Space.INSIDE - 1, 0)
        row.setSpacing(Space.INSIDE + 2)
        if condition.field:
            row.addWidget(buttons.label(condition.field, "label"))
        row.addWidget(buttons.label(condition.value, "value"))
        if condition.context:
            row.addWidget(buttons.label(condition.context, "label"))
        self.close_button = buttons.icon_button("x", tr("Remove {what}", what=spoken), self._on_remove, size=12)
        self.close_button.setFixedSize(Size.ICON, Size.ICON)
        row.addWidget(self.close_button)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def _on_remove(self) -> None:
        self.removed.emit(self.condition.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Remove or open by key."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._on_remove()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit(self.condition.key)
        elif self._can_turn and event.text() in ("!", "！"):
            self.turned.emit(self.condition.key)
        else:
            super().keyPressEvent(event)

    @property
    def item(self) -> Condition:
        """What the bar knows it by."""
        return self.condition

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done to the condition."""
        if not self._can_turn:
            super().contextMenuEvent(event)
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        key = self.condition.key
        menu.addAction(tr("Change…"), lambda: self.opened.emit(key))
        menu.addAction(f"{tr('Turn round (not)')}\t!", lambda: self.turned.emit(key))
        menu.addAction(f"{tr('Remove')}\tDel", self._on_remove)
        menu.popup(event.globalPos())

    def event(self, event: QEvent) -> bool:
        """Open on a click beside the close button."""
        is_click = isinstance(event, QMouseEvent) and event.button() == Qt.MouseButton.LeftButton
        if is_click and event.type() == QEvent.Type.MouseButtonRelease:
            self.opened.emit(self.condition.key)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Add the focus edge."""
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            paint.draw_box(painter, self.rect(), fill=None, edge=paint.role("accent"))


class ChipBar(FlowBox):
    """The conditions of a table, 添加条件 and 清除 after them."""

    removed = Signal(str)
    opened = Signal(str)
    turned = Signal(str)
    joined = Signal(str)
    """A word between two chips is to be turned."""
    add_requested = Signal()
    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Conditions"))
        self.add_button = buttons.button(tr("Add condition"), self.add_requested.emit, kind=buttons.LINK)
        self.clear_button = buttons.button(tr("Clear"), self.cleared.emit, kind=buttons.LINK)
        self.add(self.add_button)
        self.add(self.clear_button)
        self.clear_button.hide()

    def conditions(self) -> list[Condition]:
        """Return what the chips say, in order."""
        return [chip.condition for chip in self.chips()]

    def chips(self) -> list[Chip]:
        """Return the chips in order."""
        return [widget for widget in self.widgets() if isinstance(widget, Chip)]

    def set_conditions(self, conditions: Sequence[Condition | Joint]) -> None:
        """Show these conditions and what joins them; what stays keeps its place, a chip that changed its focus."""
        shown = {widget.item: widget for widget in self.widgets() if isinstance(widget, Item)}
        focused = next((item.key for item, widget in shown.items() if widget.hasFocus()), "")
        for item, widget in shown.items():
            if item not in conditions:
                self.remove(widget)
        for position, item in enumerate(conditions):
            if item not in shown:
                self.insert(position, self._made(item))
        self.clear_button.setVisible(bool(conditions))
        if focused:
            self._focus(focused)

    def _made(self, item: Condition | Joint) -> "Chip | JointButton | Bracket":
        if isinstance(item, Condition):
            chip = Chip(item, can_turn=item.can_turn)
            chip.removed.connect(self.removed)
            chip.opened.connect(self.opened)
            chip.turned.connect(self.turned)
            return chip
        if not item.key:
            return Bracket(item)
        joint = JointButton(item)
        joint.clicked.connect(lambda: self.joined.emit(item.key))
        return joint

    def _focus(self, key: str) -> None:
        """Let what was focused before be so again, where it is still there."""
        for widget in self.widgets():
            if isinstance(widget, Chip | JointButton) and widget.item.key == key:
                widget.setFocus()
                return


Item = Chip | JointButton | Bracket


@dataclass(frozen=True, slots=True)
class Term:
    """One term of the equation: its code, word, number of rows, icon and the role that tints icon."""

    code: str
    word: str
    count: int
    icon: str | None = None
    role: str = "text"


class VerdictButton(QAbstractButton):
    """A checkable button: icon, word, bold number."""

    def __init__(self, verdict: Term, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.verdict = verdict
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setText(verdict.word)
        self.setAccessibleName(f"{verdict.word} {verdict.count}")
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """Return the size of icon, word and number with the distances between."""
        width = 2 * (Space.BETWEEN + 2) + paint.metrics(BODY).horizontalAdvance(self.verdict.word) + Space.BETWEEN
        width += paint.metrics(BODY_BOLD).horizontalAdvance(f"{self.verdict.count:,}")
        width += Size.SMALL_ICON + Space.BETWEEN if self.verdict.icon else 0
        return QSize(width, Size.CONTROL)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the button; a checked one is tinted with an accent edge and bold."""
        c = colours()
        painter = QPainter(self)
        chosen = self.isChecked()
        edge = c.accent if chosen or self.hasFocus() else c.field_edge if self.underMouse() else c.button_edge
        paint.draw_box(painter, self.rect(), fill=qcolor(c.tint if chosen else c.surface), edge=qcolor(edge))
        if self.hasFocus():
            paint.draw_box(painter, self.rect().adjusted(1, 1, -1, -1), fill=None, edge=qcolor(c.accent))
        x = Space.BETWEEN + 2
        if self.verdict.icon:
            top = (self.height() - Size.SMALL_ICON) // 2
            icons.paint_icon(painter, self.verdict.icon, self.verdict.role, x, top, Size.SMALL_ICON)
            x += Size.SMALL_ICON + Space.BETWEEN
        colour = qcolor(c.accent if chosen else c.text)
        rest = QRect(x, 0, self.width() - x, self.height())
        x += paint.draw_text(painter, rest, self.verdict.word, BODY, colour) + Space.BETWEEN
        paint.draw_text(
            painter, QRect(x, 0, self.width() - x, self.height()), f"{self.verdict.count:,}", BODY_BOLD, colour
        )


class VerdictBar(FlowBox):
    """Counts that add up (48 = 9 + 14 + …); the checked one is the filter."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, spacing=Space.BETWEEN - 2)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._group.buttonClicked.connect(self._on_clicked)

    def set_verdicts(self, whole: Term, parts: Sequence[Term], chosen: str | None = None) -> None:
        """Show ``whole`` = the sum of ``parts``; ``chosen`` defaults to the one chosen before, else the whole."""
        wanted = chosen or self.current() or whole.code
        for widget in self.widgets():
            self.remove(widget)
        for position, verdict in enumerate((whole, *parts)):
            if position:
                self.add(buttons.label("=" if position == 1 else "+", "label"))
            self._add_button(verdict, is_chosen=verdict.code == wanted)
        if self._group.checkedButton() is None and self._group.buttons():
            self._group.buttons()[0].setChecked(True)

    def current(self) -> str | None:
        """Return the code of the chosen verdict."""
        checked = self._group.checkedButton()
        return checked.verdict.code if isinstance(checked, VerdictButton) else None

    def remove(self, widget: QWidget) -> None:
        """Take a term out."""
        if isinstance(widget, QAbstractButton):
            self._group.removeButton(widget)
        super().remove(widget)

    def _add_button(self, verdict: Term, *, is_chosen: bool) -> None:
        made = VerdictButton(verdict)
        self._group.addButton(made)
        made.setChecked(is_chosen)
        self.add(made)

    def _on_clicked(self, clicked: QAbstractButton) -> None:
        if isinstance(clicked, VerdictButton):
            self.chosen.emit(clicked.verdict.code)


def toggle(text: str, icon: str, toggled: Callable[[bool], object]) -> QToolButton:
    """Return a checkable outlined button with an icon (分组, 列)."""
    made = QToolButton()
    made.setProperty("kind", "button")
    made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    made.setText(text)
    made.setCheckable(True)
    icons.set_icon(made, icon)
    made.toggled.connect(lambda on: toggled(on))
    return made
