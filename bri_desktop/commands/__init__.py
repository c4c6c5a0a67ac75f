"""The commands, one module a room of the program; importing the package registers them with ``app``."""

from bri_desktop.commands import drawing, exchange, ledger_file, records, statistics
from bri_desktop.commands.base import app

__all__ = ["app", "drawing", "exchange", "ledger_file", "records", "statistics"]
