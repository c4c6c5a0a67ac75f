"""A block of Excel or WPS pasted into the ledger: it goes the way of any file, so that nothing is guessed silently."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtWidgets import QWidget

from bri_desktop.i18n import tr
from bri_desktop.services.pasted import is_head
from bri_desktop.ui import dialogs
from bri_desktop.ui.dialogs import Choice

HEADED, AS_SHOWN = "headed", "as_shown"
SHOWN_TITLES = 6
SIGN_OF_EXCEL = "utf-8-sig"


@cache
def _folder() -> "TemporaryDirectory[str]":
    """Return the folder of pasted blocks; it goes with the program, the rows kept aside are in the ledger."""
    return TemporaryDirectory(prefix="bri-paste-", ignore_cleanup_errors=True)


def block_of(text: str) -> list[list[str]]:
    """Return the rows of a block as a spreadsheet puts it on the clipboard, all of one length; empty ones left out.

    Cells with line ends or tabs stand in quotes there.
    """
    rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter="\t") if any(map(str.strip, row))]
    width = max((len(row) for row in rows), default=0)
    return [[*row, *[""] * (width - len(row))] for row in rows]


def headed(block: Sequence[Sequence[str]], titles: Sequence[str], parent: QWidget) -> list[list[str]] | None:
    """Return the block with a head: its own, or the columns of the table where the user says so; else ``None``."""
    rows = [list(row) for row in block]
    if is_head(rows[0], titles):
        return rows
    choices = [Choice(HEADED, tr("The first row is the head"))]
    detail = ""
    if len(rows[0]) <= len(titles):
        used = titles[: len(rows[0])]
        choices.insert(0, Choice(AS_SHOWN, tr("Columns as in this table")))
        more = tr(" and {count} more", count=len(used) - SHOWN_TITLES) if len(used) > SHOWN_TITLES else ""
        detail = tr("Columns of this table: {titles}", titles=tr(", ").join(used[:SHOWN_TITLES]) + more)
    question = tr("What was copied has no row of column names. What do its columns mean?")
    answer = dialogs.ask(parent, question, choices, detail=detail)
    if answer == AS_SHOWN:
        return [list(titles[: len(rows[0])]), *rows]
    return rows if answer == HEADED else None


def write_block(rows: Sequence[Sequence[str]]) -> Path:
    """Write a block as a file that the import reads; its name says when it was pasted."""
    name = tr("Pasted {time}", time=f"{datetime.now():%Y-%m-%d %H.%M.%S}")
    path = Path(_folder().name) / f"{name}.csv"
    with path.open("w", encoding=SIGN_OF_EXCEL, newline="") as file:
        csv.writer(file).writerows(rows)
    return path
