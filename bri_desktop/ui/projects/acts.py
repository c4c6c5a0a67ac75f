"""What is done to records from the table: delete, restore, undo, export; each says in the status bar what it did."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QInputDialog, QWidget

from bri_desktop import labels
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import UserError
from bri_desktop.i18n import tr
from bri_desktop.services.deferred import delete_projects, restore_projects, undo_last
from bri_desktop.services.reasons import with_reason
from bri_desktop.ui import dialogs
from bri_desktop.ui.projects.rows import export
from bri_desktop.ui.runner import Job
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.panels import ProgressBand

if TYPE_CHECKING:
    from bri_desktop.services.history import Undone

FILTERS = "Excel (*.xlsx);;CSV (*.csv);;OpenDocument (*.ods)"


class LedgerActs(QObject):
    """Acts on records; ``progress`` is the bar of an export."""

    said = Signal(str)
    """What was done and how it is taken back."""

    def __init__(self, context: WindowContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._window = parent
        self._job: Job | None = None
        self.progress = ProgressBand()
        self.progress.cancelled.connect(self._on_cancel)

    def delete(self, keys: Sequence[str]) -> None:
        """Put records into the bin."""
        self._write(delete_projects, keys, tr("{count} put into the bin. Ctrl+Z takes it back.", count=len(keys)))

    def restore(self, keys: Sequence[str]) -> None:
        """Take records out of the bin."""
        if keys:
            self._write(restore_projects, keys, tr("{count} taken out of the bin.", count=len(keys)))

    def _write(self, work: Any, keys: Sequence[str], text: str) -> None:
        def done(_changes: Changes) -> None:
            self.said.emit(text)

        self._context.runner.write(work, list(keys), done=done, failed=self._say_error, initiator=self)

    def undo(self) -> None:
        """Take back the latest act on the ledger."""
        self._context.runner.write(undo_last, done=self._on_undone, failed=self._say_error, initiator=self)

    def undo_because(self) -> None:
        """Ask why, then take back the latest act on the ledger."""
        why, accepted = QInputDialog.getText(
            self._window, tr("Undo and say why"), tr("Reason for taking back the latest act")
        )
        if accepted:
            write = with_reason(undo_last, why)
            self._context.runner.write(write, done=self._on_undone, failed=self._say_error, initiator=self)

    def _on_undone(self, undone: "Undone") -> None:
        text = tr("Taken back: {count} records.", count=undone.restored)
        if undone.kept:
            text += tr(" {count} were edited since and stay.", count=len(undone.kept))
        self.said.emit(text)

    def export(self, ids: Sequence[int], name: str) -> None:
        """Ask for a file and write the projects of ``ids`` to it, in their order."""
        if self._job is not None:
            return
        suggestion = Path.home() / f"{name or tr('Project ledger')} {date.today().isoformat()}.xlsx"
        path = dialogs.choose_save_file(self._window, tr("Export"), FILTERS, suggestion=suggestion)
        if path is None:
            return
        if not path.suffix:
            path = path.with_suffix(".xlsx")
        self._job = Job(self)
        self._job.progressed.connect(self.progress.report)
        self.progress.start(tr("Exporting {name}", name=path.name))
        self._context.runner.compute(
            export, self._context.database, path, ids, self._job, job=self._job,
            done=lambda rows: self._on_exported(rows, path), failed=self._on_export_failed, initiator=self,
        )  # fmt: skip

    def _on_exported(self, rows: int, path: Path) -> None:
        self._end_export()
        self.said.emit(tr("{count} projects written to {file}", count=f"{rows:,}", file=path.name))

    def _on_export_failed(self, error: UserError) -> None:
        self._end_export()
        self._say_error(error)

    def _end_export(self) -> None:
        if self._job is not None:
            self._job.deleteLater()
            self._job = None
        self.progress.finish()

    def _on_cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _say_error(self, error: UserError) -> None:
        self.said.emit(labels.error_sentence(error))
