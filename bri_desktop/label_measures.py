"""Every measure of a result as a line: its group, name, value with interval and number of cases, and its rule.

The window and the command line show the same lines, so that a measure has one name and one wording."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bri_desktop.analysis.model import StatsResult
from bri_desktop.analysis.names import describe_measure
from bri_desktop.charts.numbers import ABSENT, whole
from bri_desktop.i18n import tr

LEVEL = 0.05
"""Below this a difference is shown as none."""

ClassName = Callable[[str | None], str]


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """One measure; ``value`` is the bare number for a workbook, ``text`` is what is shown (— where undefined)."""

    group: str
    name: str
    text: str
    value: float | None
    rule: str = ""


def measure_lines(result: StatsResult, class_name: ClassName) -> list[MeasureLine]:
    """Return the lines of all measures that the result has, group by group."""
    found: list[MeasureLine] = []
    measures = result.measures
    for build in (_imbalance, _quality_of_work, _growth):
        found += build(result)
    for name, lines in _FURTHER.items():
        if name in measures and measures[name] is not None:
            found += lines(measures[name])
    if "outcomes" in measures:
        found += _outcomes(measures["outcomes"], class_name)
    return found


def kind_name(kind: str) -> str:
    """Return what an entry is; of ties with their kind."""
    names = {
        "project": tr("Projects"),
        "pair": tr("Sister cities"),
        "pair:sister": tr("Sister cities"),
        "pair:friendly": tr("Friendly-exchange cities"),
        "pair:intent": tr("Ties by intent"),
        "pair:grassroots": tr("Grass-roots ties"),
        "pair:all": tr("All ties"),
        "agreement": tr("Agreements"),
        "activity": tr("Activities"),
        "outcome": tr("Outcome records"),
    }
    return names[kind]


def signed(number: float) -> str:
    """Return a difference with its sign; 0 without one."""
    if abs(number) < LEVEL:
        return "0"
    return f"+{whole(number)}" if number > 0 else f"−{whole(-number)}"


def number_text(value: float | None, *, places: int = 3) -> str:
    """Return a number as it is shown; — where it is undefined."""
    return ABSENT if value is None else f"{value:,.{places}f}"


def rate_text(rate: Mapping[str, Any]) -> str:
    """Return a rate in per cent with its 95 % interval; — of none."""
    if rate.get("value") is None:
        return ABSENT
    low, high = 100 * rate["low"], 100 * rate["high"]
    return tr("{value}% ({low}–{high}%)", value=f"{100 * rate['value']:.1f}", low=f"{low:.1f}", high=f"{high:.1f}")


def unknown_text(n: int) -> str:
    """Return the part of the stock equation that ended at an unknown date; nothing of none."""
    return tr(" − ended, date unknown {n}", n=f"{n:,}") if n else ""


def _rules() -> dict[str, str]:
    return {
        "gini": tr("Σ (2i − n − 1) x(i) / (n Σx), ascending; 0 equal, (n − 1) / n all in one"),
        "gini_normalised": tr("Gini × n / (n − 1); 0 to 1"),
        "hhi": tr("Σ s²; 1 / n to 1"),
        "n_eff": tr("1 / HHI; 1 to n"),
        "theil": tr("Σ s ln(n s); 0 to ln n"),
        "theil_between": tr("The part between continents"),
        "theil_within": tr("The part within continents"),
        "dissimilarity": tr("½ Σ |s − b|: the share that would have to move to match the baseline"),
    }


def _imbalance(result: StatsResult) -> list[MeasureLine]:
    group = tr("Balance and concentration")
    found = []
    for code, rule in _rules().items():
        if code in result.measures:
            value = result.measures[code]
            places = 2 if code == "n_eff" else 3
            found.append(MeasureLine(group, describe_measure(code), number_text(value, places=places), value, rule))
    if result.n is not None:
        last = str(result.span[1]) if result.span else None
        rows = [row for row in result.rows if row.is_unit and last in (None, row.key)]
        empty = sum(not row.count for row in rows)
        found.append(MeasureLine(group, tr("Units"), whole(result.n), result.n))
        found.append(MeasureLine(group, tr("Units without any"), whole(empty), empty))
    return found


def _quality_of_work(result: StatsResult) -> list[MeasureLine]:
    group, measures, found = tr("Exchange and practical"), result.measures, []
    rate = measures.get("practical_share")
    if rate is not None:
        rule = tr("Practical / (exchange + practical), 95% Wilson interval; n = {n}", n=f"{rate['n']:,}")
        found.append(MeasureLine(group, describe_measure("practical_share"), rate_text(rate), rate["value"], rule))
        unclassified = rate["unclassified"]
        found.append(MeasureLine(group, tr("Unclassified"), whole(unclassified), unclassified))
    if "coverage" in measures:
        value = measures["coverage"]
        text = ABSENT if value is None else f"{100 * value:.1f}%"
        rule = tr("With a quantified outcome / in implementation or later")
        found.append(MeasureLine(group, describe_measure("coverage"), text, value, rule))
    return found


def _growth(result: StatsResult) -> list[MeasureLine]:
    growth = result.measures.get("yoy")
    if growth is None:
        return []
    group = describe_measure("yoy")
    change = growth["absolute"]
    text = ABSENT if change is None else signed(change)
    lines = [MeasureLine(group, tr("Change"), text, change)]
    for code, name in (("relative", tr("Change in per cent")), ("cagr", tr("Change a year (compound)"))):
        value = growth[code]
        shown = ABSENT if value is None else f"{signed(round(100 * value, 1))}%"
        lines.append(MeasureLine(group, name, shown, value, tr("— where the base is zero")))
    return lines


def _attainment(found: Mapping[str, Any]) -> list[MeasureLine]:
    group, rule = describe_measure("attainment"), tr("(actual − baseline) / (target − baseline), the one in the middle")
    lines = []
    for item in found["indicators"]:
        name = f"{item['name']} {item['unit']}".strip()
        text = ABSENT if item["median"] is None else f"{100 * item['median']:.1f}%"
        said = tr("{rule}; {n} indicators, {reached} reached", rule=rule, n=item["n"], reached=item["reached"])
        lines.append(MeasureLine(group, name, text, item["median"], said))
    return lines


def _uncertainty(found: Mapping[str, Any]) -> list[MeasureLine]:
    group = describe_measure("uncertainty")
    ended = tr("Of {n} that ended in the span, 95% Wilson interval", n=f"{found['ended']:,}")
    planned = tr("Of {n} planned to end in the span, 95% Wilson interval", n=f"{found['planned']:,}")
    rates = [
        ("completed", tr("Completed"), ended),
        ("terminated", tr("Terminated"), ended),
        ("failed", tr("Failed"), ended),
        ("on_time", tr("On time"), planned),
        ("late", tr("Late"), planned),
        ("broken_off", tr("Broken off"), planned),
        ("overdue", tr("Overdue and open"), planned),
        ("suspended", tr("Suspended"), planned),
    ]
    return [
        MeasureLine(group, name, rate_text(found[code]), found[code]["value"], rule)
        for code, name, rule in rates
        if code in found
    ]


def _delay(found: Mapping[str, Any]) -> list[MeasureLine]:
    group = describe_measure("delay")
    rule = tr("Actual end (or today) − planned end, in days; n = {n}", n=f"{found['n']:,}")
    names = (("median", tr("Median days")), ("p90", tr("90th percentile, days")))
    return [MeasureLine(group, name, number_text(found[code], places=1), found[code], rule) for code, name in names]


def _approval(found: Mapping[str, Any]) -> list[MeasureLine]:
    group = describe_measure("approval")
    unit = tr("Chinese working days") if found["unit"] == "working_days" else tr("by calendar days")
    names = (("median_total", tr("Median days")), ("p90_total", tr("90th percentile, days")))
    lines = [MeasureLine(group, tr("Cases"), whole(found["cases"]), found["cases"])]
    lines += [MeasureLine(group, name, number_text(found[code], places=1), found[code], unit) for code, name in names]
    lines.append(MeasureLine(group, tr("Times returned"), whole(found["returned"]), found["returned"]))
    if found["bottleneck"]:
        rule = tr("The step with the largest share of the total time")
        lines.append(MeasureLine(group, tr("Bottleneck"), found["bottleneck"]["step"], None, rule))
    return lines


def _concentration(found: Mapping[str, Any]) -> list[MeasureLine]:
    group, limits = describe_measure("concentration"), found["thresholds"]
    low = tr("Effective partner countries at most {limit}", limit=f"{limits['concentrated']:g}")
    high = tr("Partner countries a project at least {limit}", limit=f"{limits['dispersed']:g}")
    return [
        MeasureLine(
            group, tr("Cities judged"), whole(found["judged"]), found["judged"], tr("With at least 8 projects")
        ),
        MeasureLine(group, tr("Over-concentrated"), whole(found["concentrated"]), found["concentrated"], low),
        MeasureLine(group, tr("Over-dispersed"), whole(found["dispersed"]), found["dispersed"], high),
    ]


def _homogeneity(found: Mapping[str, Any]) -> list[MeasureLine]:
    group = describe_measure("homogeneity")
    rule = tr("Cosine of country × domain; n = {n}, each with at least 8 projects", n=found["n"])
    lines = [MeasureLine(group, tr("Mean"), number_text(found["mean"]), found["mean"], rule)]
    for pair in found["closest"][:3]:
        name = " — ".join(pair["labels"])
        lines.append(MeasureLine(group, name, number_text(pair["cosine"]), pair["cosine"], tr("Most alike")))
    return lines


def _duplication(found: Mapping[str, Any]) -> list[MeasureLine]:
    rule = tr("One foreign city in one domain, several departments or cities within two years")
    return [MeasureLine(describe_measure("duplication"), tr("Cases"), whole(found["n"]), found["n"], rule)]


def _data(found: Mapping[str, Any]) -> list[MeasureLine]:
    group, value = describe_measure("quality"), found["completeness"]
    text = ABSENT if value is None else f"{100 * value:.1f}%"
    counts = (
        ("untouched", tr("Untouched over 12 months")),
        ("duplicate_groups", tr("Probable duplicates open")),
        ("pending", tr("Rows pending")),
        ("refused", tr("Rows refused")),
        ("outstanding", tr("Workbooks not returned")),
    )
    lines = [MeasureLine(group, tr("Completeness"), text, value, tr("Fields filled in of those that should be"))]
    return lines + [MeasureLine(group, name, whole(found[code]), found[code]) for code, name in counts]


def _volume(found: Mapping[str, Any]) -> list[MeasureLine]:
    group, lines = describe_measure("volume"), []
    for kind, figures in found.items():
        rule = tr(
            "End of the year before {opening} + new {flow} − ended {ended}{unknown} = end of {year} {closing}",
            opening=f"{figures['opening']:,}",
            flow=f"{figures['flow']:,}",
            ended=f"{figures['ended']:,}",
            unknown=unknown_text(figures["ended_unknown"]),
            year=figures["year"],
            closing=f"{figures['closing']:,}",
        )
        lines.append(MeasureLine(group, kind_name(kind), whole(figures["closing"]), figures["closing"], rule))
    return lines


def _outcomes(found: Mapping[str, Any], class_name: ClassName) -> list[MeasureLine]:
    group, lines = describe_measure("outcomes"), []
    for total in found["totals"]:
        name = tr("{what} ({unit})", what=class_name(total["class"]), unit=total["unit"] or tr("no unit"))
        quantity = float(total["quantity"]) if total["quantity"] is not None else None
        amounts = tr(", ").join(f"{code} {float(amount):,.0f}" for code, amount in total["amounts"].items())
        rule = tr("{n} outcomes", n=f"{total['count']:,}") + (f"; {amounts}" if amounts else "")
        lines.append(MeasureLine(group, name, number_text(quantity, places=0), quantity, rule))
    money = found["converted"]
    if money["rates"] or money["without_rate"]:
        rates = tr(", ").join(f"1 {code} = {rate} CNY" for code, rate in money["rates"].items())
        rule = tr("Rates of {year}: {rates}", year=money["year"], rates=rates or ABSENT)
        total_yuan = float(money["total"]) if money["rates"] else None
        lines.append(MeasureLine(group, tr("Money in yuan"), number_text(total_yuan, places=0), total_yuan, rule))
    for item in money["without_rate"]:
        amount = float(item["amount"])
        rule = tr("Not in the total: no rate of {year}. Bring one under Tables.", year=money["year"])
        lines.append(MeasureLine(group, item["currency"], number_text(amount, places=0), amount, rule))
    return lines


_FURTHER: Mapping[str, Callable[[Mapping[str, Any]], list[MeasureLine]]] = {
    "volume": _volume,
    "attainment": _attainment,
    "uncertainty": _uncertainty,
    "delay": _delay,
    "approval": _approval,
    "concentration": _concentration,
    "homogeneity": _homogeneity,
    "duplication": _duplication,
    "quality": _data,
}
