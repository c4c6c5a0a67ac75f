"""The first pass over a returned table: which cells are no longer what was written into them.

Only rows with something to look at keep their cells; of all others a number a column stays, which the search for
damage needs. A hundred thousand rows fit into the memory of an office machine that way.
"""

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlalchemy import JSON, Text, cast, func, literal, select
from sqlalchemy.orm import Session

from bri_desktop.db.exchange_models import IssuedRow
from bri_desktop.db.models import table_of
from bri_desktop.db.projects import CHUNK
from bri_desktop.domain.damage import FEWEST_CHANGED, ColumnPair, agreement, keys_detached, match_lost, repeated_keys
from bri_desktop.domain.errors import InputError
from bri_desktop.domain.record import decimal_text
from bri_desktop.domain.vocabulary import PROJECT_KEY, key_of, number_of
from bri_desktop.excel.grid import DateCell, ErrorCell, Grid
from bri_desktop.excel.issued_book import FoundTable
from bri_desktop.excel.issued_cells import Words, outcome_rows, project_cells, same_cell
from bri_desktop.excel.issued_layout import KEY, PROJECTS, parse_outcome_key
from bri_desktop.excel.own_sheets import is_cut
from bri_desktop.excel.sheet_text import MAX_CELL, clean
from bri_desktop.services.merging_long import LongTexts

ROWS_AT_ONCE = 1_000
LONG_FROM = MAX_CELL - 500
"""A text of this length may have been shortened, and then ends in a sentence that depends on the language."""

_VALUES: Any = table_of(IssuedRow).c["values"]

EMPTY = 0
OF_OUTCOMES = ("code", "title", "outcomes")
"""What of a project's values stands in the rows of its outcomes."""
Cells = Sequence[Any]
Progress = Callable[[int, int], None]


class IssuedValues:
    """What was sent, read from the ledger a chunk at a time."""

    def __init__(self, session: Session, workbook_id: int) -> None:
        self.session = session
        self.workbook_id = workbook_id
        rows = session.execute(
            select(IssuedRow.record_id, IssuedRow.position, IssuedRow.version, IssuedRow.digest)
            .where(IssuedRow.workbook_id == workbook_id, IssuedRow.kind == PROJECTS)
            .order_by(IssuedRow.position)
        )
        self.positions: dict[int, int] = {}
        self.versions: dict[int, int] = {}
        self.digests: dict[int, str] = {}
        for record, position, version, digest in rows:
            self.positions[record], self.versions[record], self.digests[record] = position, version, digest

    def long_ones(self) -> list[Mapping[str, Any]]:
        """Return the values of the records of which a text may be longer than a cell."""
        own = (IssuedRow.workbook_id == self.workbook_id, IssuedRow.kind == PROJECTS)
        long = func.length(cast(IssuedRow.values, Text)) > MAX_CELL
        return list(self.session.scalars(select(IssuedRow.values).where(*own, long)))

    def read(self, ids: Sequence[int], only: Sequence[str] = ()) -> dict[int, Mapping[str, Any]]:
        """Return record id -> field -> plain value as it was sent; of ``only`` some fields, that is quicker."""
        connection, values = self.session.connection(), _VALUES
        if only:
            parts = ((literal(name), func.json_extract(_VALUES, f"$.{name}")) for name in only)
            values = func.json_object(*(part for pair in parts for part in pair), type_=JSON)
        found: dict[int, Mapping[str, Any]] = {}
        for start in range(0, len(ids), CHUNK):
            query = select(IssuedRow.record_id, values).where(
                IssuedRow.workbook_id == self.workbook_id,
                IssuedRow.kind == PROJECTS,
                IssuedRow.record_id.in_(ids[start : start + CHUNK]),
            )
            # All at once and past the session: row by row takes half as long again.
            found.update(connection.execute(query).tuples().all())
        return found


