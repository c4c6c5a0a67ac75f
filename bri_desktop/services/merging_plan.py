"""What a returned workbook comes to, as frozen values: shown on the review page, told on the command line, applied."""

import dataclasses
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bri_desktop.domain.changes import Changes
from bri_desktop.domain.merge import Verdict
from bri_desktop.domain.project import OutcomeDraft, ProjectDraft
from bri_desktop.labels import field_label, sentence
from bri_desktop.services.exchange import problem_json
from bri_desktop.services.intake_row import RowProblem

MATCHED, ADDED, DUPLICATE, GONE, LEFT = "matched", "added", "duplicate", "gone", "left_out"
REFUSED_ROW, PENDING_ROW = "refused", "pending"
OURS, THEIRS = "ours", "theirs"
OUTCOMES_PREFIX = "outcomes."


@dataclass(frozen=True, slots=True)
class OursChange:
    """When and by which act (``edit``, ``import``, ``merge`` …) our value of a field was changed; times are UTC."""

    at: str
    act: str
    file_name: str | None = None


@dataclass(frozen=True, slots=True)
class PlannedCell:
    """One field of one record that is not simply unchanged.

    ``field`` is the field's code, of an outcome ``outcomes.2.quantity`` (the second one's). ``issued``, ``current``
    and ``returned`` are plain values, ``written`` is the cell's text; ``reason`` says why a value is not taken.
    ``place`` is where an outcome stands among the record's outcomes now, from 0.
    """

    key: str
    title: str
    field: str
    verdict: Verdict
    issued: Any
    current: Any
    returned: Any
    written: str
    sheet: str
    cell: str
    reason: str | None = None
    values: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    offers: tuple[str, ...] = ()
    ours: OursChange | None = None
    place: int | None = None

    @property
    def id(self) -> tuple[str, str]:
        """What a decision names the cell by: record key and field."""
        return self.key, self.field

    @property
    def message(self) -> str:
        """Why the value is not taken and what to write, in the chosen language; ``""`` where it is taken."""
        return sentence(self.reason, self.values) if self.reason else ""

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``merge --json`` lists under ``conflicts`` and ``cleared``."""
        return {
            "key": self.key,
            "title": self.title,
            "field": self.field,
            "issued": self.issued,
            "current": self.current,
            "returned": self.returned,
            "sheet": self.sheet,
            "cell": self.cell,
        }


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row of the workbook: ``kind`` is ``matched``, ``added``, ``duplicate`` (of an earlier row), ``refused``,
    ``pending``, ``gone`` (its record is in the bin) or ``left_out``.

    ``cells`` are the fields that are not unchanged; ``draft`` is the new record of an added row, ``outcome`` the new
    outcome of the record ``key``. ``by`` is ``key`` or ``content``; ``digest`` names the content of a row without key
    across workbooks. ``title_cell`` is where its title stands.
    """

    sheet: str
    number: int
    kind: str
    key: str | None
    title: str
    cells: tuple[PlannedCell, ...] = ()
    problems: tuple[RowProblem, ...] = ()
    draft: ProjectDraft | None = None
    outcome: OutcomeDraft | None = None
    by: str = "key"
    digest: str = ""
    same_as_row: int | None = None
    title_cell: str = ""


@dataclass(frozen=True, slots=True)
class Damage:
    """Something broken in the workbook: a ``kind``, where, and what the sentence about it needs."""

    kind: str
    sheet: str
    where: str
    values: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def message(self) -> str:
        """What happened and what follows, in the chosen language."""
        return sentence(f"damage_{self.kind}", self.values)

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``merge --json`` lists under ``damage``."""
        return {"kind": self.kind, "sheet": self.sheet, "where": self.where, "message": self.message}


@dataclass(frozen=True, slots=True)
class MissingRow:
    """A record that was issued and did not come back: ``emptied`` where its row is there without a value."""

    key: str
    title: str
    emptied: bool = False
    sheet: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``merge --json`` lists under ``missing``."""
        return {"key": self.key, "title": self.title, "emptied": self.emptied}


