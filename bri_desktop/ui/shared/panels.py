"""Parts of pages: bands, side panels, notes, headings, the bar of long work, and the doors of an empty page."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QElapsedTimer, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QToolButton, QVBoxLayout, QWidget

from bri_desktop.i18n import tr
from bri_desktop.ui.shared import buttons, icons
from bri_desktop.ui.shared.buttons import Clicked
from bri_desktop.ui.shared.tokens import Size, Space


class Band(QFrame):
    """A row across the page: filters, actions, footers. ``kind`` is one of the bands of the style sheet."""

    def __init__(self, kind: str = "surface-band", height: int = Size.FILTER_ROW, margin: int = Space.BETWEEN) -> None:
        super().__init__()
        self.setProperty("kind", kind)
        self.setMinimumHeight(height)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(margin, 0, margin, 0)
        self.row.setSpacing(Space.BETWEEN)

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        """Add at the right end."""
        self.row.addWidget(widget, stretch)

    def add_stretch(self) -> None:
        """Push what follows to the right."""
        self.row.addStretch(1)


def action_bar() -> Band:
    """Return the bar at the foot of a page or panel, for its sentence and its buttons."""
    return Band("action-bar", Size.ACTION_BAR, Space.PAGE)


def footer() -> Band:
    """Return the line under a table, for its counts and sums."""
    return Band("action-bar", Size.FOOTER)


class SidePanel(QFrame):
    """A panel at the right: head with title, grey line and close button, then ``body``, then an action bar."""

    closed = Signal()

    def __init__(self, title: str = "", *, width: int = Size.RECORD_PANEL, closable: bool = True) -> None:
        super().__init__()
        self.setProperty("kind", "side")
        self.setMinimumWidth(width)
        self.title_label = buttons.label(title, "section")
        self.facts = QHBoxLayout()
        self.facts.setSpacing(Space.SECTION)
        close = buttons.icon_button("x", tr("Close"), self.closed.emit)
        if not closable:
            close.hide()
        self.close_button: QToolButton = close
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(self.title_label, 1)
        head.addWidget(close)
        top = QVBoxLayout()
        top.setContentsMargins(Space.PAGE, Space.SECTION - 2, Space.BETWEEN, Space.INSIDE)
        top.setSpacing(Space.INSIDE)
        top.addLayout(head)
        top.addLayout(self.facts)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        self.bar = action_bar()
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addLayout(self.body, 1)
        column.addWidget(self.bar)

    def set_title(self, title: str) -> None:
        """Name what the panel shows; also for screen readers."""
        self.title_label.setText(title)
        self.title_label.setToolTip(title)
        self.setAccessibleName(title)


class Note(QFrame):
    """A tinted note: icon, sentence and links. ``severity`` is ``info``, ``warning`` or ``error``."""

    link_clicked = Signal(str)

    def __init__(self, text: str = "", severity: str = "info", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "note" if severity == "info" else f"note-{severity}")
        name, role = {
            "info": ("info", "accent"),
            "warning": ("triangle-alert", "warning"),
            "error": ("circle-alert", "error"),
        }[severity]
        self.text_label = buttons.label(text, "small", wrap=True)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(0)
        self._lines.addWidget(self.text_label)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.BETWEEN, Space.BETWEEN, Space.BETWEEN, Space.BETWEEN)
        row.setSpacing(Space.BETWEEN)
        row.addWidget(icon_label(name, role, Size.SMALL_ICON), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(self._lines, 1)
        self._links: list[QPushButton] = []

    def set_text(self, text: str) -> None:
        """Say another sentence."""
        self.text_label.setText(text)
        self.setAccessibleName(text)

    def set_links(self, links: Sequence[tuple[str, str]]) -> None:
        """Offer links (code, text) under the sentence; ``link_clicked`` gives the code."""
        for link in self._links:
            self._lines.removeWidget(link)
            link.deleteLater()
        self._links = [self._link(code, text) for code, text in links]

    def _link(self, code: str, text: str) -> QPushButton:
        made = buttons.button(text, lambda: self.link_clicked.emit(code), kind=buttons.SMALL_LINK)
        self._lines.addWidget(made, 0, Qt.AlignmentFlag.AlignLeft)
        return made


class IconLabel(QToolButton):
    """An icon that is no button but follows the colours as buttons' icons do."""

    def __init__(self, name: str, role: str, size: int) -> None:
        super().__init__()
        self.setProperty("kind", "plain")
        self.setFixedSize(size + 2, size + 2)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        icons.set_icon(self, name, role, size)


