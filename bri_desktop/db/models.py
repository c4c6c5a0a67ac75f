"""The tables of the ledger. ``docs/data-model.md`` draws the whole; later migrations add what is not here yet.

Dates are ISO texts of reduced precision (``2017``, ``2017-05``, ``2017-05-17``): their text order is their order in
time. Instants are ISO texts in UTC. Codes point at the ``code`` table by (list, code), so that none is unknown.
"""

from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from bri_desktop.db.actor import actor
from bri_desktop.db.reason import reason
from bri_desktop.db.types import ScaledDecimal

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
NEVER_REUSED: dict[str, Any] = {"sqlite_autoincrement": True}
CODE_TEXT = String(40)
DATE_TEXT = String(10)
INSTANT_TEXT = String(32)
LISTED = (
    *("deleted_at", "start", "id"),
    *("mode", "nature", "status", "domain", "level", "visibility", "department_id", "pair_id", "currency", "amount"),
)
"""The order of the ledger, and what its usual conditions and sums ask for: they are answered by this index alone."""


class Base(DeclarativeBase):
    """Every constraint is named by convention, so that migrations can speak of it."""

    metadata = MetaData(naming_convention=NAMING)


def table_of(model: type[Base]) -> Table:
    """Return the table of a model, for bulk statements that make no objects."""
    return Base.metadata.tables[model.__tablename__]


class Meta(Base):
    """Facts about this database itself: ``sample``, ``created`` …"""

    __tablename__ = "meta"
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class Code(Base):
    """One entry of a code list; built-in ones are never changed, the office adds its own beside them."""

    __tablename__ = "code"
    list: Mapped[str] = mapped_column(CODE_TEXT, primary_key=True)
    code: Mapped[str] = mapped_column(CODE_TEXT, primary_key=True)
    position: Mapped[int] = mapped_column(Integer)
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    parent: Mapped[str | None] = mapped_column(CODE_TEXT)
    builtin: Mapped[bool] = mapped_column(Boolean, default=False)
    source: Mapped[str | None] = mapped_column(Text)


class Country(Base):
    """A country as the foreign ministry names it; the regions of China have ``region_of`` and are no country."""

    __tablename__ = "country"
    iso2: Mapped[str] = mapped_column(String(2), primary_key=True)
    iso3: Mapped[str] = mapped_column(String(3))
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    continent: Mapped[str] = mapped_column(CODE_TEXT)
    continent5_zh: Mapped[str] = mapped_column(Text)
    subregion: Mapped[str] = mapped_column(Text)
    region_of: Mapped[str | None] = mapped_column(String(2))
    diplomatic_relations: Mapped[str | None] = mapped_column(String(10))
    bri_from: Mapped[int | None] = mapped_column(Integer)
    bri_until: Mapped[int | None] = mapped_column(Integer)
    builtin: Mapped[bool] = mapped_column(Boolean, default=False)


class Place(Base):
    """A place that the ledger uses; taken from the gazetteer at its first use, or the office's own."""

    __tablename__ = "place"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    level: Mapped[str] = mapped_column(CODE_TEXT)
    country: Mapped[str] = mapped_column(ForeignKey("country.iso2"), index=True)
    parent_key: Mapped[str | None] = mapped_column(String(40))
    province: Mapped[str | None] = mapped_column(String(40), index=True)
    prefecture: Mapped[str | None] = mapped_column(String(40), index=True)
    name_zh: Mapped[str | None] = mapped_column(Text)
    name_en: Mapped[str | None] = mapped_column(Text)
    name_local: Mapped[str | None] = mapped_column(Text)
    aliases: Mapped[str | None] = mapped_column(Text)
    pinyin: Mapped[str | None] = mapped_column(Text)
    lat: Mapped[float | None] = mapped_column(Float)
    lon: Mapped[float | None] = mapped_column(Float)
    confirmed: Mapped[bool] = mapped_column(Boolean, default=True)
    version: Mapped[int] = mapped_column(Integer, default=1)
    deleted_at: Mapped[str | None] = mapped_column(INSTANT_TEXT)
    __table_args__ = (NEVER_REUSED,)


