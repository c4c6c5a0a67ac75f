"""项目卡 and 友城档案 from the window: of one record, of several in one file, or a file each in a folder."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from bri_desktop.domain.errors import UserError
from bri_desktop.i18n import tr
from bri_desktop.labels import error_sentence
from bri_desktop.ui import dialogs
from bri_desktop.ui.runner import Job, Sessions
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.panels import ProgressBand

if TYPE_CHECKING:
    from bri_desktop.services.record_sheet_out import WrittenSheets

FILTERS = "Word (*.docx);;PDF (*.pdf)"
KEYS = "Ctrl+Shift+P"


class SheetActs(QObject):
    """Writes the pages of records; ``progress`` is shown where the page has room for it."""

    said = Signal(str)

    def __init__(self, context: WindowContext, window: QWidget, progress: ProgressBand | None = None) -> None:
        super().__init__(window)
        self._context, self._window, self._progress = context, window, progress
        self._job: Job | None = None
        if progress is not None:
            progress.cancelled.connect(self._on_cancel)

    def fill(self, menu: QMenu, keys: Callable[[], Sequence[str]]) -> None:
        """Put the acts on some records into a menu."""
        if len(keys()) > 1:
            menu.addAction(tr("Record sheets in one file…"), lambda: self.write(keys())).setShortcut(QKeySequence(KEYS))
            menu.addAction(tr("Record sheets, a Word file each…"), lambda: self.write_each(keys(), ".docx"))
            menu.addAction(tr("Record sheets, a PDF each…"), lambda: self.write_each(keys(), ".pdf"))
        else:
            menu.addAction(tr("Record sheet…"), lambda: self.write(keys())).setShortcut(QKeySequence(KEYS))

    def write(self, keys: Sequence[str], name: str = "") -> None:
        """Ask for a Word or PDF file and write the pages of some records, given by their keys, to it."""
        if not keys or self._job is not None:
            return
        suggestion = Path.home() / f"{_clean(name) or tr('Record sheets')}.docx"
        path = dialogs.choose_save_file(self._window, tr("Record sheet"), FILTERS, suggestion=suggestion)
        if path is not None:
            self._start(_write_file, keys, path if path.suffix else path.with_suffix(".docx"))

    def write_each(self, keys: Sequence[str], ending: str) -> None:
        """Ask for a folder and write the page of each record to a file of its own."""
        if not keys or self._job is not None:
            return
        folder = dialogs.choose_folder(self._window, tr("Record sheets"), folder=Path.home())
        if folder is not None:
            self._start(_write_folder, keys, folder, ending)

    def _start(self, work: Callable[..., "WrittenSheets"], keys: Sequence[str], path: Path, *more: Any) -> None:
        self._job = Job(self)
        if self._progress is not None:
            self._job.progressed.connect(self._progress.report)
            self._progress.start(tr("Writing {name}", name=path.name))
        self._context.runner.compute(
            work, self._context.database, self._context.path, list(keys), path, self._job, *more, job=self._job,
            done=lambda written: self._on_written(written, path), failed=self._on_failed, initiator=self,
        )  # fmt: skip

    def _on_written(self, written: "WrittenSheets", path: Path) -> None:
        self._end()
        text = tr("{count} record sheets written to {file}", count=f"{written.records:,}", file=path.name)
        self.said.emit(text)

    def _on_failed(self, error: UserError) -> None:
        self._end()
        self.said.emit(error_sentence(error))

    def _end(self) -> None:
        if self._job is not None:
            self._job.deleteLater()
            self._job = None
        if self._progress is not None:
            self._progress.finish()

    def _on_cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()


def _clean(name: str) -> str:
    return "".join(char for char in name if char not in '\\/:*?"<>|' and char.isprintable())[:60].strip()


def _stopper(job: Job) -> Callable[[int, int], None]:
    def progress(done: int, total: int) -> None:
        if job.is_cancelled():
            raise UserError("cancelled")
        job.report(done, total)

    return progress


def _write_file(database: Sessions, ledger: Path, keys: Sequence[str], path: Path, job: Job) -> "WrittenSheets":
    from bri_desktop.services.record_sheet_out import write_sheets  # Word and PDF load when they are wanted

    with database.read() as session:
        return write_sheets(session, ledger, keys, path, progress=_stopper(job))


def _write_folder(
    database: Sessions, ledger: Path, keys: Sequence[str], folder: Path, job: Job, ending: str
) -> "WrittenSheets":
    from bri_desktop.services.record_sheet_out import write_folder

    with database.read() as session:
        return write_folder(session, ledger, keys, folder, ending, progress=_stopper(job))
