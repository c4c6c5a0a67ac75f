"""The ledger on paper: the columns and rows of the table as they stand, on as many sheets as they need."""

from collections.abc import Iterable, Sequence
from datetime import date
from html import escape

from PySide6.QtGui import QTextDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QWidget

from bri_desktop.i18n import tr
from bri_desktop.services.project_items import ProjectItem
from bri_desktop.ui.shared.grouped_model import GroupHead
from bri_desktop.ui.shared.model import Column, plain
from bri_desktop.ui.shared.printing import paper_font, sheet
from bri_desktop.ui.shared.taking_out import table_html

MOST = 5_000
"""More rows are no sheet to read: 150 pages."""
FEW_COLUMNS = 5


def table_document(
    rows: Sequence[ProjectItem],
    columns: Sequence[Column[ProjectItem]],
    title: str,
    note: str,
    groups: Sequence[GroupHead] = (),
) -> QTextDocument:
    """Return the table as it is printed, with ``groups`` a table each."""
    document = QTextDocument()
    document.setDefaultFont(paper_font())
    heads = [column.title for column in columns]

    def cells(several: Iterable[ProjectItem]) -> list[list[str]]:
        return [[plain(column.cell(row)) for column in columns] for row in several]

    if groups:
        known = {row.id: row for row in rows}
        parts = [f"<h2>{escape(title)}</h2><p>{escape(note)}</p>"]
        for group in groups:
            shown = cells(known[key] for key in group.ids if key in known)
            parts.append(table_html(group.title, group.detail, heads, shown))
        document.setHtml("".join(parts))
    else:
        document.setHtml(table_html(title, note, heads, cells(rows)))
    return document


def print_note(count: int) -> str:
    """Return the line under the title: how many records, and the day."""
    return tr("{count} records, {day}", count=f"{count:,}", day=date.today().isoformat())


def ask_printer(parent: QWidget, columns: int) -> QPrinter | None:
    """Ask for a printer; ``None`` where the user turned away."""
    printer = sheet(wide=columns > FEW_COLUMNS, margin=0.0)
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle(tr("Print"))
    return printer if dialog.exec() == QPrintDialog.DialogCode.Accepted else None


def print_table(
    printer: QPrinter,
    rows: Sequence[ProjectItem],
    columns: Sequence[Column[ProjectItem]],
    title: str,
    groups: Sequence[GroupHead] = (),
) -> int:
    """Print rows; return how many. Runs off the GUI thread: laying out thousands of rows takes seconds."""
    table_document(rows, columns, title, print_note(len(rows)), groups).print_(printer)
    return len(rows)
