"""数据质量: how complete the records are today, and which departments have not returned their workbook."""

from collections.abc import Mapping
from typing import Any

from bri_desktop.i18n import tr
from bri_desktop.labels import field_label
from bri_desktop.reports.document import Block, Column, Heading, Section, Table
from bri_desktop.reports.numbering import see
from bri_desktop.reports.wording import ABSENT, clauses, date_text, mark, quantity, sentences
from bri_desktop.services.issue_register import OUTSTANDING, read_register
from bri_desktop.services.year_book import Book, Words, name_of
from bri_desktop.services.year_sources import RecordState, record_state, waiting_rows, workbooks


def quality(book: Book) -> Section:
    """Return 数据质量, as of today: what the records lack; in the internal edition who has not returned a workbook."""
    found = book.ask(measures=("quality",)).measures["quality"]
    title = tr("Quality of the records")
    if not found["records"]:
        return Section("quality", title, ())
    state = record_state(book)
    whole = book.share("quality_completeness", found["completeness"], source=state.everything())
    records = book.count("quality_records", found["records"], state.everything())
    parts = [
        tr(
            "As of {date}, the ledger has {records}",
            date=date_text(book.today.isoformat()),
            records=quantity("project", records),
        ),
        tr("{share} of the cells expected are filled in", share=mark(whole)),
    ]
    phrases: tuple[tuple[str, Words], ...] = (
        ("untouched", lambda n: tr("not touched for twelve months: {n}", n=n)),
        ("duplicates", lambda n: tr("probable duplicates: {n}", n=n)),
        ("pending", lambda n: tr("rows that wait for a decision: {n}", n=n)),
    )
    for code, words in phrases:
        if found[code]:
            way = waiting_rows(book) if code == "pending" else state.named(code)
            parts.append(words(mark(book.count(f"quality_{code}", found[code], way))))
    blocks: list[Block] = [
        *book.paragraphs([sentences([clauses(parts), tr("Field by field see {table}.", table=see("quality_fields"))])])
    ]
    blocks.append(_field_table(book, found, state))
    blocks += _not_returned(book) if book.internal else []
    return Section("quality", title, tuple(blocks))


def _field_table(book: Book, found: Mapping[str, Any], state: RecordState) -> Table:
    names = sorted(found["fields"], key=lambda name: (found["fields"][name] is None, found["fields"][name] or 0.0))
    rows = tuple(
        tuple(
            book.cell(cell)
            for cell in (
                field_label(name),
                book.share(name_of("quality", name), found["fields"][name], source=state.filled(name)),
                book.count(name_of("quality", name, "missing"), found["missing"][name], state.lacking(name)),
            )
        )
        for name in names
    )
    columns = (
        Column(tr("Field"), width=2.4),
        Column(tr("Filled"), "right"),
        Column(tr("Missing"), "right", tr("projects")),
    )
    note = tr("A start is expected of projects that have begun, an outcome of those in implementation or later.")
    return Table("quality_fields", "", tr("Completeness by field"), columns, rows, note=note)


def _not_returned(book: Book) -> list[Block]:
    """Return which departments have not returned a workbook that is out."""
    entries = [entry for entry in read_register(book.session, book.today).entries if entry.state in OUTSTANDING]
    if not entries:
        return book.paragraphs([tr("No workbook is out: every one issued has come back.")]) if _ever(book) else []
    late = [entry for entry in entries if entry.late]
    out = book.count("quality_outstanding", len(entries), workbooks(book, [entry.number for entry in entries]))
    parts = [tr("issued and not returned: {workbooks}", workbooks=quantity("workbook", out))]
    if late:
        overdue = book.count("quality_overdue", len(late), workbooks(book, [entry.number for entry in late]))
        parts.append(tr("past their day: {n}", n=mark(overdue)))
    text = clauses(parts)
    rows = tuple(
        tuple(
            book.cell(cell)
            for cell in (
                entry.department,
                entry.number,
                date_text(entry.issued_at[:10]),
                date_text(entry.due),
                book.count(name_of("quality_late", entry.number), entry.late, workbooks(book, [entry.number]))
                if entry.late
                else ABSENT,
            )
        )
        for entry in sorted(entries, key=lambda entry: (-entry.late, entry.due or "9", entry.number))
    )
    columns = (
        Column(tr("Department"), width=2.4),
        Column(tr("Workbook"), width=1.8),
        Column(tr("Issued"), "center", width=1.5),
        Column(tr("Due day"), "center", width=1.5),
        Column(tr("Days late"), "right"),
    )
    caption = tr("Departments that have not returned their workbook")
    table = Table("quality_outstanding_table", "", caption, columns, rows)
    return [Heading(2, tr("Workbooks not returned")), *book.paragraphs([text[:1].upper() + text[1:]]), table]


def _ever(book: Book) -> bool:
    return bool(read_register(book.session, book.today).entries)
