"""Rows that could not become records: kept with their cells until they are decided, never lost, never twice."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from bri_desktop.db.database import now
from bri_desktop.db.models import ImportBatch, PendingRow
from bri_desktop.services.intake_judge import LEFT_OUT, RowOutcome
from bri_desktop.services.intake_kept import Spot, cells_json
from bri_desktop.services.intake_report import problem_json
from bri_desktop.services.intake_row import PENDING, REFUSED, as_text

SETTLED_BY_IMPORT = "imported"
DISMISSED = "dismissed"


class AsideRows:
    """The rows kept aside by earlier imports and by this one; a waiting row that is taken in now is settled.

    ``spots`` are the rows of this file that wait by this import.
    """

    def __init__(self, session: Session, batch_id: int) -> None:
        self.session = session
        self.batch_id = batch_id
        query = select(PendingRow.digest, ImportBatch.layout.is_(None)).join(
            ImportBatch, ImportBatch.id == PendingRow.batch_id
        )
        self._waiting = {row[0]: bool(row[1]) for row in session.execute(query.where(PendingRow.settled_how.is_(None)))}
        self._fresh: list[dict[str, Any]] = []
        self._settled: dict[str, list[str]] = {SETTLED_BY_IMPORT: [], DISMISSED: []}
        self._moved: list[str] = []
        self.spots: list[Spot] = []

    def note(self, outcome: RowOutcome, cells: Sequence[Any]) -> None:
        """Keep a row that is not taken in; settle the waiting row of the same cells where it is."""
        if outcome.verdict in (PENDING, REFUSED):
            self._keep(outcome, cells)
        else:
            self._settle(outcome.sheet, cells, DISMISSED if outcome.verdict == LEFT_OUT else SETTLED_BY_IMPORT)

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

    def _settle(self, sheet: str, cells: Sequence[Any], how: str) -> None:
        if self._waiting:
            digest = digest_of(sheet, texts_of(cells))
            if digest in self._waiting:
                del self._waiting[digest]
                self._settled[how].append(digest)

    def write(self) -> None:
        """Write what was kept and settled since the last call."""
        self._write_settled(SETTLED_BY_IMPORT, self._moved)  # before the rows that take their place
        if self._fresh:
            self.session.execute(insert(PendingRow), self._fresh)
        self._fresh = []
        for how, digests in self._settled.items():
            self._write_settled(how, digests)

    def _write_settled(self, how: str, digests: list[str]) -> None:
        if digests:
            waiting = (PendingRow.digest.in_(digests), PendingRow.settled_how.is_(None))
            self.session.execute(update(PendingRow).where(*waiting).values(settled_at=now(), settled_how=how))
            digests.clear()


def texts_of(cells: Sequence[Any]) -> dict[str, str]:
    """Return column index -> text of the cells that hold something."""
    return {str(index): as_text(cell) for index, cell in enumerate(cells) if cell is not None}


def digest_of(sheet: str, values: Mapping[str, str]) -> str:
    """Return what the same row has in every file: of its sheet's name and its cells."""
    return hashlib.sha256(repr((sheet, dict(values))).encode()).hexdigest()[:32]


def waiting_rows(session: Session) -> int:
    """Return how many rows were kept aside and not settled yet."""
    return session.scalar(select(func.count()).select_from(PendingRow).where(PendingRow.settled_how.is_(None))) or 0
