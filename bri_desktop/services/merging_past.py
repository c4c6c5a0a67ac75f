"""When and by what our side of a disputed cell was changed: what a person needs to know to decide."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from bri_desktop.db.models import Change, HistoryEntry, ImportBatch
from bri_desktop.db.projects import CHUNK
from bri_desktop.domain.merge import Verdict
from bri_desktop.domain.vocabulary import PROJECT_KEY, number_of
from bri_desktop.services.history import KIND
from bri_desktop.services.merging_plan import OUTCOMES_PREFIX, OursChange, PlannedCell, PlannedRow

_ASKED = frozenset({Verdict.CLASH, Verdict.CLEARED, Verdict.OURS})


def ours_changed(session: Session, rows: Sequence[PlannedRow], since: str) -> list[PlannedRow]:
    """Return the rows with who changed our value of every disputed cell after ``since`` (an instant)."""
    numbers = {number for row in rows for cell in row.cells if _asks(cell) and (number := _number(cell)) is not None}
    past = _past(session, sorted(numbers), since)
    return [_with_past(row, past) for row in rows] if past else list(rows)


def _asks(cell: PlannedCell) -> bool:
    return cell.verdict in _ASKED and cell.issued != cell.current


def _number(cell: PlannedCell) -> int | None:
    return number_of(PROJECT_KEY, cell.key)


def _past(session: Session, numbers: Sequence[int], since: str) -> dict[tuple[int, str], OursChange]:
    found: dict[tuple[int, str], OursChange] = {}
    for start in range(0, len(numbers), CHUNK):
        query = (
            select(HistoryEntry.record_id, HistoryEntry.after, Change.at, Change.action, ImportBatch.file_name)
            .join(Change, Change.id == HistoryEntry.change_id)
            .outerjoin(ImportBatch, ImportBatch.id == Change.batch_id)
            .where(
                HistoryEntry.kind == KIND,
                HistoryEntry.action == "update",
                HistoryEntry.record_id.in_(numbers[start : start + CHUNK]),
                Change.at >= since,
            )
            .order_by(HistoryEntry.id)
        )
        for record, after, at, act, file_name in session.execute(query):
            found.update({(record, name): OursChange(at, act, file_name) for name in after or ()})
    return found


def _with_past(row: PlannedRow, past: dict[tuple[int, str], OursChange]) -> PlannedRow:
    cells: Iterable[PlannedCell] = (
        replace(cell, ours=past.get((_number(cell) or 0, _field(cell)))) if _asks(cell) else cell for cell in row.cells
    )
    return replace(row, cells=tuple(cells))


def _field(cell: PlannedCell) -> str:
    return "outcomes" if cell.field.startswith(OUTCOMES_PREFIX) else cell.field
