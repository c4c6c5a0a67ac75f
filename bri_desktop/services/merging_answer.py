"""What the department is told of each cell of its workbook, in words: accepted, not accepted and why, or in dispute."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from bri_desktop.domain.errors import InputError, Where
from bri_desktop.domain.merge import Verdict as Merged
from bri_desktop.domain.merge import is_empty
from bri_desktop.excel.issued_cells import Words
from bri_desktop.excel.issued_layout import OUTCOMES
from bri_desktop.excel.verdicts import ACCEPTED, ASKED, CLASH, REFUSED, Answer, Verdict, write_verdicts
from bri_desktop.i18n import tr
from bri_desktop.labels import sentence
from bri_desktop.services.issuing import issued_words
from bri_desktop.services.merging_plan import (
    ADDED,
    DUPLICATE,
    MergePlan,
    OursChange,
    PlannedCell,
    PlannedRow,
    merge_field_label,
)
from bri_desktop.services.merging_words import value_words

MOST_OFFERS = 12
MOST_MERGED_CELLS = 200_000


def write_answer(session: Session, plan: MergePlan, book: Path, out: Path) -> int:
    """Write the answer to ``book``, of which ``plan`` was made; return the number of cells with a verdict.

    Raises what :func:`write_verdicts` raises, also where merged cells would make opening the file a burden.
    """
    if plan.merged_cells > MOST_MERGED_CELLS:
        raise InputError("answer_unopenable", where=Where(file=book.name))
    words = issued_words(session, include_internal=True)
    answer = Answer(list(verdicts(plan, words)), tuple(remarks(plan)), answer_title(plan))
    del plan  # of a large workbook it takes more room than the answer does
    return write_verdicts(book, out, answer)


def answer_title(plan: MergePlan) -> str:
    """Return the head of the summary."""
    if plan.issue is None:
        return tr("Verdicts on {file}", file=plan.file_name)
    return tr("Verdicts on workbook {issue} ({department})", issue=plan.issue, department=plan.department)


def remarks(plan: MergePlan) -> Iterator[str]:
    """Give what concerns the whole workbook: its damage, the rows that are missing."""
    for damage in plan.damage:
        yield damage.message
    if plan.missing:
        names = "、".join(row.title for row in plan.missing[:10])
        yield tr("{count} issued rows are missing: {names}", count=len(plan.missing), names=names)


def verdicts(plan: MergePlan, words: Words) -> Iterator[Verdict]:
    """Give a verdict for every cell that came back another one, in the order of the workbook."""
    for row in plan.rows:
        for cell in row.cells:
            said = _said(cell, words)
            if said is not None:
                kind, text = said
                record = cell.title or cell.key
                yield Verdict(cell.sheet, cell.cell, kind, text, record, merge_field_label(cell.field), cell.written)
        yield from _of_row(row)


def _said(cell: PlannedCell, words: Words) -> tuple[str, str] | None:
    match cell.verdict:
        case Merged.THEIRS | Merged.EQUAL:
            return ACCEPTED, tr("Accepted.")
        case Merged.CLASH:
            ours = value_words(cell.field, cell.current, words) or tr("(empty)")
            sent = value_words(cell.field, cell.issued, words) or tr("(empty)")
            text = tr("We have changed this too: now {ours}, when issued {sent}. Which is right?", ours=ours, sent=sent)
            return CLASH, f"{text}{_when(cell.ours)}"
        case Merged.CLEARED:
            ours = value_words(cell.field, cell.current, words)
            return ASKED, tr(
                "This was emptied; our value stays: {ours}. To delete it write 〔清空〕, else write it again.",
                ours=ours,
            )
        case Merged.READ_ONLY | Merged.INVALID:
            return REFUSED, _with_offers(tr("Not accepted. {why}", why=_why(cell.reason, cell.values)), cell, words)
    return None


def _why(code: str | None, values: Mapping[str, Any]) -> str:
    """Return what is wrong and what to write, as a department can do it: it has no list of places to choose from."""
    words: Mapping[str | None, Callable[[], str]] = {
        "place_unknown": lambda: tr("This place is not known; write its usual full name, and its country."),
        "place_ambiguous": lambda: tr("Several places have this name; write the province or country before it."),
        "possible_duplicate": lambda: tr("This looks like record {key}; tell us whether it is another one.", **values),
    }
    return words[code]() if code in words else sentence(code or "", values)


def _joined(*parts: str) -> str:
    """Return sentences one after another, without a blank after a Chinese full stop."""
    text = ""
    for part in parts:
        text += f"{'' if not text or text.endswith('。') else ' '}{part}"
    return text


def _when(change: OursChange | None) -> str:
    if change is None:
        return ""
    day = datetime.fromisoformat(change.at).astimezone()
    return tr(" (changed here on {day})", day=f"{day:%Y-%m-%d}")


def _with_offers(text: str, cell: PlannedCell, words: Words) -> str:
    parts = [text]
    if not is_empty(cell.current):
        parts.append(tr("Our value stays: {ours}.", ours=value_words(cell.field, cell.current, words)))
    return _joined(*parts, *_possible(cell.offers))


def _possible(offers: Sequence[str]) -> Iterator[str]:
    """Give the sentence about what could be written, where there is such; keys of places are no words."""
    shown = [one for one in offers if ":" not in one][:MOST_OFFERS]
    if shown:
        yield tr("Possible: {offers}", offers="、".join(shown))


def _of_row(row: PlannedRow) -> Iterator[Verdict]:
    """Give what is said of a row as a whole, at its title or at the cells of its problems."""
    for problem in row.problems:
        text = tr("Not accepted. {why}", why=_why(problem.code, problem.values))
        text = _joined(text, *_possible(problem.offers))
        yield Verdict(
            row.sheet, problem.cell, REFUSED, text, row.title, merge_field_label(problem.field), problem.value
        )
    texts: Mapping[str, Callable[[], str]] = {
        ADDED: lambda: tr("Accepted as a new entry."),
        DUPLICATE: lambda: tr("The same is there already; this row changes nothing."),
    }
    said = texts.get(row.kind)
    if said is not None and row.title_cell:
        name = OUTCOMES if row.outcome is not None else "title"
        yield Verdict(row.sheet, row.title_cell, ACCEPTED, said(), row.title, merge_field_label(name))
