"""What written values are held against: code lists, names and records of a database."""

from collections.abc import Callable
from functools import cache

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bri_desktop.db.models import Code, Organisation, Project, Tag
from bri_desktop.domain.codebook import CodeBook, CodeLabel
from bri_desktop.domain.folding import fold
from bri_desktop.domain.vocabulary import PROJECT_KEY, key_of, number_of
from bri_desktop.services.code_labels import deleted_labels


def read_codebook(session: Session) -> CodeBook:
    """Return every code list with its labels, the office's own codes among them, and labels of those deleted."""
    columns = (Code.list, Code.code, Code.name_zh, Code.name_en, Code.parent)
    rows = session.execute(select(*columns).order_by(Code.list, Code.position, Code.code))
    return CodeBook((CodeLabel(*row) for row in rows.tuples()), deleted_labels(session))


def mode_of(session: Session, submode: str) -> str | None:
    """Return the mode that a sub-mode belongs to, ``None`` where that is no mode."""
    above = select(Code.parent).where(Code.list == "submode", Code.code == submode).scalar_subquery()
    return session.scalar(select(Code.code).where(Code.list == "mode", Code.code == above))


def known_names(session: Session) -> frozenset[str]:
    """Return the folded names of all organisations and tags: a comma inside one of them parts nothing."""
    return frozenset([*session.scalars(select(Organisation.folded)), *map(fold, session.scalars(select(Tag.name)))])


def project_finder(session: Session, *, but_not_of: int | None = None, since: int = 0) -> Callable[[str], str | None]:
    """Return a look-up of the project that a written key or code names, ``None`` where that is not just one.

    Projects of the import ``but_not_of`` with an id above ``since`` are left out, so that a plan and its
    writing see the same records.
    """
    older = or_(Project.batch_id.is_(None), Project.batch_id != (but_not_of or 0), Project.id <= since)

    @cache
    def find(text: str) -> str | None:
        number = number_of(PROJECT_KEY, text)
        named = or_(Project.code == text, Project.id == number) if number is not None else Project.code == text
        found = session.scalars(select(Project.id).where(Project.deleted_at.is_(None), older, named).limit(2)).all()
        return key_of(PROJECT_KEY, found[0]) if len(found) == 1 else None

    return find
