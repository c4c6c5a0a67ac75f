"""The log: a small file in the user's data folder, with ids and counts, never with field values."""

import logging
import logging.handlers
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from bri_desktop import paths


@contextmanager
def log_file(*, debug: bool) -> Iterator[None]:
    """Log warnings and worse, with ``debug`` everything, to ``log.txt`` in the data folder while the program runs."""
    folder = paths.data_folder()
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handler = logging.handlers.RotatingFileHandler(
        folder / "log.txt", maxBytes=500_000, backupCount=1, encoding="utf-8", delay=True
    )
    handler.setLevel(logging.DEBUG if debug else logging.WARNING)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
        handler.close()
