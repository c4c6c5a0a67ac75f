"""The sheet of projects of a returned workbook: rows by their key, rows without one, rows that are missing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bri_desktop.db.projects import StoredProject
from bri_desktop.domain.vocabulary import PROJECT_KEY, key_of, number_of
from bri_desktop.excel.issued_book import FoundTable
from bri_desktop.excel.issued_cells import Words
from bri_desktop.services.intake_row import RowProblem
from bri_desktop.services.merging_cells import ProjectCells, Versions, mapped_columns
from bri_desktop.services.merging_context import ROWS_AT_ONCE, Planning
from bri_desktop.services.merging_damage import scan_damage
from bri_desktop.services.merging_long import returned_long_texts
from bri_desktop.services.merging_plan import DUPLICATE, GONE, MATCHED, MissingRow, PlannedRow
from bri_desktop.services.merging_rows import UnkeyedRow
from bri_desktop.services.merging_scan import IssuedValues, Scan, ScannedRow, Scanner


class ProjectSheet:
    """Plans one sheet of projects."""

    def __init__(self, planning: Planning, table: FoundTable, issued: IssuedValues) -> None:
        self.planning = planning
        self.found = planning.found
        self.table = table
        self.issued = issued
        self.comparer = ProjectCells(planning.store, table, planning.rules)

    def take(self, words: Words) -> None:
        """Plan every row of the sheet."""
        planning = self.planning
        long = returned_long_texts(planning.grid)
        scanner = Scanner(self.issued, self.table, words, planning.typed(self.table), long=long)
        scan = scanner.run(planning.grid, planning.progress, planning.cancelled)
        self.found.damage += scan_damage(scan)
        self._tell_missing(scan)
        self.found.counts["rows"] += sum(not row.emptied for row in scan.rows)
        self._compare([row for row in scan.rows if row.key is not None and not row.emptied])
        self._take_unkeyed(scan)

    def _compare(self, rows: Sequence[ScannedRow]) -> None:
        """Compare the rows whose cells or whose records changed; of all others it is known that nothing did."""
        waiting: list[ScannedRow] = []
        for row in rows:
            number = _number(row)
            if row.changed or self.planning.versions.get(number) != (self.issued.versions[number], False):
                waiting.append(row)
            else:
                self.found.unchanged += len(self.comparer.fields)
                self.found.counts["row_matched"] += 1
        for start in range(0, len(waiting), ROWS_AT_ONCE):
            self.planning.stop_if_cancelled()
            chunk = waiting[start : start + ROWS_AT_ONCE]
            numbers = [_number(row) for row in chunk]
            sent, stored = self.issued.read(numbers), self.planning.store.read(numbers)
            self.planning.session.expunge_all()
            for row, number in zip(chunk, numbers, strict=True):
                self._compare_row(row, sent[number], stored.get(number))

    def _compare_row(self, row: ScannedRow, sent: Mapping[str, Any], stored: StoredProject | None) -> None:
        count = len(self.comparer.fields)
        if stored is None or stored.deleted:
            self.found.counts["row_gone"] += 1
            self.found.unchanged += count
            self.found.rows.append(self._gone(row, str(sent.get("title") or "")))
            return
        cells = self.comparer.compare(row, Versions(sent, stored))
        self.found.unchanged += count - len(cells)
        self.found.counts["row_matched"] += 1
        if cells or row.by != "key":
            title = stored.draft.title or ""
            self.found.rows.append(
                PlannedRow(self.table.name, row.number, MATCHED, row.key, title, tuple(cells), by=row.by)
            )

    def _gone(self, row: ScannedRow, title: str) -> PlannedRow:
        """Return the row of a record that is in the bin; only a changed one is a problem."""
        problems: tuple[RowProblem, ...] = ()
        if row.changed:
            where = self.table.address(row.changed[0], row.number)
            values = {"key": row.key}
            problems = (RowProblem(self.table.name, where, "title", title, "record_in_bin", "refused", values),)
        return PlannedRow(self.table.name, row.number, GONE, row.key, title, problems=problems, by=row.by)

    def _tell_missing(self, scan: Scan) -> None:
        present = {_number(row) for row in scan.rows if row.key is not None}
        emptied = {_number(row) for row in scan.rows if row.key is not None and row.emptied}
        gone = [number for number in self.issued.positions if number not in present or number in emptied]
        titles = self.planning.titles(gone)
        self.found.missing += [
            MissingRow(key_of(PROJECT_KEY, number), titles[number], number in emptied, self.table.name)
            for number in gone
            if number in titles
        ]

    def _take_unkeyed(self, scan: Scan) -> None:
        rows = [row for row in scan.rows if row.key is None]
        for row in rows:
            if row.cells is None:  # an exact copy of another row
                self.found.rows.append(PlannedRow(self.table.name, row.number, DUPLICATE, None, "", by="content"))
                self.found.counts["row_duplicate"] += 1
        unkeyed = self.planning.unkeyed(self.issued.workbook_id, self.comparer.read_only)
        unkeyed.present = {row.key for row in scan.rows if row.key is not None}
        rules = replace(self.planning.rules, sheet=self.table.name, columns=mapped_columns(self.table))
        unkeyed.take(rules, (UnkeyedRow(row.number, row.cells) for row in rows if row.cells is not None))
        self.planning.keep(unkeyed)


def _number(row: ScannedRow) -> int:
    number = number_of(PROJECT_KEY, row.key or "")
    assert number is not None
    return number
