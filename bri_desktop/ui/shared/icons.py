"""Icons: Lucide drawings tinted with a role of the colours in use, and redrawn when the colours change.

A button keeps the name of its icon as a property, so that :func:`refresh` can draw it again without a register of
widgets.
"""

from functools import cache

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication

from bri_desktop import paths
from bri_desktop.ui.shared import tokens
from bri_desktop.ui.shared.tokens import Scheme, Size, Space

_NAME, _ROLE, _SIZE, _GAP = "icon_name", "icon_role", "icon_size", "icon_gap"


@cache
def _source(name: str) -> str:
    return (paths.resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")


def pixmap(name: str, colour: str, size: int, scale: float, gap: int = 0) -> QPixmap:
    """Return the drawing ``name`` in ``colour`` (``#RRGGBB``) for a screen of ``scale``.

    It is ``size`` logical pixels square, with ``gap`` empty ones at its right: buttons leave too little there.
    """
    side = round(size * scale)
    drawn = QPixmap(side + round(gap * scale), side)
    drawn.fill(Qt.GlobalColor.transparent)
    renderer = QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode()))
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    drawn.setDevicePixelRatio(scale)
    return drawn


def icon(name: str, role: str = "secondary", size: int = Size.ICON, gap: int = 0) -> QIcon:
    """Return the icon ``name`` tinted with ``role`` as the colours are now; disabled it is in their disabled grey."""
    return _icon(name, role, size, gap, tokens.scheme(), scales())


def scales() -> tuple[float, ...]:
    """Return the scales of the screens there are: a start draws for no others."""
    return tuple(sorted({screen.devicePixelRatio() for screen in QGuiApplication.screens()}))


@cache
def _icon(name: str, role: str, size: int, gap: int, scheme: Scheme, scales: tuple[float, ...]) -> QIcon:
    colours = tokens.colours(scheme)
    made = QIcon()
    for scale in scales:
        drawn = pixmap(name, getattr(colours, role), size, scale, gap)
        made.addPixmap(drawn)
        made.addPixmap(drawn, QIcon.Mode.Selected)
        made.addPixmap(pixmap(name, colours.disabled, size, scale, gap), QIcon.Mode.Disabled)
    return made


def app_icon() -> QIcon:
    """Return the program's own icon, which has colours of its own."""
    made = QIcon()
    for side in (16, 24, 32, 48, 64):
        made.addPixmap(pixmap("app", "", side, 1.0))
    return made


def paint_icon(painter: QPainter, name: str, role: str, x: int, y: int, size: int = Size.ICON) -> None:
    """Draw the icon ``name`` with its upper left corner at ``x``, ``y``."""
    icon(name, role, size).paint(painter, x, y, size, size)


def set_icon(target: QAbstractButton | QAction, name: str, role: str = "text", size: int = Size.ICON) -> None:
    """Give a button or action an icon that follows the colours."""
    gap = Space.INSIDE if isinstance(target, QAbstractButton) and target.text() else 0
    for key, value in ((_NAME, name), (_ROLE, role), (_SIZE, size), (_GAP, gap)):
        target.setProperty(key, value)
    if isinstance(target, QAbstractButton):
        target.setIconSize(QSize(size + gap, size))
    _redraw(target)


def refresh() -> None:
    """Draw the icons of all widgets and their actions again."""
    for widget in QApplication.allWidgets():
        _redraw(widget)
        for action in widget.actions():
            _redraw(action)


def _redraw(target: QObject) -> None:
    name = target.property(_NAME)
    if isinstance(name, str) and isinstance(target, QAbstractButton | QAction):
        target.setIcon(icon(name, target.property(_ROLE), target.property(_SIZE), target.property(_GAP)))
