"""Rows that could not become records: kept with their cells until they are decided, never lost, never twice."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from bri_desktop.db.database import now
from bri_desktop.db.models import PendingRow
from bri_desktop.services.intake_row import REFUSED, as_text

SETTLED_BY_IMPORT = "imported"


class AsideRows:
    """The rows kept aside by earlier imports and by this one; a waiting row that is taken in now is settled."""

    def __init__(self, session: Session, batch_id: int) -> None:
        self.session = session
        self.batch_id = batch_id
        self._waiting = set(session.scalars(select(PendingRow.digest).where(PendingRow.settled_how.is_(None))))
        self._fresh: list[dict[str, Any]] = []
        self._settled: list[str] = []

    def keep(self, sheet: str, row: int, verdict: str, cells: Sequence[Any], problems: Sequence[Any]) -> None:
        """Keep a row with its problems; a refused one is kept for the record but does not wait."""
        values = texts_of(cells)
        digest = digest_of(sheet, values)
        if digest in self._waiting:
            return
        is_refused = verdict == REFUSED
        if not is_refused:
            self._waiting.add(digest)
        self._fresh.append(
            {
                "batch_id": self.batch_id,
                "sheet": sheet,
                "row": row,
                "digest": digest,
                "cells": values,
                "problems": list(problems),
                "settled_how": REFUSED if is_refused else None,
                "settled_at": now() if is_refused else None,
            }
        )

    def taken_in(self, sheet: str, cells: Sequence[Any]) -> None:
        """Settle the waiting row of these cells, where there is one."""
        if self._waiting:
            digest = digest_of(sheet, texts_of(cells))
            if digest in self._waiting:
                self._waiting.discard(digest)
                self._settled.append(digest)

    def write(self) -> None:
        """Write what was kept and settled since the last call."""
        if self._fresh:
            self.session.execute(insert(PendingRow), self._fresh)
        if self._settled:
            waiting = (PendingRow.digest.in_(self._settled), PendingRow.settled_how.is_(None))
            values = {"settled_at": now(), "settled_how": SETTLED_BY_IMPORT}
            self.session.execute(update(PendingRow).where(*waiting).values(**values))
        self._fresh, self._settled = [], []


def texts_of(cells: Sequence[Any]) -> dict[str, str]:
    """Return column index -> text of the cells that hold something."""
    return {str(index): as_text(cell) for index, cell in enumerate(cells) if cell is not None}


def digest_of(sheet: str, values: Mapping[str, str]) -> str:
    """Return what the same row has in every file: of its sheet's name and its cells."""
    return hashlib.sha256(repr((sheet, dict(values))).encode()).hexdigest()[:32]


def waiting_rows(session: Session) -> int:
    """Return how many rows were kept aside and not settled yet."""
    return session.scalar(select(func.count()).select_from(PendingRow).where(PendingRow.settled_how.is_(None))) or 0
