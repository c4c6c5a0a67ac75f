"""The ledger's table in groups: which projects, in their order, how many, and their sums by currency."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from bri_desktop.db.grouping import CODED, PLACED, Value, group_sums, group_values
from bri_desktop.db.models import Organisation, Place
from bri_desktop.db.queries import ORGANISATIONS
from bri_desktop.domain.money import HOME_CURRENCY, Money
from bri_desktop.services.projects import country_names
from bri_desktop.services.reference import read_codebook

GROUPINGS = ("city", "foreign_city", "country", "mode", "domain", "status", "nature", "level", "year", "department",
             "lead")  # fmt: skip
Names = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ProjectGroup:
    """A group: its key (``""`` for projects where nothing is entered), names (Chinese, English), ids and sums."""

    key: str
    names: Names
    ids: tuple[int, ...]
    sums: tuple[Money, ...]


def group_projects(session: Session, ids: Sequence[int], by: str) -> list[ProjectGroup]:
    """Return the groups of ``ids``, which keep their order in each; every project is in one group.

    Codes come in the order of their list, years the latest first, others the largest first; what has nothing entered
    comes last. ``InputError`` ``option_unknown`` for another grouping.
    """
    values = group_values(session, ids, by)
    sums = group_sums(session, ids, by)
    several: dict[Value, list[int]] = {}
    for number in ids:
        if number in values:
            several.setdefault(values[number], []).append(number)
    names = _names(session, by, [value for value in several if value is not None])
    order = {value: place for place, value in enumerate(names)}
    found = sorted(several, key=lambda value: (value is None, _rank(by, value, order, len(several[value]))))
    return [
        ProjectGroup("" if value is None else str(value), names.get(value, ("", "")), tuple(several[value]),
                     _money(sums.get(value, {})))
        for value in found
    ]  # fmt: skip


def _rank(by: str, value: Value, order: Mapping[Value, int], count: int) -> tuple[int, int]:
    place = order.get(value, len(order))
    return (0, place) if by in CODED else (0, -int(value or 0)) if by == "year" else (-count, place)


def _names(session: Session, by: str, values: Sequence[Value]) -> dict[Value, Names]:
    """Return the names of values, codes in the order of their list."""
    if by in CODED:
        codes = {code.code: (code.name_zh, code.name_en) for code in read_codebook(session).codes(by)}
        known: dict[Value, Names] = {code: names for code, names in codes.items() if code in values}
        return known | {value: (str(value), str(value)) for value in values if value not in codes}
    if by == "country":
        return dict(country_names(session, {str(value) for value in values}).items())
    if by in PLACED:
        places = select(Place.id, Place.name_zh, Place.name_en).where(Place.id.in_(values))
        return {number: (zh or en or "", en or zh or "") for number, zh, en in session.execute(places)}
    if by in ORGANISATIONS:
        named = select(Organisation.id, Organisation.name, Organisation.name_en).where(Organisation.id.in_(values))
        return {number: (zh, en or zh) for number, zh, en in session.execute(named)}
    return {value: (str(value), str(value)) for value in values}


def _money(sums: Mapping[str, Decimal]) -> tuple[Money, ...]:
    order = sorted(sums, key=lambda currency: (currency != HOME_CURRENCY, currency))
    return tuple(Money(sums[currency], currency) for currency in order)
