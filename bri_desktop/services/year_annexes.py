"""The annexes: what began and ended in the year, its outcomes, how everything was counted, where it comes from."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bri_desktop.analysis.units import name_of as name_of_unit
from bri_desktop.db.measure_models import ExchangeRate
from bri_desktop.db.models import ImportBatch, Organisation, Outcome, Place, Project, ProjectPlace
from bri_desktop.i18n import language, tr
from bri_desktop.reports.document import PRINTED_ROWS, Block, Column, Heading, Paragraph, Section, Table
from bri_desktop.reports.wording import ABSENT, amount, currency_name, date_text, exact, mark, tight
from bri_desktop.services.year_book import Book, Source, name_of
from bri_desktop.services.year_ties import cut_note

AT_ONCE = 5_000
NAMED_PLACES = 3


def new_projects(book: Book) -> Section:
    """Return the annex of the projects begun in the year; without blocks where there are none."""
    ids = book.ask("flow").members.group("total")
    dates = (("start", tr("Start")),)
    return _projects(book, "new_projects", tr("Projects begun in {year}", year=book.year), ids, dates)


def ended_projects(book: Book) -> Section:
    """Return the annex of the projects that ended in the year."""
    ids = book.ask("ended").members.group("total")
    dates = (("start", tr("Start")), ("ended", tr("Over")))
    return _projects(book, "ended_projects", tr("Projects ended in {year}", year=book.year), ids, dates)


def _projects(book: Book, code: str, title: str, ids: Sequence[int], dates: Sequence[tuple[str, str]]) -> Section:
    if not ids:
        return Section(code, title, (), annex=True)
    places = _places(book.session, ids)
    names = _names(book)
    departments = _departments(book) if book.internal else {}
    rows = []
    for number, row in enumerate(_rows(book.session, ids), start=1):
        cells = [str(number), _title(row), *places.get(row.id, (ABSENT, ABSENT))]
        cells += [
            _named(names["mode"], row.mode),
            _named(names["domain"], row.domain),
            _named(names["status"], row.status),
        ]
        cells += [date_text(getattr(row, name)) for name, _ in dates]
        cells.append(ABSENT if row.amount is None else amount(row.amount, row.currency or "CNY"))
        if book.internal:
            cells.append(departments.get(row.department_id, ABSENT))
        rows.append(tuple((cell,) for cell in cells))
    columns = [
        Column(tr("No."), "center", width=0.6),
        Column(tr("Project"), width=3.4),
        Column(tr("Cities at home"), width=1.5),
        Column(tr("Foreign partners"), width=2.0),
        Column(tr("Mode"), width=1.3),
        Column(tr("Domain"), width=1.3),
        Column(tr("Status"), width=1.0),
        *(Column(head, "center", width=2.2) for _, head in dates),
        Column(tr("Amount"), "right", width=1.3),
    ]
    if book.internal:
        columns.append(Column(tr("Responsible department"), width=1.6))
    table = Table(
        name=f"{code}_table",
        label="",
        caption=title,
        columns=tuple(columns),
        rows=tuple(rows),
        limit=PRINTED_ROWS,
        cut_note=cut_note(len(rows), PRINTED_ROWS),
        wide=True,
    )
    total = book.total(
        "flow" if code == "new_projects" else "ended", book.ask("flow" if code == "new_projects" else "ended")
    )
    said = book.paragraph(tr("In all: {n}.", n=mark(total)))
    return Section(code, title, (said, table), annex=True)


def _rows(session: Session, ids: Sequence[int]) -> list[Any]:
    """Return the projects with what the annexes print, by begin."""
    names = ("id", "title", "title_en", "mode", "domain", "status", "start", "ended", "amount", "currency")
    columns: list[Any] = [getattr(Project, name) for name in (*names, "department_id")]
    found = _in_parts(session, select(*columns), Project.id, ids)
    return sorted(found, key=lambda row: (row.start or "", row.id))


def _in_parts(session: Session, query: Select[Any], column: Any, ids: Sequence[int]) -> list[Any]:
    rows: list[Any] = []
    for first in range(0, len(ids), AT_ONCE):
        rows += session.execute(query.where(column.in_(list(ids[first : first + AT_ONCE])))).all()
    return rows


def _title(row: Any) -> str:
    title = (row.title_en or row.title) if language() == "en" else row.title
    return str(title)


def _named(names: Mapping[str | None, str], code: str | None) -> str:
    return ABSENT if code is None else names.get(code, code)


def _names(book: Book) -> dict[str, dict[str | None, str]]:
    codes = book.cache.data(book.session).codes
    return {name: {ref.code: name_of_unit(ref) for ref in codes[name]} for name in ("mode", "domain", "status")}


def _departments(book: Book) -> dict[int | None, str]:
    return dict(book.session.execute(select(Organisation.id, Organisation.name)).tuples().all())


def _places(session: Session, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Return project -> its places at home and abroad, the first few of each by name."""
    names = {
        row.id: (row.name_en or row.name_zh or row.key)
        if language() == "en"
        else (row.name_zh or row.name_en or row.key)
        for row in session.execute(select(Place.id, Place.key, Place.name_zh, Place.name_en))
    }
    sides: dict[int, dict[str, list[str]]] = {}
    query = select(ProjectPlace.project_id, ProjectPlace.side, ProjectPlace.place_id, ProjectPlace.position)
    for row in sorted(_in_parts(session, query, ProjectPlace.project_id, ids), key=lambda row: row.position):
        sides.setdefault(row.project_id, {}).setdefault(row.side, []).append(names.get(row.place_id, ""))
    return {id_: (_few(found.get("domestic", ())), _few(found.get("foreign", ()))) for id_, found in sides.items()}


