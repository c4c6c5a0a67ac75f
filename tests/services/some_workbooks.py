"""Workbooks as departments send them, made cell by cell, and the way they are taken in."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from bri_desktop.db.database import Database
from bri_desktop.excel.reader import read
from bri_desktop.services.exchange import VERDICTS, ImportOptions, ImportReport, file_digest, import_grid, plan_import
from bri_desktop.services.intake_sheets import chosen_sheets

HEADER = ("项目名称", "中方城市", "外方城市", "国家", "合作模式", "签署日期", "金额（万元）", "状态", "备注")


def book(path: Path, rows: Sequence[Sequence[Any]], *more: tuple[str, Sequence[Sequence[Any]]]) -> Path:
    """Write rows to the first sheet (台账) and further sheets by name."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "台账"
    for row in rows:
        sheet.append(list(row))
    for name, others in more:
        further = workbook.create_sheet(name)
        for row in others:
            further.append(list(row))
    workbook.save(path)
    return path


def ledger_book(path: Path, *rows: Mapping[str, Any], columns: Sequence[str] = HEADER) -> Path:
    """Write a ledger with one header row; each row is header -> value."""
    return book(path, [columns, *([row.get(name) for name in columns] for row in rows)])


def table(path: Path, rows: Sequence[Sequence[str]], encoding: str = "gbk") -> Path:
    """Write a text table."""
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def take(
    database: Database,
    path: Path,
    *,
    dry: bool = False,
    sheets: Sequence[str] = (),
    mapped: Sequence[str] = (),
    **options: Any,
) -> ImportReport:
    """Take a file in, or only plan to."""
    chosen = ImportOptions(**options)
    with read(path) as grid:
        plans = chosen_sheets(grid, names=sheets, mapped=mapped)
        if dry:
            with database.read() as session:
                return plan_import(session, grid, plans, chosen)
        return import_grid(database, grid, plans, chosen, sha256=file_digest(path))


def counts(report: ImportReport) -> dict[str, int]:
    """Return the verdicts that occurred."""
    return {verdict: report.counts[verdict] for verdict in VERDICTS if report.counts[verdict]}


def told(report: ImportReport) -> list[tuple[str, str, str, str]]:
    """Return cell, field, code and verdict of each problem."""
    return [(problem.cell, problem.field, problem.code, problem.verdict) for problem in report.problems]