def icon_label(name: str, role: str = "secondary", size: int = Size.ICON) -> IconLabel:
    """Return an icon to stand beside a text that says the same."""
    return IconLabel(name, role, size)


def rule() -> QFrame:
    """Return a line of one pixel."""
    made = QFrame()
    made.setProperty("kind", "rule")
    return made


def heading(text: str, context: str = "") -> QWidget:
    """Return a section heading with its grey context."""
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(Space.SECTION)
    row.addWidget(buttons.label(text, "section"))
    row.addWidget(buttons.label(context, "hint"))
    row.addStretch(1)
    return made


@dataclass(frozen=True, slots=True)
class Door:
    """A way out of an empty page: what its button says, what it does, and a line about it."""

    text: str
    icon: str
    hint: str
    open: Clicked


class EmptyState(QWidget):
    """What an empty page shows: one sentence and its doors, the first filled."""

    def __init__(self, sentence: str, doors: Sequence[Door] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setSpacing(Space.SECTION)
        column.addStretch(2)
        column.addWidget(buttons.label(sentence, "section"), 0, Qt.AlignmentFlag.AlignHCenter)
        self.buttons: list[QPushButton] = []
        row = QHBoxLayout()
        row.setSpacing(Space.PAGE)
        row.addStretch(1)
        for door in doors:
            row.addLayout(self._door(door, buttons.OUTLINED if self.buttons else buttons.PRIMARY))
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(3)

    def _door(self, door: Door, kind: str) -> QVBoxLayout:
        made = buttons.button(door.text, door.open, icon=door.icon, kind=kind)
        made.setMinimumWidth(Size.NAVIGATION)
        made.setAccessibleDescription(door.hint)
        self.buttons.append(made)
        column = QVBoxLayout()
        column.setSpacing(Space.BETWEEN)
        column.addWidget(made)
        column.addWidget(buttons.label(door.hint, "hint"), 0, Qt.AlignmentFlag.AlignHCenter)
        return column


class ProgressBand(Band):
    """Long work at the foot of a page: what, how many, how long, and a button that cancels without harm."""

    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__("action-bar", Size.ACTION_BAR, Space.PAGE)
        self._what = buttons.label()
        self._numbers: QLabel = buttons.label("", "hint")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._clock = QElapsedTimer()
        self.cancel_button = buttons.button(tr("Cancel"), self._on_cancel)
        self.add(self._what)
        self.add(self._bar, 1)
        self.add(self._numbers)
        self.add(self.cancel_button)
        self.hide()

    def start(self, what: str, *, cancellable: bool = True) -> None:
        """Show the bar for a new piece of work."""
        self._what.setText(what)
        self._bar.setAccessibleName(what)
        self._bar.setRange(0, 0)
        self._numbers.setText("")
        self.cancel_button.setEnabled(True)
        self.cancel_button.setVisible(cancellable)
        self._clock.start()
        self.show()

    def report(self, done: int, total: int) -> None:
        """Show how many of how many, and the seconds since the start."""
        self._bar.setRange(0, max(total, 1))
        self._bar.setValue(done)
        seconds = self._clock.elapsed() // 1000
        self._numbers.setText(
            tr("{done} of {total}, {seconds} s", done=f"{done:,}", total=f"{total:,}", seconds=seconds)
        )

    def finish(self) -> None:
        """Take the bar away."""
        self.hide()

    def _on_cancel(self) -> None:
        self.cancel_button.setEnabled(False)
        self._numbers.setText(tr("Cancelling…"))
        self.cancelled.emit()
