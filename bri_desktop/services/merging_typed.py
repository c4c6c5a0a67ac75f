"""A third value for a cell of a merge: neither ours nor theirs, but typed, and checked as the form checks it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from bri_desktop.db.projects import ProjectStore
from bri_desktop.domain.dates import parse_date
from bri_desktop.domain.errors import InputError, ValueProblemError
from bri_desktop.domain.merge import Verdict, is_empty
from bri_desktop.domain.money import parse_money
from bri_desktop.domain.project import OutcomeDraft
from bri_desktop.domain.record import outcome_to_plain, to_plain
from bri_desktop.domain.vocabulary import PROJECT_KEY, number_of
from bri_desktop.domain.written import parse_number
from bri_desktop.i18n import tr
from bri_desktop.labels import sentence
from bri_desktop.services.issuing import issued_words
from bri_desktop.services.merging_cells import broken_by
from bri_desktop.services.merging_plan import OUTCOMES_PREFIX, MergePlan, PlannedCell
from bri_desktop.services.merging_words import value_words
from bri_desktop.services.reference import read_codebook
from bri_desktop.services.written import read_written

TYPABLE = frozenset({Verdict.THEIRS, Verdict.CLASH, Verdict.CLEARED, Verdict.INVALID})
"""Cells for which another value can be typed."""

CellId = tuple[str, str]


@dataclass(frozen=True, slots=True)
class TypedValue:
    """What a typed text came to: the plain value and its words, or the sentence that says why it is none."""

    value: Any = None
    words: str = ""
    problem: str = ""


def read_typed(session: Session, plan: MergePlan, cell_id: CellId, text: str) -> TypedValue:
    """Read a typed text as the value of a planned cell, by the rules of the form."""
    cell = next(cell for cell in plan.cells if cell.id == cell_id)
    if not text.strip():
        return TypedValue(problem=tr("Nothing is written; press Esc to leave it."))
    part = cell.field.rpartition(".")[2]
    reads = _outcome_part if cell.field.startswith(OUTCOMES_PREFIX) else _field
    try:
        value = reads(session, cell, part, text.strip())
    except (ValueProblemError, InputError) as error:
        return TypedValue(problem=sentence(error.code, error.values))
    return TypedValue(value, value_words(cell.field, value, issued_words(session, include_internal=True)))


def _field(session: Session, cell: PlannedCell, name: str, text: str) -> Any:
    written = read_written(session, {name: text}, new=False)
    for problem in written.problems:
        raise InputError(problem.code, **problem.values)
    store = ProjectStore(session)
    stored = store.read([number_of(PROJECT_KEY, cell.key) or 0]).get(number_of(PROJECT_KEY, cell.key) or 0)
    if stored is None:
        raise InputError("record_unknown", key=cell.key)
    value = to_plain(name, getattr(store.canonical(written.draft), name))
    for code, values in broken_by(store, stored, {name: value}).values():
        raise InputError(code, **values)
    return value


def _outcome_part(session: Session, cell: PlannedCell, part: str, text: str) -> Any:
    match part:
        case "outcome_class":
            code = read_codebook(session).find(part, text)
            if code is None:
                raise ValueProblemError("code_unknown", text, list=part)
            return code
        case "quantity":
            return outcome_to_plain(OutcomeDraft(quantity=parse_number(text)))[part]
        case "amount":
            known = next((one for one in (cell.current, cell.issued) if not is_empty(one)), None)
            return outcome_to_plain(OutcomeDraft(amount=parse_money(text, currency=_currency(known))))[part]
        case "date":
            return parse_date(text).value
    return text


def _currency(known: Any) -> str:
    return str(known["currency"]) if isinstance(known, dict) else ""


def with_typed(plan: MergePlan, typed: Mapping[CellId, Any]) -> MergePlan:
    """Return the plan as if the department had written the typed values; each is taken where ``theirs`` is decided."""
    if not typed:
        return plan
    places = {(cell.sheet, cell.cell) for cell in plan.cells if cell.id in typed and cell.verdict is Verdict.INVALID}
    rows = tuple(replace(row, cells=tuple(_retyped(cell, typed) for cell in row.cells)) for row in plan.rows)
    problems = tuple(one for one in plan.problems if (one.sheet, one.cell) not in places)
    return replace(plan, rows=rows, problems=problems)


def _retyped(cell: PlannedCell, typed: Mapping[CellId, Any]) -> PlannedCell:
    if cell.id not in typed:
        return cell
    return replace(cell, returned=typed[cell.id], verdict=Verdict.CLASH, reason=None, values={}, offers=())
