"""A filter text held against the code lists of the ledger: a value that none of them knows would silently find nothing.

A value may be a code, its name in either language or one of the ways in which the importer reads it.
"""

from dataclasses import replace

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bri_desktop.db.models import Code, Country
from bri_desktop.domain.codebook import CodeBook
from bri_desktop.domain.errors import InputError
from bri_desktop.domain.filter import All, AnyOf, Comparison, Filter, Not, parse_filter
from bri_desktop.domain.vocabulary import FIELD_BY_CODE
from bri_desktop.services.reference import read_codebook

EXACT = frozenset({"=", "!=", "in"})
NAMED = 12
"""So many known values an error names."""


def read_filter(session: Session, text: str) -> Filter:
    """Return the filter that ``text`` means; ``InputError`` filter_value where a value is in no list."""
    return _checked(session, parse_filter(text))


def _checked(session: Session, wanted: Filter) -> Filter:
    match wanted:
        case All(parts):
            return All(tuple(_checked(session, part) for part in parts))
        case AnyOf(parts):
            return AnyOf(tuple(_checked(session, part) for part in parts))
        case Not(part):
            return Not(_checked(session, part))
        case Comparison() if wanted.operator in EXACT:
            return _comparison(session, wanted)
    return wanted


def _comparison(session: Session, wanted: Comparison) -> Comparison:
    if wanted.field == "country":
        for value in wanted.values:
            _require_country(session, value)
        return wanted
    field = FIELD_BY_CODE.get(wanted.field)
    name = "continent" if wanted.field == "continent" else field.list if field is not None else None
    if name is None:
        return wanted
    known = set(session.scalars(select(Code.code).where(Code.list == name, Code.code.in_(wanted.values))))
    if known.issuperset(wanted.values):
        return wanted
    codes = read_codebook(session)
    return replace(wanted, values=tuple(_code(codes, wanted.field, name, value) for value in wanted.values))


def _code(codes: CodeBook, field: str, name: str, value: str) -> str:
    found = codes.find(name, value)
    if found is None:
        listed = [entry.code for entry in codes.codes(name)]
        shown = ", ".join(listed[:NAMED]) + (" …" if len(listed) > NAMED else "")
        raise InputError("filter_value", field=field, value=value, known=shown)
    return found


def _require_country(session: Session, value: str) -> None:
    named = or_(Country.iso2 == value.upper(), Country.name_zh == value, Country.name_en == value)
    if session.scalar(select(Country.iso2).where(named).limit(1)) is None:
        raise InputError("filter_value", field="country", value=value, known="JP, KR, FR …")
