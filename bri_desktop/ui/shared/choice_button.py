"""A button that shows a choice as name and value and opens its menu (口径 存量)."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from bri_desktop.ui.shared import icons, paint
from bri_desktop.ui.shared.tokens import BODY, BODY_BOLD, Size, Space

_EDGE = Space.SECTION


class ChoiceButton(QPushButton):
    """One of several values; ``chosen`` gives the code of another one."""

    chosen = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._choices: tuple[tuple[str, str], ...] = ()
        self._code = ""
        self._is_brief = False
        self._menu = QMenu(self)
        self._group: QActionGroup | None = None
        self.clicked.connect(self._on_clicked)
        self.setAutoDefault(False)

    def code(self) -> str:
        """Return the chosen code."""
        return self._code

    def codes(self) -> list[str]:
        """Return the codes that are offered."""
        return [code for code, _ in self._choices]

    def value_text(self) -> str:
        """Return the chosen value as it is shown."""
        return dict(self._choices).get(self._code, "")

    def set_choices(self, choices: Sequence[tuple[str, str]], code: str) -> None:
        """Offer (code, text) with ``code`` chosen, without a signal."""
        self._choices = tuple(choices)
        self._menu.clear()
        self._group = QActionGroup(self)
        for value, text in self._choices:
            action = self._menu.addAction(text)
            action.setCheckable(True)
            action.setData(value)
            self._group.addAction(action)
            action.triggered.connect(lambda _on, chosen=value: self.choose(chosen))
        self._show(code)

    def choose(self, code: str) -> None:
        """Choose, with the signal where it is another one."""
        if code != self._code:
            self._show(code)
            self.chosen.emit(code)

    def set_brief(self, is_brief: bool) -> None:
        """Show the value alone, the name as a tool tip, where there is little room."""
        self._is_brief = is_brief
        self.setToolTip(self._name if is_brief else "")
        self._show(self._code)

    def sizeHint(self) -> QSize:
        """Return the width of name and value."""
        width = paint.metrics(BODY).horizontalAdvance(self._name) + Space.BETWEEN if not self._is_brief else 0
        width += paint.metrics(BODY_BOLD).horizontalAdvance(self.value_text())
        return QSize(width + 2 * _EDGE + Space.SECTION + Size.SMALL_ICON, Size.CONTROL)

    def minimumSizeHint(self) -> QSize:
        """Return the same: the value is never cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw name in grey, value in bold, and the arrow."""
        painter = QPainter(self)
        enabled = self.isEnabled()
        edge = "accent" if self.hasFocus() else "field_edge" if enabled else "line"
        paint.draw_box(painter, self.rect(), fill=paint.role("surface"), edge=paint.role(edge))
        rect = self.rect().adjusted(_EDGE, 0, -_EDGE, 0)
        used = 0
        if not self._is_brief:
            grey = paint.role("secondary" if enabled else "disabled")
            used = paint.draw_text(painter, rect, self._name, BODY, grey) + Space.BETWEEN
        value = QRect(rect.left() + used, 0, rect.width(), self.height())
        paint.draw_text(painter, value, self.value_text(), BODY_BOLD, paint.role("text" if enabled else "disabled"))
        top = (self.height() - Size.SMALL_ICON) // 2
        icons.paint_icon(painter, "chevron-down", "secondary", rect.right() - Size.SMALL_ICON + 1, top, Size.SMALL_ICON)

    def _show(self, code: str) -> None:
        self._code = code
        for action in self._actions():
            action.setChecked(action.data() == code)
        self.setText("")
        self.setAccessibleName(f"{self._name} {self.value_text()}")
        self.setFixedWidth(self.sizeHint().width())
        self.update()

    def _actions(self) -> list[QAction]:
        return list(self._menu.actions())

    def _on_clicked(self) -> None:
        self._menu.setMinimumWidth(self.width())
        self._menu.popup(self.mapToGlobal(self.rect().bottomLeft()))
        self.setFocus(Qt.FocusReason.PopupFocusReason)
