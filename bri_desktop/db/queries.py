"""Filters as SQL conditions on projects; a subquery stands by itself, so that it is run once and not for each row."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, not_, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

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
    ProjectTag,
    Tag,
)
from bri_desktop.db.reference import read_table
from bri_desktop.db.search import found_by_index, search_words
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
UNCHANGED_BY_FOLDING = re.compile("[0-9A-Za-z\u4e00-\u9fff]+")
"""What a text holds, its folded form holds folded: no mark before or after changes these characters."""
ORGANISATIONS = {"department": Project.department_id, "lead": Project.lead_id}


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
        return lambda operator, value: _own_text(field, operator, value)
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


def _own_text(field: str, operator: str, value: str | None) -> Condition:
    """Return the test of a text of the project itself, with the help of the search index where it can tell more."""
    passes = _text(getattr(Project, field), operator, value)
    if operator in ("=", "~") and field != "currency" and UNCHANGED_BY_FOLDING.fullmatch(value or ""):
        return and_(found_by_index([fold(value or "")]), passes)
    return passes


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
    linked = select(ProjectCode.project_id).where(ProjectCode.list == name)
    if operator == "empty":
        found = not_(exists(linked.where(ProjectCode.project_id == Project.id)))
    else:
        found = Project.id.in_(linked.where(_code(name, ProjectCode.code, operator, value)))
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
        linked = select(ProjectPlace.project_id).where(ProjectPlace.side == side)
        if operator == "empty":
            return not_(exists(linked.where(ProjectPlace.project_id == Project.id)))
        place = aliased(Place)
        passing = linked.join(place, place.id == ProjectPlace.place_id).where(test(place, operator, value))
        return Project.id.in_(passing)

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
    linked = select(ProjectPartner.project_id)
    if operator == "empty":
        return not_(exists(linked.where(ProjectPartner.project_id == Project.id)))
    named = select(Organisation.id).where(_text(Organisation.name, operator, value))
    return Project.id.in_(linked.where(ProjectPartner.organisation_id.in_(named)))


def _tags(operator: str, value: str | None) -> Condition:
    linked = select(ProjectTag.project_id)
    if operator == "empty":
        return not_(exists(linked.where(ProjectTag.project_id == Project.id)))
    return Project.id.in_(linked.where(ProjectTag.tag_id.in_(select(Tag.id).where(_text(Tag.name, operator, value)))))


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
    return found_by_index(search_words(value or ""))


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
