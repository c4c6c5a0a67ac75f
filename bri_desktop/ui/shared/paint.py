"""Fonts, colours and small drawing steps that widgets and delegates share; values come from ``tokens``."""

from functools import cache, lru_cache

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette, QPen, QStaticText, QTransform

from bri_desktop.ui.shared import tokens
from bri_desktop.ui.shared.tokens import TypeStyle

HAIR = 0.5
"""A one-pixel line lies on the middle of its pixel."""

KEPT_TEXTS = 4096
"""How many texts are kept as they were shaped: some ten pages of the ledger."""


@cache
def qcolor(value: str) -> QColor:
    """Return the colour of a hexadecimal value of ``tokens``."""
    return QColor(value)


def role(name: str) -> QColor:
    """Return the colour that a role (``secondary``, ``error`` …) has now."""
    return qcolor(getattr(tokens.colours(), name))


@cache
def font(style: TypeStyle) -> QFont:
    """Return the font of a step of the type scale."""
    made = QFont(list(tokens.font_families()))
    made.setPixelSize(style.px)
    made.setBold(style.bold)
    return made


@cache
def metrics(style: TypeStyle) -> QFontMetrics:
    """Return the metrics of a step of the type scale."""
    return QFontMetrics(font(style))


def forget_fonts() -> None:
    """Make fonts and shaped texts anew: another family was chosen."""
    for kept in (font, metrics, _laid_out):
        kept.cache_clear()


def palette(scheme: tokens.Scheme) -> QPalette:
    """Return what Fusion draws with in ``scheme``."""
    c = tokens.colours(scheme)
    made = QPalette()
    roles = {
        QPalette.ColorRole.Window: c.window,
        QPalette.ColorRole.WindowText: c.text,
        QPalette.ColorRole.Base: c.surface,
        QPalette.ColorRole.AlternateBase: c.header,
        QPalette.ColorRole.Text: c.text,
        QPalette.ColorRole.Button: c.surface,
        QPalette.ColorRole.ButtonText: c.text,
        QPalette.ColorRole.ToolTipBase: c.surface,
        QPalette.ColorRole.ToolTipText: c.text,
        QPalette.ColorRole.PlaceholderText: c.hint,
        QPalette.ColorRole.Highlight: c.selection,
        QPalette.ColorRole.HighlightedText: c.text,
        QPalette.ColorRole.Link: c.accent,
        QPalette.ColorRole.LinkVisited: c.accent,
        QPalette.ColorRole.Accent: c.accent,
        QPalette.ColorRole.Mid: c.line,
        QPalette.ColorRole.Dark: c.button_edge,
        QPalette.ColorRole.Light: c.surface,
    }
    for key, value in roles.items():
        made.setColor(key, qcolor(value))
    for key in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, key, qcolor(c.disabled))
    return made


