"""友好城市工作 and 下一年展望: ties new, with an anniversary, dormant or running out, and what falls due next year."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from bri_desktop.analysis.units import name_of as name_of_unit
from bri_desktop.db.models import Activity, Agreement, Outcome, Project
from bri_desktop.i18n import language, tr
from bri_desktop.reports.document import Block, Column, Figure, Heading, Runs, Section, Table
from bri_desktop.reports.numbering import see
from bri_desktop.reports.wording import ABSENT, clauses, date_text, growth, mark, quantity, sentences
from bri_desktop.services.city_events import RUNNING, TIE_ITSELF
from bri_desktop.services.pair_life import read_rules, stage
from bri_desktop.services.statistics import facts_of
from bri_desktop.services.statistics_kinds import PAIR_KINDS
from bri_desktop.services.year_book import Book, Source, name_of
from bri_desktop.services.year_overview import known_before

TABLE_LIMIT = 60
"""Rows of a list of ties or of things due that stand on paper; the workbook has all of them."""


@dataclass(frozen=True, slots=True)
class Due:
    """Something with a date; ``what`` names it, ``kind`` says which sort of thing, ``pair`` is its tie if it has one.

    ``record_kind`` and ``record`` name the record that says so.
    """

    kind: str
    what: str
    date: str
    record_kind: str
    record: int
    pair: int = 0


def kind_names(book: Book) -> dict[str | None, str]:
    """Return code of a kind of tie -> its name."""
    refs = book.cache.data(book.session).codes["pair_kind"]
    return {ref.code: name_of_unit(ref) for ref in refs} | {None: tr("Not classified")}


@dataclass(frozen=True, slots=True)
class TieRow:
    """A tie as it is printed: names of both places and of the foreign country, codes, first signing and end (ISO)."""

    id: int
    domestic: str
    foreign: str
    country: str
    kind: str | None
    life: str | None
    signed: str | None
    ended: str | None

    @property
    def name(self) -> str:
        """Both places, with the country of the foreign one."""
        if self.country in ("", self.foreign):
            return f"{self.domestic}—{self.foreign}"
        bracket = f" ({self.country})" if language() == "en" else f"（{self.country}）"
        return f"{self.domestic}—{self.foreign}{bracket}"


def visible_pairs(book: Book) -> dict[int, TieRow]:
    """Return the ties that may be seen, by number."""
    found: dict[int, TieRow] = book.cache.once(("tie rows", language()), lambda: _tie_rows(book))
    return found


def _tie_rows(book: Book) -> dict[int, TieRow]:
    data, spoken = book.cache.data(book.session), 2 if language() == "en" else 1
    countries = {ref.iso2: (ref.en if spoken == 2 else ref.zh) for ref in data.countries}
    of_place = {place.key: countries.get(place.country, "") for place in data.places}
    return {
        pair.id: TieRow(
            id=pair.id,
            domestic=pair.domestic[spoken],
            foreign=pair.foreign[spoken],
            country=of_place.get(pair.foreign[0], ""),
            kind=pair.kind,
            life=pair.life,
            signed=_iso(pair.signed),
            ended=_iso(pair.ended),
        )
        for pair in facts_of(book.session, book.cache).pairs
    }


def _iso(packed: int) -> str | None:
    """Return a packed date as an ISO date of reduced precision; ``None`` for no date."""
    year, month, day = packed // 10000, packed // 100 % 100, packed % 100
    parts = (f"{year:04d}", f"{month:02d}" if month else "", f"{day:02d}" if day else "")
    return "-".join(part for part in parts if part) if packed else None


# -- ties --------------------------------------------------------------------------------------------------------


def ties(book: Book) -> Section:
    """Return 友好城市工作; without blocks where the ledger has no tie."""
    everything = book.ask(kind="pair", pair_kind="all")
    began = book.ask("flow", kind="pair", pair_kind="all")
    if not everything.total and not began.total:
        return Section("ties", tr("Sister cities and friendly exchange"), ())
    pairs = visible_pairs(book)
    standing = [pairs[id_] for id_ in everything.members.group("total") if id_ in pairs]
    fresh = [pairs[id_] for id_ in began.members.group("total") if id_ in pairs]
    anniversaries = jubilees(book, standing)
    sleeping = _dormant(book, standing)
    ending = _running_out(book, standing)
    counts = {
        "ties_new": _count(book, "ties_new", [row.id for row in fresh]),
        "ties_anniversary": _count(book, "ties_anniversary", [row.id for row, _ in anniversaries]),
        "ties_dormant": _count(book, "ties_dormant", [row.id for row in sleeping]),
        "ties_expiring": _count(book, "ties_expiring", sorted({due.pair for due in ending})),
    }
    blocks: list[Block] = [*book.paragraphs([_official(book), _events(book, counts)]), _kinds(book)]
    blocks += _list(book, tr("Concluded in the year"), "ties_new", [(row, row.signed, "") for row in fresh])
    blocks += _list(
        book,
        tr("Anniversaries in the year"),
        "ties_anniversary",
        [(row, row.signed, str(years)) for row, years in anniversaries],
        tr("Years since"),
    )
    blocks += _list(book, tr("Dormant"), "ties_dormant", [(row, row.signed, "") for row in sleeping])
    blocks += _list(
        book,
        tr("Agreements that ran out or will"),
        "ties_expiring",
        [(pairs[due.pair], pairs[due.pair].signed, date_text(due.date)) for due in ending],
        tr("Valid until"),
    )
    return Section("ties", tr("Sister cities and friendly exchange"), tuple(blocks))


def _count(book: Book, name: str, ids: Sequence[int]) -> Figure:
    return book.count(name, len(ids), Source("pair", lambda: ids))


def _official(book: Book) -> str:
    now = book.total("sister", book.ask(kind="pair"))
    new = book.total("sister_new", book.ask("flow", kind="pair"))
    over = book.total("sister_ended", book.ask("ended", kind="pair"))
    before = None
    if known_before(book):
        year = book.year - 1
        before = book.published("sister", year, book.total(name_of("sister", "y1"), book.ask(kind="pair", year=year)))
    said = tr("there is no sister-city tie at year end")
    if now.value:
        said = tr("sister-city ties at year end: {n}", n=mark(now))
        said = tr("{said}, {against}", said=said, against=growth(book.growth("sister", now, before), "tie"))
    parts = [
        said,
        tr("concluded in the year: {n}", n=mark(new)) if new.value else tr("none was concluded in the year"),
        tr("ended in the year: {n}", n=mark(over)) if over.value else "",
    ]
    text = clauses(parts)
    others = [kind for kind in PAIR_KINDS[1:] if book.ask(kind="pair", pair_kind=kind).total]
    names = kind_names(book)
    apart = [
        tr(
            "{kind} {n}",
            kind=names[kind],
            n=mark(book.total(name_of("ties", kind), book.ask(kind="pair", pair_kind=kind))),
        )
        for kind in others
    ]
    said = tr("Counted apart: {kinds}.", kinds=tr(", ").join(apart)) if apart else ""
    return sentences([text[:1].upper() + text[1:], said, tr("The figures are in {table}.", table=see("ties_kinds"))])


def _events(book: Book, counts: dict[str, Figure]) -> str:
    rules = read_rules(book.session)
    parts = []
    if counts["ties_anniversary"].value:
        words = tr(
            "with a {step}th-year anniversary in the year: {ties}",
            step=rules.step,
            ties=quantity("tie", counts["ties_anniversary"]),
        )
        parts.append(words)
    if counts["ties_dormant"].value:
        parts.append(
            tr(
                "without agreement, activity, outcome or project for {years} years: {ties}",
                years=rules.dormant_years,
                ties=quantity("tie", counts["ties_dormant"]),
            )
        )
    if counts["ties_expiring"].value:
        parts.append(
            tr(
                "with an agreement that ran out in {year} or will in {next}: {ties}",
                year=book.year,
                next=book.year + 1,
                ties=quantity("tie", counts["ties_expiring"]),
            )
        )
    text = clauses(parts)
    return text[:1].upper() + text[1:]


def _kinds(book: Book) -> Table:
    names = kind_names(book)
    before = known_before(book)
    rows = []
    for kind in PAIR_KINDS:
        now = book.total("sister" if kind == "sister" else name_of("ties", kind), book.ask(kind="pair", pair_kind=kind))
        new = book.total(name_of("ties", kind, "flow"), book.ask("flow", kind="pair", pair_kind=kind))
        over = book.total(name_of("ties", kind, "ended"), book.ask("ended", kind="pair", pair_kind=kind))
        last = book.total(name_of("ties", kind, "y1"), book.ask(kind="pair", pair_kind=kind, year=book.year - 1))
        if any(figure.value for figure in (now, new, over, last)) or kind == "sister":
            cells = (names[kind], last if before else ABSENT, new, over, now)
            rows.append(tuple(book.cell(cell) for cell in cells))
    published = name_of("sister", book.year - 1) in book.restated
    unit = tr("ties")
    heads = (tr("Year before"), tr("New"), tr("Over"), tr("Year end"))
    return Table(
        name="ties_kinds",
        label="",
        caption=tr("Ties between cities by kind, {year}", year=book.year),
        columns=(Column(tr("Kind of tie"), width=2.0), *(Column(head, "right", unit) for head in heads)),
        rows=tuple(rows),
        note=sentences([_official_alone(), tr("Year before: by the ledger as it stands now.") if published else ""]),
    )


def _official_alone() -> str:
    return tr(
        "Only sister-city ties that are signed and not ended are official; the other kinds are never counted as such."
    )


def _list(
    book: Book, title: str, name: str, rows: Iterable[tuple[TieRow, str | None, str]], further: str = ""
) -> list[Block]:
    """Return a heading and a table of ties; nothing without any."""
    names = kind_names(book)
    lines: list[tuple[Runs, ...]] = []
    for position, (row, signed, more) in enumerate(rows):
        cells = [str(position + 1), row.name, names.get(row.kind, row.kind or ""), date_text(signed)]
        lines.append(tuple(book.cell(cell) for cell in (*cells, *([more] if further else []))))
    if not lines:
        return []
    columns = [
        Column(tr("No."), "center", width=0.5),
        Column(tr("Tie between cities"), width=3.6),
        Column(tr("Kind of tie"), width=1.5),
        Column(tr("Signed"), "center", width=1.5),
    ]
    columns += [Column(further, "center", width=1.4)] if further else []
    table = Table(
        name=f"{name}_table", label="", caption=title, columns=tuple(columns), rows=tuple(lines), limit=TABLE_LIMIT,
        cut_note=cut_note(len(lines), TABLE_LIMIT),
    )  # fmt: skip
    return [Heading(2, title), table]


def cut_note(rows: int, limit: int) -> str:
    """Return the line under a table that is not printed whole; nothing where it is."""
    if rows <= limit:
        return ""
    return tr("The first {limit} of {rows} rows; the workbook of this summary has all of them.", limit=limit, rows=rows)


def jubilees(book: Book, pairs: Iterable[TieRow], year: int | None = None) -> list[tuple[TieRow, int]]:
    """Return the ties that have an anniversary in a year (default: that of the summary), with the years."""
    step, of_year = read_rules(book.session).step, year or book.year
    found = []
    for row in pairs:
        years = of_year - int(row.signed[:4]) if row.signed else 0
        if years > 0 and years % step == 0:
            found.append((row, years))
    return sorted(found, key=lambda one: ((one[0].signed or "")[4:], one[0].id))


def _dormant(book: Book, pairs: Sequence[TieRow]) -> list[TieRow]:
    """Return the standing ties between which nothing has happened for as many years as the office's rule says."""
    rules, moves = read_rules(book.session), _moves(book)
    return [
        row
        for row in pairs
        if stage(row.life, row.ended, row.signed, moves.get(row.id, ()), book.day, rules.dormant_years) == "dormant"
    ]


