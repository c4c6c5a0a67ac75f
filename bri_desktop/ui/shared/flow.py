"""A box that fills a line with widgets and goes on in the next, as words do: for chips and verdict buttons."""

from PySide6.QtCore import QEvent, QPoint, QRect, QSize
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from bri_desktop.ui.shared.tokens import Space


class FlowBox(QWidget):
    """Places widgets of their own size from left to right, each centred on the height of its line.

    With ``stretch_last`` the last widget takes what is left of its line (the typing place after chips).
    """

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        spacing: int = Space.BETWEEN,
        stretch_last: bool = False,
        margin: int = 0,
    ) -> None:
        super().__init__(parent)
        self._widgets: list[QWidget] = []
        self._spacing = spacing
        self._margin = margin
        self._stretch_last = stretch_last
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def widgets(self) -> list[QWidget]:
        """Return the widgets in order."""
        return list(self._widgets)

    def insert(self, position: int, widget: QWidget) -> None:
        """Add ``widget`` before the one at ``position``."""
        widget.setParent(self)
        self._widgets.insert(position, widget)
        previous = self._widgets[position - 1] if position else None
        if previous is not None:
            QWidget.setTabOrder(previous, widget)
        widget.show()
        self._changed()

    def add(self, widget: QWidget) -> None:
        """Add ``widget`` at the end."""
        self.insert(len(self._widgets), widget)

    def remove(self, widget: QWidget) -> None:
        """Take ``widget`` out and delete it."""
        self._widgets.remove(widget)
        widget.hide()
        widget.deleteLater()
        self._changed()

    def give(self, widget: QWidget) -> None:
        """Leave ``widget`` to another place, shown or hidden as it is."""
        self._widgets.remove(widget)
        self._changed()

    def hasHeightForWidth(self) -> bool:
        """The height depends on the lines."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines at ``width``."""
        return self._arrange(width, move=False)

    def sizeHint(self) -> QSize:
        """Return the size of everything in one line."""
        hints = [self._hint(widget) for widget in self._widgets if not widget.isHidden()]
        width = sum(hint.width() for hint in hints) + self._spacing * max(0, len(hints) - 1) + 2 * self._margin
        return QSize(width, max((hint.height() for hint in hints), default=0) + 2 * self._margin)

    def minimumSizeHint(self) -> QSize:
        """Return the size of the widest widget."""
        hints = [self._hint(widget) for widget in self._widgets if not widget.isHidden()]
        widest = max((hint.width() for hint in hints), default=0)
        return QSize(widest + 2 * self._margin, max((hint.height() for hint in hints), default=0) + 2 * self._margin)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the widgets anew."""
        super().resizeEvent(event)
        self._arrange(self.width(), move=True)

    def event(self, event: QEvent) -> bool:
        """Place the widgets anew when one of them changed its size."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._changed()
        return super().event(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Place what was added before anybody could see it."""
        super().showEvent(event)
        self._changed()

    def _changed(self) -> None:
        if self.isVisible():
            self._arrange(self.width(), move=True)
        self.updateGeometry()

    def _hint(self, widget: QWidget) -> QSize:
        return widget.sizeHint().expandedTo(widget.minimumSize()).boundedTo(widget.maximumSize())

    def _arrange(self, width: int, *, move: bool) -> int:
        """Break the widgets into lines; return the height."""
        room = width - 2 * self._margin
        lines: list[list[tuple[QWidget, QSize]]] = [[]]
        used = 0
        for widget in self._widgets:
            if widget.isHidden():
                continue
            hint = self._hint(widget)
            if lines[-1] and used + self._spacing + hint.width() > room:
                lines.append([])
                used = 0
            used += hint.width() + (self._spacing if lines[-1] else 0)
            lines[-1].append((widget, hint))
        heights = [max((hint.height() for _, hint in line), default=0) for line in lines]
        whole = sum(heights) + Space.INSIDE * (len(lines) - 1) + 2 * self._margin
        if not move:
            return whole
        y = self._margin + max(0, self.height() - whole) // 2
        for number, line in enumerate(lines):
            self._place(line, QPoint(self._margin, y), heights[number], room, is_last=number == len(lines) - 1)
            y += heights[number] + Space.INSIDE
        return whole

    def _place(self, line: list[tuple[QWidget, QSize]], at: QPoint, height: int, room: int, *, is_last: bool) -> None:
        x = at.x()
        for number, (widget, hint) in enumerate(line):
            takes_rest = self._stretch_last and is_last and number == len(line) - 1
            width = self._margin + room - x if takes_rest else min(hint.width(), room)
            widget.setGeometry(QRect(x, at.y() + (height - hint.height()) // 2, width, hint.height()))
            x += width + self._spacing
