"""The sheet of outcomes of a returned workbook: those sent, by project, and new ones for the projects they name."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select

from bri_desktop.db.models import Project
from bri_desktop.domain.folding import fold
from bri_desktop.domain.project import OutcomeDraft
from bri_desktop.domain.vocabulary import PROJECT_KEY, key_of, number_of
from bri_desktop.excel.issued_book import FoundTable
from bri_desktop.excel.issued_cells import Words
from bri_desktop.excel.issued_layout import parse_outcome_key
from bri_desktop.services.merging_context import ROWS_AT_ONCE, Planning
from bri_desktop.services.merging_damage import scan_damage
from bri_desktop.services.merging_outcomes import OutcomeReader, OutcomesMerge, by_project
from bri_desktop.services.merging_plan import ADDED
from bri_desktop.services.merging_scan import OF_OUTCOMES, IssuedValues, Scan, ScannedRow, Scanner

Rows = Mapping[str, Mapping[int, ScannedRow]]


class OutcomeSheet:
    """Plans one sheet of outcomes; ``keys`` are those of the outcomes that were issued."""

    def __init__(self, planning: Planning, table: FoundTable, issued: IssuedValues, keys: Sequence[str]) -> None:
        self.planning = planning
        self.table = table
        self.issued = issued
        self.keys = keys

    def take(self, words: Words) -> None:
        """Plan every row of the sheet."""
        planning = self.planning
        scanner = Scanner(self.issued, self.table, words, planning.typed(self.table), self.keys)
        scan = scanner.run(planning.grid, None, planning.cancelled)
        planning.found.damage += scan_damage(scan)
        merge = OutcomesMerge(scan, OutcomeReader(self.table, planning.rules.codes))
        rows = by_project(scan.rows)
        sent_to = Counter(parsed[0] for key in self.keys if (parsed := parse_outcome_key(key)) is not None)
        waiting: list[int] = []
        for number in self.issued.positions:
            count = sent_to[key_of(PROJECT_KEY, number)]
            if count and self._needs_look(number, count, rows):
                waiting.append(number)
            else:
                merge.plan.unchanged += count * len(merge.reader.groups)
        for start in range(0, len(waiting), ROWS_AT_ONCE):
            planning.stop_if_cancelled()
            self._compare(waiting[start : start + ROWS_AT_ONCE], rows, merge)
        self._take_new(scan, merge)
        planning.found.missing += merge.plan.missing
        planning.found.unchanged += merge.plan.unchanged
        planning.found.counts["outcome_rows"] = len(scan.rows)

    def _compare(self, numbers: Sequence[int], rows: Rows, merge: OutcomesMerge) -> None:
        values = self.issued.read(numbers, OF_OUTCOMES)
        stored = self.planning.store.read(numbers)
        self.planning.session.expunge_all()
        for number in numbers:
            if number in stored and not stored[number].deleted:
                mine = rows.get(key_of(PROJECT_KEY, number), {})
                sent = tuple(values[number].get("outcomes") or ())
                self.planning.found.rows += merge.compare(stored[number], sent, mine)

    def _needs_look(self, number: int, sent: int, rows: Rows) -> bool:
        mine = rows.get(key_of(PROJECT_KEY, number), {})
        touched = len(mine) < sent or any(row.changed or row.emptied for row in mine.values())
        return touched or self.planning.versions.get(number) != (self.issued.versions[number], False)

    # -- new outcomes ------------------------------------------------------------------------------------------

    def _take_new(self, scan: Scan, merge: OutcomesMerge) -> None:
        for row in scan.rows:
            if row.key is None:
                merge.added(row, self._project_of)
        found = self.planning.found
        for new in merge.plan.rows:
            found.counts[f"outcome_{new.kind}"] += 1
            if new.kind == ADDED and new.key == "" and new.outcome is not None:
                self._add_to_new(new.title.rpartition(" · ")[0], new.outcome)
            else:
                found.rows.append(new)

    def _project_of(self, code: str, title: str) -> tuple[str, str, Sequence[OutcomeDraft]] | None:
        """Return key, title and outcomes of the project that a row of an outcome names; key ``""``: a new one."""
        planning = self.planning
        key = planning.rules.find_project(code) if code else None
        if key is None and (place := planning.new.get(fold(title))) is not None:
            draft = planning.found.rows[place].draft
            return "", title, draft.outcomes if draft else ()
        if key is None and title and not code:
            query = select(Project.id).where(Project.title == title, Project.deleted_at.is_(None)).limit(2)
            same = planning.session.scalars(query).all()
            key = key_of(PROJECT_KEY, same[0]) if len(same) == 1 else None
        number = number_of(PROJECT_KEY, key) if key else None
        if key is None or number is None:
            return None
        stored = planning.store.read([number])[number]
        return key, stored.draft.title or "", stored.draft.outcomes

    def _add_to_new(self, title: str, outcome: OutcomeDraft) -> None:
        place = self.planning.new[fold(title)]
        row = self.planning.found.rows[place]
        if row.draft is not None:
            draft = replace(row.draft, outcomes=(*row.draft.outcomes, outcome))
            self.planning.found.rows[place] = replace(row, draft=draft)
