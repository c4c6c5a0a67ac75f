"""What SQLite says of a file, as the codes that the program speaks of."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bri_desktop.domain.errors import DatabaseRefusedError, Where

_CODES = (
    ("locked", "database_locked"),
    ("readonly", "database_read_only"),
    ("full", "disk_full"),
    ("unable to open", "database_unreachable"),
    ("malformed", "database_damaged"),
    ("not a database", "database_damaged"),
    ("disk I/O", "database_unreachable"),
)


LEAST_ROOM = 256 * 1024
"""Bytes below which SQLite cannot even make the files beside a ledger."""


def fault_code(message: str, path: Path | None = None) -> str:
    """Return the code of an error message of SQLite's about the file at ``path``.

    On a full disk SQLite cannot make the files beside a ledger and speaks of opening it: the room left tells.
    """
    code = next((code for part, code in _CODES if part in message), "database_failed")
    return "disk_full" if code == "database_unreachable" and path is not None and _is_full(path) else code


def _is_full(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < LEAST_ROOM
    except OSError:
        return False


@contextmanager
def driver_faults(path: Path) -> Iterator[None]:
    """Turn what SQLite's own driver says of the file (locked, full, damaged) into one clear error."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise DatabaseRefusedError(fault_code(str(error), path), where=Where(file=str(path))) from error
    except sqlite3.DatabaseError as error:
        if type(error) is sqlite3.DatabaseError:
            raise DatabaseRefusedError("database_damaged", where=Where(file=str(path))) from error
        raise
