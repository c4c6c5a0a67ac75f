"""Writing what was chosen of a merge: every value compared once more with the record as it is, in one transaction."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bri_desktop.db.database import now
from bri_desktop.db.exchange_models import ReturnedWorkbook
from bri_desktop.db.models import Change, ImportBatch
from bri_desktop.db.places import index_for
from bri_desktop.db.projects import ProjectStore, StoredProject
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import InputError
from bri_desktop.domain.merge import Verdict, same
from bri_desktop.domain.project import OutcomeDraft, ProjectDraft
from bri_desktop.domain.record import apply_plain, differences, outcome_from_plain, outcome_to_plain, to_plain
from bri_desktop.domain.vocabulary import PROJECT_KEY, key_of, number_of
from bri_desktop.services.codes import CodeSeries
from bri_desktop.services.exchange import problem_json
from bri_desktop.services.history import TOUCHED, Journal
from bri_desktop.services.intake_match import Matcher
from bri_desktop.services.intake_place import NEW_PLACE
from bri_desktop.services.intake_row import RowProblem
from bri_desktop.services.merging_cells import as_problem, broken_by
from bri_desktop.services.merging_plan import (
    ADDED,
    OUTCOMES_PREFIX,
    THEIRS,
    MergeDecisions,
    MergePlan,
    MergeReport,
    PlannedCell,
    PlannedRow,
)
from bri_desktop.services.projects import ALONE
from bri_desktop.services.safekeeping import back_up_before

ROWS_AT_ONCE = 500
ACTION = "return"
SKIP = "skip"
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class _Work:
    """What is to be done to one record."""

    cells: list[PlannedCell] = field(default_factory=list)
    outcomes: list[PlannedRow] = field(default_factory=list)


def preview_merge(plan: MergePlan, decisions: MergeDecisions) -> MergeReport:
    """Return what applying would do, judged by the plan alone."""
    report = _opened(plan, decisions)
    if report.stopped:
        return report
    work, new = _chosen(plan, decisions)
    report.rows_touched = len(work)
    report.cells_merged = sum(len(one.cells) + len(one.outcomes) for one in work.values())
    report.created_count = len(new)
    return report


def apply_merge(
    session: Session, plan: MergePlan, decisions: MergeDecisions, *, progress: Progress | None = None
) -> MergeReport:
    """Write the chosen values within the caller's transaction and register that the workbook came back.

    With damage that is not accepted nothing is written. A value whose record changed since the plan was made is not
    written; it stands in the report's ``conflicts``.
    """
    report = _opened(plan, decisions)
    if report.stopped:
        return report
    work, new = _chosen(plan, decisions)
    if work or new or decisions.delete:
        back_up_before(session, "merge")
        _Apply(session, plan, decisions, report, progress).run(work, new)
    _register(session, plan, decisions, report)
    report.written = True
    return report


def _opened(plan: MergePlan, decisions: MergeDecisions) -> MergeReport:
    report = MergeReport(plan, stopped=bool(plan.damage) and not decisions.accept_damage)
    report.conflicts = [c for c in plan.of(Verdict.CLASH) if decisions.of(c) is None]
    report.cleared = [c for c in plan.of(Verdict.CLEARED) if decisions.of(c) is None]
    report.problems = list(plan.problems)
    return report


def _chosen(plan: MergePlan, decisions: MergeDecisions) -> tuple[dict[int, _Work], list[PlannedRow]]:
    """Return record id -> what to do to it, and the rows that become records."""
    work: dict[int, _Work] = defaultdict(_Work)
    new: list[PlannedRow] = []
    for row in plan.rows:
        if row.kind == ADDED and decisions.rows.get((row.sheet, row.number)) != SKIP:
            if row.draft is not None:
                new.append(row)
            elif row.key:
                work[_id(row.key)].outcomes.append(row)
        for cell in row.cells:
            if decisions.of(cell) == THEIRS:
                work[_id(cell.key)].cells.append(cell)
    return dict(work), new


def _id(key: str) -> int:
    number = number_of(PROJECT_KEY, key)
    if number is None:
        raise InputError("record_unknown", key=key)
    return number


class _Apply:
    """One writing of a merge."""

    def __init__(
        self,
        session: Session,
        plan: MergePlan,
        decisions: MergeDecisions,
        report: MergeReport,
        progress: Progress | None,
    ) -> None:
        self.session = session
        self.plan = plan
        self.decisions = decisions
        self.report = report
        self.progress = progress or (lambda _done, _all: None)
        self.store = ProjectStore(session)
        self._waiting: list[tuple[StoredProject, ProjectDraft]] = []
        self._differences: list[tuple[int, Mapping[str, tuple[Any, Any]]]] = []
        self.batch = ImportBatch(
            file_name=plan.file_name, sha256=plan.sha256, at=now(), counts={}, ignored=[], problems=[]
        )
        session.add(self.batch)
        session.flush()
        self.journal = Journal(session, ACTION, batch_id=self.batch.id)

    def run(self, work: Mapping[int, _Work], new: Sequence[PlannedRow]) -> None:
        ids, done, total = sorted(work), 0, len(work) + len(new)
        for start in range(0, len(ids), ROWS_AT_ONCE):
            chunk = ids[start : start + ROWS_AT_ONCE]
            stored = self.store.read(chunk)
            for number in chunk:
                self._change(stored.get(number), work[number])
            self._write()
            done += len(chunk)
            self.progress(done, total)
        self._create(new)
        self.progress(total, total)
        self._delete()
        self._close()

    # -- records that there are --------------------------------------------------------------------------------

    def _change(self, stored: StoredProject | None, work: _Work) -> None:
        if stored is None or stored.deleted:
            self.report.conflicts += work.cells
            return
        fresh = [cell for cell in work.cells if self._still(stored, cell)]
        self.report.conflicts += [cell for cell in work.cells if cell not in fresh]
        taken = {cell.field: cell.returned for cell in fresh if not cell.field.startswith(OUTCOMES_PREFIX)}
        if ALONE & taken.keys():
            self._write()  # these are judged by what the records before have by then
        blamed = broken_by(self.store, stored, taken)
        for cell in [cell for cell in fresh if cell.field in blamed]:
            code, values = blamed[cell.field]
            self.report.problems.append(as_problem(replace(cell, reason=code, values=values)))
        fresh = [cell for cell in fresh if cell.field not in blamed]
        taken = {name: value for name, value in taken.items() if name not in blamed}
        draft = apply_plain(stored.draft, taken)
        draft = replace(draft, outcomes=_outcomes(draft.outcomes, fresh, work.outcomes))
        draft = self.store.canonical(self._with_real_places(draft))
        changed = differences(stored.draft, draft)
        if changed:
            self._waiting.append((stored, draft))
            self._differences.append((stored.id, changed))
            self.report.rows_touched += 1
            self.report.cells_merged += len(fresh) + len(work.outcomes)

    def _write(self) -> None:
        self.store.update_many(self._waiting)
        self.journal.updated_many(self._differences)
        self._waiting.clear()
        self._differences.clear()

    def _still(self, stored: StoredProject, cell: PlannedCell) -> bool:
        """Tell whether our value is the one that the plan saw."""
        if not cell.field.startswith(OUTCOMES_PREFIX):
            return same(cell.field, to_plain(cell.field, getattr(stored.draft, cell.field)), cell.current)
        if cell.place is None:
            return True
        if cell.place >= len(stored.draft.outcomes):
            return False
        part = outcome_to_plain(stored.draft.outcomes[cell.place])[cell.field.rpartition(".")[2]]
        return same("", part, cell.current)

    def _with_real_places(self, draft: ProjectDraft) -> ProjectDraft:
        if not any(key.startswith(NEW_PLACE) for key in (*draft.domestic_places, *draft.foreign_places)):
            return draft
        domestic, foreign = map(self._real_places, (draft.domestic_places, draft.foreign_places))
        return replace(draft, domestic_places=tuple(domestic), foreign_places=tuple(foreign))

    def _real_places(self, keys: Sequence[str]) -> Iterator[str]:
        for key in keys:
            if key.startswith(NEW_PLACE):
                country, _, name = key.removeprefix(NEW_PLACE).partition(":")
                yield self.store.places.create(name, country, confirmed=False)
            else:
                yield key

    # -- new records -------------------------------------------------------------------------------------------

    def _create(self, new: Sequence[PlannedRow]) -> None:
        ready = self._not_there_yet(new)
        series = CodeSeries(self.session)
        series.reserve(row.draft.code for row in ready if row.draft)
        drafts: list[ProjectDraft] = []
        for row in ready:
            draft = self._with_real_places(row.draft or ProjectDraft())
            drafts.append(draft if draft.code else replace(draft, code=series.next_for(draft)))
        ids = self.store.insert(drafts, batch_id=self.batch.id) if drafts else []
        self.journal.created(ids)
        for row, number in zip(ready, ids, strict=True):
            self.report.created[row.digest] = key_of(PROJECT_KEY, number)
        self.report.created_count = len(ids)

    def _not_there_yet(self, new: Sequence[PlannedRow]) -> list[PlannedRow]:
        """Leave out rows of which somebody has made a record since the plan."""
        matcher = Matcher(self.session, index_for(self.session), own_batch=self.batch.id)
        ready: list[PlannedRow] = []
        for start in range(0, len(new), ROWS_AT_ONCE):
            chunk = new[start : start + ROWS_AT_ONCE]
            drafts = [row.draft for row in chunk if row.draft is not None]
            matcher.look_up(drafts)
            for row, draft in zip(chunk, drafts, strict=True):
                same_records = [] if self._decided_other(row) else matcher.records(draft)
                if same_records or matcher.holder(draft.code) is not None:
                    key = key_of(PROJECT_KEY, same_records[0].id if same_records else matcher.holder(draft.code) or 0)
                    where = f"A{row.number}"
                    self.report.problems.append(
                        RowProblem(row.sheet, where, "title", row.title, "possible_duplicate", "pending", {"key": key})
                    )
                else:
                    ready.append(row)
        return ready

    def _decided_other(self, row: PlannedRow) -> bool:
        return self.decisions.rows.get((row.sheet, row.number)) == "new"

    # -- the end -----------------------------------------------------------------------------------------------

    def _delete(self) -> None:
        known = {row.key for row in self.plan.missing if "." not in row.key}
        ids = [_id(key) for key in sorted(self.decisions.delete & known)]
        for stored in self.store.read(ids).values():
            if not stored.deleted:
                self.store.set_deleted(stored.id, now(), version=stored.version + 1)
                self.journal.moved([stored.id], "delete")
                self.report.deleted.append(stored.key)

    def _close(self) -> None:
        report = self.report
        if not (report.rows_touched or report.created_count or report.deleted):
            self.session.delete(self.session.get_one(Change, self.journal.change_id))
            self.session.flush()
            self.session.delete(self.batch)
            self.session.flush()
            return
        counts = self.plan.counts
        self.batch.sheets = "；".join(dict.fromkeys(row.sheet for row in self.plan.rows))
        self.batch.counts = {
            "created": report.created_count,
            "updated": report.rows_touched,
            "unchanged": max(0, counts.get("row_matched", 0) - report.rows_touched),
            "duplicates": counts.get("row_duplicate", 0),
            "refused": counts.get("row_refused", 0),
            "pending": counts.get("row_pending", 0),
        }
        self.batch.problems = [problem_json(problem) for problem in report.problems]
        self.session.flush()
        report.batch = self.batch.id
        report.changes = Changes(TOUCHED | {"batch", "issued"})


def _outcomes(
    current: Sequence[OutcomeDraft], cells: Sequence[PlannedCell], added: Sequence[PlannedRow]
) -> tuple[OutcomeDraft, ...]:
    """Return the outcomes with the chosen parts set, those taken again that were gone, and the new ones at the end."""
    plain = [outcome_to_plain(outcome) for outcome in current]
    again: dict[str, dict[str, Any]] = {}
    for cell in cells:
        if not cell.field.startswith(OUTCOMES_PREFIX):
            continue
        _, position, part = cell.field.split(".")
        if cell.place is not None:
            plain[cell.place] = {**plain[cell.place], part: cell.returned}
        else:
            again.setdefault(position, outcome_to_plain(OutcomeDraft()))[part] = cell.returned
    made = [outcome_from_plain(outcome) for outcome in (*plain, *again.values())]
    made += [row.outcome for row in added if row.outcome is not None and row.outcome not in made]
    return tuple(made)


def _register(session: Session, plan: MergePlan, decisions: MergeDecisions, report: MergeReport) -> None:
    """Keep that the workbook came back, and what was decided; the same file is one entry however often it comes."""
    row = _entry(session, plan)
    row.merged_at = now()
    row.batch_id = report.batch or row.batch_id
    row.counts = {
        **plan.counts,
        "rows_touched": report.rows_touched,
        "cells_merged": report.cells_merged,
        "created": report.created_count,
        "conflicts": len(report.conflicts),
        "cleared": len(report.cleared),
        "missing": len(plan.missing),
        "damage": len(plan.damage),
        "problems": len(report.problems),
    }
    row.decisions = {
        **row.decisions,
        "prefer": decisions.prefer,
        "accept_damage": [one.kind for one in plan.damage] if decisions.accept_damage else [],
        "cells": [[key, name, choice] for (key, name), choice in sorted(decisions.cells.items())],
        "created": {**row.decisions.get("created", {}), **report.created},
    }
    session.flush()
    report.changes = report.changes | Changes(frozenset({"issued"}))


def _entry(session: Session, plan: MergePlan) -> ReturnedWorkbook:
    """Return the entry of this file, made where it comes for the first time."""
    query = select(ReturnedWorkbook).where(ReturnedWorkbook.sha256 == plan.sha256)
    if plan.workbook_id is not None:
        query = query.where(ReturnedWorkbook.workbook_id == plan.workbook_id)
    row = session.scalars(query.order_by(ReturnedWorkbook.id.desc()).limit(1)).first()
    if row is None:
        row = ReturnedWorkbook(workbook_id=plan.workbook_id, file_name=plan.file_name, sha256=plan.sha256)
        row.received_at, row.counts, row.decisions = now(), {}, {}
        session.add(row)
    return row
