"""Sums of outcomes and money, by hand."""

from decimal import Decimal

from bri_desktop.analysis.outcomes import (
    Conversion,
    OutcomeEntry,
    OutcomeTotal,
    converted,
    money_totals,
    outcome_totals,
)


def test_units_are_never_added_across() -> None:
    entries = [
        OutcomeEntry("document", "份", Decimal(2), None, None),
        OutcomeEntry("document", "份", Decimal("1.5"), Decimal(10), "USD"),
        OutcomeEntry("document", "人次", Decimal(100), None, None),
        OutcomeEntry("document", "份", None, Decimal(5), "USD"),
        OutcomeEntry(None, None, None, Decimal(1), None),
    ]
    assert outcome_totals(entries) == (
        OutcomeTotal("document", "人次", 1, Decimal(100), 0, ()),
        OutcomeTotal("document", "份", 3, Decimal("3.5"), 1, (("USD", Decimal(15)),)),
        OutcomeTotal(None, None, 1, None, 1, (("CNY", Decimal(1)),)),
    )


def test_money_is_exact() -> None:
    amounts = [(Decimal("0.1"), "USD"), (Decimal("0.2"), "USD"), (None, "EUR"), (Decimal(5), "CNY")]
    assert money_totals(amounts) == (("CNY", Decimal(5)), ("USD", Decimal("0.3")))


def test_an_amount_without_a_rate_is_listed_apart() -> None:
    totals = (("CNY", Decimal(5)), ("USD", Decimal(2)), ("XAF", Decimal(9)))
    assert converted(totals, {"USD": Decimal("6.5")}, "CNY", 2017) == Conversion(
        Decimal("18.0"), "CNY", 2017, (("XAF", Decimal(9)),)
    )
