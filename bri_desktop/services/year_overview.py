"""总体情况: stock, flow and what ended, held against the year before and drawn over the last five."""

from collections.abc import Sequence
from dataclasses import dataclass

from bri_desktop.analysis.chart import Chart, Series
from bri_desktop.analysis.model import StatsResult
from bri_desktop.i18n import tr
from bri_desktop.reports.document import Block, Column, Figure, Picture, Runs, Section, Table
from bri_desktop.reports.wording import (
    ABSENT,
    capital,
    clauses,
    date_text,
    growth,
    mark,
    per_cent,
    quantity,
    sentences,
    signed,
)
from bri_desktop.services.year_book import Book, Source, Words, name_of

COURSE_YEARS = 5
COUNT_OF = {"flow": "flow", "ended": "ended"}
"""How the figures of projects are counted; all others are of the stock."""
WHOLE_COUNTRY = "co:"
"""How the key of a place begins that is a whole country."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A line of the table of main figures: how it is asked for. ``part`` is a group or a share of the result."""

    code: str
    label: str
    unit: str
    count: str = "stock"
    kind: str = "project"
    by: str = ""
    measure: str = ""


def indicators() -> tuple[Indicator, ...]:
    """Return the lines of the table of main figures."""
    projects, times = tr("projects"), tr("times")
    return (
        Indicator("stock", tr("Projects on the books at year end"), projects),
        Indicator("flow", tr("Projects begun in the year"), projects, "flow"),
        Indicator("ended", tr("Projects ended in the year"), projects, "ended"),
        Indicator("countries", tr("Partner countries"), tr("countries"), by="country"),
        Indicator("foreign_cities", tr("Foreign partner cities"), tr("cities"), by="foreign_city"),
        Indicator("agreements", tr("Agreements signed"), tr("agreements"), "flow", "agreement"),
        Indicator("activities", tr("Exchange activities"), times, "flow", "activity"),
        Indicator("outcomes", tr("Outcomes dated in the year"), tr("entries"), "flow", "outcome"),
        Indicator("sister", tr("Sister-city ties at year end"), tr("ties"), kind="pair"),
        Indicator("sister_new", tr("Sister-city ties concluded in the year"), tr("ties"), "flow", "pair"),
        Indicator("coverage", tr("Share of projects with a quantified outcome"), "%", measure="coverage"),
        Indicator("practical", tr("Share of practical cooperation"), "%", measure="practical_share"),
    )


def known_before(book: Book) -> bool:
    """Tell whether the ledger has anything of the year before, or of an earlier one."""
    first = first_year(book)
    return first is not None and first < book.year


def first_year(book: Book) -> int | None:
    """Return the first year in which a project began; ``None`` where none ever did."""
    data = book.cache.data(book.session)
    starts = data.projects.start
    known = starts[starts > 0]
    return int(known.min()) // 10000 if known.size else None


def value_of(book: Book, item: Indicator, year: int, suffix: str = "") -> Figure:
    """Return the figure of an indicator in a year; ``suffix`` tells it from that of the year of the summary."""
    name = name_of(item.code, suffix)
    by = (item.by,) if item.by else ()
    measures = (item.measure,) if item.measure else ()
    result = book.ask(item.count, year=year, by=by, measures=measures, kind=item.kind)
    if item.by:
        return _units(book, name, result)
    if item.measure:
        return _rate(book, name, item.measure, result)
    return book.total(name, result)


def _units(book: Book, name: str, result: StatsResult) -> Figure:
    # A foreign place that is only known as a country is no city.
    filled = [
        position
        for position, row in enumerate(result.rows)
        if row.is_unit and row.count and not (row.key or "").startswith(WHOLE_COUNTRY)
    ]
    return book.count(name, len(filled), book.behind(result, *filled), result.rule)


def _rate(book: Book, name: str, measure: str, result: StatsResult) -> Figure:
    value = result.measures[measure]
    share = value["value"] if isinstance(value, dict) else value
    members = result.members
    return book.share(name, share, source=Source("project", lambda: members.group("total")), rule=result.rule)


