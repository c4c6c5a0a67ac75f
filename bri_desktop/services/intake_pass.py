"""One pass over rows: planned or written by the same code, in chunks, so that a file's size bounds time, not memory."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Protocol

from sqlalchemy.orm import Session

from bri_desktop.db.places import index_for
from bri_desktop.db.projects import ProjectStore
from bri_desktop.domain.errors import InputError
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.domain.vocabulary import PROJECT_KEY, key_of
from bri_desktop.excel.grid import Grid
from bri_desktop.excel.merges import Merges
from bri_desktop.services.codes import CodeSeries
from bri_desktop.services.distinct import remember_distinct
from bri_desktop.services.history import Journal
from bri_desktop.services.intake_columns import settled
from bri_desktop.services.intake_judge import LEFT_OUT, Judge, RowOutcome, token_of
from bri_desktop.services.intake_long import with_long_texts
from bri_desktop.services.intake_match import Matcher
from bri_desktop.services.intake_place import NEW_PLACE
from bri_desktop.services.intake_report import ImportOptions, ImportReport, Progress
from bri_desktop.services.intake_row import ReadingRules, ReadRow, RowReader, as_text
from bri_desktop.services.intake_sheets import BlockPlan, Ignored, SheetPlan, remarks_on, rows_left_out
from bri_desktop.services.projects import today
from bri_desktop.services.reference import known_names, project_finder, read_codebook

ROWS_AT_ONCE = 1_000


class Aside(Protocol):
    """Takes the rows that are not taken in, and settles those that waited."""

    def note(self, outcome: RowOutcome, cells: Sequence[Any]) -> None:
        """Take what became of a row, with its cells."""

    def write(self) -> None:
        """Write what was noted since the last call."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a pass writes into: a batch, an act of the history, the rows kept aside.

    Records of the batch with an id up to ``since`` were there before this pass.
    """

    batch_id: int
    journal: Journal
    aside: Aside
    since: int = 0


class Intake:
    """One pass over the rows of a file; with a target it writes, without one it only plans.

    ``taken`` are afterwards the tables with their settled columns, ``sections`` the headings inside them.
    """

    def __init__(
        self,
        session: Session,
        grid: Grid,
        sheets: Sequence[SheetPlan],
        options: ImportOptions,
        target: Target | None,
        progress: Progress | None,
        cancelled: Callable[[], bool] | None,
    ) -> None:
        self.session = session
        self.grid = grid
        self.sheets = sheets
        self.options = with_long_texts(grid, sheets, options)
        self.target = target
        self.progress = progress or (lambda _done, _all: None)
        self.cancelled = cancelled or (lambda: False)
        self.report = ImportReport(grid.path.name)
        self.codes = read_codebook(session)
        self.places = index_for(session)
        self.known_names = known_names(session)
        batch, since = (target.batch_id, target.since) if target else (None, 0)
        self.find_project = project_finder(session, but_not_of=batch, since=since)
        self.store = ProjectStore(session)
        self.series = CodeSeries(session)
        journal = target.journal if target else None
        self.matcher = Matcher(session, self.places, by=options.update_by, own_batch=batch, since=since)
        self.judge = Judge(self.store, self.matcher, journal, options.decisions, options.left_out)
        self.keys: dict[str, str] = {}
        self.taken: list[tuple[SheetPlan, list[BlockPlan]]] = []
        self.sections: dict[str, list[tuple[int, str]]] = {}
        self.total = sum(block.last_row - block.first_row + 1 for sheet in sheets for block in sheet.blocks)
        self.done = 0

    def run(self) -> ImportReport:
        """Take every row of the sheets and return the account; ``InputError`` ``cancelled`` where that was wished."""
        if self.target is not None:
            self._remember_decisions()
        for sheet in self.sheets:
            self.taken.append((sheet, []))
            self.report.ignored.extend(sheet.ignored)
            for block in sheet.blocks:
                self._take_block(sheet, block)
            for block in sheet.left_out:
                self.report.ignored.extend(rows_left_out(self.grid, sheet, block))
            self.report.remarks.extend(remarks_on(self.grid, sheet, self.report.ignored))
        if self.target is not None:
            remember_distinct(self.session, self._told_apart())
        return self.report

    def _remember_decisions(self) -> None:
        for (text, country), key in self.options.place_keys.items():
            if not key.startswith(NEW_PLACE):
                self.store.places.remember(text, country, key)

    def _take_block(self, sheet: SheetPlan, block: BlockPlan) -> None:
        block = settled(self.grid, sheet.name, sheet.index, block, self.options.columns)
        self.taken[-1][1].append(block)
        reader = RowReader(self._rules(sheet, block))
        reader.section = block.home
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
            strict=True,
            merges=Merges(merged) if (merged := self.grid.sheets[sheet.index].merged) else None,
            first_row=block.first_row,
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
                    self.sections.setdefault(sheet.name, []).append((number, reader.section or ""))

    # -- verdicts ----------------------------------------------------------------------------------------------

    def _take_chunk(self, sheet: SheetPlan, rows: Sequence[ReadRow], cells: Mapping[int, Sequence[Any]]) -> None:
        rows = [self._with_new_places(replace(row, draft=self.store.canonical(row.draft))) for row in rows]
        self.judge.look_up([row.draft for row in rows])
        created: list[ReadRow] = []
        outcomes: list[RowOutcome] = []
        for row in rows:
            outcome, written = self.judge.decide(sheet.name, row)
            outcomes.append(outcome)
            if outcome.verdict == "created":
                created.append(written)
        self.judge.write()
        keys = self._write_created(created)
        for outcome in outcomes:
            self.report.counts[outcome.verdict] += 1
            if outcome.verdict == "created":
                outcome = replace(outcome, key=keys.get(outcome.number))
            elif outcome.verdict == LEFT_OUT:
                text = " ".join(as_text(cell) for cell in cells[outcome.number] if cell is not None)
                self.report.ignored.append(Ignored(sheet.name, outcome.number, f"row_{LEFT_OUT}", text))
            if self.options.decisions and outcome.key:
                self.keys[token_of((sheet.name, outcome.number))] = outcome.key
            self._keep(outcome)
            if self.target is not None:
                self.target.aside.note(outcome, cells[outcome.number])
        if self.target is not None:
            self.target.aside.write()

    def _keep(self, outcome: RowOutcome) -> None:
        """A plan keeps every outcome for the preview; a written import only what has to be told."""
        if self.target is None or outcome.problems or outcome.verdict == "duplicates":
            self.report.outcomes.append(outcome)

    def _told_apart(self) -> Iterator[tuple[str, str]]:
        """Yield the keys of the records that were said to be different ones."""
        for spot, decision in self.options.decisions.items():
            own = self.keys.get(token_of(spot))
            for other in decision.than if own else ():
                key = self.keys.get(other) if "!" in other else other
                if own and key and key != own:
                    yield own, key

    # -- writing -----------------------------------------------------------------------------------------------

    def _with_new_places(self, row: ReadRow) -> ReadRow:
        keys = (*row.draft.domestic_places, *row.draft.foreign_places)
        if self.target is None or row.verdict or not any(key.startswith(NEW_PLACE) for key in keys):
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
        facts = self.options.new_place_facts.get(key)
        if facts is None:
            return self.store.places.create(name, country, confirmed=False)
        return self.store.places.create(name, country, level=facts.level, parent=facts.parent, confirmed=True)

    def _write_created(self, rows: Sequence[ReadRow]) -> dict[int, str]:
        if self.target is None or not rows:
            return {}
        self.series.reserve(row.draft.code for row in rows)
        drafts: list[ProjectDraft] = [
            row.draft if row.draft.code else replace(row.draft, code=self.series.next_for(row.draft)) for row in rows
        ]
        ids = self.store.insert(drafts, batch_id=self.target.batch_id)
        self.target.journal.created(ids)
        return {row.number: key_of(PROJECT_KEY, new) for row, new in zip(rows, ids, strict=True)}
