"""The files of a record as rows: picture, name with its folder, size; what is missing or changed says so."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem

from bri_desktop import labels
from bri_desktop.i18n import tr
from bri_desktop.services.attachments import AttachmentRow
from bri_desktop.ui.shared import icons, paint
from bri_desktop.ui.shared.delegates import Index, rect_and_selection
from bri_desktop.ui.shared.tokens import BODY, SMALL, Size, Space, colours

ROW = 56
PICTURE = 44
_NONE = QModelIndex()
KIB = 1024


def size_text(size: int) -> str:
    """Return a size in bytes, KB or MB."""
    if size < KIB:
        return f"{size} B"
    return f"{size / KIB:,.0f} KB" if size < KIB * KIB else f"{size / KIB / KIB:,.1f} MB"


def state_text(row: AttachmentRow) -> str:
    """Return what is wrong with the content of a file; empty where it is whole."""
    return "" if row.state == "whole" else labels.sentence(f"attachment_{row.state}")


class AttachmentModel(QAbstractListModel):
    """Rows of files; ``pictures`` come later."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[AttachmentRow] = []
        self.pictures: dict[str, QImage] = {}

    def show_rows(self, rows: Sequence[AttachmentRow]) -> None:
        """Show other files."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def show_pictures(self, pictures: Mapping[str, QImage]) -> None:
        """Show small pictures, by the digest of their content."""
        self.pictures |= pictures
        if self.rows:
            self.dataChanged.emit(self.index(0), self.index(len(self.rows) - 1))

    def rowCount(self, parent: QModelIndex | Any = _NONE) -> int:
        """Return how many files there are."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        """Return name, size and what is wrong, in one line."""
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            parts = (row.name, row.folder or "", size_text(row.size), row.note or "", state_text(row))
            return "\n".join(part for part in parts if part)
        return None


class AttachmentDelegate(QStyledItemDelegate):
    """Draws a file: picture or icon at the left, name, and below it size and note, or what is wrong in red."""

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return the height of a row."""
        return QSize(0, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        model = index.model()
        if not isinstance(model, AttachmentModel):
            return
        row, c = model.rows[index.row()], colours()
        rect, is_selected = rect_and_selection(option)
        painter.save()
        painter.fillRect(rect, paint.qcolor(c.selection if is_selected else c.surface))
        paint.draw_rule(painter, rect, paint.qcolor(c.line))
        if self._view.hasFocus() and self._view.currentIndex() == index:
            painter.fillRect(QRect(rect.left(), rect.top(), Size.FOCUS, rect.height()), paint.qcolor(c.accent))
        self._draw_picture(painter, rect, model.pictures.get(row.sha256), row)
        left = Space.PAGE + PICTURE + Space.SECTION
        upper = QRect(rect.left() + left, rect.top() + 8, rect.width() - left - Space.SECTION, 20)
        lower = upper.translated(0, 20)
        used = paint.draw_text(painter, upper, row.name, BODY, paint.qcolor(c.text))
        if row.folder and upper.width() - used > Size.LABEL:
            beside = upper.adjusted(used + Space.BETWEEN, 0, 0, 0)
            paint.draw_text(painter, beside, row.folder, SMALL, paint.qcolor(c.secondary))
        self._draw_lower(painter, lower, row)
        painter.restore()

    def _draw_lower(self, painter: QPainter, rect: QRect, row: AttachmentRow) -> None:
        c = colours()
        if row.state == "whole":
            text = "  ".join(part for part in (size_text(row.size), row.added_at[:10], row.note or "") if part)
            paint.draw_text(painter, rect, text, SMALL, paint.qcolor(c.secondary))
            return
        top = rect.center().y() - Size.SMALL_ICON // 2 + 1
        icons.paint_icon(painter, "circle-alert", "error", rect.left(), top, Size.SMALL_ICON)
        word = {"missing": tr("Missing"), "changed": tr("Content changed")}.get(row.state, tr("Unreadable"))
        inner = rect.adjusted(Size.SMALL_ICON + Space.INSIDE, 0, 0, 0)
        paint.draw_text(painter, inner, word, SMALL, paint.qcolor(c.error))

    def _draw_picture(self, painter: QPainter, rect: QRect, image: QImage | None, row: AttachmentRow) -> None:
        place = QRect(rect.left() + Space.PAGE, rect.top() + (ROW - PICTURE) // 2, PICTURE, PICTURE)
        if image is None or image.isNull() or row.state != "whole":
            name = "file-spreadsheet" if row.name.lower().endswith((".xlsx", ".xls", ".csv", ".et")) else "file-text"
            left, top = place.center().x() - Size.ICON // 2, place.center().y() - Size.ICON // 2
            paint.draw_box(painter, place, fill=paint.role("header"), edge=paint.role("line"))
            icons.paint_icon(painter, name, "secondary", left, top)
            return
        size = QSize(image.width(), image.height()).scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRect(place.topLeft(), size)
        target.moveCenter(place.center())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(target, image)
        paint.draw_box(painter, target, fill=None, edge=paint.role("line"))
