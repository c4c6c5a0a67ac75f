"""Deciding rows that earlier imports kept aside: read again from what was kept, judged and taken in like a file's.

Only rows that are taken in or left out are settled; what is still open waits on, with its problems as they are now.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bri_desktop.db.models import Change, ImportBatch, PendingRow, Project
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import InputError
from bri_desktop.domain.vocabulary import LONGEST_NUMBER
from bri_desktop.excel.grid import Grid
from bri_desktop.excel.kept_grid import kept_grid
from bri_desktop.services.history import TOUCHED, Journal
from bri_desktop.services.intake_aside import DISMISSED, SETTLED_BY_IMPORT
from bri_desktop.services.intake_judge import LEFT_OUT, RowOutcome
from bri_desktop.services.intake_kept import cells_of, options_of, sheets_of
from bri_desktop.services.intake_pass import Intake, Target
from bri_desktop.services.intake_report import ImportOptions, ImportReport, Progress, problem_json
from bri_desktop.services.intake_row import PENDING, REFUSED, as_text
from bri_desktop.services.intake_sheets import SheetPlan
from bri_desktop.services.waiting_acts import IGNORED, SETTLE, settle_rows

Waiting = tuple[Grid, list[SheetPlan], ImportOptions]


def read_waiting(session: Session, batch_id: int, ids: Sequence[int] = ()) -> Waiting:
    """Return the rows of an import that wait (of ``ids`` alone, where given) as a grid with its sheets and answers.

    The caller closes the grid. Raises ``InputError`` ``rows_settled`` where none waits any more, and
    ``layout_not_kept`` for an import by a program that kept no layout: its file has to be opened again.
    """
    batch = session.get_one(ImportBatch, batch_id)
    rows = _open_rows(session, batch_id, ids)
    if not rows:
        raise InputError("rows_settled")
    if batch.layout is None:
        raise InputError("layout_not_kept", file=batch.file_name)
    sheets = sheets_of(batch.layout)
    named = {
        sheet.name: [(row.row, cells_of(row.cells)) for row in rows if row.sheet == sheet.name] for sheet in sheets
    }
    return kept_grid(batch.file_name, list(named.items())), sheets, options_of(batch.layout)


def _open_rows(session: Session, batch_id: int, ids: Sequence[int] = ()) -> list[PendingRow]:
    waiting = select(PendingRow).where(PendingRow.batch_id == batch_id, PendingRow.settled_how.is_(None))
    rows = session.scalars(waiting.order_by(PendingRow.row, PendingRow.id))
    wanted = set(ids)
    return [row for row in rows if not wanted or row.id in wanted]


def plan_waiting(
    session: Session,
    grid: Grid,
    sheets: Sequence[SheetPlan],
    options: ImportOptions,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ImportReport:
    """Return what would become of the rows; nothing is written."""
    return _without_headings(Intake(session, grid, sheets, options, None, progress, cancelled).run())


def apply_waiting(
    session: Session,
    grid: Grid,
    sheets: Sequence[SheetPlan],
    options: ImportOptions,
    batch_id: int,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ImportReport:
    """Take in what is answered, within the caller's transaction and as an act of its own.

    Rows that somebody settled in the meantime are passed over. Where nothing is settled no act is kept.
    """
    aside = _Settling(session, batch_id)
    gone = frozenset(spot for spot in _spots(grid, sheets) if spot not in aside.waiting)
    journal = Journal(session, SETTLE, batch_id=batch_id)
    since = session.scalar(select(func.max(Project.id))) or 0
    target = Target(batch_id, journal, aside, since)
    options = replace(options, left_out=options.left_out | gone)
    report = _without_headings(Intake(session, grid, sheets, options, target, progress, cancelled).run())
    report.ignored = [one for one in report.ignored if (one.sheet, one.row) not in gone]
    report.counts[LEFT_OUT] -= len(gone)
    report.batch = batch_id
    if not aside.settled:
        session.delete(session.get_one(Change, journal.change_id))
        session.flush()
        return report
    settle_rows(session, journal.change_id, aside.settled)
    report.change, report.written = journal.change_id, True
    report.changes = Changes(TOUCHED | {"batch"})
    return report


def _spots(grid: Grid, sheets: Sequence[SheetPlan]) -> list[tuple[str, int]]:
    return [(sheet.name, number) for sheet in sheets for number, _ in grid.rows(sheet.index)]


def _without_headings(report: ImportReport) -> ImportReport:
    """Leave the headings out of the account: they were told when the file was imported."""
    report.ignored = [one for one in report.ignored if one.reason != "section"]
    return report


class _Settling:
    """Notes what becomes of rows that wait; those still open keep their newest problems."""

    def __init__(self, session: Session, batch_id: int) -> None:
        self.waiting = {(row.sheet, row.row): row for row in _open_rows(session, batch_id)}
        self.settled: list[tuple[PendingRow, str, str]] = []

    def note(self, outcome: RowOutcome, _cells: Sequence[Any]) -> None:
        """Take what became of a row."""
        row = self.waiting.get((outcome.sheet, outcome.number))
        if row is None:
            return
        if outcome.verdict in (PENDING, REFUSED):
            row.problems = [problem_json(problem) for problem in outcome.problems]
        elif outcome.verdict == LEFT_OUT:
            self.settled.append((row, DISMISSED, IGNORED))
        else:
            self.settled.append((row, SETTLED_BY_IMPORT, outcome.verdict))

    def write(self) -> None:
        """Nothing is written before the end."""


def dismiss_rows(session: Session, ids: Sequence[int]) -> Changes:
    """Settle rows that wait without taking them in, as one act; rows settled already are passed over."""
    rows = session.scalars(select(PendingRow).where(PendingRow.id.in_(ids), PendingRow.settled_how.is_(None))).all()
    if rows:
        batches = {row.batch_id for row in rows}
        journal = Journal(session, SETTLE, batch_id=rows[0].batch_id if len(batches) == 1 else None)
        settle_rows(session, journal.change_id, [(row, DISMISSED, IGNORED) for row in rows])
    return Changes(frozenset({"batch", "history"}))


def list_waiting(session: Session, batch_id: int | None = None) -> dict[str, Any]:
    """Return the rows that wait, of one import or of all, as ``pending --json`` prints them.

    ``cells`` are column index -> text. Raises ``InputError`` ``batch_unknown``.
    """
    is_long = batch_id is not None and len(str(batch_id)) > LONGEST_NUMBER
    if batch_id is not None and (is_long or session.get(ImportBatch, batch_id) is None):
        raise InputError("batch_unknown", batch=batch_id)
    query = select(PendingRow, ImportBatch.file_name).join(ImportBatch, ImportBatch.id == PendingRow.batch_id)
    query = query.where(PendingRow.settled_how.is_(None)).order_by(PendingRow.batch_id, PendingRow.id)
    if batch_id is not None:
        query = query.where(PendingRow.batch_id == batch_id)
    items = [
        {
            "id": row.id,
            "batch": row.batch_id,
            "file": file_name,
            "sheet": row.sheet,
            "row": row.row,
            "cells": texts_by_column(row.cells),
            "problems": row.problems,
        }
        for row, file_name in session.execute(query)
    ]
    return {"total": len(items), "items": items}


def texts_by_column(kept: dict[str, Any]) -> dict[str, str]:
    """Return column index -> text of the cells of a kept row, from the left."""
    return {str(index): as_text(cell) for index, cell in enumerate(cells_of(kept)) if cell is not None}
