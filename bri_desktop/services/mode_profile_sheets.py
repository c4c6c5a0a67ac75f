"""Profiles of parks and mechanisms as a sheet of their own: one row a record, written out, filled in, taken in again.

A sheet that is written out holds every park or mechanism, so that it is its own template. What is left empty changes
nothing; a row is known by its key, else its code, else its title.
"""

import datetime
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bri_desktop.db.models import Project
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.codebook import CodeBook
from bri_desktop.domain.dates import PartialDate
from bri_desktop.domain.errors import InputError, ValueProblemError, Where
from bri_desktop.domain.folding import fold
from bri_desktop.domain.mode_profile import MECHANISM, PARK, PROFILES, empty, profile_problems
from bri_desktop.domain.money import Reading, parse_money
from bri_desktop.domain.record import decimal_text, money_to_plain
from bri_desktop.domain.record_kinds import Plain, RecordField, RecordKind
from bri_desktop.domain.record_written import differences, read_value, show_value
from bri_desktop.domain.text import squeeze
from bri_desktop.domain.vocabulary import PROJECT_KEY, key_of, number_of
from bri_desktop.domain.written import parse_number
from bri_desktop.excel.grid import Cell, DateCell, ErrorCell, Grid
from bri_desktop.excel.parts import column_letter
from bri_desktop.excel.reader import read
from bri_desktop.excel.writer import ExportColumn, write_ledger
from bri_desktop.i18n import language, tr
from bri_desktop.labels import field_label
from bri_desktop.services.measure_sheets import HEAD_ROWS, TOTALS, TableProblem
from bri_desktop.services.measure_tables import TableReport
from bri_desktop.services.mode_profiles import PROFILE, read_profiles, store_profile
from bri_desktop.services.projects import find_ids
from bri_desktop.services.reference import read_codebook

SHEETS: Mapping[str, str] = {"park": PARK, "mechanism": MECHANISM}
"""What the command line and files call a mode."""
TOUCHED = Changes(PROFILE | {"history", "organisation"})
NAMES = ("key", "code", "title")
KNOWN = {
    "key": ("标识", "记录标识", "记录编号", "key"),
    "code": ("编号", "项目编号", "code"),
    "title": ("名称", "项目名称", "园区名称", "机制名称", "title"),
}
WIDTHS = {"title": 36, "operator": 24, "secretariat": 24, "industries": 24, "member_names": 36}
AREA_UNITS: Mapping[str, Decimal] = {
    "": Decimal(1),
    "平方公里": Decimal(1),
    "平方千米": Decimal(1),
    "km2": Decimal(1),
    "公顷": Decimal("0.01"),
    "ha": Decimal("0.01"),
    "平方米": Decimal("0.000001"),
    "m2": Decimal("0.000001"),
    "亩": 1 / Decimal(1500),
}
"""Square kilometres of one unit."""
_UNIT = re.compile(r"[(（](.*?)[)）]")


def mode_of(name: str) -> str:
    """Return the mode that ``park`` or ``mechanism`` names; ``InputError`` for another word."""
    if name not in SHEETS:
        raise InputError("option_unknown", value=name, known=", ".join(SHEETS))
    return SHEETS[name]


def _records(session: Session, mode: str) -> list[tuple[int, str | None, str]]:
    """Return (id, code, title) of every park or mechanism, those that are parts of another one too."""
    columns = (Project.id, Project.code, Project.title)
    query = select(*columns).where(Project.mode == mode, Project.deleted_at.is_(None)).order_by(Project.id)
    return [(row.id, row.code, row.title) for row in session.execute(query)]


def list_profiles(session: Session, name: str, only: Collection[int] | None = None) -> list[Plain]:
    """Return every park or mechanism, or those among ``only``, with its profile as JSON objects."""
    mode = mode_of(name)
    kind = PROFILES[mode]
    profiles, among = read_profiles(session, kind), None if only is None else set(only)
    return [
        {"key": key_of(PROJECT_KEY, number), "code": code, "title": title, **(profiles.get(number) or empty(kind))}
        for number, code, title in _records(session, mode)
        if among is None or number in among
    ]


def profile_json(session: Session, mode: str | None, project: int) -> Plain:
    """Return ``profile`` as ``show`` prints it beside the fields of a project; nothing where the mode has none."""
    kind = PROFILES.get(mode or "")
    return {} if kind is None else {"profile": read_profiles(session, kind, [project]).get(project) or empty(kind)}


