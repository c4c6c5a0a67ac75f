"""The tables that the measures read beside the projects: approvals, risks, indicators, and values brought by Excel."""

from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Boolean, Float, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bri_desktop.db.models import CODE_TEXT, DATE_TEXT, INSTANT_TEXT, NEVER_REUSED, Base
from bri_desktop.db.types import ScaledDecimal


class ApprovalProcedure(Base):
    """An editable list of steps that a tie or a project passes before it may be signed."""

    __tablename__ = "approval_procedure"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    steps: Mapped[list[Any]] = mapped_column(JSON)
    builtin: Mapped[bool] = mapped_column(Boolean, default=False)
    version: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    deleted_at: Mapped[str | None] = mapped_column(INSTANT_TEXT)
    __table_args__ = (NEVER_REUSED,)


class ApprovalCase(Base):
    """The approval of one project or one tie."""

    __tablename__ = "approval_case"
    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    pair_id: Mapped[int | None] = mapped_column(ForeignKey("pair.id"), index=True)
    procedure_id: Mapped[int | None] = mapped_column(ForeignKey("approval_procedure.id"), index=True)
    title: Mapped[str | None] = mapped_column(Text)
    opened: Mapped[str | None] = mapped_column(DATE_TEXT)
    closed: Mapped[str | None] = mapped_column(DATE_TEXT)
    result: Mapped[str | None] = mapped_column(CODE_TEXT)
    note: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer, default=1)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"), index=True)
    deleted_at: Mapped[str | None] = mapped_column(INSTANT_TEXT)
    __table_args__ = (NEVER_REUSED,)


class ApprovalStep(Base):
    """One step of a case, in the order of its procedure."""

    __tablename__ = "approval_step"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("approval_case.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(Text)
    optional: Mapped[bool] = mapped_column(Boolean, default=False, server_default="0")
    __table_args__ = (NEVER_REUSED,)


class ApprovalEvent(Base):
    """What happened in a step: ``submitted``, ``returned``, ``decided``, ``skipped``; when, by whom and why."""

    __tablename__ = "approval_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("approval_step.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(CODE_TEXT)
    date: Mapped[str | None] = mapped_column(DATE_TEXT)
    who: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    __table_args__ = (NEVER_REUSED,)


class Risk(Base):
    """A risk or an obstacle of a project or a tie: its cause (external or internal by its code), what was done."""

    __tablename__ = "risk"
    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    pair_id: Mapped[int | None] = mapped_column(ForeignKey("pair.id"), index=True)
    cause: Mapped[str | None] = mapped_column(CODE_TEXT)
    what: Mapped[str | None] = mapped_column(Text)
    date: Mapped[str | None] = mapped_column(DATE_TEXT)
    answer: Mapped[str | None] = mapped_column(Text)
    settled: Mapped[str | None] = mapped_column(DATE_TEXT)
    version: Mapped[int] = mapped_column(Integer, default=1)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"), index=True)
    deleted_at: Mapped[str | None] = mapped_column(INSTANT_TEXT)
    __table_args__ = (NEVER_REUSED,)


class Indicator(Base):
    """A target of a project: from ``baseline`` to ``target`` in ``unit``."""

    __tablename__ = "indicator"
    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    name: Mapped[str] = mapped_column(Text)
    unit: Mapped[str | None] = mapped_column(Text)
    baseline: Mapped[Decimal | None] = mapped_column(ScaledDecimal)
    target: Mapped[Decimal | None] = mapped_column(ScaledDecimal)
    due: Mapped[str | None] = mapped_column(DATE_TEXT)
    version: Mapped[int] = mapped_column(Integer, default=1)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"), index=True)
    deleted_at: Mapped[str | None] = mapped_column(INSTANT_TEXT)
    __table_args__ = (NEVER_REUSED,)


class IndicatorValue(Base):
    """What an indicator had reached at a date."""

    __tablename__ = "indicator_value"
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id", ondelete="CASCADE"), primary_key=True)
    period: Mapped[str] = mapped_column(DATE_TEXT, primary_key=True)
    actual: Mapped[Decimal] = mapped_column(ScaledDecimal)


class BaselineTable(Base):
    """A table that shares are compared with (population, trade), brought by the office, of one year."""

    __tablename__ = "baseline_table"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    dimension: Mapped[str] = mapped_column(CODE_TEXT)
    year: Mapped[int | None] = mapped_column(Integer)
    unit: Mapped[str | None] = mapped_column(Text)
    source: Mapped[str | None] = mapped_column(Text)
    imported_at: Mapped[str] = mapped_column(INSTANT_TEXT)
    __table_args__ = (NEVER_REUSED,)


class BaselineValue(Base):
    """The value of one unit in a baseline; ``key`` is the unit's key in the baseline's dimension."""

    __tablename__ = "baseline_value"
    baseline_id: Mapped[int] = mapped_column(ForeignKey("baseline_table.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[float] = mapped_column(Float)


class IndexValue(Base):
    """A city's value of one criterion of the city index in one year."""

    __tablename__ = "index_value"
    id: Mapped[int] = mapped_column(primary_key=True)
    place_key: Mapped[str] = mapped_column(String(40))
    criterion: Mapped[str] = mapped_column(CODE_TEXT)
    year: Mapped[int] = mapped_column(Integer)
    value: Mapped[float] = mapped_column(Float)
    source: Mapped[str | None] = mapped_column(Text)
    __table_args__ = (
        Index("ix_index_value_place_key_criterion_year", "place_key", "criterion", "year", unique=True),
        NEVER_REUSED,
    )


class CountryTier(Base):
    """The tier of a country in a published classification (financial integration) of one year."""

    __tablename__ = "country_tier"
    country: Mapped[str] = mapped_column(ForeignKey("country.iso2"), primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True)
    tier: Mapped[str] = mapped_column(CODE_TEXT)
    source: Mapped[str | None] = mapped_column(Text)


class ExchangeRate(Base):
    """Yuan for one unit of a currency in a year, as a decimal text: rates need more digits than money."""

    __tablename__ = "exchange_rate"
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True)
    rate: Mapped[str] = mapped_column(String(30))
    source: Mapped[str | None] = mapped_column(Text)
