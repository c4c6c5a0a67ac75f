"""The sentences of the page: its finding, the names of what is counted, and the filter that a clerk's words mean."""

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction

from bri_desktop.analysis.model import StatsResult
from bri_desktop.analysis.rules import baseline_name
from bri_desktop.charts.numbers import per_cent, short_or_over, times, whole
from bri_desktop.domain.filter import quoted
from bri_desktop.i18n import tr
from bri_desktop.label_measures import signed
from bri_desktop.services.statistics_compare import Comparison


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


def counted(kind: str, n: int) -> str:
    """Return a number of entries with their measure word."""
    shown = f"{n:,}"
    words = {
        "project": tr("{n} projects", n=shown),
        "pair": tr("{n} ties", n=shown),
        "agreement": tr("{n} agreements", n=shown),
        "activity": tr("{n} activities", n=shown),
        "outcome": tr("{n} outcomes", n=shown),
    }
    return words[kind]


def change_finding(comparison: Comparison, then_name: str) -> str:
    """Return the sentence over a comparison: then, now, and what made the difference."""
    total, kind = comparison.total, comparison.now.kind
    return tr(
        "{now} now, {then} in {name}: {difference}; {came} came in, {went} went out.",
        now=counted(kind, total.now),
        then=counted(kind, total.then),
        name=then_name,
        difference=signed(total.difference),
        came=counted(kind, len(total.came)),
        went=counted(kind, len(total.went)),
    )


def cross_finding(result: StatsResult) -> str:
    """Return the sentence over a cross-table: the cell with most entries."""
    cells = [row for row in result.rows if row.is_unit and row.count]
    if not cells:
        return no_unit_text(result) if result.total else nothing_text(result)
    top = max(cells, key=lambda row: row.count)
    return tr(
        "Most in {cell}: {n} of {total}.",
        cell=top.label,
        n=counted(result.kind, top.count),
        total=counted(result.kind, result.total),
    )


def span_finding(result: StatsResult) -> str:
    """Return the sentence over a span: its first and its last year and what lies between."""
    first, last = result.series[0], result.series[-1]
    if not any(point.total for point in result.series):
        return nothing_text(result)
    return tr(
        "{first}: {before}; {last}: {after}; difference {difference}.",
        first=first.year,
        before=counted(result.kind, first.total),
        last=last.year,
        after=counted(result.kind, last.total),
        difference=signed(last.total - first.total),
    )


SHOWN_PARTS = 4
LARGEST_DIVISOR = 5000


def weights_text(weights: Iterable[float]) -> str:
    """Return how a shared-out figure is made up: ``12 = 8 × 1 + 8 × 1/2``; ``""`` where every weight is one."""
    sizes: Counter[Fraction] = Counter()
    for weight, n in Counter(weights).items():
        sizes[Fraction(weight).limit_denominator(LARGEST_DIVISOR)] += n
    if not sizes or set(sizes) == {Fraction(1)}:
        return ""
    ordered = sorted(sizes.items(), reverse=True)
    parts = [f"{n:,} × {weight}" for weight, n in ordered[:SHOWN_PARTS]]
    if len(ordered) > SHOWN_PARTS:
        parts.append("…")
    total = float(sum(weight * n for weight, n in ordered))
    return tr("shared out {total} = {parts}", total=whole(total), parts=" + ".join(parts))


def nothing_text(result: StatsResult) -> str:
    """Return the one sentence that stands where nothing is counted: what there is instead."""
    if result.undated:
        return tr(
            "Nothing is counted here: {n} entries have no date. Log when they were signed or begun.",
            n=f"{result.undated:,}",
        )
    if result.pipeline and result.count != "pipeline":
        return tr("Nothing is counted here: {n} entries are in the pipeline only.", n=f"{result.pipeline:,}")
    if result.kind != "project":
        return tr("No record of this kind is counted here.")
    return tr("Nothing is counted here.")


def finding(result: StatsResult) -> str:
    """Return the one sentence over the table, its numbers in it."""
    rows = [row for row in result.rows if row.is_unit and row.count]
    if not rows:
        return no_unit_text(result) if result.total else nothing_text(result)
    top = max(rows, key=lambda row: (row.weight, row.count))
    sentence = tr(
        "{unit}: {n} of {total}, {share}%",
        unit=top.label,
        n=counted(result.kind, top.count),
        total=counted(result.kind, result.total),
        share=per_cent(top.share_shown),
    )
    if top.ratio is None:
        return sentence
    if abs(top.ratio - 1) > 0.005:
        sentence += tr(", {times} times the baseline", times=times(top.ratio))
    total = sum(row.weight for row in result.rows if row.is_unit)
    rows_with_gap = [row for row in result.rows if row.gap is not None]
    short = max(rows_with_gap, key=lambda row: row.gap or 0.0)
    empty = sum(row.is_unit and not row.count for row in result.rows)
    if short.gap is not None and short.gap >= 1:
        sentence += tr(
            "; {unit} {gap} ({word})",
            unit=short.label,
            gap=short_or_over(short.gap, total),
            word=counted(result.kind, 0).removeprefix("0").strip(),
        )
    elif empty:
        sentence += tr("; {n} units have none", n=empty)
    return sentence + tr(".")


def no_unit_text(result: StatsResult) -> str:
    """Return the sentence of entries of which none has a value here."""
    if result.by == ("tier",):
        return tr("No tier of a country is known: bring the table of financial integration under Tables.")
    return tr("None of the {n} entries has a value here.", n=f"{result.total:,}")


def short_baseline(name: str) -> str:
    """Return the name of a baseline as it fits a button."""
    short = {"equal": tr("equal"), "countries": tr("number of countries"), "bri": tr("partner countries")}
    return short.get(name) or baseline_name(name)
