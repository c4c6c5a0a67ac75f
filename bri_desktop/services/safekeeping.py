"""A verified copy of the ledger before an act that touches many records."""

from pathlib import Path

from sqlalchemy.orm import Session

from bri_desktop.db.backup import back_up


def back_up_before(session: Session, act: str) -> Path | None:
    """Copy the ledger of ``session`` as it was before its transaction; return the copy, ``None`` of an empty one.

    ``DatabaseRefusedError`` where no whole copy can be made: then the act does not begin.
    """
    name = session.get_bind().engine.url.database
    return back_up(Path(name), act) if name else None
