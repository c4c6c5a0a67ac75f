"""Sums of outcomes and money: exact decimals, one sum a unit and one a currency, never added across."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class OutcomeEntry:
    """One recorded outcome of a counted project; ``unit`` belongs to the quantity, ``currency`` to the amount."""

    outcome_class: str | None
    unit: str | None
    quantity: Decimal | None
    amount: Decimal | None
    currency: str | None


@dataclass(frozen=True, slots=True)
class OutcomeTotal:
    """Outcomes of one class and unit: how many, the sum of their quantities, the amounts by currency.

    ``quantity`` is ``None`` where no outcome has one; ``without_quantity`` counts those that do not.
    """

    outcome_class: str | None
    unit: str | None
    count: int
    quantity: Decimal | None
    without_quantity: int
    amounts: tuple[tuple[str, Decimal], ...]


def outcome_totals(entries: Iterable[OutcomeEntry]) -> tuple[OutcomeTotal, ...]:
    """Return the totals per class and unit, ordered by class and unit, what has none last."""
    grouped: dict[tuple[str | None, str | None], list[OutcomeEntry]] = {}
    for entry in entries:
        grouped.setdefault((entry.outcome_class, entry.unit), []).append(entry)
    order = sorted(grouped, key=lambda key: tuple((part is None, part or "") for part in key))
    return tuple(_total(key[0], key[1], grouped[key]) for key in order)


def _total(outcome_class: str | None, unit: str | None, entries: list[OutcomeEntry]) -> OutcomeTotal:
    quantities = [entry.quantity for entry in entries if entry.quantity is not None]
    amounts = money_totals((entry.amount, entry.currency) for entry in entries)
    quantity = sum(quantities, Decimal(0)) if quantities else None
    return OutcomeTotal(outcome_class, unit, len(entries), quantity, len(entries) - len(quantities), amounts)


def money_totals(amounts: Iterable[tuple[Decimal | None, str | None]]) -> tuple[tuple[str, Decimal], ...]:
    """Return (currency, sum) in the order of the currency codes; an amount without a currency is in yuan (CNY)."""
    sums: dict[str, Decimal] = {}
    for amount, currency in amounts:
        if amount is not None:
            code = currency or "CNY"
            sums[code] = sums.get(code, Decimal(0)) + amount
    return tuple(sorted(sums.items()))


@dataclass(frozen=True, slots=True)
class Conversion:
    """A total in one currency at the rates of one year, and the amounts for which there was no rate."""

    total: Decimal
    currency: str
    year: int
    without_rate: tuple[tuple[str, Decimal], ...]


def converted(
    amounts: Iterable[tuple[str, Decimal]], rates: dict[str, Decimal], currency: str, year: int
) -> Conversion:
    """Return the amounts in ``currency``; ``rates`` is units of it for one unit of another currency, in ``year``."""
    known = rates | {currency: Decimal(1)}
    given = tuple(amounts)
    total = sum((amount * known[code] for code, amount in given if code in known), Decimal(0))
    return Conversion(total, currency, year, tuple((code, amount) for code, amount in given if code not in known))
