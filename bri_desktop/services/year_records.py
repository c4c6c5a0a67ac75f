"""What of a record is counted in a year, as plain values with a digest: how a later correction of it is noticed."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import blake2b
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bri_desktop.db.models import Activity, Agreement, Outcome, Pair, Project, ProjectCode, ProjectPlace
from bri_desktop.domain.record_kinds import KINDS
from bri_desktop.domain.vocabulary import PAIR_KEY, PROJECT_KEY, key_of
from bri_desktop.services.statistics_kinds import KEYS

AT_ONCE = 5_000
PROJECT_CODES = ("mode", "submode", "nature", "status", "domain", "level", "visibility")
PROJECT_DATES = ("signed", "planned_start", "planned_end", "started", "ended", "start")
PROJECT_FIELDS = (
    "title",
    *PROJECT_CODES,
    *PROJECT_DATES,
    "department_id",
    "pair_id",
    "parent_id",
    "amount",
    "currency",
)
TABLES: Mapping[str, tuple[Any, Sequence[str]]] = {
    "project": (Project, PROJECT_FIELDS),
    "pair": (Pair, ("domestic_id", "foreign_id", "kind", "level", "life", "ended")),
    "agreement": (Agreement, ("project_id", "pair_id", "kind", "title", "signed", "expires", "ended")),
    "activity": (Activity, ("project_id", "pair_id", "kind", "title", "date", "ended", "head_count")),
    "outcome": (Outcome, ("project_id", "outcome_class", "what", "quantity", "unit", "amount", "currency", "date")),
}
KEPT_KINDS = tuple(TABLES)
APPROVAL = "approval"
FURTHER_KEYS = {"pending_row": "row:", "issued_workbook": "workbook:"}
"""What is no record of the ledger, but stands behind a figure of the quality of the records."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The counted values of a record and their digest."""

    id: int
    digest: str
    values: Mapping[str, Any]


def key_of_kind(kind: str, number: int) -> str:
    """Return the key of a record of any kind."""
    prefixes = {"project": PROJECT_KEY, "pair": PAIR_KEY, APPROVAL: "C", **KEYS, **FURTHER_KEYS}
    return key_of(prefixes.get(kind) or (KINDS[kind].prefix if kind in KINDS else ""), number)


def read_kept(session: Session, kind: str, ids: Sequence[int]) -> Iterator[Kept]:
    """Return the counted values of the records of a kind that are there; those in the bin are not."""
    table, names = TABLES[kind]
    columns = [getattr(table, name) for name in names]
    for first in range(0, len(ids), AT_ONCE):
        some = list(ids[first : first + AT_ONCE])
        query = select(table.id, *columns).where(table.id.in_(some))
        if hasattr(table, "deleted_at"):
            query = query.where(table.deleted_at.is_(None))
        further = _links(session, some) if kind == "project" else {}
        for row in session.execute(query):
            values = {name: _plain(value) for name, value in zip(names, row[1:], strict=True) if value is not None}
            values |= further.get(row.id, {})
            yield Kept(row.id, _digest(values), values)


def digests_of(session: Session, kind: str, ids: Sequence[int]) -> dict[int, str]:
    """Return record -> digest as it stands now; what is gone has none."""
    return {kept.id: kept.digest for kept in read_kept(session, kind, ids)}


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value


def _digest(values: Mapping[str, Any]) -> str:
    written = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return blake2b(written.encode(), digest_size=16).hexdigest()


def _links(session: Session, ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Return project -> its places and codes."""
    found: dict[int, dict[str, Any]] = {}
    wanted = list(ids)
    places = select(ProjectPlace.project_id, ProjectPlace.side, ProjectPlace.place_id)
    codes = select(ProjectCode.project_id, ProjectCode.list, ProjectCode.code)
    for query, owner in ((places, ProjectPlace.project_id), (codes, ProjectCode.project_id)):
        rows: Any = session.execute(query.where(owner.in_(wanted)))
        for project, name, value in rows:
            found.setdefault(project, {}).setdefault(f"{name}_all", []).append(value)
    return {project: {name: sorted(several) for name, several in own.items()} for project, own in found.items()}
