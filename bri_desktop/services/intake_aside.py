"""Rows that could not become records: kept with their cells until they are decided, never lost, never twice."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, insert, select, update
from sqlalchemy.orm import Session

from bri_desktop.db.database import now
from bri_desktop.db.models import ImportBatch, PendingRow
from bri_desktop.services.intake_judge import LEFT_OUT, RowOutcome
from bri_desktop.services.intake_kept import Spot, cells_json
from bri_desktop.services.intake_report import problem_json
from bri_desktop.services.intake_row import PENDING, REFUSED, as_text
from bri_desktop.services.waiting_acts import IGNORED, settle_rows

SETTLED_BY_IMPORT = "imported"
DISMISSED = "dismissed"


class AsideRows:
    """The rows kept aside by earlier imports and by this one; a waiting row that is taken in now is settled.

    It is counted in its own import's account as what it became, and waits again where this import is undone.
    ``spots`` are the rows of this file that wait by this import.
    """

    def __init__(self, session: Session, batch_id: int, change_id: int) -> None:
        self.session = session
        self.batch_id = batch_id
        self.change_id = change_id
        query = select(PendingRow.digest, ImportBatch.layout.is_(None)).join(
            ImportBatch, ImportBatch.id == PendingRow.batch_id
        )
        self._waiting = {row[0]: bool(row[1]) for row in session.execute(query.where(PendingRow.settled_how.is_(None)))}
        self._fresh: list[dict[str, Any]] = []
        self._settled: dict[str, tuple[str, str]] = {}
        self._moved: list[str] = []
        self.spots: list[Spot] = []

    def note(self, outcome: RowOutcome, cells: Sequence[Any]) -> None:
        """Keep a row that is not taken in; settle the waiting row of the same cells where it is."""
        if outcome.verdict in (PENDING, REFUSED):
            self._keep(outcome, cells)
        else:
            self._settle(outcome, cells)

    def _keep(self, outcome: RowOutcome, cells: Sequence[Any]) -> None:
        """Keep a row with its problems; a refused one is kept for the record but does not wait.

        A row that waits already stays where it is, unless its import left no layout to read it by.
        """
        digest = digest_of(outcome.sheet, texts_of(cells))
        waits_without_layout = self._waiting.get(digest)
        if waits_without_layout is False:
            return
        is_refused = outcome.verdict == REFUSED
        if waits_without_layout and is_refused:
            return
        if waits_without_layout:
            self._moved.append(digest)
        if not is_refused:
            self._waiting[digest] = False
            self.spots.append((outcome.sheet, outcome.number))
        self._fresh.append(
            {
                "batch_id": self.batch_id,
                "sheet": outcome.sheet,
                "row": outcome.number,
                "digest": digest,
                "cells": cells_json(cells),
                "problems": [problem_json(problem) for problem in outcome.problems],
                "settled_how": REFUSED if is_refused else None,
                "settled_at": now() if is_refused else None,
            }
        )

    def _settle(self, outcome: RowOutcome, cells: Sequence[Any]) -> None:
        if self._waiting:
            digest = digest_of(outcome.sheet, texts_of(cells))
            if digest in self._waiting:
                del self._waiting[digest]
                is_left = outcome.verdict == LEFT_OUT
                self._settled[digest] = (DISMISSED, IGNORED) if is_left else (SETTLED_BY_IMPORT, outcome.verdict)

    def write(self) -> None:
        """Write what was kept and settled since the last call."""
        if self._moved:  # before the rows that take their place
            again = update(PendingRow).where(*_open(self._moved))
            self.session.execute(again.values(settled_at=now(), settled_how=SETTLED_BY_IMPORT))
            self._moved.clear()
        if self._fresh:
            self.session.execute(insert(PendingRow), self._fresh)
            self._fresh = []
        if self._settled:
            rows = self.session.scalars(select(PendingRow).where(*_open(list(self._settled))))
            settle_rows(self.session, self.change_id, [(row, *self._settled[row.digest]) for row in rows])
            self._settled.clear()


def _open(digests: Sequence[str]) -> tuple[ColumnElement[bool], ...]:
    return PendingRow.digest.in_(digests), PendingRow.settled_how.is_(None)


def texts_of(cells: Sequence[Any]) -> dict[str, str]:
    """Return column index -> text of the cells that hold something."""
    return {str(index): as_text(cell) for index, cell in enumerate(cells) if cell is not None}


def digest_of(sheet: str, values: Mapping[str, str]) -> str:
    """Return what the same row has in every file: of its sheet's name and its cells."""
    return hashlib.sha256(repr((sheet, dict(values))).encode()).hexdigest()[:32]


def waiting_rows(session: Session) -> int:
    """Return how many rows were kept aside and not settled yet."""
    return session.scalar(select(func.count()).select_from(PendingRow).where(PendingRow.settled_how.is_(None))) or 0
