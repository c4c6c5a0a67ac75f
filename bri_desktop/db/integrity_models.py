"""The tables by which damage is noticed: a digest of every row, over which columns, and which rows still lack one."""

from typing import Any

from sqlalchemy import JSON, BigInteger, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from bri_desktop.db.models import Base


class RowDigest(Base):
    """The digest of one row; ``row_id`` is SQLite's own number of the row."""

    __tablename__ = "row_digest"
    table_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    row_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = ({"sqlite_with_rowid": False},)


class DigestLayout(Base):
    """Which columns of a table its digests are made of."""

    __tablename__ = "digest_layout"
    table_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    columns: Mapped[list[Any]] = mapped_column(JSON)


class RowTouched(Base):
    """A row that was written and whose digest is still that of before: empty at the end of every short write."""

    __tablename__ = "row_touched"
    table_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    row_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    __table_args__ = ({"sqlite_with_rowid": False},)


class DigestGap(Base):
    """From which row on the rows of a table may still lack a digest: a long import leaves that to idle moments."""

    __tablename__ = "digest_gap"
    table_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first_id: Mapped[int] = mapped_column(Integer)