@dataclass(slots=True)
class ScannedRow:
    """A returned row. ``changed`` are the numbers of the columns whose cell is another one; ``cells`` is kept where
    something changed or the row has no key. ``place`` is its place among the rows with a key. ``whole`` are the columns
    whose text came back on the sheet of long texts."""

    number: int
    key: str | None
    written_key: str
    changed: tuple[int, ...] = ()
    cells: Cells | None = None
    place: int = -1
    by: str = "key"
    emptied: bool = False
    whole: frozenset[int] = frozenset()


@dataclass(slots=True)
class Scan:
    """A table after the first pass: ``tokens`` holds a number a compared column for every row with a key, row after
    row; ``changes`` is place of such a row -> compared column -> the token that came back instead."""

    table: FoundTable
    rows: list[ScannedRow] = field(default_factory=list)
    tokens: "array[int]" = field(default_factory=lambda: array("q"))
    changes: dict[int, dict[int, int]] = field(default_factory=dict)
    positions: list[int] = field(default_factory=list)
    repeated: dict[str, list[int]] = field(default_factory=dict)
    detached: bool = False
    rematched: int = 0
    unknown_keys: int = 0

    @property
    def keyed(self) -> list[ScannedRow]:
        """The rows that had a key when they were read, by their places."""
        return [row for row in self.rows if row.place >= 0]

    @property
    def compared_columns(self) -> list[int]:
        """The numbers of the columns that came back, without that of the keys."""
        return [n for n, column in enumerate(self.table.columns) if column.field != KEY and self.table.has(n)]

    def pairs(self) -> list[ColumnPair]:
        """Return the columns in which something changed, as the search for damage takes them."""
        numbers = self.compared_columns
        changed: dict[int, dict[int, int]] = {}
        for place, row in self.changes.items():
            for index, token in row.items():
                changed.setdefault(index, {})[place] = token
        found: list[ColumnPair] = []
        for index, tokens in sorted(changed.items()):
            issued = self.tokens[index :: len(numbers)]
            returned = issued[:]
            for place, token in tokens.items():
                returned[place] = token
            column = self.table.columns[numbers[index]]
            found.append(ColumnPair(column.field, issued, returned, column.list is not None))
        return found

    def issued_row(self, place: int) -> list[int]:
        """Return the tokens that were issued in the row at a place."""
        width = len(self.compared_columns)
        return list(self.tokens[place * width : (place + 1) * width])

    def returned_row(self, place: int) -> list[int]:
        """Return the tokens that came back in the row at a place."""
        row = self.issued_row(place)
        for index, token in self.changes.get(place, {}).items():
            row[index] = token
        return row


