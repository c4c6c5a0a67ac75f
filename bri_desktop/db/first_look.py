"""What a start shows first, read by SQLite's own driver: SQLAlchemy takes longer to load than all of this to read.

Only constant statements, and only what stands at the top of the ledger in its usual order; ``db.listing`` and
``db.projects`` read the same and everything else. A test holds the two against each other.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from bri_desktop.db.faults import driver_faults
from bri_desktop.db.scaled import from_scaled
from bri_desktop.db.stored import StoredPlace, StoredProject, gather_links, stored_project

CODES = "SELECT list, code, name_zh, name_en, parent FROM code ORDER BY list, position, code"
DELETED_CODES = "SELECT before FROM history_entry WHERE kind = 'code' AND action = 'delete' ORDER BY id"
NEWEST = "SELECT id FROM project WHERE deleted_at IS NULL ORDER BY start DESC NULLS LAST, id DESC LIMIT ?"
PROJECTS = """
    SELECT p.*, d.name AS department, l.name AS lead, t.kind AS kind FROM project AS p
    LEFT JOIN organisation AS d ON d.id = p.department_id
    LEFT JOIN organisation AS l ON l.id = p.lead_id
    LEFT JOIN pair AS t ON t.id = p.pair_id
    WHERE p.id IN (SELECT value FROM json_each(?))
"""
_OF = "project_id IN (SELECT value FROM json_each(?)) ORDER BY position"
PLACES_OF = f"SELECT project_id, side, key FROM project_place JOIN place ON place.id = place_id WHERE {_OF}"
CODES_OF = f"SELECT project_id, list, code FROM project_code WHERE {_OF}"
PARTNERS_OF = (
    f"SELECT project_id, name FROM project_partner JOIN organisation AS o ON o.id = organisation_id WHERE {_OF}"
)
TAGS_OF = f"SELECT project_id, name FROM project_tag JOIN tag ON tag.id = tag_id WHERE {_OF}"
OUTCOMES_OF = f"SELECT * FROM outcome WHERE {_OF}"
PLACES = """
    SELECT id, key, level, country, province, prefecture, name_zh, name_en, confirmed FROM place
    WHERE key IN (SELECT value FROM json_each(?))
"""
COUNTRIES = "SELECT iso2, name_zh, name_en FROM country WHERE iso2 IN (SELECT value FROM json_each(?))"


class FirstLook:
    """The reads of a start, over one connection that cannot write."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def codes(self) -> Iterator[tuple[Any, ...]]:
        """Yield (list, code, Chinese, English, parent) of every code."""
        return map(tuple, self._connection.execute(CODES))

    def deleted_codes(self) -> Iterator[dict[str, Any]]:
        """Yield what is known of the office's own codes that were deleted, the latest last."""
        return (json.loads(before or "{}") or {} for (before,) in self._connection.execute(DELETED_CODES))

    def newest(self, count: int) -> list[int]:
        """Return the ids of the first projects of the ledger in its usual order."""
        return [row[0] for row in self._connection.execute(NEWEST, (count,))]

    def projects(self, ids: Sequence[int]) -> list[StoredProject]:
        """Return the projects of ``ids`` in that order."""
        outcomes = (_exact(row, "quantity", "amount") for row in self._of(OUTCOMES_OF, ids))
        places, codes = self._of(PLACES_OF, ids), self._of(CODES_OF, ids)
        links = gather_links(places, codes, self._of(PARTNERS_OF, ids), self._of(TAGS_OF, ids), outcomes)
        rows = (_exact(row, "amount") for row in self._of(PROJECTS, ids))
        found = {row["id"]: stored_project(row, links.get(row["id"], {})) for row in rows}
        return [found[number] for number in ids]

    def places(self, keys: Sequence[str]) -> dict[str, StoredPlace]:
        """Return the places of ``keys`` by key."""
        found = {}
        for number, key, level, country, province, prefecture, zh, en, confirmed in self._of(PLACES, keys):
            found[key] = StoredPlace(number, key, level, country, province, prefecture, zh, en, bool(confirmed))
        return found

    def countries(self, codes: Sequence[str]) -> dict[str, tuple[str, str]]:
        """Return ISO code -> (Chinese, English) name."""
        return {code: (zh, en) for code, zh, en in self._of(COUNTRIES, codes)}

    def _of(self, query: str, values: Sequence[int | str]) -> sqlite3.Cursor:
        return self._connection.execute(query, (json.dumps(list(values)),))


def _exact(row: sqlite3.Row, *scaled: str) -> dict[str, Any]:
    names: list[str] = row.keys()
    values = dict(zip(names, row, strict=True))
    return values | {name: None if values[name] is None else from_scaled(values[name]) for name in scaled}


@contextmanager
def first_look(path: Path) -> Iterator[FirstLook]:
    """Give the reads of a start over one consistent state of the ledger at ``path``."""
    with driver_faults(path), closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA query_only=ON")
        connection.execute("BEGIN")
        yield FirstLook(connection)
        connection.execute("COMMIT")
