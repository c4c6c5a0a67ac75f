"""存在问题: the eight complaints of the report, each with its sentence, its picture and its course over the years."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bri_desktop.analysis.chart import Chart, Series
from bri_desktop.analysis.diagnosis import Panel
from bri_desktop.i18n import language, tr
from bri_desktop.labels import field_label
from bri_desktop.reports.document import Block, Heading, Picture, Section
from bri_desktop.reports.numbering import see
from bri_desktop.reports.wording import mark, per_cent, plain_number, sentences, tight
from bri_desktop.services.diagnosis import diagnosis
from bri_desktop.services.diagnosis_words import sentence
from bri_desktop.services.year_book import Book, Source, name_of
from bri_desktop.services.year_rules import baseline_rule, panel_rule, trend_rule
from bri_desktop.services.year_sources import is_field, record_state, trend_source, waiting_rows

SHOWN = 12
COURSE = 10
"""Years of the picture of a course, at most."""
SHARES = frozenset({"share", "low", "high", "baseline", "slow_share", "external", "step_share", "completeness"})
"""Values of a finding that are shares 0–1; the others are printed as numbers."""
TWO_DECIMALS = frozenset({"mean", "cosine"})
PERCENT_TRENDS = frozenset({"broken", "practical_share"})
WHOLE_TRENDS = frozenset({"records"})
DAYS = frozenset({"median_total"})
NATURES = ("practical", "exchange")

Rows = Sequence[Mapping[str, Any]]


def panels(book: Book) -> tuple[Panel, ...]:
    """Return the eight panels of the year, as ``diagnose`` gives them."""
    found: tuple[Panel, ...] = book.cache.once(
        ("panels", book.year, language()),
        lambda: diagnosis(book.session, year=book.year, today=book.today, cache=book.cache),
    )
    return found


def problems(book: Book) -> Section:
    """Return 存在问题: a part for each complaint of which something can be said; the others in one sentence."""
    blocks: list[Block] = []
    silent = []
    for panel in panels(book):
        if not book.internal and _names_departments(panel):
            panel = _without_departments(panel)
        if not panel.enough or panel.finding.code == "too_few":
            silent.append(complaint(panel.code))
            continue
        book.rule = panel_rule(panel.code)
        course, words = _course(book, panel)
        blocks += [Heading(2, complaint(panel.code)), *book.paragraphs([sentences([_finding(book, panel), words])])]
        blocks += [*_picture(panel, book), *course]
    if silent:
        words = tr("Too few records to say anything of: {complaints}.", complaints=tr(", ").join(silent))
        blocks += book.paragraphs([words])
    return Section("problems", tr("Problems found"), tuple(blocks))


def complaint(code: str) -> str:
    """Return the complaint as a heading."""
    words = {
        "imbalance_region": tr("Uneven spread over regions"),
        "imbalance_level": tr("Uneven levels of development"),
        "uncertainty": tr("Uncertain progress"),
        "unsystematic": tr("Lack of system"),
        "homogeneous": tr("Alike in content"),
        "approval": tr("Burdensome approval procedures"),
        "exchange_over_practical": tr("Exchange and practical cooperation"),
        "statistics_missing": tr("Incomplete records"),
    }
    return words[code]


def _names_departments(panel: Panel) -> bool:
    values = panel.finding.values
    return values.get("by") == "department" or bool(values.get("department"))


def _without_departments(panel: Panel) -> Panel:
    """Return a panel that names no department; one that only compares departments says nothing."""
    if panel.finding.values.get("by") == "department":
        return replace(panel, n=0)
    values = {**panel.finding.values, "department": "", "department_missing": 0}
    return replace(panel, finding=replace(panel.finding, values=values))


# -- the sentence --------------------------------------------------------------------------------------------------


def _finding(book: Book, panel: Panel) -> str:
    """Return the sentence of the panel with its numbers as figures."""
    text = tight(sentence(panel))
    for key, value in panel.finding.values.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or key in ("first", "last", "year"):
            continue
        shown = _shown(key, value)
        place = _place(text, shown)
        if place >= 0:
            figure = book.put(name_of("problem", panel.code, key), value, shown, source=_behind(book, panel, key))
            text = f"{text[:place]}{mark(figure)}{text[place + len(shown) :]}"
    return text


def _shown(key: str, value: float) -> str:
    if key in SHARES:
        return per_cent(value)
    if key in TWO_DECIMALS:
        return f"{value:.2f}"
    return plain_number(value)


def _place(text: str, shown: str) -> int:
    """Return where a number stands by itself in a text, outside what is a figure already; -1 where it does not."""
    start, inside = 0, set[int]()
    opened = False
    for position, char in enumerate(text):
        opened = opened or char == "\ue000"
        if opened:
            inside.add(position)
        opened = opened and char != "\ue001"
    while (place := text.find(shown, start)) >= 0:
        before, after = text[place - 1 : place], text[place + len(shown) : place + len(shown) + 1]
        follows = text[place + len(shown) + 1 : place + len(shown) + 2]
        alone = not (before.isdigit() or before == ".") and not after.isdigit() and after != "%"
        if alone and not (after == "." and follows.isdigit()) and place not in inside:
            return place
        start = place + 1
    return -1


def _behind(book: Book, panel: Panel, key: str) -> Source:
    """Return the way to the records: those of the figure's own name, else all of the panel."""
    if panel.code == "statistics_missing":
        return _of_records(book, panel, key)
    own = {"broken": ("terminated", "failed"), "slow": ("late", "overdue")}.get(key, (key,))
    return _together(panel, own if all(name in panel.records for name in own) else tuple(panel.records))


