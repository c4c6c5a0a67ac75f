"""A date of any precision in any written form, with a calendar beside it for those who want one."""

from collections.abc import Callable

from PySide6.QtCore import QDate, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QCalendarWidget, QFrame, QVBoxLayout

from bri_desktop.domain.dates import PartialDate
from bri_desktop.domain.errors import ValueProblemError
from bri_desktop.i18n import tr
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.fields import ParsedEdit
from bri_desktop.ui.shared.tokens import Size, Space


class DateEdit(ParsedEdit[PartialDate]):
    """Reads ``2017.5.17``, ``2017年5月``, ``20170517``; Alt+Down or the button opens the calendar."""

    def __init__(
        self,
        parse: Callable[[str], PartialDate],
        explain: Callable[[ValueProblemError], str],
        placeholder: str = "",
    ) -> None:
        super().__init__(parse, lambda value: value.value, explain, placeholder)
        self._button = buttons.icon_button("calendar", tr("Choose a day"), self.open_calendar, size=Size.SMALL_ICON)
        self._button.setParent(self)
        self._button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._button.setCursor(Qt.CursorShape.ArrowCursor)
        self.setTextMargins(0, 0, Size.ICON + Space.INSIDE, 0)
        self._calendar: QFrame | None = None

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the button at the right end."""
        super().resizeEvent(event)
        self._button.move(self.width() - self._button.width() - 4, (self.height() - self._button.height()) // 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the calendar by key."""
        if event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.open_calendar()
        else:
            super().keyPressEvent(event)

    def open_calendar(self) -> None:
        """Show a month under the field; a click or Enter takes the day."""
        popup = QFrame(self, Qt.WindowType.Popup)
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        month = QCalendarWidget()
        month.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        month.setAccessibleName(tr("Choose a day"))
        parsed = self.parsed()
        if parsed is not None:
            parts = [*(int(part) for part in parsed.value.split("-")), 1, 1]
            month.setSelectedDate(QDate(*parts[:3]))
        column = QVBoxLayout(popup)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(month)
        month.clicked.connect(self._on_chosen)
        month.activated.connect(self._on_chosen)
        popup.move(self.mapToGlobal(QPoint(0, self.height() + 2)))
        popup.show()
        month.setFocus()
        self._calendar = popup

    def _on_chosen(self, day: QDate) -> None:
        if self._calendar is not None:
            self._calendar.close()
            self._calendar = None
            self.choose(day.toString(Qt.DateFormat.ISODate))
