"""What stands under the sections: their templates, the office that signs, and whether the year is frozen and why
again."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from bri_desktop.i18n import tr
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.tokens import Space
from bri_desktop.ui.year.templates import TemplateRow

LONGEST = 60


class Foot(QWidget):
    """The foot of the left column."""

    office_changed = Signal()
    freeze_wanted = Signal(str)
    """A frozen year is to be frozen again, for this reason."""

    def __init__(self) -> None:
        super().__init__()
        self.templates = TemplateRow()
        self.office = _line(tr("Office that signs"))
        self.office.editingFinished.connect(self._on_office)
        self._shown_office = ""
        self.frozen_label = buttons.label("", "hint", wrap=True)
        self.reason = _line(tr("Why the year is frozen again"))
        self.reason.setPlaceholderText(tr("Why again?"))
        self.reason.returnPressed.connect(self._on_reason)
        self.reason_row = QWidget()
        row = QHBoxLayout(self.reason_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.INSIDE)
        row.addWidget(self.reason, 1)
        row.addWidget(buttons.button(tr("Freeze"), self._on_reason, kind=buttons.SMALL))
        self.reason_row.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.PAGE, Space.BETWEEN, Space.SECTION, Space.SECTION)
        column.setSpacing(Space.BETWEEN)
        for widget in (self.office, self.templates, self.frozen_label, self.reason_row):
            column.addWidget(widget)

    def office_name(self) -> str:
        """Return the office that was typed; "" where it is the one of the settings."""
        text = self.office.text().strip()
        return "" if text == self._shown_office else text

    def show_office(self, name: str) -> None:
        """Show the office that signs the summary, unless another one is being typed."""
        if not self.office.hasFocus() and not self.office_name():
            self._shown_office = name
            self.office.setText(name)

    def ask_reason(self) -> None:
        """Ask why a frozen year is to be frozen again."""
        self.reason_row.show()
        self.reason.setFocus()

    def _on_office(self) -> None:
        if self.office_name() or not self.office.text().strip():
            self.office_changed.emit()

    def _on_reason(self) -> None:
        reason = self.reason.text().strip()
        if reason:
            self.reason_row.hide()
            self.reason.clear()
            self.freeze_wanted.emit(reason)


def _line(name: str) -> QLineEdit:
    line = QLineEdit()
    line.setPlaceholderText(name)
    line.setAccessibleName(name)
    line.setToolTip(name)
    line.setMaxLength(LONGEST)
    return line
