"""An earlier state of a record brought back: every field as it stood after a given act, as one new act."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bri_desktop.db.models import HistoryEntry
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import InputError, Where
from bri_desktop.domain.record import apply_plain
from bri_desktop.domain.vocabulary import PROJECT_KEY, number_of
from bri_desktop.services.hanging import changes_of
from bri_desktop.services.history import KIND, Journal
from bri_desktop.services.projects import get_project, update_project
from bri_desktop.services.record_acts import kind_of_key
from bri_desktop.services.record_store import STORES

ACTION = "restore_state"


def fields_after(session: Session, kind: str, record: int, change_id: int) -> dict[str, Any]:
    """Return field -> plain value that the fields changed by later acts had after ``change_id``."""
    query = (
        select(HistoryEntry.before)
        .where(HistoryEntry.kind == kind, HistoryEntry.record_id == record, HistoryEntry.action == "update")
        .where(HistoryEntry.change_id > change_id)
        .order_by(HistoryEntry.id.desc())
    )
    found: dict[str, Any] = {}
    for before in session.scalars(query):
        found.update(before or {})
    return found


def restore_state(session: Session, key: str, change_id: int) -> Changes:
    """Give a project, or a record that hangs on one, the fields it had after an act; later ones can be undone to.

    Raises ``InputError`` ``record_unknown``, and what saving the record raises where the state breaks a rule by now.
    """
    number = number_of(PROJECT_KEY, key)
    if number is not None:
        item = get_project(session, key)
        values = fields_after(session, KIND, number, change_id)
        draft = apply_plain(item.draft, values)
        journal = Journal(session, ACTION)
        return update_project(session, key, draft, seen_version=item.stored.version, journal=journal).changes
    found = kind_of_key(session, key)
    if found is None:
        raise InputError("record_unknown", where=Where(key=key), key=key)
    kind, number = found
    stored = STORES[kind].read(session, number)
    values = fields_after(session, kind, number, change_id)
    changed = {name: (stored.values.get(name), value) for name, value in values.items()} if stored else {}
    changed = {name: pair for name, pair in changed.items() if pair[0] != pair[1]}
    if changed:
        STORES[kind].write(session, number, {name: pair[1] for name, pair in changed.items()})
        Journal(session, ACTION, kind=kind).updated(number, changed)
    return changes_of(kind)
