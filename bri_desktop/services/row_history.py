"""Values brought by Excel and settings, kept in the history as they were before an act, so that it can be taken back.

An entry's ``kind`` is the table; ``before`` and ``after`` hold the rows that the act touched. A row is taken back
column by column: what was written since stays, and is told.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Table, and_, insert, select, update
from sqlalchemy.orm import Session

from bri_desktop.db.database import now
from bri_desktop.db.measure_models import BaselineTable, BaselineValue, CountryTier, ExchangeRate, IndexValue
from bri_desktop.db.models import Base, Change, HistoryEntry, Meta, table_of
from bri_desktop.domain.mode_profile import PROFILE_KINDS
from bri_desktop.services.mode_profiles import take_back_profile

SETTING_KIND = "setting"
"""``before`` and ``after`` name the setting and hold its parts, a slash between the names of nested ones."""
KEYS: Mapping[str, tuple[type[Base], tuple[str, ...]]] = {
    "baseline_table": (BaselineTable, ("id",)),
    "baseline_value": (BaselineValue, ("baseline_id", "key")),
    "country_tier": (CountryTier, ("country", "year")),
    "exchange_rate": (ExchangeRate, ("currency", "year")),
    "index_value": (IndexValue, ("place_key", "criterion", "year")),
}
OF_PROJECTS = tuple(PROFILE_KINDS)
"""Kinds whose entries are of a project, field by field."""
ROW_KINDS = frozenset({*KEYS, *OF_PROJECTS, SETTING_KIND})

Row = dict[str, Any]


@contextmanager
def noted(session: Session, action: str, *watched: tuple[type[Base], Any]) -> Iterator[int]:
    """Enter an act with what it does to the watched rows, (table, condition) each; give its number.

    An act that changes nothing leaves no trace.
    """
    before = [rows_of(session, model, condition) for model, condition in watched]
    change = Change(at=now(), action=action)
    session.add(change)
    session.flush()
    yield change.id
    session.flush()
    for (model, condition), old in zip(watched, before, strict=True):
        enter_rows(session, change.id, model, old, rows_of(session, model, condition))
    if session.scalar(select(HistoryEntry.id).where(HistoryEntry.change_id == change.id).limit(1)) is None:
        session.delete(change)
        session.flush()


def rows_of(session: Session, model: type[Base], *conditions: Any) -> list[Row]:
    """Return the rows of a table as the history keeps them: without a row number of their own where the key is
    another."""
    table = table_of(model)
    keys = KEYS[table.name][1]
    columns = [column for column in table.c if column.name != "id" or "id" in keys]
    query = select(*columns).where(*conditions).order_by(*(table.c[name] for name in keys))
    return [dict(row) for row in session.execute(query).mappings()]


def enter_rows(
    session: Session, change_id: int, model: type[Base], before: Sequence[Row], after: Sequence[Row]
) -> None:
    """Enter the rows of a table before and after an act, those that differ."""
    keys = KEYS[model.__tablename__][1]
    old, new = _by_key(before, keys), _by_key(after, keys)
    sides = [[row for key, row in rows.items() if old.get(key) != new.get(key)] for rows in (old, new)]
    if any(sides):
        _enter(session, change_id, model.__tablename__, *({"rows": rows} for rows in sides))


def enter_setting(session: Session, change_id: int, name: str, before: Row, after: Row) -> None:
    """Enter the parts of a setting that an act changed; both as the JSON object that is stored."""
    old, new = _flat(before), _flat(after)
    changed = [part for part in new if old.get(part) != new[part]]
    if changed:
        pair = ({"name": name, "parts": {part: side.get(part) for part in changed}} for side in (old, new))
        _enter(session, change_id, SETTING_KIND, *pair)


def _enter(session: Session, change_id: int, kind: str, before: Any, after: Any) -> None:
    values = {"change_id": change_id, "kind": kind, "record_id": 0, "action": "update"}
    session.execute(insert(table_of(HistoryEntry)), [values | {"before": before, "after": after}])


# -- taking back -------------------------------------------------------------------------------------------------


def take_back_rows(
    session: Session, change_id: int, entries: Sequence[HistoryEntry]
) -> tuple[int, list[tuple[str, str | None]]]:
    """Take entries of these kinds back, given newest first; return how many rows and settings went back, and
    (key, field) of what was changed since and stays."""
    done, kept = 0, list[tuple[str, str | None]]()
    for entry in sorted(entries, key=_turn):
        takes = {SETTING_KIND: _take_back_setting, **dict.fromkeys(OF_PROJECTS, take_back_profile)}
        went, stayed = takes.get(entry.kind, _take_back_rows)(session, change_id, entry)
        done += went
        kept += stayed
    if entries:
        session.expire_all()
    return done, kept


def _turn(entry: HistoryEntry) -> int:
    """Bring a table back before its values, and take it away after them."""
    if entry.kind != "baseline_table":
        return 1
    return 0 if (entry.before or {})["rows"] else 2


def _take_back_rows(session: Session, change_id: int, entry: HistoryEntry) -> tuple[int, list[tuple[str, str | None]]]:
    model, keys = KEYS[entry.kind]
    table = table_of(model)
    before, after = (_by_key((side or {})["rows"], keys) for side in (entry.before, entry.after))
    touched = list({**before, **after})
    old, done, kept = _present(session, model, keys, touched), 0, list[tuple[str, str | None]]()
    for key in touched:
        stayed = _restore(session, table, keys, old.get(key), before.get(key), after.get(key))
        done += not stayed
        kept += [(" ".join(map(str, key)), field) for field in stayed]
    present = _present(session, model, keys, touched)
    enter_rows(session, change_id, model, list(old.values()), list(present.values()))
    return done, kept


def _by_key(rows: Sequence[Row], keys: Sequence[str]) -> dict[tuple[Any, ...], Row]:
    return {tuple(row[name] for name in keys): row for row in rows}


def _present(
    session: Session, model: type[Base], keys: Sequence[str], wanted: Sequence[tuple[Any, ...]]
) -> dict[tuple[Any, ...], Row]:
    """Return what the table holds now under the wanted keys; one value of the first column at a time."""
    first = table_of(model).c[keys[0]]
    among = set(wanted)
    found: dict[tuple[Any, ...], Row] = {}
    for value in sorted({key[0] for key in wanted}):
        rows = _by_key(rows_of(session, model, first == value), keys)
        found |= {key: row for key, row in rows.items() if key in among}
    return found


def _restore(
    session: Session, table: Table, keys: Sequence[str], present: Row | None, before: Row | None, after: Row | None
) -> list[str | None]:
    """Put one row back to ``before``; return the columns that stay as they are, ``[None]`` for the whole row."""
    if before is None or after is None or present is None:
        if present != after:
            return [] if present == before else [None]
        if present is not None:
            session.execute(table.delete().where(_is(table, keys, present)))
        if before is not None:
            session.execute(insert(table), [before])
        return []
    changed = [name for name in after if after[name] != before.get(name)]
    free = {name: before.get(name) for name in changed if present[name] == after[name]}
    if free:
        session.execute(update(table).where(_is(table, keys, present)).values(free))
    return [name for name in changed if name not in free and present[name] != before.get(name)]


def _is(table: Table, keys: Sequence[str], row: Row) -> Any:
    return and_(*(table.c[name] == row[name] for name in keys))


# -- settings ----------------------------------------------------------------------------------------------------


def _flat(value: Mapping[str, Any], above: str = "") -> Row:
    """Return the parts of a setting: what is nested in groups of their own apart, lists and weights as wholes."""
    found: Row = {}
    for name, part in value.items():
        if isinstance(part, dict) and any(isinstance(inner, dict) for inner in part.values()):
            found |= _flat(part, f"{above}{name}/")
        else:
            found[f"{above}{name}"] = part
    return found


def _take_back_setting(
    session: Session, change_id: int, entry: HistoryEntry
) -> tuple[int, list[tuple[str, str | None]]]:
    before, after = entry.before or {}, entry.after or {}
    name, wanted = str(after["name"]), before["parts"]
    row = session.get(Meta, name)
    if row is None:
        return 0, []
    stored = json.loads(row.value)
    flat, kept = _flat(stored), list[tuple[str, str | None]]()
    new = json.loads(row.value)
    for part, value in after["parts"].items():
        if flat.get(part) == value:
            _put(new, part.split("/"), wanted[part])
        else:
            kept.append((name, part))
    row.value = json.dumps(new, ensure_ascii=False)
    session.flush()
    enter_setting(session, change_id, name, stored, new)
    return int(new != stored), kept


def _put(setting: Row, path: Sequence[str], value: Any) -> None:
    for name in path[:-1]:
        setting = setting[name]
    setting[path[-1]] = value
