"""The recovery key of a backup under a password, on a sheet of paper to be kept apart from the file."""

from datetime import datetime
from html import escape

from PySide6.QtGui import QTextDocument
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtWidgets import QWidget

from bri_desktop.i18n import tr
from bri_desktop.ui.shared.printing import paper_font, sheet


def key_sheet(file: str, key: str, made: datetime) -> QTextDocument:
    """Return the sheet: what the key opens, the key in large type, what it is for."""
    lines = [
        tr("Backup: {file}", file=file),
        tr("Made: {time}", time=made.strftime("%Y-%m-%d %H:%M")),
    ]
    use = tr("This key opens the backup where the password is forgotten: type it in the place of the password. "
             "Keep it apart from the file; whoever has both can read the ledger.")  # fmt: skip
    document = QTextDocument()
    document.setDefaultFont(paper_font())
    body = "".join(f"<p>{escape(line)}</p>" for line in lines)
    title = escape(tr("Recovery key"))
    document.setHtml(f"<h2>{title}</h2>{body}<p style='font-size: 18pt'><b>{escape(key)}</b></p><p>{escape(use)}</p>")
    return document


def print_key(parent: QWidget, file: str, key: str, made: datetime) -> bool:
    """Ask for a printer and print the sheet; tell whether it was printed."""
    printer = sheet(wide=False, margin=0.0)
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle(tr("Print"))
    if dialog.exec() != QPrintDialog.DialogCode.Accepted:
        return False
    key_sheet(file, key, made).print_(printer)
    return True
