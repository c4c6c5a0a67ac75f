"""The paper as it will print: pages of the program's own PDF one under the other, always white.

Pages are drawn beside the window when they come into view. A click on a figure, or the arrows, choose it.
"""

from collections import OrderedDict
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from bri_desktop.i18n import tr
from bri_desktop.services.summary_pages import draw_page
from bri_desktop.ui.runner import Runner
from bri_desktop.ui.shared import paint
from bri_desktop.ui.shared.tokens import Scheme, Space, colours

if TYPE_CHECKING:
    from bri_desktop.services.summary_pages import PageImage, Place

WIDTH, PAGE, REAL = "width", "page", "real"
"""Fit the width, fit one page, or as large as on paper."""
PIXELS_A_POINT = 96 / 72
GAP = Space.PAGE
KEPT_PAGES = 12
TINT = 70
STEP = 60


@dataclass(frozen=True, slots=True)
class Sheets:
    """A PDF to be shown: its bytes, the size of each page in points, and where the figures stand."""

    data: bytes = b""
    sizes: tuple[tuple[float, float], ...] = ()
    places: tuple["Place", ...] = ()


def _on_paper(role: str) -> QColor:
    """Return a colour as it is when the window is light: paper is always white."""
    return paint.qcolor(getattr(colours(Scheme.LIGHT), role))


