"""The last step: what was written, as an equation, and what can be done next."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bri_desktop.i18n import tr
from bri_desktop.services.exchange import ImportReport
from bri_desktop.ui.exchange.wording import equation
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.panels import icon_label
from bri_desktop.ui.shared.tokens import Space


class DoneStep(QWidget):
    """Shows a written report."""

    records_wanted = Signal(int)
    undo_wanted = Signal(object)
    """The report that is to be taken back."""
    back_wanted = Signal()
    next_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._report = ImportReport("")
        self.title = buttons.label("", "finding")
        self.sum = buttons.label("", "section")
        self.rest = buttons.label("", "label", wrap=True)
        self.records_button = buttons.button(
            tr("Show imported records"), lambda: self.records_wanted.emit(self._report.batch or 0), kind=buttons.PRIMARY
        )
        self.undo_button = buttons.button(
            tr("Undo this import"), lambda: self.undo_wanted.emit(self._report), icon="undo-2"
        )
        self.back_button = buttons.button(tr("Back to the list of imports"), self.back_wanted.emit)
        self.next_button = buttons.button("", self.next_wanted.emit)
        head = QHBoxLayout()
        head.setSpacing(Space.BETWEEN)
        head.addWidget(icon_label("check", "success"))
        head.addWidget(self.title, 1)
        row = QHBoxLayout()
        row.setSpacing(Space.BETWEEN)
        for control in (self.records_button, self.undo_button, self.next_button, self.back_button):
            row.addWidget(control)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * Space.PAGE, 3 * Space.PAGE, 3 * Space.PAGE, Space.PAGE)
        column.setSpacing(Space.PAGE)
        column.addLayout(head)
        column.addWidget(self.sum)
        column.addWidget(self.rest)
        column.addLayout(row)
        column.addStretch(1)

    def show_report(self, report: ImportReport, following: str = "") -> None:
        """Show what was written; ``following`` names the next file that waits."""
        self._report = report
        counts = report.counts
        written = counts["created"] + counts["updated"]
        if report.rows and counts["unchanged"] == report.rows:
            self.title.setText(tr("All unchanged: {file}", file=report.file_name))
        elif written:
            self.title.setText(tr("Imported {count} rows: {file}", count=f"{written:,}", file=report.file_name))
        else:
            self.title.setText(tr("Nothing imported: {file}", file=report.file_name))
        self.sum.setText(equation(counts))
        self.rest.setText(" ".join(_rest(report)))
        self.records_button.setVisible(bool(written))
        self.undo_button.setVisible(bool(written))
        self.next_button.setText(tr("Go on with {file}", file=following))
        self.next_button.setVisible(bool(following))


def _rest(report: ImportReport) -> list[str]:
    counts = report.counts
    said = []
    if counts["pending"]:
        said.append(tr("{count} rows wait in the list of rows kept aside.", count=f"{counts['pending']:,}"))
    if counts["refused"]:
        said.append(tr("{count} rows were refused; correct them and import again.", count=f"{counts['refused']:,}"))
    if report.ignored:
        said.append(tr("{count} further lines of the file are no data.", count=f"{len(report.ignored):,}"))
    return said
