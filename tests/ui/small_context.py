"""A window's context over a real ledger in a folder of the test, with places put there by hand."""

import datetime
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from bri_desktop.db.database import Database, open_database
from bri_desktop.db.models import Place
from bri_desktop.domain.dates import PartialDate
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.services.projects import create_project
from bri_desktop.services.reference import read_codebook
from bri_desktop.ui.runner import Runner
from bri_desktop.ui.settings import Settings
from bri_desktop.ui.shared.context import RecordSet, WindowContext

_FOLDER = tempfile.TemporaryDirectory(prefix="bri-small-", ignore_cleanup_errors=True)

TODAY = datetime.date(2026, 11, 23)

PLACES = (
    ("cn:110000", "北京市", "Beijing", "CN", "110000"),
    ("cn:370200", "青岛市", "Qingdao", "CN", "370000"),
    ("gn:1", "布拉格", "Prague", "CZ", None),
    ("gn:2", "东京", "Tokyo", "JP", None),
    ("gn:3", "万象市", "Vientiane", "LA", None),
)


@dataclass
class World:
    """The ledger, its context, and what pages asked of the window."""

    database: Database
    context: WindowContext
    opened: list[RecordSet] = field(default_factory=list)
    calls: list[Any] = field(default_factory=list)

    def add(self, **fields: Any) -> int:
        """Store a project; dates as ISO texts; return its id."""
        for name in ("signed", "started", "ended", "planned_start", "planned_end"):
            if name in fields:
                fields[name] = PartialDate(fields[name])
        given = {"status": "active", "title": "项目"} | fields
        with self.database.write() as session:
            return create_project(session, ProjectDraft(**given)).id

    def store(self, rows: Sequence[Any]) -> None:
        """Store rows as they are."""
        with self.database.write() as session:
            session.add_all(rows)


@cache
def _template() -> Path:
    """Return the ledger that every small world is a copy of: making one takes longer than a copy."""
    path = Path(_FOLDER.name) / "small.db"
    database = open_database(path)
    with database.write() as session:
        for key, zh, en, country, province in PLACES:
            place = Place(key=key, level="prefecture", country=country, name_zh=zh, name_en=en, province=province)
            place.confirmed = True
            session.add(place)
    database.close()
    return path


@contextmanager
def small_world(folder: Path) -> Iterator[World]:
    """Give a ledger with five places and no project."""
    shutil.copyfile(_template(), folder / "ledger.db")
    database = open_database(folder / "ledger.db")
    with database.read() as session:
        codes = read_codebook(session)
    runner = Runner(database)
    settings = Settings(folder / "settings.ini")
    context = WindowContext(database, folder / "ledger.db", runner, settings, codes)
    world = World(database, context)
    context.open_records = world.opened.append
    context.show_page = world.calls.append
    context.new_project = lambda: world.calls.append("new_project")
    context.open_item = lambda *item: world.calls.append(item)
    context.open_record = world.calls.append
    context.load_sample = lambda: world.calls.append("load_sample")
    context.import_files = lambda _files: world.calls.append("import_files")
    yield world
    runner.close()
    database.close()