def export_profiles(session: Session, path: Path, name: str, *, filter_text: str = "") -> dict[str, Any]:
    """Write the sheet of the parks or mechanisms that pass and return ``rows`` and ``columns``."""
    kind, codes = PROFILES[mode_of(name)], read_codebook(session)
    items = list_profiles(session, name, find_ids(session, filter_text=filter_text) if filter_text.strip() else None)
    columns = [ExportColumn(code, _head(code), WIDTHS.get(code, 12)) for code in NAMES]
    columns += [ExportColumn(f.code, field_label(f"{kind.code}.{f.code}"), WIDTHS.get(f.code, 16)) for f in kind.fields]
    rows = ([*(item[code] for code in NAMES), *_cells(kind, item, codes)] for item in items)
    title = tr("Parks") if name == "park" else tr("Mechanisms")
    return {
        "rows": write_ledger(path, title=title, columns=columns, rows=rows),
        "columns": [column.field for column in columns],
    }


def _head(code: str) -> str:
    return KNOWN[code][0] if language() == "zh_CN" else KNOWN[code][-1]


def _cells(kind: RecordKind, item: Plain, codes: CodeBook) -> Iterator[str | None]:
    for one in kind.fields:
        yield show_value(one, item[one.code], codes, language()) or None


# -- taking in ---------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Sheet:
    """One sheet as it is taken in: column -> what it holds, and the problems so far."""

    kind: RecordKind
    name: str
    columns: dict[int, tuple[str, str]]
    codes: CodeBook
    problems: list[TableProblem] = field(default_factory=list)

    def values(self, row: int, cells: Sequence[Cell]) -> Plain:
        """Return the fields that a row writes; what cannot be read is told and left out."""
        found: Plain = {}
        for index, (code, unit) in self.columns.items():
            cell = cells[index] if index < len(cells) else None
            if code in NAMES or cell is None or not str(cell).strip():
                continue
            try:
                found[code] = _read(self.kind.field(code), cell, unit, self.codes)
            except ValueProblemError as error:
                self.tell(row, index, cell, error.code)
        return found

    def named(self, cells: Sequence[Cell]) -> dict[str, tuple[int, str]]:
        """Return key, code and title of a row as far as they are written, with their columns."""
        found = {}
        for index, (code, _) in self.columns.items():
            text = str(cells[index]).strip() if index < len(cells) and cells[index] is not None else ""
            if code in NAMES and text:
                found[code] = (index, text)
        return found

    def tell(self, row: int, index: int, cell: object, code: str) -> None:
        """Enter what is wrong with a cell."""
        self.problems.append(TableProblem(self.name, f"{column_letter(index + 1)}{row}", str(cell).strip(), code))

    def column_of(self, code: str) -> int:
        """Return the column of a field, the first one where it has none."""
        return next((index for index, (found, _) in self.columns.items() if found == code), min(self.columns))


def bring_profiles(session: Session, path: Path, name: str, *, today: datetime.date) -> TableReport:
    """Read a workbook or CSV and take it in; raise what the reader and :func:`import_profiles` raise."""
    with read(path) as grid:
        return import_profiles(session, grid, name, today=today)


def import_profiles(session: Session, grid: Grid, name: str, *, today: datetime.date) -> TableReport:
    """Take in a sheet of parks or mechanisms: ``stored`` of ``rows`` changed a profile.

    Rows of unknown records, values that cannot be read or break a rule are told with their cell and left out; the
    other values of the row count. Raises ``InputError`` ``table_headers_missing`` where no sheet has a name of the
    record and a field beside it.
    """
    kind = PROFILES[mode_of(name)]
    head, number, sheet = _find_sheet(grid, kind, read_codebook(session))
    find = _Finder(session, mode_of(name))
    stored = read_profiles(session, kind)
    wanted: dict[int, Plain] = {}
    rows = 0
    for row, cells in grid.rows(number, head + 1):
        named = sheet.named(cells)
        if not named or any(fold(text) in TOTALS for _, text in named.values()):
            continue
        rows += 1
        project = find(sheet, row, named)
        if project is None:
            continue
        if project in wanted:
            index, text = next(iter(named.values()))
            sheet.tell(row, index, text, "value_twice")
            continue
        wanted[project] = _checked(sheet, row, stored.get(project) or empty(kind), sheet.values(row, cells), today)
    changed = {p: differences(stored.get(p) or empty(kind), values) for p, values in wanted.items()}
    touched = store_profile(session, kind, wanted, changed)
    return TableReport(name, "", rows, touched, (), tuple(sheet.problems), TOUCHED)


