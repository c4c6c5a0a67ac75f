"""The list of the eight complaints: number, name and finding; the chosen one is shown beside it."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget

from bri_desktop.ui.shared import buttons, paint
from bri_desktop.ui.shared.tokens import Size, Space

WIDTH = 280
NARROW = 216
GAP = 2


class Complaint(QFrame):
    """One entry; chosen by click, Enter or the arrows."""

    chosen = Signal(str)

    def __init__(self, number: int, code: str, title: str) -> None:
        super().__init__()
        self.code = code
        self._is_chosen = False
        self._width = WIDTH
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(title)
        self.title_label = buttons.label(f"{number}  {title}", "section", wrap=True)
        self.sentence_label: QLabel = buttons.label("", "small", wrap=True)
        self.sentence_label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.PAGE, Space.BETWEEN, Space.SECTION, Space.BETWEEN)
        column.setSpacing(GAP)
        column.addWidget(self.title_label)
        column.addWidget(self.sentence_label)

    def show_finding(self, sentence: str) -> None:
        """Show another finding."""
        self.sentence_label.setText(sentence)
        self.fit()
        self.setAccessibleDescription(sentence)

    def fit(self, width: int | None = None) -> None:
        """Be as high as title and finding are when broken at ``width``: a layout would squeeze them together."""
        self._width = width or self._width
        room = self._width - Space.PAGE - Space.SECTION
        lines = sum(label.heightForWidth(room) for label in (self.title_label, self.sentence_label))
        self.setFixedHeight(lines + 2 * Space.BETWEEN + GAP)

    def set_chosen(self, is_chosen: bool) -> None:
        """Mark the entry that is shown."""
        self._is_chosen = is_chosen
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(self.code)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose by Enter or space; the arrows go on."""
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(self.code)
        elif key == Qt.Key.Key_Down:
            self.focusNextChild()
        elif key == Qt.Key.Key_Up:
            self.focusPreviousChild()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Show the focus."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground, edge of the chosen one, and rule."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), paint.role("surface" if self._is_chosen else "window"))
        if self._is_chosen:
            painter.fillRect(0, 0, Size.EDGE, self.height(), paint.role("accent"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, paint.role("line"))
        if self.hasFocus():
            painter.setPen(paint.role("accent"))
            painter.drawRect(self.rect().adjusted(1, 1, -2, -2))
        painter.end()
        super().paintEvent(event)


class ComplaintList(QWidget):
    """The eight complaints under one another."""

    chosen = Signal(str)

    def __init__(self, titles: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.entries: dict[str, Complaint] = {}
        for number, (code, title) in enumerate(titles, 1):
            entry = Complaint(number, code, title)
            entry.chosen.connect(self.choose)
            self.entries[code] = entry
            column.addWidget(entry)
        column.addStretch(1)
        self._code = titles[0][0]
        self.entries[self._code].set_chosen(True)
        self.set_narrow(is_narrow=False)

    def set_narrow(self, *, is_narrow: bool) -> None:
        """Leave more room to what stands beside, in a small window."""
        width = NARROW if is_narrow else WIDTH
        self.setFixedWidth(width)
        for entry in self.entries.values():
            entry.fit(width)

    def code(self) -> str:
        """Return the code of the chosen one."""
        return self._code

    def choose(self, code: str) -> None:
        """Choose another one."""
        self.entries[self._code].set_chosen(False)
        self._code = code
        self.entries[code].set_chosen(True)
        self.chosen.emit(code)