def _moves(book: Book) -> dict[int | None, set[str]]:
    """Return tie -> the dates of everything between its places, by the rule of the tie's own page."""
    session, day = book.session, book.day.isoformat()
    moves: dict[int | None, set[str]] = defaultdict(set)
    owners = dict(
        session.execute(
            select(Project.id, Project.pair_id).where(Project.pair_id.is_not(None), Project.deleted_at.is_(None))
        ).tuples().all()
    )  # fmt: skip
    query = select(Project.pair_id, Project.start, Project.ended, Project.status, Project.mode)
    for pair, start, ended, status, mode in session.execute(
        query.where(Project.pair_id.is_not(None), Project.deleted_at.is_(None))
    ):
        moves[pair].update(date for date in (start, ended) if date)
        runs = status == RUNNING and mode != TIE_ITSELF and start and start <= day[: len(start)]
        if runs and (ended is None or ended > day[: len(ended)]):
            moves[pair].add(day)
    for table, dates in ((Agreement, ("signed",)), (Activity, ("date", "ended"))):
        kind: Any = table
        columns = [getattr(kind, name) for name in dates]
        for project, pair, *found in session.execute(
            select(kind.project_id, kind.pair_id, *columns).where(kind.deleted_at.is_(None))
        ):
            moves[pair or owners.get(project)].update(date for date in found if date)
    for project, date in session.execute(select(Outcome.project_id, Outcome.date).where(Outcome.date.is_not(None))):
        moves[owners.get(project)].add(date)
    return moves


