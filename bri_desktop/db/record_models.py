"""The tables of what hangs on a record: the profiles of parks and mechanisms, contacts, attachments, follow-ups."""

from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bri_desktop.db.models import CODE_TEXT, DATE_TEXT, INSTANT_TEXT, NEVER_REUSED, Base
from bri_desktop.db.types import ScaledDecimal


class ParkProfile(Base):
    """What a park has beside the fields of its project. ``area`` is in square kilometres."""

    __tablename__ = "park_profile"
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), primary_key=True)
    operator_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    area: Mapped[Decimal | None] = mapped_column(ScaledDecimal)
    built_area: Mapped[Decimal | None] = mapped_column(ScaledDecimal)
    tenants: Mapped[int | None] = mapped_column(Integer)
    jobs: Mapped[int | None] = mapped_column(Integer)
    investment: Mapped[Decimal | None] = mapped_column(ScaledDecimal)
    investment_currency: Mapped[str | None] = mapped_column(String(3))
    phase: Mapped[str | None] = mapped_column(Text)
    industries: Mapped[str | None] = mapped_column(Text)
    as_of: Mapped[str | None] = mapped_column(DATE_TEXT)


class MechanismProfile(Base):
    """What an exchange mechanism has beside the fields of its project; its editions are its activities and parts."""

    __tablename__ = "mechanism_profile"
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), primary_key=True)
    secretariat_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    members: Mapped[int | None] = mapped_column(Integer)
    member_names: Mapped[str | None] = mapped_column(Text)
    interval_months: Mapped[int | None] = mapped_column(Integer)
    latest_edition: Mapped[int | None] = mapped_column(Integer)
    next_edition: Mapped[str | None] = mapped_column(DATE_TEXT)
    as_of: Mapped[str | None] = mapped_column(DATE_TEXT)


class Contact(Base):
    """A person to turn to: of an organisation, a project or a tie. Phone and mail stay out of exports by a switch."""

    __tablename__ = "contact"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    pair_id: Mapped[int | None] = mapped_column(ForeignKey("pair.id"), index=True)
    name: Mapped[str] = mapped_column(Text)
    position: Mapped[str | None] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer, default=1)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"), index=True)
    deleted_at: Mapped[str | None] = mapped_column(INSTANT_TEXT)
    __table_args__ = (NEVER_REUSED,)


class Attachment(Base):
    """A file of a record; its content lies beside the database under its SHA-256, the same content once."""

    __tablename__ = "attachment"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    record_id: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(Text)
    folder: Mapped[str | None] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    note: Mapped[str | None] = mapped_column(Text)
    added_at: Mapped[str] = mapped_column(INSTANT_TEXT)
    version: Mapped[int] = mapped_column(Integer, default=1)
    deleted_at: Mapped[str | None] = mapped_column(INSTANT_TEXT)
    __table_args__ = (Index("ix_attachment_record", "kind", "record_id"), NEVER_REUSED)


class FollowUp(Base):
    """Something to be done for a record by a day: what the first page reminds of until it is done."""

    __tablename__ = "follow_up"
    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    pair_id: Mapped[int | None] = mapped_column(ForeignKey("pair.id"), index=True)
    what: Mapped[str] = mapped_column(Text)
    due: Mapped[str | None] = mapped_column(DATE_TEXT)
    done: Mapped[str | None] = mapped_column(DATE_TEXT)
    version: Mapped[int] = mapped_column(Integer, default=1)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"), index=True)
    deleted_at: Mapped[str | None] = mapped_column(INSTANT_TEXT)
    __table_args__ = (NEVER_REUSED,)


class RecordTemplate(Base):
    """The fields that a new record begins with, under a name."""

    __tablename__ = "record_template"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(Text)
    values: Mapped[dict[str, Any]] = mapped_column(JSON)
    updated_at: Mapped[str] = mapped_column(INSTANT_TEXT)
    __table_args__ = (Index("ix_record_template_kind_name", "kind", "name", unique=True), NEVER_REUSED)


class Disposal(Base):
    """A record removed for good: when, by whom, why, and what still holds it."""

    __tablename__ = "disposal"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[str] = mapped_column(INSTANT_TEXT)
    who: Mapped[str | None] = mapped_column(Text)
    why: Mapped[str | None] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(CODE_TEXT)
    record_id: Mapped[int] = mapped_column(Integer)
    rows: Mapped[int] = mapped_column(Integer)
    attachments: Mapped[int] = mapped_column(Integer)
    frozen_years: Mapped[list[Any]] = mapped_column(JSON)
    __table_args__ = (NEVER_REUSED,)
