"""What hangs on a project: every row that points at it follows when two records become one, and comes back on undo.

The tables are read off the schema, so that one that is added later follows too.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, insert, select, update
from sqlalchemy.orm import Session

from bri_desktop.db import schema
from bri_desktop.db.models import Agreement, Base, Change, HistoryEntry, Project, ProjectStatus, table_of
from bri_desktop.db.projects import CHUNK, LINKS
from bri_desktop.db.record_models import Attachment
from bri_desktop.services.mode_profiles import merge_profiles

MERGE = "merge"
"""The action of a history entry of a kept record; ``after`` names the record that it took in."""
LINK = "link"
"""The action of a history entry that says where a row pointed before and after; its ``kind`` is the table."""

_REGISTERED = schema.MODULES
"""Imported so that their tables are part of the schema."""


@cache
def links_to_projects() -> tuple[tuple[Table, Column[Any]], ...]:
    """Return (table, column) of everything that points at a project and is not one of its own fields.

    Attachments name the kind of their record and its number: those of projects come last.
    """
    own = {table_of(model).name for model in LINKS}
    found = []
    for table in Base.metadata.sorted_tables:
        if table.name in own or table is table_of(Project) or "id" not in table.c:
            continue
        for column in table.c:
            if any(key.column.table is table_of(Project) for key in column.foreign_keys):
                found.append((table, column))
    attached = table_of(Attachment)
    return (*found, (attached, attached.c.record_id))


def points_at(table: Table, column: Column[Any], project: int) -> ColumnElement[bool]:
    """Return the condition that a row of ``table`` hangs on the project."""
    pointing = column == project
    return pointing & (table.c.kind == "project") if table is table_of(Attachment) else pointing


def move_links(session: Session, change_id: int, old: int, new: int, *, with_statuses: bool) -> int:
    """Let everything that points at project ``old`` point at ``new``; return how many rows that were.

    Dated statuses go along only where they do not contradict the status that is kept; an agreement that says no more
    than one of the kept record stays behind.
    """
    moved = 0
    for table, column in links_to_projects():
        if table is table_of(ProjectStatus) and not with_statuses:
            continue
        query = select(table.c.id).where(points_at(table, column, old))
        if "deleted_at" in table.c:
            query = query.where(table.c.deleted_at.is_(None))
        if table is table_of(Agreement):
            query = query.where(table.c.id.not_in(_told_already(session, old, new)))
        ids = list(session.scalars(query))
        _point(session, table, column, ids, new)
        _enter(session, change_id, table.name, column.name, ids, (old, new))
        moved += len(ids)
    return moved + merge_profiles(session, change_id, old, new)


def _told_already(session: Session, old: int, new: int) -> list[int]:
    """Return the agreements of ``old`` that are only a kind and a date, which ``new`` has too."""
    alive = Agreement.deleted_at.is_(None)
    bare = tuple(getattr(Agreement, name).is_(None) for name in ("title", "expires", "ended", "place", "signatories"))
    kept = set(
        session.execute(select(Agreement.kind, Agreement.signed).where(Agreement.project_id == new, alive)).tuples()
    )
    rows = session.execute(
        select(Agreement.id, Agreement.kind, Agreement.signed).where(Agreement.project_id == old, alive, *bare)
    )
    return [number for number, kind, signed in rows if (kind, signed) in kept]


def merged_into(session: Session, project: int) -> list[int]:
    """Return the project and every one that was merged into it and not taken out again."""
    found = [project]
    for record in found:
        rows = session.scalars(
            select(HistoryEntry.after)
            .join(Change, Change.id == HistoryEntry.change_id)
            .where(HistoryEntry.kind == "project", HistoryEntry.record_id == record, HistoryEntry.action == MERGE)
            .where(Change.undone_by_id.is_(None))
        )
        found.extend(after["merged"] for after in rows if after and after["merged"] not in found)
    return found


def enter_merge(session: Session, change_id: int, kept: int, taken: int) -> None:
    """Enter with the kept record which one it took in."""
    values = {"change_id": change_id, "kind": "project", "record_id": kept, "action": MERGE}
    session.execute(insert(table_of(HistoryEntry)), [values | {"before": None, "after": {"merged": taken}}])


def move_links_back(session: Session, change_id: int, entries: Sequence[HistoryEntry]) -> None:
    """Let the rows of ``entries`` point where they did, those left alone that were pointed elsewhere since."""
    tables = {table.name: (table, column) for table, column in links_to_projects()}
    for entry in entries:
        if entry.action != LINK or entry.kind not in tables or not entry.before or not entry.after:
            continue
        table, column = tables[entry.kind]
        old, new = entry.before[column.name], entry.after[column.name]
        if session.scalar(select(column).where(table.c.id == entry.record_id)) == new:
            _point(session, table, column, [entry.record_id], old)
            _enter(session, change_id, table.name, column.name, [entry.record_id], (new, old))


def _point(session: Session, table: Table, column: Column[Any], ids: Sequence[int], project: int) -> None:
    for start in range(0, len(ids), CHUNK):
        chunk = table.c.id.in_(ids[start : start + CHUNK])
        session.execute(update(table).where(chunk).values({column.name: project}))


def _enter(
    session: Session, change_id: int, kind: str, column: str, ids: Sequence[int], points: tuple[int, int]
) -> None:
    rows = [
        {
            "change_id": change_id,
            "kind": kind,
            "record_id": record,
            "action": LINK,
            "before": {column: points[0]},
            "after": {column: points[1]},
        }
        for record in ids
    ]
    if rows:
        session.execute(insert(table_of(HistoryEntry)), rows)
