"""下一年展望: what is planned to begin and to end next year, runs out, has an anniversary, is to be done."""

from collections.abc import Sequence

import numpy as np
from sqlalchemy import select

from bri_desktop.db.models import Project
from bri_desktop.db.record_models import FollowUp
from bri_desktop.i18n import tr
from bri_desktop.reports.document import Block, Column, Section, Table
from bri_desktop.reports.numbering import see
from bri_desktop.reports.wording import date_text, mark, sentences
from bri_desktop.services.year_book import Book, Source
from bri_desktop.services.year_ties import TABLE_LIMIT, Due, TieRow, cut_note, expiring, jubilees, visible_pairs


def outlook(book: Book) -> Section:
    """Return 下一年展望: what is planned to begin and to end, runs out, has an anniversary, is to be done."""
    title = tr("What falls due in {year}", year=book.year + 1)
    standing = book.ask(kind="pair", pair_kind="all").members.group("total")
    pairs = visible_pairs(book)
    anniversaries = jubilees(book, [pairs[id_] for id_ in standing if id_ in pairs], book.year + 1)
    things = [
        *_planned(book),
        *expiring(book, book.year + 1, book.year + 1),
        *(
            Due("anniversary", _jubilee_name(row, years), _date_in(row, years), "pair", row.id)
            for row, years in anniversaries
        ),
        *_follow_ups(book),
    ]
    if not things:
        return Section(
            "outlook", title, book_text(book, tr("Nothing recorded falls due in {year}.", year=book.year + 1))
        )
    names = due_kinds()
    parts = []
    for kind, words in names.items():
        own = [due for due in things if due.kind == kind]
        if own:
            figure = book.count(f"due_{kind}", len(own), _source(own))
            parts.append(tr("{what}: {n}", what=words, n=mark(figure)))
    ordered = sorted(things, key=lambda due: (due.date, list(names).index(due.kind), due.record))
    text = tr("Recorded as due in {year}: {parts}.", year=book.year + 1, parts=tr("; ").join(parts))
    seen = tr("They are listed in {table}.", table=see("outlook_table"))
    return Section("outlook", title, (*book_text(book, sentences([text, seen])), _due_table(book, ordered)))


def book_text(book: Book, text: str) -> tuple[Block, ...]:
    """Return a text as the only paragraph."""
    return tuple(book.paragraphs([text]))


def due_kinds() -> dict[str, str]:
    """Return kind of what falls due -> its name, in the order of print."""
    return {
        "begin": tr("projects to begin"),
        "end": tr("projects to end"),
        "expiring": tr("agreements to run out"),
        "anniversary": tr("anniversaries of ties"),
        "follow_up": tr("follow-ups"),
    }


def _source(things: Sequence[Due]) -> Source:
    ids = sorted({due.record for due in things})
    return Source(things[0].record_kind, lambda: ids)


def _jubilee_name(row: TieRow, years: int) -> str:
    return tr("{tie}, {years} years", tie=row.name, years=years)


def _date_in(row: TieRow, years: int) -> str:
    signed = row.signed or ""
    return f"{int(signed[:4]) + years}{signed[4:]}"


def _planned(book: Book) -> list[Due]:
    """Return the pipeline planned to begin next year, and what stands and is planned to end then."""
    following = str(book.year + 1)
    ids = {
        "begin": book.ask("pipeline", year=book.year + 1).members.group("total"),
        "end": _to_end(book),
    }
    found = []
    for kind, field in (("begin", Project.planned_start), ("end", Project.planned_end)):
        wanted = set(ids[kind])
        rows = book.session.execute(select(Project.id, Project.title, field).where(field.like(f"{following}%")))
        found += [Due(kind, title, date, "project", id_) for id_, title, date in rows if id_ in wanted]
    return found


def _to_end(book: Book) -> tuple[int, ...]:
    data = book.cache.data(book.session)
    standing = np.array(book.ask().members.group("total"), np.int32)
    planned = data.projects.id[data.projects.planned_end // 10000 == book.year + 1]
    return tuple(np.intersect1d(standing, planned).tolist())


def _follow_ups(book: Book) -> list[Due]:
    following, pairs = str(book.year + 1), visible_pairs(book)
    query = (
        select(FollowUp, Project.title)
        .outerjoin(Project, Project.id == FollowUp.project_id)
        .where(FollowUp.deleted_at.is_(None), FollowUp.done.is_(None), FollowUp.due.like(f"{following}%"))
        .where(Project.deleted_at.is_(None))
        .order_by(FollowUp.due, FollowUp.id)
    )
    found = []
    for row, title in book.session.execute(query):
        if row.due is None or not book.hidden.shows(row.project_id, row.pair_id):
            continue
        if row.project_id is not None:
            words = tr("{what} ({of})", what=row.what, of=title)
            found.append(Due("follow_up", words, row.due, "follow_up", row.id))
        elif row.pair_id in pairs:
            words = tr("{what} ({of})", what=row.what, of=pairs[row.pair_id].name)
            found.append(Due("follow_up", words, row.due, "follow_up", row.id))
    return found


def _due_table(book: Book, things: Sequence[Due]) -> Table:
    names = due_kinds()
    rows = tuple(
        tuple(book.cell(cell) for cell in (str(n + 1), date_text(due.date), names[due.kind], due.what))
        for n, due in enumerate(things)
    )
    return Table(
        name="outlook_table",
        label="",
        caption=tr("What falls due in {year}", year=book.year + 1),
        columns=(
            Column(tr("No."), "center", width=0.5),
            Column(tr("When"), "center", width=1.4),
            Column(tr("What is due"), width=1.5),
            Column(tr("Project or tie"), width=4.0),
        ),
        rows=rows,
        limit=TABLE_LIMIT,
        cut_note=cut_note(len(rows), TABLE_LIMIT),
    )
