"""Which frozen years a record stands in, and whether it was corrected since: small, as every record opened asks it."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bri_desktop.db.year_models import FrozenRecord, FrozenYear


@dataclass(frozen=True, slots=True)
class FrozenMark:
    """A frozen year whose figures a record stands behind; acts after ``change_id`` came after the freeze.

    ``is_corrected``: what is counted of the record is otherwise now.
    """

    year: int
    change_id: int
    is_corrected: bool


def frozen_marks(session: Session, kind: str, number: int) -> tuple[FrozenMark, ...]:
    """Return the frozen years with a record, earliest first; a correction of it is allowed, and restates them."""
    query = (
        select(FrozenYear.year, FrozenYear.change_id, FrozenRecord.digest)
        .join(FrozenRecord, FrozenRecord.year == FrozenYear.year)
        .where(FrozenRecord.kind == kind, FrozenRecord.record_id == number)
        .order_by(FrozenYear.year)
    )
    rows = session.execute(query).all()
    if not rows:
        return ()
    from bri_desktop.services.year_records import digests_of

    digest = digests_of(session, kind, [number]).get(number)
    return tuple(FrozenMark(row.year, row.change_id or 0, row.digest != digest) for row in rows)
