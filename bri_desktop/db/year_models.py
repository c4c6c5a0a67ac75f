"""The tables of the yearly summary: frozen years, what was restated, the manager's prose, templates, files made."""

from typing import Any

from sqlalchemy import JSON, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bri_desktop.db.models import CODE_TEXT, INSTANT_TEXT, NEVER_REUSED, Base


class FrozenYear(Base):
    """A year whose figures were declared final; ``figures`` is name -> value, ``options`` how they were counted.

    ``document`` is the summary as it was then, ``members`` the records behind each figure, both packed; ``version``
    counts how often the year was declared final.
    """

    __tablename__ = "frozen_year"
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    frozen_at: Mapped[str] = mapped_column(INSTANT_TEXT)
    change_id: Mapped[int | None] = mapped_column(Integer)
    who: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    options: Mapped[dict[str, Any]] = mapped_column(JSON)
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    document: Mapped[str] = mapped_column(Text)
    members: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer, default=1)


class FrozenRecord(Base):
    """A record as it stood when its year was frozen: the digest of what is counted, and those values themselves."""

    __tablename__ = "frozen_record"
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    record_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[str] = mapped_column(String(32))
    values: Mapped[dict[str, Any]] = mapped_column(JSON)


class Restatement(Base):
    """A note on a frozen year: which figures are no longer what they were, by which records, who, when."""

    __tablename__ = "restatement"
    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(Integer, index=True)
    at: Mapped[str] = mapped_column(INSTANT_TEXT)
    who: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    changes: Mapped[list[Any]] = mapped_column(JSON)
    __table_args__ = (NEVER_REUSED,)


class SummaryProse(Base):
    """What the manager wrote for a section of a year's summary; ``figures`` are those it spoke of then."""

    __tablename__ = "summary_prose"
    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(Integer)
    edition: Mapped[str] = mapped_column(CODE_TEXT)
    language: Mapped[str] = mapped_column(String(10))
    section: Mapped[str] = mapped_column(CODE_TEXT)
    text: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(String(10))
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(Integer, default=1)
    updated_at: Mapped[str] = mapped_column(INSTANT_TEXT)
    __table_args__ = (UniqueConstraint("year", "edition", "language", "section"), NEVER_REUSED)


class SummaryTemplate(Base):
    """The chosen sections of a summary in their order, with its layout, under a name."""

    __tablename__ = "summary_template"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    options: Mapped[dict[str, Any]] = mapped_column(JSON)
    updated_at: Mapped[str] = mapped_column(INSTANT_TEXT)
    __table_args__ = (NEVER_REUSED,)


class SummaryFile(Base):
    """A summary that was written: where, and the digest by which an edit from outside is noticed."""

    __tablename__ = "summary_file"
    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(Integer, index=True)
    path: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[str] = mapped_column(INSTANT_TEXT)
    __table_args__ = (NEVER_REUSED,)
