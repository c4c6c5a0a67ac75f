"""合作布局: projects by mode, domain, home city, continent, corridor and development goal."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bri_desktop.analysis.chart import Chart, Series
from bri_desktop.analysis.model import StatsResult, StatsRow
from bri_desktop.analysis.units import NO_CORRIDOR
from bri_desktop.i18n import tr
from bri_desktop.reports.document import Block, Column, Figure, Picture, Runs, Section, Table
from bri_desktop.reports.numbering import see
from bri_desktop.reports.wording import ABSENT, Ranked, clauses, listed, mark, ranking, sentences
from bri_desktop.services.year_book import FROZEN_NAME, Book, Words, name_of
from bri_desktop.services.year_overview import known_before
from bri_desktop.services.year_rules import baseline_rule

LARGEST = 15
"""Units of an open dimension that stand by themselves; the rest is one row."""
BARS = 12
MOVERS = 3


@dataclass(frozen=True, slots=True)
class Spread:
    """A dimension of the section: its code, title, the head of its first column, what the text begins with.

    ``whole``: every unit has a row, also one without any project. ``paired``: the picture holds shares against the
    shares of the baseline.
    """

    code: str
    dim: str
    title: str
    head: str
    lead: str
    note: str = ""
    whole: bool = False
    paired: bool = False


def spreads() -> tuple[Spread, ...]:
    """Return the parts of 合作布局 in their order."""
    shared = tr("A project of several units counts once under each; the total counts it once, the share divides it.")
    return (
        Spread("mode", "mode", tr("Modes of cooperation"), tr("Mode"), tr("By mode of cooperation"), whole=True),
        Spread("domain", "domain", tr("Domains of cooperation"), tr("Domain"), tr("By domain"), shared, whole=True),
        Spread("city", "prefecture", tr("Cities at home"), tr("City"), tr("By city at home"), shared),
        Spread(
            "continent",
            "continent",
            tr("Continents"),
            tr("Continent"),
            tr("By continent of the partners"),
            shared,
            True,
            True,
        ),
        Spread(
            "corridor", "corridor", tr("Economic corridors"), tr("Corridor"), tr("By economic corridor"), shared, True
        ),
        Spread("sdg", "sdg", tr("Development goals"), tr("Goal"), tr("By sustainable development goal"), shared),
    )


@dataclass(frozen=True, slots=True)
class _Line:
    """One row of the table: the positions of its units in each of the three results, and how it is counted."""

    key: str
    label: str
    rows: dict[str, tuple[int, ...]]
    is_unit: bool = True


def spread(book: Book, part: Spread) -> Section:
    """Return one part of 合作布局; without blocks where no project of the year has a value."""
    by = (part.dim,)
    results = {"stock": book.ask(by=by), "flow": book.ask("flow", by=by), "y1": book.ask(by=by, year=book.year - 1)}
    lines = _lines(results, part)
    if not any(line.is_unit and _size(results, line) for line in lines):
        return Section(part.code, part.title, ())
    cells = {line.key: _cells(book, part, results, line) for line in lines}
    blocks: list[Block] = [
        *book.paragraphs([_text(book, part, results, lines, cells)]),
        _table(book, part, results, lines, cells),
        *_picture(book, part, results["stock"]),
    ]
    return Section(part.code, part.title, tuple(blocks))


def _size(results: dict[str, StatsResult], line: _Line) -> int:
    return sum(result.rows[place].count for name, result in results.items() for place in line.rows[name])


def _lines(results: dict[str, StatsResult], part: Spread) -> list[_Line]:
    """Return the rows of the table: the largest units, the rest together, what has no value."""
    places = {name: {row.key: place for place, row in enumerate(result.rows)} for name, result in results.items()}
    labels = {row.key: row.label for result in results.values() for row in result.rows}
    keys = list(dict.fromkeys(row.key for result in results.values() for row in result.rows if row.is_unit))

    def line(key: str | None, several: Sequence[str | None], label: str) -> _Line:
        rows = {name: tuple(known[one] for one in several if one in known) for name, known in places.items()}
        return _Line(key or "unfilled", label, rows, is_unit=key is not None)

    alone = [line(key, [key], labels[key]) for key in keys]
    if not part.whole:
        alone = [one for one in alone if _size(results, one)]
        alone.sort(key=lambda one: -_count(results["stock"], one.rows["stock"]))
    shown, rest = (alone, []) if part.whole or len(alone) <= LARGEST + 1 else (alone[:LARGEST], alone[LARGEST:])
    if rest:
        shown.append(line("others", [one.key for one in rest], tr("Others ({n})", n=len(rest))))
    nothing = line(None, [None], labels.get(None, ""))
    return [*shown, nothing] if _size(results, nothing) else shown


def _count(result: StatsResult, places: Sequence[int]) -> int:
    if len(places) < 2:
        return sum(result.rows[place].count for place in places)
    return result.members.distinct(places)


def _cells(book: Book, part: Spread, results: dict[str, StatsResult], line: _Line) -> dict[str, Figure]:
    """Enter the figures of a row."""
    found = {}
    for name, result in results.items():
        places = line.rows[name]
        own = name_of(part.code, line.key, "" if name == "stock" else name)
        found[name] = book.count(own, _count(result, places), book.behind(result, *places), result.rule)
    found["y1"] = book.published(name_of(part.code, line.key), book.year - 1, found["y1"])
    rows = [results["stock"].rows[place] for place in line.rows["stock"]]
    shares = [row.share for row in rows if row.share is not None]
    shown = [row.share_shown for row in rows if row.share_shown is not None]
    way = book.behind(results["stock"], *line.rows["stock"])
    own = name_of(part.code, line.key, "share")
    if line.is_unit and shares and shown:
        found["share"] = book.share(own, sum(shares), round(sum(shown), 1), way, results["stock"].rule)
    before = found["y1"] if known_before(book) else None
    found["change"] = book.difference(name_of(part.code, line.key, "change"), found["stock"], before)
    return found


def _table(
    book: Book,
    part: Spread,
    results: dict[str, StatsResult],
    lines: Sequence[_Line],
    cells: dict[str, dict[str, Figure]],
) -> Table:
    before = known_before(book)

    def row(label: str, figures: dict[str, Figure]) -> tuple[Runs, ...]:
        last = figures["y1"] if before else ABSENT
        order = (label, figures["stock"], figures.get("share", ABSENT), figures["flow"], last, figures["change"])
        return tuple(book.cell(cell) for cell in order)

    total = {
        "stock": book.total("stock", results["stock"]),
        "flow": book.total("flow", results["flow"]),
        "y1": book.published("stock", book.year - 1, book.total(name_of("stock", "y1"), results["y1"])),
    }
    published = any(one.name.endswith(FROZEN_NAME) for one in (total["y1"], *(own["y1"] for own in cells.values())))
    of_before = tr("Year before: as in the frozen summary of {year}.", year=book.year - 1) if published else ""
    total["change"] = book.difference("stock_change", total["stock"], total["y1"] if before else None)
    rows = [row(line.label, cells[line.key]) for line in lines]
    book.rules[part.title] = results["stock"].rule
    unit = tr("projects")
    return Table(
        name=f"{part.code}_table",
        label="",
        caption=tr("{lead}: projects of {year}", lead=part.lead, year=book.year),
        columns=(
            Column(part.head, width=2.6),
            Column(tr("Year end"), "right", unit),
            Column(tr("Share"), "right", "%"),
            Column(tr("Begun"), "right", unit),
            Column(tr("Year before"), "right", unit),
            Column(tr("Increase"), "right", unit),
        ),
        rows=(*rows, row(tr("Total"), total)),
        total=True,
        note=sentences([part.note, of_before]),
    )


def _text(
    book: Book,
    part: Spread,
    results: dict[str, StatsResult],
    lines: Sequence[_Line],
    cells: dict[str, dict[str, Figure]],
) -> str:
    units = [line for line in lines if line.is_unit and line.key not in ("others", NO_CORRIDOR.code)]
    ranked = [Ranked(line.label, cells[line.key]["stock"], cells[line.key].get("share")) for line in units]
    leading = ranking(ranked)
    said = [tr("{lead}, {ranking}", lead=part.lead, ranking=leading)] if leading else [_none(part)]
    begun = ranking([Ranked(line.label, cells[line.key]["flow"]) for line in units])
    if begun:
        said.append(tr("of those begun in the year, {ranking}", ranking=begun))
    texts = [clauses(said), _movers(book, units, cells)]
    unnamed = next((line for line in lines if not line.is_unit), None)
    if unnamed is not None and cells[unnamed.key]["stock"].value:
        figure = cells[unnamed.key]["stock"]
        texts.append(tr("Without a value: {n}, left out of the shares.", n=mark(figure)))
    texts.append(_regions(book, part, results["stock"]))
    texts.append(tr("The figures are in {table}.", table=see(f"{part.code}_table")))
    return sentences(texts)


def _none(part: Spread) -> str:
    return tr("{lead}, no project on the books at year end has a value", lead=part.lead)


def _movers(book: Book, units: Sequence[_Line], cells: dict[str, dict[str, Figure]]) -> str:
    """Return which units gained and lost most against the year before."""
    if not known_before(book):
        return ""
    moved = [(line, cells[line.key]["change"]) for line in units]
    numbers = [(line, figure, int(str(figure.value))) for line, figure in moved if figure.value]
    parts = []
    phrases: tuple[tuple[bool, Words], ...] = (
        (True, lambda named: tr("more than the year before: {units}", units=named)),
        (False, lambda named: tr("fewer than the year before: {units}", units=named)),
    )
    for rises, words in phrases:
        own = sorted((one for one in numbers if (one[2] > 0) == rises), key=lambda one: -abs(one[2]))
        if own and len(own) <= MOVERS:
            named = listed([tr("{label} ({change})", label=line.label, change=mark(figure)) for line, figure, _ in own])
            parts.append(words(named))
    text = clauses(parts)
    return text[:1].upper() + text[1:]


def _regions(book: Book, part: Spread, result: StatsResult) -> str:
    """Return how many projects have a counterpart in Hong Kong, Macao or Taiwan, where they are left out."""
    if part.code not in ("continent", "corridor") or not result.hmt:
        return ""
    figure = book.count(name_of(part.code, "regions"), result.hmt)
    return tr("Projects with Hong Kong, Macao and Taiwan of China, counted apart: {n}.", n=mark(figure))


def _picture(book: Book, part: Spread, result: StatsResult) -> list[Block]:
    units = [(place, row) for place, row in enumerate(result.rows) if row.is_unit and row.key != NO_CORRIDOR.code]
    rows = [(place, row) for place, row in units if row.count or part.paired]
    if sum(bool(row.count) for _, row in rows) < 2:
        return []
    draw: Callable[[Book, Spread, StatsResult, Sequence[tuple[int, StatsRow]]], Chart] = (
        _paired if part.paired else _bars
    )
    caption = tr("{lead}: projects at the end of {year}", lead=part.lead, year=book.year)
    if part.paired:
        caption = tr("{lead}: share of projects against share of countries", lead=part.lead)
    chart = draw(book, part, result, rows)
    return [Picture(f"{part.code}_picture", "", caption, chart, table=f"{part.code}_table")]


def _bars(book: Book, part: Spread, result: StatsResult, rows: Sequence[tuple[int, StatsRow]]) -> Chart:
    largest = sorted(rows, key=lambda one: -one[1].count)[:BARS]
    figures = [book.row(name_of(part.code, row.key), result, place) for place, row in largest]
    series = Series("", tuple(float(row.count) for _, row in largest), tuple(figure.name for figure in figures))
    return Chart("bars", tuple(row.label for _, row in largest), (series,), tr("projects"))


def _paired(book: Book, part: Spread, result: StatsResult, rows: Sequence[tuple[int, StatsRow]]) -> Chart:
    figures, baselines = [], []
    for place, row in rows:
        way = book.behind(result, place)
        own, other = name_of(part.code, row.key, "share"), name_of(part.code, row.key, "countries")
        figures.append(book.share(own, row.share, row.share_shown, way, result.rule))
        baselines.append(book.share(other, row.baseline_share, rule=baseline_rule()))
    actual = Series(tr("Share of projects"), tuple(row.share for _, row in rows), tuple(one.name for one in figures))
    baseline = Series(
        tr("Share of countries"),
        tuple(row.baseline_share for _, row in rows),
        tuple(one.name for one in baselines),
        baseline=True,
    )
    return Chart("paired", tuple(row.label for _, row in rows), (actual, baseline), "%", 1, percent=True)