class Preview(QAbstractScrollArea):
    """Shows pages; ``figure_chosen`` gives the name of a figure."""

    figure_chosen = Signal(str)
    page_changed = Signal(int)
    """The number, from 0, of the page in the middle of the view."""

    def __init__(self, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._sheets = Sheets()
        self._by_page: dict[int, list[Place]] = {}
        self._tops: list[float] = [float(GAP)]
        self._images: OrderedDict[int, QImage] = OrderedDict()
        self._asked: set[int] = set()
        self._fit = WIDTH
        self._chosen = ""
        self._changed: frozenset[str] = frozenset()
        self._page = 0
        self._generation = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("The summary as it will print"))
        self.viewport().setMouseTracking(True)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self._on_scrolled())

    # --- what is shown --------------------------------------------------------------------------------------------

    def show_sheets(self, sheets: Sheets, changed: frozenset[str]) -> None:
        """Show another PDF at the place where the former one was; ``changed`` figures are tinted."""
        self._sheets, self._changed = sheets, changed
        self._by_page = {number: [] for number in range(len(sheets.sizes))}
        for place in sheets.places:
            self._by_page[place.page].append(place)
        if not any(place.name == self._chosen for place in sheets.places):
            self._chosen = ""
        self._forget()
        self._lay_out()

    def set_changed(self, changed: frozenset[str]) -> None:
        """Tint and underline other figures."""
        self._changed = changed
        self.viewport().update()

    def set_fit(self, fit: str) -> None:
        """Fit the width, one page, or show the real size."""
        self._fit = fit
        self._forget()
        self._lay_out()

    def pages(self) -> int:
        """Return how many pages there are."""
        return len(self._sheets.sizes)

    def page(self) -> int:
        """Return the page in view, from 0."""
        return self._page

    def is_drawn(self) -> bool:
        """Tell whether every page in view has been drawn."""
        return bool(self._sheets.sizes) and all(number in self._images for number in self._visible())

    def show_page(self, number: int) -> None:
        """Bring a page to the top of the view."""
        if 0 <= number < self.pages():
            self.verticalScrollBar().setValue(round(self._tops[number]) - GAP)

    def choose_figure(self, name: str) -> None:
        """Mark a figure and bring the first place of it into view."""
        self._chosen = name
        found = next((place for place in self._sheets.places if place.name == name), None)
        if found is not None:
            box = self.box_of(found)
            bar = self.verticalScrollBar()
            if not box.top() >= 0 or box.bottom() > self.viewport().height():
                bar.setValue(bar.value() + round(box.top()) - self.viewport().height() // 3)
        self.viewport().update()

    # --- measures -------------------------------------------------------------------------------------------------

    def _scale(self) -> float:
        """Return pixels a point."""
        if self._fit == REAL or not self._sheets.sizes:
            return PIXELS_A_POINT
        width = min(size[0] for size in self._sheets.sizes)
        scale = (self.viewport().width() - 2 * GAP) / width
        if self._fit == PAGE:
            height = self._sheets.sizes[min(self._page, self.pages() - 1)][1]
            scale = min(scale, (self.viewport().height() - 2 * GAP) / height)
        return max(0.2, scale)

    def _page_scale(self, number: int) -> float:
        """Return pixels a point of a page: a lying one is made smaller to fit beside the others."""
        scale = self._scale()
        return (
            scale
            if self._fit == REAL
            else min(scale, (self.viewport().width() - 2 * GAP) / self._sheets.sizes[number][0])
        )

    def _measure(self) -> None:
        """Find where each page begins, and where the last one ends."""
        tops, y = [], float(GAP)
        for number, size in enumerate(self._sheets.sizes):
            tops.append(y)
            y += round(size[1] * self._page_scale(number)) + GAP
        self._tops = [*tops, y]

    def page_rect(self, number: int) -> QRectF:
        """Return where a page stands in the view now."""
        width, height = (round(part * self._page_scale(number)) for part in self._sheets.sizes[number])
        left = max(GAP, (self.viewport().width() - width) // 2) - self.horizontalScrollBar().value()
        return QRectF(left, self._tops[number] - self.verticalScrollBar().value(), width, height)

    def _visible(self) -> list[int]:
        height = self.viewport().height()
        rects = ((number, self.page_rect(number)) for number in range(self.pages()))
        return [number for number, rect in rects if rect.bottom() > 0 and rect.top() < height]

    def box_of(self, place: "Place") -> QRectF:
        """Return where a figure stands in the view now."""
        rect = self.page_rect(place.page)
        scale = self._page_scale(place.page)
        return QRectF(
            rect.left() + place.x * scale,
            rect.top() + place.y * scale,
            max(place.width * scale, 3),
            place.height * scale,
        )

    def _lay_out(self) -> None:
        self._measure()
        whole = self._tops[-1]
        bar = self.verticalScrollBar()
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(STEP)
        bar.setRange(0, max(0, round(whole) - self.viewport().height()))
        widest = max((size[0] * self._page_scale(n) for n, size in enumerate(self._sheets.sizes)), default=0.0)
        across = self.horizontalScrollBar()
        across.setPageStep(self.viewport().width())
        across.setRange(0, max(0, round(widest) + 2 * GAP - self.viewport().width()))
        self._on_scrolled()

    # --- drawing --------------------------------------------------------------------------------------------------

    def _forget(self) -> None:
        self._images.clear()
        self._asked.clear()
        self._generation += 1

    def _on_scrolled(self) -> None:
        middle = self.viewport().height() / 2
        pages = range(self.pages())
        here = next((n for n in pages if self.page_rect(n).bottom() >= middle), max(self.pages() - 1, 0))
        if here != self._page:
            self._page = here
            self.page_changed.emit(here)
        self._ask()
        self.viewport().update()

    def _ask(self) -> None:
        """Let the pages in view be drawn that are not yet."""
        if not self.isVisible():
            return
        ratio = self.devicePixelRatioF()
        for number in self._visible():
            if number not in self._images and number not in self._asked:
                self._asked.add(number)
                self._runner.compute(
                    draw_page,
                    self._sheets.data,
                    number,
                    self._page_scale(number) * ratio,
                    done=partial(self._on_drawn, self._generation, number),
                    initiator=self,
                )

    def _on_drawn(self, generation: int, number: int, image: "PageImage") -> None:
        if generation != self._generation:
            return
        self._asked.discard(number)
        made = QImage(image.data, image.width, image.height, image.stride, QImage.Format.Format_RGB32).copy()
        made.setDevicePixelRatio(self.devicePixelRatioF())
        self._images[number] = made
        while len(self._images) > KEPT_PAGES:
            self._images.popitem(last=False)
        self.viewport().update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the pages in view, the tint of changed figures and the frame of the chosen one."""
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), paint.role("window"))
        visible = self._visible()
        for number in visible:
            rect = self.page_rect(number)
            image = self._images.get(number)
            painter.fillRect(rect, Qt.GlobalColor.white)
            if image is not None:
                painter.drawImage(rect.topLeft(), image)
            painter.setPen(paint.role("line"))
            painter.drawRect(rect.adjusted(-0.5, -0.5, 0.5, 0.5))
        for number in visible:
            for place in self._by_page[number]:
                self._mark(painter, place)
        painter.end()

    def _mark(self, painter: QPainter, place: "Place") -> None:
        if place.name in self._changed:
            tint = QColor(_on_paper("warning_edge"))
            tint.setAlpha(TINT)
            box = self.box_of(place)
            painter.fillRect(box, tint)
            painter.setPen(QPen(_on_paper("warning"), 1.5))
            painter.drawLine(box.bottomLeft(), box.bottomRight())
        if place.name == self._chosen:
            painter.setPen(_on_paper("accent"))
            painter.drawRect(self.box_of(place).adjusted(-2, -1, 2, 1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit again, with the same page in view."""
        super().resizeEvent(event)
        bar = self.verticalScrollBar()
        part = bar.value() / max(bar.maximum(), 1)
        self._forget()
        self._lay_out()
        bar.setValue(round(part * bar.maximum()))

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what is in view."""
        super().showEvent(event)
        self._lay_out()

    # --- choosing -------------------------------------------------------------------------------------------------

    def _at(self, point: QPoint) -> str:
        where = QPointF(point)
        near = (place for number in self._visible() for place in self._by_page[number])
        return next((place.name for place in near if self.box_of(place).adjusted(-2, -2, 2, 2).contains(where)), "")

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show that a figure can be clicked."""
        over = self._at(event.position().toPoint())
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the figure under the mouse."""
        name = self._at(event.position().toPoint())
        if name and event.button() == Qt.MouseButton.LeftButton:
            self._choose(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose the figure before or after by the arrows."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        names = list(dict.fromkeys(place.name for place in self._sheets.places))
        if not step or not names:
            super().keyPressEvent(event)
            return
        here = names.index(self._chosen) if self._chosen in names else -1 if step > 0 else 0
        self._choose(names[(here + step) % len(names)])

    def _choose(self, name: str) -> None:
        self.choose_figure(name)
        self.figure_chosen.emit(name)
