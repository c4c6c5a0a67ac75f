"""Words for codes of the office's own that are gone: a start reads them, so nothing else is loaded with them."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from bri_desktop.db.models import HistoryEntry
from bri_desktop.domain.changes import CODE_KIND as CODE_KIND
from bri_desktop.domain.codebook import CodeLabel


def deleted_labels(session: Session) -> Iterator[CodeLabel]:
    """Yield the labels of own codes that were deleted, the latest last: older entries still speak of them."""
    entries = select(HistoryEntry.before).where(HistoryEntry.kind == CODE_KIND, HistoryEntry.action == "delete")
    for before in session.scalars(entries.order_by(HistoryEntry.id)):
        row = before or {}
        yield CodeLabel(row["list"], row["code"], row["name_zh"], row["name_en"], row["parent"])