@dataclass(frozen=True, slots=True)
class MergePlan:
    """Everything about one returned workbook.

    ``rows`` are those that hold something other than unchanged values. ``counts`` adds up: ``rows`` is the sum of the
    ``row_…`` numbers, ``cells`` that of the ``cell_…`` numbers by verdict. Damage keeps the plan from being applied
    before it is accepted. ``merged_cells`` counts the cells of the workbook that lie in merged areas.
    """

    file_name: str
    sha256: str
    issue: str | None
    workbook_id: int | None
    department: str
    rows: tuple[PlannedRow, ...]
    missing: tuple[MissingRow, ...]
    damage: tuple[Damage, ...]
    problems: tuple[RowProblem, ...]
    counts: Mapping[str, int]
    merged_cells: int = 0

    @property
    def cells(self) -> Iterator[PlannedCell]:
        """Every cell that is not unchanged, in the order of the workbook."""
        return (cell for row in self.rows for cell in row.cells)

    def of(self, *verdicts: Verdict) -> list[PlannedCell]:
        """Return the cells of some verdicts."""
        return [cell for cell in self.cells if cell.verdict in verdicts]

    def added(self) -> list[PlannedRow]:
        """Return the rows that become new records."""
        return [row for row in self.rows if row.kind == ADDED]


@dataclass(frozen=True, slots=True)
class MergeDecisions:
    """What a person decided. ``prefer`` answers every clash that ``cells`` does not; a cleared cell is cleared only
    where ``cells`` says ``theirs`` of it. ``rows`` (sheet, row) -> ``skip`` leaves an added row out; ``delete`` are
    keys of missing records that go into the bin."""

    prefer: str | None = None
    accept_damage: bool = False
    cells: Mapping[tuple[str, str], str] = dataclasses.field(default_factory=dict)
    rows: Mapping[tuple[str, int], str] = dataclasses.field(default_factory=dict)
    delete: frozenset[str] = frozenset()

    def of(self, cell: PlannedCell) -> str | None:
        """Return ``theirs`` or ``ours`` for a cell, ``None`` while it is open."""
        if cell.verdict is Verdict.THEIRS:
            return self.cells.get(cell.id, THEIRS)
        if cell.verdict is Verdict.CLASH:
            return self.cells.get(cell.id, self.prefer)
        if cell.verdict is Verdict.CLEARED:
            return self.cells.get(cell.id)
        return OURS


@dataclass(slots=True)
class MergeReport:
    """What a merge did, or would do: ``written`` tells which. ``stopped`` where damage was not accepted.

    ``created`` is digest of the row -> key of its new record.
    """

    plan: MergePlan
    batch: int | None = None
    written: bool = False
    rows_touched: int = 0
    cells_merged: int = 0
    created: dict[str, str] = dataclasses.field(default_factory=dict)
    created_count: int = 0
    deleted: list[str] = dataclasses.field(default_factory=list)
    conflicts: list[PlannedCell] = dataclasses.field(default_factory=list)
    cleared: list[PlannedCell] = dataclasses.field(default_factory=list)
    problems: list[RowProblem] = dataclasses.field(default_factory=list)
    stopped: bool = False
    changes: Changes = dataclasses.field(default_factory=Changes)

    @property
    def needs_attention(self) -> bool:
        """Whether something was refused or awaits a decision."""
        return bool(self.conflicts or self.cleared or self.stopped or self.problems)

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``merge --json`` prints."""
        return {
            "issue": self.plan.issue,
            "batch": self.batch,
            "rows": self.plan.counts.get("rows", 0),
            "rows_touched": self.rows_touched,
            "cells_merged": self.cells_merged,
            "cleared": [cell.to_json() for cell in self.cleared],
            "conflicts": [cell.to_json() for cell in self.conflicts],
            "missing": [row.to_json() for row in self.plan.missing],
            "damage": [damage.to_json() for damage in self.plan.damage],
            "created": self.created_count,
            "problems": [problem_json(problem) for problem in self.problems],
        }


def merge_field_label(name: str) -> str:
    """Return the name of a planned cell's field in the chosen language: 成果 2 · 数量 for ``outcomes.2.quantity``."""
    if not name.startswith(OUTCOMES_PREFIX):
        return field_label(name)
    _, position, part = name.split(".", 2)
    return f"{field_label('outcomes')} {position} · {field_label(part)}"


def count_cells(rows: Iterator[PlannedRow], unchanged: int) -> Counter[str]:
    """Return the number of compared cells by verdict as ``cell_…``, and their sum as ``cells``."""
    counts: Counter[str] = Counter({f"cell_{verdict}": 0 for verdict in Verdict})
    for row in rows:
        counts.update(f"cell_{cell.verdict}" for cell in row.cells)
    counts[f"cell_{Verdict.UNCHANGED}"] += unchanged
    counts["cells"] = counts.total()
    return counts