def _running_out(book: Book, pairs: Sequence[TieRow]) -> list[Due]:
    """Return the agreements of ties that ran out in the year without an end being noted, or run out in the next."""
    standing = {row.id for row in pairs}
    return [due for due in expiring(book, book.year, book.year + 1) if due.pair in standing]


def expiring(book: Book, first: int, last: int) -> list[Due]:
    """Return the agreements without a noted end that are valid until a day of the years ``first`` to ``last``."""
    query = (
        select(Agreement, Project.title, Project.pair_id)
        .outerjoin(Project, Project.id == Agreement.project_id)
        .where(Agreement.deleted_at.is_(None), Agreement.ended.is_(None), Project.deleted_at.is_(None))
        .where(Agreement.expires >= str(first), Agreement.expires < str(last + 1))
        .order_by(Agreement.expires, Agreement.id)
    )
    pairs, found = visible_pairs(book), []
    for row, title, of_project in book.session.execute(query):
        if not book.hidden.shows(row.project_id, row.pair_id):
            continue
        pair = row.pair_id or of_project
        if pair in pairs:
            words = row.title or title or pairs[pair].name
            found.append(Due("expiring", words, row.expires, "agreement", row.id, pair))
        elif row.project_id is not None:
            found.append(Due("expiring", row.title or title or "", row.expires, "agreement", row.id))
    return found
