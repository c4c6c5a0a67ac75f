"""The outcomes that came back with a workbook: by their place as issued, within their project.

An outcome has no key in the ledger. Which one of those there now is the one that was sent is found by
:func:`domain.merge.align`; what cannot be found any more and was changed by the department is a clash.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bri_desktop.db.projects import StoredProject
from bri_desktop.domain.codebook import CodeBook
from bri_desktop.domain.dates import PartialDate, parse_date
from bri_desktop.domain.errors import ValueProblemError
from bri_desktop.domain.merge import Verdict, align, decide, is_empty
from bri_desktop.domain.money import parse_money
from bri_desktop.domain.project import OutcomeDraft
from bri_desktop.domain.record import outcome_from_plain, outcome_to_plain
from bri_desktop.domain.written import parse_number
from bri_desktop.excel.grid import NOT_CALCULATED, DateCell, ErrorCell
from bri_desktop.excel.issued_book import FoundTable
from bri_desktop.excel.issued_layout import CURRENCY, KEY, PROJECT, parse_outcome_key
from bri_desktop.services.intake_row import RowProblem, as_number, as_text
from bri_desktop.services.merging_cells import field_of, is_clear_mark
from bri_desktop.services.merging_plan import (
    ADDED,
    DUPLICATE,
    GONE,
    MATCHED,
    OUTCOMES_PREFIX,
    REFUSED_ROW,
    MissingRow,
    PlannedCell,
    PlannedRow,
)
from bri_desktop.services.merging_scan import Scan, ScannedRow

PARTS = ("outcome_class", "what", "quantity", "unit", "amount", "date", "evidence")
TITLE = "title"
Plain = Mapping[str, Any]
EMPTY = outcome_to_plain(OutcomeDraft())
FindProject = Callable[[str, str], tuple[str, str, Sequence[OutcomeDraft]] | None]
"""From the code and title in a row to key, title and present outcomes of its project; key ``""``: a new one."""


@dataclass(slots=True)
class OutcomesPlan:
    """What the sheet of outcomes comes to."""

    rows: list[PlannedRow] = field(default_factory=list)
    missing: list[MissingRow] = field(default_factory=list)
    unchanged: int = 0
    problems: list[RowProblem] = field(default_factory=list)


@dataclass(slots=True)
class OutcomeReader:
    """Reads the cells of an outcome by the parsers of the importer."""

    table: FoundTable
    codes: CodeBook
    groups: dict[str, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for n, column in enumerate(self.table.columns):
            if column.field not in (KEY, PROJECT, TITLE) and self.table.has(n):
                self.groups.setdefault(field_of(column), []).append(n)

    def read(self, name: str, cells: Sequence[Any], issued: Plain | None = None) -> Any:
        """Return the plain value of one part; raise :class:`ValueProblemError`."""
        cell = cells[self.groups[name][0]]
        if isinstance(cell, ErrorCell):
            code = "formula_uncomputed" if cell.text == NOT_CALCULATED else "cell_error"
            raise ValueProblemError(code, cell.text)
        text = as_text(cell).strip()
        if not text or is_clear_mark(cell):
            return None
        return self._value(name, cell, text, cells, issued)

    def _value(self, name: str, cell: Any, text: str, cells: Sequence[Any], issued: Plain | None) -> Any:
        match name:
            case "outcome_class":
                code = self.codes.find("outcome_class", text)
                if code is None:
                    offers = tuple(label.name_zh for label in self.codes.codes("outcome_class"))
                    raise ValueProblemError("code_unknown", text, offers=offers, list="outcome_class")
                return code
            case "quantity":
                return outcome_to_plain(OutcomeDraft(quantity=parse_number(cell)))["quantity"]
            case "amount":
                currency = self._currency(cell, cells, issued)
                return outcome_to_plain(OutcomeDraft(amount=parse_money(as_number(cell), currency=currency)))["amount"]
            case "date":
                date = PartialDate(cell.iso[:10]) if isinstance(cell, DateCell) else parse_date(cell)
                return date.value
        return text

    def _currency(self, cell: Any, cells: Sequence[Any], issued: Plain | None) -> str:
        places = [n for n in self.groups["amount"] if self.table.columns[n].field == CURRENCY]
        text = as_text(cells[places[0]]).strip() if places else ""
        if not text and isinstance(cell, int | float) and issued and issued["amount"]:
            return str(issued["amount"]["currency"])
        return text

    def read_all(self, number: int, cells: Sequence[Any]) -> tuple[dict[str, Any], list[RowProblem]]:
        """Return part -> plain value of a whole row, and what cannot be read."""
        values: dict[str, Any] = dict(EMPTY)
        problems: list[RowProblem] = []
        for name in self.groups:
            try:
                values[name] = self.read(name, cells)
            except ValueProblemError as problem:
                problems.append(self.problem(name, number, problem))
        return values, problems

    def problem(self, name: str, number: int, problem: ValueProblemError) -> RowProblem:
        """Return what is wrong with a part as the importer tells it."""
        cell = self.table.address(self.groups[name][0], number)
        return RowProblem(
            self.table.name, cell, name, as_text(problem.value), problem.code, "refused", problem.values, problem.offers
        )


def project_of_row(table: FoundTable, cells: Sequence[Any]) -> tuple[str, str]:
    """Return the project's code and title as a row of an outcome names them."""
    found = {PROJECT: "", TITLE: ""}
    for n, column in enumerate(table.columns):
        if column.field in found and table.has(n):
            found[column.field] = as_text(cells[n]).strip()
    return found[PROJECT], found[TITLE]


