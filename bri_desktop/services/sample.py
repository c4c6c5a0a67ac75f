"""The report's own cases, taken in through the ordinary importer."""

from sqlalchemy import select

from bri_desktop import paths
from bri_desktop.db.database import Database
from bri_desktop.db.models import ImportBatch, Project
from bri_desktop.domain.errors import InputError, Where
from bri_desktop.excel.reader import read
from bri_desktop.services.exchange import ImportOptions, ImportReport, file_digest, import_grid
from bri_desktop.services.intake_sheets import chosen_sheets
from bri_desktop.services.sample_mark import mark_sample


def load_sample(database: Database) -> ImportReport:
    """Take the sample into an empty ledger and mark the ledger as sample data; refuses one with records."""
    with database.read() as session:
        if session.scalar(select(Project.id).limit(1)) or session.scalar(select(ImportBatch.id).limit(1)):
            raise InputError("database_not_empty", where=Where(file=str(database.path)))
    book = paths.resources() / "samples" / "report_cases.xlsx"
    with read(book) as grid:
        report = import_grid(database, grid, chosen_sheets(grid), ImportOptions(), sha256=file_digest(book))
    with database.write() as session:
        mark_sample(session, book.name)
    return report
