"""A project as a plain record: what history keeps, undo restores and two versions are compared by."""

from collections.abc import Mapping
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

from bri_desktop.domain.dates import PartialDate
from bri_desktop.domain.money import Money
from bri_desktop.domain.project import OutcomeDraft, ProjectDraft
from bri_desktop.domain.vocabulary import FIELD_BY_CODE

FIELD_CODES = tuple(field.name for field in fields(ProjectDraft))


def to_plain(field: str, value: Any) -> Any:
    """Return the JSON form of one field's value; empty is ``None`` or ``[]``."""
    kind = FIELD_BY_CODE[field].kind
    if value is None:
        return None
    if kind == "date":
        return value.value
    if kind == "money":
        return money_to_plain(value)
    if kind == "outcomes":
        return [outcome_to_plain(outcome) for outcome in value]
    return list(value) if isinstance(value, tuple) else value


def from_plain(field: str, value: Any) -> Any:
    """Return the value of which :func:`to_plain` made ``value``."""
    kind = FIELD_BY_CODE[field].kind
    if value is None:
        return None
    if kind == "date":
        return PartialDate(value)
    if kind == "money":
        return money_from_plain(value)
    if kind == "outcomes":
        return tuple(outcome_from_plain(outcome) for outcome in value)
    return tuple(value) if isinstance(value, list) else value


def decimal_text(value: Decimal) -> str:
    """Return a decimal without exponent or trailing zeros, so that equal values are equal texts."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def money_to_plain(money: Money | None) -> dict[str, str] | None:
    """Return amount and currency as texts."""
    return None if money is None else {"amount": decimal_text(money.amount), "currency": money.currency}


def money_from_plain(value: Mapping[str, str] | None) -> Money | None:
    """Return the money of which :func:`money_to_plain` made ``value``."""
    return None if value is None else Money(Decimal(value["amount"]), value["currency"])


def outcome_to_plain(outcome: OutcomeDraft) -> dict[str, Any]:
    """Return one outcome as a JSON object."""
    return {
        "outcome_class": outcome.outcome_class,
        "what": outcome.what,
        "quantity": None if outcome.quantity is None else decimal_text(outcome.quantity),
        "unit": outcome.unit,
        "amount": money_to_plain(outcome.amount),
        "date": outcome.date.value if outcome.date else None,
        "evidence": outcome.evidence,
    }


def outcome_from_plain(value: Mapping[str, Any]) -> OutcomeDraft:
    """Return the outcome of which :func:`outcome_to_plain` made ``value``."""
    return OutcomeDraft(
        outcome_class=value["outcome_class"],
        what=value["what"],
        quantity=None if value["quantity"] is None else Decimal(value["quantity"]),
        unit=value["unit"],
        amount=money_from_plain(value["amount"]),
        date=PartialDate(value["date"]) if value["date"] else None,
        evidence=value["evidence"],
    )


def differences(old: ProjectDraft, new: ProjectDraft) -> dict[str, tuple[Any, Any]]:
    """Return field -> (old, new) as plain values, for the fields that differ."""
    found: dict[str, tuple[Any, Any]] = {}
    for field in FIELD_CODES:
        before, after = getattr(old, field), getattr(new, field)
        if before != after:
            found[field] = (to_plain(field, before), to_plain(field, after))
    return found


def apply_plain(draft: ProjectDraft, values: Mapping[str, Any]) -> ProjectDraft:
    """Return ``draft`` with some fields set from plain values."""
    return replace(draft, **{field: from_plain(field, value) for field, value in values.items()})