class OutcomesMerge:
    """Compares the returned outcomes of a chunk of projects."""

    def __init__(self, scan: Scan, reader: OutcomeReader) -> None:
        self.scan = scan
        self.table = scan.table
        self.reader = reader
        self.plan = OutcomesPlan()

    def compare(
        self, stored: StoredProject, issued: Sequence[Plain], rows: Mapping[int, ScannedRow]
    ) -> list[PlannedRow]:
        """Return the rows of one project that hold something; ``rows`` are its returned rows by issued place."""
        current = [outcome_to_plain(outcome) for outcome in stored.draft.outcomes]
        places = align(issued, current)
        found: list[PlannedRow] = []
        for position, sent in enumerate(issued):
            row = rows.get(position)
            place = places[position]
            name = f"{stored.key}.{position + 1}"
            if row is None or row.emptied:
                if place is not None:
                    self.plan.missing.append(MissingRow(name, _title(stored, sent), row is not None, self.table.name))
                continue
            now = None if place is None else current[place]
            cells = self._cells(stored, row, position, sent, now, place)
            self.plan.unchanged += len(self.reader.groups) - len(cells)
            if cells:
                kind = GONE if stored.deleted else MATCHED
                found.append(
                    PlannedRow(self.table.name, row.number, kind, stored.key, _title(stored, sent), tuple(cells))
                )
        return found

    def _cells(
        self, stored: StoredProject, row: ScannedRow, position: int, sent: Plain, now: Plain | None, place: int | None
    ) -> list[PlannedCell]:
        found: list[PlannedCell] = []
        changed = {field_of(self.table.columns[n]) for n in row.changed}
        if now is None and not changed & self.reader.groups.keys():
            return []
        for name in self.reader.groups:
            cell = self._cell(stored, row, f"{OUTCOMES_PREFIX}{position + 1}.{name}", sent, now, name in changed)
            if cell.verdict is not Verdict.UNCHANGED:
                found.append(replace(cell, place=place))
        return found

    def _cell(
        self, stored: StoredProject, row: ScannedRow, full_name: str, sent: Plain, now: Plain | None, changed: bool
    ) -> PlannedCell:
        name = full_name.rpartition(".")[2]
        n = self.reader.groups[name][0]
        cell = row.cells[n] if changed and row.cells is not None else None
        value, problem = self._read(name, row, sent) if changed else (sent.get(name), None)
        current = None if now is None else now.get(name)
        planned = PlannedCell(
            key=stored.key,
            title=_title(stored, sent),
            field=full_name,
            verdict=_verdict(name, sent.get(name), now, value, meant=is_clear_mark(cell)),
            issued=sent.get(name),
            current=current,
            returned=value,
            written=as_text(cell).strip(),
            sheet=self.table.name,
            cell=self.table.address(n, row.number),
        )
        if problem is None:
            return planned
        return replace(
            planned, verdict=Verdict.INVALID, reason=problem.code, values=problem.values, offers=problem.offers
        )

    def _read(self, name: str, row: ScannedRow, sent: Plain) -> tuple[Any, ValueProblemError | None]:
        try:
            return self.reader.read(name, row.cells or (), sent), None
        except ValueProblemError as problem:
            return None, problem

    # -- new outcomes --------------------------------------------------------------------------------------------

    def added(self, row: ScannedRow, find: FindProject) -> None:
        """Take a row without key for a new outcome of the project that it names."""
        if row.cells is None:
            return
        values, problems = self.reader.read_all(row.number, row.cells)
        if all(is_empty(value) for value in values.values()) and not problems:
            return
        code, title = project_of_row(self.table, row.cells)
        where = self.table.address(self.reader.groups["what"][0] if "what" in self.reader.groups else 1, row.number)
        shown = as_text(values.get("what") or "")
        named = find(code, title)
        if named is None:
            unknown = RowProblem(self.table.name, where, PROJECT, code or title, "outcome_project_unknown", "refused")
            problems.append(unknown)
        planned = PlannedRow(self.table.name, row.number, REFUSED_ROW, None, shown, problems=tuple(problems))
        if named is not None and not problems:
            key, name, present = named
            outcome = outcome_from_plain(values)
            kind, title = DUPLICATE if outcome in present else ADDED, f"{name} · {shown}"
            planned = replace(planned, kind=kind, key=key, title=title, outcome=outcome, by="content", title_cell=where)
        self.plan.rows.append(planned)


def by_project(rows: Sequence[ScannedRow]) -> dict[str, dict[int, ScannedRow]]:
    """Return project key -> issued place -> row."""
    found: dict[str, dict[int, ScannedRow]] = {}
    for row in rows:
        parsed = parse_outcome_key(row.key) if row.key else None
        if parsed is not None:
            found.setdefault(parsed[0], {})[parsed[1]] = row
    return found


def _title(stored: StoredProject, outcome: Plain) -> str:
    return f"{stored.draft.title or ''} · {outcome.get('what') or ''}".rstrip(" ·")


def _verdict(name: str, issued: Any, now: Plain | None, value: Any, *, meant: bool) -> Verdict:
    """Return the verdict on a part; of an outcome that was deleted here every part is in dispute."""
    if now is None:
        return Verdict.UNCHANGED if is_empty(value) and is_empty(issued) else Verdict.CLASH
    verdict = decide(name, issued, now.get(name), value)
    if verdict is Verdict.CLEARED and meant:
        return Verdict.THEIRS if issued == now.get(name) else Verdict.CLASH
    return verdict