class PlaceRule(Base):
    """A remembered decision: this written name, under this country, is that place."""

    __tablename__ = "place_rule"
    id: Mapped[int] = mapped_column(primary_key=True)
    folded: Mapped[str] = mapped_column(Text)
    country: Mapped[str] = mapped_column(String(2), default="")
    place_key: Mapped[str] = mapped_column(String(40))
    decided_at: Mapped[str] = mapped_column(INSTANT_TEXT)
    __table_args__ = (UniqueConstraint("folded", "country"), NEVER_REUSED)


class Organisation(Base):
    """A department, enterprise, university … : whoever acts in a project."""

    __tablename__ = "organisation"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    folded: Mapped[str] = mapped_column(Text, unique=True)
    name_en: Mapped[str | None] = mapped_column(Text)
    kind: Mapped[str | None] = mapped_column(CODE_TEXT)
    country: Mapped[str | None] = mapped_column(String(2))
    address: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer, default=1)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"), index=True)
    deleted_at: Mapped[str | None] = mapped_column(INSTANT_TEXT)
    __table_args__ = (NEVER_REUSED,)


class Pair(Base):
    """A tie between one domestic and one foreign place, however many projects it has."""

    __tablename__ = "pair"
    id: Mapped[int] = mapped_column(primary_key=True)
    domestic_id: Mapped[int] = mapped_column(ForeignKey("place.id"), index=True)
    foreign_id: Mapped[int] = mapped_column(ForeignKey("place.id"), index=True)
    kind: Mapped[str | None] = mapped_column(CODE_TEXT)
    level: Mapped[str | None] = mapped_column(CODE_TEXT)
    life: Mapped[str | None] = mapped_column(CODE_TEXT)
    ended: Mapped[str | None] = mapped_column(DATE_TEXT)
    note: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer, default=1)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"), index=True)
    deleted_at: Mapped[str | None] = mapped_column(INSTANT_TEXT)
    domestic: Mapped[Place] = relationship(foreign_keys=[domestic_id])
    foreign: Mapped[Place] = relationship(foreign_keys=[foreign_id])
    __table_args__ = (NEVER_REUSED,)


class Project(Base):
    """A cooperation project. ``start`` and ``fingerprint`` are derived and kept by the services that write."""

    __tablename__ = "project"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str | None] = mapped_column(String(60), index=True)
    title: Mapped[str] = mapped_column(Text)
    title_en: Mapped[str | None] = mapped_column(Text)
    mode: Mapped[str | None] = mapped_column(CODE_TEXT)
    submode: Mapped[str | None] = mapped_column(CODE_TEXT)
    nature: Mapped[str | None] = mapped_column(CODE_TEXT)
    status: Mapped[str | None] = mapped_column(CODE_TEXT)
    domain: Mapped[str | None] = mapped_column(CODE_TEXT)
    level: Mapped[str | None] = mapped_column(CODE_TEXT)
    policy_step: Mapped[str | None] = mapped_column(CODE_TEXT)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    pair_id: Mapped[int | None] = mapped_column(ForeignKey("pair.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    signed: Mapped[str | None] = mapped_column(DATE_TEXT)
    planned_start: Mapped[str | None] = mapped_column(DATE_TEXT)
    planned_end: Mapped[str | None] = mapped_column(DATE_TEXT)
    started: Mapped[str | None] = mapped_column(DATE_TEXT)
    ended: Mapped[str | None] = mapped_column(DATE_TEXT)
    start: Mapped[str | None] = mapped_column(DATE_TEXT)
    amount: Mapped[Decimal | None] = mapped_column(ScaledDecimal)
    currency: Mapped[str | None] = mapped_column(String(3))
    summary: Mapped[str | None] = mapped_column(Text)
    results: Mapped[str | None] = mapped_column(Text)
    source: Mapped[str | None] = mapped_column(Text)
    visibility: Mapped[str] = mapped_column(CODE_TEXT, default="public")
    note: Mapped[str | None] = mapped_column(Text)
    fingerprint: Mapped[int] = mapped_column(BigInteger, default=0)
    version: Mapped[int] = mapped_column(Integer, default=1)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"), index=True)
    created_at: Mapped[str] = mapped_column(INSTANT_TEXT)
    updated_at: Mapped[str] = mapped_column(INSTANT_TEXT)
    deleted_at: Mapped[str | None] = mapped_column(INSTANT_TEXT)
    department: Mapped[Organisation | None] = relationship(foreign_keys=[department_id])
    lead: Mapped[Organisation | None] = relationship(foreign_keys=[lead_id])
    pair: Mapped[Pair | None] = relationship()
    __table_args__ = (
        Index("ix_project_listing", *LISTED),
        Index("ix_project_fingerprint", "fingerprint"),
        NEVER_REUSED,
    )


class ProjectPlace(Base):
    """The domestic and foreign places of a project, in the order they were written."""

    __tablename__ = "project_place"
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), primary_key=True)
    side: Mapped[str] = mapped_column(String(8), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer)
    place: Mapped[Place] = relationship()
    __table_args__ = (Index("ix_project_place_lookup", "place_id", "side", "project_id"),)