def _together(panel: Panel, names: Sequence[str]) -> Source:
    return Source(panel.record_kind, lambda: sorted({id_ for name in names for id_ in panel.records.get(name, ())}))


def _of_records(book: Book, panel: Panel, key: str) -> Source:
    """Return the way to the records of a figure about the records themselves."""
    state = record_state(book)
    ways: Mapping[str, Callable[[], Source]] = {
        "missing": lambda: state.lacking(panel.finding.values["field"]),
        "duplicates": lambda: state.named("duplicates"),
        "pending": lambda: waiting_rows(book),
        "department_missing": lambda: _lacking_of(panel),
    }
    return ways.get(key, state.everything)()


def _lacking_of(panel: Panel) -> Source:
    """Return the way to the records of the department that is named, of those that lack something."""
    named = panel.finding.values["department"]
    ids = next((lever.ids for lever in panel.levers if lever.kind == "department" and lever.label == named), ())
    return Source(panel.record_kind, lambda: ids)


# -- the picture ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A chart, and the key of each of its labels: what its figures are called by in every language."""

    chart: Chart
    keys: tuple[str, ...]


def _picture(panel: Panel, book: Book) -> list[Block]:
    draw, caption = _PICTURES[panel.code]
    drawn = draw(panel)
    if len(drawn.keys) < 2:
        return []
    return [Picture(f"problem_{panel.code}", "", caption(), _named(book, panel, drawn))]


def _named(book: Book, panel: Panel, drawn: _Drawn) -> Chart:
    """Return the chart with a figure for each of its values."""
    chart, series = drawn.chart, []
    for number, one in enumerate(chart.series):
        names: list[str | None] = []
        for key, value in zip(drawn.keys, one.values, strict=True):
            if value is None:
                names.append(None)
                continue
            shown = per_cent(value) if chart.percent else plain_number(value, max(chart.decimals, 1))
            name = name_of("problem", panel.code, number or "", key)
            way, rule = (None, baseline_rule()) if one.baseline else (_of_mark(book, panel, drawn, number, key), None)
            names.append(book.put(name, value, shown, source=way, rule=rule).name)
        series.append(replace(one, figures=tuple(names)))
    return replace(chart, series=tuple(series))


def _of_mark(book: Book, panel: Panel, drawn: _Drawn, series: int, key: str) -> Source:
    """Return the way to the records of one mark of a picture."""
    if is_field(key):
        return record_state(book).filled(key)
    if panel.code == "exchange_over_practical":
        return _of_nature(book, key, NATURES[series])
    if drawn.chart.kind == "heat":
        return _together(panel, (drawn.keys[series], key))
    return _together(panel, (key,))


def _of_nature(book: Book, mode: str, nature: str) -> Source:
    result = book.ask(by=("mode", "nature"))
    return book.behind(result, *(place for place, row in enumerate(result.rows) if row.keys == (mode, nature)))


def _bars(
    rows: Sequence[tuple[str, str, float | None]], name: str, unit: str, *, percent: bool = False, decimals: int = 1
) -> _Drawn:
    """Return bars of (key, label, value)."""
    series = Series(name, tuple(value for _, _, value in rows))
    chart = Chart("bars", tuple(label for _, label, _ in rows), (series,), unit, decimals, percent=percent)
    return _Drawn(chart, tuple(key for key, _, _ in rows))


def _shares(panel: Panel) -> _Drawn:
    rows: Rows = panel.picture["rows"]
    what = tr("Share of ties") if panel.record_kind == "pair" else tr("Share of projects")
    own = Series(what, tuple(row["share"] for row in rows))
    base = Series(tr("Share of countries"), tuple(row["baseline_share"] for row in rows), baseline=True)
    chart = Chart("paired", tuple(row["label"] for row in rows), (own, base), "%", 1, percent=True)
    return _Drawn(chart, tuple(row["key"] for row in rows))


def _ends(panel: Panel) -> _Drawn:
    words = {
        "completed": tr("Completed"),
        "terminated": tr("Terminated"),
        "failed": tr("Failed"),
        "on_time": tr("On time"),
        "late": tr("Late"),
        "broken_off": tr("Broken off"),
        "overdue": tr("Overdue and open"),
        "suspended": tr("Suspended"),
    }
    rates = {**panel.picture["ends"], **panel.picture["plans"]}
    known = [(name, words[name], rate["value"]) for name, rate in rates.items() if rate["value"] is not None]
    return _bars(known, tr("Share"), "%", percent=True)


