"""Writing a ledger to a file that replaces the old one only when it is whole."""

import contextlib
import csv
import errno
import io
import os
import secrets
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import IO

from bri_desktop.domain.errors import InputError, Where
from bri_desktop.excel import ods_book, xlsx_book
from bri_desktop.excel.sheet_text import FORMULA_STARTS, ExportColumn, Value, clean
from bri_desktop.system import replace

__all__ = ["ExportColumn", "Value", "free_name", "replace_archive", "replace_file", "require_free", "write_ledger"]

_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def write_ledger(
    path: Path,
    *,
    title: str,
    columns: Sequence[ExportColumn],
    rows: Iterable[Sequence[Value]],
    progress: Callable[[int], None] | None = None,
) -> int:
    """Write a table as ``.xlsx``, ``.ods`` or ``.csv`` (UTF-8 with a mark) and return the number of rows.

    A decimal is written as a number where it has at most 15 digits, else as text; dates come as ISO text.
    ``progress`` gets the rows done. Raises :class:`InputError`: ``file_type_unknown``, ``file_unwritable``,
    ``file_in_use`` (``beside`` names a free file), ``disk_full``, ``file_too_many_rows``.
    """
    kinds = {".xlsx": (xlsx_book.write, xlsx_book.row_count), ".ods": (ods_book.write, ods_book.row_count)}
    suffix = path.suffix.lower()
    if suffix == ".csv":
        write, count = _write_csv, _csv_rows
    elif suffix in kinds:
        write, count = kinds[suffix]
    else:
        raise InputError("file_type_unknown", where=Where(file=path.name))
    with replace_file(path) as (stream, temporary):
        try:
            written = write(stream, title, columns, rows, progress)
        except ValueError as error:
            raise InputError("file_too_many_rows", where=Where(file=path.name)) from error
        stream.flush()
        if count(temporary) != written:
            raise OSError(errno.EIO, "incomplete")
    return written


@contextlib.contextmanager
def replace_file(path: Path) -> Iterator[tuple[IO[bytes], Path]]:
    """Give a new file beside ``path``, readable by its owner only; on leaving it takes the place of ``path``.

    Where the block fails nothing of it remains and the old file is as it was.
    """
    require_free(path)
    temporary = path.with_name(f".{path.name[:80]}.{secrets.token_hex(4)}.part")
    try:
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(temporary, flags, 0o600), "w+b") as stream:
            yield stream, temporary
            stream.flush()
            os.fsync(stream.fileno())
        replace(temporary, path)
        _sync_folder(path.parent)
    except (OSError, zipfile.BadZipFile) as error:
        full = isinstance(error, OSError) and error.errno in _NO_SPACE
        raise InputError("disk_full" if full else "file_unwritable", where=Where(file=path.name)) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def replace_archive(path: Path) -> Iterator[IO[bytes]]:
    """Give a new file as :func:`replace_file` does; a package (xlsx, docx) whose parts do not all read back fails."""
    with replace_file(path) as (stream, temporary):
        yield stream
        stream.flush()
        with zipfile.ZipFile(temporary) as archive:
            if archive.testzip() is not None:
                raise OSError(errno.EIO, "incomplete")


def require_free(path: Path) -> None:
    """Raise ``folder_missing`` or ``file_in_use`` where nothing can be put to ``path``."""
    if not path.absolute().parent.is_dir():
        raise InputError("folder_missing", where=Where(file=path.name), folder=str(path.parent))
    if path.exists() and _is_open_elsewhere(path):
        raise InputError("file_in_use", where=Where(file=path.name), beside=free_name(path).name)


def free_name(path: Path) -> Path:
    """Return ``path``, or the first ``name (2)``, ``name (3)`` … that does not exist."""
    candidate, number = path, 2
    while candidate.exists():
        candidate = path.with_name(f"{path.stem} ({number}){path.suffix}")
        number += 1
    return candidate


def _is_open_elsewhere(path: Path) -> bool:
    """Tell by the lock files that Excel, WPS and LibreOffice leave beside a workbook that they have open."""
    owner = path.with_name("~$" + path.name[2:] if len(path.stem) > 6 else "~$" + path.name)
    return any(
        lock.exists() for lock in (owner, path.with_name("~$" + path.name), path.with_name(f".~lock.{path.name}#"))
    )


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_csv(
    target: IO[bytes],
    title: str,
    columns: Sequence[ExportColumn],
    rows: Iterable[Sequence[Value]],
    progress: Callable[[int], None] | None,
) -> int:
    """Write the table as text; our import takes off the apostrophe before what a spreadsheet would calculate."""
    stream = io.TextIOWrapper(target, encoding="utf-8-sig", newline="", write_through=False)
    writer = csv.writer(stream)
    writer.writerow([_protected(column.header) for column in columns])
    count = 0
    for count, row in enumerate(rows, 1):
        writer.writerow([_protected(value) for value in row])
        if progress is not None and count % 500 == 0:
            progress(count)
    stream.flush()
    stream.detach()
    return count


def _protected(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value, "f")
    if not isinstance(value, str):
        return str(value)
    text = clean(value)
    doubtful = text[:1] in FORMULA_STARTS or (text[:1] == "'" and (text[1:2] == "'" or text[1:2] in FORMULA_STARTS))
    return f"'{text}" if text and doubtful else text


def _csv_rows(path: Path) -> int:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return sum(1 for _ in csv.reader(stream)) - 1
