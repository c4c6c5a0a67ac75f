"""A returned workbook as the review page shows it: one line for each cell, row or record that asks for a look."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from bri_desktop.domain.merge import Verdict
from bri_desktop.excel.issued_cells import Words
from bri_desktop.excel.reader import read
from bri_desktop.i18n import tr
from bri_desktop.labels import sentence
from bri_desktop.services.exchange import Progress, Sessions, file_digest
from bri_desktop.services.issuing import issued_words
from bri_desktop.services.merging import plan_merge
from bri_desktop.services.merging_answer import write_answer
from bri_desktop.services.merging_damage import FIELDS
from bri_desktop.services.merging_plan import (
    ADDED,
    OURS,
    OUTCOMES_PREFIX,
    THEIRS,
    MergeDecisions,
    MergePlan,
    OursChange,
    PlannedCell,
    PlannedRow,
    merge_field_label,
)
from bri_desktop.services.merging_typed import TYPABLE
from bri_desktop.services.merging_words import value_words

HEAD, CELL, NEW, LOST, UNREAD = "head", "cell", "new", "lost", "unread"
SKIP = "skip"
TYPED = "typed"
"""The choice of a value that is neither ours nor theirs."""

LineId = tuple[str, ...]
Choices = dict[LineId, str]


@dataclass(frozen=True, slots=True)
class MergeLine:
    """A line of the review: a ``head`` names the record of the lines under it.

    ``verdict`` filters; ``choice`` is what holds unless a person decides (``ours``, ``theirs``, ``None`` while open);
    ``is_open`` tells whether there is a choice at all.
    """

    kind: str
    id: LineId
    verdict: str
    name: str
    issued: str = ""
    current: str = ""
    returned: str = ""
    where: str = ""
    changed: OursChange | None = None
    note: str = ""
    choice: str | None = None
    is_open: bool = False

    @property
    def can_type(self) -> bool:
        """Whether another value can be typed for it."""
        return self.kind == CELL and self.verdict in TYPABLE


@dataclass(frozen=True, slots=True)
class ReturnedFile:
    """An opened workbook: its path, its plan, and the lines to show."""

    path: Path
    plan: MergePlan
    lines: tuple[MergeLine, ...]


def open_returned(database: Sessions, path: Path, progress: Progress, cancelled: Callable[[], bool]) -> ReturnedFile:
    """Read a workbook that came back and plan its merge; nothing is written. ``UserError`` as reader and plan raise."""
    with read(path, progress=progress, cancelled=cancelled) as grid, database.read() as session:
        plan = plan_merge(session, grid, sha256=file_digest(path), progress=progress, cancelled=cancelled)
        words = issued_words(session, include_internal=True)
        return ReturnedFile(path, plan, tuple(_lines(plan, words)))


def answer_file(session: Session, returned: ReturnedFile, out: Path) -> int:
    """Write the department's own file with a verdict on each cell; return how many."""
    return write_answer(session, returned.plan, returned.path, out)


def damaged_lines(returned: ReturnedFile) -> list[MergeLine]:
    """Return the lines of the columns that are told to be sorted or shifted."""
    columns = {(one.sheet, name) for one in returned.plan.damage for name in one.values.get(FIELDS, ())}
    ids = {
        (CELL, *cell.id)
        for cell in returned.plan.cells
        if (cell.sheet, cell.field.rpartition(".")[2] if cell.field.startswith(OUTCOMES_PREFIX) else cell.field)
        in columns
    }
    return [line for line in returned.lines if line.id in ids]


def decisions_of(lines: tuple[MergeLine, ...], choices: Choices, *, accept_damage: bool) -> MergeDecisions:
    """Return what was decided line by line as the merge takes it."""
    cells, rows, gone = {}, {}, set()
    for line in lines:
        choice = choices.get(line.id)
        if choice is None:
            continue
        if line.kind == CELL:
            cells[(line.id[1], line.id[2])] = THEIRS if choice == TYPED else choice
        elif line.kind == NEW and choice == OURS:
            rows[(line.id[1], int(line.id[2]))] = SKIP
        elif line.kind == LOST and choice == THEIRS:
            gone.add(line.id[1])
    return MergeDecisions(accept_damage=accept_damage, cells=cells, rows=rows, delete=frozenset(gone))


def _lines(plan: MergePlan, words: Words) -> Iterator[MergeLine]:
    for row in plan.rows:
        yield from _of_row(row, words)
    if plan.missing:
        yield MergeLine(HEAD, (LOST,), LOST, tr("Issued rows that did not come back"))
        for missing in plan.missing:
            note = tr("Its row is there but empty.") if missing.emptied else tr("Its row is gone.")
            yield MergeLine(
                LOST, (LOST, missing.key), LOST, missing.title, note=note, choice=OURS, is_open=True, where=missing.key
            )


def _of_row(row: PlannedRow, words: Words) -> Iterator[MergeLine]:
    place = tr("row {row} of “{sheet}”", row=row.number, sheet=row.sheet)
    head = MergeLine(HEAD, (HEAD, row.sheet, str(row.number)), "", row.title or row.key or "", where=place)
    under = [_cell(cell, words) for cell in row.cells]
    if row.kind == ADDED:
        note = tr("A new result") if row.outcome is not None else tr("A new record")
        line_id = (NEW, row.sheet, str(row.number))
        under.insert(0, MergeLine(NEW, line_id, NEW, note, returned=row.title, choice=THEIRS, is_open=True))
    under += [
        MergeLine(
            UNREAD,
            (UNREAD, row.sheet, problem.cell),
            UNREAD,
            merge_field_label(problem.field),
            returned=problem.value or "",
            where=problem.cell,
            note=sentence(problem.code, problem.values),
        )
        for problem in row.problems
    ]
    if under:
        yield head
        yield from under


def _cell(cell: PlannedCell, words: Words) -> MergeLine:
    choice = {Verdict.THEIRS: THEIRS, Verdict.CLASH: None, Verdict.CLEARED: None}.get(cell.verdict, OURS)
    returned = value_words(cell.field, cell.returned, words) or cell.written
    return MergeLine(
        CELL,
        (CELL, *cell.id),
        str(cell.verdict),
        merge_field_label(cell.field),
        value_words(cell.field, cell.issued, words),
        value_words(cell.field, cell.current, words),
        returned,
        cell.cell,
        cell.ours,
        cell.message,
        choice,
        cell.verdict in (Verdict.THEIRS, Verdict.CLASH, Verdict.CLEARED),
    )
