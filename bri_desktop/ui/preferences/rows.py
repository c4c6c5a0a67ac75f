"""A row of the settings: what it is called, its control, the way back to its default, and what is wrong with it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from bri_desktop.i18n import tr
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.panels import icon_label
from bri_desktop.ui.shared.tokens import Size, Space

NARROWEST_COLUMN = 420
"""Columns narrower than this stand below one another."""
WIDEST = 16_777_215
"""Qt's largest width: no limit."""


class SettingRow(QWidget):
    """Label, control, 默认; under the control a hint, or in its place what is wrong."""

    default_wanted = Signal()

    def __init__(
        self,
        text: str,
        control: QWidget,
        *,
        label_width: int,
        hint: str = "",
        has_default: bool = True,
        default: str = "",
    ):
        super().__init__()
        self.control = control
        self._hint = hint
        name = buttons.label(text, "label", wrap=True)
        name.setFixedWidth(label_width)
        name.setMinimumHeight(Size.CONTROL)
        name.setBuddy(control)
        control.setAccessibleName(text)
        self.default_button = buttons.button(
            default or tr("Default"), self.default_wanted.emit, kind=buttons.SMALL_LINK
        )
        self.default_button.setAccessibleName(tr("{setting}: back to the default", setting=text))
        self.default_button.setToolTip(tr("Back to the default"))
        kept = self.default_button.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self.default_button.setSizePolicy(kept)
        self.default_button.setVisible(False)
        self._has_default = has_default
        self._mark = icon_label("circle-alert", "error", Size.SMALL_ICON)
        self.note = buttons.label(hint, "hint", wrap=True)
        first = QHBoxLayout()
        first.setSpacing(Space.BETWEEN)
        first.addWidget(control, 1)
        first.addWidget(self.default_button, 0, Qt.AlignmentFlag.AlignVCenter)
        said = QHBoxLayout()
        said.setSpacing(Space.INSIDE)
        said.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        said.addWidget(self.note, 1)
        right = QVBoxLayout()
        right.setSpacing(Space.INSIDE)
        right.addLayout(first)
        right.addLayout(said)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.SECTION)
        row.addWidget(name, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(right, 1)
        self.say("")

    @property
    def problem(self) -> str:
        """What is wrong, or nothing."""
        return "" if self._mark.isHidden() else self.note.text()

    def say(self, problem: str) -> None:
        """Say what is wrong with what was entered; ``""``: nothing is, and the hint comes back."""
        self._mark.setVisible(bool(problem))
        self.note.setText(problem or self._hint)
        self.note.setVisible(bool(problem or self._hint))
        self.control.setAccessibleDescription(problem or self._hint)
        self._style(self.note, "problem" if problem else "hint")

    def set_hint(self, hint: str) -> None:
        """Say something else under the control."""
        self._hint = hint
        if not self.problem:
            self.say("")

    def show_default(self, is_default: bool) -> None:
        """Offer the way back where the value is another than the default."""
        self.default_button.setVisible(self._has_default and not is_default)

    @staticmethod
    def _style(label: QLabel, kind: str) -> None:
        if label.property("kind") != kind:
            label.setProperty("kind", kind)
            buttons.restyle(label)


class Columns(QScrollArea):
    """Columns of sections beside one another, each ``width`` pixels at most; below one another where room is short."""

    def __init__(self, parts: Sequence[Sequence[QWidget]], width: int) -> None:
        super().__init__()
        self._width = width
        self._holders: list[QWidget] = []
        content = QWidget()
        content.setProperty("kind", "surface")
        self._row = QHBoxLayout(content)
        self._row.setContentsMargins(Space.PAGE, Space.PAGE, Space.PAGE, Space.PAGE)
        self._row.setSpacing(2 * Space.PAGE)
        for part in parts:
            column = QVBoxLayout()
            column.setSpacing(Space.SECTION)
            column.setContentsMargins(0, 0, 0, 0)
            for widget in part:
                column.addWidget(widget)
            column.addStretch(1)
            holder = QWidget()
            holder.setLayout(column)
            self._holders.append(holder)
            self._row.addWidget(holder)
        self._row.addStretch(0)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(content)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the columns beside or below one another."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        is_narrow = self.viewport().width() < NARROWEST_COLUMN * len(self._holders)
        direction = QBoxLayout.Direction.TopToBottom if is_narrow else QBoxLayout.Direction.LeftToRight
        self._row.setDirection(direction)
        for place, holder in enumerate(self._holders):
            holder.setMaximumWidth(WIDEST if is_narrow else self._width)
            self._row.setStretch(place, 0 if is_narrow else 1)
        self._row.setStretch(len(self._holders), 1 if is_narrow else 0)


def section(title: str, rows: Sequence[QWidget]) -> QWidget:
    """Return rows under a heading."""
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(Space.BETWEEN)
    column.addWidget(buttons.label(title, "section"))
    for row in rows:
        column.addWidget(row)
    return made
