"""A plan as the preview shows it: tables, questions and the report, made on a worker with exactly what is applied."""

from collections.abc import Sequence
from dataclasses import dataclass

from bri_desktop.services.exchange import ImportOptions, ImportReport, Progress, Sessions
from bri_desktop.services.intake_judge import RowOutcome
from bri_desktop.services.intake_sheets import BlockPlan, SheetPlan
from bri_desktop.services.intake_wizard import Book, Cancelled, plan_book
from bri_desktop.ui.exchange.answers import Question, questions_of


@dataclass(frozen=True, slots=True)
class FileTable:
    """One table of the file with the outcome of each of its rows, in the order of the file."""

    sheet: SheetPlan
    block: BlockPlan
    outcomes: Sequence[RowOutcome]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is shown and would be written: a report with the sheets and options it was made of."""

    sheets: tuple[SheetPlan, ...]
    options: ImportOptions
    report: ImportReport
    tables: tuple[FileTable, ...]
    questions: tuple[Question, ...]
    duplicates: tuple[int, ...]


def make_plan(
    database: Sessions,
    book: Book,
    sheets: tuple[SheetPlan, ...],
    options: ImportOptions,
    progress: Progress,
    cancelled: Cancelled,
) -> Plan:
    """Return what would become of the file; for a worker."""
    report = plan_book(database, book, sheets, options, progress, cancelled)
    duplicates = tuple(outcome.number for outcome in report.outcomes if outcome.verdict == "duplicates")
    return Plan(
        sheets, options, report, tables_of(report, sheets), tuple(questions_of(report, sheets, options)), duplicates
    )


def tables_of(report: ImportReport, sheets: Sequence[SheetPlan]) -> tuple[FileTable, ...]:
    """Return the outcomes by table; tables without a row are left out."""
    by_sheet: dict[str, list[RowOutcome]] = {}
    for outcome in report.outcomes:
        by_sheet.setdefault(outcome.sheet, []).append(outcome)
    tables = []
    for sheet in sheets:
        for block in sheet.blocks:
            own = by_sheet.get(sheet.name, [])
            rows = tuple(one for one in own if block.first_row <= one.number <= block.last_row)
            if rows:
                tables.append(FileTable(sheet, block, rows))
    return tuple(tables)
