"""Reading a ledger file as a whole, for the tests of what must come back or be noticed."""

from contextlib import closing
from pathlib import Path

from bri_desktop.db.check import FAULTS, read_only


def everything(path: Path) -> dict[str, object]:
    """Return every value that can be read, by table."""
    found: dict[str, object] = {}
    with closing(read_only(path)) as connection:
        try:
            query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search_index%'"
            tables = [name for (name,) in connection.execute(query)]
        except FAULTS as error:
            return {"": str(error)}
        for name in tables:
            try:
                found[name] = connection.execute(f'SELECT * FROM "{name}"').fetchall()
            except FAULTS as error:
                found[name] = str(error)
    return found
