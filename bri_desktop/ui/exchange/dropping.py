"""A page that takes files dropped onto it."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent

from bri_desktop.ui.shared.page import Page


class DropPage(Page):
    """Tells of files held over it and dropped."""

    def files_hovered(self, hovered: bool) -> None:
        """Show whether files held over the page would be taken."""
        raise NotImplementedError

    def import_files(self, paths: Sequence[str]) -> None:
        """Take the files."""
        raise NotImplementedError

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if _files_of(event.mimeData()):
            event.acceptProposedAction()
            self.files_hovered(True)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        """Take the mark away."""
        self.files_hovered(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Begin with the files dropped."""
        self.files_hovered(False)
        event.acceptProposedAction()
        self.import_files(_files_of(event.mimeData()))


def _files_of(data: QMimeData) -> list[str]:
    return [url.toLocalFile() for url in data.urls() if url.isLocalFile() and Path(url.toLocalFile()).is_file()]
