"""The code lists of a database, as one value."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bri_desktop.db.models import Code, Organisation, Tag
from bri_desktop.domain.codebook import CodeBook, CodeLabel
from bri_desktop.domain.folding import fold


def read_codebook(session: Session) -> CodeBook:
    """Return every code list with its labels, the office's own codes among them."""
    rows = session.scalars(select(Code).order_by(Code.list, Code.position, Code.code))
    return CodeBook(CodeLabel(row.list, row.code, row.name_zh, row.name_en, row.parent) for row in rows)


def known_names(session: Session) -> frozenset[str]:
    """Return the folded names of all organisations and tags: a comma inside one of them parts nothing."""
    return frozenset([*session.scalars(select(Organisation.folded)), *map(fold, session.scalars(select(Tag.name)))])
