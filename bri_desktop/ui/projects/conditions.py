"""The conditions of the ledger as chips and as the one filter text behind them.

A chip is one comparison of the filter language. A filter that says more (``or``, ``not`` over several) is one chip
with its text, so that nothing is shown that does not hold.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bri_desktop.domain.codebook import CodeBook
from bri_desktop.domain.filter import All, Comparison, Filter, Not, parse_filter, quoted
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
        return f"not {plain}" if self.negated else plain

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


AnyCondition = FieldCondition | TextCondition


def combined(conditions: Sequence[AnyCondition]) -> str:
    """Return the filter text that holds where every condition holds."""
    texts = [c.text if isinstance(c, FieldCondition) else f"({c.text})" for c in conditions if c.text.strip()]
    if len(texts) == 1 and isinstance(conditions[0], TextCondition):
        return conditions[0].text
    return " and ".join(texts)


def conditions_of(text: str) -> list[AnyCondition]:
    """Return the chips of a filter text; raises what :func:`parse_filter` raises."""
    parsed = parse_filter(text)
    parts = parsed.parts if isinstance(parsed, All) else (parsed,)
    found: list[FieldCondition] = []
    for part in parts:
        condition = _field_condition(part)
        if condition is None:
            return [TextCondition(text.strip())]
        found.append(condition)
    return list(_ranges(found))


def _field_condition(part: Filter) -> FieldCondition | None:
    if isinstance(part, Comparison):
        if part.operator == "!=":
            return FieldCondition(part.field, "in", part.values, negated=True)
        return FieldCondition(part.field, "in" if part.operator == "=" else part.operator, part.values)
    if isinstance(part, Not) and isinstance(part.part, Comparison):
        inner = _field_condition(part.part)
        if inner is not None and not inner.negated:
            return FieldCondition(inner.field, inner.operator, inner.values, negated=True)
    return None


def _ranges(conditions: Sequence[FieldCondition]) -> list[FieldCondition]:
    """Make one range of a lower and an upper bound that follow each other."""
    joined: list[FieldCondition] = []
    for condition in conditions:
        before = joined[-1] if joined else None
        if (
            before is not None
            and (before.field, before.operator, condition.operator) == (condition.field, ">=", "<=")
            and not before.negated
            and not condition.negated
        ):
            joined[-1] = FieldCondition(condition.field, RANGE, (before.values[0], condition.values[0]))
        else:
            joined.append(condition)
    return joined


def value_words(condition: AnyCondition, codes: CodeBook, names: Mapping[str, str]) -> str:
    """Return the value as a chip shows it; ``names`` holds the names of place keys."""
    if isinstance(condition, TextCondition):
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
    if isinstance(condition, TextCondition):
        return tr("Filter")
    return condition_label(condition.field)


def condition_label(field: str) -> str:
    """Return the name of a field that can be a condition."""
    if field == "city":
        return field_label("domestic_places")
    if field == "foreign_city":
        return field_label("foreign_places")
    return field_label(field)
