"""A file of records of one kind from the disk into the ledger: read in a child process, planned, then written."""

from pathlib import Path

from bri_desktop.excel.reader import read
from bri_desktop.services.exchange import file_digest
from bri_desktop.services.intake_report import Sessions
from bri_desktop.services.record_sheets import SheetReport, import_sheet, plan_sheet


def what_if(database: Sessions, path: Path, kind: str) -> SheetReport:
    """Return what would become of each row of a file."""
    with read(path) as grid, database.read() as session:
        return plan_sheet(session, grid, kind)


def take_in(database: Sessions, path: Path, kind: str, *, atomic: bool = False) -> SheetReport:
    """Write the rows of a file in one transaction; what is refused is told."""
    with read(path) as grid, database.write() as session:
        return import_sheet(session, grid, kind, sha256=file_digest(path), atomic=atomic)