class Scanner:
    """Compares the rows of one table with what was sent; ``typed`` is (row, column) -> what stands for a cell,
    ``sent`` are the keys of the issued outcomes, ``long`` the texts that are longer than a cell."""

    def __init__(
        self,
        issued: IssuedValues,
        table: FoundTable,
        words: Words,
        typed: Mapping[tuple[int, int], Any] | None = None,
        sent: Sequence[str] = (),
        long: LongTexts | None = None,
    ) -> None:
        self.issued = issued
        self.long = long or LongTexts()
        self.sent = sent
        self.typed = typed or {}
        self.table = table
        self.words = words
        self.is_projects = table.table.role == PROJECTS
        self.scan = Scan(table)
        self.columns = self.scan.compared_columns

    def run(self, grid: Grid, progress: Progress | None = None, cancelled: Callable[[], bool] | None = None) -> Scan:
        """Read the whole table; afterwards every row has the key that it is merged by, or none."""
        rows, done = self.table.rows(grid), 0
        total = grid.sheets[self.table.sheet].rows
        while chunk := list(islice(rows, ROWS_AT_ONCE)):
            if cancelled is not None and cancelled():
                raise InputError("cancelled")
            self._take(chunk)
            done += len(chunk)
            if progress is not None:
                progress(done, max(total, done))
        self._settle_keys()
        return self.scan

    # -- comparing ---------------------------------------------------------------------------------------------

    def _take(self, chunk: Sequence[tuple[int, list[Any]]]) -> None:
        for row, cells in chunk if self.typed else ():
            for n in range(len(cells)):
                cells[n] = self.typed.get((row, n), cells[n])
        keys = [self._key(cells) for _, cells in chunk]
        written = self.written(key for key in keys if key)
        for (number, cells), key in zip(chunk, keys, strict=True):
            text = self._written_key(cells)
            known = written.get(key) if key else None
            if known is None or key is None:
                if not self._is_blank(cells):
                    self.scan.rows.append(ScannedRow(number, None, text, cells=cells))
                    self.scan.unknown_keys += bool(text)
                continue
            whole: set[int] = set()
            if key in self.long.keys and (record := _record(key)) is not None:
                known = list(known)
                whole = self.long.put(self.table, key, self.issued.read([record])[record], known, cells)
            found = self._compared(number, key, text, cells, known)
            found.whole = frozenset(whole)
            self.scan.rows.append(found)

    def _compared(self, number: int, key: str, text: str, cells: Cells, written: Cells) -> ScannedRow:
        scan, place = self.scan, len(self.scan.positions)
        before = [written[n] for n in self.columns]
        scan.tokens.extend([_written_token(cell) for cell in before])
        changes = {
            index: _token(cells[n])
            for index, n in enumerate(self.columns)
            if before[index] != cells[n] and not is_untouched(before[index], cells[n])
        }
        if changes:
            scan.changes[place] = changes
        changed = tuple(self.columns[index] for index in changes)
        row = ScannedRow(number, key, text, changed, cells if changed else None, place)
        row.emptied = bool(changed) and self._is_blank(cells)
        scan.positions.append(self._position(key))
        return row

    def written(self, keys: Iterable[str]) -> dict[str, Cells]:
        """Return key -> the cells that were written, for the keys that were issued."""
        wanted = list(dict.fromkeys(keys))
        numbers = {key: _record(key) for key in wanted}
        known = sorted({number for number in numbers.values() if number in self.issued.positions})
        values = self.issued.read(known, () if self.is_projects else OF_OUTCOMES)
        if self.is_projects:
            return {
                key: project_cells(self.table.columns, key, values[number], self.words)
                for key, number in numbers.items()
                if number in values
            }
        made: dict[str, Cells] = {}
        for number, sent in values.items():
            for own, _, cells in outcome_rows(self.table.columns, key_of(PROJECT_KEY, number), sent, self.words):
                made[own] = cells
        return {key: made[key] for key in wanted if key in made}

    def _position(self, key: str) -> int:
        number = _record(key)
        position = self.issued.positions.get(number, 0) if number is not None else 0
        if self.is_projects:
            return position
        parsed = parse_outcome_key(key)
        return position * 10_000 + (parsed[1] if parsed else 0)

    def _written_key(self, cells: Cells) -> str:
        number = self.table.key_column
        return "" if number is None or cells[number] is None else str(cells[number]).strip()

    def _key(self, cells: Cells) -> str | None:
        text = self._written_key(cells).upper()
        if self.is_projects:
            number = number_of(PROJECT_KEY, text)
            return None if number is None else key_of(PROJECT_KEY, number)
        parsed = parse_outcome_key(text)
        return None if parsed is None else f"{parsed[0]}.{parsed[1] + 1}"

    def _is_blank(self, cells: Cells) -> bool:
        columns = self.table.columns
        own = [n for n in self.columns if self.is_projects or not columns[n].read_only]
        return all(_token(cells[n]) == EMPTY for n in own)

    # -- keys --------------------------------------------------------------------------------------------------

    def _settle_keys(self) -> None:
        scan = self.scan
        keyed = scan.keyed
        if self._is_detached():
            scan.detached = True
            for row in keyed:
                row.key = None
        scan.repeated = repeated_keys([row.key for row in keyed])
        for places in scan.repeated.values():
            best = max(places, key=self._agreement)
            for place in places:
                if place != best:
                    keyed[place].key = None
        self._rematch()

    def _is_detached(self) -> bool:
        scan = self.scan
        if len(scan.changes) < FEWEST_CHANGED:
            return False
        issued = [hash(tuple(scan.issued_row(place))) for place in range(len(scan.positions))]
        returned = issued[:]
        for place in scan.changes:
            returned[place] = hash(tuple(scan.returned_row(place)))
        return keys_detached(issued, returned)

    def _agreement(self, place: int) -> int:
        sides = (self.scan.issued_row(place), self.scan.returned_row(place))
        return agreement(*([token or None for token in side] for side in sides))

    def _rematch(self) -> None:
        """Give rows without key the key of the issued row that they hold, where nobody else has it."""
        lost = self._lost_keys()
        rows = [row for row in self.scan.rows if row.key is None and (row.cells is not None or row.place >= 0)]
        if not lost or not rows:
            return
        names = self._name_columns()
        order = [*names, *(n for n in self.columns if n not in names)]
        left: dict[str, list[int | None]] = {}
        for start in range(0, len(lost), ROWS_AT_ONCE):
            for key, cells in self.written(lost[start : start + ROWS_AT_ONCE]).items():
                left[key] = [_token(cells[n]) or None for n in order]
        tokens = [self._tokens_of(row, order) for row in rows]
        found = match_lost(left, tokens, [values[0] if values else None for values in tokens])
        for place, key in found.items():
            rows[place].key, rows[place].by = key, "content"
        self.scan.rematched = len(found)
        self._compare_again([rows[place] for place in found])

    def _tokens_of(self, row: ScannedRow, order: Sequence[int]) -> list[int | None]:
        if row.place >= 0:
            tokens = dict(zip(self.columns, self.scan.returned_row(row.place), strict=True))
            return [tokens[n] or None for n in order]
        return [_token(row.cells[n]) or None for n in order] if row.cells is not None else []

    def _name_columns(self) -> list[int]:
        wanted = "title" if self.is_projects else "what"
        return [n for n in self.columns if self.table.columns[n].field == wanted]

    def _lost_keys(self) -> list[str]:
        present = {row.key for row in self.scan.rows if row.key is not None}
        if self.is_projects:
            return [key for number in self.issued.positions if (key := key_of(PROJECT_KEY, number)) not in present]
        return [key for key in self.sent if key not in present]

    def _compare_again(self, rows: Sequence[ScannedRow]) -> None:
        """Compare rows with what was sent under the key that they were found to have."""
        for start in range(0, len(rows), ROWS_AT_ONCE):
            chunk = rows[start : start + ROWS_AT_ONCE]
            written = self.written(row.key for row in chunk if row.key)
            for row in chunk:
                if row.cells is None or row.key is None:
                    row.changed = ()
                    continue
                before = written[row.key]
                row.changed = tuple(n for n in self.columns if not is_untouched(before[n], row.cells[n]))


