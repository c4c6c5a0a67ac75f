"""Four steps through the program for those who open it the first time: a card beside what it explains, never over it.

Nothing waits for it: the window works as always under it, Esc or 跳过 ends it, and the help menu brings it back.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from bri_desktop.i18n import tr
from bri_desktop.ui.main_window import MainWindow
from bri_desktop.ui.shared import buttons, paint
from bri_desktop.ui.shared.tokens import Size, Space

WIDTH = 320
SETTLE_MILLISECONDS = 50


@dataclass(frozen=True, slots=True)
class Step:
    """A page by its code, what of it is explained (found when the step is shown), and the words."""

    page: str
    target: Callable[[], QWidget]
    title: str
    text: str


class FirstSteps(QFrame):
    """The card; its frame around the target lets every click through."""

    ended = Signal()

    def __init__(self, window: MainWindow, steps: Sequence[Step]) -> None:
        super().__init__(window)
        self._window, self._steps = window, tuple(steps)
        self.place = 0
        self.setObjectName("first_steps")
        self.setProperty("kind", "card")
        self.setFixedWidth(WIDTH)
        self.setAutoFillBackground(True)
        self.ring = _Ring(window)
        self.count = buttons.label("", "hint")
        self.title = buttons.label("", "section")
        self.text = buttons.label("", wrap=True)
        self.skip_button = buttons.button(tr("Skip"), self.end, kind=buttons.LINK)
        self.back_button = buttons.button(tr("Back"), self.back)
        self.next_button = buttons.button("", self.forward, kind=buttons.PRIMARY)
        self._lay_out()
        window.installEventFilter(self)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.count)
        foot = QHBoxLayout()
        foot.setSpacing(Space.BETWEEN)
        foot.addWidget(self.skip_button)
        foot.addStretch(1)
        foot.addWidget(self.back_button)
        foot.addWidget(self.next_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.PAGE, Space.SECTION, Space.PAGE, Space.SECTION)
        column.setSpacing(Space.BETWEEN)
        column.addLayout(head)
        column.addWidget(self.text)
        column.addLayout(foot)

    def begin(self) -> None:
        """Show the first step."""
        self.show_step(0)

    def show_step(self, place: int) -> None:
        """Show a step on its page, with the keyboard on the button that goes on."""
        self.place = place
        step = self._steps[place]
        self._window.show_page(step.page)
        self.title.setText(step.title)
        self.text.setText(step.text)
        self.count.setText(f"{place + 1} / {len(self._steps)}")
        self.setAccessibleName(f"{self.count.text()} {step.title}")
        self.setAccessibleDescription(step.text)
        self.back_button.setEnabled(place > 0)
        self.next_button.setText(tr("Next") if place + 1 < len(self._steps) else tr("Begin"))
        self.lay_beside()
        self.show()
        self.raise_()
        self.next_button.setFocus()
        QTimer.singleShot(SETTLE_MILLISECONDS, self, self.lay_beside)

    def forward(self) -> None:
        """Go to the next step, or end after the last."""
        if self.place + 1 < len(self._steps):
            self.show_step(self.place + 1)
        else:
            self.end()

    def back(self) -> None:
        """Go to the step before."""
        self.show_step(max(0, self.place - 1))

    def end(self) -> None:
        """Take the card away."""
        self._window.removeEventFilter(self)
        self.ring.hide()
        self.ring.deleteLater()
        self.hide()
        self.deleteLater()
        self.ended.emit()

    def target_rect(self) -> QRect:
        """Return where in the window that lies which the step explains."""
        target = self._steps[self.place].target()
        return QRect(target.mapTo(self._window, QPoint(0, 0)), target.size())

    def lay_beside(self) -> None:
        """Put the card where it covers nothing of what it explains."""
        target = self.target_rect()
        self.ring.setGeometry(target.adjusted(-Size.EDGE, -Size.EDGE, Size.EDGE, Size.EDGE))
        self.ring.show()
        self.ring.raise_()
        self.adjustSize()
        self.move(free_place(target, self.rect(), self._window.rect()))
        self.raise_()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc ends, the arrows go on and back."""
        keys = {Qt.Key.Key_Escape: self.end, Qt.Key.Key_Right: self.forward, Qt.Key.Key_Left: self.back}
        call = next((call for key, call in keys.items() if event.key() == key), None)
        if call is not None:
            call()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay beside the target when the window changes its size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            QTimer.singleShot(0, self, self.lay_beside)
        return super().eventFilter(watched, event)


def free_place(target: QRect, card: QRect, window: QRect) -> QPoint:
    """Return the upper left corner of a card beside ``target``: below it, right, above or left, in the window."""
    gap = Space.SECTION
    middle = target.center().y() - card.height() // 2
    offers = (
        QPoint(target.left(), target.bottom() + gap),
        QPoint(target.right() + gap, max(gap, min(middle, window.height() - card.height() - gap))),
        QPoint(target.left(), target.top() - gap - card.height()),
        QPoint(target.left() - gap - card.width(), max(gap, min(middle, window.height() - card.height() - gap))),
    )
    for offer in offers:
        x = max(gap, min(offer.x(), window.width() - card.width() - gap))
        found = QRect(QPoint(x, offer.y()), card.size())
        if window.contains(found) and not found.intersects(target):
            return found.topLeft()
    return QPoint(window.width() - card.width() - gap, window.height() - card.height() - gap)


class _Ring(QWidget):
    """A frame around the target; the mouse does not see it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(tr("What the step explains"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the frame."""
        painter = QPainter(self)
        painter.setPen(QPen(paint.role("accent"), Size.FOCUS))
        painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
