"""Sending workbooks to departments: which records go, what is kept of each, and the number it goes under.

The ledger keeps every value that was sent, so that a workbook that comes back can be compared cell by cell. A
department is the addressee alone: which records it gets is said by the filter.
"""

import contextlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import column, insert, select, table
from sqlalchemy.orm import Session

from bri_desktop.db.database import now
from bri_desktop.db.exchange_models import IssuedRow, IssuedWorkbook
from bri_desktop.db.models import Country, Organisation, Place, Project, ProjectPlace
from bri_desktop.db.places import StoredPlace, index_for, stored_place
from bri_desktop.db.projects import ProjectStore
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.dates import parse_date
from bri_desktop.domain.errors import InputError, ValueProblemError, Where
from bri_desktop.domain.folding import fold
from bri_desktop.domain.issued import row_digest
from bri_desktop.domain.record import to_plain
from bri_desktop.domain.vocabulary import FIELD_BY_CODE, PROJECT_KEY, key_of
from bri_desktop.excel.issued_cells import (
    DOMESTIC_PLACES,
    FOREIGN_PLACES,
    PARENTS,
    Entry,
    Words,
    currency_entries,
)
from bri_desktop.excel.issued_layout import (
    ALWAYS,
    COUNTRY,
    CURRENCY,
    GROUPS,
    LAYOUT,
    OUTCOMES,
    PROJECTS,
    default_fields,
    group_label,
    ordered_fields,
)
from bri_desktop.excel.template import IssuedRecord, Written, write_issued
from bri_desktop.excel.template_guide import Facts
from bri_desktop.excel.writer import free_name
from bri_desktop.i18n import language
from bri_desktop.services.intake_report import Sessions
from bri_desktop.services.issue_register import ISSUED, issued_workbook
from bri_desktop.services.issue_staging import RowSpool, StagedFile
from bri_desktop.services.ledger_out import place_text
from bri_desktop.services.office import read_office
from bri_desktop.services.projects import find_ids, today
from bri_desktop.services.reference import read_codebook

__all__ = [
    "ALWAYS",
    "NUMBER_TAKEN",
    "Issued",
    "Order",
    "PreparedIssue",
    "default_fields",
    "field_groups",
    "free_name",
    "issue",
    "issue_apart",
    "prepare_apart",
    "prepare_issue",
    "register_issue",
]

INTERNAL = "internal"
NUMBER_TAKEN = "issue_number_taken"
_VALUES = ("workbook_id", "kind", "record_id", "position", "version", "digest", "values")
_ROWS = table(IssuedRow.__tablename__, *map(column, _VALUES))
"""The rows as they are entered: their values are JSON texts already."""
ITEMS_AT_ONCE = 1_000
DIGITS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be issued: to whom, which projects (``filter_text``; all without), which fields (``()``: the usual
    ones), due when (a day as it is written), whom to ask; internal records go only where they are asked for."""

    department: str
    filter_text: str = ""
    fields: tuple[str, ...] = ()
    due: str | None = None
    contact: str = ""
    include_internal: bool = False


@dataclass(frozen=True, slots=True)
class Issued:
    """What was issued: the number, how many projects and outcomes, and the file."""

    number: str
    rows: int
    outcomes: int
    file_name: str
    changes: Changes = field(default_factory=lambda: Changes(ISSUED))

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``issue --json`` prints."""
        return {"issue": self.number, "rows": self.rows}


Progress = Callable[[int, int], None]


@dataclass(slots=True)
class PreparedIssue:
    """A workbook that is written and not yet registered; used as a context, it leaves no file behind that is not
    registered. ``number`` stands in the file; ``replaces`` is the number of the workbook whose place it takes."""

    order: Order
    number: str
    due: str | None
    fields: tuple[str, ...]
    staged: StagedFile
    rows: RowSpool = field(default_factory=RowSpool)
    written: Written = field(default_factory=lambda: Written(0, 0))
    replaces: str | None = None

    def end(self, *, is_registered: bool) -> None:
        """Remove what stands beside the file, and the file itself where it is not registered."""
        if not is_registered:
            self.staged.withdraw()
        self.staged.close()
        self.rows.close()

    def __enter__(self) -> "PreparedIssue":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end(is_registered=kind is None)