def _record(key: str) -> int | None:
    return number_of(PROJECT_KEY, key.partition(".")[0])


def is_untouched(written: Any, found: Any) -> bool:
    """Tell whether a cell still holds what was written into it."""
    if written == found:
        return True
    if isinstance(written, str) and isinstance(found, str) and len(written) > LONG_FROM and is_cut(written):
        return written[:LONG_FROM] == clean(found)[:LONG_FROM]
    if isinstance(found, DateCell):
        return bool(written == found.iso[:10])
    return False if isinstance(found, ErrorCell) else bool(same_cell(written, found))


def _written_token(cell: Any) -> int:
    """Return the same as :func:`_token` of a cell as we wrote it, which is clean."""
    if cell is None:
        return EMPTY
    return hash(cell.strip()) if isinstance(cell, str) else _token(cell)


def _token(cell: Any) -> int:
    """Return one number for all cells that say the same; :data:`EMPTY` for an empty one."""
    if cell is None:
        return EMPTY
    if isinstance(cell, str):
        text = clean(cell).strip()
    elif isinstance(cell, DateCell):
        text = cell.iso[:10]
    elif isinstance(cell, float):
        text = decimal_text(Decimal(repr(cell)))
    elif isinstance(cell, int | Decimal) and not isinstance(cell, bool):
        text = decimal_text(Decimal(cell))
    else:
        text = repr(cell)
    return hash(text)
