"""How numbers are written in charts: thousands separators, one decimal of a per cent, a dash for what is absent."""

from bri_desktop.i18n import tr

ABSENT = "—"


def whole(value: float) -> str:
    """Return a count: 1,234; fractions keep one decimal."""
    return f"{round(value):,}" if abs(value - round(value)) < 0.05 else f"{value:,.1f}"


def per_cent(value: float | None) -> str:
    """Return a shown share of 0–100 with one decimal, without its sign."""
    return ABSENT if value is None else f"{value:.1f}"


def times(value: float | None) -> str:
    """Return a ratio with two decimals."""
    return ABSENT if value is None else f"{value:.2f}"


def is_level(gap: float | None, total: float) -> bool:
    """Return whether a gap is shown as none at all."""
    return gap is None or abs(gap) < (0.5 if total >= 100 else 0.05)


def short_or_over(gap: float | None, total: float) -> str:
    """Return the gap to parity in words; below a hundred in all with one decimal."""
    if gap is None:
        return ABSENT
    if is_level(gap, total):
        return tr("level")
    amount = f"{abs(gap):,.0f}" if total >= 100 else f"{abs(gap):,.1f}"
    return tr("{amount} short", amount=amount) if gap > 0 else tr("{amount} over", amount=amount)


def plain(value: float) -> str:
    """Return a figure of a trend: whole numbers as counts, others with three decimals."""
    return whole(value) if float(value).is_integer() else f"{value:.3f}"
