"""An issued workbook between its writing and its registration: the file beside its place, the values that it holds.

Writing a hundred thousand rows takes a minute; the ledger can be written meanwhile by others. Only the registration is
a transaction: in it the file takes its place, and gives it up again where the transaction fails.
"""

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from bri_desktop.domain.errors import InputError, Where
from bri_desktop.excel.writer import require_free

Row = Sequence[str | int]


class RowSpool:
    """Rows of texts and numbers on the disk, in the order they were added."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="bri-desktop-", ignore_cleanup_errors=True)
        self._path = Path(self._folder.name) / "rows"

    def add(self, rows: Sequence[Row]) -> None:
        """Keep some rows."""
        with self._path.open("a", encoding="ascii") as file:
            file.write(json.dumps(rows) + "\n")

    def chunks(self) -> Iterator[list[list[str | int]]]:
        """Give the rows as they were added."""
        if self._path.exists():
            with self._path.open(encoding="ascii") as file:
                for line in file:
                    yield json.loads(line)

    def close(self) -> None:
        """Let go of the disk."""
        self._folder.cleanup()


class StagedFile:
    """A file that is made in a folder of its own beside ``path``, of the same name, and takes its place later."""

    def __init__(self, path: Path) -> None:
        self.path = path
        require_free(path)
        try:
            self._folder = tempfile.TemporaryDirectory(
                prefix=".bri-desktop-", dir=path.absolute().parent, ignore_cleanup_errors=True
            )
        except OSError as error:
            raise InputError("file_unwritable", where=Where(file=path.name)) from error
        self.made = Path(self._folder.name) / path.name
        self._old = Path(self._folder.name) / "old"
        self._is_placed = False

    def place(self) -> None:
        """Put the file where it belongs; ``file_in_use`` or ``file_unwritable`` where that cannot be."""
        require_free(self.path)
        try:
            if self.path.exists():
                _keep(self.path, self._old)
            self.made.replace(self.path)
        except OSError as error:
            raise InputError("file_unwritable", where=Where(file=self.path.name)) from error
        self._is_placed = True

    def withdraw(self) -> None:
        """Take the file away again; what stood there before is back."""
        if not self._is_placed:
            return
        self._is_placed = False
        with contextlib.suppress(OSError):
            if self._old.exists():
                self._old.replace(self.path)
            else:
                self.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Remove what is left beside the place."""
        self._folder.cleanup()


def _keep(path: Path, old: Path) -> None:
    try:
        os.link(path, old)
    except OSError:  # no links on this disk
        shutil.copy2(path, old)
