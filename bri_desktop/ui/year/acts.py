"""What is done with a summary: written as Word, PDF or Excel, frozen, restated, its sections kept as a template."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QStandardPaths

from bri_desktop import labels
from bri_desktop.domain.errors import UserError
from bri_desktop.i18n import tr
from bri_desktop.services import summary_pages as service
from bri_desktop.services.year_prose import delete_template, save_template
from bri_desktop.ui import dialogs
from bri_desktop.ui.runner import Job
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.panels import ProgressBand

if TYPE_CHECKING:
    from bri_desktop.ui.year.page import SummaryPage

FILTERS = {"docx": "Word (*.docx)", "pdf": "PDF (*.pdf)", "xlsx": "Excel (*.xlsx)"}


class Acts(QObject):
    """The acts of the page, one long one at a time."""

    def __init__(self, page: "SummaryPage", context: WindowContext, bar: ProgressBand) -> None:
        super().__init__(page)
        self._page, self._context, self._bar = page, context, bar
        self._job: Job | None = None

    def is_busy(self) -> bool:
        """Tell whether a long act is under way."""
        return self._job is not None

    def cancel(self) -> None:
        """Ask the long act to stop."""
        if self._job is not None:
            self._job.cancel()

    def _begin(self, what: str) -> Job:
        self.cancel()
        job = self._job = Job(self)
        job.progressed.connect(self._bar.report)
        self._bar.start(what)
        return job

    def _end(self, job: Job) -> None:
        if job is self._job:
            self._job = None
            self._bar.finish()

    def _failed(self, job: Job, error: UserError) -> None:
        self._end(job)
        if error.code == "cancelled":
            self._page.status_changed.emit(labels.error_sentence(error))
        else:
            dialogs.tell(self._page, labels.error_sentence(error))

    # --- files ----------------------------------------------------------------------------------------------------

    def export(self, kind: str) -> None:
        """Ask for a place and write the summary there, or beside it where somebody has edited what is there."""
        desk = self._page.desk
        if desk is None:
            return
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        suggestion = Path(folder or ".", f"{desk.document.title}.{kind}")
        path = dialogs.choose_save_file(self._page, tr("Write the summary"), FILTERS[kind], suggestion=suggestion)
        if path is None:
            return
        if path.suffix.lower() != f".{kind}":
            path = path.with_name(f"{path.name}.{kind}")
        self._context.runner.read(
            service.read_place,
            desk.document,
            path,
            done=partial(self._write, desk.document),
            failed=lambda error: dialogs.tell(self._page, labels.error_sentence(error)),
            initiator=self._page,
        )

    def _write(self, document: service.SummaryDocument, written: service.Written) -> None:
        job = self._begin(tr("Writing {file}…", file=written.path.name))
        self._context.runner.compute(
            service.write_file,
            document,
            written.path,
            job.report,
            job.is_cancelled,
            done=partial(self._on_written, job, document, written),
            failed=partial(self._failed, job),
            initiator=self._page,
            job=job,
        )

    def _on_written(self, job: Job, document: service.SummaryDocument, written: service.Written, _path: Path) -> None:
        self._end(job)
        self._page.side.show_written(written)
        self._page.status_changed.emit(tr("Saved: {file}", file=written.path.name))
        self._context.runner.write(
            service.note_file, document, written.path, done=lambda _changes: None, initiator=self._page
        )

    # --- freezing -------------------------------------------------------------------------------------------------

    def freeze(self, reason: str = "") -> None:
        """Ask, and declare the year final; a frozen one again for a ``reason``."""
        desk = self._page.desk
        if desk is None:
            return
        year = desk.document.year
        again = year in desk.frozen
        question = tr("Freeze {year} again?", year=year) if again else tr("Freeze {year}?", year=year)
        detail = tr(
            "Its figures and the records behind them are kept as they are now. Later corrections stay possible; they "
            "are marked and explained in a restatement note."
        )
        choices = [dialogs.Choice("freeze", tr("Freeze"))]
        if dialogs.ask(self._page, question, choices, detail=detail) != "freeze":
            return
        self._change(tr("Freezing {year}…", year=year), service.prepare_year, service.freeze_year, year, reason, again)

    def restate(self) -> None:
        """Keep a note on what has changed since the freeze."""
        desk = self._page.desk
        if desk is not None:
            year = desk.document.year
            what = tr("Comparing {year} with what was frozen…", year=year)
            self._change(what, service.prepare_restated, service.restate_year, year)

    def _change(self, what: str, prepare: Callable[..., Any], keep: Callable[..., Any], *args: object) -> None:
        """Prepare beside what others save, and keep it in a moment; once more where the ledger changed meanwhile."""
        job = self._begin(what)
        self._prepare(job, 1, partial(self._prepared, prepare, args, job), keep)

    def _prepared(self, prepare: Callable[..., Any], args: tuple[object, ...], job: Job, session: Any) -> Any:
        return prepare(session, *args, job.report, job.is_cancelled)

    def _prepare(self, job: Job, attempt: int, prepare: Callable[..., Any], keep: Callable[..., Any]) -> None:
        self._context.runner.read(
            prepare,
            done=lambda prepared: self._context.runner.write(
                keep,
                prepared,
                done=lambda _result: self._end(job),
                failed=partial(self._not_kept, job, attempt, prepare, keep),
                initiator=self._page,
            ),
            failed=partial(self._failed, job),
            initiator=self._page,
        )

    def _not_kept(
        self, job: Job, attempt: int, prepare: Callable[..., Any], keep: Callable[..., Any], error: UserError
    ) -> None:
        if error.code == service.OVERTAKEN and attempt < service.ATTEMPTS and not job.is_cancelled():
            self._prepare(job, attempt + 1, prepare, keep)
        else:
            self._failed(job, error)

    # --- templates ------------------------------------------------------------------------------------------------

    def save_template(self, name: str) -> None:
        """Keep the sections under a name."""
        self._context.runner.write(
            save_template, name, self._page.options(), done=lambda _changes: None, initiator=self._page
        )

    def delete_template(self, name: str) -> None:
        """Forget a template."""
        self._context.runner.write(delete_template, name, done=lambda _changes: None, initiator=self._page)
