"""The commands, one module a room of the program; importing the package registers them with ``app``."""

from bri_desktop.commands import (
    approvals,
    attachments,
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
    safety,
    statistics,
    year,
)
from bri_desktop.commands.base import app

__all__ = [
    "app",
    "approvals",
    "attachments",
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
    "safety",
    "statistics",
    "year",
]
