"""What has to be known of a sheet although every row of it was read, said above its columns."""

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from bri_desktop.i18n import tr
from bri_desktop.labels import sentence
from bri_desktop.services.intake_remarks import Remark
from bri_desktop.ui.shared.panels import Note
from bri_desktop.ui.shared.tokens import Space

SAID = 4
"""So many remarks are said in full; all of them are in the tooltip."""


class RemarksNote(QWidget):
    """The remarks on one sheet; hidden where there are none."""

    def __init__(self) -> None:
        super().__init__()
        self.note = Note("", "warning")
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.PAGE, Space.INSIDE, Space.PAGE, Space.INSIDE)
        column.addWidget(self.note)
        self.hide()

    def show_remarks(self, remarks: Sequence[Remark]) -> None:
        """Say the remarks on another sheet."""
        lines = [_line(remark) for remark in remarks]
        shown = lines[:SAID]
        if len(lines) > SAID:
            shown.append(tr("and {count} more", count=len(lines) - SAID))
        self.note.set_text("\n".join(shown))
        self.note.setToolTip("\n".join(lines))
        self.setVisible(bool(lines))


def _line(remark: Remark) -> str:
    said = sentence(remark.code, remark.values)
    return tr("{cell}: {said}", cell=remark.cell, said=said) if remark.cell else said