def overview(book: Book) -> Section:
    """Return 总体情况."""
    before = known_before(book)
    items = {item.code: item for item in indicators()}
    now = {code: value_of(book, item, book.year) for code, item in items.items()}
    earlier = {code: _published(book, item) if before else None for code, item in items.items()}
    texts = [
        _standing(book, now, earlier),
        _movement(book, now, earlier),
        _corrected(book, list(items.values())),
        _equation(book, now),
        _left_out(book),
        _further(now),
    ]
    for item in (items["stock"], items["flow"], items["ended"]):
        book.rules[item.label] = book.ask(item.count).rule
    table = Table(
        name="overview_main",
        label="",
        caption=tr("Main figures of {year}", year=book.year),
        columns=(
            Column(tr("Figure"), width=3.2),
            Column(tr("Unit of measure"), "center", width=0.9),
            Column(str(book.year), "right"),
            Column(str(book.year - 1), "right"),
            Column(tr("Increase"), "right"),
            Column(tr("Year on year"), "right", width=1.1),
        ),
        rows=tuple(
            _line(book, items[code], now[code], earlier[code]) for code in items if is_known(now[code], earlier[code])
        ),
        note=tr("Shares are compared in percentage points.") if before else "",
    )
    blocks: list[Block] = [*book.paragraphs(texts), table, *_course(book)]
    return Section("overview", tr("Overview"), tuple(blocks))


def _published(book: Book, item: Indicator) -> Figure:
    """Return the figure of the year before, as it was published where that year is frozen."""
    year = book.year - 1
    return book.published(item.code, year, value_of(book, item, year, "y1"))


def _corrected(book: Book, items: Sequence[Indicator]) -> str:
    """Return which figures of the frozen year before are others by the ledger of today; "" where none is."""
    year = book.year - 1
    moved = [(item, book.restated[key][1]) for item in items if (key := name_of(item.code, year)) in book.restated]
    if not moved:
        return ""
    said = [
        tr("{label} is {n}", label=item.label, n=mark(now))
        if item.measure
        else tr("{label}: {n} {unit}", label=item.label, n=mark(now), unit=item.unit)
        for item, now in moved
    ]
    return tr(
        "The figures of {year} are those of its frozen summary; by the ledger as it stands now: {figures}.",
        year=year,
        figures=tr(", ").join(said),
    )


def is_known(*figures: Figure | None) -> bool:
    """Tell whether any of the figures has a value: a line of dashes says nothing."""
    return any(figure is not None and figure.value is not None for figure in figures)


def _standing(book: Book, now: dict[str, Figure], earlier: dict[str, Figure | None]) -> str:
    if book.today.year == book.year:
        when = tr("By {date}, with the year not over yet", date=date_text(book.today.isoformat()))
    else:
        when = tr("By {date}", date=date_text(f"{book.year}-12-31"))
    stock = tr("{when}, {projects} stood on the books", when=when, projects=quantity("project", now["stock"]))
    reached = (("country", now["countries"]), ("city", now["foreign_cities"]))
    places = [quantity(thing, figure) for thing, figure in reached if figure.value]
    reach = tr("they reach {places} abroad", places=tr(", ").join(places)) if places else ""
    against = growth(book.growth("stock", now["stock"], earlier["stock"]), "project")
    said = tr("{said}, {against}", said=stock, against=against)
    return clauses([said, reach])


def _movement(book: Book, now: dict[str, Figure], earlier: dict[str, Figure | None]) -> str:
    begun = tr("begun in the year: {projects}", projects=quantity("project", now["flow"]))
    if not now["flow"].value:
        begun = tr("no project began in the year")
    over = tr("ended in the year: {projects}", projects=quantity("project", now["ended"]))
    if not now["ended"].value:
        over = tr("no project ended in the year")
    against = [growth(book.growth(code, now[code], earlier[code]), "project") for code in ("flow", "ended")]
    return sentences(
        [capital(clauses([tr("{said}, {against}", said=begun, against=against[0])])), capital(clauses([over]))]
    )


def _equation(book: Book, now: dict[str, Figure]) -> str:
    """Return the line that reconciles: stock of last year + flow − ended (− ended nobody knows when) = stock."""
    point = book.ask("flow", span=(book.year, book.year)).series[0]
    opening = book.total(name_of("stock", "y1"), book.ask(year=book.year - 1))
    unknown = book.count("ended_unknown", point.ended_unknown, _unknown_end(book))
    equation = _reconciled(opening, unknown, now)
    if name_of("stock", book.year - 1) in book.restated:
        return tr("By the ledger as it stands now: {equation}", equation=equation)
    return equation


