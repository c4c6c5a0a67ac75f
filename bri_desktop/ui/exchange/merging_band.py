"""What is broken in a workbook, over everything else, with what can be done about it: merging waits for an answer."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from bri_desktop.i18n import tr
from bri_desktop.services.merging_plan import Damage
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.panels import icon_label
from bri_desktop.ui.shared.tokens import Size, Space

FIRST = 3
"""So many kinds of damage are told in full; the rest as a number, in full in the tooltip."""


class DamageBand(QFrame):
    """Sentences at the left, three answers at the right."""

    look_wanted = Signal()
    """Only the values of the damaged columns are to be shown."""
    leave_out_wanted = Signal()
    """The damaged columns stay as they are now."""
    accepted = Signal()
    """Everything is to be merged as it came back."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "note-warning")
        self.is_answered = True
        self.first = buttons.label("", "strong", wrap=True)
        self.rest = buttons.label("", "small", wrap=True)
        self.look_button = buttons.button(tr("Look at these values"), self.look_wanted.emit)
        self.leave_out_button = buttons.button(tr("Leave these columns out"), self.leave_out)
        self.accept_button = buttons.button(tr("Merge as it came back"), self.accept)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.first)
        words.addWidget(self.rest)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.PAGE, Space.BETWEEN, Space.PAGE, Space.BETWEEN)
        row.setSpacing(Space.BETWEEN)
        row.addWidget(icon_label("triangle-alert", "warning", Size.ICON), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        for button in (self.look_button, self.leave_out_button, self.accept_button):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.hide()

    def show_damage(self, damage: Sequence[Damage], *, has_columns: bool) -> None:
        """Tell what is broken; columns can be left out where it is columns."""
        told = [one.message for one in damage]
        self.is_answered = not told
        self.first.setText(told[0] if told else "")
        more = told[1:FIRST]
        if len(told) > FIRST:
            more.append(tr("and {count} more", count=len(told) - FIRST))
        self.rest.setText("\n".join([*more, tr("Nothing is written before you have decided.")]))
        self.setToolTip("\n".join(told) if len(told) > FIRST else "")
        self.setAccessibleName("\n".join(told))
        for button in (self.look_button, self.leave_out_button):
            button.setVisible(has_columns)
        self.setVisible(bool(told))

    def leave_out(self) -> None:
        """Answer that the damaged columns stay as they are."""
        self._answer(tr("These columns stay as they are now; everything else can be merged."))
        self.leave_out_wanted.emit()

    def accept(self) -> None:
        """Answer that everything is merged as it came back."""
        self._answer(tr("You have looked at it: everything is merged as it came back."))
        self.accepted.emit()

    def _answer(self, said: str) -> None:
        self.is_answered = True
        self.rest.setText(said)
