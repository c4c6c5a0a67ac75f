"""Registering that a workbook came back, before anything of it is merged: what waits here is not reminded of."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from bri_desktop.db.database import now
from bri_desktop.db.exchange_models import ReturnedWorkbook
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.merge import Verdict
from bri_desktop.services.issue_register import FILE, ISSUED
from bri_desktop.services.merging_plan import MergePlan


def note_return(session: Session, plan: MergePlan, path: Path) -> Changes:
    """Register the file that ``plan`` was made of as returned; the same file is one entry however often it comes.

    A workbook in which there is nothing to decide or to write counts as merged at once. One that was not issued by
    this ledger leaves no trace.
    """
    if plan.workbook_id is None:
        return Changes()
    query = select(ReturnedWorkbook).where(
        ReturnedWorkbook.sha256 == plan.sha256, ReturnedWorkbook.workbook_id == plan.workbook_id
    )
    row = session.scalars(query.order_by(ReturnedWorkbook.id.desc()).limit(1)).first()
    if row is not None:
        row.decisions = {**row.decisions, FILE: str(path.resolve())}
        return Changes(ISSUED)
    is_settled = not (plan.rows or plan.missing or plan.damage or plan.problems)
    row = ReturnedWorkbook(workbook_id=plan.workbook_id, file_name=plan.file_name, sha256=plan.sha256)
    row.received_at, row.merged_at = now(), now() if is_settled else None
    row.counts = {
        **plan.counts,
        "damage": len(plan.damage),
        "conflicts": len(plan.of(Verdict.CLASH)),
        "cleared": len(plan.of(Verdict.CLEARED)),
    }
    row.decisions = {FILE: str(path.resolve())}
    session.add(row)
    return Changes(ISSUED)
