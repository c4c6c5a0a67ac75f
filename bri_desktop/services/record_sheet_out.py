"""Record sheets as files: of one record, of several in one file, or one file each in a folder."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from bri_desktop.db.attachments import safe_name
from bri_desktop.db.models import Pair
from bri_desktop.domain.codebook import CodeBook
from bri_desktop.domain.errors import InputError, Where
from bri_desktop.domain.vocabulary import PAIR_KEY, number_of
from bri_desktop.excel.writer import free_name
from bri_desktop.reports.record_sheet import RecordSheet
from bri_desktop.reports.reminders import long_day
from bri_desktop.services.attachments import AttachmentFolder, folder_beside
from bri_desktop.services.office import read_office
from bri_desktop.services.record_sheet_facts import project_sheet
from bri_desktop.services.record_sheet_tie import tie_sheet
from bri_desktop.services.reference import read_codebook

ENDINGS = (".docx", ".pdf")
MOST_AT_ONCE = 500
"""So many records may be written by one act: more are a table, not pages."""
LONGEST_NAME = 60
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class WrittenSheets:
    """The files that were written, and of how many records."""

    files: tuple[Path, ...]
    records: int

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``record-sheet --json`` prints."""
        return {"files": [str(path) for path in self.files], "records": self.records}


def check_ending(ending: str, name: str) -> None:
    """Raise ``InputError`` ``record_sheet_type`` for a file that is neither Word nor PDF."""
    if ending.lower() not in ENDINGS:
        raise InputError("record_sheet_type", where=Where(file=name))


def write_sheets(
    session: Session,
    ledger: Path,
    keys: Sequence[str],
    path: Path,
    *,
    office: str = "",
    progress: Progress | None = None,
) -> WrittenSheets:
    """Write the pages of records, given by key or code, to one ``.docx`` or ``.pdf`` file, in that order.

    ``ledger`` is the path of the ledger file, beside which the pictures lie; ``office`` stands at the foot, by default
    the one of the settings. ``progress`` gets (sheets done, all) and
    raises to stop. Raises ``InputError`` ``record_sheet_type``, ``record_sheet_none``, ``record_sheet_many``,
    ``record_unknown``, and what cannot be written to a file.
    """
    check_ending(path.suffix, path.name)
    sheets = _sheets(session, ledger, keys, office)
    _write(sheets, path, progress)
    return WrittenSheets((path,), len(sheets))


def write_folder(
    session: Session, ledger: Path, keys: Sequence[str], folder: Path, ending: str, *, office: str = "",
    progress: Progress | None = None,
) -> WrittenSheets:  # fmt: skip
    """Write the page of each record to a file of its own in ``folder``, which is made; files that lie there stay.

    ``ending`` is ``.docx`` or ``.pdf``. Raises what :func:`write_sheets` raises, and ``folder_missing`` where the
    folder cannot be made.
    """
    check_ending(ending, folder.name)
    sheets = _sheets(session, ledger, keys, office)
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise InputError("folder_missing", where=Where(file=folder.name), folder=str(folder)) from error
    written: list[Path] = []
    for number, sheet in enumerate(sheets):
        path = free_name(folder / f"{file_stem(sheet)}{ending.lower()}")
        _write([sheet], path, None)
        written.append(path)
        if progress is not None:
            progress(number + 1, len(sheets))
    return WrittenSheets(tuple(written), len(written))


def file_stem(sheet: RecordSheet) -> str:
    """Return how the file of a record is called, as every system takes it."""
    return safe_name(f"{sheet.kind} {sheet.title}")[:LONGEST_NAME].rstrip(". ")


def _sheets(session: Session, ledger: Path, keys: Sequence[str], office: str) -> list[RecordSheet]:
    several = list(dict.fromkeys(keys))
    if not several:
        raise InputError("record_sheet_none")
    if len(several) > MOST_AT_ONCE:
        raise InputError("record_sheet_many", count=len(several), most=MOST_AT_ONCE)
    codes, folder = read_codebook(session), AttachmentFolder(folder_beside(ledger))
    foot = "  ".join(part for part in (office or read_office(session).name, long_day(datetime.date.today())) if part)
    return [_sheet(session, codes, folder, key, foot) for key in several]


def _sheet(session: Session, codes: CodeBook, folder: AttachmentFolder, key: str, foot: str) -> RecordSheet:
    number = number_of(PAIR_KEY, key)
    is_tie = number is not None and session.get(Pair, number) is not None
    return (tie_sheet if is_tie else project_sheet)(session, codes, folder, key, foot=foot)


def _write(sheets: Sequence[RecordSheet], path: Path, progress: Progress | None) -> None:
    if path.suffix.lower() == ".docx":
        from bri_desktop.reports.record_sheet_word import write_sheets_word

        write_sheets_word(sheets, path, progress)
    else:
        from bri_desktop.reports.record_sheet_pdf import write_sheets_pdf

        write_sheets_pdf(sheets, path, progress)
