"""Taking ledgers in: what a workbook holds, what would become of each row, and writing it in one transaction.

The same code plans and applies; a plan reads only.
"""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from bri_desktop.db.database import now
from bri_desktop.db.digests import put_off
from bri_desktop.db.models import ImportBatch
from bri_desktop.domain.changes import Changes
from bri_desktop.excel.grid import Grid
from bri_desktop.services.history import TOUCHED, Journal
from bri_desktop.services.intake_aside import AsideRows
from bri_desktop.services.intake_kept import layout_json
from bri_desktop.services.intake_pass import Intake, Target
from bri_desktop.services.intake_report import (
    VERDICTS,
    ImportOptions,
    ImportReport,
    Progress,
    Sessions,
    problem_json,
)
from bri_desktop.services.intake_sheets import SheetPlan
from bri_desktop.services.safekeeping import back_up_before

__all__ = [
    "VERDICTS",
    "ImportOptions",
    "ImportReport",
    "Progress",
    "Sessions",
    "apply_import",
    "batches",
    "file_digest",
    "import_grid",
    "plan_import",
    "problem_json",
]


def plan_import(
    session: Session,
    grid: Grid,
    sheets: Sequence[SheetPlan],
    options: ImportOptions,
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ImportReport:
    """Return what would become of every row; nothing is written."""
    return Intake(session, grid, sheets, options, None, progress, cancelled).run()


def import_grid(
    database: Sessions,
    grid: Grid,
    sheets: Sequence[SheetPlan],
    options: ImportOptions,
    *,
    sha256: str,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ImportReport:
    """Write a file's rows in one transaction and one batch; with ``atomic`` nothing where a row is not ready."""
    if options.atomic:
        with database.read() as session:
            plan = plan_import(session, grid, sheets, options, cancelled=cancelled)
        if plan.needs_attention:
            return plan
    with database.write() as session:
        return apply_import(session, grid, sheets, options, sha256=sha256, progress=progress, cancelled=cancelled)


def apply_import(
    session: Session,
    grid: Grid,
    sheets: Sequence[SheetPlan],
    options: ImportOptions,
    *,
    sha256: str,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ImportReport:
    """Write a file's rows within the caller's transaction, each compared again with the records as they are now.

    A verified copy of the ledger is made first.
    """
    back_up_before(session, "import")
    put_off(session)
    batch = ImportBatch(file_name=grid.path.name, sha256=sha256, at=now(), counts={}, ignored=[], problems=[])
    batch.sheets = "；".join(sheet.name for sheet in sheets)
    session.add(batch)
    session.flush()
    journal = Journal(session, "import", batch_id=batch.id)
    aside = AsideRows(session, batch.id, journal.change_id)
    target = Target(batch.id, journal, aside)
    work = Intake(session, grid, sheets, options, target, progress, cancelled)
    report = work.run()
    if aside.spots:
        batch.layout = layout_json(work.taken, work.sections, work.options, frozenset(aside.spots))
    batch.counts = {verdict: report.counts[verdict] for verdict in VERDICTS}
    batch.ignored = [ignored.to_json() for ignored in report.ignored]
    batch.problems = [problem_json(problem) for problem in report.problems]
    session.flush()
    report.batch, report.written = batch.id, True
    report.changes = Changes(TOUCHED | {"batch"})
    return report


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def batches(session: Session) -> list[ImportBatch]:
    """Return the imports, latest first."""
    return list(session.scalars(select(ImportBatch).order_by(ImportBatch.id.desc())))
