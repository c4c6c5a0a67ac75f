"""The table of a preview: letters and headers of the file above, row numbers and verdicts at the left, both fixed."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from bri_desktop.i18n import tr
from bri_desktop.ui.exchange.preview_model import PreviewModel
from bri_desktop.ui.exchange.wording import LOOKS, verdict_word
from bri_desktop.ui.shared import icons, paint
from bri_desktop.ui.shared.cells import CELL_ROLE, Verdict
from bri_desktop.ui.shared.delegates import RowDelegate
from bri_desktop.ui.shared.tokens import BODY, BODY_BOLD, SMALL, SMALL_BOLD, Size, Space

HEADER = 2 * Size.ROW_INTAKE
NARROW, WIDE = 72, 300
_SAMPLE_ROWS = 24
_SAMPLE_STEP = 2

Align = Qt.AlignmentFlag


class FileHeader(QHeaderView):
    """Column letters as in the file, and the headers under them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setFixedHeight(HEADER)
        self.setMinimumSectionSize(NARROW // 2)
        self.setSectionsClickable(False)
        self.setHighlightSections(False)

    def sizeHint(self) -> QSize:
        """Return the height of two lines."""
        return QSize(0, HEADER)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Draw the letter in the middle and the header below."""
        text = str(self.model().headerData(section, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole) or "")
        side = self.model().headerData(section, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
        letter, _, header = text.partition("\n")
        painter.save()
        _fill(painter, rect)
        upper = QRect(rect.left(), rect.top(), rect.width(), Size.ROW_INTAKE - 4)
        lower = rect.adjusted(Space.BETWEEN, Size.ROW_INTAKE - 4, -Space.BETWEEN, -2)
        paint.draw_text(painter, upper, letter, SMALL, paint.role("hint"), Align.AlignHCenter)
        is_right = bool(side is not None and side & Align.AlignRight)
        align = Align.AlignRight if is_right else Align.AlignLeft
        paint.draw_text(painter, lower, header, SMALL_BOLD, paint.role("secondary"), align)
        painter.restore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill what is right of the last column like the rest."""
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), paint.role("header"))
        paint.draw_rule(painter, self.viewport().rect(), paint.role("button_edge"))
        painter.end()
        super().paintEvent(event)


class RowHead(QHeaderView):
    """Row numbers as in the file, and the verdict of each row with icon and word."""

    def __init__(self, table: "PreviewTable") -> None:
        super().__init__(Qt.Orientation.Vertical, table)
        self._table = table
        words = [paint.metrics(BODY_BOLD).horizontalAdvance(verdict_word(name)) for name in LOOKS]
        self.tick_width = Size.ICON + Space.BETWEEN
        self.number_width = self.tick_width + paint.metrics(BODY).horizontalAdvance("999999") + Space.BETWEEN
        self._width = self.number_width + Size.SMALL_ICON + max(words) + 3 * Space.BETWEEN
        self.setFixedWidth(self._width)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(Size.ROW_INTAKE)
        self.setDefaultSectionSize(Size.ROW_INTAKE)
        self.setHighlightSections(False)
        self.setSectionsClickable(True)

    def sizeHint(self) -> QSize:
        """Return the fixed width."""
        return QSize(self._width, 0)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Draw number, line, icon and word."""
        chosen = self._table.selectionModel().isRowSelected(section)
        verdict = self.model().headerData(section, Qt.Orientation.Vertical, CELL_ROLE)
        outcome = self._table.rows.outcome_at(section)
        painter.save()
        painter.fillRect(rect, paint.role("selection" if chosen else "surface"))
        paint.draw_rule(painter, rect, paint.role("line"))
        painter.fillRect(QRect(rect.right(), rect.top(), 1, rect.height()), paint.role("line"))
        self._draw_tick(painter, rect, self._table.rows.is_taken(section))
        number = QRect(rect.left(), rect.top(), self.number_width - Space.BETWEEN, rect.height() - 1)
        text = str(outcome.number) if outcome else ""
        paint.draw_text(painter, number, text, BODY, paint.role("secondary"), Align.AlignRight)
        painter.fillRect(QRect(self.number_width, rect.top(), 1, rect.height()), paint.role("line"))
        if isinstance(verdict, Verdict):
            self._draw_verdict(painter, rect, verdict)
        painter.restore()

    def _draw_tick(self, painter: QPainter, rect: QRect, taken: bool) -> None:
        side = Size.SMALL_ICON
        box = QRect(rect.left() + Space.BETWEEN, rect.center().y() - side // 2, side, side)
        if taken:
            paint.draw_box(painter, box, fill=paint.role("accent"), edge=paint.role("accent"))
            icons.paint_icon(painter, "check", "on_accent", box.left() + 1, box.top() + 1, side - 2)
        else:
            paint.draw_box(painter, box, fill=paint.role("surface"), edge=paint.role("field_edge"))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tick a row or untick it on its box; elsewhere choose it."""
        place = self.logicalIndexAt(event.position().toPoint())
        if place >= 0 and event.position().x() < self.tick_width + Space.INSIDE:
            self._table.tick_rows([place])
            return
        super().mousePressEvent(event)

    def _draw_verdict(self, painter: QPainter, rect: QRect, verdict: Verdict) -> None:
        left = self.number_width + Space.BETWEEN
        top = rect.center().y() - Size.SMALL_ICON // 2 + 1
        icons.paint_icon(painter, verdict.icon, verdict.role, left, top, Size.SMALL_ICON)
        left += Size.SMALL_ICON + Space.BETWEEN - 2
        style = BODY_BOLD if verdict.bold else BODY
        room = QRect(left, rect.top(), rect.right() - left, rect.height() - 1)
        paint.draw_text(painter, room, verdict.text, style, paint.role(verdict.role))


