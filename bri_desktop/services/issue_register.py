"""The register of issued workbooks: what is out, what came back, what is late.

It loads no workbook library, because the first page of the window reads it.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from bri_desktop.db.database import now
from bri_desktop.db.exchange_models import IssuedWorkbook, ReturnedWorkbook
from bri_desktop.db.models import ImportBatch, Organisation
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import InputError, Where

ISSUED = frozenset({"issued", "organisation"})
DUE_SOON = 7
"""A workbook is due soon so many days before its day."""

OUT, SOON, OVERDUE, RETURNED, MERGED, CLOSED = "out", "due_soon", "overdue", "returned", "merged", "closed"
STATES = (OVERDUE, SOON, OUT, RETURNED, MERGED, CLOSED)
OUTSTANDING = frozenset({OUT, SOON, OVERDUE})


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """An issued workbook as the register lists it. ``days`` from today to the due day, negative when past, ``None``
    without a due day; ``returned`` counts files, ``returned_at`` and ``merged_at`` are the latest instants, a merge
    that was undone left out."""

    number: str
    department: str
    issued_at: str
    due: str | None
    days: int | None
    rows: int
    filter: str
    fields: tuple[str, ...]
    file_name: str
    state: str
    returned: int = 0
    returned_at: str | None = None
    merged_at: str | None = None
    closed_at: str | None = None
    note: str | None = None

    @property
    def is_outstanding(self) -> bool:
        """Whether it is out and nothing of it came back."""
        return self.state in OUTSTANDING

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``issued --json`` prints."""
        names = ("number", "department", "issued_at", "due", "days", "rows", "state")
        more = ("returned", "returned_at", "merged_at", "closed_at", "note", "file_name", "filter")
        return {name: getattr(self, name) for name in (*names, *more)} | {"fields": list(self.fields)}


@dataclass(frozen=True, slots=True)
class Register:
    """All entries, latest first, and how many there are in each state."""

    entries: tuple[RegisterEntry, ...]

    def count(self, *states: str) -> int:
        """Return how many entries are in one of ``states``."""
        return sum(entry.state in states for entry in self.entries)

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``issued --json`` prints."""
        counts = {state: self.count(state) for state in STATES}
        return {"total": len(self.entries), **counts, "items": [entry.to_json() for entry in self.entries]}


def read_register(session: Session, today: datetime.date) -> Register:
    """Return every issued workbook with what came back of it, as of ``today``."""
    back = (
        select(
            ReturnedWorkbook.workbook_id.label("workbook_id"),
            func.count().label("files"),
            func.max(ReturnedWorkbook.received_at).label("received"),
            func.max(case((ImportBatch.undone_at.is_(None), ReturnedWorkbook.merged_at))).label("merged"),
        )
        .outerjoin(ImportBatch, ImportBatch.id == ReturnedWorkbook.batch_id)
        .group_by(ReturnedWorkbook.workbook_id)
        .subquery()
    )
    rows = session.execute(
        select(IssuedWorkbook, Organisation.name, back.c.files, back.c.received, back.c.merged)
        .join(Organisation, Organisation.id == IssuedWorkbook.department_id)
        .outerjoin(back, back.c.workbook_id == IssuedWorkbook.id)
        .order_by(IssuedWorkbook.id.desc())
    )
    found = (_entry(book, name, files, received, merged, today) for book, name, files, received, merged in rows)
    return Register(tuple(found))


def _entry(
    book: IssuedWorkbook,
    department: str,
    files: int | None,
    received: str | None,
    merged: str | None,
    today: datetime.date,
) -> RegisterEntry:
    days = None if book.due is None else (datetime.date.fromisoformat(book.due) - today).days
    return RegisterEntry(
        number=book.number,
        department=department,
        issued_at=book.issued_at,
        due=book.due,
        days=days,
        rows=book.rows,
        filter=book.filter,
        fields=tuple(book.fields),
        file_name=book.file_name,
        state=_state(book.closed_at, files or 0, merged, days),
        returned=files or 0,
        returned_at=received,
        merged_at=merged,
        closed_at=book.closed_at,
        note=book.note,
    )


def _state(closed_at: str | None, files: int, merged_at: str | None, days: int | None) -> str:
    if closed_at is not None:
        return CLOSED
    if files:
        return RETURNED if merged_at is None else MERGED
    if days is None or days > DUE_SOON:
        return OUT
    return OVERDUE if days < 0 else SOON


def outstanding(session: Session, today: datetime.date) -> tuple[RegisterEntry, ...]:
    """Return what is out and has not come back: the longest overdue first, those without a due day last."""
    entries = (entry for entry in read_register(session, today).entries if entry.is_outstanding)
    return tuple(sorted(entries, key=lambda entry: (entry.due or "9999", entry.number)))


def close_issue(session: Session, number: str, note: str = "") -> Changes:
    """Expect nothing more of a workbook; ``note`` says why. It is still recognised when it comes back."""
    book = issued_workbook(session, number)
    book.closed_at, book.note = now(), note.strip() or book.note
    return Changes(ISSUED)


def reopen_issue(session: Session, number: str) -> Changes:
    """Expect a workbook again."""
    book = issued_workbook(session, number)
    book.closed_at = None
    return Changes(ISSUED)


def issued_workbook(session: Session, number: str) -> IssuedWorkbook:
    """Return the workbook of that number; ``issue_unknown`` where there is none."""
    found = session.scalar(select(IssuedWorkbook).where(IssuedWorkbook.number == number))
    if found is None:
        raise InputError("issue_unknown", where=Where(key=number), number=number)
    return found
