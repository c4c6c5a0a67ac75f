"""Records of one kind over the whole ledger: found, ordered and shown with what they hang on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from bri_desktop.db.models import Code, Country, Organisation, Outcome, Pair, Place, Project, table_of
from bri_desktop.domain.folding import fold
from bri_desktop.domain.record_kinds import KINDS, OUTCOME
from bri_desktop.domain.vocabulary import ORGANISATION_KEY, PAIR_KEY, PROJECT_KEY, key_of
from bri_desktop.i18n import language
from bri_desktop.services.hanging import kind_of, outcomes_of, read_record
from bri_desktop.services.record_store import STORES, StoredRecord

AT_ONCE = 500
TEXTS = ("text", "long")


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A record with what it hangs on: key, code and name of its project, tie or organisation.

    ``shown`` has the words of fields whose plain value is a code that no list of the ledger holds (countries).
    """

    stored: StoredRecord
    owner_key: str | None
    owner_code: str | None
    owner_name: str
    shown: Mapping[str, str]

    @property
    def id(self) -> int:
        """The row's id."""
        return self.stored.id


def list_ids(
    session: Session,
    kind: str,
    *,
    search: str = "",
    codes: Mapping[str, str] | None = None,
    years: tuple[str, str] | None = None,
    projects: Sequence[int] | None = None,
    sort: tuple[str, bool] | None = None,
    is_bin: bool = False,
) -> list[int]:
    """Return the ids of records that are not in the bin (or that are), nor their owner, the newest first.

    ``search`` looks for its words in every text of the record and in the names of what it hangs on; ``codes`` holds
    field -> code; ``years`` the first and last year of the kind's date; ``projects`` those it may hang on;
    ``sort`` (field or ``owner``, ascending).
    """
    described = kind_of(kind)
    model = _model(kind)
    table = table_of(model)
    query = select(table.c.id)
    query = _with_owners(query, table, is_bin=is_bin)
    if "deleted_at" in table.c:
        query = query.where(table.c.deleted_at.is_not(None) if is_bin else table.c.deleted_at.is_(None))
    for field, code in (codes or {}).items():
        query = query.where(table.c[field] == code)
    if years is not None and described.newest_by:
        date = table.c[described.newest_by]
        query = query.where(date >= years[0], date < f"{int(years[1]) + 1}")
    if projects is not None and "project_id" in table.c:
        query = query.where(table.c.project_id.in_(projects))
    for word in search.split():
        query = query.where(_has(session, described.code, table, word))
    return list(session.scalars(_sorted(query, described.code, table, sort)))


def _model(kind: str) -> Any:
    return Outcome if kind == OUTCOME.code else STORES[kind].model


def _with_owners(query: Select[Any], table: Any, *, is_bin: bool) -> Select[Any]:
    """Join the owners; what hangs on a record in the bin is not shown."""
    if "project_id" in table.c:
        query = query.outerjoin(Project, Project.id == table.c.project_id)
        if not is_bin:
            query = query.where(or_(table.c.project_id.is_(None), Project.deleted_at.is_(None)))
    if "pair_id" in table.c:
        query = query.outerjoin(Pair, Pair.id == table.c.pair_id)
        if not is_bin:
            query = query.where(or_(table.c.pair_id.is_(None), Pair.deleted_at.is_(None), Project.id.is_not(None)))
    return query


def _has(session: Session, kind: str, table: Any, word: str) -> Any:
    """Return the condition that a word stands in a text of the record, its code's name, or its owner's name."""
    pattern = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    found = []
    for field in KINDS[kind].fields:
        if field.kind in TEXTS and field.code in table.c:
            found.append(table.c[field.code].ilike(pattern, escape="\\"))
        elif field.kind == "code":
            names = select(Code.code).where(Code.list == field.list, Code.name_zh.ilike(pattern, escape="\\"))
            found.append(table.c[field.code].in_(names))
    if "project_id" in table.c:
        found += [Project.title.ilike(pattern, escape="\\"), Project.code.ilike(pattern, escape="\\")]
    if "pair_id" in table.c:
        wanted = fold(word)
        places = [row.id for row in session.scalars(select(Place)) if wanted in fold(f"{row.name_zh}{row.name_en}")]
        found += [Pair.domestic_id.in_(places), Pair.foreign_id.in_(places)]
    return or_(*found)


def _sorted(query: Select[Any], kind: str, table: Any, sort: tuple[str, bool] | None) -> Select[Any]:
    name, ascending = sort or (KINDS[kind].newest_by or "id", False)
    if name == "owner":
        column = func.coalesce(Project.title, "") if "project_id" in table.c else table.c.id
    else:
        column = table.c.get(name, table.c.get(f"{name}_id", table.c.id))
    order = column.asc() if ascending else column.desc()
    return query.order_by(order.nulls_last(), table.c.id)