def _reconciled(opening: Figure, unknown: Figure, now: dict[str, Figure]) -> str:
    words = {"opening": mark(opening), "flow": mark(now["flow"]), "ended": mark(now["ended"])}
    if unknown.value:
        return tr(
            "They reconcile: {opening} at the end of the year before, plus {flow} begun, less {ended} ended, "
            "less {unknown} that ended on a date nobody noted, make {stock}.",
            unknown=mark(unknown),
            stock=mark(now["stock"]),
            **words,
        )
    return tr(
        "They reconcile: {opening} at the end of the year before, plus {flow} begun, less {ended} ended, make {stock}.",
        stock=mark(now["stock"]),
        **words,
    )


def _unknown_end(book: Book) -> Source:
    """Return the way to what began in the year and ended nobody knows when."""
    begun, ever = book.ask("flow"), book.ask("flow")

    def ids() -> Sequence[int]:
        return sorted(set(begun.members.group("total")) & set(ever.members.group("ended_unknown")))

    return Source("project", ids)


def _left_out(book: Book) -> str:
    result = book.ask()
    phrases: tuple[tuple[str, Words], ...] = (
        ("pipeline", lambda n: tr("not signed yet (idea, intent, approval): {n}", n=n)),
        ("undated", lambda n: tr("without a date of begin: {n}", n=n)),
    )
    parts = [words(mark(book.total(code, result, code))) for code, words in phrases if getattr(result, code)]
    return tr("Not in these figures: {parts}.", parts=tr("; ").join(parts)) if parts else ""


def _further(now: dict[str, Figure]) -> str:
    parts = [
        tr("signed in the year: {agreements}", agreements=quantity("agreement", now["agreements"])),
        tr("held in the year: {activities}", activities=quantity("activity", now["activities"])),
    ]
    kept = [part for part, code in zip(parts, ("agreements", "activities"), strict=True) if now[code].value]
    if now["coverage"].value is not None:
        kept.append(
            tr(
                "of the projects in implementation or later, {share} have a quantified outcome",
                share=mark(now["coverage"]),
            )
        )
    return capital(clauses(kept))


def _line(book: Book, item: Indicator, now: Figure, before: Figure | None) -> tuple[Runs, ...]:
    if item.measure:
        change, rate = _points(book, item.code, now, before), None
    else:
        change = book.difference(f"{item.code}_change", now, before)
        rate = _rate_of(book, item.code, now, before)
    cells = (item.label, item.unit, now, before or ABSENT, change, rate or ABSENT)
    return tuple(book.cell(cell) for cell in cells)


def _points(book: Book, code: str, now: Figure, before: Figure | None) -> Figure:
    """Return the difference of two shares in percentage points."""
    values = [figure.value for figure in (now, before) if figure is not None]
    if len(values) < 2 or not all(isinstance(value, float | int) for value in values):
        return book.put(f"{code}_points", None, ABSENT, source=book.all_of(now, before))
    difference = 100 * (float(str(values[0])) - float(str(values[1])))
    return book.put(f"{code}_points", difference, signed(difference, 1), source=book.all_of(now, before))


def _rate_of(book: Book, code: str, now: Figure, before: Figure | None) -> Figure:
    name = f"{code}_yoy"
    if before is None or not before.value:
        return book.put(name, None, ABSENT, source=book.all_of(now, before), rule=now.rule)
    rate = (int(str(now.value)) - int(str(before.value))) / int(str(before.value))
    text = per_cent(abs(rate))
    shown = ("+" if rate > 0 else "−" if rate < 0 else "") + text
    return book.put(name, rate, shown, source=book.moved(now, before), rule=now.rule)


def _course(book: Book) -> list[Block]:
    """Return the picture of the last five years, where there is more than one to show."""
    if not known_before(book):
        return []
    first = max(book.year - COURSE_YEARS + 1, first_year(book) or book.year)
    years = tuple(range(first, book.year + 1))
    series = []
    for code, label in (("flow", tr("Begun in the year")), ("stock", tr("On the books at year end"))):
        totals = {year: book.total(name_of(code, ago(book, year)), book.ask(code, year=year)) for year in years}
        figures = [total if year == book.year else book.published(code, year, total) for year, total in totals.items()]
        values = tuple(float(str(figure.value)) for figure in figures)
        series.append(Series(label, values, tuple(figure.name for figure in figures)))
    chart = Chart("columns", tuple(map(str, years)), tuple(series), tr("projects"), highlight=len(years) - 1)
    caption = tr("Projects, {first}–{last}", first=years[0], last=years[-1])
    return [Picture("overview_course", "", caption, chart)]


def ago(book: Book, year: int) -> str:
    """Return what the names of figures of an earlier year end with, the same in every year's summary."""
    return f"y{book.year - year}" if year != book.year else ""
