"""What stands behind the lines of the measures, one line an entry: steps, cities, causes, profiles, ranks.

The window has a table of its own for each of them; a terminal has only lines.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bri_desktop.analysis.model import StatsResult
from bri_desktop.analysis.names import describe_measure, dimension_name
from bri_desktop.charts.numbers import ABSENT, whole
from bri_desktop.i18n import tr
from bri_desktop.label_measures import MeasureLine, number_text, rate_text, signed

Named = Callable[[str, str], str]
"""List of codes (``domain``, ``cause``, ``development`` …), code -> its name."""


def measure_list_lines(result: StatsResult, named: Named) -> list[MeasureLine]:
    """Return the lines behind the measures that the result has; what has nothing behind it says so in one line."""
    found: list[MeasureLine] = []
    for name, lines in _LISTS.items():
        if result.measures.get(name) is not None:
            found += lines(result.measures[name], named)
    return found


def profile_part(code: str) -> str:
    """Return the name of a part of the profile of a tie."""
    names = {
        "length": tr("Length"),
        "breadth": tr("Breadth"),
        "depth": tr("Depth"),
        "warmth": tr("Warmth"),
        "frequency": tr("Frequency"),
    }
    return names[code]


def _per_cent(share: float | None) -> str:
    return ABSENT if share is None else f"{100 * share:.1f}%"


def _lorenz(found: Sequence[tuple[float, float]], named: Named) -> list[MeasureLine]:
    """Return what each tenth of the units holds; between two points the curve is straight."""
    group, n = describe_measure("lorenz"), len(found) - 1
    if n < 1:
        return [MeasureLine(group, group, ABSENT, None)]
    lines = []
    for tenth in range(1, 10):
        at = tenth * n / 10
        low = min(int(at), n - 1)
        held = found[low][1] + (found[low + 1][1] - found[low][1]) * (at - low)
        name = tr("The lowest {percent}% of the units hold", percent=10 * tenth)
        lines.append(MeasureLine(group, name, _per_cent(held), held))
    return lines


def _attainment(found: Mapping[str, Any], named: Named) -> list[MeasureLine]:
    return [] if found["indicators"] else [_none("attainment", tr("No indicator with a target and an actual value"))]


def _outcomes(found: Mapping[str, Any], named: Named) -> list[MeasureLine]:
    return [] if found["totals"] else [_none("outcomes", tr("No outcome is recorded"))]


def _none(measure: str, said: str) -> MeasureLine:
    return MeasureLine(describe_measure(measure), said, ABSENT, None)


def _uncertainty(found: Mapping[str, Any], named: Named) -> list[MeasureLine]:
    group = tr("Causes of what went wrong")
    said = tr("{n} projects terminated, failed, late, overdue or suspended", n=f"{found['troubled']:,}")
    sides = (("external", tr("External cause")), ("internal", tr("Internal cause")))
    lines = [MeasureLine(group, name, rate_text(found[code]), found[code]["value"], said) for code, name in sides]
    causes = sorted(found["causes"].items(), key=lambda item: -item[1])
    return lines + [MeasureLine(group, named("cause", code), whole(n), n) for code, n in causes if n]


def _approval(found: Mapping[str, Any], named: Named) -> list[MeasureLine]:
    lines = []
    for step in found["steps"]:
        rule = tr(
            "{cases} cases, median {median} days, 90th percentile {p90}; open {open}, returned {returned}",
            cases=whole(step["cases"]),
            median=number_text(step["median"], places=1),
            p90=number_text(step["p90"], places=1),
            open=whole(step["open"]),
            returned=whole(step["returned"]),
        )
        name = f"{step['procedure']} · {step['step']}"
        lines.append(MeasureLine(tr("Share of the total time"), name, _per_cent(step["share"]), step["share"], rule))
    return lines


def _concentration(found: Mapping[str, Any], named: Named) -> list[MeasureLine]:
    group = tr("Spread: {unit}", unit=dimension_name(found["by"]))
    flags = {"concentrated": tr("Over-concentrated"), "dispersed": tr("Over-dispersed")}
    lines = []
    for city in found["cities"]:
        rule = tr(
            "effective partner countries {countries}, domains {domains}, modes {modes}; outcomes a project {outcomes}",
            countries=number_text(city["countries"], places=1),
            domains=number_text(city["domains"], places=1),
            modes=number_text(city["modes"], places=1),
            outcomes=number_text(city["outcomes_per_project"], places=1),
        )
        flag = flags.get(city.get("flag") or "", "")
        text = tr("{n} projects", n=f"{city['projects']:,}") + (f" {flag}" if flag else "")
        lines.append(MeasureLine(group, city["label"], text, city["projects"], rule))
    return lines


def _duplication(found: Mapping[str, Any], named: Named) -> list[MeasureLine]:
    group = describe_measure("duplication")
    return [
        MeasureLine(
            group,
            f"{case['city_label']} · {case['domain_label']}",
            tr("{n} projects", n=f"{len(case['ids']):,}"),
            len(case["ids"]),
            tr("{first}–{last}: ", first=case["first"], last=case["last"])
            + tr(", ").join([*case["departments"], *case["cities"]]),
        )
        for case in found["found"]
    ]


def _quality(found: Mapping[str, Any], named: Named) -> list[MeasureLine]:
    fields = tr("Completeness of each field")
    lines = [
        MeasureLine(fields, named("field", code), _per_cent(share), share, tr("{n} missing", n=f"{missing:,}"))
        for (code, share), missing in zip(found["fields"].items(), found["missing"].values(), strict=True)
    ]
    group = tr("Completeness of each department")
    for one in found["departments"]:
        rule = tr("{n} projects", n=f"{one['records']:,}")
        lines.append(MeasureLine(group, one["label"], _per_cent(one["completeness"]), one["completeness"], rule))
    return lines


def _profile(found: Mapping[str, Any], named: Named) -> list[MeasureLine]:
    return _friendship(found["friendship"]) + _domains(found["domains"], named)


def _friendship(found: Mapping[str, Any]) -> list[MeasureLine]:
    group = tr("Profile of a tie")
    if not found["pairs"]:
        return [MeasureLine(group, tr("No official tie to compare"), ABSENT, None)]
    lines = []
    for pair in found["pairs"]:
        parts = [f"{profile_part(code)} {number_text(pair['parts'].get(code), places=0)}" for code in found["weights"]]
        rank = tr("no rank") if pair["rank"] is None else tr("rank {rank}", rank=pair["rank"])
        rule = tr("{rank}; {parts}; moves by up to {n} places", rank=rank, parts=" ".join(parts), n=pair["moves"])
        name = f"{pair['domestic']}—{pair['foreign']}"
        lines.append(MeasureLine(group, name, number_text(pair["score"], places=1), pair["score"], rule))
    group = tr("Places moved when a weight moves by ±20%")
    for item in found["sensitivity"]:
        rule = tr("on average {mean}", mean=number_text(item["mean"], places=1))
        lines.append(MeasureLine(group, profile_part(item["part"]), whole(item["most"]), item["most"], rule))
    return lines


def _domains(found: Mapping[str, Any], named: Named) -> list[MeasureLine]:
    group = tr("Domains: {unit}", unit=dimension_name(found["by"]))
    if not found["rows"]:
        return [MeasureLine(group, tr("No project has a domain"), ABSENT, None)]
    lines = []
    for row in found["rows"]:
        parts = [f"{named('domain', code)} {_per_cent(share)}" for code, share in row["shares"].items() if share]
        lines.append(MeasureLine(group, row["label"], whole(row["n"]), row["n"], tr(", ").join(parts)))
    return lines


def _index(found: Mapping[str, Any], named: Named) -> list[MeasureLine]:
    names = {"development": tr("Development index"), "potential": tr("Potential index")}
    lines = []
    for code, index in found.items():
        if index is None:
            rule = tr("No values: bring a table of the city index")
            lines.append(MeasureLine(describe_measure("index"), names[code], ABSENT, None, rule))
            continue
        group = tr("{index} of {year}", index=names[code], year=index["year"])
        lines += [_city(group, code, city, named) for city in index["cities"]]
        value = index["difference"]["median"]
        rule = tr(
            "median of {own} domestic cities − median of {theirs} partner cities",
            own=index["domestic"]["n"],
            theirs=index["foreign"]["n"],
        )
        text = ABSENT if value is None else signed(round(value, 1))
        lines.append(MeasureLine(group, tr("Difference"), text, value, rule))
    return lines


def _city(group: str, index: str, city: Mapping[str, Any], named: Named) -> MeasureLine:
    rank = tr("no rank") if city["rank"] is None else tr("rank {rank}", rank=city["rank"])
    parts = [f"{named(index, code)} {value:.0f}" for code, value in city["dimensions"].items()]
    rule = tr(
        "{rank}; coverage {coverage}%; {parts}", rank=rank, coverage=whole(city["coverage"]), parts=" ".join(parts)
    )
    return MeasureLine(group, city["label"], number_text(city["value"], places=1), city["value"], rule)


_LISTS: Mapping[str, Callable[[Any, Named], list[MeasureLine]]] = {
    "lorenz": _lorenz,
    "attainment": _attainment,
    "outcomes": _outcomes,
    "uncertainty": _uncertainty,
    "approval": _approval,
    "concentration": _concentration,
    "duplication": _duplication,
    "quality": _quality,
    "profile": _profile,
    "index": _index,
}
