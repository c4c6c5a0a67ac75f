"""What is broken in a returned workbook, put together for its reader: what, where, and what it means."""

from collections.abc import Iterator

from bri_desktop.domain.codebook import CodeBook
from bri_desktop.domain.damage import find_column_damage
from bri_desktop.excel.issued_book import ReturnedBook
from bri_desktop.excel.issued_cells import Entry, Words
from bri_desktop.excel.issued_layout import KEY
from bri_desktop.excel.sheet_text import clean
from bri_desktop.services.merging_cells import field_of
from bri_desktop.services.merging_plan import Damage
from bri_desktop.services.merging_scan import Scan

STOPPING = frozenset(
    {
        "column_sorted",
        "block_shifted",
        "keys_copied",
        "keys_lost",
        "keys_moved",
        "keys_unknown",
        "foreign_issue",
        "older_issue",
        "lists_changed",
        "headers_changed",
        "columns_moved",
        "columns_missing",
        "sheet_missing",
        "marks_lost",
    }
)
MOST_NAMED = 5
FIELDS = "fields"
"""Where the values of a damaged column keep which fields it holds."""


def book_damage(book: ReturnedBook) -> Iterator[Damage]:
    """Tell what of the layout was changed."""
    for one in book.damage:
        names = "、".join(column.rstrip(" *") for column in one.columns)
        yield Damage(one.kind, one.sheet, "、".join(one.cells), {"columns": names, "sheet": one.sheet})


def changed_lists(book: ReturnedBook, codes: CodeBook) -> Iterator[Damage]:
    """Tell the drop-down lists whose words are no longer those of the code lists."""
    columns = {column.list: column.header for table in book.control.tables for column in table.columns if column.list}
    names = [name for name in columns if name and codes.codes(name) and not _is_as_issued(book, codes, name)]
    if names:
        headers = "、".join(columns[name].rstrip(" *") for name in names)
        yield Damage("lists_changed", "", headers, {"columns": headers})


def _is_as_issued(book: ReturnedBook, codes: CodeBook, name: str) -> bool:
    """Tell whether the workbook's list holds no word that the code list has not for that code.

    A code that the office added since is missing in the workbook without anybody's doing.
    """
    entries = book.words.lists.get(name, {})
    known = {label.code: {clean(label.name_zh).strip(), clean(label.name_en).strip()} for label in codes.codes(name)}
    return bool(entries) and all(entry.label.strip() in known.get(code, ()) for code, entry in entries.items())


def original_words(book: ReturnedBook, codes: CodeBook) -> Words:
    """Return the lists as they were sent: those of the workbook, and for a changed one those of the ledger."""
    language = book.control.language
    lists = dict(book.words.lists)
    for table in book.control.tables:
        for column in table.columns:
            name = column.list
            if name and codes.codes(name) and not _is_as_issued(book, codes, name):
                lists[name] = {
                    label.code: Entry(label.code, label.label(language), label.parent) for label in codes.codes(name)
                }
    return Words(lists)


def scan_damage(scan: Scan) -> Iterator[Damage]:
    """Tell what happened to the rows and columns of one table."""
    yield from _key_damage(scan)
    if not scan.detached:
        yield from _column_damage(scan)


def _column_damage(scan: Scan) -> Iterator[Damage]:
    placed = sorted((row for row in scan.rows if row.place >= 0), key=lambda row: row.place)
    numbers = {column.field: n for n, column in enumerate(scan.table.columns)}
    for one in find_column_damage(scan.pairs(), scan.positions):
        first, last = placed[one.first].number, placed[one.last].number
        places = [numbers[name] for name in one.fields]
        cells = [f"{scan.table.address(n, first)}:{scan.table.address(n, last)}" for n in places]
        names = "、".join(scan.table.columns[n].header.rstrip(" *") for n in places)
        fields = [field_of(scan.table.columns[n]) for n in places]
        values = {"columns": names, "count": one.count, "by": abs(one.by), "down": one.by > 0, FIELDS: fields}
        yield Damage(one.kind, scan.table.name, "、".join(cells), values)


def _key_damage(scan: Scan) -> Iterator[Damage]:
    name, table = scan.table.name, scan.table
    if scan.detached:
        yield Damage("keys_moved", name, "", {"count": len(scan.positions)})
    if scan.repeated:
        placed = {row.place: row for row in scan.rows if row.place >= 0}
        numbers = sorted(placed[place].number for places in scan.repeated.values() for place in places)
        where = "、".join(map(str, numbers[: MOST_NAMED * 2]))
        yield Damage("keys_copied", name, where, {"rows": where, "count": len(scan.repeated)})
    if scan.rematched and not scan.detached:
        rows = [row.number for row in scan.rows if row.by == "content"]
        yield Damage("keys_lost", name, _some(rows), {"count": scan.rematched})
    elif table.key_column is None and not scan.detached:
        header = next((column.header for column in table.columns if column.field == KEY), "")
        yield Damage("keys_lost", name, header, {"count": 0})
    if scan.unknown_keys:
        rows = [row.number for row in scan.rows if row.place < 0 and row.written_key]
        yield Damage("keys_unknown", name, _some(rows), {"count": scan.unknown_keys})


def _some(rows: list[int]) -> str:
    shown = "、".join(map(str, rows[:MOST_NAMED]))
    return f"{shown}…" if len(rows) > MOST_NAMED else shown
