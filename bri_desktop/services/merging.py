"""Planning the merge of a returned workbook: what was damaged, what each cell comes to, what is new, what is missing.

A plan only reads. Where the workbook lost its marks, or bears those of another ledger, its rows are compared as rows
of an ordinary ledger, and the plan says so.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bri_desktop.db.exchange_models import IssuedRow, IssuedWorkbook
from bri_desktop.domain.errors import InputError, Where
from bri_desktop.domain.folding import fold
from bri_desktop.domain.merge import REFUSED
from bri_desktop.excel.grid import Grid
from bri_desktop.excel.issued_book import ReturnedBook, read_returned
from bri_desktop.excel.issued_layout import KEY, OUTCOMES
from bri_desktop.services.exchange import ImportOptions
from bri_desktop.services.intake_row import RowProblem
from bri_desktop.services.intake_sheets import chosen_sheets
from bri_desktop.services.merging_cells import as_problem, mapped_columns
from bri_desktop.services.merging_context import Cancelled, Planning, Progress
from bri_desktop.services.merging_damage import STOPPING, book_damage, changed_lists, original_words
from bri_desktop.services.merging_long import lost_long_texts
from bri_desktop.services.merging_outcome_sheet import OutcomeSheet
from bri_desktop.services.merging_past import ours_changed
from bri_desktop.services.merging_plan import Damage, MergePlan, count_cells
from bri_desktop.services.merging_projects import ProjectSheet
from bri_desktop.services.merging_rows import UnkeyedRow, UnkeyedRows
from bri_desktop.services.merging_scan import IssuedValues

OUTCOME_HEADERS = frozenset(map(fold, ("项目编号", "成果类别")))
KEY_HEADERS = frozenset(map(fold, ("记录号", "Record")))


@dataclass(frozen=True, slots=True)
class _Issue:
    """The issued workbook that came back."""

    id: int
    number: str
    department_id: int
    department: str
    issued_at: str


def plan_merge(
    session: Session,
    grid: Grid,
    *,
    sha256: str = "",
    options: ImportOptions | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> MergePlan:
    """Return what a returned workbook comes to; nothing is written.

    ``options`` are answers to rows and values as an import takes them. Raises :class:`InputError`
    ``nothing_recognised`` where there is no table to read, ``cancelled``.
    """
    planning = Planning(session, grid, options or ImportOptions(), progress, cancelled)
    book = read_returned(grid)
    issue = None if book is None else _issue_of(session, book)
    if book is None or issue is None:
        _plan_ledger(planning, book)
    else:
        _plan_issued(planning, book, issue)
    return _finished(planning, issue, sha256)


def _issue_of(session: Session, book: ReturnedBook) -> _Issue | None:
    """Return the workbook that was issued under the number; none where its rows are not what this ledger sent."""
    found = session.scalar(select(IssuedWorkbook).where(IssuedWorkbook.number == book.control.issue))
    if found is None:
        return None
    sent = set(session.scalars(select(IssuedRow.digest).where(IssuedRow.workbook_id == found.id)))
    projects = [row for key, row in book.control.rows.items() if "." not in key]
    if projects and not any(row.digest in sent for row in projects):
        return None
    return _Issue(found.id, found.number, found.department_id, found.department.name, found.issued_at)


def _plan_issued(planning: Planning, book: ReturnedBook, issue: _Issue) -> None:
    outcomes = book.tables.get(OUTCOMES)
    if book.projects is None and outcomes is None:
        raise InputError("nothing_recognised", where=Where(file=planning.grid.path.name))
    codes = planning.rules.codes
    planning.found.damage += book_damage(book)
    planning.found.damage += _older(planning.session, issue)
    planning.found.damage += changed_lists(book, codes)
    words = original_words(book, codes)
    issued = IssuedValues(planning.session, issue.id)
    if book.projects is not None:
        planning.found.damage += lost_long_texts(planning.grid, book, issued.long_ones())
        ProjectSheet(planning, book.projects, issued).take(words)
    if outcomes is not None:
        keys = [key for key in book.control.rows if "." in key]
        OutcomeSheet(planning, outcomes, issued, keys).take(words)


def _older(session: Session, issue: _Issue) -> Iterator[Damage]:
    """Tell a newer workbook of the same department that holds rows of this one."""
    newer = (
        select(IssuedWorkbook.number, func.count())
        .join(IssuedRow, IssuedRow.workbook_id == IssuedWorkbook.id)
        .where(
            IssuedWorkbook.department_id == issue.department_id,
            IssuedWorkbook.id > issue.id,
            IssuedRow.record_id.in_(select(IssuedRow.record_id).where(IssuedRow.workbook_id == issue.id)),
        )
        .group_by(IssuedWorkbook.id)
        .order_by(IssuedWorkbook.id.desc())
    )
    row = session.execute(newer).first()
    if row is not None:
        yield Damage("older_issue", "", "", {"issue": issue.number, "newer": row[0], "count": row[1]})


# -- ordinary ledgers -------------------------------------------------------------------------------------------


def _plan_ledger(planning: Planning, book: ReturnedBook | None) -> None:
    """Plan a workbook without marks of ours: its rows are matched as those of any ledger."""
    unkeyed = planning.unkeyed(None)
    if book is None:
        planning.found.damage.append(Damage("marks_lost", "", planning.grid.path.name))
    else:
        planning.found.damage.append(Damage("foreign_issue", "", "", {"issue": book.control.issue}))
    if book is not None and (table := book.projects) is not None:
        rules = replace(planning.rules, sheet=table.name, columns=mapped_columns(table))
        unkeyed.take(rules, (UnkeyedRow(number, cells) for number, cells in table.rows(planning.grid)))
    else:
        _take_sheets(planning, unkeyed)
    planning.found.counts["rows"] = len(unkeyed.planned)
    planning.keep(unkeyed)


def _take_sheets(planning: Planning, unkeyed: UnkeyedRows) -> None:
    grid = planning.grid
    for sheet in chosen_sheets(grid):
        for block in sheet.blocks if grid.sheets[sheet.index].visible else ():
            headers = {fold(column.header.rpartition("/")[2]) for column in block.columns}
            if headers >= OUTCOME_HEADERS:
                where = f"A{block.first_row}"
                problem = RowProblem(sheet.name, where, OUTCOMES, "", "outcomes_not_read", "refused")
                planning.found.problems.append(problem)
                continue
            columns = [c for c in block.columns if fold(c.header.rpartition("/")[2]) not in KEY_HEADERS]
            kind, pairs_only = sheet.pair_kind, block.pairs_only
            rules = replace(planning.rules, sheet=sheet.name, columns=columns, pairs_only=pairs_only, pair_kind=kind)
            rows = block.classified(grid, sheet.index)
            unkeyed.take(rules, (UnkeyedRow(number, cells) for number, cells, what in rows if what == "data"))


# -- the whole --------------------------------------------------------------------------------------------------


def _finished(planning: Planning, issue: _Issue | None, sha256: str) -> MergePlan:
    found = planning.found
    rows = ours_changed(planning.session, found.rows, issue.issued_at if issue else "")
    counts: Counter[str] = count_cells(iter(rows), found.unchanged)
    counts.update(found.counts)
    problems = [problem for row in rows for problem in row.problems]
    problems += [as_problem(cell) for row in rows for cell in row.cells if cell.verdict in REFUSED]
    problems += [
        RowProblem(one.sheet, one.where, KEY, "", one.kind, "refused", one.values)
        for one in found.damage
        if one.kind not in STOPPING
    ]
    return MergePlan(
        file_name=planning.grid.path.name,
        sha256=sha256,
        issue=issue.number if issue else None,
        workbook_id=issue.id if issue else None,
        department=issue.department if issue else "",
        rows=tuple(rows),
        missing=tuple(found.missing),
        damage=tuple(one for one in found.damage if one.kind in STOPPING),
        problems=(*found.problems, *problems),
        counts=dict(counts),
        merged_cells=sum(
            (bottom - top + 1) * (right - left + 1)
            for sheet in planning.grid.sheets
            for top, left, bottom, right in sheet.merged
        ),
    )
