"""Templates of projects: what a new one begins with where it is like one before (another visit of the same kind)."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bri_desktop.db.database import now
from bri_desktop.db.record_models import RecordTemplate
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import InputError
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.domain.record import FIELD_CODES, from_plain, to_plain
from bri_desktop.services.history import KIND
from bri_desktop.services.places import PlaceChoice, named_places

OF_ONE = frozenset(
    {"code", "status", "signed", "started", "ended", "planned_start", "planned_end", "results", "outcomes"}
)
"""What is of one project alone and stays out of a template."""
TEMPLATES = frozenset({"template"})
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Template:
    """A template by its number and name."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Begun:
    """What a new project begins with, and the names of the places in it."""

    template: Template
    draft: ProjectDraft
    names: Mapping[str, PlaceChoice]


def list_templates(session: Session) -> list[Template]:
    """Return the templates of projects by name."""
    query = select(RecordTemplate.id, RecordTemplate.name).where(RecordTemplate.kind == KIND)
    return [Template(*row) for row in session.execute(query.order_by(RecordTemplate.name))]


def save_template(session: Session, name: str, draft: ProjectDraft) -> Changes:
    """Keep what ``draft`` has in common with others of its kind; one of the same name is replaced.

    ``InputError`` ``template_name_needed`` or ``template_name_long``.
    """
    name = _checked(name)
    empty = ProjectDraft()
    values: dict[str, Any] = {
        field: to_plain(field, getattr(draft, field))
        for field in FIELD_CODES
        if field not in OF_ONE and getattr(draft, field) != getattr(empty, field)
    }
    row = _named(session, name)
    if row is None:
        row = RecordTemplate(kind=KIND, name=name)
        session.add(row)
    row.values, row.updated_at = values, now()
    session.flush()
    return Changes(TEMPLATES)


def begin_from(session: Session, number: int, language: str) -> Begun:
    """Return what a new project begins with; ``InputError`` ``template_unknown``."""
    row = _of(session, number)
    known = {field.name for field in fields(ProjectDraft)}
    values = {field: from_plain(field, value) for field, value in row.values.items() if field in known}
    draft = ProjectDraft(**values)
    keys = (*draft.domestic_places, *draft.foreign_places)
    names = {place.key: place for place in named_places(session, keys, language)}
    return Begun(Template(row.id, row.name), draft, names)


def rename_template(session: Session, number: int, name: str) -> Changes:
    """Give a template another name; ``InputError`` where that is empty, too long or another one's."""
    row, name = _of(session, number), _checked(name)
    other = _named(session, name)
    if other is not None and other.id != number:
        raise InputError("template_name_taken", name=name)
    row.name, row.updated_at = name, now()
    session.flush()
    return Changes(TEMPLATES)


def delete_template(session: Session, number: int) -> Changes:
    """Forget a template."""
    session.delete(_of(session, number))
    session.flush()
    return Changes(TEMPLATES)


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise InputError("template_name_needed")
    if len(name) > LONGEST_NAME:
        raise InputError("template_name_long", most=LONGEST_NAME)
    return name


def _of(session: Session, number: int) -> RecordTemplate:
    row = session.get(RecordTemplate, number)
    if row is None:
        raise InputError("template_unknown")
    return row


def _named(session: Session, name: str) -> RecordTemplate | None:
    return session.scalar(select(RecordTemplate).where(RecordTemplate.kind == KIND, RecordTemplate.name == name))
