"""The lists of a record sheet: what hangs on a project or a tie, kind by kind, the most telling rows first."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from bri_desktop.domain.approval import APPROVED, REFUSED, WITHDRAWN
from bri_desktop.domain.codebook import CodeBook
from bri_desktop.domain.record_kinds import KINDS
from bri_desktop.domain.record_written import show_value
from bri_desktop.i18n import language, tr
from bri_desktop.labels import field_label, record_kind_label
from bri_desktop.reports.document import Align
from bri_desktop.reports.record_sheet import LongText, Part, PartColumn, Photo
from bri_desktop.reports.record_sheet_photo import read_photo
from bri_desktop.services.approvals import Case, list_cases
from bri_desktop.services.attachments import AttachmentFolder, AttachmentRow, attachments_of
from bri_desktop.services.hanging import rows_of
from bri_desktop.services.record_store import StoredRecord

ABSENT = "—"
RIGHT = ("count", "number", "money")
LISTS: Mapping[str, Sequence[tuple[str, float]]] = {
    "agreement": (("title", 5), ("kind", 2.4), ("signed", 1.7), ("expires", 1.7)),
    "activity": (("date", 1.6), ("title", 5), ("kind", 2), ("place", 1.8), ("head_count", 1)),
    "outcome": (("date", 1.6), ("what", 4.4), ("quantity", 1.5), ("unit", 1.1), ("amount", 2.2)),
    "indicator": (("name", 3.2), ("baseline", 1.4), ("target", 1.4), ("actuals", 3.4), ("unit", 1.1)),
    "risk": (("date", 1.6), ("what", 4), ("cause", 2.2), ("answer", 2.8), ("settled", 1.6)),
}
"""Kind -> the fields that the page shows, with their weights."""


def parts_of(session: Session, codes: CodeBook, owner: str, kinds: Iterable[str]) -> list[Part]:
    """Return the lists of a record given by its key, without those that are empty."""
    found = [_records(session, codes, owner, kind) for kind in kinds]
    return [filled(part) for part in found if part.rows]


def filled(part: Part) -> Part:
    """Return a list without the columns that are empty in every row."""
    kept = [place for place in range(len(part.columns)) if any(row[place] != ABSENT for row in part.rows)]
    columns = tuple(part.columns[place] for place in kept)
    return Part(part.title, columns, tuple(tuple(row[place] for place in kept) for row in part.rows))


def _records(session: Session, codes: CodeBook, owner: str, kind: str) -> Part:
    described = KINDS[kind]
    columns = tuple(
        PartColumn(field_label(f"{kind}.{code}"), weight, _align(described.field(code).kind))
        for code, weight in LISTS[kind]
    )
    records = rows_of(session, kind, owner)
    if kind == "risk":
        records.sort(key=lambda record: bool(record.values["settled"]))
    rows = tuple(tuple(_shown(codes, kind, code, record) for code, _ in LISTS[kind]) for record in records)
    return Part(record_kind_label(kind), columns, rows)


def _align(kind: str) -> Align:
    return "right" if kind in RIGHT else "center" if kind == "date" else "left"


def _shown(codes: CodeBook, kind: str, code: str, record: StoredRecord) -> str:
    text = show_value(KINDS[kind].field(code), record.values.get(code), codes, language())
    return " ".join(text.split()) or ABSENT


def lines_below(session: Session, owner: str, files: Sequence[AttachmentRow]) -> list[LongText]:
    """Return what is told in lines: approvals, what is still to be done, persons, files; without the empty ones.

    Telephone and mail of persons stay in the ledger.
    """
    cases = [_case_line(case) for case in list_cases(session, owner=owner)]
    waiting = [record.values for record in rows_of(session, "follow_up", owner) if not record.values["done"]]
    told = {
        "approval": cases,
        "follow_up": [spaced([one["what"], one["due"]]) for one in waiting],
        "contact": [
            spaced([record.values[code] for code in ("name", "organisation", "position")])
            for record in rows_of(session, "contact", owner)
        ],
        "attachment": [row.name for row in files],
    }
    return [LongText(record_kind_label(kind), "；".join(lines)) for kind, lines in told.items() if lines]


def spaced(values: Iterable[Any]) -> str:
    """Return what is known of several values, beside each other."""
    return " ".join(str(value) for value in values if value)


def _case_line(case: Case) -> str:
    if case.closed is not None:
        return spaced([case.procedure, _state(case), case.closed])
    return spaced([case.procedure, case.step_name, _state(case), case.opened])


def _state(case: Case) -> str:
    results = {APPROVED: tr("Approved"), REFUSED: tr("Turned down"), WITHDRAWN: tr("Withdrawn")}
    if case.closed is not None:
        return results.get(case.result or "", tr("Closed"))
    states = {"waiting": tr("To submit"), "submitted": tr("Awaiting decision"), "returned": tr("To submit again")}
    return states.get(case.standing.state, tr("Closed"))


def files_of(session: Session, folder: AttachmentFolder, owner: str) -> tuple[list[AttachmentRow], Photo | None]:
    """Return the files of a record, and the first picture among them that can be read."""
    files = attachments_of(session, folder, owner)
    whole = (row for row in files if row.state == "whole")
    photos = (read_photo(folder.path_of(row.sha256), row.name) for row in whole)
    return files, next((photo for photo in photos if photo is not None), None)


def words(values: Iterable[Any]) -> str:
    """Return several words with the sign between them that lists of the language have."""
    return ("、" if language() == "zh_CN" else ", ").join(str(value) for value in values if value)
