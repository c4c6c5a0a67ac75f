"""Sheets of what hangs on records: written with the keys of everything, and taken in again strictly, row by row.

A row with a key changes that record, where an empty cell leaves a field as it is; a row without one is a new record
of the project or tie that it names. What cannot be read or found is refused with its cell; nothing is guessed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from bri_desktop.db.database import now
from bri_desktop.db.models import ImportBatch
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import FieldProblem, InputError, UserError, ValueProblemError, Where
from bri_desktop.domain.folding import fold
from bri_desktop.domain.money import Reading, parse_money
from bri_desktop.domain.record import money_to_plain
from bri_desktop.domain.record_kinds import OUTCOME, Plain, RecordField, RecordKind
from bri_desktop.domain.record_written import read_value
from bri_desktop.domain.vocabulary import number_of
from bri_desktop.excel.grid import Cell, DateCell, ErrorCell, Grid
from bri_desktop.excel.parts import column_letter
from bri_desktop.labels import sentence
from bri_desktop.services.hanging import (
    InvalidRecordError,
    add_record,
    changes_of,
    checked,
    edit_record,
    kind_of,
    rows_of,
)
from bri_desktop.services.history import Journal
from bri_desktop.services.measure_sheets import TOTALS
from bri_desktop.services.record_list import list_ids, read_rows
from bri_desktop.services.record_owners import OwnerFinder
from bri_desktop.services.record_sheets_out import OWNER_FIELDS, header_of, headers_of
from bri_desktop.services.record_store import STORES, StoredRecord
from bri_desktop.services.reference import read_codebook
from bri_desktop.services.safekeeping import back_up_before

HEAD_ROWS = 20
VERDICTS = ("created", "updated", "unchanged", "duplicates", "refused")


@dataclass(frozen=True, slots=True)
class RowVerdict:
    """What becomes of a row: ``verdict`` is one of :data:`VERDICTS`; problems name their cells."""

    sheet: str
    row: int
    verdict: str
    title: str
    problems: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class SheetReport:
    """What became, or would become, of a sheet: ``batch`` is ``None`` where nothing was written."""

    kind: str
    rows: tuple[RowVerdict, ...]
    ignored: tuple[dict[str, Any], ...]
    batch: int | None = None
    changes: Changes = field(default_factory=Changes)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows have each verdict."""
        return {verdict: sum(row.verdict == verdict for row in self.rows) for verdict in VERDICTS}

    @property
    def needs_attention(self) -> bool:
        """Whether a row was refused."""
        return bool(self.counts["refused"])

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``--json`` prints."""
        problems = [{**one, "verdict": row.verdict} for row in self.rows for one in row.problems]
        plain: dict[str, Any] = {"batch": self.batch, "written": self.batch is not None, "rows": len(self.rows)}
        return plain | self.counts | {"pending": 0, "ignored": list(self.ignored), "problems": problems}


@dataclass(frozen=True, slots=True)
class _Written:
    """One row of the sheet: field -> (cell, value)."""

    sheet: str
    row: int
    cells: Mapping[str, tuple[str, Cell]]

    def text(self, name: str) -> str:
        """Return what stands in a cell, as text."""
        return _text(self.cells[name][1]) if name in self.cells else ""


def plan_sheet(session: Session, grid: Grid, kind: str) -> SheetReport:
    """Return what would become of every row; nothing is written. Raises what :func:`import_sheet` raises."""
    return _Intake(session, grid, kind_of(kind), None).run()


def import_sheet(session: Session, grid: Grid, kind: str, *, sha256: str, atomic: bool = False) -> SheetReport:
    """Write the rows of a sheet of one kind in one act that is undone as one import.

    Raises ``InputError`` ``record_headers_missing`` where no sheet has the columns that the kind needs; with
    ``atomic`` nothing is written where a row is refused.
    """
    plan = plan_sheet(session, grid, kind)
    counts = plan.counts
    if (atomic and plan.needs_attention) or not (counts["created"] or counts["updated"]):
        return plan
    back_up_before(session, "import")
    batch = ImportBatch(file_name=grid.path.name, sha256=sha256, at=now(), counts={}, ignored=[], problems=[])
    session.add(batch)
    session.flush()
    journal = Journal(session, "import", batch_id=batch.id, kind=kind)
    report = _Intake(session, grid, kind_of(kind), journal).run()
    batch.counts = report.counts | {"pending": 0}
    batch.ignored = list(report.ignored)
    batch.problems = report.to_json()["problems"]
    batch.sheets = "；".join(dict.fromkeys(row.sheet for row in report.rows))
    session.flush()
    return replace(report, batch=batch.id, changes=changes_of(kind) | Changes(frozenset({"batch"})))


class _Intake:
    """Gives every row its verdict; with a journal it writes."""

    def __init__(self, session: Session, grid: Grid, kind: RecordKind, journal: Journal | None) -> None:
        self.session, self.grid, self.kind, self.journal = session, grid, kind, journal
        self.codes = read_codebook(session)
        self.owners = OwnerFinder(session, kind.owners)
        self.known: dict[str, list[StoredRecord]] = {}
        self.seen: dict[tuple[Any, ...], int] = {}
        self.ignored: list[dict[str, Any]] = []

    def run(self) -> SheetReport:
        """Return the verdicts of all rows."""
        return SheetReport(self.kind.code, tuple(self._judge(row) for row in self._rows()), tuple(self.ignored))

    def _rows(self) -> Iterator[_Written]:
        found = False
        for number, sheet in enumerate(self.grid.sheets):
            head = self._head(number)
            if head is None:
                continue
            found = True
            for row, cells in self.grid.rows(number, head[0] + 1):
                values = {
                    name: (f"{column_letter(at + 1)}{row}", cells[at])
                    for name, at in head[1].items()
                    if at < len(cells) and _text(cells[at]).strip()
                }
                first = next((_text(cell) for cell in cells if _text(cell).strip()), "")
                if values and fold(first) not in TOTALS:
                    yield _Written(sheet.name, row, values)
                elif first:
                    text = " ".join(filter(None, map(_text, cells)))[:200]
                    self.ignored.append({"sheet": sheet.name, "row": row, "reason": "row_left_out", "text": text})
        if not found:
            needed = "、".join(header_of(self.kind, name) for name in ("owner", self.kind.main) if self._asks(name))
            raise InputError("record_headers_missing", where=Where(file=self.grid.path.name), headers=needed)

    def _asks(self, name: str) -> bool:
        return name != "owner" or bool(self.kind.owners)

    def _head(self, number: int) -> tuple[int, dict[str, int]] | None:
        """Return the first row that heads the columns of the kind, and field -> column."""
        for row, cells in islice(self.grid.rows(number), HEAD_ROWS):
            columns = self._columns(cells)
            owned = not self.kind.owners or any(name in columns for name in ("key", *OWNER_FIELDS))
            own = [name for name in columns if name in self.kind.codes]
            if owned and own and (self.kind.main in columns or "key" in columns):
                return row, columns
        return None

    def _columns(self, cells: Sequence[Cell]) -> dict[str, int]:
        headers = headers_of(self.kind)
        found: dict[str, int] = {}
        for at, cell in enumerate(cells):
            name = headers.get(fold(cell)) if isinstance(cell, str) else None
            if name is not None and name not in found:
                found[name] = at
        return found

    # -- one row -----------------------------------------------------------------------------------------------

    def _judge(self, row: _Written) -> RowVerdict:
        title = row.text(self.kind.main) or row.text("key")
        values, problems = self._values(row)
        owner = stored = None
        try:
            stored = self._stored(row)
            owner = self._owner(row, stored)
        except ValueProblemError as error:
            problems.append(self._problem(row, getattr(error, "field", "owner"), error.code, dict(error.values)))
        if problems:
            return RowVerdict(row.sheet, row.row, "refused", title, tuple(problems))
        try:
            verdict = self._write(row, owner, stored, values)
        except InvalidRecordError as error:
            several = tuple(self._told(row, problem) for problem in error.problems)
            return RowVerdict(row.sheet, row.row, "refused", title, several)
        except UserError as error:
            told = (self._problem(row, self.kind.main, error.code, dict(error.values)),)
            return RowVerdict(row.sheet, row.row, "refused", title, told)
        return RowVerdict(row.sheet, row.row, verdict, title)

    def _write(self, row: _Written, owner: str | None, stored: StoredRecord | None, values: Plain) -> str:
        if stored is not None:
            plain = checked(self.session, self.kind, stored.values | values, stored.id)
            if plain == stored.values:
                return "unchanged"
            if self.journal is not None:
                edit_record(
                    self.session, self.kind.code, stored.id, values, seen_version=stored.version, journal=self.journal
                )
            return "updated"
        plain = checked(self.session, self.kind, values, None)
        mark = (owner, *(str(plain[code]) for code in self.kind.codes))
        if mark in self.seen:
            return "duplicates"
        self.seen[mark] = row.row
        if self._is_there(owner, plain, values):
            return "unchanged"
        if self.journal is not None:
            add_record(self.session, self.kind.code, owner, values, journal=self.journal)
        return "created"

    def _is_there(self, owner: str | None, plain: Plain, given: Plain) -> bool:
        """Tell whether the owner already had a record that says all that the row says."""
        key = owner or ""
        if key not in self.known:
            self.known[key] = rows_of(self.session, self.kind.code, owner) if owner else self._all()
        return any(all(one.values.get(code) == plain[code] for code in given) for one in self.known[key])

    def _all(self) -> list[StoredRecord]:
        ids = list_ids(self.session, self.kind.code)
        return [row.stored for row in read_rows(self.session, self.kind.code, ids)]

    def _stored(self, row: _Written) -> StoredRecord | None:
        text = row.text("key").strip()
        if not text or self.kind is OUTCOME:
            return None
        number = number_of(self.kind.prefix, text)
        stored = None if number is None else STORES[self.kind.code].read(self.session, number)
        if stored is None or stored.deleted_at is not None:
            raise _AtFieldError("key", "record_unknown", text, key=text)
        return stored

    def _owner(self, row: _Written, stored: StoredRecord | None) -> str | None:
        if not self.kind.owners:
            return None
        named = next((name for name in OWNER_FIELDS if row.text(name).strip()), None)
        if stored is not None:
            self._check_owner(row, stored, named)
            return None
        if named is None:
            raise _AtFieldError(self.kind.main, "owner_missing", "")
        try:
            return self.owners.find(row.text(named))
        except ValueProblemError as error:
            raise _AtFieldError(named, error.code, error.value, count=error.values.get("count", 0)) from error

    def _check_owner(self, row: _Written, stored: StoredRecord, named: str | None) -> None:
        """Refuse a row whose key and owner speak of two things: copied or shifted rows are never taken in silently."""
        if named != "owner_key":
            return
        (found,) = read_rows(self.session, self.kind.code, [stored.id])
        if found.owner_key and fold(row.text(named)) != fold(found.owner_key):
            raise _AtFieldError(named, "owner_other", row.text(named), key=stored.key, owner=found.owner_key)

    def _values(self, row: _Written) -> tuple[Plain, list[dict[str, Any]]]:
        values: Plain = {}
        problems: list[dict[str, Any]] = []
        for one in self.kind.fields:
            if one.code not in row.cells:
                continue
            try:
                values[one.code] = self._value(one, row)
            except ValueProblemError as error:
                problems.append(self._problem(row, one.code, error.code, dict(error.values)))
        return values, problems

    def _value(self, one: RecordField, row: _Written) -> Any:
        cell = row.cells[one.code][1]
        if isinstance(cell, ErrorCell):
            raise ValueProblemError("cell_error", cell.text)
        if one.kind == "money":
            amount: Any = cell if isinstance(cell, int | float) and not isinstance(cell, bool) else _text(cell)
            currency = row.text("currency").strip() or None
            return money_to_plain(parse_money(amount, currency=currency, reading=Reading(needs_unit=True)))
        return read_value(one, _text(cell), self.codes)

    def _told(self, row: _Written, problem: FieldProblem) -> dict[str, Any]:
        return self._problem(row, problem.field, problem.code, dict(problem.values))

    def _problem(self, row: _Written, name: str, code: str, values: dict[str, Any]) -> dict[str, Any]:
        cell, value = row.cells[name] if name in row.cells else (next(iter(row.cells.values()))[0], "")
        text = _text(value)[:200]
        message = sentence(code, {"value": text, **values})
        return {"sheet": row.sheet, "cell": cell, "field": name, "value": text, "code": code, "message": message}


class _AtFieldError(ValueProblemError):
    """A problem of one field of the row."""

    def __init__(
        self, field_: str, code: str, value: object, *, key: str = "", owner: str = "", count: object = 0
    ) -> None:
        super().__init__(code, value, key=key, owner=owner, count=count)
        self.field = field_


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, DateCell):
        return cell.iso[:10]
    if isinstance(cell, ErrorCell):
        return cell.text
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