def read_rows(session: Session, kind: str, ids: Sequence[int]) -> list[RecordRow]:
    """Return the records of ``ids`` that exist, in that order."""
    stored = _stored(session, kind, ids)
    names = _owner_names(session, stored)
    countries = _countries(session, kind, stored)
    return [
        RecordRow(
            record,
            *names.get(_owner(record), (None, None, "")),
            {"country": countries[value]} if (value := record.values.get("country")) in countries else {},
        )
        for record in stored
    ]


def _stored(session: Session, kind: str, ids: Sequence[int]) -> list[StoredRecord]:
    if kind == OUTCOME.code:
        return _outcomes(session, ids)
    found: dict[int, StoredRecord] = {}
    store, table = STORES[kind], table_of(STORES[kind].model)
    for start in range(0, len(ids), AT_ONCE):
        query = select(store.model).where(table.c.id.in_(ids[start : start + AT_ONCE]))
        for row in session.scalars(query):
            record = store.stored(session, row)
            found[record.id] = record
    return [found[number] for number in ids if number in found]


def _outcomes(session: Session, ids: Sequence[int]) -> list[StoredRecord]:
    found: dict[int, StoredRecord] = {}
    for start in range(0, len(ids), AT_ONCE):
        chunk = select(Outcome.project_id).where(Outcome.id.in_(ids[start : start + AT_ONCE])).distinct()
        for project in list(session.scalars(chunk)):
            found |= {row.id: row for row in outcomes_of(session, project)}
    return [found[number] for number in ids if number in found]


Owner = tuple[str, int] | None


def _owner(record: StoredRecord) -> Owner:
    return next(((name, number) for name, number in record.owner.items() if number is not None), None)


def _owner_names(session: Session, stored: Sequence[StoredRecord]) -> dict[Owner, tuple[str | None, str | None, str]]:
    wanted: dict[str, set[int]] = {}
    for owner in filter(None, map(_owner, stored)):
        wanted.setdefault(owner[0], set()).add(owner[1])
    found: dict[Owner, tuple[str | None, str | None, str]] = {}
    projects = select(Project.id, Project.code, Project.title).where(Project.id.in_(wanted.get("project_id", ())))
    for number, code, title in session.execute(projects):
        found["project_id", number] = (key_of(PROJECT_KEY, number), code, title)
    for pair in session.scalars(select(Pair).where(Pair.id.in_(wanted.get("pair_id", ())))):
        found["pair_id", pair.id] = (key_of(PAIR_KEY, pair.id), None, pair_name(pair))
    names = select(Organisation.id, Organisation.name).where(Organisation.id.in_(wanted.get("organisation_id", ())))
    for number, name in session.execute(names):
        found["organisation_id", number] = (key_of(ORGANISATION_KEY, number), None, name)
    return found


def pair_name(pair: Pair) -> str:
    """Return a tie by its two places in the chosen language."""
    ends = (pair.domestic, pair.foreign)
    if language() == "zh_CN":
        return "—".join(place.name_zh or place.name_en or place.key for place in ends)
    return "—".join(place.name_en or place.name_zh or place.key for place in ends)


def _countries(session: Session, kind: str, stored: Sequence[StoredRecord]) -> dict[str, str]:
    if not any(field.kind == "country" for field in KINDS[kind].fields):
        return {}
    wanted = {record.values["country"] for record in stored if record.values["country"]}
    rows = session.execute(select(Country.iso2, Country.name_zh, Country.name_en).where(Country.iso2.in_(wanted)))
    return {iso2: zh if language() == "zh_CN" else en for iso2, zh, en in rows}


def row_json(row: RecordRow) -> dict[str, Any]:
    """Return the item that ``list`` and ``show`` print."""
    owner: dict[str, Any] = {}
    for name, number in row.stored.owner.items():
        prefix = {"project_id": PROJECT_KEY, "pair_id": PAIR_KEY, "organisation_id": ORGANISATION_KEY}[name]
        owner[name.removesuffix("_id")] = None if number is None else key_of(prefix, number)
    values = dict(row.stored.values)
    if "outcome_class" in values:
        values = {"class": values.pop("outcome_class"), **values}
    return {"key": record_key(row), **owner, **values, "version": row.stored.version}


def record_key(row: RecordRow) -> str:
    """Return the key of a record; a result has its project's, and its place there."""
    if row.stored.kind == OUTCOME.code:
        return f"{row.owner_key}.{row.stored.id}"
    return row.stored.key


def get_row(session: Session, kind: str, number: int) -> RecordRow:
    """Return one record with what it hangs on."""
    return read_rows(session, kind, [read_record(session, kind, number).id])[0]