class ProjectCode(Base):
    """Further codes of a project: domains beside the primary one, fields, SDG targets, corridors."""

    __tablename__ = "project_code"
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), primary_key=True)
    list: Mapped[str] = mapped_column(CODE_TEXT, primary_key=True)
    code: Mapped[str] = mapped_column(CODE_TEXT, primary_key=True)
    position: Mapped[int] = mapped_column(Integer)


class ProjectPartner(Base):
    """The partner organisations of a project."""

    __tablename__ = "project_partner"
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True, index=True)
    position: Mapped[int] = mapped_column(Integer)
    organisation: Mapped[Organisation] = relationship()


class Tag(Base):
    """A free word on projects."""

    __tablename__ = "tag"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)


class ProjectTag(Base):
    """Which project has which tag."""

    __tablename__ = "project_tag"
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tag.id"), primary_key=True, index=True)
    position: Mapped[int] = mapped_column(Integer)
    tag: Mapped[Tag] = relationship()


class ProjectStatus(Base):
    """Dated changes of status: past years use the status of then."""

    __tablename__ = "project_status"
    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), index=True)
    status: Mapped[str] = mapped_column(CODE_TEXT)
    date: Mapped[str] = mapped_column(DATE_TEXT)


class ProjectSearch(Base):
    """The folded text of a project (words, pinyin, initials): narrow, so that a scan of it is quick."""

    __tablename__ = "project_search"
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)


class SearchGap(Base):
    """Projects from one id to another whose texts ``search_index`` (see ``db.search``) has not taken up yet."""

    __tablename__ = "search_gap"
    first_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_id: Mapped[int] = mapped_column(Integer)


class Agreement(Base):
    """A signed paper of a project or a pair."""

    __tablename__ = "agreement"
    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    pair_id: Mapped[int | None] = mapped_column(ForeignKey("pair.id"), index=True)
    kind: Mapped[str | None] = mapped_column(CODE_TEXT)
    title: Mapped[str | None] = mapped_column(Text)
    signed: Mapped[str | None] = mapped_column(DATE_TEXT)
    expires: Mapped[str | None] = mapped_column(DATE_TEXT)
    ended: Mapped[str | None] = mapped_column(DATE_TEXT)
    place: Mapped[str | None] = mapped_column(Text)
    signatories: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer, default=1)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"), index=True)
    deleted_at: Mapped[str | None] = mapped_column(INSTANT_TEXT)
    __table_args__ = (NEVER_REUSED,)


