"""The register of issued workbooks: what is out, what came back, what is late.

It loads no workbook library, because the first page of the window reads it.
"""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
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
FILE = "file"
"""Where the register keeps the path of a returned file among what was decided of it."""


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """An issued workbook as the register lists it. ``days`` from today to the due day, negative when past, ``None``
    without a due day; ``returned`` counts files, ``returned_at`` and ``merged_at`` are the latest instants, a merge
    that was undone left out. Of the file that came last: its path, how many kinds of damage keep it from being
    merged, how many values of it are still to be decided."""

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
    returned_file: str | None = None
    damage: int = 0
    undecided: int = 0

    @property
    def late(self) -> int:
        """Days past the due day: until today while it is out, else until it came back; 0 where it was in time."""
        if self.due is None or self.days is None:
            return 0
        if self.returned_at is None:
            return max(0, -self.days) if self.is_outstanding else 0
        back = datetime.datetime.fromisoformat(self.returned_at.replace("Z", "+00:00")).astimezone().date()
        return max(0, (back - datetime.date.fromisoformat(self.due)).days)

    @property
    def is_outstanding(self) -> bool:
        """Whether it is out and nothing of it came back."""
        return self.state in OUTSTANDING

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``issued --json`` prints."""
        names = ("number", "department", "issued_at", "due", "days", "rows", "state")
        more = ("returned", "returned_at", "merged_at", "closed_at", "note", "file_name", "filter")
        back = ("returned_file", "damage", "undecided", "late")
        return {name: getattr(self, name) for name in (*names, *more, *back)} | {"fields": list(self.fields)}


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


@dataclass(frozen=True, slots=True)
class _Return:
    """A file that came back: when, and when it was merged where that still holds."""

    received_at: str
    merged_at: str | None
    counts: dict[str, Any]
    file: str | None

    @property
    def last_touched(self) -> str:
        """When something happened to it last."""
        return max(self.received_at, self.merged_at or "")


def read_register(session: Session, today: datetime.date) -> Register:
    """Return every issued workbook with what came back of it, as of ``today``."""
    returns = _returns(session)
    rows = session.execute(
        select(IssuedWorkbook, Organisation.name)
        .join(Organisation, Organisation.id == IssuedWorkbook.department_id)
        .order_by(IssuedWorkbook.id.desc())
    )
    return Register(tuple(_entry(book, name, returns.get(book.id, ()), today) for book, name in rows))


def _returns(session: Session) -> dict[int, list[_Return]]:
    """Return id of the issued workbook -> the files that came back, the one touched last at the end."""
    found: dict[int, list[_Return]] = defaultdict(list)
    rows = session.execute(
        select(ReturnedWorkbook, ImportBatch.undone_at)
        .outerjoin(ImportBatch, ImportBatch.id == ReturnedWorkbook.batch_id)
        .where(ReturnedWorkbook.workbook_id.is_not(None))
        .order_by(ReturnedWorkbook.id)
    )
    for row, undone_at in rows:
        merged_at = row.merged_at if undone_at is None else None
        assert row.workbook_id is not None
        found[row.workbook_id].append(_Return(row.received_at, merged_at, row.counts, row.decisions.get(FILE)))
    return {number: sorted(files, key=lambda one: one.last_touched) for number, files in found.items()}


def _entry(book: IssuedWorkbook, department: str, files: Sequence[_Return], today: datetime.date) -> RegisterEntry:
    days = None if book.due is None else (datetime.date.fromisoformat(book.due) - today).days
    last = files[-1] if files else None
    waits = last is not None and last.merged_at is None
    counts = last.counts if last is not None else {}
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
        state=_state(book.closed_at, last, days),
        returned=len(files),
        returned_at=max((one.received_at for one in files), default=None),
        merged_at=max((one.merged_at for one in files if one.merged_at), default=None),
        closed_at=book.closed_at,
        note=book.note,
        returned_file=last.file if last is not None else None,
        damage=int(counts.get("damage", 0)) if waits else 0,
        undecided=int(counts.get("conflicts", 0)) + int(counts.get("cleared", 0)),
    )


def _state(closed_at: str | None, last: _Return | None, days: int | None) -> str:
    if closed_at is not None:
        return CLOSED
    if last is not None:
        return RETURNED if last.merged_at is None else MERGED
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
