"""The long work behind the steps before the preview: looking for what is to be decided, reading a sheet again."""

from PySide6.QtCore import QObject, Signal

from bri_desktop.domain.errors import UserError
from bri_desktop.i18n import tr
from bri_desktop.services.intake_sheets import SheetPlan
from bri_desktop.services.intake_wizard import reheaded
from bri_desktop.ui.exchange.lease import Lease
from bri_desktop.ui.exchange.mapping_decisions import Decision, decisions_of
from bri_desktop.ui.exchange.plan import Plan
from bri_desktop.ui.exchange.wording import Names
from bri_desktop.ui.exchange.work import Work
from bri_desktop.ui.runner import Job
from bri_desktop.ui.shared.context import WindowContext


class MappingFlow(QObject):
    """Asks the worker and tells what came of it."""

    found = Signal(object, object, object)
    """A plan, the decisions that it leaves open, and the names to show them with."""
    reread = Signal(object)
    """A sheet with another header."""
    failed = Signal(object)

    def __init__(self, context: WindowContext, work: Work, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._work = work

    def look(self, plan: Plan, names: Names) -> None:
        """Look for what a plan leaves open."""
        job = self._work.begin(tr("Looking for what is to be decided"))
        self._context.runner.compute(
            decisions_of,
            plan.questions,
            names,
            done=lambda decisions: self._on_found(job, plan, decisions, names),
            failed=lambda error: self._on_failed(job, error),
            initiator=self,
            job=job,
        )

    def read_again(self, lease: Lease, sheet: int, first: int, last: int) -> None:
        """Read a sheet again with other header rows."""
        job = self._work.begin(tr("Reading the sheet again"))
        lease.begin()
        self._context.runner.compute(
            reheaded,
            lease.book,
            sheet,
            first,
            last,
            done=lambda plan: self._on_read(job, lease, plan),
            failed=lambda error: self._on_not_read(job, lease, error),
            initiator=self,
            job=job,
        )

    def _on_found(self, job: Job, plan: Plan, decisions: list[Decision], names: Names) -> None:
        if job is self._work.job:
            self._work.finish()
            self.found.emit(plan, decisions, names)

    def _on_read(self, job: Job, lease: Lease, plan: SheetPlan) -> None:
        lease.end()
        if job is self._work.job:
            self._work.finish()
            self.reread.emit(plan)

    def _on_not_read(self, job: Job, lease: Lease, error: UserError) -> None:
        lease.end()
        self._on_failed(job, error)

    def _on_failed(self, job: Job, error: UserError) -> None:
        if job is self._work.job:
            self._work.finish()
            self.failed.emit(error)
