"""What the figures of a summary have to be by the commands ``stats`` and ``diagnose`` alone: name -> value.

The commands are run as a script would run them; nothing of the summary itself is asked, but how its figures are named.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from bri_desktop.services.year_book import name_of

Stats = Callable[..., dict[str, Any]]
SPREAD = {
    "mode": "mode",
    "domain": "domain",
    "city": "prefecture",
    "continent": "continent",
    "corridor": "corridor",
    "sdg": "sdg",
}
COMPARED = ("mode", "domain", "continent")
PAIR_KINDS = ("sister", "friendly", "intent", "grassroots")
LARGEST = 15


def oracle(stats: Stats, diagnose: dict[str, Any], year: int, span: int) -> dict[str, Any]:
    """Return name -> value for a summary of ``year`` that compares ``span`` years."""
    values: dict[str, Any] = {}
    for ago in range(max(span, 2)):
        values |= _volume(stats, year - ago, f"y{ago}" if ago else "")
    # The picture of the course has five years whatever is compared.
    for count in ("stock", "flow"):
        for row in stats("--span", f"{year - 4}-{year}", "--count", count)["rows"]:
            ago = year - int(row["key"])
            values[name_of(count, f"y{ago}" if ago else "")] = row["count"]
    # What ended nobody knows when is what the equation of the year leaves.
    values["ended_unknown"] = values["stock_y1"] + values["flow"] - values["ended"] - values["stock"]
    values |= _changes(values)
    values |= _growth(values, span)
    values |= _spread(stats, year)
    for ago in range(1, span):
        for dim in COMPARED:
            for row in stats("--year", year - ago, "--by", dim)["rows"]:
                values[name_of(dim, row["key"] or "unfilled", f"y{ago}")] = row["count"]
    values |= _results(stats, year) | _ties(stats, year) | _approval(stats, year) | _quality(stats, year)
    return values | _map(stats, year) | _diagnosed(diagnose, year)


def _volume(stats: Stats, year: int, suffix: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    stock = stats("--year", year, "--measure", "coverage", "--measure", "practical_share")
    for count in ("stock", "flow", "ended"):
        result = stock if count == "stock" else stats("--year", year, "--count", count)
        found[name_of(count, suffix)] = result["total"]
    if not suffix:
        found |= {"pipeline": stock["pipeline"], "undated": stock["undated"]}
    found[name_of("coverage", suffix)] = stock["measures"]["coverage"]
    found[name_of("practical", suffix)] = stock["measures"]["practical_share"]["value"]
    for code, dim in (("countries", "country"), ("foreign_cities", "foreign_city")):
        rows = stats("--year", year, "--by", dim)["rows"]
        units = [row for row in rows if row["key"] and row["count"] and not row["key"].startswith("co:")]
        found[name_of(code, suffix)] = len(units)
    for code, arguments in (
        ("agreements", ("--count", "flow", "--kind", "agreement")),
        ("activities", ("--count", "flow", "--kind", "activity")),
        ("outcomes", ("--count", "flow", "--kind", "outcome")),
        ("sister", ("--kind", "pair")),
        ("sister_new", ("--count", "flow", "--kind", "pair")),
    ):
        found[name_of(code, suffix)] = stats("--year", year, *arguments)["total"]
    return found


def _changes(values: dict[str, Any]) -> dict[str, Any]:
    """Return differences and rates against the year before."""
    found: dict[str, Any] = {}
    for name in [name for name in values if name_of(name, "y1") in values]:
        now, before = values[name], values[f"{name}_y1"]
        if name in ("coverage", "practical"):
            known = now is not None and before is not None
            found[f"{name}_points"] = 100 * (now - before) if known else None
            continue
        rate = (now - before) / before if before else None
        found |= {f"{name}_change": now - before, f"{name}_difference": now - before}
        found |= {f"{name}_yoy": rate, f"{name}_rate": rate}
    return found


def _growth(values: dict[str, Any], span: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in [name for name in values if span > 1 and f"{name}_y{span - 1}" in values]:
        first = values[f"{name}_y{span - 1}"]
        known = first and name not in ("coverage", "practical")
        found[name_of(name, "cagr", span)] = (values[name] / first) ** (1 / (span - 1)) - 1 if known else None
    return found


def _spread(stats: Stats, year: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for code, dim in SPREAD.items():
        results = {
            "": stats("--year", year, "--by", dim),
            "flow": stats("--year", year, "--count", "flow", "--by", dim),
        }
        results["y1"] = stats("--year", year - 1, "--by", dim)
        counts = {name: {row["key"]: row["count"] for row in result["rows"]} for name, result in results.items()}
        for key in dict.fromkeys(key for own in counts.values() for key in own):
            for name, own in counts.items():
                found[name_of(code, key or "unfilled", name)] = own.get(key, 0)
            found[name_of(code, key or "unfilled", "change")] = counts[""].get(key, 0) - counts["y1"].get(key, 0)
        for row in results[""]["rows"]:
            found[name_of(code, row["key"] or "unfilled", "share")] = row.get("share")
            if row.get("baseline_share") is not None:
                found[name_of(code, row["key"], "countries")] = row["baseline_share"]
        found[name_of(code, "regions")] = results[""]["hmt"]
    return found


def _map(stats: Stats, year: int) -> dict[str, Any]:
    rows = [row for dim in ("city", "foreign_city") for row in stats("--year", year, "--by", dim)["rows"]]
    return {name_of("map", row["key"]): row["count"] for row in rows if row["key"]}


def _results(stats: Stats, year: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    outcomes = stats("--year", year, "--measure", "outcomes")["measures"]["outcomes"]
    classes: dict[str, int] = {}
    for total in outcomes["totals"]:
        base = name_of("results", total["class"] or "unclassified", total["unit"] or "no_unit")
        found[name_of(base, "n")] = total["count"]
        found[name_of(base, "q")] = None if total["quantity"] is None else Decimal(total["quantity"])
        found |= {name_of(base, code): Decimal(amount) for code, amount in total["amounts"].items()}
        if total["class"]:
            classes[total["class"]] = classes.get(total["class"], 0) + total["count"]
    found |= {name_of("results", code): number for code, number in classes.items()}
    found["results_entries"] = sum(total["count"] for total in outcomes["totals"])
    found["results_yuan"] = Decimal(outcomes["converted"]["total"])
    for item in outcomes["converted"]["without_rate"]:
        found[name_of("results_without_rate", item["currency"])] = Decimal(item["amount"])
    return found


def _ties(stats: Stats, year: int) -> dict[str, Any]:
    def total(kind: str, of_year: int, count: str = "stock") -> Any:
        return stats("--year", of_year, "--kind", "pair", "--pair-kind", kind, "--count", count)["total"]

    found = {"sister_ended": total("sister", year, "ended"), "ties_new": total("all", year, "flow")}
    for kind in PAIR_KINDS:
        found |= {name_of("ties", kind): total(kind, year), name_of("ties", kind, "y1"): total(kind, year - 1)}
        found |= {name_of("ties", kind, count): total(kind, year, count) for count in ("flow", "ended")}
    return found


def _approval(stats: Stats, year: int) -> dict[str, Any]:
    measured = stats("--year", year, "--measure", "approval")["measures"]["approval"]
    found = {"approval_cases": measured["cases"], "approval_finished": measured["finished_cases"]}
    found |= {"approval_median": measured["median_total"], "approval_p90": measured["p90_total"]}
    found["approval_returned"] = measured["returned"]
    for number, step in enumerate(measured["steps"], 1):
        for name in ("finished", "median", "p90", "open", "returned", "share"):
            found[name_of("approval_step", number, name)] = step[name]
    return found


def _quality(stats: Stats, year: int) -> dict[str, Any]:
    measured = stats("--year", year, "--measure", "quality")["measures"]["quality"]
    found = {f"quality_{name}": measured[name] for name in ("records", "completeness", "untouched", "duplicates")}
    found |= {"quality_pending": measured["pending"], "quality_outstanding": measured["outstanding"]}
    found["quality_overdue"] = measured["overdue"]
    found |= {name_of("quality", name): share for name, share in measured["fields"].items()}
    return found | {name_of("quality", name, "missing"): count for name, count in measured["missing"].items()}


def _diagnosed(diagnose: dict[str, Any], year: int) -> dict[str, Any]:
    """Return the figures of the pictures and courses of the complaints."""
    found: dict[str, Any] = {}
    for panel in diagnose["panels"]:
        code, figures = panel["code"], panel["figures"]
        for point in panel["trend"]:
            found[name_of("trend", code, f"y{year - point['year']}" if point["year"] != year else "")] = point["value"]
        for row in figures.get("continents", figures.get("income", ())):
            found[name_of("problem", code, row["key"])] = row["share"]
            found[name_of("problem", code, 1, row["key"])] = row["baseline_share"]
        if code == "uncertainty":
            rates = {**figures.get("ends", {}), **figures.get("plans", {})}
            found |= {name_of("problem", code, name): rate["value"] for name, rate in rates.items()}
        if code == "unsystematic":
            found |= {name_of("problem", code, city["key"]): city["countries"] for city in figures["cities"]}
        if code == "homogeneous":
            for number, row in enumerate(figures["matrix"]):
                cells = zip(figures["keys"], row, strict=True)
                found |= {name_of("problem", code, number or "", key): value for key, value in cells}
        if code == "exchange_over_practical":
            for row in figures["modes"]:
                found[name_of("problem", code, row["key"])] = row["practical"]
                found[name_of("problem", code, 1, row["key"])] = row["exchange"]
        if code == "statistics_missing":
            found |= {name_of("problem", code, name): share for name, share in figures["fields"].items()}
    return found