def _few(names: Sequence[str]) -> str:
    if not names:
        return ABSENT
    shown = tr(", ").join(names[:NAMED_PLACES])
    return shown if len(names) <= NAMED_PLACES else tr("{names} and others, {n} in all", names=shown, n=len(names))


# -- outcomes ------------------------------------------------------------------------------------------------------


def outcomes(book: Book) -> Section:
    """Return the annex of the outcomes dated in the year, and of those that the projects begun in it recorded."""
    title = tr("Outcomes of {year}", year=book.year)
    dated = set(book.ask("flow", kind="outcome").members.group("total"))
    begun = book.ask("flow").members.group("total")
    columns = (Outcome.id, Outcome.what, Outcome.outcome_class, Outcome.quantity, Outcome.unit, Outcome.amount)
    query: Select[Any] = select(
        *columns, Outcome.currency, Outcome.date, Project.title, Project.title_en, Project.id.label("project")
    )
    query = query.join(Project, Project.id == Outcome.project_id)
    found = _in_parts(book.session, query, Outcome.id, sorted(dated))
    found += [
        row
        for row in _in_parts(book.session, query.where(Outcome.date.is_(None)), Outcome.project_id, begun)
        if row.id not in dated
    ]
    if not found:
        return Section("outcomes", title, (), annex=True)
    found.sort(key=lambda row: (row.date is None, row.date or "", row.project, row.id))
    said_of = tr("Dated in the year, or undated and of a project that began in it.")
    source = Source("outcome", partial(tuple, [row.id for row in found]))
    listed = book.count("outcomes_listed", len(found), source, said_of)
    said = book.paragraph(tr("In all: {n} entries.", n=mark(listed)))
    table = Table(
        name="outcomes_table",
        label="",
        caption=title,
        columns=(
            Column(tr("No."), "center", width=0.6),
            Column(tr("Project"), width=3.2),
            Column(tr("Outcome"), width=3.0),
            Column(tr("Class"), width=1.4),
            Column(tr("Quantity"), "right", width=1.2),
            Column(tr("Unit of measure"), "center", width=0.9),
            Column(tr("Amount"), "right", width=1.3),
            Column(tr("Date"), "center", width=2.2),
        ),
        rows=tuple(_outcome(book, row, n) for n, row in enumerate(found, start=1)),
        limit=PRINTED_ROWS,
        cut_note=cut_note(len(found), PRINTED_ROWS),
        note=said_of,
        wide=True,
    )
    return Section("outcomes", title, (said, table), annex=True)


def _outcome(book: Book, row: Any, number: int) -> tuple[tuple[str, ...], ...]:
    refs = book.cache.data(book.session).codes.get("outcome_class", ())
    classes: dict[str | None, str] = {ref.code: name_of_unit(ref) for ref in refs}
    money = ABSENT if row.amount is None else amount(row.amount, row.currency or "CNY")
    named = _named(classes, row.outcome_class)
    cells = (str(number), _title(row), row.what or ABSENT, named, exact(row.quantity), row.unit or ABSENT, money)
    return tuple((cell,) for cell in (*cells, date_text(row.date)))


