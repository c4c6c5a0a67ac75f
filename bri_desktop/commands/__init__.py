"""The commands, one module a room of the program; importing the package registers them with ``app``."""

from bri_desktop.commands import (
    codes,
    drawing,
    duplicates,
    exchange,
    issuing,
    ledger_file,
    measures,
    merging,
    profiles,
    records,
    statistics,
)
from bri_desktop.commands.base import app

__all__ = [
    "app",
    "codes",
    "drawing",
    "duplicates",
    "exchange",
    "issuing",
    "ledger_file",
    "measures",
    "merging",
    "profiles",
    "records",
    "statistics",
]
