"""The fields of one returned row, read as the importer reads them, beside what was sent and what is there now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bri_desktop.db.projects import ProjectStore, StoredProject
from bri_desktop.domain.merge import UNKNOWN, MergedCell, Verdict, decide, is_empty
from bri_desktop.domain.record import apply_plain, to_plain
from bri_desktop.domain.validation import validate
from bri_desktop.domain.vocabulary import FIELD_BY_CODE
from bri_desktop.excel.issued_book import FoundTable
from bri_desktop.excel.issued_layout import COUNTRY, CURRENCY, KEY, Column
from bri_desktop.excel.sheet_text import MAX_CELL, units
from bri_desktop.services.intake_clearing import CLEAR_MARK
from bri_desktop.services.intake_row import MappedColumn, ReadingRules, RowProblem, RowReader, as_text
from bri_desktop.services.merging_long import is_part_of
from bri_desktop.services.merging_plan import PlannedCell
from bri_desktop.services.merging_scan import LONG_FROM, ScannedRow
from bri_desktop.services.projects import InvalidProjectError, check, today

WHOLE_RECORD = frozenset({"before_start", "date_in_future", "same_as_primary", "pair_needs_two_places"})
"""Problems that concern several fields: judged on the merged record, not on the few cells that changed."""

PARTS = {COUNTRY: "foreign_places", CURRENCY: "amount"}
_DERIVED = {"domain": ("domains",), "mode": ("submode",), "submode": ("mode",)}
_TOGETHER = frozenset({"pair_kind", "domestic_places", "foreign_places"})
_PASSES = 4


def field_of(column: Column) -> str:
    """Return the field that a column is a part of."""
    return column.part_of or column.field


def mapped_columns(table: FoundTable) -> list[MappedColumn]:
    """Return the columns as the importer takes them; indexes count the issued columns."""
    return [
        MappedColumn(n, table.address(n, 1)[:-1], column.header, column.field, None, "name", 1.0)
        for n, column in enumerate(table.columns)
        if column.field != KEY and table.has(n)
    ]


def is_clear_mark(cell: Any) -> bool:
    """Tell whether a cell says in so many words that its value is to go."""
    return isinstance(cell, str) and cell.strip() == CLEAR_MARK


@dataclass(frozen=True, slots=True)
class Versions:
    """The plain values of a record as sent (``None``: not known) and the record as it is."""

    issued: Mapping[str, Any] | None
    stored: StoredProject


class ProjectCells:
    """Compares the rows of the table of projects with their records."""

    def __init__(self, store: ProjectStore, table: FoundTable, rules: ReadingRules) -> None:
        self.store = store
        self.table = table
        self.reader = RowReader(replace(rules, sheet=table.name, columns=mapped_columns(table)))
        self.groups: dict[str, list[int]] = {}
        for n, column in enumerate(table.columns):
            if column.field != KEY and table.has(n):
                self.groups.setdefault(field_of(column), []).append(n)
        own = {column.field for n, column in enumerate(table.columns) if table.has(n)}
        self.groups = {name: numbers for name, numbers in self.groups.items() if name in own}
        self.read_only = frozenset(column.field for column in table.columns if column.read_only)

    @property
    def fields(self) -> list[str]:
        """The fields that came back."""
        return list(self.groups)

    def compare(self, row: ScannedRow, versions: Versions) -> list[PlannedCell]:
        """Return the cells of a row that are not simply unchanged."""
        changed = {field_of(self.table.columns[n]) for n in row.changed} & self.groups.keys()
        returned, problems = self._returned(row, changed, versions.issued)
        cells = []
        for name in self.groups:
            if name in problems:
                cells.append(self._invalid(row, versions, name, problems[name]))
                continue
            cell = self._decided(row, versions, name, returned)
            if cell is not None:
                cells.append(cell)
        return refuse_broken(self.store, versions.stored, cells)

    # -- reading -----------------------------------------------------------------------------------------------

    def _returned(
        self, row: ScannedRow, changed: set[str], issued: Mapping[str, Any] | None
    ) -> tuple[dict[str, Any], dict[str, RowProblem]]:
        """Return field -> plain value of the changed fields, and field -> what is wrong with it."""
        if not changed or row.cells is None:
            return {}, {}
        numbers = {n for name in changed for n in self.groups[name]}
        cells = [self._readable(row, n, issued) if n in numbers else None for n in range(len(row.cells))]
        read = self.reader.read(row.number, cells)
        problems: dict[str, RowProblem] = {}
        for problem in read.problems:
            name = PARTS.get(problem.field, problem.field)
            if name in changed and problem.code not in WHOLE_RECORD:
                problems.setdefault(name, problem)
        draft = self.store.canonical(read.draft)
        values = {name: to_plain(name, getattr(draft, name)) for name in changed if name != "visibility"}
        if "visibility" in changed:
            values["visibility"] = read.draft.visibility
        for name in changed:
            for other in _DERIVED.get(name, ()):
                if other not in changed and (value := to_plain(other, getattr(draft, other))):
                    values.setdefault(other, value)
        self._shortened(row, changed, issued or {}, values, problems)
        return values, problems

    def _readable(self, row: ScannedRow, n: int, issued: Mapping[str, Any] | None) -> Any:
        """Return the cell to read; a currency that was only deleted stays what it was."""
        assert row.cells is not None
        cell = row.cells[n]
        if is_clear_mark(cell):
            return None
        column = self.table.columns[n]
        if column.field == CURRENCY and as_text(cell).strip() == "" and issued and issued.get("amount"):
            amount = row.cells[self.groups["amount"][0]]
            return issued["amount"]["currency"] if isinstance(amount, int | float) else cell
        return cell

    def _shortened(
        self,
        row: ScannedRow,
        changed: set[str],
        issued: Mapping[str, Any],
        values: Mapping[str, Any],
        problems: dict[str, RowProblem],
    ) -> None:
        """Refuse what is left of a text that the cell could not hold; ``problems`` gets what is wrong."""
        for name in changed - problems.keys():
            value, place = values.get(name), self.groups[name][0]
            if place in row.whole or not isinstance(value, str) or units(value) > MAX_CELL:
                continue
            if units(value) > LONG_FROM or is_part_of(issued.get(name), value):
                cell = self.table.address(place, row.number)
                problems[name] = RowProblem(self.table.name, cell, name, value[:60], "text_was_shortened", "refused")

    # -- verdicts ----------------------------------------------------------------------------------------------

    def _decided(
        self, row: ScannedRow, versions: Versions, name: str, returned: Mapping[str, Any]
    ) -> PlannedCell | None:
        """Return what becomes of a field; ``None`` where nothing changed."""
        current = to_plain(name, getattr(versions.stored.draft, name))
        issued = UNKNOWN if versions.issued is None else versions.issued.get(name, UNKNOWN)
        touched = {n for n in self.groups[name] if n in row.changed}
        value = returned.get(name, None if issued is UNKNOWN else issued)
        if name in returned and not touched and not (is_empty(issued) and is_empty(current)):
            value = issued  # a value that only follows from another cell fills a gap, and overrules nothing
        verdict = decide(name, issued, current, value, read_only=name in self.read_only)
        own = self.groups[name][0]
        emptied = own in touched and row.cells is not None and as_text(row.cells[own]).strip() == ""
        explicit = own in touched and row.cells is not None and is_clear_mark(row.cells[own])
        reason = "cell_read_only" if verdict is Verdict.READ_ONLY else None
        if explicit and verdict is Verdict.CLEARED:
            verdict = Verdict.THEIRS if issued == current else Verdict.CLASH
        elif emptied and verdict in (Verdict.THEIRS, Verdict.CLASH):
            verdict = Verdict.CLEARED
        if name == "title" and is_empty(value) and verdict is not Verdict.UNCHANGED and touched:
            verdict, reason = Verdict.INVALID, "required"
        if verdict is Verdict.UNCHANGED:
            return None
        merged = MergedCell(name, verdict, None if issued is UNKNOWN else issued, current, value, reason)
        return self._planned(row, versions, merged, min(touched, default=own))

    def _invalid(self, row: ScannedRow, versions: Versions, name: str, problem: RowProblem) -> PlannedCell:
        current = to_plain(name, getattr(versions.stored.draft, name))
        issued = (versions.issued or {}).get(name)
        merged = MergedCell(name, Verdict.INVALID, issued, current, None, problem.code, problem.values)
        touched = [n for n in self.groups[name] if n in row.changed] or self.groups[name]
        cell = self._planned(row, versions, merged, touched[0])
        return replace(cell, cell=problem.cell or cell.cell, offers=problem.offers)

    def _planned(self, row: ScannedRow, versions: Versions, merged: MergedCell, n: int) -> PlannedCell:
        written = (
            ""
            if row.cells is None
            else " ".join(text for m in self.groups[merged.field] if (text := as_text(row.cells[m]).strip()))
        )
        return PlannedCell(
            key=versions.stored.key,
            title=versions.stored.draft.title or "",
            field=merged.field,
            verdict=merged.verdict,
            issued=merged.issued,
            current=merged.current,
            returned=merged.returned,
            written=written,
            sheet=self.table.name,
            cell=self.table.address(n, row.number),
            reason=merged.reason,
            values=merged.values,
        )


def refuse_broken(store: ProjectStore, stored: StoredProject, cells: Sequence[PlannedCell]) -> list[PlannedCell]:
    """Return the cells with those refused that would make the record break a rule it keeps now."""
    found = list(cells)
    for _ in range(_PASSES):
        taken = {cell.field: cell.returned for cell in found if cell.verdict is Verdict.THEIRS}
        blamed = broken_by(store, stored, taken) if taken else {}
        if not blamed:
            break
        found = [
            replace(cell, verdict=Verdict.INVALID, reason=blamed[cell.field][0], values=blamed[cell.field][1])
            if cell.verdict is Verdict.THEIRS and cell.field in blamed
            else cell
            for cell in found
        ]
    return found


def broken_by(
    store: ProjectStore, stored: StoredProject, taken: Mapping[str, Any]
) -> dict[str, tuple[str, Mapping[str, Any]]]:
    """Return field -> (code, values) of the taken plain values that break a rule."""
    known = {name: value for name, value in taken.items() if name in FIELD_BY_CODE}
    if not known:
        return {}
    draft = apply_plain(stored.draft, known)
    problems = list(validate(draft, today=today()))
    if {"parent", "code"} & known.keys():
        try:
            check(store.session, draft, stored.id)
        except InvalidProjectError as error:
            problems = list(error.problems)
    before = {(problem.field, problem.code) for problem in validate(stored.draft, today=today())}
    blamed: dict[str, tuple[str, Mapping[str, Any]]] = {}
    for problem in problems:
        fields = {problem.field, str(problem.values.get("other"))}
        fields |= _TOGETHER if problem.code == "pair_needs_two_places" else set()
        if (problem.field, problem.code) not in before:
            blamed |= dict.fromkeys(fields & known.keys(), (problem.code, problem.values))
    return blamed


def as_problem(cell: PlannedCell) -> RowProblem:
    """Return a refused cell as a problem, as the importer tells them."""
    return RowProblem(
        cell.sheet, cell.cell, cell.field, cell.written, cell.reason or "", "refused", cell.values, cell.offers
    )
