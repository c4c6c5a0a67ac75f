"""The conditions of the ledger as chips and as the one filter text behind them.

A chip is one comparison of the filter language, or what is not so; chips that follow one another are joined by and,
those of a group by or. What says still more is one chip with its text, so that nothing is shown that does not hold.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeGuard

from bri_desktop.domain.codebook import CodeBook
from bri_desktop.domain.filter import All, AnyOf, Comparison, Filter, Not, as_text, parse_filter, quoted
from bri_desktop.domain.vocabulary import FIELD_BY_CODE
from bri_desktop.i18n import language, tr
from bri_desktop.labels import field_label

CHOSEN = ("city", "foreign_city", "mode", "domain", "status", "year", "department")
"""The fields that 添加条件 offers, in this order; the filter text takes any."""

RANGE = "range"
BETWEEN = "、"

SIGNS: Mapping[str, Callable[[], str]] = {
    "<": lambda: tr("earlier than"),
    "<=": lambda: tr("at most"),
    ">": lambda: tr("later than"),
    ">=": lambda: tr("at least"),
    "~": lambda: tr("contains"),
}


@dataclass(frozen=True, slots=True)
class FieldCondition:
    """``field operator values``; the operator ``range`` has two values, either of which may be empty."""

    field: str
    operator: str
    values: tuple[str, ...]
    negated: bool = False

    @property
    def text(self) -> str:
        """The condition in the filter language."""
        plain = self._plain()
        if not self.negated:
            return plain
        return f"not ({plain})" if self.is_several else f"not {plain}"

    @property
    def is_several(self) -> bool:
        """Tell whether it is written as two comparisons."""
        return self.operator == RANGE and all(self.values)

    def _plain(self) -> str:
        if self.operator == RANGE:
            first, last = self.values
            parts = [f"{self.field} >= {quoted(first)}"] if first else []
            parts += [f"{self.field} <= {quoted(last)}"] if last else []
            return " and ".join(parts)
        if self.operator == "empty":
            return f"{self.field} is empty"
        if self.operator == "in" and len(self.values) > 1:
            return f"{self.field} in ({', '.join(map(quoted, self.values))})"
        return f"{self.field} {'=' if self.operator == 'in' else self.operator} {quoted(self.values[0])}"


@dataclass(frozen=True, slots=True)
class TextCondition:
    """A filter text as it was typed."""

    text: str


Single = FieldCondition | TextCondition


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions of which one holds, or (``negated``) none."""

    parts: tuple[Single, ...]
    negated: bool = False

    @property
    def text(self) -> str:
        """The group in the filter language, in brackets."""
        several = " or ".join(_enclosed(part) for part in self.parts)
        return f"not ({several})" if self.negated else f"({several})"


AnyCondition = FieldCondition | TextCondition | Group


def _enclosed(part: Single) -> str:
    is_several = isinstance(part, TextCondition) or (part.is_several and not part.negated)
    return f"({part.text})" if is_several else part.text


def combined(conditions: Sequence[AnyCondition]) -> str:
    """Return the filter text that holds where every condition holds."""
    if len(conditions) == 1 and isinstance(conditions[0], TextCondition):
        return conditions[0].text
    texts = [f"({c.text})" if isinstance(c, TextCondition) else c.text for c in conditions]
    if len(texts) == 1 and isinstance(conditions[0], Group) and not conditions[0].negated:
        return texts[0][1:-1]
    return " and ".join(texts)


def conditions_of(text: str) -> list[AnyCondition]:
    """Return the chips of a filter text; raises what :func:`parse_filter` raises."""
    parsed = parse_filter(text)
    parts = parsed.parts if isinstance(parsed, All) else (parsed,)
    return _ranges([_condition(part) for part in parts])


def _condition(part: Filter) -> AnyCondition:
    match part:
        case AnyOf(parts):
            return Group(tuple(_single(one) for one in parts))
        case Not(AnyOf(parts)):
            return Group(tuple(_single(one) for one in parts), negated=True)
    return _single(part)


def _single(part: Filter) -> Single:
    found = _field_condition(part)
    return TextCondition(as_text(part)) if found is None else found


def _field_condition(part: Filter) -> FieldCondition | None:
    match part:
        case Comparison(field, "!=", values):
            return FieldCondition(field, "in", values, negated=True)
        case Comparison(field, operator, values):
            return FieldCondition(field, "in" if operator == "=" else operator, values)
        case Not(inner):
            found = _field_condition(inner)
            return None if found is None or found.negated else replace(found, negated=True)
        case All((first, last)):
            several = _ranges([_single(first), _single(last)])
            return several[0] if len(several) == 1 and isinstance(several[0], FieldCondition) else None
    return None