class Activity(Base):
    """A visit, forum, fair, training … of a project or a pair."""

    __tablename__ = "activity"
    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    pair_id: Mapped[int | None] = mapped_column(ForeignKey("pair.id"), index=True)
    kind: Mapped[str | None] = mapped_column(CODE_TEXT)
    title: Mapped[str] = mapped_column(Text)
    date: Mapped[str | None] = mapped_column(DATE_TEXT)
    ended: Mapped[str | None] = mapped_column(DATE_TEXT)
    place: Mapped[str | None] = mapped_column(Text)
    head_count: Mapped[int | None] = mapped_column(Integer)
    level: Mapped[str | None] = mapped_column(CODE_TEXT)
    summary: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer, default=1)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"), index=True)
    deleted_at: Mapped[str | None] = mapped_column(INSTANT_TEXT)
    __table_args__ = (NEVER_REUSED,)


class Outcome(Base):
    """A result of a project: how much of what."""

    __tablename__ = "outcome"
    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(Integer, default=0)
    outcome_class: Mapped[str | None] = mapped_column(CODE_TEXT)
    what: Mapped[str | None] = mapped_column(Text)
    quantity: Mapped[Decimal | None] = mapped_column(ScaledDecimal)
    unit: Mapped[str | None] = mapped_column(Text)
    amount: Mapped[Decimal | None] = mapped_column(ScaledDecimal)
    currency: Mapped[str | None] = mapped_column(String(3))
    date: Mapped[str | None] = mapped_column(DATE_TEXT)
    evidence: Mapped[str | None] = mapped_column(Text)
    __table_args__ = (NEVER_REUSED,)


class ImportBatch(Base):
    """One file taken in: what it was, what became of each row; ``layout`` reads its rows kept aside again."""

    __tablename__ = "import_batch"
    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    sheets: Mapped[str | None] = mapped_column(Text)
    at: Mapped[str] = mapped_column(INSTANT_TEXT)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)
    ignored: Mapped[list[Any]] = mapped_column(JSON)
    problems: Mapped[list[Any]] = mapped_column(JSON)
    layout: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    undone_at: Mapped[str | None] = mapped_column(INSTANT_TEXT)
    __table_args__ = (NEVER_REUSED,)


class PendingRow(Base):
    """A row kept aside with its problems until somebody decides; never lost, never twice."""

    __tablename__ = "pending_row"
    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"), index=True)
    sheet: Mapped[str] = mapped_column(Text)
    row: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(String(32), index=True)
    cells: Mapped[dict[str, Any]] = mapped_column(JSON)
    problems: Mapped[list[Any]] = mapped_column(JSON)
    settled_at: Mapped[str | None] = mapped_column(INSTANT_TEXT)
    settled_how: Mapped[str | None] = mapped_column(String(20))
    __table_args__ = (NEVER_REUSED,)


class Change(Base):
    """One act of a user: what undo takes back at once."""

    __tablename__ = "change"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[str] = mapped_column(INSTANT_TEXT)
    action: Mapped[str] = mapped_column(String(20))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"), index=True)
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("change.id"))
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("change.id"))
    who: Mapped[str | None] = mapped_column(Text, default=actor)
    why: Mapped[str | None] = mapped_column(Text, default=reason)
    __table_args__ = (NEVER_REUSED,)


class HistoryEntry(Base):
    """What one change did to one record: the fields before and after. A creation keeps no ``after``."""

    __tablename__ = "history_entry"
    id: Mapped[int] = mapped_column(primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("change.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    record_id: Mapped[int] = mapped_column(Integer)
    action: Mapped[str] = mapped_column(String(10))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    __table_args__ = (Index("ix_history_entry_record", "kind", "record_id"), NEVER_REUSED)


class SavedView(Base):
    """A filter with its columns and order, under a name."""

    __tablename__ = "saved_view"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    filter: Mapped[str] = mapped_column(Text)
    columns: Mapped[list[Any]] = mapped_column(JSON)
    sort: Mapped[list[Any]] = mapped_column(JSON)
    __table_args__ = (NEVER_REUSED,)
