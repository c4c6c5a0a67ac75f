"""Which record a row of a file is, and whether an earlier row of the same file was it already."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bri_desktop.db.models import Project
from bri_desktop.db.projects import CHUNK, fingerprint
from bri_desktop.domain.project import ProjectDraft


@dataclass(frozen=True, slots=True)
class Known:
    """A record or an earlier row that a row is compared with; ``start`` is its date, if it has one."""

    id: int
    start: str | None
    content: int = 0


@dataclass(slots=True)
class Seen:
    """The rows of this file so far, by code and by fingerprint."""

    by_code: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))
    by_print: dict[int, list[Known]] = field(default_factory=lambda: defaultdict(list))


def start_of(draft: ProjectDraft) -> str | None:
    """Return the date by which two projects of one name are told apart."""
    start = draft.signed or draft.started
    return start.value if start else None


def compatible(first: str | None, second: str | None) -> bool:
    """Tell whether two dates can be the same one: one is missing, or one is the other, known less exactly."""
    return first is None or second is None or first.startswith(second) or second.startswith(first)


def narrow(candidates: Sequence[Known], start: str | None) -> list[Known]:
    """Return those of ``candidates`` that fit the date; an exact date leaves out the merely compatible ones."""
    exact = [known for known in candidates if known.start == start]
    return exact or [known for known in candidates if compatible(known.start, start)]


class Matcher:
    """Finds the records of a chunk of rows at once, and remembers the rows of the file."""

    def __init__(self, session: Session, *, by: str = "code", own_batch: int | None = None) -> None:
        self.session = session
        self.by = by
        self.own_batch = own_batch
        self.seen = Seen()
        self._by_code: dict[str, list[Known]] = {}
        self._by_print: dict[int, list[Known]] = {}
        self._holders: dict[str, int] = {}
        self._claimed: dict[int, int] = {}

    def look_up(self, drafts: Sequence[ProjectDraft]) -> None:
        """Read what the ledger has for these drafts."""
        codes = sorted({draft.code for draft in drafts if draft.code})
        titles = sorted({draft.title for draft in drafts if draft.title}) if self.by == "title" else []
        prints = sorted({fingerprint(draft) for draft in drafts})
        self._by_code = defaultdict(list)
        self._by_print = defaultdict(list)
        self._holders = {}
        for value, known, own in self._records(Project.code, codes):
            self._holders[value] = known.id
            if self.by == "code" and not own:
                self._by_code[value].append(known)
        for value, known, own in self._records(Project.title, titles):
            if not own:
                self._by_code[value].append(known)
        for number, known, own in self._records(Project.fingerprint, prints):
            if not own:
                self._by_print[number].append(known)

    def holder(self, code: str | None) -> int | None:
        """Return the record that has this code already, made by this import or before."""
        return self._holders.get(code or "")

    def _records(self, column: Any, values: Sequence[Any]) -> list[tuple[Any, Known, bool]]:
        """Return (value, record, whether this import made it)."""
        found: list[tuple[Any, Known, bool]] = []
        for start in range(0, len(values), CHUNK):
            query = select(column, Project.id, Project.start, Project.batch_id).where(
                column.in_(values[start : start + CHUNK]), Project.deleted_at.is_(None)
            )
            for value, record, date, batch in self.session.execute(query):
                found.append((value, Known(record, date), batch is not None and batch == self.own_batch))
        return found

    def _identity(self, draft: ProjectDraft) -> str | None:
        return draft.title if self.by == "title" else draft.code

    def records(self, draft: ProjectDraft) -> list[Known]:
        """Return the records that ``draft`` can be: none, the one, or several that fit equally."""
        identity = self._identity(draft)
        if identity and self._by_code.get(identity):
            return self._by_code[identity]
        if identity and self.by == "title":
            return []
        found = narrow(self._by_print.get(fingerprint(draft), []), start_of(draft))
        if draft.code and found:
            return [known for known in found if not self._has_other_code(known.id, draft.code)]
        return found

    def _has_other_code(self, record: int, code: str) -> bool:
        own = self.session.scalar(select(Project.code).where(Project.id == record))
        return own is not None and own != code

    def earlier_row(self, draft: ProjectDraft) -> Known | None:
        """Return the earlier row of this file that names the same project."""
        if draft.code and (rows := self.seen.by_code.get(draft.code, [])):
            return rows[0]
        if draft.code and self.by == "code":
            return None
        rows = narrow(self.seen.by_print.get(fingerprint(draft), []), start_of(draft))
        return rows[0] if rows else None

    def rival(self, draft: ProjectDraft) -> Known | None:
        """Return the record of the same tie under another date: one tie is not made twice."""
        found = self._by_print.get(fingerprint(draft), []) if draft.pair_kind and not draft.code else []
        return found[0] if found else None

    def rival_row(self, draft: ProjectDraft) -> Known | None:
        """Return the earlier row of this file of the same tie under another date."""
        found = self.seen.by_print.get(fingerprint(draft), []) if draft.pair_kind and not draft.code else []
        return found[0] if found else None

    def remember(self, number: int, draft: ProjectDraft) -> None:
        """Keep row ``number`` for the rows that follow."""
        known = Known(number, start_of(draft), content_of(draft))
        if draft.code:
            self.seen.by_code[draft.code].append(known)
        self.seen.by_print[fingerprint(draft)].append(known)

    def claim(self, record: int, number: int) -> int:
        """Return the first row of this file that was found to be ``record``: row ``number``, or an earlier one."""
        return self._claimed.setdefault(record, number)


def content_of(draft: ProjectDraft) -> int:
    """Return a number that rows of the same values share."""
    return hash(draft)
