"""Filters as SQL, and the queries behind the ledger's table."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, not_, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from bri_desktop.db.models import (
    Code,
    Country,
    Organisation,
    Pair,
    Place,
    Project,
    ProjectCode,
    ProjectPartner,
    ProjectPlace,
    ProjectSearch,
    ProjectTag,
    Tag,
)
from bri_desktop.db.reference import read_table
from bri_desktop.db.types import to_scaled
from bri_desktop.domain.dates import parse_date
from bri_desktop.domain.errors import InputError, ValueProblemError
from bri_desktop.domain.filter import All, AnyOf, Comparison, Filter, Not
from bri_desktop.domain.folding import fold
from bri_desktop.domain.vocabulary import PROJECT_KEY, number_of
from bri_desktop.domain.written import parse_number

Condition = ColumnElement[bool]
JOINED_FLAT = 100
AFTER_EVERY_DIGIT = "~"
DATE_FIELDS = ("signed", "planned_start", "planned_end", "started", "ended", "start")
CODE_FIELDS = ("mode", "submode", "nature", "status", "domain", "level", "policy_step", "visibility")
TEXT_FIELDS = ("code", "title", "title_en", "summary", "results", "source", "note", "currency")
LINKED_CODES = {"domains": "domain", "fields": "field", "sdg": "sdg", "corridors": "corridor"}
ORGANISATIONS = {"department": Project.department_id, "lead": Project.lead_id}


def ledger_ids(
    session: Session, wanted: Filter, *, search: str = "", sort: Sequence[tuple[str, bool]] = (), only: Any = None
) -> list[int]:
    """Return the ids of the projects that pass, in order. ``sort`` holds (field, descending) pairs."""
    query = select(Project.id).where(Project.deleted_at.is_(None), condition(wanted))
    for word in search_words(search):
        query = query.where(Project.id.in_(_search_hits(word)))
    if only is not None:
        query = query.where(Project.id.in_(list(only)))
    for field, descending in sort or (("start", True),):
        column = sort_column(field)
        query = query.order_by((column.desc() if descending else column.asc()).nulls_last())
    return list(session.connection().execute(query.order_by(Project.id.desc())).scalars())


def search_words(search: str) -> list[str]:
    """Return the folded words that all have to be found."""
    return [folded for word in search.split() if (folded := fold(word))]


def _search_hits(word: str) -> Select[tuple[int]]:
    return select(ProjectSearch.project_id).where(func.instr(ProjectSearch.text, word) > 0)


def sort_column(field: str) -> Any:
    """Return the column or scalar query that a table column is sorted by."""
    if field in ("domestic_places", "foreign_places"):
        side = field.removesuffix("_places")
        return (
            select(func.coalesce(Place.pinyin, Place.name_en))
            .join(ProjectPlace, ProjectPlace.place_id == Place.id)
            .where(ProjectPlace.project_id == Project.id, ProjectPlace.side == side, ProjectPlace.position == 0)
            .scalar_subquery()
        )
    if field in CODE_FIELDS and field != "visibility":
        return select(Code.position).where(Code.list == field, Code.code == getattr(Project, field)).scalar_subquery()
    if field in ORGANISATIONS:
        return select(Organisation.name).where(Organisation.id == ORGANISATIONS[field]).scalar_subquery()
    if field == "key":
        return Project.id
    if field in (*DATE_FIELDS, *TEXT_FIELDS, "amount", "visibility", "version"):
        return getattr(Project, field)
    raise InputError("sort_unknown_field", field=field)


def condition(wanted: Filter) -> Condition:
    """Return the SQL condition on ``project`` that a filter means."""
    match wanted:
        case All(parts):
            return _joined(and_, true(), [condition(part) for part in parts])
        case AnyOf(parts):
            return _joined(or_, false(), [condition(part) for part in parts])
        case Not(part):
            return not_(func.coalesce(condition(part), false()))
        case Comparison():
            return _comparison(wanted)


def _joined(join: Callable[..., Condition], start: Any, parts: Sequence[Condition]) -> Condition:
    """Join conditions as a balanced tree: SQLite takes no expression that is deeper than 1,000.

    ``coalesce`` keeps the halves apart, which SQLAlchemy would flatten into one chain again.
    """
    if len(parts) <= JOINED_FLAT:
        return join(start, *parts)
    middle = len(parts) // 2
    halves = (_joined(join, start, half) for half in (parts[:middle], parts[middle:]))
    return join(start, *(func.coalesce(half, false()) for half in halves))


def _comparison(wanted: Comparison) -> Condition:
    if wanted.operator == "!=":
        return not_(func.coalesce(_comparison(Comparison(wanted.field, "=", wanted.values)), false()))
    if wanted.operator == "in":
        equal = [_comparison(Comparison(wanted.field, "=", (value,))) for value in wanted.values]
        return _joined(or_, false(), equal)
    value = wanted.values[0] if wanted.values else None
    return _of_field(wanted.field)(wanted.operator, value)


def _of_field(field: str) -> Callable[[str, str | None], Condition]:
    if field in DATE_FIELDS:
        return lambda operator, value: _date(getattr(Project, field), operator, value)
    if field == "year":
        return lambda operator, value: _date(Project.start, operator, value)
    if field in CODE_FIELDS:
        return lambda operator, value: _code(field, getattr(Project, field), operator, value)
    if field in TEXT_FIELDS:
        return lambda operator, value: _text(getattr(Project, field), operator, value)
    if field in LINKED_CODES:
        return lambda operator, value: _linked_code(field, operator, value)
    if field in ("key", "parent"):
        column = Project.id if field == "key" else Project.parent_id
        return lambda operator, value: _key(column, operator, value)
    return SPECIAL[field]


def _date(column: InstrumentedAttribute[Any], operator: str, value: str | None) -> Condition:
    if operator == "empty":
        return column.is_(None)
    value = _written_date(value or "", operator)
    after = value + AFTER_EVERY_DIGIT
    match operator:
        case "=" | "~":
            return column.startswith(value, autoescape=True)
        case "<":
            return column < value
        case "<=":
            return column < after
        case ">":
            return column > after
        case _:
            return column >= value


def _written_date(value: str, operator: str) -> str:
    """Return a date as it is stored; ``~`` also takes the beginning of one (``201``)."""
    if operator == "~" and value.isascii() and value.replace("-", "").isdigit():
        return value
    try:
        return parse_date(value).value
    except ValueProblemError as error:
        raise InputError("filter_date", value=value) from error


def _code(name: str, column: InstrumentedAttribute[Any], operator: str, value: str | None) -> Condition:
    if operator == "empty":
        return column.is_(None)
    named = select(Code.code).where(Code.list == name, or_(Code.name_zh == value, Code.name_en == value))
    if operator == "~":
        named = select(Code.code).where(Code.list == name, Code.name_zh.contains(value, autoescape=True))
    elif operator != "=":
        raise InputError("filter_operator", field=name, operator=operator)
    return or_(column == value, column.in_(named))


def _text(column: InstrumentedAttribute[Any], operator: str, value: str | None) -> Condition:
    match operator:
        case "empty":
            return or_(column.is_(None), column == "")
        case "~":
            return column.ilike("%" + _escaped(value or "") + "%", escape="\\")
        case "=":
            return column == value
        case "<":
            return column < value
        case "<=":
            return column <= value
        case ">":
            return column > value
        case _:
            return column >= value


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _linked_code(field: str, operator: str, value: str | None) -> Condition:
    name = LINKED_CODES[field]
    link = exists().where(ProjectCode.project_id == Project.id, ProjectCode.list == name)
    found = not_(link) if operator == "empty" else link.where(_code(name, ProjectCode.code, operator, value))
    if field != "domains":
        return found
    primary = _code("domain", Project.domain, operator, value)
    return and_(found, primary) if operator == "empty" else or_(found, primary)


def _key(column: InstrumentedAttribute[Any], operator: str, value: str | None) -> Condition:
    if operator == "empty":
        return column.is_(None)
    number = number_of(PROJECT_KEY, value or "")
    if operator != "=":
        raise InputError("filter_operator", field="key", operator=operator)
    return column == number if number is not None else false()


def _place(side: str, test: Callable[[Any, str, str | None], Condition]) -> Callable[[str, str | None], Condition]:
    def on_place(operator: str, value: str | None) -> Condition:
        place = aliased(Place)
        link = (
            exists()
            .where(ProjectPlace.project_id == Project.id, ProjectPlace.side == side)
            .where(ProjectPlace.place_id == place.id)
        )
        return not_(link) if operator == "empty" else link.where(test(place, operator, value))

    return on_place


def _place_named(place: type[Place], operator: str, value: str | None) -> Condition:
    if operator == "=":
        return or_(place.key == value, place.name_zh == value, place.name_en == value, place.name_zh == f"{value}市")
    return or_(_text(place.name_zh, operator, value), _text(place.name_en, operator, value))


def _place_country(place: type[Place], operator: str, value: str | None) -> Condition:
    named = select(Country.iso2)
    if operator == "=":
        named = named.where(or_(Country.name_zh == value, Country.name_en == value))
        return or_(place.country == (value or "").upper(), place.country.in_(named))
    return place.country.in_(named.where(_text(Country.name_zh, operator, value)))


def _place_continent(place: type[Place], operator: str, value: str | None) -> Condition:
    named = select(Code.code).where(Code.list == "continent", _code("continent", Code.code, operator, value))
    return place.country.in_(select(Country.iso2).where(Country.continent.in_(named), Country.region_of.is_(None)))


def _place_province(place: type[Place], operator: str, value: str | None) -> Condition:
    if operator not in ("=", "~"):
        raise InputError("filter_operator", field="province", operator=operator)
    found = [row["adcode"] for row in read_table("provinces") if _names_province(row, operator, value or "")]
    return place.province.in_(found)


def _names_province(row: Mapping[str, str], operator: str, value: str) -> bool:
    names = (row["adcode"], row["name_zh"], row["short_zh"], row["name_en"])
    return value in names if operator == "=" else any(value.lower() in name.lower() for name in names)


def _place_unit(column: str) -> Callable[[Any, str, str | None], Condition]:
    def test(place: type[Place], operator: str, value: str | None) -> Condition:
        named = select(Place.key).where(or_(Place.name_zh == value, Place.name_en == value))
        unit = getattr(place, column)
        return or_(_text(unit, operator, value), ("cn:" + unit).in_(named))

    return test


def _organisation(column: InstrumentedAttribute[Any]) -> Callable[[str, str | None], Condition]:
    def test(operator: str, value: str | None) -> Condition:
        if operator == "empty":
            return column.is_(None)
        return column.in_(select(Organisation.id).where(_text(Organisation.name, operator, value)))

    return test


def _partners(operator: str, value: str | None) -> Condition:
    link = exists().where(ProjectPartner.project_id == Project.id)
    if operator == "empty":
        return not_(link)
    named = select(Organisation.id).where(_text(Organisation.name, operator, value))
    return link.where(ProjectPartner.organisation_id.in_(named))


def _tags(operator: str, value: str | None) -> Condition:
    link = exists().where(ProjectTag.project_id == Project.id)
    if operator == "empty":
        return not_(link)
    return link.where(ProjectTag.tag_id.in_(select(Tag.id).where(_text(Tag.name, operator, value))))


def _pair_kind(operator: str, value: str | None) -> Condition:
    if operator == "empty":
        return Project.pair_id.is_(None)
    return Project.pair_id.in_(select(Pair.id).where(_code("pair_kind", Pair.kind, operator, value)))


def _amount(operator: str, value: str | None) -> Condition:
    if operator == "empty":
        return Project.amount.is_(None)
    try:
        number = parse_number(value or "")
        to_scaled(number)
    except ValueError as error:
        raise InputError("filter_number", value=value) from error
    column = Project.amount
    tests: dict[str, Condition] = {
        "=": column == number,
        "<": column < number,
        "<=": column <= number,
        ">": column > number,
        ">=": column >= number,
    }
    if operator not in tests:
        raise InputError("filter_operator", field="amount", operator=operator)
    return tests[operator]


def _anywhere(operator: str, value: str | None) -> Condition:
    if operator not in ("=", "~"):
        raise InputError("filter_operator", field="text", operator=operator)
    return and_(true(), *(Project.id.in_(_search_hits(word)) for word in search_words(value or "")))


def _batch(operator: str, value: str | None) -> Condition:
    if operator == "empty":
        return Project.batch_id.is_(None)
    if operator != "=":
        raise InputError("filter_operator", field="batch", operator=operator)
    return Project.batch_id == (number_of("", value or "") or -1)


SPECIAL: dict[str, Callable[[str, str | None], Condition]] = {
    "domestic_places": _place("domestic", _place_named),
    "foreign_places": _place("foreign", _place_named),
    "city": _place("domestic", _place_named),
    "foreign_city": _place("foreign", _place_named),
    "country": _place("foreign", _place_country),
    "continent": _place("foreign", _place_continent),
    "province": _place("domestic", _place_province),
    "prefecture": _place("domestic", _place_unit("prefecture")),
    "department": _organisation(Project.department_id),
    "lead": _organisation(Project.lead_id),
    "partners": _partners,
    "tags": _tags,
    "pair_kind": _pair_kind,
    "amount": _amount,
    "text": _anywhere,
    "batch": _batch,
}
