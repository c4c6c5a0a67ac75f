"""Which ecosystem type (the report's four) the office has given a city: a label, never computed."""

import json

from sqlalchemy.orm import Session

from bri_desktop.db.models import Code, Meta
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import InputError
from bri_desktop.services.row_history import enter_setting, noted

META = "ecosystems"
LIST = "ecosystem"
TOUCHED = Changes(frozenset({"measure_options", "history"}))


def read_labels(session: Session) -> dict[str, str]:
    """Return key of a place -> code of its type."""
    row = session.get(Meta, META)
    stored: dict[str, str | None] = json.loads(row.value) if row else {}
    return {key: code for key, code in stored.items() if code is not None}


def set_label(session: Session, place: str, code: str | None) -> Changes:
    """Give a city a type, or take it away with ``None``, as one act; ``InputError`` ``code_unknown``."""
    if code is not None and session.get(Code, (LIST, code)) is None:
        raise InputError("code_unknown", value=code)
    before = read_labels(session)
    if before.get(place) == code:
        return Changes()
    row = session.get(Meta, META)
    if row is None:
        row = Meta(name=META, value="{}")
        session.add(row)
    with noted(session, "set_city_label") as change:
        after: dict[str, str | None] = {**before, place: code}
        row.value = json.dumps(after, ensure_ascii=False)
        session.flush()
        enter_setting(session, change, META, dict(before), dict(after))
    return TOUCHED
