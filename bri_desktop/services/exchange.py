"""Taking ledgers in: what a workbook holds, what would become of each row, and writing it in one transaction.

The same code plans and applies; a plan reads only. Rows stream through in chunks, so that the size of a file bounds
the time but not the memory.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from bri_desktop.db.database import now
from bri_desktop.db.models import ImportBatch
from bri_desktop.db.places import index_for
from bri_desktop.db.projects import ProjectStore
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import InputError
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.domain.record import differences
from bri_desktop.domain.validation import validate
from bri_desktop.domain.vocabulary import PROJECT_KEY, key_of
from bri_desktop.excel.grid import Grid
from bri_desktop.labels import sentence
from bri_desktop.services.codes import CodeSeries
from bri_desktop.services.history import TOUCHED, Journal
from bri_desktop.services.intake_aside import AsideRows
from bri_desktop.services.intake_match import Known, Matcher, content_of
from bri_desktop.services.intake_row import (
    NEW_PLACE,
    PENDING,
    REFUSED,
    ReadingRules,
    ReadRow,
    RowProblem,
    RowReader,
    as_text,
)
from bri_desktop.services.intake_sheets import BlockPlan, Ignored, SheetPlan
from bri_desktop.services.projects import today
from bri_desktop.services.reference import known_names, project_finder, read_codebook

ROWS_AT_ONCE = 1_000
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
    ``code_values`` (field, text) -> code.
    """

    update_by: str = "code"
    new_places: str = "ask"
    pair_kind: str | None = None
    atomic: bool = False
    values: Mapping[tuple[str, int, int], Any] = field(default_factory=dict)
    place_keys: Mapping[tuple[str, str], str] = field(default_factory=dict)
    code_values: Mapping[tuple[str, str], str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What becomes of one row: its verdict, its record, its changes as field -> (old, new) plain values."""

    sheet: str
    number: int
    verdict: str
    key: str | None = None
    changed: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    problems: tuple[RowProblem, ...] = ()
    same_as_row: int | None = None


@dataclass(slots=True)
class ImportReport:
    """The account of a file: every row in one verdict, every other non-empty row in ``ignored``."""

    file_name: str
    batch: int | None = None
    counts: Counter[str] = field(default_factory=Counter)
    ignored: list[Ignored] = field(default_factory=list)
    outcomes: list[RowOutcome] = field(default_factory=list)
    changes: Changes = field(default_factory=Changes)
    written: bool = False

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
            "rows": self.rows,
            **counts,
            "ignored": [ignored.to_json() for ignored in self.ignored],
            "problems": [problem_json(problem) for problem in self.problems],
        }


def problem_json(problem: RowProblem) -> dict[str, Any]:
    """Return a problem with its sentence in the chosen language."""
    return {
        "sheet": problem.sheet,
        "cell": problem.cell,
        "field": problem.field,
        "value": problem.value,
        "code": problem.code,
        "message": sentence(problem.code, problem.values),
        "verdict": problem.verdict,
    }


Progress = Callable[[int, int], None]


def plan_import(
    session: Session,
    grid: Grid,
    sheets: Sequence[SheetPlan],
    options: ImportOptions,
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ImportReport:
    """Return what would become of every row; nothing is written."""
    return _Intake(session, grid, sheets, options, None, progress, cancelled).run()


def import_grid(
    database: Sessions,
    grid: Grid,
    sheets: Sequence[SheetPlan],
    options: ImportOptions,
    *,
    sha256: str,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ImportReport:
    """Write a file's rows in one transaction and one batch; with ``atomic`` nothing where a row is not ready."""
    if options.atomic:
        with database.read() as session:
            plan = plan_import(session, grid, sheets, options, cancelled=cancelled)
        if plan.needs_attention:
            return plan
    with database.write() as session:
        return apply_import(session, grid, sheets, options, sha256=sha256, progress=progress, cancelled=cancelled)


def apply_import(
    session: Session,
    grid: Grid,
    sheets: Sequence[SheetPlan],
    options: ImportOptions,
    *,
    sha256: str,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ImportReport:
    """Write a file's rows within the caller's transaction, each compared again with the records as they are now."""
    batch = ImportBatch(file_name=grid.path.name, sha256=sha256, at=now(), counts={}, ignored=[], problems=[])
    batch.sheets = "；".join(sheet.name for sheet in sheets)
    session.add(batch)
    session.flush()
    report = _Intake(session, grid, sheets, options, batch.id, progress, cancelled).run()
    batch.counts = {verdict: report.counts[verdict] for verdict in VERDICTS}
    batch.ignored = [ignored.to_json() for ignored in report.ignored]
    batch.problems = [problem_json(problem) for problem in report.problems]
    session.flush()
    report.batch, report.written = batch.id, True
    report.changes = Changes(TOUCHED | {"batch"})
    return report


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


class _Intake:
    """One pass over the rows of a file; with a batch it writes, without one it only plans."""

    def __init__(
        self,
        session: Session,
        grid: Grid,
        sheets: Sequence[SheetPlan],
        options: ImportOptions,
        batch_id: int | None,
        progress: Progress | None,
        cancelled: Callable[[], bool] | None,
    ) -> None:
        self.session = session
        self.grid = grid
        self.sheets = sheets
        self.options = options
        self.batch_id = batch_id
        self.progress = progress or (lambda _done, _all: None)
        self.cancelled = cancelled or (lambda: False)
        self.report = ImportReport(grid.path.name)
        self.codes = read_codebook(session)
        self.places = index_for(session)
        self.known_names = known_names(session)
        self.find_project = project_finder(session, but_not_of=batch_id)
        self.store = ProjectStore(session)
        self.series = CodeSeries(session)
        self.matcher = Matcher(session, by=options.update_by, own_batch=batch_id)
        self.journal = Journal(session, "import", batch_id=batch_id) if batch_id is not None else None
        self.aside = AsideRows(session, batch_id) if batch_id is not None else None
        self.total = sum(block.last_row - block.first_row + 1 for sheet in sheets for block in sheet.blocks)
        self.done = 0

    def run(self) -> ImportReport:
        if self.journal is not None:
            self._remember_decisions()
        for sheet in self.sheets:
            self.report.ignored.extend(sheet.ignored)
            for block in sheet.blocks:
                self._take_block(sheet, block)
        return self.report

    def _remember_decisions(self) -> None:
        for (text, country), key in self.options.place_keys.items():
            if not key.startswith(NEW_PLACE):
                self.store.places.remember(text, country, key)

    def _take_block(self, sheet: SheetPlan, block: BlockPlan) -> None:
        reader = RowReader(self._rules(sheet, block))
        rows = self._data_rows(sheet, block, reader)
        while chunk := list(islice(rows, ROWS_AT_ONCE)):
            if self.cancelled():
                raise InputError("cancelled")
            self._take_chunk(sheet, [row for row, _ in chunk], {row.number: cells for row, cells in chunk})
            self.done += len(chunk)
            self.progress(self.done, max(self.total, self.done))

    def _rules(self, sheet: SheetPlan, block: BlockPlan) -> ReadingRules:
        values = {
            (row, column): value for (name, row, column), value in self.options.values.items() if name == sheet.name
        }
        return ReadingRules(
            sheet=sheet.name,
            columns=block.columns,
            codes=self.codes,
            places=self.places,
            known_names=self.known_names,
            find_project=self.find_project,
            today=today(),
            new_places=self.options.new_places,
            pair_kind=self.options.pair_kind or sheet.pair_kind,
            pairs_only=block.pairs_only,
            values=values,
            place_keys=self.options.place_keys,
            code_values=self.options.code_values,
        )

    def _data_rows(
        self, sheet: SheetPlan, block: BlockPlan, reader: RowReader
    ) -> Iterator[tuple[ReadRow, Sequence[Any]]]:
        for number, cells, kind in block.classified(self.grid, sheet.index):
            if kind == "data":
                yield reader.read(number, cells), cells
            elif kind != "blank":
                text = " ".join(as_text(cell) for cell in cells if cell is not None)
                self.report.ignored.append(Ignored(sheet.name, number, kind, text))
                if kind == "section":
                    reader.section = block.section_place(text, self.places)

    # -- verdicts ----------------------------------------------------------------------------------------------

    def _take_chunk(self, sheet: SheetPlan, rows: Sequence[ReadRow], cells: Mapping[int, Sequence[Any]]) -> None:
        rows = [self._with_new_places(replace(row, draft=self.store.canonical(row.draft))) for row in rows]
        self.matcher.look_up([row.draft for row in rows])
        created: list[ReadRow] = []
        outcomes: list[RowOutcome] = []
        for row in rows:
            outcome = self._decide(sheet, row)
            outcomes.append(outcome)
            if outcome.verdict == "created":
                created.append(row)
        keys = self._write_created(created)
        for outcome in outcomes:
            self.report.counts[outcome.verdict] += 1
            if outcome.verdict == "created":
                outcome = replace(outcome, key=keys.get(outcome.number))
            self._keep(outcome)
            self._set_aside(outcome, cells[outcome.number])
        if self.aside is not None:
            self.aside.write()

    def _set_aside(self, outcome: RowOutcome, cells: Sequence[Any]) -> None:
        if self.aside is None:
            return
        if outcome.verdict in (PENDING, REFUSED):
            problems = [problem_json(problem) for problem in outcome.problems]
            self.aside.keep(outcome.sheet, outcome.number, outcome.verdict, cells, problems)
        else:
            self.aside.taken_in(outcome.sheet, cells)

    def _keep(self, outcome: RowOutcome) -> None:
        """A plan keeps every outcome for the preview; a written import only what has to be told."""
        if self.journal is None or outcome.problems or outcome.verdict == "duplicates":
            self.report.outcomes.append(outcome)

    def _decide(self, sheet: SheetPlan, row: ReadRow) -> RowOutcome:
        if row.verdict:
            return RowOutcome(sheet.name, row.number, row.verdict, problems=row.problems)
        earlier = self.matcher.earlier_row(row.draft)
        if earlier is not None:
            return self._second(sheet, row, earlier)
        if (other := self.matcher.rival_row(row.draft)) is not None:
            return self._unsure(sheet, row, "possible_duplicate_row", {"row": other.id})
        self.matcher.remember(row.number, row.draft)
        return self._against_records(sheet, row)

    def _against_records(self, sheet: SheetPlan, row: ReadRow) -> RowOutcome:
        records = self.matcher.records(row.draft)
        if not records and (rival := self.matcher.rival(row.draft)) is not None:
            return self._unsure(sheet, row, "possible_duplicate", {"key": key_of(PROJECT_KEY, rival.id)})
        if not records and (holder := self.matcher.holder(row.draft.code)) is not None:
            return self._unsure(sheet, row, "code_taken", {"key": key_of(PROJECT_KEY, holder)})
        if not records:
            return RowOutcome(sheet.name, row.number, "created")
        if len(records) > 1:
            return self._unsure(sheet, row, "possible_duplicate", {"key": key_of(PROJECT_KEY, records[0].id)})
        first = self.matcher.claim(records[0].id, row.number)
        if first != row.number:
            return self._unsure(sheet, row, "possible_duplicate_row", {"row": first})
        return self._update(sheet, row, records[0])

    def _second(self, sheet: SheetPlan, row: ReadRow, earlier: Known) -> RowOutcome:
        if earlier.content == content_of(row.draft):
            return RowOutcome(sheet.name, row.number, "duplicates", same_as_row=earlier.id)
        return self._unsure(sheet, row, "possible_duplicate_row", {"row": earlier.id})

    def _unsure(self, sheet: SheetPlan, row: ReadRow, code: str, values: Mapping[str, Any]) -> RowOutcome:
        problem = RowProblem(sheet.name, f"A{row.number}", "title", row.draft.title or "", code, PENDING, values)
        return RowOutcome(sheet.name, row.number, PENDING, problems=(problem,))

    def _update(self, sheet: SheetPlan, row: ReadRow, known: Known) -> RowOutcome:
        stored = self.store.read([known.id])[known.id]
        merged = replace(stored.draft, **{name: _value(stored.draft, row.draft, name) for name in row.given})
        holder = self.matcher.holder(merged.code)
        if holder not in (None, stored.id):
            return self._unsure(sheet, row, "code_taken", {"key": key_of(PROJECT_KEY, holder or 0)})
        changed = differences(stored.draft, merged)
        if not changed:
            return RowOutcome(sheet.name, row.number, "unchanged", key=stored.key)
        problems = validate(merged, today=today())
        if problems:
            first = problems[0]
            problem = RowProblem(
                sheet.name,
                f"A{row.number}",
                first.field,
                as_text(getattr(merged, first.field)),
                first.code,
                REFUSED,
                first.values,
            )
            return RowOutcome(sheet.name, row.number, REFUSED, key=stored.key, problems=(problem,))
        if self.journal is not None:
            self.store.update(stored.id, merged, version=stored.version + 1)
            self.journal.updated(stored.id, changed)
        return RowOutcome(sheet.name, row.number, "updated", key=stored.key, changed=changed)

    # -- writing -----------------------------------------------------------------------------------------------

    def _with_new_places(self, row: ReadRow) -> ReadRow:
        keys = (*row.draft.domestic_places, *row.draft.foreign_places)
        if self.journal is None or row.verdict or not any(key.startswith(NEW_PLACE) for key in keys):
            return row
        draft = row.draft
        domestic, foreign = self._real_places(draft.domestic_places), self._real_places(draft.foreign_places)
        return replace(row, draft=replace(draft, domestic_places=domestic, foreign_places=foreign))

    def _real_places(self, keys: Sequence[str]) -> tuple[str, ...]:
        return tuple(self._real_place(key) for key in keys)

    def _real_place(self, key: str) -> str:
        if not key.startswith(NEW_PLACE):
            return key
        country, _, name = key.removeprefix(NEW_PLACE).partition(":")
        return self.store.places.create(name, country, confirmed=False)

    def _write_created(self, rows: Sequence[ReadRow]) -> dict[int, str]:
        if self.journal is None or not rows:
            return {}
        self.series.reserve(row.draft.code for row in rows)
        drafts: list[ProjectDraft] = [
            row.draft if row.draft.code else replace(row.draft, code=self.series.next_for(row.draft)) for row in rows
        ]
        ids = self.store.insert(drafts, batch_id=self.batch_id)
        self.journal.created(ids)
        return {row.number: key_of(PROJECT_KEY, new) for row, new in zip(rows, ids, strict=True)}


def _value(stored: ProjectDraft, draft: ProjectDraft, name: str) -> Any:
    """Return what the row says of a field; the same members in another order are what is stored."""
    old, new = getattr(stored, name), getattr(draft, name)
    same = name != "outcomes" and isinstance(new, tuple) and len(old) == len(new) and set(old) == set(new)
    return old if same else new


def batches(session: Session) -> list[ImportBatch]:
    """Return the imports, latest first."""
    return list(session.scalars(select(ImportBatch).order_by(ImportBatch.id.desc())))