def _ranges(conditions: Sequence[AnyCondition]) -> list[AnyCondition]:
    """Make one range of a lower and an upper bound that follow each other."""
    joined: list[AnyCondition] = []
    for condition in conditions:
        before = joined[-1] if joined else None
        if _is_bound(before, ">=") and _is_bound(condition, "<=") and before.field == condition.field:
            joined[-1] = FieldCondition(condition.field, RANGE, (before.values[0], condition.values[0]))
        else:
            joined.append(condition)
    return joined


def _is_bound(condition: AnyCondition | None, operator: str) -> TypeGuard[FieldCondition]:
    return isinstance(condition, FieldCondition) and condition.operator == operator and not condition.negated


# -- what is done to chips ---------------------------------------------------------------------------------------------

Place = tuple[int, int | None]
"""A condition by its number, and in a group by the number of its part."""


def place_of(key: str) -> Place:
    """Return the place that a chip's key names: ``2``, or ``2.1`` in a group."""
    first, _, second = key.partition(".")
    return int(first), int(second) if second else None


def at(conditions: Sequence[AnyCondition], place: Place) -> AnyCondition:
    """Return the condition at a place."""
    found = conditions[place[0]]
    return found.parts[place[1]] if isinstance(found, Group) and place[1] is not None else found


def put(conditions: Sequence[AnyCondition], place: Place, several: Sequence[AnyCondition]) -> list[AnyCondition]:
    """Return the conditions with others in the place of one; none takes it out, and a group of one is no group."""
    number, part = place
    found = conditions[number]
    if isinstance(found, Group) and part is not None:
        new = [one for condition in several for one in _as_singles(condition)]
        if len(several) > 1:
            new = [TextCondition(combined(several))]
        several = _group([*found.parts[:part], *new, *found.parts[part + 1 :]], negated=found.negated)
    return [*conditions[:number], *several, *conditions[number + 1 :]]


def _as_singles(condition: AnyCondition) -> list[Single]:
    if not isinstance(condition, Group):
        return [condition]
    return [TextCondition(condition.text)] if condition.negated else list(condition.parts)


def _group(parts: Sequence[Single], *, negated: bool = False) -> list[AnyCondition]:
    if not parts:
        return []
    return [Group(tuple(parts), negated)] if len(parts) > 1 or negated else [parts[0]]


def negate(condition: AnyCondition) -> AnyCondition:
    """Return the condition that holds where this one does not."""
    if isinstance(condition, TextCondition):
        (turned,) = conditions_of(f"not ({condition.text})")
        return turned
    return replace(condition, negated=not condition.negated)


def join_other(conditions: Sequence[AnyCondition], place: Place) -> list[AnyCondition]:
    """Return the conditions with that at ``place`` and the next one joined the other way: and becomes or, or and.

    A group is parted behind the place; two conditions become one group. None of several in a group that is left out
    as a whole is parted: each of them becomes a condition that does not hold.
    """
    number, part = place
    found = conditions[number]
    if isinstance(found, Group) and part is not None:
        if found.negated:
            parted = [negate(one) for one in found.parts]
        else:
            parted = [*_group(found.parts[: part + 1]), *_group(found.parts[part + 1 :])]
        return [*conditions[:number], *parted, *conditions[number + 1 :]]
    if number + 1 >= len(conditions):
        return list(conditions)
    parts = [*_as_singles(found), *_as_singles(conditions[number + 1])]
    return [*conditions[:number], *_group(parts), *conditions[number + 2 :]]


# -- words -------------------------------------------------------------------------------------------------------------


def value_words(condition: AnyCondition, codes: CodeBook, names: Mapping[str, str]) -> str:
    """Return the value as a chip shows it; ``names`` holds the names of place keys."""
    if not isinstance(condition, FieldCondition):
        return condition.text
    words = [_value_word(condition.field, value, codes, names) for value in condition.values]
    if condition.operator == RANGE:
        shown = _range_words(*words)
    elif condition.operator == "empty":
        shown = tr("not filled in")
    else:
        sign = SIGNS.get(condition.operator)
        shown = " ".join(part for part in (sign() if sign else "", BETWEEN.join(words)) if part)
    return tr("not {value}", value=shown) if condition.negated else shown


def _range_words(first: str, last: str) -> str:
    if first and last:
        return first if first == last else f"{first}—{last}"
    return tr("from {year}", year=first) if first else tr("up to {year}", year=last)


def _value_word(field: str, value: str, codes: CodeBook, names: Mapping[str, str]) -> str:
    known = FIELD_BY_CODE.get(field)
    if known is not None and known.list:
        return codes.label(known.list, value, language())
    return names.get(value, value)


def field_words(condition: AnyCondition) -> str:
    """Return the name of the field as a chip shows it."""
    if not isinstance(condition, FieldCondition):
        return tr("Filter")
    return condition_label(condition.field)


def condition_label(field: str) -> str:
    """Return the name of a field that can be a condition."""
    if field == "city":
        return field_label("domestic_places")
    if field == "foreign_city":
        return field_label("foreign_places")
    return field_label(field)