def issue(
    session: Session,
    order: Order,
    path: Path,
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Issued:
    """Write a workbook for a department to ``path`` and register it within the caller's transaction, both or neither.

    Raises :class:`InputError`: ``department_needed``, ``due_unreadable``, ``field_unknown``, ``file_type_unknown``,
    ``cancelled``, and what the filter and the writing of files raise.
    """
    with prepare_issue(session, order, path, progress=progress, cancelled=cancelled) as prepared:
        return register_issue(session, prepared)


def issue_apart(
    database: Sessions,
    order: Order,
    path: Path,
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Issued:
    """Do what :func:`issue` does, and keep others from writing only while it is registered."""
    while True:
        prepared = prepare_apart(database, order, path, progress=progress, cancelled=cancelled)
        try:
            with prepared, database.write() as session:
                return register_issue(session, prepared)
        except InputError as error:
            if error.code != NUMBER_TAKEN:
                raise


def prepare_apart(
    database: Sessions,
    order: Order,
    path: Path,
    *,
    replaces: str | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> PreparedIssue:
    """Do what :func:`prepare_issue` does in a reading session of its own."""
    with database.read() as session:
        return prepare_issue(session, order, path, replaces=replaces, progress=progress, cancelled=cancelled)


def prepare_issue(
    session: Session,
    order: Order,
    path: Path,
    *,
    replaces: str | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> PreparedIssue:
    """Write the workbook beside ``path`` from what a session sees; nothing is registered. Raises as :func:`issue`."""
    due, fields = day_of(order.due), checked_fields(order.fields)
    if path.suffix.lower() != ".xlsx":
        raise InputError("issue_needs_xlsx", where=Where(file=path.name))
    department = _name_of(session, order.department)
    prepared = PreparedIssue(order, next_number(session), due, fields, StagedFile(path), replaces=replaces)
    with contextlib.ExitStack() as stack:
        stack.enter_context(prepared)
        ids = chosen_ids(session, order)
        prepared.written = write_issued(
            prepared.staged.made,
            facts=Facts(
                prepared.number, department, today().value, due, len(ids), read_office(session).name, order.contact
            ),
            fields=fields,
            words=issued_words(session, include_internal=order.include_internal),
            records=_sent(session, ids, prepared, progress, cancelled),
            language=language(),
        )
        stack.pop_all()
    return prepared


def register_issue(session: Session, prepared: PreparedIssue) -> Issued:
    """Enter a written workbook with all its values, and put the file into its place; the commit is the caller's.

    ``issue_number_taken`` where another workbook was issued meanwhile under the number that stands in the file.
    """
    order, written = prepared.order, prepared.written
    if next_number(session) != prepared.number:
        raise InputError(NUMBER_TAKEN, number=prepared.number)
    workbook = IssuedWorkbook(
        number=prepared.number,
        department_id=_department(session, order.department).id,
        filter=order.filter_text,
        fields=list(prepared.fields),
        due=prepared.due,
        issued_at=now(),
        file_name=prepared.staged.path.name,
        rows=written.rows,
        layout=LAYOUT,
    )
    session.add(workbook)
    session.flush()
    for rows in prepared.rows.chunks():
        entered = [dict(zip(_VALUES, (workbook.id, PROJECTS, *row), strict=True)) for row in rows]
        session.connection().execute(insert(_ROWS), entered)
    if prepared.replaces is not None:
        earlier = issued_workbook(session, prepared.replaces)
        earlier.closed_at = earlier.closed_at or now()
        earlier.note = prepared.number
    session.flush()
    prepared.staged.place()
    return Issued(prepared.number, written.rows, written.outcomes, prepared.staged.path.name)


def day_of(text: str | None) -> str | None:
    """Return the day that a written date means, ``None`` for none; ``due_unreadable`` where it is no whole day."""
    if text is None or not text.strip():
        return None
    try:
        day = parse_date(text)
    except ValueProblemError as error:
        raise InputError("due_unreadable", value=text) from error
    if day.precision != "day":
        raise InputError("due_unreadable", value=text)
    return day.value


def checked_fields(fields: Iterable[str]) -> tuple[str, ...]:
    """Return the fields in the order of their columns, the usual ones where none are named."""
    wanted = tuple(fields) or default_fields()
    for name in wanted:
        if name not in FIELD_BY_CODE:
            raise InputError("field_unknown", field=name)
    return ordered_fields(wanted)


def field_groups() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the label of each group of columns with its fields."""
    return tuple((group_label(group), names) for group, names in GROUPS)


def chosen_ids(session: Session, order: Order) -> list[int]:
    """Return the ids of the projects of an order, in the order of the ledger."""
    ids = find_ids(session, filter_text=order.filter_text)
    if order.include_internal:
        return ids
    internal = set(session.scalars(select(Project.id).where(Project.visibility == INTERNAL)))
    return [one for one in ids if one not in internal]


def next_number(session: Session) -> str:
    """Return the next issue number of this year: 2026-003."""
    year = today().value[:4]
    given = session.scalars(
        select(IssuedWorkbook.number).where(IssuedWorkbook.number.startswith(f"{year}-", autoescape=True))
    )
    last = max((int(number[5:]) for number in given if number[5:].isdecimal()), default=0)
    return f"{year}-{last + 1:0{DIGITS}d}"


def _folded(name: str) -> str:
    folded = fold(name)
    if not folded:
        raise InputError("department_needed")
    return folded


def _name_of(session: Session, name: str) -> str:
    """Return how the organisation of that name is written."""
    known = session.scalar(select(Organisation.name).where(Organisation.folded == _folded(name)))
    return known or name.strip()


def _department(session: Session, name: str) -> Organisation:
    """Return the organisation of that name, made where it is new."""
    folded = _folded(name)
    found = session.scalar(select(Organisation).where(Organisation.folded == folded))
    if found is None:
        found = Organisation(name=name.strip(), folded=folded)
        session.add(found)
        session.flush()
    found.deleted_at = None
    return found


def _sent(
    session: Session,
    ids: Sequence[int],
    prepared: PreparedIssue,
    progress: Progress | None,
    cancelled: Callable[[], bool] | None,
) -> Iterator[IssuedRecord]:
    """Give the records as they are sent; their values are kept to be registered."""
    for start in range(0, len(ids), ITEMS_AT_ONCE):
        if cancelled is not None and cancelled():
            raise InputError("cancelled")
        rows: list[tuple[int, int, int, str, str]] = []
        for stored in ProjectStore(session).read(ids[start : start + ITEMS_AT_ONCE]).values():
            values = {name: to_plain(name, getattr(stored.draft, name)) for name in prepared.fields}
            digest = row_digest(values)
            rows.append((stored.id, start + len(rows), stored.version, digest, json.dumps(values)))
            yield IssuedRecord(key_of(PROJECT_KEY, stored.id), values, digest)
        prepared.rows.add(rows)
        if progress is not None:
            progress(min(start + ITEMS_AT_ONCE, len(ids)), len(ids))


# -- words ----------------------------------------------------------------------------------------------------------


def issued_words(session: Session, *, include_internal: bool = False) -> Words:
    """Return the lists of a workbook: code lists with the office's own codes, currencies, countries, the places of
    the ledger and its umbrella projects."""
    codes = read_codebook(session)
    names = {one.list for one in FIELD_BY_CODE.values() if one.list} | {f"{OUTCOMES}_class"}
    lists: dict[str, Mapping[str, Entry]] = {
        name: {code.code: Entry(code.code, code.label(language()), code.parent) for code in codes.codes(name)}
        for name in sorted(names)
    }
    lists[CURRENCY] = currency_entries()
    lists[COUNTRY] = _countries(session)
    lists |= _places(session, include_internal=include_internal)
    lists[PARENTS] = _parents(session, include_internal=include_internal)
    return Words({name: entries for name, entries in lists.items() if entries})


def _countries(session: Session) -> dict[str, Entry]:
    rows = session.execute(select(Country.iso2, Country.name_zh, Country.name_en)).tuples().all()
    chinese = language() == "zh_CN"
    named = sorted((zh if chinese else en, iso2) for iso2, zh, en in rows)
    return {iso2: Entry(iso2, name) for name, iso2 in named}


def _places(session: Session, *, include_internal: bool) -> dict[str, dict[str, Entry]]:
    """Return the places of both sides in the order of their names, each written so that it is found again."""
    index = index_for(session)
    found: dict[str, dict[str, Entry]] = {}
    for side, name in (("domestic", DOMESTIC_PLACES), ("foreign", FOREIGN_PLACES)):
        used = select(ProjectPlace.place_id).join(Project, Project.id == ProjectPlace.project_id)
        used = used.where(ProjectPlace.side == side, Project.deleted_at.is_(None))
        if not include_internal:
            used = used.where(Project.visibility != INTERNAL)
        places = [stored_place(row) for row in session.scalars(select(Place).where(Place.id.in_(used)))]
        entries = (Entry(place.key, _written(index, place, side), place.country) for place in places)
        found[name] = {entry.code: entry for entry in sorted(entries, key=lambda entry: entry.label)}
    return found


def _written(index: Any, place: StoredPlace, side: str) -> str:
    return place.name(language()) if place.level == "country" else place_text(index, place, side)


def _parents(session: Session, *, include_internal: bool) -> dict[str, Entry]:
    """Return the umbrella projects by their codes; one that is not named is written by its key, which says nothing."""
    above = select(Project.parent_id).where(Project.parent_id.is_not(None))
    query = select(Project.id, Project.code).where(Project.id.in_(above))
    if not include_internal:
        query = query.where(Project.visibility != INTERNAL)
    rows = session.execute(query).tuples().all()
    return {key_of(PROJECT_KEY, number): Entry(key_of(PROJECT_KEY, number), code) for number, code in rows if code}
