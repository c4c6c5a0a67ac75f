"""What hangs on records to and from rows: one way for every kind, so that history, undo and restoring know one shape.

A store reads plain values by id and writes some of them; what else must follow (the start of a project, the life of a
tie) follows here, whoever writes: a form, an import, an undo.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from bri_desktop.db.database import now
from bri_desktop.db.measure_models import ApprovalProcedure, Indicator, IndicatorValue, Risk
from bri_desktop.db.models import Activity, Agreement, Base, Organisation, Project, table_of
from bri_desktop.db.pairs import PairStore
from bri_desktop.db.places import PlaceStore
from bri_desktop.db.projects import ProjectStore
from bri_desktop.db.record_models import Attachment, Contact, FollowUp
from bri_desktop.domain.folding import fold
from bri_desktop.domain.record import decimal_text
from bri_desktop.domain.record_kinds import KINDS, Plain, RecordField
from bri_desktop.domain.vocabulary import key_of

OWNER_COLUMNS = ("project_id", "pair_id", "organisation_id")


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record as it is in the database; ``values`` are plain, ``owner`` holds the columns that point at owners."""

    kind: str
    id: int
    version: int
    values: Plain
    deleted_at: str | None
    owner: Mapping[str, int | None]

    @property
    def key(self) -> str:
        """The key that the command line and the history use."""
        return key_of(PREFIXES[self.kind], self.id)


class RowStore:
    """A kind that is a row of one table, its fields columns of the same names."""

    model: type[Base]

    def __init__(self, kind: str, model: type[Base], prefix: str, fields: Sequence[RecordField]) -> None:
        self.kind, self.model, self.prefix, self.fields = kind, model, prefix, tuple(fields)

    def read(self, session: Session, number: int) -> StoredRecord | None:
        """Return one record, whether in the bin or not."""
        row: Any = session.get(self.model, number)
        if row is None:
            return None
        session.refresh(row)
        return self.stored(session, row)

    def stored(self, session: Session, row: Any) -> StoredRecord:
        """Return a row as a record."""
        columns = table_of(self.model).c
        owner = {name: getattr(row, name) for name in OWNER_COLUMNS if name in columns}
        values = {field.code: self.plain(session, row, field) for field in self.fields}
        return StoredRecord(self.kind, row.id, row.version, values, row.deleted_at, owner)

    def plain(self, session: Session, row: Any, field: RecordField) -> Any:
        """Return the plain value of one field of a row."""
        if field.kind == "organisation":
            number = getattr(row, f"{field.code}_id")
            return (
                None if number is None else session.scalar(select(Organisation.name).where(Organisation.id == number))
            )
        value = getattr(row, field.code)
        return decimal_text(value) if isinstance(value, Decimal) else value

    def insert(self, session: Session, owner: Mapping[str, Any], values: Plain, batch_id: int | None) -> int:
        """Store a new record and return its id."""
        given = {**owner, **self.columns_of(session, values), "version": 1, **self.further()}
        if "batch_id" in table_of(self.model).c:
            given["batch_id"] = batch_id
        row: Any = self.model(**given)
        session.add(row)
        session.flush()
        self.finish(session, row.id, values)
        self.follow(session, row.id)
        return int(row.id)

    def further(self) -> Mapping[str, Any]:
        """Return what a new row has beside its fields."""
        return {}

    def write(self, session: Session, number: int, values: Plain) -> None:
        """Give some fields other values, and the record its next version."""
        table = table_of(self.model)
        given = {**self.columns_of(session, values), "version": table.c.version + 1}
        session.execute(update(table).where(table.c.id == number).values(**given))
        session.expire_all()
        self.finish(session, number, values)
        self.follow(session, number)

    def move(self, session: Session, number: int, deleted_at: str | None) -> None:
        """Put a record into the bin, or take it out with ``None``."""
        table = table_of(self.model)
        given = {"deleted_at": deleted_at, "version": table.c.version + 1}
        session.execute(update(table).where(table.c.id == number).values(**given))
        session.expire_all()
        self.follow(session, number)

    def columns_of(self, session: Session, values: Plain) -> dict[str, Any]:
        """Return column -> value of plain values."""
        found: dict[str, Any] = {}
        for field in self.fields:
            if field.code not in values or field.kind == "periods":
                continue
            value = values[field.code]
            if field.kind == "organisation":
                found[f"{field.code}_id"] = organisation_id(session, value)
            elif field.kind == "number":
                found[field.code] = None if value is None else Decimal(value)
            else:
                found[field.code] = value
        return found

    def finish(self, session: Session, number: int, values: Plain) -> None:
        """Write what lies in further tables."""

    def follow(self, session: Session, number: int) -> None:
        """Let follow what depends on the record."""


class AgreementStore(RowStore):
    """Agreements date the start of their project and keep their tie alive."""

    def follow(self, session: Session, number: int) -> None:
        """Keep ``project.start`` at the earliest signing, and the tie in or out of the bin."""
        row = session.get_one(Agreement, number)
        if row.project_id is not None:
            follow_start(session, row.project_id)
        _settle_pair(session, row.pair_id)


