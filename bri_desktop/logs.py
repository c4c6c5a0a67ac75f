"""The log: a small file in the user's data folder, with ids and counts, never with field values."""

import logging
import logging.handlers
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from bri_desktop import paths
from bri_desktop.crash import frames_of


class _WithoutValues(logging.Formatter):
    """Writes of an exception where and of which kind it was: its message can quote a record."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; what another handler made of the exception is not taken over."""
        record.exc_text = None
        text = super().format(record)
        record.exc_text = None
        return text

    def formatException(self, ei: Any) -> str:
        """Return frames and kinds alone."""
        return frames_of(*ei)


class _QuietFile(logging.handlers.RotatingFileHandler):
    """Makes its folder with the first line; where nothing can be written (a full disk, no rights) nothing is."""

    def _open(self) -> TextIOWrapper:
        folder = Path(self.baseFilename).parent
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return super()._open()

    def handleError(self, record: logging.LogRecord) -> None:
        """Say nothing: a log that cannot be written is no reason to trouble a user."""


@contextmanager
def log_file(*, debug: bool) -> Iterator[None]:
    """Log warnings and worse, with ``debug`` everything, to ``log.txt`` in the data folder while the program runs."""
    handler = _QuietFile(paths.data_folder() / "log.txt", maxBytes=500_000, backupCount=1, encoding="utf-8", delay=True)
    handler.setLevel(logging.DEBUG if debug else logging.WARNING)
    handler.setFormatter(_WithoutValues("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
        handler.close()
