"""Buttons of the few kinds there are: at most one filled in a region, the rest outlined, links inside rows."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMenu, QPushButton, QToolButton, QWidget

from bri_desktop.ui.shared import icons
from bri_desktop.ui.shared.tokens import Size

OUTLINED, PRIMARY, SMALL, LINK, SMALL_LINK = "outlined", "primary", "small", "link", "link-small"

_ICON_ROLE = {PRIMARY: "on_accent", LINK: "accent", SMALL_LINK: "accent"}

Clicked = Callable[[], object]


def button(
    text: str, clicked: Clicked | None = None, *, icon: str | None = None, kind: str = OUTLINED, shortcut: str = ""
) -> QPushButton:
    """Return a button that names its verb; ``shortcut`` is shown in its tooltip."""
    made = QPushButton(text)
    made.setProperty("kind", kind)
    made.setAutoDefault(False)
    if kind in (LINK, SMALL_LINK):
        made.setCursor(Qt.CursorShape.PointingHandCursor)
    if icon is not None:
        icons.set_icon(made, icon, _ICON_ROLE.get(kind, "text"), Size.SMALL_ICON if kind == SMALL else Size.ICON)
    if shortcut:
        made.setShortcut(shortcut)
        made.setToolTip(f"{text}  {shortcut}")
    if clicked is not None:
        made.clicked.connect(lambda _checked: clicked())
    return made


def icon_button(name: str, text: str, clicked: Clicked | None = None, *, size: int = Size.ICON) -> QToolButton:
    """Return a frameless button of an icon alone (close, calendar); ``text`` is its accessible name and tooltip."""
    made = QToolButton()
    made.setProperty("kind", "plain")
    made.setAccessibleName(text)
    made.setToolTip(text)
    made.setFixedSize(size + 2 * Size.RADIUS + 2, size + 2 * Size.RADIUS + 2)
    icons.set_icon(made, name, "secondary", size)
    if clicked is not None:
        made.clicked.connect(lambda _checked: clicked())
    return made


def menu_button(text: str, menu: QMenu, *, icon: str | None = None) -> QPushButton:
    """Return an outlined button that opens ``menu``."""
    made = button(text, icon=icon)
    made.clicked.connect(lambda _checked: menu.popup(made.mapToGlobal(made.rect().bottomLeft())))
    menu.setParent(made, menu.windowFlags())
    made.setAccessibleDescription(text)
    return made


def label(text: str = "", kind: str = "", *, wrap: bool = False) -> QLabel:
    """Return a label of plain text in one of the kinds of the style sheet (``title``, ``section``, ``hint`` …)."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if kind:
        made.setProperty("kind", kind)
    return made


def restyle(widget: QWidget) -> None:
    """Let the style sheet look again at the properties of a widget."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()
