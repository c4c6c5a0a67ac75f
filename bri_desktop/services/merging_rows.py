"""Rows that carry no key: new projects, second copies of known ones, and whole ledgers that lost their marks.

They are judged as the importer judges the rows of any ledger; but where a record is found, a value of it that differs
is a clash, since nobody knows what was sent.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bri_desktop.db.projects import ProjectStore, StoredProject
from bri_desktop.domain.merge import UNKNOWN, Verdict, decide
from bri_desktop.domain.record import to_plain
from bri_desktop.domain.vocabulary import PROJECT_KEY, number_of
from bri_desktop.services.exchange import ImportOptions
from bri_desktop.services.intake_judge import LEFT_OUT, Judge
from bri_desktop.services.intake_match import Matcher
from bri_desktop.services.intake_row import PENDING, REFUSED, ReadingRules, ReadRow, RowProblem, RowReader, as_text
from bri_desktop.services.merging_cells import refuse_broken
from bri_desktop.services.merging_plan import (
    ADDED,
    DUPLICATE,
    GONE,
    LEFT,
    MATCHED,
    PENDING_ROW,
    REFUSED_ROW,
    PlannedCell,
    PlannedRow,
)

ROWS_AT_ONCE = 500
_KINDS = {"duplicates": DUPLICATE, REFUSED: REFUSED_ROW, PENDING: PENDING_ROW, LEFT_OUT: LEFT}


@dataclass(frozen=True, slots=True)
class UnkeyedRow:
    """A row as it was read: its number and cells, in the order of the reader's columns."""

    number: int
    cells: Sequence[Any]


@dataclass(slots=True)
class UnkeyedRows:
    """Plans rows without keys. ``earlier`` is digest -> key of rows that became records when they came before;
    ``present`` are the records that other rows of the workbook hold by their key."""

    store: ProjectStore
    matcher: Matcher
    options: ImportOptions
    read_only: frozenset[str] = frozenset()
    earlier: Mapping[str, str] = field(default_factory=dict)
    present: set[str] = field(default_factory=set)
    unchanged: int = 0
    planned: list[PlannedRow] = field(default_factory=list)
    _judge: Judge | None = None

    def take(self, rules: ReadingRules, rows: Iterable[UnkeyedRow]) -> None:
        """Plan rows of one table."""
        reader = RowReader(rules)
        waiting = list(rows)
        for start in range(0, len(waiting), ROWS_AT_ONCE):
            chunk = waiting[start : start + ROWS_AT_ONCE]
            read = [reader.read(row.number, row.cells) for row in chunk]
            read = [replace(row, draft=self.store.canonical(row.draft)) for row in read]
            self._judged().look_up([row.draft for row in read])
            for row, one in zip(chunk, read, strict=True):
                self.planned.append(self._plan(rules, one, row.cells))

    def _plan(self, rules: ReadingRules, row: ReadRow, cells: Sequence[Any]) -> PlannedRow:
        digest = row_digest(rules, cells)
        title = row.draft.title or ""
        planned = PlannedRow(
            rules.sheet,
            row.number,
            ADDED,
            None,
            title,
            problems=row.problems,
            by="content",
            digest=digest,
            title_cell=f"{_letter(rules, 'title')}{row.number}",
        )
        known = self._stored(self.earlier.get(digest))
        if known is not None:
            return self._matched(rules, planned, row, cells, known)
        outcome, row = self._judged().decide(rules.sheet, row)
        if outcome.verdict in _KINDS:
            return replace(
                planned, kind=_KINDS[outcome.verdict], problems=outcome.problems, same_as_row=outcome.same_as_row
            )
        if outcome.verdict == "created":
            return replace(planned, draft=row.draft)
        stored = self._stored(outcome.key)
        if stored is None:
            return replace(planned, draft=row.draft)
        return self._matched(rules, planned, row, cells, stored)

    def _judged(self) -> Judge:
        if self._judge is None:
            options = self.options
            self._judge = Judge(self.store, self.matcher, None, options.decisions, options.left_out)
        return self._judge

    def _stored(self, key: str | None) -> StoredProject | None:
        number = number_of(PROJECT_KEY, key) if key else None
        return None if number is None else self.store.read([number]).get(number)

    def _matched(
        self, rules: ReadingRules, planned: PlannedRow, row: ReadRow, cells: Sequence[Any], stored: StoredProject
    ) -> PlannedRow:
        """Compare a row with the record that it was found to be; another row may hold that record by its key."""
        found = self._cells(rules, row, cells, stored)
        if stored.key in self.present:
            if not found:
                return replace(planned, kind=DUPLICATE, key=stored.key)
            where = _letter(rules, "title") + str(row.number)
            problem = RowProblem(
                rules.sheet, where, "title", planned.title, "possible_duplicate", PENDING, {"key": stored.key}
            )
            return replace(planned, kind=PENDING_ROW, key=stored.key, problems=(problem,))
        if stored.deleted:
            problem = RowProblem(
                rules.sheet, planned.title_cell, "title", planned.title, "record_in_bin", REFUSED, {"key": stored.key}
            )
            return replace(planned, kind=GONE, key=stored.key, problems=(problem,))
        return replace(planned, kind=MATCHED, key=stored.key, cells=tuple(found), problems=())

    def _cells(
        self, rules: ReadingRules, row: ReadRow, cells: Sequence[Any], stored: StoredProject
    ) -> list[PlannedCell]:
        found: list[PlannedCell] = []
        for name in sorted(row.given, key=lambda name: _index(rules, name)):
            current = to_plain(name, getattr(stored.draft, name))
            value = to_plain(name, getattr(row.draft, name))
            verdict = decide(name, UNKNOWN, current, value, read_only=name in self.read_only)
            if verdict is Verdict.UNCHANGED:
                self.unchanged += 1
                continue
            index = _index(rules, name)
            written = as_text(cells[index]).strip() if index < len(cells) else ""
            where = f"{_letter(rules, name)}{row.number}"
            reason = "cell_read_only" if verdict is Verdict.READ_ONLY else None
            found.append(
                PlannedCell(
                    stored.key,
                    stored.draft.title or "",
                    name,
                    verdict,
                    None,
                    current,
                    value,
                    written,
                    rules.sheet,
                    where,
                    reason,
                )
            )
        return refuse_broken(self.store, stored, found)


def row_digest(rules: ReadingRules, cells: Sequence[Any]) -> str:
    """Return what a row of this content has in every workbook, wherever its columns stand."""
    texts = sorted(
        (column.field or "", as_text(cells[column.index]).strip())
        for column in rules.columns
        if column.index < len(cells) and as_text(cells[column.index]).strip()
    )
    return hashlib.sha256(repr(texts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _index(rules: ReadingRules, name: str) -> int:
    return next((column.index for column in rules.columns if column.field == name), 10_000)


def _letter(rules: ReadingRules, name: str) -> str:
    return next((column.letter for column in rules.columns if column.field == name), "A")
