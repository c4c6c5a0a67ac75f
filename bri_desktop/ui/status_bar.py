"""The status bar: sample data, the page's own words, what is unwritten, the last save and backup, offline."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QStatusBar, QWidget

from bri_desktop.i18n import tr
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.panels import icon_label
from bri_desktop.ui.shared.tokens import Size, Space


class StatusBar(QStatusBar):
    """Says quietly what a clerk must be able to rely on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.setFixedHeight(Size.STATUS_BAR)
        self.sample = QWidget()
        mark = QHBoxLayout(self.sample)
        mark.setContentsMargins(0, 0, 0, 0)
        mark.setSpacing(Space.INSIDE)
        mark.addWidget(icon_label("info", "warning", Size.SMALL_ICON))
        mark.addWidget(buttons.label(tr("Sample data, not for official statistics"), "sample"))
        self.records = buttons.label()
        self.page = buttons.label()
        self.read_only = buttons.label("", "sample")
        self.room = buttons.label("", "sample")
        self.writing = buttons.label()
        self.saved = buttons.label()
        self.backup = buttons.label()
        self._fill()
        self.set_sample(False)

    def _fill(self) -> None:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(Space.SECTION, 0, Space.SECTION, 0)
        row.setSpacing(Space.PAGE)
        for widget in (self.sample, self.read_only, self.room, self.records, self.page):
            row.addWidget(widget)
        row.addStretch(1)
        for widget in (self.writing, self.saved, self.backup, buttons.label(tr("Offline"))):
            row.addWidget(widget)
        for quiet in (self.read_only, self.room, self.records, self.page, self.writing, self.saved, self.backup):
            quiet.hide()
        self.addWidget(line, 1)

    def set_sample(self, is_sample: bool) -> None:
        """Mark the ledger as sample data."""
        self.sample.setVisible(is_sample)

    def set_read_only(self, why: str) -> None:
        """Say why nothing can be written; ``""`` where it can."""
        _say(self.read_only, why)

    def set_room(self, warning: str) -> None:
        """Warn of a disk that is nearly full; ``""`` where there is room."""
        _say(self.room, warning)

    def set_records(self, count: int) -> None:
        """Say how many projects are in the ledger."""
        _say(self.records, tr("{count} projects on record", count=f"{count:,}"))

    def set_page_text(self, text: str) -> None:
        """Say what the page in view has to say."""
        _say(self.page, text)

    def set_writing(self, count: int) -> None:
        """Say how many changes are not yet on the disk."""
        _say(self.writing, tr("Saving {count} changes…", count=count) if count else "")

    def set_saved(self, time: str) -> None:
        """Say when something was last saved (``09:41``)."""
        _say(self.saved, tr("Saved {time}", time=time) if time else "")

    def set_backup(self, time: str) -> None:
        """Say when the last backup was made; an empty time says that there is none."""
        _say(self.backup, tr("Last backup {time}", time=time) if time else tr("No backup yet"))


def _say(label: QLabel, text: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))
