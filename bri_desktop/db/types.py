"""Column types that keep exact values exact in every database."""

from decimal import Decimal

from sqlalchemy import BigInteger
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

SCALE = 10_000
"""Stored integers are ten-thousandths, so that sums in SQL are exact."""
LARGEST = Decimal(2**63 - 1) / SCALE
"""The largest size of a stored value."""


class ScaledDecimal(TypeDecorator[Decimal]):
    """A decimal of at most four places and about 9.2e14 in size, stored as an integer of ten-thousandths."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        return None if value is None else to_scaled(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else from_scaled(value)


def to_scaled(value: Decimal) -> int:
    """Return ``value`` in ten-thousandths; ``ValueError`` where that would lose a digit or does not fit."""
    if not value.is_finite() or abs(value) > LARGEST:
        raise ValueError(value)
    scaled = value * SCALE
    if scaled != scaled.to_integral_value():
        raise ValueError(value)
    return int(scaled)


def from_scaled(value: int) -> Decimal:
    """Return the decimal that ``value`` ten-thousandths are, without trailing zeros or exponent."""
    whole, rest = divmod(abs(value), SCALE)
    text = f"{whole}.{rest:04d}".rstrip("0").rstrip(".")
    return Decimal(text if value >= 0 else f"-{text}")
