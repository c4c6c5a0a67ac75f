"""Exact values as stored integers; apart from the column types, so that the first rows are read without SQLAlchemy."""

from decimal import Decimal

SCALE = 10_000
"""Stored integers are ten-thousandths, so that sums in SQL are exact."""
LARGEST = Decimal(2**63 - 1) / SCALE
"""The largest size of a stored value."""


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
