"""The tables of the exchange with departments: what was sent to whom, what came back, what was learnt from it."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bri_desktop.db.models import CODE_TEXT, DATE_TEXT, INSTANT_TEXT, NEVER_REUSED, Base, Organisation


class IssuedWorkbook(Base):
    """A workbook sent to a department: which fields of which records, due when."""

    __tablename__ = "issued_workbook"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    filter: Mapped[str] = mapped_column(Text, default="")
    fields: Mapped[list[Any]] = mapped_column(JSON)
    due: Mapped[str | None] = mapped_column(DATE_TEXT)
    issued_at: Mapped[str] = mapped_column(INSTANT_TEXT)
    file_name: Mapped[str] = mapped_column(Text)
    rows: Mapped[int] = mapped_column(Integer)
    layout: Mapped[int] = mapped_column(Integer, default=1)
    note: Mapped[str | None] = mapped_column(Text)
    closed_at: Mapped[str | None] = mapped_column(INSTANT_TEXT)
    department: Mapped[Organisation] = relationship()
    __table_args__ = (NEVER_REUSED,)


class IssuedRow(Base):
    """The values of one record as they were sent: ``values`` is field -> plain value, as in the history."""

    __tablename__ = "issued_row"
    id: Mapped[int] = mapped_column(primary_key=True)
    workbook_id: Mapped[int] = mapped_column(ForeignKey("issued_workbook.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    record_id: Mapped[int] = mapped_column(Integer)
    position: Mapped[int] = mapped_column(Integer)
    version: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(String(32))
    values: Mapped[dict[str, Any]] = mapped_column(JSON)
    __table_args__ = (
        Index("ix_issued_row_workbook_id_kind_record_id", "workbook_id", "kind", "record_id", unique=True),
    )


class ReturnedWorkbook(Base):
    """An issued workbook that came back: what it was, what was made of each of its cells."""

    __tablename__ = "returned_workbook"
    id: Mapped[int] = mapped_column(primary_key=True)
    workbook_id: Mapped[int | None] = mapped_column(ForeignKey("issued_workbook.id"), index=True)
    file_name: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    received_at: Mapped[str] = mapped_column(INSTANT_TEXT)
    merged_at: Mapped[str | None] = mapped_column(INSTANT_TEXT)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"), index=True)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)
    decisions: Mapped[dict[str, Any]] = mapped_column(JSON)
    __table_args__ = (NEVER_REUSED,)


class ImportProfile(Base):
    """How a department lays out its ledger: headers -> fields, written values -> codes; applied by itself next time."""

    __tablename__ = "import_profile"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    columns: Mapped[dict[str, Any]] = mapped_column(JSON)
    values: Mapped[dict[str, Any]] = mapped_column(JSON)
    options: Mapped[dict[str, Any]] = mapped_column(JSON)
    updated_at: Mapped[str] = mapped_column(INSTANT_TEXT)
    used_at: Mapped[str | None] = mapped_column(INSTANT_TEXT)
    department: Mapped[Organisation | None] = relationship()
    __table_args__ = (NEVER_REUSED,)


class DistinctPair(Base):
    """Two records that look alike and were decided to be different; ``left_id`` is the smaller one."""

    __tablename__ = "distinct_pair"
    kind: Mapped[str] = mapped_column(CODE_TEXT, primary_key=True)
    left_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    right_id: Mapped[int] = mapped_column(Integer, primary_key=True, index=True)
    decided_at: Mapped[str] = mapped_column(INSTANT_TEXT)
