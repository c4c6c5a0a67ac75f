"""多年对比: the main figures of several years beside each other, frozen years as they were published."""

from collections.abc import Callable, Sequence

from bri_desktop.analysis.chart import Chart, Series
from bri_desktop.analysis.names import dimension_name
from bri_desktop.i18n import tr
from bri_desktop.reports.document import Block, Column, Figure, Picture, Runs, Section, Table
from bri_desktop.reports.numbering import see
from bri_desktop.reports.wording import ABSENT, capital, clauses, mark, per_cent, sentences
from bri_desktop.services.year_book import Book, name_of
from bri_desktop.services.year_overview import COUNT_OF, Indicator, ago, indicators, is_known, value_of


def comparison(book: Book, years: Sequence[int]) -> Section:
    """Return 多年对比 over ``years``; nothing for a single one."""
    if len(years) < 2:
        return Section("comparison", tr("Comparison of years"), ())
    rows = tuple(row for item in indicators() if (row := _years_line(book, item, years)))
    span = tr("{first}–{last}", first=years[0], last=years[-1])
    table = Table(
        name="comparison_years",
        label="",
        caption=tr("Main figures, {span}", span=span),
        columns=(
            Column(tr("Figure"), width=2.6),
            Column(tr("Unit of measure"), "center", width=0.8),
            *(Column(str(year), "right") for year in years),
            Column(tr("Yearly growth"), "right", width=1.2),
        ),
        rows=rows,
        note=sentences(
            [
                tr(
                    "Yearly growth is the compound annual rate from the first to the last year; a dash where the first "
                    "is 0."
                ),
                _frozen_note(book, years),
            ]
        ),
    )
    text = [_years_text(book, years)]
    tables = [_years_by(book, dim, caption, years) for dim, caption in _compared()]
    blocks: list[Block] = [*book.paragraphs(text), table, *_years_picture(book, years)]
    return Section("comparison", tr("Comparison of years"), (*blocks, *(one for one in tables if one.rows)))


def _frozen_note(book: Book, years: Sequence[int]) -> str:
    """Return which of the years stand as they were frozen."""
    frozen = tr(", ").join(str(year) for year in years if year in book.frozen)
    return tr("Frozen figures: {years}; the other years as the ledger stands now.", years=frozen) if frozen else ""


def _compared() -> tuple[tuple[str, str], ...]:
    return (
        ("mode", tr("Projects on the books by mode")),
        ("domain", tr("Projects on the books by domain")),
        ("continent", tr("Projects on the books by continent")),
    )


def _years_text(book: Book, years: Sequence[int]) -> str:
    parts = []
    phrases: tuple[tuple[str, Callable[[str, str], str]], ...] = (
        ("stock", lambda a, b: tr("projects on the books went from {first} to {last}", first=a, last=b)),
        ("flow", lambda a, b: tr("projects begun in a year went from {first} to {last}", first=a, last=b)),
    )
    for code, words in phrases:
        ends = [_of_year(book, code, year) for year in (years[0], years[-1])]
        if ends[0].value != ends[1].value:
            parts.append(words(mark(ends[0]), mark(ends[1])))
    said = capital(clauses(parts)) or tr(
        "The first and the last of these years do not differ in projects on the books or begun."
    )
    return sentences([said, tr("The yearly figures are in {table}.", table=see("comparison_years"))])


def _of_year(book: Book, code: str, year: int) -> Figure:
    """Return how many projects there were in a year, as frozen where it was."""
    name = name_of(code, ago(book, year))
    return book.as_frozen(code, year, name) or book.total(name, book.ask(COUNT_OF.get(code, "stock"), year=year))


def _years_line(book: Book, item: Indicator, years: Sequence[int]) -> tuple[Runs, ...]:
    figures = [
        book.as_frozen(item.code, year, name_of(item.code, ago(book, year)))
        or value_of(book, item, year, ago(book, year))
        for year in years
    ]
    if not is_known(*figures):
        return ()
    ends = (figures[0].value, figures[-1].value)
    rate = None
    if not item.measure and ends[0]:
        rate = (float(str(ends[1])) / float(str(ends[0]))) ** (1 / (years[-1] - years[0])) - 1
    shown = ABSENT if rate is None else ("+" if rate > 0 else "−" if rate < 0 else "") + per_cent(abs(rate))
    way = book.all_of(figures[0], figures[-1])
    growth_figure = book.put(name_of(item.code, "cagr", len(years)), rate, shown, source=way)
    cells: list[Figure | str] = [item.label, item.unit, *figures, growth_figure]
    return tuple(map(book.cell, cells))


def _years_picture(book: Book, years: Sequence[int]) -> list[Block]:
    series = []
    for code, label in (
        ("stock", tr("On the books at year end")),
        ("flow", tr("Begun in the year")),
        ("ended", tr("Over in the year")),
    ):
        figures = [_of_year(book, code, year) for year in years]
        series.append(Series(label, tuple(float(str(f.value)) for f in figures), tuple(f.name for f in figures)))
    chart = Chart("lines", tuple(map(str, years)), tuple(series), tr("projects"))
    caption = tr("Projects, {first}–{last}", first=years[0], last=years[-1])
    return [Picture("comparison_course", "", caption, chart, table="comparison_years")]


def _years_by(book: Book, dim: str, caption: str, years: Sequence[int]) -> Table:
    results = {year: book.ask(by=(dim,), year=year) for year in years}
    keys = list(dict.fromkeys(row.keys for result in results.values() for row in result.rows if row.count))
    rows = []
    for key in keys:
        label, cells = "", list[Figure]()
        for year, result in results.items():
            position = next((place for place, row in enumerate(result.rows) if row.keys == key), None)
            code = name_of(dim, key[0] or "unfilled")
            name = name_of(dim, key[0] or "unfilled", ago(book, year))
            label = label if position is None else result.rows[position].label
            figure = book.as_frozen(code, year, name)
            if figure is None:
                figure = book.count(name, 0) if position is None else book.row(name, result, position)
            cells.append(figure)
        rows.append((book.cell(label), *map(book.cell, cells)))
    columns = (Column(dimension_name(dim), width=2.4), *(Column(str(year), "right", tr("projects")) for year in years))
    return Table(f"comparison_{dim}", "", caption, columns, tuple(rows))
