"""What each panel shows: its rows with one mark each, the columns beside, and what a row opens."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bri_desktop.analysis.diagnosis import Ids, Panel
from bri_desktop.charts.numbers import per_cent, short_or_over, times, whole
from bri_desktop.i18n import tr
from bri_desktop.labels import field_label
from bri_desktop.ui.shared.cells import ABSENT
from bri_desktop.ui.shared.plot_cells import Mark


@dataclass(frozen=True, slots=True)
class PictureRow:
    """One row: its name, the texts of the columns, its mark, and the records behind it.

    ``weights`` say what each record counts for, where the row's share is made of parts.
    """

    name: str
    texts: tuple[str, ...]
    mark: Mark | None
    ids: Ids = ()
    tone: str = ""
    """The role of the last text's colour."""
    weights: Mapping[int, float] | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A table with a plot. ``heads`` stand over the texts; ``suffix`` at the end of the axis.

    ``charted`` are the columns, with the unit as 0, that a native chart of a spreadsheet shows.
    """

    unit: str
    heads: tuple[str, ...]
    rows: tuple[PictureRow, ...]
    charted: tuple[int, ...]
    suffix: str = "%"
    legend: tuple[str, str] | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Matrix:
    """Values 0–1 of each pair of names; the diagonal is 1."""

    names: tuple[str, ...]
    values: tuple[tuple[float, ...], ...] = field(repr=False)


def picture_of(panel: Panel) -> Picture:
    """Return the picture of a panel."""
    return _PICTURES[panel.code](panel)


def matrix_of(panel: Panel) -> Matrix | None:
    """Return the likeness of each pair, where the panel has one."""
    if panel.code != "homogeneous" or not panel.picture.get("matrix"):
        return None
    values = tuple(tuple(float(value) for value in row) for row in panel.picture["matrix"])
    return Matrix(tuple(panel.picture["labels"]), values)


def wanted(code: str) -> str:
    """Return what has to be logged before a panel can say something."""
    wishes = {
        "imbalance_region": tr("Log foreign places and signing dates: then the continents can be compared."),
        "imbalance_level": tr("Log foreign places and signing dates: then the income groups can be compared."),
        "uncertainty": tr("Log planned and actual ends, and the status: then ends and delays can be counted."),
        "unsystematic": tr("Log Chinese and foreign places of more projects: then cities can be judged."),
        "homogeneous": tr("Log domains and places of more projects: then cities or departments can be compared."),
        "approval": tr("Log the steps of approvals with their dates: then the slowest one can be found."),
        "exchange_over_practical": tr("Log whether projects are exchange or practical: then they can be compared."),
        "statistics_missing": tr("Log projects: then it can be said what their records lack."),
    }
    return wishes[code]


def _spread(unit: Callable[[], str]) -> Callable[[Panel], Picture]:
    def picture(panel: Panel) -> Picture:
        rows = panel.picture["rows"]
        total = sum(row["weight"] for row in rows)
        return Picture(
            unit(),
            (_counted(panel), tr("Actual %"), tr("Baseline %"), tr("Times"), tr("Gap")),
            tuple(_share_row(panel, row, total) for row in sorted(rows, key=lambda row: -row["count"])),
            (2, 3),
            legend=(tr("Actual share"), tr("Baseline share")),
        )

    return picture


def _counted(panel: Panel) -> str:
    return tr("Ties") if panel.record_kind == "pair" else tr("Projects")


def _share_row(panel: Panel, row: Mapping[str, Any], total: float) -> PictureRow:
    share, base, gap = row["share"], row["baseline_share"], row["gap"]
    is_short = gap is not None and gap > 0
    mark = None if share is None else Mark(100 * share, None if base is None else 100 * base, is_short=is_short)
    texts = (
        whole(row["count"]),
        per_cent(row["share_shown"]),
        ABSENT if base is None else per_cent(100 * base),
        times(row["ratio"]),
        ABSENT if gap is None else short_or_over(gap, total),
    )
    tone = "" if gap is None else "series_2" if is_short else "series_1"
    weights = panel.weights.get(row["key"])
    return PictureRow(row["label"], texts, mark, panel.records.get(row["key"], ()), tone, weights)


def _rate_mark(rate: Mapping[str, Any], *, is_short: bool = False) -> Mark | None:
    """Return the bar of a rate (0–1) with its interval; none where the rate is undefined."""
    if rate["value"] is None:
        return None
    low, high = rate.get("low"), rate.get("high")
    ends = (None, None) if low is None or high is None else (100 * low, 100 * high)
    return Mark(100 * rate["value"], low=ends[0], high=ends[1], is_short=is_short)


def _interval(rate: Mapping[str, Any]) -> str:
    if rate.get("low") is None or rate.get("high") is None:
        return ABSENT
    return f"{per_cent(100 * rate['low'])}–{per_cent(100 * rate['high'])}"


def _percent(value: float | None) -> str:
    return ABSENT if value is None else per_cent(100 * value)


_COURSES: Mapping[str, Callable[[], str]] = {
    "completed": lambda: tr("Ended: completed"),
    "terminated": lambda: tr("Ended: terminated"),
    "failed": lambda: tr("Ended: failed"),
    "on_time": lambda: tr("Planned: on time"),
    "late": lambda: tr("Planned: late"),
    "broken_off": lambda: tr("Planned: broken off"),
    "overdue": lambda: tr("Planned: overdue and open"),
    "suspended": lambda: tr("Planned: suspended"),
}
_TROUBLES = ("terminated", "failed", "late", "broken_off", "overdue", "suspended")


def _uncertainty(panel: Panel) -> Picture:
    rates = {**panel.picture["ends"], **panel.picture["plans"]}
    rows = []
    for name, rate in rates.items():
        ids = panel.records.get(name, ())
        texts = (whole(len(ids)), whole(rate["n"]), _percent(rate["value"]), _interval(rate))
        rows.append(PictureRow(_COURSES[name](), texts, _rate_mark(rate, is_short=name in _TROUBLES), ids))
    heads = (tr("Projects"), tr("Of"), tr("Share %"), tr("95 % interval"))
    return Picture(tr("Course"), heads, tuple(rows), (3,))


def _unsystematic(panel: Panel) -> Picture:
    flags = {"concentrated": tr("over-concentrated"), "dispersed": tr("over-dispersed")}
    rows = tuple(
        PictureRow(
            city["label"],
            (
                whole(city["projects"]),
                _decimal(city["countries"]),
                _decimal(city["domains"]),
                _decimal(city["outcomes_per_project"]),
                flags.get(city["flag"] or "", ABSENT),
            ),
            Mark(city["countries"], is_short=city["flag"] is not None),
            panel.records.get(city["key"], ()),
            "series_2" if city["flag"] else "",
        )
        for city in panel.picture["cities"]
    )
    heads = (tr("Projects"), tr("Effective countries"), tr("Domains"), tr("Outcomes each"), tr("Judgement"))
    return Picture(
        tr("City"), heads, rows, (2,), suffix="", note=tr("The bar is the effective number of partner countries.")
    )


def _decimal(value: float | None) -> str:
    return ABSENT if value is None else f"{value:.1f}"


def _homogeneous(panel: Panel) -> Picture:
    rows = tuple(
        PictureRow(lever.label, (whole(len(lever.ids)), f"{lever.value:.2f}"), Mark(lever.value), lever.ids)
        for lever in panel.levers
        if lever.kind == "alike"
    )
    return Picture(tr("Pair"), (tr("Projects"), tr("Similarity")), rows, (2,), suffix="")


def _approval(panel: Panel) -> Picture:
    rows = tuple(
        PictureRow(
            step["step"],
            (
                whole(step["finished"]),
                _days(step["median"]),
                _days(step["p90"]),
                whole(step["open"]),
                whole(step["returned"]),
                _percent(step["share"]),
            ),
            None if step["share"] is None else Mark(100 * step["share"]),
            panel.records.get(f"{step['procedure']} {step['step']}", ()),
        )
        for step in panel.picture["steps"]
    )
    unit = tr("working days") if panel.picture["unit"] == "working_days" else tr("calendar days")
    heads = (tr("Finished"), tr("Median"), tr("P90"), tr("Still open"), tr("Times sent back"), tr("Share %"))
    return Picture(
        tr("Step"), heads, rows, (6,), note=tr("Days are {unit}; the bar is the share of all the time.", unit=unit)
    )


def _days(value: float | None) -> str:
    return ABSENT if value is None else f"{value:g}"


def _practical(panel: Panel) -> Picture:
    rows = tuple(
        PictureRow(
            row["label"],
            (whole(row["exchange"]), whole(row["practical"]), _percent(row["value"]), _interval(row)),
            _rate_mark(row, is_short=not row["practical"]),
            panel.records.get(row["key"], ()),
        )
        for row in panel.picture["cities"]
    )
    heads = (tr("Exchange"), tr("Practical"), tr("Practical %"), tr("95 % interval"))
    return Picture(tr("City"), heads, rows, (3,))


def _missing(panel: Panel) -> Picture:
    rows = [
        PictureRow(
            field_label(name),
            (whole(len(panel.records.get(f"no_{name}", ()))), _percent(share)),
            None if share is None else Mark(100 * share, is_short=share < 1),
            panel.records.get(f"no_{name}", ()),
        )
        for name, share in panel.picture["fields"].items()
    ]
    return Picture(tr("Field"), (tr("Empty"), tr("Filled %")), tuple(rows), (2,))


_PICTURES: Mapping[str, Callable[[Panel], Picture]] = {
    "imbalance_region": _spread(lambda: tr("Continent")),
    "imbalance_level": _spread(lambda: tr("Income group")),
    "uncertainty": _uncertainty,
    "unsystematic": _unsystematic,
    "homogeneous": _homogeneous,
    "approval": _approval,
    "exchange_over_practical": _practical,
    "statistics_missing": _missing,
}


def values_of(picture: Picture) -> tuple[list[str], list[list[str | float | None]]]:
    """Return heads and rows for a workbook or the clipboard, as they are shown."""
    heads = [picture.unit, *picture.heads]
    return heads, [[row.name, *map(_plain, row.texts)] for row in picture.rows]


def _plain(text: str) -> str | float | None:
    """Return a shown number as a number, so that a spreadsheet can add it up."""
    if text in ("", ABSENT):
        return None
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return text
