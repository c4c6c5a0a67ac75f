"""The findings of the diagnosis in words: one sentence from the figures, and never more than they say."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from bri_desktop.analysis.diagnosis import Lever, Panel
from bri_desktop.i18n import tr
from bri_desktop.labels import field_label

Values = Mapping[str, Any]


def sentence(panel: Panel) -> str:
    """Return the finding of a panel in one sentence, in the chosen language."""
    return _SENTENCES[panel.finding.code](panel.finding.values)


def title(code: str) -> str:
    """Return the complaint that a panel answers."""
    titles = {
        "imbalance_region": tr("Unbalanced: regions"),
        "imbalance_level": tr("Unbalanced: levels of development"),
        "uncertainty": tr("Uncertain"),
        "unsystematic": tr("Unsystematic"),
        "homogeneous": tr("Homogeneous"),
        "approval": tr("Burdensome approval"),
        "exchange_over_practical": tr("Exchange over practical work"),
        "statistics_missing": tr("Missing statistics"),
    }
    return titles[code]


def lever_text(lever: Lever) -> str:
    """Return in a few words what would change a figure most."""
    words: dict[str, Callable[[], str]] = {
        "continent": lambda: tr("{label}: {value} short of parity", label=lever.label, value=_number(lever.value)),
        "income": lambda: tr("{label}: {value} short of parity", label=lever.label, value=_number(lever.value)),
        "mode": lambda: tr("{label}: {value} troubled projects", label=lever.label, value=_number(lever.value)),
        "country": lambda: tr("{label}: {value} troubled projects", label=lever.label, value=_number(lever.value)),
        "concentrated": lambda: tr(
            "{label}: over-concentrated, {value} effective partner countries",
            label=lever.label,
            value=_number(lever.value),
        ),
        "dispersed": lambda: tr(
            "{label}: over-dispersed, {value} effective partner countries",
            label=lever.label,
            value=_number(lever.value),
        ),
        "alike": lambda: tr("{label}: similarity {value}", label=lever.label, value=f"{lever.value:.2f}"),
        "duplication": lambda: tr(
            "{label}: {value} projects of several departments or cities",
            label=lever.label,
            value=_number(lever.value),
        ),
        "step": lambda: tr("{label}: {value} of the time", label=lever.label, value=percent(lever.value)),
        "city": lambda: tr(
            "{label}: {value} exchanges, no practical project", label=lever.label, value=_number(lever.value)
        ),
        "department": lambda: tr("{label}: {value} cells to fill in", label=lever.label, value=_number(lever.value)),
        "field": lambda: tr(
            "{label}: missing on {value} projects", label=field_label(lever.key), value=_number(lever.value)
        ),
    }
    return words[lever.kind]()


def percent(share: float | None) -> str:
    """Return a share 0–1 in per cent with one decimal; a dash where it is undefined."""
    return "—" if share is None else f"{100 * share:.1f}%"


def _number(value: float | None) -> str:
    if value is None:
        return "—"
    return str(int(value)) if float(value).is_integer() else f"{value:.1f}"


def _when(year: int) -> str:
    """Return the day that a stock is of: the end of a year, or today within this one."""
    if year == date.today().year:
        return tr("So far in {year}", year=year)
    return tr("At the end of {year}", year=year)


def _interval(values: Values) -> str:
    """Return the 95 % interval where the number is small; else nothing."""
    if not values["small"] or values["low"] is None:
        return ""
    return tr(" (95 % interval {low}–{high})", low=percent(values["low"]), high=percent(values["high"]))


def _sentence(parts: list[str]) -> str:
    return tr("; ").join(part for part in parts if part) + tr(".")


def _things(kind: str) -> tuple[str, str]:
    if kind == "pair":
        return tr("official ties"), tr("ties missing")
    return tr("projects in all"), tr("projects missing")


def _too_few(v: Values) -> str:
    n = v["n"]
    what = {
        "pair": lambda: tr("Only {n} official ties have a place here, fewer than 8: nothing can be said.", n=n),
        "project": lambda: tr("Only {n} projects can be counted here, fewer than 8: nothing can be said.", n=n),
        "city": lambda: tr("No city has 8 projects yet: nothing can be said."),
        "compared": lambda: tr("Fewer than two cities or departments have 8 projects each: nothing can be compared."),
        "ended": lambda: tr("Only {n} projects ended or were due, fewer than 8: nothing can be said.", n=n),
        "case": lambda: tr("Only {n} approvals are finished, fewer than 8: nothing can be said.", n=n),
        "classified": lambda: tr(
            "Only {n} projects are marked as exchange or practical, fewer than 8: nothing can be said.", n=n
        ),
    }
    return what[v["what"]]()


def _uneven(v: Values) -> dict[str, Any]:
    """Return what both sentences on an uneven spread are filled with."""
    what, unit = _things(v["kind"])
    return {
        "when": _when(v["year"]),
        "total": v["total"],
        "what": what,
        "most": v["most"],
        "share": percent(v["share"]),
        "interval": _interval(v),
        "baseline": percent(v["baseline"]),
        "least": v["least"],
        "gap": _number(round(v["gap"], 1)),
        "unit": unit,
    }


def _region_uneven(v: Values) -> str:
    return tr(
        "{when}, of {total} {what}, {most} has {share}{interval}, with {baseline} of the countries; "
        "most is lacking for {least}: {gap} {unit}, by the number of countries.",
        **_uneven(v),
    )


def _level_uneven(v: Values) -> str:
    return tr(
        "{when}, of {total} {what}, countries of the group “{most}” have {share}{interval}, and are "
        "{baseline} of the countries; most is lacking for “{least}”: {gap} {unit}, by the number of countries.",
        **_uneven(v),
    )


def _even(v: Values) -> str:
    what, _ = _things(v["kind"])
    return tr(
        "{when}, the {total} {what} are too few or too evenly spread to name a group that has more "
        "than its share of the countries.",
        when=_when(v["year"]),
        total=v["total"],
        what=what,
    )


def _uncertainty(v: Values) -> str:
    first, last = v["first"], v["last"]
    parts = [tr("No project ended in {first}–{last}", first=first, last=last)]
    if v["ended"]:
        parts[0] = tr(
            "Of {ended} projects that ended in {first}–{last}, {broken} were terminated or failed, {share}{interval}",
            ended=v["ended"],
            first=first,
            last=last,
            broken=v["broken"],
            share=percent(v["share"]),
            interval=_interval(v),
        )
    if v["planned"]:
        parts.append(
            tr(
                "of {planned} planned to end then, {slow} are late or overdue, {share}",
                planned=v["planned"],
                slow=v["slow"],
                share=percent(v["slow_share"]),
            )
        )
    if v["median"] is not None:
        parts.append(tr("median delay {days} days", days=_number(v["median"])))
    if v["named"]:
        parts.append(
            tr("of {n} with a cause, {share} name an external one", n=v["named"], share=percent(v["external"]))
        )
    return _sentence(parts)


def _unsystematic(v: Values) -> str:
    return _sentence(
        [
            tr(
                "{when}, of {judged} cities with 8 projects or more, {concentrated} are "
                "over-concentrated and {dispersed} over-dispersed",
                judged=v["judged"],
                when=_when(v["year"]),
                concentrated=v["concentrated"],
                dispersed=v["dispersed"],
            ),
            tr(
                "the city in the middle has {countries} effective partner countries and {outcomes} outcomes a project",
                countries=_number(v["median_countries"]),
                outcomes=_number(v["median_outcomes"]),
            ),
        ]
    )


def _homogeneous(v: Values) -> str:
    compared = (
        tr("The {n} departments compared have a mean similarity of {mean}", n=v["compared"], mean=f"{v['mean']:.2f}")
        if v["by"] == "department"
        else tr("The {n} cities compared have a mean similarity of {mean}", n=v["compared"], mean=f"{v['mean']:.2f}")
    )
    alike = tr(
        "most alike are {left} and {right}, {cosine}", left=v["left"], right=v["right"], cosine=f"{v['cosine']:.2f}"
    )
    return _sentence([compared, alike, tr("{n} possible duplications", n=v["duplications"])])


def _approval(v: Values) -> str:
    unit = tr("working days") if v["unit"] == "working_days" else tr("calendar days")
    parts = [
        tr(
            "{cases} finished approvals took {median} {unit} in the middle, nine of ten at most {p90}",
            cases=v["cases"],
            median=_number(v["median"]),
            unit=unit,
            p90=_number(v["p90"]),
        )
    ]
    if v["step_share"] is not None:
        parts.append(
            tr("the slowest step is “{step}”, {share} of the time", step=v["step"], share=percent(v["step_share"]))
        )
    parts.append(tr("papers were returned {n} times", n=v["returned"]))
    return _sentence(parts)


def _practical(verdict: Callable[[], str]) -> Callable[[Values], str]:
    def words(v: Values) -> str:
        parts = [
            tr(
                "{when}, {share}{interval} of {n} classified projects are practical, {verdict}",
                when=_when(v["year"]),
                share=percent(v["share"]),
                interval=_interval(v),
                n=v["n"],
                verdict=verdict(),
            ),
            tr("{n} are not classified", n=v["unclassified"]) if v["unclassified"] else "",
            tr("{n} cities have exchanges only", n=v["cities"]) if v["cities"] else "",
        ]
        return _sentence(parts)

    return words


def _records(v: Values) -> str:
    parts = [
        tr(
            "{share} of the cells expected of {total} projects are filled in",
            share=percent(v["completeness"]),
            total=v["total"],
        ),
        tr("most often missing is “{field}”, {n} times", field=field_label(v["field"]), n=v["missing"]),
        tr("most gaps are those of {department}, {n}", department=v["department"], n=v["department_missing"])
        if v["department"]
        else "",
    ]
    return _sentence([*parts, *_waiting(v)])


def _records_whole(v: Values) -> str:
    return _sentence([tr("Every cell expected of {total} projects is filled in", total=v["total"]), *_waiting(v)])


def _waiting(v: Values) -> list[str]:
    return [
        tr("{n} probable duplicates", n=v["duplicates"]) if v["duplicates"] else "",
        tr("{n} rows wait for a decision", n=v["pending"]) if v["pending"] else "",
        tr("{n} workbooks are not returned", n=v["outstanding"]) if v["outstanding"] else "",
    ]


_SENTENCES: Mapping[str, Callable[[Values], str]] = {
    "too_few": _too_few,
    "region_uneven": _region_uneven,
    "region_even": _even,
    "level_uneven": _level_uneven,
    "level_even": _even,
    "uncertainty": _uncertainty,
    "unsystematic": _unsystematic,
    "homogeneous": _homogeneous,
    "approval": _approval,
    "practical_few": _practical(lambda: tr("fewer than exchanges")),
    "practical_many": _practical(lambda: tr("more than exchanges")),
    "practical_open": _practical(lambda: tr("which cannot be told from an even share")),
    "records": _records,
    "records_whole": _records_whole,
}
