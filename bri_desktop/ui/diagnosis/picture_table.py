"""The rows of a panel with their plot; made anew for each panel, since each has columns of its own."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from bri_desktop.i18n import tr
from bri_desktop.ui.diagnosis.pictures import Matrix, Picture, PictureRow
from bri_desktop.ui.shared import paint
from bri_desktop.ui.shared.cells import ID_ROLE, Cell, Link, Toned
from bri_desktop.ui.shared.model import Column, WindowedModel
from bri_desktop.ui.shared.plot_cells import AxisStrip, ButtonDelegate, Mark, PlotDelegate, Scale, head_width, scale_of
from bri_desktop.ui.shared.table import LedgerTable
from bri_desktop.ui.shared.tokens import AXIS, BODY_BOLD, SMALL, Size, Space

SHORT_LIST = 8
PLOT, VIEW = "plot", "view"
PLOT_WIDTH = 112


class PictureTable(LedgerTable[PictureRow]):
    """One row a unit of the panel; ``row_opened`` gives the row whose mark or button was used."""

    row_opened = Signal(object)

    def __init__(self, picture: Picture, parent: QWidget | None = None) -> None:
        self.picture = picture
        self.scale: Scale = scale_of((row.mark for row in picture.rows if row.mark is not None), suffix=picture.suffix)
        model = WindowedModel(_columns(picture), lambda ids, arrived: arrived({key: picture.rows[key] for key in ids}))
        height = Size.ROW_PLOT if len(picture.rows) <= SHORT_LIST else Size.ROW
        super().__init__(tr("Figures"), model, parent, row=height)
        keys = [column.key for column in model.columns]
        self._plot, self._buttons = PlotDelegate(self, lambda: self.scale, self._mark), ButtonDelegate(self)
        self.setItemDelegateForColumn(keys.index(PLOT), self._plot)
        self.setItemDelegateForColumn(keys.index(VIEW), self._buttons)
        self.header.setSectionsMovable(False)
        self.axis = AxisStrip(self, self.header, keys.index(PLOT), lambda: self.scale)
        self._buttons.link_clicked.connect(lambda index: self._open(index.data(ID_ROLE)))
        self.opened.connect(self._open)
        self.clicked.connect(self._on_clicked)
        self._plot_section = keys.index(PLOT)
        self.show_ids(list(range(len(picture.rows))), dict(enumerate(picture.rows)))

    def _mark(self, position: object) -> Mark | None:
        return self.picture.rows[position].mark if isinstance(position, int) else None

    def _on_clicked(self, index: QModelIndex) -> None:
        if index.column() == self._plot_section:
            self._open(index.data(ID_ROLE))

    def _open(self, position: object) -> None:
        if isinstance(position, int) and self.picture.rows[position].ids:
            self.row_opened.emit(self.picture.rows[position])


def _columns(picture: Picture) -> list[Column[PictureRow]]:
    def text(number: int) -> Callable[[PictureRow], Cell | str]:
        is_last = number == len(picture.heads) - 1
        return lambda row: Toned(row.texts[number], row.tone, bold=True) if is_last and row.tone else row.texts[number]

    columns = [Column(key="name", title=picture.unit, cell=_name, width=136, is_sortable=False)]
    columns.append(Column(key=PLOT, title="", cell=lambda _row: "", width=PLOT_WIDTH, is_sortable=False, stretch=True))
    columns += [
        Column(
            key=f"text_{number}",
            title=head,
            cell=text(number),
            width=max(head_width(head, 64), _text_width(picture, number)),
            is_right=True,
            is_sortable=False,
            priority=2 if 2 <= number == len(picture.heads) - 2 else 0,
        )
        for number, head in enumerate(picture.heads)
    ]
    columns.append(Column(key=VIEW, title="", cell=_view, width=128, is_right=True, is_sortable=False, priority=1))
    return columns


def _text_width(picture: Picture, number: int) -> int:
    """Return the width in pixels that the widest text of a column needs; a figure cut short misleads."""
    measure = paint.metrics(BODY_BOLD).horizontalAdvance
    return max((measure(row.texts[number]) for row in picture.rows), default=0) + 2 * Space.SECTION


def _name(row: PictureRow) -> Cell | str:
    return row.name


def _view(row: PictureRow) -> Cell | str:
    return Link(tr("View {count} records", count=f"{len(row.ids):,}")) if row.ids else ""


class HeatMap(QWidget):
    """How alike each pair is, darker the more; the numbers are in the cells where they have room."""

    def __init__(self, matrix: Matrix, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._matrix = matrix
        self.setAccessibleName(tr("Similarity"))
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """Return a size in which names and cells can be read."""
        return QSize(420, 40 + 24 * len(self._matrix.names))

    def _grid(self) -> tuple[QPointF, float, float]:
        """Return the upper left corner of the cells and their width and height."""
        names = self._matrix.names
        left = min(140, max(paint.metrics(SMALL).horizontalAdvance(name) for name in names) + Space.BETWEEN)
        width = (self.width() - left - Space.PAGE) / len(names)
        return QPointF(left, 20), min(width, 72), min(28.0, (self.height() - 24) / len(names))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw names and cells."""
        painter = QPainter(self)
        corner, width, height = self._grid()
        for number, name in enumerate(self._matrix.names):
            line = QRect(0, round(corner.y() + number * height), round(corner.x()) - 4, round(height))
            shown = paint.elided(name, SMALL, line.width())
            paint.draw_text(painter, line, shown, SMALL, paint.role("text"), Qt.AlignmentFlag.AlignRight)
            top = QRect(round(corner.x() + number * width), 0, round(width), 18)
            over = paint.elided(name, AXIS, top.width() - 2)
            paint.draw_text(painter, top, over, AXIS, paint.role("secondary"), Qt.AlignmentFlag.AlignHCenter)
            for other, value in enumerate(self._matrix.values[number]):
                box = QRectF(corner.x() + other * width, corner.y() + number * height, width - 1, height - 1)
                self._cell(painter, box, value, is_own=other == number)

    def _cell(self, painter: QPainter, box: QRectF, value: float, *, is_own: bool) -> None:
        if is_own:
            painter.fillRect(box, paint.role("header"))
            return
        painter.fillRect(box, paint.role("surface"))
        painter.setOpacity(0.08 + 0.92 * max(0.0, min(1.0, value)))
        painter.fillRect(box, paint.role("series_1"))
        painter.setOpacity(1.0)
        if box.width() >= 30 and box.height() >= 16:
            role = "on_accent" if value > 0.55 else "text"
            paint.draw_text(
                painter, box.toRect(), f"{value:.2f}", AXIS, paint.role(role), Qt.AlignmentFlag.AlignHCenter
            )

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Name the pair under the pointer."""
        corner, width, height = self._grid()
        column = int((event.position().x() - corner.x()) // width)
        row = int((event.position().y() - corner.y()) // height)
        names, text = self._matrix.names, ""
        if 0 <= row < len(names) and 0 <= column < len(names) and row != column:
            text = f"{names[row]} — {names[column]} {self._matrix.values[row][column]:.2f}"
        QToolTip.showText(event.globalPosition().toPoint(), text, self)
