"""Drawing of a merge: the value that is taken is tinted and underlined, and the choices stand as circles beside it."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyleOptionViewItem

from bri_desktop.ui.shared import paint
from bri_desktop.ui.shared.delegates import Index, RowDelegate, rect_and_selection
from bri_desktop.ui.shared.paint import qcolor
from bri_desktop.ui.shared.tokens import BODY, BODY_BOLD, SMALL, Size, Space, colours

CIRCLE = 12
APART = Space.SECTION + 2
"""Between one choice and the next."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two values: its text, in grey who wrote it or where it stands, and whether it is taken.

    ``is_tag`` is said in a dashed frame: something was taken away, which is another thing than an empty cell.
    """

    text: str
    context: str = ""
    is_taken: bool = False
    is_tag: bool = False


@dataclass(frozen=True, slots=True)
class Options:
    """The choices of a line (code, word), the one that holds, and a word at the end while none does."""

    words: tuple[tuple[str, str], ...]
    chosen: str | None
    waiting: str = ""

    def spots(self, rect: QRect) -> list[QRect]:
        """Return where each choice is drawn in its cell."""
        found, left = [], rect.left() + Space.BETWEEN
        for _code, word in self.words:
            width = CIRCLE + Space.INSIDE + 2 + paint.metrics(BODY).horizontalAdvance(word)
            found.append(QRect(left, rect.top(), width, rect.height()))
            left += width + APART
        return found

    def at(self, rect: QRect, x: int) -> str | None:
        """Return the choice at ``x``, the distance to the next one counted in."""
        for (code, _word), spot in zip(self.words, self.spots(rect), strict=True):
            if spot.left() - APART // 2 <= x < spot.right() + APART // 2:
                return code
        return None

    @property
    def width(self) -> int:
        """The width that the choices and the waiting word take."""
        last = self.spots(QRect())[-1].right() if self.words else 0
        return last + APART + paint.metrics(BODY_BOLD).horizontalAdvance(self.waiting) + Space.BETWEEN


class MergeDelegate(RowDelegate):
    """Draws sides and choices where ``look`` gives them, everything else as in any table."""

    def __init__(self, view: QAbstractItemView, look: Callable[[Index], Side | Options | None]) -> None:
        super().__init__(view, lines=True, row=Size.ROW_MERGE)
        self._look = look

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        what = self._look(index)
        if what is None:
            super().paint(painter, option, index)
            return
        c = colours()
        rect, is_selected = rect_and_selection(option)
        if isinstance(what, Side) and what.is_taken and not is_selected:
            painter.fillRect(rect, qcolor(c.tint))
        self._draw_background(painter, rect, c, is_selected=is_selected, row=index.row())
        if isinstance(what, Side):
            _draw_side(painter, rect, what)
        else:
            _draw_options(painter, rect, what)


def _draw_side(painter: QPainter, rect: QRect, side: Side) -> None:
    c = colours()
    inner = rect.adjusted(Space.BETWEEN, 0, -Space.BETWEEN, -1)
    if side.context:
        room = min(paint.metrics(SMALL).horizontalAdvance(side.context) + Space.INSIDE, inner.width() // 2)
        right = QRect(inner.right() + 1 - room, inner.top(), room, inner.height())
        paint.draw_text(painter, right, side.context, SMALL, qcolor(c.secondary), Qt.AlignmentFlag.AlignRight)
        inner.setRight(inner.right() - room - Space.INSIDE)
    if side.is_tag:
        width = min(paint.metrics(SMALL).horizontalAdvance(side.text) + 2 * Space.INSIDE, inner.width())
        frame = QRect(inner.left(), inner.center().y() - 9, width, 20)
        paint.draw_box(painter, frame, fill=None, edge=qcolor(c.warning), dashed=True)
        paint.draw_text(painter, frame.adjusted(Space.INSIDE, 0, 0, 0), side.text, SMALL, qcolor(c.warning))
    else:
        colour = c.text if side.text != "—" else c.hint
        paint.draw_text(painter, inner, side.text, BODY_BOLD if side.is_taken else BODY, qcolor(colour))
    if side.is_taken:
        edge = QRect(rect.left(), rect.bottom() + 1 - Size.FOCUS, rect.width(), Size.FOCUS)
        painter.fillRect(edge, qcolor(c.accent))


def _draw_options(painter: QPainter, rect: QRect, options: Options) -> None:
    c = colours()
    end = rect.left() + Space.BETWEEN
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for (code, word), spot in zip(options.words, options.spots(rect), strict=True):
        centre = QPointF(spot.left() + CIRCLE / 2, spot.center().y() + 0.5)
        is_chosen = code == options.chosen
        painter.setPen(QPen(qcolor(c.accent if is_chosen else c.field_edge), 4 if is_chosen else 1))
        painter.setBrush(qcolor(c.surface))
        radius = CIRCLE / 2 - (2 if is_chosen else 0.5)
        painter.drawEllipse(centre, radius, radius)
        paint.draw_text(painter, spot.adjusted(CIRCLE + Space.INSIDE + 2, 0, 2, -1), word, BODY, qcolor(c.text))
        end = spot.right() + APART
    painter.restore()
    if options.waiting:
        rest = QRect(end, rect.top(), rect.right() - end, rect.height() - 1)
        paint.draw_text(painter, rest, options.waiting, BODY_BOLD, qcolor(c.warning))
