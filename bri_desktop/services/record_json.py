"""What hangs on records, approvals and attachments as the objects that ``list`` and ``show`` print."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bri_desktop.db.attachments import AttachmentFolder
from bri_desktop.db.models import Organisation, Pair, Project
from bri_desktop.db.record_models import Attachment
from bri_desktop.domain.record_kinds import CONTACT, FOLLOW_UP, INDICATOR, RISK
from bri_desktop.domain.vocabulary import number_of
from bri_desktop.services.approval_store import PREFIX as APPROVAL_PREFIX
from bri_desktop.services.approvals import get_case, list_cases
from bri_desktop.services.attachments import row_of
from bri_desktop.services.record_list import get_row, list_ids, read_rows, row_json
from bri_desktop.services.record_store import ATTACHMENT_PREFIX, STORES

HUNG = (INDICATOR.code, RISK.code, CONTACT.code, FOLLOW_UP.code)


def list_hanging(session: Session, kind: str, projects: list[int] | None) -> list[dict[str, Any]]:
    """Return the items of one of :data:`LISTS`, those of some projects alone where these are given."""
    return LISTS[kind](session, projects)


def _hung(kind: str) -> Callable[[Session, list[int] | None], list[dict[str, Any]]]:
    def listed(session: Session, projects: list[int] | None) -> list[dict[str, Any]]:
        return [row_json(row) for row in read_rows(session, kind, list_ids(session, kind, projects=projects))]

    return listed


def _approvals(session: Session, projects: list[int] | None) -> list[dict[str, Any]]:
    items = [case.to_json() for case in list_cases(session)]
    if projects is None:
        return items
    wanted = set(projects)
    return [item for item in items if item["project"] and number_of("P", item["project"]) in wanted]


def _attachments(session: Session, projects: list[int] | None) -> list[dict[str, Any]]:
    query = select(Attachment).where(Attachment.deleted_at.is_(None)).order_by(Attachment.id)
    if projects is not None:
        query = query.where(Attachment.kind == "project", Attachment.record_id.in_(projects))
    return [_file_json(session, row) for row in session.scalars(query) if _lives(session, row)]


def _lives(session: Session, row: Attachment) -> bool:
    """Tell whether what a file hangs on is not in the bin."""
    model: Any = {"project": Project, "pair": Pair, "organisation": Organisation}.get(row.kind)
    model = model or (STORES[row.kind].model if row.kind in STORES else None)
    owner: Any = session.get(model, row.record_id) if model is not None else None
    return owner is not None and owner.deleted_at is None


def _file_json(session: Session, row: Attachment, folder: AttachmentFolder | None = None) -> dict[str, Any]:
    plain = row_of(row, folder.glance(row.sha256, row.size) if folder else "").to_json()
    return plain if folder else {name: value for name, value in plain.items() if name != "state"}


LISTS: Mapping[str, Callable[[Session, list[int] | None], list[dict[str, Any]]]] = {
    **{kind: _hung(kind) for kind in HUNG},
    "approval": _approvals,
    "attachment": _attachments,
}


def show_hanging(session: Session, key: str) -> dict[str, Any] | None:
    """Return one record of :data:`LISTS` by its key, ``None`` where it is none of them."""
    for kind in HUNG:
        number = number_of(STORES[kind].prefix, key)
        stored = None if number is None else STORES[kind].read(session, number)
        if stored is not None:
            return row_json(get_row(session, kind, stored.id)) | {"deleted_at": stored.deleted_at}
    number = number_of(APPROVAL_PREFIX, key)
    case = None if number is None else STORES["approval"].read(session, number)
    if case is not None:
        return get_case(session, case.id).to_json() | {"deleted_at": case.deleted_at}
    number = number_of(ATTACHMENT_PREFIX, key)
    row = None if number is None else session.get(Attachment, number)
    return None if row is None else _file_json(session, row) | {"deleted_at": row.deleted_at}