# -- rules and sources ---------------------------------------------------------------------------------------------


def rules(book: Book) -> Section:
    """Return the annex of the counting rules: the general ones, and the sentence of each table that was asked for."""
    general = [
        tr(
            "A project begins with its earliest signed agreement, else with its signing, else with its start; a "
            "plan begins nothing."
        ),
        tr(
            "On the books at the end of a year: begun on or before 31 December and not ended by then. Ideas, "
            "intents and cases in approval are not counted."
        ),
        tr(
            "Completed, terminated and failed projects end on their date of end; without one they are named "
            "apart and stand in no year end."
        ),
        tr(
            "An umbrella project counts only where none of its parts does. Money and outcomes are summed where "
            "they were entered."
        ),
        tr("What has several values counts once under each; shares divide it equally and add up to 100.0%."),
        tr("Hong Kong, Macao and Taiwan of China are left out of countries and continents and named apart."),
        tr(
            "Sister-city ties are counted when signed and not ended; friendly exchange, intents and grass-roots "
            "ties are counted apart."
        ),
    ]
    if not book.internal:
        general.append(tr("Internal records are left out of every figure."))
    numbered = [
        Paragraph((f"{n}. {text}" if language() == "en" else f"{n}．{text}",)) for n, text in enumerate(general, 1)
    ]
    if not book.rules:
        return Section("rules", tr("Counting rules"), tuple(numbered), annex=True)
    blocks: list[Block] = [Heading(2, tr("General rules")), *numbered]
    blocks.append(Heading(2, tr("Rules of the tables")))
    blocks += [Paragraph((tight(f"{title}{tr(': ')}{rule}"),)) for title, rule in book.rules.items()]
    return Section("rules", tr("Counting rules"), tuple(blocks), annex=True)


def sources(book: Book) -> Section:
    """Return the annex of sources and rates."""
    day = date_text(book.today.isoformat())
    blocks: list[Block] = [
        *book.paragraphs([tr("The figures are those of the ledger as it stood on {date}.", date=day)])
    ]
    blocks += _imports(book) if book.internal else []
    blocks += _rates(book)
    return Section("sources", tr("Sources and rates"), tuple(blocks), annex=True)


def _imports(book: Book) -> list[Block]:
    query = select(ImportBatch.file_name, ImportBatch.at).where(ImportBatch.undone_at.is_(None))
    rows = [
        tuple((cell,) for cell in (str(n), batch.file_name, date_text(batch.at[:10])))
        for n, batch in enumerate(book.session.execute(query.order_by(ImportBatch.id.desc())), start=1)
    ]
    if not rows:
        return []
    columns = (
        Column(tr("No."), "center", width=0.6),
        Column(tr("File"), width=4.0),
        Column(tr("Taken in"), "center", width=1.6),
    )
    caption = tr("Files that were taken in, latest first")
    return [
        Table(
            "sources_imports",
            "",
            caption,
            columns,
            tuple(rows),
            limit=PRINTED_ROWS,
            cut_note=cut_note(len(rows), PRINTED_ROWS),
        )
    ]


def _rates(book: Book) -> list[Block]:
    query = select(ExchangeRate).where(ExchangeRate.year == book.year).order_by(ExchangeRate.currency)
    rates = list(book.session.scalars(query))
    if not rates:
        return book.paragraphs(
            [
                tr(
                    "No exchange rate of {year} is in the ledger; amounts in foreign money are not converted.",
                    year=book.year,
                )
            ]
        )
    rows = tuple(
        tuple(
            book.cell(cell)
            for cell in (
                currency_name(rate.currency),
                book.exact(name_of("rate", rate.currency), Decimal(rate.rate), "CNY"),
                rate.source or ABSENT,
            )
        )
        for rate in rates
    )
    columns = (
        Column(tr("Currency"), width=1.6),
        Column(tr("Yuan for one unit"), "right", width=1.4),
        Column(tr("Source"), width=3.0),
    )
    return [Table("sources_rates", "", tr("Exchange rates of {year}", year=book.year), columns, rows)]