class ActivityStore(RowStore):
    """Activities keep their tie alive."""

    def follow(self, session: Session, number: int) -> None:
        """Keep the tie in or out of the bin."""
        _settle_pair(session, session.get_one(Activity, number).pair_id)


class IndicatorStore(RowStore):
    """An indicator has what was reached by period in a table of its own."""

    def plain(self, session: Session, row: Any, field: RecordField) -> Any:
        """Return the plain value of one field."""
        if field.kind != "periods":
            return super().plain(session, row, field)
        query = select(IndicatorValue.period, IndicatorValue.actual).where(IndicatorValue.indicator_id == row.id)
        found = {period: decimal_text(actual) for period, actual in session.execute(query).tuples()}
        return dict(sorted(found.items())) or None

    def finish(self, session: Session, number: int, values: Plain) -> None:
        """Write what was reached."""
        if "actuals" not in values:
            return
        session.execute(delete(IndicatorValue).where(IndicatorValue.indicator_id == number))
        rows = [
            {"indicator_id": number, "period": period, "actual": Decimal(actual)}
            for period, actual in (values["actuals"] or {}).items()
        ]
        if rows:
            session.execute(insert(table_of(IndicatorValue)), rows)


class OrganisationStore(RowStore):
    """The name of an organisation is its own; projects that name it are found by it."""

    def columns_of(self, session: Session, values: Plain) -> dict[str, Any]:
        """Return the columns, the folded name among them."""
        found = super().columns_of(session, values)
        if values.get("name"):
            found["folded"] = fold(values["name"]) or values["name"]
        return found

    def finish(self, session: Session, number: int, values: Plain) -> None:
        """Let projects be found by the name of now."""
        if "name" in values:
            ProjectStore(session).index_again(projects_of_organisation(session, number))


class AttachmentStore(RowStore):
    """A file of any record; what it holds never changes, its name and note do."""

    def further(self) -> Mapping[str, Any]:
        """Say when it was added."""
        return {"added_at": now()}


def organisation_id(session: Session, name: str | None) -> int | None:
    """Return the organisation of that name, made where it is new, taken out of the bin where it lies there."""
    if not name:
        return None
    folded = fold(name) or name
    row = session.scalar(select(Organisation).where(Organisation.folded == folded))
    if row is None:
        row = Organisation(name=name, folded=folded)
        session.add(row)
    row.deleted_at = None
    session.flush()
    return row.id


def projects_of_organisation(session: Session, number: int) -> list[int]:
    """Return the projects that name the organisation, those in the bin too."""
    from bri_desktop.db.models import ProjectPartner

    named = (Project.department_id == number) | (Project.lead_id == number)
    partners = select(ProjectPartner.project_id).where(ProjectPartner.organisation_id == number)
    return list(session.scalars(select(Project.id).where(named | Project.id.in_(partners)).order_by(Project.id)))


def follow_start(session: Session, project: int) -> None:
    """Keep the start of a project at its earliest signed agreement, else at its own dates."""
    mine = (Agreement.project_id == project, Agreement.deleted_at.is_(None))
    earliest = session.scalar(select(func.min(Agreement.signed)).where(*mine))
    row = session.execute(select(Project.signed, Project.started, Project.start).where(Project.id == project)).one()
    start = earliest or row.signed or row.started
    if start != row.start:
        session.execute(update(Project).where(Project.id == project).values(start=start))


def _settle_pair(session: Session, pair: int | None) -> None:
    if pair is not None:
        PairStore(session, PlaceStore(session)).settle(pair)


def _store(kind: str, model: type[Base], made: Callable[..., RowStore] = RowStore) -> RowStore:
    return made(kind, model, KINDS[kind].prefix, KINDS[kind].fields)


ATTACHMENT_PREFIX, PROCEDURE_PREFIX = "X", "W"
ATTACHMENT_FIELDS = (
    RecordField("name", required=True),
    RecordField("folder"),
    RecordField("note", "long"),
    RecordField("sha256"),
    RecordField("size", "count"),
    RecordField("kind"),
    RecordField("record_id", "count"),
)
PROCEDURE_FIELDS = (RecordField("name", required=True), RecordField("steps", "steps"))
STORES: dict[str, RowStore] = {
    store.kind: store
    for store in (
        _store("agreement", Agreement, AgreementStore),
        _store("activity", Activity, ActivityStore),
        _store("indicator", Indicator, IndicatorStore),
        _store("risk", Risk),
        _store("contact", Contact),
        _store("follow_up", FollowUp),
        _store("organisation", Organisation, OrganisationStore),
        AttachmentStore("attachment", Attachment, ATTACHMENT_PREFIX, ATTACHMENT_FIELDS),
        RowStore("approval_procedure", ApprovalProcedure, PROCEDURE_PREFIX, PROCEDURE_FIELDS),
    )
}
"""Every kind that the history keeps by its row; approvals are added by their own module."""
PREFIXES: dict[str, str] = {store.kind: store.prefix for store in STORES.values()}


def register(store: RowStore) -> None:
    """Add a kind with a store of its own."""
    STORES[store.kind] = store
    PREFIXES[store.kind] = store.prefix
