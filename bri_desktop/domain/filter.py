"""The filter language of the ledger: one text for the window's filter box, the command line and saved views.

``mode = sister_city and country in (JP, KR) and signed >= 2010 and not status = failed and title ~ 港``
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from bri_desktop.domain.errors import InputError
from bri_desktop.domain.vocabulary import FIELD_BY_CODE

GRAMMAR = r"""
?start: disjunction
?disjunction: conjunction (_OR conjunction)*
?conjunction: negation (_AND negation)*
?negation: _NOT negation -> negated
    | "(" disjunction ")"
    | comparison
comparison: NAME OPERATOR value -> compared
    | NAME _IN "(" value ("," value)* ")" -> contained
    | NAME _IS _EMPTY -> empty
value: QUOTED | WORD | NAME
OPERATOR: "!=" | "<=" | ">=" | "=" | "<" | ">" | "~"
_OR.3: /or\b/i
_AND.3: /and\b/i
_NOT.3: /not\b/i
_IN.3: /in\b/i
_IS.3: /is\b/i
_EMPTY.3: /empty\b/i
NAME.2: /[a-z][a-z_0-9]*(?![^\s=<>!~(),"])/
QUOTED: /"(?:[^"]|"")*"/
WORD: /[^\s=<>!~(),"]+/
%ignore /[\s]+/
"""

DERIVED = ("key", "country", "continent", "province", "prefecture", "city", "foreign_city", "start", "year")
NAMES = frozenset((*FIELD_BY_CODE, *DERIVED, "currency", "text", "batch"))


@dataclass(frozen=True, slots=True)
class Comparison:
    """``field operator values``; the operator ``in`` has several values, ``empty`` none."""

    field: str
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The records that ``part`` leaves out."""

    part: "Filter"


@dataclass(frozen=True, slots=True)
class All:
    """The records that every part finds; no part finds all."""

    parts: tuple["Filter", ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """The records that some part finds."""

    parts: tuple["Filter", ...]


Filter = Comparison | Not | All | AnyOf


def parse_filter(text: str) -> Filter:
    """Return the filter that ``text`` says; empty text finds everything.

    ``InputError`` ``filter_unreadable`` names the column where reading stopped, ``filter_unknown_field`` the field.
    """
    if not text.strip():
        return All()
    from lark.exceptions import UnexpectedInput, UnexpectedToken, VisitError

    try:
        return cast(Filter, _parser().parse(text))
    except VisitError as error:
        raise error.orig_exc from error
    except UnexpectedInput as error:
        at_end = isinstance(error, UnexpectedToken) and error.token.type == "$END"
        column = len(text) + 1 if at_end or not isinstance(error.column, int) else error.column
        raise InputError("filter_unreadable", text=text, column=column) from error


def quoted(value: str) -> str:
    """Return ``value`` as it is written in a filter; a quotation mark inside is doubled."""
    plain = value and not any(char in '=<>!~(),"' or char.isspace() for char in value)
    if plain and value.lower() not in {"and", "or", "not", "in", "is", "empty"}:
        return value
    doubled = value.replace('"', '""')
    return f'"{doubled}"'


def as_text(wanted: Filter) -> str:
    """Return a filter as it is written; :func:`parse_filter` reads it as the same filter."""
    match wanted:
        case Comparison(field, "empty"):
            return f"{field} is empty"
        case Comparison(field, "in", values):
            return f"{field} in ({', '.join(map(quoted, values))})"
        case Comparison(field, operator, values):
            return f"{field} {operator} {quoted(values[0])}"
        case Not(part):
            return f"not {_enclosed(part, All, AnyOf, Not)}"
        case All(parts):
            return " and ".join(_enclosed(part, All, AnyOf) for part in parts)
        case AnyOf(parts):
            return " or ".join(_enclosed(part, All, AnyOf) for part in parts)


def _enclosed(part: Filter, *kinds: type) -> str:
    return f"({as_text(part)})" if isinstance(part, kinds) else as_text(part)


@cache
def _parser() -> Any:
    from lark import Lark, Token, Transformer

    class Build(Transformer[Token, Filter]):
        def value(self, items: list[Token]) -> str:
            text = str(items[0])
            return text[1:-1].replace('""', '"') if text.startswith('"') else text

        def compared(self, items: list[Any]) -> Filter:
            return Comparison(_known(items[0]), str(items[1]), (items[2],))

        def contained(self, items: list[Any]) -> Filter:
            return Comparison(_known(items[0]), "in", tuple(items[1:]))

        def empty(self, items: list[Any]) -> Filter:
            return Comparison(_known(items[0]), "empty", ())

        def negated(self, items: list[Filter]) -> Filter:
            return Not(items[0])

        def conjunction(self, items: list[Filter]) -> Filter:
            return All(tuple(items))

        def disjunction(self, items: list[Filter]) -> Filter:
            return AnyOf(tuple(items))

    return Lark(GRAMMAR, parser="lalr", transformer=Build())


def _known(name: object) -> str:
    if str(name) not in NAMES:
        raise InputError("filter_unknown_field", field=str(name))
    return str(name)
