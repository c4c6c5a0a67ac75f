"""A ledger as the first version left it, from the dump that is shipped: what the self-test upgrades."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import func, select

from bri_desktop import paths
from bri_desktop.db.database import Database
from bri_desktop.db.models import Project

DUMP = "schema-0001.sql"
PROJECTS = 2
"""So many projects the dump holds."""


def make_old_ledger(path: Path) -> None:
    """Write the ledger of the first schema to ``path``, which must not exist."""
    script = (paths.resources() / "samples" / DUMP).read_text(encoding="utf-8")
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)


def stored_projects(database: Database) -> int:
    """Return how many projects a ledger holds, those in the bin among them."""
    with database.read() as session:
        return session.scalar(select(func.count(Project.id))) or 0
