"""The plain text of ``stats`` and ``diagnose``: the table, what is in no total, and every measure by its name."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bri_desktop.analysis.names import describe_measure, dimension_name
from bri_desktop.charts.numbers import ABSENT, per_cent, short_or_over, times, whole
from bri_desktop.i18n import tr
from bri_desktop.label_measures import MeasureLine, number_text, rate_text, signed

Row = Mapping[str, Any]
Cell = Callable[[Row], str]
YEARLY = ("gini", "gini_normalised", "hhi", "n_eff", "theil", "dissimilarity", "practical_share", "coverage")


def statistics(value: Mapping[str, Any]) -> str:
    """Return the lines of ``stats``: its JSON with ``by`` and ``lines`` beside it."""
    lines = [value["rule"], *value["notes"], _total(value)]
    parts = [_rows(value), _years(value), _compared(value), _measures(value)]
    return "\n".join([*lines, *(line for part in parts for line in part)])


def diagnosis(value: Mapping[str, Any]) -> str:
    """Return the lines of ``diagnose``: of each complaint the finding and, where asked for, its records."""
    lines: list[str] = []
    for panel in value["panels"]:
        lines += [tr("{title} (n = {n})", title=panel["title"], n=f"{panel['n']:,}"), f"  {panel['sentence']}"]
        if panel["enough"] and panel["levers"]:
            levers = tr("; ").join(lever["text"] for lever in panel["levers"])
            lines.append(f"  {tr('What would change it most')}{tr(': ')}{levers}")
        records = dict.fromkeys(key for keys in panel.get("records", {}).values() for key in keys)
        if records:
            lines.append(f"  {tr('Records')}{tr(': ')}{tr(', ').join(records)}")
    return "\n".join(lines)


def _total(value: Mapping[str, Any]) -> str:
    parts = [tr("Total {n}", n=whole(value["total"]))]
    if value["with_parents"] != value["total"]:
        parts.append(tr("with umbrella projects {n}", n=whole(value["with_parents"])))
    named = (
        ("undated", tr("undated {n}", n=whole(value["undated"]))),
        ("ended_unknown", tr("ended, date unknown {n}", n=whole(value["ended_unknown"]))),
        ("pipeline", tr("pipeline {n}", n=whole(value["pipeline"]))),
        ("outside", tr("outside the baseline {n}", n=whole(value["outside"]))),
        ("hmt", tr("with Hong Kong, Macao or Taiwan of China {n}", n=whole(value["hmt"]))),
    )
    shown = [words for code, words in named if code != value["count"] and (value[code] or code == "undated")]
    return tr("; ").join(parts + shown)


def _rows(value: Mapping[str, Any]) -> list[str]:
    rows, by = value["rows"], value["by"]
    if not rows:
        return []
    heads = [dimension_name(name) for name in by]
    if value["span"]:
        heads.insert(0, dimension_name("year"))
    cells: list[tuple[str, Cell]] = [(tr("Count"), lambda row: f"{row['count']:,}")]
    if by:
        cells.append((tr("Share"), lambda row: _sign(per_cent(row.get("share_shown")))))
    if any(abs(row["weight"] - row["count"]) > 1e-9 for row in rows):
        cells.insert(1, (tr("Shared out"), lambda row: whole(row["weight"])))
    if any(row.get("ratio") is not None for row in rows):
        cells.append((tr("Times the baseline"), lambda row: times(row.get("ratio"))))
        cells.append((tr("Against the baseline"), lambda row: short_or_over(row.get("gap"), value["total"])))
    cells += _own_measures(rows)
    if any(row.get("records") for row in rows):
        cells.append((tr("Records"), lambda row: tr(", ").join(row.get("records", ()))))
    table = [[*heads, *(name for name, _ in cells)]]
    table += [[*_labels(row), *(cell(row) for _, cell in cells)] for row in rows]
    return _table(table)


def _labels(row: Row) -> Sequence[str]:
    return list(row["labels"]) if "labels" in row else [row["label"]]


def _sign(text: str) -> str:
    return text if text == ABSENT else f"{text}%"


def _own_measures(rows: Sequence[Row]) -> list[tuple[str, Cell]]:
    """Return the columns of the measures that each row has of its own."""
    known = {name for row in rows for name in row.get("measures", ())}
    cells: list[tuple[str, Cell]] = []
    if "practical_share" in known:
        cells.append((describe_measure("practical_share"), lambda row: rate_text(_own(row, "practical_share"))))
    if "coverage" in known:
        cells.append((describe_measure("coverage"), lambda row: _share(row.get("measures", {}).get("coverage"))))
    if "uncertainty" in known:
        cells.append((tr("Completed"), lambda row: rate_text(_own(row, "uncertainty").get("completed", {}))))
        cells.append((tr("Overdue and open"), lambda row: rate_text(_own(row, "uncertainty").get("overdue", {}))))
    if "delay" in known:
        cells.append((tr("Delay, median days"), lambda row: number_text(_own(row, "delay").get("median"), places=1)))
    return cells


def _own(row: Row, name: str) -> Mapping[str, Any]:
    return row.get("measures", {}).get(name) or {}


def _share(value: float | None) -> str:
    return ABSENT if value is None else f"{100 * value:.1f}%"


def _years(value: Mapping[str, Any]) -> list[str]:
    """Return total, stock equation and plain measures of each year of a span."""
    points = value.get("series", ())
    if not points:
        return []
    codes = [code for code in YEARLY if any(code in point["measures"] for point in points)]
    equation = ("total", "stock", "flow", "ended")
    names = [tr("Total"), tr("Stock"), tr("New in the year"), tr("Ended in the year")]
    table = [[dimension_name("year"), *names, *map(describe_measure, codes)]]
    for point in points:
        measures = [_yearly(code, point["measures"].get(code)) for code in codes]
        table.append([str(point["year"]), *(f"{point[name]:,}" for name in equation), *measures])
    return _table(table)


def _yearly(code: str, found: Any) -> str:
    if isinstance(found, Mapping):
        return rate_text(found)
    return _share(found) if code == "coverage" else number_text(found)


def _compared(value: Mapping[str, Any]) -> list[str]:
    beside = value.get("comparison")
    if beside is None:
        return []
    rows = [{"labels": [tr("Total")]} | beside["total"], *beside["rows"]]
    names = [tr("Then"), tr("Now"), tr("Difference"), tr("Came in"), tr("Went out")]
    table = [[tr("Compared"), *names]]
    for row in rows:
        figures = [f"{row['then']:,}", f"{row['now']:,}", signed(row["difference"])]
        records = [tr(", ").join(row[part]) or ABSENT for part in ("came", "went")]
        table.append([" · ".join(_labels(row)), *figures, *records])
    lines = [tr("Compared with: {rule}", rule=beside["rule"]), *_table(table)]
    for code, pair in beside["measures"].items():
        shown = [_yearly(code, pair[part]) for part in ("then", "now")]
        lines.append(f"{describe_measure(code)}{tr(': ')}{shown[0]} → {shown[1]}")
    return lines


def _measures(value: Mapping[str, Any]) -> list[str]:
    lines, group = [], None
    several: Sequence[MeasureLine] = value["lines"]
    for line in several:
        if line.group != group:
            lines.append(line.group)
            group = line.group
        rule = f" · {line.rule}" if line.rule else ""
        lines.append(f"  {line.name}{tr(': ')}{line.text}{rule}")
    return lines


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    return ["\t".join(row) for row in rows]
