"""The sentences of the page: its finding, the names of what is counted, and the filter that a clerk's words mean."""

from bri_desktop.analysis.model import StatsResult
from bri_desktop.analysis.rules import baseline_name
from bri_desktop.charts.numbers import per_cent, short_or_over, times, whole
from bri_desktop.domain.filter import quoted
from bri_desktop.i18n import tr


def as_filter(typed: str) -> str:
    """Return the filter that is meant: plain words are looked for in all fields."""
    text = typed.strip()
    is_filter = any(sign in text for sign in "=<>~(") or " is " in text
    return text if is_filter or not text else f"text ~ {quoted(text)}"


def count_name(count: str) -> str:
    """Return the name of what is counted."""
    names = {
        "stock": tr("Stock"),
        "flow": tr("New in the year"),
        "ended": tr("Ended in the year"),
        "active": tr("Alive in the year"),
        "pipeline": tr("Pipeline"),
    }
    return names[count]


def finding(result: StatsResult) -> str:
    """Return the one sentence over the table, its numbers in it."""
    rows = [row for row in result.rows if row.is_unit and row.count]
    if not rows:
        return tr("Nothing is counted here.")
    top = max(rows, key=lambda row: (row.weight, row.count))
    sentence = tr("{unit}: {n} of {total}, {share}%", unit=top.label, n=whole(top.count), total=whole(result.total),
                  share=per_cent(top.share_shown))  # fmt: skip
    if top.ratio is None:
        return sentence
    if abs(top.ratio - 1) > 0.005:
        sentence += tr(", {times} times the baseline", times=times(top.ratio))
    total = sum(row.weight for row in result.rows if row.is_unit)
    short = max((row for row in result.rows if row.gap is not None), key=lambda row: row.gap or 0.0)
    empty = sum(row.is_unit and not row.count for row in result.rows)
    if short.gap is not None and short.gap >= 1:
        sentence += tr("; {unit} {gap}", unit=short.label, gap=short_or_over(short.gap, total))
    elif empty:
        sentence += tr("; {n} units have none", n=empty)
    return sentence + tr(".")


def short_baseline(name: str) -> str:
    """Return the name of a baseline as it fits a button."""
    short = {"equal": tr("equal"), "countries": tr("number of countries"), "bri": tr("partner countries")}
    return short.get(name) or baseline_name(name)