class _Corner(QWidget):
    """Names the two columns at the left."""

    def __init__(self, table: QTableView, head: RowHead) -> None:
        super().__init__(table)
        self._head = head
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw 行 and 判定."""
        painter = QPainter(self)
        _fill(painter, self.rect())
        split = self._head.number_width
        painter.fillRect(QRect(split, 0, 1, self.height()), paint.role("line"))
        lower = QRect(0, Size.ROW_INTAKE - 4, split - Space.BETWEEN, HEADER - Size.ROW_INTAKE + 2)
        colour = paint.role("secondary")
        paint.draw_text(painter, lower, tr("Row"), SMALL_BOLD, colour, Align.AlignRight)
        rest = QRect(split + Space.BETWEEN, lower.top(), self.width() - split, lower.height())
        paint.draw_text(painter, rest, tr("Verdict"), SMALL_BOLD, colour)


class PreviewTable(QTableView):
    """The view; a row that becomes current is told by its number in the file."""

    row_chosen = Signal(int)
    ticked = Signal(list, bool)
    """Rows of the file as (sheet, number), and whether they are taken in from now on."""

    def __init__(self, model: PreviewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Rows of the file"))
        self.rows = model
        self.head = RowHead(self)
        self.setModel(model)
        self.setHorizontalHeader(FileHeader(self))
        self.setVerticalHeader(self.head)
        self.setItemDelegate(RowDelegate(self, lines=True, row=Size.ROW_INTAKE))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._corner = _Corner(self, self.head)
        self._fitted: object = None
        self.head.sectionClicked.connect(self.selectRow)

    def tick_rows(self, places: Sequence[int]) -> None:
        """Leave rows of the view out, or take them in again where the first of them is out."""
        outcomes = [outcome for place in places if (outcome := self.rows.outcome_at(place)) is not None]
        if outcomes:
            self.ticked.emit([(one.sheet, one.number) for one in outcomes], not self.rows.is_taken(places[0]))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tick or untick the rows that are selected by the space bar."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.tick_rows(sorted(index.row() for index in self.selectionModel().selectedRows()))
            return
        super().keyPressEvent(event)

    def forget_widths(self) -> None:
        """Another file follows."""
        self._fitted = None

    def fit(self, table: object) -> None:
        """Give each column the width of what it shows, once for each table."""
        if table == self._fitted:
            return
        self._fitted = table
        for column in range(self.rows.columnCount()):
            self.setColumnWidth(column, self._wanted(column))

    def _wanted(self, column: int) -> int:
        head = str(self.rows.headerData(column, Qt.Orientation.Horizontal) or "").partition("\n")[2]
        texts = {self.rows.shown_text(row, column) for row in range(0, self._sampled(), _SAMPLE_STEP)}
        measure = paint.metrics(BODY_BOLD).horizontalAdvance
        widest = max(map(measure, texts), default=0)
        widest = max(widest, paint.metrics(SMALL_BOLD).horizontalAdvance(head), NARROW - 2 * Space.BETWEEN)
        return min(widest, WIDE) + 2 * Space.BETWEEN + 2

    def _sampled(self) -> int:
        return min(self.rows.rowCount(), _SAMPLE_ROWS)

    def show_row(self, number: int, column: int | None) -> bool:
        """Make row ``number`` of the file current and visible; tell whether it is among the rows shown."""
        place = self.rows.position_of(number)
        if place is None:
            return False
        at = self.rows.index(place, column or 0)
        blocked = self.blockSignals(True)
        self.setCurrentIndex(at)
        self.selectRow(place)
        self.blockSignals(blocked)
        self.scrollTo(self.rows.index(place, column or 0), QAbstractItemView.ScrollHint.EnsureVisible)
        return True

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Tell which row is current."""
        super().currentChanged(current, previous)
        self.head.viewport().update()
        outcome = self.rows.outcome_at(current.row())
        if outcome is not None:
            self.row_chosen.emit(outcome.number)

    def shown_numbers(self) -> tuple[int, int] | None:
        """Return the first and last row number in view."""
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        last = last if last >= 0 else self.rows.rowCount() - 1
        upper, lower = self.rows.outcome_at(first), self.rows.outcome_at(last)
        return (upper.number, lower.number) if upper and lower else None

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the corner in its place."""
        super().resizeEvent(event)
        self._place_corner()

    def _place_corner(self) -> None:
        frame = self.frameWidth()
        self._corner.setGeometry(frame, frame, self.head.width(), HEADER)
        self._corner.raise_()


def _fill(painter: QPainter, rect: QRect) -> None:
    painter.fillRect(rect, paint.role("header"))
    paint.draw_rule(painter, rect, paint.role("button_edge"))
    painter.fillRect(QRect(rect.right(), rect.top(), 1, rect.height()), paint.role("line"))
