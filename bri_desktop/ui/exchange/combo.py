"""A choice with its chevron; the wheel scrolls the page instead of changing it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox

from bri_desktop.ui.shared import icons
from bri_desktop.ui.shared.tokens import Size, Space


class Combo(QComboBox):
    """A plain list of choices."""

    popup_closed = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setMaxVisibleItems(16)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the page scroll."""
        event.ignore()

    def hidePopup(self) -> None:
        """Tell that the list is gone; a choice is told right after."""
        super().hidePopup()
        self.popup_closed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Add the chevron."""
        super().paintEvent(event)
        top = (self.height() - Size.SMALL_ICON) // 2
        left = self.width() - Size.SMALL_ICON - Space.BETWEEN
        icons.paint_icon(QPainter(self), "chevron-down", "secondary", left, top, Size.SMALL_ICON)
