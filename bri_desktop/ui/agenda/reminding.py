"""催报 from the first page: the list of whom to remind is written at once, and what was written is offered."""

import datetime
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bri_desktop import labels
from bri_desktop.domain.errors import UserError
from bri_desktop.i18n import tr
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.issue_folder import issue_folder
from bri_desktop.ui.shared.panels import Note
from bri_desktop.ui.shared.tokens import Space

REGISTER, CLOSE = "register", "close"


class Reminding(QWidget):
    """A note over the list of what is due; there only once something was written."""

    def __init__(self, context: WindowContext) -> None:
        super().__init__()
        self._context = context
        self.note = Note()
        self.note.link_clicked.connect(self._on_link)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.PAGE, Space.SECTION, Space.PAGE, Space.SECTION)
        column.addWidget(self.note)
        self.hide()

    def write(self, today: datetime.date) -> None:
        """Write the list as Word and Excel into the folder of the issued workbooks."""
        name = tr("Reminder list {day}", day=today.isoformat())
        work = partial(_remind, folder=issue_folder(self._context), name=name, today=today)
        self._context.runner.read(work, done=self._on_written, failed=self._on_failed, initiator=self)

    def _on_written(self, written: tuple[int, tuple[Path, ...]]) -> None:
        count, paths = written
        names = tr(", ").join(path.name for path in paths)
        words = {".docx": tr("Open the Word document"), ".xlsx": tr("Open the Excel table")}
        self.note.set_text(tr("{files}: {count} workbooks that are out.", files=names, count=count))
        self.note.set_links([*((str(path), words[path.suffix]) for path in paths), *_always()])
        self.show()

    def _on_failed(self, error: UserError) -> None:
        self.note.set_text(labels.error_sentence(error))
        self.note.set_links(_always())
        self.show()

    def _on_link(self, code: str) -> None:
        if code == REGISTER:
            self._context.show_register()
        elif code != CLOSE:
            QDesktopServices.openUrl(QUrl.fromLocalFile(code))
            return
        self.hide()


def _always() -> list[tuple[str, str]]:
    return [(REGISTER, tr("Issued workbooks")), (CLOSE, tr("Close"))]


def _remind(session: Any, folder: Path, name: str, today: datetime.date) -> tuple[int, tuple[Path, ...]]:
    from bri_desktop.services.issue_acts import remind_in  # writes Word and Excel: loaded when it is wanted

    return remind_in(session, folder, name, today)
