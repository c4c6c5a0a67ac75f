"""Issued workbooks as they come back: issued from a real ledger, edited as a department would, merged."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from bri_desktop.db.database import Database
from bri_desktop.excel.issued_layout import FIRST_DATA_ROW, HEADER_ROW
from bri_desktop.excel.reader import read
from bri_desktop.services.exchange import ImportOptions, file_digest
from bri_desktop.services.issuing import Order, issue
from bri_desktop.services.merging import plan_merge
from bri_desktop.services.merging_apply import apply_merge, preview_merge
from bri_desktop.services.merging_plan import MergeDecisions, MergePlan, MergeReport

PROJECTS, OUTCOMES = "项目", "成果"


def issued(database: Database, path: Path, department: str = "商务局", fields: Sequence[str] = ()) -> Path:
    """Issue the whole ledger to ``path``."""
    with database.write() as session:
        issue(session, Order(department=department, fields=tuple(fields)), path)
    return path


def headers(sheet: Any) -> dict[str, int]:
    """Return header -> column number, without the mark of required columns."""
    return {str(cell.value).rstrip(" *"): cell.column for cell in sheet[HEADER_ROW] if cell.value}


def rows_of(sheet: Any) -> list[int]:
    """Return the numbers of the filled rows."""
    last = FIRST_DATA_ROW
    found = []
    for row in sheet.iter_rows(min_row=FIRST_DATA_ROW):
        if any(cell.value not in (None, "") for cell in row):
            found.append(row[0].row)
            last = row[0].row
    assert last >= FIRST_DATA_ROW
    return found


class Edited:
    """A workbook open for editing, with cells by row and header."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = openpyxl.load_workbook(path)
        self.sheet = self.book[PROJECTS]
        self.columns = headers(self.sheet)

    def row(self, title: str) -> int:
        """Return the row of a project by its title."""
        column = self.columns["项目名称"]
        return next(row for row in rows_of(self.sheet) if self.sheet.cell(row, column).value == title)

    def put(self, title: str, **values: Any) -> None:
        """Write cells of a project's row, by Chinese header."""
        row = self.row(title)
        for header, value in values.items():
            self.sheet.cell(row, self.columns[header]).value = value

    def add(self, **values: Any) -> int:
        """Write a row without a key below the others."""
        row = max(rows_of(self.sheet)) + 1
        for header, value in values.items():
            self.sheet.cell(row, self.columns[header]).value = value
        return row

    def column(self, header: str) -> list[Any]:
        """Return the values of a column."""
        return [self.sheet.cell(row, self.columns[header]).value for row in rows_of(self.sheet)]

    def set_column(self, header: str, values: Sequence[Any]) -> None:
        """Write a column from the first data row on."""
        for row, value in enumerate(values, FIRST_DATA_ROW):
            self.sheet.cell(row, self.columns[header]).value = value

    def reorder(self, order: Callable[[list[list[Any]]], list[list[Any]]]) -> None:
        """Write the rows in another order, as sorting whole rows does."""
        rows = rows_of(self.sheet)
        width = self.sheet.max_column
        values = [[self.sheet.cell(row, n).value for n in range(1, width + 1)] for row in rows]
        for row, cells in zip(rows, order(values), strict=True):
            for n, value in enumerate(cells, 1):
                self.sheet.cell(row, n).value = value

    def saved(self, name: str = "returned.xlsx") -> Path:
        """Save under another name."""
        path = self.path.with_name(name)
        self.book.save(path)
        return path


def edited(path: Path, values: Mapping[str, Mapping[str, Any]], name: str = "returned.xlsx") -> Path:
    """Return the workbook with some cells changed: title -> header -> value."""
    book = Edited(path)
    for title, cells in values.items():
        book.put(title, **cells)
    return book.saved(name)


def planned(database: Database, path: Path, **options: Any) -> MergePlan:
    """Return the plan of a returned workbook."""
    with read(path) as grid, database.read() as session:
        return plan_merge(session, grid, sha256=file_digest(path), options=ImportOptions(**options))


def merged(database: Database, path: Path, **decisions: Any) -> MergeReport:
    """Plan and write a returned workbook."""
    plan = planned(database, path)
    chosen = MergeDecisions(**decisions)
    if plan.damage and not chosen.accept_damage:
        return preview_merge(plan, chosen)
    with database.write() as session:
        return apply_merge(session, plan, chosen)


def verdicts(plan: MergePlan) -> dict[tuple[str, str], str]:
    """Return (title, field) -> verdict of the cells that are not unchanged."""
    return {(cell.title, cell.field): cell.verdict.value for cell in plan.cells}


def kinds(plan: MergePlan) -> list[str]:
    """Return the kinds of damage."""
    return [one.kind for one in plan.damage]