def draw_text(
    painter: QPainter,
    rect: QRect,
    text: str,
    style: TypeStyle,
    colour: QColor,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> int:
    """Draw one line, elided at its end, in the middle of the height; return the width that was used."""
    if rect.width() <= 0 or not text:
        return 0
    shown, width, height = _laid_out(text, style, rect.width())
    left = rect.left()
    if align == Qt.AlignmentFlag.AlignRight:
        left += rect.width() - width
    elif align == Qt.AlignmentFlag.AlignHCenter:
        left += (rect.width() - width) // 2
    painter.setFont(font(style))
    painter.setPen(colour)
    painter.drawStaticText(left, rect.top() + (rect.height() - height) // 2, shown)
    return width


def elided(text: str, style: TypeStyle, width: int) -> str:
    """Return ``text`` cut at its end to ``width`` pixels."""
    measure = metrics(style)
    if measure.horizontalAdvance(text) <= width:
        return text
    return measure.elidedText(text, Qt.TextElideMode.ElideRight, width)


@lru_cache(KEPT_TEXTS)
def _laid_out(text: str, style: TypeStyle, room: int) -> tuple[QStaticText, int, int]:
    """Return text cut to ``room`` with its width and height: to shape it is what drawing costs most."""
    measure = metrics(style)
    shown = elided(text, style, room)
    made = QStaticText(shown)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
    made.prepare(QTransform(), font(style))
    return made, measure.horizontalAdvance(shown), measure.height()


def draw_box(painter: QPainter, rect: QRect, *, fill: QColor | None, edge: QColor | None, dashed: bool = False) -> None:
    """Draw a rectangle with the common radius, its edge one pixel wide inside ``rect``."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    pen = QPen(edge, tokens.Size.LINE) if edge is not None else QPen(Qt.PenStyle.NoPen)
    if dashed:
        pen.setStyle(Qt.PenStyle.DashLine)
    painter.setPen(pen)
    painter.drawRoundedRect(QRectF(rect).adjusted(HAIR, HAIR, -HAIR, -HAIR), tokens.Size.RADIUS, tokens.Size.RADIUS)
    painter.restore()


def draw_rule(painter: QPainter, rect: QRect, colour: QColor) -> None:
    """Draw the one-pixel line along the bottom of ``rect``."""
    painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), tokens.Size.LINE), colour)


def draw_key(painter: QPainter, rect: QRect, text: str) -> None:
    """Draw a key cap (``Ctrl+F``, ``1``) that fills ``rect``."""
    c = tokens.colours()
    draw_box(painter, rect, fill=qcolor(c.header), edge=qcolor(c.line))
    draw_text(painter, rect, text, tokens.SMALL, qcolor(c.hint), Qt.AlignmentFlag.AlignHCenter)


def draw_dot(painter: QPainter, centre: QPointF, shape: str, colour: QColor) -> None:
    """Draw a status dot: ``hollow``, ``dashed``, ``target``, ``half``, ``full``, ``diamond``, ``bars`` or ``cross``."""
    radius = tokens.Size.DOT / 2
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(colour, 1.5)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    _DOTS[shape](painter, centre, radius, colour)
    painter.restore()


def _hollow(painter: QPainter, centre: QPointF, radius: float, _colour: QColor) -> None:
    painter.drawEllipse(centre, radius - HAIR, radius - HAIR)


def _dashed(painter: QPainter, centre: QPointF, radius: float, colour: QColor) -> None:
    pen = QPen(colour, 1.5)
    pen.setDashPattern([1.2, 1.2])
    painter.setPen(pen)
    painter.drawEllipse(centre, radius - HAIR, radius - HAIR)


def _target(painter: QPainter, centre: QPointF, radius: float, colour: QColor) -> None:
    painter.drawEllipse(centre, radius - HAIR, radius - HAIR)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(centre, radius / 2 - HAIR / 2, radius / 2 - HAIR / 2)


def _half(painter: QPainter, centre: QPointF, radius: float, colour: QColor) -> None:
    painter.drawEllipse(centre, radius - HAIR, radius - HAIR)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    side = radius - HAIR
    painter.drawPie(QRectF(centre.x() - side, centre.y() - side, 2 * side, 2 * side), 90 * 16, -180 * 16)


def _full(painter: QPainter, centre: QPointF, radius: float, colour: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(centre, radius, radius)


def _diamond(painter: QPainter, centre: QPointF, radius: float, _colour: QColor) -> None:
    x, y = centre.x(), centre.y()
    painter.drawPolygon(
        [QPointF(x, y - radius), QPointF(x + radius, y), QPointF(x, y + radius), QPointF(x - radius, y)]
    )


def _bars(painter: QPainter, centre: QPointF, radius: float, _colour: QColor) -> None:
    for x in (centre.x() - radius / 2, centre.x() + radius / 2):
        painter.drawLine(QPointF(x, centre.y() - radius + 1), QPointF(x, centre.y() + radius - 1))


def _cross(painter: QPainter, centre: QPointF, radius: float, _colour: QColor) -> None:
    x, y, arm = centre.x(), centre.y(), radius - 1
    painter.drawLine(QPointF(x - arm, y - arm), QPointF(x + arm, y + arm))
    painter.drawLine(QPointF(x - arm, y + arm), QPointF(x + arm, y - arm))


_DOTS = {
    "hollow": _hollow,
    "dashed": _dashed,
    "target": _target,
    "half": _half,
    "full": _full,
    "diamond": _diamond,
    "bars": _bars,
    "cross": _cross,
}
