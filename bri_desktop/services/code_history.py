"""What was done to the office's own codes, kept in the history so that it can be taken back.

An own code's number stands in its identifier (``own_7``) and is the record of its entries; each holds the whole row
before and after. A ``move`` keeps which rows were given another code.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from bri_desktop.db.code_uses import USES, Use, is_used
from bri_desktop.db.models import Base, Code, HistoryEntry, table_of
from bri_desktop.domain.codebook import own_number
from bri_desktop.services.code_labels import CODE_KIND

COLUMNS = ("list", "code", "name_zh", "name_en", "position", "parent")
CHUNK = 500

Plain = Mapping[str, Any]


def plain_code(row: Code) -> dict[str, Any]:
    """Return an own code as its history keeps it."""
    return {name: getattr(row, name) for name in COLUMNS}


def enter(session: Session, change_id: int, action: str, before: Plain | None, after: Plain | None) -> None:
    """Enter what was done to one own code: create, update, delete or move."""
    code = str((before or after or {})["code"])
    values = {"change_id": change_id, "kind": CODE_KIND, "record_id": own_number(code), "action": action}
    session.execute(insert(table_of(HistoryEntry)), [values | {"before": before, "after": after}])


def move_rows(session: Session, change_id: int, use: Use, ids: Sequence[int], code: str, into: str) -> None:
    """Give rows that are no project's fields another code of the list, and enter it."""
    _set(session, use, ids, code, into)
    where = {"table": use.table.__tablename__, "column": use.column.key, "ids": list(ids)}
    enter(session, change_id, "move", {**where, "code": code}, {"code": into})


def take_back(session: Session, change_id: int, entries: Sequence[HistoryEntry]) -> tuple[int, list[str]]:
    """Take back entries of own codes, given newest first; return how many, and the codes left as they are."""
    steps = {"create": _uncreate, "update": _unupdate, "delete": _undelete, "move": _unmove}
    done, kept = 0, []
    for entry in entries:
        if steps[entry.action](session, change_id, entry.before or {}, entry.after or {}):
            done += 1
        else:
            kept.append(str((entry.before or entry.after or {})["code"]))
    return done, kept


def _uncreate(session: Session, change_id: int, before: Plain, after: Plain) -> bool:
    row = session.get(Code, (after["list"], after["code"]))
    if row is None or is_used(session, row.list, row.code) or plain_code(row) != dict(after):
        return row is None
    enter(session, change_id, "delete", after, None)
    session.delete(row)
    session.flush()
    return True


def _unupdate(session: Session, change_id: int, before: Plain, after: Plain) -> bool:
    row = session.get(Code, (before["list"], before["code"]))
    changed = [name for name in COLUMNS if before[name] != after[name]]
    if row is None or any(getattr(row, name) != after[name] for name in changed) or _is_taken(session, before):
        return False
    for name in changed:
        setattr(row, name, before[name])
    session.flush()
    enter(session, change_id, "update", after, before)
    return True


def _undelete(session: Session, change_id: int, before: Plain, after: Plain) -> bool:
    if session.get(Code, (before["list"], before["code"])) is not None:
        return False
    session.add(Code(**before, builtin=False))
    session.flush()
    enter(session, change_id, "create", None, before)
    return True


def _unmove(session: Session, change_id: int, before: Plain, after: Plain) -> bool:
    uses = (use for name in USES for use in USES[name])
    use = next(u for u in uses if (u.table.__tablename__, u.column.key) == (before["table"], before["column"]))
    _set(session, use, before["ids"], after["code"], before["code"])
    return True


def _is_taken(session: Session, wanted: Plain) -> bool:
    """Tell whether another code of the list has the names by now."""
    names = {wanted["name_zh"], wanted["name_en"]} - {""}
    query = select(Code.code).where(Code.list == wanted["list"], Code.code != wanted["code"])
    return session.scalar(query.where(Code.name_zh.in_(names) | Code.name_en.in_(names)).limit(1)) is not None


def _set(session: Session, use: Use, ids: Sequence[int], old: str, new: str) -> None:
    table: type[Base] = use.table
    columns = table.__table__.c
    values: dict[str, Any] = {use.column.key: new}
    if "version" in columns:
        values["version"] = columns.version + 1
    for start in range(0, len(ids), CHUNK):
        chosen = columns.id.in_(ids[start : start + CHUNK])
        session.execute(update(table).where(chosen, use.column == old, use.condition).values(values))