def _cities(panel: Panel) -> _Drawn:
    rows: Rows = sorted(panel.picture["cities"], key=lambda row: -(row["countries"] or 0.0))[:SHOWN]
    known = [(row["key"], row["label"], row["countries"]) for row in rows]
    return _bars(known, tr("Effective partner countries"), tr("countries"))


def _matrix(panel: Panel) -> _Drawn:
    labels, matrix = panel.picture["labels"][:SHOWN], panel.picture["matrix"]
    series = tuple(
        Series(label, tuple(float(value) for value in row[:SHOWN])) for label, row in zip(labels, matrix, strict=False)
    )
    return _Drawn(Chart("heat", tuple(labels), series, "", 2), tuple(panel.records)[:SHOWN])


def _steps(panel: Panel) -> _Drawn:
    unit = tr("working days") if panel.picture["unit"] == "working_days" else tr("calendar days")
    rows: Rows = [step for step in panel.picture["steps"] if step["median"] is not None][:SHOWN]
    several = len({row["procedure"] for row in rows}) > 1
    known = [
        (
            f"{row['procedure']} {row['step']}",
            f"{row['procedure']} {row['step']}" if several else row["step"],
            row["median"],
        )
        for row in rows
    ]
    return _bars(known, tr("Median"), unit)


def _natures(panel: Panel) -> _Drawn:
    rows: Rows = panel.picture["modes"]
    series = tuple(
        Series(label, tuple(float(row[name]) for row in rows))
        for name, label in zip(NATURES, (tr("Practical cooperation"), tr("Exchange")), strict=True)
    )
    chart = Chart("columns", tuple(row["label"] for row in rows), series, tr("projects"))
    return _Drawn(chart, tuple(row["key"] for row in rows))


def _fields(panel: Panel) -> _Drawn:
    known = [(name, field_label(name), value) for name, value in panel.picture["fields"].items() if value is not None]
    known.sort(key=lambda one: one[2])
    return _bars(known, tr("Filled"), "%", percent=True)


_PICTURES: Mapping[str, tuple[Callable[[Panel], _Drawn], Callable[[], str]]] = {
    "imbalance_region": (_shares, lambda: tr("Continents: share against share of countries")),
    "imbalance_level": (_shares, lambda: tr("Income groups: share against share of countries")),
    "uncertainty": (_ends, lambda: tr("How projects ended and kept their plans")),
    "unsystematic": (_cities, lambda: tr("Effective partner countries of the cities")),
    "homogeneous": (_matrix, lambda: tr("Likeness of countries and domains")),
    "approval": (_steps, lambda: tr("Median time of the steps of approval")),
    "exchange_over_practical": (_natures, lambda: tr("Exchange and practical cooperation by mode")),
    "statistics_missing": (_fields, lambda: tr("Share of records in which a field is filled in")),
}


# -- the course ----------------------------------------------------------------------------------------------------


def _course(book: Book, panel: Panel) -> tuple[list[Block], str]:
    """Return the picture of the figure that the panel follows over the last years, and a sentence on its ends;
    nothing for less than two years."""
    points = [point for point in panel.trend[-COURSE:] if point.value is not None]
    if len(points) < 2:
        return [], ""
    share, rule = panel.trend_figure in PERCENT_TRENDS, trend_rule(panel.trend_figure)
    whole = panel.trend_figure in WHOLE_TRENDS
    decimals = 0 if whole else 1 if share or panel.trend_figure in DAYS else 2
    figures = []
    for point in points:
        name = name_of("trend", panel.code, f"y{book.year - point.year}" if point.year != book.year else "")
        value = float(point.value or 0.0)
        shown = per_cent(value) if share else f"{value:.{decimals}f}"
        way = trend_source(book, panel.trend_figure, panel.record_kind, point.year)
        figures.append(book.put(name, value, shown, source=way, rule=rule))
    what = trend_name(panel.trend_figure)
    series = Series(what, tuple(point.value for point in points), tuple(figure.name for figure in figures))
    labels = tuple(str(point.year) for point in points)
    unit = tr("projects") if whole else ""
    chart = Chart("lines", labels, (series,), unit, decimals, percent=share, highlight=len(points) - 1)
    caption = tr("{what}, {first}–{last}", what=what, first=labels[0], last=labels[-1])
    ends = [tr("{n} begun", n=mark(one)) if whole else mark(one) for one in (figures[0], figures[-1])]
    words = tr(
        "{what}: {first} in {from_year}, {last} in {until_year}; the course is in {picture}.",
        what=what,
        first=ends[0],
        from_year=labels[0],
        last=ends[1],
        until_year=labels[-1],
        picture=see(f"course_{panel.code}"),
    )
    return [Picture(f"course_{panel.code}", "", caption, chart)], words


def trend_name(code: str) -> str:
    """Return what is followed."""
    words = {
        "dissimilarity": tr("Dissimilarity from the number of countries"),
        "broken": tr("Terminated or failed, of those ended"),
        "median_countries": tr("Effective partner countries, median"),
        "mean": tr("Mean likeness"),
        "median_total": tr("Days of an approval, median"),
        "practical_share": tr("Share of practical cooperation"),
        "records": tr("Records begun in the year"),
    }
    return words[code]
