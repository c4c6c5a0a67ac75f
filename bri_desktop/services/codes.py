"""The running number that a project without one is given: the year of its start and a number within it."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from bri_desktop.db.models import Project
from bri_desktop.domain.project import ProjectDraft

UNDATED = "N"


class CodeSeries:
    """Gives out codes such as ``2017-009``, each once within a session's transaction."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._last: dict[str, int] = {}
        self._reserved: set[str] = set()

    def reserve(self, codes: Iterable[str | None]) -> None:
        """Leave out codes that others of the same transaction are about to have."""
        self._reserved.update(code for code in codes if code)

    def next_for(self, draft: ProjectDraft) -> str:
        """Return the next free code of the year in which ``draft`` starts, ``N-…`` where it has no date."""
        start = draft.signed or draft.started
        prefix = start.value[:4] if start else UNDATED
        if prefix not in self._last:
            self._last[prefix] = self._highest(prefix)
        while True:
            self._last[prefix] += 1
            code = f"{prefix}-{self._last[prefix]:03d}"
            if code not in self._reserved:
                return code

    def _highest(self, prefix: str) -> int:
        codes = self.session.scalars(select(Project.code).where(Project.code.startswith(f"{prefix}-", autoescape=True)))
        numbers = [
            int(rest) for code in codes if code and (rest := code[len(prefix) + 1 :]).isascii() and rest.isdigit()
        ]
        return max(numbers, default=0)
