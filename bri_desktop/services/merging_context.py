"""What the parts of a plan share: the session and what was read from it once, the rows found so far, the answers."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bri_desktop.db.exchange_models import ReturnedWorkbook
from bri_desktop.db.models import ImportBatch, Project
from bri_desktop.db.places import index_for
from bri_desktop.db.projects import ProjectStore
from bri_desktop.domain.errors import InputError
from bri_desktop.domain.folding import fold
from bri_desktop.domain.vocabulary import PROJECT_KEY, key_of, number_of
from bri_desktop.excel.grid import Grid
from bri_desktop.excel.issued_book import FoundTable
from bri_desktop.services.exchange import ImportOptions
from bri_desktop.services.intake_match import Matcher
from bri_desktop.services.intake_row import ReadingRules, RowProblem
from bri_desktop.services.merging_plan import ADDED, Damage, MissingRow, PlannedRow
from bri_desktop.services.merging_rows import UnkeyedRows
from bri_desktop.services.projects import today
from bri_desktop.services.reference import known_names, project_finder, read_codebook

ROWS_AT_ONCE = 500
Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


@dataclass(slots=True)
class Found:
    """What is put together while a plan is made."""

    rows: list[PlannedRow] = field(default_factory=list)
    missing: list[MissingRow] = field(default_factory=list)
    damage: list[Damage] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    unchanged: int = 0
    counts: Counter[str] = field(default_factory=Counter)


@dataclass
class Planning:
    """One plan in the making; ``new`` is folded title -> place in ``found.rows`` of each new project."""

    session: Session
    grid: Grid
    options: ImportOptions
    progress: Progress | None = None
    cancelled: Cancelled | None = None
    found: Found = field(default_factory=Found)
    new: dict[str, int] = field(default_factory=dict)

    @cached_property
    def store(self) -> ProjectStore:
        """The projects of the ledger."""
        return ProjectStore(self.session)

    @cached_property
    def rules(self) -> ReadingRules:
        """How cells are read; a table gives sheet and columns."""
        return ReadingRules(
            sheet="",
            columns=(),
            codes=read_codebook(self.session),
            places=index_for(self.session),
            known_names=known_names(self.session),
            find_project=project_finder(self.session),
            today=today(),
            new_places=self.options.new_places,
            place_keys=self.options.place_keys,
            code_values=self.options.code_values,
        )

    @cached_property
    def versions(self) -> dict[int, tuple[int, bool]]:
        """Return id -> (version, in the bin) of every project."""
        rows = self.session.execute(select(Project.id, Project.version, Project.deleted_at))
        return {number: (version, deleted is not None) for number, version, deleted in rows}

    def stop_if_cancelled(self) -> None:
        """Raise ``cancelled`` where the caller has given up."""
        if self.cancelled is not None and self.cancelled():
            raise InputError("cancelled")

    def typed(self, table: FoundTable) -> dict[tuple[int, int], Any]:
        """Return (row, number of the issued column) -> what a person typed instead of a cell."""
        places = {place: n for n, place in enumerate(table.places) if place is not None}
        return {
            (row, places[place]): value
            for (sheet, row, place), value in self.options.values.items()
            if sheet == table.name and place in places
        }

    def titles(self, ids: Sequence[int]) -> dict[int, str]:
        """Return the titles of the living records among ``ids``."""
        found: dict[int, str] = {}
        for start in range(0, len(ids), ROWS_AT_ONCE):
            # The bin is left out here: as a condition it makes SQLite walk through the index of all living projects.
            query = select(Project.id, Project.title, Project.deleted_at)
            rows = self.session.execute(query.where(Project.id.in_(ids[start : start + ROWS_AT_ONCE])))
            found.update((number, title) for number, title, deleted in rows if deleted is None)
        return found

    def unkeyed(self, workbook_id: int | None, read_only: frozenset[str] = frozenset()) -> UnkeyedRows:
        """Return what plans the rows without a key."""
        matcher = Matcher(self.session, self.rules.places)
        return UnkeyedRows(self.store, matcher, self.options, read_only, self._earlier(workbook_id))

    def keep(self, unkeyed: UnkeyedRows) -> None:
        """Take over what was planned of rows without a key."""
        for row in unkeyed.planned:
            self.found.counts[f"row_{row.kind}"] += 1
            if row.kind == ADDED:
                self.new.setdefault(fold(row.title), len(self.found.rows))
            self.found.rows.append(row)
        self.found.unchanged += unkeyed.unchanged

    def _earlier(self, workbook_id: int | None) -> Mapping[str, str]:
        """Return digest -> key of the rows that became records when this workbook came back before."""
        if workbook_id is None:
            return {}
        query = select(ReturnedWorkbook.decisions).where(ReturnedWorkbook.workbook_id == workbook_id)
        made = [pair for decisions in self.session.scalars(query) for pair in decisions.get("created", {}).items()]
        gone = self._taken_back([key for _, key in made])
        return {digest: key for digest, key in made if key not in gone}

    def _taken_back(self, keys: Sequence[str]) -> set[str]:
        """Return the keys of records that went with the batch that made them: their rows are new once more."""
        ids = [number for key in keys if (number := number_of(PROJECT_KEY, key)) is not None]
        gone: set[str] = set()
        for start in range(0, len(ids), ROWS_AT_ONCE):
            query = (
                select(Project.id)
                .join(ImportBatch, ImportBatch.id == Project.batch_id)
                .where(
                    Project.id.in_(ids[start : start + ROWS_AT_ONCE]),
                    Project.deleted_at.is_not(None),
                    ImportBatch.undone_at.is_not(None),
                )
            )
            gone.update(key_of(PROJECT_KEY, number) for number in self.session.scalars(query))
        return gone
