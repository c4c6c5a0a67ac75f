"""What an import is asked to do, and its account: every row in one verdict."""

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy.orm import Session

from bri_desktop.domain.changes import Changes
from bri_desktop.labels import sentence
from bri_desktop.services.intake_columns import ColumnAnswers
from bri_desktop.services.intake_judge import Decision, RowOutcome
from bri_desktop.services.intake_match import Spot
from bri_desktop.services.intake_remarks import Remark
from bri_desktop.services.intake_row import MERGED, PENDING, REFUSED, PlaceFacts, RowProblem
from bri_desktop.services.intake_sheets import Ignored

VERDICTS = ("created", "updated", "unchanged", "duplicates", "refused", "pending")


class Sessions(Protocol):
    """What an import needs of the database."""

    def read(self) -> AbstractContextManager[Session]:
        """Give a session that reads."""

    def write(self) -> AbstractContextManager[Session]:
        """Give a session in one transaction."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How a file is taken in. ``values``, ``place_keys`` and ``code_values`` are what a person decided on problems.

    ``values`` is (sheet, row, column index) -> written value; ``place_keys`` (text, country) -> place key;
    ``code_values`` (field, text) -> code; ``columns`` what holds for a whole column; ``new_place_facts`` key of a
    place to be made -> what was confirmed of it; ``decisions`` (sheet, row) -> what was said of a possible duplicate;
    ``left_out`` the rows that are not taken in.
    """

    update_by: str = "code"
    new_places: str = "ask"
    pair_kind: str | None = None
    atomic: bool = False
    values: Mapping[tuple[str, int, int], Any] = field(default_factory=dict)
    place_keys: Mapping[tuple[str, str], str] = field(default_factory=dict)
    code_values: Mapping[tuple[str, str], str] = field(default_factory=dict)
    columns: ColumnAnswers = field(default_factory=dict)
    decisions: Mapping[Spot, Decision] = field(default_factory=dict)
    left_out: frozenset[Spot] = frozenset()
    new_place_facts: Mapping[str, PlaceFacts] = field(default_factory=dict)


@dataclass(slots=True)
class ImportReport:
    """The account of a file: every row in one verdict, every other non-empty row in ``ignored``."""

    file_name: str
    batch: int | None = None
    counts: Counter[str] = field(default_factory=Counter)
    ignored: list[Ignored] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    outcomes: list[RowOutcome] = field(default_factory=list)
    changes: Changes = field(default_factory=Changes)
    written: bool = False
    change: int | None = None
    """The act of the history, where it is not the import as a whole: rows kept aside that were decided later."""

    @property
    def rows(self) -> int:
        """The sum of the six verdicts."""
        return sum(self.counts[verdict] for verdict in VERDICTS)

    @property
    def problems(self) -> list[RowProblem]:
        """Every problem, in the order of the rows."""
        return [problem for outcome in self.outcomes for problem in outcome.problems]

    @property
    def needs_attention(self) -> bool:
        """Whether rows were refused or await a decision."""
        return bool(self.counts[REFUSED] or self.counts[PENDING])

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``import --json`` prints."""
        counts = {verdict: self.counts[verdict] for verdict in VERDICTS}
        return {
            "batch": self.batch,
            "written": self.written,
            "rows": self.rows,
            **counts,
            "ignored": [ignored.to_json() for ignored in self.ignored],
            "problems": [problem_json(problem) for problem in self.problems],
            "warnings": [remark.to_json() for remark in self.remarks],
        }


def problem_json(problem: RowProblem) -> dict[str, Any]:
    """Return a problem with its sentence in the chosen language."""
    message = sentence(problem.code, problem.values)
    merged = problem.values.get(MERGED)
    told = {
        "sheet": problem.sheet,
        "cell": problem.cell,
        "field": problem.field,
        "value": problem.value,
        "code": problem.code,
        "message": f"{message} {sentence('filled_from', {'cells': merged})}" if merged else message,
        "verdict": problem.verdict,
    }
    return told | {MERGED: merged} if merged else told


Progress = Callable[[int, int], None]