def _checked(sheet: _Sheet, row: int, stored: Plain, values: Plain, today: datetime.date) -> Plain:
    """Return the values of a row that break no rule together with what is stored."""
    kept = dict(values)
    while problems := profile_problems(sheet.kind, stored | kept, today=PartialDate(today.isoformat())):
        broken = [problem for problem in problems if problem.field in kept]
        if not broken:
            break
        problem = broken[0]
        value = show_value(sheet.kind.field(problem.field), kept.pop(problem.field), sheet.codes, language())
        sheet.tell(row, sheet.column_of(problem.field), value, problem.code)
    return kept


def _find_sheet(grid: Grid, kind: RecordKind, codes: CodeBook) -> tuple[int, int, _Sheet]:
    for number, sheet in enumerate(grid.sheets):
        for row, cells in islice(grid.rows(number), HEAD_ROWS):
            columns = _columns(kind, cells)
            found = {code for code, _ in columns.values()}
            if found & set(NAMES) and found - set(NAMES):
                return row, number, _Sheet(kind, sheet.name, columns, codes)
    wanted = "、".join((KNOWN["title"][0], *(field_label(f"{kind.code}.{f.code}") for f in kind.fields[:2])))
    raise InputError("table_headers_missing", where=Where(file=grid.path.name), headers=wanted)


def _columns(kind: RecordKind, cells: Sequence[Cell]) -> dict[int, tuple[str, str]]:
    """Return column -> (field, unit in brackets) of a row of headers; of two columns of one field the first."""
    names = {fold(text): code for code, texts in KNOWN.items() for text in texts}
    for one in kind.fields:
        label = field_label(f"{kind.code}.{one.code}")
        names |= {fold(text): one.code for text in (label, _bare(label), one.code)}
    found: dict[int, tuple[str, str]] = {}
    for index, cell in enumerate(cells):
        if isinstance(cell, str):
            code = names.get(fold(cell)) or names.get(fold(_bare(cell)))
            if code is not None and code not in {taken for taken, _ in found.values()}:
                unit = _UNIT.search(cell)
                found[index] = (code, unit[1].strip() if unit else "")
    return found


def _bare(head: str) -> str:
    return _UNIT.sub("", head).strip()


def _read(one: RecordField, cell: Cell, unit: str, codes: CodeBook) -> Any:
    if isinstance(cell, ErrorCell):
        raise ValueProblemError("cell_error", cell)
    if isinstance(cell, DateCell):
        if one.kind in ("number", "count", "money"):
            raise ValueProblemError("number_unreadable", cell.iso)
        return cell.iso[:10]
    if one.kind == "money":
        given = cell if isinstance(cell, str | int | float) else str(cell)
        return money_to_plain(parse_money(given, unit=unit or None, reading=Reading(needs_unit=True)))
    if one.kind == "number":
        return decimal_text(_area(cell if isinstance(cell, str | int | float) else str(cell), unit))
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    return read_value(one, text, codes)


def _area(cell: str | int | float, unit: str) -> Decimal:
    """Return square kilometres; the unit stands in the cell, else in the header, else it is square kilometres."""
    text = squeeze(str(cell)).lower()
    for name in sorted(filter(None, AREA_UNITS), key=len, reverse=True):
        if text.endswith(name):
            number = parse_number(text.removesuffix(name))
            return (number * AREA_UNITS[name]).quantize(Decimal("0.0001"))
    factor = AREA_UNITS.get(squeeze(unit).lower())
    if factor is None:
        raise ValueProblemError("area_unit_unknown", unit)
    return (parse_number(cell) * factor).quantize(Decimal("0.0001"))


class _Finder:
    """Which record a row means: by key, else code, else title; a title that several have names none."""

    def __init__(self, session: Session, mode: str) -> None:
        records = _records(session, mode)
        self._ids = {number for number, _, _ in records}
        self._codes = {code: number for number, code, _ in records if code}
        self._titles: dict[str, list[int]] = {}
        for number, _, title in records:
            self._titles.setdefault(fold(title), []).append(number)

    def __call__(self, sheet: _Sheet, row: int, named: Mapping[str, tuple[int, str]]) -> int | None:
        """Return the record; tell what is wrong where there is none."""
        for code in NAMES:
            if code not in named:
                continue
            index, text = named[code]
            found = self._find(code, text)
            if len(found) == 1:
                return found[0]
            sheet.tell(row, index, text, "record_ambiguous" if found else "record_not_there")
            return None
        return None

    def _find(self, code: str, text: str) -> list[int]:
        if code == "title":
            return self._titles.get(fold(text), [])
        number = number_of(PROJECT_KEY, text) if code == "key" else self._codes.get(text)
        return [number] if number in self._ids and number is not None else []
